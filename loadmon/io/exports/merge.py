"""Merging a platform's list with the recordings: matching, filling what is missing, the rest."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np

from loadmon.io.dedupe import Candidate, candidate, evidence, repeated, take_out
from loadmon.io.distance import MAX_ON_FOOT_MPS
from loadmon.io.exports import clocks
from loadmon.io.exports.cells import Entry, SideFile, offset_between
from loadmon.io.formats import OPEN_FORMATS
from loadmon.io.localtime import utc_offset_min
from loadmon.io.parse import ParsedActivity
from loadmon.io.reconcile import Activity, FileResult
from loadmon.io.recording import ON_FOOT, SUMMARY_COLUMNS

#: Starts this close are one, where lengths agree; within reach, overlap decides as for repetitions.
_EXACT_S, _REACH_S, _ZONES_S = 5.0, 12 * 3600.0, 15 * 3600.0
#: How far the lengths of one activity may be apart in two lists that round differently, and how
#: far apart distance and time may be where a list tells only the day.
_CLOSE, _CLOSE_S = 0.01, 10.0
_LOOSE, _SOME_KM = 0.25, 0.02
#: How far distance and time together may be apart where even the day is not sure.
_TWO_CLOSE = 0.04
#: From here on two numbers of one activity disagree.
_APART, _CLEAR_KM, _CLEAR_MIN = 0.05, 0.1, 2.0
#: Kilometres of the units that an account may have, and how far from one the ratio of two
#: distances of one run may be.
_KM = {"km": 1.0, "mi": 1.609344}
_TWIN = 0.15
_FILLED = ("elevation_gain_m", "descent_m", "avg_hr_bpm", "steps", *SUMMARY_COLUMNS)
#: Entries named in a sentence; the rest are counted.
_SHOWN = 5


@dataclass(slots=True)
class _List:
    """One list on its way: which entries are matched, which still open, which stay unmatched."""

    result: FileResult
    side: SideFile
    matched: dict[int, Activity] = field(default_factory=dict)
    unmatched: list[FileResult] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    open_days: list[int] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    is_without_recordings: bool = False
    is_local: bool = False  # what it may give in UTC is local, as others show
    factor: float = 1.0  # km of one unit of its account
    #: Positions of entries whose sport counts, of recordings that hold that activity alone.
    corrected: set[int] = field(default_factory=set)

    @property
    def title(self) -> str:
        """What it is called in sentences."""
        return f"{self.side.export}'s list"

    def parsed(self, position: int) -> ParsedActivity | None:
        """Numbers of an entry, where it has any."""
        part = self.result.contents.parts[position]
        if not isinstance(part, ParsedActivity):
            return None
        if self.is_local and not part.is_local:
            part = replace(part, is_local=True)
        if self.factor != 1 and self.side.entries[position].is_unscaled:
            km = part.numbers["distance_km"] * self.factor
            part = replace(part, numbers={**part.numbers, "distance_km": km})
        return part

    def enrich(self, positions: Iterable[int], corrected: set[str], whole: set[str]) -> None:
        """Add to activities what their entries say; of several corrections the first counts.

        So does the first of several entries whose numbers count for more than the recording's.
        """
        for position in positions:
            activity, part = self.matched[position], self.parsed(position)
            entry = self.side.entries[position]
            if activity.activity_id in whole:
                entry = replace(entry, is_whole=False)
            elif entry.is_whole:
                whole.add(activity.activity_id)
            enrich(activity, entry, part, self.title)
            if part and position in self.corrected:
                if activity.activity_id not in corrected:
                    _correct_sport(activity, part, self.title)
                corrected.add(activity.activity_id)


def merge_exports(
    results: list[FileResult], home_zone: str = "", units: str = ""
) -> list[FileResult]:
    """Add what copies and lists say to the recordings; entries without one follow their list.

    ``units`` are the runner's own for lists that name none; empty: they are asked for.
    """
    for result in sorted(results, key=lambda result: result.source.name):
        for copy, kept in result.repeats:
            _fill_missing(kept, copy)
            if copy.format == kept.format and copy.format not in OPEN_FORMATS:
                _compare(kept, copy.parsed, copy.source.name)  # it may have been edited in between
    lists = [_List(result, result.side) for result in results if result.side]
    in_order = _newest_first(lists, results)
    recordings = _Recordings(results)
    _spread_gear(in_order)
    _place_recordings(results, recordings, home_zone)
    _settle_clocks(in_order, recordings, home_zone)
    parents = {e.parent for a in in_order for e in a.side.entries if e.parent}
    corrected: set[str] = set()
    whole: set[str] = set()
    for a in in_order:
        _match(a, recordings, parents)
        _settle_units(a, units)
        a.enrich([*a.matched], corrected, whole)
    sports = _inferred_sports(in_order)
    for a in in_order:
        _count_unmatched(a, recordings, sports)
    _place_in_time(in_order, recordings, home_zone)
    _drop_repeated_entries(in_order)
    for a in in_order:  # days come last: they may mean what another list tells the time of
        recordings.kept += [activity for own in a.unmatched for activity in own.activities]
    for a in in_order:
        known = {*a.matched}
        _match_days(a, recordings)
        a.enrich([position for position in a.matched if position not in known], corrected, whole)
        before = len(a.unmatched)
        _count_unmatched(a, recordings, sports)
        recordings.kept += [act for own in a.unmatched[before:] for act in own.activities]
        _summarise(a)
    unmatched = {id(a.result): a.unmatched for a in lists}
    return [row for result in results for row in (result, *unmatched.get(id(result), []))]


def _newest_first(lists: list[_List], results: Iterable[FileResult]) -> list[_List]:
    """Lists in order: of one platform the export that reaches furthest goes first.

    What lies in one folder is of one export, also where each workout has a file of its own, or the
    same bytes stand elsewhere too.
    """
    reach: dict[tuple[str, str], float] = defaultdict(float)

    def folder(side: SideFile, result: FileResult) -> tuple[str, str]:
        return side.export, _plain(result.source.name).rpartition("/")[0]

    def latest(side: SideFile) -> float:
        starts = (e.recording.start for e in side.entries)
        return max((start for start in starts if start == start), default=0.0)

    for result in results:
        if side := result.contents.side:
            reach[folder(side, result)] = max(reach[folder(side, result)], latest(side))
    return sorted(
        lists,
        key=lambda a: (
            *(a.side.export, -reach[folder(a.side, a.result)], -latest(a.side)),
            *(-len(a.side.entries), a.result.contents.digest),
        ),
    )


def _place_recordings(results: list[FileResult], recordings: _Recordings, home_zone: str) -> None:
    """Put platforms' own recordings without an offset where others show that they belong."""
    open_: list[tuple[Activity, float]] = []
    for result in results:
        if result.side or result.contents.format in ("", *OPEN_FORMATS):
            continue
        for activity in list(result.activities):
            part = result.contents.parts[_position(activity)]
            if activity.tz_source != "utc" or not isinstance(part, ParsedActivity):
                continue
            twin = recordings.by_clock(part, without=activity) if part.is_local else None
            if twin:
                take_out(result, activity, twin, "starts at the same local time")
                recordings.take_out(activity)
            else:
                open_.append((activity, part.start if part.is_local else np.nan))
    clocks.infer_offsets(open_, recordings.kept, home_zone)


def _settle_clocks(lists: list[_List], recordings: _Recordings, home_zone: str) -> None:
    """Find the clock of lists that may be in UTC or local, by recordings and other lists."""
    others = list(recordings.kept)
    for a in lists:
        if not a.side.is_clock_unsure:
            others += [activity for own in a.result.entries for activity in own.activities]
    for a in lists:
        if not a.side.is_clock_unsure:
            continue
        parts = [a.parsed(position) for position in range(len(a.side.entries))]
        a.is_local = clocks.is_local([part.start for part in parts if part], others)
        for position, own in enumerate(a.result.entries if a.is_local else ()):
            part = parts[position]
            for activity in own.activities if part else ():
                clocks.put_on_clock(activity, part, home_zone)  # type: ignore[arg-type]


def _settle_units(a: _List, units: str) -> None:
    """Find the unit of distances that name none: the file's, that of twins, the runner's own."""
    positions = [n for n, entry in enumerate(a.side.entries) if entry.is_unscaled]
    if not positions:
        return
    votes = set()
    for position in positions:
        part, activity = a.parsed(position), a.matched.get(position)
        if part and activity:
            ratio = activity.parsed.numbers["distance_km"] / part.numbers["distance_km"]
            votes |= {unit for unit, km in _KM.items() if abs(ratio / km - 1) <= _TWIN}
    twin = votes.pop() if len(votes) == 1 else ""
    unit = a.side.units or twin or units
    a.factor = _KM.get(unit, np.nan)
    if unit:
        source = "steps" if a.side.units else "recordings of the same runs" if twin else "units"
        a.side.issues["list-units"] = f"it names no unit: read as {unit}, by {source}"
    else:
        a.side.issues["unit-unknown"] = (
            f"{a.title} gives distances in km or miles and does not say which: write "
            'units = "km" or units = "mi" into athlete.toml; until then they are not known'
            f"{' (' if a.side.units_by else ''}{a.side.units_by}{')' if a.side.units_by else ''}"
        )
    for position in positions:
        for activity in a.result.entries[position].activities:
            _set(activity, distance_km=activity.parsed.numbers["distance_km"] * a.factor)
            if not unit:
                activity.issues["unit-unknown"] = "its distance may be km or miles: not known"


def _place_in_time(lists: list[_List], recordings: _Recordings, home_zone: str) -> None:
    """Give the entries that count for themselves the offset of the runs next to them."""
    open_, known = [], list(recordings.kept)
    for a in lists:
        for position, own in zip(a.open, a.unmatched, strict=True):
            part = a.parsed(position)
            for activity in own.activities:
                known.append(activity)
                if activity.tz_source in ("utc", "home") and part:
                    open_.append((activity, part.start if part.is_local else np.nan))
    clocks.infer_offsets(open_, known, home_zone)


# --- which recording an entry belongs to: by file name, by start, by day --------------------------


class _Recordings:
    """All recordings that count, to be found by name, start and day."""

    def __init__(self, results: list[FileResult]):
        self.by_file: dict[str, FileResult] = {}
        self.by_base: dict[str, list[FileResult]] = defaultdict(list)
        self.by_stem: dict[str, FileResult] = {}
        for result in results:
            if not result.side:
                name = _plain(result.source.name)
                self.by_file.setdefault(name, result)
                self.by_base[name.rsplit("/", 1)[-1]].append(result)
                self.by_stem.setdefault(name.rpartition(".")[0], result)
        self.kept = [activity for result in results for activity in result.activities]
        self.kept.sort(key=lambda a: (a.parsed.start, a.activity_id))
        self.starts = [a.parsed.start for a in self.kept]

    def named(self, list_name: str, entry: Entry) -> FileResult | None:
        """Input that an entry names: beside its list, or the only one of that name anywhere."""
        if not entry.file:
            return None
        folder, slash, base = _plain(list_name).rpartition("/")
        wanted = _plain(entry.file).lstrip("/").replace("{name}", base.rpartition(".")[0])
        if "." not in wanted.rsplit("/", 1)[-1][-5:]:
            return self.by_stem.get(folder + slash + wanted) or self.by_stem.get(
                folder.rpartition("/")[0] + slash + wanted
            )
        others = self.by_base.get(wanted.rsplit("/", 1)[-1], [])
        only = others[0] if len(others) == 1 else None
        return self.by_file.get(folder + slash + wanted, only)

    def counted_in(self, result: FileResult | None) -> list[Activity]:
        """Activities that an input stands for, wherever they are counted."""
        if result is None:
            return []
        if result.duplicate_of:
            return self.counted_in(self.by_file.get(_plain(result.duplicate_of)))
        return [*result.activities, *(kept for _, kept in result.repeats)]

    def by_start(self, part: ParsedActivity) -> Activity | None:
        """Activity that began when an entry did, and lasted as long."""
        low = bisect.bisect_left(self.starts, part.start - _REACH_S)
        high = bisect.bisect_right(self.starts, part.start + _REACH_S)
        near = self.kept[low:high]
        exact = [a for a in near if abs(a.parsed.start - part.start) <= _EXACT_S]
        exact = [a for a in exact if _lasts_as_long(a, part)]
        listed = Candidate(
            start_s=part.start,
            length_s=60 * part.numbers["elapsed_min"],
            distance_km=part.numbers["distance_km"],
            sport=part.sport,
        )
        return _nearest(exact or [a for a in near if evidence(candidate(a), listed)], part.start)

    def take_out(self, activity: Activity) -> None:
        """Forget one that repeats another."""
        at = self.kept.index(activity)
        del self.kept[at], self.starts[at]

    def by_clock(
        self, part: ParsedActivity, *, has_unit: bool = True, without: Activity | None = None
    ) -> Activity | None:
        """Activity that began when an entry did by the runner's own clock, and lasted as long.

        Distances are compared only where the entry's unit is known.
        """
        wall = part.start
        low = bisect.bisect_left(self.starts, wall - _ZONES_S)
        high = bisect.bisect_right(self.starts, wall + _ZONES_S)
        near = [a for a in self.kept[low:high] if a is not without]
        exact = [
            a for a in near if abs(a.local_start - wall) <= _EXACT_S and _lasts_as_long(a, part)
        ]
        if not exact:
            listed = Candidate(wall, 60 * part.numbers["elapsed_min"], np.nan, part.sport)
            exact = [
                a
                for a in near
                if a.tz_source != "utc"
                and evidence(replace(candidate(a), start_s=a.local_start), listed)
            ]
        if not exact:  # nobody else knows its zone: the same second in any zone
            exact = [
                a
                for a in near
                if a.tz_source != "file"
                and abs(_beside_quarter(wall - a.parsed.start)) <= _EXACT_S
                and _lasts_as_long(a, part)
                and (not has_unit or _alike(a, part))
            ]
        return min(exact, key=lambda a: (abs(a.local_start - wall), a.activity_id), default=None)


def _beside_quarter(seconds: float) -> float:
    """How far a time is from a whole quarter of an hour, in which zones differ. [s]"""
    return seconds - 900 * round(seconds / 900)


def _plain(name: str) -> str:
    return name.replace("\\", "/").replace("!", "/").removesuffix(".gz")


def _lasts_as_long(activity: Activity, part: ParsedActivity) -> bool:
    names = ("elapsed_min", "duration_min")
    pairs = [(activity.parsed.numbers[m], part.numbers[n]) for m in names for n in names]
    return any(_near(a, b, _CLOSE_S / 60, _CLOSE) for a, b in pairs)


def _near(a: float, b: float, least: float, share: float) -> bool:
    return abs(a - b) <= max(least, share * max(a, b))


def _nearest(among: list[Activity], start_s: float) -> Activity | None:
    """Activity whose start is nearest; the first where no start is known."""
    if not among or start_s != start_s:
        return among[0] if among else None
    return min(among, key=lambda a: (abs(a.parsed.start - start_s), a.activity_id))


def _match(a: _List, recordings: _Recordings, parents: set[str]) -> None:
    """Match entries by the name they give, else by their start."""
    named = 0
    for position, entry in enumerate(a.side.entries):
        if entry.ident in parents:  # the whole of a multisport activity: its parts count
            continue
        there = None if entry.problem else recordings.named(a.result.source.name, entry)
        named += there is not None
        part = a.parsed(position)
        start = part.start if part else entry.recording.start
        inside = recordings.counted_in(there)
        match = _nearest(inside, start)
        if match is None and part and not entry.day:
            match = (
                recordings.by_clock(part, has_unit=not entry.is_unscaled)
                if part.is_local
                else recordings.by_start(part)
            )
        if match:
            a.matched[position] = match
            if len(inside) < 2 and (inside or a.side.corrects_sport == "all"):
                a.corrected |= {position} if a.side.corrects_sport else set()
        else:
            (a.open_days if part and entry.day else a.open).append(position)
    a.is_without_recordings = not named and any(e.file for e in a.side.entries)


def _match_days(a: _List, recordings: _Recordings) -> None:
    """Match entries that tell only the day, each activity with one, the nearest pairs first."""
    if not a.open_days:
        a.open = []
        return
    days: dict[str, list[tuple[Activity, bool]]] = defaultdict(list)
    for activity in recordings.kept:
        day = np.datetime64(round(activity.local_start), "s").astype("datetime64[D]")
        # Nobody knows the day of one without an offset: it may be that before or after.
        for shift in (-1, 0, 1) if activity.tz_source == "utc" else (0,):
            days[str(day + np.timedelta64(shift, "D"))].append((activity, not shift))
    pairs = [
        (_apart(activity, part), position, activity.activity_id, activity)
        for position in a.open_days
        if (part := a.parsed(position))
        for activity, is_its_day in days[a.side.entries[position].day]
        if _alike(activity, part) and (is_its_day or _apart(activity, part) <= _TWO_CLOSE)
    ]
    taken: set[str] = set()
    found: dict[int, Activity] = {}
    for _, position, ident, activity in sorted(pairs, key=lambda pair: pair[:3]):
        if position not in found and ident not in taken:
            found[position] = activity
            taken.add(ident)
    a.matched |= found
    a.open = [position for position in a.open_days if position not in found]


def _alike(activity: Activity, part: ParsedActivity) -> bool:
    """Same sport, and distance and time agree as far as both are known."""
    mine, listed = activity.parsed, part.numbers
    if mine.sport and part.sport and mine.sport != part.sport:
        return False

    def differs(name: str, least: float) -> bool:
        a, b = mine.numbers[name], listed[name]
        return a == a and b == b and not _near(a, b, least, _LOOSE)

    if differs("distance_km", _SOME_KM):
        return False
    return not all(differs(name, _CLOSE_S / 60) for name in ("elapsed_min", "duration_min"))


def _apart(activity: Activity, part: ParsedActivity) -> float:
    mine, listed = activity.parsed.numbers, part.numbers
    both = [(float(mine[n]), float(listed[n])) for n in ("distance_km", "duration_min")]
    return sum(abs(a - b) / max(a, b) for a, b in both if a > 0 and b > 0)


# --- what a list or a copy says is added; the recording's own numbers stay ------------------------


def enrich(activity: Activity, entry: Entry, part: ParsedActivity | None, source: str) -> None:
    """Add what an entry says to its activity."""
    added: list[str] = []
    if part:
        _compare(activity, part, source)
        offset = _offset_by(part, activity)
        if activity.tz_source != "file" and not entry.day and offset == offset:
            activity.utc_offset_min = offset
            activity.tz_source = "list"
            activity.issues.pop("no-local-time", None)
            if activity.format == "fit":
                activity.issues.pop("tz-unknown", None)
            added.append("local time")
        if entry.is_whole:
            names = ("distance_km", "duration_min", "elapsed_min")
            whole = {name: part.numbers[name] for name in names if part.numbers[name] > 0}
            _set(activity, **whole)
            if "distance_km" in whole:
                _set(activity, distance_source="list")
            added += [name.split("_")[0] for name in whole]
        added += _fill(activity, part, source)
    added += _fill_rpe(activity, entry, source)
    activity.name = activity.name or entry.name
    for name in filter(None, entry.gear.split("|")):
        if name not in activity.gear:
            activity.gear.append(name)
            added.append("gear")
    if added:
        before = activity.issues.get("from-list")
        text = f"from {source}: {', '.join(dict.fromkeys(added))}"
        activity.issues["from-list"] = f"{before}; {text}" if before else text


def _offset_by(part: ParsedActivity, activity: Activity) -> float:
    """Offset of an activity by what an entry says of it; NaN where it says none. [min]"""
    if part.is_local:
        return offset_between(part.start, activity.parsed.start)
    if part.zone and part.offset_min != part.offset_min:
        return utc_offset_min(part, activity.parsed.start, "")[0]
    return part.offset_min


def _fill_missing(activity: Activity, copy: Activity) -> None:
    """Add effort, sport and local time that only a copy tells, which does not count itself."""
    mine, theirs = activity.parsed, copy.parsed
    added = []
    rpe = theirs.numbers["rpe"]
    if mine.numbers["rpe"] != mine.numbers["rpe"] and rpe == rpe:
        _set(activity, rpe=rpe, rpe_source=theirs.numbers["rpe_source"])
        added.append("rpe")
    if not mine.sport and theirs.sport:
        _set_sport(activity, theirs.sport, theirs.sub_sport)
        added.append("sport")
    if copy.tz_source == "file" != activity.tz_source:
        activity.utc_offset_min, activity.tz_source = copy.utc_offset_min, "list"
        activity.issues.pop("no-local-time", None)
        added.append("local time")
    if added:
        activity.issues["from-copy"] = f"{' and '.join(added)} from {copy.source.name}"


def _set(activity: Activity, **numbers: float | str) -> None:
    """Other numbers for an activity; what was parsed is never changed in place."""
    activity.parsed = replace(activity.parsed, numbers={**activity.parsed.numbers, **numbers})


def _set_sport(activity: Activity, sport: str, sub_sport: str) -> None:
    activity.parsed = replace(activity.parsed, sport=sport, sub_sport=sub_sport)
    activity.issues.pop("sport-unknown", None)


def _correct_sport(activity: Activity, part: ParsedActivity, source: str) -> None:
    """Take the sport that the runner gave it later, unless nobody moves on foot at that speed."""
    mine = activity.parsed
    if not mine.sport or not part.sport or mine.sport == part.sport:
        return
    speed_mps = mine.numbers["distance_km"] / mine.numbers["duration_min"] * 1000 / 60
    if part.sport in ON_FOOT and speed_mps > MAX_ON_FOOT_MPS:
        return
    activity.issues.pop("sport-disagree", None)
    activity.issues["sport-corrected"] = (
        f"the recording says {mine.sport}, {source} {part.sport}, which is later: it counts"
    )
    _set_sport(activity, part.sport, part.sub_sport)


def _compare(activity: Activity, part: ParsedActivity, source: str) -> None:
    mine, listed = activity.parsed.numbers, part.numbers

    def differs(name: str, least: float) -> bool:
        a, b = mine[name], listed[name]
        return bool(a > 0 and b > 0 and abs(a - b) > max(least, _APART * max(a, b)))

    apart = []
    if differs("distance_km", _CLEAR_KM):
        apart.append(f"{listed['distance_km']:.2f} km, the recording {mine['distance_km']:.2f} km")
    if differs("elapsed_min", _CLEAR_MIN):
        apart.append(
            f"{listed['elapsed_min']:.0f} min, the recording {mine['elapsed_min']:.0f} min"
        )
    if apart:
        activity.issues["list-disagree"] = f"{source} says {'; and '.join(apart)}"
    sport = activity.parsed.sport
    if sport and part.sport and sport != part.sport:
        activity.issues["sport-disagree"] = (
            f"{source} calls it {part.sport}, the recording {sport}; the recording counts"
        )


def _fill(activity: Activity, part: ParsedActivity, source: str) -> list[str]:
    """Sport and numbers that the recording does not tell."""
    mine = activity.parsed
    listed = {n: part.numbers[n] for n in _FILLED if part.numbers[n] == part.numbers[n]}
    if mine.numbers["distance_km"] != mine.numbers["distance_km"]:
        km = part.numbers["distance_km"]
        listed |= {"distance_km": km, "distance_source": "list"} if km > 0 else {}
    if mine.sport and mine.sport != part.sport:
        listed.pop("steps", None)
    filled = {
        n: v
        for n, v in listed.items()
        if n == "distance_source" or mine.numbers[n] != mine.numbers[n]
    }
    sources = {"elevation_gain_m": "climb_source", "steps": "steps_source"}
    _set(activity, **filled, **{sources[name]: "list" for name in filled if name in sources})
    filled.pop("distance_source", None)
    if mine.sport or not part.sport:
        return [*filled]
    speed_mps = mine.numbers["distance_km"] / mine.numbers["duration_min"] * 1000 / 60
    if part.sport in ON_FOOT and speed_mps > MAX_ON_FOOT_MPS:
        activity.issues["sport-disagree"] = (
            f"{source} calls it {part.sport}, but it went {speed_mps:.0f} m/s: not counted so"
        )
        return [*filled]
    _set_sport(activity, part.sport, part.sub_sport)
    return [*filled, "sport"]


def _fill_rpe(activity: Activity, entry: Entry, source: str) -> list[str]:
    """Perceived exertion, where the recording holds none; where it holds another, say so."""
    listed = entry.recording.summary.get("rpe", np.nan)
    mine = activity.parsed.numbers["rpe"]
    if mine != mine and listed == listed:
        _set(activity, rpe=listed, rpe_source="list")
        return ["rpe"]
    if abs(mine - listed) >= 1:
        activity.issues["rpe-disagree"] = (
            f"{source} says effort {listed:g}, the recording {mine:g}; the recording counts"
        )
    return []


def _spread_gear(lists: list[_List]) -> None:
    gear = {(a.side.export, ident): name for a in lists for ident, name in a.side.gear_of.items()}
    for a in lists:
        for entry in a.side.entries:
            entry.gear = entry.gear or gear.get((a.side.export, entry.ident), "")


# --- entries without a recording count for themselves --------------------------------------------


def _inferred_sports(lists: list[_List]) -> dict[tuple[str, str], str]:
    """Sports of a platform's words that loadmon does not know, where recordings agree on one."""
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    for a in lists:
        for position, activity in a.matched.items():
            word = a.side.entries[position].word
            if word and activity.parsed.sport:
                seen[a.side.export, word].add(activity.parsed.sport)
    return {word: next(iter(sports)) for word, sports in seen.items() if len(sports) == 1}


def _count_unmatched(a: _List, recordings: _Recordings, sports: dict[tuple[str, str], str]) -> None:
    """Let entries that are still open count as inputs of their own."""
    for position in a.open:
        entry, own = a.side.entries[position], a.result.entries[position]
        # A list may call two of its entries the same.
        names = (f"{own.source.name} ({n})" if n > 1 else own.source.name for n in count(1))
        own.source = replace(own.source, name=next(n for n in names if n not in a.names))
        a.names.add(own.source.name)
        a.unmatched.append(own)
        for activity in own.activities:
            activity.source = own.source
            activity.name = entry.name
            activity.gear = [name for name in entry.gear.split("|") if name]
            if sport := sports.get((a.side.export, entry.word)):
                _set_sport(activity, sport, "")
                text = f"called {entry.word!r}, like recordings of {sport}"
                activity.issues = {"sport-inferred": text, **activity.issues}
            if not np.isnan(activity.parsed.numbers["distance_km"]):
                _set(activity, distance_source="list")
            if there := recordings.named(a.result.source.name, entry):
                reasons = ", ".join(p.reason for p in there.problems) or "no activity in it"
                activity.issues["from-list"] = (
                    f"its recording {entry.file} gives no activity ({reasons}): the list's "
                    "numbers count"
                )
            elif entry.file and not a.is_without_recordings:
                activity.issues["csv-row"] = (
                    f"its recording {entry.file} is not in this archive: the list's numbers count"
                )


def _drop_repeated_entries(lists: list[_List]) -> None:
    """Count an activity once that several lists know without a recording.

    The same number of one platform at about the same time is one activity, in one list or in two,
    and so is the same start in two of its lists: both as its newest export has it.
    """
    first: dict[tuple[str, object], tuple[_List, Activity]] = {}
    for a in lists:
        for own in a.unmatched:
            for activity in list(own.activities):
                entry, start = a.side.entries[_position(activity)], activity.parsed.start
                keys: list[tuple[object, str]] = []
                if entry.ident:
                    keys.append((entry.ident, f"number {entry.ident} in both lists"))
                if not entry.day:
                    keys.append((round(start), f"the same start in both lists of {a.side.export}"))
                for key, reason in keys:
                    other, kept = first.setdefault((a.side.export, key), (a, activity))
                    is_again = other is not a or (key == entry.ident and kept is not activity)
                    if is_again and abs(kept.parsed.start - start) <= _REACH_S:
                        _take_out_entry(a, own, activity, kept, reason)
                        break
    found = [(a, own, act) for a in lists for own in a.unmatched for act in own.activities]
    for i, (k, reason) in repeated([candidate(activity) for *_, activity in found]).items():
        _take_out_entry(*found[i], found[k][2], reason)


def _take_out_entry(
    a: _List, own: FileResult, activity: Activity, kept: Activity, reason: str
) -> None:
    """Take out an entry that repeats another, whose numbers stay."""
    take_out(own, activity, kept, reason)
    entry = replace(a.side.entries[_position(activity)], is_whole=False)
    enrich(kept, entry, activity.parsed, a.title)


def _position(activity: Activity) -> int:
    """Position of an activity in its list."""
    return int(activity.activity_id.rsplit("-", 1)[1])


def _summarise(a: _List) -> None:
    """Say in the list's own row what became of its entries."""
    side = a.side
    side.recorded = len(a.matched)
    side.unmatched = sum(len(own.activities) for own in a.unmatched)
    if side.entries:
        side.detail = (
            f"{a.title} of {len(side.entries)} activities: {side.recorded} belong to "
            f"recordings, {side.unmatched} counted from the list alone"
        )
    if a.is_without_recordings:
        side.issues["no-recording"] = "given without the recordings that it names"
    lost = {e.ref for e in side.entries if "csv-row" in e.recording.flags}
    lost |= {
        own.source.name.rsplit("!", 1)[1]
        for own in a.unmatched
        if any("csv-row" in activity.issues for activity in own.activities)
    }
    if lost:
        shown = ", ".join(sorted(lost, key=lambda ref: (len(ref), ref))[:_SHOWN])
        more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
        side.issues["csv-row"] = f"no recording in this archive for {shown}{more}"
