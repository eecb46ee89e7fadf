"""The stream of one activity as a frame, and read from its file again."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loadmon.errors import FileProblem, ReadError
from loadmon.reading.clean import clean
from loadmon.reading.formats import format_of, recordings
from loadmon.reading.recording import STREAMS, Floats, Recording
from loadmon.reading.salvage import salvaged
from loadmon.reading.settle import RESCUED
from loadmon.reading.sources import Source, content_hash, load


def read_stream(source: Source, place: str, activity_id: str) -> pd.DataFrame:
    """Read the stream of an activity from its file.

    Parameters
    ----------
    source : Source
        Where its input lies.
    place : str
        Its place in the input.
    activity_id : str
        Its id, which begins with the hash of the input.

    Raises
    ------
    ReadError
        If the file is gone or has changed.
    """
    try:
        data = load(source)
        same = activity_id.startswith(content_hash(data)[:12])
        recording = _recording_at(source.name, data, place) if same else None
    except FileProblem as problem:
        raise ReadError(f"{source.name}: {problem.detail}") from None
    if not isinstance(recording, Recording):
        raise ReadError(f"{source.name}: the file has changed; read the archive again")
    cleaned = clean(recording)
    return stream_frame(cleaned.time, cleaned.streams)


def _recording_at(name: str, data: bytes, place: str) -> Recording | FileProblem:
    """Read one activity of an input again, by its place in it."""
    if place.startswith(RESCUED):
        return salvaged(format_of(name, data), data)[int(place.removeprefix(RESCUED))]
    return recordings(name, data)[int(place)]


def stream_frame(time: Floats, streams: dict[str, Floats]) -> pd.DataFrame:
    """A cleaned stream as a frame."""
    stamps = np.round(time * 1e6).astype(np.int64).astype("datetime64[us]")
    index = pd.DatetimeIndex(stamps, name="time").tz_localize("UTC")
    return pd.DataFrame({name: streams[name] for name in STREAMS if name in streams}, index=index)
