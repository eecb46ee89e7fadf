"""An evaluation in plain words: what was counted, what came out, what it cannot say."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd

from loadmon.checks.words import count_text
from loadmon.evidence.cohorts import EVALUATION

#: What no table of flags and injuries can say.
CANNOT_SAY = (
    "What such numbers can say: whether injuries came more often in the days after a flag than on "
    "other days of these athletes, and how sure that is.",
    "What they cannot say: that a flag brings injuries (hard phases, races and seasons may bring "
    "both), what would have happened without the run, who will be hurt, or that a day without a "
    "flag holds no harm.",
    "An injury that was never reported, a run that was never recorded and pain that made a runner "
    "run less before it was called an injury all bend the ratio, either way.",
    "The more checks, windows and definitions are tried, the likelier one of them stands out by "
    "chance: all that were tried belong in the report, and the next cohort decides.",
)


def evaluation_text(table: pd.DataFrame, *, width: int = 88) -> str:
    """Put an evaluation in words.

    Parameters
    ----------
    table : DataFrame
        What `loadmon.evaluate` gives.
    width : int
        Characters that a line may have.

    Returns
    -------
    str
        What was counted, one paragraph for each check, and what such numbers can and cannot say.
    """
    if table.empty:
        return "No check was evaluated."
    rows: list[dict[Any, Any]] = table.to_dict("records")
    parts = [_counted(rows[0]), *(_told(row) for row in rows), *CANNOT_SAY]
    return "\n\n".join(textwrap.fill(part, width) for part in parts)


def _counted(row: dict[Any, Any]) -> str:
    """What went in, and what became of the injuries."""
    definition = row["injury_definition"] or "not told"
    kept_out = ", ".join(
        f"{row[f'injuries_{key}']} {words}"
        for key, words in (
            ("while_injured", "within an injury before"),
            ("same_day", "of the same day"),
            ("while_run_in", f"in the first {row['run_in_days']} days of an athlete"),
            ("while_laid_off", "in a lay-off"),
            ("outside", "outside the recorded days"),
        )
    )
    return (
        f"{count_text(row['athletes'], 'athlete')}, {row['injuries_reported']} injuries reported, "
        f"{row['injuries_counted']} counted; not counted: {kept_out}. Injury definition: "
        f"{definition}. An injury within {row['recurrence_days']} days of one before is taken for "
        f"the same. Days after a flag begin with day {row['lag_days']}. "
        f"{count_text(row['comparisons'], 'comparison')}."
    )


def _told(row: dict[Any, Any]) -> str:
    """One check."""
    days = row["horizon_days"]
    text = (
        f"{row['check']}: within {days} days after a flag {_rate(row, 'flagged')}; on other days "
        f"{_rate(row, 'unflagged')}. {_ratio(row)}"
    )
    if row["days_unknown"]:
        text += (
            f" On {row['days_unknown']} days with {row['injuries_unknown']} injuries the flag is "
            "not known; they are in neither."
        )
    if row["flags"]:
        text += (
            f" There were {row['flags_per_100_days']:.1f} flags in 100 days; an injury followed "
            f"{_percent(row['flags_followed'])} of them within {days} days, and "
            f"{_percent(row['injuries_flagged_share'])} of the injuries had a flag before them."
        )
    return text


def _rate(row: dict[Any, Any], side: str) -> str:
    """Injuries in days, and the rate."""
    rate = row[f"rate_{side}"]
    told = "no rate" if rate != rate else f"{rate:.2f} injuries per 1,000 days"
    return f"{told} ({row[f'injuries_{side}']} in {row[f'days_{side}']} days)"


def _ratio(row: dict[Any, Any]) -> str:
    """The ratio of every window with its interval, and what shifted injuries give."""
    windows = sorted(
        int(name.removeprefix("ratio_").removesuffix("d_low"))
        for name in row
        if name.startswith("ratio_") and name.endswith("d_low")
    )
    told = [f"{n} days {_interval(row, f'ratio_{n}d')}" for n in windows]
    text = f"Rate after a flag over rate on other days: {', '.join(told)}."
    text += f" Per session: {_interval(row, 'session_rate_ratio')}."
    if row["null_low"] == row["null_low"]:
        text += (
            f" With each athlete's injuries shifted in time, 95 of 100 ratios lie between "
            f"{row['null_low']:.2f} and {row['null_high']:.2f} (p {row['p_shift']:.3f}; "
            f"{row['p_adjusted']:.3f} for {count_text(row['comparisons'], 'comparison')})."
        )
    return text


def _interval(row: dict[Any, Any], name: str) -> str:
    """A ratio with its interval, or why there is none."""
    ratio, low, high = row[name], row[f"{name}_low"], row[f"{name}_high"]
    if ratio != ratio:
        return "not known"
    if low != low or high != high:
        few = f"under {EVALUATION['min_injuries']:.0f} injuries on one side"
        return f"{ratio:.2f} ({few}: no interval)"
    return f"{ratio:.2f} (95 % interval {low:.2f} to {high:.2f})"


def _percent(share: float) -> str:
    """A share as a percentage."""
    return "an unknown part" if share != share else f"{100 * share:.1f} %"
