"""Every message of a FIT file as DataFrames."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from loadmon.errors import FileProblem, ReadError
from loadmon.reading.fit.columns import Table, as_objects, decode
from loadmon.reading.fit.fields import Column
from loadmon.reading.fit.layout import enum_of, message_name
from loadmon.reading.fit.scan import scan
from loadmon.reading.fit.times import EPOCH, RELATIVE
from loadmon.reading.unpack import gunzip, is_gzip


def read_fit(source: str | PathLike[str] | bytes) -> dict[str, pd.DataFrame]:
    """Read every message of a FIT file.

    Parameters
    ----------
    source : path or bytes
        A FIT file or its contents; a gzipped one is unpacked.

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

    Examples
    --------
    >>> loadmon.read_fit("run.fit")["record"][["timestamp", "heart_rate"]]  # doctest: +SKIP
    """
    if isinstance(source, bytes):
        return _messages(source)
    try:
        return _messages(Path(source).read_bytes())
    except OSError as error:
        raise ReadError(f"{source}: cannot be opened ({error.strerror}); check the path") from None
    except FileProblem as problem:
        detail = f"{source}: {problem.detail}"
        raise FileProblem(problem.outcome, problem.reason, detail, when=problem.when) from None


def _messages(data: bytes) -> dict[str, pd.DataFrame]:
    """Frames by message name, over all chained parts."""
    pieces: dict[str, list[pd.DataFrame]] = {}
    for part in scan(gunzip(data) if is_gzip(data) else data):
        if part.problem:
            raise part.problem
        for number, table in decode(part).items():
            pieces.setdefault(message_name(number), []).append(_frame(table))
    return {
        name: same[0] if len(same) == 1 else pd.concat(same, ignore_index=True)
        for name, same in pieces.items()
    }


def _frame(table: Table) -> pd.DataFrame:
    """One table as a frame."""
    return pd.DataFrame({name: _series(c) for name, c in table.columns.items()}, copy=False)


def _series(column: Column) -> Any:
    """Values as people read them: names for numbers, times for seconds, tuples for arrays."""
    if column.values.ndim > 1 or column.values.dtype == object:
        return pd.Series(as_objects(column), dtype=object)
    if column.kind in ("date_time", "local_date_time"):
        return _times(column)
    names = enum_of(column.kind)
    return _named(column.values, names) if names else column.values


def _times(column: Column) -> pd.Series:
    """Seconds since 1989 as times."""
    seconds = np.where(column.values < RELATIVE, np.nan, column.values + EPOCH)
    known = ~np.isnan(seconds)
    stamps = np.full(len(seconds), np.datetime64("NaT", "us"))
    stamps[known] = (seconds[known] * 1e6).astype(np.int64).astype("datetime64[us]")
    times = pd.Series(stamps)
    return times.dt.tz_localize("UTC") if column.kind == "date_time" else times


def _named(values: np.ndarray[Any, Any], names: dict[int, str]) -> pd.Series:
    """Numbers as their names; a number without a name stays a number."""
    codes, where = np.unique(values, return_inverse=True)
    told: list[Any] = [np.nan if c != c else names.get(int(c), c) for c in codes.tolist()]
    plain = all(isinstance(t, str) or t != t for t in told) and any(
        isinstance(t, str) for t in told
    )
    return pd.Series(np.array([*told, None], object)[:-1][where], dtype="str" if plain else object)
