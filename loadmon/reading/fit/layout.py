"""How the bytes of one definition become named columns: a plan made once per layout.

The names, types, scales, components and subfields are those of the FIT profile as fitdecode ships
it; the plan of a layout is kept, since a watch writes the same few layouts in every file.

Most fields are plain: one whole number, always of the same name. Those of a message become the rows
of one block of numbers, decoded all at once; the few others are read one by one (`fields`).
"""

from __future__ import annotations

import difflib
import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from fitdecode import profile

from loadmon.errors import SettingError

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
#: Types of the profile that are times.
TIMES = ("date_time", "local_date_time")
#: Columns that a component expands into come after the fields of the message itself.
EXPANDED = 1000

#: Messages that say what developer fields mean: index of the developer, description of a field.
DEVELOPER_DATA_ID = profile.MESG_NUM_DEVELOPER_DATA_ID
FIELD_DESCRIPTION = profile.MESG_NUM_FIELD_DESCRIPTION


@dataclass(frozen=True, slots=True, eq=False)
class FieldPlan:
    """How one field of a layout is read.

    ``slot`` is its name in the numpy type, ``place`` where its column stands; ``kind`` is
    ``number``, ``bytes`` or ``text``; ``count`` its elements of ``code`` (numpy type), ``invalid``
    the value that stands for missing. ``meaning`` is the field of the profile (None: unknown to
    it), which knows type, scale, offset, components and subfields.
    """

    slot: str
    name: str
    number: int
    place: int
    kind: str
    code: str
    count: int
    invalid: float | None
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


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A numpy type for one message and the plan of its fields.

    ``rows`` stand in order of `rank`, so that those with a scale, and among them those with an
    offset, come first, then plain numbers, times and named numbers. ``invalid`` is a column beside
    all rows, ``scale`` and ``offset`` beside the first ones. ``special`` are all other fields,
    ``meanings`` the profile fields of the message by number.
    """

    dtype: np.dtype[Any]
    fields: tuple[FieldPlan, ...]
    rows: tuple[Row, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    invalid: npt.NDArray[np.float64]
    scale: npt.NDArray[np.float64]
    offset: npt.NDArray[np.float64]
    special: tuple[FieldPlan, ...]
    meanings: dict[int, Any]
    misaligned: tuple[str, ...]
    undescribed: bool


@dataclass(frozen=True, slots=True)
class DeveloperField:
    """What a field_description message says of one developer field."""

    name: str
    base: int
    units: str


def message_name(number: int) -> str:
    """Profile name of a message; ``unknown_N`` where the profile does not know it."""
    known = profile.MESSAGE_TYPES.get(number)
    return known.name if known else f"unknown_{number}"


@functools.cache
def _numbers_of_messages() -> dict[str, int]:
    return {known.name: number for number, known in profile.MESSAGE_TYPES.items()}


def message_number(name: str) -> int:
    """Global number of a message by its name, ``unknown_N`` too.

    Raises
    ------
    SettingError
        If the FIT profile has no such message.
    """
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


@functools.lru_cache(maxsize=4096)
def layout(
    number: int,
    order: str,
    fields: tuple[tuple[int, int, int], ...],
    dev_fields: tuple[tuple[int, int, int], ...],
    described: tuple[tuple[tuple[int, int], DeveloperField], ...],
    keep: frozenset[str] | None,
) -> Layout:
    """Plan the fields of one definition.

    Parameters
    ----------
    number : int
        Global message number.
    order : {"<", ">"}
        Byte order.
    fields, dev_fields : tuple of (number, size, base type or developer index)
        As the definition message lists them.
    described : tuple of ((developer index, field number), DeveloperField)
        Developer fields the file describes.
    keep : frozenset of str, optional
        Profile names of the fields to decode; None: all.
    """
    known = profile.MESSAGE_TYPES.get(number)
    meanings = known.fields if known else {}
    names: list[str] = ["header"]
    formats: list[Any] = ["u1"]
    plans: list[FieldPlan] = []
    misaligned: list[str] = []
    for n, size, base in fields:
        meaning = meanings.get(n)
        name = meaning.name if meaning else f"unknown_{n}"
        if base in _BASES and size % np.dtype(_BASES[base][0]).itemsize:
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
        plans.append(_plan(name, -1, size, told.base, order, None, formats, names))
    undescribed = any((index, n) not in meaning_of for n, _, index in dev_fields)
    dtype = np.dtype({"names": names, "formats": formats})
    kept = [p for p in plans if keep is None or p.name in keep]
    return _arranged(dtype, tuple(plans), kept, tuple(misaligned), undescribed, meanings)


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
    if base == _STRING:
        formats.append(f"V{size}")
        return FieldPlan(slot, name, number, place, "text", "V", 1, None, meaning)
    code, invalid = _BASES.get(base, ("", None))
    width = np.dtype(code).itemsize if code else 0
    if not code or size % width or size == 0:
        formats.append(("u1", (size,)))
        return FieldPlan(slot, name, number, place, "bytes", "u1", size, 0xFF, meaning)
    count = size // width
    formats.append(order + code if count == 1 else (order + code, (count,)))
    return FieldPlan(slot, name, number, place, "number", code, count, invalid, meaning)


def _arranged(
    dtype: np.dtype[Any],
    plans: tuple[FieldPlan, ...],
    kept: list[FieldPlan],
    misaligned: tuple[str, ...],
    undescribed: bool,
    meanings: dict[int, Any],
) -> Layout:
    """Part plain fields from special ones, and bring the rows into the order of a block."""
    rows: list[Row] = []
    special: list[FieldPlan] = []
    taken = [p.name for p in kept]
    taken += [c.name for p in kept for c in _components(p.meaning)]
    for p in kept:
        of_it = _rows(p, meanings)
        if of_it and all(taken.count(row.name) == 1 for row in of_it):
            rows += of_it
        else:
            special.append(p)
    rows.sort(key=lambda r: (rank(r.kind), not r.offset, r.scale == 1, r.place))
    scaled = [r for r in rows if r.scale != 1 or r.offset]
    return Layout(
        dtype=dtype,
        fields=plans,
        rows=tuple(rows),
        names=tuple(r.name for r in rows),
        kinds=tuple(r.kind for r in rows),
        invalid=np.array([[r.invalid] for r in rows]).reshape(-1, 1),
        scale=np.array([[r.scale] for r in scaled]).reshape(-1, 1),
        offset=np.array([[r.offset] for r in scaled if r.offset]).reshape(-1, 1),
        special=tuple(special),
        meanings=meanings,
        misaligned=misaligned,
        undescribed=undescribed,
    )


def _components(meaning: Any) -> tuple[Any, ...]:
    return (meaning.components or ()) if meaning is not None else ()


def _rows(p: FieldPlan, meanings: dict[int, Any]) -> list[Row]:
    """Rows of a plain field and of what it expands into; none where it needs more than that."""
    meaning = p.meaning
    if p.kind != "number" or p.count != 1 or p.code not in ("u1", "i1", "u2", "i2", "u4", "i4"):
        return []
    if meaning is not None and meaning.subfields:
        return []
    rows = [_row(p, p.name, type_name(meaning), p.place, meaning)]
    for c in _components(meaning):
        target = meanings.get(c.def_num)
        whole = c.bit_offset == 0 and c.bits == 8 * np.dtype(p.code).itemsize and p.code[0] == "u"
        if not whole or c.accumulate or target is None or target.subfields:
            return []
        rows.append(_row(p, c.name, type_name(target), EXPANDED + p.place, c))
    return [] if any(rank(r.kind) and (r.scale != 1 or r.offset) for r in rows) else rows


def _row(p: FieldPlan, name: str, kind: str, place: int, scaling: Any) -> Row:
    scale = scaling.scale if scaling is not None and scaling.scale else 1
    offset = scaling.offset if scaling is not None and scaling.offset else 0
    invalid = np.nan if p.invalid is None else p.invalid
    return Row(name, kind, place, p.slot, invalid, scale, offset)
