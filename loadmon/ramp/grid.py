"""Many plans for one runner: what was run before is looked at once for each day of return."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from loadmon.errors import SettingError
from loadmon.ramp.history import Archive
from loadmon.ramp.plan import planned
from loadmon.ramp.request import Asked, Request, asked_again, settle
from loadmon.ramp.result import Ramp


def plan_grid(archive: Archive, requests: Sequence[Request]) -> list[Ramp | str]:
    """Plan and verify every request, as `loadmon.plan_ramp` does one, without trying it out.

    Parameters
    ----------
    archive : Archive
        What `loadmon.read` gives: anything with ``activities``.
    requests : sequence of Request
        What is asked for. Requests with the same day of return, run days and limits on the start
        share the look at what was run before, which takes most of the time.

    Returns
    -------
    list of Ramp or str
        In the order of `requests`; a sentence where the choices of a request do not go together,
        or where its answers leave no plan.

    Raises
    ------
    ScreeningNeeded, LoadmonError
        As `loadmon.plan_ramp`.
    """
    known: dict[tuple[Any, ...], Asked | SettingError] = {}

    def settled(request: Request) -> Asked:
        key = _base(request)
        if key not in known:
            known[key] = _settled(archive, request)
        asked = known[key]
        if isinstance(asked, SettingError):
            raise SettingError(str(asked))
        return asked_again(asked, request)

    out: list[Ramp | str] = []
    for request in requests:
        try:
            ramp = planned(request, settled, tries=False)
            out.append(ramp.message if ramp.plan.empty else ramp)
        except SettingError as error:
            out.append(str(error))
    return out


def _settled(archive: Archive, request: Request) -> Asked | SettingError:
    """What a request means, or why it means nothing."""
    try:
        return settle(archive, request)
    except SettingError as error:
        return error


def _base(request: Request) -> tuple[Any, ...]:
    """What the look at the time before depends on."""
    limits = request.bounds
    steps = (limits.start_km, limits.session_growth, limits.session_floor_km, limits.caps)
    days = (request.resume, request.until, repr(request.run_days))
    return *days, *steps, request.programme, request.easy_pace
