"""What the terminal, the page and the pictures call things: words, numbers, sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from loadmon.calendar import Day, SilentDays, day_of
from loadmon.units import Units, count_text, day_text, distance_text, pace_text

#: What is written where a number is not known.
DASH = "–"
_DECIMALS = {"ratio": 2, "share": 2, "bpm": 0, "m": 0, "%": 1}
_BARS = "▁▂▃▄▅▆▇█"
_COMMAND = re.compile(r"(loadmon [a-z]+) PATH\b")
_WITHOUT_UNIT = ("ratio", "share", "")


def with_path(text: str, title: str, options: str = "") -> str:
    """Text whose commands name what was read, so that they can be typed as they stand.

    `options`: how it was read, with a blank in front; the diary's command takes none of them.
    """

    def typed(found: re.Match[str]) -> str:
        return f"{found[1]} {title}{'' if found[1] == 'loadmon log' else options}"

    return _COMMAND.sub(typed, text)


def dated(day: pd.Timestamp) -> str:
    """Day with its year; a dash where there is none."""
    return DASH if pd.isna(day) else f"{day_text(day)} {day.year}"


def known(value: float | None) -> float | None:
    """Return None for what is not known."""
    return None if value is None or pd.isna(value) else float(value)


def value_text(value: float | None, unit: str, units: Units = "km") -> str:
    """A number with its unit; a dash where there is none."""
    number = known(value)
    if number is None:
        return DASH
    if unit == "km":
        return distance_text(number, units)
    if unit == "s_per_km":
        return pace_text(number, units)
    if unit == "min":
        return duration_text(number)
    if unit == "d":
        return count_text(round(number), "day")
    if unit == "signs":
        return count_text(round(number), "sign")
    text = f"{number:.{_DECIMALS[unit]}f}" if unit in _DECIMALS else f"{number:.4g}"
    return text if unit in _WITHOUT_UNIT else f"{text} {unit}"


def limit_text(check: str, limit: float | None, unit: str, units: Units = "km") -> str:
    """What the value of a check keeps to where nothing is flagged; a dash where there is none."""
    text = value_text(limit, unit, units)
    return text if text == DASH else f"{LIMIT_SIGNS[check]} {text}"


def is_beyond(check: str, value: float | None, limit: float | None) -> bool:
    """Whether a value is past the limit of its check, flagged or not; no where one is unknown."""
    x, bound = known(value), known(limit)
    if x is None or bound is None:
        return False
    sign = LIMIT_SIGNS[check]
    if sign == "±":
        x, sign = abs(x), "max"
    return {"max": x > bound, "min": x < bound, "under": x >= bound}[sign]


def week_distance_text(week: Mapping[Any, Any], units: Units = "km") -> str:
    """Distance of a week of the weekly frame: ``at least`` where not every day of it is known."""
    text = value_text(week["distance_km"], "km", units)
    is_whole = week["n_known"] == week["n_days"]
    return text if is_whole or text == DASH else f"at least {text}"


def days_known_text(week: Mapping[Any, Any]) -> str:
    """Which part of a week is known: ``3 of 7 days known``; empty where every day is."""
    known_days, days = week["n_known"], week["n_days"]
    return "" if known_days == days else f"{known_days} of {count_text(days, 'day')} known"


def duration_text(minutes: float) -> str:
    """Minutes as hours and minutes."""
    whole = None if pd.isna(minutes) else round(minutes)
    return DASH if whole is None else f"{whole // 60}:{whole % 60:02d} h"


def change_text(ratio: float) -> str:
    """Ratio to what was before as a share: ``+15 %``."""
    return DASH if pd.isna(ratio) else f"{100 * (ratio - 1):+.0f} %"


def sparkline(values: np.ndarray) -> str:
    """One bar per value, 0 to the largest; a dot where it is not known."""
    top = np.nanmax(values) if not np.isnan(values).all() else 0.0
    steps = len(_BARS) - 1
    return "".join(
        "·" if v != v else _BARS[round(steps * v / top) if top > 0 else 0] for v in values
    )


# The one table of words: what the terminal, the page and the pictures call each thing.

#: What a verdict is called in front of people; "ok" says no more than that nothing was flagged.
VERDICT_WORDS = {
    "ok": "nothing flagged",
    "flagged": "flagged",
    "unknown": "not known",
    "not_set_up": "not set up",
}

#: How the limit of a check bounds its value; a change of form counts in both directions.
LIMIT_SIGNS = {
    "session_spike": "max",
    "return": "max",
    "weekly_change": "max",
    "acwr": "max",
    "monotony": "max",
    "rest": "min",
    "symptoms": "max",
    "descent": "max",
    "intensity": "max",
    "form": "±",
    "strength": "min",
    "shoes": "max",
    "overtraining": "under",
    "largest_step": "max",
}

#: Title of a check, in the order of `loadmon.rules.context.CHECKS`.
CHECK_WORDS = {
    "session_spike": "Longest single run",
    "return": "Return after a lay-off",
    "weekly_change": "Weekly load change",
    "acwr": "Acute:chronic ratio",
    "monotony": "Training monotony",
    "rest": "Days without a run",
    "symptoms": "Pain and symptoms",
    "descent": "Downhill",
    "intensity": "Time above threshold",
    "form": "Form",
    "strength": "Strength training",
    "shoes": "Shoes",
    "overtraining": "Signs of overtraining",
    "largest_step": "Largest step of four weeks",
}

#: Limits of `loadmon.today` that are not checks of the same name.
LIMIT_WORDS = CHECK_WORDS | {"unknown": "not known"}

#: What stands out in a week (column ``flags`` of the weekly frame), short enough for a picture.
FLAG_WORDS = {
    "session_spike": "long run",
    "return": "fast return",
    "weekly_change": "weekly change",
    "acwr": "ratio",
    "monotony": "monotony",
    "rest": "few days off",
    "symptoms": "pain",
    "descent": "downhill",
    "intensity": "time above threshold",
    "form": "form",
    "strength": "strength",
    "shoes": "shoes",
    "overtraining": "signs of overtraining",
}

#: When a pain was felt (column ``when`` of the diary).
PAIN_WORDS = {
    "": "time not given",
    "before": "before a run",
    "during": "during a run",
    "after": "after a run",
    "next-morning": "next morning",
}

#: Why there was a lay-off (`loadmon.ramp.screening.REASONS`).
REASON_WORDS = {
    "rest": "rest, a holiday, no time",
    "illness": "illness",
    "injury": "an injury or pain",
    "back-pain": "back pain",
    "bone": "a bone injury",
}

#: Sliders of the calculator, in the order of its choices.
SLIDER_WORDS = {"runs": "Runs a week"}
#: What the calculator says while questions are open, and after all of them.
OPEN_TEXT = "There is no plan until every question is answered."
CLEAN_TEXT = "Screening: no red flag reported. This is not clinical clearance."

#: Why no ratio is shown on a day (column ``status`` of `loadmon.acwr`).
STATUS_WORDS = {
    "ok": "shown",
    "unknown": "a day not known",
    "forming": "first 28 days",
    "returning": "lay-off and return",
    "sparse": "few run days",
    "low_base": "too little before",
}

#: What became of a file.
OUTCOME_WORDS = {
    "imported": "read",
    "flagged": "read, with a remark",
    "duplicate": "a copy of another file, counted once",
    "skipped": "not a recording",
    "quarantined": "broken or impossible: not counted",
    "refused": "cannot be used as it is",
}

NOT_MEDICAL = "This is not a diagnosis and not clearance to run."

#: What a flag of each check leaves open.
CANNOT_TELL = {
    "session_spike": "Whether this run did or will do harm: the study compared rates between "
    "groups, not what happens to one runner. It does not explain any pain.",
    "return": "How much your body can take after the lay-off: the limits of a return are this "
    "project's choice, with no trial behind the numbers.",
    "weekly_change": "Whether such a change matters: larger and newer studies found no link with "
    "injury.",
    "acwr": "Who will get hurt: it shows a jump in load, no more.",
    "monotony": "Whether you are tired: the study was of illness and felt effort, and set no such "
    "limit.",
    "rest": "What a day without a run did for you: one study asked athletes to remember, a larger "
    "one saw the reverse.",
    "symptoms": "Where a pain comes from: someone who examines you can find out, a log cannot.",
    "descent": "Whether your legs are used to it: only what was recorded here is known.",
    "intensity": "How hard it was for you: heart rate also rises with heat, poor sleep and coffee.",
    "form": "How you move: a watch counts steps and sees neither posture nor foot strike.",
    "strength": "How strong you are: sessions are counted, not their effect.",
    "shoes": "Whether a shoe is worn out: the distance is a convention, with no trial behind it.",
    "overtraining": "Whether you are overtrained: illness, heat and a bad night look the same.",
    "largest_step": "Whether this run did or will do harm: it is shown so that it is not missed.",
}

#: How what is not known can be filled in.
HOW_TO_FILL = {
    "low-back": "Once there is back pain in the diary, the five factors of the clinic's page "
    "appear here side by side.",
    "symptoms": "One line a day: loadmon log PATH --pain 2 --site back --when next-morning.",
    "descent": "It needs recordings with altitude.",
    "intensity": "loadmon init PATH writes an athlete.toml to fill in.",
    "form": "It needs a watch that records cadence.",
    "strength": "Record strength sessions on the watch, or: "
    "loadmon log PATH --strength plank,bridge.",
    "shoes": "Name your shoes in athlete.toml, or assign them on the platform before you export.",
    "overtraining": "It needs heart rate and an effort rating for most runs: "
    "loadmon log PATH --rpe 6.",
}

#: What the name of a check means, for those who do not know the word.
MEANING_WORDS = {
    "session_spike": "One run beside the longest run of the 30 days before it.",
    "return": "The first four weeks of running after two weeks or more without a run.",
    "weekly_change": "The last seven days beside the fullest seven days of your own weeks before.",
    "acwr": "The last 7 days (acute) over the mean week of the last 28 (chronic).",
    "monotony": "How alike the days of a week are: their mean over how much they differ.",
    "rest": "How many of the last seven days were without a run, and how many run days in a row.",
    "symptoms": "What you wrote into the diary: where it hurt, when, and how much, 0 to 10.",
    "descent": "Metres lost in one run beside the most of the 30 days before.",
    "intensity": "Time with a heart rate above the one that can be held for about an hour.",
    "form": "Steps a minute and the like, beside your own line at the same pace.",
    "strength": "Strength sessions a week, from the watch or the diary.",
    "shoes": "How far each pair of shoes has run.",
    "overtraining": "Signs that can come with too little recovery; one alone says nothing.",
}

#: Parts of the page in their order after the first screen: the open ones, then those on demand.
SECTION_WORDS = {
    "coming-back": "The way back",
    "help": "When to get help",
    "low-back": "Low back pain",
    "calendar": "The last 26 weeks",
    "form": "Form",
    "strength": "Strength",
    "shoes": "Shoes",
    "evidence": "How we know: the evidence",
    "files": "Files",
    "stands-out": "Each flag and what it rests on",
    "today": "Every limit of the days ahead",
    "changed": "What changed",
    "not-known": "What is not known, and how to fill it in",
    "weeks": "Weeks",
    "sessions": "Single runs",
    "load": "Load and ratio",
    "rest": "Monotony and days without a run",
    "symptoms": "Pain and effort",
    "descent": "Downhill",
    "intensity": "Time above threshold",
    "overtraining": "Signs of overtraining",
    "methods": "Methods",
}
#: The first of the parts that are shown on demand.
FIRST_FOLDED = "stands-out"
#: Tabs that stay in sight: the part, and its short name.
TAB_WORDS = {
    "top": "This week",
    "coming-back": "Way back",
    "calendar": "26 weeks",
    "evidence": "How we know",
    "files": "Files",
}

#: What a day without a run held (`loadmon.rules.rest_days`).
QUIET_WORDS = {
    "walk": "a walk or hike",
    "mobility": "yoga, pilates or stretching",
    "strength": "strength training",
    "other": "another sport",
    "nothing": "nothing recorded",
    "unknown": "not known",
}

#: State of a sign of overtraining.
SIGN_STATE_WORDS = {"present": "present", "absent": "absent", "unknown": "not known"}

#: What is counted in seven days: column of `loadmon.report.overview.seven_days`.
MEASURE_WORDS = {
    "distance_km": "Distance",
    "longest_km": "Longest run",
    "runs": "Runs",
    "rest_days": "Days without a run",
    "duration_min": "Time running",
    "pace_s_per_km": "Average pace",
    "avg_hr_bpm": "Average heart rate",
    "elevation_gain_m": "Climb",
    "descent_m": "Descent",
    "walk_km": "Walking and hiking",
    "other_min": "Other sports",
}


# A frame as text, for the page.


@dataclass(frozen=True, slots=True)
class Table:
    """A frame as text; the first cell of a row is its heading."""

    caption: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    numbers: frozenset[int]  # columns
    is_folded: bool = False  # shown on demand only


# Sentences that need no rule: one pain, and the days at the end without a recording.


def entry_text(entry: pd.Series) -> str:
    """One pain: ``2 of 10 (back, next morning) on Sat 10 Oct 2026``."""
    when = PAIN_WORDS[entry["when"]] if entry["when"] else ""
    where = ", ".join(text for text in (entry["site"], when) if text)
    return f"{entry['pain']:g} of 10{f' ({where})' if where else ''} on {dated(entry['date'])}"


#: Reasons by which workouts are missing that somebody listed or recorded.
_MISSING = ("list-unread", "unpack-first", "unit-unknown", "list-column", "list-value")
_MOST_MISSING = 5


def missing_workouts(reasons: pd.DataFrame) -> list[str]:
    """Sentences about workouts that are listed or recorded and not read, each once."""
    own = reasons[reasons["code"].isin(_MISSING)].drop_duplicates("text")
    texts = [
        f"{file.replace('!', '/').rpartition('/')[2]}: {text}."
        for file, text in zip(own["file"], own["text"], strict=True)
        if "!row " not in file
    ]
    more = len(texts) - _MOST_MISSING
    return texts[:_MOST_MISSING] + ([f"{more} more: loadmon files PATH"] if more > 0 else [])


def dayless_text(files: pd.DataFrame) -> str:
    """Say which files of a ledger could not be used and have no known day; empty: none.

    Where the day is known it is unknown what was run on it, and every table shows that.
    """
    is_bad = files["outcome"].isin(("quarantined", "refused")) & (files["date"] == "")
    count = int(is_bad.sum())
    if not count:
        return ""
    hidden = "its day: a run in it looks" if count == 1 else "their days: runs in them look"
    return (
        f"{count_text(count, 'file')} could not be used, and nothing tells {hidden} like rest. "
        "See: loadmon files PATH"
    )


def silence_text(
    silent: SilentDays | None, as_of: Day, old_export_on: pd.Timestamp | None = None
) -> str:
    """What the days at the end without a recording count as and why, or the question about them.

    `old_export_on`: day on which the runner said so.
    """
    if silent is None:
        return ""
    day = dated(day_of(as_of))
    if silent.unknown:
        return (
            f"Data end {dated(silent.last_recorded)}. To {day}: "
            f"{count_text(silent.days_silent, 'day')} without a recording (your usual gap is up to "
            f"{count_text(silent.usual_gap, 'day')}).\n"
            "Were they rest, or is the export old?   --rested | --old-export"
        )
    if old_export_on is not None:
        return (
            f"The export is old, as you said on {dated(old_export_on)}: everything here is as "
            f"of {day}, its last day, and nothing is said about the days since."
        )
    if not silent.days_silent:
        return ""
    n = silent.days_silent
    days = f"The {n} days without a recording to {day} are rest"
    days = days if n > 1 else f"The day without a recording to {day} is rest"
    why = f": within your usual gap of up to {count_text(silent.usual_gap, 'day')}"
    why = ", as you said" if n > silent.usual_gap else why
    return f"Data end {dated(silent.last_recorded)}. {days}{why}."
