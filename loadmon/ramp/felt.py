"""Pain in the diary, run by run."""

from __future__ import annotations

import math

import pandas as pd

from loadmon.evidence.pain_rules import DIARY_PAIN, NEXT_MORNING, RULES, Site
from loadmon.ramp.screening import SCREENED, Reason
from loadmon.ramp.symptoms import UNKNOWN, Felt, observe, site_of

_DAY = pd.Timedelta(days=1)
_NAN = float("nan")
#: Observations of several sites of one run: the one that comes first here counts.
_WORST = ("refuse", "stop", "reduce", "hold", UNKNOWN, "advance")
_MORNING = "next-morning"


def seen_after(
    diary: pd.DataFrame, runs: list[pd.Timestamp], site: Site, baseline: float
) -> list[str]:
    """Observation of each run, worst site first.

    Parameters
    ----------
    diary : DataFrame
        What `loadmon.athlete.diary.load_diary` gives.
    runs : list of Timestamp
        Days with a run, in order.
    site : Site
        Where pain is that the diary gives no place for.
    baseline : float
        Pain before running that is usual, where none is told for a run.

    Returns
    -------
    list of str
        Keys of `loadmon.evidence.pain_rules.RULES`, or `UNKNOWN` where nothing is told.
    """
    told = _by_run(diary, runs, site)
    return [_worst([observe(felt, s, baseline) for s, felt in told[day].items()]) for day in runs]


def reason_told(diary: pd.DataFrame, as_of: pd.Timestamp, reason: Reason) -> Reason:
    """Reason of a plan, or the one that recent pain in the diary stands for.

    Parameters
    ----------
    diary : DataFrame
        What `loadmon.athlete.diary.load_diary` gives.
    as_of : Timestamp
        Last day that counts.
    reason : str
        As the runner gave it.
    """
    since = as_of - (DIARY_PAIN["days"] - 1) * _DAY
    recent = diary[diary["date"].between(since, as_of) & (diary["pain"] > DIARY_PAIN["above"])]
    if reason in SCREENED or recent.empty:
        return reason
    tissues = {site_of(text).tissue for text in recent["site"]}
    return "bone" if "bone" in tissues else "back-pain" if tissues == {"back"} else "injury"


def _by_run(
    diary: pd.DataFrame, runs: list[pd.Timestamp], site: Site
) -> dict[pd.Timestamp, dict[Site, Felt]]:
    """Pain around each run, by place."""
    out: dict[pd.Timestamp, dict[Site, Felt]] = {day: {} for day in runs}
    known = diary[diary["pain"].notna()]
    rows = zip(known["date"], known["when"], known["pain"], known["site"], strict=True)
    for day, when, pain, text in rows:
        run, moment = _place(day, when, runs)
        if run is None:
            continue
        where = site_of(text) if text else site
        out[run][where] = _with(out[run].get(where, Felt()), moment, float(pain))
    return out


def _place(
    day: pd.Timestamp, when: str, runs: list[pd.Timestamp]
) -> tuple[pd.Timestamp | None, str]:
    """Run that an entry is about, and the moment of it."""
    if day in runs and when != _MORNING:
        return day, when or "during"
    before = [run for run in runs if 0 < (day - run).days <= NEXT_MORNING["within_days"]]
    if before:
        return before[-1], "morning"
    return (day, "morning") if day in runs else (None, "")


def _with(felt: Felt, moment: str, pain: float) -> Felt:
    """Pain around a run with one more entry; the largest of a moment counts."""
    told = {"before": felt.before, "during": felt.during, "after": felt.after}
    told["morning"] = felt.morning
    told[moment] = pain if math.isnan(told[moment]) else max(told[moment], pain)
    return Felt(**told)


def _worst(seen: list[str]) -> str:
    """The observation that outranks the others."""

    def rank(one: str) -> int:
        return _WORST.index(RULES[one].action if one in RULES else UNKNOWN)

    return min(seen, key=rank) if seen else UNKNOWN
