"""What was run before a plan: the lay-off, a return that is still going on, the usual week."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from loadmon.calendar import calendar_of_archive, days_between
from loadmon.daily import daily_load
from loadmon.errors import SettingError
from loadmon.evidence.limits import WINDOWS
from loadmon.evidence.ramp import RAMP_GRID, RAMP_HORIZON, RAMP_RETURN
from loadmon.rules import return_to_run, session_spike
from loadmon.rules.context import WEEK
from loadmon.rules.limits import Limits
from loadmon.rules.return_to_run import ReturnToRun, find_return, start_cap_km

DAY = pd.Timedelta(days=1)


class Archive(Protocol):
    """What the ramp needs of an archive."""

    @property
    def activities(self) -> pd.DataFrame:
        """One row per activity."""


@dataclass(frozen=True, slots=True)
class History:
    """Every day from the first recorded one to the day before the plan, and what follows from it.

    An unknown day counts as 0 km: a smaller base is the stricter one.
    """

    first: pd.Timestamp  # of the plan
    km: list[float]  # load of each day
    longest_km: list[float]
    ran: list[bool]  # whatever the distance
    #: Position in `km` of day 1 of the limits: the first day of the plan, or a day before it where
    #: the plan continues a return or regular running.
    origin: int
    days_off: int  # full days before `first` or the return; -1: no run is known at all
    start_km: float  # longest first run of the return; 0: there is nothing to return from
    early_week_km: float  # most in 7 days before day 14 after a short lay-off; else infinite
    #: Of the 28 and the 30 days that end with the last run before the lay-off; NaN: not known.
    mean_week_km: float
    longest_before_km: float
    baseline_week_km: float  # the larger of `mean_week_km` and those before interrupted returns
    last_run: pd.Timestamp  # before the lay-off; the day before `first` where there is none
    first_return: pd.Timestamp  # first day of this return, or of one that a lay-off interrupted
    longest_days_off: int  # of those returns
    unknown_days: int  # of the 28 before the plan

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
        """Whether the plan continues a return that has already begun."""
        return self.origin < len(self.km) and not self.carries_on

    @property
    def return_day(self) -> pd.Timestamp:
        """First day of the return; `first` where there is none."""
        return self.first - self.days_since * DAY


def recorded_days(archive: Archive, as_of: pd.Timestamp) -> pd.DataFrame:
    """Daily load up to `as_of`: ``load``, ``longest_km``, ``runs`` and ``run_day``."""
    daily = daily_load(archive.activities, calendar=calendar_of_archive(archive, as_of))
    return columns_of(daily)


def columns_of(daily: pd.DataFrame) -> pd.DataFrame:
    """Columns of a daily load that a plan rests on, all numbers."""
    return daily[["load", "longest_km", "runs", "run_day"]].astype({"run_day": "int64"})


def days_before(recorded: pd.DataFrame, first: pd.Timestamp) -> pd.DataFrame:
    """Days up to the one before a plan; those after the last recorded one are planned rest."""
    if recorded.empty:
        return recorded
    days = days_between(recorded.index[0], first - DAY)
    return recorded.reindex(days, fill_value=0)


def build_history(daily: pd.DataFrame, first: pd.Timestamp, limits: Limits) -> History:
    """Find the lay-off before a plan, and what the limits make of it.

    A day whose file cannot be read counts as a day off: the longer lay-off is the stricter one.
    """
    known = daily.fillna(0.0)
    ran = (daily["run_day"] > 0) & ~(daily["load"] == 0)
    runs = pd.DatetimeIndex(daily.index[ran])
    days_off = int((first - runs[-1]).days) - 1 if len(runs) else -1
    is_near = 0 <= days_off < return_to_run.RAMP_START["no_ramp_under_days"]
    back = current_return(daily, first) if is_near else None
    carries_on = is_near and back is None
    origin = first if back is None else back.first
    earlier = runs[runs < origin]
    lay_off = int((origin - earlier[-1]).days) - 1 if len(earlier) else -1
    week, longest = baseline(daily, earlier)
    start, early_week = 0.0, float("inf")
    if not carries_on:
        start = _start_km(known["longest_km"], origin, lay_off, longest, limits)
        least = min(start, return_to_run.RAMP_START["max_km"])
        early_week = max(_early_week_km(lay_off, longest, week), least)
        start = min(start, early_week)
    interrupted = interrupted_returns(daily, earlier)
    days_off = days_off if back is None else lay_off
    return History(
        first=first,
        km=known["load"].tolist(),
        longest_km=known["longest_km"].tolist(),
        ran=ran.tolist(),
        origin=0 if carries_on else len(daily) - int((first - origin).days),
        days_off=days_off,
        start_km=start,
        early_week_km=early_week,
        mean_week_km=week,
        longest_before_km=longest,
        baseline_week_km=max([week, *(km for _, km in interrupted)]),
        last_run=earlier[-1] if len(earlier) else first - DAY,
        first_return=interrupted[-1][0].first if interrupted else origin,
        longest_days_off=max([days_off, *(one.days_off for one, _ in interrupted)]),
        unknown_days=int(daily["load"].iloc[-int(WINDOWS["chronic"]) :].isna().sum()),
    )


def current_return(daily: pd.DataFrame, day: pd.Timestamp) -> ReturnToRun | None:
    """Return to running that is going on before a day, if any.

    One that began in the last 28 days; or an older one, as long as no two weeks in a row since
    then came near the mean week before it (`loadmon.evidence.ramp.RAMP_RETURN`).
    """
    back = find_return(daily, day)
    if back is not None:
        return back
    back = find_return(daily, day, within=int(RAMP_RETURN["days"]) * DAY)
    if back is None:
        return None
    runs = daily.index[daily["run_day"] > 0]
    usual, _ = baseline(daily, pd.DatetimeIndex(runs[runs < back.first]))
    since = daily.loc[back.first : day, "load"].fillna(0.0)
    most = float(since.rolling(2 * WEEK, min_periods=1).sum().max())
    return None if most >= 2 * RAMP_RETURN["share"] * usual else back


def baseline(daily: pd.DataFrame, runs: pd.DatetimeIndex) -> tuple[float, float]:
    """Mean week of the 28 days, and longest run of the 30 days, that end with the last run. [km]

    The longest run only since a return that began shortly before. NaN: none is known.
    """
    if runs.empty:
        return float("nan"), float("nan")
    last = runs[-1]
    month = daily.loc[last - (RAMP_HORIZON["base_days"] - 1) * DAY : last, "load"].fillna(0.0)
    week = float(month.sum()) / math.ceil(len(month) / WEEK)
    since = last - (session_spike.SESSION_SPIKE["window_days"] - 1) * DAY
    back = find_return(daily, last)
    since = since if back is None else max(since, back.first)
    longest = float(daily.loc[since:last, "longest_km"].max())
    return week, longest if longest > 0 else float("nan")


def interrupted_returns(
    daily: pd.DataFrame, runs: pd.DatetimeIndex
) -> list[tuple[ReturnToRun, float]]:
    """Returns that a lay-off cut short, the latest first, and the mean week before each. [km]"""
    out = []
    while len(runs) and (back := current_return(daily, runs[-1])) is not None:
        runs = runs[runs < back.first]
        out.append((back, baseline(daily, runs)[0]))
    return out


def _start_km(
    longest_km: pd.Series, origin: pd.Timestamp, lay_off: int, longest: float, limits: Limits
) -> float:
    """Longest first run of a return, never above the session rule of the monitor itself. [km]"""
    start = start_cap_km(lay_off, longest) if limits.start_km is None else limits.start_km
    since = origin - session_spike.SESSION_SPIKE["window_days"] * DAY
    recent = float(longest_km.loc[since : origin - DAY].max())  # NaN: there is no such day
    if recent > 0:
        ratio, floor = 1 + limits.session_growth, limits.session_floor_km
        start = min(start, session_spike.longest_allowed(recent, ratio, floor))
    if start < RAMP_GRID["step_km"]:
        raise SettingError(
            f"the first run would be {start:.2f} km, too short to plan with; set its distance: "
            "limits=Limits(start_km=2.0)"
        )
    return start


def _early_week_km(lay_off: int, longest: float, week: float) -> float:
    """Most in seven days before day 14, after 6 to 30 days off; infinite after any other. [km]

    A line from the mean week before the lay-off to three times the first run after 30 days off,
    so that no short lay-off is followed by a bigger week than before it; a choice of this project.
    """
    rule = return_to_run.RAMP_START
    full, none = rule["full_until_days"], rule["start_from_days"]
    if not rule["no_ramp_under_days"] <= lay_off <= none or not week > 0:
        return float("inf")
    share = max(0.0, (lay_off - full) / (none - full))
    end = min(week, rule["runs_a_week"] * start_cap_km(int(none), longest))
    return week + (end - week) * share
