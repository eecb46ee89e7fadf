"""Which platform's list an input is, and what is known of files without any activity."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from loadmon.errors import FileProblem
from loadmon.io.exports import apple, garmin, intervals, strava
from loadmon.io.exports import apple as apple_skim
from loadmon.io.exports.apple import Readable, is_clinical, is_health, skim
from loadmon.io.exports.entry import SideFile, first_rows
from loadmon.io.exports.garmin import is_activities, skim_activities
from loadmon.io.exports.polar import polar_recordings
from loadmon.io.exports.suunto import suunto_recordings
from loadmon.io.recording import Recording

# Files of an export that hold no training: what they are, for an honest line in the ledger.

#: Ends of names, with folders, and what lies there.
_KNOWN = {
    r"(shoes|bikes|components)\.csv": "Strava's shoes, bikes and parts: they name no activity",
    r"(profile|goals|routes|clubs|messaging|logins|events|followers|following|comments|reactions|"
    r"votes|posts|segments|starred_segments|global_challenges|memberships|contacts|favorites|"
    r"orders|applications|connected_apps|visibility_settings|privacy_zones|[a-z_]*preferences|"
    r"[a-z_]*settings)\.(csv|json)": "account data of an export: no training in it",
    r"routes/[^/]+\.(gpx|tcx)": "a planned route, not a run",
    r"media/[^/]+": "a picture or film",
    r"DI_CONNECT/.*\.json": "Garmin's other data (health, metrics, account): not read",
    r"DI_CONNECT/.*": "part of Garmin's export that is no recording",
    r"export_cda\.xml": "Apple's second copy as a clinical document: export.xml is read",
    r"electrocardiograms/[^/]+\.csv": "an electrocardiogram of Apple Health",
    r"(activity|247ohr|calendar-items|sleep\w*|nightly\w*|sport-profiles|account-\w+|"
    r"products-devices|ppi_samples|generic-period|programs?|planned-route|favourite-targets)"
    r"[-_\w]*\.json": "Polar Flow: daily activity, sleep or account data, no training session",
}
_PATTERNS = [(re.compile(f"(?:^|.*/){p}", re.IGNORECASE), said) for p, said in _KNOWN.items()]


def known_file(name: str) -> str:
    """What a file of an export is that holds no training.

    Returns one sentence; empty for a name that is not known.
    """
    plain = name.replace("\\", "/").replace("!", "/")
    return next((said for pattern, said in _PATTERNS if pattern.fullmatch(plain)), "")


# Vendors' files that may be gigabytes: each is reduced to what is wanted while it streams by.


Skimmer = Callable[[Readable, int, bytes], bytes]


def skimmer_of(head: bytes) -> Skimmer | None:
    """Reducer of a stream that begins with `head`: takes it, its packed size, and the head."""
    if is_health(head):
        return skim
    if is_activities(head):
        return skim_activities
    return _head_only if is_clinical(head) else None


def _head_only(stream: Readable, packed: int, begun: bytes) -> bytes:
    """Beginning of Apple's second copy of an export, of which nothing is read."""
    return begun


# Which vendor's file some contents are, by what is in them; names play no part.


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
