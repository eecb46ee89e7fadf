"""Signs of overtraining, told together or not at all."""

from __future__ import annotations

import pandas as pd

from loadmon.checks.findings import Row, finding
from loadmon.checks.signs import signs
from loadmon.checks.view import View
from loadmon.evidence.signs import OVERTRAINING

#: What each sign is called.
SIGN_WORDS = {
    "pace_at_heart_rate": "pace at the same heart rate",
    "effort": "perceived effort of equal runs",
    "resting_heart_rate": "resting heart rate",
    "hrv": "heart-rate variability",
}
_CANNOT = "Heat, hills, illness, another watch or a bad strap move these numbers too."


def signs_of(view: View) -> pd.DataFrame:
    """Return the signs up to the day (`loadmon.checks.signs.signs`)."""
    days = int(OVERTRAINING["recent_days"] + OVERTRAINING["before_days"])
    runs = view.activities[view.activities["sport"] == "running"]
    return signs(view.minutes(days), runs, view.archive.found, view.as_of)


def overtraining(view: View) -> Row:
    """Judge the last four weeks against the 90 days before them.

    Parameters
    ----------
    view : View
        The day and what led up to it.

    Returns
    -------
    dict
        A finding. Flagged only where at least two signs are there together; one alone is told and
        flags nothing. Not set up with fewer than two known signs.
    """
    told = signs_of(view)
    known = told[told["state"] != "unknown"]
    there = known[known["state"] == "present"]
    fewest = int(OVERTRAINING["signs"])
    row: Row = {"evidence": OVERTRAINING, "value": len(there), "limit": fewest, "unit": "signs"}
    row["window"] = f"{OVERTRAINING['recent_days']:.0f} days"
    row["missing"] = "; ".join(told.loc[told["state"] == "unknown", "missing"])
    if known.empty:
        message = "No sign can be told from these files."
        return finding("overtraining", "not_set_up", "", message, missing=row["missing"])
    text = "; ".join(_text(s) for s in known.to_dict("records"))
    if len(there) >= fewest:
        message = f"{len(there)} signs together: {text}. {_CANNOT}"
        return finding("overtraining", "flagged", "together", message, **row, date=view.as_of)
    if len(known) < fewest:
        message = f"Only one sign can be told, which says nothing alone: {text}."
        return finding("overtraining", "not_set_up", "", message, **row)
    level = "one" if len(there) else "none"
    return finding("overtraining", "ok", level, f"{text[0].upper()}{text[1:]}. {_CANNOT}", **row)


def _text(sign: dict[object, object]) -> str:
    """One sign with its number."""
    value, unit = float(str(sign["value"])), str(sign["unit"])
    number = f"{100 * value:+.1f} %" if unit == "share" else f"{value:+.1f} {unit}"
    return f"{SIGN_WORDS[str(sign['sign'])]} {number}"
