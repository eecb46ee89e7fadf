"""What only the runner knows, from ``athlete.toml``: the home zone and days that hold no truth."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, fields
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from loadmon.errors import SettingError


@dataclass(frozen=True, slots=True, kw_only=True)
class Athlete:
    """The runner's own words; every one is optional.

    Parameters
    ----------
    home_zone : str
        IANA name (``Europe/Berlin``) of the zone for recordings that do not tell their local
        time. Empty: UTC.
    unknown_days : tuple of date
        Local days whose running is not known, such as a day with a lost watch.

    Raises
    ------
    SettingError
        If the zone does not exist.
    """

    home_zone: str = ""
    unknown_days: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a zone that nobody knows."""
        if self.home_zone:
            try:
                ZoneInfo(self.home_zone)
            except (ZoneInfoNotFoundError, ValueError):
                raise SettingError(
                    f"home_zone {self.home_zone!r} is no time zone; write one like Europe/Berlin"
                ) from None


def load_athlete(path: str | PathLike[str]) -> Athlete:
    """Read an ``athlete.toml``.

    Raises
    ------
    SettingError
        If the file cannot be read, is no TOML, or has a key or value that is not understood.
    """
    try:
        told = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingError(f"{path}: {error}") from None
    known = [f.name for f in fields(Athlete)]
    for key in told:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            raise SettingError(f"{path}: unknown key {key!r}; {hint}")
    return Athlete(**_checked(path, told))


def _checked(path: str | PathLike[str], told: dict[str, Any]) -> dict[str, Any]:
    """Values of the right type, or an error that names the key."""
    zone, days = told.get("home_zone", ""), told.get("unknown_days", [])
    if not isinstance(zone, str):
        raise SettingError(f"{path}: home_zone must be a text like 'Europe/Berlin'")
    if not isinstance(days, list) or not all(type(d) is date for d in days):
        raise SettingError(f"{path}: unknown_days must be a list of days like 2026-10-11")
    return {"home_zone": zone, "unknown_days": tuple(days)}
