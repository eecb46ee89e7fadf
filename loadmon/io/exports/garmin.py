"""Garmin's account export: its lists of activities, skimmed and read."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io.exports import cells
from loadmon.io.exports.cells import (
    MAX_KEPT,
    MAX_ONE,
    Entry,
    Pause,
    Readable,
    SideFile,
    chunks,
    note_missing,
)
from loadmon.io.exports.form import Form, missing_keys, unread
from loadmon.io.recording import Recording, sport_names

_CM_PER_M, _MS_PER_S = 100.0, 1000.0
_NEEDED = ("startTimeLocal", "activityType", "distance", "duration")


def read_activities(data: bytes) -> SideFile:
    """Read ``*_summarizedActivities.json``: one entry for each activity, called by its number."""
    lists = [page.get("summarizedActivitiesExport") for page in cells.json_rows(data)]
    rows = [row for one in lists for row in cells.rows_of(one)]
    side = SideFile("Garmin")
    note_missing(side.issues, "Garmin", missing_keys(rows, _NEEDED))
    if rows and not any({"startTimeGmt", "beginTimestamp"} & row.keys() for row in rows):
        why = "its activities have no 'startTimeGmt' and no 'beginTimestamp'"
        raise unread("Garmin", [cells.NAN] * len(rows), why)
    length, time = _units(rows)
    if (length, time) != (_CM_PER_M, _MS_PER_S):
        side.issues["list-units"] = "its numbers are in metres and seconds, not in Garmin's usual"
    side.entries = [_entry(row, length, time, n) for n, row in enumerate(rows, 1)]
    return side


def _units(rows: list[dict[str, Any]]) -> tuple[float, float]:
    """Units to a metre and to a second, by what is believable for most activities."""
    moving = [(cells.number(r.get("distance")), cells.number(r.get("duration"))) for r in rows]

    def believable(length: float, time: float) -> int:
        metres_and_seconds = [(d / length, t / time) for d, t in moving if d > 0 and t > 0]
        return sum(s >= 30 and 0.2 <= m / s <= 25 for m, s in metres_and_seconds)

    is_plain = believable(1.0, 1.0) > 2 * believable(_CM_PER_M, _MS_PER_S)
    return (1.0, 1.0) if is_plain else (_CM_PER_M, _MS_PER_S)


def _entry(row: dict[str, Any], length: float, time: float, n: int) -> Entry:
    start = cells.unix_s(row.get("startTimeGmt"))
    start = start if start == start else cells.unix_s(row.get("beginTimestamp"))
    kind = row.get("activityType")
    word = cells.text(kind.get("typeKey") if isinstance(kind, dict) else kind)
    sport, sub_sport = sport_names(word)
    if not sport:
        sport, sub_sport = sport_names(cells.text(row.get("sportType")))
    summary = cells.known(_summary(row, length, time))
    recording = Recording(sport=sport, sub_sport=sub_sport, start=start, summary=summary)
    cells.set_offset(recording, cells.clock(row.get("startTimeLocal"))[0])
    if wrong := _speed_disagrees(row, recording.summary):
        recording.flags["list-speed"] = wrong
    ident = cells.text(row.get("activityId"))
    return Entry(
        ref=ident or f"activity {n}",
        recording=recording,
        ident=ident,
        parent=cells.text(row.get("parentId")),
        name=cells.text(row.get("name")),
        word="" if sport else word,
    )


def _summary(row: dict[str, Any], length: float, time: float) -> dict[str, float]:
    """Numbers of one activity in the names and units of a recording."""

    def of(name: str) -> float:
        return cells.number(row.get(name))

    effort = of("workoutRpe") / 10.0  # as in FIT: CR10 times ten
    return {
        "distance_m": of("distance") / length,
        "timer_s": of("duration") / time,
        "elapsed_s": of("elapsedDuration") / time,
        "moving_s": of("movingDuration") / time,
        "ascent_m": of("elevationGain") / length,
        "descent_m": of("elevationLoss") / length,
        "avg_hr_bpm": of("avgHr"),
        "max_hr_bpm": of("maxHr"),
        "cycles": of("steps") / 2,
        "rpe": effort if 0 <= effort <= 10 else np.nan,
        "feel_pct": of("workoutFeel"),
        "training_load_au": of("activityTrainingLoad"),
        "aerobic_effect": of("aerobicTrainingEffect"),
        "anaerobic_effect": of("anaerobicTrainingEffect"),
    }


def _speed_disagrees(row: dict[str, Any], summary: dict[str, float]) -> str:
    """Say where distance over time is not the mean speed of the list (cm/ms); else empty."""
    speed = cells.number(row.get("avgSpeed")) * 10.0
    distance = summary.get("distance_m", np.nan)
    times = [summary.get(name, np.nan) for name in ("timer_s", "moving_s", "elapsed_s")]
    made = [distance / t for t in times if t > 0]
    if not (speed > 0 and made) or min(abs(v - speed) for v in made) <= 0.1 * speed:
        return ""
    return f"distance over time is {made[0]:.2f} m/s, the list's mean speed {speed:.2f} m/s"


def read_gear(data: bytes) -> SideFile:
    """Read ``*_gear.json``: which shoes or bike belong to which activity."""
    side = SideFile("Garmin")
    for page in cells.json_rows(data):
        names = {}
        for gear in cells.rows_of(page.get("gearDTOS")):
            shown = cells.text(gear.get("displayName")) or cells.text(gear.get("customMakeModel"))
            names[cells.text(gear.get("gearPk"))] = shown
        links = page.get("gearActivityDTOs")
        for key, activities in links.items() if isinstance(links, dict) else ():
            for ident in (cells.text(a.get("activityId")) for a in cells.rows_of(activities)):
                if ident and names.get(key):
                    before = side.gear_of.get(ident)
                    side.gear_of[ident] = f"{before}|{names[key]}" if before else names[key]
    side.detail = f"Garmin's gear of {len(side.gear_of)} activities"
    return side


def read_pauses(data: bytes) -> SideFile:
    """Read ``Garmin_Coach_Pause_History.json``: pauses of a plan, each with the runner's reason."""
    side = SideFile("Garmin")
    for row in cells.json_rows(data):
        begin, end = cells.day_of(row.get("pauseStartDate")), cells.day_of(row.get("pauseEndDate"))
        if begin:
            reason = cells.text(row.get("pauseReason")).lower().replace("_", " ")
            side.pauses.append(Pause(begin, end, reason))
    if not side.pauses:
        raise FileProblem("skipped", "not-activity", "no pause of a Garmin Coach plan in it")
    side.detail = f"{len(side.pauses)} pauses of a Garmin Coach plan"
    return side


# --- the list of activities as a stream: it can be larger than any recording may be ---------------

_LIST_BEGINS = re.compile(r'"summarizedActivitiesExport"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()
_HEAD = 4096
_MAX_READ, _MAX_ROWS = 4 << 30, 200_000
#: What is read of an activity.
KEPT = frozenset(
    (
        *("activityId", "parentId", "name", "activityType", "sportType"),
        *("startTimeGmt", "beginTimestamp", "startTimeLocal"),
        *("duration", "elapsedDuration", "movingDuration", "distance", "elevationGain"),
        *("elevationLoss", "avgSpeed", "avgHr", "maxHr", "steps", "workoutRpe", "workoutFeel"),
        *("activityTrainingLoad", "aerobicTrainingEffect", "anaerobicTrainingEffect"),
    )
)


def is_activities(head: bytes) -> bool:
    """Tell Garmin's list of activities by its first bytes."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return start in (b"[", b"{") and b'"summarizedActivitiesExport"' in head[:_HEAD]


def skim_activities(stream: Readable, packed: int, begun: bytes = b"") -> bytes:
    """Reduce a list to JSON with the values of `KEPT`, without its end where the list has none."""
    text = _Text(stream, packed, begun)
    kept, size = [], 0
    for row in _rows(text):
        kept.append(json.dumps({k: v for k, v in row.items() if k in KEPT}))
        size += len(kept[-1])
        if size > MAX_KEPT or len(kept) > _MAX_ROWS:
            raise _too_large(size)
    end = "]}]" if text.is_whole else ""
    return ('[{"summarizedActivitiesExport": [' + ",\n".join(kept) + end).encode()


class _Text:
    """A window on the text of a stream that moves on as objects are taken from it."""

    def __init__(self, stream: Readable, packed: int, begun: bytes) -> None:
        self._chunks = chunks(stream, packed, begun, _MAX_READ, _too_large)
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
        self.window = ""
        self.at = 0
        self.is_whole = False

    def more(self) -> bool:
        """Move the window on to `at` and lengthen it; False at the end, or in too long a value."""
        self.window, self.at = self.window[self.at :], 0
        if len(self.window) > MAX_ONE:
            return False
        chunk = next(self._chunks, b"")
        self.window += self._decode(chunk, not chunk)
        return bool(chunk)


def _rows(text: _Text) -> Iterator[dict[str, Any]]:
    """Activities of every list in the text, one after the other."""
    while True:
        while not (begin := _LIST_BEGINS.search(text.window, text.at)):
            text.at = max(text.at, len(text.window) - _HEAD)
            if not text.more():
                return
        text.at, text.is_whole = begin.end(), False
        while (value := _next_value(text)) is not None:
            if isinstance(value, dict):
                yield value
        if not text.is_whole:
            return


def _next_value(text: _Text) -> Any:
    """Next value of a list; None at its end, or where the text ends or is none."""
    while True:
        text.at = _BETWEEN.match(text.window, text.at).end()  # type: ignore[union-attr]
        if text.window.startswith("]", text.at):
            text.is_whole = True
            return None
        try:
            value, text.at = _DECODER.raw_decode(text.window, text.at)
        except json.JSONDecodeError:
            if not text.more():
                return None
        except (RecursionError, ValueError):  # nested, or a number, as long as no export has them
            return None
        else:
            return value if value is not None else {}


def _too_large(size: int) -> FileProblem:
    detail = f"a list too long to be one ({size >> 20} MiB): export it again"
    return FileProblem("refused", "too-large", detail)


FORMS = (
    Form(
        kind="garmin-activities",
        platform="Garmin",
        read_list=read_activities,
        words=(b'"summarizedActivitiesExport"',),
        skim=skim_activities,
    ),
    Form(
        kind="garmin-gear",
        platform="Garmin",
        read_list=read_gear,
        words=(b'"gearDTOS"',),
    ),
    Form(
        kind="garmin-pauses",
        platform="Garmin",
        read_list=read_pauses,
        words=(b'"pauseStartDate"', b'"pauseReason"'),
    ),
)
