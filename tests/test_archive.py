"""The streams behind the activities, read again on demand."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made import unknown_days
from writers import (
    activity_messages,
    made_up_points,
    run_fit,
    run_gpx,
    run_tcx,
    strength_fit,
    write_fit,
)

from loadmon.athlete import Athlete
from loadmon.errors import ReadError
from loadmon.io.archive import DEVICE_SETTINGS_COLUMNS, GEAR_COLUMNS, SET_COLUMNS, Archive
from loadmon.io.read import read
from loadmon.io.recording import STREAMS

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
SIZE = {"duration_min": 12, "step_s": 20}


def day(n: int) -> dt.datetime:
    return START + dt.timedelta(days=n)


def fit(n: int = 0) -> bytes:
    return run_fit(day(n), offset_min=60, distance_km=2.0 + n, seed=n, **SIZE)


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def nested(path: Path) -> Archive:
    """Six runs of 2 to 7 km: in a zip in a zip in a zip, packed again, chained, beside it."""
    deepest = zipped({"0.fit": fit(0), "sub/0.fit": fit(1)})
    inner = zipped({"deep.zip": deepest, "2.fit.gz": gzip.compress(fit(2))})
    outer = {"note.txt": b"x", "in.zip": inner, "chain.fit": fit(3) + fit(4)}
    (path / "export.zip").write_bytes(zipped(outer))
    (path / "5.fit").write_bytes(fit(5))
    return read(path, now=NOW)


def test_every_stream_is_that_of_its_activity_wherever_it_lies(tmp_path: Path) -> None:
    archive = nested(tmp_path)
    assert archive.activities["distance_km"].tolist() == [2, 3, 4, 5, 6, 7]
    for row in archive.activities.itertuples():
        records = archive.records(str(row.activity_id))
        assert records["distance_m"].iloc[-1] == row.distance_km * 1000
        assert records.index[0] == row.start_utc


def test_a_stream_has_utc_times_and_columns_in_a_fixed_order(tmp_path: Path) -> None:
    (tmp_path / "a.fit").write_bytes(fit())
    archive = read(tmp_path, now=NOW)
    records = archive.records(archive.activities["activity_id"][0])
    assert records.index.name == "time"
    assert str(records.index.dtype) == "datetime64[us, UTC]"
    assert records.index.is_monotonic_increasing
    assert records.columns.tolist() == [c for c in STREAMS if c in records.columns]
    assert {"distance_m", "heart_rate_bpm", "cadence_spm", "latitude_deg"} <= set(records.columns)
    assert set(records.dtypes.astype(str)) == {"float64"}


def test_the_stream_holds_what_was_recorded(tmp_path: Path) -> None:
    (tmp_path / "a.fit").write_bytes(fit())
    archive = read(tmp_path, now=NOW)
    records = archive.records(archive.activities["activity_id"][0])
    points = made_up_points(START, distance_km=2.0, **SIZE)  # type: ignore[arg-type]
    assert records.index.tolist() == [pd.Timestamp(p.time) for p in points]
    assert records["heart_rate_bpm"].tolist() == [p.heart_rate_bpm for p in points]
    assert records["cadence_spm"].tolist() == pytest.approx(
        [2 * (p.cadence_rpm or 0) for p in points]
    )
    assert records["altitude_m"].tolist() == pytest.approx([p.altitude_m for p in points])
    assert records["speed_mps"].tolist() == pytest.approx([p.speed_mps for p in points])
    latitude = np.array([p.latitude_deg for p in points], float)
    assert np.abs(records["latitude_deg"].to_numpy() - latitude).max() < 1e-7


@pytest.mark.parametrize("maker", [run_gpx, run_tcx])
def test_xml_gives_the_same_stream_as_fit(tmp_path: Path, maker: object) -> None:
    data = maker(START, distance_km=2.0, **SIZE)  # type: ignore[operator]
    (tmp_path / "a.xml").write_bytes(data)
    (tmp_path / "b.fit").write_bytes(fit(1))
    archive = read(tmp_path, now=NOW)
    xml = archive.records(archive.activities["activity_id"][0])
    plain = read_alone(tmp_path / "plain")
    assert xml.index.equals(plain.index)
    for column in ("heart_rate_bpm", "latitude_deg", "altitude_m"):
        assert np.abs(xml[column] - plain[column]).max() < 0.06


def read_alone(path: Path) -> pd.DataFrame:
    path.mkdir()
    (path / "a.fit").write_bytes(fit())
    archive = read(path, now=NOW)
    return archive.records(archive.activities["activity_id"][0])


def test_an_impossible_value_is_missing_in_the_stream(tmp_path: Path) -> None:
    messages = activity_messages(START, offset_min=60, distance_km=2, **SIZE)  # type: ignore[arg-type]
    records = [i for i, m in enumerate(messages) if m[0] == "record"]
    messages[records[5]][1]["heart_rate"] = 250  # type: ignore[index]
    (tmp_path / "a.fit").write_bytes(write_fit(messages))
    archive = read(tmp_path, now=NOW)
    assert archive.activities["flags"].tolist() == ["hr-implausible"]
    rate = archive.records(archive.activities["activity_id"][0])["heart_rate_bpm"]
    assert rate.isna().sum() == 1
    assert np.isnan(rate.iloc[5])


def test_an_activity_that_is_not_there_is_named(tmp_path: Path) -> None:
    archive = nested(tmp_path)
    with pytest.raises(ReadError, match="no activity 'nothing'"):
        archive.records("nothing")


def test_a_file_that_has_gone_or_changed_is_an_error_and_never_another_run(tmp_path: Path) -> None:
    path = tmp_path / "a.fit"
    path.write_bytes(fit(0) + fit(1))
    archive = read(path, now=NOW, cache=False)
    first, second = archive.activities["activity_id"]
    path.write_bytes(fit(0))
    with pytest.raises(ReadError):
        archive.records(second)
    path.write_bytes(fit(7))
    with pytest.raises(ReadError, match="has changed"):
        archive.records(first)
    path.write_bytes(b"no longer a recording")
    with pytest.raises(ReadError):
        archive.records(first)
    path.unlink()
    with pytest.raises(ReadError, match="cannot be opened again"):
        archive.records(first)


def test_rested_until_leaves_the_archive_it_is_called_on_alone(tmp_path: Path) -> None:
    archive = nested(tmp_path)
    rested = archive.rested_until("2026-03-20")
    assert rested.rest_stated_until == pd.Timestamp("2026-03-20")
    again = archive.rested_until(dt.date(2026, 3, 20))
    assert again.rest_stated_until == rested.rest_stated_until
    assert archive.rest_stated_until is None
    assert unknown_days(rested) == unknown_days(archive)
    assert len(rested.records(rested.activities["activity_id"][0])) == 37


def test_frames_beside_the_activities_have_their_columns_however_empty(tmp_path: Path) -> None:
    archive = nested(tmp_path)
    for frame, columns in (
        (archive.sets, SET_COLUMNS),
        (archive.device_settings, DEVICE_SETTINGS_COLUMNS),
        (archive.gear, GEAR_COLUMNS),
    ):
        assert frame.empty
        assert frame.dtypes.astype(str).to_dict() == columns


def test_sets_and_what_files_reveal_stand_beside_the_activities(tmp_path: Path) -> None:
    profile = ("user_profile", {"gender": "male", "weight": 70, "resting_heart_rate": 48})
    zones = ("time_in_zone", {"hr_zone_high_boundary": [95, 114, 133]})
    run = activity_messages(day(1), offset_min=-600, distance_km=2, **SIZE)
    (tmp_path / "a.fit").write_bytes(write_fit([*run[:1], profile, zones, *run[1:]]))
    gym = strength_fit(day(0), offset_min=60, duration_min=20, exercises=("plank", "squat"))
    (tmp_path / "b.fit").write_bytes(gym)
    archive = read(tmp_path, now=NOW, athlete=Athlete(unknown_days=()))
    assert archive.athlete.says_nothing
    assert archive.sets["category"].tolist() == ["plank", "squat"]
    assert set(archive.sets["activity_id"]) == {archive.activities["activity_id"][0]}
    assert archive.sets["start_utc"].is_monotonic_increasing
    assert np.isnan(archive.sets["weight_kg"]).all()
    (row,) = archive.device_settings.to_dict("records")
    assert row["date"] == pd.Timestamp("2026-03-02")  # 7:30 UTC on the third, ten hours west
    assert row["file"] == str(tmp_path / "a.fit")
    assert (row["sex"], row["mass_kg"], row["resting_hr_bpm"]) == ("m", 70, 48)
    assert row["hr_zones_bpm"] == [95, 114, 133]
    assert np.isnan(row["height_m"])


def test_what_a_summary_tells_is_a_column_of_the_activities(tmp_path: Path) -> None:
    (tmp_path / "a.fit").write_bytes(fit())
    (row,) = read(tmp_path, now=NOW).activities.to_dict("records")
    assert row["max_hr_bpm"] >= row["avg_hr_bpm"]
    assert np.isnan(row["training_load_au"])
