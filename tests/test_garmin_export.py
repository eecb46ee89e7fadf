"""Garmin's account export: its list of activities, gear and pauses."""

from __future__ import annotations

import datetime as dt
import inspect
import io
import json
import re
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from corpus import corpus_folder
from vendor_exports import garmin_activity, garmin_export
from writers import run_fit

from loadmon.errors import FileProblem
from loadmon.io.exports import garmin
from loadmon.io.exports import garmin as garmin_skim
from loadmon.io.exports.cells import Entry, SideFile
from loadmon.io.exports.garmin import read_activities, read_gear, read_pauses
from loadmon.io.read import read

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)


def listed(*activities: dict[str, Any]) -> SideFile:
    return read_activities(json.dumps([{"summarizedActivitiesExport": activities}]).encode())


def entry(**more: Any) -> Entry:
    (found,) = listed({**garmin_activity(7, START), **more}).entries
    return found


def test_milliseconds_and_centimetres() -> None:
    found = entry(
        movingDuration=700_000, elevationGain=4200, elevationLoss=1500, maxHr=171, steps=2016,
        workoutRpe=60, workoutFeel=75, activityTrainingLoad=88.5, aerobicTrainingEffect=3.1,
    )  # fmt: skip
    told = found.recording.summary
    assert (told["distance_m"], told["timer_s"], told["elapsed_s"]) == (2000, 720, 720)
    assert (told["moving_s"], told["ascent_m"], told["descent_m"]) == (700, 42, 15)
    assert (told["avg_hr_bpm"], told["max_hr_bpm"], told["cycles"]) == (148, 171, 1008)
    assert (told["rpe"], told["feel_pct"], told["training_load_au"]) == (6, 75, 88.5)
    assert found.recording.start == START.timestamp()
    assert (found.ref, found.ident, found.recording.sport) == ("7", "7", "running")


@pytest.mark.parametrize(
    ("offset", "told"), [(60, 60), (-480, -480), (345, 345), (840, 840), (0, 0)]
)
def test_local_time_minus_utc(offset: int, told: float) -> None:
    assert (
        entry(startTimeLocal=START.timestamp() * 1000 + offset * 60_000).recording.offset_min
        == told
    )


@pytest.mark.parametrize("local", [None, "soon", 0, START.timestamp() * 1000 + 7 * 60_000])
def test_a_local_time_that_makes_no_offset_is_not_told(local: Any) -> None:
    assert np.isnan(entry(startTimeLocal=local).recording.offset_min)


@pytest.mark.parametrize(("local", "codes"), [(None, set()), (0, {"tz-unknown"})])
def test_a_local_time_that_cannot_be_is_flagged(local: Any, codes: set[str]) -> None:
    assert set(entry(startTimeLocal=local).recording.flags) == codes


def test_times_may_be_texts() -> None:
    found = entry(startTimeGmt="2026-03-02T07:30:00.0", startTimeLocal="2026-03-02T08:30:00.0")
    assert (found.recording.start, found.recording.offset_min) == (START.timestamp(), 60)


def test_the_begin_fills_in_for_a_missing_start() -> None:
    assert entry(startTimeGmt=None).recording.start == START.timestamp()
    assert np.isnan(entry(startTimeGmt=None, beginTimestamp=None).recording.start)


def test_a_list_in_metres_and_seconds_is_noticed() -> None:
    plain = [
        {**garmin_activity(n, START), "distance": 5000.0 + n, "duration": 1800.0 + n,
         "elapsedDuration": 1800.0, "avgSpeed": None}
        for n in range(3)
    ]  # fmt: skip
    side = listed(*plain)
    assert "list-units" in side.issues
    assert side.entries[0].recording.summary["distance_m"] == 5000
    assert side.entries[0].recording.summary["timer_s"] == 1800


@pytest.mark.parametrize(("km", "minutes"), [(0.2, 1), (2, 12), (42.195, 240), (1, 15), (100, 200)])
def test_usual_lists_are_never_taken_for_metres(km: float, minutes: float) -> None:
    side = listed(garmin_activity(1, START, km=km, minutes=minutes))
    assert side.issues == {}
    assert side.entries[0].recording.summary["distance_m"] == pytest.approx(1000 * km)


def test_a_distance_that_is_not_the_lists_own_speed_is_flagged() -> None:
    assert "list-speed" in entry(distance=900_000).recording.flags
    assert entry().recording.flags == {}
    assert entry(avgSpeed=None).recording.flags == {}
    assert entry(duration=900_000, movingDuration=720_000).recording.flags == {}


@pytest.mark.parametrize(
    ("value", "told"), [(0, 0), (100, 10), (110, np.nan), (-10, np.nan), ("x", np.nan)]
)
def test_effort_is_tenfold_cr10(value: Any, told: float) -> None:
    got = entry(workoutRpe=value).recording.summary.get("rpe", np.nan)
    assert got == pytest.approx(told, nan_ok=True)


@pytest.mark.parametrize("kind", ["trail_running", {"typeKey": "trail_running"}])
def test_sports_by_word_or_key(kind: Any) -> None:
    found = entry(activityType=kind)
    assert (found.recording.sport, found.recording.sub_sport) == ("running", "trail")
    other = entry(activityType="bouldering", sportType="ROCK")
    assert (other.recording.sport, other.word) == ("", "bouldering")


@pytest.mark.parametrize(
    "told", [[], {}, None, [1, "a", None], [{"summarizedActivitiesExport": 5}]]
)
def test_another_shape_has_no_entries(told: Any) -> None:
    assert read_activities(json.dumps(told).encode()).entries == []


@pytest.mark.parametrize("data", [b"", b"{", b"[" * 100_000, b"\xff\xfe\x00", b"{'a': 1}"])
def test_what_is_no_json_is_a_problem_and_not_a_traceback(data: bytes) -> None:
    with pytest.raises(FileProblem) as problem:
        read_activities(data)
    assert problem.value.reason in ("json-damaged", "json-depth")


def test_gear_belongs_to_numbers_of_activities() -> None:
    members = garmin_export([], {}, gear={"Shoe A": [11, 13], "Shoe B": [12, 13]})
    (data,) = [d for name, d in members.items() if name.endswith("gear.json")]
    assert read_gear(data).gear_of == {"11": "Shoe A", "12": "Shoe B", "13": "Shoe A|Shoe B"}
    assert read_gear(b'[{"gearDTOS": null, "gearActivityDTOs": []}]').gear_of == {}


def test_pauses_have_days_and_the_runners_reason() -> None:
    told = [
        {"pauseStartDate": 1772700000000, "pauseEndDate": "2026-03-20", "pauseReason": "INJURY"},
        {"pauseStartDate": "2026-03-25", "pauseEndDate": None, "pauseReason": "TIME_OFF"},
        {"pauseReason": "lost"},
    ]
    first, second = read_pauses(json.dumps(told).encode()).pauses
    assert (first.from_day, first.until_day, first.reason) == ("2026-03-05", "2026-03-20", "injury")
    assert (second.until_day, second.reason) == ("", "time off")


def test_the_fixture_of_the_corpus() -> None:
    path = corpus_folder() / "schemas" / "garmin_gdpr" / "synthetic_summarizedActivities.json"
    (found,) = read_activities(path.read_bytes()).entries
    assert (found.recording.summary["distance_m"], found.recording.summary["timer_s"]) == (
        5000,
        1800,
    )
    assert found.recording.offset_min == 540


# --- a list larger than any recording -----------------------------------------------------------


class Pieces(io.BytesIO):
    """A stream that gives few bytes at a time."""

    size = 7

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or self.size, self.size))


def skimmed(data: bytes, packed: int = 1 << 30) -> bytes:
    return garmin_skim.skim_activities(Pieces(data), packed)


def test_a_list_is_reduced_to_what_is_read_of_it() -> None:
    rows = [
        {**garmin_activity(n, START), "splits": [{"a": [1, "]}"]}], "name": 'Ü "x"'} for n in (1, 2)
    ]
    data = json.dumps([{"summarizedActivitiesExport": rows}], ensure_ascii=False).encode()
    kept = skimmed(data)
    assert b"splits" not in kept
    assert read_activities(kept).entries[1].name == 'Ü "x"'
    assert [e.recording.summary for e in read_activities(kept).entries] == [
        e.recording.summary for e in read_activities(data).entries
    ]


def test_every_value_that_is_read_is_kept() -> None:
    source = inspect.getsource(garmin)
    used = set(re.findall(r'(?:row\.get|of)\("(\w+)"\)', source))
    assert used - {"pauseStartDate", "pauseEndDate", "pauseReason"} == garmin_skim.KEPT


@pytest.mark.parametrize("pages", [0, 1, 3])
def test_several_pages_and_none(pages: int) -> None:
    told = [
        {"summarizedActivitiesExport": [garmin_activity(n, START), None, 5]} for n in range(pages)
    ]
    kept = skimmed(json.dumps(told or [{"summarizedActivitiesExport": []}]).encode())
    assert [e.ident for e in read_activities(kept).entries if e.ident] == [
        str(n) for n in range(pages)
    ]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.99])
def test_a_list_that_is_cut_stays_damaged(share: float) -> None:
    rows = [garmin_activity(n, START) for n in range(5)]
    data = json.dumps([{"summarizedActivitiesExport": rows}]).encode()
    with pytest.raises(FileProblem) as problem:
        read_activities(skimmed(data[: int(share * len(data)) - 4]))
    assert problem.value.reason == "json-damaged"


def test_a_list_nested_without_end_is_damaged_and_not_a_traceback() -> None:
    deep = b'[{"summarizedActivitiesExport": [{"a": ' + b"[" * 200_000
    with pytest.raises(FileProblem) as problem:
        read_activities(garmin_skim.skim_activities(io.BytesIO(deep), 1 << 30))
    assert problem.value.reason == "json-damaged"


def test_a_number_of_thousands_of_digits_is_damage_and_hides_no_other_file(tmp_path: Path) -> None:
    row = {**garmin_activity(7, START), "splits": 0}
    data = json.dumps([{"summarizedActivitiesExport": [row]}]).encode()
    long = data.replace(b'"splits": 0', b'"splits": ' + b"1" * 5000)
    (tmp_path / "someone_0_summarizedActivities.json").write_bytes(long)
    run = run_fit(START, offset_min=60, distance_km=2, duration_min=12)
    (tmp_path / "run.fit").write_bytes(run)
    archive = read(tmp_path, now=START + dt.timedelta(days=9))
    assert archive.files["outcome"].tolist() == ["imported", "quarantined"]
    assert archive.files["reason"].tolist() == ["", "json-damaged"]


def test_a_list_that_only_grows_is_stopped() -> None:
    with pytest.raises(FileProblem) as problem:
        garmin_skim.skim_activities(
            io.BytesIO(b'[{"summarizedActivitiesExport": [' + b"{}, " * (5 << 20)), 1000
        )
    assert problem.value.reason == "too-large"


@pytest.mark.slow
def test_a_list_of_a_hundred_megabytes_is_read_in_little_memory(tmp_path: Path) -> None:
    row = {**garmin_activity(1, START), "splits": [{"measurements": ["x" * 400] * 20}] * 10}
    path = tmp_path / "x_0_summarizedActivities.json"
    with path.open("w") as out:
        out.write('[{"summarizedActivitiesExport": [')
        for n in range(1200):
            start = START - dt.timedelta(days=n)
            told = garmin_activity(n, start)
            out.write("," * bool(n) + json.dumps({**row, **told}))
        out.write("]}]")
    assert path.stat().st_size > 90 << 20
    tracemalloc.start()
    archive = read(path, now=START + dt.timedelta(days=9), cache=False)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(archive.activities) == 1200
    assert peak < 60 << 20
