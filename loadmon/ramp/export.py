"""A plan as a calendar file and as workouts for a watch."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pandas as pd

from loadmon.errors import SettingError
from loadmon.ramp.screening import STOP_TEXT
from loadmon.ramp.sessions import Session
from loadmon.text import shown, shown_lines
from loadmon.units import Units, distance_text

if TYPE_CHECKING:
    from fit_tool.profile.messages.workout_step_message import WorkoutStepMessage

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
#: How the files come onto a watch, as far as it is known.
COPY_TEXT = (
    "For a Garmin watch: connect it by USB and copy the files into GARMIN/NewFiles. Garmin Connect "
    "on the web does not take workout files. Watches of other makers have not been tried."
)


# A plan as a calendar: one all-day entry a day, which an update replaces.


def calendar(
    plan: pd.DataFrame, made_on: datetime, *, name: str = "", units: Units = "km"
) -> bytes:
    """ICalendar file with an entry for every day of a plan, rest days included.

    The UID of an entry depends on the day and the name alone: importing a newer plan changes the
    entries and doubles none. Days after the end of a newer, shorter plan keep their old entries.
    """
    from icalendar import Calendar, Event

    book = Calendar()
    book.add("prodid", "-//loadmon//ramp//EN")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    for row in plan.to_dict("records"):
        day = row["date"].date()
        title, minutes = TITLES[row["kind"]], row["duration_min"]
        if row["distance_km"] > 0:
            title += f" {distance_text(row['distance_km'], units)}"
        elif minutes == minutes:
            title += f" {minutes:.0f} min"
        event = Event()
        event.add("uid", uid(day, name))
        event.add("dtstamp", made_on.astimezone(UTC))
        event.add("sequence", int((made_on - _EPOCH) / timedelta(minutes=1)))
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("summary", shown(f"{name}: {title}" if name else title))
        event.add("description", shown_lines(_description(row, units)))
        event.add("transp", "TRANSPARENT")
        event.add("categories", ["loadmon"])
        book.add_component(event)
    return bytes(book.to_ical())


def uid(day: date, name: str = "") -> str:
    """Name of the entry of one day: the same in every version of the plan."""
    key = hashlib.sha1(f"{name}|{day}".encode()).hexdigest()[:16]
    return f"{key}-{day:%Y%m%d}@ramp.loadmon"


def _description(row: dict[Any, Any], units: Units) -> str:
    """The session, its week in the plan, and when to stop; no number without its unit."""
    session, stage = row["session"], row["stage"]
    lines = [f"{session[:1].upper()}{session[1:]}."] if session else []
    if row["distance_km"] > 0:
        distance = distance_text(row["distance_km"], units)
        has_walks = "walk" in session  # between the runs, or to warm up and cool down
        lines = [f"{distance} of running.", *lines] if has_walks else [f"Run {distance}."]
        lines.append(f"{row['duration_min']:.0f} minutes in all, easy: you can talk while you run.")
    # A programme has weeks of its own, which are not those of the plan.
    own = " of its programme" if stage.startswith("week") else ""
    lines.append(f"Week {row['week']} of the plan{f', {stage}{own}' if stage else ''}.")
    return "\n".join([*lines, STOP_TEXT])


# A plan as workouts for a watch: one FIT file for each run.


def workouts(
    plan: pd.DataFrame, sessions: Sequence[Session | None], made_on: pd.Timestamp
) -> dict[str, bytes]:
    """FIT file of each run of a plan by its name, which begins with the day of the run."""
    rows = zip(plan["date"], plan["kind"], plan["distance_km"], sessions, strict=True)
    return {
        f"{day:%Y-%m-%d}_{kind}.fit": _workout(day.date(), float(km), session, made_on)
        for day, kind, km, session in rows
        if session is not None
    }


def _workout(day: date, km: float, session: Session, made_on: pd.Timestamp) -> bytes:
    tool = _fit_tool()
    steps = _steps(km, session, tool)
    file_id = tool.FileIdMessage()
    file_id.type = tool.FileType.WORKOUT
    file_id.manufacturer = tool.Manufacturer.DEVELOPMENT.value
    file_id.product = 0
    file_id.serial_number = int(f"{day:%Y%m%d}")  # a newer plan replaces the same day
    file_id.time_created = int(made_on.timestamp() * 1000)
    workout = tool.WorkoutMessage()
    workout.workout_name = f"{day:%d %b} {session.kind.replace('_', '-')} {km:.1f} km"
    workout.sport = tool.Sport.RUNNING
    workout.num_valid_steps = len(steps)  # repeats count: so do the files that watches write
    builder = tool.FitFileBuilder(auto_define=True)
    builder.add_all([file_id, workout, *steps])
    return bytes(builder.build_bytes())


def _steps(km: float, session: Session, tool: Any) -> list[WorkoutStepMessage]:
    """Warm-up, runs and walks with their repeats, cool-down; easy, by feel: without a target."""
    steps: list[WorkoutStepMessage] = []
    duration, intensity = tool.WorkoutStepDuration, tool.Intensity

    def add(duration_type: Any, **fields: Any) -> None:
        step = tool.WorkoutStepMessage()
        step.message_index = len(steps)
        step.duration_type = duration_type
        step.target_type = tool.WorkoutStepTarget.OPEN
        for field, value in fields.items():
            setattr(step, field, value)
        steps.append(step)

    def timed(name: str, minutes: float, how: Any) -> None:
        add(duration.TIME, workout_step_name=name, intensity=how, duration_time=60 * minutes)

    if session.warm_up_min:
        timed("walk", session.warm_up_min, intensity.WARMUP)
    for n, run, walk in session.bouts:
        first = len(steps)
        if session.kind == "run" and not session.by_time:  # the limits are about its distance
            easy = {"workout_step_name": "easy run", "intensity": intensity.ACTIVE}
            add(duration.DISTANCE, **easy, duration_distance=1000 * km)
        else:
            timed("run", run, intensity.ACTIVE)
        if walk:
            timed("walk", walk, intensity.REST)
        if n > 1:  # the step that sends the watch back to the first one
            again = duration.REPEAT_UNTIL_STEPS_CMPLT
            add(again, duration_step=first, target_repeat_steps=n)
    if session.warm_up_min:
        timed("walk", session.warm_up_min, intensity.COOLDOWN)
    return steps


def _fit_tool() -> Any:
    """The names of the library that writes FIT files."""
    try:
        from fit_tool import fit_file_builder
    except ImportError:
        raise SettingError(
            "workouts for a watch need fit-tool: pip install 'loadmon[fit]'"
        ) from None
    from fit_tool.profile import profile_type
    from fit_tool.profile.messages import file_id_message, workout_message, workout_step_message

    messages = (file_id_message, workout_message, workout_step_message)
    names = [vars(module) for module in (fit_file_builder, profile_type, *messages)]
    return SimpleNamespace(**{name: value for each in names for name, value in each.items()})
