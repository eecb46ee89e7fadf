"""How the public interface is used, as a type checker sees it: mypy --strict reads this file.

It is never run. What a call gives is written down, so that a change of it is seen here; what must
not be allowed is marked, and mypy complains where it has become allowed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import assert_type

import pandas as pd
from matplotlib.axes import Axes

import loadmon


def from_files_to_flags(archive: loadmon.Archive) -> None:
    assert_type(loadmon.read("export.zip", cache=False), loadmon.Archive)
    assert_type(loadmon.read_fit(b""), dict[str, pd.DataFrame])
    assert_type(archive.activities, pd.DataFrame)
    assert_type(archive.records("b557e270542a-0"), pd.DataFrame)
    assert_type(archive.rested_until(dt.date(2026, 11, 15)), loadmon.Archive)
    daily = loadmon.daily_load(archive.activities, load="duration_min", as_of="2026-10-11")
    assert_type(daily, pd.DataFrame)
    assert_type(loadmon.weekly_load(archive.activities, as_of=dt.date(2026, 10, 11)), pd.DataFrame)
    assert_type(loadmon.acwr(daily["load"], method="ewma"), pd.DataFrame)
    assert_type(loadmon.fitness(daily["load"], smoothing="reciprocal"), pd.DataFrame)
    assert_type(loadmon.session_spikes(archive.activities), pd.DataFrame)
    assert_type(loadmon.window_load(archive.activities, load="srpe"), loadmon.WindowLoad | None)


def findings(archive: loadmon.Archive) -> None:
    found = loadmon.check(archive, athlete=loadmon.Athlete(units="mi"), as_of="2026-10-11")
    assert_type(found, loadmon.Findings)
    assert_type(found.to_frame(), pd.DataFrame)
    if found.verdict == "unknown":
        print("unknown is not fine")
    today = loadmon.today(archive, distances_km=[5, 14], days_ahead=7)
    assert_type(today, loadmon.Today)
    assert_type(today.distance_km, float)
    assert_type(today.what_if, pd.DataFrame)
    assert_type(loadmon.flag_history(archive), pd.DataFrame)
    assert_type(loadmon.lookback(archive), pd.DataFrame)


def the_way_back(archive: loadmon.Archive) -> None:
    cap = loadmon.Cap(until=dt.date(2026, 12, 20), run_km=5, days=(0, 2, 5), why="physio")
    limits = loadmon.Limits(weekly_growth=0.1, caps=(cap,))
    ramp = loadmon.plan_ramp(
        archive,
        resume="2026-11-16",
        target_km=20,
        reason="back-pain",
        screening={"numbness": False, "pain": 2.0},
        run_days="mon,wed,sat",
        limits=limits,
    )
    assert_type(ramp, loadmon.Ramp)
    assert_type(ramp.plan, pd.DataFrame)
    assert_type(ramp.sessions, tuple[loadmon.Session | None, ...])
    assert_type(ramp.to_ics(), bytes)
    assert_type(ramp.to_fit(), dict[str, bytes])
    assert_type(loadmon.verify_ramp(archive, ramp.plan, ramp.limits), pd.DataFrame)
    assert_type(loadmon.load_limits("limits.toml", pace="earliest"), loadmon.Limits)


def pictures(weekly: pd.DataFrame, daily: pd.DataFrame, ax: Axes) -> None:
    assert_type(loadmon.plot_weeks(weekly, ax=ax, units="mi"), Axes)
    assert_type(loadmon.plot_ratio(daily["load"], ax=ax, method="coupled"), Axes)
    assert_type(loadmon.plot_rest(daily, ax=ax, since="2026-01-01"), Axes)


def many_athletes(panel: pd.DataFrame, injuries: pd.DataFrame) -> None:
    with ProcessPoolExecutor() as pool:
        team = loadmon.cohort("team", executor=pool)
    assert_type(team, loadmon.Cohort)
    assert_type(team.failures, pd.DataFrame)
    blocks = loadmon.sessions_in_blocks("sessions.csv", distance_km="km")
    assert_type(blocks, Iterator[pd.DataFrame])
    assert_type(loadmon.write_panel(blocks, "panel.csv", every="week"), int)
    assert_type(loadmon.evaluate(panel, injuries, horizon_days=14), pd.DataFrame)
    assert_type(loadmon.evaluation_text(loadmon.evaluate(panel, injuries)), str)
    assert_type(loadmon.read_lovdal_days("days.csv"), loadmon.LovdalDays)
    assert_type(loadmon.simulate_cohort(200, seed=1).hazard_ratio, float)


def errors(archive: loadmon.Archive) -> None:
    try:
        loadmon.plan_ramp(archive, resume="2026-11-16", reason="injury")
    except loadmon.ScreeningNeeded as needed:
        assert_type(needed.questions, dict[str, str])
    except loadmon.FileProblem as problem:
        assert_type(problem.outcome, str)
    except loadmon.LoadmonError as error:
        print(error)


def not_allowed(archive: loadmon.Archive, daily: pd.DataFrame) -> None:
    loadmon.acwr(daily["load"], "ewma")  # type: ignore[call-arg]  # options go by their names
    loadmon.acwr(daily["load"], method="ewmaa")  # type: ignore[arg-type]
    loadmon.plan_ramp(archive)  # type: ignore[call-arg]  # a return has a day
    loadmon.Athlete(units="miles")  # type: ignore[arg-type]
    loadmon.Limits(0.1)  # type: ignore[call-arg]
