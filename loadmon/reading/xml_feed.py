"""Read an XML export in one safe pass of expat, into plain columns of text: for GPX and TCX alike.

Names are matched without their prefix and in any case, whatever the namespace says. A DOCTYPE is
refused before anything in it is read, so no entity is ever expanded, and depth is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from loadmon.errors import FileProblem
from loadmon.reading.xml_bytes import as_utf8

#: Deepest nesting that is read; watch files nest about 10 deep.
MAX_DEPTH = 256

#: Most elements of one name; a week of seconds has fewer points.
_MOST_ROWS = 700_000
#: Files are read in pieces of so many bytes; a longer one is looked through for endless tags.
_LONG, _ENDLESS_TAG = 4 << 20, re.compile(rb"<[A-Za-z][^<>]{65536}")
#: Most tags, of which a point has a dozen, and most names of elements within one of them.
_MOST_TAGS, _MOST_NAMES = 6_000_000, 10_000
_ROOT_WITHIN = 4096
_CUT_OFF = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)


@dataclass(slots=True, eq=False)
class Column:
    """Texts of one kind of element, and the row of its table that each belongs to."""

    rows: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Table:
    """One row per element of one name; what it holds directly or within unknown elements.

    Parameters
    ----------
    leaves : tuple of str
        Local names, in lower case, of the elements whose text is wanted.
    owner : Table, optional
        The table of the element around this one.
    attributes : list of dict of str to str, one per row
        Attributes of the element.
    owners : list of int, one per row
        Row of `owner` that was open at the time; -1 where there was none.
    offsets : list of int, one per row
        Where the element starts in `Document.data`. [bytes]
    columns : dict of str to Column
        Texts by local name.
    depth : int
        How many elements of this name are open; 0 after reading.
    most : int
        Most rows; a file with more of them is refused.
    """

    leaves: tuple[str, ...] = ()
    owner: Table | None = None
    attributes: list[dict[str, str]] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    columns: dict[str, Column] = field(default_factory=dict)
    depth: int = 0
    most: int = _MOST_ROWS

    def __post_init__(self) -> None:
        """Lay out an empty column for each wanted element."""
        self.columns = {name: Column() for name in self.leaves}


@dataclass(slots=True)
class Document:
    """What was read: tables by the local name of their elements, and the bytes they came from.

    Parameters
    ----------
    data : bytes
        UTF-8 text from the first character of XML on.
    lines_before : int
        Lines of white space that came before `data`.
    tables : dict of str to Table
        What was asked for.
    flags : dict of str to str
        Reason code to one sentence.
    """

    data: bytes
    lines_before: int
    tables: dict[str, Table]
    flags: dict[str, str]

    def line(self, table: Table, row: int) -> int:
        """Line of the file on which a row of a table starts, counted from 1."""
        return self.lines_before + self.data.count(b"\n", 0, table.offsets[row]) + 1


def read_xml(data: bytes, root: str, tables: dict[str, Table], *, otherwise: str) -> Document:
    """Read an XML file into `tables`, which keep what came before a break in the file.

    Parameters
    ----------
    data : bytes
        The file. White space and a byte order mark before the XML are passed over.
    root : str
        Local name, in lower case, that the outermost element must have.
    tables : dict of str to Table
        Empty tables by the lower-case local name of their elements; filled in place.
    otherwise : str
        Reason code of a file with another outermost element.

    Raises
    ------
    FileProblem
        `otherwise`, ``empty``, ``xml-dtd`` or ``xml-depth`` (refused); ``xml-truncated`` or
        ``xml-broken`` (quarantined).
    """
    text, lines_before, flags = as_utf8(data)
    if not text:
        raise FileProblem("refused", "empty", "nothing but white space: copy or export it again")
    if len(text) > _LONG and _ENDLESS_TAG.search(text):
        raise FileProblem("refused", "too-large", "a tag of over 64 KiB: no recording has one")
    if text.count(b"<") > _MOST_TAGS:
        detail = f"more than {_MOST_TAGS} tags: no recording has so many"
        raise FileProblem("refused", "too-large", detail)
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype(otherwise)
    start, parser.EndElementHandler = _handlers(parser, tables)
    parser.StartElementHandler = _root_check(parser, root, otherwise, start)
    try:
        for at in range(0, len(text), _LONG):
            parser.Parse(text[at : at + _LONG], at + _LONG >= len(text))
            _bound(tables)
    except expat.ExpatError as error:
        begun = parser.StartElementHandler is start or error.code in _CUT_OFF
        if not begun and root.encode() not in text[:_ROOT_WITHIN].lower():
            raise _other(otherwise, f"begins with {text[:16]!r}") from error
        raise _broken(error, lines_before) from error
    return Document(text, lines_before, tables, flags)


def broken_off(data: bytes, root: str, tables: dict[str, Table]) -> FileProblem | None:
    """Read what stands before the break of a file into `tables`; None where there is no break."""
    try:
        read_xml(data, root, tables, otherwise="")
    except FileProblem as problem:
        return problem if problem.reason in ("xml-truncated", "xml-broken") else None
    return None


def _bound(tables: dict[str, Table]) -> None:
    """Refuse more elements than any recording has before they take all memory."""
    for name, table in tables.items():
        texts = (len(column.rows) for column in table.columns.values())
        if max(len(table.attributes), *texts, 0) > table.most:
            detail = f"more than {table.most} times {name}: no recording has so many"
            raise FileProblem("refused", "too-large", detail)


def _other(reason: str, what: str) -> FileProblem:
    """Refuse what is no such file at all."""
    return FileProblem("refused", reason, f"the file {what}: export it again")


def _refuse_doctype(otherwise: str) -> Callable[[str, str | None, str | None, int], None]:
    """Refuse a web page as what it is, and any other DOCTYPE unread."""

    def refuse(name: str, *_declaration: object) -> None:
        if name.lower() == "html":
            raise _other(otherwise, "is a web page, such as one that asks to log in")
        detail = "it declares a DOCTYPE, which no watch file needs and which can hide anything"
        raise FileProblem("refused", "xml-dtd", detail)

    return refuse


def _too_deep(line: int) -> FileProblem:
    return FileProblem("refused", "xml-depth", f"line {line} is nested over {MAX_DEPTH} deep")


def _broken(error: expat.ExpatError, lines_before: int) -> FileProblem:
    line = error.lineno + lines_before
    if error.code in _CUT_OFF:
        detail = f"the file ends in the middle, at line {line}: copy or export it again"
        return FileProblem("quarantined", "xml-truncated", detail)
    detail = f"line {line} is not well-formed ({expat.ErrorString(error.code)}): export it again"
    return FileProblem("quarantined", "xml-broken", detail)


# --- the callbacks ------------------------------------------------------------------------------


_Start = Callable[[str, dict[str, str]], None]
_End = Callable[[str], None]


class _Names(dict[str, Table | Column | None]):
    """What each element name, as written, means inside one table; learnt once per spelling."""

    def __init__(self, tables: dict[str, Table], columns: dict[str, Column]) -> None:
        super().__init__()
        self._meanings: dict[str, Table | Column] = {**columns, **tables}

    def __missing__(self, name: str) -> Table | Column | None:
        if len(self) >= _MOST_NAMES:
            detail = f"elements of more than {_MOST_NAMES} names: no recording has so many"
            raise FileProblem("refused", "too-large", detail)
        meaning = self[name] = self._meanings.get(_local(name))
        return meaning


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


def _open_row(table: Table, attributes: dict[str, str], offset: int) -> int:
    """Add a row for an element that begins, and return its number."""
    owner = table.owner
    table.owners.append(len(owner.attributes) - 1 if owner is not None and owner.depth else -1)
    table.attributes.append(attributes)
    table.offsets.append(offset)
    table.depth += 1
    return len(table.attributes) - 1


def _root_check(parser: expat.XMLParserType, root: str, reason: str, start: _Start) -> _Start:
    """Look at the outermost element only, then get out of the way."""

    def first(name: str, attributes: dict[str, str]) -> None:
        if _local(name) != root:
            raise _other(reason, f"begins with <{name[:40]}>, not with <{root}>")
        parser.StartElementHandler = start
        start(name, attributes)

    return first


def _handlers(parser: expat.XMLParserType, tables: dict[str, Table]) -> tuple[_Start, _End]:
    """Make the two callbacks; closures, because they run for every element of the file."""
    names_in = {table: _Names(tables, table.columns) for table in tables.values()}
    names = _Names(tables, {})
    path: list[Table | Column | None] = []
    around: list[tuple[_Names, int]] = []
    chunks: list[str] = []
    row = -1
    within_text = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal names, row, within_text
        if len(path) == MAX_DEPTH:
            raise _too_deep(parser.CurrentLineNumber)
        meaning = names[name]
        if within_text:
            chunks.append(" ")  # text around an inner element must not run together into one number
            path.append(None)
            return
        path.append(meaning)
        if isinstance(meaning, Column):
            within_text = True
            parser.CharacterDataHandler = chunks.append
        elif meaning is not None:
            around.append((names, row))
            row = _open_row(meaning, attributes, parser.CurrentByteIndex)
            names = names_in[meaning]

    def end(_name: str) -> None:
        nonlocal names, row, within_text
        meaning = path.pop()
        if isinstance(meaning, Column):
            within_text = False
            parser.CharacterDataHandler = None
            meaning.rows.append(row)
            meaning.texts.append("".join(chunks))
            chunks.clear()
        elif meaning is not None:
            meaning.depth -= 1
            names, row = around.pop()
        elif within_text:
            chunks.append(" ")

    return start, end
