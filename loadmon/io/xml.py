"""Reading XML: what is refused, callbacks to columns, numbers and times in texts."""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from xml.parsers import expat

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io.recording import OFFSETS_MIN, Floats

# The encodings of XML files: whatever comes in, UTF-8 goes on.

_DECLARED = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']""")
# Only these are trusted to Python's codecs: some of its other "encodings" are not of text.
_KNOWN = re.compile(r"iso8859-\d+|cp125\d|koi8-[ru]|gb2312|gbk|gb18030|big5|shift_jis|euc_(jp|kr)")
_ONE_BYTE = re.compile(r"iso8859|cp125|koi8")
_MARKS = (b"\xff\xfe", b"\xfe\xff")
_FIRST = b"< \t\r\n"  # what XML begins with
_CHUNK = 1 << 20


def as_utf8(data: bytes) -> tuple[bytes, int, dict[str, str]]:
    """Bring an XML file to UTF-8 that begins with the XML.

    Returns UTF-8; the declaration in it still names the old encoding. Lines of white space that
    were left out in front. ``xml-encoding`` where characters were lost (each is U+FFFD now), or
    where the file is in another encoding than it claims.
    """
    claimed = _claimed(data)
    codec = _codec(data, claimed)
    flags = {}
    if claimed and not claimed.startswith(codec[:6]) and not _is_plain(data, claimed, codec):
        flags["xml-encoding"] = f"the file claims to be {claimed}, and was read as {codec}"
    if codec != "utf-8" or not _is_utf8(data):
        data = b"".join(
            part.encode() for part in codecs.iterdecode(_chunks(data), codec, "replace")
        )
        if "\ufffd".encode() in data:
            flags["xml-encoding"] = (
                f"some characters are not {codec}, as the file claims to be: names may look odd, "
                "the numbers were read"
            )
    text = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    return text, data.count(b"\n", 0, len(data) - len(text)), flags


def utf16_of(data: bytes) -> str:
    """Codec of an XML file in UTF-16, with or without its mark; empty where it is none."""
    if data[:2] in _MARKS:
        return "utf-16"
    if len(data) < 2 or 0 not in data[:2]:
        return ""
    little, big = data[0] in _FIRST and not data[1], not data[0] and data[1] in _FIRST
    return "utf-16-le" if little else "utf-16-be" if big else ""


def _claimed(data: bytes) -> str:
    """Name of the encoding that the XML declaration gives, as Python spells it; empty if none."""
    declared = _DECLARED.search(data[:1024].replace(b"\0", b""))
    if not declared:
        return ""
    name = declared[1].decode().lower()
    try:
        return codecs.lookup(name).name
    except LookupError:
        return name


def _is_plain(data: bytes, claimed: str, codec: str) -> bool:
    """Tell letters that are the same in what the file claims to be and in what it is."""
    return data.isascii() and codec == "utf-8" and not claimed.startswith(("utf-16", "utf-32"))


def _codec(data: bytes, claimed: str) -> str:
    """Encoding to read by: that of the first bytes, else a common one as claimed, else UTF-8."""
    if wide := utf16_of(data):
        return wide
    # Letters that happen to be whole UTF-8 throughout are UTF-8, whatever one-byte code is claimed.
    believed = _KNOWN.fullmatch(claimed) and not (_ONE_BYTE.match(claimed) and _is_utf8(data))
    return claimed if believed else "utf-8"


def _is_utf8(data: bytes) -> bool:
    try:
        for _ in codecs.iterdecode(_chunks(data), "utf-8"):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _chunks(data: bytes) -> Iterator[bytes]:
    """Cut into pieces, so that no second whole copy of the text is ever held."""
    return (data[at : at + _CHUNK] for at in range(0, len(data), _CHUNK))


# Read an XML export in one safe pass of expat, into plain columns of text: for GPX and TCX alike.


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
    """Read an XML file into `tables`, which keep what came before a break in the file."""
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


# Numbers in the texts of an XML file, strictly: what is no plain number is never guessed at.


_SPACE = " \t\r\n"
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LONGEST_NUMBER = 400  # characters: even the largest number written in full has no more
_OF_NUMBERS = b"+-.0123456789eE" + _SPACE.encode()
_MAX_STRIDES = 130.0  # per minute; a run above it counts the steps of both feet already


def streams(
    document: Document, table: Table, names: Mapping[str, tuple[str, ...]]
) -> dict[str, Floats]:
    """Numbers of several elements of each row, under the names of our streams.

    Returns one for each stream, all NaN where nothing was recorded.
    """
    found = {}
    for stream, leaves in names.items():
        values = np.full(len(table.attributes), np.nan)
        for leaf in leaves:
            more = element_numbers(document, table, leaf)
            values = np.where(np.isnan(more), values, more)
        found[stream] = values
    return found


def on_earth(latitude: Floats, longitude: Floats) -> tuple[Floats, Floats]:
    """Positions [deg] with NaN for both where either is missing or out of range."""
    possible = (np.abs(latitude) <= 90) & (np.abs(longitude) <= 180)
    return np.where(possible, latitude, np.nan), np.where(possible, longitude, np.nan)


def both_feet(cadence: Floats, sport: str) -> Floats:
    """Cadence of a run as steps of both feet.

    Returns [1/min] Doubled where the median, and 95 % of the values while moving, are at most 130:
    no run has so few steps. A mix of both (walking in steps, running in steps) is left alone.
    """
    moving = cadence[cadence > 0]
    if sport != "running" or not len(moving):
        return cadence
    return cadence * 2 if np.quantile(moving, 0.95) <= _MAX_STRIDES else cadence


def element_numbers(document: Document, table: Table, leaf: str) -> Floats:
    """Numbers within the elements of one name.

    Returns in the unit of the file. NaN where the element is absent, empty or says NaN; the last
    one counts where a row holds several.
    """
    column = table.columns[leaf]
    values = np.full(len(table.attributes), np.nan)
    values[column.rows] = _numbers(document, table, column, f"<{leaf}>")
    return values


def attribute_numbers(document: Document, table: Table, name: str) -> Floats:
    """Numbers in an attribute of every row; NaN, and what is raised, as in `element_numbers`."""
    texts = [attributes.get(name, "") for attributes in table.attributes]
    return _numbers(document, table, Column(list(range(len(texts))), texts), f"{name}=")


def _numbers(document: Document, table: Table, column: Column, what: str) -> Floats:
    # Python's float takes more than a number: digits of any script, underscores, "infinity".
    if not "".join(column.texts).encode().translate(None, _OF_NUMBERS):
        try:
            values = np.fromiter(map(float, column.texts), np.float64, len(column.texts))
        except ValueError:
            values = np.array([np.inf])
        if np.isfinite(values).all():
            return values
    values = np.empty(len(column.texts))
    for i, (row, text) in enumerate(zip(column.rows, column.texts, strict=True)):
        value = _number(text.strip(_SPACE))
        if value is None:
            detail = (
                f"line {document.line(table, row)}: {what} holds {text.strip()[:20]!r}, which is "
                "not a number with a decimal point: export it again in another language setting"
            )
            raise FileProblem("quarantined", "number-format", detail)
        values[i] = value
    return values


def _number(text: str) -> float | None:
    """Read one number; NaN where there is none, None where something else stands."""
    if not text or text.lower() == "nan":
        return math.nan
    is_plain = len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text)
    value = float(text) if is_plain else math.inf
    return value if math.isfinite(value) else None


# Times as XML files write them: a fast way for the usual form, a patient one for all others.


_STAMP = b"0000-00-00T00:00:00.000000"
#: Microseconds that a digit of the clock stands for, from the tens of hours on.
_CLOCK_DIGITS = np.array([36e9, 36e8, 6e8, 6e7, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1e0])
_DATE_DIGITS, _DATE_WIDTH = 8, 10
_EPOCH_DAY, _DAY_US = date(1970, 1, 1).toordinal(), 86_400e6
#: From so many texts on the arrays of the fast way cost less than they save.
_MANY = 12
LONGEST_TIME = 40
_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(:(?P<second>\d{2})([.,](?P<fraction>\d+))?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}(:?\d{2})?)?"
)
_TIME_FORMS = (
    re.compile(
        r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(T|\s+)" + _CLOCK,
        re.ASCII | re.IGNORECASE,
    ),
    re.compile(
        r"(?P<month>[a-z]{3})\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4}),?\s+" + _CLOCK,
        re.ASCII | re.IGNORECASE,
    ),
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Times:
    """Times of the rows of a table.

    Parameters
    ----------
    seconds : ndarray of float, shape (n_rows,)
        Unix time. [s] NaN where a row has none, or one that does not exist.
    offset_min : ndarray of float, shape (n_rows,)
        As from `read_times`. [min]
    unreal : dict of int to str
        Rows whose text is no time that can be, with that text.
    """

    seconds: Floats
    offset_min: Floats
    unreal: dict[int, str]


def times_of(texts: Sequence[str], rows: Sequence[int], n_rows: int) -> Times:
    """Read the times of some rows as `read_times` does."""
    seconds, offset_min = np.full(n_rows, np.nan), np.full(n_rows, np.nan)
    unreal: dict[int, str] = {}
    if texts:
        found, offset_min[rows] = read_times(list(texts))
        seconds[rows] = found
        for i in np.flatnonzero(np.isnan(found)).tolist():
            if text := texts[i].strip():
                unreal[rows[i]] = text
    return Times(seconds, offset_min, unreal)


def element_times(table: Table, leaf: str) -> Times:
    """Read the times within elements of one name."""
    column = table.columns[leaf]
    return times_of(column.texts, column.rows, len(table.attributes))


def unreal_text(texts: Sequence[str]) -> str:
    """Say that some texts are no times that can be; empty where there is none."""
    if not texts:
        return ""
    first = texts[0][:LONGEST_TIME]
    if len(texts) == 1:
        return f"a time that does not exist is left out: {first!r}"
    return f"{len(texts)} times that do not exist are left out, the first of them {first!r}"


def read_times(texts: list[str]) -> tuple[Floats, Floats]:
    """Read times in ISO 8601 and in a few other forms that cannot be taken for something else.

    Returns unix time. [s] NaN where the text is no possible time. Offset from UTC that the text
    states. [min] NaN where it states none.
    """
    alike = _alike_times(texts)
    if alike is not None:
        return alike, np.where(np.isnan(alike), np.nan, 0.0)
    both = np.array([_time(text.strip(" \t\r\n")) for text in texts]).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def first_time(texts: Iterable[str]) -> float:
    """Unix time [s] of the first text that is a time; NaN if none is."""
    seconds = (float(read_times([text])[0][0]) for text in texts)
    return next((second for second in seconds if not math.isnan(second)), math.nan)


def _alike_times(texts: list[str]) -> Floats | None:
    """Read many stamps of one length that end in Z at once; None if there are any others.

    No text is ever cast to a time by numpy: that trusts compiled code to refuse a stamp that
    cannot be, and such code may end Python instead. A date is looked at by `_day_number`, the
    digits of a clock are added up here, and a clock that is out of its range is left to `_time`.
    """
    width = len(texts[0]) if len(texts) >= _MANY else 0
    if not 20 <= width <= len(_STAMP) + 1 or set(map(len, texts)) != {width}:
        return None
    raw = "".join(texts).encode()
    if len(raw) != width * len(texts):
        return None
    cells = np.frombuffer(raw, np.uint8).reshape(-1, width)
    form = np.frombuffer(_STAMP[: width - 1] + b"Z", np.uint8)
    is_digit = form == ord("0")
    digits = cells[:, is_digit] - ord("0")
    if (cells[:, ~is_digit] != form[~is_digit]).any() or (digits > 9).any():
        return None
    dates, clock = cells[:, :_DATE_WIDTH], digits[:, _DATE_DIGITS:]
    begins = np.r_[0, np.flatnonzero((dates[1:] != dates[:-1]).any(axis=1)) + 1]
    days = np.array([_day_number(texts[begin][:_DATE_WIDTH]) for begin in begins])
    micros = clock @ _CLOCK_DIGITS[: clock.shape[1]]
    micros += np.repeat(days, np.diff(begins, append=len(texts))) * _DAY_US
    seconds: Floats = micros / 1e6
    odd = (clock[:, 0] * 10 + clock[:, 1] > 23) | (clock[:, 2] > 5) | (clock[:, 4] > 5)
    for row in np.flatnonzero(odd):
        seconds[row] = _time(texts[row])[0]
    return seconds


def _day_number(text: str) -> float:
    """Days since 1970 of a date like 2024-03-10; NaN where there is no such day."""
    try:
        day = date(int(text[:4]), int(text[5:7]), int(text[8:]))
    except ValueError:
        return math.nan
    return float(day.toordinal() - _EPOCH_DAY)


def _time(text: str) -> tuple[float, float]:
    """Read one time of any form: Unix time [s] and offset [min]."""
    for form in _TIME_FORMS:
        found = form.fullmatch(text) if 0 < len(text) <= LONGEST_TIME else None
        if found:
            return _moment(found.groupdict())
    return math.nan, math.nan


def _moment(part: dict[str, str | None]) -> tuple[float, float]:
    offset = _offset(part["zone"])
    month = (part["month"] or "").lower()
    second = float(f"{part['second'] or 0}.{part['fraction'] or 0}")
    try:
        number = _MONTHS.index(month) + 1 if month.isalpha() else int(month)
        day = datetime(int(part["year"] or 0), number, int(part["day"] or 0), tzinfo=UTC)
        clock = day.replace(hour=int(part["hour"] or 0), minute=int(part["minute"] or 0))
    except ValueError:
        return math.nan, math.nan
    # A leap second is a second past 59; anything later is no time.
    if second >= 61 or offset < OFFSETS_MIN[0] or offset > OFFSETS_MIN[1]:
        return math.nan, math.nan
    shift = 0.0 if math.isnan(offset) else offset * 60
    return clock.timestamp() + second - shift, offset


def _offset(zone: str | None) -> float:
    """Offset from UTC [min]; NaN where no zone is stated."""
    if not zone:
        return math.nan
    if zone[0] not in "+-":
        return 0.0
    minutes = int(zone[1:3]) * 60 + int(zone[3:].lstrip(":") or 0)
    return float(-minutes if zone[0] == "-" else minutes)


def local_offset(offset_min: Floats) -> float:
    """Local time minus UTC, if every time agrees on one.

    Returns [min] NaN where some differ or are missing, and for 0: an offset of nought is how most
    programs write plain UTC, wherever they are.
    """
    stated = np.unique(offset_min)
    return float(stated[0]) if len(stated) == 1 and stated[0] else math.nan
