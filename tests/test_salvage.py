"""What is left of a broken recording counts on request, and its day stays unknown."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import nasty
import pandas as pd
import pytest
from made import unknown_days
from nasty import METRES, SECONDS, START, without
from writers import write_fit

from loadmon.daily import daily_load
from loadmon.io.archive import Archive
from loadmon.io.read import read
from loadmon.weekly import weekly_load

NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
WHOLE = nasty.fit()
GPX, TCX = nasty.gpx(), nasty.tcx()
FLIPPED = bytearray(WHOLE)
FLIPPED[-300] ^= 0x01


def salvaged(tmp_path: Path, data: bytes | str, name: str = "run.fit") -> Archive:
    (tmp_path / name).write_bytes(data.encode() if isinstance(data, str) else data)
    return read(tmp_path, cache=False, now=NOW, salvage=True)


def codes(archive: Archive, row: int = 0) -> set[str]:
    return set(archive.files["reason"][row].split(","))


WHOLE_LEFT = {
    "no CRC": (WHOLE[:-2], "fit-truncated"),
    "half a CRC": (WHOLE[:-1], "fit-truncated"),
    "CRC wrong": (WHOLE[:-2] + b"\x12\x34", "fit-crc"),
    "size 0": (nasty.resized(WHOLE, 0), "fit-size-zero"),
    "size 0 and no CRC": (nasty.resized(WHOLE, 0)[:-2], "fit-size-zero"),
    "size too big": (nasty.resized(WHOLE, len(WHOLE)), "fit-truncated"),
    "size of 4 GiB": (nasty.resized(WHOLE, 0xFFFFFFFF), "fit-truncated"),
    "size too small": (nasty.resealed(nasty.resized(WHOLE, 900)), "fit-trailing"),
}


@pytest.mark.parametrize("case", WHOLE_LEFT)
def test_where_only_the_container_is_broken_the_whole_run_is_left(
    tmp_path: Path, case: str
) -> None:
    data, reason = WHOLE_LEFT[case]
    archive = salvaged(tmp_path, data)
    assert archive.files["outcome"].tolist() == ["flagged"]
    assert {"partial", reason} <= codes(archive)
    (row,) = archive.activities.to_dict("records")
    assert row["distance_km"] * 1000 == METRES
    assert row["duration_min"] * 60 == pytest.approx(SECONDS)
    assert row["start_utc"] == pd.Timestamp(START)
    assert len(archive.records(row["activity_id"])) == 60
    assert unknown_days(archive) == ["2024-03-10"]


@pytest.mark.parametrize("case", WHOLE_LEFT)
def test_without_being_asked_nothing_of_it_counts(tmp_path: Path, case: str) -> None:
    data, reason = WHOLE_LEFT[case]
    (tmp_path / "run.fit").write_bytes(data)
    archive = read(tmp_path, cache=False, now=NOW)
    assert archive.activities.empty
    assert archive.files[["outcome", "reason"]].iloc[0].tolist() == ["quarantined", reason]
    assert unknown_days(archive) == ["2024-03-10"]


@pytest.mark.parametrize("cut", [700, 1000, 1300])
def test_of_a_cut_run_the_records_before_the_cut_are_left(tmp_path: Path, cut: int) -> None:
    archive = salvaged(tmp_path, WHOLE[:cut])
    assert {"partial", "fit-truncated", "no-session"} <= codes(archive)
    (row,) = archive.activities.to_dict("records")
    records = archive.records(row["activity_id"])
    assert 5 < len(records) < 60
    assert row["distance_km"] * 1000 == records["distance_m"].iloc[-1]
    assert row["duration_min"] * 60 == (records.index[-1] - records.index[0]).total_seconds()


def test_a_cut_says_how_far_it_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "run.fit").write_bytes(WHOLE[:1000])
    detail = read(tmp_path, cache=False, now=NOW).files["detail"][0]
    assert f"ended at byte 1000 of {len(WHOLE)}" in detail
    assert "last good record is of 2024-03-10 08:0" in detail


def test_the_sport_of_a_cut_run_is_what_its_watch_wrote_at_the_start(tmp_path: Path) -> None:
    found = nasty.messages()
    sport = ("sport", {"sport": "running", "sub_sport": "trail"})
    archive = salvaged(tmp_path, write_fit([found[0], sport, *found[1:]])[:1000])
    assert archive.activities[["sport", "sub_sport"]].iloc[0].tolist() == ["running", "trail"]
    assert archive.activities["steps"][0] > 0


@pytest.mark.parametrize(
    "data",
    [b"", WHOLE[:14], WHOLE[:40], b"<html>", write_fit(without(nasty.messages(), "record"))[:-4]],
)
def test_where_nothing_is_left_nothing_counts(tmp_path: Path, data: bytes) -> None:
    archive = salvaged(tmp_path, data)
    assert archive.activities["distance_km"].isin([METRES / 1000]).sum() <= 1
    assert archive.files["outcome"][0] in ("refused", "quarantined", "flagged")


def test_what_is_no_activity_is_not_salvaged(tmp_path: Path) -> None:
    settings = write_fit(
        nasty.having(without(nasty.messages(), "session"), "file_id", type="settings")
    )
    archive = salvaged(tmp_path, settings[:-2])
    assert archive.activities.empty
    assert archive.files["outcome"].tolist() == ["quarantined"]


def test_a_rotten_value_is_left_to_the_cross_checks(tmp_path: Path) -> None:
    archive = salvaged(tmp_path, bytes(FLIPPED))
    assert {"partial", "fit-crc"} <= codes(archive)
    assert len(archive.activities) == 1


@pytest.mark.parametrize(("name", "text"), [("run.gpx", GPX), ("run.tcx", TCX)])
def test_of_a_text_that_breaks_off_the_points_before_the_break_are_left(
    tmp_path: Path, name: str, text: str
) -> None:
    archive = salvaged(tmp_path, text[: len(text) * 2 // 3], name)
    assert {"partial", "xml-truncated"} <= codes(archive)
    (row,) = archive.activities.to_dict("records")
    assert 0.5 * METRES < row["distance_km"] * 1000 < 0.75 * METRES
    assert 0.5 * SECONDS < row["duration_min"] * 60 < 0.75 * SECONDS
    assert row["sport"] == "running"
    assert unknown_days(archive) == ["2024-03-10"]


def test_a_sound_file_is_the_same_with_and_without_salvage(tmp_path: Path) -> None:
    with_it = salvaged(tmp_path, WHOLE)
    without_it = read(tmp_path, cache=False, now=NOW)
    pd.testing.assert_frame_equal(with_it.activities, without_it.activities)
    pd.testing.assert_frame_equal(with_it.files, without_it.files)


def test_a_whole_copy_counts_before_the_part_and_makes_its_day_known(tmp_path: Path) -> None:
    (tmp_path / "copy.gpx").write_text(GPX)
    archive = salvaged(tmp_path, WHOLE[:1000])
    assert len(archive.activities) == 1
    assert archive.activities["file"][0].endswith("copy.gpx")
    assert unknown_days(archive) == []


def test_the_sound_part_of_a_chain_counts_whole_and_the_broken_one_in_part(tmp_path: Path) -> None:
    archive = salvaged(tmp_path, WHOLE + nasty.fit(START + DAY)[:1000])
    flags = archive.activities["flags"].tolist()
    assert ["partial" in f for f in flags] == [False, True]
    assert unknown_days(archive) == ["2024-03-11"]


def test_no_ratio_is_shown_over_a_day_that_is_known_only_in_part(tmp_path: Path) -> None:
    for n in range(0, 60, 2):
        (tmp_path / f"{n}.fit").write_bytes(nasty.fit(START + n * DAY))
    data = nasty.fit(START + 57 * DAY)
    archive = salvaged(tmp_path, data[:1000], "57.fit")
    days = daily_load(archive.activities)
    assert days.loc["2024-05-06", "status"] == "unknown"
    assert days["load"].isna().sum() == 1
    last = weekly_load(archive.activities).iloc[-1]
    assert pd.isna(last["acwr_coupled"])
    assert last["acwr_status"] == "unknown"
    whole = salvaged(tmp_path, data, "57.fit")
    assert weekly_load(whole.activities).iloc[-1]["acwr_status"] == "ok"
