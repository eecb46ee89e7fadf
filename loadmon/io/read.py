"""`loadmon.read`: from paths to an archive, one outcome for each input."""

from __future__ import annotations

import contextlib
import os
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from loadmon.athlete import Athlete
from loadmon.errors import CacheWarning, SettingError
from loadmon.io.archive import Archive
from loadmon.io.cache import Store
from loadmon.io.walk import Entry, walk

if TYPE_CHECKING:
    import pandas as pd


from loadmon.io.inputs import Progress, read_inputs

_DAY_S = 86_400
#: A repetition that was left out may have started so long after the one that counts. [s]
_SHIFT_S = 14 * 3600.0


def read(
    *paths: str | PathLike[str],
    athlete: Athlete | None = None,
    cache: bool | str | PathLike[str] = True,
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
    cache : bool or path, default True
        Keep what was read, and read again only what has changed: in the folder that
        ``$LOADMON_CACHE`` names, else in the platform's folder for caches, or in the given folder.
        It may be deleted at any time (`loadmon.io`). False: neither look nor keep.
    progress : callable, optional
        Called for each input with the number of inputs done, the name of the last one, and the
        share of all bytes [0 to 1].
    executor : Executor, optional
        Where files are read, such as a process pool or a cluster's; from about 30 MB on worker
        processes are started if none is given.
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
        If a path does not exist, or is empty.
    SettingError
        If `cache` is an empty path.

    Warns
    -----
    CacheWarning
        If the cache cannot be used; everything is read without it.
    """
    noted_ns = time.time_ns()
    athlete = athlete or Athlete()
    now_s = _unix_s(now)
    entries = list(walk(paths))
    store = _store(cache, noted_ns)
    again = lambda: read(  # noqa: E731 - the same reading without the cache
        *paths, athlete=athlete, cache=False, executor=executor, now=now, salvage=salvage
    )
    archive = None
    if store:
        from loadmon.io.snapshot import recall, snapshot_name

        name = snapshot_name(entries, athlete, f"salvage={salvage}")
        archive = recall(
            store, name, entries, athlete, now_s=now_s, stream=_recalled(store), again=again
        )
        if archive is not None and progress:
            progress(len(archive.files), entries[-1].name if entries else "", 1.0)
    if archive is None:
        archive = _read(entries, athlete, store, noted_ns, now_s, salvage, progress, executor)
        if store:
            from loadmon.io.snapshot import keep

            latest_s = _latest_s(archive) + _SHIFT_S
            keep(store, name, archive, noted_ns=noted_ns, latest_s=latest_s)
            store.trim()
    if store and store.warning:
        warnings.warn(store.warning, CacheWarning, stacklevel=2)
    return archive


def _read(
    entries: list[Entry],
    athlete: Athlete,
    store: Store | None,
    noted_ns: int,
    now_s: float,
    salvage: bool,
    progress: Progress | None,
    executor: Executor | None,
) -> Archive:
    """Read what has changed, recall the rest, and account for all of it."""
    from loadmon.io.archive import archive_of
    from loadmon.io.exports.merge import attach
    from loadmon.io.reconcile import settle

    with _workers(entries, executor) as (ours, count):
        inputs = read_inputs(
            entries,
            store=store,
            noted_ns=noted_ns,
            progress=progress,
            executor=ours,
            workers=count,
        )
    settled = settle(
        inputs,
        home_zone=athlete.home_zone,
        now_s=now_s,
        same=athlete.same,
        different=athlete.different,
        salvage=salvage,
    )
    settled = attach(settled, home_zone=athlete.home_zone, now_s=now_s)
    return archive_of(settled, athlete, _recalled(store))


@contextlib.contextmanager
def _workers(
    entries: list[Entry], executor: Executor | None
) -> Iterator[tuple[Executor | None, int]]:
    """Give the executor that was given, else workers of our own from the size where they pay."""
    from loadmon.io.workers import ENOUGH, Workers, processors

    count = processors()
    if executor is not None:
        yield executor, count
        return
    if count < 2 or sum(max(0, entry.stamp[0]) for entry in entries) < ENOUGH:
        yield None, 1
        return
    with Workers(count) as ours:
        yield ours, count


def _store(cache: bool | str | PathLike[str], noted_ns: int) -> Store | None:
    """Open the cache that was asked for: the only place where its folder is looked up."""
    if cache is False:
        return None
    from loadmon.io.snapshot import reader_version

    if cache is True:
        cache = os.environ.get("LOADMON_CACHE", "").strip()
        if not cache:
            from platformdirs import user_cache_path

            cache = user_cache_path("loadmon")
    if not str(cache).strip():
        raise SettingError("cache: an empty path names no folder; name one, or write cache=False")
    try:
        version = reader_version()
    except OSError as error:
        told = f"the program's own source cannot be read ({error.strerror}): nothing is kept"
        warnings.warn(told, CacheWarning, stacklevel=3)
        return None
    # Workers have a folder of their own.
    return Store(Path(cache).absolute(), version, noted_ns // 1_000_000_000 // _DAY_S)


def _recalled(store: Store | None) -> Callable[[str], pd.DataFrame | None]:
    """Streams of activities as the cache keeps them."""

    def stream(activity_id: str) -> pd.DataFrame | None:
        kept = store.get("stream", [activity_id]).get(activity_id) if store else None
        if not kept:
            return None
        from loadmon.io.archive import stream_frame
        from loadmon.io.packing import unpack_stream

        return stream_frame(*unpack_stream(kept))

    return stream


def _latest_s(archive: Archive) -> float:
    """Unix time of the latest start. [s]"""
    starts = archive.activities["start_utc"]
    return float(starts.max().timestamp()) if len(starts) else float("-inf")


def _unix_s(now: datetime | None) -> float:
    """Unix time [s] of what was given, else of the clock."""
    now = now or datetime.now(UTC)
    return now.replace(tzinfo=now.tzinfo or UTC).timestamp()
