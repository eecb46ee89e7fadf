"""One way to compare with a limit, so that every room agrees what "above" means."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

#: Relative slack of every comparison: 11 km after 10 km is not above 1.10.
TOLERANCE = 1e-9


def above(value: npt.ArrayLike, bound: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Whether `value` is more than `bound`, beyond rounding.

    Parameters
    ----------
    value, bound : array_like of float
        What is compared, in the same unit. Multiply the limit out, ``above(a, limit * c)``,
        instead of dividing: `c` may be 0.

    Returns
    -------
    ndarray of bool
        False where either is NaN: the caller must ask for NaN first, as unknown is not fine.
    """
    limit: npt.NDArray[np.float64] = np.asarray(bound, dtype=float)
    out: npt.NDArray[np.bool_] = np.asarray(value, dtype=float) > limit + TOLERANCE * np.abs(limit)
    return out


def reaches(value: npt.ArrayLike, bound: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Whether `value` is at least `bound`, to within rounding; False where either is NaN."""
    limit: npt.NDArray[np.float64] = np.asarray(bound, dtype=float)
    out: npt.NDArray[np.bool_] = np.asarray(value, dtype=float) >= limit - TOLERANCE * np.abs(limit)
    return out
