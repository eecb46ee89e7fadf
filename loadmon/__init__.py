"""loadmon: from the files a runner's watch recorded to weekly load, flags and a way back.

Reading: `read`, `read_fit`, `Archive`. Load: `daily_load`, `weekly_load`, `window_load`,
`WindowLoad`, `acwr`, `session_spikes`, `fitness`. Checks: `check`, `Findings`, `today`, `Today`,
`flag_history`, `lookback`. Ramp: `plan_ramp`, `Ramp`, `Session`, `verify_ramp`, `Limits`, `Cap`,
`load_limits`. Report: `plot_weeks`, `plot_sessions`, `plot_ratio`, `plot_monotony`, `plot_rest`,
`plot_pain`, `plot_ramp`. The runner's own words: `Athlete`, `Shoe`, `load_athlete`. Errors:
`LoadmonError` and its children, `CacheWarning`.

Many athletes: `cohort`, `Cohort`, `read_sessions`, `sessions_in_blocks`, `read_injuries`,
`read_lovdal_days`, `LovdalDays`, `read_lovdal_weeks`, `acwr_panel`, `daily_panel`, `weekly_panel`,
`write_panel`, `evaluate`, `evaluation_text`, `person_periods`, `simulate_cohort`.

Nothing heavy is imported before it is used.
"""

# No import stands here: it would come before `python -m loadmon` has left the folder one stands in.
TYPE_CHECKING = False  # typing takes its time to import, and a checker knows the name
if TYPE_CHECKING:
    from typing import Any

    from loadmon.athlete.profile import Athlete, Shoe
    from loadmon.athlete.settings import load_athlete
    from loadmon.checks.caps import Cap
    from loadmon.checks.check import check
    from loadmon.checks.findings import Findings
    from loadmon.checks.history import flag_history
    from loadmon.checks.limits import Limits
    from loadmon.checks.limits_file import load_limits
    from loadmon.checks.lookback import lookback
    from loadmon.checks.today import Today, today
    from loadmon.cohorts.evaluate import evaluate
    from loadmon.cohorts.exposure import person_periods
    from loadmon.cohorts.lovdal import LovdalDays, read_lovdal_days, read_lovdal_weeks
    from loadmon.cohorts.panel import daily_panel, weekly_panel
    from loadmon.cohorts.ratios import acwr_panel
    from loadmon.cohorts.simulate import SimulatedCohort, simulate_cohort
    from loadmon.cohorts.tables import read_injuries, read_sessions, sessions_in_blocks
    from loadmon.cohorts.team import Cohort, cohort
    from loadmon.cohorts.words import evaluation_text
    from loadmon.cohorts.written import write_panel
    from loadmon.errors import (
        CacheWarning,
        FileProblem,
        FrameError,
        LoadmonError,
        ReadError,
        ScreeningNeeded,
        SettingError,
    )
    from loadmon.load.daily import daily_load
    from loadmon.load.fitness import fitness
    from loadmon.load.ratio import acwr
    from loadmon.load.spikes import session_spikes
    from loadmon.load.weekly import weekly_load
    from loadmon.load.window import WindowLoad, window_load
    from loadmon.ramp.plan import plan_ramp
    from loadmon.ramp.result import Ramp
    from loadmon.ramp.session import Session
    from loadmon.ramp.verify import verify_ramp
    from loadmon.reading.archive import Archive
    from loadmon.reading.fit.frames import read_fit
    from loadmon.reading.read import read
    from loadmon.report.plots.pain import plot_pain
    from loadmon.report.plots.ramp import plot_ramp
    from loadmon.report.plots.ratio import plot_ratio
    from loadmon.report.plots.rest import plot_monotony, plot_rest
    from loadmon.report.plots.sessions import plot_sessions
    from loadmon.report.plots.weeks import plot_weeks

__version__ = "0.1.0"

_HOME = {
    "Archive": "reading.archive",
    "Athlete": "athlete.profile",
    "CacheWarning": "errors",
    "Cap": "checks.caps",
    "Cohort": "cohorts.team",
    "FileProblem": "errors",
    "Findings": "checks.findings",
    "FrameError": "errors",
    "Limits": "checks.limits",
    "LoadmonError": "errors",
    "LovdalDays": "cohorts.lovdal",
    "Ramp": "ramp.result",
    "ReadError": "errors",
    "ScreeningNeeded": "errors",
    "Session": "ramp.session",
    "SettingError": "errors",
    "Shoe": "athlete.profile",
    "SimulatedCohort": "cohorts.simulate",
    "Today": "checks.today",
    "WindowLoad": "load.window",
    "acwr": "load.ratio",
    "acwr_panel": "cohorts.ratios",
    "check": "checks.check",
    "cohort": "cohorts.team",
    "daily_load": "load.daily",
    "daily_panel": "cohorts.panel",
    "evaluate": "cohorts.evaluate",
    "evaluation_text": "cohorts.words",
    "fitness": "load.fitness",
    "flag_history": "checks.history",
    "load_athlete": "athlete.settings",
    "load_limits": "checks.limits_file",
    "lookback": "checks.lookback",
    "person_periods": "cohorts.exposure",
    "plan_ramp": "ramp.plan",
    "plot_monotony": "report.plots.rest",
    "plot_pain": "report.plots.pain",
    "plot_ramp": "report.plots.ramp",
    "plot_ratio": "report.plots.ratio",
    "plot_rest": "report.plots.rest",
    "plot_sessions": "report.plots.sessions",
    "plot_weeks": "report.plots.weeks",
    "read": "reading.read",
    "read_fit": "reading.fit.frames",
    "read_injuries": "cohorts.tables",
    "read_lovdal_days": "cohorts.lovdal",
    "read_lovdal_weeks": "cohorts.lovdal",
    "read_sessions": "cohorts.tables",
    "session_spikes": "load.spikes",
    "sessions_in_blocks": "cohorts.tables",
    "simulate_cohort": "cohorts.simulate",
    "today": "checks.today",
    "verify_ramp": "ramp.verify",
    "weekly_load": "load.weekly",
    "weekly_panel": "cohorts.panel",
    "window_load": "load.window",
    "write_panel": "cohorts.written",
}

__all__ = [
    "Archive",
    "Athlete",
    "CacheWarning",
    "Cap",
    "Cohort",
    "FileProblem",
    "Findings",
    "FrameError",
    "Limits",
    "LoadmonError",
    "LovdalDays",
    "Ramp",
    "ReadError",
    "ScreeningNeeded",
    "Session",
    "SettingError",
    "Shoe",
    "SimulatedCohort",
    "Today",
    "WindowLoad",
    "acwr",
    "acwr_panel",
    "check",
    "cohort",
    "daily_load",
    "daily_panel",
    "evaluate",
    "evaluation_text",
    "fitness",
    "flag_history",
    "load_athlete",
    "load_limits",
    "lookback",
    "person_periods",
    "plan_ramp",
    "plot_monotony",
    "plot_pain",
    "plot_ramp",
    "plot_ratio",
    "plot_rest",
    "plot_sessions",
    "plot_weeks",
    "read",
    "read_fit",
    "read_injuries",
    "read_lovdal_days",
    "read_lovdal_weeks",
    "read_sessions",
    "session_spikes",
    "sessions_in_blocks",
    "simulate_cohort",
    "today",
    "verify_ramp",
    "weekly_load",
    "weekly_panel",
    "window_load",
    "write_panel",
]


def __getattr__(name: str) -> "Any":
    """Import a public name from its room at first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'loadmon' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"loadmon.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
