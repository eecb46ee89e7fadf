"""Reading XML in one safe pass: elements to columns of text, then numbers and times in them."""

from __future__ import annotations

import codecs
import contextlib
import functools
import math
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from xml.parsers import expat
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io.recording import OFFSETS_MIN, Floats

#: Deepest nesting that is read; watch files nest about 10 deep.
MAX_DEPTH = 256
#: Most elements of one name; a week of seconds has fewer points.
_MOST_ROWS = 700_000
#: Files are read in pieces of so many bytes; a longer one is searched for endless tags.
_LONG, _ENDLESS_TAG = 4 << 20, re.compile(rb"<[A-Za-z][^<>]{65536}")
#: Most tags, of which a point has a dozen, and most names of elements within one of them.
_MOST_TAGS, _MOST_NAMES = 6_000_000, 10_000
_ROOT_WITHIN = 4096
_SPACE = " \t\r\n"
_CUT_OFF = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)


#: Stands in no text of an XML file.
_BETWEEN = "\0"


def _integers() -> array[int]:
    return array("q")


@dataclass(slots=True, eq=False)
class Texts:
    """Texts in the order of the file, all but the last read of them in a few long ones."""

    fresh: list[str] = field(default_factory=list)
    packed: list[str] = field(default_factory=list)

    def pack(self) -> None:
        """A text of its own takes 60 bytes and more, and the file has a million of them."""
        if self.fresh:
            self.packed.append(_BETWEEN.join(self.fresh))
            self.fresh.clear()

    @property
    def texts(self) -> list[str]:
        """All of them."""
        return [*(text for piece in self.packed for text in piece.split(_BETWEEN)), *self.fresh]


@dataclass(slots=True, eq=False)
class Column(Texts):
    """Texts of one kind of element, and the row of its table that each belongs to."""

    rows: array[int] = field(default_factory=_integers)


@dataclass(slots=True, eq=False)
class Table:
    """One row per element of one name; what it holds directly or within unknown elements."""

    leaves: tuple[str, ...] = ()  # local names, in lower case, of elements whose text is wanted
    names: tuple[str, ...] = ()  # of the attributes that are wanted
    owner: Table | None = None  # of the element around this one
    attributes: list[dict[str, str]] = field(default_factory=list)  # of the rows read last
    owners: array[int] = field(default_factory=_integers)  # row of the owner open then; -1: none
    offsets: array[int] = field(default_factory=_integers)  # byte at which a row starts
    columns: dict[str, Column] = field(init=False)  # texts by local name
    depth: int = 0  # elements of this name that are open
    most: int = _MOST_ROWS  # a file with more is refused
    _attributes: dict[str, Texts] = field(init=False)

    def __post_init__(self) -> None:
        self.columns = {name: Column() for name in self.leaves}
        self._attributes = {name: Texts() for name in self.names}

    def __len__(self) -> int:
        return len(self.offsets)

    def attribute(self, name: str) -> list[str]:
        """Return an attribute of every row; empty where a row has none."""
        self._take_attributes()
        return self._attributes[name].texts

    def pack(self) -> None:
        """Pack what was read so far."""
        self._take_attributes()
        for texts in (*self._attributes.values(), *self.columns.values()):
            texts.pack()

    def _take_attributes(self) -> None:
        for name, texts in self._attributes.items():
            texts.fresh += [found.get(name, "") for found in self.attributes]
        self.attributes.clear()


@dataclass(slots=True)
class Document:
    """What was read: tables by the local name of their elements, and the UTF-8 they came from."""

    data: bytes
    lines_before: int
    tables: dict[str, Table]
    flags: dict[str, str]

    def line(self, table: Table, row: int) -> int:
        """Line of the file on which a row starts, counted from 1."""
        return self.lines_before + self.data.count(b"\n", 0, table.offsets[row]) + 1


def read_xml(data: bytes, root: str, tables: dict[str, Table], *, otherwise: str) -> Document:
    """Read a file into `tables`, which keep what came before a break in it.

    `otherwise` is the reason code where the outermost element is not `root`.
    """
    text, lines_before, flags = as_utf8(data)
    if not text:
        raise FileProblem("refused", "empty", "nothing but white space: copy or export it again")
    if len(text) > _LONG and _ENDLESS_TAG.search(text):
        raise FileProblem("refused", "too-large", "a tag of over 64 KiB: no recording has one")
    if text.count(b"<") > _MOST_TAGS:
        raise _too_many(f"{_MOST_TAGS} tags")
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    start, parser.EndElementHandler = _handlers(parser, tables)

    def check_root(name: str, attributes: dict[str, str]) -> None:
        if _local(name) != root:
            raise _other(otherwise, f"begins with <{name[:40]}>, not with <{root}>")
        parser.StartElementHandler = start
        start(name, attributes)

    parser.StartDoctypeDeclHandler = functools.partial(_refuse_doctype, otherwise)
    parser.StartElementHandler = check_root
    try:
        for at in range(0, len(text), _LONG):
            parser.Parse(text[at : at + _LONG], at + _LONG >= len(text))
            _bound_and_pack(tables)
    except expat.ExpatError as error:
        begun = parser.StartElementHandler is start or error.code in _CUT_OFF
        if not begun and root.encode() not in text[:_ROOT_WITHIN].lower():
            raise _other(otherwise, f"begins with {text[:16]!r}") from error
        raise _broken(error, lines_before) from error
    finally:  # else parser, callbacks and tables hold one another until the next collection
        parser.StartElementHandler = parser.EndElementHandler = None
        parser.StartDoctypeDeclHandler = parser.CharacterDataHandler = None
    return Document(text, lines_before, tables, flags)


def read_broken(
    data: bytes, root: str, tables: dict[str, Table]
) -> tuple[Document, FileProblem] | None:
    """What stands before the break of a file, and the break; None where there is no break."""
    try:
        read_xml(data, root, tables, otherwise="")
    except FileProblem as problem:
        if problem.reason in ("xml-truncated", "xml-broken"):
            return Document(as_utf8(data)[0], 0, tables, {}), problem
    return None


def _refuse_doctype(otherwise: str, name: str, *_declaration: object) -> None:
    if name.lower() == "html":
        raise _other(otherwise, "is a web page, such as one that asks to log in")
    detail = "it declares a DOCTYPE, which no watch file needs and which can hide anything"
    raise FileProblem("refused", "xml-dtd", detail)


def _bound_and_pack(tables: dict[str, Table]) -> None:
    for name, table in tables.items():
        texts = (len(column.rows) for column in table.columns.values())
        if max(len(table), *texts, 0) > table.most:
            raise _too_many(f"{table.most} times {name}")
        table.pack()


def _broken(error: expat.ExpatError, lines_before: int) -> FileProblem:
    line = error.lineno + lines_before
    if error.code in _CUT_OFF:
        detail = f"the file ends in the middle, at line {line}: copy or export it again"
        return FileProblem("quarantined", "xml-truncated", detail)
    detail = f"line {line} is not well-formed ({expat.ErrorString(error.code)}): export it again"
    return FileProblem("quarantined", "xml-broken", detail)


def _other(reason: str, what: str) -> FileProblem:
    return FileProblem("refused", reason, f"the file {what}: export it again")


def _too_many(what: str) -> FileProblem:
    return FileProblem("refused", "too-large", f"more than {what}: no recording has so many")


# The callbacks: each element becomes a row of its table, or a text of the row around it.

_Start = Callable[[str, dict[str, str]], None]


class _Names(dict[str, Table | Column | None]):
    """What each element name, as written, means inside one table; found once per spelling."""

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


def _handlers(
    parser: expat.XMLParserType, tables: dict[str, Table]
) -> tuple[_Start, Callable[[str], None]]:
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
            detail = f"line {parser.CurrentLineNumber} is nested over {MAX_DEPTH} deep"
            raise FileProblem("refused", "xml-depth", detail)
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
            owner = meaning.owner
            meaning.owners.append(len(owner) - 1 if owner is not None and owner.depth else -1)
            row = len(meaning.offsets)
            meaning.attributes.append(attributes)
            meaning.offsets.append(parser.CurrentByteIndex)
            meaning.depth += 1
            names = names_in[meaning]

    def end(_name: str) -> None:
        nonlocal names, row, within_text
        meaning = path.pop()
        if isinstance(meaning, Column):
            within_text = False
            parser.CharacterDataHandler = None
            meaning.rows.append(row)
            meaning.fresh.append(chunks[0] if len(chunks) == 1 else "".join(chunks))
            chunks.clear()
        elif meaning is not None:
            meaning.depth -= 1
            names, row = around.pop()
        elif within_text:
            chunks.append(" ")

    return start, end


# The encodings of XML files: whatever comes in, UTF-8 goes on.

_DECLARED = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']""")
# Only these are trusted to Python's codecs: some of its other "encodings" are not of text.
_KNOWN = re.compile(r"iso8859-\d+|cp125\d|koi8-[ru]|gb2312|gbk|gb18030|big5|shift_jis|euc_(jp|kr)")
_ONE_BYTE = re.compile(r"iso8859|cp125|koi8")
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_FIRST = b"< \t\r\n"  # what XML begins with
_CHUNK = 1 << 20


def as_utf8(data: bytes) -> tuple[bytes, int, dict[str, str]]:
    """An XML file as UTF-8 that begins with the XML, lines of white space before it, and flags.

    The declaration still names the old encoding; a character that was lost is U+FFFD.
    """
    claimed = ""
    if declared := _DECLARED.search(data[:1024].replace(b"\0", b"")):
        claimed = declared[1].decode().lower()
        with contextlib.suppress(LookupError):
            claimed = codecs.lookup(claimed).name
    wide = utf16_of(data)
    is_utf8 = not wide and _is_utf8(data)
    # Letters that happen to be whole UTF-8 throughout are UTF-8, whatever one-byte code is claimed.
    trusted = _KNOWN.fullmatch(claimed) and not (_ONE_BYTE.match(claimed) and is_utf8)
    codec = wide or (claimed if trusted else "utf-8")
    # ASCII is the same in what the file claims to be and in what it is.
    alike = data.isascii() and codec == "utf-8" and not claimed.startswith(("utf-16", "utf-32"))
    flags = {}
    if claimed and not claimed.startswith(codec[:6]) and not alike:
        flags["xml-encoding"] = f"the file claims to be {claimed}, and was read as {codec}"
    if codec != "utf-8" or not is_utf8:
        decoded = codecs.iterdecode(_chunks(data), codec, "replace")
        data = b"".join(part.encode() for part in decoded)
        if "\ufffd".encode() in data:
            flags["xml-encoding"] = (
                f"some characters are not {codec}, as the file claims to be: names may look odd, "
                "the numbers were read"
            )
    text = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    return text, data.count(b"\n", 0, len(data) - len(text)), flags


def utf16_of(data: bytes) -> str:
    """Codec of an XML file in UTF-16, with or without its mark; empty where it is none."""
    if data[:2] in _BYTE_ORDER_MARKS:
        return "utf-16"
    if len(data) < 2 or 0 not in data[:2]:
        return ""
    little, big = data[0] in _FIRST and not data[1], not data[0] and data[1] in _FIRST
    return "utf-16-le" if little else "utf-16-be" if big else ""


def _is_utf8(data: bytes) -> bool:
    try:
        for _ in codecs.iterdecode(_chunks(data), "utf-8"):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _chunks(data: bytes) -> Iterator[bytes]:
    return (data[at : at + _CHUNK] for at in range(0, len(data), _CHUNK))


# Numbers in the texts of an XML file, strictly: what is no plain number is never guessed at.

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LONGEST_NUMBER = 400  # characters: even the largest number written in full has no more
_OF_NUMBERS = b"+-.0123456789eE" + _SPACE.encode()


def streams(
    document: Document, table: Table, names: Mapping[str, tuple[str, ...]]
) -> dict[str, Floats]:
    """Numbers under the names of our streams, NaN where not recorded; the later element wins."""
    found = {}
    for stream, leaves in names.items():
        written = [leaf for leaf in leaves if table.columns[leaf].rows]
        found[stream] = element_numbers(document, table, written[0] if written else leaves[0])
        for leaf in written[1:]:
            more = element_numbers(document, table, leaf)
            found[stream] = np.where(np.isnan(more), found[stream], more)
    return found


def element_numbers(document: Document, table: Table, leaf: str) -> Floats:
    """Numbers within elements, the last of each row; NaN where absent, empty or said to be NaN."""
    column = table.columns[leaf]
    values = np.full(len(table), np.nan)
    values[column.rows] = _numbers(document, table, column.rows, column.texts, f"<{leaf}>")
    return values


def attribute_numbers(document: Document, table: Table, name: str) -> Floats:
    """Numbers in an attribute of every row, like `element_numbers`."""
    return _numbers(document, table, range(len(table)), table.attribute(name), f"{name}=")


def _numbers(
    document: Document, table: Table, rows: Sequence[int], texts: list[str], what: str
) -> Floats:
    # Python's float takes more than a number: digits of any script, underscores, "infinity".
    if not "".join(texts).encode().translate(None, _OF_NUMBERS):
        try:
            values = np.fromiter(map(float, texts), np.float64, len(texts))
        except ValueError:
            values = np.array([np.inf])
        if np.isfinite(values).all():
            return values
    values = np.full(len(texts), np.nan)
    for i, (row, written) in enumerate(zip(rows, texts, strict=True)):
        text = written.strip(_SPACE)
        if not text or text.lower() == "nan":
            continue
        is_plain = len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text)
        values[i] = float(text) if is_plain else math.inf
        if not math.isfinite(values[i]):
            detail = (
                f"line {document.line(table, row)}: {what} holds {written.strip()[:20]!r}, which "
                "is not a number with a decimal point: export it again in another language setting"
            )
            raise FileProblem("quarantined", "number-format", detail)
    return values


def on_earth(latitude: Floats, longitude: Floats) -> tuple[Floats, Floats]:
    """Positions [deg] with NaN for both where either is missing or out of range."""
    possible = (np.abs(latitude) <= 90) & (np.abs(longitude) <= 180)
    return np.where(possible, latitude, np.nan), np.where(possible, longitude, np.nan)


# Times as XML files write them: a fast way for the usual form, a patient one for all others.

_STAMP = b"0000-00-00T00:00:00.000000"
#: Microseconds that a digit of the clock stands for, from the tens of hours on.
_CLOCK_DIGITS = np.array([36e9, 36e8, 6e8, 6e7, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1e0])
_DATE_DIGITS, _DATE_WIDTH = 8, 10
_EPOCH_DAY, _DAY_US = date(1970, 1, 1).toordinal(), 86_400e6
#: From so many texts on the arrays of the fast way cost less than they save.
_MANY = 12
_LONGEST_TIME = 72
#: Abbreviations of zones that are used for one zone only. [min from UTC]
_ABBREVIATED = {
    **{"Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 60, "CET": 60, "CEST": 120, "EET": 120},
    **{"EEST": 180, "MSK": 180, "JST": 540, "KST": 540, "AEST": 600, "AEDT": 660, "NZST": 720},
    **{"NZDT": 780, "EST": -300, "EDT": -240, "CDT": -300, "MST": -420, "MDT": -360},
    **{"PST": -480, "PDT": -420},
}
_ZONE = "|".join(sorted(_ABBREVIATED, key=len, reverse=True))
_ZONE += r"|[+-]\d{2}(?::?\d{2})?|[+-]\d(?::\d{2})?"
_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(:(?P<second>\d{2})([.,](?P<fraction>\d{1,12}))?)?"
    rf"(?P<zone>(\s*({_ZONE})){{0,3}})\s*(\[?(?P<name>[A-Z][A-Z0-9_+-]*(/[A-Z0-9_+-]+)*)\]?)?"
)
_ZONE_MARK = re.compile(_ZONE, re.ASCII | re.IGNORECASE)
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
    """Times of the rows of a table; NaN where a row has none."""

    seconds: Floats  # Unix time
    offset_min: Floats  # from UTC, as the row states it
    unreal: dict[int, str]  # texts that are no possible time, by their row


def element_times(table: Table, leaf: str) -> Times:
    """Times within the elements of one name."""
    column = table.columns[leaf]
    return times_of(column.texts, column.rows, len(table))


def times_of(texts: Sequence[str], rows: Sequence[int], n_rows: int) -> Times:
    """Times of some rows of a table."""
    seconds, offset_min = np.full(n_rows, np.nan), np.full(n_rows, np.nan)
    unreal: dict[int, str] = {}
    if texts:
        found, offset_min[rows] = read_times(list(texts))
        seconds[rows] = found
        for i in np.flatnonzero(np.isnan(found)).tolist():
            if text := texts[i].strip():
                unreal[rows[i]] = text
    return Times(seconds, offset_min, unreal)


def unreal_flag(texts: Sequence[str]) -> dict[str, str]:
    """Flag of texts that are no possible times; empty where there is none."""
    if not texts:
        return {}
    detail = "a time that does not exist is left out:"
    if len(texts) > 1:
        detail = f"{len(texts)} times that do not exist are left out, the first of them"
    return {"time-invalid": f"{detail} {texts[0][:_LONGEST_TIME]!r}"}


def no_times(unreal: Sequence[str], otherwise: str) -> FileProblem:
    """Problem of a file without a single time: what stands where there should be one."""
    if unreal:
        detail = f"{unreal[0][:_LONGEST_TIME]!r} is no possible time, nor is any other in the file"
        return FileProblem("quarantined", "time-invalid", detail)
    return FileProblem("refused", "no-time", f"{otherwise} is not known: export it with times")


def first_time(texts: Iterable[str]) -> float:
    """Unix time [s] of the first text that is a time; NaN if none is."""
    seconds = (float(read_times([text])[0][0]) for text in texts)
    return next((second for second in seconds if not math.isnan(second)), math.nan)


def read_times(texts: list[str]) -> tuple[Floats, Floats]:
    """Read times in ISO 8601 and in a few other forms that cannot be taken for something else.

    Unix time [s], NaN where it is none, and the offset from UTC that the text states, else NaN.
    """
    alike = _alike_times(texts)
    if alike is not None:
        return alike, np.where(np.isnan(alike), np.nan, 0.0)
    seconds, offset_min = np.array([_time(t.strip(_SPACE)) for t in texts]).reshape(-1, 2).T
    return seconds, offset_min


def _alike_times(texts: list[str]) -> Floats | None:
    """Read many stamps of one length that end in Z at once; None if there are any others.

    No text is cast to a time by numpy: compiled code may end Python over a stamp that cannot be.
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
    try:
        day = date(int(text[:4]), int(text[5:7]), int(text[8:]))
    except ValueError:
        return math.nan
    return float(day.toordinal() - _EPOCH_DAY)


def _time(text: str) -> tuple[float, float]:
    forms = _TIME_FORMS if 0 < len(text) <= _LONGEST_TIME else ()
    found = next(filter(None, (form.fullmatch(text) for form in forms)), None)
    if not found:
        return math.nan, math.nan
    part = found.groupdict()
    month = part["month"].lower()
    try:
        number = _MONTHS.index(month) + 1 if month.isalpha() else int(month)
        day = datetime(int(part["year"]), number, int(part["day"]), tzinfo=UTC)
        clock = day.replace(hour=int(part["hour"]), minute=int(part["minute"]))
    except ValueError:
        return math.nan, math.nan
    second = float(f"{part['second'] or 0}.{part['fraction'] or 0}")
    shift, offset = _offsets_min(part["zone"], part["name"] or "", clock)
    # A leap second is a second past 59; anything later is no time.
    if second >= 61 or math.isnan(shift) or not OFFSETS_MIN[0] <= shift <= OFFSETS_MIN[1]:
        return math.nan, math.nan
    return clock.timestamp() + second - 60 * shift, offset


def _offsets_min(marks: str, name: str, clock: datetime) -> tuple[float, float]:
    """How far a clock is ahead of UTC, and the local time that its marks state. [min]

    The first is NaN where they contradict one another, the second where they state none. Some
    writers put two marks: that of nought beside another is what a program always appends.
    """
    stated = {_mark_min(mark) for mark in _ZONE_MARK.findall(marks.upper())}
    ahead = (stated - {0.0} if len(stated) > 1 else stated) or {math.nan}
    zone = _zone(name) if name else None
    if len(ahead) > 1 or (name and zone is None):
        return math.nan, math.nan
    (own,) = ahead
    if zone is None or own:
        if zone is None or not math.isnan(own):
            return (0.0 if math.isnan(own) else own), own
        clock = clock.replace(tzinfo=zone)  # local time beside the name of its zone
    there = clock.astimezone(zone).utcoffset()
    named = there.total_seconds() / 60 if there else 0.0
    return (named if math.isnan(own) else own), named


def _mark_min(mark: str) -> float:
    if mark in _ABBREVIATED:
        return float(_ABBREVIATED[mark])
    digits = mark[1:].replace(":", "").rjust(2, "0")
    digits = digits if len(digits) != 3 else f"0{digits}"
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return float(-minutes if mark[0] == "-" else minutes)


@functools.cache
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder, or too long for a name
        return None


def local_offset(offset_min: Floats) -> float:
    """Local time minus UTC [min] on which every time agrees, else NaN.

    NaN for 0 too: an offset of nought is how most programs write plain UTC, wherever they are.
    """
    stated = np.unique(offset_min)
    return float(stated[0]) if len(stated) == 1 and stated[0] else math.nan
