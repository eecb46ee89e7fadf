"""Reading elsewhere gives the same; a worker that dies or a stop at the keyboard leaves no mess."""

from __future__ import annotations

import datetime as dt
import functools
import os
import random
import re
import subprocess
import sys
import time
import zipfile
from concurrent.futures import (
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from writers import run_fit, run_gpx

import loadmon.io.inputs as inputs
import loadmon.io.workers as workers
from loadmon.io.archive import Archive
from loadmon.io.read import read
from loadmon.io.workers import Workers

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
SIZE: dict[str, Any] = {"distance_km": 2.0, "duration_min": 12, "step_s": 20}


def day(n: float) -> dt.datetime:
    return START + dt.timedelta(days=n)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "export"
    path.mkdir()
    for name, data in files().items():
        (path / name).write_bytes(data)
    return path


@functools.cache
def files() -> dict[str, bytes]:
    """Twenty runs, one more as a track, one cut off, one twice."""
    made = {f"{n:02d}.fit": run_fit(day(n), offset_min=60, seed=n, **SIZE) for n in range(20)}
    again = {"21.fit": made["01.fit"][:-30], "22.fit": made["02.fit"]}
    return made | {"20.gpx": run_gpx(day(20), **SIZE)} | again


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "_BATCH_INPUTS", 3)


def same(one: Archive, two: Archive) -> None:
    pd.testing.assert_frame_equal(one.activities, two.activities)
    pd.testing.assert_frame_equal(one.files, two.files)
    for activity_id in one.activities["activity_id"]:
        pd.testing.assert_frame_equal(one.records(activity_id), two.records(activity_id))


def executors() -> list[tuple[str, Any]]:
    return [
        ("own", lambda: Workers(2)),
        ("threads", lambda: ThreadPoolExecutor(2)),
        ("processes", lambda: ProcessPoolExecutor(2, mp_context=get_context("spawn"))),
    ]


@pytest.mark.parametrize(("_name", "make"), executors())
@pytest.mark.parametrize("cache", [True, False])
def test_any_executor_gives_what_one_process_gives(
    folder: Path, _name: str, make: Any, cache: bool
) -> None:
    with make() as executor:
        there = read(folder, now=NOW, executor=executor, cache=cache)
    same(there, read(folder, now=NOW, cache=False))


def test_from_some_size_on_own_workers_read_and_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    children = watched(monkeypatch)
    monkeypatch.setattr(workers, "ENOUGH", 0)
    monkeypatch.setattr(workers, "processors", lambda: 2)
    same(read(folder, now=NOW), read(folder, now=NOW, cache=False))
    assert len(children) == 4  # two readings of two workers each
    assert all(child.poll() is not None for child in children)


def test_below_that_size_nothing_is_started(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    children = watched(monkeypatch)
    read(folder, now=NOW)
    assert children == []


def zip_of(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_workers_start_by_what_is_wanted_of_a_zip_and_not_by_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    children = watched(monkeypatch)
    monkeypatch.setattr(workers, "ENOUGH", 200_000)
    monkeypatch.setattr(workers, "processors", lambda: 2)
    noise = random.Random(1).randbytes(100_000)
    runs = {f"{n}.gpx": run_gpx(day(n), **SIZE) for n in range(10)}
    films = {f"Takeout/Drive/{n}.mp4": noise for n in range(20)}
    others = {f"{n}.json": b'[{"bpm": 61}, ' + noise for n in range(20)}
    mostly_other = zip_of(tmp_path / "other.zip", films | others | runs)
    assert mostly_other.stat().st_size > 10 * workers.ENOUGH > sum(map(len, runs.values()))
    assert len(read(mostly_other, now=NOW, cache=False).activities) == 10
    assert children == []
    # Text packs well: what counts is what it is unpacked to.
    monkeypatch.setattr(workers, "ENOUGH", sum(map(len, runs.values())))
    packed = zip_of(tmp_path / "packed.zip", runs)
    assert packed.stat().st_size < workers.ENOUGH / 5
    there = read(packed, now=NOW, cache=False)
    assert len(children) == 2
    monkeypatch.setattr(workers, "ENOUGH", workers.ENOUGH + 1)
    same(there, read(packed, now=NOW, cache=False))
    assert len(children) == 2


def test_what_no_name_tells_starts_workers_once_enough_of_it_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    children = watched(monkeypatch)
    monkeypatch.setattr(workers, "processors", lambda: 2)
    runs = {f"track {n}": run_gpx(day(n), **SIZE) for n in range(12)}  # batches of three
    path, size = zip_of(tmp_path / "a.zip", runs), len(runs["track 0"])
    seen = []
    for enough in (size, 4 * size, 7 * size):
        monkeypatch.setattr(workers, "ENOUGH", enough)
        before = len(children)
        archive = read(path, now=NOW, cache=False)
        seen.append(len(children) - before)
        assert len(archive.activities) == 12
    # After the first batch, after the second, and never: for the last alone no worker starts.
    assert seen == [2, 2, 0]


def watched(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Every process that is started from now on."""
    children: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def kept(*args: Any, **kwargs: Any) -> subprocess.Popen[bytes]:
        children.append(start(*args, **kwargs))
        return children[-1]

    monkeypatch.setattr(workers.subprocess, "Popen", kept)
    return children


def test_a_stop_at_the_keyboard_ends_the_workers(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    children = watched(monkeypatch)
    monkeypatch.setattr(workers, "ENOUGH", 0)
    monkeypatch.setattr(workers, "processors", lambda: 2)

    def stop(done: int, _name: str, _share: float) -> None:
        if done > 12:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(folder, now=NOW, progress=stop)
    assert children
    assert all(child.poll() is not None for child in children)
    same(read(folder, now=NOW), read(folder, now=NOW, cache=False))


def test_a_worker_that_dies_fails_its_task_and_is_replaced() -> None:
    with Workers(1) as own:
        assert own.submit(len, "abc").result() == 3
        with pytest.raises(BrokenExecutor):
            own.submit(os._exit, 3).result()
        assert own.submit(len, "abcd").result() == 4


def test_an_error_in_a_worker_is_raised_here() -> None:
    with Workers(1) as own, pytest.raises(ZeroDivisionError):
        own.submit(divmod, 1, 0).result()


def test_what_a_worker_prints_does_not_speak_between_its_results() -> None:
    with Workers(1) as own:
        assert own.submit(print, "hello").result() is None
        assert own.submit(len, "abc").result() == 3


def test_a_worker_reads_without_pandas_which_takes_longer_to_import_than_many_files() -> None:
    with Workers(1) as own:
        batch = [("a.fit", run_fit(START, offset_min=60, **SIZE))]
        (contents,) = own.submit(inputs.parse_batch, batch, None).result()[0]
        assert len(contents.parts) == 1
        assert own.submit(eval, "'numpy' in __import__('sys').modules").result()
        assert not own.submit(eval, "'pandas' in __import__('sys').modules").result()


class Poisoned(Executor):
    """Breaks over every batch that holds one file, and for good if asked to."""

    def __init__(self, name: str, for_good: bool):
        self.name = name
        self.for_good = for_good
        self.is_broken = False

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if self.is_broken:
            raise BrokenExecutor
        if any(name.endswith(self.name) for name, *_ in args[0]):
            self.is_broken = self.for_good
            future.set_exception(BrokenExecutor())
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def test_a_file_that_kills_its_worker_is_named_and_hides_no_other(folder: Path) -> None:
    expected = read(folder, now=NOW, cache=False)
    archive = read(folder, now=NOW, executor=Poisoned("05.fit", for_good=False))
    rows = archive.files.set_index(archive.files["file"].str[-6:])
    assert (rows.loc["05.fit", "outcome"], rows.loc["05.fit", "reason"]) == (
        "quarantined", "reader-bug",
    )  # fmt: skip
    assert "ended from outside" in rows.loc["05.fit", "detail"]
    assert len(archive.activities) == len(expected.activities) - 1
    same(read(folder, now=NOW), expected)  # it may pass: it is tried again


def test_where_an_executor_has_broken_for_good_the_rest_is_read_here(folder: Path) -> None:
    archive = read(folder, now=NOW, executor=Poisoned("05.fit", for_good=True))
    assert len(archive.activities) == len(read(folder, now=NOW, cache=False).activities)


PROGRAM = """
import sys, loadmon.io.workers as workers
from datetime import datetime
from loadmon.io.read import read
workers.ENOUGH, workers.processors = 0, lambda: 2
print("begun", flush=True)
print(len(read(sys.argv[1], now=datetime(2026, 6, 1), cache=False).activities))
"""


def test_a_program_without_a_guard_is_run_once(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "program.py"), str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        timeout=600,
    )
    assert done.stdout.split() == ["begun", "21"], done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_program_that_is_killed_leaves_no_worker_behind(folder: Path, tmp_path: Path) -> None:
    import signal

    script = PROGRAM.replace(
        'print(len(', "import time\n"
        "own = workers.Workers(1)\n"
        "print(own.submit(__import__('os').getpid).result(), flush=True)\n"
        "time.sleep(60)\nprint(len("
    )  # fmt: skip
    (tmp_path / "program.py").write_text(script)
    program = subprocess.Popen(
        [sys.executable, str(tmp_path / "program.py"), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    with program:
        assert program.stdout
        program.stdout.readline()
        worker = int(program.stdout.readline())
        program.send_signal(signal.SIGKILL)
    end = time.monotonic() + 120
    while Path(f"/proc/{worker}").exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not Path(f"/proc/{worker}").exists()


def big(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every folder read by two workers."""
    monkeypatch.setattr(workers, "ENOUGH", 0)
    monkeypatch.setattr(workers, "processors", lambda: 2)


@pytest.mark.parametrize("python", ["/nowhere/python", "/bin/false", ""])
def test_where_no_worker_can_be_started_everything_is_read_here(
    folder: Path, python: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    expected = read(folder, now=NOW, cache=False)
    big(tmp_path, monkeypatch)
    monkeypatch.setattr(workers.sys, "executable", python)
    same(read(folder, now=NOW, cache=False), expected)


def test_where_a_worker_cannot_even_load_its_task_everything_is_read_here(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    expected = read(folder, now=NOW, cache=False)
    big(tmp_path, monkeypatch)
    # It starts, takes the task, and ends over the import of what the task needs.
    poor = workers._START.replace("import sys;", "import sys; sys.modules['numpy'] = None;", 1)
    monkeypatch.setattr(workers, "_START", poor)
    same(read(folder, now=NOW, cache=False), expected)


def test_a_worker_that_ends_before_its_task_is_told_from_one_that_ends_over_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Workers(1) as own, pytest.raises(BrokenExecutor) as over_it:
        own.submit(os._exit, 3).result()
    assert not isinstance(over_it.value, workers.NoWorker)
    monkeypatch.setattr(workers, "_START", "raise SystemExit(7)")
    with Workers(1) as own, pytest.raises(workers.NoWorker, match="7"):
        own.submit(len, "abc").result()


def test_a_task_that_cannot_be_sent_fails_alone() -> None:
    with Workers(1) as own:
        with pytest.raises(AttributeError):
            own.submit(lambda: 3).result()
        assert own.submit(len, "abc").result() == 3


class Stopped(KeyboardInterrupt):
    """A stop at the keyboard that no other can be taken for."""


@pytest.mark.parametrize("after_s", [0.0, 0.02, 0.05, 0.1, 0.2, 0.4])
def test_a_stop_while_workers_start_is_a_stop_and_no_broken_pipe(after_s: float) -> None:
    own = Workers(2)

    def stopped() -> None:
        with own:
            for _ in range(4):
                own.submit(bytes, 1 << 20)
            time.sleep(after_s)
            raise Stopped

    with pytest.raises(Stopped):
        stopped()
    assert all(child.poll() is not None for child in own._children)


def test_a_worker_that_has_gone_is_let_go_without_a_word() -> None:
    with Workers(1) as own:
        own.submit(len, "abc").result()
        (child,) = own._children
        assert child.stdin
        child.stdin.write(b"unsent")
        child.kill()
        child.wait()


TRAPS = ("signal", "types", "threading", "pickle", "numpy", "loadmon", "usercustomize", "tzfpy")


def trapped(place: Path) -> Path:
    """Folder with program files in it that leave a mark where they are run."""
    place.mkdir(exist_ok=True)
    for name in TRAPS:
        mark = f"open({str(place / 'marks')!r}, 'a').write({name!r} + ' ')\n"
        (place / f"{name}.py").write_text(f"{mark}raise SystemExit('a trap')\n")
    return place


@pytest.mark.parametrize("pythonpath", [None, "", ".", os.pathsep])
def test_workers_run_nothing_of_the_folder_one_stands_in(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pythonpath: str | None
) -> None:
    expected = read(folder, now=NOW, cache=False)
    place = trapped(tmp_path / "unpacked")
    monkeypatch.chdir(place)
    if pythonpath is None:
        monkeypatch.delenv("PYTHONPATH", raising=False)
    else:
        monkeypatch.setenv("PYTHONPATH", pythonpath)
    big(tmp_path, monkeypatch)
    children = watched(monkeypatch)
    same(read(folder, now=NOW, cache=False), expected)
    assert len(children) == 2
    with Workers(1) as own:
        told = own.submit(eval, "__import__('os').getcwd(), __import__('sys').path").result()
    assert not (place / "marks").exists()
    stood, path = told
    assert Path(stood) not in (place, *place.parents)
    assert not Path(stood).exists()  # it was the worker's own, and is gone with it
    assert "" not in path
    assert place not in [Path(p) for p in path]


@pytest.mark.parametrize("command", ["cohort", "weekly"])
def test_a_command_run_in_an_unpacked_export_runs_nothing_of_it(
    tmp_path: Path, command: str
) -> None:
    place = trapped(tmp_path / "unpacked")
    for name in ("ann", "bob"):
        (place / name).mkdir()
        for n in range(12):
            (place / name / f"{n}.fit").write_bytes(run_fit(day(n), offset_min=60, seed=n, **SIZE))
    script = (
        "import sys, loadmon.io.workers as w\n"
        "w.ENOUGH, w.processors = 0, lambda: 2\n"
        "from loadmon.cli.main import main\n"
        f"sys.exit(main([{command!r}, 'ann', 'bob', '--as-of', '2026-03-20', '--no-cache']))\n"
    )
    (tmp_path / "program.py").write_text(script)
    done = subprocess.run(
        [sys.executable, "-P", str(tmp_path / "program.py")],
        capture_output=True,
        text=True,
        check=False,
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        timeout=600,
    )
    assert (done.returncode, (place / "marks").exists()) == (0, False), done.stderr


def test_python_m_loadmon_runs_nothing_of_the_folder_one_stands_in(tmp_path: Path) -> None:
    place = tmp_path / "unpacked"
    place.mkdir()
    for name in ("__future__", "signal", "argparse", "numpy", "pandas", "platformdirs", "json"):
        (place / f"{name}.py").write_text("open('marks', 'a').write('x')\nraise SystemExit(9)\n")
    (place / "run.fit").write_bytes(run_fit(START, offset_min=60, **SIZE))
    done = subprocess.run(
        [sys.executable, "-m", "loadmon", "weekly", "run.fit", "--as-of", "2026-03-08"],
        capture_output=True,
        text=True,
        check=False,
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        timeout=600,
    )
    assert (done.returncode, (place / "marks").exists()) == (0, False), done.stderr


def test_a_relative_cache_is_where_the_program_stands_for_workers_too(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("LOADMON_CACHE", "kept")
    big(tmp_path, monkeypatch)
    archive = read(folder, now=NOW)
    folder.rename(tmp_path / "gone")  # what workers kept is all that is left of the records
    for activity_id in archive.activities["activity_id"]:
        assert len(archive.records(activity_id)) > 10
    with Workers(1) as own:
        told = own.submit(os.getenv, "LOADMON_CACHE").result()
    assert told == str(here / "kept")


def starting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Have every Python of this machine run something when it starts."""
    place = tmp_path / "site"
    place.mkdir()
    (place / "sitecustomize.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(place))


@pytest.mark.parametrize(
    "code",
    [
        "print('welcome to the cluster')",
        "import sys; sys.stdout.buffer.write((5).to_bytes(8, 'little') + b'begun')",
        "import sys; sys.stdout.buffer.write(bytes(range(256)) * 300)",
        "import atexit; atexit.register(print, 'bye')",
    ],
)
def test_what_a_machine_prints_at_every_start_is_no_answer(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    expected = read(folder, now=NOW, cache=False)
    starting(tmp_path, monkeypatch, code)
    big(tmp_path, monkeypatch)
    children = watched(monkeypatch)
    same(read(folder, now=NOW, cache=False), expected)
    assert len(children) == 2  # none was given up
    with Workers(1) as own:
        assert own.submit(os.write, 1, b"from compiled code").result() == 18
        assert own.submit(len, "abc").result() == 3


@pytest.mark.parametrize(
    "code", ["import time; time.sleep(60)", "import os; os.write(1, bytes(3 << 20))", "1 / 0; 1"]
)
def test_a_worker_that_never_gets_ready_is_given_up(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    expected = read(folder, now=NOW, cache=False)
    starting(tmp_path, monkeypatch, code)
    big(tmp_path, monkeypatch)
    monkeypatch.setattr(workers, "_GREETS_WITHIN_S", 1.0)
    same(read(folder, now=NOW, cache=False), expected)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_program_that_is_ended_leaves_no_folder_behind(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    script = (
        "import loadmon.io.workers as workers, os, time\n"
        "own = workers.Workers(2)\n"
        "for n in range(6):\n    own.submit(time.sleep, 0.3)\n"
        "time.sleep(0.6)\nos.kill(os.getpid(), 15)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=False, timeout=600)
    end = time.monotonic() + 120
    while list((tmp_path / "tmp").iterdir()) and time.monotonic() < end:
        time.sleep(0.05)
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_report_made_in_an_unpacked_export_heeds_nothing_of_it(tmp_path: Path) -> None:
    place = trapped(tmp_path / "unpacked")
    (place / "run.fit").write_bytes(run_fit(START, offset_min=60, **SIZE))
    (place / "matplotlibrc").write_text(
        "text.usetex: True\nno.such.key: 1\nlines.linewidth: 77\nfont.size: 33\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-m", "loadmon", "report", "run.fit", "--as-of", "2026-03-08"],
        capture_output=True,
        text=True,
        check=False,
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        timeout=600,
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (0, 1), done.stderr
    assert not (place / "marks").exists()
    page = (place / "report.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert not re.search(r"stroke-width: 77|font-size: 33|font: 33", page)
