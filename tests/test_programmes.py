"""Published programmes: their numbers, and how they are taken within the limits."""

from __future__ import annotations

import pandas as pd
import pytest
from made import archive, runs

from loadmon.errors import SettingError
from loadmon.evidence.ramp import (
    ARC_RUNNING,
    COUCH_TO_5K,
    DELAWARE,
    MOEN,
    PROGRAMMES,
    QUARTER_MILES,
    TEN_WEEKS_TO_20,
    TIMED_12_WEEK,
    WALK_RUN_MINUTES,
    Programme,
)
from loadmon.ramp.plan import Ramp, plan_ramp
from loadmon.ramp.sessions import stage_km, stage_session
from loadmon.ramp.verify import verify_ramp

WEEK = [8.0, 0, 8.0, 0, 0, 14.0, 0]
HISTORY = archive(runs(WEEK * 10, first="2026-01-05"), rested_until="2027-01-01")
RESUME = pd.Timestamp("2026-01-05") + pd.Timedelta(days=105)  # a Monday, after 36 days off
MILE = 1.609344


def planned(key: str, **options: object) -> Ramp:
    return plan_ramp(HISTORY, resume=RESUME, programme=key, easy_pace="7:00", **options)  # type: ignore[arg-type]


def test_the_delaware_levels_are_those_of_the_table() -> None:
    # golden/delaware_levels.json: run_km_nominal of levels 1 to 8
    nominal = [1.609344, 2.145792, 2.414016, 2.5749504, 3.218688, 4.02336, 4.828032, 4.828032]
    for stage, km in zip(DELAWARE.stages, nominal, strict=True):
        assert sum(n * run for n, run, _ in stage.bouts) * MILE == pytest.approx(km)
        walk = sum(n * walk for n, _, walk in stage.bouts)
        total = [2.0, 2.0, 2.0, 2.0, 2.0, 2.5, 3.0, 3.0][DELAWARE.stages.index(stage)]
        assert walk + km / MILE == pytest.approx(total)
    assert (DELAWARE.max_in_7, DELAWARE.max_levels_in_7) == (4, 2)


def test_couch_to_5k_runs_as_many_minutes_as_its_text_says() -> None:
    # golden/c25k_run_minutes.json
    golden = [8, 8, 8, 9, 9, 9, 9, 9, 9, 16, 16, 16, 15, 16, 20, 18, 20, 25]
    golden += [25, 25, 25, 28, 28, 28, 30, 30, 30]
    minutes = [
        sum(n * run for n, run, _ in stage.bouts)
        for stage in COUCH_TO_5K.stages
        for _ in range(stage.times)
    ]
    assert minutes == golden


def test_the_timed_programme_has_twelve_weeks_of_three_sessions() -> None:
    assert len(TIMED_12_WEEK.stages) == 12
    assert {stage.times for stage in TIMED_12_WEEK.stages} == {3}
    first, last = TIMED_12_WEEK.stages[0].bouts, TIMED_12_WEEK.stages[-1].bouts
    assert first == ((10, 1.0, 1.5),)
    assert last == ((1, 25.0, 0.0),)


@pytest.mark.parametrize("key", PROGRAMMES)
def test_a_programme_is_followed_within_every_limit_to_its_end(key: str) -> None:
    ramp = planned(key)
    assert verify_ramp(HISTORY, ramp.plan, ramp.limits).empty
    assert ramp.reached
    assert PROGRAMMES[key].title in ramp.message
    runs_of = ramp.plan[ramp.plan["distance_km"] > 0]
    assert (runs_of["date"].diff().dropna().dt.days >= 2).all()
    stages = list(dict.fromkeys(runs_of["stage"]))
    assert stages == [stage.name for stage in PROGRAMMES[key].stages]
    last = PROGRAMMES[key].stages[-1]
    whole = runs_of[(runs_of["stage"] == last.name) & (runs_of["limited_by"] == "programme")]
    assert last.times <= len(whole) < last.times + PROGRAMMES[key].max_in_7  # to the week's end
    running = runs_of["repeats"] * runs_of["run_min"]
    assert (running <= runs_of["distance_km"] * 7.0 + 1e-9).all()


@pytest.mark.parametrize("key", PROGRAMMES)
def test_every_stage_is_done_whole_as_often_as_its_source_asks(key: str) -> None:
    programme = PROGRAMMES[key]
    plan = planned(key).plan
    for stage in programme.stages:
        minutes = stage_session(programme, stage, 7.0).running_min
        own = plan[plan["stage"] == stage.name]
        whole = (own["repeats"] * own["run_min"]).sub(minutes).abs() < 1e-9
        assert whole.sum() >= stage.times
        assert (own.loc[whole, "limited_by"] == "programme").all()
        assert (own.loc[~whole, "limited_by"] != "programme").all()


def test_a_session_above_the_limits_is_shortened_and_comes_again() -> None:
    # week 4 of Couch to 5K has 78 % more running than week 3; a run up to 3 km is a try in the
    # first four weeks, but the 4th week ends on day 28, where the ratio binds: 3.6, 3.9 and 3.9 km
    # before it, 2.3 twice in it, and x: 4.6 + x <= 1.3 / 4 * (16.0 + x) leaves 0.89 km, so 0.8
    plan = planned("couch-to-5k").plan
    week_3, week_4 = plan[plan["stage"] == "week 3"], plan[plan["stage"] == "week 4"]
    assert week_3["distance_km"].tolist() == [1.3, 1.3, 1.3]  # 9 minutes at 7:00, rounded up
    assert week_4["distance_km"].tolist() == [2.3, 2.3, 0.8, 2.3]
    assert week_4["limited_by"].tolist() == ["programme", "programme", "coupled", "programme"]
    assert week_4["repeats"].tolist() == [4.0] * 4
    assert week_4["run_min"].tolist() == pytest.approx([4.0, 4.0, 80 / 60, 4.0])  # 5.6 minutes


def test_a_session_grows_by_half_a_kilometre_where_none_is_a_try() -> None:
    # 5 km a week until 20 days before: the longest of 30 days is 2 km, so 2.9 km are cut to 2.5
    made = archive(runs([2.0, 0, 1.0, 0, 0, 2.0, 0] * 10), rested_until="2027-01-01")
    last = pd.Timestamp("2026-03-14")
    ramp = plan_ramp(
        made,
        resume=last + pd.Timedelta(days=21),
        programme="arc-running",
        easy_pace="7:00",
        run_days="mon,wed,sat",
    )
    assert verify_ramp(made, ramp.plan, ramp.limits).empty
    ran = ramp.plan[ramp.plan["distance_km"] > 0]
    assert (ran["limited_by"] != "programme").any()
    largest = ran["distance_km"].cummax().shift().clip(lower=2.0)
    assert (ran["distance_km"].iloc[1:] <= largest.iloc[1:] + 0.5 + 1e-9).all()


def test_a_distance_of_a_session_is_rounded_up() -> None:
    session = stage_session(COUCH_TO_5K, COUCH_TO_5K.stages[0], 7.0)
    assert stage_km(session, 7.0) == pytest.approx(1.2)  # 8 minutes are 1.14 km
    assert stage_km(session, 8.0) == pytest.approx(1.0)


def test_a_programme_has_its_own_goal_and_days() -> None:
    with pytest.raises(SettingError, match="a goal of its own"):
        planned("delaware", target_km=20)
    with pytest.raises(SettingError, match="did you mean couch-to-5k"):
        planned("couch-to-5K")
    with pytest.raises(SettingError, match="there are delaware"):
        planned("xyz")
    with pytest.raises(SettingError, match="at most 3 run days"):
        planned("couch-to-5k", run_days="mon,wed,fri,sun")
    with pytest.raises(SettingError, match="next to each other"):
        planned("delaware", run_days="mon,tue,sat")


def test_a_programme_that_does_not_end_in_time_says_when_it_would() -> None:
    soon = planned("timed-12-week", by="2026-06-30")
    assert not soon.reached
    assert "not reached by Tue 30 Jun 2026; at this pace it is reached on" in soon.message
    assert soon.plan["date"].iloc[-1] == pd.Timestamp("2026-06-30")


@pytest.mark.parametrize("programme", PROGRAMMES.values(), ids=PROGRAMMES)
def test_every_programme_names_its_source(programme: object) -> None:
    assert programme.source  # type: ignore[attr-defined]
    assert programme.grade == "D"  # type: ignore[attr-defined]


def minutes(programme: Programme) -> list[tuple[float, float]]:
    """Running and whole time of each stage, without the walks before and after."""
    return [
        (sum(n * run for n, run, _ in s.bouts), sum(n * (run + walk) for n, run, walk in s.bouts))
        for s in programme.stages
    ]


def test_blocks_of_five_minutes_grow_by_half_a_minute_of_running() -> None:
    # minnesotadon.blogspot.com: six times 4 minutes of walking and 1 of running, half a minute more
    # running each time, until the whole 30 minutes are run
    jog = [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5]
    assert minutes(WALK_RUN_MINUTES) == [(6 * j, 30) for j in jog]
    assert WALK_RUN_MINUTES.stages[0].bouts == ((6, 1.0, 4.0),)


def test_five_stages_of_the_blocks_fit_a_first_week_after_injury() -> None:
    whole = 30 + 2 * WALK_RUN_MINUTES.warm_up_min
    assert whole <= 45
    assert [run <= 20 for run, _ in minutes(WALK_RUN_MINUTES)] == [True] * 5 + [False] * 4


def test_moen_runs_half_of_sixteen_minutes_at_first() -> None:
    # ankleandfootnorthwest.com: 2222 2222 (16), twice; 3232 3232 (20), twice; 16; 18
    assert minutes(MOEN) == [(8, 16), (8, 16), (12, 20), (12, 20), (16, 16), (18, 18)]


def test_other_programmes_hold_what_their_pages_say() -> None:
    # totals as the pages print them: arc-running 30, 30, 30, 32 and 30 minutes; Runner's World 20
    # or 21 a week, ten weeks; a mile in each of the six days of quarter miles
    assert minutes(ARC_RUNNING) == [(10, 30), (15, 30), (20, 30), (28, 32), (30, 30)]
    totals = [21, 20, 21, 20, 20, 21, 20, 20, 20, 20]
    assert [whole for _, whole in minutes(TEN_WEEKS_TO_20)] == totals
    assert [run for run, _ in minutes(TEN_WEEKS_TO_20)] == [7, 10, 14, 15, 16, 18, 18, 19, 19, 20]
    assert minutes(QUARTER_MILES) == [(0.25, 1), (0.5, 1), (0.75, 1), (0.75, 1), (1, 1), (1, 1)]
