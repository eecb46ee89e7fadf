"""Limits that a runner sets in athlete.toml: they judge, and the finding says whose they are."""

from __future__ import annotations

import math
import re
from typing import Any

import pandas as pd
import pytest
from made import archive, runs
from matplotlib.figure import Figure

from loadmon.athlete import Athlete
from loadmon.errors import SettingError
from loadmon.evidence import REGISTRY
from loadmon.evidence.limits import ACWR_LIMIT, SESSION_SPIKE
from loadmon.report.captions import sessions_text
from loadmon.report.plots import plot_sessions
from loadmon.rules.engine import build_context, check, flag_history, today
from loadmon.weekly import weekly_load

WEEK = [5.0, 0, 5.0, 0, 5.0, 0, 5.0]
STEADY = WEEK * 8
TENS = [2 * x for x in STEADY]


def judge(name: str, loads: list[float], **limits: float) -> dict[str, Any]:
    own = {key.replace("__", "."): value for key, value in limits.items()}
    own = {key.replace("_", "-", key.split(".")[0].count("_")): v for key, v in own.items()}
    found = check(archive(runs(loads)), athlete=Athlete(limits=own)).to_dict()["findings"]
    return next(row for row in found if row["check"] == name)


CASES = [
    ("session_spike", [*TENS, 10.8], {"session_spike__small": 1.05}, "ok"),
    ("weekly_change", [*STEADY, 5.0, 0, 5, 0, 5, 0, 7], {"weekly_change__limit": 1.05}, "ok"),
    ("acwr", [*STEADY, *(1.5 * x for x in WEEK)], {"acwr_limit__coupled": 1.2}, "ok"),
    ("monotony", [*STEADY, 5, 5, 5, 0, 5, 0, 5], {"monotony__limit": 1.2}, "ok"),
    ("rest", [*STEADY, 5, 5, 5, 0, 5, 0, 5], {"rest_days__min_in_7": 3}, "ok"),
    ("rest", [*STEADY, 0, 0, 5, 5, 5], {"run_days_in_a_row__max": 2}, "ok"),
]


@pytest.mark.parametrize(("name", "loads", "limits", "published"), CASES)
def test_a_stricter_limit_flags_and_says_whose_it_is(
    name: str, loads: list[float], limits: dict[str, float], published: str
) -> None:
    assert judge(name, loads)["verdict"] == published
    told = judge(name, loads, **limits)
    (value,) = limits.values()
    assert told["verdict"] == "flagged"
    assert told["limit"] == value
    assert told["message"].endswith(f"Your limit: {value:g}.")
    assert told["source"].startswith("your limit, set in athlete.toml in place of")
    assert told["grade"] == "D"


@pytest.mark.parametrize(("in_a_row", "longest"), [(2, 1.4), (1, math.nan)])
def test_as_many_run_days_in_a_row_as_the_runner_allows_leave_a_jog_for_today(
    in_a_row: int, longest: float
) -> None:
    made = archive(runs([*STEADY, 0, 0, *[5.0] * in_a_row]))
    day = made.activities["date"].max() + pd.Timedelta(days=1)
    own = Athlete(limits={"run-days-in-a-row.max": 2})
    (row,) = (
        today(made, as_of=day, athlete=own, days_ahead=0)
        .to_frame()
        .query("limit == 'rest'")
        .itertuples()
    )
    assert row.distance_km == pytest.approx(longest, nan_ok=True)


#: 36 days off, then three runs within the limits of a return, each 10 % longer than the one before.
BACK = [*TENS, *[0.0] * 36, 3.0, 0, 3.3, 0, 3.6]


def test_a_return_is_judged_and_bounded_by_the_runners_own_limits_too() -> None:
    assert judge("return", BACK)["verdict"] == "ok"
    own = {"ramp_session__growth": 0.05, "ramp_session__floor_km": 0.1}
    told = judge("return", BACK, **own)
    assert (told["verdict"], told["value"], told["limit"]) == ("flagged", 3.3, pytest.approx(3.15))
    assert told["message"].endswith("Your limit: 3.15.")
    day = f"{pd.Timestamp('2026-01-01') + pd.Timedelta(days=len(BACK) + 1):%Y-%m-%d}"
    made = archive(runs(BACK), rested_until=day)
    careful = Athlete(limits={"ramp-session.growth": 0.05, "ramp-session.floor_km": 0.1})
    for athlete, km in ((Athlete(), 4.1), (careful, 1.05 * 3.6)):
        frame = today(made, athlete=athlete, as_of=day, days_ahead=0).to_frame().set_index("limit")
        assert frame.loc["return", "distance_km"] == pytest.approx(km)


def test_days_between_the_runs_of_a_return_may_be_asked_for_longer_or_not_at_all() -> None:
    loads = [*BACK[:-2], 3.0]
    assert judge("return", loads)["level"] == "in_a_row"
    assert judge("return", loads, ramp_days__no_consecutive_days=0)["verdict"] == "ok"
    told = judge("return", loads, ramp_days__no_consecutive_days=35)["message"]
    assert "keep a day between for 35 days" in told


def test_a_looser_limit_lets_pass_and_says_so_too() -> None:
    loads = [*STEADY, 8.0]
    assert judge("session_spike", loads)["verdict"] == "flagged"
    told = judge("session_spike", loads, session_spike__small=2.0)
    assert (told["verdict"], told["level"]) == ("ok", "none")
    assert "more than 100 % longer" in told["message"]
    assert told["message"].endswith("Your limit: 2.")


def test_a_small_limit_above_the_moderate_one_lets_nothing_below_it_through_as_moderate() -> None:
    told = judge("session_spike", [*STEADY, 7.0], session_spike__small=1.5)
    assert (told["verdict"], told["level"]) == ("ok", "none")
    assert judge("session_spike", [*STEADY, 7.6], session_spike__small=1.5)["level"] == "moderate"


def test_the_levels_above_the_first_may_be_moved_too() -> None:
    assert judge("session_spike", [*STEADY, 7.0], session_spike__moderate=1.5)["level"] == "small"
    assert judge("session_spike", [*STEADY, 9.0], session_spike__large=1.6)["level"] == "large"


def test_limits_of_other_checks_change_nothing() -> None:
    loads = [*STEADY, 8.0]
    assert judge("session_spike", loads, monotony__limit=1.0) == judge("session_spike", loads)


def test_the_coupled_ratio_alone_has_a_limit_to_set() -> None:
    loads = [*STEADY, *(1.6 * x for x in WEEK)]  # coupled: 4 x 32 / (60 + 32) = 1.39
    assert judge("acwr", loads)["verdict"] == "ok"
    for method in ("ewma", "uncoupled"):
        with pytest.raises(SettingError, match=f"no limit 'acwr-limit.{method}'"):
            Athlete(limits={f"acwr-limit.{method}": 1.1})
    assert judge("acwr", loads, acwr_limit__coupled=1.38)["verdict"] == "flagged"
    assert judge("acwr", loads, acwr_limit__coupled=1.40)["verdict"] == "ok"


def test_today_stays_within_own_limits() -> None:
    made = archive(runs(STEADY))
    mine = Athlete(limits={"session-spike.small": 1.04, "rest-days.min_in_7": 5})
    assert today(made, as_of="2026-02-26").distance_km == pytest.approx(5.5)
    ask = {"as_of": "2026-02-26", "days_ahead": 0}
    rows = today(made, athlete=mine, **ask).to_frame().set_index("limit")
    assert rows.loc["session_spike", "distance_km"] == pytest.approx(5.5)  # the half kilometre
    assert rows.loc["rest", "distance_km"] == 1.4  # what is no run day
    wide = Athlete(limits={"session-spike.small": 1.4})
    rows = today(made, athlete=wide, **ask).to_frame().set_index("limit")
    assert rows.loc["session_spike", "distance_km"] == pytest.approx(7.0)


def test_the_weekly_flags_follow_own_limits() -> None:
    frame = runs([*TENS, 10.8])
    assert weekly_load(frame)["flags"].iloc[-1] == ""
    own = {"session-spike.small": 1.05}
    assert weekly_load(frame, own=own)["flags"].iloc[-1] == "session_spike"


def test_an_entry_without_own_values_is_the_published_one() -> None:
    assert SESSION_SPIKE.with_own({}) is SESSION_SPIKE
    assert SESSION_SPIKE.with_own({"monotony.limit": 3.0}) is SESSION_SPIKE
    mine = ACWR_LIMIT.with_own({"acwr-limit.coupled": 1.4})
    assert dict(mine.values) == {"coupled": 1.4, "uncoupled": 1.8, "ewma": 1.5}
    assert "in place of coupled 1.5 (Gabbett 2016" in mine.source
    assert (mine.checked, mine.grade) == ("own", "D")


@pytest.mark.parametrize("key", sorted(REGISTRY))
def test_what_may_be_set_is_a_value_of_the_entry(key: str) -> None:
    assert set(REGISTRY[key].limits) <= set(REGISTRY[key].values)


def test_what_is_no_limit_cannot_be_set() -> None:
    with pytest.raises(SettingError, match=re.escape("session-spike.window_days")):
        Athlete(limits={"session-spike.window_days": 14})
    with pytest.raises(SettingError, match=re.escape("monotony.limit")):
        Athlete(limits={"nothing.limit": 1})


def test_the_report_obeys_own_limits_in_every_part() -> None:
    from loadmon.report.overview import overview

    own = {"session-spike.small": 1.05}
    told = overview(archive(runs([*TENS, 10.8]), limits=own), title="export.zip")
    assert told.findings.verdict == "flagged"
    assert told.weekly["flags"].iloc[-1] == "session_spike"
    assert told.spikes["level"].iloc[-1] == "small"
    plain = overview(archive(runs([*TENS, 10.8])), title="export.zip")
    assert (plain.findings.verdict, plain.weekly["flags"].iloc[-1]) == ("ok", "")


def test_captions_and_pictures_count_long_runs_by_the_limits_of_the_runner() -> None:
    own = {"ramp-session.floor_km": 5.0}
    made, athlete = archive(runs([*TENS, 12.0, 0, 18.0])), Athlete(limits=own)
    past = flag_history(made, athlete=athlete)
    assert (past["check"] == "session_spike").sum() == 1
    spikes = build_context(made, None, athlete).spikes
    assert " 1 flagged as longer" in sessions_text(spikes, own)
    assert " 2 flagged as longer" in sessions_text(spikes, {})
    for limits, flagged in ((own, 1), ({}, 2)):
        ax = plot_sessions(spikes, ax=Figure().subplots(), own=limits)
        marks = [x for x in ax.get_lines() if str(x.get_label()).startswith("over ")]
        assert sum(len(x.get_xydata()) for x in marks) == flagged
