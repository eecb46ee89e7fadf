"""Text of others where it leaves: no terminal obeys it, no spreadsheet runs it."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmon.text import csv_text, readable, shown, shown_lines, spreadsheet_cell

#: What colours, clears or retitles a terminal, moves its cursor, or turns round what follows.
OBEYED = ("\x1b[31m", "\x1b]0;x\x07", "\x9b2J", "\r", "\x08", "\x7f", "\u202e", "\u2066", "\u2028")
OBEYED += ("\u200e", "\u200f", "\u061c", "\u200b", "\ufeff", "\u206d", "\U000e0041")


@pytest.mark.parametrize("text", OBEYED)
def test_what_a_terminal_obeys_is_shown_as_its_escape(text: str) -> None:
    for made in (shown(f"a{text}b"), shown_lines(f"a{text}b")):
        assert made.isprintable()
        assert made.startswith("a\\")
        assert made.endswith("b")


@given(st.text())
def test_a_name_is_one_printable_line_that_any_unicode_stream_takes(text: str) -> None:
    assert not {c for c in shown(text) if c in "\n\r\x1b\u2028\u2029"}
    assert shown(text).encode().decode() == shown(text)
    assert shown(shown(text)) == shown(text)


@given(st.text())
def test_only_line_ends_and_tabs_are_left_to_a_text_of_several_lines(text: str) -> None:
    parts = text.split("\n")
    tabs = ["\t".join(map(shown, part.split("\t"))) for part in parts]
    assert shown_lines(text) == "\n".join(tabs)


def test_a_name_that_the_locale_could_not_read_is_read() -> None:
    raw = "Zoë 日本".encode()
    assert shown(raw.decode("ascii", "surrogateescape")) == "Zoë 日本"
    assert readable(raw.decode("ascii", "surrogateescape") + "\udcff") == "Zoë 日本\udcff"


def test_half_a_character_and_an_unreadable_name_are_shown() -> None:
    assert shown("caf\udce9") == "caf\\udce9"


def test_what_is_plain_stays_as_it_is() -> None:
    for text in ("Zürich 10 km", "日本", "a-b_c (1).fit", "e\u0301", "👟"):
        assert shown(text) == shown_lines(text) == text


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-2+3", "'-2+3"),
        ("- easy -", "'- easy -"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r=1"),
        ("=", "'="),
        ("-12", "-12"),
        ("+3.5", "+3.5"),
        ("-1,5", "-1,5"),
        ("-1e-3", "-1e-3"),
        ("morning run", "morning run"),
        ("a=b", "a=b"),
        ("'=1", "'=1"),
        ("a;=1+1", "a;'=1+1"),
        ("10:00;-5", "10:00;'-5"),
        ("", ""),
    ],
)
def test_no_cell_is_taken_for_a_formula_and_numbers_stay_numbers(cell: str, written: str) -> None:
    assert spreadsheet_cell(cell) == written


def test_a_csv_keeps_its_numbers_days_and_gaps_and_escapes_texts_alone() -> None:
    frame = pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-03-02", "2026-03-03"]),
            "name": ["=HYPERLINK(1)", None],
            "change": [-0.5, np.nan],
            "runs": [-1, 2],
            "far": [True, False],
        }
    )
    before = frame.copy()
    rows = list(csv.reader(io.StringIO(csv_text(frame))))
    assert rows == [
        ["date", "name", "change", "runs", "far"],
        ["2026-03-02", "'=HYPERLINK(1)", "-0.5", "-1", "True"],
        ["2026-03-03", "", "", "2", "False"],
    ]
    pd.testing.assert_frame_equal(frame, before)
    assert csv_text(frame, header=False).splitlines() == csv_text(frame).splitlines()[1:]
