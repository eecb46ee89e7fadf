"""Numbers that somebody wrote into a file: finite, or told which one is not."""

from __future__ import annotations

import math
from typing import Any

from loadmon.errors import SettingError

_LONGEST = 60  # characters of a value that a message repeats


def number_of(value: Any, key: str) -> float:
    """Value of a key as a number.

    Parameters
    ----------
    value : any
        What stands in the file.
    key : str
        To name in errors.

    Raises
    ------
    SettingError
        If it is no number, not finite, or too large for one.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SettingError(f"{key} must be a number, not {quoted(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise SettingError(f"{key} must be a finite number, not {quoted(value)}")
    return number


def quoted(value: Any) -> str:
    """Value as a message repeats it: short, however long or deep it is.

    Parameters
    ----------
    value : any
        What stands in the file.
    """
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, int) and value.bit_length() > _LONGEST:
        return "so large a number"
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
