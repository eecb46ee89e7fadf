"""A recording minute by minute: what form and drift are judged on, whatever the watch's interval.

Streams come every second, every few seconds or in bursts; a minute is long enough to average the
steps of a run and short enough to hold one speed. Speed comes from the distance covered, not from
the momentary speed, so that FIT, GPX and TCX of one run give the same minutes.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from loadmon.effort.clock import Floats, earned_s
from loadmon.evidence.form import STEADY

#: Length of a minute and of the pieces that tell whether its speed was even. [s]
_MINUTE_S, _PIECE_S = 60.0, STEADY["piece_s"]
_PIECES = int(_MINUTE_S / _PIECE_S)
#: Altitude is averaged over this long around each border of a minute. [s]
_SMOOTH_S = STEADY["smooth_s"]
#: Streams whose mean over a minute is kept.
MEANS = (
    "heart_rate_bpm",
    "cadence_spm",
    "power_w",
    "stance_time_ms",
    "vertical_oscillation_mm",
    "vertical_ratio_pct",
    "stance_time_balance_pct",
)
COLUMNS = ("minute", "speed_mps", "speed_cv", "grade", *MEANS)


def minutes(time: Floats, streams: Mapping[str, Floats], distance_m: Floats) -> dict[str, Floats]:
    """Means of each whole recorded minute.

    Parameters
    ----------
    time : ndarray of float, shape (n_records,)
        Time of each record, rising. [s]
    streams : mapping of str to ndarray of float, shape (n_records,)
        Cleaned streams: ``altitude_m`` and `MEANS`, each of which may be absent.
    distance_m : ndarray of float, shape (n_records,)
        Way made up to each record, NaN not known. [m]

    Returns
    -------
    dict of str to ndarray of float, shape (n_minutes,)
        `COLUMNS`: ``minute`` since the first record [min]; ``speed_mps`` from the distance covered;
        ``speed_cv``, coefficient of variation of its six pieces of 10 s [-]; ``grade``, rise over
        run between smoothed altitudes [-]; then the time-weighted mean of each of `MEANS` in its
        own unit. NaN is not recorded. A minute with under 50 s of records, or without a distance,
        is left out; records more than 10 s before the next count for nothing.
    """
    if len(time) < 2:
        return {name: np.empty(0) for name in COLUMNS}
    at = time - time[0]
    weight = earned_s(at)
    # Only minutes with a record are laid out: a clock that jumps by years must not fill the memory.
    minute, place = np.unique(at // _MINUTE_S, return_inverse=True)
    covered = np.bincount(place, weight, len(minute))
    speed, spread = _speeds(at, distance_m, minute)
    whole = minute < at[-1] // _MINUTE_S
    keep = whole & (covered >= STEADY["covered_s"]) & ~np.isnan(speed)
    told = {"minute": minute, "speed_mps": speed, "speed_cv": spread}
    told["grade"] = _grades(at, streams.get("altitude_m"), speed, minute)
    for name in MEANS:
        told[name] = _means(streams.get(name), place, weight, len(minute))
    return {name: values[keep] for name, values in told.items()}


def _speeds(at: Floats, distance: Floats, minute: Floats) -> tuple[Floats, Floats]:
    """Mean speed of each minute, and the coefficient of variation of its pieces. [m/s, -]"""
    known = ~np.isnan(distance)
    spread = np.full(len(minute), np.nan)
    if known.sum() < 2:
        return spread.copy(), spread
    borders = minute[:, None] * _MINUTE_S + np.arange(_PIECES + 1) * _PIECE_S
    metres = np.interp(borders, at[known], distance[known])
    pieces = np.diff(metres, axis=1) / _PIECE_S
    mean = pieces.mean(axis=1)
    np.divide(pieces.std(axis=1), mean, out=spread, where=mean > 0)
    return mean, spread


def _grades(at: Floats, altitude: Floats | None, speed: Floats, minute: Floats) -> Floats:
    """Rise over run of each minute between altitudes smoothed at its borders. [-]"""
    grades = np.full(len(minute), np.nan)
    known = np.zeros(0, bool) if altitude is None else ~np.isnan(altitude)
    if altitude is None or known.sum() < 2:
        return grades
    area = np.concatenate([[0.0], np.cumsum(_trapezia(at[known], altitude[known]))])
    borders = (minute[:, None] + (0, 1)) * _MINUTE_S
    low = np.maximum(borders - _SMOOTH_S / 2, at[known][0])
    high = np.minimum(borders + _SMOOTH_S / 2, at[known][-1])
    span = high - low
    total = np.interp(high, at[known], area) - np.interp(low, at[known], area)
    level = np.full(borders.shape, np.nan)
    np.divide(total, span, out=level, where=span > 0)
    np.divide(np.diff(level)[:, 0], speed * _MINUTE_S, out=grades, where=speed > 0)
    return grades


def _trapezia(at: Floats, values: Floats) -> Floats:
    """Area under each step of a line."""
    areas: Floats = np.diff(at) * (values[1:] + values[:-1]) / 2
    return areas


def _means(values: Floats | None, place: npt.NDArray[np.int64], weight: Floats, n: int) -> Floats:
    """Time-weighted mean of what is known in each minute; NaN under half a minute of it."""
    means = np.full(n, np.nan)
    if values is None:
        return means
    share = np.where(np.isnan(values), 0.0, weight)
    seconds = np.bincount(place, share, n)
    total = np.bincount(place, share * np.nan_to_num(values), n)
    np.divide(total, seconds, out=means, where=seconds >= _MINUTE_S / 2)
    return means
