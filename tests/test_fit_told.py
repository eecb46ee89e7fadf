"""What a FIT file says in so many words: sums of the session, strength sets, the runner."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from writers import Message, activity_messages, strength_fit, write_fit

from loadmon.io.fit.activity import fit_recordings
from loadmon.io.recording import SUMMARY_COLUMNS, Recording

START = dt.datetime(2026, 3, 1, 7, 30, tzinfo=dt.UTC)
RUN: dict[str, Any] = {"offset_min": 60, "distance_km": 2.4, "duration_min": 12}


def told_run(more: list[Message] | None = None, **session: Any) -> Recording:
    of = activity_messages(START, **RUN)
    of = [(m[0], {**m[1], **session}) if m[0] == "session" else m for m in of]
    (found,) = fit_recordings(write_fit([*of[:1], *(more or []), *of[1:]]))
    assert isinstance(found, Recording)
    return found


@pytest.mark.parametrize(
    ("field", "value", "name", "expected"),
    [
        ("max_heart_rate", 181, "max_hr_bpm", 181),
        ("avg_power", 245, "avg_power_w", 245),
        ("max_power", 402, "max_power_w", 402),
        ("normalized_power", 251, "normalized_power_w", 251),
        ("total_calories", 512, "calories_kcal", 512),
        ("total_moving_time", 700.5, "moving_s", 700.5),
        ("enhanced_max_speed", 4.125, "max_speed_mps", 4.125),
        ("training_load_peak", 98.5, "training_load_au", 98.5),
        ("total_training_effect", 3.2, "aerobic_effect", 3.2),
        ("total_anaerobic_training_effect", 0.4, "anaerobic_effect", 0.4),
        ("workout_feel", 75, "feel_pct", 75),
        ("avg_stance_time", 251.5, "avg_stance_time_ms", 251.5),
        ("avg_vertical_oscillation", 87.5, "avg_vertical_oscillation_mm", 87.5),
        ("avg_vertical_ratio", 8.25, "avg_vertical_ratio_pct", 8.25),
        ("avg_step_length", 1100.5, "avg_step_length_mm", 1100.5),
        ("avg_stance_time_balance", 50.25, "avg_stance_time_balance_pct", 50.25),
        ("avg_temperature", -4, "avg_temperature_c", -4),
    ],
)
def test_a_sum_of_the_session_is_passed_on(
    field: str, value: float, name: str, expected: float
) -> None:
    assert told_run(**{field: value}).summary[name] == expected
    assert name in SUMMARY_COLUMNS
    assert name not in told_run(**{field: None}).summary


def test_every_column_that_is_told_can_be_told() -> None:
    named = {mark.args[1][i][2] for mark in (
        test_a_sum_of_the_session_is_passed_on.pytestmark  # type: ignore[attr-defined]
    ) for i in range(len(mark.args[1]))}  # fmt: skip
    assert named | {"avg_cadence_spm"} == set(SUMMARY_COLUMNS)


def test_a_cadence_of_one_foot_is_told_of_both_and_with_its_fraction() -> None:
    assert told_run(avg_cadence=84, avg_fractional_cadence=0.5).summary["avg_cadence_spm"] == 169
    assert told_run(avg_cadence=84).summary["avg_cadence_spm"] == 168
    assert told_run(avg_cadence=168).summary["avg_cadence_spm"] == 168


def test_the_speed_without_its_enhanced_twin_counts() -> None:
    assert told_run(max_speed=4.5).summary["max_speed_mps"] == 4.5


def test_strength_sets_are_told_without_their_rests() -> None:
    data = strength_fit(START, offset_min=60, duration_min=20, exercises=("plank", "squat"))
    (found,) = fit_recordings(data)
    assert isinstance(found, Recording)
    assert [s["category"] for s in found.sets] == ["plank", "squat"]
    assert [s["duration_s"] for s in found.sets] == [40, 40]
    assert all(s["start_s"] >= found.start for s in found.sets)


def a_set(**fields: Any) -> Message:
    return ("set", {"start_time": START, "set_type": "active", "duration": 30.0, **fields})


def test_a_set_has_its_exercise_repetitions_and_weight() -> None:
    more = [
        a_set(category=["hip_raise", None], category_subtype=[1, None], repetitions=12, weight=20),
        a_set(set_type="rest"),
        a_set(category=["unknown", None], category_subtype=[None, None]),
        a_set(),
    ]
    sets = told_run(more).sets
    assert len(sets) == 3
    assert sets[0]["category"] == "hip_raise"
    assert sets[0]["exercise"] == "barbell_hip_thrust_with_bench"
    assert (sets[0]["repetitions"], sets[0]["weight_kg"]) == (12, 20)
    assert (sets[1]["category"], sets[1]["exercise"]) == ("unknown", "")
    assert "category" not in sets[2]


def test_what_the_file_reveals_of_the_runner_is_found() -> None:
    profile = ("user_profile", {"gender": "female", "height": 1.71, "weight": 62.5,
               "resting_heart_rate": 51, "default_max_heart_rate": 190})  # fmt: skip
    target = ("zones_target", {"max_heart_rate": 188, "threshold_heart_rate": 171,
              "functional_threshold_power": 255})  # fmt: skip
    zones = [("hr_zone", {"message_index": i, "high_bpm": b}) for i, b in enumerate((94, 113, 132))]
    assert told_run([profile]).device_settings == {
        "sex": "f", "height_m": 1.71, "mass_kg": 62.5, "resting_hr_bpm": 51, "max_hr_bpm": 190,
    }  # fmt: skip
    both = told_run([profile, target, *zones]).device_settings
    assert both["max_hr_bpm"] == 188
    assert (both["threshold_hr_bpm"], both["threshold_power_w"]) == (171, 255)
    assert both["hr_zones_bpm"] == [94, 113, 132]


def test_zones_in_use_come_before_the_settings() -> None:
    used = ("time_in_zone", {"max_heart_rate": 185, "resting_heart_rate": 48,
            "hr_zone_high_boundary": [95, 114, 133, None]})  # fmt: skip
    profile = ("user_profile", {"resting_heart_rate": 51, "default_max_heart_rate": 190})
    found = told_run([profile, used, ("hr_zone", {"high_bpm": 94})]).device_settings
    assert found == {"max_hr_bpm": 185, "resting_hr_bpm": 48, "hr_zones_bpm": [95, 114, 133]}


def test_values_of_nothing_are_not_found_and_zones_out_of_order_are_none() -> None:
    profile = ("user_profile", {"resting_heart_rate": 0, "weight": None})
    zones = [("hr_zone", {"message_index": i, "high_bpm": b}) for i, b in enumerate((113, 94))]
    assert told_run([profile, *zones]).device_settings == {}
