"""Every message of a FIT file as DataFrames."""

from __future__ import annotations

import functools
from collections.abc import Collection
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd
from pandas.api.internals import create_dataframe_from_blocks

from loadmon.errors import FileProblem, ReadError
from loadmon.reading.fit.arrays import ArrayColumn
from loadmon.reading.fit.columns import decode
from loadmon.reading.fit.fields import Array, Column
from loadmon.reading.fit.names import TEXT, Blocks, Places, named
from loadmon.reading.fit.profile import message_name, message_number, rank
from loadmon.reading.fit.scan import scan
from loadmon.reading.fit.tables import Table
from loadmon.reading.fit.times import EPOCH, RELATIVE
from loadmon.reading.unpack import gunzip, is_gzip

_UTC = pd.DatetimeTZDtype("us", "UTC")


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

    Examples
    --------
    >>> loadmon.read_fit("run.fit")["record"][["timestamp", "heart_rate"]]  # doctest: +SKIP
    """
    numbers = None if messages is None else {message_number(name) for name in messages}
    if isinstance(source, bytes):
        return _messages(source, numbers)
    try:
        return _messages(Path(source).read_bytes(), numbers)
    except OSError as error:
        raise ReadError(f"{source}: cannot be opened ({error.strerror}); check the path") from None
    except FileProblem as problem:
        detail = f"{source}: {problem.detail}"
        raise FileProblem(problem.outcome, problem.reason, detail, when=problem.when) from None


def _messages(data: bytes, numbers: set[int] | None) -> dict[str, pd.DataFrame]:
    """Frames by message name, over all chained parts."""
    wanted = None if numbers is None else dict.fromkeys(numbers)
    pieces: dict[str, list[pd.DataFrame]] = {}
    for part in scan(gunzip(data) if is_gzip(data) else data):
        if part.problem:
            raise part.problem
        for number, table in decode(part, wanted).items():
            pieces.setdefault(message_name(number), []).append(_frame(table))
    return {
        name: same[0] if len(same) == 1 else pd.concat(same, ignore_index=True)
        for name, same in pieces.items()
    }


def _frame(table: Table) -> pd.DataFrame:
    """One table as a frame, put together from blocks of columns of one sort."""
    loose = tuple((name, _sort(column)) for name, column in table.loose.items())
    columns, stops, names, places = _arrangement(table.names, table.kinds, table.order, loose)
    blocks: Blocks = []
    start = 0
    for sort, stop in enumerate(stops):
        if len(places[sort]):
            rows = table.numbers[start:stop]
            kinds = table.kinds[start:stop]
            if names[sort]:
                more = [table.loose[name] for name in names[sort]]
                rows = np.concatenate([rows, [column.values for column in more]])
                kinds += tuple(column.kind for column in more)
            blocks += _MAKERS[sort](rows, kinds, places[sort])
        start = stop
    for sort in (_OBJECTS, _ARRAYS):
        for name, place in zip(names[sort], places[sort].reshape(-1, 1), strict=True):
            values = table.loose[name].values
            blocks.append((ArrayColumn(values) if sort == _ARRAYS else values[None], place))
    index = pd.RangeIndex(table.rows)
    frame: pd.DataFrame = create_dataframe_from_blocks(blocks, index, columns.view())
    return frame


#: Sorts of columns beside the four ranks of numbers.
_OBJECTS, _ARRAYS = 4, 5


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
) -> tuple[pd.Index, list[int], list[list[str]], list[Places]]:
    """How the columns of a table lie in its frame.

    The names in order; where each rank of plain numbers ends; and for each sort of columns the
    names of the loose ones, and the places of all of them, plain ones first.
    """
    ranks = [rank(kind) for kind in kinds]
    stops = [sum(r <= last for r in ranks) for last in range(4)]
    loose_names: list[list[str]] = [[n for n, s in loose if s == sort] for sort in range(6)]
    places = []
    for sort, more in enumerate(loose_names):
        plain = [name for name, r in zip(names, ranks, strict=True) if r == sort]
        places.append(np.array([order.index(name) for name in (*plain, *more)], np.intp))
    return pd.Index(order, dtype=TEXT), stops, loose_names, places


def _numbers(rows: Array, _kinds: tuple[str, ...], places: Places) -> Blocks:
    """Numbers as they are."""
    return [(rows, places)]


def _stamps(rows: Array, _kinds: tuple[str, ...], places: Places) -> Blocks:
    """Seconds since 1989 as times in UTC."""
    moments = _moments(rows)
    return [(pd.array(moments.ravel(), dtype=_UTC).reshape(moments.shape), places)]


def _local_stamps(rows: Array, _kinds: tuple[str, ...], places: Places) -> Blocks:
    """Seconds since 1989 in local time as times without a zone."""
    return [(_moments(rows), places)]


_MAKERS = (_numbers, _stamps, _local_stamps, named)


def _moments(fit_seconds: Array) -> Array:
    """Seconds since 1989 as times; NaT where they count from power-up."""
    known = fit_seconds >= RELATIVE
    micros = np.where(known, (fit_seconds + EPOCH) * 1e6, 0.0)
    stamps: Array = micros.astype(np.int64).view("datetime64[us]")
    stamps[~known] = np.datetime64("NaT", "us")
    return stamps
