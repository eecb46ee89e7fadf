"""Strava's list of activities, in any language and shape."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from strava_export import HEADERS, Row, activities_csv

from loadmon.errors import FileProblem
from loadmon.io.exports.cells import Entry
from loadmon.io.exports.strava import read_list
from loadmon.io.formats import export_kind

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
ROW = Row(START, "activities/1001.fit.gz", km=9.44, minutes=50, gear="Road One", rpe=6)
LANGUAGES = ("en", "de", "ja", "xx")


def entries(*rows: Row, **asked: Any) -> list[Entry]:
    data = activities_csv(rows or (ROW,), **asked)
    assert export_kind(data) == "strava"
    return read_list(data).entries


@pytest.mark.parametrize("columns", [45, 87, 92, 94, 99, 101, 103])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_row_in_any_language_and_width(language: str, columns: int) -> None:
    later = Row(START + dt.timedelta(days=12), "activities/1002.gpx", km=5, minutes=30)
    (entry, _) = entries(ROW, later, language=language, columns=columns)
    told = entry.recording.summary
    assert (entry.ref, entry.ident, entry.name) == ("row 2", "1001", "Morning Run")
    assert (entry.file, entry.gear) == ("activities/1001.fit.gz", "Road One")
    assert entry.recording.start == START.timestamp()
    assert (told["distance_m"], told["timer_s"], told["elapsed_s"]) == (9440, 3000, 3000)
    assert told["rpe"] == 6


def test_the_old_shape_has_metres_and_seconds_once() -> None:
    (entry,) = entries(language="old")
    told = entry.recording.summary
    assert (told["distance_m"], told["elapsed_s"], entry.gear) == (9440, 3000, "Road One")
    assert entry.recording.start == START.timestamp()
    assert entry.file == "activities/1001.fit.gz"


@pytest.mark.parametrize("language", ["en", "de", "ja"])
def test_sports_in_languages_that_are_known(language: str) -> None:
    rows = [Row(START, sport=s) for s in ("running", "cycling", "training")]
    found = [e.recording.sport for e in entries(*rows, language=language)]
    assert found == ["running", "cycling", "training"]


def test_a_sport_in_a_language_that_is_not_known_is_not_guessed() -> None:
    (entry,) = entries(language="xx")
    assert (entry.recording.sport, entry.word) == ("", "Zzz")


@pytest.mark.parametrize(
    ("encoding", "flagged"),
    [("utf-8", False), ("utf-8-sig", False), ("utf-16", False), ("latin-1", True)],
)
def test_encodings(encoding: str, flagged: bool) -> None:
    side = read_list(activities_csv([ROW], "de", encoding=encoding))
    assert ("csv-encoding" in side.issues) is flagged
    (entry,) = side.entries
    assert entry.recording.summary["distance_m"] == 9440


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_spreadsheet_may_have_changed_what_stands_between_columns(delimiter: str) -> None:
    (entry,) = entries(language="de", delimiter=delimiter)
    assert entry.recording.summary["distance_m"] == 9440


def test_narrow_spaces_in_dates() -> None:
    (entry,) = entries(narrow_space=True)
    assert entry.recording.start == START.timestamp()


def test_a_description_may_hold_lines_commas_and_quotes() -> None:
    text = 'first, "quoted"\nsecond line\r\n\nlast'
    found = entries(Row(START, description=text), ROW)
    assert [e.ref for e in found] == ["row 2", "row 3"]
    assert found[1].file == ROW.file


def test_an_entry_by_hand_names_no_file_and_one_that_strava_lost_says_so() -> None:
    hand, lost = entries(Row(START), Row(START, "#error#"))
    assert (hand.file, hand.recording.flags, hand.problem) == ("", {}, None)
    assert (lost.file, set(lost.recording.flags)) == ("", {"csv-row"})


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "/etc/passwd", "C:\\Windows\\x.fit", "activities/../../x.fit",
             "\\\\host\\share\\x.fit", "..\\x.fit"],
)  # fmt: skip
def test_a_name_outside_the_export_is_refused(name: str) -> None:
    (entry,) = entries(Row(START, name))
    assert entry.file == ""
    assert isinstance(entry.problem, FileProblem)
    assert (entry.problem.outcome, entry.problem.reason) == ("refused", "csv-name")


@pytest.mark.parametrize("written", ["1,77", "1.234,5", "abc", "", "nan", "inf", "１７７０"])
def test_a_number_in_another_writing_is_not_known(written: str) -> None:
    data = activities_csv([ROW]).replace(b",9440.0,", f',"{written}",'.encode())
    (entry,) = read_list(data).entries
    assert "distance_m" not in entry.recording.summary


@pytest.mark.parametrize(("rpe", "told"), [(1, 1), (10, 10), (0, np.nan), (11, np.nan)])
def test_perceived_exertion_is_from_one_to_ten(rpe: float, told: float) -> None:
    (entry,) = entries(Row(START, rpe=rpe))
    assert entry.recording.summary.get("rpe", np.nan) == pytest.approx(told, nan_ok=True)


def test_one_distance_alone_is_kilometres_or_miles_and_not_read() -> None:
    data = b"Activity ID,Activity Date,Distance,Filename\n1,2026-03-02 07:30:00,9.44,\n"
    (entry,) = read_list(data).entries
    assert "distance_m" not in entry.recording.summary


def test_a_list_of_which_only_file_names_are_understood_says_so() -> None:
    side = read_list(b"a,b\n1,activities/1.fit\n2,activities/2.gpx\n")
    assert [e.file for e in side.entries] == ["activities/1.fit", "activities/2.gpx"]
    assert "csv-row" in side.issues


@pytest.mark.parametrize("data", [
    b"", b"\n", b"a", b"date,when,pain\n2026-01-01,,3\n", b"Athlete ID,Email Address\n1,a@b\n",
    b"Shoe Name,Shoe Brand\nRoad,One\n", b"\x89PNG\r\n\x1a\n\x00\x00", b"id,value\n1,2\n",
    b"Lap,Distance,Time\n1,1.00,5:00\n",
])  # fmt: skip
def test_other_tables_are_not_taken_for_it(data: bytes) -> None:
    assert export_kind(data) == ""


def test_an_empty_list_has_no_entries() -> None:
    data = HEADERS["en"].encode() + b"\n"
    assert export_kind(data) == "strava"
    assert read_list(data).entries == []


def test_short_rows_and_blank_rows_are_no_trouble() -> None:
    data = activities_csv([ROW]) + b"\n,,,\n1002\n"
    found = read_list(data).entries
    assert [e.ident for e in found] == ["1001", "1002"]
    assert np.isnan(found[1].recording.start)


def test_a_field_that_never_ends_is_damaged_and_not_a_traceback() -> None:
    data = activities_csv([ROW]) + b'1002,"' + b"x" * (2 << 20)
    with pytest.raises(FileProblem) as problem:
        read_list(data)
    assert problem.value.reason == "csv-damaged"


def test_the_time_that_counts_is_the_moving_time() -> None:
    data = activities_csv([ROW]).replace(b",3000.0,3000.0,", b",3000.0,2700.0,")
    (entry,) = read_list(data).entries
    told = entry.recording.summary
    assert (told["timer_s"], told["elapsed_s"]) == (2700, 3000)
    data = activities_csv([ROW]).replace(b",3000.0,3000.0,", b",3000.0,,")
    assert read_list(data).entries[0].recording.summary["timer_s"] == 3000
