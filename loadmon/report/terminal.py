"""The first screen: am I overdoing it, and why do you say so."""

from __future__ import annotations

import textwrap

import pandas as pd

from loadmon.athlete.units import Units, distance_text
from loadmon.checks.findings import Findings
from loadmon.checks.today import Today
from loadmon.checks.words import count_text
from loadmon.report.answer import pain_told, today_asked, week_told
from loadmon.report.overview import UNREADABLE, Overview
from loadmon.report.silence import silence_answer, silence_question
from loadmon.report.texts import DASH, dated, value_text, with_path
from loadmon.report.words import (
    CANNOT_TELL,
    CHECK_WORDS,
    GET_HELP,
    LIMIT_WORDS,
    NOT_MEDICAL,
    VERDICT_WORDS,
)
from loadmon.text import shown, shown_lines

_LABEL = 12
_MIN_WIDTH, _MAX_WIDTH = 40, 88
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


def report_text(overview: Overview, *, width: int = _MAX_WIDTH, colour: bool = False) -> str:
    """Answer of a report for the terminal.

    Parameters
    ----------
    overview : Overview
        What `loadmon.report.overview.overview` worked out.
    width : int
        Columns of the terminal; from 40 to 88 are used.
    colour : bool
        Whether labels are coloured; each says the same without.
    """
    columns = max(_MIN_WIDTH, min(_MAX_WIDTH, width))
    blocks = [
        [("loadmon", _inputs(overview))],
        _silence(overview),
        _week(overview),
        _help(overview),
        _judged(overview),
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
        shown = _painted(label) if colour and label.isupper() else label
        shown += " " * (_LABEL - len(label))
        out += [f"{shown if i == 0 else ' ' * _LABEL}{part}" for i, part in enumerate(first)]
    return out


def _painted(label: str) -> str:
    """Label in its colour."""
    return f"\033[{_INK.get(label, _BOLD)}m{label}{_PLAIN}"


def _inputs(overview: Overview) -> str:
    """What was read, and what became of it."""
    total = int(overview.outcomes.sum())
    counts = {
        word: int(overview.outcomes.reindex(names).fillna(0).sum())
        for word, names in _OUTCOMES.items()
    }
    told = ", ".join(f"{n} {word}" for word, n in counts.items() if n)
    return f"{overview.title}: {count_text(total, 'file')} = {told}"


def _silence(overview: Overview) -> list[Line]:
    """Say what the silent days count as, or ask about them."""
    silent, as_of = overview.silent, overview.as_of
    told = silence_question(silent, as_of) or silence_answer(
        overview.archive.activities, silent, as_of
    )
    return [(line, "") for line in told.splitlines()]


def _week(overview: Overview) -> list[Line]:
    """The week, or the last one that holds a recording, with the weeks before as bars."""
    week = week_told(overview)
    if week is None:
        return [("No activity was recorded up to this day.", "")]
    told = f"{week.name.upper()} ({week.days})   {week.distance}, {week.runs}"
    return [(told, ""), (f"{week.n_bars} weeks", week.bars)]


def _help(overview: Overview) -> list[Line]:
    """When to see somebody, in full, where a pain is logged."""
    if overview.pain_since is None:
        return []
    lines = [("PAIN", f"{pain_told(overview)}; it counts more than any number here.")]
    for heading, questions in GET_HELP:
        lines += [(heading, "")] + [("", f"- {question}") for question in questions]
    return lines


def _judged(overview: Overview) -> list[Line]:
    """What is flagged and why, what is not, and what is not known."""
    findings = overview.judged
    frame = findings.to_frame()
    lines: list[Line] = []
    if overview.as_of != findings.as_of:
        lines.append((f"Checks of the 7 days to {dated(findings.as_of)}:", ""))
    for row in frame[frame["verdict"] == "flagged"].to_dict("records"):
        told = f"{row['message']} {CANNOT_TELL[row['check']]} [grade {row['grade']}]"
        lines.append(("FLAGGED", told))
    if findings.verdict != "flagged":
        but = ", but not everything is known" if findings.verdict == "unknown" else ""
        lines.append((f"NOTHING FLAGGED{but}.", ""))
    for row in frame[frame["verdict"] == "unknown"].to_dict("records"):
        lines.append(("NOT KNOWN", f"{CHECK_WORDS[row['check']]}: {row['message']}"))
    if overview.pain_since is None:
        lines.append(("NOT KNOWN", f"Pain: {pain_told(overview)}; it counts more than any number."))
    unreadable = int(overview.outcomes.reindex(UNREADABLE).fillna(0).sum())
    if unreadable:
        files = count_text(unreadable, "file")
        lines.append(("NOT READ", f"{files} could not be used: loadmon files {overview.title}"))
    if overview.no_sport:
        count = count_text(overview.no_sport, "recording")
        text = f"{count} without a sport in the file: not counted as running"
        lines.append(("NOT COUNTED", f"{text}: loadmon activities {overview.title}"))
    not_set_up = _grouped(frame, "not_set_up", "NOT SET UP")
    not_set_up = [(label, f"{text}: loadmon init {overview.title}") for label, text in not_set_up]
    return lines + _grouped(frame, "ok", "NO FLAG") + not_set_up


def _grouped(frame: pd.DataFrame, verdict: str, label: str) -> list[Line]:
    """Checks of one verdict in a single line."""
    names = [CHECK_WORDS[name].lower() for name in frame.loc[frame["verdict"] == verdict, "check"]]
    return [(label, ", ".join(names))] if names else []


def _next(overview: Overview) -> list[Line]:
    """The longest run within the limits, and the commands that go on from here."""
    today = overview.today
    distance = distance_text(today.distance_km, overview.athlete.units)
    why = f" ({_limit_name(today)})" if today.distance_km == today.distance_km else ""
    why = f", as any run would be flagged{why}" if today.distance_km == 0 else why
    return [
        ("LIMIT", f"{today_asked(overview)}: {distance}{why}"),
        ("NEXT", f"loadmon log {overview.title} --pain 2 --when next-morning   (the diary)"),
        ("", f"loadmon check {overview.title}   (every check with its evidence)"),
        ("", f"loadmon ramp {overview.title} --resume DATE   (a way back after rest)"),
    ]


def _limit_name(told: Today) -> str:
    """What limits a run, in words."""
    return LIMIT_WORDS.get(told.limited_by, told.limited_by)


def today_text(told: Today, *, units: Units = "km") -> str:
    """The longest run within every limit, and what limits it."""
    day = dated(told.as_of)
    if told.distance_km != told.distance_km:
        return f"{day}: the longest run within the limits is not known ({told.why})."
    return (
        f"{day}: the longest run within every limit is {distance_text(told.distance_km, units)}. "
        f"First reached: {_limit_name(told)} ({told.why}). {NOT_MEDICAL}"
    )


def findings_text(findings: Findings, *, width: int = _MAX_WIDTH, units: Units = "km") -> str:
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
