"""Whole commands that are killed, failed or cut from power: every file whole, nothing lost."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from disturb_commands import (
    CACHES,
    NAMES,
    Counts,
    Place,
    Said,
    Wanted,
    faults,
    judged,
    kills,
    power,
)  # fmt: skip

_NEXT = "WRONG: the next command says another thing"

pytestmark = [
    pytest.mark.once,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="needs fork and kill"),
]


def test_a_killed_command_leaves_no_half_file_and_the_next_one_says_the_same(
    tmp_path: Path,
) -> None:
    counts = kills(tmp_path, len(NAMES))
    assert sum(counts[f"{name}: well"] for name in NAMES) == len(NAMES), counts
    assert counts["lines lost"] == 0


def test_a_line_is_logged_or_told_whatever_operation_fails(tmp_path: Path) -> None:
    counts = faults(tmp_path, every=13, names=("log",))
    _assert_well(counts, "log")
    assert counts["log: told (2)"] > 0


def _assert_well(counts: Counts, name: str) -> Counts:
    """Return at how many operations there was a fault, after each of which all was well."""
    at = Counts({what: n for what, n in counts.items() if ": operations with" in what})
    assert counts[f"{name}: the same"] + counts[f"{name}: told (2)"] == at.total(), counts
    assert counts.total() == 2 * at.total(), counts
    return at


def test_weeks_are_the_same_or_the_fault_is_told_whatever_the_cache_holds(tmp_path: Path) -> None:
    counts = faults(tmp_path, every=211, names=("weekly",))
    at = _assert_well(counts, "weekly")
    # Keeping the answer takes operations of its own; telling it again takes the fewest.
    assert len(at) == len(CACHES)
    assert min(at, key=at.__getitem__) == "weekly: operations with answers in the cache"


def test_an_end_that_looks_well_but_says_or_writes_nothing_is_wrong(tmp_path: Path) -> None:
    place = Place(tmp_path)
    wanted = Wanted("the answer", 0, b"the page", 1.0)
    for out, wrong in {
        "": "WRONG: another answer, and not a word",
        "the answer": "WRONG: it says all is well and the file is not written",
    }.items():
        done = Said(0, out, "", 1)
        found = {name: set(judged(place, name, wanted, done, set(), "n")) for name in NAMES}
        assert all(wrong in found[name] for name in ("weekly", "record", "cohort"))
        assert found["log"] == {"WRONG: it ends well and acknowledges nothing"}
    told = Said(0, "1 file could not be read", "", 1)
    assert {*judged(place, "weekly", wanted, told, set(), "n")} == {_NEXT}


def test_whatever_part_of_the_cache_a_power_cut_leaves_changes_no_answer(tmp_path: Path) -> None:
    counts = power(tmp_path, 6)
    assert counts["the same"] == 6, counts
    assert counts["states of the cache"] > 2
