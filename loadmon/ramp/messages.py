"""What is said of a plan: its reasons, its limits, its progress, in plain words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from loadmon.evidence.limits import WINDOWS
from loadmon.evidence.pain import DIARY_PAIN
from loadmon.evidence.ramp import RAMP_GRID, RAMP_HORIZON, RAMP_REPLAY, WALK_RUN
from loadmon.ramp.history import Before
from loadmon.ramp.problem import DAY_NAMES, Asked
from loadmon.ramp.progress import Again
from loadmon.ramp.schedule import Layout, Task
from loadmon.ramp.screening import PAINS, SCREENED, STOP_TEXT, UNKNOWN, site_for
from loadmon.ramp.session import Session
from loadmon.ramp.verify import Means, Story, ewma, violations
from loadmon.rules import return_to_run, session_spike
from loadmon.rules.limits import NUMBERS, Cap, Limits, limits_for
from loadmon.units import Units, count_text, day_text, distance_text, pace_text

# What a plan still holds when life is not as planned: three replays through the verifier.

#: How a plan was not followed, what is counted, and what to do.
_SAID = {
    "longer": (
        f"every run {100 * RAMP_REPLAY['longer']:.0f} % longer",
        "run",
        "stop at the planned distance",
    ),
    "swapped": ("the last two runs of a week swapped", "week", "keep the order"),
    "missed": (
        "a week missed and then on as planned",
        "week",
        "make a new plan instead (loadmon ramp)",
    ),
}
Found = list[tuple[int, str, float, float]]
Change = Callable[[list[float], list[int]], None]
#: Limits on something else than kilometres.
_NOT_KM = ("run_days", "cap")
_EPS = 1e-9
#: Days on which something that happened in a week can still break a limit. [d]
_LATER = int(RAMP_REPLAY["later_days"])


@dataclass(frozen=True, slots=True)
class Replay:
    """One way in which a plan was not followed to the letter.

    Parameters
    ----------
    name : {"longer", "swapped", "missed"}
        Every run some per cent longer; the two last runs of a week swapped; a week missed, and
        then on as planned.
    tried, broken : int
        Runs (``longer``) or weeks for which it was tried, and those that exceed a limit.
    over_km : float
        Most by which a limit on kilometres is exceeded, caps aside: theirs may be minutes. [km]
    limits : tuple of str
        Names of the limits that are exceeded.
    """

    name: str
    tried: int
    broken: int
    over_km: float
    limits: tuple[str, ...]


def replays(story: Story, plan: pd.DataFrame, limits: Limits) -> list[Replay]:
    """Replay a plan in each of the ways."""
    weeks = _weeks(story, plan["week"].tolist())
    return [_longer(story, limits), _swapped(story, limits, weeks), _missed(story, limits, weeks)]


def replay_text(tried: list[Replay], units: Units) -> str:
    """Say what still holds, and what to do where it does not."""
    return "Tried out: " + "; ".join(_one(replay, units) for replay in tried) + "."


def _one(replay: Replay, units: Units) -> str:
    """What one replay found."""
    how, what, then = _SAID[replay.name]
    if not replay.broken:
        return f"{how}: within every limit"
    most = math.ceil(replay.over_km / RAMP_GRID["step_km"] - _EPS) * RAMP_GRID["step_km"]
    over = f", by at most {distance_text(most, units)}" if most > 0 else ""
    return (
        f"{how}: over a limit in {replay.broken} of {count_text(replay.tried, what)}{over}: {then}"
    )


def _weeks(story: Story, numbers: list[int]) -> list[list[int]]:
    """Places of the planned runs of each week."""
    weeks: dict[int, list[int]] = {}
    for i, number in enumerate(numbers):
        if story.km[story.n_before + i] > 0:
            weeks.setdefault(number, []).append(story.n_before + i)
    return list(weeks.values())


def _longer(story: Story, limits: Limits) -> Replay:
    """Every planned run a little longer."""
    n, more = story.n_before, 1 + RAMP_REPLAY["longer"]
    km = [*story.km[:n], *(more * x for x in story.km[n:])]
    minutes = [more * x for x in story.minutes]
    found = violations(_with(story, km, minutes), limits)
    tried = sum(x > 0 for x in story.km[n:])
    return _told("longer", tried, [[f for f in found if f[0] == d] for d in {f[0] for f in found}])


def _swapped(story: Story, limits: Limits, weeks: list[list[int]]) -> Replay:
    """The two last runs of each week swapped, one week after the other."""
    able, means = [week for week in weeks if len(week) > 1], ewma(story)
    return _told("swapped", len(able), [_after(story, limits, w, _swap, means) for w in able])


def _missed(story: Story, limits: Limits, weeks: list[list[int]]) -> Replay:
    """Each week missed, and then on as planned, one week after the other."""
    able, means = weeks[:-1], ewma(story)
    return _told("missed", len(able), [_after(story, limits, w, _miss, means) for w in able])


def _swap(km: list[float], week: list[int]) -> None:
    a, b = week[-2:]
    km[a], km[b] = km[b], km[a]


def _miss(km: list[float], week: list[int]) -> None:
    for day in week:
        km[day] = 0.0


def _after(story: Story, limits: Limits, week: list[int], change: Change, means: Means) -> Found:
    """Limits that a changed week exceeds, in it or in the weeks after it."""
    km, minutes = list(story.km), list(story.minutes)
    change(km, week)
    change(minutes, week)
    until = min(len(km), week[-1] + _LATER)
    return violations(_with(story, km, minutes), limits, week[0], until, means)


def _with(story: Story, km: list[float], minutes: list[float]) -> Story:
    """The same history with other planned runs."""
    n = story.n_before
    ran = [*story.ran[:n], *(x != 0 for x in km[n:])]
    return replace(story, km=km, longest=[*story.longest[:n], *km[n:]], ran=ran, minutes=minutes)


def _told(name: str, tried: int, found: list[Found]) -> Replay:
    """Sum up what was found."""
    broken = [f for f in found if f]
    over = [v - b for f in broken for _, limit, v, b in f if limit not in _NOT_KM]
    names = dict.fromkeys(limit for f in broken for _, limit, _, _ in f)
    return Replay(name, tried, len(broken), max(over, default=0.0), tuple(names))


# What is said of the limits of a plan: which they are, who set them, and which are not usual.


_INF = float("inf")
#: What a run reaches (column ``limited_by`` of a plan), in words.
REACHED_WORDS = {
    "start": "the first run of a return",
    "session": "the growth of a single run",
    "week": "the growth of a week",
    "coupled": "the coupled acute:chronic ratio",
    "uncoupled": "the uncoupled acute:chronic ratio",
    "ewma": "the EWMA acute:chronic ratio",
    "cap": "a cap that was set",
    "pace": "one new longest run a week",
    "repeat": "every fourth week repeats",
    "target": "the target",
    "programme": "the programme",
    "run_days": "the run days",
}
#: Words and unit of each limit; a smaller value is the stricter one, unless it says otherwise.
_WORDS = {
    "start_km": ("first run", "km"),
    "session_growth": ("growth of a run", "share"),
    "session_floor_km": ("growth of a run", "km"),
    "weekly_growth": ("growth of a week", "share"),
    "weekly_floor_km": ("growth of a week", "km"),
    "coupled": ("coupled ratio", ""),
    "uncoupled": ("uncoupled ratio", ""),
    "ewma": ("EWMA ratio", ""),
    "ratio_from_day": ("day from which the ratios bind", ""),
    "max_run_days_in_7": ("run days in seven", ""),
    "no_consecutive_days": ("days without two runs in a row", ""),
}
_LARGER_IS_STRICTER = ("no_consecutive_days",)


def limits_text(limits: Limits, before: Before, units: Units) -> str:
    """Say what the plan is under."""

    def km(x: float) -> str:
        return distance_text(x, units)

    start = f"first run at most {km(before.start_km)}; " if before.start_km else ""
    if before.line_km < _INF:
        days = int(RAMP_HORIZON["compare_from_day"])
        start += f"before day {days} at most {km(before.line_km)} in 7 days; "
    return (
        f"Limits: {start}a run at most {_share(limits.session_growth)} or "
        f"{km(limits.session_floor_km)} longer than the longest since the return; a week at most "
        f"{_share(limits.weekly_growth)} or {km(limits.weekly_floor_km)} more; from day "
        f"{limits.ratio_from_day} the acute:chronic ratio at most {limits.coupled:g} coupled, "
        f"{limits.uncoupled:g} uncoupled, {limits.ewma:g} EWMA. Choices of this project, not "
        "proven protection."
    )


def own_limits_text(asked: Asked) -> list[str]:
    """Say which limits are not loadmon's own, who set them, and which of them are looser."""
    usual, units = limits_for(asked.request.pace), asked.request.athlete.units
    looser: list[str] = []
    stricter: list[str] = []
    for name in NUMBERS:
        own, other = getattr(asked.limits, name), getattr(usual, name)
        if own in (None, other):
            continue
        text = _changed(name, own, other, units)
        larger = other is None or own > other
        (looser if larger != (name in _LARGER_IS_STRICTER) else stricter).append(text)
    whose = f" by {asked.limits.author}" if asked.limits.author else ""
    lines = [f"Limits set{whose}: {'; '.join(stricter)}."] if stricter else []
    if looser:
        lines.append(f"LOOSER than loadmon's own{whose}: {'; '.join(looser)}.")
    return lines + [_cap_text(cap, asked.limits.author, units) for cap in asked.limits.caps]


def _changed(name: str, own: float, usual: float | None, units: Units) -> str:
    """One limit, and what it is without the change."""
    words, unit = _WORDS[name]
    before = "from the break" if usual is None else _value(usual, unit, units)
    return f"{words} {_value(own, unit, units)} (usually {before})"


def _value(value: float, unit: str, units: Units) -> str:
    """Number with its unit."""
    if unit == "km":
        return distance_text(value, units)
    return _share(value) if unit == "share" else f"{value:g}"


def _share(share: float) -> str:
    """Write a share in per cent."""
    return f"{100 * share:g} %"


def _cap_text(cap: Cap, author: str, units: Units) -> str:
    """Say what a cap caps, over which days, and whose it is."""
    parts = []
    if cap.no_run:
        parts.append("no run")
    else:
        if cap.run_km < _INF:
            parts.append(f"a run at most {distance_text(cap.run_km, units)}")
        if cap.run_min < _INF:
            parts.append(f"at most {cap.run_min:g} minutes of running in a session")
        if cap.week_km < _INF:
            parts.append(f"at most {distance_text(cap.week_km, units)} in 7 days")
        if cap.days:
            parts.append(f"runs on {', '.join(DAY_NAMES[d] for d in cap.days)} only")
    whose = cap.why or author or "asked for"
    return f"Cap ({whose}){_span(cap)}: {'; '.join(parts) or 'nothing'}."


def _span(cap: Cap) -> str:
    """Days over which a cap holds."""
    since = f" from {_day(cap.since)}" if cap.since else ""
    return since + (f" until {_day(cap.until)}" if cap.until else "")


def _day(day: date) -> str:
    """Write a day with its year."""
    return f"{day_text(pd.Timestamp(day))} {day.year}"


# What is said where a plan goes on: what was done, what was felt, what changed, and why.


_DAY = pd.Timedelta(days=1)
_DONE_WORDS = {
    "done": "done",
    "shortened": "shorter than planned",
    "overdone": "longer than planned",
    "missed": "missed",
    "extra": "not planned",
    "unknown": "not known",
}


def again_text(asked: Asked, reached_on: pd.Timestamp | None) -> list[str]:
    """Lines about the plan so far; none where it begins anew."""
    again, units = asked.again, asked.request.athlete.units
    lines = [_asked_by_diary(asked)]
    if len(again.sessions) and not again.is_followed:
        lines.append(
            "What was run since the return does not follow a plan from here: this one goes on from "
            "what was run."
        )
    if again.is_followed:
        lines += [_counts(again), _beyond(again, units), _moved(again, reached_on)]
    lines.append(_unlogged(asked))
    return [line for line in lines if line]


def _asked_by_diary(asked: Asked) -> str:
    """Say that the diary, not the runner, asked for the questions."""
    if asked.request.reason == asked.told_reason:
        return ""
    return (
        f"Your diary holds pain above {DIARY_PAIN['above']:g} of 10 in the last "
        f"{DIARY_PAIN['days']:.0f} days: the questions came first."
    )


def _counts(again: Again) -> str:
    """Count what became of the planned runs."""
    counts = again.sessions["became"].value_counts()
    told = [f"{counts[word]} {text}" for word, text in _DONE_WORDS.items() if word in counts]
    missed = " Missed runs are not caught up." if "missed" in counts else ""
    return f"Against the plan so far: {', '.join(told)}.{missed}"


def _beyond(again: Again, units: Units) -> str:
    """Name the run that went furthest beyond its plan."""
    over = again.sessions[again.sessions["became"] == "overdone"]
    if over.empty:
        return ""
    rows = zip(over["date"], over["run_km"], over["planned_km"], strict=True)
    day, run, planned = max(rows, key=lambda r: r[1] - r[2])
    return (
        f"{day_text(day)}: {distance_text(run, units)} instead of {distance_text(planned, units)}. "
        "What is run beyond a plan does not raise the next runs."
    )


def _moved(again: Again, reached_on: pd.Timestamp | None) -> str:
    """Say by how much the goal has moved."""
    before = again.earlier_end
    if before is None or reached_on is None or before == reached_on:
        return ""
    days = int((reached_on - before).days)
    way = "later" if days > 0 else "earlier"
    old, new = (f"{day_text(d)} {d.year}" for d in (before, reached_on))
    return f"The goal moves from {old} to {new}, {count_text(abs(days), 'day')} {way}."


def _unlogged(asked: Asked) -> str:
    """Say which runs do not count because nothing is told of them."""
    has_levels = asked.walks or asked.programme is not None
    seen = asked.again.sessions.get("seen", pd.Series(dtype="str"))
    silent = int((seen == UNKNOWN).sum())
    if not silent or asked.request.reason not in SCREENED or not has_levels:
        return ""
    return (
        f"{count_text(silent, 'run')} without a word on pain: not counted towards the next stage. "
        "Log it: loadmon log PATH --pain N --when next-morning"
    )


# What is said with a plan, in plain words.


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

    Returns four paragraphs with an empty line between: what was before and what is planned; how
    the plan is meant; what bounds it and how much it bears; the stop text.
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
        under = count_text(int(return_to_run.RAMP_START["no_ramp_under_days"]), "day")
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
    n, window = len(task.before.km), int(session_spike.SESSION_SPIKE["window_days"])
    ratio, floor = session_spike.SESSION_SPIKE["small"], session_spike.RAMP_SESSION["floor_km"]
    for day in range(n, len(km)):
        longest = max(km[max(0, day - window) : day], default=0.0)
        limit = session_spike.longest_allowed(longest, ratio, floor)
        if longest > 0 and km[day] > limit + 1e-9:
            return (
                f"Steps of up to {distance_text(task.limits.session_floor_km, units)} are your "
                "limit: the session check will flag some of these runs."
            )
    return ""
