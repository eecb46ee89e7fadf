from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made import days, rule_days, runs

from loadmon.ratio import acwr

WEEK = [5.0, 0, 5.0, 0, 5.0, 0, 5.0]


def marked(loads: list[float], **options: object) -> tuple[pd.DataFrame, pd.DataFrame]:
    frame = runs(loads, **options)
    last = pd.Timestamp("2026-01-01") + pd.Timedelta(days=len(loads) - 1)
    return rule_days(frame, last, rested_until="2027-01-01")


def test_sums_are_of_the_seven_days_and_the_seven_before_them() -> None:
    numbers, _ = marked([float(x) for x in range(1, 22)])
    assert numbers["sum_7d"].iloc[6:].tolist() == [7.0 * x for x in range(4, 19)]
    assert numbers["sum_7d"].iloc[:6].isna().all()
    assert numbers["before_7d"].iloc[13] == 28.0
    assert numbers["before_7d"].iloc[:13].isna().all()
    assert numbers["change"].iloc[13] == pytest.approx(77 / 28)


def test_change_has_no_number_after_an_empty_week() -> None:
    numbers, mark = marked([5.0, *[0.0] * 14, 5.0])
    assert numbers["before_7d"].iloc[-1] == 0
    assert np.isnan(numbers["change"].iloc[-1])
    assert not mark["weekly_change"].iloc[-1]


def test_a_change_that_a_rest_day_brings_is_not_marked() -> None:
    numbers, mark = marked([*WEEK * 6, 10.0, 0, 4, 0, 4, 0, 4, 0, 5.5, 0, 6, 0, 6, 6, 0])
    assert numbers["change"].iloc[-1] > 1.3
    assert not mark["weekly_change"].iloc[-1]


def test_a_ratio_that_rises_because_a_big_day_leaves_the_window_is_not_marked() -> None:
    # 40 km in 21 days, then 36 km in 6; the 20 km before them leave the window on a rest day.
    week = [5.0, 0, 5.0, 0, 5.0, 0, 5.0]
    month = [20.0, *[0.0] * 6, *week * 2, 0.0, *[6.0] * 6]
    before = [*[5.0, 0] * 14, *[0.0] * 6]
    numbers, mark = marked([*before, *month, 0.0])
    assert numbers["acwr_coupled"].iloc[-2:].tolist() == pytest.approx([144 / 96, 144 / 76])
    assert numbers["acwr_uncoupled"].iloc[-1] == pytest.approx(36 / (40 / 3))
    assert numbers["sum_7d"].iloc[-1] > 1.3 * numbers["max_7d_own"].iloc[-1]
    assert not mark["acwr"].iloc[-2:].any()
    _, run = marked([*before, *month, 0.5])
    assert run["acwr"].iloc[-1]
    assert not {"acwr_coupled", "acwr_uncoupled", "acwr_ewma"} & set(run)


def test_a_ratio_without_meaning_is_not_marked() -> None:
    loads = [*WEEK * 6, *[0.0] * 28, 5.0, 5.0]
    last = acwr(days(loads)).iloc[-1]
    assert last["acute"] / last["chronic"] == pytest.approx(4)
    _, mark = marked(loads)
    assert not mark["acwr"].iloc[-1]


def test_unknown_days_are_not_marked() -> None:
    _, mark = marked([*WEEK * 6, *[20.0] * 3], unknown_days=["2026-02-13"])
    assert not mark.loc["2026-02-13":, ["weekly_change", "acwr", "monotony"]].any(axis=None)


def test_six_run_days_in_seven_are_marked_and_five_are_not() -> None:
    three = [5.0, 0, 5.0, 0, 5.0, 0, 0] * 5
    _, five = marked([*three, 2.0, 3, 4, 5, 6, 0, 0])
    _, six = marked([*three, 2.0, 3, 4, 5, 6, 7, 0])
    found = [bool(flags["too_few_rest_days"].iloc[-1]) for flags in (five, six)]
    assert found == [False, True]


def test_a_day_without_a_run_is_not_marked_though_its_week_still_stands_above() -> None:
    loads = [*WEEK * 14, *(3 * x for x in WEEK)]
    numbers, mark = marked(loads)
    rest = np.array(loads) == 0
    above = numbers["sum_7d"] > 1.3 * numbers["max_7d_own"]
    assert (above & rest).any()
    assert mark.loc[~rest, "weekly_change"].any()
    assert not mark.loc[rest, "weekly_change"].any()


def test_growth_is_judged_once_both_weeks_lie_after_a_lay_off() -> None:
    def marks(off: int) -> list[bool]:
        back = [*[2.0] * 7, *[8.0] * 10]
        numbers, mark = marked([*WEEK * 6, *[0.0] * off, *back])
        first = len(WEEK) * 6 + off
        grown = numbers["sum_7d"] > 1.3 * numbers["max_7d_own"]
        assert grown.iloc[first + 10 : first + 14].all()
        return [bool(x) for x in mark["weekly_change"].iloc[first : first + 14]]

    assert marks(14) == [False] * 13 + [True]
    # 2 x 4 + 8 x 3 = 32 km are the first to be over 1.3 x 20; 26 on the day before are not.
    assert marks(13) == [False] * 9 + [True] * 5


def test_fourteen_days_off_are_a_lay_off_and_thirteen_or_unknown_days_are_none() -> None:
    def back(off: int, **options: object) -> float:
        numbers, _ = marked([*WEEK * 4, *[0.0] * off, 5.0, 5.0], **options)
        return float(numbers["days_since_lay_off"].iloc[-1])

    assert back(14) == 1
    assert back(13) == np.inf
    assert back(20) == 1
    assert back(20, unknown_days=["2026-02-05"]) == np.inf  # 7 days before it, 12 after it
