"""The easy pace that turns the kilometres of a plan into minutes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from loadmon.checks.limits import Limits
from loadmon.errors import SettingError
from loadmon.evidence.ramp import EASY_PACE

_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True, slots=True)
class EasyPace:
    """How many minutes a kilometre of easy running takes.

    Parameters
    ----------
    min_per_km : float
        [min/km]
    told_by : {"stated", "files", "assumed"}
        The runner, the median of the runner's own runs, or nobody.
    n_runs : int
        Runs that the median is of; 0 where it is none.
    """

    min_per_km: float
    told_by: Literal["stated", "files", "assumed"]
    n_runs: int = 0


def easy_pace(
    activities: pd.DataFrame, until: pd.Timestamp, stated: str | float | None = None
) -> EasyPace:
    """Pace of easy running as stated, or as the files show it.

    Parameters
    ----------
    activities : DataFrame
        One row per activity.
    until : Timestamp
        Last day that counts: the last one before the break, so that no walk-run is among them.
    stated : str or float, optional
        ``"7:30"`` for each kilometre, or minutes. [min/km]

    Returns
    -------
    EasyPace
        Median of the runs of at least `loadmon.evidence.ramp.EASY_PACE` ``min_km`` in the
        ``days`` before; where these are fewer than ``min_runs``, a pace assumed for all.

    Raises
    ------
    SettingError
        If what is stated is no pace that a person can run.
    """
    if stated is not None:
        return EasyPace(_stated(stated), "stated")
    since = until - EASY_PACE["days"] * _DAY
    is_run = (activities["sport"] == "running") & activities["date"].between(since, until)
    runs = activities.loc[is_run & (activities["distance_km"] >= EASY_PACE["min_km"])]
    paces = runs["duration_min"] / runs["distance_km"]
    paces = paces[paces.between(EASY_PACE["fastest"], EASY_PACE["slowest"])]
    if len(paces) < EASY_PACE["min_runs"]:
        return EasyPace(EASY_PACE["assumed"], "assumed")
    return EasyPace(float(paces.median()), "files", len(paces))


def in_kilometres(limits: Limits, pace: EasyPace) -> Limits:
    """Limits whose caps on minutes of running also stand as kilometres, for the planner."""
    caps = [
        replace(cap, run_km=min(cap.run_km, cap.run_min / pace.min_per_km)) for cap in limits.caps
    ]
    return replace(limits, caps=tuple(caps))


def _stated(told: str | float) -> float:
    """Minutes per kilometre of what was written."""
    minutes, _, seconds = str(told).partition(":")
    try:
        value = float(minutes) + (float(seconds) / 60 if seconds else 0.0)
    except ValueError:
        value = float("nan")
    if not EASY_PACE["fastest"] <= value <= EASY_PACE["slowest"]:
        raise SettingError(
            f"easy pace {told!r}: minutes for a kilometre, like 7:30, between "
            f"{EASY_PACE['fastest']:g} and {EASY_PACE['slowest']:g}"
        )
    return value
