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
from loadmon.io.recording import STREAMS, Recording
from loadmon.io.tcx import tcx_recordings

EIGHT = 1710057600.0  # 2024-03-10T08:00:00Z
CORPUS = Path(os.environ.get("LOADMON_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))


def stamp(second: float) -> str:
    return f"{np.datetime64(round((EIGHT + second) * 1000), 'ms')}Z"


def point(second: float | None, inside: str = "") -> str:
    time = "" if second is None else f"<Time>{stamp(second)}</Time>"
    return f"<Trackpoint>{time}{inside}</Trackpoint>"


def lap(*points: str, start: str | None = None, seconds="590.0", metres="1770.0", more="") -> str:
    sums = "" if seconds is None else f"<TotalTimeSeconds>{seconds}</TotalTimeSeconds>"
    sums += "" if metres is None else f"<DistanceMeters>{metres}</DistanceMeters>"
    begin = f' StartTime="{stamp(0) if start is None else start}"'
    return f"<Lap{begin}>{sums}{more}<Track>{''.join(points)}</Track></Lap>"


def activity(*laps: str, sport: str = "Running", own_id: str | None = None) -> str:
    own_id = stamp(0) if own_id is None else own_id
    return f'<Activity Sport="{sport}"><Id>{own_id}</Id>{"".join(laps)}</Activity>'


def tcx(*activities: str) -> bytes:
    body = f"<Activities>{''.join(activities)}</Activities>"
    head = '<?xml version="1.0"?>\n<TrainingCenterDatabase xmlns="x">'
    return f"{head}{body}</TrainingCenterDatabase>".encode()


def only(data: bytes) -> Recording:
    (recording,) = tcx_recordings(data)
    assert isinstance(recording, Recording)
    return recording


def problem(data: bytes) -> FileProblem:
    with pytest.raises(FileProblem) as caught:
        tcx_recordings(data)
    return caught.value


def mean_hr(value: float) -> str:
    return f"<AverageHeartRateBpm><Value>{value}</Value></AverageHeartRateBpm>"


def test_points_and_sums_of_one_run_are_read():
    inside = (
        "<Position><LatitudeDegrees>48.{0}</LatitudeDegrees>"
        "<LongitudeDegrees>11.{0}</LongitudeDegrees></Position>"
        "<AltitudeMeters>500.{0}</AltitudeMeters><DistanceMeters>3{0}.5</DistanceMeters>"
        "<HeartRateBpm>\n<Value>15{0}</Value>\n</HeartRateBpm>"
        "<Extensions><n:TPX><n:Speed>2.{0}</n:Speed><n:Watts>20{0}</n:Watts></n:TPX></Extensions>"
    )
    found = only(tcx(activity(lap(*(point(10 * i, inside.format(i)) for i in range(3))))))
    assert (found.sport, found.sub_sport, found.start) == ("running", "", EIGHT)
    assert found.summary == {"timer_s": 590.0, "distance_m": 1770.0}
    np.testing.assert_array_equal(found.time, EIGHT + np.array([0, 10, 20]))
    expected = {
        "latitude_deg": [48.0, 48.1, 48.2],
        "longitude_deg": [11.0, 11.1, 11.2],
        "altitude_m": [500.0, 500.1, 500.2],
        "distance_m": [30.5, 31.5, 32.5],
        "heart_rate_bpm": [150, 151, 152],
        "speed_mps": [2.0, 2.1, 2.2],
        "power_w": [200, 201, 202],
    }
    assert set(found.streams) == set(expected) <= set(STREAMS)
    for name, values in expected.items():
        np.testing.assert_allclose(found.streams[name], values)
    assert found.flags == {}
    assert math.isnan(found.offset_min)


@pytest.mark.parametrize(
    ("stated", "sport"),
    [("Running", "running"), ("running", "running"), ("Biking", "cycling"), ("Other", "")],
)
def test_the_sport_is_the_one_that_is_stated(stated, sport):
    assert only(tcx(activity(lap(point(0)), sport=stated))).sport == sport


@pytest.mark.parametrize("element", ["Cadence", "RunCadence"])
def test_strides_of_a_run_become_steps_and_other_cadence_stays(element):
    inside = f"<{element}>85</{element}>"
    for sport, expected in (("Running", 170), ("Biking", 85)):
        found = only(tcx(activity(lap(point(0, inside)), sport=sport)))
        assert found.streams["cadence_spm"].tolist() == [expected]


def test_laps_are_summed_and_their_points_joined():
    two = lap(point(0), point(1), seconds="100", metres="300") + lap(
        point(2), seconds="50.5", metres="120"
    )
    found = only(tcx(activity(two)))
    assert found.summary == {"timer_s": 150.5, "distance_m": 420}
    assert (found.time - EIGHT).tolist() == [0, 1, 2]


def test_a_sum_that_one_lap_does_not_state_is_not_told():
    found = only(tcx(activity(lap(point(0)), lap(point(1), metres=None), lap(point(2)))))
    assert found.summary == {"timer_s": 3 * 590.0}


def test_heart_rate_of_the_laps_is_weighted_by_time_and_told_only_without_that_of_points():
    laps = (
        lap(seconds="100", more=mean_hr(120)),
        lap(seconds="300", more=mean_hr(160)),
        lap(seconds="500", more=mean_hr(0)),
    )
    assert only(tcx(activity(*laps))).summary["avg_hr_bpm"] == pytest.approx(150)
    with_points = lap(point(0, "<HeartRateBpm><Value>140</Value></HeartRateBpm>"))
    assert "avg_hr_bpm" not in only(tcx(activity(*laps, with_points))).summary


def test_empty_heart_rate_is_missing_not_zero():
    empty = point(
        0, "<HeartRateBpm><Value></Value></HeartRateBpm><DistanceMeters>1</DistanceMeters>"
    )
    found = only(tcx(activity(lap(empty))))
    assert set(found.streams) == {"distance_m"}


def test_sums_without_a_track_are_enough():
    found = only(tcx(activity(lap())))
    assert (len(found.time), found.streams, found.start) == (0, {}, EIGHT)
    assert found.summary == {"timer_s": 590.0, "distance_m": 1770.0}


def test_several_activities_are_recordings_of_their_own_in_file_order():
    first = activity(lap(point(0), seconds="10"))
    second = activity(lap(point(900), start=stamp(900), seconds="20"), sport="Biking")
    one, two = tcx_recordings(tcx(first, second))
    assert [one.sport, two.sport] == ["running", "cycling"]
    assert [one.summary["timer_s"], two.summary["timer_s"]] == [10, 20]
    assert [one.start - EIGHT, two.start - EIGHT] == [0, 900]


def test_an_unusable_activity_among_good_ones_is_its_problem_and_hides_nothing():
    good = activity(lap(point(0)))
    bad = activity(lap(point(900), start=stamp(900), seconds="-1"))
    found = tcx_recordings(tcx(bad, good, good))
    assert [type(one) for one in found] == [FileProblem, Recording, Recording]
    assert (found[0].reason, found[0].when) == ("negative", EIGHT + 900)


def test_a_transition_between_sports_belongs_to_neither():
    run, ride = activity(lap(point(0))), activity(lap(point(700), seconds="60"), sport="Biking")
    session = (
        f"<MultiSportSession><FirstSport>{run}</FirstSport><NextSport>"
        f"<Transition>{lap(point(600), seconds='33')}</Transition>{ride}</NextSport>"
        "</MultiSportSession>"
    )
    one, two = tcx_recordings(tcx(session))
    assert [one.summary["timer_s"], two.summary["timer_s"]] == [590, 60]
    assert [len(one.time), len(two.time)] == [1, 1]


def test_the_start_is_the_first_laps_else_the_id_else_the_first_points():
    later = lap(point(50), start=stamp(40))
    assert only(tcx(activity(later, own_id=stamp(7000)))).start == EIGHT + 40
    unnamed = lap(point(50), start="soon")
    assert only(tcx(activity(unnamed, later, own_id=stamp(30)))).start == EIGHT + 30
    assert only(tcx(activity(unnamed, later, own_id="17"))).start == EIGHT + 50


def test_no_time_anywhere_is_refused():
    found = problem(tcx(activity(lap(point(None), start=""), own_id="")))
    assert (found.outcome, found.reason) == ("refused", "no-time")


@pytest.mark.parametrize("n_points", [3, 40])
def test_a_time_that_does_not_exist_is_left_out_and_said_and_the_rest_counts(n_points):
    points = [point(n) for n in range(n_points)]
    points[1] = point(1).replace(stamp(1), "2024-02-30T08:00:01Z")
    found = only(tcx(activity(lap(*points))))
    expected = [float(n) for n in range(n_points)]
    expected[1] = np.nan
    np.testing.assert_array_equal(found.time - EIGHT, expected)
    assert found.flags == {
        "time-invalid": "a time that does not exist is left out: '2024-02-30T08:00:01Z'"
    }
    later = only(tcx(activity(lap(*points, start="2024-03-10T25:00:00Z"), own_id="run 17")))
    assert later.start == EIGHT
    assert later.flags["time-invalid"].startswith("2 times")  # an Id may be any name


def test_times_of_which_none_exists_are_quarantined():
    only_wrong = lap(start="2024-13-10T08:00:00Z")
    found = problem(tcx(activity(only_wrong, own_id="1")))
    assert (found.outcome, found.reason) == ("quarantined", "time-invalid")


def test_points_without_time_times_without_zone_and_impossible_positions_are_flagged():
    off = (
        "<Position><LatitudeDegrees>180.0</LatitudeDegrees>"
        "<LongitudeDegrees>11</LongitudeDegrees></Position>"
    )
    assert set(only(tcx(activity(lap(point(None), point(1))))).flags) == {"time-missing"}
    found = only(tcx(activity(lap(point(0, off), point(1)))))
    assert set(found.flags) == {"gps-range"}  # but not for the point without any position
    assert found.flags["gps-range"].startswith("1 ")
    assert found.streams == {}
    naive = tcx(activity(lap(point(0)))).replace(b"Z<", b"<").replace(b'Z"', b'"')
    assert set(only(naive).flags) == {"tz-unknown"}
    old = tcx(activity(lap(start="Oct 28 2010, 10:21:55"), own_id="1"))
    assert only(old).start == 1288261315.0  # date -u -d "28 Oct 2010 10:21:55" +%s
    assert set(only(old).flags) == {"tz-unknown"}


def test_an_offset_that_every_time_states_is_the_local_one():
    data = tcx(activity(lap(point(0)))).replace(b"T08:", b"T10:")
    data = data.replace(b"Z<", b"+02:00<").replace(b'Z"', b'+02:00"')
    assert (only(data).start, only(data).offset_min) == (EIGHT, 120)
    with_gap = data.replace(b"<Track>", b"<Track><Trackpoint/>")
    assert only(with_gap).offset_min == 120


@pytest.mark.parametrize(
    "body",
    [
        "<Courses><Course><Name>x</Name><Lap><TotalTimeSeconds>5</TotalTimeSeconds></Lap><Track>"
        "<Trackpoint><Time>2024-03-10T08:00:00Z</Time></Trackpoint></Track></Course></Courses>",
        "<Workouts><Workout/></Workouts>",
        "",
    ],
)
def test_a_course_or_a_workout_is_no_activity(body):
    found = problem(f"<TrainingCenterDatabase>{body}</TrainingCenterDatabase>".encode())
    assert (found.outcome, found.reason) == ("skipped", "not-activity")


def test_points_of_a_course_beside_an_activity_are_not_its_own():
    course = f"<Courses><Course><Track>{point(5)}</Track></Course></Courses>"
    data = tcx(activity(lap(point(0)))).replace(b"<Activities>", f"{course}<Activities>".encode())
    assert (only(data).time - EIGHT).tolist() == [0]


@pytest.mark.parametrize(
    ("data", "outcome", "reason"),
    [
        (b"<gpx/>", "refused", "not-tcx"),
        (b"<!DOCTYPE x><TrainingCenterDatabase/>", "refused", "xml-dtd"),
        (b"<TrainingCenterDatabase>" + b"<a>" * 3000, "refused", "xml-depth"),
        (tcx(activity(lap(point(0))))[:-9], "quarantined", "xml-truncated"),
        (tcx(activity(lap(point(0), metres="1770,0"))), "quarantined", "number-format"),
        (tcx(activity(lap(point(0), seconds="-590.0"))), "quarantined", "negative"),
        (tcx(activity(lap(point(0), metres="-1"))), "quarantined", "negative"),
        (tcx(activity(lap(point(0)), lap(seconds="-1"))), "quarantined", "negative"),
        (tcx("<Activity Sport='Running'/>"), "skipped", "no-points"),
    ],
)
def test_what_cannot_be_used_has_its_reason(data, outcome, reason):
    found = problem(data)
    assert (found.outcome, found.reason) == (outcome, reason)
    if outcome == "quarantined":
        assert found.when == EIGHT  # so that the day can be marked as not fully known


def test_a_damaged_file_is_dated_by_its_first_lap_before_its_id():
    data = tcx(activity(lap(point(50), start=stamp(40)), own_id=stamp(7000)))
    assert problem(data[:-9]).when == EIGHT + 40


def test_an_activity_without_anything_is_dated_by_its_id():
    assert problem(tcx(activity())).when == EIGHT


def test_a_damaged_name_is_not_a_damaged_run():
    data = tcx(activity(lap(point(0)))).replace(b"</Id>", b"</Id><Notes>M\xfcnchen</Notes>")
    assert set(only(data).flags) == {"xml-encoding"}


def test_white_space_before_the_declaration_as_in_every_strava_export_is_passed_over():
    data = tcx(activity(lap(point(0))))
    np.testing.assert_array_equal(only(b" " * 10 + data).time, only(data).time)


@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(0, 10**6), st.none() | st.floats(0, 1e5), st.integers(30, 230)),
            min_size=1,
            max_size=8,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_what_is_written_comes_back(laps):
    def inside(metres: float | None, hr: int) -> str:
        stated = "" if metres is None else f"<DistanceMeters>{metres!r}</DistanceMeters>"
        return f"{stated}<HeartRateBpm><Value>{hr}</Value></HeartRateBpm>"

    written = [
        lap(*(point(s, inside(m, hr)) for s, m, hr in rows), seconds=str(len(rows)))
        for rows in laps
    ]
    found = only(tcx(activity(*written)))
    seconds, metres, hr = zip(*(row for rows in laps for row in rows), strict=True)
    np.testing.assert_array_equal(found.time, EIGHT + np.array(seconds))
    np.testing.assert_array_equal(found.streams["heart_rate_bpm"], hr)
    recorded = found.streams.get("distance_m", np.full(len(hr), np.nan))
    np.testing.assert_array_equal(recorded, np.array(metres, dtype=float))
    # By chance the points may span a thousand times the stated seconds: then they are that unit.
    if "time-disagree" not in found.flags:
        assert found.summary["timer_s"] == len(hr)


@given(st.binary(max_size=200), st.integers(0, 400))
def test_bytes_put_in_anywhere_raise_nothing_but_a_file_problem(noise, at):
    data = tcx(activity(lap(point(0))))
    at = min(at, len(data))
    try:
        found = tcx_recordings(data[:at] + noise + data[at:])
    except FileProblem:
        return
    assert all(isinstance(one, FileProblem) or np.isfinite(one.start) for one in found)


def test_real_exports_read_as_by_elementtree():
    files = sorted((CORPUS / "histories" / "athlete_d" / "tcx").glob("*.tcx.gz"))[::10]
    if not files:
        pytest.skip(f"no corpus in {CORPUS}")
    for file in files:
        data = gzip.decompress(file.read_bytes())
        found = only(data)
        root = ElementTree.fromstring(data.lstrip())
        points = [e for e in root.iter() if e.tag.endswith("}Trackpoint")]

        def texts(points: list[ElementTree.Element], name: str) -> list[str]:
            return [
                next((e.text or "" for e in p.iter() if e.tag.endswith("}" + name)), "nan")
                for p in points
            ]

        times = np.array([t.rstrip("Z") for t in texts(points, "Time")], dtype="datetime64[ms]")
        seconds = (times - np.datetime64(0, "ms")) / np.timedelta64(1, "s")
        same = np.array_equal(found.time, seconds)
        for stream, name, factor in (
            ("distance_m", "DistanceMeters", 1),
            ("heart_rate_bpm", "Value", 1),
            ("latitude_deg", "LatitudeDegrees", 1),
            ("cadence_spm", "RunCadence", 2),
        ):
            values = np.array(texts(points, name), dtype=float) * factor
            recorded = found.streams.get(stream, np.full(len(points), np.nan))
            same &= np.array_equal(recorded, values, equal_nan=True)
        laps = [e for e in root.iter() if e.tag.endswith("}TotalTimeSeconds")]
        same &= math.isclose(found.summary["timer_s"], sum(float(e.text or "nan") for e in laps))
        assert same, file.name  # no positions in the message
        assert found.flags == {}
