"""Which recording an entry of a vendor's list belongs to: by file name, by start, by day."""

from __future__ import annotations

import bisect
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from loadmon.reading.contents import Measured
from loadmon.reading.duplicates import Candidate, evidence
from loadmon.reading.exports.entry import Entry
from loadmon.reading.settle import Activity, Settled, candidate

_EXACT_S = 5.0
_REACH_S = 12 * 3600.0
_DAY_S = 86_400.0
#: How far the lengths of one activity may be apart in two lists that round differently, and how
#: far apart distance and time may be where a list tells only the day.
_CLOSE, _CLOSE_S = 0.01, 10.0
_LOOSE, _SOME_KM = 0.25, 0.02


@dataclass(slots=True)
class Recordings:
    """All recordings that count, to be found by name, start and day."""

    by_file: dict[str, Settled] = field(default_factory=dict)
    by_base: dict[str, list[Settled]] = field(default_factory=lambda: defaultdict(list))
    kept: list[Activity] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)


def recordings_of(inputs: list[Settled]) -> Recordings:
    """Index the recordings among all inputs."""
    out = Recordings()
    for done in inputs:
        if not done.side:
            name = _plain(done.source.name)
            out.by_file.setdefault(name, done)
            out.by_base[name.rsplit("/", 1)[-1]].append(done)
    out.kept = sorted(
        (a for done in inputs for a in done.activities),
        key=lambda a: (a.measured.start, a.activity_id),
    )
    out.starts = [a.measured.start for a in out.kept]
    return out


def _plain(name: str) -> str:
    """Name with one kind of separator, and without the ending of a packed file."""
    return name.replace("\\", "/").replace("!", "/").removesuffix(".gz")


def named_input(recordings: Recordings, list_name: str, entry: Entry) -> Settled | None:
    """Input that an entry names: beside its list, or the only one of that name anywhere."""
    if not entry.file:
        return None
    wanted = _plain(entry.file).lstrip("/")
    beside = _plain(list_name).rsplit("/", 1)[0] if "/" in _plain(list_name) else ""
    found = recordings.by_file.get(f"{beside}/{wanted}" if beside else wanted)
    if found:
        return found
    others = recordings.by_base.get(wanted.rsplit("/", 1)[-1], [])
    return others[0] if len(others) == 1 else None


def counted_in(recordings: Recordings, done: Settled | None) -> list[Activity]:
    """Activities that an input stands for, wherever they are counted."""
    if done is None:
        return []
    if done.duplicate_of:
        return counted_in(recordings, recordings.by_file.get(_plain(done.duplicate_of)))
    return [*done.activities, *(kept for _, kept in done.repeats)]


def nearest(among: list[Activity], start_s: float) -> Activity | None:
    """Activity whose start is nearest; the first where no start is told."""
    if not among or start_s != start_s:
        return among[0] if among else None
    return min(among, key=lambda a: (abs(a.measured.start - start_s), a.activity_id))


def by_start(recordings: Recordings, part: Measured) -> Activity | None:
    """Activity that began when an entry did, and lasted as long."""
    low = bisect.bisect_left(recordings.starts, part.start - _REACH_S)
    high = bisect.bisect_right(recordings.starts, part.start + _REACH_S)
    near = recordings.kept[low:high]
    exact = [a for a in near if abs(a.measured.start - part.start) <= _EXACT_S and _lasts(a, part)]
    told = _as_candidate(part)
    return nearest(exact or [a for a in near if evidence(candidate(a), told)], part.start)


def _as_candidate(part: Measured) -> Candidate:
    return Candidate(
        start_s=part.start,
        length_s=60 * part.numbers["elapsed_min"],
        distance_km=part.numbers["distance_km"],
        sport=part.sport,
        format="",
        records=0,
        activity_id="",
    )


def _lasts(activity: Activity, part: Measured) -> bool:
    """Tell whether elapsed or timer time agree."""
    names = ("elapsed_min", "duration_min")
    mine = [activity.measured.numbers[name] for name in names]
    told = [part.numbers[name] for name in names]
    return any(_near(a, b, _CLOSE_S / 60, _CLOSE) for a in mine for b in told)


def _near(a: float, b: float, least: float, share: float) -> bool:
    return abs(a - b) <= max(least, share * max(a, b))


def by_day(
    recordings: Recordings, wanted: dict[int, tuple[Entry, Measured]]
) -> dict[int, Activity]:
    """Find activities for entries that tell the day but no time of day, each for one entry only.

    Parameters
    ----------
    recordings : Recordings
        All that count.
    wanted : dict of int to (Entry, Measured)
        Entries of one list by their place in it.

    Returns
    -------
    dict of int to Activity
        Of the same day and sport, the nearest pairs first, at most a quarter apart: a list that
        cuts or corrects an activity still means it.
    """
    days: dict[str, list[Activity]] = defaultdict(list)
    for activity in recordings.kept:
        days[_local_day(activity)].append(activity)
    out: dict[int, Activity] = {}
    taken: set[str] = set()
    pairs = [
        (_apart(activity, part), place, activity.activity_id, activity)
        for place, (entry, part) in wanted.items()
        for activity in days[entry.day]
        if _alike(activity, part)
    ]
    for _, place, ident, activity in sorted(pairs, key=lambda p: p[:3]):
        if place not in out and ident not in taken:
            out[place] = activity
            taken.add(ident)
    return out


def _local_day(activity: Activity) -> str:
    local_s = activity.measured.start + 60 * activity.utc_offset_min
    return str(np.datetime64(round(local_s), "s").astype("datetime64[D]"))


def _alike(activity: Activity, part: Measured) -> bool:
    """Same sport, and distance and time agree as far as both are known."""
    mine, told = activity.measured, part.numbers
    if mine.sport and part.sport and mine.sport != part.sport:
        return False
    far = _differs(mine.numbers["distance_km"], told["distance_km"], _SOME_KM)
    times = [
        _differs(mine.numbers[name], told[name], _CLOSE_S / 60)
        for name in ("elapsed_min", "duration_min")
    ]
    return not far and not all(times)


def _differs(a: float, b: float, least: float) -> bool:
    """Tell whether two known numbers are far apart; not known is not apart."""
    return a == a and b == b and not _near(a, b, least, _LOOSE)


def _apart(activity: Activity, part: Measured) -> float:
    """How far distance and time are apart, for choosing the nearest."""
    mine, told = activity.measured.numbers, part.numbers
    names = ("distance_km", "duration_min")
    both = [(float(mine[n]), float(told[n])) for n in names if mine[n] > 0 and told[n] > 0]
    return sum(abs(a - b) / max(a, b) for a, b in both)
