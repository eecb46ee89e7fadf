"""Numbers in the texts of an XML file, strictly: what is no plain number is never guessed at."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import numpy as np

from loadmon.errors import FileProblem
from loadmon.reading.recording import Floats
from loadmon.reading.xml_feed import Column, Document, Table

_SPACE = " \t\r\n"
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LONGEST_NUMBER = 400  # characters: even the largest number written in full has no more
_OF_NUMBERS = b"+-.0123456789eE" + _SPACE.encode()
_MAX_STRIDES = 130.0  # per minute; a run above it counts the steps of both feet already


def streams(
    document: Document, table: Table, names: Mapping[str, tuple[str, ...]]
) -> dict[str, Floats]:
    """Numbers of several elements of each row, under the names of our streams.

    Parameters
    ----------
    document, table : Document, Table
        As in `element_numbers`.
    names : mapping of str to tuple of str
        Local names behind each stream; where a row has several of them, the last one counts.

    Returns
    -------
    dict of str to ndarray of float, shape (n_rows,)
        One for each stream, all NaN where nothing was recorded.

    Raises
    ------
    FileProblem
        As `element_numbers`.
    """
    found = {}
    for stream, leaves in names.items():
        values = np.full(len(table.attributes), np.nan)
        for leaf in leaves:
            more = element_numbers(document, table, leaf)
            values = np.where(np.isnan(more), values, more)
        found[stream] = values
    return found


def on_earth(latitude: Floats, longitude: Floats) -> tuple[Floats, Floats]:
    """Positions [deg] with NaN for both where either is missing or out of range."""
    possible = (np.abs(latitude) <= 90) & (np.abs(longitude) <= 180)
    return np.where(possible, latitude, np.nan), np.where(possible, longitude, np.nan)


def both_feet(cadence: Floats, sport: str) -> Floats:
    """Cadence of a run as steps of both feet.

    Parameters
    ----------
    cadence : ndarray of float
        As the file states it: strides (one foot) or steps. [1/min]
    sport : str
        Other sports than ``running`` are left as they are.

    Returns
    -------
    ndarray of float
        [1/min] Doubled where the median, and 95 % of the values while moving, are at most 130: no
        run has so few steps. A mix of both (walking in steps, running in steps) is left alone.
    """
    moving = cadence[cadence > 0]
    if sport != "running" or not len(moving):
        return cadence
    return cadence * 2 if np.quantile(moving, 0.95) <= _MAX_STRIDES else cadence


def element_numbers(document: Document, table: Table, leaf: str) -> Floats:
    """Numbers within the elements of one name.

    Parameters
    ----------
    document : Document
        Where `table` comes from, to name the line of what is wrong.
    table : Table
        Rows to fill.
    leaf : str
        Local name, in lower case, of the elements.

    Returns
    -------
    ndarray of float, shape (n_rows,)
        In the unit of the file. NaN where the element is absent, empty or says NaN; the last one
        counts where a row holds several.

    Raises
    ------
    FileProblem
        ``number-format``, quarantined, if a text is no plain number.
    """
    column = table.columns[leaf]
    values = np.full(len(table.attributes), np.nan)
    values[column.rows] = _numbers(document, table, column, f"<{leaf}>")
    return values


def attribute_numbers(document: Document, table: Table, name: str) -> Floats:
    """Numbers in an attribute of every row; NaN, and what is raised, as in `element_numbers`."""
    texts = [attributes.get(name, "") for attributes in table.attributes]
    return _numbers(document, table, Column(list(range(len(texts))), texts), f"{name}=")


def _numbers(document: Document, table: Table, column: Column, what: str) -> Floats:
    # Python's float takes more than a number: digits of any script, underscores, "infinity".
    if not "".join(column.texts).encode().translate(None, _OF_NUMBERS):
        try:
            values = np.fromiter(map(float, column.texts), np.float64, len(column.texts))
        except ValueError:
            values = np.array([np.inf])
        if np.isfinite(values).all():
            return values
    values = np.empty(len(column.texts))
    for i, (row, text) in enumerate(zip(column.rows, column.texts, strict=True)):
        value = _number(text.strip(_SPACE))
        if value is None:
            detail = (
                f"line {document.line(table, row)}: {what} holds {text.strip()[:20]!r}, which is "
                "not a number with a decimal point: export it again in another language setting"
            )
            raise FileProblem("quarantined", "number-format", detail)
        values[i] = value
    return values


def _number(text: str) -> float | None:
    """Read one number; NaN where there is none, None where something else stands."""
    if not text or text.lower() == "nan":
        return math.nan
    is_plain = len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text)
    value = float(text) if is_plain else math.inf
    return value if math.isfinite(value) else None
