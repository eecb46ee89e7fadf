"""Looking back in words: flags before breaks beside flags before other weeks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from loadmon.checks.breaks import breaks
from loadmon.checks.lookback import ANY, enough_named, lookback, rates
from loadmon.checks.words import count_text
from loadmon.report.overview import Overview
from loadmon.report.table import Table
from loadmon.report.words import CHECK_WORDS

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
    """Answer of looking back.

    Parameters
    ----------
    found : DataFrame
        What `loadmon.lookback` gives.
    """
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
