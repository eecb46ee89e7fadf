"""Which vendor's file some contents are, by what is in them; names play no part."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from loadmon.errors import FileProblem
from loadmon.reading.exports import apple, apple_skim, garmin, intervals, strava
from loadmon.reading.exports.entry import SideFile
from loadmon.reading.exports.polar import polar_recordings
from loadmon.reading.exports.suunto import suunto_recordings
from loadmon.reading.exports.table import first_rows
from loadmon.reading.recording import Recording

_HEAD = 4096

#: Words of which all must be in a JSON file, for each kind.
_JSON = {
    "garmin-activities": (b'"summarizedActivitiesExport"',),
    "garmin-gear": (b'"gearDTOS"',),
    "garmin-pauses": (b'"pauseStartDate"', b'"pauseReason"'),
    "suunto": (b'"DeviceLog"',),
    "polar": (b'"exercises"', b'"startTime"', b'"sport"'),
    "intervals": (b'"duration_min"', b'"distance_km"', b'"date"'),
    "intervals-api": (b'"start_date_local"', b'"moving_time"', b'"icu_'),
}
#: Words of which one must be in the first bytes of a JSON file for it to be looked at as a whole.
_JSON_HEADS = (
    *(words[0] for words in _JSON.values()),
    *(b'"startTime"', b'"gearActivityDTOs"', b'"start_date_local"', b'"distance_km"', b'"pause'),
)
#: Whether the first rows of a table, the header first, are a vendor's, for each kind.
_TABLES: dict[str, Callable[[Sequence[Sequence[str]]], bool]] = {"strava": strava.is_list}

#: Readers of files that are no recordings themselves.
SIDE_READERS: dict[str, Callable[[bytes], SideFile]] = {
    "strava": strava.read_list,
    "garmin-activities": garmin.read_activities,
    "garmin-gear": garmin.read_gear,
    "garmin-pauses": garmin.read_pauses,
    "apple": apple.read_export,
    "intervals": intervals.read_list,
}
#: Readers of a vendor's own recordings.
RECORDING_READERS: dict[str, Callable[[bytes], list[Recording | FileProblem]]] = {
    "polar": polar_recordings,
    "suunto": suunto_recordings,
}


def export_kind(data: bytes) -> str:
    """Kind of an export's own file: a key of `SIDE_READERS` or `RECORDING_READERS`, or empty."""
    start = data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        kinds = (kind for kind, words in _JSON.items() if all(w in data for w in words))
        return next(kinds, "").removesuffix("-api")
    if start == b"<":
        return "apple" if apple_skim.is_health(data) else ""
    return _kind_of_table(data)


def may_be_export(head: bytes) -> bool:
    """Tell from its first bytes whether a file is worth being read as a whole."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        return any(word in head for word in _JSON_HEADS)
    return bool(_kind_of_table(head))


def _kind_of_table(data: bytes) -> str:
    """Whose table it is; empty where it is none, or nobody's."""
    rows = first_rows(data)
    return next((kind for kind, is_theirs in _TABLES.items() if rows and is_theirs(rows)), "")
