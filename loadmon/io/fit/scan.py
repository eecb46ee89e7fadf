"""A FIT file's parts: its checksum, its definitions, and where its messages lie."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from loadmon.errors import FileProblem
from loadmon.io.recording import MOST_ACTIVITIES

# One walk over a body: which messages there are, of which definition, and where they lie.

#: Definitions that one byte can tell apart; more are counted in several turns.
_MARKS = 256
#: More of them no watch writes: a body of a million tiny messages is there to exhaust the memory.
_NOWHERE: npt.NDArray[np.int64] = np.empty(0, np.int64)
_MOST_DEFINITIONS, _MOST_GAPS, _MOST_MESSAGES = 4_000, 500_000, 3_000_000


@dataclass(slots=True, eq=False)
class Definition:
    """All messages of one layout in one part of the file.

    ``key`` are the bytes of the definition behind its header and reserved byte: byte order, number
    of the message, count of fields, and for each field its number, size and base type; likewise
    the developer fields, from byte ``split`` on. ``size`` is that of one message with its header
    byte, ``offsets`` the positions of the header bytes in file order. Where ``compressed``, that
    byte holds the end of a timestamp.
    """

    number: int
    key: bytes
    split: int
    size: int
    compressed: bool
    offsets: npt.NDArray[np.int64] = field(default_factory=lambda: _NOWHERE)


@dataclass(slots=True)
class _Walk:
    """Where the walk stands, and what each header byte means there.

    ``sizes`` and ``marks`` hold, for each of the 256 header bytes, the size of its messages (None:
    no message) and the place of its definition in ``marked``. ``met`` are the headers of messages
    since the last definition, ``told`` the marks of those before them since ``start``. ``gaps`` are
    the definition messages between: how many messages came before, and how many bytes they take.
    ``local`` is the last definition of each local type.
    """

    data: bytes
    start: int
    sizes: list[int | None] = field(default_factory=lambda: [None] * 256)
    marks: bytearray = field(default_factory=lambda: bytearray(256))
    marked: list[Definition] = field(default_factory=list)
    met: bytearray = field(default_factory=bytearray)
    told: bytearray = field(default_factory=bytearray)
    gaps: list[tuple[int, int]] = field(default_factory=list)
    known: dict[tuple[bytes, bool], Definition] = field(default_factory=dict)
    local: dict[int, Definition] = field(default_factory=dict)


def find_messages(
    data: bytes, position: int, end: int
) -> tuple[list[Definition], FileProblem | None]:
    """Walk from `position` to `end`; stop at the first message that makes no sense.

    Returns those that have messages, in the order in which they were first made.
    ``fit-undefined-local`` or ``fit-truncated``; the messages before it are in `definitions`.
    """
    walk = _Walk(data[:end], position)
    problem = None
    while position < end:
        position, header = _run(walk, position)
        if position >= end:
            break
        if header & 0x80 and header >> 5 & 0x3 in walk.local:
            _squeeze(walk, header >> 5 & 0x3, position)
            continue
        if header & 0xC0 != 0x40:
            problem = _undefined(position, header)
            break
        try:
            behind = _define(walk, position)
        except IndexError:
            problem = _overrun(end)
            break
        walk.gaps.append((len(walk.told), behind - position))
        position = behind
    _tell(walk)
    if position > end:
        problem = _overrun(end)
        del walk.told[-1:]  # the last message is not all there
    _take_in(walk)
    return [d for d in walk.known.values() if len(d.offsets)], problem


def _run(walk: _Walk, position: int) -> tuple[int, int]:
    """Pass over messages up to a header that is none; its position and itself, or the end."""
    data, sizes, note = walk.data, walk.sizes, walk.met.append
    try:
        while True:
            header = data[position]  # behind the end this raises IndexError
            position += sizes[header]  # type: ignore[operator] # no message: TypeError
            note(header)
    except TypeError:
        return position, header
    except IndexError:
        return position, 0


def _tell(walk: _Walk) -> None:
    """Turn the headers met into marks, before their meaning changes."""
    walk.told += walk.met.translate(walk.marks)
    walk.met.clear()


def _undefined(position: int, header: int) -> FileProblem:
    local = (header >> 5) & 0x3 if header & 0x80 else header & 0xF
    return FileProblem(
        "quarantined",
        "fit-undefined-local",
        f"byte {position}: a message of local type {local} that was never defined; export it again",
    )


def _overrun(end: int) -> FileProblem:
    return FileProblem(
        "quarantined", "fit-truncated", f"the last message runs past the end at byte {end}"
    )


def _too_many() -> FileProblem:
    return FileProblem("refused", "too-large", "more messages than any watch writes: not read")


def _define(walk: _Walk, position: int) -> int:
    """Read one definition message, point its local type at it, return the position behind it."""
    data = walk.data
    header = data[position]
    stop = fields_end = position + 6 + 3 * data[position + 5]
    if header & 0x20:
        stop += 1 + 3 * data[stop]
    if stop > len(data):
        raise IndexError
    if len(walk.gaps) > _MOST_GAPS or len(walk.known) > _MOST_DEFINITIONS:
        raise _too_many()
    key = data[position + 2 : stop]
    _make_room(walk, position)
    local = header & 0xF
    walk.local[local] = _definition(walk, key, fields_end - position - 2, False)
    _point(walk, slice(local, 0x40, 0x10), 4, walk.local[local])
    if local < 4:  # only two bits are left for the local type beside a compressed timestamp
        first = 0x80 | local << 5
        walk.sizes[first : first + 32] = [None] * 32
    return stop


def _make_room(walk: _Walk, position: int) -> None:
    """Turn headers into marks before one means something else; free marks where none is left."""
    _tell(walk)
    if len(walk.marked) >= _MARKS:
        _take_in(walk, behind=position)


def _squeeze(walk: _Walk, local: int, position: int) -> None:
    """Let header bytes with a compressed timestamp mean messages of a local type."""
    _make_room(walk, position)
    plain = walk.local[local]
    squeezed = _definition(walk, plain.key, plain.split, True)
    first = 0x80 | local << 5
    _point(walk, slice(first, first + 32), 32, squeezed)


def _definition(walk: _Walk, key: bytes, fields_end: int, compressed: bool) -> Definition:
    """Return the definition behind these bytes, the same one each time the file repeats it."""
    found = walk.known.get((key, compressed))
    if found is None:
        number = int.from_bytes(key[1:3], "big" if key[0] else "little")
        size = 1 + sum(key[5:fields_end:3]) + sum(key[fields_end + 2 :: 3])
        found = Definition(number, key, fields_end, size, compressed)
        walk.known[key, compressed] = found
    return found


def _point(walk: _Walk, headers: slice, count: int, definition: Definition) -> None:
    """Let header bytes mean messages of a definition."""
    if definition not in walk.marked:
        walk.marked.append(definition)
    walk.sizes[headers] = [definition.size] * count
    walk.marks[headers] = bytes([walk.marked.index(definition)]) * count


def _take_in(walk: _Walk, behind: int = 0) -> None:
    """Share the messages met so far out to their definitions, and begin anew at `behind`."""
    if len(walk.told) > _MOST_MESSAGES:
        raise _too_many()
    marks = np.frombuffer(bytes(walk.told), np.uint8)
    jumps = np.zeros(len(marks) + 1, np.int64)
    jumps[1:] = np.array([d.size for d in walk.marked] or [0])[marks]
    if walk.gaps:
        places, sizes = zip(*walk.gaps, strict=True)
        np.add.at(jumps, np.array(places), np.array(sizes))
    positions = walk.start + np.cumsum(jumps)[:-1]
    counts = np.bincount(marks, minlength=len(walk.marked))
    grouped = positions[np.argsort(marks, kind="stable")]
    stop = 0
    for definition, count in zip(walk.marked, counts.tolist(), strict=True):
        start, stop = stop, stop + count
        if count:
            more = grouped[start:stop]
            had = definition.offsets
            definition.offsets = np.concatenate([had, more]) if len(had) else more
    if behind:
        _forget(walk)
        walk.start = behind


def _forget(walk: _Walk) -> None:
    """Give marks anew to the definitions that are still in force."""
    in_force = sorted({walk.marks[h] for h, size in enumerate(walk.sizes) if size})
    place_of = {mark: place for place, mark in enumerate(in_force)}
    walk.marked[:] = [walk.marked[mark] for mark in in_force]
    walk.marks[:] = bytes(place_of.get(mark, 0) for mark in walk.marks)
    walk.told.clear()
    walk.gaps.clear()


# CRC-16 of the FIT protocol over whole files, in a few exclusive-ors of large blocks.


_P = 0xA001  # x^16 + x^15 + x^2 + 1, lowest bit highest: FIT protocol, "CRC calculation"
_Q = 0xC001  # x^15 + x + 1, in the same order of bits
_FEW = 64  # bytes; fewer are not worth folding


def _table() -> tuple[int, ...]:
    """CRC of every single byte."""
    table = []
    for state in range(256):
        for _ in range(8):
            state = state >> 1 ^ _P if state & 1 else state >> 1
        table.append(state)
    return tuple(table)


_TABLE = _table()


def crc16(data: bytes | memoryview) -> int:
    """CRC-16/ARC of `data`."""
    crc = _crc_of_few(_folded(data))
    return crc ^ _Q if _is_odd(data) != crc.bit_count() % 2 else crc


def _crc_of_few(data: bytes) -> int:
    """CRC byte by byte."""
    crc = 0
    for byte in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc


def _folded(data: bytes | memoryview) -> bytes:
    """A few bytes that leave the same rest as `data` modulo Q."""
    rest: npt.NDArray[np.uint8] = np.array(np.frombuffer(data, np.uint8))
    while len(rest) > _FEW:
        unit = 1 << ((len(rest) - 1) // 15).bit_length() - 1  # bytes: 15 units < length <= 30 units
        front = rest[: min(len(rest) - 15 * unit, 14 * unit)]
        rest[15 * unit : 15 * unit + len(front)] ^= front
        rest[14 * unit : 14 * unit + len(front)] ^= front
        rest = rest[len(front) :]
    return rest.tobytes()


def _is_odd(data: bytes | memoryview) -> int:
    """1 if the number of set bits is odd, else 0."""
    words = np.frombuffer(data, np.uint64, len(data) // 8)
    odd = int(np.bitwise_xor.reduce(words)).bit_count()
    return (odd + int.from_bytes(data[len(data) // 8 * 8 :]).bit_count()) % 2


# The parts of a FIT file and what is wrong with them: header, body, CRC.


_HEADER = struct.Struct("<BBHI4s")


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

    Returns at least one. A part that is damaged carries its ``problem``, and everything that was
    found before it; whole parts behind it are parts like any other. Bytes behind the last part are
    a flag or a problem of that part.
    """
    if not is_fit(data):
        raise no_fit(data)
    parts: list[Part] = []
    position = 0
    while True:
        part = _scan_part(data, position)
        parts.append(part)
        position = part.end + 2
        if position >= len(data):
            return parts
        if len(parts) >= MOST_ACTIVITIES:
            detail = f"a chain of over {MOST_ACTIVITIES} files: no watch writes one"
            raise FileProblem("refused", "too-large", detail)
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
        if part.problem and part.problem.reason == "fit-trailing":
            end = part.end = len(data) - 2  # where the file itself ends, whatever its header says
        _check_header(part, header_size)
    part.definitions, walked = find_messages(data, body, end)
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
    if _whole_with_other_size(data, start):
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
