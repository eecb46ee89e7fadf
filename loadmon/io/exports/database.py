"""SQLite databases of exports: only the rows that are wanted, from a copy that is only read."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from loadmon.errors import FileProblem
from loadmon.io.exports.cells import MAX_KEPT, Readable, chunks
from loadmon.io.exports.form import Form

IS_DATABASE = b"SQLite format 3\x00"
_MAX_READ = 8 << 30


def skim_database(stream: Readable, packed: int, begun: bytes, forms: Iterable[Form]) -> bytes:
    """Rows that the form of a database wants, as JSON; its first bytes where no form knows it."""
    with tempfile.TemporaryDirectory(prefix="loadmon-") as folder:
        path = Path(folder, "copy.db")
        with path.open("wb") as copy:
            for chunk in chunks(stream, packed, begun, _MAX_READ, _too_large):
                copy.write(chunk)
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as open_:
                open_.row_factory = sqlite3.Row
                open_.text_factory = lambda text: text.decode("utf-8", "replace")
                return _wanted(open_, begun, [form for form in forms if form.query])
        except sqlite3.Error as error:
            detail = f"the database cannot be read ({error}): export it again"
            raise FileProblem("quarantined", "database-damaged", detail) from None


def _wanted(open_: sqlite3.Connection, begun: bytes, forms: Sequence[Form]) -> bytes:
    tables = {row[0] for row in open_.execute("select name from sqlite_master where type='table'")}
    form = next((form for form in forms if form.table in tables), None)
    if not form or not form.query:
        return begun[: len(IS_DATABASE)]
    text = json.dumps({"loadmon-database": form.table, **form.query(open_)}).encode()
    if len(text) > MAX_KEPT:
        raise _too_large(len(text))
    return text


def columns_of(open_: sqlite3.Connection, table: str) -> set[str]:
    """Columns of a table, in small letters; none where there is no such table."""
    return {str(row[1]).lower() for row in open_.execute(f'pragma table_info("{table}")')}


def rows_of(open_: sqlite3.Connection, table: str, wanted: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of a table with the columns that it has of those wanted."""
    there = columns_of(open_, table)
    names = [name for name in wanted if name.lower() in there]
    if not names:
        return []
    query = f'select {", ".join(names)} from "{table}"'
    return [
        {
            name: None if isinstance(value, bytes) else value
            for name, value in zip(names, row, strict=True)
        }
        for row in open_.execute(query)
    ]


def _too_large(size: int) -> FileProblem:
    detail = f"a database too large to be one of workouts ({size >> 20} MiB)"
    return FileProblem("refused", "too-large", detail)
