"""From the bytes of a scanned FIT part to columns, one table for each kind of message.

All messages of one definition are gathered with a single index into the file (a view of the bytes
in which every position begins a message, taken at the noted offsets), and each field is one
strided slice of that (`fields`). The tables are then put together in file order across
definitions, where compressed timestamps are unrolled (`times`) and counters added up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from loadmon.reading.fit.developer import developer_fields
from loadmon.reading.fit.fields import (
    Accumulated,
    Array,
    Column,
    Described,
    accumulate,
    gather,
    layout_of,
    pieces,
)
from loadmon.reading.fit.layout import Layout
from loadmon.reading.fit.scan import Definition, Part
from loadmon.reading.fit.times import compressed_times

Wanted = Mapping[int, frozenset[str] | None]
#: Rows of a table; all of them where one definition holds every message.
Rows = Array | slice


@dataclass(slots=True)
class Table:
    """All messages of one kind, in file order."""

    rows: int
    columns: dict[str, Column] = field(default_factory=dict)

    def get(self, name: str) -> Array:
        """Values of a plain numeric field; all NaN where the messages do not have it."""
        column = self.columns.get(name)
        if column is None or column.values.ndim != 1 or column.values.dtype != np.float64:
            return np.full(self.rows, np.nan)
        return column.values


def decode(part: Part, wanted: Wanted | None = None) -> dict[int, Table]:
    """Decode the messages of one part.

    Parameters
    ----------
    part : Part
        A scanned part; what stands before a problem is decoded.
    wanted : mapping of int to frozenset of str or None, optional
        Message numbers to decode, each with the profile fields to keep (None: all). Everything
        if not given.

    Returns
    -------
    dict of int to Table
        By global message number. Oddities met on the way are added to ``part.flags``.
    """
    described = developer_fields(part)
    by_number: dict[int, list[Definition]] = {}
    for definition in part.definitions:
        if definition.offsets and (wanted is None or definition.number in wanted):
            by_number.setdefault(definition.number, []).append(definition)
    times = compressed_times(part)
    tables = {}
    for number, definitions in by_number.items():
        keep = wanted[number] if wanted is not None else None
        tables[number] = _table(part, definitions, described, times, keep)
    return tables


def _table(
    part: Part,
    definitions: list[Definition],
    described: Described,
    times: dict[int, Array],
    keep: frozenset[str] | None,
) -> Table:
    """Decode all definitions of one message number and put their rows into file order."""
    rows = _file_order(definitions)
    table = Table(sum(len(d.offsets) for d in definitions))
    pending: dict[str, list[tuple[Rows, Accumulated]]] = {}
    for definition, row in zip(definitions, rows, strict=True):
        plan = layout_of(definition, described)
        _flag_layout(part, plan)
        raw = gather(part, definition, plan.dtype)
        for name, piece in pieces(plan, raw, keep):
            if isinstance(piece, Accumulated):
                pending.setdefault(name, []).append((row, piece))
            else:
                _place(table, name, row, piece)
        if definition.compressed:
            _place(table, "timestamp", row, Column(times[id(definition)], "date_time"))
    for name, counts in pending.items():
        _place(table, name, slice(None), accumulate(table.rows, counts))
    return table


def _file_order(definitions: list[Definition]) -> list[Rows]:
    """For each definition the rows of the table that its messages take."""
    if len(definitions) == 1:
        return [slice(None)]
    offsets = np.concatenate([np.array(d.offsets) for d in definitions])
    rank = np.empty(len(offsets), np.int64)
    rank[np.argsort(offsets)] = np.arange(len(offsets))
    return [*np.split(rank, np.cumsum([len(d.offsets) for d in definitions])[:-1])]


def _place(table: Table, name: str, rows: Rows, piece: Column) -> None:
    """Write a piece into its column; what stands there already is kept."""
    old = table.columns.get(name)
    if old is None:
        if isinstance(rows, slice):
            table.columns[name] = piece
            return
        shape = (table.rows, *piece.values.shape[1:])
        empty = None if piece.values.dtype == object else np.nan
        old = table.columns[name] = Column(np.full(shape, empty, piece.values.dtype), piece.kind)
    _fill(old, rows, piece.values)


def _fill(column: Column, rows: Rows, values: Array) -> None:
    """Put values where the column still misses them; shapes that differ become tuples."""
    if values.shape[1:] != column.values.shape[1:] or values.dtype != column.values.dtype:
        column.values, values = _as_objects(column.values), _as_objects(values)
    here = column.values[rows]
    missing = _missing(here)
    here[missing] = values[missing]
    column.values[rows] = here


def _missing(values: Array) -> Array:
    """Rows that hold nothing."""
    if values.dtype == object:
        return np.array([v is None or v != v for v in values], bool)
    bare: Array = np.isnan(values)
    whole: Array = bare if values.ndim == 1 else np.logical_and.reduce(bare, axis=1)
    return whole


def _as_objects(values: Array) -> Array:
    """Rows as Python objects: numbers, texts, or tuples with None for a missing element."""
    if values.dtype == object:
        return values
    out = np.empty(len(values), object)
    if values.ndim == 1:
        out[:] = [None if v != v else v for v in values.tolist()]
        return out
    for i, row in enumerate(values.tolist()):
        cells = tuple(None if v != v else v for v in row)
        out[i] = None if all(v is None for v in cells) else cells
    return out


def as_objects(column: Column) -> Array:
    """Rows of a column as Python objects, None for missing."""
    return _as_objects(column.values)


def _flag_layout(part: Part, plan: Layout) -> None:
    """Say in words what was left out because the file does not fit its own description."""
    if plan.undescribed:
        part.flags["dev-field"] = "developer fields without a description were left out"
    if plan.misaligned:
        part.flags["field-size"] = "field of a wrong size kept as bytes: " + plan.misaligned[0]
