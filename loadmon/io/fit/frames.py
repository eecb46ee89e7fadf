"""`loadmon.read_fit`: every message of a FIT file as DataFrames."""

from __future__ import annotations

import bisect
import builtins
import functools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray, ExtensionDtype, take
from pandas.api.indexers import check_array_indexer
from pandas.api.internals import create_dataframe_from_blocks

from loadmon.arguments import check_items, check_kind
from loadmon.errors import FileProblem, ReadError
from loadmon.io.fit import decode
from loadmon.io.fit.profile import enum_of, message_name, message_number, rank
from loadmon.io.fit.scan import scan
from loadmon.io.sources import gunzip, is_gzip


def read_fit(
    source: str | PathLike[str] | bytes, *, messages: Collection[str] | None = None
) -> dict[str, pd.DataFrame]:
    """Read the messages of a FIT file.

    Parameters
    ----------
    source : path or bytes
        A FIT file or its contents; a gzipped one is unpacked.
    messages : collection of str, optional
        Names of the messages wanted, such as ``("record", "session")``; all if not given.

    Returns
    -------
    dict of str to DataFrame
        By message name of the FIT profile (``record``, ``session``; ``unknown_N`` where the profile
        of fitdecode does not know it). One row a message, in file order over all chained parts; one
        column a field, by its profile name (``unknown_N``), with scale and offset applied, in the
        units of the profile. Developer fields stand under their own names (``NAME_devI`` where
        a profile field of the same name is in the message). Numbers are float, missing is NaN;
        named values are text; times are UTC, local times naive; arrays are tuples. A time that is
        counted from power-up instead of from 1989 is NaT.

    Raises
    ------
    FileProblem
        If the file is no FIT file, is cut, or its CRC is wrong; it says where.
    ReadError
        If the file cannot be opened.
    SettingError
        If a name in `messages` is none of the FIT profile.
    """
    if messages is not None:
        check_items(messages, str, "messages", "the name of a message")
    wanted = None if messages is None else {message_number(name): None for name in messages}
    if isinstance(source, bytes):
        return _messages(source, wanted)
    check_kind(source, (str, PathLike), "source", "a path or bytes")
    if not str(source).strip() or "\0" in str(source):
        raise ReadError("source: an empty path, or no path at all; name the file")
    try:
        return _messages(Path(source).read_bytes(), wanted)
    except OSError as error:
        raise ReadError(f"{source}: cannot be opened ({error.strerror}); check the path") from None
    except FileProblem as problem:
        detail = f"{source}: {problem.detail}"
        raise FileProblem(problem.outcome, problem.reason, detail, when=problem.when) from None


def _messages(data: bytes, wanted: dict[int, None] | None) -> dict[str, pd.DataFrame]:
    pieces: dict[str, list[pd.DataFrame]] = {}
    for part in scan(gunzip(data) if is_gzip(data) else data):
        if part.problem:
            raise part.problem
        tables = decode.decode(part, wanted)
        for number, frame in zip(tables, _frames_of([*tables.values()]), strict=True):
            pieces.setdefault(message_name(number), []).append(frame)
    return {
        name: same[0] if len(same) == 1 else pd.concat(same, ignore_index=True)
        for name, same in pieces.items()
    }


# From tables to frames, put together from blocks: columns of one sort that lie together.

#: The dtype that pandas gives text by default.
_TEXT = pd.StringDtype(na_value=np.nan)
_UTC = pd.DatetimeTZDtype("us", "UTC")
#: Sorts of columns: the four ranks of numbers, then what is no number.
_NUMBERS, _TIMES, _LOCAL_TIMES, _NAMED, _OBJECTS, _ARRAYS = range(6)

#: Positions of columns in a frame, and arrays of columns with their positions.
_Positions = npt.NDArray[np.intp]
_Block = tuple[Any, _Positions]
_Step = tuple[int, int, int, tuple[str, ...], list[str], _Positions]


@dataclass(slots=True)
class _Pool:
    """Texts and times of all tables, one behind the other: an array of each is made only once."""

    texts: list[Any] = field(default_factory=list)
    times: list[decode.Array] = field(default_factory=list)
    n_times: int = 0


@dataclass(slots=True)
class _Parts:
    """Parts of one frame: ready blocks, and where its texts and times lie in the pool."""

    table: decode.Table
    columns: pd.Index
    blocks: list[_Block] = field(default_factory=list)
    texts: list[tuple[int, _Positions]] = field(default_factory=list)
    times: list[tuple[int, tuple[int, ...], _Positions]] = field(default_factory=list)


def _frames_of(tables: list[decode.Table]) -> list[pd.DataFrame]:
    pool = _Pool()
    parts = [_parts(table, pool) for table in tables]
    texts = pd.array(np.array([*pool.texts, None], object)[:-1], dtype=_TEXT)
    times: Any = pd.array(np.concatenate(pool.times), dtype=_UTC) if pool.times else None
    frames = []
    for one in parts:
        rows, blocks = one.table.rows, one.blocks
        blocks += [(texts[start : start + rows], at) for start, at in one.texts]
        for start, shape, at in one.times:
            blocks.append((times[start : start + shape[0] * shape[1]].reshape(shape), at))
        frame = create_dataframe_from_blocks(blocks, pd.RangeIndex(rows), one.columns.view())
        frames.append(frame)
    return frames


def _parts(table: decode.Table, pool: _Pool) -> _Parts:
    """Blocks of a table; its texts and times go into the pool."""
    loose = tuple([(name, _sort(column)) for name, column in table.loose.items()])
    columns, steps, others = _arrangement(table.names, table.kinds, table.order, loose)
    parts = _Parts(table, columns)
    for sort, start, stop, kinds, names, positions in steps:
        rows = table.numbers[start:stop]
        if names:
            more = [table.loose[name] for name in names]
            rows = np.concatenate([rows, [column.values for column in more]])
            kinds += tuple(column.kind for column in more)
        if sort == _NUMBERS:
            parts.blocks.append((rows, positions))
        elif sort == _TIMES:
            parts.times.append((pool.n_times, rows.shape, positions))
            pool.times.append(_moments(rows).ravel())
            pool.n_times += rows.size
        elif sort == _LOCAL_TIMES:
            parts.blocks.append((_moments(rows), positions))
        else:
            _add_named(parts, pool, rows, kinds, positions)
    for name, sort, position in others:
        values = table.loose[name].values
        parts.blocks.append((ArrayColumn(values) if sort == _ARRAYS else values[None], position))
    return parts


def _sort(column: decode.Column) -> int:
    if column.values.ndim > 1:
        return _ARRAYS
    return _OBJECTS if column.values.dtype == object else rank(column.kind)


@functools.lru_cache(maxsize=4096)
def _arrangement(
    names: tuple[str, ...],
    kinds: tuple[str, ...],
    order: tuple[str, ...],
    loose: tuple[tuple[str, int], ...],
) -> tuple[pd.Index, list[_Step], list[tuple[str, int, _Positions]]]:
    """How the columns of a table lie in its frame: names, steps, and all others.

    A step is a rank of numbers that occurs: its rows, their kinds, loose columns, all positions.
    """
    ranks = [rank(kind) for kind in kinds]
    steps: list[_Step] = []
    for sort in range(_OBJECTS):
        start, stop = bisect.bisect_left(ranks, sort), bisect.bisect_right(ranks, sort)
        more = [name for name, s in loose if s == sort]
        positions = np.array([order.index(name) for name in (*names[start:stop], *more)], np.intp)
        if len(positions):
            steps.append((sort, start, stop, kinds[start:stop], more, positions))
    others = [
        (name, sort, np.array([order.index(name)])) for name, sort in loose if sort >= _OBJECTS
    ]
    return pd.Index(order, dtype=_TEXT), steps, others


def _add_named(
    parts: _Parts, pool: _Pool, rows: decode.Array, kinds: tuple[str, ...], positions: _Positions
) -> None:
    """Text where every known number of a row has a name, numbers where none has, else both."""
    of_numbers = []
    for i, (codes, kind) in enumerate(zip(rows.tolist(), kinds, strict=True)):
        words: list[Any] = [*map(enum_of(kind).get, codes)]
        nameless = [code for code, word in zip(codes, words, strict=True) if word is None]
        if len(nameless) == len(codes):
            of_numbers.append(i)
        elif not any(code == code for code in nameless):
            parts.texts.append((len(pool.texts), positions[i : i + 1]))
            pool.texts += words
        else:
            pairs = zip(codes, words, strict=True)
            mixed = [code if word is None else word for code, word in pairs]
            parts.blocks.append((np.array([[*mixed, None]], object)[:, :-1], positions[i : i + 1]))
    if of_numbers:
        parts.blocks.append((rows[of_numbers], positions[of_numbers]))


def _moments(fit_seconds: decode.Array) -> decode.Array:
    """Seconds since 1989 as times; NaT where they count from power-up."""
    known = fit_seconds >= decode.RELATIVE
    micros = np.where(known, (fit_seconds + decode.EPOCH) * 1e6, 0.0)
    stamps: decode.Array = micros.astype(np.int64).view("datetime64[us]")
    stamps[~known] = np.datetime64("NaT", "us")
    return stamps


# A column of arrays: one two-dimensional array behind it, a tuple in each cell.


class ArrayDtype(ExtensionDtype):
    """How many elements a cell has, and of which numbers."""

    type = tuple
    na_value = None
    _metadata = ("width", "element")

    def __init__(self, width: int, element: str):
        self.width = width
        self.element = element

    @property
    def name(self) -> str:  # type: ignore[override] # the stubs want a variable of the class
        """Text such as ``float64[5]``."""
        return f"{self.element}[{self.width}]"

    @classmethod
    def construct_from_string(cls, string: str) -> ArrayDtype:
        """Tell pandas that no text stands for it."""
        raise TypeError(f"{string!r} is no type of arrays of numbers")

    @classmethod
    def construct_array_type(cls) -> builtins.type[ArrayColumn]:
        """Class of the arrays of this type."""
        return ArrayColumn


@functools.cache
def _dtype(width: int, element: np.dtype[Any]) -> ArrayDtype:
    return ArrayDtype(width, element.name)


class ArrayColumn(ExtensionArray):
    """Cells of equally many numbers, on an array with a row for each.

    A cell is a tuple with None for a missing element (NaN), or None where all are (in bytes: 0xFF
    throughout). Cells cannot be written to: ``astype(object)`` gives a column that can be.
    """

    def __init__(self, values: npt.NDArray[Any]):
        self._values = values

    @classmethod
    def _from_sequence(
        cls, scalars: Sequence[Any], *, dtype: Any = None, copy: bool = False
    ) -> ArrayColumn:
        width, element = dtype.width, np.dtype(dtype.element)
        missing = 0xFF if element == np.uint8 else np.nan
        rows = [[missing] * width if cell is None else cell for cell in scalars]
        cells = [[missing if e is None else e for e in row] for row in rows]
        return cls(np.array(cells, element).reshape(len(rows), width))

    @classmethod
    def _concat_same_type(cls, to_concat: Sequence[ArrayColumn]) -> ArrayColumn:
        return cls(np.concatenate([one._values for one in to_concat]))

    @property
    def dtype(self) -> ArrayDtype:
        """How many elements a cell has."""
        return _dtype(self._values.shape[1], self._values.dtype)

    @property
    def nbytes(self) -> int:
        """Memory of the numbers. [bytes]"""
        return self._values.nbytes

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, item: Any) -> Any:
        item = check_array_indexer(self, item)
        if isinstance(item, int | np.integer):
            return decode.tuples(self._values[item].reshape(1, -1))[0]
        return type(self)(self._values[item])

    def __iter__(self) -> Iterator[Any]:
        return iter(self.tolist())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        return decode.tuples(self._values)

    def __eq__(self, other: object) -> Any:
        if isinstance(other, tuple):
            return np.array([cell == other for cell in self.tolist()], bool)
        return np.array(self, object) == other

    def tolist(self) -> list[Any]:
        """All cells as tuples."""
        return list(decode.tuples(self._values))

    def isna(self) -> npt.NDArray[np.bool_]:
        """Tell which cells hold nothing."""
        return decode.is_missing(self._values)

    def take(
        self, indices: Any, *, allow_fill: bool = False, fill_value: Any = None
    ) -> ArrayColumn:
        """Cells at the given indices; an index of -1 is missing where `allow_fill`."""
        missing = 0xFF if self._values.dtype == np.uint8 else np.nan
        values = take(self._values, indices, allow_fill=allow_fill, fill_value=missing)
        return type(self)(np.asarray(values, self._values.dtype))

    def copy(self) -> ArrayColumn:
        """Return an array of its own."""
        return type(self)(self._values.copy())
