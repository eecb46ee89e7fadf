"""Daily and weekly panels: what `loadmon` says of one runner, for every athlete of a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from loadmon.cohorts.blocks import DISTANCE, Block, blocks
from loadmon.cohorts.numbers import (
    LEVELS,
    any_state,
    as_words,
    numbers,
    other_flags,
    ratios,
    spikes,
)
from loadmon.cohorts.ratios import STATUSES
from loadmon.cohorts.weeks import weeks
from loadmon.load.calendar import Day
from loadmon.load.ratio import METHODS

#: How the columns of flags begin.
FLAG = "flag_"
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
        day, in any order; further columns are ignored. 0 is a day without a run, NaN a day whose
        load is not known; days without a row are rest. ``distance_km`` [km] is what sessions are
        compared by: without it no session spike is known, and a row that adds up several
        sessions is taken for one.
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
        ``longest_km`` as in `loadmon.daily_load`; ``sum_7d`` and ``change`` (7 days over the 7
        before) [-]; ``monotony``, ``strain``; ``acwr_coupled``, ``acwr_uncoupled``, ``acwr_ewma``
        [-] and ``acwr_status`` (coupled) as in `loadmon.acwr`; ``session_ratio``, the largest of
        the day [-], and ``session_level`` of its longest run, as in `loadmon.session_spikes`
        (``rest``: no run).

        ``flag_session_spike``, ``flag_weekly_change``, ``flag_acwr`` (by any method),
        ``flag_monotony``, ``flag_rest`` and, by each method alone, ``flag_acwr_coupled``,
        ``flag_acwr_uncoupled``, ``flag_acwr_ewma``: True, False, or NA where it is not known.
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
    return _together(parts) if parts else panel_of_nobody()


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
    parts = [weeks(panel_of(block)) for block in blocks(sessions, load=load, as_of=as_of)]
    return _together(parts) if parts else weeks(panel_of_nobody())


def panels(
    sessions: pd.DataFrame, every: str, load: str, as_of: Day | None, size: int
) -> Iterator[pd.DataFrame]:
    """Daily or weekly panel of a table, one block of athletes after another."""
    for block in blocks(sessions, load=load, as_of=as_of, size=size):
        yield panel_of(block) if every == "day" else weeks(panel_of(block))


def panel_of_nobody() -> pd.DataFrame:
    """Panel of nobody: the columns alone."""
    nobody = np.zeros((0, 0))
    none = np.array([], dtype=object)
    whole = nobody.astype(np.int64)
    flat = whole.ravel()
    days = flat.astype("datetime64[D]")
    no_km = nobody.ravel()
    return panel_of(Block(none, days, flat, nobody, nobody, whole, nobody == 0, flat, no_km))


def panel_of(block: Block) -> pd.DataFrame:
    """Panel of a block, one athlete after another.

    Parameters
    ----------
    block : Block
        Athletes on their calendars.

    Returns
    -------
    DataFrame
        As `daily_panel`.
    """
    found = numbers(block)
    columns: dict[str, Any] = {"load": block.load, "runs": block.runs}
    columns["longest_km"] = block.longest_km
    columns |= {name: found[name] for name in ("sum_7d", "change", "monotony", "strain")}
    by_method = {f"acwr_{method}": ratios(block, method) for method in METHODS}
    columns |= {name: ratio for name, (ratio, _, _) in by_method.items()}
    columns["acwr_status"] = as_words(by_method[BY_METHOD[0]][1], STATUSES)
    columns["session_ratio"], level, spike = spikes(block)
    columns["session_level"] = as_words(level, LEVELS)
    over = {name: state for name, (_, _, state) in by_method.items()}
    flags = {"session_spike": spike, "acwr": any_state(over.values())}
    flags |= other_flags(block, found)
    columns |= {FLAG + name: flags[name] for name in CHECKS}
    return _long(block, columns | {FLAG + name: state for name, state in over.items()})


def _long(block: Block, columns: dict[str, Any]) -> pd.DataFrame:
    """One row a day from arrays of a block, without what lies beyond each calendar."""
    inside = np.arange(len(block.load))[:, None] < block.n_days
    who, on = np.nonzero(inside.T)
    frame = {"athlete": pd.Series(block.athletes[who]).infer_objects()}
    frame["date"] = pd.Series((block.first[who] + on).astype("datetime64[us]"))
    for name, values in columns.items():
        cells = values[on, who]
        flag = name.startswith(FLAG)
        frame[name] = pd.Series(pd.arrays.BooleanArray(cells == 1, cells < 0) if flag else cells)
    return pd.DataFrame(frame).astype({"acwr_status": "str", "session_level": "str"})


def _together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Blocks below each other."""
    return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)
