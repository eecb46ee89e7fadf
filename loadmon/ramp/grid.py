"""Many plans for one runner: what was run before is looked at once for each day of return."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from loadmon.errors import SettingError
from loadmon.ramp.history import Archive, known_days
from loadmon.ramp.plan import planned
from loadmon.ramp.request import Asked, Request, asked_again, settle
from loadmon.ramp.result import Ramp


def planner(archive: Archive) -> Callable[[Request], Ramp | str]:
    """Make a function that plans and verifies one request after the other for one runner.

    Parameters
    ----------
    archive : Archive
        What `loadmon.read` gives: anything with ``activities``.

    Returns
    -------
    callable
        From a `Request` to its `Ramp`, as `loadmon.plan_ramp` gives it but not tried out; or to a
        sentence where its choices do not go together or its answers leave no plan. Requests with
        the same day of return, run days and limits on the start share the look at what was run
        before, which takes most of the time. It raises what `loadmon.plan_ramp` raises but
        `SettingError`.
    """
    days: dict[pd.Timestamp, pd.DataFrame] = {}
    known: dict[tuple[Any, ...], Asked | SettingError] = {}

    def settled(request: Request) -> Asked:
        key, until = _base(request), request.until
        if until not in days:
            days[until] = known_days(archive, until)
        if key not in known:
            known[key] = _settled(archive, request, days[until])
        asked = known[key]
        if isinstance(asked, SettingError):
            raise SettingError(str(asked))
        return asked_again(asked, request)

    def plan(request: Request) -> Ramp | str:
        try:
            ramp = planned(request, settled, tries=False)
        except SettingError as error:
            return str(error)
        return ramp.message if ramp.plan.empty else ramp

    return plan


def _settled(archive: Archive, request: Request, days: pd.DataFrame) -> Asked | SettingError:
    """What a request means, or why it means nothing."""
    try:
        return settle(archive, request, days)
    except SettingError as error:
        return error


def _base(request: Request) -> tuple[Any, ...]:
    """What the look at the time before depends on."""
    limits = request.bounds
    steps = (limits.start_km, limits.session_growth, limits.session_floor_km, limits.caps)
    days = (request.resume, request.until, repr(request.run_days))
    return *days, *steps, request.programme, request.easy_pace
