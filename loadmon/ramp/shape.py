"""The shape of a week: a path of ever larger weeks, along which the planner goes as far as it can.

A path is a list of corners; each corner holds one distance for every run day of the week, and
none of them shrinks from one corner to the next.
"""

from __future__ import annotations

from loadmon.checks.limits import Pace
from loadmon.evidence.ramp import RAMP_LONG_RUN
from loadmon.ramp.course import Course

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
    """Path of the week of `days` by one of the paces.

    Parameters
    ----------
    course : Course
        What was run and planned before the week.
    days : list of int
        Run days of the week, in order; at least one.
    pace : {"steady", "earliest"}
        Steady: the long run of the last day grows first, up to half as long again as the others;
        then all together; then the others, up to the longest run before this week; the first
        week of a return has no new longest. Earliest: each run as long as the run before lets it
        be, all of them scaled together. Where only a long run is wanted, both let the last run
        grow first, with as few kilometres before it as the shape of a week asks.
    long_km : float
        No run is longer. [km]
    long_only : bool
        Whether a long run is wanted and no week.
    is_first : bool
        Whether the week before was not part of any plan, so that it tells no shape.
    """
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
