"""Reading ``athlete.toml``: each key with its type, and what to write instead of a mistake."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Any

from loadmon.arguments import number_of, quoted
from loadmon.athlete import Athlete, Pairs, Shoe
from loadmon.diary import (
    DIARY_NAME,
    SETTINGS_NAME,
    load_diary,
    path_of,
    refuse_misnamed,
    toml_of,
)
from loadmon.errors import SettingError
from loadmon.units import MILES_PER_KM


def load_athlete(path: str | PathLike[str]) -> Athlete:
    """Read an ``athlete.toml`` and the ``diary.csv`` beside it.

    Parameters
    ----------
    path : path
        The file, or the folder that holds it and the diary; in a folder each of them may be absent.

    Returns
    -------
    Athlete
        What the two files say.

    Raises
    ------
    SettingError
        If a file cannot be read, is not TOML or CSV, or has a key or value that is not understood.

    Notes
    -----
    A diary is about one runner. On the command line only the one beside the archive is read; here
    it is the one beside `path`, so do not share that folder between runners.
    """
    given = path_of(path)
    is_folder = given.is_dir()
    file = given / SETTINGS_NAME if is_folder else given
    athlete = Athlete() if is_folder and not os.path.lexists(file) else load_settings(file)
    refuse_misnamed(file.parent)
    diary = file.with_name(DIARY_NAME)
    return replace(athlete, diary=load_diary(diary)) if os.path.lexists(diary) else athlete


def load_settings(path: Path) -> Athlete:
    """Read one ``athlete.toml`` without any diary, its name in front of every complaint."""
    table = toml_of(path)
    try:
        _refuse_unknown(table, KEYS, "")
        values = {KEYS[key][0]: KEYS[key][1](value, key) for key, value in table.items()}
        if values.get("units") == "mi":  # paces are written in miles then
            if "threshold_pace_s_per_km" in values:
                values["threshold_pace_s_per_km"] *= MILES_PER_KM
            zones = values.get("pace_zones_s_per_km", ())
            values["pace_zones_s_per_km"] = tuple(s * MILES_PER_KM for s in zones)
        return Athlete(**values)
    except SettingError as error:
        raise SettingError(f"{path}: {error}") from None


def _refuse_unknown(keys: Iterable[str], known: Iterable[str], within: str) -> None:
    for key in keys:
        if key not in known:
            near = difflib.get_close_matches(key, list(known), 1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            raise SettingError(f"unknown key {within}{key!r}; {hint}")


def _require(is_right: object, text: str) -> None:
    if not is_right:
        raise SettingError(text)


def _is_list_of(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(type(v) is kind for v in value)


def _text(value: Any, key: str) -> str:
    example = {"home_zone": " like 'Europe/Berlin'", "units": ", km or mi"}.get(key, "")
    _require(isinstance(value, str), f"{key} must be text{example}")
    return str(value)


def _flag(value: Any, key: str) -> bool:
    _require(isinstance(value, bool), f"{key} must be true or false, not {quoted(value)}")
    return bool(value)


def _day(value: Any, key: str) -> date:
    # A time of day is a date to Python too.
    _require(type(value) is date, f"{key} must be a day like 2026-10-11, without quotes")
    return value  # type: ignore[no-any-return]


def _days(value: Any, key: str) -> tuple[date, ...]:
    _require(_is_list_of(value, date), f"{key} must be a list of days like [2026-10-11]")
    return tuple(value)


def _numbers(value: Any, key: str) -> tuple[float, ...]:
    example = "[120, 140, 155, 170]"
    _require(isinstance(value, list), f"{key} must be a list of numbers like {example}")
    return tuple(number_of(v, key) for v in value)


def _pace(value: Any, key: str) -> float:
    """Minutes and seconds per kilometre (or mile, by ``units``) as seconds."""
    minutes, colon, seconds = value.partition(":") if isinstance(value, str) else ("", "", "")
    is_short = len(minutes) <= 3 and len(seconds) <= 2
    is_pace = colon and is_short and minutes.isdecimal() and seconds.isdecimal()
    if not is_pace or int(seconds) >= 60:
        raise SettingError(f'{key} must be a pace in quotes like "4:40", not {quoted(value)}')
    return 60.0 * int(minutes) + int(seconds)


def _paces(value: Any, key: str) -> tuple[float, ...]:
    example = '["6:00", "5:20", "4:40"]'
    _require(isinstance(value, list), f"{key} must be a list of paces like {example}")
    return tuple(_pace(v, key) for v in value)


def _texts(value: Any, key: str) -> tuple[str, ...]:
    _require(_is_list_of(value, str), f"{key} must be a list of texts")
    return tuple(value)


def _pairs(value: Any, key: str) -> Pairs:
    are_pairs = _is_list_of(value, list) and all(
        len(pair) == 2 and _is_list_of(pair, str) for pair in value
    )
    _require(are_pairs, f'{key} must be a list of pairs of file names like [["a.fit", "b.gpx"]]')
    return tuple((a, b) for a, b in value)


def _sports(value: Any, key: str) -> str | dict[str, str]:
    """One sport for all, or one for each file, folder, format or maker."""
    if isinstance(value, dict):
        return {name: _text(sport, f"{key}.{name}") for name, sport in value.items()}
    return _text(value, key)


def _dates(value: Any, key: str) -> dict[str, date | bool]:
    """A day, or that its own is right, for each file, folder, format or maker."""
    _require(isinstance(value, dict), f'{key} is a table like [{key}] with "a.fit" = 2026-10-11')
    return dict(value)  # what stands behind the names is checked with the other settings


def _limits(value: Any, key: str) -> dict[str, float]:
    """Tables like ``[limits.session-spike]`` as ``session-spike.small``."""
    if not isinstance(value, dict) or not all(isinstance(v, dict) for v in value.values()):
        raise SettingError(f"{key} holds tables like [limits.session-spike] with small = 1.2")
    return {
        f"{entry}.{name}": number_of(number, f"{key}.{entry}.{name}")
        for entry, numbers in value.items()
        for name, number in numbers.items()
    }


Reader = Callable[[Any, str], Any]
#: Keys of a pair of shoes: the field of `Shoe` and how the value is read.
SHOE_KEYS: dict[str, tuple[str, Reader]] = {
    "name": ("name", _text),
    "from": ("from_day", _day),
    "until": ("until_day", _day),
    "sports": ("sports", _texts),
    "default": ("is_default", _flag),
    "start_km": ("start_km", number_of),
    "retire_km": ("retire_km", number_of),
}


def _shoes(value: Any, key: str) -> tuple[Shoe, ...]:
    _require(_is_list_of(value, dict), f"{key} are tables, each under a line [[{key}]]")
    shoes = []
    for table in value:
        _refuse_unknown(table, SHOE_KEYS, f"{key}: ")
        _require("name" in table, f"{key}: every pair needs a name")
        shoes.append(
            Shoe(**{SHOE_KEYS[k][0]: SHOE_KEYS[k][1](v, f"{key}.{k}") for k, v in table.items()})
        )
    return tuple(shoes)


#: Keys of the file: the field of `Athlete` and how the value is read.
KEYS: dict[str, tuple[str, Reader]] = {
    "units": ("units", _text),
    "home_zone": ("home_zone", _text),
    "unknown_days": ("unknown_days", _days),
    "birth_year": ("birth_year", number_of),
    "sex": ("sex", _text),
    "mass_kg": ("mass_kg", number_of),
    "height_m": ("height_m", number_of),
    "resting_hr_bpm": ("resting_hr_bpm", number_of),
    "max_hr_bpm": ("max_hr_bpm", number_of),
    "threshold_hr_bpm": ("threshold_hr_bpm", number_of),
    "vt1_hr_bpm": ("vt1_hr_bpm", number_of),
    "vt2_hr_bpm": ("vt2_hr_bpm", number_of),
    "hr_zones_bpm": ("hr_zones_bpm", _numbers),
    "threshold_pace": ("threshold_pace_s_per_km", _pace),
    "pace_zones": ("pace_zones_s_per_km", _paces),
    "threshold_power_w": ("threshold_power_w", number_of),
    "strength_per_week": ("strength_per_week", number_of),
    "limits": ("limits", _limits),
    "shoes": ("shoes", _shoes),
    "unknown_sport": ("unknown_sport", _sports),
    "dates": ("dates", _dates),
    "same": ("same", _pairs),
    "different": ("different", _pairs),
}
