"""`parse_input`: from the bytes of one input to its activities, a pure function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from loadmon.errors import FileProblem, without_frames
from loadmon.io.clean import clean
from loadmon.io.exports.cells import SideFile
from loadmon.io.formats import BROKEN, SIDE_READERS, format_of, recordings, salvaged
from loadmon.io.localtime import Place, zone_at
from loadmon.io.quality import assess
from loadmon.io.recording import SUMMARY_COLUMNS, Floats, Recording
from loadmon.io.sources import content_hash, file_boundary

#: Stands before the position of an activity that was rescued from a broken recording, in its id.
RESCUED = "s"
#: Distance and position at the eighths of a recording, to know it again under another time.
Shape = Sequence[Sequence[float]]
_POINTS = 8


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
    numbers: dict[str, Any]  # columns of its row in activities
    #: With `minutes` all that loads and form need of the stream: an `EffortProfile`, its arrays
    #: as `thinned` makes them.
    effort: dict[str, Any]
    minutes: npt.NDArray[np.float32]  # no rows but for runs
    issues: dict[str, str]
    sets: list[dict[str, Any]]
    device_settings: dict[str, Any]
    shape: Shape
    place: Place | None  # of the first known position; no zone where the file names its own
    maker: str
    time: Floats  # emptied, as `streams`, once they lie in the cache or are not wanted
    streams: dict[str, Floats]

    def packed(self) -> list[Any]:
        """Values as `pack` takes them in few bytes and `unpacked` gives them back in little time.

        An archive holds thousands: all floats are one array, and names are one text.
        """
        floats = [self.start, self.offset_min]
        numbers, effort = _flattened(self.numbers, floats), _flattened(self.effort, floats)
        place, zone = ([], None) if self.place is None else (self.place[:2], self.place[2])
        rows = [*map(list, self.shape)]
        floats += [*place, *(x for row in rows for x in row)]
        texts = [self.sport, self.sub_sport, self.zone, self.maker]
        return [
            *(texts, self.is_local, self.records, np.array(floats, np.float64)),
            *(numbers, effort, zone, len(rows)),
            *(self.minutes, self.issues, self.sets, self.device_settings),
            *(self.time if len(self.time) else None, self.streams),
        ]

    @classmethod
    def unpacked(
        cls,
        texts: list[str],
        is_local: bool,
        records: int,
        floats: Floats,
        numbers: list[Any],
        effort: list[Any],
        zone: str | None,
        rows: int,
        *others: Any,
    ) -> ParsedActivity:
        """Give the activity behind what `packed` made."""
        sport, sub_sport, own_zone, maker = texts
        values = floats.tolist()
        names, efforts = _names_of(numbers[0]), _names_of(effort[0])
        begin, end = 2 + len(names), 2 + len(names) + len(efforts)
        rest = values[end:] if zone is None else values[end + 2 :]
        size = len(rest) // rows if rows else 0
        minutes, issues, sets, device_settings, time, streams = others
        return cls(
            sport=sport,
            sub_sport=sub_sport,
            start=values[0],
            offset_min=values[1],
            zone=own_zone,
            is_local=is_local,
            records=records,
            numbers=dict(zip(names, values[2:begin], strict=True)) | numbers[1],
            effort=dict(zip(efforts, values[begin:end], strict=True)) | effort[1],
            minutes=minutes.copy(),  # and not all the bytes that they lie in
            issues=issues,
            sets=sets,
            device_settings=device_settings,
            shape=[rest[n * size : (n + 1) * size] for n in range(rows)],
            place=None if zone is None else (values[end], values[end + 1], zone),
            maker=maker,
            time=np.empty(0) if time is None else time,
            streams=streams,
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

    def without_streams(self) -> Contents:
        """Let go of the streams, which are most of the memory."""
        for part in (*self.parts, *self.rescued):
            if isinstance(part, ParsedActivity):
                part.time, part.streams = np.empty(0), {}
        return self

    def find_zones(self) -> None:
        """Look up the zone where each began, whose map takes memory: after the streams are gone."""
        for part in (*self.parts, *self.rescued):
            if isinstance(part, ParsedActivity) and part.place and not part.zone:
                latitude, longitude, _ = part.place
                part.place = latitude, longitude, zone_at(latitude, longitude)


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
    effort = dict(assessed.effort)
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
        effort={k: _thinned(v) if isinstance(v, np.ndarray) else v for k, v in effort.items()},
        minutes=assessed.minutes,
        issues=assessed.issues,
        sets=recording.sets,
        device_settings=recording.device_settings,
        shape=shape_of(recording),
        place=_first_place(recording),
        maker=recording.maker,
        time=recording.time,
        streams=recording.streams,
    )


def _thinned(values: Floats) -> Any:
    """Length, positions and values of what is not nought in an array that is mostly nought.

    Such as a histogram, of which an archive holds thousands; another array is itself.
    """
    at = np.flatnonzero(np.ascontiguousarray(values).view(np.uint64))  # -0.0 is no nought
    if len(values) >= 1 << 16 or 4 * len(at) >= len(values):
        return values
    return [len(values), at.astype(np.uint16), values[at]]


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


def _flattened(values: Mapping[str, Any], floats: list[float]) -> list[Any]:
    """Names in one text, and what is no float, by name; each float joins `floats`."""
    others = {name: value for name, value in values.items() if type(value) is not float}
    floats += [np.nan if name in others else value for name, value in values.items()]
    return [",".join(values), others]


@cache
def _names_of(text: str) -> tuple[str, ...]:
    """Names in one text, the same objects for every activity."""
    return tuple(text.split(",")) if text else ()
