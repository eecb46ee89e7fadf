"""Normalised speed and power, intensity, and stress on the scale of an hour at threshold."""

from __future__ import annotations

import numpy as np

from loadmon.effort.clock import Floats
from loadmon.evidence.effort import NORMALISED, STRESS


def normalised(values: Floats) -> float:
    """Mean that weighs hard stretches more: fourth root of the mean fourth power of 30 s means.

    Parameters
    ----------
    values : ndarray of float, shape (n_seconds,)
        Speed or power at each second.

    Returns
    -------
    float
        In the unit of `values`; NaN for none.

    Notes
    -----
    For power this is Coggan's normalized power. For flat-equivalent speed it is an analogue of
    TrainingPeaks' NGP, whose formula is not published. The first 29 s average over what there is.
    """
    if not len(values):
        return np.nan
    power = NORMALISED["power"]
    means = rolling_mean(values, int(NORMALISED["window_s"]))
    return float(np.mean(means**power) ** (1 / power))


def rolling_mean(values: Floats, window: int) -> Floats:
    """Mean of the `window` values that end at each, of fewer at the beginning."""
    total = np.cumsum(np.insert(values, 0, 0.0))
    upto = np.arange(1, len(values) + 1)
    since = np.maximum(upto - window, 0)
    return np.asarray((total[upto] - total[since]) / (upto - since))


def intensity(value: Floats, threshold: float) -> Floats:
    """Share of the threshold [-], both speeds [m/s] or both powers [W]; never paces."""
    return np.asarray(value / threshold)


def stress(duration_min: Floats, share: Floats) -> Floats:
    """Stress of a session: 100 for an hour at threshold, by the square of the intensity.

    Parameters
    ----------
    duration_min : ndarray of float
        Timer time. [min]
    share : ndarray of float
        Intensity, the share of the threshold. [-]
    """
    return np.asarray(STRESS["hour_at_threshold"] * duration_min / 60.0 * share**2)
