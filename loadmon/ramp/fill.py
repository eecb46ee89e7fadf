"""The rest of a plan: easy walks, strength and mobility on the days without a run."""

from __future__ import annotations

from loadmon.evidence.load import WINDOWS
from loadmon.evidence.ramp import RAMP_FILL
from loadmon.evidence.strength import EXERCISES

_WEEK = int(WINDOWS["acute"])
_NAMES = [e.name for e in EXERCISES]
#: Exercises of a first and a second strength session of a week.
STRENGTH = (", ".join(_NAMES[:3]), ", ".join(_NAMES[3:]))
MOBILITY = "easy walk, gentle mobility"


def fill(ran: list[bool], strength_per_week: int) -> list[tuple[str, float, str]]:
    """Give each day without a run a walk, strength, or rest.

    Parameters
    ----------
    ran : list of bool
        Whether each day of the plan has a run.
    strength_per_week : int
        Strength sessions to aim for in each week of the plan.

    Returns
    -------
    list of (str, float, str)
        Kind (``walk``, ``strength``, ``rest``; empty on run days), minutes and what to do.

    Notes
    -----
    At least one day of each week stays free. Strength goes on days after a run rather than before
    one, and not on two days in a row where that can be. None of it is running load.
    """
    out: list[tuple[str, float, str]] = []
    for start in range(0, len(ran), _WEEK):
        week = ran[start : start + _WEEK]
        out += _week(week, strength_per_week)
    return out


def _week(ran: list[bool], wanted: int) -> list[tuple[str, float, str]]:
    """One week of a plan, or the part of it that is planned."""
    free = [d for d, is_run in enumerate(ran) if not is_run]
    strong = _strength_days(ran, free, min(wanted, len(free) - 1))
    rest = [d for d in free if d not in strong]
    idle = rest[-int(RAMP_FILL["rest_in_7"]) :]
    minutes = RAMP_FILL["walk_min"], RAMP_FILL["strength_min"]
    out: list[tuple[str, float, str]] = []
    for day, is_run in enumerate(ran):
        if is_run:
            out.append(("", 0.0, ""))
        elif day in strong:
            out.append(("strength", minutes[1], STRENGTH[strong.index(day) % len(STRENGTH)]))
        elif day in idle:
            out.append(("rest", 0.0, ""))
        else:
            out.append(("walk", minutes[0], MOBILITY))
    return out


def _strength_days(ran: list[bool], free: list[int], wanted: int) -> list[int]:
    """Days for strength: not before a run and not next to each other, as far as that can be."""
    chosen: list[int] = []
    for day in sorted(free, key=lambda d: d + 1 < len(ran) and ran[d + 1]):
        if len(chosen) < wanted and not {day - 1, day + 1} & set(chosen):
            chosen.append(day)
    chosen += [d for d in free if d not in chosen][: max(0, wanted - len(chosen))]
    return sorted(chosen)
