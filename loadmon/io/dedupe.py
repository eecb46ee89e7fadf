"""One run, recorded or exported more than once, is counted once.

Two watches, a watch and a phone, a FIT and the GPX made from it: the same sport at the same time.
Nobody runs twice at once, so two real runs may be minutes apart but never overlap, and overlap
decides. A shift by whole hours (a re-export with the wrong zone) needs the same route at the same
seconds as well, and another file: who runs the same round twice a day runs two runs. In two exports
of one platform the same start is one activity, whatever was edited in between, and the newer one
counts. The runner's own word goes first.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from loadmon.athlete import Pairs
from loadmon.errors import FileProblem
from loadmon.io.formats import OPEN_FORMATS, PARTIAL
from loadmon.io.parse import ParsedActivity, Shape
from loadmon.io.reconcile import Activity, FileResult, is_named
from loadmon.io.recording import ON_FOOT

_OVERLAP = 0.8
_START_S = 300.0
#: Starts of one activity in two exports of one platform are as close as this.
_SAME_START_S = 1.0
#: A recording that lies in another by this share, at a pace that differs by no more, is a part.
_INSIDE, _SAME_PACE = 0.95, 1.5
_HOUR_S = 3600.0
_MAX_HOURS = 14
_SHIFT_S = 5.0
_SAME_SHARE = 0.01
#: Which recording of a run is kept, by format; every reader of recordings stands here.
_RICHNESS = {
    **{"fit": 3, "tcx": 2, "polar": 2, "suunto": 2, "huawei": 2, "fitlog": 2, "pwx": 2},
    **{"goldencheetah": 2, "gpx": 1, "adidas-track": 1, "samsung-track": 1},
    **{"opentracks-kml": 0, "opentracks-table": 0},
}
_MANY = 50  # activities within hours of one: no runner's, so only then are all compared at once
#: How many points of two shapes of one recording must agree, and how far they may be apart.
_MOST, _SAME_M, _SAME_DEG = 6, 2.0, 0.000_03
#: From this share of the shorter, and this long, two that are not the same are said to overlap.
_SOME_OVERLAP, _SOME_OVERLAP_S = 0.2, 300.0


def drop_repeats(results: list[FileResult], same: Pairs = (), different: Pairs = ()) -> None:
    """Take activities that repeat a richer one out of their files; flag what overlaps in part."""
    found = [(result, activity) for result in results for activity in result.activities]
    candidates = [candidate(activity) for _, activity in found]
    _find_outdated(results, candidates)
    repeats = repeated(candidates, same=same, different=different)
    for i, (k, reason) in repeats.items():
        take_out(*found[i], found[k][1], reason)
    left = [i for i in range(len(found)) if i not in repeats]
    counted = [found[i][1] for i in left]
    for i, k, shared_s in overlapping([candidates[i] for i in left]):
        for mine, other in ((counted[i], counted[k]), (counted[k], counted[i])):
            mine.issues["overlap"] = (
                f"{shared_s / 60:.0f} min at the same time as {other.source.name}: if they are one "
                f"activity, write both file names under same in athlete.toml"
            )
    for pair in [*same, *different]:  # of a partner that is not here, the name may be misspelt
        sides = [[r for r in results if is_named(r.source.name, name)] for name in pair]
        for here, there, name in ((sides[0], sides[1], pair[1]), (sides[1], sides[0], pair[0])):
            for one in (activity for result in here for activity in result.activities):
                if not there:
                    one.issues["pair-missing"] = (
                        f"athlete.toml pairs it with {name}, which is not among the files read"
                    )


def take_out(result: FileResult, activity: Activity, kept: Activity, reason: str) -> None:
    """Take a repetition out of its file."""
    detail = f"the same activity as {kept.source.name}: {reason}"
    result.problems.append(FileProblem("duplicate", "near-duplicate", detail))
    result.activities.remove(activity)
    result.repeats.append((activity, kept))


@dataclass(slots=True)
class Candidate:
    """What decides whether an activity repeats another, and which of the two is richer."""

    start_s: float
    length_s: float
    distance_km: float
    sport: str
    format: str = ""
    records: int = 0
    activity_id: str = ""
    file: str = ""
    shape: Shape = ()
    partial: bool = False
    #: Whether a newer export of its platform, one that reaches further, has it too.
    is_outdated: bool = False

    @property
    def is_of_platform(self) -> bool:
        """Whether it lies in a file of one platform's own form."""
        return self.format not in ("", *OPEN_FORMATS)


def candidate(activity: Activity) -> Candidate:
    """`Candidate` that an activity is."""
    parsed = activity.parsed
    return Candidate(
        start_s=parsed.start,
        length_s=60 * parsed.numbers["elapsed_min"],
        distance_km=parsed.numbers["distance_km"],
        sport=parsed.sport,
        format=activity.format,
        records=parsed.records,
        activity_id=activity.activity_id,
        file=activity.source.name,
        shape=parsed.shape,
        partial=PARTIAL in parsed.issues,
    )


def _find_outdated(results: Iterable[FileResult], candidates: Iterable[Candidate]) -> None:
    """Mark what a newer export of its platform has too; one folder is of one export."""
    latest: dict[tuple[str, str], float] = {}

    def keys(kind: str, file: str) -> tuple[tuple[str, str], tuple[str, str]]:
        return (kind, file.replace("!", "/").rpartition("/")[0]), (kind, file)

    for result in results:  # also those whose bytes are another's
        parts = () if result.contents.format in OPEN_FORMATS else result.contents.parts
        starts = [part.start for part in parts if isinstance(part, ParsedActivity)]
        for key in keys(result.contents.format, result.source.name) if starts else ():
            latest[key] = max(latest.get(key, 0.0), *starts)
    again: dict[tuple[str, int], list[tuple[tuple[float, ...], Candidate]]] = {}
    for one in candidates:
        if one.is_of_platform:
            reach = tuple(latest[key] for key in keys(one.format, one.file))
            again.setdefault((one.format, round(one.start_s)), []).append((reach, one))
    for group in again.values():
        newest = max(reach for reach, _ in group)
        for reach, one in group:
            one.is_outdated = reach < newest


def repeated(
    candidates: Sequence[Candidate],
    *,
    same: Iterable[tuple[str, str]] = (),
    different: Iterable[tuple[str, str]] = (),
) -> dict[int, tuple[int, str]]:
    """For each activity that repeats a richer one its index, and the evidence in words.

    Kept is a whole one before a part, with records before a summary, FIT before TCX before GPX, of
    a platform's own the newer export's, then that with more records, then by contents: the order of
    files changes nothing.
    """

    def rank(i: int) -> tuple[bool, bool, int, bool, int, str]:
        one = candidates[i]
        poor = one.partial, not one.records, -_RICHNESS.get(one.format, 0), one.is_outdated
        return *poor, -one.records, one.activity_id

    declared, apart = _partners(candidates, same), _partners(candidates, different)
    reach = _MAX_HOURS * _HOUR_S + _SHIFT_S
    out: dict[int, tuple[int, str]] = {}
    kept: list[tuple[float, int]] = []  # in order of start
    starts = np.array([c.start_s for c in candidates])
    ends = starts + np.array([c.length_s for c in candidates])
    for i in sorted(range(len(candidates)), key=rank):
        start = candidates[i].start_s
        low = bisect.bisect_left(kept, (start - reach, -1))
        high = bisect.bisect_right(kept, (start + reach, len(candidates)))
        partners = {k for _, k in kept} & declared[i] if i in declared else set()
        near = [k for _, k in kept[low:high]]
        if len(near) > _MANY:  # only those at the same time, or shifted by whole hours
            others = np.array(near)
            shift = start - starts[others]
            hours = np.abs(shift - _HOUR_S * np.round(shift / _HOUR_S)) <= _SHIFT_S
            at_once = (starts[others] < ends[i]) & (ends[others] > start)
            near = others[hours | at_once].tolist()
        near = [k for k in near if k not in apart.get(i, ())]
        found = chain(
            ((k, "declared the same in athlete.toml") for k in sorted(partners)),
            ((k, evidence(candidates[k], candidates[i])) for k in near),
        )
        match = next((f for f in found if f[1]), None)
        if match:
            out[i] = match
        else:
            bisect.insort(kept, (start, i))
    inside = _inside(candidates, kept, apart, reach)
    # What repeats a part repeats the whole.
    return {i: (inside[k][0] if k in inside else k, why) for i, (k, why) in out.items()} | inside


def _inside(
    candidates: Sequence[Candidate],
    kept: list[tuple[float, int]],
    apart: dict[int, set[int]],
    reach: float,
) -> dict[int, tuple[int, str]]:
    """For each activity that lies inside a longer one of the same runner that one, and how."""
    out: dict[int, tuple[int, str]] = {}
    ends = np.array([c.start_s + c.length_s for c in candidates])
    for start, i in kept:
        low = bisect.bisect_left(kept, (start - reach, -1))
        high = bisect.bisect_right(kept, (start + _START_S, len(candidates)))
        near = [k for _, k in kept[low:high]]
        if len(near) > _MANY:  # only those at the same time
            others = np.array(near)
            near = others[ends[others] > start].tolist()
        for k in near:
            whole, part = candidates[k], candidates[i]
            if k not in (i, *apart.get(i, ())) and k not in out and _is_part(whole, part):
                begun = (part.start_s - whole.start_s) / 60
                out[i] = k, f"it lies inside it, from {begun:.0f} min after its start"
                break
    return out


def _is_part(whole: Candidate, part: Candidate) -> bool:
    """Whether a recording on foot is of a part of another: nobody runs twice at once.

    At another pace on the whole it is not: a track of the whole day holds more than its run.
    """
    on_foot = whole.sport in ON_FOOT and part.sport in ON_FOOT
    if not on_foot or whole.file == part.file or not 0 < part.length_s < whole.length_s:
        return False
    if not _shared_s(whole, part) > _INSIDE * part.length_s:
        return False
    paces = [one.distance_km / one.length_s for one in (whole, part)]
    return max(paces) <= _SAME_PACE * min(paces)


def _partners(
    candidates: Sequence[Candidate], pairs: Iterable[tuple[str, str]]
) -> dict[int, set[int]]:
    """For each activity of a pair of files, the activities of the other file."""
    out: dict[int, set[int]] = {}
    for pair in pairs:
        sides = [{i for i, c in enumerate(candidates) if is_named(c.file, name)} for name in pair]
        for mine, others in (sides, sides[::-1]):
            for i in mine:
                out.setdefault(i, set()).update(others)
    return out


def evidence(a: Candidate, b: Candidate) -> str:
    """What shows that both are one activity; empty if they are not."""
    of_one_platform = a.is_of_platform and a.format == b.format and a.file != b.file
    if of_one_platform and abs(a.start_s - b.start_s) <= _SAME_START_S:
        return "the same start in two exports of one platform"
    # Two makers may call one recording by different sports.
    on_foot = a.sport in ON_FOOT and b.sport in ON_FOOT
    same_sport = a.sport == b.sport or not a.sport or not b.sport or on_foot
    if not same_sport or not (a.length_s > 0 and b.length_s > 0):
        return ""
    shift, shared = b.start_s - a.start_s, _shared_s(a, b)
    if shared > 0:
        share = shared / min(a.length_s, b.length_s)
        longer = shared / max(a.length_s, b.length_s)
        if share > _OVERLAP and (abs(shift) <= _START_S or longer > _OVERLAP):
            return f"starts {shift:+.0f} s apart, {share:.0%} overlap"
    hours = round(shift / _HOUR_S)
    if not hours or abs(hours) > _MAX_HOURS or abs(shift - hours * _HOUR_S) > _SHIFT_S:
        return ""
    if not (_is_close(a.length_s, b.length_s) and _is_close(a.distance_km, b.distance_km)):
        return ""
    # One watch, one clock: the parts of a file are no shifted copies.
    if a.file == b.file or not len(a.shape) or not len(b.shape):
        return ""
    apart = np.abs(np.array(a.shape) - np.array(b.shape))
    has_positions = not np.isnan(apart[:, 1:]).any()
    # Distances are compared where there are no positions; NaN is not known and so not the same.
    same = (apart[:, 1:] <= _SAME_DEG).all(axis=1) if has_positions else apart[:, 0] <= _SAME_M
    shifted = f"the same route at the same seconds, shifted by {hours:+d} h"
    return shifted if same.sum() >= _MOST else ""


def _is_close(one: float, other: float) -> bool:
    return abs(one - other) <= _SAME_SHARE * max(one, other)


def _shared_s(a: Candidate, b: Candidate) -> float:
    """Time in which both went on; below 0, how long after the end of one the other began. [s]"""
    return min(a.start_s + a.length_s, b.start_s + b.length_s) - max(a.start_s, b.start_s)


def overlapping(candidates: Sequence[Candidate]) -> list[tuple[int, int, float]]:
    """Find pairs on foot that overlap in time although they are not the same, and for how long."""
    on_foot = [i for i, c in enumerate(candidates) if c.sport in ON_FOOT and c.length_s > 0]
    on_foot.sort(key=lambda i: candidates[i].start_s)
    out = []
    for n, i in enumerate(on_foot):
        end = candidates[i].start_s + candidates[i].length_s
        for k in on_foot[n + 1 :]:
            if candidates[k].start_s >= end:
                break
            shared = _shared_s(candidates[i], candidates[k])
            shorter = min(candidates[i].length_s, candidates[k].length_s)
            if shared >= max(_SOME_OVERLAP_S, _SOME_OVERLAP * shorter):
                out.append((i, k, shared))
    return out
