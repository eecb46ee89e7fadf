"""Seven days against the fullest seven of the own weeks before them, judged on days with a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

import numpy as np
import pandas as pd

from loadmon.evidence import PUBLISHED
from loadmon.evidence import limits as limits_evidence
from loadmon.evidence.limits import LAYOFF, WINDOWS
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
    sum_so_far,
    window_sum,
)
from loadmon.rules import return_to_run
from loadmon.rules.context import (
    WEEK,
    Bound,
    CheckContext,
    Finding,
    Rule,
    RunDays,
    States,
    days_since_return,
    extrapolated,
    flagged_days,
    not_flagged_text,
    rests_on_text,
    state,
)
from loadmon.rules.session_spike import DISTANCE_KM, beyond_ordinary, cut_down, outings_of
from loadmon.units import day_text, metric_of, more_text, unit_of

#: What this file compares with; it is read here, and nowhere else, each time.
WEEKLY_CHANGE = limits_evidence.WEEKLY_CHANGE
RAMP_RATE = limits_evidence.RAMP_RATE
OWN_HABIT = limits_evidence.OWN_HABIT

_NAN = float("nan")
#: Weeks before the 7 days whose fullest 7 may not be doubled.
_LAST_WEEKS = int(WINDOWS["chronic"]) // WEEK


def values(days: RunDays, own: Mapping[str, float] = PUBLISHED) -> dict[str, Floats]:
    """Seven days of every day, and what they are compared with. [unit of the load]

    Weeks with fewer than four run days are no base, their fullest is 0: a few jogs in a lay-off
    must not leave less than none.

    ``change`` is NaN over 0; ``max_7d_own``: the largest load of any 7 days that end from 7 to 84
    days before the day, of those that are known; ``max_7d_4_weeks``: from 7 to 28 days before;
    ``own_known`` and ``four_known``: 1 where all days of these weeks are; ``left_7d``: what a
    return on the first of the seven days would begin with, by the running before it, where the
    seven are more than those weeks allow for, else 0.
    """
    sums = window_sum(days.load, WEEK)
    before = shifted(sums, WEEK)
    largest, known = _max_of_weeks_before(sums, int(OWN_HABIT["weeks"]))
    of_four, four_known = _max_of_weeks_before(sums, _LAST_WEEKS)
    largest[_few_before(days.run_day, int(OWN_HABIT["weeks"]))] = 0.0
    of_four[_few_before(days.run_day, _LAST_WEEKS)] = 0.0
    known_days = ~np.isnan(days.load)
    full = return_to_run.RAMP_START["full_until_days"]
    out = {
        "sum_7d": sums,
        "before_7d": before,
        "change": quotient(sums, before),
        "max_7d_own": largest,
        "max_7d_4_weeks": of_four,
        "own_known": known,
        "four_known": four_known,
        "days_since_return": days_since_return(days.run_day, known_days, full),
        "days_since_lay_off": days_since_return(
            days.run_day, known_days, LAYOFF["returning_from_days"]
        ),
        "left_7d": np.zeros(sums.shape),
    }
    for day, runner in np.argwhere(is_new(out, own) & days.ran):
        out["left_7d"][day, runner] = _left(days, int(runner), int(day) - WEEK + 1)
    return out


def _left(days: RunDays, runner: int, begin: int) -> float:
    """Most in seven days from a day on that the running before it leaves, small as that may be."""
    nothing = np.zeros(len(days.load))
    walk_km, other_min = (
        nothing if x is False else x[:, runner] for x in (days.walk_km, days.other_min)
    )
    earlier = return_to_run.weeks_of(
        days.load[:, runner], days.run_day[:, runner], walk_km, other_min
    )
    return max(earlier.most_left(begin), small_week() if days.is_km else 0.0)


def small_week() -> float:
    """Seven days that are little for anybody: what a beginner may start with. [km]"""
    return return_to_run.RAMP_NOVICE["first_week_km"]


def _forming_days() -> int:
    """Days of a log that it takes: the seven, and weeks enough before them to say what is usual."""
    return WEEK * (int(OWN_HABIT["min_weeks"]) + 1)


def usual_week(days: RunDays) -> dict[str, Floats]:
    """Median of the runner's own twelve sevens before the seven days: ``usual_7d``.

    NaN unless all 91 days are known and hold no 14 days in a row without load: a lay-off is not
    usual.
    """
    x, weeks = days.load, int(OWN_HABIT["weeks"])
    sums, span = window_sum(x, WEEK), WEEK * (weeks + 1)
    middle = np.full(x.shape, np.nan)
    if len(x) >= span:
        lags = range(WEEK, span, WEEK)
        before = np.stack([sums[span - 1 - lag : len(x) - lag] for lag in lags])
        middle[span - 1 :] = np.median(before, axis=0)
    off = int(LAYOFF["returning_from_days"])
    laid_off = (window_sum((x == 0).astype(float), off) == off).astype(float)
    middle[window_sum(laid_off, span - off + 1) > 0] = np.nan
    return {"usual_7d": middle}


def flags(
    days: RunDays, found: Mapping[str, Floats], own: Mapping[str, float] = PUBLISHED
) -> dict[str, States]:
    """Seven days that are a change from the own weeks before, on days with a run.

    The fullest 7 days of those weeks, as 7 that end on a run day hold one run more where runs are
    days apart, and a usual week after an easier one is no growth. Not before the two weeks lie
    after a lay-off. An unknown day could only make the fullest fuller: it leaves a flag unknown,
    unless known weeks are doubled.
    """
    sums, largest = found["sum_7d"], found["max_7d_own"]
    settled = comparable(found["days_since_lay_off"]) & ~np.isnan(sums) & (largest > 0)
    settled[: _forming_days() - 1] = False
    grown = is_new(found, own)
    doubled = above(sums, WEEKLY_CHANGE.with_own(own)["doubled"] * found["max_7d_4_weeks"])
    sure = (found["own_known"] > 0) | (doubled & (found["four_known"] > 0))
    compared = settled & (~grown | sure)
    unknown = np.isnan(days.load) | (days.ran & ~compared)
    return {"weekly_change": state(days.ran & compared & grown, unknown)}


def is_new(found: Mapping[str, Floats], own: Mapping[str, float] = PUBLISHED) -> Marks:
    """Whether 7 days hold more than the own weeks before them allow for; False where unknown."""
    largest, of_four, left = found["max_7d_own"], found["max_7d_4_weeks"], found["left_7d"]
    return above(found["sum_7d"], most_in_7(largest, of_four, left, own))


def most_in_7(
    largest: Floats, of_four: Floats, left: Floats, own: Mapping[str, float] = PUBLISHED
) -> Floats:
    """Most in 7 days that is no flag, by the fullest 7 of the own weeks and of the last four.

    `left`: what a return would begin with, had nothing been run in between. So a few short runs
    leave no less than none.
    """
    rule = WEEKLY_CHANGE.with_own(own)
    # With next to nothing run in the four weeks, there is nothing to double.
    doubled = np.where(of_four > 0, rule["doubled"] * of_four, np.inf)
    out: Floats = np.maximum(np.minimum(rule["limit"] * largest, doubled), left)
    return out


def new_after(
    km: Sequence[float], ran: Sequence[bool], earlier: return_to_run.EarlierWeeks
) -> float:
    """Most in the 7 days that end on the day after some days that is not new, as `is_new` has it.

    `ran`: which of them were run days; `earlier`: those before a plan. Infinite where fewer than
    two weeks are recorded. [km]
    """
    return _most_after(km, ran, earlier)[0]


def most_in_7_after(
    km: Sequence[float], ran: Sequence[bool], earlier: return_to_run.EarlierWeeks
) -> float:
    """Most in the 7 days that end on the day after some days, as `flags` has it. [km]

    `ran` and `earlier` as in `new_after`. Infinite where nothing is compared: before enough weeks
    are recorded, or with next to nothing in them.
    """
    if len(km) + 1 < _forming_days():
        return float("inf")
    most, largest = _most_after(km, ran, earlier)
    return most if largest > 0 else float("inf")


def _most_after(
    km: Sequence[float], ran: Sequence[bool], earlier: return_to_run.EarlierWeeks
) -> tuple[float, float]:
    """Most in 7 days on the day after some days, and the fullest seven of the own weeks before."""
    n, weeks = len(km), WEEK * int(OWN_HABIT["weeks"])
    if n + 1 < 2 * WEEK:
        return float("inf"), _NAN
    total = [0.0, *accumulate(km[max(0, n - weeks - WEEK) :])]
    ends = range(WEEK, len(total) - WEEK + 1)
    sums = [total[i] - total[i - WEEK] for i in ends][-(weeks - WEEK + 1) :]
    before, least = ran[max(0, n + 1 - WEEK - weeks) : n + 1 - WEEK], OWN_HABIT["min_run_days"]
    few = [sum(before[-days:]) < least for days in (weeks, WEEK * _LAST_WEEKS)]
    largest = 0.0 if few[0] else max(sums)
    of_four = 0.0 if few[1] else max(sums[-(WEEK * (_LAST_WEEKS - 1) + 1) :])
    left = max(small_week(), earlier.most_left(n + 1 - WEEK))
    return float(most_in_7(np.array(largest), np.array(of_four), np.array(left))), largest


def exceeds(sums: Floats, before: Floats, own: Mapping[str, float] = PUBLISHED) -> Marks:
    """Whether loads are more than the limit over those before them."""
    return above(sums, WEEKLY_CHANGE.with_own(own)["limit"] * before)


def comparable(since_lay_off: Floats) -> Marks:
    """Whether the 7 days and the 7 before them hold no day of a lay-off before a return."""
    out: Marks = since_lay_off >= 2 * WEEK - 1
    return out


def _max_of_weeks_before(sums: Floats, weeks: int) -> tuple[Floats, Floats]:
    """Largest known of the sums that end in some weeks before, from 7 days on; whether all are.

    Windows that begin before the first day are none; NaN where there is none.
    """
    ends = WEEK * (weeks - 1) + 1
    some = np.where(np.isnan(sums), -np.inf, sums)
    largest = shifted(max_before(some, ends, -np.inf), WEEK - 1)
    unknown = np.isnan(sums)
    unknown[: WEEK - 1] = False
    missing = shifted(max_before(unknown.astype(float), ends), WEEK - 1)
    return np.where(np.isneginf(largest), np.nan, largest), (missing == 0).astype(float)


def _few_before(run_day: Marks, weeks: int) -> Marks:
    """Whether the days of the windows of so many weeks before hold fewer than four run days."""
    ran = sum_so_far(run_day.astype(float), WEEK * weeks)
    out: Marks = ~(shifted(ran, WEEK) >= OWN_HABIT["min_run_days"])
    return out


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
    """Compare seven days with the own weeks before, on the last run day of the judged ones.

    Flagged ``above`` the own twelve weeks, ``doubled`` after the last four, or ``steep`` (ramp
    rate).
    """
    days = context.decided
    found = context.values.loc[days]
    rule = extrapolated(context.limit(WEEKLY_CHANGE), context.load)
    draft = Finding(
        "weekly_change",
        evidence=rule,
        limit=rule["limit"],
        unit="ratio",
        window="7 days against the fullest 7 of the weeks before, on the last day with a run",
        missing=context.missing(WEEK * (int(OWN_HABIT["weeks"]) + 1)),
    )
    base = found["max_7d_own"]
    if (base > 0).any():
        value = found["sum_7d"].iloc[0] / base.iloc[0]
        draft = replace(draft, value=value, date=days[0])
    if len(context.flagged("weekly_change", days)):
        return _change(context, days[0], draft)
    if len(days) and days[0] in steep_days(context):
        return _steep(context, days[0], draft)
    if context.week_known and context.run_days.empty:
        return draft.ok("none", "No run in these 7 days.")
    if not context.week_known or days.empty or base.isna().any():
        least = _forming_days()
        message = f"Not all days are known: it needs these 7, and {least} up to the last run."
        return draft.unknown("unknown", message)
    if not comparable(found["days_since_lay_off"].to_numpy()).all():
        message = "The comparison period includes a lay-off; the return check looks at these runs."
        return draft.unknown("returning", message)
    if (base == 0).any():
        least = int(OWN_HABIT["min_run_days"])
        message = f"Fewer than {least} run days in the weeks before these 7: nothing to compare."
        return draft.unknown("returning", message)
    if (days[0] - context.daily.index[0]).days < _forming_days() - 1:
        least = _forming_days()
        message = f"It needs {least} recorded days up to the last run to say what is usual."
        return draft.unknown("forming", message)
    if len(days[(context.flags.loc[days, "weekly_change"] < 0).to_numpy()]):
        message = "Some days of the weeks before are unknown; they may have held as much."
        return draft.unknown("unknown", message)
    return draft.ok("none", _grown(context, days[0], "max_7d_own"))


def _change(context: CheckContext, day: pd.Timestamp, draft: Finding) -> Finding:
    """Say which of the two limits is passed: that of twelve weeks, else the double of four."""
    own, four, left = (
        context.value(name, day) for name in ("max_7d_own", "max_7d_4_weeks", "left_7d")
    )
    limits = context.athlete.limits
    most = float(most_in_7(np.array(own), np.array(four), np.array(left), limits))
    if exceeds(np.array(context.value("sum_7d", day)), np.array(own), limits):
        return _flagged(context, day, draft, "above", _grown(context, day, "max_7d_own"), most)
    rule = context.limit(WEEKLY_CHANGE)
    value = context.value("sum_7d", day) / four
    draft = replace(draft, limit=rule["doubled"], value=value)
    message = _grown(context, day, "max_7d_4_weeks")
    return _flagged(context, day, draft, "doubled", message, most)


def _flagged(
    context: CheckContext, day: pd.Timestamp, draft: Finding, level: str, message: str, most: float
) -> Finding:
    """Flag seven days of which `most` would not have been flagged."""
    sums, ran = context.value("sum_7d", day), float(context.daily["load"].loc[[day]].iloc[0])
    room = max(0.0, most - (sums - ran))
    text = f"{message} {not_flagged_text(context.amount(room), day_text(day))}"
    if room == 0:
        text = f"{message} Without a run on {day_text(day)} it would not have been raised."
    text += rests_on_text(_one_file(context, day, sums, most))
    return draft.flagged(level, text, not_flagged_up_to=room)


def _one_file(context: CheckContext, day: pd.Timestamp, sums: float, most: float) -> str:
    """File of the largest run of the seven days if they would not be flagged without it."""
    since = day - (WEEK - 1) * pd.Timedelta(days=1)
    runs = context.runs[context.runs["date"].between(since, day)]
    load = runs[context.load].to_numpy(dtype=float, na_value=np.nan)
    if not len(load) or np.isnan(load).all() or above(sums - np.nanmax(load), most):
        return ""
    return context.file_of(str(runs["activity_id"].iloc[int(np.nanargmax(load))]))


_WHICH = {"max_7d_own": "weeks before", "max_7d_4_weeks": "four weeks before"}


def _grown(context: CheckContext, day: pd.Timestamp, than: str) -> str:
    """Seven days beside those before them, and the usual week where there is one."""
    now, usual = context.value("sum_7d", day), context.value("usual_7d", day)
    before = context.value(than, day)
    plain = reaches(context.value("before_7d", day), before)
    which = "7 before" if plain else f"fullest 7 of the {_WHICH[than]}"
    ratio = now / before
    more = "" if ratio <= 1 else f" ({more_text(ratio)}{' more' if ratio < 2 else ' as much'})"
    known = f"; usual is {context.amount(usual)}" if usual == usual else ""
    text = f"{context.amount(now)} in the 7 days to {day_text(day)}, after {context.amount(before)}"
    return f"{text} in the {which}{more}{known}."


def _steep(context: CheckContext, day: pd.Timestamp, draft: Finding) -> Finding:
    rule = context.limit(RAMP_RATE)
    rate = float(ramp_rates(context).loc[[day]].iloc[0])
    text = f"Mean load of six weeks up by {rate:.1f} in the 7 days to {day_text(day)}."
    draft = replace(draft, evidence=rule, limit=rule["limit"], unit=unit_of(context.load))
    return draft.flagged("steep", text, value=rate, date=day, window="7 days")


def bound(context: CheckContext) -> Bound:
    """Least of what the weeks before and the ramp rate leave.

    Without the events of those weeks (`session_spike.base_outings`). A missing day among them could
    only make it more: it is known from below. One among these seven counts as the fullest day of
    the four weeks before them; silence says nothing.
    """
    load = context.daily["load"].copy()
    these = load.iloc[-WEEK:]
    missing = these.index[these.isna()]
    if len(missing) and (context.daily.loc[missing, "status"] == "silent").any():
        return Bound("weekly_change", _NAN, True, "not all of these 7 days are known")
    if len(missing):
        fullest = load.iloc[-int(WINDOWS["chronic"]) - WEEK :].max()
        if np.isnan(fullest):
            return Bound("weekly_change", _NAN, True, "no day of the last weeks is known")
        load[missing] = fullest
    more = load.copy()
    more.iloc[-1] += 1.0  # numbers of the day as they would be with a run on it, however short
    now = float(load.iloc[-WEEK:].sum())
    steep = _bound_of_rate(context, more)
    largest, of_four, known, earlier = _before_without_events(context)
    if len(load) < _forming_days() or np.isnan(largest):
        why = f"fewer than {_forming_days()} days are recorded"
        return steep or Bound("weekly_change", _NAN, False, why)
    if largest == 0:
        why = f"fewer than {OWN_HABIT['min_run_days']:g} run days in the weeks before these 7"
        return steep or Bound("weekly_change", _NAN, False, why)
    x, ran = more.to_numpy()[:, None], context.daily["run_day"].to_numpy(copy=True)[:, None]
    lately = x[-int(LAYOFF["returning_from_days"]) - 1 : -1, 0]
    ran[-1] = not (lately > 0).any() or ran[-len(lately) - 1 : -1].any()  # one more jog is none
    since = days_since_return(ran, ~np.isnan(x), LAYOFF["returning_from_days"])
    if not comparable(since)[-1, 0]:
        why = "the comparison period includes a lay-off"
        return steep or Bound("weekly_change", _NAN, False, why)
    limits, begin = context.athlete.limits, len(load) - WEEK
    weeks = np.array(largest), np.array(of_four)
    left = max(small_week(), earlier.most_left(begin))
    most, by_weeks = (float(most_in_7(*weeks, np.array(x), limits)) for x in (left, 0.0))
    why = f"{context.km(now)} in these 7 days so far, "
    if most > by_weeks:
        why += f"{context.km(left)} is what a return would begin with"
    elif reaches(most, context.limit(WEEKLY_CHANGE)["limit"] * largest):
        why += f"{context.km(largest)} in the fullest 7 of the weeks before"
    else:
        why += f"{context.km(of_four)} in the fullest 7 of the four weeks before"
    grown = Bound("weekly_change", max(0.0, most - now), not known or len(missing) > 0, why)
    return min((grown, steep or grown), key=lambda b: b.distance_km)


def _before_without_events(
    context: CheckContext,
) -> tuple[float, float, bool, return_to_run.EarlierWeeks]:
    """Fullest 7 days of the own weeks and of the last four, without events; whether all are known.

    An event counts as the longest outing that is none, until something like it is run again. Beside
    them the run days that they come from.
    """
    load = context.daily["load"].copy()
    if context.load == DISTANCE_KM:
        diary = context.athlete.diary
        beyond = beyond_ordinary(outings_of(context), diary, context.as_of)
        load = pd.Series(cut_down(load.to_numpy(), load.index, beyond), load.index)
    sums = window_sum(load.to_numpy()[:, None], WEEK)
    largest, known = _max_of_weeks_before(sums, int(OWN_HABIT["weeks"]))
    of_four, _ = _max_of_weeks_before(sums, _LAST_WEEKS)
    ran = context.daily["run_day"].to_numpy(dtype=bool)[:, None]
    largest[_few_before(ran, int(OWN_HABIT["weeks"]))] = 0.0
    of_four[_few_before(ran, _LAST_WEEKS)] = 0.0
    moved = (context.daily[c].to_numpy(dtype=float) for c in ("walk_km", "other_min"))
    earlier = return_to_run.weeks_of(load.to_numpy(), ran[:, 0], *moved)
    return float(largest[-1, 0]), float(of_four[-1, 0]), bool(known[-1, 0]), earlier


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
    return flagged_days("weekly_change")(context).union(steep_days(context))


RULE = Rule("weekly_change", evaluate, evaluated_on="run", may_flag=_flagged_or_steep, exact=True)
