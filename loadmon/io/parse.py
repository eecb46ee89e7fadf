"""`parse_input`: from the bytes of one input to its activities, a pure function."""

from __future__ import annotations

import marshal
import math
import struct
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import accumulate
from typing import Any, SupportsBytes

import numpy as np

from loadmon.errors import FileProblem, without_frames
from loadmon.io.clean import clean
from loadmon.io.exports.cells import SideFile
from loadmon.io.formats import BROKEN, SIDE_READERS, format_of, recordings, salvaged
from loadmon.io.intensity import packed_histograms, packed_minutes
from loadmon.io.localtime import Place, zone_at
from loadmon.io.quality import assess
from loadmon.io.recording import SUMMARY_COLUMNS, Floats, Recording
from loadmon.io.sources import content_hash, file_boundary

#: Stands before the position of an activity that was rescued from a broken recording, in its id.
RESCUED = "s"
#: Distance and position at the eighths of a recording, to know it again under another time.
Shape = Sequence[Sequence[float]] | Floats
_POINTS = 8
_FLOAT = struct.Struct("=d")
_NO_TIME = np.empty(0)


class Numbers(Mapping[str, Any]):
    """Numbers and texts of one activity by name, in a tenth of the memory of a dict.

    Its floats are bytes, in order of the names; the places of names are shared.
    """

    __slots__ = ("floats", "others", "places")

    def __init__(self, places: dict[str, int], floats: bytes, others: dict[str, Any]):
        self.places = places
        self.floats = floats
        self.others = others  # what is no float, and NaN in its place

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Numbers:
        """Make one of any mapping."""
        if isinstance(values, Numbers):
            return values
        others = {name: value for name, value in values.items() if type(value) is not float}
        floats = [math.nan if name in others else value for name, value in values.items()]
        return cls(_places_of(",".join(values)), np.array(floats).tobytes(), others)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel without the places."""
        return Numbers._made, (",".join(self.places), self.floats, self.others)

    @classmethod
    def _made(cls, names: str, floats: bytes, others: dict[str, Any]) -> Numbers:
        return cls(_places_of(names), floats, others)

    def __getitem__(self, name: str) -> Any:
        """Value of a name."""
        if name in self.others:
            return self.others[name]
        return _FLOAT.unpack_from(self.floats, _FLOAT.size * self.places[name])[0]

    def __iter__(self) -> Iterator[str]:
        """Names in order."""
        return iter(self.places)

    def __len__(self) -> int:
        """Count the names."""
        return len(self.places)


@dataclass(slots=True, eq=False)
class ParsedActivity:
    """One activity, cleaned and assessed, before any setting of the runner is applied.

    Plain types that travel and can be kept; what is not explained is as in `Recording`.
    """

    sport: str
    sub_sport: str
    start: float  # [Unix s], always known
    offset_min: float
    zone: str
    is_local: bool
    records: int
    numbers: Mapping[str, Any]  # columns of its row in activities
    #: With `minutes` all that loads and form need of the stream, packed.
    histograms: SupportsBytes
    minutes: SupportsBytes  # none but for runs
    issues: dict[str, str]
    sets: list[dict[str, Any]]
    device_settings: dict[str, Any]
    shape: Shape
    place: Place | None  # of the first known position; no zone where the file names its own
    maker: str
    #: Emptied, as the stream, once they lie in the cache or are not wanted: an `EffortProfile`.
    effort: Mapping[str, Any]
    time: Floats
    streams: dict[str, Floats]

    def packed(self) -> list[Any]:
        """Values as `pack` takes them in few bytes and `unpacked` gives them back in little time.

        An archive holds thousands: all floats are bytes, and names are one text.
        """
        texts = [self.sport, self.sub_sport, self.zone, self.maker]
        numbers, shape = Numbers.of(self.numbers), np.array(self.shape, np.float64)
        held = [numbers.floats, shape.tobytes(), bytes(self.histograms), bytes(self.minutes)]
        return [
            *(texts, self.is_local, self.records, [self.start, self.offset_min]),
            *(",".join(numbers), numbers.others, [*shape.shape], self.place and [*self.place]),
            *(b"".join(held), [*accumulate(map(len, held))]),
            *(self.issues, self.sets, self.device_settings),
            *([self.time, self.streams] if len(self.time) else ()),
        ]

    @classmethod
    def unpacked(
        cls,
        texts: list[str],
        is_local: bool,
        records: int,
        times: list[float],
        names: str,
        others: dict[str, Any],
        shape: list[int],
        place: list[Any] | None,
        held: bytes,
        ends: list[int],
        issues: dict[str, str],
        sets: list[dict[str, Any]],
        device_settings: dict[str, Any],
        time: Floats | None = None,
        streams: dict[str, Floats] | None = None,
    ) -> ParsedActivity:
        """Give the activity behind what `packed` made."""
        sport, sub_sport, zone, maker = map(sys.intern, texts)
        return cls(
            sport=sport,
            sub_sport=sub_sport,
            start=times[0],
            offset_min=times[1],
            zone=zone,
            is_local=is_local,
            records=records,
            numbers=Numbers(_places_of(names), held[: ends[0]], _shared(others)),
            histograms=held[ends[1] : ends[2]],
            minutes=held[ends[2] :],
            issues=_shared(issues),
            sets=sets,
            device_settings=_shared(device_settings),
            shape=np.frombuffer(held[ends[0] : ends[1]]).reshape(shape),
            place=(place[0], place[1], sys.intern(place[2])) if place else None,
            maker=maker,
            effort={},
            time=_NO_TIME if time is None else time,
            streams={} if streams is None else streams,
        )


@dataclass(slots=True)
class Contents:
    """What the bytes of one input hold."""

    digest: str = ""  # their hash, empty where there are none to speak of
    format: str = ""
    #: In file order, so that a position names an activity; empty only beside an empty list.
    parts: list[ParsedActivity | FileProblem] = field(default_factory=list)
    #: Readable parts of broken activities, which count only on request.
    rescued: list[ParsedActivity | FileProblem] = field(default_factory=list)
    side: SideFile | None = None  # a platform's list, with its entries in the order of `parts`

    @property
    def reasons(self) -> set[str]:
        """Codes of what is not counted."""
        return {part.reason for part in self.parts if isinstance(part, FileProblem)}

    @property
    def has_activities(self) -> bool:
        """Tell whether there is any, which may be counted or not."""
        return any(isinstance(part, ParsedActivity) for part in (*self.parts, *self.rescued))

    def without_streams(self) -> Contents:
        """Let go of the streams, which are most of the memory, and hold the rest in little."""
        for part in (*self.parts, *self.rescued):
            if isinstance(part, ParsedActivity):
                part.time, part.streams, part.effort = _NO_TIME, {}, {}
                part.numbers = Numbers.of(part.numbers)
        return self

    def put_aside(self, put: Callable[[SupportsBytes], SupportsBytes]) -> Contents:
        """Put aside what nobody asks for before loads and form are computed."""
        for part in (*self.parts, *self.rescued):
            if isinstance(part, ParsedActivity):
                part.histograms, part.minutes = put(part.histograms), put(part.minutes)
        return self

    def find_zones(self) -> bool:
        """Look up the zone where each began, whose map takes memory; tell if any was asked for.

        The streams are gone by then.
        """
        asked = False
        for part in (*self.parts, *self.rescued):
            if isinstance(part, ParsedActivity) and part.place and not part.zone:
                latitude, longitude, _ = part.place
                part.place = latitude, longitude, zone_at(latitude, longitude)
                asked = True
        return asked


def parse_input(name: str, data: bytes) -> Contents:
    """Read and assess the bytes of one input; whatever goes wrong stays with this input."""
    contents = Contents(content_hash(data))
    try:
        with file_boundary():
            contents.format = format_of(name, data)
            if contents.format in SIDE_READERS:
                side = SIDE_READERS[contents.format](data)
                contents.parts += [_parsed(found) for found in side.recordings()]
                for entry in side.entries:  # a few lists hold streams
                    entry.recording.time, entry.recording.streams = np.empty(0), {}
                contents.side = side
            else:
                contents.parts += [_parsed(found) for found in recordings(name, data)]
    except FileProblem as problem:
        contents.parts.append(without_frames(problem))
    if contents.reasons & BROKEN:
        try:
            with file_boundary():
                contents.rescued += [_parsed(found) for found in salvaged(contents.format, data)]
        except FileProblem as problem:
            contents.parts.append(without_frames(problem))
    return contents


def _parsed(found: Recording | FileProblem) -> ParsedActivity | FileProblem:
    if isinstance(found, FileProblem):
        return without_frames(found)
    try:
        recording = clean(found)
        assessed = assess(recording)
    except FileProblem as problem:
        return without_frames(problem)
    return ParsedActivity(
        sport=recording.sport,
        sub_sport=recording.sub_sport,
        start=assessed.start,
        offset_min=recording.offset_min,
        zone=recording.zone,
        is_local=recording.is_local,
        records=len(recording.time),
        numbers={name: recording.summary.get(name, np.nan) for name in SUMMARY_COLUMNS}
        | assessed.numbers,
        histograms=packed_histograms(assessed.effort),
        minutes=packed_minutes(assessed.minutes),
        issues=assessed.issues,
        sets=recording.sets,
        device_settings=recording.device_settings,
        shape=shape_of(recording),
        place=_first_place(recording),
        maker=recording.maker,
        effort=assessed.effort,
        time=recording.time,
        streams=recording.streams,
    )


def shape_of(recording: Recording) -> Shape:
    """Shape of a recording; NaN is not known, empty where there are too few records."""
    time = recording.time
    if len(time) < 2 * _POINTS:
        return []
    at = time[0] + np.ptp(time) * np.arange(1, _POINTS + 1) / _POINTS
    columns = []
    for name in ("distance_m", "latitude_deg", "longitude_deg"):
        values = recording.streams.get(name, np.empty(0))
        known = ~np.isnan(values)
        enough = np.count_nonzero(known) >= _POINTS
        columns.append(np.interp(at, time[known], values[known]) if enough else at * np.nan)
    return [[*point] for point in zip(*(column.tolist() for column in columns), strict=True)]


def _first_place(recording: Recording) -> Place | None:
    if not {"latitude_deg", "longitude_deg"} <= recording.streams.keys():
        return None
    latitudes, longitudes = (recording.streams[f"{name}_deg"] for name in ("latitude", "longitude"))
    known = ~np.isnan(latitudes) & ~np.isnan(longitudes)
    if not known.any():
        return None
    first = int(known.argmax())
    return float(latitudes[first]), float(longitudes[first]), ""


@cache
def _places_of(text: str) -> dict[str, int]:
    """Places of the names in one text, the same object for every activity."""
    return {name: place for place, name in enumerate(text.split(","))} if text else {}


def _shared(values: dict[str, Any]) -> dict[str, Any]:
    """Give an equal dict, the same object for every activity; nobody changes what was parsed."""
    return _known(marshal.dumps(values, 2)) if values else {}


@lru_cache(4096)
def _known(values: bytes) -> dict[str, Any]:
    known: dict[str, Any] = marshal.loads(values)
    return known
