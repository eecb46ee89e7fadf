"""How the seven days are spread: monotony, days without a run, run days and hard days in a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.daily import below_run_day_km, places
from loadmon.evidence import PUBLISHED, Evidence
from loadmon.evidence import limits as limits_evidence
from loadmon.ratio import (
    Floats,
    above,
    daily_values,
    last_marked,
    max_before,
    quotient,
    shifted,
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
OWN_HABIT = limits_evidence.OWN_HABIT

#: Loads that say how hard a run was; distance says how far it was.
_HARD_LOADS = ("trimp", "hr_stress", "edwards", "srpe")
Days = npt.NDArray[np.datetime64]
_NAN = float("nan")
_ONE = pd.Timedelta(days=1)
#: Monotony of days that are all equal, above any other.
_ALL_EQUAL = 1e300
_NO_HABIT = "too few weeks are recorded to say whether that is usual for you"


def values(days: RunDays) -> dict[str, Floats]:
    """Spread of the seven days that end on each day, and the most of the own weeks before them.

    ``sd`` has the divisor 7; with 6 monotony would be 7 % smaller. NaN where a day is unknown, and
    for monotony and strain where all seven are equal. ``habit_`` is the most of the 7 days that
    end from 7 to 84 days before; infinite before four weeks of them are recorded. Of a row of run
    days at most seven count: the seven days say the rest.
    """
    total, ran = window_sum(days.load, WEEK), days.run_day
    mean = total / WEEK
    sd = _deviation(days.load, mean)
    place = np.arange(len(ran), dtype=float)[:, None]
    monotony = quotient(mean, sd)
    run_days = sum_so_far(ran.astype(float), WEEK)
    in_a_row = place - np.maximum(last_marked(~ran), -1)
    alike = np.where((sd == 0) & (mean > 0), _ALL_EQUAL, monotony)
    return {
        "mean": mean,
        "sd": sd,
        "monotony": monotony,
        "strain": total * monotony,
        "alike": alike,
        "run_days_7d": run_days,
        "run_days_in_a_row": in_a_row,
        "habit_monotony": _habit(np.nan_to_num(alike)),
        "habit_run_days": _habit(run_days),
        "habit_in_a_row": _habit(np.minimum(in_a_row, WEEK)),
    }


def _habit(x: Floats) -> Floats:
    """Most of what ended from 7 days to 12 weeks before each day."""
    weeks = int(OWN_HABIT["weeks"])
    out = shifted(max_before(x, WEEK * (weeks - 1) + 1), WEEK - 1)
    out[: WEEK * (int(OWN_HABIT["min_weeks"]) + 1) - 1] = np.inf
    return out


def monotony(load: pd.Series) -> pd.DataFrame:
    """Mean, standard deviation, monotony and strain of a daily load, as `values` has them."""
    x = daily_values(load)[:, None]
    nothing = np.zeros(x.shape, dtype=np.int64)
    found = values(RunDays(x, nothing, nothing > 0, x, nothing == 0))
    names = ("mean", "sd", "monotony", "strain")
    return pd.DataFrame({name: found[name][:, 0] for name in names}, index=load.index)


def run_days_in_7(daily: pd.DataFrame) -> pd.Series:
    """Days with a run among the 7 that end on each day of a daily load, or as many as there are."""
    ran = daily["run_day"].to_numpy(dtype=np.float64)[:, None]
    return pd.Series(sum_so_far(ran, WEEK)[:, 0], index=daily.index)


def flags(
    days: RunDays, found: Mapping[str, Floats], own: Mapping[str, float] = PUBLISHED
) -> dict[str, States]:
    """Flags of similar days, of too few without a run, and of too many in a row, that are new.

    Unless the runner set the limit, monotony must be above it for the first time in the own weeks
    before, and run days more than one over the most of those. Before four such weeks are recorded
    nothing says what is usual, and beyond a limit it is unknown. A rest day keeps the flag of
    monotony of the day before, and does not raise a new one. ``rest`` joins ``too_few_rest_days``
    and ``in_a_row`` of the 7 days; known rest days settle it.
    """
    evenness, rest, row = (
        entry.with_own(own) for entry in (MONOTONY, REST_DAYS, RUN_DAYS_IN_A_ROW)
    )
    usual = {
        "monotony": _usual(found["habit_monotony"], evenness),
        "run_days": _usual(found["habit_run_days"], rest),
        "in_a_row": _usual(found["habit_in_a_row"], row),
    }
    alike = above(found["mean"], evenness["limit"] * found["sd"])
    new = alike & ~above(usual["monotony"], evenness["limit"])
    held = new & (last_marked(new & days.ran) > last_marked(~alike))
    most = WEEK - rest["min_in_7"]
    many = found["run_days_7d"] > np.maximum(most, usual["run_days"] + 1)
    rested = sum_so_far((~np.isnan(days.load) & ~days.run_day).astype(float), WEEK)
    could_be = WEEK - rested  # run days, if every unknown day was one
    unsure = (could_be > most) & ((could_be > usual["run_days"] + 1) | np.isinf(usual["run_days"]))
    long = found["run_days_in_a_row"] > row["max"]
    longer = long & (np.minimum(found["run_days_in_a_row"], WEEK) > usual["in_a_row"] + 1)
    lately = sum_so_far(longer.astype(float), WEEK) > 0
    no_habit = np.isinf(usual["monotony"]), np.isinf(usual["in_a_row"])
    return {
        "monotony": state(held, np.isnan(found["mean"]) | (alike & no_habit[0])),
        "rest": state(many | lately, unsure),
        "too_few_rest_days": state(many, unsure),
        "in_a_row": state(longer, np.isnan(days.load) | (long & no_habit[1])),
    }


def _usual(habit: Floats, limit: Evidence) -> Floats:
    """What the own weeks before held; nothing if the runner set the limit, which then counts."""
    return np.full_like(habit, -1.0) if limit.checked == "own" else habit


def run_day_allowed(others: float, in_a_row: float, fewest: float, most: float) -> bool:
    """Whether one more run day leaves rest days enough, and no row of run days that is too long.

    `others`: run days among the 6 days before; `in_a_row`: those up to the day before.
    """
    return others < WEEK - fewest and in_a_row < most


def habit_before(ran: Sequence[bool]) -> tuple[int, int]:
    """Most run days in 7, and in a row up to 7, of the own weeks before the day after some days.

    Of the 7 days that end from 7 days to 12 weeks before that day; 0 before that can be said.
    """
    n, weeks = len(ran), int(OWN_HABIT["weeks"])
    span = WEEK * (weeks - 1) + 1
    if n + 1 < WEEK * (int(OWN_HABIT["min_weeks"]) + 1):
        return 0, 0
    before = np.array(ran[max(0, n - WEEK * (weeks + 1)) :], dtype=bool)[:, None]
    ends = before[: len(before) - WEEK + 1]
    in_7 = sum_so_far(ends.astype(float), WEEK)[-span:]
    place = np.arange(len(ends), dtype=float)[:, None]
    row = place - np.maximum(last_marked(~ends), -1)
    return int(in_7.max(initial=0)), int(min(row[-span:].max(initial=0), WEEK))


def is_full(
    ran: Sequence[bool], most: int, usual_most: float, sure: Sequence[bool] | None = None
) -> bool:
    """Whether the run days so far leave none on the next day.

    At most `most` in 7 and in a row; where that is the `usual_most`, or what the own weeks held.
    `sure`: the days that make a habit, where some of the others are jogs.
    """
    day = len(ran)
    others = sum(ran[max(0, day - WEEK + 1) : day])
    if most != usual_most:
        return others >= most
    if others < most and not all(ran[max(0, day - most) : day]):
        return False
    habit, in_a_row = habit_before(ran if sure is None else sure)
    row = next((n for n in range(day) if not ran[day - 1 - n]), day)
    longest = float("inf") if in_a_row >= WEEK else max(most, in_a_row)
    return not run_day_allowed(others, row, WEEK - max(most, habit), longest)


def is_newly_alike(km: Sequence[float]) -> bool:
    """Whether the last 7 days are more alike than the limit, and none of the own weeks were. [km]

    Also where too few weeks are known to say what is usual.
    """
    limit, weeks = MONOTONY["limit"], int(OWN_HABIT["weeks"])
    x = np.array(km[-WEEK * (weeks + 2) :], dtype=float)[:, None]
    mean = window_sum(x, WEEK) / WEEK
    alike = above(mean, limit * _deviation(x, mean))[:, 0]
    if len(km) < WEEK * (int(OWN_HABIT["min_weeks"]) + 1):
        return bool(alike[-1])
    return bool(alike[-1] and not alike[-WEEK * weeks - 1 : -WEEK].any())


def _of_habit(rule: Evidence) -> str:
    return "" if rule.checked == "own" else ", more than in your weeks before"


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


def hard_days(context: CheckContext, n_days: int) -> pd.Series:
    """Whether each of some days up to the day was hard: 1 hard, 0 not, NaN not known.

    Hard is a run of RPE 7 or more, or with a load above the upper tercile of the 42 days before.
    """
    days = context.last(n_days)
    when = context.runs["date"].to_numpy()
    reach = pd.Timedelta(days=int(HARD_DAYS["window_days"]) + len(days))
    near = when > (context.as_of - reach).to_datetime64()
    numbers = {
        name: context.runs[name].to_numpy(dtype=float, na_value=np.nan)[near]
        for name in ("rpe", *(c for c in _HARD_LOADS if c in context.runs.columns))
    }
    rpe = numbers.pop("rpe")
    felt = np.where(np.isnan(rpe), np.nan, rpe >= context.limit(HARD_DAYS)["rpe"])
    either = np.fmax(felt, _top_third(numbers, when[near]))
    at = places(days, pd.DatetimeIndex(when[near]))
    at, either = at[at >= 0], either[at >= 0]
    hard, unknown = np.full(len(days), np.nan), np.zeros(len(days), dtype=bool)
    np.fmax.at(hard, at, either)
    unknown[at[np.isnan(either)]] = True
    hard[unknown & (hard != 1)] = np.nan
    hard[context.of_last("status", n_days) == "rest"] = 0.0
    return pd.Series(hard, days)


def hard_in_a_row(hard: pd.Series) -> int:
    """Hard days next to each other, up to the last day."""
    soft = np.flatnonzero((hard != 1).to_numpy())
    return len(hard) - 1 - int(soft.max(initial=-1))


def _top_third(loads: Mapping[str, Floats], days: Days) -> Floats:
    """Whether each run lies above the upper tercile of those of the days before; NaN unknown.

    By the first of the loads that is known of more than half of the runs.
    """
    known = (x for x in loads.values() if 2 * (~np.isnan(x)).sum() > len(x))
    load = next(known, None)
    return np.full(len(days), np.nan) if load is None else _above_tercile(load, days)


def _above_tercile(x: Floats, days: Days) -> Floats:
    """Whether each run lies above the upper tercile of a load of the runs before; NaN unknown."""
    out = np.full(len(x), np.nan)
    order = np.argsort(days, kind="stable")
    order = order[~np.isnan(x[order])]
    at, sizes = days[order], x[order]
    begin = np.searchsorted(at, at - np.timedelta64(int(HARD_DAYS["window_days"]), "D"), "left")
    end = np.searchsorted(at, at, "left")
    for place, a, b in zip(order.tolist(), begin.tolist(), end.tolist(), strict=True):
        if b - a >= HARD_DAYS["min_runs"]:
            out[place] = float(x[place] > np.percentile(sizes[a:b], 100.0 * HARD_DAYS["share"]))
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
    flag, value = context.flags["monotony"].iloc[-1], context.value("monotony", today)
    message = f"Monotony of the {WEEK} days: {value:.2f}"
    if sd == 0:
        message = f"All {WEEK} days were alike ({context.amount(mean)} each)"
    elif value > rule["limit"]:
        message += f", above {rule['limit']:.1f}: the days were very similar"
    strain = "" if sd == 0 else f" Strain {context.value('strain', today):.0f}."
    if flag == 1:
        message += f"{_of_habit(rule)}.{strain} One more day without a run lowers it."
        return draft.flagged("all_equal" if sd == 0 else "above", message, value=value, date=today)
    if flag < 0:
        return draft.unknown("forming", f"{message}; {_NO_HABIT}.{strain}", value=value)
    if sd == 0 or value > rule["limit"]:
        return draft.ok("usual", f"{message}, as in your weeks before.{strain}", value=value)
    return draft.ok("none", f"{message}.{strain}", value=value)


def evaluate_rest(context: CheckContext) -> Finding:
    """Say how many of the seven days were without a run, and how many in a row were not.

    Unknown days could be run days: unknown unless known ones settle it.
    """
    rule = context.limit(REST_DAYS)
    fewest = int(rule["min_in_7"])
    status = context.of_last("status", WEEK)
    known = (status == "rest") | (status == "run")
    rested = int((known & ~context.of_last("run_day", WEEK)).sum())
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
        ran = int(context.value("run_days_7d", context.as_of))
        off = count_text(WEEK - ran, "day")
        message = f"{off} without a run in these {WEEK}; the limit is {fewest}"
        if rule.checked != "own":
            most = int(context.value("habit_run_days", context.as_of))
            message += f", and {count_text(WEEK - most, 'day')} was the least of the weeks before"
        return draft.flagged("below", f"{message}.", date=context.as_of)
    found = _run_days_in_a_row(context, draft) or _hard_days_in_a_row(context, draft)
    if found:
        return found
    if rested >= fewest:
        return draft.ok("none", f"{count_text(rested, 'day')} without a run in these {WEEK}.")
    if context.flags["rest"].iloc[-1] == 0:
        off = count_text(rested, "day")
        return draft.ok("usual", f"{off} without a run in these {WEEK}, as in your weeks before.")
    ran = int(context.value("run_days_7d", context.as_of))
    if ran > WEEK - fewest:
        message = f"{count_text(WEEK - ran, 'day')} without a run in these {WEEK}; {_NO_HABIT}."
        return draft.unknown("forming", message)
    message = f"Only {count_text(len(status), 'day')} of these {WEEK} recorded, or some unknown."
    return draft.unknown("unknown", message)


def _run_days_in_a_row(context: CheckContext, draft: Finding) -> Finding | None:
    over = context.flagged("in_a_row", context.run_days)
    if not len(over):
        return None
    rule, n = context.limit(RUN_DAYS_IN_A_ROW), int(context.value("run_days_in_a_row", over[-1]))
    most = context.value("habit_in_a_row", over[-1])
    usual = f"; at most {most:.0f} in your weeks before" if rule.checked != "own" else ""
    message = f"{n} days with a run in a row up to {day_text(over[-1])}{usual}."
    numbers = {"value": n, "limit": rule["max"], "date": over[-1]}
    return draft.flagged("in_a_row", message, evidence=rule, **numbers)


def _hard_days_in_a_row(context: CheckContext, draft: Finding) -> Finding | None:
    rule, hard = context.limit(HARD_DAYS), hard_days(context, 2 * WEEK)
    for day in context.run_days[::-1]:
        n = hard_in_a_row(hard.loc[:day])
        if n <= rule["max_in_a_row"]:
            continue
        message = f"{n} hard days in a row up to {day_text(day)}"
        numbers = {"value": n, "limit": rule["max_in_a_row"], "date": day}
        habit = _hard_habit(context, day)
        if np.isinf(habit) and rule.checked != "own":
            return draft.unknown("forming", f"{message}; {_NO_HABIT}.", evidence=rule, **numbers)
        if n > habit or rule.checked == "own":
            return draft.flagged("hard_days", f"{message}.", evidence=rule, **numbers)
    return None


def _hard_habit(context: CheckContext, day: pd.Timestamp) -> float:
    """Most hard days in a row of the own weeks before a day's seven; infinite: too few weeks."""
    days = WEEK * (int(OWN_HABIT["weeks"]) + 1)
    hard = hard_days(context, days + (context.as_of - day).days).loc[: day - WEEK * _ONE]
    if len(hard) < WEEK * OWN_HABIT["min_weeks"]:
        return float("inf")
    return float(max(hard_in_a_row(hard.iloc[: n + 1]) for n in range(len(hard))))


def bound(context: CheckContext) -> Bound:
    """No run day where one more would be flagged: too few days without, or too long a row."""
    others, own = context.last(WEEK)[:-1], context.athlete.limits
    ran = int(context.of_last("run_day", WEEK)[:-1].sum())
    why = f"runs on {ran} of the 6 days before"
    if context.as_of in context.run_days or not len(others):
        return Bound("rest", _NAN, False, why)
    habits = {
        name: float(_usual(np.array(context.value(f"habit_{name}", context.as_of)), entry))
        for name, entry in (
            ("run_days", REST_DAYS.with_own(own)),
            ("in_a_row", RUN_DAYS_IN_A_ROW.with_own(own)),
        )
    }
    fewest = max(0.0, min(REST_DAYS.with_own(own)["min_in_7"], WEEK - habits["run_days"] - 1))
    most = RUN_DAYS_IN_A_ROW.with_own(own)["max"]
    most = float("inf") if habits["in_a_row"] + 1 >= WEEK else max(most, habits["in_a_row"] + 1)
    in_a_row = int(context.value("run_days_in_a_row", others[-1]))
    if run_day_allowed(ran, in_a_row, fewest, most):
        missing = int(np.isnan(context.of_last("load", WEEK)[:-1]).sum())
        if missing and not run_day_allowed(ran + missing, in_a_row, fewest, most):
            why = f"{why}, and {count_text(missing, 'day')} of them unknown"
            return Bound("rest", below_run_day_km(context.runs), True, why)
        return Bound("rest", _NAN, False, why)
    km = below_run_day_km(context.runs)
    if not run_day_allowed(ran, 0, fewest, most):
        why = (
            f"{why}: one more leaves {WEEK - ran - 1} without a run; a jog below that is no run day"
        )
        return Bound("rest", km, False, why)
    why = f"{in_a_row} days with a run in a row up to the day before; a jog below that is none"
    return Bound("rest", km, False, why)


def too_similar_up_to(context: CheckContext) -> float:
    """Longest run that still makes the seven days too similar; inf where no run is too long. [km]

    NaN where no run makes them so.
    """
    limit, load = context.limit(MONOTONY)["limit"], context.daily["load"].to_numpy()[-WEEK:]
    if np.isnan(monotony_bound(context, _NAN).distance_km):
        return _NAN
    root, a, b = _too_similar(load, limit)
    return float("inf") if a <= 0 else (b + root) / a - float(load[-1])


def _too_similar(load: Floats, limit: float) -> tuple[float, float, float]:
    """Solve mean > limit x sd with y km on the last day, a y^2 - 2 b y + c < 0: root, a and b."""
    total, squares, more = load[:-1].sum(), (load[:-1] ** 2).sum(), 1 + limit**2
    a, b = WEEK * limit**2 - more, more * total
    c = WEEK * limit**2 * squares - more * total**2
    return float(np.sqrt(max(b**2 - a * c, 0.0))), float(a), float(b)


def monotony_bound(context: CheckContext, others_km: float) -> Bound:
    """Distance from which a run makes the seven days too similar, where they were not before.

    A much longer one makes them uneven again: no bound where `others_km`, the least that the other
    limits leave, is that long.
    """
    limit, load = context.limit(MONOTONY)["limit"], context.daily["load"].to_numpy()[-WEEK:]
    habit = _usual(
        np.array(context.value("habit_monotony", context.as_of)), context.limit(MONOTONY)
    )
    if len(load) < WEEK or np.isnan(load).any() or above(habit, limit):
        return Bound(
            "monotony", _NAN, False, "not known of these 7 days, or as in the weeks before"
        )
    root, a, b = _too_similar(load, limit)
    if a <= 0:
        return Bound("monotony", 0.0, False, "any run makes these 7 days too similar")
    low, high = (b - root) / a - load[-1], (b + root) / a - load[-1]
    if root == 0 or high <= 0:
        return Bound("monotony", _NAN, False, f"stays below {limit:g}")
    if above(others_km, high):
        km = f"{context.km(max(0.0, float(low)))} to {context.km(float(high))}"
        return Bound("monotony", _NAN, False, f"above {limit:g} only from {km}")
    why = f"from there on monotony is above {limit:g}, as in none of the weeks before"
    return Bound("monotony", max(0.0, float(low)), False, why)


def _may_lack_rest(context: CheckContext) -> pd.DatetimeIndex:
    """Days with too few days off, or with a row of run days, maybe all hard, in the week."""
    hard = np.asarray(_maybe_hard(context))
    in_a_row = np.arange(len(hard)) - last_marked(~hard[:, None])[:, 0].clip(-1)
    many = in_a_row > context.limit(HARD_DAYS)["max_in_a_row"]
    rows = np.asarray(many | (context.flags["in_a_row"] == 1), dtype=np.float64)[:, None]
    lately = sum_so_far(rows, WEEK)[:, 0] > 0
    flagged = (context.flags["too_few_rest_days"] == 1).to_numpy()
    return pd.DatetimeIndex(context.daily.index[flagged | lately])


def _maybe_hard(context: CheckContext) -> pd.Series:
    """Days with a run that is hard by its RPE, or by any of the loads that may decide."""
    runs = context.runs
    hard = (runs["rpe"] >= context.limit(HARD_DAYS)["rpe"]).to_numpy(dtype=bool, na_value=False)
    for name in _HARD_LOADS:
        if name in runs and runs[name].notna().any():
            load = runs[name].to_numpy(dtype=float, na_value=np.nan)
            hard = hard | (_above_tercile(load, runs["date"].to_numpy()) == 1)
    index = pd.DatetimeIndex(context.daily.index)
    return pd.Series(index.isin(runs.loc[hard, "date"]), index)


def _told(context: CheckContext) -> dict[pd.Timestamp, tuple[str, pd.Timestamp]]:
    """Level of the days with too few off or too many in a row, and the day that decides."""
    index = pd.DatetimeIndex(context.daily.index)
    few = (context.flags["too_few_rest_days"] == 1).to_numpy()
    over = ((context.flags["in_a_row"] == 1) & (context.daily["runs"] > 0)).to_numpy()
    at = np.maximum(last_marked(over[:, None])[:, 0], -WEEK).astype(int)
    return {
        index[i]: ("below", index[i]) if few[i] else ("in_a_row", index[at[i]])
        for i in np.flatnonzero(few | (at > np.arange(len(index)) - WEEK)).tolist()
    }


MONOTONY_RULE = Rule(
    "monotony",
    evaluate_monotony,
    evaluated_on="day",
    may_flag=flagged_days("monotony"),
    exact=True,
)
RULE = Rule("rest", evaluate_rest, evaluated_on="day", may_flag=_may_lack_rest, told=_told)
