"""Files that are written are whole or not there, and what cannot be written is named."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pandas as pd
import pytest
from steps import counted, failing, short, watched

import loadmon
from loadmon.cli.main import main
from loadmon.diary import write_whole

SAMPLE = Path(__file__).parent.parent / "data" / "sample_export.zip"
FULL = errno.ENOSPC


def small_disk(monkeypatch: pytest.MonkeyPatch, room: int = 1000) -> None:
    """Let every file take so many bytes, and no more."""
    real = os.write
    used: dict[int, int] = {}

    def write(file: int, data: bytes) -> int:
        free = room - used.get(file, 0)
        if file > 2 and free <= 0:
            raise OSError(FULL, os.strerror(FULL))
        wrote = real(file, data[: max(free, 0)] if file > 2 else data)
        used[file] = used.get(file, 0) + wrote
        return wrote

    monkeypatch.setattr(os, "write", write)


PLAN = ["--as-of", "2026-11-15", "--resume", "2026-11-17", "--target-km", "20"]
WRITERS = {
    "page.html": ["report", str(SAMPLE), "--as-of", "2026-11-15", "-o", "page.html"],
    "plan.ics": ["ramp", str(SAMPLE), *PLAN, "--ics", "plan.ics"],
    "athlete.toml": ["init", str(SAMPLE), "-o", "athlete.toml"],
    "w": ["ramp", str(SAMPLE), *PLAN, "--fit", "w"],
}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOADMON_CACHE", str(tmp_path / "cache"))
    loadmon.read(SAMPLE, cache=tmp_path / "cache")


@pytest.mark.slow
@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_leaves_what_was_there_and_names_the_file(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if name == "w":
        pytest.importorskip("fit_tool")
    if name == "plan.ics":  # one of an earlier plan
        assert main(WRITERS[name]) == 0
    elif name == "page.html":
        Path(name).write_bytes(b"<!-- loadmon -->")
    before = Path(name).read_bytes() if Path(name).is_file() else b""
    small_disk(monkeypatch, 100)
    assert main(WRITERS[name]) == 2
    told = capsys.readouterr().err.splitlines()[-1]
    assert name in told
    assert "cannot be written (No space left on device)" in told
    left = {p.relative_to(Path.cwd()).as_posix() for p in Path.cwd().rglob("*") if p.is_file()}
    assert {p for p in left if not p.startswith("cache")} == ({name} if before else set())
    assert not before or Path(name).read_bytes() == before


def test_a_file_is_replaced_whole_with_its_mode_and_through_a_link() -> None:
    path, link = Path("real"), Path("link")
    path.write_bytes(b"old")
    path.chmod(0o640)
    link.symlink_to(path)
    write_whole(link, b"new")
    assert path.read_bytes() == b"new"
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    write_whole(Path("fresh"), b"x")
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(Path("fresh").stat().st_mode) == 0o666 & ~umask


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_whatever_operation_fails_the_old_file_or_the_new_one_is_there(code: int) -> None:
    path = Path("page.html")
    path.write_bytes(b"old")
    total = counted(lambda: write_whole(path, b"new" * 1000))
    assert total >= 4
    for at in range(1, total + 1):
        path.write_bytes(b"old")
        told = ""
        with watched(failing(at, code)):
            try:
                write_whole(path, b"new" * 1000)
            except loadmon.SettingError as error:
                told = str(error)
        assert path.read_bytes() in (b"old", b"new" * 1000)
        assert path.read_bytes() == b"new" * 1000 or told.startswith("page.html: cannot be written")
        assert [p.name for p in Path.cwd().iterdir() if p.name != "cache"] == ["page.html"]


def test_a_short_write_is_gone_on_with() -> None:
    total = counted(lambda: write_whole(Path("a"), b"new" * 1000))
    for at in range(1, total + 1):
        with watched(short(at, 0.3)):
            write_whole(Path("a"), b"new" * 1000)
        assert Path("a").read_bytes() == b"new" * 1000


def test_a_folder_is_not_replaced() -> None:
    Path("a").mkdir()
    with pytest.raises(loadmon.SettingError, match=r"^a: cannot be written \(Is a directory\); so"):
        write_whole(Path("a"), b"x", "; so")


def test_a_panel_that_cannot_be_written_leaves_no_part() -> None:
    made = loadmon.simulate_cohort(2, days=30)
    wrong = made.sessions.assign(distance_km=-1.0)
    with pytest.raises(loadmon.FrameError):
        loadmon.write_panel([made.sessions, wrong], "panel.csv")
    assert not list(Path.cwd().glob("panel*"))
    assert loadmon.write_panel(made.sessions, "panel.csv") == len(pd.read_csv("panel.csv"))
