"""What became of a plan: each planned run beside what was really run."""

from __future__ import annotations

import pandas as pd

from loadmon.evidence.ramp import RAMP_FOLLOWED

_DAY = pd.Timedelta(days=1)
#: Day, planned and run [km], what became of it, whether it was planned whole.
Row = tuple[pd.Timestamp, float, float, str, bool]
COLUMNS = {
    "date": "datetime64[us]",
    "planned_km": "float64",
    "run_km": "float64",
    "became": "str",
    "whole": "bool",
}


def followed(daily: pd.DataFrame, plan: pd.DataFrame, since: pd.Timestamp) -> pd.DataFrame:
    """Planned runs and real ones side by side.

    Parameters
    ----------
    daily : DataFrame
        Daily load up to the last day that counts.
    plan : DataFrame
        A plan that was made before; its days after the last day that counts are left out.
    since : Timestamp
        First day of the return.

    Returns
    -------
    DataFrame
        One row per planned run and per other run, in order: ``date`` of the run, or of the
        planned one that was missed; ``planned_km``, NaN for a run that was not planned;
        ``run_km``, NaN where it is not known; ``became``: ``done``, ``shortened``, ``overdone``,
        ``missed``, ``extra``, ``unknown``; ``whole``: whether it was planned without being cut by
        a limit.

    Notes
    -----
    A run on the day before or after a planned one, where no other stands, is that run moved.
    """
    real = daily.loc[since:]
    ran = {day: km for day, km, n in zip(real.index, real["load"], real["runs"], strict=True) if n}
    unknown = set(real.index[real["load"].isna()])
    ahead = plan[(plan["distance_km"] > 0) & (plan["date"] <= daily.index[-1])]
    wanted = dict(zip(ahead["date"], ahead["distance_km"], strict=True))
    whole = dict(zip(ahead["date"], ahead["limited_by"] == "programme", strict=True))
    places = _places(list(wanted), [*ran])
    rows = [
        _run(places[day], km, ran[places[day]], whole[day])
        if day in places
        else _missed(day, km, whole[day], is_known=day not in unknown)
        for day, km in wanted.items()
    ]
    left = [day for day in ran if day not in places.values()]
    nan = float("nan")
    rows += [(d, nan, ran[d], "extra" if ran[d] == ran[d] else "unknown", False) for d in left]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    return frame.sort_values("date", kind="stable", ignore_index=True)


def credited_km(sessions: pd.DataFrame) -> dict[pd.Timestamp, float]:
    """Distance up to which each run beyond its plan raises the next ones. [km]

    The longest that was planned up to its day; 0 where nothing was.
    """
    beyond = sessions.loc[sessions["became"].isin(["overdone", "extra"]), "date"]
    most = {d: sessions.loc[sessions["date"] <= d, "planned_km"].max() for d in beyond}
    return {day: float(km) if km == km else 0.0 for day, km in most.items()}


def is_followed(sessions: pd.DataFrame) -> bool:
    """Whether the runs follow the plan at all: at least half of them are as planned or shorter."""
    ran = sessions[~sessions["became"].isin(["missed", "unknown"])]
    as_planned = ran["became"].isin(["done", "shortened"]).sum()
    return bool(len(ran) and as_planned >= RAMP_FOLLOWED["follows_from"] * len(ran))


def _places(
    planned: list[pd.Timestamp], ran: list[pd.Timestamp]
) -> dict[pd.Timestamp, pd.Timestamp]:
    """Day on which each planned run was run: its own, or one beside it."""
    places = {day: day for day in planned if day in ran}
    for day in planned:
        taken = {*places.values(), *planned}
        near = [d for d in ran if abs((d - day).days) <= RAMP_FOLLOWED["moved_days"]]
        free = [d for d in near if d not in taken]
        if day not in places and free:
            places[day] = free[0]
    return places


def _run(day: pd.Timestamp, planned: float, km: float, whole: bool) -> Row:
    """A planned run that was run."""
    return day, planned, km, _became(planned, km), whole


def _missed(day: pd.Timestamp, planned: float, whole: bool, *, is_known: bool) -> Row:
    """A planned run that was not run, as far as it is known."""
    if is_known:
        return day, planned, 0.0, "missed", whole
    return day, planned, float("nan"), "unknown", whole


def _became(planned: float, km: float) -> str:
    """Word for a run against its plan."""
    slack = max(RAMP_FOLLOWED["km"], RAMP_FOLLOWED["share"] * planned)
    if km != km:
        return "unknown"
    if km > planned + slack + 1e-9:
        return "overdone"
    return "shortened" if km < planned - slack - 1e-9 else "done"
