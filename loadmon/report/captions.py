"""What each picture shows, in words: for those who cannot see it, and those who want to be sure."""

from __future__ import annotations

import pandas as pd

from loadmon.athlete.units import Units, distance_text
from loadmon.checks.words import count_text
from loadmon.evidence.checks import MONOTONY, REST_DAYS, SESSION_SPIKE
from loadmon.evidence.load import WINDOWS
from loadmon.load.measures import measures
from loadmon.load.ratio import acwr
from loadmon.load.spikes import stand_out
from loadmon.report.texts import dated
from loadmon.report.words import PAIN_WORDS, STATUS_WORDS

_LISTED = 5
_LAST_OF_WEEK = pd.Timedelta(days=int(WINDOWS["acute"]) - 1)


def weeks_text(weekly: pd.DataFrame, units: Units = "km") -> str:
    """Tell the weeks: most, how many stand out, how many are not known."""
    km = weekly["distance_km"]
    first, last = weekly.index[0], weekly.index[-1] + _LAST_OF_WEEK
    told = f"Weekly distance, {dated(first)} to {dated(last)}."
    if km.notna().any():
        most = weekly.index[int(km.argmax())]
        told += f" Most: {distance_text(km.max(), units)} in the week from {dated(most)}."
    flagged = int((weekly["flags"] != "").sum())
    told += f" {count_text(flagged, 'week')} of {len(weekly)} with a mark above the bar."
    unknown = int((weekly["n_known"] < weekly["n_days"]).sum())
    return told + (f" {count_text(unknown, 'week')} with a day not known." if unknown else "")


def sessions_text(spikes: pd.DataFrame, units: Units = "km") -> str:
    """Tell the runs: how many, and which stand out."""
    longer = spikes[stand_out(spikes)]
    told = f"{count_text(len(spikes), 'run')}. {len(longer)} stand out as longer than the longest "
    told += f"of the {SESSION_SPIKE['window_days']:.0f} days before."
    if len(longer):
        named = [
            f"{dated(day)} {distance_text(km, units)} after {distance_text(before, units)}"
            for day, km, before in longer[["date", "distance_km", "longest_before_km"]]
            .tail(_LISTED)
            .itertuples(index=False)
        ]
        last = "The last of them" if len(longer) > _LISTED else "They are"
        told += f" {last}: {'; '.join(named)}."
    return told


def ratio_text(load: pd.Series, since: pd.Timestamp) -> str:
    """Tell the load: the last ratio, and why days are without one."""
    days = acwr(load).loc[since:]
    told = "Dashed: the usual week. Line: the last 7 days. Hatched: days without a ratio."
    shown = days[days["status"] == "ok"]
    if shown.empty:
        return f"{told} No day of this time has one."
    last = shown.iloc[-1]
    told += f" Last ratio: {last['acwr']:.2f} (coupled) on {dated(shown.index[-1])}."
    without = days.loc[days["status"] != "ok", "status"].value_counts()
    if len(without):
        why = ", ".join(f"{STATUS_WORDS[str(name)]} {n}" for name, n in without.items())
        told += f" Days without one: {why}."
    return told


def monotony_text(daily: pd.DataFrame, since: pd.Timestamp) -> str:
    """Tell the monotony: what it is, the last one, days above the limit."""
    value = measures(daily)["monotony"].loc[since:]
    told = "Monotony: mean of seven daily loads over their standard deviation; high means alike."
    seen = value.dropna()
    if seen.empty:
        return f"{told} No day of this time has one."
    over = int((seen > MONOTONY["limit"]).sum())
    told += f" Last: {seen.iloc[-1]:.2f} on {dated(seen.index[-1])}."
    return f"{told} {count_text(over, 'day')} above {MONOTONY['limit']:g}."


def rest_text(weekly: pd.DataFrame) -> str:
    """Tell the days without a run: how many weeks had fewer than the limit."""
    whole = weekly[(weekly["n_known"] == weekly["n_days"]) & ~weekly["partial"]]
    few = int((whole["rest_days"] < REST_DAYS["min_in_7"]).sum())
    told = f"Days without a run in the seven days that end on each day. {few} of "
    return told + (
        f"{count_text(len(whole), 'complete week')} had fewer than {REST_DAYS['min_in_7']:.0f}."
    )


def pain_text(diary: pd.DataFrame) -> str:
    """Tell the pains: how many, the most, the last."""
    told = diary[diary["pain"].notna()]
    if told.empty:
        return "No pain was logged in this time; that is not the same as no pain."
    most, last = told.iloc[int(told["pain"].argmax())], told.iloc[-1]
    return (
        f"{len(told)} {'entry' if len(told) == 1 else 'entries'} with a pain from 0 to 10. "
        f"Most: {most['pain']:g} on {dated(most['date'])}. Last: {entry_text(last)}."
    )


def entry_text(entry: pd.Series) -> str:
    """Tell one pain: ``2 of 10 (back, next morning) on Sat 10 Oct 2026``."""
    when = PAIN_WORDS[entry["when"]] if entry["when"] else ""
    where = ", ".join(text for text in (entry["site"], when) if text)
    return f"{entry['pain']:g} of 10{f' ({where})' if where else ''} on {dated(entry['date'])}"
