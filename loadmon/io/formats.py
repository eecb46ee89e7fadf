"""Which format an input has, its reader, and what can be saved of a damaged file."""

from __future__ import annotations

import re

from loadmon.errors import FileProblem
from loadmon.io.exports.recognise import RECORDING_READERS, SIDE_READERS, export_kind
from loadmon.io.fit.activity import fit_recordings, readable_recordings
from loadmon.io.fit.scan import is_fit, no_fit
from loadmon.io.gpx import gpx_recordings, readable_gpx
from loadmon.io.recording import Recording
from loadmon.io.tcx import readable_tcx, tcx_recordings
from loadmon.io.xml import utf16_of

# What can still be read of a broken recording, where the runner asks for it.

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

    Returns in file order, flagged ``partial`` and with the reason of the damage; empty where
    nothing is left, or nothing is broken.
    """
    try:
        found = READERS[kind](data) if kind in READERS else []
    except FileProblem:
        return []
    for recording in found:
        recording.flags[PARTIAL] = "only a part could be read: its day does not count as known"
    return found


# Which reader an input belongs to, by its contents; its name only decides how a refusal reads.


_ROOT = re.compile(r"<(?:[\w.-]+:)?(gpx|TrainingCenterDatabase)\b", re.IGNORECASE)
_ENDING = re.compile(r"\.(fit|gpx|tcx)(?:\.gz)?$", re.IGNORECASE)
_ROOT_WITHIN = 4096


def format_of(name: str, data: bytes) -> str:
    """Format of an input: ``fit``, ``gpx``, ``tcx``, a kind of export file, or empty.

    Kinds of export files are the keys of `loadmon.io.exports.recognise.SIDE_READERS` and
    ``RECORDING_READERS``.
    """
    ending = ending_of(name)
    if not data:
        raise FileProblem("refused", "empty", "the file is empty: copy or export it again")
    if is_fit(data):
        return "fit"
    root = _ROOT.search(_as_text(data[:_ROOT_WITHIN]))
    if root:
        return {"gpx": "gpx", "trainingcenterdatabase": "tcx"}[root[1].lower()]
    if ending == "fit":
        raise _not_fit(data)
    if name.lower().endswith(".zip"):
        detail = f"no zip: it begins with {data[:16]!r}; download it again"
        raise FileProblem("refused", "not-zip", detail)
    return ending or export_kind(data)


def ending_of(name: str) -> str:
    """Format that a name promises; empty if none."""
    ending = _ENDING.search(name)
    return ending[1].lower() if ending else ""


def _as_text(head: bytes) -> str:
    """First characters of what may be XML, in the encodings XML may begin with."""
    return head.decode(utf16_of(head) or "latin-1", "replace")


def _not_fit(data: bytes) -> FileProblem:
    """Refusal of a .fit that is none; a FIT file behind a byte-order mark can be mended."""
    if data[:3] == b"\xef\xbb\xbf" and is_fit(data[3:]):
        return FileProblem(
            "quarantined",
            "not-fit",
            "a text editor put a byte-order mark in front: copy the original again",
        )
    return no_fit(data)


def recordings(name: str, data: bytes) -> list[Recording | FileProblem]:
    """Read every activity of one input."""
    kind = format_of(name, data)
    if kind == "fit":
        return fit_recordings(data)
    if kind == "gpx":
        return list(gpx_recordings(data))
    if kind == "tcx":
        return list(tcx_recordings(data))
    if kind in RECORDING_READERS:
        return RECORDING_READERS[kind](data)
    if kind in SIDE_READERS:
        return SIDE_READERS[kind](data).recordings()
    raise FileProblem("skipped", "not-activity", "no recording of a watch (FIT, GPX, TCX)")
