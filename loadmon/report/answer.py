"""The answer itself, in the words that the terminal, the page and the sheet for a physio share."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from loadmon.checks.findings import Findings
from loadmon.checks.words import count_text, day_text
from loadmon.report.captions import entry_text
from loadmon.report.overview import Overview
from loadmon.report.silence import silence_answer
from loadmon.report.texts import dated, sparkline, value_text
from loadmon.report.words import CHECK_WORDS

#: Weeks that are listed one by one.
WEEKS = 8
_LAST_OF_WEEK = pd.Timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Week:
    """The week that is told.

    Parameters
    ----------
    name, days, distance, runs : str
        ``This week``, ``Mon 5 Oct to Sun 11 Oct 2026``, ``34.1 km``, ``4 runs so far``.
    bars, n_bars : str, int
        The last weeks as bars, oldest first, and how many there are.
    """

    name: str
    days: str
    distance: str
    runs: str
    bars: str
    n_bars: int


def answer_text(findings: Findings) -> str:
    """How many things are flagged, and which are not known."""
    frame = findings.to_frame()
    flagged = int((frame["verdict"] == "flagged").sum())
    told = f"{count_text(flagged, 'thing')} flagged" if flagged else "Nothing flagged"
    unknown = [CHECK_WORDS[c].lower() for c in frame.loc[frame["verdict"] == "unknown", "check"]]
    if unknown and len(unknown) == int((frame["verdict"] != "not_set_up").sum()):
        return "Not known: no check could be made"
    return f"{told}; not known: {', '.join(unknown)}" if unknown else told


def today_asked(overview: Overview) -> str:
    """Which run the limits of the day are about: a further one where somebody ran already."""
    day = overview.as_of
    ran = bool((overview.daily.loc[overview.daily.index == day, "runs"] > 0).any())
    return f"Longest {'further ' if ran else ''}run within the limits on {dated(day)}"


def last_weeks(overview: Overview) -> pd.DataFrame:
    """Weeks that hold a recorded day: a question is open about those after them."""
    weeks = overview.weekly
    if overview.asked and overview.silent:
        weeks = weeks[weeks.index <= overview.silent.last_recorded]
    return weeks.tail(WEEKS)


def week_told(overview: Overview) -> Week | None:
    """The last of those weeks; None where nothing is recorded."""
    weeks = last_weeks(overview)
    if weeks.empty:
        return None
    asked, week, start = overview.asked, weeks.iloc[-1], weeks.index[-1]
    is_old = "old_export" in overview.archive.activities.attrs
    at_least = "" if asked or week["n_known"] == week["n_days"] else "at least "
    so_far = " so far" if week["partial"] and not asked else ""
    return Week(
        name="Last recorded week" if asked or is_old else "This week",
        days=f"{day_text(start)} to {dated(min(start + _LAST_OF_WEEK, overview.as_of))}",
        distance=at_least + value_text(week["distance_km"], "km", overview.athlete.units),
        runs=count_text(int(week["runs"]), "run") + so_far,
        bars=sparkline(weeks["distance_km"].to_numpy()),
        n_bars=len(weeks),
    )


def pain_told(overview: Overview) -> str:
    """The last pain of the diary, or that none was logged."""
    told = overview.diary[overview.diary["pain"].notna()]
    return "not logged" if told.empty else f"last logged {entry_text(told.iloc[-1])}"


def silence_told(overview: Overview) -> str:
    """What the days since the last recording count as; empty where there are none."""
    silent = overview.silent
    if silent is None or not silent.unknown:
        return silence_answer(overview.archive.activities, silent, overview.as_of)
    days = count_text(silent.days_silent, "day")
    usual = count_text(silent.usual_gap, "day")
    return f"{days} without a recording up to {dated(overview.as_of)}; your usual gap is {usual}."
