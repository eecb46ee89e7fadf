"""A team or a clinic at once: every athlete's weeks and findings, and who needs a look first."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from os import PathLike
from typing import get_args

import pandas as pd

from loadmon.athlete.profile import Athlete
from loadmon.athlete.units import Units, check_units
from loadmon.cohorts.member import Request, Silence, Told, judge_member, no_frames
from loadmon.cohorts.members import Member, members
from loadmon.cohorts.need import by_need
from loadmon.cohorts.spread import spread
from loadmon.errors import SettingError
from loadmon.load.calendar import Day, day_of

Progress = Callable[[int, str], None]
_FAILURE_COLUMNS = ("athlete", "path", "reason", "detail")


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
        not known) and ``longest_7d_km`` of the seven days to `as_of`; ``files`` and
        ``files_unread``. An athlete whose files could not be used is here too, as unknown.
    weekly, findings : DataFrame
        `loadmon.weekly_load` with ``week_start``, and `Findings.to_frame`, of every athlete, with
        a column ``athlete`` in front.
    daily : DataFrame
        Panel as `loadmon.daily_panel` gives it, for `loadmon.evaluate`.
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
) -> Cohort:
    """Read and judge every athlete of a team.

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
    if silence not in get_args(Silence):
        raise SettingError(f"unknown silence {silence!r}: {', '.join(get_args(Silence))}")
    until = None if as_of is None else f"{day_of(as_of):%Y-%m-%d}"
    asked = None if units is None else check_units(units)
    request = Request(until, silence, cache, now, athlete, asked, os.getcwd())
    found, loose = members(folder)
    done = spread(
        judge_member,
        [(member, request) for member in found],
        executor=executor,
        progress=progress and (lambda n, task: progress(n, task[0].name)),
    )
    told = [_found(member, result) for member, result in zip(found, done, strict=True)]
    failures = [_failure(t) for t in told if t.reason]
    failures += [("", str(p), "not-in-a-folder", "put it into its athlete's folder") for p in loose]
    return Cohort(
        athletes=by_need(told),
        weekly=_stacked(told, "weekly"),
        findings=_stacked(told, "findings"),
        daily=_stacked(told, "daily"),
        failures=pd.DataFrame(failures, columns=list(_FAILURE_COLUMNS), dtype="str"),
    )


def _found(member: Member, result: Told | None) -> Told:
    """What a worker gave back, or that every worker that read the files ended."""
    if result is not None:
        return result
    detail = f"{member.path}: each process that read it ended (killed, or out of memory)"
    return Told(member, reason="lost", detail=detail)


def _failure(told: Told) -> tuple[str, str, str, str]:
    """Row of an athlete whose files could not be used."""
    return told.member.name, told.member.path, told.reason, told.detail


def _stacked(told: list[Told], name: str) -> pd.DataFrame:
    """One frame of every athlete below each other, named in front."""
    parts = [t.frames[name].assign(athlete=t.member.name) for t in told if t.frames]
    whole = pd.concat(parts, ignore_index=True) if parts else no_frames()[name]
    columns = ["athlete", *whole.columns.drop("athlete", errors="ignore")]
    return whole.reindex(columns=columns).astype({"athlete": "str"})
