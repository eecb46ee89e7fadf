"""The acute:chronic ratio by each method against its own limit, judged on days with a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from loadmon.evidence import PUBLISHED, Evidence
from loadmon.evidence import limits as limits_evidence
from loadmon.evidence.limits import CHRONIC_FLOOR, INTERVAL, LAYOFF, RATIO_IN_RUNNERS, WINDOWS
from loadmon.ratio import METHODS, OK, STATUSES, Codes, Floats, Method, above, daily_values, ewma
from loadmon.ratio import ratios as ratios_of
from loadmon.rules.context import (
    Bound,
    CheckContext,
    Finding,
    Rule,
    RunDays,
    States,
    flagged_days,
    state,
)
from loadmon.units import day_text

#: What this file compares with; it is read here, and nowhere else, each time.
ACWR_LIMIT = limits_evidence.ACWR_LIMIT
AGREEMENT = limits_evidence.AGREEMENT

ACUTE, CHRONIC = int(WINDOWS["acute"]), int(WINDOWS["chronic"])
#: Weight of the last day in the exponential means of both windows.
_SHORT, _LONG = 2 / (ACUTE + 1), 2 / (CHRONIC + 1)
_NAN = float("nan")
#: Why no ratio is shown, by status.
NO_RATIO = {
    "unknown": f"a day of the last {CHRONIC} is not known",
    "forming": f"it needs {CHRONIC} days of data",
    "returning": (
        f"for {LAYOFF['returning_for_days']:.0f} days after a lay-off it says nothing about "
        "how much you run"
    ),
    "low_base": (
        f"the last {CHRONIC} days hold under {100 * CHRONIC_FLOOR['share']:.0f} % of your usual "
        "load"
    ),
}


def values_and_flags(
    days: RunDays, own: Mapping[str, float] = PUBLISHED
) -> tuple[dict[str, Floats], dict[str, Floats], dict[str, Codes], dict[str, States]]:
    """Ratios, means, statuses (indices of `STATUSES`) and flags of every day, by method.

    Only days with a run are flagged: a ratio can rise on a rest day because a big day leaves the
    longer window. ``acwr``: by any method.
    """
    rule, found, statuses, flags = ACWR_LIMIT.with_own(own), {}, {}, {}
    means: dict[str, Floats] = {}
    unknown_day = np.isnan(days.load)
    for method in METHODS:
        short, long, status = ratios_of(days.load, method)
        settled = status == OK
        over = settled & days.ran & above(short, rule[method] * long)
        name = f"acwr_{method}"
        flags[name] = state(over, unknown_day | (days.ran & ~settled))
        found[name] = np.divide(short, long, out=np.full(short.shape, np.nan), where=settled)
        means |= {f"acute_{method}": short, f"chronic_{method}": long}
        statuses[f"status_{method}"] = status
    several = np.stack(list(flags.values()))
    flags["acwr"] = state(np.any(several == 1, axis=0), np.any(several < 0, axis=0))
    return found, means, statuses, flags


def room(method: Method, acute: float, chronic: float, limit: float) -> float:
    """How far a ratio is from its limit, in km of its acute side.

    `acute` and `chronic` are the loads of 7 and of all 28 days, or both exponential means.
    """
    if method == "coupled":
        return limit * ACUTE / CHRONIC * chronic - acute
    if method == "uncoupled":
        return limit / (CHRONIC / ACUTE - 1) * (chronic - acute) - acute
    return limit * chronic - acute


def longest_allowed(method: Method, acute: float, chronic: float, limit: float) -> float:
    """Run at which a ratio reaches its limit, given the loads (EWMA: means) of a day without it.

    A run adds to both sides, but for the uncoupled ratio; infinite where that keeps it below.
    """
    gained = {
        "coupled": 1 - limit * ACUTE / CHRONIC,
        "uncoupled": 1.0,
        "ewma": _SHORT - limit * _LONG,
    }[method]
    return room(method, acute, chronic, limit) / gained if gained > 0 else float("inf")


def share_above(load: pd.Series, limits: Evidence) -> tuple[float, int]:
    """Share of the neighbouring ways to compute the ratio that are above their limit, of how many.

    Rolling and EWMA means with windows of 6, 7 or 8 against 21, 28 or 35 days: 18 ways, those that
    are full and known. Uncoupled is no further one: it passes its limit where coupled does.
    """
    found: list[bool] = []
    x = daily_values(load)
    known = len(x) - 1 - np.flatnonzero(np.isnan(x)).max(initial=-1)
    around = (-1, 0, 1)
    short = [ACUTE + int(AGREEMENT["acute_step_days"]) * step for step in around]
    long = [CHRONIC + int(AGREEMENT["chronic_step_days"]) * step for step in around]
    smooth = {days: ewma(x[:, None], days)[-1, 0] for days in (*short, *long)} if len(x) else {}
    for chronic in long:
        if known < chronic:
            continue
        for acute in short:
            found.append(bool(above(x[-acute:].mean(), limits["coupled"] * x[-chronic:].mean())))
            found.append(bool(above(smooth[acute], limits["ewma"] * smooth[chronic])))
    return (float(np.mean(found)) if found else _NAN), len(found)


def ratio_interval(load: pd.Series, method: str) -> tuple[float, float]:
    """Interval (95 %) of a rolling ratio when the days before the acute seven are resampled.

    NaN for EWMA, for unknown days, and over a chronic load of 0. Moving-block bootstrap of the 21
    days: all 3,375 draws of three blocks of seven days are counted, so nothing is random.
    """
    x = daily_values(load)[-CHRONIC:]
    if method == "ewma" or len(x) < CHRONIC or np.isnan(x).any():
        return _NAN, _NAN
    acute, before = x[-ACUTE:].sum(), x[:-ACUTE]
    blocks = np.lib.stride_tricks.sliding_window_view(before, ACUTE).sum(axis=1)
    drawn = np.zeros(1)
    for _ in range(len(before) // ACUTE):
        drawn = np.add.outer(drawn, blocks).ravel()
    tail = (1 - INTERVAL["share"]) / 2
    most, least = np.quantile(drawn, [1 - tail, tail], method="inverted_cdf").tolist()
    return _ratio(acute, most, method), _ratio(acute, least, method)


def _ratio(acute: float, before: float, method: str) -> float:
    chronic = (acute + before) / CHRONIC if method == "coupled" else before / (CHRONIC - ACUTE)
    return float(acute / ACUTE / chronic) if chronic > 0 else _NAN


def evaluate(context: CheckContext) -> Finding:
    """Compare the ratio by each method with its limit, on the last run day of the judged ones.

    The coupled ratio is given unless only another one is above its limit. A low ratio is never a
    finding.
    """
    days = context.decided
    over = [m for m in METHODS if len(context.flagged(f"acwr_{m}", days))]
    method = over[0] if over else "coupled"
    rule = context.limit(ACWR_LIMIT)
    draft = Finding(
        "acwr",
        evidence=rule,
        limit=rule[method],
        unit="ratio",
        window=f"{ACUTE} against {CHRONIC} days, {method}, on the last day with a run",
        missing=context.missing(CHRONIC),
    )
    found = context.values.loc[days, f"acwr_{method}"]
    if found.notna().any():
        draft = replace(draft, value=found.iloc[0], date=days[0])
    if over:
        return _above(context, over, draft)
    status = str(context.values["status_coupled"].iloc[-1])
    if status != "ok":
        return draft.unknown(status, f"No acute:chronic ratio is shown: {NO_RATIO[status]}.")
    if found.empty:
        return draft.ok("none", "No run in these 7 days.")
    if found.isna().any():
        status = str(context.values["status_coupled"].loc[days[0]])
        message = f"No acute:chronic ratio on the last day with a run: {NO_RATIO[status]}."
        return draft.unknown(status, message)
    load = context.daily["load"].loc[: days[0]]
    low, high = ratio_interval(load, method)
    agreement = 1 - share_above(load, rule)[0]
    message = f"Acute:chronic ratio {found.iloc[0]:.2f} (coupled) on {day_text(days[0])}"
    numbers = {"value_low": low, "value_high": high, "agreement": agreement}
    return draft.ok("none", f"{message}{_between(low, high)}.", **numbers)


def _above(context: CheckContext, methods: list[Method], draft: Finding) -> Finding:
    day, rule = context.decided[0], context.limit(ACWR_LIMIT)
    load = context.daily["load"].loc[:day]
    share, ways = share_above(load, rule)
    low, high = ratio_interval(load, methods[0])
    parts = [f"{context.value(f'acwr_{m}', day):.2f} {m} (limit {rule[m]:g})" for m in methods]
    message = (
        f"Acute:chronic ratio on {day_text(day)}: {', '.join(parts)}"
        f"{_between(low, high)}; {round(share * ways)} of {ways} ways to compute it are "
        f"above. {RATIO_IN_RUNNERS}"
    )
    return draft.flagged("above", message, value_low=low, value_high=high, agreement=share)


def _between(low: float, high: float) -> str:
    text = f"{low:.2f} to {high:.2f}"
    apart = low == low and high == high and f"{low:.2f}" != f"{high:.2f}"
    return f"; range {text} when earlier weeks are resampled" if apart else ""


def bounds(context: CheckContext, others_km: float) -> list[Bound]:
    """Distance at which each ratio reaches its limit, where it means anything.

    It binds only if its status would be ok at `others_km`, the least that the other limits leave:
    a run lifts the chronic load, and where only a longer run ends a low base, this is stricter.
    """
    rule = context.limit(ACWR_LIMIT)
    return [_bound(context, method, rule[method], others_km) for method in METHODS]


def _bound(context: CheckContext, method: Method, limit: float, others_km: float) -> Bound:
    name, x = f"acwr_{method}", context.daily["load"].to_numpy(copy=True)[:, None]
    if method == "ewma":
        sides = ewma(x, ACUTE)[-1, 0], ewma(x, CHRONIC)[-1, 0]
    else:
        sides = x[-ACUTE:].sum(), x[-CHRONIC:].sum()
    km = float(longest_allowed(method, *sides, limit))
    x[-1] += others_km if np.isfinite(others_km) else max(km, 0.0) + 1
    status = STATUSES[ratios_of(x, method)[2][-1, 0]]
    if status == "unknown":
        return Bound(name, _NAN, True, "a day that the ratio needs is not known")
    if status != "ok":
        return Bound(name, _NAN, False, f"no ratio is shown: {NO_RATIO[status]}")
    return Bound(name, max(0.0, km), False, f"reaches {limit:g} at this distance")


RULE = Rule("acwr", evaluate, evaluated_on="run", may_flag=flagged_days("acwr"), exact=True)
