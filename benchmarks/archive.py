"""Whole archives: read anew, read again, started up, and in how much memory.

    python benchmarks/archive.py [--folder FOLDER_OF_FIT] [--every 6] [--count 3000]

Every figure of loadmon is that of a fresh process, in turns with what it is measured against: wall
time, and CPU time, which a busy machine changes less. `--count N` also makes an archive of N
recordings in a temporary folder and reads that.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from readers import CORPUS, TWO, rows_of
from repeated import moved, repeat

HOUSE = str(Path(__file__).parents[1])
TURNS = 9
MOST_MB = 250
READ = "import sys, loadmon; archive = loadmon.read(sys.argv[1]); "
ANEW = "import sys, loadmon; archive = loadmon.read(sys.argv[1], cache=False); "
WEEKS = "loadmon.weekly_load(archive.activities)"
HELP = "import sys; sys.argv = ['', '--help']; from loadmon.__main__ import start; start()"
MEMORY = """
import resource
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


class Spent(NamedTuple):
    """Wall and CPU time of a process and its children. [s]"""

    wall: float
    cpu: float


def started(code: str, *args: str, cache: str = "") -> subprocess.Popen[str]:
    """Start a fresh interpreter."""
    environment = {**os.environ, "PYTHONPATH": HOUSE, "LOADMON_CACHE": cache}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", code, *args]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def process(code: str, *args: str, cache: str = "") -> Spent:
    """Run a fresh interpreter to its end."""
    start, before = time.perf_counter(), _cpu_of_children()
    child = started(code, *args, cache=cache)
    child.communicate()
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, code)
    return Spent(time.perf_counter() - start, _cpu_of_children() - before)


def _cpu_of_children() -> float:
    told = resource.getrusage(resource.RUSAGE_CHILDREN)
    return told.ru_utime + told.ru_stime


def in_turns(code: str, args: Sequence[str], theirs: str, cache: str = "") -> tuple[float, str]:
    """How many times longer ours takes than theirs, by wall time, and in words with CPU time."""
    pairs = [(process(code, *args, cache=cache), process(theirs)) for _ in range(TURNS)]
    wall = statistics.median(a.wall / b.wall for a, b in pairs)
    cpu = statistics.median(a.cpu / b.cpu for a, b in pairs)
    own = statistics.median(a.cpu for a, _ in pairs)
    return wall, f"{wall:.2f} times (CPU {cpu:.2f} times, {1000 * own:.0f} ms)"


def tell(what: str, figure: str, goal: str, met: bool) -> None:
    print(f"  {what:56} {figure:46} ({goal}): {'met' if met else 'NOT MET'}", flush=True)


def anew(folder: Path, every: int) -> None:
    """A folder read cold to the weekly frame against a loop of fitdecode over some of it."""
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() == ".fit")
    size = 0.0
    loop, cpu = time.perf_counter(), time.process_time()
    for path in paths[::every]:
        rows_of(path.read_bytes(), TWO)
        size += path.stat().st_size
    share = size / sum(path.stat().st_size for path in paths)
    theirs = Spent((time.perf_counter() - loop) / share, (time.process_time() - cpu) / share)
    runs = [process(ANEW + WEEKS, str(folder)) for _ in range(3)]
    wall = theirs.wall / statistics.median(run.wall for run in runs)
    times = theirs.cpu / statistics.median(run.cpu for run in runs)
    figure = f"{wall:.0f} times (CPU {times:.0f} times, fitdecode {theirs.cpu:.0f} s)"
    what = f"{len(paths)} FIT read cold to the weekly frame, wall"
    tell(what, figure, "at least 60 times", wall >= 60)


def again(folder: Path, cache: str, what: str) -> None:
    """The same folder once more against `import pandas`."""
    process(READ, str(folder), cache=cache)
    for code, name in ((READ, "read again"), (READ + WEEKS, "read again to the weekly frame")):
        times, figure = in_turns(code, [str(folder)], "import pandas", cache)
        tell(f"{what} {name}, wall", figure, "1.3 times import pandas", times <= 1.3)


def memory(folder: Path, cache: str, count: int) -> None:
    """Most memory that a reading and its workers take at one time: cold, again, with one added."""
    added = folder / "added.fit"
    for what in ("cold", "again", "again with one more"):
        if "more" in what:
            added.write_bytes(moved(next(folder.glob("*.fit")).read_bytes(), 40 * 60))
        start = time.perf_counter()
        child = started(READ + MEMORY, str(folder), cache=cache)
        peak = 0.0
        while child.poll() is None:
            peak = max(peak, sum(map(_share_mb, _family(child.pid))))
            time.sleep(0.05)
        told = child.communicate()[0].split()
        own, worker = (int(kib) * 1.024e-3 for kib in told)
        peak = peak or own + 2 * worker
        figure = f"{peak:.0f} MB ({own:.0f} here, {worker:.0f} in a worker)"
        spent = time.perf_counter() - start
        told_of = f"{count} recordings read {what} in {spent:.0f} s, peak memory"
        tell(told_of, figure, f"under {MOST_MB} MB", peak < MOST_MB)
    added.unlink()


def _family(pid: int) -> list[int]:
    """A process and all its descendants, where the system tells them."""
    found = [pid]
    for one in found:
        for path in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += map(int, path.read_text().split())
            except OSError:  # it has ended
                continue
    return found


def _share_mb(pid: int) -> float:
    """Memory of a process; what several share is shared out among them. [MB]"""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) * 1.024e-3 for line in lines if line.startswith("Pss:")), 0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=CORPUS / "histories" / "athlete_a")
    parser.add_argument("--every", type=int, default=6, help="fitdecode reads every Nth file only")
    parser.add_argument("--count", type=int, default=0, help="size of the large archive")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    times, figure = in_turns(HELP, [], "pass")
    tell("loadmon --help, wall", figure, "1.6 times an empty program", times <= 1.6)
    anew(asked.folder, asked.every)
    with tempfile.TemporaryDirectory() as place:
        again(asked.folder, f"{place}/one", "the same folder")
        if asked.count:
            large = Path(place, "large")
            paths = sorted(p for p in asked.folder.rglob("*") if p.suffix.lower() == ".fit")
            repeat(paths, large, asked.count)
            time.sleep(2.1)  # until stamps count
            memory(large, f"{place}/two", asked.count)
            again(large, f"{place}/two", f"{asked.count} recordings")


if __name__ == "__main__":
    main()
