"""What was run before a plan: the lay-off, a return that is still going on, the usual week."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.athlete import Athlete
from loadmon.calendar import calendar_of_archive, days_between
from loadmon.daily import daily_load
from loadmon.errors import SettingError
from loadmon.evidence.limits import LAYOFF, WINDOWS
from loadmon.evidence.ramp import (
    RAMP_GRID,
    RAMP_HORIZON,
    RAMP_PATTERN,
    RAMP_RETURN,
)
from loadmon.ratio import Floats
from loadmon.rules import limits as limit_rules
from loadmon.rules import return_to_run, session_spike
from loadmon.rules.context import WEEK
from loadmon.rules.limits import Limits
from loadmon.rules.return_to_run import ReturnToRun, find_return, first_of_return, return_on

DAY = pd.Timedelta(days=1)
_COLUMNS = ["load", "longest_km", "runs", "run_day", "walk_km", "other_min"]
_BEYOND = "beyond_km"  # what `load` leaves out of an event


class Archive(Protocol):
    """What the ramp needs of an archive."""

    @property
    def activities(self) -> pd.DataFrame:
        """One row per activity."""


@dataclass(frozen=True, slots=True)
class History:
    """Every day from the first recorded one to the day before the plan, and what follows from it.

    An unknown day counts as 0 km: a smaller base is the stricter one. An event counts as the
    longest outing that is none.
    """

    first: pd.Timestamp  # of the plan
    km: list[float]  # load of each day
    longest_km: list[float]
    ran: list[bool]  # whether it was a run day
    beyond_km: list[float]  # what of an event `km` leaves out
    #: Position in `km` of day 1 of the limits: the first day of the plan, or a day before it where
    #: the plan continues a return or regular running.
    origin: int
    days_off: int  # full days before `first` or the return; -1: no run is known at all
    start_km: float  # longest first run of the return; 0: there is nothing to return from
    #: Most in the first seven days of a return; where there is none, a week that counts as run.
    early_week_km: float
    earlier: return_to_run.EarlierWeeks  # the run days of all these
    #: Of the 28 and the 30 days that end with the last run before the lay-off; NaN: not known.
    mean_week_km: float
    longest_before_km: float
    #: The largest of `mean_week_km`, that before the return rests on, and before interrupted ones,
    #: and what earlier running leaves: a week missed lowers nothing that a lay-off would leave.
    baseline_week_km: float
    #: Largest mean week of four, and longest run, of two years before the plan; 0 where none is.
    known_week_km: float
    #: Largest mean week of four in the twelve weeks up to the last run, or up to the last of the
    #: running that the return rests on.
    usual_week_km: float
    known_long_km: float
    last_run: pd.Timestamp  # before the lay-off; the day before `first` where there is none
    first_return: pd.Timestamp  # first day of this return, or of one that a lay-off interrupted
    longest_days_off: int  # of those returns
    unknown_days: int  # of the 28 before the plan
    #: Whether a day is kept between runs: after 14 or more days off, also where a shorter lay-off
    #: has interrupted that return, or after nothing.
    is_apart: bool
    #: Share of a week that was run on each day of the week, Monday first; all 0: not known.
    pattern: tuple[float, ...]
    #: Load of each day that weeks grow from, less what was run beyond a plan; None: all of it.
    counted_km: list[float] | None = None
    #: Most of seven days that a return on the first day with a run would begin with. Where there is
    #: none, or one goes on, a plan leaves no less for four weeks, whatever was run of late.
    left_week_km: float = 0.0

    @property
    def carries_on(self) -> bool:
        """Whether there is nothing to return from: no lay-off, and no return going on."""
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

    @property
    def is_long(self) -> bool:
        """Whether the return follows 14 or more days off, or nothing."""
        off = self.days_off
        return not self.carries_on and (off < 0 or off >= LAYOFF["returning_from_days"])

    @property
    def starts_small(self) -> bool:
        """Whether the return began after so long that its first run was a try of 3 km at most."""
        from_days = return_to_run.RAMP_START["start_from_days"]
        is_long_off = self.days_off < 0 or self.days_off >= from_days
        return is_long_off and not self.carries_on


def recorded_days(archive: Archive, as_of: pd.Timestamp) -> pd.DataFrame:
    """Daily running up to `as_of`, events left out: ``load``, ``longest_km``, ``runs``, ``run_day``

    beside ``walk_km`` and ``other_min`` of the day.
    """
    calendar = calendar_of_archive(archive, as_of)
    daily = daily_load(archive.activities, calendar=calendar)
    if daily.empty:
        return columns_of(daily)
    athlete = getattr(archive, "athlete", None) or Athlete()
    activities = archive.activities
    if "activity_id" not in activities.columns:  # a row is a recording, whatever it is called
        activities = activities.assign(activity_id=activities.index.astype("str"))
    spikes = session_spike.session_spikes(activities, calendar=calendar)
    return ordinary_days(daily, session_spike.by_outing(spikes), athlete.diary)


def ordinary_days(daily: pd.DataFrame, outings: pd.DataFrame, diary: pd.DataFrame) -> pd.DataFrame:
    """Columns of a daily load that a plan rests on, its events cut down to ordinary outings."""
    days = columns_of(daily)
    if days.empty:
        return days
    beyond = session_spike.beyond_ordinary(outings, diary, days.index[-1] + DAY)
    whole = days["load"].to_numpy()
    ordinary = {
        column: session_spike.cut_down(days[column].to_numpy(), days.index, beyond)
        for column in ("load", "longest_km")
    }
    return days.assign(**ordinary, **{_BEYOND: np.nan_to_num(whole - ordinary["load"])})


def columns_of(daily: pd.DataFrame) -> pd.DataFrame:
    """Columns of a daily load that a plan rests on, all numbers; no day is an event."""
    return daily[_COLUMNS].astype({"run_day": "int64"}).assign(**{_BEYOND: 0.0})


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
    load, longest_km = (daily[c].to_numpy(dtype=float) for c in ("load", "longest_km"))
    km, ran = np.nan_to_num(load), daily["run_day"].to_numpy() > 0
    runs = pd.DatetimeIndex(daily.index[ran])
    back = current_return(daily, first)
    if len(runs) and (first - runs[-1]).days > WINDOWS["chronic"]:
        back = return_on(daily, first)  # nothing of the last four weeks goes on, however usual
    if back is None and (limits.always_return or runs.empty or _is_first_gap(runs, first)):
        back = return_on(daily, first)
    carries_on = back is None
    origin = first if back is None else back.first
    earlier = runs[runs < origin]
    week, longest = baseline(daily, earlier)
    interrupted = interrupted_returns(daily, earlier)
    days_off = int((origin - earlier[-1]).days) - 1 if len(earlier) else -1
    start, is_apart, habit = 0.0, False, origin
    if len(earlier):
        habit = return_to_run.habit_day(daily, first) if back is None else back.habit
        if (first - habit).days <= WEEK:  # of this week: all that was run is the habit
            habit = earlier[-1]
    usual = baseline(daily, runs[runs <= habit])[0] if len(earlier) else 0.0
    # Four weeks of less are no new habit: what is usual is what was before them.
    month_ago = first - RAMP_HORIZON["base_days"] * DAY
    lately = [*earlier[earlier < month_ago][-1:], *earlier[earlier >= month_ago]]
    usual = max([usual, *(baseline(daily, runs[runs <= day])[0] for day in lately)])
    weeks, begin = return_to_run.earlier_weeks(daily), return_to_run.day_number(daily, origin)
    left = weeks.most_left(begin)
    early_week = return_to_run.first_week_km(weeks, begin) if len(daily) else float("inf")
    if back is not None:
        own = back.start_km if limits.start_km is None else limits.start_km
        begin = return_to_run.day_number(daily, back.first)
        start = _start_km(np.nan_to_num(longest_km)[:begin], own, limits)
        early_week = max(back.start_week_km, start)
        long = return_to_run.long_return(back, daily)
        span = return_to_run.RAMP_DAYS["no_consecutive_days"]
        is_apart = days_off < 0 or bool(
            long and return_to_run.day_between((first - long.first).days, span)
        )
    return History(
        first=first,
        km=km.tolist(),
        longest_km=np.nan_to_num(longest_km).tolist(),
        ran=ran.tolist(),
        beyond_km=daily[_BEYOND].tolist(),
        origin=0 if carries_on else len(daily) - int((first - origin).days),
        days_off=days_off,
        start_km=start,
        early_week_km=early_week,
        earlier=weeks,
        mean_week_km=week,
        longest_before_km=longest,
        baseline_week_km=max([week, left, usual, *(km for _, km in interrupted)]),
        known_week_km=largest_mean_week(_lately(km)),
        usual_week_km=_usual_week(
            km, [return_to_run.day_number(daily, day) + 1 for day in (*earlier[-1:], habit)]
        ),
        known_long_km=float(_lately(np.nan_to_num(longest_km)).max(initial=0.0)),
        last_run=earlier[-1] if len(earlier) else first - DAY,
        first_return=interrupted[-1][0].first if interrupted else origin,
        longest_days_off=max([days_off, *(one.days_off for one, _ in interrupted)]),
        unknown_days=int(np.isnan(load[-int(WINDOWS["chronic"]) :]).sum()),
        is_apart=is_apart,
        pattern=week_pattern(
            pd.Series(np.where(ran, km, 0.0), daily.index),
            runs[runs <= habit] if len(runs) else runs,
        ),
    )


def _is_first_gap(runs: pd.DatetimeIndex, first: pd.Timestamp) -> bool:
    """Whether one run day alone is known, more than a week ago: nothing says what is usual."""
    full = return_to_run.RAMP_START["full_until_days"]
    return len(runs) == 1 and (first - runs[-1]).days - 1 > full


def current_return(daily: pd.DataFrame, day: pd.Timestamp) -> ReturnToRun | None:
    """Return to running that is going on before a day, or begins on it, if any.

    One that began in the last 28 days; or an older one, as long as no two weeks in a row since
    then came near the mean week before it (`loadmon.evidence.ramp.RAMP_RETURN`).
    """
    if daily.empty:
        return None
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
    end = return_to_run.day_number(daily, runs[-1]) + 1
    load, longest_km = (daily[c].to_numpy(dtype=float) for c in ("load", "longest_km"))
    month = np.nan_to_num(load[max(0, end - int(RAMP_HORIZON["base_days"])) : end])
    week = float(month.sum()) / math.ceil(len(month) / WEEK)
    since = max(0, end - int(session_spike.SESSION_SPIKE["window_days"]))
    back = first_of_return(daily, runs[-1])
    since = since if back is None else max(since, return_to_run.day_number(daily, back))
    longest = float(np.fmax.reduce(longest_km[since:end]))
    return week, longest if longest > 0 else float("nan")


def largest_mean_week(km: Floats) -> float:
    """Largest mean week of any 28 of some days; 0 where there is none. [km]"""
    days = int(RAMP_HORIZON["base_days"])
    return float(_sums_of_month(km).max(initial=0.0)) / (days / WEEK)


def _usual_week(km: Floats, ends: list[int]) -> float:
    """Largest mean week of the twelve weeks of days before each of some ends."""
    weeks = np.ceil(np.minimum(np.arange(len(km)) + 1, RAMP_HORIZON["base_days"]) / WEEK)
    mean, span = _sums_of_month(km) / weeks, WEEK * int(RAMP_PATTERN["weeks"])
    ends = [min(end, len(km)) for end in ends]
    return max(float(mean[max(0, end - span) : end].max(initial=0.0)) for end in ends)


def _sums_of_month(km: Floats) -> Floats:
    """Sum of the 28 days up to each, or of as many as there are."""
    sums = pd.Series(km).rolling(int(RAMP_HORIZON["base_days"]), min_periods=1).sum()
    return sums.to_numpy(dtype=float)


def _lately(km: Floats) -> Floats:
    return km[-int(limit_rules.RAMP_WEEK["known_days"]) :]


def week_pattern(load: pd.Series, runs: pd.DatetimeIndex) -> tuple[float, ...]:
    """Share of a week that was run on each day of the week in the twelve weeks up to the last run.

    As many days as a week with a run usually had, whether weeks end with the last run or wherever
    most of them agree; those that were run on most often.
    """
    if runs.empty:
        return (0.0,) * WEEK
    days = load.loc[runs[0] : runs[-1]].iloc[-WEEK * int(RAMP_PATTERN["weeks"]) :]
    ran = days.to_numpy() > 0
    if not ran.any():
        return (0.0,) * WEEK
    usual = _usual_runs(ran)
    weekday, kms = pd.DatetimeIndex(days.index).day_of_week[ran], days.to_numpy()[ran]
    of_days = {d: kms[weekday == d] for d in set(weekday.tolist())}
    mean = {d: math.fsum(km) / len(km) for d, km in of_days.items()}
    chosen = sorted(mean, key=lambda d: (-len(of_days[d]), -mean[d], d))[:usual]
    total = sum(mean[d] for d in chosen)
    return tuple(mean[d] / total if d in chosen else 0.0 for d in range(WEEK))


def _usual_runs(ran: npt.NDArray[np.bool_]) -> int:
    """Run days that a week usually has, if it has one.

    Of weeks that end on the last of these days, unless the whole weeks that end on most others have
    more.
    """
    ago, each = np.arange(len(ran))[::-1], []
    for later in range(WEEK):
        week = (ago + later) // WEEK
        counts = np.bincount(week, ran)
        whole = counts[np.bincount(week) == WEEK] if later else counts
        whole = whole if (whole > 0).any() else counts
        each.append(math.floor(float(np.median(whole[whole > 0])) + 0.5))
    return max(each[0], sorted(each)[WEEK // 2])


def interrupted_returns(
    daily: pd.DataFrame, runs: pd.DatetimeIndex
) -> list[tuple[ReturnToRun, float]]:
    """Returns that a lay-off cut short, the latest first, and the mean week before each. [km]"""
    out = []
    while len(runs) and (back := current_return(daily, runs[-1])) is not None:
        runs = runs[runs < back.first]
        out.append((back, baseline(daily, runs)[0]))
    return out


def _start_km(longest_km: Floats, start: float, limits: Limits) -> float:
    """Longest first run of a return, never above the session rule of the monitor itself. [km]

    `longest_km`: of each day before it.
    """
    window = int(session_spike.SESSION_SPIKE["window_days"])
    recent = float(longest_km[-window:].max(initial=0.0))
    if recent > 0:
        ratio, floor = 1 + limits.session_growth, limits.session_floor_km
        allowed = session_spike.longest_allowed(recent, ratio, floor)
        small = float(session_spike.try_km(longest_km.max()))
        start = min(start, max(allowed, small))
    if start < RAMP_GRID["shortest_km"]:
        raise SettingError(
            f"the first run would be {start:.2f} km, too short to plan with; set its distance: "
            "limits=Limits(start_km=2.0)"
        )
    return start
