"""Everything a report says, worked out once; the terminal, the page and the notebook show it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from loadmon.athlete.profile import Athlete
from loadmon.checks.check import check
from loadmon.checks.findings import Findings
from loadmon.checks.today import Today, today
from loadmon.load.calendar import Day, last_day
from loadmon.load.daily import daily_load
from loadmon.load.silence import SilentDays, long_gaps, silent_days
from loadmon.load.spikes import session_spikes
from loadmon.load.weekly import weekly_load
from loadmon.reading.archive import Archive
from loadmon.report.changes import onset, seven_days

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
        First day of the pain that the diary still tells of (`loadmon.report.changes.onset`).
    changes : DataFrame
        What `loadmon.report.changes.seven_days` gives up to that day, else up to the last day
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
    """Work out what a report on `as_of` says.

    Parameters
    ----------
    archive : Archive
        What `loadmon.read` gives.
    title : str
        What was read, such as the name of the export.
    as_of : str, date or Timestamp, optional
        Last day that counts; None is the last recorded day.

    Raises
    ------
    SettingError
        If `as_of` is no day.
    """
    runs = archive.activities
    until = last_day(runs, as_of)
    silent = None if until is None else silent_days(runs, until)
    findings = recorded = check(archive, as_of=as_of)
    if silent and silent.days_silent:
        recorded = check(archive, as_of=silent.last_recorded)
    daily = daily_load(runs, as_of=as_of)
    diary = archive.athlete.diary
    diary = diary.iloc[:0] if until is None else diary[diary["date"] <= until]
    pain_since = None if until is None else onset(diary, until)
    return Overview(
        title=title,
        as_of=pd.NaT if until is None else until,  # type: ignore[arg-type]
        outcomes=archive.files["outcome"].value_counts(),
        silent=silent,
        daily=daily,
        weekly=weekly_load(runs, as_of=as_of, own=archive.athlete.limits),
        spikes=session_spikes(runs, as_of=as_of, own=archive.athlete.limits),
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
