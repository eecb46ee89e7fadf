"""The parts of the page that show frames: each a title, findings, pictures and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from loadmon.evidence.limits import WINDOWS
from loadmon.report import captions, charts
from loadmon.report.charts import Picture
from loadmon.report.clinic import clinic_tables
from loadmon.report.first_screen import outings_data
from loadmon.report.overview import Overview, last_weeks
from loadmon.report.wording import (
    CHECK_WORDS,
    DASH,
    FIRST_FOLDED,
    FLAG_WORDS,
    HOW_TO_FILL,
    MEASURE_WORDS,
    PAIN_WORDS,
    SECTION_WORDS,
    STATUS_WORDS,
    Table,
    change_text,
    dated,
    days_known_text,
    duration_text,
    known,
    value_text,
    week_distance_text,
)
from loadmon.rules.effort_and_form import FORM_DEVIATION
from loadmon.rules.session_spike import DISTANCE_KM, exceeds, outings_of
from loadmon.rules.symptoms import pains
from loadmon.units import count_text, day_text, distance_text

_DAY = pd.Timedelta(days=1)
#: Weeks of the calendar and of the picture on the sheet for a physio.
CALENDAR_WEEKS = 26
#: Weeks of the other pictures, where there is room.
YEAR_WEEKS = 53

#: Checks of sections that are not named after one check.
_CHECKS = {
    "weeks": ("weekly_change",),
    "sessions": ("session_spike", "return", "largest_step"),
    "load": ("acwr",),
    "rest": ("rest", "monotony"),
    "low-back": (),
    "calendar": (),
}
#: The last part of the name of a measure is its unit.
_UNITS = ("s_per_km", "km", "min", "bpm", "m")
_WEEK_HEAD = (
    *("Week from", "Distance", "Flags", "Longest", "Runs", "Days off", "Time"),
    *("Change", "Ratio, coupled"),
)
_ENTRIES, _BREAKS = 14, 12


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page."""

    key: str
    title: str
    findings: list[dict[str, Any]]
    pictures: list[Picture]
    tables: list[Table]
    fill: str  # how to give what the checks lack; empty where they lack nothing
    is_folded: bool


def sections(
    overview: Overview,
    frames: dict[str, pd.DataFrame],
    lookback: pd.DataFrame,
    findings: list[dict[str, Any]],
) -> list[Section]:
    """Every section that shows frames (`clinic_frames` among them), in the order of the page."""
    clinic, drawn = clinic_tables(overview, frames), pictures(overview, frames)
    of_frames = {
        "weeks": [_weeks_table(overview), captions.lookback_table(lookback)],
        "rest": [_breaks_table(overview)],
        "symptoms": [_diary_table(overview)],
    }
    folded = list(SECTION_WORDS)[list(SECTION_WORDS).index(FIRST_FOLDED) :]
    out = []
    for key, title in SECTION_WORDS.items():
        if key not in _CHECKS and key not in CHECK_WORDS:
            continue
        checks = [f for f in findings if section_of(f["check"]) == key]
        tables = [*of_frames.get(key, []), *clinic.get(key, [])]
        tables = [table for table in tables if table.rows]
        if key == "low-back" and not tables:
            continue
        lacking = any(f["verdict"] in ("not_set_up", "unknown") for f in checks)
        lacking |= not (checks or tables)
        fill = HOW_TO_FILL.get(key, "") if lacking else ""
        out.append(Section(key, title, checks, drawn.get(key, []), tables, fill, key in folded))
    return out


def section_of(check: str) -> str:
    """Section that shows a check."""
    return next((key for key, checks in _CHECKS.items() if check in checks), check)


def _weeks_table(overview: Overview) -> Table:
    units, rows = overview.athlete.units, []
    weeks = last_weeks(overview).iloc[::-1]
    for start, week in zip(weeks.index, weeks.to_dict("records"), strict=True):
        ratio = known(week["acwr_coupled"])
        flags = ", ".join(FLAG_WORDS.get(f, f) for f in week["flags"].split(",") if f)
        part = f"{week['n_days']} of 7 days" if week["partial"] else ""
        rows.append(
            (
                day_text(start),
                week_distance_text(week, units),
                "; ".join(filter(None, [flags, part, days_known_text(week)])),
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


def changes_table(overview: Overview) -> Table:
    """The six times seven days before that day, side by side."""
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
    gaps = overview.gaps.tail(_BREAKS).iloc[::-1]
    rows = [
        (dated(gap["start"]), dated(gap["end"]), count_text(gap["days"], "day"))
        for gap in gaps.to_dict("records")
    ]
    days = int(WINDOWS["acute"]) * 2
    caption = f"{days} days or more without any recording, counted as rest"
    return Table(caption, ("From", "To", "Days"), rows, frozenset({2}))


def _diary_table(overview: Overview) -> Table:
    entries = overview.diary[overview.diary[["pain", "rpe"]].notna().any(axis=1)].tail(_ENTRIES)
    rows = [
        (
            dated(entry["date"]),
            PAIN_WORDS[entry["when"]] if entry["when"] else DASH,
            value_text(entry["pain"], ""),
            entry["site"] or DASH,
            value_text(entry["rpe"], ""),
            entry["note"],
        )
        for entry in entries.iloc[::-1].to_dict("records")
    ]
    head = ("Day", "When", "Pain, 0 to 10", "Where", "Effort, 0 to 10", "Note")
    return Table("The last entries of the diary, newest first", head, rows, frozenset({2, 4}))


# Pictures of the sections.


def pictures(overview: Overview, frames: dict[str, pd.DataFrame]) -> dict[str, list[Picture]]:
    """Pictures of the sections, by key; they end with the last day that is not in question."""
    weekly, daily, units = overview.answered_weekly, overview.answered, overview.athlete.units
    if weekly.empty:
        return {}
    year = weekly.tail(YEAR_WEEKS)
    since = pd.Timestamp(year.index[0])
    drawn = {
        "calendar": [calendar_picture(overview)],
        "weeks": [
            charts.weeks_chart(
                year, captions.weeks_text(year, units), units=units, silent=overview.silent_span
            )
        ],
        "load": [
            charts.ratio_chart(
                overview.context.values.loc[: overview.last_known],
                daily,
                captions.ratio_text(overview.context.values.loc[: overview.last_known], since),
                units,
            )
        ],
    }
    if len(weekly) > YEAR_WEEKS:
        drawn["weeks"].append(whole_history(overview))
    data = outings_data(overview)
    if len(data.runs):
        spikes = overview.spikes[
            (overview.spikes["date"] >= since) & (overview.spikes["date"] <= overview.last_known)
        ]
        words = captions.sessions_text(spikes, overview.athlete.limits, units)
        drawn["sessions"] = [charts.sessions_chart(data, words)]
    felt = overview.diary[overview.diary["pain"].notna()]
    if len(felt):
        first, last = max(since, daily.index[0]), max(felt["date"].max(), overview.last_known)
        words = captions.pain_text(felt[felt["date"] >= first])
        drawn["symptoms"] = [charts.pain_chart(felt, min(first, felt["date"].max()), last, words)]
    return drawn | _of_clinic(overview, frames)


def _of_clinic(overview: Overview, frames: dict[str, pd.DataFrame]) -> dict[str, list[Picture]]:
    """One picture each for form, strength and shoes, where there is something to show."""
    units, drawn = overview.athlete.units, {}
    form = frames["form"]
    steps = form[(form["measure"] == "cadence_spm") & form["share"].notna()] if len(form) else form
    if len(steps):
        steps = steps.sort_values("date")
        limit, worst = FORM_DEVIATION["share"], steps["share"].abs().max()
        words = f"{count_text(len(steps), 'run')} from {dated(steps['date'].iloc[0])} to "
        words += (
            f"{dated(steps['date'].iloc[-1])}; the furthest is {100 * worst:.1f} % off your own "
        )
        words += f"line. Dashed: {100 * limit:.0f} %."
        drawn["form"] = [charts.form_chart(steps, limit, words)]
    strength = frames["strength"]
    if len(strength) and strength["sessions"].any():
        told = strength.tail(CALENDAR_WEEKS)
        words = f"{count_text(int(told['sessions'].sum()), 'strength session')} in "
        words += f"{count_text(len(told), 'week')} to {dated(overview.last_known)}."
        drawn["strength"] = [charts.strength_chart(told, words)]
    own = frames["shoes"]
    own = own[own["shoe"] != ""] if len(own) else own
    if len(own):
        words = "; ".join(
            f"{shoe} {distance_text(km, units, decimals=0)}"
            for shoe, km in zip(own["shoe"], own["total_km"], strict=True)
        )
        drawn["shoes"] = [charts.shoes_chart(own, units, f"{words}. A line marks your own limit.")]
    return drawn


def whole_history(overview: Overview) -> Picture:
    """Draw every week since the first recording."""
    weekly, units = overview.answered_weekly, overview.athlete.units
    n, words = len(weekly), captions.weeks_text(weekly, units)
    name = f"All {n} weeks"
    return charts.weeks_chart(weekly, words, units=units, name=name, weeks=(n, n))


def calendar_days(overview: Overview) -> pd.DataFrame:
    """Each day of the last 26 weeks, as `charts.calendar_chart` takes it."""
    units, last = overview.athlete.units, overview.last_known
    first = last - last.weekday() * _DAY - (CALENDAR_WEEKS - 1) * 7 * _DAY
    days = pd.date_range(first, last)
    daily = overview.daily.reindex(days)
    outings = outings_of(overview.context)
    over = outings.loc[exceeds(outings, DISTANCE_KM, overview.athlete.limits), "date"]
    raised = (overview.context.flags[["weekly_change", "acwr"]] == 1).any(axis=1)
    flagged = days.isin(over) | raised.reindex(days, fill_value=False).to_numpy(dtype=bool)
    felt = pains(overview.athlete.diary, overview.as_of) if len(overview.diary) else overview.diary
    worst = felt.groupby("date")["pain"].max().reindex(days)
    most = max(1.0, float(daily["load"].max(skipna=True)) if daily["load"].notna().any() else 1.0)
    rows = []
    for i, (day, told) in enumerate(zip(days, daily.to_dict("records"), strict=True)):
        status, pain = told["status"], float(worst.iloc[i])
        kind = "none" if status != status else str(status)
        far = float(told["load"])
        words = {"run": f"run of {distance_text(far, units)}", "rest": "no run"}.get(
            kind, "not known" if kind == "unknown" else "before the first recording"
        )
        words += ", flagged" if flagged[i] else ""
        words += f", pain {pain:g} of 10" if pain == pain else ""
        share = far / most if far == far else 0.3
        rows.append((kind, share, pain, bool(flagged[i]), f"{day_text(day)}: {words}"))
    columns = ["kind", "size", "pain", "flagged", "words"]
    return pd.DataFrame(rows, columns=columns, index=days)


def calendar_picture(overview: Overview) -> Picture:
    """Draw the calendar, with the counts of what it shows."""
    days = calendar_days(overview)
    seen = days[days["kind"] != "none"]
    counts = seen["kind"].value_counts()
    parts = [
        f"{count_text(int(counts[kind]), 'day')} {words}"
        for kind, words in (("run", "with a run"), ("rest", "without"), ("unknown", "not known"))
        if kind in counts
    ]
    hurt = int((days["pain"] > 0).sum())
    pain = f"pain logged on {count_text(hurt, 'day')}" if days["pain"].notna().any() else ""
    flags = f"{count_text(int(days['flagged'].sum()), 'day')} with a flag"
    words = f"{dated(seen.index[0])} to {dated(seen.index[-1])}: {', '.join(parts)}; {flags}; "
    words += pain or "no pain logged, which is not no pain"
    silent = overview.silent_span
    if silent is not None:
        words += f"; {dated(silent[0])} to {dated(silent[1])} not known"
    return charts.calendar_chart(days, f"{words}.", silent)
