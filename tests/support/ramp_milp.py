"""The earliest day of a long run by a mixed-integer programme, formulated from the specification.

It shares no code with the planner: history comes as plain lists, every limit as a row of a matrix.
The session cap and the largest of three weeks are not convex, so each is a choice among rows.
Left out, so that what it finds may be sooner than any plan but never later: seven days against the
fullest seven of twelve weeks, and how a way back begins (no return is asked for here).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

BIG = 100.0
Row = tuple[dict[str, float], float]


class Programme:
    """Rows of a mixed-integer programme over the run days of a plan."""

    def __init__(
        self,
        past_km: Sequence[float],
        past_longest: Sequence[float],
        run_days: Sequence[int],
        limits: object,
        *,
        is_steady: bool,
        shortest_km: float = 0.5,
        over_others: float = 1.5,
    ):
        self.km, self.longest = list(past_km), list(past_longest)
        self.n, self.days = len(self.km), list(run_days)
        self.limits, self.shortest, self.over = limits, shortest_km, over_others
        self.is_steady = is_steady
        months = [sum(self.km[max(0, i - 27) : i + 1]) / 4 for i in range(self.n)]
        self.known_week = max(months[-730:])
        # What running so long ago leaves of a week; a day of sport or walking is a third less off.
        left = [18 / (18 + max(0.0, (self.n - 1 - i) * 2 / 3 - 7)) for i in range(self.n)]
        self.early_week = max(x * share for x, share in zip(months, left, strict=True))
        self.names: list[str] = [f"x{d}" for d in self.days]
        self.rows: list[Row] = []  # sum(coefficient * name) <= bound

    def choice(self, options: list[list[Row]], name: str) -> None:
        """Every row of one of several options holds."""
        picks = []
        for i, rows in enumerate(options):
            pick = f"{name}.{i}"
            self.names.append(pick)
            picks.append(pick)
            self.rows += [(row | {pick: BIG}, bound + BIG) for row, bound in rows]
        self.rows.append((dict.fromkeys(picks, -1.0), -1.0))

    def seven(self, week: int) -> Row:
        """Sum of a week of the plan: planned runs by name, and the known part. Before it: < 0."""
        first = 7 * week
        known = sum(self.km[max(0, self.n + first) : max(0, self.n + min(0, first + 7))])
        return {f"x{d}": 1.0 for d in self.days if first <= d < first + 7}, known

    def session(self, day: int) -> None:
        """A run against the longest of the 30 days before."""
        growth, floor = self.limits.session_growth, self.limits.session_floor_km
        x, since = f"x{day}", self.n + day - 30
        known = max(self.longest[since : self.n], default=0.0)
        options: list[list[Row]] = [[({x: 1.0}, max(known * (1 + growth), known + floor))]]
        for d in self.days:
            if since <= self.n + d < self.n + day:
                options.append([({x: 1.0, f"x{d}": -(1 + growth)}, 0.0)])
                options.append([({x: 1.0, f"x{d}": -1.0}, floor)])
        self.choice(options, f"s{day}")

    def week(self, week: int) -> None:
        """A week against the largest of the three before it, faster up to the largest known."""
        row, limits = self.seven(week)[0], self.limits
        before = [self.seven(week - j) for j in (1, 2, 3)]
        before += [({}, self.early_week)] * (week < 4)
        options: list[list[Row]] = []
        for other, km in before:
            options.append([(_plus(row, other, -1.0), km + limits.weekly_floor_km)])
            for growth in (limits.beyond_growth, limits.weekly_growth):
                grown = (_plus(row, other, -(1 + growth)), (1 + growth) * km)
                known = [(row, self.known_week)] * (growth == limits.weekly_growth)
                options.append([grown, *known])
        self.choice(options, f"w{week}")

    def ratio(self, week: int) -> None:
        """Acute against chronic load, coupled, of a week and the three before it."""
        end = self.n + max(d for d in self.days if self.number(d) == week)
        ran = [i for i in range(max(0, end - 27), self.n) if self.longest[i] > 0]
        if len(ran) + sum(end - 27 <= self.n + d <= end for d in self.days) < 6:
            return
        row = self.seven(week)[0]
        share, bound, whole = self.limits.coupled / 4, 0.0, dict(row)
        for j in range(4):
            other, km = self.seven(week - j)
            whole, bound = _plus(whole, other, -share), bound + share * km
        self.rows.append((whole, bound))

    def steady(self) -> None:
        """Every fourth week repeats the one before."""
        for d in self.days:
            if (self.number(d) + 1) % 4 == 0 and d - 7 in self.days:
                self.rows.append(({f"x{d}": 1.0, f"x{d - 7}": -1.0}, 0.0))

    def number(self, day: int) -> int:
        """Week of a day, from 0, counted from the first day of the plan."""
        return day // 7

    def shape(self, long_day: int) -> None:
        """The run of one day of the week is the long one: the others are so many times shorter."""
        for i in self.days:
            for j in self.days:
                if i != j and self.number(i) == self.number(j) and j % 7 == long_day:
                    self.rows.append(({f"x{i}": self.over, f"x{j}": -1.0}, 0.0))

    def climb(self) -> dict[int, float]:
        """Longest that each run could be by the session cap alone: implied by it, and tighter."""
        growth, floor = self.limits.session_growth, self.limits.session_floor_km
        longest, out = max(self.longest[-30:]), {}
        for d in self.days:
            longest = out[d] = max(longest * (1 + growth), longest + floor)
        return out

    def can_reach(
        self, km: float, *, long_day: int, step_km: float = 0.0, seconds: float = 600.0
    ) -> bool:
        """Whether a plan within every limit has a run of `km` on one of its days."""
        self.ladder = self.climb()
        for day in self.days:
            self.session(day)
        for week in sorted({self.number(d) for d in self.days}):
            self.week(week)
            self.ratio(week)
        self.shape(long_day)
        if self.is_steady:
            self.steady()
        self.choice([[({f"x{d}": -1.0}, -km)] for d in self.days], "goal")
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
