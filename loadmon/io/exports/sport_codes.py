"""Numbers that platforms write for a sport, each table with its source; no other is guessed.

A value is a word that `sport_names` knows. Numbers that the sources mark as remembered, not looked
up, say so: a recording beside the list, or the word that it gives as well, goes first.
"""

from __future__ import annotations

from typing import Any

from loadmon.io.exports import cells
from loadmon.io.recording import sport_names

CODES: dict[str, dict[int, str]] = {
    # 1001, 1002, 11007, 13001, 14001 and 15005 in public files and parsers; the rest remembered.
    "samsung": {
        1001: "walking", 1002: "running", 11007: "cycling", 13001: "hiking", 14001: "swimming",
        15005: "treadmill_running", 9001: "pilates", 9002: "yoga", 10001: "stretching",
        10007: "workout", 13004: "mountain_biking", 15001: "stair_climbing",
        15002: "weight_training", 15003: "indoor_cycling", 15004: "indoor_rowing",
        15006: "elliptical",
    },
    # 90009 in public Takeouts; the rest remembered, beside a name that each row gives as well.
    "fitbit": {
        90009: "running", 90013: "walking", 90001: "cycling", 90012: "hiking", 90024: "swimming",
        20049: "treadmill_running",
    },
    # 1 and 3 in github.com/fcrespel/runtastic-export-converter; the rest remembered.
    "adidas": {
        1: "running", 2: "nordic_walking", 3: "cycling", 4: "mountain_biking", 6: "inline_skating",
        7: "hiking", 8: "cross_country_skiing", 9: "alpine_skiing", 13: "snowshoeing",
        14: "treadmill_running", 15: "indoor_cycling", 16: "elliptical", 17: "rowing",
        18: "swimming", 19: "walking", 22: "road_cycling", 26: "yoga", 27: "workout",
        28: "workout", 31: "pilates", 34: "strength_training",
    },
    # 1, 6, 7, 8, 9 and 14 in github.com/gesaracino/amazfit2garmin and public exports; 12, 50 and
    # 55 in a public copy of the application's constants; the rest remembered.
    "zepp": {
        1: "running", 6: "walking", 7: "trail_running", 8: "treadmill_running", 9: "cycling",
        10: "indoor_cycling", 12: "elliptical", 13: "mountaineering", 14: "swimming",
        15: "open_water_swimming", 16: "workout", 50: "core_training", 52: "strength_training",
        55: "flexibility",
    },
    # 3, 4, 5, 101 and 118 in github.com/CTHRU/Hitrava; the rest remembered.
    "huawei": {
        2: "hiking", 3: "cycling", 4: "running", 5: "walking", 101: "treadmill_running",
        102: "lap_swimming", 103: "indoor_cycling", 104: "open_water_swimming", 106: "hiking",
        111: "elliptical", 112: "rowing", 117: "workout", 118: "trail_running",
    },
    # ExerciseSessionType of the Android platform, which the export stores; the Jetpack library
    # numbers sports otherwise (56, 57 and 79 are its running, treadmill and walking).
    "health_connect": {
        4: "cycling", 5: "indoor_cycling", 20: "hiit", 21: "hiking", 27: "pilates", 31: "rowing",
        33: "running", 34: "treadmill_running", 40: "snowshoeing", 44: "stair_climbing",
        45: "strength_training", 46: "stretching", 48: "open_water_swimming", 49: "lap_swimming",
        53: "walking", 55: "weight_training", 57: "yoga", 58: "workout", 60: "elliptical",
        61: "indoor_rowing",
    },
    # Gadgetbridge's ActivityKind (public source of 2024): a bit each, and numbers of its own after.
    "gadgetbridge": {
        0x10: "running", 0x20: "walking", 0x40: "swimming", 0x80: "cycling",
        0x100: "treadmill_running", 0x200: "workout", 0x400: "open_water_swimming",
        0x800: "indoor_cycling", 0x1000: "elliptical", 0x4000: "yoga", 0x10000: "indoor_rowing",
        0x200000: "strength_training", 0x400000: "hiking", 0x4000001: "indoor_track",
        0x4000003: "e_bike", 0x4000004: "cycling", 0x4000006: "transition",
        0x4000008: "stair_stepper", 0x4000009: "pilates", 0x400000A: "pool_swim",
        0x400000F: "training", 0x4000010: "cardio_training", 0x4000012: "indoor_walking",
        0x4000013: "cross_country_skiing", 0x4000016: "rowing", 0x4000017: "mountaineering",
        0x4000019: "multisport", 0x4000034: "kayaking", 0x4000045: "hiit",
        0x400005D: "elliptical", 0x4000062: "crossfit", 0x4000067: "cross_country_running",
        0x400006A: "core_training", 0x4000074: "flexibility", 0x4000076: "track_and_field",
        0x4000091: "stairs", 0x40000B0: "indoor_running", 0x40000B1: "outdoor_running",
        0x40000B2: "outdoor_walking", 0x40000B3: "outdoor_cycling", 0x40000D5: "race_walking",
        0x40000D9: "spinning", 0x40000DD: "stretching", 0x40000E2: "hiking",
        0x40000E8: "obstacle_racing", 0x40000F0: "orienteering", 0x40000F1: "trekking",
        0x40000F2: "trail_run",
    },
    # Endurain's activity types (public source); 34 and 40 remembered.
    "endurain": {
        1: "running", 2: "trail_running", 3: "virtual_run", 4: "cycling", 5: "gravel_ride",
        6: "mountain_biking", 7: "virtual_ride", 8: "lap_swimming", 9: "open_water_swimming",
        10: "workout", 11: "walking", 12: "hiking", 13: "rowing", 14: "yoga", 15: "alpine_ski",
        16: "nordic_ski", 18: "transition", 19: "weight_training", 20: "crossfit", 27: "cycling",
        28: "indoor_cycling", 29: "cycling", 34: "treadmill_running", 40: "track_run",
    },
    # Suunto's activity ids, shown in its applications and public files.
    "suunto": {
        2: "multisport", 3: "running", 4: "cycling", 5: "mountain_biking", 6: "swimming",
        12: "walking", 81: "track_and_field", 82: "trail_running", 93: "treadmill_running",
        75: "orienteering", 96: "hiking", 23: "weight_training", 83: "open_water_swimming",
        17: "indoor_cycling", 52: "indoor_rowing", 55: "elliptical",
    },
}  # fmt: skip


def sport_of_code(platform: str, code: Any) -> tuple[str, str]:
    """Sport and sub-sport of a platform's number; empty for one that is not known."""
    number = cells.number(code)
    word = CODES[platform].get(int(number), "") if number == number else ""
    return sport_names(word)
