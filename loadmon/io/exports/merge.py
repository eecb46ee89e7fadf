"""Merging a platform's list with the recordings: matching, filling what is missing, the rest."""

from __future__ import annotations

import bisect
from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io.clean import ON_FOOT
from loadmon.io.dedupe import Candidate, evidence, repeated
from loadmon.io.exports.entry import Entry, SideFile
from loadmon.io.localtime import utc_offset_min
from loadmon.io.parse import Contents, Measured
from loadmon.io.quality import MAX_ON_FOOT_MPS
from loadmon.io.reconcile import Activity, Settled, candidate, settle_part
from loadmon.io.recording import TOLD_COLUMNS

# Which recording an entry of a vendor's list belongs to: by file name, by start, by day.

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

    Returns of the same day and sport, the nearest pairs first, at most a quarter apart: a list
    that cuts or corrects an activity still means it.
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


# What a list says is added to the activity it belongs to; the recording's own numbers stay.


_APART = 0.05
_CLEAR_KM, _CLEAR_MIN = 0.1, 2.0
_FILLED = ("elevation_gain_m", "descent_m", "avg_hr_bpm", "steps", *TOLD_COLUMNS)
_TAKEN = ("distance_km", "duration_min", "elapsed_min")


def enrich(activity: Activity, entry: Entry, part: Measured | None, source: str) -> None:
    """Add what an entry says to its activity."""
    added: list[str] = []
    if part:
        _compare(activity, part, source)
        added += _take_zone(activity, entry, part)
        if entry.is_whole:
            added += _take(activity, part)
        added += _fill(activity, part, source)
    added += _fill_effort(activity, entry, source)
    if entry.name and not activity.name:
        activity.name = entry.name
    for name in filter(None, entry.gear.split("|")):
        if name not in activity.gear:
            activity.gear.append(name)
            added.append("gear")
    if added:
        before = activity.flags.get("from-list")
        told = f"from {source}: {', '.join(dict.fromkeys(added))}"
        activity.flags["from-list"] = f"{before}; {told}" if before else told


def lend(activity: Activity, other: Activity) -> None:
    """Add what only the copy of an activity tells that does not count: effort, sport, name."""
    mine, copy = activity.measured, other.measured
    added = []
    rpe = copy.numbers["rpe"]
    if mine.numbers["rpe"] != mine.numbers["rpe"] and rpe == rpe:
        _set(activity, rpe=rpe, rpe_source=copy.numbers["rpe_source"])
        added.append("rpe")
    if not mine.sport and copy.sport:
        activity.measured = replace(activity.measured, sport=copy.sport, sub_sport=copy.sub_sport)
        activity.flags.pop("sport-unknown", None)
        added.append("sport")
    if added:
        activity.flags["from-copy"] = f"{' and '.join(added)} from {other.source.name}"


def _take_zone(activity: Activity, entry: Entry, part: Measured) -> list[str]:
    """Local time, where the recording does not tell it and the list does."""
    told = part.offset_min == part.offset_min or part.zone
    if activity.tz_source == "file" or entry.day or not told:
        return []
    start = activity.measured.start
    activity.utc_offset_min, _ = utc_offset_min(part, start, "")
    activity.tz_source = "list"
    activity.flags.pop("no-local-time", None)
    if activity.format == "fit":
        activity.flags.pop("tz-unknown", None)
    return ["local time"]


def _set(activity: Activity, **numbers: float | str) -> None:
    """Other numbers for an activity; what was measured is never changed in place."""
    activity.measured = replace(activity.measured, numbers={**activity.measured.numbers, **numbers})


def _compare(activity: Activity, part: Measured, source: str) -> None:
    """Flag distance, time and sport where both tell them and they are apart."""
    mine, told = activity.measured.numbers, part.numbers
    apart = []
    if _differ(mine["distance_km"], told["distance_km"], _CLEAR_KM):
        apart.append(f"{told['distance_km']:.2f} km, the recording {mine['distance_km']:.2f} km")
    if _differ(mine["elapsed_min"], told["elapsed_min"], _CLEAR_MIN):
        apart.append(f"{told['elapsed_min']:.0f} min, the recording {mine['elapsed_min']:.0f} min")
    if apart:
        activity.flags["list-disagree"] = f"{source} says {'; and '.join(apart)}"
    sport = activity.measured.sport
    if sport and part.sport and sport != part.sport:
        activity.flags["sport-disagree"] = (
            f"{source} calls it {part.sport}, the recording {sport}; the recording counts"
        )


def _differ(a: float, b: float, least: float) -> bool:
    return a > 0 and b > 0 and abs(a - b) > max(least, _APART * max(a, b))


def _take(activity: Activity, part: Measured) -> list[str]:
    """Distance and time of an entry of which the recording is only a part."""
    told = {name: part.numbers[name] for name in _TAKEN if part.numbers[name] > 0}
    if "distance_km" in told:
        _set(activity, **told, distance_source="list")
    elif told:
        _set(activity, **told)
    return [name.split("_")[0] for name in told]


def _fill(activity: Activity, part: Measured, source: str) -> list[str]:
    """Sport and numbers that the recording does not tell."""
    mine = activity.measured
    told = {n: part.numbers[n] for n in _FILLED if part.numbers[n] == part.numbers[n]}
    if mine.sport and mine.sport != part.sport:
        told.pop("steps", None)
    filled = [n for n in told if mine.numbers[n] != mine.numbers[n]]
    _set(activity, **{name: told[name] for name in filled})
    sources = {"elevation_gain_m": "climb_source", "steps": "steps_source"}
    _set(activity, **{sources[name]: "list" for name in filled if name in sources})
    if not mine.sport and part.sport:
        speed_mps = mine.numbers["distance_km"] / mine.numbers["duration_min"] * 1000 / 60
        if part.sport in ON_FOOT and speed_mps > MAX_ON_FOOT_MPS:
            activity.flags["sport-disagree"] = (
                f"{source} calls it {part.sport}, but it went {speed_mps:.0f} m/s: not counted so"
            )
            return filled
        activity.measured = replace(activity.measured, sport=part.sport, sub_sport=part.sub_sport)
        activity.flags.pop("sport-unknown", None)
        filled.append("sport")
    return filled


def _fill_effort(activity: Activity, entry: Entry, source: str) -> list[str]:
    """Perceived exertion, where the recording holds none; where it holds another, say so."""
    told = entry.recording.told.get("rpe", np.nan)
    mine = activity.measured.numbers["rpe"]
    if told != told:
        return []
    if mine == mine:
        if abs(mine - told) >= 1:
            activity.flags["rpe-disagree"] = (
                f"{source} says effort {told:g}, the recording {mine:g}; the recording counts"
            )
        return []
    _set(activity, rpe=told, rpe_source="list")
    return ["rpe"]


# Vendors' lists and the recordings beside them, put together into one account.


_SHOWN = 5


@dataclass(slots=True)
class _List:
    """One list on its way: where its entries went, and which are still to be found."""

    done: Settled
    contents: Contents
    side: SideFile
    found: dict[int, Activity] = field(default_factory=dict)
    alone: list[Settled] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    open_days: list[int] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    is_alone: bool = False


def attach(inputs: list[Settled], *, home_zone: str, now_s: float) -> list[Settled]:
    """Add what lists say to the recordings, and the activities that only lists know.

    Returns the inputs in their order, each list followed by its entries that are inputs of their
    own.
    """
    lists = [
        _List(done, done.side, done.side.side) for done in inputs if done.side and done.side.side
    ]
    in_order = sorted(lists, key=lambda a: (a.side.export, a.contents.digest))
    for done in sorted(inputs, key=lambda done: done.source.name):
        for gone, kept in done.repeats:
            lend(kept, gone)
    recordings = recordings_of(inputs)
    _spread_gear(in_order)
    parents = {e.parent for a in in_order for e in a.side.entries if e.parent}
    for a in in_order:
        _find(a, recordings, parents)
    words = _learnt(in_order)
    for a in in_order:
        _stand_alone(a, recordings, words, home_zone, now_s)
    _take_out_repeated(in_order)
    for a in in_order:  # days come last: they may mean what another list alone tells the time of
        recordings.kept += [activity for own in a.alone for activity in own.activities]
    for a in in_order:
        _find_days(a, recordings)
        before = len(a.alone)
        _stand_alone(a, recordings, words, home_zone, now_s)
        recordings.kept += [activity for own in a.alone[before:] for activity in own.activities]
        _account(a)
    own = {id(a.done): a.alone for a in lists}
    return [row for done in inputs for row in (done, *own.get(id(done), []))]


def _called(side: SideFile) -> str:
    return f"{side.export}'s list"


def _measured(a: _List, place: int) -> Measured | None:
    part = a.contents.parts[place]
    return part if isinstance(part, Measured) else None


def _spread_gear(lists: list[_List]) -> None:
    """Give gear that a file of its own lists by number to the entries with that number."""
    gear: dict[tuple[str, str], str] = {}
    for a in lists:
        gear |= {(a.side.export, ident): name for ident, name in a.side.gear_of.items()}
    for a in lists:
        for entry in a.side.entries:
            entry.gear = entry.gear or gear.get((a.side.export, entry.ident), "")


def _find(a: _List, recordings: Recordings, parents: set[str]) -> None:
    """Find the recording of each entry: by the name it gives, else by its start."""
    named = 0
    for place, entry in enumerate(a.side.entries):
        if entry.ident in parents:  # the whole of a multisport activity: its parts count
            continue
        there = None if entry.problem else named_input(recordings, a.done.source.name, entry)
        named += there is not None
        part = _measured(a, place)
        start = part.start if part else entry.recording.start
        match = nearest(counted_in(recordings, there), start)
        if match is None and part and not entry.day:
            match = by_start(recordings, part)
        if match:
            _add(a, place, match)
        else:
            (a.open_days if part and entry.day else a.open).append(place)
    a.is_alone = not named and any(e.file for e in a.side.entries)


def _add(a: _List, place: int, activity: Activity) -> None:
    """Give an entry to the activity it belongs to."""
    a.found[place] = activity
    enrich(activity, a.side.entries[place], _measured(a, place), _called(a.side))


def _find_days(a: _List, recordings: Recordings) -> None:
    """Find the activity of each entry that tells no more than its day."""
    wanted = {n: (a.side.entries[n], part) for n in a.open_days if (part := _measured(a, n))}
    for place, activity in by_day(recordings, wanted).items():
        _add(a, place, activity)
    a.open = [place for place in a.open_days if place not in a.found]


def _learnt(lists: list[_List]) -> dict[tuple[str, str], tuple[str, str]]:
    """Sports that recordings lend to a vendor's words that loadmon does not know."""
    seen: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for a in lists:
        for place, activity in a.found.items():
            word = a.side.entries[place].word
            if word and activity.measured.sport:
                seen[a.side.export, word].add((activity.measured.sport, ""))
    return {word: next(iter(sports)) for word, sports in seen.items() if len(sports) == 1}


def _stand_alone(
    a: _List,
    recordings: Recordings,
    words: dict[tuple[str, str], tuple[str, str]],
    home_zone: str,
    now_s: float,
) -> None:
    """Make inputs of their own out of the entries that are still open."""
    for place in a.open:
        entry = a.side.entries[place]
        source = replace(a.done.source, name=_own_name(a, entry))
        own = Settled(source)
        part = _with_sport(a, place, words)
        activity_id = f"{a.contents.digest[:12]}-{place}"
        settle_part(own, part, a.contents.format, activity_id, home_zone, now_s)
        for activity in own.activities:
            _complete(activity, entry, a, recordings)
        a.alone.append(own)


def _own_name(a: _List, entry: Entry) -> str:
    """Name of an entry in the ledger; a list may call two of them the same."""
    name = f"{a.done.source.name}!{entry.ref}"
    names = (f"{name} ({n})" if n > 1 else name for n in count(1))
    own = next(n for n in names if n not in a.names)
    a.names.add(own)
    return own


def _with_sport(
    a: _List, place: int, words: dict[tuple[str, str], tuple[str, str]]
) -> Measured | FileProblem:
    """An entry's own numbers; its sport may have been learnt from recordings."""
    part, word = a.contents.parts[place], a.side.entries[place].word
    learnt = words.get((a.side.export, word))
    if isinstance(part, FileProblem) or not learnt:
        return part
    told = f"called {word!r}, like recordings of {learnt[0]}"
    return replace(
        part, sport=learnt[0], sub_sport=learnt[1], flags={**part.flags, "sport-learnt": told}
    )


def _complete(activity: Activity, entry: Entry, a: _List, recordings: Recordings) -> None:
    """Name, gear and where the numbers are from, of an activity that only a list knows."""
    activity.name = entry.name
    activity.gear = [g for g in entry.gear.split("|") if g]
    numbers = activity.measured.numbers
    if numbers["distance_km"] == numbers["distance_km"]:
        activity.measured = replace(
            activity.measured, numbers={**numbers, "distance_source": "list"}
        )
    there = named_input(recordings, a.done.source.name, entry)
    if there:
        reasons = ", ".join(p.reason for p in there.problems) or "no activity in it"
        activity.flags["from-list"] = (
            f"its recording {entry.file} gives no activity ({reasons}): the list's numbers count"
        )
    elif entry.file and not a.is_alone:
        activity.flags["csv-row"] = (
            f"its recording {entry.file} is not in this archive: the list's numbers count"
        )


def _take_out_repeated(lists: list[_List]) -> None:
    """Count an activity once that several lists know without a recording."""
    places = [(a, own, act) for a in lists for own in a.alone for act in own.activities]
    found = repeated([candidate(activity) for *_, activity in places])
    for i, (k, told) in found.items():
        a, own, activity = places[i]
        kept = places[k][2]
        detail = f"the same activity as {kept.source.name}: {told}"
        own.problems.append(FileProblem("duplicate", "near-duplicate", detail))
        own.activities.remove(activity)
        place = int(activity.activity_id.rsplit("-", 1)[1])
        enrich(kept, a.side.entries[place], activity.measured, _called(a.side))


def _account(a: _List) -> None:
    """Say in the list's own row what became of its entries."""
    side = a.side
    side.recorded, side.alone = len(a.found), sum(len(own.activities) for own in a.alone)
    if side.entries:
        side.detail = (
            f"{_called(side)} of {len(side.entries)} activities: {side.recorded} belong to "
            f"recordings, {side.alone} counted from the list alone"
        )
    if a.is_alone:
        side.flags["list-alone"] = "given without the recordings that it names"
    lost = [e.ref for e in side.entries if "csv-row" in e.recording.flags]
    lost += [
        own.source.name.rsplit("!", 1)[1]
        for own in a.alone
        if any("csv-row" in act.flags for act in own.activities)
    ]
    if lost:
        names = sorted(set(lost), key=lambda ref: (len(ref), ref))
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        side.flags["csv-row"] = (
            f"no recording in this archive for {', '.join(names[:_SHOWN])}{more}"
        )
