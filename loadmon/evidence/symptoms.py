"""Evidence behind pain and the signs of too much: what the diary is judged by."""

from __future__ import annotations

from loadmon.evidence.record import cite

SEE_SOMEBODY = cite(
    "see-somebody",
    {"above": 5, "worse_mornings": 2, "no_better_days": 14, "lasting_days": 42, "clearly": 1},
    "points of 10, mornings or d",
    "pain in the diary after which somebody should look at it",
    "choice of this project, after the pain-monitoring model for tendons (Silbernagel et al. 2007, "
    "told by other pages) and the usual course of back pain of two to six weeks (pages of "
    "physiotherapists)",
    "D",
    "project",
    "Pain above 5 of 10, worse on two mornings running, no better after two weeks of less running, "
    "or still there after six weeks: somebody who can examine you should look at it.",
)
BACK_AND_RUNNING = cite(
    "back-and-running",
    {"prevalence_low_pct": 0.7, "prevalence_high_pct": 20.2},
    "percent",
    "share of runners with low back pain",
    "Maselli et al. 2020, doi:10.1186/s12891-020-03357-4 (abstract)",
    "C",
    "read",
    "Fewer runners than other people have low back pain (0.7 to 20 %, by study): running is not "
    "shown to cause it.",
)
RUNNING_WITH_BACK_PAIN = cite(
    "running-with-back-pain",
    {"people": 40, "weeks": 12, "sessions_a_week": 3, "minutes": 30},
    "people, weeks, sessions or min",
    "run-walk programme with non-specific chronic low back pain",
    "ASTEROID trial, doi:10.1136/bjsports-2024-108245 (abstract)",
    "A",
    "read",
    "In one trial, 40 adults with long-lasting low back pain did a walk-run programme for 12 "
    "weeks; "
    "their pain fell, with nine complaints, none of them serious. It is the only trial there is.",
)
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
