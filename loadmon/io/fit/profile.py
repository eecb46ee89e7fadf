"""The FIT profile, and the plan by which the messages of one definition are read."""

from __future__ import annotations

import difflib
import functools
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from fitdecode import profile

from loadmon.errors import SettingError

# The FIT profile as fitdecode ships it: what messages, fields and types are called.

#: Messages that say what developer fields mean: index of the developer, description of a field.
DEVELOPER_DATA_ID = profile.MESG_NUM_DEVELOPER_DATA_ID
FIELD_DESCRIPTION = profile.MESG_NUM_FIELD_DESCRIPTION
#: Types of the profile that are times.
TIMES = ("date_time", "local_date_time")


def fields_of(number: int) -> dict[int, Any]:
    """Fields of a message by their number; empty where the profile does not know it."""
    known = profile.MESSAGE_TYPES.get(number)
    return known.fields if known else {}


def message_name(number: int) -> str:
    """Profile name of a message; ``unknown_N`` where the profile does not know it."""
    known = profile.MESSAGE_TYPES.get(number)
    return known.name if known else f"unknown_{number}"


@functools.cache
def _numbers_of_messages() -> dict[str, int]:
    return {known.name: number for number, known in profile.MESSAGE_TYPES.items()}


def message_number(name: str) -> int:
    """Global number of a message by its name, ``unknown_N`` too."""
    number = _numbers_of_messages().get(name)
    if number is None and name.startswith("unknown_") and name[8:].isdecimal():
        number = int(name[8:])
    if number is None:
        near = difflib.get_close_matches(name, _numbers_of_messages(), 1)
        hint = f"did you mean {near[0]!r}?" if near else "see the FIT profile for their names"
        raise SettingError(f"no FIT message is called {name!r}; {hint}")
    return number


def type_name(meaning: Any) -> str:
    """Name of a profile field's type (``date_time``, ``sport``, ``uint16``); empty if unknown."""
    return "" if meaning is None else str(meaning.type.name)


@functools.cache
def enum_of(kind: str) -> dict[int, str]:
    """Names behind the numbers of a profile type; empty for types that are plain numbers."""
    found = profile.FIELD_TYPES.get(kind)
    return found.enum or {} if found else {}


@functools.cache
def rank(kind: str) -> int:
    """Order of kinds in a block: 0 numbers, 1 times, 2 local times, 3 named numbers."""
    if kind in TIMES:
        return 1 + TIMES.index(kind)
    return 3 if enum_of(kind) else 0


# Which fields of a message are plain, and the rows of numbers they make.


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


# How the bytes of one definition become named columns: a plan made once per layout.


#: numpy type and invalid value of each base type; None: NaN is its own invalid value.
_BASES: dict[int, tuple[str, float | None]] = {
    0x00: ("u1", 0xFF),
    0x01: ("i1", 0x7F),
    0x02: ("u1", 0xFF),
    0x83: ("i2", 0x7FFF),
    0x84: ("u2", 0xFFFF),
    0x85: ("i4", 0x7FFFFFFF),
    0x86: ("u4", 0xFFFFFFFF),
    0x88: ("f4", None),
    0x89: ("f8", None),
    0x0A: ("u1", 0),
    0x8B: ("u2", 0),
    0x8C: ("u4", 0),
    0x8E: ("i8", 0x7FFFFFFFFFFFFFFF),
    0x8F: ("u8", 0xFFFFFFFFFFFFFFFF),
    0x90: ("u8", 0),
}
_STRING = 0x07
#: Base type of plain bytes, which a developer field has where it does not say its own.
BYTE = 0x0D
TIMESTAMP = 253


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A numpy type for one message and the plan of its fields.

    ``plain`` unpacks the plain fields of one message, ``turn`` says which of them is which row.
    ``rows`` are those of the block of numbers. First stand spare ones that only fill in where a
    row of the same name is missing (``spares``: that row, place of the spare). Then, from place
    ``first`` on, come the named rows in order of `rank`: numbers with an offset, with a scale,
    plain, then times, then named numbers. ``invalid`` is a column beside all rows, ``scale`` and
    ``offset`` beside the first ones. ``special`` are all other fields, ``meanings`` the profile
    fields of the message and ``slots`` the fields of one number by their number.
    """

    dtype: np.dtype[Any]
    plain: struct.Struct
    turn: npt.NDArray[np.intp]
    fields: tuple[FieldPlan, ...]
    rows: tuple[Row, ...]
    spares: tuple[tuple[int, int], ...]
    first: int
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    row_of: dict[str, int]
    invalid: npt.NDArray[np.float64]
    scale: npt.NDArray[np.float64]
    offset: npt.NDArray[np.float64]
    special: tuple[FieldPlan, ...]
    meanings: dict[int, Any]
    slots: dict[int, str]
    misaligned: tuple[str, ...]
    undescribed: bool


@dataclass(frozen=True, slots=True)
class DeveloperField:
    """What a field_description message says of one developer field."""

    name: str
    base: int
    units: str


@functools.lru_cache(maxsize=4096)
def layout(
    key: bytes,
    split: int,
    described: tuple[tuple[tuple[int, int], DeveloperField], ...],
    keep: frozenset[str] | None,
) -> Layout:
    """Plan the fields of one definition."""
    order = ">" if key[0] else "<"
    number = int.from_bytes(key[1:3], "big" if key[0] else "little")
    fields, dev_fields = triples(key[4:split]), triples(key[split + 1 :])
    meanings = fields_of(number)
    names: list[str] = ["header"]
    formats: list[Any] = ["u1"]
    plans: list[FieldPlan] = []
    misaligned: list[str] = []
    for n, size, base in fields:
        meaning = meanings.get(n)
        name = meaning.name if meaning else f"unknown_{n}"
        if _misfits(size, base):
            misaligned.append(f"{message_name(number)}.{name}")
        plans.append(_plan(name, n, size, base, order, meaning, formats, names))
    taken = {p.name for p in plans}
    meaning_of = dict(described)
    for n, size, index in dev_fields:
        told = meaning_of.get((index, n))
        if told is None:
            names.append(f"skip{len(names)}")
            formats.append(f"V{size}")
            continue
        name = told.name if told.name not in taken else f"{told.name}_dev{index}"
        taken.add(name)
        if _misfits(size, told.base):
            misaligned.append(f"{message_name(number)}.{name}")
        plans.append(_plan(name, -1, size, told.base, order, None, formats, names))
    undescribed = any((index, n) not in meaning_of for n, _, index in dev_fields)
    dtype = np.dtype({"names": names, "formats": formats})
    kept = [p for p in plans if keep is None or p.name in keep]
    return _arranged(dtype, order, plans, kept, misaligned, undescribed, meanings)


def _misfits(size: int, base: int) -> bool:
    """Tell a field that holds no whole number of values of its type."""
    return base in _BASES and bool(size % np.dtype(_BASES[base][0]).itemsize)


def triples(raw: bytes) -> list[tuple[int, int, int]]:
    """Descriptions of fields, three bytes each: number, size, base type or developer index."""
    return list(zip(raw[0::3], raw[1::3], raw[2::3], strict=True))


def _plan(
    name: str,
    number: int,
    size: int,
    base: int,
    order: str,
    meaning: Any,
    formats: list[Any],
    names: list[str],
) -> FieldPlan:
    """Choose the numpy type of one field; what does not fit its type is read as plain bytes."""
    place = len(names)
    slot = f"f{place}"
    names.append(slot)
    is_time = type_name(meaning) in TIMES
    if base == _STRING:
        formats.append(f"V{size}")
        return FieldPlan(slot, name, number, place, "text", "V", 1, None, False, meaning)
    code, invalid = _BASES.get(base, ("", None))
    width = np.dtype(code).itemsize if code else 0
    if not code or size % width:
        formats.append(("u1", (size,)))
        return FieldPlan(slot, name, number, place, "bytes", "u1", size, 0xFF, False, meaning)
    count = size // width
    formats.append(order + code if count == 1 else (order + code, (count,)))
    return FieldPlan(slot, name, number, place, "number", code, count, invalid, is_time, meaning)


def _arranged(
    dtype: np.dtype[Any],
    order: str,
    plans: list[FieldPlan],
    kept: list[FieldPlan],
    misaligned: list[str],
    undescribed: bool,
    meanings: dict[int, Any],
) -> Layout:
    """Part plain fields from special ones, and bring the rows into the order of a block."""
    spare, named, special = parted(kept, meanings)
    spare.sort(key=lambda r: (not r.offset, r.place))
    named.sort(key=lambda r: (rank(r.kind), not r.offset, r.scale == 1, r.place))
    rows, first = (*spare, *named), len(spare)
    offsets = first + sum(bool(r.offset) for r in named)
    scales = first + sum(r.scale != 1 or bool(r.offset) for r in named)
    row_of = {row.name: i for i, row in enumerate(named)}
    plain, slots = _unpacker(dtype, order, plans, {row.slot for row in rows})
    return Layout(
        dtype=dtype,
        plain=plain,
        turn=np.array([slots.index(row.slot) for row in rows], np.intp),
        fields=tuple(plans),
        rows=rows,
        spares=tuple((row_of[row.name], i) for i, row in enumerate(spare)),
        first=first,
        names=tuple(r.name for r in named),
        kinds=tuple(r.kind for r in named),
        row_of=row_of,
        invalid=_beside(r.invalid for r in rows),
        scale=_beside(r.scale for r in rows[:scales]),
        offset=_beside(r.offset for r in rows[:offsets]),
        special=special,
        meanings=meanings,
        slots={p.number: p.slot for p in plans if p.kind == "number" and p.count == 1},
        misaligned=tuple(misaligned),
        undescribed=undescribed,
    )


def _beside(values: Iterable[float]) -> npt.NDArray[np.float64]:
    """Numbers as a column."""
    return np.array([*values], np.float64).reshape(-1, 1)


def _unpacker(
    dtype: np.dtype[Any], order: str, plans: list[FieldPlan], wanted: set[str]
) -> tuple[struct.Struct, list[str]]:
    """Struct that unpacks the wanted fields of a message and passes over the rest; their slots."""
    code_of = {p.slot: CODES[p.code] for p in plans if p.slot in wanted}
    form = [code_of.get(name, f"{dtype[name].itemsize}x") for name in dtype.names or ()]
    return struct.Struct(order + "".join(form)), [*code_of]
