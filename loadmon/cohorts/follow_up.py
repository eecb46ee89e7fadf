"""Injuries laid on the days of a panel: which days count, and how long each is after a flag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.arguments import check_frame, count_of, counts_of
from loadmon.cohorts.tables import FLAG
from loadmon.errors import FrameError, SettingError
from loadmon.evidence.limits import EVALUATION, LAYOFF
from loadmon.ratio import Floats, Marks
from loadmon.rules.context import Ints, States

#: Columns of a panel that are needed beside its flags.
PANEL_COLUMNS = ("athlete", "date", "load", "runs")
#: Why a day is not counted; the first that applies.
REASONS = ("run_in", "injured", "laid_off")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Days of all athletes, stacked, with what happened on them."""

    panel: pd.DataFrame  # in order of athlete and day
    athlete: Ints  # number of the athlete of each row
    start: Ints  # row of the first day of that athlete
    why_not: npt.NDArray[np.str_]  # one of `REASONS` where the day is not counted, else empty
    injured: Marks  # an injury that counts begins on the day
    names: pd.Index  # of the athletes
    reported: dict[str, int]  # injuries by what became of them, those of other athletes left out

    @property
    def at_risk(self) -> Marks:
        """Whether a day counts."""
        out: Marks = self.why_not == ""
        return out

    @property
    def athletes(self) -> int:
        """How many there are."""
        return len(self.names)


def follow_up(
    panel: pd.DataFrame, injuries: pd.DataFrame, *, recurrence_days: int, run_in_days: int
) -> FollowUp:
    """Lay injuries on the days of a panel and tell which days count.

    They have passed `check_panel` and `checked_injuries`. Injuries of athletes who are not of this
    panel, which may be a part of a larger one, are not looked at.
    """
    rows, athlete, names = _in_order(panel)
    start = np.searchsorted(athlete, athlete)
    place = np.arange(len(rows))
    at, ends, outside = _injury_rows(rows, injuries, athlete, names)
    hurt = _injured_days(at, ends, start, recurrence_days)
    load = rows["load"].to_numpy(dtype=float)
    zeros = place - np.maximum(last_place(load != 0, start), start - 1.0)
    long_off = last_place(zeros >= LAYOFF["returning_from_days"], start)
    laid_off = long_off > last_place(load > 0, start)
    why = np.select([place - start < run_in_days, hurt, laid_off], REASONS, "")
    injured = np.zeros(len(rows), dtype=bool)
    injured[at[why[at] == ""]] = True
    counted = int(injured.sum())
    lost = {f"while_{reason}": int((why[at] == reason).sum()) for reason in REASONS}
    twice = int((why[at] == "").sum()) - counted
    reported = {"counted": counted, "same_day": twice, **lost, "outside": outside}
    return FollowUp(rows, athlete, start, why, injured, names, reported)


def last_place(marks: Marks, start: Ints) -> Floats:
    """Row of the latest marked day of the same athlete up to each row; minus infinity if none."""
    last = np.maximum.accumulate(np.where(marks, np.arange(len(marks), dtype=float), -np.inf))
    return np.where(last >= start, last, -np.inf)


def check_panel(panel: pd.DataFrame) -> None:
    """Refuse a frame that is no panel: its columns, what they hold, and whose its rows are."""
    check_frame(panel, "the panel", PANEL_COLUMNS, "; see loadmon.daily_panel")
    if not checks_of(panel):
        raise FrameError(f"the panel has no flag: name its columns {FLAG}..., True, False or NA")
    if not pd.api.types.is_datetime64_dtype(panel["date"]):
        raise FrameError(f"panel['date'] must hold naive days, not {panel['date'].dtype}")
    for column in ("load", "runs"):
        if panel[column].dtype.kind not in "iuf":
            raise FrameError(f"panel[{column!r}] must be numeric, not {panel[column].dtype}")
        values = panel[column].to_numpy(dtype=float, na_value=np.nan)
        if (values < 0).any() or np.isinf(values).any():
            raise FrameError(f"panel[{column!r}] holds a negative or infinite value")
    if panel["athlete"].isna().any():
        raise FrameError("panel['athlete'] has an empty cell; every day is somebody's")


def _in_order(panel: pd.DataFrame) -> tuple[pd.DataFrame, Ints, pd.Index]:
    """Panel in order of athlete and day, no day missing; who each row is of, and their names."""
    code, names = pd.factorize(panel["athlete"])
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
    return rows, code, pd.Index(names)


def checked_injuries(injuries: pd.DataFrame) -> pd.DataFrame:
    """Table of injuries, after making sure that it is one."""
    check_frame(injuries, "injuries", ("athlete", "date"), "; see loadmon.read_injuries")
    for column in ("date", "end") if "end" in injuries.columns else ("date",):
        if not pd.api.types.is_datetime64_dtype(injuries[column]):
            raise FrameError(f"injuries[{column!r}] must hold naive days")
    if injuries["date"].isna().any():
        raise FrameError("injuries['date'] has an empty cell; an injury needs its first day")
    return injuries


def check_named_alike(injuries: pd.DataFrame, matched: int, athletes: Sequence[object]) -> None:
    """Refuse injuries of which none is of an athlete of the panel, whose first ones are given."""
    if len(injuries) and not matched:
        raise FrameError(
            f"no injury is of an athlete of the panel: {injuries['athlete'].iloc[0]!r} is none of "
            f"{list(athletes)!r}...; are both named alike?"
        )


def _injury_rows(
    rows: pd.DataFrame, injuries: pd.DataFrame, athlete: Ints, names: pd.Index
) -> tuple[Ints, Ints, int]:
    """Rows on which injuries begin and on which the athlete is back, and how many lie outside."""
    who = names.get_indexer(pd.Index(injuries["athlete"]))
    first = np.searchsorted(athlete, np.arange(len(names)))
    last = np.searchsorted(athlete, np.arange(len(names)), side="right") - 1
    begin = rows["date"].to_numpy()
    day = np.timedelta64(1, "D")
    known = np.flatnonzero(who >= 0)
    who, listed = who[known], injuries.iloc[known]
    on = np.floor((listed["date"].to_numpy() - begin[first[who]]) / day).astype(np.int64)
    at = first[who] + on
    inside = (on >= 0) & (at <= last[who])
    back = listed["end"] if "end" in listed.columns else listed["date"]
    away = (back - listed["date"]).dt.days.fillna(0).to_numpy(dtype=np.int64)
    ends = np.minimum(at + away, last[who] + 1)
    order = np.argsort(at[inside], kind="stable")
    return at[inside][order], ends[inside][order], len(known) - int(inside.sum())


def _injured_days(at: Ints, ends: Ints, start: Ints, recurrence_days: int) -> Marks:
    """Days after the first of an injury on which a new one would be taken for the same."""
    until = np.full(len(start), -1.0)
    np.maximum.at(until, at, np.maximum(at + recurrence_days, ends - 1) * 1.0)
    before = np.concatenate([[-1.0], np.maximum.accumulate(until)[:-1]]) if len(until) else until
    begun = np.concatenate([[-np.inf], last_place(until >= 0, start)[:-1]]) if len(until) else until
    return (begun >= start) & (before >= np.arange(len(start)))


# Which days lie within some days after a flag, and the table of person-periods behind rates.

#: Days after a flag that are looked at, always all of them. [d]
WINDOWS = tuple(int(EVALUATION[f"horizon{n}_days"]) for n in ("", "_2", "_3"))
LAG_DAYS = int(EVALUATION["lag_days"])
RUN_IN_DAYS = int(EVALUATION["run_in_days"])
RECURRENCE_DAYS = int(EVALUATION["recurrence_days"])


def person_periods(
    panel: pd.DataFrame,
    injuries: pd.DataFrame,
    *,
    windows: Sequence[int] = WINDOWS,
    lag_days: int = LAG_DAYS,
    run_in_days: int = RUN_IN_DAYS,
    recurrence_days: int = RECURRENCE_DAYS,
) -> pd.DataFrame:
    """One row per athlete and day: at risk or not, injured or not, how long after each flag.

    Parameters
    ----------
    panel, injuries, lag_days, run_in_days, recurrence_days
        As in `loadmon.evaluate`.
    windows : sequence of int
        Days after a flag that belong to it. [d]

    Returns
    -------
    DataFrame
        ``athlete``, ``date``, ``load``, ``runs``; ``at_risk``; ``why_not``: ``run_in`` (before any
        check has its full window), ``injured`` (a new injury would be taken for the same one),
        ``laid_off`` (from the 14th day in a row without load to the next load) or empty;
        ``injury``: a counted injury begins on this day; ``CHECK_7d`` and so on for each check and
        window: whether the day lies within so many days after a flag, NA where a flag in them is
        not known. For any software that fits a model to days at risk; docs/studies.md says how.

    Raises
    ------
    FrameError, SettingError
        As `loadmon.evaluate`.
    """
    check_days(windows, lag_days, run_in_days, recurrence_days)
    check_panel(panel)
    listed = checked_injuries(injuries)
    followed = follow_up(panel, listed, recurrence_days=recurrence_days, run_in_days=run_in_days)
    matched = int(listed["athlete"].isin(followed.names).sum())
    check_named_alike(listed, matched, list(followed.names[:3]))
    out = followed.panel[["athlete", "date", "load", "runs"]].copy()
    out["at_risk"], out["why_not"] = followed.at_risk, followed.why_not
    out["injury"] = followed.injured
    for check in checks_of(followed.panel):
        seen = after_flags(followed, check, lag_days)
        for days in windows:
            state = exposed(followed, seen, days)
            cells = pd.arrays.BooleanArray(state == 1, state < 0)
            out[f"{check}_{days}d"] = pd.Series(cells, index=out.index)
    return out.astype({"why_not": "str"})


def check_days(
    windows: Sequence[int], lag_days: int, run_in_days: int, recurrence_days: int
) -> None:
    """Refuse numbers of days that cannot be meant."""
    count_of(lag_days, "lag_days", 0)
    count_of(run_in_days, "run_in_days", 0)
    count_of(recurrence_days, "recurrence_days", 0)
    if min(counts_of(windows, "windows", 1), default=0) < 1:
        raise SettingError("windows must hold days, each at least 1")


def checks_of(panel: pd.DataFrame) -> list[str]:
    """Names of the checks whose flags a panel holds."""
    return [str(c).removeprefix(FLAG) for c in panel.columns if str(c).startswith(FLAG)]


@dataclass(frozen=True, slots=True)
class AfterFlags:
    """One check: the flag of every day, and the days since one was raised or not known."""

    state: States  # 1 raised, 0 not, -1 not known
    since_raised: Floats  # days from the first day that belongs to the latest one; infinite: none
    since_unsure: Floats
    lag_days: int


def after_flags(followed: FollowUp, check: str, lag_days: int) -> AfterFlags:
    """Days since the latest flag of a check, and since the latest that is not known."""
    cells = followed.panel[FLAG + check]
    if not cells.dropna().isin([True, False]).all():
        raise SettingError(f"{FLAG}{check} must hold True, False or NA")
    raised = cells.fillna(False).astype(bool)
    state = np.where(cells.isna(), -1, raised).astype(np.int8)
    since_raised, since_unsure = (
        _days_after(followed, state == code, lag_days) for code in (1, -1)
    )
    return AfterFlags(state, since_raised, since_unsure, lag_days)


def exposed(followed: FollowUp, seen: AfterFlags, days: int) -> States:
    """Whether each day lies within `days` days after a flag; -1 where that is not known."""
    before_first = np.arange(len(seen.state)) - followed.start < days + seen.lag_days - 1
    out = np.where((seen.since_unsure < days) | before_first, -1, 0).astype(np.int8)
    out[seen.since_raised < days] = 1
    return out


def _days_after(followed: FollowUp, marks: Marks, lag_days: int) -> Floats:
    """Days from the first day that belongs to the latest mark to each day; infinite if none."""
    last = last_place(marks, followed.start)
    shown = np.full(len(last), -np.inf)
    shown[lag_days:] = last[: max(0, len(last) - lag_days)]
    shown[shown < followed.start] = -np.inf
    out: Floats = np.arange(len(last)) - lag_days - shown
    return out
