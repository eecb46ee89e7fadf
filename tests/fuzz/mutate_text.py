"""Damage to GPX, TCX and CSV: other numbers, times, tags, points and encodings."""

from __future__ import annotations

import random
import re

from mutate import ANY, Operator

_NUMBER = re.compile(rb"(?<=[>\"])[+-]?\d+(?:\.\d+)?(?=[<\"])")
_TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?")
_TAG = re.compile(rb"</?[A-Za-z][^>]*>")
_POINT = re.compile(rb"<(trkpt|Trackpoint)\b.*?</\1>\s*", re.DOTALL)
_NUMBERS = (
    *("", "NaN", "nan", "inf", "-inf", "1e999", "-1", "0", "1,5", "1 000", "1.234,5", "0x10"),
    *("１２", "1_000", "--1", "1.2.3", "abc", "999999999", "1e3", "+5"),
)
_TIMES = (
    *("", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "yesterday"),
    *("2024-02-30T00:00:00Z", "2024-01-01", "2024-01-01T25:00:00Z", "2024-01-01T10:00:00"),
    *("2024-01-01T10:00:00+99:00", "20240101T100000Z", "1704103200", "2060-01-01T00:00:00Z"),
    *("2024-01-01T10:00:60Z", "2024-01-01T10:00:00.123456789Z"),
)
_TAGS = (
    *(b"", b"<x>", b"</x>", b"<x/>", b"<!--", b"<![CDATA[", b"&amp;", b"&#0;", b"&x;", b"<?pi?>"),
)
_HEADS = (
    *(b"\xef\xbb\xbf", b"\n\n  ", b"<!DOCTYPE x>", b"garbage", b"\xff\xfe", b"\xfe\xff", b"\0"),
    *(b"<html>", b"<?xml version='1.0'?>"),
)
_CODECS = ("utf-16", "utf-16-le", "utf-16-be", "latin-1", "utf-8-sig")
_DECLARED = ("utf-16", "latin-1", "ascii", "no-such", "utf-7")


def change_number(rng: random.Random, data: bytes) -> bytes:
    """Another number, sound or not, in the place of one or a few."""
    out = data
    for _ in range(rng.choice((1, 1, 1, 3))):
        found = list(_NUMBER.finditer(out))
        if not found:
            return out
        at = rng.choice(found)
        new = rng.choice(_NUMBERS).encode() if rng.random() < 0.5 else _near(rng, at[0])
        out = out[: at.start()] + new + out[at.end() :]
    return out


def _near(rng: random.Random, number: bytes) -> bytes:
    """Return a number that one slip of the pen makes of another."""
    at = rng.randrange(len(number))
    what = rng.randrange(5)
    if what == 0:
        return number[:at] + str(rng.randrange(10)).encode() + number[at + 1 :]
    if what == 1:
        return number[:at] + number[at + 1 :]
    if what == 2:
        return number[:at] + str(rng.randrange(10)).encode() + number[at:]
    if what == 3:
        return b"-" + number
    return number.replace(b".", b"") if b"." in number else number + b"0"


def change_time(rng: random.Random, data: bytes) -> bytes:
    """Another time, possible or not, in the place of one."""
    found = list(_TIME.finditer(data))
    if not found:
        return data
    at = rng.choice(found)
    new = rng.choice(_TIMES).encode() if rng.random() < 0.6 else _near_time(rng, at[0])
    return data[: at.start()] + new + data[at.end() :]


def _near_time(rng: random.Random, time: bytes) -> bytes:
    """Return a time with one digit changed."""
    digits = [i for i, c in enumerate(time) if chr(c).isdigit()]
    at = rng.choice(digits)
    return time[:at] + str(rng.randrange(10)).encode() + time[at + 1 :]


def change_tag(rng: random.Random, data: bytes) -> bytes:
    """Take a tag out, repeat it, or put another in its place."""
    found = list(_TAG.finditer(data))
    if not found:
        return data
    at = rng.choice(found)
    new = rng.choice((*_TAGS, at[0] * 2, at[0].upper(), at[0][:-1]))
    return data[: at.start()] + new + data[at.end() :]


def change_points(rng: random.Random, data: bytes) -> bytes:
    """Repeat, drop or move points, one or many in a row."""
    found = list(_POINT.finditer(data))
    if len(found) < 4:
        return data
    count = rng.choice((1, 1, 2, 5, len(found) // 2))
    at = rng.randrange(len(found) - count)
    low, high = found[at].start(), found[at + count - 1].end()
    piece = data[low:high]
    what = rng.randrange(3)
    if what == 0:
        return data[:high] + piece + data[high:]
    if what == 1:
        return data[:low] + data[high:]
    to = rng.choice(found).start()
    rest = data[:low] + data[high:]
    to = to if to <= low else max(low, to - (high - low))
    return rest[:to] + piece + rest[to:]


def change_encoding(rng: random.Random, data: bytes) -> bytes:
    """Write the same text in another encoding, or something in front of it."""
    what = rng.randrange(3)
    if what == 0:
        return rng.choice(_HEADS) + data
    text = data.decode("utf-8", "replace")
    if what == 1:
        return text.encode(rng.choice(_CODECS), "replace")
    return text.replace("UTF-8", rng.choice(_DECLARED), 1).encode()


_XML: tuple[Operator, ...] = (
    change_number,
    change_number,
    change_time,
    change_tag,
    change_points,
    change_encoding,
)


def xml(rng: random.Random, data: bytes) -> bytes:
    """Damage to GPX or TCX: half of it to the text as text, half to its bytes."""
    return rng.choice(_XML if rng.random() < 0.5 else ANY)(rng, data)


def csv(rng: random.Random, data: bytes) -> bytes:
    """Damage to a table: separators, quotes, lines, encodings, or its bytes."""
    what = rng.randrange(6)
    if what == 0:
        return data.replace(b",", rng.choice((b";", b"\t", b",,")))
    if what == 1:
        at = rng.randrange(len(data))
        return (
            data[:at] + rng.choice((b'"', b"\n", b"\r", b"\0", b"../", b"\xe4", b",")) + data[at:]
        )
    if what == 2:
        lines = data.splitlines(keepends=True)
        at = rng.randrange(len(lines))
        return b"".join(lines[:at] + lines[at : at + 1] * rng.choice((0, 2, 50)) + lines[at + 1 :])
    if what == 3:
        return change_encoding(rng, data)
    return rng.choice(ANY)(rng, data)
