"""The calculator's plans are the planner's own, and its questions those of the screening."""

from __future__ import annotations

import functools
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from unittest import mock

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
from loadmon.report.calculator import calculator, choices_for, requests, screening_data
from loadmon.report.overview import Overview, overview
from loadmon.report.wording import REASON_WORDS, SLIDER_WORDS


def plans(told: Overview, reason: str) -> list[Ramp | str]:
    return [*map(planner(told.archive), requests(told, reason))]  # type: ignore[arg-type]


@pytest.fixture(autouse=True, scope="module")
def few_choices() -> Iterator[None]:
    few = {"AFTER_D": (1, 28), "SHARES": (0.5, 1.0), "GROWTHS": (0.5, 1.0)}
    with mock.patch.multiple("loadmon.report.calculator", **few):
        yield


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
    combinations = list(itertools.product(*choices_for(told)))
    ramps, texts = plans(told, reason), data["texts"]
    assert len(data["plans"][reason]) == len(combinations) == len(ramps)
    for picked, ramp, place in zip(combinations, ramps, data["plans"][reason], strict=True):
        plan = data["pool"][place]
        if isinstance(ramp, str):
            assert texts[plan["no"]] == ramp
            continue
        assert verify_ramp(told.archive, ramp.plan, ramp.limits, as_of=told.as_of).empty
        assert ramp.plan["date"].iloc[0] == pd.Timestamp(plan["first"]) >= picked[0]
        assert same(plan, ramp, texts)
        assert ramp.limits.weekly_growth == picked[3].weekly_growth


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


def test_the_sliders_go_from_careful_to_the_limits_and_start_there() -> None:
    told, data = lay_off()
    days, targets, counts, limits = choices_for(told)
    assert list(data["choices"]) == list(SLIDER_WORDS)
    assert days[0] == told.as_of + pd.Timedelta(days=1)
    assert targets == sorted(targets)
    assert targets[-1] == 20  # 6 + 6 + 8 km a week before the lay-off
    assert counts == sorted(counts)
    growth = [x.weekly_growth for x in limits]
    assert growth == sorted(growth)
    assert growth[-1] == 0.15
    for name, choice in data["choices"].items():
        assert 0 <= choice["start"] < len(choice["texts"]), name


def test_less_growth_reaches_the_target_later_and_says_which_limit_it_meets() -> None:
    told, _ = lay_off()
    day, target, count, limits = choices_for(told)
    everything = zip(itertools.product(*choices_for(told)), plans(told, "rest"), strict=True)
    first = (day[0], target[-1], count[1])
    reached = [r.reached_on for p, r in everything if p[:3] == first and isinstance(r, Ramp)]
    assert len(reached) == len(limits)
    assert reached == sorted(reached, reverse=True)
    assert len(set(reached)) > 1


def test_a_runner_in_miles_gets_whole_miles_and_tenths_of_miles() -> None:
    made = runs([6.0, 0.0, 6.0, 0.0, 8.0, 0.0, 0.0] * 10 + [0.0] * 40, first="2026-01-05")
    told = overview(archive(made, units="mi"), title="x", as_of="2026-04-20")
    data = calculator(told)
    assert data is not None
    assert data["choices"]["target"]["texts"][-1] == "12 mi a week"
    assert data["choices"]["target"]["tenths"][-1] == 120
    pairs = zip(data["plans"]["rest"], plans(told, "rest"), strict=True)
    place, ramp = next(pair for pair in pairs if isinstance(pair[1], Ramp))
    km = ramp.plan["distance_km"]  # type: ignore[union-attr]
    assert data["pool"][place]["tenths"] == [round(10 * x / 1.609344) for x in km]


def test_a_runner_without_history_has_targets_and_nothing_at_all_has_no_calculator() -> None:
    walked = activities([("2026-01-05", 4.0, "walking"), ("2026-01-08", 4.0, "walking")])
    data = calculator(overview(archive(walked), title="x"))
    assert data is not None
    assert len(data["choices"]["target"]["texts"]) >= 2
    assert any("first" in plan for plan in data["pool"])
    assert calculator(overview(archive(activities([])), title="x")) is None


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
