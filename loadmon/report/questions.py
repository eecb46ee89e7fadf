"""The questions before a plan as data for the page, worked out by asking the screening itself."""

from __future__ import annotations

import functools
import itertools
from typing import Any

from loadmon.errors import ScreeningNeeded
from loadmon.evidence.pain import SITES
from loadmon.ramp.screening import PAINS, SCREENED, Reason, questions_for, screen


def clean_answers(reason: Reason) -> dict[str, Any]:
    """Answers to every question that leave room for a plan; none where none is asked."""
    return {key: _clean(key) for key in questions_for(reason)}


@functools.cache
def screening_data() -> dict[str, Any]:
    """Everything a page needs to screen as `loadmon.ramp.screening.screen` does.

    Returns
    -------
    dict
        ``questions``: for each reason that is screened, in order, ``key``, ``text``, ``needs``
        (``[key, place of a choice, ...]`` of the answers that ask it, empty: always asked) and
        ``choices``, each with the text of the answer, its value as ``screening=`` takes it, and
        the place of the fixed text that it alone leads to, -1 for none; ``texts``: the fixed
        texts, the one that outranks the others first; ``at_once``: how many of them stand
        whatever else is not answered.
    """
    told = {reason: _questions(reason) for reason in SCREENED}
    choices = [c for asked in told.values() for q in asked for c in q["choices"]]
    met = dict.fromkeys(c["leads_to"] for c in choices if c["leads_to"])
    texts = sorted(met, key=functools.cmp_to_key(_rank))  # of equal rank: as they were met
    for choice in choices:
        text = choice["leads_to"]
        choice["leads_to"] = texts.index(text) if text else -1
    return {"questions": told, "texts": texts, "at_once": sum(_at_once(text) for text in texts)}


def _questions(reason: Reason) -> list[dict[str, Any]]:
    """Questions of one reason: those that are always asked, then those that an answer asks."""
    always = questions_for(reason)
    needs: dict[str, list[Any]] = {key: [] for key in always}
    texts = dict(always)
    for key in always:
        for place, (value, _) in enumerate(_answers(key)):
            for more, text in questions_for(reason, {key: value}).items():
                if more not in always:
                    texts[more] = text
                    needs.setdefault(more, [key]).append(place)
    return [
        {"key": key, "text": texts[key], "needs": needs[key], "choices": _choices(reason, key)}
        for key in texts
    ]


def _choices(reason: Reason, key: str) -> list[dict[str, Any]]:
    """Every answer to a question, and the fixed text that it alone leads to."""
    return [
        {"text": name, "value": value, "leads_to": screen(reason, _alone(reason, key, value))}
        for value, name in _answers(key)
    ]


def _alone(reason: Reason, key: str, value: Any) -> dict[str, Any]:
    """Answers of which one alone may lead to a fixed text."""
    asks = next((a for a in _asking(reason) if key not in questions_for(reason)), {})
    answers = clean_answers(reason) | asks | {key: value}
    more = questions_for(reason, answers)
    return {k: _clean(k) for k in more} | answers


@functools.cache
def _asking(reason: Reason) -> list[dict[str, Any]]:
    """Answers that make further questions be asked."""
    always = questions_for(reason)
    return [
        {key: value}
        for key in always
        for value, _ in _answers(key)
        if len(questions_for(reason, {key: value})) > len(always)
    ]


def _answers(key: str) -> list[tuple[Any, str]]:
    """Every answer to a question, and what it is called."""
    if key in PAINS:
        return [(float(n), f"{n}") for n in range(11)]
    if key == "site":
        return [(site.key, site.key.replace("-", " ")) for site in SITES]
    return [(False, "no"), (True, "yes")]


def _clean(key: str) -> Any:
    """Answer that leaves room for a plan."""
    if key in PAINS:
        return 0.0
    return "other" if key == "site" else key == "clinician_agreed"


@functools.cache
def _leading() -> dict[str, list[tuple[Reason, str, Any]]]:
    """Answers that alone lead to each of the fixed texts."""
    out: dict[str, list[tuple[Reason, str, Any]]] = {}
    for reason in SCREENED:
        for question in _questions(reason):
            for choice in question["choices"]:
                alone = (reason, question["key"], choice["value"])
                out.setdefault(choice["leads_to"], []).append(alone)
    return out


def _rank(one: str, other: str) -> int:
    """Which of two fixed texts stands where both would: -1 for the first."""
    for (reason, key, value), (second, more, told) in itertools.product(
        _leading()[one], _leading()[other]
    ):
        if reason == second and key != more:
            both = _alone(reason, key, value) | _alone(reason, more, told) | {key: value}
            return -1 if screen(reason, both | {more: told}) == one else 1
    return 0


def _at_once(text: str) -> bool:
    """Whether a text stands although other questions are not answered."""
    reason, key, value = _leading()[text][0]
    try:
        return screen(reason, {key: value}) == text
    except ScreeningNeeded:
        return False
