"""What is said of the limits of a plan: which they are, who set them, and which are not usual."""

from __future__ import annotations

from datetime import date

import pandas as pd

from loadmon.athlete.units import Units, distance_text
from loadmon.checks.caps import Cap
from loadmon.checks.limits import NUMBERS, Limits, limits_for
from loadmon.checks.words import day_text
from loadmon.evidence.ramp import RAMP_HORIZON
from loadmon.ramp.history import Before
from loadmon.ramp.request import Asked
from loadmon.ramp.run_days import DAY_NAMES

_INF = float("inf")
#: What a run reaches (column ``limited_by`` of a plan), in words.
REACHED_WORDS = {
    "start": "the first run of a return",
    "session": "the growth of a single run",
    "week": "the growth of a week",
    "coupled": "the coupled acute:chronic ratio",
    "uncoupled": "the uncoupled acute:chronic ratio",
    "ewma": "the EWMA acute:chronic ratio",
    "cap": "a cap that was set",
    "pace": "one new longest run a week",
    "repeat": "every fourth week repeats",
    "target": "the target",
    "programme": "the programme",
    "run_days": "the run days",
}
#: Words and unit of each limit; a smaller value is the stricter one, unless it says otherwise.
_WORDS = {
    "start_km": ("first run", "km"),
    "session_growth": ("growth of a run", "share"),
    "session_floor_km": ("growth of a run", "km"),
    "weekly_growth": ("growth of a week", "share"),
    "weekly_floor_km": ("growth of a week", "km"),
    "coupled": ("coupled ratio", ""),
    "uncoupled": ("uncoupled ratio", ""),
    "ewma": ("EWMA ratio", ""),
    "ratio_from_day": ("day from which the ratios bind", ""),
    "max_run_days_in_7": ("run days in seven", ""),
    "no_consecutive_days": ("days without two runs in a row", ""),
}
_LARGER_IS_STRICTER = ("no_consecutive_days",)


def limits_text(limits: Limits, before: Before, units: Units) -> str:
    """Say what the plan is under."""

    def km(x: float) -> str:
        return distance_text(x, units)

    start = f"first run at most {km(before.start_km)}; " if before.start_km else ""
    if before.line_km < _INF:
        days = int(RAMP_HORIZON["compare_from_day"])
        start += f"before day {days} at most {km(before.line_km)} in 7 days; "
    return (
        f"Limits: {start}a run at most {_share(limits.session_growth)} or "
        f"{km(limits.session_floor_km)} longer than the longest since the return; a week at most "
        f"{_share(limits.weekly_growth)} or {km(limits.weekly_floor_km)} more; from day "
        f"{limits.ratio_from_day} the acute:chronic ratio at most {limits.coupled:g} coupled, "
        f"{limits.uncoupled:g} uncoupled, {limits.ewma:g} EWMA. Choices of this project, not "
        "proven protection."
    )


def own_limits_text(asked: Asked) -> list[str]:
    """Say which limits are not loadmon's own, who set them, and which of them are looser."""
    usual, units = limits_for(asked.request.pace), asked.request.athlete.units
    looser: list[str] = []
    stricter: list[str] = []
    for name in NUMBERS:
        own, other = getattr(asked.limits, name), getattr(usual, name)
        if own in (None, other):
            continue
        text = _changed(name, own, other, units)
        larger = other is None or own > other
        (looser if larger != (name in _LARGER_IS_STRICTER) else stricter).append(text)
    whose = f" by {asked.limits.author}" if asked.limits.author else ""
    lines = [f"Limits set{whose}: {'; '.join(stricter)}."] if stricter else []
    if looser:
        lines.append(f"LOOSER than loadmon's own{whose}: {'; '.join(looser)}.")
    return lines + [_cap_text(cap, asked.limits.author, units) for cap in asked.limits.caps]


def _changed(name: str, own: float, usual: float | None, units: Units) -> str:
    """One limit, and what it is without the change."""
    words, unit = _WORDS[name]
    before = "from the break" if usual is None else _value(usual, unit, units)
    return f"{words} {_value(own, unit, units)} (usually {before})"


def _value(value: float, unit: str, units: Units) -> str:
    """Number with its unit."""
    if unit == "km":
        return distance_text(value, units)
    return _share(value) if unit == "share" else f"{value:g}"


def _share(share: float) -> str:
    """Write a share in per cent."""
    return f"{100 * share:g} %"


def _cap_text(cap: Cap, author: str, units: Units) -> str:
    """Say what a cap caps, over which days, and whose it is."""
    parts = []
    if cap.no_run:
        parts.append("no run")
    else:
        if cap.run_km < _INF:
            parts.append(f"a run at most {distance_text(cap.run_km, units)}")
        if cap.run_min < _INF:
            parts.append(f"at most {cap.run_min:g} minutes of running in a session")
        if cap.week_km < _INF:
            parts.append(f"at most {distance_text(cap.week_km, units)} in 7 days")
        if cap.days:
            parts.append(f"runs on {', '.join(DAY_NAMES[d] for d in cap.days)} only")
    whose = cap.why or author or "asked for"
    return f"Cap ({whose}){_span(cap)}: {'; '.join(parts) or 'nothing'}."


def _span(cap: Cap) -> str:
    """Days over which a cap holds."""
    since = f" from {_day(cap.since)}" if cap.since else ""
    return since + (f" until {_day(cap.until)}" if cap.until else "")


def _day(day: date) -> str:
    """Write a day with its year."""
    return f"{day_text(pd.Timestamp(day))} {day.year}"
