"""Time of a team against its size: python benchmarks/team.py --athletes 100 200 400 1000.

Every athlete is a zip of made-up FIT files (ten weeks, 30 runs), read without cache and judged by
`loadmon.cohort` with a process for each processor; copies have names of their own.
"""

from __future__ import annotations

import argparse
import itertools
import resource
import sys
import tempfile
import time
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


def cpu_seconds() -> float:
    """CPU time of this process and of all that it has waited for; what others do is not in it."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--athletes", type=int, nargs="+", default=[100, 200, 400, 1000])
    args = parser.parse_args()
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
