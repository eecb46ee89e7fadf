"""Texts for the terminal: the report, findings, the limits of a day."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from loadmon.report.first_screen import days_ahead, days_text, event, weeks_card
from loadmon.report.overview import (
    GET_HELP,
    UNREADABLE,
    Overview,
    by_weight,
    next_days_text,
    pain_summary,
    step_text,
)
from loadmon.report.wording import (
    CANNOT_TELL,
    CHECK_WORDS,
    DASH,
    LIMIT_WORDS,
    NOT_MEDICAL,
    VERDICT_WORDS,
    dated,
    missing_workouts,
    silence_text,
    sparkline,
    value_text,
    with_path,
)
from loadmon.rules.context import LARGEST_STEP, Findings
from loadmon.rules.engine import Today
from loadmon.text import shown, shown_lines
from loadmon.units import Units, count_text, distance_text

_LABEL = 12
#: Weeks that have a bar.
_WEEKS = 12
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


def report_text(
    overview: Overview, *, width: int = MAX_WIDTH, colour: bool = False, options: str = ""
) -> str:
    """Answer of a report for the terminal; `options` are those that its commands go on with."""
    columns = max(MIN_WIDTH, min(MAX_WIDTH, width))
    blocks = [
        [("loadmon", _inputs(overview))],
        [(line, "") for line in _first(overview)],
        _week(overview),
        _help(overview),
        _checks(overview),
        _next(),
        [(NOT_MEDICAL, "")],
    ]
    safe = [
        [
            (shown(label), shown_lines(with_path(text, overview.title, options)))
            for label, text in block
        ]
        for block in blocks
    ]
    return "\n\n".join("\n".join(_wrapped(block, columns, colour)) for block in safe if block)


def _first(overview: Overview) -> list[str]:
    """What stands out and what the next days leave, as on the page; or the open question."""
    silence = silence_text(overview.silent, overview.as_of, overview.archive.old_export_on)
    lines = [event(overview).text]
    if overview.silence_is_open or overview.archive.old_export_on is not None:
        return lines + silence.splitlines()
    ahead = days_ahead(overview)
    days = days_text(ahead, overview.athlete.units)
    if len(ahead) and not days:
        days = f"No limit of the next days is known ({overview.today.why})."
    return [line for line in (*lines, days, silence) if line]


def _week(overview: Overview) -> list[Line]:
    """The last seven days, and a bar for each of the last weeks."""
    card = weeks_card(overview)
    if card is None:
        return [("No activity was recorded up to this day.", "")]
    name, _, rest = card[0].partition(": ")
    weeks = overview.answered_weekly["distance_km"].tail(_WEEKS).to_numpy()
    bars = f"{count_text(len(weeks), 'week')} {sparkline(weeks)}"
    return [(f"{name.upper()}  {rest}     {bars}", "")]


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
    lines += [("NOT READ", text) for text in missing_workouts(overview.archive.reasons)]
    if unreadable := _count(overview, UNREADABLE):
        files = count_text(unreadable, "file")
        lines.append(("NOT READ", f"{files} could not be used: loadmon files PATH"))
    if overview.no_sport:
        lines.append(("NOT COUNTED", f"{overview.no_sport_text}."))
    to_do = ": loadmon init PATH"
    for verdict, label, more in (("ok", "NO FLAG", ""), ("not_set_up", "NOT SET UP", to_do)):
        checks = frame.loc[frame["verdict"] == verdict, "check"]
        names = ", ".join(CHECK_WORDS[check].lower() for check in checks)
        lines += [(label, f"{names}{more}")] if names else []
    return lines


def _next() -> list[Line]:
    """The commands that go on from here."""
    return [
        ("NEXT", "loadmon log PATH --pain 2 --when next-morning   (the diary)"),
        ("", "loadmon check PATH   (every check with its evidence)"),
        ("", "loadmon today PATH   (every limit of the next days)"),
        ("", "loadmon ramp PATH --resume DATE   (a plan for the return)"),
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
