"""Apple Health: the workouts of its export.xml, which is streamed and only searched for them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io.exports import cells
from loadmon.io.exports.cells import CHUNK, MAX_KEPT, MAX_ONE, Entry, Readable, SideFile, chunks
from loadmon.io.exports.form import Form
from loadmon.io.recording import Recording, sport_names

_CONTROL = bytes(n for n in range(32) if n not in (9, 10, 13))
_METRES = {"km": 1000.0, "mi": 1609.344, "m": 1.0, "yd": 0.9144, "ft": 0.3048, "cm": 0.01}
_SECONDS = {"min": 60.0, "s": 1.0, "sec": 1.0, "hr": 3600.0, "h": 3600.0, "ms": 0.001}
_INDOOR = {"running": "indoor_running", "walking": "indoor_walking", "cycling": "indoor_cycling"}


def read_export(data: bytes) -> SideFile:
    """Read what `loadmon.io.exports.apple.skim` left of an export."""
    side = SideFile("Apple Health")
    efforts: list[tuple[float, float]] = []
    block = b""
    for block in elements(io.BytesIO(data), len(data)):
        if block != END_TAG:
            _take(side, efforts, block)
    if block != END_TAG:
        side.issues["xml-truncated"] = "the export ends early: copy or export it again"
    for entry in side.entries:  # an effort (1 to 10) is stored under the workout's own times
        summary, start = entry.recording.summary, entry.recording.start
        end = start + summary.get("elapsed_s", 0.0)
        given = [score for when, score in efforts if start - 1 <= when <= end and 1 <= score <= 10]
        if given:
            summary["rpe"] = given[-1]
    return side


def _take(side: SideFile, efforts: list[tuple[float, float]], block: bytes) -> None:
    """Read one element; a damaged one is an entry with its problem."""
    try:
        found = ElementTree.fromstring(block.translate(None, _CONTROL))
    except (ElementTree.ParseError, ValueError) as error:
        start = re.search(rb'startDate="([^"]{1,40})"', block)
        ref = start[1].decode("ascii", "replace") if start else f"workout {len(side.entries) + 1}"
        problem = FileProblem("quarantined", "xml-damaged", f"a workout cannot be read: {error}")
        side.entries.append(Entry(f"workout {ref}", Recording(), problem=problem))
        return
    if found.tag == "Workout":
        side.entries.append(_entry(found))
    elif found.tag == "Record":
        efforts.append((cells.unix_s(found.get("startDate")), cells.number(found.get("value"))))
    elif found.tag == "Me":
        sex = found.get("HKCharacteristicTypeIdentifierBiologicalSex", "")
        if letter := {"HKBiologicalSexMale": "m", "HKBiologicalSexFemale": "f"}.get(sex):
            side.device_settings.append({"sex": letter})


def _entry(workout: Element) -> Entry:
    meta = {m.get("key", ""): m.get("value", "") for m in workout.findall("MetadataEntry")}
    word = workout.get("workoutActivityType", "").removeprefix("HKWorkoutActivityType")
    sport, sub_sport = sport_names(word)
    if meta.get("HKIndoorWorkout") == "1":
        sub_sport = _INDOOR.get(sport, sub_sport)
    try:
        zone = ZoneInfo(meta["HKTimeZone"]).key if meta.get("HKTimeZone") else ""
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder, or too long for a name
        zone = ""
    recording = Recording(
        sport=sport,
        sub_sport=sub_sport,
        start=cells.unix_s(workout.get("startDate")),
        summary=cells.known(_summary(workout, meta)),
        # The offset in the dates is the exporting phone's on the day of the export.
        offset_min=np.nan if zone else cells.clock(workout.get("startDate"))[1],
        zone=zone,
    )
    if not zone and recording.offset_min != recording.offset_min:
        recording.flags["tz-unknown"] = cells.NO_OFFSET
    recording.time, recording.streams = _locations(workout)
    path = workout.find("WorkoutRoute/FileReference")
    return Entry(
        ref=f"workout {workout.get('startDate', '')} {workout.get('sourceName', '')}".strip(),
        recording=recording,
        file=(path.get("path", "") if path is not None else "").lstrip("/"),
        is_whole=True,
        word="" if sport else word,
    )


def _summary(workout: Element, meta: dict[str, str]) -> dict[str, float]:
    """Numbers of a workout, however its version of iOS writes them."""
    elapsed = cells.unix_s(workout.get("endDate")) - cells.unix_s(workout.get("startDate"))
    unit_s = _SECONDS.get(workout.get("durationUnit", ""), np.nan)
    timer = cells.number(workout.get("duration")) * unit_s
    climb = meta.get("HKElevationAscended", "")
    summary = {
        "timer_s": timer if timer == timer else elapsed,
        "elapsed_s": elapsed,
        "distance_m": _length(workout.get("totalDistance"), workout.get("totalDistanceUnit")),
        "ascent_m": _length(*(climb.split(" ", 1) if " " in climb else ("", ""))),
    }
    for found in workout.findall("WorkoutStatistics"):
        kind = found.get("type", "").removeprefix("HKQuantityTypeIdentifier")
        if kind.startswith("Distance"):
            summary["distance_m"] = _length(found.get("sum"), found.get("unit"))
        elif kind == "HeartRate":
            summary["avg_hr_bpm"] = _rate(found.get("average"), found.get("unit"))
            summary["max_hr_bpm"] = _rate(found.get("maximum"), found.get("unit"))
        elif kind == "StepCount":
            summary["cycles"] = cells.number(found.get("sum")) / 2
        elif kind == "RunningPower":
            summary["avg_power_w"] = cells.number(found.get("average"))
    return summary


def _length(value: str | None, unit: str | None) -> float:
    return cells.number(value) * _METRES.get(unit or "", np.nan)


def _rate(value: str | None, unit: str | None) -> float:
    return cells.number(value) * {"count/min": 1.0, "count/s": 60.0}.get(unit or "", np.nan)


def _locations(workout: Element) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Route inside a workout, as exports up to iOS 12 have it."""
    names = ("latitude", "longitude", "altitude")
    rows = [
        (cells.unix_s(point.get("date")), *(cells.number(point.get(name)) for name in names))
        for point in workout.iterfind("WorkoutRoute/Location")
    ]
    if not rows:
        return np.empty(0), {}
    time, *columns = np.array(rows).T
    return time, dict(zip(("latitude_deg", "longitude_deg", "altitude_m"), columns, strict=True))


# --- the file as a stream: only the elements that are wanted are kept ----------------------------

_ROOT = re.compile(rb"<!DOCTYPE\s+HealthData\b|<HealthData\b")
_HEAD = 64 << 10
_MAX_READ = 20 << 30
#: Beginnings of what is kept: workouts, effort scores, the runner's own characteristics.
_WANTED = re.compile(
    rb"<(?:(?P<workout>Workout)(?=[\s>])|(?P<me>Me)(?=\s)|(?P<record>Record)\s+type=[\"']"
    rb"HKQuantityTypeIdentifierWorkoutEffortScore[\"'])"
)
_START_TAG = re.compile(rb"""<\w+(?:[^"'<>]|"[^"<]*"|'[^'<]*')*>""")
_LONGEST_TAG = 64 << 10  # bytes; one without an end would be searched again for each chunk
END_TAG = b"</HealthData>"
_LONGEST_MARK = 96  # bytes that a beginning may lie across two chunks


def is_health(head: bytes) -> bool:
    """Tell an Apple Health export by its root, whatever the file is called."""
    return b"HealthData" in head[:_HEAD] and bool(_ROOT.search(head[:_HEAD]))


def skim(stream: Readable, packed: int, begun: bytes = b"") -> bytes:
    """Reduce an export to the elements that are wanted; its end is kept only where it has one."""
    kept: list[bytes] = [b"<HealthData>\n"]
    size = 0
    for element in elements(stream, packed, begun):
        size += len(element)
        if size > MAX_KEPT:
            raise _too_large(size)
        kept += (element, b"\n")
    return b"".join(kept)


def elements(stream: Readable, packed: int, begun: bytes = b"") -> Iterator[bytes]:
    """Yield the wanted elements of an export in file order, each whole."""
    text, ended = b"", False
    for chunk in chunks(stream, packed, begun, _MAX_READ, _too_large):
        text += chunk
        done = 0
        while found := _WANTED.search(text, done):
            end = _end_of(text, found)
            if end < 0:
                break
            yield text[found.start() : end]
            done = end
        ended = END_TAG in text[-64:]
        text = text[found.start() :] if found else text[max(done, len(text) - _LONGEST_MARK) :]
        if len(text) > MAX_ONE + CHUNK:
            raise _too_large(len(text))
    if ended:
        yield END_TAG


def _end_of(text: bytes, found: re.Match[bytes]) -> int:
    """Where the element that begins at a match ends; -1 if it is not there yet."""
    furthest = found.start() + _LONGEST_TAG
    tag = _START_TAG.match(text, found.start(), furthest)
    if not tag:
        if len(text) <= furthest:
            return -1
        detail = f"a tag of over {_LONGEST_TAG >> 10} KiB without an end: no health export has one"
        raise FileProblem("refused", "too-large", detail)
    if tag[0].endswith(b"/>") or not found["workout"]:
        return tag.end()
    end = text.find(b"</Workout>", tag.end())
    return end + len(b"</Workout>") if end >= 0 else -1


def _too_large(size: int) -> FileProblem:
    detail = f"unpacks to more than {size >> 20} MiB: no health export does"
    return FileProblem("refused", "too-large", detail)


FORMS = (
    Form(
        kind="apple",
        platform="Apple Health",
        read_list=read_export,
        root=b"HealthData",
        skim=skim,
    ),
)
