"""The archive: activities, the ledger of files, and streams on demand."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, SupportsBytes, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.arguments import check_frame, check_items, check_kind, items_of, quoted
from loadmon.athlete import Athlete, settings_frame, settings_in_force
from loadmon.calendar import (
    MARKED,
    UNKNOWN_DAYS,
    Calendar,
    Day,
    calendar_of,
    checked_activities,
    day_of,
    with_days,
    with_unknown_days,
    written,
)
from loadmon.errors import FrameError, ReadError, SettingError
from loadmon.frames import frame_of, table_of
from loadmon.io.intensity import EFFORT_COLUMNS
from loadmon.io.load_columns import LOAD_COLUMNS, IntensityHistograms, with_loads
from loadmon.io.recording import STREAMS, SUMMARY_COLUMNS, Floats, Source
from loadmon.loads import COLUMNS
from loadmon.text import card_html
from loadmon.units import count_text

_TIME = "datetime64[us]"

#: Columns of ``Archive.activities`` and their dtypes; units are in the names.
ACTIVITY_COLUMNS = {
    "activity_id": "str",
    "start_utc": "datetime64[us, UTC]",
    "date": "datetime64[us]",
    "utc_offset_min": "float64",
    "tz_source": "str",
    "sport": "str",
    "sub_sport": "str",
    "distance_km": "float64",
    "distance_source": "str",
    **dict.fromkeys(("duration_min", "elapsed_min", "elevation_gain_m", "descent_m"), "float64"),
    **dict.fromkeys(("avg_hr_bpm", "hr_coverage", "steps", "rpe", "srpe"), "float64"),
    **EFFORT_COLUMNS,
    **dict.fromkeys(LOAD_COLUMNS, "float64"),
    **dict.fromkeys(SUMMARY_COLUMNS, "float64"),
    "name": "str",
    "maker": "str",
    "file": "str",
    "flags": "str",
    UNKNOWN_DAYS: "str",
}
#: Those of them that a frame of activities may lack: texts and numbers.
_NOT_DAYS = {name: dtype for name, dtype in ACTIVITY_COLUMNS.items() if "datetime" not in dtype}
#: Columns of ``Archive.unknown_days``: one row a day and what makes it unknown.
UNKNOWN_COLUMNS = {"date": _TIME, "why": "str", "file": "str"}
#: Columns of ``Archive.issues``: one row an issue of an activity, codes in order of the alphabet.
ISSUE_COLUMNS = {"activity_id": "str", "code": "str", "text": "str"}
#: Columns of ``Archive.files``, all texts.
FILE_COLUMNS = ("file", "outcome", "reason", "detail", "activity_id", "date")
#: Columns of ``Archive.reasons``: one row a reason of a row of ``Archive.files``, in their order.
REASON_COLUMNS = {"row": "int64", "file": "str", "outcome": "str", "code": "str", "text": "str"}
#: Columns of ``Archive.sets``: one row a strength set.
SET_COLUMNS = {
    "activity_id": "str",
    "start_utc": "datetime64[us, UTC]",
    "category": "str",
    "exercise": "str",
    **dict.fromkeys(("repetitions", "duration_s", "weight_kg"), "float64"),
}
#: Columns of ``Archive.device_settings``: one row a file that says something of the runner.
DEVICE_SETTINGS_COLUMNS = {
    "date": _TIME,
    "file": "str",
    **dict.fromkeys(("resting_hr_bpm", "max_hr_bpm", "threshold_hr_bpm"), "float64"),
    **dict.fromkeys(("threshold_power_w", "mass_kg", "height_m"), "float64"),
    "sex": "str",
    "hr_zones_bpm": "object",
}
#: Columns of ``Archive.gear``: one row a pair of shoes or the like of one activity.
GEAR_COLUMNS = {"activity_id": "str", "gear": "str"}
#: Columns of ``Archive.pauses``: one row a time without training that the runner told a platform.
PAUSE_COLUMNS = {"from_day": _TIME, "until_day": _TIME, "reason": "str", "file": "str"}
#: Columns of ``Archive.exports``: one row a platform's own list.
EXPORT_COLUMNS = {
    "export": "str",
    **dict.fromkeys(("listed", "recorded", "unmatched"), "float64"),
    "file": "str",
}

#: What stands where nothing is known, by dtype; None for all others.
_MISSING: dict[str, Any] = {"float64": np.nan, "str": ""}

Given = TypeVar("Given")
Minutes = Mapping[str, npt.NDArray[np.float32]]


class MinutesOf(Minutes):
    """Minutes by activity, each unpacked when it is asked for."""

    __slots__ = ("packed",)

    def __init__(self, packed: Mapping[str, SupportsBytes]):
        self.packed = packed  # as `loadmon.io.intensity.packed_minutes` makes them

    def __getitem__(self, activity_id: str) -> npt.NDArray[np.float32]:
        """Minutes of one activity."""
        packed = bytes(self.packed[activity_id])
        values = np.frombuffer(zlib.decompress(packed) if packed else b"", np.float32)
        return values.reshape(len(COLUMNS), -1).T

    def __iter__(self) -> Iterator[str]:
        """Activities that have minutes."""
        return iter(self.packed)

    def __len__(self) -> int:
        """Count them."""
        return len(self.packed)


@dataclass(frozen=True, slots=True)
class Details:
    """What an archive holds beside its frames, each loaded at first use."""

    sources: Callable[[], Mapping[str, Source]] = dict  # where each activity lies
    histograms: Callable[[], IntensityHistograms] = IntensityHistograms
    minutes: Callable[[], Minutes] = lambda: MinutesOf({})
    stream: Callable[[Source, str], pd.DataFrame] = lambda _source, _id: pd.DataFrame()
    answers: Answers | None = None  # None where nothing is kept

    @staticmethod
    def loaded(
        sources: Mapping[str, Source],
        histograms: IntensityHistograms,
        minutes: Minutes,
        stream: Callable[[Source, str], pd.DataFrame],
    ) -> Details:
        """Details of which all but the streams are in memory."""
        return Details(lambda: sources, lambda: histograms, lambda: minutes, stream)


@dataclass(frozen=True, slots=True)
class Answers:
    """What others made of a whole reading, kept beside it in the cache, by what was asked."""

    get: Callable[[str], bytes | None]  # None too where a file may have changed since
    put: Callable[[str, bytes], None]


@dataclass(frozen=True, slots=True)
class Archive:
    """Everything that was read, as frames.

    Parameters
    ----------
    activities : DataFrame
        One row per activity, in order of start, repetitions left out. NaN is not known.
        ``date`` is the local day of the start, ``duration_min`` timer time, ``steps`` of two feet,
        ``rpe`` on the CR10 scale, ``srpe`` = rpe x minutes [AU], ``flags`` reason codes joined by
        commas. From ``max_hr_bpm`` on, what the file's own summary says, passed on as it is.
        ``unknown_days_around``: the local days between the row before and the row after it of the
        same sport whose running is not known, as ISO text joined by commas, or ``none``.
    files : DataFrame
        The ledger, one row per input, and one for each entry of a platform's list that belongs to
        no recording (``activities.csv!row 5``): ``file`` (outer!inner!member), ``outcome``
        (imported, flagged, duplicate, skipped, quarantined, refused), ``reason`` (codes),
        ``detail`` (sentences), ``activity_id`` (joined by commas), ``date`` (local day as ISO
        text, also of what could not be read as far as it is known, else empty).
    athlete : Athlete
        The runner's own words, as given to `read`.
    sets : DataFrame
        Strength sets: ``activity_id, start_utc, category, exercise, repetitions, duration_s,
        weight_kg``. NaN and empty where the watch does not say.
    issues : DataFrame
        What is odd or worth knowing about an activity although it counts, one row an issue:
        ``activity_id``, ``code`` (as in the ledger), ``text`` (a sentence). ``flags`` of
        ``activities`` are these codes joined by commas.
    reasons : DataFrame
        The reasons of the ledger, one a row: ``row`` of ``files``, its ``file`` and ``outcome``,
        ``code``, ``text`` (a sentence).
    device_settings : DataFrame
        What recordings reveal of the runner, one row per recording that does, in order of time:
        ``date, file, resting_hr_bpm, max_hr_bpm, threshold_hr_bpm, threshold_power_w, mass_kg,
        height_m, sex, hr_zones_bpm`` (upper ends, a list or None). NaN and empty: not known.
    gear : DataFrame
        Shoes and the like that an export's own list gives an activity: ``activity_id, gear``.
    settings : DataFrame
        The settings in force, which loads are computed with: ``setting, value, source``
        (``athlete.toml``, ``file``, empty: not known), ``date`` and ``file`` it is from,
        ``used_for``.
    pauses : DataFrame
        Times without training that the runner told a platform, such as an injury during a plan:
        ``from_day, until_day`` (NaT while it lasts), ``reason, file``.
    exports : DataFrame
        Platforms' own lists among the inputs: ``export`` (Strava, Garmin ...), ``listed``,
        ``recorded`` (entries that belong to another activity), ``unmatched`` (counted from the
        list), ``file``.
    unknown_days : DataFrame or None
        Local days whose running is not known: ``date``; ``why`` (``unreadable`` file, ``partial``,
        ``no-sport`` of a recording, ``marked`` by the runner); ``file``, empty where the runner
        marked it. None: not stated, as in an archive that was put together by hand.
    rest_stated_until : Timestamp or None
        Day up to which the runner says that silent days were rest (`rested_until`).
    old_export_on : Timestamp or None
        Day on which the runner said that the export is old (`as_old_export`).
    """

    activities: pd.DataFrame
    files: pd.DataFrame
    athlete: Athlete = field(default_factory=Athlete)
    issues: pd.DataFrame = field(default_factory=lambda: unix_table([], ISSUE_COLUMNS))
    reasons: pd.DataFrame = field(default_factory=lambda: unix_table([], REASON_COLUMNS))
    sets: pd.DataFrame = field(default_factory=lambda: unix_table([], SET_COLUMNS))
    device_settings: pd.DataFrame = field(
        default_factory=lambda: unix_table([], DEVICE_SETTINGS_COLUMNS)
    )
    gear: pd.DataFrame = field(default_factory=lambda: unix_table([], GEAR_COLUMNS))
    settings: pd.DataFrame = field(default_factory=lambda: settings_frame([]))
    pauses: pd.DataFrame = field(default_factory=lambda: unix_table([], PAUSE_COLUMNS))
    exports: pd.DataFrame = field(default_factory=lambda: unix_table([], EXPORT_COLUMNS))
    unknown_days: pd.DataFrame | None = None
    rest_stated_until: pd.Timestamp | None = None
    old_export_on: pd.Timestamp | None = None
    _details: Details = field(default_factory=Details, repr=False)

    def __post_init__(self) -> None:
        """Refuse what is no archive; days are days also where a file gave them back as text."""
        for part in fields(self):
            if part.type == "pd.DataFrame":
                check_frame(getattr(self, part.name), part.name)
        check_kind(self.athlete, Athlete, "athlete", "an Athlete")
        if self.unknown_days is not None:
            check_frame(self.unknown_days, "unknown_days", UNKNOWN_COLUMNS)
        object.__setattr__(self, "activities", with_days(self.activities))

    def __repr__(self) -> str:
        """Say in one line how much was read."""
        return f"Archive({'; '.join(text for _, text in _summary(self))})"

    def _repr_html_(self) -> str:
        """Show in a notebook what was read."""
        return card_html("Archive", _summary(self))

    @property
    def intensity_histograms(self) -> IntensityHistograms:
        """Seconds at each heart rate and speed of every activity, in the order of activities."""
        return self._details.histograms()

    def minutes(self, activity_ids: Iterable[str]) -> pd.DataFrame:
        """Runs minute by minute, the measure of form.

        Parameters
        ----------
        activity_ids : iterable of str
            As in ``activities``; those of other sports have no minutes.

        Returns
        -------
        DataFrame
            ``activity_id``, ``date``, and the columns of `loadmon.loads.minutes`, in order
            of the ids and of time. NaN is not recorded.
        """
        asked = items_of(activity_ids, "activity_ids")
        check_items(asked, str, "activity_ids", "a text")
        known = self._details.minutes()
        wanted = [i for i in asked if i in known]
        tables = [known[i] for i in wanted]
        values = np.concatenate([np.empty((0, len(COLUMNS)), np.float32), *tables])
        days = dict(zip(self.activities["activity_id"], self.activities["date"], strict=True))
        lengths = [len(table) for table in tables]
        dates = np.array([days[i] for i in wanted], dtype="datetime64[us]")
        frame = pd.DataFrame(values.astype(np.float64), columns=list(COLUMNS))
        frame.insert(0, "date", np.repeat(dates, lengths))
        frame.insert(0, "activity_id", pd.Series(np.repeat(wanted, lengths), dtype="str"))
        return frame

    def records(self, activity_id: str) -> pd.DataFrame:
        """Stream of one activity, from the cache, else read from its file again.

        Parameters
        ----------
        activity_id : str
            As in ``activities``.

        Returns
        -------
        DataFrame
            Index ``time`` (UTC), increasing; the columns of `loadmon.io.recording.STREAMS`
            that were recorded, units in their names. NaN is not recorded. Heart rates, positions
            and altitudes that cannot be are NaN.

        Raises
        ------
        ReadError
            If there is no such activity, or it is not in the cache and its file is gone or has
            changed.
        """
        sources = self._details.sources()
        if not isinstance(activity_id, str) or activity_id not in sources:
            raise ReadError(
                f"activity_id: no activity {quoted(activity_id)} in this archive; see activities"
            )
        return self._details.stream(sources[activity_id], activity_id)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What kinds of export were read, in words: platforms' lists, then makers of recordings.

        Returns
        -------
        tuple of str
            Each with its number: ``Strava's list (120)``, ``recordings by coros (80)``.
        """
        lists = self.exports[self.exports["listed"] > 0].groupby("export")["listed"].sum()
        makers = self.activities["maker"].where(self.activities["distance_source"] != "list")
        counts = makers[~makers.fillna("").isin(["", "development"])].value_counts()
        return (
            *(f"{name}'s list ({n:.0f})" for name, n in lists.items()),
            *(f"recordings by {maker} ({n})" for maker, n in counts.items()),
        )

    def calendar(self, as_of: Day | None = None) -> Calendar:
        """Every day from the first recorded activity to `as_of`, and which of them are known.

        Parameters
        ----------
        as_of : str, date or Timestamp, optional
            Last day that counts; None is the last recorded day.

        Returns
        -------
        Calendar
            It knows also the unknown days after the last activity, why each day is unknown, and
            what the runner says of silent days (`rested_until`).

        Raises
        ------
        SettingError
            If `as_of` is not a day, or more than 100 years after the first recorded day.
        FrameError
            If ``activities`` were replaced by a frame that lacks a column.
        """
        unknown = self.unknown_days
        why = None if unknown is None else dict(zip(unknown["date"], unknown["why"], strict=True))
        return calendar_of(
            self.activities, as_of=as_of, unknown_days=why, rested_until=self.rest_stated_until
        )

    def rested_until(self, day: Day) -> Archive:
        """Archive with the runner's word that silent days up to `day` were rest.

        Parameters
        ----------
        day : str, date or Timestamp
            Last day of rest, such as today.

        Returns
        -------
        Archive
            The same; days up to `day` without a recording are rest.

        Raises
        ------
        SettingError
            If `day` is no day.
        """
        return replace(self, rest_stated_until=day_of(day, "day"))

    def as_old_export(self, said_on: Day) -> Archive:
        """Archive with the runner's word that the export is old: nothing is known after it.

        Parameters
        ----------
        said_on : str, date or Timestamp
            Day on which it was said; reports name it.

        Returns
        -------
        Archive
            The same; days after the last recorded one stay unknown.

        Raises
        ------
        SettingError
            If `said_on` is no day.
        """
        return replace(self, old_export_on=day_of(said_on, "said_on"))

    def with_athlete(self, athlete: Athlete) -> Archive:
        """Archive whose loads are those of other settings; no file is read again.

        Parameters
        ----------
        athlete : Athlete
            Settings and diary. Days that it marks unknown are added to those that are.

        Returns
        -------
        Archive
            The same activities with their loads worked out again.

        Raises
        ------
        SettingError
            If it differs in ``home_zone``, ``unknown_sport``, ``dates``, ``same`` or
            ``different``, which decide what the activities are: read the archive again.
        FrameError
            If ``activities`` were replaced by other ones.
        """
        check_kind(athlete, Athlete, "athlete", "an Athlete")
        for name in ("home_zone", "unknown_sport", "dates", "same", "different"):
            if getattr(athlete, name) != getattr(self.athlete, name):
                raise SettingError(f"{name} has changed: read the archive again")
        if len(self.intensity_histograms.rows) != len(self.activities):
            raise FrameError(
                "activities are not those that were read: the loads of an archive that was put "
                "together by hand cannot be worked out again; read it with athlete="
            )
        in_force, settings = settings_in_force(athlete, self.device_settings)
        activities = with_loads(self.activities, self.intensity_histograms, in_force)
        unknown = self.unknown_days
        days = {day_of(day) for day in athlete.unknown_days}
        if unknown is not None:
            unknown = with_marked_days(unknown, athlete)
            days.update(unknown["date"])
        if days or unknown is not None:
            activities = with_unknown_days(activities, days, are_all=unknown is not None)
        return replace(
            self,
            activities=activities,
            athlete=athlete,
            settings=settings_frame(settings),
            unknown_days=unknown,
        )


def _summary(archive: Archive) -> list[tuple[str, str]]:
    """What was read, in a few words: lines for a notebook."""
    days, sports = archive.activities["date"], archive.activities["sport"]
    outcomes = archive.files["outcome"].value_counts()
    spans = f"{written(days.min())} to {written(days.max())}" if len(days) else "no day"
    n_unknown = 0 if archive.unknown_days is None else archive.unknown_days["date"].nunique()
    return [
        ("activities", f"{len(days)} {'activity' if len(days) == 1 else 'activities'}, {spans}"),
        ("runs", count_text(int((sports == "running").sum()), "run")),
        ("files", ", ".join(f"{n} {name}" for name, n in outcomes.items()) or "no file"),
        ("unknown", f"{count_text(n_unknown, 'day')} unknown"),
    ]


def archive_of(given: Given | pd.DataFrame) -> Given | Archive:
    """Archive of a frame of activities or a log of runs, from no file; an archive as it is."""
    if not isinstance(given, pd.DataFrame):
        return given
    frame = checked_activities(given, ["activity_id", "date", "sport", "distance_km"])
    rest = unix_table([{} for _ in range(len(frame))], _NOT_DAYS).set_axis(frame.index)
    unsaid = rest[[name for name in rest if name not in frame.columns]]
    files = pd.DataFrame([], columns=list(FILE_COLUMNS), dtype="str")
    return Archive(pd.concat([frame, unsaid], axis=1), files)


def details_of(archive: Archive) -> Details:
    """What an archive holds beside its frames."""
    return archive._details


def stream_frame(time: Floats, streams: dict[str, Floats]) -> pd.DataFrame:
    """A cleaned stream as a frame."""
    stamps = np.round(time * 1e6).astype(np.int64).astype("datetime64[us]")
    index = pd.DatetimeIndex(stamps, name="time").tz_localize("UTC")
    return pd.DataFrame({name: streams[name] for name in STREAMS if name in streams}, index=index)


def with_marked_days(unknown: pd.DataFrame, athlete: Athlete) -> pd.DataFrame:
    """Unknown days with those that the runner marked."""
    if not athlete.unknown_days:
        return unknown
    marked = days_frame(
        [{"date": day.isoformat(), "why": MARKED, "file": ""} for day in athlete.unknown_days]
    )
    both = pd.concat([unknown, marked], ignore_index=True).drop_duplicates()
    return both.sort_values(["date", "why", "file"], ignore_index=True)


def days_frame(rows: list[dict[str, str]]) -> pd.DataFrame:
    """Rows of unknown days, once each, in order."""
    cells = sorted({(row["date"], row["why"], row["file"]) for row in rows})
    return table_of(cells, UNKNOWN_COLUMNS)


def unix_table(rows: list[dict[str, Any]], dtypes: dict[str, str]) -> pd.DataFrame:
    """Rows as a frame of the given columns, moments in Unix seconds; a row may lack cells."""
    columns = {}
    for name, dtype in dtypes.items():
        if dtype.startswith("datetime64") or dtype == "int64":
            columns[name] = [row[name] for row in rows]
        else:
            columns[name] = [row.get(name, _MISSING.get(dtype)) for row in rows]
    return unix_frame(columns, dtypes, len(rows))


def unix_frame(columns: Mapping[str, Any], dtypes: dict[str, str], count: int) -> pd.DataFrame:
    """Columns as a frame of so many rows, moments in Unix seconds, dates without time of day.

    A column that is not there is missing in all rows.
    """
    made = {}
    for name, dtype in dtypes.items():
        values = columns[name] if name in columns else [_MISSING.get(dtype)] * count
        if dtype.startswith("datetime64"):
            values = _stamps(values)
            if not dtype.endswith("UTC]"):
                values = values.astype("datetime64[D]").astype(values.dtype)
        made[name] = values
    return frame_of(made, dtypes)


def _stamps(unix_s: Any) -> npt.NDArray[np.datetime64]:
    seconds = np.array(unix_s, np.float64)
    micros = np.full(len(seconds), np.datetime64("NaT", "us"))
    known = ~np.isnan(seconds)
    micros[known] = np.round(seconds[known] * 1e6).astype(np.int64).astype("datetime64[us]")
    return micros
