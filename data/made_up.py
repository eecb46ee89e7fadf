"""Made-up samples of an activity: a path in the middle of the Atlantic with a watch on it.

Only arithmetic that every machine rounds alike is used (no logarithm, no sine), so the same
arguments give the same samples everywhere.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass

SEA = (0.5, -30.0)
METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class Point:
    """One sample: time, timer since the start [s], distance [m], and what a watch measures."""

    time: dt.datetime
    timer_s: int
    distance_m: float
    speed_mps: float
    altitude_m: float
    heart_rate_bpm: int | None
    cadence_rpm: float | None
    latitude_deg: float | None
    longitude_deg: float | None


def made_up_points(
    start_utc: dt.datetime,
    *,
    distance_km: float,
    duration_min: float,
    heart_rate: int | None = 148,
    cadence_spm: int | None = 168,
    step_s: int = 10,
    position: bool = True,
    pause_s: int = 0,
    seed: int = 0,
    place: tuple[float, float] = SEA,
) -> list[Point]:
    """Make the samples of one activity, the first at 0 m, the last at `distance_km`.

    Parameters
    ----------
    start_utc : datetime
        Aware start.
    distance_km, duration_min : float
        Distance [km] and timer time [min], met exactly (to 1 cm and 1 s).
    heart_rate, cadence_spm : int or None
        Level after warming up [bpm] and steps of both feet [steps/min]; None means not recorded.
    step_s : int
        Time between samples. [s]
    position : bool
        False leaves out latitude and longitude.
    pause_s : int
        Length of a stop of the timer halfway. [s]
    seed : int
        Other noise for another seed.
    place : (float, float)
        Latitude and longitude of the first sample. [deg]
    """
    rng = random.Random(seed)
    span = round(duration_min * 60)
    timers = [*range(0, span, step_s), span]
    path = _distances_cm(timers, round(distance_km * 100_000), rng)
    places = _square(path, place) if position else [(None, None)] * len(path)
    points = []
    for i, timer in enumerate(timers):
        waited = pause_s if i > len(timers) // 2 else 0
        elapsed = timer - timers[i - 1] if i else 1
        warm_up = min(0, timer // 12 - 25)
        points.append(
            Point(
                time=start_utc + dt.timedelta(seconds=timer + waited),
                timer_s=timer,
                distance_m=path[i] / 100,
                speed_mps=round((path[i] - path[i - 1]) * 10 / elapsed) / 1000 if i else 0.0,
                altitude_m=_altitude_m(path[i]),
                heart_rate_bpm=heart_rate and heart_rate + warm_up + rng.randint(-4, 4),
                cadence_rpm=cadence_spm and (cadence_spm + rng.randint(-3, 3)) / 2,
                latitude_deg=places[i][0],
                longitude_deg=places[i][1],
            )
        )
    return points


def _distances_cm(timers: Sequence[int], total_cm: int, rng: random.Random) -> list[int]:
    """Split the distance over the samples with some noise, in whole centimetres."""
    summed = [0]
    for before, now in itertools.pairwise(timers):
        summed.append(summed[-1] + (now - before) * rng.randint(950, 1050))
    return [total_cm * part // summed[-1] for part in summed]


def _square(path_cm: Sequence[int], corner: tuple[float, float]) -> list[tuple[float, float]]:
    """Positions along four legs that turn at samples, so that no corner is cut."""
    turns = [path_cm[len(path_cm) * leg // 4] for leg in range(4)] + [path_cm[-1]]
    places = []
    for done in path_cm:
        north, east, south, west = (
            min(max(done - turns[leg], 0), turns[leg + 1] - turns[leg]) for leg in range(4)
        )
        places.append(
            (
                corner[0] + (north - south) / 100 / METRES_PER_DEGREE,
                corner[1] + (east - west) / 100 / METRES_PER_DEGREE,
            )
        )
    return places


def _altitude_m(done_cm: int) -> float:
    """Climb and descend 12 m every 2 km, in the fifths of a metre that FIT stores."""
    along = done_cm % 200_000
    return 5 + min(along, 200_000 - along) * 60 // 100_000 / 5
