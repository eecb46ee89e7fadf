"""The committed sample archive is what its script makes, and tells the story it promises."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import hashlib
import io
import itertools
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import fitdecode
import pytest
from make_sample import TARGET, activity_id, file_name, make_sample, planned_sessions

SHA256 = "70e7e4e74b96525d88ac50a69cab81f2ec8509a14e09583066d97afde9387468"
SESSIONS = planned_sessions()
RUNS = [s for s in SESSIONS if s.sport == "running" and s.readable]


@pytest.fixture(scope="module")
def members() -> dict[str, bytes]:
    """Contents of every member, gzip undone."""
    with zipfile.ZipFile(TARGET) as archive:
        raw = {name: archive.read(name) for name in archive.namelist()}
    return {n: gzip.decompress(b) if n.endswith(".gz") else b for n, b in raw.items()}


def sessions_in(data: bytes) -> list[dict]:
    """Session messages of a FIT file, read by fitdecode at its strictest."""
    with fitdecode.FitReader(
        io.BytesIO(data),
        check_crc=fitdecode.CrcCheck.RAISE,
        error_handling=fitdecode.ErrorHandling.RAISE,
    ) as reader:
        messages = [m for m in reader if isinstance(m, fitdecode.FitDataMessage)]
    return [{f.name: f.value for f in m.fields} for m in messages if m.name == "session"]


def longest_before(day: dt.date) -> float:
    """Longest run of the 30 days before a day. [km]"""
    return max(s.distance_km for s in RUNS if 1 <= (day - s.date).days <= 30)


def week_km(monday: dt.date) -> float:
    return sum(s.distance_km for s in RUNS if 0 <= (s.date - monday).days < 7)


def test_the_committed_archive_is_byte_for_byte_what_the_script_makes():
    assert hashlib.sha256(make_sample()).hexdigest() == SHA256
    assert hashlib.sha256(Path(TARGET).read_bytes()).hexdigest() == SHA256
    assert Path(TARGET).stat().st_size < 1.5e6


def test_every_session_has_one_file_that_holds_its_distance_time_and_local_start(members):
    for number, session in enumerate(SESSIONS):
        data = members[f"activities/{file_name(number, session)}"]
        if session.form != "fit.gz" or not session.readable:
            continue
        (told,) = sessions_in(data)
        assert (told["sport"], told["sub_sport"]) == (session.sport, session.sub_sport)
        assert told["start_time"] == session.start_utc
        assert told["total_timer_time"] == pytest.approx(session.duration_min * 60, abs=1e-6)
        assert told.get("total_distance", 0) == pytest.approx(session.distance_km * 1000)
        assert told.get("workout_rpe") == (session.rpe and session.rpe * 10)


def test_gpx_and_tcx_start_with_their_session_and_some_tcx_with_ten_spaces(members):
    spaces = []
    for number, session in enumerate(SESSIONS):
        data = members[f"activities/{file_name(number, session)}"]
        if session.form == "fit.gz":
            continue
        root = ElementTree.fromstring(data.strip())
        tag, tail = ("{*}Time", "}Trackpoint") if "tcx" in session.form else ("{*}time", "}trkpt")
        points = [node for node in root.iter() if node.tag.endswith(tail)]
        times = [dt.datetime.fromisoformat(node.findtext(tag)) for node in points]
        assert times[0] == session.start_utc
        assert (times[-1] - times[0]).total_seconds() == round(session.duration_min * 60)
        if "tcx" in session.form:
            spaces.append(len(data) - len(data.lstrip()))
            last = float(points[-1].findtext("{*}DistanceMeters"))
            assert last == pytest.approx(session.distance_km * 1000)
    assert set(spaces) == {0, 10}


def test_the_archive_counts_to_its_sessions_two_twins_settings_picture_and_table(members):
    endings = Counter(".".join(name.split(".")[1:]) for name in members)
    planned = Counter(s.form for s in SESSIONS)
    assert planned == {"fit.gz": 179, "gpx": 14, "gpx.gz": 14, "tcx.gz": 14}
    assert endings == planned + Counter({"fit.gz": 2, "gpx": 1, "csv": 1, "jpg": 1})
    assert len(SESSIONS) == len(planned_sessions()) == 221


def test_one_run_is_there_twice_and_another_again_as_gpx(members):
    contents = Counter(b for n, b in members.items() if n.endswith("fit.gz"))
    assert sorted(contents.values())[-2:] == [1, 2]
    (twin,) = (b for b, count in contents.items() if count == 2)
    assert sessions_in(twin)[0]["sport"] == "running"
    near = members[f"activities/{activity_id(len(SESSIONS) + 1)}.gpx"]
    times = [n.text for n in ElementTree.fromstring(near).iter() if n.tag.endswith("}time")]
    started = dt.datetime.fromisoformat(times[0])
    (same,) = (s for s in SESSIONS if s.start_utc == started)
    assert (same.sport, same.form) == ("running", "fit.gz")
    assert same.sub_sport != "treadmill"


def test_the_broken_file_is_cut_off_and_the_settings_hold_no_session(members):
    (number,) = (i for i, s in enumerate(SESSIONS) if not s.readable)
    data = members[f"activities/{file_name(number, SESSIONS[number])}"]
    with pytest.raises(fitdecode.FitEOFError):
        sessions_in(data)
    assert SESSIONS[number].date == dt.date(2025, 11, 27)
    assert sessions_in(members[f"activities/{activity_id(len(SESSIONS) + 2)}.fit.gz"]) == []


def test_the_table_names_every_activity_file_once_with_its_distance_in_km_and_m(members):
    header, *rows = csv.reader(io.StringIO(members["activities.csv"].decode()))
    files = {row[header.index("Filename")] for row in rows}
    activities = {name for name in members if name.startswith("activities/")}
    settings = f"activities/{activity_id(len(SESSIONS) + 2)}.fit.gz"
    assert files == activities - {settings}
    assert len(rows) == len(files) == len(SESSIONS) + 2
    assert header.count("Distance") == header.count("Elapsed Time") == 2
    assert rows[0][1] == "Oct 7, 2025, 4:37:51 PM"
    assert all(float(row[6]) * 1000 == pytest.approx(float(row[17])) for row in rows)


def test_positions_lie_in_the_middle_of_the_ocean(members):
    lats, lons = [], []
    for name, data in members.items():
        if not name.endswith(("gpx", "gpx.gz")):
            continue
        for node in ElementTree.fromstring(data).iter():
            if node.tag.endswith("}trkpt"):
                lats.append(float(node.get("lat")))
                lons.append(float(node.get("lon")))
    assert all(0.45 < lat < 0.55 for lat in lats)
    assert all(-30.05 < lon < -29.95 for lon in lons)


def test_the_year_lasts_from_october_to_october_with_the_promised_weeks():
    assert SESSIONS[0].date == dt.date(2025, 10, 7)
    assert SESSIONS[-1].date == dt.date(2026, 10, 11)
    assert len(RUNS) == 175
    assert week_km(dt.date(2025, 10, 6)) == pytest.approx(20.0)
    assert week_km(dt.date(2026, 2, 16)) == pytest.approx(30.2)
    assert week_km(dt.date(2026, 3, 9)) == pytest.approx(42.0)
    assert week_km(dt.date(2026, 8, 31)) == pytest.approx(25.0)
    assert week_km(dt.date(2026, 10, 5)) == pytest.approx(34.1)
    assert len([s for s in RUNS if s.date >= dt.date(2026, 10, 5)]) == 4


def test_only_the_runs_of_8_march_and_11_october_are_over_a_tenth_longer_than_the_30_days_before():
    began = RUNS[0].date
    after_break = dt.date(2026, 5, 1)
    spikes = {
        s.date: (s.distance_km, longest_before(s.date))
        for s in RUNS
        if s.date not in (began, after_break)
        and s.distance_km > 1.1 * longest_before(s.date) + 1e-9
    }
    assert spikes == {dt.date(2026, 3, 8): (16.0, 10.5), dt.date(2026, 10, 11): (14.2, 10.1)}


def test_the_lay_off_lasts_35_days_without_a_run_but_not_without_moving():
    days = sorted({s.date for s in RUNS})
    gaps = {b: (b - a).days - 1 for a, b in itertools.pairwise(days)}
    assert max(gaps, key=gaps.__getitem__) == dt.date(2026, 5, 1)
    assert gaps[dt.date(2026, 5, 1)] == 35
    during = [s for s in SESSIONS if dt.date(2026, 3, 27) <= s.date <= dt.date(2026, 4, 30)]
    assert Counter(s.sport for s in during) == {"walking": 6, "cycling": 2, "training": 5}
    assert [s.note for s in RUNS if s.date == dt.date(2026, 3, 26)] == ["Cut short, low back pain"]


def test_no_two_sessions_share_a_day_and_the_local_day_is_the_day_in_utc():
    assert max(Counter(s.date for s in SESSIONS).values()) == 1
    assert all(s.date == s.start_utc.date() for s in SESSIONS)
    assert {s.start.utcoffset() for s in SESSIONS} == {dt.timedelta(hours=1), dt.timedelta(hours=2)}
