"""Packed bytes to plain bytes, never more of them than a limit, whatever a header claims."""

from __future__ import annotations

import errno
import gzip
import io
import lzma
import struct
import zipfile
import zlib
from typing import IO

from loadmon.errors import FileProblem
from loadmon.io.exports.apple import Readable
from loadmon.io.exports.recognise import skimmer_of
from loadmon.io.walk import unreadable

#: Largest plain size of one member. [bytes] Hours of one-second records stay far below it.
MAX_MEMBER = 64 << 20
#: A stream that grows past this many bytes and this many times its packed size is a bomb.
_BOMB_SIZE, _BOMB_RATIO = 16 << 20, 200
_CHUNK = 1 << 20
#: Begin of a zip's last record, and how far before the end it may stand.
_END_MARK, _END_WITHIN = b"PK\x05\x06", 22 + 0xFFFF
#: What zipfile and its decompressors raise over damaged bytes; bz2 says OSError.
_ZIP_ERRORS = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError),
    *(ValueError, IndexError, OverflowError, RuntimeError),
)


def is_gzip(data: bytes) -> bool:
    """Tell a gzip stream by its magic bytes."""
    return data[:2] == b"\x1f\x8b"


def is_zip(data: bytes) -> bool:
    """Tell a zip archive by its magic bytes, an empty one included."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def bounded(stream: Readable, packed: int) -> bytes:
    """Read a stream to its end, or stop where it grows beyond what a recording can be.

    Of vendors' own files that may be far larger (`loadmon.io.exports.recognise`) only what is
    wanted is kept.
    """
    pieces: list[bytes] = []
    size = 0
    while piece := stream.read(_CHUNK):
        if not pieces and (skim := skimmer_of(piece)):
            return skim(stream, packed, piece)
        pieces.append(piece)
        size += len(piece)
        if size > MAX_MEMBER or (size > _BOMB_SIZE and size > _BOMB_RATIO * max(packed, 1)):
            raise FileProblem(
                "refused",
                "too-large",
                f"unpacks to more than {size >> 20} MiB from {packed} bytes: no recording does",
            )
    return b"".join(pieces)


def gunzip(data: bytes) -> bytes:
    """Unpack gzipped bytes, one or several members."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            return bounded(stream, len(data))
    except EOFError:
        raise FileProblem(
            "quarantined", "gz-truncated", f"gzip ends early at byte {len(data)}: copy it again"
        ) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise FileProblem(
            "quarantined", "gz-crc", f"gzip is damaged ({error}): copy or export it again"
        ) from None


def open_zip(source: IO[bytes]) -> zipfile.ZipFile:
    """Open a zip archive."""
    try:
        return zipfile.ZipFile(source)
    except _ZIP_ERRORS as error:
        if wrong := _of_the_system(error):
            raise unreadable(wrong) from None
        raise FileProblem(
            "quarantined",
            "zip-truncated",
            f"the zip cannot be opened ({error}): download it again",
        ) from None


def _of_the_system(error: BaseException | None) -> OSError | None:
    """Error of the disk behind what zipfile says: it passes, and says nothing of the file.

    A place outside the file (EINVAL), and what decompressors raise without a number, is damage.
    """
    while error is not None:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            return error
        error = error.__context__
    return None


def unlisted_members(source: IO[bytes], archive: zipfile.ZipFile) -> int:
    """Members that the end of a zip counts and its directory does not list: a byte of it rotted."""
    begin = max(0, source.seek(0, io.SEEK_END) - _END_WITHIN)
    source.seek(begin)
    tail = source.read(_END_WITHIN)
    at = tail.rfind(_END_MARK)
    if at < 0 or at + 12 > len(tail):
        return 0
    (counted,) = struct.unpack_from("<H", tail, at + 10)
    # 0xFFFF says that the number stands elsewhere, as it is too large.
    return 0 if counted == 0xFFFF else max(0, int(counted) - len(archive.infolist()))


def overlapping_members(archive: zipfile.ZipFile) -> set[int]:
    """Places of members whose bytes another member claims too: no honest program writes them.

    A member takes its local header of at least 30 bytes, its name and its packed bytes.
    """
    members = archive.infolist()
    begins = sorted(range(len(members)), key=lambda i: members[i].header_offset)
    overlapping: set[int] = set()
    furthest, owner = -1, -1
    for i in begins:
        member = members[i]
        if member.header_offset < furthest:
            overlapping |= {i, owner}
        end = member.header_offset + 30 + len(member.orig_filename) + member.compress_size
        if end > furthest:
            furthest, owner = end, i
    return overlapping


def zip_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Read one member of a zip into memory."""
    if member.flag_bits & 0x1:
        raise FileProblem(
            "quarantined",
            "zip-password",
            "protected by a password: unpack it with the password and read the folder",
        )
    try:
        with archive.open(member) as stream:
            return bounded(stream, member.compress_size)
    except _ZIP_ERRORS as error:
        if wrong := _of_the_system(error):
            raise unreadable(wrong) from None
        raise FileProblem(
            "quarantined", "zip-member", f"damaged inside the zip ({error}): download it again"
        ) from None
