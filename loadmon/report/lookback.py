"""Looking back in words: flags before breaks beside flags before other weeks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from loadmon.checks.lookback import ANY, rates
from loadmon.checks.words import count_text
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


def _rate(row: Mapping[Any, Any]) -> str:
    """One check before breaks and before other weeks."""
    name = "Any flag" if row["check"] == ANY else CHECK_WORDS[row["check"]]
    text = f"{name}: before {row['before']} of {count_text(row['breaks'], 'break')}"
    between = f"{_share(row['low'])} to {_share(row['high'])} with so few"
    base = f"{_share(row['base_rate'])} of {row['other_weeks']} other weeks"
    known = row["base_rate"] == row["base_rate"]
    return f"{text} ({between}), against {base if known else 'no other week'}."


def _share(share: float) -> str:
    """Write a share: ``12 %``."""
    return f"{100 * share:.0f} %"
