"""What a report is made of, computed once: findings, weeks, changes, names left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from loadmon.athlete import Athlete
from loadmon.calendar import Day, SilentDays, long_gaps
from loadmon.daily import by_kind, daily_load, known_sum
from loadmon.evidence.limits import WINDOWS
from loadmon.io.archive import Archive
from loadmon.rules.context import Findings
from loadmon.rules.engine import Today, check, today
from loadmon.rules.session_spike import session_spikes
from loadmon.weekly import weekly_load

# What changed in the six weeks before a day: numbers side by side, no causes.

WEEKS = 6
_DAYS = int(WINDOWS["acute"])
#: Days without a pain after which the next one is a new episode.
_EPISODE_D = 28
_SUMS = ("duration_min", "elevation_gain_m", "descent_m")


def seven_days(activities: pd.DataFrame, daily: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """Add up running in the six times seven days that end on `end`.

    Returns one row for each seven days of which all are in `daily`, index ``end``, their last day:
    ``distance_km``, ``longest_km``, ``runs``, ``rest_days`` [d], NaN where a day is not known;
    ``duration_min``, ``elevation_gain_m``, ``descent_m``, ``walk_km``, ``other_min``: sums of what
    is known, NaN where nothing is; ``pace_s_per_km`` and ``avg_hr_bpm`` (weighted by time) of the
    runs that tell them.
    """
    first = end - pd.Timedelta(days=WEEKS * _DAYS - 1)
    first = max(first, daily.index[0]) if len(daily) else first
    whole = max(0, ((end - first).days + 1) // _DAYS)
    first = end - pd.Timedelta(days=whole * _DAYS - 1)
    days = daily.loc[first:end]
    ends = _end(days.index, end)
    blocks = days.groupby(ends)
    out = pd.DataFrame(index=pd.DatetimeIndex(sorted(set(ends)), name="end"))
    complete = blocks["load"].count() == _DAYS
    out["distance_km"] = blocks["load"].sum().where(complete)
    out["longest_km"] = blocks["longest_km"].max().where(complete)
    out["runs"] = blocks["runs"].sum().where(complete)
    out["rest_days"] = (days["status"] == "rest").groupby(ends).sum().where(complete)
    past = activities[(activities["date"] >= first) & (activities["date"] <= end)]
    return out.assign(**_sums(past, end, blocks["load"].count() > 0))


def onset(diary: pd.DataFrame, until: pd.Timestamp) -> pd.Timestamp | None:
    """First day of the latest episode of pain.

    Returns day of the first pain above 0 that has no other in the 28 days before it; None where
    none was logged in the 28 days up to `until`.
    """
    hurt = diary.loc[(diary["pain"] > 0) & (diary["date"] <= until), "date"]
    days = pd.DatetimeIndex(hurt.drop_duplicates().sort_values())
    if days.empty or (until - days[-1]).days >= _EPISODE_D:
        return None
    gaps = np.diff(days.to_numpy()) / np.timedelta64(1, "D")
    starts = np.flatnonzero(gaps >= _EPISODE_D)
    return pd.Timestamp(days[starts[-1] + 1] if len(starts) else days[0])


def _end(days: pd.Index | pd.Series, end: pd.Timestamp) -> pd.DatetimeIndex:
    """Last day of the seven that each day belongs to."""
    index = pd.DatetimeIndex(days)
    before = (end - index).days // _DAYS
    return end - pd.to_timedelta(before * _DAYS, unit="D")


def _sums(past: pd.DataFrame, end: pd.Timestamp, told: pd.Series) -> dict[str, pd.Series]:
    """What activities tell beside their distance."""
    runs, walks, others = by_kind(past, "running")
    out = {
        name: known_sum(runs, name, pd.Series(_end(runs["date"], end), runs.index), told)
        for name in _SUMS
    }
    out["pace_s_per_km"] = 60 * _weighted(runs, "duration_min", "distance_km", end)
    hours = runs.assign(beats=runs["avg_hr_bpm"] * runs["duration_min"])
    out["avg_hr_bpm"] = _weighted(hours, "beats", "duration_min", end)
    for name, rows, column in (
        ("walk_km", walks, "distance_km"),
        ("other_min", others, "duration_min"),
    ):
        spans = pd.Series(_end(rows["date"], end), rows.index)
        out[name] = known_sum(rows, column, spans, told)
    return out


def _weighted(rows: pd.DataFrame, upper: str, lower: str, end: pd.Timestamp) -> pd.Series:
    """Sum of one column over the sum of another, of the rows that tell both."""
    both = rows[rows[upper].notna() & (rows[lower] > 0)]
    sums = both.groupby(_end(both["date"], end))[[upper, lower]].sum()
    return sums[upper] / sums[lower]


# Everything a report says, worked out once; the terminal, the page and the notebook show it.


#: Outcomes of the ledger that a person has to act on.
UNREADABLE = ("quarantined", "refused")


@dataclass(frozen=True, slots=True)
class Overview:
    """What is known of one runner on one day.

    Parameters
    ----------
    title : str
        What was read, for headings.
    as_of : Timestamp
        The day of the report; NaT where nothing is recorded.
    outcomes : Series of int
        Inputs by outcome of the ledger.
    silent : SilentDays or None
        Days without a recording before `as_of`; None where nothing is recorded.
    daily, weekly, spikes, gaps : DataFrame
        What `daily_load`, `weekly_load`, `session_spikes` and `long_gaps` give up to `as_of`.
    findings : Findings
        What the checks say of the seven days that end on `as_of`.
    recorded : Findings
        The same for the seven days that end on the last recorded day.
    today : Today
        Longest run within every limit on `as_of`.
    files : DataFrame
        The ledger.
    no_sport : int
        Activities whose file names no sport, so that they are not counted as running.
    archive : Archive
        What was read.
    athlete : Athlete
        The runner's own words; their ``units`` are those of every text.
    diary : DataFrame
        ``Athlete.diary`` up to `as_of`.
    pain_since : Timestamp or None
        First day of the pain that the diary still tells of (`loadmon.report.overview.onset`).
    changes : DataFrame
        What `loadmon.report.overview.seven_days` gives up to that day, else up to the last day
        with a run.
    """

    title: str
    as_of: pd.Timestamp
    outcomes: pd.Series
    silent: SilentDays | None
    daily: pd.DataFrame
    weekly: pd.DataFrame
    spikes: pd.DataFrame
    gaps: pd.DataFrame
    findings: Findings
    recorded: Findings
    today: Today
    files: pd.DataFrame
    no_sport: int
    archive: Archive
    athlete: Athlete
    diary: pd.DataFrame
    pain_since: pd.Timestamp | None
    changes: pd.DataFrame

    @property
    def asked(self) -> bool:
        """Whether it is open what the last days were: then the last recorded ones are told."""
        return self.silent is not None and self.silent.unknown

    @property
    def judged(self) -> Findings:
        """The findings that are told."""
        return self.recorded if self.asked else self.findings


def overview(archive: Archive, *, title: str, as_of: Day | None = None) -> Overview:
    """Work out what a report on `as_of` says."""
    runs = archive.activities
    calendar = archive.calendar(as_of)
    silent = calendar.silence
    findings = recorded = check(archive, as_of=as_of)
    if silent and silent.days_silent:
        recorded = check(archive, as_of=silent.last_recorded)
    daily = daily_load(runs, calendar=calendar)
    diary = archive.athlete.diary
    diary = diary.iloc[:0] if silent is None else diary[diary["date"] <= calendar.as_of]
    pain_since = None if silent is None else onset(diary, calendar.as_of)
    return Overview(
        title=title,
        as_of=calendar.as_of,
        outcomes=archive.files["outcome"].value_counts(),
        silent=silent,
        daily=daily,
        weekly=weekly_load(runs, own=archive.athlete.limits, calendar=calendar),
        spikes=session_spikes(runs, own=archive.athlete.limits, calendar=calendar),
        gaps=long_gaps(runs, as_of),
        findings=findings,
        recorded=recorded,
        today=today(archive, as_of=as_of),
        files=archive.files,
        no_sport=int((runs["sport"] == "").sum()),
        archive=archive,
        athlete=archive.athlete,
        diary=diary,
        pain_since=pain_since,
        changes=seven_days(runs, daily, pain_since or _last_run(daily)),
    )


def _last_run(daily: pd.DataFrame) -> pd.Timestamp:
    """Last day with a run, else the last day."""
    ran = daily.index[daily["runs"] > 0]
    days = ran if len(ran) else daily.index
    return days[-1] if len(days) else pd.NaT  # type: ignore[return-value]


# An archive without names: what may be shown to somebody who need not know where and whose.


#: What stands for the paths that were read.
TITLE = "PATH"


def without_names(archive: Archive) -> Archive:
    """Archive in which files, shoes and breaks are numbered, and notes and places are gone.

    Returns the same runs and numbers; ``files["detail"]`` keeps the code of its reason alone.
    """
    files = _numbered(archive.files["file"], "file")
    shoes = [shoe.name for shoe in archive.athlete.shoes]
    gear = _numbered([*shoes, *archive.gear["gear"]], "pair")
    return replace(
        archive,
        activities=archive.activities.assign(file=archive.activities["file"].map(files), name=""),
        files=archive.files.assign(
            file=archive.files["file"].map(files), detail=archive.files["reason"]
        ),
        found=archive.found.assign(file=archive.found["file"].map(files)),
        unknown_days=None if archive.unknown_days is None else archive.unknown_days.assign(file=""),
        gear=archive.gear.assign(gear=archive.gear["gear"].map(gear)),
        settings=archive.settings.assign(file=""),
        pauses=archive.pauses.assign(reason="", file=""),
        exports=archive.exports.assign(file=""),
        athlete=_nameless(archive.athlete, gear),
    )


def _nameless(athlete: Athlete, gear: dict[str, str]) -> Athlete:
    """The runner's own words without names, notes and the home zone."""
    breaks = _numbered(athlete.diary["break"], "break") | {"": "", "dismiss": "dismiss"}
    diary = athlete.diary.assign(note="", **{"break": athlete.diary["break"].map(breaks)})
    shoes = tuple(replace(shoe, name=gear[shoe.name]) for shoe in athlete.shoes)
    return replace(athlete, home_zone="", same=(), different=(), shoes=shoes, diary=diary)


def _numbered(names: Iterable[str] | pd.Series, word: str) -> dict[str, str]:
    """A number for each name, in order."""
    known = dict.fromkeys(name for name in names if name)
    return {name: f"{word} {n}" for n, name in enumerate(known, start=1)} | {"": ""}
