"""Lay-offs in a history, what was flagged before them, and what followed each flag."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.arguments import check_frame
from loadmon.athlete import Athlete
from loadmon.calendar import Day, day_of, usual_gap
from loadmon.diary import DISMISS
from loadmon.evidence.limits import INTERVAL, LOOKBACK, WINDOWS
from loadmon.io.archive import Archive
from loadmon.ratio import above
from loadmon.rules import return_to_run
from loadmon.rules.context import CheckContext
from loadmon.rules.engine import RULES, build_context, flags_of
from loadmon.rules.symptoms import pains

COLUMNS = {
    "start": "datetime64[us]",
    "end": "datetime64[us]",
    "days": "int64",
    "days_off": "int64",
    "kind": "str",
    "name": "str",
}
_ONE = pd.Timedelta(days=1)


def breaks(daily: pd.DataFrame, diary: pd.DataFrame, pauses: pd.DataFrame) -> pd.DataFrame:
    """Breaks in a history by `LOOKBACK`, in order, those that the runner dismissed left out.

    A pain is not listed apart if a gap begins within four weeks of it, or holds it. The columns are
    those of `lookback`.
    """
    gaps = _gaps(daily)
    found = pd.concat([gaps, _pains(diary, daily, gaps)], ignore_index=True)
    spans = zip(found["start"], found["end"], strict=True)
    found["name"] = [_name(start, end, diary, pauses) for start, end in spans]
    frame = found[found["name"] != DISMISS].sort_values("start", kind="stable", ignore_index=True)
    return frame.astype(COLUMNS)[list(COLUMNS)]


def _gaps(daily: pd.DataFrame) -> pd.DataFrame:
    """Gaps far beyond the usual ones, that are over and hold no day that is not known."""
    ran = (daily["runs"] > 0).to_numpy()
    usual = usual_gap(np.diff(np.flatnonzero(ran)))
    settled = np.flatnonzero(ran | daily["load"].isna().to_numpy())
    settled = settled[settled <= np.flatnonzero(ran).max(initial=-1)]
    between = np.diff(settled)
    far = above(between, LOOKBACK["times_usual_gap"] * usual)
    at = np.flatnonzero(far & (between - 1 >= return_to_run.RAMP_START["full_until_days"]))
    days = pd.DatetimeIndex(daily.index)
    rows = {"start": days[settled[at] + 1], "end": days[settled[at + 1] - 1], "days": between[at]}
    frame = pd.DataFrame(rows).assign(kind="gap", name="")
    return frame.assign(days_off=frame["days"] - 1).astype(COLUMNS)


def _pains(diary: pd.DataFrame, daily: pd.DataFrame, gaps: pd.DataFrame) -> pd.DataFrame:
    """Pains that came after some time without, each from its first to its last entry."""
    spans: list[list[pd.Timestamp]] = []
    apart = pd.Timedelta(days=int(LOOKBACK["pain_apart_days"]))
    felt = pains(diary, daily.index.max())
    for day in felt.loc[felt["pain"] >= LOOKBACK["pain_from"], "date"]:
        if spans and day - spans[-1][1] <= apart:
            spans[-1][1] = day
        elif day >= daily.index.min():
            spans.append([day, day])
    frame = pd.DataFrame(spans, columns=["start", "end"])
    days = [(end - start).days for start, end in spans]
    frame = frame.assign(days=days, days_off=0, kind="pain", name="").astype(COLUMNS)
    since = gaps["start"] - _DAYS
    is_apart = [not ((since <= pain) & (pain <= gaps["end"])).any() for pain in frame["start"]]
    return frame[is_apart]


def _name(start: pd.Timestamp, end: pd.Timestamp, diary: pd.DataFrame, pauses: pd.DataFrame) -> str:
    """What a break is called by the runner; the diary's word goes before that of an export."""
    named = diary[(diary["break"] != "") & diary["date"].between(start, end)]
    if len(named):
        return str(named["break"].iloc[-1])
    until = pauses["until_day"].fillna(end)
    meets = (pauses["from_day"] <= end) & (until >= start)
    return str(pauses.loc[meets, "reason"].iloc[0]) if meets.any() else ""


# Looking back: what was flagged before the breaks of a history, and before all other weeks.


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
    context = build_context(archive, as_of, athlete)
    return lookback_of(context, flags_of(context))


def lookback_of(context: CheckContext, flags: pd.DataFrame) -> pd.DataFrame:
    """Lay-offs up to the day of a context, as `lookback` gives them; `flags` are those of it."""
    found = breaks(context.daily, context.athlete.diary, context.archive.pauses)
    found["flags"] = [",".join(_before(flags, start)) for start in found["start"]]
    others = _other_weeks(context.daily, found)
    found["other_weeks"] = len(others)
    standing = [_before(flags, week + pd.Timedelta(days=1)) for week in others]
    for name in (ANY, *RULES):
        hits = [bool(s) if name == ANY else name in s for s in standing]
        found[f"base_{name}"] = float(np.mean(hits)) if hits else float("nan")
    return found.astype(COLUMNS | {"flags": "str"})


def rates(found: pd.DataFrame) -> pd.DataFrame:
    """Flags before breaks beside flags before all other weeks, for any check and for each.

    ``low`` and ``high`` are the ends of the 95 % interval of ``share`` (Wilson).
    """
    sets = [set(filter(None, flags.split(","))) for flags in found["flags"]]
    names = [ANY, *(name for name in RULES if any(name in s for s in sets))]
    rows = []
    for name in names if len(found) else []:
        hits = sum(bool(s) if name == ANY else name in s for s in sets)
        base, weeks = found[f"base_{name}"].iloc[0], found["other_weeks"].iloc[0]
        low, high = share_interval(hits, len(sets))
        rows.append((name, hits, len(sets), hits / len(sets), low, high, base, weeks))
    return pd.DataFrame(rows, columns=_RATES)


def share_interval(hits: int, n: int) -> tuple[float, float]:
    """Interval (95 %) of a share by the score method of Wilson; it never leaves 0 to 1."""
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
    raised = set(within["check"])
    return [name for name in RULES if name in raised]


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


# Looking ahead from each flag: what followed it.


#: What follows a flag; with a gap and a pain it is both, joined by a comma.
NOTHING, GAP, PAIN, NOT_OVER, UNKNOWN = "none", "gap", "pain", "not_over", "unknown"
_KEY = ["check", "date", "level"]
_OUTCOMES = {
    **{"check": "str", "date": "datetime64[us]", "level": "str", "followed_by": "str"},
    **{"base_rate": "float64", "base_weeks": "int64"},
}
_OUTCOME_RATES = [
    *("check", "flags", "not_over", "unknown", "counted", "no_gap", "share", "low", "high"),
    *("pain", "base_rate", "base_weeks"),
]


def flag_outcomes(
    archive: Archive,
    *,
    athlete: Athlete | None = None,
    as_of: Day | None = None,
    flags: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What followed each flag within 28 days: a gap over 7 days, a pain, or neither.

    Parameters
    ----------
    archive, athlete, as_of
        As in `loadmon.check`; the diary of the athlete tells pain.
    flags : DataFrame, optional
        The flags: ``check``, ``date``, ``level``, such as `loadmon.load_flag_log` gives those that
        were printed. None is every flag of the past, as `loadmon.flag_history` finds it now.

    Returns
    -------
    DataFrame
        One row per flag, in order: ``check``, ``date``, ``level``; ``followed_by``: ``gap``, where
        8 or more days lie between two run days and 7 days without a run day were reached
        within the 28 days after the flag; ``pain``, where the diary holds one of 3 or more on one
        of those days; ``gap,pain``; ``none`` of them; ``not_over``, where the last known day comes
        before the end of the 28; ``unknown``, where one of them is not known. ``base_weeks``: how
        many weeks with a run day can be judged in the same way from their last day, and
        ``base_rate``: the share of them that no such gap followed [-], NaN where there is no week.

    Raises
    ------
    SettingError
        As `loadmon.check`, or if a ``date`` of `flags` is no day.
    FrameError
        As `loadmon.check`, or if `flags` lacks a column.

    Notes
    -----
    It is an observation of one history: it says nothing of causes, and that no gap followed does
    not show that such a run does no harm. A holiday is a gap too; files that were never exported
    look like rest; pain counts only where the diary has it. Flags of a log that repeat on days at
    most a week apart are one flag, as in `loadmon.flag_history`, but for those of single runs.
    """
    raised = None if flags is None else as_raised(flags)
    context = build_context(archive, as_of, athlete)
    return outcomes_of(context, flags_of(context) if raised is None else raised)


def outcomes_of(context: CheckContext, flags: pd.DataFrame) -> pd.DataFrame:
    """What followed each flag up to the day of a context, as `flag_outcomes` gives it."""
    told = flags.loc[flags["date"] <= context.as_of, _KEY].sort_values(
        "date", kind="stable", ignore_index=True
    )
    after = _followed(context)
    told["followed_by"] = [after(day) for day in told["date"]]
    week = int(WINDOWS["acute"])
    days = pd.DatetimeIndex(context.daily.index)
    ran = context.daily["run_day"].astype(bool).rolling(week).max() == 1
    weeks = [after(day) for day in days[(days.day_of_week == week - 1) & ran.to_numpy()]]
    known = [GAP not in outcome.split(",") for outcome in weeks if _is_known(outcome)]
    told["base_rate"] = float(np.mean(known)) if known else float("nan")
    told["base_weeks"] = len(known)
    return told.astype(_OUTCOMES)


def as_raised(flags: pd.DataFrame) -> pd.DataFrame:
    """Printed flags as they were raised: one that is printed again within a week is the same.

    A flag of a single run is of that run alone, however often it is printed, and at whatever level.
    """
    check_frame(flags, "flags", _KEY, "; see loadmon.load_flag_log")
    found = [day_of(day, "flags['date']") for day in flags["date"]]
    days = pd.Series(found, flags.index, dtype="datetime64[us]")
    told = flags.assign(date=days).drop_duplicates(["check", "date"])
    told = told.sort_values("date", kind="stable")
    since = told.groupby("check")["date"].diff()
    single = told["check"].isin([name for name, rule in RULES.items() if rule.single])
    again = since <= pd.Timedelta(days=int(WINDOWS["acute"]))
    return told[single | ~again]


def _followed(context: CheckContext) -> Callable[[pd.Timestamp], str]:
    """Outcome of a flag of any day."""
    daily = context.daily
    ran = daily["run_day"].to_numpy(dtype=bool)
    known = ran | daily["load"].notna().to_numpy()
    # A day that is not known may have been a run day: then there is a gap only perhaps.
    sure, perhaps = _long_gap(ran | ~known), _long_gap(ran)
    felt = pains(context.athlete.diary, context.as_of)
    hurt = pd.DatetimeIndex(felt.loc[felt["pain"] >= LOOKBACK["pain_from"], "date"])
    days, last = pd.DatetimeIndex(daily.index), int(np.flatnonzero(known).max(initial=-1))

    def outcome(flagged: pd.Timestamp) -> str:
        first = (flagged - days[0]).days + 1
        end = first + _DAYS.days
        if end - 1 > last:
            return NOT_OVER
        within = slice(first, end)
        is_gap = bool(sure[within].any())
        if first < 1 or not known[within].all() or perhaps[within].any() != is_gap:
            return UNKNOWN
        is_pain = bool(((hurt > flagged) & (hurt <= flagged + _DAYS)).any())
        return ",".join([GAP] * is_gap + [PAIN] * is_pain) or NOTHING

    return outcome


def _long_gap(ran: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Days that end as many days without a run day as make the gap longer than the limit."""
    off = int(LOOKBACK["gap_over_days"])
    out: npt.NDArray[np.bool_] = (pd.Series(ran).rolling(off).sum() == 0).to_numpy()
    return out


def _is_known(outcome: str) -> bool:
    return outcome not in (NOT_OVER, UNKNOWN)


def outcome_rates(found: pd.DataFrame) -> pd.DataFrame:
    """Flags of each check, how many can be judged, and how many of these no long gap followed.

    ``share`` is that of ``no_gap`` in ``counted``, ``low`` and ``high`` the ends of its 95 %
    interval (Wilson), all NaN where none can be judged; ``pain``: how many of them a pain followed.
    """
    rows = []
    for check in dict.fromkeys([*RULES, *found["check"]]):
        outcomes = found.loc[found["check"] == check, "followed_by"].tolist()
        if not outcomes:
            continue
        known = [outcome.split(",") for outcome in outcomes if _is_known(outcome)]
        no_gap, n = sum(GAP not in names for names in known), len(known)
        share = no_gap / n if n else float("nan")
        low, high = share_interval(no_gap, n) if n else (share, share)
        lost = (outcomes.count(NOT_OVER), outcomes.count(UNKNOWN))
        pain = sum(PAIN in names for names in known)
        base = (found["base_rate"].iloc[0], found["base_weeks"].iloc[0])
        rows.append((check, len(outcomes), *lost, n, no_gap, share, low, high, pain, *base))
    return pd.DataFrame(rows, columns=_OUTCOME_RATES)
