"""What inputs hold, and streams, as bytes for the cache and back, exactly.

Text for what is plain, raw bytes for arrays: nothing that is unpacked can run.
"""

from __future__ import annotations

import json
import math
import struct
import tempfile
import threading
import weakref
import zlib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, SupportsBytes

import numpy as np
import numpy.typing as npt

from loadmon.errors import FileProblem, ReadError
from loadmon.io.recording import Floats

#: Key of a JSON object that stands for something else than a dict.
_MARK = ""
_LENGTH = struct.Struct("<I")
_LOST = "what was put aside in the folder of the cache cannot be read: read the archive again"
#: What JSON says as it is.
_PLAIN = frozenset({type(None), bool, int, float, str})


def pack(value: Any) -> bytes:
    """Bytes of a value made of plain types, arrays, problems and dataclasses.

    A dataclass with ``packed`` says itself which values make it again.
    """
    arrays: dict[bytes, int] = {}
    text = json.dumps(_plain(value, arrays), separators=(",", ":")).encode()
    return b"".join([_LENGTH.pack(len(text)), text, *arrays])


def unpack(data: bytes, classes: Mapping[str, Any] = MappingProxyType({})) -> Any:
    """Give the value behind what `pack` made; `classes` are the dataclasses in it, by name."""
    (length,) = _LENGTH.unpack_from(data)
    start = _LENGTH.size + length

    def found(read: dict[str, Any]) -> Any:
        if _MARK not in read:
            return read
        mark, of = read[_MARK], read["of"]
        if mark == "bytes":
            size, at = of
            return data[start + at : start + at + size]
        if mark == "array":
            kind, shape, at = of
            flat = np.frombuffer(data, kind, math.prod(shape), start + at)
            return flat if len(shape) == 1 else flat.reshape(shape)
        if mark == "tuple":
            return tuple(of)
        if mark == "FileProblem":
            return FileProblem(*of)
        return classes[mark](*of)

    text = data[_LENGTH.size : start].decode()
    return json.JSONDecoder(object_hook=found).raw_decode(text)[0]


def _plain(value: Any, arrays: dict[bytes, int]) -> Any:
    """What JSON can say; arrays and bytes are put aside, equal ones once, with their position."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, list | dict) and _PLAIN.issuperset(
        map(type, value.values() if isinstance(value, dict) else value)
    ):
        return value
    if isinstance(value, list):
        return [_plain(one, arrays) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one, arrays) for name, one in value.items()}
    kind = type(value).__name__
    if isinstance(value, tuple):
        of = [_plain(one, arrays) for one in value]
    elif isinstance(value, bytes):
        of = [len(value), _put_aside(value, arrays)]
    elif isinstance(value, np.ndarray):
        kind, of = "array", [value.dtype.str, value.shape, _put_aside(value.tobytes(), arrays)]
    elif isinstance(value, FileProblem):
        own = (value.outcome, value.reason, value.detail, value.when, value.days)
        of = [_plain(one, arrays) for one in own]
    else:
        packs = hasattr(value, "packed")
        plain = value.packed() if packs else [getattr(value, f.name) for f in fields(value)]
        of = [_plain(one, arrays) for one in plain]
    return {_MARK: kind, "of": of}


def _put_aside(value: bytes, arrays: dict[bytes, int]) -> int:
    """Position of some bytes among those that were put aside."""
    last = next(reversed(arrays), b"")
    return arrays.setdefault(value, arrays.get(last, 0) + len(last))


# --- bytes of thousands of activities, which few ask for -----------------------------------------


class Aside:
    """Bytes of many activities in a file without a name, once they are too many for the memory."""

    #: Bytes that are held before any is put aside, and of a value that is worth it.
    HELD, LEAST = 4 << 20, 256

    def __init__(self, folder: Path):
        self._folder: Path | None = folder  # None: nothing more is put aside
        self._file: IO[bytes] | None = None
        self._end = self._held = 0
        self._turn = threading.Lock()

    def put(self, value: SupportsBytes) -> SupportsBytes:
        """Put a value aside, or give it back where it is held."""
        data = bytes(value)
        self._held += len(data)
        if self._folder is None or self._held < self.HELD or len(data) < self.LEAST:
            return data
        try:
            with self._turn:
                if self._file is None:  # open as long as one of its values is known
                    self._file = tempfile.TemporaryFile(buffering=0, dir=self._folder)  # noqa: SIM115
                    weakref.finalize(self, self._file.close)
                self._file.seek(self._end)
                if self._file.write(data) != len(data):
                    self._folder = None
                    return data
        except OSError:  # a full disk, or a folder that is none: the memory has to do
            self._folder = None
            return data
        self._end += len(data)
        return _Piece(self, self._end - len(data), len(data))

    def get(self, at: int, size: int) -> bytes:
        """Bytes that were put aside."""
        try:
            with self._turn:
                data = b""
                if self._file:
                    self._file.seek(at)
                    data = self._file.read(size)
        except OSError as error:
            raise ReadError(f"{_LOST} ({error.strerror})") from None
        if len(data) != size:
            raise ReadError(_LOST)
        return data


class _Piece:
    """One value that was put aside."""

    __slots__ = ("_aside", "_at", "_size")

    def __init__(self, aside: Aside, at: int, size: int):
        self._aside = aside
        self._at = at
        self._size = size

    def __bytes__(self) -> bytes:
        """Read it again."""
        return self._aside.get(self._at, self._size)


# --- streams: watches write whole numbers of centimetres or beats ---------------------------------

#: Scales and offsets of the whole numbers that watches write: whole / scale - offset.
_SCALES = (
    *((1.0, 0.0), (100.0, 0.0), (1000.0, 0.0), (5.0, 500.0), (10.0, 0.0), (5.0, 0.0)),
    *((2**31 / 180.0, 0.0), (64.0, 0.0), (1e6, 0.0)),
)


def pack_stream(time: Floats, streams: dict[str, Floats]) -> bytes:
    """Bytes of a cleaned stream, column by column."""
    columns = {name: _encoded(values) for name, values in {"time": time, **streams}.items()}
    return zlib.compress(pack(columns), 1)


def unpack_stream(data: bytes) -> tuple[Floats, dict[str, Floats]]:
    """Give the time and the columns behind what `pack_stream` made."""
    columns = {name: _decoded(*coded) for name, coded in unpack(zlib.decompress(data)).items()}
    return columns.pop("time"), columns


def _encoded(values: Floats) -> list[Any]:
    """Index of a scale (None: the column as it is), steps of whole numbers, rows, which known."""
    known = ~np.isnan(values)
    numbers = values[known]
    for n, (scale, offset) in enumerate(_SCALES):
        with np.errstate(over="ignore"):  # too large for a whole number: kept as it is
            whole = np.rint((numbers + offset) * scale)
        if (np.abs(whole) < 2**52).all() and (whole / scale - offset == numbers).all():
            steps = np.diff(whole, prepend=0.0).astype(np.int64)
            most = int(np.abs(steps).max(initial=0))
            narrowest = next(f"i{size}" for size in (1, 2, 4, 8) if most < 1 << 8 * size - 1)
            return [n, steps.astype(narrowest), len(values), np.packbits(known)]
    return [None, np.ascontiguousarray(values, np.float64)]


def _decoded(
    n: int | None,
    coded: npt.NDArray[Any],
    rows: int = 0,
    marks: npt.NDArray[np.uint8] | None = None,
) -> Floats:
    if n is None or marks is None:
        return coded
    values = np.full(rows, np.nan)
    scale, offset = _SCALES[n]
    known = np.unpackbits(marks, count=rows).astype(bool)
    values[known] = np.cumsum(coded.astype(np.int64)) / scale - offset
    return values
