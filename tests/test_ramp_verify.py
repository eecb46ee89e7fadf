"""The verifier: accepts every plan, rejects a little more on every day that a limit stops."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_lay_offs import FIRST, ONE, archive_of, histories

from loadmon.errors import FrameError, SettingError
from loadmon.ramp.history import build_history, days_before, recorded_days
from loadmon.ramp.plan import plan_ramp
from loadmon.ramp.problem import Task
from loadmon.ramp.schedule import PlanState, fill_week
from loadmon.ramp.verify import Timeline, build_timeline, verify_ramp, violations
from loadmon.ratio import acwr
from loadmon.rules.limits import Limits, limits_for

GOLDEN = Limits(
    start_km=2.0,
    first_week_km=6.62,
    session_floor_km=0.0,
    weekly_growth=0.20,
    beyond_growth=0.20,
    weekly_floor_km=0.0,
)
BINDING = ["start", "session", "week", "weekly_change", "coupled"]


def regular(off, weeks=8, km=(8, 8, 14)):
    """Three runs a week, the last one `off` full days before FIRST."""
    days = [off + 1 + 7 * w + d for w in range(weeks) for d in (5, 3, 0)]
    return archive_of(days, list(km) * weeks)


def planned(archive, pace, limits, n_weeks=14):
    """A plan without a goal and without repeated weeks, and what limits each of its runs."""
    daily = days_before(recorded_days(archive, FIRST - ONE), FIRST)
    days = (0, 2, 5)
    task = Task(build_history(daily, FIRST, limits), limits, pace, days, days)
    state = PlanState(task.history, limits)
    limited = {}
    for _ in range(n_weeks):
        state.add_week()
        limited |= {day: why for day, (_, why) in fill_week(task, state, "").items()}
    n = len(task.history.km)
    return plan_of(state.km[n:]), {day - n: why for day, why in limited.items() if why in BINDING}


def plan_of(km, first=FIRST):
    dates = pd.date_range(first, periods=len(km), unit="us")
    return pd.DataFrame({"date": dates, "distance_km": np.asarray(km, dtype=float)})


def broken(archive, km, limits=GOLDEN):
    found = verify_ramp(archive, plan_of(km), limits)
    return [
        (int((d - FIRST).days) + 1, name)
        for d, name in zip(found["date"], found["limit"], strict=True)
    ]


@pytest.mark.parametrize("off", [6, 7, 8, 12, 20, 29, 30, 31, 35, 90])
@pytest.mark.parametrize("pace", ["steady", "earliest"])
def test_plans_hold(off, pace):
    plan, _ = planned(regular(off), pace, limits_for(pace))
    assert verify_ramp(regular(off), plan, limits_for(pace)).empty


@pytest.mark.parametrize("off", [3, 10, 20, 35])
@pytest.mark.parametrize(
    ("pace", "limits"),
    [("steady", Limits()), ("earliest", limits_for("earliest")), ("earliest", GOLDEN)],
)
def test_a_step_more_on_any_binding_day_of_a_plan_is_rejected(off, pace, limits):
    archive = regular(off)
    plan, limited_by = planned(archive, pace, limits)
    assert len(limited_by) > 14
    line = build_timeline(recorded_days(archive, FIRST - ONE), plan, limits)
    for day, why in limited_by.items():
        # a week is shared by three runs, each of which is rounded down by less than a step
        at, km = line.n_before + day, plan["distance_km"][day]
        line.km[at] = line.longest[at] = km + (0.3 if why in ("week", "coupled") else 0.1)
        assert violations(line, limits, at, min(at + 7, len(line.km))), f"day {day + 1}: {why}"
        line.km[at] = line.longest[at] = km


def test_the_golden_plan_holds_and_its_day_by_day_rival_breaks_day_13():
    # taking the most on each day by the session alone: 10 % a run, 33 % a week
    archive = archive_of([35 + 7 * w - d for w in (4, 3, 2, 1) for d in (0, 2, 5)], [8, 8, 14] * 4)
    golden = np.zeros(63)
    for week in range(9):
        golden[7 * week + np.array([0, 2, 5])] = np.array([2.0, 2.2, 2.42]) * 1.2**week
    assert broken(archive, golden) == []
    rival = golden[:14].copy()
    rival[[7, 9, 12]] = [2.662, 2.9282, 3.22102]
    assert broken(archive, rival) == [(13, "week")]  # 8.81 km, 1.2 x 6.62 are 7.94


def test_a_first_run_above_the_cap_is_rejected():
    assert broken(regular(40), [2.0]) == []
    assert broken(regular(40), [2.1]) == [(1, "start")]


def test_a_metre_above_the_cap_is_rejected_and_the_last_bit_of_a_number_is_not():
    assert broken(regular(40), [2.001]) == [(1, "start")]
    assert broken(regular(40), [2.0 + 1e-12]) == []


def test_what_was_run_on_the_days_of_a_plan_has_no_say_whatever_the_last_day():
    plan = plan_of([2.0, 0, 2.2, 0, 0, 2.42])
    later = archive_of([*(36 + 7 * w + d for w in range(8) for d in (5, 3, 0)), -1], [8] * 25)
    for as_of in (None, FIRST - ONE, FIRST + 20 * ONE):
        assert verify_ramp(later, plan, GOLDEN, as_of=as_of).empty


def test_a_run_too_much_longer_than_the_longest_since_the_return_is_rejected():
    assert broken(regular(40), [2.0, 0, 2.2]) == []
    assert broken(regular(40), [2.0, 0, 2.3]) == [(3, "session")]
    half = Limits(start_km=2.0)
    assert verify_ramp(regular(40), plan_of([2.0, 0, 2.5]), half).empty
    assert list(verify_ramp(regular(40), plan_of([2.0, 0, 2.6]), half)["limit"]) == ["session"]


def test_neighbouring_run_days_are_rejected_for_four_weeks():
    km = np.zeros(32)
    km[[0, 2]] = 2.0
    assert broken(regular(40), [2.0, 2.0])[0] == (2, "run_days")
    km[[7, 14, 21, 26, 28, 29]] = 1.0  # days 29 and 30 are next to each other, days 27, 28 not
    assert "run_days" not in [name for _, name in broken(regular(40), km)]
    km[27] = 1.0
    assert (28, "run_days") in broken(regular(40), km)


def test_a_sixth_run_day_in_seven_is_rejected():
    limits = Limits(start_km=2.0, no_consecutive_days=0)
    five = verify_ramp(regular(40), plan_of([1.0] * 5 + [0.0]), limits)
    six = verify_ramp(regular(40), plan_of([1.0] * 6), limits)
    assert five.empty
    assert list(six["limit"]) == ["run_days", "monotony"]  # six runs of 1 km are alike too
    assert six["value"].tolist() == [6.0, 6.0]
    with_rest = verify_ramp(regular(40), plan_of([1.0] * 5 + [0.0, 1.0]), limits)
    assert set(with_rest["date"]) == {FIRST + 6 * ONE}


@pytest.mark.parametrize("km", [-1.0, float("nan")])
def test_a_distance_that_cannot_be_is_rejected(km):
    assert (3, "distance") in broken(regular(40), [2.0, 0.0, km])
    assert (4, "run_days") in broken(regular(40), [2.0, 0.0, km, 1.0])  # it counts as a run


def test_the_first_week_falls_from_the_first_day_beyond_a_week_off():
    # 8 days off, 30 km a week before: 30 x 18 / 19 = 28.42 km in the first seven days, not more
    assert verify_ramp(regular(8), plan_of([10, 0, 9, 0, 0, 9.4]), Limits()).empty
    found = verify_ramp(regular(8), plan_of([10, 0, 9, 0, 0, 9.5]), Limits())
    assert found["limit"].tolist() == ["week"]
    assert found["bound"].tolist() == [pytest.approx(30 * 18 / 19)]


def test_seven_days_off_are_no_lay_off_and_the_week_grows_over_the_one_before():
    # 30 km a week is the most that was run: 10 % beyond it
    limits = Limits(coupled=4.0)
    assert verify_ramp(regular(7), plan_of([11, 0, 11, 0, 0, 11]), limits).empty
    found = verify_ramp(regular(7), plan_of([11, 0, 11, 0, 0, 11.1]), limits)
    assert found["limit"].tolist() == ["week"]
    assert found["bound"].tolist() == [pytest.approx(33.0)]


def test_the_ratio_binds_from_the_week_that_ends_on_day_28():
    free = {"weekly_growth": 9.0, "beyond_growth": 9.0, "session_growth": 9.0}
    limits = Limits(start_km=2.0, first_week_km=99.0, **free)
    km = np.zeros(28)
    km[[0, 2, 5, 7, 9, 12, 14, 16]] = 2.0
    km[19] = 9.0  # day 20: 13 km after weeks of 6 km, too early to bind
    assert "coupled" not in [name for _, name in broken(regular(40), km, limits)]
    km[19], km[26] = 2.0, 9.0  # 9 km after three weeks of 6 km: 4 x 9 / 27 = 1.33
    assert (27, "coupled") in broken(regular(40), km, limits)
    km[26] = 8.6  # 1.29
    assert "coupled" not in [name for _, name in broken(regular(40), km, limits)]


def test_a_plan_without_rows_holds():
    empty = plan_of([2.0]).iloc[:0]
    assert verify_ramp(regular(40), empty, Limits()).empty


def test_what_is_no_plan_is_refused():
    with pytest.raises(FrameError, match="lacks distance_km"):
        verify_ramp(regular(40), plan_of([2.0])[["date"]], Limits())
    twice = pd.concat([plan_of([2.0])] * 2)
    with pytest.raises(FrameError, match="2026-11-16 twice"):
        verify_ramp(regular(40), twice, Limits())


def test_a_plan_with_a_date_a_century_away_is_refused():
    plan = plan_of([2.0, 0.0])
    far = plan.assign(date=plan["date"] + pd.Timedelta(days=40_000))
    with pytest.raises(FrameError, match="more than 100 years after the last recorded day"):
        verify_ramp(regular(40), far, Limits())
    plan.loc[1, "date"] = far.loc[1, "date"]
    with pytest.raises(FrameError, match="one of the two dates is wrong"):
        verify_ramp(regular(40), plan, Limits())


def test_days_left_out_of_a_plan_have_no_run():
    plan = plan_of([2.0, 0, 2.2, 0, 0, 2.42])
    runs = plan[plan["distance_km"] > 0]
    assert verify_ramp(regular(40), runs, GOLDEN).empty


@given(
    archive=histories(),
    pace=st.sampled_from(["steady", "earliest"]),
    later=st.integers(0, 6),
    run_days=st.sampled_from([None, "mon,thu", "tue,thu,sun", "mon,wed,fri"]),
    target=st.one_of(st.none(), st.floats(5, 60)),
)
def test_any_history_gives_a_plan_within_every_limit(archive, pace, later, run_days, target):
    try:
        ramp = plan_ramp(
            archive, resume=FIRST + later * ONE, target_km=target, pace=pace, run_days=run_days
        )
    except SettingError:
        # every run known is on an unknown day: the target is asked for; or it is far beyond them
        assert target is None or target > 30
        return
    plan = ramp.plan
    assert verify_ramp(archive, plan, ramp.limits, as_of=FIRST + (later - 1) * ONE).empty
    km = plan["distance_km"].to_numpy()
    before, total = archive.activities["distance_km"].agg(["max", "sum"])
    assert (km >= 0).all()
    assert km.max() <= max(1.1 * before, before + 0.5, target or total)
    assert not ((km > 0) & (km < 0.1)).any()
    assert np.allclose(km * 10, np.round(km * 10), atol=1e-6)
    days = recorded_days(archive, plan["date"].iloc[0] - ONE)
    off = (km > 0).argmax() + (days["run_day"].to_numpy()[::-1] > 0).argmax()
    if ramp.limits.start_km is not None and off >= 14 and days["run_day"].any():
        ran = km[:28] > 0
        assert not (ran[1:] & ran[:-1]).any()


def test_the_monitor_finds_no_ratio_above_its_limit_in_a_plan():
    archive = regular(35)
    plan = plan_ramp(archive, resume=FIRST, pace="earliest").plan
    load = plan.set_index("date")["distance_km"]
    days = days_before(recorded_days(archive, FIRST - ONE), load.index[0])
    history = days["load"].fillna(0.0)
    whole = pd.concat([history, load])
    ratio = acwr(whole, method="coupled")["acwr"].loc[FIRST + 27 * ONE :]
    ratio = ratio[(load > 0).reindex(ratio.index)]
    assert ratio.notna().any()
    assert ratio.max() <= 1.3 + 1e-9


def five_weeks(*weeks):
    km = np.zeros(7 * len(weeks))
    for week, runs in enumerate(weeks):
        km[7 * week + np.array([0, 2, 5])] = runs
    return km


def test_the_ratio_is_compared_multiplied_out_in_the_fourth_week():
    # 7.66 km after 12.62 km in three weeks: 1.51, coupled
    low = (1.0, 1.0, 1.0)
    km = five_weeks((2.0, 2.2, 2.42), low, low, (2.4, 2.6, 2.66))
    limits = Limits(start_km=2.0, weekly_growth=9.0)
    assert broken(regular(40), km, limits) == [(27, "coupled")]
    assert broken(regular(40), km, dataclasses.replace(limits, coupled=1.52)) == []
    assert broken(regular(40), km, dataclasses.replace(limits, coupled=1.51)) == [(27, "coupled")]
    from_29 = dataclasses.replace(limits, ratio_from_day=29)
    assert broken(regular(40), km, from_29) == []


def test_a_run_is_compared_with_the_30_days_before_it():
    free = Limits(start_km=4.0, session_floor_km=0.0, weekly_growth=9.0, coupled=9.0)
    km = np.zeros(32)
    km[[0, 7, 14, 21]] = [4.0, 3.0, 3.0, 3.0]
    for day, found in ((31, []), (32, [(32, "session")])):
        longer = km.copy()
        longer[day - 1] = 4.4
        assert broken(regular(40), longer, free) == found


def judged(
    km, *, n_before=0, ran=None, beyond=None, start_km=0.0, early_week_km=float("inf"), **limits
):
    """Places and limits that days of a return exceed, where only the named limits bind."""
    free = {"session_growth": 99.0, "weekly_growth": 99.0, "weekly_floor_km": 99.0}
    free |= {"beyond_growth": 99.0, "coupled": 99.0, "ratio_from_day": 999}
    free |= {"no_consecutive_days": 0, "max_run_days_in_7": 7}
    none = [float("nan")] * len(km)
    line = Timeline(
        day_0=FIRST.date(),
        km=list(km),
        longest=list(km),
        ran=[x > 0 for x in km] if ran is None else ran,
        beyond=[0.0] * len(km) if beyond is None else beyond,
        minutes=none,
        whole=none,
        n_before=n_before,
        plan_begin=n_before,
        begin=n_before,
        day_1=0,
        days_off=40,
        is_return=n_before == 0,
        long_1=0 if n_before == 0 else -1,
        start_km=start_km,
        early_week_km=early_week_km,
        left_week_km=0.0,
        longest_km=4.0,
        known_week_km=1e9,
        active=[False] * n_before,
    )
    return [(day, name) for day, name, *_ in violations(line, Limits(**free | limits))]


def test_who_carries_on_without_a_run_in_30_days_may_run_the_longest_before():
    for km, found in ((4.0, []), (4.1, [(40, "session")])):
        assert judged([*[0.0] * 40, km], n_before=40, session_floor_km=0.5) == found


def test_run_days_in_a_row_are_counted_up_to_the_last_day_on_which_they_are_ruled_out():
    for first, found in ((26, [(27, "run_days")]), (27, [])):
        km = [2.0, *[0.0] * (first - 1), 2.0, 2.0]
        assert judged(km, start_km=2.0, no_consecutive_days=28) == found


@pytest.mark.parametrize(
    ("weeks", "found"),
    [((10.0, 1.0, 1.0, 10.0), []), ((10.0, 1.0, 1.0, 1.0, 10.0), [(34, "week")])],
)
def test_a_week_is_compared_with_three_before_it_and_not_with_a_fourth(weeks, found):
    km = [x for week in weeks for x in (*[0.0] * 6, week)]
    growth = {"weekly_growth": 0.2, "weekly_floor_km": 0.0, "beyond_growth": 0.2}
    assert judged(km, start_km=10.0, **growth) == found


def test_what_the_first_week_could_have_held_counts_as_a_week():
    growth = {"weekly_growth": 0.2, "weekly_floor_km": 0.0, "beyond_growth": 0.2}
    for second, found in ((12.0, []), (12.1, [(13, "week")])):
        km = [*[0.0] * 6, 5.0, *[0.0] * 6, second]
        assert judged(km, start_km=99.0, early_week_km=10.0, **growth) == found
    assert judged([*[0.0] * 6, 10.1], start_km=99.0, early_week_km=10.0) == [(6, "week")]


def test_weeks_begin_with_the_first_run_and_do_not_roll():
    # 8 km in the seven days up to Monday, but 4 km of them are of the week before
    growth = {"weekly_growth": 0.0, "weekly_floor_km": 0.0, "beyond_growth": 0.0}
    km = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 4.0, 4.0, 0.0, 0.0, 1.0]
    assert judged(km, start_km=99.0, early_week_km=5.0, **growth) == []
    assert judged([*km, 0.1], start_km=99.0, early_week_km=5.0, **growth) == [(11, "week")]


def test_the_ratio_counts_the_week_itself_among_the_four_and_needs_six_run_days():
    # 4 x 14 / 44 = 1.27
    km = [x for w in (10.0, 10.0, 10.0, 14.0) for x in (*[0.0] * 4, w / 2, 0.0, w / 2)]
    assert judged(km, start_km=99.0, coupled=1.27, ratio_from_day=28) == [(27, "coupled")]
    assert judged(km, start_km=99.0, coupled=1.28, ratio_from_day=28) == []
    few = [x for w in (10.0, 10.0, 10.0, 14.0) for x in (*[0.0] * 6, w)]
    assert judged(few, start_km=99.0, coupled=1.27, ratio_from_day=28) == []


def test_what_an_event_leaves_out_counts_in_the_seven_and_the_28_days_that_it_is_in():
    def event(at, km):
        return [km * (day == at) for day in range(42)]

    alike = [x for w in (10.0,) * 6 for x in (*[0.0] * 4, w / 2, 0.0, w / 2)]
    held = {"start_km": 99.0, "ratio_from_day": 99}
    assert judged(alike, **held, beyond=event(35, 2.9)) == []
    # 14 km after weeks of 10 km: over 13
    assert judged(alike, **held, beyond=event(40, 4.0)) == [(41, "weekly_change")]
    # 14 km of 44, before there are weeks enough: 1.27; with one more km two weeks ago 1.24
    km = [x for w in (10.0, 10.0, 10.0, 14.0) for x in (*[0.0] * 3, *[w / 4] * 4)]
    assert judged(km, **held, coupled=1.27) == [(27, "coupled")]
    assert judged(km, **held, coupled=1.27, beyond=event(0, 1.0)[:28]) == []


@pytest.mark.parametrize(("jog", "is_over"), [(1.4, True), (1.5, False)])
def test_a_planned_jog_makes_no_habit_of_run_days(jog, is_over):
    weeks = [3.0, 3.0, 3.0, 3.0, jog, jog, 0.0] * 7
    found = judged([*weeks, *[3.0] * 6], start_km=99.0, max_run_days_in_7=5)
    assert ((54, "run_days") in found) == is_over
