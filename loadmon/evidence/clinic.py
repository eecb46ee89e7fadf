"""Evidence behind form, shoes, strength training and the signs of too much training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from loadmon.evidence.record import OUR_CHOICE, cite

STEADY = cite(
    "steady-minute",
    {
        "speed_cv": 0.05,
        "grade": 0.02,
        "min_speed_mps": 1.8,
        "covered_s": 50,
        "piece_s": 10,
        "smooth_s": 30,
    },
    "share, m/s or s",
    "a minute of running that can be compared: even speed over its pieces, flat ground by smoothed "
    "altitude, recorded almost throughout",
    *OUR_CHOICE,
    "Form is compared only over minutes of even speed on flat ground.",
)
FORM_BASELINE = cite(
    "form-baseline",
    {"days": 90, "min_minutes": 20, "min_runs": 5, "huber": 1.345},
    "d, min, runs or standard deviations",
    "robust line of a measure over speed, from the runner's own steady minutes",
    "choice of this project; 1.345 standard deviations is the usual tuning of Huber's estimator",
    "D",
    "project",
    "Your usual form is a line through your own steady minutes of the last 90 days.",
)
FORM_DEVIATION = cite(
    "form-deviation",
    {"share": 0.05, "runs": 3, "minutes": 3, "within_days": 28, "z": 2.0, "balance_pct": 2.2},
    "share, runs, min, d, standard deviations or percent",
    "difference from the runner's own line at the same speed, in this many of the last runs",
    "choice of this project; 5 % is the smaller of the two changes of step rate in Heiderscheit "
    "et al. 2011, doi:10.1249/MSS.0b013e3181ebedf4 (abstract: 45 runners); 2.2 % off the middle is "
    "where Garmin's own colours begin to call ground-contact balance poor; of injury: a review of "
    "18 studies of step rate up to 2025, PMC12440572 (abstract)",
    "D",
    "project",
    "5 % more steps lower the load of the knee, only 10 % more that of the hip as well. A review "
    "up to 2025 expects fewer injuries from more steps, and asks for trials that show it.",
)
SOFTER_LANDING = cite(
    "softer-landing",
    {"people": 320, "lower_pct": 62, "weeks": 2, "months": 12},
    "people, percent, weeks or months",
    "injuries of new runners in the year after two weeks on a treadmill that showed them how hard "
    "they land, against the same running without that",
    "Chan et al. 2018, Am J Sports Med 46:388, doi:10.1177/0363546517736277 (abstract; 62 %, and "
    "more calf and Achilles complaints, as told by healthhp.com.au)",
    "A",
    "secondary",
    "In one trial new runners who learnt to land more softly had 62 % fewer injuries in a year, "
    "though more of the calf and the Achilles tendon. They were shown how hard they land, which "
    "no watch measures.",
)
FORM_DRIFT = cite(
    "form-drift",
    {"min_minutes": 40, "min_samples": 15},
    "min",
    "change of a measure over a long run at matched speed",
    *OUR_CHOICE,
    "Within a long run we look at how form drifts at the same speed; what that means for injury is "
    "not known.",
)

#: What no watch sees, to be looked at in a mirror, on a film, or by a physiotherapist. Advice of
#: the clinic's page in this project's words; no trial stands behind any single line (grade D).
POSTURE = (
    ("Head", "Eyes on the way ahead, not on the feet; chin neither up nor pulled in."),
    ("Shoulders and arms", "Loose and low; arms swing along the body, not across it."),
    ("Trunk", "Tall, leaning a little forward from the ankles, not bent at the hips."),
    ("Low back and pelvis", "No hollow back; the pelvis level from side to side."),
    ("Feet", "Landing near under the hips, with short, light steps that make little noise."),
)


# Evidence behind shoes: what is custom, and what a study has seen.

SHOE_LIFE = cite(
    "shoe-life",
    {"note_km": 500, "late_km": 800},
    "km",
    "distance run in one pair",
    "300 to 500 miles is custom; Cook et al. 1985, by machine: about four fifths of the cushioning "
    "was left at 500 miles in shoes worn by runners (told by another page)",
    "D",
    "secondary",
    "Retiring shoes at 500 to 800 km is custom: no trial shows that it keeps anybody from injury.",
)
SHOE_NEW = cite(
    "shoe-new",
    {"first_days": 14, "recent_weeks": 8},
    "d or weeks",
    "days for which a pair is new, and weeks from which its weekly distance is taken",
    *OUR_CHOICE,
    "A new pair, a jump in distance and a return are better not begun together: then one of them "
    "can be told from the other.",
)
SHOE_PAIRS = cite(
    "shoe-pairs",
    {"hazard_ratio": 0.614, "low": 0.389, "high": 0.969},
    "ratio",
    "runners with several pairs in use against runners with one",
    "Malisoux et al. 2015, doi:10.1111/sms.12154 (abstract; 264 runners, 22 weeks)",
    "C",
    "read",
    "In one study runners who used several pairs in parallel had fewer injuries (hazard ratio "
    "0.61); they may have differed in other ways too.",
)

#: Fit, which is in no file; advice of the clinic's page in this project's words (grade D).
SHOE_FIT = (
    ("Length", "A thumb's breadth before the longest toe, measured standing, late in the day."),
    ("Width", "No pressure at the ball of the foot, no slipping at the heel."),
    ("Wear", "Sole not worn through or tilted to one side when it stands on a table."),
    ("Feel", "Comfortable from the first run; change one thing at a time."),
)


# Evidence behind strength training, and how the clinic's six exercises are called by watches.

STRENGTH = cite(
    "strength",
    {"per_week": 2, "window_days": 28},
    "sessions or d",
    "strength sessions a week, over four weeks",
    "choice of this project. Trials: Leppänen et al. 2024, doi:10.1136/bjsports-2023-107926 (325 "
    "novice runners, led by a physiotherapist, 24 weeks: hip and core, hazard ratio of leg injury "
    "0.66, 0.45 to 0.97; ankle and foot, of acute injury 3.60, 1.20 to 10.86); Toresdahl et al. "
    "2020, Sports Health 12:74, PMC6931177 (720 first-time marathoners, alone, three times 10 "
    "minutes a week: risk ratio 0.97, 0.57 to 1.63, of an overuse injury that stopped the "
    "marathon); nine trials together, Wu et al. 2024, doi:10.1007/s40279-024-01993-7 (1,904 "
    "runners: no effect; lower risk where somebody led the training); all by their abstracts",
    "D",
    "project",
    "Nine trials together found no effect of strength training on injuries of runners; where "
    "somebody led it there were fewer. Hip and core training led by a physiotherapist went with "
    "fewer in new runners, foot training with more sudden ones. Two sessions a week are a goal of "
    "this project, not of the trials.",
)


@dataclass(frozen=True, slots=True)
class Exercise:
    """One of the clinic's exercises."""

    name: str  # as people call it and as the diary takes it
    #: Exercise names of the FIT profile by their category; a name that contains one of them
    #: (``weighted_side_plank``) is the same exercise.
    recorded: Mapping[str, tuple[str, ...]]
    is_nearest: bool = False  # the FIT profile lacks the exercise: only the nearest are recorded


#: The six exercises of the clinic's page, by the categories of the FIT profile (`set` messages).
EXERCISES = (
    Exercise("plank", {"plank": ("plank",)}),
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
        "side lunge", {"lunge": ("side_lunge", "side_to_side_lunge", "sliding_lateral_lunge")}
    ),
)
#: What counts as a strength session, by sport and sub-sport of the FIT profile.
STRENGTH_SUB_SPORTS = frozenset(
    {"strength_training", "core_training", "pilates", "yoga", "flexibility_training"}
)


# Evidence behind the signs of too much training, and behind lighter weeks.

OVERTRAINING = cite(
    "overtraining-signs",
    {
        "recent_days": 28,
        "before_days": 90,
        "pace_share": 0.03,
        "resting_bpm": 5,
        "rpe_points": 1,
        "min_runs": 5,
        "settled_min": 10,
        "signs": 2,
    },
    "d, share, bpm, points of 10, runs, min or signs",
    "changes of the last four weeks against the 90 days before them, shown together; pace and "
    "heart rate are compared after the first ten minutes of a run",
    *OUR_CHOICE,
    "Slower at the same heart rate, a higher pulse at rest, and runs that feel harder can come "
    "from heat, illness or a bad strap as well: no one of them says anything alone.",
)
LIGHTER_WEEK = cite(
    "lighter-week",
    {"share": 0.8, "weeks_before": 3},
    "share or weeks",
    "week under this share of the mean of the three weeks before it",
    *OUR_CHOICE,
    "A lighter week every fourth week is custom; no trial shows what it does.",
)
