"""Tables of sessions and injuries of many athletes, as blocks of days x athletes."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from os import PathLike

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.arguments import check_frame, check_text, count_of, quoted
from loadmon.calendar import ISO_DAY, LONGEST_DAYS, Day, day_of, written
from loadmon.daily import outing_of, outing_totals, run_days
from loadmon.diary import path_of
from loadmon.errors import FrameError, ReadError, SettingError
from loadmon.evidence.limits import FRESHNESS
from loadmon.ratio import Floats
from loadmon.rules.context import Ints, RunDays


def text_of_table(path: str | PathLike[str], sep: str) -> pd.DataFrame:
    """Table of a file with every cell as text; missing cells are NaN."""
    path_of(path)
    with _readable(path):
        table = pd.read_csv(path, sep=sep, dtype="str", encoding="utf-8-sig")
    return check_cells(table, path)


def chunks_of_table(path: str | PathLike[str], sep: str, rows: int) -> Iterator[pd.DataFrame]:
    """Table of a file as `text_of_table` gives it, some rows at a time."""
    path_of(path)
    with ExitStack() as opened:
        with _readable(path):
            whole = pd.read_csv(path, sep=sep, dtype="str", encoding="utf-8-sig", chunksize=rows)
            chunks = iter(opened.enter_context(whole))
        while True:
            with _readable(path):
                chunk = next(chunks, None)
            if chunk is None:
                return
            yield check_cells(chunk, path)


@contextmanager
def _readable(path: str | PathLike[str]) -> Iterator[None]:
    try:
        yield
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise ReadError(f"{path}: cannot be read as a table of text in UTF-8 ({error})") from None


def check_cells(table: pd.DataFrame, path: str | PathLike[str]) -> pd.DataFrame:
    """Refuse a table whose rows hold more cells than the line of names."""
    if isinstance(table.index, pd.RangeIndex):
        return table
    raise FrameError(
        f"{path}, line 2: {table.index.nlevels + table.shape[1]} cells, but the line of names has "
        f"{table.shape[1]}; give every column a name, or take out what stands after the last one"
    )


def refuse(bad: pd.Series, cells: pd.Series, path: str | PathLike[str], what: str) -> None:
    """Raise, naming the line of the first bad cell; the line of names is the first."""
    if bad.any():
        first = int(bad.to_numpy().argmax())
        line, cell = int(bad.index.to_numpy()[first]) + 2, cells.iloc[first]
        shown = quoted(cell) if isinstance(cell, str) else cell
        raise FrameError(f"{path}, line {line}, column {cells.name!r}: {shown} is {what}")


# From a long table of sessions to blocks of athletes, each on its own complete calendar.

#: How the columns of flags begin.
FLAG = "flag_"
#: Distance of a session, the load that the checks of running were studied on. [km]
DISTANCE = "distance_km"
_MINUTES, _ELAPSED = "duration_min", "elapsed_min"


@dataclass(frozen=True, slots=True)
class Block:
    """Some athletes side by side, each from their own first day on."""

    athletes: npt.NDArray[np.object_]
    first: npt.NDArray[np.datetime64]
    n_days: Ints  # days of each calendar; rows from there on hold nothing
    days: RunDays


def blocks(
    sessions: pd.DataFrame, *, load: str = DISTANCE, as_of: Day | None = None, size: int = 256
) -> Iterator[Block]:
    """Lay sessions on calendars, one block of athletes after another."""
    rows = checked_sessions(sessions, load)
    until = None if as_of is None else np.datetime64(day_of(as_of, "as_of"), "D")
    if until is not None:
        rows = rows[rows["date"].to_numpy() <= until]
    codes, athletes = pd.factorize(rows["athlete"])
    _check_spans(rows, codes, until)
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(0, len(athletes) + size, size))
    for k in range(0, len(athletes), size):
        part = order[ends[k // size] : ends[k // size + 1]]
        who = np.asarray(athletes[k : k + size], dtype=object)
        yield _block(rows.iloc[part], codes[part] - k, who, load, until)


def checked_sessions(sessions: pd.DataFrame, load: str) -> pd.DataFrame:
    """Table of sessions, after making sure it is one; names what is wrong with the first row."""
    check_frame(sessions, "sessions")
    check_text(load, "load")
    if load not in sessions.columns:
        there = ", ".join(map(str, sessions.columns))
        raise SettingError(f"no load {load!r} in sessions; there are: {there}")
    check_frame(sessions, "sessions", ("athlete", "date"), "; see loadmon.read_sessions")
    days = sessions["date"]
    if not pd.api.types.is_datetime64_dtype(days):
        raise FrameError(f"sessions['date'] must hold naive days, not {days.dtype}")
    _refuse(sessions, days.isna() | (days != days.dt.normalize()), "date", "no day")
    _refuse(sessions, sessions["athlete"].isna(), "athlete", "no athlete")
    for column in {load, DISTANCE, _MINUTES, _ELAPSED} & set(sessions.columns):
        if sessions[column].dtype.kind not in "iuf":
            raise FrameError(f"sessions[{column!r}] must be numeric, not {sessions[column].dtype}")
        values = _numbers(sessions, column)
        _refuse(sessions, (values < 0) | np.isinf(values), column, "negative or infinite")
    return sessions


def _refuse(sessions: pd.DataFrame, bad: npt.ArrayLike, column: str, what: str) -> None:
    marks = np.asarray(bad, dtype=bool)
    if marks.any():
        row = sessions.iloc[int(marks.argmax())]
        raise FrameError(
            f"{int(marks.sum())} rows of sessions have a {column} that is {what}; the first: "
            f"athlete {row['athlete']!r}, date {row['date']}, {column} {row[column]!r}"
        )


def _check_spans(rows: pd.DataFrame, codes: Ints, until: np.datetime64 | None) -> None:
    """Refuse a date so far from others of the athlete, or from the last day, that it is wrong."""
    day = rows["date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    by_athlete = pd.Series(day).groupby(codes)
    first = by_athlete.transform("min").to_numpy()
    long = by_athlete.transform("max").to_numpy() - first > LONGEST_DAYS
    if long.any():
        own = codes == codes[long.argmax()]
        far = np.where(own, np.abs(day - np.median(day[own])), -1.0).argmax()
        raise FrameError(_far(rows.iloc[far], "the other rows of the athlete"))
    if until is None or not len(day):
        return
    last = until.astype(np.int64)
    if last - day.max() > LONGEST_DAYS:
        raise SettingError(
            f"as_of {until} is more than 100 years after the last row: write the day that you mean"
        )
    late = last - first > LONGEST_DAYS
    if late.any():
        raise FrameError(_far(rows.iloc[int(late.argmax())], f"as_of {until}"))


def _far(row: pd.Series, what: str) -> str:
    return (
        f"sessions: athlete {row['athlete']!r}, date {written(row['date'])} is more than 100 years "
        f"from {what}; correct the date, or leave the row out"
    )


def _block(
    rows: pd.DataFrame,
    codes: Ints,
    athletes: npt.NDArray[np.object_],
    load: str,
    until: np.datetime64 | None,
) -> Block:
    """Add up the sessions of a block's days."""
    day = rows["date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    by_athlete = pd.Series(day).groupby(codes)
    first = np.asarray(by_athlete.min(), dtype=np.int64)
    on = day - first[codes]
    n_days = known = np.asarray(by_athlete.max(), dtype=np.int64) - first + 1
    values = _numbers(rows, load)
    if until is not None:
        has_load = ~np.isnan(values)
        known = _rest_until(on[has_load], codes[has_load], len(athletes)) + 1
        n_days = until.astype(np.int64) - first + 1
    shape = int(n_days.max()), len(athletes)
    at = on * shape[1] + codes
    km = _numbers(rows, DISTANCE) if DISTANCE in rows.columns else np.full(len(rows), np.nan)
    loads = _added(at, shape, values)
    loads[np.arange(shape[0])[:, None] >= np.minimum(known, n_days)] = np.nan
    ran = km > 0
    runs = _added(at[ran | (values > 0)], shape)
    outing = np.arange(len(rows))
    held = np.flatnonzero(ran | ~(values == 0))  # no run lies on a row of rest, nor joins others
    outing[held] = held[outing_of(rows.iloc[held], codes[held])]
    size = outing_totals(km, outing)
    begins = (outing == np.arange(len(rows))) & (size > 0)
    longest = np.where(np.isnan(loads) | (runs > 0), np.nan, 0.0)
    np.fmax.at(longest.reshape(-1), at[begins], size[begins])
    measured = _added(at[np.isnan(km)], shape) == 0
    minutes = _numbers(rows, _MINUTES) if _MINUTES in rows.columns else np.full(len(rows), np.nan)
    some = ran | (values > 0)
    run_day = run_days(minutes[some], km[some], at[some], shape[0] * shape[1]).reshape(shape)
    days = RunDays(
        load=loads,
        is_km=load == DISTANCE,
        runs=runs.astype(np.int64),
        run_day=run_day,
        longest=longest,
        measured=measured,
        outing_at=at[begins],
        outing_size=size[begins],
    )
    return Block(athletes, first.astype("datetime64[D]"), n_days, days)


def _numbers(rows: pd.DataFrame, column: str) -> Floats:
    """Values of a column, NaN where they are not known."""
    values: Floats = rows[column].to_numpy(dtype=float, na_value=np.nan)
    return values


def _added(at: Ints, shape: tuple[int, int], values: Floats | None = None) -> Floats:
    """Sum of the values at each place of a block, or how many there are."""
    out: Floats = np.bincount(at, values, shape[0] * shape[1]).reshape(shape).astype(np.float64)
    return out


def _rest_until(on: Ints, codes: Ints, athletes: int) -> Ints:
    """Day up to which silence is rest: the last known one, and the usual gap, as `daily_load`."""
    days = pd.DataFrame({"athlete": codes, "on": on}).drop_duplicates()
    days = days.sort_values(["athlete", "on"])
    gaps = days.groupby("athlete")["on"].diff()
    usual = gaps.groupby(days["athlete"]).quantile(FRESHNESS["quantile"]).fillna(0.0)
    usual = usual.clip(lower=FRESHNESS["min_days"]).astype("int64")
    until = days.groupby("athlete")["on"].max() + usual
    return until.reindex(range(athletes), fill_value=-1).to_numpy(dtype=np.int64)


# Tables that people have: long CSV files of sessions and of injuries, under any column names.

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
    _check_texts(athlete=athlete, date=date, date_format=date_format, sep=sep, decimal=decimal)
    _check_texts(**columns)
    table = text_of_table(path, sep)
    return _sessions(table, path, athlete, date, date_format, decimal, columns)


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
    count_of(athletes, "athletes")
    _check_texts(athlete=athlete, date=date, date_format=date_format, sep=sep, decimal=decimal)
    _check_texts(**columns)
    done: set[str] = set()
    for table in _whole_athletes(path, sep, athlete, athletes):
        names = set(table[athlete].dropna())
        if names & done:
            raise FrameError(
                f"{path}: the rows of athlete {min(names & done)!r} do not stand together; sort "
                "the file by athlete"
            )
        done |= names
        yield _sessions(table, path, athlete, date, date_format, decimal, columns)


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
    _check_texts(athlete=athlete, date=date, date_format=date_format, sep=sep)
    if end is not None:
        check_text(end, "end")
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
    for chunk in chunks_of_table(path, sep, _ROWS):
        _check_columns(chunk, [athlete], path)
        rows = pd.concat([*held, chunk])
        names = rows[athlete].drop_duplicates()
        full = (len(names) - 1) // size * size  # the last athlete may go on in the next chunk
        for start in range(0, full, size):
            end = names.index[start + size]
            yield rows.loc[: end - 1]
            rows = rows.loc[end:]
        held = [rows]
    rest = pd.concat(held)
    names = rest[athlete].drop_duplicates()
    ends = [*names.index[size::size], rest.index[-1] + 1 if len(rest) else 0]
    for end in ends:
        part, rest = rest.loc[: end - 1], rest.loc[end:]
        if len(part):
            yield part


def _sessions(
    table: pd.DataFrame,
    path: str | PathLike[str],
    athlete: str,
    date: str,
    date_format: str,
    decimal: str,
    columns: dict[str, str],
) -> pd.DataFrame:
    columns = columns or {DISTANCE: DISTANCE}
    _check_columns(table, [athlete, date, *columns.values()], path)
    out = {"athlete": _names(table[athlete], path), "date": _days(table[date], date_format, path)}
    out |= {name: _numbers_of(table[column], decimal, path) for name, column in columns.items()}
    return pd.DataFrame(out).reset_index(drop=True)


def _check_texts(**options: str) -> None:
    for name, value in options.items():
        check_text(value, name)
        if not value:
            raise SettingError(f"{name} must not be empty")


def _check_columns(table: pd.DataFrame, wanted: list[str], path: str | PathLike[str]) -> None:
    """Refuse a table without one of the columns, naming the nearest."""
    there = [str(c) for c in table.columns]
    for column in wanted:
        if column not in there:
            near = difflib.get_close_matches(column, there, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(there)}"
            raise FrameError(f"{path}: no column {column!r}; {hint}")


def _names(cells: pd.Series, path: str | PathLike[str]) -> pd.Series:
    refuse(cells.isna(), cells, path, "no athlete")
    return cells.str.strip()


def _days(
    cells: pd.Series, date_format: str, path: str | PathLike[str], *, empty: bool = False
) -> pd.Series:
    what = f"not a day in the format {date_format} (date_format= says another way)"
    texts = cells.dropna().drop_duplicates()
    looks = ISO_DAY.pattern if date_format == _ISO else ".*[0-9].*"
    no_day = cells.isin(texts[~texts.str.fullmatch(looks)])  # pandas takes "today", 2024 for days
    refuse(no_day, cells, path, what)
    try:
        when = pd.to_datetime(cells, format=date_format, errors="coerce")
    except ValueError as error:
        raise FrameError(f"{path}: {error}; write local days without a time zone") from None
    bad = when.isna() & cells.notna() if empty else when.isna()
    refuse(bad, cells, path, what)
    if not pd.api.types.is_datetime64_dtype(when):
        raise FrameError(f"{path}: days with a time zone; write each athlete's local day")
    return when.dt.normalize().astype("datetime64[us]")


def _numbers_of(cells: pd.Series, decimal: str, path: str | PathLike[str]) -> pd.Series:
    """Numbers, NaN for an empty cell."""
    text = cells.str.replace(decimal, ".", regex=False) if decimal != "." else cells
    values = pd.to_numeric(text, errors="coerce").astype("float64")
    refuse(values.isna() & cells.notna(), cells, path, "no number")
    return values
