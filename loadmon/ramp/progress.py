"""Where a runner stands in a plan: what was run and felt so far, and what follows from both."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pandas as pd

from loadmon.evidence.pain import PAIN_MONITORING, PAIN_RULE, RULES, Site
from loadmon.evidence.ramp import (
    RAMP_FOLLOWED,
    RAMP_HORIZON,
    RAMP_INJURY,
    RAMP_WALK_RUN_MIN,
    WALK_RUN,
    Programme,
)
from loadmon.frames import table_of
from loadmon.ramp.history import DAY, History, build_history, days_before
from loadmon.ramp.problem import PlanProblem, caps_in_km, settled, with_left
from loadmon.ramp.result import Outcome
from loadmon.ramp.screening import (
    BONE_SITE_TEXT,
    PROFESSIONAL_TEXT,
    SCREENED,
    Answers,
    Reason,
    most_pain,
    site_for,
)
from loadmon.ramp.sessions import TOP, UNKNOWN, LevelState, Verdict, programme_step
from loadmon.rules import return_to_run
from loadmon.rules.limits import Cap
from loadmon.rules.symptoms import Felt, felt_by_run
from loadmon.units import day_text

_NAN = float("nan")
_COLUMNS = {
    "date": "datetime64[us]",
    "planned_km": "float64",
    "run_km": "float64",
    "became": "str",
    "whole": "bool",
}
#: Columns of a plan that are compared with what was run.
_PLANNED = ("date", "distance_km", "limited_by", "duration_min", "repeats", "run_min")


def _no_sessions() -> pd.DataFrame:
    return table_of([], _COLUMNS)


@dataclass(frozen=True, slots=True)
class Progress:
    """What a plan that continues has to take into account; empty where one begins anew."""

    #: What `compare_with_plan` gives, with ``seen``, the observation of each run.
    sessions: pd.DataFrame = field(default_factory=_no_sessions)
    state: LevelState = field(default_factory=LevelState)
    caps: tuple[Cap, ...] = ()  # what symptoms put on top of the limits
    #: Distance up to which a run beyond its plan raises the next ones. [km]
    credited_km: dict[pd.Timestamp, float] = field(default_factory=dict)
    earlier_end: pd.Timestamp | None = None  # when the earlier plan reached its goal
    is_followed: bool = False  # whether the runs follow an earlier plan


def build_progress(problem: PlanProblem, earlier: Outcome | None) -> Progress:
    """Assess the runs since the return, or of four weeks; `earlier` is the plan made on its eve."""
    history, request, programme = problem.history, problem.request, problem.programme
    daily, diary = problem.daily.loc[: request.until], request.athlete.diary
    since = history.first_return
    if history.carries_on or daily.empty or _is_new(history):
        since = history.first - RAMP_HORIZON["base_days"] * DAY
    runs = [day for day in daily.index[daily["runs"] > 0] if day >= since]
    site = site_for(request.reason, request.answers)
    baseline = float(request.answers.get("pain_before", 0.0))
    diary = diary[diary["date"] <= daily.index[-1]] if len(daily) else diary
    seen = dict(zip(runs, seen_after(diary, runs, site, baseline), strict=True))
    sessions = _no_sessions() if earlier is None else compare_with_plan(daily, earlier.plan, since)
    # Followed at all: at least half of the runs are as planned or shorter.
    ran = sessions[~sessions["became"].isin(["missed", "unknown"])]
    as_planned = ran["became"].isin(["done", "shortened"]).sum()
    followed = len(ran) > 0 and as_planned >= RAMP_FOLLOWED["follows_from"] * len(ran)
    begin = first_level(problem)
    state = _state_after(seen, sessions, request.reason, programme, begin)
    if runs and not (history.mid_return or history.carries_on):
        level = _level_after_lay_off(history, state, request.reason, programme, begin)
        state = replace(state, level=level, clean=0)
    return Progress(
        sessions=sessions.assign(seen=[seen.get(day, "") for day in sessions["date"]]),
        state=state,
        caps=_caps(daily, seen),
        credited_km=_credited_km(sessions) if followed else {},
        earlier_end=earlier.reached_on if earlier else None,
        is_followed=bool(followed),
    )


def _is_new(history: History) -> bool:
    """Whether a return begins without a lay-off, as after an injury of these days."""
    return 0 <= history.days_off <= return_to_run.RAMP_START["full_until_days"]


def first_level(problem: PlanProblem) -> int:
    """Stage with which a return begins: the first; without pain the second of minutes by reason."""
    if problem.programme is None or problem.ends_with_programme:
        return 0
    is_sore = most_pain(problem.request.answers) >= RAMP_INJURY["lower_from_pain"]
    return int(RAMP_WALK_RUN_MIN["start_stage"]) - 1 - is_sore


def apply_progress(problem: PlanProblem, progress: Progress) -> PlanProblem:
    """Put the caps of symptoms, and runs beyond their plan, into a problem."""
    if not (progress.caps or progress.credited_km):
        return problem
    limits = replace(problem.limits, caps=(*problem.limits.caps, *progress.caps))
    task, history = problem.task, problem.history

    def before(first: pd.Timestamp) -> tuple[pd.DataFrame, History]:
        if first == history.first:
            return problem.daily, history
        daily = days_before(problem.daily, first)
        return daily, build_history(daily, first, problem.limits)

    days = task.run_days, task.apart_days
    daily, begun = settled(history.first, before, days, limits)
    first = begun.first
    longest, counted = list(begun.longest_km), list(begun.km)
    for day, km in progress.credited_km.items():
        i = len(longest) - (first - day).days
        longest[i], counted[i] = min(longest[i], km), min(counted[i], km)
    is_apart = begun.is_apart or limits.always_apart
    earlier = return_to_run.earlier_weeks(daily.assign(load=counted))
    begun = with_left(begun, earlier, days[is_apart], limits)
    begun = replace(
        begun,
        early_week_km=min(history.early_week_km, begun.early_week_km),
        left_week_km=min(history.left_week_km, begun.left_week_km),
        longest_km=longest,
        counted_km=counted,
    )
    task = replace(task, history=begun, limits=caps_in_km(limits, problem.easy))
    return replace(problem, daily=daily, limits=limits, task=task)


def verdict_text(verdict: Verdict, answers: Answers) -> str:
    """Fixed text that stands for a plan after the runs so far, unless a clinician agreed."""
    if answers.get("clinician_agreed") is True:
        return ""
    # After pain above the limit (stop) the questions themselves decide.
    return {"refuse": BONE_SITE_TEXT, "professional": PROFESSIONAL_TEXT}.get(verdict, "")


# What became of a plan: each planned run beside what was really run.


def compare_with_plan(daily: pd.DataFrame, plan: pd.DataFrame, since: pd.Timestamp) -> pd.DataFrame:
    """Planned runs and real ones side by side, one row each, in order.

    ``became``: ``done``, ``shortened``, ``overdone``, ``missed``, ``extra`` (``planned_km`` NaN),
    ``unknown``; ``whole``: whether it was planned without being cut by a limit.
    """
    real = daily.loc[since:]
    ran = {day: km for day, km, n in zip(real.index, real["load"], real["runs"], strict=True) if n}
    unknown = set(real.index[real["load"].isna()])
    until = (plan["date"] <= daily.index[-1]).sum()  # the days of a plan are in order
    ahead = {c: plan[c].iloc[:until].tolist() for c in _PLANNED}
    planned_runs = [row for row in zip(*ahead.values(), strict=True) if row[1] > 0]
    run_on = _days_run_on([row[0] for row in planned_runs], [*ran])
    rows: list[tuple[pd.Timestamp, float, float, str, bool]] = []
    for day, planned, limit, minutes, repeats, run_min in planned_runs:
        walks = max(minutes - repeats * run_min, 0.0) / WALK_RUN["walk_min_per_km"]
        whole = limit == "programme"
        if day in run_on:
            km = ran[run_on[day]]
            rows.append((run_on[day], planned, km, _became(planned, walks, km), whole))
        elif day in unknown:
            rows.append((day, planned, _NAN, "unknown", whole))
        else:
            rows.append((day, planned, 0.0, "missed", whole))
    taken = set(run_on.values())
    extra = [(day, km) for day, km in ran.items() if day not in taken]
    rows += [(day, _NAN, km, "extra" if km == km else "unknown", False) for day, km in extra]
    rows.sort(key=lambda row: row[0])
    return table_of(rows, _COLUMNS)


def _days_run_on(
    planned: list[pd.Timestamp], ran: list[pd.Timestamp]
) -> dict[pd.Timestamp, pd.Timestamp]:
    """Day on which each planned run was run: its own, or one beside it that is no other's."""
    days, most = set(ran), int(RAMP_FOLLOWED["moved_days"])
    run_on = {day: day for day in planned if day in days}
    taken = {*planned}
    for day in planned:
        near = (day + n * DAY for n in range(-most, most + 1))
        free = [d for d in near if d in days and d not in taken]
        if day not in run_on and free:
            run_on[day] = free[0]
            taken.add(free[0])
    return run_on


def _became(planned: float, walks: float, km: float) -> str:
    """What became of a run of so many km; a watch may count the walks of its session too."""
    slack = max(RAMP_FOLLOWED["km"], RAMP_FOLLOWED["share"] * planned)
    if km != km:
        return "unknown"
    if km > planned + walks + slack + 1e-9:
        return "overdone"
    return "shortened" if km < planned - slack - 1e-9 else "done"


def _credited_km(sessions: pd.DataFrame) -> dict[pd.Timestamp, float]:
    """Distance up to which each run beyond its plan counts: the longest planned by then, or 0."""
    out: dict[pd.Timestamp, float] = {}
    longest = 0.0
    rows = zip(*(sessions[c].tolist() for c in ("date", "planned_km", "became")), strict=True)
    for day, planned, became in rows:
        longest = planned if planned > longest else longest
        if became in ("overdone", "extra") or day in out:
            out[day] = longest
    return out


# What the diary holds of each run, as one of the observations that the rules are about.

#: Actions on the sites of one run: the one that comes first here counts.
_WORST = ("refuse", "stop", "reduce", "hold", UNKNOWN, "advance")


def seen_after(
    diary: pd.DataFrame, runs: list[pd.Timestamp], site: Site, baseline: float
) -> list[str]:
    """Observation of each run, that of its worst site; `baseline` is the pain before any run."""

    def severity(seen: str) -> int:
        return _WORST.index(RULES[seen].action if seen in RULES else UNKNOWN)

    return [
        min((observe(x, at, baseline) for at, x in felt.items()), key=severity, default=UNKNOWN)
        for felt in felt_by_run(diary, runs, site).values()
    ]


def observe(felt: Felt, site: Site, baseline: float = 0.0) -> str:
    """One session as a key of `loadmon.evidence.pain.RULES`, or `UNKNOWN` if too little is known.

    Pain that was felt counts only once the next morning is known to be no worse than before.
    """
    known = [x for x in (felt.before, felt.during, felt.after, felt.morning) if x == x]
    if not known:
        return UNKNOWN
    if site.tissue == "bone":
        return "bone" if max(known) > 0 else "none" if felt.peak == 0 else UNKNOWN
    if max(known) > PAIN_RULE["stop_above"]:
        return "excessive"
    is_worse, peak = felt.is_worse(baseline), felt.peak
    if site.tissue not in ("tendon", "back"):
        return _sore(felt, is_worse=is_worse)
    if peak != peak and not is_worse:
        return UNKNOWN
    seen = pain_action(peak, worse_next_morning=is_worse)
    waits = seen == "mild" and peak > 0 and felt.morning != felt.morning
    return UNKNOWN if waits else seen


def pain_action(pain: float, *, worse_next_morning: bool) -> str:
    """Observation of the pain-monitoring model: pain in the session, and the next morning."""
    if pain > PAIN_RULE["stop_above"]:
        return "excessive"
    if worse_next_morning:
        return "worse_next_morning"
    return "mild" if pain <= PAIN_MONITORING["mild_until"] else "acceptable"


def _sore(felt: Felt, *, is_worse: bool) -> str:
    """Soreness rules of a session whose pain is not excessive."""
    peak, began = felt.peak, felt.before > 0
    if began and felt.during > 0:
        return "warmup_continues"
    if began and felt.after > 0:
        return "warmup_goes_away_returns_in_session"
    if is_worse:
        return "day_after_not_muscle"
    if peak != peak:
        return UNKNOWN
    if began:
        return "warmup_goes_away"
    if peak > PAIN_MONITORING["mild_until"]:
        return "acceptable"
    return UNKNOWN if peak > 0 and felt.morning != felt.morning else "none"


# What follows: the level of the next session, and caps after a run that hurt.

#: Why a cap is set, by the observation behind it.
_CAP_REASONS = {
    "acceptable": "pain that still counts as acceptable",
    "worse_next_morning": "worse on the next morning",
    "excessive": "pain above 5",
    "warmup_goes_away": "sore in the warm-up",
    "warmup_continues": "sore from the warm-up on",
    "warmup_goes_away_returns_in_session": "soreness that came back",
    "day_after_not_muscle": "sore on the day after",
    "bone": "pain that may come from the bone",
}


def _state_after(
    seen: dict[pd.Timestamp, str],
    sessions: pd.DataFrame,
    reason: Reason,
    programme: Programme | None,
    begin: int,
) -> LevelState:
    """Take one run after the other into account; one cut short never counts as a whole session."""
    state = LevelState(level=begin)
    rows = zip(sessions["date"], sessions["became"], sessions["whole"], strict=True)
    became = {day: (word, whole) for day, word, whole in rows}
    for day, one in seen.items():
        word, whole = became.get(day, ("", False))
        counts = word not in ("shortened", "unknown") and (whole or programme is None)
        if one == UNKNOWN and reason not in SCREENED:
            one = "none"
        if one in RULES and RULES[one].action == "advance" and not counts:
            one = UNKNOWN
        state = programme_step(programme, state, one, day.toordinal())
    return state


def _level_after_lay_off(
    history: History,
    state: LevelState,
    reason: Reason,
    programme: Programme | None,
    begin: int,
) -> int:
    """Level with which an interrupted return starts again: anew, or with the level before.

    Who already ran without walks is where anybody is after a lay-off that is not long. Below where
    a return begins it is only after pain.
    """
    if history.days_off > WALK_RUN["from_days_off"] or _is_new(history):
        return min(begin, state.level)
    if programme is None and state.level == TOP:
        return 0 if reason in SCREENED else TOP
    return state.level if state.level <= begin else max(begin, state.level - 1)


def _caps(daily: pd.DataFrame, seen: dict[pd.Timestamp, str]) -> tuple[Cap, ...]:
    """What the last run with a word about pain puts on top: no rest cut short, no longer run."""
    known = [(day, RULES[one], one) for day, one in seen.items() if one in RULES]
    if not known or known[-1][1].action in ("advance", "refuse"):
        return ()
    day, rule, one = known[-1]
    why = f"{_CAP_REASONS[one]} after the run of {day_text(day)}"
    km = daily["longest_km"]
    most = float(km[day])
    if rule.level_change < 0:
        good = [float(km[d]) for d, r, _ in known[:-1] if r.action == "advance" and km[d] < most]
        most = max(good) if good else min((float(km[d]) for d in seen if km[d] > 0), default=most)
    caps = []
    if most == most:
        until = (day + RAMP_FOLLOWED["careful_days"] * DAY).date()
        caps.append(Cap(until=until, run_km=most, why=f"{why}: do not advance"))
    if rule.days_off:
        until = (day + rule.days_off * DAY).date()
        caps.append(Cap(until=until, run_km=0.0, why=f"{why}: {rule.days_off} days off"))
    return tuple(caps)
