"""Time of a team: python benchmarks/team.py --athletes 100 200 400 1000, or --days --athletes 200.

Every athlete is a zip of made-up FIT files (ten weeks, 30 runs), read without cache and judged by
`loadmon.cohort` with a process for each processor; copies have names of their own. ``--days`` is a
coach's day instead: athletes read with a cache, again with nothing changed, again after every
tenth and after every zip has grown by a run.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import sys
import tempfile
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import loadmon

sys.path.append(str(Path(__file__).parent.parent / "data"))
from make_team import make_team

USABLE = ("ana.zip", "ben.zip", "cleo.zip", "dan.zip", "eva.zip")


def lay_out(folder: Path, athletes: int) -> None:
    """Write the zips of a team of this size."""
    made = make_team()
    for number, name in zip(range(athletes), itertools.cycle(USABLE)):
        (folder / f"{number:05d}-{name}").write_bytes(made[name])


def coach(athletes: int) -> None:
    """Print the milliseconds an athlete takes on the days of a coach, in one process."""
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(1) as here:
        os.environ["LOADMON_CACHE"] = str(Path(name, "cache"))
        folder = Path(name, "team")
        folder.mkdir()
        lay_out(folder, athletes)
        zips = sorted(folder.iterdir())
        runs = [held_back(path) for path in zips]

        def told(what: str) -> None:
            time.sleep(2.1)  # so long a change within one tick of the clock is reckoned with
            before = time.process_time()
            loadmon.cohort(folder, as_of="2026-10-11", silence="rest", executor=here)
            print(f"{what:40s} {1000 * (time.process_time() - before) / athletes:6.1f}", flush=True)

        def grow(every: int, first: int) -> None:
            for path, (member, data) in list(zip(zips, runs, strict=True))[first::every]:
                with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
                    archive.writestr(member, data)

        print("milliseconds of CPU an athlete")
        told("everything is read")
        told("nothing has changed")
        grow(10, 0)
        told("one zip of ten has grown by a run")
        for first in range(1, 10):
            grow(10, first)
        told("nine zips of ten have grown by a run")


def held_back(path: Path) -> tuple[str, bytes]:
    """Take the last file out of a zip, to be put back later."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    last = max(files)
    data = files.pop(last)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return last, data


def cpu_seconds() -> float:
    """CPU time of this process and of all that it has waited for; what others do is not in it."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--athletes", type=int, nargs="+", default=[100, 200, 400, 1000])
    parser.add_argument("--days", action="store_true", help="a coach's days, by the first number")
    args = parser.parse_args()
    if args.days:
        coach(args.athletes[0])
        return 0
    print("athletes   CPU s   CPU s per 100   wall s")
    for athletes in args.athletes:
        with tempfile.TemporaryDirectory() as name:
            lay_out(Path(name), athletes)
            start, before = time.perf_counter(), cpu_seconds()
            told = loadmon.cohort(name, as_of="2026-10-11", cache=False)
            spent, wall = cpu_seconds() - before, time.perf_counter() - start
        assert len(told.athletes) == athletes
        assert told.failures.empty
        print(f"{athletes:8d}   {spent:5.1f}   {100 * spent / athletes:13.1f}   {wall:6.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
