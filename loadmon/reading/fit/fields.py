"""The fields of one definition: from gathered bytes to named values.

A field's raw number becomes NaN where it is the invalid value of its base type, then takes the
scale and offset of the profile. A subfield gives the same bytes another name where another field
of the row says so (``avg_cadence`` is ``avg_running_cadence`` in a run); a component is a few bits
of a field that mean a field of their own (``speed`` inside ``compressed_speed_distance``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from loadmon.reading.fit.layout import DeveloperField, FieldPlan, Layout, layout, type_name
from loadmon.reading.fit.scan import Definition, Part

Array = npt.NDArray[Any]
Described = dict[tuple[int, int], DeveloperField]

_TIMES = ("date_time", "local_date_time")
_LAST_TIME = 0xFFFFFFFF  # times are 32 bits; a file may all the same declare them as a float


@dataclass(slots=True)
class Column:
    """Values of one field, one row a message, and the name of their profile type.

    Numbers are float with NaN for missing; arrays are two-dimensional; text is object with None.
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


def layout_of(definition: Definition, described: Described) -> Layout:
    """Plan of a definition under the developer fields that this file describes."""
    told = tuple(described.items()) if definition.dev_fields else ()
    return layout(
        definition.number, definition.order, definition.fields, definition.dev_fields, told
    )


def gather(part: Part, definition: Definition, dtype: np.dtype[Any]) -> Array:
    """All messages of one definition as a structured array, in file order."""
    starts = len(part.data) - definition.size + 1
    view = np.ndarray((starts,), f"V{definition.size}", part.data, strides=(1,))
    messages: Array = view[np.array(definition.offsets)].view(dtype)
    return messages


def pieces(
    plan: Layout, raw: Array, keep: frozenset[str] | None
) -> list[tuple[str, Column | Accumulated]]:
    """Columns of one definition: its own fields first, then what expands from them."""
    own: list[tuple[str, Column | Accumulated]] = []
    expanded: list[tuple[str, Column | Accumulated]] = []
    read: dict[int, Array] = {}
    for f in plan.fields:
        if keep is not None and f.name not in keep:
            continue
        values = read[f.number] = read_field(f, raw)
        for rows, meaning in _resolve(f, plan, raw, read):
            name = f.name if meaning is None else meaning.name
            chosen = values if rows is None else _only(values, rows)
            own.append((name, Column(_scaled(chosen, meaning), type_name(meaning))))
            components = meaning.components or () if meaning is not None else ()
            expanded += _joined([p for c in components for p in _component(f, chosen, c, plan)])
    return own + expanded


def read_field(f: FieldPlan, raw: Array) -> Array:
    """Raw values of one field, missing as NaN (None in texts)."""
    column = raw[f.slot]
    if f.kind == "text":
        return np.array([_text(v.tobytes()) for v in column] + [None], object)[:-1]
    with np.errstate(invalid="ignore"):  # a signalling NaN is a missing value like any other
        values: Array = column.astype(np.float64)
    if f.kind == "bytes":  # an array of plain bytes is missing as a whole or not at all
        values[(column == f.invalid).all(axis=1)] = np.nan
        return values
    bad = ~np.isfinite(values) if f.invalid is None else column == f.invalid
    if type_name(f.meaning) in _TIMES:
        bad = bad | ~(np.abs(values) <= _LAST_TIME)
    if bad.any():
        values[bad] = np.nan
    return values


def _text(raw: bytes) -> str | None:
    """Text up to its first zero byte; None if empty."""
    return raw.split(b"\0", 1)[0].decode("utf-8", "replace") or None


def _scaled(values: Array, meaning: Any) -> Array:
    """Apply scale and offset of the profile."""
    if meaning is None or values.dtype == object or not (meaning.scale or meaning.offset):
        return values
    out = values / meaning.scale if meaning.scale else values
    return out - meaning.offset if meaning.offset else out


def _only(values: Array, rows: Array) -> Array:
    """Values in the given rows, missing elsewhere."""
    out = values.copy()
    out[~rows] = None if values.dtype == object else np.nan
    return out


def _resolve(
    f: FieldPlan, plan: Layout, raw: Array, read: dict[int, Array]
) -> list[tuple[Array | None, Any]]:
    """Rows and meaning of a field: itself, or the subfields that other fields of a row choose."""
    if f.meaning is None or not f.meaning.subfields:
        return [(None, f.meaning)]
    left = np.ones(len(raw), bool)
    found: list[tuple[Array | None, Any]] = []
    others = {p.number: p for p in plan.fields if p.number >= 0 and p.count == 1}
    for subfield in f.meaning.subfields:
        for reference in subfield.ref_fields:
            other = others.get(reference.def_num)
            if other is None or other.kind != "number":
                continue
            if other.number not in read:
                read[other.number] = read_field(other, raw)
            rows = left & (read[other.number] == reference.raw_value)
            if rows.any():
                found.append((rows, subfield))
                left &= ~rows
    if left.any():
        found.append((left if found else None, f.meaning))
    return found


def _component(
    f: FieldPlan, values: Array, component: Any, plan: Layout
) -> list[tuple[str, Column | Accumulated]]:
    """Expand one component out of a field: mask, shift, scale, or leave it to be added up."""
    if values.dtype == object or (f.kind == "bytes" and component.bit_offset >= 8 * f.count):
        return []
    mask = (1 << component.bits) - 1
    bare: Array = np.isnan(values)
    whole: Array = bare if values.ndim == 1 else np.logical_or.reduce(bare, axis=1)
    if values.ndim == 1:
        number = np.where(whole, 0, values).astype(np.int64) >> component.bit_offset
    else:
        first = component.bit_offset // 8
        window = np.where(whole[:, None], 0, values)[:, first : first + 7].astype(np.int64)
        number = (window << 8 * np.arange(window.shape[1])).sum(axis=1)
        number >>= component.bit_offset % 8
    out = np.where(whole, np.nan, (number & mask).astype(np.float64))
    meaning = _target(component, plan)
    if component.accumulate:
        return [(component.name, Accumulated(out, component.bits, meaning, component))]
    return [(component.name, Column(_scaled(out, component), type_name(meaning)))]


def _target(component: Any, plan: Layout) -> Any:
    """Profile field that a component expands into, where this layout has it too."""
    return next((f.meaning for f in plan.fields if f.number == component.def_num), None)


def _joined(
    found: list[tuple[str, Column | Accumulated]],
) -> list[tuple[str, Column | Accumulated]]:
    """Components of one field that share a name (ten in ``hr``) become one array column."""
    by_name: dict[str, list[Column | Accumulated]] = {}
    for name, piece in found:
        by_name.setdefault(name, []).append(piece)
    out: list[tuple[str, Column | Accumulated]] = []
    for name, same in by_name.items():
        first = same[0]
        if len(same) > 1:
            first.values = np.column_stack([p.values for p in same])
        out.append((name, first))
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
