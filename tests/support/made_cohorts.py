"""Tables of many athletes, and the same athletes one by one as `loadmon.read` would give them."""

from __future__ import annotations

import numpy as np
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


FIRST = pd.Timestamp("2024-01-01")


def day(n: int) -> pd.Timestamp:
    return FIRST + pd.Timedelta(days=n)


def panel(
    days: int = 60, *, flags: dict[str, list[int]], unknown: dict[str, list[int]] | None = None
) -> pd.DataFrame:
    """Athletes who run 5 km every other day, with flags on some days."""
    parts = []
    for athlete, on in flags.items():
        flag = pd.array([n in on for n in range(days)], dtype="boolean")
        for n in (unknown or {}).get(athlete, []):
            flag[n] = pd.NA
        load = [5.0 * (n % 2 == 0) for n in range(days)]
        dates = pd.date_range(FIRST, periods=days, unit="us")
        part = {"athlete": athlete, "date": dates, "load": load, "runs": np.sign(load)}
        parts.append(pd.DataFrame({**part, "flag_spike": flag}))
    return pd.concat(parts, ignore_index=True)


def injured(*rows: tuple[str, int], end: list[int] | None = None) -> pd.DataFrame:
    frame = pd.DataFrame(
        {"athlete": [r[0] for r in rows], "date": [day(r[1]) for r in rows]}
    ).astype({"date": "datetime64[us]", "athlete": "str"})
    return frame if end is None else frame.assign(end=[day(n) for n in end])


def only(table: pd.DataFrame) -> dict[str, float]:
    (row,) = table.to_dict("records")
    return row  # type: ignore[return-value]
