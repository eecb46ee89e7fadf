"""What can still be read of a broken recording, where the runner asks for it.

A file that is cut or rotten counts as nothing by itself: who would know what is missing? On request
its readable part is an activity all the same, flagged ``partial``; its day stays unknown, so that
no ratio is ever shown over it.
"""

from __future__ import annotations

from loadmon.errors import FileProblem
from loadmon.reading.fit.activity import readable_recordings
from loadmon.reading.gpx import readable_gpx
from loadmon.reading.recording import Recording
from loadmon.reading.tcx import readable_tcx

#: Reader of what is left, by format.
READERS = {"fit": readable_recordings, "gpx": readable_gpx, "tcx": readable_tcx}
#: Reasons by which a file is broken, so that something may be left of it.
BROKEN = frozenset(
    {"fit-crc", "fit-size-zero", "fit-trailing", "fit-truncated", "fit-undefined-local"}
    | {"xml-broken", "xml-truncated"}
)
#: Flag of an activity that is only a part of what was recorded.
PARTIAL = "partial"


def salvaged(kind: str, data: bytes) -> list[Recording]:
    """Readable part of each broken activity of one input.

    Parameters
    ----------
    kind : str
        Its format.
    data : bytes
        Plain contents.

    Returns
    -------
    list of Recording
        In file order, flagged ``partial`` and with the reason of the damage; empty where nothing
        is left, or nothing is broken.
    """
    try:
        found = READERS[kind](data) if kind in READERS else []
    except FileProblem:
        return []
    for recording in found:
        recording.flags[PARTIAL] = "only a part could be read: its day does not count as known"
    return found
