"""Tables of text as vendors and spreadsheets write them, in any encoding and with any separator."""

from __future__ import annotations

import csv
import io

from loadmon.errors import FileProblem

#: Largest field of a row; a description is far below it. [characters]
_LONGEST_FIELD = 1 << 20
_HEAD, _HEAD_ROWS = 1 << 16, 50
Rows = list[list[str]]


def table(data: bytes) -> tuple[Rows, dict[str, str]]:
    """Read a table.

    Parameters
    ----------
    data : bytes
        The file, in UTF-8 with or without a byte-order mark, UTF-16, or Latin-1.

    Returns
    -------
    rows : list of list of str
        The header first; one empty cell where the file is empty. Rows may differ in length.
    flags : dict of str to str
        ``csv-encoding`` where the encoding is an older one, so that names may be wrong.

    Raises
    ------
    FileProblem
        ``csv-damaged`` where it is no table at all.
    """
    text, flags = _decoded(data)
    return _rows(text), flags


def first_rows(data: bytes) -> Rows:
    """First rows of what may be a table, to tell whose it is; none where it is no table.

    A table has no zero bytes, unless it is UTF-16, and more than one column.
    """
    head = data[:_HEAD]
    if b"\0" in head and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return []
    try:
        rows = _rows(_decoded(head)[0])[:_HEAD_ROWS]
    except FileProblem:
        return []
    return rows if len(rows[0]) > 1 else []


def _decoded(data: bytes) -> tuple[str, dict[str, str]]:
    """Text of the file, and the flag that it is in an older encoding."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace"), {}
    try:
        return data.decode("utf-8-sig"), {}
    except UnicodeDecodeError as error:
        if error.end >= len(data) - 3 and error.start > len(data) - 4:  # cut inside a letter
            return data[: error.start].decode("utf-8-sig"), {}
        told = "not in UTF-8: read as Latin-1, names may be wrong"
        return data.decode("latin-1"), {"csv-encoding": told}


def _rows(text: str) -> Rows:
    """Rows of the table; a spreadsheet may have put semicolons or tabs between the columns."""
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise FileProblem(
            "quarantined", "csv-damaged", f"no complete table ({error}): export it again"
        ) from None
    return rows if rows and rows[0] else [[""]]
