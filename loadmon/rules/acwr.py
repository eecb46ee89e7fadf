"""The acute:chronic ratio by each method, judged on days with a run."""

from __future__ import annotations

from loadmon.evidence.limits import ACWR_LIMIT, CHRONIC_FLOOR, LAYOFF, WINDOWS
from loadmon.ratio import METHODS, Method
from loadmon.rules.context import Row, View, finding
from loadmon.rules.numbers import ratio_interval, share_above
from loadmon.units import day_text

_ACUTE, _CHRONIC = int(WINDOWS["acute"]), int(WINDOWS["chronic"])
#: Why no ratio is shown, by status.
NO_RATIO = {
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


def acwr_check(view: View) -> Row:
    """Judge the acute:chronic ratio by each method, on the last run day of the judged ones.

    Returns A finding, flagged if one method is above its own limit; the coupled ratio is told
    unless only another one is. Unknown, with the status as level, if the coupled ratio means
    nothing on this day. A low ratio is never a finding. Beside it stand the share of neighbouring
    ways to compute it that say the same, and an interval.
    """
    days = view.decided
    over = [m for m in METHODS if view.marked.loc[days, f"acwr_{m}"].any()]
    method = over[0] if over else "coupled"
    rule = view.rule(ACWR_LIMIT)
    told: Row = {
        "evidence": rule,
        "limit": rule[method],
        "unit": "ratio",
        "window": f"{_ACUTE} against {_CHRONIC} days, {method}, on the last day with a run",
        "missing": view.missing(_CHRONIC),
    }
    ratios = view.numbers.loc[days, f"acwr_{method}"]
    if ratios.notna().any():
        told |= {"value": ratios.iloc[0], "date": days[0]}
    if over:
        return finding("acwr", "flagged", "above", _above(view, over, told), **told)
    status = str(view.numbers["status_coupled"].iloc[-1])
    if status != "ok":
        message = f"No acute:chronic ratio is shown: {NO_RATIO[status]}."
        return finding("acwr", "unknown", status, message, **told)
    if ratios.empty:
        return finding("acwr", "ok", "none", "No run in these 7 days.", **told)
    if ratios.isna().any():
        status = str(view.numbers["status_coupled"].loc[days[0]])
        message = f"No acute:chronic ratio on the last day with a run: {NO_RATIO[status]}."
        return finding("acwr", "unknown", status, message, **told)
    load = view.daily["load"].loc[: days[0]]
    told["interval"] = ratio_interval(load, method)
    told["agreement"] = 1 - share_above(load, rule)[0]
    message = f"Acute:chronic ratio {ratios.iloc[0]:.2f} (coupled) on {day_text(days[0])}"
    return finding("acwr", "ok", "none", f"{message}{_between(told['interval'])}.", **told)


def _above(view: View, methods: list[Method], told: Row) -> str:
    """Tell each method that is above its limit, and how many ways to compute it agree."""
    day, rule = view.decided[0], view.rule(ACWR_LIMIT)
    load = view.daily["load"].loc[:day]
    share, ways = share_above(load, rule)
    told |= {"agreement": share, "interval": ratio_interval(load, methods[0])}
    parts = [f"{view.number(f'acwr_{m}', day):.2f} {m} (limit {rule[m]:g})" for m in methods]
    return (
        f"Acute:chronic ratio on {day_text(day)}: {', '.join(parts)}"
        f"{_between(told['interval'])}; {round(share * ways)} of {ways} ways to compute it are "
        "above. Studies in runners found no harm from a high ratio, or the reverse."
    )


def _between(interval: tuple[float, float]) -> str:
    """Tell the interval of a ratio where it has one."""
    low, high = interval
    text = f"{low:.2f} to {high:.2f}"
    apart = low == low and high == high and f"{low:.2f}" != f"{high:.2f}"
    return f"; range {text} when earlier weeks are resampled" if apart else ""
