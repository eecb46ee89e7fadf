"""A window holds one metric: a run without heart rate changes it as a whole, and is no rest day."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from made import activities

from loadmon.calendar import with_unknown_days
from loadmon.daily import daily_load
from loadmon.errors import SettingError
from loadmon.ratio import acwr
from loadmon.units import METRICS
from loadmon.window import fallback_text, window_load

NAN = float("nan")
#: Three runs a week for five weeks, 60 minutes and 80 AU each, ending on Sunday 8 February 2026.
DAYS = [day for week in range(5) for day in (7 * week, 7 * week + 2, 7 * week + 5)]


def month(**changed: dict[str, object]) -> pd.DataFrame:
    """Five weeks of running; `changed` replaces columns of the run of a day (``d30``)."""
    rows = []
    for day in DAYS:
        date = pd.Timestamp("2026-01-05") + pd.Timedelta(days=day)
        row: dict[str, object] = {
            "date": f"{date:%Y-%m-%d}", "distance_km": 10.0, "duration_min": 60.0, "trimp": 80.0,
            "hr_coverage": 1.0, "rpe": 4.0, "srpe": 240.0,
        }  # fmt: skip
        rows.append(row | changed.get(f"d{day}", {}))
    return activities(rows)


def without_strap(day: int) -> pd.DataFrame:
    return month(**{f"d{day}": {"trimp": NAN, "hr_coverage": 0.0, "rpe": NAN, "srpe": NAN}})


def test_a_month_with_heart_rate_everywhere_is_given_as_it_was_asked_for() -> None:
    found = window_load(month(), load="trimp")
    assert found is not None
    assert (found.used, found.total, found.low, found.high) == ("trimp", 960, 960, 960)
    assert (found.n_runs, found.missing) == (12, ())
    assert fallback_text(found) == ""


def test_one_run_without_a_strap_never_lowers_acute_load_in_silence() -> None:
    """What the issue asks to see: the status, the fall-back, and the words."""
    frame = without_strap(30)
    daily = daily_load(frame, load="trimp", as_of="2026-02-08")
    assert daily["status"].loc["2026-02-04"] == "unknown"
    assert np.isnan(daily["load"].loc["2026-02-04"])
    ratio = acwr(daily["load"])
    last = ratio.loc["2026-02-08"]
    assert last["status"] == "unknown"
    assert np.isnan(last[["acute", "chronic", "acwr"]].astype(float)).all()

    found = window_load(frame, load="trimp", as_of="2026-02-08")
    assert found is not None
    assert (found.used, found.total) == ("duration_min", 720)
    assert (found.low, found.high) == (880, 960)  # 60 minutes at 80/60 AU a minute
    assert fallback_text(found) == (
        "TRIMP (Banister) is not known for 1 of 12 runs in the 28 days to Sun 8 Feb "
        "(Wed 4 Feb: no heart rate). All of it is given as duration instead: 720 min. "
        "TRIMP (Banister) itself is at least 880 AU, and could be as much as 960 AU."
    )


def test_the_fall_back_takes_the_first_load_that_is_known_for_every_run() -> None:
    told = month(d30={"trimp": NAN, "hr_coverage": 0.5})
    found = window_load(told, load="trimp")
    assert found is not None
    assert (found.used, found.total) == ("srpe", 2880)
    assert "heart rate for 50 % of it" in fallback_text(found)
    no_time = month(d30={"trimp": NAN, "srpe": NAN, "duration_min": NAN})
    found = window_load(no_time, load="trimp")
    assert found is not None
    assert found.used == "distance_km"
    assert np.isnan(found.high)
    assert fallback_text(found, "mi").endswith("given as distance instead: 74.6 mi.")


def test_a_metric_is_never_mixed_with_another() -> None:
    """Whatever is missing, the total is the sum of one column over all runs of the window."""
    for name in METRICS:
        assert name not in METRICS[name].instead
        assert all(other in METRICS for other in METRICS[name].instead)
    frame = without_strap(30)
    found = window_load(frame, load="trimp", days=7)
    assert found is not None
    last = frame[frame["date"] > "2026-02-01"]
    assert found.total == last["duration_min"].sum()


def test_only_the_window_counts() -> None:
    found = window_load(without_strap(5), load="trimp", as_of="2026-02-08")
    assert found is not None
    assert found.used == "trimp"
    found = window_load(without_strap(7), load="trimp", as_of="2026-02-08")
    assert found is not None
    assert found.used == "duration_min"  # 12 January is the first of 28 days
    found = window_load(without_strap(33), load="trimp", as_of="2026-02-06")
    assert found is not None
    assert found.used == "trimp"  # the run without a strap lies after as_of
    assert (found.n_runs, found.missing, found.low) == (12, (), 960)


def test_a_day_that_is_unknown_as_a_whole_leaves_no_load_and_no_upper_end() -> None:
    frame = with_unknown_days(month(), [pd.Timestamp("2026-02-03")], are_all=True)
    found = window_load(frame, load="trimp")
    assert found is not None
    assert (found.used, found.missing) == ("", ())
    assert np.isnan([found.total, found.high]).all()
    assert fallback_text(found) == (
        "TRIMP (Banister) is not known for every day of the 28 days to Sat 7 Feb. "
        "No other load is known for all of it."
    )


def test_few_runs_with_the_load_give_no_upper_end() -> None:
    frame = without_strap(33)
    five = frame.assign(trimp=frame["trimp"].where(frame.index.isin([9, 10, 11, 12, 13])))
    four = frame.assign(trimp=frame["trimp"].where(frame.index.isin([9, 10, 11, 12])))
    ends = [window_load(f, load="trimp", days=7) for f in (five, four)]
    assert ends[0] is not None
    assert ends[0].high == pytest.approx(160 + 80)
    assert ends[1] is not None
    assert np.isnan(ends[1].high)


def test_a_setting_that_is_missing_is_named_as_the_reason() -> None:
    found = window_load(month(d30={"trimp": NAN}), load="trimp")
    assert found is not None
    assert "(Wed 4 Feb: a setting is missing)" in fallback_text(found)
    felt = window_load(month(d30={"srpe": NAN}), load="srpe")
    assert felt is not None
    assert felt.used == "duration_min"
    assert "not rated how hard it felt" in fallback_text(felt)
    far = window_load(month(d30={"distance_km": NAN}), load="distance_km")
    assert far is not None
    assert re.search(r"not recorded.*given as duration instead", fallback_text(far))


def test_a_load_that_does_not_exist_and_a_window_of_no_days_are_refused() -> None:
    with pytest.raises(SettingError, match="trump"):
        window_load(month(), load="trump")
    with pytest.raises(SettingError, match="at least 1"):
        window_load(month(), load="trimp", days=0)
    assert window_load(activities([]), load="trimp") is None


@settings(max_examples=examples(0.6))
@given(st.sets(st.sampled_from(DAYS)), st.integers(1, 40))
def test_what_is_known_is_a_lower_end_and_more_missing_runs_never_raise_it(
    gone: set[int], days: int
) -> None:
    frame = month(**{f"d{d}": {"trimp": NAN, "hr_coverage": 0.0} for d in gone})
    found = window_load(frame, load="trimp", days=days, as_of="2026-02-08")
    whole = window_load(month(), load="trimp", days=days, as_of="2026-02-08")
    assert found is not None
    assert whole is not None
    assert found.low <= whole.low
    assert len(found.missing) + found.low / 80 == pytest.approx(whole.low / 80)
    if found.high == found.high:
        assert found.high == pytest.approx(whole.high)


def test_the_upper_end_takes_the_hardest_minutes_of_the_runner_s_own_runs() -> None:
    hard = month(d2={"trimp": 150.0}, d30={"trimp": NAN, "duration_min": 40.0})
    found = window_load(hard, load="trimp", days=7)
    assert found is not None
    assert found.low == 160
    assert found.high == pytest.approx(160 + 40 * 150 / 60)


def test_other_sports_are_no_part_of_a_window_of_runs() -> None:
    ride = {
        "date": "2026-02-05",
        "sport": "cycling",
        "duration_min": 90.0,
        "activity_id": "b0",
        "trimp": 150.0,
    }
    frame = pd.concat([without_strap(30), activities([ride])], ignore_index=True)
    alone, both = (window_load(f, load="trimp") for f in (without_strap(30), frame))
    assert alone == both
