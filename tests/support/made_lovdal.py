"""A made file of the published columns of training days (doi:10.34894/UWU9PV)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from loadmon.cohorts.lovdal import DAY_COLUMNS


def km_of(athlete: int, day: int) -> float:
    """Distance of a made-up runner on a day; every fourth day is rest."""
    return 0.0 if day % 4 == 2 else round(5 + athlete + (day * 37 % 11) / 10, 1)


def cells(athlete: int, day: int) -> list[float]:
    km = km_of(athlete, day)
    feeling = [0.12, 0.5, 0.18] if km else [-0.01] * 3
    zones = [round(km / 5, 2), 0.0, 0.1 * (km > 8)]
    return [float(km > 0), km, *zones, 0.0, 0.5 * (km == 0), *feeling]


def suffixed(names: list[str], times: int) -> list[str]:
    return [name if k == 0 else f"{name}.{k}" for k in range(times) for name in names]


def day_file(path: Path, *, newest_first: bool = False) -> Path:
    """Two runners with events on days 7 to 40; one injury of each stands apart, as published."""
    rows = []
    for athlete in (0, 12):
        for event in [*range(7, 41), 60]:
            days = range(event - 7, event)
            told = [cells(athlete, d) for d in (reversed(days) if newest_first else days)]
            rows.append([*np.concatenate(told), athlete, int(event == 60), event])
    columns = [*suffixed(list(DAY_COLUMNS), 7), "Athlete ID", "injury", "Date"]
    pd.DataFrame(rows, columns=columns).to_csv(path, index=False)
    return path
