"""The calculator without files: its plans are the planner's own, in a real browser as in Python."""

from __future__ import annotations

import datetime as dt
import functools
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd
import pytest
from browser import Tab, faults, needs_chromium, shown, tab

import loadmon
from loadmon.cli.main import main
from loadmon.errors import LoadmonError
from loadmon.evidence.pain import SITES
from loadmon.ramp.screening import (
    EMERGENCY_TEXT,
    PAINS,
    REASONS,
    STOP_TEXT,
    questions_for,
    screen,
)
from loadmon.report import calculator_page as page
from loadmon.report.calculator import clean_answers, screening_data
from loadmon.stated import usual

KM = (8.0, 20.0)
FEW: dict[str, Any] = {
    "WEEKS": {"km": KM, "mi": (12,)},
    "LONGEST": {1: (1.0,), 2: (0.5,), 3: (0.35, 0.5)},
    "DAYS_OFF": (13, 62),
    "DAYS_OFF_SCREENED": (62, 118),
}
TODAY = dt.date.today()  # noqa: DTZ011 - as the browser takes it


@pytest.fixture(autouse=True, scope="module")
def few_boxes() -> Iterator[None]:
    with mock.patch.multiple("loadmon.report.calculator_page", **FEW):
        yield


_calculator_data = page.calculator_data


@functools.cache
def data(units: Any = "km") -> dict[str, Any]:
    return _calculator_data(units)


def planned(week: page.Week, off: int, resume: dt.date, case: page.Answered) -> Any:
    """Plan of one box by the public interface, whatever its day of return."""
    last = resume - dt.timedelta(days=off + 1)
    history = usual(week.weekly_km, week.longest_km, runs=week.runs, last_run=last)
    try:
        ramp = loadmon.plan_ramp(history, resume=resume, reason=case.reason, screening=case.answers)
    except LoadmonError as error:
        return str(error)
    return ramp.message if ramp.plan.empty else ramp


def cases() -> list[page.Answered]:
    return [case for reason in REASONS for case in page.answered(reason)]


def test_every_plan_is_that_of_plan_ramp_on_any_day_of_return() -> None:
    made, weeks, rng = data(), page.usual_weeks("km"), random.Random(1)
    for case, told, places in zip(cases(), made["cases"], made["plans"], strict=True):
        assert len(places) == len(told["weeks"]) * len(told["days_off"])
        for place in rng.sample(range(len(places)), 4):
            week = weeks[told["weeks"][place // len(told["days_off"])]]
            off = told["days_off"][place % len(told["days_off"])]
            resume = TODAY + dt.timedelta(days=rng.randrange(60))
            ramp, plan = planned(week, off, resume, case), made["pool"][places[place]]
            if isinstance(ramp, str):
                assert with_days(made["texts"][plan["no"]], resume) == ramp
                continue
            runs = ramp.plan[ramp.plan["distance_km"] > 0]
            assert listed(made, plan, "days") == [(d.date() - resume).days for d in runs["date"]]
            assert listed(made, plan, "tenths") == [round(10 * km) for km in runs["distance_km"]]
            assert listed(made, plan, "minutes") == [round(m) for m in runs["duration_min"]]
            what = [made["texts"][n] for n in listed(made, plan, "what")]
            assert what == runs["session"].tolist()
            for note in listed(made, plan, "notes"):  # but what only a plan that is tried out says
                text = with_days(made["texts"][note], resume)
                assert text in ramp.message


def listed(made: dict[str, Any], plan: dict[str, Any], name: str) -> list[int]:
    numbers: list[int] = made["lists"][plan[name]]
    return numbers


def with_days(text: str, resume: dt.date) -> str:
    """Text with the days that the page writes for ``{+14}``."""

    def written(mark: re.Match[str]) -> str:
        day = pd.Timestamp(resume) + pd.Timedelta(days=int(mark[1]))
        return f"{day:%a} {day.day} {day:%b} {day.year}"

    return re.sub(r"\{([+-]\d+)\}", written, text)


def test_no_box_is_refused_and_each_keeps_the_weekday_of_the_last_run() -> None:
    with mock.patch.multiple(
        "loadmon.report.calculator_page", WEEKS=REAL["WEEKS"], LONGEST=REAL["LONGEST"]
    ):
        for units in ("km", "mi"):
            for week in page.usual_weeks(units):
                usual(week.weekly_km, week.longest_km, runs=week.runs, last_run="2026-01-04")
    for days in (*REAL["DAYS_OFF"], *REAL["DAYS_OFF_SCREENED"]):
        assert days % 7 == 6
    assert max(REAL["DAYS_OFF"]) == max(REAL["DAYS_OFF_SCREENED"])


REAL = {name: getattr(page, name) for name in FEW}


@pytest.mark.parametrize("reason", REASONS)
def test_what_is_not_rounded_leaves_no_plan(reason: Any) -> None:
    """A yes that changed a dose would need plans of its own: each leads to a text, or is clean."""
    if reason not in screening_data()["questions"]:
        assert questions_for(reason) == {}
        return
    for question in screening_data()["questions"][reason]:
        if question["key"] in (*PAINS, "site"):
            continue
        clean = clean_answers(reason).get(question["key"], True)
        for choice in question["choices"]:
            assert (choice["leads_to"] == -1) == (choice["value"] == clean), question["key"]


def test_pain_and_place_have_a_case_each_that_stands_for_them() -> None:
    every = page.answered("injury")
    assert {case.pain for case in every} == {0, 2, 5}
    bones = {site.key for site in SITES if site.tissue == "bone"}
    for case in every:  # any pain at a bone ends the running
        assert (case.pain == 0) == (set(case.sites) <= bones)
    assert [case.pain for case in page.answered("bone")] == [0]
    assert {site for case in every for site in case.sites} == {site.key for site in SITES}
    for case in every:
        assert max(case.answers[key] for key in PAINS) == case.pain  # type: ignore[type-var]
        is_worse = case.answers["pain_next_morning"] > case.answers["pain_before"]  # type: ignore[operator]
        assert is_worse == case.is_worse
    assert [case.pain for case in page.answered("rest")] == [0]


def test_what_the_page_gets_is_plain_json() -> None:
    assert json.loads(json.dumps(data(), allow_nan=False)) == data()


def test_the_whole_page_stays_below_a_megabyte() -> None:
    """From what one box takes, with as many of them as there really are, beside the empty page."""
    none: dict[str, list[Any]] = {"plans": [], "pool": [], "lists": [], "texts": []}
    empty = len(page.render_calculator(data() | none))
    few = len(page.render_calculator(data())) - empty
    boxes = sum(map(len, data()["plans"]))
    with mock.patch.multiple("loadmon.report.calculator_page", **REAL):
        weeks = page.usual_weeks("km")
        real = sum(
            case.has(week, off) for case in cases() for week in weeks for off in case.days_off
        )
    assert empty + few / boxes * real < 1_000_000


# The command.


def test_the_command_writes_the_page_and_nothing_over_another_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def worked_out_once(units: Any, tick: Callable[[float], None]) -> dict[str, Any]:
        tick(1.0)
        if units == "km":
            return data(units)
        with mock.patch.multiple(page, LONGEST={3: (0.5,)}):
            return data(units)

    monkeypatch.setattr(page, "calculator_data", worked_out_once)
    monkeypatch.chdir(tmp_path)
    assert main(["calculator"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "calculator.html written" in err
    written = (tmp_path / "calculator.html").read_text(encoding="utf-8")
    assert "Usual week, in km" in written
    assert main(["calculator", "-o", "calculator.html", "--units", "mi"]) == 0  # its own again
    assert "Usual week, in mi" in (tmp_path / "calculator.html").read_text(encoding="utf-8")
    (tmp_path / "other.html").write_text("mine")
    assert main(["calculator", "-o", "other.html"]) == 2
    assert "is not a page of loadmon" in capsys.readouterr().err
    assert (tmp_path / "other.html").read_text() == "mine"
    assert main(["calculator", "-o", "nowhere/page.html"]) == 2
    assert "cannot be written" in capsys.readouterr().err


# In a real browser.


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with tab(tmp_path_factory.mktemp("browser")) as made:
        yield made


@pytest.fixture
def empty(browser: Tab) -> Tab:
    browser.screen(1280)
    shown(browser, page.render_calculator(data()), "calculator")
    return browser


def fill(browser: Tab, **boxes: Any) -> None:
    """Type into boxes, by their id."""
    texts = json.dumps({name: str(value) for name, value in boxes.items()})
    browser.value(
        f"""for (const [id, text] of Object.entries({texts}))
          document.getElementById(id.replace("_", "-")).value = text;
        document.getElementById("calculator").dispatchEvent(new Event("input")); 0"""
    )


def answer(browser: Tab, reason: str, **answers: Any) -> None:
    """Answer every question of a reason, cleanly but for some."""
    site = {"site": answers["site"]} if "site" in answers else {}
    asked = questions_for(reason, site)  # type: ignore[arg-type]
    given = clean_answers(reason) | dict.fromkeys(asked.keys() - clean_answers(reason).keys(), True)  # type: ignore[arg-type]
    given |= answers
    of = {q["key"]: q for q in screening_data()["questions"].get(reason, [])}
    picks = {
        key: [c["value"] for c in of[key]["choices"]].index(value) for key, value in given.items()
    }
    browser.value(
        f"""for (const [key, n] of Object.entries({json.dumps(picks)})) {{
          const name = "{reason}-" + key, box = document.getElementById(name);
          if (box) box.value = n;
          else document.querySelectorAll(`input[name="${{name}}"]`)[n].checked = true;
        }}
        document.getElementById("calculator").dispatchEvent(new Event("input")); 0"""
    )


def said(browser: Tab) -> str:
    text: str = browser.value("document.getElementById('answered').textContent")
    return text


def has_plan(browser: Tab) -> bool:
    return not browser.value("document.getElementById('plan').hidden")


def usual_boxes(off: int = 20, ahead: int = 3, **others: Any) -> dict[str, Any]:
    resume = TODAY + dt.timedelta(days=ahead)
    last = resume - dt.timedelta(days=off + 1)
    boxes = {"usual": 25, "longest": 10, "runs": 3, "last_run": last, "resume": resume}
    return boxes | {"reason": "rest"} | others


@needs_chromium
def test_the_plan_of_many_random_boxes_is_that_of_plan_ramp(empty: Tab) -> None:
    rng, weeks = random.Random(7), page.usual_weeks("km")
    n_plans = 0
    for _ in range(40):
        case = rng.choice(cases())
        off, ahead = rng.choice([rng.randrange(10, 63), 13, 62]), rng.randrange(9)
        runs = rng.randrange(1, 8)
        week = rng.uniform(8, 40) if runs > 1 else rng.uniform(8, 20)
        week = rng.choice([round(week, 2), 8.0, 20.0])
        longest = week if runs == 1 else rng.uniform(max(week / runs, week * 0.4), 0.8 * week)
        longest = round(longest, 2) + (0.01 if runs > 1 else 0)
        if runs > 1 and (week - longest) / (runs - 1) < 0.5:
            continue
        boxes = usual_boxes(off, ahead, usual=week, longest=longest)
        fill(empty, **boxes | {"runs": runs, "reason": case.reason})
        pains = {}
        if case.pain:
            during = float(rng.randint(3, 5) if case.pain == 5 else rng.randint(0, 2))
            morning = during if case.is_worse else 0.0
            pains = {"pain_before": 0.0, "pain": during, "pain_next_morning": morning}
        site = {"site": rng.choice(case.sites)} if case.sites else {}
        answer(empty, case.reason, **pains, **site)
        # the box, by another road: from the best to the worst
        fits = [
            w
            for w in weeks
            if w.weekly_km <= boxes["usual"] and w.longest_km <= boxes["longest"]
            if w.runs <= runs and case.has(w, case.days_off[0])
        ]
        up = min(d for d in case.days_off if d >= off)
        fits.sort(key=lambda w: (w.weekly_km, w.runs, w.longest_km))
        if not fits:
            assert "This page has no plan" in said(empty)
            continue
        ramp = planned(fits[-1], up, boxes["resume"], case)
        if isinstance(ramp, str):
            assert said(empty) == ramp
            assert not has_plan(empty)
            continue
        n_plans += 1
        assert has_plan(empty), said(empty)
        rows = empty.value(
            "loadmon.runs().map(r => [new Date(r.when).toISOString().slice(0, 10), r.tenths,"
            " r.minutes, r.what, r.week])"
        )
        shown_runs = ramp.plan[ramp.plan["distance_km"] > 0]
        assert rows == [
            [
                f"{run['date']:%Y-%m-%d}",
                round(10 * run["distance_km"]),
                round(run["duration_min"]),
                run["session"],
                run["week"],
            ]
            for run in shown_runs.to_dict("records")
        ]
        made_for = empty.value("document.getElementById('made-for').textContent")
        assert f"Made for {fits[-1].weekly_km:.1f}\u00a0km a week" in made_for
        assert f"{up} days off" in made_for
        assert (f"pain up to {case.pain:g} of 10" in made_for) == (case.pain > 0)
        assert ("worse on the next morning" in made_for) == case.is_worse
        table = empty.value("document.getElementById('plan-weeks').innerText")
        assert f"{shown_runs['distance_km'].iloc[0]:.1f}" in table
    assert n_plans >= 10
    assert empty.complaints() == []


@needs_chromium
def test_nothing_is_shown_before_every_box_is_filled_and_every_question_answered(
    empty: Tab,
) -> None:
    boxes = usual_boxes(reason="back-pain")
    assert not has_plan(empty)
    for name, value in boxes.items():
        fill(empty, **{name: value})
        assert not has_plan(empty), name
    assert "every question" in said(empty)
    answer(empty, "back-pain")
    assert has_plan(empty) or said(empty)
    fill(empty, reason="rest")
    assert has_plan(empty)
    fill(empty, usual="")
    assert not has_plan(empty)


@needs_chromium
def test_a_warning_sign_gives_its_text_alone_whatever_is_typed(empty: Tab) -> None:
    fill(empty, reason="back-pain")
    answer(empty, "back-pain", saddle_numbness=True)
    assert said(empty) == EMERGENCY_TEXT
    fill(empty, **usual_boxes(reason="back-pain", usual="-3"))
    answer(empty, "back-pain", saddle_numbness=True)
    assert said(empty) == EMERGENCY_TEXT
    fill(empty, **usual_boxes(reason="injury"))
    answer(empty, "injury", site="knee", pain=6.0)
    assert said(empty) == screen("injury", clean_answers("injury") | {"pain": 6.0, "site": "knee"})
    assert not has_plan(empty)


@needs_chromium
@pytest.mark.parametrize(
    ("boxes", "text"),
    [
        ({"usual": "-5"}, "The usual week is a number from 0.5 to 400 km."),
        ({"usual": "far"}, "The usual week is a number"),
        ({"usual": "401"}, "The usual week is a number"),
        ({"longest": "0.4"}, "a shorter run is nothing to plan from"),
        ({"longest": "26"}, "longer than the whole week"),
        ({"runs": "2"}, "are less than the week"),
        ({"longest": "24.9"}, "for each of the other runs"),
        ({"last_run": TODAY + dt.timedelta(days=1)}, "The last run was today or before."),
        ({"resume": TODAY - dt.timedelta(days=1)}, "That day is past"),
        ({"resume": TODAY + dt.timedelta(days=367)}, "more than a year ahead"),
        ({"last_run": TODAY, "resume": TODAY}, "after the last run"),
        ({"usual": "7", "longest": "3"}, "This page has no plan for these numbers"),
        ({"last_run": TODAY - dt.timedelta(days=500)}, "This page has no plan for these numbers"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(
    empty: Tab, boxes: dict[str, Any], text: str
) -> None:
    fill(empty, **usual_boxes() | boxes)
    assert text in said(empty)
    assert not has_plan(empty)
    if "no plan" in text:
        assert "loadmon ramp --usual" in said(empty)
    else:
        marked = "document.querySelectorAll('[aria-invalid=true]').length"
        assert empty.value(marked) == 1
    fill(empty, **usual_boxes())
    assert has_plan(empty)


@needs_chromium
def test_a_comma_is_a_decimal_point_and_the_command_holds_what_was_typed(empty: Tab) -> None:
    fill(empty, **usual_boxes(usual="25,5", longest="10,2"))
    command = empty.value("document.getElementById('command').textContent")
    assert command.startswith("loadmon ramp --usual 25.5 --longest 10.2 --runs 3 --last-run 20")
    assert command.endswith("--reason rest")


@needs_chromium
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_it_fits_every_screen_without_a_fault(browser: Tab, width: int, dark: bool) -> None:
    browser.screen(width, 844 if width < 500 else 900, dark=dark)
    shown(browser, page.render_calculator(data()), "calculator")
    for reason in ("rest", "injury"):
        fill(browser, **usual_boxes(reason=reason))
        if reason == "injury":
            answer(browser, reason, site="knee", pain=2.0, pain_before=2.0)
        wide = browser.value("document.documentElement.scrollWidth")
        assert wide <= width, (reason, wide)
        assert faults(browser) == []
    assert STOP_TEXT.splitlines()[0] in browser.value("document.body.innerText")
    assert browser.complaints() == []
    assert [url for url in browser.requests() if not url.startswith(("file:", "data:"))] == []


@needs_chromium
def test_it_prints_its_plan_and_not_its_boxes(empty: Tab) -> None:
    fill(empty, **usual_boxes())
    empty.call("Emulation.setEmulatedMedia", media="print")
    text = empty.value("document.body.innerText")
    empty.call("Emulation.setEmulatedMedia", media="")
    assert "Week 1" in text
    assert "STOP" in text
    assert "Usual week" not in text
