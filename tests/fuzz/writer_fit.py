"""FIT files as a bad writer makes them: sound bytes, and wrong about what was run.

Every operator takes a random source and a sound file, and changes what its messages say: records
cut off, sums scaled, the sport swapped, a leg appended, the clock shifted, every other record left
out. Size and CRC are made right again. The same source gives the same file on every machine.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mutate_fit import sealed

from loadmon.io.fit.scan import scan

_SPORT, _SESSION, _LAP, _RECORD, _ACTIVITY = 12, 18, 19, 20, 34
_TIMESTAMP = 253
#: Field numbers of the profile.
_START, _LATITUDE, _COUNTER = 2, 0, 5
_SPORT_OF = {_SPORT: 0, _SESSION: 5, _LAP: 25}
_TIMES_OF = {_SESSION: (8, 7), _LAP: (8, 7), _ACTIVITY: (0,)}
_DISTANCE = 9
_SPORTS = (0, 2, 5, 11, 255)  # generic, cycling, swimming, walking, none
_SCALES = (0.1, 0.5, 0.8, 0.9, 1.1, 1.25, 2.0, 60.0, 1000.0)
_SEMICIRCLES_A_METRE = 2**31 / 180 / 111_195.0

Writer = Callable[[random.Random, "Body"], None]


@dataclass
class Message:
    """One message: its number, its bytes without the header of its definition, its fields."""

    number: int
    at: int
    size: int
    order: str
    fields: dict[int, tuple[int, int]]  # place in the message and size of each field


class Body:
    """The bytes of one file, and which messages lie in them."""

    def __init__(self, data: bytes) -> None:
        (part, *_) = scan(data)
        self.data = bytearray(data[: part.end])
        self.header = data[0]
        self.messages: list[Message] = []
        for one in part.definitions:
            fields, place = {}, 1
            for n, size, _ in zip(*[iter(one.key[4 : one.split])] * 3, strict=True):
                fields[n] = (place, size)
                place += size
            order = ">" if one.key[0] else "<"
            for at in one.offsets.tolist():
                self.messages.append(Message(one.number, at, one.size, order, fields))
        self.messages.sort(key=lambda message: message.at)

    def of(self, *numbers: int) -> list[Message]:
        """Messages of some numbers, in file order."""
        return [message for message in self.messages if message.number in numbers]

    def get(self, message: Message, field: int) -> int | None:
        """Return the stored number of a field of 1, 2 or 4 bytes."""
        if field not in message.fields:
            return None
        place, size = message.fields[field]
        kind = {1: "B", 2: "H", 4: "I"}.get(size)
        if kind is None:
            return None
        (value,) = struct.unpack_from(message.order + kind, self.data, message.at + place)
        return None if value == 256**size - 1 else int(value)

    def put(self, message: Message, field: int, value: float) -> None:
        """Write another number into a field that has one."""
        place, size = message.fields[field]
        kind = {1: "B", 2: "H", 4: "I"}[size]
        whole = min(max(0, round(value)), 256**size - 2)
        struct.pack_into(message.order + kind, self.data, message.at + place, whole)

    def change(self, messages: Iterable[Message], field: int, how: Callable[[int], float]) -> None:
        """Change a field wherever it has a number."""
        for message in messages:
            value = self.get(message, field)
            if value is not None:
                self.put(message, field, how(value))

    def leave_out(self, messages: Iterable[Message]) -> None:
        """Take messages out; those that stay keep their definitions."""
        for message in sorted(messages, key=lambda one: -one.at):
            del self.data[message.at : message.at + message.size]

    def behind(self, message: Message, more: Iterable[bytes]) -> None:
        """Put bytes behind a message."""
        end = message.at + message.size
        self.data[end:end] = b"".join(more)


def cut_off(rng: random.Random, body: Body) -> None:
    """Leave out records at the begin, at the end, or in the middle."""
    found = body.of(_RECORD)
    count = max(1, int(len(found) * rng.choice((0.1, 0.3, 0.5))))
    first = rng.choice((0, len(found) - count, rng.randrange(1, len(found) - count)))
    body.leave_out(found[first : first + count])


def every_other(rng: random.Random, body: Body) -> None:
    """Keep every second record, from the first or the second."""
    body.leave_out(body.of(_RECORD)[rng.randrange(2) :: 2])


def scale_sum(rng: random.Random, body: Body) -> None:
    """Multiply distance or time of the session, of the laps too or of these alone."""
    factor = rng.choice(_SCALES)
    numbers = rng.choice(((_SESSION,), (_SESSION, _LAP), (_LAP,), (_SESSION, _LAP, _ACTIVITY)))
    if rng.random() < 0.5:
        body.change(body.of(*numbers), _DISTANCE, lambda value: value * factor)
        return
    both = rng.random() < 0.5  # elapsed time as well
    for number in numbers:
        for field in _TIMES_OF[number][: 2 if both else 1]:
            body.change(body.of(number), field, lambda value: value * factor)


def swap_sport(rng: random.Random, body: Body) -> None:
    """Another sport, or none, in the session, and perhaps where else it is told."""
    sport = rng.choice(_SPORTS)
    for number in rng.choice(((_SESSION,), (_SESSION, _LAP), (_SESSION, _SPORT), (_LAP,))):
        for message in body.of(number):
            if _SPORT_OF[number] in message.fields:
                place, _ = message.fields[_SPORT_OF[number]]
                body.data[message.at + place] = sport


def append_leg(rng: random.Random, body: Body) -> None:
    """Go on in a car, or run the same way once more; the summary may count it or not."""
    found = body.of(_RECORD)
    last = found[-1]
    begin, end = (body.get(one, _TIMESTAMP) for one in (found[0], last))
    counted = body.get(last, _COUNTER)
    if begin is None or end is None or counted is None:
        return
    silence = rng.choice((0, 600))
    if rng.random() < 0.5:
        speed = 14.0  # m/s
        legs = [(last, silence + 10 * n, speed * 10 * n) for n in range(1, 40)]
    else:
        speed = 0.0
        legs = [(one, end - begin + silence + 1, counted / 100) for one in found]
    more = [_moved(body, one, seconds, metres) for one, seconds, metres in legs]
    metres = 14.0 * 390 if speed else counted / 100
    seconds = 390.0 if speed else end - begin
    body.behind(last, more)
    shift = sum(map(len, more))
    if rng.random() < 0.5:
        for message in body.of(_SESSION):
            if message.at > last.at:
                message.at += shift
            for field, by in ((_DISTANCE, 100 * metres), (8, 1000 * seconds)):
                body.change([message], field, lambda value, by=by: value + by)
            body.change([message], 7, lambda value: value + 1000 * (seconds + silence))


def _moved(body: Body, message: Message, seconds: float, metres: float) -> bytes:
    """Return a record that is so much later, farther north, and farther on by its counter."""
    kept = bytes(body.data)
    body.change([message], _TIMESTAMP, lambda value: value + seconds)
    body.change([message], _COUNTER, lambda value: value + 100 * metres)
    body.change([message], _LATITUDE, lambda value: value + metres * _SEMICIRCLES_A_METRE)
    out = bytes(body.data[message.at : message.at + message.size])
    body.data[:] = kept
    return out


def shift_clock(rng: random.Random, body: Body) -> None:
    """Put the clock on or back: of the session, of the records, or from one in the middle on."""
    seconds = 3600 * rng.choice((-2.0, -1.0, 0.5, 1.0, 8.0))
    found = body.of(_RECORD)
    what = rng.choice(("session", "records", "middle"))
    if what == "session":
        body.change(body.of(_SESSION), _START, lambda value: value + seconds)
        return
    first = 0 if what == "records" else rng.randrange(len(found))
    body.change(found[first:], _TIMESTAMP, lambda value: value + seconds)


WRITERS: tuple[Writer, ...] = (
    cut_off, every_other, scale_sum, swap_sport, append_leg, shift_clock,
)  # fmt: skip


def write_badly(rng: random.Random, data: bytes) -> bytes:
    """One of all, as often each."""
    body = Body(data)
    rng.choice(WRITERS)(rng, body)
    return sealed(data[: body.header], bytes(body.data[body.header :]))
