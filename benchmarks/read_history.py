"""Time `loadmon.read` against a plain fitdecode loop over the same FIT files, in one run.

The two take turns, group by group of files, so that a busy machine slows both alike. Files are
read once before, so neither pays for the disk; imports and a first file are not timed; loadmon
keeps no cache.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import fitdecode
import pandas as pd

from loadmon import read

CORPUS = Path(os.environ.get("LOADMON_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
GROUP = 20


def main() -> None:
    asked = _arguments()
    paths = sorted(path for path in asked.folder.rglob("*") if path.suffix.lower() == ".fit")
    if not paths:
        raise SystemExit(f"no FIT file under {asked.folder}: name a folder that holds some")
    ours = theirs = (0.0, 0.0)
    timed_bytes = 0
    for work in (_loadmon, _fitdecode):
        work(paths[:1])
    for first in range(0, len(paths), GROUP):
        group = paths[first : first + GROUP]
        slow = [path for i, path in enumerate(group, first) if i % asked.sample == 0]
        timed_bytes += sum(path.stat().st_size for path in slow)
        for path in group:
            path.read_bytes()
        ours = _plus(ours, _timed(_loadmon, group))
        theirs = _plus(theirs, _timed(_fitdecode, slow))
    whole = _timed(_loadmon, [asked.folder])
    all_bytes = sum(path.stat().st_size for path in paths)
    print(f"{asked.folder}: {len(paths)} files, {all_bytes / 1e6:.1f} MB")
    print(f"fitdecode timed on {timed_bytes / 1e6:.1f} MB, scaled to all by bytes")
    theirs = (theirs[0] * all_bytes / timed_bytes, theirs[1] * all_bytes / timed_bytes)
    _show(f"loadmon.read, in groups of {GROUP}", ours, theirs)
    _show("loadmon.read, whole folder in one call", whole, theirs)
    _show("fitdecode loop", theirs, theirs)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "folder", type=Path, nargs="?", default=CORPUS / "histories" / "athlete_a", help="FIT files"
    )
    parser.add_argument(
        "--sample", type=int, default=1, metavar="N", help="time fitdecode on every Nth file"
    )
    return parser.parse_args()


def _loadmon(paths: Sequence[Path]) -> None:
    read(*paths, cache=False)


def _fitdecode(paths: Sequence[Path]) -> None:
    """Fields of records and sessions as rows, and a frame of each, with fitdecode's defaults."""
    for path in paths:
        rows: dict[str, list[dict[str, object]]] = {"record": [], "session": []}
        with fitdecode.FitReader(path) as reader:
            for frame in reader:
                if isinstance(frame, fitdecode.FitDataMessage) and frame.name in rows:
                    rows[frame.name].append({field.name: field.value for field in frame.fields})
        for name in rows:
            pd.DataFrame(rows[name])


def _timed(work: Callable[[Sequence[Path]], None], paths: Sequence[Path]) -> tuple[float, float]:
    """CPU and wall time of one call. [s]"""
    cpu, wall = time.process_time(), time.perf_counter()
    work(paths)
    return time.process_time() - cpu, time.perf_counter() - wall


def _plus(one: tuple[float, float], two: tuple[float, float]) -> tuple[float, float]:
    return one[0] + two[0], one[1] + two[1]


def _show(name: str, took: tuple[float, float], peer: tuple[float, float]) -> None:
    ratio = f"{peer[0] / took[0]:6.1f} x CPU  {peer[1] / took[1]:6.1f} x wall"
    print(f"{name:40} {took[0]:8.2f} s CPU  {took[1]:8.2f} s wall   {ratio}")


if __name__ == "__main__":
    main()
