"""The checks `intensity`, `form` and `overtraining`: what the watch recorded of effort and form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from loadmon.evidence import Evidence
from loadmon.evidence import clinic as clinic_evidence
from loadmon.evidence import limits as limits_evidence
from loadmon.evidence.clinic import STEADY
from loadmon.frames import table_of
from loadmon.ratio import Floats, above, max_before, reaches, shifted, window_sum
from loadmon.rules.acwr import no_ratio_text
from loadmon.rules.context import WEEK, CheckContext, Finding, Rule
from loadmon.units import count_text, day_text, pace_text

#: What this file compares with; it is read here, and nowhere else, each time.
INTENSITY = limits_evidence.INTENSITY
FORM_DEVIATION = clinic_evidence.FORM_DEVIATION
FORM_BASELINE = clinic_evidence.FORM_BASELINE
FORM_DRIFT = clinic_evidence.FORM_DRIFT
OVERTRAINING = clinic_evidence.OVERTRAINING

# Time above threshold: seven days against the four weeks before them.

_COLUMN = "above_threshold_min"


def evaluate_intensity(context: CheckContext) -> Finding:
    """Compare the minutes above threshold of seven days with the weekly mean of the 28 before them.

    Unknown where a run of the 35 days has no heart rate, or a lay-off lies in them.
    """
    rule, before = context.limit(INTENSITY), int(INTENSITY["window_days"])
    draft = Finding(
        "intensity",
        evidence=rule,
        limit=rule["limit"],
        unit="ratio",
        window=f"{WEEK} days against the {before} before, on the last day with a run",
        missing=context.missing(WEEK + before),
    )
    days = context.run_days[-1:]
    if days.empty and context.week_known:
        return draft.ok("none", "No run in these 7 days.")
    if days.empty:
        return draft.unknown("unknown", f"Not all of these {WEEK} days are known.")
    status = str(context.values["status_coupled"].loc[days[0]])
    if status in ("forming", "returning", "low_base"):
        message = f"Time above threshold is not compared: {no_ratio_text(status)}."
        return draft.unknown(status, message)
    week = minutes_above(context).loc[days]
    if week.isna().any(axis=None):
        message = f"Not every run of the {WEEK + before} days up to the last has a heart rate."
        return draft.unknown("unknown", message)
    now, usual = float(week["acute"].iloc[0]), float(week["usual"].iloc[0])
    value = now / usual if usual > 0 else float("nan")
    message = (
        f"{now:.0f} min above threshold in the {WEEK} days to {day_text(days[0])}; "
        f"{usual:.0f} min a week in the {before} before."
    )
    answer, level = (draft.flagged, "above") if week["over"].any() else (draft.ok, "none")
    return answer(level, message, value=value, date=days[0])


def minutes_above(context: CheckContext) -> pd.DataFrame:
    """Minutes above threshold of the 7 days to each day, and weekly mean of the 28 before. [min]

    NaN where a day or a run's heart rate is not known; ``over``: whether it is above the limit, and
    more than any 7 of those 28 days held.
    """
    runs = context.runs
    before = int(INTENSITY["window_days"])
    by_day = runs.groupby("date")[_COLUMN].sum(min_count=1)
    by_day = by_day.mask(runs[_COLUMN].isna().groupby(runs["date"]).any())
    minutes = by_day.reindex(context.daily.index).mask(context.daily["status"] == "rest", 0.0)
    known = np.asarray(minutes.mask(context.daily["load"].isna()), dtype=np.float64)
    out = pd.DataFrame({"acute": window_sum(known, WEEK)}, index=context.daily.index)
    weeks = before / WEEK
    out["usual"] = pd.Series(window_sum(known, before) / weeks, out.index).shift(WEEK)
    rule = context.limit(INTENSITY)
    sums = out["acute"].to_numpy()[:, None]
    fullest = shifted(max_before(np.nan_to_num(sums), before - WEEK + 1), WEEK - 1)[:, 0]
    jump = above(out["acute"], rule["limit"] * out["usual"]) & above(out["acute"], fullest)
    out["over"] = jump & above(out["acute"], out["usual"] + rule["floor_min"])
    return out


# A straight line through scattered points that a few odd ones do not pull.


_ROUNDS = 50
#: Standard deviation of a normal distribution over its median absolute deviation, 1/Phi^-1(3/4).
MAD_TO_SD = 1.482602218505602


@dataclass(frozen=True, slots=True)
class Line:
    """y = intercept + slope x, and how far the points scatter around it."""

    intercept: float
    slope: float
    spread: float  # robust standard deviation of the residuals [y]


def robust_line(x: Floats, y: Floats) -> Line:
    """Fit a line by Huber's estimator, re-weighted least squares (`FORM_BASELINE`)."""
    design = np.column_stack([np.ones(len(x)), x])
    weight = np.ones(len(x))
    fitted = np.zeros(2)
    spread = 0.0
    for _ in range(_ROUNDS):
        root = np.sqrt(weight)
        before = fitted
        fitted = np.linalg.lstsq(design * root[:, None], y * root, rcond=None)[0]
        off = np.abs(y - design @ fitted)
        spread = MAD_TO_SD * float(np.median(off))
        if (np.abs(fitted - before) <= 1e-10 * np.abs(before)).all() or spread <= 1e-12:
            break
        weight = np.minimum(1.0, FORM_BASELINE["huber"] * spread / np.maximum(off, 1e-300))
    return Line(float(fitted[0]), float(fitted[1]), spread)


# How a run was run, against the runner's own line of that measure over speed.


#: What the minutes say of form, as people call it; the unit is at the end of the column's name.
MEASURES = {
    "cadence_spm": "steps per minute",
    "stance_time_ms": "ground contact time",
    "vertical_oscillation_mm": "bounce",
    "vertical_ratio_pct": "bounce per step",
}


def steady(minutes: pd.DataFrame) -> pd.DataFrame:
    """Minutes of even speed on flat ground; a slope not known, as on a treadmill, is flat."""
    is_even = minutes["speed_cv"] < STEADY["speed_cv"]
    is_flat = ~(minutes["slope"].abs() >= STEADY["grade"])
    return minutes[is_even & is_flat & (minutes["speed_mps"] > STEADY["min_speed_mps"])]


def baseline(samples: pd.DataFrame, measure: str, before: pd.Timestamp) -> Line | None:
    """Own line of a measure over speed from the 90 days before; None where they are too few."""
    days = pd.Timedelta(days=int(FORM_BASELINE["days"]))
    is_base = (samples["date"] < before) & (samples["date"] >= before - days)
    rows = samples[is_base & samples[measure].notna()]
    enough = len(rows) >= FORM_BASELINE["min_minutes"]
    if not enough or rows["activity_id"].nunique() < FORM_BASELINE["min_runs"]:
        return None
    speed = rows["speed_mps"].to_numpy(dtype=float)
    return robust_line(speed, rows[measure].to_numpy(dtype=float)) if np.ptp(speed) > 0 else None


_DEVIATIONS = {"activity_id": "str", "date": "datetime64[us]", "minutes": "int64"} | dict.fromkeys(
    ("speed_mps", "value", "expected", "share", "z"), "float64"
)


def deviations(samples: pd.DataFrame, measure: str, since: pd.Timestamp) -> pd.DataFrame:
    """How far each run from a day on lies off the line of the 90 days before that day.

    One row per run with at least 3 steady minutes, medians of them: ``share`` is value over
    expected, minus 1; ``z`` is in robust standard deviations. Empty without a baseline.
    """
    line = baseline(samples, measure, since) if len(samples) else None
    if line is None:
        return table_of([], _DEVIATIONS)
    rows = samples[(samples["date"] >= since) & samples[measure].notna()]
    expected = rows["speed_mps"] * line.slope + line.intercept
    spread = line.spread if line.spread > 0 else np.nan
    rows_of_runs = rows.assign(
        expected=expected,
        share=rows[measure] / expected - 1,
        z=(rows[measure] - expected) / spread,
        value=rows[measure],
    )
    runs = rows_of_runs.groupby("activity_id", sort=False)
    middle = runs[["speed_mps", "value", "expected", "share", "z"]].median()
    middle.insert(0, "minutes", runs.size())
    middle.insert(0, "date", runs["date"].first())
    enough = middle["minutes"] >= FORM_DEVIATION["minutes"]
    return middle[enough].reset_index()


# How form changes within one long run, at the same speed.


_HOUR_MIN = 60
DRIFT_COLUMNS = {
    "activity_id": "str",
    "date": "datetime64[us]",
    "minutes": "int64",
    "per_hour": "float64",
    "low": "float64",
    "high": "float64",
}


def drifts(samples: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Change of a measure per hour of running, speed held equal, for every run of 40 min or more.

    Least squares on speed and elapsed time; ``low`` to ``high``: twice the standard error to both
    sides. What a drift means for injury is not known; a hill at the end looks like fatigue.
    """
    rows = []
    for activity_id, run in samples[samples[measure].notna()].groupby("activity_id", sort=False):
        at = run["minute"].to_numpy(dtype=float)
        if np.ptp(at) < FORM_DRIFT["min_minutes"] or len(at) < FORM_DRIFT["min_samples"]:
            continue
        slope = _slope(
            run["speed_mps"].to_numpy(float), at / _HOUR_MIN, run[measure].to_numpy(float)
        )
        if slope is not None:
            per_hour, error = slope
            numbers = per_hour, per_hour - 2 * error, per_hour + 2 * error
            rows.append((activity_id, run["date"].iloc[0], len(run), *numbers))
    return table_of(rows, DRIFT_COLUMNS)


def _slope(speed: Floats, hours: Floats, values: Floats) -> tuple[float, float] | None:
    """Slope over time at equal speed and its standard error; None where it is not determined."""
    columns = [np.ones(len(hours)), hours] + ([speed] if np.ptp(speed) > 0 else [])
    design = np.column_stack(columns)
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    fitted, _, _, _ = np.linalg.lstsq(design, values, rcond=None)
    off = values - design @ fitted
    variance = float(off @ off) / (len(values) - design.shape[1])
    spread = np.linalg.inv(design.T @ design)[1, 1]
    return float(fitted[1]), float(np.sqrt(variance * spread))


# Form: how you ran at your own pace, against how you usually do.


#: What no watch can see; the clinic's own posture list stands for it (docs/low-back.md).
UNSEEN = "posture, foot strike, trunk and pelvis"
_BALANCE = "stance_time_balance_pct"
#: The direction in which a measure is off, and what that is called.
_WORDS = {
    "cadence_spm": (-1, "longer_steps", "Longer steps than usual for you at this pace"),
    "stance_time_ms": (1, "longer_contact", "Longer on the ground than usual for you at this pace"),
    "vertical_oscillation_mm": (1, "more_bounce", "More bounce than usual for you at this pace"),
    "vertical_ratio_pct": (1, "more_bounce", "More bounce for a step than usual for you"),
}


@dataclass(frozen=True, slots=True)
class _Deviation:
    """A measure that is off in enough runs."""

    level: str
    message: str
    value: float
    date: pd.Timestamp


def days_of_form() -> int:
    """Days that are judged, and those that they are compared with. [d]"""
    return int(FORM_DEVIATION["within_days"] + FORM_BASELINE["days"])


def evaluate_form(context: CheckContext) -> Finding:
    """Compare the form of the runs of the last four weeks with the 90 days before them.

    One odd run is no flag; unknown without enough steady minutes.
    """
    rule = context.limit(FORM_DEVIATION)
    days = int(rule["within_days"])
    draft = Finding(
        "form",
        evidence=rule,
        limit=100 * rule["share"],
        unit="%",
        window=f"{days} days against the {FORM_BASELINE['days']:.0f} before",
    )
    samples = steady(context.minutes(days_of_form()))
    since = context.as_of - pd.Timedelta(days=days - 1)
    runs = {name: deviations(samples, name, since) for name in MEASURES}
    odd = [_odd(context, name, off, rule) for name, off in runs.items()]
    found = [one for one in (*odd, _balance(samples, since, rule)) if one]
    if found:
        message = "; ".join(one.message for one in found) + f". A watch does not see {UNSEEN}."
        return draft.flagged(found[0].level, message, value=found[0].value, date=found[0].date)
    steps = runs["cadence_spm"]
    if len(steps) < rule["runs"]:
        need = f"{rule['runs']:.0f} runs with steady, flat minutes in {days} days, and "
        need += f"{FORM_BASELINE['min_minutes']:.0f} such minutes in the 90 days before"
        message = "Too few steady, flat minutes to compare your form."
        return draft.unknown("unknown", message, missing=need)
    value = 100 * float(steps["share"].median())
    message = f"Steps at your usual pace: {value:+.1f} % over {count_text(len(steps), 'run')}, "
    message += f"no clear change. A watch does not see {UNSEEN}."
    return draft.ok("none", message, value=value)


def _odd(
    context: CheckContext, measure: str, runs: pd.DataFrame, rule: Evidence
) -> _Deviation | None:
    towards, level, words = _WORDS[measure]
    share = towards * runs["share"].to_numpy()
    far = reaches(share, rule["share"])
    far &= above(towards * runs["z"].to_numpy(), rule["z"])
    over = runs[far]
    if len(over) < rule["runs"]:
        return None
    middle = over[["share", "value", "expected", "speed_mps"]].median()
    pace = pace_text(1000 / middle["speed_mps"], context.athlete.units)
    message = (
        f"{words} in {len(over)} of your last {count_text(len(runs), 'run')}: "
        f"{middle['value']:.0f} {MEASURES[measure]} at {pace}, usually {middle['expected']:.0f}"
    )
    value = 100 * float(middle["share"])
    return _Deviation(level, message, value, over["date"].max())


def _balance(samples: pd.DataFrame, since: pd.Timestamp, rule: Evidence) -> _Deviation | None:
    known = samples[samples[_BALANCE].notna()]
    base, now = known[known["date"] < since], known[known["date"] >= since]
    enough = base["activity_id"].nunique() >= FORM_BASELINE["min_runs"]
    if not enough or len(base) < FORM_BASELINE["min_minutes"]:
        return None
    usual = float(base[_BALANCE].median())
    runs = now.groupby("activity_id", sort=False)[[_BALANCE]].median()
    moved = runs[above((runs[_BALANCE] - usual).abs().to_numpy(), rule["balance_pct"])]
    if len(moved) < rule["runs"]:
        return None
    middle = float(moved[_BALANCE].median())
    message = f"Left-right balance {middle:.1f} % in {len(moved)} runs, usually {usual:.1f} %"
    day = now.loc[now["activity_id"].isin(moved.index), "date"].max()
    return _Deviation("balance", message, middle - usual, day)


# Signs of too much that the data may hold, side by side: no one of them says anything alone.

SIGN_COLUMNS = {
    "sign": "str",
    "state": "str",
    "value": "float64",
    "limit": "float64",
    "unit": "str",
    "runs": "int64",
    "missing": "str",
}


def signs(
    minutes: pd.DataFrame, activities: pd.DataFrame, found: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Last four weeks against the 90 days before them, one row per sign.

    ``state`` is ``present``, ``absent`` or ``unknown``; ``missing``: what it would need.
    """
    rows = [
        _pace(minutes, as_of),
        _effort(activities, as_of),
        _resting(found, as_of),
        _unknown_sign("hrv", "heart-rate variability is not in these files"),
    ]
    return table_of(rows, SIGN_COLUMNS)


def _pace(minutes: pd.DataFrame, as_of: pd.Timestamp) -> dict[str, Any]:
    """Speed at equal heart rate, on steady flat minutes once the heart rate has risen."""
    name, need = "pace_at_heart_rate", "steady flat running with a heart rate"
    if minutes.empty:
        return _unknown_sign(name, need)
    even = steady(minutes)
    rows = even[even["heart_rate_bpm"].notna() & (even["minute"] >= OVERTRAINING["settled_min"])]
    offs = _off_the_line(rows, "heart_rate_bpm", "speed_mps", as_of)
    if offs is None:
        return _unknown_sign(name, need)
    expected = rows["speed_mps"].reindex(offs.index) - offs
    return _sign(name, offs / expected, rows, -1, "pace_share", "share")


def _effort(activities: pd.DataFrame, as_of: pd.Timestamp) -> dict[str, Any]:
    name, need = "effort", "runs with a rating of effort (RPE)"
    if activities["rpe"].isna().all():
        return _unknown_sign(name, need)
    rows = activities[["activity_id", "date", "duration_min", "rpe"]].dropna()
    offs = _off_the_line(rows, "duration_min", "rpe", as_of)
    if offs is None:
        return _unknown_sign(name, need)
    return _sign(name, offs, rows, 1, "rpe_points", "points")


def _resting(found: pd.DataFrame, as_of: pd.Timestamp) -> dict[str, Any]:
    """Resting heart rate as the watch's own profile has it."""
    name, need = "resting_heart_rate", "resting heart rates of both spans"
    if found.empty:
        return _unknown_sign(name, need)
    rows = found[found["resting_hr_bpm"].notna()]
    now, before = _spans(rows, as_of)
    if now.empty or before.empty:
        return _unknown_sign(name, need)
    rise = float(now["resting_hr_bpm"].median() - before["resting_hr_bpm"].median())
    rises = pd.Series([rise] * len(now), index=now.index)
    return _sign(name, rises, rows, 1, "resting_bpm", "bpm")


def _spans(rows: pd.DataFrame, as_of: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of the last four weeks, and of the 90 days before them."""
    recent_days, before_days = OVERTRAINING["recent_days"], OVERTRAINING["before_days"]
    start = as_of - pd.Timedelta(days=int(recent_days))
    recent = rows[(rows["date"] > start) & (rows["date"] <= as_of)]
    first = start - pd.Timedelta(days=int(before_days))
    return recent, rows[(rows["date"] <= start) & (rows["date"] > first)]


def _off_the_line(rows: pd.DataFrame, x: str, y: str, as_of: pd.Timestamp) -> pd.Series | None:
    """Residuals of the last four weeks off the line of the 90 days before; None if too few."""
    if rows.empty:
        return None
    now, before = _spans(rows, as_of)
    fewest = min(now["activity_id"].nunique(), before["activity_id"].nunique())
    if fewest < OVERTRAINING["min_runs"] or not np.ptp(before[x]) > 0:
        return None
    line = robust_line(before[x].to_numpy(dtype=float), before[y].to_numpy(dtype=float))
    return now[y] - (line.intercept + line.slope * now[x])


def _sign(
    sign: str, offs: pd.Series, rows: pd.DataFrame, towards: int, limit: str, unit: str
) -> dict[str, Any]:
    """One sign: the median over the runs, and whether it reaches the limit in its direction."""
    by_run = rows.loc[offs.index].get("activity_id", pd.Series(offs.index, index=offs.index))
    middle = offs.groupby(by_run).median()
    value = float(middle.median())
    is_there = bool(reaches(towards * value, OVERTRAINING[limit]))
    return {
        "sign": sign,
        "state": "present" if is_there else "absent",
        "value": value,
        "limit": towards * OVERTRAINING[limit],
        "unit": unit,
        "runs": len(middle),
        "missing": "",
    }


def _unknown_sign(sign: str, missing: str) -> dict[str, Any]:
    nan = float("nan")
    nothing = {"sign": sign, "state": "unknown", "value": nan, "limit": nan}
    return {**nothing, "unit": "", "runs": 0, "missing": missing}


# Signs of overtraining, together or not at all.


#: What each sign is called.
SIGN_WORDS = {
    "pace_at_heart_rate": "pace at the same heart rate",
    "effort": "perceived effort of equal runs",
    "resting_heart_rate": "resting heart rate",
    "hrv": "heart-rate variability",
}
_CANNOT = "Heat, hills, illness, another watch or a bad strap move these numbers too."


def signs_of(context: CheckContext) -> pd.DataFrame:
    """Return the signs up to the day (`signs`)."""
    return context.once(_signs)


def _signs(context: CheckContext) -> pd.DataFrame:
    days = int(OVERTRAINING["recent_days"] + OVERTRAINING["before_days"])
    runs = context.runs
    return signs(context.minutes(days), runs, context.archive.device_settings, context.as_of)


def evaluate_overtraining(context: CheckContext) -> Finding:
    """Compare the last four weeks with the 90 days before them; one sign alone flags nothing."""
    found = signs_of(context)
    known = found[found["state"] != "unknown"]
    there = known[known["state"] == "present"]
    fewest = int(OVERTRAINING["signs"])
    missing = "; ".join(found.loc[found["state"] == "unknown", "missing"])
    draft = Finding(
        "overtraining",
        evidence=OVERTRAINING,
        value=len(there),
        limit=fewest,
        unit="signs",
        window=f"{OVERTRAINING['recent_days']:.0f} days",
        missing=missing,
    )
    if known.empty:
        return draft.not_set_up("No sign can be told from these files.", missing)
    text = "; ".join(_text(sign) for sign in known.to_dict("records"))
    if len(there) >= fewest:
        message = f"{len(there)} signs together: {text}. {_CANNOT}"
        return draft.flagged("together", message, date=context.as_of)
    if len(known) < fewest:
        message = f"Only one sign can be told, which says nothing alone: {text}."
        return replace(draft, verdict="not_set_up", level="", message=message)
    level = "one" if len(there) else "none"
    return draft.ok(level, f"{text[0].upper()}{text[1:]}. {_CANNOT}")


def _text(sign: dict[object, object]) -> str:
    value, unit = float(str(sign["value"])), str(sign["unit"])
    number = f"{100 * value:+.1f} %" if unit == "share" else f"{value:+.1f} {unit}"
    return f"{SIGN_WORDS[str(sign['sign'])]} {number}"


def _intense_days(context: CheckContext) -> pd.DatetimeIndex:
    over = minutes_above(context)["over"] & (context.daily["runs"] > 0)
    return pd.DatetimeIndex(context.daily.index[over.to_numpy()])


def _days_of_form(context: CheckContext) -> pd.DatetimeIndex:
    """Days with runs enough to compare by one measure, lately and before."""
    index, rule = pd.DatetimeIndex(context.daily.index), context.limit(FORM_DEVIATION)
    samples = steady(context.archive.minutes(context.runs["activity_id"]))
    since = index - pd.Timedelta(days=int(rule["within_days"]) - 1)
    first = since - pd.Timedelta(days=int(FORM_BASELINE["days"]))
    may = np.zeros(len(index), dtype=bool)
    for measure in (*MEASURES, _BALANCE):
        known = samples[samples[measure].notna()]
        runs = known.groupby("activity_id", sort=False)["date"].agg(["first", "size"])
        runs = runs.sort_values("first", kind="stable")
        days = pd.DatetimeIndex(runs["first"])
        least = 1 if measure == _BALANCE else FORM_DEVIATION["minutes"]
        now = pd.DatetimeIndex(runs.loc[runs["size"] >= least, "first"])
        minutes = np.append(0, runs["size"].cumsum().to_numpy())
        begin = 0 if measure == _BALANCE else days.searchsorted(first)
        middle = days.searchsorted(since)
        lately = now.searchsorted(index, side="right") - now.searchsorted(since)
        enough = minutes[middle] - minutes[begin] >= FORM_BASELINE["min_minutes"]
        may |= (lately >= rule["runs"]) & enough & (middle - begin >= FORM_BASELINE["min_runs"])
    return index[may]


def _days_of_signs(context: CheckContext) -> pd.DatetimeIndex:
    """Days whose last four weeks, and the 90 days before them, hold enough for two signs."""
    index = pd.DatetimeIndex(context.daily.index)
    runs, settings = context.runs, context.archive.device_settings
    rated = runs[runs["rpe"].notna() & runs["duration_min"].notna()]
    resting = settings[settings["resting_hr_bpm"].notna()]
    fewest = int(OVERTRAINING["min_runs"])
    told = np.zeros(len(index), dtype=int)
    for rows, least in ((runs, fewest), (rated, fewest), (resting, 1)):
        days = pd.DatetimeIndex(rows["date"].dropna()).sort_values()
        start = index - pd.Timedelta(days=int(OVERTRAINING["recent_days"]))
        first = start - pd.Timedelta(days=int(OVERTRAINING["before_days"]))
        end, middle, begin = (days.searchsorted(d, side="right") for d in (index, start, first))
        told += (end - middle >= least) & (middle - begin >= least)
    return index[told >= OVERTRAINING["signs"]]


INTENSITY_RULE = Rule(
    "intensity",
    evaluate_intensity,
    needs=("activities.above_threshold_min",),
    nothing="It needs heart rates in the recordings and threshold_hr_bpm in athlete.toml.",
    evaluated_on="run",
    may_flag=_intense_days,
)
FORM_RULE = Rule(
    "form",
    evaluate_form,
    needs=("minutes.cadence_spm",),
    nothing="No run with steps and speed was recorded.",
    missing="a watch that counts steps",
    may_flag=_days_of_form,
)
OVERTRAINING_RULE = Rule("overtraining", evaluate_overtraining, may_flag=_days_of_signs)
