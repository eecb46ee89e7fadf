"""What rules take and give: the days of runners, the context of one day, findings and bounds."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import resources
from typing import Any, Literal, TypeVar, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.athlete import Athlete
from loadmon.calendar import Calendar, checked_activities, is_partial, numbers_of, written
from loadmon.daily import TIMES, by_kind, cut, outing_of, outing_totals, places
from loadmon.evidence import Evidence
from loadmon.evidence.limits import WINDOWS
from loadmon.frames import cells_of, table_of
from loadmon.io.archive import Archive
from loadmon.ratio import Floats, Marks, last_marked
from loadmon.text import card_html
from loadmon.units import amount_text, count_text, day_text, distance_text, listed

T = TypeVar("T")
Verdict = Literal["ok", "flagged", "unknown", "not_set_up"]
#: A flag of a day: 1 yes, 0 no, -1 not known.
States = npt.NDArray[np.int8]
Ints = npt.NDArray[np.int64]

#: Names of the checks, in the order in which findings list them.
CHECKS = (
    *("session_spike", "return", "weekly_change", "acwr", "monotony", "rest", "symptoms"),
    *("descent", "intensity", "form", "strength", "shoes", "overtraining"),
)
#: What stands out of four weeks, whatever the checks say of the last seven days.
LARGEST_STEP = "largest_step"
#: Checks without which the whole is unknown.
_NEEDED = ("session_spike", "weekly_change", "acwr", "monotony", "rest")
_NUMBERS = ("value", "limit", "value_low", "value_high", "agreement", "not_flagged_up_to")
COLUMNS = (
    *("check", "verdict", "level", "date", "value", "limit", "unit", "window", "method", "grade"),
    *("source", "message", "missing", "value_low", "value_high", "agreement"),
    "not_flagged_up_to",
)
#: Version of the JSON form; `findings.schema.json` beside this module describes it.
SCHEMA = 1
WEEK = int(WINDOWS["acute"])
_NAN = float("nan")
#: Outcomes of files that may have held an activity.
_UNREADABLE = ("quarantined", "refused")
#: Files that are named; of more the number is given.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class RunDays:
    """Days x runners, each runner from their own first day on; outings of known size in a row."""

    load: Floats  # 0 at rest, NaN is not known
    runs: Ints
    run_day: Marks  # whether there was running enough (`loadmon.daily.run_days`)
    longest: Floats  # longest outing that begins on the day, 0 at rest, NaN where none is known
    measured: Marks  # whether `outing_load` is known of every session of the day
    outing_at: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))  # in flat days
    outing_size: Floats = field(default_factory=lambda: np.empty(0))
    outing_partial: Marks | Literal[False] = False  # whether only a part could be read
    outing_load: str = "distance_km"  # the column that outings are compared by
    is_km: bool = False  # whether `load` is a distance
    walk_km: Floats | Literal[False] = False  # of each day; NaN: none, or not known
    other_min: Floats | Literal[False] = False  # of other sports

    @property
    def ran(self) -> Marks:
        """Days with a run, however short."""
        out: Marks = self.runs > 0
        return out


def run_days_of(
    daily: pd.DataFrame,
    activities: pd.DataFrame,
    load: str = "distance_km",
    sport: str = "running",
) -> RunDays:
    """One runner as a column; activities of other sports or days are ignored."""
    at = places(daily.index, activities["date"])
    counted = by_kind(activities, sport)[0] & (at >= 0)
    sessions = cut(activities, (load, "flags", *TIMES))[counted]
    at, size = at[counted], numbers_of(sessions, load)
    status = daily["status"].to_numpy(dtype=object)
    measured = status != "unknown"
    measured[at[np.isnan(size)]] = False
    outing = outing_of(sessions)
    whole, partial = outing_totals(size, outing), is_partial(sessions).astype(float)
    begins = (outing == np.arange(len(outing))) & (whole > 0)
    longest = np.where(status == "rest", 0.0, np.nan)
    np.fmax.at(longest, at[begins], whole[begins])
    return RunDays(
        load=daily["load"].to_numpy(dtype=float)[:, None],
        runs=daily["runs"].to_numpy(dtype=np.int64)[:, None],
        run_day=daily["run_day"].to_numpy(dtype=bool)[:, None],
        longest=longest[:, None],
        measured=measured[:, None],
        outing_at=at[begins].astype(np.int64),
        outing_size=whole[begins],
        outing_partial=outing_totals(partial, outing)[begins] > 0,
        outing_load=load,
        is_km=load == "distance_km",
        walk_km=daily["walk_km"].to_numpy(dtype=float)[:, None],
        other_min=daily["other_min"].to_numpy(dtype=float)[:, None],
    )


def days_since_return(run_day: Marks, known: Marks, off_days: float) -> Floats:
    """Days since the last run day that followed so many days or more without one; infinite: none.

    An unknown day is no day off. Days x runners, like what is given.
    """
    place = np.arange(len(run_day), dtype=float)[:, None]
    off = place - np.maximum(last_marked(run_day | ~known), -1)
    before = np.vstack([np.zeros((1, off.shape[1])), off[:-1]])[: len(off)]
    out: Floats = place - last_marked(run_day & (before >= off_days))
    return out


def state(flagged: Marks, unknown: Marks) -> States:
    """Flags in three states; what is flagged is known."""
    out = np.zeros(flagged.shape, dtype=np.int8)
    out[unknown] = -1
    out[flagged] = 1
    return out


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check says of one day; the fields are columns of `Findings.to_frame`."""

    check: str
    verdict: Verdict = "unknown"
    level: str = "unknown"
    message: str = ""
    evidence: Evidence | None = None  # of its limit; None if it was not set up
    date: pd.Timestamp = pd.NaT  # type: ignore[assignment]
    value: float = _NAN
    limit: float = _NAN
    unit: str = ""
    window: str = ""
    missing: str = ""
    value_low: float = _NAN
    value_high: float = _NAN
    agreement: float = _NAN
    not_flagged_up_to: float = _NAN

    def ok(self, level: str, message: str, **changed: Any) -> Finding:
        """Say that nothing is above the limit."""
        return self._answered("ok", level, message, changed)

    def flagged(self, level: str, message: str, **changed: Any) -> Finding:
        """Say that something is."""
        return self._answered("flagged", level, message, changed)

    def unknown(self, level: str, message: str, **changed: Any) -> Finding:
        """Say that it is not known."""
        return self._answered("unknown", level, message, changed)

    def not_set_up(self, message: str, missing: str = "") -> Finding:
        """Say that an optional input was never given."""
        return Finding(self.check, "not_set_up", "", message, missing=missing)

    def _answered(
        self, verdict: Verdict, level: str, message: str, changed: Mapping[str, Any]
    ) -> Finding:
        """Answer; a limit of the runner's own is named as such in the message."""
        out = replace(self, verdict=verdict, level=level, message=message, **changed)
        if out.evidence is None or out.evidence.checked != "own" or verdict == "unknown":
            return out
        return replace(out, message=f"{message} Your limit: {out.limit:g}.")

    def row(self) -> dict[str, Any]:
        """Return the cells of `COLUMNS`."""
        entry = self.evidence
        cells = {name: getattr(self, name, "") for name in COLUMNS}
        cells |= {name: float(cells[name]) for name in _NUMBERS}
        if entry is not None:
            cells |= {"method": entry.method, "grade": entry.grade, "source": entry.source}
        return cells


class Findings:
    """Findings of one day, in the order of `CHECKS`.

    Parameters
    ----------
    as_of : Timestamp
        The day; NaT where nothing is recorded.
    found : list of Finding
        One for each check.
    """

    def __init__(self, as_of: pd.Timestamp, found: list[Finding]):
        self.as_of = as_of
        self._found = sorted(found, key=lambda one: (*CHECKS, LARGEST_STEP).index(one.check))

    def __repr__(self) -> str:
        """Say the verdict and what is flagged, in one line."""
        names = [f"{one.check}: {one.verdict}" for one in self._found if one.verdict == "flagged"]
        return f"Findings({_day(self.as_of)}: {', '.join([self.verdict, *names])})"

    def _repr_html_(self) -> str:
        """Show in a notebook what is flagged, not known and not flagged, with the sentences."""
        shown = [one for one in self._found if one.verdict in ("flagged", "unknown")]
        rows = [(f"{one.check}: {one.verdict}", one.message) for one in shown]
        for verdict, words in (("ok", "no flag"), ("not_set_up", "not set up")):
            checks = [c.check for c in self._found if c.verdict == verdict]
            rows += [(words, ", ".join(c for c in checks if c != LARGEST_STEP))] if checks else []
        title = f"Checks of the 7 days to {_day(self.as_of)}: {self.verdict}"
        return card_html(title, rows, "Not a diagnosis. Every check: .to_frame()")

    @property
    def verdict(self) -> Verdict:
        """``flagged`` if one check is, else ``unknown`` if one that is needed is, else ``ok``.

        ``ok`` means that nothing was flagged, and no more.
        """
        verdicts = {one.check: one.verdict for one in self._found}
        if "flagged" in verdicts.values():
            return "flagged"
        return "unknown" if any(verdicts[name] == "unknown" for name in _NEEDED) else "ok"

    def to_frame(self) -> pd.DataFrame:
        """One row per check.

        Returns
        -------
        DataFrame
            ``check``; ``verdict`` (ok, flagged, unknown, not_set_up); ``level`` (the check's own
            word); ``date`` (of what stands out, NaT for none); ``value`` and ``limit`` in ``unit``
            (NaN: no number); ``window``, ``method``, ``grade`` and ``source`` of the limit;
            ``message``, a sentence for the athlete; ``missing``, what is not known;
            ``value_low`` and ``value_high``, an interval for ``value`` where there is one;
            ``agreement``, the share of other ways to compute it that say the same [-];
            ``not_flagged_up_to``, the run of that day that would not have been flagged, others as
            they were [unit of the load], NaN where no run would change it or nothing is flagged.
        """
        types = {c: "float64" if c in _NUMBERS else "str" for c in COLUMNS}
        rows = [one.row() for one in self._found]
        return table_of(rows, types | {"date": "datetime64[us]"})

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON takes it: days as ISO text, None for what is not known.

        Returns
        -------
        dict
            ``{"schema": 1, "as_of": ..., "verdict": ..., "findings": [...]}``.
        """
        return {
            "schema": SCHEMA,
            "as_of": _plain(self.as_of),
            "verdict": self.verdict,
            "findings": [{c: _plain(x) for c, x in one.row().items()} for one in self._found],
        }


def _day(day: pd.Timestamp) -> str:
    return "no day" if pd.isna(day) else written(day)


def json_schema() -> dict[str, Any]:
    """JSON Schema of `Findings.to_dict`, published as ``findings.schema.json``."""
    text = resources.files("loadmon.rules").joinpath("findings.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _plain(value: Any) -> Any:
    """Turn one cell into something that JSON knows."""
    if pd.isna(value):
        return None
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else value


@dataclass(frozen=True, slots=True)
class Bound:
    """How long a run may be by one limit."""

    limit: str
    distance_km: float  # NaN where it does not bind, or where it is unknown
    unknown: bool  # whether a day that it needs is not known: the distance is known from below
    why: str  # the numbers behind it, or why there are none


def extrapolated(entry: Evidence, load: str) -> Evidence:
    """Return the evidence of a limit on distance as that of another load: an extrapolation.

    What is contradicted for distance is no better for another load.
    """
    if load == "distance_km":
        return entry
    method = f"{entry.method}; for {load} it is an extrapolation"
    return replace(entry, method=method, grade="X" if entry.grade == "X" else "D")


@dataclass(frozen=True)
class CheckContext:
    """One athlete's running up to a day, and the days that are judged."""

    as_of: pd.Timestamp  # NaT where nothing is recorded and no day was given
    archive: Archive  # also holds what came after `as_of`
    athlete: Athlete
    load: str  # the load that is judged, a column of the activities
    daily: pd.DataFrame
    values: pd.DataFrame  # what the rules compute for each day of `daily`
    flags: pd.DataFrame  # 1 yes, 0 no, -1 unknown
    spikes: pd.DataFrame  # `loadmon.session_spikes` of `load`
    calendar: Calendar  # may reach beyond `as_of`
    days: int = WEEK  # that are judged, the last of which is `as_of`
    checked: pd.DataFrame | None = None  # all activities of the archive, if they are known to do

    def at(self, day: pd.Timestamp, days: int) -> CheckContext:
        """Return the context of an earlier day, with other `days` to judge.

        Every number of a day rests on that day and those before it, so the frames are cut.
        """
        end = int(self.daily.index.searchsorted(day, "right"))
        cut = {name: getattr(self, name).iloc[:end] for name in ("daily", "values", "flags")}
        spikes = _until(self.spikes, day)
        return replace(self, as_of=day, spikes=spikes, days=days, checked=self._all, **cut)

    def once(self, work: Callable[[CheckContext], T]) -> T:
        """Return what some work makes of this context, which is done once."""
        if work not in self._done:
            self._done[work] = work(self)
        done: T = self._done[work]
        return done

    @cached_property
    def _done(self) -> dict[Callable[[CheckContext], Any], Any]:
        return {}

    def limit(self, entry: Evidence) -> Evidence:
        """Return the evidence of a limit, with the runner's own limits where there are some."""
        return entry.with_own(self.athlete.limits)

    def amount(self, value: float) -> str:
        """Write a value of the judged load with its unit."""
        return amount_text(value, self.load, self.athlete.units)

    def km(self, value: float) -> str:
        """Write a distance in the runner's unit."""
        return distance_text(value, self.athlete.units)

    @cached_property
    def activities(self) -> pd.DataFrame:
        """Activities up to `as_of`."""
        return _until(self._all, self.as_of)

    @cached_property
    def _all(self) -> pd.DataFrame:
        if self.checked is not None:
            return self.checked
        return checked_activities(self.archive.activities, ["date"])

    @cached_property
    def runs(self) -> pd.DataFrame:
        """Those of `activities` that are runs."""
        return self.activities[self.activities["sport"] == "running"]

    def minutes(self, days: int) -> pd.DataFrame:
        """Minutes of the runs of the `days` days that end on `as_of` (``Archive.minutes``)."""
        if days not in self._minutes:
            recent = self.runs["date"].isin(self.last(days))
            self._minutes[days] = self.archive.minutes(self.runs.loc[recent, "activity_id"])
        return self._minutes[days]

    @cached_property
    def _minutes(self) -> dict[int, pd.DataFrame]:
        return {}

    def last(self, days: int) -> pd.DatetimeIndex:
        """Return the recorded calendar's part of the `days` days that end on `as_of`."""
        if days not in self._last:
            index = cast(pd.DatetimeIndex, self.daily.index)
            first = index.searchsorted(self.as_of - pd.Timedelta(days=days), "right")
            self._last[days] = index[first:]
        return self._last[days]

    @cached_property
    def _last(self) -> dict[int, pd.DatetimeIndex]:
        return {}

    def of_last(self, name: str, days: int) -> npt.NDArray[Any]:
        """Return a column of `daily` on `last`."""
        column = self._column("daily", name)
        return column[len(column) - len(self.last(days)) :]

    def _column(self, frame: str, name: str) -> npt.NDArray[Any]:
        """Return a column of one of the frames of days, which are not changed."""
        if (frame, name) not in self._columns:
            self._columns[frame, name] = getattr(self, frame)[name].to_numpy()
        return self._columns[frame, name]

    @cached_property
    def _columns(self) -> dict[tuple[str, str], npt.NDArray[Any]]:
        return {}

    @cached_property
    def week(self) -> pd.DatetimeIndex:
        """The days that are judged, as far as the calendar reaches back."""
        return self.last(self.days)

    @cached_property
    def run_days(self) -> pd.DatetimeIndex:
        """Those of the judged days on which there was a run."""
        return self.week[self.of_last("runs", self.days) > 0]

    @cached_property
    def decided(self) -> pd.DatetimeIndex:
        """Last of `run_days` whose seven days are known; empty if there is none."""
        days = self.run_days
        known: Marks = ~np.isnan(self._column("values", "sum_7d"))
        return days[known[places(self.daily.index, days)]][-1:]

    @property
    def week_known(self) -> bool:
        """Whether the load of all judged days is known."""
        load = self.of_last("load", self.days)
        return len(load) == self.days and not np.isnan(load).any()

    def value(self, name: str, day: pd.Timestamp) -> float:
        """Return one of `values` on one day; KeyError for one that is not in the calendar."""
        return float(self._column("values", name)[self.daily.index.get_loc(day)])

    def flagged(self, name: str, days: pd.DatetimeIndex) -> pd.DatetimeIndex:
        """Return those of some days that have a flag."""
        raised: Marks = self._column("flags", name) == 1
        return days[raised[places(self.daily.index, days)]]

    def file_of(self, activity_id: str) -> str:
        """Name of the file that an activity was read from, without its folders."""
        frame = self._all
        if "file" not in frame.columns:
            return ""
        files = frame.loc[frame["activity_id"] == activity_id, "file"]
        return _base_name(str(files.iloc[0])) if len(files) and files.notna().all() else ""

    def missing(self, days: int) -> str:
        """Say what is not known of the `days` days that end on `as_of`; empty if nothing."""
        window = self.last(days)
        unknown = window[np.isnan(self.of_last("load", days))]
        parts = []
        if len(unknown) == 1:
            parts.append(f"{day_text(unknown[0])} is unknown")
        elif len(unknown):
            span = f"{day_text(unknown[0])} to {day_text(unknown[-1])}"
            parts.append(f"{len(unknown)} days from {span} are unknown")
        unread = self._unread(window)
        if len(unread):
            files = f"{count_text(len(unread), 'file')} could not be read"
            named = listed(unread, _NAMED)
            whose = "it" if len(unread) == 1 else "them"
            parts.append(f"{files} ({named}); a run in {whose} would be missing")
        return "; ".join(parts)

    def _unread(self, window: pd.DatetimeIndex) -> list[str]:
        """Names of the unreadable files whose day is in the window or is not known."""
        if window.empty:
            return [name for name, _ in self._lost]
        first, last = window[0], window[-1]
        return [name for name, day in self._lost if not (day < first or day > last)]

    @cached_property
    def _lost(self) -> list[tuple[str, pd.Timestamp]]:
        """Unreadable files, each with its name and its day, NaT where that is not known."""
        files = self.archive.files
        is_lost = np.array([word in _UNREADABLE for word in cells_of(files, "outcome")], dtype=bool)
        if not is_lost.any():
            return []
        lost = files[is_lost]
        days: Any = [pd.NaT] * len(lost)
        if "date" in files:
            days = pd.to_datetime(lost["date"]).tolist()
        return [*zip(map(_base_name, lost["file"].astype("str")), days, strict=True)]


def _until(rows: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Rows up to a day; the same frame where that is all of them."""
    kept = rows["date"].to_numpy() <= day.to_datetime64()
    return rows if kept.all() else rows[kept]


def _base_name(file: str) -> str:
    """Last part of the name of a file or of a member of one."""
    return file.replace("\\", "/").rpartition("/")[2]


def not_flagged_text(amount: str, day: str = "") -> str:
    """Say what run, of a day that is named unless it is that of the flag, was under the limit."""
    return f"Up to {amount}{' on ' if day else ''}{day} would not have been flagged."


def rests_on_text(file: str) -> str:
    """Say that a flag rests on one file; empty where it does not."""
    return f" This flag rests on one file ({file})." if file else ""


#: Days of a context, such as those on which a rule may be flagged.
DaysOf = Callable[[CheckContext], pd.DatetimeIndex]


def flagged_days(*names: str) -> DaysOf:
    """Days that have one of several flags."""

    def days(context: CheckContext) -> pd.DatetimeIndex:
        found = (context.flags[list(names)] == 1).any(axis=1)
        return pd.DatetimeIndex(context.flags.index[found.to_numpy()])

    return days


@dataclass(frozen=True, slots=True)
class Rule:
    """One check, as the engine runs it."""

    name: str  # one of `CHECKS`
    evaluate: Callable[[CheckContext], Finding]
    #: Optional inputs, as ``table.column``, of which one must hold something up to the day; with
    #: none of them the engine answers ``not_set_up`` with `nothing` and `missing`.
    needs: tuple[str, ...] = ()
    nothing: str = ""
    missing: str = ""
    #: Days on which `check --history` judges: the last of each week, those with a run, or every.
    evaluated_on: Literal["week", "run", "day"] = "week"
    may_flag: DaysOf | None = None  # days on which it may be flagged; None: any
    lasting: bool = False  # what was never given up to one day was not given before it either
    exact: bool = False  # flagged on just the days of `may_flag`: the first of a row is evaluated
    single: bool = False  # each run is a flag of its own
    #: Level and date of the flags of those days of `may_flag` that are known without words.
    told: Callable[[CheckContext], dict[pd.Timestamp, tuple[str, pd.Timestamp]]] | None = None
