"""Pain in the diary, and the rules by which somebody should look at it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from loadmon.checks.felt import MORNING, felt_by_run
from loadmon.checks.site import site_of
from loadmon.evidence.pain import SEE_SOMEBODY
from loadmon.load.threshold import above

_DAY = pd.Timedelta(days=1)
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Concern:
    """A rule that the diary meets.

    Parameters
    ----------
    rule : str
        ``above``, ``worse_mornings``, ``no_better``, ``lasting``.
    day : Timestamp
        Day of the entry that met it.
    site : str
        Where the pain is.
    value : float
        Pain 0 to 10, mornings, or days, as the rule counts.
    """

    rule: str
    day: pd.Timestamp
    site: str
    value: float


def pains(diary: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Entries with an answer about pain up to a day, sites in lower case, oldest first.

    Parameters
    ----------
    diary : DataFrame
        What `loadmon.athlete.diary.load_diary` gives.
    as_of : Timestamp
        Last day that counts.

    Returns
    -------
    DataFrame
        ``date``, ``when``, ``pain`` (0 to 10), ``site`` (empty: not told).
    """
    known = diary[diary["pain"].notna() & (diary["date"] <= as_of)]
    return known[["date", "when", "pain"]].assign(site=known["site"].str.strip().str.lower())


def concerns(
    diary: pd.DataFrame, load: pd.Series, as_of: pd.Timestamp, days: int = _WEEK
) -> list[Concern]:
    """Rules for seeing a professional that the entries of the last days meet.

    Parameters
    ----------
    diary : DataFrame
        What `loadmon.athlete.diary.load_diary` gives.
    load : Series of float
        Daily running load on a complete calendar.
    as_of : Timestamp
        Last day that counts.
    days : int
        Entries of so many days up to it are judged. [d]

    Returns
    -------
    list of Concern
        Each rule at most once for each site, the latest entry that meets it.

    Notes
    -----
    `loadmon.evidence.pain.SEE_SOMEBODY`: pain above 5; a next morning worse than before the
    run, or than in it where nothing else was noted, on two runs in a row; no better over two
    weeks although less was run than in the two weeks before; or six weeks of entries of the same
    site. All are choices of this project.
    """
    told = pains(diary, as_of)
    since = as_of - pd.Timedelta(days=days)
    found: list[Concern] = []
    places = told["site"].map(_place)
    for place in dict.fromkeys(places):
        own = told[places == place]
        if own["date"].iloc[-1] <= since:
            continue
        rules = (
            _too_high(own, since),
            _worse_mornings(own, load, since),
            _no_better(own, load, as_of),
            _lasting(own),
        )
        found += [c for c in rules if c is not None]
    return found


def _place(site: str) -> str:
    """Name under which the words for one place come together."""
    known = site_of(site).key
    return site if known == "other" else known


def _too_high(own: pd.DataFrame, since: pd.Timestamp) -> Concern | None:
    """Latest pain above the limit."""
    high = own[(own["date"] > since) & above(own["pain"].to_numpy(), SEE_SOMEBODY["above"])]
    if high.empty:
        return None
    row = high.iloc[-1]
    return Concern("above", row["date"], row["site"], float(row["pain"]))


def _worse_mornings(own: pd.DataFrame, load: pd.Series, since: pd.Timestamp) -> Concern | None:
    """Two runs in a row, of those whose next morning was noted, after which it was worse."""
    told = felt_by_run(own, _run_days(own, load), site_of(own["site"].iloc[-1]))
    mornings = [
        (day + _DAY, felt.is_worse())
        for day, places in told.items()
        for felt in places.values()
        if felt.morning == felt.morning
    ]
    most = int(SEE_SOMEBODY["worse_mornings"])
    last = mornings[-most:]
    if len(last) < most or not all(worse for _, worse in last) or last[-1][0] <= since:
        return None
    day = min(last[-1][0], own["date"].iloc[-1])
    return Concern("worse_mornings", day, str(own["site"].iloc[-1]), float(most))


def _run_days(own: pd.DataFrame, load: pd.Series) -> list[pd.Timestamp]:
    """Days with a run: by the load, or because an entry is about one."""
    about = own.loc[~own["when"].isin(["", MORNING]), "date"]
    return sorted({*load.index[load > 0], *about})


def _no_better(own: pd.DataFrame, load: pd.Series, as_of: pd.Timestamp) -> Concern | None:
    """Two weeks of less running after which the pain is what it was."""
    days = int(SEE_SOMEBODY["no_better_days"])
    start = as_of - pd.Timedelta(days=days)
    now, before = own[own["date"] > start + _WEEK * _DAY], own[own["date"] <= start]
    before = before[before["date"] > start - _WEEK * _DAY]
    less = load.loc[start + _DAY : as_of].sum(skipna=False)
    more = load.loc[start - (days - 1) * _DAY : start].sum(skipna=False)
    if now.empty or before.empty or not less < more:
        return None
    low = float(now["pain"].median())
    is_better = low <= float(before["pain"].median()) - SEE_SOMEBODY["clearly"]
    if low == 0 or is_better:
        return None
    return Concern("no_better", now["date"].iloc[-1], str(own["site"].iloc[-1]), float(days))


def _lasting(own: pd.DataFrame) -> Concern | None:
    """Six weeks of pain, without four weeks in a row free of entries of it."""
    sore = own[own["pain"] > 0]
    if sore.empty or own["pain"].iloc[-1] == 0:
        return None
    breaks = sore["date"].diff() > 2 * SEE_SOMEBODY["no_better_days"] * _DAY
    since = sore["date"][breaks.cumsum() == breaks.sum()]
    lasted = (since.iloc[-1] - since.iloc[0]).days
    if lasted < SEE_SOMEBODY["lasting_days"]:
        return None
    return Concern("lasting", since.iloc[-1], str(own["site"].iloc[-1]), float(lasted))
