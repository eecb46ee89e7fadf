"""Whole archives: read anew, read again, started up, and in how much memory.

    python benchmarks/archive.py [--folder FOLDER_OF_FIT] [--every 6] [--count 3000]

Every figure of loadmon is that of a fresh process, in turns with what it is measured against.
`--count N` also makes an archive of N recordings in a temporary folder and reads that.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

from readers import CORPUS, TWO, rows_of
from repeated import repeat

HOUSE = str(Path(__file__).parents[1])
TURNS = 5
READ = "import sys, loadmon; archive = loadmon.read(sys.argv[1]); "
ANEW = "import sys, loadmon; archive = loadmon.read(sys.argv[1], cache=False); "
WEEKS = "loadmon.weekly_load(archive.activities)"
MEMORY = """
import resource
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def process(code: str, *args: str, cache: str = "") -> tuple[float, str]:
    """Wall time of a fresh interpreter, and what it printed. [s]"""
    environment = {**os.environ, "PYTHONPATH": HOUSE, "LOADMON_CACHE": cache}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, *args],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return time.perf_counter() - start, done.stdout


def in_turns(ours: tuple[str, ...], theirs: str, cache: str = "") -> tuple[float, float, float]:
    """Median wall of both [s], and the median of how many times longer ours takes."""
    pairs = [(process(*ours, cache=cache)[0], process(theirs)[0]) for _ in range(TURNS)]
    own, other = (statistics.median(times) for times in zip(*pairs, strict=True))
    return own, other, statistics.median(a / b for a, b in pairs)


def tell(what: str, figure: str, goal: str, met: bool) -> None:
    print(f"  {what:58} {figure:44} ({goal}): {'met' if met else 'NOT MET'}")


def anew(folder: Path, every: int) -> None:
    """A folder read cold to the weekly frame against a loop of fitdecode over some of it."""
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() == ".fit")
    loop = size = 0.0
    for path in paths[::every]:
        start = time.perf_counter()
        rows_of(path.read_bytes(), TWO)
        loop += time.perf_counter() - start
        size += path.stat().st_size
    whole = sum(path.stat().st_size for path in paths)
    ours = statistics.median(process(ANEW + WEEKS, str(folder))[0] for _ in range(3))
    times = loop * whole / size / ours
    figure = f"{ours:.2f} s, fitdecode {loop * whole / size:.0f} s: {times:.0f} times"
    tell(f"{len(paths)} FIT read cold to the weekly frame, wall", figure, "60 times", times >= 60)


def again(folder: Path, cache: str, what: str) -> None:
    """The same folder once more against `import pandas`."""
    process(READ, str(folder), cache=cache)
    for code, name in ((READ, "read again"), (READ + WEEKS, "read again to the weekly frame")):
        own, other, times = in_turns((code, str(folder)), "import pandas", cache)
        figure = f"{own:.2f} s, import pandas {other:.2f} s: {times:.2f} times"
        tell(f"{what} {name}, wall", figure, "1.3 times", times <= 1.3)


def memory(folder: Path, cache: str, count: int) -> None:
    """Peak of the process, with twice that of its largest worker."""
    spent, told = process(READ + MEMORY, str(folder), cache=cache)
    own, worker = map(int, told.split())
    peak = (own + 2 * worker) / 1e3
    figure = f"{own / 1e3:.0f} MB + 2 x {worker / 1e3:.0f} MB, {spent:.0f} s wall"
    tell(f"{count} recordings read cold, peak memory", figure, "400 MB", peak < 400)


def start_up() -> None:
    helped = "import sys; sys.argv = ['loadmon', '--help']; from loadmon.cli import main; main()"
    own, other, times = in_turns((helped,), "pass")
    figure = f"{1000 * own:.0f} ms, python {1000 * other:.0f} ms: {times:.1f} times"
    tell("loadmon --help, wall", figure, "3 times", times <= 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=CORPUS / "histories" / "athlete_a")
    parser.add_argument("--every", type=int, default=6, help="fitdecode reads every Nth file only")
    parser.add_argument("--count", type=int, default=0, help="size of the large archive")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    start_up()
    anew(asked.folder, asked.every)
    with tempfile.TemporaryDirectory() as place:
        again(asked.folder, f"{place}/one", "the same folder")
        if asked.count:
            large = Path(place, "large")
            paths = sorted(p for p in asked.folder.rglob("*") if p.suffix.lower() == ".fit")
            repeat(paths, large, asked.count)
            memory(large, f"{place}/two", asked.count)
            again(large, f"{place}/two", f"{asked.count} recordings")


if __name__ == "__main__":
    main()
