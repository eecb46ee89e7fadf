"""A column of arrays behaves like a column of tuples, whatever pandas does with it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loadmon.io.fit.frames import ArrayColumn, ArrayDtype

NAN = np.nan
FLOATS = np.array([[1.0, 2.0], [NAN, 4.0], [NAN, NAN], [7.0, 8.0]])
CELLS = [(1.0, 2.0), (None, 4.0), None, (7.0, 8.0)]
BYTES = np.array([[1, 0xFF], [0xFF, 0xFF], [3, 4]], np.uint8)


def series() -> pd.Series:
    return pd.Series(ArrayColumn(FLOATS.copy()))


def test_cells_are_tuples_with_none_for_what_is_missing() -> None:
    column = series()
    assert column.tolist() == list(column) == CELLS
    assert [column.iloc[i] for i in range(4)] == CELLS
    assert column.to_numpy().tolist() == CELLS
    assert column.astype(object).tolist() == CELLS
    assert column.map(lambda cell: cell and cell[1]).tolist()[::3] == [2.0, 8.0]


def test_plain_bytes_are_whole_numbers_and_missing_only_as_a_whole() -> None:
    column = pd.Series(ArrayColumn(BYTES))
    assert column.tolist() == [(1, 255), None, (3, 4)]
    assert column.isna().tolist() == [False, True, False]
    assert column.take([2, 0]).tolist() == [(3, 4), (1, 255)]
    assert column.reindex([0, 9]).tolist() == [(1, 255), None]


def test_what_is_missing_is_known_to_pandas() -> None:
    assert series().isna().tolist() == [False, False, True, False]
    assert series().dropna().index.tolist() == [0, 1, 3]
    assert series().count() == 3


def test_rows_are_picked_cut_copied_and_put_in_another_order() -> None:
    frame = pd.DataFrame({"a": series(), "b": range(4)})
    assert frame["a"][1:3].tolist() == CELLS[1:3]
    assert frame[frame["b"] > 1]["a"].tolist() == CELLS[2:]
    assert frame.sort_values("b", ascending=False)["a"].tolist() == CELLS[::-1]
    assert frame.reindex([3, 7])["a"].tolist() == [CELLS[3], None]
    assert frame.copy()["a"].tolist() == CELLS
    assert frame.loc[0].tolist() == [CELLS[0], 0]


def test_columns_of_one_width_stay_arrays_below_each_other_and_others_become_objects() -> None:
    both = pd.concat([series(), series()], ignore_index=True)
    assert isinstance(both.dtype, ArrayDtype)
    assert both.tolist() == CELLS * 2
    wider = pd.Series(ArrayColumn(np.ones((1, 3))))
    mixed = pd.concat([series(), wider], ignore_index=True)
    assert mixed.dtype == object
    assert mixed.tolist() == [*CELLS, (1.0, 1.0, 1.0)]
    frame = pd.concat([pd.DataFrame({"a": series()}), pd.DataFrame({"b": [1]})], ignore_index=True)
    assert frame["a"].tolist() == [*CELLS, None]


def test_equal_columns_are_equal() -> None:
    pd.testing.assert_series_equal(series(), series())
    assert series().equals(series())
    other = FLOATS.copy()
    other[0, 0] = 1.5
    assert not series().equals(pd.Series(ArrayColumn(other)))
    with pytest.raises(AssertionError):
        pd.testing.assert_series_equal(series(), pd.Series(ArrayColumn(other)))
    assert (series().array == (1.0, 2.0)).tolist() == [True, False, False, False]


def test_the_type_says_how_many_of_which_numbers() -> None:
    assert str(series().dtype) == "float64[2]"
    assert str(ArrayColumn(BYTES).dtype) == "uint8[2]"
    assert series().dtype == ArrayDtype(2, "float64") != ArrayDtype(3, "float64")
    assert series().array.nbytes == 64


def test_it_is_printed_and_written_as_text(tmp_path_factory: pytest.TempPathFactory) -> None:
    frame = pd.DataFrame({"a": series()})
    assert "(1.0, 2.0)" in repr(frame)
    assert '"(1.0, 2.0)"' in frame.to_csv()


def test_cells_cannot_be_written_to_but_those_of_an_object_column_can() -> None:
    column = series()
    with pytest.raises(NotImplementedError):
        column.iloc[0] = (5.0, 6.0)
    column = column.astype(object)
    column.iloc[0] = (5.0, 6.0)
    assert column.iloc[0] == (5.0, 6.0)


def test_a_column_without_rows_or_elements_is_a_column() -> None:
    assert pd.Series(ArrayColumn(np.empty((0, 3)))).tolist() == []
    assert pd.Series(ArrayColumn(np.empty((2, 0)))).tolist() == [None, None]
    assert pd.Series(ArrayColumn(np.empty((2, 0), np.uint8))).isna().all()
