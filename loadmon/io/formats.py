"""Which format an input has, by its contents, and its reader; what files of exports hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from loadmon.errors import FileProblem
from loadmon.io.exports.cells import SideFile
from loadmon.io.exports.platforms import FORMS, form_of
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
    **{form.kind: form.read_recordings for form in FORMS if form.read_recordings},
}
#: Readers of platforms' lists and the like, which are no recordings themselves.
SIDE_READERS: dict[str, Callable[[bytes], SideFile]] = {
    form.kind: form.read_list for form in FORMS if form.read_list
}

#: Formats of recordings that any program may write; every other is one platform's own.
OPEN_FORMATS = ("fit", "gpx", "tcx")

_ROOT = re.compile(r"<(?:[\w.-]+:)?(gpx|TrainingCenterDatabase)\b", re.IGNORECASE)
_ENDING = re.compile(r"\.(fit|gpx|tcx)(?:\.gz)?$", re.IGNORECASE)
_HEAD = 4096


def format_of(name: str, data: bytes) -> str:
    """Format by contents: a key of the readers, or empty; the name decides how a refusal reads."""
    return format_of_recording(name, data) or export_kind(data)


def format_of_recording(name: str, data: bytes) -> str:
    """Format of what is no platform's own file: a recording's, or empty, or a refusal."""
    ending = ending_of(name)
    if not data:
        raise FileProblem("refused", "empty", "the file is empty: copy or export it again")
    if is_fit(data):
        return "fit"
    head = data[:_HEAD]
    if root := _ROOT.search(head.decode(utf16_of(head) or "latin-1", "replace")):
        return {"gpx": "gpx", "trainingcenterdatabase": "tcx"}[root[1].lower()]
    if packing := packed_as(data):
        detail = f"packed as {packing}: unpack it first, and name the folder"
        raise FileProblem("quarantined", "unpack-first", detail)
    if ending == "fit":
        if data[:3] == b"\xef\xbb\xbf" and is_fit(data[3:]):
            detail = "a text editor put a byte-order mark in front: copy the original again"
            raise FileProblem("quarantined", "not-fit", detail)
        raise no_fit(data)
    if name.lower().endswith(".zip"):
        detail = f"no zip: it begins with {data[:16]!r}; download it again"
        raise FileProblem("refused", "not-zip", detail)
    return ending


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
    raise no_recording()


def no_recording() -> FileProblem:
    """What is said of a file that nothing tells to be a recording or a list."""
    return FileProblem("skipped", "not-activity", "no recording of a watch (FIT, GPX, TCX)")


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


def export_kind(data: bytes) -> str:
    """Format of a platform's own file, whatever it is called; empty for any other."""
    form = form_of(data)
    return form.kind if form else ""


#: What other packers write at the beginning, at byte 257 for tar.
_PACKERS = {
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
    b"\xfd7zXZ\x00": "xz",
    b"BZh": "bz2",
    b"\x28\xb5\x2f\xfd": "zst",
}


def packed_as(head: bytes) -> str:
    """Packer whose file this is, of those that are not opened; empty for none."""
    if head[257:262] == b"ustar":
        return "tar"
    packer = next((name for magic, name in _PACKERS.items() if head.startswith(magic)), "")
    return "" if packer == "bz2" and head[4:10] != b"1AY&SY" else packer


#: Ends of names, with folders, of files of exports that hold no training, and what lies there.
_NO_TRAINING = {
    r"(shoes|bikes|components)\.csv": "Strava's shoes, bikes and parts: they name no activity",
    r"(profile|goals|routes|clubs|messaging|logins|events|followers|following|comments|reactions|"
    r"votes|posts|segments|starred_segments|global_challenges|memberships|contacts|favorites|"
    r"orders|applications|connected_apps|privacy_zones|[a-z_]*(preferences|settings))"
    r"\.(csv|json)": "account data of an export: no training in it",
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


def _at_the_end(endings: Iterable[str]) -> list[re.Pattern[str]]:
    """Each of some ends of names, of those that begin with a slash: it is quickly found."""
    return [re.compile(rf"/(?:{ending})\Z", re.IGNORECASE) for ending in endings]


_NAMED = [
    (pattern, "/" in ending, text)
    for pattern, (ending, text) in zip(_at_the_end(_NO_TRAINING), _NO_TRAINING.items(), strict=True)
]


#: The same of what is not even opened, as an export may hold gigabytes of it: other data than
#: workouts, by the platforms' own names.
_OTHER_DATA = {
    r"Fitbit/(?!.*(exercise-\d|UserExercises)).*\.(csv|json|txt)": "Fitbit's other data: not read",
    r"Takeout/(?!Fit/|Fitbit/|Google Fit/).*\.(html|jpg|jpeg|png|mp4|mbox|vcf|ics|pdf)":
        "another service's data in the same Takeout: not read",
    r"Takeout/Fit/(All Data|Daily activity metrics|Daily Aggregations)/.*\.(json|csv)":
        "Google Fit's other data: not read",
    r"jsons/com\.samsung\.(?!shealth\.exercise/)[\w.]+/.*": "Samsung Health's other data: not read",
    r"com\.samsung\.s?health\.(?!exercise\.)[\w.]+\.csv": "Samsung Health's other data: not read",
    r"files/com\.samsung\.[\w.]+/.*": "Samsung Health's other data: not read",
}  # fmt: skip
_NEVER_OPENED = [*zip(_at_the_end(_OTHER_DATA), _OTHER_DATA.values(), strict=True)]


def never_opened(name: str) -> str:
    """What a member of an archive is that need not even be opened; empty for any other."""
    plain = f"/{name}"
    return next((text for pattern, text in _NEVER_OPENED if pattern.search(plain)), "")


def known_file(name: str) -> str:
    """What a file of an export is that holds no training; empty for a name that is not known."""
    plain = "/" + name.replace("\\", "/").replace("!", "/")
    base = plain.rfind("/")  # a pattern without a folder is of the last name alone
    for pattern, has_folder, text in _NAMED:
        if pattern.search(plain, 0 if has_folder else base):
            return text
    return ""
