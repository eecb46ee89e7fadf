"""Strength and shoes of real exports, counted a second way."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import fitdecode
import pytest
from corpus import corpus_folder, history
from strava_export import Row, strava_export

import loadmon
from loadmon.diary import no_diary
from loadmon.rules.strength_shoes import shoe_distance, strength_sessions, worn


def recorded_sets(path: Path) -> int:
    """Sets of a file that are no rest between others, as fitdecode counts them."""
    with fitdecode.FitReader(path, check_crc=fitdecode.CrcCheck.DISABLED) as reader:
        data = [f for f in reader if f.frame_type == fitdecode.FIT_FRAME_DATA and f.name == "set"]
    return sum(f.get_value("set_type", fallback=None) == "active" for f in data)


@pytest.mark.slow
def test_strength_sessions_of_a_real_year_equal_a_count_of_its_set_messages() -> None:
    archive = history("athlete_a")
    told = strength_sessions(archive.activities, archive.sets, no_diary())
    strength = archive.activities.query("sub_sport == 'strength_training'")
    counted = {Path(f).name: recorded_sets(Path(f)) for f in strength["file"]}
    assert sum(n > 0 for n in counted.values()) > 20
    by_day = Counter(strength["date"])
    assert Counter(told["date"]) == by_day
    sets = dict(zip(told["date"], told["sets"].fillna(0), strict=True))
    for file, day in zip(strength["file"], strength["date"], strict=True):
        if by_day[day] == 1:
            assert sets[day] == counted[Path(file).name]


def told_of(archive: loadmon.Archive) -> dict[str, tuple[int, float]]:
    """Runs and distance of each pair."""
    runs = archive.activities.query("sport == 'running'")
    told = shoe_distance(runs, worn(runs, archive.gear, ()), (), runs["date"].max())
    assert told["distance_km"].sum() == pytest.approx(runs["distance_km"].sum())
    assert told["runs"].sum() == len(runs)
    return {
        shoe: (int(n), float(km))
        for shoe, n, km in zip(told["shoe"], told["runs"], told["distance_km"], strict=True)
    }


def test_shoe_distances_of_the_constructed_strava_export_add_up_to_its_runs() -> None:
    path = corpus_folder() / "bulk_constructed" / "strava_bulk_export_shape.zip"
    assert list(told_of(loadmon.read(path, cache=False))) == [""]  # its list names no gear


def test_gear_of_a_strava_list_is_worn_on_its_runs_with_and_without_a_file(tmp_path: Path) -> None:
    start = dt.datetime(2026, 9, 1, 7, tzinfo=dt.UTC)
    pairs = ["Road One", "Road One", "Trail Two", ""]
    rows = [
        Row(start + dt.timedelta(days=n), km=5.0 + n, minutes=30.0, gear=gear)
        for n, gear in enumerate(pairs)
    ]
    for name, data in strava_export(rows, {}).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    told = told_of(loadmon.read(tmp_path, cache=False))
    assert told == {"Road One": (2, 11.0), "Trail Two": (1, 7.0), "": (1, 8.0)}
