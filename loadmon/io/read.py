"""`loadmon.read`: from paths to an archive, one outcome for each input.

The data flow one way: `walk` meets the files, `parse_inputs` parses what is in them, `reconcile`
gives each input its result under the runner's settings, `drop_repeats` and `merge_exports` put the
results together, `build_archive` makes the frames. The cache is looked up before and filled after.
"""

from __future__ import annotations

import time
import warnings
from concurrent.futures import Executor
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from loadmon.arguments import (
    check_called,
    check_executor,
    check_flag,
    check_kind,
    check_moment,
)
from loadmon.athlete import Athlete
from loadmon.errors import CacheWarning, SettingError
from loadmon.io.archive import Archive, stream_frame
from loadmon.io.cache import Store, cache_folder
from loadmon.io.packing import unpack_stream
from loadmon.io.recording import Source
from loadmon.io.snapshot import keep, program_version, recall, snapshot_name, with_answers
from loadmon.io.walk import walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from loadmon.io.inputs import Progress
    from loadmon.io.walk import Entry


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
        Files, folders, ``.gz``, zips and zips in zips: FIT, GPX, TCX, and exports of platforms.
    athlete : Athlete, optional
        What the runner writes: home zone for recordings that do not tell their local time, days
        marked unknown. Kept as ``archive.athlete``.
    cache : bool or path, default True
        Keep what was read, and read again only what has changed: in the folder that
        ``$LOADMON_CACHE`` names, else in the platform's folder for caches, or in the given folder.
        It may be deleted at any time (`loadmon.io`). False: neither use nor keep it.
    progress : callable, optional
        Called for each input with the number of inputs done, the name of the last one, and the
        share of all bytes [0 to 1].
    executor : Executor, optional
        Where files are read, such as a process pool or a cluster's; from about 30 MB of
        recordings and lists on worker processes are started if none is given.
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
    if athlete is not None:
        check_kind(athlete, Athlete, "athlete", "an Athlete")
    if progress is not None:
        check_called(progress, "progress")
    check_executor(executor)
    check_moment(now, "now")
    check_flag(salvage, "salvage")
    athlete = athlete or Athlete()
    now = now or datetime.now(UTC)
    now_s = now.replace(tzinfo=now.tzinfo or UTC).timestamp()
    check_kind(cache, (bool, str, PathLike), "cache", "True, False or a folder")
    entries = list(walk(paths))
    store = _store(cache, noted_ns)

    def stream(source: Source, activity_id: str) -> pd.DataFrame:
        kept = store.get("stream", [activity_id]) if store else {}
        if kept:
            return stream_frame(*unpack_stream(kept[activity_id]))
        from loadmon.io.tables import read_stream

        return read_stream(source, activity_id)

    name = snapshot_name(entries, athlete, f"salvage={salvage}") if store else ""
    archive = recall(store, name, entries, athlete, now_s=now_s, stream=stream) if store else None
    if archive is not None:
        if progress:
            progress(len(archive.files), entries[-1].name if entries else "", 1.0)
    else:
        archive = _read_anew(
            entries,
            store,
            athlete,
            stream,
            noted_ns=noted_ns,
            now_s=now_s,
            salvage=salvage,
            progress=progress,
            executor=executor,
        )
        if store:
            if keep(store, name, archive, noted_ns=noted_ns):
                archive = with_answers(archive, store, name, is_recalled=False)
            store.trim()
    if store and store.warning:
        warnings.warn(store.warning, CacheWarning, stacklevel=2)
    return archive


def _read_anew(
    entries: list[Entry],  # emptied once they are read
    store: Store | None,
    athlete: Athlete,
    stream: Callable[[Source, str], pd.DataFrame],
    *,
    noted_ns: int,
    now_s: float,
    salvage: bool,
    progress: Progress | None,
    executor: Executor | None,
) -> Archive:
    """Read what no snapshot answers; what inputs hold is gone before their frames are kept."""
    # What parses files is only imported here.
    from loadmon.io.dedupe import drop_repeats
    from loadmon.io.exports.merge import merge_exports
    from loadmon.io.inputs import parse_inputs
    from loadmon.io.reconcile import reconcile
    from loadmon.io.tables import build_archive

    inputs = parse_inputs(entries, store, noted_ns, progress, executor)
    entries.clear()  # nobody asks for them again
    results = reconcile(
        inputs,
        home_zone=athlete.home_zone,
        now_s=now_s,
        salvage=salvage,
        dates=athlete.dates,
    )
    del inputs
    drop_repeats(results, athlete.same, athlete.different)
    units = athlete.units if athlete.units_stated else ""
    return build_archive(merge_exports(results, athlete.home_zone, units), athlete, stream)


def _store(cache: bool | str | PathLike[str], noted_ns: int) -> Store | None:
    """Open the cache that was asked for."""
    if cache is False:
        return None
    if cache is True:
        cache = cache_folder()
    if not str(cache).strip():
        raise SettingError("cache: an empty path names no folder; name one, or write cache=False")
    try:
        version = program_version()
    except OSError as error:
        text = f"the program's own source cannot be read ({error.strerror}): nothing is kept"
        warnings.warn(text, CacheWarning, stacklevel=3)
        return None
    # Workers have a folder of their own.
    return Store(Path(cache).absolute(), version, noted_ns // 1_000_000_000 // 86_400)
