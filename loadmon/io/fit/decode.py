"""FIT messages to columns: one table of each kind of message, from the bytes of a scanned part."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from loadmon.io.fit import profile
from loadmon.io.fit.scan import Definition, Part

Array = npt.NDArray[Any]
#: Rows of a table: a stretch, or scattered ones.
Rows = Array | slice
_ALL = slice(None)
#: Fields wanted of each message number; None: all of them.
Wanted = Mapping[int, frozenset[str] | None]

#: Unix time of 1989-12-31 00:00 UTC, where FIT time begins. [s]
EPOCH = 631_065_600.0
#: FIT times below this count seconds since the watch was switched on. [s]
RELATIVE = 0x10000000
#: Times are 32 bits; a file may all the same declare them as a float.
_LAST_TIME = 0xFFFFFFFF
_EXACT = 2.0**53  # a float holds every bit of smaller whole numbers; larger ones lose the lowest
_FEW = 4  # messages; more are faster gathered at once than unpacked one by one


@dataclass(slots=True)
class Column:
    """Values of one field, one row a message, and the name of their profile type.

    Numbers are float, missing as NaN; arrays are two-dimensional, float or plain bytes (missing
    where all are 0xFF); texts are objects with None.
    """

    values: Array
    kind: str = ""


@dataclass(slots=True)
class Table:
    """All messages of one kind, in file order."""

    rows: int
    #: Those of the rows of ``numbers``, in order of `rank` of their kinds (profile types).
    names: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    #: One row a field, one column a message, NaN for missing; all other columns are in ``loose``.
    numbers: Array = field(default_factory=lambda: np.empty((0, 0)))
    loose: dict[str, Column] = field(default_factory=dict)
    order: tuple[str, ...] = ()  # all names as the messages have them, those expanded last
    row_of: dict[str, int] = field(default_factory=dict)
    #: Developer fields by the name of the profile's field that they stand for, with their units.
    natives: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether the messages have a field, whatever it holds."""
        return name in self.row_of or name in self.loose

    def value(self, name: str, row: int) -> float:
        """Value of a numeric field in one message, as `get` has it."""
        at = self.row_of.get(name)
        if at is not None:
            return float(self.numbers[at, row])
        return float(self.get(name)[row]) if name in self.loose else np.nan

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
class _Accumulated:
    """Component values that still have to be added up in file order."""

    values: Array
    meaning: Any
    component: Any


#: What a special field gives: position and name of a column, and its values.
_Piece = tuple[int, str, Column | _Accumulated]


@dataclass(slots=True)
class _Block:
    """What one definition gives, and which rows of its table that is."""

    rows: Rows
    plan: profile.Layout
    numbers: Array
    pieces: list[_Piece]


def decode(part: Part, wanted: Wanted | None = None) -> dict[int, Table]:
    """Tables by global message number; oddities met on the way are added to ``part.flags``."""
    stages = _developer_fields(part)
    by_number: dict[int, list[Definition]] = {}
    for definition in part.definitions:
        if wanted is None or definition.number in wanted:
            by_number.setdefault(definition.number, []).extend(_of_stages(definition, stages))
    times = _compressed_times(part)
    tables = {}
    for number, definitions in by_number.items():
        keep = wanted[number] if wanted is not None else None
        blocks = []
        for definition, rows in zip(definitions, _file_order(definitions), strict=True):
            apps = _described_at(definition, stages)
            plan = profile.layout(definition.key, definition.split, apps, keep)
            if plan.undescribed:
                part.flags["dev-field"] = "developer fields without a description were left out"
            if plan.misaligned:
                detail = f"field of a wrong size kept as bytes: {plan.misaligned}"
                part.flags["field-size"] = detail
            pieces = _special_pieces(plan, part.data, definition) if plan.special else []
            if definition.compressed:
                stamps = Column(times(definition.offsets), "date_time")
                pieces.append((2 * profile.EXPANDED, "timestamp", stamps))
            numbers = _plain_numbers(plan, part.data, definition)
            blocks.append(_Block(rows, plan, numbers, pieces))
        tables[number] = _table_of(blocks)
    return tables


# Developer fields: what the app on the watch says its own fields mean.


#: Developer fields that hold from a position in the file on.
_Stage = tuple[int, tuple[profile.DeveloperField, ...]]


def _developer_fields(part: Part) -> list[_Stage]:
    """Developer fields that the file describes; a new stage where one is described anew."""
    named = {
        _code(row, "developer_data_index") for _, row in _messages(part, profile.DEVELOPER_DATA_ID)
    }
    described: dict[tuple[int, int], profile.Described] = {}
    stages: list[_Stage] = []
    for at, row in sorted(_messages(part, profile.FIELD_DESCRIPTION), key=lambda told: told[0]):
        index, number = _code(row, "developer_data_index"), _code(row, "field_definition_number")
        if index is None or number is None:
            continue
        if index not in named:
            part.flags["dev-field"] = "developer fields of an app that the file does not name"
        said = _described(row, index, number)
        if described.get((index, number), said) != said:
            stages.append((at, tuple(described.items())))
        described[index, number] = said
    # Each set holds up to the next description, the last one to the end.
    begins = [0, *(at for at, _ in stages)]
    sets = [*(fields for _, fields in stages), tuple(described.items())]
    return [*zip(begins, sets, strict=True)]


def _described(row: dict[str, Any], index: int, number: int) -> profile.Described:
    stated = row.get("field_name")
    base, scale, offset, native, message = (
        _code(row, name)
        for name in (
            *("fit_base_type_id", "scale", "offset", "native_field_num", "native_mesg_num"),
        )
    )
    return profile.Described(
        name=stated if isinstance(stated, str) else f"unknown_dev_{index}_{number}",
        base=profile.BYTE if base is None else base,
        scale=float(scale or 1),
        offset=float(offset or 0),
        native=-1 if native is None else native,
        native_message=-1 if message is None else message,
        units=units if isinstance(units := row.get("units"), str) else "",
    )


def _of_stages(definition: Definition, stages: list[_Stage]) -> list[Definition]:
    """Split a definition with developer fields where the file describes one of them anew."""
    if len(stages) == 1 or definition.split >= len(definition.key):
        return [definition]
    begins = [at for at, _ in stages[1:]]
    pieces = np.split(definition.offsets, np.searchsorted(definition.offsets, begins))
    return [replace(definition, offsets=offsets) for offsets in pieces if len(offsets)]


def _described_at(
    definition: Definition, stages: list[_Stage]
) -> tuple[profile.DeveloperField, ...]:
    """Developer fields in force for the messages of a definition, none where it has none."""
    if definition.split >= len(definition.key) or not len(definition.offsets):
        return ()
    return next(fields for at, fields in reversed(stages) if at <= definition.offsets[0])


def _code(row: dict[str, Any], name: str) -> int | None:
    """Whole number of a field; None where the message has none, or a text instead."""
    value = row.get(name)
    return int(value) if isinstance(value, float) else None


def _messages(part: Part, number: int) -> list[tuple[int, dict[str, Any]]]:
    """Messages of one number as positions and dictionaries, missing fields left out."""
    rows: list[tuple[int, dict[str, Any]]] = []
    for definition in part.definitions:
        if definition.number != number:
            continue
        plan = profile.layout(definition.key, definition.split)
        numbers = _plain_numbers(plan, part.data, definition)
        columns = dict(zip(plan.names, numbers, strict=True))
        for _, name, piece in _special_pieces(plan, part.data, definition):
            if isinstance(piece, Column) and piece.values.ndim == 1:
                columns.setdefault(name, piece.values)
        for i, at in enumerate(definition.offsets.tolist()):
            row = {n: v[i] for n, v in columns.items()}
            rows.append((at, {n: v for n, v in row.items() if v is not None and v == v}))
    return rows


# Timestamps that take five bits: a message may carry only the end of its time in its header.


def _compressed_times(part: Part) -> Callable[[Array], Array]:
    """Timestamps of messages by position, of those that carry only the last five bits."""
    compressed = [d for d in part.definitions if d.compressed]
    if not compressed:
        return lambda offsets: offsets
    data = np.frombuffer(part.data, np.uint8)
    where, low, full = [], [], []
    for d in part.definitions:
        if d.compressed:
            where.append(d.offsets)
            low.append((data[d.offsets] & 0x1F).astype(np.int64))
            full.append(np.full(len(d.offsets), -1))
            continue
        plan = profile.layout(d.key, d.split)
        for stamp in plan.fields:
            if stamp.number != profile.TIMESTAMP or stamp.kind != "number" or stamp.count != 1:
                continue
            values = _field_values(stamp, _gather(part.data, d, plan.dtype))
            known = (values >= 0) & (values <= _LAST_TIME)  # of an unknown message, it may be any
            seconds = values[known].astype(np.int64)
            where.append(d.offsets[known])
            low.append(seconds & 0x1F)
            full.append(seconds)
    at, bits, seconds = (np.concatenate(x) for x in (where, low, full))
    # In file order, each compressed time is the next with those five bits.
    order = np.argsort(at)
    at, bits, seconds = at[order], bits[order], seconds[order]
    anchor = np.maximum.accumulate(np.where(seconds >= 0, np.arange(len(bits)), -1))
    run = np.cumsum(np.diff(bits, prepend=0) & 0x1F)
    start = np.where(anchor >= 0, seconds[anchor] - run[anchor], 0)
    times = (start + run).astype(np.float64)
    return lambda offsets: times[np.searchsorted(at, offsets)]


# The fields of one definition: from gathered bytes to named values.


def _gather(data: bytes, definition: Definition, dtype: np.dtype[Any]) -> Array:
    starts = len(data) - definition.size + 1
    view = np.ndarray((starts,), f"V{definition.size}", data, strides=(1,))
    return view[definition.offsets].view(dtype)


def _plain_numbers(plan: profile.Layout, data: bytes, definition: Definition) -> Array:
    """Block of all plain fields: one row a field, one column a message, missing as NaN."""
    if len(definition.offsets) <= _FEW:
        unpack = plan.plain.unpack_from
        messages = [unpack(data, at) for at in definition.offsets.tolist()]
        block = np.array(messages, np.float64)[:, plan.row_order].T
    else:
        raw = _gather(data, definition, plan.dtype)
        block = np.empty((len(plan.rows), len(raw)))
        for values, row in zip(block, plan.rows, strict=True):
            values[:] = raw[row.slot]
    missing = block == plan.invalid
    if len(plan.scale):
        block[: len(plan.scale)] /= plan.scale
    if len(plan.offset):
        block[: len(plan.offset)] -= plan.offset
    block[missing] = np.nan
    for filled, fallback in plan.fallbacks:
        values = block[plan.first + filled]
        np.copyto(values, block[fallback], where=np.isnan(values))
    return block[plan.first :]


def _special_pieces(plan: profile.Layout, data: bytes, definition: Definition) -> list[_Piece]:
    """Columns of all other fields: the fields themselves first, then what expands from them."""
    own: list[_Piece] = []
    expanded: list[_Piece] = []
    raw = _gather(data, definition, plan.dtype)
    for f in plan.special:
        values = _field_values(f, raw)
        for rows, meaning in _resolve(f.meaning, plan, raw):
            name = f.name if meaning is None else meaning.name
            chosen = values if rows is None else _only(values, rows)
            own.append(
                (f.position, name, Column(_scaled(chosen, meaning), profile.type_name(meaning)))
            )
            if meaning is not None and meaning.components:
                # Components of one field that share a name (ten in ``hr``) become one array column.
                by_name: dict[str, list[_Piece]] = {}
                for component in meaning.components:
                    for piece in _component(f, chosen, component, plan, raw):
                        by_name.setdefault(piece[1], []).append(piece)
                for same in by_name.values():
                    if len(same) > 1:
                        same[0][2].values = np.column_stack([piece[2].values for piece in same])
                    expanded.append(same[0])
    return own + expanded


def _field_values(f: profile.FieldPlan, raw: Array) -> Array:
    """Raw values of one field, missing as NaN (None in texts, 0xFF throughout in bytes)."""
    column: Array = raw[f.slot]
    if f.kind == "text":
        texts = [v.tobytes().split(b"\0", 1)[0].decode("utf-8", "replace") for v in column]
        return np.array([text or None for text in texts] + [None], object)[:-1]
    if f.kind == "bytes":
        return column
    if f.invalid is None:
        with np.errstate(invalid="ignore"):  # a signalling NaN is a missing value like any other
            values: Array = column.astype(np.float64)
    else:
        values = column.astype(np.float64)
        values[column == f.invalid] = np.nan
    if f.invalid is None or (f.is_time and column.itemsize > 4):
        most = _LAST_TIME if f.is_time else np.finfo(np.float64).max
        values[~(np.abs(values) <= most)] = np.nan
    return values


def _scaled(values: Array, meaning: Any) -> Array:
    if meaning is None or values.dtype == object or not (meaning.scale or meaning.offset):
        return values
    values = as_floats(values)
    out: Array = values / meaning.scale if meaning.scale else values
    return out - meaning.offset if meaning.offset else out


def _only(values: Array, rows: Array) -> Array:
    out = as_floats(values).copy()
    out[~rows] = None if out.dtype == object else np.nan
    return out


def _resolve(meaning: Any, plan: profile.Layout, raw: Array) -> list[tuple[Array | None, Any]]:
    """Rows and meaning of a field: itself, or the subfields that other fields of a row choose."""
    if meaning is None or not meaning.subfields:
        return [(None, meaning)]
    left = np.ones(len(raw), bool)
    found: list[tuple[Array | None, Any]] = []
    present: dict[str, set[int]] = {}
    for subfield in meaning.subfields:
        for reference in subfield.ref_fields:
            slot = plan.slots.get(reference.def_num)
            if slot is None:
                continue
            if slot not in present:
                present[slot] = set(raw[slot].tolist())
            if reference.raw_value not in present[slot]:
                continue
            rows = left & (raw[slot] == reference.raw_value)
            if rows.all():
                return [(None, subfield)]
            if rows.any():
                found.append((rows, subfield))
                left &= ~rows
    if left.any():
        found.append((left if found else None, meaning))
    return found


def _component(
    f: profile.FieldPlan, values: Array, component: Any, plan: profile.Layout, raw: Array
) -> list[_Piece]:
    width = np.dtype(f.code).itemsize
    beyond = component.bit_offset >= 8 * width * f.count
    if values.dtype == object or beyond or f.code[0] == "f":  # its bits are no fields
        return []
    number, missing = _bits(f, as_floats(values), component.bit_offset)
    out = np.where(missing, np.nan, (number & ((1 << component.bits) - 1)).astype(np.float64))
    pieces: list[_Piece] = []
    for rows, meaning in _resolve(plan.meanings.get(component.def_num), plan, raw):
        name = component.name if meaning is None else meaning.name
        chosen = out if rows is None else _only(out, rows)
        column = (
            _Accumulated(chosen, meaning, component)
            if component.accumulate
            else Column(_scaled(chosen, component), profile.type_name(meaning))
        )
        pieces.append((profile.EXPANDED + f.position, name, column))
    return pieces


def _bits(f: profile.FieldPlan, values: Array, offset: int) -> tuple[Array, Array]:
    """Whole numbers of which the lowest bits are those of a field from `offset` on; and missing."""
    bare = ~(np.abs(values) < _EXACT)
    if values.ndim == 1:
        return np.where(bare, 0, values).astype(np.int64) >> offset, bare
    missing: Array = np.logical_or.reduce(bare, axis=1)
    whole = np.where(missing[:, None], 0, values).astype(np.int64)
    elements = np.ascontiguousarray(whole.astype("<" + f.code.replace("i", "u")))
    octets = elements.view(np.uint8)[:, offset // 8 : offset // 8 + 7].astype(np.int64)
    number: Array = (octets << 8 * np.arange(octets.shape[1])).sum(axis=1)
    return number >> offset % 8, missing


# The table of one kind of message, put together from what each definition gives.


def _file_order(definitions: list[Definition]) -> list[Rows]:
    if len(definitions) == 1:
        return [_ALL]
    offsets = np.concatenate([d.offsets for d in definitions])
    ranks = np.empty(len(offsets), np.int64)
    ranks[np.argsort(offsets, kind="stable")] = np.arange(len(offsets))
    shares = np.split(ranks, np.cumsum([len(d.offsets) for d in definitions])[:-1])
    return [_stretch(share) for share in shares]


def _stretch(indices: Array) -> Rows:
    """Increasing indices as a slice, where they leave nothing out."""
    first, stop = (int(indices[0]), int(indices[-1]) + 1) if len(indices) else (0, 0)
    return slice(first, stop) if stop - first == len(indices) else indices


def _table_of(blocks: list[_Block]) -> Table:
    if len(blocks) == 1:
        plan, numbers = blocks[0].plan, blocks[0].numbers
        table = Table(numbers.shape[1], plan.names, plan.kinds, numbers, row_of=plan.row_of)
    else:
        table = _joined(blocks)
    for native, own, units in dict.fromkeys(one for b in blocks for one in b.plan.natives):
        table.natives.setdefault(native, []).append((own, units))
    table.order = _order(
        tuple([(b.plan, tuple([(at, name) for at, name, _ in b.pieces])) for b in blocks])
    )
    pending: dict[str, list[tuple[Rows, _Accumulated]]] = {}
    for block in blocks:
        for _, name, piece in block.pieces:
            if isinstance(piece, _Accumulated):
                pending.setdefault(name, []).append((block.rows, piece))
            else:
                _put(table, name, block.rows, piece)
    for name, counts in pending.items():
        told = table.get(name).copy()
        _put(table, name, _ALL, _accumulate(table.rows, counts, told))
    return table


def _joined(blocks: list[_Block]) -> Table:
    """Block with the names of all; rows that are loose elsewhere become pieces of theirs."""
    loose = frozenset(name for block in blocks for _, name, _ in block.pieces)
    names, kinds, rows_of = _union(tuple(block.plan for block in blocks), loose)
    rows = sum(block.numbers.shape[1] for block in blocks)
    numbers = np.full((len(names), rows), np.nan)
    for block, (there, here, left) in zip(blocks, rows_of, strict=True):
        if isinstance(there, slice) or isinstance(block.rows, slice):
            numbers[there, block.rows] = block.numbers[here]
        else:
            numbers[np.ix_(there, block.rows)] = block.numbers[here]
        for i in left:
            row = block.plan.rows[block.plan.first + i]
            block.pieces.insert(0, (row.position, row.name, Column(block.numbers[i], row.kind)))
    return Table(rows, names, kinds, numbers, row_of={name: i for i, name in enumerate(names)})


@functools.lru_cache(maxsize=1024)
def _union(
    plans: tuple[profile.Layout, ...], loose: frozenset[str]
) -> tuple[tuple[str, ...], tuple[str, ...], list[tuple[Rows, Rows, list[int]]]]:
    """Names and kinds nowhere loose; of each plan the rows there, here, and loose elsewhere."""
    kind_of = {n: k for plan in plans for n, k in zip(plan.names, plan.kinds, strict=True)}
    names = sorted((n for n in kind_of if n not in loose), key=lambda n: profile.rank(kind_of[n]))
    rows_of = []
    for plan in plans:
        here = [i for i, name in enumerate(plan.names) if name not in loose]
        there = [names.index(plan.names[i]) for i in here]
        left = [i for i, name in enumerate(plan.names) if name in loose]
        to = np.array(there, np.intp)
        in_order = there == sorted(there)
        rows_of.append((_stretch(to) if in_order else to, _stretch(np.array(here, np.intp)), left))
    return tuple(names), tuple(kind_of[n] for n in names), rows_of


@functools.lru_cache(maxsize=4096)
def _order(
    named: tuple[tuple[profile.Layout, tuple[tuple[int, str], ...]], ...],
) -> tuple[str, ...]:
    out: dict[str, None] = {}
    for plan, pieces in named:
        columns = [*((row.position, row.name) for row in plan.rows[plan.first :]), *pieces]
        out |= dict.fromkeys(name for _, name in sorted(columns))
    return tuple(out)


def _accumulate(rows: int, pieces: list[tuple[Rows, _Accumulated]], told: Array) -> Column:
    """Unroll counters that wrap around, over all rows of a table in file order.

    `told` are values that messages give in full: each count goes on from the one before it.
    """
    first = pieces[0][1]
    width = max(1 if p.values.ndim == 1 else p.values.shape[1] for _, p in pieces)
    grid = np.full((rows, width), np.nan)
    for row, piece in pieces:
        values = piece.values.reshape(len(piece.values), -1)
        grid[row, : values.shape[1]] = values
    scale, offset = first.component.scale or 1, first.component.offset or 0
    full = np.round((told + offset) * scale)
    full[~(np.abs(full) < _EXACT) | ~np.isnan(grid).all(axis=1)] = np.nan
    both = np.column_stack([full, grid])
    known = ~np.isnan(both)
    counts = both[known].astype(np.int64)
    is_full = np.zeros(both.shape, bool)
    is_full[:, 0] = True
    is_full = is_full[known]
    mask = (1 << first.component.bits) - 1
    run = np.cumsum(np.diff(counts & mask, prepend=0) & mask)
    anchor = np.maximum.accumulate(np.where(is_full, np.arange(len(counts)), -1))
    both[known] = run + np.where(anchor >= 0, counts[anchor] - run[anchor], 0)
    grid = both[:, 1:]
    values = grid[:, 0] if width == 1 else grid
    return Column(_scaled(values, first.component), profile.type_name(first.meaning))


def _put(table: Table, name: str, rows: Rows, piece: Column) -> None:
    """Write a piece into its column where that still misses values; other shapes become tuples."""
    if name in table.row_of:
        column = Column(table.numbers[table.row_of[name]])
    elif name in table.loose:
        column = table.loose[name]
    elif rows is _ALL:
        table.loose[name] = piece
        return
    else:
        piece.values = as_floats(piece.values)
        shape = (table.rows, *piece.values.shape[1:])
        empty = None if piece.values.dtype == object else np.nan
        column = Column(np.full(shape, empty, piece.values.dtype), piece.kind)
        table.loose[name] = column
    column.values, values = as_floats(column.values), as_floats(piece.values)
    if values.shape[1:] != column.values.shape[1:] or values.dtype != column.values.dtype:
        column.values, values = _as_objects(column.values), _as_objects(values)
    here = column.values[rows]
    missing = is_missing(here)
    here[missing] = values[missing]
    column.values[rows] = here


# Rows of several numbers as cells: which of them hold nothing, and all as floats or as tuples.


def is_missing(values: Array) -> Array:
    """Tell which rows hold nothing."""
    if values.dtype == object:
        return np.array([v is None or v != v for v in values], bool)
    missing: Array = values == 0xFF if values.dtype == np.uint8 else np.isnan(values)
    return missing if values.ndim == 1 else np.logical_and.reduce(missing, axis=1)


def as_floats(values: Array) -> Array:
    """Numbers as float with NaN; an array of plain bytes is missing as a whole or not at all."""
    if values.dtype != np.uint8:
        return values
    out = values.astype(np.float64)
    out[is_missing(values)] = np.nan
    return out


def each_of(table: Table, name: str) -> list[tuple[float, ...]]:
    """Values of each message of a field that is a number in some and an array in others."""
    column = table.loose.get(name)
    values = table.get(name) if column is None else column.values
    rows = [
        () if row is None else tuple(np.nan if v is None else float(v) for v in np.atleast_1d(row))
        for row in (values if values.dtype == object else as_floats(values))
    ]
    return [() if all(v != v for v in row) else row for row in rows]


def tuples(values: Array) -> npt.NDArray[np.object_]:
    """Rows as tuples with None for a missing element; None for a row that holds nothing."""
    out = np.empty(len(values), object)
    missing = is_missing(values)
    if values.dtype != np.uint8:
        bare = np.isnan(values)
        values = values.astype(object)
        values[bare] = None
    out[:] = list(zip(*values.T.tolist(), strict=True)) if values.shape[1] else None
    out[missing] = None
    return out


def _as_objects(values: Array) -> Array:
    if values.dtype == object:
        return values
    if values.ndim > 1:
        return tuples(values)
    out = values.astype(object)
    out[np.isnan(values)] = None
    return out
