"""What the writers of made-up files promise, checked with readers that are not ours."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import math
import xml.etree.ElementTree as ET

import fitdecode
import pytest
from writers import (
    activity_messages,
    fit_seconds,
    made_up_points,
    ride_fit,
    run_fit,
    run_gpx,
    run_tcx,
    settings_fit,
    strength_fit,
    walk_fit,
    write_fit,
)

START = dt.datetime(2026, 3, 1, 7, 30, tzinfo=dt.UTC)
RUN = {"offset_min": 60, "distance_km": 8.4, "duration_min": 52.5, "rpe": 5, "seed": 3}
GPX = "{http://www.topografix.com/GPX/1/1}"
TCX = "{http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2}"


def read(data: bytes) -> dict[str, list[dict]]:
    """Messages by name, read by fitdecode at its strictest."""
    out: dict[str, list[dict]] = {}
    with fitdecode.FitReader(
        io.BytesIO(data),
        check_crc=fitdecode.CrcCheck.RAISE,
        error_handling=fitdecode.ErrorHandling.RAISE,
    ) as reader:
        for frame in reader:
            if isinstance(frame, fitdecode.FitDataMessage):
                fields = {
                    f.name: f.value for f in frame.fields if f.field_def or f.name == "timestamp"
                }
                out.setdefault(frame.name, []).append(fields)
    return out


def headers(data: bytes) -> list[int]:
    """Header byte of every data message, walked without fitdecode."""
    sizes, out, at = {}, [], data[0]
    while at < len(data) - 2:
        byte = data[at]
        if byte & 0xC0 == 0x40:
            fields = data[at + 6 : at + 6 + 3 * data[at + 5]]
            sizes[byte & 15] = sum(fields[1::3])
            at += 6 + len(fields)
            if byte & 0x20:
                developer = data[at + 1 : at + 1 + 3 * data[at]]
                sizes[byte & 15] += sum(developer[1::3])
                at += 1 + len(developer)
            continue
        out.append(byte)
        at += 1 + sizes[(byte >> 5) & 3 if byte & 0x80 else byte & 15]
    return out


def metres(one: tuple[float, float], two: tuple[float, float]) -> float:
    """Great-circle distance on a sphere of 6371.0088 km."""
    (a, b), (c, d) = (map(math.radians, place) for place in (one, two))
    chord = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(chord))


def path_km(places: list[tuple[float, float]]) -> float:
    return sum(metres(*pair) for pair in itertools.pairwise(places)) / 1000


def test_session_agrees_with_its_records_in_every_sum():
    told = read(run_fit(START, **RUN))
    session, records = told["session"][0], told["record"]
    assert session["total_distance"] == records[-1]["distance"] == 8400.0
    assert records[0]["timestamp"] == START == session["start_time"]
    assert (records[-1]["timestamp"] - START).total_seconds() == 3150
    assert session["total_timer_time"] == session["total_elapsed_time"] == 3150
    rpm = [r["cadence"] + r["fractional_cadence"] for r in records[1:]]
    strides = sum(a * 10 / 60 for a in rpm)
    assert session["total_strides"] == round(strides)
    assert session["avg_heart_rate"] == round(sum(r["heart_rate"] for r in records[1:]) / 315)
    climbs = [
        b["enhanced_altitude"] - a["enhanced_altitude"] for a, b in itertools.pairwise(records)
    ]
    assert session["total_ascent"] == round(sum(c for c in climbs if c > 0))
    assert told["lap"][0]["total_distance"] == 8400.0
    assert (session["sport"], session["sub_sport"]) == ("running", "generic")


def test_rpe_is_stored_as_ten_times_cr10_and_left_out_where_not_given():
    assert read(run_fit(START, **RUN))["session"][0]["workout_rpe"] == 50
    assert "workout_rpe" not in read(run_fit(START, **{**RUN, "rpe": None}))["session"][0]


def test_local_timestamp_tells_the_offset_and_is_left_out_where_unknown():
    closing = read(run_fit(START, **RUN))["activity"][0]
    local = closing["local_timestamp"].replace(tzinfo=dt.UTC)
    assert local - closing["timestamp"] == dt.timedelta(hours=1)
    assert (
        "local_timestamp" not in read(run_fit(START, **{**RUN, "offset_min": None}))["activity"][0]
    )


def test_path_over_the_positions_is_as_long_as_the_distance():
    for step_s in (10, 60):
        records = read(run_fit(START, **RUN, step_s=step_s))["record"]
        places = [
            (r["position_lat"] * 180 / 2**31, r["position_long"] * 180 / 2**31) for r in records
        ]
        assert path_km(places) == pytest.approx(8.4, rel=1e-4)


def test_no_position_heart_rate_or_cadence_where_not_asked_for():
    told = read(run_fit(START, **RUN, position=False, heart_rate=None, cadence_spm=0))
    assert set(told["record"][0]) == {
        "timestamp", "distance", "enhanced_speed", "enhanced_altitude",
    }  # fmt: skip
    assert "total_strides" not in told["session"][0]
    assert "avg_heart_rate" not in told["session"][0]


def test_a_pause_is_in_the_elapsed_time_and_not_in_the_timer():
    told = read(run_fit(START, **RUN, pause_s=300))
    session = told["session"][0]
    assert (session["total_timer_time"], session["total_elapsed_time"]) == (3150, 3450)
    times = [(r["timestamp"] - START).total_seconds() for r in told["record"]]
    assert times == [*range(0, 1581, 10), *range(1890, 3451, 10)]
    events = [(e["event_type"], (e["timestamp"] - START).total_seconds()) for e in told["event"]]
    assert events == [("start", 0), ("stop_all", 1580), ("start", 1880), ("stop_all", 3450)]


def test_a_shorter_last_step_counts_by_its_length():
    session = read(run_fit(START, offset_min=0, distance_km=1, duration_min=5.1, step_s=300))
    beats = [r["heart_rate"] for r in session["record"]]
    assert session["session"][0]["avg_heart_rate"] == round((beats[1] * 300 + beats[2] * 6) / 306)
    rpm = [r["cadence"] + r["fractional_cadence"] for r in session["record"]]
    assert session["session"][0]["total_strides"] == round((rpm[1] * 300 + rpm[2] * 6) / 60)


def test_the_path_is_a_square_that_ends_where_it_began():
    made = made_up_points(START, distance_km=8, duration_min=48)
    metres_per_degree = math.pi * 6_371_008.8 / 180
    north = [(p.latitude_deg - 0.5) * metres_per_degree for p in made]
    east = [(p.longitude_deg + 30) * metres_per_degree for p in made]
    assert (max(north), max(east)) == pytest.approx((2000, 2000), rel=0.05)
    assert (north[-1], east[-1]) == pytest.approx((0, 0), abs=100)
    assert min(*north, *east) > -100


def test_same_arguments_give_the_same_bytes_and_another_seed_others():
    assert run_fit(START, **RUN) == run_fit(START, **RUN)
    assert run_fit(START, **RUN) != run_fit(START, **{**RUN, "seed": 4})


@pytest.mark.parametrize("header_size", [12, 14])
@pytest.mark.parametrize("header_crc", [True, False])
@pytest.mark.parametrize("big_endian", [True, False])
@pytest.mark.parametrize("compressed", [True, False])
def test_every_way_of_writing_reads_back_the_same(header_size, header_crc, big_endian, compressed):
    messages = activity_messages(START, **RUN)
    data = write_fit(
        messages,
        header_size=header_size,
        header_crc=header_crc,
        big_endian=big_endian,
        compressed=compressed,
    )
    assert data[0] == header_size
    assert int.from_bytes(data[4:8], "little") == len(data) - header_size - 2
    if header_size == 14:
        assert (data[12:14] != b"\0\0") == header_crc
    assert read(data) == read(write_fit(messages))


def test_compressed_headers_are_used_roll_over_and_end_after_31_seconds():
    times = [0, 10, 41, 73, 75]
    messages = [
        ("record", {"timestamp": START + dt.timedelta(seconds=s), "heart_rate": 140}) for s in times
    ]
    data = write_fit(messages, compressed=True)
    assert [bool(byte & 0x80) for byte in headers(data)] == [False, True, True, False, True]
    assert [(r["timestamp"] - START).seconds for r in read(data)["record"]] == times


def test_none_is_written_as_the_invalid_value_of_its_type():
    fields = {"timestamp": START, "heart_rate": None, "position_lat": None, "distance": None}
    record = read(write_fit([("record", fields)]))["record"][0]
    assert record == {**fields}
    raw = write_fit([("record", fields)])
    assert raw[-2 - 9 : -2] == b"\xff" + b"\xff\xff\xff\x7f" + b"\xff" * 4
    told = read(write_fit([("file_id", {"serial_number": None, "product_name": None})]))["file_id"][
        0
    ]
    assert told["serial_number"] is None
    assert not told["product_name"]


def test_arrays_strings_and_offsets_come_back_as_given():
    told = read(
        write_fit(
            [
                ("file_id", {"product_name": "Läufer", "number": 3}),
                ("set", {"category": ["plank", "squat"], "weight": 12.5, "duration": 41.25}),
                ("record", {"timestamp": START, "altitude": -12.4}),
            ],
            big_endian=True,
        )
    )
    assert told["file_id"][0]["product_name"] == "Läufer"
    assert told["set"][0] == {"category": (19, 28), "weight": 12.5, "duration": 41.25}
    assert told["record"][0]["altitude"] == pytest.approx(-12.4)


def test_developer_fields_carry_their_described_type():
    described = [
        ("developer_data_id", {"developer_data_index": 0, "application_id": [7] * 16}),
        (
            "field_description",
            {
                "developer_data_index": 0,
                "field_definition_number": 4,
                "fit_base_type_id": "sint16",
                "field_name": "lean",
                "units": "deg",
            },
        ),
    ]
    record = ("record", {"timestamp": START, "heart_rate": 141, (0, 4): -3})
    for big_endian in (True, False):
        told = read(write_fit([*described, record], big_endian=big_endian))["record"][0]
        assert (told["heart_rate"], told["lean"]) == (141, -3)


def test_local_numbers_are_as_chosen_and_redefined_where_shared():
    messages = [
        ("record", {"timestamp": START, "heart_rate": 100}, 3),
        ("event", {"timestamp": START, "event": "timer", "event_type": "start"}, 3),
        ("record", {"timestamp": START, "heart_rate": 101}, 3),
        (0xFF01, {0: b"\1\2", 253: fit_seconds(START)}, 15),
    ]
    data = write_fit(messages)
    assert headers(data) == [3, 3, 3, 15]
    told = read(data)
    assert [r["heart_rate"] for r in told["record"]] == [100, 101]
    assert told["unknown_65281"][0]["unknown_0"] == (1, 2)


def test_strength_walk_ride_and_settings_read_as_what_they_are():
    told = read(
        strength_fit(START, offset_min=120, duration_min=30, rpe=4, exercises=["plank", "squat"])
    )
    assert told["session"][0]["sub_sport"] == "strength_training"
    assert [s["category"] for s in told["set"]] == ["plank", "squat"]
    assert "total_distance" not in told["session"][0]
    assert set(told["record"][0]) == {"timestamp", "heart_rate"}
    asked = {"offset_min": 120, "distance_km": 5, "duration_min": 60}
    assert read(walk_fit(START, **asked))["session"][0]["sport"] == "walking"
    ride = read(ride_fit(START, **asked))["session"][0]
    assert (ride["sport"], ride["avg_cadence"]) == ("cycling", 80)
    assert read(settings_fit(START))["file_id"][0]["type"] == "settings"
    assert "session" not in read(settings_fit(START))


def test_gpx_holds_the_distance_heart_rate_and_cadence_of_the_samples():
    asked = {"distance_km": 6.2, "duration_min": 38, "step_s": 30, "seed": 5}
    track = ET.fromstring(run_gpx(START, **asked, name="Up & down")).find(f"{GPX}trk")
    points = track.findall(f"{GPX}trkseg/{GPX}trkpt")
    made = made_up_points(START, **asked)
    assert len(points) == len(made) == 77
    assert track.findtext(f"{GPX}name") == "Up & down"
    assert path_km([(float(p.get("lat")), float(p.get("lon"))) for p in points]) == pytest.approx(
        6.2, rel=1e-4
    )
    assert points[-1].findtext(f"{GPX}time") == "2026-03-01T08:08:00Z"
    beats = [int(p.find(".//{*}hr").text) for p in points]
    assert beats == [p.heart_rate_bpm for p in made]
    assert all(81 <= int(p.find(".//{*}cad").text) <= 86 for p in points)


def test_tcx_holds_lap_and_track_that_agree_and_the_spaces_strava_adds():
    asked = {"distance_km": 6.2, "duration_min": 38, "step_s": 30, "seed": 5}
    data = run_tcx(START, **asked, leading_spaces=10)
    assert data.startswith(b" " * 10 + b"<?xml")
    lap = ET.fromstring(data.strip()).find(f".//{TCX}Lap")
    points = lap.findall(f".//{TCX}Trackpoint")
    assert lap.findtext(f"{TCX}DistanceMeters") == "6200.00"
    assert points[-1].findtext(f"{TCX}DistanceMeters") == "6200.00"
    assert lap.findtext(f"{TCX}TotalTimeSeconds") == "2280"
    assert points[0].findtext(f"{TCX}Time") == lap.get("StartTime") == "2026-03-01T07:30:00Z"
    assert all(p.find(f"{TCX}HeartRateBpm/{TCX}Value") is not None for p in points)
    inside = run_tcx(START, **asked, position=False)
    assert ET.fromstring(inside).find(f".//{TCX}Position") is None
