"""What each picture shows in words, and flags before lay-offs beside other weeks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from loadmon.evidence.limits import LOOKBACK, WINDOWS
from loadmon.report.wording import CHECK_WORDS, STATUS_WORDS, Table, dated, entry_text
from loadmon.rules import session_spike
from loadmon.rules.lookback import ANY, outcome_rates, rates
from loadmon.rules.session_spike import DISTANCE_KM, by_outing, exceeds
from loadmon.units import Units, count_text, distance_text

_LISTED = 5
_AFTER, _OVER, _PAIN = (LOOKBACK[n] for n in ("before_days", "gap_over_days", "pain_from"))
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


def sessions_text(spikes: pd.DataFrame, own: Mapping[str, float], units: Units = "km") -> str:
    """How many runs there are, and which were longer than any in the 30 days before."""
    outings = by_outing(spikes)
    longer = outings[exceeds(outings, DISTANCE_KM, own)]
    text = f"{count_text(len(spikes), 'run')}. {len(longer)} flagged as longer than the longest "
    text += f"in the {session_spike.SESSION_SPIKE['window_days']:.0f} days before."
    if len(longer):
        runs = longer[["date", "outing_km", "longest_before_km"]].tail(_LISTED)
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
    text = "Dashed: the mean week of 28 days. Line: the last 7 days. Grey: days without a ratio."
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


#: What the outcomes of flags leave open.
OBSERVED = (
    "This is what was seen in one history. It shows no cause, and no gap does not show that such "
    "running does no harm. A holiday is a gap too, pain counts only where the diary has it, and "
    "flags close together share what followed, so that the intervals are too narrow."
)
NOTHING_RECORDED = (
    "No flag as it was printed is recorded: loadmon check PATH --record adds each to flags.csv, "
    "and months later it is told here what followed."
)


def outcomes_text(found: pd.DataFrame) -> str:
    """How many flags of each check no gap over 7 days followed, a line for each check."""
    if found.empty:
        return "No flag in this history."
    first, weeks = found["date"].min(), int(found["base_weeks"].iloc[0])
    base = f"{100 * found['base_rate'].iloc[0]:.0f} % of {weeks}" if weeks else "none to judge"
    return "\n".join(
        [
            f"Flags since {dated(first)}, and what followed in the {_AFTER:g} days after each:",
            *_outcome_lines(found),
            f"Weeks with a run day that no gap over {_OVER:g} days followed: {base}.",
            OBSERVED,
        ]
    )


def recorded_text(found: pd.DataFrame) -> str:
    """The same of the flags that were recorded as they were printed, or that there are none."""
    if found.empty:
        return NOTHING_RECORDED
    first = f"{dated(found['date'].min())}"
    head = f"As they were printed and recorded in flags.csv since {first}:"
    return "\n".join([head, *_outcome_lines(found)])


def _outcome_lines(found: pd.DataFrame) -> list[str]:
    return [_outcome_line(row) for _, row in outcome_rates(found).iterrows()]


def _outcome_line(row: Mapping[Any, Any] | pd.Series) -> str:
    """One check: its flags, what followed those that can be judged, and how many cannot be."""
    name = CHECK_WORDS.get(row["check"], row["check"])
    text = f"{name}: {count_text(row['flags'], 'flag')}, "
    if row["counted"]:
        low, high = 100 * row["low"], 100 * row["high"]
        of = "" if row["counted"] == row["flags"] else f" of {row['counted']}"
        text += f"{row['no_gap']}{of} followed by no gap over {_OVER:g} days "
        text += f"(95 % interval {low:.0f} to {high:.0f} %)"
        text += f", {row['pain']} by a pain of {_PAIN:g} or more" if row["pain"] else ""
    else:
        text += "none that can be judged"
    lost = [
        f"{row['not_over']} whose {_AFTER:g} days are not over" if row["not_over"] else "",
        f"{row['unknown']} with days that are not known" if row["unknown"] else "",
    ]
    told = " and ".join(filter(None, lost))
    return f"{text}; not counted: {told}." if told else f"{text}."


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
