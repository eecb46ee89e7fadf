"""A plan for people: in the terminal, as a sheet to print, and what an edited one exceeds."""

from __future__ import annotations

import base64
import hashlib
import textwrap
from importlib import resources
from typing import Any

import pandas as pd

from loadmon import __version__
from loadmon.ramp.export import TITLES, whole_minutes
from loadmon.ramp.messages import BETWEEN_TEXT, REACHED_WORDS
from loadmon.ramp.result import Ramp
from loadmon.ramp.screening import STOP_TEXT
from loadmon.report.output import table
from loadmon.report.terminal import MAX_WIDTH
from loadmon.report.wording import NOT_MEDICAL, dated
from loadmon.units import Units, count_text, day_text, distance_text, in_distance_units

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


# The sheet: two pages A4 with a row for each day of the next weeks, to tick and to note pain on.

#: Most weeks on the two pages, and on the first: a new plan is due after them.
_WEEKS, _FIRST_PAGE = 6, 3
#: Heights on paper, measured in Chromium with the widest of the common fonts. [mm]
_PAPER_MM, _ROW_MM, _LINE_MM, _WEEK_MM, _SMALL_MM = 273.0, 6.9, 4.1, 7.0, 3.9
#: The heads of page and table; the stop text; the lines around the small print.
_HEAD_MM, _STOP_MM, _NOTES_MM = 20.0, 21.0, 20.0
#: Characters in a line of what is to be done on a day, of a text, and of small print.
_WHAT_CHARS, _TEXT_CHARS, _SMALL_CHARS = 54, 95, 115


def plan_page(ramp: Ramp, *, name: str = "") -> str:
    """One HTML page without anything from elsewhere, whose print is at most two pages A4.

    Where there is no plan it holds the text that stands for one. What others wrote is escaped.
    """
    from loadmon.report.filling import filled

    return filled("plan.html.j2", **_page_content(ramp, name))


def _page_content(ramp: Ramp, name: str) -> dict[str, Any]:
    """Everything that the template shows."""
    style = (resources.files("loadmon.report") / "templates/plan.css").read_text("utf-8")
    planned, *meant = ramp.message.split("\n\n")
    weeks = [_week_rows(week, ramp.units) for _, week in ramp.plan.groupby("week")]
    small = " ".join(" ".join(text.split()) for text in meant if text != STOP_TEXT)
    pages = _on_two_pages(weeks, planned.splitlines(), small)
    shown = [week for page in pages for week in page]
    more = ""
    if len(weeks) > len(shown):
        until = dated(ramp.plan["date"].iloc[-1])
        number = weeks[len(shown)]["number"]
        days = f"Week {number}, to {until}, is"
        if len(weeks) > len(shown) + 1:
            days = f"Weeks {number} to {weeks[-1]['number']}, to {until}, are"
        more = f"{days} not on this sheet: make a new plan by then (loadmon ramp), and print that."
    made = f"Made by loadmon {__version__}"
    if ramp.as_of is not None:
        made += f" from what was known up to {dated(ramp.as_of)}"
    return {
        "version": __version__,
        "style": style,
        "style_hash": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        "title": f"Return to running: {name}" if name else "Return to running",
        "planned": planned.splitlines(),
        "pages": pages,
        "more": more,
        "meant": small,
        "units": ramp.units,
        "stop": STOP_TEXT,
        "made": f"{made}.",
        "not_medical": NOT_MEDICAL,
    }


def _on_two_pages(
    weeks: list[dict[str, Any]], planned: list[str], small: str
) -> list[list[dict[str, Any]]]:
    """Whole weeks from the first on, as many as fit on two pages A4; at least one on each."""
    above = sum(_height(line, _TEXT_CHARS, _LINE_MM + 1) for line in planned)
    below = _height(small, _SMALL_CHARS, _SMALL_MM) + _NOTES_MM
    room = _PAPER_MM - _HEAD_MM - _STOP_MM
    first = _first_weeks(weeks[:_FIRST_PAGE], room - above)
    rest = weeks[len(first) : _WEEKS]
    if not rest and sum(map(_week_height, first)) + above + below <= room:
        return [first]
    return [first, _first_weeks(rest, room - below)]


def _first_weeks(weeks: list[dict[str, Any]], room: float) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    for week in weeks:
        room -= _week_height(week)
        if out and room < 0:
            break
        out.append(week)
    return out


def _week_height(week: dict[str, Any]) -> float:
    """Height of a week on paper. [mm]"""
    extra = (_height(day["what"], _WHAT_CHARS, _LINE_MM) - _LINE_MM for day in week["days"])
    return _WEEK_MM + _ROW_MM * len(week["days"]) + sum(extra)


def _height(text: str, chars: int, line_mm: float) -> float:
    return line_mm * max(1, len(textwrap.wrap(text, chars)))


def _week_rows(week: pd.DataFrame, units: Units) -> dict[str, Any]:
    """One week of the sheet."""
    one, days = in_distance_units(1.0, units), []
    for row in week.to_dict("records"):
        km, minutes, what = row["distance_km"], row["duration_min"], row["session"]
        if km > 0:
            what = f"{what[:1].upper()}{what[1:]}" or TITLES[row["kind"]]
        elif row["kind"] == "walk":  # its session begins with the word
            what = f"{what[:1].upper()}{what[1:]}" or TITLES["walk"]
        else:
            what = TITLES[row["kind"]] + (f": {what}" if what else "")
        days.append(
            {
                "name": day_text(row["date"]),
                "what": what,
                "distance": f"{one * km:.1f}" if km > 0 else "",
                "minutes": str(whole_minutes(minutes)) if minutes == minutes else "",
                "is_run": km > 0,
                "is_rest": row["kind"] == "rest",
            }
        )
    total = f"{one * week['distance_km'].sum():.1f}"
    return {"number": int(week["week"].iloc[0]), "distance": total, "days": days}


# What a plan exceeds that somebody wrote or edited.

#: What `verify_ramp` compares, beside the limits that plans reach.
_COMPARED = {"distance": "no distance can be that"}


def verified_text(
    plan: pd.DataFrame, violations: pd.DataFrame, *, units: Units = "km", width: int = MAX_WIDTH
) -> str:
    """What `verify_ramp` found in a plan, as `checked_plan` gives it; and when to stop."""
    ran = plan[plan["distance_km"] > 0]
    first, last = dated(plan["date"].iloc[0]), dated(plan["date"].iloc[-1])
    lines = [f"{count_text(len(ran), 'run')} from {first} to {last}."]
    if "kind" in plan.columns:
        is_named = plan["kind"].astype("str").str.strip().isin(["run", "walk_run"])
        unrun = int((is_named & (plan["distance_km"] == 0)).sum())
        if unrun:
            has = "has" if unrun == 1 else "have"
            lines.append(
                f"{count_text(unrun, 'day')} that kind calls a run {has} 0 km: taken as no run."
            )
    if violations.empty:
        lines.append("The plan holds every limit. That is not clearance to run.")
        return "\n\n".join([*(textwrap.fill(line, width) for line in lines), STOP_TEXT])
    days = count_text(violations["date"].nunique(), "day")
    lines.append(f"The plan exceeds {count_text(len(violations), 'limit')} on {days}:")
    shown = pd.DataFrame(
        {
            "day": [day_text(day) for day in violations["date"]],
            "planned": _amounts(violations, "value", units),
            "limit": _amounts(violations, "bound", units),
            "of": [
                _COMPARED.get(limit) or REACHED_WORDS.get(limit, limit)
                for limit in violations["limit"]
            ],
        }
    )
    text = [*(textwrap.fill(line, width) for line in lines), table(shown, width=width)]
    return "\n\n".join([*text, STOP_TEXT])


def _amounts(violations: pd.DataFrame, column: str, units: Units) -> list[str]:
    """Values or bounds with their units; a cap may be one of minutes, which the message says."""
    out = []
    for limit, value in zip(violations["limit"], violations[column], strict=True):
        if limit == "run_days":
            out.append(count_text(int(value), "run day"))
        elif limit == "cap":
            out.append(f"{value:.2f} km or min")
        else:
            out.append(distance_text(value, units, decimals=2))
    return out
