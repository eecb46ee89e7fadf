"""How the bytes of one definition become named columns: a plan made once per layout.

The names, types, scales, components and subfields are those of the FIT profile as fitdecode ships
it; the plan of a layout is kept, since a watch writes the same few layouts in every file.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from fitdecode import profile

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

#: Messages that say what developer fields mean: index of the developer, description of a field.
DEVELOPER_DATA_ID = profile.MESG_NUM_DEVELOPER_DATA_ID
FIELD_DESCRIPTION = profile.MESG_NUM_FIELD_DESCRIPTION


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """How one field of a layout is read.

    ``kind`` is ``number``, ``bytes`` or ``text``; ``count`` its elements, ``invalid`` the value
    that stands for missing. ``meaning`` is the field of the profile (None: unknown to it), which
    knows type, scale, offset, components and subfields.
    """

    slot: str
    name: str
    number: int
    kind: str
    count: int
    invalid: float | None
    meaning: Any


@dataclass(frozen=True, slots=True)
class Layout:
    """A numpy type for one message and the plan of each of its fields."""

    dtype: np.dtype[Any]
    fields: tuple[FieldPlan, ...]
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


@functools.lru_cache(maxsize=4096)
def layout(
    number: int,
    order: str,
    fields: tuple[tuple[int, int, int], ...],
    dev_fields: tuple[tuple[int, int, int], ...],
    described: tuple[tuple[tuple[int, int], DeveloperField], ...],
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
    return Layout(dtype, tuple(plans), tuple(misaligned), undescribed)


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
    slot = f"f{len(names)}"
    names.append(slot)
    if base == _STRING:
        formats.append(f"V{size}")
        return FieldPlan(slot, name, number, "text", 1, None, meaning)
    code, invalid = _BASES.get(base, ("", None))
    width = np.dtype(code).itemsize if code else 0
    if not code or size % width or size == 0:
        formats.append(("u1", (size,)))
        return FieldPlan(slot, name, number, "bytes", size, 0xFF, meaning)
    count = size // width
    formats.append(order + code if count == 1 else (order + code, (count,)))
    return FieldPlan(slot, name, number, "number", count, invalid, meaning)


def type_name(meaning: Any) -> str:
    """Name of a profile field's type (``date_time``, ``sport``, ``uint16``); empty if unknown."""
    return "" if meaning is None else str(meaning.type.name)


def enum_of(kind: str) -> dict[int, str]:
    """Names behind the numbers of a profile type; empty for types that are plain numbers."""
    found = profile.FIELD_TYPES.get(kind)
    return found.enum or {} if found else {}
