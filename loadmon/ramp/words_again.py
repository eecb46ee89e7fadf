"""What is said where a plan goes on: what was done, what was felt, what changed, and why."""

from __future__ import annotations

import pandas as pd

from loadmon.athlete.units import Units, distance_text
from loadmon.checks.words import count_text, day_text
from loadmon.evidence.pain import DIARY_PAIN
from loadmon.ramp.again import Again
from loadmon.ramp.levels import UNKNOWN
from loadmon.ramp.request import Asked
from loadmon.ramp.screening import SCREENED

_DAY = pd.Timedelta(days=1)
_WORDS = {
    "done": "done",
    "shortened": "shorter than planned",
    "overdone": "longer than planned",
    "missed": "missed",
    "extra": "not planned",
    "unknown": "not known",
}


def again_text(asked: Asked, reached_on: pd.Timestamp | None) -> list[str]:
    """Lines about the plan so far; none where it begins anew.

    Parameters
    ----------
    asked : Asked
        What was asked for, with what was run and felt.
    reached_on : Timestamp or None
        When the new plan reaches its goal.
    """
    again, units = asked.again, asked.request.athlete.units
    lines = [_asked_by_diary(asked)]
    if len(again.sessions) and not again.is_followed:
        lines.append(
            "What was run since the return does not follow a plan from here: this one goes on from "
            "what was run."
        )
    if again.is_followed:
        lines += [_counts(again), _beyond(again, units), _moved(again, reached_on)]
    lines.append(_unlogged(asked))
    return [line for line in lines if line]


def _asked_by_diary(asked: Asked) -> str:
    """Say that the diary, not the runner, asked for the questions."""
    if asked.request.reason == asked.told_reason:
        return ""
    return (
        f"Your diary holds pain above {DIARY_PAIN['above']:g} of 10 in the last "
        f"{DIARY_PAIN['days']:.0f} days: the questions came first."
    )


def _counts(again: Again) -> str:
    """Count what became of the planned runs."""
    counts = again.sessions["became"].value_counts()
    told = [f"{counts[word]} {text}" for word, text in _WORDS.items() if word in counts]
    missed = " Missed runs are not caught up." if "missed" in counts else ""
    return f"Against the plan so far: {', '.join(told)}.{missed}"


def _beyond(again: Again, units: Units) -> str:
    """Name the run that went furthest beyond its plan."""
    over = again.sessions[again.sessions["became"] == "overdone"]
    if over.empty:
        return ""
    rows = zip(over["date"], over["run_km"], over["planned_km"], strict=True)
    day, run, planned = max(rows, key=lambda r: r[1] - r[2])
    return (
        f"{day_text(day)}: {distance_text(run, units)} instead of {distance_text(planned, units)}. "
        "What is run beyond a plan does not raise the next runs."
    )


def _moved(again: Again, reached_on: pd.Timestamp | None) -> str:
    """Say by how much the goal has moved."""
    before = again.earlier_end
    if before is None or reached_on is None or before == reached_on:
        return ""
    days = int((reached_on - before).days)
    way = "later" if days > 0 else "earlier"
    old, new = (f"{day_text(d)} {d.year}" for d in (before, reached_on))
    return f"The goal moves from {old} to {new}, {count_text(abs(days), 'day')} {way}."


def _unlogged(asked: Asked) -> str:
    """Say which runs do not count because nothing is told of them."""
    has_levels = asked.walks or asked.programme is not None
    seen = asked.again.sessions.get("seen", pd.Series(dtype="str"))
    silent = int((seen == UNKNOWN).sum())
    if not silent or asked.request.reason not in SCREENED or not has_levels:
        return ""
    return (
        f"{count_text(silent, 'run')} without a word on pain: not counted towards the next stage. "
        "Log it: loadmon log PATH --pain N --when next-morning"
    )
