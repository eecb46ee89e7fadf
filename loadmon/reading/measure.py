"""From the bytes of one input to what they hold: a pure function, the heart of reading.

Every input takes this way: `walk` finds files, `sources` opens them, `measure` turns the bytes of
one input into `Contents`, `settle` adds what the runner's settings say, `archive` keeps the frames.

`measure` looks at nothing but the bytes and the ending of the name: no clock, no home zone, no
athlete, no other file. So its result can be kept under the hash of the bytes and made in another
process. Everything in it is plain (texts, numbers, lists, dicts, float arrays) and travels by
pickle. Whatever a setting can change belongs into `settle`, which runs at every reading and must
therefore be cheap.

Where to add something:

- a number of the activity that any file may tell: `Recording.told`, a name in `TOLD_COLUMNS`;
- a number made from the cleaned stream (an effort profile): a field of `Measured`, filled in
  `_measured`, turned into columns for all activities at once in `archive`;
- another kind of input beside recordings (a list of activities, a diary of heart rates): a
  format of its own in `formats`, its plain rows in a field of `Contents`, its ledger row and its
  effect on the activities in `settle`.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable

import numpy as np

from loadmon.errors import FileProblem
from loadmon.reading.clean import clean
from loadmon.reading.contents import Contents, Measured
from loadmon.reading.duplicates import shape_of
from loadmon.reading.exports.recognise import SIDE_READERS
from loadmon.reading.formats import format_of, recordings
from loadmon.reading.judge import judge
from loadmon.reading.recording import TOLD_COLUMNS, Floats, Recording
from loadmon.reading.salvage import BROKEN, salvaged
from loadmon.reading.sources import content_hash


def measure(name: str, data: bytes) -> Contents:
    """Read and judge the bytes of one input; whatever goes wrong stays with this input.

    Parameters
    ----------
    name : str
        Name in the ledger, of which only the ending is looked at.
    data : bytes
        Plain contents.
    """
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
