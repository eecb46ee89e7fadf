"""An archive of any size, made of real recordings under new times: the same bytes but the clock.

    python benchmarks/repeated.py FOLDER_OF_FIT TARGET --count 3000

Every file is written again with all its times moved, and a CRC that is right.
"""

from __future__ import annotations

import argparse
import struct
from pathlib import Path

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io.fit.profile import layout
from loadmon.io.fit.scan import crc16, scan

_MISSING = 0xFFFFFFFF
_DAY_S = 86_400
_YEARS = 4  # before there were such watches a date is in doubt


def moved(data: bytes, seconds: int) -> bytes:
    """A FIT file with every time moved by some seconds.

    Raises
    ------
    FileProblem
        If the file is not sound.
    """
    out = np.frombuffer(data, np.uint8).copy()
    for part in scan(data):
        if part.problem:
            raise part.problem
        for definition in part.definitions:
            plan = layout(definition.key, definition.split)
            at = {name: place for name, (_, place) in (plan.dtype.fields or {}).items()}
            for field in plan.fields:
                if field.is_time and field.code == "u4" and field.count == 1:
                    order = plan.dtype[field.slot].byteorder.replace("=", "<")
                    _move(out, definition.offsets + at[field.slot], f"{order}u4", seconds)
        crc = crc16(out[part.start : part.end].tobytes())
        out[part.end : part.end + 2] = np.frombuffer(struct.pack("<H", crc), np.uint8)
    return out.tobytes()


def _move(out: np.ndarray, places: np.ndarray, kind: str, seconds: int) -> None:
    cells = places[:, None] + np.arange(4)
    times = np.ascontiguousarray(out[cells]).view(kind).astype(np.int64)
    times[times != _MISSING] += seconds
    out[cells] = times.astype(kind).view(np.uint8)


def shift_of(turn: int) -> int:
    """Another 400 days back each turn; beyond `_YEARS` of them other hours of the same days. [s]"""
    return -400 * _DAY_S * (turn % _YEARS) + 100 * 60 * (turn // _YEARS)


def repeat(paths: list[Path], target: Path, count: int) -> int:
    """Write `count` files into `target`; the bytes they take."""
    target.mkdir(parents=True, exist_ok=True)
    size = written = turn = 0
    while written < count:
        for path in paths:
            try:
                data = moved(path.read_bytes(), shift_of(turn))
            except FileProblem:
                continue
            (target / f"{turn:02d}_{path.name}").write_bytes(data)
            size += len(data)
            written += 1
            if written == count:
                break
        turn += 1
    return size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--count", type=int, default=3000)
    asked = parser.parse_args()
    paths = sorted(p for p in asked.folder.rglob("*") if p.suffix.lower() == ".fit")
    size = repeat(paths, asked.target, asked.count)
    print(f"{asked.count} files, {size / 1e6:.0f} MB in {asked.target}")


if __name__ == "__main__":
    main()
