"""Weeks and days of a plan: as far as the limits go, week by week and run by run."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from loadmon import daily
from loadmon.evidence.limits import SPARSE, WINDOWS
from loadmon.evidence.ramp import RAMP_GRID, RAMP_HORIZON
from loadmon.ramp.history import History
from loadmon.ramp.problem import Task
from loadmon.rules import acwr, rest, return_to_run, session_spike, weekly_change
from loadmon.rules.context import WEEK
from loadmon.rules.limits import Limits

_MONTH = int(WINDOWS["chronic"])
_STEPS_PER_KM = round(1 / RAMP_GRID["step_km"])
_INF, _EPS = float("inf"), 1e-9
_GRID, _NEAR = 2**50, 4

Week = dict[int, tuple[float, str]]  # run day -> distance [km] and the limit that it reaches


@dataclass(slots=True)
class Schedule:
    """A plan day by day, in whole steps."""

    km: list[float] = field(default_factory=list)
    limited_by: list[str] = field(default_factory=list)  # or why a run day has no run
    reached_week: int = 0  # of the return, or of the plan, from 1; 0: the goal is not reached


def build_schedule(task: Task, *, min_days: int = 0, begun: PlanState | None = None) -> Schedule:
    """Plan week after week until the goal is reached and held for two weeks; 104 weeks at most.

    `begun`: the first weeks, planned already; what comes back are the days after them.
    """
    state, out = begun or PlanState(task.history, task.limits), Schedule()
    n, rule = len(state.km), return_to_run.RAMP_DAYS
    so_far = n - len(task.history.km)
    first = (task.history.days_since + so_far) // WEEK + 1
    for week in range(first, first + int(RAMP_HORIZON["weeks"])):
        state.add_week()
        is_repeat = task.pace == "steady" and week % int(rule["repeat_every_weeks"]) == 0
        repeat = "repeat" if is_repeat and not out.reached_week else ""
        if out.reached_week and task.long_only:
            repeat = "target"
        planned = fill_week(task, state, repeat)
        days = range(n + len(out.limited_by), len(state.km))
        out.limited_by += [planned[d][1] if d in planned else "" for d in days]
        if not out.reached_week and _reaches_goal(task, state, planned):
            out.reached_week = week
        is_held = out.reached_week and week >= out.reached_week + rule["hold_weeks"]
        if is_held and so_far + len(out.limited_by) >= min_days:
            break
    out.km = state.km[n:]
    return out


def _reaches_goal(task: Task, state: PlanState, planned: Week) -> bool:
    """Whether the last week is at the goal, but for what rounding takes off each run."""
    km = [x for x, _ in planned.values()]
    is_whole = len(state.km) - WEEK >= len(task.history.km)
    if task.long_km < _INF and not max(km, default=0.0) >= floor_km(task.long_km) - _EPS:
        return False
    if task.week_km == _INF:
        return bool(km)
    lost = RAMP_GRID["step_km"] * max(1, len([x for x in km if x > 0]))
    return is_whole and sum(km) >= task.week_km - lost - _EPS


# What the limits leave on a day or for a week of a plan, given every day before.


@dataclass(slots=True)
class PlanState:
    """Days run and days planned so far, each named by its position in `km`, with their limits."""

    history: History
    limits: Limits
    km: list[float] = field(init=False)
    counted_km: list[float] = field(init=False)
    full_km: list[float] = field(init=False)  # events whole
    longest_km: list[float] = field(init=False)
    ran: list[bool] = field(init=False)
    run_day: list[bool] = field(init=False)  # of the days with a run, those that are no mere jog
    before_km: float = field(init=False)  # longest run of any day before the plan

    def __post_init__(self) -> None:
        self.km = list(self.history.km)
        self.counted_km = list(self.history.counted_km or self.history.km)
        self.full_km = [a + b for a, b in zip(self.km, self.history.beyond_km, strict=True)]
        self.longest_km = list(self.history.longest_km)
        self.ran = list(self.history.ran)
        self.run_day = list(self.history.ran)
        self.before_km = max(self.longest_km, default=0.0)

    def add_week(self) -> None:
        """Append days without a run up to the end of the next week of the return or of the plan."""
        is_first = len(self.km) == len(self.history.km)
        days = WEEK - (self.history.days_since % WEEK if is_first else 0)
        self.km += [0.0] * days
        self.counted_km += [0.0] * days
        self.full_km += [0.0] * days
        self.longest_km += [0.0] * days
        self.ran += [False] * days
        self.run_day += [False] * days

    def put(self, day: int, km: float) -> None:
        """Plan a run, or none."""
        self.km[day] = self.counted_km[day] = self.full_km[day] = self.longest_km[day] = km
        self.ran[day] = km > 0
        self.run_day[day] = km >= daily.RUN_DAY["distance_km"]

    def day_of_return(self, day: int) -> int:
        """Day of the return; the first run is day 1."""
        return day - self.history.origin + 1

    def date_of(self, day: int) -> date:
        """Local date of a day."""
        return self.history.first.date() + timedelta(days=day - len(self.history.km))

    def keeps_apart(self, day: int) -> bool:
        """Whether a day is kept between two runs."""
        is_asked = self.history.is_apart or self.limits.always_apart
        since = self.day_of_return(day) - 1
        return is_asked and return_to_run.day_between(since, self.limits.no_consecutive_days)

    def is_barred(self, day: int) -> bool:
        """Whether a cap leaves no run on a day."""
        return any(cap.bars(self.date_of(day)) for cap in self.limits.caps)

    def is_closed(self, day: int) -> bool:
        """Whether the days run before rule out a run on this one."""
        if self.keeps_apart(day) and day > 0 and self.ran[day - 1]:
            return True
        most = self.limits.max_run_days_in_7
        usual = return_to_run.RAMP_DAYS["max_in_7"]
        return rest.is_full(self.ran[:day], most, usual, self.run_day[:day])

    def is_too_alike(self, day: int, km: float) -> bool:
        """Whether a run makes the seven days more alike than any before, as `rest` flags it."""
        others = self.km[max(0, day - WEEK + 1) : day]
        n = 1 + sum(x > 0 for x in others)
        if n <= rest.MONOTONY["limit"] ** 2 * (WEEK - n):  # even equal runs are uneven enough
            return False
        return rest.is_newly_alike([*self.km[:day], km])

    def run_cap(self, day: int) -> float:
        """Longest run that the caps leave on a day. [km]"""
        caps = self.limits.caps
        return min((c.run_km for c in caps if c.holds(self.date_of(day))), default=_INF)

    def session_cap_min(self, day: int) -> float:
        """Most minutes of a session in all that the caps leave on a day. [min]"""
        caps = self.limits.caps
        return min((c.session_min for c in caps if c.holds(self.date_of(day))), default=_INF)

    def longest_before(self, day: int, until: int) -> tuple[float, float]:
        """Longest run of the 30 days before `day`, and of the return, up to `until`. [km]"""
        span = int(session_spike.SESSION_SPIKE["window_days"])
        window = max(self.longest_km[max(day - span, 0) : until], default=0.0)
        since = max(self.longest_km[self.history.origin : until], default=0.0)
        return window, since

    def session_cap(self, window_km: float, since_km: float, day: int) -> float:
        """Longest run on a day after the longest of 30 days and of the return. [km]"""
        history = self.history
        if day == history.origin and not history.carries_on:
            return history.start_km
        cap = _INF
        if window_km > 0:
            cap = self._longer(window_km)
            if cap < session_spike.RAMP_TRY["max_km"]:  # no try is longer
                ever = max(since_km, window_km, self.before_km)
                cap = max(cap, float(session_spike.try_km(ever)))
        if not history.carries_on:
            cap = min(cap, self._longer(max(history.start_km, since_km)))
        if cap == _INF:  # who runs less than once a month
            longest = history.longest_before_km  # NaN: of none is it known how far it went
            cap = longest if longest > 0 else return_to_run.start_cap_km(0, longest)
        return cap

    def _longer(self, longest_km: float) -> float:
        ratio, floor = 1 + self.limits.session_growth, self.limits.session_floor_km
        return session_spike.longest_allowed(longest_km, ratio, floor)

    def rooms(self, day: int) -> list[tuple[str, float]]:
        """Longest run that each limit of seven days leaves on a day. [km]"""
        so_far, start = self._sum(day - 1, WEEK - 1), self.week_start(day)
        in_week = sum(self.km[max(0, start) : day])
        out = [("week", self.week_cap(start) - in_week), ("cap", self._week_cap(day) - so_far)]
        km, ran, earlier = self.km[:day], self.ran[:day], self.history.earlier
        most, by_ratio = _INF, self.ratio_cap(day) - in_week
        if not self.history.is_long or self.day_of_return(day) >= 2 * WEEK:
            most = weekly_change.most_in_7_after(km, ran, earlier)
            out.append(("weekly_change", most - so_far))
        if most == _INF:  # what is no change is not flagged by its ratio either
            new = weekly_change.new_after(km, ran, earlier)
            most = acwr.most_in_7_after(self.full_km[:day], self.limits.coupled, new)
            by_ratio = min(by_ratio, most - so_far)
        return out if by_ratio == _INF else [*out, ("coupled", by_ratio)]

    def ratio_cap(self, day: int) -> float:
        """Most in the week of a day by the coupled ratio of its last day; infinite where none. [km]

        Not in the first four weeks of a return, nor where there are too few run days to show one;
        and no less than a return would begin with.
        """
        start = self.week_start(day)
        runs = sum(self.ran[max(0, day - _MONTH + 1) : day])
        if (
            self.day_of_return(start + WEEK - 1) < self.limits.ratio_from_day
            or runs + 1 < SPARSE["min_run_days"]
        ):
            return _INF
        before = sum(self.weeks_before(start))  # 0: how far those runs went is not known
        if not before > 0:
            return _INF
        return max(acwr.longest_allowed(0.0, before, self.limits.coupled), self.left_km(start))

    def left_km(self, start: int) -> float:
        """What a return would begin with, in four weeks of a plan that does not begin one. [km]

        However little was run of late, no less can be. 0 in later weeks. It falls with every day
        that the first run of the plan comes later.
        """
        most, n = self.history.left_week_km, len(self.history.km)
        if most == 0 or not (self.history.carries_on or self.history.mid_return):
            return 0.0
        begin = next((day for day in range(n, len(self.km)) if self.ran[day]), max(n, start))
        if start - begin >= _MONTH:
            return 0.0
        return min(most, max(weekly_change.small_week(), self.history.earlier.most_left(begin)))

    def left_in_week(self, start: int) -> list[tuple[str, float]]:
        """Most in the week that begins on `start`, by each limit. [km]"""
        end = start + WEEK - 1
        bounds = [("week", self.week_cap(start)), ("cap", self._week_cap(end))]
        bounds.append(("coupled", self.ratio_cap(start)))
        return bounds

    def week_start(self, day: int) -> int:
        """First day of the week of the return, or of the plan, that a day is in."""
        begin = len(self.history.km) if self.history.carries_on else self.history.origin
        return begin + (day - begin) // WEEK * WEEK

    def weeks_before(self, start: int) -> list[float]:
        """Up to three weeks, of the return if there is one, before a week, oldest first. [km]"""
        starts = [start - n * WEEK for n in (3, 2, 1)]
        return [sum(self.counted_km[d : d + WEEK]) for d in starts if d >= self.history.origin]

    def week_cap(self, start: int) -> float:
        """Most in the week that begins on a day, after the largest of the weeks before. [km]

        Infinite after no week. What the first week of a return could have held counts as a week:
        where it held less, its runs were short. Every bound grows with the weeks before. So taking
        the least of them each week reaches any target first: by induction no other series within
        the bounds is larger in any week.
        """
        early = self.history.early_week_km
        if not self.history.carries_on and start <= self.history.origin:
            return early
        begin = self.history.origin + len(self.history.km) * self.history.carries_on
        counts = early < _INF and start - begin < _MONTH
        weeks = [*self.weeks_before(start), *[early] * counts]
        if not weeks:
            return _INF
        limits, known = self.limits, self.history.known_week_km
        largest = max(*weeks, self.left_km(start))
        floor = largest + limits.weekly_floor_km
        fast = max((1 + limits.weekly_growth) * largest, floor)
        beyond = min(limits.beyond_growth, limits.weekly_growth)
        return max(min(fast, known), (1 + beyond) * largest, floor)

    def _week_cap(self, day: int) -> float:
        caps = self.limits.caps
        return min((c.week_km for c in caps if c.holds(self.date_of(day))), default=_INF)

    def _sum(self, day: int, days: int) -> float:
        return sum(self.full_km[max(0, day + 1 - days) : day + 1])


# One week of a plan: as large as it can be within the limits, in the shape of the runner's own.


def fill_week(task: Task, state: PlanState, repeat: str) -> Week:
    """Plan the largest week within the limits; `repeat`: why none before is exceeded, if so."""
    start = len(state.km) - WEEK
    days = run_days_left(task, state)
    open_days, ran = [], list(state.ran)
    week: Week = {}
    for day in days:
        if state.is_barred(day) or state.is_closed(day):
            week[day] = (0.0, "cap" if state.is_barred(day) else "run_days")
        else:
            open_days.append(day)
            state.ran[day] = True
    state.ran = ran
    bounds = [*state.left_in_week(start), ("target", task.week_km)]
    done = sum(state.km[start:])
    is_long_left = task.long_km < _INF and not repeat and task.week_km < _INF
    if is_long_left:  # the week may be larger than its target until the long run is there
        longest = max(state.longest_km[state.history.origin :], default=0.0)
        bounds = bounds if longest >= task.long_km - _EPS else bounds[:-1]
    if repeat:
        most = max(state.weeks_before(start), default=0.0)
        is_planned = start > len(task.history.km)  # the week before is one of the plan
        least = 0.0 if is_planned else state.left_km(start)
        bounds.append((repeat, max(most, least) if most > 0 else _INF))
    limit, most = min(bounds, key=lambda b: b[1])
    whole = most - done
    open_days = _days_for(task, open_days, whole)
    before = [state.km[day - WEEK] for day in open_days]
    wanted, longest_runs = _shape(task, state, open_days, max(0.0, whole))
    if repeat and sum(before) >= whole - _EPS:  # the same days as the week before
        wanted = longest_runs = before
    limit = "pace" if sum(wanted) < whole - _EPS else limit
    left = 0.0  # what the days before took off a run, or had more of, goes to the runs that follow
    for day, km, cap in zip(open_days, wanted, longest_runs, strict=True):
        share = km + left
        most = max(min(km, share), min(share, cap))
        if not any(state.ran[len(task.history.km) : day]):  # a plan begins with a run, not a jog
            most = max(most, min(daily.RUN_DAY["distance_km"], cap, whole))
        week[day] = round_down(task, state, day, most, limit)
        left = share - week[day][0]
        if week[day] in ((0.0, "weekly_change"), (0.0, "coupled")):
            left = 0.0  # as a race was run days ago: a day off, not one to catch up on
    return dict(sorted(week.items()))


def _days_for(task: Task, days: list[int], most: float) -> list[int]:
    """Days of a week that can each hold a run day's distance: those with the largest shares.

    Jogs below that, one a day, are days off to every rule.
    """
    if most >= len(days) * daily.RUN_DAY["distance_km"]:
        return days
    n = max(1, int(most / daily.RUN_DAY["distance_km"]))
    shares = task.shares([(d + _monday(task)) % WEEK for d in days])
    places = sorted(range(len(days)), key=lambda i: (-shares[i], i))[:n]
    return [days[i] for i in sorted(places)]


def _shape(
    task: Task, state: PlanState, days: list[int], most: float
) -> tuple[list[float], list[float]]:
    """Distances of run days that hold `most` in all, or as much as their session limits leave.

    Each has its share; what a run may not hold goes to the others. Beside them those limits.
    """
    if not days:
        return [], []
    shares = task.shares([(d + _monday(task)) % WEEK for d in days])
    caps = _caps_of(task, state, days, shares)

    def at(size: float) -> list[float]:
        return caps([share * size for share in shares])

    full = at(_INF)
    if task.long_km < _INF:  # no run is more than its share of the long one
        longest = max(range(len(days)), key=lambda i: (shares[i] >= max(shares) - _EPS, i))
        most = min(most, full[longest] / shares[longest])
    if sum(full) <= most:
        return full, full
    return at(_least_size(lambda size: sum(at(size)), most)), full


def _least_size(held: Callable[[float], float], most: float) -> float:
    """Least size, on a grid of 2 to the power of 50 steps, that holds `most`; found by secants.

    `held` never falls as a size grows, and is made of straight pieces.
    """
    start, width, below, above = 0.0, 1.0, 0.0, held(1.0)
    while above < most:
        start, below = start + width, above
        width = start
        above = held(start + width)
    step = width / _GRID
    low, high = 0, _GRID  # steps from the start: too little is held, and enough
    while high - low > 1:
        guess = low + round((most - below) / (above - below) * (high - low))
        for at in (guess, guess - _NEAR, guess + _NEAR, (low + high) // 2):
            if low < at < high:
                now = held(start + at * step)
                low, below, high, above = (
                    (at, now, high, above) if now < most else (low, below, at, now)
                )
    return start + high * step


def _caps_of(
    task: Task, state: PlanState, days: list[int], shares: list[float]
) -> Callable[[list[float]], list[float]]:
    """Make a function that cuts the wanted runs of a week down to their session limits.

    Pace ``steady`` has one new longest run a week, on the day of the largest share, beyond what was
    run in the two years before.
    """
    long_at = max(range(len(days)), key=lambda i: (shares[i] >= max(shares) - _EPS, i))
    start = days[0]
    before = [state.longest_before(day, start) for day in days]
    most = [min(task.long_km, state.run_cap(day)) for day in days]
    known = state.history.known_long_km

    def cap(i: int, this: float) -> float:
        """Longest run on a day after a longest one of the week."""
        window, since = before[i]
        window, since = max(window, this), max(since, this)
        out = min(most[i], state.session_cap(window, since, days[i]))
        if task.pace == "steady" and i != long_at and since > 0:
            out = min(out, max(since, known))
        return out

    # A longer run in the week lowers no cap, once there were runs to have it from.
    least = [cap(i, 0.0) if min(km) > 0 else 0.0 for i, km in enumerate(before)]

    def cut(wanted: list[float]) -> list[float]:
        out: list[float] = []
        this = 0.0
        for i, km in enumerate(wanted):
            km = km if km <= least[i] else min(km, cap(i, this))
            this = max(this, km)
            out.append(km)
        return out

    return cut


def round_down(
    task: Task, state: PlanState, day: int, most: float, why: str, *, shortest_km: float = 0.0
) -> tuple[float, str]:
    """Plan a run in whole steps, of `most` or what the days before leave; and what limits it."""
    least = shortest_km or min(RAMP_GRID["shortest_km"], task.long_km)
    start = state.history.origin == day and not state.history.carries_on
    session = state.session_cap(*state.longest_before(day, day), day)
    rooms = [
        *state.rooms(day),
        ("cap", state.run_cap(day)),
        ("start" if start else "session", session),
    ]
    if state.is_barred(day):
        rooms = [("cap", 0.0)]
    elif state.is_closed(day):
        rooms = [("run_days", 0.0)]
    limit, room = min(rooms, key=lambda r: r[1])
    km = floor_km(min(room, most))
    if km < least - _EPS:
        km = 0.0
    elif state.is_too_alike(day, km):
        km, limit, room = 0.0, "run_days", 0.0
    state.put(day, km)
    if most <= room + _EPS:  # what the week asks for: is it its own session limit?
        reached = [name for name, x in rooms if most >= x - _EPS and name != "cap"]
        limit = next(iter(reached), "target" if most >= task.long_km - _EPS else why)
    return km, limit


def _monday(task: Task) -> int:
    """What to add to the position of a day to have its weekday."""
    return task.history.first.weekday() - len(task.history.km)


def run_days_left(task: Task, state: PlanState, *, apart: bool = False) -> list[int]:
    """Run days of the last week of a plan that are still to come; `apart`: with days between."""
    end, n = len(state.km), len(task.history.km)
    out = []
    for day in range(max(end - WEEK, n), end):
        chosen = task.apart_days if apart or state.keeps_apart(day) else task.run_days
        if (day + _monday(task)) % WEEK in chosen:
            out.append(day)
    return out


def floor_km(km: float) -> float:
    """Round down to a whole step; what is a step but for the last bits stays. [km]"""
    return max(0, math.floor(km * _STEPS_PER_KM + _EPS)) / _STEPS_PER_KM
