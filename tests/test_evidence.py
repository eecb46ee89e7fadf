from __future__ import annotations

import ast
import math
from pathlib import Path

import pytest

import loadmon
from loadmon.evidence import REGISTRY, Evidence

ROOMS = Path(loadmon.__file__).parent
#: Printed in design.md, 'Checks and verdict' and 'Ramp', and in science/SCIENCE.md.
CONTRACT = {
    "session-spike": {"small": 1.10, "moderate": 1.30, "large": 2.00, "window_days": 30},
    "acwr-windows": {"acute": 7, "chronic": 28},
    "acwr-limit": {"coupled": 1.5, "uncoupled": 1.8, "ewma": 1.5},
    "weekly-change": {"limit": 1.30},
    "monotony": {"limit": 2.0},
    "rest-days": {"min_in_7": 2},
    "chronic-floor": {"share": 0.25, "window_days": 180},
    "lay-off": {"returning_from_days": 14, "returning_for_days": 28, "ask_from_days": 14},
    "freshness": {"quantile": 0.95, "min_days": 3},
}
ENTRIES = pytest.mark.parametrize("entry", REGISTRY.values(), ids=REGISTRY)


@pytest.mark.parametrize("key", CONTRACT)
def test_the_numbers_are_those_of_the_contract(key: str) -> None:
    assert dict(REGISTRY[key].values) == CONTRACT[key]


@ENTRIES
def test_every_entry_is_complete(entry: Evidence) -> None:
    assert entry.unit
    assert entry.method
    assert entry.source
    assert entry.sentence.endswith(".")
    assert entry.grade in "ABCDX"
    assert all(math.isfinite(v) for v in entry.values.values())


@ENTRIES
def test_what_was_not_seen_flags_nothing_and_own_choices_say_so(entry: Evidence) -> None:
    assert entry.checked != "unread"
    if entry.checked == "project":
        assert entry.grade == "D"
        assert "this project" in entry.source


@ENTRIES
def test_an_entry_cannot_be_changed(entry: Evidence) -> None:
    name = next(iter(entry.values))
    with pytest.raises(TypeError):
        entry.values[name] = 0.0  # type: ignore[index]


def test_the_uncoupled_limit_is_the_coupled_one_by_the_identity() -> None:
    c = REGISTRY["acwr-limit"]["coupled"]
    assert REGISTRY["acwr-limit"]["uncoupled"] == pytest.approx(3 * c / (4 - c))


def test_rooms_hold_no_threshold_of_their_own() -> None:
    cited = {v for e in REGISTRY.values() for v in e.values.values() if v != int(v)}
    for room in ("load", "checks"):
        for path in (ROOMS / room).glob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            numbers = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)}
            found = {n for n in numbers if isinstance(n, float)} & cited
            assert not found, f"{path.name} holds {found}: take it from loadmon.evidence"
