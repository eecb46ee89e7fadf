"""Named numbers as text: what ``sport`` 1 is called, for whole blocks at once."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.reading.fit.fields import Array
from loadmon.reading.fit.layout import enum_of

#: The dtype that pandas gives text by default.
TEXT = pd.StringDtype(na_value=np.nan)
#: Numbers have up to 32 bits; this shift keeps those of two types apart.
_SHIFT = 1 << 33
#: Places of columns in a frame, and arrays of columns with their places.
Places = npt.NDArray[np.intp]
Blocks = list[tuple[Any, Places]]


def named(codes: Array, kinds: tuple[str, ...], places: Places) -> Blocks:
    """Blocks of a frame for rows of named numbers.

    Parameters
    ----------
    codes : ndarray of float, shape (n_columns, n_rows)
        Numbers, NaN for missing.
    kinds : tuple of str
        Their types in the profile.
    places : ndarray of int
        Their places in the frame.

    Returns
    -------
    list of (array, places)
        Text where every known number of a column has a name, numbers where none has, else both.
    """
    keys, words, first = _names_of(kinds)
    shifted = codes + first
    index = np.searchsorted(keys[:-1], shifted)  # behind the last one for a missing number
    has_name = keys[index] == shifted
    any_name = has_name.any(axis=1)
    all_names = any_name & (has_name | np.isnan(codes)).all(axis=1)
    blocks: Blocks = []
    if all_names.all():
        return _texts(words[index], places)
    for i, place in enumerate(places.reshape(-1, 1)):
        if all_names[i]:
            blocks += _texts(words[index[i]].reshape(1, -1), place)
        elif any_name[i]:
            mixed = np.where(has_name[i], words[index[i]], codes[i].astype(object))
            blocks.append((mixed.reshape(1, -1), place))
        else:
            blocks.append((codes[i].reshape(1, -1), place))
    return blocks


def _texts(words: Array, places: Places) -> Blocks:
    """Rows of texts, made into one array of text and cut into columns."""
    rows = words.shape[1]
    whole = pd.array(words.ravel(), dtype=TEXT)
    return [(whole[i * rows : (i + 1) * rows], places[i : i + 1]) for i in range(len(places))]


@functools.lru_cache(maxsize=1024)
def _names_of(kinds: tuple[str, ...]) -> tuple[Array, Array, Array]:
    """Numbers and names of several types, those of each type shifted behind those before.

    The shifted numbers in order and a NaN at the end, the name of each, and beside each type its
    shift.
    """
    shifts = [place * _SHIFT for place in range(len(kinds))]
    pairs = [
        (shift + code, name)
        for shift, kind in zip(shifts, kinds, strict=True)
        for code, name in sorted(enum_of(kind).items())
    ]
    keys = np.array([*(key for key, _ in pairs), np.nan])
    words: Array = np.array([*(name for _, name in pairs), np.nan], object)
    return keys, words, np.array(shifts, np.float64).reshape(-1, 1)
