"""Evidence behind form: what a watch can see of how somebody runs, and against what."""

from __future__ import annotations

from loadmon.evidence.record import cite

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
    "choice of this project",
    "D",
    "project",
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
    "et al. 2011, doi:10.1249/MSS.0b013e3181ebedf4 (abstract); 2.2 % off the middle is where "
    "Garmin's own colours begin to call ground-contact balance poor",
    "D",
    "project",
    "A change of step rate by 5 % changes how the knee is loaded; whether it hurts anybody is not "
    "known.",
)
FORM_DRIFT = cite(
    "form-drift",
    {"min_minutes": 40, "min_samples": 15},
    "min",
    "change of a measure over a long run at matched speed",
    "choice of this project",
    "D",
    "project",
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
