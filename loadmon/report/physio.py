"""The sheet for a physiotherapist: one page of A4, printed by the browser's own command."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from loadmon.evidence.limits import LAYOFF, RATIO_IN_RUNNERS
from loadmon.evidence.pain import PAIN_RULE
from loadmon.ramp.screening import questions_for
from loadmon.ratio import METHODS
from loadmon.report import captions, charts
from loadmon.report.first_screen import first_sentence
from loadmon.report.overview import Overview, pain_summary
from loadmon.report.sections import CALENDAR_WEEKS, changes_table
from loadmon.report.wording import DASH, STATUS_WORDS, dated
from loadmon.rules.limits import limits_for
from loadmon.rules.session_spike import outings_of
from loadmon.units import count_text, distance_text, more_text

_DAY = pd.Timedelta(days=1)
_LAY_OFF_D = int(LAYOFF["returning_from_days"])
#: The sheet is one page whatever happens: so many rows, flags, breaks and pairs fit.
_ROWS, _FLAGS, _PHYSIO_BREAKS, _PAIRS = 6, 3, 2, 3
#: Days that the largest step and strength are told of.
_TOLD_D = 84
_SIZE = (720.0, 140.0)


def physio_sheet(
    overview: Overview,
    frames: dict[str, pd.DataFrame],
    found_lay_offs: pd.DataFrame,
    findings: list[dict[str, Any]],
) -> dict[str, Any]:
    """What the sheet shows, as text."""
    daily, units = overview.answered, overview.athlete.units
    ran = daily.index[daily["runs"] > 0]
    since = [] if overview.pain_since is None else [("Pain since", dated(overview.pain_since))]
    flagged = [first_sentence(f["message"]) for f in findings if f["verdict"] == "flagged"]
    more = len(flagged) - _FLAGS
    rest = [f"{count_text(more, 'other thing')} flagged: see the report."] if more > 0 else []
    changes = changes_table(overview)
    asked = questions_for("injury", {"site": "bone"})
    limits = limits_for("steady", own=overview.athlete.limits)
    run = f"{100 * limits.session_growth:g} % or {distance_text(limits.session_floor_km, units)}"
    week = f"{100 * limits.weekly_growth:g} % or {distance_text(limits.weekly_floor_km, units)}"
    return {
        "dates": [
            ("Data", f"{dated(daily.index[0]) if len(daily) else DASH} to {dated(overview.as_of)}"),
            ("Last run", dated(ran[-1]) if len(ran) else DASH),
            ("Lay-offs", _lay_offs(found_lay_offs) if len(daily) else DASH),
            ("Largest step", _largest_step(overview) if len(daily) else DASH),
            ("Strength", _strength(frames["strength"]) if len(daily) else DASH),
            ("Shoes", _shoes(frames["shoes"], overview) if len(daily) else DASH),
            *since,
            ("Pain", pain_summary(overview)),
        ],
        "trend": _trend(overview),
        "changes": replace(changes, rows=changes.rows[:_ROWS]),
        "flags": flagged[:_FLAGS] + rest,
        "questions": [(key, text.partition("?")[0] + "?") for key, text in asked.items()],
        "limits": [
            ("A run over the longest since the return", run),
            ("Seven days over the three weeks before", week),
            ("Run days in seven", f"{limits.max_run_days_in_7}"),
            ("First days without runs on two days in a row", f"{limits.no_consecutive_days}"),
            ("Pain at which a run stops, of 10", f"above {PAIN_RULE['stop_above']:g}"),
        ],
        "ratio": _ratios(overview),
    }


def _lay_offs(found: pd.DataFrame) -> str:
    spans = []
    for gap in found.tail(_PHYSIO_BREAKS).to_dict("records"):
        unknown = f", {gap['unknown_days']} of them not known" if gap["unknown_days"] else ""
        spans.append(f"{dated(gap['start'])} to {dated(gap['end'])} ({gap['days']} days{unknown})")
    return "; ".join(spans) or f"none of {_LAY_OFF_D} days or more"


def _trend(overview: Overview) -> dict[str, str]:
    """Weeks of half a year with the pain of the same days, on one axis of time."""
    weekly, units = overview.answered_weekly.tail(CALENDAR_WEEKS), overview.athlete.units
    if weekly.empty:
        return {"svg": "", "words": "Nothing is recorded."}
    felt = overview.diary[overview.diary["pain"].notna()]
    felt = felt[(felt["date"] >= weekly.index[0]) & (felt["date"] <= overview.as_of)]
    words = captions.pain_text(felt)
    picture = charts.weeks_chart(
        weekly,
        words,
        units=units,
        name="Distance of each week, and pain on the same days",
        weeks=(CALENDAR_WEEKS, CALENDAR_WEEKS),
        pains=felt,
        size=_SIZE,
    )
    return {"svg": picture.svgs[0][1], "words": words}


def _largest_step(overview: Overview) -> str:
    """The outing of twelve weeks that was furthest beyond the 30 days before it."""
    outings, units = outings_of(overview.context), overview.athlete.units
    last = overview.last_known
    known = outings[
        (outings["date"] > last - _TOLD_D * _DAY)
        & (outings["date"] <= last)
        & outings["ratio"].notna()
    ]
    if known.empty:
        return "no run that can be compared"
    run = known.sort_values("ratio", kind="stable").iloc[-1]
    km, before = (distance_text(run[n], units) for n in ("outing_km", "longest_before_km"))
    if run["ratio"] <= 1:
        return f"none: no run beyond the 30 days before it (nearest {km} after {before})"
    return f"{km} on {dated(run['date'])} after {before} ({more_text(run['ratio'])} more)"


def _strength(weeks: pd.DataFrame) -> str:
    if weeks.empty:
        return "none recorded or logged"
    told = weeks["sessions"].tail(_TOLD_D // 7)
    return f"{count_text(int(told.sum()), 'session')} in {count_text(len(told), 'week')}"


def _shoes(pairs: pd.DataFrame, overview: Overview) -> str:
    if pairs.empty:
        return "not given"
    own = pairs[pairs["shoe"] != ""].sort_values("last", ascending=False).head(_PAIRS)
    units = overview.athlete.units
    told = [
        f"{shoe} {distance_text(km, units, decimals=0)}"
        for shoe, km in zip(own["shoe"], own["total_km"], strict=True)
    ]
    return "; ".join(told) or "not given"


def _ratios(overview: Overview) -> str:
    """The last ratio by each method, or why there is none."""
    parts = []
    for last in overview.context.values.tail(1).to_dict("records"):
        for method in METHODS:
            ratio, status = last[f"acwr_{method}"], last[f"status_{method}"]
            shown = f"{ratio:.2f}" if status == "ok" else STATUS_WORDS[status]
            parts.append(f"{method.upper() if method == 'ewma' else method} {shown}")
    return (
        f"Acute:chronic ratio on {dated(overview.as_of)}: {'; '.join(parts) or 'nothing recorded'}."
        f" {RATIO_IN_RUNNERS}"
    )
