"""Single values out of vendors' files."""

from __future__ import annotations

import math
from typing import Any

import pytest

from loadmon.errors import FileProblem
from loadmon.io.exports.cells import (
    below,
    clock,
    day_of,
    loads,
    number,
    offset_between,
    rows_of,
    text,
    unix_s,
)


@pytest.mark.parametrize(("value", "told"), [
    (5, 5), (5.5, 5.5), ("5.5", 5.5), (" 7 ", 7), ("-1e3", -1000), (0, 0), (10**15, 1e15),
])  # fmt: skip
def test_numbers(value: Any, told: float) -> None:
    assert number(value) == told


@pytest.mark.parametrize("value", [
    None, True, False, "", "5,5", "1 000", "nan", "inf", "0x10", "1_000", "٣", "５", [], {}, 1e308,
    float("nan"), float("inf"), 10**400, "9" * 400, "1e999",
])  # fmt: skip
def test_what_is_no_number_is_not_known(value: Any) -> None:
    assert math.isnan(number(value))


@pytest.mark.parametrize(("value", "told"), [
    ("a ", "a"), (5, "5"), (5.0, "5"), (5.5, ""), (True, ""), (None, ""), ([], ""),
])  # fmt: skip
def test_texts(value: Any, told: str) -> None:
    assert text(value) == told


@pytest.mark.parametrize(("value", "unix"), [
    ("2026-03-02T07:30:00Z", 1772436600), ("2026-03-02T08:30:00+01:00", 1772436600),
    ("2026-03-02 08:30:00 +0100", 1772436600), ("2026-03-02T07:30", 1772436600),
    ("2026-03-01T22:30:00.000-09:00", 1772436600), (1772436600000, 1772436600),
    ("2026-03-02", 1772409600), ("2026-03-02T07:30:00.123456789Z", 1772436600.123456),
])  # fmt: skip
def test_times(value: Any, unix: float) -> None:
    assert unix_s(value) == pytest.approx(unix, abs=1e-3)


@pytest.mark.parametrize(
    "value", ["", "soon", "2026-13-01", "2026-03-02T25:00:00", None, [], "2026"]
)
def test_what_is_no_time_is_not_known(value: Any) -> None:
    assert math.isnan(unix_s(value))


@pytest.mark.parametrize(("value", "day"), [
    ("2026-03-02", "2026-03-02"), ("2026-03-02T23:59:59", "2026-03-02"),
    (1772436600000, "2026-03-02"),
    ("2026-03-0", ""), (None, ""), (1e15, ""), (-1e15, ""), ("", ""),
])  # fmt: skip
def test_days(value: Any, day: str) -> None:
    assert day_of(value) == day


def test_a_clock_keeps_its_offset() -> None:
    assert clock("2026-03-02 08:30:00 -0530") == (1772440200, -330)
    assert math.isnan(clock("2026-03-02 08:30:00")[1])


@pytest.mark.parametrize(("zone", "minutes"), [("-12:00", -720), ("+1400", 840)])
def test_the_widest_offsets_of_the_earth_are_told(zone: str, minutes: float) -> None:
    assert clock(f"2026-03-02T08:30:00{zone}")[1] == minutes


@pytest.mark.parametrize("zone", ["-12:01", "+1401", "+99:99", "-99:99"])
def test_an_offset_that_no_zone_has_is_none_and_moves_no_time(zone: str) -> None:
    wall, offset = clock(f"2026-03-02T07:30:00{zone}")
    assert math.isnan(offset)
    assert unix_s(f"2026-03-02T07:30:00{zone}") == wall == 1772436600


@pytest.mark.parametrize(("seconds", "minutes"), [
    (3600, 60), (3630, 60), (-43_200, -720), (50_400, 840), (20_700, 345), (0, 0),
])  # fmt: skip
def test_offsets_are_quarter_hours(seconds: float, minutes: float) -> None:
    assert offset_between(1e9 + seconds, 1e9) == minutes


@pytest.mark.parametrize("seconds", [3600 + 400, 60_000, -50_000, math.nan])
def test_other_differences_are_no_offset(seconds: float) -> None:
    assert math.isnan(offset_between(1e9 + seconds, 1e9))


def test_walking_down_never_fails() -> None:
    tree = {"a": [{"b": 1}, 2]}
    assert below(tree, "a", 0, "b") == 1
    for way in (("x",), ("a", 5), ("a", "b"), ("a", 0, 0), ("a", 0, "b", "c")):
        assert below(tree, *way) is None
    assert rows_of(tree["a"]) == [{"b": 1}]
    assert rows_of(tree) == rows_of(None) == []


@pytest.mark.parametrize(("data", "reason"), [
    (b"", "json-damaged"), (b"{", "json-damaged"), (b"\xff", "json-damaged"),
    (b"[" * 200_000, "json-depth"),
])  # fmt: skip
def test_damaged_json_is_a_problem(data: bytes, reason: str) -> None:
    with pytest.raises(FileProblem) as problem:
        loads(data)
    assert problem.value.reason == reason


def test_bare_nan_and_a_byte_order_mark_are_no_damage() -> None:
    assert math.isnan(loads(b"[NaN]")[0])
    assert loads(b"\xef\xbb\xbf[1]") == [1]
