"""Every input of all files, parsed here or by workers, or recalled from the cache."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from loadmon.errors import FileProblem, ReadError, without_frames
from loadmon.io import workers
from loadmon.io.cache import PASSING, Store, is_stable
from loadmon.io.exports.cells import Entry as ListEntry
from loadmon.io.exports.cells import Pause, SideFile
from loadmon.io.formats import ending_of
from loadmon.io.packing import Aside, pack, pack_stream, unpack
from loadmon.io.parse import RESCUED, Contents, ParsedActivity, parse_input
from loadmon.io.recording import Recording, Source
from loadmon.io.sources import changed_while_reading, content_hash, load, sources
from loadmon.io.walk import Entry
from loadmon.text import shown

#: Called with the number of inputs done, the name of the last one, and the share of all bytes.
Progress = Callable[[int, str, float], None]

_ENDED = "the process that read it was ended from outside, as for want of memory; try it alone"
#: Bytes and inputs of one batch, and batches under way for each worker.
_BATCH_BYTES, _BATCH_INPUTS, _UNDER_WAY = 1 << 20, 32, 2
#: Files or inputs that are looked up in the cache at one time.
_AT_ONCE = 256
#: What the cache may hold of an input, by the names that it is kept under.
KEPT_CLASSES: dict[str, Any] = {
    kind.__name__: kind for kind in (Contents, SideFile, ListEntry, Pause, Recording)
} | {ParsedActivity.__name__: ParsedActivity.unpacked}
#: What an input holds before it is read.
_UNREAD = Contents()


@dataclass(slots=True, eq=False)
class _Input:
    """One input, the name of its contents in the cache (empty where not kept), and those."""

    source: Source
    name: str = ""
    contents: Contents = field(default_factory=lambda: _UNREAD)


_Batch = list[tuple[_Input, bytes]]
#: What a worker gives back: contents in the order of its batch, packed where they take memory, and
#: why the cache is off.
_ParsedBatch = tuple[list[bytes | Contents], str]


def parse_inputs(
    entries: Sequence[Entry],
    store: Store | None,
    noted_ns: int,
    progress: Progress | None,
    executor: Executor | None,
) -> list[tuple[Source, Contents]]:
    """Every input of all files, in order, with what it holds."""
    aside = Aside(store.folder) if store else None
    known = known_inputs(entries, store, aside) if store and aside else {}
    sizes = [max(0, entry.stamp[0]) for entry in entries]
    total = max(1, sum(sizes))
    inputs: list[list[_Input]] = []
    done = seen = 0
    with ExitStack() as ending:
        reading = _Reading(store, executor, ending, aside)
        ending.callback(reading.cancel)
        named = (sizes[n] for n, e in enumerate(entries) if n not in known and ending_of(e.name))
        reading.expect(sum(named))
        for n, entry in enumerate(entries):
            inputs.append([])
            here = known[n] if n in known else map(reading.take, sources(entry, reading.expect))
            for one in here:
                inputs[-1].append(one)
                done += 1
                if progress:
                    share = (seen + one.source.share * sizes[n]) / total
                    progress(done, one.source.name, share)
            seen += sizes[n]
        reading.finish()
    reading.recall()
    for one in chain.from_iterable(inputs):  # the same bytes are parsed once
        if one.contents is _UNREAD:
            one.contents = reading.by_name[one.name].contents
    if store:
        new = [(entry, inputs[n]) for n, entry in enumerate(entries) if n not in known]
        note_inputs(store, new, noted_ns)
    return [(one.source, one.contents) for one in chain.from_iterable(inputs)]


@dataclass(slots=True)
class _Reading:
    """Inputs met whose contents are not known yet, in batches."""

    store: Store | None
    executor: Executor | None  # None: here
    ending: ExitStack  # what is ended with the reading
    aside: Aside | None  # for what is not asked for before loads and form are
    by_name: dict[str, _Input] = field(default_factory=dict)
    problems: dict[tuple[str, str, str], Contents] = field(default_factory=dict)
    batch: _Batch = field(default_factory=list)
    waiting: list[tuple[Future[_ParsedBatch], _Batch]] = field(default_factory=list)
    #: Bytes that are wanted: those that names promise, and of others those that were parsed.
    wanted: int = 0
    is_alone: bool = False  # no workers are started, or no more is asked of them

    def expect(self, size: int) -> None:
        """Count the bytes of recordings to come."""
        self.wanted += size

    def take(self, source: Source) -> _Input:
        """Take in one input that is not known."""
        if source.problem:
            return _Input(source, contents=self._without_any(source.problem))
        one = _Input(replace(source, data=b""))
        one.name = _name_of(source, source.data)
        if one.name not in self.by_name:
            self.by_name[one.name] = one
            bytes_ = sum(len(data) for _, data in self.batch)
            if bytes_ >= _BATCH_BYTES or len(self.batch) >= _BATCH_INPUTS:
                self.hand_out()
            self.batch.append((one, source.data))
        return one

    def _without_any(self, problem: FileProblem) -> Contents:
        """Contents of an input that was not parsed: one for all with the same problem."""
        if problem.days or problem.when == problem.when:
            return Contents(parts=[problem])
        said = (problem.outcome, problem.reason, problem.detail)
        if said not in self.problems:
            self.problems[said] = Contents(parts=[problem])
        return self.problems[said]

    def finish(self) -> None:
        """Hand out the last batch, and wait for all of them."""
        if self.executor is None:
            self.is_alone = True  # for one batch a worker costs its start, and its bytes twice
        self.hand_out()
        while self.waiting:
            self.collect()

    def recall(self) -> None:
        """Fill in what lies in the cache since it was parsed, after those who parse have ended."""
        there = [one for one in self.by_name.values() if one.contents is _UNREAD]
        for begin in range(0, len(there), _AT_ONCE):
            some = there[begin : begin + _AT_ONCE]
            kept = self.store.get("contents", [one.name for one in some]) if self.store else {}
            for one in some:
                if one.name in kept:
                    one.contents = _unpacked(kept[one.name], self.aside)
                else:  # the cache was emptied or damaged in between
                    self._read_again(one)

    def _read_again(self, one: _Input) -> None:
        try:
            data = load(one.source)
            if one.name != _name_of(one.source, data):
                raise changed_while_reading()
            self._parse_here([(one, data)])
        except ReadError as error:
            problem = error if isinstance(error, FileProblem) else changed_while_reading()
            one.contents, one.name = Contents(parts=[without_frames(problem)]), ""

    def cancel(self) -> None:
        """Ask for nothing more of what was handed out."""
        for future, _ in self.waiting:
            future.cancel()

    def _start_workers(self) -> None:
        """Start workers of our own from the bytes on for which they pay, if none were given."""
        if self.executor or self.is_alone or self.wanted < workers.ENOUGH:
            return
        if (count := workers.processors()) > 1:
            self.executor = self.ending.enter_context(workers.Workers(count))
        self.is_alone = count < 2

    def hand_out(self) -> None:
        """Have a batch parsed, as far as the cache does not know the same bytes."""
        batch, self.batch = self.batch, []
        if self.store:
            kept = self.store.get("contents", [one.name for one, _ in batch])
            for one in [one for one, _ in batch]:  # no name of ours holds any bytes
                if one.name in kept:
                    one.contents = _unpacked(kept[one.name], self.aside)
            batch = [(one, data) for one, data in batch if one.name not in kept]
        if not batch:
            return
        self._start_workers()
        if self.executor is None:
            self.wanted += sum(len(data) for one, data in batch if not ending_of(one.source.name))
            self._parse_here(batch)
            return
        store = self.store if self.store and not self.store.is_off else None
        try:
            self.waiting.append((self.executor.submit(parse_batch, _task(batch), store), batch))
        except BrokenExecutor:
            self._parse_alone(batch)
        while len(self.waiting) > _UNDER_WAY * workers.processors():
            self.collect()

    def collect(self) -> None:
        """Wait for the batch that was handed out first."""
        future, batch = self.waiting.pop(0)
        try:
            self._fill(batch, future.result(), is_held=False)
        except workers.NoWorker:  # none can be started here
            self._parse_alone(batch)
        except BrokenExecutor:
            if len(batch) == 1:
                ended = FileProblem("quarantined", "reader-bug", _ENDED)
                batch[0][0].contents, batch[0][0].name = Contents(parts=[ended]), ""
                return
            for one in batch:  # one of them ended the worker; which, shows when they go alone
                self.batch = [one]
                self.hand_out()

    def _parse_alone(self, batch: _Batch) -> None:
        self.executor, self.is_alone = None, True  # no more is asked of it
        self._parse_here(batch)

    def _parse_here(self, batch: _Batch) -> None:
        task = _task(batch)
        batch[:] = [(one, b"") for one, _ in batch]  # the task alone holds the bytes, one by one
        self._fill(batch, parse_batch(task, self.store))

    def _fill(self, batch: _Batch, parsed: _ParsedBatch, *, is_held: bool = True) -> None:
        """Take in what a batch holds; what the cache has need not be held until all is parsed."""
        if parsed[1] and self.store:
            self.store.turn_off(parsed[1])
        values: list[tuple[str, str, bytes]] = []
        for (one, _), held in zip(batch, parsed[0], strict=True):
            packed = held if isinstance(held, bytes) else b""
            one.contents = held if isinstance(held, Contents) else unpack(held, KEPT_CLASSES)
            # The map of zones takes more memory than all else here: one process has it.
            if one.contents.find_zones():
                packed = b""
            if self.store and not one.contents.reasons & PASSING:
                values.append(("contents", one.name, packed or pack(one.contents)))
        if self.store:
            self.store.put(values)
            names = {name for _, name, _ in values}
            for one, _ in batch if not is_held and not self.store.is_off else ():
                if one.name in names:
                    one.contents = _UNREAD
        if self.aside:
            for one, _ in batch:
                one.contents.put_aside(self.aside.put)


def _unpacked(packed: bytes, aside: Aside | None) -> Contents:
    """What bytes from the cache hold."""
    contents: Contents = unpack(packed, KEPT_CLASSES)
    return contents.put_aside(aside.put) if aside else contents


def _name_of(source: Source, data: bytes) -> str:
    """Name of its contents in the cache."""
    return f"{content_hash(data)}.{ending_of(source.name)}"


def _task(batch: _Batch) -> list[tuple[str, bytes]]:
    return [(one.source.name, data) for one, data in batch]


def parse_batch(inputs: list[tuple[str, bytes]], store: Store | None) -> _ParsedBatch:
    """Parse some inputs and keep their streams, each under its id; runs in any process.

    Each is taken out of `inputs`: where nobody else holds its bytes they are gone once it is read.
    """
    parsed: list[bytes | Contents] = []
    values: list[tuple[str, str, bytes]] = []
    while inputs:
        name, data = inputs.pop(0)
        contents = parse_input(name, data)
        del data
        for mark, parts in (("", contents.parts), (RESCUED, contents.rescued)) if store else ():
            for position, part in enumerate(parts):
                if isinstance(part, ParsedActivity) and part.records:
                    activity_id = f"{contents.digest[:12]}-{mark}{position}"
                    values.append(("stream", activity_id, pack_stream(part.time, part.streams)))
        contents.without_streams()
        parsed.append(pack(contents) if store and contents.has_activities else contents)
    if store:
        store.put(values)
    return parsed, store.warning if store else ""


# --- which inputs lie in a file on disk, so that an unchanged file need not even be opened --------


def known_inputs(entries: Sequence[Entry], store: Store, aside: Aside) -> dict[int, list[_Input]]:
    """Inputs of the files that did not change, by the position of their entry."""
    known: dict[int, list[_Input]] = {}
    for begin in range(
        0, len(entries), _AT_ONCE
    ):  # what is kept of all at once would be twice there
        some = range(begin, min(begin + _AT_ONCE, len(entries)))
        known |= _known_of(entries, some, store, aside)
    return known


def _known_of(
    entries: Sequence[Entry], positions: Iterable[int], store: Store, aside: Aside
) -> dict[int, list[_Input]]:
    paths = {n: os.path.abspath(entries[n].name) for n in positions if not entries[n].problem}
    notes = store.get("file", [*paths.values()])
    rows = {}
    for n, path in paths.items():
        stamp, noted_ns, inputs = (
            unpack(notes[path], KEPT_CLASSES) if path in notes else ((), 0, [])
        )
        if tuple(stamp) == entries[n].stamp and is_stable(entries[n], noted_ns):
            rows[n] = inputs
    names = {name for inputs in rows.values() for *_, name, _ in inputs if name}
    kept = store.get("contents", sorted(names))
    known: dict[int, list[_Input]] = {}
    for n, inputs in rows.items():
        if all(not name or name in kept for *_, name, _ in inputs):
            known[n] = []
            for inside, trail, packing, name, problem in inputs:
                full_name = shown(entries[n].name) + inside
                source = Source(full_name, entries[n].name, tuple(trail), notes=packing)
                contents = _unpacked(kept[name], aside) if name else Contents(parts=[problem])
                known[n].append(_Input(source, name, contents))
    return known


def note_inputs(store: Store, read: Sequence[tuple[Entry, list[_Input]]], noted_ns: int) -> None:
    """Note the inputs of files that were read, unless something about one may pass."""
    values = []
    for entry, inputs in read:
        if entry.problem or any(one.contents.reasons & PASSING for one in inputs):
            continue
        rows = []
        for one in inputs:
            inside = one.source.name.removeprefix(shown(entry.name))
            problem = None if one.name else one.contents.parts[0]
            rows.append([inside, [*one.source.trail], one.source.notes, one.name, problem])
        note = pack([[*entry.stamp], noted_ns, rows])
        values.append(("file", os.path.abspath(entry.name), note))
    store.put(values)
