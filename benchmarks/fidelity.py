"""Every cell of every FIT file of a corpus against fitdecode: what differs, and why.

    python benchmarks/fidelity.py [--messages record session lap] [--every 1] [--corpus FOLDER]

All messages are compared where none are named. It takes some minutes, all of them fitdecode's.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import sys
import warnings
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from fit_oracle import compare, explanation

from loadmon.errors import FileProblem
from loadmon.io.fit.frames import read_fit

CORPUS = Path(os.environ.get("LOADMON_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))


def files(corpus: Path, every: int) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of the FIT files, packed ones unpacked as far as they can be."""
    paths = (p for p in corpus.rglob("*") if p.name.lower().endswith((".fit", ".fit.gz")))
    for path in sorted(paths)[::every]:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            try:
                data = gzip.decompress(data)
            except (OSError, EOFError, zlib.error):
                data = b""
        yield path.relative_to(corpus).as_posix(), data


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--messages", nargs="*", default=None, metavar="NAME")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    cells = compared = 0
    refused: Counter[str] = Counter()
    unread: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    example: dict[str, str] = {}
    for name, data in files(asked.corpus, asked.every):
        try:
            frames = read_fit(data)
        except FileProblem as problem:
            refused[problem.reason] += 1
            continue
        try:
            counted, differing = compare(data, frames, asked.messages)
        except Exception as error:  # fitdecode's own failures, of any kind
            unread[type(error).__name__] += 1
            continue
        compared += 1
        cells += counted
        for line in differing:
            field, _, told = line.partition(": ")
            number = re.match(r"(\d+) cells", told)
            wrong[field] += int(number[1]) if number else 1
            example.setdefault(field, f"{name}: {told}")
    explained = sum(n for field, n in wrong.items() if explanation(field))
    print(f"{compared} files read by both, {cells:,} cells compared")
    print(f"{sum(wrong.values()):,} cells differ, {explained:,} of them explained:")
    for field, n in wrong.most_common():
        print(f"  {n:7} {field}: {explanation(field) or 'NOT EXPLAINED'}")
        print(f"          {example[field][:160]}")
    print(f"refused by loadmon: {dict(refused.most_common())}")
    print(f"not read by fitdecode: {dict(unread.most_common())}")
    return 0 if all(map(explanation, wrong)) else 1


if __name__ == "__main__":
    sys.exit(main())
