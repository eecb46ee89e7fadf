"""One athlete of a team: from a path to small frames, in whatever process that happens."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from loadmon.athlete.profile import Athlete
from loadmon.athlete.settings import load_athlete
from loadmon.athlete.units import Units
from loadmon.checks.check import check
from loadmon.checks.findings import Findings
from loadmon.cohorts.blocks import Block
from loadmon.cohorts.members import Member
from loadmon.cohorts.panel import panel_of, panel_of_nobody
from loadmon.errors import LoadmonError, ReadError
from loadmon.load.calendar import day_of
from loadmon.load.daily import daily_load
from loadmon.load.silence import silent_days
from loadmon.load.weekly import weekly_load
from loadmon.reading.archive import Archive
from loadmon.reading.frames import ACTIVITY_COLUMNS
from loadmon.reading.read import read

Silence = Literal["unknown", "rest", "old"]
Frames = dict[str, pd.DataFrame]
#: Outcomes of files that may have held an activity.
_UNREADABLE = ("quarantined", "refused")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of every athlete.

    Parameters
    ----------
    as_of, silence, cache, now
        As in `loadmon.cohort`.
    settings : Athlete or None
        For athletes without settings of their own.
    units : {"km", "mi"} or None
        Of the sentences; None is each athlete's own.
    folder : str
        Where relative paths begin: workers have a folder of their own.
    """

    as_of: str | None
    silence: Silence
    cache: bool
    now: datetime | None
    settings: Athlete | None = None
    units: Units | None = None
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one athlete.

    Parameters
    ----------
    member : Member
        Who.
    frames : dict of str to DataFrame
        ``weekly``, ``findings`` and ``daily``; empty where the files could not be used.
    summary : dict
        Numbers for the coach's table.
    reason, detail : str
        Why the files could not be used; empty where they could.
    """

    member: Member
    frames: Frames = field(default_factory=dict)
    summary: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    detail: str = ""


def judge_member(task: tuple[Member, Request]) -> Told:
    """Read one athlete's files and judge them; whatever goes wrong stays with this athlete.

    Parameters
    ----------
    task : tuple of Member and Request
        Who, and what is asked.
    """
    member, request = task
    try:
        return _told(member, request)
    except LoadmonError as error:
        return Told(member, reason="cannot-be-used", detail=str(error))
    except Exception as error:  # the one boundary: a bug must not hide the other athletes
        where = traceback.extract_tb(error.__traceback__)[-1]
        detail = (
            f"loadmon failed on this athlete ({type(error).__name__} in {where.name}, line "
            f"{where.lineno}: {error}); please report it"
        )
        return Told(member, reason="bug", detail=detail)


def no_frames() -> Frames:
    """Frames of nobody: the columns alone."""
    columns = {name: pd.Series(dtype=dtype) for name, dtype in ACTIVITY_COLUMNS.items()}
    return {
        "weekly": weekly_load(pd.DataFrame(columns)).reset_index(),
        "findings": Findings(pd.NaT, []).to_frame(),  # type: ignore[arg-type]
        "daily": panel_of_nobody(),
    }


def _told(member: Member, request: Request) -> Told:
    """Frames and numbers of an athlete whose files can be used."""
    settings = _settings(member, request)
    place = Path(request.folder, member.path)
    archive = read(place, athlete=settings, cache=request.cache, now=request.now)
    if archive.activities.empty:
        raise ReadError(f"{member.path}: {_counts(archive)}; see: loadmon files {member.path}")
    archive, as_of = _day(archive, request)
    runs = archive.activities
    daily = daily_load(runs, as_of=as_of)
    if daily.empty:
        first = f"{runs['date'].min():%Y-%m-%d}"
        raise ReadError(
            f"{member.path}: nothing is recorded up to {as_of}; the first is of {first}"
        )
    findings = check(archive, as_of=as_of)
    frames = {
        "weekly": weekly_load(runs, as_of=as_of).reset_index(),
        "findings": findings.to_frame(),
        "daily": panel_of(_block(daily, runs)).drop(columns="athlete"),
    }
    return Told(member, frames, _summary(archive, daily, findings.verdict))


def _settings(member: Member, request: Request) -> Athlete:
    """The athlete's own words where there are any, else those for all."""
    folder = Path(request.folder, member.path)
    own = load_athlete(folder) if folder.is_dir() else Athlete()
    told = own
    if own.says_nothing and request.settings:
        told = replace(request.settings, diary=own.diary)  # a pain is never somebody else's
    return replace(told, units=request.units) if request.units else told


def _counts(archive: Archive) -> str:
    """How many files there are and what became of them, or why the only one is of no use."""
    if archive.files.empty:
        return "nothing in it"
    if len(archive.files) == 1:
        return str(archive.files["detail"].iloc[0])
    outcomes = archive.files["outcome"].value_counts()
    counts = ", ".join(f"{n} {outcome}" for outcome, n in outcomes.items())
    return f"{outcomes.sum()} files ({counts}) and no activity in them"


def _day(archive: Archive, request: Request) -> tuple[Archive, str | None]:
    """Archive and day of the answers, by what silence at the end means."""
    if request.as_of is None or request.silence == "unknown":
        return archive, request.as_of
    if request.silence == "rest":
        return archive.rested_until(request.as_of), request.as_of
    days = archive.activities["date"]
    before = days[days <= day_of(request.as_of)]
    return archive, request.as_of if before.empty else f"{before.max():%Y-%m-%d}"


def _block(daily: pd.DataFrame, activities: pd.DataFrame) -> Block:
    """One athlete's calendar as a block of panels."""
    runs = activities[activities["sport"] == "running"]
    at = daily.index.get_indexer(pd.DatetimeIndex(runs["date"]))
    km = runs["distance_km"].to_numpy(dtype=float, na_value=np.nan)
    known = (at >= 0) & (km > 0)
    first = np.array([daily.index[0].to_datetime64()]).astype("datetime64[D]")
    return Block(
        athletes=np.array([""], dtype=object),
        first=first,
        n_days=np.array([len(daily)]),
        load=daily["load"].to_numpy(dtype=float)[:, None],
        longest_km=daily["longest_km"].to_numpy(dtype=float)[:, None],
        runs=daily["runs"].to_numpy(dtype=np.int64)[:, None],
        distance_known=(daily["status"] != "unknown").to_numpy()[:, None],
        session_at=at[known].astype(np.int64),
        session_km=km[known],
    )


def _summary(archive: Archive, daily: pd.DataFrame, verdict: str) -> dict[str, Any]:
    """Numbers of the last seven days, and how fresh and complete the data are."""
    as_of = daily.index[-1]
    week = daily.iloc[-7:]
    silent = silent_days(archive.activities, as_of)
    return {
        "verdict": verdict,
        "as_of": as_of,
        "last_recorded": silent.last_recorded if silent else pd.NaT,
        "days_silent": silent.days_silent if silent else 0,
        "runs_7d": int(week["runs"].sum()),
        "distance_7d_km": float(week["load"].sum(min_count=7)),
        "longest_7d_km": float(week["longest_km"].max()),
        "files": len(archive.files),
        "files_unread": int(archive.files["outcome"].isin(_UNREADABLE).sum()),
    }
