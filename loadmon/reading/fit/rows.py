"""Which fields of a message are plain, and the rows of numbers they make.

A plain field is one whole number that always has the same name. What the whole of it expands into
(``speed`` is ``enhanced_speed`` too) is another row of the same bytes; where the message has a
field of that name as well, the row is a spare one that fills in where the field is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from loadmon.reading.fit.profile import rank, type_name

#: Codes of Python's struct for the numbers that may be plain.
CODES = {"u1": "B", "i1": "b", "u2": "H", "i2": "h", "u4": "I", "i4": "i"}
#: Columns that a component expands into come after the fields of the message itself.
EXPANDED = 1000


@dataclass(frozen=True, slots=True, eq=False)
class FieldPlan:
    """How one field of a layout is read.

    ``slot`` is its name in the numpy type, ``place`` where its column stands; ``kind`` is
    ``number``, ``bytes`` or ``text``; ``count`` its elements of ``code`` (numpy type), ``invalid``
    the value that stands for missing, ``is_time`` whether it is one. ``meaning`` is the field of
    the profile (None: unknown to it), which knows type, scale, offset, components and subfields.
    """

    slot: str
    name: str
    number: int
    place: int
    kind: str
    code: str
    count: int
    invalid: float | None
    is_time: bool
    meaning: Any


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One row of the block of numbers: a plain field, or what the whole of one expands into."""

    name: str
    kind: str
    place: int
    slot: str
    invalid: float
    scale: float
    offset: float


def parted(
    kept: list[FieldPlan], meanings: dict[int, Any]
) -> tuple[list[Row], list[Row], tuple[FieldPlan, ...]]:
    """Spare rows, named rows, and the fields that are no rows at all."""
    rows_of = {p.place: _rows(p, meanings) for p in kept}
    own = [p.name for p in kept]
    expanded = [c.name for p in kept for c in _components(p.meaning)]
    plain = {rows[0].name for rows in rows_of.values() if rows}
    filling = {row.name for rows in rows_of.values() for row in rows[1:]} & plain

    def is_clear(name: str) -> bool:
        times = (own.count(name), expanded.count(name))
        return times in ((1, 0), (0, 1)) or (times == (1, 1) and name in filling)

    spare: list[Row] = []
    named: list[Row] = []
    special: list[FieldPlan] = []
    for p in kept:
        rows = rows_of[p.place]
        if not rows or not all(is_clear(row.name) for row in rows):
            special.append(p)
            continue
        named.append(rows[0])
        for row in rows[1:]:
            (spare if row.name in own else named).append(row)
    if not {row.name for row in spare} <= {row.name for row in named}:
        return [], [], tuple(kept)
    return spare, named, tuple(special)


def _components(meaning: Any) -> tuple[Any, ...]:
    return (meaning.components or ()) if meaning is not None else ()


def _rows(p: FieldPlan, meanings: dict[int, Any]) -> list[Row]:
    """Rows of a plain field and of what it expands into; none where it needs more than that."""
    meaning = p.meaning
    if p.kind != "number" or p.count != 1 or p.code not in CODES:
        return []
    if meaning is not None and meaning.subfields:
        return []
    rows = [_row(p, p.name, type_name(meaning), p.place, meaning)]
    for c in _components(meaning):
        target = meanings.get(c.def_num)
        whole = c.bits == 8 * np.dtype(p.code).itemsize and p.code[0] == "u"
        if not whole or c.accumulate or target is None or target.subfields:
            return []
        rows.append(_row(p, c.name, type_name(target), EXPANDED + p.place, c))
    return [] if any(rank(r.kind) and (r.scale != 1 or r.offset) for r in rows) else rows


def _row(p: FieldPlan, name: str, kind: str, place: int, scaling: Any) -> Row:
    scale = scaling.scale if scaling is not None and scaling.scale else 1
    offset = scaling.offset if scaling is not None and scaling.offset else 0
    invalid = np.nan if p.invalid is None else p.invalid
    return Row(name, kind, place, p.slot, invalid, scale, offset)
