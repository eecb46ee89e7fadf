"""From a file on disk to the bytes of every input in it: itself, gzip, zips and zips in zips.

Nothing is ever extracted under a name, every input met comes out exactly once, readable or not, and
packed bytes become plain ones only up to a limit, whatever a header claims.
"""

from __future__ import annotations

import contextlib
import errno
import gzip
import hashlib
import io
import lzma
import os
import stat
import struct
import traceback
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import IO

from loadmon.errors import FileProblem, LittleMemory, ReadError, without_frames
from loadmon.io.exports import cells
from loadmon.io.exports.cells import Readable, chunks
from loadmon.io.exports.platforms import may_be_export, skimmer_of
from loadmon.io.formats import (
    ending_of,
    format_of_recording,
    never_opened,
    no_recording,
    packed_as,
)
from loadmon.io.recording import Source
from loadmon.io.walk import Entry, is_system, stamp_of, system_file, unreadable
from loadmon.io.xml import utf16_of
from loadmon.text import shown

#: Bytes of its beginning by which a file is known.
HEAD = 16 << 10
#: Largest plain size of one member: hours of one-second records stay far below it. [bytes]
MAX_MEMBER = 64 << 20
_MAX_DEPTH = 3
_MAX_MEMBERS = 200_000
_MAX_ARCHIVE = 20 << 30
#: Endings of what is read; of other files only the first bytes are.
RECORDING_ENDINGS = (".fit", ".gpx", ".tcx", ".zip", ".gz")
#: What zipfile and its decompressors raise over damaged bytes; bz2 says OSError.
_ZIP_ERRORS = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError),
    *(ValueError, IndexError, OverflowError, RuntimeError),
)


#: Methods of packing in a zip that `zipfile` may have no reader for, by their number (APPNOTE.TXT
#: 6.3.10, 4.4.5), and those of them that 7-Zip unpacks.
_METHODS = {
    **{1: "Shrink", 6: "Implode", 9: "Deflate64", 10: "IBM TERSE", 12: "BZip2", 14: "LZMA"},
    **{20: "Zstandard", 93: "Zstandard", 94: "MP3", 95: "XZ", 96: "JPEG", 97: "WavPack"},
    **{98: "PPMd", 99: "AES encryption"},
}
_BY_7_ZIP = (1, 6, 9, 12, 14, 93, 95, 98, 99)


def content_hash(data: bytes) -> str:
    """Name of some contents, the same wherever they lie."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


@contextlib.contextmanager
def file_boundary(is_passed_on: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """The one boundary of a file: a bug of whatever reads it becomes its problem.

    ``is_passed_on`` tells whether the error just raised is left to those who know it.
    """
    try:
        yield
    except (FileProblem, LittleMemory):
        raise
    except Exception as error:
        if is_passed_on():
            raise
        frame = traceback.extract_tb(error.__traceback__)[-1]
        detail = (
            f"loadmon failed on this file ({type(error).__name__} in {frame.name}, line "
            f"{frame.lineno}: {error}); please report it"
        )
        raise FileProblem("quarantined", "reader-bug", detail) from error


def sources(entry: Entry, expect: Callable[[int], None] = lambda _bytes: None) -> Iterator[Source]:
    """Every input of one file: itself, or its members; an archive where it cannot be opened.

    ``expect`` is told the bytes of the recordings in an archive, as its directory names them,
    before the first of its members comes.
    """
    path, name = entry.path, shown(entry.name)
    if entry.problem:
        yield Source(name, entry.name, problem=entry.problem)
        return
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
            packed = is_zip(head) or (name.lower().endswith(".zip") and zipfile.is_zipfile(stream))
            stream.seek(0)
            if packed:
                yield from _zip(stream, Source(name, entry.name, share=0.0), _Budget(expect))
                _refuse_changed(stream, entry)
            else:
                data, notes = _plain_file(stream, name, head, entry)
                yield Source(name, entry.name, data=data, notes=notes)
    except OSError as error:
        yield Source(name, entry.name, problem=unreadable(error))
    except FileProblem as problem:
        yield Source(name, entry.name, problem=without_frames(problem))


def load(source: Source) -> bytes:
    """Read the bytes of an input again."""
    try:
        with source.path.open("rb") as stream:
            data = stream.read() if source.trail else bounded(stream)
    except OSError as error:
        raise ReadError(f"{source.name}: cannot be opened again ({error.strerror})") from None
    for position in source.trail:
        with open_zip(io.BytesIO(_unpacked(data))) as archive:
            members = archive.infolist()
            if position >= len(members):
                raise ReadError(f"{source.name}: the archive has changed; read it again")
            data = zip_member(archive, members[position])
    return _unpacked(data)


# --- a plain or gzipped file ---------------------------------------------------------------------


def is_gzip(data: bytes) -> bool:
    """Tell a gzip stream by its magic bytes."""
    return data[:2] == b"\x1f\x8b"


def is_zip(data: bytes) -> bool:
    """Tell a zip archive by its magic bytes, an empty one included."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def looks_recorded(head: bytes) -> bool:
    """Tell from the first bytes whether this may be a recording or an archive of them."""
    if utf16_of(head) or head[8:12] == b".FIT" or is_gzip(head) or is_zip(head):
        return True
    if packed_as(head):
        return False
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def _plain_file(
    stream: IO[bytes], name: str, head: bytes, entry: Entry
) -> tuple[bytes, dict[str, str]]:
    """Bytes and packing notes of a file; only its head where it cannot be a recording."""
    if not _is_wanted(name, head):
        return head, {}
    data = bounded(stream)
    _refuse_changed(stream, entry)
    return _unpacked(data), _packing_note(name, data)


def _is_wanted(name: str, head: bytes) -> bool:
    """Whether a file is worth being read as a whole, by its name and its first bytes.

    What is neither that nor for a reader to refuse has its problem here, and is parsed no more.
    """
    with file_boundary():
        if name.lower().endswith(RECORDING_ENDINGS) or looks_recorded(head) or may_be_export(head):
            return True
        if not format_of_recording(name, head):
            raise no_recording()
    return False


def _refuse_changed(stream: IO[bytes], entry: Entry) -> None:
    if entry.stamp != stamp_of(os.fstat(stream.fileno())):
        raise changed_while_reading()


def changed_while_reading() -> FileProblem:
    """Why what was read of a file is not what is in it."""
    detail = "changed while it was read: read it again"
    return FileProblem("quarantined", "changed-while-reading", detail)


def _packing_note(name: str, data: bytes) -> dict[str, str]:
    """Flag an archive under another ending than its own, and the reverse."""
    ending = name.lower().rpartition(".")[2]
    if ending == "gz" and not is_gzip(data):
        return {"ext-lies": "called .gz, but not packed by gzip"}
    if ending == "zip" and not is_zip(data):
        return {"ext-lies": "called .zip, but no zip"}
    if ending != "gz" and is_gzip(data) and (ending == "zip" or ending_of(name)):
        return {"ext-lies": "packed by gzip, not called .gz"}
    return {}


def _unpacked(data: bytes) -> bytes:
    depth = 0
    while is_gzip(data):
        if depth == _MAX_DEPTH:
            raise FileProblem("refused", "too-deep", f"gzip in gzip deeper than {_MAX_DEPTH}")
        data = gunzip(data)
        depth += 1
    return data


def gunzip(data: bytes) -> bytes:
    """Unpack gzipped bytes, one or several members."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            return bounded(stream, len(data))
    except EOFError:
        detail = f"gzip ends early at byte {len(data)}: copy it again"
        raise FileProblem("quarantined", "gz-truncated", detail) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        detail = f"gzip is damaged ({error}): copy or export it again"
        raise FileProblem("quarantined", "gz-crc", detail) from None


@dataclass(slots=True)
class _Watched:
    """A stream that knows whether an error was raised in it, and not by who reads it."""

    stream: Readable
    has_failed: bool = False

    def read(self, size: int, /) -> bytes:
        self.has_failed = True
        data = self.stream.read(size)
        self.has_failed = False
        return data


def bounded(stream: Readable, packed: int | None = None, name: str | None = None) -> bytes:
    """Read a stream to its end, if need be skimmed; refuse what grows larger than a recording.

    `packed`: how many bytes it comes from; None: it is not packed. Of a member with a `name` only
    the beginning is read where that shows that it is not wanted, as a rule to its problem.
    """
    is_plain, packed = packed is None, MAX_MEMBER if packed is None else packed

    def refusal(size: int) -> FileProblem:
        detail = f"unpacks to more than {size >> 20} MiB from {packed} bytes: no recording does"
        if is_plain:
            detail = f"larger than {MAX_MEMBER >> 20} MiB: no recording is; export it in parts"
        return FileProblem("refused", "too-large", detail)

    pieces: list[bytes] = []
    watched = _Watched(stream)
    begun = b"" if name is None else stream.read(HEAD)
    if name is not None and not _is_wanted(name, begun):
        return begun
    for piece in chunks(stream, packed, begun, MAX_MEMBER, refusal):
        if not pieces:
            with file_boundary(lambda: watched.has_failed):
                if skim := skimmer_of(piece):
                    return skim(watched, packed, piece)
        pieces.append(piece)
    return b"".join(pieces)


# --- a zip, and zips in it -----------------------------------------------------------------------


#: Problems that thousands of members may have: each is the same for all of them.
_SYSTEM_FILE = system_file()
_LINK = FileProblem("skipped", "zip-symlink", "a link inside the zip is not followed")
_OVERLAP = FileProblem(
    "refused", "zip-overlap", "shares its bytes with another member, as bombs do: not unpacked"
)


@dataclass(slots=True)
class _Budget:
    """What an archive with everything in it has taken so far: unpacked bytes and members."""

    expect: Callable[[int], None]  # told the bytes of recordings that a directory names
    plain: int = 0
    members: int = 0


def _zip(stream: IO[bytes], zipped: Source, budget: _Budget) -> Iterator[Source]:
    """Members of a zip, read by entry and never by name; zips among them are opened too.

    A ``share`` of 0 marks the outermost zip, by whose members the share is counted.
    """

    def unusable(problem: FileProblem) -> Source:
        return replace(zipped, problem=problem, share=1.0)

    try:
        archive = _open_within(stream, budget)
    except FileProblem as problem:
        yield unusable(problem)
        return
    with archive:
        members = archive.infolist()
        overlapping = overlapping_members(archive)
        if lost := unlisted_members(stream, archive):
            detail = f"its directory is damaged: {lost} of its members are lost; download it again"
            yield unusable(FileProblem("quarantined", "zip-member", detail))
        elif all(member.filename.endswith("/") for member in members):
            detail = "the zip holds no file: download it again"
            yield unusable(FileProblem("refused", "empty", detail))
        name = zipped.name.rpartition("!")[2].lower()
        lies = name.endswith(RECORDING_ENDINGS) and not name.endswith(".zip")
        all_notes = {"ext-lies": "in a zip that is not called .zip"} if lies else {}
        budget.members += len(members)
        budget.expect(sum(m.file_size for m in members if ending_of(m.filename)))
        for position, member in enumerate(members):
            if member.filename.endswith("/"):
                continue
            notes = all_notes
            if cells.leaves_folder(member.orig_filename):
                told = shown(member.orig_filename)
                text = f"the zip gives it a name outside its folder ({told})"
                notes = all_notes | {"zip-name": text}
            source = Source(
                f"{zipped.name}!{shown(member.filename)}",
                zipped.at,
                (*zipped.trail, position),
                problem=_unopened(member, position in overlapping, budget),
                notes=notes,
                share=zipped.share or (position + 1) / len(members),
            )
            if source.problem:
                yield source
                continue
            try:
                yield from _member(archive, member, source, budget)
            except FileProblem as problem:
                yield replace(source, problem=without_frames(problem))


def _open_within(stream: IO[bytes], budget: _Budget) -> zipfile.ZipFile:
    """Open a zip, unless it holds more than is read of one archive."""
    try:
        count = counted_members(stream)
    except OSError as error:
        raise unreadable(error) from None
    if budget.members + count > _MAX_MEMBERS:
        detail = (
            f"holds {count:,} members, and of one archive at most {_MAX_MEMBERS:,} are read: "
            "unpack it, and name the folder of the recordings"
        )
        raise FileProblem("refused", "too-large", detail)
    return open_zip(stream)


def _unopened(member: zipfile.ZipInfo, overlaps: bool, budget: _Budget) -> FileProblem | None:
    """Why a member is not even opened: what its entry in the directory tells of it."""
    if budget.plain > _MAX_ARCHIVE:
        detail = f"the archive holds more than {_MAX_ARCHIVE >> 30} GiB: unpack it first"
        return FileProblem("refused", "too-large", detail)
    inside = member.filename.replace("\\", "/")  # some Windows programs write the other slash
    if is_system(inside.rsplit("/", 1)[-1]) or "__MACOSX/" in inside:
        return _SYSTEM_FILE
    if stat.S_ISLNK(member.external_attr >> 16):
        return _LINK
    if overlaps:
        return _OVERLAP
    text = never_opened(inside)
    return _other_data(text) if text else None


@cache
def _other_data(text: str) -> FileProblem:
    return FileProblem("skipped", "not-activity", text)


def _member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, source: Source, budget: _Budget
) -> Iterator[Source]:
    """One member: unpacked in memory under a limit, opened further where it is a zip itself."""
    packed = zip_member(archive, member)
    data = _unpacked(packed)
    budget.plain += len(data)
    if not is_zip(data):
        yield replace(source, data=data, notes=source.notes | _packing_note(source.name, packed))
        return
    if len(source.trail) >= _MAX_DEPTH:
        raise FileProblem("refused", "too-deep", f"zips nested deeper than {_MAX_DEPTH}")
    yield from _zip(io.BytesIO(data), replace(source, notes={}), budget)


def open_zip(source: IO[bytes]) -> zipfile.ZipFile:
    """Open a zip archive."""
    try:
        return zipfile.ZipFile(source)
    except _ZIP_ERRORS as error:
        if wrong := _disk_error(error):
            raise unreadable(wrong) from None
        detail = f"the zip cannot be opened ({error}): download it again"
        raise FileProblem("quarantined", "zip-truncated", detail) from None


def zip_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Read one member of a zip into memory."""
    if member.flag_bits & 0x1:
        detail = "protected by a password: unpack it with the password and read the folder"
        raise FileProblem("quarantined", "zip-password", detail)
    try:
        with archive.open(member) as stream:
            return bounded(stream, member.compress_size, member.filename)
    except NotImplementedError as error:
        method = _METHODS.get(member.compress_type, f"method {member.compress_type}")
        program = "7-Zip" if member.compress_type in _BY_7_ZIP else "the program that packed it"
        detail = (
            f"packed by {method}, which Python cannot unpack ({error}): unpack the zip with "
            f"{program}, and name the folder"
        )
        raise FileProblem("quarantined", "unpack-first", detail) from None
    except _ZIP_ERRORS as error:
        if wrong := _disk_error(error):
            raise unreadable(wrong) from None
        detail = f"damaged inside the zip ({error}): download it again"
        raise FileProblem("quarantined", "zip-member", detail) from None


def _disk_error(error: BaseException | None) -> OSError | None:
    """Error of the disk behind what zipfile says, which passes and says nothing of the file.

    A position outside the file (EINVAL), and what decompressors raise without a number, is damage.
    """
    while error is not None:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            return error
        error = error.__context__
    return None


#: Bytes of the smallest entry of a zip's directory.
_ENTRY = 46


def _last_record(source: IO[bytes]) -> tuple[bytes, int]:
    """Last bytes of a zip, and where in them its last record begins; below 0 where it does not."""
    within = 22 + 0xFFFF + _ZIP64  # bytes before the end in which a zip's last records begin
    source.seek(max(0, source.seek(0, io.SEEK_END) - within))
    tail = source.read(within)
    return tail, tail.rfind(b"PK\x05\x06")


#: Bytes of the two records before the last one of a zip with many members, or a large one.
_ZIP64 = 20 + 56


def counted_members(source: IO[bytes]) -> int:
    """Members of a zip as far as its end tells them, without its directory being taken apart.

    A directory that is too large for what the end counts is looked through for its entries. The
    stream is where it was.
    """
    begun = source.tell()
    try:
        tail, at = _last_record(source)
        if at < 0 or at + 20 > len(tail):
            return 0
        count, size = struct.unpack_from("<HI", tail, at + 10)
        before = tail[max(0, at - _ZIP64) : at]
        wide = before.rfind(b"PK\x06\x06")
        if wide >= 0 and len(before) >= wide + 56:
            count, size = struct.unpack_from("<QQ", before, wide + 32)
            at -= len(before) - wide
        if count <= _MAX_MEMBERS and size > _ENTRY * _MAX_MEMBERS:
            source.seek(max(0, source.seek(0, io.SEEK_END) - len(tail) + at - size))
            count = max(count, _entries(source, size))
        return int(count)
    finally:
        source.seek(begun)


def _entries(source: IO[bytes], size: int) -> int:
    """Entries in the next bytes of a directory, as far as their marks tell."""
    found, last = 0, b""
    while size > 0 and (piece := source.read(min(size, 1 << 20))):
        found += (last + piece).count(b"PK\x01\x02")
        last, size = piece[-3:], size - len(piece)
    return found


def unlisted_members(source: IO[bytes], archive: zipfile.ZipFile) -> int:
    """Members that the end of a zip counts and its directory does not list: a byte of it rotted."""
    tail, at = _last_record(source)
    if at < 0 or at + 12 > len(tail):
        return 0
    (counted,) = struct.unpack_from("<H", tail, at + 10)
    # 0xFFFF says that the number stands elsewhere, as it is too large.
    return 0 if counted == 0xFFFF else max(0, int(counted) - len(archive.infolist()))


def overlapping_members(archive: zipfile.ZipFile) -> set[int]:
    """Positions of members whose bytes another claims too: no honest program writes them."""
    members = archive.infolist()
    overlapping: set[int] = set()
    furthest, owner = -1, -1
    for i in sorted(range(len(members)), key=[m.header_offset for m in members].__getitem__):
        member = members[i]
        if member.header_offset < furthest:
            overlapping |= {i, owner}
        # A member takes its local header of at least 30 bytes, its name and its packed bytes.
        end = member.header_offset + 30 + len(member.orig_filename) + member.compress_size
        if end > furthest:
            furthest, owner = end, i
    return overlapping
