"""All checks of one day, and the one place where a check is added."""

from __future__ import annotations

from collections.abc import Callable

from loadmon.athlete import Athlete
from loadmon.calendar import Day
from loadmon.io.archive import Archive
from loadmon.rules.acwr import acwr_check
from loadmon.rules.context import Findings, Row, View, finding, look
from loadmon.rules.intensity_form import form, intensity
from loadmon.rules.overtraining import overtraining
from loadmon.rules.rest import monotony_check, rest_days
from loadmon.rules.return_to_run import return_check
from loadmon.rules.session_spike import descent, session_spike
from loadmon.rules.strength_shoes import shoes, strength
from loadmon.rules.symptoms import symptoms
from loadmon.rules.weekly_change import weekly_change

#: Every check by its name in `loadmon.rules.context.CHECKS`: a function from the view of a day
#: to one row of findings. To add one, write such a function and name it here; a check whose input
#: was never given answers ``not_set_up`` itself.
JUDGES: dict[str, Callable[[View], Row]] = {
    "session_spike": session_spike,
    "return": return_check,
    "weekly_change": weekly_change,
    "acwr": acwr_check,
    "monotony": monotony_check,
    "rest": rest_days,
    "symptoms": symptoms,
    "descent": descent,
    "intensity": intensity,
    "form": form,
    "strength": strength,
    "shoes": shoes,
    "overtraining": overtraining,
}


def check(
    archive: Archive,
    *,
    athlete: Athlete | None = None,
    as_of: Day | None = None,
    load: str = "distance_km",
) -> Findings:
    """Judge the seven days that end on `as_of`.

    Parameters
    ----------
    archive : Archive
        What `loadmon.read` gives: anything with ``activities`` and ``files``.
    athlete : Athlete, optional
        Own limits, units, diary; None is the archive's own.
    as_of : str, date or Timestamp, optional
        Last day that counts; None is the last recorded day. Later activities are ignored.
    load : str
        What is judged, a column of the activities such as ``duration_min`` or ``srpe``. The
        studies counted distance: findings over another load say that they extrapolate.

    Returns
    -------
    Findings
        One row per check, the verdict over all, and both as JSON-ready data.

    Raises
    ------
    SettingError
        If `as_of` is no day, or `load` no load of the activities.
    FrameError
        If the activities lack a column.

    Notes
    -----
    A flag says that a number stands above a limit that is printed with its source. It is no
    diagnosis and no prediction; no flag is no clearance. A rest day by itself flags nothing.
    """
    return evaluate(look(archive, as_of, athlete, load))


def evaluate(view: View) -> Findings:
    """Findings of every check on the day of a context."""
    nothing = "No activity is recorded up to this day."
    rows = [
        finding(name, "unknown", "unknown", nothing) if view.daily.empty else judge(view)
        for name, judge in JUDGES.items()
    ]
    return Findings(view.as_of, rows)
