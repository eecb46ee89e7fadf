"""How alike the seven days were, and how many were without a run."""

from __future__ import annotations

from loadmon.checks.findings import Row, finding
from loadmon.checks.view import View
from loadmon.checks.words import count_text
from loadmon.evidence.checks import MONOTONY, REST_DAYS
from loadmon.evidence.load import WINDOWS

_DAYS = int(WINDOWS["acute"])


def monotony_check(view: View) -> Row:
    """Judge how alike the seven days were.

    Parameters
    ----------
    view : View
        The day and what led up to it.

    Returns
    -------
    dict
        A finding. Seven equal days with a run have no number, being more alike than any number
        says: they are flagged (level ``all_equal``). Seven days without a run are ok.
    """
    told: Row = {
        "evidence": MONOTONY,
        "limit": MONOTONY["limit"],
        "unit": "ratio",
        "window": f"{_DAYS} days",
        "missing": view.missing(_DAYS),
    }
    if not view.week_known:
        message = f"Not all of these {_DAYS} days are known."
        return finding("monotony", "unknown", "unknown", message, **told)
    mean, sd = view.number("mean", view.as_of), view.number("sd", view.as_of)
    marked = bool(view.marked["monotony"].iloc[-1])
    if mean == 0:
        return finding("monotony", "ok", "none", "No run in these 7 days.", **told)
    if sd == 0:
        message = f"All {_DAYS} days were alike ({mean:.1f} km each)."
        return finding("monotony", "flagged", "all_equal", message, **told, date=view.as_of)
    told["value"] = view.number("monotony", view.as_of)
    message = f"Monotony of the {_DAYS} days: {told['value']:.2f}"
    if marked:
        message += f", above {MONOTONY['limit']:.1f}: the days were much alike."
        return finding("monotony", "flagged", "above", message, **told, date=view.as_of)
    if told["value"] > MONOTONY["limit"]:
        message += "; only a rest day brought it above the limit"
    return finding("monotony", "ok", "none", f"{message}.", **told)


def rest_days(view: View) -> Row:
    """Judge how many of the seven days were without a run.

    Parameters
    ----------
    view : View
        The day and what led up to it.

    Returns
    -------
    dict
        A finding. Unknown days could be run days: unknown unless the known days settle it.
    """
    fewest = int(REST_DAYS["min_in_7"])
    status = view.daily.loc[view.week, "status"]
    rested = int((status == "rest").sum())
    told: Row = {
        "evidence": REST_DAYS,
        "value": rested,
        "limit": fewest,
        "unit": "d",
        "window": f"{_DAYS} days",
        "missing": view.missing(_DAYS),
    }
    if len(view.run_days) > _DAYS - fewest:
        days = count_text(_DAYS - len(view.run_days), "day")
        message = f"{days} without a run in these {_DAYS}; the limit is {fewest}."
        return finding("rest", "flagged", "below", message, **told, date=view.as_of)
    if rested >= fewest:
        message = f"{count_text(rested, 'day')} without a run in these {_DAYS}."
        return finding("rest", "ok", "none", message, **told)
    message = f"Only {count_text(len(status), 'day')} of these {_DAYS} recorded, or some unknown."
    return finding("rest", "unknown", "unknown", message, **told)
