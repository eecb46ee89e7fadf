"""Weekly totals and days of a plan: what the limits allow, week by week and run by run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from loadmon.evidence.limits import WINDOWS
from loadmon.evidence.ramp import RAMP_GRID, RAMP_HORIZON, RAMP_LONG_RUN
from loadmon.ramp.history import Before
from loadmon.rules import acwr, rest, return_to_run, session_spike
from loadmon.rules.limits import Limits, Pace

# What the limits leave on a day or for a week of a plan, given every day before.

_ACUTE, _CHRONIC = int(WINDOWS["acute"]), int(WINDOWS["chronic"])
_SHORT, _LONG = 2 / (_ACUTE + 1), 2 / (_CHRONIC + 1)
_COMPARE = int(RAMP_HORIZON["compare_from_day"])
_INF = float("inf")


@dataclass(slots=True)
class Course:
    """Days run and days planned so far, with the limits they are under.

    Parameters
    ----------
    before : Before
        What was run before.
    limits : Limits
        What no day may exceed.
    km, longest_km : list of float
        Load and longest run of each recorded day, then of each planned one. [km]
    ran : list of bool
        Whether each of these days has a run.
    """

    before: Before
    limits: Limits
    km: list[float] = field(default_factory=list)
    longest_km: list[float] = field(default_factory=list)
    ran: list[bool] = field(default_factory=list)
    _ewma: tuple[int, float, float] = (0, 0.0, 0.0)

    def __post_init__(self) -> None:
        """Begin with the recorded days."""
        self.km = list(self.before.km)
        self.longest_km = list(self.before.longest_km)
        self.ran = list(self.before.ran)

    def age(self, day: int) -> int:
        """Day of the return; the first run is day 1."""
        return day - self.before.origin + 1

    def add_week(self) -> None:
        """Append days without a run up to the end of the next week of the return or of the plan."""
        self._settle()
        is_first = len(self.km) == len(self.before.km)
        days = _ACUTE - (self.before.days_since % _ACUTE if is_first else 0)
        self.km += [0.0] * days
        self.longest_km += [0.0] * days
        self.ran += [False] * days

    def put(self, day: int, km: float) -> None:
        """Plan a run, or none."""
        self.km[day] = self.longest_km[day] = km
        self.ran[day] = km > 0

    def when(self, day: int) -> date:
        """Local day of a place."""
        return self.before.first.date() + timedelta(days=day - len(self.before.km))

    def barred(self, day: int) -> bool:
        """Whether a cap leaves no run on a day."""
        return any(cap.bars(self.when(day)) for cap in self.limits.caps)

    def capped(self, day: int) -> float:
        """Longest run that the caps leave on a day. [km]"""
        caps = self.limits.caps
        return min((c.run_km for c in caps if c.holds(self.when(day))), default=_INF)

    def closed(self, day: int) -> bool:
        """Whether the days run before rule out a run on this one."""
        apart = return_to_run.day_between(self.age(day) - 1, self.limits.no_consecutive_days)
        if apart and day > 0 and self.ran[day - 1]:
            return True
        others = sum(self.ran[max(0, day - 6) : day])
        return not rest.run_day_allowed(others, 0, _ACUTE - self.limits.max_run_days_in_7, _INF)

    def longest_since(self, day: int, until: int) -> float:
        """Longest run since the return in the days before `until` of the 30 before `day`. [km]

        The start cap of the return where none of them has a known distance.
        """
        window = int(session_spike.SESSION_SPIKE["window_days"])
        first = max(day - window, self.before.origin)
        return max(self.longest_km[first:until], default=0.0) or self.before.start_km

    def grown(self, longest_km: float) -> float:
        """Longest run after the longest so far. [km]"""
        ratio, floor = 1 + self.limits.session_growth, self.limits.session_floor_km
        return session_spike.longest_allowed(longest_km, ratio, floor)

    def session_cap(self, day: int) -> float:
        """Longest run on one day, caps aside. [km]"""
        if day == self.before.origin:
            return self.before.start_km
        return self.grown(self.longest_since(day, day))

    def slacks(self, day: int) -> dict[str, float]:
        """How far each limit that is linear in the load is from being reached. [km]"""
        acute = self._sum(day, _ACUTE)
        out = {"week": self._week_bound(day) - acute, "cap": self._week_cap(day) - acute}
        if self.age(day) >= self.limits.ratio_from_day:
            chronic = self._sum(day, _CHRONIC)
            out["coupled"] = acwr.room("coupled", acute, chronic, self.limits.coupled)
            out["uncoupled"] = acwr.room("uncoupled", acute, chronic, self.limits.uncoupled)
            out["ewma"] = acwr.room("ewma", *self._means(day), self.limits.ewma)
        return out

    def weeks_before(self, day: int) -> list[float]:
        """Sums of up to three weeks before the week that ends on `day`, oldest first. [km]

        Only weeks that lie wholly after the return.
        """
        ends = [day - n * _ACUTE for n in (3, 2, 1)]
        return [self._sum(e, _ACUTE) for e in ends if self.age(e) >= _ACUTE]

    def left_in_week(self, start: int) -> dict[str, float]:
        """What the limits of a whole week leave of the one that begins on `start`. [km]"""
        end = start + _ACUTE - 1
        ratios = self.age(end) >= self.limits.ratio_from_day
        bounds = week_bounds(self.weeks_before(end), self.limits, ratios=ratios)
        bounds["cap"] = self._week_cap(end)
        planned = self._sum(end, _ACUTE)
        return {name: bound - planned for name, bound in bounds.items()}

    def rooms(self, day: int) -> dict[str, float]:
        """Longest run that each linear limit leaves on one day, negative if none. [km]"""
        self.put(day, 0.0)
        none = self.slacks(day)
        self.put(day, 1.0)
        one = self.slacks(day)
        self.put(day, 0.0)
        return {k: none[k] / (none[k] - one[k]) for k in none if one[k] < none[k] < _INF}

    def _week_bound(self, day: int) -> float:
        """Most in the seven days that end on `day`."""
        if self.age(day) < _COMPARE:
            return self.before.line_km
        return weekly_growth(self.weeks_before(day), self.limits)

    def _week_cap(self, day: int) -> float:
        """Most in the seven days that end on `day` by the caps."""
        caps = self.limits.caps
        return min((c.week_km for c in caps if c.holds(self.when(day))), default=_INF)

    def _sum(self, day: int, days: int) -> float:
        """Load of the days that end on `day`."""
        return sum(self.km[max(0, day + 1 - days) : day + 1])

    def _settle(self) -> None:
        """Carry the exponential means to the last day that no longer changes."""
        last = len(self.km) - 1
        self._ewma = (last, *self._means(last)) if self.km else (-1, 0.0, 0.0)

    def _means(self, day: int) -> tuple[float, float]:
        """Exponentially weighted means of 7 and 28 days, seeded with the first day."""
        at, short, long = self._ewma
        if at == 0:
            short = long = self.km[0]
        for x in self.km[at + 1 : day + 1]:
            short += _SHORT * (x - short)
            long += _LONG * (x - long)
        return short, long


def weekly_growth(weeks: Sequence[float], limits: Limits) -> float:
    """Most in a week after the largest of the weeks before.

    Returns infinite after no week. [km]
    """
    if not weeks:
        return _INF
    largest = max(weeks)
    return max((1 + limits.weekly_growth) * largest, largest + limits.weekly_floor_km)


def week_bounds(weeks: Sequence[float], limits: Limits, *, ratios: bool) -> dict[str, float]:
    """Most in the next week of a return, by each limit: one step of the weekly recursion.

    Returns bound by name of limit. [km] Infinite where a limit does not bind, such as the growth
    of the first week, which has none before it.

    Every bound grows with the weeks before. So taking the least of them each week reaches any
    target first: by induction no other series within the bounds is larger in any week. EWMA and
    the runs of each day come on top when the week is placed on its days.
    """
    bounds = {"week": weekly_growth(weeks, limits)}
    if ratios:
        before = sum(weeks)
        bounds["coupled"] = acwr.longest_allowed("coupled", 0.0, before, limits.coupled)
        bounds["uncoupled"] = acwr.longest_allowed("uncoupled", 0.0, before, limits.uncoupled)
    return bounds


# The shape of a week: a path of ever larger weeks, along which the planner goes as far as it can.


_OVER = RAMP_LONG_RUN["over_others"]

Corners = list[list[float]]


def week_path(
    course: Course,
    days: list[int],
    pace: Pace,
    *,
    long_km: float,
    long_only: bool,
    is_first: bool,
) -> Corners:
    """Path of the week of `days` by one of the paces."""
    nothing = [0.0] * len(days)
    is_start = not course.before.carries_on and course.before.origin >= len(course.km) - 7
    if pace == "earliest" and long_only and not is_start:
        return [nothing, *_long_first(course, days, long_km)]
    if pace == "earliest":
        return [nothing, _steps(course, days, long_km)]
    longest = _longest(course, days)
    if is_start:
        return [nothing, [min(longest, long_km)] * len(days)]
    other, long = _last_week(course, days, longest, is_first=is_first)
    cap = min(course.grown(longest), long_km)
    others = len(days) - 1
    most = min(longest, cap)
    other = min(other, most)
    if long_only:
        corners = [(most / _OVER, most), (cap / _OVER, cap), (max(other, cap / _OVER), cap)]
        return [nothing, *([o] * others + [lo] for o, lo in corners)]
    first = max(min(long, cap), min(cap, _OVER * other))
    together = min(most, max(other, cap / _OVER))
    corners = [(other, min(long, cap)), (other, first), (together, cap), (most, cap)]
    return [nothing, *([o] * others + [lo] for o, lo in corners)]


def week_ago(course: Course, days: list[int]) -> Corners:
    """Path that ends in the runs of the week before."""
    return [[0.0] * len(days), [course.km[d - 7] for d in days]]


def _longest(course: Course, days: list[int]) -> float:
    """Longest run before the week that still counts on its last run day."""
    start = max(len(course.km) - 7, min(course.before.origin + 1, len(course.before.km)))
    return course.longest_since(days[-1], start)


def _steps(course: Course, days: list[int], long_km: float) -> list[float]:
    """Each run as long as the run before lets it be."""
    km: list[float] = []
    for day in days:
        if day == course.before.origin:
            step = course.before.start_km
        else:
            step = course.grown(max(km[-1:] or [_longest(course, days)]))
        km.append(min(step, long_km, course.capped(day)))
    return km


def _long_first(course: Course, days: list[int], long_km: float) -> Corners:
    """The last run ever longer, each step with the least that the session cap asks before it.

    A run one step longer than the longest before the week needs no other; each further step needs
    one more run before it, each a step longer than the one before. Other runs are as short as
    the shape of a week lets them be.
    """
    longest, n = _longest(course, days), len(days)
    ladder: list[float] = [longest]
    corners: Corners = []
    for steps in range(1, n + 1):
        ladder.append(min(course.grown(ladder[-1]), long_km))
        other = ladder[-1] / _OVER
        corners.append([other] * (n - steps) + ladder[1:])
        if ladder[-1] >= long_km:
            break
        if steps < n:
            corners.append([other] * (n - steps - 1) + [max(other, longest), *ladder[1:]])
    return corners


def _last_week(
    course: Course, days: list[int], longest: float, *, is_first: bool
) -> tuple[float, float]:
    """Shorter runs and long run of the week before; equal runs where it tells nothing."""
    before = course.before
    km = [] if is_first else [course.km[d - 7] for d in days if course.km[d - 7] > 0]
    if km:
        return min(km), km[-1]
    usual = before.week_km / len(days) if before.carries_on else longest
    return min(longest, usual), min(longest, usual)


# One week of a plan: as large as the limits let it be, then rounded down.


_WEEK = int(WINDOWS["acute"])
_EPS = 1e-9
#: Steps of a planned distance in one kilometre.
_STEPS = round(1 / RAMP_GRID["step_km"])
#: Stands for the week as a whole where a limit is asked for by day.
_WHOLE = -1
#: A week as run day -> distance [km] and the limit that it reaches.
Placed = dict[int, tuple[float, str]]


@dataclass(frozen=True, slots=True)
class Task:
    """A goal, the way to it, and where it starts from.

    Parameters
    ----------
    before : Before
        What was run before.
    limits : Limits
        What no day may exceed.
    pace : {"steady", "earliest"}
        One new longest run a week and every fourth week again, or as fast as the limits let.
    run_days : tuple of int
        Weekdays with a run.
    week_km, long_km : float
        Distance of a week, and of a run, to plan for. [km] Infinite where not asked for. A week
        is not larger than `week_km`, unless a run of `long_km` is still to come.
    """

    before: Before
    limits: Limits
    pace: Pace
    run_days: tuple[int, ...]
    week_km: float = _INF
    long_km: float = _INF

    @property
    def long_only(self) -> bool:
        """Whether a long run is wanted and no week."""
        return self.week_km == _INF and self.long_km < _INF

    @property
    def shortest_km(self) -> float:
        """No planned run is shorter, unless the start of the return is."""
        start = self.before.start_km or _INF
        return min(RAMP_GRID["shortest_km"], start, self.long_km)


def place(task: Task, course: Course, again: str) -> Placed:
    """Put the largest week along its path into a plan.

    Returns distance [km] and limit of each run day; 0 km where a limit leaves no run.
    """
    days = runs_in_week(task, course)
    placed: Placed = {d: (0.0, why) for d, why in _closed(task, course, days).items()}
    days = [d for d in days if d not in placed]
    while days:
        km, limit = _peak(task, course, days) if not again else ([], "")
        if not km:
            km, limit = _furthest(task, course, days, _path(task, course, days, again))
        short = [d for d, x in zip(days, km, strict=True) if x < task.shortest_km - _EPS]
        if not short:
            break
        left_out = days[-1] if days[0] == course.before.origin else short[0]
        course.put(left_out, 0.0)
        days.remove(left_out)
        placed[left_out] = (0.0, limit or again)
    for d in days:
        placed[d] = (course.km[d], _limit(task, course, d, limit or again))
    return dict(sorted(placed.items()))


def lower(task: Task, course: Course, goal: Placed) -> Placed:
    """Round a week down, one run day after the other, under the limits of the rounded plan.

    Returns distance [km] in whole steps, and limit of each run day.
    """
    last = max((d for d, (km, _) in goal.items() if km > 0), default=0)
    lowered: Placed = {}
    for day, (most, why) in goal.items():
        limit, room = _room(task, course, day, is_long=day == last)
        km, name = (floor_km(room), limit) if room < most else (floor_km(most), why)
        course.put(day, 0.0 if km < floor_km(task.shortest_km) else km)
        lowered[day] = (course.km[day], name)
    return lowered


def floor_km(km: float) -> float:
    """Round down to a whole step; what is a step but for the last bits stays. [km]"""
    return max(0, math.floor(km * _STEPS + _EPS)) / _STEPS


def runs_in_week(task: Task, course: Course) -> list[int]:
    """Run days of the last week of a course that are still to come."""
    end = len(course.km)
    start = max(end - _WEEK, len(task.before.km))
    return [d for d in range(start, end) if _weekday(task, d) in task.run_days]


def _weekday(task: Task, day: int) -> int:
    """Weekday of a day of the plan; 0 is Monday."""
    return (task.before.first.weekday() + day - len(task.before.km)) % _WEEK


def _closed(task: Task, course: Course, days: list[int]) -> dict[int, str]:
    """Run days on which no run is possible, and why."""
    out = {}
    for day in days:
        limit, room = min(course.rooms(day).items(), key=lambda r: r[1], default=("", _INF))
        if course.barred(day):
            out[day] = "cap"
        elif course.closed(day):
            out[day] = "run_days"
        elif room < task.shortest_km - _EPS:
            out[day] = limit
        else:
            course.ran[day] = True
    return out


def _peak(task: Task, course: Course, days: list[int]) -> tuple[list[float], str]:
    """A week whose long run is not its last one, where that reaches the goal; else nothing.

    The runs after it are as short as the shape of a week lets them be.
    """
    if task.pace != "earliest" or not task.long_only:
        return [], ""
    for n in range(1, len(days)):
        km, _ = _furthest(task, course, days[:n], _path(task, course, days[:n], ""))
        if km[-1] >= task.long_km - _EPS:
            rest = [task.long_km / RAMP_LONG_RUN["over_others"]] * (len(days) - n)
            more, limit = _furthest(task, course, days[n:], [[0.0] * len(rest), rest])
            return km + more, limit or "pace"
        _put(course, days[:n], [0.0] * n)
    return [], ""


def _path(task: Task, course: Course, days: list[int], again: str) -> Corners:
    """Path of the week, or that of the week before again, under the caps."""
    is_first = task.before.carries_on and len(course.km) - _WEEK == len(task.before.km)
    if again:
        path = week_ago(course, days)
    else:
        path = week_path(
            course,
            days,
            task.pace,
            long_km=task.long_km,
            long_only=task.long_only,
            is_first=is_first,
        )
    most = [course.capped(d) for d in days]
    return [[min(x, m) for x, m in zip(corner, most, strict=True)] for corner in path]


def _furthest(
    task: Task, course: Course, days: list[int], path: Corners
) -> tuple[list[float], str]:
    """Go along the path as far as the limits let; tell which one stops, if any."""
    for low, high in pairwise(path):
        share, limit = _share(task, course, days, low, high)
        km = [a + share * (b - a) for a, b in zip(low, high, strict=True)]
        _put(course, days, km)
        if share < 1:
            return km, limit
    return km, ""


def _share(
    task: Task, course: Course, days: list[int], low: list[float], high: list[float]
) -> tuple[float, str]:
    """How much of the way from one week to a larger one the linear limits let, and which."""
    at_low = _slacks(task, course, days, low)
    at_high = _slacks(task, course, days, high)
    share, limit = 1.0, ""
    for (name, day), after in at_high.items():
        before = max(0.0, at_low[name, day])
        if after < -_EPS * _EPS and before / (before - after) < share:
            share, limit = before / (before - after), name
    return share, limit


def _slacks(
    task: Task, course: Course, days: list[int], km: list[float]
) -> dict[tuple[str, int], float]:
    """How far each limit is from being reached on each run day, and over the week."""
    _put(course, days, km)
    start = len(course.km) - _WEEK
    out = {(name, _WHOLE): left for name, left in course.left_in_week(start).items()}
    if task.long_km == _INF:
        out["target", _WHOLE] = task.week_km - sum(course.km[start:])
    for day in days:
        out |= {(name, day): left for name, left in course.slacks(day).items()}
    return out


def _put(course: Course, days: list[int], km: list[float]) -> None:
    """Try the runs of a week."""
    for day, x in zip(days, km, strict=True):
        course.put(day, x)


def _limit(task: Task, course: Course, day: int, why: str) -> str:
    """Limit that a run reaches: its own, or the one that stops the week."""
    km = course.km[day]
    if km >= course.capped(day) - _EPS:
        return "cap"
    if km >= course.session_cap(day) - _EPS:
        return "start" if day == course.before.origin else "session"
    return "target" if km >= task.long_km - _EPS else why or "pace"


def _room(task: Task, course: Course, day: int, *, is_long: bool) -> tuple[str, float]:
    """Least of what the limits leave for one run, given the days before, and which one it is."""
    if course.barred(day):
        return "cap", 0.0
    if course.closed(day):
        return "run_days", 0.0
    start = len(course.km) - _WEEK
    rooms = [*course.rooms(day).items(), *course.left_in_week(start).items()]
    rooms.append(("cap", course.capped(day)))
    rooms.append(("start" if day == course.before.origin else "session", course.session_cap(day)))
    if task.pace == "steady" and not is_long:
        rooms.append(("pace", course.longest_since(day, start)))
    return min(rooms, key=lambda r: r[1])


# The planner: week after week until the goal is reached and held, exact and rounded.


@dataclass(slots=True)
class Layout:
    """A plan day by day.

    Parameters
    ----------
    exact_km : list of float
        Before rounding. [km]
    km : list of float
        Rounded down to whole steps, under the same limits with its own, smaller, past. [km]
    limited_by : list of str
        Limit that each run reaches; on a run day of the week without a run, why there is none.
    reached_week : int
        Week of the return, or of the plan, in which the goal is reached, from 1; 0 if it is not.
    """

    exact_km: list[float] = field(default_factory=list)
    km: list[float] = field(default_factory=list)
    limited_by: list[str] = field(default_factory=list)
    reached_week: int = 0


def lay_out(task: Task, *, min_days: int = 0) -> Layout:
    """Plan week after week until the goal is reached and held.

    Returns up to the end of a week, counted from the first day of the return; 104 weeks if the
    goal is not reached.

    Two plans grow side by side. The exact one takes each week as far along its path
    (`loadmon.ramp.schedule`) as the limits let. The rounded one follows from below, a day at a
    time.
    """
    exact, rounded = Course(task.before, task.limits), Course(task.before, task.limits)
    out, is_there, n = Layout(), False, len(task.before.km)
    first = task.before.days_since // _WEEK + 1
    for week in range(first, first + int(RAMP_HORIZON["weeks"])):
        exact.add_week()
        rounded.add_week()
        again = _again(task, week, is_there=is_there)
        placed = place(task, exact, again)
        is_whole = len(exact.km) - _WEEK >= n
        is_there = is_there or (is_whole and _arrived(task, exact))
        goal = _as_week_ago(rounded, placed) if again == "repeat" else placed
        lowered = lower(task, rounded, goal)
        out.limited_by += _labels(lowered, n + len(out.limited_by), len(exact.km))
        if is_there and not out.reached_week and _is_near(task, lowered, placed):
            out.reached_week = week
        if _is_done(out, week, min_days):
            break
    out.exact_km, out.km = exact.km[n:], rounded.km[n:]
    return out


def _is_done(out: Layout, week: int, min_days: int) -> bool:
    """Whether the goal was held long enough."""
    held = out.reached_week and week >= out.reached_week + return_to_run.RAMP_DAYS["hold_weeks"]
    return bool(held) and len(out.limited_by) >= min_days


def _again(task: Task, week: int, *, is_there: bool) -> str:
    """Why a week is the week before again, if it is."""
    if is_there:
        return "target"
    is_fourth = week % int(return_to_run.RAMP_DAYS["repeat_every_weeks"]) == 0
    return "repeat" if task.pace == "steady" and is_fourth else ""


def _as_week_ago(course: Course, placed: Placed) -> Placed:
    """The rounded runs of the week before, on the days of an exact week."""
    return {d: (course.km[d - _WEEK], limit) for d, (_, limit) in placed.items()}


def _arrived(task: Task, course: Course) -> bool:
    """Whether the last week of a course holds all that was asked for."""
    week = course.km[-_WEEK:]
    is_enough = task.week_km == float("inf") or sum(week) >= task.week_km - _EPS
    longest = max(course.longest_km[-_WEEK:])
    return is_enough and (task.long_km == float("inf") or longest >= task.long_km - _EPS)


def _is_near(task: Task, lowered: Placed, placed: Placed) -> bool:
    """Whether rounding took no more than a step a run from the week, nothing from its long run."""
    km, exact = [x for x, _ in lowered.values()], [x for x, _ in placed.values()]
    is_long = task.long_km == float("inf") or max(km) >= floor_km(max(exact))
    if task.long_only:
        return is_long
    return is_long and sum(km) >= sum(exact) - RAMP_GRID["step_km"] * len(km) - _EPS


def _labels(lowered: Placed, start: int, end: int) -> list[str]:
    """Limit of each of the days added; empty where the plan does not run anyway."""
    return [lowered[d][1] if d in lowered else "" for d in range(start, end)]
