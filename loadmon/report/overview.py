"""What a report is made of, computed once: numbers, findings, and the answer in words."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

from loadmon import __version__
from loadmon.athlete import Athlete, in_force_text
from loadmon.calendar import Day, SilentDays, long_gaps, numbers_of
from loadmon.daily import by_kind, known_sums, places
from loadmon.evidence.limits import CHRONIC_FLOOR, LAYOFF, WINDOWS
from loadmon.evidence.pain import PAIN_RULE
from loadmon.io.archive import Archive
from loadmon.ramp.screening import RED_FLAGS
from loadmon.ratio import above
from loadmon.report.wording import (
    CHECK_WORDS,
    dated,
    days_known_text,
    entry_text,
    sparkline,
    value_text,
    week_distance_text,
)
from loadmon.rules.context import LARGEST_STEP, CheckContext, Findings
from loadmon.rules.engine import Today, build_context, check_context, longest_run
from loadmon.rules.session_spike import is_race_text
from loadmon.rules.strength_shoes import named_exercises
from loadmon.rules.symptoms import NOT_STATED, site_of
from loadmon.units import Units, count_text, day_text, distance_text, listed
from loadmon.weekly import weekly_frame

#: Outcomes of the ledger that a person has to act on.
UNREADABLE = ("quarantined", "refused")
#: Weeks that are compared with each other before a pain or the last run.
WEEKS = 6
#: Weeks that are listed one by one.
LISTED_WEEKS = 8
_WEEK_D = int(WINDOWS["acute"])
_DAY = pd.Timedelta(days=1)
#: Days without pain after which the next one is a new episode.
_EPISODE_D = 28
#: Columns of activities that are added up over seven days.
_SUMMED = [
    *("date", "sport", "distance_km", "duration_min", "elevation_gain_m", "descent_m"),
    "avg_hr_bpm",
]
#: Files that a sentence names; the rest is counted.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Overview:
    """What is known of one runner on one day."""

    title: str
    as_of: pd.Timestamp  # NaT where nothing is recorded
    archive: Archive
    context: CheckContext  # nothing computes its days, ratios and spikes again
    weekly: pd.DataFrame
    gaps: pd.DataFrame  # `long_gaps`
    silent: SilentDays | None  # None where nothing is recorded
    findings: Findings  # of the seven days that end on `as_of`
    recorded: Findings  # of those that end on the last recorded day
    today: Today
    pain_since: pd.Timestamp | None  # `onset` of the pain that the diary still has
    changes: pd.DataFrame  # `seven_days` up to `pain_since`, else to the last day with a run

    @property
    def daily(self) -> pd.DataFrame:
        """Daily load up to `as_of`."""
        return self.context.daily

    @property
    def spikes(self) -> pd.DataFrame:
        """Every run against the longest of the 30 days before it."""
        return self.context.spikes

    @property
    def athlete(self) -> Athlete:
        """The runner's own settings; their ``units`` are those of every text."""
        return self.archive.athlete

    @property
    def diary(self) -> pd.DataFrame:
        """Entries up to `as_of`."""
        diary = self.athlete.diary
        return diary if diary.empty else diary[diary["date"] <= self.as_of]

    @property
    def files(self) -> pd.DataFrame:
        """The ledger."""
        return self.archive.files

    @property
    def outcomes(self) -> pd.Series:
        """Inputs by outcome of the ledger."""
        return self.files["outcome"].value_counts()

    @property
    def no_sport(self) -> int:
        """Activities whose file names no sport, so that their days are unknown."""
        return int((self.archive.activities["sport"] == "").sum())

    @property
    def no_sport_text(self) -> str:
        """Which activities those are and how to answer for them; empty where there are none."""
        files = self.archive.activities.loc[self.archive.activities["sport"] == "", "file"]
        if files.empty:
            return ""
        names = listed([re.split(r"[/!\\\\]", name)[-1] for name in files], _NAMED)
        days = "its day is" if len(files) == 1 else "their days are"
        were = "it was a run" if len(files) == 1 else "they were runs"
        return (
            f"{count_text(len(files), 'recording')} without a sport ({names}): {days} unknown. If "
            f'{were}, write unknown_sport = "running" into athlete.toml'
        )

    @property
    def silence_is_open(self) -> bool:
        """Whether the runner must say what the last days were; the recorded ones are reported."""
        return self.silent is not None and self.silent.unknown

    @property
    def last_known(self) -> pd.Timestamp:
        """Last day of the pictures: `as_of`, or the last recorded one while a question is open."""
        return self.silent.last_recorded if self.silence_is_open and self.silent else self.as_of

    @property
    def silent_span(self) -> tuple[pd.Timestamp, pd.Timestamp] | None:
        """First and last of the days about which a question is open; None for none."""
        return (self.last_known + _DAY, self.as_of) if self.silence_is_open else None

    @property
    def answered(self) -> pd.DataFrame:
        """Daily load without the days about which a question is open."""
        return self.daily.loc[: self.last_known]

    @property
    def answered_weekly(self) -> pd.DataFrame:
        """Weeks that hold a day of `answered`."""
        return self.weekly[self.weekly.index <= self.last_known]

    @property
    def reported(self) -> Findings:
        """The findings that the report shows."""
        return self.recorded if self.silence_is_open else self.findings


def overview(archive: Archive, *, title: str, as_of: Day | None = None) -> Overview:
    """Compute what a report on `as_of` says: the daily load, the spikes and the ratios once."""
    runs = archive.activities
    context = build_context(archive, as_of)
    calendar, pain_since = context.calendar, None
    findings = recorded = check_context(context)
    silent = calendar.silence
    if silent is not None:
        diary = archive.athlete.diary
        pain_since = onset(diary[diary["date"] <= calendar.as_of], calendar.as_of)
    if silent and silent.days_silent:
        recorded = check_context(context.at(silent.last_recorded, context.days))
    daily = context.daily
    ran = daily.index[daily["runs"] > 0]
    days = ran if len(ran) else daily.index
    last_run: pd.Timestamp = days[-1] if len(days) else pd.NaT  # type: ignore[assignment]
    return Overview(
        title=title,
        as_of=calendar.as_of,
        archive=archive,
        context=context,
        weekly=weekly_frame(runs, daily, context.values, context.flags),
        gaps=long_gaps(runs, as_of),
        silent=silent,
        findings=findings,
        recorded=recorded,
        # the day, and the seven after it where there was a run on it already
        today=longest_run(context, days_ahead=_WEEK_D),
        pain_since=pain_since,
        changes=seven_days(runs, daily, pain_since or last_run),
    )


#: When to get help: heading, then the questions to which a yes means it. The signs are the
#: screening's own questions, so that a report and a plan never differ.
GET_HELP = (
    (
        "Yes to any of these: emergency services or emergency department, now",
        tuple(q.text for q in RED_FLAGS if q.urgency == "emergency"),
    ),
    (
        "Yes to any of these: see a doctor, today if you can, before you run",
        tuple(q.text for q in RED_FLAGS if q.urgency == "urgent"),
    ),
    (
        "Yes to any of these: see a physiotherapist or doctor",
        (
            f"Pain above {PAIN_RULE['stop_above']:.0f} of 10 when running?",
            "Pain that was worse the next morning, two mornings in a row?",
            "No better after two weeks of running less, or still there after six weeks?",
        ),
    ),
)


# What changed in the six weeks before a day: numbers side by side, no causes.


def seven_days(activities: pd.DataFrame, daily: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """Add up the six times seven days that end on `end`, as far as all their days are in `daily`.

    Distance, longest run, runs and rest days are NaN where a day is not known, other sums where
    nothing is; pace and heart rate (weighted by time) are of the runs that have them.
    """
    known_d = max(0, (end - daily.index[0]).days + 1) if len(daily) else 0
    weeks = min(WEEKS, known_d // _WEEK_D)
    first = end - (weeks * _WEEK_D - 1) * _DAY
    days = daily.loc[first:end]
    ends = _end(days.index, end)
    blocks = days.groupby(ends)
    out = pd.DataFrame(index=pd.DatetimeIndex(sorted(set(ends)), name="end"))
    complete = blocks["load"].count() == _WEEK_D
    out["distance_km"] = blocks["load"].sum().where(complete)
    out["longest_km"] = blocks["longest_km"].max().where(complete)
    out["runs"] = blocks["runs"].sum().where(complete)
    out["rest_days"] = (days["status"] == "rest").groupby(ends).sum().where(complete)
    past = activities[_SUMMED]
    past = past[(past["date"] >= first) & (past["date"] <= end)]
    return out.assign(**_sums(past, end, complete))


def onset(diary: pd.DataFrame, until: pd.Timestamp) -> pd.Timestamp | None:
    """First day of the latest episode of pain: none in the 28 days before it.

    None where none was logged in the 28 days up to `until`.
    """
    hurt = diary.loc[(diary["pain"] > 0) & (diary["date"] <= until), "date"]
    days = pd.DatetimeIndex(hurt.drop_duplicates().sort_values())
    if days.empty or (until - days[-1]).days >= _EPISODE_D:
        return None
    gaps = np.diff(days.to_numpy()) / np.timedelta64(1, "D")
    starts = np.flatnonzero(gaps >= _EPISODE_D)
    return pd.Timestamp(days[starts[-1] + 1] if len(starts) else days[0])


def _end(days: pd.Index | pd.Series, end: pd.Timestamp) -> pd.DatetimeIndex:
    weeks = (end - pd.DatetimeIndex(days)).days // _WEEK_D
    return end - pd.to_timedelta(weeks * _WEEK_D, unit="D")


def _sums(past: pd.DataFrame, end: pd.Timestamp, known: pd.Series) -> dict[str, pd.Series]:
    own, is_walk, is_other = by_kind(past, "running")
    runs = past[own]
    summed = {name: name for name in ("duration_min", "elevation_gain_m", "descent_m")}
    walked, other = {"walk_km": "distance_km"}, {"other_min": "duration_min"}
    whole, at = known.to_numpy(), np.empty(0, np.int64)
    if len(past):
        at = places(known.index, _end(past["date"], end))
    sums = {
        name: pd.Series(known_sums(numbers_of(past, column)[kind], at[kind], whole), known.index)
        for kind, columns in ((own, summed), (is_walk, walked), (is_other, other))
        for name, column in columns.items()
    }
    beats = runs.assign(beats=runs["avg_hr_bpm"] * runs["duration_min"])
    means = {
        "pace_s_per_km": 60 * _weighted(runs, "duration_min", "distance_km", end),
        "avg_hr_bpm": _weighted(beats, "beats", "duration_min", end),
    }
    return {name: (sums | means)[name] for name in (*summed, *means, *walked, *other)}


def _weighted(rows: pd.DataFrame, upper: str, lower: str, end: pd.Timestamp) -> pd.Series:
    both = rows[rows[upper].notna() & (rows[lower] > 0)]
    sums = both.groupby(_end(both["date"], end))[[upper, lower]].sum()
    return sums[upper] / sums[lower]


# The answer in the words that the terminal, the page and the sheet for a physio share.


@dataclass(frozen=True, slots=True)
class WeekSummary:
    """The week that the report is about, such as ``34.1 km`` and ``4 runs so far``."""

    name: str
    days: str
    distance: str
    runs: str
    bars: str  # the last `n_bars` weeks, oldest first
    n_bars: int


def limit_heading(overview: Overview) -> str:
    """What the limits of the day are about: a further run where there was one already."""
    day = overview.as_of
    ran = bool((overview.daily.loc[overview.daily.index == day, "runs"] > 0).any())
    return f"Longest {'further ' if ran else ''}run within the limits on {dated(day)}"


def by_weight(rows: list[dict[Any, Any]]) -> list[dict[Any, Any]]:
    """Findings in the order in which they are told: what the runner says, then by grade."""
    return sorted(rows, key=lambda row: (row["check"] != "symptoms", row["grade"]))


def step_text(findings: Findings) -> str:
    """The largest step of four weeks where it stands out; empty where a flag tells it already."""
    frame = findings.to_frame()
    step = frame[frame["check"] == LARGEST_STEP].iloc[-1:]
    told = (frame["check"] == "session_spike") & (frame["verdict"] == "flagged")
    if step.empty or not above(step["value"], step["limit"])[0]:
        return ""
    if frame.loc[told, "date"].isin(step["date"]).any():
        return ""
    return str(step["message"].iloc[0])


def next_days_text(today: Today, units: Units) -> str:
    """What is within the limits on each of the next days, days of equal limits together."""
    if today.ahead["date"].isna().any():
        return ""
    parts: list[str] = []
    before = start = ""
    for row in today.ahead.to_dict("records"):
        km = row["distance_km"]
        least = "at least " if row["from_below"] else ""
        begin, text = "nothing is flagged up to ", f"{least}{distance_text(km, units)}"
        if km != km:
            begin, text = "not known", ""
        elif km == 0:
            begin, text = "any run is flagged", ""
        if begin + text != before:
            words = f"{'' if begin == start and text else begin}{text}"
            parts.append(f"{words} {'from' if before else 'on'} {day_text(row['date'])}")
        before, start = begin + text, begin
    if not parts or (len(parts) == 1 and today.distance_km != today.distance_km):
        return ""
    text = ", ".join(parts)
    return f"{text[0].upper()}{text[1:]}, if nothing is run before."


def last_weeks(overview: Overview) -> pd.DataFrame:
    """Weeks that hold a recorded day: a question is open about those after them."""
    return overview.answered_weekly.tail(LISTED_WEEKS)


def week_summary(overview: Overview) -> WeekSummary | None:
    """The last of those weeks; None where nothing is recorded."""
    weeks = last_weeks(overview)
    if weeks.empty:
        return None
    is_open, week, start = overview.silence_is_open, weeks.iloc[-1].to_dict(), weeks.index[-1]
    is_old = overview.archive.old_export_on is not None
    so_far = " so far" if week["partial"] and not is_open else ""
    runs = count_text(int(week["runs"]), "run") + so_far
    end = min(start + (_WEEK_D - 1) * _DAY, overview.as_of)
    return WeekSummary(
        name="Last recorded week" if is_open or is_old else "This week",
        days=f"{day_text(start)} to {dated(end)}",
        distance=week_distance_text(week, overview.athlete.units),
        runs=", ".join(filter(None, [runs, days_known_text(week)])),
        bars=sparkline(weeks["distance_km"].to_numpy()),
        n_bars=len(weeks),
    )


def pain_summary(overview: Overview) -> str:
    """The last pain of the diary, or that none was logged."""
    pains = overview.diary[overview.diary["pain"].notna()]
    return "not logged" if pains.empty else f"last logged {entry_text(pains.iloc[-1])}"


# How every number of a report came about, in one paragraph that can be pasted.


def methods_text(overview: Overview) -> str:
    """Files, definitions, versions and settings of a report."""
    daily, runs = overview.daily, overview.archive.activities
    runs = runs[runs["date"] <= overview.as_of]
    own = runs[runs["sport"] == "running"]
    outcomes = ", ".join(f"{n} {outcome}" for outcome, n in overview.outcomes.items())
    packages = ", ".join(f"{name} {version(name)}" for name in ("pandas", "numpy", "fitdecode"))
    inputs = (
        f"Running was read with loadmon {__version__} (Python {platform.python_version()}, "
        f"{packages}) from {count_text(int(overview.outcomes.sum()), 'file')} ({outcomes}): "
        f"{len(runs)} activities, {count_text(len(own), 'run')} among them"
    )
    if len(daily):
        sources = own["distance_source"].value_counts()
        listed = ", ".join(f"{name} {n}" for name, n in sources.items())
        inputs += f", from {dated(daily.index[0])} to {dated(overview.as_of)}"
        inputs += f"; source of distance: {listed}"
    unknown = count_text(int(daily["load"].isna().sum()), "day")
    acute, chronic = int(WINDOWS["acute"]), int(WINDOWS["chronic"])
    checks = []
    for row in overview.reported.to_dict()["findings"]:
        if row["method"] and row["verdict"] != "not_set_up":
            limit = value_text(row["limit"], row["unit"])
            limit = "" if row["limit"] is None else f", limit {limit}"
            checks.append(f"{CHECK_WORDS[row['check']].lower()} ({row['method']}{limit})")
    limits = ", ".join(f"{key} {value:g}" for key, value in overview.athlete.limits.items())
    parts = (
        f"{inputs}.",
        "Distances were summed by local calendar day; a day without a run is 0, a day that holds a "
        "file that could not be read, that the runner marked, or that lies past the runner's usual "
        f"gap after the last recording is unknown ({unknown}), and no number is given over a "
        "window that holds one.",
        f"Acute:chronic ratio: coupled ({acute} over {chronic} days), uncoupled ({acute} over the "
        f"{chronic - acute} before), EWMA (lambda 2/(N+1), N {acute} and {chronic}, seeded with "
        f"the first day); none in the first {chronic} days, from day "
        f"{LAYOFF['returning_from_days']:.0f} of a lay-off until "
        f"{LAYOFF['returning_for_days']:.0f} days after it, or where chronic load is under "
        f"{100 * CHRONIC_FLOOR['share']:.0f} % of its mean over "
        f"{CHRONIC_FLOOR['window_days']:.0f} days.",
        f"Checks: {'; '.join(checks)}." if checks else "",
        f"The runner's own limits: {limits}." if limits else "",
        in_force_text(overview.archive.settings),
        f"Report for {dated(overview.as_of)}; not a diagnosis and not clearance to run.",
    )
    return " ".join(part for part in parts if part)


# An archive without names: what may be shown to somebody who need not know where and whose.

#: What stands for the paths that were read.
TITLE = "PATH"


def without_names(archive: Archive) -> Archive:
    """Archive without the runner's own words, mass and height: what may be handed on.

    Files, shoes, lay-offs and places of pain that no rule knows are numbered, known places are
    called by their key, notes and names of exercises are gone; of sentences about files and issues
    only the codes are left. Runs, their loads and all verdicts are the same.
    """
    files = _numbered(archive.files["file"], "file")
    athlete = archive.athlete
    gear = _numbered([*(shoe.name for shoe in athlete.shoes), *archive.gear["gear"]], "pair")
    breaks = _numbered(athlete.diary["break"], "break") | {"": "", "dismiss": "dismiss"}
    return replace(
        archive,
        activities=archive.activities.assign(
            file=archive.activities["file"].map(files), name=_races(archive.activities["name"])
        ),
        files=archive.files.assign(
            file=archive.files["file"].map(files), detail=archive.files["reason"]
        ),
        unknown_days=None if archive.unknown_days is None else archive.unknown_days.assign(file=""),
        issues=archive.issues.assign(text=archive.issues["code"]),
        reasons=archive.reasons.assign(
            file=archive.reasons["file"].map(files), text=archive.reasons["code"]
        ),
        device_settings=archive.device_settings.assign(
            file=archive.device_settings["file"].map(files), **dict.fromkeys(_BODY, np.nan)
        ),
        gear=archive.gear.assign(gear=archive.gear["gear"].map(gear)),
        settings=archive.settings[~archive.settings["setting"].isin(_BODY)].assign(file=""),
        pauses=archive.pauses.assign(reason="", file=""),
        exports=archive.exports.assign(file=""),
        athlete=replace(
            athlete,
            mass_kg=np.nan,
            height_m=np.nan,
            home_zone="",
            dates={},
            same=(),
            different=(),
            shoes=tuple(replace(shoe, name=gear[shoe.name]) for shoe in athlete.shoes),
            diary=athlete.diary.assign(
                note=_races(athlete.diary["note"]),
                site=_places(athlete.diary["site"]),
                strength=athlete.diary["strength"].map(_exercises).astype("str"),
                **{"break": _races(athlete.diary["break"], athlete.diary["break"].map(breaks))},
            ),
        ),
    )


#: Settings that nobody is told who is handed a private report.
_BODY = ("mass_kg", "height_m")


def _places(texts: pd.Series) -> pd.Series:
    """Places of pain without a word of the runner's own: by their key, or numbered."""
    plain = texts.fillna("").astype("str").str.strip().str.lower()
    unknown = np.array([site_of(text) == NOT_STATED for text in plain], dtype=bool)
    own = _numbered(plain[unknown], "place")
    keys = {text: site_of(text).key for text in plain if text not in own}
    return plain.map(own | keys).astype("str")


def _exercises(text: str) -> str:
    """Exercises of an entry that the clinic knows by name; of others only that they were done."""
    known = ",".join(filter(None, named_exercises(text)))
    return known or ("strength" if text else "")


def _races(texts: pd.Series, others: pd.Series | str = "") -> pd.Series:
    """Say that a text called a run a race, which counts for the limits, and nothing else of it."""
    is_race = texts.fillna("").astype("str").map(is_race_text).astype(bool)
    rest = others if isinstance(others, pd.Series) else pd.Series(others, texts.index, dtype="str")
    return rest.mask(is_race, "race").astype("str")


def _numbered(names: Iterable[str] | pd.Series, word: str) -> dict[str, str]:
    known = dict.fromkeys(name for name in names if name)
    return {name: f"{word} {n}" for n, name in enumerate(known, start=1)} | {"": ""}
