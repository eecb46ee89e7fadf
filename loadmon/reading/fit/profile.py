"""The FIT profile as fitdecode ships it: what messages, fields and types are called."""

from __future__ import annotations

import difflib
import functools
from typing import Any

from fitdecode import profile

from loadmon.errors import SettingError

#: Messages that say what developer fields mean: index of the developer, description of a field.
DEVELOPER_DATA_ID = profile.MESG_NUM_DEVELOPER_DATA_ID
FIELD_DESCRIPTION = profile.MESG_NUM_FIELD_DESCRIPTION
#: Types of the profile that are times.
TIMES = ("date_time", "local_date_time")


def fields_of(number: int) -> dict[int, Any]:
    """Fields of a message by their number; empty where the profile does not know it."""
    known = profile.MESSAGE_TYPES.get(number)
    return known.fields if known else {}


def message_name(number: int) -> str:
    """Profile name of a message; ``unknown_N`` where the profile does not know it."""
    known = profile.MESSAGE_TYPES.get(number)
    return known.name if known else f"unknown_{number}"


@functools.cache
def _numbers_of_messages() -> dict[str, int]:
    return {known.name: number for number, known in profile.MESSAGE_TYPES.items()}


def message_number(name: str) -> int:
    """Global number of a message by its name, ``unknown_N`` too.

    Raises
    ------
    SettingError
        If the FIT profile has no such message.
    """
    number = _numbers_of_messages().get(name)
    if number is None and name.startswith("unknown_") and name[8:].isdecimal():
        number = int(name[8:])
    if number is None:
        near = difflib.get_close_matches(name, _numbers_of_messages(), 1)
        hint = f"did you mean {near[0]!r}?" if near else "see the FIT profile for their names"
        raise SettingError(f"no FIT message is called {name!r}; {hint}")
    return number


def type_name(meaning: Any) -> str:
    """Name of a profile field's type (``date_time``, ``sport``, ``uint16``); empty if unknown."""
    return "" if meaning is None else str(meaning.type.name)


@functools.cache
def enum_of(kind: str) -> dict[int, str]:
    """Names behind the numbers of a profile type; empty for types that are plain numbers."""
    found = profile.FIELD_TYPES.get(kind)
    return found.enum or {} if found else {}


@functools.cache
def rank(kind: str) -> int:
    """Order of kinds in a block: 0 numbers, 1 times, 2 local times, 3 named numbers."""
    if kind in TIMES:
        return 1 + TIMES.index(kind)
    return 3 if enum_of(kind) else 0
