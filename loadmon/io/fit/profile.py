"""The FIT profile, and the plan by which the messages of one definition are read."""

from __future__ import annotations

import difflib
import functools
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from fitdecode import profile
from fitdecode.types import Field

from loadmon.errors import SettingError

#: Messages that say what developer fields mean: index of the developer, description of a field.
DEVELOPER_DATA_ID = profile.MESG_NUM_DEVELOPER_DATA_ID
FIELD_DESCRIPTION = profile.MESG_NUM_FIELD_DESCRIPTION
#: Number of the field that holds the time of a message, in every kind of message.
TIMESTAMP = 253
#: Types of the profile that are times.
TIMES = ("date_time", "local_date_time")


#: Fields newer than fitdecode's profile (SDK 21.171), by message: name, scale and unit of those
#: of SDK 21.218 as its list of changes gives them.
_LATER = {
    18: {
        78: ("active_time", 0x86, 1000, "s"),
        211: ("avg_grade_adjusted_speed", 0x86, 1000, "m/s"),
    },
}


@functools.cache
def fields_of(number: int) -> dict[int, Any]:
    """Fields of a message by their number, those newer than fitdecode's profile too."""
    known = profile.MESSAGE_TYPES.get(number)
    fields: dict[int, Any] = dict(known.fields) if known else {}
    for n, (name, base, scale, units) in _LATER.get(number, {}).items():
        fields.setdefault(n, Field(name, profile.BASE_TYPES[base], n, scale=scale, units=units))
    return fields


def message_name(number: int) -> str:
    """Profile name of a message; ``unknown_N`` where the profile does not know it."""
    known = profile.MESSAGE_TYPES.get(number)
    return known.name if known else f"unknown_{number}"


def message_number(name: str) -> int:
    """Global number of a message by its name, ``unknown_N`` too."""
    numbers: dict[str, int] = {m.name: number for number, m in profile.MESSAGE_TYPES.items()}
    if name in numbers:
        return numbers[name]
    if name.startswith("unknown_") and name[8:].isdecimal():
        return int(name[8:])
    near = difflib.get_close_matches(name, numbers, 1)
    hint = f"did you mean {near[0]!r}?" if near else "see the FIT profile for their names"
    raise SettingError(f"no FIT message is called {name!r}; {hint}")


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
#: Codes of Python's struct for the numbers that may be plain.
_CODES = {"u1": "B", "i1": "b", "u2": "H", "i2": "h", "u4": "I", "i4": "i"}
#: Columns that a component expands into come after the fields of the message itself.
EXPANDED = 1000


class Described(NamedTuple):
    """What an app on the watch says of a field of its own."""

    name: str
    base: int
    scale: float = 1.0
    offset: float = 0.0
    #: Number of the profile's field that it stands for, in which kind of message; -1: none, any.
    native: int = -1
    native_message: int = -1
    units: str = ""


#: Developer index and number of a developer field, and what it says of itself.
DeveloperField = tuple[tuple[int, int], Described]


@dataclass(frozen=True, slots=True, eq=False)
class FieldPlan:
    """How one field of a layout is read."""

    slot: str  # its name in the numpy type
    name: str
    number: int
    position: int  # where its column stands
    kind: str  # number, bytes or text
    code: str  # numpy type
    count: int  # elements of it
    invalid: float | None  # the value that stands for missing
    is_time: bool
    meaning: Any  # the profile's field: type, scale, components, subfields; None: unknown to it


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One row of the block of numbers: a plain field, or what the whole of one expands into."""

    name: str
    kind: str
    position: int
    slot: str
    invalid: float
    scale: float
    offset: float


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A numpy type for one message and the plan of its fields."""

    dtype: np.dtype[Any]
    plain: struct.Struct  # unpacks the plain fields of one message
    row_order: npt.NDArray[np.intp]  # which of them is which row
    fields: tuple[FieldPlan, ...]
    #: Of the block of numbers: fallbacks, then the named rows in order of `rank`: numbers with an
    #: offset, with a scale, plain, then times, then named numbers.
    rows: tuple[Row, ...]
    fallbacks: tuple[tuple[int, int], ...]  # a row, and the one that fills in where it is missing
    first: int  # of the named rows
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    row_of: dict[str, int]
    invalid: npt.NDArray[np.float64]  # a column beside all rows
    scale: npt.NDArray[np.float64]  # beside the first rows, like ``offset``
    offset: npt.NDArray[np.float64]
    special: tuple[FieldPlan, ...]  # all other fields
    meanings: dict[int, Any]  # the profile's fields of the message
    slots: dict[int, str]  # the fields of one number by their number
    misaligned: str  # the first field of a wrong size; empty: none
    undescribed: bool
    #: Developer fields by the name of the profile's field that each stands for, and their units.
    natives: tuple[tuple[str, str, str], ...]


@functools.lru_cache(maxsize=4096)
def layout(
    key: bytes,
    split: int,
    described: tuple[DeveloperField, ...] = (),
    keep: frozenset[str] | None = None,
) -> Layout:
    """Plan the fields of one definition."""
    order = ">" if key[0] else "<"
    number = int.from_bytes(key[1:3], "big" if key[0] else "little")
    meanings = fields_of(number)
    declared = _declared(key, split, meanings, dict(described))
    natives = _natives(number, declared, meanings)
    slots: list[str] = ["header"]
    formats: list[Any] = ["u1"]
    plans: list[FieldPlan] = []
    misaligned = ""
    for position, (named, n, size, base, meaning, _) in enumerate(declared, 1):
        slot = f"f{position}"
        slots.append(slot)
        if named is None:
            formats.append(f"V{size}")
            continue
        code, invalid = _BASES.get(base, ("", None))
        count, rest = divmod(size, np.dtype(code).itemsize) if code else (0, 0)
        if rest:
            misaligned = misaligned or f"{message_name(number)}.{named}"
        if base == _STRING:
            kind, code, count, invalid = "text", "V", 1, None
            formats.append(f"V{size}")
        elif rest or not code:  # what does not fit its type is read as plain bytes
            kind, code, count, invalid = "bytes", "u1", size, 0xFF
            formats.append(("u1", (size,)))
        else:
            kind = "number"
            formats.append(order + code if count == 1 else (order + code, (count,)))
        is_time = kind == "number" and type_name(meaning) in TIMES
        plans.append(
            FieldPlan(slot, named, n, position, kind, code, count, invalid, is_time, meaning)
        )
    # Of developer fields none is wanted for its name, which is the app's own choice.
    wanted = None if keep is None else {own for native, own, _ in natives if native in keep}
    kept = [
        p for p in plans if wanted is None or p.name in (keep or () if p.number >= 0 else wanted)
    ]
    fallbacks, rows, special = _rows_and_others(kept, meanings)
    fallbacks.sort(key=lambda r: (not r.offset, r.position))
    rows.sort(key=lambda r: (rank(r.kind), not r.offset, r.scale == 1, r.position))
    block, first = (*fallbacks, *rows), len(fallbacks)
    offsets = first + sum(bool(r.offset) for r in rows)
    scales = first + sum(r.scale != 1 or bool(r.offset) for r in rows)
    row_of = {row.name: i for i, row in enumerate(rows)}
    dtype = np.dtype({"names": slots, "formats": formats})
    plain = {row.slot for row in block}
    code_of = {p.slot: _CODES[p.code] for p in plans if p.slot in plain}
    form = "".join(code_of.get(slot, f"{dtype[slot].itemsize}x") for slot in slots)
    unpacked = [*code_of]
    return Layout(
        dtype=dtype,
        plain=struct.Struct(order + form),
        row_order=np.array([unpacked.index(row.slot) for row in block], np.intp),
        fields=tuple(plans),
        rows=block,
        fallbacks=tuple((row_of[row.name], i) for i, row in enumerate(fallbacks)),
        first=first,
        names=tuple(r.name for r in rows),
        kinds=tuple(r.kind for r in rows),
        row_of=row_of,
        invalid=_beside(r.invalid for r in block),
        scale=_beside(r.scale for r in block[:scales]),
        offset=_beside(r.offset for r in block[:offsets]),
        special=special,
        meanings=meanings,
        slots={p.number: p.slot for p in plans if p.kind == "number" and p.count == 1},
        misaligned=misaligned,
        undescribed=any(name is None for name, *_ in declared),
        natives=natives,
    )


#: Name (None: an undescribed developer field), number, size, base type and meaning of a field,
#: and what an app says of it.
_Declared = tuple[str | None, int, int, int, Any, Described | None]


def _declared(
    key: bytes, split: int, meanings: dict[int, Any], described: dict[tuple[int, int], Described]
) -> list[_Declared]:
    """All fields of a definition, in their order."""
    declared: list[_Declared] = []
    for n, size, base in _triples(key[4:split]):
        meaning = meanings.get(n)
        name = meaning.name if meaning else f"unknown_{n}"
        declared.append((name, n, size, base, meaning, None))
    taken = {name for name, *_ in declared}
    for n, size, index in _triples(key[split + 1 :]):
        if (index, n) not in described:
            declared.append((None, -1, size, BYTE, None, None))
            continue
        said = described[index, n]
        name = f"{said.name}_dev{index}" if said.name in taken else said.name
        taken.add(name)
        meaning = None
        if said.scale != 1 or said.offset:
            plain = profile.BASE_TYPES.get(said.base, profile.BASE_TYPES[BYTE])
            meaning = Field(name, plain, -1, scale=said.scale, offset=said.offset)
        declared.append((name, -1, size, said.base, meaning, said))
    return declared


def _natives(
    number: int, declared: list[_Declared], meanings: dict[int, Any]
) -> tuple[tuple[str, str, str], ...]:
    """Names of the profile's fields that developer fields stand for, their own, and their units."""
    return tuple(
        (meanings[said.native].name, name, said.units)
        for name, *_, said in declared
        if name and said and said.native in meanings and said.native_message in (-1, number)
    )


def _triples(raw: bytes) -> Iterable[tuple[int, int, int]]:
    return zip(raw[0::3], raw[1::3], raw[2::3], strict=True)


def _beside(values: Iterable[float]) -> npt.NDArray[np.float64]:
    return np.array([*values], np.float64).reshape(-1, 1)


def _rows_and_others(
    kept: list[FieldPlan], meanings: dict[int, Any]
) -> tuple[list[Row], list[Row], tuple[FieldPlan, ...]]:
    """Fallback rows, named rows, and the fields that are no rows at all."""
    rows_of = {p.position: _rows(p, meanings) for p in kept}
    own = [p.name for p in kept]
    expanded = [c.name for p in kept if p.meaning is not None for c in p.meaning.components or ()]
    plain = {rows[0].name for rows in rows_of.values() if rows}
    filling = {row.name for rows in rows_of.values() for row in rows[1:]} & plain

    def is_clear(name: str) -> bool:
        times = (own.count(name), expanded.count(name))
        return times in ((1, 0), (0, 1)) or (times == (1, 1) and name in filling)

    fallbacks: list[Row] = []
    named: list[Row] = []
    special: list[FieldPlan] = []
    for p in kept:
        rows = rows_of[p.position]
        if not rows or not all(is_clear(row.name) for row in rows):
            special.append(p)
            continue
        named.append(rows[0])
        for row in rows[1:]:
            (fallbacks if row.name in own else named).append(row)
    if not {row.name for row in fallbacks} <= {row.name for row in named}:
        return [], [], tuple(kept)
    return fallbacks, named, tuple(special)


def _rows(p: FieldPlan, meanings: dict[int, Any]) -> list[Row]:
    """Rows of a plain field and of what it expands into; none where it needs more than that."""
    meaning = p.meaning
    if p.kind != "number" or p.count != 1 or p.code not in _CODES:
        return []
    rows = [_row(p, p.name, type_name(meaning), p.position, meaning)]
    if meaning is None:
        return rows
    if meaning.subfields:
        return []
    for c in meaning.components or ():
        target = meanings.get(c.def_num)
        whole = c.bits == 8 * np.dtype(p.code).itemsize and p.code[0] == "u"
        if not whole or c.accumulate or target is None or target.subfields:
            return []
        rows.append(_row(p, c.name, type_name(target), EXPANDED + p.position, c))
    return [] if any(rank(r.kind) and (r.scale != 1 or r.offset) for r in rows) else rows


def _row(p: FieldPlan, name: str, kind: str, position: int, scaling: Any) -> Row:
    scale, offset = (scaling.scale or 1, scaling.offset or 0) if scaling is not None else (1, 0)
    invalid = np.nan if p.invalid is None else p.invalid
    return Row(name, kind, position, p.slot, invalid, scale, offset)
