"""A history in numbers, for a runner without files: `usual`, and what it cannot know."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import pandas as pd

from loadmon.arguments import check_kind, is_number, quoted
from loadmon.athlete import Athlete
from loadmon.calendar import Day, day_of, with_unknown_days
from loadmon.errors import SettingError
from loadmon.evidence.ramp import RAMP_GRID
from loadmon.io.archive import (
    ACTIVITY_COLUMNS,
    FILE_COLUMNS,
    Archive,
    Details,
    days_frame,
    unix_table,
)
from loadmon.io.intensity import MARKS
from loadmon.io.load_columns import IntensityHistograms
from loadmon.units import Units, check_units, count_text, day_text, distance_text

#: Whole weeks that are taken to have been alike: half a year, and four for what is compared with
#: it. Nothing that a plan or the limits of a day rest on looks further back.
WEEKS = 30
#: No runner's week: a number above it is a slip of the keyboard. [km]
MOST_WEEK_KM = 400.0
_LEAST_KM = RAMP_GRID["shortest_km"]
_FIRST_YEAR, _LAST_YEAR = 1950, 9800
_WEEK_D = 7
_DAY_S = 86_400
_NOON_S = 12 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedHistory(Archive):
    """An archive without files: what a runner says of a usual week, as activities.

    `usual` makes it. It is an `Archive` whose ledger is empty, and goes wherever one goes.

    Parameters
    ----------
    weekly_km, longest_km : float
        Usual week, and the longest run of it. [km]
    runs : int
        Runs a week.
    last_run : Timestamp
        Day of the last run; the days after it are rest.
    activities, files, athlete, issues, reasons, sets, device_settings, gear, settings
        As in `loadmon.Archive`; there is one row of activities a run, and none of anything else.
    pauses, exports, unknown_days, rest_stated_until, old_export_on
        As in `loadmon.Archive`; no day is unknown, and all after the last run are rest.
    """

    weekly_km: float
    longest_km: float
    runs: int
    last_run: pd.Timestamp

    def statement(self, units: Units | None = None) -> str:
        """What everything rests on, and what that leaves out.

        Parameters
        ----------
        units : {"km", "mi"}, optional
            Unit of the distances; None is the athlete's.

        Returns
        -------
        str
            Two sentences, to stand before whatever is said from these numbers.
        """
        units = self.athlete.units if units is None else check_units(units)
        week, longest = (distance_text(km, units) for km in (self.weekly_km, self.longest_km))
        return (
            f"From the numbers you typed: {week} a week in {count_text(self.runs, 'run')}, longest "
            f"{longest}, last run {day_text(self.last_run)} {self.last_run.year}, as if every week "
            "of the half year before had been like that. loadmon cannot see pain, races, or days "
            "you did not mention."
        )


def usual(
    weekly_km: float,
    longest_km: float,
    *,
    runs: int = 3,
    last_run: Day,
    athlete: Athlete | None = None,
) -> StatedHistory:
    """Make a history from a few numbers, where there are no files.

    Parameters
    ----------
    weekly_km : float
        Distance of a usual week before the last run. [km]
    longest_km : float
        Longest run of such a week. [km]
    runs : int
        Runs in such a week, 1 to 7.
    last_run : str, date or Timestamp
        Day of the last run.
    athlete : Athlete, optional
        Units, own limits, diary.

    Returns
    -------
    StatedHistory
        What `loadmon.plan_ramp`, `loadmon.today` and `loadmon.check` take in place of an archive:
        weeks that are all alike. The longest run is on the weekday of the last run, and is the last
        run; the others share the rest of the week equally and lie as far apart as days allow.

    Raises
    ------
    SettingError
        If a number is none, negative or infinite; a week is above 400 km, or cannot be made of so
        many runs of at most `longest_km`; a run would be under 0.5 km; `last_run` is no day.

    Notes
    -----
    It knows distances and nothing else: no time, pace, heart rate or climb (NaN), no other sport,
    and no single day on which it was otherwise. The days after `last_run` are rest.
    """
    if athlete is not None:
        check_kind(athlete, Athlete, "athlete", "an Athlete")
    checked_week(weekly_km)
    checked_longest(longest_km, weekly_km)
    checked_runs(runs, weekly_km, longest_km)
    last = checked_last_run(last_run)
    activities = _activities(float(weekly_km), float(longest_km), int(runs), last)
    nothing = IntensityHistograms([bytes(MARKS)] * len(activities))
    return StatedHistory(
        activities=activities,
        files=unix_table([], dict.fromkeys(FILE_COLUMNS, "str")),
        athlete=Athlete() if athlete is None else athlete,
        unknown_days=days_frame([]),
        rest_stated_until=day_of(f"{_LAST_YEAR}-12-31"),
        _details=Details(histograms=lambda: nothing),
        weekly_km=float(weekly_km),
        longest_km=float(longest_km),
        runs=int(runs),
        last_run=last,
    )


def introduced(message: str, archive: object) -> str:
    """Message of a plan that begins with what it rests on, where that was typed."""
    if not isinstance(archive, StatedHistory):
        return message
    statement = archive.statement()
    return message if statement in message else f"{statement}\n{message}"


def _activities(weekly_km: float, longest_km: float, runs: int, last: pd.Timestamp) -> pd.DataFrame:
    """Alike weeks up to the last run, in order of time."""
    other_km = (weekly_km - longest_km) / (runs - 1) if runs > 1 else 0.0
    last_s = last.timestamp() + _NOON_S  # a naive Timestamp counts as UTC
    days = [
        (week * _WEEK_D + before, longest_km if before == 0 else other_km)
        for week in range(WEEKS)
        for before in days_before_the_last(runs)
    ]
    rows = [
        {
            "activity_id": f"usual-{n}",
            "start_utc": last_s - ago * _DAY_S,
            "date": last_s - ago * _DAY_S,
            "utc_offset_min": 0.0,
            "sport": "running",
            "tz_source": "stated",
            "distance_km": km,
            "distance_source": "stated",
        }
        for n, (ago, km) in enumerate(sorted(days, reverse=True))
    ]
    return with_unknown_days(unix_table(rows, ACTIVITY_COLUMNS), [], are_all=True)


def days_before_the_last(runs: int) -> list[int]:
    """Days of a week with a run, counted back from the longest, as far apart as they can be."""
    return [math.floor(_WEEK_D * n / runs + 0.5) for n in range(runs)]


# Each number by itself, and against those before it: asked one by one in the terminal.


def checked_week(weekly_km: float) -> None:
    """Refuse a week that nobody runs."""
    km = _number("weekly_km (--usual)", weekly_km)
    if not _LEAST_KM <= km <= MOST_WEEK_KM:
        raise SettingError(
            f"weekly_km (--usual) must be from {_LEAST_KM:g} to {MOST_WEEK_KM:g} km in a usual "
            f"week, got {km:g}"
        )


def checked_longest(longest_km: float, weekly_km: float) -> None:
    """Refuse a longest run that is none, or longer than the week."""
    km = _number("longest_km (--longest)", longest_km)
    if km < _LEAST_KM:
        raise SettingError(
            f"longest_km (--longest) must be at least {_LEAST_KM:g} km, got {km:g}: a shorter run "
            "is nothing to plan from"
        )
    if km > weekly_km:
        raise SettingError(
            f"longest_km (--longest) {km:g} is more than the whole week, weekly_km (--usual) "
            f"{weekly_km:g}: raise the week, or lower the longest run"
        )


def checked_runs(runs: int, weekly_km: float, longest_km: float) -> None:
    """Refuse a number of runs that a week cannot be made of."""
    value: Any = runs
    is_whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not is_whole or not 1 <= int(runs) <= _WEEK_D:
        raise SettingError(
            f"runs (--runs) must be a whole number from 1 to 7 a week, got {quoted(value)}"
        )
    n = int(runs)
    times = count_text(n, "run")
    if weekly_km > n * longest_km + 1e-9:
        raise SettingError(
            f"runs (--runs): {times} of at most {longest_km:g} km are {n * longest_km:g} km, less "
            f"than the week of {weekly_km:g} km: raise runs (--runs) or longest_km (--longest), or "
            "lower weekly_km (--usual)"
        )
    if n > 1 and (weekly_km - longest_km) / (n - 1) < _LEAST_KM - 1e-9:
        raise SettingError(
            f"runs (--runs): a week of {weekly_km:g} km with a run of {longest_km:g} km leaves "
            f"{weekly_km - longest_km:.3g} km for the other {n - 1}, under {_LEAST_KM:g} km a run: "
            "lower runs (--runs) or longest_km (--longest), or raise weekly_km (--usual)"
        )


def checked_last_run(last_run: Day) -> pd.Timestamp:
    """Day of the last run; refuse what is none."""
    try:
        day = day_of(last_run)
    except SettingError as error:
        raise SettingError(f"last_run (--last-run): {error}") from None
    if not _FIRST_YEAR <= day.year < _LAST_YEAR:
        raise SettingError(
            f"last_run (--last-run): no run is in the year {day.year}; write the day that you mean"
        )
    return day


def _number(name: str, value: Any) -> float:
    """Finite number of 0 or more."""
    if not is_number(value):
        raise SettingError(f"{name} must be a number of kilometres, got {quoted(value)}")
    km = float(value)
    if not (math.isfinite(km) and km >= 0):
        raise SettingError(f"{name} must be a number of kilometres, 0 or more, got {km:g}")
    return km
