"""A plan in the terminal: its message, its weeks by run day, and what is between the runs."""

from __future__ import annotations

import textwrap

import pandas as pd

from loadmon.ramp.messages import BETWEEN_TEXT, REACHED_WORDS
from loadmon.ramp.result import Ramp
from loadmon.report.output import table
from loadmon.report.terminal import MAX_WIDTH
from loadmon.units import Units, in_distance_units

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEK_D = 7
#: Weeks that are shown before the one that reaches the goal.
_FIRST_WEEKS = 6


def ramp_text(
    ramp: Ramp, *, units: Units = "km", whole: bool = False, width: int = MAX_WIDTH
) -> str:
    """Message of a plan and, where there is one, its weeks."""
    planned, *rest = (
        # but for what the week that is shown says anyway
        [
            p
            for line in text.splitlines()
            if line != BETWEEN_TEXT
            for p in textwrap.wrap(line, width)
        ]
        for text in ramp.message.split("\n\n")
    )
    runs = ramp.plan[ramp.plan["distance_km"] > 0]
    if runs.empty:
        return "\n".join(planned)
    meant, bounds, stop = rest
    shown = weeks = _weeks(runs, units)
    if not whole:
        first, last = int(ramp.plan["week"].iloc[0]), int(ramp.plan["week"].iloc[-1])
        goal = ramp.plan.loc[ramp.plan["date"] == ramp.reached_on, "week"]
        chosen = [*range(first, first + _FIRST_WEEKS), int(goal.iloc[0]) if len(goal) else last]
        shown = weeks[weeks["week"].isin(chosen)]
    left_out = len(weeks) - len(shown)
    plan = [
        table(shown, width=width),
        *([f"{left_out} more weeks: --all"] if left_out else []),
        *_sessions(runs[runs["week"].isin(shown["week"])], width),
        "",
        *_between(ramp.plan, width),
        "All easy: you can talk while you run.",
    ]
    return "\n\n".join("\n".join(part) for part in (planned, plan, meant, bounds, stop))


def _weeks(runs: pd.DataFrame, units: Units) -> pd.DataFrame:
    """One row a week: its runs by day, their sum, what limits them, and the first session."""
    weekday = runs["date"].dt.day_of_week
    days = runs.assign(day=weekday).pivot_table(index="week", columns="day", values="distance_km")
    by_week = runs.groupby("week")
    shown = pd.DataFrame({"week": days.index, "from": by_week["date"].min().to_numpy()})
    first, one = int(weekday.iloc[0]), in_distance_units(1.0, units)
    for day in sorted(set(weekday), key=lambda day: (day - first) % 7):
        shown[_WEEKDAYS[day]] = [f"{one * km:.1f}" if km == km else "" for km in days[day]]
    shown[f"week {units}"] = [f"{one * km:.1f}" for km in by_week["distance_km"].sum()]
    shown["what limits it"] = by_week["limited_by"].agg(_binding).to_numpy()
    return shown


def _sessions(runs: pd.DataFrame, width: int) -> list[str]:
    first = runs.groupby("week").first()
    mixed = first[first["kind"] == "walk_run"]
    lines = ["", "First run of the week:"] if len(mixed) else []
    for week, session in mixed["session"].items():
        lines += textwrap.wrap(f"week {week}: {session}", width, subsequent_indent="    ")
    return lines


def _binding(names: pd.Series) -> str:
    """Limit that the last run of a week reaches, its longest; of the first week its first run."""
    return REACHED_WORDS["start" if "start" in set(names) else names.iloc[-1]]


def _between(plan: pd.DataFrame, width: int) -> list[str]:
    """Say what the first whole week holds on its days without a run."""
    number = int(plan["week"].iloc[min(_WEEK_D, len(plan)) - 1])
    week = plan[(plan["week"] == number) & plan["kind"].isin(["walk", "strength"])]
    rows = zip(week["date"], week["duration_min"], week["kind"], week["session"], strict=True)
    days = [
        f"{_WEEKDAYS[day.weekday()]} {minutes:.0f} min {kind} ({what})"
        for day, minutes, kind, what in rows
    ]
    text = f"Between the runs, as in week {number}: {'; '.join(days)}."
    return textwrap.wrap(f"{text} None of it counts as running.", width) if days else []
