"""The page of a plan: two sheets of paper with every day, boxes for pain, and when to stop."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from browser import Tab, faults, needs_chromium, shown, tab
from made import archive, runs

from loadmon.athlete import Athlete
from loadmon.cli.main import main
from loadmon.ramp.plan import plan_ramp
from loadmon.ramp.result import Ramp
from loadmon.ramp.screening import EMERGENCY_TEXT, STOP_TEXT
from loadmon.ramp.sessions import Session
from loadmon.report.plan import plan_page
from loadmon.report.wording import dated

pytestmark = pytest.mark.usefixtures("quick_commands")

WEEK = [8.0, 0, 8.0, 0, 0, 14.0, 0]
HISTORY = archive(runs(WEEK * 10, first="2026-01-05"), rested_until="2027-01-01")
RESUME = pd.Timestamp("2026-04-20")
SHORT = plan_ramp(HISTORY, resume=RESUME, by="2026-05-03", easy_pace="7:00")
EIGHT = plan_ramp(HISTORY, resume=RESUME, by="2026-06-14", easy_pace="7:00")
LONG = plan_ramp(HISTORY, resume=RESUME, by="2027-01-24", target_km=60, easy_pace="7:00")
COUCH = plan_ramp(HISTORY, resume=RESUME, programme="couch-to-5k")


def rows(page: str) -> list[list[str]]:
    """Cells of the days of a page as a reader sees them."""
    found = re.findall(r"<tr(?: class=\"ran\")?>(<th scope=\"row\">.*?)</tr>", page)
    return [
        [html.unescape(re.sub("<[^>]*>", "", cell)) for cell in re.split("</t[hd]>", row)[:-1]]
        for row in found
    ]


def test_every_day_of_the_next_weeks_has_a_row_with_its_run_and_minutes() -> None:
    found = rows(plan_page(EIGHT))
    plan = EIGHT.plan[EIGHT.plan["week"] <= 6]
    assert EIGHT.plan["week"].max() == 8
    assert len(found) == len(plan)
    for cells, row in zip(found, plan.to_dict("records"), strict=True):
        day, what, km, minutes = cells[:4]
        assert day == f"{row['date']:%a} {row['date'].day} {row['date']:%b}"
        assert km == (f"{row['distance_km']:.1f}" if row["distance_km"] else "")
        assert minutes == (
            "" if pd.isna(row["duration_min"]) else f"{row['duration_min'] // 1:.0f}"
        )
        assert row["session"].lower() in what.lower()
        assert what[0].isupper()
    what = "Walk 5 min, 11 x (run 1:50 min, walk 2 min), walk 5 min"
    assert found[0][:4] == ["Mon 20 Apr", what, "3.0", "52"]


def test_a_run_has_boxes_for_pain_and_every_other_day_but_rest_one_to_tick() -> None:
    page, plan = plan_page(SHORT), SHORT.plan
    ran = int((plan["distance_km"] > 0).sum())
    assert page.count('<span class="pain">') == 3 * ran > 0
    assert page.count('<span class="box">') == int((plan["kind"] != "rest").sum())
    for head in ("Done", "Pain<br>during", "Pain<br>after", "Next<br>morning"):
        assert head in page
    assert "Pain from 0 (none) to 10." in page


def test_the_stop_text_stands_on_every_sheet() -> None:
    for ramp, sheets in ((SHORT, 1), (EIGHT, 2), (LONG, 2)):
        page = html.unescape(plan_page(ramp))
        assert page.count('class="sheet"') == sheets
        assert page.count(STOP_TEXT) == sheets


def test_what_is_not_on_the_sheet_is_one_line() -> None:
    assert "not on this sheet" not in plan_page(SHORT)
    assert "Weeks 7 to 8, to Sun 14 Jun 2026, are not on this sheet" in plan_page(EIGHT)
    last, until = LONG.plan["week"].max(), dated(LONG.plan["date"].iloc[-1])
    assert last > 12
    one_line = rf"Weeks [567] to {last}, to {until}, are not on this sheet"
    assert re.search(one_line, plan_page(LONG))
    seven = plan_ramp(HISTORY, resume=RESUME, by="2026-06-07", easy_pace="7:00")
    assert "Week 7, to Sun 7 Jun 2026, is not on this sheet" in plan_page(seven)


def test_weeks_and_days_are_in_the_units_of_the_runner() -> None:
    miles = plan_ramp(HISTORY, resume=RESUME, target_km=20, athlete=Athlete(units="mi"))
    page = plan_page(miles)
    assert "mi of<br>running" in page
    ran = miles.plan["distance_km"] / 1.609344
    assert rows(page)[0][2] == f"{ran.iloc[0]:.1f}"
    assert f">{ran[miles.plan['week'] == 1].sum():.1f}</td>" in page
    assert not re.search(r"\d km", page)


def test_a_red_flag_gives_the_fixed_text_and_no_day() -> None:
    refused = plan_ramp(HISTORY, resume=RESUME, screening={"both_legs": True})
    page = html.unescape(plan_page(refused))
    assert EMERGENCY_TEXT in page
    assert STOP_TEXT in page
    assert rows(page) == []


def test_nothing_is_fetched_or_run_and_words_are_escaped() -> None:
    page = plan_page(EIGHT, name="<script>alert(1)</script>\x1b[2J\u202e")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    policy = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == [f"default-src 'none'; style-src 'sha256-{digest}'"]
    assert not re.search(r"https?:|url\(|style=|@import", page)


def by_time(ramp: Ramp) -> Ramp:
    """The plan with sessions by time whose distance nobody knows better than about."""
    session = Session(((6, 1.0, 2.0),), 5.0, "week 1", by_time=True)
    sessions = tuple(session if s else None for s in ramp.sessions)
    ran = ramp.plan["distance_km"] > 0
    plan = ramp.plan.assign(
        duration_min=ramp.plan["duration_min"].mask(ran, session.duration_min),
        session=ramp.plan["session"].mask(
            ran, "walk 5 min, 6 x (run 1 min, walk 2 min), walk 5 min"
        ),
    )
    return replace(ramp, plan=plan, sessions=sessions)


def test_a_plan_by_time_shows_its_minutes() -> None:
    assert {row[3] for row in rows(plan_page(by_time(SHORT))) if row[2]} == {"28"}


SAMPLE = str(Path(__file__).parent.parent / "data" / "sample_export.zip")
ON = ["--resume", "2026-11-16", "--as-of", "2026-11-15", "--rested"]
RAMP = ["ramp", SAMPLE, *ON, "--run-days", "mon,wed,sat"]


def test_the_command_writes_the_page_and_never_over_another_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plan.html"
    for _ in range(2):
        assert main([*RAMP, "--page", str(path), "--name", "Ada"]) == 0
    assert f"{path} written: open it in a browser and print it" in capsys.readouterr().err
    page = path.read_text(encoding="utf-8")
    assert "<h1>Return to running: Ada</h1>" in page
    assert rows(page)[0][0] == "Mon 16 Nov"
    for other in ("my letters", '<meta name="generator" content="loadmon 1.0">'):
        path.write_text(other)
        assert main([*RAMP, "--page", str(path)]) == 2
        assert path.read_text() == other
    assert "is not a plan of loadmon; name another file with --page" in capsys.readouterr().err
    assert main([*RAMP, "--page", str(tmp_path / "no" / "plan.html")]) == 2
    assert "cannot be written (No such file or directory)" in capsys.readouterr().err


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with tab(tmp_path_factory.mktemp("browser")) as made:
        yield made


PRINTED = {
    "short": (SHORT, 1),
    "eight": (EIGHT, 2),
    "long": (LONG, 2),
    "couch": (COUCH, 2),
    "refused": (plan_ramp(HISTORY, resume=RESUME, screening={"both_legs": True}), 1),
    "five days": (
        plan_ramp(
            HISTORY,
            resume=RESUME,
            run_days="mon,tue,wed,thu,fri",
            limits={"no_consecutive_days": 0},
            athlete=Athlete(units="mi", strength_per_week=2),
        ),
        2,
    ),
}


@needs_chromium
@pytest.mark.parametrize("name", PRINTED)
def test_it_prints_on_two_sheets_and_nothing_is_wrong_with_it(browser: Tab, name: str) -> None:
    ramp, sheets = PRINTED[name]
    shown(browser, plan_page(ramp, name="A runner with a name that is rather long"), name)
    assert len(re.findall(rb"/Type\s*/Page\b", browser.pdf())) == sheets
    for width in (360, 1000):
        browser.screen(width)
        assert browser.value("document.documentElement.scrollWidth") <= width
    assert browser.complaints() == []
    assert len(browser.requests()) == 1


@needs_chromium
@pytest.mark.parametrize("name", ["eight", "refused"])
def test_the_accessibility_checker_finds_nothing_wrong(browser: Tab, name: str) -> None:
    shown(browser, plan_page(PRINTED[name][0]), f"checked {name}")
    assert faults(browser) == []
