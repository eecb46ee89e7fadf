"""One entry of a platform's list of workouts, the list, and streams too large to be kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from loadmon.errors import FileProblem
from loadmon.io.recording import Recording


@dataclass(slots=True)
class Entry:
    """One activity as a platform's list tells it."""

    ref: str  # where it stands in its list, for the ledger: ``row 5``, an activity number
    recording: Recording  # as a rule without records
    file: str = ""  # the recording it belongs to, as the list writes it
    is_whole: bool = False  # ``file`` is only a part of it: the list's distance and duration count
    ident: str = ""
    parent: str = ""  # ``ident`` of the multisport activity around it
    day: str = ""  # ISO local day, where no time of day is given
    name: str = ""
    gear: str = ""
    word: str = ""  # the platform's word for a sport that loadmon does not know
    problem: FileProblem | None = None  # why it is not counted


@dataclass(frozen=True, slots=True)
class Pause:
    """A time without training that the runner told the platform: ISO days and the reason."""

    from_day: str
    until_day: str  # empty while it lasts
    reason: str


@dataclass(slots=True)
class SideFile:
    """One file of an export that is no recording itself."""

    export: str  # its kind: ``Strava``
    detail: str = ""  # one sentence for the ledger
    entries: list[Entry] = field(default_factory=list)
    gear_of: dict[str, str] = field(default_factory=dict)  # by `Entry.ident`
    pauses: list[Pause] = field(default_factory=list)
    #: Profile values, each with its ISO ``day`` where it has one.
    device_settings: list[dict[str, object]] = field(default_factory=list)
    issues: dict[str, str] = field(default_factory=dict)
    #: Entries that belong to recordings, and that are counted from the list, once that is known.
    recorded: int = 0
    unmatched: int = 0

    def recordings(self) -> list[Recording | FileProblem]:
        """What each entry says, or why it is not counted, in the order of the list."""
        return [entry.problem or entry.recording for entry in self.entries]


# --- streams: of files that may be larger than any recording only what is wanted is kept ---------

CHUNK = 1 << 20
#: Most that is kept of a file, and of one piece of it. [bytes]
MAX_KEPT, MAX_ONE = 64 << 20, 16 << 20
#: A stream that grows past this many bytes and this many times its packed size is a bomb.
BOMB_SIZE, BOMB_RATIO = 16 << 20, 200


class Readable(Protocol):
    """Anything that yields bytes; gzip streams are no ``IO`` to the type checker."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, none at the end."""


def chunks(
    stream: Readable, packed: int, begun: bytes, most: int, refusal: Callable[[int], FileProblem]
) -> Iterator[bytes]:
    """Pieces of a stream, `begun` of it first, refused beyond `most` bytes or as a bomb."""
    most = min(most, max(BOMB_SIZE, BOMB_RATIO * packed))
    seen = 0
    while chunk := begun or stream.read(CHUNK):
        begun = b""
        seen += len(chunk)
        if seen > most:
            raise refusal(seen)
        yield chunk
