"""What the bytes of one input hold: nothing but the bytes decides, and it travels."""

from __future__ import annotations

import datetime as dt
import pickle

import numpy as np
import pytest
from writers import run_fit, settings_fit

from loadmon.errors import FileProblem
from loadmon.io.parse import ParsedActivity, parse_input
from loadmon.io.recording import SUMMARY_COLUMNS

START = dt.datetime(2026, 3, 1, 7, 30, tzinfo=dt.UTC)


def fit(day: int = 0) -> bytes:
    when = START + dt.timedelta(days=day)
    return run_fit(when, offset_min=60, distance_km=2.0, duration_min=12, step_s=20)


def test_a_recording_is_parsed_with_its_stream() -> None:
    contents = parse_input("a.fit", fit())
    (part,) = contents.parts
    assert isinstance(part, ParsedActivity)
    assert (contents.format, part.sport, part.start) == ("fit", "running", START.timestamp())
    assert part.records == len(part.time) == len(part.streams["distance_m"]) == 37
    assert set(SUMMARY_COLUMNS) | {"distance_km", "steps"} <= set(part.numbers)


def test_parts_keep_their_positions_whatever_is_wrong_with_some() -> None:
    cut = parse_input("a.fit", fit(0) + fit(1) + fit(2)[:-40])
    assert [type(p) for p in cut.parts] == [ParsedActivity, ParsedActivity, FileProblem]


@pytest.mark.parametrize("data", [b"", b"note", settings_fit(START), fit()[:-2]])
def test_what_is_no_activity_says_why(data: bytes) -> None:
    (part,) = parse_input("a.fit", data).parts
    assert isinstance(part, FileProblem)
    assert part.detail


def test_contents_travel_between_processes() -> None:
    contents = parse_input("a.fit", fit() + fit(1)[:-40])
    again = pickle.loads(pickle.dumps(contents))
    one, problem = contents.parts
    assert isinstance(one, ParsedActivity)
    assert isinstance(problem, FileProblem)
    assert np.array_equal(again.parts[0].streams["speed_mps"], one.streams["speed_mps"])
    assert again.parts[0].issues == one.issues
    told = again.parts[1]
    assert (told.outcome, told.reason, told.detail, told.when) == (
        "quarantined", "fit-truncated", problem.detail, problem.when,
    )  # fmt: skip
    assert str(told) == problem.detail


def test_without_streams_the_numbers_stay() -> None:
    (part,) = parse_input("a.fit", fit()).without_streams().parts
    assert isinstance(part, ParsedActivity)
    assert (len(part.time), part.streams, part.records) == (0, {}, 37)
