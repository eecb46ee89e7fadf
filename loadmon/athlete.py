"""The athlete: what only the runner knows, and which settings are in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from loadmon.arguments import (
    check_day,
    check_flag,
    check_frame,
    check_items,
    check_kind,
    check_text,
    is_nan,
    is_number,
    items_of,
    number_of,
    quoted,
)
from loadmon.diary import checked_diary, no_diary
from loadmon.errors import SettingError
from loadmon.evidence import REGISTRY
from loadmon.frames import table_of
from loadmon.units import Units, check_units

NAN, INF = float("nan"), float("inf")
Pairs = tuple[tuple[str, str], ...]

#: Possible values; anything outside is a wrong unit or key.
RANGES = {
    "birth_year": (1900, 2100),
    "mass_kg": (20, 300),
    "height_m": (1.0, 2.5),
    "resting_hr_bpm": (25, 120),
    "max_hr_bpm": (100, 240),
    "threshold_hr_bpm": (80, 230),
    "vt1_hr_bpm": (60, 230),
    "vt2_hr_bpm": (60, 230),
    "threshold_pace_s_per_km": (120, 900),
    "threshold_power_w": (50, 1000),
    "strength_per_week": (0, 14),
}
#: Sports that may answer for a recording that names none.
SPORTS = ("running", "walking", "hiking", "cycling", "swimming", "training")
#: More than any pair of shoes runs. [km]
SHOE_MAX_KM = 100_000.0
#: Pairs of keys of which the first must be the smaller.
_RISING = (
    ("resting_hr_bpm", "threshold_hr_bpm"),
    ("resting_hr_bpm", "vt1_hr_bpm"),
    ("resting_hr_bpm", "max_hr_bpm"),
    ("vt1_hr_bpm", "vt2_hr_bpm"),
    ("vt2_hr_bpm", "max_hr_bpm"),
    ("threshold_hr_bpm", "max_hr_bpm"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shoe:
    """One pair of shoes.

    Parameters
    ----------
    name : str
        As the platform calls it, or as the runner does.
    from_day, until_day : date, optional
        First and last day on which it was worn.
    sports : tuple of str
        Sports it is worn for.
    is_default : bool
        Whether it was worn wherever nothing else is known.
    start_km : float
        Distance it had run before `from_day`. [km]
    retire_km : float
        Distance at which the runner retires a pair. [km] NaN: no own limit.

    Raises
    ------
    SettingError
        If a distance is negative, or larger than any pair runs.
    """

    name: str
    from_day: date | None = None
    until_day: date | None = None
    sports: tuple[str, ...] = ("running",)
    is_default: bool = False
    start_km: float = 0.0
    retire_km: float = NAN

    def __post_init__(self) -> None:
        """Refuse what says nothing of a pair, and a distance that no pair runs."""
        check_text(self.name, "shoes: name")
        check_day(self.from_day, "shoes: from_day")
        check_day(self.until_day, "shoes: until_day")
        check_items(self.sports, str, "shoes: sports", "a text")
        check_flag(self.is_default, "shoes: is_default")
        for name, km in (("start_km", self.start_km), ("retire_km", self.retire_km)):
            if name == "retire_km" and is_nan(km):
                continue
            if not is_number(km) or not 0 <= km <= SHOE_MAX_KM:
                raise SettingError(
                    f"shoes: {name} of {quoted(self.name)} must lie between 0 and {SHOE_MAX_KM:g} "
                    f"km, got {quoted(km)}"
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Athlete:
    """The runner's own words; every one is optional.

    Parameters
    ----------
    units : {"km", "mi"}
        In which sentences and printed tables name distances, and those of a platform's list count
        that names no unit; frames stay in km. Empty: km, and such a list is asked about.
    units_stated : bool, optional
        Whether the runner chose the units; None: where `units` are given.
    home_zone : str
        IANA name (``Europe/Berlin``) of the zone for recordings that do not state their local
        time. Empty: UTC.
    unknown_days : tuple of date
        Local days whose running is not known, such as a day with a lost watch.
    birth_year : float
        NaN: not given, here and below.
    sex : {"", "f", "m"}
        Chooses the published coefficient pair of TRIMP, nothing else. Empty: not given.
    mass_kg, height_m : float
        Body mass [kg] and height [m].
    resting_hr_bpm, max_hr_bpm, threshold_hr_bpm : float
        Heart rate at rest, the largest, and at the pace of a one-hour race. [bpm]
    vt1_hr_bpm, vt2_hr_bpm : float
        Heart rate at the two ventilatory thresholds of a lab test. [bpm]
    hr_zones_bpm, pace_zones_s_per_km : tuple of float
        Upper bounds of the heart-rate zones below the highest, rising [bpm]; bounds between the
        pace zones from slow to fast, falling [s/km].
    threshold_pace_s_per_km, threshold_power_w : float
        Pace [s/km] and power [W] of a one-hour race.
    strength_per_week : float
        Strength sessions a week that the runner aims for; NaN: no goal of their own.
    limits : mapping of str to float
        Own limits by evidence key and name (``session-spike.small``); findings say "your limit".
    shoes : tuple of Shoe
        Pairs of shoes.
    unknown_sport : str, or mapping of str to str
        Sport of recordings that name none (`SPORTS`), so that their days are known; a mapping
        answers for a file, a folder, a format (``gpx``) or a maker each. Empty: not known.
    dates : mapping of str to date or bool
        Days of recordings whose own date cannot be (``date-doubtful``), by file, folder, format or
        maker: the local day of their start, or True where the day that they were taken for is
        right. The time of day stays, and their records keep the times of the file.
    same, different : tuple of (str, str)
        Pairs of file names that are, or are not, the same activity, whatever loadmon thinks.
    diary : DataFrame
        What `loadmon.diary.load_diary` gives; empty where there is none. Days may be text, and
        columns other than ``date`` may be left out.

    Raises
    ------
    SettingError
        If a value is not possible: an unknown zone, a heart rate of 400, a threshold above the
        maximum.
    """

    units: Units = ""  # type: ignore[assignment] # one of them below, in every athlete
    units_stated: bool | None = field(default=None, compare=False)
    home_zone: str = ""
    unknown_days: tuple[date, ...] = ()
    birth_year: float = NAN
    sex: str = ""
    mass_kg: float = NAN
    height_m: float = NAN
    resting_hr_bpm: float = NAN
    max_hr_bpm: float = NAN
    threshold_hr_bpm: float = NAN
    vt1_hr_bpm: float = NAN
    vt2_hr_bpm: float = NAN
    hr_zones_bpm: tuple[float, ...] = ()
    threshold_pace_s_per_km: float = NAN
    pace_zones_s_per_km: tuple[float, ...] = ()
    threshold_power_w: float = NAN
    strength_per_week: float = NAN
    limits: Mapping[str, float] = field(default_factory=dict)
    shoes: tuple[Shoe, ...] = ()
    unknown_sport: str | Mapping[str, str] = ""
    dates: Mapping[str, date | bool] = field(default_factory=dict)
    same: Pairs = ()
    different: Pairs = ()
    diary: pd.DataFrame = field(default_factory=no_diary, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse values that are not possible."""
        self._check_types()
        stated = bool(self.units) if self.units_stated is None else self.units_stated
        object.__setattr__(self, "units_stated", stated)
        object.__setattr__(self, "diary", checked_diary(self.diary))
        object.__setattr__(self, "units", check_units(self.units or "km"))  # type: ignore[unreachable]
        _check_zone(self.home_zone)
        _check_sports(self.unknown_sport)
        _check_dates(self.dates)
        if not isinstance(self.sex, str) or self.sex not in ("", "f", "m"):
            raise SettingError(f"sex {quoted(self.sex)}: write f or m, which chooses a coefficient")
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if not is_nan(value) and not low <= number_of(value, name) <= high:
                raise SettingError(
                    f"{name} {value:g} is not possible: it must be between {low:g} and {high:g}"
                )
        for low_name, high_name in _RISING:
            low, high = getattr(self, low_name), getattr(self, high_name)
            if low >= high:
                raise SettingError(f"{low_name} {low:g} must be below {high_name} {high:g}")
        _check_zones("hr_zones_bpm", self.hr_zones_bpm, rising=True)
        _check_zones("pace_zones", self.pace_zones_s_per_km, rising=False)
        for name in (
            "hr_zones_bpm",
            "pace_zones_s_per_km",
        ):  # any sequence is taken
            object.__setattr__(self, name, tuple(getattr(self, name)))
        check_limits(self.limits, "limits")

    def _check_types(self) -> None:
        if self.units_stated is not None:
            check_flag(self.units_stated, "units_stated")
        check_kind(self.units, str, "units", "km or mi")
        for day in items_of(self.unknown_days, "unknown_days"):
            check_kind(day, date, "each of unknown_days", "a date")
            check_day(day, "each of unknown_days")
        check_items(self.shoes, Shoe, "shoes", "a Shoe")
        for name in ("same", "different"):
            for pair in items_of(getattr(self, name), name):
                check_kind(pair, (tuple, list), f"each of {name}", "a pair of names of files")
                check_items(pair, str, name, "the name of a file")
                if len(pair) != 2:
                    raise SettingError(f"each of {name} must be a pair, not {quoted(pair)}")
        check_frame(self.diary, "diary")

    @property
    def says_nothing(self) -> bool:
        """Whether no setting is given; the diary is not one. `==` would call NaN different."""
        nobody, own = Athlete(), [f.name for f in fields(self) if f.compare]
        pairs = [(getattr(self, name), getattr(nobody, name)) for name in own]
        return all(mine == theirs or (mine != mine and theirs != theirs) for mine, theirs in pairs)

    def limit(self, key: str, name: str) -> float:
        """Own value of a limit.

        Parameters
        ----------
        key, name : str
            Entry of the evidence, and name of one of its numbers.

        Returns
        -------
        float
            In the unit of the entry. NaN where none was set.
        """
        check_text(key, "key")
        check_text(name, "name")
        _check_limit_name(f"{key}.{name}", "key and name")
        return self.limits.get(f"{key}.{name}", NAN)


def _check_zone(name: str) -> None:
    check_text(name, "home_zone")
    try:
        if name:
            ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones, too long a name
        raise SettingError(
            f"home_zone {quoted(name)} is not a time zone; write one like Europe/Berlin"
        ) from None


def _check_sports(answers: str | Mapping[str, str]) -> None:
    check_kind(answers, (str, Mapping), "unknown_sport", "a sport, or a mapping to sports")
    sports = [answers] if isinstance(answers, str) else [*answers.values()]
    if not isinstance(answers, str):
        check_items([*answers], str, "unknown_sport", "the name of a file, format or maker")
    for sport in sports if answers else ():
        if not isinstance(sport, str) or sport not in SPORTS:
            raise SettingError(f"unknown_sport {quoted(sport)} is none of {', '.join(SPORTS)}")


def _check_dates(answers: Mapping[str, date | bool]) -> None:
    check_kind(answers, Mapping, "dates", "a table of names and days")
    for name, day in answers.items():
        if not isinstance(name, str) or (day is not True and type(day) is not date):
            raise SettingError(f"dates: {quoted(name)} must be a day like 2026-10-11, or true")


def _check_zones(name: str, bounds: tuple[float, ...], *, rising: bool) -> None:
    steps = [b - a for a, b in pairwise([number_of(b, name) for b in items_of(bounds, name)])]
    if not all(step > 0 if rising else step < 0 for step in steps):
        raise SettingError(f"{name} must run from the lowest effort to the highest, got {bounds}")
    if rising and not all(RANGES["resting_hr_bpm"][0] <= b <= 240 for b in bounds):
        raise SettingError(f"{name} must be heart rates per minute, got {bounds}")
    low, high = RANGES["threshold_pace_s_per_km"]
    for pace in () if rising else bounds:
        if not low <= pace <= high:
            raise SettingError(
                f"{name} {pace:g} s/km is not possible: a pace is between {low:g} and {high:g} s/km"
            )


def check_limits(limits: Mapping[str, float], argument: str) -> None:
    """Refuse own limits of which there are none, or that cannot be meant."""
    check_kind(limits, Mapping, argument, "a mapping of limits to numbers")
    for key, value in limits.items():
        _check_limit_name(key, argument)
        if not is_number(value) or not 0 <= value < INF:
            raise SettingError(
                f"{argument}: {key} must be 0 or more and finite, got {quoted(value)}"
            )


def _check_limit_name(key: object, argument: str) -> None:
    known = [f"{entry.key}.{name}" for entry in REGISTRY.values() for name in entry.limits]
    if key not in known:
        text = f"{argument}: there is no limit {quoted(key)} to set; known are {', '.join(known)}"
        raise SettingError(text)


# Which settings count: the runner's own words first, then what the files reveal.

#: Settings that loads depend on, each with what it is for; those in `FOUND` may come from files.
USES = {
    "sex": "TRIMP's coefficient pair",
    "resting_hr_bpm": "TRIMP, heart-rate stress",
    "max_hr_bpm": "TRIMP, Edwards, heart-rate stress",
    "threshold_hr_bpm": "heart-rate stress",
    "vt1_hr_bpm": "Lucia",
    "vt2_hr_bpm": "Lucia",
    "hr_zones_bpm": "time in heart-rate zones",
    "threshold_pace_s_per_km": "running stress, GOVSS",
    "pace_zones_s_per_km": "time in pace zones",
    "threshold_power_w": "power stress",
    "mass_kg": "GOVSS",
    "height_m": "GOVSS",
}
_SETTING_COLUMNS = dict.fromkeys(("setting", "value", "source"), "str") | {
    "date": "datetime64[us]",
    **dict.fromkeys(("file", "used_for"), "str"),
}
#: Settings taken from files. The threshold power of a watch is that of the bicycle: never taken.
FOUND = (
    *("sex", "resting_hr_bpm", "max_hr_bpm", "threshold_hr_bpm", "hr_zones_bpm"),
    *("mass_kg", "height_m"),
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting in force: its value, and where that is from."""

    name: str
    value: Any
    source: str
    day: date | None = None
    file: str = ""


def settings_in_force(
    athlete: Athlete, device_settings: pd.DataFrame
) -> tuple[Athlete, list[Setting]]:
    """Fill in what the runner has not set from what the files reveal.

    ``source`` of the entry for each of `USES` is ``athlete.toml``, ``file``, or empty: not known.
    A value that is not possible, or that contradicts the runner's own, is left out.
    """
    out: list[Setting] = []
    for name in USES:
        own = getattr(athlete, name)
        setting = Setting(name, own, "athlete.toml" if _is_given(own) else "")
        if not setting.source and name in FOUND:
            found = _from_files(athlete, device_settings, name)
            if found:
                setting, athlete = found, replace(athlete, **{name: found.value})
        out.append(setting)
    return athlete, out


def settings_frame(settings: list[Setting]) -> pd.DataFrame:
    """One row a setting: ``setting, value, source, date, file, used_for``; empty is not known."""
    rows = [(s.name, setting_text(s), s.source, s.day, s.file, USES[s.name]) for s in settings]
    return table_of(rows, _SETTING_COLUMNS)


def setting_text(setting: Setting) -> str:
    """Value as a person writes it; empty where it is not known."""
    value = setting.value
    if not _is_given(value):
        return ""
    if setting.name.endswith("_s_per_km"):
        paces = value if isinstance(value, tuple) else (value,)
        return ", ".join(f"{round(s) // 60}:{round(s) % 60:02d}" for s in paces)
    if isinstance(value, tuple):
        return ", ".join(f"{v:g}" for v in value)
    return value if isinstance(value, str) else f"{value:g}"


def _is_given(value: Any) -> bool:
    """Neither empty nor NaN."""
    return bool(value == value and value not in ("", ()))


def _from_files(athlete: Athlete, device_settings: pd.DataFrame, name: str) -> Setting | None:
    """The last possible value in the files that agrees with what is known already."""
    if device_settings.empty or name not in device_settings.columns:
        return None
    for row in device_settings[["date", "file", name]].iloc[::-1].itertuples(index=False):
        value: Any = _zone_bounds(row[2]) if name == "hr_zones_bpm" else row[2]
        if value is None or not _is_given(value):
            continue
        try:
            replace(athlete, **{name: value})
        except SettingError:
            continue
        return Setting(name, value, "file", row[0].date(), str(row[1]))
    return None


def _zone_bounds(ends: Any) -> tuple[float, ...]:
    known = tuple(float(end) for end in ends) if ends is not None and ends == ends else ()
    return known[1:-1] if len(known) == 6 else known[:-1]  # a watch also writes where zone 1 begins


def in_force_text(settings: pd.DataFrame) -> str:
    """Say in two sentences which settings count, where they are from, and what is not known."""
    parts = []
    for source, words in (("athlete.toml", "your athlete.toml"), ("file", "your recordings")):
        own = settings[settings["source"] == source]
        if len(own):
            pairs = zip(own["setting"].map(toml_key), own["value"], strict=True)
            values = "; ".join(f"{name} {value}" for name, value in pairs)
            last = own["date"].max()
            since = f", last {last.date().isoformat()}" if last == last else ""
            parts.append(f"{values} (from {words}{since})")
    known = "; ".join(parts) or "none"
    missing = ", ".join(settings.loc[settings["source"] == "", "setting"].map(toml_key))
    rest = f" Not known: {missing}." if missing else ""
    return f"Settings in force: {known}.{rest}"


def toml_key(name: str) -> str:
    """Return the key of ``athlete.toml`` for a setting: paces are written without their unit."""
    return name.removesuffix("_s_per_km")
