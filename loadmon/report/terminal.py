"""The first screen: am I overdoing it, and why do you say so."""

from __future__ import annotations

import shutil
import textwrap

import numpy as np
import pandas as pd

from loadmon.checks.findings import Findings
from loadmon.checks.today import Today
from loadmon.checks.words import count_text, day_text
from loadmon.report.overview import UNREADABLE, Overview
from loadmon.report.words import NOT_MEDICAL, VERDICT_WORDS

_BARS = "▁▂▃▄▅▆▇█"
_LABEL = 11
_MIN_WIDTH, _MAX_WIDTH = 60, 88
_SPARK_WEEKS = 8


def report_text(overview: Overview, *, width: int | None = None) -> str:
    """Answer of a report for the terminal.

    Parameters
    ----------
    overview : Overview
        What `loadmon.report.overview.overview` worked out.
    width : int, optional
        Columns of the terminal; its own if not given.
    """
    columns = width or shutil.get_terminal_size((_MAX_WIDTH, 24)).columns
    columns = max(_MIN_WIDTH, min(_MAX_WIDTH, columns - 1))
    blocks = [_heading(overview), _silence(overview), _answer(overview), [NOT_MEDICAL]]
    return "\n\n".join("\n".join(_wrapped(b, columns)) for b in blocks if b)


def _wrapped(lines: list[str], width: int) -> list[str]:
    """Break long lines under their label."""
    out: list[str] = []
    for line in lines:
        hanging = " " * _LABEL if line[:_LABEL].strip() != line[:_LABEL].lstrip() else ""
        out += textwrap.wrap(line, width, subsequent_indent=hanging) or [""]
    return out


def _heading(overview: Overview) -> list[str]:
    """What was read, and what became of it."""
    counts = [f"{n} {name}" for name, n in overview.outcomes.items()]
    total = int(overview.outcomes.sum())
    return [f"loadmon  {overview.title}: {total} files = {', '.join(counts)}"]


def _silence(overview: Overview) -> list[str]:
    """Ask about days at the end of which nothing is known."""
    silent = overview.silent
    if silent is None or silent.days_silent == 0:
        return []
    end, day = _dated(silent.last_recorded), _dated(overview.as_of)
    days = count_text(silent.days_silent, "day")
    if not silent.unknown:
        return [f"Data end {end}; the {days} to {day} count as rest."]
    return [
        f"Data end {end}. Report for {day}: {days} without a recording "
        f"(your usual gap: up to {silent.usual_gap}).",
        "Were they rest, or is the export old?   --rested | --old-export",
    ]


def _answer(overview: Overview) -> list[str]:
    """The week, what is flagged and why, what is not known, what to do next."""
    asked = overview.silent is not None and overview.silent.unknown
    findings = overview.recorded if asked else overview.findings
    frame = findings.to_frame()
    lines = [_week_line(overview, asked), ""]
    if asked:
        lines[1:1] = [f"           (the checks below are for {_dated(findings.as_of)})"]
    flagged = frame[frame["verdict"] == "flagged"]
    for i, row in enumerate(flagged.to_dict("records")):
        label = "FLAGGED" if i == 0 else ""
        lines.append(f"{label:<{_LABEL}}{row['message']} [{row['check']}, grade {row['grade']}]")
    lines += _grouped(frame, "ok", "NO FLAG" if len(flagged) else "NOTHING FLAGGED")
    for row in frame[frame["verdict"] == "unknown"].to_dict("records"):
        lines.append(f"{'NOT KNOWN':<{_LABEL}}{row['check'].replace('_', ' ')}: {row['message']}")
    lines += _unread(overview)
    lines += _grouped(frame, "not_set_up", "NOT SET UP")
    lines += ["", *_next(overview, findings)]
    return lines


def _week_line(overview: Overview, asked: bool) -> str:
    """Distance of the last week that holds a recording, and of the weeks before it as bars."""
    weeks = overview.weekly
    if not len(weeks):
        return "No activity was recorded up to this day."
    if asked and overview.silent:
        weeks = weeks[weeks.index <= overview.silent.last_recorded]
    week = weeks.iloc[-1]
    start = weeks.index[-1]
    end = min(start + pd.Timedelta(days=6), overview.as_of)
    name = "LAST RECORDED WEEK" if asked else "THIS WEEK"
    so_far = " so far" if week["partial"] and not asked else ""
    known = "" if week["n_known"] == week["n_days"] else " at least"
    bars = sparkline(weeks["distance_km"].tail(_SPARK_WEEKS).to_numpy())
    return (
        f"{name} ({day_text(start)} to {_dated(end)}){known} {week['distance_km']:.1f} km, "
        f"{int(week['runs'])} runs{so_far}   last {min(len(weeks), _SPARK_WEEKS)} weeks {bars}"
    )


def sparkline(values: np.ndarray) -> str:
    """One bar per value, 0 to the largest; a dot where it is not known."""
    top = np.nanmax(values) if not np.isnan(values).all() else 0.0
    steps = len(_BARS) - 1
    return "".join(
        "·" if v != v else _BARS[round(steps * v / top) if top > 0 else 0] for v in values
    )


def _grouped(frame: pd.DataFrame, verdict: str, label: str) -> list[str]:
    """Checks of one verdict in a single line."""
    names = frame.loc[frame["verdict"] == verdict, "check"].str.replace("_", " ")
    return [f"{label:<{_LABEL}}{', '.join(names)}"] if len(names) else []


def _unread(overview: Overview) -> list[str]:
    """Files that a person has to look at."""
    count = int(overview.outcomes.reindex(UNREADABLE).fillna(0).sum())
    if not count:
        return []
    files = count_text(count, "file")
    return [f"{'':<{_LABEL}}{files} could not be used: loadmon files {overview.title}"]


def _next(overview: Overview, findings: Findings) -> list[str]:
    """The longest run within the limits, and the commands that go on from here."""
    today = overview.today
    day = _dated(overview.as_of)
    if today.distance_km != today.distance_km:
        first = f"{'LIMIT':<{_LABEL}}longest run within the limits on {day}: not known"
    else:
        first = (
            f"{'LIMIT':<{_LABEL}}longest run within the limits on {day}: "
            f"{today.distance_km:.1f} km ({today.limited_by.replace('_', ' ')})"
        )
    return [
        first,
        f"{'NEXT':<{_LABEL}}loadmon check {overview.title}   (every check with its evidence)",
        f"{'':<{_LABEL}}loadmon ramp {overview.title} --resume DATE   (a way back after rest)",
    ]


def _dated(day: pd.Timestamp) -> str:
    """Day with its year; a dash where there is none."""
    return "-" if pd.isna(day) else f"{day_text(day)} {day.year}"


def today_text(told: Today) -> str:
    """The longest run within every limit, and what limits it."""
    day = _dated(told.as_of)
    if told.distance_km != told.distance_km:
        return f"{day}: the longest run within the limits is not known ({told.why})."
    limit = told.limited_by.replace("_", " ")
    return (
        f"{day}: the longest run within every limit is {told.distance_km:.1f} km. "
        f"First reached: {limit} ({told.why}). {NOT_MEDICAL}"
    )


def findings_text(findings: Findings, *, width: int = _MAX_WIDTH) -> str:
    """Every check with its sentence, its numbers and its evidence."""
    blocks = []
    for row in findings.to_dict()["findings"]:
        verdict = VERDICT_WORDS[row["verdict"]]
        lines = [f"{row['check'].replace('_', ' ')}: {verdict}", f"  {row['message']}"]
        if row["missing"]:
            lines.append(f"  missing: {row['missing']}")
        if row["source"]:
            limit = _limit(row["limit"], row["unit"])
            lines.append(f"  limit: {limit}{row['method']} [grade {row['grade']}]")
            lines.append(f"  source: {row['source']}")
        for line in lines:
            blocks += textwrap.wrap(line, width, subsequent_indent="    ")
    return "\n".join(blocks)


def _limit(limit: float | None, unit: str) -> str:
    """A limit with its unit, where there is one number."""
    return "" if limit is None else f"{limit:g}{' ' + unit if unit else ''}, "
