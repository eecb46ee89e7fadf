"""Garmin's list of activities as a stream: it can be larger than any recording may be.

Each activity holds zones, splits and exercise sets that nobody asked for. They are dropped one
activity at a time, so that memory holds one of them and the few values that are kept.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from loadmon.errors import FileProblem
from loadmon.reading.exports.apple_skim import Readable

_LIST = re.compile(r'"summarizedActivitiesExport"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()
_HEAD = 4096
_CHUNK = 1 << 20
_MAX_READ, _MAX_KEPT, _MAX_ONE = 4 << 30, 64 << 20, 16 << 20
_MAX_ROWS = 200_000
_BOMB_SIZE, _BOMB_RATIO = 16 << 20, 200
#: What `loadmon.reading.exports.garmin` reads of an activity.
KEPT = frozenset(
    (
        *("activityId", "parentId", "name", "activityType", "sportType"),
        *("startTimeGmt", "beginTimestamp", "startTimeLocal"),
        *("duration", "elapsedDuration", "movingDuration", "distance", "elevationGain"),
        *("elevationLoss", "avgSpeed", "avgHr", "maxHr", "steps", "workoutRpe", "workoutFeel"),
        *("activityTrainingLoad", "aerobicTrainingEffect", "anaerobicTrainingEffect"),
    )
)


def is_activities(head: bytes) -> bool:
    """Tell Garmin's list of activities by its first bytes."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return start in (b"[", b"{") and b'"summarizedActivitiesExport"' in head[:_HEAD]


def skim_activities(stream: Readable, packed: int, begun: bytes = b"") -> bytes:
    """Reduce a list to what is read of it.

    Parameters
    ----------
    stream : binary file
        Yields the plain bytes.
    packed : int
        Size of what it is unpacked from. [bytes]
    begun : bytes
        What was already read from the stream.

    Returns
    -------
    bytes
        JSON of the same shape with the values of `KEPT`; without its end where the list has none,
        so that reading it says that it is damaged.

    Raises
    ------
    FileProblem
        ``too-large``.
    """
    text = _Text(stream, packed, begun)
    kept, size = [], 0
    for row in _rows(text):
        kept.append(json.dumps({k: v for k, v in row.items() if k in KEPT}))
        size += len(kept[-1])
        if size > _MAX_KEPT or len(kept) > _MAX_ROWS:
            raise _too_large(size)
    end = "]}]" if text.is_whole else ""
    return ('[{"summarizedActivitiesExport": [' + ",\n".join(kept) + end).encode()


class _Text:
    """A window on the text of a stream that moves on as objects are taken from it."""

    def __init__(self, stream: Readable, packed: int, begun: bytes) -> None:
        self._stream, self._begun = stream, begun
        self._most = min(_MAX_READ, max(_BOMB_SIZE, _BOMB_RATIO * packed))
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
        self._read = 0
        self.window = ""
        self.at = 0
        self.is_whole = False

    def more(self) -> bool:
        """Move the window on to `at` and lengthen it.

        False at the end of the stream, and where one value takes more than any does.
        """
        self.window, self.at = self.window[self.at :], 0
        if len(self.window) > _MAX_ONE:
            return False
        chunk = self._begun or self._stream.read(_CHUNK)
        self._begun = b""
        self._read += len(chunk)
        if self._read > self._most:
            raise _too_large(self._read)
        self.window += self._decode(chunk, not chunk)
        return bool(chunk)


def _rows(text: _Text) -> Iterator[dict[str, Any]]:
    """Activities of every list in the text, one after the other."""
    while _enter_list(text):
        text.is_whole = False
        while (found := _next_value(text)) is not None:
            if isinstance(found, dict):
                yield found
        if not text.is_whole:
            return


def _enter_list(text: _Text) -> bool:
    """Move to the beginning of the next list."""
    while not (found := _LIST.search(text.window, text.at)):
        text.at = max(text.at, len(text.window) - _HEAD)
        if not text.more():
            return False
    text.at = found.end()
    return True


def _next_value(text: _Text) -> Any:
    """Next value of a list; None at its end, or where the text ends or is none."""
    while True:
        text.at = _BETWEEN.match(text.window, text.at).end()  # type: ignore[union-attr]
        if text.window.startswith("]", text.at):
            text.is_whole = True
            return None
        try:
            value, text.at = _DECODER.raw_decode(text.window, text.at)
        except json.JSONDecodeError:
            if not text.more():
                return None
        except (RecursionError, ValueError):  # nested, or a number, as long as no export has them
            return None
        else:
            return value if value is not None else {}


def _too_large(size: int) -> FileProblem:
    return FileProblem(
        "refused", "too-large", f"a list too long to be one ({size >> 20} MiB): export it again"
    )
