"""One walk over the headers of a FIT file: which messages there are and where they lie.

A FIT file is a header, a body of messages, and a CRC; several may follow one another (chained).
Every message begins with one byte that names a local type; a definition message says which fields
that local type holds from then on, so all its messages have one size. The walk is a tight loop:
look the size up, note the position, jump. Nothing is decoded here.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from loadmon.errors import FileProblem
from loadmon.reading.fit.crc import crc16

_HEADER = struct.Struct("<BBHI4s")


@dataclass(slots=True)
class Definition:
    """All messages of one layout in one part of the file.

    ``fields`` are (number, size, base type), ``dev_fields`` (number, size, developer index);
    ``offsets`` are the positions of the header bytes, ``size`` the bytes of one message with it.
    """

    number: int
    order: str
    fields: tuple[tuple[int, int, int], ...]
    dev_fields: tuple[tuple[int, int, int], ...]
    size: int
    compressed: bool
    offsets: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Part:
    """One FIT file of a chain: its definitions, what was odd, and what was wrong."""

    data: bytes
    start: int
    end: int
    definitions: list[Definition] = field(default_factory=list)
    flags: dict[str, str] = field(default_factory=dict)
    problem: FileProblem | None = None


def is_fit(data: bytes) -> bool:
    """Tell by the magic bytes whether `data` begins like a FIT file."""
    return data[8:12] == b".FIT"


def no_fit(data: bytes) -> FileProblem:
    """Refusal of what is no FIT file, with its first bytes."""
    return FileProblem(
        "refused", "not-fit", f"no FIT file: it begins with {data[:16]!r}; download the original"
    )


def scan(data: bytes) -> list[Part]:
    """Walk every part of a FIT file.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    list of Part
        At least one. A part that is damaged carries its ``problem``, and everything that was
        found before it; bytes behind the last part are a flag or a problem of that part.

    Raises
    ------
    FileProblem
        ``not-fit`` where the data do not begin with a FIT header.
    """
    if not is_fit(data):
        raise no_fit(data)
    parts: list[Part] = []
    position = 0
    while True:
        part = _scan_part(data, position)
        parts.append(part)
        position = part.end + 2
        if part.problem or position >= len(data):
            return parts
        if not is_fit(data[position : position + 12]):
            rest = len(data) - position
            part.flags["fit-trailing"] = f"{rest} bytes after the end of the file were left out"
            return parts


def _scan_part(data: bytes, start: int) -> Part:
    """Header, CRC and body of the part that begins at `start`."""
    header_size, _, _, body_size, _ = _HEADER.unpack_from(data, start)
    body = start + header_size
    end = body + body_size
    part = Part(data, start, end)
    if header_size < _HEADER.size:
        part.problem = FileProblem(
            "quarantined",
            "fit-truncated",
            f"the header claims {header_size} bytes, not 12 or 14",
        )
        return part
    if body_size == 0:
        part.problem = FileProblem(
            "quarantined",
            "fit-size-zero",
            "the header says the file is empty: the watch stopped before it was finished; "
            "copy it from the watch again",
        )
        end = part.end = len(data)
    elif end + 2 > len(data):
        part.problem = FileProblem(
            "quarantined",
            "fit-truncated",
            f"ended at byte {len(data)} of {end + 2}: copy it from the watch again",
        )
        end = part.end = min(end, len(data))
    else:
        part.problem = _checksum_problem(data, start, end)
        _check_header(part, header_size)
    walked = _walk(part, body, end)
    part.problem = part.problem or walked
    return part


def _check_header(part: Part, header_size: int) -> None:
    """Flag a header CRC that is wrong though the file's own CRC, taken over it, is right."""
    if header_size < 14 or part.problem:
        return
    (stored,) = struct.unpack_from("<H", part.data, part.start + 12)
    if stored and stored != crc16(part.data[part.start : part.start + 12]):
        part.flags["fit-header-crc"] = "the header's own CRC is wrong, the file's CRC is right"


def _checksum_problem(data: bytes, start: int, end: int) -> FileProblem | None:
    """Compare the CRC behind the body; tell a wrong size from a wrong byte."""
    (stored,) = struct.unpack_from("<H", data, end)
    view = memoryview(data)
    computed = crc16(view[start:end])
    if computed == stored:
        return None
    behind = len(data) - end - 2
    if behind > 0 and _whole_with_other_size(data, start):
        return FileProblem(
            "quarantined",
            "fit-trailing",
            f"{behind} bytes lie behind the end that the header claims (byte {end}); with them "
            "the CRC is right: the header's size is wrong, export it again",
        )
    return FileProblem(
        "quarantined",
        "fit-crc",
        f"damaged: CRC at byte {end} is {stored:#06x}, the bytes give {computed:#06x}; "
        "copy or export it again",
    )


def _whole_with_other_size(data: bytes, start: int) -> bool:
    """Tell whether the file is sound but for a size in its header that is too small."""
    body_size = len(data) - 2 - start - data[start]
    mended = data[start : start + 4] + struct.pack("<I", body_size) + data[start + 8 : -2]
    (stored,) = struct.unpack_from("<H", data, len(data) - 2)
    return stored in (crc16(data[start:-2]), crc16(mended))


def _walk(part: Part, position: int, end: int) -> FileProblem | None:
    """Note the position of every message up to `end`; stop at the first that makes no sense."""
    data = part.data
    sizes = [0] * 256
    note: list[Callable[[int], None]] = [_nowhere] * 256
    known: dict[tuple[bytes, bool], Definition] = {}
    try:
        while position < end:
            header = data[position]
            size = sizes[header]
            if size:
                note[header](position)
                position += size
            elif header & 0xC0 == 0x40:
                position = _define(part, position, end, known, sizes, note)
            else:
                return FileProblem(
                    "quarantined",
                    "fit-undefined-local",
                    f"byte {position}: a message of local type {_local(header)} that was never "
                    "defined; export it again",
                )
    except IndexError:
        position = end + 1
    if position > end:
        _drop_overrun(part, end)
        return FileProblem(
            "quarantined", "fit-truncated", f"the last message runs past the end at byte {end}"
        )
    return None


def _local(header: int) -> int:
    """Local type in a header byte, plain or with a compressed timestamp."""
    return (header >> 5) & 0x3 if header & 0x80 else header & 0xF


def _nowhere(position: int) -> None:
    """Stand in for the messages of a local type not defined yet; its size of 0 keeps it unused."""


def _define(
    part: Part,
    position: int,
    end: int,
    known: dict[tuple[bytes, bool], Definition],
    sizes: list[int],
    note: list[Callable[[int], None]],
) -> int:
    """Read one definition message, point its local type at it, return the position behind it."""
    data = part.data
    header = data[position]
    stop = position + 6 + 3 * data[position + 5]
    fields_end = stop
    if header & 0x20:
        stop += 1 + 3 * data[stop]
    if stop > end:
        raise IndexError
    key = data[position + 2 : stop]
    local = header & 0xF
    plain = _definition(part, key, fields_end - position - 2, False, known)
    for code in (local, local | 0x10, local | 0x20, local | 0x30):
        sizes[code], note[code] = plain.size, plain.offsets.append
    if local < 4:  # only two bits are left for the local type beside a compressed timestamp
        squeezed = _definition(part, key, fields_end - position - 2, True, known)
        for code in range(0x80 | local << 5, (0x80 | local << 5) + 32):
            sizes[code], note[code] = squeezed.size, squeezed.offsets.append
    return stop


def _definition(
    part: Part,
    key: bytes,
    fields_end: int,
    compressed: bool,
    known: dict[tuple[bytes, bool], Definition],
) -> Definition:
    """Return the definition behind these bytes, the same one each time the file repeats it."""
    found = known.get((key, compressed))
    if found is None:
        order = ">" if key[0] else "<"
        (number,) = struct.unpack_from(order + "H", key, 1)
        fields = _triples(key[4:fields_end])
        dev_fields = _triples(key[fields_end + 1 :])
        size = 1 + sum(f[1] for f in fields) + sum(f[1] for f in dev_fields)
        found = Definition(number, order, fields, dev_fields, size, compressed)
        known[key, compressed] = found
        part.definitions.append(found)
    return found


def _triples(raw: bytes) -> tuple[tuple[int, int, int], ...]:
    """Field descriptions, three bytes each."""
    return tuple((raw[i], raw[i + 1], raw[i + 2]) for i in range(0, len(raw), 3))


def _drop_overrun(part: Part, end: int) -> None:
    """Forget the one message whose bytes are not all there."""
    for definition in part.definitions:
        if definition.offsets and definition.offsets[-1] + definition.size > end:
            definition.offsets.pop()
