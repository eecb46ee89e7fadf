"""What was read once need not be read again; and no number may ever depend on it.

One SQLite file holds packed values under keys, hashes of the reader's version (of its source code)
and of what was read: what the bytes of an input hold; the cleaned stream of each activity; which
inputs lie in a file on disk, with the stamp it had; the frames of a reading (`snapshot`).

Where the stamp of a file (size, times of change of its contents and of its inode, and its inode)
is the one that was noted, it is not opened. A file may change twice within one tick of the clock
and keep its stamp, so a stamp counts only if it was noted at least `STABLE_NS` after the times in
it; younger files are compared by the hash of their bytes, however often. Where a file system keeps
no time of change of the inode (Windows), contents of the same size under a time that was set back
on purpose go unnoticed until ``--no-cache``.

Every value carries a hash of itself and its key; what does not match is not there. Whatever SQLite
finds wrong with its file makes the file be deleted and begun anew. Where the cache cannot be
written or read, reading goes on without it and says so once.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import time
from itertools import chain
from pathlib import Path

TYPE_CHECKING = False  # typing alone takes longer to import than everything else here
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TypeVar

    from loadmon.io.walk import Entry

    T = TypeVar("T")

NAME = "reading.sqlite3"
#: Most that is kept; the values used longest ago leave first. [bytes]
LIMIT = 2 << 30
#: How long before it was noted a file must have changed last for its stamp to be believed: the
#: coarsest clock of a file system. [ns]
STABLE_NS = 2_000_000_000
#: Reasons that another reading may not meet again.
PASSING = frozenset({"not-readable", "changed-while-reading", "reader-bug"})
_WAIT_S = 20.0
_CHECK = 16
_OUT_OF_REACH = (
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED),
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR),
    *(sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_NOMEM),
)


def cache_folder() -> Path:
    """Folder that ``$LOADMON_CACHE`` names, else the platform's: the only code that knows it."""
    if named := os.environ.get("LOADMON_CACHE", "").strip():
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("loadmon")


class Store:
    """Values of one version of the reader, in one file in ``folder``."""

    __slots__ = ("day", "folder", "limit", "version", "warning")

    def __init__(self, folder: Path, version: bytes, day: int, limit: int = LIMIT):
        self.folder = folder
        self.version = version
        self.day = day  # number of today, to tell which values were used last
        self.limit = limit
        self.warning = ""  # why it cannot be used; empty while it can

    @property
    def is_off(self) -> bool:
        """Tell whether the cache is not used any more."""
        return bool(self.warning)

    def turn_off(self, warning: str) -> None:
        """Go on without the cache; the first warning counts."""
        self.warning = self.warning or warning

    def key(self, kind: str, name: str) -> bytes:
        """Key of a value: a hash of the version, its kind and its name."""
        name_bytes = f"{kind}\0{name}".encode("utf-8", "surrogateescape")
        return hashlib.blake2b(self.version + name_bytes, digest_size=16).digest()

    def get(self, kind: str, names: Sequence[str]) -> dict[str, bytes]:
        """Values by name; those that are not there, or are damaged, are left out."""

        def work(connection: sqlite3.Connection) -> dict[str, bytes]:
            found: dict[str, bytes] = {}
            old: list[tuple[int, bytes]] = []
            select = connection.cursor().execute
            for name in names:
                key = self.key(kind, name)
                row = select("select value, used from kept where key = ?", (key,)).fetchone()
                value, used = row or (None, 0)
                if isinstance(value, bytes) and value[:_CHECK] == _check(key, value[_CHECK:]):
                    found[name] = value[_CHECK:]
                    if used != self.day:
                        old.append((self.day, key))
            connection.executemany("update kept set used = ? where key = ?", old)
            return found

        return (self._transact(work) if names and self._is_there() else None) or {}

    def put(self, values: Iterable[tuple[str, str, bytes]]) -> None:
        """Keep values under their kind and name, all or none of them, one after the other."""

        def row(kind: str, name: str, value: bytes) -> tuple[bytes, int, int, bytes]:
            key = self.key(kind, name)
            return key, self.day, len(value), _check(key, value) + value

        rows = (row(*each) for each in values)
        first = None if self.is_off else next(rows, None)
        if first:
            insert = "insert or replace into kept values (?, ?, ?, ?)"
            self._transact(lambda connection: connection.executemany(insert, chain([first], rows)))

    def trim(self) -> None:
        """Let the values used longest ago go until a tenth of the limit is free again."""
        if self._bytes_on_disk() <= self.limit:  # and no more is in it
            return

        def work(connection: sqlite3.Connection) -> None:
            (size,) = connection.execute("select total(size) from kept").fetchone()
            gone: list[tuple[bytes]] = []
            aim = 0.9 * self.limit if size > self.limit else size
            for key, own in connection.execute("select key, size from kept order by used, rowid"):
                if size <= aim:
                    break
                gone.append((key,))
                size -= own
            connection.executemany("delete from kept where key = ?", gone)

        if self._is_there():
            self._transact(work)

    def _bytes_on_disk(self) -> int:
        size = 0
        for ending in ("", "-wal"):
            with contextlib.suppress(OSError):
                size += os.stat(f"{self.folder / NAME}{ending}").st_size
        return size

    def _is_there(self) -> bool:
        try:
            return not self.is_off and (self.folder / NAME).exists()
        except OSError as error:
            self._unusable(str(error.strerror))
            return False

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
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _OUT_OF_REACH:
                self._unusable(str(error))
            else:
                self._begin_anew()
        except OSError as error:
            self._unusable(str(error.strerror))
        return None

    def _begin_anew(self) -> None:
        try:
            for ending in ("", "-wal", "-shm", "-journal"):
                Path(f"{self.folder / NAME}{ending}").unlink(missing_ok=True)
        except OSError as error:
            self._unusable(str(error.strerror))

    def _unusable(self, why: str) -> None:
        self.turn_off(
            f"the cache in {self.folder} cannot be used ({why}): everything is read anew; "
            "$LOADMON_CACHE names another folder for it"
        )


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("pragma page_size = 16384")
    _share(connection)
    connection.execute("pragma synchronous = off")  # after a power cut it may begin anew
    columns = "key blob primary key, used integer, size integer, value blob"
    connection.execute(f"create table if not exists kept ({columns})")


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
        time.sleep(0.01)


def _check(key: bytes, value: bytes) -> bytes:
    return hashlib.blake2b(value, digest_size=_CHECK, key=key).digest()


def is_stable(entry: Entry, noted_ns: int) -> bool:
    """Tell whether the stamp of an entry, noted at some time, proves that nothing changed."""
    _, changed_ns, inode_ns, _ = entry.stamp
    return max(changed_ns, inode_ns) + STABLE_NS <= noted_ns
