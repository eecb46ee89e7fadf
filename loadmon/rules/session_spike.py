"""The single run against the longest of the 30 days before it; the same asked of its descent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from loadmon.calendar import Calendar, Day, calendar_for, checked_activities, is_partial
from loadmon.evidence import PUBLISHED, Evidence
from loadmon.evidence import limits as limits_evidence
from loadmon.evidence import ramp as ramp_evidence
from loadmon.ratio import Codes, Floats, Marks, above, max_before
from loadmon.rules.context import (
    WEEK,
    Bound,
    CheckContext,
    Finding,
    Rule,
    RunDays,
    States,
    extrapolated,
    flagged_days,
    state,
)
from loadmon.units import amount_text, day_text, more_text

#: What this file compares with; it is read here, and nowhere else, each time.
SESSION_SPIKE = limits_evidence.SESSION_SPIKE
SESSION_FLOOR = limits_evidence.SESSION_FLOOR
DESCENT = limits_evidence.DESCENT
RAMP_SESSION = ramp_evidence.RAMP_SESSION

#: Levels of a run that is longer than those before, in order.
SPIKES = ("small", "moderate", "large")
#: Words for a run, or for the longest run of a day; the place is its code.
LEVELS = ("rest", "unknown", "no_baseline", "none", *SPIKES)
DISTANCE_KM, DESCENT_M = "distance_km", "descent_m"
#: Loads of which a run has a length; of others, such as descent, it has more or less.
_LENGTHS = (DISTANCE_KM, "duration_min")
#: What a load is called in a sentence.
_WORDS = {DISTANCE_KM: "distance", "duration_min": "time", DESCENT_M: "descent"}
#: Size of a day without a known run.
_NONE = -1.0
_NAN = float("nan")


def session_spikes(
    activities: pd.DataFrame,
    *,
    as_of: Day | None = None,
    sport: str = "running",
    load: str = "distance_km",
    own: Mapping[str, float] = PUBLISHED,
    calendar: Calendar | None = None,
) -> pd.DataFrame:
    """Compare the distance of every run with the longest of the 30 local days before its day.

    Parameters
    ----------
    activities : DataFrame
        One row per activity; ``unknown_days_around`` as in `loadmon.daily_load`.
    as_of : str, date or Timestamp, optional
        Last day that counts; None is the last recorded day. Later activities are ignored.
    sport : str
        Sport that is compared with itself.
    load : str
        Column that is compared; anything but the distance is an extrapolation.
    own : mapping of str to float
        The runner's own limits (``Athlete.limits``); empty: the published ones.
    calendar : Calendar, optional
        As in `loadmon.daily_load`.

    Returns
    -------
    DataFrame
        One row per run, in the order of `activities`: ``activity_id``, ``date``, the column
        `load`, ``longest_before_`` with its unit (``longest_before_km``), ``ratio`` [-] and
        ``level``: ``none`` (at most 1.10), ``small`` (to 1.30), ``moderate`` (to 2.00), ``large``,
        ``no_baseline`` (no run in the 30 days) or ``unknown``. ``longest_before_*`` and ``ratio``
        are NaN for the last two. ``assumed``: whether one of the 30 days before is (as in
        `loadmon.daily_load`).

    Raises
    ------
    FrameError
        If `activities` lacks a column or holds what is no day.
    SettingError
        If `as_of` is no day, or `calendar` fits neither it nor `activities`.

    Notes
    -----
    Runs of the same day do not raise each other's baseline; a split recording is two runs.

    A run is ``unknown`` if its own distance is, or if only a part of it could be read and that
    part is no spike. An unknown day among the 30 can only raise the baseline: ``none`` stays
    ``none``, anything else becomes ``unknown``.

    The study [1]_ counted distance, in runs that the runner recorded; for other sports, or for
    walk-runs counted whole, the levels are an extrapolation.

    References
    ----------
    .. [1] Schuster Brandt Frandsen et al. 2025, doi:10.1136/bjsports-2024-109380.
    """
    needed = ["activity_id", "date", "sport", load, "flags"]
    activities = checked_activities(activities, needed)
    calendar = calendar_for(activities, calendar, as_of)
    past = activities[needed]
    past = past.iloc[:0] if calendar.days.empty else past[past["date"] <= calendar.as_of]
    runs = past[past["sport"] == sport]
    size = runs[load].to_numpy(dtype=float, na_value=np.nan, copy=True)
    longest, unsure, assumed = _before(calendar, runs, size)
    partial = is_partial(runs).to_numpy()
    level = _levels(size, longest, unsure, limits_of(load, own), partial, flat=load == DESCENT_M)
    compared = level >= LEVELS.index("none")
    ratio = np.full(len(size), np.nan)
    np.divide(size, longest, out=ratio, where=compared & (longest > 0))
    spikes = runs[["activity_id", "date"]].reset_index(drop=True)
    before = {before_column(load): np.where(compared, longest, np.nan)}
    words = np.array(LEVELS)[level]
    columns = {load: size, **before, "ratio": ratio, "level": words, "assumed": assumed}
    return spikes.assign(**columns).astype({"level": "str"})


def exceeds(spikes: pd.DataFrame, load: str, own: Mapping[str, float]) -> pd.Series:
    """Which runs of `session_spikes` are flagged: those of a level, but for a small step.

    Half a kilometre is over 10 % of any run below 5 km, and a return could not begin without such
    steps; the ramp is bounded by the same floor.
    """
    size, before = spikes[load].to_numpy(), spikes[before_column(load)].to_numpy()
    return spikes["level"].isin(SPIKES) & above(size, before + floor_of(load, own))


def is_spike(km: Floats, longest: Floats, own: Mapping[str, float] = PUBLISHED) -> Marks:
    """Whether runs are flagged after the longest of the 30 days before them. [km]"""
    further = above(km, SESSION_SPIKE.with_own(own)["small"] * longest)
    out: Marks = (longest > 0) & further & above(km, longest + floor_of(DISTANCE_KM, own))
    return out


def values_and_flags(
    days: RunDays, own: Mapping[str, float] = PUBLISHED
) -> tuple[Floats, Codes, States]:
    """Largest ratio of every day, the level of its longest session in `LEVELS`, and flags."""
    shape, at, size = days.load.shape, days.session_at, days.session_size
    longest = _longest_before(np.nan_to_num(days.longest)).ravel()[at]
    unsure = _longest_before((~days.measured).astype(float)).ravel()[at] > 0
    limits = limits_of(days.session_load, own)
    level = _levels(size, longest, unsure, limits, days.session_partial)
    compared = level >= LEVELS.index("none")
    ratio = np.full(shape, np.nan)
    np.fmax.at(ratio.reshape(-1), at[compared], size[compared] / longest[compared])
    unknown = np.isnan(days.load) | ~days.measured
    words = np.full(shape, LEVELS.index("rest"), dtype=np.int8)
    words[unknown] = LEVELS.index("unknown")
    by_length = np.argsort(size, kind="stable")
    words.reshape(-1)[at[by_length]] = level[by_length]
    far = above(size, longest + floor_of(days.session_load, own))
    over = (level > LEVELS.index("none")) & far
    flagged = np.zeros(shape, dtype=bool)
    flagged.reshape(-1)[at[over]] = True
    unknown.reshape(-1)[at[~compared]] = True
    return ratio, words, state(flagged, unknown)


def longest_allowed(longest: float, ratio: float, floor: float) -> float:
    """Longest run after the longest so far: by a ratio to it, or a step that is still small."""
    return max(ratio * longest, longest + floor)


def bound(context: CheckContext) -> Bound:
    """Ten per cent, or half a kilometre, over the longest of the 30 days before."""
    span = int(SESSION_SPIKE["window_days"])
    before = context.last(span + 1)[:-1]
    longest = float(context.daily.loc[before, "longest_km"].max())
    if not longest > 0:
        unknown = bool(context.daily.loc[before, "load"].isna().any())
        why = f"no known run in the {span} days before"
        return Bound("session_spike", _NAN, unknown, why)
    ratio, own = context.limit(SESSION_SPIKE)["small"], context.athlete.limits
    km = longest_allowed(longest, ratio, floor_of(DISTANCE_KM, own))
    why = f"longest of the {span} days before: {context.km(longest)}"
    return Bound("session_spike", km, False, why)


def before_column(load: str) -> str:
    """Name of the column that holds the most of the 30 days before, with the unit of `load`."""
    return f"longest_before_{load.rpartition('_')[2]}"


def limits_of(load: str, own: Mapping[str, float]) -> Evidence:
    """Levels that a run is compared by: those of distance, extrapolated for descent and others."""
    return (DESCENT if load == DESCENT_M else SESSION_SPIKE).with_own(own)


def floor_of(load: str, own: Mapping[str, float]) -> float:
    """Step over the runs before that is too small to be flagged, in the unit of `load`."""
    if load == DISTANCE_KM:
        return RAMP_SESSION.with_own(own)["floor_km"]
    floors = SESSION_FLOOR.with_own(own)
    return {"duration_min": floors["min"], DESCENT_M: floors["descent_m"]}.get(load, 0.0)


def _before(calendar: Calendar, runs: pd.DataFrame, size: Floats) -> tuple[Floats, Marks, Marks]:
    """Most of any run of the 30 days before each run (below 0: no run).

    Beside it, whether one of those days is unknown, and whether one is only assumed to be known.
    """
    if runs.empty:
        return np.empty(0), np.empty(0, dtype=bool), np.empty(0, dtype=bool)
    days = calendar.days
    most = pd.Series(size, runs.index).groupby(runs["date"]).max().fillna(_NONE)
    by_day = np.asarray(most.reindex(days, fill_value=_NONE), dtype=np.float64)[:, None]
    missing = runs.loc[np.isnan(size), "date"]
    unknown = calendar.is_unknown.to_numpy() | days.isin(missing)
    at = days.get_indexer(pd.DatetimeIndex(runs["date"]))
    unsure, assumed = (
        _longest_before(marked.astype(float)[:, None])[at, 0] > 0
        for marked in (unknown, calendar.assumed.to_numpy())
    )
    return _longest_before(by_day, _NONE)[at, 0], unsure, assumed


def _longest_before(by_day: Floats, none: float = 0.0) -> Floats:
    """Largest value of the 30 days before each day, without the day itself."""
    return max_before(by_day, int(SESSION_SPIKE["window_days"]), none)


def _levels(
    size: Floats,
    longest: Floats,
    unsure: Marks,
    limits: Evidence,
    partial: Marks | bool = False,
    *,
    flat: bool = False,
) -> Codes:
    """Level of every run, as places in `LEVELS`.

    `longest` is 0 or less where there is nothing to compare with; `flat`: 0 is something. A run of
    which only a part was read (`partial`) may be longer than it seems.
    """
    no_baseline = longest < 0 if flat else longest <= 0
    spike = no_baseline | above(size, limits["small"] * longest)
    level = np.where(spike, LEVELS.index("small"), LEVELS.index("none")).astype(np.int8)
    for name in SPIKES[1:]:
        level[spike & above(size, limits[name] * longest)] = LEVELS.index(name)
    level[no_baseline] = LEVELS.index("no_baseline")
    level[np.isnan(size) | (unsure & spike) | (partial & ~spike)] = LEVELS.index("unknown")
    return level


@dataclass(frozen=True, slots=True)
class _Question:
    """Which check asks, of whom, and about which load."""

    check: str
    context: CheckContext
    load: str

    def amount(self, value: float) -> str:
        """Write a value with its unit."""
        text = amount_text(value, self.load, self.context.athlete.units)
        return f"{text} of descent" if self.load == DESCENT_M else text

    @property
    def evidence(self) -> Evidence:
        """Limits; those of distance, extrapolated, for other loads of a session."""
        entry = limits_of(self.load, self.context.athlete.limits)
        return entry if self.load == DESCENT_M else extrapolated(entry, self.load)


def evaluate(context: CheckContext) -> Finding:
    """Compare every run of the judged days with the longest of the 30 days before it."""
    return _finding(_Question("session_spike", context, context.load), context.spikes)


def evaluate_descent(context: CheckContext) -> Finding:
    """Ask the same of the descent of every run, by the levels for distance and 100 m."""
    if context.runs[DESCENT_M].isna().all():
        return Finding("descent").not_set_up(DESCENT_RULE.nothing)
    return _finding(_Question("descent", context, DESCENT_M), descent_spikes(context))


def descent_spikes(context: CheckContext) -> pd.DataFrame:
    """Descent of every run up to the day against the most of the 30 days before it."""
    activities, own = context.archive.activities, context.athlete.limits
    spikes = session_spikes(activities, load=DESCENT_M, own=own, calendar=context.calendar)
    return spikes[spikes["date"] <= context.as_of]


def _finding(asked: _Question, spikes: pd.DataFrame) -> Finding:
    context = asked.context
    runs = spikes[spikes["date"].isin(context.week)].sort_values("ratio", kind="stable")
    draft = Finding(
        asked.check,
        evidence=asked.evidence,
        limit=asked.evidence["small"],
        unit="ratio",
        window=f"{_span()} each run",
        missing=context.missing(int(SESSION_SPIKE["window_days"] + WEEK)),
    )
    further = runs[exceeds(runs, asked.load, context.athlete.limits)]
    if len(further):
        run = further.iloc[-1]
        message = _longer(asked, further)
        return draft.flagged(run["level"], message, value=run["ratio"], date=run["date"])
    if not context.week_known or (runs["level"] == "unknown").any():
        return draft.unknown("unknown", _unknown(asked, runs))
    first = runs[runs["level"] == "no_baseline"]
    if len(first):
        day = first["date"].iloc[-1]
        message = f"{day_text(day)}: no run in the {_span()} to compare it with."
        return draft.unknown("no_baseline", message, date=day)
    if runs.empty:
        return draft.ok("none", "No run in these 7 days.")
    run = runs.iloc[-1]
    return draft.ok(run["level"], _nearest(asked, run), value=run["ratio"], date=run["date"])


def _span() -> str:
    return f"{SESSION_SPIKE['window_days']:.0f} days before"


def _unknown(asked: _Question, runs: pd.DataFrame) -> str:
    if asked.context.week_known and runs[asked.load].isna().any():
        return f"Some runs in these 7 days have no {_WORDS.get(asked.load, asked.load)}."
    return f"Not every run of these 7 days, or of the {_span()} one, is known."


def _nearest(asked: _Question, run: pd.Series) -> str:
    least = f"{100 * (asked.evidence['small'] - 1):.0f} %"
    if run["level"] in SPIKES:
        floor = floor_of(asked.load, asked.context.athlete.limits)
        least += f" and {floor:g} {asked.amount(floor).split(' ', 1)[1]}"
    more = "longer than the longest" if asked.load in _LENGTHS else "over the most of any run"
    before = asked.amount(run[before_column(asked.load)])
    return (
        f"No run of these 7 days is more than {least} {more} of the {_span()} "
        f"it; the nearest is {asked.amount(run[asked.load])} on {day_text(run['date'])} "
        f"after {before}."
    )


def _longer(asked: _Question, runs: pd.DataFrame) -> str:
    run = runs.iloc[-1]
    before = amount_text(run[before_column(asked.load)], asked.load, asked.context.athlete.units)
    message = (
        f"{day_text(run['date'])}: {asked.amount(run[asked.load])}, {_by(asked, run)} in the "
        f"{_span()} ({before})."
    )
    others = runs.iloc[:-1].sort_values("date", kind="stable")
    if len(others):
        pairs = zip(others["date"], others[asked.load], strict=True)
        named = (f"{asked.amount(x)} on {day_text(day)}" for day, x in pairs)
        message += f" Also {'longer' if asked.load in _LENGTHS else 'more'} than those before: "
        message += f"{', '.join(named)}."
    return message


def _by(asked: _Question, run: pd.Series) -> str:
    if run["ratio"] != run["ratio"]:
        return "more than any run"
    by = more_text(run["ratio"])
    if asked.load in _LENGTHS:
        return f"{by} {'longer than' if by.endswith('%') else 'the length of'} the longest run"
    return f"{by} {'over' if by.endswith('%') else ''} the most of any run".replace("  ", " ")


def _descent_days(context: CheckContext) -> pd.DatetimeIndex:
    spikes = descent_spikes(context)
    over = exceeds(spikes, DESCENT_M, context.athlete.limits)
    return pd.DatetimeIndex(spikes.loc[over, "date"])


RULE = Rule(
    "session_spike",
    evaluate,
    evaluated_on="run",
    may_flag=flagged_days("session_spike"),
    single=True,
)
DESCENT_RULE = Rule(
    "descent",
    evaluate_descent,
    needs=("runs.descent_m",),
    nothing="These files do not record descent.",
    evaluated_on="run",
    may_flag=_descent_days,
    single=True,
)
