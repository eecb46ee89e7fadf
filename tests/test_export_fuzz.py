"""Damaged lists of every vendor: a problem in the ledger or fewer activities, never a traceback.

Seeded and small here; ``LOADMON_MUTANTS=2000 pytest tests/test_export_fuzz.py`` asks for more.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import random
import re
import time
from pathlib import Path

import mutate
import pytest
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
)
from writers import run_fit

from loadmon.athlete.profile import Athlete
from loadmon.errors import FileProblem
from loadmon.reading.archive import Archive, archive_of
from loadmon.reading.exports.attach import attach
from loadmon.reading.measure import measure
from loadmon.reading.settle import settle
from loadmon.reading.sources import Source
from loadmon.reading.unpack import bounded

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
NOW_S = dt.datetime(2026, 5, 1, tzinfo=dt.UTC).timestamp()
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
    }


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


def archive_with(data: bytes) -> Archive:
    """Archive of a list and the run it may name."""
    run = run_fit(START, offset_min=60, distance_km=2, duration_min=12, step_s=60)
    inputs = []
    for name, contents in (("x.zip!list", data), ("x.zip!activities/0.fit", run)):
        inputs.append((Source(name, Path("x.zip")), measure(name, contents).without_streams()))
    settled = settle(inputs, home_zone="Europe/Berlin", now_s=NOW_S)
    return archive_of(attach(settled, home_zone="Europe/Berlin", now_s=NOW_S), Athlete())


@pytest.mark.parametrize(
    ("name", "seed"), seeds().items(), ids=lambda v: v if type(v) is str else ""
)
def test_damage_never_leaves_a_reader(name: str, seed: bytes) -> None:
    rng = random.Random(f"{name}-1")
    for _ in range(MUTANTS):
        data = damaged(rng, seed)
        begun = time.perf_counter()
        try:
            plain = bounded(io.BytesIO(data), 1 << 20)
        except FileProblem:
            continue
        archive = archive_with(plain)
        assert not archive.files["reason"].str.contains("reader-bug").any(), data
        assert archive.files["file"].is_unique
        assert "x.zip!activities/0.fit" in set(archive.files["file"])
        assert len(archive.activities) >= 1
        assert time.perf_counter() - begun < 10
