"""All checks of one day."""

from __future__ import annotations

from loadmon.checks.comeback import return_check
from loadmon.checks.findings import Findings, finding
from loadmon.checks.ratios import acwr_check, weekly_change
from loadmon.checks.sessions import session_spike
from loadmon.checks.view import Archive, look
from loadmon.checks.week import monotony_check, rest_days
from loadmon.load.calendar import Day

_JUDGES = {
    "session_spike": session_spike,
    "return": return_check,
    "weekly_change": weekly_change,
    "acwr": acwr_check,
    "monotony": monotony_check,
    "rest": rest_days,
}
_NOT_SET_UP = {
    "symptoms": "No diary was given, so pain is not known; pain counts more than any number.",
    "descent": "This version does not look at descents yet.",
    "intensity": "This version does not look at intensity yet.",
    "form": "This version does not look at form yet.",
    "strength": "This version does not look at strength training yet.",
    "shoes": "This version does not look at shoes yet.",
    "overtraining": "This version does not look for signs of overtraining yet.",
}


def check(archive: Archive, *, athlete: object = None, as_of: Day | None = None) -> Findings:
    """Judge the seven days that end on `as_of`.

    Parameters
    ----------
    archive : Archive
        What `loadmon.read` gives: anything with ``activities`` and ``files``.
    athlete : object, optional
        Not looked at by this version: what it says of unknown days is already in the archive.
    as_of : str, date or Timestamp, optional
        Last day that counts; None is the last recorded day. Later activities are ignored.

    Returns
    -------
    Findings
        One row per check, the verdict over all, and both as JSON-ready data.

    Raises
    ------
    SettingError
        If `as_of` is no day.
    FrameError
        If the activities lack a column.

    Notes
    -----
    A flag says that a number stands above a limit that is printed with its source. It is no
    diagnosis and no prediction; no flag is no clearance. A rest day by itself flags nothing.
    """
    view = look(archive, as_of)
    nothing = "No activity is recorded up to this day."
    rows = [
        finding(name, "unknown", "unknown", nothing) if view.daily.empty else judge(view)
        for name, judge in _JUDGES.items()
    ]
    rows += [finding(name, "not_set_up", "", text) for name, text in _NOT_SET_UP.items()]
    return Findings(view.as_of, rows)
