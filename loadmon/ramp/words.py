"""What is said with a plan, in plain words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from loadmon.checks.limits import Limits, Pace
from loadmon.checks.words import count_text, day_text
from loadmon.evidence.checks import SESSION_SPIKE
from loadmon.evidence.load import WINDOWS
from loadmon.evidence.ramp import RAMP_GRID, RAMP_HORIZON, RAMP_SESSION, RAMP_START
from loadmon.ramp.history import Before
from loadmon.ramp.layout import Layout
from loadmon.ramp.place import Task
from loadmon.ramp.screening import STOP_TEXT, Reason

_DAY = pd.Timedelta(days=1)
_LIMIT_WORDS = {
    "session": "the growth of a single run",
    "week": "weekly growth",
    "coupled": "the coupled acute:chronic ratio",
    "uncoupled": "the uncoupled acute:chronic ratio",
    "ewma": "the EWMA acute:chronic ratio",
    "run_days": "the run days",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for.

    Parameters
    ----------
    resume, as_of : Timestamp
        Day from which to run; last day whose activities count.
    by : Timestamp or None
        Last day on which the goal may be reached.
    reason : str
        Why there was a break.
    pain : float
        0 to 10; NaN where it was not asked.
    task : Task
        Goal, limits and pace.
    """

    resume: pd.Timestamp
    as_of: pd.Timestamp
    by: pd.Timestamp | None
    reason: Reason
    pain: float
    task: Task


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it.

    Parameters
    ----------
    layout : Layout
        The whole plan, also past the day that was asked for.
    n_days : int
        Days of it that are shown. [d]
    reached : bool
        Whether the goal is reached on one of them.
    reached_on : Timestamp or None
        Day on which it is reached at the earliest, if at all.
    """

    layout: Layout
    n_days: int
    reached: bool
    reached_on: pd.Timestamp | None = field(default=None)


def tell(asked: Asked, answer: Answer) -> str:
    """Say what was before, what is planned, what binds, and when to stop.

    Parameters
    ----------
    asked : Asked
        What was asked for.
    answer : Answer
        What came of it.

    Returns
    -------
    str
        Lines of text; the last ones are the stop text.
    """
    task = asked.task
    lines = [_break(asked), _pain(asked), _base(task.before), _goal(task, answer, asked.by)]
    lines += [_limits(task.limits, task.before), _pace(task.pace, asked.reason)]
    lines += [_unknown(task.before), _spikes(task, answer)]
    return "\n".join([line for line in lines if line] + [STOP_TEXT])


def _date(day: pd.Timestamp) -> str:
    """Write a day with its year."""
    return f"{day_text(day)} {day.year}"


def _break(asked: Asked) -> str:
    """Say how long the break was, and from when on the plan runs."""
    before = asked.task.before
    off = count_text(before.days_off, "day")
    if before.carries_on:
        under = count_text(int(RAMP_START["no_ramp_under_days"]), "day")
        text = f"{off} off before {_date(before.first)}: under {under} there is no ramp; the plan "
        text += "carries on within the limits."
    elif before.mid_return:
        text = f"Goes on from {_date(before.first)} with a return after {off} off."
    elif before.days_off < 0:
        text = f"Start on {_date(before.first)}: no run before it is known."
    else:
        text = f"Return from {_date(before.first)}, after {off} off."
    if before.first != asked.resume:
        text += f" {_date(asked.resume)} is not one of the run days."
    return text


def _pain(asked: Asked) -> str:
    """Repeat what was answered."""
    if np.isnan(asked.pain):
        return ""
    text = (
        f"Pain {asked.pain:g}/10. Screening: no red flag reported. This is not clinical clearance."
    )
    if asked.reason == "back-pain":
        text += " No published rule for running with back pain was found: the pain limits below "
        text += "come from studies of tendons and are this project's choice."
    return text


def _base(before: Before) -> str:
    """Say what was run before the break."""
    if not before.week_km > 0:
        return "Before: no distance known."
    longest = f", longest run {before.longest_before_km:.1f} km"
    return (
        f"Before: {before.week_km:.1f} km a week{longest if before.longest_before_km > 0 else ''}."
    )


def _goal(task: Task, answer: Answer, by: pd.Timestamp | None) -> str:
    """Say whether and when the goal is reached, and what binds if it is not."""
    parts = [(task.week_km, "km a week"), (task.long_km, "km in one run")]
    goal = "Target " + " and ".join(f"{km:.1f} {unit}" for km, unit in parts if np.isfinite(km))
    end = task.before.first + (answer.n_days - 1) * _DAY
    weeks = answer.layout.reached_week
    if answer.reached and answer.reached_on is not None:
        return f"{goal}: reached in week {weeks}, on {_date(answer.reached_on)}, {_whole(answer)}."
    binds = _binds(answer.layout.limited_by[: answer.n_days])
    if answer.reached_on is None:
        n = int(RAMP_HORIZON["weeks"])
        return f"{goal}: not reached within {n} weeks; what binds is {binds}."
    asked = _date(end if by is None else by)
    earliest = f"the earliest is week {weeks}, on {_date(answer.reached_on)}"
    return f"{goal}: not reached by {asked}; {earliest}; what binds is {binds}."


def _binds(limited_by: list[str]) -> str:
    """Name the limit that most runs of the last four weeks reach."""
    names = Counter(name for name in limited_by[-int(WINDOWS["chronic"]) :] if name in _LIMIT_WORDS)
    return _LIMIT_WORDS[names.most_common(1)[0][0] if names else "session"]


def _whole(answer: Answer) -> str:
    """Say what the target week comes to once its runs are rounded."""
    start = 7 * (answer.layout.reached_week - 1)
    km = answer.layout.km[start : start + 7]
    step = RAMP_GRID["step_km"]
    return f"with {sum(km):.1f} km in that week (runs are rounded down to {step:g} km)"


def _limits(limits: Limits, before: Before) -> str:
    """Say what the plan is under."""
    start = f"first run at most {before.start_km:.1f} km; " if before.start_km else ""
    if np.isfinite(before.line_km):
        days = int(RAMP_HORIZON["compare_from_day"])
        start += f"before day {days} at most {before.line_km:.1f} km in 7 days; "
    return (
        f"Limits: {start}a run at most {_share(limits.session_growth)} or "
        f"{limits.session_floor_km:g} km longer than the longest since the return; a week at most "
        f"{_share(limits.weekly_growth)} or {limits.weekly_floor_km:g} km more; from day "
        f"{limits.ratio_from_day} the acute:chronic ratio at most {limits.coupled:g} coupled, "
        f"{limits.uncoupled:g} uncoupled, {limits.ewma:g} EWMA. Choices of this project, not "
        "proven protection."
    )


def _share(share: float) -> str:
    """Write a share in per cent."""
    return f"{100 * share:g} %"


def _pace(pace: Pace, reason: Reason) -> str:
    """Name the pace; after back pain, which of the two is the slower one."""
    if pace == "steady":
        text = "Pace steady: one new longest run a week, every fourth week repeats"
        return f"{text}; it is the slower of the two." if reason == "back-pain" else f"{text}."
    text = "Pace earliest: as fast as the limits let"
    slower = "; steady is the slower of the two, and meant for a return from back pain"
    return f"{text}{slower if reason == 'back-pain' else ''}."


def _unknown(before: Before) -> str:
    """Say what is not known, and how it was counted."""
    if not before.unknown_days:
        return ""
    days = count_text(before.unknown_days, "day")
    window = f"the {int(WINDOWS['chronic'])} before {_date(before.first)}"
    return (
        f"Unknown: {days} of {window}. An unknown day counts as one without running, which keeps "
        "the plan lower; add the missing files, or say that you rested."
    )


def _spikes(task: Task, answer: Answer) -> str:
    """Warn where a floor that the user set is above the one of the session check."""
    km = task.before.longest_km + answer.layout.km[: answer.n_days]
    n, window = len(task.before.km), int(SESSION_SPIKE["window_days"])
    for day in range(n, len(km)):
        longest = max(km[max(0, day - window) : day], default=0.0)
        limit = max(SESSION_SPIKE["small"] * longest, longest + RAMP_SESSION["floor_km"])
        if longest > 0 and km[day] > limit + 1e-9:
            return (
                f"Steps of up to {task.limits.session_floor_km:g} km are your limit: the session "
                "check will flag some of these runs."
            )
    return ""
