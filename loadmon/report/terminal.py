"""The report in the terminal: the answer, silent days, lay-offs, findings."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from loadmon.calendar import Day, SilentDays, day_of
from loadmon.report.overview import UNREADABLE, Overview
from loadmon.report.wording import (
    CANNOT_TELL,
    CHECK_WORDS,
    DASH,
    GET_HELP,
    LIMIT_WORDS,
    NOT_MEDICAL,
    VERDICT_WORDS,
    Table,
    dated,
    days_known_text,
    entry_text,
    sparkline,
    value_text,
    week_distance_text,
    with_path,
)
from loadmon.rules.context import Findings
from loadmon.rules.engine import Today
from loadmon.rules.lookback import ANY, breaks, enough_named, lookback, rates
from loadmon.text import shown, shown_lines
from loadmon.units import Units, count_text, day_text, distance_text

# The days at the end without a recording: the question about them, and what was answered.


def silence_question(silent: SilentDays | None, as_of: Day) -> str:
    """Question about the days at the end of which nothing is known; empty where none is open."""
    if silent is None or not silent.unknown:
        return ""
    days = count_text(silent.days_silent, "day")
    usual = f"your usual gap is up to {count_text(silent.usual_gap, 'day')}"
    return (
        f"Data end {dated(silent.last_recorded)}. To {dated(day_of(as_of))}: {days} without a "
        f"recording ({usual}).\nWere they rest, or is the export old?   --rested | --old-export"
    )


def silence_answer(
    silent: SilentDays | None, as_of: Day, old_export_on: pd.Timestamp | None = None
) -> str:
    """What the days at the end count as, and who says so; empty where that is open or plain.

    `old_export_on`: day on which the runner said that the export is old.
    """
    if old_export_on is not None:
        return (
            f"The export is old, as you said on {dated(old_export_on)}: everything here is as of "
            f"{dated(day_of(as_of))}, its last day, and nothing is said about the days since."
        )
    if silent is None or silent.unknown or not silent.days_silent:
        return ""
    days, are = (silent.days_silent, "are") if silent.days_silent > 1 else ("", "is")
    rest = (
        f"Data end {dated(silent.last_recorded)}. The {f'{days} days' if days else 'day'} "
        f"without a recording to {dated(day_of(as_of))} {are} rest"
    )
    if silent.days_silent > silent.usual_gap:
        return f"{rest}, as you said."
    return f"{rest}: within your usual gap of up to {count_text(silent.usual_gap, 'day')}."


# The answer itself, in the words that the terminal, the page and the sheet for a physio share.


#: Weeks that are listed one by one.
WEEKS = 8
_LAST_OF_WEEK = pd.Timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Week:
    """The week that is told.

    Parameters
    ----------
    name, days, distance, runs : str
        ``This week``, ``Mon 5 Oct to Sun 11 Oct 2026``, ``34.1 km``, ``4 runs so far``.
    bars, n_bars : str, int
        The last weeks as bars, oldest first, and how many there are.
    """

    name: str
    days: str
    distance: str
    runs: str
    bars: str
    n_bars: int


def answer_text(findings: Findings) -> str:
    """How many things are flagged, and which are not known."""
    frame = findings.to_frame()
    flagged = int((frame["verdict"] == "flagged").sum())
    told = f"{count_text(flagged, 'thing')} flagged" if flagged else "Nothing flagged"
    unknown = [CHECK_WORDS[c].lower() for c in frame.loc[frame["verdict"] == "unknown", "check"]]
    if unknown and len(unknown) == int((frame["verdict"] != "not_set_up").sum()):
        return "Not known: no check could be made"
    return f"{told}; not known: {', '.join(unknown)}" if unknown else told


def today_asked(overview: Overview) -> str:
    """Which run the limits of the day are about: a further one where somebody ran already."""
    day = overview.as_of
    ran = bool((overview.daily.loc[overview.daily.index == day, "runs"] > 0).any())
    return f"Longest {'further ' if ran else ''}run within the limits on {dated(day)}"


def last_weeks(overview: Overview) -> pd.DataFrame:
    """Weeks that hold a recorded day: a question is open about those after them."""
    weeks = overview.weekly
    if overview.asked and overview.silent:
        weeks = weeks[weeks.index <= overview.silent.last_recorded]
    return weeks.tail(WEEKS)


def week_told(overview: Overview) -> Week | None:
    """The last of those weeks; None where nothing is recorded."""
    weeks = last_weeks(overview)
    if weeks.empty:
        return None
    asked, week, start = overview.asked, weeks.iloc[-1].to_dict(), weeks.index[-1]
    is_old = overview.archive.old_export_on is not None
    so_far = " so far" if week["partial"] and not asked else ""
    runs = count_text(int(week["runs"]), "run") + so_far
    return Week(
        name="Last recorded week" if asked or is_old else "This week",
        days=f"{day_text(start)} to {dated(min(start + _LAST_OF_WEEK, overview.as_of))}",
        distance=week_distance_text(week, overview.athlete.units),
        runs=", ".join(filter(None, [runs, days_known_text(week)])),
        bars=sparkline(weeks["distance_km"].to_numpy()),
        n_bars=len(weeks),
    )


def pain_told(overview: Overview) -> str:
    """The last pain of the diary, or that none was logged."""
    told = overview.diary[overview.diary["pain"].notna()]
    return "not logged" if told.empty else f"last logged {entry_text(told.iloc[-1])}"


def silence_told(overview: Overview) -> str:
    """What the days since the last recording count as; empty where there are none."""
    silent = overview.silent
    if silent is None or not silent.unknown:
        return silence_answer(silent, overview.as_of, overview.archive.old_export_on)
    days = count_text(silent.days_silent, "day")
    usual = count_text(silent.usual_gap, "day")
    return f"{days} without a recording up to {dated(overview.as_of)}; your usual gap is {usual}."


# Looking back in words: flags before breaks beside flags before other weeks.


NO_BREAK = "No break far beyond the usual gaps, and no pain in the diary."
#: What looking back leaves open.
CANNOT_SHOW = (
    "What came before a break did not make it: so few cases show nothing for certain, and a "
    "holiday or a flu is a break too."
)
HOW_TO_NAME = (
    "Name one by a line of diary.csv on one of its days (break: flu, holiday, injury), or leave it "
    "out (break: dismiss)."
)

_HEAD = ("Flagged in the 4 weeks", "Before breaks", "With so few", "Before other weeks")


def lookback_text(found: pd.DataFrame) -> str:
    """Answer of looking back."""
    if found.empty:
        return NO_BREAK
    lines = [_rate(row) for row in rates(found).to_dict("records")]
    unnamed = int((found["name"] == "").sum())
    asked = [f"{count_text(unnamed, 'break')} without a name. {HOW_TO_NAME}"] if unnamed else []
    return "\n".join([*lines, CANNOT_SHOW, *asked])


def lookback_table(overview: Overview) -> Table:
    """Flags before breaks beside other weeks; no rows before enough breaks have a name."""
    found = breaks(overview.daily, overview.diary, overview.archive.pauses)
    rows = []
    if enough_named(found):
        found = lookback(overview.archive, as_of=overview.as_of)
        rows = [_row(row) for row in rates(found).to_dict("records")]
    return Table(f"Looking back. {CANNOT_SHOW}", _HEAD, rows, frozenset({1, 2, 3}))


def _row(row: Mapping[Any, Any]) -> tuple[str, str, str, str]:
    """One check before breaks and before other weeks, a cell each."""
    before = f"{row['before']} of {row['breaks']}"
    base = _base(row, f"{_share(row['base_rate'])} of {row['other_weeks']}")
    return _name(row), before, _between(row), base


def _rate(row: Mapping[Any, Any]) -> str:
    """One check before breaks and before other weeks, in a line."""
    text = f"{_name(row)}: before {row['before']} of {count_text(row['breaks'], 'break')}"
    base = _base(row, f"{_share(row['base_rate'])} of {row['other_weeks']} other weeks")
    return f"{text} ({_between(row)} with so few), against {base}."


def _name(row: Mapping[Any, Any]) -> str:
    """What was flagged."""
    return "Any flag" if row["check"] == ANY else CHECK_WORDS[row["check"]]


def _between(row: Mapping[Any, Any]) -> str:
    """Where the share before breaks may lie."""
    return f"{_share(row['low'])} to {_share(row['high'])}"


def _base(row: Mapping[Any, Any], told: str) -> str:
    """How often the same stood before other weeks, where there is any."""
    return told if row["base_rate"] == row["base_rate"] else "no other week"


def _share(share: float) -> str:
    """Write a share: ``12 %``."""
    return f"{100 * share:.0f} %"


# The first screen: am I overdoing it, and why do you say so.


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
    """Answer of a report for the terminal."""
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
        silent, as_of, overview.archive.old_export_on
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
