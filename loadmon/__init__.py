"""loadmon: from the files a runner's watch recorded to weekly load, flags and a return to running.

Reading: `read`, `read_fit`, `Archive`. Load: `Calendar`, `calendar_of`, `daily_load`,
`weekly_load`, `window_load`, `WindowLoad`, `acwr`, `session_spikes`, `fitness`. Checks: `check`,
`Findings`, `today`, `Today`, `flag_history`, `lookback`, `flag_outcomes`, `load_flag_log`. Ramp:
`plan_ramp`, `Ramp`, `Session`, `verify_ramp`, `Limits`, `Cap`, `load_limits`. Report: `plot_weeks`,
`plot_sessions`, `plot_ratio`, `plot_monotony`, `plot_rest`, `plot_pain`, `plot_ramp`. The runner's
own words: `Athlete`, `Shoe`, `load_athlete`; without files `usual`, `StatedHistory`. Errors:
`LoadmonError` and its children, `CacheWarning`.

Many athletes: `cohort`, `Cohort`, `read_sessions`, `sessions_in_blocks`, `read_injuries`,
`read_lovdal_days`, `LovdalDays`, `read_lovdal_weeks`, `acwr_panel`, `daily_panel`, `weekly_panel`,
`write_panel`, `evaluate`, `evaluation_text`, `person_periods`, `simulate_cohort`,
`read_partitions`, `write_partitions`, `whole_athletes`, `cohort_frame`, `arrow_schema`.

Nothing heavy is imported before it is used.
"""

# No import stands here: it would come before `python -m loadmon` has left the current folder.
TYPE_CHECKING = False  # typing takes its time to import, and a checker knows the name
if TYPE_CHECKING:
    from typing import Any

    from loadmon.athlete import Athlete as Athlete
    from loadmon.athlete import Shoe as Shoe
    from loadmon.calendar import Calendar as Calendar
    from loadmon.calendar import calendar_of as calendar_of
    from loadmon.cohorts.evaluate import evaluate as evaluate
    from loadmon.cohorts.evaluate import evaluation_text as evaluation_text
    from loadmon.cohorts.follow_up import person_periods as person_periods
    from loadmon.cohorts.lovdal import LovdalDays as LovdalDays
    from loadmon.cohorts.lovdal import read_lovdal_days as read_lovdal_days
    from loadmon.cohorts.lovdal import read_lovdal_weeks as read_lovdal_weeks
    from loadmon.cohorts.panel import daily_panel as daily_panel
    from loadmon.cohorts.panel import weekly_panel as weekly_panel
    from loadmon.cohorts.panel import write_panel as write_panel
    from loadmon.cohorts.partitions import read_partitions as read_partitions
    from loadmon.cohorts.partitions import whole_athletes as whole_athletes
    from loadmon.cohorts.partitions import write_partitions as write_partitions
    from loadmon.cohorts.schemas import arrow_schema as arrow_schema
    from loadmon.cohorts.simulate import SimulatedCohort as SimulatedCohort
    from loadmon.cohorts.simulate import simulate_cohort as simulate_cohort
    from loadmon.cohorts.tables import read_injuries as read_injuries
    from loadmon.cohorts.tables import read_sessions as read_sessions
    from loadmon.cohorts.tables import sessions_in_blocks as sessions_in_blocks
    from loadmon.cohorts.team import Cohort as Cohort
    from loadmon.cohorts.team import cohort as cohort
    from loadmon.cohorts.team import cohort_frame as cohort_frame
    from loadmon.daily import daily_load as daily_load
    from loadmon.diary import load_flag_log as load_flag_log
    from loadmon.errors import CacheWarning as CacheWarning
    from loadmon.errors import FileProblem as FileProblem
    from loadmon.errors import FrameError as FrameError
    from loadmon.errors import LoadmonError as LoadmonError
    from loadmon.errors import ReadError as ReadError
    from loadmon.errors import ScreeningNeeded as ScreeningNeeded
    from loadmon.errors import SettingError as SettingError
    from loadmon.io.archive import Archive as Archive
    from loadmon.io.fit.frames import read_fit as read_fit
    from loadmon.io.read import read as read
    from loadmon.ramp.plan import plan_ramp as plan_ramp
    from loadmon.ramp.result import Ramp as Ramp
    from loadmon.ramp.sessions import Session as Session
    from loadmon.ramp.verify import verify_ramp as verify_ramp
    from loadmon.ratio import acwr as acwr
    from loadmon.ratio import acwr_panel as acwr_panel
    from loadmon.ratio import fitness as fitness
    from loadmon.report.plots import plot_monotony as plot_monotony
    from loadmon.report.plots import plot_pain as plot_pain
    from loadmon.report.plots import plot_ramp as plot_ramp
    from loadmon.report.plots import plot_ratio as plot_ratio
    from loadmon.report.plots import plot_rest as plot_rest
    from loadmon.report.plots import plot_sessions as plot_sessions
    from loadmon.report.plots import plot_weeks as plot_weeks
    from loadmon.rules.context import Findings as Findings
    from loadmon.rules.engine import Today as Today
    from loadmon.rules.engine import check as check
    from loadmon.rules.engine import flag_history as flag_history
    from loadmon.rules.engine import today as today
    from loadmon.rules.limits import Cap as Cap
    from loadmon.rules.limits import Limits as Limits
    from loadmon.rules.limits import load_limits as load_limits
    from loadmon.rules.lookback import flag_outcomes as flag_outcomes
    from loadmon.rules.lookback import lookback as lookback
    from loadmon.rules.session_spike import session_spikes as session_spikes
    from loadmon.settings import load_athlete as load_athlete
    from loadmon.stated import StatedHistory as StatedHistory
    from loadmon.stated import usual as usual
    from loadmon.weekly import weekly_load as weekly_load
    from loadmon.window import WindowLoad as WindowLoad
    from loadmon.window import window_load as window_load

__version__ = "0.1.0"

#: Every public name, and the module that it is from; the imports above are for type checkers.
_HOME = {
    name: room
    for room, names in {
        "athlete": ["Athlete", "Shoe"],
        "calendar": ["Calendar", "calendar_of"],
        "cohorts.evaluate": ["evaluate", "evaluation_text"],
        "cohorts.follow_up": ["person_periods"],
        "cohorts.lovdal": ["LovdalDays", "read_lovdal_days", "read_lovdal_weeks"],
        "cohorts.panel": ["daily_panel", "weekly_panel", "write_panel"],
        "cohorts.partitions": [
            *("read_partitions", "whole_athletes", "write_partitions"),
        ],
        "cohorts.schemas": ["arrow_schema"],
        "cohorts.simulate": ["SimulatedCohort", "simulate_cohort"],
        "cohorts.tables": ["read_injuries", "read_sessions", "sessions_in_blocks"],
        "cohorts.team": ["Cohort", "cohort", "cohort_frame"],
        "daily": ["daily_load"],
        "diary": ["load_flag_log"],
        "errors": [
            *("CacheWarning", "FileProblem", "FrameError", "LoadmonError"),
            *("ReadError", "ScreeningNeeded", "SettingError"),
        ],
        "io.archive": ["Archive"],
        "io.fit.frames": ["read_fit"],
        "io.read": ["read"],
        "ramp.plan": ["plan_ramp"],
        "ramp.result": ["Ramp"],
        "ramp.sessions": ["Session"],
        "ramp.verify": ["verify_ramp"],
        "ratio": ["acwr", "acwr_panel", "fitness"],
        "report.plots": [
            *("plot_monotony", "plot_pain", "plot_ramp", "plot_ratio"),
            *("plot_rest", "plot_sessions", "plot_weeks"),
        ],
        "rules.context": ["Findings"],
        "rules.engine": ["Today", "check", "flag_history", "today"],
        "rules.limits": ["Cap", "Limits", "load_limits"],
        "rules.lookback": ["flag_outcomes", "lookback"],
        "rules.session_spike": ["session_spikes"],
        "settings": ["load_athlete"],
        "stated": ["StatedHistory", "usual"],
        "weekly": ["weekly_load"],
        "window": ["WindowLoad", "window_load"],
    }.items()
    for name in names
}

__all__ = sorted(_HOME)


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
