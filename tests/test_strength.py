"""Strength sessions from watch and diary, each once, and the clinic's exercises in them."""

from __future__ import annotations

import pandas as pd
import pytest
from fitdecode import profile

from loadmon.diary import no_diary
from loadmon.evidence.clinic import EXERCISES
from loadmon.rules.strength_shoes import exercise_of, strength_sessions, weekly_strength

ACTIVITIES = pd.DataFrame(
    {
        "activity_id": ["gym", "run", "yoga", "climb"],
        "date": pd.to_datetime(["2026-10-05", "2026-10-05", "2026-10-07", "2026-10-08"]),
        "sport": ["training", "running", "training", "rock_climbing"],
        "sub_sport": ["strength_training", "generic", "yoga", "bouldering"],
        "duration_min": [30.0, 50.0, 20.0, 90.0],
    }
)
SETS = pd.DataFrame(
    {
        "activity_id": ["gym", "gym", "gym"],
        "category": ["plank", "hip_raise", "squat"],
        "exercise": ["weighted_side_plank", "barbell_hip_thrust_with_bench", ""],
    }
)


def diary(*entries: tuple[str, str]) -> pd.DataFrame:
    rows = pd.DataFrame(
        {"date": pd.to_datetime([d for d, _ in entries]), "strength": [s for _, s in entries]}
    )
    return rows.reindex(columns=list(no_diary().columns)).fillna({"strength": ""})


@pytest.mark.parametrize(
    ("category", "exercise", "name"),
    [
        # Numbers of the FIT profile; names by fitdecode's tables.
        ("plank", "plank", "plank"),
        ("plank", "side_plank", "plank"),
        ("plank", "", "plank"),
        ("hip_raise", "hip_raise", "bridge"),
        ("hip_raise", "single_leg_hip_raise", "bridge"),
        ("hip_raise", "bridge_with_leg_extension", "bridge"),
        ("banded_exercises", "glute_bridge", "bridge"),
        ("hip_raise", "barbell_hip_thrust_on_floor", "hip thrust"),
        ("hip_raise", "barbell_hip_thrust_with_bench", "hip thrust"),
        ("hip_stability", "quadruped_with_leg_lift", "bird dog"),
        ("hip_stability", "quadruped_hip_extension", "bird dog"),
        ("hyperextension", "kneeling_superman", "bird dog"),
        ("hyperextension", "back_extension_with_opposite_arm_and_leg_reach", "bird dog"),
        ("deadlift", "single_leg_romanian_deadlift_with_dumbbell", "single-leg deadlift"),
        ("deadlift", "single_leg_barbell_deadlift", "single-leg deadlift"),
        ("deadlift", "one_arm_one_leg_deadlift", "single-leg deadlift"),
        ("deadlift", "single_leg_rdl_circuit", "single-leg deadlift"),
        ("lunge", "side_lunge", "side lunge"),
        ("lunge", "dumbbell_side_lunge", "side lunge"),
        ("lunge", "low_side_to_side_lunge", "side lunge"),
        ("deadlift", "barbell_deadlift", ""),
        ("lunge", "walking_lunge", ""),
        ("hip_raise", "clams", ""),
        ("hip_stability", "dead_bug", ""),
        ("squat", "plank", ""),
        ("plank", "mountain_climber", ""),
        ("", "", ""),
        ("lunge", "", ""),
    ],
)
def test_the_six_exercises_are_known_by_their_category_first(
    category: str, exercise: str, name: str
) -> None:
    assert exercise_of(category, exercise) == name


def test_every_category_and_name_of_the_table_is_in_the_fit_profile() -> None:
    categories = set(profile.FIELD_TYPES["exercise_category"].enum.values())
    for known in EXERCISES:
        for category, names in known.recorded.items():
            assert category in categories
            recorded = profile.FIELD_TYPES[f"{category}_exercise_name"].enum.values()
            for name in names:
                assert any(name in one for one in recorded), (category, name)


def test_only_the_bird_dog_is_not_in_the_profile_itself() -> None:
    assert [known.name for known in EXERCISES if known.is_nearest] == ["bird dog"]


def test_sessions_are_told_by_sub_sport_or_by_their_sets() -> None:
    sets = pd.concat(
        [SETS, pd.DataFrame({"activity_id": ["climb"], "category": ["core"], "exercise": [""]})]
    )
    told = strength_sessions(ACTIVITIES, sets, no_diary())
    assert told["date"].dt.day.tolist() == [5, 7, 8]
    assert told["exercises"].tolist() == ["plank,hip thrust", "", ""]
    assert told["sets"].fillna(-1).tolist() == [3, -1, 1]
    assert told["minutes"].tolist() == [30, 20, 90]


def test_an_entry_on_the_day_of_a_recorded_session_is_that_session() -> None:
    told = strength_sessions(ACTIVITIES, SETS, diary(("2026-10-05", "bridge, bird-dog, squat")))
    assert told["source"].tolist() == ["watch", "watch"]
    assert told["exercises"].tolist() == ["plank,bridge,bird dog,hip thrust", ""]


def test_an_entry_on_another_day_is_a_session_of_its_own() -> None:
    told = strength_sessions(ACTIVITIES, SETS, diary(("2026-10-09", "yes"), ("2026-10-06", "")))
    assert told["source"].tolist() == ["watch", "watch", "diary"]
    assert told["date"].dt.day.tolist() == [5, 7, 9]
    assert told["exercises"].iloc[-1] == ""


def test_two_entries_of_one_day_are_one_session() -> None:
    entries = diary(("2026-10-09", "plank"), ("2026-10-09", "side lunge"))
    told = strength_sessions(ACTIVITIES.iloc[:0], SETS.iloc[:0], entries)
    assert told["exercises"].tolist() == ["plank,side lunge"]


def test_weeks_without_a_session_are_rows_of_zero() -> None:
    told = strength_sessions(ACTIVITIES, SETS, diary(("2026-10-20", "plank")))
    days = pd.Timestamp("2026-09-30"), pd.Timestamp("2026-10-20")
    weeks = weekly_strength(told, *days)
    assert weeks["sessions"].tolist() == [0, 2, 0, 1]
    assert weeks["exercises"].tolist() == ["", "plank,hip thrust", "", "plank"]
    assert weeks.index.name == "week_start"
    assert weeks.index[0] == pd.Timestamp("2026-09-28")
    assert weekly_strength(told, *[pd.Timestamp("2026-10-06")] * 2)["sessions"].tolist() == [0]


def test_no_session_at_all_keeps_the_columns() -> None:
    none = strength_sessions(ACTIVITIES.iloc[:0], SETS.iloc[:0], no_diary())
    assert none.empty
    weeks = weekly_strength(none, pd.Timestamp("2026-10-01"), pd.Timestamp("2026-10-11"))
    assert weeks["sessions"].tolist() == [0, 0]
