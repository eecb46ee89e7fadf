"""A column of arrays: one two-dimensional array behind it, a tuple in each cell.

Some FIT fields hold several numbers, and a watch may write thousands of such messages an hour.
Tuples for all of them take many times the memory and the time of the numbers, and are seldom looked
at; so they are made where a cell is looked at.
"""

from __future__ import annotations

import builtins
import functools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pandas.api.extensions import ExtensionArray, ExtensionDtype, take
from pandas.api.indexers import check_array_indexer

from loadmon.reading.fit.cells import missing_rows, tuples


class ArrayDtype(ExtensionDtype):
    """Type of a column of arrays: how many elements a cell has, and of which numbers."""

    type = tuple
    na_value = None
    _metadata = ("width", "element")

    def __init__(self, width: int, element: str):
        self.width = width
        self.element = element

    @property
    def name(self) -> str:  # type: ignore[override] # the stubs want a variable of the class
        """Text such as ``float64[5]``."""
        return f"{self.element}[{self.width}]"

    @classmethod
    def construct_array_type(cls) -> builtins.type[ArrayColumn]:
        """Class of the arrays of this type."""
        return ArrayColumn


@functools.cache
def _dtype(width: int, element: np.dtype[Any]) -> ArrayDtype:
    return ArrayDtype(width, element.name)


class ArrayColumn(ExtensionArray):
    """Cells of equally many numbers.

    Parameters
    ----------
    values : ndarray, shape (n_rows, n_elements)
        Numbers: float with NaN for a missing element, or plain bytes, where a row of 0xFF is
        missing as a whole.

    Notes
    -----
    A cell is a tuple with None for a missing element, or None where all are missing. Cells cannot
    be written to: ``astype(object)`` gives a column that can be.
    """

    def __init__(self, values: npt.NDArray[Any]):
        self._values = values

    @classmethod
    def _from_sequence(
        cls, scalars: Sequence[Any], *, dtype: Any = None, copy: bool = False
    ) -> ArrayColumn:
        width, element = dtype.width, np.dtype(dtype.element)
        missing = 0xFF if element == np.uint8 else np.nan
        rows = [[missing] * width if cell is None else cell for cell in scalars]
        cells = [[missing if e is None else e for e in row] for row in rows]
        return cls(np.array(cells, element).reshape(len(rows), width))

    @classmethod
    def _concat_same_type(cls, to_concat: Sequence[ArrayColumn]) -> ArrayColumn:
        return cls(np.concatenate([one._values for one in to_concat]))

    @property
    def dtype(self) -> ArrayDtype:
        """How many elements a cell has."""
        return _dtype(self._values.shape[1], self._values.dtype)

    @property
    def nbytes(self) -> int:
        """Memory of the numbers. [bytes]"""
        return self._values.nbytes

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, item: Any) -> Any:
        item = check_array_indexer(self, item)
        if isinstance(item, int | np.integer):
            return tuples(self._values[item].reshape(1, -1))[0]
        return type(self)(self._values[item])

    def __iter__(self) -> Iterator[Any]:
        return iter(self.tolist())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        return tuples(self._values)

    def __eq__(self, other: object) -> Any:
        if isinstance(other, tuple):
            return np.array([cell == other for cell in self.tolist()], bool)
        return np.array(self, object) == other

    def tolist(self) -> list[Any]:
        """All cells as tuples."""
        cells: list[Any] = tuples(self._values).tolist()
        return cells

    def isna(self) -> npt.NDArray[np.bool_]:
        """Tell which cells hold nothing."""
        missing: npt.NDArray[np.bool_] = missing_rows(self._values)
        return missing

    def take(
        self, indices: Any, *, allow_fill: bool = False, fill_value: Any = None
    ) -> ArrayColumn:
        """Cells at the given places; a place of -1 is missing where `allow_fill`."""
        missing = 0xFF if self._values.dtype == np.uint8 else np.nan
        values = take(self._values, indices, allow_fill=allow_fill, fill_value=missing)
        return type(self)(np.asarray(values, self._values.dtype))

    def copy(self) -> ArrayColumn:
        """Return an array of its own."""
        return type(self)(self._values.copy())
