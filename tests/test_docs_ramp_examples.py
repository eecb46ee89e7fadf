"""docs/ramp-examples.md is what its script writes: ten verified plans, two for each reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import make_ramp_examples as examples
import pytest

from loadmon.errors import LoadmonError
from loadmon.ramp.screening import REASONS, STOP_TEXT

TEXT = examples.PATH.read_text(encoding="utf-8")


def test_the_page_is_what_the_script_writes() -> None:
    assert examples.page() == TEXT, "run: python docs/make_ramp_examples.py"


def test_there_are_two_plans_for_each_reason_and_a_line_for_each() -> None:
    assert Counter(r.reason for r in examples.RUNNERS) == dict.fromkeys(REASONS, 2)
    assert {r.key for r in examples.RUNNERS} == set(examples.WHY)
    assert TEXT.count("**Why so:**") == TEXT.count("| date | session |") == len(examples.RUNNERS)
    assert TEXT.endswith(f"{STOP_TEXT}\n")


def test_a_plan_that_does_not_hold_or_is_none_is_not_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runner = examples.RUNNERS[0]
    hurt = replace(runner, reason="injury", answers={"site": "knee", "pain": 8})
    with pytest.raises(LoadmonError, match="no plan: Pain above 5 of 10"):
        examples.ramp_of(hurt)
    made = examples.ramp_of(runner)
    worse = replace(made, plan=made.plan.assign(distance_km=made.plan["distance_km"] * 2))
    monkeypatch.setattr("loadmon.plan_ramp", lambda *_, **__: worse)
    with pytest.raises(LoadmonError, match=r"rest-three-weeks: .*limit"):
        examples.ramp_of(runner)
