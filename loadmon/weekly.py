"""The weekly frame: ISO weeks of the local day, without gaps."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import pandas as pd

from loadmon.calendar import Calendar, Day, calendar_for, checked_activities
from loadmon.daily import by_kind, daily_load, known_sum
from loadmon.evidence import PUBLISHED
from loadmon.evidence.limits import WINDOWS
from loadmon.rules.numbers import marks, measures, session_spikes

#: Marks that belong to a week if any day of it has them; the others are those of its last day.
_ANY_DAY = ["session_spike"]
#: What is judged on the last day with a run, as a rest day decides nothing.
_LAST_RUN = ["weekly_change", "acwr"]
_LAST_DAY = ["monotony", "rest"]
#: What is needed of an activity to add up a week.
_SUMMED = ["date", "sport", "distance_km", "duration_min", "elevation_gain_m", "downhill_m"]
_AT_END = ["monotony", "strain", "acwr_coupled", "acwr_uncoupled", "acwr_ewma"]
_COLUMNS = [
    *[
        "runs",
        "run_days",
        "rest_days",
        "distance_km",
        "duration_min",
        "longest_km",
        "load",
        "change",
        *_AT_END,
    ],
    *["acwr_status", "max_session_ratio", "n_days", "n_known", "partial", "flags"],
    *["elevation_gain_m", "downhill_m", "walk_km", "other_min", "strength_sessions", "n_assumed"],
]


def weekly_load(
    activities: pd.DataFrame,
    *,
    load: str = "distance_km",
    sport: str = "running",
    as_of: Day | None = None,
    own: Mapping[str, float] = PUBLISHED,
    calendar: Calendar | None = None,
) -> pd.DataFrame:
    """One row for every ISO week from the first recorded activity to `as_of`.

    Parameters
    ----------
    activities, load, sport, as_of, calendar
        As in `loadmon.daily_load`.
    own : mapping of str to float
        The runner's own limits (``Athlete.limits``) for ``flags``; empty: the published ones.

    Returns
    -------
    DataFrame
        Index ``week_start`` (Monday), empty weeks included.

        ``runs``; ``run_days``, ``rest_days`` (days without a run) [d]; ``distance_km``,
        ``duration_min``, ``elevation_gain_m``, ``downhill_m`` of `sport`, ``walk_km``,
        ``other_min`` (all other sports): the sum of what is known, so at least that much where
        ``n_known`` is less than ``n_days``; NaN where nothing is known: no activity of a week
        tells it, or none was recorded and a day is unknown. ``longest_km``: longest known run;
        ``strength_sessions``: those recorded.

        ``load`` [unit of `load`]: NaN if one day is unknown. ``change``: ratio to the load of the
        week before [-], NaN if that is 0, or either week is unknown or partial.

        ``monotony``, ``strain``, ``acwr_coupled``, ``acwr_uncoupled``, ``acwr_ewma``,
        ``acwr_status`` (coupled): those of its Sunday, or of `as_of` in the last week; they look
        back 7 or 28 days, also over the week's border. ``max_session_ratio``: the largest of
        `loadmon.session_spikes` in the week [-], NaN if there is none.

        ``n_days``: days of the week from the first activity to `as_of`; ``n_known``: those whose
        load is known, ``n_assumed`` those of them that only count as known (``assumed`` of
        `loadmon.daily_load`); ``partial``: fewer than 7 days. ``flags``: what stands out, joined by
        commas: ``session_spike`` (on any day), ``weekly_change``, ``acwr`` (on its last run day),
        ``monotony``, ``rest`` (in the 7 days that end with it, too many run days or too many in a
        row); the limits of `loadmon.evidence`.

    Raises
    ------
    SettingError, FrameError
        As `loadmon.daily_load`.
    """
    activities = checked_activities(activities, ["date", *_SUMMED, "flags"])
    calendar = calendar_for(activities, calendar, as_of)
    daily = daily_load(activities, load=load, sport=sport, calendar=calendar)
    spikes = session_spikes(activities, sport=sport, own=own, calendar=calendar)
    numbers = measures(daily)
    week = _monday(daily.index)
    weeks = _totals(daily, week)
    weeks["change"] = _change(weeks)
    weeks["max_session_ratio"] = spikes["ratio"].groupby(_monday(spikes["date"])).max()
    ends = numbers.groupby(week).tail(1).set_axis(weeks.index)
    weeks[_AT_END] = ends[_AT_END]
    weeks["acwr_status"] = ends["status_coupled"]
    decided = (daily["runs"] > 0) & numbers["sum_7d"].notna()
    marked = marks(daily, numbers, spikes, own)
    in_a_row = marked["in_a_row"].astype("float64").rolling(int(WINDOWS["acute"]), min_periods=1)
    marked["rest"] |= in_a_row.max() > 0
    weeks["flags"] = _flags(marked, decided, week)
    counted = activities.loc[activities["date"].isin(daily.index), _SUMMED]
    whole = weeks["n_known"] == weeks["n_days"]
    return weeks.assign(**_sums(counted, sport, whole))[_COLUMNS]


def _sums(activities: pd.DataFrame, sport: str, whole: pd.Series) -> dict[str, pd.Series]:
    """Sum what is known of each week, by kind of sport; 0 only where every day is known."""
    own, walks, others = by_kind(activities, sport)
    wanted = {
        "distance_km": (own, "distance_km"),
        "duration_min": (own, "duration_min"),
        "elevation_gain_m": (own, "elevation_gain_m"),
        "downhill_m": (own, "downhill_m"),
        "walk_km": (walks, "distance_km"),
        "other_min": (others, "duration_min"),
    }
    return {
        name: known_sum(rows, column, pd.Series(_monday(rows["date"]), rows.index), whole)
        for name, (rows, column) in wanted.items()
    }


def _monday(when: pd.Index | pd.Series) -> pd.DatetimeIndex:
    """Monday of the ISO week of each day."""
    days = pd.DatetimeIndex(when)
    return (days - pd.to_timedelta(days.day_of_week, unit="D")).rename("week_start")


def _totals(daily: pd.DataFrame, week: pd.DatetimeIndex) -> pd.DataFrame:
    """Add up what adds up over a week."""
    days = daily.groupby(week)
    weeks = days[["runs", "strength_sessions"]].sum()
    weeks["run_days"] = (daily["runs"] > 0).groupby(week).sum()
    weeks["rest_days"] = (daily["status"] == "rest").groupby(week).sum()
    weeks["longest_km"] = days["longest_km"].max()
    weeks["load"] = days["load"].sum(skipna=False)
    weeks["n_days"] = days.size()
    weeks["n_known"] = days["load"].count()
    weeks["n_assumed"] = days["assumed"].sum()
    weeks["partial"] = weeks["n_days"] < WINDOWS["acute"]
    return weeks


def _change(weeks: pd.DataFrame) -> pd.Series:
    """Load over that of the week before, where both are complete and known."""
    whole = weeks["load"].mask(weeks["partial"])
    before = whole.shift()
    return whole / before.where(before > 0)


def _flags(marked: pd.DataFrame, decided: pd.Series, week: pd.DatetimeIndex) -> pd.Series:
    """Names of what stands out in each week, joined by commas."""
    days = marked.groupby(week)
    runs = marked.loc[decided, _LAST_RUN].groupby(week[decided]).last()
    weeks = pd.concat([days[_ANY_DAY].any(), runs, days[_LAST_DAY].last()], axis=1)
    rows = weeks.fillna(False).to_numpy(dtype=bool)
    columns = [*weeks.columns]
    names = [",".join(itertools.compress(columns, row)) for row in rows.tolist()]
    return pd.Series(names, index=weeks.index, dtype="str")
