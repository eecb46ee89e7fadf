"""Runs the rules: for a check, for today, for the past, and for the days of many runners.

To add a check, write its rule and name it in `RULES`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from loadmon.arguments import MOST, check_kind, count_of, items_of, number_of
from loadmon.athlete import Athlete
from loadmon.calendar import (
    Day,
    calendar_of_archive,
    day_of,
    days_between,
    numbers_of,
    with_days,
    written,
)
from loadmon.daily import daily_load
from loadmon.errors import SettingError
from loadmon.evidence import PUBLISHED
from loadmon.frames import frame_of, table_of
from loadmon.io.archive import ACTIVITY_COLUMNS, Archive, archive_of
from loadmon.ratio import STATUSES, Codes, Floats, above
from loadmon.rules import (
    acwr,
    effort_and_form,
    rest,
    return_to_run,
    session_spike,
    strength_shoes,
    symptoms,
    weekly_change,
)
from loadmon.rules.context import (
    CHECKS,
    LARGEST_STEP,
    WEEK,
    Bound,
    CheckContext,
    Finding,
    Findings,
    Rule,
    RunDays,
    States,
    run_days_of,
)
from loadmon.text import card_html
from loadmon.units import day_text, distance_text

#: Every rule by the name of its check, in the order of the checks.
RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in sorted(
        (
            session_spike.RULE,
            session_spike.DESCENT_RULE,
            return_to_run.RULE,
            weekly_change.RULE,
            acwr.RULE,
            rest.MONOTONY_RULE,
            rest.RULE,
            symptoms.RULE,
            effort_and_form.INTENSITY_RULE,
            effort_and_form.FORM_RULE,
            effort_and_form.OVERTRAINING_RULE,
            strength_shoes.STRENGTH_RULE,
            strength_shoes.SHOES_RULE,
        ),
        key=lambda rule: CHECKS.index(rule.name),
    )
}
#: Columns of `flag_history`.
HISTORY_COLUMNS = {
    "check": "str",
    "date": "datetime64[us]",
    "until": "datetime64[us]",
    "level": "str",
    "value": "float64",
    "limit": "float64",
    "unit": "str",
    "grade": "str",
    "message": "str",
}
_NAN = float("nan")
#: Longest run that can be asked about: more than anybody runs in one go. [km]
_LONGEST_KM = 1000.0
_DAYS_AHEAD, _MOST_DAYS_AHEAD = 6, 28
_AHEAD = {
    **{"date": "datetime64[us]", "distance_km": "float64", "limited_by": "str"},
    **{"from_below": "bool", "why": "str"},
}
_FROM_BELOW = "at least that: days that are missing may have held more"
_LIMITS = {
    **{"date": "datetime64[us]", "limit": "str", "distance_km": "float64"},
    **{"unknown": "bool", "why": "str"},
}
_EACH = {**_LIMITS, "from_km": "float64", "to_km": "float64"}
_WHAT_IF = {"date": "datetime64[us]", "distance_km": "float64", "verdict": "str", "above": "str"}


# The days of one runner or many.


@dataclass(frozen=True, slots=True)
class Results:
    """What the rules of running load say of every day, as arrays of days x runners."""

    values: dict[str, Floats]  # of `weekly_change`, `rest`, ``session_ratio``, ``acwr_`` + method
    means: dict[str, Floats]  # ``acute_`` and ``chronic_`` with each method
    statuses: dict[str, Codes]  # ``status_`` with each method: indices of `STATUSES`
    level: Codes  # of the longest run: index of `session_spike.LEVELS`
    flags: dict[str, States]


def evaluate_days(days: RunDays, own: Mapping[str, float] = PUBLISHED) -> Results:
    """Apply every rule of running load to every day."""
    found = weekly_change.values(days, own) | rest.values(days)
    ratios, means, statuses, flags = acwr.values_and_flags(
        days, weekly_change.is_new(found, own), own
    )
    found["session_ratio"], level, flags["session_spike"] = session_spike.values_and_flags(
        days, own
    )
    flags |= weekly_change.flags(days, found, own) | rest.flags(days, found, own)
    return Results(found | ratios, means, statuses, level, flags)


def build_context(
    archive: Archive | pd.DataFrame,
    as_of: Day | None,
    athlete: Athlete | None = None,
    load: str = "distance_km",
) -> CheckContext:
    """Compute once what all checks of a day share; frames are empty where nothing is recorded."""
    archive = archive_of(archive)
    calendar = calendar_of_archive(archive, as_of)
    if athlete is not None:
        check_kind(athlete, Athlete, "athlete", "an Athlete")
    activities = with_days(archive.activities)
    for column, dtype in activities.dtypes.items():
        if dtype.kind not in "iuf" and ACTIVITY_COLUMNS.get(str(column)) == "float64":
            numbers_of(activities, str(column))
    daily = daily_load(activities, load=load, calendar=calendar)
    nothing: Any = pd.NaT if as_of is None else day_of(as_of, "as_of")
    until = nothing if calendar.days.empty else calendar.as_of
    runner = athlete or getattr(archive, "athlete", None) or Athlete()
    spikes = session_spike.session_spikes(
        activities, load=load, own=runner.limits, calendar=calendar
    )
    values, flags = _frames(daily, activities, load, runner)
    return CheckContext(until, archive, runner, load, daily, values, flags, spikes, calendar)


def _frames(
    daily: pd.DataFrame, activities: pd.DataFrame, load: str, runner: Athlete
) -> tuple[pd.DataFrame, pd.DataFrame]:
    days = run_days_of(daily, activities, load)
    results, usual = evaluate_days(days, runner.limits), weekly_change.usual_week(days)
    values = results.values | results.means | usual
    flags = results.flags
    columns: dict[str, Any] = {name: x[:, 0] for name, x in values.items()}
    words = np.array(STATUSES, dtype=object)
    columns |= {name: words[status[:, 0]] for name, status in results.statuses.items()}
    types = dict.fromkeys(values, "float64") | dict.fromkeys(results.statuses, "str")
    states = {name: x[:, 0] for name, x in flags.items()}
    return (
        frame_of(columns, types, daily.index),
        frame_of(states, dict.fromkeys(states, "int8"), daily.index),
    )


def evaluate(rule: Rule, context: CheckContext) -> Finding:
    """Find what one rule says of a day; without its input it is not set up."""
    if rule.needs and not any(_is_given(context, need) for need in rule.needs):
        return Finding(rule.name).not_set_up(rule.nothing, rule.missing)
    return rule.evaluate(context)


def _is_given(context: CheckContext, need: str) -> bool:
    """Whether an optional input, as ``table.column``, holds something up to the day."""
    source, _, column = need.partition(".")
    if source == "athlete":
        return bool(getattr(context.athlete, column))
    if source == "minutes":
        table = context.minutes(effort_and_form.days_of_form())
    elif source == "diary":
        diary = context.athlete.diary
        table = diary[diary["date"] <= context.as_of]
    else:
        table = getattr(context if source in ("runs", "activities") else context.archive, source)
    return column in table and bool(table[column].notna().any())


def check(
    archive: Archive | pd.DataFrame,
    *,
    athlete: Athlete | None = None,
    as_of: Day | None = None,
    load: str = "distance_km",
) -> Findings:
    """Judge the seven days that end on `as_of`.

    Parameters
    ----------
    archive : Archive or DataFrame
        What `loadmon.read` gives: anything with ``activities`` and ``files``. Or a log of runs:
        ``date`` and ``distance_km`` are enough, and what is not in it is not known or not set up.
    athlete : Athlete, optional
        Own limits, units, diary; None is the archive's own.
    as_of : str, date or Timestamp, optional
        Last day that counts; None is the last recorded day. Later activities are ignored.
    load : str
        What is judged, a column of the activities such as ``duration_min`` or ``srpe``. The
        studies counted distance: findings over another load say that they extrapolate.

    Returns
    -------
    Findings
        One row per check, the verdict over all, and both as JSON-ready data.

    Raises
    ------
    SettingError
        If `as_of` is no day, or `load` no load of the activities.
    FrameError
        If the activities lack a column, or hold text in one of numbers.

    Notes
    -----
    A flag says that a number stands above a limit that is printed with its source. It is no
    diagnosis and no prediction; no flag is no clearance. A rest day by itself flags nothing.
    """
    return check_context(build_context(archive, as_of, athlete, load))


def check_context(context: CheckContext) -> Findings:
    """Findings of every check on the day of a context, and its largest step."""
    if context.daily.empty:
        nothing = "No activity is recorded up to this day."
        names = (*RULES, LARGEST_STEP)
        return Findings(context.as_of, [Finding(n).unknown("unknown", nothing) for n in names])
    found = [evaluate(rule, context) for rule in RULES.values()]
    return Findings(context.as_of, [*found, session_spike.largest_step(context)])


# Every flag of the past.


def flag_history(
    archive: Archive | pd.DataFrame,
    *,
    athlete: Athlete | None = None,
    as_of: Day | None = None,
    load: str = "distance_km",
) -> pd.DataFrame:
    """Every flag up to `as_of`.

    Parameters
    ----------
    archive, athlete, as_of, load
        As in `loadmon.check`.

    Returns
    -------
    DataFrame
        One row per flag, in order of ``date``, the day on which it was raised: ``check``;
        ``until``, the last day on which it still stood; ``level``, ``value``, ``limit``, ``unit``,
        ``grade`` and ``message`` as `loadmon.check` gives them for ``date``.

    Raises
    ------
    SettingError, FrameError
        As `loadmon.check`.

    Notes
    -----
    A flag of a single run stands on its day. Ratio, change and intensity are judged on days with
    a run, monotony and rest on every day, other checks at the end of each week; a flag that is
    raised again at the next such day is the same one, and so is a row of run days that its flag
    has named. Gaps inside the data are rest here, though they were not yet known to be then.
    """
    return flags_of(build_context(archive, as_of, athlete, load))


def flags_of(context: CheckContext) -> pd.DataFrame:
    """Every flag up to the day of a context, as `flag_history` gives them."""
    at = functools.cache(context.at)
    rules = RULES.values() if len(context.daily) else ()
    rows = [flag for rule in rules for flag in _flags(rule, context, at)]
    frame = table_of(rows, HISTORY_COLUMNS)
    return frame.sort_values("date", kind="stable", ignore_index=True)


def _flags(
    rule: Rule, context: CheckContext, at: Callable[[pd.Timestamp, int], CheckContext]
) -> list[dict[str, Any]]:
    """Flags of one check as rows, those of days next to each other as one."""
    every, may = _days_of(rule, context)
    days = 1 if rule.evaluated_on == "run" else WEEK
    flags: list[dict[str, Any]] = []
    last = -2
    told = {} if rule.told is None else rule.told(context)
    for place in every.get_indexer(may).tolist():
        day = every[place]
        goes_on = not rule.single and bool(flags) and place == last + 1
        if goes_on and rule.exact:
            flags[-1]["until"], last = day, place
            continue
        if goes_on and day in told and _is_same(*told[day], flags[-1], rule):
            flags[-1]["until"], last = day, place
            continue
        found = evaluate(rule, at(day, days))
        if found.verdict != "flagged":
            continue
        if goes_on and _is_same(found.level, found.date, flags[-1], rule):
            flags[-1]["until"] = day
        else:
            flags.append(found.row() | {"date": day, "until": day})
        last = place
    return flags


def _is_same(level: str, date: pd.Timestamp, flag: dict[str, Any], rule: Rule) -> bool:
    """Whether a flag of the next day is the one before: of its level, or of a row named by it."""
    return bool(level == flag["level"] or (rule.name == "rest" and date <= flag["until"]))


def _days_of(rule: Rule, context: CheckContext) -> tuple[pd.DatetimeIndex, pd.DatetimeIndex]:
    """Days on which a check is judged, and those of them on which it may be flagged."""
    index = pd.DatetimeIndex(context.daily.index)
    if rule.lasting and evaluate(rule, context).verdict == "not_set_up":
        return index[:0], index[:0]
    if rule.evaluated_on == "week":
        index = index[index.day_of_week == WEEK - 1].union(index[-1:])
    elif rule.evaluated_on == "run":
        index = index[(context.daily["runs"] > 0).to_numpy()]
    if rule.may_flag is None:
        return index, index
    return index, index[index.isin(rule.may_flag(context))]


# The longest run within every limit, today and on the days ahead, and what if.


class Today:
    """Longest run within every limit on one day.

    Parameters
    ----------
    as_of : Timestamp
        The day; NaT where nothing is recorded.
    bounds : list of Bound
        One for each limit.

    Attributes
    ----------
    distance_km : float
        Longest run that no check would flag. [km] 0 if any run would be; NaN if nothing is known.
    from_below : bool
        Whether a day that some limit needs is missing, so that it may be more than `distance_km`.
    limited_by : str
        Name of the limit that is reached first, or ``unknown``.
    why : str
        The numbers behind `limited_by`, and what is known from below only.
    ahead : DataFrame
        The same for the day and each day ahead, if all days between are without a run: ``date``,
        ``distance_km``, ``limited_by``, ``from_below``, ``why``.
    what_if : DataFrame
        A row for each of those days and each distance that was asked about: ``date``,
        ``distance_km``; ``verdict``, ``within`` every limit, ``above`` one, or ``unknown``;
        ``above``, the limits it is above, joined by commas.
    every_limit : DataFrame
        A row for each limit of each of those days, whatever the distance: the columns of
        `to_frame`, and ``from_km`` to ``to_km``, the runs on which it binds at all: a ratio means
        something only from a distance on, and a much longer run makes similar days uneven again.
    """

    def __init__(self, as_of: pd.Timestamp, bounds: list[Bound]):
        self.as_of = as_of
        self._bounds = bounds
        self.distance_km, self.limited_by, self.from_below, self.why = _least(bounds)
        self.ahead = table_of([(as_of, *_least(bounds))], _AHEAD)
        self.what_if = table_of([], _WHAT_IF)
        self.every_limit = table_of([], _EACH)

    def __repr__(self) -> str:
        """Say the distance and the limit behind it, in one line."""
        day = "no day" if pd.isna(self.as_of) else written(self.as_of)
        return f"Today({day}: {_km(self.distance_km, self.from_below)}, {self.limited_by})"

    def _repr_html_(self) -> str:
        """Show in a notebook the longest run within the limits of each day."""
        rows = [
            (
                "no day" if pd.isna(row["date"]) else day_text(row["date"]),
                f"{_km(row['distance_km'], row['from_below'])} ({row['limited_by']})",
            )
            for row in self.ahead.to_dict("records")
        ]
        title = "Longest run within every limit, each day as if nothing were run before it"
        return card_html(title, rows, f"{self.why}. Not clearance to run.")

    def to_frame(self) -> pd.DataFrame:
        """One row per limit of the day, and one for each day ahead.

        Returns
        -------
        DataFrame
            ``date``; ``limit``, of a day ahead the one that is reached first; ``distance_km``, NaN
            where it does not bind or is unknown; ``unknown``, whether a day that it needs is
            missing: a distance is then known from below; ``why``.
        """
        rows = [(self.as_of, b.limit, b.distance_km, b.unknown, b.why) for b in self._bounds]
        frame = table_of(rows, _LIMITS)
        ahead = self.ahead.iloc[1:].rename(columns={"limited_by": "limit", "from_below": "unknown"})
        unknown = ahead["unknown"] | ahead["distance_km"].isna()
        return pd.concat([frame, ahead.assign(unknown=unknown)[list(frame)]], ignore_index=True)


def _km(km: float, from_below: bool) -> str:
    """Distance of a bound in words."""
    if np.isnan(km):
        return "not known"
    return f"{'at least ' if from_below else ''}{distance_text(km)}"


def today(
    archive: Archive | pd.DataFrame,
    *,
    athlete: Athlete | None = None,
    as_of: Day | None = None,
    distances_km: Sequence[float] = (),
    days_ahead: int = _DAYS_AHEAD,
) -> Today:
    """Longest run on `as_of` and each of the next days that no check would flag.

    Parameters
    ----------
    archive : Archive or DataFrame
        What `loadmon.read` gives: anything with ``activities`` and ``files``. Or a log of runs:
        ``date`` and ``distance_km`` are enough, and what is not in it is not known or not set up.
    athlete : Athlete, optional
        Own limits and units; None is the archive's own.
    as_of : str, date or Timestamp, optional
        The day of the run; None is the last recorded day. Runs already recorded on it count
        towards the week and the ratio.
    distances_km : sequence of float
        Runs to ask about. [km]
    days_ahead : int
        Days after `as_of` to ask about too, as if there were no run before them. [d]

    Returns
    -------
    Today
        The distance, the limit that is reached first, a row for each limit, the days ahead, and
        what each distance would be above.

    Raises
    ------
    SettingError
        If `as_of` is no day, a distance is not above 0 and at most 1,000 km, or `days_ahead` is
        not from 0 to 28.
    FrameError
        If the activities lack a column.

    Notes
    -----
    Limits: pain that flags (0 km, whatever the numbers), the session spike without events, the
    return after a lay-off, the weekly change and the usual week, the coupled acute:chronic ratio
    where its status would be ok, and the rest days (a further run day would be flagged: 0 km).
    Monotony bounds a run that would make the 7 days too similar. Where a day is missing, what is
    known without it is given, from below; one missing among the last seven counts as long as the
    longest day of the four weeks before. It says what would be flagged, not what is good for
    anyone.
    """
    asked = [number_of(km, "each of distances_km") for km in items_of(distances_km, "distances_km")]
    if not all(0 < km <= _LONGEST_KM for km in asked):
        raise SettingError(
            f"distances_km must be above 0 km and at most {_LONGEST_KM:.0f}, got {asked}"
        )
    if not 0 <= count_of(days_ahead, "days_ahead", -MOST) <= _MOST_DAYS_AHEAD:
        raise SettingError(f"days_ahead must be from 0 to {_MOST_DAYS_AHEAD}, got {days_ahead}")
    return longest_run(build_context(archive, as_of, athlete), asked, days_ahead)


def longest_run(
    context: CheckContext, distances_km: Sequence[float] = (), days_ahead: int = _DAYS_AHEAD
) -> Today:
    """Longest run on the day of a context, as `today` gives it."""
    if context.daily.empty:
        why = "no activity is recorded up to this day"
        return Today(context.as_of, [Bound("session_spike", _NAN, True, why)])
    far, day = _later(context, days_ahead), pd.Timedelta(days=1)
    later = [far.at(context.as_of + n * day, context.days) for n in range(1, days_ahead + 1)]
    ahead = [context, *later]
    fixed = [_fixed_bounds(c) for c in ahead]
    days = [*zip(ahead, fixed, strict=True)]
    limits = [bounds(c, fixed=f) for c, f in days]
    found = Today(context.as_of, limits[0])
    rows = [(c.as_of, *_least(b)) for c, b in zip(ahead, limits, strict=True)]
    found.ahead = table_of(rows, _AHEAD)
    asked = [(c.as_of, km, *_verdict(c, km, f)) for c, f in days for km in distances_km]
    found.what_if = table_of(asked, _WHAT_IF)
    found.every_limit = table_of([row for day in days for row in _every_limit(*day)], _EACH)
    return found


def _every_limit(context: CheckContext, fixed: Sequence[Bound]) -> list[tuple[object, ...]]:
    """Each limit of a day with the runs on which it binds, for a verdict on any distance."""
    shown_from, even_up_to = acwr.shown_from(context), rest.too_similar_up_to(context)
    spans = {"acwr": (shown_from, np.inf), "monotony": (0.0, even_up_to)}
    rows: list[tuple[object, ...]] = []
    for b in bounds(context, shown_from if np.isfinite(shown_from) else np.inf, fixed):
        begin, end = spans.get(b.limit, (0.0, np.inf))
        km = b.distance_km
        if b.limit == "monotony" and np.isfinite(even_up_to):
            km = rest.monotony_bound(context, even_up_to).distance_km
        rows.append((context.as_of, b.limit, km, b.unknown, b.why, begin, end))
    return rows


def bounds(
    context: CheckContext, km: float = _NAN, fixed: Sequence[Bound] | None = None
) -> list[Bound]:
    """How long a run on the day of a context may be by each rule that bounds one.

    `km`: the run that is asked about, as whether a ratio means anything may hang on it; NaN: the
    longest that the other limits leave. `fixed`: those that no run changes, where they are known.
    """
    found = [*(_fixed_bounds(context) if fixed is None else fixed)]
    known = [b.distance_km for b in found if not np.isnan(b.distance_km)]
    asked = min(known, default=np.inf) if np.isnan(km) else km
    found.append(acwr.bound(context, asked))
    left = float(np.fmin(asked, found[-1].distance_km)) if np.isnan(km) else km
    return [*found, rest.monotony_bound(context, left)]


def _fixed_bounds(context: CheckContext) -> list[Bound]:
    """Bounds of a day that are the same whichever run is asked about."""
    rules = (symptoms, session_spike, return_to_run, weekly_change, rest)
    return [rule.bound(context) for rule in rules]


def _least(found: list[Bound]) -> tuple[float, str, bool, str]:
    """Limit that is reached first: its distance, name, whether from below, and its numbers.

    The first of equal ones. What is exactly known to be 0 needs nothing more.
    """
    binding = [b for b in found if not np.isnan(b.distance_km)]
    unknown = [b for b in found if b.unknown]
    shortest = min((b.distance_km for b in binding), default=np.inf)
    least = next((b for b in binding if not above(b.distance_km, shortest)), None)
    nothing = [b for b in unknown if np.isnan(b.distance_km)]
    if least is None or (nothing and shortest > 0):
        why = "; ".join(dict.fromkeys(b.why for b in nothing or unknown))
        return _NAN, "unknown", False, why or "no limit can be computed: nothing to compare with"
    if not unknown or (shortest == 0 and not least.unknown):
        return least.distance_km, least.limit, False, least.why
    return least.distance_km, least.limit, True, f"{least.why}; {_FROM_BELOW}"


def _verdict(context: CheckContext, km: float, fixed: Sequence[Bound]) -> tuple[str, str]:
    found = bounds(context, km, fixed)
    over = [b.limit for b in found if above(km, b.distance_km) and not b.unknown]
    if over:
        return "above", ",".join(over)
    binding = [b for b in found if not np.isnan(b.distance_km)]
    unsure = any(b.unknown and (np.isnan(b.distance_km) or above(km, b.distance_km)) for b in found)
    return ("within" if binding and not unsure else "unknown"), ""


def _later(context: CheckContext, days: int) -> CheckContext:
    """Context of a day ahead, as if there were no run until then."""
    if days == 0:
        return context
    day = context.as_of + pd.Timedelta(days=days)
    more = days_between(context.as_of + pd.Timedelta(days=1), day)
    rest_days = dict.fromkeys(context.daily.columns, 0) | {"status": "rest", "run_day": False}
    daily = pd.concat([context.daily, pd.DataFrame(rest_days, index=more)]).rename_axis("date")
    daily = daily.astype(context.daily.dtypes.to_dict())
    values, flags = _frames(daily, context.activities, context.load, context.athlete)
    return replace(context, as_of=day, daily=daily, values=values, flags=flags)
