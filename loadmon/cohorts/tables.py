"""Tables that people have: long CSV files of sessions and of injuries, under any column names."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from os import PathLike

import pandas as pd

from loadmon.cohorts.blocks import DISTANCE
from loadmon.cohorts.lines import chunks_of_table, refuse, text_of_table
from loadmon.errors import FrameError, SettingError
from loadmon.load.calendar import ISO_DAY

#: How days are written where nothing else is said.
_ISO = "ISO8601"
#: Rows of a file that are read at a time.
_ROWS = 100_000


def read_sessions(
    path: str | PathLike[str],
    *,
    athlete: str = "athlete",
    date: str = "date",
    date_format: str = _ISO,
    sep: str = ",",
    decimal: str = ".",
    **columns: str,
) -> pd.DataFrame:
    """Read a long table with one row a session, or a day, of an athlete.

    Parameters
    ----------
    path : path
        CSV file with a line of column names, in UTF-8.
    athlete, date : str
        Columns of the file that say who and when.
    date_format : str
        How days are written, such as ``%d/%m/%Y``; ISO (``2024-03-01`` or ``20240301``) if not
        given. A time of day is dropped.
    sep, decimal : str
        What stands between columns, and in numbers.
    **columns : str
        Loads: our name and the file's, such as ``distance_km="km", srpe="load"``. Only
        ``distance_km="distance_km"`` if none is given. Distances must be in kilometres.

    Returns
    -------
    DataFrame
        ``athlete`` (text), ``date``, and a number for each load; NaN where the cell is empty,
        which means not known, not rest. What `loadmon.daily_panel` takes.

    Raises
    ------
    ReadError
        If the file cannot be read as a table.
    FrameError
        If a column is missing, or a cell holds no day or no number; its line is named. Likewise if
        rows hold more cells than the line of names.
    """
    wanted = columns or {DISTANCE: DISTANCE}
    table = text_of_table(path, sep)
    return _sessions(table, path, athlete, date, date_format, decimal, wanted)


def sessions_in_blocks(
    path: str | PathLike[str],
    *,
    athletes: int = 256,
    athlete: str = "athlete",
    date: str = "date",
    date_format: str = _ISO,
    sep: str = ",",
    decimal: str = ".",
    **columns: str,
) -> Iterator[pd.DataFrame]:
    """Read a long table that is larger than memory, some whole athletes at a time.

    Parameters
    ----------
    path, athlete, date, date_format, sep, decimal, columns
        As in `read_sessions`. The rows of an athlete must stand together.
    athletes : int
        Athletes that are given at a time.

    Yields
    ------
    DataFrame
        As `read_sessions`.

    Raises
    ------
    ReadError, FrameError
        As `read_sessions`; FrameError too where the rows of an athlete do not stand together.
    """
    if athletes < 1:
        raise SettingError("athletes must be at least 1")
    wanted = columns or {DISTANCE: DISTANCE}
    for table in _whole_athletes(path, sep, athlete, athletes):
        yield _sessions(table, path, athlete, date, date_format, decimal, wanted)


def read_injuries(
    path: str | PathLike[str],
    *,
    athlete: str = "athlete",
    date: str = "date",
    end: str | None = None,
    date_format: str = _ISO,
    sep: str = ",",
) -> pd.DataFrame:
    """Read a table with one row an injury.

    Parameters
    ----------
    path, date_format, sep
        As in `read_sessions`.
    athlete, date : str
        Columns of the file that say who, and the first day of the injury.
    end : str, optional
        Column with the first day back; an empty cell is not known.

    Returns
    -------
    DataFrame
        ``athlete`` (text), ``date`` and, where asked for, ``end``. What `loadmon.evaluate` takes.

    Raises
    ------
    ReadError, FrameError
        As `read_sessions`.
    """
    table = text_of_table(path, sep)
    _check_columns(table, [c for c in (athlete, date, end) if c is not None], path)
    out = {"athlete": _names(table[athlete], path), "date": _days(table[date], date_format, path)}
    if end is not None:
        out["end"] = _days(table[end], date_format, path, empty=True)
    return pd.DataFrame(out)


def _whole_athletes(
    path: str | PathLike[str], sep: str, athlete: str, size: int
) -> Iterator[pd.DataFrame]:
    """Rows of `size` athletes at a time, as text, with the lines of the file as index."""
    held: list[pd.DataFrame] = []
    done: set[str] = set()
    for chunk in chunks_of_table(path, sep, _ROWS):
        _check_columns(chunk, [athlete], path)
        held.append(chunk)
        rows = pd.concat(held)
        names = rows[athlete].drop_duplicates()
        full = (len(names) - 1) // size * size  # the last athlete may go on in the next chunk
        for start in range(0, full, size):
            end = names.index[start + size]
            part = rows.loc[: end - 1]
            rows = rows.loc[end:]
            yield _not_seen(part, athlete, done, path)
        held = [rows]
    rest = pd.concat(held)
    names = rest[athlete].drop_duplicates()
    ends = [*names.index[size::size], rest.index[-1] + 1 if len(rest) else 0]
    for end in ends:
        part, rest = rest.loc[: end - 1], rest.loc[end:]
        if len(part):
            yield _not_seen(part, athlete, done, path)


def _not_seen(
    part: pd.DataFrame, athlete: str, done: set[str], path: str | PathLike[str]
) -> pd.DataFrame:
    """Rows of athletes that were not given before."""
    names = set(part[athlete].dropna())
    if names & done:
        raise FrameError(
            f"{path}: the rows of athlete {min(names & done)!r} do not stand together; sort the "
            "file by athlete"
        )
    done |= names
    return part


def _sessions(
    table: pd.DataFrame,
    path: str | PathLike[str],
    athlete: str,
    date: str,
    date_format: str,
    decimal: str,
    columns: dict[str, str],
) -> pd.DataFrame:
    """Text as sessions."""
    _check_columns(table, [athlete, date, *columns.values()], path)
    out = {"athlete": _names(table[athlete], path), "date": _days(table[date], date_format, path)}
    out |= {name: _numbers(table[column], decimal, path) for name, column in columns.items()}
    return pd.DataFrame(out).reset_index(drop=True)


def _check_columns(table: pd.DataFrame, wanted: list[str], path: str | PathLike[str]) -> None:
    """Refuse a table without one of the columns, naming the nearest."""
    there = [str(c) for c in table.columns]
    for column in wanted:
        if column not in there:
            near = difflib.get_close_matches(column, there, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(there)}"
            raise FrameError(f"{path}: no column {column!r}; {hint}")


def _names(cells: pd.Series, path: str | PathLike[str]) -> pd.Series:
    """Athletes as text."""
    refuse(cells.isna(), cells, path, "no athlete")
    return cells.str.strip()


def _days(
    cells: pd.Series, date_format: str, path: str | PathLike[str], *, empty: bool = False
) -> pd.Series:
    """Days without their time."""
    told = cells.dropna().drop_duplicates()
    looks = ISO_DAY.pattern if date_format == _ISO else ".*[0-9].*"
    no_day = cells.isin(told[~told.str.fullmatch(looks)])  # pandas takes "today", 2024 for days
    refuse(no_day, cells, path, f"no day as {date_format} (date_format= says another way)")
    try:
        when = pd.to_datetime(cells, format=date_format, errors="coerce")
    except ValueError as error:
        raise FrameError(f"{path}: {error}; write local days without a time zone") from None
    bad = when.isna() & cells.notna() if empty else when.isna()
    refuse(bad, cells, path, f"no day as {date_format} (date_format= says another way)")
    if not pd.api.types.is_datetime64_dtype(when):
        raise FrameError(f"{path}: days with a time zone; write each athlete's local day")
    return when.dt.normalize().astype("datetime64[us]")


def _numbers(cells: pd.Series, decimal: str, path: str | PathLike[str]) -> pd.Series:
    """Numbers, NaN for an empty cell."""
    text = cells.str.replace(decimal, ".", regex=False) if decimal != "." else cells
    values = pd.to_numeric(text, errors="coerce").astype("float64")
    refuse(values.isna() & cells.notna(), cells, path, "no number")
    return values
