"""A table of all messages of one kind, put together from what each definition gives.

Whatever a column holds already is kept: a field of its own comes before one expanded from a
component, and the first of two definitions before the second.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

import numpy as np

from loadmon.reading.fit.cells import missing_rows, tuples
from loadmon.reading.fit.fields import (
    Accumulated,
    Array,
    Column,
    Piece,
    accumulate,
    as_floats,
)
from loadmon.reading.fit.layout import Layout
from loadmon.reading.fit.messages import Definition
from loadmon.reading.fit.profile import rank

#: Rows of a table: a stretch, or scattered ones.
Rows = Array | slice
_ALL = slice(None)


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
    row_of : dict of str to int
        Place in `names` of each.
    """

    rows: int
    names: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    numbers: Array = field(default_factory=lambda: np.empty((0, 0)))
    loose: dict[str, Column] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    row_of: dict[str, int] = field(default_factory=dict)

    def get(self, name: str) -> Array:
        """Values of a numeric field; all NaN where the messages do not have it as one number."""
        row = self.row_of.get(name)
        if row is not None:
            values: Array = self.numbers[row]
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
class Block:
    """What one definition gives, and which rows of its table that is."""

    rows: Rows
    plan: Layout
    numbers: Array
    pieces: list[Piece]


def file_order(definitions: list[Definition]) -> list[Rows]:
    """For each definition the rows of the table that its messages take."""
    if len(definitions) == 1:
        return [_ALL]
    offsets = np.concatenate([d.offsets for d in definitions])
    ranks = np.empty(len(offsets), np.int64)
    ranks[np.argsort(offsets, kind="stable")] = np.arange(len(offsets))
    shares = np.split(ranks, np.cumsum([len(d.offsets) for d in definitions])[:-1])
    return [_stretch(share) for share in shares]


def _stretch(places: Array) -> Rows:
    """Increasing places as a slice, where they leave nothing out."""
    first, stop = (int(places[0]), int(places[-1]) + 1) if len(places) else (0, 0)
    return slice(first, stop) if stop - first == len(places) else places


def table_of(blocks: list[Block]) -> Table:
    """Table of all messages of one kind."""
    if len(blocks) == 1:
        plan, numbers = blocks[0].plan, blocks[0].numbers
        order = _order(((plan, _places(blocks[0])),))
        rows = numbers.shape[1]
        table = Table(rows, plan.names, plan.kinds, numbers, {}, order, plan.row_of)
    else:
        table = _joined(blocks)
    _add_pieces(table, blocks)
    return table


def _places(block: Block) -> tuple[tuple[int, str], ...]:
    return tuple((place, name) for place, name, _ in block.pieces)


def _joined(blocks: list[Block]) -> Table:
    """Table of several definitions: a block that has the names of all, filled from each."""
    plans = tuple(block.plan for block in blocks)
    named = tuple(_places(block) for block in blocks)
    names, kinds, places = _union(plans, frozenset(n for pieces in named for _, n in pieces))
    rows = sum(block.numbers.shape[1] for block in blocks)
    numbers = np.full((len(names), rows), np.nan)
    for block, (there, here, left) in zip(blocks, places, strict=True):
        if isinstance(there, slice) or isinstance(block.rows, slice):
            numbers[there, block.rows] = block.numbers[here]
        else:
            numbers[np.ix_(there, block.rows)] = block.numbers[here]
        for i in left:
            row = block.plan.rows[block.plan.first + i]
            block.pieces.insert(0, (row.place, row.name, Column(block.numbers[i], row.kind)))
    order = _order(tuple(zip(plans, named, strict=True)))
    row_of = {name: i for i, name in enumerate(names)}
    return Table(rows, names, kinds, numbers, {}, order, row_of)


@functools.lru_cache(maxsize=1024)
def _union(
    plans: tuple[Layout, ...], loose: frozenset[str]
) -> tuple[tuple[str, ...], tuple[str, ...], list[tuple[Rows, Rows, list[int]]]]:
    """Names and kinds of all plans that are nowhere loose.

    With them, for each plan, the rows there and here, and the rows that are loose elsewhere.
    """
    kind_of = {n: k for plan in plans for n, k in zip(plan.names, plan.kinds, strict=True)}
    names = sorted((n for n in kind_of if n not in loose), key=lambda n: rank(kind_of[n]))
    places = []
    for plan in plans:
        here = [i for i, name in enumerate(plan.names) if name not in loose]
        there = [names.index(plan.names[i]) for i in here]
        left = [i for i, name in enumerate(plan.names) if name in loose]
        in_order = there == sorted(there)
        to = _stretch(np.array(there, np.intp)) if in_order else np.array(there, np.intp)
        places.append((to, _stretch(np.array(here, np.intp)), left))
    return tuple(names), tuple(kind_of[n] for n in names), places


@functools.lru_cache(maxsize=4096)
def _order(
    named: tuple[tuple[Layout, tuple[tuple[int, str], ...]], ...],
) -> tuple[str, ...]:
    """All names: first those of the messages themselves in their order, then expanded ones."""
    out: dict[str, None] = {}
    for plan, pieces in named:
        places = [*((row.place, row.name) for row in plan.rows[plan.first :]), *pieces]
        out |= dict.fromkeys(name for _, name in sorted(places))
    return tuple(out)


def _add_pieces(table: Table, blocks: list[Block]) -> None:
    """Add the columns that are no plain rows; what stands there already is kept."""
    pending: dict[str, list[tuple[Rows, Accumulated]]] = {}
    for block in blocks:
        for _, name, piece in block.pieces:
            if isinstance(piece, Accumulated):
                pending.setdefault(name, []).append((block.rows, piece))
            else:
                _place(table, name, block.rows, piece)
    for name, counts in pending.items():
        _place(table, name, _ALL, accumulate(table.rows, counts))


def _place(table: Table, name: str, rows: Rows, piece: Column) -> None:
    """Write a piece into its column; what stands there already is kept."""
    if name in table.row_of:
        _fill(Column(table.numbers[table.row_of[name]]), rows, piece.values)
        return
    old = table.loose.get(name)
    if old is None:
        if rows is _ALL:
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
    return np.isnan(values) if values.ndim == 1 else missing_rows(values)


def _as_objects(values: Array) -> Array:
    """Rows as Python objects, None for missing: numbers, texts or tuples."""
    if values.dtype == object:
        return values
    if values.ndim > 1:
        return tuples(values)
    out = np.empty(len(values), object)
    out[:] = values.tolist()
    out[np.isnan(values)] = None
    return out
