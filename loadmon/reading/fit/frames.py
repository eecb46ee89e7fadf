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
from loadmon.reading.fit.columns import Table, as_objects, decode
from loadmon.reading.fit.fields import Array, Column
from loadmon.reading.fit.layout import message_name, message_number, rank
from loadmon.reading.fit.names import TEXT, Blocks, Places, named
from loadmon.reading.fit.scan import scan
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
    """One table as a frame, put together from blocks: numbers, times, texts, loose columns."""
    columns, stops, places = _arrangement(table.names, table.kinds, table.order)
    a, b, c, d = stops
    blocks: Blocks = []
    if a:
        blocks.append((table.numbers[:a], places[:a]))
    if a < b:
        blocks += _stamps(table.numbers[a:b], places[a:b])
    if b < c:
        blocks.append((_moments(table.numbers[b:c]), places[b:c]))
    if c < d:
        blocks += named(table.numbers[c:d], table.kinds[c:d], places[c:d])
    for name, column in table.loose.items():
        blocks += _loose(column, np.array([table.order.index(name)]))
    index = pd.RangeIndex(table.rows)
    frame: pd.DataFrame = create_dataframe_from_blocks(blocks, index, columns.view())
    return frame


@functools.lru_cache(maxsize=4096)
def _arrangement(
    names: tuple[str, ...], kinds: tuple[str, ...], order: tuple[str, ...]
) -> tuple[pd.Index, list[int], Places]:
    """Columns of a frame; where numbers, times, local times and named numbers end; their places."""
    ranks = [rank(kind) for kind in kinds]
    stops = [sum(r <= last for r in ranks) for last in range(4)]
    places = np.array([order.index(name) for name in names], np.intp)
    return pd.Index(order, dtype=TEXT), stops, places


def _moments(fit_seconds: Array) -> Array:
    """Seconds since 1989 as times."""
    seconds = np.where(fit_seconds < RELATIVE, np.nan, fit_seconds + EPOCH)
    known = ~np.isnan(seconds)
    stamps = np.full(seconds.shape, np.datetime64("NaT", "us"))
    stamps[known] = (seconds[known] * 1e6).astype(np.int64).astype("datetime64[us]")
    return stamps


def _stamps(fit_seconds: Array, places: Places) -> Blocks:
    """Rows of seconds since 1989 as columns of times in UTC."""
    moments = _moments(fit_seconds)
    return [
        (pd.array(row, dtype=_UTC).reshape(1, -1), place)
        for row, place in zip(moments, places.reshape(-1, 1), strict=True)
    ]


def _loose(column: Column, place: Places) -> Blocks:
    """Blocks of one column that is no plain number: arrays become tuples, texts text."""
    values = column.values
    if values.ndim > 1:
        return [(as_objects(column).reshape(1, -1), place)]
    if values.dtype == object:
        return [(values.reshape(1, -1), place)]
    row = values.reshape(1, -1)
    kind = rank(column.kind)
    if kind == 1:
        return _stamps(row, place)
    if kind == 2:
        return [(_moments(row), place)]
    return named(row, (column.kind,), place) if kind else [(row, place)]
