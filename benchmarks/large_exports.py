"""A Takeout and a Samsung Health zip of 2 GB each, most of it other data: time and memory.

Makes both in a folder, of 2,048 members of 1 MB and of as many small ones as real exports may have,
reads each in a process of its own, and compares the time with what zipfile needs to walk the list
of members and inflate those that are used, and with the time of a zip that holds nothing but those:
what the other data cost. CPU seconds, of workers too; of some rounds, in turn, the least.
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
#: Other members of each zip: of 1 MB, and small ones, a guess (a Fitbit writes a few files each
#: day, a Samsung watch one for each hour and kind).
MEMBERS = {"takeout": (2_048, 5_000), "samsung": (2_048, 50_000)}
_TAKEOUT = ("Takeout/Fitbit/Global Export Data/heart_rate-{}.json", "Takeout/Drive/film-{}.mp4",
            "Takeout/Mail/letters-{}.mbox", "Takeout/Chrome/history-{}.json")  # fmt: skip
_SAMSUNG = (
    "samsunghealth_x/jsons/com.samsung.shealth.stress/{}.binning_data.json",
    "samsunghealth_x/jsons/com.samsung.health.floors_climbed/{}.json",
    "samsunghealth_x/files/com.samsung.shealth.food/{}.jpg",
)


def make(path: Path, used: Members, others: tuple[str, ...], members: int, size: int) -> None:
    """Write a zip with the members that are used and so many others, of so many bytes together."""
    noise = random.Random(1).randbytes(size // max(1, members))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for name, data in used.items():
            archive.writestr(name, data, zipfile.ZIP_DEFLATED)
        for n in range(members):
            head = b'[{"dateTime": "01/05/26 14:30:00", "value": {"bpm": 61}},' + str(n).encode()
            archive.writestr(others[n % len(others)].format(n), head + noise)


def floor_s(path: Path, used: Members) -> float:
    """Time that zipfile needs for its list and the members that are used. [s of CPU]"""
    start = time.process_time()
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.filename in used:
                archive.read(member)
    return time.process_time() - start


_READ = """
import json, resource, sys, time
import loadmon, loadmon.io.tables, loadmon.io.inputs, loadmon.io.exports.merge
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begun = time.process_time()
archive = loadmon.read(sys.argv[1], cache=False)
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
took = sum(one.ru_utime + one.ru_stime for one in used) - begun
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([took, base / 1024, max(peak, children) / 1024, len(archive.activities)]))
"""


def read_by_itself(path: Path) -> list[float]:
    """What a process of its own needs: CPU seconds, MB before and at most, workouts."""
    told = subprocess.run(
        [sys.executable, "-c", _READ, str(path)], capture_output=True, text=True, check=True
    )
    found: list[float] = json.loads(told.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE, help="bytes of other data")
    parser.add_argument("--folder", type=Path, help="where the zips are made, and left")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    history = made_history(1, days=730)
    exports = {
        "takeout": (fitbit_both(history) | google_fit(history), _TAKEOUT),
        "samsung": (samsung(history), _SAMSUNG),
    }
    with tempfile.TemporaryDirectory() as made:
        folder = asked.folder or Path(made)
        for name, (used, others) in exports.items():
            bare = folder / f"{name}-alone.zip"
            make(bare, used, others, 0, 0)
            for members in MEMBERS[name]:
                path = folder / f"{name}-{members}.zip"
                if not path.exists():
                    make(path, used, others, members, asked.size)
                measure(path, bare, used, members, asked.rounds)


def measure(path: Path, bare: Path, used: Members, members: int, rounds: int) -> None:
    """Print what one zip costs beside a bare one and beside zipfile."""
    seen = [(read_by_itself(path), read_by_itself(bare)) for _ in range(rounds)]
    took, alone = (min(one[n][0] for one in seen) for n in (0, 1))
    least, bare_least = (min(floor_s(p, used) for _ in range(rounds)) for p in (path, bare))
    (_, base, peak, found), _ = seen[0]
    each, its = ((a - b) / members * 1e6 for a, b in ((took, alone), (least, bare_least)))
    print(
        f"{path.stem}: {path.stat().st_size / 1e9:.1f} GB, {found:.0f} workouts, {took:.2f} s; "
        f"what is used alone {alone:.2f} s: {took / alone:.2f} times; zipfile {least:.3f} s: "
        f"{took / least:.0f} times; each other member {each:.0f} us (zipfile {its:.1f} us); "
        f"{peak:.0f} MB at most ({base:.0f} MB after import)"
    )


if __name__ == "__main__":
    main()
