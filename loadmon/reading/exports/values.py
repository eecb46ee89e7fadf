"""Single values out of vendors' files: a number, a text or a time, or not known."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from typing import Any

from loadmon.errors import FileProblem
from loadmon.reading.recording import OFFSETS_MIN

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_ISO = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:[T ](?P<time>\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)\s?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
_LARGEST = 1e15  # milliseconds of the year 33658
_LEAST_MIN, _MOST_MIN = OFFSETS_MIN
#: Sentences of the flag ``tz-unknown``: of one clock without its offset, and of two clocks.
NO_OFFSET = "no offset from UTC is told that can be: its time is read as UTC"
NO_CLOCK = "its local time and its time in UTC are apart as no zone is: the day is not sure"


def loads(data: bytes) -> Any:
    """Read JSON, bare ``NaN`` included.

    Raises
    ------
    FileProblem
        ``json-damaged`` or ``json-depth``.
    """
    try:
        return json.loads(data)
    except RecursionError:
        raise FileProblem("refused", "json-depth", "nested deeper than any export is") from None
    except ValueError as error:
        raise FileProblem(
            "quarantined", "json-damaged", f"no complete JSON ({error}): export it again"
        ) from None


def number(value: Any) -> float:
    """Number of a JSON value or a text in plain ASCII; NaN for anything else.

    Larger ones than any unit of a training session needs (`_LARGEST`) are not known either.
    """
    if isinstance(value, bool):
        return math.nan
    if isinstance(value, str):
        value = float(value) if _NUMBER.fullmatch(value.strip()) else math.nan
    if not isinstance(value, int | float) or not abs(value) <= _LARGEST:
        return math.nan
    return float(value)


def text(value: Any) -> str:
    """Text of a JSON value, of a whole number too; empty for anything else."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else ""


def known(told: dict[str, float]) -> dict[str, float]:
    """Only those values that are known."""
    return {name: value for name, value in told.items() if value == value}


def below(value: Any, *names: str | int) -> Any:
    """Walk down nested JSON by keys and places; None where there is nothing."""
    for name in names:
        if isinstance(value, dict) and isinstance(name, str):
            value = value.get(name)
        elif isinstance(value, list) and isinstance(name, int) and len(value) > name:
            value = value[name]
        else:
            return None
    return value


def rows_of(value: Any) -> list[dict[str, Any]]:
    """JSON objects of a list; none where it is no list."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def clock(value: Any) -> tuple[float, float]:
    """Time of an ISO text or of milliseconds, as if it were UTC, and its offset.

    Returns
    -------
    wall_s : float
        Unix time of the clock on the wall. [s] NaN where it cannot be read.
    offset_min : float
        Local time minus UTC. [min] NaN where the text does not tell, or tells one that no zone has.
    """
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
    return wall, _offset(found["zone"])


def _offset(zone: str | None) -> float:
    """Minutes of ``Z``, ``+0200`` or ``-05:30``."""
    if zone is None:
        return math.nan
    if zone == "Z":
        return 0.0
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return possible_offset(-minutes if zone[0] == "-" else minutes)


def possible_offset(minutes: float) -> float:
    """Local time minus UTC; NaN outside -12 to +14 h, where no zone on Earth lies. [min]"""
    return float(minutes) if _LEAST_MIN <= minutes <= _MOST_MIN else math.nan


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
    if not _LEAST_MIN - 1 <= minutes <= _MOST_MIN + 1:
        return math.nan
    step = 15.0 * round(minutes / 15.0)
    return step if abs(minutes - step) <= 1.0 else math.nan
