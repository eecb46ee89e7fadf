"""Named numbers as text: what ``sport`` 1 is called."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.reading.fit.fields import Array
from loadmon.reading.fit.profile import enum_of

#: The dtype that pandas gives text by default.
TEXT = pd.StringDtype(na_value=np.nan)
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
    texts: list[Any] = []
    blocks: Blocks = []
    of_texts, of_numbers = [], []
    for i, (row, kind) in enumerate(zip(codes.tolist(), kinds, strict=True)):
        words: list[Any] = [*map(enum_of(kind).get, row)]
        nameless = [code for code, word in zip(row, words, strict=True) if word is None]
        if not any(code == code for code in nameless) and len(nameless) < len(row):
            texts += words
            of_texts.append(i)
        elif len(nameless) == len(row):
            of_numbers.append(i)
        else:
            mixed = [code if word is None else word for code, word in zip(row, words, strict=True)]
            blocks.append((np.array([[*mixed, None]], object)[:, :-1], places[i : i + 1]))
    if of_texts:
        whole, rows = pd.array(np.array(texts, object), dtype=TEXT), codes.shape[1]
        for k, i in enumerate(of_texts):
            blocks.append((whole[k * rows : (k + 1) * rows], places[i : i + 1]))
    if of_numbers:
        blocks.append((codes[of_numbers], places[of_numbers]))
    return blocks
