"""The week against the runner's own twelve before it."""

from __future__ import annotations

import statistics
from typing import Any

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from made import archive_of_runs, days, rule_days, runs, usual_weeks

from loadmon.athlete import Athlete
from loadmon.rules.engine import check

NAN = float("nan")
TOTALS = [30.0, 32, 28, 31, 29, 33, 27, 30, 34, 26, 30, 31]


def weeks(totals: list[float]) -> list[float]:
    """Three equal runs a week."""
    return [x for total in totals for x in (total / 3, 0, total / 3, 0, total / 3, 0, 0)]


def test_the_usual_week_is_the_median_of_the_twelve_by_hand() -> None:
    # Sorted: 26 27 28 29 30 30 30 31 31 32 33 34, between the sixth and the seventh 30.
    assert usual_weeks(days(weeks([*TOTALS, 45.0])))["usual_7d"].iloc[-1] == pytest.approx(30.0)
    # Without the 26 and with a 36: 30 and 31 are in the middle.
    other = [36.0 if x == 26 else x for x in TOTALS]
    assert usual_weeks(days(weeks([*other, 45.0])))["usual_7d"].iloc[-1] == pytest.approx(30.5)


def test_it_needs_ninety_one_known_days() -> None:
    full = days(weeks([*TOTALS, 45.0]))
    assert usual_weeks(full)["usual_7d"].first_valid_index() == full.index[90]
    lost = full.copy()
    lost.iloc[3] = NAN
    assert usual_weeks(lost)["usual_7d"].isna().all()
    later = usual_weeks(days([NAN, *weeks([*TOTALS, 45.0])]))["usual_7d"]
    assert later.notna().tolist() == [False] * 91 + [True]


def test_weeks_of_a_lay_off_are_no_usual_weeks() -> None:
    def known(off: int) -> list[bool]:
        load = days([*weeks(TOTALS), *[0.0] * (off - 2), *weeks([20.0] * 14)])
        return [bool(x) for x in usual_weeks(load)["usual_7d"].notna()]

    assert all(known(13)[90:])
    off = known(14)  # the fourteenth day without load is day 95, the first is day 82
    assert all(off[90:95])
    assert not any(off[95:173])
    assert all(off[82 + 91 :])


@settings(max_examples=examples(2))
@given(st.lists(st.floats(5.0, 90.0), min_size=13, max_size=15))
def test_it_agrees_with_the_statistics_module(totals: list[float]) -> None:
    got = usual_weeks(days(weeks(totals)))["usual_7d"].iloc[-1]
    assert got == pytest.approx(statistics.median(totals[-13:-1]))


@given(st.lists(st.just(0.0) | st.floats(1, 30), max_size=60), st.sampled_from([0.25, 8.0]))
def test_it_follows_the_unit_and_tomorrow_changes_nothing(loads: list[float], k: float) -> None:
    past = weeks(TOTALS) + loads
    one, other = usual_weeks(days(past)), usual_weeks(days([k * x for x in past]))
    np.testing.assert_allclose(k * one["usual_7d"], other["usual_7d"])
    later = usual_weeks(days([*past, 99.0, 99.0]))
    np.testing.assert_array_equal(one.to_numpy(), later.iloc[: len(past)].to_numpy())


def test_the_fullest_seven_days_end_from_7_to_84_and_from_7_to_28_days_before() -> None:
    rng = np.random.default_rng(5)
    loads = rng.choice([0.0, 3.0, 8.0, 12.0], 130).tolist()
    got = rule_days(runs([1.0, *loads, 1.0]))[0]
    loads = [1.0, *loads, 1.0]
    for at in range(13, len(loads)):
        for name, longest_ago in (("max_7d_own", 84), ("max_7d_4_weeks", 28)):
            ends = [e for e in range(at - longest_ago, at - 6) if e >= 6]
            want = max(sum(loads[e - 6 : e + 1]) for e in ends)
            ran = sum(x > 0 for x in loads[max(0, at - 6 - longest_ago) : at - 6])
            want = want if ran >= 4 else 0.0  # a few jogs are no base
            assert got[name].iloc[at] == pytest.approx(want), (at, name)


def test_a_day_that_is_not_known_leaves_the_own_weeks_unknown_for_as_long_as_they_hold_it() -> None:
    found = rule_days(runs([5.0] * 130, unknown_days=["2026-02-01"]))[0]["own_known"]
    lost = found.index.get_loc("2026-02-01")
    # The sums with it end up to 6 days after it, and count from 7 to 84 days after they end.
    assert np.flatnonzero(found.iloc[13:] == 0)[[0, -1]].tolist() == [lost - 6, lost + 77]
    assert (found.iloc[13:] == 0).sum() == 84


def change(loads: list[float], **own: float) -> dict[str, Any]:
    """Finding of the week on the last day of some loads."""
    mine = Athlete(limits={f"weekly-change.{name}": x for name, x in own.items()})
    rows = check(archive_of_runs(loads), athlete=mine).to_dict()["findings"]
    return next(row for row in rows if row["check"] == "weekly_change")


def last_week(totals: list[float]) -> str:
    """What is said of the last of some weeks on the day of its last run."""
    return str(change(weeks(totals)[:-2])["level"])


def test_a_week_is_above_the_own_twelve_by_more_than_thirty_per_cent() -> None:
    # The fullest of the twelve is 34 km: 1.3 x 34 = 44.2 km.
    assert last_week([*TOTALS, 44.2]) == "none"
    assert last_week([*TOTALS, 44.3]) == "above"


def test_a_week_of_twelve_weeks_ago_counts_and_one_of_thirteen_does_not() -> None:
    # 60 km a week once: twelve weeks later 50 km are no news, thirteen weeks later they are.
    assert last_week([60.0, *[30.0] * 11, 50.0]) == "none"
    assert last_week([60.0, *[30.0] * 12, 50.0]) == "above"


def test_the_day_decides_where_the_twelve_weeks_end() -> None:
    def verdict(days_ago: int) -> str:
        # One run of 60 km, so that the sum of the seven days before it ends with it.
        loads = [0.0] * 140
        for at in range(139, -1, -3):
            loads[at] = 10.0  # at most 30 km in seven days
        loads[139 - days_ago - 6] = 60.0
        loads[139] = 25.0  # 45 km in the last seven days: above 1.3 x 30, not above 1.3 x 60
        return str(change([5.0, *loads[1:]])["verdict"])

    # The last of the seven days with the 60 km ends `days_ago` days before the last day.
    assert verdict(84) == "ok"
    assert verdict(85) == "flagged"


def test_a_week_is_doubled_when_it_is_over_twice_the_fullest_of_four() -> None:
    # 60 km ten weeks ago, then 20 km a week: 40 km double the last four, and are under 1.3 x 60.
    before = [60.0, 60.0, *[20.0] * 8]
    assert last_week([*before, 40.0]) == "none"
    told = change(weeks([*before, 40.1])[:-2])
    assert (told["verdict"], told["level"], told["limit"]) == ("flagged", "doubled", 2.0)
    assert told["value"] == pytest.approx(40.1 / 20)
    assert told["message"].startswith("40.1 km in the 7 days to ")
    assert "after 20.0 km in the 7 before (2.0 times as much). Up to 13.3 km on " in told["message"]


def test_a_fuller_week_of_four_weeks_ago_is_doubled_no_longer_and_of_five_is() -> None:
    before = [60.0, 60.0, *[20.0] * 5]
    assert last_week([*before, 30.0, 20.0, 20.0, 20.0, 45.0]) == "none"
    assert last_week([*before, 30.0, 20.0, 20.0, 20.0, 20.0, 45.0]) == "doubled"


def test_a_jump_that_is_both_is_told_as_above_the_twelve() -> None:
    assert last_week([*TOTALS, 100.0]) == "above"


def test_the_runner_may_set_both_limits() -> None:
    assert change(weeks([*TOTALS, 44.3])[:-2], limit=1.4)["verdict"] == "ok"
    before = weeks([60.0, 60.0, *[20.0] * 8, 40.1])[:-2]
    told = change(before, doubled=1.5)
    assert (told["limit"], told["level"]) == (1.5, "doubled")
    assert change(before, doubled=3.0)["verdict"] == "ok"


def test_the_distance_that_would_not_have_been_flagged_is_not_and_one_per_cent_more_is() -> None:
    for loads in (
        weeks([*TOTALS, 60.0])[:-2],
        weeks([60.0, 60.0, *[20.0] * 8, 45.0])[:-2],
    ):
        told = change(loads)
        assert told["verdict"] == "flagged"
        up_to = told["not_flagged_up_to"]
        assert change([*loads[:-1], up_to])["verdict"] == "ok"
        assert change([*loads[:-1], 1.01 * up_to])["verdict"] == "flagged"
        assert f"Up to {up_to:.1f} km on " in told["message"]


def test_without_room_for_a_run_it_says_so() -> None:
    # 20 + 20 + 20 km before the last run of the week: above 1.3 x 30 already.
    told = change([*weeks([30.0] * 12), 20.0, 0, 20.0, 0, 20.0, 0, 5.0])
    assert told["not_flagged_up_to"] == 0
    assert "Without a run on " in told["message"]


def test_it_takes_thirty_five_recorded_days() -> None:
    week = [5.0, 0, 5.0, 0, 5.0, 0, 5.0]
    grown = [10.0, 0, 10.0, 0, 10.0, 0, 10.0]
    assert change([*week * 4, *grown])["verdict"] == "flagged"  # the last run is on day 35
    told = change([5.0, *(week * 4)[2:], *grown])  # on day 34
    assert (told["verdict"], told["level"]) == ("unknown", "forming")


def test_a_file_on_which_the_flag_rests_is_named() -> None:
    one = change([*weeks([30.0] * 8), 10.0, 0, 10.0, 0, 25.0])
    assert "This flag rests on one file (26.fit)." in one["message"]
    all_of_them = change([*weeks([30.0] * 8), 20.0, 0, 20.0, 0, 21.0])
    assert all_of_them["verdict"] == "flagged"
    assert "rests on one file" not in all_of_them["message"]
