"""What a plan is once it is made: its frame, its limits, its message, and files of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd

from loadmon.errors import SettingError
from loadmon.ramp.export import calendar, workouts
from loadmon.ramp.session import Session
from loadmon.rules.limits import Limits
from loadmon.units import Units


@dataclass(frozen=True, slots=True)
class Ramp:
    """A verified plan of runs, or the fixed text that stands for one.

    Parameters
    ----------
    plan : DataFrame
        One row per day from the first run day: ``date``; ``week`` of the return, or of the plan
        where there is none, from 1; ``kind`` (``run``, ``walk_run``, ``walk``, ``strength``,
        ``rest``); ``distance_km``, of running, 0 on days without; ``effort`` (``easy`` on run
        days); ``duration_min``, walks included, NaN on days of rest; ``repeats`` runs of
        ``run_min`` with ``walk_min`` after each (the mean where they differ), NaN on days without
        a run; ``stage`` of a walk-run programme; ``limited_by``: ``start``, ``session``, ``week``,
        ``coupled``, ``uncoupled``, ``ewma``, ``cap``, ``pace`` (one new longest run a week),
        ``repeat``, ``target``, ``programme``, ``run_days``: what the run reaches, or why a run day
        has no run; empty on other days; ``session``: what to do, in words. No rows where screening
        leaves no plan.
    limits : Limits
        What the plan was verified against; ``start_km`` is the cap of the first run, None where
        the plan carries on without a return or there is none.
    reached : bool
        Whether the goal is reached within the plan.
    message : str
        What was before and what is planned; how it is meant; what bounds it; and when to stop: four
        paragraphs with an empty line between.
    reached_on : Timestamp or None
        Day on which the goal is reached at the earliest, which may be after ``by``.
    sessions : tuple of Session or None
        Running and walking of each day of `plan`; None on days without a run.
    as_of : Timestamp or None
        Last day whose activities count.
    units : {"km", "mi"}
        Unit of distances in texts.
    """

    plan: pd.DataFrame
    limits: Limits
    reached: bool
    message: str
    reached_on: pd.Timestamp | None = None
    sessions: tuple[Session | None, ...] = ()
    as_of: pd.Timestamp | None = None
    units: Units = "km"

    def to_ics(self, *, name: str = "", made_on: datetime | None = None) -> bytes:
        """Plan as an iCalendar file: an all-day entry for every day.

        Parameters
        ----------
        name : str
            Whose plan it is, where a calendar holds the plans of several runners.
        made_on : datetime, optional
            When it was made, with a zone. None: the day up to which activities count. A later
            plan replaces the entries of an earlier one; it never doubles them.

        Returns
        -------
        bytes
            Contents of an ``.ics`` file; each entry carries the stop text.

        Raises
        ------
        SettingError
            If there is no plan.
        """
        made_on = made_on or self._made_on().to_pydatetime().replace(tzinfo=UTC)
        return calendar(self.plan, made_on, name=name, units=self.units)

    def to_fit(self) -> dict[str, bytes]:
        """Plan as workouts for a watch.

        Returns
        -------
        dict of str to bytes
            Name and contents of one FIT file for each run.

        Raises
        ------
        SettingError
            If there is no plan, or ``fit-tool`` (extra ``fit``) is not installed.
        """
        return workouts(self.plan, self.sessions, self._made_on())

    def _made_on(self) -> pd.Timestamp:
        """Day up to which activities count; refuse where there is no plan."""
        if self.as_of is None or self.plan.empty:
            raise SettingError(f"there is no plan to give out: {self.message}")
        return self.as_of
