"""Apple Health's export: gigabytes of single measurements, of which the workouts are wanted."""

from __future__ import annotations

import datetime as dt
import io
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from corpus import corpus_folder
from vendor_exports import APPLE_DTD, APPLE_DTD_16, apple_export, apple_workout, zipped

from loadmon.errors import FileProblem
from loadmon.io.exports.apple import elements, is_health, read_export, skim
from loadmon.io.exports.cells import SideFile
from loadmon.io.read import read

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)


def export(*workouts: str, **asked: object) -> bytes:
    (data,) = apple_export(list(workouts), **asked).values()  # type: ignore[arg-type]
    return data


def skimmed(data: bytes, chunk: int = 1 << 20) -> bytes:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or chunk, chunk))

    return skim(Slow(data), len(data))


def side_of(*workouts: str, **asked: object) -> SideFile:
    return read_export(skimmed(export(*workouts, **asked)))


# --- the stream ---------------------------------------------------------------------------------


@pytest.mark.parametrize("dtd", [APPLE_DTD, APPLE_DTD_16, ""])
def test_the_document_type_is_skipped_as_text(dtd: str) -> None:
    data = export(apple_workout(START), dtd=dtd)
    assert is_health(data)
    (entry,) = read_export(skimmed(data)).entries
    assert entry.recording.summary["distance_m"] == 2000


@pytest.mark.parametrize("size", [65_000, 66_000])
def test_a_tag_of_over_64_kib_is_refused_and_a_shorter_one_is_read(size: int) -> None:
    data = export(apple_workout(START, source="x" * size))
    if size < 1 << 16:
        assert len(read_export(skimmed(data)).entries) == 1
        return
    with pytest.raises(FileProblem, match="64 KiB") as problem:
        skimmed(data)
    assert (problem.value.outcome, problem.value.reason) == ("refused", "too-large")


@pytest.mark.parametrize("tag", [b"<Workout ", b'<Workout a="', b"<Me "])
def test_a_tag_without_an_end_is_refused_long_before_the_file_ends(tag: bytes) -> None:
    class Endless(io.BytesIO):
        chunks = 0

        def read(self, size: int | None = -1, /) -> bytes:
            self.chunks += 1
            if self.chunks > 20:
                return b""
            return (b"<HealthData>" + tag if self.chunks == 1 else b"") + b"x" * (1 << 15)

    stream = Endless()
    with pytest.raises(FileProblem, match="64 KiB"):
        skim(stream, 1 << 30)
    assert stream.chunks <= 4


@pytest.mark.parametrize("chunk", [1, 7, 64, 1000, 1 << 20])
def test_wherever_the_stream_is_cut_the_same_is_kept(chunk: int) -> None:
    workouts = [
        apple_workout(START + dt.timedelta(days=n), source=f"It's > {n}", era=14 + 2 * (n % 2))
        for n in range(3)
    ]
    data = export(*workouts, records=20)
    assert skimmed(data, chunk) == skimmed(data)
    assert len(read_export(skimmed(data, chunk)).entries) == 3


def test_what_is_kept_skims_to_itself() -> None:
    kept = skimmed(export(apple_workout(START)))
    assert skimmed(kept) == kept
    assert len(kept) < 2_000
    assert b"HeartRateVariability" not in kept


def test_memory_stays_flat_however_long_the_export_is() -> None:
    record = (
        b'<Record type="HKQuantityTypeIdentifierHeartRate" startDate="2026-03-01 08:00:00 +0100" '
        b'value="60"/>\n'
    ) * 10_000
    workout = apple_workout(START).encode()

    class Endless:
        left = 60

        def read(self, size: int, /) -> bytes:
            self.left -= 1
            if self.left == 59:
                return b"<HealthData>" + record
            return (record + workout + record) if self.left > 0 else b""

    tracemalloc.start()
    kept = skim(Endless(), 1 << 30)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept.count(b"<Workout ") == 58
    assert peak < 20 << 20


def test_an_export_that_only_grows_is_stopped() -> None:
    class Bomb:
        def read(self, size: int, /) -> bytes:
            return b"<HealthData>" + b" " * (1 << 20)

    with pytest.raises(FileProblem) as problem:
        skim(Bomb(), 1000)
    assert problem.value.reason == "too-large"


def test_a_workout_that_never_ends_is_stopped() -> None:
    class Bomb:
        begun = False

        def read(self, size: int, /) -> bytes:
            head = b"" if self.begun else b'<HealthData><Workout a="1">'
            self.begun = True
            return head + b"<MetadataEntry/>" * (1 << 16)

    with pytest.raises(FileProblem) as problem:
        skim(Bomb(), 1 << 40)
    assert problem.value.reason == "too-large"


@pytest.mark.parametrize("data", [
    b"", b"<gpx creator='HealthData'/>", b"<html>HealthData</html>", b"HealthData",
    b"<HealthDataX/>",
])  # fmt: skip
def test_other_files_are_not_taken_for_it(data: bytes) -> None:
    assert not is_health(data)


def test_only_whole_elements_are_found() -> None:
    text = b'<HealthData><Workout a="x>y"/><WorkoutEvent/><Workout b="1"><A/></Workout><Me c="d"/>'
    found = list(elements(io.BytesIO(text), len(text)))
    assert found == [b'<Workout a="x>y"/>', b'<Workout b="1"><A/></Workout>', b'<Me c="d"/>']


# --- the workouts -------------------------------------------------------------------------------


@pytest.mark.parametrize("era", [12, 15, 16, 18])
@pytest.mark.parametrize("unit", ["km", "mi"])
def test_numbers_of_both_eras_and_units(era: int, unit: str) -> None:
    (entry,) = side_of(apple_workout(START, km=10, minutes=50, era=era, unit=unit)).entries
    told = entry.recording.summary
    assert told["distance_m"] == pytest.approx(10_000)
    assert (told["timer_s"], told["elapsed_s"]) == (3000, 3000)
    assert (told.get("avg_hr_bpm"), told.get("max_hr_bpm")) == (
        (149.5, 171) if era >= 16 else (None,) * 2
    )
    assert entry.recording.start == START.timestamp()
    assert entry.is_whole


def test_statistics_that_stand_twice_are_not_added() -> None:
    twice = (
        '<WorkoutStatistics type="HKQuantityTypeIdentifierDistanceWalkingRunning" sum="2" '
        'unit="km"/>'
    )
    (entry,) = side_of(apple_workout(START, extra=twice)).entries
    assert entry.recording.summary["distance_m"] == 2000


def test_statistics_of_a_part_of_a_workout_are_not_its_own() -> None:
    part = (
        '<WorkoutActivity uuid="1"><WorkoutStatistics sum="1" unit="km" '
        'type="HKQuantityTypeIdentifierDistanceWalkingRunning"/></WorkoutActivity>'
    )
    (entry,) = side_of(apple_workout(START, extra=part)).entries
    assert entry.recording.summary["distance_m"] == 2000


def test_a_treadmill_is_told_by_its_mark() -> None:
    (entry,) = side_of(
        apple_workout(START, extra='<MetadataEntry key="HKIndoorWorkout" value="1"/>')
    ).entries
    assert (entry.recording.sport, entry.recording.sub_sport) == ("running", "indoor_running")


def test_climb_in_centimetres_and_steps() -> None:
    extra = (
        '<MetadataEntry key="HKElevationAscended" value="4200 cm"/><WorkoutStatistics '
        'type="HKQuantityTypeIdentifierStepCount" sum="2016" unit="count"/>'
    )
    (entry,) = side_of(apple_workout(START, extra=extra)).entries
    assert entry.recording.summary["ascent_m"] == 42
    assert entry.recording.summary["cycles"] == 1008


def test_a_unit_or_zone_that_is_not_known_is_not_guessed() -> None:
    (entry,) = side_of(apple_workout(START, unit="li", zone="Mars/Olympus")).entries
    assert "distance_m" not in entry.recording.summary
    assert (entry.recording.zone, entry.recording.offset_min) == ("", 60)


def test_effort_that_the_runner_gave_is_found_by_its_time() -> None:
    score = (
        '<Record type="HKQuantityTypeIdentifierWorkoutEffortScore" unit="appleEffortScore" '
        'startDate="2026-03-02 08:30:00 +0100" endDate="2026-03-02 08:42:00 +0100" value="7"/>\n'
    )
    others = [apple_workout(START + dt.timedelta(days=days)) for days in (-1, 1)]
    first, *rest = side_of(apple_workout(START), *others, score).entries
    assert first.recording.summary["rpe"] == 7
    assert ["rpe" in entry.recording.summary for entry in rest] == [False, False]


def test_a_damaged_workout_hides_no_other_and_control_characters_are_no_damage() -> None:
    bad = apple_workout(START).replace("<MetadataEntry", "<MetadataEntry key=")
    odd = apple_workout(START + dt.timedelta(days=1), source="Watch\x0b\x00")
    side = side_of(bad, odd)
    assert [e.problem.reason if e.problem else "" for e in side.entries] == ["xml-damaged", ""]


@pytest.mark.parametrize(
    "cut", [lambda d: d[: len(d) // 2], lambda d: d.replace(b"</HealthData>", b"")]
)
def test_an_export_that_ends_early_says_so(cut: Callable[[bytes], bytes]) -> None:
    data = export(apple_workout(START), apple_workout(START + dt.timedelta(days=1)))
    side = read_export(skimmed(cut(data)))
    assert "xml-truncated" in side.issues


def test_a_doctype_inside_a_workout_opens_nothing() -> None:
    trick = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;'
    (entry,) = side_of(apple_workout(START, extra=trick)).entries
    assert entry.problem
    assert "root:" not in entry.problem.detail


def test_a_route_inside_an_old_workout_is_its_stream(tmp_path: Path) -> None:
    path = corpus_folder() / "schemas" / "apple_health" / "tests__export.xml"
    (entry,) = read_export(skimmed(path.read_bytes())).entries
    assert len(entry.recording.time) == 2
    assert entry.recording.summary["distance_m"] == pytest.approx(800.1, abs=0.1)
    archive = read(path, now=NOW)
    assert archive.activities["sport"].tolist() == ["running"]
    assert archive.activities["utc_offset_min"].tolist() == [-480]  # its zone, not the phone's


@pytest.mark.parametrize("name", ["export.xml", "Exportación.xml", "导出.xml"])
def test_a_translated_name_is_no_trouble(tmp_path: Path, name: str) -> None:
    file = tmp_path / "export.zip"
    file.write_bytes(zipped(apple_export([apple_workout(START)], name=name)))
    archive = read(file, now=NOW)
    assert archive.activities["distance_km"].tolist() == [2]
    (tmp_path / "one").mkdir()
    plain = tmp_path / "one" / name
    plain.write_bytes(export(apple_workout(START)))
    assert read(plain, now=NOW).activities["distance_km"].tolist() == [2]
    ident = archive.activities["activity_id"][0]
    assert archive.records(ident).empty


def test_a_long_export_is_no_recording_too_large(tmp_path: Path) -> None:
    """Larger than any recording may be; it is read all the same."""
    body = b'<Record type="HKQuantityTypeIdentifierStepCount" value="1"/>\n' * (70 << 14)
    path = tmp_path / "export.xml"
    path.write_bytes(b"<HealthData>" + body + apple_workout(START).encode() + b"</HealthData>\n")
    assert path.stat().st_size > 64 << 20
    archive = read(path, now=NOW)
    assert archive.activities["distance_km"].tolist() == [2]
    assert archive.records(archive.activities["activity_id"][0]).empty
    assert np.isnan(archive.activities["rpe"][0])


def test_an_offset_that_no_zone_has_is_none_and_is_flagged() -> None:
    told = apple_workout(START, zone="Nowhere/At_All").replace("+0100", "+9999")
    (entry,) = side_of(told).entries
    assert np.isnan(entry.recording.offset_min)
    assert entry.recording.start == START.timestamp() + 3600  # its local time, read as UTC
    assert set(entry.recording.flags) == {"tz-unknown"}


@pytest.mark.parametrize("zone", ["America", "Europe", "x" * 5000, "a/" * 3000, "../Berlin", "."])
def test_a_zone_that_is_a_folder_or_too_long_is_none_and_hides_no_workout(zone: str) -> None:
    first, other = side_of(apple_workout(START, zone=zone), apple_workout(START)).entries
    assert (first.recording.zone, first.recording.offset_min) == ("", 60)
    assert other.recording.zone == "Europe/Berlin"
