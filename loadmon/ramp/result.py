"""What a plan is once it is made: its days as a frame, its message, and files of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from loadmon.arguments import check_flag, check_kind, check_moment, check_text
from loadmon.errors import SettingError
from loadmon.evidence.clinic import EXERCISES
from loadmon.evidence.ramp import RAMP_FILL
from loadmon.frames import frame_of
from loadmon.ramp.export import calendar, workouts
from loadmon.ramp.schedule import Schedule
from loadmon.ramp.screening import STOP_TEXT
from loadmon.ramp.sessions import Session, session_text
from loadmon.ramp.verify import Replay
from loadmon.rules.context import WEEK
from loadmon.rules.limits import Limits
from loadmon.text import card_html
from loadmon.units import Units, distance_text

_NAN, _DAY = float("nan"), pd.Timedelta(days=1)
#: Weeks and letters that a plan shows of itself in a notebook.
_SHOWN_WEEKS, _SHOWN_TEXT = 8, 200
_NAMES = [e.name for e in EXERCISES]
#: Exercises of a first and a second strength session of a week.
STRENGTH = (", ".join(_NAMES[:3]), ", ".join(_NAMES[3:]))
MOBILITY = "easy walk, gentle mobility"


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
        ``coupled``, ``cap``, ``pace`` (one new longest run a week),
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

    def __repr__(self) -> str:
        """Say what is planned, in one line; the message is an attribute."""
        return f"Ramp({'; '.join(text for _, text in self._summary())})"

    def _repr_html_(self) -> str:
        """Show in a notebook the weeks that are planned, and the message with its stop text."""
        if self.plan.empty:
            return card_html("No plan", [], self.message)
        weeks = self.plan.groupby("week")["distance_km"].agg(["sum", "max"]).head(_SHOWN_WEEKS)
        rows = [
            (
                f"week {week}",
                f"{distance_text(all_km, self.units)}, longest "
                f"{distance_text(longest, self.units)}",
            )
            for week, all_km, longest in weeks.itertuples()
        ]
        return card_html("Plan", [*self._summary(), *rows], STOP_TEXT.replace("\n", " "))

    def _summary(self) -> list[tuple[str, str]]:
        if self.plan.empty:
            return [("plan", f"no plan: {self.message[:_SHOWN_TEXT]}")]
        days, end = self.plan["date"], "reached" if self.reached else "not reached"
        runs = int((self.plan["distance_km"] > 0).sum())
        first, last = (f"{day:%Y-%m-%d}" for day in (days.iloc[0], days.iloc[-1]))
        when = f" on {self.reached_on:%Y-%m-%d}" if self.reached_on is not None else ""
        return [
            ("days", f"{first} to {last}"),
            ("runs", f"{runs} runs, {distance_text(self.plan['distance_km'].sum(), self.units)}"),
            ("goal", f"{end}{when}"),
        ]

    def to_ics(
        self, *, name: str = "", made_on: datetime | None = None, earlier: bytes = b""
    ) -> bytes:
        """Plan as an iCalendar file: an all-day entry for every day.

        Parameters
        ----------
        name : str
            Whose plan it is, where a calendar holds the plans of several runners.
        made_on : datetime, optional
            When it was made, with a zone. None: the day up to which activities count. A later
            plan replaces the entries of an earlier one; it never doubles them.
        earlier : bytes
            Calendar of an earlier plan of the same name. Its days from `made_on` on that are not
            planned any more get an entry that cancels them.

        Returns
        -------
        bytes
            Contents of an ``.ics`` file; each entry carries the stop text.

        Raises
        ------
        SettingError
            If there is no plan, or `earlier` is no calendar.
        """
        check_text(name, "name")
        check_moment(made_on, "made_on")
        check_kind(earlier, bytes, "earlier", "the contents of a calendar, bytes")
        made_on = made_on or self._made_on().to_pydatetime().replace(tzinfo=UTC)
        return calendar(self.plan, made_on, name=name, units=self.units, earlier=earlier)

    def to_fit(self, *, whole: bool = False) -> dict[str, bytes]:
        """Plan as workouts for a watch, named by week and minutes.

        Parameters
        ----------
        whole : bool
            Every run of the plan, rather than those of its first four weeks.

        Returns
        -------
        dict of str to bytes
            Name and contents of one FIT file for each run.

        Raises
        ------
        SettingError
            If there is no plan, or ``fit-tool`` (extra ``fit``) is not installed.
        """
        check_flag(whole, "whole")
        made_on = self._made_on()
        return workouts(self.plan, self.sessions, made_on, units=self.units, whole=whole)

    def _made_on(self) -> pd.Timestamp:
        """Day up to which activities count; refuse where there is no plan."""
        if self.as_of is None or self.plan.empty:
            raise SettingError(f"there is no plan to export: {self.message}")
        return self.as_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request."""

    schedule: Schedule  # also past the day that was asked for
    n_days: int  # that are shown
    reached: bool  # the goal, on one of them
    reached_on: pd.Timestamp | None  # at the earliest, if at all
    plan: pd.DataFrame
    sessions: tuple[Session | None, ...]
    cut: pd.Timestamp | None = None  # day from which caps make a lay-off of their own
    sooner: pd.Timestamp | None = None  # when the pace ``earliest`` is there, if that is said
    tried: Sequence[Replay] = ()


# A plan as a frame: one row a day, in the columns of the contract.

PLAN_COLUMNS = {
    "date": "datetime64[us]",
    "week": "int64",
    "kind": "str",
    "distance_km": "float64",
    "effort": "str",
    "duration_min": "float64",
    "repeats": "float64",
    "run_min": "float64",
    "walk_min": "float64",
    "stage": "str",
    "limited_by": "str",
    "session": "str",
}


def plan_frame(
    first: pd.Timestamp,
    km: list[float],
    limited_by: list[str],
    sessions: list[Session | None],
    strength_per_week: int,
    days_since: int = 0,
    walks: int = 0,
) -> pd.DataFrame:
    """One row a day; ``run_min`` and ``walk_min`` are means where the runs of a session differ.

    `walks`: days of walking before `first`.
    """
    walk = ("walk", "", RAMP_FILL["walk_min"], _NAN, _NAN, _NAN, "", MOBILITY)
    rows: list[tuple[str, str, float, float, float, float, str, str]] = [walk] * walks
    others = days_between_runs([x > 0 for x in km], strength_per_week)
    for one, (kind, minutes, what) in zip(sessions, others, strict=True):
        if one is None:
            rows.append((kind, "", minutes or _NAN, _NAN, _NAN, _NAN, "", what))
        else:
            n, text = one.repeats, session_text(one)
            each = one.running_min / n, one.walking_min / n
            rows.append((one.kind, "easy", one.duration_min, n, *each, one.stage, text))
    names = ("kind", "effort", "duration_min", "repeats", "run_min", "walk_min", "stage", "session")
    columns: dict[str, Any] = {
        **dict.fromkeys(PLAN_COLUMNS, ()),
        "date": pd.date_range(first - walks * _DAY, periods=walks + len(km), unit="us"),
        "week": [1] * walks + [(day + days_since) // WEEK + 1 for day in range(len(km))],
        "distance_km": [0.0] * walks + km,
        "limited_by": ["cap"] * walks + limited_by,
        **dict(zip(names, zip(*rows, strict=True), strict=bool(rows))),
    }
    return frame_of(columns, PLAN_COLUMNS)


def no_plan(day: pd.Timestamp) -> pd.DataFrame:
    """Plan without a day."""
    return plan_frame(day, [], [], [], 0)


def days_between_runs(ran: list[bool], strength_per_week: int) -> list[tuple[str, float, str]]:
    """Kind of each day without a run, its minutes, and what to do; empty on run days.

    At least one day of each week stays free. Strength goes on days after a run rather than before
    one, and not on two days in a row where that can be. None of it is running load.
    """
    out: list[tuple[str, float, str]] = []
    for start in range(0, len(ran), WEEK):
        week = ran[start : start + WEEK]
        free = [d for d, is_run in enumerate(week) if not is_run]
        strength = _strength_days(week, free, min(strength_per_week, len(free) - 1))
        others = [d for d in free if d not in strength]
        idle = others[-int(RAMP_FILL["rest_in_7"]) :]
        for day, is_run in enumerate(week):
            if is_run:
                out.append(("", 0.0, ""))
            elif day in strength:
                exercises = STRENGTH[strength.index(day) % len(STRENGTH)]
                out.append(("strength", RAMP_FILL["strength_min"], exercises))
            elif day in idle:
                out.append(("rest", 0.0, ""))
            else:
                out.append(("walk", RAMP_FILL["walk_min"], MOBILITY))
    return out


def _strength_days(ran: list[bool], free: list[int], wanted: int) -> list[int]:
    """Days for strength: not before a run and not next to each other, as far as that can be."""
    chosen: list[int] = []
    for day in sorted(free, key=lambda d: d + 1 < len(ran) and ran[d + 1]):
        if len(chosen) < wanted and not {day - 1, day + 1} & set(chosen):
            chosen.append(day)
    chosen += [d for d in free if d not in chosen][: max(0, wanted - len(chosen))]
    return sorted(chosen)
