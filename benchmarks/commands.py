"""Whole commands, by processor time of their process, against `import pandas` beside each of them.

    python benchmarks/commands.py --count 1000 5000

For each size a made archive (two small recordings a day) is read once; then every command runs as
often as asked where nothing has changed, and `weekly` after one file more each time.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "data"))
from writers import run_fit

COMMANDS = ("weekly", "check", "today", "files")
LAST = dt.datetime(2026, 10, 11, 16, 30, tzinfo=dt.UTC)
#: Goals: of what nothing changed and of one file more, as parts of `import pandas`; growth. [ms]
GOALS = {"same": 0.2, "added": 1.3, "growth": 0.05}


def recording(n: int) -> bytes:
    """A run; the higher its number, the longer ago."""
    start = LAST - dt.timedelta(hours=12 * n)
    size = {"distance_km": 5 + n % 7, "duration_min": 30 + n % 20, "step_s": 30}
    return run_fit(start, offset_min=60, seed=n, **size)


def cpu_ms(words: list[str], env: dict[str, str]) -> float:
    """User and system time of one process and its children. [ms]"""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1e3 * (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def told(ratios: list[float], goal: float) -> str:
    """Median and range of ratios, beside their goal."""
    median = statistics.median(ratios)
    mark = "" if median <= goal else "  NOT MET"
    return f"{median:5.2f} [{min(ratios):.2f} to {max(ratios):.2f}], goal {goal}{mark}"


def measure(count: int, times: int, folder: Path) -> float:
    """Print the rows of one size; median of one file more. [ms]"""
    archive = folder / "archive"
    archive.mkdir(parents=True)
    for n in range(times, count + times):
        (archive / f"{n:05d}.fit").write_bytes(recording(n))
    time.sleep(2.1)  # until stamps count
    env = {**os.environ, "LOADMON_CACHE": str(folder / "cache"), "PYTHONDONTWRITEBYTECODE": ""}
    pandas = [sys.executable, "-c", "import pandas"]
    start = "from loadmon.__main__ import start; raise SystemExit(start())"

    def command(name: str) -> list[str]:
        return [sys.executable, "-c", start, name, str(archive), "--as-of", f"{LAST:%Y-%m-%d}"]

    for name in COMMANDS:
        for _ in range(2):
            cpu_ms(command(name), env)
        ratios = [cpu_ms(command(name), env) / cpu_ms(pandas, env) for _ in range(times)]
        print(f"{count:6} files, nothing changed, {name:7} {told(ratios, GOALS['same'])}")
    ratios, whole = [], []
    for n in range(times):
        (archive / f"{n:05d}.fit").write_bytes(recording(n))
        whole.append(cpu_ms(command("weekly"), env))
        ratios.append(whole[-1] / cpu_ms(pandas, env))
    print(f"{count:6} files, one more, weekly         {told(ratios, GOALS['added'])}")
    return statistics.median(whole)


def main() -> None:
    """Print all rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, nargs="+", default=[1000, 5000])
    parser.add_argument("--times", type=int, default=7)
    asked = parser.parse_args()
    added = {}
    for count in asked.count:
        with tempfile.TemporaryDirectory() as folder:
            added[count] = measure(count, asked.times, Path(folder))
    least, most = min(added), max(added)
    if least < most:
        growth = (added[most] - added[least]) / (most - least)
        mark = "" if growth <= GOALS["growth"] else "  NOT MET"
        print(f"one file more grows by {growth:.3f} ms a file, goal {GOALS['growth']}{mark}")


if __name__ == "__main__":
    main()
