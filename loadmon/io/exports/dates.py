"""Dates as platforms and spreadsheets write them: any language, order of day and month, calendar.

Day and month are never guessed: a whole column decides; what can be read both ways is not known.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime

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
