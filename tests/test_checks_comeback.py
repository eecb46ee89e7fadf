from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import archive, archive_of_runs, runs

from loadmon.daily import daily_load
from loadmon.rules.engine import check
from loadmon.rules.return_to_run import cap_km, find_return

OLD = [8.0, 0, 8.0, 0, 0, 14.0, 0] * 8  # last run 14 km, then one rest day


def judge(loads: list[float], as_of: str | None = None, **options: Any) -> dict[str, Any]:
    told: dict[str, Any] = check(archive_of_runs(loads, **options), as_of=as_of).to_dict()
    return dict(told["findings"][1])


def test_jumping_back_in_where_one_left_off_is_flagged() -> None:
    told = judge([*OLD, *[0.0] * 34, 14.0])
    assert (told["verdict"], told["level"]) == ("flagged", "above")
    assert (told["value"], told["limit"], told["unit"]) == (14.0, 3.0, "km")
    assert told["not_flagged_up_to"] == 3.0
    assert told["message"] == (
        "Wed 1 Apr: after 35 days without a run, 14.0 km as the first run; the limits of a return "
        "start at 3.0 km. This flag rests on one file (24.fit)."
    )


def test_a_careful_return_is_not() -> None:
    back = [3.0, 0, 3.0, 0, 0, 3.5, 0, 3.5, 0, 3.5, 0, 0, 4.0, 0]
    for days in range(1, 15):
        told = judge([*OLD, *[0.0] * 34, *back[:days]], rested_until="2027-01-01")
        assert told["verdict"] == "ok"


@pytest.mark.parametrize(("km", "is_flagged"), [(3.0, False), (3.1, True)])
def test_up_to_three_km_in_the_weeks_after_a_long_lay_off_are_no_session_spike(
    km: float, is_flagged: bool
) -> None:
    # half as long again as the only run of 30 days, and by a whole kilometre
    made = archive_of_runs([*OLD, *[0.0] * 34, 2.0, 0, km], rested_until="2027-01-01")
    told: dict[str, Any] = check(made).to_dict()
    spike = told["findings"][0]
    assert spike["check"] == "session_spike"
    assert (spike["verdict"] == "flagged") == is_flagged


@pytest.mark.parametrize(
    ("off", "cap"),
    [(8, 14 - 11 / 23), (14, 14 - 11 * 7 / 23), (29, 14 - 11 * 22 / 23), (30, 3.0), (90, 3.0)],
)
def test_the_first_run_is_bound_by_the_days_off(off: int, cap: float) -> None:
    def verdict(km: float) -> str:
        return str(judge([*OLD, *[0.0] * (off - 1), km])["verdict"])

    assert verdict(cap - 0.001) == "ok"
    assert verdict(cap + 0.001) == "flagged"


def test_seven_days_off_are_no_lay_off() -> None:
    assert judge([*OLD, *[0.0] * 6, 30.0])["verdict"] == "ok"
    assert judge([*OLD, *[0.0] * 7, 30.0])["verdict"] == "flagged"


def test_the_first_gap_of_a_log_says_what_is_usual_and_is_no_lay_off() -> None:
    assert judge([14.0, *[0.0] * 20, 14.0])["verdict"] == "ok"


def test_a_gap_that_is_usual_for_the_runner_is_no_lay_off() -> None:
    every_tenth = [8.0, *[0.0] * 9] * 8
    assert judge([*every_tenth, 20.0])["verdict"] == "ok"
    assert judge([*every_tenth, *[0.0] * 10, 20.0])["verdict"] == "flagged"


def test_a_lay_off_does_not_make_itself_usual() -> None:
    assert judge([14.0, 0, 14.0, *[0.0] * 20, 14.0])["verdict"] == "flagged"


def test_rides_do_not_shorten_a_lay_off_from_running() -> None:
    frame = runs([*OLD, *[5.0] * 34, 14.0])
    frame.loc[len(frame) - 35 : len(frame) - 2, "sport"] = "cycling"
    assert check(archive(frame)).to_frame().loc[1, "verdict"] == "flagged"


def test_later_runs_grow_by_ten_per_cent_or_half_a_kilometre() -> None:
    first = [*OLD, *[0.0] * 34, 3.0, 0]
    assert judge([*first, 3.5])["verdict"] == "ok"
    told = judge([*first, 3.6])
    assert (told["verdict"], told["limit"]) == ("flagged", 3.5)
    assert "after the runs since Wed 1 Apr the limit was 3.5 km" in told["message"]
    big = [*OLD, *[0.0] * 34, 10.0, 0, 0, 0, 3.0, 0, 0, 0]
    assert judge([*big, 11.0])["verdict"] == "ok"
    assert judge([*big, 11.1])["verdict"] == "flagged"


def test_a_short_first_run_leaves_the_start_as_the_base() -> None:
    assert judge([*OLD, *[0.0] * 34, 1.6, 0, 3.5])["verdict"] == "ok"


def test_a_jog_that_is_no_run_day_neither_ends_a_lay_off_nor_is_next_to_a_run() -> None:
    off = [*OLD, *[0.0] * 34]
    assert judge([*off, 1.4, 0, 3.0])["verdict"] == "ok"
    told = judge([*off, 1.4, 0, 3.1])
    assert (told["verdict"], told["limit"]) == ("flagged", 3.0)
    assert "after 37 days without a run, 3.1 km as the first run" in told["message"]
    assert judge([*off, 3.0, 1.4])["verdict"] == "ok"
    assert judge([*off, 3.0, 1.5])["level"] == "in_a_row"
    assert judge([*off, 3.0, 1.4, 3.0])["verdict"] == "ok"


def test_a_run_is_judged_for_28_days_after_the_return() -> None:
    def verdict(days_after: int) -> str:
        back = [3.0, *([0.0] * 3 + [3.0]) * 6, 0.0, 0.0, 0.0]
        return str(judge([*OLD, *[0.0] * 34, *back[:days_after], 9.0])["verdict"])

    assert verdict(27) == "flagged"
    assert verdict(28) == "ok"


def test_the_base_is_the_longest_of_the_30_days_up_to_the_last_run() -> None:
    loads = [20.0, *[4.0, 0.0] * 15, 4.0]  # 20 km lies 31 days before the last run
    daily = daily_load(runs([*loads, *[0.0] * 8, 4.0]))
    back = find_return(daily, daily.index[-1])
    assert back is not None
    assert back.longest_before_km == 4.0
    assert back.days_off == 8
    again = daily_load(runs([4.0, 20.0, *loads[2:], *[0.0] * 8, 4.0]))
    assert find_return(again, again.index[-1]).longest_before_km == 4.0  # type: ignore[union-attr]
    near = daily_load(runs([4.0, 4.0, 20.0, *loads[3:], *[0.0] * 8, 4.0]))
    assert find_return(near, near.index[-1]).longest_before_km == 20.0  # type: ignore[union-attr]


def test_what_an_unknown_day_could_change_is_unknown() -> None:
    loads = [*OLD, *[0.0] * 34, 14.0]
    lost = judge(loads, unknown_days=["2026-03-10"])
    assert lost["verdict"] == "unknown"
    careful = [*OLD, *[0.0] * 34, 2.0]
    assert judge(careful, unknown_days=["2026-03-10"])["verdict"] == "ok"
    assert judge(careful, unknown_days=["2026-03-30"])["verdict"] == "unknown"
    frame = runs([*OLD, *[0.0] * 34, 2.0])
    frame.loc[len(frame) - 1, "distance_km"] = np.nan
    assert check(archive(frame)).to_frame().loc[1, "verdict"] == "unknown"


def test_without_a_lay_off_there_is_nothing_to_judge() -> None:
    told = judge(OLD)
    assert (told["verdict"], told["message"]) == ("ok", "No run of these 7 days follows a lay-off.")


def test_a_first_run_ever_is_no_return() -> None:
    daily = daily_load(runs([5.0]))
    assert find_return(daily, daily.index[-1]) is None


@given(st.lists(st.just(0.0) | st.floats(0.5, 30.0), min_size=2, max_size=60))
def test_the_cap_agrees_with_a_plain_loop_over_the_days(loads: list[float]) -> None:
    loads = [*OLD, *[0.0] * 20, 5.0, *loads]
    made = archive_of_runs(loads, rested_until="2027-01-01")
    daily = daily_load(made.activities, calendar=made.calendar("2026-12-31"))
    first = len(OLD) + 20
    longest = max(5.0, 14 - 11 * 14 / 23)
    off = 0
    for i in range(first + 1, min(len(loads), first + 28)):
        off = 0 if loads[i - 1] >= 1.5 else off + 1  # less is no run day
        if off > 7:
            break
        back = find_return(daily, daily.index[i])
        assert back is not None
        assert back.first == daily.index[first]
        longest = max(longest, loads[i - 1])
        want = max(1.1 * longest, longest + 0.5)
        assert cap_km(back, daily, daily.index[i]) == pytest.approx(want)


def test_the_day_asked_about_needs_no_run_on_it() -> None:
    made = archive_of_runs(OLD, rested_until="2026-04-01")
    daily = daily_load(made.activities, calendar=made.calendar("2026-04-01"))
    back = find_return(daily, pd.Timestamp("2026-04-01"))
    assert back is not None
    assert (back.days_off, back.start_km) == (35, 3.0)
