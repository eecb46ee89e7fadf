"""What the limits leave on a day or for a week of a plan, given every day before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from loadmon.checks.limits import Limits
from loadmon.evidence.checks import SESSION_SPIKE
from loadmon.evidence.load import WINDOWS
from loadmon.evidence.ramp import RAMP_HORIZON
from loadmon.ramp.history import Before

_ACUTE, _CHRONIC = int(WINDOWS["acute"]), int(WINDOWS["chronic"])
_SHORT, _LONG = 2 / (_ACUTE + 1), 2 / (_CHRONIC + 1)
_SPIKE_DAYS = int(SESSION_SPIKE["window_days"])
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
        apart = self.age(day) <= self.limits.no_consecutive_days
        beside = apart and day > 0 and self.ran[day - 1]
        return beside or sum(self.ran[max(0, day - 6) : day]) >= self.limits.max_run_days_in_7

    def longest_since(self, day: int, until: int) -> float:
        """Longest run since the return in the days before `until` of the 30 before `day`. [km]

        The start cap of the return where none of them has a known distance.
        """
        first = max(day - _SPIKE_DAYS, self.before.origin)
        return max(self.longest_km[first:until], default=0.0) or self.before.start_km

    def grown(self, longest_km: float) -> float:
        """Longest run after the longest so far. [km]"""
        growth = (1 + self.limits.session_growth) * longest_km
        return max(growth, longest_km + self.limits.session_floor_km)

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
            out["coupled"] = self.limits.coupled * _ACUTE / _CHRONIC * chronic - acute
            weeks = _CHRONIC / _ACUTE - 1
            out["uncoupled"] = self.limits.uncoupled / weeks * (chronic - acute) - acute
            short, long = self._means(day)
            out["ewma"] = self.limits.ewma * long - short
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

    Parameters
    ----------
    weeks : sequence of float
        Sums of seven days, at most the last three count. [km]
    limits : Limits
        Weekly growth and its floor.

    Returns
    -------
    float
        Infinite after no week. [km]
    """
    if not weeks:
        return _INF
    largest = max(weeks)
    return max((1 + limits.weekly_growth) * largest, largest + limits.weekly_floor_km)


def week_bounds(weeks: Sequence[float], limits: Limits, *, ratios: bool) -> dict[str, float]:
    """Most in the next week of a return, by each limit: one step of the weekly recursion.

    Parameters
    ----------
    weeks : sequence of float
        Sums of the weeks since the return, at most the last three, oldest first. [km]
    limits : Limits
        Weekly growth, coupled and uncoupled ratio.
    ratios : bool
        Whether the week is late enough for the ratios to bind.

    Returns
    -------
    dict of str to float
        Bound by name of limit. [km] Infinite where a limit does not bind, such as the growth of
        the first week, which has none before it.

    Notes
    -----
    Every bound grows with the weeks before. So taking the least of them each week reaches any
    target first: by induction no other series within the bounds is larger in any week. EWMA
    and the runs of each day come on top when the week is placed on its days.
    """
    bounds = {"week": weekly_growth(weeks, limits)}
    if ratios:
        before, n = sum(weeks), _CHRONIC / _ACUTE
        is_bound = limits.coupled < n
        bounds["coupled"] = limits.coupled / (n - limits.coupled) * before if is_bound else _INF
        bounds["uncoupled"] = limits.uncoupled / (n - 1) * before
    return bounds
