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


def archive_of(runs, others=(), unknown=(), minutes=60.0):
    """Runs as {days before FIRST: km}, other sports the same way, unreadable days."""
    rows = [(d, "running", km) for d, km in runs.items()] + [(d, "cycling", 30.0) for d in others]
    dates = pd.DatetimeIndex([FIRST - d * ONE for d, _, _ in rows]).as_unit("us")
    frame = pd.DataFrame(
        {
            "date": dates,
            "sport": pd.Series([s for _, s, _ in rows], dtype="str"),
            "sub_sport": pd.Series("", index=range(len(rows)), dtype="str"),
            "distance_km": [km for _, _, km in rows],
            "duration_min": minutes,
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
        (8, 14 - 11 / 23),  # one day down the line
        (18, 14 - 11 * 11 / 23),
        (30, 3.0),  # min(3 km, half of 14)
        (31, 3.0),
        (90, 3.0),
    ],
)
def test_the_first_run_falls_from_the_longest_at_7_days_off_to_the_start_at_30(off, start):
    assert before(regular(off)).start_km == pytest.approx(start)


@pytest.mark.parametrize(
    ("off", "week"),
    [
        (8, 30 * 18 / 19),
        (25, 15.0),  # half of the mean week of 30 km
        (43, 10.0),
        (79, 6.0),  # a fifth: no less than a beginner's week
        (200, 6.0),
    ],
)
def test_the_first_week_is_a_share_of_the_mean_week_and_that_of_a_beginner_at_least(off, week):
    assert before(regular(off)).early_week_km == pytest.approx(week)


def test_the_best_of_every_earlier_run_sets_start_and_first_week():
    # 8 weeks of 30 km up to 30 days off, two short runs, 9 more days off: 3 km, as 41 days off
    # leave of 14 km; the two runs themselves leave 3 - (3 - 2) * 2 / 23 = 2.9 km
    runs = {d + 12: km for d, km in regular(30).items()} | {12: 3.0, 10: 3.0}
    found = before(runs)
    assert (found.days_off, found.start_km) == (9, 3.0)
    assert found.early_week_km == pytest.approx(30 * 18 / (18 + 35))  # 42 days off
    without = before({d: km for d, km in runs.items() if d > 12})
    assert (without.days_off, without.start_km) == (42, 3.0)
    assert without.early_week_km == pytest.approx(found.early_week_km)


def test_half_the_longest_run_where_that_is_less_than_three_kilometres():
    assert before(regular(40, (3.0, 3.0, 5.0))).start_km == pytest.approx(2.5)


def test_a_run_before_in_the_last_30_days_bounds_the_start_as_the_monitor_does():
    # 4 km lies within the 30 days before the return, 20 km only within those before the lay-off
    found = before({23: 4.0, 31: 20.0, 39: 20.0, 47: 20.0})
    assert found.longest_before_km == 20.0
    assert found.start_km == 4.5  # not 8.9, which 22 days off leave of 20 km


def test_limits_given_by_hand_set_the_start():
    assert before(regular(40), Limits(start_km=2.0)).start_km == 2.0


def test_a_day_of_another_sport_in_the_lay_off_is_a_third_of_a_day_less():
    rested = before(regular(20))
    cycled = before(regular(20), others=range(1, 19))
    assert cycled.days_off == rested.days_off
    assert cycled.km == rested.km
    assert rested.start_km == pytest.approx(14 - 11 * 13 / 23)
    assert cycled.start_km == pytest.approx(14 - 11 * 7 / 23)  # 18 days of it: 14 days off
    assert rested.early_week_km == pytest.approx(30 * 18 / 31)
    assert cycled.early_week_km == pytest.approx(30 * 18 / 25)
    daily = before(regular(8), others=range(1, 9))  # never more than carrying on
    assert (daily.start_km, daily.early_week_km) == (14.0, 30.0)


def test_a_recording_of_hardly_any_running_is_no_run_that_ends_the_lay_off():
    assert before(regular(20) | {3: 0.4}, minutes=9.9).days_off == 20
    assert before(regular(20) | {3: 0.4}, minutes=10.0).days_off == 17  # a run day


def test_days_off_are_full_days_without_a_run():
    assert before(regular(35)).days_off == 35
    assert before(regular(0)).days_off == 0


@pytest.mark.parametrize(("off", "carries_on"), [(0, True), (7, True), (8, False), (9, False)])
def test_up_to_seven_days_off_there_is_nothing_to_return_from(off, carries_on):
    found = before(regular(off))
    assert found.carries_on is carries_on
    assert found.origin == (0 if carries_on else len(found.km))
    if carries_on:  # the mean week counts as one that was run
        assert (found.start_km, found.early_week_km) == (0.0, 30.0)


@pytest.mark.parametrize(("off", "carries_on"), [(13, True), (14, False)])
def test_a_break_no_longer_than_the_usual_one_is_no_lay_off(off, carries_on):
    found = before({off + 1 + 14 * n: 8.0 for n in range(8)})  # a run every other week
    assert found.carries_on is carries_on
    assert before({off + 1 + 14 * n: 8.0 for n in range(8)}, Limits(always_return=True)).start_km


def test_the_base_is_the_mean_week_of_the_28_days_that_end_with_the_last_run():
    found = before(regular(35) | {35 + 1 + 29: 99.0})
    assert found.mean_week_km == pytest.approx(30.0)


def test_a_record_shorter_than_four_weeks_is_divided_by_its_weeks():
    assert before(regular(35, weeks=2)).mean_week_km == pytest.approx(30.0)
    assert before({40: 6.0}).mean_week_km == pytest.approx(6.0)


def test_one_very_long_run_counts_as_the_longest_other_one():
    found = before({12 + 7 * w: 5.0 for w in range(1, 8)} | {12: 100.0})
    assert found.mean_week_km == 5.0
    assert found.start_km == pytest.approx(5 - 2.5 * 4 / 23)  # 11 days off after 5 km
    assert found.early_week_km == 6.0  # of a beginner: 5 km a week leave 5 * 18 / 22 = 4.1


def test_who_runs_little_starts_with_no_more_than_was_run_and_a_week_as_a_beginner():
    found = before({13 + 7 * w: 4.0 for w in range(8)})  # 4 km a week, 12 days off
    assert found.start_km == pytest.approx(4 - 2 * 5 / 23)
    assert found.early_week_km == 6.0
    assert before({40 + 7 * w: 1.5 for w in range(8)}).start_km == 1.5


def test_the_first_week_holds_the_first_run_at_least():
    found = before(regular(12, (0.5, 0.5, 14.0)))  # 15 km a week, nearly all of it in one run
    assert found.start_km == pytest.approx(14 - 11 * 5 / 23)
    assert found.early_week_km == pytest.approx(15 * 18 / 23)
    assert before(regular(200), Limits(start_km=8.0)).early_week_km == 8.0


def test_the_days_of_the_week_and_their_shares_are_those_of_the_last_weeks():
    # 15 days before Monday 16 Nov is a Sunday: Tuesday 8, Thursday 8, Sunday 14 km
    found = before(regular(14))
    shares = [0.0, 8 / 30, 0.0, 8 / 30, 0.0, 0.0, 14 / 30]
    assert list(found.pattern) == pytest.approx(shares)
    once = regular(14) | {17: 5.0}  # one Friday in twelve weeks is no habit
    assert list(before(once).pattern) == pytest.approx(shares)
    assert set(before({}).pattern) == {0.0}


def test_what_is_known_is_the_largest_mean_week_of_two_years():
    old = {d + 400: 2 * km for d, km in regular(0).items()}
    assert before(regular(35) | old).known_week_km == pytest.approx(60.0)
    older = {d + 760: 2 * km for d, km in regular(0).items()}
    assert before(regular(35) | older).known_week_km == pytest.approx(30.0)


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
    runs = {d + 12: km for d, km in regular(30).items()} | {12: 3.0, 10: 3.0}
    found = before(runs)  # 30 days off, two runs of 3 km, 9 days off
    assert found.longest_before_km == 3.0
    assert found.longest_days_off == 30
    assert found.first_return == FIRST - 12 * ONE
    assert found.mean_week_km == pytest.approx(1.5)
    assert found.baseline_week_km == pytest.approx(30.0)  # what is usual is what was before both


def test_seven_days_off_in_a_return_do_not_end_it():
    runs = {d + 10: km for d, km in regular(30).items()} | {10: 3.0, 8: 3.0}
    found = before(runs)
    assert (found.days_off, found.days_since, found.start_km) == (30, 10, 3.0)


def test_no_run_at_all_starts_as_a_beginner():
    for found in (before({}, others=[3, 40]), before({})):
        assert (found.days_off, found.start_km, found.early_week_km) == (-1, 2.0, 6.0)
        assert np.isnan(found.mean_week_km)
    assert before({}).km == []


def test_a_start_of_a_few_steps_is_refused_with_what_to_do():
    with pytest.raises(SettingError, match="start_km=2"):
        before({40: 0.1})


def test_the_frame_that_is_handed_in_is_not_changed():
    archive = archive_of(regular(20))
    copy = archive.activities.copy()
    build_history(days_before(recorded_days(archive, FIRST - ONE), FIRST), FIRST, Limits())
    pd.testing.assert_frame_equal(archive.activities, copy)
