"""Tables of form, strength, shoes, rest and signs of overtraining, and the low-back view."""

from __future__ import annotations

import pandas as pd

from loadmon.athlete.units import Units, distance_text, pace_text
from loadmon.checks.form_line import MEASURES
from loadmon.checks.overtraining import SIGN_WORDS
from loadmon.checks.quiet_days import lighter_weeks
from loadmon.checks.words import count_text
from loadmon.evidence.form import FORM_DEVIATION, POSTURE
from loadmon.evidence.shoes import SHOE_FIT
from loadmon.report.clinic_frames import QUIET_D, clinic_frames
from loadmon.report.overview import Overview
from loadmon.report.table import Table
from loadmon.report.texts import DASH, dated
from loadmon.report.words import QUIET_WORDS, SIGN_STATE_WORDS

_LOOK = ("Look at", "What for")
_NO_NUMBERS: frozenset[int] = frozenset()
_POSTURE = Table("What no watch sees: look for yourself", _LOOK, POSTURE, _NO_NUMBERS, True)
_SHOE_FIT = Table("Fit is in no file: look for yourself", _LOOK, SHOE_FIT, _NO_NUMBERS, True)
_LAST_WEEKS = 8
_NO_UNIT = {"share": "%", "points": "points", "bpm": "bpm"}


def clinic_tables(overview: Overview) -> dict[str, list[Table]]:
    """Tables of each section by its key; a table without rows has nothing to show."""
    if overview.daily.empty:
        return {}
    frames, units = clinic_frames(overview), overview.athlete.units
    return {
        "low-back": [_low_back_table(frames["low_back"])],
        "form": [_form_table(frames["form"], units), _drift_table(frames["drift"]), _POSTURE],
        "strength": [_strength_table(overview, frames["strength"])],
        "shoes": [_shoe_table(frames["shoes"], units), _SHOE_FIT],
        "rest": [_quiet_table(overview, frames["quiet_days"]), _lay_off_table(frames["lay_offs"])],
        "overtraining": [_signs_table(frames["signs"])],
    }


def _low_back_table(factors: pd.DataFrame) -> Table:
    """Five factors side by side where back pain is noted."""
    head = ("Factor", "Six weeks before those", "Last six weeks", "The clinic's advice", "Evidence")
    if factors.empty:
        return Table("", head, [], frozenset())
    columns = ["name", "before", "last", "advice", "evidence"]
    rows = [tuple(row) for row in factors[columns].to_numpy()]
    caption = (
        f"Six weeks up to {dated(factors['until'].iloc[0])}, the first pain of the back that is "
        "noted, beside the six weeks before them; changes, not causes"
    )
    return Table(caption, head, rows, _NO_NUMBERS)


def _form_table(told: pd.DataFrame, units: Units) -> Table:
    """Runs of the last four weeks against the own line."""
    rows = [
        (
            dated(run["date"]),
            MEASURES[run["measure"]],
            pace_text(1000 / run["speed_mps"], units),
            f"{run['value']:.0f}",
            f"{run['expected']:.0f}",
            f"{100 * run['share']:+.1f} %",
        )
        for run in told.to_dict("records")
    ]
    days = int(FORM_DEVIATION["within_days"])
    head = ("Run", "Measure", "At", "Was", "Usually", "Difference")
    caption = f"Steady, flat minutes of the last {days} days against your own of the 90 before"
    return Table(caption, head, rows, frozenset({2, 3, 4, 5}))


def _drift_table(told: pd.DataFrame) -> Table:
    """Long runs: steps at the same speed, from beginning to end."""
    rows = [
        (
            dated(run["date"]),
            str(run["minutes"]),
            f"{run['per_hour']:+.1f}",
            f"{run['low']:+.1f} to {run['high']:+.1f}",
        )
        for run in told.to_dict("records")
    ]
    head = ("Run", "Steady minutes", "Steps a minute, change an hour", "Interval (about 95 %)")
    caption = "Steps within long runs, at the same speed; what such a drift means is not known"
    return Table(caption, head, rows, frozenset({1, 2, 3}))


def _strength_table(overview: Overview, weeks: pd.DataFrame) -> Table:
    """Strength sessions beside running, week by week."""
    head = ("Week from", "Strength sessions", "Clinic's exercises", "Running")
    if weeks.empty:
        return Table("", head, [], frozenset())
    weeks = weeks.tail(_LAST_WEEKS).iloc[::-1]
    km = overview.weekly["distance_km"].reindex(weeks.index)
    rows = [
        (
            dated(week),
            str(n),
            names.replace(",", ", ") or DASH,
            DASH if pd.isna(run) else distance_text(run, overview.athlete.units),
        )
        for week, n, names, run in zip(
            weeks.index, weeks["sessions"], weeks["exercises"], km, strict=True
        )
    ]
    caption = "Strength and running side by side; strength is never counted as running"
    return Table(caption, head, rows, frozenset({1, 3}))


def _shoe_table(pairs: pd.DataFrame, units: Units) -> Table:
    """Pairs with their distance."""
    rows = [
        (
            pair["shoe"] or "no pair known",
            str(pair["runs"]),
            distance_text(pair["distance_km"], units),
            distance_text(pair["total_km"], units, decimals=0),
            dated(pair["first"]),
            dated(pair["last"]),
            distance_text(pair["weekly_km"], units),
            DASH
            if pd.isna(pair["retire_km"])
            else distance_text(pair["retire_km"], units, decimals=0),
            dated(pair["retire_on"]),
        )
        for pair in pairs.to_dict("records")
    ]
    head = ("Pair", "Runs", "Recorded", "In all", "First", "Last", "A week", "Own limit", "Reached")
    rows = rows if any(row[0] != "no pair known" for row in rows) else []
    return Table(
        "Pairs of shoes; whether they fit, no watch can tell",
        head,
        rows,
        frozenset({1, 2, 3, 6, 7}),
    )


def _quiet_table(overview: Overview, quiet: pd.DataFrame) -> Table:
    """What the days without a run of the last six weeks held."""
    counts = dict(zip(quiet["held"], quiet["days"], strict=True))
    rows = [(words, str(counts[held])) for held, words in QUIET_WORDS.items() if held in counts]
    caption = f"The {sum(counts.values())} days without a run in {QUIET_D} days. "
    caption += lighter_text(overview)
    return Table(caption, ("On such a day", "Days"), rows, frozenset({1}))


def _lay_off_table(breaks: pd.DataFrame) -> Table:
    """Breaks from running, and whether gentle movement went on."""
    rows = [
        (
            dated(b["start"]),
            dated(b["end"]),
            str(b["days"]),
            str(b["gentle_days"]),
            str(b["other_days"]),
        )
        for b in breaks.tail(_LAST_WEEKS).iloc[::-1].to_dict("records")
    ]
    head = ("From", "To", "Days", "With a walk or mobility", "With strength or another sport")
    return Table("Breaks from running of a week or more", head, rows, frozenset({2, 3, 4}))


def _signs_table(signs: pd.DataFrame) -> Table:
    """Signs side by side, known or not."""
    rows = []
    for sign in signs.to_dict("records"):
        factor = 100 if sign["unit"] == "share" else 1
        unit = _NO_UNIT.get(sign["unit"], "")
        known = sign["state"] != "unknown"
        value = f"{factor * sign['value']:+.1f} {unit}" if known else DASH
        limit = f"{factor * sign['limit']:+.0f} {unit}" if known else DASH
        rows.append(
            (
                SIGN_WORDS[sign["sign"]],
                SIGN_STATE_WORDS[sign["state"]],
                value,
                limit,
                sign["missing"],
            )
        )
    head = ("Sign", "Verdict", "Four weeks against 90 days", "Limit", "What it would need")
    caption = "Signs side by side: no one of them says anything alone"
    is_any = any(row[2] != DASH for row in rows)
    return Table(caption, head, rows if is_any else [], frozenset({2, 3}))


def lighter_text(overview: Overview) -> str:
    """Say when the last lighter week was; empty where it cannot be told."""
    lighter = lighter_weeks(overview.weekly)
    known = lighter[lighter.notna()]
    if known.empty:
        return ""
    last = known[known.astype(bool)]
    if last.empty:
        return f"No lighter week in the last {len(known)}."
    since = int((known.index > last.index[-1]).sum())
    ago = "the last whole one" if since == 0 else f"{count_text(since, 'whole week')} since"
    return f"Last lighter week: from {dated(last.index[-1])}, {ago}."
