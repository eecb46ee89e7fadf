"""The single run against the longest of the 30 days before it; the same asked of its descent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from loadmon.arguments import check_text
from loadmon.athlete import check_limits
from loadmon.calendar import (
    Activities,
    Calendar,
    Day,
    frame_and_calendar,
    is_partial,
    numbers_of,
    own_limits,
)
from loadmon.daily import (
    TIMES,
    by_kind,
    check_amounts,
    check_sport,
    cut,
    outing_of,
    outing_totals,
    places,
)
from loadmon.errors import FrameError
from loadmon.evidence import PUBLISHED, Evidence
from loadmon.evidence import limits as limits_evidence
from loadmon.evidence import ramp as ramp_evidence
from loadmon.frames import cells_of, frame_of
from loadmon.ratio import Codes, Floats, Marks, above, max_before, reaches
from loadmon.rules.context import (
    LARGEST_STEP,
    WEEK,
    Bound,
    CheckContext,
    Finding,
    Ints,
    Rule,
    RunDays,
    States,
    extrapolated,
    flagged_days,
    not_flagged_text,
    rests_on_text,
    state,
)
from loadmon.units import amount_text, count_text, day_text, more_text

#: What this file compares with; it is read here, and nowhere else, each time.
SESSION_SPIKE = limits_evidence.SESSION_SPIKE
SESSION_FLOOR = limits_evidence.SESSION_FLOOR
DESCENT = limits_evidence.DESCENT
COVERED_DAYS = limits_evidence.COVERED_DAYS
EVENT = limits_evidence.EVENT
OWN_HABIT = limits_evidence.OWN_HABIT
RAMP_SESSION = ramp_evidence.RAMP_SESSION
RAMP_TRY = ramp_evidence.RAMP_TRY
RAMP_NOVICE = ramp_evidence.RAMP_NOVICE

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
    activities: Activities,
    *,
    as_of: Day | None = None,
    sport: str = "running",
    load: str = "distance_km",
    own: Mapping[str, float] | None = None,
    calendar: Calendar | None = None,
) -> pd.DataFrame:
    """Compare every outing with the longest outing of the 30 local days before its day.

    Parameters
    ----------
    activities : DataFrame or Archive
        As for `loadmon.daily_load`; rows of a log without ids are ``row 1``, ``row 2`` ...
        With ``start_utc`` and ``duration_min``, recordings at most 30 minutes apart are one outing;
        without them each is its own.
    as_of : str, date or Timestamp, optional
        Last day that counts; None is the last recorded day. Later activities are ignored.
    sport : str
        Sport that is compared with itself.
    load : str
        Column that is compared; anything but the distance is an extrapolation.
    own : mapping of str to float, optional
        The runner's own limits (``Athlete.limits``); empty: the published ones. None: those of the
        archive; for a frame, the published ones.
    calendar : Calendar, optional
        As in `loadmon.daily_load`.

    Returns
    -------
    DataFrame
        One row per run, in the order of `activities`: ``activity_id``, ``date``, the column `load`;
        ``outing``, the id of the first recording of its outing, and ``outing_`` with the unit of
        `load` (``outing_km``), what the whole outing holds; ``longest_before_`` with the unit, the
        longest outing that it is compared with; ``ratio`` [-] and ``level``, the same for each run
        of an outing: ``none`` (at most 1.10), ``small`` (to 1.30), ``moderate`` (to 2.00),
        ``large``, ``no_baseline`` (no run in the 30 days, or fewer than 21 of them since the first
        recording of any sport) or ``unknown``. ``longest_before_*`` and ``ratio`` are NaN for the
        last two. ``try``: whether an outing of such a level is no longer than a return from a long
        lay-off may begin with: at most 3 km, and half of the longest outing before, of any day, or
        2 km where that was run. ``event``: whether the outing is over 1.3 times the longest other
        of the 90 days before it and longer than a try, or its name calls it a race. ``assumed``:
        whether one of the 30 days before is (as in `loadmon.daily_load`).

    Raises
    ------
    FrameError
        If `activities` lacks a column, or holds what is no day or no amount of `load`.
    SettingError
        If no activity is of `sport`, `as_of` is no day, or `calendar` fits neither it nor
        `activities`.

    Notes
    -----
    An outing has the day of its first recording. Outings of the same day do not raise each other's
    baseline. An event is compared, and raises the baseline of later runs, like any other; it is
    `loadmon.today` and plans that do not build on it.

    An outing is ``unknown`` if the distance of one of its runs is, or if only a part of it could be
    read and that part is no spike. An unknown day among the 30 can only raise the baseline:
    ``none`` stays ``none``, anything else becomes ``unknown``.

    The study [1]_ counted distance, in runs that the runner recorded; for other sports, or for
    walk-runs counted whole, the levels are an extrapolation.

    References
    ----------
    .. [1] Schuster Brandt Frandsen et al. 2025, doi:10.1136/bjsports-2024-109380.
    """
    check_text(load, "load")
    own = own_limits(activities) if own is None else own
    check_limits(own, "own")
    needed = ["activity_id", "date", "sport", "flags"]
    frame, calendar = frame_and_calendar(activities, needed, calendar, as_of)
    if load not in frame.columns or load in needed:
        raise FrameError(f"activities lack the load {load!r}; pass Archive.activities")
    needed.append(load)
    check_amounts(frame, load)
    check_sport(frame, sport)
    past = cut(frame, (*needed, *TIMES, "name"))
    days = past["date"].to_numpy()
    until = calendar.as_of.to_datetime64() if len(calendar.days) else np.datetime64("NaT", "us")
    runs = past[by_kind(past, sport)[0] & (days <= until)]
    outing = outing_of(runs)
    first = np.flatnonzero(outing == np.arange(len(runs)))
    given = numbers_of(runs, load)
    size = outing_totals(given, outing)
    partial = outing_totals(is_partial(runs).astype(float), outing) > 0
    at = places(calendar.days, runs["date"])[outing]
    longest, ever, unsure, assumed = _before(calendar, runs, at[first], size[first])
    limits, flat = limits_of(load, own), load == DESCENT_M
    new = at[first] < COVERED_DAYS["min_days"]
    level = _levels(size[first], longest, unsure, limits, partial[first], new=new, flat=flat)
    compared = level >= LEVELS.index("none")
    ratio = np.full(len(first), np.nan)
    np.divide(size[first], longest, out=ratio, where=compared & (longest > 0))
    race, tries = _named_race(runs, outing)[first], _is_try(size[first], ever, load)
    of = np.searchsorted(first, outing)  # the outing of each run
    ids = runs["activity_id"].to_numpy(dtype=object)
    columns = {
        "activity_id": ids,
        "date": runs["date"].to_numpy(),
        load: given,
        "outing": ids[outing],
        outing_column(load): size,
        before_column(load): np.where(compared, longest, np.nan)[of],
        "ratio": ratio[of],
        "level": np.array(LEVELS, dtype=object)[level][of],
        "try": (tries & (level >= LEVELS.index(SPIKES[0])))[of],
        "event": (race | (_far_longer(at[first], size[first]) & ~tries))[of],
        "assumed": assumed[of],
    }
    sizes = dict.fromkeys((load, outing_column(load), before_column(load), "ratio"), "float64")
    types = {"activity_id": "str", "date": "datetime64[us]", load: "float64", "outing": "str"}
    types |= sizes | {"level": "str"} | dict.fromkeys(("try", "event", "assumed"), "bool")
    return frame_of(columns, types)


def by_outing(spikes: pd.DataFrame) -> pd.DataFrame:
    """One row per outing of `session_spikes`: that of its first recording."""
    is_first: Marks = spikes["outing"].to_numpy() == spikes["activity_id"].to_numpy()
    return spikes[is_first]


def outings_of(context: CheckContext) -> pd.DataFrame:
    """Outings up to the day of a context, one row each, by their distance."""
    return context.once(_outings)


def _outings(context: CheckContext) -> pd.DataFrame:
    if context.load == DISTANCE_KM:
        return by_outing(context.spikes)
    activities, own = context.archive.activities, context.athlete.limits
    spikes = session_spikes(activities, own=own, calendar=context.calendar)
    return by_outing(spikes[spikes["date"] <= context.as_of])


def _far_longer(at: Ints, size: Floats) -> Marks:
    """Whether outings are far longer than the longest other of the 90 days before, if there is one.

    `at`: day of each. Another of the same day counts too; those of unknown size do not.
    """
    out = np.zeros(len(at), dtype=bool)
    known = np.flatnonzero(size > 0)
    known = known[np.argsort(at[known], kind="stable")]
    days, kms = at[known], size[known]
    begin = np.searchsorted(days, days - int(EVENT["window_days"]), "left")
    end = np.searchsorted(days, days, "right")
    for i, (a, b) in enumerate(zip(begin.tolist(), end.tolist(), strict=True)):
        others = max(kms[a:i].max(initial=0.0), kms[i + 1 : b].max(initial=0.0))
        out[known[i]] = others > 0 and bool(above(kms[i], EVENT["over_others"] * others))
    return out


def _named_race(runs: pd.DataFrame, outing: Ints) -> Marks:
    """Whether the name of one of the runs of an outing has the word race in it."""
    if "name" not in runs.columns:
        return np.zeros(len(runs), dtype=bool)
    named = [isinstance(name, str) and is_race_text(name) for name in cells_of(runs, "name")]
    return outing_totals(np.array(named, dtype=float), outing) > 0


def is_race_text(text: str) -> bool:
    """Whether a name or a note calls a run a race."""
    return re.search(r"\brac(?:e|es|ing)\b", text, re.IGNORECASE) is not None


def base_outings(outings: pd.DataFrame, diary: pd.DataFrame, before: pd.Timestamp) -> pd.DataFrame:
    """Outings up to the day before, without events that nothing of the kind has followed or led to.

    An event is a base once a second outing of at least its length over 1.3 has been run in the 90
    days before it or since. The diary too calls a run a race, by its note or break of that day.
    """
    past, event = _events(outings, diary, before)
    return outings[past & ~event]


def _events(
    outings: pd.DataFrame, diary: pd.DataFrame, before: pd.Timestamp
) -> tuple[Marks, Marks]:
    """Which outings are of the days before one, and which of these are no base."""
    km, days = outings[outing_column(DISTANCE_KM)].to_numpy(), outings["date"].to_numpy()
    texts = zip(diary["note"], diary["break"], strict=True)
    named = np.array([is_race_text(f"{note} {pause}") for note, pause in texts], dtype=bool)
    past = days < before.to_datetime64()
    event = outings["event"].to_numpy(dtype=bool) & past
    if named.any():
        event |= np.isin(days, diary["date"].to_numpy()[named]) & past
    since, alone = np.timedelta64(int(EVENT["window_days"]), "D"), event.copy()
    for i in np.flatnonzero(event):
        alike = reaches(km, km[i] / EVENT["over_others"]) & (days >= days[i] - since) & past
        alike[i] = False
        alone[i] = not alike.any()
    return past, alone


def beyond_ordinary(outings: pd.DataFrame, diary: pd.DataFrame, before: pd.Timestamp) -> pd.Series:
    """By how much the events of each day are longer than any ordinary outing near them. [km]

    Of the 90 days before an event and of those since; all of it where there is none.
    """
    past, event = _events(outings, diary, before)
    km, days = outings[outing_column(DISTANCE_KM)].to_numpy(), outings["date"].to_numpy()
    base, span = past & ~event, np.timedelta64(int(EVENT["window_days"]), "D")
    usual = [np.fmax.reduce(km[base & (days >= day - span)], initial=0.0) for day in days[event]]
    beyond = np.maximum(np.nan_to_num(km[event]) - np.array(usual), 0.0)
    of_day = pd.Series(beyond, pd.DatetimeIndex(days[event], name="date"), name="outing_km")
    return of_day if of_day.index.is_unique else of_day.groupby(level=0).sum()


def cut_down(values: Floats, days: pd.Index, beyond: pd.Series) -> Floats:
    """Values of each day without what `beyond_ordinary` says, and not below 0. [km]"""
    at, out = days.get_indexer(beyond.index), values.copy()
    out[at[at >= 0]] = np.maximum(out[at[at >= 0]] - beyond.to_numpy()[at >= 0], 0.0)
    return out


def exceeds(spikes: pd.DataFrame, load: str, own: Mapping[str, float]) -> pd.Series:
    """Which rows of `session_spikes` are flagged: those of a level, but for a small step.

    Half a kilometre is over 10 % of any run below 5 km, and a return could not begin without such
    steps; the ramp is bounded by the same floor. Nor is a try flagged (`try_km`).
    """
    size, before = spikes[outing_column(load)].to_numpy(), spikes[before_column(load)].to_numpy()
    far = above(size, before + floor_of(load, own)) & ~spikes["try"].to_numpy(dtype=bool)
    levels = np.array([word in SPIKES for word in cells_of(spikes, "level")], dtype=bool)
    return pd.Series(levels & far, spikes.index)


def try_km(longest_km: Floats | float) -> Floats:
    """Run that a return from a long lay-off may begin with, by the longest run ever before. [km]

    Half of it, but at most 3 km; what a beginner starts with (2 km) if that is more, though never
    more than was run before. However few and short the runs of the last 30 days are, it is no
    spike: a jog in a long lay-off must not leave less than none.
    """
    half = RAMP_TRY["share_of_longest"] * np.asarray(longest_km, dtype=float)
    known = np.maximum(half, np.minimum(RAMP_NOVICE["first_run_km"], longest_km))
    out: Floats = np.minimum(RAMP_TRY["max_km"], known)
    return out


def _is_try(size: Floats, ever: Floats, load: str) -> Marks:
    """Whether outings are tries after the longest before each of them; of kilometres alone."""
    if load != DISTANCE_KM:
        return np.zeros(len(size), dtype=bool)
    out: Marks = ~above(size, try_km(np.maximum(ever, 0.0)))
    return out


def is_spike(km: Floats, longest: Floats, own: Mapping[str, float] = PUBLISHED) -> Marks:
    """Whether runs are too far beyond the longest of 30 days before them, tries too. [km]"""
    further = above(km, SESSION_SPIKE.with_own(own)["small"] * longest)
    out: Marks = (longest > 0) & further & above(km, longest + floor_of(DISTANCE_KM, own))
    return out


def values_and_flags(
    days: RunDays, own: Mapping[str, float] = PUBLISHED
) -> tuple[Floats, Codes, States]:
    """Largest ratio of every day, the level of its longest outing in `LEVELS`, and flags."""
    shape, at, size = days.load.shape, days.outing_at, days.outing_size
    longest = _longest_before(np.nan_to_num(days.longest)).ravel()[at]
    unsure = _longest_before((~days.measured).astype(float)).ravel()[at] > 0
    limits = limits_of(days.outing_load, own)
    new = at // max(shape[1], 1) < COVERED_DAYS["min_days"]
    level = _levels(size, longest, unsure, limits, days.outing_partial, new=new)
    compared = level >= LEVELS.index("none")
    ratio = np.full(shape, np.nan)
    np.fmax.at(ratio.reshape(-1), at[compared], size[compared] / longest[compared])
    unknown = np.isnan(days.load) | ~days.measured
    words = np.full(shape, LEVELS.index("rest"), dtype=np.int8)
    words[unknown] = LEVELS.index("unknown")
    by_length = np.argsort(size, kind="stable")
    words.reshape(-1)[at[by_length]] = level[by_length]
    far = above(size, longest + floor_of(days.outing_load, own))
    ever = _ever_before(np.nan_to_num(days.longest)).ravel()[at]
    over = (level > LEVELS.index("none")) & far & ~_is_try(size, ever, days.outing_load)
    flagged = np.zeros(shape, dtype=bool)
    flagged.reshape(-1)[at[over]] = True
    unknown.reshape(-1)[at[~compared]] = True
    return ratio, words, state(flagged, unknown)


def longest_allowed(longest: float, ratio: float, floor: float) -> float:
    """Longest run after the longest so far: by a ratio to it, or a step that is still small."""
    return max(ratio * longest, longest + floor)


def bound(context: CheckContext) -> Bound:
    """Ten per cent, or half a kilometre, over the longest of the 30 days before, events left out.

    With days missing or few days recorded, that is known from below: it may be more.
    """
    span = int(SESSION_SPIKE["window_days"])
    loads, outings = context.of_last("load", span + 1)[:-1], outings_of(context)
    past, event = _events(outings, context.athlete.diary, context.as_of)
    far, ago = outings["outing_km"].to_numpy(), _days_ago(outings, context.as_of)
    base, recent = past & ~event, far[past & ~event & (ago <= span)]
    longest = _longest(recent)
    lately = event & (ago <= len(loads))
    if np.isnan(longest) and lately.any():  # an event alone: what was run before it counts
        longest = _longest(far[base & (ago <= EVENT["window_days"])])
    unsure = len(loads) < COVERED_DAYS["min_days"] or bool(
        np.isnan(loads).any() or np.isnan(recent).any()
    )
    if not longest > 0:
        why = f"no known run in the {span} days before"
        return Bound("session_spike", _NAN, unsure, why)
    ratio, own = context.limit(SESSION_SPIKE)["small"], context.athlete.limits
    km = longest_allowed(longest, ratio, floor_of(DISTANCE_KM, own))
    why = f"longest of the {span} days before: {context.km(longest)}"
    small = float(try_km(_longest(far[base])))
    if km < small:
        km = small
        why += f"; {context.km(km)} is a try, after the longest before that"
    if lately.any():
        left_out = _longest(far[lately])
        why += f"; {context.km(left_out)} was an event, no base yet"
    return Bound("session_spike", km, unsure, why)


def _days_ago(outings: pd.DataFrame, day: pd.Timestamp) -> Floats:
    """How many days before a day each outing was; below 0 after it. [d]"""
    dates = outings["date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    ago: Floats = day.to_datetime64().astype("datetime64[D]").astype(np.int64) - dates.astype(float)
    return ago


def _longest(km: Floats) -> float:
    """Longest of some outings; NaN where of none it is known how long it was. [km]"""
    return float(np.fmax.reduce(km, initial=np.nan))


def ceilings(context: CheckContext) -> pd.Series:
    """Longest run of each day that would not be flagged after the 30 days before it. [km]

    NaN where there is no run to compare with, or too few days are recorded. Where a day is
    unknown it may be more.
    """
    index = pd.DatetimeIndex(context.daily.index)
    outings = outings_of(context)
    by_day = outings.groupby("date")["outing_km"].max().reindex(index)
    most = by_day.rolling(int(SESSION_SPIKE["window_days"]), min_periods=1).max().shift(1)
    most.iloc[: int(COVERED_DAYS["min_days"])] = np.nan
    own = context.athlete.limits
    ratio, floor = context.limit(SESSION_SPIKE)["small"], floor_of(DISTANCE_KM, own)
    longest = np.fmax(
        np.fmax(ratio * most, most + floor), try_km(by_day.cummax().ffill().shift(1).to_numpy())
    )
    out = pd.Series(longest, index=index, dtype="float64")
    return out.where(most > 0)


def outing_column(load: str) -> str:
    """Name of the column that holds what a whole outing holds, with the unit of `load`."""
    return f"outing_{load.rpartition('_')[2]}"


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


def _before(
    calendar: Calendar, runs: pd.DataFrame, at: Ints, size: Floats
) -> tuple[Floats, Floats, Marks, Marks]:
    """Most of any outing of the 30 days before each (below 0: no run); `at` are their days.

    Beside it the most of any day before, whether one of the 30 is unknown, and whether one is only
    assumed to be known.
    """
    if runs.empty:
        return np.empty(0), np.empty(0), np.empty(0, dtype=bool), np.empty(0, dtype=bool)
    by_day = np.full((len(calendar.days), 1), _NONE)
    np.fmax.at(by_day[:, 0], at, size)
    unknown = calendar.is_unknown.to_numpy(copy=True)
    unknown[at[np.isnan(size)]] = True
    unsure, assumed = (
        _longest_before(marked.astype(float)[:, None])[at, 0] > 0
        for marked in (unknown, calendar.assumed.to_numpy())
    )
    longest, ever = (f(by_day, _NONE)[at, 0] for f in (_longest_before, _ever_before))
    return longest, ever, unsure, assumed


def _longest_before(by_day: Floats, none: float = 0.0) -> Floats:
    """Largest value of the 30 days before each day, without the day itself."""
    return max_before(by_day, int(SESSION_SPIKE["window_days"]), none)


def _ever_before(by_day: Floats, none: float = 0.0) -> Floats:
    """Largest value of all days before each day, without the day itself."""
    out = np.full(by_day.shape, none)
    np.maximum.accumulate(by_day[:-1], axis=0, out=out[1:])
    return out


def _levels(
    size: Floats,
    longest: Floats,
    unsure: Marks,
    limits: Evidence,
    partial: Marks | bool = False,
    *,
    new: Marks | bool = False,
    flat: bool = False,
) -> Codes:
    """Level of every outing, as places in `LEVELS`.

    `longest` is 0 or less where there is nothing to compare with; `flat`: 0 is something. `new`:
    too few days are recorded before. One of which only a part was read may be longer than it seems.
    """
    no_baseline = (longest < 0 if flat else longest <= 0) | new
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
    """Descent of every run up to the day against the most of the 30 days before it.

    What the own twelve weeks before have held is no step down: its level is ``none``, and it is
    ``usual``.
    """
    activities, own = context.archive.activities, context.athlete.limits
    spikes = session_spikes(activities, load=DESCENT_M, own=own, calendar=context.calendar)
    spikes = spikes[spikes["date"] <= context.as_of]
    size = spikes["outing_m"].to_numpy()
    at = places(context.daily.index, spikes["date"])
    by_day = np.zeros((len(context.daily), 1))
    np.fmax.at(by_day[:, 0], at, size)
    usual = ~above(size, max_before(by_day, WEEK * int(OWN_HABIT["weeks"]))[at, 0])
    level = spikes["level"].to_numpy(dtype=object)
    usual &= np.isin(level, SPIKES)
    text = pd.array(np.where(usual, "none", level), dtype="str")
    return spikes.assign(level=text, usual=usual)


def _finding(asked: _Question, spikes: pd.DataFrame) -> Finding:
    context = asked.context
    runs, is_over = _by_ratio(asked, spikes)
    draft = Finding(
        asked.check,
        evidence=asked.evidence,
        limit=asked.evidence["small"],
        unit="ratio",
        window=f"{_span()} each run",
        missing=context.missing(int(SESSION_SPIKE["window_days"] + WEEK)),
    )
    further = [run for run, over in zip(runs, is_over, strict=True) if over]
    if further:
        run = further[-1]
        up_to = longest_allowed(
            run[before_column(asked.load)],
            asked.evidence["small"],
            floor_of(asked.load, context.athlete.limits),
        )
        message = f"{_longer(asked, further)} {not_flagged_text(asked.amount(up_to))}"
        message += _rests_on(context, run)
        numbers = {"value": run["ratio"], "date": run["date"], "not_flagged_up_to": up_to}
        return draft.flagged(run["level"], message, **numbers)
    if not context.week_known or any(run["level"] == "unknown" for run in runs):
        return draft.unknown("unknown", _unknown(asked, runs))
    first = [run["date"] for run in runs if run["level"] == "no_baseline"]
    if first:
        day = first[-1]
        days = int((day - context.daily.index[0]).days)
        message = f"{day_text(day)}: no run in the {_span()} to compare it with."
        if days < COVERED_DAYS["min_days"]:
            message = (
                f"{day_text(day)}: only {count_text(days, 'day')} are recorded before this run; "
                f"to compare it takes {COVERED_DAYS['min_days']:.0f}."
            )
        return draft.unknown("no_baseline", message, date=day)
    if not runs:
        return draft.ok("none", "No run in these 7 days.")
    run = runs[-1]
    return draft.ok(run["level"], _nearest(asked, run), value=run["ratio"], date=run["date"])


#: One row of `session_spikes`.
_Row = dict[Any, Any]


def _by_ratio(asked: _Question, spikes: pd.DataFrame) -> tuple[list[_Row], list[bool]]:
    """Outings of the judged days in order of their ratio, and which of them are flagged."""
    days, week = spikes["date"].to_numpy(), asked.context.week
    first = spikes["outing"].to_numpy() == spikes["activity_id"].to_numpy()
    rows = np.flatnonzero(first & np.isin(days, week.to_numpy()))
    rows = rows[np.argsort(spikes["ratio"].to_numpy()[rows], kind="stable")]
    runs = spikes.iloc[rows]
    over = exceeds(runs, asked.load, asked.context.athlete.limits)
    return runs.to_dict("records"), over.tolist()


def _rests_on(context: CheckContext, run: _Row) -> str:
    """Which one file a flag rests on; empty where the outing was recorded in several."""
    recordings = cells_of(context.spikes, "outing").count(run["outing"])
    if recordings > 1:
        return f" The outing has {recordings} recordings."
    return rests_on_text(context.file_of(run["activity_id"]))


def _span() -> str:
    return f"{SESSION_SPIKE['window_days']:.0f} days before"


def _unknown(asked: _Question, runs: list[_Row]) -> str:
    size = outing_column(asked.load)
    if asked.context.week_known and any(run[size] != run[size] for run in runs):
        return f"Some runs in these 7 days have no {_WORDS.get(asked.load, asked.load)}."
    return f"Not every run of these 7 days, or of the {_span()} one, is known."


def _nearest(asked: _Question, run: _Row) -> str:
    least = f"{100 * (asked.evidence['small'] - 1):.0f} %"
    if run["level"] in SPIKES:
        floor = floor_of(asked.load, asked.context.athlete.limits)
        least += f" and {floor:g} {asked.amount(floor).split(' ', 1)[1]}"
    more = "longer than the longest" if asked.load in _LENGTHS else "over the most of any run"
    before = asked.amount(run[before_column(asked.load)])
    of_run = f"{day_text(run['date'])}: {asked.amount(run[outing_column(asked.load)])}"
    if run.get("usual", False):
        weeks = f"{OWN_HABIT['weeks']:g} weeks"
        text = f"{of_run}, after at most {before} in the {_span()}; not flagged, as a run of your "
        return f"{text}{weeks} before held as much."
    return (
        f"No run of these 7 days is more than {least} {more} of the {_span()} "
        f"it; the nearest is {asked.amount(run[outing_column(asked.load)])} on "
        f"{day_text(run['date'])} "
        f"after {before}."
    )


def _longer(asked: _Question, runs: list[_Row]) -> str:
    run = runs[-1]
    before = amount_text(run[before_column(asked.load)], asked.load, asked.context.athlete.units)
    message = (
        f"{day_text(run['date'])}: {asked.amount(run[outing_column(asked.load)])}, "
        f"{_by(asked, run)} in the {_span()} ({before})."
    )
    others = sorted(runs[:-1], key=lambda other: other["date"])
    if others:
        size = outing_column(asked.load)
        named = (f"{asked.amount(one[size])} on {day_text(one['date'])}" for one in others)
        message += f" Also {'longer' if asked.load in _LENGTHS else 'more'} than those before: "
        message += f"{', '.join(named)}."
    return message


def _by(asked: _Question, run: _Row) -> str:
    if run["ratio"] != run["ratio"]:
        return "more than any run"
    by = more_text(run["ratio"])
    if asked.load in _LENGTHS:
        return f"{by} {'longer than' if by.endswith('%') else 'the length of'} the longest run"
    return f"{by} {'over' if by.endswith('%') else ''} the most of any run".replace("  ", " ")


def largest_step(context: CheckContext) -> Finding:
    """Say which outing of 28 days was furthest beyond those before it, as something to know."""
    days = int(limits_evidence.WINDOWS["chronic"])
    draft = Finding(
        LARGEST_STEP,
        evidence=context.limit(SESSION_SPIKE),
        limit=context.limit(SESSION_SPIKE)["small"],
        unit="ratio",
        window=f"{days} days",
        missing=context.missing(days + int(SESSION_SPIKE["window_days"])),
    )
    outings = outings_of(context)
    since, ratio = context.last(days)[0].to_datetime64(), outings["ratio"].to_numpy()
    compared = outings[(outings["date"].to_numpy() >= since) & ~np.isnan(ratio)]
    if compared.empty:
        message = f"No run of the last {days} days can be compared with those before it."
        return draft.unknown("unknown", message)
    ratio = compared["ratio"].to_numpy()
    (run,) = compared.iloc[np.flatnonzero(ratio == ratio.max())[-1:]].to_dict("records")
    km, before = context.km(run["outing_km"]), context.km(run["longest_before_km"])
    numbers = {"value": run["ratio"], "date": run["date"]}
    if not exceeds(compared, DISTANCE_KM, context.athlete.limits).any():
        message = (
            f"No run of the last {days} days stands out; the nearest to it is {km} on "
            f"{day_text(run['date'])}, after {before}."
        )
        return draft.ok("info", message, **numbers)
    by = more_text(run["ratio"])
    longer = f"{by} {'longer than' if by.endswith('%') else 'the length of'}"
    message = (
        f"{day_text(run['date'])}: {km}, {longer} the longest run in the {_span()} ({before})."
    )
    return draft.ok("info", message, **numbers)


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
