"""The page on formats says what the program does: its limits, its codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from forbidden import FORBIDDEN

from loadmon.io import dedupe as duplicates
from loadmon.io import localtime as local_day
from loadmon.io.exports import merge, polar
from loadmon.io.exports.platforms import FORMS
from loadmon.io.recording import sport_names

HERE = Path(__file__).parent.parent
TEXT = (HERE / "docs" / "formats.md").read_text(encoding="utf-8")
PLAIN = re.sub(r"\s+", " ", TEXT)
SOURCE = "".join(p.read_text(encoding="utf-8") for p in (HERE / "loadmon" / "io").rglob("*.py"))


def test_the_limits_are_those_of_the_program() -> None:
    for text in (
        f"by more than {100 * merge._APART:g} % in distance (and {1000 * merge._CLEAR_KM:g} m)",
        f"elapsed time (and {merge._CLEAR_MIN:g} min)",
        f"within {merge._EXACT_S:g} s and the same length",
        f"overlap by more than {100 * duplicates._OVERLAP:g} % of the shorter",
        f"start within {duplicates._START_S / 60:g} minutes",
        f"as long and as far within {100 * duplicates._SAME_SHARE:g} %",
        "ahead (`time-future`)",
    ):
        assert text in PLAIN, text


@pytest.mark.source
def test_every_code_that_is_named_exists() -> None:
    codes = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", PLAIN)) - {"workout-routes"}
    assert len(codes) > 12
    for code in codes:
        assert f'"{code}"' in SOURCE, code


def test_every_vendor_has_its_section_with_the_way_what_is_read_and_what_is_not() -> None:
    sections = dict(re.findall(r"\n## ([^\n]+)\n(.*?)(?=\n## |\Z)", TEXT, re.DOTALL))
    vendors = ["Strava", "Garmin", "Apple Health", "Polar", "COROS", "Suunto", "intervals.icu"]
    assert [name for name in sections if name in vendors] == vendors
    for name in vendors:
        for part in ("**Get it:**", "**Read:**", "**Not read:**"):
            assert part in sections[name], (name, part)


def test_every_platform_that_is_read_stands_in_the_table() -> None:
    (page,) = re.findall(r"## Every platform on one page(.*?)\n## ", TEXT, re.DOTALL)
    names = {
        "Garmin": "Garmin, the account",
        "Polar Flow": "Polar",
        "adidas Running": "adidas Running (Runtastic)",
    }
    for form in FORMS:
        assert names.get(form.platform, form.platform) in page, form.platform


def test_the_sports_of_polar_are_those_that_are_named() -> None:
    (named,) = re.findall(r"as far as they are public: ([^.]*)\.", PLAIN)
    told = {sport_names(word)[0] for word in named.split(", ")} - {""}
    assert told | {"training"} == {sport_names(word)[0] for word in polar._SPORTS.values()}


def test_the_sources_of_local_time_are_those_of_the_program() -> None:
    table = set(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)) - {"tz_source"}
    assert table == {"file", "list", "gps", "neighbours", "home", "utc"}
    sources = set(re.findall(r'"(file|gps|home|utc)"', Path(local_day.__file__).read_text("utf-8")))
    assert sources | {"list", "neighbours"} == table


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_no_word_that_is_forbidden_is_used(pattern: str) -> None:
    assert not re.search(pattern, PLAIN, re.IGNORECASE)
