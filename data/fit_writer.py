"""Write FIT files from plain dicts, byte by byte, for the sample archive and for tests.

Numbers, types, scales and offsets come from fitdecode's profile tables, so what is written here
is named exactly as what a reader gives back. It writes valid files only: tests that need damaged
ones break the bytes afterwards.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fitdecode.profile import BASE_TYPES, FIELD_TYPES, MESSAGE_TYPES
from fitdecode.utils import compute_crc

FIT_EPOCH = dt.datetime(1989, 12, 31, tzinfo=dt.UTC)
TIMESTAMP = 253

_MESSAGES = {message.name: message for message in MESSAGE_TYPES.values()}
_BASES = {base.name: base for base in BASE_TYPES.values()}

#: A message: its name or global number, its fields and, where it matters, its local number.
Message = tuple[str | int, Mapping[Any, Any]] | tuple[str | int, Mapping[Any, Any], int]


def fit_seconds(when: dt.datetime) -> int:
    """Count whole seconds since the FIT epoch; a naive time counts as UTC."""
    return round((when.replace(tzinfo=when.tzinfo or dt.UTC) - FIT_EPOCH).total_seconds())


def write_fit(
    messages: Iterable[Message],
    *,
    header_size: int = 14,
    header_crc: bool = True,
    big_endian: bool = False,
    compressed: bool = False,
) -> bytes:
    """Write messages as one FIT file with a correct file CRC.

    Parameters
    ----------
    messages : iterable of (name, fields) or (name, fields, local number)
        `fields` maps a profile field name to a value in its unit (scale and offset are applied
        here): number, enum name, text, aware datetime, a list for an array, or None for the
        invalid value. A key (developer data index, field number) is a developer field, described
        by a ``field_description`` among the messages before it. An int key is a field number; a
        field or message unknown to the profile takes bytes.
    header_size : int
        12 or 14. [bytes]
    header_crc : bool
        False leaves the CRC of a 14-byte header 0, which means "not computed".
    big_endian : bool
        Write definitions and values in big endian.
    compressed : bool
        Write records up to 31 s after the last full timestamp with compressed timestamp headers.
        Local numbers of records must then be 0 to 3.
    """
    out = _Output(">" if big_endian else "<", compressed)
    for message in messages:
        out.add(*message)
    body = bytes(out.body)
    head = struct.pack("<BBHI4s", header_size, 0x20, 2171, len(body), b".FIT")
    if header_size == 14:
        head += struct.pack("<H", compute_crc(head) if header_crc else 0)
    return head + body + struct.pack("<H", compute_crc(head + body))


@dataclass
class _Output:
    """The body written so far and what a reader would know at this point."""

    endian: str
    compressed: bool
    body: bytearray = field(default_factory=bytearray)
    defined: dict[int, bytes] = field(default_factory=dict)
    numbers: dict[str | int, int] = field(default_factory=dict)
    described: dict[tuple[int, int], str] = field(default_factory=dict)
    clock: int | None = None

    def add(self, name: str | int, fields: Mapping[Any, Any], local: int | None = None) -> None:
        """Append one message, and its definition where the local number stands for another."""
        if local is None:
            local = self._usual_local(name)
        fields = dict(fields)
        if name == "field_description":
            self._remember(fields)
        header = self._data_header(name, fields, local)
        native = [_native(self.endian, name, k, v) for k, v in fields.items() if _is_native(k)]
        developer = [self._developer(k, v) for k, v in fields.items() if not _is_native(k)]
        definition = _definition(self.endian, name, native, developer)
        if self.defined.get(local) != definition:
            self.defined[local] = definition
            self.body.append(0x40 | (0x20 if developer else 0) | local)
            self.body += definition
        self.body.append(header)
        self.body += b"".join(data for *_, data in native + developer)

    def _usual_local(self, name: str | int) -> int:
        """Local number 0 for records, which compressed headers need; 1 to 15 in turn for others."""
        if name == "record":
            return 0
        return self.numbers.setdefault(name, 1 + len(self.numbers) % 15)

    def _data_header(self, name: str | int, fields: dict[Any, Any], local: int) -> int:
        """Header byte of the data; a compressed one takes the timestamp out of the fields."""
        when = fields.get("timestamp")
        if isinstance(when, dt.datetime):
            when = fit_seconds(when)
        if when is None:
            return local
        last, self.clock = self.clock, when
        if self.compressed and name == "record" and last is not None and 0 <= when - last < 32:
            del fields["timestamp"]
            return 0x80 | local << 5 | when & 0x1F
        return local

    def _remember(self, fields: Mapping[str, Any]) -> None:
        """Keep the base type of a developer field for the messages that use it."""
        base = fields["fit_base_type_id"]
        key = (fields["developer_data_index"], fields["field_definition_number"])
        self.described[key] = base if isinstance(base, str) else BASE_TYPES[base].name

    def _developer(self, key: tuple[int, int], value: Any) -> tuple[int, int, int, bytes]:
        """Field number, size, developer index and bytes of one developer field."""
        index, number = key
        described = self.described.get(key, "byte")
        data = _packed(self.endian, _BASES[described], value)
        return number, len(data), index, data


def _is_native(key: Any) -> bool:
    return not isinstance(key, tuple)


def _native(
    endian: str, name: str | int, key: str | int, value: Any
) -> tuple[int, int, int, bytes]:
    """Field number, size, base type and bytes of one field of the profile."""
    known = _MESSAGES[name].fields if name in _MESSAGES else {}
    number = key if isinstance(key, int) else _number(known, key)
    if number not in known:
        base = BASE_TYPES[0x86] if number == TIMESTAMP else BASE_TYPES[0x0D]
        data = _packed(endian, base, value)
        return number, len(data), base.identifier, data
    entry = known[number]
    many = value if isinstance(value, list | tuple) else [value]
    data = b"".join(_packed(endian, entry.base_type, _raw(entry, one)) for one in many)
    return number, len(data), entry.base_type.identifier, data


def _number(known: Mapping[int, Any], name: str) -> int:
    """Find the number of a field of the profile."""
    return next(number for number, entry in known.items() if entry.name == name)


def _raw(entry: Any, value: Any) -> Any:
    """Take a value in the field's unit back to what is stored."""
    if value is None or isinstance(value, bytes):
        return value
    if isinstance(value, dt.datetime):
        return fit_seconds(value)
    if isinstance(value, str) and entry.base_type.name != "string":
        return _enum_number(entry.type, value)
    if entry.scale is None and entry.offset is None:
        return value
    return round((value + (entry.offset or 0)) * (entry.scale or 1))


def _enum_number(kind: Any, text: str) -> int:
    """Find the number behind a name such as ``running``."""
    names: dict[int, str] = FIELD_TYPES[kind.name].enum
    return next(number for number, name in names.items() if name == text)


def _packed(endian: str, base: Any, value: Any) -> bytes:
    """Bytes of one value, the base type's invalid value for None; bytes are taken as they are."""
    if isinstance(value, bytes):
        return value
    if base.name == "string":
        return (value or "").encode() + b"\0"
    if isinstance(value, list | tuple):
        return b"".join(_packed(endian, base, one) for one in value)
    size: int = base.size
    if value is not None:
        return struct.pack(endian + base.fmt, value)
    if base.name.endswith("z"):
        return bytes(size)
    if base.name.startswith("sint"):
        return struct.pack(endian + base.fmt, 2 ** (8 * size - 1) - 1)
    return b"\xff" * size


def _definition(
    endian: str,
    name: str | int,
    native: list[tuple[int, int, int, bytes]],
    developer: list[tuple[int, int, int, bytes]],
) -> bytes:
    """Bytes of a definition after its header byte."""
    number = _MESSAGES[name].mesg_num if name in _MESSAGES else name
    out = struct.pack(endian + "xBHB", endian == ">", number, len(native))
    out += b"".join(bytes(parts) for *parts, _ in native)
    if developer:
        out += bytes([len(developer)]) + b"".join(bytes(parts) for *parts, _ in developer)
    return out
