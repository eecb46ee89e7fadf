"""Which inputs lie in a file on disk, so that an unchanged file need not even be opened."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

from loadmon.errors import FileProblem
from loadmon.reading.cache.packing import unpack
from loadmon.reading.cache.stamps import PASSING, is_settled
from loadmon.reading.cache.store import Store
from loadmon.reading.contents import Contents
from loadmon.reading.sources import Source
from loadmon.reading.walk import Entry
from loadmon.text import shown

#: One input, what it holds, and the name of its contents in the cache; empty where not kept.
Known = tuple[Source, Contents, str]


def known_inputs(entries: Sequence[Entry], store: Store) -> dict[int, list[Known]]:
    """Inputs of the files that did not change, by the place of their entry.

    Parameters
    ----------
    entries : sequence of Entry
        Files on disk.
    store : Store
        The cache.
    """
    names = [os.path.abspath(entry.name) for entry in entries if not entry.problem]
    noted = {name: json.loads(value) for name, value in store.get("file", names).items()}
    rows: dict[int, list[list[Any]]] = {}
    for place, entry in enumerate(entries):
        note = None if entry.problem else noted.get(os.path.abspath(entry.name))
        if note and tuple(note["stamp"]) == entry.stamp and is_settled(entry, note["at"]):
            rows[place] = note["inputs"]
    wanted = {row[3] for inputs in rows.values() for row in inputs if row[3]}
    kept = store.get("contents", sorted(wanted))
    return {
        place: [_known(entries[place], row, kept) for row in inputs]
        for place, inputs in rows.items()
        if all(not row[3] or row[3] in kept for row in inputs)
    }


def _known(entry: Entry, row: list[Any], kept: dict[str, bytes]) -> Known:
    inside, trail, notes, contents, problem = row
    source = Source(shown(entry.name) + inside, entry.path, tuple(trail), notes=notes)
    if problem:
        outcome, reason, detail, when = problem
        return source, Contents(parts=[FileProblem(outcome, reason, detail, when=when)]), ""
    return source, unpack(kept[contents]), contents


def note_inputs(store: Store, read: Sequence[tuple[Entry, Sequence[Known]]], noted_ns: int) -> None:
    """Note the inputs of files that were read, unless something about one may pass.

    Parameters
    ----------
    store : Store
        The cache.
    read : sequence of (Entry, sequence of Known)
        Files and their inputs.
    noted_ns : int
        Unix time before any of them was opened. [ns]
    """
    values = []
    for entry, inputs in read:
        rows = [_row(entry, *one) for one in inputs]
        if not entry.problem and not any(_may_pass(contents) for _, contents, _ in inputs):
            note = {"stamp": entry.stamp, "at": noted_ns, "inputs": rows}
            values.append(("file", os.path.abspath(entry.name), json.dumps(note).encode()))
    store.put(values)


def _row(entry: Entry, source: Source, contents: Contents, name: str) -> list[Any]:
    problem = None
    if not name:
        (part,) = contents.parts
        if isinstance(part, FileProblem):
            problem = [part.outcome, part.reason, part.detail, part.when]
    inside = source.name.removeprefix(shown(entry.name))
    return [inside, source.trail, source.notes, name, problem]


def _may_pass(contents: Contents) -> bool:
    return any(isinstance(p, FileProblem) and p.reason in PASSING for p in contents.parts)
