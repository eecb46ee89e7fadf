"""The checks `intensity` and `form`: what the watch recorded of effort and form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from loadmon.evidence.clinic import FORM_BASELINE, FORM_DEVIATION, FORM_DRIFT, STEADY
from loadmon.evidence.limits import INTENSITY, WINDOWS
from loadmon.ratio import Floats, above, reaches, window_sum
from loadmon.rules.acwr import NO_RATIO
from loadmon.rules.context import Row, View, finding
from loadmon.units import count_text, day_text, pace_text

# Time above threshold: seven days against the four weeks before them.

_WEEK, _BEFORE = int(WINDOWS["acute"]), int(INTENSITY["window_days"])
_COLUMN = "above_threshold_min"


def intensity(view: View) -> Row:
    """Judge the minutes above threshold of seven days, on the last run day of the judged ones.

    Returns A finding. Not set up: no recording has heart rates, or the threshold is not known.
    Unknown: a run of the 35 days has no heart rate, or a lay-off lies in them. Flagged: more than
    half as much again as the weekly mean of the 28 days before, and by over 10 minutes.
    """
    if _COLUMN not in view.activities or view.activities[_COLUMN].isna().all():
        message = "It needs heart rates in the recordings and threshold_hr_bpm in athlete.toml."
        return finding("intensity", "not_set_up", "", message)
    rule = view.rule(INTENSITY)
    told: Row = {
        "evidence": rule,
        "limit": rule["limit"],
        "unit": "ratio",
        "window": f"{_WEEK} days against the {_BEFORE} before, on the last day with a run",
        "missing": view.missing(_WEEK + _BEFORE),
    }
    days = view.run_days[-1:]
    if days.empty and view.week_known:
        return finding("intensity", "ok", "none", "No run in these 7 days.", **told)
    if days.empty:
        message = f"Not all of these {_WEEK} days are known."
        return finding("intensity", "unknown", "unknown", message, **told)
    status = str(view.numbers["status_coupled"].loc[days[0]])
    if status in ("forming", "returning", "low_base"):
        message = f"Time above threshold is not compared: {NO_RATIO[status]}."
        return finding("intensity", "unknown", status, message, **told)
    week = minutes_above(view).loc[days]
    if week.isna().any(axis=None):
        message = f"Not every run of the {_WEEK + _BEFORE} days up to the last has a heart rate."
        return finding("intensity", "unknown", "unknown", message, **told)
    now, usual = float(week["acute"].iloc[0]), float(week["usual"].iloc[0])
    told |= {"value": now / usual if usual > 0 else float("nan"), "date": days[0]}
    message = (
        f"{now:.0f} min above threshold in the {_WEEK} days to {day_text(days[0])}; "
        f"{usual:.0f} min a week in the {_BEFORE} before."
    )
    if week["over"].any():
        return finding("intensity", "flagged", "above", message, **told)
    return finding("intensity", "ok", "none", message, **told)


def minutes_above(view: View) -> pd.DataFrame:
    """Minutes above threshold of every day's week, and of the weeks before it.

    Returns index of ``view.daily``. ``acute``: the 7 days that end on the day; ``usual``: weekly
    mean of the 28 days before them [min], NaN where a day or a run's heart rate is not known;
    ``over``: whether it is above the limit.
    """
    runs = view.activities[view.activities["sport"] == "running"]
    by_day = runs.groupby("date")[_COLUMN].sum(min_count=1)
    by_day = by_day.mask(runs[_COLUMN].isna().groupby(runs["date"]).any())
    minutes = by_day.reindex(view.daily.index).mask(view.daily["status"] == "rest", 0.0)
    known = np.asarray(minutes.mask(view.daily["load"].isna()), dtype=np.float64)
    out = pd.DataFrame({"acute": window_sum(known, _WEEK)}, index=view.daily.index)
    weeks = _BEFORE / _WEEK
    out["usual"] = pd.Series(window_sum(known, _BEFORE) / weeks, out.index).shift(_WEEK)
    rule = view.rule(INTENSITY)
    jump = above(out["acute"], rule["limit"] * out["usual"])
    out["over"] = jump & above(out["acute"], out["usual"] + rule["floor_min"])
    return out


# A straight line through scattered points that a few odd ones do not pull.


_ROUNDS = 50
#: Standard deviation of a normal distribution over its median absolute deviation, 1/Phi^-1(3/4).
MAD_TO_SD = 1.482602218505602


@dataclass(frozen=True, slots=True)
class Line:
    """y = intercept + slope x, and how far the points scatter around it.

    Parameters
    ----------
    intercept, slope : float
        In the unit of y, and of y over x.
    spread : float
        Robust standard deviation of the residuals, 1.4826 times their median absolute value. [y]
    """

    intercept: float
    slope: float
    spread: float

    def at(self, x: Floats) -> Floats:
        """Points of the line."""
        return self.intercept + self.slope * x


def robust_line(x: Floats, y: Floats) -> Line:
    """Fit a line by Huber's estimator, re-weighted least squares.

    Returns residuals beyond 1.345 standard deviations count less the larger they are
    (`loadmon.evidence.clinic.FORM_BASELINE`); points on one line give that line, of spread 0.
    """
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
        if np.allclose(fitted, before, rtol=1e-10, atol=0.0) or spread <= 1e-12:
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
    """Minutes of even speed on flat ground, which can be compared with each other.

    Returns the rows of steady running. A grade that is not known, as on a treadmill, counts as
    flat.
    """
    is_even = minutes["speed_cv"] < STEADY["speed_cv"]
    is_flat = ~(minutes["grade"].abs() >= STEADY["grade"])
    return minutes[is_even & is_flat & (minutes["speed_mps"] > STEADY["min_speed_mps"])]


def baseline(samples: pd.DataFrame, measure: str, before: pd.Timestamp) -> Line | None:
    """Own line of a measure over speed, from the 90 days before a day.

    Returns None with under 20 minutes or 5 runs of it, or where all were run at one speed.
    """
    days = pd.Timedelta(days=int(FORM_BASELINE["days"]))
    is_base = (samples["date"] < before) & (samples["date"] >= before - days)
    rows = samples[is_base & samples[measure].notna()]
    enough = len(rows) >= FORM_BASELINE["min_minutes"]
    if not enough or rows["activity_id"].nunique() < FORM_BASELINE["min_runs"]:
        return None
    speed = rows["speed_mps"].to_numpy(dtype=float)
    return robust_line(speed, rows[measure].to_numpy(dtype=float)) if np.ptp(speed) > 0 else None


def deviations(samples: pd.DataFrame, measure: str, since: pd.Timestamp) -> pd.DataFrame:
    """How far each run from a day on lies off the line of the 90 days before that day.

    Returns one row per run with at least 3 steady minutes: ``activity_id``, ``date``, ``minutes``
    [min], ``speed_mps``, ``value`` and ``expected`` (medians, in the unit of `measure`), ``share``
    (median of value over expected, minus 1 [-]), ``z`` (median residual in robust standard
    deviations [-]). Empty without a baseline.
    """
    line = baseline(samples, measure, since)
    rows = samples[(samples["date"] >= since) & samples[measure].notna()]
    if line is None:
        rows = rows.iloc[:0]
    expected = rows["speed_mps"] * (line.slope if line else 0) + (line.intercept if line else 0)
    spread = line.spread if line and line.spread > 0 else np.nan
    told = rows.assign(
        expected=expected,
        share=rows[measure] / expected - 1,
        z=(rows[measure] - expected) / spread,
        value=rows[measure],
    )
    runs = told.groupby("activity_id", sort=False)
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
    """Change of a measure per hour of running, speed held equal, for every run long enough.

    Returns one row per run whose steady minutes span at least 40 min: ``activity_id``, ``date``,
    ``minutes`` used; ``per_hour``, and ``low`` to ``high``, twice its standard error to both
    sides, about a 95 % interval. [unit of `measure` per hour] Runs whose speed or time cannot be
    told apart are left out.

    Least squares of the measure on speed and elapsed time. What such a drift means for injury is
    not known (`loadmon.evidence.clinic.FORM_DRIFT`); a hill at the end looks like fatigue.
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
            numbers = {
                "per_hour": per_hour,
                "low": per_hour - 2 * error,
                "high": per_hour + 2 * error,
            }
            told = {"activity_id": activity_id, "date": run["date"].iloc[0], "minutes": len(run)}
            rows.append({**told, **numbers})
    return pd.DataFrame(rows, columns=list(DRIFT_COLUMNS)).astype(DRIFT_COLUMNS)


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
#: The direction in which a measure stands out, and what that is called.
_WORDS = {
    "cadence_spm": (-1, "longer_steps", "Longer steps than usual for you at this pace"),
    "stance_time_ms": (1, "longer_contact", "Longer on the ground than usual for you at this pace"),
    "vertical_oscillation_mm": (1, "more_bounce", "More bounce than usual for you at this pace"),
    "vertical_ratio_pct": (1, "more_bounce", "More bounce for a step than usual for you"),
}


def form(view: View) -> Row:
    """Judge the form of the runs of the last four weeks against the 90 days before them.

    Returns A finding. Flagged only where at least three runs lie 5 % off the runner's own line at
    their speed, towards longer steps, longer contact or more bounce, or where the left-right
    balance of three runs moved; one odd run is none. Unknown without enough steady minutes, not
    set up where no watch recorded steps.
    """
    rule = view.rule(FORM_DEVIATION)
    days = int(rule["within_days"])
    told: Row = {
        "evidence": rule,
        "limit": 100 * rule["share"],
        "unit": "%",
        "window": f"{days} days against the {FORM_BASELINE['days']:.0f} before",
    }
    minutes = view.minutes(days + int(FORM_BASELINE["days"]))
    if minutes["cadence_spm"].notna().sum() == 0:
        message = "No run with steps and speed was recorded."
        return finding("form", "not_set_up", "", message, missing="a watch that counts steps")
    samples = steady(minutes)
    since = view.as_of - pd.Timedelta(days=days - 1)
    judged = {name: deviations(samples, name, since) for name in MEASURES}
    odd = [_odd(view, name, runs, rule) for name, runs in judged.items()]
    odd += [_balance(samples, since, rule)]
    found = [o for o in odd if o]
    if found:
        message = "; ".join(o["message"] for o in found) + f". A watch does not see {UNSEEN}."
        numbers = {"value": found[0]["value"], "date": found[0]["date"]}
        return finding("form", "flagged", found[0]["level"], message, **told, **numbers)
    runs = judged["cadence_spm"]
    if len(runs) < rule["runs"]:
        need = f"{rule['runs']:.0f} runs with steady, flat minutes in {days} days, and "
        need += f"{FORM_BASELINE['min_minutes']:.0f} such minutes in the 90 days before"
        message = "Too few steady, flat minutes to compare your form."
        return finding("form", "unknown", "unknown", message, **told, missing=need)
    value = 100 * float(runs["share"].median())
    message = f"Steps at your usual pace: {value:+.1f} % over {count_text(len(runs), 'run')}, "
    message += f"no clear change. A watch does not see {UNSEEN}."
    return finding("form", "ok", "none", message, **told, value=value)


def _odd(view: View, measure: str, runs: pd.DataFrame, rule: Any) -> dict[str, Any] | None:
    """Tell a measure that stands out in enough runs; None if it does not."""
    towards, level, words = _WORDS[measure]
    share = towards * runs["share"].to_numpy()
    far = reaches(share, rule["share"])
    far &= above(towards * runs["z"].to_numpy(), rule["z"])
    over = runs[far]
    if len(over) < rule["runs"]:
        return None
    middle = over[["share", "value", "expected", "speed_mps"]].median()
    pace = pace_text(1000 / middle["speed_mps"], view.athlete.units)
    message = (
        f"{words} in {len(over)} of your last {count_text(len(runs), 'run')}: "
        f"{middle['value']:.0f} {MEASURES[measure]} at {pace}, usually {middle['expected']:.0f}"
    )
    value = 100 * float(middle["share"])
    return {"level": level, "message": message, "value": value, "date": over["date"].max()}


def _balance(samples: pd.DataFrame, since: pd.Timestamp, rule: Any) -> dict[str, Any] | None:
    """Tell a left-right balance that moved in enough runs; None if it did not."""
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
    return {"level": "balance", "message": message, "value": middle - usual, "date": day}
