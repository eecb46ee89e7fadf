"""Apple's ``export.xml`` as a stream: only its workouts are kept, at the speed of a search.

The file may be gigabytes of single measurements, and begins with a document type that is
malformed in some versions of iOS. So nothing of it is parsed as a whole: the text is searched for
whole ``<Workout>`` elements and the few others that are wanted, everything else is dropped unseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from loadmon.errors import FileProblem

_ROOT = re.compile(rb"<!DOCTYPE\s+HealthData\b|<HealthData\b")
_HEAD = 64 << 10
_CHUNK = 1 << 20
_MAX_READ, _MAX_KEPT, _MAX_ONE = 20 << 30, 64 << 20, 16 << 20
_BOMB_SIZE, _BOMB_RATIO = 16 << 20, 200
_ATTRIBUTES = rb"""(?:[^"'<>]|"[^"<]*"|'[^'<]*')*>"""
#: Beginnings of what is kept: workouts, effort scores, the runner's own characteristics.
_WANTED = re.compile(
    rb"<(?:(?P<workout>Workout)(?=[\s>])|(?P<me>Me)(?=\s)|(?P<record>Record)\s+type=[\"']"
    rb"HKQuantityTypeIdentifierWorkoutEffortScore[\"'])"
)
_START_TAG = re.compile(rb"<\w+" + _ATTRIBUTES)
_LONGEST_TAG = 64 << 10  # bytes; one without an end would be looked through again for each chunk
END_TAG = b"</HealthData>"
_LONGEST_MARK = 96  # bytes that a beginning may lie across two chunks


def is_clinical(head: bytes) -> bool:
    """Tell Apple's second copy of an export, a clinical document of the same size."""
    return b"<ClinicalDocument" in head[:_HEAD]


class Readable(Protocol):
    """Anything that yields bytes; gzip streams are no ``IO`` to the type checker."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, none at the end."""


def is_health(head: bytes) -> bool:
    """Tell an Apple Health export by its root, whatever the file is called."""
    return b"HealthData" in head[:_HEAD] and bool(_ROOT.search(head[:_HEAD]))


def skim(stream: Readable, packed: int, begun: bytes = b"") -> bytes:
    """Reduce an export to the elements that are wanted.

    Parameters
    ----------
    stream : binary file
        Yields the plain bytes of ``export.xml``.
    packed : int
        Size of what it is unpacked from, to stop at a bomb. [bytes]
    begun : bytes
        What was already read from the stream.

    Returns
    -------
    bytes
        ``<HealthData>``, the elements as they were, and ``</HealthData>`` only where the export
        ended so. Memory is bounded by the elements kept.

    Raises
    ------
    FileProblem
        ``too-large``.
    """
    kept: list[bytes] = [b"<HealthData>\n"]
    size = 0
    for element in elements(stream, packed, begun):
        size += len(element)
        if size > _MAX_KEPT:
            raise _too_large(size)
        kept += (element, b"\n")
    return b"".join(kept)


def elements(stream: Readable, packed: int, begun: bytes = b"") -> Iterator[bytes]:
    """Yield the wanted elements of an export in file order, each whole.

    Parameters
    ----------
    stream, packed, begun
        As in `skim`, which this reads in pieces of a megabyte.

    Yields
    ------
    bytes
        One element, and `END_TAG` last where the export ended so.

    Raises
    ------
    FileProblem
        ``too-large``.
    """
    text, seen, ended = b"", 0, False
    while chunk := begun or stream.read(_CHUNK):
        begun = b""
        seen += len(chunk)
        if seen > _MAX_READ or (seen > _BOMB_SIZE and seen > _BOMB_RATIO * max(packed, 1)):
            raise _too_large(seen)
        text += chunk
        done = 0
        while found := _WANTED.search(text, done):
            end = _end_of(text, found)
            if end < 0:
                break
            yield text[found.start() : end]
            done = end
        ended = END_TAG in text[-64:]
        text = text[found.start() :] if found else text[max(done, len(text) - _LONGEST_MARK) :]
        if len(text) > _MAX_ONE + _CHUNK:
            raise _too_large(len(text))
    if ended:
        yield END_TAG


def _end_of(text: bytes, found: re.Match[bytes]) -> int:
    """Where the element that begins at a match ends; -1 if it is not there yet."""
    furthest = found.start() + _LONGEST_TAG
    tag = _START_TAG.match(text, found.start(), furthest)
    if not tag and len(text) > furthest:
        detail = f"a tag of over {_LONGEST_TAG >> 10} KiB without an end: no health export has one"
        raise FileProblem("refused", "too-large", detail)
    if not tag:
        return -1
    if tag[0].endswith(b"/>") or not found["workout"]:
        return tag.end()
    end = text.find(b"</Workout>", tag.end())
    return end + len(b"</Workout>") if end >= 0 else -1


def _too_large(size: int) -> FileProblem:
    return FileProblem(
        "refused", "too-large", f"unpacks to more than {size >> 20} MiB: no health export does"
    )
