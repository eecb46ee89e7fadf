"""The single run: the best supported alarm."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from loadmon.checks.findings import Row, finding
from loadmon.checks.view import View
from loadmon.checks.words import day_text, more_text
from loadmon.evidence.checks import SESSION_SPIKE
from loadmon.evidence.load import WINDOWS
from loadmon.evidence.ramp import RAMP_SESSION
from loadmon.load.spikes import SPIKES, stand_out


def session_spike(view: View) -> Row:
    """Judge every run of the seven days against the longest of the 30 days before it.

    Parameters
    ----------
    view : View
        The day and what led up to it.

    Returns
    -------
    dict
        A finding. Flagged: one run is at least a small spike, by more than half a kilometre;
        the one with the largest ratio is told. Unknown: a run or a day that could be one is not
        known, or a run has nothing to be compared with. A week without a run is ok.
    """
    runs = view.spikes[view.spikes["date"].isin(view.week)].sort_values("ratio", kind="stable")
    told: Row = {
        "evidence": SESSION_SPIKE,
        "limit": SESSION_SPIKE["small"],
        "unit": "ratio",
        "window": "30 days before each run",
        "missing": view.missing(int(SESSION_SPIKE["window_days"] + WINDOWS["acute"])),
    }
    longer = runs[stand_out(runs)]
    if len(longer):
        return _longer(longer, told)
    if not view.week_known or (runs["level"] == "unknown").any():
        message = "Not every run of these 7 days, or of the 30 days before one, is known."
        return finding("session_spike", "unknown", "unknown", message, **told)
    first = runs[runs["level"] == "no_baseline"]
    if len(first):
        day = first["date"].iloc[-1]
        message = f"{day_text(day)}: no run in the 30 days before to compare it with."
        return finding("session_spike", "unknown", "no_baseline", message, **told, date=day)
    if runs.empty:
        return finding("session_spike", "ok", "none", "No run in these 7 days.", **told)
    run = runs.iloc[-1]
    more = f"{100 * (SESSION_SPIKE['small'] - 1):.0f} %"
    if run["level"] in SPIKES:
        more += f" and {RAMP_SESSION['floor_km']:g} km"
    message = (
        f"No run of these 7 days is more than {more} longer than the longest of the 30 days "
        f"before it; the nearest is {run['distance_km']:.1f} km on {day_text(run['date'])} "
        f"after {run['longest_before_km']:.1f} km."
    )
    told |= {"value": run["ratio"], "date": run["date"]}
    return finding("session_spike", "ok", run["level"], message, **told)


def _longer(longer: pd.DataFrame, told: Row) -> Row:
    """Tell the run that stands out most, and how many others do."""
    run = longer.iloc[-1]
    km, before = run["distance_km"], run["longest_before_km"]
    by = more_text(run["ratio"])
    compared = f"{by} longer than" if by.endswith("%") else f"{by} the length of"
    message = (
        f"{day_text(run['date'])}: {km:.1f} km, {compared} the longest run in the 30 days "
        f"before ({before:.1f} km)."
    )
    others = longer.iloc[:-1].sort_values("date", kind="stable")
    if len(others):
        named = (f"{km:.1f} km on {day_text(day)}" for day, km in _pairs(others))
        message += f" Also longer than those before: {', '.join(named)}."
    told |= {"value": run["ratio"], "date": run["date"]}
    return finding("session_spike", "flagged", run["level"], message, **told)


def _pairs(runs: pd.DataFrame) -> Iterator[tuple[pd.Timestamp, float]]:
    """Day and distance of each run."""
    return zip(runs["date"], runs["distance_km"], strict=True)
