"""Damaged lists of every vendor: a problem in the ledger or fewer activities, never a traceback.

Seeded and small here; ``LOADMON_MUTANTS=2000 pytest tests/test_export_fuzz.py`` asks for more.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import re
import time
from pathlib import Path

import mutate
import pytest
from made_exports import WRITERS, Members, made_history
from polar_export import polar_session
from strava_export import Row, activities_csv
from vendor_exports import (
    apple_export,
    apple_workout,
    garmin_activity,
    garmin_export,
    intervals_list,
    intervals_row,
    suunto_json,
    zipped,
)
from writers import run_fit

from loadmon.athlete import Athlete
from loadmon.io.archive import Archive
from loadmon.io.read import read

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
MUTANTS = int(os.environ.get("LOADMON_MUTANTS", "6"))
OPERATORS = (
    mutate.flip_bits, mutate.change_bytes, mutate.truncate, mutate.double_chunk,
    mutate.delete_chunk, mutate.swap_chunks, mutate.fill_chunk, mutate.insert_bytes,
)  # fmt: skip
NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
VALUES = (
    b"NaN", b"1e999", b"-1", b"0", b"null", b'"x"', b"[]", b"{}", b"true", b"1e308", b"-0.0",
    b"9" * 30, b"9" * 400, b"99999999999999", "１".encode(),
)  # fmt: skip


def seeds() -> dict[str, bytes]:
    days = [START + dt.timedelta(days=n) for n in range(6)]
    rows = [Row(day, f"activities/{n}.fit", gear="Shoe", rpe=n) for n, day in enumerate(days)]
    workouts = [
        apple_workout(day, era=14 + 2 * (n % 2), route="/r.gpx") for n, day in enumerate(days)
    ]
    (apple,) = apple_export(workouts).values()
    garmin = garmin_export(
        [garmin_activity(n, day, workoutRpe=50, parentId=3) for n, day in enumerate(days)], {},
        gear={"Shoe": [1, 2]}, pauses=[{"pauseStartDate": "2026-03-05", "pauseReason": "INJURY"}],
    )  # fmt: skip
    return {
        **{f"strava-{lang}": activities_csv(rows, lang) for lang in ("en", "de", "xx", "old")},
        **{name.rsplit("_", 1)[-1]: data for name, data in garmin.items() if b"{" in data[:2]},
        "apple": apple,
        "polar-new": polar_session(START, minutes=2),
        "polar-old": polar_session(START, minutes=2, shape="old"),
        "suunto": suunto_json(START),
        "intervals": intervals_list(
            [intervals_row(n, day.date(), rpe=3) for n, day in enumerate(days)]
        ),
        **{f"form {name}": list_of(write(made_history(3, days=12))) for name, write in FORMS},
    }


#: Each form of a platform, one of its languages or units alone.
FORMS = [(name, write) for name, write in WRITERS.items() if " in " not in name]


def list_of(members: Members) -> bytes:
    """File of an export that lists its workouts."""
    lists = (data for name, data in members.items() if not name.endswith(".gpx"))
    return max(lists, key=lambda data: (b"distance" in data.lower(), len(data)))


def damaged(rng: random.Random, data: bytes) -> bytes:
    """Damage data in one or a few ways; every third time a number becomes another."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        numbers = list(NUMBER.finditer(data))
        if numbers and rng.random() < 0.35:
            found = rng.choice(numbers)
            data = data[: found.start()] + rng.choice(VALUES) + data[found.end() :]
        elif len(data) > 4:
            data = rng.choice(OPERATORS)(rng, data)
    return data


def archive_with(path: Path, data: bytes) -> Archive:
    """Archive of a list and the run it may name."""
    run = run_fit(START, offset_min=60, distance_km=2, duration_min=12, step_s=60)
    file = path / "x.zip"
    file.write_bytes(zipped({"list": data, "activities/0.fit": run}))
    return read(file, athlete=Athlete(home_zone="Europe/Berlin"), now=NOW, cache=False)


@pytest.mark.parametrize(
    ("name", "seed"), seeds().items(), ids=lambda v: v if type(v) is str else ""
)
def test_damage_never_leaves_a_reader(tmp_path: Path, name: str, seed: bytes) -> None:
    rng = random.Random(f"{name}-1")
    for _ in range(MUTANTS):
        data = damaged(rng, seed)
        begun = time.process_time()
        archive = archive_with(tmp_path, data)
        assert not archive.files["reason"].str.contains("reader-bug").any(), data
        assert archive.files["file"].is_unique
        assert archive.files["file"].str.endswith("!activities/0.fit").any()
        assert len(archive.activities) >= 1
        assert time.process_time() - begun < 10
