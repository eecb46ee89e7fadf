"""The checks `rest` and `monotony`: how the days of a week follow one another."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loadmon.evidence.limits import HARD_DAYS, MONOTONY, REST_DAYS, RUN_DAYS_IN_A_ROW, WINDOWS
from loadmon.rules.context import Row, View, finding
from loadmon.units import count_text, day_text

# Which days were hard: told as such, or with a load in the top third of the runner's own.

#: Loads that say how hard a run was; distance says how far it was.
_HARD_LOADS = ("trimp", "hr_stress", "edwards", "srpe")


def hard_days(view: View) -> pd.Series:
    """Whether each of the last days was hard.

    Returns index: the 14 days that end on ``view.as_of``. 1 hard, 0 not, NaN a day of which that
    is not known. Hard is a run told as RPE 7 or more, or whose load (the first that most runs have
    of TRIMP, stress points and session RPE) lies above the upper tercile of the runs of the 42
    days before, at least six of them (`loadmon.evidence.limits.HARD_DAYS`).
    """
    days = view.last(2 * int(WINDOWS["acute"]))
    reach = pd.Timedelta(days=int(HARD_DAYS["window_days"]) + len(days))
    recent = view.activities["date"] > view.as_of - reach
    runs = view.activities[recent & (view.activities["sport"] == "running")]
    told = (runs["rpe"] >= view.rule(HARD_DAYS)["rpe"]).astype("float64")
    either = pd.concat([told.where(runs["rpe"].notna()), _top_third(runs)], axis=1).max(axis=1)
    unknown = either.isna().groupby(runs["date"]).any().reindex(days)
    hard = either.groupby(runs["date"]).max().reindex(days)
    hard = hard.mask((unknown == True) & (hard != 1))  # noqa: E712 - NaN is no run
    return hard.mask(view.daily.loc[days, "status"] == "rest", 0.0)


def in_a_row(hard: pd.Series) -> int:
    """Hard days next to each other, up to the last day."""
    soft = np.flatnonzero((hard != 1).to_numpy())
    return len(hard) - 1 - int(soft.max(initial=-1))


def _top_third(runs: pd.DataFrame) -> pd.Series:
    """Whether each run lies above the upper tercile of those of the days before; NaN unknown."""
    out = pd.Series(np.nan, runs.index)
    load = next((runs[c] for c in _HARD_LOADS if c in runs and _mostly_known(runs[c])), None)
    if load is None:
        return out
    window = pd.Timedelta(days=int(HARD_DAYS["window_days"]))
    for at, value, day in zip(runs.index, load, runs["date"], strict=True):
        before = load[(runs["date"] < day) & (runs["date"] >= day - window)].dropna()
        if len(before) >= HARD_DAYS["min_runs"] and value == value:
            out[at] = float(value > before.quantile(HARD_DAYS["share"]))
    return out


def _mostly_known(load: pd.Series) -> bool:
    """Whether more than half of the values are known."""
    return bool(2 * load.notna().sum() > len(load))


# How alike the seven days were, how many were without a run, and how many in a row were not.


_DAYS = int(WINDOWS["acute"])


def monotony_check(view: View) -> Row:
    """Judge how alike the seven days were.

    Returns A finding. Seven equal days with a run have no number, being more alike than any number
    says: they are flagged (level ``all_equal``). Seven days without a run are ok.
    """
    rule = view.rule(MONOTONY)
    told: Row = {
        "evidence": rule,
        "limit": rule["limit"],
        "unit": "ratio",
        "window": f"{_DAYS} days",
        "missing": view.missing(_DAYS),
    }
    mean, sd = view.number("mean", view.as_of), view.number("sd", view.as_of)
    if mean != mean:
        message = f"Not all of these {_DAYS} days are known."
        return finding("monotony", "unknown", "unknown", message, **told)
    marked = bool(view.marked["monotony"].iloc[-1])
    if mean == 0:
        return finding("monotony", "ok", "none", "No run in these 7 days.", **told)
    if sd == 0:
        message = f"All {_DAYS} days were alike ({view.amount(mean)} each)."
        return finding("monotony", "flagged", "all_equal", message, **told, date=view.as_of)
    told["value"] = view.number("monotony", view.as_of)
    message = f"Monotony of the {_DAYS} days: {told['value']:.2f}"
    strain = f"Strain {view.number('strain', view.as_of):.0f}."
    if marked:
        message += f", above {rule['limit']:.1f}: the days were much alike. {strain}"
        return finding("monotony", "flagged", "above", message, **told, date=view.as_of)
    if told["value"] > rule["limit"]:
        message += "; only a rest day brought it above the limit"
    return finding("monotony", "ok", "none", f"{message}. {strain}", **told)


def rest_days(view: View) -> Row:
    """Judge how many of the seven days were without a run, and how many in a row were not.

    Returns A finding. Flagged ``below``: too few days without a run; ``in_a_row``: more run days
    next to each other than the runner's own limit (the published one follows from the first rule);
    ``hard_days``: a third hard day in a row, where RPE or heart rate tell how hard days were.
    Unknown days could be run days: unknown unless the known days settle it.
    """
    rule = view.rule(REST_DAYS)
    fewest = int(rule["min_in_7"])
    status = view.daily["status"].loc[view.last(_DAYS)]
    rested = int((status == "rest").sum())
    told: Row = {
        "evidence": rule,
        "value": rested,
        "limit": fewest,
        "unit": "d",
        "window": f"{_DAYS} days",
        "missing": view.missing(_DAYS),
    }
    if view.marked["rest"].iloc[-1]:
        days = count_text(_DAYS - int(view.number("run_days_7d", view.as_of)), "day")
        message = f"{days} without a run in these {_DAYS}; the limit is {fewest}."
        return finding("rest", "flagged", "below", message, **told, date=view.as_of)
    row = _in_a_row(view, told) or _hard(view, told)
    if row:
        return row
    if rested >= fewest:
        message = f"{count_text(rested, 'day')} without a run in these {_DAYS}."
        return finding("rest", "ok", "none", message, **told)
    message = f"Only {count_text(len(status), 'day')} of these {_DAYS} recorded, or some unknown."
    return finding("rest", "unknown", "unknown", message, **told)


def _in_a_row(view: View, told: Row) -> Row | None:
    """Tell too many run days next to each other; None if there are not."""
    days = view.run_days
    over = days[view.marked.loc[days, "in_a_row"].to_numpy()]
    if not len(over):
        return None
    rule, n = view.rule(RUN_DAYS_IN_A_ROW), int(view.number("in_a_row", over[-1]))
    message = f"{n} days with a run in a row up to {day_text(over[-1])}."
    told = told | {"evidence": rule, "value": n, "limit": rule["max"], "date": over[-1]}
    return finding("rest", "flagged", "in_a_row", message, **told)


def _hard(view: View, told: Row) -> Row | None:
    """Tell too many hard days next to each other; None if there are not."""
    rule, hard = view.rule(HARD_DAYS), hard_days(view)
    for day in view.run_days[::-1]:
        n = in_a_row(hard.loc[:day])
        if n > rule["max_in_a_row"]:
            message = f"{n} hard days in a row up to {day_text(day)}."
            numbers = {"evidence": rule, "value": n, "limit": rule["max_in_a_row"], "date": day}
            return finding("rest", "flagged", "hard_days", message, **(told | numbers))
    return None
