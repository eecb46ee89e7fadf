"""The parts of a FIT file and what is wrong with them: header, body, CRC.

A FIT file is a header, a body of messages, and a CRC; several may follow one another (chained).
What messages a body holds is found by `loadmon.reading.fit.messages`.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from loadmon.errors import FileProblem
from loadmon.reading.fit.crc import crc16
from loadmon.reading.fit.messages import Definition, find_messages
from loadmon.reading.recording import MOST_ACTIVITIES

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

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    list of Part
        At least one. A part that is damaged carries its ``problem``, and everything that was
        found before it; whole parts behind it are parts like any other. Bytes behind the last part
        are a flag or a problem of that part.

    Raises
    ------
    FileProblem
        ``not-fit`` where the data do not begin with a FIT header; ``too-large``.
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
