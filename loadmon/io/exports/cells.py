"""Platforms' lists: their entries, and the cells, streams and tables these are read from."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io.recording import OFFSETS_MIN, Recording


@dataclass(slots=True)
class Entry:
    """One activity as a platform's list tells it."""

    ref: str  # where it stands in its list, for the ledger: ``row 5``, an activity number
    recording: Recording  # as a rule without records
    file: str = ""  # the recording it belongs to, as the list writes it
    is_whole: bool = False  # ``file`` is only a part of it: the list's distance and duration count
    ident: str = ""
    parent: str = ""  # ``ident`` of the multisport activity around it
    day: str = ""  # ISO local day, where no time of day is given
    is_unscaled: bool = False  # its distance counts in km or miles, whichever the account has
    name: str = ""
    gear: str = ""
    word: str = ""  # the platform's word for a sport that loadmon does not know
    problem: FileProblem | None = None  # why it is not counted


@dataclass(frozen=True, slots=True)
class Pause:
    """A time without training that the runner told the platform: ISO days and the reason."""

    from_day: str
    until_day: str  # empty while it lasts
    reason: str


@dataclass(slots=True)
class SideFile:
    """One file of an export that is no recording itself."""

    export: str  # its kind: ``Strava``
    detail: str = ""  # one sentence for the ledger
    entries: list[Entry] = field(default_factory=list)
    gear_of: dict[str, str] = field(default_factory=dict)  # by `Entry.ident`
    pauses: list[Pause] = field(default_factory=list)
    #: Profile values, each with its ISO ``day`` where it has one.
    device_settings: list[dict[str, object]] = field(default_factory=list)
    issues: dict[str, str] = field(default_factory=dict)
    #: Of which recordings its sport is the runner's own later word, which counts: ``all``, or those
    #: that it names, which were made by the platform itself and have no better word for it.
    corrects_sport: Literal["", "named", "all"] = ""
    #: Unit of `Entry.is_unscaled`, as far as the file itself settles it: ``km`` or ``mi``.
    units: str = ""
    units_by: str = ""  # what of the file itself would settle them
    #: Whether nobody knows if its times are in UTC or local: other lists and recordings tell.
    is_clock_unsure: bool = False
    #: Entries that belong to recordings, and that are counted from the list, once that is known.
    recorded: int = 0
    unmatched: int = 0

    def recordings(self) -> list[Recording | FileProblem]:
        """What each entry says, or why it is not counted, in the order of the list."""
        return [entry.problem or entry.recording for entry in self.entries]


# --- streams: of files that may be larger than any recording only what is wanted is kept ---------

CHUNK = 1 << 20
#: Most that is kept of a file, and of one piece of it. [bytes]
MAX_KEPT, MAX_ONE = 64 << 20, 16 << 20
#: A stream that grows past this many bytes and this many times its packed size is a bomb.
BOMB_SIZE, BOMB_RATIO = 16 << 20, 200


class Readable(Protocol):
    """Anything that yields bytes; gzip streams are no ``IO`` to the type checker."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, none at the end."""


def chunks(
    stream: Readable, packed: int, begun: bytes, most: int, refusal: Callable[[int], FileProblem]
) -> Iterator[bytes]:
    """Pieces of a stream, `begun` of it first, refused beyond `most` bytes or as a bomb."""
    most = min(most, max(BOMB_SIZE, BOMB_RATIO * packed))
    seen = 0
    while chunk := begun or stream.read(CHUNK):
        begun = b""
        seen += len(chunk)
        if seen > most:
            raise refusal(seen)
        yield chunk


# --- single values: a number, a text or a time, or not known -------------------------------------

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_ISO = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:[T ](?P<time>\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)\s?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
NAN = math.nan
_LARGEST = 1e15  # numbers above it are not known: milliseconds of the year 33658
#: Sentence of the flag ``tz-unknown``.
NO_OFFSET = "it gives no possible offset from UTC: its time is read as UTC"


def loads(data: bytes) -> Any:
    """Read JSON, bare ``NaN`` included."""
    try:
        return json.loads(data)
    except RecursionError:
        raise FileProblem("refused", "json-depth", "nested deeper than any export is") from None
    except ValueError as error:
        detail = f"no complete JSON ({error}): export it again"
        raise FileProblem("quarantined", "json-damaged", detail) from None


def number(value: Any) -> float:
    """Number of a JSON value or a text in plain ASCII; NaN for anything else."""
    if isinstance(value, str):
        value = float(value) if _NUMBER.fullmatch(value.strip()) else math.nan
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and abs(value) <= _LARGEST else math.nan


def text(value: Any) -> str:
    """Text of a JSON value, of a whole number too; empty for anything else."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else ""


def known(values: dict[str, float]) -> dict[str, float]:
    """Only those values that are known."""
    return {name: value for name, value in values.items() if value == value}


def below(value: Any, *names: str | int) -> Any:
    """Walk down nested JSON by keys and positions; None where there is nothing."""
    for name in names:
        if isinstance(value, dict) and isinstance(name, str):
            value = value.get(name)
        elif isinstance(value, list) and isinstance(name, int) and len(value) > name:
            value = value[name]
        else:
            return None
    return value


def json_rows(data: bytes) -> list[dict[str, Any]]:
    """JSON objects of a file that holds a list of them, or one alone."""
    value = loads(data)
    return rows_of(value if isinstance(value, list) else [value])


def rows_of(value: Any) -> list[dict[str, Any]]:
    """JSON objects of a list; none where it is no list."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def clock(value: Any) -> tuple[float, float]:
    """Wall time of an ISO text or milliseconds, like Unix time, and its offset; or NaN. [s, min]"""
    if not isinstance(value, str):
        return number(value) / 1000.0, math.nan
    found = _ISO.fullmatch(value.strip())
    if not found:
        return math.nan, math.nan
    try:
        time = (found["time"] or "00:00").replace(",", ".")
        wall = datetime.fromisoformat(f"{found['day']}T{time}").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return math.nan, math.nan
    zone = found["zone"]
    if zone in (None, "Z"):
        return wall, math.nan if zone is None else 0.0
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return wall, possible_offset(-minutes if zone[0] == "-" else minutes)


def note_missing(issues: dict[str, str], platform: str, names: Sequence[str]) -> None:
    """Say which columns or keys that are asked for are not there."""
    if names:
        issues["list-column"] = (
            f"what {platform} tells has no {' and no '.join(map(repr, names))}: that is not known; "
            "export it again without changing it"
        )


def note_wrong(issues: dict[str, str], wrong: Sequence[str]) -> None:
    """Say which values were not understood."""
    if wrong:
        more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
        issues["list-value"] = f"not understood: {'; '.join(wrong[:5])}{more}"


def leaves_folder(name: str) -> bool:
    """Tell a file name that leads out of the folder in which it stands."""
    if name.startswith(("/", "\\")) or name[1:2] == ":":
        return True
    return ".." in name and ".." in re.split(r"[/\\]", name)


def possible_offset(minutes: float) -> float:
    """Local time minus UTC; NaN outside -12 to +14 h, where no zone on Earth lies. [min]"""
    return float(minutes) if OFFSETS_MIN[0] <= minutes <= OFFSETS_MIN[1] else math.nan


def day_of(value: Any) -> str:
    """ISO day of an ISO text or of milliseconds; empty where it is none."""
    wall, _ = clock(value)
    try:
        return datetime.fromtimestamp(wall, UTC).date().isoformat() if wall == wall else ""
    except (ValueError, OverflowError, OSError):
        return ""


def unix_s(value: Any) -> float:
    """Unix time of an ISO text with an offset, or in UTC without one, or of milliseconds. [s]"""
    wall, offset = clock(value)
    return wall - 60.0 * (offset if offset == offset else 0.0)


def offset_between(local_s: float, utc_s: float) -> float:
    """Local time minus UTC in steps of 15 min; NaN where the two clocks do not make one. [min]"""
    minutes = (local_s - utc_s) / 60.0
    if not OFFSETS_MIN[0] - 1 <= minutes <= OFFSETS_MIN[1] + 1:
        return math.nan
    step = 15.0 * round(minutes / 15.0)
    return step if abs(minutes - step) <= 1.0 else math.nan


def set_offset(recording: Recording, local_s: float) -> None:
    """Take the offset of a list that tells the start on two clocks, local and UTC."""
    recording.offset_min = offset_between(local_s, recording.start)
    if recording.offset_min != recording.offset_min and not np.isnan(local_s - recording.start):
        recording.flags["tz-unknown"] = (
            "its local time and its time in UTC are apart as no zone is: the day is not sure"
        )


def spelled(text: str) -> str:
    """Spelling by which headers are compared: letters and digits alone."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


# --- tables of text as platforms and spreadsheets write them, in any encoding and separator ------

Rows = list[list[str]]


def table(data: bytes, skip: int = 0) -> tuple[Rows, dict[str, str]]:
    """Rows of a table after `skip` lines, the header first, and its issues.

    One empty cell where the file is empty.
    """
    text, issues = _decoded(data)
    for _ in range(skip):
        text = text.partition("\n")[2]
    return _rows(text), issues


def first_rows(data: bytes) -> Rows:
    """First rows of what may be a table, to tell whose it is; none where it is no table."""
    head = data[: 1 << 16]
    if b"\0" in head and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return []
    try:
        rows = _rows(_decoded(head)[0])[:50]
    except FileProblem:
        return []
    return rows if len(rows[0]) > 1 else []


def _decoded(data: bytes) -> tuple[str, dict[str, str]]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace"), {}
    try:
        return data.decode("utf-8-sig"), {}
    except UnicodeDecodeError as error:
        if error.end >= len(data) - 3 and error.start > len(data) - 4:  # cut inside a letter
            return data[: error.start].decode("utf-8-sig"), {}
        detail = "not in UTF-8: read as Latin-1, names may be wrong"
        return data.decode("latin-1"), {"csv-encoding": detail}


def _rows(text: str) -> Rows:
    """Rows of the table; a spreadsheet may have put semicolons or tabs between the columns."""
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    csv.field_size_limit(1 << 20)  # a description is far below it
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        detail = f"no complete table ({error}): export it again"
        raise FileProblem("quarantined", "csv-damaged", detail) from None
    return rows if rows and rows[0] else [[""]]


# Dates as platforms and spreadsheets write them: any language, order of day and month, calendar.
# Day and month are never guessed: a whole column decides; what can be read both ways is not known.


#: A time of day: with colons, else with dots, which may be a date as well.
_TIMES = (
    re.compile(r"(?<![\d.:])(\d{1,2}):(\d\d):(\d\d)(?:[.,]\d{1,6})?(?![\d.]*\d)"),
    re.compile(r"(?<![\d.:])(\d{1,2}):(\d\d)(?![\d:])"),
    re.compile(r"(?<![\d.:])(\d{1,2})\.(\d\d)\.(\d\d)(?![\d.]*\d)"),
)
_AFTER_NOON = re.compile(r"\bp\.?\s?m\b\.?|오후|下午|午後", re.IGNORECASE)
_BEFORE_NOON = re.compile(r"\ba\.?\s?m\b\.?|오전|上午|午前", re.IGNORECASE)
#: Vowels of Thai that stand above and below are no letters to Python.
_WORD = re.compile(r"(?:[^\W\d_]|[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]){2,}")
#: Thai writes its months with dots inside.
_THAI_DOT = re.compile(r"(?<=[\u0e00-\u0e7f])\.(?=[\u0e00-\u0e7f])")

#: Beginnings of names of months, up to 4 letters without accents: the longest that fits decides.
_MONTHS = (
    "jan ene gen янв oca sty ian ιαν tam leden led січ มค มกรา",
    "feb fev fevr фев sub lut φεβ hel uno лют กพ กุมภ",
    "mar marz maar мар mrt μαρ maa bre бер มีค มีนา",
    "apr abr avr апр nis kwi απρ huh dub кві เมย เมษา",
    "may mai mag mei maj мая май маи μαι tou kve тра พค พฤษภ",
    "jun juin giu июн haz cze iun ιουν kes чер มิย มิถุ",
    "jul juil lug июл tem lip iul ιουλ hei лип กค กรกฎ",
    "aug ago aou agu авг sie agt αυγ elo srp сер สค สิงห",
    "sep set сен eyl wrz szep σεπ syy zar вер กย กันย",
    "oct out ott okt окт eki paz οκτ lok rij жов ตค ตุลา",
    "nov ноя kas lis noi noe νοε marr лис พย พฤศจ",
    "dec dic dez des дек ara gru δεκ jou pro гру ธค ธันว",
)
_BY_BEGINNING = {word: n for n, words in enumerate(_MONTHS, 1) for word in words.split()}
_LENGTHS = (5, 4, 3, 2)
#: Years of the Buddhist calendar run this many ahead.
_BUDDHIST = 543


def stamps(texts: Sequence[str]) -> list[float]:
    """Times of a column as its texts tell them, counted like Unix time. [s]

    NaN for no date, and where the column can be read both day first and month first.
    """
    spelled = [_plain(t) for t in texts]
    day_first = [_stamp(t, day_first=True) for t in spelled]
    month_first = [_stamp(t, day_first=False) for t in spelled]
    unread = [sum(math.isnan(s) for s in found) for found in (day_first, month_first)]
    if unread[0] != unread[1]:
        return day_first if unread[0] < unread[1] else month_first
    both = zip(day_first, month_first, strict=True)  # both are possible: only what they agree on
    return [a if a == b else math.nan for a, b in both]


def has_time(text: str) -> bool:
    """Whether a text tells a time of day."""
    return any(time.search(text) for time in _TIMES[:2])


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", _THAI_DOT.sub("", text))
    kept = "".join(" " if c.isspace() else c for c in parts if not "\u0300" <= c <= "\u036f")
    return unicodedata.normalize("NFC", kept).casefold().strip()


def _stamp(text: str, *, day_first: bool) -> float:
    for found in (*(time.search(text) for time in _TIMES), None):
        rest = text[: found.start()] + " " + text[found.end() :] if found else text
        date = _date(rest, day_first=day_first)
        if date and (found or not has_time(text)):
            break
    else:
        return math.nan
    hour, minute, second = (*(int(part) for part in (found.groups() if found else ())), 0, 0, 0)[:3]
    try:
        return datetime(*date, _hour(hour, rest), minute, second, tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        return math.nan


def _hour(hour: int, rest: str) -> int:
    """Hour of the day, where the text may count from noon again."""
    if _AFTER_NOON.search(rest):
        return hour if hour > 12 else hour % 12 + 12
    return hour % 12 if _BEFORE_NOON.search(rest) and hour <= 12 else hour


def _year(number: int) -> int:
    """Year of a number with four digits; 0 where it is none. Buddhist years are 543 ahead."""
    if 1900 <= number <= 2200:
        return number
    return number - _BUDDHIST if 1900 <= number - _BUDDHIST <= 2200 else 0


def _date(text: str, *, day_first: bool) -> tuple[int, int, int] | None:
    """Year, month and day out of what is left beside the time."""
    if re.search(r"\d{5}", text):  # no part of a date is longer than a year
        return None
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    long = [n for n in numbers if _year(n)]
    if len(long) > 1 or not 2 <= len(numbers) <= 3:
        return None
    month = _named_month(text)
    if not long:  # ``1/8/26``: the year comes last where it has two digits
        short = re.search(r"(?<!\d)\d{1,2}([/.-])\d{1,2}\1(\d\d)(?!\d)", text)
        if not short or len(numbers) != 3:
            return None
        first, second, year = *numbers[:2], 2000 + numbers[2]
        return (year, second, first) if day_first or short[1] == "." else (year, first, second)
    year, others = _year(long[0]), [n for n in numbers if n != long[0]]
    if len(others) == 1:
        return (year, month, others[0]) if month else None
    if len(others) != 2:
        return None
    if numbers[0] == long[0]:
        return (year, others[0], others[1])
    dotted = re.search(r"\d\.\s?\d+\.\s?\d{4}", text)
    first, second = others
    return (year, second, first) if day_first or dotted else (year, first, second)


def _named_month(text: str) -> int:
    """Month that a word of the text begins like; 0 for none."""
    begins = (
        word[:length] for word in _WORD.findall(text) for length in _LENGTHS if len(word) >= length
    )
    return next((_BY_BEGINNING[begin] for begin in begins if begin in _BY_BEGINNING), 0)
