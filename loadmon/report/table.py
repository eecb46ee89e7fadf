"""A frame as text, for the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """A frame as text.

    Parameters
    ----------
    caption : str
        What it shows.
    head : tuple of str
        Names of the columns.
    rows : sequence of tuple of str
        Cells; the first of a row is its heading.
    numbers : frozenset of int
        Columns that hold numbers.
    is_folded : bool
        Whether it is shown on demand alone.
    """

    caption: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    numbers: frozenset[int]
    is_folded: bool = False
