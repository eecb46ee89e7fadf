"""What somebody who knows the runner has set on top of the limits: caps over a span of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from loadmon.errors import SettingError

_INF = float("inf")


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
    week_km: float = _INF
    days: tuple[int, ...] = ()
    why: str = ""

    def __post_init__(self) -> None:
        """Refuse a cap that cannot be meant."""
        for name in ("run_km", "run_min", "week_km"):
            if not getattr(self, name) >= 0:
                raise SettingError(f"cap {name} must be 0 or more, got {getattr(self, name)}")
        if not set(self.days) <= set(range(7)):
            raise SettingError(f"cap days are numbers from 0, Monday, to 6, got {self.days}")
        if self.since and self.until and self.until < self.since:
            raise SettingError(f"cap until {self.until} lies before its since {self.since}")

    @property
    def no_run(self) -> bool:
        """Whether it leaves no run at all."""
        return min(self.run_km, self.run_min, self.week_km) == 0

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
        is_free = not self.days or day.weekday() in self.days
        return self.holds(day) and (self.no_run or not is_free)
