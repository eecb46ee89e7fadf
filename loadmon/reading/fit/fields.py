"""The fields of one definition: from gathered bytes to named values.

A field's raw number becomes NaN where it is the invalid value of its base type, then takes the
scale and offset of the profile. Plain fields do so all at once, as rows of one block. The others
are read one by one: texts, arrays, and fields whose meaning is not fixed. A subfield gives the same
bytes another name where another field of the row says so (``avg_cadence`` is
``avg_running_cadence`` in a run); a component is a few bits of a field that mean a field of their
own (``speed`` inside ``compressed_speed_distance``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from loadmon.reading.fit.layout import DeveloperField, Layout, layout
from loadmon.reading.fit.messages import Definition
from loadmon.reading.fit.profile import type_name
from loadmon.reading.fit.rows import EXPANDED, FieldPlan

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
                expanded += _joined([piece for pieces in found for piece in pieces])
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


def _joined(found: list[Piece]) -> list[Piece]:
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
