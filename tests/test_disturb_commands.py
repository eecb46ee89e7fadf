"""Whole commands that are killed, failed or cut from power: every file whole, nothing lost."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from disturb_commands import NAMES, faults, kills, power

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
    counts = faults(tmp_path, every=7, names=("log",))
    assert {what for what, n in counts.items() if n} <= {"log: the same", "log: told (2)"}, counts
    assert counts["log: told (2)"] > 0


def test_whatever_part_of_the_cache_a_power_cut_leaves_changes_no_answer(tmp_path: Path) -> None:
    counts = power(tmp_path, 6)
    assert counts["the same"] == 6, counts
    assert counts["states of the cache"] > 2
