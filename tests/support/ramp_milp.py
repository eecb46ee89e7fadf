"""The earliest day of a long run by a mixed-integer programme, formulated from the specification.

It shares no code with the planner: history comes as plain lists, every limit as a row of a matrix.
The session cap and the largest of three weeks are not convex, so each is a choice among rows.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

BIG = 100.0


class Programme:
    """Rows of a mixed-integer programme over the run days of a plan."""

    def __init__(
        self,
        past_km: Sequence[float],
        past_longest: Sequence[float],
        run_days: Sequence[int],
        limits: object,
        *,
        origin: int,
        start_km: float,
        line_km: float = np.inf,
        shortest_km: float = 0.5,
        over_others: float = 1.5,
        begun: int = 0,
        weekdays: int = 3,
        is_steady: bool = False,
    ):
        self.km, self.longest = list(past_km), list(past_longest)
        self.n, self.days = len(self.km), list(run_days)
        self.limits, self.origin = limits, origin
        self.start_km, self.line_km = start_km, line_km
        self.shortest, self.over, self.begun = shortest_km, over_others, begun
        self.last, self.is_steady, self.weekdays = self.days[-1], is_steady, weekdays
        self.names: list[str] = [f"x{d}" for d in self.days]
        self.rows: list[tuple[dict[str, float], float]] = []  # sum(coefficient * name) <= bound

    def choice(self, options: list[tuple[dict[str, float], float]], name: str) -> None:
        """One of several rows holds."""
        picks = []
        for i, (row, bound) in enumerate(options):
            pick = f"{name}.{i}"
            self.names.append(pick)
            picks.append(pick)
            self.rows.append((row | {pick: BIG}, bound + BIG))
        self.rows.append((dict.fromkeys(picks, -1.0), -1.0))

    def window(self, end: int, days: int) -> tuple[dict[str, float], float]:
        """Sum of the days that end on a place: planned runs by name, and the known part."""
        first = end - days + 1
        known = sum(self.km[max(0, first) : min(end + 1, self.n)])
        row = {f"x{d}": 1.0 for d in self.days if first <= self.n + d <= end}
        return row, known

    def session(self, day: int) -> None:
        """A run against the longest of the 30 days before, since the return."""
        place, x = self.n + day, f"x{day}"
        growth, floor = self.limits.session_growth, self.limits.session_floor_km
        if place == self.origin:
            self.rows.append(({x: 1.0}, self.start_km))
            return
        since = max(self.origin, place - 30)
        known = max(self.longest[since : self.n], default=0.0) or 0.0
        options = []
        earlier = [d for d in self.days if since <= self.n + d < place]
        if known or not earlier:
            base = known or self.start_km
            options.append(({x: 1.0}, max(base * (1 + growth), base + floor)))
        for d in earlier:
            options.append(({x: 1.0, f"x{d}": -(1 + growth)}, 0.0))
            options.append(({x: 1.0, f"x{d}": -1.0}, floor))
        self.choice(options, f"s{day}")

    def week(self, place: int, name: str) -> None:
        """Seven days against the largest of the three sevens before, after the return."""
        row, known = self.window(place, 7)
        age = place - self.origin + 1
        if age < 14:
            if self.line_km < np.inf:
                self.rows.append((row, self.line_km - known))
            return
        options = []
        for j in (1, 2, 3):
            end = place - 7 * j
            if end - self.origin + 1 < 7:
                continue
            other, before = self.window(end, 7)
            for growth, floor in (
                (self.limits.weekly_growth, 0.0),
                (0.0, self.limits.weekly_floor_km),
            ):
                if floor == 0.0 and growth == 0.0:
                    continue
                whole = dict(row)
                for key, c in other.items():
                    whole[key] = whole.get(key, 0.0) - (1 + growth) * c
                options.append((whole, (1 + growth) * before + floor - known))
        self.choice(options, f"w{name}")

    def ratio(self, place: int) -> None:
        """Acute against chronic load, coupled."""
        if place - self.origin + 1 < self.limits.ratio_from_day:
            return
        acute, a = self.window(place, 7)
        month, m = self.window(place, 28)
        share = self.limits.coupled / 4
        self.rows.append((_plus(acute, month, -share), share * m - a))

    def steady(self) -> None:
        """One new longest run a week, on its last run day; every fourth week repeats."""
        for d in self.days:
            if self.n == self.origin and self.number(d) == 0:
                self.rows.append(({f"x{d}": 1.0}, self.start_km))  # no new longest at first
        for week in sorted({self.number(d) for d in self.days}):
            days = [d for d in self.days if self.number(d) == week]
            before = [d for d in self.days if self.number(d) < week]
            for d in days[:-1] if self.is_whole(week) else days:
                since = max(self.origin, self.n + d - 30)
                known = max(self.longest[since : self.n], default=0.0) or self.start_km
                options: list[tuple[dict[str, float], float]] = [({f"x{d}": 1.0}, known)]
                options += [
                    ({f"x{d}": 1.0, f"x{e}": -1.0}, 0.0) for e in before if self.n + e >= since
                ]
                self.choice(options, f"p{d}")
            if (week + 1) % 4 == 0:
                for d in days:
                    if d - 7 in self.days:
                        self.rows.append(({f"x{d}": 1.0, f"x{d - 7}": -1.0}, 0.0))

    def number(self, day: int) -> int:
        """Week of a day, from 0, counted from the return or from the first day of the plan."""
        return (day + self.begun) // 7

    def is_whole(self, week: int) -> bool:
        """Whether a week has its last run day within the programme."""
        return sum(self.number(d) == week for d in self.days) == self.weekdays

    def shape(self) -> None:
        """In a week no run is more than so many times as long as another."""
        for i in self.days:
            for j in self.days:
                if i != j and self.number(i) == self.number(j):
                    self.rows.append(({f"x{i}": 1.0, f"x{j}": -self.over}, 0.0))

    def climb(self) -> dict[int, float]:
        """Longest that each run could be by the session cap alone: implied by it, and tighter."""
        growth, floor = self.limits.session_growth, self.limits.session_floor_km
        longest = max(self.longest[self.origin : self.n][-30:], default=0.0) or self.start_km
        out = {}
        for d in self.days:
            at_start = self.n + d == self.origin
            grown = longest if at_start else max(longest * (1 + growth), longest + floor)
            if self.is_steady and (self.number(d) + 1) % 4 == 0:
                grown = longest  # the week before again
            out[d] = grown
            following = [e for e in self.days if e > d]
            last_of_week = not following or self.number(following[0]) > self.number(d)
            if not self.is_steady or last_of_week:
                longest = grown
        return out

    def can_reach(self, km: float, *, step_km: float = 0.0, seconds: float = 60.0) -> bool:
        """Whether a plan within every limit has a run of `km` on one of its days."""
        self.ladder = self.climb()
        for day in self.days:
            self.session(day)
            self.week(self.n + day, str(day))
            self.ratio(self.n + day)
        for end in range(6 - self.begun, self.last + 1, 7):
            if end >= 0 and end not in self.days:
                self.week(self.n + end, f"end{end}")
                self.ratio(self.n + end)
        self.shape()
        if self.is_steady:
            self.steady()
        self.choice([({f"x{d}": -1.0}, -km) for d in self.days], "goal")
        return self._solve(step_km, seconds)

    def _solve(self, step_km: float, seconds: float) -> bool:
        place = {name: i for i, name in enumerate(self.names)}
        matrix = np.zeros((len(self.rows), len(place)))
        for r, (row, _) in enumerate(self.rows):
            for name, c in row.items():
                matrix[r, place[name]] += c
        is_run = np.array([name[0] == "x" for name in self.names])
        scale = np.where(is_run & (step_km > 0), step_km or 1.0, 1.0)
        lower = np.where(is_run, self.shortest / scale, 0.0)
        upper = np.ones(len(place))
        upper[is_run] = [self.ladder[d] for d in self.days] / scale[is_run]
        whole = ~is_run | (step_km > 0)
        found = milp(
            np.zeros(len(place)),
            constraints=LinearConstraint(matrix * scale, -np.inf, [b + 1e-7 for _, b in self.rows]),
            bounds=Bounds(lower, upper),
            integrality=whole.astype(int),
            options={"time_limit": seconds},
        )
        assert found.status in (0, 2), found.message  # solved, or shown to be infeasible
        self.solution = None if found.x is None else found.x[is_run] * scale[is_run]
        return found.status == 0


def _plus(a: dict[str, float], b: dict[str, float], times: float) -> dict[str, float]:
    out = dict(a)
    for key, c in b.items():
        out[key] = out.get(key, 0.0) + times * c
    return out
