"""One run, recorded or exported more than once, is counted once.

Two watches, a watch and a phone, a FIT and the GPX made from it: the same sport at the same time.
Two real runs can be minutes apart but never overlap, so overlap decides; a shift by whole hours (a
re-export with the wrong zone) needs the same length and distance as well.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass

from loadmon.reading.judge import ON_FOOT

_OVERLAP = 0.8
_START_S = 300.0
_HOUR_S = 3600.0
_MAX_HOURS = 14
_SHIFT_S = 5.0
_SAME_SHARE = 0.01
_RICHNESS = {"fit": 3, "tcx": 2, "gpx": 1}


@dataclass(frozen=True, slots=True)
class Candidate:
    """What decides whether an activity is the same as another, and which of the two is richer."""

    start_s: float
    length_s: float
    distance_km: float
    sport: str
    format: str
    records: int
    activity_id: str


def repeated(candidates: list[Candidate]) -> dict[int, tuple[int, str]]:
    """Find activities that repeat a richer one.

    Parameters
    ----------
    candidates : list of Candidate
        Activities in any order.

    Returns
    -------
    dict of int to (int, str)
        For each repetition its place, the place of the activity that counts, and the evidence in
        words. FIT is kept before TCX before GPX, then the one with more records; which of two
        equals is kept follows from their contents, so that the order of files changes nothing.
    """
    order = sorted(range(len(candidates)), key=lambda i: _rank(candidates[i]))
    reach = _MAX_HOURS * _HOUR_S + _SHIFT_S
    out: dict[int, tuple[int, str]] = {}
    kept: list[tuple[float, int]] = []  # in order of start
    for i in order:
        start = candidates[i].start_s
        low = bisect.bisect_left(kept, (start - reach, -1))
        high = bisect.bisect_right(kept, (start + reach, len(candidates)))
        found = ((k, _same(candidates[k], candidates[i])) for _, k in kept[low:high])
        match = next((f for f in found if f[1]), None)
        if match:
            out[i] = match
        else:
            bisect.insort(kept, (start, i))
    return out


def _rank(candidate: Candidate) -> tuple[int, int, str]:
    """Richer first: the format, then the number of records, then the contents."""
    return -_RICHNESS.get(candidate.format, 0), -candidate.records, candidate.activity_id


def _same(a: Candidate, b: Candidate) -> str:
    """Evidence that both are one activity; empty if they are not."""
    if not _same_sport(a.sport, b.sport) or not (a.length_s > 0 and b.length_s > 0):
        return ""
    shift = b.start_s - a.start_s
    if abs(shift) <= _START_S:
        share = _overlap(a, b, 0.0)
        return f"starts {shift:+.0f} s apart, {share:.0%} overlap" if share > _OVERLAP else ""
    hours = round(shift / _HOUR_S)
    if hours == 0 or abs(hours) > _MAX_HOURS or abs(shift - hours * _HOUR_S) > _SHIFT_S:
        return ""
    close = _close(a.length_s, b.length_s) and _close(a.distance_km, b.distance_km)
    return f"the same run shifted by {hours:+d} h" if close and _overlap(a, b, hours) > 0.95 else ""


def _same_sport(a: str, b: str) -> bool:
    """Sports that one recording may be called by two makers."""
    return a == b or not a or not b or (a in ON_FOOT and b in ON_FOOT)


def _overlap(a: Candidate, b: Candidate, hours: float) -> float:
    """Shared time over the shorter of the two, after taking a whole-hour shift out."""
    start_b = b.start_s - hours * _HOUR_S
    shared = min(a.start_s + a.length_s, start_b + b.length_s) - max(a.start_s, start_b)
    return max(0.0, shared) / min(a.length_s, b.length_s)


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= _SAME_SHARE * max(a, b)
