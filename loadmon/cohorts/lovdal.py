"""The published training logs of 74 competitive runners, as their authors published them.

Lovdal, den Hartigh and Azzopardi 2021, Int J Sports Physiol Perform 16:1522,
doi:10.1123/ijspp.2020-0518; data: DataverseNL, doi:10.34894/UWU9PV, CC0. The files are not part of
this project: download ``day_approach_maskedID_timeseries.csv`` and
``week_approach_maskedID_timeseries.csv`` and name where they lie.

Each row is an event, a day of a runner, with the training before it in columns whose names end in
a number. The two files count in opposite directions: in the day file the columns without a number
are the oldest day and those with ``.6`` the day before the event; in the week file the columns
without a number are the last week and those with ``.2`` the oldest one.
"""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike

import numpy as np
import pandas as pd

from loadmon.calendar import Day, day_of
from loadmon.cohorts.tables import check_cells, refuse
from loadmon.diary import path_of
from loadmon.errors import FrameError, ReadError
from loadmon.rules import weekly_change

#: Columns of one day in the day file, and what they are called here.
DAY_COLUMNS = {
    "nr. sessions": "sessions",
    "total km": "distance_km",
    "km Z3-4": "distance_z3_4_km",
    "km Z5-T1-T2": "distance_z5_t1_t2_km",
    "km sprinting": "distance_sprint_km",
    "strength training": "strength_sessions",
    "hours alternative": "alternative_h",
    "perceived exertion": "perceived_exertion",
    "perceived trainingSuccess": "perceived_success",
    "perceived recovery": "perceived_recovery",
}
#: Columns of one week in the week file that are used, and what they are called here.
WEEK_COLUMNS = {
    "nr. sessions": "sessions",
    "nr. rest days": "rest_days",
    "total kms": "distance_km",
    "max km one day": "longest_day_km",
    "total hours alternative training": "alternative_h",
    "nr. strength trainings": "strength_sessions",
}
#: Columns of every event, whole numbers, with the largest that can be meant.
_KEYS = {"Athlete ID": 1_000_000, "injury": 1, "Date": 100_000}
_DAYS, _WEEKS = 7, 3
#: What stands for a feeling on a day without training.
_NO_FEELING = -0.01
#: Share of days given twice that may differ before the order of columns is taken for another one.
_MAY_DIFFER = 0.05


@dataclass(frozen=True, slots=True)
class LovdalDays:
    """The day file.

    Parameters
    ----------
    sessions : DataFrame
        One row per runner and day from the first to the last that is given: ``athlete``, ``date``,
        the columns of `DAY_COLUMNS`; NaN on days that no event tells of. What
        `loadmon.daily_panel` takes.
    injuries : DataFrame
        ``athlete`` and ``date`` of the events that are injuries.
    """

    sessions: pd.DataFrame
    injuries: pd.DataFrame


def read_lovdal_days(path: str | PathLike[str], *, first_day: Day = "2012-01-02") -> LovdalDays:
    """Read the day file: seven days before each event, put back into one calendar a runner.

    Parameters
    ----------
    path : path
        ``day_approach_maskedID_timeseries.csv``.
    first_day : str, date or Timestamp
        What day 0 is called. The dates are masked: days of the week mean nothing.

    Returns
    -------
    LovdalDays
        Daily training and injuries.

    Raises
    ------
    ReadError
        If the file cannot be read.
    FrameError
        If a published column is missing, a cell is no finite number, an athlete, injury or date no
        whole number in its range (the row is named), or days that several events tell of differ,
        as they would in another order of columns.

    Notes
    -----
    Distances are of a day, not of a session. Events were chosen by the authors: injuries at least
    three weeks apart, and days in good health three weeks before and after. Before an injury only
    its own seven days are given, so checks that look further back are not known there, and rates
    per day are not those of a season. With ``horizon_days=1``, `loadmon.evaluate` looks at the
    flag of the day before, which seven days settle.
    """
    day_of(first_day, "first_day")
    table = _read(path, DAY_COLUMNS, _DAYS)
    event = table["Date"].to_numpy()
    parts = []
    for k in range(_DAYS):  # the last one of a day that is given twice is kept: the nearest event
        part = table[["Athlete ID", *(_column(c, k) for c in DAY_COLUMNS)]]
        part = part.set_axis(["athlete", *DAY_COLUMNS.values()], axis=1)
        parts.append(part.assign(day=event - _DAYS + k, nearness=k))
    days = pd.concat(parts, ignore_index=True).sort_values(["athlete", "day", "nearness"])
    distances = days.groupby(["athlete", "day"])["distance_km"].agg(["size", "min", "max"])
    twice = distances[distances["size"] > 1]
    what = (
        "the days that several events tell of differ; the columns without a number must be the "
        "oldest day, those with .6 the last"
    )
    _check_order(twice["max"] - twice["min"] > 1e-6, path, what)
    days = days.drop_duplicates(["athlete", "day"], keep="last").drop(columns="nearness")
    feelings = [c for c in days.columns if c.startswith("perceived_")]
    days[feelings] = days[feelings].mask(np.isclose(days[feelings], _NO_FEELING))
    return LovdalDays(_calendar(days, first_day), _events(table[table["injury"] == 1], first_day))


def read_lovdal_weeks(path: str | PathLike[str], *, first_day: Day = "2012-01-02") -> pd.DataFrame:
    """Read the week file: the three weeks before each event.

    Parameters
    ----------
    path : path
        ``week_approach_maskedID_timeseries.csv``.
    first_day : str, date or Timestamp
        What day 0 is called; days of the week mean nothing.

    Returns
    -------
    DataFrame
        One row per event: ``athlete``, ``date``, ``injury`` (bool); for the last week and the two
        before it (``_1``, ``_2``) the columns of `WEEK_COLUMNS`; ``change``: last week over the
        one before [-], NaN where that is 0; ``flag_weekly_change``: above the limit of
        `loadmon.check`, NA where there is no change.

    Raises
    ------
    ReadError, FrameError
        As `read_lovdal_days`.
    """
    day_of(first_day, "first_day")
    table = _read(path, WEEK_COLUMNS, _WEEKS)
    out = _events(table, first_day).assign(injury=table["injury"].to_numpy() == 1)
    for k in range(_WEEKS):
        for column, name in WEEK_COLUMNS.items():
            out[name if k == 0 else f"{name}_{k}"] = table[_column(column, k)].to_numpy()
    before = out["distance_km_1"].where(out["distance_km_1"] > 0)
    out["change"] = out["distance_km"] / before
    published = "rel total kms week 0_1"
    if published not in table.columns:
        raise FrameError(
            f"{path}: no column {published!r}; it is not the file of doi:10.34894/UWU9PV"
        )
    known = before > 1
    same = np.isclose(out["change"][known], table[published][known], rtol=1e-3, atol=1e-3)
    what = (
        "the ratios of week 0 over week 1 are not those of its columns; the columns without a "
        "number must be the last week"
    )
    _check_order(pd.Series(~same), path, what)
    grown = weekly_change.exceeds(out["distance_km"].to_numpy(), before.to_numpy())
    out["flag_weekly_change"] = pd.array(grown, dtype="boolean")
    out.loc[before.isna(), "flag_weekly_change"] = pd.NA
    return out


def _column(name: str, k: int) -> str:
    return name if k == 0 else f"{name}.{k}"


def _read(path: str | PathLike[str], columns: dict[str, str], times: int) -> pd.DataFrame:
    """Table of a published file, after making sure that it is one."""
    path_of(path)
    try:
        table = check_cells(pd.read_csv(path, low_memory=False), path)
    except (OSError, ValueError) as error:
        raise ReadError(f"{path}: cannot be read as a table ({error})") from None
    wanted = [*_KEYS, *(_column(c, k) for k in range(times) for c in columns)]
    missing = [c for c in wanted if c not in table.columns]
    if missing:
        raise FrameError(
            f"{path}: no column {missing[0]!r}; it is not the file published as "
            "doi:10.34894/UWU9PV (another one of the two?)"
        )
    ratios = [c for c in table.columns if c.startswith("rel total kms")]
    checked: dict[str, pd.Series] = {}
    for name in dict.fromkeys([*wanted, *ratios]):
        values = pd.to_numeric(table[name], errors="coerce").astype("float64")
        bad = (values.isna() & table[name].notna()) | np.isinf(values)
        refuse(bad, table[name], path, "no finite number")
        checked[name] = values
    for name, most in _KEYS.items():
        whole = (checked[name] % 1 == 0) & checked[name].between(0, most)
        refuse(~whole, table[name], path, f"no whole number from 0 to {most}")
        checked[name] = checked[name].astype("int64")
    return table.assign(**checked)


def _events(table: pd.DataFrame, first_day: Day) -> pd.DataFrame:
    """Runner and day of each event."""
    days = pd.to_timedelta(table["Date"].to_numpy(), unit="D")
    rows = pd.DataFrame({"athlete": table["Athlete ID"].astype("str").to_numpy()})
    rows["date"] = (day_of(first_day) + days).astype("datetime64[us]")
    return rows


def _check_order(differ: pd.Series, path: str | PathLike[str], what: str) -> None:
    """Refuse a file in which so much disagrees that its columns must be in another order."""
    share = differ.mean() if len(differ) else 0.0
    if share > _MAY_DIFFER:
        raise FrameError(f"{path}: {100 * share:.0f} % of {what}")


def _calendar(days: pd.DataFrame, first_day: Day) -> pd.DataFrame:
    """Every day of a runner from the first to the last that is given."""
    spans = days.groupby("athlete")["day"].agg(["min", "max"])
    given = [
        (who, day) for who, first, last in spans.itertuples() for day in range(first, last + 1)
    ]
    every = pd.MultiIndex.from_tuples(given, names=["athlete", "day"])
    out = days.set_index(["athlete", "day"]).reindex(every).reset_index()
    dates = day_of(first_day) + pd.to_timedelta(out.pop("day").to_numpy(), unit="D")
    out.insert(1, "date", dates)
    return out.astype({"athlete": "str", "date": "datetime64[us]"})
