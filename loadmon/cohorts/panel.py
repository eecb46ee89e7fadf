"""Ratios, weeks and flags of many athletes at once, as panels of days x athletes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from loadmon.arguments import check_choice, count_of, frames_of
from loadmon.calendar import Day
from loadmon.cohorts.partitions import parquet_writer
from loadmon.cohorts.tables import DISTANCE, FLAG, Block, blocks
from loadmon.diary import path_of, remove
from loadmon.errors import SettingError
from loadmon.ratio import METHODS, STATUSES
from loadmon.rules.context import RunDays
from loadmon.rules.engine import evaluate_days
from loadmon.rules.session_spike import LEVELS
from loadmon.text import csv_text
from loadmon.weekly import FLAGS, beginnings, weeks_of

#: Checks that a panel holds flags of: those of `loadmon.check`, then the ratio by each method.
CHECKS = ("session_spike", "weekly_change", "acwr", "monotony", "rest")
BY_METHOD = tuple(f"acwr_{method}" for method in METHODS)


def daily_panel(
    sessions: pd.DataFrame, *, load: str = DISTANCE, as_of: Day | None = None
) -> pd.DataFrame:
    """Load, ratios, spikes, monotony and flags of every day of every athlete.

    Parameters
    ----------
    sessions : DataFrame
        Long table with ``athlete``, ``date`` (naive days) and the load, one row a session or a
        day, in any order. 0 is a day without a run, NaN a day whose load is not known; days without
        a row are rest. ``distance_km`` [km] is what sessions are compared by: without it no session
        spike is known, and a row that adds up several sessions is taken for one. With ``start_utc``
        (and ``duration_min`` or ``elapsed_min``) rows at most 30 minutes apart are one outing, else
        each row is its own. ``duration_min`` [min] too makes a run day. Further columns are
        ignored.
    load : str
        Column of the load.
    as_of : str, date or Timestamp, optional
        Last day that counts; None is each athlete's own last row. Days after the last row whose
        load is known are rest up to the athlete's usual gap and not known beyond it, as in
        `loadmon.daily_load`.

    Returns
    -------
    DataFrame
        One row per athlete and day, in order: ``athlete``, ``date``; ``load``, ``runs``,
        ``run_day``, ``longest_km`` as in `loadmon.daily_load`; ``sum_7d`` and ``change`` (7 days
        over the 7 before) [-]; ``monotony``, ``strain``; ``acwr_coupled``, ``acwr_uncoupled``,
        ``acwr_ewma`` [-] and ``acwr_status`` (coupled) as in `loadmon.acwr`; ``session_ratio``, the
        largest of the day [-], and ``session_level`` of its longest outing, as in
        `loadmon.session_spikes` (``rest``: no run).

        ``flag_session_spike``, ``flag_weekly_change``, ``flag_acwr`` (coupled),
        ``flag_monotony`` and ``flag_rest``: True, False, or NA where it is not known.
        A day without a run raises no flag of a spike, a change or a ratio.

    Raises
    ------
    FrameError
        If `sessions` lacks a column, or a value in it makes no sense, such as a date more than 100
        years from the athlete's others or from `as_of`; the first such row is named.
    SettingError
        If `load` is no column, or `as_of` is no day, or one more than 100 years after the last.

    Notes
    -----
    Equal to the functions for one runner to 1e-9. For more athletes than memory holds, see
    `loadmon.write_panel`.
    """
    parts = [panel_of(block) for block in blocks(sessions, load=load, as_of=as_of)]
    return _stacked(parts or [empty_panel()])


def weekly_panel(
    sessions: pd.DataFrame, *, load: str = DISTANCE, as_of: Day | None = None
) -> pd.DataFrame:
    """Weeks of every athlete, as `loadmon.weekly_load` gives them for one.

    Parameters
    ----------
    sessions, load, as_of
        As in `daily_panel`.

    Returns
    -------
    DataFrame
        One row per athlete and ISO week: ``athlete``, ``week_start`` (Monday); ``runs, run_days,
        rest_days, longest_km, load, change, monotony, strain, acwr_coupled, acwr_uncoupled,
        acwr_ewma, acwr_status, max_session_ratio, n_days, n_known, partial, flags`` as in
        `loadmon.weekly_load`.

    Raises
    ------
    FrameError, SettingError
        As `daily_panel`.
    """
    parts = [_weeks(panel_of(block)) for block in blocks(sessions, load=load, as_of=as_of)]
    return _stacked(parts or [_weeks(empty_panel())])


def empty_panel() -> pd.DataFrame:
    """Empty panel: the columns alone."""
    nobody = np.zeros((0, 0))
    whole = nobody.astype(np.int64)
    days = RunDays(nobody, whole, nobody == 1, nobody, nobody == 0)
    none = np.array([], dtype=object)
    return panel_of(Block(none, whole.ravel().astype("datetime64[D]"), whole.ravel(), days))


def panel_of(block: Block) -> pd.DataFrame:
    """Panel of a block, one athlete after another, as `daily_panel`."""
    days = block.days
    found = evaluate_days(days)
    inside = np.arange(len(days.load))[:, None] < block.n_days  # not beyond each calendar
    who, on = np.nonzero(inside.T)
    columns: dict[str, Any] = {
        "load": days.load,
        "runs": days.runs,
        "run_day": days.run_day,
        "longest_km": days.longest,
    }
    names = ("sum_7d", "change", "monotony", "strain", *BY_METHOD)
    columns |= {name: found.values[name] for name in names}
    columns["acwr_status"] = np.array(STATUSES, dtype=object)[found.statuses["status_coupled"]]
    columns["session_ratio"] = found.values["session_ratio"]
    columns["session_level"] = np.array(LEVELS, dtype=object)[found.level]
    columns |= {FLAG + name: found.flags[name] for name in CHECKS}
    frame: dict[str, Any] = {"athlete": pd.Series(block.athletes[who]).infer_objects()}
    frame["date"] = (block.first[who] + on).astype("datetime64[us]")
    for name, values in columns.items():
        cells = values[on, who]
        if name.startswith(FLAG):
            cells = pd.arrays.BooleanArray(cells == 1, cells < 0)
        elif name in ("acwr_status", "session_level"):
            cells = pd.array(cells, dtype="str")
        frame[name] = cells
    return pd.DataFrame(frame, copy=False)


def _weeks(daily: pd.DataFrame) -> pd.DataFrame:
    days = daily["date"].to_numpy().astype("datetime64[D]")
    monday = days - (days.astype(np.int64) + 3) % 7  # 1 January 1970 was a Thursday
    first = beginnings(pd.factorize(daily["athlete"])[0])
    at = np.union1d(beginnings(monday), first)
    flags = {name: daily[FLAG + name].fillna(False).to_numpy(dtype=bool) for name in FLAGS}
    names = [str(name) for name in daily if not str(name).startswith(FLAG)]
    columns = {name: daily[name].to_numpy() for name in names}
    who = {"athlete": daily["athlete"].to_numpy()[at]}
    when = {"week_start": monday[at].astype("datetime64[us]")}
    frame = pd.DataFrame(who | when | weeks_of(columns, flags, at, first))
    texts = dict.fromkeys(("acwr_status", "flags"), "str")
    return frame.astype(texts | {"athlete": daily["athlete"].dtype})


def _stacked(parts: list[pd.DataFrame]) -> pd.DataFrame:
    return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)


# Panels of more athletes than memory holds, written block by block.

Every = Literal["day", "week"]
Write = Callable[[pd.DataFrame], None]


def write_panel(
    sessions: pd.DataFrame | Iterable[pd.DataFrame],
    target: str | PathLike[str],
    *,
    every: Every = "day",
    load: str = DISTANCE,
    as_of: Day | None = None,
    athletes: int = 256,
) -> int:
    """Write a daily or weekly panel as it is worked out, one block of athletes after another.

    Parameters
    ----------
    sessions : DataFrame or iterable of DataFrame
        A long table, or tables of whole athletes one after another such as
        `loadmon.sessions_in_blocks` gives.
    target : path
        File to write: ``.csv``, or ``.parquet`` where pyarrow is installed. In CSV a name that a
        spreadsheet would take for a formula stands behind an apostrophe.
    every : {"day", "week"}
        Which panel: `loadmon.daily_panel` or `loadmon.weekly_panel`.
    load, as_of
        As in `loadmon.daily_panel`.
    athletes : int
        Athletes in a block; memory grows with it, not with the cohort.

    Returns
    -------
    int
        Rows that were written.

    Raises
    ------
    FrameError, SettingError
        As `loadmon.daily_panel`; SettingError too if the ending is neither, `every` is unknown,
        or the file cannot be written.

    Notes
    -----
    The file appears under its name when it is whole; until then it is ``NAME.part``.
    """
    check_choice(every, get_args(Every), "panel: every")
    count_of(athletes, "athletes")
    given = [sessions] if isinstance(sessions, pd.DataFrame) else sessions
    tables = frames_of(given, "sessions")
    path, written = path_of(target, "target"), 0
    part = path.with_name(f"{path.name}.part")
    try:
        with _writer(path, part) as write:
            for table in tables:
                for block in blocks(table, load=load, as_of=as_of, size=athletes):
                    panel = panel_of(block) if every == "day" else _weeks(panel_of(block))
                    write(panel)
                    written += len(panel)
        part.replace(path)
    except OSError as error:
        raise SettingError(f"{path}: cannot be written ({error.strerror})") from None
    finally:
        remove(part)
    return written


@contextmanager
def _writer(path: Path, part: Path) -> Iterator[Write]:
    """Open the file that grows, in the format that the name asks for."""
    if path.suffix == ".csv":
        with part.open("w", encoding="utf-8", newline="") as file:
            yield lambda panel: print(csv_text(panel, header=file.tell() == 0), end="", file=file)
    elif path.suffix == ".parquet":
        with parquet_writer(part) as write:
            yield write
    else:
        raise SettingError(f"{path}: write .csv or .parquet")
