"""Read thousands of damaged files and count what came of them.

Run by hand::

    python tests/fuzz/campaign.py fit-valid --mutants 10000 --seed 1 --corpus ../shared/corpus

``silent`` counts mutants whose totals moved by over 1 % (start: 60 s) with no reason in the
ledger that the sound file does not have; ``heavy`` those of them that move a week's running
distance by over 10 %; ``foreign`` errors that are not ours; ``slow`` what took over 10 s and
``grown`` what took over 200 MB; ``hidden`` where the sound file beside it was not read.
"""

from __future__ import annotations

import argparse
import collections
import datetime as dt
import hashlib
import random
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

HOUSE = Path(__file__).parents[2]
sys.path[:0] = [str(HOUSE / p) for p in ("", "data", "tests/support", "tests/fuzz")]

import mutate_packed
import mutate_text
import writer_fit
import writer_xml
from mutate_fit import fit_stale, fit_valid
from seeds import START, Seeds, kept, made, real
from writers import run_fit

from loadmon.io.archive import Archive
from loadmon.io.read import read

KINDS = {
    "fit-stale": fit_stale,
    "fit-valid": fit_valid,
    "gpx": mutate_text.xml,
    "tcx": mutate_text.xml,
    "fit-writer": writer_fit.write_badly,
    "gpx-writer": writer_xml.write_badly,
    "tcx-writer": writer_xml.write_badly,
    "gz": mutate_packed.gz,
    "zip": mutate_packed.zipped,
    "csv": mutate_text.csv,
}
_PACKED = ("gz", "zip", "csv")
_NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
_SHARE, _START_S, _HEAVY = 0.01, 60.0, 0.10
_SLOW_S, _GROWN_KB = 10, 200 * 1024
_TOTALS = ("distance_km", "duration_min", "elapsed_min", "avg_hr_bpm")
_BESIDE = "beside.fit"


class Slow(BaseException):
    """A read that takes too long; no reader may catch it."""


@dataclass(frozen=True)
class Seen:
    """What reading one folder gave."""

    totals: pd.DataFrame
    weeks: pd.Series
    reasons: frozenset[str]
    outcomes: tuple[str, ...]
    beside: bool


def seen(archive: Archive) -> Seen:
    """Keep of an archive what a mutant is compared by, without the file beside it."""
    own = ~archive.activities["file"].str.endswith(_BESIDE)
    rows = archive.activities[own].sort_values("start_utc")
    ledger = archive.files[~archive.files["file"].str.endswith(_BESIDE)]
    running = rows[rows["sport"] == "running"]
    weeks = running.groupby(running["date"].dt.to_period("W"))["distance_km"].sum()
    reasons = {code for codes in ledger["reason"] for code in codes.split(",") if code}
    return Seen(
        rows[["start_utc", "sport", *_TOTALS]].reset_index(drop=True),
        weeks,
        frozenset(reasons),
        tuple(ledger["outcome"]),
        bool((~own).any()),
    )


def moved(before: Seen, after: Seen) -> str:
    """Name the first total that moved; empty if none did."""
    a, b = before.totals, after.totals
    if len(a) != len(b):
        return "activities"
    if ((a["start_utc"] - b["start_utc"]).dt.total_seconds().abs() > _START_S).any():
        return "start"
    if (a["sport"] != b["sport"]).any():
        return "sport"
    for name in _TOTALS:
        apart = (a[name] - b[name]).abs() > _SHARE * a[name].abs()
        if (apart | (a[name].isna() != b[name].isna())).any():
            return name
    return ""


def heavy(before: Seen, after: Seen) -> bool:
    """Tell whether a week's running distance moved by over 10 %."""
    both = pd.concat([before.weeks, after.weeks], axis=1).fillna(0.0).to_numpy()
    return bool((abs(both[:, 0] - both[:, 1]) > _HEAVY * both[:, 0]).any())


def mutants(kind: str, seeds: Seeds, count: int, seed: int) -> Iterator[tuple[str, int, bytes]]:
    """Yield distinct mutants: the seed file's name, the number of the mutant, its bytes.

    Of a bad writer each as often as it is drawn: it has few ways to write some of its mistakes.
    """
    names = sorted(seeds)
    known = set(map(hash, seeds.values()))
    is_writer = kind.endswith("-writer")
    number = made_ = 0
    while made_ < count:
        rng = random.Random(f"{kind}-{seed}-{number}")
        name = rng.choice(names)
        data = KINDS[kind](rng, seeds[name])
        number += 1
        if (is_writer and data != seeds[name]) or hash(data) not in known:
            known.add(hash(data))
            made_ += 1
            yield name, number - 1, data


def outcome(folder: Path, before: Seen) -> tuple[str, str]:
    """Read a folder that holds one mutant: what came of it, and a word of detail."""
    signal.signal(signal.SIGPROF, _too_slow)
    signal.setitimer(signal.ITIMER_PROF, _SLOW_S)  # of this process alone, however busy the machine
    Path("/proc/self/clear_refs").write_text("5")
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        after = seen(read(folder, cache=False, now=_NOW))
    except Slow:
        return "slow", ""
    except Exception as error:  # whatever leaves read() is counted, not hidden
        return "foreign", repr(error)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    if _peak_kb() - held > _GROWN_KB:
        return "grown", ""
    return judged(before, after)


def judged(before: Seen, after: Seen) -> tuple[str, str]:
    """Tell what became of a mutant from what reading it gave."""
    if "reader-bug" in after.reasons:
        return "foreign", "reader-bug"
    if before.beside and not after.beside:
        return "hidden", ""
    what = moved(before, after)
    told = sorted(after.reasons - before.reasons)
    if not after.totals.shape[0] and set(after.outcomes) <= {"quarantined", "refused", "skipped"}:
        return "not counted", ",".join(told)
    if not what:
        return ("same, told" if told else "same"), ",".join(told)
    if told:
        return "flagged", f"{what}: {','.join(told)}"
    return ("heavy" if heavy(before, after) else "silent"), what


def _too_slow(*_: object) -> None:
    raise Slow


def _peak_kb() -> int:
    line = next(x for x in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in x)
    return int(line.split()[1])


def run(
    kind: str, seeds: Seeds, count: int, seed: int, shown: Any = None
) -> collections.Counter[str]:
    """Read `count` mutants and count the outcomes; `shown` is called with each as it comes."""
    counts: collections.Counter[str] = collections.Counter()
    drawn: dict[tuple[str, bytes], tuple[str, str]] = {}  # each mutant is read once
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if kind in _PACKED:
            (folder / _BESIDE).write_bytes(
                run_fit(START + dt.timedelta(days=9), offset_min=60, distance_km=3, duration_min=18)
            )
        before = {name: _sound(folder, name, data) for name, data in seeds.items()}
        whole = {n: d for n, d in seeds.items() if kind == "csv" or len(before[n].totals)}
        for name, number, data in mutants(kind, whole, count, seed):
            key = name, hashlib.sha256(data).digest()
            if key not in drawn:
                (folder / name).write_bytes(data)
                drawn[key] = outcome(folder, before[name])
                (folder / name).unlink()
            found, detail = drawn[key]
            counts[found] += 1
            if shown:
                shown(name, number, found, detail)
    return counts


def _sound(folder: Path, name: str, data: bytes) -> Seen:
    (folder / name).write_bytes(data)
    found = seen(read(folder, cache=False, now=_NOW))
    (folder / name).unlink()
    return found


def main() -> int:
    """Run one campaign from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--mutants", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, help="damage real files too")
    parser.add_argument("--kept", action="store_true", help="damage the long files of corpus/")
    parser.add_argument("--show", default="silent,heavy,foreign,slow,grown,hidden")
    args = parser.parse_args()
    seeds = kept(args.kind) if args.kept else made(args.kind)
    if args.corpus:
        seeds |= real(args.kind, args.corpus)
    wanted = args.show.split(",")

    def shown(name: str, number: int, found: str, detail: str) -> None:
        if found in wanted:
            print(f"  {found:8} {name} #{number}: {detail}")

    begun = time.perf_counter()
    counts = run(args.kind, seeds, args.mutants, args.seed, shown)
    took = time.perf_counter() - begun
    print(
        f"{args.kind}: {args.mutants} mutants of {len(seeds)} files, seed {args.seed}, {took:.0f} s"
    )
    for found, n in counts.most_common():
        print(f"  {found:12} {n:6}  {n / args.mutants:7.2%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
