"""Suunto's JSON, and lists of intervals.icu."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from corpus import corpus_folder
from vendor_exports import intervals_list, intervals_row, suunto_json

from loadmon.errors import FileProblem
from loadmon.io.exports import intervals
from loadmon.io.exports.platforms import may_be_export
from loadmon.io.exports.suunto import suunto_recordings
from loadmon.io.formats import export_kind
from loadmon.io.read import read
from loadmon.io.recording import Recording

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)


def test_suunto_counts_in_hertz_radians_and_kelvin() -> None:
    (found,) = suunto_recordings(suunto_json(START))
    assert isinstance(found, Recording)
    assert (found.sport, found.start, found.offset_min) == ("running", START.timestamp(), 60)
    assert (found.summary["distance_m"], found.summary["timer_s"], found.summary["cycles"]) == (
        2000,
        720,
        1008,
    )
    assert found.streams["heart_rate_bpm"].max() == pytest.approx(150, abs=6)
    assert found.streams["cadence_spm"].mean() == pytest.approx(168, abs=4)
    assert found.streams["latitude_deg"][0] == pytest.approx(0.5)
    assert found.streams["temperature_c"][0] == pytest.approx(20)
    assert len(found.time) == 73


@pytest.mark.parametrize(
    ("header", "sport"),
    [
        ({"Activity": "My long one", "ActivityType": 3}, ("running", "")),
        ({"Activity": "Running", "ActivityType": 4}, ("cycling", "")),
        ({"Activity": "Pierre", "ActivityType": 82}, ("running", "trail")),
        ({"Activity": "Running", "ActivityType": 9999}, ("running", "")),
        ({"Activity": "My long one"}, ("", "")),
    ],
)
def test_the_number_of_suunto_says_the_sport_whatever_the_mode_is_called(
    header: dict[str, Any], sport: tuple[str, str]
) -> None:
    log = json.loads(suunto_json(START))
    log["DeviceLog"]["Header"] = {
        k: v for k, v in log["DeviceLog"]["Header"].items() if not k.startswith("Activity")
    } | header
    (found,) = suunto_recordings(json.dumps(log).encode())
    assert isinstance(found, Recording)
    assert (found.sport, found.sub_sport) == sport


def test_an_offset_of_suunto_that_no_zone_has_is_none_and_is_flagged() -> None:
    (found,) = suunto_recordings(suunto_json(START).replace(b"+01:00", b"+99:99"))
    assert isinstance(found, Recording)
    assert np.isnan(found.offset_min)
    assert found.start == found.time[0] == START.timestamp() + 3600  # its local time, read as UTC
    assert set(found.flags) == {"tz-unknown"}


def test_suunto_is_read_as_a_recording(tmp_path: Path) -> None:
    path = tmp_path / "entry.json"
    path.write_bytes(suunto_json(START))
    archive = read(path, now=START + dt.timedelta(days=9))
    assert archive.activities["distance_km"].tolist() == [2]
    assert archive.activities["hr_coverage"].tolist() == [1]


@pytest.mark.parametrize(
    "told", [{"DeviceLog": {}}, {"DeviceLog": {"Header": 5, "Samples": 5}}, {}]
)
def test_a_suunto_file_without_an_activity_says_so(told: Any) -> None:
    with pytest.raises(FileProblem) as problem:
        suunto_recordings(json.dumps(told).encode())
    assert problem.value.reason == "no-points"


# --- intervals.icu ------------------------------------------------------------------------------


def test_a_day_without_a_time_is_noon_and_says_so() -> None:
    (entry,) = intervals.read_list(intervals_list([intervals_row(1, START.date(), rpe=7)])).entries
    assert (entry.day, entry.ident, entry.recording.sport) == ("2026-03-02", "i1", "running")
    assert set(entry.recording.flags) == {"day-only"}
    assert (entry.recording.summary["distance_m"], entry.recording.summary["rpe"]) == (2000, 7)


@pytest.mark.parametrize("local", ["2500-01-01T08:30:00", "0001-01-01T08:30:00"])
def test_two_clocks_that_no_zone_keeps_apart_tell_no_offset(tmp_path: Path, local: str) -> None:
    row = {
        "id": "i9", "start_date_local": local, "start_date": "2026-03-02T07:30:00Z",
        "type": "Run", "moving_time": 720, "distance": 2000, "icu_training_load": 12,
    }  # fmt: skip
    path = tmp_path / "activities.json"
    path.write_bytes(intervals_list([row]))
    archive = read(path, now=START + dt.timedelta(days=9))
    assert archive.activities["date"].dt.strftime("%Y-%m-%d").tolist() == ["2026-03-02"]
    assert "tz-unknown" in archive.activities["flags"].iloc[0]


def test_the_shape_of_its_interface() -> None:
    row = {
        "id": "i9", "start_date_local": "2026-03-02T08:30:00", "start_date": "2026-03-02T07:30:00Z",
        "type": "TrailRun", "moving_time": 720, "elapsed_time": 730, "distance": 2000.5,
        "icu_rpe": 5, "average_heartrate": 148, "icu_training_load": 12, "name": "Hill",
    }  # fmt: skip
    data = intervals_list([row])
    assert export_kind(data) == "intervals"
    (entry,) = intervals.read_list(data).entries
    assert (entry.recording.start, entry.recording.offset_min) == (START.timestamp(), 60)
    assert (entry.recording.sub_sport, entry.name, entry.day) == ("trail", "Hill", "")
    assert entry.recording.summary["elapsed_s"] == 730
    del row["start_date"]
    (entry,) = intervals.read_list(intervals_list([row])).entries
    assert entry.day == "2026-03-02"
    assert entry.recording.start == START.timestamp() + 3600


def test_what_the_list_reveals_of_the_runner_only_where_it_changes() -> None:
    rows = [intervals_row(n, dt.date(2026, 3, n), lthr=170 if n < 4 else 175) for n in range(1, 7)]
    found = intervals.read_list(intervals_list(rows)).device_settings
    assert [(f["day"], f["threshold_hr_bpm"]) for f in found] == [
        ("2026-03-01", 170), ("2026-03-04", 175),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "row",
    [
        {"date": "soon"},
        {"date": "2026-03-0", "lthr": 170},
        {"date": None, "type": 5, "gear": 5},
    ],
)
def test_odd_rows_are_no_traceback(row: Any) -> None:
    (entry,) = intervals.read_list(json.dumps([row]).encode()).entries
    assert np.isnan(entry.recording.start)


def test_a_list_without_a_day_anywhere_is_not_read() -> None:
    for rows in ([{}], [{"moving_time": 60, "distance": 5}]):
        with pytest.raises(FileProblem, match="date") as raised:
            intervals.read_list(json.dumps(rows).encode())
        assert raised.value.reason == "list-unread"
    (entry,) = intervals.read_list(
        b'[{"start_date": "2026-03-02T07:30:00Z", "type": "Run"}]'
    ).entries
    assert entry.recording.start == 1772436600


def test_the_list_of_the_corpus(tmp_path: Path) -> None:
    path = corpus_folder() / "extras" / "intervals_icu_summary.json"
    data = path.read_bytes()
    assert export_kind(data) == "intervals"
    assert may_be_export(data[:4096])
    archive = read(path, now=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    told = json.loads(data)
    running = archive.activities[archive.activities["sport"] == "running"]
    kilometres = sum(r["distance_km"] or 0 for r in told if r["type"] in ("Run", "VirtualRun"))
    assert running["distance_km"].sum() == pytest.approx(kilometres, rel=0.02)
    rated = sum(r["rpe"] is not None for r in told)
    assert archive.activities["rpe"].notna().sum() == pytest.approx(rated, rel=0.03)
    alone = len(archive.activities) + (archive.files["outcome"] != "imported").sum()
    assert alone == len(told)
