"""Published walk-run programmes, session by session, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from loadmon.evidence.record import Checked, Grade

#: How often, how much running, how much walking after each, in the unit of the programme.
Bout = tuple[int, float, float]


@dataclass(frozen=True, slots=True)
class Stage:
    """One session of a programme, done several times before the next.

    Parameters
    ----------
    name : str
        As the source calls it.
    bouts : tuple of (int, float, float)
        How often, running, and walking after each run. [min or mile]
    times : int
        Sessions without complaint before the next stage.
    """

    name: str
    bouts: tuple[Bout, ...]
    times: int = 1


@dataclass(frozen=True, slots=True)
class Programme:
    """A walk-run programme.

    Parameters
    ----------
    key : str
        Name by which it is chosen.
    title : str
        What it is called in front of people.
    unit : {"min", "mile"}
        Unit of its running and walking.
    stages : tuple of Stage
        In order.
    max_in_7, max_levels_in_7 : int
        Its sessions, never on two days in a row, and stages gained, in any seven days.
    warm_up_min : float
        Walk before, and after. [min]
    source, grade, checked
        As in `loadmon.evidence.Evidence`.
    """

    key: str
    title: str
    unit: Literal["min", "mile"]
    stages: tuple[Stage, ...]
    max_in_7: int
    max_levels_in_7: int
    warm_up_min: float
    source: str
    grade: Grade
    checked: Checked


DELAWARE = Programme(
    "delaware",
    "University of Delaware running levels 1 to 8",
    "mile",
    (
        Stage("level 1", ((10, 0.1, 0.1),), 2),
        Stage("level 2", ((6, 0.2, 0.1), (1, 0.2 * 2 / 3, 0.1 * 2 / 3)), 2),
        Stage("level 3", ((5, 0.3, 0.1),), 2),
        Stage("level 4", ((4, 0.4, 0.1),), 2),
        Stage("level 5", ((1, 2.0, 0.0),), 2),
        Stage("level 6", ((1, 2.5, 0.0),), 2),
        Stage("level 7", ((1, 3.0, 0.0),), 2),
        Stage("level 8", ((1, 3.0, 0.0),), 2),
    ),
    4,
    2,
    5.0,
    "PMC6693858, Table 4; level 8 alternates running and jogging every 0.25 mile, and its distance "
    "is not told: 3 miles as in level 7; two clean sessions a level as in its soreness rules",
    "D",
    "read",
)
COUCH_TO_5K = Programme(
    "couch-to-5k",
    "NHS Couch to 5K",
    "min",
    (
        Stage("week 1", ((8, 1.0, 1.5),), 3),
        Stage("week 2", ((6, 1.5, 2.0),), 3),
        Stage("week 3", ((1, 1.5, 1.5), (1, 3.0, 3.0), (1, 1.5, 1.5), (1, 3.0, 3.0)), 3),
        Stage("week 4", ((1, 3.0, 1.5), (1, 5.0, 2.5), (1, 3.0, 1.5), (1, 5.0, 0.0)), 3),
        Stage("week 5 run 1", ((2, 5.0, 3.0), (1, 5.0, 0.0))),
        Stage("week 5 run 2", ((1, 8.0, 5.0), (1, 8.0, 0.0))),
        Stage("week 5 run 3", ((1, 20.0, 0.0),)),
        Stage("week 6 run 1", ((1, 5.0, 3.0), (1, 8.0, 3.0), (1, 5.0, 0.0))),
        Stage("week 6 run 2", ((1, 10.0, 3.0), (1, 10.0, 0.0))),
        Stage("week 6 run 3", ((1, 25.0, 0.0),)),
        Stage("week 7", ((1, 25.0, 0.0),), 3),
        Stage("week 8", ((1, 28.0, 0.0),), 3),
        Stage("week 9", ((1, 30.0, 0.0),), 3),
    ),
    3,
    3,
    5.0,
    "NHS Couch to 5K, week by week (nhs.uk)",
    "D",
    "read",
)
TIMED_12_WEEK = Programme(
    "timed-12-week",
    "a surgeon's timed walk-to-run programme of 12 weeks, level 1",
    "min",
    (
        Stage("week 1", ((10, 1.0, 1.5),), 3),
        Stage("week 2", ((10, 1.5, 1.5),), 3),
        Stage("week 3", ((10, 1.0, 1.0),), 3),
        Stage("week 4", ((8, 2.0, 1.0),), 3),
        Stage("week 5", ((6, 3.0, 1.0),), 3),
        Stage("week 6", ((5, 4.0, 1.0),), 3),
        Stage("week 7", ((4, 5.0, 1.0),), 3),
        Stage("week 8", ((4, 6.0, 1.0),), 3),
        Stage("week 9", ((3, 8.0, 1.0),), 3),
        Stage("week 10", ((2, 10.0, 1.0),), 3),
        Stage("week 11", ((2, 12.0, 1.0),), 3),
        Stage("week 12", ((1, 25.0, 0.0),), 3),
    ),
    3,
    3,
    5.0,
    "backtotri.com, the return-to-running plan a knee surgeon gave a patient; its last week is "
    "20 to 25 minutes",
    "D",
    "read",
)
PROGRAMMES = {p.key: p for p in (DELAWARE, COUCH_TO_5K, TIMED_12_WEEK)}
