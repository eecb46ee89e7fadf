"""The return-to-running calculator of the page: its questions, and every plan it can show."""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from loadmon.errors import ScreeningNeeded
from loadmon.evidence.limits import WINDOWS
from loadmon.evidence.pain import SITES
from loadmon.evidence.ramp import RAMP_HORIZON
from loadmon.ramp import screening
from loadmon.ramp.export import TITLES, uid, whole_minutes
from loadmon.ramp.messages import REACHED_WORDS
from loadmon.ramp.plan import planner
from loadmon.ramp.problem import Request
from loadmon.ramp.result import Ramp
from loadmon.report.overview import Overview
from loadmon.report.wording import CLEAN_TEXT, OPEN_TEXT, REASON_WORDS, dated
from loadmon.units import Units, count_text, distance_text, in_distance_units

#: Marks of a planned run that name no limit.
_NO_LIMITS = ("", "target", "repeat")


@dataclass(slots=True)
class Pool:
    """Texts and plans that many combinations share, each kept once."""

    texts: list[str] = field(default_factory=list)
    plans: list[dict[str, Any]] = field(default_factory=list)
    _indices: dict[str, int] = field(default_factory=dict)

    def text(self, text: str) -> int:
        """Index of a text."""
        return self._index(text, text, self.texts)

    def plan(self, plan: dict[str, Any]) -> int:
        """Index of a plan."""
        return self._index(f"plan: {plan}", plan, self.plans)

    def _index(self, key: str, value: Any, kept: list[Any]) -> int:
        if key not in self._indices:
            self._indices[key] = len(kept)
            kept.append(value)
        return self._indices[key]


def encoded(ramp: Ramp | str, units: Units, pool: Pool) -> dict[str, Any]:
    """One plan in few bytes: every text by its index; ``no``: the text shown instead of a plan.

    Distances are in ``tenths`` of the unit; ``left`` are the days of the first day's week.
    """
    if isinstance(ramp, str):
        return {"no": pool.text(ramp)}
    plan, week = ramp.plan, int(ramp.plan["week"].iloc[0])
    one = 10 * in_distance_units(1.0, units)
    elsewhere = ("", *screening.STOP_TEXT.splitlines())
    notes = [line for line in ramp.message.splitlines() if line not in elsewhere]
    limits = Counter(name for name in plan["limited_by"] if name not in _NO_LIMITS)
    binds = limits.most_common(1)[0][0] if limits else "target"
    answer = f"Not reached within {RAMP_HORIZON['weeks']:.0f} weeks."
    if ramp.reached_on is not None:
        reached = int(plan.loc[plan["date"] == ramp.reached_on, "week"].iloc[0])
        day = dated(ramp.reached_on)
        of = " of the return" if week > 1 else ""
        answer = f"Reached on {day}, in week {reached}{of}; then held for two weeks."
    return {
        "first": f"{plan['date'].iloc[0]:%Y-%m-%d}",
        "week": week,
        "left": int((plan["week"] == week).sum()),
        "tenths": (one * plan["distance_km"]).round().astype(int).tolist(),
        "kind": [pool.text(kind) for kind in plan["kind"]],
        "what": [pool.text(what) for what in plan["session"]],
        "stage": [pool.text(stage) for stage in plan["stage"]],
        "minutes": [0 if x != x else whole_minutes(x) for x in plan["duration_min"]],
        "by": [pool.text(REACHED_WORDS.get(name, "")) for name in plan["limited_by"]],
        "notes": [pool.text(line) for line in notes if "Screening:" not in line],
        "answer": pool.text(answer),
        "binds": pool.text(REACHED_WORDS[binds]),
    }


# The questions before a plan as data for the page, worked out by asking the screening itself.


def clean_answers(reason: screening.Reason) -> dict[str, Any]:
    """Answers to every question that leave room for a plan; none where none is asked."""
    return {key: _clean(key) for key in screening.questions_for(reason)}


@functools.cache
def screening_data() -> dict[str, Any]:
    """Everything a page needs to screen as `loadmon.ramp.screening.screen` does.

    A question ``needs`` ``[key, index of a choice, ...]``, the answers that ask it (empty: always);
    a choice ``leads_to`` one of the fixed ``texts`` (-1: none), of which the first outranks the
    others and the first ``at_once`` are shown although other questions are open. ``together``:
    ``[key, choice, other key, its choices, text]``, answers that lead to a text only as a pair.
    """
    asking = [reason for reason in screening.REASONS if screening.questions_for(reason)]
    questions = {reason: _questions(reason) for reason in asking}
    together = {reason: _together(reason, asked) for reason, asked in questions.items()}
    # answers that lead to each of the fixed texts
    leading: dict[str, list[tuple[screening.Reason, dict[str, Any]]]] = {}
    for reason, asked in questions.items():
        values = {q["key"]: [choice["value"] for choice in q["choices"]] for q in asked}
        for q in asked:
            for choice in q["choices"]:
                answer = {q["key"]: choice["value"]}
                leading.setdefault(choice["leads_to"], []).append((reason, answer))
        for key, place, other, others, text in together[reason]:
            pair = {key: values[key][place], other: values[other][others[0]]}
            leading.setdefault(text, []).append((reason, pair))

    def rank(one: str, other: str) -> int:
        """Which of two fixed texts is shown where both would be: -1 for the first."""
        for (reason, answers), (second, more) in itertools.product(leading[one], leading[other]):
            if reason == second and not answers.keys() & more.keys():
                both = _alone(reason, answers | more)
                return -1 if screening.screen(reason, both) == one else 1
        return 0

    # of equal rank: as they were met
    texts = sorted((text for text in leading if text), key=functools.cmp_to_key(rank))
    for asked in questions.values():
        for choice in (choice for q in asked for choice in q["choices"]):
            text = choice["leads_to"]
            choice["leads_to"] = texts.index(text) if text else -1
    at_once = sum(_at_once(*leading[text][0], text) for text in texts)
    pairs = {r: [[*pair[:-1], texts.index(pair[-1])] for pair in together[r]] for r in asking}
    return {"questions": questions, "texts": texts, "at_once": at_once, "together": pairs}


def _together(reason: screening.Reason, asked: list[dict[str, Any]]) -> list[list[Any]]:
    """Pairs of answers to what is always asked that lead to a text, though neither does alone."""
    found: dict[tuple[str, int, str, str], list[int]] = {}
    free = [
        (q["key"], place, choice["value"])
        for q in asked
        for place, choice in enumerate(q["choices"])
        if not q["needs"]
        and not choice["leads_to"]
        # beside a clean answer the other one is alone
        and choice["value"] != _clean(q["key"])
    ]
    # from the last question on, the place, so that the pairs of each place are one
    for (key, place, value), (other, more, other_value) in itertools.combinations(free[::-1], 2):
        if key != other:
            text = screening.screen(reason, _alone(reason, {key: value, other: other_value}))
            if text:
                found.setdefault((key, place, other, text), []).append(more)
    return [
        [key, place, other, places, text] for (key, place, other, text), places in found.items()
    ]


def _at_once(reason: screening.Reason, answers: dict[str, Any], text: str) -> bool:
    try:
        return screening.screen(reason, answers) == text
    except ScreeningNeeded:
        return False


def _questions(reason: screening.Reason) -> list[dict[str, Any]]:
    """Questions of one reason: those that are always asked, then those that an answer asks."""
    always = screening.questions_for(reason)
    needs: dict[str, list[Any]] = {key: [] for key in always}
    texts = dict(always)
    for key in always:
        for index, (value, _) in enumerate(_answers(key)):
            for more, text in screening.questions_for(reason, {key: value}).items():
                if more not in always:
                    texts[more] = text
                    needs.setdefault(more, [key]).append(index)
    choices = {
        key: [
            {
                "text": name,
                "value": value,
                "leads_to": screening.screen(reason, _alone(reason, {key: value})),
            }
            for value, name in _answers(key)
        ]
        for key in texts
    }
    return [
        {"key": key, "text": text, "needs": needs[key], "choices": choices[key]}
        for key, text in texts.items()
    ]


def _alone(reason: screening.Reason, given: dict[str, Any]) -> dict[str, Any]:
    """Clean answers but for those given, with what makes their questions be asked."""
    always = screening.questions_for(reason)
    asks = {} if given.keys() <= always.keys() else next(iter(_asking(reason)), {})
    answers = clean_answers(reason) | asks | given
    more = screening.questions_for(reason, answers)
    return {k: _clean(k) for k in more} | answers


@functools.cache
def _asking(reason: screening.Reason) -> list[dict[str, Any]]:
    """Answers that make further questions be asked."""
    always = screening.questions_for(reason)
    return [
        {key: value}
        for key in always
        for value, _ in _answers(key)
        if len(screening.questions_for(reason, {key: value})) > len(always)
    ]


def _answers(key: str) -> list[tuple[Any, str]]:
    if key in screening.PAINS:
        return [(float(n), f"{n}") for n in range(11)]
    if key == "site":
        return [(site.key, site.key.replace("-", " ")) for site in SITES]
    return [(False, "no"), (True, "yes")]


def _clean(key: str) -> Any:
    if key in screening.PAINS:
        return 0.0
    return "other" if key == "site" else key == "clinician_agreed"


# The ramp calculator of the page: every plan it can show, planned and verified beforehand. Each
# takes its time, so that a page has few: of what else may be asked, `loadmon ramp` makes the plan.

#: Days from the day of the report to the return.
AFTER_D = 1
_WITHOUT_HISTORY_KM = 20.0
_LEAST_KM = 4.0
#: Weekdays of a week by how many are run on, counted from the day of return.
RUN_DAYS = {2: (0, 3), 3: (0, 2, 5), 4: (0, 2, 4, 6)}
_PAST_WEEKS = 8
_WEEK = int(WINDOWS["acute"])
_DAY = pd.Timedelta(days=1)


def calculator(overview: Overview) -> dict[str, Any] | None:
    """Everything the calculator of the page needs, as JSON takes it; None: nothing is recorded.

    ``reasons``: for each, whose questions are asked (pain in the diary asks) and whose plans are
    the same; ``plans``: the index in ``pool`` of the plan of each number of runs a week.
    """
    if overview.daily.empty:
        return None
    pool = Pool()
    asks: dict[str, screening.Reason] = {
        r: screening.reason_from_diary(overview.diary, overview.as_of, r) for r in screening.REASONS
    }
    plan, units = planner(overview.archive, overview.context), overview.athlete.units
    variants = {
        reason: [*map(plan, requests(overview, reason))]
        for reason in dict.fromkeys(_same_plans(overview, r) for r in asks.values())
    }
    ramps = [ramp for of_reason in variants.values() for ramp in of_reason]
    days = {day for ramp in ramps if isinstance(ramp, Ramp) for day in ramp.plan["date"]}
    target = target_km(overview)
    return {
        "units": units,
        "from": dated(overview.as_of + AFTER_D * _DAY),
        "target": distance_text(target, units, decimals=0),
        "target_tenths": round(10 * in_distance_units(target, units)),
        "choices": {
            "runs": {
                "texts": [f"{count_text(n, 'run')} a week" for n in RUN_DAYS],
                "start": min(1, len(RUN_DAYS) - 1),
            },
        },
        "plans": {
            reason: [pool.plan(encoded(ramp, units, pool)) for ramp in of_reason]
            for reason, of_reason in variants.items()
        },
        "pool": pool.plans,
        "texts": pool.texts,
        "past": _past(overview),
        "reasons": {
            r: {"asks": asks[r], "plans": _same_plans(overview, asks[r])} for r in REASON_WORDS
        },
        "screening": screening_data(),
        "stop": screening.STOP_TEXT,
        "titles": TITLES,
        # as in `Ramp.to_ics`
        "uids": {f"{day:%Y-%m-%d}": uid(day.date()) for day in sorted(days)},
        "open": OPEN_TEXT,
        "clean": CLEAN_TEXT,
    }


def _same_plans(overview: Overview, reason: screening.Reason) -> screening.Reason:
    """Reason whose plans are the same; with pain in the diary each has its own."""
    no_pain = overview.diary["pain"].isna().all()
    return "injury" if no_pain and reason == "back-pain" else reason


def requests(overview: Overview, reason: screening.Reason) -> list[Request]:
    """A plan for each number of runs a week."""
    day, target = overview.as_of + AFTER_D * _DAY, target_km(overview)
    return [
        Request(
            resume=day,
            target_km=target,
            run_days=[(day.weekday() + d) % _WEEK for d in weekdays],
            reason=reason,
            screening=clean_answers(reason),
            athlete=overview.athlete,
            as_of=overview.as_of,
        )
        for weekdays in RUN_DAYS.values()
    ]


def target_km(overview: Overview) -> float:
    """Mean week of the 28 days that end with the last run, in whole units of distance. [km]

    Of a history that is shorter than a week, what was run in it: one run is no seven.
    """
    daily = overview.daily
    ran = daily.index[daily["runs"] > 0]
    month = int(RAMP_HORIZON["base_days"])
    week_km = 0.0
    if len(ran):
        span = daily.loc[ran[-1] - (month - 1) * _DAY : ran[-1], "load"]
        week_km = float(span.sum()) * _WEEK / max(len(span), _WEEK)
    one = in_distance_units(1.0, overview.athlete.units)
    return round((week_km if week_km >= _LEAST_KM else _WITHOUT_HISTORY_KM) * one) / one


def _past(overview: Overview) -> list[dict[str, Any]]:
    """The last weeks before the plan, for its picture; None is not known."""
    one = 10 * in_distance_units(1.0, overview.athlete.units)
    weeks = overview.weekly["distance_km"].tail(_PAST_WEEKS)
    return [
        {"first": f"{start:%Y-%m-%d}", "tenths": None if km != km else round(one * km)}
        for start, km in zip(weeks.index, weeks, strict=True)
    ]
