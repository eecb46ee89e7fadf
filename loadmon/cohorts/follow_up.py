"""Who was at risk on which day: injuries laid on the days of a panel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.errors import FrameError, SettingError
from loadmon.evidence.load import LAYOFF
from loadmon.load.ratio import Floats, Marks

Places = npt.NDArray[np.int64]
#: How the columns of flags begin.
FLAG = "flag_"
#: Why a day is not counted; the first that applies.
REASONS = ("run_in", "injured", "laid_off")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Days of all athletes below each other, with what happened on them.

    Parameters
    ----------
    panel : DataFrame
        The panel, in order of athlete and day.
    athlete : ndarray of int, shape (n_rows,)
        Number of the athlete of each row.
    start : ndarray of int, shape (n_rows,)
        Row of the first day of that athlete.
    why_not : ndarray of str, shape (n_rows,)
        One of `REASONS` where the day is not counted, else empty.
    injured : ndarray of bool, shape (n_rows,)
        Whether an injury that counts begins on the day.
    reported : dict of str to int
        Injuries by what became of them: they add up to the rows of the table.
    """

    panel: pd.DataFrame
    athlete: Places
    start: Places
    why_not: npt.NDArray[np.str_]
    injured: Marks
    reported: dict[str, int]

    @property
    def at_risk(self) -> Marks:
        """Whether a day counts."""
        out: Marks = self.why_not == ""
        return out


def follow_up(
    panel: pd.DataFrame, injuries: pd.DataFrame, *, recurrence_days: int, run_in_days: int
) -> FollowUp:
    """Lay injuries on the days of a panel and tell which days count.

    Parameters
    ----------
    panel, injuries, recurrence_days, run_in_days
        As in `loadmon.evaluate`.

    Raises
    ------
    FrameError, SettingError
        As `loadmon.evaluate`.
    """
    if min(recurrence_days, run_in_days) < 0:
        raise SettingError("recurrence_days and run_in_days must not be negative")
    rows = _checked_panel(panel)
    athlete, names = pd.factorize(rows["athlete"])
    start = np.searchsorted(athlete, athlete)
    on = np.arange(len(rows)) - start
    told = _checked_injuries(injuries, names)
    at, ends, outside = _places(rows, told, athlete, pd.Index(names))
    hurt = _injured_days(at, ends, start, recurrence_days)
    laid_off = _laid_off(rows["load"].to_numpy(dtype=float), start)
    why = np.select([on < run_in_days, hurt, laid_off], REASONS, "")
    injured = np.zeros(len(rows), dtype=bool)
    injured[at[why[at] == ""]] = True
    counted = int(injured.sum())
    lost = {f"while_{reason}": int((why[at] == reason).sum()) for reason in REASONS}
    twice = int((why[at] == "").sum()) - counted
    reported = {"counted": counted, "same_day": twice, **lost, "outside": outside}
    return FollowUp(rows, athlete, start, why, injured, reported)


def last_place(marks: Marks, start: Places) -> Floats:
    """Row of the latest marked day of the same athlete up to each row; minus infinity if none."""
    last = np.maximum.accumulate(np.where(marks, np.arange(len(marks), dtype=float), -np.inf))
    return np.where(last >= start, last, -np.inf)


def next_place(marks: Marks, athlete: Places) -> Floats:
    """Row of the next marked day of the same athlete from each row on; infinity if none."""
    place = np.where(marks, np.arange(len(marks), dtype=float), np.inf)
    following = np.minimum.accumulate(place[::-1])[::-1]
    end = np.searchsorted(athlete, athlete, side="right")
    return np.where(following < end, following, np.inf)


def _checked_panel(panel: pd.DataFrame) -> pd.DataFrame:
    """Panel in order of athlete and day, after making sure that no day is missing."""
    missing = [c for c in ("athlete", "date", "load", "runs") if c not in panel.columns]
    if missing:
        raise FrameError(f"the panel lacks {', '.join(missing)}; see loadmon.daily_panel")
    if not any(str(c).startswith(FLAG) for c in panel.columns):
        raise FrameError(f"the panel has no flag: name its columns {FLAG}..., True, False or NA")
    if not pd.api.types.is_datetime64_dtype(panel["date"]):
        raise FrameError(f"panel['date'] must hold naive days, not {panel['date'].dtype}")
    code = pd.factorize(panel["athlete"])[0]
    order = np.lexsort((panel["date"].to_numpy(), code))
    rows, code = panel.iloc[order].reset_index(drop=True), code[order]
    step = np.diff(rows["date"].to_numpy()) / np.timedelta64(1, "D")
    gap = np.flatnonzero((step != 1) & (code[1:] == code[:-1]))
    if len(gap):
        row = rows.iloc[gap[0] + 1]
        raise FrameError(
            f"the panel must hold every day of an athlete once; athlete {row['athlete']!r} has a "
            f"gap or a repeat before {row['date']:%Y-%m-%d}"
        )
    return rows


def _checked_injuries(injuries: pd.DataFrame, athletes: Any) -> pd.DataFrame:
    """Injuries in order, after making sure that they speak of the same athletes."""
    missing = [c for c in ("athlete", "date") if c not in injuries.columns]
    if missing:
        raise FrameError(f"injuries lack {', '.join(missing)}; see loadmon.read_injuries")
    for column in ("date", "end") if "end" in injuries.columns else ("date",):
        if not pd.api.types.is_datetime64_dtype(injuries[column]):
            raise FrameError(f"injuries[{column!r}] must hold naive days")
    if injuries["date"].isna().any():
        raise FrameError("injuries['date'] has an empty cell; an injury needs its first day")
    if len(injuries) and not injuries["athlete"].isin(athletes).any():
        raise FrameError(
            f"no injury is of an athlete of the panel: {injuries['athlete'].iloc[0]!r} is none of "
            f"{list(athletes[:3])!r}...; are both named alike?"
        )
    return injuries


def _places(
    rows: pd.DataFrame, injuries: pd.DataFrame, athlete: Places, names: pd.Index
) -> tuple[Places, Places, int]:
    """Rows on which injuries begin and on which the athlete is back, and how many lie outside."""
    who = names.get_indexer(pd.Index(injuries["athlete"]))
    first = np.searchsorted(athlete, np.arange(len(names)))
    last = np.searchsorted(athlete, np.arange(len(names)), side="right") - 1
    begin = rows["date"].to_numpy()
    day = np.timedelta64(1, "D")
    known = np.flatnonzero(who >= 0)
    who, told = who[known], injuries.iloc[known]
    on = np.floor((told["date"].to_numpy() - begin[first[who]]) / day).astype(np.int64)
    at = first[who] + on
    inside = (on >= 0) & (at <= last[who])
    back = told["end"] if "end" in told.columns else told["date"]
    away = (back - told["date"]).dt.days.fillna(0).to_numpy(dtype=np.int64)
    ends = np.minimum(at + away, last[who] + 1)
    order = np.argsort(at[inside], kind="stable")
    return at[inside][order], ends[inside][order], len(injuries) - int(inside.sum())


def _injured_days(at: Places, ends: Places, start: Places, recurrence_days: int) -> Marks:
    """Days after the first of an injury on which a new one would be taken for the same."""
    until = np.full(len(start), -1.0)
    np.maximum.at(until, at, np.maximum(at + recurrence_days, ends - 1) * 1.0)
    before = np.concatenate([[-1.0], np.maximum.accumulate(until)[:-1]]) if len(until) else until
    begun = np.concatenate([[-np.inf], last_place(until >= 0, start)[:-1]]) if len(until) else until
    place = np.arange(len(start))
    return (begun >= start) & (before >= place)


def _laid_off(load: Floats, start: Places) -> Marks:
    """From the 14th day in a row without load until the next load."""
    place = np.arange(len(load), dtype=float)
    zeros = place - np.maximum(last_place(load != 0, start), start - 1.0)
    long_off = last_place(zeros >= LAYOFF["returning_from_days"], start)
    return long_off > last_place(load > 0, start)
