"""Many plans at once are the plans one by one."""

from __future__ import annotations

import itertools
import operator

import pandas as pd
import pytest
from made import archive, runs

from loadmon.errors import ScreeningNeeded
from loadmon.ramp.plan import plan_ramp, planner
from loadmon.ramp.problem import Request
from loadmon.ramp.result import Ramp
from loadmon.ramp.screening import questions_for

WEEK = [6.0, 0.0, 6.0, 0.0, 8.0, 0.0, 0.0]
CLEAN = {key: key.startswith("pain") and 0 for key in questions_for("back-pain")}


@pytest.mark.parametrize("days_off", [0, 20, 45])
def test_each_plan_of_a_grid_is_the_one_that_is_asked_for_alone(days_off: int) -> None:
    made = archive(runs(WEEK * 10 + [0.0] * days_off, first="2026-01-05"))
    eve = made.activities["date"].max() + pd.Timedelta(days=days_off)
    pairs = ((1, 9), (10.0, 20.0), ("mon,thu", "mon,wed,sat"), (0.05, 0.15), ("rest", "back-pain"))
    # half of all choices: any four of the five go together in every way
    half = [places for places in itertools.product((0, 1), repeat=5) if sum(places) % 2]
    choices = [tuple(map(operator.getitem, pairs, places)) for places in half]
    requests = [
        Request(
            resume=eve + pd.Timedelta(days=after),
            target_km=target,
            run_days=days,
            limits={"weekly_growth": growth},
            reason=reason,  # type: ignore[arg-type]
            screening=CLEAN if reason == "back-pain" else None,
            as_of=eve,
            athlete=made.athlete,
        )
        for after, target, days, growth, reason in choices
    ]
    for request, ramp in zip(requests, map(planner(made), requests), strict=True):
        alone = plan_ramp(
            made,
            resume=request.resume,
            target_km=request.target_km,
            run_days=request.run_days,
            limits=request.limits,
            reason=request.reason,
            screening=request.screening,
            as_of=request.as_of,
        )
        assert isinstance(ramp, Ramp)
        pd.testing.assert_frame_equal(ramp.plan, alone.plan)
        more = ("Tried out", "Pace earliest, as fast")  # what takes another look is left out
        told = [line for line in alone.message.splitlines() if not line.startswith(more)]
        assert ramp.message.splitlines() == told
        assert ramp.limits == alone.limits
        assert ramp.reached_on == alone.reached_on


def test_what_does_not_go_together_is_a_sentence_and_the_others_are_planned() -> None:
    made = archive(runs(WEEK * 10 + [0.0] * 45, first="2026-01-05"))
    wrong = Request(resume="2026-05-04", target_km=20.0, run_days="mon,tue")
    right = Request(resume="2026-05-04", target_km=20.0, run_days="mon,wed")
    none = Request(resume="2026-05-04", target_km=0.4, run_days="mon,wed")
    first, second, third = map(planner(made), [wrong, right, none])
    assert "next to each other" in str(first)
    assert isinstance(second, Ramp)
    assert "target_km" in str(third)


def test_a_red_flag_gives_its_text_and_an_open_question_no_plan() -> None:
    made = archive(runs(WEEK * 10 + [0.0] * 45, first="2026-01-05"))
    asked = Request(resume="2026-05-04", target_km=20.0, reason="back-pain")
    flagged = Request(
        resume="2026-05-04", target_km=20.0, reason="back-pain", screening={"both_legs": True}
    )
    assert str(planner(made)(flagged)).startswith("Get help now")
    with pytest.raises(ScreeningNeeded):
        planner(made)(asked)


def test_plans_with_other_starts_and_steps_stay_apart() -> None:
    made = archive(runs(WEEK * 10 + [0.0] * 45, first="2026-01-05"))
    every = [
        {"start_km": 1.5},
        {"start_km": 2.5},
        {"session_growth": 0.02, "session_floor_km": 0.1},
        {"session_growth": 0.02, "session_floor_km": 0.2},
    ]
    asked = [Request(resume="2026-05-04", target_km=15.0, limits=limits) for limits in every]
    for request, ramp in zip(asked, map(planner(made), asked), strict=True):
        alone = plan_ramp(made, resume="2026-05-04", target_km=15.0, limits=request.limits)
        pd.testing.assert_frame_equal(ramp.plan, alone.plan)  # type: ignore[union-attr]
