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
from loadmon.io.archives import (
    MAX_MEMBER,
    bounded,
    gunzip,
    is_gzip,
    is_zip,
    open_zip,
    overlapping_members,
    unlisted_members,
    zip_member,
)
from loadmon.io.exports.recognise import may_be_export
from loadmon.io.formats import ending_of
from loadmon.io.walk import Entry, is_system, stamp_of, system_file, unreadable
from loadmon.io.xml import utf16_of
from loadmon.text import shown

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
    that belong to the way it was packed, ``share`` the part of its file that is read with it.
    """

    name: str
    path: Path
    trail: tuple[int, ...] = ()
    data: bytes = b""
    problem: FileProblem | None = None
    notes: dict[str, str] = field(default_factory=dict)
    share: float = 1.0

    def without_data(self) -> Source:
        """Return what is left to remember once the bytes are read."""
        return replace(self, data=b"", problem=None)


def content_hash(data: bytes) -> str:
    """Name of some contents, the same wherever they lie."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def sources(entry: Entry) -> Iterator[Source]:
    """Yield every input of one file.

    Yields the file itself, or one for each member; an archive only where it cannot be opened.
    """
    path, name = entry.path, shown(entry.name)
    if entry.problem:
        yield Source(name, path, problem=entry.problem)
        return
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
            packed = is_zip(head) or (name.lower().endswith(".zip") and zipfile.is_zipfile(stream))
            stream.seek(0)
            if packed:
                yield from _zip(stream, name, path, (), _Budget())
                _refuse_changed(stream, entry.stamp)
            else:
                yield _from_stream(stream, path, head, entry.stamp)
    except OSError as error:
        yield Source(name, path, problem=unreadable(error))
    except FileProblem as problem:
        yield Source(name, path, problem=problem)


def load(source: Source) -> bytes:
    """Read the bytes of an input again."""
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
            return data
        data = gunzip(data)
    if is_gzip(data):
        raise FileProblem("refused", "too-deep", f"gzip in gzip deeper than {_MAX_DEPTH}")
    return data


def _refuse_changed(stream: IO[bytes], before: tuple[int, int, int, int]) -> None:
    if before != stamp_of(os.fstat(stream.fileno())):
        raise FileProblem(
            "quarantined", "changed-while-reading", "changed while it was read: read it again"
        )


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


def _zip_note(name: str) -> dict[str, str]:
    """Flag a zip that is called a recording."""
    lies = name.lower().endswith(RECORDING_ENDINGS) and not name.lower().endswith(".zip")
    return {"ext-lies": "in a zip that is not called .zip"} if lies else {}


def _from_stream(
    stream: IO[bytes], path: Path, head: bytes, before: tuple[int, int, int, int]
) -> Source:
    """Read a plain or gzipped file; only its head where it cannot be a recording."""
    name = shown(str(path))
    known = name.lower().endswith(RECORDING_ENDINGS) or looks_recorded(head)
    if not (known or may_be_export(head)):
        return Source(name, path, data=head)
    try:
        data = bounded(stream, MAX_MEMBER)
        _refuse_changed(stream, before)
        return Source(name, path, data=_plain(data), notes=_packing_note(name, data))
    except FileProblem as problem:
        return Source(name, path, problem=problem)


def looks_recorded(head: bytes) -> bool:
    """Tell from the first bytes whether this may be a recording or an archive of them."""
    if utf16_of(head) or head[8:12] == b".FIT" or is_gzip(head) or is_zip(head):
        return True
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


@dataclass(slots=True)
class _Budget:
    """What an archive with everything in it has taken so far."""

    plain: int = 0
    members: int = 0

    def spent(self) -> bool:
        """Tell whether it holds more than any export does."""
        return self.members > _MAX_MEMBERS or self.plain > _MAX_ARCHIVE


def _zip(
    stream: IO[bytes],
    name: str,
    path: Path,
    trail: tuple[int, ...],
    budget: _Budget,
    share: float = 0.0,
) -> Iterator[Source]:
    """Members of a zip, read by entry and never by name; zips among them are opened too."""
    try:
        archive = open_zip(stream)
    except FileProblem as problem:
        yield Source(name, path, trail, problem=problem)
        return
    with archive:
        overlapping = overlapping_members(archive)
        if lost := unlisted_members(stream, archive):
            detail = f"its directory is damaged: {lost} of its members are lost; download it again"
            damaged = FileProblem("quarantined", "zip-member", detail)
            yield Source(name, path, trail, problem=damaged)
        elif all(member.filename.endswith("/") for member in archive.infolist()):
            nothing = FileProblem("refused", "empty", "the zip holds no file: download it again")
            yield Source(name, path, trail, problem=nothing)
        for place, member in enumerate(archive.infolist()):
            budget.members += 1
            if budget.spent():
                much = FileProblem("refused", "too-large", "the archive holds too much to read")
                yield Source(name, path, trail, problem=much)
                return
            if member.filename.endswith("/"):
                continue
            inside = f"{name}!{shown(member.filename)}"
            read = share or (place + 1) / len(archive.infolist())
            notes = _zip_note(name.rpartition("!")[2]) | _name_notes(member)
            source = Source(inside, path, (*trail, place), notes=notes, share=read)
            wrong = _not_a_file(member, place in overlapping)
            if wrong:
                yield replace(source, problem=wrong)
            else:
                yield from _member(archive, member, source, budget)


def _not_a_file(member: zipfile.ZipInfo, overlaps: bool) -> FileProblem | None:
    """Why a member is not looked into; None where it is."""
    inside = member.filename.replace("\\", "/")  # some Windows programs write the other slash
    if is_system(inside.rsplit("/", 1)[-1]) or "__MACOSX/" in inside:
        return system_file()
    if stat.S_ISLNK(member.external_attr >> 16):
        return FileProblem("skipped", "zip-symlink", "a link inside the zip is not followed")
    if overlaps:
        detail = "shares its bytes with another member, as bombs do: not unpacked"
        return FileProblem("refused", "zip-overlap", detail)
    return None


def _member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, source: Source, budget: _Budget
) -> Iterator[Source]:
    """One member: unpacked in memory under a limit, opened further where it is a zip itself."""
    try:
        packed = zip_member(archive, member)
        data = _plain(packed)
    except FileProblem as problem:
        yield replace(source, problem=problem)
        return
    budget.plain += len(data)
    if not is_zip(data):
        notes = source.notes | _packing_note(source.name, packed)
        yield replace(source, data=data, notes=notes)
    elif len(source.trail) >= _MAX_DEPTH:
        deep = FileProblem("refused", "too-deep", f"zips nested deeper than {_MAX_DEPTH}")
        yield replace(source, problem=deep)
    else:
        yield from _zip(
            io.BytesIO(data), source.name, source.path, source.trail, budget, source.share
        )


def _name_notes(member: zipfile.ZipInfo) -> dict[str, str]:
    """Flag names that would leave the folder if anything were ever extracted by name."""
    raw = member.orig_filename
    parts = raw.replace("\\", "/").split("/")
    if ".." in parts or raw.startswith(("/", "\\")) or raw[1:2] == ":":
        return {"zip-name": f"the zip gives it a name outside its folder ({shown(raw)})"}
    return {}
