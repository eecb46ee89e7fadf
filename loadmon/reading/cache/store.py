"""One SQLite file of values under keys: checked, bounded, shared, and never in the way.

Each call opens the file, does one thing in one transaction, and closes it: a process that is killed
leaves nothing half done, others wait for milliseconds, and whatever happens to the file between two
calls is met at the next opening.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

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
        As from `loadmon.reading.cache.version.reader_version`.
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
