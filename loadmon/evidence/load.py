"""Evidence behind the loads and the daily calendar: windows, lay-offs, silence."""

from __future__ import annotations

from loadmon.evidence.record import cite

WINDOWS = cite(
    "acwr-windows",
    {"acute": 7, "chronic": 28},
    "d",
    "acute and chronic window of the acute:chronic ratio",
    "Williams et al. 2017, Br J Sports Med 51:209, doi:10.1136/bjsports-2016-096589",
    "X",
    "read",
    "Seven days against twenty-eight is the usual pair of windows; other pairs give other answers.",
)
CHRONIC_FLOOR = cite(
    "chronic-floor",
    {"share": 0.25, "window_days": 180},
    "share",
    "chronic load under this share of its own mean makes the ratio meaningless (low_base)",
    "choice of this project",
    "D",
    "project",
    "A ratio against almost nothing is large whatever you run, so none is shown.",
)
LAYOFF = cite(
    "lay-off",
    {"returning_from_days": 14, "returning_for_days": 28, "ask_from_days": 14},
    "d",
    "days in a row without load that make a lay-off, and how long the ratio is withheld after it",
    "choice of this project; after 28 days off the coupled ratio reads 4.0 for any first run",
    "D",
    "project",
    "For four weeks after a lay-off the ratio says nothing about how much you run, so "
    "none is shown.",
)
FRESHNESS = cite(
    "freshness",
    {"quantile": 0.95, "min_days": 3},
    "d",
    "silent days at the end of the data that still count as rest",
    "choice of this project",
    "D",
    "project",
    "A silence longer than your usual gap between activities may be rest or an old export: we ask.",
)
LOAD_INTERVAL = cite(
    "load-interval",
    {"min_known_runs": 5},
    "runs",
    "runs with a known load from which the largest load a minute is taken, for runs without it",
    "choice of this project",
    "D",
    "project",
    "A run whose load is not known could have held from nothing to what your hardest minutes hold.",
)
