"""Every flag of the past, with its date."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pandas as pd

from loadmon.athlete import Athlete
from loadmon.calendar import Day
from loadmon.evidence.limits import HARD_DAYS, LAYOFF, WINDOWS
from loadmon.io.archive import Archive
from loadmon.rules.check import JUDGES
from loadmon.rules.context import Row, View, look
from loadmon.rules.intensity_form import minutes_above
from loadmon.rules.numbers import stand_out
from loadmon.rules.session_spike import descent_spikes
from loadmon.rules.weekly_change import steep_days

COLUMNS = {
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
_WEEK = int(WINDOWS["acute"])
#: Checks that judge each run for itself: two in a row are two flags.
_SINGLE = ("session_spike", "return", "descent")
#: Checks that are flagged exactly on the days that may be: only the first of a row is asked.
_MARKED = ("weekly_change", "acwr", "monotony")
#: Checks whose numbers are those of the day, with a run on it or not.
_EVERY_DAY = ("monotony", "rest")
#: Checks whose input, where it was never given up to one day, was not given before it either.
_GIVEN = ("symptoms", "strength", "shoes")
Days = pd.DatetimeIndex


def flag_history(
    archive: Archive,
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
    has told. Gaps inside the data are rest here, though they were not yet known to be then.
    """
    return flags_of(look(archive, as_of, athlete, load))


def flags_of(view: View) -> pd.DataFrame:
    """Every flag up to the day of a context, as `flag_history` gives them."""
    at = functools.cache(view.at)
    rows = [row for name in JUDGES for row in _flags(name, view, at)] if len(view.daily) else []
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    return frame.sort_values("date", kind="stable", ignore_index=True)


def _flags(name: str, view: View, at: Callable[[pd.Timestamp, int], View]) -> list[Row]:
    """Flags of one check, those of days next to each other as one."""
    every, may, days = _judged(name, view)
    rows: list[Row] = []
    last = -2
    for place in every.get_indexer(may).tolist():
        day = every[place]
        goes_on = name not in _SINGLE and bool(rows) and place == last + 1
        if goes_on and name in _MARKED:
            rows[-1]["until"], last = day, place
            continue
        row = JUDGES[name](at(day, days))
        if row["verdict"] != "flagged":
            continue
        if goes_on and _is_same(row, rows[-1]):
            rows[-1]["until"] = day
        else:
            rows.append(row | {"date": day, "until": day})
        last = place
    return rows


def _is_same(row: Row, flag: Row) -> bool:
    """Whether a finding tells what a flag that stands tells: its level, or a row of run days."""
    is_told = flag["check"] == "rest" and row["date"] <= flag["until"]
    return bool(is_told or row["level"] == flag["level"])


def _judged(name: str, view: View) -> tuple[Days, Days, int]:
    """Days on which a check is judged, those on which it may be flagged, and days it looks at."""
    index = Days(view.daily.index)
    ran = index[(view.daily["runs"] > 0).to_numpy()]
    if name in _GIVEN and JUDGES[name](view)["verdict"] == "not_set_up":
        return index[:0], index[:0], _WEEK
    if name not in _MAY:
        ends = index[index.day_of_week == _WEEK - 1].union(index[-1:])
        return ends, ends, _WEEK
    may = index[index.isin(_MAY[name](view))]
    return (index, may, _WEEK) if name in _EVERY_DAY else (ran, may, 1)


def _marked(*names: str) -> Callable[[View], Any]:
    """Days that have one of several marks."""
    return lambda view: view.daily.index[view.marked[list(names)].any(axis=1).to_numpy()]


def _changed(view: View) -> Any:
    """Days whose week is far above the week before or the usual one, or whose load rises fast."""
    return Days(_marked("weekly_change", "unusual")(view)).union(steep_days(view))


def _after_lay_off(view: View) -> Any:
    """Days with a run within the weeks after a lay-off."""
    back = view.numbers["days_back"] < LAYOFF["returning_for_days"]
    return view.daily.index[(back & (view.daily["runs"] > 0)).to_numpy()]


def _few_off(view: View) -> Any:
    """Days with too few days off, or with a row of run days, maybe all hard, in the week."""
    row = view.numbers["in_a_row"] > view.rule(HARD_DAYS)["max_in_a_row"]
    lately = (row | view.marked["in_a_row"]).astype("float64").rolling(_WEEK, min_periods=1).max()
    return view.daily.index[(view.marked["rest"] | (lately > 0)).to_numpy()]


def _descents(view: View) -> Any:
    """Days with a run whose descent stands out."""
    spikes = descent_spikes(view)
    return spikes.loc[stand_out(spikes, "descent_m", view.athlete.limits), "date"]


def _intense(view: View) -> Any:
    """Days whose week has far more time above threshold."""
    if "above_threshold_min" not in view.activities:
        return Days([])
    weeks = minutes_above(view)
    return weeks.index[(weeks["over"] & (view.daily["runs"] > 0)).to_numpy()]


#: Days on which a check may be flagged, found at once for the whole history. A check that is not
#: here is judged at the end of each week.
_MAY: dict[str, Callable[[View], Any]] = {
    "session_spike": _marked("session_spike"),
    "return": _after_lay_off,
    "weekly_change": _changed,
    "acwr": _marked("acwr"),
    "monotony": _marked("monotony"),
    "rest": _few_off,
    "descent": _descents,
    "intensity": _intense,
}
