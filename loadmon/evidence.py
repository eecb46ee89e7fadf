"""Every published threshold and coefficient, once: value, unit, method, source, grade.

Numbers that belong together share one record. ``grade`` is the weight of the evidence: A randomised
trial, B large prospective cohort, C small or retrospective, D expert opinion or a choice of this
project, X contradicted by newer or better data. ``checked`` says how the source was seen:
``read`` (the page or abstract itself), ``secondary`` (told by another page), ``unread`` (cited from
memory: never flags anything), ``project`` (no source: our own choice).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Grade = Literal["A", "B", "C", "D", "X"]
Checked = Literal["read", "secondary", "unread", "project"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One published number, or numbers that only mean something together.

    Parameters
    ----------
    key : str
        Name under which findings and the report refer to it.
    values : mapping of str to float
        The numbers by name, in `unit`.
    unit : str
        Unit of all values; ``ratio`` and ``share`` are dimensionless.
    method : str
        The method the numbers belong to; they mean nothing with another one.
    source : str
        Author, year, journal and DOI, or that it is a choice of this project.
    grade, checked : str
        Weight of the evidence, and how its source was seen (module docstring).
    sentence : str
        What it says, in one plain sentence for the reader of a report.
    """

    key: str
    values: Mapping[str, float]
    unit: str
    method: str
    source: str
    grade: Grade
    checked: Checked
    sentence: str

    def __getitem__(self, name: str) -> float:
        """Return the value called `name`."""
        return self.values[name]


REGISTRY: dict[str, Evidence] = {}


def _cite(
    key: str,
    values: dict[str, float],
    unit: str,
    method: str,
    source: str,
    grade: Grade,
    checked: Checked,
    sentence: str,
) -> Evidence:
    entry = Evidence(key, MappingProxyType(values), unit, method, source, grade, checked, sentence)
    REGISTRY[key] = entry
    return entry


SESSION_SPIKE = _cite(
    "session-spike",
    {"small": 1.10, "moderate": 1.30, "large": 2.00, "window_days": 30},
    "ratio",
    "distance of one run over the longest run of the 30 days before its day",
    "Schuster Brandt Frandsen et al. 2025, Br J Sports Med 59:1203, "
    "doi:10.1136/bjsports-2024-109380 (abstract)",
    "B",
    "read",
    "In 5,205 runners, runs over 10 % longer than any in the 30 days before went with a "
    "higher rate "
    "of overuse injury; most such runs ended well, and more was not steadily worse.",
)
WINDOWS = _cite(
    "acwr-windows",
    {"acute": 7, "chronic": 28},
    "d",
    "acute and chronic window of the acute:chronic ratio",
    "Williams et al. 2017, Br J Sports Med 51:209, doi:10.1136/bjsports-2016-096589",
    "X",
    "read",
    "Seven days against twenty-eight is the usual pair of windows; other pairs give other answers.",
)
ACWR_LIMIT = _cite(
    "acwr-limit",
    {"coupled": 1.5, "uncoupled": 1.8, "ewma": 1.5},
    "ratio",
    "flag of the acute:chronic ratio, each number for its own method only",
    "Gabbett 2016, Br J Sports Med 50:273, doi:10.1136/bjsports-2015-095788 (team sports, via "
    "secondary pages); 1.8 uncoupled is the same limit by U = 3C/(4-C)",
    "X",
    "secondary",
    "The ratio marks a jump against your own last weeks; in runners, studies found no harm from a "
    "high ratio, or the reverse, so it is shown because people ask for it.",
)
WEEKLY_CHANGE = _cite(
    "weekly-change",
    {"limit": 1.30},
    "ratio",
    "7-day distance over the 7 days before it",
    "Nielsen et al. 2014, J Orthop Sports Phys Ther 44:739, doi:10.2519/jospt.2014.5164 (abstract; "
    "the DOI is cited from memory)",
    "C",
    "read",
    "Among 874 new runners, those who grew by over 30 % in two weeks leaned to more injuries of "
    "distance (hazard ratio 1.59, 0.96 to 2.66: chance is not ruled out); a study of 5,205 runners "
    "found no relation.",
)
MONOTONY = _cite(
    "monotony",
    {"limit": 2.0},
    "ratio",
    "mean of 7 daily loads over their population standard deviation",
    "Foster 1998, Med Sci Sports Exerc 30:1164 (abstract); the limit of 2.0 via fellrnr.com",
    "C",
    "secondary",
    "In 25 athletes most illnesses followed much and monotonous training, each at a level of its "
    "own; it was about illness, not injury. Two days without a run in seven keep it below 2.",
)
REST_DAYS = _cite(
    "rest-days",
    {"min_in_7": 2},
    "d",
    "days without a run in any 7",
    "Ristolainen et al. 2014, retrospective questionnaire of 446 elite endurance athletes",
    "C",
    "read",
    "Elite endurance athletes with fewer than two rest days a week reported about five times as "
    "many overuse injuries (1.9 to 14), as they remembered it.",
)
CHRONIC_FLOOR = _cite(
    "chronic-floor",
    {"share": 0.25, "window_days": 180},
    "share",
    "chronic load under this share of its own mean makes the ratio meaningless (low_base)",
    "choice of this project",
    "D",
    "project",
    "A ratio against almost nothing is large whatever you run, so none is shown.",
)
LAYOFF = _cite(
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
FRESHNESS = _cite(
    "freshness",
    {"quantile": 0.95, "min_days": 3},
    "d",
    "silent days at the end of the data that still count as rest",
    "choice of this project",
    "D",
    "project",
    "A silence longer than your usual gap between activities may be rest or an old export: we ask.",
)
RAMP_START = _cite(
    "ramp-start",
    {
        "max_km": 3.0,
        "share_of_longest": 0.5,
        "full_until_days": 7,
        "start_from_days": 30,
        "no_ramp_under_days": 6,
        "runs_a_week": 3,
    },
    "km",
    "first run after a break",
    "choice of this project, near Nielsen et al. 2014, Int J Sports Phys Ther 9:338 (over 3 km in "
    "week one went with more injuries in new runners with a high body mass index; abstract)",
    "D",
    "project",
    "After more than 30 days off, start with at most 3 km or half your longest run, "
    "whichever is less.",
)
RAMP_SESSION = _cite(
    "ramp-session",
    {"growth": 0.10, "floor_km": 0.5},
    "share",
    "a planned run over the longest since the return, at most this much longer",
    "the reference level of Schuster Brandt Frandsen et al. 2025, "
    "doi:10.1136/bjsports-2024-109380; "
    "the floor of 0.5 km is a choice of this project",
    "D",
    "project",
    "No planned run is over 10 % (or half a kilometre) longer than your longest since the return.",
)
RAMP_WEEK = _cite(
    "ramp-week",
    {"steady": 0.15, "steady_floor_km": 1.0, "earliest": 0.20, "earliest_floor_km": 0.0},
    "share",
    "7-day distance over the largest of the three 7-day sums before",
    "choice of this project; 20 % is the fastest steady growth that keeps the three ratio limits",
    "D",
    "project",
    "Weekly distance grows by at most this share over the largest of the three weeks before.",
)
RAMP_RATIO = _cite(
    "ramp-ratio",
    {"coupled": 1.3, "uncoupled": 1.5, "ewma": 1.5, "from_day": 28},
    "ratio",
    "acute:chronic ratios of a plan from the 28th day after the return",
    "choice of this project, after the upper end of Gabbett 2016, doi:10.1136/bjsports-2015-095788",
    "X",
    "secondary",
    "From the fifth week the plan also stays under the ratios that would flag it as a spike.",
)
RAMP_DAYS = _cite(
    "ramp-days",
    {"max_in_7": 5, "no_consecutive_days": 28, "repeat_every_weeks": 4, "hold_weeks": 2},
    "d",
    "run days of a plan",
    "choice of this project; no run on consecutive days as in the Delaware levels (PMC6693858) and "
    "the NHS Couch to 5K",
    "D",
    "project",
    "No two run days in a row in the first four weeks, at most five in seven, and every "
    "fourth week "
    "repeats the one before.",
)
RAMP_GRID = _cite(
    "ramp-grid",
    {"step_km": 0.1, "shortest_km": 0.5},
    "km",
    "planned distances are rounded down to the step; a run shorter than the shortest is left out",
    "choice of this project",
    "D",
    "project",
    "Planned runs are whole tenths of a kilometre, always rounded down, and never a few "
    "steps long.",
)
RAMP_LONG_RUN = _cite(
    "ramp-long-run",
    {"over_others": 1.5},
    "ratio",
    "long run of a steady week over its other runs, while it grows",
    "choice of this project",
    "D",
    "project",
    "The long run of a steady plan grows first, until it is half as long again as the other runs.",
)
RAMP_HORIZON = _cite(
    "ramp-horizon",
    {"weeks": 104, "base_days": 28, "compare_from_day": 14},
    "d or weeks",
    "weeks after which a plan gives up, days that say how much was run before a break, and day of "
    "the return from which seven days are compared with seven days before",
    "choice of this project",
    "D",
    "project",
    "The plan looks at the four weeks before the break, and at most two years ahead.",
)
PAIN_RULE = _cite(
    "pain-rule",
    {"stop_above": 5},
    "points of 10",
    "pain while running, 0 to 10",
    "after the pain-monitoring model (Silbernagel et al. 2007, Am J Sports Med, Achilles "
    "tendon, via "
    "secondary pages); for back pain a choice of this project",
    "D",
    "secondary",
    "Pain above 5 of 10 stops the run; pain that is worse next morning holds the plan.",
)
