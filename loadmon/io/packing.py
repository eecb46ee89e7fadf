"""Activities, streams and frames as bytes for the cache, and back."""

from __future__ import annotations

import functools
import json
import struct
import zlib
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from loadmon.errors import FileProblem

if TYPE_CHECKING:
    from loadmon.io.recording import Floats


# Contents and streams as bytes and back, exactly: text for what is plain, raw bytes for arrays.

#: Key of a dict that stands for something else than a dict.
_MARK = ""
_LENGTH = struct.Struct("<I")


@functools.cache
def _classes() -> dict[str, Any]:
    """Classes that can be kept, by name."""
    from loadmon.io.exports.entry import Entry, Pause, SideFile
    from loadmon.io.parse import Contents, Measured
    from loadmon.io.recording import Recording

    return {c.__name__: c for c in (Contents, Measured, SideFile, Entry, Pause, Recording)}


def pack(told: Any) -> bytes:
    """Bytes of a value made of what `loadmon.io.parse` allows."""
    arrays: dict[bytes, int] = {}
    text = json.dumps(_plain(told, arrays), separators=(",", ":")).encode()
    return b"".join([_LENGTH.pack(len(text)), text, *arrays])


def unpack(data: bytes) -> Any:
    """Give the value behind what `pack` made."""
    (length,) = _LENGTH.unpack_from(data)
    start = _LENGTH.size + length

    def found(told: dict[str, Any]) -> Any:
        mark = told.get(_MARK)
        if mark is None:
            return told
        if mark == "tuple":
            return tuple(told["of"])
        if mark == "array":
            kind, shape, at = told["of"]
            count = int(np.prod(shape))
            return np.frombuffer(data, kind, count, start + at).reshape(shape)
        return _problem(*told["of"]) if mark == "FileProblem" else _classes()[mark](*told["of"])

    return json.loads(data[_LENGTH.size : start], object_hook=found)


def _problem(outcome: str, reason: str, detail: str, when: float) -> FileProblem:
    return FileProblem(outcome, reason, detail, when=when)


def _plain(told: Any, arrays: dict[bytes, int]) -> Any:
    """What JSON can say; arrays are put aside, equal ones once, each with its place."""
    if told is None or isinstance(told, bool | int | float | str):
        return told
    if isinstance(told, np.generic):
        return told.item()
    if isinstance(told, list):
        return [_plain(one, arrays) for one in told]
    if isinstance(told, dict):
        return {name: _plain(one, arrays) for name, one in told.items()}
    if isinstance(told, tuple):
        return {_MARK: "tuple", "of": [_plain(one, arrays) for one in told]}
    if isinstance(told, np.ndarray):
        last = next(reversed(arrays), b"")
        at = arrays.setdefault(told.tobytes(), arrays.get(last, 0) + len(last))
        return {_MARK: "array", "of": [told.dtype.str, told.shape, at]}
    if isinstance(told, FileProblem):
        of = [told.outcome, told.reason, told.detail, told.when]
        return {_MARK: "FileProblem", "of": of}
    own = [_plain(getattr(told, f.name), arrays) for f in fields(_classes()[type(told).__name__])]
    return {_MARK: type(told).__name__, "of": own}


# --- streams ------------------------------------------------------------------------------------

#: Scales and offsets of the whole numbers that watches write: whole / scale - offset.
_SCALES = (
    *((1.0, 0.0), (100.0, 0.0), (1000.0, 0.0), (5.0, 500.0), (10.0, 0.0), (5.0, 0.0)),
    *((2**31 / 180.0, 0.0), (64.0, 0.0), (1e6, 0.0)),
)
_AS_IT_IS = 255


def pack_stream(time: Floats, streams: dict[str, Floats]) -> bytes:
    """Bytes of a cleaned stream, one compressed block a column.

    A watch writes whole numbers of centimetres or beats; where a column can be told exactly by such
    numbers, their differences are kept, else the column as it is.
    """
    columns = {"time": time, **streams}
    blocks = [_pack_column(values) for values in columns.values()]
    head = json.dumps([[name, len(b)] for name, b in zip(columns, blocks, strict=True)]).encode()
    return b"".join([_LENGTH.pack(len(head)), head, *blocks])


def unpack_stream(data: bytes) -> tuple[Floats, dict[str, Floats]]:
    """Give the time and the columns behind what `pack_stream` made."""
    (length,) = _LENGTH.unpack_from(data)
    at = _LENGTH.size + length
    columns = {}
    for name, size in json.loads(data[_LENGTH.size : at]):
        columns[name] = _unpack_column(data[at : at + size])
        at += size
    return columns.pop("time"), columns


def _pack_column(values: Floats) -> bytes:
    known = ~np.isnan(values)
    told = values[known]
    for place, (scale, offset) in enumerate(_SCALES):
        with np.errstate(over="ignore"):  # too large for a whole number: kept as it is
            whole = np.rint((told + offset) * scale)
        if (np.abs(whole) < 2**52).all() and (whole / scale - offset == told).all():
            steps = np.diff(whole, prepend=0.0).astype(np.int64)
            body = steps.astype(_narrow(steps)).tobytes()
            marks = np.packbits(known).tobytes() if not known.all() else b""
            head = struct.pack("<BcII", place, _narrow(steps)[1:].encode(), len(values), len(marks))
            return head + zlib.compress(marks + body, 1)
    head = struct.pack("<BcII", _AS_IT_IS, b"8", len(values), 0)
    return head + zlib.compress(np.ascontiguousarray(values, np.float64).tobytes(), 1)


def _narrow(steps: npt.NDArray[np.int64]) -> str:
    """Narrowest type that holds all steps."""
    most = int(np.abs(steps).max()) if len(steps) else 0
    return next(f"i{n}" for n in (1, 2, 4, 8) if most < 1 << 8 * n - 1)


def _unpack_column(data: bytes) -> Floats:
    place, width, rows, marks = struct.unpack_from("<BcII", data)
    body = zlib.decompress(data[10:])
    if place == _AS_IT_IS:
        return np.frombuffer(body, np.float64)
    known = np.ones(rows, bool)
    if marks:
        known = np.unpackbits(np.frombuffer(body, np.uint8, marks), count=rows).astype(bool)
    steps = np.frombuffer(body, f"i{width.decode()}", offset=marks)
    values = np.full(rows, np.nan)
    scale, offset = _SCALES[place]
    values[known] = np.cumsum(steps.astype(np.int64)) / scale - offset
    return values
