"""FIT messages to columns: fields, developer fields, times, and tables of a kind of message."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from loadmon.io.fit.profile import (
    BYTE,
    DEVELOPER_DATA_ID,
    EXPANDED,
    FIELD_DESCRIPTION,
    TIMESTAMP,
    DeveloperField,
    FieldPlan,
    Layout,
    layout,
    rank,
    type_name,
)
from loadmon.io.fit.scan import Definition, Part

# The fields of one definition: from gathered bytes to named values.

Array = npt.NDArray[Any]
Described = dict[tuple[int, int], DeveloperField]

#: Times are 32 bits; a file may all the same declare them as a float.
LAST_TIME = 0xFFFFFFFF
_EXACT = 2.0**53  # a float holds every bit of smaller whole numbers; larger ones lose the lowest
_FEW = 4  # messages; more are faster gathered at once than unpacked one by one


@dataclass(slots=True)
class Column:
    """Values of one field, one row a message, and the name of their profile type.

    Numbers are float with NaN for missing. Arrays are two-dimensional: float likewise, or plain
    bytes, missing where all are 0xFF. Texts are objects with None for missing.
    """

    values: Array
    kind: str = ""


@dataclass(slots=True)
class Accumulated:
    """Component values that still have to be added up in file order."""

    values: Array
    bits: int
    meaning: Any
    component: Any


#: What a special field gives: place and name of a column, and its values.
Piece = tuple[int, str, Column | Accumulated]


def layout_of(
    definition: Definition, described: Described, keep: frozenset[str] | None = None
) -> Layout:
    """Plan of a definition under the developer fields that this file describes."""
    has_dev_fields = definition.split < len(definition.key)
    told = tuple(described.items()) if has_dev_fields else ()
    return layout(definition.key, definition.split, told, keep)


def gather(data: bytes, definition: Definition, dtype: np.dtype[Any]) -> Array:
    """All messages of one definition as a structured array, in file order."""
    starts = len(data) - definition.size + 1
    view = np.ndarray((starts,), f"V{definition.size}", data, strides=(1,))
    messages: Array = view[definition.offsets].view(dtype)
    return messages


def plain_numbers(plan: Layout, data: bytes, definition: Definition) -> Array:
    """Block of all plain fields: one row a field, one column a message, missing as NaN."""
    if len(definition.offsets) <= _FEW:
        unpack = plan.plain.unpack_from
        messages = [unpack(data, at) for at in definition.offsets.tolist()]
        block = np.array(messages, np.float64)[:, plan.turn].T
    else:
        raw = gather(data, definition, plan.dtype)
        block = np.empty((len(plan.rows), len(raw)))
        for values, row in zip(block, plan.rows, strict=True):
            values[:] = raw[row.slot]
    missing = block == plan.invalid
    if len(plan.scale):
        block[: len(plan.scale)] /= plan.scale
    if len(plan.offset):
        block[: len(plan.offset)] -= plan.offset
    block[missing] = np.nan
    for place, spare in plan.spares:
        values = block[plan.first + place]
        np.copyto(values, block[spare], where=np.isnan(values))
    return block[plan.first :]


def special_pieces(plan: Layout, data: bytes, definition: Definition) -> list[Piece]:
    """Columns of all other fields: the fields themselves first, then what expands from them."""
    own: list[Piece] = []
    expanded: list[Piece] = []
    raw = gather(data, definition, plan.dtype)
    for f in plan.special:
        values = read_field(f, raw)
        for rows, meaning in _resolve(f.meaning, plan, raw):
            name = f.name if meaning is None else meaning.name
            chosen = values if rows is None else _only(values, rows)
            own.append((f.place, name, Column(_scaled(chosen, meaning), type_name(meaning))))
            if meaning is not None and meaning.components:
                found = [_component(f, chosen, c, plan, raw) for c in meaning.components]
                expanded += _joined_pieces([piece for pieces in found for piece in pieces])
    return own + expanded


def read_field(f: FieldPlan, raw: Array) -> Array:
    """Raw values of one field, missing as NaN (None in texts, 0xFF throughout in bytes)."""
    column: Array = raw[f.slot]
    if f.kind == "text":
        return np.array([_text(v.tobytes()) for v in column] + [None], object)[:-1]
    if f.kind == "bytes":
        return column
    if f.invalid is None:
        return _floating(column, f.is_time)
    values: Array = column.astype(np.float64)
    values[column == f.invalid] = np.nan
    if f.is_time and column.itemsize > 4:
        values[~(np.abs(values) <= LAST_TIME)] = np.nan
    return values


def _floating(column: Array, is_time: bool) -> Array:
    """Floating numbers; infinite ones, and times that none can be, are missing."""
    with np.errstate(invalid="ignore"):  # a signalling NaN is a missing value like any other
        values: Array = column.astype(np.float64)
    most = LAST_TIME if is_time else np.finfo(np.float64).max
    values[~(np.abs(values) <= most)] = np.nan
    return values


def _text(raw: bytes) -> str | None:
    """Text up to its first zero byte; None if empty."""
    return raw.split(b"\0", 1)[0].decode("utf-8", "replace") or None


def _scaled(values: Array, meaning: Any) -> Array:
    """Apply scale and offset of the profile."""
    if meaning is None or values.dtype == object or not (meaning.scale or meaning.offset):
        return values
    values = as_floats(values)
    out: Array = values / meaning.scale if meaning.scale else values
    return out - meaning.offset if meaning.offset else out


def as_floats(values: Array) -> Array:
    """Numbers as float with NaN; an array of plain bytes is missing as a whole or not at all."""
    if values.dtype != np.uint8:
        return values
    out = values.astype(np.float64)
    out[(values == 0xFF).all(axis=1)] = np.nan
    return out


def _only(values: Array, rows: Array) -> Array:
    """Values in the given rows, missing elsewhere."""
    out = as_floats(values).copy()
    out[~rows] = None if out.dtype == object else np.nan
    return out


def _resolve(meaning: Any, plan: Layout, raw: Array) -> list[tuple[Array | None, Any]]:
    """Rows and meaning of a field: itself, or the subfields that other fields of a row choose."""
    if meaning is None or not meaning.subfields:
        return [(None, meaning)]
    left = np.ones(len(raw), bool)
    found: list[tuple[Array | None, Any]] = []
    for subfield, slot, code in _choices(meaning, plan, raw):
        rows = left & (raw[slot] == code)
        if rows.all():
            return [(None, subfield)]
        if rows.any():
            found.append((rows, subfield))
            left &= ~rows
    if left.any():
        found.append((left if found else None, meaning))
    return found


def _choices(meaning: Any, plan: Layout, raw: Array) -> list[tuple[Any, str, int]]:
    """Subfields of a field, each with the slot and the number that choose it, if they occur."""
    met: dict[int, set[int]] = {}
    choices = []
    for subfield in meaning.subfields:
        for reference in subfield.ref_fields:
            slot = plan.slots.get(reference.def_num)
            if slot is None:
                continue
            if reference.def_num not in met:
                met[reference.def_num] = set(raw[slot].tolist())
            if reference.raw_value in met[reference.def_num]:
                choices.append((subfield, slot, reference.raw_value))
    return choices


def _component(
    f: FieldPlan, values: Array, component: Any, plan: Layout, raw: Array
) -> list[Piece]:
    """Expand one component out of a field: mask, shift, scale, or leave it to be added up."""
    width = np.dtype(f.code).itemsize
    if values.dtype == object or component.bit_offset >= 8 * width * f.count:
        return []
    if f.code[0] == "f":  # bits of a floating number are no fields
        return []
    number, missing = _bits(f, as_floats(values), component.bit_offset)
    out = np.where(missing, np.nan, (number & ((1 << component.bits) - 1)).astype(np.float64))
    place = EXPANDED + f.place
    pieces: list[Piece] = []
    for rows, meaning in _resolve(plan.meanings.get(component.def_num), plan, raw):
        name = component.name if meaning is None else meaning.name
        chosen = out if rows is None else _only(out, rows)
        if component.accumulate:
            pieces.append((place, name, Accumulated(chosen, component.bits, meaning, component)))
        else:
            column = Column(_scaled(chosen, component), type_name(meaning))
            pieces.append((place, name, column))
    return pieces


def _bits(f: FieldPlan, values: Array, offset: int) -> tuple[Array, Array]:
    """Whole numbers of which the lowest bits are those of a field from `offset` on; and missing."""
    bare: Array = ~(np.abs(values) < _EXACT)
    if values.ndim == 1:
        return np.where(bare, 0, values).astype(np.int64) >> offset, bare
    missing: Array = np.logical_or.reduce(bare, axis=1)
    whole = np.where(missing[:, None], 0, values).astype(np.int64)
    elements = np.ascontiguousarray(whole.astype("<" + f.code.replace("i", "u")))
    octets = elements.view(np.uint8)[:, offset // 8 : offset // 8 + 7].astype(np.int64)
    number: Array = (octets << 8 * np.arange(octets.shape[1])).sum(axis=1)
    return number >> offset % 8, missing


def _joined_pieces(found: list[Piece]) -> list[Piece]:
    """Components of one field that share a name (ten in ``hr``) become one array column."""
    by_name: dict[str, list[Piece]] = {}
    for piece in found:
        by_name.setdefault(piece[1], []).append(piece)
    out: list[Piece] = []
    for same in by_name.values():
        first = same[0][2]
        if len(same) > 1:
            first.values = np.column_stack([piece[2].values for piece in same])
        out.append(same[0])
    return out


def accumulate(rows: int, pieces: list[tuple[Array | slice, Accumulated]]) -> Column:
    """Unroll counters that wrap around, over all rows of a table in file order."""
    first = pieces[0][1]
    width = max(1 if p.values.ndim == 1 else p.values.shape[1] for _, p in pieces)
    grid = np.full((rows, width), np.nan)
    for row, piece in pieces:
        values = piece.values.reshape(len(piece.values), -1)
        grid[row, : values.shape[1]] = values
    flat = grid.ravel()
    known = ~np.isnan(flat)
    counts = flat[known].astype(np.int64)
    steps = (counts - np.concatenate([[0], counts[:-1]])) & ((1 << first.bits) - 1)
    flat[known] = np.cumsum(steps)
    values = flat.reshape(rows, width)
    values = values[:, 0] if width == 1 else values
    return Column(_scaled(values, first.component), type_name(first.meaning))


# Rows of several numbers as cells: which of them hold nothing, and all as tuples.


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


# A table of all messages of one kind, put together from what each definition gives.


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


# Timestamps that take five bits: a message may carry only the end of its time in its header.


#: Unix time of 1989-12-31 00:00 UTC, where FIT time begins. [s]
EPOCH = 631_065_600.0
#: FIT times below this count seconds since the watch was switched on. [s]
RELATIVE = 0x10000000


def compressed_times(part: Part) -> dict[int, Array]:
    """Timestamps of messages that carry only the last five bits in their header byte."""
    squeezed = [d for d in part.definitions if d.compressed]
    if not squeezed:
        return {}
    data = np.frombuffer(part.data, np.uint8)
    where, low, full = [], [], []
    for d in part.definitions:
        if d.compressed:
            where.append(d.offsets)
            low.append((data[d.offsets] & 0x1F).astype(np.int64))
            full.append(np.full(len(d.offsets), -1))
            continue
        plan = layout_of(d, {})
        for stamp in plan.fields:
            if stamp.number != TIMESTAMP or stamp.kind != "number" or stamp.count != 1:
                continue
            values = read_field(stamp, gather(part.data, d, plan.dtype))
            known = (values >= 0) & (values <= LAST_TIME)  # of an unknown message, it may be any
            seconds = values[known].astype(np.int64)
            where.append(d.offsets[known])
            low.append(seconds & 0x1F)
            full.append(seconds)
    at, bits, seconds = (np.concatenate(x) for x in (where, low, full))
    unrolled = _unroll(at, bits, seconds)
    return {id(d): unrolled[np.searchsorted(np.sort(at), d.offsets)] for d in squeezed}


def _unroll(at: Array, bits: Array, seconds: Array) -> Array:
    """Full times in file order; each compressed one is the next with those five bits."""
    order = np.argsort(at)
    bits, seconds = bits[order], seconds[order]
    anchor = np.maximum.accumulate(np.where(seconds >= 0, np.arange(len(bits)), -1))
    step = (bits - np.concatenate([[0], bits[:-1]])) & 0x1F
    run = np.cumsum(step)
    based = anchor >= 0
    start = np.where(based, seconds[anchor], 0) - np.where(based, run[anchor], 0)
    times: Array = (start + run).astype(np.float64)
    return times


# Developer fields: what the app on the watch says its own fields mean.


def developer_fields(part: Part) -> Described:
    """Developer fields that the file describes, by developer index and field number."""
    named = {_code(row, "developer_data_index") for row in _rows(part, DEVELOPER_DATA_ID)}
    described: Described = {}
    for row in _rows(part, FIELD_DESCRIPTION):
        index, number = _code(row, "developer_data_index"), _code(row, "field_definition_number")
        if index is None or number is None:
            continue
        if index not in named:
            part.flags["dev-field"] = "developer fields of an app that the file does not name"
        name = _field_text(row.get("field_name")) or f"unknown_dev_{index}_{number}"
        base = _code(row, "fit_base_type_id")
        code = BYTE if base is None else base
        described[index, number] = DeveloperField(name, code, _field_text(row.get("units")))
    return described


def _code(row: dict[str, Any], name: str) -> int | None:
    """Whole number of a field; None where the message has none, or a text in its place."""
    value = row.get(name)
    return int(value) if isinstance(value, float) else None


def _field_text(value: Any) -> str:
    """Return a text, empty where the message has none."""
    return value if isinstance(value, str) else ""


def _rows(part: Part, number: int) -> list[dict[str, Any]]:
    """Messages of one number as dictionaries, missing fields left out."""
    rows: list[dict[str, Any]] = []
    for definition in part.definitions:
        if definition.number != number:
            continue
        plan = layout_of(definition, {})
        numbers = plain_numbers(plan, part.data, definition)
        columns = dict(zip(plan.names, numbers, strict=True))
        for _, name, piece in special_pieces(plan, part.data, definition):
            if isinstance(piece, Column) and piece.values.ndim == 1:
                columns.setdefault(name, piece.values)
        for i in range(len(definition.offsets)):
            row = {n: v[i] for n, v in columns.items()}
            rows.append({n: v for n, v in row.items() if v is not None and v == v})
    return rows


# From the bytes of a scanned FIT part to columns, one table for each kind of message.


Wanted = Mapping[int, frozenset[str] | None]


def decode(part: Part, wanted: Wanted | None = None) -> dict[int, Table]:
    """Decode the messages of one part.

    Returns by global message number. Oddities met on the way are added to ``part.flags``.
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
    for definition, rows in zip(definitions, file_order(definitions), strict=True):
        plan = layout_of(definition, described, keep)
        _flag_layout(part, plan)
        pieces = special_pieces(plan, part.data, definition) if plan.special else []
        if definition.compressed:
            stamps = Column(times[id(definition)], "date_time")
            pieces.append((2000, "timestamp", stamps))
        numbers = plain_numbers(plan, part.data, definition)
        blocks.append(Block(rows, plan, numbers, pieces))
    return table_of(blocks)


def _flag_layout(part: Part, plan: Layout) -> None:
    """Say in words what was left out because the file does not fit its own description."""
    if plan.undescribed:
        part.flags["dev-field"] = "developer fields without a description were left out"
    if plan.misaligned:
        part.flags["field-size"] = "field of a wrong size kept as bytes: " + plan.misaligned[0]
