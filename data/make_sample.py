"""Make ``sample_export.zip``: a made-up runner's year in the shape of a Strava bulk export.

Run it as ``python data/make_sample.py``. The same seed gives the same bytes on every machine: only
`random.Random` and plain arithmetic are used, times and order in the archive are fixed, and nothing
is compressed (the gzip members hold stored blocks), because deflate differs between builds of zlib.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sample_plan import ZONE, Session, planned_sessions
from writers import (
    activity_messages,
    made_up_points,
    settings_fit,
    strength_fit,
    write_fit,
    write_gpx,
    write_tcx,
)

__all__ = ["ZONE", "Session", "activity_id", "make_sample", "planned_sessions"]

TARGET = Path(__file__).with_name("sample_export.zip")
STEP_S = {"fit.gz": 30, "gpx": 60, "gpx.gz": 60, "tcx.gz": 60}
EXPORTED = (2026, 10, 12, 6, 0, 0)
#: Which of the runs recorded as FIT are in the export a second time: as they are, and as GPX.
EXACT_TWIN, NEAR_TWIN = 30, 60
#: A JPEG with a header and no picture.
PICTURE = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
COLUMNS = (
    "Activity ID", "Activity Date", "Activity Name", "Activity Type", "Activity Description",
    "Elapsed Time", "Distance", "Max Heart Rate", "Relative Effort", "Commute",
    "Activity Private Note", "Activity Gear", "Filename", "Athlete Weight", "Bike Weight",
    "Elapsed Time", "Moving Time", "Distance",
)  # fmt: skip
TYPES = {"running": "Run", "walking": "Walk", "cycling": "Ride", "training": "Weight Training"}


def make_sample() -> bytes:
    """Make the whole archive: the bytes of a zip file."""
    sessions = planned_sessions()
    members = {f"activities/{file_name(i, s)}": _file(i, s) for i, s in enumerate(sessions)}
    rows = [_row(i, session) for i, session in enumerate(sessions)]
    for number, session, form in _twins(sessions):
        twin = len(rows)
        name = f"activities/{activity_id(twin)}.{form}"
        members[name] = _packed(form, _contents(number, session, form))
        rows.append([activity_id(twin), *_row(number, session, name)[1:]])
    members[f"activities/{activity_id(len(rows))}.fit.gz"] = _stored_gzip(
        settings_fit(sessions[0].start_utc)
    )
    members["activities.csv"] = _table([COLUMNS, *rows])
    members["profile.jpg"] = PICTURE
    return _zip(members)


def activity_id(number: int) -> int:
    """Id of a file in the export, for the place of its session in `planned_sessions`."""
    return 16_020_000_000 + 7_919 * number


def file_name(number: int, session: Session) -> str:
    """Name of a session's file in ``activities/``."""
    return f"{activity_id(number)}.{session.form}"


def _twins(sessions: list[Session]) -> list[tuple[int, Session, str]]:
    """Pick the two runs that the export holds twice, with the ending of the second file."""
    runs = [(i, s) for i, s in enumerate(sessions) if s.sport == "running" and s.form == "fit.gz"]
    return [(*runs[EXACT_TWIN], "fit.gz"), (*runs[NEAR_TWIN], "gpx")]


def _file(number: int, session: Session) -> bytes:
    """Bytes of a session's own file, cut off where it is the broken one."""
    contents = _contents(number, session, session.form)
    if not session.readable:
        contents = contents[: len(contents) * 3 // 5]
    return _packed(session.form, contents)


def _contents(number: int, session: Session, form: str) -> bytes:
    """Bytes of a session in a given form, before any gzip."""
    if session.sport == "training":
        return strength_fit(
            session.start_utc, offset_min=_offset_min(session), rpe=session.rpe, seed=number,
            duration_min=session.duration_min,
        )  # fmt: skip
    samples: dict[str, Any] = {
        "distance_km": session.distance_km,
        "duration_min": session.duration_min,
        "heart_rate": session.heart_rate,
        "step_s": STEP_S[session.form],
        "seed": number,
    }
    if form == "fit.gz":
        messages = activity_messages(
            session.start_utc, offset_min=_offset_min(session), sport=session.sport,
            sub_sport=session.sub_sport, rpe=session.rpe,
            position=session.sub_sport != "treadmill", **samples,
        )  # fmt: skip
        return write_fit(messages)
    points = made_up_points(session.start_utc, **samples)
    if form.startswith("gpx"):
        return write_gpx(points, name=session.name)
    return write_tcx(points, leading_spaces=10 * (number % 2))


def _offset_min(session: Session) -> int:
    """Local time minus UTC, in minutes."""
    return (session.start.utcoffset() or dt.timedelta()) // dt.timedelta(minutes=1)


def _packed(form: str, contents: bytes) -> bytes:
    return _stored_gzip(contents) if form.endswith(".gz") else contents


def _stored_gzip(data: bytes) -> bytes:
    """Write gzip with stored blocks, no name and no time, by hand: the same bytes anywhere."""
    blocks = [data[at : at + 0xFFFF] for at in range(0, len(data), 0xFFFF)]
    body = b"".join(
        struct.pack("<BHH", i == len(blocks) - 1, len(block), 0xFFFF ^ len(block)) + block
        for i, block in enumerate(blocks)
    )
    head = bytes.fromhex("1f8b08000000000000ff")
    return head + body + struct.pack("<II", zlib.crc32(data), len(data))


def _row(number: int, session: Session, name: str | None = None) -> list[object]:
    """One row of ``activities.csv``; its dates are UTC, its first distance km, its second m."""
    seconds = round(session.duration_min * 60)
    return [
        activity_id(number), _csv_date(session.start_utc), session.name, TYPES[session.sport],
        "", seconds, f"{session.distance_km:.2f}", "", "", "false", session.note, "",
        name or f"activities/{file_name(number, session)}", "", "",
        f"{seconds}.0", f"{seconds}.0", f"{session.distance_km * 1000:.1f}",
    ]  # fmt: skip


def _csv_date(when: dt.datetime) -> str:
    """Write a date as Strava does: ``Oct 7, 2025, 4:12:30 PM``."""
    hour, half = when.hour % 12 or 12, "PM" if when.hour >= 12 else "AM"
    return f"{MONTHS[when.month - 1]} {when.day}, {when.year}, {hour}:{when:%M:%S} {half}"


def _table(rows: Iterable[Iterable[object]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, contents in sorted(members.items()):
            entry = zipfile.ZipInfo(name, EXPORTED)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, contents)
    return out.getvalue()


if __name__ == "__main__":
    TARGET.write_bytes(make_sample())
    print(f"{TARGET}: {TARGET.stat().st_size} bytes")
