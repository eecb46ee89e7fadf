"""Seconds at each heart rate: all that heart-rate loads and zones need to know of a session."""

from __future__ import annotations

import numpy as np

from loadmon.effort.clock import Floats, earned_s

#: Heart rates of a histogram. [bpm]
BPM: Floats = np.arange(30.0, 241.0)


def seconds_at_bpm(time: Floats, heart_rate_bpm: Floats) -> Floats:
    """Count the seconds spent at each heart rate.

    Parameters
    ----------
    time : ndarray of float, shape (n_records,)
        Time of each record, rising. [s]
    heart_rate_bpm : ndarray of float, shape (n_records,)
        Heart rate, NaN not recorded. [bpm] Watches write whole beats; a fraction is rounded to
        the nearest, and what lies outside of `BPM` does not count.

    Returns
    -------
    ndarray of float, shape (211,)
        Seconds at each rate of `BPM`. [s] Gaps over 10 s and pauses earn nothing.

    Notes
    -----
    A load that weighs each second by its heart rate alone (Banister, Edwards, Lucia, time in
    zones) is the sum of these seconds times the weight of their rate: the histogram gives
    exactly what the stream of whole beats gives, whatever the athlete's settings.
    """
    rate = np.floor(heart_rate_bpm + 0.5)
    inside = (rate >= BPM[0]) & (rate <= BPM[-1])
    place = (rate[inside] - BPM[0]).astype(np.intp)
    seconds = np.bincount(place, weights=earned_s(time)[inside], minlength=len(BPM))
    return seconds.astype(np.float64)
