"""Weeks and days of a plan: as far as the limits go, week by week and run by run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from loadmon.evidence.limits import WINDOWS
from loadmon.evidence.ramp import RAMP_GRID, RAMP_HORIZON, RAMP_LONG_RUN
from loadmon.ramp.history import History
from loadmon.ramp.problem import Task
from loadmon.rules import acwr, rest, return_to_run, session_spike
from loadmon.rules.context import WEEK
from loadmon.rules.limits import Limits

_MONTH = int(WINDOWS["chronic"])
_OVER = RAMP_LONG_RUN["over_others"]
_STEPS_PER_KM = round(1 / RAMP_GRID["step_km"])
_INF, _EPS = float("inf"), 1e-9

Week = dict[int, tuple[float, str]]  # run day -> distance [km] and the limit that it reaches
WeekPath = list[list[float]]  # ever larger weeks to go along: distances of their run days [km]


@dataclass(slots=True)
class Schedule:
    """A plan day by day."""

    exact_km: list[float] = field(default_factory=list)  # before rounding
    km: list[float] = field(default_factory=list)  # in whole steps, under limits of their own past
    limited_by: list[str] = field(default_factory=list)  # or why a run day has no run
    reached_week: int = 0  # of the return, or of the plan, from 1; 0: the goal is not reached


def build_schedule(task: Task, *, min_days: int = 0) -> Schedule:
    """Plan week after week until the goal is reached and held for two weeks; 104 weeks at most.

    Two plans grow side by side. The exact one takes each week as far along its path as it stays
    within the limits. The rounded one follows from below, a day at a time.
    """
    exact, rounded = PlanState(task.history, task.limits), PlanState(task.history, task.limits)
    out, is_reached, n = Schedule(), False, len(task.history.km)
    rule, first = return_to_run.RAMP_DAYS, task.history.days_since // WEEK + 1
    for week in range(first, first + int(RAMP_HORIZON["weeks"])):
        exact.add_week()
        rounded.add_week()
        is_repeat = task.pace == "steady" and week % int(rule["repeat_every_weeks"]) == 0
        repeat = "target" if is_reached else "repeat" if is_repeat else ""
        filled = fill_week(task, exact, repeat)
        is_whole = len(exact.km) - WEEK >= n
        is_reached = is_reached or (is_whole and _reaches_goal(task, exact.km[-WEEK:]))
        goal = filled
        if repeat == "repeat":
            goal = {d: (rounded.km[d - WEEK], limit) for d, (_, limit) in filled.items()}
        lowered = round_down_week(task, rounded, goal)
        days = range(n + len(out.limited_by), len(exact.km))
        out.limited_by += [lowered[d][1] if d in lowered else "" for d in days]
        if is_reached and not out.reached_week and _is_near(task, lowered, filled):
            out.reached_week = week
        is_held = out.reached_week and week >= out.reached_week + rule["hold_weeks"]
        if is_held and len(out.limited_by) >= min_days:
            break
    out.exact_km, out.km = exact.km[n:], rounded.km[n:]
    return out


def _reaches_goal(task: Task, week: list[float]) -> bool:
    is_enough = task.week_km == _INF or sum(week) >= task.week_km - _EPS
    return is_enough and (task.long_km == _INF or max(week) >= task.long_km - _EPS)


def _is_near(task: Task, lowered: Week, filled: Week) -> bool:
    km, exact = [x for x, _ in lowered.values()], [x for x, _ in filled.values()]
    is_long = task.long_km == _INF or max(km) >= floor_km(max(exact))
    if task.long_only:
        return is_long
    return is_long and sum(km) >= sum(exact) - RAMP_GRID["step_km"] * len(km) - _EPS


# What the limits leave on a day or for a week of a plan, given every day before.


@dataclass(slots=True)
class PlanState:
    """Days run and days planned so far, each named by its position in `km`, with their limits."""

    history: History
    limits: Limits
    km: list[float] = field(init=False)
    longest_km: list[float] = field(init=False)
    ran: list[bool] = field(init=False)

    def __post_init__(self) -> None:
        self.km = list(self.history.km)
        self.longest_km = list(self.history.longest_km)
        self.ran = list(self.history.ran)

    def add_week(self) -> None:
        """Append days without a run up to the end of the next week of the return or of the plan."""
        is_first = len(self.km) == len(self.history.km)
        days = WEEK - (self.history.days_since % WEEK if is_first else 0)
        self.km += [0.0] * days
        self.longest_km += [0.0] * days
        self.ran += [False] * days

    def put(self, day: int, km: float) -> None:
        """Plan a run, or none."""
        self.km[day] = self.longest_km[day] = km
        self.ran[day] = km > 0

    def put_all(self, days: list[int], km: list[float]) -> None:
        """Plan the runs of a week."""
        for day, x in zip(days, km, strict=True):
            self.put(day, x)

    def day_of_return(self, day: int) -> int:
        """Day of the return; the first run is day 1."""
        return day - self.history.origin + 1

    def date_of(self, day: int) -> date:
        """Local date of a day."""
        return self.history.first.date() + timedelta(days=day - len(self.history.km))

    def is_barred(self, day: int) -> bool:
        """Whether a cap leaves no run on a day."""
        return any(cap.bars(self.date_of(day)) for cap in self.limits.caps)

    def is_closed(self, day: int) -> bool:
        """Whether the days run before rule out a run on this one."""
        since, kept = self.day_of_return(day) - 1, self.limits.no_consecutive_days
        if return_to_run.day_between(since, kept) and day > 0 and self.ran[day - 1]:
            return True
        others = sum(self.ran[max(0, day - WEEK + 1) : day])
        return not rest.run_day_allowed(others, 0, WEEK - self.limits.max_run_days_in_7, _INF)

    def run_cap(self, day: int) -> float:
        """Longest run that the caps leave on a day. [km]"""
        caps = self.limits.caps
        return min((c.run_km for c in caps if c.holds(self.date_of(day))), default=_INF)

    def longest_since(self, day: int, until: int) -> float:
        """Longest run of the return before `until`, of 30 days; else the cap of its first. [km]"""
        window = int(session_spike.SESSION_SPIKE["window_days"])
        first = max(day - window, self.history.origin)
        return max(self.longest_km[first:until], default=0.0) or self.history.start_km

    def next_longest(self, longest_km: float) -> float:
        """Longest run after the longest so far. [km]"""
        ratio, floor = 1 + self.limits.session_growth, self.limits.session_floor_km
        return session_spike.longest_allowed(longest_km, ratio, floor)

    def session_cap(self, day: int) -> float:
        """Longest run on one day, caps aside. [km]"""
        if day == self.history.origin:
            return self.history.start_km
        return self.next_longest(self.longest_since(day, day))

    def slacks(self, day: int) -> dict[str, float]:
        """How far each limit that is linear in the load is from being reached. [km]"""
        acute, week = self._sum(day, WEEK), self.history.early_week_km
        if self.day_of_return(day) >= RAMP_HORIZON["compare_from_day"]:
            week = weekly_growth(self.weeks_before(day), self.limits)
        out = {"week": week - acute, "cap": self._week_cap(day) - acute}
        if self.day_of_return(day) >= self.limits.ratio_from_day:
            chronic = self._sum(day, _MONTH)
            out["coupled"] = acwr.room(acute, chronic, self.limits.coupled)
        return out

    def headroom(self, day: int) -> dict[str, float]:
        """Longest run that each linear limit leaves on one day, negative if none. [km]"""
        self.put(day, 0.0)
        none = self.slacks(day)
        self.put(day, 1.0)
        one = self.slacks(day)
        self.put(day, 0.0)
        return {k: none[k] / (none[k] - one[k]) for k in none if one[k] < none[k] < _INF}

    def left_in_week(self, start: int) -> dict[str, float]:
        """What the limits of a whole week leave of the one that begins on `start`. [km]"""
        end = start + WEEK - 1
        ratios = self.day_of_return(end) >= self.limits.ratio_from_day
        bounds = week_bounds(self.weeks_before(end), self.limits, ratios=ratios)
        bounds["cap"] = self._week_cap(end)
        planned = self._sum(end, WEEK)
        return {name: bound - planned for name, bound in bounds.items()}

    def weeks_before(self, day: int) -> list[float]:
        """Up to three weeks of the return before the one that ends on `day`, oldest first. [km]"""
        ends = [day - n * WEEK for n in (3, 2, 1)]
        return [self._sum(e, WEEK) for e in ends if self.day_of_return(e) >= WEEK]

    def _week_cap(self, day: int) -> float:
        caps = self.limits.caps
        return min((c.week_km for c in caps if c.holds(self.date_of(day))), default=_INF)

    def _sum(self, day: int, days: int) -> float:
        return sum(self.km[max(0, day + 1 - days) : day + 1])


def weekly_growth(weeks: Sequence[float], limits: Limits) -> float:
    """Most in a week after the largest of the weeks before; infinite after no week. [km]"""
    if not weeks:
        return _INF
    largest = max(weeks)
    return max((1 + limits.weekly_growth) * largest, largest + limits.weekly_floor_km)


def week_bounds(weeks: Sequence[float], limits: Limits, *, ratios: bool) -> dict[str, float]:
    """Most in the next week of a return by each limit; infinite: it does not bind. [km]

    Every bound grows with the weeks before. So taking the least of them each week reaches any
    target first: by induction no other series within the bounds is larger in any week.
    """
    bounds = {"week": weekly_growth(weeks, limits)}
    if ratios:
        before = sum(weeks)
        bounds["coupled"] = acwr.longest_allowed(0.0, before, limits.coupled)
    return bounds


# One week of a plan: as large as it can be within the limits, then rounded down.


def fill_week(task: Task, state: PlanState, repeat: str) -> Week:
    """Plan the largest week along its path; `repeat`: why it is the week before again, if it is."""
    week: Week = {}
    days = run_days_left(task, state)
    for day in days:
        limit, room = min(state.headroom(day).items(), key=lambda r: r[1], default=("", _INF))
        if state.is_barred(day):
            week[day] = (0.0, "cap")
        elif state.is_closed(day):
            week[day] = (0.0, "run_days")
        elif room < task.shortest_km - _EPS:
            week[day] = (0.0, limit)
        else:
            state.ran[day] = True
    days = [d for d in days if d not in week]
    while days:
        km, limit = ([], "") if repeat else _early_long_run(task, state, days)
        if not km:
            path = _path_of_week(task, state, days, repeat)
            km, limit = _furthest(task, state, days, path)
        short = [d for d, x in zip(days, km, strict=True) if x < task.shortest_km - _EPS]
        if not short:
            break
        left_out = days[-1] if days[0] == state.history.origin else short[0]
        state.put(left_out, 0.0)
        days.remove(left_out)
        week[left_out] = (0.0, limit or repeat)
    for d in days:
        week[d] = (state.km[d], _limit_reached(task, state, d, limit or repeat))
    return dict(sorted(week.items()))


def round_down_week(task: Task, state: PlanState, goal: Week) -> Week:
    """Round a week down to whole steps, day after day, within what the rounded past allows."""
    long_day = max((d for d, (km, _) in goal.items() if km > 0), default=0)
    week: Week = {}
    for day, (most, why) in goal.items():
        limit, room = _least_room(task, state, day, is_long=day == long_day)
        km, name = (floor_km(room), limit) if room < most else (floor_km(most), why)
        state.put(day, 0.0 if km < floor_km(task.shortest_km) else km)
        week[day] = (state.km[day], name)
    return week


def run_days_left(task: Task, state: PlanState) -> list[int]:
    """Run days of the last week of a plan that are still to come."""
    end, n = len(state.km), len(task.history.km)
    monday = n - task.history.first.weekday()
    return [d for d in range(max(end - WEEK, n), end) if (d - monday) % WEEK in task.run_days]


def floor_km(km: float) -> float:
    """Round down to a whole step; what is a step but for the last bits stays. [km]"""
    return max(0, math.floor(km * _STEPS_PER_KM + _EPS)) / _STEPS_PER_KM


def _early_long_run(task: Task, state: PlanState, days: list[int]) -> tuple[list[float], str]:
    """A week whose long run is not its last, the runs after it as short as can be, or nothing."""
    if task.pace != "earliest" or not task.long_only:
        return [], ""
    for n in range(1, len(days)):
        km, _ = _furthest(task, state, days[:n], _path_of_week(task, state, days[:n], ""))
        if km[-1] >= task.long_km - _EPS:
            rest = [task.long_km / _OVER] * (len(days) - n)
            more, limit = _furthest(task, state, days[n:], [[0.0] * len(rest), rest])
            return km + more, limit or "pace"
        state.put_all(days[:n], [0.0] * n)
    return [], ""


def _furthest(
    task: Task, state: PlanState, days: list[int], path: WeekPath
) -> tuple[list[float], str]:
    """Go along the path as far as the linear limits go; the week, and the limit that ends it."""
    for low, high in pairwise(path):
        at_low = _slacks(task, state, days, low)
        at_high = _slacks(task, state, days, high)
        share, limit = 1.0, ""
        for key, after in at_high.items():
            before = max(0.0, at_low[key])
            if after < -_EPS * _EPS and before / (before - after) < share:
                share, limit = before / (before - after), key[0]
        km = [a + share * (b - a) for a, b in zip(low, high, strict=True)]
        state.put_all(days, km)
        if share < 1:
            return km, limit
    return km, ""


def _slacks(
    task: Task, state: PlanState, days: list[int], km: list[float]
) -> dict[tuple[str, int], float]:
    """How far each limit is from being reached on each run day, and over the week (day -1). [km]"""
    state.put_all(days, km)
    start = len(state.km) - WEEK
    out = {(name, -1): left for name, left in state.left_in_week(start).items()}
    if task.long_km == _INF:
        out["target", -1] = task.week_km - sum(state.km[start:])
    for day in days:
        out |= {(name, day): left for name, left in state.slacks(day).items()}
    return out


def _limit_reached(task: Task, state: PlanState, day: int, why: str) -> str:
    km = state.km[day]
    if km >= state.run_cap(day) - _EPS:
        return "cap"
    if km >= state.session_cap(day) - _EPS:
        return "start" if day == state.history.origin else "session"
    return "target" if km >= task.long_km - _EPS else why or "pace"


def _least_room(task: Task, state: PlanState, day: int, *, is_long: bool) -> tuple[str, float]:
    if state.is_barred(day):
        return "cap", 0.0
    if state.is_closed(day):
        return "run_days", 0.0
    start = len(state.km) - WEEK
    rooms = [*state.headroom(day).items(), *state.left_in_week(start).items()]
    rooms.append(("cap", state.run_cap(day)))
    rooms.append(("start" if day == state.history.origin else "session", state.session_cap(day)))
    if task.pace == "steady" and not is_long:
        rooms.append(("pace", state.longest_since(day, start)))
    return min(rooms, key=lambda r: r[1])


# The path of a week: ever larger weeks of the shape that its pace asks for.


def _path_of_week(task: Task, state: PlanState, days: list[int], repeat: str) -> WeekPath:
    larger = [[state.km[d - WEEK] for d in days]] if repeat else _shapes(task, state, days)
    most = [state.run_cap(d) for d in days]
    path = [[0.0] * len(days), *larger]
    return [[min(x, m) for x, m in zip(corner, most, strict=True)] for corner in path]


def _shapes(task: Task, state: PlanState, days: list[int]) -> WeekPath:
    history, long_km = state.history, task.long_km
    is_start = not history.carries_on and history.origin >= len(state.km) - WEEK
    if task.pace == "earliest" and task.long_only and not is_start:
        return _long_run_first(state, days, long_km)
    if task.pace == "earliest":
        return [_run_by_run(state, days, long_km)]
    longest = _longest_before(state, days)
    if is_start:
        return [[min(longest, long_km)] * len(days)]
    usual = history.mean_week_km / len(days) if history.carries_on else longest
    other = long = min(longest, usual)
    # The week before, where it says something: its shorter runs and its long run.
    km = [state.km[d - WEEK] for d in days if state.km[d - WEEK] > 0]
    if km and not (history.carries_on and len(state.km) - WEEK == len(history.km)):
        other, long = min(km), km[-1]
    cap = min(state.next_longest(longest), long_km)
    most = min(longest, cap)
    other = min(other, most)
    if task.long_only:
        corners = [(most / _OVER, most), (cap / _OVER, cap), (max(other, cap / _OVER), cap)]
    else:
        first = max(min(long, cap), min(cap, _OVER * other))
        together = min(most, max(other, cap / _OVER))
        corners = [(other, min(long, cap)), (other, first), (together, cap), (most, cap)]
    return [[o] * (len(days) - 1) + [lo] for o, lo in corners]


def _longest_before(state: PlanState, days: list[int]) -> float:
    """Longest run before the week that still counts on its last run day. [km]"""
    history = state.history
    start = max(len(state.km) - WEEK, min(history.origin + 1, len(history.km)))
    return state.longest_since(days[-1], start)


def _run_by_run(state: PlanState, days: list[int], long_km: float) -> list[float]:
    """Each run as long as the session limit leaves it after the run before."""
    km: list[float] = []
    for day in days:
        if day == state.history.origin:
            longest = state.history.start_km
        else:
            longest = state.next_longest(max(km[-1:] or [_longest_before(state, days)]))
        km.append(min(longest, long_km, state.run_cap(day)))
    return km


def _long_run_first(state: PlanState, days: list[int], long_km: float) -> WeekPath:
    """The last run ever longer, each step with the least that the session cap asks before it.

    Each step beyond the first needs one more run before it; other runs are as short as can be.
    """
    longest, n = _longest_before(state, days), len(days)
    ladder: list[float] = [longest]
    path: WeekPath = []
    for steps in range(1, n + 1):
        ladder.append(min(state.next_longest(ladder[-1]), long_km))
        other = ladder[-1] / _OVER
        path.append([other] * (n - steps) + ladder[1:])
        if ladder[-1] >= long_km:
            break
        if steps < n:
            path.append([other] * (n - steps - 1) + [max(other, longest), *ladder[1:]])
    return path
