"""What the terminal, the page and the pictures call things: words, numbers, captions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from loadmon.evidence.limits import WINDOWS
from loadmon.evidence.pain import PAIN_RULE
from loadmon.ramp.screening import RED_FLAGS
from loadmon.rules import rest, session_spike
from loadmon.rules.lookback import ANY, rates
from loadmon.rules.session_spike import exceeds
from loadmon.units import Units, count_text, day_text, distance_text, pace_text

# Numbers, days and shares as a report writes them, in kilometres or miles.

#: What is written where a number is not known.
DASH = "–"
_DECIMALS = {"ratio": 2, "share": 2, "bpm": 0, "m": 0, "%": 1}
_BARS = "▁▂▃▄▅▆▇█"
_COMMAND = re.compile(r"(loadmon [a-z]+) PATH\b")
_WITHOUT_UNIT = ("ratio", "share", "")


def with_path(text: str, title: str) -> str:
    """Text whose commands name what was read, so that they can be typed as they stand."""
    return _COMMAND.sub(lambda found: f"{found[1]} {title}", text)


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
    text = f"{number:.{_DECIMALS[unit]}f}" if unit in _DECIMALS else f"{number:.4g}"
    return text if unit in _WITHOUT_UNIT else f"{text} {unit}"


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
}

#: Limits of `loadmon.today` that are not checks of the same name.
LIMIT_WORDS = CHECK_WORDS | {
    "acwr_coupled": "Acute:chronic ratio, coupled",
    "acwr_uncoupled": "Acute:chronic ratio, uncoupled",
    "acwr_ewma": "Acute:chronic ratio, EWMA",
    "unknown": "not known",
}

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
SLIDER_WORDS = {
    "day": "Day of return",
    "target": "Weekly target",
    "runs": "Runs a week",
    "growth": "Increase from week to week",
}
#: What the calculator says while questions are open, and after all of them.
OPEN_TEXT = "There is no plan until every question is answered."
CLEAN_TEXT = "Screening: no red flag reported. This is not clinical clearance."

#: Why no ratio is shown on a day (column ``status`` of `loadmon.acwr`).
STATUS_WORDS = {
    "ok": "shown",
    "unknown": "a day not known",
    "forming": "first 28 days",
    "returning": "lay-off and return",
    "low_base": "too little before",
}

#: How the source of a limit was seen (``Evidence.checked``).
CHECKED_WORDS = {
    "read": "the page or abstract itself was read",
    "secondary": "quoted from another page",
    "unread": "cited from memory; never used for a flag",
    "project": "no source: this project's own choice",
    "own": "your own limit, set in athlete.toml",
}

#: Weight of evidence.
GRADE_WORDS = {
    "A": "randomised trial",
    "B": "large prospective cohort",
    "C": "small or retrospective study",
    "D": "expert opinion, or a choice of this project",
    "X": "contradicted by newer or better data",
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
    "weekly_change": "Whether such a change matters: a larger study found no link with injury.",
    "acwr": "Who will get hurt: in runners the ratio does not predict injury. It shows a jump in "
    "load, no more.",
    "monotony": "Whether you are tired: the study was small, and about illness, not injury.",
    "rest": "What a day without a run did for you: the runners in the study answered from memory.",
    "symptoms": "Where a pain comes from: someone who examines you can find out, a log cannot.",
    "descent": "Whether your legs are used to it: only what was recorded here is known.",
    "intensity": "How hard it was for you: heart rate also rises with heat, poor sleep and coffee.",
    "form": "How you move: a watch counts steps and sees neither posture nor foot strike.",
    "strength": "How strong you are: sessions are counted, not their effect.",
    "shoes": "Whether a shoe is worn out: the distance is a convention, with no trial behind it.",
    "overtraining": "Whether you are overtrained: illness, heat and a bad night look the same.",
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

#: Parts of the page in their order, after the answer.
SECTION_WORDS = {
    "stands-out": "What stands out",
    "today": "Longest run within the limits",
    "changed": "What changed",
    "not-known": "What we do not know",
    "coming-back": "Returning to running",
    "help": "Get help",
    "low-back": "Low back pain",
    "weeks": "Weeks",
    "sessions": "Sessions",
    "load": "Load and ratio",
    "rest": "Monotony and rest",
    "form": "Form",
    "strength": "Strength",
    "shoes": "Shoes",
    "symptoms": "Symptoms",
    "descent": "Downhill",
    "intensity": "Time above threshold",
    "overtraining": "Signs of overtraining",
    "evidence": "Evidence",
    "methods": "Methods",
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

#: When to get help: heading, then the questions to which a yes means it. The signs are the
#: screening's own questions, so that a report and a plan never differ.
GET_HELP = (
    (
        "Yes to any of these: emergency services or emergency department, now",
        tuple(q.text for q in RED_FLAGS if q.urgency == "emergency"),
    ),
    (
        "Yes to any of these: see a doctor, today if you can, before you run",
        tuple(q.text for q in RED_FLAGS if q.urgency == "urgent"),
    ),
    (
        "Yes to any of these: see a physiotherapist or doctor",
        (
            f"Pain above {PAIN_RULE['stop_above']:.0f} of 10 when running?",
            "Pain that was worse the next morning, two mornings in a row?",
            "No better after two weeks of running less, or still there after six weeks?",
        ),
    ),
)


# A frame as text, for the page.


@dataclass(frozen=True, slots=True)
class Table:
    """A frame as text; the first cell of a row is its heading.

    Parameters
    ----------
    numbers : frozenset of int
        Columns that hold numbers.
    is_folded : bool
        Whether it is shown on demand only.
    """

    caption: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    numbers: frozenset[int]
    is_folded: bool = False


# What each picture shows, in words: for those who cannot see it, and those who want to be sure.


_LISTED = 5
_LAST_OF_WEEK = pd.Timedelta(days=int(WINDOWS["acute"]) - 1)


def weeks_text(weekly: pd.DataFrame, units: Units = "km") -> str:
    """Largest week, how many weeks have a flag, how many are not known."""
    km = weekly["distance_km"]
    first, last = weekly.index[0], weekly.index[-1] + _LAST_OF_WEEK
    text = f"Weekly distance, {dated(first)} to {dated(last)}."
    if km.notna().any():
        most = weekly.index[int(km.argmax())]
        text += f" Most: {distance_text(km.max(), units)} in the week from {dated(most)}."
    flagged = count_text(int((weekly["flags"] != "").sum()), "week")
    text += f" {flagged} of {len(weekly)} with a flag above the bar."
    unknown = int((weekly["n_known"] < weekly["n_days"]).sum())
    return text + (f" {count_text(unknown, 'week')} with a day not known." if unknown else "")


def sessions_text(spikes: pd.DataFrame, units: Units = "km") -> str:
    """How many runs there are, and which were longer than any in the 30 days before."""
    longer = spikes[exceeds(spikes)]
    text = f"{count_text(len(spikes), 'run')}. {len(longer)} flagged as longer than the longest "
    text += f"in the {session_spike.SESSION_SPIKE['window_days']:.0f} days before."
    if len(longer):
        runs = longer[["date", "distance_km", "longest_before_km"]].tail(_LISTED)
        named = [
            f"{dated(day)} {distance_text(km, units)} after {distance_text(before, units)}"
            for day, km, before in runs.itertuples(index=False)
        ]
        which = "The last of them" if len(longer) > _LISTED else "They are"
        text += f" {which}: {'; '.join(named)}."
    return text


def ratio_text(values: pd.DataFrame, since: pd.Timestamp) -> str:
    """The last coupled ratio, and why days are without one."""
    days = values.loc[since:]
    text = "Dashed: the mean week of 28 days. Line: the last 7 days. Hatched: days without a ratio."
    has_one = days["status_coupled"] == "ok"
    if not has_one.any():
        return f"{text} No day of this time has one."
    last = days.index[has_one][-1]
    text += f" Last ratio: {days['acwr_coupled'].loc[last]:.2f} (coupled) on {dated(last)}."
    without = days.loc[~has_one, "status_coupled"].value_counts()
    if len(without):
        why = ", ".join(f"{STATUS_WORDS[str(name)]} {n}" for name, n in without.items())
        text += f" Days without one: {why}."
    return text


def monotony_text(values: pd.DataFrame, since: pd.Timestamp) -> str:
    """What monotony is, the last one, days above the limit."""
    text = "Monotony: mean of seven daily loads over their SD; high means similar days."
    known = values["monotony"].loc[since:].dropna()
    if known.empty:
        return f"{text} No day of this time has one."
    over = int((known > rest.MONOTONY["limit"]).sum())
    text += f" Last: {known.iloc[-1]:.2f} on {dated(known.index[-1])}."
    return f"{text} {count_text(over, 'day')} above {rest.MONOTONY['limit']:g}."


def rest_text(weekly: pd.DataFrame) -> str:
    """How many complete weeks had fewer days without a run than the limit."""
    whole = weekly[(weekly["n_known"] == weekly["n_days"]) & ~weekly["partial"]]
    few = int((whole["rest_days"] < rest.REST_DAYS["min_in_7"]).sum())
    weeks, least = count_text(len(whole), "complete week"), rest.REST_DAYS["min_in_7"]
    text = "Days without a run in the seven days that end on each day."
    return f"{text} {few} of {weeks} had fewer than {least:.0f}."


def pain_text(diary: pd.DataFrame) -> str:
    """How many entries of pain there are, the worst, the last."""
    pains = diary[diary["pain"].notna()]
    if pains.empty:
        return "No pain was logged in this time; that is not the same as no pain."
    worst, last = pains.iloc[int(pains["pain"].argmax())], pains.iloc[-1]
    return (
        f"{len(pains)} {'entry' if len(pains) == 1 else 'entries'} with pain from 0 to 10. "
        f"Worst: {worst['pain']:g} on {dated(worst['date'])}. Last: {entry_text(last)}."
    )


def entry_text(entry: pd.Series) -> str:
    """One pain: ``2 of 10 (back, next morning) on Sat 10 Oct 2026``."""
    when = PAIN_WORDS[entry["when"]] if entry["when"] else ""
    where = ", ".join(text for text in (entry["site"], when) if text)
    return f"{entry['pain']:g} of 10{f' ({where})' if where else ''} on {dated(entry['date'])}"


# Looking back: flags before lay-offs beside flags before other weeks.


NO_LAY_OFF = "No lay-off far beyond the usual gaps, and no pain in the diary."
#: What looking back leaves open.
CANNOT_SHOW = (
    "A flag before a lay-off is not its cause: so few cases show nothing for certain, and a "
    "holiday or the flu is a lay-off too."
)
HOW_TO_NAME = (
    "Name one with a line of diary.csv on one of its days (break: flu, holiday, injury), or leave "
    "it out (break: dismiss)."
)


def lookback_text(found: pd.DataFrame) -> str:
    """Rates before lay-offs and before other weeks, a line for each check."""
    if found.empty:
        return NO_LAY_OFF
    lines = [
        f"{name}: before {hits} of {n} lay-offs (95 % interval {interval} %), "
        f"against {base}{' other weeks' if weeks else ''}."
        for name, hits, n, interval, base, weeks in _rates(found)
    ]
    unnamed = int((found["name"] == "").sum())
    to_do = [f"{count_text(unnamed, 'lay-off')} without a name. {HOW_TO_NAME}"] if unnamed else []
    return "\n".join([*lines, CANNOT_SHOW, *to_do])


def lookback_table(found: pd.DataFrame) -> Table:
    """The same side by side; no rows where there is no lay-off."""
    rows = [
        (name, f"{hits} of {n}", f"{interval} %", base)
        for name, hits, n, interval, base, _ in _rates(found)
    ]
    head = ("Flagged in the 4 weeks", "Before lay-offs", "95 % interval", "Before other weeks")
    return Table(f"Looking back. {CANNOT_SHOW}", head, rows, frozenset({1, 2, 3}))


def _rates(found: pd.DataFrame) -> list[tuple[str, int, int, str, str, int]]:
    """Name, lay-offs with the flag, lay-offs, interval [%], base rate, and its weeks."""
    out = []
    for row in rates(found).to_dict("records") if len(found) else []:
        name = "Any flag" if row["check"] == ANY else CHECK_WORDS[row["check"]]
        interval = f"{100 * row['low']:.0f} to {100 * row['high']:.0f}"
        weeks = int(row["other_weeks"])
        base = f"{100 * row['base_rate']:.0f} % of {weeks}" if weeks else "no other week"
        out.append((name, row["before"], row["breaks"], interval, base, weeks))
    return out
