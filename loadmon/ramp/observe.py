"""What the diary tells of each run, seen as one of the observations that the rules are about."""

from __future__ import annotations

import pandas as pd

from loadmon.checks.felt import Felt, felt_by_run
from loadmon.checks.site import site_of
from loadmon.evidence.pain import DIARY_PAIN, PAIN_MONITORING, PAIN_RULE, RULES, Site
from loadmon.ramp.levels import UNKNOWN
from loadmon.ramp.screening import SCREENED, Reason

_DAY = pd.Timedelta(days=1)
#: Observations of several sites of one run: the one that comes first here counts.
_WORST = ("refuse", "stop", "reduce", "hold", UNKNOWN, "advance")


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
        Keys of `loadmon.evidence.pain.RULES`, or `UNKNOWN` where nothing is told.
    """
    told = felt_by_run(diary, runs, site)
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


def observe(felt: Felt, site: Site, baseline: float = 0.0) -> str:
    """See one session as an observation of the rules that hold for its site.

    Parameters
    ----------
    felt : Felt
        Pain around the session.
    site : Site
        Where.
    baseline : float
        Pain before running that is usual, where none is told for this session.

    Returns
    -------
    str
        A key of `loadmon.evidence.pain.RULES`, or `UNKNOWN` where too little is told to
        count.

    Notes
    -----
    No pain in the session itself needs no word about the next morning; pain that was felt counts
    only once the next morning is told to be no worse than before.
    """
    told = [x for x in (felt.before, felt.during, felt.after, felt.morning) if x == x]
    if not told:
        return UNKNOWN
    if site.tissue == "bone":
        return "bone" if max(told) > 0 else _settled(felt)
    if max(told) > PAIN_RULE["stop_above"]:
        return "excessive"
    is_worse = felt.is_worse(baseline)
    if site.tissue in ("tendon", "back"):
        return _monitored(felt, is_worse)
    return _sore(felt, is_worse)


def pain_action(pain: float, *, worse_next_morning: bool) -> str:
    """Observation of the pain-monitoring model: pain in the session, and the next morning."""
    if pain > PAIN_RULE["stop_above"]:
        return "excessive"
    if worse_next_morning:
        return "worse_next_morning"
    return "mild" if pain <= PAIN_MONITORING["mild_until"] else "acceptable"


def _settled(felt: Felt) -> str:
    """A session without pain, as far as it is told."""
    return "none" if felt.peak == 0 else UNKNOWN


def _monitored(felt: Felt, is_worse: bool) -> str:
    """Pain monitoring of a session whose pain is not excessive."""
    peak = felt.peak
    if is_worse:
        return "worse_next_morning"
    if peak != peak:
        return UNKNOWN
    seen = pain_action(peak, worse_next_morning=False)
    waits = seen == "mild" and peak > 0 and felt.morning != felt.morning
    return UNKNOWN if waits else seen


def _sore(felt: Felt, is_worse: bool) -> str:
    """Soreness rules of a session whose pain is not excessive."""
    peak, began = felt.peak, felt.before > 0
    if began and felt.during > 0:
        return "warmup_continues"
    if began and felt.after > 0:
        return "warmup_goes_away_returns_in_session"
    if is_worse:
        return "day_after_not_muscle"
    if peak != peak:
        return UNKNOWN
    if began:
        return "warmup_goes_away"
    if peak > PAIN_MONITORING["mild_until"]:
        return "acceptable"
    return UNKNOWN if peak > 0 and felt.morning != felt.morning else "none"


def _worst(seen: list[str]) -> str:
    """The observation that outranks the others."""

    def rank(one: str) -> int:
        return _WORST.index(RULES[one].action if one in RULES else UNKNOWN)

    return min(seen, key=rank) if seen else UNKNOWN
