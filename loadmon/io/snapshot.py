"""The frames of a whole reading, kept for the next time that nothing has changed.

They come back as exactly the same frames in a few milliseconds.
"""

from __future__ import annotations

import functools
import hashlib
import math
import sys
import zoneinfo
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from importlib.util import find_spec
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, SupportsBytes

import numpy as np
import pandas as pd

from loadmon import __version__
from loadmon.athlete import Athlete
from loadmon.frames import cells_of, frame_of
from loadmon.io.archive import Answers, Archive, Details, MinutesOf, details_of
from loadmon.io.cache import PASSING, Store, is_stable
from loadmon.io.load_columns import IntensityHistograms
from loadmon.io.packing import pack, unpack
from loadmon.io.recording import Source
from loadmon.io.walk import Entry

_FRAMES = (
    *("activities", "files", "issues", "reasons", "sets", "device_settings", "gear", "settings"),
    *("pauses", "exports", "unknown_days"),
)
#: Rooms whose code makes what is kept.
_ROOMS = (
    *("errors.py", "text.py", "arguments.py", "units.py", "evidence", "diary.py", "athlete.py"),
    *("frames.py", "loads.py", "calendar.py", "io"),
)
#: Packages whose data numbers come from; sizes and times of their files stand for their version.
_PACKAGES = ("fitdecode", "tzfpy")
_MOMENT = "datetime64[us]"
#: Activities whose histograms or minutes are kept in one piece.
_PIECE = 1024


def reader_version(rooms: Sequence[str] = _ROOMS) -> bytes:
    """Hash of the source code, of Python, numpy and pandas, the FIT profile and the time zones."""
    version = hashlib.blake2b(digest_size=16)
    version.update(f"{__version__} {sys.version} {np.__version__} {pd.__version__}".encode())
    house = Path(__file__).parents[1]
    for room in rooms:
        for path in sorted((house / room).rglob("*.py")) or [house / room]:
            if path.is_file():
                version.update(f"\0{path.relative_to(house).as_posix()}\0".encode())
                version.update(path.read_bytes())
    for name in _PACKAGES:
        found = find_spec(name)
        for folder in (found.submodule_search_locations or ()) if found else ():
            stamps = (_stamp(path) for path in sorted(Path(folder).iterdir()) if path.is_file())
            version.update(f"\0{name} {''.join(stamps)}".encode())
    version.update("".join(_stamp(Path(at, "tzdata.zi")) for at in zoneinfo.TZPATH).encode())
    return version.digest()


@functools.cache
def program_version(*rooms: str) -> bytes:
    """`reader_version` of the program that runs, which stays what it was when it began."""
    return reader_version(rooms or _ROOMS)


def _stamp(path: Path) -> str:
    """Size and time of a file; empty where there is none."""
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_size} {status.st_mtime_ns};"


def snapshot_name(entries: Sequence[Entry], athlete: Athlete, asked: str) -> str:
    """Name of a reading: a hash of the stamps of all files, the settings, and what was asked."""
    name = hashlib.blake2b(asked.encode(), digest_size=16)
    for setting in fields(athlete):
        value = getattr(athlete, setting.name)
        is_frame = isinstance(value, pd.DataFrame)
        text = value.to_csv() if is_frame and len(value) else "" if is_frame else repr(value)
        name.update(f"\0{setting.name}={text}".encode("utf-8", "surrogateescape"))
    for entry in entries:
        problem = entry.problem.reason if entry.problem else ""
        name.update(f"\0{entry.name}\0{entry.stamp}{problem}".encode("utf-8", "surrogateescape"))
    return name.hexdigest()


def recall(
    store: Store,
    name: str,
    entries: Sequence[Entry],
    athlete: Athlete,
    *,
    now_s: float,
    stream: Callable[[Source, str], pd.DataFrame],
) -> Archive | None:
    """Give the archive of a snapshot; None where there is none that can be believed."""
    (packed,) = store.get("snapshot", [name]).values() or (b"",)
    if not packed:
        return None
    sources, noted_ns, latest_s, n_rows, with_minutes = unpack(packed)
    if latest_s > now_s:
        return None
    if not all(entry.problem or is_stable(entry, noted_ns) for entry in entries):
        return None
    # What is large is kept in pieces, so that nothing holds it twice.
    of_rows = _names(name, "histograms", n_rows)
    of_minutes = _names(name, "minutes", len(with_minutes))
    of_frames = [f"{name} {frame}{part}" for frame in _FRAMES for part in ("", " floats")]
    kept = store.get("snapshot", [*of_rows, *of_minutes, *of_frames])
    if len(kept) < len(of_rows) + len(of_minutes) + len(of_frames):
        return None

    def rows() -> IntensityHistograms:
        return IntensityHistograms([one for part in of_rows for one in _parted(kept[part])])

    def minutes() -> MinutesOf:
        tables = (one for part in of_minutes for one in _parted(kept[part]))
        return MinutesOf(dict(zip(with_minutes, tables, strict=True)))

    details = Details(
        functools.cache(lambda: {i: Source(s, at, trail) for i, s, at, trail in sources}),
        functools.cache(rows),
        functools.cache(minutes),
        stream,
    )
    frames: dict[str, Any] = {}
    for frame in _FRAMES:
        floats = np.frombuffer(kept.pop(f"{name} {frame} floats"))
        frames[frame] = unpack_frame(unpack(kept.pop(f"{name} {frame}")) | {"floats": floats})
    archive = Archive(athlete=athlete, **frames, _details=details)
    return with_answers(archive, store, name, is_recalled=True)


def with_answers(archive: Archive, store: Store, name: str, *, is_recalled: bool) -> Archive:
    """Archive that can keep what is made of it; only one that was recalled gives it back.

    A file that was read just now may have changed within a tick of the clock: what is kept of it
    counts from the reading on whose snapshot is believed.
    """

    def get(asked: str) -> bytes | None:
        return store.get("answer", [f"{name} {asked}"]).get(f"{name} {asked}")

    def put(asked: str, value: bytes) -> None:
        store.put([("answer", f"{name} {asked}", value)])

    answers = Answers(get if is_recalled else lambda _asked: None, put)
    return replace(archive, _details=replace(details_of(archive), answers=answers))


def holds_from_s(archive: Archive) -> float:
    """From when on another reading finds the same, never where it may find more. [Unix s]"""
    if set(archive.reasons["code"]) & {*PASSING, "time-future"}:
        return math.inf
    starts = archive.activities["start_utc"]
    # A repetition that was left out may have started 14 hours later.
    return float(starts.max().timestamp()) + 14 * 3600.0 if len(starts) else -math.inf


def keep(store: Store, name: str, archive: Archive, *, noted_ns: int) -> bool:
    """Keep the frames of an archive, unless another reading may find more; tell whether."""
    if (latest_s := holds_from_s(archive)) == math.inf:
        return False
    store.put(_values(name, archive, noted_ns, latest_s))
    return True


def _values(
    name: str, archive: Archive, noted_ns: int, latest_s: float
) -> Iterator[tuple[str, str, bytes]]:
    """What is kept of an archive, one after the other."""
    details = details_of(archive)
    rows, tables = archive.intensity_histograms.rows, details.minutes()
    assert isinstance(tables, MinutesOf)
    minutes: Sequence[SupportsBytes] = [*tables.packed.values()]
    for what, values in (("histograms", rows), ("minutes", minutes)):
        for n, part in enumerate(_names(name, what, len(values))):
            yield "snapshot", part, _joined([*map(bytes, values[n * _PIECE : (n + 1) * _PIECE])])
    for frame in _FRAMES:
        packed = pack_frame(getattr(archive, frame))
        yield "snapshot", f"{name} {frame} floats", packed.pop("floats").tobytes()
        yield "snapshot", f"{name} {frame}", pack(packed)
    sources = [
        (activity_id, source.name, source.at, source.trail)
        for activity_id, source in details.sources().items()
    ]
    yield "snapshot", name, pack((sources, noted_ns, latest_s, len(rows), [*tables]))


def _names(name: str, what: str, count: int) -> list[str]:
    """Names of the pieces in which something of so many activities is kept."""
    return [f"{name} {what} {n}" for n in range(-(-count // _PIECE))]


def _joined(values: list[bytes]) -> bytes:
    """Many values as one, with their ends."""
    return pack([[*accumulate(map(len, values))], b"".join(values)])


def _parted(joined: bytes) -> list[bytes]:
    """Give the values behind what `_joined` made."""
    ends, data = unpack(joined)
    return [data[begin:end] for begin, end in pairwise([0, *ends])]


def pack_frame(frame: pd.DataFrame) -> dict[str, Any]:
    """What `pack` can keep of a frame: numbers, text, times to the microsecond, plain objects."""
    kinds = {str(name): str(dtype) for name, dtype in frame.dtypes.items()}
    packed: dict[str, Any] = {"columns": [[*pair] for pair in kinds.items()], "rows": len(frame)}
    if frame.empty:
        return packed | {"floats": np.empty(0), "others": {}}
    others: dict[str, Any] = {}
    for name, kind in kinds.items():
        if kind.startswith(_MOMENT[:-1]):
            others[name] = frame[name].to_numpy(_MOMENT).astype(np.int64)
        elif kind == "boolean":
            others[name] = frame[name].to_numpy(np.int8, na_value=-1)
        elif kind != "float64":
            others[name] = cells_of(frame, name)
    floats = frame[[name for name, kind in kinds.items() if kind == "float64"]]
    return packed | {"floats": np.ascontiguousarray(floats.to_numpy().T), "others": others}


def unpack_frame(packed: dict[str, Any]) -> pd.DataFrame:
    """Give the frame behind what `pack_frame` made."""
    types, rows, others = dict(packed["columns"]), packed["rows"], packed["others"]
    if not rows:
        return frame_of(dict.fromkeys(types, ()), types)
    numbers = iter(packed["floats"].reshape(-1, rows))
    columns = {
        name: next(numbers) if kind == "float64" else _cells(others[name], kind)
        for name, kind in types.items()
    }
    return frame_of(columns, types)


def _cells(values: Any, kind: str) -> Any:
    if kind == "boolean":
        return pd.arrays.BooleanArray(values == 1, values < 0)
    return np.array(values).view(_MOMENT) if kind.startswith(_MOMENT[:-1]) else values
