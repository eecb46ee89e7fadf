from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from made import activities, archive, archive_of_runs, days, runs

from loadmon.ratio import acwr
from loadmon.rules.engine import Today, build_context, today
from loadmon.rules.return_to_run import cap_km, find_return, too_soon

WEEK = [5.0, 0, 5.0, 0, 5.0, 0, 5.0]  # 20 km
STEADY = WEEK * 8  # to Wednesday 25 February
OLD = [8.0, 0, 8.0, 0, 0, 14.0, 0] * 8
LIMITS = ["session_spike", "return", "weekly_change", "rest", "acwr_coupled", "acwr_uncoupled"]


def ask(loads: list[float], as_of: str | None = None, **options: Any) -> Today:
    return today(archive_of_runs(loads, **options), as_of=as_of)


def by_limit(told: Today) -> pd.Series:
    return told.to_frame().set_index("limit")["distance_km"]


def test_the_longest_run_is_ten_per_cent_over_the_longest_of_30_days() -> None:
    told = ask(STEADY, "2026-02-26")
    assert (told.limited_by, told.distance_km) == ("session_spike", pytest.approx(5.5))
    assert told.why == "longest of the 30 days before: 5.0 km"
    assert told.to_frame()["limit"].tolist() == [*LIMITS, "acwr_ewma"]


@pytest.mark.parametrize(("days_after", "km"), [(30, 22.0), (31, 5.5)])
def test_a_run_counts_for_30_days_and_no_longer(days_after: int, km: float) -> None:
    day = pd.Timestamp("2026-01-01") + pd.Timedelta(days=days_after)
    got = ask([20.0, *[0.0, 5.0] * 14], f"{day:%Y-%m-%d}", rested_until="2026-03-01")
    assert by_limit(got)["session_spike"] == pytest.approx(km)


def test_every_limit_has_its_closed_form() -> None:
    got = by_limit(ask([*STEADY, 20.0, 0], "2026-02-27"))
    # Seven days to 27 February: 20 + 0 + 5 + 5 + 5 = 35 km, and 20 km before them.
    seven, before, month = 35.0, 20.0, 95.0
    assert got["session_spike"] == pytest.approx(22.0)
    assert got["weekly_change"] == max(0.0, 1.3 * before - seven)
    x = got["acwr_coupled"]
    assert (seven + x) / 7 == pytest.approx(1.5 * (month + x) / 28) or x == 0
    assert got["acwr_uncoupled"] == pytest.approx(max(0.0, 1.8 * (month - seven) / 3 - seven))


@pytest.mark.parametrize(("method", "limit"), [("coupled", 1.5), ("uncoupled", 1.8), ("ewma", 1.5)])
def test_a_run_of_that_length_brings_the_ratio_to_its_limit(method: str, limit: float) -> None:
    km = by_limit(ask(STEADY, "2026-02-26"))[f"acwr_{method}"]
    assert km > 0
    assert acwr(days([*STEADY, km]), method=method)["acwr"].iloc[-1] == pytest.approx(limit)


def test_a_run_of_the_day_itself_counts_towards_the_week_and_not_the_session() -> None:
    got = by_limit(ask([*STEADY, 4.0]))
    assert got["session_spike"] == pytest.approx(5.5)
    assert got["weekly_change"] == pytest.approx(1.3 * 20 - 19)


def test_after_a_lay_off_the_return_is_the_limit() -> None:
    told = ask(OLD, "2026-04-01", rested_until="2026-04-01")
    assert (told.limited_by, told.distance_km) == ("return", 3.0)
    assert "35 days without a run" in told.why
    reasons = told.to_frame().set_index("limit")["why"]
    assert reasons["acwr_coupled"].startswith("no ratio is shown: for 28 days after a lay-off")


def test_a_sixth_run_day_in_seven_leaves_nothing() -> None:
    told = ask([*STEADY, 5.0, 5.0, 5.0, 0, 5.0, 5.0], "2026-03-04")
    assert (told.limited_by, told.distance_km) == ("rest", 0.0)
    again = ask([*STEADY, 5.0, 5.0, 5.0, 0, 5.0, 5.0], "2026-03-03")
    assert math.isnan(by_limit(again)["rest"])


def test_unknown_is_neither_zero_nor_endless() -> None:
    silent = ask(STEADY, "2026-03-20")
    assert (silent.limited_by, math.isnan(silent.distance_km)) == ("unknown", True)
    assert "not all of the last 14 days are known" in silent.why
    nothing = today(archive(activities([])), as_of="2026-03-20")
    assert (nothing.limited_by, math.isnan(nothing.distance_km)) == ("unknown", True)
    lost = ask(STEADY, unknown_days=["2026-02-10"])
    assert lost.limited_by == "unknown"
    assert "a day that the ratio needs is not known" in lost.why


def test_a_first_day_has_nothing_to_compare_with() -> None:
    told = ask([5.0])
    assert (told.limited_by, math.isnan(told.distance_km)) == ("unknown", True)
    assert "nothing to compare" in told.why


def test_a_short_history_is_bound_by_what_is_known() -> None:
    told = ask([5.0, 0, 4.0], "2026-01-04")
    assert (told.limited_by, told.distance_km) == ("session_spike", pytest.approx(5.5))


@given(
    st.lists(st.just(0.0) | st.just(0.0) | st.floats(1.0, 20.0), min_size=40, max_size=70),
    st.integers(0, 30),
)
@example([*[0.0] * 39, 1.0], 0)  # the day after the first run of a return
def test_a_run_of_that_length_is_not_flagged_and_a_longer_one_is(
    loads: list[float], off: int
) -> None:
    loads = [10.0, *loads, *[0.0] * off]
    day = pd.Timestamp("2026-01-01") + pd.Timedelta(days=len(loads))
    told = ask(loads, f"{day:%Y-%m-%d}", rested_until="2027-01-01")
    if math.isnan(told.distance_km):
        return
    km = told.distance_km
    before = flagged_on(loads, 0.0)
    if km > 0:
        assert flagged_on(loads, km) <= before
    longer = 1.001 * km + 0.001
    if told.limited_by.startswith("acwr_"):
        method = told.limited_by.removeprefix("acwr_")
        # A run can lift the base so far that the ratio is shown: up to there none is.
        if acwr(days([*loads, longer]), method=method)["status"].iloc[-1] == "low_base":  # type: ignore[arg-type]
            return
    assert flagged_on(loads, longer) - before


def flagged_on(loads: list[float], km: float) -> set[str]:
    """Checks that a run of `km` on the day after `loads` stands out in by itself."""
    day = pd.Timestamp("2026-01-01") + pd.Timedelta(days=len(loads))
    view = build_context(archive(runs([*loads, km]), rested_until="2027-01-01"), day)
    names = ["session_spike", "weekly_change", "unusual_week", "acwr", "too_few_rest_days"]
    last = view.flags[names].iloc[-1]
    found = set(last.index[(last == 1).to_numpy()])
    back = find_return(view.daily, day)
    if back is None or km == 0:
        return found
    over = km > cap_km(back, view.daily, day) * (1 + 1e-9)
    beside = too_soon(back, view.daily, day)
    return found | ({"return"} if over or beside else set())
