"""What a plan's message says: its reasons, its limits, its progress, in plain words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from loadmon.evidence.limits import WINDOWS
from loadmon.evidence.pain import DIARY_PAIN
from loadmon.evidence.ramp import (
    RAMP_GRID,
    RAMP_HORIZON,
    RAMP_ILLNESS,
    RAMP_INJURY,
    RAMP_REPLAY,
    WALK_RUN,
)
from loadmon.ramp.history import DAY, History
from loadmon.ramp.problem import DAY_NAMES, NO_ROOM_TEXT, PlanProblem
from loadmon.ramp.progress import Progress
from loadmon.ramp.result import Outcome
from loadmon.ramp.screening import PAINS, SCREENED, STOP_TEXT, site_for
from loadmon.ramp.sessions import UNKNOWN
from loadmon.ramp.verify import Replay
from loadmon.rules import return_to_run, session_spike
from loadmon.rules.context import WEEK
from loadmon.rules.limits import NUMBERS, Cap, Limits, limits_for
from loadmon.units import Units, count_text, day_text, distance_text, pace_text

_INF = float("inf")
BETWEEN_TEXT = (
    "Between the runs: easy walks and short strength sessions; none of it counts as running."
)
#: What a run reaches (column ``limited_by`` of a plan), in words.
REACHED_WORDS = {
    "start": "the first run of a return",
    "session": "the growth of a single run",
    "week": "the growth of a week",
    "weekly_change": "your fullest seven days",
    "coupled": "the coupled acute:chronic ratio",
    "cap": "a cap that was set",
    "pace": "one new longest run a week",
    "repeat": "every fourth week repeats",
    "target": "the target",
    "programme": "the programme",
    "run_days": "the run days",
}


def plan_message(
    problem: PlanProblem, progress: Progress, outcome: Outcome, *, asked_by_diary: bool
) -> str:
    """Four paragraphs; `asked_by_diary`: whether the diary, not the runner, asked the questions."""
    task, units = problem.task, problem.request.athlete.units
    diary = (
        f"Your diary has pain above {DIARY_PAIN['above']:g} of 10 in the last "
        f"{DIARY_PAIN['days']:.0f} days, so the questions came first."
    )
    planned = [
        _lay_off_text(problem),
        diary if asked_by_diary else "",
        *_progress_lines(problem, progress, outcome.reached_on),
        _pain_text(problem),
        _reason_text(problem),
        _baseline_text(task.history, units),
        _goal_text(problem, outcome),
        _unknown_text(task.history),
    ]
    meant = [
        *_pace_lines(problem, outcome),
        _run_days_text(problem),
        _minutes_text(problem),
        _few_days_text(problem, outcome),
        BETWEEN_TEXT,
    ]
    bounds = [
        *_own_limits_lines(problem),
        _limits_text(problem.limits, task.history, units),
        _spikes_text(problem, outcome),
        replay_text(outcome.tried, units) if outcome.tried else "",
    ]
    parts = ["\n".join(filter(None, part)) for part in (planned, meant, bounds)]
    return "\n\n".join([*parts, STOP_TEXT])


def _date(day: pd.Timestamp) -> str:
    return f"{day_text(day)} {day.year}"


# What was before, and what is planned.


def _lay_off_text(problem: PlanProblem) -> str:
    before, request = problem.history, problem.request
    first, off = _date(before.first), count_text(before.days_off, "day")
    if before.carries_on:
        text = (
            f"{off} off before {first}: no lay-off, so no ramp is needed; the plan carries on in "
            "your own pattern, within the limits."
        )
    elif before.mid_return:
        text = f"Return to running after {off} off, continued from {first}."
    elif before.days_off < 0:
        text = f"Start on {first}: no run before it is known."
    else:
        text = f"Return to running on {first}, after {off} off."
    is_apart = before.is_apart or problem.limits.always_apart
    days = problem.task.apart_days if is_apart else problem.task.run_days
    if request.first_day.weekday() not in days:
        text += f" {_date(request.first_day)} is not one of the run days."
    if any(cap.why == NO_ROOM_TEXT for cap in problem.limits.caps):
        text += f" Not on {_date(request.first_day)}: {NO_ROOM_TEXT}."
    if request.until + DAY < before.first:
        text += f" Days after {_date(request.until)} count as days without a run."
    return text


def _pain_text(problem: PlanProblem) -> str:
    answers = problem.request.answers
    if "pain" not in answers:
        return ""
    before, during, morning = (answers.get(key) for key in PAINS)
    text = f"Pain {during:g}/10"
    if before is not None and morning is not None:
        settled = "worse than before" if float(morning) > float(before) else "settled"
        text += f" while running or walking, {settled} by the next morning"
    text += ". Screening: no red flag reported. This is not clinical clearance."
    if site_for(problem.request.reason, answers).tissue == "back":
        text += (
            " No published rule for running with back pain was found: the pain limits below come "
            "from studies of tendons and are this project's choice."
        )
    return text


def _reason_text(problem: PlanProblem) -> str:
    """What the reason of the break asks for, whatever the numbers allow."""
    reason, first = problem.request.reason, problem.history.first
    if reason == "illness":
        share = 100 * RAMP_ILLNESS["share_of_week"]
        return (
            f"After an illness: at most {share:.0f} % of your usual week in the first seven days, "
            "all of it easy. Fever, chest pain, breathlessness or palpitations: stop, and see a "
            "doctor."
        )
    if reason not in SCREENED:
        return ""
    share = RAMP_INJURY["bone_share"] if reason == "bone" else 1.0
    running, whole = share * RAMP_INJURY["max_run_min"], share * RAMP_INJURY["max_session_min"]
    text = (
        f"By minutes at first, however fit you were: in the first seven days at most {running:g} "
        f"minutes of running and {whole:g} in all in a session, with a day between. The next stage "
        "needs two sessions without more pain than its rules accept."
    )
    if problem.walks_first:
        text += (
            f" The pain was worse by the next morning: walk until {_date(first - DAY)}, and answer "
            f"the questions again before the first run on {_date(first)}."
        )
    return text


def _baseline_text(before: History, units: Units) -> str:
    if before.days_off < 0:
        return ""
    when = "So far" if before.carries_on else "Before the lay-off"
    if not before.baseline_week_km > 0:
        return f"{when}: no distance known."
    text = f"{when}: {distance_text(before.baseline_week_km, units)} a week"
    if before.longest_before_km > 0:
        text += f", longest run {distance_text(before.longest_before_km, units)}"
    return f"{text}."


def _goal_text(problem: PlanProblem, outcome: Outcome) -> str:
    task, units = problem.task, problem.request.athlete.units
    parts = [(task.week_km, "a week"), (task.long_km, "in one run")]
    goals = [f"{distance_text(km, units)} {what}" for km, what in parts if np.isfinite(km)]
    goal = f"Target {' and '.join(goals)}"
    if problem.ends_with_programme and problem.programme:
        goal = f"Target the last session of {problem.programme.title}"
    week = outcome.schedule.reached_week
    if outcome.reached and outcome.reached_on is not None:
        text = f"{goal}: reached on {_date(outcome.reached_on)}, in week {week}"
        text += " of the return" if outcome.plan["week"].iloc[0] > 1 else ""
        if not problem.ends_with_programme:
            km = outcome.plan.loc[outcome.plan["week"] == week, "distance_km"].sum()
            step = f" to {RAMP_GRID['step_km']:g} km" if units == "km" else ""
            text += f", with {distance_text(km, units)} in that week (runs are rounded down{step})"
        return f"{text}."
    # The limit that most runs of the last four weeks reach.
    reached = outcome.schedule.limited_by[: outcome.n_days][-int(WINDOWS["chronic"]) :]
    binds = ("session", "week", "weekly_change", "coupled", "run_days", "cap")
    most = Counter(name for name in reached if name in binds).most_common(1)
    binding = f"limited mostly by {REACHED_WORDS[most[0][0] if most else 'session']}"
    if outcome.reached_on is None:
        return f"{goal}: not reached within {RAMP_HORIZON['weeks']:.0f} weeks; {binding}."
    if outcome.cut is not None:
        return (
            f"{goal}: not reached before the days without a run from {_date(outcome.cut)} on, "
            "which are a lay-off of their own. The plan ends there: make a new plan after them "
            "(loadmon ramp)."
        )
    by = problem.request.last_day or task.history.first + (outcome.n_days - 1) * DAY
    at_all = f"at this pace it is reached on {_date(outcome.reached_on)}, in week {week}"
    return f"{goal}: not reached by {_date(by)}; {at_all}; {binding}."


def _unknown_text(before: History) -> str:
    if not before.unknown_days:
        return ""
    days = count_text(before.unknown_days, "day")
    window = f"the {int(WINDOWS['chronic'])} before {_date(before.first)}"
    return (
        f"Unknown: {days} of {window}. An unknown day counts as a day without running, which keeps "
        "the plan lower; add the missing files, or say that you rested (--rested)."
    )


# Where a plan continues: what was done, what was felt, what changed, and why.

_BECAME_WORDS = {
    "done": "done",
    "shortened": "shorter than planned",
    "overdone": "longer than planned",
    "missed": "missed",
    "extra": "not planned",
    "unknown": "not known",
}


def _progress_lines(
    problem: PlanProblem, progress: Progress, reached_on: pd.Timestamp | None
) -> list[str]:
    units, sessions, lines = problem.request.athlete.units, progress.sessions, []
    if len(sessions) and not progress.is_followed:
        lines.append(
            "The runs since the return do not match a plan that loadmon would have made: this one "
            "continues from what was run."
        )
    if progress.is_followed:
        counts = sessions["became"].value_counts()
        parts = [f"{counts[key]} {text}" for key, text in _BECAME_WORDS.items() if key in counts]
        missed = " Missed runs are not made up." if "missed" in counts else ""
        lines.append(f"Against the plan so far: {', '.join(parts)}.{missed}")
    over = sessions[sessions["became"] == "overdone"]
    if progress.is_followed and len(over):
        rows = zip(over["date"], over["run_km"], over["planned_km"], strict=True)
        day, *worst = max(rows, key=lambda r: r[1] - r[2])
        run, planned = (distance_text(km, units) for km in worst)
        lines.append(
            f"{day_text(day)}: {run} instead of {planned}. Running more than planned does not make "
            "the next runs longer."
        )
    before = progress.earlier_end
    if progress.is_followed and before and reached_on and before <= problem.request.until:
        lines.append(
            f"The goal was planned for {_date(before)}; this plan has it on {_date(reached_on)}."
        )
    elif progress.is_followed and before and reached_on and before != reached_on:
        days = (reached_on - before).days
        lines.append(
            f"The goal moves from {_date(before)} to {_date(reached_on)}, "
            f"{count_text(abs(days), 'day')} {'later' if days > 0 else 'earlier'}."
        )
    has_levels = problem.walks or problem.programme is not None
    silent = int((sessions["seen"] == UNKNOWN).sum())
    if silent and has_levels and problem.request.reason in SCREENED:
        lines.append(
            f"{count_text(silent, 'run')} without a diary entry on pain: not counted towards the "
            "next stage. Log it: loadmon log PATH --pain N --when next-morning"
        )
    return lines


# How the plan is meant.


def _pace_lines(problem: PlanProblem, outcome: Outcome) -> list[str]:
    if problem.ends_with_programme:
        return []
    is_back = problem.request.reason == "back-pain"
    if problem.request.pace == "steady":
        text = (
            "Pace steady: every fourth week repeats the one before, and beyond what you ran in the "
            "last two years there is one new longest run a week"
        )
        slower = "; it is the slower of the two"
    else:
        text = "Pace earliest: as fast as possible within the limits"
        slower = "; steady is the slower of the two, and meant for a return after back pain"
    lines = [f"{text}{slower if is_back else ''}."]
    if outcome.sooner is not None:
        on = _date(outcome.sooner)
        lines.append(f"Pace earliest, as fast as possible within the limits: reached on {on}.")
    return lines


def _minutes_text(problem: PlanProblem) -> str:
    easy = problem.easy
    pace = pace_text(60 * easy.min_per_km, problem.request.athlete.units)
    source = {
        "stated": "as you set it",
        "files": f"the median of {easy.n_runs} of your runs",
        "assumed": "assumed, because too few of your runs are known; set it: --easy-pace 7:30",
    }[easy.source]
    text = f"Minutes are for easy running at {pace} ({source})."
    if problem.programme:
        title, cited = problem.programme.title, problem.programme.source
        if problem.ends_with_programme:
            title = f"{title} ({cited})"
        else:
            text += " First by minutes, then by distance."
        return f"{text} Sessions: {title}, shortened where they would break a limit."
    if problem.walks:
        text += (
            " Runs are broken up by walks at first. Before the first of them, walk for "
            f"{WALK_RUN['walk_before_min']:.0f} minutes without pain."
        )
    return text


def _run_days_text(problem: PlanProblem) -> str:
    """On which days of the week the plan runs, and whose days they are."""
    task, history = problem.task, problem.history
    days = ", ".join(DAY_NAMES[d].title() for d in task.run_days)
    is_own = problem.request.run_days is None and any(history.pattern)
    text = f"Run days: {days}{', as in your own last weeks' if is_own else ''}."
    is_apart = history.is_apart or problem.limits.always_apart
    if is_apart and task.apart_days != task.run_days:
        first = ", ".join(DAY_NAMES[d].title() for d in task.apart_days)
        until = count_text(int(problem.limits.no_consecutive_days), "day")
        text += f" For the first {until} with a day between: {first}."
    return text


def _few_days_text(problem: PlanProblem, outcome: Outcome) -> str:
    """Where so few run days ask for runs that are longer than any of the two years before."""
    task, units = problem.task, problem.request.athlete.units
    longest, before = float(outcome.plan["distance_km"].max()), task.history.known_long_km
    if task.long_km < _INF or not longest > before > 0:
        return ""
    weeks = int(task.limits.no_consecutive_days) // WEEK
    return (
        f"With {count_text(len(task.run_days), 'run')} a week the longest is "
        f"{distance_text(longest, units)}, longer than any of the last two years "
        f"({distance_text(before, units)}): after {weeks} weeks make a new plan with more run days."
    )


# What limits the plan: loadmon's own limits, those of others, and what it bears.

#: Words and unit of each limit.
_LIMIT_WORDS = {
    "start_km": ("first run", "km"),
    "first_week_km": ("first week", "km"),
    "session_growth": ("growth of a run", "share"),
    "session_floor_km": ("growth of a run", "km"),
    "weekly_growth": ("growth of a week", "share"),
    "weekly_floor_km": ("growth of a week", "km"),
    "beyond_growth": ("growth of a week beyond the last two years", "share"),
    "coupled": ("coupled ratio", ""),
    "ratio_from_day": ("day from which the ratios bind", ""),
    "max_run_days_in_7": ("run days in seven", ""),
    "no_consecutive_days": ("days without two runs in a row", ""),
}


def _limits_text(limits: Limits, before: History, units: Units) -> str:
    def km(x: float) -> str:
        return distance_text(x, units)

    start = f"first run at most {km(before.start_km)}; " if before.start_km else ""
    if before.start_km:
        start += f"first week at most {km(before.early_week_km)}; "
    return (
        f"Limits: {start}a run at most {100 * limits.session_growth:g} % or "
        f"{km(limits.session_floor_km)} longer than the longest of 30 days; a week at most "
        f"{100 * limits.weekly_growth:g} % or {km(limits.weekly_floor_km)} more, and "
        f"{100 * min(limits.beyond_growth, limits.weekly_growth):g} % beyond what you ran in the "
        "last two years; from day "
        f"{limits.ratio_from_day} the acute:chronic ratio at most {limits.coupled:g} (coupled). "
        "They are choices of this project, not proven protection."
    )


def _own_limits_lines(problem: PlanProblem) -> list[str]:
    """Which limits are not loadmon's own, who set them, and which of them are looser."""
    limits, units = problem.limits, problem.request.athlete.units
    default, history = limits_for(problem.request.pace), problem.history
    start, week = return_to_run.start_caps(problem.daily, history.return_day)
    default = replace(default, start_km=start, first_week_km=week)
    looser: list[str] = []
    stricter: list[str] = []
    for name in NUMBERS:
        own, other = getattr(limits, name), getattr(default, name)
        if own in (None, other):
            continue
        words, unit = _LIMIT_WORDS[name]
        text = f"{words} {_value(own, unit, units)} (usually {_value(other, unit, units)})"
        (looser if (own > other) != (name == "no_consecutive_days") else stricter).append(text)
    whose = f" by {limits.author}" if limits.author else ""
    lines = [f"Limits set{whose}: {'; '.join(stricter)}."] if stricter else []
    if looser:
        lines.append(f"LOOSER than loadmon's own{whose}: {'; '.join(looser)}.")
    return lines + [_cap_text(cap, limits.author, units) for cap in limits.caps]


def _value(value: float, unit: str, units: Units) -> str:
    if unit == "km":
        return distance_text(value, units)
    return f"{100 * value:g} %" if unit == "share" else f"{value:g}"


def _cap_text(cap: Cap, author: str, units: Units) -> str:
    days = ", ".join(DAY_NAMES[d] for d in cap.days)
    texts = (
        (cap.run_km < _INF, f"a run at most {distance_text(cap.run_km, units)}"),
        (cap.run_min < _INF, f"at most {cap.run_min:g} minutes of running in a session"),
        (cap.week_km < _INF, f"at most {distance_text(cap.week_km, units)} in 7 days"),
        (bool(cap.days), f"runs on {days} only"),
    )
    parts = ["no run"] if cap.no_run else [text for is_set, text in texts if is_set]
    since = f" from {_date(pd.Timestamp(cap.since))}" if cap.since else ""
    until = f" until {_date(pd.Timestamp(cap.until))}" if cap.until else ""
    whose = cap.why or author or "asked for"
    return f"Cap ({whose}){since}{until}: {'; '.join(parts) or 'nothing'}."


def _spikes_text(problem: PlanProblem, outcome: Outcome) -> str:
    """Warn where a floor that the user set is above the one of the session check."""
    task, athlete = problem.task, problem.request.athlete
    km = task.history.longest_km + outcome.schedule.km[: outcome.n_days]
    spike = session_spike.limits_of(session_spike.DISTANCE_KM, athlete.limits)
    floor = session_spike.floor_of(session_spike.DISTANCE_KM, athlete.limits)
    ratio, window = spike["small"], int(spike["window_days"])
    if task.limits.session_floor_km <= floor and 1 + task.limits.session_growth <= ratio:
        return ""  # what the check allows beyond them, a try after a long lay-off, nobody set
    for day in range(len(task.history.km), len(km)):
        longest = max(km[max(0, day - window) : day], default=0.0)
        limit = session_spike.longest_allowed(longest, ratio, floor)
        if longest > 0 and km[day] > limit + 1e-9:
            step = distance_text(task.limits.session_floor_km, athlete.units)
            return f"You set steps of up to {step}: the session check will flag some of these runs."
    return ""


_LONGER = f"every run {100 * RAMP_REPLAY['longer']:.0f} % longer"
_MISSED = "a week missed, then carried on as planned"
#: How a plan was not followed, what is counted, and what to do.
_REPLAY_WORDS = {
    "longer": (_LONGER, "run", "stop at the planned distance"),
    "swapped": ("the last two runs of a week swapped", "week", "keep the order"),
    "missed": (_MISSED, "week", "make a new plan instead (loadmon ramp)"),
}


def replay_text(tried: Sequence[Replay], units: Units) -> str:
    """What still holds where a plan is not followed, and what to do where it does not."""
    parts, step = [], RAMP_GRID["step_km"]
    for replay in tried:
        how, what, then = _REPLAY_WORDS[replay.name]
        if not replay.broken:
            parts.append(f"{how}: within every limit")
            continue
        most = math.ceil(replay.over_km / step - 1e-9) * step
        over = f", by at most {distance_text(most, units)}" if most > 0 else ""
        counts = f"{replay.broken} of {count_text(replay.tried, what)}"
        parts.append(f"{how}: over a limit in {counts}{over}: {then}")
    return f"Tried out: {'; '.join(parts)}."
