"""Shoes: how far the pairs in use have run, and what was begun together with what."""

from __future__ import annotations

from typing import Any

import pandas as pd

from loadmon.athlete.units import distance_text
from loadmon.checks.comeback import comeback_at
from loadmon.checks.findings import Row, finding
from loadmon.checks.shoe_distance import UNASSIGNED, shoe_distance, worn
from loadmon.checks.view import View
from loadmon.checks.words import day_text
from loadmon.evidence.shoes import SHOE_LIFE, SHOE_NEW
from loadmon.load.threshold import above

#: Weekly marks beside which a new pair is better not begun.
_JUMPS = ("session_spike", "weekly_change", "acwr")


def pairs(view: View) -> pd.DataFrame:
    """Distance of each pair up to the day (`loadmon.checks.shoe_distance.shoe_distance`)."""
    runs = view.activities[view.activities["sport"] == "running"]
    shoes = view.athlete.shoes
    return shoe_distance(runs, worn(runs, view.archive.gear, shoes), shoes, view.as_of)


def shoes(view: View) -> Row:
    """Judge the pairs that ran in the last days.

    Parameters
    ----------
    view : View
        The day and what led up to it.

    Returns
    -------
    dict
        A finding. Flagged beyond the runner's own end of life (``own_limit``), or where a new pair
        was begun in days with a flagged jump or a return (``new_pair``). 500 and 800 km are
        named as custom and flag nothing. Not set up where no pair is known.
    """
    told = pairs(view)
    own = told[told["shoe"] != UNASSIGNED]
    if own.empty:
        message = "No pair of shoes is known."
        need = "gear in the export, or [[shoes]] in athlete.toml (loadmon init)"
        return finding("shoes", "not_set_up", "", message, missing=need)
    current = own[own["last"] > view.as_of - pd.Timedelta(days=view.days)]
    row: Row = {"evidence": SHOE_LIFE, "unit": "km", "window": "all recorded runs"}
    row["missing"] = _unassigned(told, view)
    if current.empty:
        return finding("shoes", "ok", "none", "No known pair was worn on these days.", **row)
    over = current[above(current["total_km"].to_numpy(), current["retire_km"].to_numpy())]
    if len(over):
        worst = over.sort_values("total_km").iloc[-1]
        numbers = {"value": worst["total_km"], "limit": worst["retire_km"], "date": worst["last"]}
        message = f"{_pair(worst, view)}; your own limit is {_km(worst['retire_km'], view)}."
        return finding("shoes", "flagged", "own_limit", message, **(row | numbers))
    new = _new_pair(current, view)
    if new:
        return finding("shoes", "flagged", "new_pair", new["message"], **(row | new["told"]))
    most = current.sort_values("total_km").iloc[-1]
    row |= {"value": most["total_km"], "limit": _custom(most["total_km"]), "date": most["last"]}
    return finding("shoes", "ok", _level(most["total_km"]), _usual(most, view), **row)


def _new_pair(current: pd.DataFrame, view: View) -> dict[str, Any] | None:
    """Tell a pair begun beside a jump or a return; None if there is none."""
    days = int(SHOE_NEW["first_days"])
    marked = view.marked.loc[view.last(days), list(_JUMPS)].any(axis=1)
    back = comeback_at(view.daily, view.as_of)
    new = current[current["first"] > view.as_of - pd.Timedelta(days=days)]
    for _, pair in new.iterrows():
        beside = pd.DatetimeIndex(marked.index[marked & (marked.index >= pair["first"])])
        if len(beside):
            why = f"in the same days as a jump ({day_text(beside[0])})"
        elif back is not None:
            why = f"during the return from a lay-off that began on {day_text(back.first)}"
        else:
            continue
        message = f"{pair['shoe']}: a new pair since {day_text(pair['first'])}, {why}."
        told = {"evidence": SHOE_NEW, "value": pair["total_km"], "date": pair["first"]}
        return {"message": message, "told": told}
    return None


def _km(km: float, view: View) -> str:
    return distance_text(km, view.athlete.units, decimals=0)


def _pair(pair: Any, view: View) -> str:
    return f"{pair['shoe']}: {_km(pair['total_km'], view)} run"


def _usual(pair: Any, view: View) -> str:
    """Say how far the pair has run, what is custom, and when its own end comes."""
    text = f"{_pair(pair, view)}."
    if above(pair["total_km"], SHOE_LIFE["note_km"]):
        low, high = _km(SHOE_LIFE["note_km"], view), _km(SHOE_LIFE["late_km"], view)
        text += f" Custom is to retire shoes at {low} to {high}; no trial stands behind it."
    if not pd.isna(pair["retire_on"]):
        text += f" At your present rate your own limit is reached on {day_text(pair['retire_on'])}"
        text += f" {pair['retire_on'].year}."
    return text


def _level(km: float) -> str:
    """Which custom distance a pair is past."""
    if above(km, SHOE_LIFE["late_km"]):
        return "past_late"
    return "past_note" if above(km, SHOE_LIFE["note_km"]) else "none"


def _custom(km: float) -> float:
    """Return the next custom distance, or the last one where it is past."""
    return SHOE_LIFE["late_km"] if above(km, SHOE_LIFE["note_km"]) else SHOE_LIFE["note_km"]


def _unassigned(told: pd.DataFrame, view: View) -> str:
    """Say how much distance no pair is known for; empty for none."""
    rest = told[told["shoe"] == UNASSIGNED]
    km = float(rest["distance_km"].sum())
    return f"{_km(km, view)} in runs without a known pair" if km > 0 else ""
