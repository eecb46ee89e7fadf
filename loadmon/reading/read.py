"""From any mix of paths to an archive: every input read, judged and accounted for.

The whole way: `walk` finds the files, `sources` opens them, `measure` reads and judges the bytes
of each input, `settle` accounts for all of them under the runner's settings, `archive` keeps the
frames.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from datetime import UTC, datetime
from os import PathLike

from loadmon.athlete.profile import Athlete
from loadmon.errors import SettingError
from loadmon.reading.archive import Archive, archive_of
from loadmon.reading.contents import Contents
from loadmon.reading.exports.attach import attach
from loadmon.reading.measure import measure
from loadmon.reading.settle import settle
from loadmon.reading.sources import Source, sources
from loadmon.reading.walk import walk

Progress = Callable[[int, str], None]


def read(
    *paths: str | PathLike[str],
    athlete: Athlete | None = None,
    cache: bool = True,
    progress: Progress | None = None,
    executor: Executor | None = None,
    now: datetime | None = None,
    salvage: bool = False,
) -> Archive:
    """Read recordings from any mix of files, folders and archives.

    Parameters
    ----------
    *paths : path
        Files, folders, ``.gz``, zips and zips in zips, with FIT, GPX and TCX in them.
    athlete : Athlete, optional
        The runner's own words: home zone for recordings that do not tell their local time, days
        marked unknown. Kept as ``archive.athlete``.
    cache : bool, default True
        Without effect: this version keeps nothing on disk.
    progress : callable, optional
        Called with the number of inputs done and the name of the last one.
    executor : Executor, optional
        Not supported by this version.
    now : datetime, optional
        Time of the reading, only to quarantine starts more than 24 h ahead of it; the clock's
        if not given. A naive one is UTC.
    salvage : bool, default False
        Count what can still be read of a broken recording, flagged ``partial``; its day stays
        unknown. Otherwise such a recording is quarantined.

    Returns
    -------
    Archive
        Activities, ledger, and streams on demand. Every input has one row in the ledger.

    Raises
    ------
    ReadError
        If a path does not exist.
    SettingError
        If an `executor` is given.
    """
    if executor is not None:
        raise SettingError("this version reads in one process: leave executor out")
    athlete = athlete or Athlete()
    inputs: list[tuple[Source, Contents]] = []
    for entry in walk(paths):
        for source in sources(entry):
            inputs.append((source.without_data(), _contents(source)))
            if progress:
                progress(len(inputs), source.name)
    now_s = _unix_s(now)
    settled = settle(
        inputs,
        home_zone=athlete.home_zone,
        now_s=now_s,
        same=athlete.same,
        different=athlete.different,
        salvage=salvage,
    )
    settled = attach(settled, home_zone=athlete.home_zone, now_s=now_s)
    return archive_of(settled, athlete)


def _contents(source: Source) -> Contents:
    """What one input holds; streams are not kept, they are read again on demand."""
    if source.problem:
        return Contents(parts=[source.problem])
    return measure(source.name, source.data).without_streams()


def _unix_s(now: datetime | None) -> float:
    """Unix time [s] of what was given, else of the clock."""
    now = now or datetime.now(UTC)
    return now.replace(tzinfo=now.tzinfo or UTC).timestamp()
