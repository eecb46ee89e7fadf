"""What every input on disk holds: from the cache, else read, here or by workers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from loadmon.errors import FileProblem
from loadmon.io.cache import PASSING, Store, known_inputs, note_inputs
from loadmon.io.formats import ending_of
from loadmon.io.packing import pack, pack_stream, unpack
from loadmon.io.parse import Contents, Measured, measure
from loadmon.io.sources import Source, content_hash, sources
from loadmon.io.walk import Entry
from loadmon.io.workers import NoWorker

if TYPE_CHECKING:
    pass


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
