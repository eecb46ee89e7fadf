"""Pain and symptoms of the diary: they count more than any number."""

from __future__ import annotations

import pandas as pd

from loadmon.checks.findings import Row, finding
from loadmon.checks.pain import Concern, concerns, pains
from loadmon.checks.view import View
from loadmon.checks.words import day_text
from loadmon.evidence.pain import SEE_SOMEBODY

_LOG = "loadmon log PATH --pain N --site back --when next-morning"
_ORDER = ("above", "worse_mornings", "no_better", "lasting")


def symptoms(view: View) -> Row:
    """Judge the pain that the diary holds of the last days.

    Parameters
    ----------
    view : View
        The day and what led up to it.

    Returns
    -------
    dict
        A finding. Flagged where an entry meets a rule for seeing a professional
        (`loadmon.checks.pain.concerns`); otherwise what was noted, in full. Unknown where the diary
        says nothing about pain on these days; not set up without any entry about pain: nobody
        knows whether it hurts.
    """
    told = pains(view.athlete.diary, view.as_of)
    if told.empty:
        message = "Pain: nothing was ever noted, so it is not known."
        return finding("symptoms", "not_set_up", "", message, missing=_LOG)
    row: Row = {"evidence": SEE_SOMEBODY, "unit": "of 10", "limit": SEE_SOMEBODY["above"]}
    row["window"] = f"{view.days} days"
    recent = told[told["date"] > view.as_of - pd.Timedelta(days=view.days)]
    if recent.empty:
        last = day_text(told["date"].iloc[-1])
        message = f"Pain: nothing noted on these days; the last entry is of {last}."
        return finding("symptoms", "unknown", "unknown", message, **row, missing=_LOG)
    found = concerns(view.athlete.diary, view.daily["load"], view.as_of, view.days)
    if found:
        worst = min(found, key=lambda concern: _ORDER.index(concern.rule))
        message = " ".join(_text(c) for c in found)
        message += " Let somebody who can examine you look at it before you go on."
        row["value"] = worst.value if worst.rule == "above" else float(recent["pain"].max())
        return finding("symptoms", "flagged", worst.rule, message, **row, date=worst.day)
    most = recent.sort_values("pain", kind="stable").iloc[-1]
    row |= {"value": float(most["pain"]), "date": most["date"]}
    if most["pain"] == 0:
        return finding("symptoms", "ok", "none", "No pain noted on these days.", **row)
    site = f" ({most['site']})" if most["site"] else ""
    message = f"Pain noted{site}: at most {most['pain']:g} of 10, on {day_text(most['date'])}."
    return finding("symptoms", "ok", "noted", message, **row)


def _text(concern: Concern) -> str:
    """One rule in plain words."""
    site = f" ({concern.site})" if concern.site else ""
    words = {
        "above": f"pain{site} of {concern.value:g} of 10 on {day_text(concern.day)}",
        "worse_mornings": f"pain{site} was worse on two mornings in a row",
        "no_better": f"pain{site} is no better after two weeks of less running",
        "lasting": f"pain{site} has been noted for {concern.value:.0f} days",
    }
    text = words[concern.rule]
    return f"{text[0].upper()}{text[1:]}."
