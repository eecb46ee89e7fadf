"""Vendors' lists and the recordings beside them, put together into one account.

Every entry of a list either belongs to a recording, to which it adds what that lacks, or it is an
activity that only the list knows: an entry by hand, a recording that was lost. Such an activity is
an input of its own in the ledger, called ``list!row 5``, and counts without records.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import count

from loadmon.errors import FileProblem
from loadmon.reading.contents import Contents, Measured
from loadmon.reading.duplicates import repeated
from loadmon.reading.exports.enrich import enrich, lend
from loadmon.reading.exports.entry import Entry, SideFile
from loadmon.reading.exports.match import (
    Recordings,
    by_day,
    by_start,
    counted_in,
    named_input,
    nearest,
    recordings_of,
)
from loadmon.reading.settle import Activity, Settled, candidate, settle_part

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

    Parameters
    ----------
    inputs : list of Settled
        As from `loadmon.reading.settle.settle`; their activities are completed in place.
    home_zone, now_s
        As there.

    Returns
    -------
    list of Settled
        The inputs in their order, each list followed by its entries that are inputs of their own.
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
