"""Evidence behind the limits that the checks judge by."""

from __future__ import annotations

from loadmon.evidence.record import cite

SESSION_SPIKE = cite(
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
ACWR_LIMIT = cite(
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
WEEKLY_CHANGE = cite(
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
MONOTONY = cite(
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
REST_DAYS = cite(
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
