"""What every check looks at: the seven days that end on one day, and what led up to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from loadmon.checks.words import count_text, day_text
from loadmon.evidence.load import WINDOWS
from loadmon.load.calendar import Day, day_of, last_day
from loadmon.load.daily import daily_load
from loadmon.load.measures import marks, measures
from loadmon.load.spikes import session_spikes

#: Outcomes of files that may have held an activity.
_UNREADABLE = ("quarantined", "refused")


class Archive(Protocol):
    """What the checks need of an archive."""

    @property
    def activities(self) -> pd.DataFrame:
        """One row per activity."""

    @property
    def files(self) -> pd.DataFrame:
        """One row per input."""


@dataclass(frozen=True, slots=True)
class View:
    """One athlete's running up to a day.

    Parameters
    ----------
    as_of : Timestamp
        Last day that counts; NaT where nothing is recorded and no day was given.
    daily, numbers, marked : DataFrame
        `loadmon.daily_load`, `loadmon.load.measures.measures` and ``marks`` up to `as_of`.
    spikes : DataFrame
        `loadmon.session_spikes` up to `as_of`.
    n_unreadable : int
        Files that could not be read, whether or not their day is known.
    """

    as_of: pd.Timestamp
    daily: pd.DataFrame
    numbers: pd.DataFrame
    marked: pd.DataFrame
    spikes: pd.DataFrame
    n_unreadable: int

    def last(self, days: int) -> pd.DatetimeIndex:
        """Return the recorded calendar's part of the `days` days that end on `as_of`."""
        index = pd.DatetimeIndex(self.daily.index)
        return index[index > self.as_of - pd.Timedelta(days=days)]

    @property
    def week(self) -> pd.DatetimeIndex:
        """The seven days that are judged, as far as the calendar reaches back."""
        return self.last(int(WINDOWS["acute"]))

    @property
    def run_days(self) -> pd.DatetimeIndex:
        """Those of the seven days on which there was a run."""
        week = self.week
        return week[(self.daily.loc[week, "runs"] > 0).to_numpy()]

    @property
    def decided(self) -> pd.DatetimeIndex:
        """Last of `run_days` whose seven days are known; empty if there is none."""
        days = self.run_days
        return days[self.numbers.loc[days, "sum_7d"].notna().to_numpy()][-1:]

    @property
    def week_known(self) -> bool:
        """Whether the load of all seven days is known."""
        known = self.daily.loc[self.week, "load"].notna()
        return len(known) == WINDOWS["acute"] and bool(known.all())

    def number(self, name: str, day: pd.Timestamp) -> float:
        """Return one of `numbers` on one day."""
        return float(self.numbers[name].loc[[day]].iloc[0])

    def missing(self, days: int) -> str:
        """Say what is not known of the `days` days that end on `as_of`; empty if nothing."""
        window = self.last(days)
        unknown = window[self.daily.loc[window, "load"].isna().to_numpy()]
        parts = []
        if len(unknown) == 1:
            parts.append(f"{day_text(unknown[0])} is unknown")
        elif len(unknown):
            span = f"{day_text(unknown[0])} to {day_text(unknown[-1])}"
            parts.append(f"{len(unknown)} days from {span} are unknown")
        if self.n_unreadable:
            files = count_text(self.n_unreadable, "file")
            parts.append(f"{files} could not be read; a run in them would be missing")
        return "; ".join(parts)


def look(archive: Archive, as_of: Day | None) -> View:
    """Compute once what all checks of a day share.

    Parameters
    ----------
    archive : Archive
        Activities and ledger.
    as_of : str, date or Timestamp, optional
        Last day that counts; None is the last recorded day.

    Returns
    -------
    View
        With empty frames where nothing is recorded up to `as_of`.
    """
    activities = archive.activities
    nothing: Any = pd.NaT if as_of is None else day_of(as_of)
    until = last_day(activities, as_of) or nothing
    daily = daily_load(activities, as_of=as_of)
    numbers = measures(daily)
    spikes = session_spikes(activities, as_of=as_of)
    marked = marks(daily, numbers, spikes)
    n_unreadable = int(archive.files["outcome"].isin(_UNREADABLE).sum())
    return View(until, daily, numbers, marked, spikes, n_unreadable)
