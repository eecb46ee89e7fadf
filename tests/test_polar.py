"""Training sessions of Polar Flow, in both shapes."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from polar_export import polar_session
from vendor_exports import zipped

from loadmon.errors import FileProblem
from loadmon.io.exports.platforms import may_be_export
from loadmon.io.exports.polar import polar_recordings
from loadmon.io.formats import export_kind
from loadmon.io.read import read
from loadmon.io.recording import Recording

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)


def session(**asked: Any) -> Recording:
    (found,) = polar_recordings(polar_session(START, **asked))
    assert isinstance(found, Recording)
    return found


@pytest.mark.parametrize("shape", ["new", "old"])
def test_one_session_in_both_shapes(shape: str) -> None:
    found = session(shape=shape, km=3.0, minutes=15)
    assert (found.sport, found.start, found.offset_min) == ("running", START.timestamp(), 60)
    told = found.summary
    assert (told["distance_m"], told["timer_s"], told["elapsed_s"]) == (3000, 900, 900)
    assert (told["avg_hr_bpm"], told["max_hr_bpm"]) == (147, 171)
    assert len(found.time) == 901
    assert found.time[0] == START.timestamp()
    assert found.streams["distance_m"][-1] == 3000
    assert np.nanmean(found.streams["speed_mps"]) == pytest.approx(3.33, abs=0.05)
    assert found.streams["latitude_deg"][-1] == pytest.approx(0.5, abs=0.01)
    assert found.flags == {}


def test_bare_nan_is_a_gap_and_never_zero() -> None:
    found = session()
    assert b"NaN" in polar_session(START)
    assert np.isnan(found.streams["heart_rate_bpm"][0])
    assert np.isnan(found.streams["speed_mps"][0])


def test_an_altimeter_that_has_not_settled_is_not_at_sea_level() -> None:
    found = session()
    assert np.isnan(found.streams["altitude_m"][:2]).all()
    assert found.streams["altitude_m"][2] > 180


def test_treadmill_without_positions() -> None:
    for shape in ("new", "old"):
        found = session(shape=shape, sport="treadmill", position=False)
        assert (found.sport, found.sub_sport) == ("running", "treadmill")
        assert "latitude_deg" not in found.streams


def test_a_number_of_a_sport_that_is_not_known_is_not_guessed() -> None:
    assert session(sport="777").sport == ""


@pytest.mark.parametrize("shape", ["new", "old"])
def test_without_an_offset_the_day_is_flagged(shape: str) -> None:
    found = session(shape=shape, offset_min=None)
    assert np.isnan(found.offset_min)
    assert set(found.flags) == {"tz-unknown"}


@pytest.mark.parametrize("shape", ["new", "old"])
@pytest.mark.parametrize("offset_min", [841, -721, 249_000_000, -(10**12)])
def test_an_offset_that_no_zone_has_is_none_and_is_flagged(shape: str, offset_min: int) -> None:
    data = polar_session(START, shape=shape, offset_min=60)
    told = b'Offset": 60' if shape == "old" else b'OffsetMinutes": 60'
    assert data.count(told) == 2
    (found,) = polar_recordings(data.replace(told, told[:-2] + str(offset_min).encode()))
    assert isinstance(found, Recording)
    assert np.isnan(found.offset_min)
    assert found.start == found.time[0] == START.timestamp() + 3600  # its local time, read as UTC
    assert set(found.flags) == {"tz-unknown"}


def test_a_wild_offset_moves_no_run_to_another_century(tmp_path: Path) -> None:
    data = polar_session(START).replace(b'Minutes": 60', b'Minutes": 249000000')
    (tmp_path / "training-session.json").write_bytes(data)
    archive = read(tmp_path, now=NOW)
    assert archive.activities["date"].dt.strftime("%Y-%m-%d").tolist() == ["2026-03-02"]
    assert archive.files["outcome"].tolist() == ["flagged"]
    assert archive.files["reason"].tolist() == ["tz-unknown"]


def test_samples_of_a_time_off_the_calendar_are_left_out_and_told(tmp_path: Path) -> None:
    session = json.loads(polar_session(START))
    samples = session["exercises"][0]["samples"]["samples"]
    samples[1]["intervalMillis"] = 1e15
    (tmp_path / "training-session.json").write_text(json.dumps(session))
    archive = read(tmp_path, now=NOW)
    (row,) = archive.activities.to_dict("records")
    assert (row["distance_km"], row["flags"]) == (2, "time-jump")
    stream = archive.records(row["activity_id"])
    assert (stream.index.min(), len(stream)) == (START, 721)


def test_what_the_session_reveals_of_the_runner() -> None:
    assert session().device_settings == {"max_hr_bpm": 190, "resting_hr_bpm": 52, "mass_kg": 61.5}


def test_several_exercises_are_several_activities_with_their_own_numbers() -> None:
    told = json.loads(polar_session(START))
    second = json.loads(polar_session(START + dt.timedelta(minutes=20), km=5, sport="cycling"))
    told["exercises"] += second["exercises"]
    run, ride = polar_recordings(json.dumps(told).encode())
    assert isinstance(run, Recording)
    assert isinstance(ride, Recording)
    assert (run.sport, ride.sport) == ("running", "cycling")
    assert (run.summary["distance_m"], ride.summary["distance_m"]) == (2000, 5000)
    assert ride.start - run.start == 1200


@pytest.mark.parametrize("period", ["PT1H2M3.5S", "PT3723.5S", "PT62M3.500S"])
def test_periods_of_the_old_shape(period: str) -> None:
    told = json.loads(polar_session(START, shape="old"))
    told["exercises"][0]["duration"] = period
    (found,) = polar_recordings(json.dumps(told).encode())
    assert isinstance(found, Recording)
    assert found.summary["timer_s"] == 3723.5


def test_a_session_without_exercises_or_with_odd_contents_is_no_traceback() -> None:
    with pytest.raises(FileProblem) as problem:
        polar_recordings(b'{"startTime": "x", "exercises": []}')
    assert problem.value.reason == "no-points"
    for odd in (
        {"samples": {"samples": [{"type": "SPEED", "intervalMillis": 0, "values": [1]}]}},
        {"samples": {"heartRate": [{"dateTime": "x", "value": "y"}]}},
        {"samples": 5, "routes": 5, "statistics": 5, "heartRate": 5, "sport": 5},
        {"samples": {"samples": [{"type": "SPEED", "intervalMillis": 1000, "values": {"a": 1}}]}},
        {"startTime": None, "duration": "PT", "distance": True},
    ):
        (found,) = polar_recordings(json.dumps({"exercises": [odd]}).encode())
        assert isinstance(found, Recording)


@pytest.mark.parametrize("shape", ["new", "old"])
def test_sessions_are_recognised_by_what_is_in_them(shape: str) -> None:
    data = polar_session(START, shape=shape)
    assert export_kind(data) == "polar"
    assert may_be_export(data[:4096])


def test_a_whole_export(tmp_path: Path) -> None:
    members = {
        f"training-session_{n}.json": polar_session(START + dt.timedelta(days=n), shape=shape)
        for n, shape in enumerate(("new", "old"))
    }
    members |= {"activity-2026-03-02.json": b'{"date": "2026-03-02"}', "247ohr_2026_3.json": b"{}"}
    file = tmp_path / "polar-user-data-export.zip"
    file.write_bytes(zipped(members))
    archive = read(file, now=NOW)
    assert archive.activities["distance_km"].tolist() == [2, 2]
    assert archive.activities["date"].dt.day.tolist() == [2, 3]
    assert archive.files["outcome"].tolist() == ["imported", "imported", "skipped", "skipped"]
    assert archive.device_settings["resting_hr_bpm"].tolist() == [52]
    records = archive.records(archive.activities["activity_id"][0])
    assert {"heart_rate_bpm", "latitude_deg"} <= set(records.columns)
