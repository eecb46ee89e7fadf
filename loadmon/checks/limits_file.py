"""A file of limits, such as a clinician writes for one runner."""

from __future__ import annotations

import difflib
from datetime import date
from os import PathLike
from typing import Any

from loadmon.athlete.files import toml_of
from loadmon.athlete.numbers import number_of, quoted
from loadmon.checks.caps import Cap
from loadmon.checks.limits import Limits, Pace, limits_for
from loadmon.errors import SettingError

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TOP = ("author", "written", "limits", "cap")
_DATES, _NUMBERS = ("since", "until"), ("run_km", "run_min", "week_km")
_CAP = (*_DATES, *_NUMBERS, "days", "why")


def load_limits(path: str | PathLike[str], *, pace: Pace = "steady") -> Limits:
    """Read a file of limits.

    Parameters
    ----------
    path : path
        TOML with ``author``, text, required; ``written``, the day of writing; a table ``[limits]``
        with new values by the names of `Limits`; and any number of ``[[cap]]``: ``since`` and
        ``until``, days; ``run_km``, ``run_min``, ``week_km``; ``days`` like ``["mon", "wed"]``;
        ``why``. Distances are in km.
    pace : {"steady", "earliest"}
        The pace whose limits hold where the file is silent.

    Returns
    -------
    Limits
        Of the pace, changed by the file, under its author's name.

    Raises
    ------
    SettingError
        If the file cannot be read, is no TOML, or has a key or value that is not understood.
    """
    told = toml_of(path)
    try:
        _refuse_unknown(told, _TOP)
        changed = told.get("limits", {})
        if not isinstance(changed, dict):
            raise SettingError("limits is a table: write its line as [limits]")
        return limits_for(pace, changed | {"author": _author(told), "caps": _caps(told)})
    except SettingError as error:
        raise SettingError(f"{path}: {error}") from None


def _refuse_unknown(told: dict[str, Any], known: tuple[str, ...]) -> None:
    for key in told:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            raise SettingError(f"unknown key {key!r}; {hint}")


def _author(told: dict[str, Any]) -> str:
    """Who wrote the file, and when."""
    author, written = told.get("author"), told.get("written")
    if not isinstance(author, str) or not author.strip():
        raise SettingError('say who set the limits: author = "name, profession"')
    if written is not None and type(written) is not date:
        raise SettingError("written must be a day like 2026-11-10, without quotes")
    return author.strip() if written is None else f"{author.strip()}, {written}"


def _caps(told: dict[str, Any]) -> tuple[Cap, ...]:
    """Every cap of the file."""
    tables = told.get("cap", [])
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        raise SettingError("caps are tables, each under a line [[cap]]")
    return tuple(_cap(table) for table in tables)


def _cap(table: dict[str, Any]) -> Cap:
    """One cap, each value of the right type."""
    _refuse_unknown(table, _CAP)
    if not set(table) & {*_NUMBERS, "days"}:
        raise SettingError(f"a cap says what it caps: {', '.join(_NUMBERS)} or days")
    for name, value in table.items():
        if name in _DATES and type(value) is not date:
            raise SettingError(f"cap {name} must be a day like 2026-11-20, without quotes")
        if name == "why" and not isinstance(value, str):
            raise SettingError(f"cap why must be a text, not {quoted(value)}")
    numbers = {n: number_of(table[n], f"cap {n}") for n in _NUMBERS if n in table}
    return Cap(**table | numbers | {"days": _weekdays(table.get("days", []))})


def _weekdays(told: Any) -> tuple[int, ...]:
    """Names of weekdays as numbers."""
    if not isinstance(told, list) or not all(d in _DAYS for d in told):
        raise SettingError(f'cap days must be a list like ["mon", "wed"], of {", ".join(_DAYS)}')
    return tuple(sorted(_DAYS.index(d) for d in told))
