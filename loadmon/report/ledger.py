"""The ledger of files in words: what became of each, and what to do."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from loadmon.io.archive import Archive
from loadmon.units import count_text


class Reason(NamedTuple):
    """What a code means, in a few words, and what to do; empty where there is nothing to do."""

    means: str
    to_do: str = ""


_AGAIN = "Copy it from the watch again, or download the original from the platform."
_LEFT = f"{_AGAIN} If it is lost, --salvage counts what can still be read; its day stays unknown."
_DOWNLOAD = "Download or copy it again."
_ORIGINAL = "Download the original (FIT, or GPX and TCX as exported): this is something else."
_COMPARE = "Check which number is right, and correct it where you recorded it."
_CLOCK = (
    "Set the date where you recorded it and export it again; until then add the day to "
    "unknown_days in athlete.toml."
)
_DATE = 'Write its day into athlete.toml: dates = {"its-name.fit" = 2026-05-03}, or true if right.'
_ZONE = 'Write home_zone = "Europe/Berlin" (your own) into athlete.toml.'
_TRAP = "No genuine export looks like that: do not trust its source."
_SAME = "If they are two activities, write both names under different in athlete.toml."

#: What cannot be used.
UNUSABLE = {
    "changed-while-reading": Reason("it changed while it was read", "Run the command again."),
    "csv-damaged": Reason("the table is not complete", _DOWNLOAD),
    "database-damaged": Reason("the database cannot be read", _DOWNLOAD),
    "list-unread": Reason(
        "a platform's list of workouts that loadmon cannot read: their days are unknown",
        "Do what its own words say; else export the workouts as FIT, GPX or TCX.",
    ),
    "unpack-first": Reason(
        "packed in a way that loadmon does not open", "Unpack it, and name the folder."
    ),
    "csv-name": Reason("a list names a file outside the export", _TRAP),
    "empty": Reason("there is nothing in it", _DOWNLOAD),
    "fit-crc": Reason("some of its bytes have changed: its checksum is wrong", _LEFT),
    "fit-size-zero": Reason("the watch stopped before the file was finished", _LEFT),
    "fit-trailing": Reason("its header claims a size that is too small", _LEFT),
    "fit-truncated": Reason("its end is missing", _LEFT),
    "fit-undefined-local": Reason("it breaks the rules of FIT", _LEFT),
    "gz-crc": Reason("the gzip is damaged", _DOWNLOAD),
    "gz-truncated": Reason("the end of the gzip is missing", _DOWNLOAD),
    "implausible": Reason(
        "nobody can run like that",
        "Correct it where you recorded it: a ride called a run, a wrong distance.",
    ),
    "json-damaged": Reason("the JSON is not complete", _DOWNLOAD),
    "json-depth": Reason("nested deeper than any export", _TRAP),
    "negative": Reason("a negative time or distance", "Export it again, as FIT if you can."),
    "no-time": Reason(
        "nothing in it has a time, so its day is not known",
        "Export it with times, or as FIT. A planned route is not a run.",
    ),
    "not-fit": Reason("not a FIT file, whatever its name", _ORIGINAL),
    "not-gpx": Reason("not a GPX file, whatever its name", _ORIGINAL),
    "not-readable": Reason(
        "there is no permission to open it", "Check its permissions, or copy the folder."
    ),
    "not-tcx": Reason("not a TCX file, whatever its name", _ORIGINAL),
    "not-zip": Reason("not a zip, whatever its name", "Download it again, logged in."),
    "number-format": Reason(
        "numbers that could mean two things, such as 1,770",
        "Export it again with the platform or phone set to English.",
    ),
    "reader-bug": Reason(
        "loadmon failed on it", "Please report it, with the file if it may be shown."
    ),
    "time-future": Reason("it lies in the future", _CLOCK),
    "time-invalid": Reason("its date is impossible", _CLOCK),
    "time-relative": Reason("the clock of the watch was never set", _CLOCK),
    "too-deep": Reason("archives nested too deeply", "Unpack it and name the folder."),
    "too-large": Reason("larger than any recording", _TRAP),
    "xml-broken": Reason("its text is damaged", _LEFT),
    "xml-damaged": Reason("its text is damaged", _DOWNLOAD),
    "xml-depth": Reason("nested deeper than any recording", _TRAP),
    "xml-dtd": Reason("it declares a DOCTYPE, which can hide anything", _TRAP),
    "xml-truncated": Reason("its end is missing", _LEFT),
    "zip-member": Reason("damaged inside the zip", _DOWNLOAD),
    "zip-overlap": Reason("shares its bytes with another member, as bombs do", _TRAP),
    "zip-password": Reason(
        "protected by a password", "Unpack the zip with its password and name the folder."
    ),
    "zip-truncated": Reason("the zip cannot be opened", _DOWNLOAD),
}

#: What counts, with something to check.
ODD = {
    "cadence-unit": Reason("its cadence counts both feet already"),
    "counter-reset": Reason("its distance began again in the middle: added up"),
    "csv-encoding": Reason("the list is in an old encoding: names may look odd"),
    "csv-row": Reason("a row of the list that cannot be used as it stands", "See the row named."),
    "date-doubtful": Reason("its date cannot be: its clock was wrong, its day is unknown", _DATE),
    "dev-field": Reason("fields of an app that nothing describes were left out"),
    "dist-disagree": Reason("two distances in it disagree", _COMPARE),
    "dist-from-gps": Reason(
        "no distance was recorded: it is measured along the positions", _COMPARE
    ),
    "ele-range": Reason("impossible altitudes were left out"),
    "ext-lies": Reason("its contents are not what its name says"),
    "field-size": Reason("a field of the wrong size was left out"),
    "file-type": Reason("it does not call itself an activity, but holds one"),
    "fit-header-crc": Reason("the checksum of its header is wrong, that of the whole is right"),
    "fit-trailing": Reason("bytes after its end were left out", _AGAIN),
    "gap-bridged": Reason("gaps between positions were measured in a straight line", _COMPARE),
    "gap-not-counted": Reason("a way that no record tells of is not counted", _COMPARE),
    "gps-null-island": Reason("positions at 0/0 were left out: no fix yet"),
    "gps-range": Reason("impossible positions were left out"),
    "gps-spike": Reason("positions too far away to be reached in the time were left out", _COMPARE),
    "hr-disagree": Reason("two heart rates in it disagree", "A loose strap? Look at its records."),
    "hr-implausible": Reason("impossible heart rates were left out"),
    "list-column": Reason(
        "a list lacks a column or key that is read", "Export it again without changing it."
    ),
    "list-value": Reason("a list holds values that are not understood", "See the lines named."),
    "unit-unknown": Reason(
        "distances in km or miles, and nothing says which",
        'Write units = "km" or units = "mi" into athlete.toml.',
    ),
    "sport-corrected": Reason("the platform's list has another sport, which counts", _COMPARE),
    "list-disagree": Reason("the platform's list says something else", _COMPARE),
    "list-speed": Reason("the list gives a speed that its distance and time do not", _COMPARE),
    "list-units": Reason("the list is not in its usual units", _COMPARE),
    "merged-runs": Reason("runs that a program merged into one are counted one by one"),
    "no-session": Reason("it has no summary: summed up from its records"),
    "overlap": Reason(
        "at the same time as another",
        "If both are one activity, write both names under same in athlete.toml.",
    ),
    "overlap-segments": Reason("parts that repeat others were left out"),
    "partial": Reason("only a part could be read; its day is unknown", _AGAIN),
    "rpe-disagree": Reason("two efforts are given for it", _COMPARE),
    "speed-implausible": Reason("too fast or too slow for its sport", "Was it another sport?"),
    "sport-disagree": Reason("two sports are given for it", "Was it a run? Correct its sport."),
    "steps-disagree": Reason("two numbers of steps in it disagree"),
    "time-backwards": Reason("records that go back in time were left out"),
    "time-disagree": Reason("two times in it disagree", _COMPARE),
    "time-duplicate": Reason("several records at one time: the last counts"),
    "time-jump": Reason(
        "hours without a record inside it", "Is its day right? Was it stopped late?"
    ),
    "time-invalid": Reason("impossible times were left out"),
    "time-missing": Reason("points without a time"),
    "tz-unknown": Reason("it gives no possible local time", _ZONE),
    "value-range": Reason("impossible numbers were left out", _COMPARE),
    "vehicle": Reason("a ride in it is left out", "Is it right? Cut it off where you recorded it."),
    "xml-encoding": Reason("letters were lost; the numbers were read"),
    "zip-name": Reason("the zip gives it a name outside its folder; nothing was written there"),
}

#: What counts and needs no check, and what is no recording.
NOTED = {
    "date-stated": Reason("its day is told by athlete.toml"),
    "day-only": Reason("its day is known, its time is not"),
    "from-copy": Reason("what it lacks was taken from a copy of it"),
    "from-list": Reason("what it lacks was taken from the platform's list"),
    "no-recording": Reason("a list without the recordings that it names"),
    "no-local-time": Reason("it gives no local time: its day is that of UTC", _ZONE),
    "pair-missing": Reason("athlete.toml pairs it with a file that is not here"),
    "sport-inferred": Reason("its sport is told by its laps, its sub-sport, or the list"),
    "sport-unknown": Reason(
        "it gives no sport: its day is unknown",
        'If it was a run, write unknown_sport = "running" into athlete.toml.',
    ),
    "deleted": Reason("deleted in the app"),
    "planned": Reason("planned, not done"),
    "tz-inferred": Reason("its offset from UTC is that of the runs next to it"),
    "summary-only": Reason("only a summary: no records"),
    "duplicate": Reason("the same bytes again"),
    "near-duplicate": Reason("the same activity again, from another device or export", _SAME),
    "no-points": Reason("no points in it", "A treadmill run? Export the FIT."),
    "not-a-file": Reason("a device or pipe"),
    "not-activity": Reason("not an activity: settings, a course, a list"),
    "user-file": Reason("your own settings, diary or log of flags"),
    "symlink": Reason("a link, not followed", "Name its target to read that too."),
    "system-file": Reason("left by the operating system"),
    "zero-length": Reason("started and stopped at once"),
    "zip-symlink": Reason("a link inside a zip, not followed"),
}
REASONS = {**UNUSABLE, **ODD, **NOTED}
#: A code that has no words yet is left to the file's own.
_UNKNOWN = Reason("see its own words")

_MIN_WIDTH, _MAX_WIDTH = 40, 100
_SHOWN = 20  # files under one reason; the rest is counted
_UNUSABLE = ("quarantined", "refused")


def ledger_text(archive: Archive, *, title: str, command: str, width: int = _MAX_WIDTH) -> str:
    """Page about every file that was read."""
    noted = [*_summed(archive, "imported")]
    blocks = [
        _counts(archive.files, title),
        [*_platforms(archive.exports)],
        [*_unusable(archive), *_days(archive)],
        [*_flagged(archive)],
        ["NOTED", *noted] if noted else [],
        [*_others(archive)],
        [f"Every row: loadmon files {command} --format csv"],
    ]
    columns = max(_MIN_WIDTH, min(_MAX_WIDTH, width))
    return "\n\n".join(_wrapped(block, columns) for block in blocks if block)


def _wrapped(lines: list[str], columns: int) -> str:
    """Lines broken at spaces, each under its own indent; a name is never broken."""
    out: list[str] = []
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        out += textwrap.wrap(
            line,
            columns,
            subsequent_indent=" " * (indent + 2),
            break_long_words=False,
            break_on_hyphens=False,
        ) or [line]
    return "\n".join(out)


def _counts(files: pd.DataFrame, title: str) -> list[str]:
    outcomes = files["outcome"].value_counts()
    counts = {
        "count": outcomes.reindex(["imported", "flagged"]).sum(),
        "repeat another": outcomes.get("duplicate", 0),
        "hold no activity": outcomes.get("skipped", 0),
        "cannot be used": outcomes.reindex(_UNUSABLE).sum(),
    }
    parts = [f"{int(n)} {what}" for what, n in counts.items() if n > 0]
    if flagged := int(outcomes.get("flagged", 0)):
        parts[0] += f" ({flagged} of them flagged)"
    text = ", ".join(parts) or "nothing in it"
    return [f"{title}: {count_text(len(files), 'file')}", f"  {text}"]


def _platforms(exports: pd.DataFrame) -> Iterator[str]:
    """Each platform that a list is from: how many workouts it lists, and where they count."""
    own = exports[exports["listed"] > 0]
    if own.empty:
        return
    yield "BY PLATFORM"
    for platform, lists in own.groupby("export"):
        listed, recorded, alone = lists[["listed", "recorded", "unmatched"]].sum().astype(int)
        rest = listed - recorded - alone
        parts = [
            f"{n} {what}"
            for n, what in (
                (recorded, "with a recording"),
                (alone, "from the list alone"),
                (rest, "repeated or not counted"),
            )
            if n
        ]
        yield (
            f"  {platform}: {count_text(listed, 'workout')} in {count_text(len(lists), 'list')} "
            f"({', '.join(parts)})"
        )


def _unusable(archive: Archive) -> Iterator[str]:
    own = archive.files[archive.files["outcome"].isin(_UNUSABLE)]
    if own.empty:
        return
    yield f"CANNOT BE USED: {count_text(len(own), 'file')}"
    reasons = archive.reasons[archive.reasons["row"].isin(own.index)]
    first = reasons.drop_duplicates("row").set_index("row")["code"]
    for code, count in first.value_counts().items():
        reason = UNUSABLE.get(str(code), REASONS.get(str(code), _UNKNOWN))
        yield f"  {code}, {count_text(int(count), 'file')}: {reason.means}"
        yield from _named(own.loc[first.index[first == code]])
        yield f"    What to do: {reason.to_do}"


def _named(rows: pd.DataFrame) -> Iterator[str]:
    yield from (f"    {row.file}: {row.detail}" for row in rows.head(_SHOWN).itertuples())
    if len(rows) > _SHOWN:
        yield f"    and {len(rows) - _SHOWN} more"


def _days(archive: Archive) -> Iterator[str]:
    unknown = archive.unknown_days
    days = [] if unknown is None else [*unknown["date"].dt.strftime("%Y-%m-%d").unique()]
    if days:
        shown = ", ".join(days[-_SHOWN:])
        yield f"  Days unknown because of them, or by your own word: {len(days)} ({shown})."
        yield "  No ratio is shown over an unknown day."
    if archive.files["outcome"].isin(_UNUSABLE).any():
        yield (
            "  Where the day of such a file cannot be told and you ran then, name the day under "
            "unknown_days in athlete.toml: else it looks like rest."
        )


def _flagged(archive: Archive) -> Iterator[str]:
    """What counts although something is odd about it: the reasons, then each file once."""
    own = archive.files[archive.files["outcome"] == "flagged"]
    if own.empty:
        return
    verb = "counts" if len(own) == 1 else "count"
    yield f"FLAGGED: {count_text(len(own), 'file')} {verb} although something is odd"
    yield from _summed(archive, "flagged")
    yield from _named(own)


def _others(archive: Archive) -> Iterator[str]:
    counts = archive.files["outcome"].value_counts()
    for outcome, title in (("duplicate", "REPEAT ANOTHER"), ("skipped", "HOLD NO ACTIVITY")):
        if outcome in counts:
            yield f"{title}: {count_text(int(counts[outcome]), 'file')}"
            yield from _summed(archive, outcome)


def _summed(archive: Archive, outcome: str) -> Iterator[str]:
    codes = archive.reasons.loc[archive.reasons["outcome"] == outcome, "code"]
    for code, count in codes.value_counts().items():
        reason = REASONS.get(str(code), _UNKNOWN)
        to_do = f" {reason.to_do}" if reason.to_do else ""
        yield f"  {code}, {count_text(int(count), 'file')}: {reason.means}.{to_do}"
