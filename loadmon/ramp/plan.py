"""`loadmon.plan_ramp`: from a history and a request to a verified plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from types import NoneType
from typing import Any

import pandas as pd

from loadmon.arguments import check_frame
from loadmon.athlete import Athlete
from loadmon.calendar import Day
from loadmon.diary import no_diary
from loadmon.errors import LoadmonError, ScreeningNeeded, SettingError
from loadmon.evidence.ramp import RAMP_HORIZON
from loadmon.io.archive import archive_of
from loadmon.ramp.history import (
    DAY,
    Archive,
    build_history,
    days_before,
    ordinary_days,
    recorded_days,
)
from loadmon.ramp.messages import plan_message
from loadmon.ramp.problem import (
    Known,
    PlanProblem,
    Request,
    RunDays,
    build_problem,
    change_request,
)
from loadmon.ramp.progress import Progress, apply_progress, build_progress, verdict_text
from loadmon.ramp.result import Outcome, Ramp, no_plan, plan_frame
from loadmon.ramp.schedule import PlanState, Schedule, build_schedule
from loadmon.ramp.screening import SCREENED, Answers, Reason, reason_from_diary, screen
from loadmon.ramp.sessions import (
    LevelState,
    Session,
    follow_programme,
    plain_run,
    staged_sessions,
)
from loadmon.ramp.verify import Past, begin_of, build_past, build_timeline, replays, verify_timeline
from loadmon.rules import return_to_run, session_spike, strength_shoes
from loadmon.rules.context import WEEK, CheckContext
from loadmon.rules.limits import Limits, Pace
from loadmon.stated import introduced


def plan_ramp(
    archive: Archive | pd.DataFrame,
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
    """Plan a return to running, to a weekly distance or a long run, within every limit.

    Parameters
    ----------
    archive : Archive or DataFrame
        What `loadmon.read` gives: anything with ``activities``. Or a log of runs, a DataFrame in
        which ``date`` and ``distance_km`` are enough: the pace is assumed then.
    resume : str, date or Timestamp
        Day from which to run; the first run day on or after it is day 1.
    target_km : float, optional
        Weekly distance to return to. [km] None: what was usual, which is the largest mean week of
        28 days that end with a run of the last four weeks, or with the last run before them; or no
        weekly target where `target_long_km` is given.
    target_long_km : float, optional
        Plan until a run of this length is within the limits. [km] With both targets, until both
        are reached: the week may then become larger than `target_km`.
    by : str, date or Timestamp, optional
        Last day of the plan. None: until two weeks after the goal was reached.
    pace : {"steady", "earliest"}
        One new longest run a week and every fourth week again; or as fast as possible within
        the limits.
    reason : {"rest", "illness", "injury", "back-pain", "bone"}
        Why there was a lay-off, one of them. All but rest need `screening`. The last three begin in
        minutes, whatever the days off.
    screening : mapping of str to bool, float or str, optional
        An answer to each of `loadmon.ramp.screening.questions_for`.
    run_days : str, sequence of str or int, optional
        ``mon,wed,sat``, names or numbers (0 is Monday). None: those that a cap of `limits` names,
        else the runner's own of twelve weeks, with a day between for 28 days after 14 or more days
        off; three days spread from `resume` where nothing is known.
    limits : Limits or mapping, optional
        A whole record (such as `loadmon.load_limits` reads); or new values by name, like
        ``{"session_growth": 0.05}``, the rest as in the pace (`limits_for`). Looser ones are
        taken, and the message says so.
    athlete : Athlete, optional
        Own limits, strength sessions a week, and units. None: those of the archive.
    as_of : str, date or Timestamp, optional
        Last day whose activities count, on which the plan is made: not after `resume`, and at most
        365 days before it. None: the day before `resume`. Days from then to the return are rest.
    programme : str, optional
        A published walk-run programme to follow, within the limits: a key of
        `loadmon.evidence.ramp.PROGRAMMES`, such as ``couch-to-5k``. None: after injury, pain or a
        bone ``walk-run-30`` or ``after-bone``, and then by distance; after a long lay-off walk-run
        in stages of loadmon's own.
    easy_pace : str or float, optional
        Minutes for a kilometre of easy running, like ``"7:30"``, that turn kilometres into
        minutes. None: the median of the runner's own runs before the lay-off.

    Returns
    -------
    Ramp
        With an empty plan and a fixed text where the answers leave no plan. The message of a plan
        from typed numbers (`loadmon.usual`) begins with what they leave out.

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
    Cross-training is not running; it only shortens the days off by a third of a day each. With
    up to 7 days off, or no more than the usual gap, the plan carries on from the real weeks and the
    longest run of 30 days; a return that is not over (two weeks in a row with 90 % of what was
    usual before the lay-off, or 182 days) goes on. The start and the first week are the most that
    any run before leaves. Each distance is rounded down to 0.1 km, so a target week
    may be up to that much per run short of the target. Every limit is a choice of this project or
    an extrapolation (`loadmon.evidence`): staying within them is not known to keep anyone free of
    injury.
    """
    archive = archive_of(archive)
    check_frame(getattr(archive, "activities", None), "archive.activities")
    stated = Request(
        resume=resume,
        target_km=target_km,
        target_long_km=target_long_km,
        by=by,
        pace=pace,
        reason=reason,
        screening=screening,
        run_days=run_days,
        limits=limits,
        athlete=getattr(archive, "athlete", None) or Athlete() if athlete is None else athlete,
        as_of=as_of,
        programme=programme,
        easy_pace=easy_pace,
    )
    ramp = _plan(stated, Common(archive), is_grid=False)
    return ramp if ramp.plan.empty else replace(ramp, message=introduced(ramp.message, archive))


def planner(
    archive: Archive, context: CheckContext | None = None
) -> Callable[[Request], Ramp | str]:
    """Make a function from a request of one runner to a verified `Ramp` that is not tried out.

    Or to a sentence where there is no plan. Requests that start alike share the history before
    them, which takes most of the time. `context`: what is known of the archive already.
    """
    common = Common(archive, context)

    def plan(request: Request) -> Ramp | str:
        try:
            ramp = _plan(request, common, is_grid=True)
        except ScreeningNeeded:
            raise
        except LoadmonError as error:  # one plan that cannot be made leaves the others
            return str(error)
        return ramp.message if ramp.plan.empty else ramp

    return plan


@dataclass(slots=True)
class Common:
    """What requests of one runner have in common, each worked out once."""

    archive: Archive
    context: CheckContext | None = None  # what is known of the archive already
    _known: dict[pd.Timestamp, Known] = field(default_factory=dict)
    _problems: dict[tuple[Any, ...], PlanProblem | str] = field(default_factory=dict)
    #: Beside each its days, which lets no other frame have their id.
    _pasts: dict[tuple[Any, ...], tuple[Past, pd.DataFrame]] = field(default_factory=dict)
    _outcomes: list[tuple[tuple[Any, ...], Outcome]] = field(default_factory=list)
    _no_diary: pd.DataFrame = field(default_factory=no_diary)

    def pose(self, request: Request, wait_until: pd.Timestamp | None = None) -> PlanProblem:
        """Problem of a request; those that start alike differ by their goal and growth alone."""
        key = (*_start(request), wait_until)
        if key not in self._problems:
            try:
                self._problems[key] = build_problem(
                    self.archive, request, self.known_until, wait_until
                )
            except SettingError as error:
                self._problems[key] = str(error)
                raise
        problem = self._problems[key]
        if isinstance(problem, str):
            raise SettingError(problem)
        return change_request(problem, request)

    def known_until(self, until: pd.Timestamp) -> Known:
        """What is known of the days up to one."""
        if until not in self._known:
            self._known[until] = Known(_days_until(self.archive, self.context, until))
        return self._known[until]

    def earlier_plan(self, problem: PlanProblem) -> Outcome | None:
        """Plan that would have been made on the eve of a return that goes on."""
        if not problem.history.mid_return:
            return None
        first = problem.history.return_day
        athlete = replace(problem.request.athlete, diary=self._no_diary)
        eve = replace(problem.request, resume=first, as_of=first - DAY, by=None, athlete=athlete)
        nothing = Progress()
        return self.solve(self.pose(eve), nothing, lambda _: nothing)[2]

    def solve(
        self,
        posed: PlanProblem,
        progress: Progress,
        progress_of: Callable[[PlanProblem], Progress],
    ) -> tuple[PlanProblem, Progress, Outcome]:
        """Plan from the first day on which the runs of the days before leave room for it.

        `posed`: the problem as if there were room at once, with its progress.
        """
        while True:
            problem = apply_progress(posed, progress)
            outcome = self.outcome(problem, progress)
            wait_until = _no_room_until(problem, outcome)
            if wait_until is None:
                return problem, progress, outcome
            posed = self.pose(posed.request, wait_until)
            progress = progress_of(posed)

    def outcome(self, problem: PlanProblem, progress: Progress) -> Outcome:
        """Plan of a problem; requests of different reasons may come to the same days."""
        asked = _asked(problem, progress)
        known = next((outcome for other, outcome in self._outcomes if other == asked), None)
        if known is None:
            known = _outcome(problem, progress)
            self._outcomes.append((asked, known))
        return known

    def progress(self, problem: PlanProblem) -> Progress:
        """How a return has gone so far."""
        return build_progress(problem, self.earlier_plan(problem))

    def past(self, problem: PlanProblem, plan: pd.DataFrame, limits: Limits) -> Past:
        """Read the days before a plan, for the verifier."""
        key = (id(problem.daily), *begin_of(plan), limits.always_return)
        if key not in self._pasts:
            first, begin = begin_of(plan)
            daily, always = problem.daily, limits.always_return
            self._pasts[key] = build_past(daily, first, begin, always_return=always), daily
        return self._pasts[key][0]


def _start(request: Request) -> tuple[Any, ...]:
    """What a plan starts from: requests with the same differ by their goal and growth alone."""
    limits = request.bounds
    first = limits.start_km, limits.first_week_km
    steps = (*first, limits.session_growth, limits.session_floor_km, limits.caps)
    why = request.reason, repr(sorted(request.answers.items()))
    said = (request.programme, request.easy_pace)  # whatever they are: they are not checked yet
    named = (x if isinstance(x, (str, float, int, NoneType)) else id(x) for x in said)
    asked = (repr(request.run_days), *named, *why)
    return (request.resume, request.until, *steps, *asked)


def _days_until(
    archive: Archive, context: CheckContext | None, until: pd.Timestamp
) -> pd.DataFrame:
    """Days of a history, as `recorded_days` gives them, from what is known already."""
    if context is None or context.daily.empty or until > context.daily.index[-1]:
        return recorded_days(archive, until)
    outings = session_spike.outings_of(context)
    outings = outings[outings["date"] <= until]
    return ordinary_days(context.daily.loc[:until], outings, context.athlete.diary)


def _plan(stated: Request, common: Common, *, is_grid: bool) -> Ramp:
    """Plan and verify; one of a grid is neither tried out nor compared with the faster pace."""
    diary = stated.athlete.diary
    request = replace(stated, reason=reason_from_diary(diary, stated.until, stated.reason))
    resume, bounds = request.first_day, request.bounds
    refusal = screen(request.reason, request.screening)
    if refusal:
        return Ramp(no_plan(resume), bounds, reached=False, message=refusal)
    posed = common.pose(request)
    begun = common.progress(posed)
    refusal = verdict_text(begun.state.verdict, request.answers)
    if refusal:
        return Ramp(no_plan(resume), bounds, reached=False, message=refusal)
    problem, progress, outcome = common.solve(posed, begun, common.progress)
    limits = problem.limits
    if not problem.history.carries_on:
        start, week = problem.history.start_km, problem.history.early_week_km
        limits = replace(limits, start_km=start, first_week_km=week)
    past = common.past(problem, outcome.plan, limits)
    line = build_timeline(problem.daily, outcome.plan, limits, past)
    broken = verify_timeline(line, limits)
    if len(broken):
        raise LoadmonError(
            "this plan breaks its own limits and is not shown; please report it: "
            + "; ".join(broken["message"].head(3))
        )
    if not is_grid:
        sooner = _faster_day(problem, progress, outcome)
        outcome = replace(outcome, sooner=sooner, tried=replays(line, outcome.plan, limits))
    asked_by_diary = request.reason != stated.reason
    return Ramp(
        plan=outcome.plan,
        limits=limits,
        reached=outcome.reached,
        message=plan_message(problem, progress, outcome, asked_by_diary=asked_by_diary),
        reached_on=outcome.reached_on,
        sessions=outcome.sessions,
        as_of=request.until,
        units=request.athlete.units,
    )


def _asked(problem: PlanProblem, progress: Progress) -> tuple[Any, ...]:
    """Everything that the days of a plan depend on (`_outcome`)."""
    request, task = problem.request, problem.task
    days = request.first_day, request.last_day, problem.walks_first
    # whether there is a return is settled by the history already
    task = replace(task, limits=replace(task.limits, always_return=False))
    how = problem.programme, problem.ends_with_programme, problem.walks, problem.easy
    return (task, *days, *how, request.athlete.strength_per_week, progress.state)


def _outcome(problem: PlanProblem, progress: Progress) -> Outcome:
    """Plan, and cut at the last day asked for."""
    history, first = problem.history, problem.history.first
    level, by = progress.state, problem.request.last_day
    wanted, weeks = 0 if by is None else (by - first).days + 1, int(RAMP_HORIZON["weeks"])
    if by is not None and not 0 < wanted <= weeks * WEEK:
        raise SettingError(
            f"by {by.date()} must lie in the {weeks} weeks from the first run on {first.date()}"
        )
    schedule, sessions = _schedule(problem, level, wanted)
    # Caps may leave no run for so long that it is a lay-off of its own: the plan ends before it.
    runs = [day for day, km in enumerate(schedule.km) if km > 0] if problem.limits.caps else []
    off = return_to_run.RAMP_START["full_until_days"]
    cut = next((a + 1 for a, b in pairwise(runs) if b - a - 1 >= off), None)
    n = min(wanted or len(schedule.km), len(schedule.km), cut or len(schedule.km))
    reached_on = _day_reached(schedule, problem)
    strength = round(strength_shoes.goal_per_week(problem.request.athlete.strength_per_week))
    days = schedule.km[:n], schedule.limited_by[:n], sessions[:n]
    walks = (first - problem.request.first_day).days if problem.walks_first else 0
    return Outcome(
        schedule=schedule,
        n_days=n,
        reached=reached_on is not None and reached_on < first + n * DAY,
        reached_on=reached_on,
        plan=plan_frame(first, *days, strength, history.days_since, walks),
        sessions=(*[None] * walks, *sessions[:n]),
        cut=first + n * DAY if n == cut else None,
    )


def _schedule(
    problem: PlanProblem, level: LevelState, min_days: int
) -> tuple[Schedule, list[Session | None]]:
    """Days of a plan: a programme by minutes first, where there is one, then by distance."""
    task, pace = problem.task, problem.easy.min_per_km
    state, begun = PlanState(task.history, task.limits), Schedule()
    sessions: list[Session | None] = []
    if problem.programme:
        least = min_days if problem.ends_with_programme else 0
        begun, sessions = follow_programme(
            task, state, problem.programme, pace, level, min_days=least
        )
        if problem.ends_with_programme or not begun.reached_week:
            return begun, sessions
    rest = build_schedule(task, min_days=min_days, begun=state)
    if problem.walks:
        sessions += staged_sessions(rest.km, pace, level, task.history.first)
    else:
        sessions += [plain_run(x, pace) if x > 0 else None for x in rest.km]
    limited_by = begun.limited_by + rest.limited_by
    return Schedule(begun.km + rest.km, limited_by, rest.reached_week), sessions


def _no_room_until(problem: PlanProblem, outcome: Outcome) -> pd.Timestamp | None:
    """Last day to wait for, as the runs of the days before leave no room for the plan; or None.

    Its first run would come so late that it is a return of its own, or that the one which goes on
    is over; or, in the first week of a return right after a run, that run would leave less than
    there is a few days later.
    """
    history, schedule = problem.history, outcome.schedule
    n = next((day for day, km in enumerate(schedule.km) if km > 0), 0)
    off = n + next((i for i, ran in enumerate(reversed(history.ran)) if ran), 0)
    if n > 0 and (off > return_to_run.RAMP_START["full_until_days"] or _is_over(problem, n)):
        return history.first + (n - 1) * DAY
    begins = not history.carries_on and not history.mid_return
    is_less = {"weekly_change", "coupled"} & set(schedule.limited_by[:WEEK])
    if begins and is_less and sum(history.km[1 - WEEK :]) > 0:
        return history.first
    return None


def _is_over(problem: PlanProblem, n: int) -> bool:
    """Whether a return that goes on at the first day of a plan is over so many days later."""
    first = problem.history.first + n * DAY
    return problem.history.mid_return and (
        build_history(days_before(problem.daily, first), first, problem.limits).return_day
        != problem.history.return_day
    )


def _day_reached(schedule: Schedule, problem: PlanProblem) -> pd.Timestamp | None:
    """Day of the run that reaches the goal: the last of its week, or the first long enough."""
    if not schedule.reached_week:
        return None
    end = schedule.reached_week * WEEK - problem.history.days_since
    days = [d for d in range(max(0, end - WEEK), end) if schedule.km[d] > 0]
    day = max(days, key=lambda d: schedule.km[d]) if problem.task.long_only else days[-1]
    return problem.history.first + day * DAY


def _faster_day(problem: PlanProblem, progress: Progress, outcome: Outcome) -> pd.Timestamp | None:
    """Day on which the faster pace is there; after pain or injury only where time is short."""
    request = problem.request
    if problem.ends_with_programme or request.pace == "earliest":
        return None
    if request.reason in SCREENED and (outcome.reached or request.by is None):
        return None
    other = change_request(problem, replace(request, pace="earliest", by=None))
    faster = apply_progress(other, progress)
    day = _day_reached(_schedule(faster, progress.state, 0)[0], faster)
    return None if day == outcome.reached_on else day
