"""The ramp calculator in a real browser: set by keyboard, screened first, saved as calendar."""

from __future__ import annotations

import functools
import itertools
import json
import random
from collections.abc import Iterator

import icalendar
import pytest
from browser import Tab, faults, needs_chromium, shown, tab
from made import archive, runs
from made_pages import few_plans, told

from loadmon.errors import ScreeningNeeded
from loadmon.ramp.plan import planner
from loadmon.ramp.result import Ramp
from loadmon.ramp.screening import (
    EMERGENCY_TEXT,
    SCREENED,
    STOP_TEXT,
    Reason,
    questions_for,
    screen,
)
from loadmon.report.calculator import RUN_DAYS, _clean, requests, screening_data
from loadmon.report.overview import Overview, overview
from loadmon.report.page import page_data, render_page

pytestmark = [needs_chromium, pytest.mark.once]
SLIDERS = ("runs",)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with tab(tmp_path_factory.mktemp("browser")) as made:
        yield made


@pytest.fixture
def coming_back(browser: Tab) -> Tab:
    """Calculator of a runner who comes back after a lay-off, before anything is set."""
    browser.screen(1000)
    shown(browser, page(), "coming back")
    return browser


@functools.cache
def lay_off() -> Overview:
    made = runs([6.0, 0.0, 6.0, 0.0, 8.0, 0.0, 0.0] * 10, first="2026-01-05")
    rested = archive(made, rested_until="2026-03-25")
    return overview(rested, title="export.zip", as_of="2026-03-25")


@functools.cache
def page() -> str:
    return render_page(page_data(lay_off()))


def table(browser: Tab) -> list[list[str]]:
    """Rows of the plan on the page."""
    rows = """[...document.querySelectorAll("#plan-weeks tr")]
      .map(row => [...row.children].map(cell => cell.textContent))"""
    found: list[list[str]] = browser.value(rows)
    return found


def focus(browser: Tab, name: str) -> None:
    browser.value(f"document.getElementById('{name}').focus()")


def test_the_slider_changes_table_picture_and_answer_at_once(coming_back: Tab) -> None:
    ramps = map(planner(lay_off().archive), requests(lay_off(), "rest"))
    seen = set()
    for place, ramp in enumerate(ramps):
        focus(coming_back, "slider-runs")
        coming_back.press("Home")
        coming_back.press("ArrowRight", place)
        assert isinstance(ramp, Ramp)
        weeks = ramp.plan.groupby("week")["distance_km"].sum()
        rows = table(coming_back)
        assert [float(row[3]) for row in rows] == pytest.approx(weeks.tolist(), abs=1e-6)
        first = ramp.plan[ramp.plan["distance_km"] > 0].iloc[0]
        assert rows[0][2].startswith(f"{first['date']:%a}\u00a0{first['distance_km']:.1f}")
        picture = coming_back.value("document.querySelector('#plan-picture svg').ariaLabel")
        assert f"week 1 {weeks.iloc[0]:.1f}" in picture
        assert coming_back.value("document.querySelectorAll('#plan-picture .ahead').length") == len(
            weeks
        )
        answer = coming_back.value("document.getElementById('plan-answer').textContent")
        seen.add((answer, str(rows)))
    assert len(seen) == len(RUN_DAYS)
    assert coming_back.complaints() == []


def test_a_plan_that_goes_on_has_the_weeks_of_its_return(browser: Tab) -> None:
    usual = [6.0, 0.0, 6.0, 0.0, 8.0, 0.0, 0.0] * 10
    back = [3.0, 0.0, 3.0, 0.0, 0.0, 3.0, 0.0, 3.0, 0.0, 3.0]
    with few_plans():
        made = told(runs([*usual, *[0.0] * 20, *back], first="2026-01-05"))
        ramp = planner(made.archive)(requests(made, "rest")[0])
        shown(browser, render_page(page_data(made)), "goes on")
    assert isinstance(ramp, Ramp)
    first = ramp.plan[ramp.plan["week"] == 2]
    assert ramp.plan["week"].iloc[0] == 2
    assert 0 < len(first) < 7
    weeks = ramp.plan.groupby("week")["distance_km"].sum()
    rows = table(browser)
    assert [int(row[0]) for row in rows] == weeks.index.tolist()
    assert [float(row[3]) for row in rows] == pytest.approx(weeks.tolist(), abs=1e-6)
    bars = browser.value(
        "[...document.querySelectorAll('#plan-picture .ahead')].map(b => b.width.baseVal.value)"
    )
    assert bars[0] / bars[1] == pytest.approx(len(first) / 7)
    calendar = browser.value("loadmon.calendar(loadmon.plan())").encode()
    told_twice = [
        [str(event["DESCRIPTION"]) for event in icalendar.Calendar.from_ical(c).walk("VEVENT")]
        for c in (calendar, ramp.to_ics())
    ]
    assert told_twice[0] == told_twice[1]


def test_a_slider_says_what_it_is_set_to_and_the_limit_is_named(coming_back: Tab) -> None:
    for name in SLIDERS:
        text = coming_back.value(f"document.getElementById('slider-{name}').ariaValueText")
        assert text == coming_back.value(f"document.getElementById('shown-{name}').textContent")
        label = f"document.querySelector('label[for=slider-{name}]').textContent"
        assert len(coming_back.value(label)) > 5
    assert "Most often limited by: " in coming_back.value(
        "document.getElementById('plan-answer').textContent"
    )
    assert STOP_TEXT.splitlines()[0] in coming_back.value("document.body.innerText")


def test_the_tab_key_leads_from_the_reason_over_the_sliders_to_the_calendar(
    coming_back: Tab,
) -> None:
    focus(coming_back, "reason")
    reached = []
    for _ in range(1 + len(SLIDERS)):
        coming_back.press("Tab")
        reached.append(coming_back.value("document.activeElement.id"))
    assert reached == [*(f"slider-{name}" for name in SLIDERS), "save"]


def test_the_calendar_that_is_saved_is_that_of_the_planner(coming_back: Tab) -> None:
    focus(coming_back, "save")
    coming_back.press("Enter")
    saved = coming_back.folder / "loadmon-ramp.ics"
    coming_back.wait(lambda: saved.exists() and saved.stat().st_size)
    content = saved.read_bytes()
    saved.unlink()
    assert max(map(len, content.split(b"\r\n"))) <= 75
    ramp = planner(lay_off().archive)(requests(lay_off(), "rest")[1])
    assert isinstance(ramp, Ramp)
    keys = ("UID", "SUMMARY", "DESCRIPTION", "DTSTART", "DTEND", "TRANSP")
    told_twice = [
        [[event[key].to_ical() for key in keys] for event in calendar.walk("VEVENT")]
        for calendar in (
            icalendar.Calendar.from_ical(content),
            icalendar.Calendar.from_ical(ramp.to_ics()),
        )
    ]
    assert len(told_twice[0]) == len(ramp.plan)
    assert told_twice[0] == told_twice[1]


def test_with_pain_the_questions_come_first_and_a_red_flag_leaves_no_plan(
    coming_back: Tab,
) -> None:
    assert not coming_back.value("document.getElementById('plan').hidden")
    choose(coming_back, "reason", "back-pain")
    assert coming_back.value("document.getElementById('plan').hidden")
    assert coming_back.value("document.getElementById('sliders').hidden")
    assert "until every question is answered" in coming_back.value("answered.textContent")
    for question in screening_data()["questions"]["back-pain"]:
        assert coming_back.value("document.getElementById('plan').hidden"), question["key"]
        tick(coming_back, "back-pain", question["key"], 0)
    assert not coming_back.value("document.getElementById('plan').hidden")
    assert "This is not clinical clearance" in coming_back.value("answered.textContent")
    assert len(table(coming_back)) > 3
    tick(coming_back, "back-pain", "bladder_bowel", 1)
    assert coming_back.value("answered.textContent") == EMERGENCY_TEXT
    assert coming_back.value("document.getElementById('plan').hidden")
    assert coming_back.value("document.getElementById('sliders').hidden")
    assert faults(coming_back) == []


def choose(browser: Tab, name: str, value: str) -> None:
    browser.value(
        f"(box => {{box.value = '{value}'; "
        "box.dispatchEvent(new Event('input', {bubbles: true}))})"
        f"(document.getElementById('{name}'))"
    )


def tick(browser: Tab, reason: str, key: str, place: int) -> None:
    """Answer a question with one of its choices."""
    name = f"{reason}-{key}"
    if browser.value(f"!!document.getElementById('{name}')"):
        choose(browser, name, str(place))
    else:
        box = f"document.querySelectorAll('input[name=\"{name}\"]')[{place}]"
        browser.value(f"{box}.click()")


def by_script(browser: Tab, reason: Reason, all_told: list[dict[str, int]]) -> list[str | None]:
    """What the page's script says of answers, each the place of a choice."""
    script = f"""({json.dumps(all_told)}).map(told => loadmon.screened({json.dumps(reason)},
      key => key in told ? told[key] : null))"""
    found: list[str | None] = browser.value(script)
    return found


def by_screening(reason: Reason, told: dict[str, int]) -> str | None:
    """What the screening says of the same answers, as far as it asks for them."""
    values = {
        q["key"]: q["choices"][told[q["key"]]]["value"]
        for q in screening_data()["questions"][reason]
        if q["key"] in told
    }
    try:
        return screen(reason, {k: values[k] for k in questions_for(reason, values) if k in values})
    except ScreeningNeeded:
        return None


def agree(browser: Tab, reason: Reason, all_told: list[dict[str, int]]) -> list[str | None]:
    """What both say of answers."""
    told = by_script(browser, reason, all_told)
    for answers, text in zip(all_told, told, strict=True):
        assert text == by_screening(reason, answers), answers
    return told


def clean(reason: Reason) -> dict[str, int]:
    """Answers to everything that may be asked that leave room for a plan."""
    return {
        q["key"]: [c["value"] for c in q["choices"]].index(_clean(q["key"]))
        for q in screening_data()["questions"][reason]
    }


@pytest.mark.parametrize("reason", SCREENED)
def test_the_script_screens_as_the_screening_does_for_every_pair_of_answers(
    browser: Tab, reason: Reason
) -> None:
    shown(browser, page(), "screens")
    usual = clean(reason)
    assert agree(browser, reason, [usual]) == [""]
    places = {q["key"]: range(len(q["choices"])) for q in screening_data()["questions"][reason]}
    pairs = [
        {one: i, other: j}
        for one, other in itertools.combinations(places, 2)
        for i, j in itertools.product(places[one], places[other])
    ]
    agree(browser, reason, pairs)
    texts = agree(browser, reason, [usual | pair for pair in pairs])
    assert {"", EMERGENCY_TEXT} < set(texts)


@pytest.mark.parametrize("reason", SCREENED)
def test_the_script_screens_as_the_screening_does_for_answers_of_any_kind(
    browser: Tab, reason: Reason
) -> None:
    shown(browser, page(), "screens")
    rng = random.Random(5)
    all_told = []
    for _ in range(400):
        told_all = {
            q["key"]: rng.randrange(len(q["choices"])) if rng.random() < 0.15 else 0
            for q in screening_data()["questions"][reason]
            if rng.random() < 0.97
        }
        if "clinician_agreed" in told_all:
            told_all["clinician_agreed"] = rng.randrange(2)
        all_told.append(told_all)
    assert len(set(agree(browser, reason, all_told))) > 3


@pytest.mark.parametrize("reason", SCREENED)
def test_a_question_that_is_not_answered_leaves_no_plan(browser: Tab, reason: Reason) -> None:
    shown(browser, page(), "screens")
    usual = clean(reason)
    asked = questions_for(reason)
    without = [{key: place for key, place in usual.items() if key != one} for one in asked]
    assert agree(browser, reason, without) == [None] * len(asked)


def test_pain_at_a_bone_asks_for_the_word_of_a_clinician(coming_back: Tab) -> None:
    sites = next(q for q in screening_data()["questions"]["injury"] if q["key"] == "site")
    place = [c["value"] for c in sites["choices"]].index("navicular")
    answers = clean("injury") | {"site": place}
    silent = {key: place for key, place in answers.items() if key != "clinician_agreed"}
    agreed, missing, refused = agree(
        coming_back, "injury", [answers, silent, answers | {"clinician_agreed": 0}]
    )
    assert (agreed, missing) == ("", None)
    assert "clinician" in str(refused)
    choose(coming_back, "reason", "injury")
    box = "document.querySelector('[data-reason=injury] [data-key=clinician_agreed]')"
    assert coming_back.value(f"{box}.hidden")
    choose(coming_back, "injury-site", str(place))
    assert not coming_back.value(f"{box}.hidden")
