"""From tables to DataFrames, put together from blocks: columns of one sort that lie together.

A file has some thirty tables, most of one row, and pandas takes as long to make one text or one
time of UTC as it does for all of a file. So both are gathered over all tables (`_Pool`), made at
once, and cut up again.
"""

from __future__ import annotations

import bisect
import functools
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.internals import create_dataframe_from_blocks

from loadmon.reading.fit.arrays import ArrayColumn
from loadmon.reading.fit.fields import Array, Column
from loadmon.reading.fit.profile import enum_of, rank
from loadmon.reading.fit.tables import Table
from loadmon.reading.fit.times import EPOCH, RELATIVE

#: The dtype that pandas gives text by default.
_TEXT = pd.StringDtype(na_value=np.nan)
_UTC = pd.DatetimeTZDtype("us", "UTC")
#: Sorts of columns beside the four ranks of numbers.
_OBJECTS, _ARRAYS = 4, 5

#: Places of columns in a frame, and arrays of columns with their places.
Places = npt.NDArray[np.intp]
Block = tuple[Any, Places]
_Step = tuple[int, int, int, tuple[str, ...], list[str], Places]


@dataclass(slots=True)
class _Pool:
    """Texts and times of all tables, one behind the other."""

    words: list[Any] = field(default_factory=list)
    moments: list[Array] = field(default_factory=list)
    count: int = 0


@dataclass(slots=True)
class _Parts:
    """Parts of one frame: ready blocks, and where its texts and times lie in the pool."""

    table: Table
    columns: pd.Index
    blocks: list[Block] = field(default_factory=list)
    texts: list[tuple[int, Places]] = field(default_factory=list)
    stamps: list[tuple[int, tuple[int, ...], Places]] = field(default_factory=list)


def frames_of(tables: list[Table]) -> list[pd.DataFrame]:
    """Frame of each table, in the same order."""
    pool = _Pool()
    parts = [_parts(table, pool) for table in tables]
    texts = pd.array(np.array([*pool.words, None], object)[:-1], dtype=_TEXT)
    stamps = pd.array(np.concatenate(pool.moments), dtype=_UTC) if pool.moments else None
    return [_frame(one, texts, stamps) for one in parts]


def _frame(parts: _Parts, texts: Any, stamps: Any) -> pd.DataFrame:
    """Put one frame together."""
    rows, blocks = parts.table.rows, parts.blocks
    blocks += [(texts[start : start + rows], place) for start, place in parts.texts]
    for start, shape, places in parts.stamps:
        blocks.append((stamps[start : start + shape[0] * shape[1]].reshape(shape), places))
    index = pd.RangeIndex(rows)
    frame: pd.DataFrame = create_dataframe_from_blocks(blocks, index, parts.columns.view())
    return frame


def _parts(table: Table, pool: _Pool) -> _Parts:
    """Blocks of a table; its texts and times go into the pool."""
    loose = tuple([(name, _sort(column)) for name, column in table.loose.items()])
    columns, steps, others = _arrangement(table.names, table.kinds, table.order, loose)
    parts = _Parts(table, columns)
    for sort, start, stop, kinds, names, places in steps:
        rows = table.numbers[start:stop]
        if names:
            more = [table.loose[name] for name in names]
            rows = np.concatenate([rows, [column.values for column in more]])
            kinds += tuple(column.kind for column in more)
        _ADDERS[sort](parts, pool, rows, kinds, places)
    for name, sort, place in others:
        values = table.loose[name].values
        parts.blocks.append((ArrayColumn(values) if sort == _ARRAYS else values[None], place))
    return parts


def _sort(column: Column) -> int:
    """Rank of a column of numbers, or what else it holds."""
    if column.values.ndim > 1:
        return _ARRAYS
    return _OBJECTS if column.values.dtype == object else rank(column.kind)


@functools.lru_cache(maxsize=4096)
def _arrangement(
    names: tuple[str, ...],
    kinds: tuple[str, ...],
    order: tuple[str, ...],
    loose: tuple[tuple[str, int], ...],
) -> tuple[pd.Index, list[_Step], list[tuple[str, int, Places]]]:
    """How the columns of a table lie in its frame.

    The names in order; for each rank of numbers that occurs, its rows and their kinds, the names of
    loose columns of that rank, and the places of all of them; and the place of every other column.
    """
    ranks = [rank(kind) for kind in kinds]
    steps: list[_Step] = []
    for sort in range(4):
        start, stop = bisect.bisect_left(ranks, sort), bisect.bisect_right(ranks, sort)
        more = [name for name, s in loose if s == sort]
        places = np.array([order.index(name) for name in (*names[start:stop], *more)], np.intp)
        if len(places):
            steps.append((sort, start, stop, kinds[start:stop], more, places))
    others = [(name, sort, np.array([order.index(name)])) for name, sort in loose if sort > 3]
    return pd.Index(order, dtype=_TEXT), steps, others


def _add_numbers(
    parts: _Parts, _pool: _Pool, rows: Array, _kinds: tuple[str, ...], places: Places
) -> None:
    """Numbers as they are."""
    parts.blocks.append((rows, places))


def _add_stamps(
    parts: _Parts, pool: _Pool, rows: Array, _kinds: tuple[str, ...], places: Places
) -> None:
    """Seconds since 1989 as times in UTC."""
    parts.stamps.append((pool.count, rows.shape, places))
    pool.moments.append(_moments(rows).ravel())
    pool.count += rows.size


def _add_local_stamps(
    parts: _Parts, _pool: _Pool, rows: Array, _kinds: tuple[str, ...], places: Places
) -> None:
    """Seconds since 1989 in local time as times without a zone."""
    parts.blocks.append((_moments(rows), places))


def _add_named(
    parts: _Parts, pool: _Pool, rows: Array, kinds: tuple[str, ...], places: Places
) -> None:
    """Text where every known number of a row has a name, numbers where none has, else both."""
    of_numbers = []
    for i, (codes, kind) in enumerate(zip(rows.tolist(), kinds, strict=True)):
        words: list[Any] = [*map(enum_of(kind).get, codes)]
        nameless = [code for code, word in zip(codes, words, strict=True) if word is None]
        if len(nameless) == len(codes):
            of_numbers.append(i)
        elif not any(code == code for code in nameless):
            parts.texts.append((len(pool.words), places[i : i + 1]))
            pool.words += words
        else:
            mixed = [
                code if word is None else word for code, word in zip(codes, words, strict=True)
            ]
            parts.blocks.append((np.array([[*mixed, None]], object)[:, :-1], places[i : i + 1]))
    if of_numbers:
        parts.blocks.append((rows[of_numbers], places[of_numbers]))


_ADDERS = (_add_numbers, _add_stamps, _add_local_stamps, _add_named)


def _moments(fit_seconds: Array) -> Array:
    """Seconds since 1989 as times; NaT where they count from power-up."""
    known = fit_seconds >= RELATIVE
    micros = np.where(known, (fit_seconds + EPOCH) * 1e6, 0.0)
    stamps: Array = micros.astype(np.int64).view("datetime64[us]")
    stamps[~known] = np.datetime64("NaT", "us")
    return stamps
