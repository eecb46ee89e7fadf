"""Made-up cohorts whose truth is known: what an evaluation should find is chosen beforehand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.arguments import amount_of, count_of
from loadmon.calendar import LONGEST_DAYS, Day, day_of
from loadmon.evidence.limits import LAYOFF
from loadmon.ratio import Floats, Marks
from loadmon.rules import session_spike

_WEEK, _YEAR = 7, 365.25


@dataclass(frozen=True, slots=True)
class SimulatedCohort:
    """A made-up cohort.

    Parameters
    ----------
    sessions : DataFrame
        One row per run: ``athlete``, ``date``, ``distance_km``, ``duration_min``. A distance of
        NaN is a day that was not recorded.
    injuries : DataFrame
        One row per injury: ``athlete``, ``date`` (its first day) and ``end`` (first day back).
    hazard_ratio : float
        True ratio of the hazards: a day after a session spike over any other day. [-]
    effect_days : int
        Days after a session spike on which that holds. [d]
    """

    sessions: pd.DataFrame
    injuries: pd.DataFrame
    hazard_ratio: float
    effect_days: int


def simulate_cohort(
    athletes: int = 200,
    *,
    days: int = 730,
    hazard_ratio: float = 1.0,
    effect_days: int = 7,
    injuries_per_1000_days: float = 2.0,
    unknown_days_per_year: float = 0.0,
    first_day: Day = "2024-01-01",
    seed: int = 0,
) -> SimulatedCohort:
    """Make up a cohort of runners with seasons, lay-offs, spikes and injuries.

    Parameters
    ----------
    athletes, days : int
        Size of the cohort, and days that each one is followed. [d]
    hazard_ratio : float
        Times an injury is likelier on each of the `effect_days` days after a session spike, as
        `loadmon.session_spikes` defines one and by over half a kilometre. [-] 1: no effect.
    effect_days : int
        Days after a spike, without its own day, on which that holds. [d]
    injuries_per_1000_days : float
        Injuries per 1,000 days at risk without a spike before them, for the average runner; half
        of the runners are between 0.7 and 1.4 times that. [1/1000 d]
    unknown_days_per_year : float
        Run days whose distance is lost. [d/year]
    first_day : str, date or Timestamp
        First day of all.
    seed : int
        Another seed makes another cohort; the same one, with the same numpy, the same cohort.

    Returns
    -------
    SimulatedCohort
        Sessions, injuries and the truth behind them.

    Raises
    ------
    SettingError
        If a size is below 1, or a rate is below 0.

    Notes
    -----
    Nothing here is fitted to real runners: the cohort tests a method, it says nothing of injuries.
    An injury falls on any day with the same odds, run day or not, except while the runner is
    injured or laid off (14 days without a run), and keeps the runner away for about 20 days.
    """
    count_of(athletes, "athletes")
    count_of(days, "days", 1, LONGEST_DAYS)
    count_of(effect_days, "effect_days")
    amount_of(hazard_ratio, "hazard_ratio")
    amount_of(injuries_per_1000_days, "injuries_per_1000_days")
    amount_of(unknown_days_per_year, "unknown_days_per_year")
    count_of(seed, "seed", 0)
    start = day_of(first_day, "first_day").to_datetime64().astype("datetime64[D]")
    rng = np.random.default_rng(seed)
    planned = _planned_km(rng, days, athletes)
    base = injuries_per_1000_days / 1000 * np.exp(rng.normal(0, 0.5, athletes))
    ran, injured, back = _lived(rng, planned, base, hazard_ratio, effect_days)
    names = np.array([f"r{i:05d}" for i in range(athletes)])
    runners, on = np.nonzero(ran.T > 0)
    km = np.round(ran[on, runners], 2)
    lost = unknown_days_per_year * days / _YEAR * athletes / max(len(km), 1)
    km = np.where(rng.random(len(km)) < lost, np.nan, km)
    dtypes = {"athlete": "str", "date": "datetime64[us]"}
    sessions = pd.DataFrame({"athlete": names[runners], "date": start + on, "distance_km": km})
    sessions = sessions.assign(duration_min=6 * km).astype(dtypes)
    hurt, when = np.nonzero(injured.T)
    injuries = pd.DataFrame({"athlete": names[hurt], "date": start + when})
    injuries = injuries.assign(end=start + back[when, hurt])
    injuries = injuries.astype(dtypes | {"end": "datetime64[us]"})
    return SimulatedCohort(sessions, injuries, hazard_ratio, effect_days)


def _planned_km(rng: np.random.Generator, days: int, athletes: int) -> Floats:
    """Distance that each runner means to run on each day, before injuries. [km]"""
    weekday = np.arange(days) % _WEEK
    order = rng.random((_WEEK, athletes)).argsort(axis=0)
    run_days = rng.integers(3, 7, athletes)
    runs = (order < run_days)[weekday] & (rng.random((days, athletes)) > 0.08)
    weekly = np.clip(np.exp(rng.normal(np.log(35), 0.5, athletes)), 8, 140)
    share = np.where(order == 0, 1.6, 1.0) / (run_days + 0.6)
    turn = 2 * np.pi * (np.arange(days)[:, None] / _YEAR + rng.random(athletes))
    season = 1 + rng.uniform(0.1, 0.35, athletes) * np.sin(turn)
    km: Floats = (
        runs * weekly * share[weekday] * season * np.exp(rng.normal(0, 0.1, (days, athletes)))
    )
    spikes = (rng.random((days, athletes)) < 0.06) & (order == 0)[weekday]
    km *= np.where(spikes, rng.uniform(1.3, 2.2, (days, athletes)), 1.0)
    for athlete, off in enumerate(rng.poisson(1.2 * days / _YEAR, athletes)):
        for start in rng.integers(0, days, off):
            km[start : start + rng.integers(10, 43), athlete] = 0
    return km


def _lived(
    rng: np.random.Generator, planned: Floats, base: Floats, hazard_ratio: float, effect_days: int
) -> tuple[Floats, Marks, npt.NDArray[np.int64]]:
    """Live through the plan: distances run [km], days of injury, and the first days back."""
    days, athletes = planned.shape
    ran, injured = np.zeros(planned.shape), np.zeros(planned.shape, dtype=bool)
    back_on = np.zeros(planned.shape, dtype=np.int64)
    back, last_spike = np.full(athletes, -_WEEK * 3), np.full(athletes, -days)
    off = np.zeros(athletes, dtype=np.int64)
    before = int(session_spike.SESSION_SPIKE["window_days"])
    for day in range(days):
        able = day >= back
        eased = np.clip(0.5 + (day - back) / (2 * 3 * _WEEK), 0.5, 1.0)
        km = ran[day] = np.round(planned[day] * eased * able, 2)
        off = np.where(km > 0, 0, off + 1)
        exposed = last_spike >= day - effect_days
        hazard = base * np.where(exposed, hazard_ratio, 1.0)
        injured[day] = (
            able & (off < LAYOFF["returning_from_days"]) & (rng.random(athletes) < hazard)
        )
        away = np.clip(np.exp(rng.normal(np.log(18), 0.5, athletes)), _WEEK, 90).astype(np.int64)
        back = np.where(injured[day], day + 1 + away, back)
        back_on[day] = back
        longest = ran[max(0, day - before) : day].max(axis=0, initial=0.0)
        last_spike = np.where(session_spike.is_spike(km, longest), day, last_spike)
    return ran, injured, back_on
