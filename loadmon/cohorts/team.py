"""`loadmon.cohort`: a folder of athletes, read, checked, and ordered by need."""

from __future__ import annotations

import functools
import os
import traceback
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
import pandas as pd

from loadmon.arguments import (
    check_called,
    check_choice,
    check_executor,
    check_flag,
    check_frame,
    check_kind,
    check_moment,
    items_of,
)
from loadmon.athlete import Athlete
from loadmon.calendar import Day, day_of
from loadmon.cohorts.panel import empty_panel, panel_of
from loadmon.cohorts.spread import spread
from loadmon.cohorts.tables import Block
from loadmon.errors import FrameError, LoadmonError, ReadError
from loadmon.evidence import GRADE_WORDS
from loadmon.io.archive import ACTIVITY_COLUMNS, Archive, details_of
from loadmon.io.packing import pack, unpack
from loadmon.io.read import read
from loadmon.io.snapshot import pack_frame, program_version, unpack_frame
from loadmon.rules.context import CHECKS, CheckContext, Findings, run_days_of
from loadmon.rules.engine import build_context, check_context
from loadmon.rules.session_spike import (
    DISTANCE_KM,
    SESSION_SPIKE,
    before_column,
    by_outing,
    floor_of,
    longest_allowed,
)
from loadmon.settings import load_athlete
from loadmon.text import readable
from loadmon.units import Units, check_units
from loadmon.weekly import weekly_frame, weekly_load

#: Days in which a pain that was noted is shown beside the athlete. [d]
_PAIN_D = 28
_NO_PAIN = {"pain": float("nan"), "pain_site": "", "pain_on": pd.NaT}
#: Endings of recordings, which belong to an athlete's folder and not beside it.
_RECORDINGS = (".fit", ".gpx", ".tcx", ".gz")


@dataclass(frozen=True, slots=True)
class Member:
    """One athlete of a team."""

    name: str  # of the folder, or of the zip without its ending
    path: str


def members(
    given: str | PathLike[str] | Iterable[str | PathLike[str]],
) -> tuple[list[Member], list[Path]]:
    """Find the athletes of a team, in order of their names, and recordings that are nobody's.

    Where two have one name, it is followed by the ending, or is the whole path.
    """
    named = [given] if isinstance(given, str | PathLike) else items_of(given, "folder")
    for path in named:
        check_kind(path, (str, PathLike), "folder", "a path")
    if not all(str(path).strip() for path in named):
        raise ReadError("an empty path names no folder; name one that holds a folder per athlete")
    if isinstance(given, str | PathLike):
        folder = Path(given)
        if not folder.is_dir():
            raise ReadError(f"{folder}: no folder; name one that holds a folder or zip per athlete")
        try:
            every = sorted(folder.iterdir())
        except OSError as error:
            text = f"{folder}: cannot be looked into ({error.strerror}); check its permissions"
            raise ReadError(text) from None
        shown = [p for p in every if not p.name.startswith((".", "__"))]
        paths = [p for p in shown if p.is_dir() or p.suffix.lower() == ".zip"]
        loose = [p for p in shown if p not in paths and p.suffix.lower() in _RECORDINGS]
        if not paths:
            raise ReadError(
                f"{folder}: holds no folder and no zip; put each athlete's export in one"
            )
        return _named(paths), loose
    paths = [Path(p) for p in named]
    for path in paths:
        if not path.exists():
            raise ReadError(f"{path}: there is no such file or folder; check the path")
    return _named(paths), []


def _named(paths: list[Path]) -> list[Member]:
    short = [p.stem if p.suffix.lower() == ".zip" else p.name for p in paths]
    for longer in ([p.name for p in paths], [str(p) for p in paths]):
        short = [
            name if short.count(name) == 1 else other
            for name, other in zip(short, longer, strict=True)
        ]
    found = [Member(readable(name), str(path)) for name, path in zip(short, paths, strict=True)]
    return sorted(found, key=lambda member: (member.name.casefold(), member.name, member.path))


# One athlete of a team: from a path to small frames, in whatever process that happens.

Silence = Literal["unknown", "rest", "old"]
#: Frames that an athlete has; `Cohort` holds them of all.
FRAMES = ("weekly", "findings", "daily")
Frames = dict[str, pd.DataFrame]


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of every athlete, as in `cohort`."""

    as_of: str | None
    silence: Silence
    cache: bool
    now: datetime | None
    settings: Athlete | None = None  # for athletes without settings of their own
    units: Units | None = None
    folder: str = ""  # where relative paths begin: workers have a folder of their own
    frames: tuple[str, ...] = FRAMES

    @property
    def asked(self) -> str:
        """What an answer depends on, beside the files and the athlete's settings."""
        told = self.as_of, self.silence, self.frames
        return f"{program_version('.').hex()} {told}"  # another program gives another answer


@dataclass(frozen=True, slots=True)
class MemberResult:
    """What is known of one athlete; no frames where the files could not be used."""

    member: Member
    frames: Frames = field(default_factory=dict)  # weekly, findings, daily
    summary: dict[str, Any] = field(default_factory=dict)  # numbers for the coach's table
    reason: str = ""  # why the files could not be used
    detail: str = ""


def evaluate_member(task: tuple[Member, Request]) -> MemberResult:
    """Read one athlete's files and check them; whatever goes wrong stays with this athlete."""
    member, request = task
    try:
        return _result_of(member, request)
    except LoadmonError as error:
        return MemberResult(member, reason="cannot-be-used", detail=str(error))
    except Exception as error:  # the one boundary: a bug must not hide the other athletes
        where = traceback.extract_tb(error.__traceback__)[-1]
        detail = (
            f"loadmon failed on this athlete ({type(error).__name__} in {where.name}, line "
            f"{where.lineno}: {error}); please report it"
        )
        return MemberResult(member, reason="bug", detail=detail)


def _empty_frames() -> Frames:
    columns = {name: pd.Series(dtype=dtype) for name, dtype in ACTIVITY_COLUMNS.items()}
    return {
        "weekly": weekly_load(pd.DataFrame(columns)).reset_index(),
        "findings": Findings(pd.NaT, []).to_frame(),  # type: ignore[arg-type]
        "daily": empty_panel(),
    }


def read_member(member: Member, request: Request) -> Archive:
    """Archive of one athlete with the settings and the diary beside it, or those of the request."""
    place = Path(request.folder, member.path)
    settings = load_athlete(place) if place.is_dir() else _nothing_said()
    if request.settings and settings.says_nothing:  # a pain is never somebody else's
        settings = replace(request.settings, diary=settings.diary)
    if request.units:
        settings = replace(settings, units=request.units)
    archive = read(place, athlete=settings, cache=request.cache, now=request.now)
    if archive.activities.empty:
        raise ReadError(f"{member.path}: {_counts(archive)}; see: loadmon files {member.path}")
    return archive


def _result_of(member: Member, request: Request) -> MemberResult:
    archive = read_member(member, request)
    answers = details_of(archive).answers
    kept = answers.get(request.asked) if answers else None
    if kept:
        frames, summary = unpack(kept)
        unpacked = {name: unpack_frame(frame) for name, frame in frames.items()}
        (row,) = unpack_frame(summary).to_dict("records")
        return MemberResult(member, unpacked, {str(name): value for name, value in row.items()})
    made = _made_of(archive, member, request)
    if answers:
        frames = {name: pack_frame(frame) for name, frame in made.frames.items()}
        types = {name: kind for name, kind in ATHLETE_COLUMNS.items() if name in made.summary}
        summary = pack_frame(pd.DataFrame([made.summary]).astype(types))
        answers.put(request.asked, pack((frames, summary)))
    return made


@functools.cache
def _nothing_said() -> Athlete:
    """Settings of a zip, beside which nothing is written; the same for all of them."""
    return Athlete()


def _made_of(archive: Archive, member: Member, request: Request) -> MemberResult:
    archive, as_of = day_asked(archive, request)
    context = build_context(archive, as_of)
    runs, daily = archive.activities, context.daily
    if daily.empty:
        begin = f"{runs['date'].min():%Y-%m-%d}"
        raise ReadError(
            f"{member.path}: nothing is recorded up to {as_of}; the first is of {begin}"
        )
    findings = check_context(context)
    frames = {"findings": findings.to_frame()}
    if "weekly" in request.frames:
        weeks = weekly_frame(runs, daily, context.values, context.flags)
        frames["weekly"] = weeks.reset_index()
    if "daily" in request.frames:
        frames["daily"] = _panel(daily, runs)
    return MemberResult(member, frames, _summary(context, findings.verdict, frames["findings"]))


def _panel(daily: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """Panel of one athlete's days."""
    days = run_days_of(daily, runs)
    first = np.array([daily.index[0].to_datetime64()]).astype("datetime64[D]")
    block = Block(np.array([""], dtype=object), first, np.array([len(daily)]), days)
    return panel_of(block).drop(columns="athlete")


def _counts(archive: Archive) -> str:
    """How many files there are and what became of them, or why the only one is of no use."""
    if archive.files.empty:
        return "nothing in it"
    if len(archive.files) == 1:
        return str(archive.files["detail"].iloc[0])
    outcomes = archive.files["outcome"].value_counts()
    counts = ", ".join(f"{n} {outcome}" for outcome, n in outcomes.items())
    return f"{outcomes.sum()} files ({counts}) and no activity in them"


def day_asked(archive: Archive, request: Request) -> tuple[Archive, str | None]:
    """Archive and day of the answers, by what silence at the end means."""
    if request.as_of is None or request.silence == "unknown":
        return archive, request.as_of
    if request.silence == "rest":
        return archive.rested_until(request.as_of), request.as_of
    days = archive.activities["date"]
    before = days[days <= day_of(request.as_of)]
    return archive, request.as_of if before.empty else f"{before.max():%Y-%m-%d}"


def _summary(context: CheckContext, verdict: str, findings: pd.DataFrame) -> dict[str, Any]:
    """Numbers of the last seven days, and how fresh and complete the data are."""
    daily, files = context.daily, context.archive.files
    week = daily.iloc[-7:]
    silent = context.calendar.silence
    return {
        "verdict": verdict,
        "as_of": daily.index[-1],
        "last_recorded": silent.last_recorded if silent else pd.NaT,
        "days_silent": silent.days_silent if silent else 0,
        "runs_7d": int(week["runs"].to_numpy().sum()),
        "distance_7d_km": float(week["load"].sum(min_count=7)),
        "longest_7d_km": float(np.fmax.reduce(week["longest_km"].to_numpy(), initial=np.nan)),
        "ceiling_7d_km": _ceiling_km(context, findings),
        **_last_pain(context),
        "files": len(files),
        "files_unread": int(files["outcome"].isin(["quarantined", "refused"]).sum()),
    }


def _ceiling_km(context: CheckContext, findings: pd.DataFrame) -> float:
    """How long the longest run of the seven days could have been without a flag of its length."""
    outings = by_outing(context.spikes)
    km = np.where(outings["date"].isin(context.week), outings["outing_km"], np.nan)
    if np.isnan(km).all():
        return float("nan")
    longest = np.flatnonzero(km == np.nanmax(km))[-1]
    before = float(outings[before_column(DISTANCE_KM)].to_numpy()[longest])
    ratio, own = context.limit(SESSION_SPIKE)["small"], context.athlete.limits
    spike = longest_allowed(before, ratio, floor_of(DISTANCE_KM, own))
    back = zip(findings["check"], findings["verdict"], findings["not_flagged_up_to"], strict=True)
    caps = [up_to for check, verdict, up_to in back if (check, verdict) == ("return", "flagged")]
    return float(np.fmin.reduce([spike if before > 0 else np.nan, *caps]))


def _last_pain(context: CheckContext) -> dict[str, Any]:
    """Last pain that the athlete noted in the 28 days to the day; no number where none was."""
    diary = context.athlete.diary
    if diary.empty:
        return dict(_NO_PAIN)
    since = context.as_of - pd.Timedelta(days=_PAIN_D)
    noted = diary["pain"].notna() & (diary["date"] > since) & (diary["date"] <= context.as_of)
    if not noted.any():
        return dict(_NO_PAIN)
    last = diary[noted].iloc[-1]
    return {"pain": float(last["pain"]), "pain_site": str(last["site"]), "pain_on": last["date"]}


# Who needs a look first, and why: the table of a coach.

#: Columns of the table and their dtypes; units are in the names.
ATHLETE_COLUMNS = (
    dict.fromkeys(("athlete", "verdict", "flags", "grade", "why"), "str")
    | dict.fromkeys(("as_of", "last_recorded"), "datetime64[us]")
    | dict.fromkeys(("days_silent", "runs_7d", "distance_7d_km", "longest_7d_km"), "float64")
    | {"ceiling_7d_km": "float64", "pain": "float64", "pain_site": "str"}
    | {"pain_on": "datetime64[us]"}
    | dict.fromkeys(("files", "files_unread"), "float64")
)
#: What an athlete says outranks what a watch measured.
_SAID = ("symptoms", "overtraining")
_VERDICTS = ("flagged", "unknown", "ok")
_GRADES = (*GRADE_WORDS, "")


def by_need(results: Sequence[MemberResult]) -> pd.DataFrame:
    """``Cohort.athletes``, in the order in which a coach should look; it is not a score.

    Flagged before unknown before nothing flagged. Among the flagged symptoms first, then the best
    grade behind a flag, then the number of flags; among the unknown, unusable files first.
    """
    rows = sorted((_row(one) for one in results), key=_sort_key)
    return pd.DataFrame(rows, columns=list(ATHLETE_COLUMNS)).astype(ATHLETE_COLUMNS)


def _row(one: MemberResult) -> dict[str, Any]:
    row: dict[str, Any] = {"athlete": one.member.name, "flags": "", "grade": "", "pain_site": ""}
    if one.reason:
        return row | {"verdict": "unknown", "why": f"Not read: {one.detail}"}
    told = (one.frames["findings"][name] for name in _Told._fields)
    findings = [_Told(*cells) for cells in zip(*told, strict=True)]
    flagged = [found for found in findings if found.verdict == "flagged"]
    grades = [g for g in _GRADES if g in {found.grade for found in flagged}]
    flags = ",".join(found.check for found in flagged)
    row |= one.summary | {"flags": flags, "grade": grades[0] if grades else ""}
    return row | {"why": _why(findings, str(row["verdict"]))}


class _Told(NamedTuple):
    """What a finding says of an athlete."""

    check: str
    verdict: str
    grade: str
    missing: str
    message: str


def _why(findings: list[_Told], verdict: str) -> str:
    """Sentences behind a verdict, what athletes say and the better evidence first."""
    if verdict == "ok":
        return "Nothing flagged."
    shown = [found for found in findings if found.verdict == verdict]
    if verdict == "unknown":
        missing = [found.missing for found in shown if found.missing]
        if missing:
            return f"{missing[0][0].upper()}{missing[0][1:]}."
        return shown[0].message

    def key(found: _Told) -> tuple[bool, int, int]:
        return found.check not in _SAID, _GRADES.index(found.grade), CHECKS.index(found.check)

    return " ".join(found.message for found in sorted(shown, key=key))


def _sort_key(row: dict[str, Any]) -> tuple[Any, ...]:
    flags = str(row["flags"]).split(",") if row["flags"] else []
    said = any(check in _SAID for check in flags)
    unread = "as_of" not in row
    place = _VERDICTS.index(row["verdict"]), not unread, not said, _GRADES.index(row["grade"])
    return *place, -len(flags), str(row["athlete"]).casefold(), row["athlete"]


# A team or a clinic at once: every athlete's weeks and findings, and who needs a look first.

Progress = Callable[[int, str], None]
#: Most athletes whose panels are gathered where nothing else is said.
_GATHERED = 1000


@dataclass(frozen=True, slots=True)
class Cohort:
    """Many athletes, as frames.

    Parameters
    ----------
    athletes : DataFrame
        One row per athlete, those who need a look first: ``athlete``; ``verdict`` (flagged,
        unknown, ok: nothing flagged); ``flags``, the checks that flagged, joined by commas;
        ``grade``, the best evidence among them; ``why``, in sentences; ``as_of``;
        ``last_recorded`` and ``days_silent`` [d]; ``runs_7d``, ``distance_7d_km`` (NaN: a day is
        not known) and ``longest_7d_km`` of the seven days to `as_of`; ``ceiling_7d_km``, how long
        that longest run could have been without a flag of its length (NaN: nothing to compare
        with); ``pain`` [0 to 10], ``pain_site`` and ``pain_on``, the last of 28 days that
        the athlete noted (NaN: none noted, which is not none felt); ``files`` and
        ``files_unread``. An athlete whose files could not be used is here too, as unknown.
    weekly, findings : DataFrame
        `loadmon.weekly_load` with ``week_start``, and `Findings.to_frame`, of every athlete, with
        a column ``athlete`` in front.
    daily : DataFrame
        Panel as `loadmon.daily_panel` gives it, for `loadmon.evaluate`; without rows where it was
        not asked for.
    failures : DataFrame
        ``athlete, path, reason, detail`` where files could not be used: ``cannot-be-used``,
        ``lost`` (each process that read them ended), ``bug``, or ``not-in-a-folder`` for a
        recording that belongs to nobody.
    """

    athletes: pd.DataFrame
    weekly: pd.DataFrame
    findings: pd.DataFrame
    daily: pd.DataFrame
    failures: pd.DataFrame


def cohort(
    folder: str | PathLike[str] | Iterable[str | PathLike[str]],
    *,
    executor: Executor | None = None,
    as_of: Day | None = None,
    silence: Silence = "unknown",
    athlete: Athlete | None = None,
    units: Units | None = None,
    cache: bool = True,
    now: datetime | None = None,
    progress: Progress | None = None,
    daily: bool | None = None,
) -> Cohort:
    """Read and check every athlete of a team.

    Parameters
    ----------
    folder : path or iterable of path
        A folder that holds a folder or zip for each athlete, or those themselves. A folder may
        hold the athlete's own ``athlete.toml`` and ``diary.csv``.
    executor : Executor, optional
        Where to read: any `concurrent.futures.Executor`, such as a process pool or what
        ``Client.get_executor()`` of dask.distributed gives. None: a process for each processor.
        Only paths go out and small frames come back; every worker must see the paths.
    as_of : str, date or Timestamp, optional
        Last day that counts for all; None is each athlete's own last recorded day.
    silence : {"unknown", "rest", "old"}
        What days without a recording before `as_of` are, beyond the athlete's usual gap: not
        known; rest; or the export is old, and the athlete is judged on the last recorded day.
    athlete : Athlete, optional
        Settings for athletes that have none of their own. Its diary is nobody's: it is not used.
    units : {"km", "mi"}, optional
        Unit of distances in sentences; None is each athlete's own.
    cache, now
        As in `loadmon.read`.
    progress : callable, optional
        Called with the number of athletes done and the name of the last one.
    daily : bool, optional
        Whether the panels of all athletes are gathered in ``Cohort.daily``: some 0.2 MB an
        athlete and year of them at once, in this process. None: up to 1,000 athletes. For more,
        let the workers write them: `loadmon.write_partitions` with `loadmon.cohort_frame`.

    Returns
    -------
    Cohort
        The same frames on every executor.

    Raises
    ------
    ReadError
        If a path does not exist or the folder holds no athlete. What goes wrong with one athlete
        is a row of ``failures``.
    SettingError
        If an option makes no sense.

    Notes
    -----
    An athlete whose worker was killed is read again on this machine. A pool of processes of your
    own needs ``if __name__ == "__main__":`` around a script; without one nothing is needed.
    """
    until, asked = _checked(as_of, silence, athlete, units, cache, now)
    check_executor(executor)
    if progress is not None:
        check_called(progress, "progress")
    if daily is not None:
        check_flag(daily, "daily")
    found, loose = members(folder)
    gathered = len(found) <= _GATHERED if daily is None else daily
    frames = FRAMES if gathered else tuple(name for name in FRAMES if name != "daily")
    request = Request(until, silence, cache, now, athlete, asked, os.getcwd(), frames)
    done = spread(
        evaluate_member,
        [(member, request) for member in found],
        executor=executor,
        progress=progress and (lambda n, task: progress(n, task[0].name)),
    )
    ended = "each process that read it ended (killed, or out of memory)"
    results = [
        result or MemberResult(member, reason="lost", detail=f"{member.path}: {ended}")
        for member, result in zip(found, done, strict=True)
    ]
    failures = [(r.member.name, r.member.path, r.reason, r.detail) for r in results if r.reason]
    failures += [("", str(p), "not-in-a-folder", "put it into its athlete's folder") for p in loose]
    columns = ["athlete", "path", "reason", "detail"]
    return Cohort(
        athletes=by_need(results),
        weekly=_stacked(results, "weekly"),
        findings=_stacked(results, "findings"),
        daily=_stacked(results, "daily"),
        failures=pd.DataFrame(failures, columns=columns, dtype="str"),
    )


def _checked(
    as_of: Day | None,
    silence: Silence,
    athlete: Athlete | None,
    units: Units | None,
    cache: bool,
    now: datetime | None,
) -> tuple[str | None, Units | None]:
    """Day and units as workers are told them."""
    check_choice(silence, get_args(Silence), "silence")
    if athlete is not None:
        check_kind(athlete, Athlete, "athlete", "an Athlete")
    check_flag(cache, "cache")
    check_moment(now, "now")
    until = None if as_of is None else f"{day_of(as_of, 'as_of'):%Y-%m-%d}"
    return until, None if units is None else check_units(units)


Frame = Literal["athletes", "weekly", "findings", "daily"]


def cohort_frame(
    members: pd.DataFrame,
    *,
    frame: Frame = "athletes",
    as_of: Day | None = None,
    silence: Silence = "unknown",
    athlete: Athlete | None = None,
    units: Units | None = None,
    cache: bool = True,
    now: datetime | None = None,
) -> pd.DataFrame:
    """One frame of a cohort for some of its athletes: what any engine can map over a list of them.

    Parameters
    ----------
    members : DataFrame
        ``athlete``, a name, and ``path``, the athlete's folder or zip as the process that runs
        this sees it.
    frame : {"athletes", "weekly", "findings", "daily"}
        Which frame of `loadmon.Cohort`. Its columns are those of ``loadmon.arrow_schema(frame)``,
        with ``daily_panel`` and ``cohort_weekly`` for daily and weekly.
    as_of, silence, athlete, units, cache, now
        As in `loadmon.cohort`.

    Returns
    -------
    DataFrame
        Rows of these athletes. One whose files could not be used has a row in ``athletes``, as
        unknown, with the reason, and none in the others.

    Raises
    ------
    FrameError
        If a column is missing or a cell is empty.
    SettingError
        If an option makes no sense.
    """
    check_choice(frame, get_args(Frame), "frame")
    until, asked = _checked(as_of, silence, athlete, units, cache, now)
    check_frame(members, "members")
    for column in ("athlete", "path"):
        if column not in members.columns or members[column].isna().any():
            raise FrameError(f"members need a column {column!r} without an empty cell")
    wanted = tuple(name for name in FRAMES if name == frame)
    request = Request(until, silence, cache, now, athlete, asked, frames=wanted)
    rows = zip(members["athlete"].astype("str"), members["path"].astype("str"), strict=True)
    results = [evaluate_member((Member(name, path), request)) for name, path in rows]
    return by_need(results) if frame == "athletes" else _stacked(results, frame)


def _stacked(results: list[MemberResult], name: str) -> pd.DataFrame:
    """One frame of every athlete, stacked, the name in front."""
    parts = [t.frames[name].assign(athlete=t.member.name) for t in results if name in t.frames]
    whole = pd.concat(parts, ignore_index=True) if parts else _empty_frames()[name]
    columns = ["athlete", *whole.columns.drop("athlete", errors="ignore")]
    return whole.reindex(columns=columns).astype({"athlete": "str"})
