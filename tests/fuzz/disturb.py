"""Disturb a reading or a line of the diary at every step, and see that nothing wrong comes out.

Run by hand::

    python tests/fuzz/disturb.py faults          # every operation of a reading fails once
    python tests/fuzz/disturb.py kills --count 500   # a reading is killed at random, then finished
    python tests/fuzz/disturb.py steps           # a reading is killed before each of its steps
    python tests/fuzz/disturb.py log             # the same for the diary, with acknowledged lines
    python tests/fuzz/disturb.py pairs --count 1000  # two at once, on one cache and one diary

A reading that is disturbed may say less, with a row in the ledger for what it could not open; it
never raises what is not ours, and never counts another number. After a kill the next reading gives
the same archive as an undisturbed one.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import datetime as dt
import gzip
import io
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd

HOUSE = Path(__file__).parents[2]
sys.path[:0] = [str(HOUSE / p) for p in ("", "data", "tests/support", "tests/fuzz")]

import nasty
from steps import ERRORS, Act, Steps, failing, killing, short, watched

from loadmon.diary import add_entry, load_diary
from loadmon.errors import LoadmonError
from loadmon.io.archive import Archive
from loadmon.io.read import read

NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
_DAY = dt.timedelta(days=1)
Counts = collections.Counter[str]


def make_export(folder: Path) -> None:
    """Ten inputs of every packing: FIT, GPX, TCX, gzip, a zip with a zip in it, a broken file."""
    runs = [nasty.fit(nasty.START + n * _DAY) for n in range(6)]
    inner = _zip({"5.fit": runs[5]})
    files = {
        "0.fit": runs[0],
        "1.fit.gz": gzip.compress(runs[1], mtime=0),
        "2.gpx": nasty.gpx(nasty.START + 10 * _DAY).encode(),
        "sub/3.tcx": nasty.tcx(nasty.START + 11 * _DAY).encode(),
        "sub/4.fit": runs[4][:900],
        "export.zip": _zip({"a/2.fit": runs[2], "b/3.fit": runs[3], "in.zip": inner}),
        "notes.txt": b"nothing",
        "again.fit": runs[0],
    }
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def reading(folder: Path, cache: Path | None = None) -> Archive:
    """Read an export, with a cache in a folder of its own or without one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return read(folder, cache=cache or False, now=NOW)


def digest(archive: Archive) -> str:
    """Everything that an archive says, as one text."""
    frames = (archive.activities, archive.files, archive.unknown_days)
    return "".join("" if frame is None else frame.to_csv() for frame in frames)


# --- faults -------------------------------------------------------------------------------------


@contextlib.contextmanager
def watched_with_cache(act: Act) -> Iterator[Steps]:
    """As `watched`, and every statement that SQLite executes is a step too."""
    with watched(act) as steps:

        class Connection(sqlite3.Connection):
            def execute(self, *what: Any) -> sqlite3.Cursor:
                _sqlite_step(steps)
                return super().execute(*what)

            def executemany(self, *what: Any) -> sqlite3.Cursor:
                _sqlite_step(steps)
                return super().executemany(*what)

        real = sqlite3.connect

        def connect(*where: Any, **how: Any) -> sqlite3.Connection:
            _sqlite_step(steps)
            return real(*where, **{**how, "factory": Connection})

        with mock.patch.object(sqlite3, "connect", connect):
            yield steps


def _sqlite_step(steps: Steps) -> None:
    try:
        steps.take("sqlite")
    except OSError as error:
        wrong = sqlite3.OperationalError(f"disk I/O error ({error.strerror})")
        wrong.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise wrong from None


def operations(work: Callable[[], object]) -> int:
    """Count the steps of some work that is let run."""
    with watched_with_cache(lambda _number, _name: None) as steps:
        work()
    return steps.count


def judge_disturbed(sound: Archive, work: Callable[[], Archive]) -> str:
    """Tell what came of a disturbed reading: ``same``, ``told``, or what is wrong with it."""
    try:
        got = work()
    except LoadmonError:
        return "told"
    except Exception as error:  # counted as what must never happen
        return f"traceback: {type(error).__name__}"
    # What could not be opened is an unknown day around those beside it, and rightly so.
    others = ("flags", "file", "unknown_days_around")
    columns = [c for c in sound.activities.columns if c not in others]
    wanted = sound.activities.set_index("activity_id")
    for row in got.activities[columns].to_dict("records"):
        name = row.pop("activity_id")
        if name not in wanted.index:
            return "wrong: another activity"
        if not pd.Series(row).equals(wanted.loc[name, list(row)]):
            return "wrong: another number"
    if digest(got) == digest(sound):
        return "same"
    lost = set(wanted.index) - set(got.activities["activity_id"])
    new = set(_bad(got)) - set(_bad(sound))
    return "wrong: lost without a word" if lost and not new else "told"


def _bad(archive: Archive) -> pd.Series:
    """Files that could not be used."""
    return archive.files.loc[archive.files["outcome"].isin(["quarantined", "refused"]), "file"]


def faults(
    folder: Path,
    cache: Path | None,
    every: int = 1,
    first: int = 1,
    *,
    warm: bool = False,
    in_turns: bool = False,
) -> Counts:
    """Let each `every`-th operation of a reading fail in each way, and count what came of it.

    Where `warm`, the cache holds all of it before. With a cache the next reading is looked at too.
    `in_turns`: each operation fails in one of the ways, the next one in the next.
    """
    sound = reading(folder)
    counts: Counts = collections.Counter()
    begun = _begun(folder, cache, warm)
    total = operations(lambda: reading(folder, begun))
    for at in range(first, total + 1, every):
        for act in acts(at)[at % 5 : at % 5 + 1] if in_turns else acts(at):
            kept = _begun(folder, cache, warm)
            counts[
                judge_disturbed(sound, lambda act=act, kept=kept: _under(act, folder, kept))
            ] += 1
            if cache and digest(reading(folder, cache)) != digest(sound):
                counts["wrong: the next reading"] += 1
    return counts


def acts(at: int) -> list[Act]:
    """Every way in which one operation can fail."""
    once = [failing(at, code) for code in ERRORS.values()]
    return [*once, failing(at, ERRORS["EIO"], 10**9), short(at, 0.4)]


def _begun(folder: Path, cache: Path | None, warm: bool) -> Path | None:
    """Cache to begin with: none, an empty one, or one that holds the reading."""
    if cache:
        shutil.rmtree(cache, ignore_errors=True)
        if warm:
            full = cache.with_name(f"{cache.name}-full")
            if not full.exists():
                reading(folder, full)
            shutil.copytree(full, cache)
    return cache


def _under(act: Act, folder: Path, cache: Path | None) -> Archive:
    with watched_with_cache(act):
        return reading(folder, cache)


# --- kills --------------------------------------------------------------------------------------


def killed(work: Callable[[], object], after_s: float | None) -> bool:
    """Run work in a child, and kill it after a while; tell whether it was killed in time."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    if after_s is not None:
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def kills_at_random(folder: Path, cache: Path, count: int, seed: int = 1) -> Counts:
    """Kill a reading at random moments; the next one must give what an undisturbed one gives."""
    rng = random.Random(seed)
    wanted = digest(reading(folder))
    begun = time.perf_counter()
    shutil.rmtree(cache, ignore_errors=True)
    reading(folder, cache)
    took = time.perf_counter() - begun
    counts: Counts = collections.Counter()
    for n in range(count):
        if n % 3 == 0:
            shutil.rmtree(cache, ignore_errors=True)
        hit = killed(lambda: reading(folder, cache), rng.uniform(0, 1.1 * took))
        if hit and rng.random() < 0.1:  # and again while it recovers
            killed(lambda: reading(folder, cache), rng.uniform(0, 0.3 * took))
        counts["killed" if hit else "finished before"] += 1
        counts["next the same" if digest(reading(folder, cache)) == wanted else "WRONG"] += 1
    return counts


def kills_at_steps(folder: Path, cache: Path, every: int = 1) -> Counts:
    """Kill a reading before each of its steps; the next one must give the same."""
    wanted = digest(reading(folder))

    def work() -> Archive:
        return reading(folder, cache)

    shutil.rmtree(cache, ignore_errors=True)
    total = operations(work)
    counts: Counts = collections.Counter()
    for at in range(1, total + 1, every):
        shutil.rmtree(cache, ignore_errors=True)

        def disturbed(at: int = at) -> None:
            with watched_with_cache(killing(at)):
                work()

        counts["killed" if killed(disturbed, None) else "finished before"] += 1
        counts["next the same" if digest(work()) == wanted else "WRONG"] += 1
    return counts


def log_kills(place: Path, count: int, seed: int = 1) -> Counts:
    """Kill writers of the diary at random moments; every acknowledged line must be there."""
    rng = random.Random(seed)
    path = place / "diary.csv"
    counts: Counts = collections.Counter()
    acknowledged: set[str] = set()
    for n in range(count):
        told = _writing(path, f"{n}", rng.uniform(0.0, 0.06))
        acknowledged |= told
        counts["acknowledged"] += len(told)
        counts["killed"] += 1
    add_entry(path, {"date": "2026-10-12", "note": "last"})
    there = set(load_diary(path)["note"])
    counts["lost"] = len(acknowledged - there)
    counts["lines"] = len(there)
    return counts


def pairs(folder: Path, place: Path, count: int) -> Counts:
    """Let two processes read with one cache and write into one diary at the same moment.

    Every other time the cache is begun anew by both. Each must read what is read alone, and all
    lines must be there once.
    """
    wanted = digest(reading(folder)).encode()
    cache, path = place / "cache", place / "diary.csv"
    counts: Counts = collections.Counter()
    for n in range(count):
        if n % 2 == 0:
            shutil.rmtree(cache, ignore_errors=True)
        children = [_at_once(folder, cache, path, f"{n}-{who}", wanted) for who in "ab"]
        for child in children:
            _, status = os.waitpid(child, 0)
            counts["the same, and acknowledged" if status == 0 else "WRONG"] += 1
    notes = collections.Counter(load_diary(path)["note"])
    counts["lines"] = sum(notes.values())
    counts["lost or doubled"] = sum(notes[f"{n}-{w}"] != 1 for n in range(count) for w in "ab")
    return counts


def _at_once(folder: Path, cache: Path, path: Path, name: str, wanted: bytes) -> int:
    """Start a child that reads and writes; it ends with 0 where both are as they should be."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            is_same = digest(reading(folder, cache)).encode() == wanted
            add_entry(path, {"date": "2026-10-11", "note": name})
            code = 0 if is_same else 2
        finally:
            os._exit(code)
    return child


def _writing(path: Path, name: str, after_s: float) -> set[str]:
    """Let a child write lines until it is killed; return those that it acknowledged."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        for n in range(1000):
            add_entry(path, {"date": "2026-10-11", "note": f"{name}-{n}"})
            os.write(writer, f"{name}-{n}\n".encode())
        os._exit(0)
    os.close(writer)
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    told = b""
    while piece := os.read(reader, 1 << 16):
        told += piece
    os.close(reader)
    return set(told.decode().split())


def main() -> int:
    """Run one campaign from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("faults", "kills", "steps", "log", "pairs"))
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--in-turns", action="store_true", help="each fails in one way only")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder, cache = Path(place, "export"), Path(place, "cache")
        folder.mkdir()
        make_export(folder)
        if args.what == "faults":
            counts = faults(folder, None, args.every, in_turns=args.in_turns)
            counts += faults(folder, cache, args.every, in_turns=args.in_turns)
            counts += faults(folder, cache, args.every, warm=True, in_turns=args.in_turns)
        elif args.what == "kills":
            counts = kills_at_random(folder, cache, args.count, args.seed)
        elif args.what == "steps":
            counts = kills_at_steps(folder, cache, args.every)
        elif args.what == "pairs":
            counts = pairs(folder, Path(place), args.count)
        else:
            counts = log_kills(Path(place), args.count, args.seed)
    for what, n in sorted(counts.items()):
        print(f"{what:28} {n:6}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
