"""Form: how you ran at your own pace, against how you usually do."""

from __future__ import annotations

from typing import Any

import pandas as pd

from loadmon.athlete.units import pace_text
from loadmon.checks.findings import Row, finding
from loadmon.checks.form_line import MEASURES, deviations, steady
from loadmon.checks.view import View
from loadmon.checks.words import count_text
from loadmon.evidence.form import FORM_BASELINE, FORM_DEVIATION
from loadmon.load.threshold import above, reaches

#: What no watch can see; the clinic's own posture list stands for it (docs/low-back.md).
UNSEEN = "posture, foot strike, trunk and pelvis"
_BALANCE = "stance_time_balance_pct"
#: The direction in which a measure stands out, and what that is called.
_WORDS = {
    "cadence_spm": (-1, "longer_steps", "Longer steps than usual for you at this pace"),
    "stance_time_ms": (1, "longer_contact", "Longer on the ground than usual for you at this pace"),
    "vertical_oscillation_mm": (1, "more_bounce", "More bounce than usual for you at this pace"),
    "vertical_ratio_pct": (1, "more_bounce", "More bounce for a step than usual for you"),
}


def form(view: View) -> Row:
    """Judge the form of the runs of the last four weeks against the 90 days before them.

    Parameters
    ----------
    view : View
        The day and what led up to it.

    Returns
    -------
    dict
        A finding. Flagged only where at least three runs lie 5 % off the runner's own line at their
        speed, towards longer steps, longer contact or more bounce, or where the left-right
        balance of three runs moved; one odd run is none. Unknown without enough steady
        minutes, not set up where no watch recorded steps.
    """
    rule = view.rule(FORM_DEVIATION)
    days = int(rule["within_days"])
    told: Row = {
        "evidence": rule,
        "limit": 100 * rule["share"],
        "unit": "%",
        "window": f"{days} days against the {FORM_BASELINE['days']:.0f} before",
    }
    minutes = view.minutes(days + int(FORM_BASELINE["days"]))
    if minutes["cadence_spm"].notna().sum() == 0:
        message = "No run with steps and speed was recorded."
        return finding("form", "not_set_up", "", message, missing="a watch that counts steps")
    samples = steady(minutes)
    since = view.as_of - pd.Timedelta(days=days - 1)
    judged = {name: deviations(samples, name, since) for name in MEASURES}
    odd = [_odd(view, name, runs, rule) for name, runs in judged.items()]
    odd += [_balance(samples, since, rule)]
    found = [o for o in odd if o]
    if found:
        message = "; ".join(o["message"] for o in found) + f". A watch does not see {UNSEEN}."
        numbers = {"value": found[0]["value"], "date": found[0]["date"]}
        return finding("form", "flagged", found[0]["level"], message, **told, **numbers)
    runs = judged["cadence_spm"]
    if len(runs) < rule["runs"]:
        need = f"{rule['runs']:.0f} runs with steady, flat minutes in {days} days, and "
        need += f"{FORM_BASELINE['min_minutes']:.0f} such minutes in the 90 days before"
        message = "Too few steady, flat minutes to compare your form."
        return finding("form", "unknown", "unknown", message, **told, missing=need)
    value = 100 * float(runs["share"].median())
    message = f"Steps at your usual pace: {value:+.1f} % over {count_text(len(runs), 'run')}, "
    message += f"no clear change. A watch does not see {UNSEEN}."
    return finding("form", "ok", "none", message, **told, value=value)


def _odd(view: View, measure: str, runs: pd.DataFrame, rule: Any) -> dict[str, Any] | None:
    """Tell a measure that stands out in enough runs; None if it does not."""
    towards, level, words = _WORDS[measure]
    share = towards * runs["share"].to_numpy()
    far = reaches(share, rule["share"])
    far &= above(towards * runs["z"].to_numpy(), rule["z"])
    over = runs[far]
    if len(over) < rule["runs"]:
        return None
    middle = over[["share", "value", "expected", "speed_mps"]].median()
    pace = pace_text(1000 / middle["speed_mps"], view.athlete.units)
    message = (
        f"{words} in {len(over)} of your last {count_text(len(runs), 'run')}: "
        f"{middle['value']:.0f} {MEASURES[measure]} at {pace}, usually {middle['expected']:.0f}"
    )
    value = 100 * float(middle["share"])
    return {"level": level, "message": message, "value": value, "date": over["date"].max()}


def _balance(samples: pd.DataFrame, since: pd.Timestamp, rule: Any) -> dict[str, Any] | None:
    """Tell a left-right balance that moved in enough runs; None if it did not."""
    known = samples[samples[_BALANCE].notna()]
    base, now = known[known["date"] < since], known[known["date"] >= since]
    enough = base["activity_id"].nunique() >= FORM_BASELINE["min_runs"]
    if not enough or len(base) < FORM_BASELINE["min_minutes"]:
        return None
    usual = float(base[_BALANCE].median())
    runs = now.groupby("activity_id", sort=False)[[_BALANCE]].median()
    moved = runs[above((runs[_BALANCE] - usual).abs().to_numpy(), rule["balance_pct"])]
    if len(moved) < rule["runs"]:
        return None
    middle = float(moved[_BALANCE].median())
    message = f"Left-right balance {middle:.1f} % in {len(moved)} runs, usually {usual:.1f} %"
    day = now.loc[now["activity_id"].isin(moved.index), "date"].max()
    return {"level": "balance", "message": message, "value": middle - usual, "date": day}
