"""The page of a team: who needs a look first, weeks, ceiling and pain, and a page for each."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from browser import Tab, faults, needs_chromium, tab

import loadmon
from loadmon.cli.main import main
from loadmon.cohorts.team import Member, Request, members
from loadmon.report.team import PageTask, page_files, team_page, write_member_page

TEAM = Path(__file__).parent.parent / "data" / "sample_team"
DAY = "2026-10-11"
ODD = 'Zoë <b onclick="x">'
DIARY = "date,when,pain,site\n2026-10-08,during,2,back\n2026-10-10,next-morning,6,<i>back\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample team, one more with pain and a name that is code, and one without a file."""
    made = tmp_path_factory.mktemp("team") / "squad"
    shutil.copytree(TEAM, made)
    (made / ODD).mkdir()
    shutil.copy(made / "ana.zip", made / ODD / "export.zip")
    (made / ODD / "diary.csv").write_text(DIARY, encoding="utf-8")
    (made / "empty").mkdir()
    return made


@pytest.fixture(scope="module")
def team(folder: Path) -> loadmon.Cohort:
    return loadmon.cohort(folder, as_of=DAY, cache=False)


@pytest.fixture(scope="module")
def page(team: loadmon.Cohort) -> str:
    links = {"ana": "squad pages/ana.html", ODD: "squad pages/zo-b-onclick-x.html"}
    return team_page(team, title="squad", links=links)


class Rows(HTMLParser):
    """Texts of the cells of each row of athletes."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "tr":
            self._inside = "athlete" in (told.get("class") or "")
            if self._inside:
                self.rows.append([])
        if tag in ("th", "td") and self._inside:
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self._inside and self.rows[-1]:
            self.rows[-1][-1] += f" {data.strip()}" if data.strip() else ""


def rows_of(page: str) -> dict[str, list[str]]:
    parser = Rows()
    parser.feed(page)
    return {row[0].strip(): [cell.strip() for cell in row] for row in parser.rows}


def test_a_row_for_each_athlete_who_needs_a_look_first_on_top(
    team: loadmon.Cohort, page: str
) -> None:
    rows = rows_of(page)
    assert list(rows) == team.athletes["athlete"].tolist()
    assert list(rows)[:3] == [ODD, "ben", "cleo"]  # said before measured, grade B before D
    words = {name: row[1] for name, row in rows.items()}
    assert (words["ben"], words["cleo"], words["ana"]) == (
        "long run",
        "fast return",
        "nothing flagged",
    )
    assert words[ODD].startswith("pain")
    assert {words[name] for name in ("dan", "eva", "finn", "empty")} == {"not known"}


def test_the_longest_run_stands_against_what_would_not_have_been_flagged(
    team: loadmon.Cohort, page: str
) -> None:
    rows, athletes = rows_of(page), team.athletes.set_index("athlete")
    findings = team.findings.set_index(["athlete", "check"])
    spike = findings.loc[("ben", "session_spike"), "not_flagged_up_to"]
    assert athletes.loc["ben", "ceiling_7d_km"] == pytest.approx(spike, abs=1e-9)
    back = findings.loc[("cleo", "return"), "not_flagged_up_to"]
    assert athletes.loc["cleo", "ceiling_7d_km"] == pytest.approx(back, abs=1e-9)
    assert "16.0 km" in rows["ben"][3]
    assert "ceiling 12.1 km" in rows["ben"][3]
    assert rows["dan"][3].endswith("not known")  # and no number of days that nobody knows
    assert athletes["ceiling_7d_km"].isna()["finn"]


def test_pain_is_what_was_noted_and_none_where_nothing_is_known_of_anybody(
    team: loadmon.Cohort, page: str
) -> None:
    rows = rows_of(page)
    assert rows[ODD][4] == "Pain: 6 of 10, <i>back, Sat 10 Oct"
    assert rows["ana"][4] == "Pain: none logged"
    assert rows["finn"][4] == "Pain: not known"
    row = team.athletes.set_index("athlete").loc[ODD]
    assert (row["pain"], row["pain_site"], f"{row['pain_on']:%Y-%m-%d}") == (
        *(6.0, "<i>back"),
        "2026-10-10",
    )


def test_pains_of_long_ago_and_of_the_days_to_come_are_not_of_these_days(folder: Path) -> None:
    for day, expected in (("2026-10-09", 2.0), ("2026-10-07", None)):
        found = loadmon.cohort([folder / ODD], as_of=day, cache=False).athletes
        pain = found["pain"].iloc[0]
        assert pain == expected if expected else pain != pain


def test_bars_are_the_weeks_and_unknown_is_no_bar(team: loadmon.Cohort, page: str) -> None:
    (label,) = re.findall(r'aria-label="(Weeks to [^"]*29)"', page)
    weeks = team.weekly[team.weekly["athlete"] == "ben"].tail(12)["distance_km"]
    assert label.rpartition(": ")[2] == ", ".join(f"{km:.0f}" for km in weeks)
    dan = page[page.index(">dan<") : page.index(">eva<")]
    assert dan.count(">?</text>") == 5
    assert "not known, not known" in dan
    eva = page[page.index(">eva<") : page.index("Nothing flagged".upper())]
    assert eva.count('class="part"') == 1
    assert "at least 14" in eva


def test_words_of_others_are_text_and_the_page_asks_for_nothing(page: str) -> None:
    assert "<b onclick" not in page
    assert "<i>back" not in page
    assert "<script" not in page
    assert "default-src 'none'" in page
    found = re.findall(r'(?:href|src)="([^"]*)"', page)
    assert sorted(found) == ["squad%20pages/ana.html", "squad%20pages/zo-b-onclick-x.html"]


def test_names_of_files_are_plain_and_each_is_its_own() -> None:
    names = ["Ana", "ana!", "Zoë", "../x", "日本", "con"]
    files = page_files([Member(name, f"/team/{name}") for name in names])
    assert files == {
        **{"Ana": "ana.html", "ana!": "ana-2.html", "Zoë": "zo.html"},
        **{"../x": "x.html", "日本": "athlete.html", "con": "con.html"},
    }


def test_miles_are_miles_everywhere(folder: Path) -> None:
    team = loadmon.cohort(folder, as_of=DAY, units="mi", cache=False)
    page = team_page(team, title="squad", units="mi")
    assert "9.9 mi" in page
    assert not re.search(r"\d km", page)


@pytest.mark.usefixtures("quick_commands", "in_this_process")
def test_one_command_writes_the_page_and_a_page_for_each_runner(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    squad = tmp_path / "squad"
    squad.mkdir()
    for name in ("ana.zip", "finn.zip"):
        shutil.copy(folder / name, squad / name)
    output = tmp_path / "out" / "team.html"
    output.parent.mkdir()
    command = ["cohort", str(squad), "--as-of", DAY, "-o", str(output)]
    assert main([*command, "--workers", "1"]) == 0
    told = capsys.readouterr()
    assert "1 nothing flagged" in told.out
    assert f"{output} written" in told.err
    assert "with 1 page of single runners" in told.err
    own = output.parent / "team-pages"
    assert [path.name for path in own.iterdir()] == ["ana.html"]
    assert 'href="team-pages/ana.html"' in output.read_text(encoding="utf-8")
    assert "Running report" in (own / "ana.html").read_text(encoding="utf-8")
    # what is not ours is never replaced, and the team is told all the same
    (own / "ana.html").write_text("my own page", encoding="utf-8")
    assert main(command) == 0
    told = capsys.readouterr()
    assert "ana: no page of their own" in told.err
    assert "is not a loadmon report" in told.err
    assert (own / "ana.html").read_text(encoding="utf-8") == "my own page"
    assert "href=" not in output.read_text(encoding="utf-8")
    shutil.rmtree(own)
    assert main([*command, "--no-pages"]) == 0
    assert not own.exists()
    assert main(["cohort", str(squad), "--no-pages"]) == 2
    assert main([*command[:-1], str(squad / "team.html")]) == 2  # it would be an athlete next time
    assert "would lie among the athletes" in capsys.readouterr().err
    assert main([*command[:-1], str(tmp_path / "nowhere" / "team.html")]) == 2
    assert "its folder does not exist" in capsys.readouterr().err


def test_a_folder_that_may_not_be_looked_into_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_: Path) -> Iterator[Path]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", locked)
    with pytest.raises(loadmon.ReadError, match=r"cannot be looked into \(Permission denied\)"):
        members(tmp_path)


def test_a_page_that_cannot_be_made_says_why(tmp_path: Path, folder: Path) -> None:
    found, _ = members(folder)
    (finn,) = [member for member in found if member.name == "finn"]
    request = Request(DAY, "unknown", cache=False, now=None)
    why = write_member_page(PageTask(finn, request, str(tmp_path / "finn.html")))
    assert "cannot be opened" in why
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with tab(tmp_path_factory.mktemp("browser")) as made:
        yield made


@needs_chromium
@pytest.mark.parametrize("width", [390, 800, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_page_fits_every_screen_and_no_checker_finds_fault(
    browser: Tab, tmp_path: Path, page: str, width: int, *, dark: bool
) -> None:
    file = tmp_path / "team.html"
    file.write_text(page, encoding="utf-8")
    browser.screen(width, dark=dark)
    browser.open(file)
    assert browser.value("document.documentElement.scrollWidth") <= width
    right = """Math.ceil(Math.max(...[...document.querySelectorAll("body *")]
      .map(e => e.getBoundingClientRect().right)))"""
    assert browser.value(right) <= width
    first = "document.querySelector('tr.athlete svg').getBoundingClientRect().top"
    assert browser.value(first) < (420 if width > 1000 else 700)
    assert browser.complaints() == []
    assert len(browser.requests()) == 1
    assert faults(browser) == []


@needs_chromium
def test_a_click_anywhere_in_a_row_opens_that_runners_page(
    browser: Tab, tmp_path: Path, page: str
) -> None:
    file = tmp_path / "team.html"
    file.write_text(page, encoding="utf-8")
    for width in (390, 1280):
        browser.screen(width)
        browser.open(file)
        hit = """(() => { const row = [...document.querySelectorAll("tr.athlete")].pop();
          row.scrollIntoView(); const box = row.getBoundingClientRect();
          return document.elementFromPoint(box.right - 5, box.bottom - 5).textContent; })()"""
        assert browser.value(hit) == "ana"
