"""No text that a person reads makes a claim, blames or frightens; every code has its words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from forbidden import FORBIDDEN
from made import archive, runs
from made_pages import few_plans

import loadmon
from loadmon.evidence import CHECKED_WORDS, GRADE_WORDS, REGISTRY, Checked, Grade
from loadmon.ramp.screening import RED_FLAGS
from loadmon.report import wording as words
from loadmon.report.calculator import calculator
from loadmon.report.overview import GET_HELP, overview
from loadmon.report.sections import section_of
from loadmon.rules.context import CHECKS, LARGEST_STEP, Verdict
from loadmon.rules.engine import check, today

PACKAGE = Path(loadmon.__file__).parent
HARD = [9.0] * 21 + [0.0] * 20 + [12.0, 0.0, 20.0, 9.0, 9.0, 9.0, 9.0]


def offending(text: str) -> list[str]:
    return [p for p in FORBIDDEN if re.search(p, text, flags=re.IGNORECASE)]


@pytest.mark.parametrize(
    "text",
    [
        "This plan is safe.",
        "12 km is safe",
        "It is safe to run.",
        "a safe range of the ratio",
        "Return safely.",
        "Rest prevents injury.",
        "This plan prevents injury",
        "Strength training prevents overuse injuries.",
        "Your risk is 64 % higher.",
        "64 % more likely to get hurt",
        "you are 64 % more likely to get hurt",
        "A week like this doubles your risk.",
        "A high ratio predicts injury.",
        "in the danger zone",
        "Recommended: 12 km",
        "You are allowed 12 km.",
        "cleared to run",
        "You're good to go.",
        "You are fine.",
        "the sweet spot",
        "only one rest day",
        "Run more this week.",
        "You overstride.",
        "This run caused the pain.",
    ],
)
def test_a_claim_is_found(text: str) -> None:
    assert offending(text)


@pytest.mark.parametrize(
    "text",
    [
        "Nothing flagged.",
        "14.2 km, 41 % longer than the longest run in the 30 days before (10.1 km).",
        "3 days without a run in these 7.",
        "In 5,205 runners, runs over 10 % longer went with a higher rate of overuse injury.",
        "The limits allow 12 km",
        "We recommend that you see a physiotherapist",
        "Cookies are not allowed",
        "In runners the ratio does not predict injury.",
        "Shoes do not prevent injury.",
        "No number here is evidence that a run is not safe.",
        "Worker processes start with a safe path.",
        "Runners who run more often have more recordings.",
        "The file was cleared of names.",
        "Missed runs are never caught up.",
        "A hard deadline prevents a hang.",
    ],
)
def test_a_word_that_claims_nothing_is_not_held_back(text: str) -> None:
    assert not offending(text)


@pytest.mark.parametrize("key", sorted(REGISTRY))
def test_evidence_neither_promises_nor_frightens(key: str) -> None:
    entry = REGISTRY[key]
    assert not offending(f"{entry.sentence} {entry.method}")


@pytest.mark.parametrize("loads", [HARD, [5.0] * 40, [0.0, 3.0] * 20, [3.0, 0.0, 0.0] * 12])
def test_messages_of_checks_and_limits_neither_promise_nor_frighten(loads: list[float]) -> None:
    made = archive(runs(loads), "imported", "quarantined")
    told = check(made).to_frame()
    limits = today(made)
    text = " ".join([*told["message"], *told["missing"], limits.why, *limits.to_frame()["why"]])
    assert not offending(text)


def test_fixed_words_neither_promise_nor_frighten() -> None:
    fixed = [q for heading, questions in GET_HELP for q in (heading, *questions)]
    for told in vars(words).values():
        if told is not vars(words)["__builtins__"]:
            texts = told.values() if isinstance(told, dict) else [told]
            fixed += [text for text in texts if isinstance(text, str)]
    assert len(fixed) > 100
    assert not [t for t in fixed if offending(t)]


@pytest.mark.parametrize("template", sorted((PACKAGE / "report" / "templates").glob("*.*")))
def test_no_template_promises_or_frightens(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    body = text.partition("<body")[2] or text
    assert len(body) > 500
    assert not offending(body.replace("|safe", ""))


def test_no_text_of_the_calculator_promises_or_frightens() -> None:
    made = archive(runs([6.0, 0.0, 6.0, 0.0, 8.0, 0.0, 0.0] * 10 + [0.0] * 12))
    with few_plans():
        data = calculator(overview(made, title="x"))
    assert data is not None
    told = [*data["texts"], *data["screening"]["texts"], data["open"], data["clean"]]
    told += [text for choice in data["choices"].values() for text in choice["texts"]]
    told += [q["text"] for asked in data["screening"]["questions"].values() for q in asked]
    assert len(told) > 60
    assert not [t for t in told if offending(t)]


def test_ok_is_told_as_nothing_flagged_and_no_more() -> None:
    assert set(words.VERDICT_WORDS) == set(get_args(Verdict))
    assert words.VERDICT_WORDS["ok"] == "nothing flagged"
    assert words.VERDICT_WORDS["unknown"] == "not known"


def test_every_check_limit_flag_status_and_grade_has_its_words() -> None:
    assert tuple(words.CHECK_WORDS) == (*CHECKS, LARGEST_STEP)
    bounds = today(archive(runs([5.0] * 40))).to_frame()["limit"]
    assert {*bounds, "unknown"} <= set(words.LIMIT_WORDS)
    assert tuple(words.CANNOT_TELL) == (*CHECKS, LARGEST_STEP)
    assert tuple(words.MEANING_WORDS) == CHECKS
    assert tuple(words.FLAG_WORDS) == CHECKS
    assert tuple(words.LIMIT_SIGNS) == (*CHECKS, LARGEST_STEP)
    alone = {name for name in CHECKS if section_of(name) == name}
    assert alone
    assert {*words.HOW_TO_FILL, *words.SECTION_WORDS} >= alone
    assert tuple(GRADE_WORDS) == get_args(Grade)
    assert tuple(CHECKED_WORDS) == get_args(Checked)


@pytest.mark.parametrize(
    ("check", "value", "limit", "is_past"),
    [
        ("acwr", 1.5, 1.5, False),
        ("acwr", 1.51, 1.5, True),
        ("rest", 2.0, 2.0, False),
        ("rest", 1.0, 2.0, True),
        ("overtraining", 1.0, 2.0, False),
        ("overtraining", 2.0, 2.0, True),
        ("form", -5.0, 5.0, False),
        ("form", -5.1, 5.0, True),
        ("form", 5.1, 5.0, True),
        ("acwr", None, 1.5, False),
        ("return", 3.0, None, False),
    ],
)
def test_past_a_limit_is_what_its_sign_says(
    check: str, value: float | None, limit: float | None, is_past: bool
) -> None:
    assert words.is_beyond(check, value, limit) == is_past


def test_help_lists_every_red_flag_of_the_screening() -> None:
    listed = [q for _, questions in GET_HELP for q in questions]
    assert {q.text for q in RED_FLAGS} <= set(listed)
    assert GET_HELP[0][1] == tuple(q.text for q in RED_FLAGS if q.urgency == "emergency")
