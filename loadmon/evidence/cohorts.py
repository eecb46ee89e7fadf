"""Choices behind the evaluation of flags against injuries."""

from __future__ import annotations

from loadmon.evidence.record import cite

EVALUATION = cite(
    "cohort-evaluation",
    {
        "horizon_days": 7,
        "horizon_2_days": 14,
        "horizon_3_days": 28,
        "lag_days": 1,
        "run_in_days": 30,
        "recurrence_days": 28,
        "interval": 0.95,
        "min_injuries": 5,
    },
    "d, a share or a count",
    "days after a flag that belong to it, always all three; first day that does; days before any "
    "counts; days within which an injury is the same one; share of an interval; injuries on each "
    "side below which no interval is given",
    "choice of this project",
    "D",
    "project",
    "How long a flag is held to matter is a choice, and a choice of the best one afterwards would "
    "find something in chance: three are always shown.",
)
