"""Every known way in which a FIT file is odd or broken ends in its one right outcome."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import nasty
import pandas as pd
import pytest
from nasty import METRES, SECONDS, START, changed, having, messages, without
from writers import FIT_EPOCH, fit_seconds, write_fit

from loadmon.io.archive import Archive
from loadmon.io.read import read
from loadmon.io.recording import MOST_ACTIVITIES

NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
DEV = {"developer_data_index": 0, "field_definition_number": 0}


def read_fit_file(tmp_path: Path, data: bytes) -> Archive:
    path = tmp_path / "run.fit"
    path.write_bytes(data)
    archive = read(path, cache=False, now=NOW)
    assert len(archive.files) == 1
    return archive


def outcome(archive: Archive) -> tuple[str, str]:
    row = archive.files.iloc[0]
    return row["outcome"], row["reason"]


def is_the_run(archive: Archive, count: int = 1) -> None:
    """Every number that counts is that of the sound run."""
    rows = archive.activities
    assert len(rows) == count
    for row in rows.to_dict("records"):
        assert row["distance_km"] * 1000 == pytest.approx(METRES, rel=0.01)
        assert row["duration_min"] * 60 == pytest.approx(SECONDS, abs=11)


def shifted(days: float, **asked: Any) -> bytes:
    return nasty.fit(START + dt.timedelta(days=days), **asked)


def dev_fields(described: bool, named: bool, numbered: bool = True) -> bytes:
    """The run with one developer field in each record."""
    key = (0, 0)
    description = DEV | {"fit_base_type_id": "uint16", "field_name": "Power", "units": "W"}
    if not numbered:
        description["field_definition_number"] = None
    before = [("developer_data_id", {"developer_data_index": 0})] if named else []
    before += [("field_description", description)] if described else []
    records = changed(messages(), "record", lambda _, old: old | {key: b"\x10\x00"})
    return write_fit([records[0], *before, *records[1:]])


def many_local_types() -> bytes:
    """Records that take turns in three local types, between other messages."""
    taken = iter(range(10_000))
    out = []
    for name, fields in messages():
        out.append((name, fields, next(taken) % 3) if name == "record" else (name, fields))
    return write_fit(out, big_endian=True)


def unknown_things() -> bytes:
    """Messages and fields that no profile knows."""
    found = changed(messages(), "record", lambda _, old: old | {222: b"\x01\x02\x03"})
    return write_fit([found[0], (65_280, {0: b"\x01\x02", 1: b"x"}), *found[1:]])


def bad_text() -> bytes:
    found = messages()
    sport = ("sport", {"sport": "running", "name": b"L\xe4uf\xff\xfe\0"})
    return write_fit([found[0], sport, *found[1:]])


def frozen_pause() -> bytes:
    """Ten minutes of pause in the middle, through which the watch goes on recording."""
    pause = dt.timedelta(seconds=600)
    out = []
    place = 0
    for name, fields in messages():
        if name == "record" and place == 30:
            when, last = fields["timestamp"], dict(fields)
            out.append(("event", {"timestamp": when, "event": "timer", "event_type": "stop_all"}))
            out += [("record", last | {"timestamp": when + n * 10 * SECOND}) for n in range(60)]
            out.append(
                ("event", {"timestamp": when + pause, "event": "timer", "event_type": "start"})
            )
        late = pause if place >= 30 or name in ("session", "lap", "activity") else 0 * pause
        place += name == "record"
        new = dict(fields)
        if name != "file_id" and "timestamp" in new:
            new["timestamp"] += late
        if name in ("session", "lap"):
            new["total_elapsed_time"] += 600
        if name == "activity":
            new["local_timestamp"] += 600
        out.append((name, new))
    return write_fit(out)


SOUND = {
    "a control": nasty.fit(),
    "header of 12 bytes": write_fit(messages(), header_size=12),
    "header CRC 0": write_fit(messages(), header_crc=False),
    "unknown messages and fields": unknown_things(),
    "compressed timestamps": write_fit(messages(), compressed=True),
    "big endian and many local types": many_local_types(),
    "text that is no UTF-8": bad_text(),
    "summary before the records": write_fit(
        [m for m in messages() if m[0] == "session"] + without(messages(), "session")
    ),
    "described developer fields": dev_fields(described=True, named=True),
    "a pause without records": nasty.fit(pause_s=900),
    "a pause that is recorded with a frozen heart rate": frozen_pause(),
    "west of UTC over midnight": nasty.fit(START.replace(hour=2), offset_min=-570),
}


@pytest.mark.parametrize("case", SOUND)
def test_what_is_only_unusual_is_imported_without_a_flag(tmp_path: Path, case: str) -> None:
    archive = read_fit_file(tmp_path, SOUND[case])
    assert outcome(archive) in (("imported", ""), ("imported", "no-local-time"))
    is_the_run(archive)
    day = "2024-03-09" if case.startswith("west") else "2024-03-10"
    assert archive.activities["date"][0] == pd.Timestamp(day)


# --- the container ------------------------------------------------------------------------------

WHOLE = nasty.fit()
BODY = len(WHOLE) - 16
FLIPPED = bytearray(WHOLE)
FLIPPED[700] ^= 0x10
BROKEN = {
    "CRC wrong": (WHOLE[:-2] + b"\x12\x34", "quarantined", "fit-crc"),
    "one bit rotten": (bytes(FLIPPED), "quarantined", "fit-crc"),
    "cut in a record": (WHOLE[:700], "quarantined", "fit-truncated"),
    "cut between two records": (WHOLE[:-200], "quarantined", "fit-truncated"),
    "no CRC": (WHOLE[:-2], "quarantined", "fit-truncated"),
    "half a CRC": (WHOLE[:-1], "quarantined", "fit-truncated"),
    "size 0": (nasty.resized(WHOLE, 0), "quarantined", "fit-size-zero"),
    "size 0 and no CRC": (nasty.resized(WHOLE, 0)[:-2], "quarantined", "fit-size-zero"),
    "size 0, CRC over it right": (
        nasty.resealed(nasty.resized(WHOLE, 0)), "quarantined", "fit-size-zero",
    ),
    "size too big": (nasty.resized(WHOLE, BODY + 500), "quarantined", "fit-truncated"),
    "size of 4 GiB": (nasty.resized(WHOLE, 0xFFFFFFFF), "quarantined", "fit-truncated"),
    "size too small": (
        nasty.resealed(nasty.resized(WHOLE, BODY - 500)), "quarantined", "fit-trailing",
    ),
    "nothing": (b"", "refused", "empty"),
    "header only": (WHOLE[:14], "quarantined", "fit-truncated"),
    "half a header": (WHOLE[:11], "refused", "not-fit"),
    "header and a byte": (WHOLE[:13], "quarantined", "fit-truncated"),
    "a byte-order mark in front": (b"\xef\xbb\xbf" + WHOLE, "quarantined", "not-fit"),
    "a page saved as .fit": (b"<!DOCTYPE html><html>log in</html>", "refused", "not-fit"),
    "zeros": (bytes(5000), "refused", "not-fit"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_container_counts_nothing_and_says_why(tmp_path: Path, case: str) -> None:
    data, *expected = BROKEN[case]
    archive = read_fit_file(tmp_path, data)
    assert outcome(archive) == tuple(expected)
    assert archive.activities.empty


@pytest.mark.parametrize("tail", [bytes(64), b"\xff" * 3, b"\0", b"some text\n"])
def test_bytes_behind_a_sound_run_are_a_flag(tmp_path: Path, tail: bytes) -> None:
    archive = read_fit_file(tmp_path, WHOLE + tail)
    assert outcome(archive) == ("flagged", "fit-trailing")
    is_the_run(archive)


def test_two_runs_in_a_chain_are_two_activities(tmp_path: Path) -> None:
    archive = read_fit_file(tmp_path, WHOLE + shifted(1))
    assert outcome(archive) == ("imported", "")
    is_the_run(archive, 2)


def test_the_same_part_twice_counts_once_and_is_told(tmp_path: Path) -> None:
    archive = read_fit_file(tmp_path, WHOLE + WHOLE)
    assert outcome(archive) == ("flagged", "duplicate")
    is_the_run(archive)


def hr_only(samples: int = 20, *, file_id: bool = False) -> bytes:
    """The second part that a heart-rate strap appends: `hr` messages and nothing else."""
    rows = [("hr", {"timestamp": START, "event_timestamp": 2.0, "filtered_bpm": [140]})]
    rows += [("hr", {"event_timestamp": 3.0 + i, "filtered_bpm": [141]}) for i in range(samples)]
    head = [m for m in messages() if m[0] == "file_id"] if file_id else []
    return write_fit([*head, *rows])


@pytest.mark.parametrize("file_id", [False, True])
def test_a_part_with_heart_rates_alone_belongs_to_the_run_before_it(
    tmp_path: Path, file_id: bool
) -> None:
    archive = read_fit_file(tmp_path, WHOLE + hr_only(file_id=file_id))
    assert outcome(archive) == ("imported", "")
    is_the_run(archive)


def strap_part(late_s: float = 0.0, **more: Any) -> bytes:
    """Records of heart rates alone, every 4 s, in a part of their own without a session."""
    times = (START + (late_s + 4 * i) * SECOND for i in range(149))
    rows = [("record", {"timestamp": t, "heart_rate": 131, **more}) for t in times]
    return write_fit([*(m for m in messages() if m[0] == "file_id"), *rows])


def test_records_of_a_strap_behind_a_run_are_lent_to_it(tmp_path: Path) -> None:
    bare = nasty.fit(heart_rate=None)
    archive = read_fit_file(tmp_path, bare + strap_part())
    assert outcome(archive) == ("imported", "from-copy")
    is_the_run(archive)
    (row,) = archive.activities.to_dict("records")
    assert (row["avg_hr_bpm"], row["hr_coverage"]) == (131, 1)
    records = archive.records(row["activity_id"])
    assert (records["heart_rate_bpm"] == 131).all()


def test_a_run_keeps_its_own_heart_rates_beside_those_of_a_strap(tmp_path: Path) -> None:
    archive = read_fit_file(tmp_path, WHOLE + strap_part())
    assert outcome(archive) == ("imported", "")
    is_the_run(archive)
    assert archive.activities["avg_hr_bpm"][0] != 131


def test_moments_without_a_beat_of_the_strap_stay_unknown(tmp_path: Path) -> None:
    bare = nasty.fit(heart_rate=None)
    archive = read_fit_file(tmp_path, bare + strap_part(late_s=45))
    records = archive.records(archive.activities["activity_id"][0])
    assert records["heart_rate_bpm"].isna().tolist() == [True] * 4 + [False] * 56


@pytest.mark.parametrize(("late_s", "more"), [(7200, {}), (0, {"distance": 5.0})])
def test_records_of_another_time_or_of_more_than_a_heart_are_no_strap_of_this_run(
    tmp_path: Path, late_s: float, more: dict[str, Any]
) -> None:
    archive = read_fit_file(tmp_path, WHOLE + strap_part(late_s, **more))
    assert outcome(archive)[0] == "flagged"
    assert outcome(archive)[1] != "from-copy"


def test_junk_behind_a_part_with_heart_rates_alone_is_still_told(tmp_path: Path) -> None:
    archive = read_fit_file(tmp_path, WHOLE + hr_only() + bytes(9))
    assert outcome(archive) == ("flagged", "fit-trailing")
    is_the_run(archive)


def test_a_later_part_without_a_file_id_is_an_activity_if_it_holds_one(tmp_path: Path) -> None:
    later = write_fit(without(messages(START + dt.timedelta(days=1)), "file_id"))
    archive = read_fit_file(tmp_path, WHOLE + later)
    assert outcome(archive) == ("imported", "")
    is_the_run(archive, 2)


# --- what is in it ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["settings", "course", "workout", "monitoring_b", "sleep", "totals"]
)
def test_what_is_no_activity_is_skipped_by_its_name(tmp_path: Path, kind: str) -> None:
    kinds: dict[str, Any] = {"sleep": 49}
    found = without(messages(), "session", "activity", "lap")
    archive = read_fit_file(
        tmp_path, write_fit(having(found, "file_id", type=kinds.get(kind, kind)))
    )
    assert outcome(archive) == ("skipped", "not-activity")
    assert kind == "sleep" or kind in archive.files["detail"][0]


def test_a_run_whose_file_claims_to_be_something_else_counts_with_a_flag(tmp_path: Path) -> None:
    archive = read_fit_file(tmp_path, write_fit(having(messages(), "file_id", type="settings")))
    assert outcome(archive) == ("flagged", "file-type")
    is_the_run(archive)


def no_size(field: str) -> bytes:
    """The run, one native field of whose records is a byte too long for its type."""
    key = {"power": 7, "vertical_speed": 0x20}[field]
    found = changed(messages(), "record", lambda _, old: old | {key: b"\x01\x02\x03"})
    data = bytearray(write_fit(found))
    at = data.index(bytes([key, 3]))
    data[at + 2] = 0x84
    return nasty.resealed(bytes(data))


def heart(change: Any) -> bytes:
    def one(i: int, old: dict[str, Any]) -> dict[str, Any]:
        return old | {"heart_rate": change(i, old["heart_rate"])}

    return write_fit(changed(messages(), "record", one))


def teleported(*places: int, degrees: float = 1.0) -> bytes:
    step = round(degrees * 2**31 / 180)

    def one(i: int, old: dict[str, Any]) -> dict[str, Any]:
        return old | {"position_lat": old["position_lat"] + step * (i in places)}

    return write_fit(changed(messages(), "record", one))


def steps_as_strides() -> bytes:
    def one(_: int, old: dict[str, Any]) -> dict[str, Any]:
        return old | {"cadence": 168}

    return write_fit(changed(messages(), "record", one))


def moved_time(place: int, by: float, *, rest: bool = False) -> bytes:
    def one(i: int, old: dict[str, Any]) -> dict[str, Any]:
        hit = i >= place if rest else i == place
        return old | {"timestamp": old["timestamp"] + dt.timedelta(seconds=by * hit)}

    return write_fit(changed(messages(), "record", one))


def session_says(**fields: Any) -> bytes:
    return write_fit(having(messages(), "session", **fields))


FLAGGED = {
    "developer fields that nothing describes": (dev_fields(False, False), "dev-field"),
    "developer fields of an app that is not named": (dev_fields(True, False), "dev-field"),
    "a developer field without a number": (dev_fields(True, True, numbered=False), "dev-field"),
    "a field of a wrong size": (no_size("power"), "field-size"),
    "no session": (write_fit(without(messages(), "session", "activity", "lap")), "no-session"),
    "heart rates of 241": (heart(lambda i, old: 241 if i in (20, 21) else old), "hr-implausible"),
    "a strap that drops to 0": (heart(lambda i, old: 0 if 20 < i < 30 else old), "hr-implausible"),
    "a strap that spikes": (heart(lambda i, old: 225 if i % 9 == 4 else old), "hr-implausible"),
    "one place far away": (teleported(30), "gps-spike"),
    "three places far away": (teleported(30, 31, 32), "gps-spike"),
    "the first place far away": (teleported(0), "gps-spike"),
    "the last places far away": (teleported(58, 59), "gps-spike"),
    "a place one kilometre away": (teleported(30, degrees=0.01), "gps-spike"),
    "steps where strides belong": (steps_as_strides(), "cadence-unit"),
    "a clock that jumps": (moved_time(30, 20 * 86_400, rest=True), "time-jump"),
    "no local time": (write_fit(messages(offset_min=None)), "tz-unknown"),
    "a timer of 900 s": (session_says(total_timer_time=900), "time-disagree"),
    "26 hours": (
        session_says(total_timer_time=93_600, total_elapsed_time=93_600), "time-disagree",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FLAGGED)
def test_what_is_odd_inside_counts_and_is_flagged(tmp_path: Path, case: str) -> None:
    data, reason = FLAGGED[case]
    archive = read_fit_file(tmp_path, data)
    assert outcome(archive)[0] == "flagged"
    assert reason in outcome(archive)[1].split(",")
    is_the_run(archive)


def test_steps_are_counted_once_whatever_the_watch_calls_them(tmp_path: Path) -> None:
    (row,) = read_fit_file(tmp_path, steps_as_strides()).activities.to_dict("records")
    assert row["steps"] == pytest.approx(168 * SECONDS / 60, rel=0.03)


def test_no_heart_rate_above_what_is_possible_is_left(tmp_path: Path) -> None:
    archive = read_fit_file(tmp_path, FLAGGED["heart rates of 241"][0])
    records = archive.records(archive.activities["activity_id"][0])
    assert records["heart_rate_bpm"].max() < 160
    assert records["heart_rate_bpm"].isna().sum() == 2


def all_times(start: dt.datetime | int) -> bytes:
    """The run with every time counted from another start (FIT seconds, or a day)."""
    base = start if isinstance(start, int) else fit_seconds(start)
    shift = base - fit_seconds(START)
    out = []
    for name, fields in messages():
        new = {
            k: fit_seconds(v) + shift if isinstance(v, dt.datetime) else v
            for k, v in fields.items()
        }
        if "local_timestamp" in new:
            new["local_timestamp"] += shift
        out.append((name, new))
    return write_fit(out)


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        (3_000, "time-relative"),
        (0x0FFFFF00, "time-relative"),
        (dt.datetime(1999, 6, 1, tzinfo=dt.UTC), "time-invalid"),
        (dt.datetime(2060, 6, 1, tzinfo=dt.UTC), "time-future"),
        (NOW + dt.timedelta(hours=25), "time-future"),
    ],
)
def test_a_day_that_cannot_be_is_quarantined(tmp_path: Path, start: Any, reason: str) -> None:
    assert FIT_EPOCH.year == 1989
    archive = read_fit_file(tmp_path, all_times(start))
    assert outcome(archive) == ("quarantined", reason)
    assert archive.activities.empty


@pytest.mark.parametrize("field", ["total_timer_time", "total_elapsed_time", "total_distance"])
def test_a_sum_far_beyond_the_records_is_never_counted_unflagged(
    tmp_path: Path, field: str
) -> None:
    old = dict(next(fields for name, fields, *_ in messages() if name == "session"))
    data = write_fit(having(messages(), "session", **{field: 3 * old[field]}))
    assert outcome(read_fit_file(tmp_path, data))[0] in ("flagged", "quarantined")


def test_more_sessions_or_parts_than_any_watch_writes_are_refused_soon(tmp_path: Path) -> None:
    bare = without(messages(), "record", "event", "lap", "activity")
    session = next(m for m in bare if m[0] == "session")
    many = write_fit([bare[0], *[session] * (MOST_ACTIVITIES + 1)])
    chain = write_fit(bare) * (MOST_ACTIVITIES + 1)
    for data in (many, chain):
        assert outcome(read_fit_file(tmp_path, data)) == ("refused", "too-large")
