"""The longest run that no check would flag on one day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from loadmon.checks.comeback import cap_km, comeback_at
from loadmon.checks.limits import Limits
from loadmon.checks.ratios import NO_RATIO
from loadmon.checks.view import Archive, View, look
from loadmon.checks.words import day_text
from loadmon.evidence.checks import ACWR_LIMIT, REST_DAYS, SESSION_SPIKE, WEEKLY_CHANGE
from loadmon.evidence.load import LAYOFF, WINDOWS
from loadmon.evidence.ramp import RAMP_SESSION
from loadmon.load.calendar import Day
from loadmon.load.measures import comparable, measures
from loadmon.load.ratio import METHODS, Method, acwr

_ACUTE, _CHRONIC = int(WINDOWS["acute"]), int(WINDOWS["chronic"])
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
    """

    def __init__(self, as_of: pd.Timestamp, bounds: list[Bound]):
        self.as_of = as_of
        self._bounds = bounds
        binding = [b for b in bounds if not np.isnan(b.distance_km)]
        unknown = [b for b in bounds if b.unknown]
        least = min(binding, key=lambda b: b.distance_km, default=None)
        if unknown or least is None:
            why = "; ".join(dict.fromkeys(b.why for b in unknown))
            self.distance_km, self.limited_by = _NAN, "unknown"
            self.why = why or "no limit can be computed: nothing to compare a run with"
        else:
            self.distance_km, self.limited_by = least.distance_km, least.limit
            self.why = least.why

    def to_frame(self) -> pd.DataFrame:
        """One row per limit.

        Returns
        -------
        DataFrame
            ``limit``; ``distance_km``, NaN where it does not bind or is unknown; ``unknown``;
            ``why``.
        """
        rows = [(b.limit, b.distance_km, b.unknown, b.why) for b in self._bounds]
        frame = pd.DataFrame(rows, columns=["limit", "distance_km", "unknown", "why"])
        types = {"limit": "str", "distance_km": "float64", "unknown": "bool", "why": "str"}
        return frame.astype(types)


def today(archive: Archive, *, athlete: object = None, as_of: Day | None = None) -> Today:
    """Longest run on `as_of` that no check would flag.

    Parameters
    ----------
    archive : Archive
        What `loadmon.read` gives: anything with ``activities`` and ``files``.
    athlete : object, optional
        Not looked at by this version.
    as_of : str, date or Timestamp, optional
        The day of the run; None is the last recorded day. Runs already recorded on it count
        towards the week and the ratio.

    Returns
    -------
    Today
        The distance, the limit that is reached first, and a row for each limit.

    Raises
    ------
    SettingError
        If `as_of` is no day.
    FrameError
        If the activities lack a column.

    Notes
    -----
    Limits: the session spike, the return after a lay-off, the weekly change, the
    acute:chronic ratio by each method where its status would be ok, and the rest days (a further
    run day would leave too few: 0 km). Monotony is not one of them: two days without a run settle
    it. It says what would be flagged, not what is good for anyone.
    """
    view = look(archive, as_of)
    if view.daily.empty:
        why = "no activity is recorded up to this day"
        return Today(view.as_of, [Bound("session_spike", _NAN, True, why)])
    bounds = [_session(view), _return(view), _week(view), _rest(view)]
    known = [b.distance_km for b in bounds if not np.isnan(b.distance_km)]
    bounds += [_ratio(view, method, min(known, default=np.inf)) for method in METHODS]
    return Today(view.as_of, bounds)


def _session(view: View) -> Bound:
    """Ten per cent, or half a kilometre, over the longest of the 30 days before."""
    before = view.last(int(SESSION_SPIKE["window_days"]) + 1)[:-1]
    longest = float(view.daily.loc[before, "longest_km"].max())
    if not longest > 0:
        unknown = bool(view.daily.loc[before, "load"].isna().any())
        return Bound("session_spike", _NAN, unknown, "no known run in the 30 days before")
    km = max(SESSION_SPIKE["small"] * longest, longest + RAMP_SESSION["floor_km"])
    return Bound("session_spike", km, False, f"longest of the 30 days before: {longest:.1f} km")


def _return(view: View) -> Bound:
    """Cap of a run that follows a lay-off."""
    back = comeback_at(view.daily, view.as_of)
    if back is None:
        days = int(LAYOFF["returning_for_days"])
        return Bound("return", _NAN, False, f"no return from a lay-off in the last {days} days")
    km = cap_km(back, view.daily, view.as_of, Limits())
    why = f"{back.days_off} days without a run before {day_text(back.first)}"
    return Bound("return", km, False, why)


def _week(view: View) -> Bound:
    """Thirty per cent over the seven days before these seven."""
    now, before = view.number("sum_7d", view.as_of), view.number("before_7d", view.as_of)
    if view.daily["load"].iloc[-2 * _ACUTE :].isna().any():
        return Bound("weekly_change", _NAN, True, "not all of the last 14 days are known")
    if np.isnan(before):
        return Bound("weekly_change", _NAN, False, "fewer than 14 days are recorded")
    if before == 0:
        return Bound("weekly_change", _NAN, False, "no run in the 7 days before these 7")
    if not _comparable(view):
        return Bound("weekly_change", _NAN, False, "the days to compare with hold a break")
    km = max(0.0, WEEKLY_CHANGE["limit"] * before - now)
    why = f"{now:.1f} km in these 7 days so far, {before:.1f} km in the 7 before"
    return Bound("weekly_change", km, False, why)


def _comparable(view: View) -> bool:
    """Whether a run on this day would have two weeks without a break to compare."""
    load = view.daily["load"].copy()
    load.iloc[-1] += 1
    return bool(comparable(measures(view.daily.assign(load=load))).iloc[-1])


def _rest(view: View) -> Bound:
    """No run at all where one more run day leaves too few without."""
    others = view.last(_ACUTE)[:-1]
    ran = int((view.daily.loc[others, "runs"] > 0).sum())
    already = view.as_of in view.run_days
    most = _ACUTE - int(REST_DAYS["min_in_7"])
    why = f"runs on {ran} of the 6 days before"
    if ran < most or already:
        return Bound("rest", _NAN, False, why)
    return Bound("rest", 0.0, False, f"{why}: one more leaves {_ACUTE - ran - 1} without a run")


def _ratio(view: View, method: Method, others_km: float) -> Bound:
    """Distance at which one acute:chronic ratio reaches its limit, where it means anything.

    A run lifts the chronic load, so that a ratio without meaning (low base) may get one; it binds
    only if it would be ok, and above, at the distance that the other limits leave.
    """
    load = view.daily["load"].copy()
    name = f"acwr_{method}"
    km = _SOLVE[method](load.to_numpy(), ACWR_LIMIT[method])
    load.iloc[-1] += others_km if np.isfinite(others_km) else max(km, 0.0) + 1
    status = acwr(load, method=method)["status"].iloc[-1]
    if status == "unknown":
        return Bound(name, _NAN, True, "a day that the ratio needs is not known")
    if status != "ok":
        return Bound(name, _NAN, False, f"no ratio is shown: {NO_RATIO[str(status)]}")
    return Bound(name, max(0.0, km), False, f"reaches {ACWR_LIMIT[method]} at this distance")


def _coupled(x: np.ndarray, limit: float) -> float:
    """Solve (acute + km) / 7 = limit (chronic + km) / 28."""
    acute, chronic = x[-_ACUTE:].sum(), x[-_CHRONIC:].sum()
    share = limit * _ACUTE / _CHRONIC
    return float((share * chronic - acute) / (1 - share))


def _uncoupled(x: np.ndarray, limit: float) -> float:
    """Solve (acute + km) / 7 = limit before / 21."""
    acute, before = x[-_ACUTE:].sum(), x[-_CHRONIC:-_ACUTE].sum()
    return float(limit * before * _ACUTE / (_CHRONIC - _ACUTE) - acute)


def _ewma(x: np.ndarray, limit: float) -> float:
    """Solve acute + w7 km = limit (chronic + w28 km), both weighted means up to this day."""
    means = acwr(pd.Series(x, pd.date_range("2000-01-01", periods=len(x))), method="ewma")
    acute, chronic = means["acute"].iloc[-1], means["chronic"].iloc[-1]
    short, long = 2 / (_ACUTE + 1), 2 / (_CHRONIC + 1)
    return float((limit * chronic - acute) / (short - limit * long))


_SOLVE: dict[Method, Callable[[np.ndarray, float], float]] = {
    "coupled": _coupled,
    "uncoupled": _uncoupled,
    "ewma": _ewma,
}
