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
    told = known.drop(columns="athlete").to_dict("records")
    return activities(
        [
            {name: x for name, x in row.items() if not pd.isna(x)}
            | {"sport": "running" if row["distance_km"] > 0 else "swimming"}
            for row in told
        ],
        unknown_days=lost,
    )


def with_doubles(sessions: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Sessions at 7 o'clock and 6 min/km, one in twenty in two recordings or with a second run.

    Of the second runs a third begins 20 minutes after the first ends, a third in the evening, and a
    third 20 minutes after a first that ends at 23:50, on the next day.
    """
    rng, one = np.random.default_rng(seed), pd.Timedelta(days=1)
    ran = sessions["distance_km"] > 0
    minutes = (6 * sessions["distance_km"]).where(ran)
    start = (sessions["date"] + 7 * one / 24).where(ran)
    twice = ran & (rng.random(len(sessions)) < 0.05)
    kind = pd.Series(rng.integers(0, 3, len(sessions)), sessions.index)
    length = pd.to_timedelta(minutes.fillna(0), unit="min")
    start = start.mask(twice & (kind == 2), sessions["date"] + one * (1 - 10 / 1440) - length)
    sessions = sessions.assign(duration_min=minutes, start_utc=start)
    second = sessions[twice].assign(distance_km=lambda f: (0.7 * f["distance_km"]).round(2))
    second["duration_min"] = 6 * second["distance_km"]
    soon = start[twice] + length[twice] + one * 20 / 1440
    second["start_utc"] = soon.mask(kind[twice] == 1, second["date"] + one * 17 / 24)
    second["date"] = second["start_utc"].dt.normalize()
    return pd.concat([sessions, second], ignore_index=True)


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
