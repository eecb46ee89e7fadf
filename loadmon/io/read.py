"""`loadmon.read`: from paths to an archive, one outcome for each input."""

from __future__ import annotations

import contextlib
import os
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from loadmon.athlete import Athlete
from loadmon.errors import CacheWarning, FileProblem, SettingError
from loadmon.io.archive import Archive
from loadmon.io.cache import PASSING, Store, known_inputs, note_inputs
from loadmon.io.formats import ending_of
from loadmon.io.packing import pack, pack_stream, unpack
from loadmon.io.parse import Contents, Measured, measure
from loadmon.io.sources import Source, content_hash, sources
from loadmon.io.walk import Entry, walk
from loadmon.io.workers import NoWorker

if TYPE_CHECKING:
    import pandas as pd


# From files on disk to what every input holds: from the cache, else read, here or by workers.

#: Called with the number of inputs done, the name of the last one, and the share of all bytes.
Progress = Callable[[int, str, float], None]

#: Bytes and inputs of one batch, and batches under way for each worker.
_BATCH_BYTES, _BATCH_INPUTS, _UNDER_WAY = 2 << 20, 32, 2


@dataclass(slots=True, eq=False)
class _Slot:
    """One input, and what it holds once that is known; the same bytes share one slot's contents."""

    source: Source
    name: str = ""
    contents: Contents | None = None
    twin: _Slot | None = None

    def held(self) -> Contents:
        """What it holds."""
        contents = self.twin.contents if self.twin else self.contents
        if contents is None:
            raise AssertionError("an input was not read")
        return contents


@dataclass(slots=True)
class _Reading:
    """Inputs met whose contents are not known yet."""

    store: Store | None
    executor: Executor | None
    under_way: int
    by_name: dict[str, _Slot] = field(default_factory=dict)
    batch: list[tuple[_Slot, bytes]] = field(default_factory=list)
    bytes_: int = 0
    waiting: list[tuple[Future[Made], list[tuple[_Slot, bytes]]]] = field(default_factory=list)


@dataclass(slots=True)
class Made:
    """What a worker gives back: contents in the order of its batch, and why the cache is off."""

    contents: list[Contents]
    warning: str = ""


def read_inputs(
    entries: Sequence[Entry],
    *,
    store: Store | None,
    noted_ns: int,
    progress: Progress | None = None,
    executor: Executor | None = None,
    workers: int = 1,
) -> list[tuple[Source, Contents]]:
    """Read every input of all files, or recall it."""
    known = known_inputs(entries, store) if store else {}
    reading = _Reading(store, executor, _UNDER_WAY * workers)
    total = max(1, sum(max(0, entry.stamp[0]) for entry in entries))
    slots: list[list[_Slot]] = []
    done = seen = 0
    try:
        for place, entry in enumerate(entries):
            slots.append([])
            met = (_Slot(*one[:1], one[2], one[1]) for one in known.get(place, ()))
            for slot in met if place in known else (_take(reading, s) for s in sources(entry)):
                slots[-1].append(slot)
                done += 1
                if progress:
                    share = seen + slot.source.share * max(0, entry.stamp[0])
                    progress(done, slot.source.name, share / total)
            seen += max(0, entry.stamp[0])
        _hand_out(reading)
        while reading.waiting:
            _collect(reading)
    finally:
        for future, _ in reading.waiting:
            future.cancel()
    if store:
        new = [(e, slots[i]) for i, e in enumerate(entries) if i not in known]
        noted = [(e, [(s.source, s.held(), s.name) for s in own]) for e, own in new]
        note_inputs(store, noted, noted_ns)
    return [(slot.source, slot.held()) for own in slots for slot in own]


def _take(reading: _Reading, source: Source) -> _Slot:
    """Take in one input that is not known."""
    slot = _Slot(source.without_data())
    if source.problem:
        slot.contents = Contents(parts=[source.problem])
        return slot
    slot.name = f"{content_hash(source.data)}.{ending_of(source.name)}"
    slot.twin = reading.by_name.get(slot.name)
    if slot.twin is None:
        reading.by_name[slot.name] = slot
        reading.batch.append((slot, source.data))
        reading.bytes_ += len(source.data)
        if reading.bytes_ >= _BATCH_BYTES or len(reading.batch) >= _BATCH_INPUTS:
            _hand_out(reading)
    return slot


def _hand_out(reading: _Reading) -> None:
    """Have a batch read, as far as the cache does not know the same bytes."""
    batch, reading.batch, reading.bytes_ = reading.batch, [], 0
    if reading.store:
        kept = reading.store.get("contents", [slot.name for slot, _ in batch])
        for slot, _ in batch:
            slot.contents = unpack(kept[slot.name]) if slot.name in kept else None
        batch = [(slot, data) for slot, data in batch if slot.contents is None]
    if not batch:
        return
    if reading.executor is None:
        _fill(reading, batch, measure_batch(_bytes_of(batch), reading.store))
        return
    try:
        future = reading.executor.submit(measure_batch, _bytes_of(batch), _usable(reading.store))
    except BrokenExecutor:  # nothing more is read there
        reading.executor = None
        _fill(reading, batch, measure_batch(_bytes_of(batch), reading.store))
        return
    reading.waiting.append((future, batch))
    while len(reading.waiting) > reading.under_way:
        _collect(reading)


def _bytes_of(batch: list[tuple[_Slot, bytes]]) -> list[tuple[str, str, bytes]]:
    return [(slot.source.name, slot.name, data) for slot, data in batch]


def _usable(store: Store | None) -> Store | None:
    return store if store and not store.is_off else None


def _collect(reading: _Reading) -> None:
    """Wait for the batch that was handed out first."""
    future, batch = reading.waiting.pop(0)
    try:
        made = future.result()
    except NoWorker:  # none can be started here: what it was to read is read in this process
        reading.executor = None
        made = measure_batch(_bytes_of(batch), reading.store)
    except BrokenExecutor:
        if len(batch) == 1:
            batch[0][0].contents = Contents(parts=[_killed()])
            batch[0][0].name = ""
            return
        for one in batch:  # one of them ended the worker; which, shows when they go alone
            reading.batch = [one]
            _hand_out(reading)
        return
    _fill(reading, batch, made)


def _killed() -> FileProblem:
    return FileProblem(
        "quarantined",
        "reader-bug",
        "the process that read it was ended from outside, as for want of memory; try it alone",
    )


def _fill(reading: _Reading, batch: list[tuple[_Slot, bytes]], made: Made) -> None:
    for (slot, _), contents in zip(batch, made.contents, strict=True):
        slot.contents = contents
    if made.warning and reading.store:
        reading.store.turn_off(made.warning)


def measure_batch(inputs: list[tuple[str, str, bytes]], store: Store | None) -> Made:
    """Measure some inputs and keep what they hold; runs in any process."""
    made = Made([])
    values: list[tuple[str, str, bytes]] = []
    for name, kept_as, data in inputs:
        contents = measure(name, data)
        made.contents.append(contents)
        if store:
            values += _streams(contents)
        contents.without_streams()
        if store and not any(
            isinstance(part, FileProblem) and part.reason in PASSING for part in contents.parts
        ):
            values.append(("contents", kept_as, pack(contents)))
    if store:
        store.put(values)
        made.warning = store.warning
    return made


def _streams(contents: Contents) -> list[tuple[str, str, bytes]]:
    """Streams of the activities of one input under their id, packed."""
    from loadmon.io.reconcile import RESCUED

    places = [("", contents.parts), (RESCUED, contents.rescued)]
    return [
        ("stream", f"{contents.digest[:12]}-{mark}{place}", pack_stream(part.time, part.streams))
        for mark, parts in places
        for place, part in enumerate(parts)
        if isinstance(part, Measured) and part.records
    ]


# From any mix of paths to an archive: every input read, judged and accounted for.


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
        from loadmon.io.cache import recall, snapshot_name

        name = snapshot_name(entries, athlete, f"salvage={salvage}")
        archive = recall(
            store, name, entries, athlete, now_s=now_s, stream=_recalled(store), again=again
        )
        if archive is not None and progress:
            progress(len(archive.files), entries[-1].name if entries else "", 1.0)
    if archive is None:
        archive = _read(entries, athlete, store, noted_ns, now_s, salvage, progress, executor)
        if store:
            from loadmon.io.cache import keep

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
    from loadmon.io.cache import reader_version

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
