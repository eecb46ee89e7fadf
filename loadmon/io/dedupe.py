"""One run, recorded or exported more than once, is counted once.

Two watches, a watch and a phone, a FIT and the GPX made from it: the same sport at the same time.
Nobody runs twice at once, so two real runs may be minutes apart but never overlap, and overlap
decides. A shift by whole hours (a re-export with the wrong zone) needs the same way at the same
seconds as well, and another file: who runs the same round twice a day runs two runs. The runner's
own word goes first.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np

from loadmon.io.clean import ON_FOOT
from loadmon.io.recording import Floats, Recording

_OVERLAP = 0.8
_START_S = 300.0
_HOUR_S = 3600.0
_MAX_HOURS = 14
_SHIFT_S = 5.0
_SAME_SHARE = 0.01
_RICHNESS = {"fit": 3, "tcx": 2, "polar": 2, "suunto": 2, "gpx": 1}
_MANY = 50  # activities within hours of one: no runner's, so only then worth a look at all at once
#: Points of a shape, and how far two shapes of one recording may be apart.
_POINTS = 8
_MOST, _SAME_M, _SAME_DEG = 6, 2.0, 0.000_03
#: From this share of the shorter, and this long, two that are not the same are said to overlap.
_SOME_OVERLAP, _SOME_OVERLAP_S = 0.2, 300.0

Shape = tuple[tuple[float, float, float], ...]


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
    file: str = ""
    shape: Shape = ()
    partial: bool = False


def shape_of(recording: Recording) -> Shape:
    """Way made and position at the eighths of a recording, to know it again under another time.

    Returns one for each eighth; NaN is not known. Empty where there are too few records.
    """
    time = recording.time
    if len(time) < 2 * _POINTS:
        return ()
    at = time[0] + np.ptp(time) * np.arange(1, _POINTS + 1) / _POINTS
    names = ("distance_m", "latitude_deg", "longitude_deg")
    columns = [_at(at, time, recording.streams.get(n)) for n in names]
    return tuple(zip(*(c.tolist() for c in columns), strict=True))


def _at(at: Floats, time: Floats, values: Floats | None) -> Floats:
    """Values between the known ones; NaN where there are none."""
    known = np.flatnonzero(~np.isnan(values)) if values is not None else np.empty(0, np.int64)
    if values is None or len(known) < _POINTS:
        return np.full(len(at), np.nan)
    return np.asarray(np.interp(at, time[known], values[known]), np.float64)


def repeated(
    candidates: list[Candidate],
    *,
    same: Iterable[tuple[str, str]] = (),
    different: Iterable[tuple[str, str]] = (),
) -> dict[int, tuple[int, str]]:
    """Find activities that repeat a richer one.

    Returns for each repetition its place, the place of the activity that counts, and the evidence
    in words. One with records is kept before a summary, FIT before TCX before GPX, then the one
    with more records; which of two equals is kept follows from their contents, so that the order
    of files changes nothing.
    """
    order = sorted(range(len(candidates)), key=lambda i: _rank(candidates[i]))
    told, apart = _told(candidates, same), _told(candidates, different)
    reach = _MAX_HOURS * _HOUR_S + _SHIFT_S
    out: dict[int, tuple[int, str]] = {}
    kept: list[tuple[float, int]] = []  # in order of start
    starts = np.array([c.start_s for c in candidates])
    ends = starts + np.array([c.length_s for c in candidates])
    for i in order:
        start = candidates[i].start_s
        low = bisect.bisect_left(kept, (start - reach, -1))
        high = bisect.bisect_right(kept, (start + reach, len(candidates)))
        counted = {k for _, k in kept} & told[i] if i in told else set()
        declared = [(k, "declared the same in athlete.toml") for k in sorted(counted)]
        near = [k for _, k in kept[low:high]]
        near = _possible(near, i, starts, ends) if len(near) > _MANY else near
        near = [k for k in near if k not in apart.get(i, ())]
        found = ((k, evidence(candidates[k], candidates[i])) for k in near)
        match = next((f for f in chain(declared, found) if f[1]), None)
        if match:
            out[i] = match
        else:
            bisect.insort(kept, (start, i))
    return out


def _possible(near: list[int], i: int, starts: Floats, ends: Floats) -> list[int]:
    """Of many activities those at the same time as one, or shifted from it by whole hours."""
    others = np.array(near)
    shift = starts[i] - starts[others]
    hours = np.abs(shift - _HOUR_S * np.round(shift / _HOUR_S)) <= _SHIFT_S
    at_once = (starts[others] < ends[i]) & (ends[others] > starts[i])
    found: list[int] = others[hours | at_once].tolist()
    return found


def overlapping(candidates: list[Candidate]) -> list[tuple[int, int, float]]:
    """Find pairs on foot that overlap in time although they are not the same.

    Returns places of both, and the time they share. [s]
    """
    on_foot = [i for i, c in enumerate(candidates) if c.sport in ON_FOOT and c.length_s > 0]
    on_foot.sort(key=lambda i: candidates[i].start_s)
    out = []
    for place, i in enumerate(on_foot):
        end = candidates[i].start_s + candidates[i].length_s
        for k in on_foot[place + 1 :]:
            if candidates[k].start_s >= end:
                break
            shared = _shared_s(candidates[i], candidates[k])
            shorter = min(candidates[i].length_s, candidates[k].length_s)
            if shared >= max(_SOME_OVERLAP_S, _SOME_OVERLAP * shorter):
                out.append((i, k, shared))
    return out


def is_named(file: str, given: str) -> bool:
    """Tell whether a name in the ledger is, or ends in, the name that the runner wrote."""
    long, short = (text.replace("\\", "/").replace("!", "/") for text in (file, given))
    return bool(short) and (long == short or long.endswith("/" + short.lstrip("/")))


def _told(candidates: list[Candidate], pairs: Iterable[tuple[str, str]]) -> dict[int, set[int]]:
    """For each activity of a pair of files, the activities of the other file."""
    out: dict[int, set[int]] = {}
    for pair in pairs:
        sides = [{i for i, c in enumerate(candidates) if is_named(c.file, name)} for name in pair]
        for mine, others in (sides, sides[::-1]):
            for i in mine:
                out.setdefault(i, set()).update(others)
    return out


def _rank(candidate: Candidate) -> tuple[bool, bool, int, int, str]:
    """Richer first: whole, with records, the format, their number, then the contents."""
    richness = _RICHNESS.get(candidate.format, 0)
    bare = not candidate.records
    return candidate.partial, bare, -richness, -candidate.records, candidate.activity_id


def evidence(a: Candidate, b: Candidate) -> str:
    """Evidence that both are one activity; empty if they are not."""
    if not _same_sport(a.sport, b.sport) or not (a.length_s > 0 and b.length_s > 0):
        return ""
    shift = b.start_s - a.start_s
    share = _shared_s(a, b) / min(a.length_s, b.length_s)
    longer = _shared_s(a, b) / max(a.length_s, b.length_s)
    if share > _OVERLAP and (abs(shift) <= _START_S or longer > _OVERLAP):
        return f"starts {shift:+.0f} s apart, {share:.0%} overlap"
    hours = round(shift / _HOUR_S)
    if not hours or abs(hours) > _MAX_HOURS or abs(shift - hours * _HOUR_S) > _SHIFT_S:
        return ""
    if a.file == b.file:  # one watch, one clock: the parts of a file are not shifted copies
        return ""
    close = _close(a.length_s, b.length_s) and _close(a.distance_km, b.distance_km)
    same = close and _same_shape(a, b)
    return f"the same way at the same seconds, shifted by {hours:+d} h" if same else ""


def _same_sport(a: str, b: str) -> bool:
    """Sports that one recording may be called by two makers."""
    return a == b or not a or not b or (a in ON_FOOT and b in ON_FOOT)


def _shared_s(a: Candidate, b: Candidate) -> float:
    """Time in which both went on; below 0, how long after the end of one the other began. [s]"""
    return min(a.start_s + a.length_s, b.start_s + b.length_s) - max(a.start_s, b.start_s)


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= _SAME_SHARE * max(a, b)


def _same_shape(a: Candidate, b: Candidate) -> bool:
    """Tell whether the same way was made at the same seconds, by positions or else by distances."""
    if not (a.shape and b.shape):
        return False
    apart = np.abs(np.array(a.shape) - np.array(b.shape))
    places = (apart[:, 1:] <= _SAME_DEG).all(axis=1)  # NaN is not known and so not the same
    if not np.isnan(apart[:, 1:]).any():
        return bool(places.sum() >= _MOST)
    return bool((apart[:, 0] <= _SAME_M).sum() >= _MOST)
