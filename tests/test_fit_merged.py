"""Two runs that a program merged into one FIT file are two; one run with a long stop is one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from nasty import changed
from writers import Message, activity_messages, write_fit

from loadmon.errors import FileProblem
from loadmon.io.parse import ParsedActivity, parse_input

START = dt.datetime(2026, 3, 10, 6, tzinfo=dt.UTC)
LATER = START + dt.timedelta(hours=2)
FIRST: dict[str, Any] = {"offset_min": 60, "distance_km": 5.04, "duration_min": 30, "step_s": 2}
SECOND: dict[str, Any] = {**FIRST, "distance_km": 3.6, "duration_min": 20, "heart_rate": 131}
_FEW = dt.timedelta(seconds=11)  # in which a watch writes a handful of records
_OF_BOTH = ("total_distance", "total_timer_time", "total_elapsed_time")


def read(messages: list[Message]) -> list[ParsedActivity]:
    parts = parse_input("a.fit", write_fit(messages)).parts
    assert not any(isinstance(part, FileProblem) for part in parts), parts
    return [part for part in parts if isinstance(part, ParsedActivity)]


def merged(
    *,
    second: dt.datetime = LATER,
    begins_again: bool = False,
    has_events: bool = True,
    between: list[Message] | None = None,
    has_session: bool = True,
    **session: Any,
) -> list[Message]:
    """Both runs in one file, with one session that is over both."""
    one, other = activity_messages(START, **FIRST), activity_messages(second, **SECOND)
    told = [dict(m[1]) for run in (one, other) for m in run if m[0] == "session"]
    whole = told[0] | {name: told[0][name] + told[1][name] for name in _OF_BOTH}
    whole["total_elapsed_time"] = (
        told[1]["start_time"] - told[0]["start_time"]
    ).total_seconds() + told[1]["total_elapsed_time"]
    whole |= {"timestamp": told[1]["timestamp"], "num_laps": 2} | session
    before = 0.0 if begins_again else told[0]["total_distance"]
    other = changed(other, "record", lambda _, old: old | {"distance": old["distance"] + before})
    kept = ("record", "lap", *(("event",) if has_events else ()))
    return [
        one[0],
        *(m for m in one if m[0] in kept),
        *(between or []),
        *(m for m in other if m[0] in kept),
        *([("session", whole)] if has_session else []),
        *(m for m in other if m[0] == "activity" and has_session),
    ]


SECOND_FILE_ID: list[Message] = [
    (
        "file_id",
        {
            "type": "activity",
            "manufacturer": "suunto",
            "product": 34,
            "serial_number": 4711,
            "time_created": LATER,
        },
    )
]


def watches(serials: tuple[int, int], index: int = 0) -> list[Message]:
    """Messages of the watch, or of a sensor, on either side of the silence."""
    moments = (START + dt.timedelta(seconds=1), LATER + dt.timedelta(seconds=1))
    return [
        ("device_info", {"timestamp": at, "device_index": index, "serial_number": serial})
        for at, serial in zip(moments, serials, strict=True)
    ]


@pytest.mark.parametrize(
    "messages",
    [
        merged(begins_again=True),
        merged(between=watches((3311, 4711))),
        merged(begins_again=True, has_events=False),
        merged(has_events=False),
        merged(has_events=False, has_session=False),
        merged(between=SECOND_FILE_ID),
        merged(begins_again=True, has_session=False),
        merged(begins_again=True, second=START + dt.timedelta(hours=11)),
        merged(begins_again=True, second=START + dt.timedelta(days=9)),
        merged(begins_again=True, total_distance=5040.0),
    ],
)
def test_two_runs_in_one_session_are_two(messages: list[Message]) -> None:
    first, second = read(messages)
    assert first.start == START.timestamp()
    assert second.start >= LATER.timestamp()
    assert [r.numbers["distance_km"] for r in (first, second)] == pytest.approx(
        [5.04, 3.6], abs=0.02
    )
    assert [r.numbers["duration_min"] for r in (first, second)] == pytest.approx([30, 20], abs=0.1)
    assert [r.numbers["elapsed_min"] for r in (first, second)] == pytest.approx([30, 20], abs=0.1)
    assert [r.sport for r in (first, second)] == ["running", "running"]
    assert second.numbers["avg_hr_bpm"] < first.numbers["avg_hr_bpm"]
    for one in (first, second):
        assert "merged-runs" in one.issues
        assert not one.issues.keys() & {"counter-reset", "dist-disagree", "time-jump"}


@pytest.mark.parametrize(
    "messages",
    [
        activity_messages(START, **FIRST, pause_s=45 * 60),  # a cafe, and the watch says so
        merged(),  # the same, from one counter and one timer
        merged(between=watches((3311, 3311))),
        merged(between=watches((3311, 4711), index=2)),  # a strap that found its battery
        merged(second=START + dt.timedelta(minutes=40), begins_again=True),  # one outing
        # The timer went on, and the runner stood: nobody knows that it was another run.
        merged(has_events=False, total_timer_time=LATER.timestamp() - START.timestamp() + 1200),
    ],
)
def test_one_run_with_a_long_stop_is_one(messages: list[Message]) -> None:
    (found,) = read(messages)
    assert "merged-runs" not in found.issues


def test_a_clock_that_leaps_and_a_record_or_two_are_no_runs() -> None:
    late = START + dt.timedelta(days=900)
    (found,) = read(merged(begins_again=True, second=late, total_elapsed_time=None))
    assert "merged-runs" not in found.issues
    many = merged(begins_again=True)
    last = [m for m in many if m[0] != "record" or m[1]["timestamp"] < LATER + _FEW]
    (found,) = read(last)
    assert "merged-runs" not in found.issues


def test_a_way_without_records_is_no_border() -> None:
    messages = merged(has_events=False, total_distance=17_000.0)
    moved = changed(
        messages,
        "record",
        lambda _, old: (
            old | {"distance": old["distance"] + (8_400.0 if old["timestamp"] >= LATER else 0.0)}
        ),
    )
    (found,) = read(moved)
    assert found.numbers["distance_km"] == pytest.approx(17.0)


def test_each_run_has_its_laps_and_no_sum_of_both() -> None:
    first, second = read(merged(begins_again=True, total_calories=900, workout_rpe=70))
    for one in (first, second):
        assert one.numbers["calories_kcal"] != 900
        assert one.numbers["rpe"] != 7
