"""The parts of a FIT file, their checksums, and where the messages of each definition lie."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from loadmon.errors import FileProblem
from loadmon.io.recording import MOST_ACTIVITIES

_HEADER = struct.Struct("<BBHI4s")
_NOWHERE: npt.NDArray[np.int64] = np.empty(0, np.int64)


@dataclass(slots=True, eq=False)
class Definition:
    """All messages of one layout in one part of the file."""

    number: int
    #: The bytes behind header and reserved byte: byte order, number of the message, count of
    #: fields, number, size and base type of each; the developer fields from ``split`` on.
    key: bytes
    split: int
    size: int  # of one message with its header byte
    compressed: bool  # the header byte holds the end of a timestamp
    #: Positions of the header bytes in file order.
    offsets: npt.NDArray[np.int64] = field(default_factory=lambda: _NOWHERE)


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
    """Tell by the magic bytes."""
    return data[8:12] == b".FIT"


def no_fit(data: bytes) -> FileProblem:
    """Refusal of what is no FIT file, with its first bytes."""
    detail = f"no FIT file: it begins with {data[:16]!r}; download the original"
    return FileProblem("refused", "not-fit", detail)


def scan(data: bytes) -> list[Part]:
    """Walk every part, at least one; a damaged one holds its problem and what was found before."""
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
    header_size, _, _, body_size, _ = _HEADER.unpack_from(data, start)
    body = start + header_size
    end = body + body_size
    part = Part(data, start, end)
    if header_size < _HEADER.size:
        detail = f"the header claims {header_size} bytes, not 12 or 14"
        part.problem = _damaged("fit-truncated", detail)
        return part
    if body_size == 0:
        detail = "the header says the file is empty: the watch stopped before it was finished"
        part.problem = _damaged("fit-size-zero", f"{detail}; copy it from the watch again")
        end = part.end = len(data)
    elif end + 2 > len(data):
        detail = f"ended at byte {len(data)} of {end + 2}: copy it from the watch again"
        part.problem = _damaged("fit-truncated", detail)
        end = part.end = min(end, len(data))
    else:
        part.problem = _checksum_problem(data, start, end)
        if part.problem and part.problem.reason == "fit-trailing":
            end = part.end = len(data) - 2  # where the file itself ends, whatever its header says
    if header_size >= 14 and not part.problem:
        (stored,) = struct.unpack_from("<H", data, start + 12)
        if stored and stored != crc16(data[start : start + 12]):
            part.flags["fit-header-crc"] = "the header's own CRC is wrong, the file's CRC is right"
    part.definitions, problem = find_messages(data, body, end)
    part.problem = part.problem or problem
    return part


def _damaged(reason: str, detail: str) -> FileProblem:
    return FileProblem("quarantined", reason, detail)


def _checksum_problem(data: bytes, start: int, end: int) -> FileProblem | None:
    """Compare the CRC behind the body; tell a wrong size from a wrong byte."""
    (stored,) = struct.unpack_from("<H", data, end)
    computed = crc16(memoryview(data)[start:end])
    if computed == stored:
        return None
    # The file may be sound to its last byte, but for a size in its header that is too small.
    body_size = len(data) - 2 - start - data[start]
    mended = data[start : start + 4] + struct.pack("<I", body_size) + data[start + 8 : -2]
    (last,) = struct.unpack_from("<H", data, len(data) - 2)
    if last in (crc16(data[start:-2]), crc16(mended)):
        detail = (
            f"{len(data) - end - 2} bytes lie behind the end that the header claims (byte {end}); "
            "with them the CRC is right: the header's size is wrong, export it again"
        )
        return _damaged("fit-trailing", detail)
    detail = f"damaged: CRC at byte {end} is {stored:#06x}, the bytes give {computed:#06x}"
    return _damaged("fit-crc", f"{detail}; copy or export it again")


# The CRC-16 of the FIT protocol over whole files, in a few exclusive-ors of large blocks. Its
# polynomial is (x + 1) Q with Q = x^15 + x + 1, and for a power of two u, x^15u = x^u + 1 modulo Q:
# a block at the front may be added 14 and 15 units further on instead, and the remainder modulo Q
# stays. The parity of all bits is the remainder modulo x + 1.

_P = 0xA001  # x^16 + x^15 + x^2 + 1, lowest bit highest: FIT protocol, "CRC calculation"
_Q = 0xC001  # x^15 + x + 1, in the same order of bits
_FEW = 64  # bytes; fewer are not worth folding


def _crc_of_byte(state: int) -> int:
    for _ in range(8):
        state = state >> 1 ^ _P if state & 1 else state >> 1
    return state


_CRC_OF_BYTE = tuple(map(_crc_of_byte, range(256)))


def crc16(data: bytes | memoryview) -> int:
    """CRC-16/ARC of `data`."""
    rest: npt.NDArray[np.uint8] = np.array(np.frombuffer(data, np.uint8))
    while len(rest) > _FEW:
        unit = 1 << ((len(rest) - 1) // 15).bit_length() - 1  # bytes: 15 units < length <= 30 units
        front = rest[: min(len(rest) - 15 * unit, 14 * unit)]
        rest[15 * unit : 15 * unit + len(front)] ^= front
        rest[14 * unit : 14 * unit + len(front)] ^= front
        rest = rest[len(front) :]
    crc = 0
    for byte in rest.tobytes():
        crc = crc >> 8 ^ _CRC_OF_BYTE[(crc ^ byte) & 0xFF]
    words = np.frombuffer(data, np.uint64, len(data) // 8)
    ones = int(np.bitwise_xor.reduce(words)).bit_count()
    ones += int.from_bytes(data[len(data) // 8 * 8 :]).bit_count()
    return crc ^ _Q if ones % 2 != crc.bit_count() % 2 else crc


# One walk over a body: which messages there are, of which definition, and where they lie.

#: Definitions that one byte can tell apart; more are counted in several turns.
_MOST_ACTIVE = 256
#: More of them no watch writes: a body of a million tiny messages is there to exhaust the memory.
_MOST_DEFINITIONS, _MOST_GAPS, _MOST_MESSAGES = 4_000, 500_000, 3_000_000


def find_messages(
    data: bytes, position: int, end: int
) -> tuple[list[Definition], FileProblem | None]:
    """Walk to the first message that makes no sense, or to the end.

    Returns the definitions that have messages, in the order in which they were first made, and
    why the walk stopped early.
    """
    walk = _Walk(data[:end], position)
    problem = None
    while position < end:
        position, header = walk.pass_messages(position)
        if position >= end:
            break
        if header & 0x80 and header >> 5 & 0x3 in walk.local:
            walk.compress(header >> 5 & 0x3, position)
        elif header & 0xC0 == 0x40:
            try:
                position = walk.define(position)
            except IndexError:
                problem = _overrun(end)
                break
        else:
            local = header >> 5 & 0x3 if header & 0x80 else header & 0xF
            detail = f"a message of local type {local} that was never defined; export it again"
            problem = _damaged("fit-undefined-local", f"byte {position}: {detail}")
            break
    walk.index_headers()
    if position > end:
        problem = _overrun(end)
        del walk.indices[-1:]  # the last message is not all there
    walk.place_messages()
    return [d for d in walk.known.values() if len(d.offsets)], problem


def _overrun(end: int) -> FileProblem:
    return _damaged("fit-truncated", f"the last message runs past the end at byte {end}")


def _too_many() -> FileProblem:
    return FileProblem("refused", "too-large", "more messages than any watch writes: not read")


@dataclass(slots=True)
class _Walk:
    """Where the walk stands, and what each header byte means there."""

    data: bytes
    start: int
    #: For each header byte the size of its messages (None: no message), and the index of its
    #: definition in ``active``.
    sizes: list[int | None] = field(default_factory=lambda: [None] * 256)
    index_of: bytearray = field(default_factory=lambda: bytearray(256))
    active: list[Definition] = field(default_factory=list)
    #: Headers of the messages since the last definition; those before them since ``start``.
    headers: bytearray = field(default_factory=bytearray)
    indices: bytearray = field(default_factory=bytearray)
    #: Definition messages between: how many messages came before, how many bytes they take.
    gaps: list[tuple[int, int]] = field(default_factory=list)
    known: dict[tuple[bytes, bool], Definition] = field(default_factory=dict)
    local: dict[int, Definition] = field(default_factory=dict)  # the last of each local type

    def pass_messages(self, position: int) -> tuple[int, int]:
        """Pass over messages up to a header that is none; its position and itself, or the end."""
        data, sizes, note = self.data, self.sizes, self.headers.append
        try:
            while True:
                header = data[position]  # behind the end this raises IndexError
                position += sizes[header]  # type: ignore[operator] # no message: TypeError
                note(header)
        except TypeError:
            return position, header
        except IndexError:
            return position, 0

    def define(self, position: int) -> int:
        """Read one definition message and point its local type at it; the position behind it."""
        data = self.data
        header = data[position]
        stop = fields_end = position + 6 + 3 * data[position + 5]
        if header & 0x20:
            stop += 1 + 3 * data[stop]
        if stop > len(data):
            raise IndexError
        if len(self.gaps) > _MOST_GAPS or len(self.known) > _MOST_DEFINITIONS:
            raise _too_many()
        local = header & 0xF
        key, split = data[position + 2 : stop], fields_end - position - 2
        known = self.local.get(local)
        if known and known.key == key and known.split == split:  # said once more
            self.gaps.append((len(self.indices) + len(self.headers), stop - position))
            return stop
        self.local[local] = self._point(slice(local, 0x40, 0x10), key, split, False, position)
        if local < 4:  # only two bits are left for the local type beside a compressed timestamp
            first = 0x80 | local << 5
            self.sizes[first : first + 32] = [None] * 32
        self.gaps.append((len(self.indices), stop - position))
        return stop

    def compress(self, local: int, position: int) -> None:
        """Let header bytes with a compressed timestamp mean messages of a local type."""
        plain, first = self.local[local], 0x80 | local << 5
        self._point(slice(first, first + 32), plain.key, plain.split, True, position)

    def _point(
        self, headers: slice, key: bytes, split: int, compressed: bool, position: int
    ) -> Definition:
        """Let header bytes mean messages of a definition, the same one each time it is repeated."""
        self.index_headers()
        if len(self.active) >= _MOST_ACTIVE:
            self.place_messages()
            self._drop_inactive()
            self.start = position
        definition = self.known.get((key, compressed))
        if definition is None:
            number = int.from_bytes(key[1:3], "big" if key[0] else "little")
            size = 1 + sum(key[5:split:3]) + sum(key[split + 2 :: 3])
            definition = Definition(number, key, split, size, compressed)
            self.known[key, compressed] = definition
        if definition not in self.active:
            self.active.append(definition)
        count = len(range(256)[headers])
        self.sizes[headers] = [definition.size] * count
        self.index_of[headers] = bytes([self.active.index(definition)]) * count
        return definition

    def index_headers(self) -> None:
        """Turn the headers passed into indices, before their meaning changes."""
        self.indices += self.headers.translate(self.index_of)
        self.headers.clear()

    def place_messages(self) -> None:
        """Share the messages passed so far out to their definitions."""
        if len(self.indices) > _MOST_MESSAGES:
            raise _too_many()
        indices = np.frombuffer(bytes(self.indices), np.uint8)
        jumps = np.empty(len(indices) + 1, np.int64)
        jumps[0] = self.start
        jumps[1:] = np.array([d.size for d in self.active] or [0]).take(indices)
        if self.gaps:
            before, sizes = zip(*self.gaps, strict=True)
            np.add.at(jumps, np.array(before), np.array(sizes))
        positions = np.cumsum(jumps)[:-1]
        grouped = positions.take(np.argsort(indices, kind="stable"))
        stop = 0
        for index, definition in enumerate(self.active):
            count = self.indices.count(index)
            start, stop = stop, stop + count
            if count:
                more = grouped[start:stop]
                had = definition.offsets
                definition.offsets = np.concatenate([had, more]) if len(had) else more

    def _drop_inactive(self) -> None:
        kept = sorted({self.index_of[h] for h, size in enumerate(self.sizes) if size})
        new_index = {old: new for new, old in enumerate(kept)}
        self.active[:] = [self.active[old] for old in kept]
        self.index_of[:] = bytes(new_index.get(old, 0) for old in self.index_of)
        self.indices.clear()
        self.gaps.clear()
