"""`plan_ramp`: from an archive and a day of return to a verified plan."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from loadmon.checks.limits import Limits, Pace, limits_for
from loadmon.errors import LoadmonError, SettingError
from loadmon.evidence.load import WINDOWS
from loadmon.evidence.ramp import RAMP_GRID, RAMP_HORIZON
from loadmon.load.calendar import Day, day_of
from loadmon.ramp.history import Archive, Before, daily_before, look_back
from loadmon.ramp.layout import Layout, lay_out
from loadmon.ramp.place import Task
from loadmon.ramp.run_days import RunDays, check_run_days, first_run_day, weekdays
from loadmon.ramp.screening import Answers, Reason, screen
from loadmon.ramp.verify import verify_ramp
from loadmon.ramp.words import Answer, Asked, tell

_DAY = pd.Timedelta(days=1)
_WEEK = int(WINDOWS["acute"])
_NAN = float("nan")
PLAN_COLUMNS = {
    "date": "datetime64[us]",
    "week": "int64",
    "kind": "str",
    "distance_km": "float64",
    "effort": "str",
    "duration_min": "float64",
    "repeats": "float64",
    "run_min": "float64",
    "walk_min": "float64",
    "stage": "str",
    "limited_by": "str",
}


@dataclass(frozen=True, slots=True)
class Ramp:
    """A verified plan of runs, or the fixed text that stands for one.

    Parameters
    ----------
    plan : DataFrame
        One row per day from the first run day: ``date``; ``week``, from 1; ``kind`` (``run``,
        ``rest``); ``distance_km``, 0 on rest days; ``effort`` (``easy``, empty on rest days);
        ``duration_min``, ``repeats``, ``run_min``, ``walk_min``: NaN, not planned; ``stage``:
        empty; ``limited_by``: ``start``, ``session``, ``week``, ``coupled``, ``uncoupled``,
        ``ewma``, ``pace`` (one new longest run a week), ``repeat``, ``target``, ``run_days``: what
        the run reaches, or why a run day has no run; empty on other rest days. No rows where
        screening leaves no plan.
    limits : Limits
        What the plan was verified against; ``start_km`` is the cap of the first run, None where
        the plan carries on without a return or there is none.
    reached : bool
        Whether the goal is reached within the plan.
    message : str
        What was before, what is planned, what binds, and when to stop.
    reached_on : Timestamp or None
        Day on which the goal is reached at the earliest, which may be after ``by``.
    """

    plan: pd.DataFrame
    limits: Limits
    reached: bool
    message: str
    reached_on: pd.Timestamp | None = None


def plan_ramp(
    archive: Archive,
    *,
    resume: Day,
    target_km: float | None = None,
    target_long_km: float | None = None,
    by: Day | None = None,
    pace: Pace = "steady",
    reason: Reason = "rest",
    screening: Answers | None = None,
    run_days: RunDays | None = None,
    limits: Limits | None = None,
    athlete: object = None,
    as_of: Day | None = None,
) -> Ramp:
    """Plan the way back to a weekly distance, or to a long run, within every limit.

    Parameters
    ----------
    archive : Archive
        What `loadmon.read` gives: anything with ``activities``.
    resume : str, date or Timestamp
        Day from which to run; the first run day on or after it is day 1.
    target_km : float, optional
        Weekly distance to come back to. [km] None: the mean week of the 28 days before the
        break, or no weekly target where `target_long_km` is given.
    target_long_km : float, optional
        Plan until a run of this length is within the limits. [km] With both targets, until both
        are reached: the week may then become larger than `target_km`.
    by : str, date or Timestamp, optional
        Last day of the plan. None: until two weeks after the goal was reached.
    pace : {"steady", "earliest"}
        One new longest run a week and every fourth week again; or as fast as the limits let.
    reason : {"rest", "illness", "injury", "back-pain", "bone"}
        Why there was a break. The last three need `screening`.
    screening : mapping of str to bool or float, optional
        An answer to each of `loadmon.ramp.screening.questions_for`.
    run_days : str, sequence of str or int, optional
        ``mon,wed,sat``, names or numbers (0 is Monday). None: three days spread from `resume`.
    limits : Limits, optional
        None: those of the pace (`loadmon.checks.limits.limits_for`).
    athlete : object, optional
        Not looked at by this version.
    as_of : str, date or Timestamp, optional
        Last day whose activities count. None, or a later day: the day before `resume`. Days
        from then to the return are rest.

    Returns
    -------
    Ramp
        With an empty plan and a fixed text where the answers leave no plan.

    Raises
    ------
    ScreeningNeeded
        If a question is not answered; it carries the questions.
    SettingError
        If an option is unknown or out of range, no target can be derived, or run days are ruled
        out by the limits.
    LoadmonError
        If the plan breaks one of its own limits: a fault of this program; no plan is shown.

    Notes
    -----
    Days without a run are counted from the last run whose file can be read; unknown days count as
    days off and as 0 km, so that what is not known makes the plan lower, never higher.
    Cross-training is no running. Under 6 days off the plan carries on from the real weeks and
    the longest run of 30 days; within 28 days of a return it goes on with that return. The base
    of growth is what was run since the return, never what was run before it. Each distance is
    rounded down to 0.1 km, so a target week may be up to that much per run short of the target.
    Every limit is a choice of this project or an extrapolation (`loadmon.evidence`): staying within
    them is not known to keep anyone free of injury.
    """
    bounds = _limits(pace, limits)
    refusal = screen(reason, screening)
    if refusal:
        return Ramp(_frame([], [], day_of(resume)), bounds, reached=False, message=refusal)
    asked = _ask(archive, day_of(resume), bounds, pace, run_days, as_of, target_km, target_long_km)
    asked = replace(asked, by=None if by is None else day_of(by), reason=reason)
    asked = replace(asked, pain=float((screening or {}).get("pain", _NAN)))
    return _answer(archive, asked)


def _limits(pace: Pace, limits: Limits | None) -> Limits:
    """Limits asked for, or those of the pace, which must be one in any case."""
    usual = limits_for(pace)
    return usual if limits is None else limits


def _ask(
    archive: Archive,
    resume: pd.Timestamp,
    limits: Limits,
    pace: Pace,
    run_days: RunDays | None,
    as_of: Day | None,
    target_km: float | None,
    target_long_km: float | None,
) -> Asked:
    """Put together what is asked for and what was before."""
    for name, km in (("target_km", target_km), ("target_long_km", target_long_km)):
        if km is not None and not RAMP_GRID["shortest_km"] <= km < float("inf"):
            raise SettingError(f"{name} must be at least {RAMP_GRID['shortest_km']:g}, got {km}")
    eve = resume - _DAY
    until = eve if as_of is None else min(day_of(as_of), eve)
    days = weekdays(run_days, resume)
    first = first_run_day(days, resume)
    before = look_back(daily_before(archive, first, until), first, limits)
    age = len(before.km) - before.origin + 1
    check_run_days(days, limits, apart=age <= limits.no_consecutive_days)
    week, long = _goal(before, target_km, target_long_km, len(days))
    task = Task(before, limits, pace, days, week, long)
    return Asked(resume, until, None, "rest", _NAN, task)


def _goal(
    before: Before, week: float | None, long: float | None, n_runs: int
) -> tuple[float, float]:
    """Weekly and long-run target; infinite where not asked for."""
    if week is None and long is None:
        if not before.week_km >= RAMP_GRID["shortest_km"]:
            raise SettingError("hardly any run before the break is known: give target_km=")
        return before.week_km, float("inf")
    if week is not None and long is not None and week > n_runs * long:
        raise SettingError(
            f"target_km {week:g} in {n_runs} runs a week needs runs longer than target_long_km "
            f"{long:g}: raise it, or choose more run days"
        )
    inf = float("inf")
    return inf if week is None else week, inf if long is None else long


def _answer(archive: Archive, asked: Asked) -> Ramp:
    """Plan, cut at the last day, verify, and say it."""
    task = asked.task
    wanted = _days_until(task.before.first, asked.by)
    layout = lay_out(task, min_days=wanted or 0)
    n = min(wanted or len(layout.km), len(layout.km))
    day = _reached_day(layout)
    reached_on = None if day < 0 else task.before.first + day * _DAY
    reached = 0 <= day < n
    plan = _frame(layout.km[:n], layout.limited_by[:n], task.before.first)
    start = task.before.start_km or None
    limits = task.limits if start is None else replace(task.limits, start_km=start)
    broken = verify_ramp(archive, plan, limits, as_of=asked.as_of)
    if len(broken):
        raise LoadmonError(
            "this plan breaks its own limits and is not shown; please report it: "
            + "; ".join(broken["message"].head(3))
        )
    message = tell(asked, Answer(layout, n, reached, reached_on))
    return Ramp(plan, limits, reached, message, reached_on)


def _days_until(first: pd.Timestamp, by: pd.Timestamp | None) -> int | None:
    """Days of the plan up to the last one asked for."""
    if by is None:
        return None
    days, most = (by - first).days + 1, int(RAMP_HORIZON["weeks"]) * _WEEK
    if not 0 < days <= most:
        raise SettingError(
            f"by {by.date()} must lie in the {RAMP_HORIZON['weeks']:.0f} weeks from the first run "
            f"on {first.date()}"
        )
    return days


def _reached_day(layout: Layout) -> int:
    """Day of the plan, from 0, of the last run of the week that reaches the goal; -1 if none."""
    if not layout.reached_week:
        return -1
    start = (layout.reached_week - 1) * _WEEK
    return max(d for d in range(start, start + _WEEK) if layout.km[d] > 0)


def _frame(km: list[float], limited_by: list[str], first: pd.Timestamp) -> pd.DataFrame:
    """A plan in the columns of the contract."""
    n = len(km)
    ran = [x > 0 for x in km]
    frame = pd.DataFrame(
        {
            "date": pd.date_range(first, periods=n, unit="us"),
            "week": [d // _WEEK + 1 for d in range(n)],
            "kind": ["run" if r else "rest" for r in ran],
            "distance_km": km,
            "effort": ["easy" if r else "" for r in ran],
            "duration_min": [_NAN] * n,
            "repeats": [_NAN] * n,
            "run_min": [_NAN] * n,
            "walk_min": [_NAN] * n,
            "stage": [""] * n,
            "limited_by": limited_by,
        }
    )
    return frame.astype(PLAN_COLUMNS)
