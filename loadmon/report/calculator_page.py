"""The calculator as a page of its own: the way back from typed numbers, every plan made before.

Nothing on the page decides a dose. It looks up one of many plans, each made by the planner and
verified: the numbers that are typed are rounded down to the next box (days off and pain up), so
that no plan is more than was asked for.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from typing import Any

import pandas as pd

from loadmon import __version__
from loadmon.athlete import Athlete
from loadmon.evidence.pain import PAIN_MONITORING, PAIN_RULE, SITES
from loadmon.ramp import screening
from loadmon.ramp.messages import BETWEEN_TEXT
from loadmon.ramp.plan import planner
from loadmon.ramp.problem import Request
from loadmon.ramp.result import Ramp
from loadmon.report.calculator import Pool, clean_answers, screening_data
from loadmon.report.wording import CLEAN_TEXT, NOT_MEDICAL, OPEN_TEXT, REASON_WORDS
from loadmon.stated import MOST_WEEK_KM, usual
from loadmon.units import MILES_PER_KM, Units

#: Usual weeks that there are plans for, in each unit.
WEEKS: dict[Units, tuple[float, ...]] = {
    "km": (4, 8, 12, 16, 20, 25, 30, 40, 60),
    "mi": (3, 5, 8, 10, 12, 15, 18, 25, 40),
}
#: Longest run as shares of the week, by runs a week; after pain and injury the first of them alone.
LONGEST = {1: (1.0,), 2: (0.5, 0.65), 3: (0.35, 0.5), 4: (0.3, 0.4)}
#: Days off before the first run: whole weeks less one, so that it falls on the weekday of the last.
DAYS_OFF = (6, 13, 20, 27, 41, 69, 181, 3639)
#: After pain and injury a plan begins in minutes whatever the days off, so fewer are needed.
DAYS_OFF_SCREENED = (27, 69, 3639)
#: Pain at most, and whether it is worse on the next morning.
PAINS = (
    (PAIN_MONITORING["mild_until"], False),
    (PAIN_RULE["stop_above"], False),
    (PAIN_RULE["stop_above"], True),
)
#: At a bone any pain ends the running, so that there are plans without pain alone.
NO_PAIN = ((0.0, False),)
#: The day of return of every plan here; the page moves plans to the day that is typed.
_RESUME = pd.Timestamp("2026-01-05")
#: Days of which the page also says what is between the runs.
_FIRST_DAYS = 7
_DAY = pd.Timedelta(days=1)
_A_DAY = re.compile(
    r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{1,2} "
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}\b"
)


@dataclass(frozen=True, slots=True)
class Week:
    """A usual week that there are plans for."""

    weekly_km: float
    longest_km: float
    runs: int
    is_even: bool  # the longest run is as short as there is a plan for


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers that share their plans: a reason, the most pain, and places that are alike."""

    reason: screening.Reason
    answers: dict[str, bool | float | str]
    pain: float  # at most; 0 where no pain is asked for
    is_worse: bool  # on the next morning
    sites: tuple[str, ...]  # empty where no place is asked for
    days_off: tuple[int, ...]

    def has(self, week: Week, days_off: int) -> bool:
        """Whether there is a plan for that week and those days off."""
        return days_off in self.days_off and (week.is_even or self.days_off == DAYS_OFF)


def usual_weeks(units: Units) -> list[Week]:
    """Every usual week that there are plans for, in whole numbers of the unit."""
    one = 1 / MILES_PER_KM if units == "mi" else 1.0
    return [
        Week(one * week, one * round(share * week, 1), runs, is_even=share == shares[0])
        for week, (runs, shares) in itertools.product(WEEKS[units], LONGEST.items())
        for share in shares
    ]


def answered(reason: screening.Reason) -> list[Answered]:
    """Every case of a reason in which the answers leave room for a plan, or might."""
    clean = clean_answers(reason)
    if "pain" not in clean:
        return [Answered(reason, clean, 0.0, False, (), DAYS_OFF)]
    groups: list[tuple[str, ...]] = [()]
    if "site" in clean:
        bones = tuple(site.key for site in SITES if site.tissue == "bone")
        groups = [tuple(site.key for site in SITES if site.tissue != "bone"), bones]
    return [
        Answered(
            reason, _answers(reason, pain, worse, sites), pain, worse, sites, DAYS_OFF_SCREENED
        )
        for sites in groups
        for pain, worse in (NO_PAIN if _is_bone(reason, sites) else PAINS)
    ]


def _is_bone(reason: screening.Reason, sites: tuple[str, ...]) -> bool:
    """Whether these places are of bone, or the reason is."""
    place = {"site": sites[0]} if sites else {}
    return screening.site_for(reason, place).tissue == "bone"


def _answers(
    reason: screening.Reason, pain: float, is_worse: bool, sites: tuple[str, ...]
) -> dict[str, bool | float | str]:
    """Answers that stand for all with at most that pain at one of these places."""
    site = {"site": sites[-1]} if sites else {}
    asked = screening.questions_for(reason, site)
    answers = clean_answers(reason) | dict.fromkeys(screening.PAINS, pain) | site
    answers |= {"clinician_agreed": True} if "clinician_agreed" in asked else {}
    return answers | ({"pain_before": 0.0} if is_worse else {})


def planned(week: Week, days_off: int, athlete: Athlete) -> Callable[[Answered], Ramp | str]:
    """Make a function from answers to the plan of one usual week and that many days off."""
    last = _RESUME - (days_off + 1) * _DAY
    history = usual(week.weekly_km, week.longest_km, runs=week.runs, last_run=last, athlete=athlete)
    plan = planner(history)

    def of(given: Answered) -> Ramp | str:
        request = Request(
            resume=_RESUME,
            reason=given.reason,
            screening=given.answers,
            athlete=athlete,
        )
        return plan(request)

    return of


def calculator_data(
    units: Units = "km", *, tick: Callable[[float], None] = lambda _share: None
) -> dict[str, Any]:
    """Every plan of the page, as JSON takes it; `tick` is called with the share that is done.

    ``plans``: by case, the index in ``pool`` of the plan of each of its weeks and each of its days
    off, the latter changing fastest.
    """
    pool, lists = Pool(), Lists()
    athlete, weeks = Athlete(units=units), usual_weeks(units)
    cases = [case for reason in screening.REASONS for case in answered(reason)]
    plans: list[list[int]] = [[] for _ in cases]
    for n, week in enumerate(weeks):
        for days_off in sorted({*DAYS_OFF, *DAYS_OFF_SCREENED}):
            of = planned(week, days_off, athlete)
            for case, found in zip(cases, plans, strict=True):
                if case.has(week, days_off):
                    found.append(pool.plan(encoded(of(case), units, pool, lists)))
        tick((n + 1) / len(weeks))
    one = MILES_PER_KM if units == "mi" else 1.0
    return {
        "units": units,
        "one_km": one,
        "most": one * MOST_WEEK_KM,
        "weeks": [
            [round(10 * one * w.weekly_km), round(10 * one * w.longest_km), w.runs] for w in weeks
        ],
        "cases": [
            {
                "reason": case.reason,
                "pain": case.pain,
                "worse": case.is_worse,
                "sites": list(case.sites),
                "days_off": list(case.days_off),
                "weeks": [n for n, w in enumerate(weeks) if case.has(w, case.days_off[0])],
            }
            for case in cases
        ],
        "plans": plans,
        "pool": pool.plans,
        "lists": lists.kept,
        "texts": pool.texts,
        "asks": {r: r if screening.questions_for(r) else "" for r in screening.REASONS},
        "screening": screening_data(),
        "open": OPEN_TEXT,
        "clean": CLEAN_TEXT,
    }


class Lists:
    """Lists of whole numbers that many plans share, each kept once."""

    def __init__(self) -> None:
        """Begin with none."""
        self.kept: list[list[int]] = []
        self._indices: dict[tuple[int, ...], int] = {}

    def index(self, numbers: list[int]) -> int:
        """Index of a list."""
        key = tuple(numbers)
        if key not in self._indices:
            self._indices[key] = len(self.kept)
            self.kept.append(numbers)
        return self._indices[key]


def encoded(ramp: Ramp | str, units: Units, pool: Pool, lists: Lists) -> dict[str, Any]:
    """One plan in few bytes, its days counted from the day of return.

    ``days``, ``tenths`` of the unit, ``minutes`` and ``what`` of each run, as indices of lists;
    ``week`` of the first day and the days ``left`` of it; ``between``: day and words of walks and
    strength in the first seven days. ``no``: the text shown instead of a plan.
    """
    if isinstance(ramp, str):
        return {"no": pool.text(_moved(ramp))}
    plan = ramp.plan
    one = 10 * (MILES_PER_KM if units == "mi" else 1.0)
    day = ((plan["date"] - _RESUME) / _DAY).astype(int)
    runs, week = plan["distance_km"] > 0, int(plan["week"].iloc[0])
    others = plan[~runs & (plan["kind"] != "rest") & (day < _FIRST_DAYS)]
    between = [
        number
        for at, row in zip(day[others.index], others.to_dict("records"), strict=True)
        for number in (
            at,
            pool.text(f"{row['duration_min']:.0f} min {row['kind'].replace('_', '-')}"),
        )
    ]
    left_out = ("", BETWEEN_TEXT, *screening.STOP_TEXT.splitlines())
    # the weekdays of the plan are those of the day that is typed, as its table says
    notes = [
        line
        for line in ramp.message.splitlines()
        if line not in left_out and not line.startswith("Run days: ")
    ]
    return {
        "days": lists.index(day[runs].tolist()),
        "tenths": lists.index((one * plan["distance_km"][runs]).round().astype(int).tolist()),
        "minutes": lists.index(plan["duration_min"][runs].round().astype(int).tolist()),
        "what": lists.index([pool.text(what) for what in plan["session"][runs]]),
        "week": week,
        "first": int(day.iloc[0]),
        "left": int((plan["week"] == week).sum()),
        "between": lists.index(between),
        "notes": lists.index(
            [pool.text(_moved(line)) for line in notes if "Screening:" not in line]
        ),
    }


def _moved(text: str) -> str:
    """Text whose days are counted from the day of return: ``{+14}``."""
    return _A_DAY.sub(lambda day: f"{{{(pd.Timestamp(day[0]) - _RESUME).days:+d}}}", text)


def render_calculator(data: dict[str, Any]) -> str:
    """One self-contained HTML page: nothing is fetched, and nothing that is typed leaves it."""
    from loadmon.report.filling import filled

    folder = resources.files("loadmon.report") / "templates"
    names = ("screening.js", "calculator_page.js")
    script = "".join((folder / name).read_text("utf-8") for name in names)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    plans = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return filled(
        "calculator_page.html.j2",
        version=__version__,
        units=data["units"],
        screening=data["screening"],
        reason_words=REASON_WORDS,
        stop=screening.STOP_TEXT,
        not_medical=NOT_MEDICAL,
        plans=plans.replace("<", "\\u003c"),
        script=script,
        fingerprint=digest,
    )
