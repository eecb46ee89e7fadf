"""The check `return`: runs after a lay-off, against what the limits of a return leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.calendar import usual_gap
from loadmon.daily import below_run_day_km
from loadmon.evidence import PUBLISHED
from loadmon.evidence import ramp as ramp_evidence
from loadmon.evidence.limits import LAYOFF, OWN_HABIT
from loadmon.ratio import Floats, Marks, above, max_before, reaches
from loadmon.rules import session_spike
from loadmon.rules.context import (
    WEEK,
    Bound,
    CheckContext,
    Finding,
    Rule,
    rests_on_text,
)
from loadmon.units import count_text, day_text, distance_text

#: What this file compares with; it is read here, and nowhere else, each time.
RAMP_START = ramp_evidence.RAMP_START
RAMP_DAYS = ramp_evidence.RAMP_DAYS
RAMP_REST = ramp_evidence.RAMP_REST
RAMP_CROSS = ramp_evidence.RAMP_CROSS
RAMP_NOVICE = ramp_evidence.RAMP_NOVICE

_ONE = pd.Timedelta(days=1)
_FOR = pd.Timedelta(days=int(LAYOFF["returning_for_days"]))
_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class ReturnToRun:
    """A return to running after a lay-off."""

    first: pd.Timestamp  # day of the first run after it
    days_off: int  # full days without a run before that
    longest_before_km: float  # of the 30 days that end with the last run before the lay-off
    start_km: float  # longest first run within the limits
    start_week_km: float  # most of its first seven days
    habit: pd.Timestamp  # last day of the running that the most of those days rests on


def find_return(
    daily: pd.DataFrame, day: pd.Timestamp, within: pd.Timedelta = _FOR
) -> ReturnToRun | None:
    """Find the return from a lay-off that a run on `day` belongs to.

    A lay-off has more than 7 full days without a run day, and is longer than the `usual_gap` before
    it; the very first gap of a log is none, as nothing says what is usual. Days that are unknown
    count as days off: a longer lay-off asks for a shorter first run.
    """
    first = first_of_return(daily, day, within)
    return None if first is None else return_on(daily, first)


def first_of_return(
    daily: pd.DataFrame, day: pd.Timestamp, within: pd.Timedelta = _FOR
) -> pd.Timestamp | None:
    """First day of what `find_return` finds."""
    days = daily.index.to_numpy()
    before = days[daily["run_day"].to_numpy(dtype=bool) & (days < day.to_datetime64())]
    ran = np.append(before, day.to_datetime64())
    gaps = np.diff(ran) / np.timedelta64(1, "D")
    is_long = gaps - 1 > RAMP_START["full_until_days"]
    for i in np.flatnonzero(is_long & (ran[1:] > (day - within).to_datetime64()))[::-1]:
        if i > 0 and gaps[i] > usual_gap(gaps[:i]):
            return pd.Timestamp(ran[i + 1])
    return None


def return_on(daily: pd.DataFrame, first: pd.Timestamp) -> ReturnToRun:
    """Return that begins on a day, after whatever was run before it, or after nothing."""
    earlier, begin = earlier_weeks(daily), day_number(daily, first)
    caps = start_caps(daily, first, earlier=earlier)
    runs = earlier.last[earlier.last < begin]
    if not len(runs):
        return ReturnToRun(first, -1, _NAN, *caps, first)
    last = int(runs[-1])
    since = max(0, last - int(session_spike.SESSION_SPIKE["window_days"]) + 1)
    longest = float(np.fmax.reduce(daily["longest_km"].to_numpy(dtype=float)[since : last + 1]))
    habit = habit_day(daily, first, earlier)
    return ReturnToRun(first, begin - last - 1, longest, *caps, habit)


def start_caps(
    daily: pd.DataFrame,
    first: pd.Timestamp,
    beginner_week_km: float | None = None,
    earlier: EarlierWeeks | None = None,
) -> tuple[float, float]:
    """Longest first run of a return on a day, and most of its first seven days. [km]

    The most that any run day before it leaves: by the days since, the longest run of the 30 days
    and the mean week of the 28 days that end with it, or of those since a lay-off of 14 or more
    days. So one more run never lowers them, and one more day off never raises them. A day of
    walking or of another sport in between counts as a third of a day less off. Unknown days count
    as days off, and as nothing run.
    `beginner_week_km`: what the first week falls to; None: that of most beginners. `earlier`: what
    `earlier_weeks` gives, where it is known.
    """
    begin = day_number(daily, first)
    earlier = earlier_weeks(daily) if earlier is None else earlier
    week = first_week_km(earlier, begin, beginner_week_km)
    off = earlier.days_off(begin)
    if not len(off):
        return RAMP_NOVICE["first_run_km"], week
    window = int(session_spike.SESSION_SPIKE["window_days"])
    longest = np.nan_to_num(daily["longest_km"].to_numpy(dtype=float)[:begin])
    largest = np.maximum(max_before(longest[:, None], window - 1)[:, 0], longest)
    starts = _start_caps_km(off, largest[earlier.last[: len(off)]])
    return float(starts.max()), week


def first_week_km(
    earlier: EarlierWeeks, begin: int, beginner_week_km: float | None = None
) -> float:
    """Most of the first seven days of a return that begins on a day, as `start_caps` has it."""
    least = RAMP_NOVICE["first_week_km"] if beginner_week_km is None else beginner_week_km
    return max(least, earlier.most_left(begin))


@dataclass(frozen=True, slots=True, eq=False)
class EarlierWeeks:
    """Run days in a row of days, and the mean week that ends with each."""

    last: npt.NDArray[np.int64]  # the run days, by their position
    mean_week: Floats  # of the 28 days up to each, or of those since a lay-off of 14 days or more
    n_runs: npt.NDArray[np.int64]  # run days up to each since such a lay-off
    active: Floats  # days with a walk or another sport so far, up to each day of the row
    #: What is worked out already.
    _most_left: dict[int, float] = field(default_factory=dict, repr=False)

    def days_off(self, begin: int) -> Floats:
        """Days since each run day before a day, those with a walk or another sport in part. [d]"""
        last = self.last[: np.searchsorted(self.last, begin)]
        if not len(last):
            return np.empty(0)
        until = min(begin, len(self.active)) - 1
        off: Floats = begin - 1.0 - last.astype(np.float64)
        return _softened(off, self.active[until] - self.active[last])

    def left(self, begin: int) -> Floats:
        """What each of them leaves of seven days that begin on a day."""
        off = self.days_off(begin)
        return _weeks_after_km(off, self.mean_week[: len(off)])

    def most_left(self, begin: int) -> float:
        """Most that any of them leaves; 0 after none."""
        if begin not in self._most_left:
            self._most_left[begin] = float(self.left(begin).max(initial=0.0))
        return self._most_left[begin]


def earlier_weeks(daily: pd.DataFrame) -> EarlierWeeks:
    """Run days of a daily load; unknown days count as days off, and as nothing run."""
    load, run_day = daily["load"].to_numpy(dtype=float), daily["run_day"].to_numpy(dtype=bool)
    walk_km, other_min = (daily[c].to_numpy(dtype=float) for c in ("walk_km", "other_min"))
    return weeks_of(load, run_day, walk_km, other_min)


def weeks_of(load: Floats, run_day: Marks, walk_km: Floats, other_min: Floats) -> EarlierWeeks:
    """Do the work of `earlier_weeks` on one array for each column."""
    last = np.flatnonzero(run_day)
    loads, place = np.nan_to_num(load), np.arange(len(load))
    month = int(ramp_evidence.RAMP_HORIZON["base_days"])
    total = np.append(0.0, np.cumsum(loads))
    new = np.append(True, np.diff(last) - 1 >= LAYOFF["returning_from_days"])[: len(last)]
    order = np.arange(len(last))
    n_runs = order + 1 - np.maximum.accumulate(np.where(new, order, 0))
    since = np.zeros(len(place), dtype=np.int64)
    since[last[new]] = last[new] * (np.arange(new.sum()) > 0)  # the log itself begins with no break
    since = np.maximum.accumulate(since)
    mean_week: Floats = np.zeros(len(place))
    for begin in (np.zeros_like(since), since):
        begin = np.maximum(begin, place + 1 - month)
        weeks = np.ceil((place + 1 - begin) / WEEK)
        mean_week = np.maximum(mean_week, (total[place + 1] - total[begin]) / weeks)
    moved = reaches(np.nan_to_num(other_min), RAMP_CROSS["min"])
    moved |= reaches(np.nan_to_num(walk_km), RAMP_CROSS["walk_km"])
    return EarlierWeeks(last, mean_week[last], n_runs, np.cumsum(moved & ~run_day).astype(float))


def day_number(daily: pd.DataFrame, day: pd.Timestamp) -> int:
    """Position of a day in a daily load, which it may come after."""
    return int((day - daily.index[0]).days) if len(daily) else 0


def habit_day(
    daily: pd.DataFrame, first: pd.Timestamp, earlier: EarlierWeeks | None = None
) -> pd.Timestamp:
    """Run day before a return that leaves the most of a first week; the latest of equal ones.

    Of those that end some weeks of running: a few jogs in a lay-off are no habit. `earlier`: what
    `earlier_weeks` gives, where it is known.
    """
    earlier = earlier_weeks(daily) if earlier is None else earlier
    weeks = earlier.left(day_number(daily, first))
    is_habit = earlier.n_runs[: len(weeks)] >= OWN_HABIT["min_run_days"]
    weeks = np.where(is_habit | ~is_habit.any(), weeks, -1.0)
    best = len(weeks) - 1 - int(np.argmax(weeks[::-1]))
    day: pd.Timestamp = daily.index[earlier.last[best]]
    return day


def _softened(days_off: Floats, active_days: Floats) -> Floats:
    """Days off for the fall of a return, those with a walk or another sport counted in part."""
    least = np.minimum(days_off, RAMP_START["full_until_days"])
    out: Floats = np.maximum(least, days_off - RAMP_CROSS["share"] * active_days)
    return out


def start_cap_km(days_off: float, longest_before_km: float) -> float:
    """Longest first run after a lay-off. [km]

    The longest run before it up to 7 days off; from 30 days off half of it, but at most 3 km, and
    what a beginner starts with (2 km) if that is more, though never more than was run before; a
    straight line between. That of a beginner where no run before it is known (NaN, 0). A choice of
    this project; no trial stands behind the numbers.
    """
    return float(_start_caps_km(np.array(days_off), np.array(longest_before_km)))


def _start_caps_km(days_off: Floats, longest_before_km: Floats) -> Floats:
    start = session_spike.try_km(longest_before_km)
    full, none = RAMP_START["full_until_days"], RAMP_START["start_from_days"]
    share = np.minimum(1.0, np.maximum(0.0, (days_off - full) / (none - full)))
    caps = longest_before_km + (start - longest_before_km) * share
    out: Floats = np.where(longest_before_km > 0, caps, RAMP_NOVICE["first_run_km"])
    return out


def week_after_km(days_off: float, week_before_km: float) -> float:
    """Share of the mean week before a lay-off that its first seven days may hold. [km]

    All of it up to 7 days off, half of it after 18 more, a third after 36, and so on.
    """
    return float(_weeks_after_km(np.array(days_off), np.array(week_before_km)))


def _weeks_after_km(days_off: Floats, week_before_km: Floats) -> Floats:
    half = RAMP_REST["half_after_days"]
    over = np.maximum(0.0, days_off - RAMP_REST["full_until_days"])
    out: Floats = week_before_km * half / (half + over)
    return out


def cap_km(
    back: ReturnToRun,
    daily: pd.DataFrame,
    day: pd.Timestamp,
    own: Mapping[str, float] = PUBLISHED,
) -> float:
    """Longest run on `day` within the limits of a return. [km]

    After the first run: by share or floor over the longest known run since, or that cap if more.
    """
    if day == back.first:
        return back.start_km
    since = daily.loc[back.first : day - _ONE, "longest_km"].max(skipna=True)
    longest = max(back.start_km, 0.0 if np.isnan(since) else float(since))
    rule = session_spike.RAMP_SESSION.with_own(own)
    return session_spike.longest_allowed(longest, 1 + rule["growth"], rule["floor_km"])


def day_between(days_since: float, no_consecutive_days: float) -> bool:
    """Whether so many days after a return a day is still kept between two runs."""
    return days_since < no_consecutive_days


def long_return(back: ReturnToRun, daily: pd.DataFrame) -> ReturnToRun | None:
    """Return after 14 or more days off, or the one like that which a shorter lay-off interrupted.

    None: after shorter lay-offs people return to their own rhythm.
    """
    since: ReturnToRun | None = back
    while since is not None and since.days_off < LAYOFF["returning_from_days"]:
        ran = daily.index[daily["run_day"].to_numpy(dtype=bool) & (daily.index < since.first)]
        since = find_return(daily, ran[-1]) if len(ran) else None
    return since


def too_soon(
    back: ReturnToRun,
    daily: pd.DataFrame,
    day: pd.Timestamp,
    own: Mapping[str, float] = PUBLISHED,
) -> ReturnToRun | None:
    """Long return within whose first weeks a run on `day` follows another by a day, if any."""
    ran = bool(daily["run_day"].loc[[day - _ONE]].any())
    long = long_return(back, daily) if ran and day > back.first else None
    kept = RAMP_DAYS.with_own(own)["no_consecutive_days"]
    return long if long and day_between((day - long.first).days, kept) else None


@dataclass(frozen=True, slots=True)
class _Run:
    """A run that follows a lay-off, beside its cap."""

    date: pd.Timestamp
    km: float
    back: ReturnToRun
    cap: float
    over: bool
    unsure: bool
    too_soon: ReturnToRun | None  # the long return within whose first weeks it is
    activity_id: str


def evaluate(context: CheckContext) -> Finding:
    """Compare the runs of the judged days that follow a lay-off by at most four weeks with a cap.

    Flagged ``above`` its cap, or ``in_a_row``: on the day after a run, after 14 or more days off.
    """
    draft = Finding(
        "return",
        evidence=RAMP_START,
        unit="km",
        window=f"the {LAYOFF['returning_for_days']:.0f} days after a lay-off",
        missing=context.missing(int(LAYOFF["returning_for_days"])),
    )
    runs = _runs_of_return(context)
    over = [run for run in runs if run.over and not run.unsure]
    if over:
        worst = max(over, key=lambda run: run.km / run.cap)
        if worst.date != worst.back.first:
            draft = replace(draft, evidence=context.limit(session_spike.RAMP_SESSION))
        numbers = {"value": worst.km, "limit": worst.cap, "date": worst.date}
        numbers["not_flagged_up_to"] = worst.cap
        return draft.flagged("above", _above_cap(context, worst), **numbers)
    in_a_row = [(run.date, run.too_soon) for run in runs if run.too_soon]
    if in_a_row:
        return _in_a_row(context, *in_a_row[-1], draft)
    if not context.week_known or any(run.unsure for run in runs):
        message = "Not every run or day that counts for a return from a lay-off is known."
        return draft.unknown("unknown", message)
    if not runs:
        return draft.ok("none", "No run of these 7 days follows a lay-off.")
    last = runs[-1]
    message = f"{_days_off(last.back)} {context.km(last.km)}, within the limits of a return."
    numbers = {"value": last.km, "limit": last.cap, "date": last.date}
    return draft.ok("none", f"{day_text(last.date)}: {message}", **numbers)


def _runs_of_return(context: CheckContext) -> list[_Run]:
    daily, own, out = context.daily, context.athlete.limits, []
    outings = session_spike.outings_of(context)
    outings = outings[outings["date"].isin(context.week)]
    for day, km, name in zip(
        outings["date"], outings["outing_km"], outings["activity_id"], strict=True
    ):
        back = find_return(daily, day)
        if back is None:
            continue
        cap = cap_km(back, daily, day, own)
        over = bool(above(km, cap))
        off = back.first - (back.days_off + 1) * _ONE
        unknown = bool(daily.loc[off : day - _ONE, "load"].isna().any())
        unsure = bool(np.isnan(km)) or (over and unknown)
        out.append(
            _Run(
                day,
                km,
                back,
                cap,
                over,
                unsure,
                too_soon(back, daily, day, own) if _is_run_day(daily, day) else None,
                name,
            )
        )
    return out


def _is_run_day(daily: pd.DataFrame, day: pd.Timestamp) -> bool:
    return bool(daily["run_day"].loc[[day]].any())


def _above_cap(context: CheckContext, run: _Run) -> str:
    km, cap = (distance_text(x, context.athlete.units) for x in (run.km, run.cap))
    text = f"{day_text(run.date)}: {_days_off(run.back)} {km}"
    if run.date == run.back.first:
        text += f" as the first run; the limits of a return start at {cap}."
    else:
        text += f"; after the runs since {day_text(run.back.first)} the limit was {cap}."
    return text + rests_on_text(context.file_of(run.activity_id))


def _in_a_row(
    context: CheckContext, day: pd.Timestamp, back: ReturnToRun, draft: Finding
) -> Finding:
    rule = context.limit(RAMP_DAYS)
    days = count_text(int(rule["no_consecutive_days"]), "day")
    message = (
        f"{day_text(day)}: {_days_off(back)} a run on the day after a run; the limits of "
        f"a return keep a day between for {days}."
    )
    draft = replace(draft, evidence=rule, value=2, limit=1, unit="d", date=day)
    return draft.flagged("in_a_row", message)


def _days_off(back: ReturnToRun) -> str:
    return f"after {back.days_off} days without a run,"


def bound(context: CheckContext) -> Bound:
    """Cap of a run that follows a lay-off."""
    daily, day, own = context.daily, context.as_of, context.athlete.limits
    back = find_return(daily, day)
    if back is None:
        days = int(LAYOFF["returning_for_days"])
        return Bound("return", _NAN, False, f"no return from a lay-off in the last {days} days")
    why = f"{back.days_off} days without a run before {day_text(back.first)}"
    if too_soon(back, daily, day, own):
        why += "; a run on the day before, and a jog below that is no run day"
        return Bound("return", below_run_day_km(context.runs), False, why)
    return Bound("return", cap_km(back, daily, day, own), False, why)


def _days_of_return(context: CheckContext) -> pd.DatetimeIndex:
    """Days of a return with a run above its cap, or on the day after another."""
    daily, own = context.daily, context.athlete.limits
    lately = context.values["days_since_return"] < LAYOFF["returning_for_days"]
    days = daily.index[lately.to_numpy() & (daily["runs"] > 0).to_numpy()]
    outings = session_spike.outings_of(context)
    outings = outings[outings["date"].isin(days)]
    longest = outings.groupby("date")["outing_km"].max()
    known: dict[pd.Timestamp, ReturnToRun] = {}
    found = []
    for day, km in zip(pd.DatetimeIndex(longest.index), longest, strict=True):
        first = first_of_return(daily, day)
        if first is None:
            continue
        back = known[first] = known.get(first) or return_on(daily, first)
        if above(km, cap_km(back, daily, day, own)) or too_soon(back, daily, day, own):
            found.append(day)
    return pd.DatetimeIndex(found)


RULE = Rule("return", evaluate, evaluated_on="run", may_flag=_days_of_return, single=True)
