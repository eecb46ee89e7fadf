"""A Takeout and a Samsung Health zip of 2 GB each, most of it other data: time and memory.

Makes both in a folder, reads each in a process of its own, and compares the time with what zipfile
needs to walk the list of members and inflate those that are used.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

sys.path += [str(Path(__file__).parent.parent / folder) for folder in ("tests/support", "data")]

from made_exports import (
    Members,
    fitbit_both,
    google_fit,
    made_history,
    samsung,
)

SIZE = 2 << 30
_MEMBER = 1 << 20
_TAKEOUT = ("Takeout/Fitbit/Global Export Data/heart_rate-{}.json", "Takeout/Drive/film-{}.mp4",
            "Takeout/Mail/letters-{}.mbox", "Takeout/Chrome/history-{}.json")  # fmt: skip
_SAMSUNG = (
    "samsunghealth_x/jsons/com.samsung.shealth.stress/{}.binning_data.json",
    "samsunghealth_x/jsons/com.samsung.health.floors_climbed/{}.json",
    "samsunghealth_x/files/com.samsung.shealth.food/{}.jpg",
)


def make(path: Path, used: Members, others: tuple[str, ...], size: int) -> None:
    """Write a zip with the members that are used among others."""
    noise = random.Random(1).randbytes(_MEMBER)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name, data in used.items():
            archive.writestr(name, data, zipfile.ZIP_DEFLATED)
        for n in range(size // _MEMBER):
            head = b'[{"dateTime": "01/05/26 14:30:00", "value": {"bpm": 61}},' + str(n).encode()
            archive.writestr(others[n % len(others)].format(n), head + noise)


def floor_s(path: Path, used: Members) -> float:
    """Time that zipfile needs for its list and the members that are used. [s]"""
    start = time.perf_counter()
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.filename in used:
                archive.read(member)
    return time.perf_counter() - start


_READ = """
import json, resource, sys, time
import loadmon, loadmon.io.tables, loadmon.io.inputs, loadmon.io.exports.merge
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.perf_counter()
archive = loadmon.read(sys.argv[1], cache=False)
took = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([took, base / 1024, max(peak, children) / 1024, len(archive.activities)]))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE, help="bytes of other data")
    parser.add_argument("--folder", type=Path, help="where the zips are made, and left")
    asked = parser.parse_args()
    history = made_history(1, days=730)
    exports = {
        "takeout": (fitbit_both(history) | google_fit(history), _TAKEOUT),
        "samsung": (samsung(history), _SAMSUNG),
    }
    with tempfile.TemporaryDirectory() as made:
        folder = asked.folder or Path(made)
        for name, (used, others) in exports.items():
            path = folder / f"{name}.zip"
            if not path.exists():
                make(path, used, others, asked.size)
            least = min(floor_s(path, used) for _ in range(3))
            told = subprocess.run(
                [sys.executable, "-c", _READ, str(path)], capture_output=True, text=True, check=True
            )
            took, base, peak, found = json.loads(told.stdout)
            print(
                f"{name}: {path.stat().st_size / 1e9:.1f} GB, {found} workouts, {took:.2f} s "
                f"(zipfile alone {least:.2f} s), {peak:.0f} MB at most ({base:.0f} MB after import)"
            )


if __name__ == "__main__":
    main()
