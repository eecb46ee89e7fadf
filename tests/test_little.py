"""A machine that gives little: memory, open files, a home. One line, the right code, no abort."""

from __future__ import annotations

import datetime as dt
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
import writers

from loadmon import read
from loadmon.cli import main as cli
from loadmon.errors import ReadError
from loadmon.io import localtime

SAMPLE = Path(__file__).parent.parent / "data" / "sample_export.zip"
ASKED = ["report", str(SAMPLE), "--as-of", "2026-11-15", "-o", "page.html"]
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of Linux")
START = (
    "import resource, sys\n"
    "kind, most = sys.argv[1:3]\n"
    "resource.setrlimit(getattr(resource, kind), (int(most),) * 2)\n"
    "del sys.argv[1:3]\n"
    "from loadmon.__main__ import start\n"
    "sys.exit(start())\n"
)


def ran(folder: Path, kind: str, most: int, **env: str) -> subprocess.CompletedProcess[str]:
    where = {**os.environ, "LOADMON_CACHE": str(folder / "cache"), **env}
    call = [sys.executable, "-c", START, kind, str(most), *ASKED]
    return subprocess.run(call, cwd=folder, env=where, capture_output=True, text=True, check=False)


@linux
@pytest.mark.slow
@pytest.mark.parametrize("mib", [300, 1000])
def test_little_memory_is_enough_or_is_said(tmp_path: Path, mib: int) -> None:
    done = ran(tmp_path, "RLIMIT_AS", mib << 20)
    assert "Traceback" not in done.stderr
    page = tmp_path / "page.html"
    if mib >= 1000:
        assert done.returncode == 0, done.stderr
    if done.returncode == 0:
        assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    else:
        assert done.returncode == 2, (done.returncode, done.stderr)
        assert done.stderr.splitlines()[-1].startswith("loadmon: not enough memory")
        assert not page.exists()


@linux
@pytest.mark.once
@pytest.mark.slow
def test_a_sound_gpx_of_44_mb_is_read_within_200_mb_by_one_process(tmp_path: Path) -> None:
    start = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
    big = writers.run_gpx(start, seed=1, distance_km=390, duration_min=3092, step_s=1)
    (tmp_path / "big.gpx").write_bytes(big)
    assert len(big) > 43_700_000
    told = (
        "import resource, sys, loadmon\n"
        "archive = loadmon.read(sys.argv[1], cache=sys.argv[2])\n"
        "loadmon.weekly_load(archive.activities)\n"
        "line = next(x for x in open('/proc/self/status') if 'VmHWM' in x)\n"
        "children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss\n"
        "print(len(archive.activities), line.split()[1], children)\n"
    )
    call = [sys.executable, "-c", told, str(tmp_path / "big.gpx"), str(tmp_path / "cache")]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    count, peak_kib, children = map(int, done.stdout.split())
    assert (count, children) == (1, 0)
    assert peak_kib < 200_000


@linux
@pytest.mark.slow
def test_twenty_open_files_are_enough(tmp_path: Path) -> None:
    done = ran(tmp_path, "RLIMIT_NOFILE", 20)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "page.html").exists()


@linux
@pytest.mark.slow
def test_a_home_that_is_none_costs_only_the_cache(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    home = str(tmp_path / "file")
    unset = dict.fromkeys(("LOADMON_CACHE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"), "")
    done = ran(tmp_path, "RLIMIT_NOFILE", 1000, **unset, HOME=home)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "not enough memory"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "not enough memory"),
        (RuntimeError("can't start new thread"), "not enough memory"),
        (ImportError("x.so: failed to map segment from shared object"), "not enough memory"),
        (OSError(errno.EMFILE, "Too many open files"), "too many files are open"),
        (
            OSError(errno.EIO, "Input/output error", "cli/ramp.py"),
            "cli/ramp.py: Input/output error",
        ),
        (ReadError("a: gone"), "a: gone"),
    ],
)
def test_what_the_machine_lacks_is_one_line_and_2(
    error: Exception,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(_words: object) -> None:
        raise error

    monkeypatch.setattr(cli, "build_parser", fail)
    assert cli.main(["weekly"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"loadmon: {said}")


@pytest.mark.parametrize("error", [ImportError("no module x"), OSError(2, "gone"), KeyError()])
def test_what_is_wrong_with_the_program_is_not_called_want(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_words: object) -> None:
        raise error

    monkeypatch.setattr(cli, "build_parser", fail)
    with pytest.raises(type(error)):
        cli.main(["weekly"])


def test_memory_for_the_map_of_zones_is_no_fault_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> object:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    localtime._finder.cache_clear()
    monkeypatch.setattr(localtime.mmap, "mmap", full)
    try:
        with pytest.raises(MemoryError, match="map of time zones"):
            read(SAMPLE, cache=False)
    finally:
        localtime._finder.cache_clear()
