"""What counts as one run, and as a run day: outings, and a floor for a jog to the bus."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.calendar import numbers_of
from loadmon.errors import FrameError
from loadmon.evidence import limits as limits_evidence
from loadmon.ratio import TOLERANCE, Floats, Marks, reaches

#: What this file compares with; it is read here, and nowhere else, each time.
OUTING = limits_evidence.OUTING
RUN_DAY = limits_evidence.RUN_DAY

_SIZES = ("distance_km", "duration_min")
#: By which outings are told, where the activities have them.
TIMES = ("start_utc", "duration_min", "elapsed_min")
#: A moment as ISO writes it: no other text reaches code that makes times of texts.
_MOMENT = re.compile(
    r"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"([T ]([01][0-9]|2[0-3])(:[0-5][0-9]){1,2}(\.[0-9]{1,9})?"
    r" ?(Z|UTC|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?)?"
)
_MINUTE = np.timedelta64(60_000_000, "us")
Ints = npt.NDArray[np.int64]


def cut(activities: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Those of some columns that activities have: a frame of few is quickly cut to some rows."""
    return activities[[c for c in dict.fromkeys(columns) if c in activities.columns]]


def outing_of(sessions: pd.DataFrame, whose: Ints | None = None) -> Ints:
    """Row of the first recording of the outing of each session, which names the outing.

    Sessions of one sport, and of one runner unless `whose` numbers the runners. A session whose
    start is not known is an outing of its own. From the end, by timer time (else elapsed, else the
    start), to the next start: a watch left paused overnight does not join two days.
    """
    own = np.arange(len(sessions))
    if "start_utc" not in sessions.columns or len(sessions) < 2:
        return own
    start = _starts(sessions["start_utc"])
    known = np.flatnonzero(~np.isnat(start))
    runner = np.zeros(len(sessions), dtype=np.int64) if whose is None else whose
    order = known[np.lexsort((known, start[known], runner[known]))]
    if len(order) < 2:
        return own
    minutes = np.full(len(sessions), np.nan)
    for column in ("duration_min", "elapsed_min"):
        if column in sessions.columns:
            given = numbers_of(sessions, column)
            minutes = np.where(np.isnan(minutes), given, minutes)
    begins = start[order].astype(np.int64)
    ends = begins + np.nan_to_num(minutes[order]) * _MINUTE.astype(np.int64)
    other = np.append(True, runner[order][1:] != runner[order][:-1])
    # The latest end so far of each runner: runners stand apart by more than any time.
    apart = np.cumsum(other) * (np.ptp(np.append(begins, ends)) + 1.0)
    latest = np.maximum.accumulate(ends - ends.min() + apart) - apart + ends.min()
    gap = OUTING["gap_min"] * _MINUTE.astype(np.int64)
    first = other.copy()
    first[1:] |= begins[1:] - latest[:-1] > gap
    out = own.copy()
    out[order] = order[first][np.cumsum(first) - 1]
    return out


def _starts(start_utc: pd.Series) -> npt.NDArray[np.datetime64]:
    """Moments of a column of moments or of their texts; NaT where one is missing or empty."""
    wrong = "activities['start_utc'] must hold moments such as 2026-03-01T07:00Z"
    if isinstance(start_utc.dtype, pd.DatetimeTZDtype | np.dtypes.DateTime64DType):
        return start_utc.to_numpy("datetime64[us]")
    for value in start_utc[start_utc.notna() & (start_utc != "")].tolist():
        is_moment = _MOMENT.fullmatch(value) if isinstance(value, str) else None
        if not is_moment and not isinstance(value, datetime):
            raise FrameError(f"{wrong}, not {str(value)[:40]!r}")
    try:
        moments = pd.DatetimeIndex(pd.to_datetime(start_utc, utc=True, format="ISO8601"))
    except (ValueError, TypeError):  # a day that the month lacks
        raise FrameError(wrong) from None
    return moments.tz_localize(None).to_numpy().astype("datetime64[us]")


def outing_totals(values: Floats, outing: Ints) -> Floats:
    """Total of the outing of each session; NaN where it is not known of one of its sessions."""
    totals: Floats = np.bincount(outing, values, minlength=len(values)).astype(float)[outing]
    return totals


def run_days(minutes: Floats, km: Floats, at: Ints, n_days: int) -> Marks:
    """Which days hold running enough to count as run days.

    `at`: day of each session. A session of which neither time nor distance is known may be any.
    """
    unsized = np.isnan(minutes) & np.isnan(km)
    time, way, any_size = (
        np.bincount(at, np.nan_to_num(x.astype(float)), minlength=n_days)
        for x in (minutes, km, unsized)
    )
    enough: Marks = reaches(time, RUN_DAY["min"]) | reaches(way, RUN_DAY["distance_km"])
    return enough | (any_size > 0)


def below_run_day_km(runs: pd.DataFrame) -> float:
    """Longest run, in whole tenths, that makes no run day at the usual pace of some runs. [km]"""
    km, minutes = (runs[c].to_numpy(dtype=float, na_value=np.nan) for c in _SIZES)
    known = (km > 0) & (minutes > 0)
    pace = float(np.median(minutes[known] / km[known])) if known.any() else 0.0
    most = min(RUN_DAY["distance_km"], RUN_DAY["min"] / pace if pace else np.inf)
    return float(np.ceil(10 * most - TOLERANCE) - 1) / 10
