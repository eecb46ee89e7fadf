"""From a file on disk to the bytes of every input in it: itself, gzip, zips and zips in zips.

Nothing is ever extracted under a name, and every input met comes out exactly once, readable or not.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from loadmon.errors import FileProblem, ReadError
from loadmon.reading.exports.recognise import may_be_export
from loadmon.reading.unpack import (
    MAX_MEMBER,
    bounded,
    gunzip,
    is_gzip,
    is_zip,
    open_zip,
    zip_member,
)
from loadmon.reading.walk import Entry, is_system, stamp_of, system_file, unreadable

_MAX_DEPTH = 3
_MAX_MEMBERS = 200_000
_MAX_ARCHIVE = 20 << 30
_HEAD = 4096
#: Endings of what is read; other files are looked at only as far as their first bytes.
RECORDING_ENDINGS = (".fit", ".gpx", ".tcx", ".zip", ".gz")


@dataclass(frozen=True, slots=True)
class Source:
    """One input: its name in the ledger, and its bytes or what is wrong with it.

    ``path`` and ``trail`` (places in nested zips) say where to find it again; ``notes`` are flags
    that belong to the way it was packed.
    """

    name: str
    path: Path
    trail: tuple[int, ...] = ()
    data: bytes = b""
    problem: FileProblem | None = None
    notes: dict[str, str] = field(default_factory=dict)

    def without_data(self) -> Source:
        """Return what is left to remember once the bytes are read."""
        return replace(self, data=b"", problem=None)


def content_hash(data: bytes) -> str:
    """Name of some contents, the same wherever they lie."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def sources(entry: Entry) -> Iterator[Source]:
    """Yield every input of one file.

    Parameters
    ----------
    entry : Entry
        As from `loadmon.reading.walk.walk`.

    Yields
    ------
    Source
        The file itself, or one for each member; an archive only where it cannot be opened.
    """
    path = entry.path
    if entry.problem:
        yield Source(str(path), path, problem=entry.problem)
        return
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
            stream.seek(0)
            if is_zip(head):
                yield from _zip(stream, str(path), path, (), [0])
            else:
                yield _from_stream(stream, path, head, entry.stamp)
    except OSError as error:
        yield Source(str(path), path, problem=unreadable(error))


def load(source: Source) -> bytes:
    """Read the bytes of an input again.

    Raises
    ------
    ReadError
        If the file is gone or no longer what it was.
    """
    try:
        with source.path.open("rb") as stream:
            data = stream.read() if source.trail else bounded(stream, MAX_MEMBER)
    except OSError as error:
        raise ReadError(f"{source.name}: cannot be opened again ({error.strerror})") from None
    for place in source.trail:
        with open_zip(io.BytesIO(_plain(data))) as archive:
            members = archive.infolist()
            if place >= len(members):
                raise ReadError(f"{source.name}: the archive has changed; read it again")
            data = zip_member(archive, members[place])
    return _plain(data)


def _plain(data: bytes) -> bytes:
    """Take off gzip layers, at most as many as archives may be nested."""
    for _ in range(_MAX_DEPTH):
        if not is_gzip(data):
            break
        data = gunzip(data)
    return data


def _from_stream(
    stream: IO[bytes], path: Path, head: bytes, before: tuple[int, int, int, int]
) -> Source:
    """Read a plain or gzipped file; only its head where it cannot be a recording."""
    name = str(path)
    known = name.lower().endswith(RECORDING_ENDINGS) or looks_recorded(head)
    if not (known or may_be_export(head)):
        return Source(name, path, data=head)
    try:
        data = bounded(stream, MAX_MEMBER)
        if before != stamp_of(os.fstat(stream.fileno())):
            raise FileProblem(
                "quarantined", "changed-while-reading", "changed while it was read: read it again"
            )
        return Source(name, path, data=_plain(data))
    except FileProblem as problem:
        return Source(name, path, problem=problem)


def looks_recorded(head: bytes) -> bool:
    """Tell from the first bytes whether this may be a recording or an archive of them."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    utf16 = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    return head[8:12] == b".FIT" or is_gzip(head) or is_zip(head) or start == b"<" or utf16


def _zip(
    stream: IO[bytes], name: str, path: Path, trail: tuple[int, ...], total: list[int]
) -> Iterator[Source]:
    """Members of a zip, read by entry and never by name; zips among them are opened too."""
    try:
        archive = open_zip(stream)
    except FileProblem as problem:
        yield Source(name, path, trail, problem=problem)
        return
    with archive:
        for place, member in enumerate(archive.infolist()):
            if place >= _MAX_MEMBERS or total[0] > _MAX_ARCHIVE:
                much = FileProblem("refused", "too-large", "the archive holds too much to read")
                yield Source(name, path, trail, problem=much)
                return
            if not member.filename.endswith("/"):
                yield from _member(archive, member, name, path, (*trail, place), total)


def _member(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    outer: str,
    path: Path,
    trail: tuple[int, ...],
    total: list[int],
) -> Iterator[Source]:
    """One member: unpacked in memory under a limit, opened further where it is a zip itself."""
    name = f"{outer}!{member.filename}"
    notes = _name_notes(member)
    inside = member.filename.replace("\\", "/")  # some Windows programs write the other slash
    if is_system(inside.rsplit("/", 1)[-1]) or "__MACOSX/" in inside:
        yield Source(name, path, trail, problem=system_file(), notes=notes)
        return
    if stat.S_ISLNK(member.external_attr >> 16):
        link = FileProblem("skipped", "zip-symlink", "a link inside the zip is not followed")
        yield Source(name, path, trail, problem=link, notes=notes)
        return
    try:
        data = _plain(zip_member(archive, member))
    except FileProblem as problem:
        yield Source(name, path, trail, problem=problem, notes=notes)
        return
    total[0] += len(data)
    if not is_zip(data):
        yield Source(name, path, trail, data, notes=notes)
    elif len(trail) >= _MAX_DEPTH:
        deep = FileProblem("refused", "too-deep", f"zips nested deeper than {_MAX_DEPTH}")
        yield Source(name, path, trail, problem=deep, notes=notes)
    else:
        yield from _zip(io.BytesIO(data), name, path, trail, total)


def _name_notes(member: zipfile.ZipInfo) -> dict[str, str]:
    """Flag names that would leave the folder if anything were ever extracted by name."""
    raw = member.orig_filename
    parts = raw.replace("\\", "/").split("/")
    if ".." in parts or raw.startswith(("/", "\\")) or raw[1:2] == ":":
        return {"zip-name": f"the zip gives it a name outside its folder ({raw})"}
    return {}
