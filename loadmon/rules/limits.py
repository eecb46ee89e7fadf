"""The limits of a return to running, caps of whoever knows the runner, and the file of both."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from os import PathLike
from typing import Any, Literal, get_args

from loadmon.arguments import (
    amount_of,
    check_choice,
    check_day,
    check_flag,
    check_items,
    check_text,
    count_of,
    counts_of,
    number_of,
    quoted,
)
from loadmon.diary import toml_of
from loadmon.errors import SettingError
from loadmon.evidence import Evidence
from loadmon.evidence import ramp as ramp_evidence
from loadmon.rules import return_to_run, session_spike

#: What this file compares with; it is read here, and nowhere else, each time.
RAMP_RATIO = ramp_evidence.RAMP_RATIO
RAMP_WEEK = ramp_evidence.RAMP_WEEK

# What somebody who knows the runner has set on top of the limits: caps over a span of days.

_INF = float("inf")
_NUMBERS = ("run_km", "run_min", "session_min", "week_km")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """The most that may be run from one day to another.

    Parameters
    ----------
    since, until : date, optional
        First and last day on which it holds. None: from the beginning, and for good.
    run_km : float
        Longest run. [km] 0: no run at all.
    run_min : float
        Minutes of running in one session, walks not counted. [min]
    session_min : float
        Minutes of a session with a run in all, warm-up and walks included. [min]
    week_km : float
        Distance in any seven days that end within the span. [km]
    days : tuple of int
        Weekdays on which a run may be; 0 is Monday. Empty: any.
    why : str
        Whose cap it is, or what for, in words for the message. Empty: the author's of the limits.

    Raises
    ------
    SettingError
        If a cap is negative or not a number, a weekday does not exist, or the span is empty.
    """

    since: date | None = None
    until: date | None = None
    run_km: float = _INF
    run_min: float = _INF
    session_min: float = _INF
    week_km: float = _INF
    days: tuple[int, ...] = ()
    why: str = ""

    def __post_init__(self) -> None:
        """Refuse a cap that cannot be meant."""
        check_day(self.since, "cap since")
        check_day(self.until, "cap until")
        for name in _NUMBERS:
            value = getattr(self, name)
            if not (isinstance(value, float) and value == _INF):
                amount_of(value, f"cap {name}")
        if not set(counts_of(self.days, "cap days")) <= set(range(7)):
            raise SettingError(f"cap days are numbers from 0, Monday, to 6, got {self.days}")
        check_text(self.why, "cap why")
        if self.since and self.until and self.until < self.since:
            raise SettingError(f"cap until {self.until} lies before its since {self.since}")

    @property
    def no_run(self) -> bool:
        """Whether it leaves no run at all."""
        return min(self.run_km, self.run_min, self.session_min, self.week_km) == 0

    def holds(self, day: date) -> bool:
        """Whether it holds on a day.

        Parameters
        ----------
        day : date
            The local day.

        Returns
        -------
        bool
            True from `since` to `until`, both included.
        """
        check_day(day, "day", is_needed=True)
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )

    def bars(self, day: date) -> bool:
        """Whether it leaves no run on a day.

        Parameters
        ----------
        day : date
            The local day.

        Returns
        -------
        bool
            True where it holds, and names other weekdays or no distance at all.
        """
        check_day(day, "day", is_needed=True)
        is_free = not self.days or day.weekday() in self.days
        return self.holds(day) and (self.no_run or not is_free)


# The limits of a return to running: one record that the checks judge by and the ramp plans by.


Pace = Literal["steady", "earliest"]
PACES: tuple[Pace, ...] = get_args(Pace)
#: Names of `loadmon.evidence` behind the limits of each pace: the keys of ``athlete.toml``.
_EVIDENCE = {
    "ramp-session.growth": "session_growth",
    "ramp-session.floor_km": "session_floor_km",
    "ramp-ratio.coupled": "coupled",
    "ramp-ratio.from_day": "ratio_from_day",
    "ramp-days.max_in_7": "max_run_days_in_7",
    "ramp-days.no_consecutive_days": "no_consecutive_days",
}


_WHOLE = ("ratio_from_day", "max_run_days_in_7", "no_consecutive_days")


def _entry(key: str) -> Evidence:
    """Return the entry of a key, as the file of its rule has it now."""
    entries = {
        "ramp-session": session_spike.RAMP_SESSION,
        "ramp-ratio": RAMP_RATIO,
        "ramp-days": return_to_run.RAMP_DAYS,
    }
    return entries[key]


def _value(name: str) -> Any:
    """Field whose default is the value that its rule has when a record is made."""
    key, _, value = next(k for k, n in _EVIDENCE.items() if n == name).partition(".")

    def current() -> float:
        number = _entry(key)[value]
        return int(number) if name in _WHOLE else number

    return field(default_factory=current)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a return to running may not exceed; every default comes from `loadmon.evidence`.

    Parameters
    ----------
    start_km : float or None
        Longest first run. [km] None: from the break and the runs before it (`start_cap_km`).
    first_week_km : float or None
        Most of the first seven days of a return. [km] None: from the break and the weeks before it.
    session_growth, session_floor_km : float
        A run over the longest since the return: this share, or this much if that is more. [-, km]
    weekly_growth, weekly_floor_km : float
        Seven days over the largest of the three 7-day sums before: share, or km if more. [-, km]
    beyond_growth : float
        The same share where the week is larger than any mean week of four in the two years before
        the plan; never more than `weekly_growth`. [-]
    coupled : float
        Largest coupled acute:chronic ratio, from `ratio_from_day` after the return. [-]
    ratio_from_day : int
        Day of the return (the first run is day 1) from which the ratios bind. [d]
    max_run_days_in_7 : int
        Run days in any seven. [d]
    no_consecutive_days : int
        For so many days after a return from 14 or more days off no two run days are next to each
        other. [d]
    always_apart : bool
        Whether that holds after any break, as after an injury.
    always_return : bool
        Whether the plan is a return after any break, as after an illness.
    caps : tuple of Cap
        What nobody may exceed from one day to another, whatever the limits leave.
    author : str
        Who has set them, as printed with the plan. Empty: loadmon.

    Raises
    ------
    SettingError
        If a limit is negative or infinite, a ratio is below 1, or a week has over 7 run days.
    """

    start_km: float | None = None
    first_week_km: float | None = None
    session_growth: float = _value("session_growth")
    session_floor_km: float = _value("session_floor_km")
    weekly_growth: float = field(default_factory=lambda: RAMP_WEEK["steady"])
    weekly_floor_km: float = field(default_factory=lambda: RAMP_WEEK["steady_floor_km"])
    beyond_growth: float = field(default_factory=lambda: RAMP_WEEK["steady_beyond"])
    coupled: float = _value("coupled")
    ratio_from_day: int = _value("ratio_from_day")
    max_run_days_in_7: int = _value("max_run_days_in_7")
    no_consecutive_days: int = _value("no_consecutive_days")
    always_apart: bool = False
    always_return: bool = False
    caps: tuple[Cap, ...] = ()
    author: str = ""

    def __post_init__(self) -> None:
        """Refuse a limit that cannot be meant."""
        for name in NUMBERS:
            value = getattr(self, name)
            if name in _WHOLE:
                count_of(value, f"limit {name}", 0)
            elif value is not None or name not in ("start_km", "first_week_km"):
                amount_of(value, f"limit {name}")
        if self.max_run_days_in_7 > 7:
            raise SettingError(
                f"limit max_run_days_in_7 is at most 7, the days of a week, not "
                f"{self.max_run_days_in_7}"
            )
        check_flag(self.always_apart, "always_apart")
        check_flag(self.always_return, "always_return")
        if self.coupled < 1:
            raise SettingError(f"limit coupled must be at least 1, got {self.coupled}")
        check_items(self.caps, Cap, "caps", "a Cap")
        check_text(self.author, "author")


#: Limits that are no numbers, and all that are.
_OTHERS = ("always_apart", "always_return", "caps", "author")
NUMBERS = tuple(f.name for f in fields(Limits) if f.name not in _OTHERS)


def limits_for(
    pace: Pace,
    changed: Limits | Mapping[str, Any] | None = None,
    own: Mapping[str, float] | None = None,
) -> Limits:
    """Limits of one of the two paces of a plan, with some of them replaced."""
    check_choice(pace, PACES, "pace")
    if isinstance(changed, Limits):
        return changed
    names = _EVIDENCE | {f"ramp-week.{pace}": "weekly_growth"}
    names |= {f"ramp-week.{pace}_floor_km": "weekly_floor_km"}
    names |= {f"ramp-week.{pace}_beyond": "beyond_growth"}
    usual = Limits(
        weekly_growth=RAMP_WEEK[pace],
        weekly_floor_km=RAMP_WEEK[f"{pace}_floor_km"],
        beyond_growth=RAMP_WEEK[f"{pace}_beyond"],
    )
    mine = {key: value for key, value in (own or {}).items() if key in names}
    usual = replace(usual, **_named(mine, names))
    if not changed:
        return usual
    try:
        return replace(usual, **_named(changed, names))
    except SettingError as error:
        raise SettingError(f"limits: {error}") from None


def _named(changed: Mapping[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Changed limits by the names of the record, each of the right type."""
    out: dict[str, Any] = {}
    for key, value in changed.items():
        name = names.get(key, key) if isinstance(key, str) else ""
        if name not in (*NUMBERS, *_OTHERS):
            near = difflib.get_close_matches(name, NUMBERS, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(NUMBERS)}"
            raise SettingError(f"unknown limit {quoted(key)}; {hint}")
        out[name] = _number(key, value, name in _WHOLE) if name in NUMBERS else value
    return out


def _number(key: str, value: Any, is_whole: bool) -> float:
    """Value of a limit, a whole number where it counts days."""
    number = number_of(value, f"limit {key}")
    if is_whole and not number.is_integer():
        raise SettingError(f"limit {key} counts days: a whole number, not {value!r}")
    return int(number) if is_whole else number


# A file of limits, such as a clinician writes for one runner.


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TOP = ("author", "written", "limits", "cap")
_DATES = ("since", "until")
_CAP = (*_DATES, *_NUMBERS, "days", "why")


def load_limits(path: str | PathLike[str], *, pace: Pace = "steady") -> Limits:
    """Read a file of limits.

    Parameters
    ----------
    path : path
        TOML with ``author``, text, required; ``written``, the day of writing; a table ``[limits]``
        with new values by the names of `Limits`; and any number of ``[[cap]]``: ``since`` and
        ``until``, days; ``run_km``, ``run_min``, ``session_min``, ``week_km``; ``days`` like
        ``["mon", "wed"]``; ``why``. Distances are in km.
    pace : {"steady", "earliest"}
        The pace whose limits hold where the file is silent.

    Returns
    -------
    Limits
        Of the pace, changed by the file, under its author's name.

    Raises
    ------
    SettingError
        If the file cannot be read, is no TOML, or has a key or value that is not understood.
    """
    check_choice(pace, PACES, "pace")
    given = toml_of(path)
    try:
        _refuse_unknown(given, _TOP)
        changed = given.get("limits", {})
        if not isinstance(changed, dict):
            raise SettingError("limits is a table: write its line as [limits]")
        return limits_for(pace, changed | {"author": _author(given), "caps": _caps(given)})
    except SettingError as error:
        raise SettingError(f"{path}: {error}") from None


def _refuse_unknown(given: dict[str, Any], known: tuple[str, ...]) -> None:
    for key in given:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            raise SettingError(f"unknown key {key!r}; {hint}")


def _author(given: dict[str, Any]) -> str:
    author, written = given.get("author"), given.get("written")
    if not isinstance(author, str) or not author.strip():
        raise SettingError('say who set the limits: author = "name, profession"')
    if written is not None and type(written) is not date:
        raise SettingError("written must be a day like 2026-11-10, without quotes")
    return author.strip() if written is None else f"{author.strip()}, {written}"


def _caps(given: dict[str, Any]) -> tuple[Cap, ...]:
    tables = given.get("cap", [])
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        raise SettingError("caps are tables, each under a line [[cap]]")
    return tuple(_cap(table) for table in tables)


def _cap(table: dict[str, Any]) -> Cap:
    _refuse_unknown(table, _CAP)
    if not set(table) & {*_NUMBERS, "days"}:
        raise SettingError(f"a cap says what it caps: {', '.join(_NUMBERS)} or days")
    for name, value in table.items():
        if name in _DATES and type(value) is not date:
            raise SettingError(f"cap {name} must be a day like 2026-11-20, without quotes")
        if name == "why" and not isinstance(value, str):
            raise SettingError(f"cap why must be a text, not {quoted(value)}")
    numbers = {n: number_of(table[n], f"cap {n}") for n in _NUMBERS if n in table}
    return Cap(**table | numbers | {"days": _weekdays(table.get("days", []))})


def _weekdays(names: Any) -> tuple[int, ...]:
    if not isinstance(names, list) or not all(d in _DAYS for d in names):
        raise SettingError(f'cap days must be a list like ["mon", "wed"], of {", ".join(_DAYS)}')
    return tuple(sorted(_DAYS.index(d) for d in names))
