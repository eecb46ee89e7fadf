"""Running power without a sensor, as the GOVSS stress score asks for it.

Power is linear in body mass and in the area that meets the air, so a session's fourth-power mean
follows from five sums over its stream that hold no setting (`power_moments`); mass, height and
threshold come in later (`lactate_normalised_power_w`).
"""

from __future__ import annotations

from math import comb

import numpy as np

from loadmon.effort.clock import Floats
from loadmon.effort.slope import running_cost
from loadmon.effort.stress import rolling_mean
from loadmon.evidence.effort import GOVSS, NORMALISED


def frontal_area_m2(mass_kg: float, height_m: float) -> float:
    """Area of a runner that meets the air. [m2]"""
    area = GOVSS["area"] * height_m ** GOVSS["area_h"] * mass_kg ** GOVSS["area_m"]
    return float(area * GOVSS["frontal_share"])


def running_power_w(
    speed_mps: Floats, grades: Floats, *, mass_kg: float, height_m: float
) -> Floats:
    """Power of steady running by Skiba's model. [W]

    Parameters
    ----------
    speed_mps, grades : ndarray of float
        Speed [m/s] and rise over run [-].
    mass_kg, height_m : float
        Of the runner. [kg, m]

    Notes
    -----
    Air resistance, and the cost of running times an efficiency that changes with speed. The
    model is one coach's, and no sensor has confirmed it.
    """
    air, run = _air_and_run(speed_mps, grades)
    return frontal_area_m2(mass_kg, height_m) * air + mass_kg * run


def _air_and_run(speed: Floats, grades: Floats) -> tuple[Floats, Floats]:
    """Power for each m2 that meets the air, and for each kg of the runner. [W/m2, W/kg]"""
    air = 0.5 * GOVSS["air_kg_m3"] * GOVSS["drag"] * speed**3
    efficiency = (GOVSS["efficiency"] + GOVSS["efficiency_per_mps"] * speed) * (
        1 - GOVSS["elastic_loss"] * speed / GOVSS["elastic_speed_mps"]
    )
    return np.asarray(air), np.asarray(running_cost(grades) * efficiency * speed)


def power_moments(speed_mps: Floats, grades: Floats) -> Floats:
    """Five means over a session from which its normalised power follows for any mass and height.

    Parameters
    ----------
    speed_mps, grades : ndarray of float, shape (n_seconds,)
        Speed [m/s] and rise over run [-] at each second.

    Returns
    -------
    ndarray of float, shape (5,)
        Mean of air^(4-k) run^k for k = 0 to 4, each smoothed as GOVSS asks: speed and grade over
        120 s, power over 30 s. NaN for no second.
    """
    if not len(speed_mps):
        return np.full(5, np.nan)
    window = int(GOVSS["mean_s"])
    parts = _air_and_run(rolling_mean(speed_mps, window), rolling_mean(grades, window))
    air, run = (rolling_mean(part, int(NORMALISED["window_s"])) for part in parts)
    return np.array([np.mean(air ** (4 - k) * run**k) for k in range(5)])


def lactate_normalised_power_w(moments: Floats, *, mass_kg: float, height_m: float) -> Floats:
    """Fourth root of the mean fourth power of a session. [W]

    Parameters
    ----------
    moments : ndarray of float, shape (..., 5)
        What `power_moments` gives.
    mass_kg, height_m : float
        Of the runner. [kg, m]
    """
    area = frontal_area_m2(mass_kg, height_m)
    weights = np.array([comb(4, k) * area ** (4 - k) * mass_kg**k for k in range(5)])
    fourth: Floats = moments @ weights
    return np.asarray(fourth**0.25)
