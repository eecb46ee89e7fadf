"""The frames of a whole reading, kept for the next time that nothing has changed.

Their keys hold the version of the reader, a hash of everything that its numbers follow from.
"""

from __future__ import annotations

import functools
import hashlib
import sys
import zlib
import zoneinfo
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pandas.api.internals import create_dataframe_from_blocks

from loadmon import __version__
from loadmon.athlete import Athlete
from loadmon.io.archive import Archive, Minutes
from loadmon.io.cache import PASSING, Store, is_settled
from loadmon.io.packing import pack, unpack
from loadmon.io.sources import Source
from loadmon.io.walk import Entry

if TYPE_CHECKING:
    from loadmon.io.load_columns import Efforts
    from loadmon.io.recording import Floats

#: Rooms whose code makes what is kept.
_ROOMS = (
    "errors.py",
    "text.py",
    "units.py",
    "evidence",
    "diary.py",
    "athlete.py",
    "settings.py",
    "loads.py",
    "calendar.py",
    "io",
)
#: Packages whose data numbers come from; sizes and times of their files stand for their version.
_PACKAGES = ("fitdecode", "tzfpy")


def reader_version() -> bytes:
    """Hash of the source code, of Python, numpy and pandas, the FIT profile and the time zones."""
    told = hashlib.blake2b(digest_size=16)
    told.update(f"{__version__} {sys.version} {np.__version__} {pd.__version__}".encode())
    house = Path(__file__).parents[1]
    for room in _ROOMS:
        for path in sorted((house / room).rglob("*.py")) or [house / room]:
            if path.is_file():
                told.update(f"\0{path.relative_to(house).as_posix()}\0".encode())
                told.update(path.read_bytes())
    for name in _PACKAGES:
        found = find_spec(name)
        for folder in (found.submodule_search_locations or ()) if found else ():
            stamps = (_stamp(path) for path in sorted(Path(folder).iterdir()) if path.is_file())
            told.update(f"\0{name} {''.join(stamps)}".encode())
    told.update("".join(_stamp(Path(place, "tzdata.zi")) for place in zoneinfo.TZPATH).encode())
    return told.digest()


def _stamp(path: Path) -> str:
    """Size and time of a file; empty where there is none."""
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_size} {status.st_mtime_ns};"


# Frames as plain values and arrays, and back: exactly the same frame, in a few milliseconds.


_TEXT = pd.StringDtype(na_value=np.nan)
_UTC = pd.DatetimeTZDtype("us", "UTC")
_MOMENT = "datetime64[us]"


def pack_frame(frame: pd.DataFrame) -> dict[str, Any]:
    """What `loadmon.io.packing.pack` can keep of a frame with a plain index.

    Columns are float, text, times to the microsecond (in UTC or without a zone), or objects that
    `pack` knows.
    """
    kinds = [str(dtype) for dtype in frame.dtypes]
    floats = [name for name, kind in zip(frame.columns, kinds, strict=True) if kind == "float64"]
    others: dict[str, Any] = {}
    for name, kind in zip(frame.columns, kinds, strict=True):
        if kind.startswith(_MOMENT[:-1]):
            others[name] = frame[name].to_numpy("datetime64[us]").astype(np.int64)
        elif kind != "float64":
            others[name] = frame[name].tolist()
    return {
        "columns": [[*pair] for pair in zip(frame.columns, kinds, strict=True)],
        "rows": len(frame),
        "floats": np.ascontiguousarray(frame[floats].to_numpy(np.float64).T),
        "others": others,
    }


def unpack_frame(told: dict[str, Any]) -> pd.DataFrame:
    """Give the frame behind what `pack_frame` made."""
    columns, rows = told["columns"], told["rows"]
    places = np.array([i for i, (_, kind) in enumerate(columns) if kind == "float64"], np.intp)
    blocks: list[tuple[Any, Any]] = []
    if len(places):
        blocks.append((told["floats"].reshape(len(places), rows).copy(), places))
    for place, (name, kind) in enumerate(columns):
        if kind != "float64":
            blocks.append((_column(told["others"][name], kind), np.array([place])))
    index = pd.Index([name for name, _ in columns], dtype=_TEXT)
    frame: pd.DataFrame = create_dataframe_from_blocks(blocks, pd.RangeIndex(rows), index)
    return frame


def _column(values: Any, kind: str) -> Any:
    """Block of one column."""
    if kind == "str":
        return pd.array(np.array([*values, None], object)[:-1], dtype=_TEXT)
    if kind == "object":
        block = np.empty((1, len(values)), object)
        block[0, :] = values
        return block
    moments = np.array(values).view(_MOMENT)
    return pd.array(moments, dtype=_UTC) if kind.endswith("UTC]") else moments.reshape(1, -1)


# The frames of a whole reading, kept for the next time that nothing has changed.


_FRAMES = (
    *("activities", "files", "sets", "found", "gear", "settings", "pauses", "exports"),
    "unknown_days",
)
Stream = Callable[[str], pd.DataFrame | None]


def snapshot_name(entries: Sequence[Entry], athlete: Athlete, asked: str) -> str:
    """Name of the snapshot of a reading."""
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
    """Give the archive of a snapshot; None where there is none that can be believed."""
    kept = store.get("snapshot", [name]).get(name)
    told = unpack(kept) if kept else None
    if not told or told["latest"] > now_s:
        return None
    if not all(entry.problem or is_settled(entry, told["at"]) for entry in entries):
        return None
    frames: dict[str, Any] = {frame: unpack_frame(told[frame]) for frame in _FRAMES}

    def part(kind: str) -> Any:
        value = store.get(kind, [name]).get(name)
        return unpack(zlib.decompress(value)) if value else None

    @functools.cache
    def efforts() -> Efforts:
        from loadmon.io.load_columns import Efforts

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
    """Keep the frames of an archive."""
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
    from loadmon.io.sources import Source

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
