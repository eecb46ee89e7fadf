"""From what every input holds to one result for each: the runner's settings, local days, outcomes.

Runs at every reading, also where nothing changed and all contents come from the cache, so a row
costs microseconds here. Whatever needs the bytes or the stream belongs in `parse_input`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from loadmon.calendar import DATE_DOUBTFUL
from loadmon.diary import DIARY_NAME, FLAG_LOG_NAME, SETTINGS_NAME
from loadmon.errors import FileProblem
from loadmon.io.exports.cells import SideFile
from loadmon.io.formats import BROKEN, PARTIAL, ending_of, known_file
from loadmon.io.localtime import note_zone, offset_of_wall, utc_offset_min
from loadmon.io.parse import RESCUED, Contents, ParsedActivity
from loadmon.io.quality import refuse_future
from loadmon.io.recording import Source

#: Codes that inform and do not make an input flagged.
_NOTES = {
    *("summary-only", "no-local-time", "sport-unknown", "sport-inferred", "from-list", "day-only"),
    *("no-recording", "from-copy", "pair-missing", "tz-inferred", "date-stated"),
}
#: Outcomes from bad to good: the first that applies to a part of an input is the input's.
_WORST = ("quarantined", "refused", "duplicate", "skipped")


@dataclass(slots=True, eq=False)
class Activity:
    """One activity under the runner's settings, as it will stand in `activities`."""

    activity_id: str  # hash of its bytes, and its position in them
    source: Source
    format: str
    parsed: ParsedActivity
    utc_offset_min: float
    tz_source: str
    issues: dict[str, str]
    gear: list[str] = field(default_factory=list)  # from a list beside the recording
    name: str = ""  # what the runner called it

    @property
    def local_start(self) -> float:
        """Start on the runner's own clock, counted like Unix time. [s]"""
        return self.parsed.start + 60 * self.utc_offset_min


@dataclass(slots=True, eq=False)
class FileResult:
    """What became of one input: its activities, and why some of it is not among them."""

    source: Source
    contents: Contents
    activities: list[Activity] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)
    duplicate_of: str = ""
    #: Activities taken out, each with the one that counts for it.
    repeats: list[tuple[Activity, Activity]] = field(default_factory=list)
    side: SideFile | None = None  # a platform's list
    #: Results of its entries if nothing matches them, in the order of the contents' parts.
    entries: list[FileResult] = field(default_factory=list)

    def reasons(self) -> dict[str, str]:
        """Every code with its sentence, each code once."""
        reasons: dict[str, str] = {}
        if self.duplicate_of:
            reasons["duplicate"] = f"the same bytes as {self.duplicate_of}"
        for problem in self.problems:
            reasons.setdefault(problem.reason, problem.detail)
        for activity in self.activities:
            reasons |= activity.issues
        return reasons | (self.side.issues if self.side else {})

    def outcome(self) -> str:
        """The one outcome of an input; partly read is flagged."""
        if self.duplicate_of:
            return "duplicate"
        if not self.activities and self.problems:
            if len(self.problems) == 1:
                return self.problems[0].outcome
            outcomes = {p.outcome for p in self.problems}
            return next(o for o in _WORST if o in outcomes)
        return "flagged" if self.reasons().keys() - _NOTES else "imported"


#: Days of recordings whose own date cannot be, as in `Athlete.dates`.
Dates = Mapping[str, date | bool]


def reconcile(
    inputs: list[tuple[Source, Contents]],
    *,
    home_zone: str,
    now_s: float,
    salvage: bool = False,
    dates: Dates | None = None,
) -> list[FileResult]:
    """One result for each input, each file for itself; of the same bytes the first name counts."""
    counted: dict[str, int] = {}
    for n, (source, contents) in enumerate(inputs):
        if source.name < inputs[counted.setdefault(contents.digest, n)][0].name:
            counted[contents.digest] = n
    results = []
    for n, (source, contents) in enumerate(inputs):
        result = FileResult(source, contents)
        results.append(result)
        first = counted[contents.digest] if contents.format else n
        if first != n:
            result.duplicate_of = inputs[first][0].name
        elif contents.side:
            result.side = contents.side
            for position, part in enumerate(contents.parts):
                name = f"{source.name}!{contents.side.entries[position].ref}"
                own = FileResult(replace(source, name=name), contents)
                _add(own, part, str(position), home_zone, now_s, dates or {})
                result.entries.append(own)
        else:
            for position, part in enumerate(contents.parts):
                _add(result, part, str(position), home_zone, now_s, dates or {})
            for position, part in enumerate(contents.rescued if salvage else ()):
                if isinstance(part, ParsedActivity):
                    _add(result, part, f"{RESCUED}{position}", home_zone, now_s, dates or {})
            _explain(result)
    return results


def _add(
    result: FileResult,
    part: ParsedActivity | FileProblem,
    position: str,
    home_zone: str,
    now_s: float,
    dates: Dates,
) -> None:
    if isinstance(part, ParsedActivity):
        try:
            part = _dated(part, result, home_zone, dates)
            refuse_future(part.start, now_s)
        except FileProblem as problem:
            part = problem
    if isinstance(part, FileProblem):
        result.problems.append(part)
        return
    source, kind = result.source, result.contents.format
    issues = part.issues | source.notes
    is_local = part.is_local
    if is_local:
        offset = offset_of_wall(part.start, home_zone) if home_zone else 0.0
        tz_source = "home" if home_zone else "utc"
        part = replace(part, start=part.start - 60 * offset, is_local=False)
        if not home_zone:
            issues["day-only"] = "it tells the local time and no zone: its day is sure, in UTC not"
    else:
        offset, tz_source = utc_offset_min(part, part.start, home_zone, part.place)
    if ending_of(source.name) not in ("", kind):
        issues["ext-lies"] = f"called .{ending_of(source.name)}, read as {kind.upper()}"
    if not is_local:
        note_zone(issues, kind, tz_source, home_zone, part.place)
    if not part.sport:
        issues["sport-unknown"] = (
            "it names no sport: its day is unknown until unknown_sport in athlete.toml says what "
            "it was"
        )
    if not part.records:
        issues["summary-only"] = "only a summary: no records"
    activity_id = f"{result.contents.digest[:12]}-{position}"
    result.activities.append(Activity(activity_id, source, kind, part, offset, tz_source, issues))


def _dated(
    part: ParsedActivity, result: FileResult, home_zone: str, dates: Dates
) -> ParsedActivity:
    """Move a doubtful start to the local day that the runner says; the time of day stays."""
    key = key_for(dates, result.source.name, result.contents.format, part.maker)
    if DATE_DOUBTFUL not in part.issues or key not in dates:
        return part

    def offset(at: float) -> float:
        return 0.0 if part.is_local else utc_offset_min(part, at, home_zone, part.place)[0]

    start, day = part.start, dates[key]
    if not isinstance(day, bool):
        before = offset(start)
        wall = datetime.fromtimestamp(start + 60 * before, UTC)
        start += (day - wall.date()).days * 86_400
        start += 60 * (before - offset(start))
    issues = {code: text for code, text in part.issues.items() if code != DATE_DOUBTFUL}
    issues["date-stated"] = "its day is the runner's own word"
    return replace(part, start=start, issues=issues)


def is_named(file: str, given: str) -> bool:
    """Tell whether a name in the ledger is, or ends in, the name that the runner wrote."""
    long, short = (text.replace("\\", "/").replace("!", "/") for text in (file, given))
    return bool(short) and (long == short or long.endswith("/" + short.lstrip("/")))


def key_for(answers: Iterable[str], name: str, kind: str, maker: str) -> str:
    """Key of the runner's answers that names a file, its folder, format or maker; else empty.

    The longest counts: a file is named by more than its folder.
    """
    own = {kind, maker, *name.replace("!", "/").split("/")[:-1]}
    fits = [key for key in answers if key and (key.rstrip("/") in own or is_named(name, key))]
    return max(fits, key=len, default="")


#: A day in a file's name, as platforms and watches write it.
_DAY = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")


def _packed_days(problem: FileProblem, name: str) -> FileProblem:
    """Days that the name of a file tells which has to be unpacked first."""
    found = _DAY.search(name.rpartition("!")[2].replace("\\", "/").rpartition("/")[2])
    if problem.reason != "unpack-first" or not found:
        return problem
    days = ("-".join(found.groups()),)
    return FileProblem(problem.outcome, problem.reason, problem.detail, problem.when, days)


def _is_own(path: str) -> bool:
    """Tell the runner's own settings, diary and log, which lie among the recordings."""
    own = (SETTINGS_NAME, DIARY_NAME, FLAG_LOG_NAME)
    return path.endswith(own) and Path(path).name in own  # a zip's members have the path of the zip


def _explain(result: FileResult) -> None:
    """Leave damage to the issues of what was rescued, and say what a file without training is."""
    if not result.problems:
        return
    reasons = {p.reason for p in result.problems}
    if "unpack-first" in reasons:
        result.problems = [_packed_days(p, result.source.name) for p in result.problems]
    if result.activities:
        rescued = {code for a in result.activities if PARTIAL in a.issues for code in a.issues}
        result.problems = [p for p in result.problems if p.reason not in BROKEN & rescued]
        reasons = {p.reason for p in result.problems}
    if reasons and reasons <= {"not-activity", "empty"} and _is_own(result.source.at):
        detail = "your own settings, diary or log of flags: not a recording"
        result.problems = [FileProblem("skipped", "user-file", detail)]
    elif (
        reasons
        and reasons <= {"not-activity", "no-time", "no-points"}
        and not result.activities
        and (text := known_file(result.source.name))
    ):
        result.problems = [FileProblem("skipped", "not-activity", text)]
