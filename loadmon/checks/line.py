"""A straight line through scattered points that a few odd ones do not pull."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loadmon.evidence.form import FORM_BASELINE
from loadmon.load.ratio import Floats

_ROUNDS = 50
#: Standard deviation of a normal distribution over its median absolute deviation, 1/Phi^-1(3/4).
MAD_TO_SD = 1.482602218505602


@dataclass(frozen=True, slots=True)
class Line:
    """y = intercept + slope x, and how far the points scatter around it.

    Parameters
    ----------
    intercept, slope : float
        In the unit of y, and of y over x.
    spread : float
        Robust standard deviation of the residuals, 1.4826 times their median absolute value. [y]
    """

    intercept: float
    slope: float
    spread: float

    def at(self, x: Floats) -> Floats:
        """Points of the line."""
        return self.intercept + self.slope * x


def robust_line(x: Floats, y: Floats) -> Line:
    """Fit a line by Huber's estimator, re-weighted least squares.

    Parameters
    ----------
    x, y : ndarray of float, shape (n_points,)
        At least two different x; no NaN.

    Returns
    -------
    Line
        Residuals beyond 1.345 standard deviations count less the larger they are
        (`loadmon.evidence.form.FORM_BASELINE`); points on one line give that line, of spread 0.
    """
    design = np.column_stack([np.ones(len(x)), x])
    weight = np.ones(len(x))
    fitted = np.zeros(2)
    spread = 0.0
    for _ in range(_ROUNDS):
        root = np.sqrt(weight)
        before = fitted
        fitted = np.linalg.lstsq(design * root[:, None], y * root, rcond=None)[0]
        off = np.abs(y - design @ fitted)
        spread = MAD_TO_SD * float(np.median(off))
        if np.allclose(fitted, before, rtol=1e-10, atol=0.0) or spread <= 1e-12:
            break
        weight = np.minimum(1.0, FORM_BASELINE["huber"] * spread / np.maximum(off, 1e-300))
    return Line(float(fitted[0]), float(fitted[1]), spread)
