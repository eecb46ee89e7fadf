"""The walk over a body finds what a plain loop finds that follows the FIT protocol byte by byte."""

from __future__ import annotations

import random
import struct
from typing import NamedTuple

import pytest

from loadmon.errors import FileProblem
from loadmon.io.fit import scan as messages
from loadmon.io.fit.scan import find_messages

HEAD = bytes(14)


class Message(NamedTuple):
    """One data message: where it lies, of what kind, with how many bytes."""

    offset: int
    number: int
    size: int
    compressed: bool


def definition(
    local: int, number: int, sizes: list[int], apps: list[int], *, big_endian: bool = False
) -> bytes:
    """A definition message; `apps` are the sizes of developer fields."""
    order = ">" if big_endian else "<"
    head = struct.pack(
        f"{order}BBBHB", 0x40 | bool(apps) << 5 | local, 0, big_endian, number, len(sizes)
    )
    fields = b"".join(bytes([n, size, 0x0D]) for n, size in enumerate(sizes))
    more = b"".join(bytes([n, size, 0]) for n, size in enumerate(apps))
    return head + fields + (bytes([len(apps)]) + more if apps else b"")


def plain_walk(data: bytes, position: int) -> list[Message]:
    """All messages, one after the other, as the protocol says it."""
    known: dict[int, tuple[int, int]] = {}
    found = []
    while position < len(data):
        header = data[position]
        if header & 0x80 == 0 and header & 0x40:
            order = "big" if data[position + 2] else "little"
            number = int.from_bytes(data[position + 3 : position + 5], order)  # type: ignore[arg-type]
            size, behind = 1, position + 6
            for _ in range(1 + (header >> 5 & 1)):  # fields, and developer fields where told
                if behind > position + 6:
                    count, behind = data[behind], behind + 1
                else:
                    count = data[position + 5]
                size += sum(data[behind + 3 * n + 1] for n in range(count))
                behind += 3 * count
            known[header & 0xF] = number, size
            position = behind
            continue
        local = header >> 5 & 3 if header & 0x80 else header & 0xF
        number, size = known[local]
        found.append(Message(position, number, size, bool(header & 0x80)))
        position += size
    return found


def made_up(rng: random.Random, steps: int, kinds: int) -> bytes:
    """A body of definitions of `kinds` kinds and messages of every sort of header."""
    body = bytearray(HEAD)
    sizes: dict[int, int] = {}
    while steps:
        steps -= 1
        local = rng.randrange(16)
        if local not in sizes or rng.random() < 0.2:
            fields = [rng.randrange(1, 9) for _ in range(rng.randrange(1, 5))]
            apps = [rng.randrange(1, 5) for _ in range(rng.choice([0, 0, 1, 2]))]
            number = rng.randrange(kinds)
            body += definition(local, number, fields, apps, big_endian=rng.random() < 0.5)
            sizes[local] = sum(fields) + sum(apps)
            continue
        squeezed = local < 4 and rng.random() < 0.5
        header = 0x80 | local << 5 | rng.randrange(32) if squeezed else local
        body += bytes([header]) + rng.randbytes(sizes[local])
    return bytes(body)


def walked(data: bytes) -> list[Message]:
    """What `find_messages` finds, in file order."""
    definitions, problem = find_messages(data, len(HEAD), len(data))
    assert problem is None
    return sorted(
        Message(offset, d.number, d.size, d.compressed)
        for d in definitions
        for offset in d.offsets.tolist()
    )


@pytest.mark.parametrize("kinds", [1, 3, 60_000])
@pytest.mark.parametrize("seed", range(4))
def test_it_finds_what_a_plain_loop_finds(seed: int, kinds: int) -> None:
    data = made_up(random.Random(seed), 1500, kinds)
    expected = plain_walk(data, len(HEAD))
    assert len(expected) > 1000
    assert walked(data) == expected


@pytest.mark.parametrize("count", [254, 255, 256, 257, 300, 511, 520])
def test_more_definitions_than_a_byte_can_tell_apart_are_counted_in_turns(count: int) -> None:
    body = HEAD
    for number in range(count):
        body += definition(number % 16, number, [1 + number % 3], []) + bytes([number % 16])
        body += bytes(1 + number % 3)
    assert walked(body) == plain_walk(body, len(HEAD))
    assert len(walked(body)) == count


def test_offsets_of_a_definition_that_goes_on_after_such_a_turn_are_all_there() -> None:
    body = HEAD
    first = definition(15, 7, [2], [])
    for number in range(600):
        body += first + bytes([15, 0, 0])
        body += definition(number % 15, 100 + number, [1], []) + bytes([number % 15, 0])
    assert walked(body) == plain_walk(body, len(HEAD))


def test_a_local_type_defined_anew_means_the_new_one_also_with_a_compressed_time() -> None:
    body = HEAD + definition(1, 20, [4], []) + bytes([0xA3, 0, 0, 0, 0])
    body += definition(1, 21, [1], []) + bytes([0xA4, 0])
    assert [(m.number, m.size) for m in walked(body)] == [(20, 5), (21, 2)]


def test_more_messages_or_definitions_than_any_watch_writes_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = HEAD + definition(0, 20, [1], []) + bytes(2) * 101
    monkeypatch.setattr(messages, "_MOST_MESSAGES", 100)
    with pytest.raises(FileProblem, match="more messages than any watch writes"):
        find_messages(many, len(HEAD), len(many))
    monkeypatch.setattr(messages, "_MOST_MESSAGES", 101)
    assert len(walked(many)) == 101
    body = HEAD + b"".join(definition(0, n, [1], []) for n in range(12)) + bytes(2)
    for limit in ("_MOST_DEFINITIONS", "_MOST_GAPS"):
        with monkeypatch.context() as low:
            low.setattr(messages, limit, 10)
            with pytest.raises(FileProblem, match="more messages than any watch writes"):
                find_messages(body, len(HEAD), len(body))
