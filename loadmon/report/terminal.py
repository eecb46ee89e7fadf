"""Texts for the terminal: the report, findings, the limits of a day."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from loadmon.report.overview import (
    GET_HELP,
    UNREADABLE,
    Overview,
    by_weight,
    limit_heading,
    next_days_text,
    pain_summary,
    step_text,
    week_summary,
)
from loadmon.report.wording import (
    CANNOT_TELL,
    CHECK_WORDS,
    DASH,
    LIMIT_WORDS,
    NOT_MEDICAL,
    VERDICT_WORDS,
    dated,
    silence_text,
    value_text,
    with_path,
)
from loadmon.rules.context import LARGEST_STEP, Findings
from loadmon.rules.engine import Today
from loadmon.text import shown, shown_lines
from loadmon.units import Units, count_text, distance_text

_LABEL = 12
MIN_WIDTH, MAX_WIDTH = 40, 88
#: How labels are told apart on a terminal that shows colours; each is a word of its own as well.
_INK = {"FLAGGED": "1;33", "NOT KNOWN": "1;36", "NOT READ": "1;36", "NOT COUNTED": "1;36"}
_BOLD, _PLAIN = "1", "\033[0m"
#: Outcomes of the ledger in the words of the first line.
_OUTCOMES = {
    "read": ("imported", "flagged"),
    "duplicate": ("duplicate",),
    "skipped": ("skipped",),
    "unreadable": UNREADABLE,
}

#: A label and the text beside it.
Line = tuple[str, str]


def report_text(overview: Overview, *, width: int = MAX_WIDTH, colour: bool = False) -> str:
    """Answer of a report for the terminal."""
    columns = max(MIN_WIDTH, min(MAX_WIDTH, width))
    silence = silence_text(overview.silent, overview.as_of, overview.archive.old_export_on)
    week = week_summary(overview)
    blocks = [
        [("loadmon", _inputs(overview))],
        [(line, "") for line in silence.splitlines()],
        [
            (f"{week.name.upper()} ({week.days})   {week.distance}, {week.runs}", ""),
            (f"{week.n_bars} weeks", week.bars),
        ]
        if week
        else [("No activity was recorded up to this day.", "")],
        _help(overview),
        _checks(overview),
        _next(overview),
        [(NOT_MEDICAL, "")],
    ]
    safe = [
        [(shown(label), shown_lines(with_path(text, overview.title))) for label, text in block]
        for block in blocks
    ]
    return "\n\n".join("\n".join(_wrapped(block, columns, colour)) for block in safe if block)


def _wrapped(lines: list[Line], width: int, colour: bool) -> list[str]:
    """Texts beside their labels; a label without text stands alone."""
    out: list[str] = []
    for label, text in lines:
        if not text:
            out += textwrap.wrap(label, width, break_on_hyphens=False)
            continue
        room = width - _LABEL  # a path is never broken: a command can be copied
        first = textwrap.wrap(text, room, break_on_hyphens=False, break_long_words=False)
        painted = f"\033[{_INK.get(label, _BOLD)}m{label}{_PLAIN}"
        head = painted if colour and label.isupper() else label
        head += " " * (_LABEL - len(label))
        out += [f"{head if i == 0 else ' ' * _LABEL}{part}" for i, part in enumerate(first)]
    return out


def _inputs(overview: Overview) -> str:
    counts = {word: _count(overview, names) for word, names in _OUTCOMES.items()}
    outcomes = ", ".join(f"{n} {word}" for word, n in counts.items() if n)
    return f"{overview.title}: {count_text(int(overview.outcomes.sum()), 'file')} = {outcomes}"


def _count(overview: Overview, outcomes: Sequence[str]) -> int:
    return int(overview.files["outcome"].isin(outcomes).sum())


def _help(overview: Overview) -> list[Line]:
    """When to get help, in full, where a pain is logged."""
    if overview.pain_since is None:
        return []
    lines = [("PAIN", f"{pain_summary(overview)}; it matters more than any number here.")]
    for heading, questions in GET_HELP:
        lines += [(heading, "")] + [("", f"- {question}") for question in questions]
    return lines


def _checks(overview: Overview) -> list[Line]:
    """What is flagged and why, what is not, and what is not known."""
    findings = overview.reported
    frame = findings.to_frame()
    lines: list[Line] = []
    if overview.as_of != findings.as_of:
        lines.append((f"Checks of the 7 days to {dated(findings.as_of)}:", ""))
    for row in by_weight(frame[frame["verdict"] == "flagged"].to_dict("records")):
        text = f"{row['message']} {CANNOT_TELL[row['check']]} [grade {row['grade']}]"
        lines.append(("FLAGGED", text))
    if findings.verdict != "flagged":
        but = ", but not everything is known" if findings.verdict == "unknown" else ""
        lines.append((f"NOTHING FLAGGED{but}.", ""))
    if step := step_text(findings):
        lines.append(("4 WEEKS", step))
    frame = frame[frame["check"] != LARGEST_STEP]
    for row in frame[frame["verdict"] == "unknown"].to_dict("records"):
        lines.append(("NOT KNOWN", f"{CHECK_WORDS[row['check']]}: {row['message']}"))
    if overview.pain_since is None:
        pain = f"Pain: {pain_summary(overview)}; it matters more than any number."
        lines.append(("NOT KNOWN", pain))
    if unreadable := _count(overview, UNREADABLE):
        files = count_text(unreadable, "file")
        lines.append(("NOT READ", f"{files} could not be used: loadmon files {overview.title}"))
    if overview.no_sport:
        count = count_text(overview.no_sport, "recording")
        text = f"{count} without a sport in the file: not counted as running"
        lines.append(("NOT COUNTED", f"{text}: loadmon activities {overview.title}"))
    to_do = f": loadmon init {overview.title}"
    for verdict, label, more in (("ok", "NO FLAG", ""), ("not_set_up", "NOT SET UP", to_do)):
        checks = frame.loc[frame["verdict"] == verdict, "check"]
        names = ", ".join(CHECK_WORDS[check].lower() for check in checks)
        lines += [(label, f"{names}{more}")] if names else []
    return lines


def _next(overview: Overview) -> list[Line]:
    """The longest run within the limits, and the commands that go on from here."""
    today, units = overview.today, overview.athlete.units
    distance = distance_text(today.distance_km, units)
    limit = LIMIT_WORDS.get(today.limited_by, today.limited_by)
    why = f" ({limit})" if today.distance_km == today.distance_km else ""
    why = f", as any run would be flagged{why}" if today.distance_km == 0 else why
    least = "at least " if today.from_below else ""
    days = next_days_text(today, units)
    return [
        ("LIMIT", f"{limit_heading(overview)}: {least}{distance}{why}"),
        *([("NEXT DAYS", days)] if days else []),
        ("NEXT", f"loadmon log {overview.title} --pain 2 --when next-morning   (the diary)"),
        ("", f"loadmon check {overview.title}   (every check with its evidence)"),
        ("", f"loadmon ramp {overview.title} --resume DATE   (a plan for the return)"),
    ]


def today_text(today: Today, *, units: Units = "km") -> str:
    """The longest run within every limit, and which limit comes first."""
    day = dated(today.as_of)
    if today.distance_km != today.distance_km:
        return f"{day}: the longest run within the limits is not known ({today.why})."
    limit = LIMIT_WORDS.get(today.limited_by, today.limited_by)
    least = "at least " if today.from_below else ""
    days = next_days_text(today, units) if len(today.ahead) > 1 else ""
    if today.limited_by == "symptoms":
        return f"{day}: no run ({today.why}) {days} {NOT_MEDICAL}".replace("  ", " ")
    text = (
        f"{day}: the longest run within every limit is {least}"
        f"{distance_text(today.distance_km, units)}. First limit reached: {limit} ({today.why}). "
    )
    return f"{text}{days}{' ' if days else ''}{NOT_MEDICAL}"


def findings_text(findings: Findings, *, width: int = MAX_WIDTH, units: Units = "km") -> str:
    """Every check with its sentence, its numbers and its evidence."""
    blocks = []
    for row in findings.to_dict()["findings"]:
        verdict = VERDICT_WORDS[row["verdict"]]
        lines = [f"{CHECK_WORDS[row['check']]}: {verdict}", f"  {row['message']}"]
        if row["missing"]:
            lines.append(f"  missing: {row['missing']}")
        if row["source"]:
            limit = value_text(row["limit"], row["unit"], units)
            limit = "" if limit == DASH else f"{limit}, "
            lines.append(f"  limit: {limit}{row['method']} [grade {row['grade']}]")
            lines.append(f"  source: {row['source']}")
        for line in lines:
            blocks += textwrap.wrap(line, width, subsequent_indent="    ", break_on_hyphens=False)
    return "\n".join(blocks)
