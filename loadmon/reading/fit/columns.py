"""From the bytes of a scanned FIT part to columns, one table for each kind of message.

All messages of one definition are gathered with a single index into the file (a view of the bytes
in which every position begins a message, taken at the noted offsets) and decoded field by field
(`fields`). The blocks of several definitions are then put together in file order, where
compressed timestamps are unrolled (`times`) and counters added up.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from loadmon.reading.fit.developer import developer_fields
from loadmon.reading.fit.fields import (
    Accumulated,
    Array,
    Column,
    Described,
    Piece,
    accumulate,
    as_floats,
    gather,
    layout_of,
    plain_numbers,
    special_pieces,
)
from loadmon.reading.fit.layout import Layout, rank
from loadmon.reading.fit.messages import Definition
from loadmon.reading.fit.scan import Part
from loadmon.reading.fit.times import compressed_times

Wanted = Mapping[int, frozenset[str] | None]
#: Rows of a table; all of them where one definition holds every message.
Rows = Array | slice


@dataclass(slots=True)
class Table:
    """All messages of one kind, in file order.

    Parameters
    ----------
    rows : int
        Number of messages.
    names, kinds : tuple of str
        Name and profile type of each row of `numbers`, kinds in the order of `layout.rank`.
    numbers : ndarray of float, shape (n_names, n_rows)
        Plain numbers, NaN for missing.
    loose : dict of str to Column
        All other columns by name.
    order : tuple of str
        All names as the messages have them, those that were expanded last.
    """

    rows: int
    names: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    numbers: Array = field(default_factory=lambda: np.empty((0, 0)))
    loose: dict[str, Column] = field(default_factory=dict)
    order: tuple[str, ...] = ()

    def get(self, name: str) -> Array:
        """Values of a numeric field; all NaN where the messages do not have it as one number."""
        if name in self.names:
            values: Array = self.numbers[self.names.index(name)]
            return values
        column = self.loose.get(name)
        if column is None or column.values.ndim != 1 or column.values.dtype != np.float64:
            return np.full(self.rows, np.nan)
        return column.values

    def first_of(self, name: str) -> Array:
        """As `get`, and the first element of an array."""
        column = self.loose.get(name)
        if column is not None and column.values.ndim == 2 and column.values.shape[1]:
            values: Array = as_floats(column.values)[:, 0]
            return values
        return self.get(name)


@dataclass(slots=True)
class _Block:
    """What one definition gives, and which rows of its table that is."""

    rows: Rows
    plan: Layout
    numbers: Array
    pieces: list[Piece]


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
        if wanted is None or definition.number in wanted:
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
    blocks = []
    for definition, rows in zip(definitions, _file_order(definitions), strict=True):
        plan = layout_of(definition, described, keep)
        _flag_layout(part, plan)
        raw = gather(part.data, definition, plan.dtype)
        pieces = special_pieces(plan, raw) if plan.special else []
        if definition.compressed:
            stamps = Column(times[id(definition)], "date_time")
            pieces.append((2000, "timestamp", stamps))
        blocks.append(_Block(rows, plan, plain_numbers(plan, raw), pieces))
    table = _one_table(blocks[0]) if len(blocks) == 1 else _joined_table(blocks)
    _add_pieces(table, blocks)
    return table


def _file_order(definitions: list[Definition]) -> list[Rows]:
    """For each definition the rows of the table that its messages take."""
    if len(definitions) == 1:
        return [slice(None)]
    offsets = np.concatenate([d.offsets for d in definitions])
    ranks = np.empty(len(offsets), np.int64)
    ranks[np.argsort(offsets, kind="stable")] = np.arange(len(offsets))
    return [*np.split(ranks, np.cumsum([len(d.offsets) for d in definitions])[:-1])]


def _one_table(block: _Block) -> Table:
    """Table of a single definition: its block as it is."""
    plan = block.plan
    named = tuple((place, name) for place, name, _ in block.pieces)
    order = _order(((plan, named),))
    return Table(block.numbers.shape[1], plan.names, plan.kinds, block.numbers, {}, order)


def _joined_table(blocks: list[_Block]) -> Table:
    """Table of several definitions: a block that has the names of all, filled from each."""
    plans = tuple(block.plan for block in blocks)
    named = tuple(tuple((place, name) for place, name, _ in b.pieces) for b in blocks)
    names, kinds, places = _union(plans, frozenset(n for pieces in named for _, n in pieces))
    rows = sum(block.numbers.shape[1] for block in blocks)
    numbers = np.full((len(names), rows), np.nan)
    for block, (there, here) in zip(blocks, places, strict=True):
        numbers[there[:, None], block.rows] = block.numbers[here]
        left = set(range(len(block.plan.names))) - set(here.tolist())
        for i in left:
            row = block.plan.rows[i]
            block.pieces.append((row.place, row.name, Column(block.numbers[i], row.kind)))
    order = _order(tuple(zip(plans, named, strict=True)))
    return Table(rows, names, kinds, numbers, {}, order)


@functools.lru_cache(maxsize=1024)
def _union(
    plans: tuple[Layout, ...], loose: frozenset[str]
) -> tuple[tuple[str, ...], tuple[str, ...], list[tuple[Array, Array]]]:
    """Names and kinds of all plans that are nowhere loose; for each plan, rows there and here."""
    kind_of = {n: k for plan in plans for n, k in zip(plan.names, plan.kinds, strict=True)}
    names = sorted((n for n in kind_of if n not in loose), key=lambda n: rank(kind_of[n]))
    places = []
    for plan in plans:
        here = [i for i, name in enumerate(plan.names) if name not in loose]
        there = [names.index(plan.names[i]) for i in here]
        places.append((np.array(there, np.intp), np.array(here, np.intp)))
    return tuple(names), tuple(kind_of[n] for n in names), places


@functools.lru_cache(maxsize=4096)
def _order(
    named: tuple[tuple[Layout, tuple[tuple[int, str], ...]], ...],
) -> tuple[str, ...]:
    """All names: first those of the messages themselves in their order, then expanded ones."""
    out: dict[str, None] = {}
    for plan, pieces in named:
        places = [*((row.place, row.name) for row in plan.rows), *pieces]
        out |= dict.fromkeys(name for _, name in sorted(places))
    return tuple(out)


def _add_pieces(table: Table, blocks: list[_Block]) -> None:
    """Add the columns that are no plain rows; what stands there already is kept."""
    pending: dict[str, list[tuple[Rows, Accumulated]]] = {}
    for block in blocks:
        for _, name, piece in block.pieces:
            if isinstance(piece, Accumulated):
                pending.setdefault(name, []).append((block.rows, piece))
            else:
                _place(table, name, block.rows, piece)
    for name, counts in pending.items():
        _place(table, name, slice(None), accumulate(table.rows, counts))


def _place(table: Table, name: str, rows: Rows, piece: Column) -> None:
    """Write a piece into its column; what stands there already is kept."""
    if name in table.names:
        _fill(Column(table.numbers[table.names.index(name)]), rows, piece.values)
        return
    old = table.loose.get(name)
    if old is None:
        if isinstance(rows, slice):
            table.loose[name] = piece
            return
        piece.values = as_floats(piece.values)
        shape = (table.rows, *piece.values.shape[1:])
        empty = None if piece.values.dtype == object else np.nan
        old = table.loose[name] = Column(np.full(shape, empty, piece.values.dtype), piece.kind)
    _fill(old, rows, piece.values)


def _fill(column: Column, rows: Rows, values: Array) -> None:
    """Put values where the column still misses them; shapes that differ become tuples."""
    column.values, values = as_floats(column.values), as_floats(values)
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


def as_objects(column: Column) -> Array:
    """Rows of a column as Python objects, None for missing."""
    return _as_objects(column.values)


def _as_objects(values: Array) -> Array:
    """Rows as Python objects: numbers, texts, or tuples with None for a missing element."""
    if values.dtype == object:
        return values
    out = np.empty(len(values), object)
    if values.ndim == 1:
        out[:] = values.tolist()
        out[np.isnan(values)] = None
        return out
    if not values.shape[1]:
        return out
    if values.dtype == np.uint8:
        missing = (values == 0xFF).all(axis=1)
        cells = values.T.tolist()
    else:
        bare = np.isnan(values)
        missing = bare.all(axis=1)
        elements = values.astype(object)
        elements[bare] = None
        cells = elements.T.tolist()
    out[:] = list(zip(*cells, strict=True))
    out[missing] = None
    return out


def _flag_layout(part: Part, plan: Layout) -> None:
    """Say in words what was left out because the file does not fit its own description."""
    if plan.undescribed:
        part.flags["dev-field"] = "developer fields without a description were left out"
    if plan.misaligned:
        part.flags["field-size"] = "field of a wrong size kept as bytes: " + plan.misaligned[0]
