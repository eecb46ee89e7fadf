"""`loadmon.plan_ramp`: from a history and a request to a verified plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pandas as pd

from loadmon.athlete import Athlete
from loadmon.calendar import Day, day_of
from loadmon.diary import no_diary
from loadmon.errors import LoadmonError, SettingError
from loadmon.evidence.clinic import EXERCISES
from loadmon.evidence.limits import WINDOWS
from loadmon.evidence.ramp import RAMP_FILL, RAMP_HORIZON, RAMP_START
from loadmon.ramp.history import Archive, known_days
from loadmon.ramp.messages import Answer, replays, tell
from loadmon.ramp.problem import Asked, Request, RunDays, asked_again, settle, taken_up
from loadmon.ramp.programme import follow, staged, unstaged
from loadmon.ramp.progress import Again, look_again, reason_told
from loadmon.ramp.result import Ramp
from loadmon.ramp.schedule import Layout, Task, lay_out
from loadmon.ramp.screening import SCREENED, Answers, Reason, screen, verdict_text
from loadmon.ramp.session import Session, session_text
from loadmon.ramp.verify import Story, verify_story
from loadmon.ramp.verify import tell as see_story
from loadmon.rules.limits import Limits, Pace

# The rest of a plan: easy walks, strength and mobility on the days without a run.

_WEEK = int(WINDOWS["acute"])
_NAMES = [e.name for e in EXERCISES]
#: Exercises of a first and a second strength session of a week.
STRENGTH = (", ".join(_NAMES[:3]), ", ".join(_NAMES[3:]))
MOBILITY = "easy walk, gentle mobility"


def fill(ran: list[bool], strength_per_week: int) -> list[tuple[str, float, str]]:
    """Give each day without a run a walk, strength, or rest.

    Returns kind (``walk``, ``strength``, ``rest``; empty on run days), minutes and what to do.

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


# A plan as a frame: one row a day, in the columns of the contract.


_NAN = float("nan")
PLAN_COLUMNS = {
    "date": "datetime64[us]",
    "week": "int64",
    "kind": "str",
    "distance_km": "float64",
    "effort": "str",
    "duration_min": "float64",
    "repeats": "float64",
    "run_min": "float64",
    "walk_min": "float64",
    "stage": "str",
    "limited_by": "str",
    "session": "str",
}


def plan_frame(
    first: pd.Timestamp,
    km: list[float],
    limited_by: list[str],
    sessions: list[Session | None],
    strength_per_week: int,
    days_since: int = 0,
) -> pd.DataFrame:
    """One row a day from the first day of a plan.

    Returns with the columns of `PLAN_COLUMNS`; ``run_min`` and ``walk_min`` are the mean of a
    session whose runs differ, so that ``repeats * run_min`` is its running.
    """
    n = len(km)
    between = fill([x > 0 for x in km], strength_per_week)
    rows = [_row(s, b) for s, b in zip(sessions, between, strict=True)]
    names = ("kind", "effort", "duration_min", "repeats", "run_min", "walk_min", "stage", "session")
    cells = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {}
    columns = {
        "date": pd.date_range(first, periods=n, unit="us"),
        "week": [(d + days_since) // _WEEK + 1 for d in range(n)],
        "distance_km": km,
        "limited_by": limited_by,
        **cells,
    }
    return pd.DataFrame(
        {c: pd.Series(columns.get(c, []), dtype=t) for c, t in PLAN_COLUMNS.items()}
    )


def no_plan(day: pd.Timestamp) -> pd.DataFrame:
    """Frame of a plan without a day."""
    return plan_frame(day, [], [], [], 0)


def _row(session: Session | None, between: tuple[str, float, str]) -> tuple[object, ...]:
    """Cells of one day that do not depend on its date."""
    if session is None:
        kind, minutes, what = between
        return kind, "", minutes or _NAN, _NAN, _NAN, _NAN, "", what
    n = session.repeats
    return (
        session.kind,
        "easy",
        session.duration_min,
        float(n),
        session.running_min / n,
        session.walking_min / n,
        session.stage,
        session_text(session),
    )


# `plan_ramp`: from an archive and a day of return to a verified plan.


_DAY = pd.Timedelta(days=1)


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
    """Plan what is asked for, as `plan_ramp` does."""
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


# Many plans for one runner: what was run before is looked at once for each day of return.


def planner(archive: Archive, daily: pd.DataFrame | None = None) -> Callable[[Request], Ramp | str]:
    """Make a function that plans and verifies one request after the other for one runner.

    `daily` is the daily load up to a day where it is known already.

    Returns from a `Request` to its `Ramp`, as `loadmon.plan_ramp` gives it but not tried out; or
    to a sentence where its choices do not go together or its answers leave no plan. Requests with
    the same day of return, run days and limits on the start share the look at what was run before,
    which takes most of the time. It raises what `loadmon.plan_ramp` raises but `SettingError`.
    """
    days: dict[pd.Timestamp, pd.DataFrame] = {}
    if daily is not None and len(daily):
        days[daily.index[-1]] = daily[["load", "longest_km", "runs"]]
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
