"""What was before the plan: lay-off, start, base, and what is not known."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from loadmon.calendar import with_unknown_days
from loadmon.errors import SettingError
from loadmon.ramp.history import build_history, days_before, recorded_days
from loadmon.rules.limits import Limits

FIRST = pd.Timestamp("2026-11-16")
ONE = pd.Timedelta(days=1)


def archive_of(runs, others=(), unknown=()):
    """Runs as {days before FIRST: km}, other sports the same way, unreadable days."""
    rows = [(d, "running", km) for d, km in runs.items()] + [(d, "cycling", 30.0) for d in others]
    dates = pd.DatetimeIndex([FIRST - d * ONE for d, _, _ in rows]).as_unit("us")
    frame = pd.DataFrame(
        {
            "date": dates,
            "sport": pd.Series([s for _, s, _ in rows], dtype="str"),
            "sub_sport": pd.Series("", index=range(len(rows)), dtype="str"),
            "distance_km": [km for _, _, km in rows],
            "duration_min": 60.0,
            "flags": pd.Series("", index=range(len(rows)), dtype="str"),
        }
    ).sort_values("date", ignore_index=True)
    lost = [FIRST - d * ONE for d in unknown]
    return SimpleNamespace(activities=with_unknown_days(frame, lost, are_all=True))


def before(runs, limits=None, as_of=None, **more):
    as_of = FIRST - ONE if as_of is None else as_of
    daily = days_before(recorded_days(archive_of(runs, **more), as_of), FIRST)
    return build_history(daily, FIRST, limits or Limits())


def regular(off, km=(8.0, 8.0, 14.0), weeks=8):
    return {
        off + 1 + 7 * w + d: x for w in range(weeks) for d, x in zip((5, 3, 0), km, strict=True)
    }


@pytest.mark.parametrize(
    ("off", "start"),
    [
        (6, 14.0),  # the longest run of the 30 days before
        (7, 14.0),
        (18.5, None),
        (30, 3.0),  # min(3 km, half of 14)
        (31, 3.0),
        (90, 3.0),
    ],
)
def test_the_first_run_falls_from_the_longest_at_7_days_off_to_the_start_at_30(off, start):
    if start is None:
        caps = [before(regular(d)).start_km for d in range(7, 31)]
        assert np.diff(caps) == pytest.approx([(3.0 - 14.0) / 23] * 23)
    else:
        assert before(regular(off)).start_km == pytest.approx(start)


def test_half_the_longest_run_where_that_is_less_than_three_kilometres():
    assert before(regular(40, (3.0, 3.0, 5.0))).start_km == pytest.approx(2.5)


def test_a_run_before_in_the_last_30_days_bounds_the_start_as_the_monitor_does():
    # 4 km lies within the 30 days before the return, 20 km only within those before the lay-off
    found = before({23: 4.0, 31: 20.0, 39: 20.0, 47: 20.0})
    assert found.longest_before_km == 20.0
    assert found.start_km == 4.5  # not 8.9, which 22 days off leave of 20 km


def test_limits_given_by_hand_set_the_start():
    assert before(regular(40), Limits(start_km=2.0)).start_km == 2.0


def test_cross_training_in_the_lay_off_does_not_raise_the_start():
    rested = before(regular(20))
    cycled = before(regular(20), others=range(1, 20))
    assert (cycled.start_km, cycled.days_off) == (rested.start_km, rested.days_off)
    assert cycled.km == rested.km


def test_a_recording_of_no_distance_at_all_is_no_run_that_ends_the_lay_off():
    assert before(regular(20) | {3: 0.0}).days_off == 20


def test_days_off_are_full_days_without_a_run():
    assert before(regular(35)).days_off == 35
    assert before(regular(0)).days_off == 0


@pytest.mark.parametrize(("off", "carries_on"), [(0, True), (5, True), (6, False), (7, False)])
def test_under_six_days_off_there_is_no_ramp(off, carries_on):
    found = before(regular(off))
    assert found.carries_on is carries_on
    assert found.origin == (0 if carries_on else len(found.km))


def test_the_base_is_the_mean_week_of_the_28_days_that_end_with_the_last_run():
    found = before(regular(35) | {35 + 1 + 29: 99.0})
    assert found.mean_week_km == pytest.approx(30.0)


def test_a_record_shorter_than_four_weeks_is_divided_by_its_weeks():
    assert before(regular(35, weeks=2)).mean_week_km == pytest.approx(30.0)
    assert before({40: 6.0}).mean_week_km == pytest.approx(6.0)


def test_after_a_lay_off_of_more_than_30_days_there_is_no_line():
    assert before(regular(31)).early_week_km == float("inf")
    assert before(regular(30)).early_week_km == pytest.approx(9.0)  # three times 3 km
    assert before(regular(7)).early_week_km == pytest.approx(30.0)
    assert before(regular(6)).early_week_km == pytest.approx(30.0)


def test_one_very_long_run_does_not_lift_the_first_week_above_the_weeks_before():
    found = before({12 + 7 * w: 5.0 for w in range(1, 8)} | {12: 100.0})
    assert found.early_week_km < found.mean_week_km
    assert found.start_km == found.early_week_km


def test_a_week_of_hardly_any_running_still_leaves_a_first_run():
    found = before({12: 6.0, 40: 6.0})
    assert found.mean_week_km == pytest.approx(1.5)
    assert before({12: 6.0, 70: 6.0}).early_week_km == 3.0


def test_the_line_never_rises_above_the_week_before_the_lay_off():
    found = before({13 + 7 * w: 4.0 for w in range(8)})  # 4 km a week, 12 days off
    assert found.early_week_km == pytest.approx(4.0)


def test_unknown_days_count_as_days_off_and_as_no_distance():
    known = before(regular(9))
    lost = before(regular(9), unknown=[10])  # the last run's day is not certain any more
    assert lost.unknown_days == known.unknown_days + 1
    assert np.sum(lost.km) == np.sum(known.km) - 14.0


def test_a_file_that_cannot_be_read_is_no_run_that_ends_the_lay_off():
    found = before(regular(20), unknown=[3])
    assert found.days_off == 20
    assert found.start_km == before(regular(20)).start_km


def test_nothing_after_as_of_counts():
    later = regular(20) | {5: 12.0, 2: 12.0}
    found = before(later, as_of=FIRST - 10 * ONE)
    assert found.km == before(regular(20), as_of=FIRST - 10 * ONE).km
    assert found.days_off == 20


def test_a_plan_shortly_after_a_return_goes_on_with_it():
    runs = {d + 10: km for d, km in regular(26).items()} | {10: 4.0, 8: 4.0, 3: 4.5}
    found = before(runs)
    assert found.mid_return
    assert len(found.km) - found.origin == 10
    assert found.days_off == 26
    assert found.mean_week_km == pytest.approx(30.0)


def test_a_second_lay_off_shortly_after_a_return_does_not_bring_the_old_runs_back():
    runs = {30: 20.0, 33: 20.0, 36: 20.0, 40: 20.0, 43: 20.0, 47: 20.0} | {10: 3.0, 8: 3.0}
    found = before(runs)  # 19 days off, two runs of 3 km, 7 days off
    assert found.days_off == 7
    assert found.longest_before_km == 3.0
    assert found.start_km <= 3.5


def test_no_run_at_all_starts_at_the_absolute_start():
    found = before({}, others=[3, 40])
    assert (found.days_off, found.start_km) == (-1, 3.0)
    assert np.isnan(found.mean_week_km)
    nothing = before({})
    assert (nothing.km, nothing.start_km) == ([], 3.0)


def test_a_start_of_a_few_steps_is_refused_with_what_to_do():
    with pytest.raises(SettingError, match="start_km=2"):
        before({40: 0.1})


def test_the_frame_that_is_handed_in_is_not_changed():
    archive = archive_of(regular(20))
    copy = archive.activities.copy()
    build_history(days_before(recorded_days(archive, FIRST - ONE), FIRST), FIRST, Limits())
    pd.testing.assert_frame_equal(archive.activities, copy)
