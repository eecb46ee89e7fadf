"""A plan as a calendar file and as workouts for a watch."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pandas as pd

from loadmon.errors import FileProblem, SettingError
from loadmon.ramp.screening import STOP_TEXT
from loadmon.ramp.sessions import Session
from loadmon.text import shown, shown_lines
from loadmon.units import Units, day_text, distance_text, in_distance_units

if TYPE_CHECKING:
    from pathlib import Path

    from fit_tool.profile.messages.workout_step_message import WorkoutStepMessage

#: Moment from which minutes are counted: a later version of an entry has a larger number.
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
#: What a day of each kind is called.
TITLES = {
    "run": "Run",
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


#: A walk that warms up, and the same one at the end, around what a session is about.
_AROUND = re.compile(r"(walk [\d:]+ min), (.+), \1")
_RUN_MIN = re.compile(r"run ([\d:]+ min)")


def whole_minutes(minutes: float) -> int:
    """Minutes of a session as its words have them: those of a run without its seconds."""
    return math.floor(minutes + 1e-9)


def title(row: dict[Any, Any], units: Units = "km") -> str:
    """Say what a day of a plan holds: ``Run 4.1 km, 29 min``; ``Walk-run 48 min: 10 x run ...``.

    The kilometres and minutes of a run are those of running alone; the minutes of a walk-run are
    the whole session.
    """
    name, minutes, km = TITLES[row["kind"]], row["duration_min"], row["distance_km"]
    whole = f" {whole_minutes(minutes)} min" if minutes == minutes else ""
    if row["kind"] == "walk_run":
        around = _AROUND.fullmatch(row["session"])
        bouts = re.sub("[()]", "", around[2] if around else row["session"])
        return f"{name}{whole}: {bouts}" if bouts else f"{name}{whole}"
    if km > 0:
        running = _RUN_MIN.search(row["session"])
        minutes_run = f" {running[1]}" if running else whole
        return f"{name} {distance_text(km, units)}{minutes_run and ','}{minutes_run}"
    return f"{name}{whole}"


# A plan as a calendar: one all-day entry a day, which an update replaces.

#: By what a calendar of loadmon is known.
PRODUCT = "-//loadmon//ramp//EN"
#: What stands in the place of a day that a newer plan does not have.
_GONE = "No longer planned"
_GONE_TEXT = (
    "This day is not in the plan any more. Delete the entry if your calendar still shows it."
)


def calendar(
    plan: pd.DataFrame,
    made_on: datetime,
    *,
    name: str = "",
    units: Units = "km",
    earlier: bytes = b"",
) -> bytes:
    """ICalendar file with an entry for every day of a plan, rest days included.

    The UID of an entry depends on the day and the name alone: importing a newer plan changes the
    entries and doubles none. Days from `made_on` on that `earlier`, the calendar of an earlier
    plan, has and this plan has not are cancelled: a calendar that is imported takes none away.
    """
    from icalendar import Calendar, Event

    if made_on.tzinfo is None:
        raise SettingError(f"made_on {made_on}: give it a time zone, such as datetime.now(UTC)")
    book = Calendar()
    book.add("prodid", PRODUCT)
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    before = _entries(earlier, name)
    number = int((made_on - _EPOCH) / timedelta(minutes=1))
    planned = {row["date"].date(): row for row in plan.to_dict("records")}
    gone = {day for day in before if day >= made_on.date()} - set(planned)
    for day in sorted({*planned, *gone}):
        row = planned.get(day)
        what = _GONE if row is None else title(row, units)
        text = f"{_GONE_TEXT}\n{STOP_TEXT}" if row is None else _description(row, units)
        event = Event()
        event.add("uid", uid(day, name))
        event.add("dtstamp", made_on.astimezone(UTC))
        event.add("sequence", max(number, before.get(day, -1) + 1))
        event.add("status", "CANCELLED" if row is None else "CONFIRMED")
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("summary", shown(f"{name}: {what}" if name else what))
        event.add("description", shown_lines(text))
        event.add("transp", "TRANSPARENT")
        event.add("categories", ["loadmon"])
        book.add_component(event)
    return bytes(book.to_ical())


def _entries(content: bytes, name: str) -> dict[date, int]:
    """Days of a calendar of loadmon, of this name alone, and the number of each one's version."""
    from icalendar import Calendar

    try:
        events: list[Any] = Calendar.from_ical(content).walk("VEVENT") if content else []
        return {
            event["dtstart"].dt: int(event.get("sequence", 0))
            for event in events
            if str(event["uid"]) == uid(event["dtstart"].dt, name)
        }
    except (ValueError, KeyError, AttributeError, TypeError):
        raise SettingError(
            "the calendar of the earlier plan cannot be read: delete it, or name another file"
        ) from None


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
        minutes = whole_minutes(row["duration_min"])
        lines.append(f"{minutes} minutes in all, easy: you can talk while you run.")
    # A programme has weeks of its own, which are not those of the plan.
    own = " of its programme" if stage.startswith("week") else ""
    lines.append(f"Week {row['week']} of the plan{f', {stage}{own}' if stage else ''}.")
    return "\n".join([*lines, STOP_TEXT])


# A plan as workouts for a watch: one FIT file for each run.

#: Days from the first of a plan whose runs become workouts unless all are asked for: watches keep
#: few workouts, and a new plan is due by then anyway.
WORKOUT_D = 28
_WORKOUT_NAME = re.compile(r"(\d{4})-(\d\d)-(\d\d)_(?:run|walk_run)\.fit", re.ASCII)
#: A workout has a few steps; what is larger is none of ours.
_LARGEST_WORKOUT = 100_000


def workouts(
    plan: pd.DataFrame,
    sessions: Sequence[Session | None],
    made_on: pd.Timestamp,
    *,
    units: Units = "km",
    whole: bool = False,
) -> dict[str, bytes]:
    """FIT file of each run of the next four weeks, or of the `whole` plan, by its name.

    The name of a file begins with the day of its run.
    """
    files: dict[str, bytes] = {}
    last = plan["date"].iloc[0] + pd.Timedelta(days=WORKOUT_D - 1)
    for row, session in zip(plan.to_dict("records"), sessions, strict=True):
        if session is not None and (whole or row["date"] <= last):
            name = f"{row['date']:%Y-%m-%d}_{row['kind']}.fit"
            files[name] = _workout(row, session, made_on, units)
    return files


def earlier_workouts(folder: Path) -> Iterator[Path]:
    """Files of a folder that loadmon wrote as workouts: by their names and what is in them."""
    if folder.is_dir():
        yield from (path for path in sorted(folder.iterdir()) if is_own_workout(path))


def is_own_workout(path: Path) -> bool:
    """Whether a file is a workout of loadmon: that of the day in its name."""
    named = _WORKOUT_NAME.fullmatch(path.name)
    if not named or path.is_symlink() or not path.is_file():
        return False
    if path.stat().st_size > _LARGEST_WORKOUT:
        return False
    from loadmon.io.fit.frames import read_fit

    try:
        frames = read_fit(path.read_bytes())
    except FileProblem:
        return False
    if not {"file_id", "workout", "workout_step"} <= set(frames):
        return False
    first = frames["file_id"].iloc[0]
    written = first.get("type"), first.get("manufacturer"), first.get("serial_number")
    return written == ("workout", "development", int("".join(named.groups())))


def _workout(row: dict[Any, Any], session: Session, made_on: pd.Timestamp, units: Units) -> bytes:
    day, km = row["date"], float(row["distance_km"])
    tool = _fit_tool()
    steps = _steps(km, session, tool, units)
    file_id = tool.FileIdMessage()
    file_id.type = tool.FileType.WORKOUT
    file_id.manufacturer = tool.Manufacturer.DEVELOPMENT.value
    file_id.product = 0
    file_id.serial_number = int(f"{day:%Y%m%d}")  # a newer plan replaces the same day
    file_id.time_created = int(made_on.timestamp() * 1000)
    workout = tool.WorkoutMessage()
    distance = f" {distance_text(km, units)}" if _by_distance(session) else ""
    minutes = f"{whole_minutes(session.duration_min)} min"
    workout.workout_name = f"Week {row['week']} {day_text(day)}{distance} {minutes}"
    workout.sport = tool.Sport.RUNNING
    workout.num_valid_steps = len(steps)  # repeats count: so do the files that watches write
    builder = tool.FitFileBuilder(auto_define=True)
    builder.add_all([file_id, workout, *steps])
    return bytes(builder.build_bytes())


def _by_distance(session: Session) -> bool:
    """Whether a session is one run of so many kilometres: the limits are about its distance."""
    return session.kind == "run" and not session.by_time


def _steps(km: float, session: Session, tool: Any, units: Units) -> list[WorkoutStepMessage]:
    """Warm-up, runs and walks with their repeats, cool-down; easy, by feel: without a target.

    Times are whole seconds. A distance is rounded down to what a watch shows in these units.
    """
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
        if minutes > 0:
            seconds = round(60 * minutes)
            add(duration.TIME, workout_step_name=name, intensity=how, duration_time=seconds)

    timed("walk", session.warm_up_min, intensity.WARMUP)
    for n, run, walk in session.bouts:
        first = len(steps)
        if _by_distance(session):
            easy = {"workout_step_name": "easy run", "intensity": intensity.ACTIVE}
            add(duration.DISTANCE, **easy, duration_distance=_metres(km, units))
        else:
            timed("run", run, intensity.ACTIVE)
        timed("walk", walk, intensity.REST)
        if n > 1:  # the step that sends the watch back to the first one
            again = duration.REPEAT_UNTIL_STEPS_CMPLT
            add(again, duration_step=first, target_repeat_steps=n)
    timed("walk", session.warm_up_min, intensity.COOLDOWN)
    return steps


def _metres(km: float, units: Units) -> float:
    """Distance of a step: the hundredths of its unit that a watch shows, and no more. [m]"""
    one = in_distance_units(1.0, units)
    return 1000 * math.floor(100 * one * km + 1e-6) / 100 / one


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
