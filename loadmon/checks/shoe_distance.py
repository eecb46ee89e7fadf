"""How far each pair of shoes has run: by the platform's gear, else by the runner's own rules."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from loadmon.athlete.profile import Shoe
from loadmon.evidence.shoes import SHOE_NEW
from loadmon.load.calendar import LONGEST_DAYS

#: Name in the frame for the distance that no pair is known for.
UNASSIGNED = ""
_WEEK = 7


def worn(activities: pd.DataFrame, gear: pd.DataFrame, shoes: tuple[Shoe, ...]) -> pd.Series:
    """Pair of shoes of each run.

    Parameters
    ----------
    activities : DataFrame
        One row per activity.
    gear : DataFrame
        ``activity_id`` and ``gear``, the name by the platform.
    shoes : tuple of Shoe
        Pairs in ``athlete.toml``.

    Returns
    -------
    Series of str
        Index of `activities`; empty where no pair is known. The platform's gear counts first;
        then the only pair whose sports and days fit, a pair named for the sub-sport before one
        for the sport; among several that fit, the one default; otherwise none is guessed.
    """
    told = dict(zip(gear["activity_id"], gear["gear"], strict=True))
    named = [
        told.get(a["activity_id"]) or _by_rule(a["sport"], a["sub_sport"], a["date"].date(), shoes)
        for a in activities.to_dict("records")
    ]
    return pd.Series(named, index=activities.index, dtype="str")


def _by_rule(sport: str, sub_sport: str, day: date, shoes: tuple[Shoe, ...]) -> str:
    """Name of the pair that the rules leave; empty where they leave none or several."""
    current = [s for s in shoes if _is_worn_on(s, day)]
    for kind in (sub_sport, sport):
        fitting = [s for s in current if kind in s.sports]
        defaults = [s for s in fitting if s.is_default]
        for choice in (fitting, defaults):
            if len(choice) == 1:
                return choice[0].name
        if fitting:
            break
    return UNASSIGNED


def _is_worn_on(shoe: Shoe, day: date) -> bool:
    begun = shoe.from_day is None or day >= shoe.from_day
    return begun and (shoe.until_day is None or day <= shoe.until_day)


def shoe_distance(
    runs: pd.DataFrame, pair: pd.Series, shoes: tuple[Shoe, ...], as_of: pd.Timestamp
) -> pd.DataFrame:
    """Distance of each pair, and when it will reach its end at the present rate.

    Parameters
    ----------
    runs : DataFrame
        Activities that shoes are worn for; rows after `as_of` are ignored.
    pair : Series of str
        What `worn` gives.
    shoes : tuple of Shoe
        Pairs in ``athlete.toml``: distance before, own end of life.
    as_of : Timestamp
        Last day that counts.

    Returns
    -------
    DataFrame
        One row per pair in order of first use, the unassigned distance (``shoe`` empty) last:
        ``shoe``; ``runs``; ``first`` and ``last`` day; ``distance_km`` of the activities, what is
        known of it; ``unknown`` (runs without a known distance); ``total_km`` with what it had
        run before; ``retire_km``, the runner's own, NaN for none; ``weekly_km`` over the last 8
        weeks; ``retire_on``, the day on which `retire_km` is reached at that rate, NaT where it
        cannot be told, lies behind or more than 100 years ahead.
    """
    past = runs[runs["date"] <= as_of]
    names = pair.loc[past.index]
    groups = past.assign(shoe=names).groupby("shoe", sort=False)
    told = groups.agg(
        runs=("date", "size"),
        first=("date", "min"),
        last=("date", "max"),
        distance_km=("distance_km", "sum"),
        unknown=("distance_km", lambda km: int(km.isna().sum())),
    )
    known = {s.name: s for s in shoes}
    start = [known[n].start_km if n in known else 0.0 for n in told.index]
    told["total_km"] = told["distance_km"] + start
    told["retire_km"] = [known[n].retire_km if n in known else float("nan") for n in told.index]
    weeks = int(SHOE_NEW["recent_weeks"])
    recent = past[past["date"] > as_of - pd.Timedelta(days=_WEEK * weeks)]
    last = recent["distance_km"].groupby(names.loc[recent.index]).sum() / weeks
    told["weekly_km"] = last.reindex(told.index, fill_value=0.0)
    told["retire_on"] = _retire_on(told, as_of)
    told = told.sort_values("first", kind="stable").reset_index()
    is_own = told["shoe"] != UNASSIGNED
    return pd.concat([told[is_own], told[~is_own]], ignore_index=True)


def _retire_on(told: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Day on which the own end of life is reached at the present rate."""
    left = told["retire_km"] - told["total_km"]
    days = (_WEEK * left / told["weekly_km"].where(told["weekly_km"] > 0)).where(left > 0)
    days = days.where(days <= LONGEST_DAYS)
    whole = pd.Series(pd.to_timedelta(np.ceil(days), unit="D"), index=told.index)
    return (whole + as_of).astype("datetime64[us]")
