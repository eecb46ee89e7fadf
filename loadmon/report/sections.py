"""The parts of the page that show frames: each a title, findings, pictures and tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from loadmon.checks.words import count_text, day_text
from loadmon.evidence.load import WINDOWS
from loadmon.report.answer import last_weeks
from loadmon.report.clinic import clinic_tables
from loadmon.report.lookback import lookback_table
from loadmon.report.overview import Overview
from loadmon.report.pictures import Picture, pictures, whole_history
from loadmon.report.table import Table
from loadmon.report.texts import DASH, change_text, dated, duration_text, known, value_text
from loadmon.report.words import (
    CHECK_WORDS,
    FLAG_WORDS,
    HOW_TO_FILL,
    MEASURE_WORDS,
    PAIN_WORDS,
    SECTION_WORDS,
    STATUS_WORDS,
)

#: Sections that show more than the check of their own name.
_CHECKS = {
    "weeks": ("weekly_change",),
    "sessions": ("session_spike", "return"),
    "load": ("acwr",),
    "rest": ("rest", "monotony"),
    "low-back": (),
}
#: The last part of the name of a measure is its unit.
_UNITS = ("s_per_km", "km", "min", "bpm", "m")
_WEEK_HEAD = (
    *("Week from", "Distance", "What stands out", "Longest", "Runs", "Days without", "Time"),
    *("To week before", "Ratio, coupled"),
)
_ENTRIES, _BREAKS = 14, 12
Findings = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page.

    Parameters
    ----------
    key, title : str
        As in `loadmon.report.words.SECTION_WORDS`.
    findings : list of dict
        What its checks say, as `loadmon.report.page` tells them.
    pictures : list of Picture
        What is drawn.
    whole : Picture or None
        A longer history behind a fold.
    tables : list of Table
        What is listed.
    fill : str
        How to give what the checks lack; empty where they lack nothing.
    """

    key: str
    title: str
    findings: list[dict[str, Any]]
    pictures: list[Picture]
    whole: Picture | None
    tables: list[Table]
    fill: str


def sections(overview: Overview, findings: list[dict[str, Any]]) -> list[Section]:
    """Every section behind the answer, in the order of the page.

    Parameters
    ----------
    overview : Overview
        What the report says.
    findings : list of dict
        What each check says, as `loadmon.report.page` tells it. A check that has no place in
        another section has one of its own name.
    """
    drawn = pictures(overview)
    clinic = clinic_tables(overview)
    by_check = {f["check"]: f for f in findings}
    taken = {check for checks in _CHECKS.values() for check in checks}
    keys = [key for key in SECTION_WORDS if key in _CHECKS or key in CHECK_WORDS]
    keys += [check for check in by_check if check not in taken and check not in keys]
    return [
        _section(key, overview, by_check, drawn.get(key, []), clinic.get(key, [])) for key in keys
    ]


def section_of(check: str) -> str:
    """Section in which a check is told."""
    return next((key for key, checks in _CHECKS.items() if check in checks), check)


def _section(
    key: str, overview: Overview, by_check: Findings, drawn: list[Picture], more: list[Table]
) -> Section:
    """One section with what belongs to it."""
    told = [by_check[check] for check in _CHECKS.get(key, (key,)) if check in by_check]
    lacking = any(f["verdict"] in ("not_set_up", "unknown") for f in told)
    listed = [*(table(overview) for table in _TABLES.get(key, ())), *more]
    listed = [table for table in listed if table.rows]
    lacking |= not (told or listed)
    return Section(
        key=key,
        title=SECTION_WORDS.get(key, CHECK_WORDS.get(key, key)),
        findings=told,
        pictures=drawn,
        whole=whole_history(overview) if key == "weeks" else None,
        tables=listed,
        fill=HOW_TO_FILL.get(key, "") if lacking else "",
    )


def _weeks_table(overview: Overview) -> Table:
    """The last weeks, the newest first."""
    units, rows = overview.athlete.units, []
    weeks = last_weeks(overview).iloc[::-1]
    for start, week in zip(weeks.index, weeks.to_dict("records"), strict=True):
        ratio = known(week["acwr_coupled"])
        rows.append(
            (
                day_text(start),
                value_text(week["distance_km"], "km", units),
                _remarks(week),
                value_text(week["longest_km"], "km", units),
                str(week["runs"]),
                str(week["rest_days"]),
                duration_text(week["duration_min"]),
                change_text(week["change"]),
                STATUS_WORDS[week["acwr_status"]] if ratio is None else f"{ratio:.2f}",
            )
        )
    caption = f"The last {len(rows)} weeks, newest first"
    return Table(caption, _WEEK_HEAD, rows, frozenset({1, *range(3, len(_WEEK_HEAD))}))


def _remarks(week: dict[Any, Any]) -> str:
    """What stands out in a week, and what of it is not known."""
    told = [", ".join(FLAG_WORDS.get(f, f) for f in week["flags"].split(",") if f)]
    told.append(f"{week['n_days']} of 7 days" if week["partial"] else "")
    told.append("" if week["n_known"] == week["n_days"] else "a day not known")
    return "; ".join(part for part in told if part)


def changes_table(overview: Overview) -> Table:
    """The six times seven days before the day that the changes are told for, side by side."""
    blocks, units = overview.changes, overview.athlete.units
    head = ("7 days to", *(day_text(end) for end in blocks.index))
    rows = []
    for name in blocks.columns:
        unit = next((u for u in _UNITS if name.endswith(f"_{u}")), "")
        values = [known(v) for v in blocks[name].tolist()]
        if any(v for v in values):
            shown = (value_text(v, unit, units) for v in values)
            rows.append((MEASURE_WORDS[name], *shown))
    caption = f"Seven days at a time, {changes_to(overview)}; changes, not causes"
    return Table(caption, head, rows, frozenset(range(1, len(head))))


def changes_to(overview: Overview) -> str:
    """Say which day the six weeks lead up to, and why that one."""
    if overview.changes.empty:
        return ""
    day = dated(overview.changes.index[-1])
    if overview.pain_since is not None:
        return f"up to {day}, the first day of the pain in the diary"
    return f"up to {day}, the last day with a run"


def _breaks_table(overview: Overview) -> Table:
    """Gaps without any recording."""
    gaps = overview.gaps.tail(_BREAKS).iloc[::-1]
    rows = [
        (dated(gap["start"]), dated(gap["end"]), count_text(gap["days"], "day"))
        for gap in gaps.to_dict("records")
    ]
    days = int(WINDOWS["acute"]) * 2
    caption = f"{days} days or more without any recording, counted as rest"
    return Table(caption, ("From", "To", "Days"), rows, frozenset({2}))


def _diary_table(overview: Overview) -> Table:
    """The last entries of the diary that tell a pain or an effort."""
    told = overview.diary[overview.diary[["pain", "rpe"]].notna().any(axis=1)].tail(_ENTRIES)
    rows = [
        (
            dated(entry["date"]),
            PAIN_WORDS[entry["when"]] if entry["when"] else DASH,
            value_text(entry["pain"], ""),
            entry["site"] or DASH,
            value_text(entry["rpe"], ""),
            entry["note"],
        )
        for entry in told.iloc[::-1].to_dict("records")
    ]
    head = ("Day", "When", "Pain, 0 to 10", "Where", "Effort, 0 to 10", "Note")
    return Table("The last entries of the diary, newest first", head, rows, frozenset({2, 4}))


#: Tables of each section. To add one: a function from the overview to a `Table`, named here.
_TABLES: dict[str, tuple[Callable[[Overview], Table], ...]] = {
    "weeks": (_weeks_table, lookback_table),
    "rest": (_breaks_table,),
    "symptoms": (_diary_table,),
}
