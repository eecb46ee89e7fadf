"""A disturbed reading says less or the same, and the next one says everything."""

from __future__ import annotations

from pathlib import Path

import pytest
from disturb import (
    digest,
    faults,
    kills_at_random,
    kills_at_steps,
    log_kills,
    make_export,
    pairs,
    reading,
)

EVERY = 11


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("disturbed")
    make_export(folder)
    return folder


def test_the_export_holds_what_it_should(export: Path) -> None:
    archive = reading(export)
    assert len(archive.activities) == 7
    outcomes = archive.files["outcome"].value_counts().to_dict()
    assert outcomes == {"imported": 7, "duplicate": 1, "quarantined": 1, "skipped": 1}
    assert digest(archive) == digest(reading(export))


@pytest.mark.parametrize("first", [1, 5])
def test_a_fault_at_any_operation_is_told_and_changes_no_number(export: Path, first: int) -> None:
    counts = faults(export, None, every=EVERY, first=first)
    assert set(counts) <= {"same", "told"}
    assert counts["told"] > 0


@pytest.mark.parametrize("warm", [False, True])
def test_a_fault_in_the_cache_changes_no_number_now_or_next_time(
    export: Path, tmp_path: Path, warm: bool
) -> None:
    counts = faults(export, tmp_path / "cache", every=90, first=7, warm=warm)
    assert set(counts) <= {"same", "told"}


def test_after_a_kill_before_any_step_the_next_reading_is_whole(
    export: Path, tmp_path: Path
) -> None:
    counts = kills_at_steps(export, tmp_path / "cache", every=4 * EVERY)
    assert counts["killed"] > 0
    assert not counts["WRONG"]


def test_after_a_kill_at_any_moment_the_next_reading_is_whole(export: Path, tmp_path: Path) -> None:
    counts = kills_at_random(export, tmp_path / "cache", 6)
    assert counts["killed"] > 0
    assert not counts["WRONG"]


def test_killed_writers_of_the_diary_lose_no_line_that_they_acknowledged(tmp_path: Path) -> None:
    counts = log_kills(tmp_path, 10)
    assert counts["lost"] == 0
    assert counts["lines"] >= counts["acknowledged"]


@pytest.mark.slow
def test_two_at_once_read_the_same_from_one_cache_and_lose_no_line(
    export: Path, tmp_path: Path
) -> None:
    counts = pairs(export, tmp_path, 6)
    assert counts["the same, and acknowledged"] == 12, counts
    assert counts["lines"] == 12
    assert (counts["lost or doubled"], counts["WRONG"]) == (0, 0)
