"""Which reader an input belongs to, by its contents."""

from __future__ import annotations

import datetime as dt

import pytest
from writers import run_fit, run_gpx, run_tcx

from loadmon.errors import FileProblem
from loadmon.io.formats import ending_of, format_of, recordings
from loadmon.io.recording import Recording

START = dt.datetime(2026, 3, 1, 7, 30, tzinfo=dt.UTC)
ASKED = {"distance_km": 1.0, "duration_min": 5}
FIT = run_fit(START, offset_min=60, **ASKED)
GPX = run_gpx(START, **ASKED)
TCX = run_tcx(START, **ASKED)


@pytest.mark.parametrize("name", ["a.fit", "a.gpx", "a.tcx", "a", "a.bin", "a.FIT.GZ"])
@pytest.mark.parametrize(("data", "kind"), [(FIT, "fit"), (GPX, "gpx"), (TCX, "tcx")])
def test_the_contents_decide_and_not_the_name(name: str, data: bytes, kind: str) -> None:
    assert format_of(name, data) == kind


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16-le", "utf-16-be", "latin-1"])
def test_xml_is_known_in_any_encoding(encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    assert format_of("x", mark + GPX.decode().encode(encoding)) == "gpx"


@pytest.mark.parametrize("text", [b"<g:gpx xmlns:g='u'>", b"  \n<GPX>", b"<!-- c --><gpx\n>"])
def test_a_prefix_space_or_comment_before_the_root_does_not_hide_it(text: bytes) -> None:
    assert format_of("x", text) == "gpx"


def test_a_word_that_only_begins_like_a_root_is_none() -> None:
    assert format_of("a.txt", b"<gpxdata>") == ""


@pytest.mark.parametrize(
    ("name", "ending"),
    [("a.fit", "fit"), ("z!b/A.FIT", "fit"), ("a.gpx.gz", "gpx"), ("a.tcx", "tcx"), ("fit", ""),
     ("a.fit.zip", ""), ("a.fitness", "")],
)  # fmt: skip
def test_a_name_promises_a_format(name: str, ending: str) -> None:
    assert ending_of(name) == ending


def problem(name: str, data: bytes) -> FileProblem:
    with pytest.raises(FileProblem) as caught:
        recordings(name, data)
    return caught.value


@pytest.mark.parametrize("name", ["a.fit", "a.gpx", "a.txt"])
def test_an_empty_file_is_refused(name: str) -> None:
    found = problem(name, b"")
    assert (found.outcome, found.reason) == ("refused", "empty")


def test_a_web_page_named_fit_is_refused_with_its_first_bytes() -> None:
    found = problem("a.fit", b"<!DOCTYPE html><html><body>Log in</body></html>")
    assert (found.outcome, found.reason) == ("refused", "not-fit")
    assert "<!DOCTYPE html>" in found.detail


def test_a_byte_order_mark_before_a_fit_file_can_be_mended() -> None:
    found = problem("a.fit", b"\xef\xbb\xbf" + FIT)
    assert (found.outcome, found.reason) == ("quarantined", "not-fit")
    assert "byte-order mark" in found.detail


@pytest.mark.parametrize("name", ["a.jpg", "notes.txt", "README", "a.csv"])
def test_what_is_no_recording_is_skipped(name: str) -> None:
    found = problem(name, b"\x89PNG....")
    assert (found.outcome, found.reason) == ("skipped", "not-activity")


@pytest.mark.parametrize("name", ["a.gpx", "a.tcx"])
def test_a_name_of_xml_without_its_contents_is_a_problem_of_that_reader(name: str) -> None:
    assert problem(name, b"\x89PNG....").outcome in ("refused", "quarantined")


def test_every_format_ends_in_the_same_shape() -> None:
    for name, data in (("a.fit", FIT), ("a.gpx", GPX), ("a.tcx", TCX)):
        (found,) = recordings(name, data)
        assert isinstance(found, Recording)
        assert found.sport == "running"
        assert found.start == START.timestamp()
        assert {len(v) for v in found.streams.values()} == {len(found.time)}
