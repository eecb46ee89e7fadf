"""The frames of a whole reading, kept for the next time that nothing has changed.

The name of a snapshot is a hash of the stamps of all files and of the runner's settings, so that
whatever follows from a change is never found under it.
"""

from __future__ import annotations

import functools
import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from loadmon.athlete.profile import Athlete
from loadmon.reading.archive import Archive, Minutes
from loadmon.reading.cache.frames import pack_frame, unpack_frame
from loadmon.reading.cache.packing import pack, unpack
from loadmon.reading.cache.stamps import PASSING, is_settled
from loadmon.reading.cache.store import Store
from loadmon.reading.walk import Entry

if TYPE_CHECKING:
    from loadmon.reading.loads import Efforts
    from loadmon.reading.recording import Floats
    from loadmon.reading.sources import Source

_FRAMES = (*("activities", "files", "sets", "found", "gear", "settings", "pauses", "exports"),)
Stream = Callable[[str], pd.DataFrame | None]


def snapshot_name(entries: Sequence[Entry], athlete: Athlete, asked: str) -> str:
    """Name of the snapshot of a reading.

    Parameters
    ----------
    entries : sequence of Entry
        All files.
    athlete : Athlete
        All settings.
    asked : str
        What else was asked of the reading.
    """
    told = hashlib.blake2b(asked.encode(), digest_size=16)
    for setting in fields(athlete):
        value = getattr(athlete, setting.name)
        is_frame = isinstance(value, pd.DataFrame)
        text = value.to_csv() if is_frame and len(value) else "" if is_frame else repr(value)
        told.update(f"\0{setting.name}={text}".encode("utf-8", "surrogateescape"))
    for entry in entries:
        problem = entry.problem.reason if entry.problem else ""
        line = f"\0{entry.name}\0{entry.stamp}{problem}"
        told.update(line.encode("utf-8", "surrogateescape"))
    return told.hexdigest()


def recall(
    store: Store,
    name: str,
    entries: Sequence[Entry],
    athlete: Athlete,
    *,
    now_s: float,
    stream: Stream,
    again: Callable[[], Archive],
) -> Archive | None:
    """Give the archive of a snapshot; None where there is none that can be believed.

    Parameters
    ----------
    store : Store
        The cache.
    name : str
        As from `snapshot_name`.
    entries, athlete
        As there.
    now_s : float
        Unix time of the reading. [s]
    stream : callable
        Gives the stream of an activity where it is kept.
    again : callable
        Reads everything anew, where a part of the snapshot has gone.
    """
    kept = store.get("snapshot", [name]).get(name)
    told = unpack(kept) if kept else None
    if not told or told["latest"] > now_s:
        return None
    if not all(entry.problem or is_settled(entry, told["at"]) for entry in entries):
        return None
    frames = {frame: unpack_frame(told[frame]) for frame in _FRAMES}

    def part(kind: str) -> Any:
        value = store.get(kind, [name]).get(name)
        return unpack(zlib.decompress(value)) if value else None

    @functools.cache
    def efforts() -> Efforts:
        from loadmon.reading.loads import Efforts

        found = part("efforts")
        return Efforts(*map(_dense, found)) if found else again().efforts

    @functools.cache
    def minutes() -> Minutes:
        found = part("minutes")
        return _minutes_of(*found) if found else again()._minutes()

    return Archive(
        athlete=athlete,
        _sources=functools.cache(lambda: _sources_of(told["sources"])),
        _efforts=efforts,
        _minutes=minutes,
        _stream=stream,
        **frames,
    )


def keep(store: Store, name: str, archive: Archive, *, noted_ns: int, latest_s: float) -> None:
    """Keep the frames of an archive.

    Parameters
    ----------
    store : Store
        The cache.
    name : str
        As from `snapshot_name`.
    archive : Archive
        What was read.
    noted_ns : int
        Unix time before any file was opened. [ns]
    latest_s : float
        Unix time from which on another reading would judge the same. [s]
    """
    reasons = {code for codes in archive.files["reason"] for code in codes.split(",")}
    if reasons & PASSING or "time-future" in reasons:
        return
    told = {frame: pack_frame(getattr(archive, frame)) for frame in _FRAMES}
    sources = [
        [activity, str(source.path), source.name, source.trail, place]
        for activity, (source, place) in archive._sources().items()
    ]
    made = {**told, "sources": sources, "at": noted_ns, "latest": latest_s}
    efforts = archive.efforts
    three = (efforts.seconds_at_bpm, efforts.seconds_at_speed, efforts.power_moments)
    sparse = [_sparse(one) for one in three]
    minutes = archive._minutes()
    store.put(
        [
            ("efforts", name, zlib.compress(pack(sparse), 1)),
            ("minutes", name, zlib.compress(pack(_packed_minutes(minutes)), 1)),
            ("snapshot", name, pack(made)),
        ]
    )


def _sources_of(rows: Iterable[Any]) -> dict[str, tuple[Source, str]]:
    from loadmon.reading.sources import Source

    return {
        activity: (Source(name, Path(path), tuple(trail)), place)
        for activity, path, name, trail, place in rows
    }


def _sparse(values: Floats) -> list[Any]:
    """Shape, places and values of what is not nought, which is a fifth of all."""
    places = np.flatnonzero(values)
    return [values.shape, places.astype(np.int32), values.ravel()[places]]


def _dense(sparse: list[Any]) -> Floats:
    """Undo `_sparse`."""
    shape, places, known = sparse
    values = np.zeros(shape)
    values.ravel()[places] = known
    return values


def _packed_minutes(minutes: Minutes) -> tuple[list[str], list[int], Any]:
    """Tables of minutes as one: ids, numbers of rows, and all rows."""
    tables = [*minutes.values()]
    rows = np.concatenate(tables) if tables else np.empty((0, 0), np.float32)
    return [*minutes], [len(table) for table in tables], rows


def _minutes_of(ids: list[str], lengths: list[int], rows: Any) -> Mapping[str, Any]:
    tables = np.split(rows, np.cumsum(lengths)[:-1]) if lengths else []
    return dict(zip(ids, tables, strict=True))
