"""The acute:chronic ratio by each method against its own limit, judged on days with a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from loadmon.evidence import PUBLISHED, Evidence
from loadmon.evidence import limits as limits_evidence
from loadmon.evidence.limits import (
    CHRONIC_FLOOR,
    INTERVAL,
    LAYOFF,
    RATIO_IN_RUNNERS,
    SPARSE,
    WINDOWS,
)
from loadmon.ratio import (
    METHODS,
    OK,
    STATUSES,
    Codes,
    Floats,
    Marks,
    above,
    daily_values,
    ewma,
)
from loadmon.ratio import ratios as ratios_of
from loadmon.rules import weekly_change
from loadmon.rules.context import (
    Bound,
    CheckContext,
    Finding,
    Rule,
    RunDays,
    States,
    flagged_days,
    not_flagged_text,
    rests_on_text,
    state,
)
from loadmon.units import day_text

#: What this file compares with; it is read here, and nowhere else, each time.
ACWR_LIMIT = limits_evidence.ACWR_LIMIT
AGREEMENT = limits_evidence.AGREEMENT

ACUTE, CHRONIC = int(WINDOWS["acute"]), int(WINDOWS["chronic"])
_NAN = float("nan")
#: Runs between which one is looked for, and how exactly. [km]
_SHORTEST_KM, _LONGEST_KM = 1e-3, 1e3


#: Why no ratio is shown, by status.
_NO_RATIO = {
    "unknown": f"a day of the last {CHRONIC} is not known",
    "forming": f"it needs {CHRONIC} days of data",
    "returning": (
        f"for {LAYOFF['returning_for_days']:.0f} days after a lay-off it says nothing about "
        "how much you run"
    ),
    "sparse": f"fewer than {{runs:.0f}} days with a run in the last {CHRONIC}",
    "low_base": (
        f"the last {CHRONIC} days hold under {100 * CHRONIC_FLOOR['share']:.0f} % of your usual "
        "load"
    ),
}


def no_ratio_text(status: str) -> str:
    """Why no ratio is shown."""
    return _NO_RATIO[status].format(runs=SPARSE["min_run_days"])


def values_and_flags(
    days: RunDays, new: Marks, own: Mapping[str, float] = PUBLISHED
) -> tuple[dict[str, Floats], dict[str, Floats], dict[str, Codes], dict[str, States]]:
    """Ratios, means and statuses (indices of `STATUSES`) of every day by method, and flags.

    The coupled ratio alone flags, and only days with a run: it can rise on a rest day because a big
    day leaves the longer window. Nor does it flag a load that is not `new` to the own weeks before:
    after an easy month a usual week makes a high ratio.
    """
    limit, found, statuses = ACWR_LIMIT.with_own(own)["coupled"], {}, {}
    means: dict[str, Floats] = {}
    flags: dict[str, States] = {}
    unknown_day = np.isnan(days.load)
    for method in METHODS:
        short, long, status = ratios_of(days.load, method)
        settled = status == OK
        if method == "coupled":
            over = settled & days.ran & new & above(short, limit * long)
            flags["acwr"] = state(over, unknown_day | (days.ran & ~settled))
        found[f"acwr_{method}"] = np.divide(
            short, long, out=np.full(short.shape, np.nan), where=settled
        )
        means |= {f"acute_{method}": short, f"chronic_{method}": long}
        statuses[f"status_{method}"] = status
    return found, means, statuses, flags


def room(acute: float, chronic: float, limit: float) -> float:
    """How far the coupled ratio is from its limit, in km of the 7 days.

    `acute` and `chronic` are the loads of 7 and of all 28 days.
    """
    return limit * ACUTE / CHRONIC * chronic - acute


def longest_allowed(acute: float, chronic: float, limit: float) -> float:
    """Run at which the coupled ratio reaches its limit, given the loads of a day without it.

    A run adds to both sides; infinite where that keeps it below.
    """
    gained = 1 - limit * ACUTE / CHRONIC
    return room(acute, chronic, limit) / gained if gained > 0 else float("inf")


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


def new_from(context: CheckContext, day: pd.Timestamp) -> float:
    """Load of the 7 days to a day from which they are new to the own weeks before."""
    names = ("max_7d_own", "max_7d_4_weeks", "left_7d")
    largest, of_four, left = (np.array(context.value(name, day)) for name in names)
    limits = context.athlete.limits
    return float(np.nan_to_num(weekly_change.most_in_7(largest, of_four, left, limits)))


def evaluate(context: CheckContext) -> Finding:
    """Compare the coupled ratio with its limit, on the last run day of the judged ones.

    The other methods stand beside it, each on its own scale. A low ratio is never a finding.
    """
    days, rule = context.decided, context.limit(ACWR_LIMIT)
    draft = Finding(
        "acwr",
        evidence=rule,
        limit=rule["coupled"],
        unit="ratio",
        window=f"{ACUTE} against {CHRONIC} days, coupled, on the last day with a run",
        missing=context.missing(CHRONIC),
    )
    found = context.values.loc[days, "acwr_coupled"]
    if found.notna().any():
        draft = replace(draft, value=found.iloc[0], date=days[0])
    if len(context.flagged("acwr", days)):
        return _above(context, draft)
    status = str(context.values["status_coupled"].iloc[-1])
    if status != "ok":
        return draft.unknown(status, f"No acute:chronic ratio is shown: {no_ratio_text(status)}.")
    if found.empty:
        return draft.ok("none", "No run in these 7 days.")
    if found.isna().any():
        status = str(context.values["status_coupled"].loc[days[0]])
        message = f"No acute:chronic ratio on the last day with a run: {no_ratio_text(status)}."
        return draft.unknown(status, message)
    load = context.daily["load"].loc[: days[0]]
    low, high = ratio_interval(load, "coupled")
    agreement = 1 - share_above(load, rule)[0]
    message = f"Acute:chronic ratio {found.iloc[0]:.2f} (coupled) on {day_text(days[0])}"
    numbers = {"value_low": low, "value_high": high, "agreement": agreement}
    message += f"{_between(low, high)}."
    if above(found.iloc[0], rule["coupled"]):
        leave = context.amount(new_from(context, days[0]))
        message += f" It is above {rule['coupled']:g}; not flagged, as your own weeks before "
        message += f"leave {leave} in these {ACUTE} days."
        return draft.ok("usual", message, **numbers)
    return draft.ok("none", message, **numbers)


def _above(context: CheckContext, draft: Finding) -> Finding:
    day, rule = context.decided[0], context.limit(ACWR_LIMIT)
    load = context.daily["load"].loc[:day]
    share, ways = share_above(load, rule)
    low, high = ratio_interval(load, "coupled")
    others = (f"{context.value(f'acwr_{m}', day):.2f} {m}" for m in METHODS if m != "coupled")
    without = load.to_numpy(copy=True)
    ran, without[-1] = without[-1], 0.0
    sides = without[-ACUTE:].sum(), without[-CHRONIC:].sum()
    up_to = max(longest_allowed(*sides, rule["coupled"]), new_from(context, day) - sides[0], 0.0)
    message = (
        f"Acute:chronic ratio on {day_text(day)}: {context.value('acwr_coupled', day):.2f} coupled "
        f"(limit {rule['coupled']:g}){_between(low, high)}; {' and '.join(others)} on their own "
        f"scales; {round(share * ways)} of {ways} ways to compute it are above. {RATIO_IN_RUNNERS} "
    )
    message += (
        not_flagged_text(context.amount(up_to), day_text(day))
        if up_to > 0
        else f"Without a run on {day_text(day)} it would not have been raised."
    )
    if ran > 0 and not above(without[-ACUTE:].mean(), rule["coupled"] * without[-CHRONIC:].mean()):
        of_day = context.runs[context.runs["date"] == day]
        if len(of_day) == 1:
            message += rests_on_text(context.file_of(str(of_day["activity_id"].iloc[0])))
    numbers = {"value_low": low, "value_high": high, "agreement": share}
    return draft.flagged("above", message, not_flagged_up_to=up_to, **numbers)


def _between(low: float, high: float) -> str:
    text = f"{low:.2f} to {high:.2f}"
    apart = low == low and high == high and f"{low:.2f}" != f"{high:.2f}"
    return f"; range {text} when earlier weeks are resampled" if apart else ""


def shown_from(context: CheckContext) -> float:
    """Shortest run on the day of a context with which its ratio means something; inf: none. [km]"""
    return _shown_from(context.daily["load"].to_numpy())[1]


def _shown_from(load: Floats) -> tuple[float, float]:
    """Further run on the last of some days up to which its ratio means nothing, and from which.

    Infinite where none is long enough. [km]
    """
    x = load[:, None]

    def is_shown(km: float) -> bool:
        with_it = x.copy()
        with_it[-1] += km
        return STATUSES[int(ratios_of(with_it, "coupled")[2][-1, 0])] == "ok"

    low, high = _SHORTEST_KM, _LONGEST_KM
    if is_shown(low):
        return 0.0, low
    if not is_shown(high):
        return float("inf"), float("inf")
    while high - low > _SHORTEST_KM:
        middle = (low + high) / 2
        low, high = (low, middle) if is_shown(middle) else (middle, high)
    return low, high


def most_in_7_after(km: Sequence[float], limit: float, new: float) -> float:
    """Most in the 7 days that end on the day after some days, as the flag has it. [km]

    `new`: most that is not new to the own weeks before. Infinite where no run of that day can have
    a ratio that means anything.
    """
    month = km[max(0, len(km) + 1 - CHRONIC) :]
    if len(month) + 1 < CHRONIC or 1 + sum(x > 0 for x in month) < SPARSE["min_run_days"]:
        return float("inf")
    so_far = sum(km[-(ACUTE - 1) :])
    most = so_far + max(0.0, longest_allowed(so_far, sum(month), limit))
    if new == float("inf"):
        return new
    return max(most, new, so_far + _shown_from(np.array([*km, 0.0]))[0])


def bound(context: CheckContext, others_km: float) -> Bound:
    """Distance at which the coupled ratio reaches its limit, where it means anything.

    It binds only if its status would be ok at `others_km`, the least that the other limits leave:
    a run lifts the chronic load, and where only a longer run ends a low base, this is stricter.
    Nor is a load flagged that is not new to the own weeks before. A day that is missing leaves
    nothing known by it: it never makes the answer unknown.
    """
    limit = context.limit(ACWR_LIMIT)["coupled"]
    x = context.daily["load"].to_numpy(copy=True)[:, None]
    so_far = float(x[-1, 0])
    km = float(longest_allowed(x[-ACUTE:].sum(), x[-CHRONIC:].sum(), limit))
    x[-1] += others_km if np.isfinite(others_km) else max(np.nan_to_num(km), 0.0) + 1
    status = STATUSES[ratios_of(x, "coupled")[2][-1, 0]]
    if status != "ok":
        return Bound("acwr", _NAN, False, f"no ratio is shown: {no_ratio_text(status)}")
    km = max(km, new_from(context, context.as_of) - float(x[-ACUTE:-1].sum()) - so_far, 0.0)
    return Bound("acwr", km, False, f"reaches {limit:g} at this distance")


RULE = Rule("acwr", evaluate, evaluated_on="run", may_flag=flagged_days("acwr"), exact=True)
