"""What a plan has to solve: the request, checked, beside the history it meets."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations
from typing import Any, Literal

import numpy as np
import pandas as pd

from loadmon.arguments import amount_of, check_choice, check_kind, items_of, quoted
from loadmon.athlete import Athlete
from loadmon.calendar import Day, day_of, is_too_long, written
from loadmon.errors import SettingError
from loadmon.evidence.ramp import (
    AFTER_BONE,
    EASY_PACE,
    PROGRAMMES,
    RAMP_GRID,
    RAMP_HORIZON,
    RAMP_ILLNESS,
    RAMP_INJURY,
    RAMP_LONG_RUN,
    RAMP_NOVICE,
    RAMP_PATTERN,
    RAMP_PROPORTION,
    WALK_RUN,
    WALK_RUN_MINUTES,
    WALK_RUN_STAGES,
    Programme,
)
from loadmon.ramp.history import (
    DAY,
    Archive,
    History,
    build_history,
    days_before,
    largest_mean_week,
)
from loadmon.ramp.screening import (
    SCREENED,
    Answers,
    Reason,
    check_reason,
    checked,
    is_worse_next_morning,
)
from loadmon.rules import rest, return_to_run
from loadmon.rules.context import WEEK
from loadmon.rules.limits import PACES, Cap, Limits, Pace, limits_for

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Why a plan waits.
NO_ROOM_TEXT = "the runs of the last seven days leave no room for a first week"
_INF = float("inf")

RunDays = str | Sequence[str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The options of `loadmon.plan_ramp`, as they were given."""

    resume: Day
    target_km: float | None = None
    target_long_km: float | None = None
    by: Day | None = None
    pace: Pace = "steady"
    reason: Reason = "rest"
    screening: Answers | None = None
    run_days: RunDays | None = None
    limits: Limits | Mapping[str, Any] | None = None
    athlete: Athlete = field(default_factory=Athlete)
    as_of: Day | None = None
    programme: str | None = None
    easy_pace: str | float | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant, by the name of the argument."""
        day_of(self.resume, "resume")
        for name, day in (("by", self.by), ("as_of", self.as_of)):
            if day is not None:
                day_of(day, name)
        for name, km in (("target_km", self.target_km), ("target_long_km", self.target_long_km)):
            if km is not None:
                amount_of(km, name)
        check_choice(self.pace, PACES, "pace")
        check_reason(self.reason)
        if self.screening is not None:
            check_kind(self.screening, Mapping, "screening", "a mapping of answers")
        if self.limits is not None:
            check_kind(self.limits, (Limits, Mapping), "limits", "Limits or a mapping of them")
        check_kind(self.athlete, Athlete, "athlete", "an Athlete")

    @property
    def bounds(self) -> Limits:
        """Limits of the pace, changed by the runner and by what was asked for."""
        return limits_for(self.pace, self.limits, self.athlete.limits)

    @property
    def first_day(self) -> pd.Timestamp:
        """Day from which to run."""
        return day_of(self.resume, "resume")

    @property
    def last_day(self) -> pd.Timestamp | None:
        """Last day on which the goal may be reached."""
        return None if self.by is None else day_of(self.by, "by")

    @property
    def answers(self) -> dict[str, bool | float | str]:
        """Answers to the questions, checked."""
        return checked(self.screening)

    @property
    def until(self) -> pd.Timestamp:
        """Last day whose activities count."""
        eve = self.first_day - DAY
        return eve if self.as_of is None else min(day_of(self.as_of, "as_of"), eve)


@dataclass(frozen=True, slots=True)
class Task:
    """What the planner is given: where to start from, within which limits, towards what."""

    history: History
    limits: Limits  # caps on minutes of running stand as kilometres too
    pace: Pace
    run_days: tuple[int, ...]  # weekdays; 0 is Monday
    apart_days: tuple[int, ...]  # those of the weeks that keep a day between two runs
    #: Goals; infinite where not asked for. A week is not larger, unless `long_km` is still to come.
    week_km: float = _INF
    long_km: float = _INF

    @property
    def long_only(self) -> bool:
        """Whether a long run is wanted and no week."""
        return self.week_km == _INF and self.long_km < _INF

    def shares(self, days: Sequence[int]) -> list[float]:
        """Shares of a week of some weekdays, in their order: those of the runner, or of a goal.

        Towards a long run one day, the last of those with the largest share, has more than others.
        """
        pattern, n = self.history.pattern, len(days)
        own = [pattern[d % WEEK] for d in days]
        known = [x for x in own if x > 0]
        mean = sum(known) / len(known) if known else 1.0
        own = [x or mean for x in own]
        shares = [x / sum(own) for x in own]
        if self.long_km < _INF and n > 1:
            long = self.long_km / self.week_km if self.week_km < _INF else 0.0
            long = max(long, RAMP_LONG_RUN["over_others"] / (RAMP_LONG_RUN["over_others"] + n - 1))
            at = max(range(n), key=lambda i: (shares[i] >= max(shares) - 1e-9, i))
            shares = [long if i == at else (1 - long) / (n - 1) for i in range(n)]
        return shares


@dataclass(frozen=True, slots=True)
class EasyPace:
    """How many minutes a kilometre of easy running takes, and who says so."""

    min_per_km: float
    source: Literal["stated", "files", "assumed"]  # files: the median of `n_runs` own runs
    n_runs: int = 0


@dataclass(frozen=True, slots=True)
class PlanProblem:
    """What a request means for this runner on that day."""

    request: Request
    daily: pd.DataFrame  # up to the day before the plan
    limits: Limits  # as asked for, with the caps of the reason
    task: Task
    easy: EasyPace
    #: Walk-run by minutes: the one that was asked for, else that after injury or pain.
    programme: Programme | None
    walks: bool  # begin with walk-run of the planned distances: after a long lay-off

    @property
    def history(self) -> History:
        """What was run before."""
        return self.task.history

    @property
    def ends_with_programme(self) -> bool:
        """Whether the programme itself is the goal."""
        return self.request.programme is not None

    @property
    def walks_first(self) -> bool:
        """Whether the plan begins with days of walking, as the pain was worse by next morning."""
        return len(_walking_caps(self.request)) > 0


@dataclass(slots=True)
class Known:
    """What requests of one runner share: the days of the files, and what was before a plan."""

    recorded: pd.DataFrame  # of `recorded_days`
    _before: dict[tuple[Any, ...], tuple[pd.DataFrame, History]] = field(default_factory=dict)

    def before(self, first: pd.Timestamp, limits: Limits) -> tuple[pd.DataFrame, History]:
        """Days before the first of a plan, and what follows from them."""
        steps = limits.session_growth, limits.session_floor_km
        key = (first, limits.always_return, limits.start_km, *steps)
        if key not in self._before:
            daily = days_before(self.recorded, first)
            history = build_history(daily, first, limits)
            self._before[key] = daily, history
            if not history.carries_on:  # a return even where nothing asks for one
                self._before[first, True, *key[2:]] = daily, history
        return self._before[key]


def build_problem(
    archive: Archive,
    request: Request,
    known_until: Callable[[pd.Timestamp], Known],
    wait_until: pd.Timestamp | None = None,
) -> PlanProblem:
    """Check what is asked for, and find what was before.

    `wait_until`: last day up to which the runs of the days before leave no room for a plan.
    """
    _check_goals(request)
    _check_days(archive, request)
    limits, resume = request.bounds, request.first_day
    known = known_until(request.until)
    programme = _programme(request)
    limits = replace(
        limits,
        always_return=limits.always_return or request.reason != "rest",
        always_apart=limits.always_apart or programme is not None,
    )
    daily, history = known.before(resume, limits)
    days, apart_days = _run_days(request, history, limits, programme)
    caps = (*limits.caps, *_walking_caps(request), *_waiting_caps(request, wait_until))
    before = partial(known.before, limits=limits)
    daily, history = settled(resume, before, (days, apart_days), replace(limits, caps=caps))
    easy = easy_pace(archive.activities, history.last_run, request.easy_pace)
    if not history.carries_on:
        week = _first_week_km(request, daily, history)
        if limits.first_week_km is not None:
            week = min(week, limits.first_week_km)
        if request.reason in SCREENED:
            minutes = _first_minutes(request.reason)[0]
            week = min(week, len(apart_days) * minutes / easy.min_per_km)
        weeks = (min(week, km) for km in (history.early_week_km, history.left_week_km))
        early, left = weeks
        history = replace(history, early_week_km=early, left_week_km=left)
    limits = replace(limits, caps=(*caps, *_first_week_caps(request, history)))
    return _with_goal(request, daily, history, (days, apart_days), easy, programme, limits)


def settled(
    resume: pd.Timestamp,
    before: Callable[[pd.Timestamp], tuple[pd.DataFrame, History]],
    days: tuple[tuple[int, ...], tuple[int, ...]],
    limits: Limits,
) -> tuple[pd.DataFrame, History]:
    """What was `before` the first day that a plan can run on, from a day on.

    `days`: weekdays of a plan, and those of its weeks that keep a day between two runs. Which of
    the two count may change with every day waited for: a longer lay-off keeps days apart.
    """
    daily, history = before(resume)
    while True:
        is_apart = history.is_apart or limits.always_apart
        first = first_run_day(days[is_apart], history.first, limits.caps)
        is_begun = history.mid_return  # the days of a return go on, whichever is the next run day
        if first == history.first and not is_begun and _is_closed(history, first, limits, is_apart):
            first = first_run_day(days[is_apart], first + DAY, limits.caps)
        if first == history.first:
            return daily, with_left(history, history.earlier, days[is_apart], limits)
        daily, history = before(first)


def _is_closed(history: History, day: pd.Timestamp, limits: Limits, is_apart: bool) -> bool:
    """Whether the days run before a plan rule out a run on one of its first days."""
    most, usual = limits.max_run_days_in_7, return_to_run.RAMP_DAYS["max_in_7"]
    ran = history.ran + [False] * int((day - history.first).days)
    return (is_apart and any(ran[-1:])) or rest.is_full(ran, most, usual)


def with_left(
    history: History, earlier: return_to_run.EarlierWeeks, days: tuple[int, ...], limits: Limits
) -> History:
    """Complete a history by what a return on the first day with a run would begin with.

    `earlier`: its weeks, or those of them that count.
    """
    is_apart = history.is_apart or limits.always_apart
    first = first_run_day(days, history.first, limits.caps)
    if not history.km:
        return replace(history, left_week_km=0.0)
    while _is_closed(history, first, limits, is_apart):
        first = first_run_day(days, first + DAY, limits.caps)
    begin = len(history.km) + (first - history.first).days
    return replace(history, left_week_km=return_to_run.first_week_km(earlier, begin))


def change_request(problem: PlanProblem, request: Request) -> PlanProblem:
    """Problem of another request that differs in goal, growth or diary alone."""
    _check_goals(request)
    task, easy, programme = problem.task, problem.easy, problem.programme
    before = problem.limits
    own = replace(
        request.bounds,
        caps=before.caps,
        always_apart=before.always_apart,
        always_return=before.always_return,
    )
    days = task.run_days, task.apart_days
    return _with_goal(request, problem.daily, task.history, days, easy, programme, own)


def _with_goal(
    request: Request,
    daily: pd.DataFrame,
    history: History,
    run_days: tuple[tuple[int, ...], tuple[int, ...]],
    easy: EasyPace,
    programme: Programme | None,
    limits: Limits,
) -> PlanProblem:
    days, apart_days = run_days
    ends = request.programme is not None
    week, long = (_INF, _INF) if ends else _goal(history, request, len(days))
    _check_proportion(week, request, daily)
    is_long = history.days_off < 0 or history.longest_days_off > WALK_RUN["from_days_off"]
    walks = is_long and not (programme or history.carries_on)
    bounds = caps_in_km(limits, easy)
    task = Task(history, bounds, request.pace, days, apart_days, week, long)
    return PlanProblem(request, daily, bounds, task, easy, programme, walks)


# What the reason of a break asks for.


def _programme(request: Request) -> Programme | None:
    """Programme that was asked for, else the one in minutes after injury, pain or a bone."""
    if request.programme is not None:
        return find_programme(request.programme)
    if request.reason not in SCREENED:
        return None
    return AFTER_BONE if request.reason == "bone" else WALK_RUN_MINUTES


def _walking_caps(request: Request) -> tuple[Cap, ...]:
    """No run on the first days where pain was worse by the next morning."""
    if request.reason not in SCREENED or not is_worse_next_morning(request.answers):
        return ()
    days = RAMP_INJURY["walking_days"]
    until = request.first_day + (days - 1) * DAY
    why = "the pain was worse by the next morning: walk instead, then answer the questions again"
    return (Cap(since=request.first_day.date(), until=until.date(), run_km=0.0, why=why),)


def _waiting_caps(request: Request, until: pd.Timestamp | None) -> tuple[Cap, ...]:
    if until is None or until < request.first_day:
        return ()
    since = request.first_day.date()
    return (Cap(since=since, until=until.date(), run_km=0.0, why=NO_ROOM_TEXT),)


def _first_minutes(reason: Reason) -> tuple[float, float]:
    """Most minutes of running, and in all, of a session of the first week after injury or pain."""
    share = RAMP_INJURY["bone_share"] if reason == "bone" else 1.0
    return share * RAMP_INJURY["max_run_min"], share * RAMP_INJURY["max_session_min"]


def _first_week_caps(request: Request, history: History) -> tuple[Cap, ...]:
    """Most minutes of a session in the first seven days of a return after injury or pain."""
    if request.reason not in SCREENED:
        return ()
    begin = history.return_day
    since, until = begin.date(), (begin + (WEEK - 1) * DAY).date()
    running, whole = _first_minutes(request.reason)
    after = {"bone": "after a bone stress injury", "back-pain": "with a sore back"}
    why = f"first week {after.get(request.reason, 'after an injury')}"
    return (Cap(since=since, until=until, run_min=running, session_min=whole, why=why),)


def _first_week_km(request: Request, daily: pd.DataFrame, history: History) -> float:
    """Most of the first seven days after an illness, or of a heavy beginner; else infinite. [km]"""
    most = _INF
    if request.reason == "illness" and history.usual_week_km > 0:
        most = RAMP_ILLNESS["share_of_week"] * history.usual_week_km
    heavy = _heavy_week_km(request.athlete)
    if heavy is not None and history.starts_small:
        most = min(most, return_to_run.start_caps(daily, history.return_day, heavy)[1])
    return most


def _heavy_week_km(athlete: Athlete) -> float | None:
    """First week of a beginner whose body mass index is over the limit, one step under 3 km."""
    bmi = athlete.mass_kg / athlete.height_m**2  # NaN: not known
    if not bmi > RAMP_NOVICE["bmi_above"]:
        return None
    return RAMP_NOVICE["heavy_week_km"] - RAMP_GRID["step_km"]


# Which goals and days can be meant.


def _goal(history: History, request: Request, n_runs: int) -> tuple[float, float]:
    """Weekly and long-run target; infinite where not asked for. [km]"""
    week, long = request.target_km, request.target_long_km
    if week is None and long is None:
        if not history.baseline_week_km >= RAMP_GRID["shortest_km"]:
            raise SettingError(
                "hardly any running before the lay-off is known: set a target with target_km=20 "
                "(--target-km 20)"
            )
        return history.baseline_week_km, _INF
    if week is not None and long is not None and week > n_runs * long:
        raise SettingError(
            f"target_km {week:g} in {n_runs} runs a week needs runs longer than target_long_km "
            f"{long:g}: raise it, or choose more run days"
        )
    if week is not None and long is not None and long > week:
        raise SettingError(
            f"target_long_km {long:g} is more than a week of target_km {week:g}: lower it, or "
            "raise target_km"
        )
    return _INF if week is None else week, _INF if long is None else long


def _check_proportion(week_km: float, request: Request, daily: pd.DataFrame) -> None:
    """Refuse a weekly target out of proportion to anything that was run."""
    if request.target_km is None or week_km <= RAMP_PROPORTION["week_km"]:
        return
    most = RAMP_PROPORTION["times"] * largest_mean_week(
        np.nan_to_num(daily["load"].to_numpy(dtype=float))
    )
    if week_km > most:
        largest = most / RAMP_PROPORTION["times"]
        raise SettingError(
            f"target_km {week_km:g} is out of proportion: the largest mean week of four in your "
            f"files is {largest:.0f} km, and a plan goes to twice that, or to "
            f"{RAMP_PROPORTION['week_km']:g} km; plan a part of it first"
        )


def _check_days(archive: Archive, request: Request) -> None:
    """Refuse a day of return that cannot be meant."""
    resume, before = request.first_day, archive.activities["date"].to_numpy()
    if request.as_of is not None:
        as_of = day_of(request.as_of)
        if resume < as_of:
            raise SettingError(
                f"resume {written(resume)} is past, the plan is made on {written(as_of)}: give a "
                "day from then on"
            )
        days = int(RAMP_PROPORTION["days_ahead"])
        if resume > as_of + days * DAY:
            raise SettingError(
                f"resume {written(resume)} is more than {days} days after {written(as_of)}: nobody "
                "can plan that far; write the day that you mean"
            )
    before = before[before < resume.to_datetime64()]
    last = pd.Timestamp(before.max()) if len(before) else None
    is_far = last is not None and is_too_long(last, resume)
    if is_far or resume.year > 9900:  # calendars end with 9999, and plans go on for years
        since = "" if last is None else f", the last recorded day is {written(last)}"
        raise SettingError(
            f"resume {written(resume)} is too far ahead{since}: write the day that you mean"
        )


def _check_goals(request: Request) -> None:
    """Refuse a goal that cannot be meant, and one beside a programme."""
    goals = {"target_km": request.target_km, "target_long_km": request.target_long_km}
    for name, km in goals.items():
        if km is not None and not RAMP_GRID["shortest_km"] <= km < _INF:
            raise SettingError(f"{name} must be at least {RAMP_GRID['shortest_km']:g}, got {km}")
        if km is not None and request.programme is not None:
            raise SettingError(f"a programme has a goal of its own: leave {name} or programme out")


def find_programme(key: str) -> Programme:
    """Published programme by its name."""
    if key not in PROGRAMMES:
        near = difflib.get_close_matches(key, PROGRAMMES, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(PROGRAMMES)}"
        raise SettingError(f"no programme {key!r}; {hint}")
    return PROGRAMMES[key]


# On which days of the week a plan runs.


def _run_days(
    request: Request, history: History, limits: Limits, programme: Programme | None
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Weekdays of a plan, and those of its weeks that keep a day between two runs."""
    caps, is_apart = limits.caps, history.is_apart or limits.always_apart
    most = WEEK if programme is None else programme.max_in_7
    if request.run_days is not None:
        days = weekdays(request.run_days)
        apart = is_apart and history.days_since < limits.no_consecutive_days
        check_run_days(days, limits, apart=apart, most=most)
        return days, days
    named = next((cap.days for cap in caps if cap.days), ())
    own = tuple(d for d in range(WEEK) if history.pattern[d] > 0)
    spread = tuple(sorted((history.return_day.weekday() + d) % WEEK for d in (0, 2, 5)))
    days = named or own or spread
    shares = [history.pattern[d] for d in range(WEEK)]
    most = min(most, int(RAMP_PATTERN["most_apart"]))  # a programme asks for as many
    size = min(len(days), most) if programme is None else most
    return days, days_apart(days, shares, size, history.return_day.weekday())


def days_apart(
    days: tuple[int, ...], shares: Sequence[float], size: int, begin: int
) -> tuple[int, ...]:
    """So many weekdays with a day between each two.

    As many of the given as can be, of those the ones with the larger shares, and else the first
    from the weekday on which the plan begins.
    """
    sets = (
        chosen
        for chosen in combinations(range(WEEK), size)
        if not any((d + 1) % WEEK in chosen for d in chosen)
    )

    def rank(chosen: tuple[int, ...]) -> tuple[float, ...]:
        # rounded: the same shares summed in another order are as large
        share = round(sum(shares[d] for d in chosen), 9)
        sooner = sorted((d - begin) % WEEK for d in chosen)
        return len(set(chosen) & set(days)), share, *(-d for d in sooner)

    return max(sets, key=rank)


def weekdays(run_days: RunDays) -> tuple[int, ...]:
    """Run days as weekdays, as named by the caller."""
    given = run_days.split(",") if isinstance(run_days, str) else items_of(run_days, "run_days")
    days = [_weekday(d) for d in given]
    if not days:
        raise SettingError("run_days holds no day; name some: mon,wed,sat")
    if len(days) > WEEK:
        raise SettingError(f"run_days: at most {WEEK} runs a week can be planned, not {len(days)}")
    if len(set(days)) < len(days):
        raise SettingError("run_days names a day twice: one run a day is planned")
    return tuple(sorted(days))


def _weekday(text: str | int) -> int:
    name = str(text).strip().lower()
    if name.isdigit() and int(name) < WEEK:
        return int(name)
    if name[:3] in DAY_NAMES and name.isalpha():
        return DAY_NAMES.index(name[:3])
    names = ", ".join(DAY_NAMES)
    raise SettingError(f"run_days: no weekday: {quoted(text)}; write one of {names} or 0 to 6")


def check_run_days(days: tuple[int, ...], limits: Limits, *, apart: bool, most: int = WEEK) -> None:
    """Refuse run days that the limits, or a programme of `most` sessions a week, rule out."""
    names = ",".join(DAY_NAMES[d] for d in days)
    most = min(most, limits.max_run_days_in_7)
    if len(days) > most:
        raise SettingError(
            f"run_days {names}: at most {most} run days in seven; leave out {len(days) - most}"
        )
    pairs = [(a, (a + 1) % WEEK) for a in days if (a + 1) % WEEK in days]
    if apart and pairs:
        a, b = pairs[0]
        raise SettingError(
            f"run_days {names}: {DAY_NAMES[a]} and {DAY_NAMES[b]} are next to each other, and for "
            f"the first {limits.no_consecutive_days} days of a return no two run days are; choose "
            "days with a day between, such as mon,wed,sat"
        )


def first_run_day(
    days: tuple[int, ...], resume: pd.Timestamp, caps: Sequence[Cap] = ()
) -> pd.Timestamp:
    """First of the run days on or after `resume` that no cap bars."""
    for wait in range(int(RAMP_HORIZON["weeks"]) * WEEK):
        day = resume + wait * DAY
        if day.weekday() in days and not any(cap.bars(day.date()) for cap in caps):
            return day
    names = ",".join(DAY_NAMES[d] for d in days)
    raise SettingError(f"the caps of limits leave no run on any {names}: choose other run days")


# The easy pace that turns the kilometres of a plan into minutes.


def easy_pace(
    activities: pd.DataFrame, until: pd.Timestamp, stated: str | float | None = None
) -> EasyPace:
    """Pace of easy running as stated, or the median of the runs before; with few runs, assumed."""
    if stated is not None:
        return EasyPace(_minutes(stated), "stated")
    is_run, days = (activities["sport"] == "running").to_numpy(), activities["date"].to_numpy()
    km, minutes = (activities[c].to_numpy(dtype=float) for c in ("distance_km", "duration_min"))
    at = is_run & (days <= until.to_datetime64()) & (km >= EASY_PACE["min_km"])
    paces, days = minutes[at] / km[at], days[at]
    is_easy = (paces >= EASY_PACE["fastest"]) & (paces <= EASY_PACE["slowest"])
    lately = days[is_easy] >= (until - EASY_PACE["days"] * DAY).to_datetime64()
    most = max(int(lately.sum()), int(EASY_PACE["min_runs"]))  # else the last few, however long ago
    paces = paces[is_easy][-most:]
    if len(paces) < EASY_PACE["min_runs"]:
        return EasyPace(EASY_PACE["assumed"], "assumed")
    return EasyPace(float(np.median(paces)), "files", len(paces))


def _minutes(text: str | float) -> float:
    """Minutes per kilometre as written: ``7:30`` or 7.5."""
    is_told = isinstance(text, str | int | float) and not isinstance(text, bool)
    minutes, _, seconds = (str(text) if is_told else "").partition(":")
    try:
        value = float(minutes) + (float(seconds) / 60 if seconds else 0.0)
    except ValueError:
        value = float("nan")
    if not EASY_PACE["fastest"] <= value <= EASY_PACE["slowest"]:
        raise SettingError(
            f"easy_pace {quoted(text)}: minutes for a kilometre, like 7:30, between "
            f"{EASY_PACE['fastest']:g} and {EASY_PACE['slowest']:g}"
        )
    return value


def caps_in_km(limits: Limits, pace: EasyPace) -> Limits:
    """Limits whose caps on minutes of running also stand as kilometres, for the planner."""
    each = pace.min_per_km
    # Of a session broken up by walks at least half of what is left of its warm-up is running.
    around = 2 * WALK_RUN["warm_up_min"] + WALK_RUN_STAGES["walk_1"]
    caps = (
        replace(
            cap,
            run_km=min(
                cap.run_km, cap.run_min / each, max(0.0, cap.session_min - around) / 2 / each
            ),
        )
        for cap in limits.caps
    )
    return replace(limits, caps=tuple(caps))
