"""Where a runner stands in a plan: what was run, what was felt, what comes next."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd

from loadmon.evidence.pain import DIARY_PAIN, PAIN_MONITORING, PAIN_RULE, RULES, Site
from loadmon.evidence.ramp import RAMP_FOLLOWED, RAMP_HORIZON, WALK_RUN, Programme
from loadmon.ramp.history import Before
from loadmon.ramp.programme import TOP
from loadmon.ramp.screening import SCREENED, UNKNOWN, Answers, Reason, State, site_for, step
from loadmon.rules.limits import Cap
from loadmon.rules.symptoms import Felt, felt_by_run, site_of
from loadmon.units import day_text

# What became of a plan: each planned run beside what was really run.

_DAY = pd.Timedelta(days=1)
#: Day, planned and run [km], what became of it, whether it was planned whole.
Row = tuple[pd.Timestamp, float, float, str, bool]
COLUMNS = {
    "date": "datetime64[us]",
    "planned_km": "float64",
    "run_km": "float64",
    "became": "str",
    "whole": "bool",
}


def followed(daily: pd.DataFrame, plan: pd.DataFrame, since: pd.Timestamp) -> pd.DataFrame:
    """Planned runs and real ones side by side.

    Returns one row per planned run and per other run, in order: ``date`` of the run, or of the
    planned one that was missed; ``planned_km``, NaN for a run that was not planned; ``run_km``,
    NaN where it is not known; ``became``: ``done``, ``shortened``, ``overdone``, ``missed``,
    ``extra``, ``unknown``; ``whole``: whether it was planned without being cut by a limit.

    A run on the day before or after a planned one, where no other stands, is that run moved.
    """
    real = daily.loc[since:]
    ran = {day: km for day, km, n in zip(real.index, real["load"], real["runs"], strict=True) if n}
    unknown = set(real.index[real["load"].isna()])
    ahead = plan[(plan["distance_km"] > 0) & (plan["date"] <= daily.index[-1])]
    wanted = dict(zip(ahead["date"], ahead["distance_km"], strict=True))
    whole = dict(zip(ahead["date"], ahead["limited_by"] == "programme", strict=True))
    places = _places(list(wanted), [*ran])
    rows = [
        _run(places[day], km, ran[places[day]], whole[day])
        if day in places
        else _missed(day, km, whole[day], is_known=day not in unknown)
        for day, km in wanted.items()
    ]
    left = [day for day in ran if day not in places.values()]
    nan = float("nan")
    rows += [(d, nan, ran[d], "extra" if ran[d] == ran[d] else "unknown", False) for d in left]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    return frame.sort_values("date", kind="stable", ignore_index=True)


def credited_km(sessions: pd.DataFrame) -> dict[pd.Timestamp, float]:
    """Distance up to which each run beyond its plan raises the next ones. [km]

    The longest that was planned up to its day; 0 where nothing was.
    """
    beyond = sessions.loc[sessions["became"].isin(["overdone", "extra"]), "date"]
    most = {d: sessions.loc[sessions["date"] <= d, "planned_km"].max() for d in beyond}
    return {day: float(km) if km == km else 0.0 for day, km in most.items()}


def is_followed(sessions: pd.DataFrame) -> bool:
    """Whether the runs follow the plan at all: at least half of them are as planned or shorter."""
    ran = sessions[~sessions["became"].isin(["missed", "unknown"])]
    as_planned = ran["became"].isin(["done", "shortened"]).sum()
    return bool(len(ran) and as_planned >= RAMP_FOLLOWED["follows_from"] * len(ran))


def _places(
    planned: list[pd.Timestamp], ran: list[pd.Timestamp]
) -> dict[pd.Timestamp, pd.Timestamp]:
    """Day on which each planned run was run: its own, or one beside it."""
    places = {day: day for day in planned if day in ran}
    for day in planned:
        taken = {*places.values(), *planned}
        near = [d for d in ran if abs((d - day).days) <= RAMP_FOLLOWED["moved_days"]]
        free = [d for d in near if d not in taken]
        if day not in places and free:
            places[day] = free[0]
    return places


def _run(day: pd.Timestamp, planned: float, km: float, whole: bool) -> Row:
    """A planned run that was run."""
    return day, planned, km, _became(planned, km), whole


def _missed(day: pd.Timestamp, planned: float, whole: bool, *, is_known: bool) -> Row:
    """A planned run that was not run, as far as it is known."""
    if is_known:
        return day, planned, 0.0, "missed", whole
    return day, planned, float("nan"), "unknown", whole


def _became(planned: float, km: float) -> str:
    """Word for a run against its plan."""
    slack = max(RAMP_FOLLOWED["km"], RAMP_FOLLOWED["share"] * planned)
    if km != km:
        return "unknown"
    if km > planned + slack + 1e-9:
        return "overdone"
    return "shortened" if km < planned - slack - 1e-9 else "done"


# What the diary tells of each run, seen as one of the observations that the rules are about.


#: Observations of several sites of one run: the one that comes first here counts.
_WORST = ("refuse", "stop", "reduce", "hold", UNKNOWN, "advance")


def seen_after(
    diary: pd.DataFrame, runs: list[pd.Timestamp], site: Site, baseline: float
) -> list[str]:
    """Observation of each run, worst site first."""
    told = felt_by_run(diary, runs, site)
    return [_worst([observe(felt, s, baseline) for s, felt in told[day].items()]) for day in runs]


def reason_told(diary: pd.DataFrame, as_of: pd.Timestamp, reason: Reason) -> Reason:
    """Reason of a plan, or the one that recent pain in the diary stands for."""
    since = as_of - (DIARY_PAIN["days"] - 1) * _DAY
    recent = diary[diary["date"].between(since, as_of) & (diary["pain"] > DIARY_PAIN["above"])]
    if reason in SCREENED or recent.empty:
        return reason
    tissues = {site_of(text).tissue for text in recent["site"]}
    return "bone" if "bone" in tissues else "back-pain" if tissues == {"back"} else "injury"


def observe(felt: Felt, site: Site, baseline: float = 0.0) -> str:
    """See one session as an observation of the rules that hold for its site.

    Returns A key of `loadmon.evidence.pain.RULES`, or `UNKNOWN` where too little is told to count.

    No pain in the session itself needs no word about the next morning; pain that was felt counts
    only once the next morning is told to be no worse than before.
    """
    told = [x for x in (felt.before, felt.during, felt.after, felt.morning) if x == x]
    if not told:
        return UNKNOWN
    if site.tissue == "bone":
        return "bone" if max(told) > 0 else _settled(felt)
    if max(told) > PAIN_RULE["stop_above"]:
        return "excessive"
    is_worse = felt.is_worse(baseline)
    if site.tissue in ("tendon", "back"):
        return _monitored(felt, is_worse)
    return _sore(felt, is_worse)


def pain_action(pain: float, *, worse_next_morning: bool) -> str:
    """Observation of the pain-monitoring model: pain in the session, and the next morning."""
    if pain > PAIN_RULE["stop_above"]:
        return "excessive"
    if worse_next_morning:
        return "worse_next_morning"
    return "mild" if pain <= PAIN_MONITORING["mild_until"] else "acceptable"


def _settled(felt: Felt) -> str:
    """A session without pain, as far as it is told."""
    return "none" if felt.peak == 0 else UNKNOWN


def _monitored(felt: Felt, is_worse: bool) -> str:
    """Pain monitoring of a session whose pain is not excessive."""
    peak = felt.peak
    if is_worse:
        return "worse_next_morning"
    if peak != peak:
        return UNKNOWN
    seen = pain_action(peak, worse_next_morning=False)
    waits = seen == "mild" and peak > 0 and felt.morning != felt.morning
    return UNKNOWN if waits else seen


def _sore(felt: Felt, is_worse: bool) -> str:
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


def _worst(seen: list[str]) -> str:
    """The observation that outranks the others."""

    def rank(one: str) -> int:
        return _WORST.index(RULES[one].action if one in RULES else UNKNOWN)

    return min(seen, key=rank) if seen else UNKNOWN


# Planning again: what became of the plan so far, what was felt, and what follows from both.


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
        What `loadmon.ramp.progress.followed` gives, with ``seen``, the observation of each run;
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
    """Judge the runs since the return, or of the last four weeks where there was none."""
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
