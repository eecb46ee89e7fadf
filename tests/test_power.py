"""A power cut: what is acknowledged was synced before, file and name, and what was not is mended.

A kill does not show it, as the system still writes what it holds. So the order of the operations is
looked at: a cut may take away whatever was not synced when it came.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from loadmon.diary import (
    FLAG_LOG_COLUMNS,
    add_entry,
    add_flags,
    load_diary,
    load_flag_log,
    write_whole,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be synced there")


class Disk:
    """What a power cut could take away now: contents by inode, and names in the folder."""

    def __init__(self) -> None:
        self.unsynced: set[int] = set()
        self.names_are_new = False
        self.syncs = 0
        self.renamed_too_early = False

    @property
    def may_lose(self) -> bool:
        return bool(self.unsynced) or self.names_are_new


@contextlib.contextmanager
def watched_disk() -> Iterator[Disk]:
    disk = Disk()
    real = {name: getattr(os, name) for name in ("open", "write", "ftruncate", "fsync", "replace")}

    def opened(path: Any, flags: int, *mode: Any, **how: Any) -> int:
        is_new = bool(flags & os.O_CREAT) and not os.path.exists(path)
        disk.names_are_new |= is_new
        number: int = real["open"](path, flags, *mode, **how)
        return number

    def changed(name: str) -> Callable[..., Any]:
        def call(number: int, *what: Any) -> Any:
            disk.unsynced.add(os.fstat(number).st_ino)
            return real[name](number, *what)

        return call

    def synced(number: int) -> None:
        real["fsync"](number)
        disk.syncs += 1
        status = os.fstat(number)
        if stat.S_ISDIR(status.st_mode):
            disk.names_are_new = False
        else:
            disk.unsynced.discard(status.st_ino)

    def replaced(source: Any, target: Any) -> None:
        disk.renamed_too_early |= os.stat(source).st_ino in disk.unsynced
        real["replace"](source, target)
        disk.names_are_new = True

    fakes = {"open": opened, "fsync": synced, "replace": replaced}
    fakes |= {name: changed(name) for name in ("write", "ftruncate")}
    with mock.patch.multiple(os, **fakes):
        yield disk


def flag(day: str) -> dict[str, str]:
    cells = dict.fromkeys(FLAG_LOG_COLUMNS, day) | {"value": "1.4", "limit": "1.1", "grade": "B"}
    return cells | {"check": "session_spike", "level": "small", "unit": "-", "message": "far"}


DAYS = ("2026-10-01", "2026-10-02", "2026-10-03")
WORK: dict[str, Callable[[Path, str], object]] = {
    "diary.csv": lambda path, day: add_entry(path, {"date": day, "pain": "3"}),
    "flags.csv": lambda path, day: add_flags(path, [flag(day)]),
    "page.html": lambda path, day: write_whole(path, day.encode()),
}


@pytest.mark.parametrize("name", WORK)
def test_nothing_that_is_acknowledged_can_be_lost_by_a_power_cut(name: str, tmp_path: Path) -> None:
    for day in DAYS:
        with watched_disk() as disk:
            WORK[name](tmp_path / name, day)
        assert disk.syncs
        assert not disk.may_lose, "acknowledged before it was synced"
        assert not disk.renamed_too_early


def test_a_new_column_is_synced_before_the_old_diary_goes(tmp_path: Path) -> None:
    path = tmp_path / "diary.csv"
    path.write_text("date,rpe\n2026-10-01,5\n")
    with watched_disk() as disk:
        add_entry(path, {"date": "2026-10-02", "pain": "3"})
    assert not disk.may_lose
    assert not disk.renamed_too_early
    assert disk.syncs >= 2
    assert len(load_diary(path)) == 2


def test_the_watch_sees_what_is_not_synced(tmp_path: Path) -> None:
    with watched_disk() as disk:
        number = os.open(tmp_path / "a", os.O_WRONLY | os.O_CREAT)
        os.write(number, b"x")
    assert disk.may_lose
    with mock.patch.object(os, "replace", os.replace), watched_disk() as disk:
        os.write(number, b"x")
        os.replace(tmp_path / "a", tmp_path / "b")
    assert disk.renamed_too_early
    os.close(number)


READ = {"diary.csv": load_diary, "flags.csv": load_flag_log}


@pytest.mark.parametrize("name", READ)
def test_whatever_part_of_the_last_line_a_power_cut_leaves_the_lines_before_are_there(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    WORK[name](path, DAYS[0])
    before = path.read_bytes()
    WORK[name](path, DAYS[1])
    whole = path.read_bytes()
    assert whole.startswith(before)
    for size in range(len(before), len(whole) + 1):
        path.write_bytes(whole[:size])
        WORK[name](path, DAYS[2])
        days = {f"{day:%Y-%m-%d}" for day in READ[name](path)["date"]}
        assert {DAYS[0], DAYS[2]} <= days
        assert len(days) == len(READ[name](path))


@pytest.mark.parametrize("name", READ)
def test_zeros_that_a_power_cut_leaves_at_the_end_are_told_or_mended(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    WORK[name](path, DAYS[0])
    before = path.read_bytes()
    path.write_bytes(before + bytes(40))  # a file system may keep the new size without its bytes
    WORK[name](path, DAYS[1])
    assert path.read_bytes().startswith(before)
    assert len(READ[name](path)) == 2
