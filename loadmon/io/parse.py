"""`parse_input`: from the bytes of one input to its activities, without anything around them."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from loadmon.errors import FileProblem
from loadmon.io.clean import clean
from loadmon.io.dedupe import shape_of
from loadmon.io.exports.recognise import SIDE_READERS
from loadmon.io.formats import BROKEN, format_of, recordings, salvaged
from loadmon.io.quality import judge
from loadmon.io.recording import TOLD_COLUMNS, Floats, Recording
from loadmon.io.sources import content_hash

if TYPE_CHECKING:
    from loadmon.io.dedupe import Shape
    from loadmon.io.exports.entry import SideFile
    from loadmon.io.recording import Floats
    from loadmon.loads import Profile


# What the bytes of one input hold, in plain types that travel and can be kept.


@dataclass(slots=True, eq=False)
class Measured:
    """One activity, cleaned and judged, before any setting is looked at.

    Parameters
    ----------
    sport, sub_sport, offset_min, zone, maker
        As in `loadmon.io.recording.Recording`.
    start : float
        Unix time of the start, always known. [s]
    records : int
        Records of its stream.
    numbers : dict of str to float or str
        Columns of its row in activities, as `judge` gives them, and `TOLD_COLUMNS`.
    effort : Profile
        What `loadmon.loads.profile` gives: all that loads under any settings need.
    minutes : ndarray of float32, shape (n_minutes, n_columns)
        Minutes of a run, `loadmon.loads.minutes`; no rows for other sports.
    flags : dict of str to str
        Reason code to one sentence.
    sets, found
        As in `Recording`.
    shape
        As from `loadmon.io.dedupe.shape_of`.
    place : (float, float) or None
        Latitude and longitude of the first position. [deg]
    time, streams
        The cleaned stream; emptied once it lies in the cache or is not wanted.
    """

    sport: str
    sub_sport: str
    start: float
    offset_min: float
    zone: str
    records: int
    numbers: dict[str, Any]
    effort: Profile
    minutes: npt.NDArray[np.float32]
    flags: dict[str, str]
    sets: list[dict[str, Any]]
    found: dict[str, Any]
    shape: Shape
    place: tuple[float, float] | None
    maker: str
    time: Floats
    streams: dict[str, Floats]


@dataclass(slots=True)
class Contents:
    """What the bytes of one input hold.

    Parameters
    ----------
    digest : str
        Hash of the bytes; empty where there are none to speak of.
    format : str
        ``fit``, ``gpx``, ``tcx``, a kind of export file; empty where it is nothing known.
    parts : list of Measured or FileProblem
        In file order, so that a place in it names an activity. Empty only beside a `side` file
        that lists no activity.
    rescued : list of Measured or FileProblem
        Readable parts of broken activities, flagged ``partial``, or why nothing is left; they
        count only on request.
    side : SideFile or None
        What a vendor's list says beside the numbers of its activities: entry by entry, in the
        order of `parts`.
    """

    digest: str = ""
    format: str = ""
    parts: list[Measured | FileProblem] = field(default_factory=list)
    rescued: list[Measured | FileProblem] = field(default_factory=list)
    side: SideFile | None = None

    def without_streams(self) -> Contents:
        """Let go of the streams, which are most of the memory."""
        for part in (*self.parts, *self.rescued):
            if isinstance(part, Measured):
                part.time, part.streams = np.empty(0), {}
        return self


# From the bytes of one input to what they hold: a pure function, the heart of reading.


def measure(name: str, data: bytes) -> Contents:
    """Read and judge the bytes of one input; whatever goes wrong stays with this input."""
    contents = Contents(content_hash(data))
    _guarded(contents, lambda: _read(contents, name, data))
    if {p.reason for p in contents.parts if isinstance(p, FileProblem)} & BROKEN:
        _guarded(contents, lambda: _rescue(contents, data))
    return contents


def _guarded(contents: Contents, step: Callable[[], None]) -> None:
    """Take a step, and account for whatever stops it."""
    try:
        step()
    except FileProblem as problem:
        contents.parts.append(problem)
    except Exception as error:  # the one boundary: a reader's bug must not hide the other files
        contents.parts.append(_reader_bug(error))


def _read(contents: Contents, name: str, data: bytes) -> None:
    """Find the format, and read what there is."""
    contents.format = format_of(name, data)
    if contents.format in SIDE_READERS:
        contents.side = SIDE_READERS[contents.format](data)
        contents.parts += [_part(found) for found in contents.side.recordings()]
        contents.side.without_streams()
    else:
        contents.parts += [_part(found) for found in recordings(name, data)]


def _rescue(contents: Contents, data: bytes) -> None:
    """Measure what is left of broken activities, should the runner ask for it."""
    contents.rescued += [_part(recording) for recording in salvaged(contents.format, data)]


def _reader_bug(error: Exception) -> FileProblem:
    """Account for an error that no reader should raise, with the place where it was raised."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return FileProblem(
        "quarantined",
        "reader-bug",
        f"loadmon failed on this file ({type(error).__name__} in {frame.name}, line "
        f"{frame.lineno}: {error}); please report it",
    )


def _part(found: Recording | FileProblem) -> Measured | FileProblem:
    """One activity of an input, or the reason why it is none."""
    if isinstance(found, FileProblem):
        return found
    try:
        return _measured(clean(found))
    except FileProblem as problem:
        return problem


def _measured(recording: Recording) -> Measured:
    """Everything that is made of one cleaned recording."""
    numbers = judge(recording)
    flags = numbers.pop("flags")
    start = numbers.pop("start_s")
    effort, minutes = numbers.pop("effort"), numbers.pop("minutes")
    numbers = {name: recording.told.get(name, np.nan) for name in TOLD_COLUMNS} | numbers
    return Measured(
        sport=recording.sport,
        sub_sport=recording.sub_sport,
        start=start,
        offset_min=recording.offset_min,
        zone=recording.zone,
        records=len(recording.time),
        numbers=numbers,
        effort=effort,
        minutes=minutes,
        flags=flags,
        sets=recording.sets,
        found=recording.found,
        shape=shape_of(recording),
        place=_first_place(recording.streams),
        maker=recording.maker,
        time=recording.time,
        streams=recording.streams,
    )


def _first_place(streams: dict[str, Floats]) -> tuple[float, float] | None:
    """First known position; None where there is none."""
    latitude, longitude = streams.get("latitude_deg"), streams.get("longitude_deg")
    if latitude is None or longitude is None:
        return None
    known = np.flatnonzero(~np.isnan(latitude) & ~np.isnan(longitude))
    return (float(latitude[known[0]]), float(longitude[known[0]])) if len(known) else None
