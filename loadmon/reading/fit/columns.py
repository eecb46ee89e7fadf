"""From the bytes of a scanned FIT part to columns, one table for each kind of message.

All messages of one definition are gathered with a single index into the file (a view of the bytes
in which every position begins a message, taken at the noted offsets) and decoded field by field
(`fields`). The blocks of several definitions are then put together in file order, where
compressed timestamps are unrolled (`times`) and counters added up.
"""

from __future__ import annotations

from collections.abc import Mapping

from loadmon.reading.fit.developer import developer_fields
from loadmon.reading.fit.fields import (
    Array,
    Column,
    Described,
    layout_of,
    plain_numbers,
    special_pieces,
)
from loadmon.reading.fit.layout import Layout
from loadmon.reading.fit.messages import Definition
from loadmon.reading.fit.scan import Part
from loadmon.reading.fit.tables import Block, Table, file_order, table_of
from loadmon.reading.fit.times import compressed_times

Wanted = Mapping[int, frozenset[str] | None]


def decode(part: Part, wanted: Wanted | None = None) -> dict[int, Table]:
    """Decode the messages of one part.

    Parameters
    ----------
    part : Part
        A scanned part; what stands before a problem is decoded.
    wanted : mapping of int to frozenset of str or None, optional
        Message numbers to decode, each with the profile fields to keep (None: all). Everything
        if not given.

    Returns
    -------
    dict of int to Table
        By global message number. Oddities met on the way are added to ``part.flags``.
    """
    described = developer_fields(part)
    by_number: dict[int, list[Definition]] = {}
    for definition in part.definitions:
        if wanted is None or definition.number in wanted:
            by_number.setdefault(definition.number, []).append(definition)
    times = compressed_times(part)
    tables = {}
    for number, definitions in by_number.items():
        keep = wanted[number] if wanted is not None else None
        tables[number] = _table(part, definitions, described, times, keep)
    return tables


def _table(
    part: Part,
    definitions: list[Definition],
    described: Described,
    times: dict[int, Array],
    keep: frozenset[str] | None,
) -> Table:
    """Decode all definitions of one message number and put their rows into file order."""
    blocks = []
    for definition, rows in zip(definitions, file_order(definitions), strict=True):
        plan = layout_of(definition, described, keep)
        _flag_layout(part, plan)
        pieces = special_pieces(plan, part.data, definition) if plan.special else []
        if definition.compressed:
            stamps = Column(times[id(definition)], "date_time")
            pieces.append((2000, "timestamp", stamps))
        numbers = plain_numbers(plan, part.data, definition)
        blocks.append(Block(rows, plan, numbers, pieces))
    return table_of(blocks)


def _flag_layout(part: Part, plan: Layout) -> None:
    """Say in words what was left out because the file does not fit its own description."""
    if plan.undescribed:
        part.flags["dev-field"] = "developer fields without a description were left out"
    if plan.misaligned:
        part.flags["field-size"] = "field of a wrong size kept as bytes: " + plan.misaligned[0]
