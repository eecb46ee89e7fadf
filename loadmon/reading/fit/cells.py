"""Rows of several numbers as cells: which of them hold nothing, and all as tuples.

Without pandas, so that a worker that only reads need not import it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def missing_rows(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Rows of a two-dimensional array that hold nothing."""
    bare = values == 0xFF if values.dtype == np.uint8 else np.isnan(values)
    missing: npt.NDArray[Any] = np.logical_and.reduce(bare, axis=1)
    return missing


def tuples(values: npt.NDArray[Any]) -> npt.NDArray[np.object_]:
    """Rows as tuples with None for a missing element; None for a row that holds nothing."""
    out = np.empty(len(values), object)
    missing = missing_rows(values)
    if values.dtype != np.uint8:
        bare = np.isnan(values)
        values = values.astype(object)
        values[bare] = None
    out[:] = list(zip(*values.T.tolist(), strict=True)) if values.shape[1] else None
    out[missing] = None
    return out
