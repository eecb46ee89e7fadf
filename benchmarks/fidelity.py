"""Every cell of every FIT file of a corpus against fitdecode: what differs, and why.

    python benchmarks/fidelity.py [--messages record session lap] [--every 1] [--corpus FOLDER]

All messages are compared where none are named. It takes some minutes, all of them fitdecode's.
"""

from __future__ import annotations

import argparse
import gzip
import os
import sys
import warnings
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "data"))

from fit_oracle import compare

from loadmon.errors import FileProblem
from loadmon.reading.fit.frames import read_fit

CORPUS = Path(os.environ.get("LOADMON_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--messages", nargs="*", default=None, metavar="NAME")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    cells = files = refused = unread = 0
    wrong: Counter[str] = Counter()
    example: dict[str, str] = {}
    paths = sorted(
        p for p in asked.corpus.rglob("*") if p.name.lower().endswith((".fit", ".fit.gz"))
    )
    for path in paths[:: asked.every]:
        data = path.read_bytes()
        data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        try:
            frames = read_fit(data)
        except (FileProblem, EOFError):
            refused += 1
            continue
        try:
            counted, differing = compare(data, frames, asked.messages)
        except Exception as error:  # fitdecode cannot read it
            unread += 1
            print(f"fitdecode: {path.name}: {type(error).__name__}")
            continue
        files += 1
        cells += counted
        for line in differing:
            name, _, told = line.partition(": ")
            number = int(told.split()[0]) if told.split()[:1] and told.split()[0].isdigit() else 1
            wrong[name] += number
            example.setdefault(name, f"{path.name}: {told}")
    print(
        f"{files} files, {cells} cells, {sum(wrong.values())} differ; "
        f"{refused} refused by loadmon, {unread} not read by fitdecode"
    )
    for name, number in wrong.most_common():
        print(f"  {number:7} {name}: {example[name][:160]}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
