"""What a FIT file says in so many words: the summary of a session, strength sets, the runner."""

from __future__ import annotations

from typing import Any

import numpy as np

from loadmon.reading.fit.profile import enum_of
from loadmon.reading.fit.tables import Table
from loadmon.reading.fit.times import EPOCH
from loadmon.reading.recording import Floats

SESSION, SET, USER_PROFILE, HR_ZONE, ZONES_TARGET, TIME_IN_ZONE = 18, 225, 3, 8, 7, 216
LAP, SPORT, ACTIVITY = 19, 12, 34

#: Session fields and what a Recording calls them, better ones first.
TOLD_FIELDS = {
    "distance_m": ("total_distance",),
    "timer_s": ("total_timer_time",),
    "elapsed_s": ("total_elapsed_time",),
    "moving_s": ("total_moving_time",),
    "ascent_m": ("total_ascent",),
    "descent_m": ("total_descent",),
    "avg_hr_bpm": ("avg_heart_rate",),
    "max_hr_bpm": ("max_heart_rate",),
    "avg_power_w": ("avg_power",),
    "max_power_w": ("max_power",),
    "normalized_power_w": ("normalized_power",),
    "max_speed_mps": ("enhanced_max_speed", "max_speed"),
    "calories_kcal": ("total_calories",),
    "training_load_au": ("training_load_peak",),
    "aerobic_effect": ("total_training_effect",),
    "anaerobic_effect": ("total_anaerobic_training_effect",),
    "feel_pct": ("workout_feel",),
    "avg_stance_time_ms": ("avg_stance_time",),
    "avg_vertical_oscillation_mm": ("avg_vertical_oscillation",),
    "avg_vertical_ratio_pct": ("avg_vertical_ratio",),
    "avg_step_length_mm": ("avg_step_length",),
    "avg_stance_time_balance_pct": ("avg_stance_time_balance",),
    "avg_temperature_c": ("avg_temperature",),
    "cycles": ("total_strides", "total_cycles"),
}
#: Messages and fields that reveal the runner; where several do, the later word counts.
_FOUND_FIELDS = {
    USER_PROFILE: {
        "height_m": "height",
        "mass_kg": "weight",
        "resting_hr_bpm": "resting_heart_rate",
        "max_hr_bpm": "default_max_heart_rate",
    },
    ZONES_TARGET: {
        "max_hr_bpm": "max_heart_rate",
        "threshold_hr_bpm": "threshold_heart_rate",
        "threshold_power_w": "functional_threshold_power",
    },
    TIME_IN_ZONE: {
        "max_hr_bpm": "max_heart_rate",
        "resting_hr_bpm": "resting_heart_rate",
        "threshold_hr_bpm": "threshold_heart_rate",
        "threshold_power_w": "functional_threshold_power",
    },
}
_SEX = {0: "f", 1: "m"}
WANTED = {
    LAP: frozenset({"total_distance", "total_timer_time"}),
    SPORT: frozenset({"sport", "sub_sport"}),
    ACTIVITY: frozenset({"timestamp", "local_timestamp", "total_timer_time"}),
    SET: frozenset(
        {"start_time", "category", "category_subtype", "repetitions", "duration", "weight"}
        | {"set_type"}
    ),
    USER_PROFILE: frozenset({"gender", *_FOUND_FIELDS[USER_PROFILE].values()}),
    ZONES_TARGET: frozenset(_FOUND_FIELDS[ZONES_TARGET].values()),
    HR_ZONE: frozenset({"high_bpm"}),
    TIME_IN_ZONE: frozenset({"hr_zone_high_boundary", *_FOUND_FIELDS[TIME_IN_ZONE].values()}),
}
SESSION_FIELDS = frozenset(
    {"start_time", "sport", "sub_sport", "workout_rpe", "avg_cadence", "avg_fractional_cadence"}
).union(*TOLD_FIELDS.values())
STRIDE_SPORTS = ("running", "walking", "hiking")
_MAX_STRIDES = 130.0  # per minute; above it a "cadence" of one foot already counts both


def summary(sessions: Table, i: int, sport: str) -> dict[str, float]:
    """What a session says of itself, in the names of Recording.told."""
    told = {}
    for name, fields in TOLD_FIELDS.items():
        values = [float(sessions.get(field)[i]) for field in fields]
        told[name] = next((v for v in values if v == v), np.nan)
    # Garmin writes the CR10 answer times ten (FIT profile, session field 193).
    told["rpe"] = float(sessions.get("workout_rpe")[i]) / 10.0
    name = "avg_running_cadence" if "avg_running_cadence" in sessions.order else "avg_cadence"
    cadence = _with_fraction(sessions.get(name), sessions.get("avg_fractional_cadence"))
    told["avg_cadence_spm"] = float(both_feet(cadence[i : i + 1], sport)[0])
    return {name: value for name, value in told.items() if value == value}


def beside(tables: dict[int, Table]) -> dict[str, float]:
    """What laps and activity say of the only session of a file, to be compared with its own."""
    told = {}
    for name, number, field in (
        ("laps_distance_m", LAP, "total_distance"),
        ("laps_timer_s", LAP, "total_timer_time"),
        ("whole_timer_s", ACTIVITY, "total_timer_time"),
    ):
        values = tables.get(number, Table(0)).get(field)
        if len(values) and not np.isnan(values).any():
            told[name] = float(values.sum())
    return told


def sport_beside(tables: dict[int, Table]) -> tuple[str, str]:
    """Sport and sub-sport that a file gives beside its sessions; empty where not one and only."""
    table = tables.get(SPORT, Table(0))
    names = [
        {enum_of(kind).get(int(v), "") for v in table.get(kind) if v == v}
        for kind in ("sport", "sub_sport")
    ]
    sport, sub_sport = (next(iter(n)) if len(n) == 1 else "" for n in names)
    return sport, sub_sport


def _with_fraction(cadence: Floats, fraction: Floats) -> Floats:
    """Cadence and the fraction beside it, which some watches leave out."""
    return cadence + np.where(np.isnan(fraction), 0.0, fraction)


def record_cadence(records: Table) -> Floats:
    """Cadence of every record with its fraction, in the unit of the file. [1/min]"""
    return _with_fraction(records.get("cadence"), records.get("fractional_cadence"))


def both_feet(cadence: Floats, sport: str) -> Floats:
    """Count steps of both feet: FIT means strides, and some apps write steps all the same."""
    if sport not in STRIDE_SPORTS or counts_both_feet(cadence, sport):
        return cadence
    return cadence * 2


def counts_both_feet(cadence: Floats, sport: str) -> bool:
    """Tell whether a cadence on foot is too high to count the strides of one foot."""
    moving = cadence[cadence > 0]
    return sport in STRIDE_SPORTS and len(moving) > 0 and bool(np.median(moving) > _MAX_STRIDES)


def strength_sets(sets: Table | None) -> list[dict[str, Any]]:
    """Sets of exercises in file order, without the rests between them."""
    if sets is None:
        return []
    category, subtype = sets.first_of("category"), sets.first_of("category_subtype")
    numbers = {
        "start_s": sets.get("start_time") + EPOCH,
        "repetitions": sets.get("repetitions"),
        "duration_s": sets.get("duration"),
        "weight_kg": sets.get("weight"),
    }
    out: list[dict[str, Any]] = []
    for i in np.flatnonzero(sets.get("set_type") != 0):
        told: dict[str, Any] = {n: float(v[i]) for n, v in numbers.items() if v[i] == v[i]}
        if category[i] == category[i]:
            told["category"] = enum_of("exercise_category").get(int(category[i]), "")
            exercises = enum_of(f"{told['category']}_exercise_name")
            told["exercise"] = (
                exercises.get(int(subtype[i]), "") if subtype[i] == subtype[i] else ""
            )
        out.append(told)
    return out


def runner(tables: dict[int, Table]) -> dict[str, Any]:
    """What the file reveals of the runner, in the names of Recording.found."""
    found: dict[str, Any] = {}
    for number, fields in _FOUND_FIELDS.items():
        if number in tables:
            for name, field in fields.items():
                values = tables[number].get(field)
                known = values[values > 0]
                if len(known):
                    found[name] = float(known[-1])
    if USER_PROFILE in tables:
        sexes = [_SEX.get(int(v)) for v in tables[USER_PROFILE].get("gender") if v == v]
        found |= {"sex": sexes[-1]} if sexes and sexes[-1] else {}
    zones = _hr_zones(tables)
    return found | ({"hr_zones_bpm": zones} if zones else {})


def _hr_zones(tables: dict[int, Table]) -> list[float]:
    """Upper ends of the heart rate zones, lowest first; empty where the file names none. [bpm]"""
    boundaries = (
        tables[TIME_IN_ZONE].loose.get("hr_zone_high_boundary")
        if (TIME_IN_ZONE in tables)
        else None
    )
    if boundaries is not None and boundaries.values.ndim == 2 and len(boundaries.values):
        ends = boundaries.values[-1]
    else:
        ends = tables[HR_ZONE].get("high_bpm") if HR_ZONE in tables else np.empty(0)
    ends = ends[~np.isnan(ends)]
    return [float(e) for e in ends] if len(ends) and (np.diff(ends) > 0).all() else []
