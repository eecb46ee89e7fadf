"""What a vendor's list tells, in one shape for all vendors."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from loadmon.errors import FileProblem
from loadmon.reading.recording import Recording


@dataclass(slots=True)
class Entry:
    """One activity as a vendor's list tells it.

    Parameters
    ----------
    ref : str
        Where it stands in its list, for the ledger: ``row 5``, an activity number.
    recording : Recording
        What the list says of it, in the shape that recordings have; without records, as a rule.
        ``start`` is NaN where the list tells only the day.
    file : str
        Name of the recording it belongs to, as the list writes it; empty if it names none.
    is_whole : bool
        True where the recording is only a part of this entry (the route of an Apple workout), so
        that the list's distance and duration are the activity's own.
    ident, parent : str
        The vendor's number of the activity, and of the multisport activity it is a part of.
    day : str
        ISO local day, where no time of day is told.
    name, gear : str
        What the runner called it, and the shoes or the bike; empty if not told.
    word : str
        The vendor's word for the sport, where it is not one that loadmon knows.
    problem : FileProblem or None
        Why the entry is not counted.
    """

    ref: str
    recording: Recording
    file: str = ""
    is_whole: bool = False
    ident: str = ""
    parent: str = ""
    day: str = ""
    name: str = ""
    gear: str = ""
    word: str = ""
    problem: FileProblem | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """A time without training that the runner told the vendor: ISO days and the reason.

    ``until_day`` is empty while it lasts.
    """

    from_day: str
    until_day: str
    reason: str


@dataclass(slots=True)
class SideFile:
    """One file of an export that is no recording itself.

    Parameters
    ----------
    export : str
        Kind of export it belongs to, such as ``Strava``.
    detail : str
        One sentence for the ledger.
    entries : list of Entry
        In the order of the list.
    gear_of : dict of str to str
        Gear by the vendor's number of the activity.
    pauses : list of Pause
        As told to a training plan.
    found : list of dict
        Profile values, each with its ISO ``day`` where it has one.
    flags : dict of str to str
        Reason code to one sentence, for everything odd that did not stop the reading.
    recorded, alone : int
        How many entries belong to recordings, and how many are counted from the list alone; known
        once all inputs are.
    """

    export: str
    detail: str = ""
    entries: list[Entry] = field(default_factory=list)
    gear_of: dict[str, str] = field(default_factory=dict)
    pauses: list[Pause] = field(default_factory=list)
    found: list[dict[str, object]] = field(default_factory=list)
    flags: dict[str, str] = field(default_factory=dict)
    recorded: int = 0
    alone: int = 0

    def recordings(self) -> list[Recording | FileProblem]:
        """Give what each entry says, or why it is not counted, in the order of the list."""
        return [entry.problem or entry.recording for entry in self.entries]

    def without_streams(self) -> SideFile:
        """Let go of the few streams that lists hold."""
        for entry in self.entries:
            entry.recording.time, entry.recording.streams = np.empty(0), {}
        return self
