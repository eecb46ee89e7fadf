"""How the seven days are spread: monotony, days without a run, run days and hard days in a row."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from loadmon.evidence import PUBLISHED
from loadmon.evidence import limits as limits_evidence
from loadmon.ratio import (
    Floats,
    above,
    daily_values,
    last_marked,
    quotient,
    sum_so_far,
    window_sum,
)
from loadmon.rules.context import (
    WEEK,
    Bound,
    CheckContext,
    Finding,
    Rule,
    RunDays,
    States,
    flagged_days,
    state,
)
from loadmon.units import count_text, day_text

#: What this file compares with; it is read here, and nowhere else, each time.
MONOTONY = limits_evidence.MONOTONY
REST_DAYS = limits_evidence.REST_DAYS
RUN_DAYS_IN_A_ROW = limits_evidence.RUN_DAYS_IN_A_ROW
HARD_DAYS = limits_evidence.HARD_DAYS

#: Loads that say how hard a run was; distance says how far it was.
_HARD_LOADS = ("trimp", "hr_stress", "edwards", "srpe")
_NAN = float("nan")


def values(days: RunDays) -> dict[str, Floats]:
    """Spread of the seven days that end on each day.

    ``sd`` has the divisor 7; with 6 monotony would be 7 % smaller. NaN where a day is unknown, and
    for monotony and strain where all seven are equal. Two days without a run keep it under 1.6.
    """
    total, ran = window_sum(days.load, WEEK), days.ran
    mean = total / WEEK
    sd = _deviation(days.load, mean)
    place = np.arange(len(ran), dtype=float)[:, None]
    monotony = quotient(mean, sd)
    return {
        "mean": mean,
        "sd": sd,
        "monotony": monotony,
        "strain": total * monotony,
        "run_days_7d": sum_so_far(ran.astype(float), WEEK),
        "run_days_in_a_row": place - np.maximum(last_marked(~ran), -1),
    }


def monotony(load: pd.Series) -> pd.DataFrame:
    """Mean, standard deviation, monotony and strain of a daily load, as `values` has them."""
    x = daily_values(load)[:, None]
    nothing = np.zeros(x.shape, dtype=np.int64)
    found = values(RunDays(x, nothing, x, nothing == 0))
    names = ("mean", "sd", "monotony", "strain")
    return pd.DataFrame({name: found[name][:, 0] for name in names}, index=load.index)


def run_days_in_7(daily: pd.DataFrame) -> pd.Series:
    """Days with a run among the 7 that end on each day of a daily load, or as many as there are."""
    ran = np.asarray(daily["runs"] > 0, dtype=np.float64)[:, None]
    return pd.Series(sum_so_far(ran, WEEK)[:, 0], index=daily.index)


def flags(
    days: RunDays, found: Mapping[str, Floats], own: Mapping[str, float] = PUBLISHED
) -> dict[str, States]:
    """Flags of similar days, of too few without a run, and of too many in a row.

    A rest day keeps the flag of monotony of the day before, and does not raise a new one. ``rest``
    joins ``too_few_rest_days`` and ``in_a_row`` of the 7 days; known rest days settle it.
    """
    alike = above(found["mean"], MONOTONY.with_own(own)["limit"] * found["sd"])
    fewest = REST_DAYS.with_own(own)["min_in_7"]
    many = found["run_days_7d"] > WEEK - fewest
    in_a_row = found["run_days_in_a_row"] > RUN_DAYS_IN_A_ROW.with_own(own)["max"]
    rested = sum_so_far((~np.isnan(days.load) & ~days.ran).astype(float), WEEK)
    unknown = rested < fewest
    lately = sum_so_far(in_a_row.astype(float), WEEK) > 0
    held = alike & (last_marked(alike & days.ran) > last_marked(~alike))
    return {
        "monotony": state(held, np.isnan(found["mean"])),
        "rest": state(many | lately, unknown),
        "too_few_rest_days": state(many, unknown),
        "in_a_row": state(in_a_row, np.isnan(days.load)),
    }


def run_day_allowed(others: float, in_a_row: float, fewest: float, most: float) -> bool:
    """Whether one more run day leaves rest days enough, and no row of run days that is too long.

    `others`: run days among the 6 days before; `in_a_row`: those up to the day before.
    """
    return others < WEEK - fewest and in_a_row < most


def _deviation(x: Floats, mean: Floats) -> Floats:
    """Population standard deviation of 7 days; exactly 0 where they are equal."""
    out = np.full(x.shape, np.nan)
    n = len(x) - WEEK + 1
    if n < 1:
        return out
    parts = [x[i : i + n] for i in range(WEEK)]
    squares = np.add.reduce([(part - mean[WEEK - 1 :]) ** 2 for part in parts])
    equal = np.logical_and.reduce([part == parts[0] for part in parts])
    out[WEEK - 1 :] = np.where(equal, 0.0, np.sqrt(squares / WEEK))
    return out


def hard_days(context: CheckContext) -> pd.Series:
    """Whether each of the 14 days up to the day was hard: 1 hard, 0 not, NaN not known.

    Hard is a run of RPE 7 or more, or with a load above the upper tercile of the 42 days before.
    """
    days = context.last(2 * WEEK)
    reach = pd.Timedelta(days=int(HARD_DAYS["window_days"]) + len(days))
    runs = context.runs[context.runs["date"] > context.as_of - reach]
    felt = (runs["rpe"] >= context.limit(HARD_DAYS)["rpe"]).astype("float64")
    either = pd.concat([felt.where(runs["rpe"].notna()), _top_third(runs)], axis=1).max(axis=1)
    unknown = either.isna().groupby(runs["date"]).any().reindex(days)
    hard = either.groupby(runs["date"]).max().reindex(days)
    hard = hard.mask((unknown == True) & (hard != 1))  # noqa: E712 - NaN is no run
    return hard.mask(context.daily.loc[days, "status"] == "rest", 0.0)


def hard_in_a_row(hard: pd.Series) -> int:
    """Hard days next to each other, up to the last day."""
    soft = np.flatnonzero((hard != 1).to_numpy())
    return len(hard) - 1 - int(soft.max(initial=-1))


def _top_third(runs: pd.DataFrame) -> pd.Series:
    """Whether each run lies above the upper tercile of those of the days before; NaN unknown."""
    out = pd.Series(np.nan, runs.index)
    known = (c for c in _HARD_LOADS if c in runs and 2 * runs[c].notna().sum() > len(runs))
    load = next((runs[c] for c in known), None)
    if load is None:
        return out
    window = pd.Timedelta(days=int(HARD_DAYS["window_days"]))
    for at, value, day in zip(runs.index, load, runs["date"], strict=True):
        before = load[(runs["date"] < day) & (runs["date"] >= day - window)].dropna()
        if len(before) >= HARD_DAYS["min_runs"] and value == value:
            out[at] = float(value > before.quantile(HARD_DAYS["share"]))
    return out


def evaluate_monotony(context: CheckContext) -> Finding:
    """Say how similar the seven days were; seven equal run days have no number and are flagged."""
    rule, today = context.limit(MONOTONY), context.as_of
    draft = Finding(
        "monotony",
        evidence=rule,
        limit=rule["limit"],
        unit="ratio",
        window=f"{WEEK} days",
        missing=context.missing(WEEK),
    )
    mean, sd = context.value("mean", today), context.value("sd", today)
    if mean != mean:
        return draft.unknown("unknown", f"Not all of these {WEEK} days are known.")
    if mean == 0:
        return draft.ok("none", "No run in these 7 days.")
    if sd == 0:
        message = f"All {WEEK} days were alike ({context.amount(mean)} each)."
        return draft.flagged("all_equal", message, date=today)
    value = context.value("monotony", today)
    message = f"Monotony of the {WEEK} days: {value:.2f}"
    strain = f"Strain {context.value('strain', today):.0f}."
    if context.flags["monotony"].iloc[-1] == 1:
        message += f", above {rule['limit']:.1f}: the days were very similar. {strain}"
        return draft.flagged("above", message, value=value, date=today)
    if value > rule["limit"]:
        message += "; only a rest day brought it above the limit"
    return draft.ok("none", f"{message}. {strain}", value=value)


def evaluate_rest(context: CheckContext) -> Finding:
    """Say how many of the seven days were without a run, and how many in a row were not.

    Unknown days could be run days: unknown unless known ones settle it.
    """
    rule = context.limit(REST_DAYS)
    fewest = int(rule["min_in_7"])
    status = context.daily["status"].loc[context.last(WEEK)]
    rested = int((status == "rest").sum())
    draft = Finding(
        "rest",
        evidence=rule,
        value=rested,
        limit=fewest,
        unit="d",
        window=f"{WEEK} days",
        missing=context.missing(WEEK),
    )
    if context.flags["too_few_rest_days"].iloc[-1] == 1:
        days = count_text(WEEK - int(context.value("run_days_7d", context.as_of)), "day")
        message = f"{days} without a run in these {WEEK}; the limit is {fewest}."
        return draft.flagged("below", message, date=context.as_of)
    found = _run_days_in_a_row(context, draft) or _hard_days_in_a_row(context, draft)
    if found:
        return found
    if rested >= fewest:
        return draft.ok("none", f"{count_text(rested, 'day')} without a run in these {WEEK}.")
    message = f"Only {count_text(len(status), 'day')} of these {WEEK} recorded, or some unknown."
    return draft.unknown("unknown", message)


def _run_days_in_a_row(context: CheckContext, draft: Finding) -> Finding | None:
    over = context.flagged("in_a_row", context.run_days)
    if not len(over):
        return None
    rule, n = context.limit(RUN_DAYS_IN_A_ROW), int(context.value("run_days_in_a_row", over[-1]))
    message = f"{n} days with a run in a row up to {day_text(over[-1])}."
    numbers = {"value": n, "limit": rule["max"], "date": over[-1]}
    return draft.flagged("in_a_row", message, evidence=rule, **numbers)


def _hard_days_in_a_row(context: CheckContext, draft: Finding) -> Finding | None:
    rule, hard = context.limit(HARD_DAYS), hard_days(context)
    for day in context.run_days[::-1]:
        n = hard_in_a_row(hard.loc[:day])
        if n > rule["max_in_a_row"]:
            message = f"{n} hard days in a row up to {day_text(day)}."
            numbers = {"value": n, "limit": rule["max_in_a_row"], "date": day}
            return draft.flagged("hard_days", message, evidence=rule, **numbers)
    return None


def bound(context: CheckContext) -> Bound:
    """No run at all where one more run day leaves too few without, or makes too many in a row."""
    others = context.last(WEEK)[:-1]
    ran = int((context.daily.loc[others, "runs"] > 0).sum())
    why = f"runs on {ran} of the 6 days before"
    if context.as_of in context.run_days:
        return Bound("rest", _NAN, False, why)
    fewest = int(context.limit(REST_DAYS)["min_in_7"])
    most = context.limit(RUN_DAYS_IN_A_ROW)["max"]
    in_a_row = int(context.value("run_days_in_a_row", others[-1])) if len(others) else 0
    if run_day_allowed(ran, in_a_row, fewest, most):
        return Bound("rest", _NAN, False, why)
    if not run_day_allowed(ran, 0, fewest, most):
        return Bound("rest", 0.0, False, f"{why}: one more leaves {WEEK - ran - 1} without a run")
    why = f"{in_a_row} days with a run in a row up to the day before"
    return Bound("rest", 0.0, False, why)


def _may_lack_rest(context: CheckContext) -> pd.DatetimeIndex:
    """Days with too few days off, or with a row of run days, maybe all hard, in the week."""
    many = context.values["run_days_in_a_row"] > context.limit(HARD_DAYS)["max_in_a_row"]
    in_a_row = np.asarray(many | (context.flags["in_a_row"] == 1), dtype=np.float64)[:, None]
    lately = sum_so_far(in_a_row, WEEK)[:, 0] > 0
    flagged = (context.flags["too_few_rest_days"] == 1).to_numpy()
    return pd.DatetimeIndex(context.daily.index[flagged | lately])


MONOTONY_RULE = Rule(
    "monotony",
    evaluate_monotony,
    evaluated_on="day",
    may_flag=flagged_days("monotony"),
    exact=True,
)
RULE = Rule("rest", evaluate_rest, evaluated_on="day", may_flag=_may_lack_rest)
