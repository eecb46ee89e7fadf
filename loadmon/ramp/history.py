"""What a return to running starts from: the history, and earlier returns in it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from loadmon.calendar import calendar_of_archive, days_between
from loadmon.daily import daily_load
from loadmon.errors import SettingError
from loadmon.evidence.limits import SESSION_SPIKE, WINDOWS
from loadmon.evidence.ramp import RAMP_GRID, RAMP_HORIZON, RAMP_RETURN, RAMP_START
from loadmon.rules.limits import Limits, start_cap_km
from loadmon.rules.return_to_run import Comeback, comeback_at

# Returns to running in the history: which one is still going on, and what was usual before it.

_ONE = pd.Timedelta(days=1)
_WEEK = int(WINDOWS["acute"])


@dataclass(frozen=True, slots=True)
class CutShort:
    """A return that was still going on when the next break began.

    Parameters
    ----------
    first : Timestamp
        Day of its first run.
    days_off : int
        Full days without a run before it. [d]
    week_km : float
        Mean week before it. [km]
    """

    first: pd.Timestamp
    days_off: int
    week_km: float


def return_at(daily: pd.DataFrame, known: pd.DataFrame, day: pd.Timestamp) -> Comeback | None:
    """Find the return that is going on before a day, if any.

    Returns one that began in the last 28 days; or an older one, as long as no two weeks in a row
    since then came near the mean week before it (`loadmon.evidence.ramp.RAMP_RETURN`).
    """
    back = comeback_at(daily, day)
    if back is not None:
        return back
    back = comeback_at(daily, day, within=int(RAMP_RETURN["days"]) * _ONE)
    if back is None:
        return None
    runs = daily.index[daily["runs"] > 0]
    usual, _ = base(daily, known, pd.DatetimeIndex(runs[runs < back.first]))
    since = known.loc[back.first : day, "load"]
    most = float(since.rolling(2 * _WEEK, min_periods=1).sum().max())
    return None if most >= 2 * RAMP_RETURN["share"] * usual else back


def base(daily: pd.DataFrame, known: pd.DataFrame, runs: pd.DatetimeIndex) -> tuple[float, float]:
    """Mean week of the 28 days, and longest run of the 30 days, that end with the last run.

    Returns [km] The longest run only since a return that began shortly before. NaN: none is known.
    """
    if runs.empty:
        return float("nan"), float("nan")
    last = runs[-1]
    start = last - (RAMP_HORIZON["base_days"] - 1) * _ONE
    month = known.loc[start:last, "load"]
    week = float(month.sum()) / math.ceil(len(month) / _WEEK)
    before = last - (SESSION_SPIKE["window_days"] - 1) * _ONE
    back = comeback_at(daily, last)
    since = before if back is None else max(before, back.first)
    longest = float(known.loc[since:last, "longest_km"].max())
    return week, longest if longest > 0 else float("nan")


def cut_short(daily: pd.DataFrame, known: pd.DataFrame, runs: pd.DatetimeIndex) -> list[CutShort]:
    """Returns that breaks have cut short, the latest first."""
    back = return_at(daily, known, runs[-1]) if len(runs) else None
    if back is None:
        return []
    earlier = runs[runs < back.first]
    week, _ = base(daily, known, earlier)
    cut = CutShort(back.first, back.days_off, week)
    return [cut, *cut_short(daily, known, earlier)]


# What was run before the plan: how long the break was, what the first run may be, the base.


class Archive(Protocol):
    """What the ramp needs of an archive."""

    @property
    def activities(self) -> pd.DataFrame:
        """One row per activity."""


@dataclass(frozen=True, slots=True)
class Before:
    """Every day from the first recorded one to the day before the plan, and what follows from it.

    Parameters
    ----------
    first : Timestamp
        First day of the plan.
    km, longest_km : list of float
        Load and longest run of each day. [km] An unknown day counts as 0: a smaller base is
        the stricter one.
    ran : list of bool
        Whether there was a run on each day, of whatever distance.
    origin : int
        Place in `km` of the day of the return, which is day 1 of the limits: the first day of the
        plan; or, where the plan goes on with a return or with running, a day before it.
    days_off : int
        Full days without a run before `first`; -1 where no run is known at all. [d]
    start_km : float
        Longest first run of the return. [km] 0 where the plan carries on without a return.
    line_km : float
        Most in seven days before the 14th day of a return from a shorter break. [km]
        Infinite where there is no such line.
    week_km, longest_before_km : float
        Mean week of the 28 days, longest run of the 30 days, that end with the last run
        before the break. [km] NaN where none is known.
    usual_week_km : float
        The same mean week, or the one before an earlier break if that return was still going on
        and it is larger. [km]
    break_eve : Timestamp
        Day of the last run before the break; the day before `first` where there is none.
    chain_first : Timestamp
        First day of this return, or of an earlier one that a break cut short.
    chain_days_off : int
        Longest break of those returns. [d]
    unknown_days : int
        Unknown days among the 28 before the plan. [d]
    """

    first: pd.Timestamp
    km: list[float]
    longest_km: list[float]
    ran: list[bool]
    origin: int
    days_off: int
    start_km: float
    line_km: float
    week_km: float
    longest_before_km: float
    usual_week_km: float
    break_eve: pd.Timestamp
    chain_first: pd.Timestamp
    chain_days_off: int
    unknown_days: int

    @property
    def carries_on(self) -> bool:
        """Whether there is nothing to return from: under 6 days off, and no return going on."""
        return self.start_km == 0

    @property
    def days_since(self) -> int:
        """Days of the return before the plan; 0 where it begins with it, or there is none. [d]"""
        return 0 if self.carries_on else len(self.km) - self.origin

    @property
    def mid_return(self) -> bool:
        """Whether the plan goes on with a return that has already begun."""
        return self.origin < len(self.km) and not self.carries_on


def daily_before(archive: Archive, first: pd.Timestamp, as_of: pd.Timestamp) -> pd.DataFrame:
    """Daily load up to the day before the plan, of activities up to `as_of`."""
    return until(known_days(archive, min(as_of, first - _ONE)), first)


def known_days(archive: Archive, as_of: pd.Timestamp) -> pd.DataFrame:
    """Daily load of the activities up to `as_of`: ``load``, ``longest_km``, ``runs``."""
    daily = daily_load(archive.activities, calendar=calendar_of_archive(archive, as_of))
    return daily[["load", "longest_km", "runs"]]


def until(daily: pd.DataFrame, first: pd.Timestamp) -> pd.DataFrame:
    """Known days up to the day before a plan; those after the last of them are planned rest.

    Returns index ``date`` to the day before `first`; ``load`` and ``longest_km`` NaN where
    unknown; ``runs``. Empty where nothing is recorded.
    """
    if daily.empty:
        return daily
    days = days_between(daily.index[0], first - _ONE)
    return daily.reindex(days, fill_value=0)


def look_back(daily: pd.DataFrame, first: pd.Timestamp, limits: Limits) -> Before:
    """Judge the break before a plan.

    A day that may hold a run, but whose file cannot be read, counts as a day off: the longer break
    is the stricter one. A plan goes on with a return for 28 days, and later until the usual week
    was there again: what was run before it does not count. Between 7 and 30 days off, the weeks
    before the 14th day stay under a line from the mean week before the break to three times the
    first run after 30 days off, so that no short break is followed by a bigger week than before
    it, unless a first run of 3 km is one; a choice of this project.
    """
    known = daily.fillna(0.0)
    ran = (known["runs"] > 0) & ~(daily["load"] == 0)
    runs = pd.DatetimeIndex(daily.index[ran])
    off = int((first - runs[-1]).days) - 1 if len(runs) else -1
    is_near = 0 <= off < RAMP_START["no_ramp_under_days"]
    back = return_at(daily, known, first) if is_near else None
    origin = first if back is None else back.first
    carries_on = is_near and back is None
    earlier = runs[runs < origin]
    week, longest = base(daily, known, earlier)
    gap = int((origin - earlier[-1]).days) - 1 if len(earlier) else -1
    chain = cut_short(daily, known, earlier)
    start, line = 0.0, float("inf")
    if not carries_on:
        start = _start_km(known["longest_km"], origin, gap, longest, limits)
        line = max(_line_km(gap, longest, week), min(start, RAMP_START["max_km"]))
        start = min(start, line)
    return Before(
        first=first,
        km=known["load"].tolist(),
        longest_km=known["longest_km"].tolist(),
        ran=ran.tolist(),
        origin=0 if carries_on else len(daily) - int((first - origin).days),
        days_off=gap if back is not None else off,
        start_km=start,
        line_km=line,
        week_km=week,
        longest_before_km=longest,
        usual_week_km=max([week, *(c.week_km for c in chain)]) if chain else week,
        break_eve=earlier[-1] if len(earlier) else first - _ONE,
        chain_first=chain[-1].first if chain else origin,
        chain_days_off=max([gap if back is not None else off, *(c.days_off for c in chain)]),
        unknown_days=int(daily["load"].iloc[-int(WINDOWS["chronic"]) :].isna().sum()),
    )


def _start_km(
    longest_km: pd.Series, origin: pd.Timestamp, gap: int, longest: float, limits: Limits
) -> float:
    """Longest first run of a return, never above the session rule of the monitor itself."""
    start = start_cap_km(gap, longest) if limits.start_km is None else limits.start_km
    window = longest_km.loc[origin - SESSION_SPIKE["window_days"] * _ONE : origin - _ONE]
    seen = float(window.max()) if len(window) else 0.0
    if seen > 0:
        start = min(start, max((1 + limits.session_growth) * seen, seen + limits.session_floor_km))
    if start < RAMP_GRID["step_km"]:
        raise SettingError(
            f"the first run would be {start:.2f} km, too short to plan with; say what it may be: "
            "limits=Limits(start_km=2.0)"
        )
    return start


def _line_km(gap: int, longest: float, week: float) -> float:
    """Most in seven days at first after 6 to 30 days off; infinite after any other break."""
    none = RAMP_START["start_from_days"]
    if not RAMP_START["no_ramp_under_days"] <= gap <= none or not week > 0:
        return float("inf")
    full = RAMP_START["full_until_days"]
    share = max(0.0, (gap - full) / (none - full))
    end = min(week, RAMP_START["runs_a_week"] * start_cap_km(int(none), longest))
    return week + (end - week) * share
