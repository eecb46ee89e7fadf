"""What the bytes of one input hold, in plain types that travel and can be kept.

Texts, numbers, lists, dicts, tuples, float arrays and the few classes named here, nothing else:
so contents can be made in another process and lie in the cache (`loadmon.reading.cache`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from loadmon.errors import FileProblem

if TYPE_CHECKING:
    from loadmon.effort.profile import Profile
    from loadmon.reading.duplicates import Shape
    from loadmon.reading.exports.entry import SideFile
    from loadmon.reading.recording import Floats


@dataclass(slots=True, eq=False)
class Measured:
    """One activity, cleaned and judged, before any setting is looked at.

    Parameters
    ----------
    sport, sub_sport, offset_min, zone, maker
        As in `loadmon.reading.recording.Recording`.
    start : float
        Unix time of the start, always known. [s]
    records : int
        Records of its stream.
    numbers : dict of str to float or str
        Columns of its row in activities, as `judge` gives them, and `TOLD_COLUMNS`.
    effort : Profile
        What `loadmon.effort.profile.profile` gives: all that loads under any settings need.
    minutes : ndarray of float32, shape (n_minutes, n_columns)
        Minutes of a run, `loadmon.effort.minutes.minutes`; no rows for other sports.
    flags : dict of str to str
        Reason code to one sentence.
    sets, found
        As in `Recording`.
    shape
        As from `loadmon.reading.duplicates.shape_of`.
    place : (float, float) or None
        Latitude and longitude of the first position. [deg]
    time, streams
        The cleaned stream; emptied once it lies in the cache or is not wanted.
    """

    sport: str
    sub_sport: str
    start: float
    offset_min: float
    zone: str
    records: int
    numbers: dict[str, Any]
    effort: Profile
    minutes: npt.NDArray[np.float32]
    flags: dict[str, str]
    sets: list[dict[str, Any]]
    found: dict[str, Any]
    shape: Shape
    place: tuple[float, float] | None
    maker: str
    time: Floats
    streams: dict[str, Floats]


@dataclass(slots=True)
class Contents:
    """What the bytes of one input hold.

    Parameters
    ----------
    digest : str
        Hash of the bytes; empty where there are none to speak of.
    format : str
        ``fit``, ``gpx``, ``tcx``, a kind of export file; empty where it is nothing known.
    parts : list of Measured or FileProblem
        In file order, so that a place in it names an activity. Empty only beside a `side` file
        that lists no activity.
    rescued : list of Measured or FileProblem
        Readable parts of broken activities, flagged ``partial``, or why nothing is left; they
        count only on request.
    side : SideFile or None
        What a vendor's list says beside the numbers of its activities: entry by entry, in the
        order of `parts`.
    """

    digest: str = ""
    format: str = ""
    parts: list[Measured | FileProblem] = field(default_factory=list)
    rescued: list[Measured | FileProblem] = field(default_factory=list)
    side: SideFile | None = None

    def without_streams(self) -> Contents:
        """Let go of the streams, which are most of the memory."""
        for part in (*self.parts, *self.rescued):
            if isinstance(part, Measured):
                part.time, part.streams = np.empty(0), {}
        return self
