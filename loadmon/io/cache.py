"""What was read once need not be read again; and no number may ever depend on it.

One SQLite file holds small packed values under keys. A key is the hash of what the value follows
from: the version of the reader (a hash of its source code) and what was read. There are four kinds
of values:

- what the bytes of an input hold, under the hash of the bytes;
- the cleaned stream of each activity, column by column;
- which inputs lie in a file on disk, under its path, with the stamp it had;
- the frames of a whole reading, under the stamps of all its files and the settings.

How a changed file is noticed. A stamp is the file's size, the times of the last change of its
contents and of its inode (which a program cannot set back), and its inode. Where the stamp is the
one that was noted, the file is not opened. A file may change twice within one tick of the clock and
keep its stamp, so a stamp counts only if it was noted at least `SETTLED_NS` (two seconds: the
coarsest clock of a file system) after the times in it. Younger files are read again and compared by
the hash of their bytes, however often. Where a file system keeps no time of change of the inode
(Windows), contents of the same size under a time that was set back on purpose go unnoticed until
``--no-cache``.

How damage is noticed. Every value carries a hash of itself and its key; what does not match is not
there. Whatever SQLite finds wrong with its file makes the file be deleted and begun anew. Where
the cache cannot be written or read, reading goes on without it and says so once.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from loadmon.errors import FileProblem
from loadmon.io.packing import unpack
from loadmon.io.parse import Contents
from loadmon.io.sources import Source
from loadmon.io.walk import Entry
from loadmon.text import shown

if TYPE_CHECKING:
    from loadmon.io.sources import Source


#: How long before it was noted a file must have changed last for its stamp to be believed. [ns]
SETTLED_NS = 2_000_000_000
#: Reasons that another reading may not meet again.
PASSING = frozenset({"not-readable", "changed-while-reading", "reader-bug"})


def is_settled(entry: Entry, noted_ns: int) -> bool:
    """Tell whether the stamp of an entry, noted at some time, proves that nothing changed."""
    _, changed_ns, inode_ns, _ = entry.stamp
    return max(changed_ns, inode_ns) + SETTLED_NS <= noted_ns


# One SQLite file of values under keys: checked, bounded, shared, and never in the way.


T = TypeVar("T")

NAME = "reading.sqlite3"
#: Most that is kept; the values used longest ago leave first. [bytes]
LIMIT = 2 << 30
_WAIT_S = 20.0
_PAUSE_S = 0.01
_CHECK = 16
_TABLE = """create table if not exists kept
    (key blob primary key, used integer, size integer, value blob)"""
_SELECT = "select value, used from kept where key = ?"
_OUT_OF_WAY = (
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED),
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR),
    *(sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_NOMEM),
)


@dataclass(slots=True)
class Store:
    """Values of one version of the reader.

    Parameters
    ----------
    folder : Path
        Where the file lies; made where it is not there.
    version : bytes
        As from `loadmon.io.snapshot.reader_version`.
    day : int
        Number of today, to tell which values were used last.
    limit : int
        Most that is kept. [bytes]
    warning : str
        Why the cache cannot be used; empty while it can.
    """

    folder: Path
    version: bytes
    day: int
    limit: int = LIMIT
    warning: str = field(default="", init=False)

    @property
    def is_off(self) -> bool:
        """Tell whether the cache is not used any more."""
        return bool(self.warning)

    def turn_off(self, warning: str) -> None:
        """Go on without the cache; the first warning counts."""
        self.warning = self.warning or warning

    def key(self, kind: str, name: str) -> bytes:
        """Key of a value: a hash of the version, its kind and its name."""
        told = hashlib.blake2b(self.version, digest_size=16)
        told.update(f"{kind}\0{name}".encode("utf-8", "surrogateescape"))
        return told.digest()

    def get(self, kind: str, names: Sequence[str]) -> dict[str, bytes]:
        """Values by name; those that are not there, or are damaged, are left out."""
        if self.is_off or not self._is_there():
            return {}
        return self._transact(lambda connection: self._get(connection, kind, names)) or {}

    def _get(
        self, connection: sqlite3.Connection, kind: str, names: Sequence[str]
    ) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        old: list[tuple[int, bytes]] = []
        for name in names:
            key = self.key(kind, name)
            row = connection.execute(
                "select value, used from kept where key = ?", (key,)
            ).fetchone()
            value, used = row or (None, 0)
            if isinstance(value, bytes) and value[:_CHECK] == _check(key, value[_CHECK:]):
                found[name] = value[_CHECK:]
                if used != self.day:
                    old.append((self.day, key))
        connection.executemany("update kept set used = ? where key = ?", old)
        return found

    def put(self, values: Iterable[tuple[str, str, bytes]]) -> None:
        """Keep values under their kind and name, all or none of them."""
        rows = []
        for kind, name, value in values:
            key = self.key(kind, name)
            rows.append((key, self.day, len(value), _check(key, value) + value))
        if rows and not self.is_off:
            insert = "insert or replace into kept values (?, ?, ?, ?)"
            self._transact(lambda connection: connection.executemany(insert, rows))

    def trim(self) -> None:
        """Let the values used longest ago go until a tenth of the limit is free again."""
        if not self.is_off and self._is_there():
            self._transact(self._trim)

    def _is_there(self) -> bool:
        """Tell whether there is a file; one that may not be looked at is out of reach."""
        try:
            return (self.folder / NAME).exists()
        except OSError as error:
            self._unusable(str(error.strerror))
            return False

    def _trim(self, connection: sqlite3.Connection) -> None:
        (size,) = connection.execute("select total(size) from kept").fetchone()
        gone: list[tuple[bytes]] = []
        aim = 0.9 * self.limit if size > self.limit else size
        for key, own in connection.execute("select key, size from kept order by used, rowid"):
            if size <= aim:
                break
            gone.append((key,))
            size -= own
        connection.executemany("delete from kept where key = ?", gone)

    def _transact(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """Do some work in one transaction; None where the cache does not let it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.folder / NAME
            connection = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)
            with contextlib.closing(connection):
                _prepare(connection)
                connection.execute("begin immediate")
                done = work(connection)
                connection.execute("commit")
                return done
        except sqlite3.Error as error:
            self._settle(error)
        except OSError as error:
            self._unusable(str(error.strerror))
        return None

    def _settle(self, error: sqlite3.Error) -> None:
        """Go on without the cache where it is out of reach; begin it anew where it is damaged."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _OUT_OF_WAY:
            self._unusable(str(error))
            return
        try:
            for ending in ("", "-wal", "-shm", "-journal"):
                Path(f"{self.folder / NAME}{ending}").unlink(missing_ok=True)
        except OSError as wrong:
            self._unusable(str(wrong.strerror))

    def _unusable(self, why: str) -> None:
        self.turn_off(
            f"the cache in {self.folder} cannot be used ({why}): everything is read anew; "
            "$LOADMON_CACHE names another folder for it"
        )


def _prepare(connection: sqlite3.Connection) -> None:
    """Settings of a connection, and the table where the file is new."""
    connection.execute("pragma page_size = 16384")
    _share(connection)
    connection.execute("pragma synchronous = off")  # after a power cut it may begin anew
    connection.execute(_TABLE)


def _share(connection: sqlite3.Connection) -> None:
    """Let others read while one writes; SQLite does not wait by itself for another's switch."""
    end = time.monotonic() + _WAIT_S
    while True:
        try:
            connection.execute("pragma journal_mode = wal")
            return
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > end:
                raise
        time.sleep(_PAUSE_S)


def _check(key: bytes, value: bytes) -> bytes:
    """Hash of a value under its key."""
    return hashlib.blake2b(value, digest_size=_CHECK, key=key).digest()


# Which inputs lie in a file on disk, so that an unchanged file need not even be opened.


#: One input, what it holds, and the name of its contents in the cache; empty where not kept.
Known = tuple[Source, Contents, str]


def known_inputs(entries: Sequence[Entry], store: Store) -> dict[int, list[Known]]:
    """Inputs of the files that did not change, by the place of their entry."""
    names = [os.path.abspath(entry.name) for entry in entries if not entry.problem]
    noted = {name: json.loads(value) for name, value in store.get("file", names).items()}
    rows: dict[int, list[list[Any]]] = {}
    for place, entry in enumerate(entries):
        note = None if entry.problem else noted.get(os.path.abspath(entry.name))
        if note and tuple(note["stamp"]) == entry.stamp and is_settled(entry, note["at"]):
            rows[place] = note["inputs"]
    wanted = {row[3] for inputs in rows.values() for row in inputs if row[3]}
    kept = store.get("contents", sorted(wanted))
    return {
        place: [_known(entries[place], row, kept) for row in inputs]
        for place, inputs in rows.items()
        if all(not row[3] or row[3] in kept for row in inputs)
    }


def _known(entry: Entry, row: list[Any], kept: dict[str, bytes]) -> Known:
    inside, trail, notes, contents, problem = row
    source = Source(shown(entry.name) + inside, entry.path, tuple(trail), notes=notes)
    if problem:
        outcome, reason, detail, when = problem
        return source, Contents(parts=[FileProblem(outcome, reason, detail, when=when)]), ""
    return source, unpack(kept[contents]), contents


def note_inputs(store: Store, read: Sequence[tuple[Entry, Sequence[Known]]], noted_ns: int) -> None:
    """Note the inputs of files that were read, unless something about one may pass."""
    values = []
    for entry, inputs in read:
        rows = [_row(entry, *one) for one in inputs]
        if not entry.problem and not any(_may_pass(contents) for _, contents, _ in inputs):
            note = {"stamp": entry.stamp, "at": noted_ns, "inputs": rows}
            values.append(("file", os.path.abspath(entry.name), json.dumps(note).encode()))
    store.put(values)


def _row(entry: Entry, source: Source, contents: Contents, name: str) -> list[Any]:
    problem = None
    if not name:
        (part,) = contents.parts
        if isinstance(part, FileProblem):
            problem = [part.outcome, part.reason, part.detail, part.when]
    inside = source.name.removeprefix(shown(entry.name))
    return [inside, source.trail, source.notes, name, problem]


def _may_pass(contents: Contents) -> bool:
    return any(isinstance(p, FileProblem) and p.reason in PASSING for p in contents.parts)
