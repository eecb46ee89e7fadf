"""What is said with a plan, in plain words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from loadmon.athlete.units import Units, distance_text, pace_text
from loadmon.checks.words import count_text, day_text
from loadmon.evidence.checks import SESSION_SPIKE
from loadmon.evidence.load import WINDOWS
from loadmon.evidence.ramp import RAMP_GRID, RAMP_HORIZON, RAMP_SESSION, RAMP_START, WALK_RUN
from loadmon.ramp.history import Before
from loadmon.ramp.layout import Layout
from loadmon.ramp.place import Task
from loadmon.ramp.replay import Replay, replay_text
from loadmon.ramp.request import Asked
from loadmon.ramp.screening import PAINS, STOP_TEXT, site_for
from loadmon.ramp.session import Session
from loadmon.ramp.words_again import again_text
from loadmon.ramp.words_limits import REACHED_WORDS, limits_text, own_limits_text

_DAY = pd.Timedelta(days=1)
_WEEK = int(WINDOWS["acute"])
#: What can keep a plan from its goal.
_BINDING = ("session", "week", "coupled", "uncoupled", "ewma", "run_days", "cap")
BETWEEN_TEXT = (
    "Between the runs: easy walks and short strength sessions; none of it counts as running."
)


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
    plan : DataFrame
        Plan as it is given out.
    sessions : tuple of Session or None
        Running and walking of each day of it.
    cut : Timestamp or None
        Day from which caps leave no run for so long that it is a break of its own.
    sooner : Timestamp or None
        Day on which the pace ``earliest`` reaches the goal, where it is told.
    """

    layout: Layout
    n_days: int
    reached: bool
    reached_on: pd.Timestamp | None
    plan: pd.DataFrame
    sessions: tuple[Session | None, ...]
    cut: pd.Timestamp | None = None
    sooner: pd.Timestamp | None = None


def tell(asked: Asked, answer: Answer, tried: list[Replay]) -> str:
    """Say what was before, what is planned, what binds, and when to stop.

    Parameters
    ----------
    asked : Asked
        What was asked for.
    answer : Answer
        What came of it.
    tried : list of Replay
        What the plan still holds when it is not followed to the letter.

    Returns
    -------
    str
        Four paragraphs with an empty line between: what was before and what is planned; how the
        plan is meant; what bounds it and how much it bears; the stop text.
    """
    task, units = asked.task, asked.request.athlete.units
    planned = [
        _break(asked),
        *again_text(asked, answer.reached_on),
        _pain(asked),
        _base(task.before, units),
        _goal(asked, answer),
        _unknown(task.before),
    ]
    meant = [_pace(asked), _sooner(answer), _minutes(asked, units), _few_days(asked, answer)]
    meant.append(BETWEEN_TEXT)
    bounds = [*own_limits_text(asked), limits_text(asked.limits, task.before, units)]
    bounds += [_spikes(task, answer, units), replay_text(tried, units) if tried else ""]
    parts = [[line for line in part if line] for part in (planned, meant, bounds)]
    return "\n\n".join(["\n".join(part) for part in parts] + [STOP_TEXT])


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
    if asked.as_of + _DAY < before.first:
        text += f" Days after {_date(asked.as_of)} are taken as days without a run."
    return text


def _pain(asked: Asked) -> str:
    """Repeat what was answered."""
    if "pain" not in asked.answers:
        return ""
    before, during, morning = (asked.answers.get(key) for key in PAINS)
    site = site_for(asked.request.reason, asked.answers)
    text = f"Pain {during:g}/10"
    if before is not None and morning is not None:
        worse = float(morning) > float(before)
        settled = "worse than before" if worse else "settled"
        text += f" while running or walking, {settled} by the next morning"
    text += ". Screening: no red flag reported. This is not clinical clearance."
    if site.tissue == "back":
        text += " No published rule for running with back pain was found: the pain limits below "
        text += "come from studies of tendons and are this project's choice."
    return text


def _base(before: Before, units: Units) -> str:
    """Say what was run before the break."""
    if not before.usual_week_km > 0:
        return "Before: no distance known."
    longest = f", longest run {distance_text(before.longest_before_km, units)}"
    return (
        f"Before: {distance_text(before.usual_week_km, units)} a week"
        f"{longest if before.longest_before_km > 0 else ''}."
    )


def _minutes(asked: Asked, units: Units) -> str:
    """Say which pace the minutes are for, and what comes before the first run."""
    pace = pace_text(60 * asked.easy.min_per_km, units)
    of = {
        "stated": "as you said",
        "files": f"the median of your {count_text(asked.easy.n_runs, 'run')} before the break",
        "assumed": "assumed, because too few of your runs are known; say it: --easy-pace 7:30",
    }
    text = f"Minutes are for {pace} of easy running ({of[asked.easy.told_by]})."
    if asked.programme:
        text += f" Sessions: {asked.programme.title} ({asked.programme.source}), no faster than "
        text += "the limits let."
    elif asked.walks:
        walk = int(WALK_RUN["walk_before_min"])
        text += f" Runs are broken up by walks at first. A walk of {walk} minutes without pain "
        text += "comes before the first of them."
    return text


def _goal(asked: Asked, answer: Answer) -> str:
    """Say whether and when the goal is reached, and what binds if it is not."""
    task, units = asked.task, asked.request.athlete.units
    parts = [(task.week_km, "a week"), (task.long_km, "in one run")]
    told = [f"{distance_text(km, units)} {what}" for km, what in parts if np.isfinite(km)]
    goal = f"Target {' and '.join(told)}"
    if asked.programme:
        goal = f"Target the last session of {asked.programme.title}"
    end = task.before.first + (answer.n_days - 1) * _DAY
    weeks = answer.layout.reached_week
    if answer.reached and answer.reached_on is not None:
        whole = "" if asked.programme else _whole(answer, units)
        return f"{goal}: reached in week {weeks}, on {_date(answer.reached_on)}{whole}."
    binds = _binds(answer.layout.limited_by[: answer.n_days])
    if answer.reached_on is None:
        n = int(RAMP_HORIZON["weeks"])
        return f"{goal}: not reached within {n} weeks; what binds is {binds}."
    if answer.cut is not None:
        return (
            f"{goal}: not reached before the days without a run from {_date(answer.cut)} on, which "
            "are a break of their own. The plan ends there: make a new one after them "
            "(loadmon ramp)."
        )
    by = _date(end if asked.by is None else asked.by)
    at_all = f"at this pace it is week {weeks}, on {_date(answer.reached_on)}"
    return f"{goal}: not reached by {by}; {at_all}; what binds is {binds}."


def _binds(limited_by: list[str]) -> str:
    """Name the limit that most runs of the last four weeks reach."""
    names = Counter(name for name in limited_by[-int(WINDOWS["chronic"]) :] if name in _BINDING)
    return REACHED_WORDS[names.most_common(1)[0][0] if names else "session"]


def _whole(answer: Answer, units: Units) -> str:
    """Say what the target week comes to once its runs are rounded."""
    week = answer.plan["week"] == answer.layout.reached_week
    km = distance_text(answer.plan.loc[week, "distance_km"].sum(), units)
    step = f" to {RAMP_GRID['step_km']:g} km" if units == "km" else ""
    return f", with {km} in that week (runs are rounded down{step})"


def _pace(asked: Asked) -> str:
    """Name the pace; after back pain, which of the two is the slower one."""
    if asked.programme:
        return ""
    is_back = asked.request.reason == "back-pain"
    if asked.request.pace == "steady":
        text = "Pace steady: one new longest run a week, every fourth week repeats"
        return f"{text}; it is the slower of the two." if is_back else f"{text}."
    text = "Pace earliest: as fast as the limits let"
    slower = "; steady is the slower of the two, and meant for a return from back pain"
    return f"{text}{slower if is_back else ''}."


def _sooner(answer: Answer) -> str:
    """Say when the faster pace would be there."""
    if answer.sooner is None:
        return ""
    return f"Pace earliest, as fast as the limits let: there on {_date(answer.sooner)}."


def _few_days(asked: Asked, answer: Answer) -> str:
    """Say where so few run days ask for runs that are longer than any before the break."""
    task, units = asked.task, asked.request.athlete.units
    longest, before = float(answer.plan["distance_km"].max()), task.before.longest_before_km
    if task.long_km < float("inf") or not longest > before:
        return ""
    weeks = int(task.limits.no_consecutive_days) // _WEEK
    return (
        f"{count_text(len(task.run_days), 'run')} a week come to runs of up to "
        f"{distance_text(longest, units)}, longer than any before the break "
        f"({distance_text(before, units)}): after {weeks} weeks make a new plan with more run days."
    )


def _unknown(before: Before) -> str:
    """Say what is not known, and how it was counted."""
    if not before.unknown_days:
        return ""
    days = count_text(before.unknown_days, "day")
    window = f"the {int(WINDOWS['chronic'])} before {_date(before.first)}"
    return (
        f"Unknown: {days} of {window}. An unknown day counts as one without running, which keeps "
        "the plan lower; add the missing files, or say that you rested (--rested)."
    )


def _spikes(task: Task, answer: Answer, units: Units) -> str:
    """Warn where a floor that the user set is above the one of the session check."""
    km = task.before.longest_km + answer.layout.km[: answer.n_days]
    n, window = len(task.before.km), int(SESSION_SPIKE["window_days"])
    for day in range(n, len(km)):
        longest = max(km[max(0, day - window) : day], default=0.0)
        limit = max(SESSION_SPIKE["small"] * longest, longest + RAMP_SESSION["floor_km"])
        if longest > 0 and km[day] > limit + 1e-9:
            return (
                f"Steps of up to {distance_text(task.limits.session_floor_km, units)} are your "
                "limit: the session check will flag some of these runs."
            )
    return ""
