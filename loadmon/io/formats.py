"""Which format an input has, by its contents, and its reader; what files of exports hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from loadmon.errors import FileProblem
from loadmon.io.exports import apple, cells, garmin, intervals, strava
from loadmon.io.exports.cells import Readable, SideFile
from loadmon.io.exports.polar import polar_recordings
from loadmon.io.exports.suunto import suunto_recordings
from loadmon.io.fit.activity import fit_recordings, readable_recordings
from loadmon.io.fit.scan import is_fit, no_fit
from loadmon.io.gpx import gpx_recordings, readable_gpx
from loadmon.io.recording import Recording
from loadmon.io.tcx import readable_tcx, tcx_recordings
from loadmon.io.xml import utf16_of

#: Readers of recordings, by format.
RECORDING_READERS: dict[str, Callable[[bytes], Sequence[Recording | FileProblem]]] = {
    "fit": fit_recordings,
    "gpx": gpx_recordings,
    "tcx": tcx_recordings,
    "polar": polar_recordings,
    "suunto": suunto_recordings,
}
#: Readers of platforms' lists and the like, which are no recordings themselves.
SIDE_READERS: dict[str, Callable[[bytes], SideFile]] = {
    "strava": strava.read_list,
    "garmin-activities": garmin.read_activities,
    "garmin-gear": garmin.read_gear,
    "garmin-pauses": garmin.read_pauses,
    "apple": apple.read_export,
    "intervals": intervals.read_list,
}

_ROOT = re.compile(r"<(?:[\w.-]+:)?(gpx|TrainingCenterDatabase)\b", re.IGNORECASE)
_ENDING = re.compile(r"\.(fit|gpx|tcx)(?:\.gz)?$", re.IGNORECASE)
_HEAD = 4096


def format_of(name: str, data: bytes) -> str:
    """Format by contents: a key of the readers, or empty; the name decides how a refusal reads."""
    ending = ending_of(name)
    if not data:
        raise FileProblem("refused", "empty", "the file is empty: copy or export it again")
    if is_fit(data):
        return "fit"
    head = data[:_HEAD]
    if root := _ROOT.search(head.decode(utf16_of(head) or "latin-1", "replace")):
        return {"gpx": "gpx", "trainingcenterdatabase": "tcx"}[root[1].lower()]
    if ending == "fit":
        if data[:3] == b"\xef\xbb\xbf" and is_fit(data[3:]):
            detail = "a text editor put a byte-order mark in front: copy the original again"
            raise FileProblem("quarantined", "not-fit", detail)
        raise no_fit(data)
    if name.lower().endswith(".zip"):
        detail = f"no zip: it begins with {data[:16]!r}; download it again"
        raise FileProblem("refused", "not-zip", detail)
    return ending or export_kind(data)


def ending_of(name: str) -> str:
    """Format that a name promises; empty if none."""
    ending = _ENDING.search(name)
    return ending[1].lower() if ending else ""


def recordings(name: str, data: bytes) -> list[Recording | FileProblem]:
    """Read every activity of one input."""
    kind = format_of(name, data)
    if kind in RECORDING_READERS:
        return list(RECORDING_READERS[kind](data))
    if kind in SIDE_READERS:
        return SIDE_READERS[kind](data).recordings()
    raise FileProblem("skipped", "not-activity", "no recording of a watch (FIT, GPX, TCX)")


# --- what is left of a damaged file --------------------------------------------------------------

_READABLE = {"fit": readable_recordings, "gpx": readable_gpx, "tcx": readable_tcx}
#: Reasons by which a file is broken, so that something may be left of it.
BROKEN = frozenset(
    {"fit-crc", "fit-size-zero", "fit-trailing", "fit-truncated", "fit-undefined-local"}
    | {"xml-broken", "xml-truncated"}
)
#: Issue of an activity that is only a part of what was recorded.
PARTIAL = "partial"


def salvaged(kind: str, data: bytes) -> list[Recording]:
    """Readable part of each broken activity of one input, flagged `PARTIAL` and with the damage."""
    try:
        found = _READABLE[kind](data) if kind in _READABLE else []
    except FileProblem:
        return []
    for recording in found:
        recording.flags[PARTIAL] = "only a part could be read: its day does not count as known"
    return found


# --- files of exports ----------------------------------------------------------------------------

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
#: Words of which one must be in the first bytes of a JSON file for it to be read as a whole.
_JSON_HEADS = (
    *(words[0] for words in _JSON.values()),
    *(b'"startTime"', b'"gearActivityDTOs"', b'"start_date_local"', b'"distance_km"', b'"pause'),
)


def export_kind(data: bytes) -> str:
    """Format of a platform's own file, whatever it is called; empty for any other."""
    start = _first_character(data[:_HEAD])
    if start in (b"{", b"["):
        kinds = (kind for kind, words in _JSON.items() if all(w in data for w in words))
        return next(kinds, "").removesuffix("-api")
    if start == b"<":
        return "apple" if apple.is_health(data) else ""
    return _kind_of_table(data)


def may_be_export(head: bytes) -> bool:
    """Tell from its first bytes whether a file is worth being read as a whole."""
    if _first_character(head) in (b"{", b"["):
        return any(word in head for word in _JSON_HEADS)
    return bool(_kind_of_table(head))


def _first_character(head: bytes) -> bytes:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]


def _kind_of_table(data: bytes) -> str:
    rows = cells.first_rows(data)
    return "strava" if rows and strava.is_list(rows) else ""


def skimmer_of(head: bytes) -> Callable[[Readable, int, bytes], bytes] | None:
    """Reducer of a platform's file that may be gigabytes to what is wanted, while it streams by.

    It takes the stream that began with `head`, its packed size, and `head`.
    """
    if _first_character(head) in (b"{", b"["):
        return garmin.skim_activities if garmin.is_activities(head) else None
    if b"HealthData" in head and apple.is_health(head):
        return apple.skim
    # Apple's second copy of an export, a clinical document of the same size, is not read.
    is_copy = b"<ClinicalDocument" in head[:_HEAD]
    return (lambda _stream, _packed, begun: begun) if is_copy else None


#: Ends of names, with folders, of files of exports that hold no training, and what lies there.
_NO_TRAINING = {
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
_PATTERNS = [
    (re.compile(f"(?:^|.*/){ending}", re.IGNORECASE), text) for ending, text in _NO_TRAINING.items()
]


def known_file(name: str) -> str:
    """What a file of an export is that holds no training; empty for a name that is not known."""
    plain = name.replace("\\", "/").replace("!", "/")
    return next((text for pattern, text in _PATTERNS if pattern.fullmatch(plain)), "")
