"""docs/what-flags-are-worth.md is what its script writes, and says of whom it tells."""

from __future__ import annotations

from pathlib import Path

import make_flags_worth
from made_lovdal import day_file


def test_the_page_is_what_the_script_writes() -> None:
    text = make_flags_worth.PATH.read_text(encoding="utf-8")
    assert text == make_flags_worth.page(), "run: python docs/make_flags_worth.py"
    assert "**These runners are made up.**" in text
    assert "nothing of real runners" in text


def test_with_the_published_file_the_page_is_of_its_runners(tmp_path: Path) -> None:
    text = make_flags_worth.page(str(day_file(tmp_path / "days.csv")))
    assert "made up" not in text
    assert "The runners are the 74 of Lovdal" in text
    assert "2 runners, 2 injuries" in text
    assert "| `weekly_change` |" in text
    assert "nan" not in text
