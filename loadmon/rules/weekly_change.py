"""Seven days against those before them, and against the usual week, judged on days with a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from loadmon.evidence import PUBLISHED
from loadmon.evidence import limits as limits_evidence
from loadmon.evidence.limits import LAYOFF
from loadmon.evidence.loads import FITNESS_LINES, STRESS
from loadmon.ratio import (
    Floats,
    Marks,
    above,
    fitness,
    max_before,
    quotient,
    reaches,
    shifted,
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
    extrapolated,
    flagged_days,
    state,
)
from loadmon.rules.return_to_run import days_since_return
from loadmon.units import day_text, metric_of, more_text, unit_of

#: What this file compares with; it is read here, and nowhere else, each time.
WEEKLY_CHANGE = limits_evidence.WEEKLY_CHANGE
UNUSUAL_WEEK = limits_evidence.UNUSUAL_WEEK
RAMP_RATE = limits_evidence.RAMP_RATE

_NAN = float("nan")


def values(days: RunDays) -> dict[str, Floats]:
    """Seven days of every day, and what they are compared with. [unit of the load]

    ``change`` is NaN over 0; ``max_7d_week_before``: the largest load of any 7 days that end from 7
    to 13 days before the day.
    """
    sums = window_sum(days.load, WEEK)
    before = shifted(sums, WEEK)
    return {
        "sum_7d": sums,
        "before_7d": before,
        "change": quotient(sums, before),
        "max_7d_week_before": _max_of_week_before(sums),
        "days_since_return": days_since_return(days.load),
    }


def usual_week(days: RunDays) -> dict[str, Floats]:
    """Seven days against the median of the runner's own twelve sevens before them.

    ``z``: 0.6745 times the distance from it over the median absolute deviation. All are NaN unless
    all 91 days are known and hold no 14 days in a row without load: a lay-off is not usual.
    """
    x, weeks = days.load, int(UNUSUAL_WEEK["weeks"])
    sums, span = window_sum(x, WEEK), WEEK * (weeks + 1)
    middle, mad, largest = (np.full(x.shape, np.nan) for _ in range(3))
    if len(x) >= span:
        lags = range(WEEK, span, WEEK)
        before = np.stack([sums[span - 1 - lag : len(x) - lag] for lag in lags])
        middle[span - 1 :] = np.median(before, axis=0)
        mad[span - 1 :] = np.median(np.abs(before - middle[span - 1 :]), axis=0)
        ends = span - 2 * WEEK + 1  # of the sevens that lie within the 84 days
        largest[span - 1 :] = shifted(max_before(sums, ends), WEEK - 1)[span - 1 :]
    off = int(LAYOFF["returning_from_days"])
    laid_off = (window_sum((x == 0).astype(float), off) == off).astype(float)
    broken = window_sum(laid_off, span - off + 1) > 0
    for column in (middle, mad, largest):
        column[broken] = np.nan
    z = quotient(UNUSUAL_WEEK["scale"] * (sums - middle), mad)
    return {"baseline": middle, "mad": mad, "max_7d_12_weeks": largest, "z": z}


def flags(
    days: RunDays, found: Mapping[str, Floats], own: Mapping[str, float] = PUBLISHED
) -> dict[str, States]:
    """More than the limit over the fullest seven days of the week before, on days with a run.

    The fullest, as 7 days that end on a run day hold one run more where runs are days apart, and a
    week after an easy one is no growth. Not before both weeks lie after a lay-off.
    """
    before, sums = found["max_7d_week_before"], found["sum_7d"]
    compared = (before > 0) & comparable(found["days_since_return"]) & ~np.isnan(sums)
    grown = exceeds(sums, before, own)
    unknown = np.isnan(days.load) | (days.ran & ~compared)
    return {"weekly_change": state(days.ran & compared & grown, unknown)}


def exceeds(sums: Floats, before: Floats, own: Mapping[str, float] = PUBLISHED) -> Marks:
    """Whether loads are more than the limit over those before them."""
    return above(sums, WEEKLY_CHANGE.with_own(own)["limit"] * before)


def flags_of_usual_week(
    days: RunDays, found: Mapping[str, Floats], own: Mapping[str, float] = PUBLISHED
) -> dict[str, States]:
    """Far above the usual week, by the weekly change too, as a very even runner deviates little."""
    rule, more = UNUSUAL_WEEK.with_own(own), WEEKLY_CHANGE.with_own(own)["limit"]
    sums, usual = found["sum_7d"], found["baseline"]
    far = above(rule["scale"] * (sums - usual), rule["z"] * found["mad"])
    further = above(sums, np.maximum(more * usual, found["max_7d_12_weeks"]))
    unusual = days.ran & far & (usual > 0) & further
    return {"unusual_week": state(unusual, np.isnan(days.load) | (days.ran & np.isnan(usual)))}


def comparable(since_return: Floats) -> Marks:
    """Whether the 7 days and the 7 before them hold no day of a lay-off before a return."""
    out: Marks = since_return >= 2 * WEEK - 1
    return out


def _max_of_week_before(sums: Floats) -> Floats:
    """Largest of the sums that end from 7 to 13 days before; NaN where one of them is unknown."""
    ends = sums.copy()
    ends[: WEEK - 1] = -np.inf  # windows that begin before the first day are none
    largest = shifted(max_before(ends, WEEK, -np.inf), WEEK - 1)
    return np.where(np.isneginf(largest), np.nan, largest)


def ramp_rates(context: CheckContext, load: pd.Series | None = None) -> pd.Series:
    """Ramp rate of every day on which it has a limit and is settled, else NaN.

    It has one for loads of which 100 points are an hour at threshold, or where the runner set it;
    it is not settled in the six weeks in which the mean still rises from 0.
    """
    by_points = STRESS in metric_of(context.load).evidence
    if not by_points and context.limit(RAMP_RATE).checked != "own":
        return pd.Series(np.nan, context.daily.index)
    found = fitness(context.daily["load"] if load is None else load)
    days = int(FITNESS_LINES["fitness_days"])
    settled = found["ctl"].notna().rolling(days).sum() == days
    return found["ramp_rate"].where(settled)


def steep_days(context: CheckContext) -> pd.DatetimeIndex:
    """Days with a run on which the ramp rate is above its limit."""
    steep = above(ramp_rates(context), context.limit(RAMP_RATE)["limit"])
    return pd.DatetimeIndex(context.daily.index)[steep & (context.daily["runs"] > 0).to_numpy()]


def evaluate(context: CheckContext) -> Finding:
    """Compare seven days with those before them, on the last run day of the judged ones.

    Flagged ``above`` the week before, ``unusual`` for the twelve weeks, or ``steep`` (ramp rate).
    """
    days = context.decided
    found = context.values.loc[days]
    rule = extrapolated(context.limit(WEEKLY_CHANGE), context.load)
    draft = Finding(
        "weekly_change",
        evidence=rule,
        limit=rule["limit"],
        unit="ratio",
        window="7 days against those that ended in the week before, on the last day with a run",
        missing=context.missing(3 * WEEK - 1),
    )
    base = _compared_with(found)
    if (base > 0).any():
        value = found["sum_7d"].iloc[0] / base.iloc[0]
        draft = replace(draft, value=value, date=days[0])
    if len(context.flagged("weekly_change", days)):
        return draft.flagged("above", _grown(context, days[0]))
    if len(context.flagged("unusual_week", days)):
        return _unusual(context, days[0], draft)
    if len(days) and days[0] in steep_days(context):
        return _steep(context, days[0], draft)
    if context.week_known and context.run_days.empty:
        return draft.ok("none", "No run in these 7 days.")
    unsure = found["max_7d_week_before"].isna() & above(found["sum_7d"], rule["limit"] * base)
    if not context.week_known or days.empty or base.isna().any() or unsure.any():
        message = "Not all days are known: it needs these 7, and 14 to 20 up to the last run."
        return draft.unknown("unknown", message)
    if not comparable(found["days_since_return"].to_numpy()).all() or (base == 0).any():
        message = "The comparison period includes a lay-off; the return check looks at these runs."
        return draft.unknown("returning", message)
    return draft.ok("none", _grown(context, days[0]))


def _compared_with(found: pd.DataFrame) -> pd.Series:
    """What seven days are compared with; unknown days could make it more, but never less."""
    return found["max_7d_week_before"].fillna(found["before_7d"])


def _grown(context: CheckContext, day: pd.Timestamp) -> str:
    """Seven days beside those before them, and the usual week where there is one."""
    now, usual = context.value("sum_7d", day), context.value("baseline", day)
    before = float(_compared_with(context.values.loc[[day]]).iloc[0])
    plain = reaches(context.value("before_7d", day), before)
    which = "7 before" if plain else "fullest 7 of the week before"
    ratio = now / before
    more = "" if ratio <= 1 else f" ({more_text(ratio)}{' more' if ratio < 2 else ' as much'})"
    known = f"; usual is {context.amount(usual)}" if usual == usual else ""
    text = f"{context.amount(now)} in the 7 days to {day_text(day)}, after {context.amount(before)}"
    return f"{text} in the {which}{more}{known}."


def _unusual(context: CheckContext, day: pd.Timestamp, draft: Finding) -> Finding:
    rule = context.limit(UNUSUAL_WEEK)
    now, usual, mad, z = (context.value(k, day) for k in ("sum_7d", "baseline", "mad", "z"))
    text = (
        f"{context.amount(now)} in the 7 days to {day_text(day)}; the usual week of the "
        f"{rule['weeks']:.0f} before is {context.amount(usual)}, half of them within "
        f"{context.amount(mad)} of it."
    )
    window = f"7 days against the {rule['weeks']:.0f} sevens before"
    draft = replace(draft, evidence=rule, limit=rule["z"], window=window)
    return draft.flagged("unusual", text, value=z, date=day)


def _steep(context: CheckContext, day: pd.Timestamp, draft: Finding) -> Finding:
    rule = context.limit(RAMP_RATE)
    rate = float(ramp_rates(context).loc[[day]].iloc[0])
    text = f"Mean load of six weeks up by {rate:.1f} in the 7 days to {day_text(day)}."
    draft = replace(draft, evidence=rule, limit=rule["limit"], unit=unit_of(context.load))
    return draft.flagged("steep", text, value=rate, date=day, window="7 days")


def bound(context: CheckContext) -> Bound:
    """Least of what the week before, the usual week and the ramp rate leave."""
    days = context.daily.index[-1:]
    before = float(_compared_with(context.values.loc[days]).iloc[0])
    if context.daily["load"].iloc[-2 * WEEK :].isna().any():
        return Bound("weekly_change", _NAN, True, "not all of the last 14 days are known")
    load = context.daily["load"].copy()
    load.iloc[-1] += 1.0  # numbers of the day as they would be with a run on it, however short
    x = load.to_numpy()[:, None]
    now = context.value("sum_7d", days[0])
    others = [
        b for b in (_bound_of_usual_week(context, x, now), _bound_of_rate(context, load)) if b
    ]
    least = min(others, key=lambda b: b.distance_km, default=None)
    if np.isnan(before):
        return least or Bound("weekly_change", _NAN, False, "fewer than 14 days are recorded")
    if before == 0:
        return least or Bound("weekly_change", _NAN, False, "no run in the 7 days before these 7")
    if not comparable(days_since_return(x))[-1, 0]:
        why = "the comparison period includes a lay-off"
        return least or Bound("weekly_change", _NAN, False, why)
    km = max(0.0, context.limit(WEEKLY_CHANGE)["limit"] * before - now)
    so_far, which = f"{context.km(now)} in these 7 days so far", "fullest 7 of the week before"
    grown = Bound("weekly_change", km, False, f"{so_far}, {context.km(before)} in the {which}")
    return min((grown, least or grown), key=lambda b: b.distance_km)


def _bound_of_usual_week(context: CheckContext, x: Floats, now: float) -> Bound | None:
    """Distance that makes this week unusual for the runner; None where no usual week is known."""
    rule = context.limit(UNUSUAL_WEEK)
    recent = x[-WEEK * (int(rule["weeks"]) + 1) :]
    nothing = np.zeros(recent.shape, dtype=np.int64)
    found = usual_week(RunDays(recent, nothing, recent, nothing == 0))
    usual, mad, largest = (found[k][-1, 0] for k in ("baseline", "mad", "max_7d_12_weeks"))
    if not usual > 0:
        return None
    far = usual + rule["z"] * mad / rule["scale"]
    more = context.limit(WEEKLY_CHANGE)["limit"] * usual
    km = max(0.0, float(max(far, more, largest)) - now)
    why = f"{context.km(now)} in these 7 days so far, usual is {context.km(usual)}"
    return Bound("weekly_change", km, False, why)


def _bound_of_rate(context: CheckContext, load: pd.Series) -> Bound | None:
    """Distance at which the ramp rate reaches its limit; None where it has none or is not known."""
    rate = float(ramp_rates(context).iloc[-1])
    risen = float(ramp_rates(context, load).iloc[-1])
    if np.isnan(risen):
        return None
    km = max(0.0, (context.limit(RAMP_RATE)["limit"] - rate) / (risen - rate))
    why = f"mean load of six weeks up by {rate:.1f} in 7 days so far"
    return Bound("weekly_change", km, False, why)


def _flagged_or_steep(context: CheckContext) -> pd.DatetimeIndex:
    return flagged_days("weekly_change", "unusual_week")(context).union(steep_days(context))


RULE = Rule("weekly_change", evaluate, evaluated_on="run", may_flag=_flagged_or_steep, exact=True)
