"""One page for a physiotherapist: dates, pain, what changed, answers, limits, room for notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from loadmon.athlete.units import distance_text
from loadmon.checks.limits import limits_for
from loadmon.checks.quiet_days import lay_offs, quiet_days
from loadmon.checks.words import count_text
from loadmon.evidence.load import LAYOFF
from loadmon.evidence.pain import PAIN_RULE
from loadmon.load.ratio import acwr
from loadmon.ramp.screening import questions_for
from loadmon.report.answer import pain_told
from loadmon.report.captions import pain_text
from loadmon.report.overview import Overview
from loadmon.report.pictures import svg
from loadmon.report.plots.drawing import day_numbers
from loadmon.report.plots.pain import plot_pain
from loadmon.report.sections import changes_table
from loadmon.report.table import Table
from loadmon.report.texts import DASH, dated
from loadmon.report.words import STATUS_WORDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: The sheet is one page whatever happens: so many rows, flags and breaks fit.
_ROWS, _FLAGS, _BREAKS = 8, 3, 3
_PAIN_D, _PAIN_SIZE = 84, (9.0, 1.7)
_DAY = pd.Timedelta(days=1)


def physio_sheet(overview: Overview, findings: list[dict[str, Any]]) -> dict[str, Any]:
    """What the sheet shows, as text.

    Parameters
    ----------
    overview : Overview
        What the report says.
    findings : list of dict
        What each check says, as `loadmon.report.page` tells it.
    """
    asked = questions_for("injury", {"site": "bone"})
    flagged = [f["message"] for f in findings if f["verdict"] == "flagged"]
    more = len(flagged) - _FLAGS
    rest = [f"{count_text(more, 'other thing')} flagged: see the report."] if more > 0 else []
    return {
        "dates": _dates(overview),
        "pain": _pain(overview),
        "changes": _changes(overview),
        "flags": flagged[:_FLAGS] + rest,
        "questions": [(key, text.partition("?")[0] + "?") for key, text in asked.items()],
        "limits": _limits(overview),
        "ratio": _ratio(overview),
    }


def _dates(overview: Overview) -> list[tuple[str, str]]:
    """First and last days, breaks, and since when it hurts."""
    daily = overview.daily
    ran = daily.index[daily["runs"] > 0]
    since = [] if overview.pain_since is None else [("Pain since", dated(overview.pain_since))]
    return [
        ("Data", f"{dated(daily.index[0]) if len(daily) else DASH} to {dated(overview.as_of)}"),
        ("Last run", dated(ran[-1]) if len(ran) else DASH),
        ("No run", _breaks(overview)),
        *since,
        ("Pain", pain_told(overview)),
    ]


def _breaks(overview: Overview) -> str:
    """The last breaks from running, whatever else was done in them."""
    daily, least = overview.daily, int(LAYOFF["returning_from_days"])
    if daily.empty:
        return DASH
    quiet = quiet_days(daily, overview.archive.activities, pd.Series(dtype="datetime64[us]"))
    told = []
    for found in lay_offs(daily, quiet, least).tail(_BREAKS).to_dict("records"):
        unknown = f", {found['unknown_days']} of them not known" if found["unknown_days"] else ""
        days = f"{found['days']} days{unknown}"
        told.append(f"{dated(found['start'])} to {dated(found['end'])} ({days})")
    return "; ".join(told) or f"never {least} days or more"


def _pain(overview: Overview) -> dict[str, str]:
    """Trend of the pain that was logged; empty where none was."""
    diary = overview.diary
    told = diary[diary["pain"].notna() & (diary["date"] > overview.as_of - _PAIN_D * _DAY)]
    if told.empty:
        return {"svg": "", "words": "Nothing is logged in the last twelve weeks."}

    def draw(ax: Axes) -> None:
        span = day_numbers(pd.DatetimeIndex([overview.as_of - _PAIN_D * _DAY, overview.as_of]))
        plot_pain(told, ax=ax).set_xlim(span[0], span[1] + 1)

    picture = svg(draw, _PAIN_SIZE, "Pain of the last twelve weeks")
    return {"svg": picture, "words": pain_text(told)}


def _changes(overview: Overview) -> Table:
    """The first rows of what changed."""
    table = changes_table(overview)
    return Table(table.caption, table.head, table.rows[:_ROWS], table.numbers)


def _limits(overview: Overview) -> list[tuple[str, str]]:
    """Limits of a return, to agree on."""
    limits, units = limits_for("steady", own=overview.athlete.limits), overview.athlete.units
    step, week = (
        distance_text(x, units) for x in (limits.session_floor_km, limits.weekly_floor_km)
    )
    return [
        ("A run over the longest since the return", f"{100 * limits.session_growth:g} % or {step}"),
        ("Seven days over the three weeks before", f"{100 * limits.weekly_growth:g} % or {week}"),
        ("Run days in seven", f"{limits.max_run_days_in_7}"),
        ("First days without runs on two days in a row", f"{limits.no_consecutive_days}"),
        ("Pain at which a run stops, of 10", f"above {PAIN_RULE['stop_above']:g}"),
    ]


def _ratio(overview: Overview) -> str:
    """The last ratio by each method, or why there is none."""
    parts = []
    for method in ("coupled", "uncoupled", "ewma"):
        days = acwr(overview.daily["load"], method=method)
        if days.empty:
            continue
        last = days.iloc[-1]
        shown = f"{last['acwr']:.2f}" if last["status"] == "ok" else STATUS_WORDS[last["status"]]
        parts.append(f"{method.upper() if method == 'ewma' else method} {shown}")
    told = "; ".join(parts) or "nothing recorded"
    return (
        f"Acute:chronic ratio on {dated(overview.as_of)}: {told}. In runners, studies found no "
        "harm from a high ratio, or the reverse."
    )
