from __future__ import annotations

import gzip
import math
import os
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmon.errors import FileProblem
from loadmon.io.gpx import gpx_recordings
from loadmon.io.recording import STREAMS, Recording

EIGHT = 1710057600.0  # 2024-03-10T08:00:00Z
CORPUS = Path(os.environ.get("LOADMON_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))


def stamp(second: float) -> str:
    return f"{np.datetime64(round((EIGHT + second) * 1000), 'ms')}Z"


def point(second: float | None, inside: str = "", lat: str = "48.0", lon: str = "11.0") -> str:
    time = "" if second is None else f"<time>{stamp(second)}</time>"
    return f'<trkpt lat="{lat}" lon="{lon}">{time}{inside}</trkpt>'


def segment(*points: str) -> str:
    return f"<trkseg>{''.join(points)}</trkseg>"


def track(*segments: str, kind: str = "running", name: str = "Run") -> str:
    stated = f"<type>{kind}</type>" if kind else ""
    return f"<trk><name>{name}</name>{stated}{''.join(segments)}</trk>"


def gpx(*tracks: str, creator: str = "test") -> bytes:
    body = "".join(tracks)
    return f'<?xml version="1.0"?>\n<gpx creator="{creator}">{body}</gpx>'.encode()


def only(data: bytes) -> Recording:
    (recording,) = gpx_recordings(data)
    return recording


def problem(data: bytes) -> FileProblem:
    with pytest.raises(FileProblem) as caught:
        gpx_recordings(data)
    return caught.value


RUN = segment(*(point(i) for i in range(5)))


def test_times_positions_and_streams_of_one_run_are_read_in_file_order():
    inside = (
        "<ele>500.5</ele><extensions><g:TPX><g:hr>15{0}</g:hr><g:atemp>7</g:atemp></g:TPX>"
        "</extensions>"
    )
    points = [point(10 * i, inside.format(i), lat=f"48.{i}") for i in range(3)]
    found = only(gpx(track(segment(*points))))
    assert (found.sport, found.sub_sport, found.start) == ("running", "", EIGHT)
    np.testing.assert_array_equal(found.time, EIGHT + np.array([0, 10, 20]))
    expected = {
        "latitude_deg": [48.0, 48.1, 48.2],
        "longitude_deg": [11, 11, 11],
        "altitude_m": [500.5] * 3,
        "heart_rate_bpm": [150, 151, 152],
        "temperature_c": [7, 7, 7],
    }
    assert set(found.streams) == set(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(found.streams[name], values)
    assert found.summary == {}
    assert found.flags == {}
    assert math.isnan(found.offset_min)


@pytest.mark.parametrize(
    ("element", "stream"),
    [
        ("ele", "altitude_m"),
        ("hr", "heart_rate_bpm"),
        ("heartrate", "heart_rate_bpm"),
        ("power", "power_w"),
        ("PowerInWatts", "power_w"),
        ("atemp", "temperature_c"),
        ("temp", "temperature_c"),
        ("speed", "speed_mps"),
        ("distance", "distance_m"),
    ],
)
@pytest.mark.parametrize("form", ["<{0}>3</{0}>", "<extensions><x:{0}>3</x:{0}></extensions>"])
def test_every_makers_extension_is_found_by_its_local_name(element, stream, form):
    found = only(gpx(track(segment(point(0, form.format(element)), point(1)))))
    np.testing.assert_array_equal(found.streams[stream], [3, np.nan])
    assert set(found.streams) <= set(STREAMS)


@pytest.mark.parametrize("element", ["cad", "cadence", "RunCadence"])
def test_cadence_of_a_run_is_in_steps_of_both_feet(element):
    def cadence(value: int, kind: str) -> list[float]:
        inside = f"<extensions><{element}>{value}</{element}></extensions>"
        found = only(gpx(track(segment(point(0, inside), point(1, inside)), kind=kind)))
        return found.streams["cadence_spm"].tolist()

    assert cadence(85, "running") == [170, 170]
    assert cadence(170, "running") == [170, 170]
    assert cadence(85, "cycling") == [85, 85]


def test_the_same_file_under_a_prefix_or_in_utf16_reads_the_same():
    plain = gpx(track(RUN))
    prefixed = plain.replace(b"<", b"<n:").replace(b"<n:/", b"</n:").replace(b"<n:?", b"<?")
    wide = plain.decode().replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16")
    for data in (prefixed, wide, b"\xef\xbb\xbf" + plain, b"\n  " + plain):
        np.testing.assert_array_equal(only(data).time, only(plain).time)
        assert only(data).flags == {}


def test_segments_and_tracks_that_belong_together_are_one_recording():
    data = gpx(track(segment(point(0), point(1)), segment(point(9))), track(segment(point(60))))
    assert (only(data).time - EIGHT).tolist() == [0, 1, 9, 60]


def test_tracks_of_two_days_are_two_recordings_each_with_its_sport():
    late = segment(point(86400), point(86401))
    first, second = gpx_recordings(gpx(track(late, kind="cycling"), track(RUN)))
    assert [first.sport, second.sport] == ["running", "cycling"]
    assert second.start == EIGHT + 86400
    assert len(first.time) == 5


def test_segments_that_repeat_earlier_ones_are_counted_once_and_flagged():
    parts = [segment(*(point(10 * i) for i in range(n))) for n in (20, 40, 60)]
    found = only(gpx(track(*parts)))
    assert (found.time - EIGHT).tolist() == list(range(0, 600, 10))
    assert set(found.flags) == {"overlap-segments"}
    assert found.flags["overlap-segments"].startswith("58 ")


def test_a_point_without_time_is_kept_and_flagged():
    found = only(gpx(track(segment(point(0), point(None), point(2)))))
    np.testing.assert_array_equal(found.time - EIGHT, [0, np.nan, 2])
    assert set(found.flags) == {"time-missing"}


@pytest.mark.parametrize("n_points", [3, 40])
def test_a_time_that_does_not_exist_is_left_out_and_said_and_the_rest_counts(n_points):
    points = [point(n) for n in range(n_points)]
    points[1] = point(None, "<time>2024-02-30T08:00:01Z</time>")
    found = only(gpx(track(segment(*points))))
    expected = [float(n) for n in range(n_points)]
    expected[1] = np.nan
    np.testing.assert_array_equal(found.time - EIGHT, expected)
    assert found.flags == {
        "time-invalid": "a time that does not exist is left out: '2024-02-30T08:00:01Z'"
    }
    points[2] = point(None, "<time>soon</time>")
    points[0] = point(None)
    flags = only(gpx(track(segment(*points, point(99))))).flags
    assert set(flags) == {"time-invalid", "time-missing"}
    assert flags["time-invalid"].startswith("2 times that do not exist are left out, the first")
    assert flags["time-missing"] == f"1 of {n_points + 1} points have no time"


def test_a_segment_of_times_that_do_not_exist_is_left_out_and_both_are_said():
    zero = point(None, "<time>0000-00-00T00:00:00Z</time>")
    found = only(gpx(track(RUN, segment(zero, zero))))
    assert len(found.time) == 5
    assert set(found.flags) == {"no-time", "time-invalid"}


def test_a_segment_without_any_time_is_left_out_and_flagged():
    found = only(gpx(track(RUN, segment(point(None), point(None)))))
    assert len(found.time) == 5
    assert set(found.flags) == {"no-time"}


def test_points_outside_of_a_segment_are_no_part_of_the_track():
    assert len(only(gpx(f"<trk>{point(99)}{RUN}</trk>")).time) == 5


def test_no_time_at_all_is_refused_and_impossible_times_are_quarantined():
    assert problem(gpx(track(segment(point(None))))).reason == "no-time"
    assert problem(gpx(track(segment(point(None))))).outcome == "refused"
    zero = point(None, "<time>0000-00-00T00:00:00Z</time>")
    found = problem(gpx(track(segment(zero))))
    assert (found.outcome, found.reason) == ("quarantined", "time-invalid")


@pytest.mark.parametrize(
    ("lat", "lon"), [("180.0", "11"), ("NaN", "11"), ("", "11"), ("48", "-180.5"), ("48", "nan")]
)
def test_an_impossible_position_is_missing_and_flagged_and_its_time_is_kept(lat, lon):
    found = only(gpx(track(segment(point(0), point(1, lat=lat, lon=lon), point(2)))))
    for name in ("latitude_deg", "longitude_deg"):
        np.testing.assert_array_equal(np.isnan(found.streams[name]), [False, True, False])
    assert len(found.time) == 3
    assert set(found.flags) == {"gps-range"}
    assert found.flags["gps-range"].startswith("1 of 3 ")


def test_times_without_zone_are_utc_and_flagged():
    found = only(gpx(track(RUN)).replace(b"Z</time>", b"</time>"))
    assert found.start == EIGHT
    assert set(found.flags) == {"tz-unknown"}


def test_an_offset_that_all_times_share_is_the_local_one_and_a_mixture_is_not():
    shared = gpx(track(RUN)).replace(b"T08:", b"T10:").replace(b"Z</time>", b"+02:00</time>")
    assert (only(shared).start, only(shared).offset_min) == (EIGHT, 120)
    gap = shared.replace(b"<time>2024-03-10T10:00:02.000+02:00</time>", b"")
    assert only(gap).offset_min == 120
    mixed = shared.replace(b"T10:00:00.000+02:00", b"T08:00:00.000Z")
    assert only(mixed).start == EIGHT
    assert math.isnan(only(mixed).offset_min)
    assert (only(mixed).time - EIGHT).tolist() == [0, 1, 2, 3, 4]


def test_what_waypoints_routes_and_links_say_is_not_taken_for_the_track():
    aside = "<wpt lat='1' lon='1'><time>2001-01-01T00:00:00Z</time><type>cycling</type></wpt>"
    link = "<link><type>cycling</type><text>x</text></link>"
    found = only(gpx(aside, f"<trk>{link}<type>trail_running</type>{RUN}</trk>"))
    assert (found.sport, found.sub_sport, found.start) == ("running", "trail", EIGHT)


def test_the_type_of_the_track_counts_before_one_in_its_extensions():
    extra = "<extensions><x><type>cycling</type></x></extensions>"
    assert only(gpx(track(extra, RUN))).sport == "running"


def test_sport_comes_from_words_from_stravas_numbers_and_from_runkeepers_titles_only():
    assert only(gpx(track(RUN, kind="9"), creator="StravaGPX Android")).sport == "running"
    assert only(gpx(track(RUN, kind="9"))).sport == ""
    titled = track(RUN, kind="", name="Running 3/10/24 8:00 am")
    assert only(gpx(titled, creator="Runkeeper - http://www.runkeeper.com")).sport == "running"
    assert only(gpx(titled)).sport == ""
    assert only(gpx(track(RUN, kind=""))).sport == ""


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('<rte><rtept lat="48" lon="11"/></rte>', "not-activity"),
        ('<wpt lat="48" lon="11"/>', "not-activity"),
        ("<trk><type>running</type><trkseg/></trk>", "no-points"),
        ("<trk/><rte/>", "no-points"),
        (f"<trk>{point(0)}</trk>", "no-points"),
        ("", "no-points"),
    ],
)
def test_a_plan_is_no_activity_and_an_empty_track_asks_for_the_fit_file(body, reason):
    found = problem(gpx(body))
    assert (found.outcome, found.reason) == ("skipped", reason)


def test_an_empty_track_is_dated_by_the_time_of_its_file():
    found = problem(gpx(f"<metadata><time>{stamp(0)}</time></metadata><trk><trkseg/></trk>"))
    assert (found.reason, found.when) == ("no-points", EIGHT)


@pytest.mark.parametrize(
    ("data", "outcome", "reason"),
    [
        (b"<html><body/></html>", "refused", "not-gpx"),
        (
            b"<!DOCTYPE gpx [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><gpx>&x;</gpx>",
            "refused",
            "xml-dtd",
        ),
        (b"<gpx>" + b"<a>" * 3000, "refused", "xml-depth"),
        (gpx(track(RUN))[:-9], "quarantined", "xml-truncated"),
        (gpx(track(segment(point(0, "<ele>1,5</ele>")))), "quarantined", "number-format"),
        (gpx(track(segment(point(0, lat="48,1")))), "quarantined", "number-format"),
    ],
)
def test_what_cannot_be_read_has_its_reason(data, outcome, reason):
    found = problem(data)
    assert (found.outcome, found.reason) == (outcome, reason)
    if outcome == "quarantined":
        assert found.when == EIGHT  # so that the day can be marked as not fully known


def test_a_damaged_name_is_not_a_damaged_run():
    data = gpx(track(RUN)).replace(b"<name>Run", b"<name>M\xfcnchen")
    assert set(only(data).flags) == {"xml-encoding"}
    assert len(only(data).time) == 5


@given(
    st.lists(
        st.tuples(
            st.integers(0, 10**6),
            st.floats(-90, 90),
            st.floats(-180, 180),
            st.none() | st.integers(30, 230),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_what_is_written_comes_back(rows):
    points = [
        point(second, "" if hr is None else f"<x><hr>{hr}</hr></x>", lat=repr(lat), lon=repr(lon))
        for second, lat, lon, hr in rows
    ]
    found = only(gpx(track(segment(*points))))
    seconds, lat, lon, hr = zip(*rows, strict=True)
    np.testing.assert_array_equal(found.time, EIGHT + np.array(seconds))
    np.testing.assert_array_equal(found.streams["latitude_deg"], lat)
    np.testing.assert_array_equal(found.streams["longitude_deg"], lon)
    recorded = found.streams.get("heart_rate_bpm", np.full(len(rows), np.nan))
    np.testing.assert_array_equal(recorded, np.array(hr, dtype=float))


@given(st.binary(max_size=200), st.integers(0, 400))
def test_bytes_put_in_anywhere_raise_nothing_but_a_file_problem(noise, at):
    data = gpx(track(RUN))
    at = min(at, len(data))
    try:
        found = gpx_recordings(data[:at] + noise + data[at:])
    except FileProblem:
        return
    assert all(np.isfinite(recording.start) for recording in found)


def _plain(data: bytes) -> tuple[list[str], list[tuple[str, str]]]:
    """Times and positions by ElementTree: another reader for the same file."""
    root = ElementTree.fromstring(data.lstrip())
    points = [e for e in root.iter() if e.tag.endswith("trkpt")]
    times = [next(t.text or "" for t in p if t.tag.endswith("time")) for p in points]
    return times, [(p.attrib["lat"], p.attrib["lon"]) for p in points]


def test_real_garmin_exports_read_as_by_elementtree():
    files = sorted((CORPUS / "histories" / "athlete_c" / "gpx").glob("*.gpx.gz"))[::20]
    if not files:
        pytest.skip(f"no corpus in {CORPUS}")
    for file in files:
        data = gzip.decompress(file.read_bytes())
        found = only(data)
        times, positions = _plain(data)
        expected = np.array([t.rstrip("Z") for t in times], dtype="datetime64[ms]")
        seconds = (expected - np.datetime64(0, "ms")) / np.timedelta64(1, "s")
        same = np.array_equal(found.time, seconds)
        lat, lon = np.array(positions, dtype=float).T
        same &= np.array_equal(found.streams["latitude_deg"], lat)
        same &= np.array_equal(found.streams["longitude_deg"], lon)
        assert same, file.name  # no positions in the message
        assert found.flags == {}
        assert found.sport == "running"
