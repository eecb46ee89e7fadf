"""`plan_ramp`: from an archive and a day of return to a verified plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pandas as pd

from loadmon.athlete.diary import no_diary
from loadmon.athlete.profile import Athlete
from loadmon.checks.limits import Limits, Pace
from loadmon.errors import LoadmonError, SettingError
from loadmon.evidence.load import WINDOWS
from loadmon.evidence.ramp import RAMP_HORIZON, RAMP_START
from loadmon.load.calendar import Day, day_of
from loadmon.ramp.again import Again, look_again
from loadmon.ramp.frame import no_plan, plan_frame
from loadmon.ramp.history import Archive
from loadmon.ramp.layout import Layout, lay_out
from loadmon.ramp.observe import reason_told
from loadmon.ramp.place import Task
from loadmon.ramp.programme import follow
from loadmon.ramp.replay import replays
from loadmon.ramp.request import Asked, Request, asked_again, settle, taken_up
from loadmon.ramp.result import Ramp
from loadmon.ramp.run_days import RunDays
from loadmon.ramp.screening import SCREENED, Answers, Reason, screen, verdict_text
from loadmon.ramp.session import Session
from loadmon.ramp.stages import staged, unstaged
from loadmon.ramp.story import Story
from loadmon.ramp.story import tell as see_story
from loadmon.ramp.verify import verify_story
from loadmon.ramp.words import Answer, tell

_DAY = pd.Timedelta(days=1)
_WEEK = int(WINDOWS["acute"])


def plan_ramp(
    archive: Archive,
    *,
    resume: Day,
    target_km: float | None = None,
    target_long_km: float | None = None,
    by: Day | None = None,
    pace: Pace = "steady",
    reason: Reason = "rest",
    screening: Answers | None = None,
    run_days: RunDays | None = None,
    limits: Limits | Mapping[str, Any] | None = None,
    athlete: Athlete | None = None,
    as_of: Day | None = None,
    programme: str | None = None,
    easy_pace: str | float | None = None,
) -> Ramp:
    """Plan the way back to a weekly distance, or to a long run, within every limit.

    Parameters
    ----------
    archive : Archive
        What `loadmon.read` gives: anything with ``activities``.
    resume : str, date or Timestamp
        Day from which to run; the first run day on or after it is day 1.
    target_km : float, optional
        Weekly distance to come back to. [km] None: the mean week of the 28 days before the
        break, or no weekly target where `target_long_km` is given.
    target_long_km : float, optional
        Plan until a run of this length is within the limits. [km] With both targets, until both
        are reached: the week may then become larger than `target_km`.
    by : str, date or Timestamp, optional
        Last day of the plan. None: until two weeks after the goal was reached.
    pace : {"steady", "earliest"}
        One new longest run a week and every fourth week again; or as fast as the limits let.
    reason : {"rest", "illness", "injury", "back-pain", "bone"}
        Why there was a break. The last three need `screening`.
    screening : mapping of str to bool, float or str, optional
        An answer to each of `loadmon.ramp.screening.questions_for`.
    run_days : str, sequence of str or int, optional
        ``mon,wed,sat``, names or numbers (0 is Monday). None: those that a cap of `limits` names,
        else three days spread from `resume`.
    limits : Limits or mapping, optional
        A whole record (such as `loadmon.load_limits` reads); or new values by name, like
        ``{"session_growth": 0.05}``, the rest as in the pace (`limits_for`). Looser ones are
        taken, and the message says so.
    athlete : Athlete, optional
        Own limits, strength sessions a week, and units. None: those of the archive.
    as_of : str, date or Timestamp, optional
        Last day whose activities count. None, or a later day: the day before `resume`. Days
        from then to the return are rest.
    programme : {"delaware", "couch-to-5k", "timed-12-week"}, optional
        A published walk-run programme to follow, no faster than the limits let. None: a return
        from a long break, injury or pain begins with walk-run in stages of loadmon's own.
    easy_pace : str or float, optional
        Minutes for a kilometre of easy running, like ``"7:30"``, that turn kilometres into
        minutes. None: the median of the runner's own runs before the break.

    Returns
    -------
    Ramp
        With an empty plan and a fixed text where the answers leave no plan.

    Raises
    ------
    ScreeningNeeded
        If a question is not answered; it carries the questions.
    SettingError
        If an option is unknown or out of range, no target can be derived, or run days are ruled
        out by the limits.
    LoadmonError
        If the plan breaks one of its own limits: a fault of this program; no plan is shown.

    Notes
    -----
    Days without a run are counted from the last run whose file can be read; unknown days count as
    days off and as 0 km, so that what is not known makes the plan lower, never higher.
    Cross-training is no running. Under 6 days off the plan carries on from the real weeks and the
    longest run of 30 days; a return that is not over (two weeks in a row with 90 % of what was
    usual before the break, or 182 days) goes on. The base of growth is what was run since the
    return, never what was run before it. Each distance is rounded down to 0.1 km, so a target week
    may be up to that much per run short of the target. Every limit is a choice of this project or
    an extrapolation (`loadmon.evidence`): staying within them is not known to keep anyone free of
    injury.
    """
    request = Request(
        resume=resume,
        target_km=target_km,
        target_long_km=target_long_km,
        by=by,
        pace=pace,
        reason=reason,
        screening=screening,
        run_days=run_days,
        limits=limits,
        athlete=athlete or getattr(archive, "athlete", None) or Athlete(),
        as_of=as_of,
        programme=programme,
        easy_pace=easy_pace,
    )
    return planned(request, lambda other: settle(archive, other))


def planned(told: Request, settled: Callable[[Request], Asked], *, tries: bool = True) -> Ramp:
    """Plan what is asked for, as `plan_ramp` does.

    Parameters
    ----------
    told : Request
        The options.
    settled : callable
        `loadmon.ramp.request.settle` for the runner's archive.
    tries : bool
        Whether the plan is tried out with longer runs, swapped runs, a missed week and the faster
        pace, for the message.
    """
    diary = told.athlete.diary
    request = replace(told, reason=reason_told(diary, told.until, told.reason))
    resume, bounds = day_of(request.resume), request.bounds
    refusal = screen(request.reason, request.screening)
    if refusal:
        return Ramp(no_plan(resume), bounds, reached=False, message=refusal)
    asked = settled(request)
    again = _again(asked, settled)
    refusal = verdict_text(again.state.verdict, asked.answers)
    if refusal:
        return Ramp(no_plan(resume), bounds, reached=False, message=refusal)
    asked = taken_up(asked, again)
    made = _made(asked)
    limits = replace(asked.limits, start_km=asked.task.before.start_km or asked.limits.start_km)
    story = see_story(asked.daily, made.plan, limits)
    _check(story, limits)
    tried = replays(story, made.plan, limits) if tries else []
    if tries:
        made = replace(made, sooner=_sooner(asked, made))
    return Ramp(
        plan=made.plan,
        limits=limits,
        reached=made.reached,
        message=tell(replace(asked, told_reason=told.reason), made, tried),
        reached_on=made.reached_on,
        sessions=made.sessions,
        as_of=asked.as_of,
        units=request.athlete.units,
    )


def _made(asked: Asked) -> Answer:
    """Plan, and cut at the last day asked for."""
    before = asked.task.before
    wanted = _days_until(before.first, asked.by)
    layout, sessions = _laid_out(asked, wanted or 0)
    gap = _gap(layout.km) if asked.limits.caps else None
    n = min(wanted or len(layout.km), len(layout.km), gap or len(layout.km))
    day = _reached_day(layout, asked.task)
    reached_on = None if day < 0 else before.first + day * _DAY
    strength = round(asked.request.athlete.strength_goal)
    days = layout.km[:n], layout.limited_by[:n], sessions[:n]
    plan = plan_frame(before.first, *days, strength, before.days_since)
    cut = before.first + n * _DAY if n == gap else None
    return Answer(layout, n, 0 <= day < n, reached_on, plan, tuple(sessions[:n]), cut)


def _sooner(asked: Asked, made: Answer) -> pd.Timestamp | None:
    """Day on which the faster pace is there; after pain or injury only where time is short."""
    if asked.programme or asked.request.pace == "earliest":
        return None
    if asked.request.reason in SCREENED and (made.reached or asked.by is None):
        return None
    other = asked_again(asked, replace(asked.request, pace="earliest", by=None))
    faster = taken_up(other, asked.again).task
    day = _reached_day(lay_out(faster), faster)
    reached = None if day < 0 else faster.before.first + day * _DAY
    return None if reached == made.reached_on else reached


def _again(asked: Asked, settled: Callable[[Request], Asked]) -> Again:
    """Judge what was run and felt since the return, against the plan made on its eve."""
    before, request = asked.task.before, asked.request
    earlier = None
    if before.mid_return:
        origin = before.first - (len(before.km) - before.origin) * _DAY
        alone = replace(request.athlete, diary=no_diary())
        eve = replace(request, resume=origin, as_of=origin - _DAY, by=None, athlete=alone)
        made = _made(settled(eve))
        earlier = made.plan, made.reached_on
    daily = asked.daily.loc[: asked.as_of]
    told = request.athlete.diary
    return look_again(daily, before, told, request.reason, asked.answers, asked.programme, earlier)


def _laid_out(asked: Asked, min_days: int) -> tuple[Layout, list[Session | None]]:
    """Distance and session of each day: of a programme, or towards a goal."""
    pace = asked.easy.min_per_km
    if asked.programme:
        state = asked.again.state
        return follow(asked.task, asked.programme, pace, state, min_days=min_days)
    layout = lay_out(asked.task, min_days=min_days)
    if asked.walks:
        return layout, staged(layout.km, pace, asked.again.state, asked.task.before.first)
    return layout, unstaged(layout.km, pace)


def _check(story: Story, limits: Limits) -> None:
    """Let the verifier look at a plan before anybody else does."""
    broken = verify_story(story, limits)
    if len(broken):
        raise LoadmonError(
            "this plan breaks its own limits and is not shown; please report it: "
            + "; ".join(broken["message"].head(3))
        )


def _days_until(first: pd.Timestamp, by: pd.Timestamp | None) -> int | None:
    """Days of the plan up to the last one asked for."""
    if by is None:
        return None
    days, most = (by - first).days + 1, int(RAMP_HORIZON["weeks"]) * _WEEK
    if not 0 < days <= most:
        raise SettingError(
            f"by {by.date()} must lie in the {RAMP_HORIZON['weeks']:.0f} weeks from the first run "
            f"on {first.date()}"
        )
    return days


def _gap(km: list[float]) -> int | None:
    """Day after the last run before a gap that is a break of its own; None where there is none."""
    runs = [day for day, x in enumerate(km) if x > 0]
    for day, following in pairwise(runs):
        if following - day - 1 >= RAMP_START["full_until_days"]:
            return day + 1
    return None


def _reached_day(layout: Layout, task: Task) -> int:
    """Day of the plan, from 0, of the run that reaches the goal; -1 if none does.

    The last run of the week where a week is wanted, else the first run that is long enough.
    """
    if not layout.reached_week:
        return -1
    end = layout.reached_week * _WEEK - task.before.days_since
    days = [d for d in range(max(0, end - _WEEK), end) if layout.km[d] > 0]
    longest = max(layout.km[d] for d in days)
    if task.long_only:
        return next(d for d in days if layout.km[d] == longest)
    return days[-1]
