"""Whose clock a list's times are on: local or UTC, and how far apart the two were.

A list that gives local times without a zone, or UTC without an offset, is put on the runner's
calendar by what stands beside it: a recording of the same run, else the runs before and after it
where these agree, else the zone that the runner calls home.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import replace

from loadmon.io.localtime import offset_of_wall
from loadmon.io.parse import ParsedActivity
from loadmon.io.reconcile import Activity

#: How far away a run may be whose offset another takes. [s]
_NEAR_S = 14 * 86_400.0
#: Two starts of one run in two lists are at most this far apart. [s]
_SAME_S = 120.0
#: Who says the offset of an activity that needs no other's word.
_SURE = ("file", "list", "gps")


def is_local(starts: Sequence[float], others: Sequence[Activity]) -> bool:
    """Whether starts that may be UTC or local are local, by others at the same time. [s]"""
    utc = sorted(a.parsed.start for a in others)
    local = sorted(a.local_start for a in others if a.tz_source in _SURE and a.utc_offset_min)
    votes = 0
    for start in starts:
        votes += _has_near(local, start) - _has_near(utc, start)
    return votes > 0


def _has_near(among: Sequence[float], start: float) -> bool:
    at = bisect.bisect_left(among, start - _SAME_S)
    return at < len(among) and among[at] <= start + _SAME_S


def put_on_clock(activity: Activity, part: ParsedActivity, home_zone: str) -> None:
    """Take a start for local time, by the zone called home; without one it stays as it is."""
    wall, offset = part.start, 0.0
    if part.zone or home_zone:
        offset = offset_of_wall(wall, part.zone or home_zone)
        activity.tz_source = "file" if part.zone else "home"
    set_clock(activity, wall - 60 * offset, offset, activity.tz_source)


def set_clock(activity: Activity, start_s: float, offset_min: float, source: str) -> None:
    """Give an activity its start and offset; what was parsed is never changed in place."""
    activity.parsed = replace(activity.parsed, start=start_s)
    activity.utc_offset_min, activity.tz_source = offset_min, source


def infer_offsets(
    open_: Sequence[tuple[Activity, float]], known: Sequence[Activity], home_zone: str
) -> None:
    """Give activities without an offset of their own that of the runs before and after them.

    Each stands with its local start where that is what its list tells, else with NaN. What began
    at the same local time elsewhere is the same run. Where those two runs disagree, the zone called
    home counts, and without one the only run that is near.
    """
    sure = sorted((a for a in known if a.tz_source in _SURE), key=lambda a: a.parsed.start)
    starts = [a.parsed.start for a in sure]
    by_clock = sorted((a.local_start, a.utc_offset_min) for a in sure)
    for activity, wall in open_:
        start = activity.parsed.start
        at = bisect.bisect_left(starts, start)
        near = [a for a in sure[max(0, at - 1) : at + 1] if abs(a.parsed.start - start) <= _NEAR_S]
        offsets = {a.utc_offset_min for a in near}
        low = bisect.bisect_left(by_clock, (wall - _SAME_S, -_NEAR_S))
        high = bisect.bisect_right(by_clock, (wall + _SAME_S, _NEAR_S))
        if wall == wall and (same := {offset for _, offset in by_clock[low:high]}):
            offsets = same
        elif len(near) == 1 and home_zone:
            continue
        if len(offsets) != 1:
            continue
        offset = offsets.pop()
        start = wall - 60 * offset if wall == wall else start
        set_clock(activity, start, offset, "neighbours")
        for code in ("no-local-time", "tz-unknown", "day-only"):
            activity.issues.pop(code, None)
        activity.issues["tz-inferred"] = (
            f"its list tells no zone: {offset / 60:+g} h, as the runs next to it"
        )
