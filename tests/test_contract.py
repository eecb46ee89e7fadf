"""The contract: names, columns and definitions that others rely on, one test for each."""

from __future__ import annotations

import inspect
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from made import activities, archive, days, runs
from made_pages import SAMPLE, read_sample

import loadmon

WEEK = [8.0, 0, 8.0, 0, 0, 14.0, 0]  # from Monday 5 January 2026
MONDAY = "2026-01-05"

SIGNATURES = {
    "read": "*paths, athlete, cache, progress, executor, now",
    "daily_load": "activities, *, load, sport, as_of",
    "weekly_load": "activities, *, load, sport, as_of",
    "acwr": "load, *, method, acute, chronic",
    "session_spikes": "activities, *, as_of",
    "check": "archive, *, athlete, as_of",
    "today": "archive, *, athlete, as_of",
    "plan_ramp": "archive, *, resume, target_km, target_long_km, by, pace, reason, screening, "
    "run_days, limits, athlete, as_of",
    "verify_ramp": "archive, plan, limits",
    "acwr_panel": "load, *, method",
    "cohort": "folder, *, executor",
    "evaluate": "panel, injuries, *, horizon_days",
}

COLUMNS = {
    "activities": "activity_id, start_utc, date, utc_offset_min, tz_source, sport, sub_sport, "
    "distance_km, distance_source, duration_min, elapsed_min, elevation_gain_m, descent_m, "
    "avg_hr_bpm, hr_coverage, steps, rpe, srpe, file, flags",
    "files": "file, outcome, reason, detail, activity_id",
    "daily": "load, runs, longest_km, status",
    "weekly": "runs, run_days, rest_days, distance_km, duration_min, longest_km, load, change, "
    "monotony, strain, acwr_coupled, acwr_uncoupled, acwr_ewma, acwr_status, max_session_ratio, "
    "n_days, n_known, partial, flags",
    "spikes": "activity_id, date, distance_km, longest_before_km, ratio, level",
    "acwr": "load, acute, chronic, acwr, status",
    "findings": "check, verdict, level, date, value, limit, unit, window, method, grade, source, "
    "message, missing",
    "plan": "date, week, kind, distance_km, effort, duration_min, repeats, run_min, walk_min, "
    "stage, limited_by",
}


@pytest.fixture(scope="module")
def sample() -> loadmon.Archive:
    return read_sample()


@pytest.fixture(scope="module")
def frames(sample: loadmon.Archive) -> dict[str, pd.DataFrame]:
    daily = loadmon.daily_load(sample.activities)
    ramp = loadmon.plan_ramp(sample, resume="2026-11-16", target_km=20)
    return {
        "activities": sample.activities,
        "files": sample.files,
        "daily": daily,
        "weekly": loadmon.weekly_load(sample.activities),
        "spikes": loadmon.session_spikes(sample.activities),
        "acwr": loadmon.acwr(daily["load"]),
        "findings": loadmon.check(sample).to_frame(),
        "plan": ramp.plan,
    }


@pytest.mark.parametrize("name", SIGNATURES)
def test_signatures_hold(name: str) -> None:
    parameters = inspect.signature(getattr(loadmon, name)).parameters.values()
    told, starred = [], False
    for p in parameters:
        if p.kind is p.KEYWORD_ONLY and not starred and name != "read":
            told, starred = [*told, "*"], True
        told.append(f"*{p.name}" if p.kind is p.VAR_POSITIONAL else p.name)
    assert ", ".join(told).startswith(SIGNATURES[name])


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_are_there(name: str, frames: dict[str, pd.DataFrame]) -> None:
    assert set(COLUMNS[name].split(", ")) <= set(frames[name].columns)


def test_indexes_are_named(sample: loadmon.Archive, frames: dict[str, pd.DataFrame]) -> None:
    assert frames["daily"].index.name == "date"
    assert frames["weekly"].index.name == "week_start"
    records = sample.records(sample.activities["activity_id"].iloc[0])
    assert records.index.name == "time"
    assert str(records.index.tz) == "UTC"


def test_a_cohort_has_weeks_findings_and_failures_of_named_athletes() -> None:
    with ThreadPoolExecutor(1) as here:
        team = loadmon.cohort(SAMPLE.parent / "sample_team", executor=here, cache=False)
    for frame in (team.weekly, team.findings, team.failures):
        assert frame.columns[0] == "athlete"


def test_a_panel_is_a_ratio_in_the_shape_of_the_loads_and_nan_where_it_means_nothing() -> None:
    load = pd.DataFrame({"a": days(WEEK * 6, first=MONDAY), "b": days([0.0] * 42, first=MONDAY)})
    panel = loadmon.acwr_panel(load)
    assert panel.shape == load.shape
    alone = loadmon.acwr(load["a"])
    assert panel["a"].notna().tolist() == (alone["status"] == "ok").tolist()
    assert panel["b"].isna().all()


def test_an_evaluation_has_one_row_per_check_with_rates_ratio_interval_and_lead_time() -> None:
    made = loadmon.simulate_cohort(20, days=120, seed=1)
    panel = loadmon.daily_panel(made.sessions)
    table = loadmon.evaluate(panel, made.injuries, replicates=5)
    assert table["check"].is_unique
    assert set(table["horizon_days"]) == {7}
    told = "rate_flagged, rate_unflagged, rate_ratio, rate_ratio_low, rate_ratio_high, lead_days"
    assert set(told.split(", ")) <= set(table.columns)


def test_every_input_has_one_outcome(sample: loadmon.Archive) -> None:
    outcomes = {"imported", "flagged", "duplicate", "skipped", "quarantined", "refused"}
    assert set(sample.files["outcome"]) <= outcomes
    assert sample.files["file"].is_unique
    shown = sample.files["activity_id"].str.split(",").explode()
    assert set(shown) - {""} == set(sample.activities["activity_id"])


def test_days_between_the_first_and_last_activity_of_any_sport_are_rest_without_a_run() -> None:
    frame = activities(
        [("2026-01-01", 3.0, "walking"), ("2026-01-03", 5.0), ("2026-01-05", 9.0, "cycling")]
    )
    assert loadmon.daily_load(frame)["load"].tolist() == [0, 0, 5.0, 0, 0]


def test_days_after_the_last_recorded_one_are_rest_up_to_the_usual_gap_then_unknown() -> None:
    load = loadmon.daily_load(runs(WEEK * 4, first=MONDAY), as_of="2026-02-10")["load"]
    last = pd.Timestamp("2026-01-31")
    assert (load[last + pd.Timedelta(days=1) : last + pd.Timedelta(days=3)] == 0).all()
    assert load[last + pd.Timedelta(days=4) :].isna().all()


def test_weeks_are_iso_weeks_without_gaps_and_the_last_is_partial() -> None:
    weekly = loadmon.weekly_load(activities([("2026-01-01", 5.0), ("2026-01-20", 5.0)]))
    mondays = ["2025-12-29", "2026-01-05", "2026-01-12", "2026-01-19"]
    assert [f"{d:%Y-%m-%d}" for d in weekly.index] == mondays
    assert weekly["distance_km"].tolist() == [5.0, 0, 0, 5.0]
    assert weekly["partial"].tolist() == [True, False, False, True]


STATUS = {
    "unknown": [*WEEK * 6, np.nan],
    "forming": WEEK * 3,
    "returning": [*WEEK * 6, *[0.0] * 14],
    "sparse": [10.0, 0, 0, 0, 0, 0] * 8,
    "low_base": [*[10.0] * 210, *[0.5] * 28],
    "ok": WEEK * 6,
}


@pytest.mark.parametrize("status", STATUS)
def test_status_is_the_first_that_applies_and_only_ok_has_a_ratio(status: str) -> None:
    last = loadmon.acwr(days(STATUS[status], first=MONDAY)).iloc[-1]
    assert last["status"] == status
    assert np.isnan(last["acwr"]) == (status != "ok")


def test_spikes_of_eleven_after_ten_is_none_and_above_are_small_moderate_large() -> None:
    for km, level in ((11.0, "none"), (11.01, "small"), (13.01, "moderate"), (20.01, "large")):
        walk = ("2025-12-15", 1.0, "walking")
        frame = activities([walk, ("2026-01-01", 10.0), ("2026-01-08", km)])
        assert loadmon.session_spikes(frame)["level"].tolist() == ["no_baseline", level]


def test_verdict_is_flagged_if_any_check_is_else_unknown_if_a_needed_one_is_else_ok() -> None:
    even = [8.0, 0, 8.0, 0, 8.0, 0, 0]
    told = {"first": MONDAY}
    assert loadmon.check(archive(runs(even * 6, **told))).verdict == "ok"
    assert loadmon.check(archive(runs(even * 2, **told))).verdict == "unknown"
    assert loadmon.check(archive(runs([*even * 2, 20.0], **told))).verdict == "unknown"
    assert loadmon.check(archive(runs([*even * 3, 20.0], **told))).verdict == "flagged"


def test_verdict_names_every_check_of_the_contract() -> None:
    names = "session_spike, return, weekly_change, acwr, monotony, rest, symptoms, descent, "
    names += "intensity, form, strength, shoes, overtraining"
    found = loadmon.check(archive(runs(WEEK * 6, first=MONDAY)))
    assert found.to_frame()["check"].tolist() == [*names.split(", "), "largest_step"]
    assert list(found.to_dict()) == ["schema", "as_of", "verdict", "findings"]


def laid_off(days_off: int) -> tuple[object, pd.Timestamp]:
    """Ten even weeks, a break, and the day of return; the last run is on a Saturday."""
    past = runs([*WEEK * 10][:-1], first=MONDAY)
    return archive(past, rested_until="2027-01-01"), past["date"].max() + pd.Timedelta(
        days=days_off + 1
    )


@pytest.mark.parametrize(
    ("days_off", "cap_km"), [(7, 14.0), (18.5, 8.5), (30, 3.0), (60, 3.0)], ids=str
)
def test_ramp_start_falls_from_the_longest_at_7_days_to_the_start_at_30(
    days_off: float, cap_km: float
) -> None:
    from loadmon.rules.return_to_run import start_cap_km

    assert start_cap_km(days_off, 14.0) == pytest.approx(cap_km)  # type: ignore[arg-type]
    assert start_cap_km(40, 4.0) == 2.0  # half the longest, where that is less than 3 km


def test_ramp_limits_are_those_of_the_contract() -> None:
    from loadmon.rules.limits import limits_for

    steady, earliest = limits_for("steady"), limits_for("earliest")
    assert (steady.session_growth, steady.session_floor_km) == (0.10, 0.5)
    assert (steady.weekly_growth, steady.weekly_floor_km) == (0.15, 1.0)
    assert earliest.weekly_growth == 0.20
    assert (steady.coupled, earliest.coupled) == (1.3, 1.3)
    assert not {"uncoupled", "ewma"} & {f.name for f in fields(steady)}  # they bind nothing
    assert (steady.ratio_from_day, steady.no_consecutive_days) == (28, 28)
    assert steady.max_run_days_in_7 == 5


def test_ramp_plans_until_the_target_and_two_weeks_held_and_holds_its_limits() -> None:
    history, resume = laid_off(35)
    ramp = loadmon.plan_ramp(history, resume=resume, target_km=20.0)  # type: ignore[arg-type]
    weeks = ramp.plan.groupby("week")["distance_km"].sum()
    assert ramp.reached
    assert (weeks.tail(3) >= 20.0 - 0.3).all()
    assert (weeks.iloc[:-3] < weeks.iloc[-1]).all()
    assert loadmon.verify_ramp(history, ramp.plan, ramp.limits).empty  # type: ignore[arg-type]


def test_ramp_under_six_days_off_is_none_and_says_so() -> None:
    history, resume = laid_off(3)
    ramp = loadmon.plan_ramp(history, resume=resume, target_km=30.0)  # type: ignore[arg-type]
    assert "carries on" in ramp.message


@pytest.mark.parametrize("reason", ["injury", "back-pain", "bone"])
def test_ramp_after_injury_or_pain_needs_screening(reason: str) -> None:
    history, resume = laid_off(35)
    with pytest.raises(loadmon.ScreeningNeeded):
        loadmon.plan_ramp(history, resume=resume, reason=reason)  # type: ignore[arg-type]
