"""The calendar: which days count, which are known, and which silent days are rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import compress
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.arguments import check_frame, check_kind, quoted
from loadmon.errors import FrameError, SettingError
from loadmon.evidence.limits import FRESHNESS, LAYOFF
from loadmon.frames import cells_of

#: A day as callers may write it: ISO text, a date, or a Timestamp.
Day = str | date | pd.Timestamp

#: Days of the longest history that can be meant: a longer one holds a wrong date. [d]
LONGEST_DAYS = 36_525
_LONGEST = f"more than {LONGEST_DAYS // 365} years"
#: A day as ISO writes it, with or without a time of day.
ISO_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}-[0-9]{2}|[0-9]{4})([T ].*)?")
_MIDNIGHT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]00:00:00)?"

#: Why a day is unknown: a file of it could not be read, or only a part of it; nobody can tell the
#: sport of a recording; the runner marked it; the frame of activities names it; nothing was
#: recorded for longer than is usual for the runner.
UNREADABLE, PARTIAL, MARKED, STATED, SILENT = "unreadable", "partial", "marked", "stated", "silent"
NO_SPORT = "no-sport"
#: Codes in ``flags`` of a recording that may be a run, and of one that may be of another day.
SPORT_UNKNOWN, DATE_DOUBTFUL = "sport-unknown", "date-doubtful"
#: Why a day is unknown: a workout of it stands in a list that cannot be read.
LIST_UNREAD = "list-unread"

#: Column of activities that names the unknown days around each row.
UNKNOWN_DAYS = "unknown_days_around"
#: Its text where there is none. An empty one would come back from a CSV file as "not stated".
NO_DAYS = "none"


def day_of(value: Day, argument: str = "") -> pd.Timestamp:
    """Turn what a caller wrote for a day into that day's midnight; an error names the argument."""
    day: Any = pd.NaT
    # Of anything else pandas may make a day: of a number one counted from 1970 on.
    if isinstance(value, date | np.datetime64) or (
        isinstance(value, str) and ISO_DAY.fullmatch(value)
    ):
        with suppress(ValueError, TypeError):
            day = pd.Timestamp(value)
    if pd.isna(day):
        where = f"{argument}: " if argument else ""
        raise SettingError(f"{where}not a day: {quoted(value)}; write it as YYYY-MM-DD")
    midnight: pd.Timestamp = day.tz_localize(None).normalize().as_unit("us")
    return midnight


def written(day: pd.Timestamp) -> str:
    """Day as ISO writes it, in any year."""
    return str(day.to_datetime64().astype("datetime64[D]"))


def is_too_long(first: pd.Timestamp, last: pd.Timestamp) -> bool:
    """Whether two days lie so far apart that one of them is wrong."""
    return (last - first).days > LONGEST_DAYS


def days_between(first: pd.Timestamp, last: pd.Timestamp) -> pd.DatetimeIndex:
    """Every day from `first` to `last`, both included, as an index called ``date``."""
    if is_too_long(first, last):
        raise FrameError(
            f"from {written(first)} to {written(last)} are {_LONGEST}: one of the two dates is "
            "wrong; correct it, or leave the row out"
        )
    return pd.date_range(first, last, freq="D", unit="us", name="date")


# A frame of activities, as `loadmon.read` gives it or as it comes back from a file or a merge.


#: What a log of runs need not say, and what stands for it: all but the sport is not known.
_UNSAID = {
    **{"sport": "running", "sub_sport": "", "flags": ""},
    **dict.fromkeys(("duration_min", "elevation_gain_m", "downhill_m"), float("nan")),
}
#: What is enough of one, and columns by which a frame is from an archive and not typed.
_ENOUGH, _FROM_ARCHIVE = {"date", "distance_km"}, {"activity_id", "sub_sport", "file"}
#: Names of sports as the FIT profile writes them, but for what is a run by another name.
_OTHER_SPORT = re.compile(r"(?!run|jog|trail|treadmill)[a-z][a-z0-9_]*")
_WANTED = "; pass an archive, Archive.activities, or a log of runs with date and distance_km"


def checked_activities(activities: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Activities with ``date`` as days; a frame that cannot be one of activities is refused.

    A frame of days and distances is a log of runs, whose other columns are not known.
    """
    check_frame(activities, "activities", (), _WANTED)
    there = set(activities.columns)
    if there >= _ENOUGH and not _FROM_ARCHIVE & there:
        activities = _log_of_runs(activities)
    check_frame(activities, "activities", columns, _WANTED)
    if UNKNOWN_DAYS not in activities.columns:
        renamed = [c for c in map(str, activities.columns) if c.startswith(UNKNOWN_DAYS)]
        if renamed:
            raise FrameError(
                f"activities hold {renamed[0]}, as a merge renames it: call it {UNKNOWN_DAYS} again"
            )
    ids = activities["activity_id"] if "activity_id" in activities.columns else None
    if ids is not None and not ids.is_unique and not ids.isna().any():
        twice = ids[ids.duplicated()].iloc[0]
        raise FrameError(
            f"activities hold activity_id {twice!r} twice, as a concat adds them, and would "
            "count it twice: leave one out, activities.drop_duplicates('activity_id')"
        )
    if ids is not None and ids.isna().any():
        raise FrameError(
            "activities hold rows without an activity_id, as a merge adds them: leave them out, "
            "activities.dropna(subset='activity_id')"
        )
    activities = with_days(activities)
    days = activities["date"]
    if not pd.api.types.is_datetime64_dtype(days):
        raise FrameError(f"activities['date'] must hold naive local days, not {days.dtype}")
    moments = days.to_numpy()
    if np.isnat(moments).any() or (moments != moments.astype("datetime64[D]")).any():
        raise FrameError("activities['date'] must be the midnight of a local day in every row")
    return activities


def _log_of_runs(log: pd.DataFrame) -> pd.DataFrame:
    """Log of runs with the columns that it does not say; its rows are numbered."""
    unsaid: dict[str, Any] = {n: x for n, x in _UNSAID.items() if n not in log.columns}
    ids = pd.Series([f"row {n}" for n in range(1, len(log) + 1)], log.index, dtype="str")
    log = log.assign(**unsaid, activity_id=ids)
    is_known = [isinstance(word, str) and bool(word.strip()) for word in log["sport"].tolist()]
    for word in {*compress(log["sport"].tolist(), is_known)}:
        if word != "running" and not _OTHER_SPORT.fullmatch(word):
            raise FrameError(
                f"activities['sport'] holds {word!r}, which loadmon does not know, and would not "
                "count it: write running for a run, else another sport such as walking or cycling"
            )
    if all(is_known):
        return log
    flags = [f if isinstance(f, str) else "" for f in log["flags"].tolist()]
    told = [
        f if k else ",".join(filter(None, [f, SPORT_UNKNOWN]))
        for f, k in zip(flags, is_known, strict=True)
    ]
    return log.assign(flags=pd.Series(told, log.index, dtype="str"))


def with_days(activities: pd.DataFrame) -> pd.DataFrame:
    """Activities with ``date`` as days where a CSV file gave it back as text."""
    if "date" not in activities or not pd.api.types.is_string_dtype(activities["date"]):
        return activities
    texts = activities["date"].astype("str")
    wrong = texts[~texts.str.fullmatch(_MIDNIGHT).fillna(value=False).astype(bool)]
    try:
        if wrong.empty:
            days = pd.to_datetime(texts.str[:10], format="%Y-%m-%d").astype("datetime64[us]")
            return activities.assign(date=days)
        what = repr(wrong.iloc[0])
    except ValueError as error:
        what = str(error)
    raise FrameError(
        f"activities['date'] must hold naive local days, not text such as {what}; "
        "pandas.read_csv(..., parse_dates=['date']) reads them"
    )


def numbers_of(activities: pd.DataFrame, column: str) -> npt.NDArray[np.float64]:
    """Values of a column as floats; text is refused, also where it could be read as a number."""
    values = activities[column]
    if values.dtype.kind not in "iufb":
        text = next((value for value in values.tolist() if isinstance(value, str)), None)
        if text is not None:
            raise FrameError(
                f"activities[{column!r}] must hold numbers, not text such as {text!r}; "
                f"pandas.to_numeric turns texts into numbers"
            )
    if values.dtype.kind == "c":
        raise FrameError(f"activities[{column!r}] must hold numbers, not {values.dtype}")
    try:
        return values.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        raise FrameError(f"activities[{column!r}] must hold numbers") from None


def is_partial(activities: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether only a part of each activity could be read."""
    return _is_flagged(activities, PARTIAL)


def _is_flagged(activities: pd.DataFrame, code: str) -> npt.NDArray[np.bool_]:
    texts = cells_of(activities, "flags")
    flagged = [isinstance(f, str) and code in f and code in f.split(",") for f in texts]
    return np.array(flagged, dtype=bool)


def with_unknown_days(
    activities: pd.DataFrame, unknown: Iterable[pd.Timestamp], *, are_all: bool
) -> pd.DataFrame:
    """Activities whose column ``unknown_days_around`` names further unknown days.

    A row names those from the row before it to the row after it of its sport, the first and the
    last row all before and after: each day stands in several, and survives other sports left out.
    Unless they `are_all`, a row that named none and did not say so still does not.
    """
    days = np.array(sorted({*unknown, *_named_days(activities)}), dtype="datetime64[D]")
    dates = activities["date"].to_numpy().astype("datetime64[D]")
    named = np.full(len(activities), NO_DAYS, dtype=object)
    sports = activities["sport"].to_numpy(dtype=object)
    for sport in set(sports) if len(days) else ():
        rows = np.flatnonzero(sports == sport)
        own, at = np.unique(dates[rows], return_inverse=True)
        around: list[list[str]] = [[] for _ in own]
        before = np.searchsorted(own, days, "left") - 1
        after = np.searchsorted(own, days, "right")
        for day, first, last in zip(days, before, after, strict=True):
            for place in range(max(first, 0), min(last, len(own) - 1) + 1):
                around[place].append(str(day))
        named[rows] = np.array([",".join(d) or NO_DAYS for d in around], dtype=object)[at]
    texts = pd.Series(named, activities.index, dtype="str")
    if not are_all:
        texts = texts.where((texts != NO_DAYS) | _says(activities))
    return activities.assign(**{UNKNOWN_DAYS: texts})


def _says(activities: pd.DataFrame) -> npt.NDArray[np.bool_]:
    if UNKNOWN_DAYS not in activities.columns:
        return np.zeros(len(activities), dtype=bool)
    texts = cells_of(activities, UNKNOWN_DAYS)
    return np.array([text == text and text not in (None, "") for text in texts], dtype=bool)


def _named_days(activities: pd.DataFrame) -> set[pd.Timestamp]:
    """Days that the frame itself says are unknown."""
    codes = (PARTIAL, SPORT_UNKNOWN, DATE_DOUBTFUL)
    unsure = np.logical_or.reduce([_is_flagged(activities, code) for code in codes])
    days = set(activities["date"][unsure]) if unsure.any() else set()
    says = _says(activities)
    if not says.any():
        return days
    for text in {*compress(cells_of(activities, UNKNOWN_DAYS), says)} - {NO_DAYS}:
        for name in str(text).split(","):
            try:
                days.add(day_of(name.strip()))
            except SettingError:
                raise FrameError(
                    f"activities[{UNKNOWN_DAYS!r}] must hold days like 2026-03-04,2026-03-07 or "
                    f"{NO_DAYS!r}, not {text!r}"
                ) from None
    return days


def _assumed(activities: pd.DataFrame, days: pd.DatetimeIndex) -> npt.NDArray[np.bool_]:
    """Days about which the row before or after does not say whether they are unknown."""
    says = _says(activities)
    if says.all() or not says.any():
        return np.full(len(days), not says.all())
    stated = pd.Series(says, pd.DatetimeIndex(activities["date"])).groupby(level=0).all()
    stated = stated.loc[: days[-1]]
    own, says = stated.index.to_numpy(), stated.to_numpy(dtype=bool)
    last = np.searchsorted(own, days.to_numpy(), "right") - 1
    following = np.minimum(np.searchsorted(own, days.to_numpy(), "left"), len(own) - 1)
    assumed: npt.NDArray[np.bool_] = ~(says[last] & says[following])
    return assumed


@dataclass(frozen=True, slots=True)
class SilentDays:
    """The days after the last recorded activity of any sport, up to the last that counts."""

    last_recorded: pd.Timestamp
    days_silent: int
    usual_gap: int  # silent days that still count as rest for this athlete
    unknown: bool  # whether some of them are unknown, so that the athlete must be asked


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The complete local days of one runner, and whether each of them is known.

    `Archive.calendar` and `calendar_of` make it; `daily_load`, `weekly_load`, `window_load` and
    `session_spikes` take it.

    Parameters
    ----------
    days : DatetimeIndex
        Every local date from the first recorded activity of any sport to the last that counts;
        none where nothing is recorded.
    why : Series of str
        Why each day is unknown; empty where it is known. ``unreadable``: a file of it could not be
        read; ``partial``: only a part of one could; ``marked``: the runner said so; ``stated``: the
        activities name it; ``list-unread``: a workout stands in a list that cannot be read;
        ``silent``: after the last recorded day, beyond the usual gap and the
        runner's word; or any other word that was given.
    assumed : Series of bool
        Days that count as known although nothing says that no file of them is missing: a row next
        to them lacks ``unknown_days_around``.
    last_recorded : Timestamp
        Last day of `days` with an activity of any sport; NaT where nothing is recorded.
    usual_gap : int
        Silent days that count as rest for this runner. [d]
    rested_until : Timestamp
        Last day that the runner said was rest; NaT where nothing was said.
    """

    days: pd.DatetimeIndex
    why: pd.Series
    assumed: pd.Series
    last_recorded: pd.Timestamp
    usual_gap: int
    rested_until: pd.Timestamp

    @property
    def as_of(self) -> pd.Timestamp:
        """Last day that counts; NaT where nothing is recorded."""
        return self.days[-1] if len(self.days) else pd.NaT  # type: ignore[return-value]

    @property
    def is_silent(self) -> pd.Series:
        """Whether each day is unknown for want of any recording."""
        return self.why == SILENT

    @property
    def is_unknown(self) -> pd.Series:
        """Whether each day is unknown for any other reason."""
        return (self.why != "") & (self.why != SILENT)

    @property
    def silence(self) -> SilentDays | None:
        """The days after the last recorded one; None where nothing is recorded.

        They are rest up to the usual gap, the 95th percentile of the days from one day with an
        activity to the next, rounded down, and at least 3 (`loadmon.evidence.limits.FRESHNESS`, a
        choice of this project), and up to `rested_until`.
        """
        if self.days.empty:
            return None
        last = self.last_recorded
        until = _rest_until(last, self.usual_gap, self.rested_until)
        silent = (self.as_of - last).days
        return SilentDays(last, silent, self.usual_gap, unknown=self.as_of > until)

    def to_frame(self) -> pd.DataFrame:
        """Days as a table.

        Returns
        -------
        DataFrame
            Index ``date``; ``known`` (bool), ``why`` and ``assumed`` as above.
        """
        return pd.DataFrame({"known": self.why == "", "why": self.why, "assumed": self.assumed})


def calendar_of(
    activities: pd.DataFrame,
    *,
    as_of: Day | None = None,
    unknown_days: Mapping[Any, str] | None = None,
    rested_until: Day | None = None,
) -> Calendar:
    """Days of a frame of activities, and which of them are known.

    Parameters
    ----------
    activities : DataFrame
        One row per activity. The days that its column ``unknown_days_around`` names, and those of
        activities flagged ``partial``, ``sport-unknown`` or ``date-doubtful``, are unknown.
    as_of : str, date or Timestamp, optional
        Last day that counts; None is the last recorded day.
    unknown_days : mapping of date to str, optional
        Further unknown days, each with the reason in a word, such as
        ``{"2026-03-22": "marked"}``. None: nothing is known beyond the frame; an empty mapping
        says that there are no others.
    rested_until : str, date or Timestamp, optional
        Day up to which the runner says that silent days were rest.

    Returns
    -------
    Calendar
        Without a day where nothing is recorded up to `as_of`.

    Raises
    ------
    SettingError
        If a day is none, `unknown_days` gives one no reason, or `as_of` is more than 100 years
        after the first recorded day.
    FrameError
        If `activities` lacks a column or holds what is no day, or the first and the last day up to
        `as_of` lie more than 100 years apart.
    """
    activities = checked_activities(activities, ["date", "flags"])
    rested = pd.NaT if rested_until is None else day_of(rested_until, "rested_until")
    given = None
    if unknown_days is not None:
        if not isinstance(unknown_days, Mapping) or not all(
            isinstance(why, str) and why not in ("", SILENT) for why in unknown_days.values()
        ):
            raise SettingError(
                "unknown_days must give each day a reason in a word, such as "
                '{"2026-03-22": "marked"}'
            )
        given = {day_of(day, "unknown_days"): why for day, why in unknown_days.items()}
    return _build_calendar(activities, as_of, given, rested)  # type: ignore[arg-type]


def _build_calendar(
    activities: pd.DataFrame,
    as_of: Day | None,
    given: Mapping[pd.Timestamp, str] | None,
    rested: pd.Timestamp,
) -> Calendar:
    """Calendar of checked activities; `given` None: nothing is known beyond the frame."""
    until, active = _active_days(activities["date"], as_of)
    if active.empty:
        none = pd.DatetimeIndex([], dtype="datetime64[us]", freq="D", name="date")
        nothing = pd.Series([], none, dtype="str")
        return Calendar(none, nothing, nothing.astype(bool), pd.NaT, 0, rested)  # type: ignore[arg-type]
    days = days_between(active[0], until)
    usual = int(usual_gap(np.diff(active.to_numpy()) / np.timedelta64(1, "D")))
    why = np.full(len(days), "", dtype=object)
    rest = (_rest_until(active[-1], usual, rested) - days[0]).days + 1
    why[rest:] = SILENT
    named = dict.fromkeys(_named_days(activities), STATED)
    for day, reason in (named | dict(given or {})).items():
        if days[0] <= day <= until:
            why[(day - days[0]).days] = reason
    assumed = _assumed(activities, days) if given is None else np.zeros(len(days), bool)
    return Calendar(
        days=days,
        why=pd.Series(why, days, dtype="str"),
        assumed=pd.Series(assumed & (why == ""), days),
        last_recorded=active[-1],
        usual_gap=usual,
        rested_until=rested,
    )


class HasActivities(Protocol):
    """An archive, or anything else that holds activities."""

    @property
    def activities(self) -> pd.DataFrame:
        """As of `loadmon.Archive`."""


#: What functions of load take: an archive, or a frame of its activities or of a log of runs.
Activities = pd.DataFrame | HasActivities


def frame_and_calendar(
    given: Activities, columns: Sequence[str], calendar: Calendar | None, as_of: Day | None
) -> tuple[pd.DataFrame, Calendar]:
    """Checked activities, and the calendar that the caller gave, or the archive or frame has."""
    if isinstance(given, pd.DataFrame):
        activities = checked_activities(given, columns)
        return activities, calendar_for(activities, calendar, as_of)
    activities = checked_activities(getattr(given, "activities", given), columns)  # type: ignore[arg-type]
    if calendar is None:
        return activities, calendar_of_archive(given, as_of)
    return activities, calendar_for(activities, calendar, as_of)


def own_limits(given: Activities) -> Mapping[str, float]:
    """Limits of the runner of an archive; of a frame, none: the published ones hold."""
    limits: Mapping[str, float] = getattr(getattr(given, "athlete", None), "limits", {})
    return limits


def calendar_for(
    activities: pd.DataFrame, calendar: Calendar | None, as_of: Day | None
) -> Calendar:
    """Calendar that a caller gave, or that of these checked activities alone."""
    if calendar is None:
        return _build_calendar(activities, as_of, None, pd.NaT)  # type: ignore[arg-type]
    check_kind(calendar, Calendar, "calendar", "a Calendar")
    day = calendar.as_of if as_of is None else day_of(as_of, "as_of")
    if not calendar.days.empty and day != calendar.as_of:
        raise SettingError(
            f"as_of {written(day)} is not the last day of the calendar, "
            f"{written(calendar.as_of)}; give one of the two"
        )
    first = activities["date"].min()
    if not calendar.days.empty and first < calendar.days[0]:
        raise SettingError(
            f"calendar begins on {written(calendar.days[0])}, after the first of these activities, "
            f"{written(first)}; give the calendar of all of them"
        )
    return calendar


def calendar_of_archive(archive: HasActivities, as_of: Day | None) -> Calendar:
    """Calendar that an archive knows; of anything else with activities, that of these alone."""
    check_frame(getattr(archive, "activities", None), "archive.activities")
    known = getattr(archive, "calendar", None)
    return calendar_of(archive.activities, as_of=as_of) if known is None else known(as_of)


def _active_days(recorded: pd.Series, as_of: Day | None) -> tuple[pd.Timestamp, pd.DatetimeIndex]:
    """Last day that counts, and the days up to it with an activity, once each, in order."""
    days = pd.DatetimeIndex(np.unique(recorded.to_numpy()))
    until = days.max() if as_of is None else day_of(as_of, "as_of")
    active = days[days <= until]
    if active.empty:
        return until, active
    first, last = active[0], active[-1]
    if is_too_long(first, last):
        raise FrameError(
            f"activities['date'] goes from {written(first)} to {written(last)}, {_LONGEST}: one of "
            "the two is wrong; correct it, or leave the row out"
        )
    if is_too_long(first, until):
        raise SettingError(
            f"as_of {written(until)} is {_LONGEST} after the first recorded day, {written(first)}: "
            "write the day that you mean"
        )
    return until, active


def _rest_until(last: pd.Timestamp, usual_gap: int, rested: pd.Timestamp) -> pd.Timestamp:
    by_habit = last + pd.Timedelta(days=usual_gap)
    return by_habit if pd.isna(rested) else max(by_habit, rested)


def usual_gap(gaps: npt.NDArray[np.float64]) -> float:
    """95th percentile of the gaps between days of activity, and at least 3. [d]"""
    usual = float(np.quantile(gaps, FRESHNESS["quantile"])) if len(gaps) else 0.0
    return max(usual, FRESHNESS["min_days"])


def long_gaps(activities: pd.DataFrame, as_of: Day | None = None) -> pd.DataFrame:
    """Gaps of at least 14 days without any activity: ask whether they were rest, as is assumed.

    One row a gap: ``start`` and ``end``, its first and last day, and ``days``. [d]
    """
    _, active = _active_days(checked_activities(activities, ["date"])["date"], as_of)
    one = pd.Timedelta(days=1)
    gaps = pd.DataFrame({"start": active[:-1] + one, "end": active[1:] - one})
    gaps["days"] = (gaps["end"] - gaps["start"]).dt.days + 1
    return gaps[gaps["days"] >= LAYOFF["ask_from_days"]].reset_index(drop=True)
