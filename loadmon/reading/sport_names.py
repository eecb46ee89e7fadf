"""The many words that programs write for a sport, as sport and sub-sport of the FIT profile."""

from __future__ import annotations

import re

_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")
_WORD_BREAK = re.compile(r"(?<=[a-z])(?=[A-Z])")

#: Words as Garmin, Strava, Runkeeper, Polar, Suunto and others write them, in `_plain` spelling.
_WORDS = {
    ("running", ""): "running run jogging jog ultra_run obstacle_run road_running",
    ("running", "street"): "street_running",
    ("running", "trail"): "trail_running trail_run",
    ("running", "track"): "track_running track_run",
    ("running", "treadmill"): "treadmill_running treadmill_run treadmill",
    ("running", "indoor_running"): "indoor_running indoor_run",
    ("running", "virtual_activity"): "virtual_running virtual_run",
    ("walking", ""): "walking walk nordic_walking",
    ("walking", "casual_walking"): "casual_walking",
    ("walking", "speed_walking"): "speed_walking",
    ("hiking", ""): "hiking hike",
    ("cycling", ""): "cycling biking bike ride bicycling",
    ("cycling", "road"): "road_biking road_cycling road_bike",
    ("cycling", "mountain"): "mountain_biking mountain_bike_ride mountain_bike",
    ("cycling", "gravel_cycling"): "gravel_cycling gravel_ride",
    ("cycling", "indoor_cycling"): "indoor_cycling indoor_biking",
    ("cycling", "virtual_activity"): "virtual_ride",
    ("e_biking", ""): "e_biking e_bike_ride e_bike ebike_ride ebiking",
    ("swimming", ""): "swimming swim",
    ("swimming", "lap_swimming"): "lap_swimming pool_swimming",
    ("swimming", "open_water"): "open_water_swimming open_water_swim",
    ("rowing", ""): "rowing",
    ("fitness_equipment", "indoor_rowing"): "indoor_rowing virtual_row",
    ("fitness_equipment", "elliptical"): "elliptical",
    ("fitness_equipment", "stair_climbing"): "stair_climbing stair_stepper stairs",
    ("training", ""): "workout training cross_training core_training crossfit fitness",
    ("training", "strength_training"): "weight_training strength_training "
    "traditional_strength_training functional_strength_training",
    ("training", "cardio_training"): "indoor_cardio cardio_training hiit "
    "high_intensity_interval_training mixed_cardio",
    ("training", "flexibility_training"): "flexibility stretching mobility",
    ("training", "yoga"): "yoga",
    ("training", "pilates"): "pilates",
    ("mountaineering", ""): "mountaineering",
    ("multisport", ""): "multi_sport multisport triathlon swim_bike_run",
    ("transition", ""): "transition",
    ("kayaking", ""): "kayaking",
    ("cross_country_skiing", ""): "cross_country_skiing nordic_ski nordic_skiing",
    ("alpine_skiing", ""): "alpine_skiing alpine_ski resort_skiing downhill_skiing",
    ("snowshoeing", ""): "snowshoeing snowshoe",
    ("inline_skating", ""): "inline_skating inline_skate",
    ("stand_up_paddleboarding", ""): "stand_up_paddleboarding stand_up_paddling",
}
_NAMES = {word: names for names, words in _WORDS.items() for word in words.split()}
# Seen in Strava's own GPX files of a ride, a run and a swim; Strava publishes no list.
_STRAVA_NUMBERS = {"1": "ride", "9": "run", "16": "swim"}


def sport_names(text: str) -> tuple[str, str]:
    """Sport and sub-sport for a word in an export.

    Parameters
    ----------
    text : str
        Such as ``trail_running``, ``TrailRun``, ``Trail Running``.

    Returns
    -------
    sport, sub_sport : str
        Names of the FIT profile; both empty for a word that is not known: it is never guessed.
    """
    return _NAMES.get(_plain(text), ("", ""))


def strava_number_names(text: str) -> tuple[str, str]:
    """Sport and sub-sport for a number that a Strava export gives in place of a word."""
    return sport_names(_STRAVA_NUMBERS.get(text.strip(), ""))


def _plain(text: str) -> str:
    """Spell ``TrailRun``, ``Trail Run`` and ``trail_run`` alike."""
    return _NOT_A_LETTER.sub("_", _WORD_BREAK.sub("_", text.strip()).lower()).strip("_")
