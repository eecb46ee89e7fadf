"""From what every input holds to one account of them all: settings, repetitions, outcomes.

Runs at every reading, also where nothing changed and all contents come from the cache, so a row
costs microseconds here. Whatever needs the bytes or the stream belongs into `measure`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from loadmon.athlete import Pairs
from loadmon.diary import DIARY_NAME
from loadmon.errors import FileProblem
from loadmon.io.dedupe import Candidate, is_named, overlapping, repeated
from loadmon.io.exports.recognise import known_file
from loadmon.io.formats import BROKEN, PARTIAL, ending_of
from loadmon.io.localtime import note_zone, utc_offset_min
from loadmon.io.parse import Contents, Measured
from loadmon.io.quality import refuse_future
from loadmon.io.sources import Source
from loadmon.settings import SETTINGS_NAME

#: Codes that inform and do not make an input flagged.
_NOTES = {
    *("summary-only", "no-local-time", "sport-unknown", "sport-learnt", "from-list", "list-alone"),
    *("day-only", "from-copy", "pair-missing"),
}
#: What a runner keeps beside the recordings.
_OWN_WORDS = (SETTINGS_NAME, DIARY_NAME)
#: Stands before the place of an activity that was rescued from a broken recording, in its id.
RESCUED = "s"
#: Outcomes from bad to good: the first that applies to a part of an input is the input's.
_WORST = ("quarantined", "refused", "duplicate", "skipped")


@dataclass(slots=True, eq=False)
class Activity:
    """One activity under the runner's settings: a row to be.

    ``activity_id`` is the hash of its bytes and its place in them; ``gear`` names shoes and the
    like that a list beside the recording gives it, ``name`` is what the runner called it.
    """

    activity_id: str
    source: Source
    format: str
    measured: Measured
    utc_offset_min: float
    tz_source: str
    flags: dict[str, str]
    gear: list[str] = field(default_factory=list)
    name: str = ""


@dataclass(slots=True)
class Settled:
    """What became of one input: its activities, and why some of it is not among them.

    ``repeats`` holds activities taken out, each with the one that counts for it; ``side`` the
    contents of a vendor's list, whose activities are found by `loadmon.io.exports.merge`.
    """

    source: Source
    activities: list[Activity] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)
    duplicate_of: str = ""
    repeats: list[tuple[Activity, Activity]] = field(default_factory=list)
    side: Contents | None = None

    def ledger_row(self) -> dict[str, str]:
        """One outcome, its reasons and sentences."""
        reasons: dict[str, str] = {}
        if self.duplicate_of:
            reasons["duplicate"] = f"the same bytes as {self.duplicate_of}"
        for problem in self.problems:
            reasons.setdefault(problem.reason, problem.detail)
        for activity in self.activities:
            reasons |= activity.flags
        side = self.side.side if self.side else None
        reasons |= side.flags if side else {}
        detail = side.detail if side else ""
        return {
            "file": self.source.name,
            "outcome": self._outcome(set(reasons)),
            "reason": ",".join(reasons),
            "detail": "; ".join(filter(None, [detail, *reasons.values()])),
            "activity_id": ",".join(a.activity_id for a in self.activities),
        }

    def _outcome(self, reasons: set[str]) -> str:
        """The one outcome of an input; partly read is flagged."""
        if self.duplicate_of:
            return "duplicate"
        if not self.activities and self.problems:
            outcomes = {p.outcome for p in self.problems}
            return next(o for o in _WORST if o in outcomes)
        return "flagged" if reasons - _NOTES else "imported"


def settle(
    inputs: list[tuple[Source, Contents]],
    *,
    home_zone: str,
    now_s: float,
    same: Pairs = (),
    different: Pairs = (),
    salvage: bool = False,
) -> list[Settled]:
    """Account for all inputs."""
    counted = _counted(inputs)
    out = []
    for n, (source, contents) in enumerate(inputs):
        done = Settled(source)
        out.append(done)
        other = counted.get(contents.digest, n) if contents.format else n
        if other != n:
            done.duplicate_of = inputs[other][0].name
            continue
        if contents.side:
            done.side = contents
            continue
        for place, part in enumerate(contents.parts):
            activity_id = f"{contents.digest[:12]}-{place}"
            settle_part(done, part, contents.format, activity_id, home_zone, now_s)
        for place, part in enumerate(contents.rescued if salvage else []):
            activity_id = f"{contents.digest[:12]}-{RESCUED}{place}"
            if isinstance(part, Measured):
                settle_part(done, part, contents.format, activity_id, home_zone, now_s)
        _drop_rescued(done)
        _explain(done)
    _take_out_repeated(out, same, different)
    _flag_overlaps(out)
    _note_missing_partners(out, [*same, *different])
    return out


def _drop_rescued(done: Settled) -> None:
    """Leave the damage of what was rescued to the flags of the partial activity."""
    flags = {code for a in done.activities if PARTIAL in a.flags for code in a.flags}
    done.problems = [p for p in done.problems if not (p.reason in BROKEN and p.reason in flags)]


def _explain(done: Settled) -> None:
    """Say what a file is that holds no training, where its name in an export tells."""
    reasons = {p.reason for p in done.problems}
    if reasons and reasons <= {"not-activity", "empty"} and done.source.path.name in _OWN_WORDS:
        own = "what you told loadmon yourself: no recording"
        done.problems = [FileProblem("skipped", "own-words", own)]
    said = known_file(done.source.name) if not done.activities and reasons else ""
    if said and reasons <= {"not-activity", "no-time", "no-points"}:
        done.problems = [FileProblem("skipped", "not-activity", said)]


def _counted(inputs: list[tuple[Source, Contents]]) -> dict[str, int]:
    """Place of the input that counts for each hash: of the same bytes the first by name."""
    counted: dict[str, int] = {}
    for n, (source, contents) in enumerate(inputs):
        other = counted.setdefault(contents.digest, n)
        if source.name < inputs[other][0].name:
            counted[contents.digest] = n
    return counted


def settle_part(
    done: Settled,
    part: Measured | FileProblem,
    kind: str,
    activity_id: str,
    home_zone: str,
    now_s: float,
) -> None:
    """Add one activity of an input, or the reason why it is none."""
    if isinstance(part, FileProblem):
        done.problems.append(part)
        return
    try:
        refuse_future(part.start, now_s)
    except FileProblem as problem:
        done.problems.append(problem)
        return
    offset, tz_source = utc_offset_min(part, part.start, home_zone, part.place)
    flags = dict(part.flags)
    _note_packing(flags, kind, done.source)
    note_zone(flags, kind, tz_source, home_zone, part.place)
    _note_lacks(flags, part)
    done.activities.append(Activity(activity_id, done.source, kind, part, offset, tz_source, flags))


def _note_packing(flags: dict[str, str], kind: str, source: Source) -> None:
    """Add how it was packed and called."""
    flags |= source.notes
    if ending_of(source.name) not in ("", kind):
        flags["ext-lies"] = f"called .{ending_of(source.name)}, read as {kind.upper()}"


def _note_lacks(flags: dict[str, str], part: Measured) -> None:
    """Add what it does not tell."""
    if not part.sport:
        flags["sport-unknown"] = "the file names no sport: it is not counted as running"
    if not part.records:
        flags["summary-only"] = "only a summary: no records"


def _take_out_repeated(inputs: list[Settled], same: Pairs, different: Pairs) -> None:
    """Take activities that repeat a richer one out of their inputs, and say so there."""
    places = [(done, activity) for done in inputs for activity in done.activities]
    found = repeated([candidate(a) for _, a in places], same=same, different=different)
    for i, (k, evidence) in found.items():
        done, activity = places[i]
        detail = f"the same activity as {places[k][1].source.name}: {evidence}"
        done.problems.append(FileProblem("duplicate", "near-duplicate", detail))
        done.activities.remove(activity)
        done.repeats.append((activity, places[k][1]))


def _flag_overlaps(inputs: list[Settled]) -> None:
    """Flag two that overlap in part: nobody runs twice at once, but which time is wrong is open."""
    counted = [activity for done in inputs for activity in done.activities]
    for i, k, shared_s in overlapping([candidate(a) for a in counted]):
        for mine, other in ((counted[i], counted[k]), (counted[k], counted[i])):
            mine.flags["overlap"] = (
                f"{shared_s / 60:.0f} min at the same time as {other.source.name}: if they are one "
                f"activity, write both file names under same in athlete.toml"
            )


def _note_missing_partners(inputs: list[Settled], pairs: list[tuple[str, str]]) -> None:
    """Say so where athlete.toml pairs a file with one that is not here: perhaps it is misspelt."""
    for pair in pairs:
        there = [[done for done in inputs if is_named(done.source.name, name)] for name in pair]
        for mine, others, name in ((there[0], there[1], pair[1]), (there[1], there[0], pair[0])):
            for activity in (a for done in mine if not others for a in done.activities):
                activity.flags["pair-missing"] = (
                    f"athlete.toml pairs it with {name}, which is not among the files read"
                )


def candidate(activity: Activity) -> Candidate:
    """What decides whether an activity repeats another."""
    part = activity.measured
    return Candidate(
        start_s=part.start,
        length_s=60 * part.numbers["elapsed_min"],
        distance_km=part.numbers["distance_km"],
        sport=part.sport,
        format=activity.format,
        records=part.records,
        activity_id=activity.activity_id,
        file=activity.source.name,
        shape=part.shape,
        partial=PARTIAL in part.flags,
    )
