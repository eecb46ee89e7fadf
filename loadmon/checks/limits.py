"""The limits of a return to running: one record that the checks judge by and the ramp plans by."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from loadmon.errors import SettingError
from loadmon.evidence.ramp import RAMP_DAYS, RAMP_RATIO, RAMP_SESSION, RAMP_START, RAMP_WEEK

Pace = Literal["steady", "earliest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a return to running may not exceed; every default comes from `loadmon.evidence`.

    Parameters
    ----------
    start_km : float or None
        Longest first run. [km] None: from the break and the runs before it (`start_cap_km`).
    session_growth, session_floor_km : float
        A run over the longest since the return: this share, or this much if that is more. [-, km]
    weekly_growth, weekly_floor_km : float
        Seven days over the largest of the three 7-day sums before: share, or km if more. [-, km]
    coupled, uncoupled, ewma : float
        Largest acute:chronic ratio by each method, from `ratio_from_day` after the return. [-]
    ratio_from_day : int
        Day of the return (the first run is day 1) from which the ratios bind. [d]
    max_run_days_in_7 : int
        Run days in any seven. [d]
    no_consecutive_days : int
        For so many days after the return no two run days are next to each other. [d]

    Raises
    ------
    SettingError
        If a limit is negative or a ratio is below 1.
    """

    start_km: float | None = None
    session_growth: float = RAMP_SESSION["growth"]
    session_floor_km: float = RAMP_SESSION["floor_km"]
    weekly_growth: float = RAMP_WEEK["steady"]
    weekly_floor_km: float = RAMP_WEEK["steady_floor_km"]
    coupled: float = RAMP_RATIO["coupled"]
    uncoupled: float = RAMP_RATIO["uncoupled"]
    ewma: float = RAMP_RATIO["ewma"]
    ratio_from_day: int = int(RAMP_RATIO["from_day"])
    max_run_days_in_7: int = int(RAMP_DAYS["max_in_7"])
    no_consecutive_days: int = int(RAMP_DAYS["no_consecutive_days"])

    def __post_init__(self) -> None:
        """Refuse a limit that cannot be meant."""
        for f in fields(self):
            value = getattr(self, f.name)
            if value is not None and not value >= 0:
                raise SettingError(f"limit {f.name} must be 0 or more, got {value}")
        for name in ("coupled", "uncoupled", "ewma"):
            if getattr(self, name) < 1:
                raise SettingError(f"limit {name} must be at least 1, got {getattr(self, name)}")


def limits_for(pace: Pace) -> Limits:
    """Limits of one of the two paces of a plan.

    Parameters
    ----------
    pace : {"steady", "earliest"}
        ``steady`` keeps a margin; ``earliest`` goes as fast as the ratio limits let it.

    Raises
    ------
    SettingError
        If `pace` is neither.
    """
    if pace == "steady":
        return Limits()
    if pace == "earliest":
        return Limits(
            weekly_growth=RAMP_WEEK["earliest"], weekly_floor_km=RAMP_WEEK["earliest_floor_km"]
        )
    raise SettingError(f"unknown pace {pace!r}: steady or earliest")


def start_cap_km(days_off: int, longest_before_km: float) -> float:
    """Longest first run after a break.

    Parameters
    ----------
    days_off : int
        Full days without a run between the last run and the return. [d]
    longest_before_km : float
        Longest run of the 30 days that end with the last run before the break. [km]
        NaN where there was none: the result is then the absolute start.

    Returns
    -------
    float
        The longest run up to 7 days off, min(3 km, half the longest) from 30 days off, and a
        straight line between. [km]

    Notes
    -----
    A choice of this project (`loadmon.evidence.RAMP_START`); no trial stands behind the numbers.
    """
    max_km = RAMP_START["max_km"]
    if not longest_before_km > 0:
        return max_km
    start = min(max_km, RAMP_START["share_of_longest"] * longest_before_km)
    full, none = RAMP_START["full_until_days"], RAMP_START["start_from_days"]
    share = min(1.0, max(0.0, (days_off - full) / (none - full)))
    return longest_before_km + (start - longest_before_km) * share
