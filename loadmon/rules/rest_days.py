"""What happened on the days without a run: gentle movement, another sport, nothing, or unknown."""

from __future__ import annotations

import pandas as pd

from loadmon.evidence.clinic import LIGHTER_WEEK
from loadmon.frames import table_of
from loadmon.ratio import above

#: What a day without a run can hold, in the order of precedence.
KINDS = ("walk", "mobility", "strength", "other", "nothing", "unknown")
_GENTLE_SUB_SPORTS = frozenset({"yoga", "pilates", "flexibility_training", "breathing"})
_WEEK = 7


def quiet_days(daily: pd.DataFrame, activities: pd.DataFrame, strength: pd.Series) -> pd.Series:
    """What each day of `daily` without a run held: the first of `KINDS` that applies."""
    days = pd.DatetimeIndex(daily.index[daily["status"] != "run"])
    gentle = activities.loc[activities["sub_sport"].isin(_GENTLE_SUB_SPORTS), "date"]
    kinds = pd.Series("nothing", index=days, dtype="str")
    kinds[(daily.loc[days, "other_min"] != 0).to_numpy()] = "other"
    kinds[days.isin(strength)] = "strength"
    kinds[days.isin(gentle)] = "mobility"
    kinds[(daily.loc[days, "walk_km"] != 0).to_numpy()] = "walk"
    kinds[daily.loc[days, "status"].isin(["unknown", "silent"]).to_numpy()] = "unknown"
    return kinds


def lay_offs(daily: pd.DataFrame, quiet: pd.Series, min_days: int) -> pd.DataFrame:
    """Lay-offs, and how many of their days had gentle movement (a walk or mobility) or more."""
    ran = pd.Series(~daily.index.isin(quiet.index), index=daily.index)
    stretch = ran.cumsum()[~ran]
    kinds = (["walk", "mobility"], ["strength", "other"], ["unknown"])
    rows = [
        (part.index[0], part.index[-1], len(part), *(part.isin(kind).sum() for kind in kinds))
        for _, part in quiet.groupby(stretch.reindex(quiet.index))
        if len(part) >= min_days
    ]
    names = ("start", "end", "days", "gentle_days", "other_days", "unknown_days")
    types = {n: "datetime64[us]" if n in ("start", "end") else "int64" for n in names}
    return table_of(rows, types)


def lighter_weeks(weekly: pd.DataFrame) -> pd.Series:
    """Whether each whole week was clearly lighter than the three weeks before it; None unknown."""
    whole = weekly["load"].mask(weekly["partial"])
    before = whole.shift().rolling(int(LIGHTER_WEEK["weeks_before"])).mean()
    known = whole.notna() & (before > 0)
    lighter = above((LIGHTER_WEEK["share"] * before).to_numpy(), whole.to_numpy())
    return pd.Series(
        [bool(x) if k else None for x, k in zip(lighter, known, strict=True)],
        index=weekly.index,
        dtype=object,
    )
