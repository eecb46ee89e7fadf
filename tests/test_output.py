"""Frames as tables, CSV and JSON."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from loadmon.errors import SettingError
from loadmon.report.output import fitted, formatted, in_units, json_text, rows, table


def frame() -> pd.DataFrame:
    index = pd.DatetimeIndex(["2026-01-05", "2026-01-12"], name="week_start")
    return pd.DataFrame(
        {"distance_km": [10.0, np.nan], "flags": ["", "acwr"], "partial": [False, True]}, index
    )


def test_what_is_not_known_is_null_in_json_and_a_dash_in_a_table() -> None:
    assert json.loads(json_text(rows(frame())))[1]["distance_km"] is None
    assert formatted(frame(), "table").splitlines()[2].split()[1] == "-"


def test_days_are_days_and_times_keep_their_zone() -> None:
    stamps = pd.DataFrame({"at": pd.to_datetime(["2026-01-05T08:00:01Z"])})
    assert rows(frame())[0]["week_start"] == "2026-01-05"
    assert rows(stamps)[0]["at"] == "2026-01-05T08:00:01+00:00"


def test_csv_holds_every_row_and_column() -> None:
    lines = formatted(frame(), "csv").splitlines()
    assert lines[0] == "week_start,distance_km,flags,partial"
    assert len(lines) == 3


def test_a_table_shows_the_columns_asked_for() -> None:
    assert formatted(frame(), "table", ("flags",)).splitlines()[0] == "flags"


def test_an_empty_table_says_so() -> None:
    assert table(frame().iloc[:0]) == "(nothing to show)"


def wide() -> pd.DataFrame:
    return pd.DataFrame({f"column_{n}": [n, 10 * n] for n in range(9)} | {"flags": ["a b", ""]})


@pytest.mark.parametrize("width", [*range(26, 60), 79, 200])
def test_no_line_of_a_table_is_wider_than_asked_and_no_cell_is_lost(width: int) -> None:
    text = table(wide(), width=width)
    assert max(map(len, text.splitlines())) <= width
    blocks = [block.splitlines() for block in text.split("\n\n")]
    assert all(block[0].startswith("column_0") for block in blocks)
    shown = {name for block in blocks for name in block[0].split()}
    assert shown == {*wide().columns}
    assert len(table(wide()).splitlines()) == 3


def test_a_last_column_of_words_is_broken_before_columns_are_split() -> None:
    long = pd.DataFrame({"file": ["a.fit", "b.fit"], "detail": ["word " * 12, "short"]})
    text = table(long, width=40)
    assert max(map(len, text.splitlines())) <= 40
    assert text.splitlines()[0].split() == ["file", "detail"]
    assert "".join(text.split()).count("word") == 12
    assert text.splitlines()[-1].split() == ["b.fit", "short"]


def test_words_in_the_middle_are_broken_too_where_nothing_else_fits() -> None:
    long = pd.DataFrame({"day": ["2026-01-05"], "why": ["word " * 12], "grade": ["B"]})
    text = table(long, width=40)
    assert max(map(len, text.splitlines())) <= 40
    assert "".join(text.split()).count("word") == 12
    assert text.splitlines()[-1].split() == ["2026-01-05", "B"]


def test_a_text_fits_between_its_spaces_and_keeps_its_lines() -> None:
    assert fitted("one two three\n\nfour", 8) == "one two\nthree\n\nfour"


def test_miles_are_kilometres_over_the_international_mile() -> None:
    miles = in_units(frame(), "mi")
    assert miles["distance_mi"].iloc[0] == pytest.approx(10 / 1.609344, rel=1e-8)
    assert list(frame().columns) == ["distance_km", "flags", "partial"]


@pytest.mark.parametrize("call", [lambda f: in_units(f, "ft"), lambda f: formatted(f, "xml")])
def test_an_unknown_choice_is_refused(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SettingError):
        call(frame())
