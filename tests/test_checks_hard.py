"""Run days and hard days in a row."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from made import activities, archive, runs

from loadmon.athlete import Athlete
from loadmon.rules.engine import build_context, check
from loadmon.rules.rest import hard_days

NAN = float("nan")
FIRST = pd.Timestamp("2026-01-05")


def frame_of(days: dict[int, dict[str, float]]) -> pd.DataFrame:
    """One run of 8 km on each day after Monday 5 January 2026, with more columns."""
    rows = []
    for day, told in days.items():
        date = FIRST + pd.Timedelta(days=day)
        rows.append({"date": f"{date:%Y-%m-%d}", "distance_km": 8.0, **told})
    return activities(rows)


def rest(frame: pd.DataFrame, **told: Any) -> dict[str, Any]:
    return check(archive(frame), **told).to_dict()["findings"][5]


def rpe(*answers: float) -> pd.DataFrame:
    """Easy runs every other day for six weeks, then a run a day with these answers."""
    easy = {day: {"rpe": 3.0} for day in range(0, 42, 2)}
    return frame_of(easy | {43 + i: {"rpe": answer} for i, answer in enumerate(answers)})


def test_a_third_hard_day_in_a_row_is_flagged() -> None:
    told = rest(rpe(7.0, 8.0, 7.0))
    assert (told["verdict"], told["level"], told["grade"]) == ("flagged", "hard_days", "D")
    assert (told["value"], told["limit"], told["unit"]) == (3, 2, "d")
    assert told["message"] == "3 hard days in a row up to Thu 19 Feb."
    assert rest(rpe(7.0, 8.0))["verdict"] == "ok"
    assert rest(rpe(7.0, 6.9, 8.0))["verdict"] == "ok"


def test_the_flag_stands_for_the_seven_days() -> None:
    frame = rpe(7.0, 8.0, 7.0)
    assert rest(frame, as_of="2026-02-20")["verdict"] == "flagged"
    later = rpe(7.0, 8.0, 7.0, 2.0)
    assert rest(later)["date"] == "2026-02-19"


def test_a_hard_day_of_which_nothing_is_told_breaks_the_row() -> None:
    assert rest(rpe(7.0, NAN, 7.0))["verdict"] == "ok"


def hard(frame: pd.DataFrame) -> list[float]:
    return hard_days(build_context(archive(frame), None), 14).tolist()


def test_the_top_third_of_six_weeks_is_hard_where_a_load_tells() -> None:
    easy = {2 * i: {"srpe": float(x)} for i, x in enumerate(range(10, 31))}
    # Day 43 looks back on the days from 1 to 42: loads 11 to 30, upper tercile 11 + 19 x 2/3.
    assert hard(frame_of(easy | {43: {"srpe": 23.66}}))[-1] == 0.0
    assert hard(frame_of(easy | {43: {"srpe": 23.67}}))[-1] == 1.0
    told = rest(frame_of(easy | {43 + i: {"srpe": 40.0 + i} for i in range(3)}))
    assert told["level"] == "hard_days"


def test_six_runs_of_forty_two_days_are_needed_to_compare() -> None:
    five = frame_of({2 * i: {"srpe": 20.0} for i in range(5)} | {11: {"srpe": 90.0}})
    six = frame_of({2 * i: {"srpe": 20.0} for i in range(6)} | {11: {"srpe": 90.0}})
    assert hard(five)[-1] != 1.0
    assert hard(six)[-1] == 1.0
    late = frame_of({2 * i: {"srpe": 20.0} for i in range(6)} | {43: {"srpe": 90.0}})
    assert hard(late)[-1] != 1.0  # only the run of day 10 is no older than 42 days, and 4 more
    assert len(hard(six)) == 12


def test_rest_is_not_hard_and_two_runs_of_a_day_are_one_day() -> None:
    rows = [{"date": "2026-01-05", "distance_km": 5.0, "rpe": x} for x in (2.0, 8.0)]
    rows += [{"date": "2026-01-07", "distance_km": 5.0, "rpe": x} for x in (2.0, NAN)]
    found = hard(activities(rows))
    assert found[:2] == [1.0, 0.0]
    assert found[2] != found[2]


def test_a_bike_ride_is_no_hard_run() -> None:
    frame = rpe(7.0, 8.0, 7.0)
    frame.loc[len(frame) - 1, "sport"] = "cycling"
    assert rest(frame)["verdict"] == "ok"


def test_the_runner_may_set_what_is_hard_and_how_often() -> None:
    mine = Athlete(limits={"hard-days.rpe": 8.0})
    assert rest(rpe(7.0, 8.0, 7.0), athlete=mine)["verdict"] == "ok"
    twice = Athlete(limits={"hard-days.max_in_a_row": 1})
    told = rest(rpe(7.0, 8.0), athlete=twice)
    assert (told["level"], told["limit"]) == ("hard_days", 1)


def test_too_few_days_off_are_told_before_hard_ones() -> None:
    assert rest(rpe(7.0, 7.0, 7.0, 7.0, 7.0, 7.0))["level"] == "below"


@pytest.mark.parametrize(("n", "level"), [(3, "none"), (4, "in_a_row")])
def test_run_days_in_a_row_have_the_runner_s_own_limit(n: int, level: str) -> None:
    mine = Athlete(limits={"run-days-in-a-row.max": 3})
    frame = runs([*[5.0, 0, 5.0, 0, 5.0, 0, 0] * 4, *[5.0] * n, 0, 5.0])
    told = rest(frame, athlete=mine)
    assert told["level"] == level
    if level == "in_a_row":
        assert told["message"] == ("4 days with a run in a row up to Sun 1 Feb. Your limit: 3.")


def test_a_hard_run_makes_its_day_hard_whatever_is_not_told_of_another() -> None:
    rows = [{"date": "2026-01-05", "distance_km": 8.0, "rpe": answer} for answer in (8.0, NAN)]
    assert hard(activities(rows)) == [1.0]


@pytest.mark.parametrize(("first", "known"), [(0, True), (-1, False)])
def test_a_run_of_42_days_before_still_counts(first: int, known: bool) -> None:
    told = {day: {"trimp": 50.0} for day in (first, 32, 34, 36, 38, 40)}
    last = hard(frame_of(told | {42: {"trimp": 90.0}}))[-1]
    assert (last == 1.0) if known else last != last
