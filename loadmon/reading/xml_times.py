"""Times as XML files write them: a fast way for the usual form, a patient one for all others."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from loadmon.reading.recording import OFFSETS_MIN, Floats
from loadmon.reading.xml_feed import Table

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
    """Read the times of some rows as `read_times` does.

    Parameters
    ----------
    texts, rows : sequence of str, of int
        Texts, and the row that each belongs to.
    n_rows : int
        How many rows there are.
    """
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

    Parameters
    ----------
    texts : list of str
        Such as ``2024-03-10T08:00:00.000Z`` or ``Oct 28 2010, 10:21:55``. A time without zone is
        read as UTC.

    Returns
    -------
    seconds : ndarray of float, shape (n,)
        Unix time. [s] NaN where the text is no possible time.
    offset_min : ndarray of float, shape (n,)
        Offset from UTC that the text states. [min] NaN where it states none.
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

    Parameters
    ----------
    offset_min : ndarray of float
        As from `read_times`, of the rows that hold a time. [min]

    Returns
    -------
    float
        [min] NaN where some differ or are missing, and for 0: an offset of nought is how
        most programs write plain UTC, wherever they are.
    """
    stated = np.unique(offset_min)
    return float(stated[0]) if len(stated) == 1 and stated[0] else math.nan
