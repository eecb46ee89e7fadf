"""Walk-run sessions: sized to a distance, written for people, in stages."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import activities, archive

from loadmon.errors import SettingError
from loadmon.ramp.plan import plan_ramp
from loadmon.ramp.problem import easy_pace
from loadmon.ramp.sessions import (
    STAGES,
    TOP,
    LevelState,
    Session,
    minutes_text,
    plain_run,
    session_text,
    shortened,
    staged_sessions,
    walk_run,
)


def test_two_kilometres_at_seven_minutes_are_seven_times_two_and_two() -> None:
    session = walk_run(2.0, 7.0, 2, 2, stage="stage 1")
    assert session_text(session) == "walk 5 min, 7 x (run 2 min, walk 2 min), walk 5 min"
    assert session.duration_min == 38
    assert (session.repeats, session.running_min, session.walking_min) == (7, 14, 14)
    assert session.kind == "walk_run"


def test_a_last_bit_of_a_distance_makes_no_further_run() -> None:
    km, pace = 4.9, 20 / 4.9
    assert km * pace > 20
    assert walk_run(km, pace, 2, 2, stage="").bouts == ((10, 2.0, 2),)


def test_one_run_with_a_walk_after_it_is_a_walk_run() -> None:
    assert Session(((1, 10.0, 2.0),)).kind == "walk_run"
    assert Session(((1, 10.0, 0.0),)).kind == "run"


def test_runs_are_of_equal_length_and_rounded_down_to_ten_seconds() -> None:
    session = walk_run(2.0, 6.5, 2, 2, stage="")  # 13 minutes in 7 runs: 1:51
    assert session.bouts == ((7, pytest.approx(11 / 6), 2),)
    assert session_text(session) == "walk 5 min, 7 x (run 1:50 min, walk 2 min), walk 5 min"


def test_a_distance_within_one_run_has_no_walk() -> None:
    session = walk_run(1.0, 6.0, 9, 1, stage="x")
    assert session.kind == "run"
    assert session_text(session) == "walk 5 min, run 6 min, walk 5 min"


@given(st.floats(0.5, 20), st.floats(4, 12), st.sampled_from(STAGES))
def test_a_session_never_holds_more_running_than_its_distance(
    km: float, pace: float, stage: tuple[float, float]
) -> None:
    session = walk_run(km, pace, *stage, stage="")
    assert session.running_min <= km * pace + 1e-6
    assert session.running_min >= km * pace - session.repeats / 6 - 1e-6
    assert all(run <= stage[0] + 1e-9 for _, run, _ in session.bouts)


def test_a_shortened_session_has_as_many_runs_and_the_same_walks() -> None:
    session = Session(((2, 3.0, 1.5), (1, 5.0, 0.0)), 5.0, "week 4")
    half = shortened(session, 0.5)
    assert half.bouts == ((2, 1.5, 1.5), (1, 2.5, 0.0))
    assert (half.repeats, half.stage) == (3, "week 4")


def test_minutes_are_written_with_seconds_only_where_there_are_any() -> None:
    assert [minutes_text(m) for m in (2, 1.5, 11 / 6, 0.5)] == [
        *["2 min", "1:30 min", "1:50 min", "0:30 min"]
    ]
    assert session_text(plain_run(10, 6.0)) == "run 60 min"


def test_each_stage_is_held_for_two_runs_and_no_more_than_two_are_gained_in_seven_days() -> None:
    km = [2.0, 0, 2.0, 0, 2.0, 0, 2.0, 0, 2.0, 0, 2.0, 0, 2.0, 0, 2.0, 0, 2.0]
    sessions = [s for s in staged_sessions(km, 7.0, LevelState(), DAY) if s is not None]
    stages = [int(s.stage.split()[1]) for s in sessions]
    assert stages == [1, 1, 2, 2, 3, 3, 4, 4, 5]
    assert sessions[-1].kind == "run"
    every_day = [s for s in staged_sessions([2.0] * 10, 7.0, LevelState(), DAY) if s is not None]
    # days 2, 4 gain a stage; the third only once the first is seven days ago
    assert [int(s.stage.split()[1]) for s in every_day] == [1, 1, 2, 2, 3, 3, 3, 3, 3, 4]


def test_stages_go_on_from_where_the_return_stands() -> None:
    sessions = staged_sessions([2.0, 0, 2.0], 7.0, LevelState(level=2, clean=1), DAY)
    assert [s.stage for s in sessions if s] == [f"stage 3 of {TOP + 1}", f"stage 4 of {TOP + 1}"]
    assert all(s is None for s in staged_sessions([0.0, 0.0], 7.0, LevelState(), DAY))


DAY = pd.Timestamp("2026-03-31")


def paces(*minutes: float, km: float = 5.0, day: str = "2026-03-01") -> pd.DataFrame:
    rows = [{"date": day, "distance_km": km, "duration_min": km * m} for m in minutes]
    return activities(rows)


def test_the_easy_pace_is_the_median_of_the_runs_before_the_lay_off() -> None:
    found = easy_pace(paces(6.0, 10.0, 6.5), DAY)
    assert (found.min_per_km, found.source, found.n_runs) == (6.5, "files", 3)
    assert easy_pace(paces(6.0, 7.0, 6.5, km=2.0), DAY).source == "files"


@pytest.mark.parametrize(
    "runs",
    [
        paces(6.0, 7.0),
        paces(6.0, 7.0, 6.5, km=1.9),
        paces(6.0, 7.0, 6.5, day="2026-04-01"),
        paces(2.9, 15.1, 6.5, 6.6),
        activities([("2026-03-01", 5.0, "cycling")] * 5),
        activities([]),
    ],
)
def test_where_too_few_runs_tell_the_easy_pace_it_is_assumed(runs: pd.DataFrame) -> None:
    found = easy_pace(runs, DAY)
    assert (found.min_per_km, found.source) == (7.0, "assumed")


def test_runs_of_the_ninety_days_before_count_both_ends_included() -> None:
    assert easy_pace(paces(6.0, 7.0, 6.5, day="2025-12-31"), DAY).source == "files"
    assert easy_pace(paces(6.0, 7.0, 6.5, day="2026-03-31"), DAY).source == "files"


def test_with_too_few_runs_of_ninety_days_the_last_few_count_however_long_ago() -> None:
    found = easy_pace(paces(5.0, 6.0, 7.0, 6.5, day="2025-12-30"), DAY)
    assert (found.min_per_km, found.source, found.n_runs) == (6.5, "files", 3)


@pytest.mark.parametrize(("told", "minutes"), [("7:30", 7.5), (6.25, 6.25), ("8", 8.0)])
def test_a_stated_easy_pace_outranks_the_files(told: str | float, minutes: float) -> None:
    found = easy_pace(paces(6.0, 7.0, 6.5), DAY, told)
    assert (found.min_per_km, found.source) == (minutes, "stated")


@pytest.mark.parametrize("told", ["fast", "2:59", "15:01", "", float("nan")])
def test_a_pace_that_nobody_runs_is_refused(told: str | float) -> None:
    with pytest.raises(SettingError, match="easy_pace"):
        easy_pace(paces(6.0), DAY, told)


def test_who_was_never_seen_to_run_begins_with_walks() -> None:
    ride = {"date": "2026-03-01", "distance_km": 30.0, "sport": "cycling"}
    plan = plan_ramp(archive(activities([ride])), resume="2026-03-03", target_km=10).plan
    runs = plan[plan["distance_km"] > 0]
    assert runs["kind"].iloc[0] == "walk_run"
    assert runs["stage"].iloc[0] == f"stage 1 of {TOP + 1}"


def test_every_stage_but_the_one_after_the_last_has_its_own_walks() -> None:
    for level in range(TOP + 1):
        (session,) = staged_sessions(
            [9.0], 7.0, LevelState(level=level), pd.Timestamp("2026-03-02")
        )
        assert session is not None
        longest = max(run for _, run, _ in session.bouts)
        walks = {walk for _, _, walk in session.bouts}
        if level < TOP:
            assert longest <= STAGES[level][0]
            assert walks == {STAGES[level][1]}
        else:
            assert (longest, walks) == (63.0, {0.0})
