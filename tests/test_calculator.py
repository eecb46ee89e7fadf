"""The calculator's plans are the planner's own, and its questions those of the screening."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from typing import Any

import pandas as pd
import pytest
from made import activities, archive, runs
from made_pages import few_plans

from loadmon.diary import no_diary
from loadmon.ramp.messages import REACHED_WORDS
from loadmon.ramp.plan import planner
from loadmon.ramp.result import Ramp
from loadmon.ramp.screening import (
    REASONS,
    SCREENED,
    STOP_TEXT,
    Reason,
    questions_for,
    reason_from_diary,
)
from loadmon.ramp.verify import verify_ramp
from loadmon.report.calculator import RUN_DAYS, calculator, requests, screening_data
from loadmon.report.overview import Overview, overview
from loadmon.report.wording import REASON_WORDS, SLIDER_WORDS


def plans(told: Overview, reason: str) -> list[Ramp | str]:
    return [*map(planner(told.archive), requests(told, reason))]  # type: ignore[arg-type]


@functools.cache
def lay_off() -> tuple[Overview, dict[str, Any]]:
    made = runs([6.0, 0.0, 6.0, 0.0, 8.0, 0.0, 0.0] * 10 + [0.0] * 40, first="2026-01-05")
    told = overview(archive(made), title="x", as_of="2026-04-20")
    data = calculator(told)
    assert data is not None
    return told, data


@pytest.mark.parametrize("reason", ["rest", "injury"])
def test_every_plan_is_the_planners_own_and_passes_the_verifier(reason: str) -> None:
    told, data = lay_off()
    ramps, texts = plans(told, reason), data["texts"]
    assert len(data["plans"][reason]) == len(data["choices"]["runs"]["texts"]) == len(ramps)
    for ramp, place in zip(ramps, data["plans"][reason], strict=True):
        plan = data["pool"][place]
        if isinstance(ramp, str):
            assert texts[plan["no"]] == ramp
            continue
        assert verify_ramp(told.archive, ramp.plan, ramp.limits, as_of=told.as_of).empty
        assert ramp.plan["date"].iloc[0] == pd.Timestamp(plan["first"]) > told.as_of
        assert same(plan, ramp, texts)


def same(plan: dict[str, Any], ramp: Ramp, texts: list[str]) -> bool:
    """Whether a plan of the page is the planner's."""
    columns = {"kind": "kind", "what": "session", "stage": "stage"}
    shown = {c: [texts[i] for i in plan[key]] for key, c in columns.items()}
    week = ramp.plan["week"]
    by = [REACHED_WORDS.get(name, "") for name in ramp.plan["limited_by"]]
    return (
        (plan["week"], plan["left"]) == (week.iloc[0], (week == week.iloc[0]).sum())
        and plan["tenths"] == [round(10 * km) for km in ramp.plan["distance_km"]]
        and all(shown[c] == ramp.plan[c].tolist() for c in shown)
        and [texts[i] for i in plan["by"]] == by
    )


def pains(*entries: tuple[str, float, str]) -> pd.DataFrame:
    text = dict.fromkeys(("strength", "break", "note"), "")
    if not entries:
        return no_diary()
    frame = no_diary().reindex(range(len(entries))).assign(**text, when="during")
    days = pd.DatetimeIndex([day for day, _, _ in entries])
    return frame.assign(date=days, pain=[p for _, p, _ in entries], site=[s for _, _, s in entries])


@pytest.mark.parametrize("diary", [(), (("2026-04-10", 3.0, "knee"), ("2026-04-17", 2.0, "knee"))])
def test_every_reason_has_the_plans_that_stand_for_it(diary: tuple[Any, ...]) -> None:
    made = runs([6.0, 0.0, 6.0, 0.0, 8.0, 0.0, 0.0] * 10 + [0.0] * 20 + [3.0, 0.0, 0.0] * 4)
    with few_plans():
        told = overview(archive(made, diary=pains(*diary)), title="x", as_of="2026-04-20")
        data = calculator(told)
        assert data is not None
        for reason, of in data["reasons"].items():
            assert of["asks"] == reason_from_diary(told.diary, told.as_of, reason)
            for ramp, place in zip(
                plans(told, of["asks"]), data["plans"][of["plans"]], strict=True
            ):
                plan = data["pool"][place]
                if isinstance(ramp, str):
                    assert data["texts"][plan["no"]] == ramp
                else:
                    assert same(plan, ramp, data["texts"])


def test_pain_in_the_diary_asks_its_questions_whatever_reason_is_given() -> None:
    made = runs([6.0, 0.0, 6.0, 0.0, 8.0, 0.0, 0.0] * 10, first="2026-01-05")
    entry = pains(("2026-03-10", 4.0, "back"))
    data = calculator(overview(archive(made, diary=entry), title="x", as_of="2026-03-15"))
    assert data is not None
    assert data["reasons"]["rest"]["asks"] == "back-pain"
    assert data["reasons"]["injury"]["asks"] == "injury"


def test_the_slider_has_each_number_of_runs_from_tomorrow_to_the_week_before() -> None:
    told, data = lay_off()
    assert list(data["choices"]) == list(SLIDER_WORDS) == ["runs"]
    assert [text[0] for text in data["choices"]["runs"]["texts"]] == [str(n) for n in RUN_DAYS]
    assert data["choices"]["runs"]["start"] == 1
    assert (data["from"], data["target"]) == ("Tue 21 Apr 2026", "20 km")  # a week: 6 + 6 + 8
    for request, n in zip(requests(told, "rest"), RUN_DAYS, strict=True):
        assert request.resume == told.as_of + pd.Timedelta(days=1)
        assert request.run_days[0] == request.resume.weekday()  # type: ignore[union-attr, index]
        assert len(request.run_days) == n  # type: ignore[arg-type]


def test_more_runs_a_week_are_other_plans() -> None:
    told, data = lay_off()
    assert len(set(data["plans"]["rest"])) == len(RUN_DAYS)
    for ramp, n in zip(plans(told, "rest"), RUN_DAYS, strict=True):
        if isinstance(ramp, str):  # every other day of a week is more than 28 days of a return take
            assert n == max(RUN_DAYS)
            continue
        assert (ramp.plan["distance_km"] > 0).groupby(ramp.plan["week"]).sum().max() == n


def test_a_runner_in_miles_gets_whole_miles_and_tenths_of_miles() -> None:
    made = runs([6.0, 0.0, 6.0, 0.0, 8.0, 0.0, 0.0] * 10 + [0.0] * 40, first="2026-01-05")
    told = overview(archive(made, units="mi"), title="x", as_of="2026-04-20")
    data = calculator(told)
    assert data is not None
    assert (data["target"], data["target_tenths"]) == ("12 mi", 120)
    pairs = zip(data["plans"]["rest"], plans(told, "rest"), strict=True)
    place, ramp = next(pair for pair in pairs if isinstance(pair[1], Ramp))
    km = ramp.plan["distance_km"]  # type: ignore[union-attr]
    assert data["pool"][place]["tenths"] == [round(10 * x / 1.609344) for x in km]


def test_a_runner_without_history_has_a_target_and_nothing_at_all_has_no_calculator() -> None:
    walked = activities([("2026-01-05", 4.0, "walking"), ("2026-01-08", 4.0, "walking")])
    data = calculator(overview(archive(walked), title="x"))
    assert data is not None
    assert data["target"] == "20 km"
    assert any("first" in plan for plan in data["pool"])
    assert calculator(overview(archive(activities([])), title="x")) is None


def test_one_run_is_a_week_of_one_run_and_not_of_seven() -> None:
    # 42 km a week were asked for after one run of 6 km, and no plan was there for them.
    one = overview(archive(activities([("2026-01-05", 6.0, "running")])), title="x")
    with few_plans():
        data = calculator(one)
    assert data is not None
    assert data["target"] == "6 km"
    assert all("first" in plan for plan in data["pool"])


def test_what_the_page_gets_is_plain_json() -> None:
    _, data = lay_off()
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["stop"] == STOP_TEXT
    assert set(data["reasons"]) == set(REASON_WORDS) == set(REASONS)
    assert {r for r, of in data["reasons"].items() if of["asks"] in SCREENED} == set(SCREENED)


@pytest.mark.parametrize("reason", SCREENED)
def test_the_questions_that_are_always_asked_are_those_of_the_screening(reason: Reason) -> None:
    every = screening_data()["questions"][reason]
    assert [q["key"] for q in every if not q["needs"]] == list(questions_for(reason))


def test_the_questions_are_the_same_text_in_every_process() -> None:
    code = "import json, loadmon.report.calculator as q; print(json.dumps(q.screening_data()))"
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1
