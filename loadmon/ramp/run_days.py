"""On which days of the week a plan runs."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from loadmon.checks.caps import Cap
from loadmon.checks.limits import Limits
from loadmon.errors import SettingError
from loadmon.evidence.load import WINDOWS
from loadmon.evidence.ramp import RAMP_HORIZON

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Three days spread over a week, counted from the day of the return.
_SPREAD = (0, 2, 5)
_WEEK = int(WINDOWS["acute"])

RunDays = str | Sequence[str | int]


def weekdays(
    run_days: RunDays | None, resume: pd.Timestamp, caps: Sequence[Cap] = ()
) -> tuple[int, ...]:
    """Turn what a caller wrote for the run days into weekdays.

    Parameters
    ----------
    run_days : str, sequence of str or int, or None
        Names (``mon``) or numbers (0 is Monday), or one text ``mon,wed,sat``. None: those that
        a cap names, else three days a week, spread from the weekday of `resume`.
    resume : Timestamp
        Day of the return.
    caps : sequence of Cap
        Caps of the limits.

    Returns
    -------
    tuple of int
        In order, each once; 0 is Monday.

    Raises
    ------
    SettingError
        If one is no weekday, or there is none.
    """
    named = next((cap.days for cap in caps if cap.days), ())
    if run_days is None and named:
        return named
    if run_days is None:
        return tuple(sorted((resume.weekday() + d) % _WEEK for d in _SPREAD))
    told = run_days.split(",") if isinstance(run_days, str) else list(run_days)
    days = {_weekday(d) for d in told}
    if not days:
        raise SettingError("run_days holds no day; name some: mon,wed,sat")
    return tuple(sorted(days))


def check_run_days(days: tuple[int, ...], limits: Limits, *, apart: bool) -> None:
    """Refuse run days that the limits rule out.

    Parameters
    ----------
    days : tuple of int
        Weekdays.
    limits : Limits
        At most so many run days in seven.
    apart : bool
        Whether the plan has days on which no two run days may be next to each other.

    Raises
    ------
    SettingError
        If they are too many, next to each other where they must not be, or so few that the EWMA
        ratio is above its limit although every week is the same.

    Notes
    -----
    EWMA is highest on the day of a run. With one run a week it is 1.65 there, whatever the run:
    a plan under 1.5 would shrink week by week.
    """
    names = ",".join(DAY_NAMES[d] for d in days)
    if len(days) > limits.max_run_days_in_7:
        raise SettingError(
            f"run_days {names}: at most {limits.max_run_days_in_7} run days in seven; leave out "
            f"{len(days) - limits.max_run_days_in_7}"
        )
    pairs = [(a, (a + 1) % _WEEK) for a in days if (a + 1) % _WEEK in days]
    if apart and pairs:
        a, b = pairs[0]
        raise SettingError(
            f"run_days {names}: {DAY_NAMES[a]} and {DAY_NAMES[b]} are next to each other, and for "
            f"the first {limits.no_consecutive_days} days of a return no two run days are; choose "
            "days with a day between, such as mon,wed,sat"
        )
    ratio = _same_week_ratio(days)
    if ratio > limits.ewma:
        raise SettingError(
            f"run_days {names}: the EWMA ratio is {ratio:.2f} on a run day even if every week is "
            f"the same, above its limit of {limits.ewma:g}; choose more run days"
        )


def first_run_day(
    days: tuple[int, ...], resume: pd.Timestamp, caps: Sequence[Cap] = ()
) -> pd.Timestamp:
    """Return the first of the run days on or after `resume` that no cap bars.

    Raises
    ------
    SettingError
        If the caps bar every one of them.
    """
    for wait in range(int(RAMP_HORIZON["weeks"]) * _WEEK):
        day = resume + pd.Timedelta(days=wait)
        if day.weekday() in days and not any(cap.bars(day.date()) for cap in caps):
            return day
    names = ",".join(DAY_NAMES[d] for d in days)
    raise SettingError(f"the caps of limits leave no run on any {names}: choose other run days")


def _weekday(told: str | int) -> int:
    """Number of one weekday."""
    name = str(told).strip().lower()
    if name.isdigit() and int(name) < _WEEK:
        return int(name)
    if name[:3] in DAY_NAMES and name.isalpha():
        return DAY_NAMES.index(name[:3])
    raise SettingError(f"no weekday: {told!r}; write one of {', '.join(DAY_NAMES)} or 0 to 6")


def _same_week_ratio(days: tuple[int, ...]) -> float:
    """Largest EWMA ratio on a run day when every week holds the same equal runs."""

    def mean(day: int, span: float) -> float:
        keep = 1 - 2 / (span + 1)
        return (1 - keep) * sum(keep ** ((day - d) % _WEEK) for d in days) / (1 - keep**_WEEK)

    return max(mean(d, WINDOWS["acute"]) / mean(d, WINDOWS["chronic"]) for d in days)
