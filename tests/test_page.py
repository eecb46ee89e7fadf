"""The page says what the frames say, asks nothing of the network, and can be read anywhere."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from forbidden import FORBIDDEN
from made import activities, runs
from made_pages import (
    MONDAY,
    PAGES,
    STEADY,
    empty,
    of_ten_years,
    page_of,
    sample,
    silent,
    ten_years,
    told,
    words_of,
)

import loadmon
from loadmon.cli.main import COMMANDS
from loadmon.report.captions import sessions_text
from loadmon.report.overview import GET_HELP
from loadmon.report.page import page_data, pictures, render_page, whole_history
from loadmon.report.wording import NOT_MEDICAL, SECTION_WORDS

SECTIONS = [*SECTION_WORDS.values()]
VOID = {"meta", "br", "link", "img", "hr", "input"}


class Page(HTMLParser):
    """Text, headings, tables and attributes of a page; every element must be closed in order."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.tables: list[list[list[str]]] = []
        self.text: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in VOID:
            return
        self.open.append(tag)
        if tag in ("h1", "h2", "h3"):
            self.headings.append((int(tag[1]), ""))
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"style", "script"} & set(self.open):
            return
        self.text.append(data)
        if self.open and self.open[-1] in ("h1", "h2", "h3"):
            self.headings[-1] = (self.headings[-1][0], self.headings[-1][1] + data)
        if "td" in self.open or "th" in self.open:
            self.tables[-1][-1][-1] += data

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.text))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


every_page = pytest.mark.parametrize("name", PAGES)


def test_the_answer_comes_first_then_why_then_the_rest_in_order() -> None:
    page = Page(sample()[1])
    titles = [text for level, text in page.headings if level == 2]
    assert titles[: len(SECTIONS)] == SECTIONS
    order = ["Data to Sun 11 Oct 2026", "1 thing flagged.", "14.2 km, 41 % longer than the longest"]
    order += ["This week", "34.1 km in 4 runs", "first limit: Weekly load change"]
    order += ["not logged", "Not set up:", "1 file not read.", NOT_MEDICAL, "Why this is shown."]
    order += ["1.41 against a limit of 1.10", "5,205 runners", "Grade B"]
    order += ["doi:10.1136/bjsports-2024-109380", "What it cannot tell."]
    places = [page.words.index(text) for text in order]
    assert places == sorted(places)


def test_the_table_of_weeks_is_the_weekly_frame() -> None:
    made, html = sample()
    table = next(t for t in Page(html).tables if t[0][0] == "Week from")
    weekly = made.weekly.tail(8).iloc[::-1]
    assert len(table) == 9
    for cells, (start, week) in zip(table[1:], weekly.iterrows(), strict=True):
        assert cells[0].endswith(f"{start.day} {start:%b}")
        shown = [float(cells[i].split()[0]) for i in (1, 3, 4, 5)]
        wanted = week[["distance_km", "longest_km", "runs", "rest_days"]].astype(float)
        np.testing.assert_allclose(shown, wanted, atol=0.05 + 1e-9)
        hours, minutes = cells[6].removesuffix(" h").split(":")
        assert 60 * int(hours) + int(minutes) == round(week["duration_min"])
        assert float(cells[7].removesuffix(" %")) == round(100 * (week["change"] - 1))
        assert float(cells[8]) == round(week["acwr_coupled"], 2)
        assert bool(cells[2]) == bool(week["flags"])


def test_what_stands_at_the_top_and_what_changed_are_the_frames() -> None:
    made, html = sample()
    page = Page(html)
    top = page.words.partition("What stands out")[0]
    week = made.weekly.iloc[-1]
    assert f"{week['distance_km']:.1f} km in {week['runs']} runs" in top
    assert f"{made.today.distance_km:.1f} km first limit: " in top
    assert f"{(made.findings.to_frame()['verdict'] == 'flagged').sum()} thing flagged." in top
    table = next(t for t in page.tables if t[0][0] == "7 days to")
    rows = {cells[0]: cells[1:] for cells in table[1:]}
    blocks = made.changes
    assert rows["Distance"] == [f"{km:.1f} km" for km in blocks["distance_km"]]
    assert rows["Longest run"] == [f"{km:.1f} km" for km in blocks["longest_km"]]
    assert rows["Runs"] == [f"{n:.0f}" for n in blocks["runs"]]
    assert rows["Average heart rate"] == [f"{n:.0f} bpm" for n in blocks["avg_hr_bpm"]]
    assert rows["Climb"] == [f"{n:.0f} m" for n in blocks["elevation_gain_m"]]


def test_the_tables_of_evidence_and_limits_are_the_frames() -> None:
    made, html = sample()
    page = Page(html)
    judged = made.findings.to_frame()
    judged = judged[judged["source"] != ""]
    table = next(t for t in page.tables if t[0][0] == "Check")[1:]
    assert [cells[4] for cells in table] == judged["grade"].tolist()
    for cells, finding in zip(table, judged.itertuples(), strict=True):
        assert finding.source in cells[5]
        assert finding.method in cells[3]
        if finding.value == finding.value:
            assert float(cells[1].split()[0]) == pytest.approx(finding.value, abs=0.5)
    limits = next(t for t in page.tables if t[0][0] == "Limit")[1:]
    told = made.today.to_frame()
    of_the_day = told["date"] == made.as_of
    assert [c[2] for c in limits] == told.loc[of_the_day, "why"].tolist()
    assert f"{made.today.distance_km:.1f} km" in page.words
    # 1.3 x 29.9 km - 34.1 km = 4.8 km while the week lasts; after that 1.1 x 10.1 km = 11.1 km.
    assert told.loc[~of_the_day, "date"].tolist() == made.today.ahead["date"].tolist()[1:]
    km = made.today.ahead.set_index("date")["distance_km"]
    assert [f"{x:.1f}" for x in km] == ["4.8"] * 2 + ["11.1"] * 5
    sentence = (
        "Nothing is flagged up to 4.8 km on Sun 11 Oct, 11.1 km from Tue 13 Oct, "
        "if nothing is run before."
    )
    assert sentence in page.words.partition("What stands out")[2]


def test_every_file_that_could_not_be_used_is_named_with_what_is_wrong() -> None:
    made, html = sample()
    page = Page(html)
    bad = made.files[made.files["outcome"] == "quarantined"]
    table = next(t for t in page.tables if t[0][0] == "File")[1:]
    assert [(c[0], c[2]) for c in table] == [*bad[["file", "detail"]].itertuples(index=False)]
    for outcome, n in made.outcomes.items():
        assert f"{n} {outcome}:" in page.words


def test_many_broken_files_are_counted_not_all_listed() -> None:
    page = Page(words_of(told(runs(STEADY * 5, first=MONDAY), *["quarantined"] * 400)))
    assert "50 of 400" in page.words
    assert len(next(t for t in page.tables if t[0][0] == "File")) == 51


def test_silent_days_ask_and_the_last_recorded_week_answers() -> None:
    page = Page(silent())
    assert "Were they rest, or is the export old?" in page.words
    assert "loadmon report export.zip --rested" in page.words
    assert "--old-export" in page.words
    assert "To Fri 20 Mar 2026: 33 days without a recording" in page.words
    assert "The checks are for the 7 days to Sun 15 Feb 2026" in page.words
    assert "12.0 km" in page.words
    assert "Last recorded week" in page.words
    assert any(text.endswith("not known") for _, text in page.headings)
    assert "1 file could not be used." in page.words
    weeks = next(t for t in page.tables if t[0][0] == "Week from")
    assert weeks[1][:2] == ["Mon 9 Feb", "33.0 km"]


def test_a_week_that_is_not_over_says_so_far_and_a_known_one_does_not() -> None:
    short = Page(PAGES["short"]()).words
    assert "10.0 km in 2 runs so far" in short
    assert "34.1 km in 4 runs Mon 5 Oct" in Page(sample()[1]).words
    assert "This week" in short


def test_an_unknown_day_makes_the_week_at_least() -> None:
    made = runs(STEADY * 6, first=MONDAY, unknown_days=["2026-02-10"])
    assert "at least 15.0 km" in Page(words_of(told(made, as_of="2026-02-15"))).words


def test_nothing_flagged_is_never_told_as_more() -> None:
    page = Page(words_of(told(runs(STEADY * 8, first=MONDAY), as_of="2026-03-01")))
    assert "Nothing flagged." in page.words
    assert NOT_MEDICAL in page.words


def test_every_check_that_is_not_known_says_why() -> None:
    made = told(runs([5.0, 0.0, 5.0], first=MONDAY))
    frame = made.findings.to_frame()
    unknown = frame.loc[frame["verdict"] == "unknown", "message"]
    listed = Page(words_of(made)).words.partition("What we do not know")[2]
    assert len(unknown) >= 3
    assert all(message in listed for message in unknown)


def test_a_long_gap_is_asked_about() -> None:
    page = Page(words_of(told(runs([*STEADY * 3, *[0.0] * 21, *STEADY], first=MONDAY))))
    assert "Sat 24 Jan 2026 to Sun 15 Feb 2026. 23 days without any recording" in page.words
    table = next(t for t in page.tables if t[0][0] == "From")
    assert table[1] == ["Sat 24 Jan 2026", "Sun 15 Feb 2026", "23 days"]


def test_an_empty_archive_has_a_page_that_says_so() -> None:
    page = Page(empty())
    assert "Not known: no check could be made." in page.words
    assert "No activity is recorded up to this day." in page.words
    assert "nothing to compare" in page.words
    assert "<svg" not in empty()


@every_page
def test_nothing_is_fetched_and_nothing_runs(name: str) -> None:
    page = Page(PAGES[name]())
    assert "default-src 'none'" in PAGES[name]()
    assert not {tag for tag, _ in page.tags} & {"link", "img", "iframe", "object", "base"}
    for _, attrs in page.tags:
        for key in ("href", "src", "xlink:href", "data", "action"):
            assert (attrs.get(key) or "#").startswith("#")
        assert not any(key.startswith("on") for key in attrs)
    script, data = scripts(PAGES[name]())
    text = PAGES[name]().replace(script, "").replace(data, "")
    text = re.sub(r"doi:\S+|sha256-\S+", "", text)
    assert not re.search(r"https?:|//|@import", text)
    assert not re.search(r"fetch|XMLHttp|WebSocket|import\(|eval|Function\(|innerHTML", script)
    targets = re.findall(r"url\(([^)]*)\)", PAGES[name]())
    assert all(target.startswith("#") for target in targets)


def scripts(html: str) -> tuple[str, str]:
    """The page's script and the data it works on; empty where there are none."""
    found = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    data = re.findall(r'<script type="application/json" id="plans">(.*?)</script>', html)
    assert html.count("<script") == len(found) + len(data) <= 2
    return (found[0], data[0]) if found else ("", "")


@every_page
def test_no_script_runs_but_the_one_whose_fingerprint_the_page_names(name: str) -> None:
    script, _ = scripts(PAGES[name]())
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    named = re.findall(r"script-src '([^']*)'", PAGES[name]())
    assert named == ([f"sha256-{digest}"] if script else [])


@every_page
def test_every_reference_inside_the_page_has_its_target(name: str) -> None:
    html = PAGES[name]()
    ids = set(re.findall(r'\bid="([^"]*)"', html))
    used = re.findall(r'href="#([^"]*)"', html) + re.findall(r"url\(#([^)]*)\)", html)
    assert set(used) <= ids
    sections = re.findall(r'<section id="([^"]*)"', html)
    assert len(sections) == len(set(sections))
    assert not re.search(r'<g id="|<metadata|#767676', html)


@every_page
def test_no_page_promises_blames_or_frightens_or_shows_a_raw_value(name: str) -> None:
    words = Page(PAGES[name]()).words
    assert not [p for p in FORBIDDEN if re.search(p, words, flags=re.IGNORECASE)]
    assert not re.search(r"\b(nan|NaT|None|inf|not_set_up|low_base|session_spike)\b", words)


@every_page
def test_help_is_always_open_and_whole(name: str) -> None:
    page = Page(PAGES[name]())
    for heading, questions in GET_HELP:
        assert heading in page.words
        assert all(question in page.words for question in questions)
    before = PAGES[name]().partition('id="help"')[0]
    assert before.count("<details") == before.count("</details>")


@every_page
def test_the_page_can_be_read_by_a_screen_reader(name: str) -> None:
    page = Page(PAGES[name]())
    assert page.all("html") == [{"lang": "en"}]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all(
        "meta"
    )
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 2  # the report, and the sheet for a physio that takes its place
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    for svg in page.all("svg"):
        assert svg["role"] == "img"
        assert len(svg["aria-label"] or "") > 10
    for attrs in page.all("div"):
        if attrs.get("class") == "scroll":
            assert attrs["tabindex"] == "0"
            assert attrs["aria-label"]
    assert all(attrs["scope"] in ("row", "col") for attrs in page.all("th"))


@pytest.mark.slow
def test_ten_years_with_every_plan_stay_under_a_megabyte() -> None:
    assert len(render_page(page_data(of_ten_years())).encode()) < 1_000_000


def test_the_words_beside_the_pictures_are_the_frames() -> None:
    made, html = sample()
    drawn = pictures(made)
    weeks, sessions, ratio = (drawn[key][0].words for key in ("weeks", "sessions", "load"))
    recent = made.weekly.tail(53)
    assert f"Most: {recent['distance_km'].max():.1f} km" in weeks
    assert f"{(recent['flags'] != '').sum()} weeks of {len(recent)} with a flag" in weeks
    assert f"{(recent['n_known'] < recent['n_days']).sum()} week with a day not known" in weeks
    assert sessions.startswith(f"{len(made.spikes)} runs. ")
    assert "Sun 8 Mar 2026 16.0 km after 10.5 km; " in sessions
    assert sessions.endswith("Sun 11 Oct 2026 14.2 km after 10.1 km.")
    last = loadmon.acwr(made.daily["load"])["acwr"].iloc[-1]
    assert f"Last ratio: {last:.2f} (coupled) on Sun 11 Oct 2026." in ratio
    assert all(text in Page(html).words for text in (weeks, sessions, ratio))


def test_of_many_long_runs_the_last_are_named() -> None:
    walk = activities([("2025-12-06", 5.0, "walking")])  # 30 days before: nothing is new
    made = runs([3.0 * 1.3**n for n in range(9)], first=MONDAY)
    frame = told(pd.concat([walk.assign(activity_id="walk"), made], ignore_index=True)).spikes
    text = sessions_text(frame, {})
    assert "9 runs. 8 flagged" in text
    assert "The last of them: Fri 9 Jan 2026" in text
    assert text.count(" after ") == 5


def test_a_long_outing_in_two_files_is_named_once_with_its_whole_distance() -> None:
    walk = {"date": "2025-12-06", "sport": "walking", "activity_id": "walk"}
    run = {"date": "2026-01-12", "activity_id": "second", "distance_km": 4.0, "duration_min": 24.0}
    run["start_utc"] = pd.Timestamp("2026-01-12 07:40")  # ten minutes after the first ended
    first = run | {"activity_id": "first", "distance_km": 5.0, "duration_min": 30.0}
    first["start_utc"] = pd.Timestamp("2026-01-12 07:00")
    made = activities([walk, {"date": MONDAY, "distance_km": 6.0}, first, run])
    assert sessions_text(told(made).spikes, {}) == (
        "3 runs. 1 flagged as longer than the longest in the 30 days before. They are: "
        "Mon 12 Jan 2026 9.0 km after 6.0 km."
    )


def test_pictures_show_the_last_year_and_the_whole_is_kept_apart() -> None:
    loads = [*[90.0, 0.0, 0.0] * 10, *STEADY * 60]
    made = told(runs(loads, first="2024-01-01"))
    drawn = pictures(made)
    assert "Most: 15.0 km" in drawn["weeks"][0].words
    assert "of 53 with a flag" in drawn["weeks"][0].words
    svgs = [svg for made in drawn.values() for picture in made for _, svg in picture.svgs]
    assert not any(">200<" in svg for svg in svgs)
    whole = whole_history(made)
    assert whole is not None
    assert ">200<" in whole.svgs[0][1]
    assert whole_history(sample()[0]) is None


def test_ten_years_have_a_picture_of_all_weeks() -> None:
    assert "All 523 weeks" in Page(ten_years()).words


def test_the_same_overview_gives_the_same_page() -> None:
    made = told(runs([*STEADY * 4, 9.0, 30.0], first=MONDAY))
    assert page_of(made) == PAGES["a month"]()


def test_names_of_files_cannot_become_markup() -> None:
    made = told(runs(STEADY * 5, first=MONDAY), "quarantined")
    made.files.loc[0, ["file", "detail"]] = ["<script>alert(1)</script>.fit", "</td><b>&"]
    html = words_of(made)
    assert "<script>alert" not in html
    assert html.count("</script>") == 2
    assert "<script>alert(1)</script>.fit" in Page(html).words


def test_only_commands_that_exist_are_named() -> None:
    named = set(re.findall(r"loadmon (\w+) ", Page(silent()).words))
    assert named <= {*COMMANDS, "on"}
