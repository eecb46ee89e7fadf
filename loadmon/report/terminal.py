"""Texts for the terminal: the report, findings, limits of a day, a plan, a team."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import pandas as pd

from loadmon.cohorts.team import Cohort
from loadmon.ramp.messages import BETWEEN_TEXT, REACHED_WORDS
from loadmon.ramp.result import Ramp
from loadmon.report.output import table
from loadmon.report.overview import (
    GET_HELP,
    UNREADABLE,
    Overview,
    limit_heading,
    pain_summary,
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
from loadmon.rules.context import Findings
from loadmon.rules.engine import Today
from loadmon.text import shown, shown_lines
from loadmon.units import Units, count_text, distance_text, in_distance_units

# The report: am I overdoing it, and why do you say so.

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
    for row in frame[frame["verdict"] == "flagged"].to_dict("records"):
        text = f"{row['message']} {CANNOT_TELL[row['check']]} [grade {row['grade']}]"
        lines.append(("FLAGGED", text))
    if findings.verdict != "flagged":
        but = ", but not everything is known" if findings.verdict == "unknown" else ""
        lines.append((f"NOTHING FLAGGED{but}.", ""))
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
    return [
        ("LIMIT", f"{limit_heading(overview)}: {distance}{why}"),
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
    return (
        f"{day}: the longest run within every limit is {distance_text(today.distance_km, units)}. "
        f"First limit reached: {limit} ({today.why}). {NOT_MEDICAL}"
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


# A plan: its message, its weeks by run day, and what is between the runs.

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEK_D = 7
#: Weeks that are shown before the one that reaches the goal.
_FIRST_WEEKS = 6


def ramp_text(
    ramp: Ramp, *, units: Units = "km", whole: bool = False, width: int = _MAX_WIDTH
) -> str:
    """Message of a plan and, where there is one, its weeks."""
    planned, *rest = (
        # but for what the week that is shown says anyway
        [
            p
            for line in text.splitlines()
            if line != BETWEEN_TEXT
            for p in textwrap.wrap(line, width)
        ]
        for text in ramp.message.split("\n\n")
    )
    runs = ramp.plan[ramp.plan["distance_km"] > 0]
    if runs.empty:
        return "\n".join(planned)
    meant, bounds, stop = rest
    shown = weeks = _weeks(runs, units)
    if not whole:
        first, last = int(ramp.plan["week"].iloc[0]), int(ramp.plan["week"].iloc[-1])
        goal = ramp.plan.loc[ramp.plan["date"] == ramp.reached_on, "week"]
        chosen = [*range(first, first + _FIRST_WEEKS), int(goal.iloc[0]) if len(goal) else last]
        shown = weeks[weeks["week"].isin(chosen)]
    left_out = len(weeks) - len(shown)
    plan = [
        table(shown, width=width),
        *([f"{left_out} more weeks: --all"] if left_out else []),
        *_sessions(runs[runs["week"].isin(shown["week"])], width),
        "",
        *_between(ramp.plan, width),
        "All easy: you can talk while you run.",
    ]
    return "\n\n".join("\n".join(part) for part in (planned, plan, meant, bounds, stop))


def _weeks(runs: pd.DataFrame, units: Units) -> pd.DataFrame:
    """One row a week: its runs by day, their sum, what limits them, and the first session."""
    weekday = runs["date"].dt.day_of_week
    days = runs.assign(day=weekday).pivot_table(index="week", columns="day", values="distance_km")
    by_week = runs.groupby("week")
    shown = pd.DataFrame({"week": days.index, "from": by_week["date"].min().to_numpy()})
    first, one = int(weekday.iloc[0]), in_distance_units(1.0, units)
    for day in sorted(set(weekday), key=lambda day: (day - first) % 7):
        shown[_WEEKDAYS[day]] = [f"{one * km:.1f}" if km == km else "" for km in days[day]]
    shown[f"week {units}"] = [f"{one * km:.1f}" for km in by_week["distance_km"].sum()]
    shown["what limits it"] = by_week["limited_by"].agg(_binding).to_numpy()
    return shown


def _sessions(runs: pd.DataFrame, width: int) -> list[str]:
    first = runs.groupby("week").first()
    mixed = first[first["kind"] == "walk_run"]
    lines = ["", "First run of the week:"] if len(mixed) else []
    for week, session in mixed["session"].items():
        lines += textwrap.wrap(f"week {week}: {session}", width, subsequent_indent="    ")
    return lines


def _binding(names: pd.Series) -> str:
    """Limit that the last run of a week reaches, its longest; of the first week its first run."""
    return REACHED_WORDS["start" if "start" in set(names) else names.iloc[-1]]


def _between(plan: pd.DataFrame, width: int) -> list[str]:
    """Say what the first whole week holds on its days without a run."""
    number = int(plan["week"].iloc[min(_WEEK_D, len(plan)) - 1])
    week = plan[(plan["week"] == number) & plan["kind"].isin(["walk", "strength"])]
    rows = zip(week["date"], week["duration_min"], week["kind"], week["session"], strict=True)
    days = [
        f"{_WEEKDAYS[day.weekday()]} {minutes:.0f} min {kind} ({what})"
        for day, minutes, kind, what in rows
    ]
    text = f"Between the runs, as in week {number}: {'; '.join(days)}."
    return textwrap.wrap(f"{text} None of it counts as running.", width) if days else []


# A team: who needs attention first, and why.

_INDENT = "    "
_HEADS = {"flagged": "FLAGGED", "unknown": "NOT KNOWN", "ok": "NOTHING FLAGGED"}


def team_text(cohort: Cohort, *, title: str, width: int = _MAX_WIDTH, units: Units = "km") -> str:
    """Athletes of a team by urgency."""
    columns = max(_MIN_WIDTH, min(_MAX_WIDTH, width))
    verdicts = cohort.athletes["verdict"].value_counts()
    counts = [f"{verdicts[v]} {VERDICT_WORDS[v]}" for v in _HEADS if v in verdicts.index]
    total = count_text(len(cohort.athletes), "athlete")
    blocks = [textwrap.fill(f"loadmon  {title}: {total} = {', '.join(counts)}", columns)]
    for verdict, head in _HEADS.items():
        rows = cohort.athletes[cohort.athletes["verdict"] == verdict].to_dict("records")
        if rows:
            blocks.append("\n".join([head, *(_athlete(row, columns, units) for row in rows)]))
    silent = cohort.athletes["days_silent"] > 0
    if (silent & (cohort.athletes["verdict"] == "unknown")).any():
        question = "Were the days without a recording rest, or is an export old?"
        blocks.append(f"{textwrap.fill(question, columns)}\n--rested | --old-export")
    loose = int((cohort.failures["reason"] == "not-in-a-folder").sum())
    if loose:
        files = count_text(loose, "recording")
        blocks.append(f"{files} in no athlete's folder: not counted (--show failures).")
    order = (
        "The order says whom to look at first and is not a score: pain, then better evidence. "
        f"{NOT_MEDICAL}"
    )
    return "\n\n".join([*blocks, textwrap.fill(order, columns)])


def _athlete(row: dict[Any, Any], width: int, units: Units) -> str:
    """One athlete: the week, then why, which the heading says where nothing is flagged."""
    grade = f" [grade {row['grade']}]" if row["grade"] else ""
    why = "" if row["verdict"] == "ok" else f"{row['why']}{grade}"
    wrap = textwrap.TextWrapper(width - 2, subsequent_indent=_INDENT)
    lines = wrap.wrap(f"{row['athlete']}: {_athlete_week(row, units)}")
    wrap.initial_indent = _INDENT
    return "\n".join(f"  {line}" for line in [*lines, *wrap.wrap(why)])


def _athlete_week(row: dict[Any, Any], units: Units) -> str:
    """What the seven days held, as far as it is known."""
    if pd.isna(row["as_of"]):
        return "no week"
    km, longest = row["distance_7d_km"], row["longest_7d_km"]
    text = f"{distance_text(km, units)} in the 7 days to {dated(row['as_of'])}"
    if km != km:
        text = f"the 7 days to {dated(row['as_of'])} are not known"
    if longest == longest and longest > 0:
        text += f", longest {distance_text(longest, units)}"
    if row["days_silent"] > 0:
        text += f", last recording {dated(row['last_recorded'])}"
    if row["files_unread"] > 0:
        text += f", {count_text(int(row['files_unread']), 'file')} not read"
    return text
