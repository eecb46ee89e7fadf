"""Kilometres and miles as people read them."""

from __future__ import annotations

import math

import pytest

from loadmon.errors import SettingError
from loadmon.units import distance_text, in_distance_units, pace_text


def test_a_marathon_in_both_units() -> None:
    assert distance_text(42.195) == "42.2 km"
    assert distance_text(42.195, "mi") == "26.2 mi"
    assert distance_text(42.195, "mi", decimals=3) == "26.219 mi"


def test_a_pace_is_slower_per_mile() -> None:
    assert pace_text(280) == "4:40 /km"
    assert pace_text(280, "mi") == "7:31 /mi"
    assert pace_text(299.6) == "5:00 /km"


def test_what_is_not_known_is_said_and_stays_nan() -> None:
    assert distance_text(math.nan, "mi") == pace_text(math.nan) == "not known"
    assert math.isnan(in_distance_units(math.nan, "mi"))


def test_another_unit_is_refused() -> None:
    with pytest.raises(SettingError, match="km or mi"):
        distance_text(1.0, "miles")  # type: ignore[arg-type]
