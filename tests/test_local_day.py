"""Whose calendar the day of an activity is from."""

from __future__ import annotations

import datetime as dt

import pytest

from loadmon.reading.local_day import utc_offset_min
from loadmon.reading.recording import Recording


def at(text: str) -> float:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp()


SUMMER, WINTER = at("2026-07-01T10:00"), at("2026-01-01T10:00")


def test_the_offset_of_the_file_comes_first() -> None:
    told = Recording(offset_min=-330, zone="Asia/Tokyo")
    assert utc_offset_min(told, SUMMER, "Europe/Berlin") == (-330, "file")


def test_an_offset_of_nought_in_the_file_is_told() -> None:
    assert utc_offset_min(Recording(offset_min=0.0), SUMMER, "Europe/Berlin") == (0, "file")


def test_a_zone_in_the_file_comes_before_the_home_zone() -> None:
    assert utc_offset_min(Recording(zone="Asia/Tokyo"), SUMMER, "Europe/Berlin") == (540, "file")


@pytest.mark.parametrize(("moment", "offset"), [(SUMMER, 120), (WINTER, 60)])
def test_the_home_zone_keeps_its_summer_time(moment: float, offset: float) -> None:
    assert utc_offset_min(Recording(), moment, "Europe/Berlin") == (offset, "home")


@pytest.mark.parametrize(
    ("moment", "offset"),
    [("2026-03-29T00:59:59", 60), ("2026-03-29T01:00:00", 120),
     ("2026-10-25T00:59:59", 120), ("2026-10-25T01:00:00", 60)],
)  # fmt: skip
def test_the_clock_is_put_forward_and_back_to_the_second(moment: str, offset: float) -> None:
    assert utc_offset_min(Recording(), at(moment), "Europe/Berlin") == (offset, "home")


def test_zones_of_half_and_quarter_hours_are_exact() -> None:
    assert utc_offset_min(Recording(), SUMMER, "Asia/Kathmandu") == (345, "home")


def test_without_any_word_the_day_is_that_of_utc() -> None:
    assert utc_offset_min(Recording(), SUMMER, "") == (0, "utc")
