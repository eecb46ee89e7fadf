"""The sheet for a physio, the paragraph on methods, and what --private leaves out."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from browser import Tab, faults, needs_chromium, shown, tab
from forbidden import FORBIDDEN
from made import activities, archive, runs, unknown_days
from made_pages import PAGES, SAMPLE, data_of, hurt, page_of, read_sample, sample

import loadmon
from loadmon.cli.main import main
from loadmon.cli.report import report_data
from loadmon.diary import load_diary
from loadmon.evidence.pain import SITES
from loadmon.ramp.screening import questions_for
from loadmon.ratio import acwr
from loadmon.report.overview import TITLE, Overview, methods_text, overview, without_names
from loadmon.report.physio import physio_sheet
from loadmon.report.terminal import report_text
from loadmon.rules.symptoms import site_of

LAST = "2026-10-11"
NAN = float("nan")
#: One pixel of CSS is one of the screen.
SCALE = {"deviceScaleFactor": 1, "mobile": False}


def sheet_of(made: Overview, findings: list[dict[str, Any]]) -> dict[str, Any]:
    """What the sheet shows."""
    data = data_of(made)
    return physio_sheet(made, data.frames, data.lay_offs, findings)


def test_the_sheet_tells_dates_pain_changes_flags_and_every_question() -> None:
    sheet = sheet_of(hurt(), [{"verdict": "flagged", "message": f"flag {n}"} for n in range(6)])
    dates = dict(sheet["dates"])
    assert dates["Last run"] == "Sun 11 Oct 2026"
    assert dates["Pain since"] == "Wed 26 Aug 2026"
    assert dates["Largest step"] == "8.8 mi on Sun 11 Oct 2026 after 6.3 mi (41 % more)"
    assert dates["Strength"] == "4 sessions in 12 weeks"
    assert "Worst: 6" in sheet["trend"]["words"]
    drawn = sheet["trend"]["svg"]
    assert len(re.findall(r'class="(?:run|flag)[^"]*" x=', drawn)) == 24  # of 26 weeks, two without
    assert drawn.count('class="pain rim"') == 39
    assert "pain, 0 to 10" in drawn
    assert sheet["changes"].rows[0][-1].endswith(" mi")
    assert sheet["changes"].head[-1] == "Wed 26 Aug"
    assert sheet["flags"] == [
        "flag 0.",
        "flag 1.",
        "flag 2.",
        "3 other things flagged: see the report.",
    ]
    assert [key for key, _ in sheet["questions"]] == list(questions_for("injury", {"site": "bone"}))


def test_breaks_from_running_are_told_whatever_else_was_done_in_them() -> None:
    dates = dict(sheet_of(sample()[0], [])["dates"])
    assert dates["Lay-offs"] == "Fri 27 Mar 2026 to Thu 30 Apr 2026 (35 days)"
    short = overview(archive(runs([5.0, *[0.0] * 13, 5.0])), title="x")
    assert dict(sheet_of(short, [])["dates"])["Lay-offs"] == "none of 14 days or more"
    broken = runs([5.0, *[0.0] * 14, 5.0], first="2026-01-05", unknown_days=["2026-01-08"])
    dates = dict(sheet_of(overview(archive(broken), title="x"), [])["dates"])
    assert dates["Lay-offs"] == "Tue 6 Jan 2026 to Mon 19 Jan 2026 (14 days, 1 of them not known)"
    assert "Pain since" not in dates


def test_the_ratio_of_the_appendix_is_that_of_the_monitor() -> None:
    told = sheet_of(sample()[0], [])["ratio"]
    load = sample()[0].daily["load"]
    for method, name in (("coupled", "coupled"), ("uncoupled", "uncoupled"), ("ewma", "EWMA")):
        assert f"{name} {acwr(load, method=method)['acwr'].iloc[-1]:.2f}" in told
    short = overview(archive(runs([5.0, 0.0, 5.0])), title="x")
    assert "coupled first 28 days" in sheet_of(short, [])["ratio"]


def test_without_a_diary_or_a_run_the_sheet_says_so() -> None:
    empty = sheet_of(overview(archive(activities([])), title="x"), [])
    assert empty["trend"]["words"] == "Nothing is recorded."
    assert empty["changes"].rows == []
    assert "nothing recorded" in empty["ratio"]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with tab(tmp_path_factory.mktemp("browser")) as made:
        yield made


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf))


@pytest.mark.once
@needs_chromium
@pytest.mark.parametrize("name", ["hurt", "silent", "empty", "a month"])
def test_the_sheet_is_one_page_of_a4_and_nothing_of_it_is_cut_off(name: str, browser: Tab) -> None:
    html = PAGES[name]()
    browser.screen(1000)
    path = shown(browser, html, f"sheet {name}")
    assert pages_of(browser.pdf()) == 1  # the browser's own command prints the sheet
    browser.value("document.body.classList.add('whole')")
    assert pages_of(browser.pdf()) > 1
    browser.open(path, fragment="#physio")
    assert pages_of(browser.pdf()) == 1
    browser.call("Emulation.setEmulatedMedia", media="print")
    browser.call("Emulation.setDeviceMetricsOverride", width=718, height=1000, **SCALE)
    sheet = "document.getElementById('physio')"
    assert browser.value(f"{sheet}.scrollHeight <= {sheet}.clientHeight")
    assert browser.value("document.querySelector('main').getBoundingClientRect().height") == 0
    browser.call("Emulation.setEmulatedMedia", media="")
    browser.screen(360)
    assert browser.value("document.documentElement.scrollWidth") <= 360
    assert faults(browser) == []
    browser.open(path)
    assert faults(browser) == []
    cut = """[...document.querySelectorAll("main caption, main .stack td")]
      .filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.textContent)"""
    assert browser.value(cut) == []


@pytest.mark.once
@needs_chromium
def test_answers_of_the_calculator_stand_on_the_sheet(browser: Tab) -> None:
    browser.screen(1000)
    shown(browser, PAGES["hurt"](), "answers")
    cell = "document.querySelector('#physio [data-answer=chest_pain]').textContent"
    assert browser.value(cell) == ""
    browser.value("document.querySelector('input[name=back-pain-chest_pain]').click()")
    assert browser.value(cell) == "no"


def test_the_paragraph_on_methods_counts_what_was_read_and_names_every_limit() -> None:
    made = sample()[0]
    told = methods_text(made)
    for outcome, n in made.outcomes.items():
        assert f"{n} {outcome}" in told
    runs_read = (made.archive.activities["sport"] == "running").sum()
    assert f"{len(made.archive.activities)} activities, {runs_read} runs among them" in told
    assert f"loadmon {loadmon.__version__}" in told
    assert f"pandas {pd.__version__}" in told
    assert "is unknown (1 day)" in told
    for row in made.findings.to_dict()["findings"]:
        if row["method"]:
            is_told = f"({row['method']}" in told
            assert is_told == (row["verdict"] != "not_set_up"), row["check"]
    assert "longest single run (distance of one run" in told
    assert "population standard deviation, limit 2.00)" in told
    assert "\n" not in told
    assert not [p for p in FORBIDDEN if re.search(p, told, flags=re.IGNORECASE)]
    assert told in sample()[1].replace("&#39;", "'")
    assert report_data(made)["methods"] == told


def test_own_limits_and_settings_stand_in_the_methods() -> None:
    words = {"limits": {"session-spike.small": 1.2}, "max_hr_bpm": 188.0}
    told = methods_text(overview(archive(runs([5.0, 0.0, 5.0]), **words), title="x"))
    assert "The runner's own limits: session-spike.small 1.2." in told
    assert "Limits of the runner" not in methods_text(sample()[0])


SECRETS = (
    *("jane", "Berlin", "Pegasus", "Miller", "Rome", "zurich", "activities/"),
    *("aunt", "Ada fell", "trampoline", "beer", "61[.]573", "1[.]7391", "mass_kg", "height_m"),
)


@pytest.mark.usefixtures("quick_commands")
def test_private_leaves_no_name_of_file_shoe_note_or_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "jane" / "zurich"
    folder.mkdir(parents=True)
    shutil.copy(SAMPLE, folder / "jane_runs.zip")
    shoe = '[[shoes]]\nname = "Pegasus of Jane"\ndefault = true\n'
    body = "mass_kg = 61.573\nheight_m = 1.7391\n"
    (folder / "athlete.toml").write_text(f'home_zone = "Europe/Berlin"\n{body}{shoe}')
    diary = "date,when,pain,site,note,break,strength\n2026-10-05,during,3,back,saw Dr Miller,,\n"
    diary += "2026-10-06,after,2,where aunt Ada fell,,,\n"
    diary += "2026-10-07,after,2,my back since the trampoline,,,beer crates\n"
    (folder / "diary.csv").write_text(f"{diary}2026-04-05,,,,,Rome,\n")
    monkeypatch.chdir(tmp_path)
    asked = ["report", str(folder / "jane_runs.zip"), "--as-of", LAST, "-o", "page.html"]
    assert main([*asked, "--private", "--format", "json"]) == 0
    assert main([*asked[:-2], "--private", "--format", "csv"]) == 0
    shown_text = capsys.readouterr().out + Path("page.html").read_text(encoding="utf-8")
    assert [s for s in SECRETS if re.search(s, shown_text, flags=re.IGNORECASE)] == []
    assert "34.1 km" in shown_text
    assert "pair 1" in shown_text
    read = loadmon.read(folder / "jane_runs.zip", athlete=loadmon.load_athlete(folder))
    assert "Miller" in page_of(overview(read, title="x", as_of=LAST))
    on_terminal = report_text(overview(without_names(read), title=TITLE, as_of=LAST))
    assert [s for s in SECRETS if re.search(s, on_terminal, flags=re.IGNORECASE)] == []


@pytest.mark.usefixtures("quick_commands")
def test_a_calendar_of_a_private_archive_holds_no_own_word(tmp_path: Path) -> None:
    diary = tmp_path / "diary.csv"
    diary.write_text(
        "date,when,pain,site,note\n2026-10-10,after,2,where aunt Ada fell,trampoline\n"
    )
    athlete = loadmon.Athlete(mass_kg=61.573, height_m=1.7391, diary=load_diary(diary))
    read = loadmon.read(SAMPLE, athlete=athlete)
    masked = without_names(read)
    assert masked.athlete.diary["site"].tolist() == ["place 1"]
    ramp = loadmon.plan_ramp(masked, resume="2026-11-17", target_km=20, as_of=LAST)
    told = ramp.to_ics(name="").decode().replace("\r\n ", "") + ramp.message
    assert [s for s in SECRETS if re.search(s, told, flags=re.IGNORECASE)] == []


def test_every_known_place_keeps_its_meaning_and_every_other_its_own() -> None:
    diary = loadmon.Athlete().diary
    texts = [*(w for s in SITES for w in (s.key, *s.words)), "aunt", "Uncle", "aunt", ""]
    empty = dict.fromkeys(("when", "strength", "break", "note"), "")
    rows = [empty | {"date": LAST, "pain": 1.0, "rpe": NAN, "site": text} for text in texts]
    told = pd.DataFrame(rows).reindex(columns=diary.columns).astype(diary.dtypes.to_dict())
    read = replace(read_sample(), athlete=loadmon.Athlete(diary=told))
    places = without_names(read).athlete.diary["site"].tolist()
    assert [site_of(p) for p in places] == [site_of(t) for t in texts]
    assert places[-4:] == ["place 1", "place 2", "place 1", ""]


@pytest.mark.usefixtures("quick_commands")
def test_private_changes_no_verdict(tmp_path: Path) -> None:
    diary = tmp_path / "diary.csv"
    diary.write_text(
        "date,when,pain,site,strength\n2026-11-12,during,6,where aunt Ada fell,\n"
        "2026-11-13,after,3,my back since the trampoline,beer crates\n"
        '2026-11-14,next-morning,4,my back since the trampoline,"bird-dog,beer crates"\n'
    )
    read = loadmon.read(SAMPLE, athlete=loadmon.Athlete(mass_kg=61.573, diary=load_diary(diary)))
    told = [loadmon.check(a, as_of=LAST).to_frame() for a in (read, without_names(read))]
    columns = ["check", "verdict", "level", "value", "limit", "date"]
    pd.testing.assert_frame_equal(told[0][columns], told[1][columns])


def test_private_changes_no_number() -> None:
    read = read_sample()
    masked = without_names(read)
    numbers = read.activities.select_dtypes("number").columns
    pd.testing.assert_frame_equal(masked.activities[numbers], read.activities[numbers])
    assert unknown_days(masked) == unknown_days(read)
    assert masked.files["file"].is_unique
    assert masked.files["outcome"].tolist() == read.files["outcome"].tolist()
    assert len(masked.records(masked.activities["activity_id"].iloc[0]))
