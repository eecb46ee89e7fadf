"""The page on the report says what the page of a report holds."""

from __future__ import annotations

import html
import re
from pathlib import Path

from forbidden import FORBIDDEN
from made_pages import sample
from PIL import Image

from loadmon.cli.report import report_data
from loadmon.report.calculator import RUN_DAYS
from loadmon.report.wording import SECTION_WORDS, SLIDER_WORDS

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "report.md").read_text(encoding="utf-8")


def test_every_part_of_the_page_is_told_in_its_order() -> None:
    keys = list(SECTION_WORDS)
    rows = re.findall(r"^\| (`.*?) \|", TEXT.partition("## The ramp")[0], flags=re.MULTILINE)
    told = [key for row in rows for key in re.findall(r"`([^`]*)`", row)]
    assert told == [key for key in keys if key in told]
    first, last = keys.index("weeks"), keys.index("overtraining")
    assert [key for key in keys if key not in told] == keys[first + 1 : last]


def test_every_key_of_the_data_is_told() -> None:
    table = re.findall(r"<!-- keys -->(.*?)<!-- end -->", TEXT, flags=re.DOTALL)[0]
    rows = re.findall(r"^\| (`.*?) \|", table, flags=re.MULTILINE)
    told = {key for row in rows for key in re.findall(r"`([^`]*)`", row)}
    assert told == set(report_data(sample()[0]))


def test_the_slider_is_that_of_the_calculator() -> None:
    least, most = min(RUN_DAYS), max(RUN_DAYS)
    assert f"A slider sets the {SLIDER_WORDS['runs'].lower()}, {least} to {most}" in TEXT


def test_the_picture_of_the_readme_shows_the_page_of_today() -> None:
    with Image.open(ROOT / "docs" / "report.png") as picture:
        seen = picture.info["Description"]
    page = html.unescape(re.sub(r"<[^>]+>", " ", sample()[1]))
    lines = [
        line
        for line in seen.partition(SECTION_WORDS["coming-back"])[0].splitlines()
        if line.strip()
    ]
    missing = [line for line in lines if plain(line) not in plain(page)]
    assert not missing, f"{missing}: run python docs/make_picture.py"


def plain(text: str) -> str:
    """Text without its spaces and capitals, of which a browser shows others."""
    return re.sub(r"\s+", "", text).casefold()


def test_the_page_promises_nothing() -> None:
    assert not [p for p in FORBIDDEN if re.search(p, TEXT, flags=re.IGNORECASE)]
