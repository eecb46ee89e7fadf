"""Time above threshold: seven days against the four weeks before them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loadmon.checks.findings import Row, finding
from loadmon.checks.ratios import NO_RATIO
from loadmon.checks.view import View
from loadmon.checks.words import day_text
from loadmon.evidence.checks import INTENSITY
from loadmon.evidence.load import WINDOWS
from loadmon.load.ratio import window_sum
from loadmon.load.threshold import above

_WEEK, _BEFORE = int(WINDOWS["acute"]), int(INTENSITY["window_days"])
_COLUMN = "above_threshold_min"


def intensity(view: View) -> Row:
    """Judge the minutes above threshold of seven days, on the last run day of the judged ones.

    Parameters
    ----------
    view : View
        The day and what led up to it.

    Returns
    -------
    dict
        A finding. Not set up: no recording has heart rates, or the threshold is not known.
        Unknown: a run of the 35 days has no heart rate, or a lay-off lies in them. Flagged: more
        than half as much again as the weekly mean of the 28 days before, and by over 10 minutes.
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

    Parameters
    ----------
    view : View
        The day and what led up to it.

    Returns
    -------
    DataFrame
        Index of ``view.daily``. ``acute``: the 7 days that end on the day; ``usual``: weekly mean
        of the 28 days before them [min], NaN where a day or a run's heart rate is not known;
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
