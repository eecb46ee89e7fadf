"""Tables of many athletes, and the same athletes one by one as `loadmon.read` would give them."""

from __future__ import annotations

import pandas as pd
from made import activities


def as_activities(sessions: pd.DataFrame, athlete: object) -> pd.DataFrame:
    """One athlete's rows of a long table as activities: what is 0 is a swim, NaN a lost day."""
    rows = sessions[sessions["athlete"] == athlete].sort_values("date", kind="stable")
    known = rows[rows["distance_km"].notna()]
    lost = [f"{day:%Y-%m-%d}" for day in rows.loc[rows["distance_km"].isna(), "date"]]
    return activities(
        [
            (f"{day:%Y-%m-%d}", km, "running" if km > 0 else "swimming")
            for day, km in zip(known["date"], known["distance_km"], strict=True)
        ],
        unknown_days=lost,
    )


def with_gaps_told(sessions: pd.DataFrame) -> pd.DataFrame:
    """Sessions with a known row of 0 on each athlete's first and last day.

    An athlete's activities cannot begin or end with a day that is not known, a table can.
    """
    days = sessions.groupby("athlete")["date"].agg(["min", "max"])
    one = pd.Timedelta(days=1)
    edges = [days["min"] - one, days["max"] + one]
    rows = [edge.rename("date").reset_index().assign(distance_km=0.0) for edge in edges]
    return pd.concat([sessions, *rows], ignore_index=True)
