"""Planning again: what became of the plan so far, what was felt, and what follows from both."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd

from loadmon.checks.caps import Cap
from loadmon.checks.words import day_text
from loadmon.evidence.pain import RULES
from loadmon.evidence.programmes import Programme
from loadmon.evidence.ramp import RAMP_FOLLOWED, RAMP_HORIZON, WALK_RUN
from loadmon.ramp.followed import COLUMNS, credited_km, followed, is_followed
from loadmon.ramp.history import Before
from loadmon.ramp.levels import UNKNOWN, State, step
from loadmon.ramp.observe import seen_after
from loadmon.ramp.screening import SCREENED, Answers, Reason, site_for
from loadmon.ramp.stages import TOP

_DAY = pd.Timedelta(days=1)
_SAID = {
    "acceptable": "pain that still counts as acceptable",
    "worse_next_morning": "worse on the next morning",
    "excessive": "pain above 5",
    "warmup_goes_away": "sore in the warm-up",
    "warmup_continues": "sore from the warm-up on",
    "warmup_goes_away_returns_in_session": "soreness that came back",
    "day_after_not_muscle": "sore on the day after",
    "bone": "pain that may come from the bone",
}


@dataclass(frozen=True, slots=True)
class Again:
    """What a plan that goes on has to take into account.

    Parameters
    ----------
    sessions : DataFrame
        What `loadmon.ramp.followed.followed` gives, with ``seen``, the observation of each run;
        no rows where there is no plan that was followed.
    state : State
        Where the return stands.
    caps : tuple of Cap
        What symptoms put on top of the limits.
    credited_km : dict of Timestamp to float
        Distance up to which a run beyond its plan raises the next ones. [km]
    earlier_end : Timestamp or None
        Day on which the earlier plan reached its goal.
    is_followed : bool
        Whether there was a plan that the runs follow.
    """

    sessions: pd.DataFrame
    state: State = field(default_factory=State)
    caps: tuple[Cap, ...] = ()
    credited_km: dict[pd.Timestamp, float] = field(default_factory=dict)
    earlier_end: pd.Timestamp | None = None
    is_followed: bool = False


def nothing_before() -> Again:
    """Plan that begins anew."""
    return Again(pd.DataFrame({c: pd.Series(dtype=t) for c, t in COLUMNS.items()}))


def look_again(
    daily: pd.DataFrame,
    before: Before,
    diary: pd.DataFrame,
    reason: Reason,
    answers: Answers,
    programme: Programme | None,
    earlier: tuple[pd.DataFrame, pd.Timestamp | None] | None,
) -> Again:
    """Judge the runs since the return, or of the last four weeks where there was none.

    Parameters
    ----------
    daily : DataFrame
        Daily load up to the last day that counts.
    before : Before
        The break and the return.
    diary : DataFrame
        What `loadmon.athlete.diary.load_diary` gives.
    reason : str
        Why there was a break: after injury or pain a run counts only if pain was noted.
    answers : mapping
        Answers to the questions: the site, and pain that is usual before running.
    programme : Programme or None
        Whose levels count.
    earlier : (DataFrame, Timestamp or None) or None
        The plan as it was made on the eve of the return, and when it reached its goal.
    """
    since = _since(daily, before)
    runs = [day for day in daily.index[daily["runs"] > 0] if day >= since]
    seen = seen_after(
        diary[diary["date"] <= daily.index[-1]] if len(daily) else diary,
        runs,
        site_for(reason, answers),
        float(answers.get("pain_before", 0.0)),
    )
    sessions = nothing_before().sessions if earlier is None else followed(daily, earlier[0], since)
    by_plan = earlier is not None and is_followed(sessions)
    state = _state(dict(zip(runs, seen, strict=True)), sessions, reason, programme)
    if runs and not (before.mid_return or before.carries_on):
        state = replace(state, level=_level_after(before, state, reason, programme), clean=0)
    return Again(
        sessions=sessions.assign(seen=_seen_of(sessions, runs, seen)),
        state=state,
        caps=_caps(daily, runs, seen),
        credited_km=credited_km(sessions) if by_plan else {},
        earlier_end=earlier[1] if earlier else None,
        is_followed=by_plan,
    )


def credited(before: Before, again: Again) -> Before:
    """What was before, with no run longer than what it is credited with."""
    first = before.first - len(before.km) * _DAY
    longest = list(before.longest_km)
    for day, km in again.credited_km.items():
        at = (day - first).days
        longest[at] = min(longest[at], km)
    return replace(before, longest_km=longest)


def _since(daily: pd.DataFrame, before: Before) -> pd.Timestamp:
    """First day whose runs are judged."""
    if before.carries_on or daily.empty:
        return before.first - RAMP_HORIZON["base_days"] * _DAY
    return before.chain_first


def _state(
    seen: dict[pd.Timestamp, str],
    sessions: pd.DataFrame,
    reason: Reason,
    programme: Programme | None,
) -> State:
    """Take one run after the other into account."""
    state = State()
    rows = zip(sessions["date"], sessions["became"], sessions["whole"], strict=True)
    became = {day: (word, whole) for day, word, whole in rows}
    for day, one in seen.items():
        word, whole = became.get(day, ("", False))
        counts = word not in ("shortened", "unknown") and (whole or programme is None)
        if one == UNKNOWN and reason not in SCREENED:
            one = "none"
        if RULES.get(one) is not None and RULES[one].action == "advance" and not counts:
            one = UNKNOWN
        state = _stepped(state, one, day.toordinal(), programme)
    return state


def _level_after(before: Before, state: State, reason: Reason, programme: Programme | None) -> int:
    """Level with which a return goes on that a break has cut short.

    Anew after a long break. After a shorter one it is the level before, but who already ran
    without walks is where anybody is after such a break.
    """
    if before.days_off > WALK_RUN["from_days_off"]:
        return 0
    if programme is None and state.level == TOP:
        return 0 if reason in SCREENED else TOP
    return max(0, state.level - 1)


def _stepped(state: State, seen: str, day: int, programme: Programme | None) -> State:
    """One session of the programme's levels, or of loadmon's own."""
    if programme is None:
        return step(state, seen, day, top=TOP)
    times = programme.stages[state.level].times
    top, most = len(programme.stages) - 1, programme.max_levels_in_7
    return step(state, seen, day, top=top, times=times, most_ups=most)


def _seen_of(sessions: pd.DataFrame, runs: list[pd.Timestamp], seen: list[str]) -> list[str]:
    """Observation of each row; empty where there was no run."""
    by_day = dict(zip(runs, seen, strict=True))
    return [by_day.get(day, "") for day in sessions["date"]]


def _caps(daily: pd.DataFrame, runs: list[pd.Timestamp], seen: list[str]) -> tuple[Cap, ...]:
    """What the last run with a word about pain puts on top: no rest cut short, no longer run."""
    told = [(day, RULES[one], one) for day, one in zip(runs, seen, strict=True) if one in RULES]
    if not told or told[-1][1].action in ("advance", "refuse"):
        return ()
    day, rule, one = told[-1]
    why = f"{_SAID[one]} after the run of {day_text(day)}"
    careful = day + RAMP_FOLLOWED["careful_days"] * _DAY
    km = daily["longest_km"]
    most = float(km[day])
    if rule.level_change < 0:
        good = [float(km[d]) for d, r, _ in told[:-1] if r.action == "advance" and km[d] < most]
        most = max(good) if good else min((float(km[d]) for d in runs if km[d] > 0), default=most)
    caps = []
    if most == most:
        caps.append(Cap(until=_date(careful), run_km=most, why=f"{why}: do not advance"))
    if rule.days_off:
        rest = _date(day + rule.days_off * _DAY)
        caps.append(Cap(until=rest, run_km=0.0, why=f"{why}: {rule.days_off} days off"))
    return tuple(caps)


def _date(day: pd.Timestamp) -> date:
    return day.date()
