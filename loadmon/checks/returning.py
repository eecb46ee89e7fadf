"""Runs after a lay-off, judged against what the limits of a return would have let through."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from loadmon.athlete.units import distance_text
from loadmon.checks.comeback import Comeback, cap_km, comeback_at, too_soon
from loadmon.checks.findings import Row, finding
from loadmon.checks.view import View
from loadmon.checks.words import count_text, day_text
from loadmon.evidence.load import LAYOFF
from loadmon.evidence.ramp import RAMP_DAYS, RAMP_SESSION, RAMP_START
from loadmon.load.threshold import above

_ONE = pd.Timedelta(days=1)


def return_check(view: View) -> Row:
    """Judge the runs of the judged days that follow a lay-off by at most four weeks.

    Parameters
    ----------
    view : View
        The day and what led up to it.

    Returns
    -------
    dict
        A finding with the run that is furthest above its cap: jumping back in where one left
        off. Else flagged ``in_a_row``: a run on the day after one, after 14 or more days off.
        Unknown: such a run, or a day that could raise the cap, is not known.
    """
    told: Row = {
        "evidence": RAMP_START,
        "unit": "km",
        "window": f"the {LAYOFF['returning_for_days']:.0f} days after a lay-off",
        "missing": view.missing(int(LAYOFF["returning_for_days"])),
    }
    runs = view.activities[view.activities["date"].isin(view.week)]
    runs = runs[runs["sport"] == "running"]
    judged = _judged(view, runs)
    unsure = not view.week_known or any(j["unsure"] for j in judged)
    over = [j for j in judged if j["over"] and not j["unsure"]]
    if over:
        worst = max(over, key=lambda j: j["km"] / j["cap"])
        told |= {"value": worst["km"], "limit": worst["cap"], "date": worst["date"]}
        if worst["date"] != worst["back"].first:
            told["evidence"] = view.rule(RAMP_SESSION)
        return finding("return", "flagged", "above", _text(view, worst), **told)
    row = [j for j in judged if j["too_soon"]]
    if row:
        return _row(view, row[-1], told)
    if unsure:
        message = "Not every run or day that counts for a return from a lay-off is known."
        return finding("return", "unknown", "unknown", message, **told)
    if not judged:
        message = "No run of these 7 days follows a lay-off."
        return finding("return", "ok", "none", message, **told)
    last = judged[-1]
    told |= {"value": last["km"], "limit": last["cap"], "date": last["date"]}
    km = distance_text(last["km"], view.athlete.units)
    message = f"{_break(last['back'])} {km}, within the limits of a return."
    return finding("return", "ok", "none", f"{day_text(last['date'])}: {message}", **told)


def _judged(view: View, runs: pd.DataFrame) -> list[dict[str, Any]]:
    """Every run that follows a lay-off, beside its cap."""
    limits, judged = view.limits, []
    for day, km in zip(runs["date"], runs["distance_km"], strict=True):
        back = comeback_at(view.daily, day)
        if back is None:
            continue
        cap = cap_km(back, view.daily, day, limits)
        over = bool(above(km, cap))
        off = back.first - (back.days_off + 1) * _ONE
        unknown = bool(view.daily.loc[off : day - _ONE, "load"].isna().any())
        unsure = bool(np.isnan(km)) or (over and unknown)
        judged.append({"date": day, "km": km, "cap": cap, "over": over, "unsure": unsure})
        judged[-1] |= {"back": back, "too_soon": too_soon(back, view.daily, day, limits)}
    return judged


def _text(view: View, run: dict[str, Any]) -> str:
    """Tell a run that is above its cap."""
    back: Comeback = run["back"]
    km, cap = (distance_text(run[name], view.athlete.units) for name in ("km", "cap"))
    text = f"{day_text(run['date'])}: {_break(back)} {km}"
    if run["date"] == back.first:
        return f"{text} as the first run; the limits of a return start at {cap}."
    return f"{text}; after the runs since {day_text(back.first)} the limit was {cap}."


def _row(view: View, run: dict[str, Any], told: Row) -> Row:
    """Tell a run on the day after one."""
    back: Comeback = run["back"]
    rule = view.rule(RAMP_DAYS)
    days = count_text(int(rule["no_consecutive_days"]), "day")
    message = (
        f"{day_text(run['date'])}: {_break(back)} a run on the day after a run; the limits of a "
        f"return keep a day between for {days}."
    )
    told |= {"evidence": rule, "value": 2, "limit": 1, "unit": "d", "date": run["date"]}
    return finding("return", "flagged", "in_a_row", message, **told)


def _break(back: Comeback) -> str:
    """Tell the lay-off."""
    return f"after {back.days_off} days without a run,"
