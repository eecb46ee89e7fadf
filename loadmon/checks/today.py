"""The longest run that no check would flag, today and on the days ahead, and what if."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from loadmon.athlete.profile import Athlete
from loadmon.checks.bounds import Bound, bounds
from loadmon.checks.view import View, look
from loadmon.errors import SettingError
from loadmon.load.calendar import Day, days_between
from loadmon.load.measures import marks, measures
from loadmon.load.threshold import above
from loadmon.reading.archive import Archive

_NAN = float("nan")
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
    view = look(archive, as_of, athlete)
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
