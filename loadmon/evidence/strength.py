"""Evidence behind strength training, and how the clinic's six exercises are called by watches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from loadmon.evidence.record import cite

STRENGTH = cite(
    "strength",
    {"per_week": 2, "window_days": 28},
    "sessions or d",
    "strength sessions a week, over four weeks",
    "Leppänen et al. 2024, doi:10.1136/bjsports-2023-107926 (abstract): 325 novice runners, hip "
    "and core training led by a physiotherapist, hazard ratio of leg injury 0.66 (0.45 to 0.97); "
    "Toresdahl et al. 2020: 720 first-time marathoners on their own, ratio 0.97; the goal of two a "
    "week is that of the trials",
    "A",
    "read",
    "Hip and core training led by a physiotherapist went with fewer injuries in new runners; done "
    "alone, by first-time marathoners, it made no difference that could be seen.",
)


@dataclass(frozen=True, slots=True)
class Exercise:
    """One of the clinic's exercises.

    Parameters
    ----------
    name : str
        As people call it and as the diary takes it.
    recorded : mapping of str to tuple of str
        Exercise names of the FIT profile by their category; a name that contains one of them
        (``weighted_side_plank``) is the same exercise.
    is_nearest : bool
        Whether the FIT profile lacks the exercise, so that these are only the nearest to it.
    """

    name: str
    recorded: Mapping[str, tuple[str, ...]]
    is_nearest: bool = False


#: The six exercises of the clinic's page, by the categories of the FIT profile (`set` messages).
EXERCISES = (
    Exercise(
        "plank",
        {"plank": ("plank",)},
    ),
    Exercise(
        "bridge",
        {
            "hip_raise": ("hip_raise", "bridge_with_leg_extension", "clam_bridge"),
            "banded_exercises": ("glute_bridge",),
            "plank": ("bridge_with_glute_lower_lift", "bridge_one_leg_bridge"),
        },
    ),
    Exercise(
        "bird dog",
        {
            "core": ("arm_and_leg_extension_on_knees",),
            "hip_stability": ("quadruped_with_leg_lift", "quadruped_hip_extension"),
            "hyperextension": (
                "kneeling_superman",
                "back_extension_with_opposite_arm_and_leg_reach",
            ),
        },
        is_nearest=True,
    ),
    Exercise(
        "single-leg deadlift",
        {
            "deadlift": (
                "single_leg_romanian_deadlift",
                "single_leg_barbell",
                "single_leg_deadlift",
                "single_leg_rdl",
                "one_arm_one_leg_deadlift",
            )
        },
    ),
    Exercise("hip thrust", {"hip_raise": ("hip_thrust",)}),
    Exercise(
        "side lunge",
        {"lunge": ("side_lunge", "side_to_side_lunge", "sliding_lateral_lunge")},
    ),
)
#: What counts as a strength session, by sport and sub-sport of the FIT profile.
STRENGTH_SUB_SPORTS = frozenset(
    {"strength_training", "core_training", "pilates", "yoga", "flexibility_training"}
)
