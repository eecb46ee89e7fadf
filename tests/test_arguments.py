"""Every public function and method, called wrongly: our own error that names the argument.

`TABLE` holds a right call of each; every argument of it is then given what it cannot be. A new
public name fails here until it has a row.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from made_pages import read_sample
from matplotlib.figure import Figure

import loadmon
from loadmon.rules.session_spike import session_spikes

NAN, INF = float("nan"), float("inf")
SAMPLE = Path(__file__).parent.parent / "data" / "sample_export.zip"
AS_OF = "2026-11-15"

# What an argument cannot be, by what it is.


class _Odd:
    """Something that nobody has a use for, and that cannot even be printed."""

    def __repr__(self) -> str:
        raise RuntimeError("no words")


_THINGS = (b"x", object(), _Odd(), {1: 2}, {3}, ["x", 1], (None,), np.zeros((2, 2)), len)
_NO_TEXT = (None, 3, 1.5, True, NAN, *_THINGS)
_NO_DAY = (
    *(1.5, 0, 20261115, True, NAN, INF, -INF, np.float64(1.5), np.int64(20261115), 1j),
    *(
        "tomorrow",
        "today",
        "now",
        "",
        " ",
        "2026",
        "2026-11",
        "2026-02-30",
        "2026-13-01",
        "15/11/26",
    ),
    *(
        "0000-00-00",
        "nan",
        "NaT",
        "2026-11-15x",
        "２０２６-11-15",
        pd.NaT,
        np.datetime64("NaT", "us"),
    ),
    *(decimal.Decimal(5), dt.time(3), dt.timedelta(3), pd.Timedelta(3), pd.Period("2026-11", "M")),
    *_THINGS,
)
_NO_NUMBER = (INF, -INF, "7", "", "x", True, 1j, decimal.Decimal(5), dt.date(2026, 1, 1), *_THINGS)
_NO_COUNT = (NAN, -1, -(10**400), 1.5, np.float64(2.5), *_NO_NUMBER)
_NO_CHOICE = ("", "Nothing such", "KM ", 3, NAN, True, *_THINGS)
_NO_FLAG = (2, "yes", "", NAN, 1.5, *_THINGS)


_NO_FRAME = (None, 3, "x", NAN, [], {}, {"date": [1]}, pd.Index([1]), np.zeros(3), *_THINGS)
Wrong = Callable[[Any], Iterator[tuple[str, Any]]]


def each(*values: Any) -> Wrong:
    """What an argument cannot be, whatever it was."""
    return lambda right: ((_word(v), v) for v in values)


def _word(value: Any) -> str:
    return "odd" if isinstance(value, _Odd) else f"{type(value).__name__} {value!r}"[:60]


def frame(*columns: str, numbers: tuple[str, ...] = (), days: tuple[str, ...] = ()) -> Wrong:
    """No frame, or one without a column, or with a column that holds something else."""

    def wrong(right: pd.DataFrame) -> Iterator[tuple[str, Any]]:
        yield from ((_word(v), v) for v in (*_NO_FRAME, pd.Series([1.0])))
        if columns:
            yield "no columns", pd.DataFrame()
        for column in columns:
            yield f"without {column}", right.drop(columns=column)
        for column in numbers:
            for what, value in (("text", "x"), ("objects", object()), ("a date", "2026-01-01")):
                yield f"{what} in {column}", _with(right, column, value)
            for value in (INF, -INF, -1.0):
                yield f"{value} in {column}", _with(right, column, value)
        for column in days:
            for value in ("yesterday", 1.5, object(), pd.NaT, None, "2026-02-30"):
                yield f"{_word(value)} in {column}", _with(right, column, value)

    return wrong


def frame_with_rows(*columns: str) -> Wrong:
    """As `frame`, but a frame without rows is right."""
    wrong = frame(*columns)
    return lambda right: (pair for pair in wrong(right) if pair[0] != "no columns")


def _with(right: pd.DataFrame, column: str, value: object) -> pd.DataFrame:
    """Frame of which one cell holds something else."""
    cells = right[column].astype(object).tolist()
    cells[len(cells) // 2] = value
    kept = pd.Series(cells, right.index)
    is_number = isinstance(value, float) and right[column].dtype.kind in "if"
    return right.assign(**{column: kept.astype(float) if is_number else kept.astype(object)})


def series() -> Wrong:
    """No daily load."""

    def wrong(right: pd.Series) -> Iterator[tuple[str, Any]]:
        yield from ((_word(v), v) for v in (*_NO_FRAME, pd.DataFrame({"load": [1.0]})))
        for value in (INF, -INF, -1.0, "x", object()):
            cells = right.astype(object)
            cells.iloc[3] = value
            kept = cells.astype(float) if isinstance(value, float) else cells
            yield f"{_word(value)} in it", kept
        yield "texts", right.astype(str)
        yield "flags", right > 0
        yield "no days", right.reset_index(drop=True)
        yield "text days", right.set_axis([str(d) for d in right.index])
        yield "days out of order", right.iloc[::-1]
        yield "a day twice", right.iloc[[0, 0, 1]]
        yield "a day missing", right.drop(right.index[4])
        yield "UTC", right.tz_localize("UTC")

    return wrong


DAY = each(*_NO_DAY)
NEEDED_DAY = each(*_NO_DAY, None)
COUNT, NUMBER, TEXT = each(*_NO_COUNT), each(*_NO_NUMBER, -1.0), each(*_NO_TEXT)
LOAD = each(*_NO_TEXT, "", "nothing_such", "sport")
CHOICE, FLAG = each(*_NO_CHOICE), each(*_NO_FLAG)
RECORD = each(3, "x", NAN, True, pd.DataFrame(), *_THINGS)
ARCHIVE = each(None, 3, "x", SAMPLE, NAN, pd.DataFrame(), *_THINGS)
PATH = each(None, 3, NAN, True, "", " ", "no/such/place", "a\0b", *_THINGS)
MANY = each(3, "x", None, ("a",), (True,), (INF,), (NAN,), (-1,), ((1,),), object(), len)
_NO_LIMITS = (
    *(3, "x", ["x"], object(), {"session-spike.small": "x"}, {"session-spike.small": NAN}),
    *({"session-spike.small": -1}, {"session-spike.small": INF}, {"nothing.such": 1.0}, {3: 1.0}),
)
LIMIT_MAP = each(*_NO_LIMITS, None)
#: Where None means the limits of the archive.
OWN_LIMITS = each(*_NO_LIMITS)
CALLED = each(3, "x", True, pd.DataFrame(), b"x", [1])
MOMENT = each(3, 1.5, "now", "2026-11-15", NAN, True, dt.date(2026, 1, 1), pd.NaT, *_THINGS)
AXES = each(3, "x", Figure(), pd.DataFrame(), object())


PLAN = pd.DataFrame(
    {
        "date": pd.date_range("2026-11-17", periods=3, unit="us"),
        "week": [1, 1, 1],
        "distance_km": [1.0, 0.0, 2.0],
    }
)
#: Calls that need a file, which the table does not make.
NEED_A_FILE = {
    *("cohort", "load_athlete", "load_flag_log", "load_limits", "read_fit", "read_injuries"),
    *("read_lovdal_days", "read_lovdal_weeks", "read_partitions", "read_sessions"),
    *(
        "sessions_in_blocks",
        "write_partitions",
        "arrow_schema",
        "Archive.records",
        "Ramp.to_ics",
        "Ramp.to_fit",
    ),
}


def judged(wrong: Wrong) -> Wrong:
    """Frames of a plan that are refused: one of a negative distance is judged, not refused."""
    return lambda right: ((what, v) for what, v in wrong(right) if "-1.0" not in str(what))


class Row(NamedTuple):
    """A right call, and what each of its arguments cannot be."""

    call: Callable[..., Any]
    right: dict[str, Any]
    wrong: dict[str, Wrong]


@pytest.fixture(scope="module")
def table() -> dict[str, Row]:
    return build()


def build() -> dict[str, Row]:
    """The table; what a right call needs is made here, small."""
    archive = read_sample()
    activities = archive.activities.iloc[:40].reset_index(drop=True)
    archive = loadmon.Archive(activities, archive.files, unknown_days=archive.unknown_days)
    calendar = loadmon.calendar_of(activities)
    daily = loadmon.daily_load(activities)
    load = daily["load"].fillna(0.0)
    weekly = loadmon.weekly_load(activities)
    spikes = session_spikes(activities)
    made = loadmon.simulate_cohort(3, days=120, injuries_per_1000_days=20)
    panel = loadmon.daily_panel(made.sessions)
    axes = Figure().subplots()
    needed = ("date", "sport", "sub_sport", "distance_km", "duration_min", "flags")
    acts = frame(*needed, numbers=("distance_km", "duration_min"), days=("date",))
    weeks = frame(*needed, numbers=("distance_km", "duration_min"), days=("date",))
    who = {"athlete": RECORD, "as_of": DAY}
    table_ = frame("athlete", "date", "distance_km", numbers=("distance_km",), days=("date",))
    hurt = frame("athlete", "date", days=("date",))
    days_of = frame("athlete", "date", "load", "runs", numbers=("load", "runs"), days=("date",))
    rows = {
        "Archive": Row(
            loadmon.Archive,
            {"activities": activities, "files": archive.files},
            {"activities": frame(), "files": frame(), "athlete": each(None, 3, "x", object())}
            | {n: frame() for n in ("issues", "reasons", "sets", "gear", "settings", "pauses")}
            | {"exports": frame(), "device_settings": frame()},
        ),
        "Archive.minutes": Row(
            archive.minutes,
            {"activity_ids": ["a"]},
            {"activity_ids": each(None, 3, "a1", b"a", NAN, object(), [3], [None], [["a"]], len)},
        ),
        "Archive.records": Row(
            archive.records, {"activity_id": "a"}, {"activity_id": each(*_NO_TEXT, "nothing such")}
        ),
        "Archive.calendar": Row(archive.calendar, {"as_of": AS_OF}, {"as_of": DAY}),
        "Archive.rested_until": Row(archive.rested_until, {"day": AS_OF}, {"day": NEEDED_DAY}),
        "Archive.as_old_export": Row(
            archive.as_old_export, {"said_on": AS_OF}, {"said_on": NEEDED_DAY}
        ),
        "Archive.with_athlete": Row(
            read_sample().with_athlete,
            {"athlete": loadmon.Athlete()},
            {"athlete": each(None, 3, "x", {}, object(), len)},
        ),
        "Athlete": Row(
            loadmon.Athlete,
            {},
            {
                "units": CHOICE_("units"),
                "units_stated": FLAG,
                "home_zone": CHOICE_(),
                "unknown_days": each(3, "x", None, (3,), ("x",), (NAN,), (None,), object()),
                **dict.fromkeys(
                    (
                        "birth_year",
                        "mass_kg",
                        "height_m",
                        "resting_hr_bpm",
                        "max_hr_bpm",
                        "threshold_hr_bpm",
                        "vt1_hr_bpm",
                        "vt2_hr_bpm",
                        "threshold_pace_s_per_km",
                        "threshold_power_w",
                        "strength_per_week",
                    ),
                    each(*_NO_NUMBER, -1.0, None),
                ),
                "sex": CHOICE_(),
                "hr_zones_bpm": each(
                    3,
                    "x",
                    None,
                    (150, 140),
                    (150, 150),
                    (NAN,),
                    ("x",),
                    (INF,),
                    (None,),
                    (150, NAN),
                    object(),
                ),
                "pace_zones_s_per_km": each(
                    3, "x", None, (300, 330), (300, 300), (NAN,), ("x",), (INF,), (None,), object()
                ),
                "limits": LIMIT_MAP,
                "shoes": each(3, "x", None, ("x",), (3,), (None,), object()),
                "dates": each(3, "x", None, {"a": 3}, {"a": "2026-10-11"}, {3: True}, {"a": False}),
                "unknown_sport": CHOICE_(("x",), {"a": 3}, {3: "running"}, {"a": "nothing such"}),
                "same": PAIRS,
                "different": PAIRS,
                "diary": frame(),
            },
        ),
        "Athlete.limit": Row(
            loadmon.Athlete().limit,
            {"key": "session-spike", "name": "small"},
            {"key": each(*_NO_TEXT, "nothing such"), "name": each(*_NO_TEXT, "nothing such")},
        ),
        "Calendar.to_frame": Row(calendar.to_frame, {}, {}),
        "Cap": Row(
            loadmon.Cap,
            {},
            {"since": each(*_NO_DAY, AS_OF), "until": each(*_NO_DAY, AS_OF)}
            | dict.fromkeys(
                ("run_km", "run_min", "session_min", "week_km"),
                each(NAN, -1.0, -INF, "7", "", True, None, 1j, *_THINGS),
            )
            | {
                "days": each(
                    3, "x", None, (7,), (-1,), (1.5,), ("mon",), (True,), (NAN,), object()
                ),
                "why": TEXT,
            },
        ),
        "Cap.holds": Row(loadmon.Cap().holds, {"day": dt.date(2026, 1, 1)}, {"day": NEEDED_DAY}),
        "Cap.bars": Row(loadmon.Cap().bars, {"day": dt.date(2026, 1, 1)}, {"day": NEEDED_DAY}),
        "Findings.to_frame": Row(loadmon.check(archive).to_frame, {}, {}),
        "Findings.to_dict": Row(loadmon.check(archive).to_dict, {}, {}),
        "Limits": Row(
            loadmon.Limits,
            {},
            dict.fromkeys(("start_km", "first_week_km"), each(*_NO_NUMBER, -1.0, NAN))
            | dict.fromkeys(("always_apart", "always_return"), each(*_NO_FLAG, None))
            | dict.fromkeys(
                (
                    "session_growth",
                    "session_floor_km",
                    "weekly_growth",
                    "weekly_floor_km",
                    "beyond_growth",
                    "coupled",
                ),
                each(*_NO_NUMBER, NAN, -1.0, None),
            )
            | dict.fromkeys(
                ("ratio_from_day", "max_run_days_in_7", "no_consecutive_days"),
                each(*_NO_COUNT, None),
            )
            | {"caps": each(3, "x", None, ("x",), (3,), (None,), object()), "author": TEXT},
        ),
        "Shoe": Row(
            loadmon.Shoe,
            {"name": "a"},
            {
                "name": each(*_NO_TEXT),
                "from_day": each(*_NO_DAY, AS_OF),
                "until_day": each(*_NO_DAY, AS_OF),
                "sports": each(3, "x", None, (3,), (None,), object()),
                "is_default": FLAG_,
                "start_km": each(*_NO_NUMBER, NAN, -1.0, None),
                "retire_km": each(*_NO_NUMBER, -1.0, None),
            },
        ),
        "Today.to_frame": Row(loadmon.today(archive).to_frame, {}, {}),
        "acwr": Row(
            loadmon.acwr,
            {"load": load},
            {
                "load": series(),
                "method": CHOICE_(),
                "acute": each(*_NO_COUNT, 0, None, 28),
                "chronic": each(*_NO_COUNT, 0, None, 7),
            },
        ),
        "acwr_panel": Row(
            loadmon.acwr_panel,
            {"load": load.to_frame("a")},
            {
                "load": each(
                    *_NO_FRAME,
                    load,
                    load.to_frame("a").reset_index(drop=True),
                    load.to_frame("a").astype(str),
                    -1 - load.to_frame("a"),
                    load.to_frame("a") > 0,
                    load.to_frame("a").iloc[::-1],
                    load.to_frame("a") + INF,
                    load.to_frame("a").iloc[[0, 0]],
                ),
                "method": CHOICE_(),
            },
        ),
        "arrow_schema": Row(loadmon.arrow_schema, {"frame": "sessions"}, {"frame": CHOICE_(None)}),
        "calendar_of": Row(
            loadmon.calendar_of,
            {"activities": activities},
            {
                "activities": frame("date", "flags", days=("date",)),
                "as_of": DAY,
                "unknown_days": each(
                    3,
                    "x",
                    ["2026-03-01"],
                    {"x": "marked"},
                    {1.5: "marked"},
                    {"2026-03-01": ""},
                    {"2026-03-01": 3},
                    {"2026-03-01": None},
                    {"2026-03-01": ["x"]},
                    object(),
                ),
                "rested_until": DAY,
            },
        ),
        **{
            name: Row(
                getattr(loadmon, name),
                {"archive": archive},
                {"archive": ARCHIVE, **who} | ({"load": LOAD} if has_load else {}),
            )
            for name, has_load in (("check", True), ("flag_history", True), ("lookback", False))
        },
        "cohort": Row(
            loadmon.cohort,
            {"folder": "nowhere"},
            {
                "folder": PATH,
                "executor": CALLED,
                "as_of": DAY,
                "silence": CHOICE_(None),
                "athlete": RECORD,
                "units": CHOICE_(),
                "cache": FLAG_,
                "now": MOMENT,
                "progress": each(3, "x", True, [1]),
                "daily": FLAG,
            },
        ),
        "cohort_frame": Row(
            loadmon.cohort_frame,
            {"members": pd.DataFrame({"athlete": ["a"], "path": ["no"]})},
            {
                "members": frame("athlete", "path"),
                "frame": CHOICE_(None),
                "as_of": DAY,
                "silence": CHOICE_(None),
                "athlete": RECORD,
                "units": CHOICE_(),
                "cache": FLAG_,
                "now": MOMENT,
            },
        ),
        "daily_load": Row(
            loadmon.daily_load,
            {"activities": activities},
            {"activities": acts, "load": LOAD, "sport": LOAD, "as_of": DAY, "calendar": RECORD},
        ),
        "weekly_load": Row(
            loadmon.weekly_load,
            {"activities": activities},
            {
                "activities": weeks,
                "load": LOAD,
                "sport": LOAD,
                "as_of": DAY,
                "own": OWN_LIMITS,
                "calendar": RECORD,
            },
        ),
        "window_load": Row(
            loadmon.window_load,
            {"activities": activities, "load": "distance_km"},
            {
                "activities": acts,
                "load": LOAD,
                "days": each(*_NO_COUNT, 0, None, 10**9),
                "sport": LOAD,
                "as_of": DAY,
                "calendar": RECORD,
            },
        ),
        "session_spikes": Row(
            loadmon.session_spikes,
            {"activities": activities},
            {
                "activities": frame(
                    "date",
                    "sport",
                    "distance_km",
                    "flags",
                    "activity_id",
                    numbers=("distance_km",),
                    days=("date",),
                ),
                "as_of": DAY,
                "sport": LOAD,
                "load": LOAD,
                "own": OWN_LIMITS,
                "calendar": RECORD,
            },
        ),
        **{
            name: Row(
                getattr(loadmon, name),
                {"sessions": made.sessions},
                {
                    "sessions": table_,
                    "load": each(*_NO_TEXT, "", "nothing_such", "athlete"),
                    "as_of": DAY,
                },
            )
            for name in ("daily_panel", "weekly_panel")
        },
        "write_panel": Row(
            loadmon.write_panel,
            {"sessions": made.sessions, "target": "p.csv"},
            {
                "sessions": each(None, 3, NAN, object(), [3], ["x"], [None], len),
                "target": each(None, 3, NAN, "", " ", "no/such/place.csv", "a.docx", *_THINGS),
                "every": CHOICE_(None),
                "load": each(*_NO_TEXT, "", "nothing_such"),
                "as_of": DAY,
                "athletes": each(*_NO_COUNT, 0, None),
            },
        ),
        "evaluate": Row(
            loadmon.evaluate,
            {"panel": panel, "injuries": made.injuries, "replicates": 5},
            {
                "panel": each(None, 3, NAN, object(), [3], ["x"], "no/such/place", "", len),
                "injuries": hurt,
                "horizon_days": each(*_NO_COUNT, 0, None),
                "injury_definition": TEXT,
                "recurrence_days": each(*_NO_COUNT, None),
                "lag_days": each(*_NO_COUNT, None),
                "run_in_days": each(*_NO_COUNT, None),
                "comparisons": each(*_NO_COUNT, 0),
                "replicates": each(*_NO_COUNT, 0, None),
                "seed": each(*_NO_COUNT, None),
                "executor": CALLED,
            },
        ),
        "person_periods": Row(
            loadmon.person_periods,
            {"panel": panel, "injuries": made.injuries},
            {
                "panel": days_of,
                "injuries": hurt,
                "windows": each(
                    3, "x", None, (), (0,), (1.5,), ("x",), (NAN,), (INF,), (True,), (-1,), object()
                ),
                "lag_days": each(*_NO_COUNT, None),
                "run_in_days": each(*_NO_COUNT, None),
                "recurrence_days": each(*_NO_COUNT, None),
            },
        ),
        "evaluation_text": Row(
            loadmon.evaluation_text,
            {"table": loadmon.evaluate(panel, made.injuries, replicates=5)},
            {
                "table": frame_with_rows("check", "horizon_days", "p_shift"),
                "width": each(*_NO_COUNT, 0, None),
            },
        ),
        "fitness": Row(
            loadmon.fitness, {"load": load}, {"load": series(), "smoothing": CHOICE_(None)}
        ),
        "flag_outcomes": Row(
            loadmon.flag_outcomes,
            {"archive": archive, "flags": loadmon.flag_history(archive)},
            {
                "archive": ARCHIVE,
                **who,
                "flags": each(
                    3,
                    "x",
                    [],
                    object(),
                    pd.DataFrame(),
                    pd.DataFrame({"check": ["a"], "date": [1.5], "until": [1.5], "level": [""]}),
                    len,
                ),
            },
        ),
        "load_athlete": Row(loadmon.load_athlete, {"path": "no"}, {"path": PATH}),
        "load_flag_log": Row(loadmon.load_flag_log, {"path": "no"}, {"path": PATH}),
        "load_limits": Row(
            loadmon.load_limits, {"path": "no"}, {"path": PATH, "pace": CHOICE_(None)}
        ),
        **{
            name: Row(
                getattr(loadmon, name),
                {"daily": daily, "ax": axes},
                {"daily": frame("load", "runs", numbers=("load",)), "ax": AXES, "since": DAY},
            )
            for name in ("plot_monotony", "plot_rest")
        },
        "plot_pain": Row(
            loadmon.plot_pain,
            {
                "diary": pd.DataFrame(
                    {"date": [pd.Timestamp(AS_OF)] * 3, "when": [""] * 3, "pain": [1.0, 2.0, 3.0]}
                ),
                "ax": axes,
            },
            {"diary": frame("date", "when", "pain", numbers=("pain",), days=("date",)), "ax": AXES},
        ),
        "plot_ramp": Row(
            loadmon.plot_ramp,
            {
                "plan": pd.DataFrame(
                    {
                        "date": pd.date_range(AS_OF, periods=3, unit="us"),
                        "week": [1, 1, 1],
                        "distance_km": [1.0, 0.0, 2.0],
                    }
                ),
                "ax": axes,
            },
            {
                "plan": frame(
                    "date", "week", "distance_km", numbers=("distance_km",), days=("date",)
                ),
                "ax": AXES,
                "weekly": each(3, "x", [], object(), pd.DataFrame({"a": [1]})),
                "target_km": each(*_NO_NUMBER, -1.0, None),
                "units": CHOICE_(None),
            },
        ),
        "plot_ratio": Row(
            loadmon.plot_ratio,
            {"load_daily": load, "ax": axes},
            {
                "load_daily": series(),
                "ax": AXES,
                "method": CHOICE_(None),
                "unit": TEXT,
                "since": DAY,
            },
        ),
        "plot_sessions": Row(
            loadmon.plot_sessions,
            {"spikes": spikes, "ax": axes},
            {
                "spikes": frame(
                    "activity_id",
                    "outing",
                    "date",
                    "outing_km",
                    "longest_before_km",
                    "level",
                    "try",
                    numbers=("outing_km",),
                    days=("date",),
                ),
                "ax": AXES,
                "units": CHOICE_(None),
                "own": LIMIT_MAP,
            },
        ),
        "plot_weeks": Row(
            loadmon.plot_weeks,
            {"weekly": weekly, "ax": axes},
            {
                "weekly": frame(
                    "distance_km", "n_days", "n_known", "partial", "flags", numbers=("distance_km",)
                ),
                "ax": AXES,
                "units": CHOICE_(None),
            },
        ),
        "read": Row(
            lambda path, **options: loadmon.read(path, **options),
            {"path": SAMPLE, "cache": False},
            {
                "path": PATH,
                "athlete": RECORD,
                "cache": each("", " ", 3, None, NAN, *_THINGS),
                "progress": each(3, "x", True, [1]),
                "executor": CALLED,
                "now": MOMENT,
                "salvage": FLAG_,
            },
        ),
        "read_fit": Row(
            loadmon.read_fit,
            {"source": b"x"},
            {
                "source": each(None, 3, NAN, "", " ", "no/such/place", b"", b"x", object(), len),
                "messages": each(3, "x", (3,), (None,), object(), len),
            },
        ),
        "read_injuries": Row(
            loadmon.read_injuries,
            {"path": "no.csv"},
            {"path": PATH}
            | dict.fromkeys(("athlete", "date", "date_format", "sep"), TEXT)
            | {"end": each(3, 1.5, True, *_THINGS)},
        ),
        "read_lovdal_days": Row(
            loadmon.read_lovdal_days, {"path": "no"}, {"path": PATH, "first_day": NEEDED_DAY}
        ),
        "read_lovdal_weeks": Row(
            loadmon.read_lovdal_weeks, {"path": "no"}, {"path": PATH, "first_day": NEEDED_DAY}
        ),
        "read_partitions": Row(
            lambda **given: list(loadmon.read_partitions(**given)),
            {"folder": "no"},
            {"folder": PATH, "columns": each(3, "x", (3,), (None,), object(), len)},
        ),
        **{
            name: Row(
                lambda name=name, **given: list(getattr(loadmon, name)(**given)),
                {"path": "no.csv"},
                {"path": PATH}
                | dict.fromkeys(
                    ("athlete", "date", "date_format", "sep", "decimal", "distance_km"), TEXT
                )
                | ({"athletes": each(*_NO_COUNT, 0, None)} if name != "read_sessions" else {}),
            )
            for name in ("read_sessions", "sessions_in_blocks")
        },
        "simulate_cohort": Row(
            loadmon.simulate_cohort,
            {"athletes": 2, "days": 30},
            dict.fromkeys(("athletes", "days", "effect_days"), each(*_NO_COUNT, 0, None))
            | dict.fromkeys(
                ("hazard_ratio", "injuries_per_1000_days", "unknown_days_per_year"),
                each(*_NO_NUMBER, NAN, -1.0, None),
            )
            | {"first_day": NEEDED_DAY, "seed": each(*_NO_COUNT, None)},
        ),
        "usual": Row(
            loadmon.usual,
            {"weekly_km": 25, "longest_km": 10, "runs": 3, "last_run": "2026-09-20"},
            dict.fromkeys(("weekly_km", "longest_km"), each(*_NO_NUMBER, NAN, -1.0, 0, None))
            | {"runs": each(*_NO_COUNT, 0, 8, None), "last_run": NEEDED_DAY, "athlete": RECORD},
        ),
        "StatedHistory.statement": Row(
            loadmon.usual(25, 10, runs=3, last_run="2026-09-20").statement,
            {},
            {"units": CHOICE_()},
        ),
        "plan_ramp": Row(
            loadmon.plan_ramp,
            {"archive": archive, "resume": "2026-11-17", "target_km": 20},
            {
                "archive": ARCHIVE,
                "resume": NEEDED_DAY,
                "target_km": each(*_NO_NUMBER, NAN, -1.0, 0),
                "target_long_km": each(*_NO_NUMBER, NAN, -1.0, 0),
                "by": DAY,
                "pace": CHOICE_(None),
                "reason": CHOICE_(None),
                "screening": each(3, "x", ["x"], {"nothing such": False}, {3: True}, object()),
                "run_days": each(
                    *(8, 0, -1, 1.5, NAN, INF, True, "nothing", (7,), (-1,), (1.5,), ("x",)),
                    *(("mon", "mon"), (None,), object(), len),
                ),
                "limits": each(
                    3,
                    "x",
                    ["x"],
                    {"nothing such": 1},
                    {"coupled": "x"},
                    {3: 1},
                    {"coupled": NAN},
                    {"coupled": -1},
                    {"caps": 3},
                    object(),
                ),
                **who,
                "programme": each("nothing such", 3, NAN, True, *_THINGS),
                "easy_pace": each(NAN, INF, -1, 0, True, "x", "99", (3,), object(), len),
            },
        ),
        "verify_ramp": Row(
            loadmon.verify_ramp,
            {"archive": archive, "plan": PLAN, "limits": loadmon.Limits()},
            {
                "archive": ARCHIVE,
                "plan": judged(
                    frame("date", "distance_km", numbers=("distance_km",), days=("date",))
                ),
                "limits": each(3, "x", object()),
                "as_of": DAY,
            },
        ),
        "Ramp.to_ics": Row(
            loadmon.Ramp(PLAN, loadmon.Limits(), True, "").to_ics,
            {},
            {
                "name": TEXT,
                "made_on": MOMENT,
                "earlier": each(3, "x", None, True, object(), ["x"]),
            },
        ),
        "Ramp.to_fit": Row(
            loadmon.Ramp(PLAN, loadmon.Limits(), True, "").to_fit, {}, {"whole": FLAG}
        ),
        "today": Row(
            loadmon.today,
            {"archive": archive},
            {
                "archive": ARCHIVE,
                **who,
                "distances_km": each(
                    3,
                    "x",
                    None,
                    ("a",),
                    (True,),
                    (INF,),
                    (NAN,),
                    (-1,),
                    (0,),
                    ((1,),),
                    object(),
                    len,
                ),
                "days_ahead": each(*_NO_COUNT, None, 29),
            },
        ),
        "whole_athletes": Row(
            lambda **given: list(loadmon.whole_athletes(**given)),
            {"frames": [made.sessions]},
            {
                "frames": each(None, 3, NAN, object(), [3], ["x"], [None], len),
                "athletes": each(*_NO_COUNT, 0, None),
            },
        ),
        "write_partitions": Row(
            loadmon.write_partitions,
            {"source": "no", "target": "p", "work": loadmon.daily_panel},
            {
                "source": each(None, 3, NAN, object(), "", "no/such/place", len),
                "target": each(None, 3, NAN, "", " ", *_THINGS),
                "work": each(None, 3, "x", object(), pd.DataFrame()),
                "injuries": each(3, "x", [], object(), pd.DataFrame()),
                "executor": CALLED,
            },
        ),
    }
    return rows


def CHOICE_(*further: Any) -> Wrong:  # noqa: N802
    return each(*_NO_CHOICE[1:], *further)


FLAG_ = each(*_NO_FLAG, None)
PAIRS = each(3, "x", None, ("a", "b"), (("a",),), (("a", 3),), (3,), object())


def is_named(argument: str, what: str, value: object, told: str) -> bool:
    """Whether a message names the argument, the column of it that is wrong, or the file."""
    column = what.rpartition(" in ")[2] if " in " in what else what.removeprefix("without ")
    is_path = isinstance(value, str) and value in told
    argument = argument.removesuffix("_s_per_km")  # as athlete.toml writes it
    return argument in told or column in told or is_path or isinstance(value, bytes)


#: Names that are not called to do something: errors, and records that loadmon alone makes.
MADE_BY_US = {
    *("CacheWarning", "FileProblem", "FrameError", "LoadmonError", "ReadError", "ScreeningNeeded"),
    *("SettingError", "Calendar", "Cohort", "Findings", "LovdalDays", "SimulatedCohort", "Today"),
    *("WindowLoad", "Ramp", "Session", "StatedHistory"),
}
#: Rows of the table whose wrong calls are not tried here: the plan is being built anew.
REBUILT: set[str] = set()


def callables() -> dict[str, Callable[..., Any]]:
    """Public functions, constructors, and methods of public classes."""
    found: dict[str, Callable[..., Any]] = {}
    for name in loadmon.__all__:
        what = getattr(loadmon, name)
        if name not in MADE_BY_US:
            found[name] = what
        if inspect.isclass(what) and not issubclass(what, BaseException):
            methods = {m: f for m, f in vars(what).items() if inspect.isfunction(f)}
            found |= {f"{name}.{m}": f for m, f in methods.items() if not m.startswith("_")}
    return found


def arguments_of(call: Callable[..., Any]) -> set[str]:
    return {name for name in inspect.signature(call).parameters if name != "self"}


#: Arguments of constructors that only loadmon fills in.
OURS = {"Archive": {"_details", "rest_stated_until", "old_export_on", "unknown_days"}}
#: Arguments that take any number of values, by the name that the table has for one of them.
MANY_OF = {"read": {"paths": "path"}, "read_sessions": {"columns": "distance_km"}}
MANY_OF["sessions_in_blocks"] = MANY_OF["read_sessions"]


def test_every_public_call_and_each_of_its_arguments_has_a_row(table: dict[str, Row]) -> None:
    assert set(table) == set(callables())
    for name, call in callables().items():
        named = {MANY_OF.get(name, {}).get(a, a) for a in arguments_of(call)}
        assert set(table[name].wrong) == named - OURS.get(name, set()), name


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", sorted(set(callables()) - REBUILT))
def test_every_argument_is_refused_by_name(name: str, table: dict[str, Row]) -> None:
    row = table[name]
    bad = []
    for argument, wrong in row.wrong.items():
        for what, value in wrong(row.right.get(argument)):
            fault = fault_of(row, argument, what, value)
            if fault:
                bad.append(f"{name}({argument}={what}): {fault}")
    assert bad == []


def fault_of(row: Row, argument: str, what: str, value: object) -> str:
    """What is wrong with how a wrong call ended; empty where it is refused as it should be."""
    try:
        row.call(**(row.right | {argument: value}))
    except loadmon.LoadmonError as error:
        told = str(error)
        return "" if is_named(argument, what, value, told) else f"not named: {told}"
    except Exception as error:
        return f"foreign: {type(error).__name__}: {error}"
    return "taken"


def test_other_activities_than_those_that_were_read_have_no_loads_to_work_out() -> None:
    archive = read_sample()
    few = dataclasses.replace(archive, activities=archive.activities.iloc[:3])
    with pytest.raises(loadmon.FrameError, match="activities are not those that were read"):
        few.with_athlete(loadmon.Athlete(mass_kg=70))


def test_a_number_is_no_day_and_is_never_counted_from_1970() -> None:
    sample = read_sample()
    with pytest.raises(
        loadmon.SettingError, match=r"as_of: not a day: 1\.5; write it as YYYY-MM-DD"
    ):
        sample.calendar(1.5)  # type: ignore[arg-type]


def test_there_are_enough_wrong_calls(table: dict[str, Row]) -> None:
    tried = {name: row for name, row in table.items() if name not in REBUILT}
    calls = [
        (name, argument)
        for name, row in tried.items()
        for argument, wrong in row.wrong.items()
        for _ in wrong(row.right.get(argument))
    ]
    assert len(calls) > 4000
    assert len(set(calls)) > 150


@pytest.mark.parametrize("name", sorted(set(callables()) - NEED_A_FILE))
def test_the_right_calls_of_the_table_are_right(name: str, table: dict[str, Row]) -> None:
    table[name].call(**table[name].right)  # a table of wrong calls of a wrong call shows nothing


if __name__ == "__main__":
    for name_, row_ in build().items():
        for argument_, wrong_ in row_.wrong.items() if sys.argv[1:] in ([], [name_]) else ():
            for what_, value_ in wrong_(row_.right.get(argument_)):
                fault_ = fault_of(row_, argument_, what_, value_)
                if fault_:
                    print(f"{name_}({argument_}={what_}) {fault_}"[:240])
