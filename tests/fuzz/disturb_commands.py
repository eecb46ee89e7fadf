"""Disturb whole commands, as they are typed: kill them, fail their file operations, cut the power.

Run by hand::

    python tests/fuzz/disturb_commands.py kills --count 1000   # log, weekly, check --record, cohort
    python tests/fuzz/disturb_commands.py faults               # every operation fails once
    python tests/fuzz/disturb_commands.py power --count 1000   # pages of the cache written or not

After whatever came, every file is whole, what was acknowledged is there, and the same command once
more says what an undisturbed one says.
"""

from __future__ import annotations

import argparse
import collections
import datetime as dt
import importlib
import itertools
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

HOUSE = Path(__file__).parents[2]
sys.path[:0] = [str(HOUSE / p) for p in ("", "data", "tests/support", "tests/fuzz")]

from disturb import acts, watched_with_cache
from steps import Act
from writers import run_fit

import loadmon.io.read as read
from loadmon.__main__ import start
from loadmon.diary import DIARY_NAME, FLAG_LOG_NAME, load_diary, load_flag_log
from loadmon.io.localtime import zone_at
from loadmon.io.snapshot import reader_version

Counts = collections.Counter[str]
AS_OF = "2026-04-06"
_FIRST = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
_KM = (5, 6, 5, 8, 5, 6, 5, 8, 6, 6, 5, 14)
_TRACEBACK = 70  # exit code of what is not ours
#: A run may be missing, or a day is unknown.
_TOLD = re.compile(r"could not be (used|read)|\d of 7 ")
#: What was asked, in the order in which the kills go round.
NAMES = ("log", "weekly", "record", "cohort")
#: What the cache may hold before an operation fails.
CACHES = ("nothing", "readings", "answers")
#: Of files that are younger no answer is kept. [s]
SETTLED_S = 2.1


class Said(NamedTuple):
    """What a command said, how it ended and how many operations it took.

    `code` is negative where it was killed, and `steps` 0.
    """

    code: int
    out: str
    err: str
    steps: int


class Place:
    """Two runners in folders of their own, a cache, and the commands about them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cache = folder / "cache"
        self.team = folder / "team"
        self.page = folder / "team.html"
        for name, times in (("anna", 1.0), ("ben", 1.4)):
            own = self.team / name
            own.mkdir(parents=True)
            with zipfile.ZipFile(own / "export.zip", "w") as out:
                for n, km in enumerate(_KM):
                    start_ = _FIRST + dt.timedelta(days=3 * n + n // 11)
                    run = run_fit(
                        start_, offset_min=60, distance_km=km * times, duration_min=6 * km * times,
                        step_s=60, seed=n,
                    )  # fmt: skip
                    out.writestr(f"{n}.fit", run)
        self.anna = self.team / "anna"
        old = time.time() - 3600
        for path in self.team.rglob("*.zip"):
            os.utime(path, (old, old))

    def words(self, name: str, note: str = "") -> list[str]:
        """What is typed."""
        day = ["--as-of", AS_OF]
        pain = ["--pain", "2", "--note", note, "--date", AS_OF]
        return {
            "log": ["log", str(self.anna), *pain],
            "weekly": ["weekly", str(self.anna), *day],
            "record": ["check", str(self.anna), *day, "--record"],
            "cohort": ["cohort", str(self.team), *day, "-o", str(self.page), "--no-pages"],
        }[name]

    def clear(self, name: str) -> None:
        """Take away what a command wrote, so that it writes again."""
        for path in {"record": [self.anna / FLAG_LOG_NAME], "cohort": [self.page]}.get(name, []):
            path.unlink(missing_ok=True)

    def files(self) -> set[str]:
        """Everything that lies there but the cache and what a process wrote beside its place."""
        found = (p.relative_to(self.folder) for p in self.folder.rglob("*") if p.is_file())
        own = (p for p in found if not p.parts[0].startswith("cache"))
        return {p.as_posix() for p in own if p.name[0] != "."}


def said(
    place: Place, words: list[str], act: Act | None = None, after_s: float | None = None
) -> Said:
    """Run a command in a child of this process, disturbed or killed after a while."""
    pipes = [os.pipe(), os.pipe(), os.pipe()]
    child = os.fork()
    if child == 0:
        code, steps, counted = _TRACEBACK, None, pipes[2][1]
        try:
            for number, (_, writer) in enumerate(pipes[:2], 1):
                os.dup2(writer, number)
            for end in [end for pipe in pipes for end in pipe if end != counted]:
                os.close(end)
            os.environ["LOADMON_CACHE"] = str(place.cache)
            os.chdir(place.folder)
            sys.argv = ["loadmon", *words]
            sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
            with watched_with_cache(act or (lambda _number, _name: None)) as steps:
                code = start()
            sys.stdout.flush()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 2
        except BaseException as error:
            os.write(2, "".join(traceback.format_exception(error)).encode())
        finally:
            os.write(counted, str(steps.count if steps else 0).encode())
            os._exit(code)
    for _, writer in pipes:
        os.close(writer)
    if after_s is not None:
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
    out, err, steps_taken = (_all_of(reader) for reader, _ in pipes)
    _, status = os.waitpid(child, 0)
    return Said(os.waitstatus_to_exitcode(status), out, err, int(steps_taken or 0))


def preload() -> None:
    """Import what commands import: a child that is begun often should not do so each time."""
    for path in sorted((HOUSE / "loadmon").rglob("*.py")):
        if path.stem != "__main__":
            importlib.import_module(".".join(path.relative_to(HOUSE).with_suffix("").parts))
    zone_at(52.0, 13.0)  # whose map of the world is no operation, and takes long to load
    version = reader_version()  # which reads every file of the program, each time
    read.reader_version = lambda: version  # type: ignore[assignment]


def _all_of(reader: int) -> str:
    with os.fdopen(reader, "rb") as stream:
        return stream.read().decode(errors="replace")


class Wanted(NamedTuple):
    """What an undisturbed command says and writes, and how long it takes."""

    out: str
    code: int
    file: bytes
    took_s: float


def wanted_of(place: Place, name: str) -> Wanted:
    """Run a command undisturbed, with an empty cache."""
    place.clear(name)
    shutil.rmtree(place.cache, ignore_errors=True)
    begun = time.perf_counter()
    done = said(place, place.words(name, "first"))
    took = time.perf_counter() - begun
    return Wanted(done.out, done.code, _file(place, name), took)


def _file(place: Place, name: str) -> bytes:
    path = {"record": place.anna / FLAG_LOG_NAME, "cohort": place.page}.get(name)
    return path.read_bytes() if path and path.exists() else b""


def judged(
    place: Place, name: str, wanted: Wanted, done: Said, notes: set[str], note: str
) -> Iterator[str]:
    """What is wrong after a command that was disturbed; nothing where all is well."""
    if "Traceback" in done.err or done.code == _TRACEBACK:
        yield f"traceback: {done.err[-300:]}"
    yield from _wrong_log(place, done, notes, note) if name == "log" else ()
    if name != "log" and done.code in (0, wanted.code):
        if done.out != wanted.out and not _TOLD.search(done.out + done.err):
            yield "WRONG: another answer, and not a word"
        if done.out == wanted.out and _file(place, name) != wanted.file:
            yield "WRONG: it says all is well and the file is not written"
    if name == "cohort" and _file(place, name) not in (b"", wanted.file):
        yield "WRONG: half a page"
    if name == "record" and (place.anna / FLAG_LOG_NAME).exists():
        load_flag_log(place.anna / FLAG_LOG_NAME)
    if strange := place.files() - _KNOWN:
        yield f"WRONG: {strange} is there"
    if name != "log":
        again = said(place, place.words(name))
        if (again.code, again.out, _file(place, name)) != (wanted.code, wanted.out, wanted.file):
            yield "WRONG: the next command says another thing"


def _wrong_log(place: Place, done: Said, notes: set[str], note: str) -> Iterator[str]:
    if "Logged for" in done.out:
        notes.add(note)
    elif done.code == 0:
        yield "WRONG: it ends well and acknowledges nothing"
    there = _notes(place)
    if not notes <= there:
        yield "WRONG: an acknowledged line is lost"
    if not all(re.fullmatch(r"n-[\d-]+-n|first", one) for one in there):
        yield "WRONG: half a line"


_KNOWN = {
    *("team/anna/export.zip", "team/ben/export.zip", "team.html"),
    *(f"team/anna/{name}" for name in (DIARY_NAME, FLAG_LOG_NAME)),
}


def _notes(place: Place) -> set[str]:
    path = place.anna / DIARY_NAME
    return set(load_diary(path)["note"]) if path.exists() else set()


def beside(place: Place) -> list[Path]:
    """What a killed process left beside the place of a file."""
    found = (p for p in place.folder.rglob(".*") if p.is_file())
    return [p for p in found if place.cache not in p.parents]


def kills(folder: Path, count: int, seed: int = 1) -> Counts:
    """Kill commands at random moments, in turns."""
    rng, place, counts = random.Random(seed), Place(folder), Counts()
    wanted = {name: wanted_of(place, name) for name in NAMES if name != "log"}
    wanted["log"] = wanted_of(place, "log")  # a diary changes what the others say
    wanted = {name: wanted_of(place, name) if name != "log" else wanted[name] for name in NAMES}
    diary = (place.anna / DIARY_NAME).read_bytes()
    notes: set[str] = {"first"}
    for n in range(count):
        name, note = NAMES[n % len(NAMES)], f"n-{n}-n"
        if name != "log":
            lines = (place.anna / DIARY_NAME).read_bytes()
            (place.anna / DIARY_NAME).write_bytes(diary)
            place.clear(name)
            if rng.random() < 0.5:
                shutil.rmtree(place.cache, ignore_errors=True)
        after_s = rng.uniform(0, 1.1 * wanted[name].took_s)
        done = said(place, place.words(name, note), after_s=after_s)
        counts[f"{name}: " + ("killed" if done.code == -signal.SIGKILL else "done before")] += 1
        wrong = [*judged(place, name, wanted[name], done, notes, note)]
        counts.update(f"{name}: {one}" for one in wrong or ["well"])
        if name != "log":
            (place.anna / DIARY_NAME).write_bytes(lines)
    counts["acknowledged lines"] = len(notes)
    counts["lines lost"] = len(notes - _notes(place))
    counts["left beside"] = len(beside(place))
    return counts


def faults(
    folder: Path,
    every: int = 1,
    names: tuple[str, ...] = NAMES[:3],
    caches: Sequence[str] = CACHES,
    first: int = 1,
) -> Counts:
    """Let every operation of each command from `first` on fail once, whatever the cache holds.

    The first fails in one way, the next in the next.
    """
    place, counts = Place(folder), Counts()
    for name in names:
        time.sleep(SETTLED_S)
        wanted = wanted_of(place, name)
        diary = place.anna / DIARY_NAME
        before = diary.read_bytes() if diary.exists() else b""
        for cache in caches:
            if cache == "answers" and name != "weekly":  # of others no answer is kept
                continue
            time.sleep(SETTLED_S)
            full = _cache_that_holds(place, cache, name)
            for at in itertools.count(first, every):
                place.clear(name)
                shutil.rmtree(place.cache, ignore_errors=True)
                if full:
                    shutil.copytree(full, place.cache)
                if name == "log":
                    diary.write_bytes(before)
                done = said(place, place.words(name, f"n-{at}-n"), acts(at)[at % 5])
                if done.code != _TRACEBACK and done.steps < at:
                    break
                wrong = [*judged(place, name, wanted, done, set(), f"n-{at}-n")]
                told = "the same" if done.code == wanted.code else f"told ({done.code})"
                for one in wrong:
                    print(f"  {name}, {cache} in the cache, {at}: {one}", flush=True)
                counts.update(f"{name}: {one}" for one in wrong or [told])
                counts[f"{name}: operations with {cache} in the cache"] += 1
    counts["left beside"] = len(beside(place))
    return counts


def _cache_that_holds(place: Place, what: str, name: str) -> Path | None:
    """Make a cache to begin with: of nothing, of what was read, of what was told too."""
    if what == "nothing":
        return None
    full = place.folder / f"cache-{what}-{name}"
    shutil.rmtree(place.cache, ignore_errors=True)
    said(place, ["activities", str(place.anna)])
    if what == "answers":
        said(place, place.words(name))
    shutil.copytree(place.cache, full)
    return full


def power(folder: Path, count: int, seed: int = 1) -> Counts:
    """Cut the power while the cache is written: any part of its pages may be there or not."""
    rng, place, counts = random.Random(seed), Place(folder), Counts()
    wanted = wanted_of(place, "weekly")
    states = _states(place)
    counts["states of the cache"] = len(states)
    for _ in range(count):
        at = rng.randrange(1, len(states))
        shutil.rmtree(place.cache, ignore_errors=True)
        place.cache.mkdir()
        for name in states[at]:
            old, new = states[rng.randrange(at)].get(name, b""), states[at][name]
            (place.cache / name).write_bytes(_mixed(rng, old, new))
        done = said(place, place.words("weekly"))
        fits = (done.code, done.out) == (wanted.code, wanted.out)
        counts["the same" if fits else f"WRONG: {done.code} {done.err[-300:]}"] += 1
    return counts


def _states(place: Place) -> list[dict[str, bytes]]:
    """The files of the cache before each statement of a command, and after the last."""
    kept = place.folder / "cache-states"
    shutil.rmtree(place.cache, ignore_errors=True)

    def act(number: int, name: str) -> None:
        if name == "sqlite" and place.cache.exists():
            shutil.copytree(place.cache, kept / f"{number:06}")

    said(place, place.words("weekly"), act)
    shutil.copytree(place.cache, kept / "end")
    found = [{p.name: p.read_bytes() for p in one.iterdir()} for one in sorted(kept.iterdir())]
    shutil.rmtree(kept)
    return [{}, *(one for n, one in enumerate(found) if not n or one != found[n - 1])]


def _mixed(rng: random.Random, old: bytes, new: bytes) -> bytes:
    """A file of which some blocks were written, others not; its length may be either."""
    block = rng.choice((512, 4096, 16384))
    size = rng.choice((len(new), len(new), max(len(old), 0)))
    old = old.ljust(len(new), b"\0")
    parts = range(0, len(new), block)
    share = rng.random()
    return b"".join((new if rng.random() < share else old)[at : at + block] for at in parts)[:size]


WORK: dict[str, Callable[[Path, argparse.Namespace], Counts]] = {
    "kills": lambda folder, args: kills(folder, args.count, args.seed),
    "faults": lambda folder, args: faults(
        folder, args.every, tuple(args.commands), args.caches, args.first
    ),
    "power": lambda folder, args: power(folder, args.count, args.seed),
}


def main() -> int:
    """Run one campaign from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=WORK)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--first", type=int, default=1, help="operation to begin with")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--commands", nargs="*", choices=NAMES, default=NAMES[:3])
    parser.add_argument("--caches", nargs="*", choices=CACHES, default=CACHES)
    args = parser.parse_args()
    preload()
    with tempfile.TemporaryDirectory() as place:
        counts = WORK[args.what](Path(place), args)
    for what, n in sorted(counts.items()):
        print(f"{what:44} {n:6}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
