"""What a plan still holds when life is not as planned: three replays through the verifier."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from loadmon.athlete.units import Units, distance_text
from loadmon.checks.limits import Limits
from loadmon.checks.words import count_text
from loadmon.evidence.ramp import RAMP_GRID, RAMP_REPLAY
from loadmon.ramp.story import Story
from loadmon.ramp.verify import Means, ewma, violations

#: How a plan was not followed, what is counted, and what to do.
_SAID = {
    "longer": (
        f"every run {100 * RAMP_REPLAY['longer']:.0f} % longer",
        "run",
        "stop at the planned distance",
    ),
    "swapped": ("the last two runs of a week swapped", "week", "keep the order"),
    "missed": (
        "a week missed and then on as planned",
        "week",
        "make a new plan instead (loadmon ramp)",
    ),
}
Found = list[tuple[int, str, float, float]]
Change = Callable[[list[float], list[int]], None]
#: Limits on something else than kilometres.
_NOT_KM = ("run_days", "cap")
_EPS = 1e-9
#: Days on which something that happened in a week can still break a limit. [d]
_LATER = int(RAMP_REPLAY["later_days"])


@dataclass(frozen=True, slots=True)
class Replay:
    """One way in which a plan was not followed to the letter.

    Parameters
    ----------
    name : {"longer", "swapped", "missed"}
        Every run some per cent longer; the two last runs of a week swapped; a week missed, and
        then on as planned.
    tried, broken : int
        Runs (``longer``) or weeks for which it was tried, and those that exceed a limit.
    over_km : float
        Most by which a limit on kilometres is exceeded, caps aside: theirs may be minutes. [km]
    limits : tuple of str
        Names of the limits that are exceeded.
    """

    name: str
    tried: int
    broken: int
    over_km: float
    limits: tuple[str, ...]


def replays(story: Story, plan: pd.DataFrame, limits: Limits) -> list[Replay]:
    """Replay a plan in each of the ways.

    Parameters
    ----------
    story : Story
        History and plan as the verifier sees them.
    plan : DataFrame
        The plan, of at least one day.
    limits : Limits
        What it was verified against.
    """
    weeks = _weeks(story, plan["week"].tolist())
    return [_longer(story, limits), _swapped(story, limits, weeks), _missed(story, limits, weeks)]


def replay_text(tried: list[Replay], units: Units) -> str:
    """Say what still holds, and what to do where it does not."""
    return "Tried out: " + "; ".join(_one(replay, units) for replay in tried) + "."


def _one(replay: Replay, units: Units) -> str:
    """What one replay found."""
    how, what, then = _SAID[replay.name]
    if not replay.broken:
        return f"{how}: within every limit"
    most = math.ceil(replay.over_km / RAMP_GRID["step_km"] - _EPS) * RAMP_GRID["step_km"]
    over = f", by at most {distance_text(most, units)}" if most > 0 else ""
    return (
        f"{how}: over a limit in {replay.broken} of {count_text(replay.tried, what)}{over}: {then}"
    )


def _weeks(story: Story, numbers: list[int]) -> list[list[int]]:
    """Places of the planned runs of each week."""
    weeks: dict[int, list[int]] = {}
    for i, number in enumerate(numbers):
        if story.km[story.n_before + i] > 0:
            weeks.setdefault(number, []).append(story.n_before + i)
    return list(weeks.values())


def _longer(story: Story, limits: Limits) -> Replay:
    """Every planned run a little longer."""
    n, more = story.n_before, 1 + RAMP_REPLAY["longer"]
    km = [*story.km[:n], *(more * x for x in story.km[n:])]
    minutes = [more * x for x in story.minutes]
    found = violations(_with(story, km, minutes), limits)
    tried = sum(x > 0 for x in story.km[n:])
    return _told("longer", tried, [[f for f in found if f[0] == d] for d in {f[0] for f in found}])


def _swapped(story: Story, limits: Limits, weeks: list[list[int]]) -> Replay:
    """The two last runs of each week swapped, one week after the other."""
    able, means = [week for week in weeks if len(week) > 1], ewma(story)
    return _told("swapped", len(able), [_after(story, limits, w, _swap, means) for w in able])


def _missed(story: Story, limits: Limits, weeks: list[list[int]]) -> Replay:
    """Each week missed, and then on as planned, one week after the other."""
    able, means = weeks[:-1], ewma(story)
    return _told("missed", len(able), [_after(story, limits, w, _miss, means) for w in able])


def _swap(km: list[float], week: list[int]) -> None:
    a, b = week[-2:]
    km[a], km[b] = km[b], km[a]


def _miss(km: list[float], week: list[int]) -> None:
    for day in week:
        km[day] = 0.0


def _after(story: Story, limits: Limits, week: list[int], change: Change, means: Means) -> Found:
    """Limits that a changed week exceeds, in it or in the weeks after it."""
    km, minutes = list(story.km), list(story.minutes)
    change(km, week)
    change(minutes, week)
    until = min(len(km), week[-1] + _LATER)
    return violations(_with(story, km, minutes), limits, week[0], until, means)


def _with(story: Story, km: list[float], minutes: list[float]) -> Story:
    """The same history with other planned runs."""
    n = story.n_before
    ran = [*story.ran[:n], *(x != 0 for x in km[n:])]
    return replace(story, km=km, longest=[*story.longest[:n], *km[n:]], ran=ran, minutes=minutes)


def _told(name: str, tried: int, found: list[Found]) -> Replay:
    """Sum up what was found."""
    broken = [f for f in found if f]
    over = [v - b for f in broken for _, limit, v, b in f if limit not in _NOT_KM]
    names = dict.fromkeys(limit for f in broken for _, limit, _, _ in f)
    return Replay(name, tried, len(broken), max(over, default=0.0), tuple(names))
