"""The days at the end without a recording: the question about them, and what was answered."""

from __future__ import annotations

import pandas as pd

from loadmon.checks.words import count_text
from loadmon.load.calendar import Day, day_of
from loadmon.load.silence import SilentDays
from loadmon.report.texts import dated


def silence_question(silent: SilentDays | None, as_of: Day) -> str:
    """Question about the days at the end of which nothing is known; empty where none is open."""
    if silent is None or not silent.unknown:
        return ""
    days = count_text(silent.days_silent, "day")
    usual = f"your usual gap is up to {count_text(silent.usual_gap, 'day')}"
    return (
        f"Data end {dated(silent.last_recorded)}. To {dated(day_of(as_of))}: {days} without a "
        f"recording ({usual}).\nWere they rest, or is the export old?   --rested | --old-export"
    )


def silence_answer(activities: pd.DataFrame, silent: SilentDays | None, as_of: Day) -> str:
    """What the days at the end count as, and who says so; empty where that is open or plain.

    Parameters
    ----------
    activities : DataFrame
        With the runner's answer in ``attrs``: ``rested_until`` or ``old_export``.
    silent : SilentDays or None
        As from `loadmon.load.silence.silent_days`.
    as_of : str, date or Timestamp
        The day that everything is about.
    """
    said = activities.attrs.get("old_export")
    if said is not None:
        return (
            f"The export is old, as you said on {dated(day_of(said))}: everything here is as of "
            f"{dated(day_of(as_of))}, its last day, and nothing is said about the days since."
        )
    if silent is None or silent.unknown or not silent.days_silent:
        return ""
    days, are = (silent.days_silent, "are") if silent.days_silent > 1 else ("", "is")
    rest = (
        f"Data end {dated(silent.last_recorded)}. The {f'{days} days' if days else 'day'} "
        f"without a recording to {dated(day_of(as_of))} {are} rest"
    )
    if silent.days_silent > silent.usual_gap:
        return f"{rest}, as you said."
    return f"{rest}: within your usual gap of up to {count_text(silent.usual_gap, 'day')}."
