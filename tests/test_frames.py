"""Frames made of whole blocks are those that pandas makes of a column after another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmon.frames import cells_of, frame_of, table_of
from loadmon.io.packing import pack, unpack
from loadmon.io.snapshot import pack_frame, unpack_frame

MOMENT = st.datetimes(pd.Timestamp(1970, 1, 2), pd.Timestamp(2100, 1, 1))
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "float64": st.floats(),
    "int64": st.integers(-(2**62), 2**62),
    "int8": st.integers(-128, 127),
    "bool": st.booleans(),
    "boolean": st.none() | st.booleans(),
    "str": st.none() | st.text(),
    "object": st.none() | st.tuples(st.integers()),
    "datetime64[us]": st.none() | MOMENT,
    "datetime64[us, UTC]": st.none() | MOMENT,
}
TYPES = {kind: kind for kind in CELLS}


def by_pandas(columns: dict[str, list[Any]]) -> pd.DataFrame:
    """One column after another, each by the constructor that pandas documents for its type."""
    return pd.DataFrame({kind: pd.Series(cells, dtype=kind) for kind, cells in columns.items()})


@given(st.lists(st.tuples(*CELLS.values()), max_size=5))
def test_a_frame_is_the_one_that_pandas_makes_of_its_columns(rows: list[tuple[Any, ...]]) -> None:
    columns = {kind: [row[n] for row in rows] for n, kind in enumerate(CELLS)}
    expected = by_pandas(columns)
    pd.testing.assert_frame_equal(frame_of(columns, TYPES), expected)
    pd.testing.assert_frame_equal(table_of(rows, TYPES), expected)
    mappings = [dict(zip(CELLS, row, strict=True)) for row in rows]
    pd.testing.assert_frame_equal(table_of(mappings, TYPES), expected)


@given(st.lists(st.tuples(*CELLS.values()), max_size=3))
def test_a_frame_comes_back_from_what_is_kept_of_it(rows: list[tuple[Any, ...]]) -> None:
    kept = {kind: kind for kind in CELLS if kind not in ("int8", "object")}
    columns = {kind: [row[n] for row in rows] for n, kind in enumerate(CELLS) if kind in kept}
    frame = frame_of(columns, kept)
    pd.testing.assert_frame_equal(unpack_frame(unpack(pack(pack_frame(frame)))), frame)


def test_columns_stand_in_the_order_of_the_types_under_the_index_that_is_given() -> None:
    days = pd.date_range("2026-03-02", periods=2, unit="us", name="date")
    columns = {"b": [1.0, 2.0], "a": ["x", "y"], "unused": [0, 0], "c": [3, np.nan]}
    frame = frame_of(columns, {"a": "str", "c": "float64", "b": "float64"}, days)
    assert list(frame) == ["a", "c", "b"]
    assert frame.index is days
    assert frame["c"].isna().tolist() == [False, True]
    assert frame["b"].tolist() == [1.0, 2.0]


def test_a_frame_does_not_share_the_arrays_it_was_made_of() -> None:
    numbers, days = np.array([1.0, 2.0]), np.array(["2026-03-02"] * 2, "datetime64[us]")
    frame = frame_of({"x": numbers, "day": days}, {"x": "float64", "day": "datetime64[us]"})
    numbers[:], days[:] = 0.0, np.datetime64("NaT", "us")
    assert frame["x"].tolist() == [1.0, 2.0]
    assert frame["day"].notna().all()


def test_a_cell_that_is_missing_from_a_mapping_is_no_empty_one() -> None:
    with pytest.raises(KeyError):
        table_of([{"a": 1.0}], {"a": "float64", "b": "str"})


def test_columns_of_different_lengths_are_refused() -> None:
    for columns in ({"a": [1.0, 2.0], "b": [1.0]}, {"a": ["x", "y"], "b": ["x"]}):
        kind = "float64" if isinstance(columns["a"][0], float) else "str"
        with pytest.raises(ValueError, match="one length"):
            frame_of(columns, dict.fromkeys(columns, kind))


def test_cells_are_plain_values() -> None:
    frame = frame_of({"n": [1, 2], "t": ["x", None]}, {"n": "int64", "t": "str"})
    assert cells_of(frame, "n") == [1, 2]
    first, missing = cells_of(frame, "t")
    assert first == "x"
    assert missing != missing
