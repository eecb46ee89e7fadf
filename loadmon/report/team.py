"""A team in the terminal: who needs attention first, and why."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd

from loadmon.cohorts.team import Cohort
from loadmon.report.terminal import MAX_WIDTH, MIN_WIDTH
from loadmon.report.wording import (
    NOT_MEDICAL,
    VERDICT_WORDS,
    dated,
)
from loadmon.units import Units, count_text, distance_text

_INDENT = "    "
_HEADS = {"flagged": "FLAGGED", "unknown": "NOT KNOWN", "ok": "NOTHING FLAGGED"}


def team_text(cohort: Cohort, *, title: str, width: int = MAX_WIDTH, units: Units = "km") -> str:
    """Athletes of a team by urgency."""
    columns = max(MIN_WIDTH, min(MAX_WIDTH, width))
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
