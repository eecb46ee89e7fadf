"""The check `overtraining`: signs of too much training."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from loadmon.evidence.clinic import OVERTRAINING
from loadmon.ratio import reaches
from loadmon.rules.context import Row, View, finding
from loadmon.rules.intensity_form import robust_line, steady

# Signs of too much that the data may hold, side by side: no one of them says anything alone.

_RECENT = pd.Timedelta(days=int(OVERTRAINING["recent_days"]))
_BEFORE = pd.Timedelta(days=int(OVERTRAINING["before_days"]))
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
    """Last four weeks against the 90 days before them.

    Returns one row per sign: ``pace_at_heart_rate`` (share of speed at equal heart rate, negative
    is slower), ``effort`` (points of perceived effort at equal duration), ``resting_heart_rate``
    [bpm], ``hrv``. ``state``: ``present``, ``absent``, ``unknown``; ``value`` and ``limit`` in
    ``unit``, NaN without one; ``runs`` that were compared; ``missing``, what it would need.

    Limits are choices of this project (`loadmon.evidence.clinic.OVERTRAINING`). Heat, hills,
    illness, another watch or a bad strap move every one of these numbers too.
    """
    rows = [
        _pace(minutes, as_of),
        _effort(activities, as_of),
        _resting(found, as_of),
        _unknown("hrv", "heart-rate variability is not in these files"),
    ]
    return pd.DataFrame(rows, columns=list(SIGN_COLUMNS)).astype(SIGN_COLUMNS)


def _pace(minutes: pd.DataFrame, as_of: pd.Timestamp) -> dict[str, Any]:
    """Speed at equal heart rate, on steady flat minutes once the heart rate has risen."""
    even = steady(minutes)
    rows = even[even["heart_rate_bpm"].notna() & (even["minute"] >= OVERTRAINING["settled_min"])]
    name, need = "pace_at_heart_rate", "steady flat running with a heart rate"
    offs = _off_the_line(rows, "heart_rate_bpm", "speed_mps", as_of)
    if offs is None:
        return _unknown(name, need)
    expected = rows["speed_mps"].reindex(offs.index) - offs
    return _told(name, offs / expected, rows, -1, "pace_share", "share")


def _effort(activities: pd.DataFrame, as_of: pd.Timestamp) -> dict[str, Any]:
    """Perceived effort at equal duration."""
    rows = activities[activities["rpe"].notna() & activities["duration_min"].notna()]
    offs = _off_the_line(rows, "duration_min", "rpe", as_of)
    if offs is None:
        return _unknown("effort", "runs with a rating of effort (RPE)")
    return _told("effort", offs, rows, 1, "rpe_points", "points")


def _resting(found: pd.DataFrame, as_of: pd.Timestamp) -> dict[str, Any]:
    """Resting heart rate as the watch's own profile has it."""
    rows = found[found["resting_hr_bpm"].notna()]
    now, before = _spans(rows, as_of)
    if now.empty or before.empty:
        return _unknown("resting_heart_rate", "resting heart rates of both spans")
    rise = float(now["resting_hr_bpm"].median() - before["resting_hr_bpm"].median())
    told = pd.Series([rise] * len(now), index=now.index)
    return _told("resting_heart_rate", told, rows, 1, "resting_bpm", "bpm")


def _spans(rows: pd.DataFrame, as_of: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of the last four weeks, and of the 90 days before them."""
    start = as_of - _RECENT
    recent = rows[(rows["date"] > start) & (rows["date"] <= as_of)]
    return recent, rows[(rows["date"] <= start) & (rows["date"] > start - _BEFORE)]


def _off_the_line(rows: pd.DataFrame, x: str, y: str, as_of: pd.Timestamp) -> pd.Series | None:
    """Residuals of the last four weeks off the line of the 90 days before; None if too few."""
    now, before = _spans(rows, as_of)
    fewest = OVERTRAINING["min_runs"]
    spread = float(np.ptp(before[x])) if len(before) else 0.0
    if min(_runs(now), _runs(before)) < fewest or not spread > 0:
        return None
    line = robust_line(before[x].to_numpy(dtype=float), before[y].to_numpy(dtype=float))
    return now[y] - (line.intercept + line.slope * now[x])


def _runs(rows: pd.DataFrame) -> int:
    """Runs that the rows belong to."""
    return int(rows["activity_id"].nunique())


def _told(
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


def _unknown(sign: str, missing: str) -> dict[str, Any]:
    """Build the row of a sign that cannot be told."""
    nan = float("nan")
    told = {"sign": sign, "state": "unknown", "value": nan, "limit": nan}
    return {**told, "unit": "", "runs": 0, "missing": missing}


# Signs of overtraining, told together or not at all.


#: What each sign is called.
SIGN_WORDS = {
    "pace_at_heart_rate": "pace at the same heart rate",
    "effort": "perceived effort of equal runs",
    "resting_heart_rate": "resting heart rate",
    "hrv": "heart-rate variability",
}
_CANNOT = "Heat, hills, illness, another watch or a bad strap move these numbers too."


def signs_of(view: View) -> pd.DataFrame:
    """Return the signs up to the day (`loadmon.rules.overtraining.signs`)."""
    days = int(OVERTRAINING["recent_days"] + OVERTRAINING["before_days"])
    runs = view.activities[view.activities["sport"] == "running"]
    return signs(view.minutes(days), runs, view.archive.device_settings, view.as_of)


def overtraining(view: View) -> Row:
    """Judge the last four weeks against the 90 days before them.

    Returns A finding. Flagged only where at least two signs are there together; one alone is told
    and flags nothing. Not set up with fewer than two known signs.
    """
    told = signs_of(view)
    known = told[told["state"] != "unknown"]
    there = known[known["state"] == "present"]
    fewest = int(OVERTRAINING["signs"])
    row: Row = {"evidence": OVERTRAINING, "value": len(there), "limit": fewest, "unit": "signs"}
    row["window"] = f"{OVERTRAINING['recent_days']:.0f} days"
    row["missing"] = "; ".join(told.loc[told["state"] == "unknown", "missing"])
    if known.empty:
        message = "No sign can be told from these files."
        return finding("overtraining", "not_set_up", "", message, missing=row["missing"])
    text = "; ".join(_text(s) for s in known.to_dict("records"))
    if len(there) >= fewest:
        message = f"{len(there)} signs together: {text}. {_CANNOT}"
        return finding("overtraining", "flagged", "together", message, **row, date=view.as_of)
    if len(known) < fewest:
        message = f"Only one sign can be told, which says nothing alone: {text}."
        return finding("overtraining", "not_set_up", "", message, **row)
    level = "one" if len(there) else "none"
    return finding("overtraining", "ok", level, f"{text[0].upper()}{text[1:]}. {_CANNOT}", **row)


def _text(sign: dict[object, object]) -> str:
    """One sign with its number."""
    value, unit = float(str(sign["value"])), str(sign["unit"])
    number = f"{100 * value:+.1f} %" if unit == "share" else f"{value:+.1f} {unit}"
    return f"{SIGN_WORDS[str(sign['sign'])]} {number}"
