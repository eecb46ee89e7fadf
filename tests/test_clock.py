"""Clocks that were never set, that run ahead, or that move inside an activity."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made import unknown_days
from writers import activity_messages, run_fit, run_gpx, write_fit

from loadmon.io.archive import Archive
from loadmon.io.clean import clean
from loadmon.io.quality import assess
from loadmon.io.read import read
from loadmon.io.recording import Recording

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
SIZE: dict[str, Any] = {"distance_km": 2.0, "duration_min": 12, "step_s": 20}
DAY = 86_400.0


def read_one(tmp_path: Path, data: bytes) -> Archive:
    kind = "gpx" if data[:1] == b"<" else "fit"
    path = tmp_path / f"a.{kind}"
    path.write_bytes(data)
    return read(path, now=NOW)


@pytest.mark.parametrize("year", [1970, 1980, 1989, 1999])
def test_a_gpx_whose_clock_was_never_set_is_quarantined(tmp_path: Path, year: int) -> None:
    archive = read_one(tmp_path, run_gpx(START.replace(year=year), **SIZE))
    assert archive.files[["outcome", "reason"]].to_numpy().tolist() == [
        ["quarantined", "time-invalid"]
    ]
    assert str(year) in archive.files["detail"][0]
    assert unknown_days(archive) == []


@pytest.mark.parametrize("year", [2060, 9999])
def test_dates_in_the_far_future_never_become_activities(tmp_path: Path, year: int) -> None:
    archive = read_one(tmp_path, run_gpx(START.replace(year=year), **SIZE))
    assert archive.activities.empty
    assert archive.files["reason"].tolist() == ["time-future"]


def test_a_year_of_nought_is_no_time(tmp_path: Path) -> None:
    archive = read_one(tmp_path, run_gpx(START, **SIZE).replace(b"2026-", b"0000-"))
    assert archive.activities.empty
    assert archive.files["outcome"][0] in ("quarantined", "refused")


def test_a_fit_that_counts_from_power_up_proposes_the_day_it_was_made(tmp_path: Path) -> None:
    old = dt.datetime(1989, 12, 31, 0, 5, tzinfo=dt.UTC)
    messages = activity_messages(old, offset_min=None, **SIZE)
    name, fields = messages[0][0], dict(messages[0][1])
    messages[0] = (name, {**fields, "time_created": START})
    archive = read_one(tmp_path, write_fit(messages))
    assert archive.files["reason"].tolist() == ["time-relative"]
    assert "2026-03-02" in archive.files["detail"][0]
    assert unknown_days(archive) == ["2026-03-02"]


@pytest.mark.parametrize(("ahead", "outcome"), [(23, "imported"), (25, "quarantined")])
def test_a_start_more_than_a_day_ahead_has_not_come_yet(
    tmp_path: Path, ahead: int, outcome: str
) -> None:
    start = NOW + dt.timedelta(hours=ahead)
    archive = read_one(tmp_path, run_fit(start, offset_min=0, **SIZE))
    assert archive.files["outcome"].tolist() == [outcome]


# --- a clock that moves inside ------------------------------------------------------------------


def recording(*parts: tuple[float, int], told: bool = True) -> Recording:
    """Parts of a clock: days from the start, and how many records ten seconds apart."""
    base, pieces, way = START.timestamp(), [], []
    done = 0
    for days, n in parts:
        pieces.append(base + days * DAY + 10.0 * np.arange(done, done + n))
        way.append(30.0 * np.arange(done, done + n))
        done += n
    time = np.concatenate(pieces)
    summary = {"timer_s": 10.0 * done, "elapsed_s": 10.0 * done, "distance_m": 30.0 * done}
    return Recording(
        sport="running", start=float(time[0]), time=time,
        streams={"distance_m": np.concatenate(way)}, summary=summary if told else {},
    )  # fmt: skip


def day_of(made: Recording) -> tuple[str, dict[str, Any]]:
    assessed = assess(clean(made))
    row = {"start_s": assessed.start, "flags": assessed.issues, **assessed.numbers}
    return str(pd.Timestamp(assessed.start, unit="s").date()), row


@pytest.mark.parametrize(
    ("parts", "day"),
    [(((0, 40), (20, 60)), "2026-03-22"), (((0, 60), (20, 40)), "2026-03-02"),
     (((20, 40), (0, 60)), "2026-03-02"), (((20, 60), (0, 40)), "2026-03-22"),
     (((-700, 5), (0, 95)), "2026-03-02"), (((3000, 5), (0, 95)), "2026-03-02")],
)  # fmt: skip
def test_the_larger_part_tells_the_day_and_the_summary_the_length(
    parts: tuple[tuple[float, int], ...], day: str
) -> None:
    told, row = day_of(recording(*parts))
    assert told == day
    assert row["duration_min"] * 60 == pytest.approx(1000)
    assert row["distance_km"] == pytest.approx(3)
    assert "time-jump" in row["flags"]


def test_both_days_are_told() -> None:
    _, row = day_of(recording((0, 40), (20, 60)))
    assert "2026-03-22" in row["flags"]["time-jump"]
    assert "2026-03-02" in row["flags"]["time-jump"]


@pytest.mark.parametrize("parts", [((0, 60), (20, 40)), ((20, 40), (0, 60)), ((-6, 40), (0, 60))])
def test_without_a_summary_only_the_larger_part_counts(
    parts: tuple[tuple[float, int], ...],
) -> None:
    day, row = day_of(recording(*parts, told=False))
    assert day == "2026-03-02"
    assert 500 < row["elapsed_min"] * 60 < 700
    assert "time-jump" in row["flags"]


def test_a_night_between_two_legs_is_a_pause_and_the_day_that_of_the_start() -> None:
    day, row = day_of(recording((0, 40), (0.4, 60)))
    assert (day, row["start_s"]) == ("2026-03-02", START.timestamp())
    assert "time-jump" in row["flags"]


def test_no_heart_rate_load_is_made_of_a_gap() -> None:
    made = recording((0, 40), (20, 60))
    made.streams["heart_rate_bpm"] = np.full(100, 150.0)
    _, row = day_of(made)
    assert row["avg_hr_bpm"] == pytest.approx(150)
    assert 0 < row["hr_coverage"] <= 1
