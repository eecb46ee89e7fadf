"""What every check looks at, and what it says: the context of a day, and findings."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import resources
from typing import Any, Literal

import pandas as pd

from loadmon.athlete import Athlete
from loadmon.calendar import Calendar, Day, calendar_of_archive, checked_activities, day_of
from loadmon.daily import daily_load
from loadmon.evidence import Evidence
from loadmon.evidence.limits import WINDOWS
from loadmon.io.archive import Archive
from loadmon.rules.limits import Limits, limits_for
from loadmon.rules.numbers import marks, measures, session_spikes
from loadmon.units import amount_text, count_text, day_text, listed

# What the checks say: one row per check, one verdict over all.

Verdict = Literal["ok", "flagged", "unknown", "not_set_up"]

#: Names of the checks, in the order in which findings list them.
CHECKS = (
    *("session_spike", "return", "weekly_change", "acwr", "monotony", "rest", "symptoms"),
    *("descent", "intensity", "form", "strength", "shoes", "overtraining"),
)
#: Checks without which the whole is unknown.
_NEEDED = ("session_spike", "weekly_change", "acwr", "monotony", "rest")
_NUMBERS = ("value", "limit", "value_low", "value_high", "agreement")
COLUMNS = (
    *("check", "verdict", "level", "date", "value", "limit", "unit", "window", "method", "grade"),
    *("source", "message", "missing", "value_low", "value_high", "agreement"),
)
Row = dict[str, Any]
#: Version of the JSON form; `findings.schema.json` beside this module describes it.
SCHEMA = 1


class Findings:
    """Findings of one day, in the order of `CHECKS`.

    Parameters
    ----------
    as_of : Timestamp
        The day; NaT where nothing is recorded.
    rows : list of dict
        One for each check, as `finding` makes them.
    """

    def __init__(self, as_of: pd.Timestamp, rows: list[Row]):
        self.as_of = as_of
        self._rows = sorted(rows, key=lambda row: CHECKS.index(row["check"]))

    @property
    def verdict(self) -> Verdict:
        """``flagged`` if one check is, else ``unknown`` if one that is needed is, else ``ok``.

        ``ok`` means that nothing was flagged, and no more.
        """
        verdicts = {row["check"]: row["verdict"] for row in self._rows}
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
            ``agreement``, the share of other ways to compute it that say the same [-].
        """
        frame = pd.DataFrame(self._rows, columns=list(COLUMNS))
        types = {c: "float64" if c in _NUMBERS else "str" for c in COLUMNS}
        return frame.astype(types | {"date": "datetime64[us]"})

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
            "findings": [{c: _plain(row[c]) for c in COLUMNS} for row in self._rows],
        }


def json_schema() -> dict[str, Any]:
    """JSON Schema of `Findings.to_dict`, published as ``findings.schema.json``."""
    text = resources.files("loadmon.rules").joinpath("findings.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def finding(
    check: str,
    verdict: Verdict,
    level: str,
    message: str,
    *,
    evidence: Evidence | None = None,
    date: Any = pd.NaT,
    value: float = float("nan"),
    limit: float = float("nan"),
    unit: str = "",
    window: str = "",
    missing: str = "",
    interval: tuple[float, float] = (float("nan"), float("nan")),
    agreement: float = float("nan"),
) -> Row:
    """Make one row of findings; a limit of the runner's own is named as such in the message."""
    told = ("", "", "") if evidence is None else (evidence.method, evidence.grade, evidence.source)
    named = dict(zip(("method", "grade", "source"), told, strict=True))
    if evidence is not None and evidence.checked == "own" and verdict in ("ok", "flagged"):
        message += f" Your limit: {limit:g}."
    row = {"check": check, "verdict": verdict, "level": level, "message": message, "date": date}
    numbers = dict(zip(_NUMBERS, (value, limit, *interval, agreement), strict=True))
    more = {"unit": unit, "window": window, "missing": missing}
    return {**row, **{name: float(x) for name, x in numbers.items()}, **more, **named}


def _plain(value: Any) -> Any:
    """Turn one cell into something that JSON knows."""
    if pd.isna(value):
        return None
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else value


# What every check looks at: the seven days that end on one day, and what led up to them.


#: Outcomes of files that may have held an activity.
_UNREADABLE = ("quarantined", "refused")
#: Files that are named; of more the number is told.
_NAMED = 3


def borrowed(entry: Evidence, load: str) -> Evidence:
    """Return the evidence of a limit on distance as that of another load: an extrapolation."""
    if load == "distance_km":
        return entry
    method = f"{entry.method}; for {load} it is an extrapolation"
    return replace(entry, method=method, grade="D")


@dataclass(frozen=True)
class View:
    """One athlete's running up to a day.

    Parameters
    ----------
    as_of : Timestamp
        Last day that counts; NaT where nothing is recorded and no day was given.
    archive : Archive
        What was read, also after `as_of`; checks of more than running look into it.
    athlete : Athlete
        Settings, own limits and diary; those of nobody in particular where none were given.
    load : str
        The load that is judged, a column of the activities.
    daily, numbers, marked : DataFrame
        `loadmon.daily_load`, `loadmon.rules.numbers.measures` and ``marks`` up to `as_of`.
    spikes : DataFrame
        `loadmon.session_spikes` of `load` up to `as_of`.
    calendar : Calendar
        The days that they were worked out for; it may reach beyond `as_of`.
    days : int
        Days that are judged, the last of which is `as_of`. [d]
    """

    as_of: pd.Timestamp
    archive: Archive
    athlete: Athlete
    load: str
    daily: pd.DataFrame
    numbers: pd.DataFrame
    marked: pd.DataFrame
    spikes: pd.DataFrame
    calendar: Calendar
    days: int = int(WINDOWS["acute"])

    def at(self, day: pd.Timestamp, days: int) -> View:
        """Return the view of an earlier day, with other `days` to judge.

        Every number of a day rests on that day and those before it, so the frames are cut.
        """
        cut = {name: getattr(self, name).loc[:day] for name in ("daily", "numbers", "marked")}
        spikes = self.spikes[self.spikes["date"] <= day]
        return replace(self, as_of=day, spikes=spikes, days=days, **cut)

    def rule(self, entry: Evidence) -> Evidence:
        """Return the evidence of a limit, with the runner's own limits where there are some."""
        return entry.with_own(self.athlete.limits)

    @property
    def limits(self) -> Limits:
        """Limits of a return, with the runner's own where there are some."""
        return limits_for("steady", own=self.athlete.limits)

    def amount(self, value: float) -> str:
        """Write a value of the judged load with its unit."""
        return amount_text(value, self.load, self.athlete.units)

    @cached_property
    def activities(self) -> pd.DataFrame:
        """Activities up to `as_of`."""
        frame = checked_activities(self.archive.activities, ["date"])
        return frame[frame["date"] <= self.as_of]

    def minutes(self, days: int) -> pd.DataFrame:
        """Minutes of the runs of the `days` days that end on `as_of` (``Archive.minutes``)."""
        runs = self.activities
        runs = runs[(runs["sport"] == "running") & runs["date"].isin(self.last(days))]
        return self.archive.minutes(runs["activity_id"])

    def last(self, days: int) -> pd.DatetimeIndex:
        """Return the recorded calendar's part of the `days` days that end on `as_of`."""
        index = pd.DatetimeIndex(self.daily.index)
        return index[index > self.as_of - pd.Timedelta(days=days)]

    @property
    def week(self) -> pd.DatetimeIndex:
        """The days that are judged, as far as the calendar reaches back."""
        return self.last(self.days)

    @property
    def run_days(self) -> pd.DatetimeIndex:
        """Those of the judged days on which there was a run."""
        week = self.week
        return week[(self.daily.loc[week, "runs"] > 0).to_numpy()]

    @property
    def decided(self) -> pd.DatetimeIndex:
        """Last of `run_days` whose seven days are known; empty if there is none."""
        days = self.run_days
        return days[self.numbers.loc[days, "sum_7d"].notna().to_numpy()][-1:]

    @property
    def week_known(self) -> bool:
        """Whether the load of all judged days is known."""
        known = self.daily.loc[self.week, "load"].notna()
        return len(known) == self.days and bool(known.all())

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
        unread = self._unread(window)
        if len(unread):
            files = f"{count_text(len(unread), 'file')} could not be read"
            named = listed(unread, _NAMED)
            whose = "it" if len(unread) == 1 else "them"
            parts.append(f"{files} ({named}); a run in {whose} would be missing")
        return "; ".join(parts)

    def _unread(self, window: pd.DatetimeIndex) -> list[str]:
        """Names of the unreadable files whose day is in the window or is not known."""
        files = self.archive.files
        lost = files[files["outcome"].isin(_UNREADABLE)]
        if "date" in files and len(window):
            day = pd.to_datetime(lost["date"])
            lost = lost[~(day < window[0]) & ~(day > window[-1])]
        return [str(name).replace("\\", "/").rpartition("/")[2] for name in lost["file"]]


def look(
    archive: Archive,
    as_of: Day | None,
    athlete: Athlete | None = None,
    load: str = "distance_km",
) -> View:
    """Compute once what all checks of a day share.

    Returns with empty frames where nothing is recorded up to `as_of`.
    """
    activities = archive.activities
    calendar = calendar_of_archive(archive, as_of)
    daily = daily_load(activities, load=load, calendar=calendar)
    nothing: Any = pd.NaT if as_of is None else day_of(as_of)
    until = nothing if calendar.days.empty else calendar.as_of
    runner = athlete or getattr(archive, "athlete", None) or Athlete()
    numbers = measures(daily)
    spikes = session_spikes(activities, load=load, own=runner.limits, calendar=calendar)
    marked = marks(daily, numbers, spikes, runner.limits, load=load)
    return View(until, archive, runner, load, daily, numbers, marked, spikes, calendar)
