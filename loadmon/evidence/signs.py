"""Evidence behind the signs of too much training, and behind lighter weeks."""

from __future__ import annotations

from loadmon.evidence.record import cite

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
    "choice of this project",
    "D",
    "project",
    "Slower at the same heart rate, a higher pulse at rest, and runs that feel harder can come "
    "from heat, illness or a bad strap as well: no one of them says anything alone.",
)
LIGHTER_WEEK = cite(
    "lighter-week",
    {"share": 0.8, "weeks_before": 3},
    "share or weeks",
    "week under this share of the mean of the three weeks before it",
    "choice of this project",
    "D",
    "project",
    "A lighter week every fourth week is custom; no trial shows what it does.",
)
