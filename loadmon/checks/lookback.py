"""Looking back: what was flagged before the breaks of a history, and before all other weeks."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pandas as pd

from loadmon.athlete.profile import Athlete
from loadmon.checks.breaks import COLUMNS as BREAK_COLUMNS
from loadmon.checks.breaks import breaks
from loadmon.checks.check import JUDGES
from loadmon.checks.history import flag_history
from loadmon.checks.view import look
from loadmon.evidence.checks import INTERVAL, LOOKBACK
from loadmon.evidence.load import WINDOWS
from loadmon.load.calendar import Day
from loadmon.reading.archive import Archive

#: Any of the checks.
ANY = "any"
_DAYS = pd.Timedelta(days=int(LOOKBACK["before_days"]))
_RATES = ["check", "before", "breaks", "share", "low", "high", "base_rate", "other_weeks"]


def lookback(
    archive: Archive, *, athlete: Athlete | None = None, as_of: Day | None = None
) -> pd.DataFrame:
    """Breaks of a history, and what was flagged in the four weeks before each.

    Parameters
    ----------
    archive, athlete, as_of
        As in `loadmon.check`; the diary of the athlete names breaks or dismisses them.

    Returns
    -------
    DataFrame
        One row per break, in order: ``start``, its first day without a run (of a pain, its first
        entry); ``end``, its last; ``days``, from the last run before to the first run after it (of
        a pain from its first entry to its last), and ``days_off``, full days without a run [d];
        ``kind`` (gap or pain); ``name``, empty if nobody named it;
        ``flags``, the checks that were flagged in the 28 days before ``start``, joined by commas;
        ``other_weeks``, how many weeks with a run lie outside all breaks and the four weeks
        before them; and ``base_any`` and ``base_`` with each check: the share of those weeks with
        such a flag in the 28 days up to their end [-], NaN where there is no such week.

    Raises
    ------
    SettingError, FrameError
        As `loadmon.check`.

    Notes
    -----
    `rates` puts breaks and other weeks side by side. Both count the same span, 28 days; a share
    before a handful of breaks is known so badly that it must be read with its interval. What came
    before is no cause, and a holiday or a flu is a break too: name them in the diary, or
    dismiss them.
    """
    view = look(archive, as_of, athlete)
    found = breaks(view.daily, view.athlete.diary, archive.pauses)
    flags = flag_history(archive, athlete=view.athlete, as_of=as_of)
    found["flags"] = [",".join(_before(flags, start)) for start in found["start"]]
    others = _other_weeks(view.daily, found)
    found["other_weeks"] = len(others)
    standing = [_before(flags, week + pd.Timedelta(days=1)) for week in others]
    for name in (ANY, *JUDGES):
        hits = [bool(s) if name == ANY else name in s for s in standing]
        found[f"base_{name}"] = float(np.mean(hits)) if hits else float("nan")
    return found.astype(BREAK_COLUMNS | {"flags": "str"})


def rates(found: pd.DataFrame) -> pd.DataFrame:
    """Flags before breaks beside flags before all other weeks.

    Parameters
    ----------
    found : DataFrame
        What `lookback` gives.

    Returns
    -------
    DataFrame
        One row for ``any`` check and one for each that was flagged before a break: ``check``;
        ``before``, breaks that it was flagged before, of ``breaks``; their ``share`` with the ends
        ``low`` and ``high`` of its 95 % interval (Wilson) [-]; ``base_rate``, the share of
        ``other_weeks`` that it was flagged before [-].
    """
    sets = [set(filter(None, flags.split(","))) for flags in found["flags"]]
    names = [ANY, *(name for name in JUDGES if any(name in s for s in sets))]
    rows = []
    for name in names if len(found) else []:
        hits = sum(bool(s) if name == ANY else name in s for s in sets)
        base, weeks = found[f"base_{name}"].iloc[0], found["other_weeks"].iloc[0]
        low, high = share_interval(hits, len(sets))
        rows.append((name, hits, len(sets), hits / len(sets), low, high, base, weeks))
    return pd.DataFrame(rows, columns=_RATES)


def share_interval(hits: int, n: int) -> tuple[float, float]:
    """Interval of a share by the score method of Wilson.

    Parameters
    ----------
    hits, n : int
        How many of how many; `n` at least 1.

    Returns
    -------
    float, float
        Ends of the 95 % interval [-], which never leave 0 to 1, also for 0 or all hits.
    """
    z = NormalDist().inv_cdf((1 + INTERVAL["share"]) / 2)
    share, spread = hits / n, z * z / n
    middle = share + spread / 2
    half = z * math.sqrt((share * (1 - share) + spread / 4) / n)
    return max(0.0, (middle - half) / (1 + spread)), min(1.0, (middle + half) / (1 + spread))


def enough_named(found: pd.DataFrame) -> bool:
    """Whether so many breaks have a name that looking back is shown without being asked for."""
    return bool((found["name"] != "").sum() >= LOOKBACK["min_named"])


def _before(flags: pd.DataFrame, day: pd.Timestamp) -> list[str]:
    """Checks that were flagged in the 28 days before a day, in the order of the checks."""
    within = flags[(flags["date"] < day) & (flags["until"] >= day - _DAYS)]
    return [name for name in JUDGES if (within["check"] == name).any()]


def _other_weeks(daily: pd.DataFrame, found: pd.DataFrame) -> pd.DatetimeIndex:
    """Last days of the weeks with a run, outside all breaks and the four weeks before them."""
    days = pd.DatetimeIndex(daily.index)
    week = int(WINDOWS["acute"])
    ran = (daily["runs"] > 0).rolling(week).max() == 1
    ends = days[(days.day_of_week == week - 1) & ran.to_numpy()]
    ends = ends[ends >= days.min() + _DAYS - pd.Timedelta(days=1)]
    free = np.ones(len(ends), dtype=bool)
    for start, end in zip(found["start"], found["end"], strict=True):
        free &= ~((ends >= start - _DAYS) & (ends <= end))
    return ends[free]
