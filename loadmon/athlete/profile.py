"""What only the runner knows: zones, thresholds, shoes, goals, own limits, days without truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from loadmon.athlete.diary import no_diary
from loadmon.athlete.units import Units, check_units
from loadmon.errors import SettingError
from loadmon.evidence import REGISTRY
from loadmon.evidence.strength import STRENGTH

if TYPE_CHECKING:
    import pandas as pd

NAN = float("nan")
Pairs = tuple[tuple[str, str], ...]

#: What a value can be; outside of it somebody has mistaken a unit or a key.
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
    """

    name: str
    from_day: date | None = None
    until_day: date | None = None
    sports: tuple[str, ...] = ("running",)
    is_default: bool = False
    start_km: float = 0.0
    retire_km: float = NAN


@dataclass(frozen=True, slots=True, kw_only=True)
class Athlete:
    """The runner's own words; every one is optional.

    Parameters
    ----------
    units : {"km", "mi"}
        In which sentences and printed tables name distances; frames stay in km.
    home_zone : str
        IANA name (``Europe/Berlin``) of the zone for recordings that do not tell their local
        time. Empty: UTC.
    unknown_days : tuple of date
        Local days whose running is not known, such as a day with a lost watch.
    birth_year : float
        NaN is not told, here and below.
    sex : {"", "f", "m"}
        Chooses the published coefficient pair of TRIMP, nothing else. Empty: not told.
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
    same, different : tuple of (str, str)
        Pairs of file names that are, or are not, the same activity, whatever loadmon thinks.
    diary : DataFrame
        What `loadmon.athlete.diary.load_diary` gives; empty where there is none.

    Raises
    ------
    SettingError
        If a value cannot be: an unknown zone, a heart rate of 400, a threshold above the maximum.
    """

    units: Units = "km"
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
    same: Pairs = ()
    different: Pairs = ()
    diary: pd.DataFrame = field(default_factory=no_diary, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        check_units(self.units)
        _check_zone(self.home_zone)
        if self.sex not in ("", "f", "m"):
            raise SettingError(f"sex {self.sex!r}: write f or m, which chooses a coefficient")
        for name, (low, high) in RANGES.items():
            _check_range(name, getattr(self, name), low, high)
        for low_name, high_name in _RISING:
            low, high = getattr(self, low_name), getattr(self, high_name)
            if low >= high:
                raise SettingError(f"{low_name} {low:g} must be below {high_name} {high:g}")
        _check_zones("hr_zones_bpm", self.hr_zones_bpm, rising=True)
        _check_zones("pace_zones", self.pace_zones_s_per_km, rising=False)
        for key, value in self.limits.items():
            _check_limit(key, value)

    @property
    def says_nothing(self) -> bool:
        """Whether no setting is told; the diary is none. `==` would hold NaN for different."""
        nobody, own = Athlete(), [f.name for f in fields(self) if f.compare]
        pairs = [(getattr(self, name), getattr(nobody, name)) for name in own]
        return all(mine == theirs or (mine != mine and theirs != theirs) for mine, theirs in pairs)

    @property
    def strength_goal(self) -> float:
        """Strength sessions a week to aim for: the runner's own goal, else that of the trials."""
        own = self.strength_per_week
        return STRENGTH["per_week"] if own != own else own

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
        return self.limits.get(f"{key}.{name}", NAN)


def _check_zone(name: str) -> None:
    try:
        if name:
            ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder, or too long for a name
        raise SettingError(
            f"home_zone {name!r} is no time zone; write one like Europe/Berlin"
        ) from None


def _check_range(name: str, value: Any, low: float, high: float) -> None:
    if value == value and not low <= value <= high:
        raise SettingError(f"{name} {value:g} cannot be: it lies between {low:g} and {high:g}")


def _check_zones(name: str, bounds: tuple[float, ...], *, rising: bool) -> None:
    steps = [b - a for a, b in pairwise(bounds)]
    if not all(step > 0 if rising else step < 0 for step in steps):
        raise SettingError(f"{name} must run from the lowest effort to the highest, got {bounds}")
    if rising and not all(RANGES["resting_hr_bpm"][0] <= b <= 240 for b in bounds):
        raise SettingError(f"{name} must be heart rates per minute, got {bounds}")


def _check_limit(key: str, value: float) -> None:
    known = [f"{entry.key}.{name}" for entry in REGISTRY.values() for name in entry.limits]
    if key not in known:
        raise SettingError(f"limits: no limit {key!r} can be set; there are {', '.join(known)}")
    if not value >= 0:
        raise SettingError(f"limits: {key} must be 0 or more, got {value}")
