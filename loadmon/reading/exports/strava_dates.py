"""Dates of a Strava list: UTC, written the way the account's language writes them.

``Aug 20, 2026, 11:01:45 AM``, ``09.12.2022, 15:24:49``, ``2026/06/29 20:14:15``, ``9 déc. 2022 à
15:24:49`` and their kin. Day and month are never guessed: where all dates of a list could be read
both ways, none is read.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime

_TIME = re.compile(r"(?<![\d.:])(\d{1,2})[:.](\d\d)[:.](\d\d)(?![\d.]*\d)")
_SHORT_TIME = re.compile(r"(?<![\d.:])(\d{1,2}):(\d\d)(?![\d:])")
_AFTER_NOON = re.compile(r"\bp\.?\s?m\b\.?|오후|下午|午後", re.IGNORECASE)
_BEFORE_NOON = re.compile(r"\ba\.?\s?m\b\.?|오전|上午|午前", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d{5}")
_WORD = re.compile(r"[^\W\d_]{3,}")

#: Beginnings of the names of months, accents taken off, in the languages Strava speaks.
_MONTHS = (
    "jan ene gen янв oca sty", "feb fev fevr фев sub lut", "mar marz maar мар",
    "apr abr avr апр nis kwi",
    "may mai mag mei maj мая маи", "jun juin giu июн haz cze", "jul juil lug июл tem lip",
    "aug ago aou agu авг sie", "sep set сен eyl wrz", "oct out ott okt окт eki paz",
    "nov ноя kas lis", "dec dic dez des дек ara gru",
)  # fmt: skip
_BY_BEGINNING = {word: n for n, words in enumerate(_MONTHS, 1) for word in words.split()}
_LONGEST = max(map(len, _BY_BEGINNING))

_Date = tuple[int, int, int]


def stamps(texts: Sequence[str]) -> list[float]:
    """Unix times of a list's dates, which are UTC. [s]

    Parameters
    ----------
    texts : sequence of str
        The whole column, because the order of day and month follows from all of it.

    Returns
    -------
    list of float
        NaN for a text that is no date, and for all of a column that can be read both ways.
    """
    spelled = [_plain(t) for t in texts]
    day_first = [_stamp(t, day_first=True) for t in spelled]
    month_first = [_stamp(t, day_first=False) for t in spelled]
    if day_first == month_first or _unread(day_first) != _unread(month_first):
        return min(day_first, month_first, key=_unread)
    return [
        a if a == b else math.nan for a, b in zip(day_first, month_first, strict=True)
    ]  # both orders are possible: only what they agree on


def _unread(found: list[float]) -> int:
    return sum(s != s for s in found)


def _plain(text: str) -> str:
    """ASCII digits and spaces in place of their typographic kin, no accents, small letters."""
    parts = unicodedata.normalize("NFKD", text)
    kept = "".join(" " if c.isspace() else c for c in parts if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", kept).casefold().strip()


def _stamp(text: str, *, day_first: bool) -> float:
    """Unix time of one date; NaN if it is none. [s]"""
    found = _TIME.search(text) or _SHORT_TIME.search(text)
    rest = text[: found.start()] + " " + text[found.end() :] if found else text
    date = _date(rest, day_first=day_first)
    if not date:
        return math.nan
    clock = tuple(int(part) for part in found.groups()) if found else (0, 0)
    hour, minute, second = (*clock, 0)[:3]
    try:
        return datetime(*date, _hour(hour, rest), minute, second, tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        return math.nan


def _hour(hour: int, rest: str) -> int:
    """Hour of the day, where the text may count from noon again."""
    if _AFTER_NOON.search(rest):
        return hour if hour > 12 else hour % 12 + 12
    return hour % 12 if _BEFORE_NOON.search(rest) and hour <= 12 else hour


def _date(text: str, *, day_first: bool) -> _Date | None:
    """Year, month and day out of what is left beside the time."""
    if _LONG_NUMBER.search(text):  # no part of a date is longer than a year
        return None
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    years = [n for n in numbers if 1900 <= n <= 2200]
    if len(years) != 1:
        return None
    others = [n for n in numbers if n != years[0]]
    if len(others) == 1:
        month = next((m for word in _WORD.findall(text) if (m := _month(word))), 0)
        return (years[0], month, others[0]) if month else None
    if len(others) != 2:
        return None
    if numbers[0] == years[0]:
        return (years[0], others[0], others[1])
    dotted = re.search(r"\d\.\s?\d+\.\s?\d{4}", text)
    first, second = others
    return (years[0], second, first) if day_first or dotted else (years[0], first, second)


def _month(word: str) -> int:
    """Number of the month whose name begins like a word; 0 if none does."""
    for length in range(min(len(word), _LONGEST), 2, -1):
        if word[:length] in _BY_BEGINNING:
            return _BY_BEGINNING[word[:length]]
    return 0
