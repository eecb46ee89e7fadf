"""A study of 100,000: python benchmarks/hundred_thousand.py --athletes 1000 10000 100000.

Simulated runners over five years go in partitions of 256 from `loadmon.simulate_cohort` to Parquet,
from sessions to daily panels (`loadmon.write_partitions`) and from panels to `loadmon.evaluate`, in
two worker processes. Printed are processor seconds of all processes without their start and a first
partition in each, which warms them, the most memory of a worker and of the process that asks, and
the bytes on disk. For sizes of up to 1,000 the table is compared with the one from a single frame.
Linux only: it asks /proc.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pandas as pd

import loadmon

TOGETHER, WORKERS = 256, 2
#: A partition whose runs are simulated: where to, its number, its athletes, their days.
Task = tuple[Path, int, int, int]


def simulated(task: Task) -> None:
    """Write the sessions and the injuries of a partition."""
    folder, number, athletes, days = task
    made = loadmon.simulate_cohort(
        athletes, days=days, hazard_ratio=2.0, unknown_days_per_year=2, seed=number
    )
    for name, frame in (("sessions", made.sessions), ("injuries", made.injuries)):
        own = frame.assign(athlete=f"{number:04d}-" + frame["athlete"])
        own.to_parquet(folder / name / f"part-{number:05d}.parquet", index=False)


def woken(days: int) -> None:
    """Do one partition before the clock starts: what is imported and memory of its size are there.

    One second and a half of a process do not grow with the athletes.
    """
    small = loadmon.simulate_cohort(TOGETHER, days=days)
    with tempfile.TemporaryDirectory() as name:
        small.sessions.to_parquet(Path(name, "sessions.parquet"), index=False)
        loadmon.write_partitions(name, Path(name, "panel"), loadmon.daily_panel)
        loadmon.evaluate(Path(name, "panel"), small.injuries.iloc[:0], replicates=2)
    time.sleep(1)  # so that each worker gets one


def seconds_of(pid: int) -> float:
    """Processor time of a process up to now."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_mb(pid: int) -> float:
    """Most memory that a process has had."""
    (line,) = [x for x in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmHWM" in x]
    return int(line.split()[1]) / 1024


def size_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*.parquet")) / 1e6


def measure(athletes: int, days: int, folder: Path) -> None:
    """Go the whole way once, and print what each part of it took."""
    sizes = [min(TOGETHER, athletes - first) for first in range(0, athletes, TOGETHER)]
    for name in ("sessions", "injuries"):
        (folder / name).mkdir()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WORKERS, mp_context=context) as pool:
        woken(days)
        list(pool.map(woken, [days] * WORKERS))
        pids = [os.getpid(), *pool._processes]
        spent = [sum(map(seconds_of, pids))]
        start = time.perf_counter()

        tasks = [(folder, number, size, days) for number, size in enumerate(sizes)]
        list(pool.map(simulated, tasks))
        spent.append(sum(map(seconds_of, pids)))

        ledger = loadmon.write_partitions(
            folder / "sessions", folder / "panel", loadmon.daily_panel, executor=pool
        )
        spent.append(sum(map(seconds_of, pids)))

        injuries = pd.read_parquet(folder / "injuries")
        table = loadmon.evaluate(folder / "panel", injuries, executor=pool)
        spent.append(sum(map(seconds_of, pids)))

        wall, peaks = time.perf_counter() - start, [peak_mb(pid) for pid in pids]
    assert not ledger["reason"].any()
    assert int(table["athletes"].iloc[0]) == ledger["athletes"].sum() == athletes
    parts = [after - before for before, after in itertools.pairwise(spent)]
    row = table.set_index("check").loc["session_spike"]
    print(
        f"{athletes:8d} {ledger['rows'].sum():12,d} {parts[0]:9.1f} {parts[1]:7.1f} {parts[2]:9.1f}"
        f" {1000 * sum(parts) / athletes:12.2f} {wall:8.0f} {peaks[0]:7.0f} {max(peaks[1:]):7.0f}"
        f" {size_mb(folder):8.0f}   {row['rate_ratio']:.3f} ({row['rate_ratio_low']:.3f} to "
        f"{row['rate_ratio_high']:.3f})",
        flush=True,
    )
    if athletes <= 1000:
        compare(table, folder, injuries)


def compare(table: pd.DataFrame, folder: Path, injuries: pd.DataFrame) -> None:
    """Make sure that one frame of all rows gives the same table to 1e-12."""
    sessions = pd.read_parquet(folder / "sessions")
    whole = loadmon.evaluate(loadmon.daily_panel(sessions), injuries)
    columns = [name for name in table if name != "partitions"]
    pd.testing.assert_frame_equal(table[columns], whole[columns], rtol=1e-12, atol=0)
    print("         the same table from one frame, to 1e-12", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--athletes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--days", type=int, default=1_826)
    parser.add_argument("--folder", help="where to write meanwhile; about 100 KB an athlete")
    args = parser.parse_args()
    print(f"{args.days} days; CPU seconds, MB")
    print(
        "athletes         days  simulate   panel  evaluate  s per 1,000   wall s   asker  worker"
        "     disk   ratio of session spikes (truth 2)"
    )
    context = multiprocessing.get_context("spawn")
    for athletes in args.athletes:
        folder = Path(tempfile.mkdtemp(prefix="loadmon-", dir=args.folder))
        one = context.Process(target=measure, args=(athletes, args.days, folder))
        try:  # in a process of its own, whose memory is not that of the size before
            one.start()
            one.join()
        finally:
            shutil.rmtree(folder)
        if one.exitcode:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
