"""Weeks of a daily panel, as `loadmon.weekly_load` sums up the days of one runner."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.evidence.load import WINDOWS
from loadmon.load.ratio import METHODS, Floats, Marks

#: Flags that belong to a week if any day of it has them, that are decided on its last run, and on
#: its last day; the order in which they are named.
_ANY_DAY, _LAST_RUN, _LAST_DAY = ("session_spike",), ("weekly_change", "acwr"), ("monotony", "rest")
_AT_END = ("monotony", "strain", *(f"acwr_{method}" for method in METHODS), "acwr_status")


def weeks(daily: pd.DataFrame) -> pd.DataFrame:
    """Sum up each athlete's ISO weeks.

    Parameters
    ----------
    daily : DataFrame
        What `loadmon.daily_panel` gives: every athlete's days in order, one athlete after another.

    Returns
    -------
    DataFrame
        As `loadmon.weekly_panel`.
    """
    days = daily["date"].to_numpy().astype("datetime64[D]")
    monday = days - (days.astype(np.int64) + 3) % 7  # 1 January 1970 was a Thursday
    new = pd.factorize(daily["athlete"])[0]
    at = np.flatnonzero(_begins(monday) | _begins(new))
    ends = np.append(at, len(daily))[1:] - 1
    out: dict[str, Any] = {"athlete": daily["athlete"].to_numpy()[at]}
    out["week_start"] = monday[at].astype("datetime64[us]")
    out |= _sums(daily, at)
    out["change"] = _change(out["load"], new[at], ends - at + 1)
    out |= {name: daily[name].to_numpy()[ends] for name in _AT_END}
    out["max_session_ratio"] = _reduced(np.fmax, daily["session_ratio"], at)
    out["n_days"] = ends - at + 1
    out["n_known"] = _reduced(np.add, daily["load"].notna().astype(np.int64), at)
    out["partial"] = out["n_days"] < WINDOWS["acute"]
    out["flags"] = _flags(daily, at, ends)
    frame = pd.DataFrame(out)
    texts = dict.fromkeys(("acwr_status", "flags"), "str")
    return frame.astype(texts | {"athlete": daily["athlete"].dtype})


def _sums(daily: pd.DataFrame, at: npt.NDArray[np.intp]) -> dict[str, Any]:
    """What adds up over a week."""
    ran = daily["runs"] > 0
    rested = daily["load"].notna() & ~ran
    return {
        "runs": _reduced(np.add, daily["runs"], at),
        "run_days": _reduced(np.add, ran.astype(np.int64), at),
        "rest_days": _reduced(np.add, rested.astype(np.int64), at),
        "longest_km": _reduced(np.fmax, daily["longest_km"], at),
        "load": _reduced(np.add, daily["load"], at),
    }


def _reduced(join: np.ufunc, values: pd.Series, at: npt.NDArray[np.intp]) -> npt.NDArray[Any]:
    """Values of each week joined to one."""
    cells = values.to_numpy()
    out: npt.NDArray[Any] = join.reduceat(cells, at) if len(at) else cells[:0]
    return out


def _begins(values: npt.NDArray[Any]) -> Marks:
    """Where a value differs from the one before it."""
    out = np.ones(len(values), dtype=bool)
    out[1:] = values[1:] != values[:-1]
    return out


def _change(load: Floats, athlete: npt.NDArray[np.intp], n_days: npt.NDArray[np.intp]) -> Floats:
    """Load over that of the week before, where both are complete and known."""
    whole = np.where(n_days < WINDOWS["acute"], np.nan, load)
    out = np.full(len(load), np.nan)
    before = whole[:-1]
    compared = (before > 0) & ~_begins(athlete)[1:]
    np.divide(whole[1:], before, out=out[1:], where=compared)
    return out


def _flags(
    daily: pd.DataFrame, at: npt.NDArray[np.intp], ends: npt.NDArray[np.intp]
) -> npt.NDArray[np.object_]:
    """Names of what stands out in each week, joined by commas."""
    names = (*_ANY_DAY, *_LAST_RUN, *_LAST_DAY)
    marks = {name: daily[f"flag_{name}"].fillna(False).to_numpy(dtype=bool) for name in names}
    decided = ((daily["runs"] > 0) & daily["sum_7d"].notna()).to_numpy()
    last = np.maximum.accumulate(np.where(decided, np.arange(len(daily)), -1))[ends]
    runs = last >= at
    found = [np.logical_or.reduceat(marks[n], at) if len(at) else marks[n] for n in _ANY_DAY]
    found += [runs & marks[n][np.where(runs, last, 0)] for n in _LAST_RUN]
    found += [marks[n][ends] for n in _LAST_DAY]
    code = sum(flag.astype(np.int64) << (len(names) - 1 - i) for i, flag in enumerate(found))
    texts = [
        ",".join(name for name, on in zip(names, row, strict=True) if on)
        for row in product((False, True), repeat=len(names))
    ]
    out: npt.NDArray[np.object_] = np.array(texts, dtype=object)[code]
    return out
