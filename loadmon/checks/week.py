"""How alike the seven days were, how many were without a run, and how many in a row were not."""

from __future__ import annotations

from loadmon.checks.findings import Row, finding
from loadmon.checks.hard import hard_days, in_a_row
from loadmon.checks.view import View
from loadmon.checks.words import count_text, day_text
from loadmon.evidence.checks import HARD_DAYS, MONOTONY, REST_DAYS, RUN_DAYS_IN_A_ROW
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

    Parameters
    ----------
    view : View
        The day and what led up to it.

    Returns
    -------
    dict
        A finding. Flagged ``below``: too few days without a run; ``in_a_row``: more run days next
        to each other than the runner's own limit (the published one follows from the first rule);
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
