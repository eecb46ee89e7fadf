"""What one session costs: pure formulas over its streams, most of them free of any setting.

Reading turns a cleaned stream into an effort profile: seconds at each heart rate and speed, climb,
steps, normalised speed and power. Everything that depends on the athlete (TRIMP, zones, stress) is
a formula over that profile, vectorised over sessions, so changed settings need no second reading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import comb
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from loadmon.evidence import Evidence
from loadmon.evidence import loads as published
from loadmon.evidence.clinic import STEADY

Floats = npt.NDArray[np.float64]

# From records to seconds.


#: Stretches in which the timer stood: begin and end, one row each. [s]
Pauses = npt.NDArray[np.float64]
NO_PAUSES: Pauses = np.empty((0, 2))


def earned_s(
    time: Floats, pauses: Pauses = NO_PAUSES, longest_s: float = published.RECORDING["max_gap_s"]
) -> Floats:
    """Seconds to the next record in which the timer ran; 0 where it ran for longer, or is last."""
    seconds = np.zeros(len(time))
    np.subtract(time[1:], time[:-1], out=seconds[:-1])
    if len(pauses) and len(time):
        near = pauses[(pauses[:, 0] < time[-1]) & (pauses[:, 1] > time[0])]
        if len(near):
            stood = _stood_s(time, near)
            seconds[:-1] -= stood[1:] - stood[:-1]
    seconds[seconds > longest_s] = 0.0
    return seconds


def _stood_s(time: Floats, pauses: Pauses) -> Floats:
    """Seconds for which the timer had stood until each time."""
    order = np.argsort(pauses[:, 0], kind="stable")
    begins = pauses[order, 0]
    ends = np.maximum.accumulate(pauses[order, 1])
    begins = np.maximum(begins, np.concatenate([begins[:1], ends[:-1]]))  # one that overlaps
    ends = np.maximum(begins, ends)
    before = np.concatenate([[0.0], np.cumsum(ends - begins)])
    at = np.searchsorted(begins, time, side="right")
    inside = np.maximum(0.0, np.append(ends, time[-1:])[at - 1] - time) * (at > 0)
    return np.asarray(before[at] - inside)


def covered_s(
    time: Floats, values: Floats, pauses: Pauses = NO_PAUSES, earned: Floats | None = None
) -> Floats:
    """Seconds for which each value of a stream stands; `earned` are those of `earned_s`.

    It holds until the next record; of more than 2 s between two values each has its half, as on
    the straight line between them. A stream that most records leave out was written now and then:
    its values stand until the next one, wholly where it was written only when it changed.
    """
    known = ~np.isnan(values)
    out = np.zeros(len(time))
    if not known.any():
        return out
    if earned is None:
        earned = earned_s(time, pauses)
    if is_written_now_and_then(time, known):
        seconds = earned_s(time[known], pauses)
        is_changed = np.diff(values[known]) != 0
        half = np.zeros(len(seconds)) if is_changed.mean() > _MOSTLY else seconds / 2
    else:
        shared = (earned > _HELD_S) & known
        if not shared.any():
            return np.where(known, earned, 0.0)
        shared[:-1] &= known[1:]
        half = (np.where(shared, earned, 0.0) / 2)[known]
        seconds = earned[known]
    half[-1:] = 0.0
    out[known] = seconds - half + np.concatenate([[0.0], half[:-1]])
    return out


_HELD_S, _MOSTLY = 2.0, 0.9


def is_written_now_and_then(time: Floats, known: npt.NDArray[np.bool_]) -> bool:
    """Whether records as a rule leave a value out, not only where its sensor failed."""
    count = int(known.sum())
    if count < _FEW_VALUES or count > _OFTEN * len(known):
        return False
    return bool(np.median(np.diff(time[known])) > 1.5 * np.median(np.diff(time)))


_FEW_VALUES, _OFTEN = 10, 2 / 3


def each_second(
    time: Floats, *values: Floats, pauses: Pauses = NO_PAUSES, earned: Floats | None = None
) -> tuple[Floats, ...]:
    """Resample streams to one value a second of earned time, straight between records."""
    return _Seconds(time, pauses, earned_s(time, pauses) if earned is None else earned).of(*values)


class _Seconds:
    """The earned time of one session, on which its streams are laid out second by second."""

    def __init__(self, time: Floats, pauses: Pauses, earned: Floats) -> None:
        self.time, self.pauses, self.earned = time, pauses, earned
        #: By which records hold the streams: what `_lay_out` gives.
        self._laid_out: dict[bytes, tuple[_Rows, Floats, Floats]] = {}

    def of(self, *values: Floats) -> tuple[Floats, ...]:
        """Values of streams at each second, where the records hold all of them."""
        known = ~np.isnan(values[0])
        for other in values[1:]:
            known &= ~np.isnan(other)
        key = known.tobytes()
        if key not in self._laid_out:
            self._laid_out[key] = self._lay_out(known)
        rows, at, whole = self._laid_out[key]
        if len(at):
            return tuple([np.interp(whole, at, v[rows]) for v in values])
        return tuple([v[rows] for v in values])

    def _lay_out(self, known: npt.NDArray[np.bool_]) -> tuple[_Rows, Floats, Floats]:
        """Records to take, the seconds at which they stand, and the seconds in between.

        Where every second has a record that stands at it, these are its records, and no more.
        """
        nothing = np.empty(0)
        if not known.any():
            return slice(0), nothing, nothing
        is_whole = bool(known.all())
        rows = np.flatnonzero(known)
        seconds = self.earned if is_whole else earned_s(self.time[rows], self.pauses)
        if not is_whole and not is_written_now_and_then(self.time, known):
            beside = np.append(np.diff(rows) == 1, True)
            hole = ~beside & (seconds > published.RECORDING["max_hole_s"])
            seconds = np.where(hole, 0.0, seconds)
        total = np.cumsum(seconds)
        whole = np.arange(np.floor(seconds.sum()))
        if not len(whole):
            return slice(0), nothing, nothing
        # The records on both sides of a gap stand at the same second, where the one behind it
        # counts; interpolation asks for times that rise.
        before_gap = seconds == 0
        before_gap[-1] = False
        at = total - seconds - 1e-9 * before_gap
        each = np.flatnonzero(~before_gap)[: len(whole)]
        if len(each) == len(whole) and (at[each] == whole).all():
            return rows[each], nothing, nothing
        return slice(None) if is_whole else rows, at, whole


#: Records, as a stretch or one by one.
_Rows = slice | npt.NDArray[np.intp]


def rolling_mean(values: Floats, window: int) -> Floats:
    """Mean of the `window` values that end at each, of fewer at the beginning."""
    total = _sums(values)
    few = min(window, len(values))
    means = np.empty(len(values))
    np.divide(total[1 : few + 1], np.arange(1, few + 1), out=means[:few])
    np.subtract(total[few + 1 :], total[1 : len(total) - few], out=means[few:])
    means[few:] /= window
    return means


def _sums(values: Floats) -> Floats:
    """Sums of the first values: of none, of one, and so on to all."""
    total = np.zeros(len(values) + 1)
    np.cumsum(values, out=total[1:])
    return total


# Intensity histograms: all that heart-rate loads and zones need to know of a session. A load that
# weighs each second by its heart rate alone is the sum of these seconds times the weight of their
# rate: the histogram gives exactly what the stream of whole beats gives, whatever the settings.

#: Heart rates of a histogram. [bpm]
BPM: Floats = np.arange(30.0, 241.0)
#: Middles of the bins of a speed histogram, 0.02 m/s wide, to 10 m/s. [m/s]
SPEED_MPS: Floats = np.round(np.arange(0.01, 10.0, 0.02), 2)
_BIN_MPS = 0.02  # so a pace zone's bound is met to 0.01 m/s, 2 s/km at 5:00 /km


def seconds_at_bpm(
    time: Floats,
    heart_rate_bpm: Floats,
    pauses: Pauses = NO_PAUSES,
    earned: Floats | None = None,
) -> Floats:
    """Seconds spent at each heart rate of `BPM`. [s]"""
    rate = np.floor(heart_rate_bpm + 0.5)
    inside = (rate >= BPM[0]) & (rate <= BPM[-1])
    bins = (rate[inside] - BPM[0]).astype(np.intp)
    covered = covered_s(time, heart_rate_bpm, pauses, earned)
    seconds = np.bincount(bins, weights=covered[inside], minlength=len(BPM))
    return seconds.astype(np.float64)


def seconds_at_speed(
    time: Floats, speed_mps: Floats, pauses: Pauses = NO_PAUSES, earned: Floats | None = None
) -> Floats:
    """Seconds spent in each bin of `SPEED_MPS` [s]; faster than 10 m/s counts in the last."""
    known = speed_mps >= 0
    bins = np.minimum(speed_mps[known] / _BIN_MPS + 1e-9, len(SPEED_MPS) - 1).astype(np.intp)
    covered = covered_s(time, speed_mps, pauses, earned)
    seconds = np.bincount(bins, weights=covered[known], minlength=len(SPEED_MPS))
    return seconds.astype(np.float64)


def minutes_in_zones(seconds_at_value: Floats, values: Floats, bounds: Sequence[float]) -> Floats:
    """Minutes in each zone, the lowest first. [min] A value on a bound is in the upper zone."""
    zone = np.searchsorted(np.asarray(bounds, dtype=float), values, side="right")
    weights = (zone[:, None] == np.arange(len(bounds) + 1)) / 60.0
    return np.asarray(seconds_at_value @ weights)


# Training impulse (TRIMP) from seconds at each heart rate, and session RPE.

#: Published coefficient pair by the athlete's ``sex``.
PAIRS = {"m": published.TRIMP_MEN, "f": published.TRIMP_WOMEN}


def banister(
    seconds_at_bpm: Floats, *, resting_hr_bpm: float, max_hr_bpm: float, pair: Evidence
) -> Floats:
    """Banister's TRIMP: minutes x h x a e^(b h), h the share of heart-rate reserve. [AU]"""
    weight = _weight(BPM, resting_hr_bpm, max_hr_bpm, pair)
    return np.asarray(seconds_at_bpm @ weight / 60.0)


def edwards(seconds_at_bpm: Floats, *, max_hr_bpm: float) -> Floats:
    """Edwards' TRIMP: minutes from 50, 60, 70, 80, 90 % of maximal heart rate times 1 to 5. [AU]"""
    # Multiplied out, so that a bound on a whole beat is met exactly.
    bounds = np.array(list(published.EDWARDS.values.values())) * max_hr_bpm
    weight = np.searchsorted(bounds, 100 * BPM, side="right").astype(float)
    weight = np.where(np.isnan(max_hr_bpm), np.nan, weight)
    return np.asarray(seconds_at_bpm @ weight / 60.0)


def lucia(seconds_at_bpm: Floats, *, vt1_hr_bpm: float, vt2_hr_bpm: float) -> Floats:
    """Lucia's TRIMP: minutes below, between, above two measured thresholds, times 1, 2, 3. [AU]"""
    weight = np.where(vt1_hr_bpm > BPM, published.LUCIA["below_vt1"], published.LUCIA["between"])
    weight = np.where(vt2_hr_bpm < BPM, published.LUCIA["above_vt2"], weight)
    unknown = np.isnan(vt1_hr_bpm) or np.isnan(vt2_hr_bpm)
    return np.asarray(seconds_at_bpm @ np.where(unknown, np.nan, weight) / 60.0)


def heart_rate_stress(
    seconds_at_bpm: Floats,
    *,
    resting_hr_bpm: float,
    max_hr_bpm: float,
    threshold_hr_bpm: float,
    pair: Evidence,
) -> Floats:
    """TRIMP on a scale on which an hour at threshold is 100: not TrainingPeaks' hrTSS. [points]"""
    hour = 60 * _weight(np.array(threshold_hr_bpm), resting_hr_bpm, max_hr_bpm, pair)
    load = banister(seconds_at_bpm, resting_hr_bpm=resting_hr_bpm, max_hr_bpm=max_hr_bpm, pair=pair)
    return np.asarray(published.STRESS["hour_at_threshold"] * load / hour)


def _weight(bpm: Floats, resting: float, maximal: float, pair: Evidence) -> Floats:
    share = np.clip((bpm - resting) / (maximal - resting), 0.0, 1.0)
    return np.asarray(share * pair["a"] * np.exp(pair["b"] * share))


def session_rpe(rpe: Floats, duration_min: Floats) -> Floats:
    """Answer on the CR10 scale times the minutes of the session. [AU]"""
    return rpe * duration_min


# Hills: climb and descent from altitude, the slope of each moment, and what it costs to run it.


def is_in_whole_metres(altitude_m: Floats) -> bool:
    """Whether altitudes lie whole metres apart, as some watches and apps round them."""
    known = altitude_m[~np.isnan(altitude_m)]
    if not len(known):
        return False
    apart = known - known[len(known) // 2]
    whole = np.abs(apart - np.round(apart)) < _WHOLE_M
    return bool(np.ptp(known) > 0 and whole.mean() > _MOSTLY)


_WHOLE_M = 0.01


def climb_and_descent(altitude_m: Floats, *, whole_metres: bool = False) -> tuple[float, float]:
    """Metres climbed and metres descended, both positive; NaN for fewer than two seconds.

    A change of 0.9 m of the 7 s mean counts (`loadmon.evidence.loads.CLIMB`), so the noise of a
    barometer is no climb, and of 2 m where the last digit is a metre. Altitude from satellites
    wobbles more: there the climb is too large.
    """
    if len(altitude_m) < 2:
        return np.nan, np.nan
    # Centred means, the ends held.
    window = int(published.CLIMB["smooth_s"])
    ends = [np.full(window // 2, altitude_m[end]) for end in (0, -1)]
    total = _sums(np.concatenate([ends[0], altitude_m, ends[1]]))
    smooth = (total[window:] - total[:-window]) / window
    step = published.CLIMB["whole_step_m" if whole_metres else "step_m"] - 1e-9  # for rounding
    climb, net, at = 0.0, 0.0, float(smooth[0])
    low, high = at - step, at + step
    for metres in smooth.tolist():
        if metres >= high:
            climb += metres - at
        elif metres > low:
            continue
        net += metres - at
        at, low, high = metres, metres - step, metres + step
    return climb, climb - net


def slope_along(distance_m: Floats, altitude_m: Floats) -> Floats:
    """Rise over run of each second, over 30 m before and after it; 0 where less is there. [-]"""
    half, steepest = published.SLOPE["slope_span_m"] / 2, published.RUNNING_COST["max_slope"]
    if not len(distance_m):
        return np.empty(0)
    if (distance_m[1:] >= distance_m[:-1]).all():
        last = np.flatnonzero(np.append(True, distance_m[1:] != distance_m[:-1]))
        distance = distance_m[last]
    else:
        distance, last = np.unique(distance_m, return_index=True)
    behind = np.maximum(distance_m - half, distance[0])
    ahead = np.minimum(distance_m + half, distance[-1])
    height = altitude_m[last]
    rise = np.interp(ahead, distance, height) - np.interp(behind, distance, height)
    run = ahead - behind
    slopes = np.divide(rise, run, out=np.zeros(len(run)), where=run >= half)
    return np.asarray(np.clip(slopes, -steepest, steepest))  # the laboratory's range


def downhill_m(distance_m: Floats, slopes: Floats) -> float:
    """Metres lost where it goes down steeper than 5 %: a load of muscle, not of bone. [m]"""
    down = slopes[1:] < published.SLOPE["downhill_pct"] / 100
    return float(np.abs(slopes[1:] * np.diff(distance_m))[down].sum())


def running_cost(slopes: Floats) -> Floats:
    """Energy of running one metre on a slope, least at -0.18; no strain on tissue. [J/kg/m]"""
    steepest = published.RUNNING_COST["max_slope"]
    i = np.clip(slopes, -steepest, steepest)
    cost = np.full(np.shape(i), published.RUNNING_COST["c5"])
    for power in (4, 3, 2, 1, 0):
        cost *= i
        cost += published.RUNNING_COST[f"c{power}"]
    return cost


def flat_equivalent_mps(speed_mps: Floats, slopes: Floats) -> Floats:
    """Speed on the level that costs as much energy a second. [m/s]"""
    return speed_mps * running_cost(slopes) / published.RUNNING_COST["c0"]


# Normalised speed and power, intensity, and stress on the scale of an hour at threshold.


def normalised(values: Floats) -> float:
    """Fourth root of the mean fourth power of 30 s means, in the unit of `values`; NaN for none.

    Coggan's normalized power. For flat-equivalent speed it is an analogue of TrainingPeaks' NGP,
    whose formula is not published. The first 29 s average over what there is.
    """
    if not len(values):
        return np.nan
    power = published.NORMALISED["power"]
    means = rolling_mean(values, int(published.NORMALISED["window_s"]))
    return float(np.mean(means**power) ** (1 / power))


def intensity(value: Floats, threshold: float) -> Floats:
    """Share of the threshold [-], both speeds [m/s] or both powers [W]; never paces."""
    return np.asarray(value / threshold)


def stress(duration_min: Floats, share: Floats) -> Floats:
    """Stress of a session: 100 for an hour at threshold, by the square of the intensity."""
    return np.asarray(published.STRESS["hour_at_threshold"] * duration_min / 60.0 * share**2)


# Running power without a sensor, as the GOVSS stress score asks for it.


def frontal_area_m2(mass_kg: float, height_m: float) -> float:
    """Area of a runner that meets the air. [m2]"""
    area = (
        published.GOVSS["area"]
        * height_m ** published.GOVSS["area_h"]
        * mass_kg ** published.GOVSS["area_m"]
    )
    return float(area * published.GOVSS["frontal_share"])


def running_power_w(
    speed_mps: Floats, slopes: Floats, *, mass_kg: float, height_m: float
) -> Floats:
    """Power of steady running by Skiba's model, which no sensor has confirmed. [W]"""
    air, run = _air_and_run(speed_mps, slopes)
    return frontal_area_m2(mass_kg, height_m) * air + mass_kg * run


def _air_and_run(speed: Floats, slopes: Floats) -> tuple[Floats, Floats]:
    """Power for each m2 that meets the air, and for each kg of the runner. [W/m2, W/kg]"""
    air = 0.5 * published.GOVSS["air_kg_m3"] * published.GOVSS["drag"] * speed**3
    efficiency = (published.GOVSS["efficiency"] + published.GOVSS["efficiency_per_mps"] * speed) * (
        1 - published.GOVSS["elastic_loss"] * speed / published.GOVSS["elastic_speed_mps"]
    )
    return np.asarray(air), np.asarray(running_cost(slopes) * efficiency * speed)


def power_moments(speed_mps: Floats, slopes: Floats) -> Floats:
    """Five means over a session from which its normalised power follows for any mass and height.

    Mean of air^(4-k) run^k for k = 0 to 4, smoothed as GOVSS asks: speed and slope over 120 s,
    power over 30 s. NaN for no second.
    """
    if not len(speed_mps):
        return np.full(5, np.nan)
    window = int(published.GOVSS["mean_s"])
    parts = _air_and_run(rolling_mean(speed_mps, window), rolling_mean(slopes, window))
    air, run = (rolling_mean(part, int(published.NORMALISED["window_s"])) for part in parts)
    return np.array([np.mean(air ** (4 - k) * run**k) for k in range(5)])


def lactate_normalised_power_w(moments: Floats, *, mass_kg: float, height_m: float) -> Floats:
    """Fourth root of the mean fourth power of a session. [W]"""
    area = frontal_area_m2(mass_kg, height_m)
    weights = np.array([comb(4, k) * area ** (4 - k) * mass_kg**k for k in range(5)])
    return np.asarray((moments @ weights) ** 0.25)


# The effort profile of one session: what its loads need, without any setting of the athlete.

#: Sub-sports without hills: on a treadmill the altitude of the watch is that of the room.
FLAT = ("treadmill", "indoor_running", "virtual_activity", "track", "indoor_track")


class EffortProfile(TypedDict):
    """What loads need of a session; NaN is not known, `seconds` say on how much a number rests."""

    seconds_at_bpm: Floats
    seconds_at_speed: Floats
    power_moments: Floats
    climb_m: float
    descent_m: float
    downhill_m: float
    counted_steps: float
    cadence_seconds: float
    graded_speed_mps: float
    normalized_graded_speed_mps: float
    graded_seconds: float
    is_flat: bool
    mean_power_w: float
    normalized_power_w: float
    power_seconds: float


def effort_profile(
    time: Floats,
    streams: Mapping[str, Floats],
    distance_m: Floats,
    *,
    sport: str,
    sub_sport: str,
    pauses: Pauses = NO_PAUSES,
) -> EffortProfile:
    """Sum up a session's stream."""
    out = EffortProfile(
        seconds_at_bpm=np.zeros(len(BPM)),
        seconds_at_speed=np.zeros(len(SPEED_MPS)),
        power_moments=np.full(5, np.nan),
        climb_m=np.nan,
        descent_m=np.nan,
        downhill_m=np.nan,
        counted_steps=np.nan,
        cadence_seconds=0.0,
        graded_speed_mps=np.nan,
        normalized_graded_speed_mps=np.nan,
        graded_seconds=0.0,
        is_flat=sub_sport in FLAT,
        mean_power_w=np.nan,
        normalized_power_w=np.nan,
        power_seconds=0.0,
    )
    if not len(time):
        return out
    none = np.full(len(time), np.nan)
    earned = earned_s(time, pauses)
    rate = streams.get("heart_rate_bpm", none)
    out["seconds_at_bpm"] = seconds_at_bpm(time, rate, pauses, earned)
    cadence = streams.get("cadence_spm", none)
    known = ~np.isnan(cadence)
    if known.any():
        covered = covered_s(time, cadence, pauses, earned)[known]
        out["cadence_seconds"] = float(covered.sum())
        if out["cadence_seconds"] > 0:
            out["counted_steps"] = float((cadence[known] * covered).sum() / 60.0)
    altitude = none if out["is_flat"] else streams.get("altitude_m", none)
    seconds = _Seconds(time, pauses, earned)
    on_slopes = _add_climb(out, seconds, altitude, distance_m)
    speed = _speed(seconds, streams.get("speed_mps", none), distance_m)
    out["seconds_at_speed"] = seconds_at_speed(time, speed, pauses, earned)
    if sport == "running":
        speed = np.where(speed > published.FASTEST["speed_mps"], np.nan, speed)
        _add_graded_speed(out, seconds, speed, (altitude, distance_m), on_slopes)
    watts = none[:0]
    if "power_w" in streams:
        (watts,) = seconds.of(streams["power_w"])
    if len(watts):
        out["mean_power_w"], out["power_seconds"] = float(watts.mean()), float(len(watts))
        out["normalized_power_w"] = normalised(watts)
    return out


#: Distance at each second, and the slope there.
_OnSlopes = tuple[Floats, Floats]


def _add_climb(
    out: EffortProfile, seconds: _Seconds, altitude: Floats, distance: Floats
) -> _OnSlopes:
    if out["is_flat"]:
        out["downhill_m"] = 0.0  # no way down on a treadmill, whatever its incline
    (heights,) = seconds.of(altitude)
    out["climb_m"], out["descent_m"] = climb_and_descent(
        heights, whole_metres=is_in_whole_metres(altitude)
    )
    metres, covered = seconds.of(altitude, distance)
    slopes = slope_along(covered, metres)
    if len(covered) and np.ptp(covered) >= published.SLOPE["slope_span_m"]:
        out["downhill_m"] = downhill_m(covered, slopes)
    return covered, slopes


def _speed(clock: _Seconds, recorded: Floats, distance: Floats) -> Floats:
    """Speed of each record, as recorded, else made from the distance to the next record."""
    if not np.isnan(recorded).all():
        return recorded
    time, earned = clock.time, clock.earned
    seconds = np.where(earned == np.diff(time, append=time[-1:]), earned, 0.0)
    metres = np.diff(distance, append=np.nan)
    made: Floats = np.divide(metres, seconds, out=np.full(len(time), np.nan), where=seconds > 0)
    known = ~np.isnan(made)
    interval = np.median(seconds[known]) if known.any() else 1.0
    window = max(1, round(published.RECORDING["derived_speed_s"] / interval))
    made[known] = rolling_mean(made[known], window)
    return made


def _add_graded_speed(
    out: EffortProfile, seconds: _Seconds, speed: Floats, way: tuple[Floats, Floats], on: _OnSlopes
) -> None:
    """Flat-equivalent speed of a run: its mean, its normalised value, and the sums of power."""
    if out["is_flat"]:
        (speeds,) = seconds.of(speed)
        slopes = np.zeros(len(speeds))
    else:
        speeds, metres, covered = seconds.of(speed, *way)
        slopes = on[1] if np.array_equal(covered, on[0]) else slope_along(covered, metres)
    if len(speeds):
        flat = flat_equivalent_mps(speeds, slopes)
        out["graded_seconds"] = float(len(speeds))
        out["graded_speed_mps"] = float(flat.mean())
        out["normalized_graded_speed_mps"] = normalised(flat)
        out["power_moments"] = power_moments(speeds, slopes)


# A recording minute by minute: what form and drift are judged on, whatever the watch's interval.

_MINUTE_S = 60.0
#: Streams whose mean over a minute is kept.
MEANS = (
    *("heart_rate_bpm", "cadence_spm", "power_w", "stance_time_ms", "vertical_oscillation_mm"),
    *("vertical_ratio_pct", "stance_time_balance_pct"),
)
COLUMNS = ("minute", "speed_mps", "speed_cv", "slope", *MEANS)


def minutes(time: Floats, streams: Mapping[str, Floats], distance_m: Floats) -> dict[str, Floats]:
    """Means of each whole recorded minute, under the names of `COLUMNS`.

    ``speed_cv`` is the coefficient of variation of its six pieces of 10 s, ``slope`` rise over run
    between smoothed altitudes; NaN is not recorded. A minute with under 50 s of records, or without
    a distance, is left out.
    """
    if len(time) < 2:
        return {name: np.empty(0) for name in COLUMNS}
    at = time - time[0]
    weight = earned_s(at, longest_s=published.RECORDING["max_hole_s"])
    # Only minutes with a record are laid out: a clock that jumps by years must not fill the memory.
    of_record = at // _MINUTE_S
    is_new = np.append(True, of_record[1:] != of_record[:-1])
    minute, index = of_record[is_new], np.cumsum(is_new) - 1
    covered = np.bincount(index, weight, len(minute))
    speed, variation = _minute_speeds(at, distance_m, minute)
    whole = minute < at[-1] // _MINUTE_S
    keep = whole & (covered >= STEADY["covered_s"]) & ~np.isnan(speed)
    slopes = _minute_slopes(at, streams.get("altitude_m"), speed, minute)
    columns = {"minute": minute, "speed_mps": speed, "speed_cv": variation, "slope": slopes}
    for name in MEANS:
        means = columns[name] = np.full(len(minute), np.nan)
        values = streams.get(name)
        if values is not None:
            missing = np.isnan(values)
            share, seconds = weight, covered
            if missing.any():
                share, values = np.where(missing, 0.0, weight), np.where(missing, 0.0, values)
                seconds = np.bincount(index, share, len(minute))
            total = np.bincount(index, share * values, len(minute))
            np.divide(total, seconds, out=means, where=seconds >= _MINUTE_S / 2)
    return {name: values[keep] for name, values in columns.items()}


def _minute_speeds(at: Floats, distance: Floats, minute: Floats) -> tuple[Floats, Floats]:
    """Mean speed of each minute, and the coefficient of variation of its pieces. [m/s, -]"""
    known = ~np.isnan(distance)
    variation = np.full(len(minute), np.nan)
    if known.sum() < 2:
        return variation.copy(), variation
    piece_s = STEADY["piece_s"]
    borders = minute[:, None] * _MINUTE_S + np.arange(int(_MINUTE_S / piece_s) + 1) * piece_s
    metres = np.interp(borders, at[known], distance[known])
    pieces = np.diff(metres, axis=1) / piece_s
    mean = pieces.mean(axis=1)
    np.divide(pieces.std(axis=1), mean, out=variation, where=mean > 0)
    return mean, variation


def _minute_slopes(at: Floats, altitude: Floats | None, speed: Floats, minute: Floats) -> Floats:
    """Rise over run of each minute between altitudes smoothed at its borders. [-]"""
    slopes = np.full(len(minute), np.nan)
    if altitude is None:
        return slopes
    known = ~np.isnan(altitude)
    if known.sum() < 2:
        return slopes
    at, altitude = at[known], altitude[known]
    under = np.diff(at) * (altitude[1:] + altitude[:-1]) / 2
    area = np.concatenate([[0.0], np.cumsum(under)])
    borders = (minute[:, None] + (0, 1)) * _MINUTE_S
    low = np.maximum(borders - STEADY["smooth_s"] / 2, at[0])
    high = np.minimum(borders + STEADY["smooth_s"] / 2, at[-1])
    span = high - low
    level = np.full(borders.shape, np.nan)
    np.divide(np.interp(high, at, area) - np.interp(low, at, area), span, out=level, where=span > 0)
    np.divide(np.diff(level)[:, 0], speed * _MINUTE_S, out=slopes, where=speed > 0)
    return slopes
