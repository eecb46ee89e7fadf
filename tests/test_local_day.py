"""Whose calendar the day of an activity is from."""

from __future__ import annotations

import datetime as dt
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pandas as pd
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from writers import run_fit, run_gpx

import loadmon.io.localtime as local_day
from loadmon.athlete import Athlete
from loadmon.io.archive import Archive
from loadmon.io.localtime import Place, utc_offset_min, zone_at
from loadmon.io.read import read
from loadmon.io.recording import Recording
from loadmon.weekly import weekly_load

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
SIZE = {"distance_km": 2.0, "duration_min": 12, "step_s": 20}


def at(text: str) -> float:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp()


def place(latitude: float, longitude: float) -> Place:
    return latitude, longitude, zone_at(latitude, longitude)


SUMMER, WINTER = at("2026-07-01T10:00"), at("2026-01-01T10:00")


def test_the_offset_of_the_file_comes_first() -> None:
    told = Recording(offset_min=-330, zone="Asia/Tokyo")
    assert utc_offset_min(told, SUMMER, "Europe/Berlin", place(52.5, 13.4)) == (-330, "file")


def test_an_offset_of_nought_in_the_file_is_told() -> None:
    assert utc_offset_min(Recording(offset_min=0.0), SUMMER, "Europe/Berlin") == (0, "file")


def test_a_zone_in_the_file_comes_before_the_position_and_the_home_zone() -> None:
    told = Recording(zone="Asia/Tokyo")
    assert utc_offset_min(told, SUMMER, "Europe/Berlin", place(40.7, -74.0)) == (540, "file")


def test_the_position_comes_before_the_home_zone() -> None:
    assert utc_offset_min(Recording(), SUMMER, "Europe/Berlin", place(40.7, -74.0)) == (-240, "gps")


def test_a_position_at_sea_or_off_the_earth_tells_no_zone() -> None:
    assert zone_at(0.5, -30.0) == zone_at(95.0, 500.0) == ""
    assert utc_offset_min(Recording(), SUMMER, "Europe/Berlin", place(0.5, -30.0)) == (120, "home")
    assert utc_offset_min(Recording(), SUMMER, "", place(0.0, 0.0)) == (0, "utc")


@pytest.mark.parametrize("name", ["America", "x" * 5000])
def test_a_place_in_a_zone_that_is_a_folder_or_too_long_tells_none(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(local_day, "_finder", lambda: lambda _lon, _lat: name)
    assert zone_at(52.5, 13.4) == ""


@pytest.mark.parametrize(("moment", "offset"), [(SUMMER, 120), (WINTER, 60)])
def test_the_home_zone_keeps_its_summer_time(moment: float, offset: float) -> None:
    assert utc_offset_min(Recording(), moment, "Europe/Berlin") == (offset, "home")


@pytest.mark.parametrize(
    ("moment", "offset"),
    [("2026-03-29T00:59:59", 60), ("2026-03-29T01:00:00", 120),
     ("2026-10-25T00:59:59", 120), ("2026-10-25T01:00:00", 60)],
)  # fmt: skip
def test_the_clock_is_put_forward_and_back_to_the_second(moment: str, offset: float) -> None:
    assert utc_offset_min(Recording(), at(moment), "Europe/Berlin") == (offset, "home")


def test_without_any_word_the_day_is_that_of_utc() -> None:
    assert utc_offset_min(Recording(), SUMMER, "") == (0, "utc")


#: Places, a moment in UTC, and the clock on the wall there (known from almanacs, by hand).
WALLS = [
    ((52.52, 13.40), "2026-03-29T00:30", "2026-03-29 01:30"),  # Berlin, before the hour is left out
    ((52.52, 13.40), "2026-03-29T01:30", "2026-03-29 03:30"),
    ((52.52, 13.40), "2026-10-24T23:30", "2026-10-25 01:30"),
    ((52.52, 13.40), "2026-10-25T00:30", "2026-10-25 02:30"),  # summer time
    ((52.52, 13.40), "2026-10-25T01:30", "2026-10-25 02:30"),  # the same hour again
    ((40.71, -74.01), "2026-03-08T06:59", "2026-03-08 01:59"),  # New York
    ((40.71, -74.01), "2026-03-08T07:00", "2026-03-08 03:00"),
    ((-31.55, 159.08), "2026-01-10T12:00", "2026-01-10 23:00"),  # Lord Howe: half an hour of DST
    ((-31.55, 159.08), "2026-07-10T12:00", "2026-07-10 22:30"),
    ((-43.95, -176.55), "2024-03-10T22:55", "2024-03-11 12:40"),  # Chatham, +13:45
    ((27.70, 85.32), "2026-05-05T18:20", "2026-05-06 00:05"),  # Kathmandu, +5:45
    ((28.61, 77.21), "2026-05-05T18:20", "2026-05-05 23:50"),  # Delhi, +5:30
    ((-34.93, 138.60), "2026-06-30T14:20", "2026-06-30 23:50"),  # Adelaide, +9:30
    ((21.31, -157.86), "2026-01-01T09:59", "2025-12-31 23:59"),  # Honolulu, another year
    ((1.87, -157.43), "2025-12-31T09:59", "2025-12-31 23:59"),  # Kiritimati, +14
    ((1.87, -157.43), "2025-12-31T10:00", "2026-01-01 00:00"),
    ((-13.83, -171.77), "2026-06-01T11:30", "2026-06-02 00:30"),  # Apia, west of the date line
    ((-14.28, -170.70), "2026-06-01T10:30", "2026-05-31 23:30"),  # Pago Pago, east of it
    ((47.55, -52.71), "2026-07-01T02:29", "2026-06-30 23:59"),  # St. John's, -2:30
    ((64.15, -21.94), "2026-07-01T23:59", "2026-07-01 23:59"),  # Reykjavik, never changes
    ((33.45, -112.07), "2026-07-01T06:59", "2026-06-30 23:59"),  # Phoenix, never changes
    ((-1.29, 36.82), "2026-03-29T21:00", "2026-03-30 00:00"),  # Nairobi
    ((-36.85, 174.76), "2026-09-26T14:00", "2026-09-27 03:00"),  # Auckland, springs in September
    ((51.51, -0.13), "2026-03-29T01:00", "2026-03-29 02:00"),  # London
    ((31.77, 35.21), "2026-03-27T00:30", "2026-03-27 03:30"),  # Jerusalem, on a Friday
]


@pytest.mark.parametrize(("position", "utc", "wall"), WALLS)
def test_the_wall_clock_of_places_around_the_world(
    position: tuple[float, float], utc: str, wall: str
) -> None:
    offset, source = utc_offset_min(Recording(), at(utc), "", place(*position))
    assert source == "gps"
    assert pd.Timestamp(at(utc) + 60 * offset, unit="s") == pd.Timestamp(wall)


ZONES = sorted(
    z for z in available_timezones() if "/" in z and not z.startswith(("Etc/", "SystemV"))
)


@given(
    st.sampled_from(ZONES),
    st.integers(int(at("2005-01-01T00:00")), int(at("2035-01-01T00:00"))),
)
@settings(max_examples=examples(12))
def test_every_zone_at_every_time_agrees_with_pandas(zone: str, unix_s: int) -> None:
    offset, _ = utc_offset_min(Recording(), unix_s, zone)
    wall = pd.Timestamp(unix_s, unit="s", tz="UTC").tz_convert(zone).tz_localize(None)
    assert pd.Timestamp(unix_s + round(60 * offset), unit="s") == wall


def change_days(zone: str, year: int) -> list[float]:
    """Unix times of the changes of clocks in a year, to the hour, by looking at every hour."""
    first, there = int(at(f"{year}-01-01T00:00")), ZoneInfo(zone)
    offsets = [
        dt.datetime.fromtimestamp(first + 3600 * n, dt.UTC).astimezone(there).utcoffset()
        for n in range(8760)
    ]
    return [first + 3600.0 * n for n in range(1, 8760) if offsets[n] != offsets[n - 1]]


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago",
             "Pacific/Chatham", "Asia/Beirut", "Africa/Casablanca", "America/Havana"],
)  # fmt: skip
def test_runs_around_every_change_of_clocks_fall_on_the_day_on_the_wall(
    tmp_path: Path, zone: str
) -> None:
    moments = [c + h * 3600 for c in change_days(zone, 2026) for h in (-25, -1, 0, 1, 25)]
    assert moments or zone == "Africa/Casablanca"
    for n, moment in enumerate(moments):
        start = dt.datetime.fromtimestamp(moment, dt.UTC)
        data = run_fit(start, offset_min=None, **SIZE, seed=n)
        (tmp_path / f"{n}.fit").write_bytes(data)
    archive = read(tmp_path, athlete=Athlete(home_zone=zone), now=NOW)
    starts = archive.activities["start_utc"]
    wall = starts.dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    assert (archive.activities["date"] == wall).all()
    assert (archive.activities["elapsed_min"] == 12).all()


# --- whole archives -----------------------------------------------------------------------------


def archive_of(tmp_path: Path, *files: bytes, **asked: object) -> Archive:
    for n, data in enumerate(files):
        kind = "gpx" if data[:1] == b"<" else "fit"
        (tmp_path / f"{n}.{kind}").write_bytes(data)
    return read(tmp_path, now=NOW, **asked)  # type: ignore[arg-type]


BERLIN = (52.5, 13.4)
LATE = dt.datetime(2026, 7, 5, 22, 30, tzinfo=dt.UTC)  # Sunday in UTC, Monday in Berlin


def test_a_gpx_takes_its_day_from_its_position(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, run_gpx(LATE, place=BERLIN, **SIZE))
    (row,) = archive.activities.to_dict("records")
    assert (row["tz_source"], row["utc_offset_min"]) == ("gps", 120)
    assert row["date"] == pd.Timestamp("2026-07-06")
    assert weekly_load(archive.activities).index[0] == pd.Timestamp("2026-07-06")
    assert archive.files["outcome"].tolist() == ["imported"]


def test_a_position_fills_in_for_a_watch_that_tells_no_local_time(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, run_fit(LATE, offset_min=None, place=BERLIN, **SIZE))
    assert archive.activities["tz_source"].tolist() == ["gps"]
    assert archive.activities["date"].tolist() == [pd.Timestamp("2026-07-06")]
    assert archive.files["outcome"].tolist() == ["flagged"]
    assert archive.files["reason"].tolist() == ["tz-unknown"]
    assert "the zone of its first position" in archive.files["detail"][0]
    asked = archive_of(
        tmp_path,
        run_fit(LATE, offset_min=None, place=BERLIN, **SIZE),
        athlete=Athlete(home_zone="Europe/Lisbon"),
    )
    assert asked.files["reason"].tolist() == [""]
    assert asked.activities["tz_source"].tolist() == ["gps"]
    at_sea = archive_of(tmp_path, run_fit(LATE, offset_min=None, **SIZE))
    assert at_sea.activities["tz_source"].tolist() == ["utc"]
    assert at_sea.files["reason"].tolist() == ["tz-unknown"]


def test_where_zones_overlap_the_runners_own_is_taken(tmp_path: Path) -> None:
    pytest.importorskip("tzfpy")
    late = dt.datetime(2026, 3, 1, 17, tzinfo=dt.UTC)  # Sunday 23:00 in Urumqi, Monday in Beijing
    (tmp_path / "run.gpx").write_bytes(run_gpx(late, place=(43.8, 87.6), **SIZE))

    def read_at(home_zone: str) -> tuple[str, float, str]:
        archive = read(tmp_path, athlete=Athlete(home_zone=home_zone), now=NOW)
        row = archive.activities.iloc[0]
        return f"{row['date']:%a}", row["utc_offset_min"], row["tz_source"]

    assert read_at("") == read_at("Europe/Berlin") == ("Mon", 480, "gps")
    assert read_at("Asia/Urumqi") == ("Sun", 360, "gps")


def test_without_the_extra_the_ledger_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tzfpy", None)
    local_day._finder.cache_clear()
    try:
        archive = archive_of(tmp_path, run_gpx(LATE, place=BERLIN, **SIZE))
        assert archive.activities["tz_source"].tolist() == ["utc"]
        assert "loadmon[tz]" in archive.files["detail"][0]
        assert "home_zone" in archive.files["detail"][0]
        home = read(tmp_path, athlete=Athlete(home_zone="Europe/Berlin"), now=NOW)
        assert home.activities["date"].tolist() == [pd.Timestamp("2026-07-06")]
    finally:
        local_day._finder.cache_clear()


def test_a_run_over_midnight_new_year_and_a_week_belongs_to_the_day_of_its_start(
    tmp_path: Path,
) -> None:
    start = dt.datetime(2028, 12, 31, 22, 55, tzinfo=dt.UTC)  # Sunday 23:55 in Berlin
    archive = archive_of(tmp_path, run_fit(start, offset_min=60, **SIZE))
    assert archive.activities["date"].tolist() == [pd.Timestamp("2028-12-31")]
    weekly = weekly_load(archive.activities)
    assert weekly.index.tolist() == [pd.Timestamp("2028-12-25")]
    later = archive_of(tmp_path, run_fit(start + dt.timedelta(minutes=5), offset_min=60, **SIZE))
    assert weekly_load(later.activities).index.tolist() == [pd.Timestamp("2029-01-01")]


def test_two_runs_of_one_day_across_the_date_line_stay_two(tmp_path: Path) -> None:
    first = dt.datetime(2026, 6, 1, 6, 0, tzinfo=dt.UTC)  # Apia, Monday 19:00
    second = first + dt.timedelta(hours=24)  # Pago Pago, Monday 19:00
    archive = archive_of(
        tmp_path, run_fit(first, offset_min=780, **SIZE), run_fit(second, offset_min=-660, **SIZE)
    )
    assert archive.activities["date"].tolist() == [pd.Timestamp("2026-06-01")] * 2
    assert len(archive.activities) == 2


@pytest.mark.parametrize("machine", ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"])
def test_the_zone_of_the_machine_plays_no_part(
    tmp_path: Path, machine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(time, "tzset"):
        pytest.skip("this system cannot change its zone")
    monkeypatch.setenv("TZ", machine)
    time.tzset()
    try:
        start = dt.datetime(2026, 7, 5, 22, 30, tzinfo=dt.UTC)
        archive = archive_of(
            tmp_path, run_gpx(start, **SIZE), athlete=Athlete(home_zone="Asia/Tokyo")
        )
        assert archive.activities["date"].tolist() == [pd.Timestamp("2026-07-06")]
    finally:
        monkeypatch.undo()
        time.tzset()
