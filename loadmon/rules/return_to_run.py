"""The check `return`: runs after a lay-off, against what the limits of a return allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from loadmon.calendar import usual_gap
from loadmon.evidence.limits import LAYOFF, SESSION_SPIKE
from loadmon.evidence.ramp import RAMP_DAYS, RAMP_SESSION, RAMP_START
from loadmon.ratio import above
from loadmon.rules.context import Row, View, finding
from loadmon.rules.limits import Limits, start_cap_km
from loadmon.units import count_text, day_text, distance_text

# Lay-offs, and how long the runs after one may be within the limits of a return.

_ONE = pd.Timedelta(days=1)
_FOR = pd.Timedelta(days=int(LAYOFF["returning_for_days"]))


@dataclass(frozen=True, slots=True)
class Comeback:
    """A return to running after a lay-off.

    Parameters
    ----------
    first : Timestamp
        Day of the first run after the lay-off.
    days_off : int
        Full days without a run before it. [d]
    longest_before_km : float
        Longest run of the 30 days that end with the last run before the lay-off. [km]
    start_km : float
        Longest first run within the limits. [km]
    """

    first: pd.Timestamp
    days_off: int
    longest_before_km: float
    start_km: float


def comeback_at(
    daily: pd.DataFrame, day: pd.Timestamp, within: pd.Timedelta = _FOR
) -> Comeback | None:
    """Find the return from a lay-off that a run on `day` belongs to.

    Returns the latest lay-off whose first run is less than `within` before `day`, or on it.

    A lay-off has at least 7 full days without a run, and is longer than the usual gap of this
    runner: the 95th percentile of the gaps between run days before it, and at least 3. Days that
    are unknown count as days off: a longer break asks for a shorter first run.
    """
    days = daily.index.to_numpy()
    before = days[(daily["runs"].to_numpy() > 0) & (days < day.to_datetime64())]
    ran = np.append(before, day.to_datetime64())
    gaps = np.diff(ran) / np.timedelta64(1, "D")
    is_long = gaps - 1 >= RAMP_START["full_until_days"]
    for i in np.flatnonzero(is_long & (ran[1:] > (day - within).to_datetime64()))[::-1]:
        if gaps[i] > usual_gap(gaps[:i]):
            return _comeback(daily, pd.Timestamp(ran[i]), pd.Timestamp(ran[i + 1]))
    return None


def cap_km(back: Comeback, daily: pd.DataFrame, day: pd.Timestamp, limits: Limits) -> float:
    """Longest run on `day` within the limits of a return.

    Returns the cap of the first run on its day; later the share or the floor more than the longest
    run since, or than that cap if it is more. [km] Runs whose distance is not known do not raise
    it.
    """
    if day == back.first:
        return back.start_km
    since = daily.loc[back.first : day - _ONE, "longest_km"].max(skipna=True)
    longest = max(back.start_km, 0.0 if np.isnan(since) else float(since))
    return max((1 + limits.session_growth) * longest, longest + limits.session_floor_km)


def too_soon(back: Comeback, daily: pd.DataFrame, day: pd.Timestamp, limits: Limits) -> bool:
    """Whether a run on `day` follows another by a day within the first weeks of a long return.

    Only after 14 or more days off: after a shorter break people return to their own rhythm.
    """
    long = back.days_off >= LAYOFF["returning_from_days"]
    early = day < back.first + limits.no_consecutive_days * _ONE
    ran = bool((daily["runs"].loc[[day - _ONE]] > 0).any())
    return long and early and day > back.first and ran


def _comeback(daily: pd.DataFrame, last: pd.Timestamp, first: pd.Timestamp) -> Comeback:
    """Put together what is known of one lay-off."""
    days_off = (first - last).days - 1
    start = last - (int(SESSION_SPIKE["window_days"]) - 1) * _ONE
    longest = float(daily.loc[start:last, "longest_km"].max(skipna=True))
    return Comeback(first, days_off, longest, start_cap_km(days_off, longest))


# Runs after a lay-off, judged against what the limits of a return would have let through.


def return_check(view: View) -> Row:
    """Judge the runs of the judged days that follow a lay-off by at most four weeks.

    Returns A finding with the run that is furthest above its cap: jumping back in where one left
    off. Else flagged ``in_a_row``: a run on the day after one, after 14 or more days off. Unknown:
    such a run, or a day that could raise the cap, is not known.
    """
    told: Row = {
        "evidence": RAMP_START,
        "unit": "km",
        "window": f"the {LAYOFF['returning_for_days']:.0f} days after a lay-off",
        "missing": view.missing(int(LAYOFF["returning_for_days"])),
    }
    runs = view.activities[view.activities["date"].isin(view.week)]
    runs = runs[runs["sport"] == "running"]
    judged = _judged(view, runs)
    unsure = not view.week_known or any(j["unsure"] for j in judged)
    over = [j for j in judged if j["over"] and not j["unsure"]]
    if over:
        worst = max(over, key=lambda j: j["km"] / j["cap"])
        told |= {"value": worst["km"], "limit": worst["cap"], "date": worst["date"]}
        if worst["date"] != worst["back"].first:
            told["evidence"] = view.rule(RAMP_SESSION)
        return finding("return", "flagged", "above", _text(view, worst), **told)
    row = [j for j in judged if j["too_soon"]]
    if row:
        return _row(view, row[-1], told)
    if unsure:
        message = "Not every run or day that counts for a return from a lay-off is known."
        return finding("return", "unknown", "unknown", message, **told)
    if not judged:
        message = "No run of these 7 days follows a lay-off."
        return finding("return", "ok", "none", message, **told)
    last = judged[-1]
    told |= {"value": last["km"], "limit": last["cap"], "date": last["date"]}
    km = distance_text(last["km"], view.athlete.units)
    message = f"{_break(last['back'])} {km}, within the limits of a return."
    return finding("return", "ok", "none", f"{day_text(last['date'])}: {message}", **told)


def _judged(view: View, runs: pd.DataFrame) -> list[dict[str, Any]]:
    """Every run that follows a lay-off, beside its cap."""
    limits, judged = view.limits, []
    for day, km in zip(runs["date"], runs["distance_km"], strict=True):
        back = comeback_at(view.daily, day)
        if back is None:
            continue
        cap = cap_km(back, view.daily, day, limits)
        over = bool(above(km, cap))
        off = back.first - (back.days_off + 1) * _ONE
        unknown = bool(view.daily.loc[off : day - _ONE, "load"].isna().any())
        unsure = bool(np.isnan(km)) or (over and unknown)
        judged.append({"date": day, "km": km, "cap": cap, "over": over, "unsure": unsure})
        judged[-1] |= {"back": back, "too_soon": too_soon(back, view.daily, day, limits)}
    return judged


def _text(view: View, run: dict[str, Any]) -> str:
    """Tell a run that is above its cap."""
    back: Comeback = run["back"]
    km, cap = (distance_text(run[name], view.athlete.units) for name in ("km", "cap"))
    text = f"{day_text(run['date'])}: {_break(back)} {km}"
    if run["date"] == back.first:
        return f"{text} as the first run; the limits of a return start at {cap}."
    return f"{text}; after the runs since {day_text(back.first)} the limit was {cap}."


def _row(view: View, run: dict[str, Any], told: Row) -> Row:
    """Tell a run on the day after one."""
    back: Comeback = run["back"]
    rule = view.rule(RAMP_DAYS)
    days = count_text(int(rule["no_consecutive_days"]), "day")
    message = (
        f"{day_text(run['date'])}: {_break(back)} a run on the day after a run; the limits of a "
        f"return keep a day between for {days}."
    )
    told |= {"evidence": rule, "value": 2, "limit": 1, "unit": "d", "date": run["date"]}
    return finding("return", "flagged", "in_a_row", message, **told)


def _break(back: Comeback) -> str:
    """Tell the lay-off."""
    return f"after {back.days_off} days without a run,"
