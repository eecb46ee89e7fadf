"""The screen of a coach: who needs a look first, and why."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd

from loadmon.cohorts.team import Cohort
from loadmon.report.wording import NOT_MEDICAL, VERDICT_WORDS, dated
from loadmon.units import Units, count_text, distance_text

_INDENT = "    "
_MIN_WIDTH, _MAX_WIDTH = 40, 88
_HEADS = {"flagged": "FLAGGED", "unknown": "NOT KNOWN", "ok": "NOTHING FLAGGED"}


def team_text(cohort: Cohort, *, title: str, width: int = _MAX_WIDTH, units: Units = "km") -> str:
    """Athletes of a team in the order of looking."""
    columns = max(_MIN_WIDTH, min(_MAX_WIDTH, width))
    verdicts = cohort.athletes["verdict"].value_counts()
    counts = [f"{verdicts[v]} {VERDICT_WORDS[v]}" for v in _HEADS if v in verdicts.index]
    total = count_text(len(cohort.athletes), "athlete")
    blocks = [textwrap.fill(f"loadmon  {title}: {total} = {', '.join(counts)}", columns)]
    for verdict, head in _HEADS.items():
        rows = cohort.athletes[cohort.athletes["verdict"] == verdict].to_dict("records")
        told = [_told(row, units) for row in rows]
        if told:
            blocks.append("\n".join([head, *(_wrapped(lines, columns) for lines in told)]))
    silent = cohort.athletes["days_silent"] > 0
    if (silent & (cohort.athletes["verdict"] == "unknown")).any():
        question = "Were the days without a recording rest, or is an export old?"
        blocks.append(f"{textwrap.fill(question, columns)}\n--rested | --old-export")
    loose = int((cohort.failures["reason"] == "not-in-a-folder").sum())
    if loose:
        files = count_text(loose, "recording")
        blocks.append(f"{files} in no athlete's folder: not counted (--show failures).")
    order = (
        "The order is one of looking, not a score: pain first, then the better evidence. "
        f"{NOT_MEDICAL}"
    )
    return "\n\n".join([*blocks, textwrap.fill(order, columns)])


def _told(row: dict[Any, Any], units: Units) -> list[str]:
    """Lines of one athlete: the week, then why, which the head says where nothing is flagged."""
    grade = f" [grade {row['grade']}]" if row["grade"] else ""
    why = [] if row["verdict"] == "ok" else [f"{row['why']}{grade}"]
    return [f"{row['athlete']}: {_week(row, units)}", *why]


def _week(row: dict[Any, Any], units: Units) -> str:
    """What the seven days held, as far as it is known."""
    if pd.isna(row["as_of"]):
        return "no week"
    km, longest = row["distance_7d_km"], row["longest_7d_km"]
    told = f"{distance_text(km, units)} in the 7 days to {dated(row['as_of'])}"
    if km != km:
        told = f"the 7 days to {dated(row['as_of'])} are not known"
    if longest == longest and longest > 0:
        told += f", longest {distance_text(longest, units)}"
    if row["days_silent"] > 0:
        told += f", last recording {dated(row['last_recorded'])}"
    if row["files_unread"] > 0:
        told += f", {count_text(int(row['files_unread']), 'file')} not read"
    return told


def _wrapped(lines: list[str], width: int) -> str:
    """Lines of an athlete, those after the first set in."""
    out = textwrap.wrap(lines[0], width - 2, subsequent_indent=_INDENT)
    for line in lines[1:]:
        out += textwrap.wrap(line, width - 2, initial_indent=_INDENT, subsequent_indent=_INDENT)
    return "\n".join(f"  {line}" for line in out)
