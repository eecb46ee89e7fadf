"""A plan as a calendar: one all-day entry a day, which an update replaces."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from loadmon.athlete.units import Units, distance_text
from loadmon.ramp.screening import STOP_TEXT
from loadmon.text import shown, shown_lines

if TYPE_CHECKING:
    from icalendar import Event

#: Moment from which minutes are counted: a later version of an entry has a larger number.
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
#: What a day of each kind is called.
TITLES = {
    "run": "Easy run",
    "walk_run": "Walk-run",
    "walk": "Easy walk",
    "strength": "Strength",
    "rest": "Rest day",
}
_COLUMNS = ("date", "week", "kind", "distance_km", "duration_min", "stage", "session")


@dataclass(frozen=True, slots=True)
class _Day:
    """One row of a plan, in the order of `_COLUMNS`."""

    date: pd.Timestamp
    week: int
    kind: str
    distance_km: float
    duration_min: float
    stage: str
    session: str


def calendar(
    plan: pd.DataFrame, made_on: datetime, *, name: str = "", units: Units = "km"
) -> bytes:
    """Entries of every day of a plan.

    Parameters
    ----------
    plan : DataFrame
        ``Ramp.plan``.
    made_on : datetime
        When the plan was made, with a zone; a later one replaces the entries of an earlier one.
    name : str
        Whose plan it is, in front of each title; entries of other names stay untouched.
    units : {"km", "mi"}
        Unit of the distances.

    Returns
    -------
    bytes
        An iCalendar file. Every day of the plan has an entry, the days of rest too, and its UID
        depends on the day and the name alone: importing a newer plan changes the entries and
        doubles none. Days after the end of a newer, shorter plan keep their old entries.
    """
    from icalendar import Calendar

    book = Calendar()
    book.add("prodid", "-//loadmon//ramp//EN")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    for cells in zip(*(plan[c] for c in _COLUMNS), strict=True):
        book.add_component(_event(_Day(*cells), made_on, name, units))
    text: bytes = book.to_ical()
    return text


def uid(day: date, name: str = "") -> str:
    """Name of the entry of one day: the same in every version of the plan."""
    key = hashlib.sha1(f"{name}|{day}".encode()).hexdigest()[:16]
    return f"{key}-{day:%Y%m%d}@ramp.loadmon"


def _event(row: _Day, made_on: datetime, name: str, units: Units) -> Event:
    """Entry of one day."""
    from icalendar import Event

    day = row.date.date()
    event = Event()
    event.add("uid", uid(day, name))
    event.add("dtstamp", made_on.astimezone(UTC))
    event.add("sequence", int((made_on - _EPOCH) / timedelta(minutes=1)))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", shown(f"{name}: {_title(row, units)}" if name else _title(row, units)))
    event.add("description", shown_lines(_description(row, units)))
    event.add("transp", "TRANSPARENT")
    event.add("categories", ["loadmon"])
    return event


def _title(row: _Day, units: Units) -> str:
    """What the day holds, with its distance or its minutes."""
    title = TITLES[row.kind]
    if row.distance_km > 0:
        return f"{title} {distance_text(row.distance_km, units)}"
    known = row.duration_min == row.duration_min
    return f"{title} {row.duration_min:.0f} min" if known else title


def _description(row: _Day, units: Units) -> str:
    """The session, its place in the plan, and when to stop; no number without its unit."""
    lines = [f"{row.session[:1].upper()}{row.session[1:]}."] if row.session else []
    if row.distance_km > 0:
        distance = distance_text(row.distance_km, units)
        has_walks = "walk" in row.session  # between the runs, or to warm up and cool down
        lines = [f"{distance} of running.", *lines] if has_walks else [f"Run {distance}."]
        lines.append(f"{row.duration_min:.0f} minutes in all, easy: you can talk while you run.")
    # A programme has weeks of its own, which are not those of the plan.
    own = " of its programme" if row.stage.startswith("week") else ""
    stage = f", {row.stage}{own}" if row.stage else ""
    lines.append(f"Week {row.week} of the plan{stage}.")
    return "\n".join([*lines, STOP_TEXT])
