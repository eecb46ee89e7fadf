"""What callers hand in: what an argument must be is looked at here, and its error names it."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from numbers import Integral, Real

from loadmon.errors import FrameError, SettingError

TYPE_CHECKING = False  # typing alone takes longer to import than everything else here
if TYPE_CHECKING:
    from concurrent.futures import Executor
    from typing import Any

    import pandas as pd

_LONGEST = 60  # characters of a value that a message repeats
_PLAIN = (str, bytes, bool, int, float, complex, date, type(None))


def quoted(value: Any) -> str:
    """Value as a message repeats it: short, however long, deep or odd it is."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, int) and value.bit_length() > _LONGEST:
        return "so large a number"
    if isinstance(value, tuple) and all(isinstance(one, _PLAIN) for one in value):
        text = f"({', '.join(map(quoted, value))})"
    elif isinstance(value, _PLAIN):
        text = repr(value)
    else:
        return f"something of the type {type(value).__name__}"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def check_kind(value: Any, kind: type | tuple[type, ...], name: str, what: str) -> None:
    """Refuse what is not of a type; `what` says in words what is wanted."""
    if not isinstance(value, kind):
        raise SettingError(f"{name} must be {what}, not {quoted(value)}")


def check_text(value: Any, name: str) -> None:
    """Refuse what is no text."""
    check_kind(value, str, name, "a text")


def check_flag(value: Any, name: str) -> None:
    """Refuse what is neither True nor False."""
    if not isinstance(value, bool):
        raise SettingError(f"{name} must be True or False, not {quoted(value)}")


def check_choice(value: Any, choices: Collection[str], name: str) -> None:
    """Refuse what is none of some words."""
    if not isinstance(value, str) or value not in choices:
        words = " or ".join(choices) if len(choices) == 2 else ", ".join(choices)
        raise SettingError(f"unknown {name} {quoted(value)}: {words}")


def check_called(value: Any, name: str) -> None:
    """Refuse what cannot be called."""
    if not callable(value):
        raise SettingError(f"{name} must be a function, not {quoted(value)}")


def check_executor(value: Executor | None) -> None:
    """Refuse what runs nothing; None is this process."""
    if value is not None and not callable(getattr(value, "submit", None)):
        raise SettingError(f"executor must be a concurrent.futures.Executor, not {quoted(value)}")


def check_moment(value: Any, name: str) -> None:
    """Refuse what is no date with a time of day; None is not given."""
    if value is not None and (not isinstance(value, datetime) or value != value):
        raise SettingError(f"{name} must be a datetime, not {quoted(value)}")


def check_day(value: Any, name: str, *, is_needed: bool = False) -> None:
    """Refuse what is no date; None is not given, unless it `is_needed`."""
    if (value is not None or is_needed) and (not isinstance(value, date) or value != value):
        raise SettingError(f"{name} must be a date, not {quoted(value)}")


def is_number(value: Any) -> bool:
    """Whether it is a number; True and False are none."""
    return isinstance(value, Real) and not isinstance(value, bool)


def is_nan(value: Any) -> bool:
    """Whether it is the number that stands for not known."""
    return is_number(value) and value != value


def number_of(value: Any, name: str) -> float:
    """Value as a number."""
    if not is_number(value):
        raise SettingError(f"{name} must be a number, not {quoted(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise SettingError(f"{name} must be a finite number, not {quoted(value)}")
    return number


def amount_of(value: Any, name: str, least: float = 0.0) -> float:
    """Value as a number that is not below `least`."""
    number = number_of(value, name)
    if number < least:
        raise SettingError(f"{name} must be {least:g} or more, got {quoted(value)}")
    return number


#: More of anything than can be meant.
MOST = 10**9


def count_of(value: Any, name: str, least: int = 1, most: int = MOST) -> int:
    """Value as a whole number from `least` to `most`."""
    number_of(value, name)
    if not isinstance(value, Integral):
        raise SettingError(f"{name} must be a whole number, not {quoted(value)}")
    whole = int(value)
    if whole < least:
        few = "must not be negative" if least == 0 else f"must be at least {least}"
        raise SettingError(f"{name} {few}, got {quoted(whole)}")
    if whole > most:
        raise SettingError(f"{name} must be at most {most}, got {quoted(whole)}")
    return whole


def counts_of(values: Any, name: str, least: int = 0) -> tuple[int, ...]:
    """Values as whole numbers, each from `least` on."""
    return tuple(count_of(value, name, least) for value in items_of(values, name))


def items_of(values: Any, name: str) -> list[Any]:
    """What a collection holds; a text is none."""
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise SettingError(f"{name} must be a sequence, not {quoted(values)}")
    return list(values)


def check_items(values: Any, kind: type | tuple[type, ...], name: str, what: str) -> None:
    """Refuse what is no collection, or one of something else than `what` says."""
    for value in items_of(values, name):
        check_kind(value, kind, f"each of {name}", what)


def check_frame(frame: Any, name: str, columns: Iterable[str] = (), hint: str = "") -> None:
    """Refuse what is no frame, or one that lacks a column."""
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise FrameError(f"{name} must be a DataFrame, not {quoted(frame)}{hint}")
    if not frame.columns.is_unique:
        twice = frame.columns[frame.columns.duplicated()][0]
        raise FrameError(f"{name}: the column {twice!r} stands twice; leave one out")
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        lack = "lack" if name.endswith("s") else "lacks"
        raise FrameError(f"{name} {lack} {', '.join(missing)}{hint}")


def check_several(frames: Any, name: str) -> None:
    """Refuse what cannot be frames one after another."""
    if isinstance(frames, str | bytes | Mapping) or not isinstance(frames, Iterable):
        raise SettingError(f"{name} must be a DataFrame or several, not {quoted(frames)}")


def frames_of(frames: Any, name: str) -> Iterable[pd.DataFrame]:
    """Frames one after another, each of which must be one."""
    check_several(frames, name)
    return map(_one_of(name), frames)


def _one_of(name: str) -> Callable[[Any], pd.DataFrame]:
    def one(frame: Any) -> pd.DataFrame:
        check_frame(frame, f"each of {name}")
        out: pd.DataFrame = frame
        return out

    return one
