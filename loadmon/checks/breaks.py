"""Breaks in a history: gaps far beyond the runner's usual ones, and pains in the diary."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loadmon.athlete.diary import DISMISS
from loadmon.checks.pain import pains
from loadmon.evidence.checks import LOOKBACK
from loadmon.evidence.ramp import RAMP_START
from loadmon.load.silence import usual_gap
from loadmon.load.threshold import above

COLUMNS = {
    "start": "datetime64[us]",
    "end": "datetime64[us]",
    "days": "int64",
    "days_off": "int64",
    "kind": "str",
    "name": "str",
}
_ONE = pd.Timedelta(days=1)


def breaks(daily: pd.DataFrame, diary: pd.DataFrame, pauses: pd.DataFrame) -> pd.DataFrame:
    """Breaks in a history, in order of their start, those that the runner dismissed left out.

    Parameters
    ----------
    daily : DataFrame
        What `loadmon.daily_load` gives.
    diary : DataFrame
        What `loadmon.athlete.diary.load_diary` gives.
    pauses : DataFrame
        ``from_day, until_day, reason``: times without training that the runner told a vendor.

    Returns
    -------
    DataFrame
        ``start`` and ``end``: first and last day without a run, for a pain the days of its first
        and last entry; ``days``: from the last run before to the first after it, for a pain from
        the first entry to the last [d]; ``days_off``: full days without a run, 0 for a pain [d];
        ``kind``: ``gap`` or ``pain``; ``name``:
        what the diary or a vendor's export calls it, empty if nobody named it.

    Notes
    -----
    A gap is more than twice the usual gap between run days (their 95th percentile, at least 3) and
    holds at least 7 days without a run. A pain is one of 3 or more after four weeks without such a
    one; it is not listed apart if a gap begins within four weeks of it, or holds it
    (`loadmon.evidence.checks.LOOKBACK`). A break is named or dismissed by a line of the diary on
    any of its days.
    """
    gaps = _gaps(daily)
    found = pd.concat([gaps, _pains(diary, daily, gaps)], ignore_index=True)
    spans = zip(found["start"], found["end"], strict=True)
    found["name"] = [_name(start, end, diary, pauses) for start, end in spans]
    frame = found[found["name"] != DISMISS].sort_values("start", kind="stable", ignore_index=True)
    return frame.astype(COLUMNS)[list(COLUMNS)]


def _gaps(daily: pd.DataFrame) -> pd.DataFrame:
    """Gaps far beyond the usual ones, that are over and hold no day that is not known."""
    ran = (daily["runs"] > 0).to_numpy()
    usual = usual_gap(np.diff(np.flatnonzero(ran)))
    settled = np.flatnonzero(ran | daily["load"].isna().to_numpy())
    settled = settled[settled <= np.flatnonzero(ran).max(initial=-1)]
    between = np.diff(settled)
    far = above(between, LOOKBACK["times_usual_gap"] * usual)
    at = np.flatnonzero(far & (between - 1 >= RAMP_START["full_until_days"]))
    days = pd.DatetimeIndex(daily.index)
    rows = {"start": days[settled[at] + 1], "end": days[settled[at + 1] - 1], "days": between[at]}
    frame = pd.DataFrame(rows).assign(kind="gap", name="")
    return frame.assign(days_off=frame["days"] - 1).astype(COLUMNS)


def _pains(diary: pd.DataFrame, daily: pd.DataFrame, gaps: pd.DataFrame) -> pd.DataFrame:
    """Pains that came after some time without, each from its first to its last entry."""
    spans: list[list[pd.Timestamp]] = []
    apart = pd.Timedelta(days=int(LOOKBACK["pain_apart_days"]))
    felt = pains(diary, daily.index.max())
    for day in felt.loc[felt["pain"] >= LOOKBACK["pain_from"], "date"]:
        if spans and day - spans[-1][1] <= apart:
            spans[-1][1] = day
        elif day >= daily.index.min():
            spans.append([day, day])
    frame = pd.DataFrame(spans, columns=["start", "end"])
    days = [(end - start).days for start, end in spans]
    frame = frame.assign(days=days, days_off=0, kind="pain", name="").astype(COLUMNS)
    return frame[[not _belongs(start, gaps) for start in frame["start"]]]


def _belongs(pain: pd.Timestamp, gaps: pd.DataFrame) -> bool:
    """Whether a pain began within four weeks before a gap, or in it."""
    before = pd.Timedelta(days=int(LOOKBACK["before_days"]))
    return bool(((gaps["start"] - before <= pain) & (pain <= gaps["end"])).any())


def _name(start: pd.Timestamp, end: pd.Timestamp, diary: pd.DataFrame, pauses: pd.DataFrame) -> str:
    """What a break is called by the runner; the diary's word goes before that of an export."""
    told = diary[(diary["break"] != "") & diary["date"].between(start, end)]
    if len(told):
        return str(told["break"].iloc[-1])
    until = pauses["until_day"].fillna(end)
    meets = (pauses["from_day"] <= end) & (until >= start)
    return str(pauses.loc[meets, "reason"].iloc[0]) if meets.any() else ""
