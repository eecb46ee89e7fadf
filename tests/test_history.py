"""Every flag of the past, and that each is what the check said on its day."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from made import activities, archive, archive_of_runs, runs

from loadmon.athlete import Athlete
from loadmon.rules.context import CHECKS, CheckContext, Finding, Rule, Verdict
from loadmon.rules.engine import HISTORY_COLUMNS, RULES, check, flag_history

WEEK = [5.0, 0, 5.0, 0, 5.0, 0, 5.0]
STEADY = WEEK * 8  # to Wednesday 25 February


def flags(loads: list[float], **told: Any) -> pd.DataFrame:
    return flag_history(archive_of_runs(loads, **told))


def of(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    return frame[frame["check"] == name].reset_index(drop=True)


def test_a_steady_history_has_none() -> None:
    frame = flags(STEADY)
    assert frame.empty
    assert list(frame) == list(HISTORY_COLUMNS)
    assert frame.dtypes.equals(flags([*STEADY, 9.0]).dtypes)
    assert flag_history(archive(activities([]))).empty


def test_every_long_run_is_a_flag_of_its_own() -> None:
    frame = of(flags([*STEADY, 8.0, 10.0, 0, 5.0]), "session_spike")
    assert frame["date"].dt.day.tolist() == [26, 27]
    assert frame["until"].tolist() == frame["date"].tolist()
    assert frame["level"].tolist() == ["moderate", "small"]
    assert frame["message"].iloc[1].startswith("Fri 27 Feb: 10.0 km, 25 % longer")


def test_long_runs_on_days_in_a_row_are_two_flags_of_one_level() -> None:
    frame = of(flags([*STEADY, 8.0, 10.8, 0, 5.0]), "session_spike")
    assert frame["level"].tolist() == ["moderate", "moderate"]
    assert frame["date"].dt.day.tolist() == [26, 27]


def test_monotony_stands_on_days_without_a_run_too() -> None:
    # From the first six alike of seven on 1 March, for the seven days after which it is known.
    frame = of(flags([*STEADY, *[5.0, 5, 5, 5, 5, 5, 0] * 3, 5.0]), "monotony")
    assert len(frame) == 1
    assert frame["until"].tolist() == [pd.Timestamp("2026-03-07")]


def test_a_change_that_stands_for_days_is_one_flag_from_its_first_day_to_its_last() -> None:
    frame = of(flags([*STEADY, *(2 * x for x in WEEK), *WEEK * 4]), "weekly_change")
    assert len(frame) == 1
    assert (frame["date"].iloc[0], frame["until"].iloc[0]) == (
        pd.Timestamp("2026-02-28"),
        pd.Timestamp("2026-03-05"),
    )
    assert "to Sat 28 Feb" in frame["message"].iloc[0]


def test_a_row_of_run_days_is_told_once_and_for_as_long_as_the_check_tells_it() -> None:
    loads = [*STEADY, 0, 0, *[5.0] * 6, *[0.0] * 12, 5.0]
    frame = of(flags(loads, rested_until="2026-03-18"), "rest")
    assert frame["level"].tolist() == ["below"]
    assert frame["date"].tolist() == [pd.Timestamp("2026-03-05")]
    assert frame["until"].tolist() == [pd.Timestamp("2026-03-11")]


def test_a_flag_that_was_gone_for_a_run_day_is_another_when_it_comes_back() -> None:
    # A second such week is news again once the first lies before the own twelve weeks.
    double = [2 * x for x in WEEK]
    for between, n in ((4, 1), (13, 2)):
        twice = [*STEADY, *double, *WEEK * between, *double, *WEEK * 2]
        assert len(of(flags(twice), "weekly_change")) == n


def test_the_return_in_a_row_is_told() -> None:
    loads = [*[8.0, 0, 8.0, 0, 0, 14.0, 0] * 8, *[0.0] * 34, 14.0, 3.0]
    frame = of(flags(loads), "return")
    assert frame["level"].tolist() == ["above", "in_a_row"]
    assert frame["value"].tolist() == [14.0, 2.0]


def test_what_is_not_known_is_not_flagged() -> None:
    known = flags([*STEADY, 9.0])
    lost = flags([*STEADY, 9.0], unknown_days=["2026-02-10"])
    assert "session_spike" in set(known["check"])
    assert "session_spike" not in set(lost["check"])


def test_days_after_as_of_have_no_say() -> None:
    long = archive(runs([*STEADY, 9.0, 0, 20.0]))
    short = archive(runs([*STEADY, 9.0]))
    pd.testing.assert_frame_equal(flag_history(long, as_of="2026-02-26"), flag_history(short))


def test_own_limits_units_and_loads_hold_in_the_past_too() -> None:
    made = archive(runs([*STEADY, 5.6, *WEEK * 2]))
    assert of(flag_history(made), "session_spike")["limit"].tolist() == [1.10]
    mine = Athlete(units="mi", limits={"session-spike.small": 1.2})
    assert "session_spike" not in set(flag_history(made, athlete=mine)["check"])
    wide = archive(runs([*STEADY, 9.0]))
    told = of(flag_history(wide, athlete=Athlete(units="mi")), "session_spike")
    assert "5.6 mi" in told["message"].iloc[0]
    minutes = of(flag_history(wide, load="duration_min"), "session_spike")
    assert "54 min" in minutes["message"].iloc[0]


#: How a check's flag at the end of seven days follows from the flags of the days before.
ANY_RUN = ("session_spike", "return")
LAST_RUN = ("weekly_change", "acwr")
LAST_DAY = ("monotony", "rest")


@settings(max_examples=examples(0.5))
@given(
    st.lists(st.just(0.0) | st.just(0.0) | st.floats(1.0, 20.0), min_size=50, max_size=90),
    st.integers(35, 89),
)
def test_the_check_of_a_day_is_flagged_where_the_history_says_so(
    loads: list[float], at: int
) -> None:
    made = archive(runs([*WEEK * 5, 5.0, *loads, 5.0]))
    daily_end = made.activities["date"].max()
    day = min(pd.Timestamp("2026-01-01") + pd.Timedelta(days=at), daily_end)
    made = made.rested_until(day)
    past = flag_history(made, as_of=day)
    now = check(made, as_of=day).to_frame().set_index("check")["verdict"]
    ran = made.activities["date"]
    week = ran[(ran <= day) & (ran > day - pd.Timedelta(days=7))]
    for name in (*ANY_RUN, *LAST_RUN, *LAST_DAY):
        mine = of(past, name)
        if name in ANY_RUN:
            stands = mine["date"].isin(week).any()
        else:
            when = day if name in LAST_DAY else week.max()
            stands = ((mine["date"] <= when) & (when <= mine["until"])).any()
        assert (now[name] == "flagged") == bool(stands), name


def test_a_check_that_is_added_is_judged_at_the_end_of_each_week(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def tired(context: CheckContext) -> Finding:
        flagged = context.as_of.isocalendar().week in (4, 5, 8)
        return Finding("form", "flagged" if flagged else "ok", "tired", "Told.")

    monkeypatch.setitem(RULES, "form", Rule("form", tired))
    made = archive(runs(STEADY))
    assert check(made).to_frame().set_index("check").loc["form", "message"] == "Told."
    frame = of(flag_history(made), "form")
    assert [f"{d:%m-%d}" for d in frame["date"]] == ["01-25", "02-22"]
    assert [f"{d:%m-%d}" for d in frame["until"]] == ["02-01", "02-22"]


def test_a_finding_of_another_level_is_another_flag_though_it_began_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def pains(context: CheckContext) -> Finding:
        level = "above" if context.as_of.isocalendar().week == 4 else "lasting"
        verdict: Verdict = "flagged" if context.as_of.isocalendar().week in (4, 5) else "ok"
        return Finding("form", verdict, level, "Told.", date=pd.Timestamp("2026-01-20"))

    monkeypatch.setitem(RULES, "form", Rule("form", pains))
    frame = of(flag_history(archive(runs(STEADY))), "form")
    assert frame["level"].tolist() == ["above", "lasting"]


def test_every_rule_has_a_name_of_the_contract_and_its_place() -> None:
    assert list(RULES) == list(CHECKS)


def test_the_history_is_in_order_of_the_days() -> None:
    rng = np.random.default_rng(1)
    loads = rng.choice([0, 0, 4, 8, 15], 200).astype(float).tolist()
    assert flags(loads)["date"].is_monotonic_increasing
