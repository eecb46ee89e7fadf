"""Times as XML files write them: a fast way for the usual form, a patient one for all others."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np

from loadmon.reading.recording import Floats
from loadmon.reading.xml_feed import Table

_STAMP = b"0000-00-00T00:00:00.000000"
_LONGEST_TIME = 40
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
_WIDEST_OFFSET_MIN = 14 * 60


def element_times(table: Table, leaf: str) -> tuple[Floats, Floats]:
    """Read the times within elements of one name as `read_times` does; NaN in rows without."""
    column = table.columns[leaf]
    seconds = np.full(len(table.attributes), np.nan)
    offsets = np.full(len(table.attributes), np.nan)
    if column.texts:
        seconds[column.rows], offsets[column.rows] = read_times(column.texts)
    return seconds, offsets


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
        return alike, np.zeros(len(texts))
    both = np.array([_time(text.strip(" \t\r\n")) for text in texts]).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def first_time(texts: Iterable[str]) -> float:
    """Unix time [s] of the first text that is a time; NaN if none is."""
    seconds = (float(read_times([text])[0][0]) for text in texts)
    return next((second for second in seconds if not math.isnan(second)), math.nan)


def _alike_times(texts: list[str]) -> Floats | None:
    """Read many stamps of one length that end in Z at once; None if there are any others."""
    width = len(texts[0]) if texts else 0
    if not 20 <= width <= len(_STAMP) + 1 or set(map(len, texts)) != {width}:
        return None
    raw = "".join(texts).encode()
    if len(raw) != width * len(texts):
        return None
    cells = np.frombuffer(raw, np.uint8).reshape(-1, width)
    form = np.frombuffer(_STAMP[: width - 1] + b"Z", np.uint8)
    digit = form == ord("0")
    if (cells[:, ~digit] != form[~digit]).any() or (cells[:, digit] - ord("0") > 9).any():
        return None
    stamps = np.ascontiguousarray(cells[:, :-1]).view(f"S{width - 1}").ravel()
    try:
        moments = stamps.astype("datetime64[us]")
    except ValueError:
        return None
    return (moments - np.datetime64(0, "us")) / np.timedelta64(1, "s")


def _time(text: str) -> tuple[float, float]:
    """Read one time of any form: Unix time [s] and offset [min]."""
    for form in _TIME_FORMS:
        found = form.fullmatch(text) if 0 < len(text) <= _LONGEST_TIME else None
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
    if second >= 61 or abs(offset) > _WIDEST_OFFSET_MIN:
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
