"""`loadmon.today`: the longest run within every limit on a day, and which limit it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from loadmon.athlete import Athlete
from loadmon.calendar import Day, days_between
from loadmon.errors import SettingError
from loadmon.evidence.limits import (
    ACWR_LIMIT,
    LAYOFF,
    RAMP_RATE,
    REST_DAYS,
    RUN_DAYS_IN_A_ROW,
    SESSION_SPIKE,
    UNUSUAL_WEEK,
    WEEKLY_CHANGE,
    WINDOWS,
)
from loadmon.evidence.ramp import RAMP_SESSION
from loadmon.io.archive import Archive
from loadmon.ratio import METHODS, Method, above, acwr
from loadmon.rules.acwr import NO_RATIO
from loadmon.rules.context import View, look
from loadmon.rules.numbers import comparable, marks, measures
from loadmon.rules.return_to_run import cap_km, comeback_at, too_soon
from loadmon.rules.weekly_change import compared_with, ramp_rates
from loadmon.units import day_text, distance_text

# How long a run on one day may be by each limit of the checks.

_ACUTE, _CHRONIC = int(WINDOWS["acute"]), int(WINDOWS["chronic"])
_SPIKE_DAYS = int(SESSION_SPIKE["window_days"])
_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Bound:
    """How long a run may be by one limit.

    Parameters
    ----------
    limit : str
        Name of the limit.
    distance_km : float
        Longest run by it. [km] NaN where it does not bind, or where it is unknown.
    unknown : bool
        Whether it may bind, but a day that it needs is not known.
    why : str
        The numbers behind it, or why there are none.
    """

    limit: str
    distance_km: float
    unknown: bool
    why: str


def bounds(view: View, km: float = _NAN) -> list[Bound]:
    """Every limit on the day of a view.

    Returns session, return, week, rest, and the ratio by each method: a run lifts the chronic
    load, so that whether a ratio means anything may hang on the run itself.
    """
    found = [_session(view), _return(view), _week(view), _rest(view)]
    known = [b.distance_km for b in found if not np.isnan(b.distance_km)]
    asked = min(known, default=np.inf) if np.isnan(km) else km
    return found + [_ratio(view, method, asked) for method in METHODS]


def _km(view: View, km: float) -> str:
    """Write a distance in the runner's unit."""
    return distance_text(km, view.athlete.units)


def _session(view: View) -> Bound:
    """Ten per cent, or half a kilometre, over the longest of the 30 days before."""
    before = view.last(_SPIKE_DAYS + 1)[:-1]
    longest = float(view.daily.loc[before, "longest_km"].max())
    if not longest > 0:
        unknown = bool(view.daily.loc[before, "load"].isna().any())
        why = f"no known run in the {_SPIKE_DAYS} days before"
        return Bound("session_spike", _NAN, unknown, why)
    floor = view.rule(RAMP_SESSION)["floor_km"]
    km = max(view.rule(SESSION_SPIKE)["small"] * longest, longest + floor)
    why = f"longest of the {_SPIKE_DAYS} days before: {_km(view, longest)}"
    return Bound("session_spike", km, False, why)


def _return(view: View) -> Bound:
    """Cap of a run that follows a lay-off."""
    back = comeback_at(view.daily, view.as_of)
    if back is None:
        days = int(LAYOFF["returning_for_days"])
        return Bound("return", _NAN, False, f"no return from a lay-off in the last {days} days")
    why = f"{back.days_off} days without a run before {day_text(back.first)}"
    if too_soon(back, view.daily, view.as_of, view.limits):
        return Bound("return", 0.0, False, f"{why}; a run on the day before")
    return Bound("return", cap_km(back, view.daily, view.as_of, view.limits), False, why)


def _week(view: View) -> Bound:
    """Thirty per cent over the fullest seven days of the week before, and the usual week."""
    now, before = view.number("sum_7d", view.as_of), float(compared_with(view.numbers).iloc[-1])
    if view.daily["load"].iloc[-2 * _ACUTE :].isna().any():
        return Bound("weekly_change", _NAN, True, "not all of the last 14 days are known")
    others = [b for b in (_usual_week(view, now), _steep(view)) if b]
    least = min(others, key=lambda b: b.distance_km, default=None)
    if np.isnan(before):
        return least or Bound("weekly_change", _NAN, False, "fewer than 14 days are recorded")
    if before == 0:
        return least or Bound("weekly_change", _NAN, False, "no run in the 7 days before these 7")
    if not comparable(_after(view)).iloc[-1]:
        return least or Bound("weekly_change", _NAN, False, "the days to compare with hold a break")
    km = max(0.0, view.rule(WEEKLY_CHANGE)["limit"] * before - now)
    which = "fullest 7 of the week before"
    why = f"{_km(view, now)} in these 7 days so far, {_km(view, before)} in the {which}"
    grown = Bound("weekly_change", km, False, why)
    return min((grown, least or grown), key=lambda b: b.distance_km)


def _usual_week(view: View, now: float) -> Bound | None:
    """Distance that makes this week unusual for the runner; None where no usual week is known."""
    numbers = _after(view).iloc[-1]
    usual, spread = float(numbers["usual"]), float(numbers["spread"])
    if not usual > 0:
        return None
    rule = view.rule(UNUSUAL_WEEK)
    far = usual + rule["z"] * spread / rule["scale"]
    more = view.rule(WEEKLY_CHANGE)["limit"] * usual
    km = max(0.0, max(far, more, float(numbers["most"])) - now)
    why = f"{_km(view, now)} in these 7 days so far, usual is {_km(view, usual)}"
    return Bound("weekly_change", km, False, why)


def _steep(view: View) -> Bound | None:
    """Distance at which the ramp rate reaches its limit; None where it has none or is not known."""
    rate = float(ramp_rates(view).iloc[-1])
    risen = float(ramp_rates(replace(view, daily=_with_run(view, 1))).iloc[-1])
    if np.isnan(risen):
        return None
    km = max(0.0, (view.rule(RAMP_RATE)["limit"] - rate) / (risen - rate))
    why = f"mean load of six weeks up by {rate:.1f} in 7 days so far"
    return Bound("weekly_change", km, False, why)


def _after(view: View) -> pd.DataFrame:
    """Numbers of the day as they would be with a run on it, however short."""
    return measures(_with_run(view, 1))


def _with_run(view: View, km: float) -> pd.DataFrame:
    """Daily load as it would be with a run of so many kilometres on the day."""
    load = view.daily["load"].copy()
    load.iloc[-1] += km
    return view.daily.assign(load=load)


def _rest(view: View) -> Bound:
    """No run at all where one more run day leaves too few without, or makes too many in a row."""
    others = view.last(_ACUTE)[:-1]
    ran = int((view.daily.loc[others, "runs"] > 0).sum())
    most = _ACUTE - int(view.rule(REST_DAYS)["min_in_7"])
    why = f"runs on {ran} of the 6 days before"
    if view.as_of in view.run_days:
        return Bound("rest", _NAN, False, why)
    row = int(view.number("in_a_row", others[-1])) if len(others) else 0
    if ran >= most:
        why = f"{why}: one more leaves {_ACUTE - ran - 1} without a run"
    elif row >= view.rule(RUN_DAYS_IN_A_ROW)["max"]:
        why = f"{row} days with a run in a row up to the day before"
    else:
        return Bound("rest", _NAN, False, why)
    return Bound("rest", 0.0, False, why)


def _ratio(view: View, method: Method, others_km: float) -> Bound:
    """Distance at which one acute:chronic ratio reaches its limit, where it means anything.

    It binds only if its status would be ok, and the ratio above, at the distance that is asked:
    where only a longer run would end a low base, this is the shorter, stricter distance.
    """
    name, limit = f"acwr_{method}", view.rule(ACWR_LIMIT)[method]
    if method == "ewma":
        acute, chronic = (view.number(f"{mean}_ewma", view.as_of) for mean in ("acute", "chronic"))
        km = _ewma(acute, chronic, limit)
    else:
        km = _SOLVE[method](view.daily["load"].to_numpy(), limit)
    run = others_km if np.isfinite(others_km) else max(km, 0.0) + 1
    status = acwr(_with_run(view, run)["load"], method=method)["status"].iloc[-1]
    if status == "unknown":
        return Bound(name, _NAN, True, "a day that the ratio needs is not known")
    if status != "ok":
        return Bound(name, _NAN, False, f"no ratio is shown: {NO_RATIO[str(status)]}")
    return Bound(name, max(0.0, km), False, f"reaches {limit:g} at this distance")


def _coupled(x: np.ndarray, limit: float) -> float:
    """Solve (acute + km) / 7 = limit (chronic + km) / 28."""
    acute, chronic = x[-_ACUTE:].sum(), x[-_CHRONIC:].sum()
    share = limit * _ACUTE / _CHRONIC
    return float((share * chronic - acute) / (1 - share)) if share < 1 else float("inf")


def _uncoupled(x: np.ndarray, limit: float) -> float:
    """Solve (acute + km) / 7 = limit before / 21."""
    acute, before = x[-_ACUTE:].sum(), x[-_CHRONIC:-_ACUTE].sum()
    return float(limit * before * _ACUTE / (_CHRONIC - _ACUTE) - acute)


def _ewma(acute: float, chronic: float, limit: float) -> float:
    """Solve acute + w7 km = limit (chronic + w28 km), both weighted means up to this day."""
    short, long = 2 / (_ACUTE + 1), 2 / (_CHRONIC + 1)
    rise = short - limit * long
    return float((limit * chronic - acute) / rise) if rise > 0 else float("inf")


_SOLVE: dict[Method, Callable[[np.ndarray, float], float]] = {
    "coupled": _coupled,
    "uncoupled": _uncoupled,
}


# The longest run that no check would flag, today and on the days ahead, and what if.


_MOST_DAYS = 28
_AHEAD = {"date": "datetime64[us]", "distance_km": "float64", "limited_by": "str", "why": "str"}
_WHAT_IF = {"date": "datetime64[us]", "distance_km": "float64", "verdict": "str", "above": "str"}


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
        Longest run that no check would flag. [km] 0 if any run would be; NaN if unknown.
    limited_by : str
        Name of the limit that is reached first, or ``unknown``.
    why : str
        The numbers behind `limited_by`.
    ahead : DataFrame
        The same for the day and each day ahead, if all days between are without a run: ``date``,
        ``distance_km``, ``limited_by``, ``why``.
    what_if : DataFrame
        A row for each of those days and each distance that was asked about: ``date``,
        ``distance_km``; ``verdict``, ``within`` every limit, ``above`` one, or ``unknown``;
        ``above``, the limits it is above, joined by commas.
    """

    def __init__(self, as_of: pd.Timestamp, bounds: list[Bound]):
        self.as_of = as_of
        self._bounds = bounds
        self.distance_km, self.limited_by, self.why = _least(bounds)
        self.ahead = _frame([(as_of, *_least(bounds))], _AHEAD)
        self.what_if = _frame([], _WHAT_IF)

    def to_frame(self) -> pd.DataFrame:
        """One row per limit.

        Returns
        -------
        DataFrame
            ``limit``; ``distance_km``, NaN where it does not bind or is unknown; ``unknown``;
            ``why``.
        """
        rows = [(b.limit, b.distance_km, b.unknown, b.why) for b in self._bounds]
        types = {"limit": "str", "distance_km": "float64", "unknown": "bool", "why": "str"}
        return _frame(rows, types)


def today(
    archive: Archive,
    *,
    athlete: Athlete | None = None,
    as_of: Day | None = None,
    distances_km: Sequence[float] = (),
    days_ahead: int = 0,
) -> Today:
    """Longest run on `as_of` that no check would flag.

    Parameters
    ----------
    archive : Archive
        What `loadmon.read` gives: anything with ``activities`` and ``files``.
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
        If `as_of` is no day, a distance is not above 0, or `days_ahead` is not from 0 to 28.
    FrameError
        If the activities lack a column.

    Notes
    -----
    Limits: the session spike, the return after a lay-off, the weekly change and the usual week,
    the acute:chronic ratio by each method where its status would be ok, and the rest days (a
    further run day would leave too few: 0 km). Monotony is not one of them: two days without a
    run settle it. It says what would be flagged, not what is good for anyone.
    """
    if not all(0 < km < np.inf for km in distances_km):
        raise SettingError(f"distances must be above 0 km, got {list(distances_km)}")
    if not 0 <= days_ahead <= _MOST_DAYS:
        raise SettingError(f"days ahead must be from 0 to {_MOST_DAYS}, got {days_ahead}")
    return longest_run(look(archive, as_of, athlete), distances_km, days_ahead)


def longest_run(view: View, distances_km: Sequence[float] = (), days_ahead: int = 0) -> Today:
    """Longest run on the day of a context, as `today` gives it."""
    if view.daily.empty:
        why = "no activity is recorded up to this day"
        return Today(view.as_of, [Bound("session_spike", _NAN, True, why)])
    views = [_later(view, days) for days in range(days_ahead + 1)]
    limits = [bounds(v) for v in views]
    told = Today(view.as_of, limits[0])
    told.ahead = _frame([(v.as_of, *_least(b)) for v, b in zip(views, limits, strict=True)], _AHEAD)
    asked = [(v.as_of, km, *_judged(v, km)) for v in views for km in distances_km]
    told.what_if = _frame(asked, _WHAT_IF)
    return told


def _least(found: list[Bound]) -> tuple[float, str, str]:
    """The limit that is reached first: its distance, its name, and the numbers behind it."""
    unknown = [b for b in found if b.unknown]
    binding = [b for b in found if not np.isnan(b.distance_km)]
    least = min(binding, key=lambda b: b.distance_km, default=None)
    if unknown or least is None:
        why = "; ".join(dict.fromkeys(b.why for b in unknown))
        nothing = "no limit can be computed: nothing to compare a run with"
        return _NAN, "unknown", why or nothing
    return least.distance_km, least.limit, least.why


def _judged(view: View, km: float) -> tuple[str, str]:
    """What a run of one distance would be above."""
    found = bounds(view, km)
    over = [b.limit for b in found if above(km, b.distance_km)]
    if over:
        return "above", ",".join(over)
    binding = any(not np.isnan(b.distance_km) for b in found)
    known = binding and not any(b.unknown for b in found)
    return ("within" if known else "unknown"), ""


def _later(view: View, days: int) -> View:
    """View of a day ahead, as if there were no run until then."""
    if days == 0:
        return view
    day = view.as_of + pd.Timedelta(days=days)
    more = days_between(view.as_of + pd.Timedelta(days=1), day)
    rest = dict.fromkeys(view.daily.columns, 0) | {"status": "rest"}
    daily = pd.concat([view.daily, pd.DataFrame(rest, index=more)]).rename_axis("date")
    daily = daily.astype(view.daily.dtypes.to_dict())
    numbers = measures(daily)
    marked = marks(daily, numbers, view.spikes, view.athlete.limits)
    return replace(view, as_of=day, daily=daily, numbers=numbers, marked=marked)


def _frame(rows: Sequence[tuple[object, ...]], types: dict[str, str]) -> pd.DataFrame:
    """Rows as a frame of fixed columns and types, however few they are."""
    return pd.DataFrame(rows, columns=list(types)).astype(types)
