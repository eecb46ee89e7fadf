"""Weekly change and the acute:chronic ratio, judged on days with a run."""

from __future__ import annotations

from typing import Any

import pandas as pd

from loadmon.checks.findings import Row, finding
from loadmon.checks.view import View
from loadmon.checks.words import day_text, more_text
from loadmon.evidence import ACWR_LIMIT, CHRONIC_FLOOR, LAYOFF, WEEKLY_CHANGE, WINDOWS
from loadmon.load.ratio import METHODS, Method

_ACUTE, _CHRONIC = int(WINDOWS["acute"]), int(WINDOWS["chronic"])
_WHY = {
    "unknown": f"a day of the last {_CHRONIC} is not known",
    "forming": f"it needs {_CHRONIC} days of data",
    "returning": (
        f"for {LAYOFF['returning_for_days']:.0f} days after a lay-off it says nothing about "
        "how much you run"
    ),
    "low_base": (
        f"the last {_CHRONIC} days hold under {100 * CHRONIC_FLOOR['share']:.0f} % of your usual "
        "load"
    ),
}


def weekly_change(view: View) -> Row:
    """Judge seven days against the seven before them, on each run day of the last seven.

    Parameters
    ----------
    view : View
        The day and what led up to it.

    Returns
    -------
    dict
        A finding with the largest change on a run day. Unknown: a day that counts is not known, or
        the earlier seven days hold no run to compare with. Without a run in the last seven
        days it is ok.
    """
    days = view.run_days
    numbers = view.numbers.loc[days]
    told: Row = {
        "evidence": WEEKLY_CHANGE,
        "limit": WEEKLY_CHANGE["limit"],
        "unit": "ratio",
        "window": "7 days against the 7 before, on days with a run",
        "missing": view.missing(3 * _ACUTE - 1),
    }
    if len(days) and numbers["change"].notna().any():
        day: Any = numbers["change"].idxmax()
        told |= {"value": view.number("change", day), "date": day}
    if view.marked.loc[days, "weekly_change"].any():
        return finding("weekly_change", "flagged", "above", _grown(view, told["date"]), **told)
    if not view.week_known or numbers[["sum_7d", "before_7d"]].isna().any(axis=None):
        message = "Not all days are known: it needs these 7, and 14 up to each day with a run."
        return finding("weekly_change", "unknown", "unknown", message, **told)
    if days.empty:
        return finding("weekly_change", "ok", "none", "No run in these 7 days.", **told)
    if (numbers["before_7d"] == 0).any():
        message = "The 7 days before hold no run to compare with; the return check looks at this."
        return finding("weekly_change", "unknown", "no_base", message, **told)
    return finding("weekly_change", "ok", "none", _grown(view, told["date"]), **told)


def _grown(view: View, day: pd.Timestamp) -> str:
    """Tell seven days beside the seven before them."""
    now, before = view.number("sum_7d", day), view.number("before_7d", day)
    text = f"{now:.1f} km in the 7 days to {day_text(day)}, after {before:.1f} km in the 7 before"
    ratio = now / before
    more = "" if ratio <= 1 else f" ({more_text(ratio)}{' more' if ratio < 2 else ' as much'})"
    return f"{text}{more}."


def acwr_check(view: View) -> Row:
    """Judge the acute:chronic ratio by each method, on each run day of the seven.

    Parameters
    ----------
    view : View
        The day and what led up to it.

    Returns
    -------
    dict
        A finding, flagged if one method is above its own limit; the coupled ratio is told unless
        only another one is. Unknown, with the status as level, if the coupled ratio means nothing
        on this day. A low ratio is never a finding.
    """
    over = [m for m in METHODS if view.marked.loc[view.run_days, f"acwr_{m}"].any()]
    method = over[0] if over else "coupled"
    told: Row = {
        "evidence": ACWR_LIMIT,
        "limit": ACWR_LIMIT[method],
        "unit": "ratio",
        "window": f"{_ACUTE} against {_CHRONIC} days, {method}, on days with a run",
        "missing": view.missing(_CHRONIC),
    }
    ratios = view.numbers.loc[view.run_days, f"acwr_{method}"]
    if ratios.notna().any():
        told |= {"value": ratios.max(), "date": ratios.idxmax()}
    if over:
        return finding("acwr", "flagged", "above", _above(view, over), **told)
    status = str(view.numbers["status_coupled"].iloc[-1])
    if status != "ok":
        message = f"No acute:chronic ratio is shown: {_WHY[status]}."
        return finding("acwr", "unknown", status, message, **told)
    if ratios.empty:
        return finding("acwr", "ok", "none", "No run in these 7 days.", **told)
    message = (
        f"Acute:chronic ratio at most {ratios.max():.2f} (coupled) on the run days of these 7."
    )
    return finding("acwr", "ok", "none", message, **told)


def _above(view: View, methods: list[Method]) -> str:
    """Tell each method that is above its limit."""
    parts = []
    for method in methods:
        ratios = view.numbers.loc[view.run_days, f"acwr_{method}"]
        day: Any = ratios.idxmax()
        limit = f"limit {ACWR_LIMIT[method]}"
        parts.append(f"{ratios.max():.2f} {method} on {day_text(day)} ({limit})")
    return (
        f"Acute:chronic ratio {', '.join(parts)}: a jump against your own last four weeks. "
        "In runners, studies found no harm from a high ratio, or the reverse."
    )
