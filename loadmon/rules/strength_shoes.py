"""The checks `strength` and `shoes`: what the runner does beside running, and runs in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from loadmon.athlete import Shoe
from loadmon.calendar import LONGEST_DAYS
from loadmon.evidence import clinic as clinic_evidence
from loadmon.evidence.clinic import EXERCISES, STRENGTH_SUB_SPORTS
from loadmon.frames import table_of
from loadmon.ratio import above
from loadmon.rules.context import WEEK, CheckContext, Finding, Rule
from loadmon.rules.return_to_run import find_return
from loadmon.units import count_text, day_text, distance_text

#: What this file compares with; it is read here, and nowhere else, each time.
STRENGTH = clinic_evidence.STRENGTH
SHOE_LIFE = clinic_evidence.SHOE_LIFE
SHOE_NEW = clinic_evidence.SHOE_NEW

# Strength sessions from the watch and the diary, and the clinic's six exercises in them.

SESSION_COLUMNS = {
    "date": "datetime64[us]",
    "source": "str",
    "minutes": "float64",
    "sets": "float64",
    "exercises": "str",
}


def exercise_of(category: str, exercise: str) -> str:
    """Name which of the clinic's exercises a recorded set is; empty for none of them."""
    for known in EXERCISES:
        if any(name in exercise for name in known.recorded.get(category, ())):
            return known.name
    return "plank" if category == "plank" and not exercise else ""


def strength_sessions(
    activities: pd.DataFrame, sets: pd.DataFrame, diary: pd.DataFrame
) -> pd.DataFrame:
    """Every strength session, once, in order of day: `STRENGTH_SUB_SPORTS`, or any with sets.

    ``exercises``: the clinic's own, joined by commas. A diary entry on the day of a recorded
    session is that session: its exercises are added to it.
    """
    is_own = activities["sub_sport"].isin(STRENGTH_SUB_SPORTS)
    if len(sets):
        is_own |= activities["activity_id"].isin(sets["activity_id"])
    done: dict[str, list[str]] = {}
    told = (sets[c].tolist() for c in ("activity_id", "category", "exercise"))
    for activity_id, category, exercise in zip(*told, strict=True):
        done.setdefault(activity_id, []).append(exercise_of(category, exercise))
    own = activities.loc[is_own, ["activity_id", "date", "duration_min"]]
    rows = []
    for activity_id, day, minutes in own.itertuples(index=False, name=None):
        names = done.get(activity_id, [])
        recorded = {"minutes": minutes, "sets": len(names) or float("nan")}
        rows.append(_row(day, "watch", names) | recorded)
    for day, text in zip(diary["date"].tolist(), diary["strength"].tolist(), strict=True):
        if text == "":
            continue
        same_day = [row for row in rows if row["date"] == day]
        names = named_exercises(str(text))
        if same_day:
            same_day[0]["exercises"] = _joined(str(same_day[0]["exercises"]).split(",") + names)
        else:
            rows.append(_row(day, "diary", names))
    frame = table_of(rows, SESSION_COLUMNS)
    return frame.sort_values("date", kind="stable", ignore_index=True)


def _row(day: object, source: str, names: list[str]) -> dict[str, object]:
    nothing = {"minutes": float("nan"), "sets": float("nan")}
    return {"date": day, "source": source, **nothing, "exercises": _joined(names)}


def _joined(names: list[str]) -> str:
    """Names once each, in the order of the clinic's list."""
    order = [known.name for known in EXERCISES]
    return ",".join(name for name in order if name in names)


def named_exercises(text: str) -> list[str]:
    """Exercises of a diary entry as the clinic calls them."""
    words = [word.strip().lower().replace("_", " ") for word in text.split(",")]
    plain = {known.name.replace("-", " "): known.name for known in EXERCISES}
    return [plain.get(word.replace("-", " "), "") for word in words]


def weekly_strength(
    sessions: pd.DataFrame, first: pd.Timestamp, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Strength sessions and their exercises of each ISO week, weeks without any included."""
    monday = first - pd.Timedelta(days=first.day_of_week)
    weeks = pd.date_range(monday, as_of, freq="7D", unit="us", name="week_start")
    known = sessions[(sessions["date"] >= first) & (sessions["date"] <= as_of)]
    days = pd.DatetimeIndex(known["date"])
    week = days - pd.to_timedelta(days.day_of_week, unit="D")
    names = known["exercises"].groupby(week).agg(lambda texts: _joined(",".join(texts).split(",")))
    return pd.DataFrame(
        {
            "sessions": known["date"].groupby(week).size().reindex(weeks, fill_value=0),
            "exercises": names.reindex(weeks, fill_value="").astype("str"),
        }
    )


def sessions_of(context: CheckContext) -> pd.DataFrame:
    """Strength sessions of an athlete up to the day (`strength_sessions`)."""
    return context.once(_sessions)


def _sessions(context: CheckContext) -> pd.DataFrame:
    return strength_sessions(context.activities, context.archive.sets, context.athlete.diary)


def goal_per_week(own: float) -> float:
    """Strength sessions a week to aim at: the runner's own number, else that of the trials."""
    return own if own == own else STRENGTH["per_week"]


def evaluate_strength(context: CheckContext) -> Finding:
    """Say how often strength was trained in four weeks; only the runner's own goal can flag."""
    sessions = sessions_of(context)
    sessions = sessions[sessions["date"] <= context.as_of]
    if sessions.empty:
        message = "No strength session is recorded or noted."
        need = "strength sessions on the watch, or: loadmon log PATH --strength plank,bridge"
        return Finding("strength").not_set_up(message, need)
    days, last = int(STRENGTH["window_days"]), sessions["date"].iloc[-1]
    recent = sessions[sessions["date"] > context.as_of - pd.Timedelta(days=days)]
    own = context.athlete.strength_per_week
    goal, weekly = goal_per_week(own), len(recent) / (days / WEEK)
    draft = Finding(
        "strength",
        evidence=STRENGTH,
        value=weekly,
        limit=goal,
        unit="sessions a week",
        window=f"{days} days",
        date=last,
    )
    message = f"{count_text(len(recent), 'strength session')} in {days} days, {weekly:.1f} a week"
    done = _joined(",".join(recent["exercises"]).split(","))
    message += f" ({done.replace(',', ', ')})" if done else ""
    message += f"; the last on {day_text(last)}."
    if above(own, weekly):
        return draft.flagged("below_goal", f"{message} Your goal: {own:g}.")
    whose = (
        f"Your goal: {own:g}."
        if own == own
        else f"The trials had {goal:g} a week; only your own goal is flagged."
    )
    return draft.ok("none", f"{message} {whose}")


# How far each pair of shoes has run: by the platform's gear, else by the runner's own rules.

#: Name in the frame for the distance that no pair is known for.
UNASSIGNED = ""


def worn(activities: pd.DataFrame, gear: pd.DataFrame, shoes: tuple[Shoe, ...]) -> pd.Series:
    """Pair of shoes of each run; empty where no pair is known, for none is guessed.

    The platform's gear counts first; then the only pair whose sports and days fit, one for the
    sub-sport before one for the sport; among several the one default.
    """
    by_gear = dict(zip(gear["activity_id"], gear["gear"], strict=True))
    columns = (activities[c].tolist() for c in ("activity_id", "sport", "sub_sport", "date"))
    named = [
        by_gear.get(activity_id) or _by_rule(sport, sub_sport, day.date(), shoes)
        for activity_id, sport, sub_sport, day in zip(*columns, strict=True)
    ]
    return pd.Series(named, index=activities.index, dtype="str")


def _by_rule(sport: str, sub_sport: str, day: date, shoes: tuple[Shoe, ...]) -> str:
    current = [
        s
        for s in shoes
        if (s.from_day is None or day >= s.from_day) and (s.until_day is None or day <= s.until_day)
    ]
    for kind in (sub_sport, sport):
        fitting = [s for s in current if kind in s.sports]
        defaults = [s for s in fitting if s.is_default]
        for choice in (fitting, defaults):
            if len(choice) == 1:
                return choice[0].name
        if fitting:
            break
    return UNASSIGNED


def shoe_distance(
    runs: pd.DataFrame, pair: pd.Series, shoes: tuple[Shoe, ...], as_of: pd.Timestamp
) -> pd.DataFrame:
    """Distance of each pair in order of first use, the unassigned (``shoe`` empty) last.

    ``total_km`` holds what it had run before; ``retire_on`` is the day on which `retire_km` is
    reached at the rate of the last 8 weeks, NaT if unknown, past or over 100 years ahead.
    """
    past = runs[runs["date"] <= as_of]
    names = pair.loc[past.index]
    groups = past.assign(shoe=names).groupby("shoe", sort=False)
    pairs = groups.agg(
        runs=("date", "size"),
        first=("date", "min"),
        last=("date", "max"),
        distance_km=("distance_km", "sum"),
        unknown=("distance_km", lambda km: int(km.isna().sum())),
    )
    known = {s.name: s for s in shoes}
    start = [known[n].start_km if n in known else 0.0 for n in pairs.index]
    pairs["total_km"] = pairs["distance_km"] + start
    pairs["retire_km"] = [known[n].retire_km if n in known else float("nan") for n in pairs.index]
    weeks = int(SHOE_NEW["recent_weeks"])
    recent = past[past["date"] > as_of - pd.Timedelta(days=WEEK * weeks)]
    last = recent["distance_km"].groupby(names.loc[recent.index]).sum() / weeks
    pairs["weekly_km"] = last.reindex(pairs.index, fill_value=0.0)
    left = pairs["retire_km"] - pairs["total_km"]
    days = (WEEK * left / pairs["weekly_km"].where(pairs["weekly_km"] > 0)).where(left > 0)
    ahead = days.where(days <= LONGEST_DAYS)
    # The oldest pandas casts NaN to a whole number on the way, and warns.
    whole = pd.Series(pd.to_timedelta(np.ceil(ahead.fillna(0.0).to_numpy()), unit="D"), pairs.index)
    pairs["retire_on"] = (whole + as_of).where(ahead.notna()).astype("datetime64[us]")
    pairs = pairs.sort_values("first", kind="stable").reset_index()
    is_own = pairs["shoe"] != UNASSIGNED
    return pd.concat([pairs[is_own], pairs[~is_own]], ignore_index=True)


# Shoes: how far the pairs in use have run, and what was begun together with what.


#: Flags beside which a new pair is better not begun.
_JUMPS = ("session_spike", "weekly_change", "acwr")


def pairs(context: CheckContext) -> pd.DataFrame:
    """Distance of each pair up to the day (`shoe_distance`)."""
    return context.once(_pairs)


def _pairs(context: CheckContext) -> pd.DataFrame:
    runs, shoes = context.runs, context.athlete.shoes
    return shoe_distance(runs, worn(runs, context.archive.gear, shoes), shoes, context.as_of)


def evaluate_shoes(context: CheckContext) -> Finding:
    """Say how far the pairs that ran in the last days have run.

    Flagged beyond the runner's own end of life, or where a new pair was begun in days with a
    flagged jump or a return. 500 and 800 km are named as custom and flag nothing.
    """
    known = pairs(context)
    own = known[known["shoe"] != UNASSIGNED]
    if own.empty:
        return Finding("shoes").not_set_up(SHOES_RULE.nothing, SHOES_RULE.missing)
    current = own[own["last"] > context.as_of - pd.Timedelta(days=context.days)]
    km = float(known.loc[known["shoe"] == UNASSIGNED, "distance_km"].sum())
    missing = f"{_km(km, context)} in runs without a known pair" if km > 0 else ""
    draft = Finding("shoes", evidence=SHOE_LIFE, unit="km", window="all recorded runs")
    draft = replace(draft, missing=missing)
    if current.empty:
        return draft.ok("none", "No known pair was worn on these days.")
    over = current[above(current["total_km"].to_numpy(), current["retire_km"].to_numpy())]
    if len(over):
        worst = over.sort_values("total_km").iloc[-1]
        numbers = {"value": worst["total_km"], "limit": worst["retire_km"], "date": worst["last"]}
        message = f"{_pair(worst, context)}; your own limit is {_km(worst['retire_km'], context)}."
        return draft.flagged("own_limit", message, **numbers)
    new = _new_pair(current, context, draft)
    if new:
        return new
    most = current.sort_values("total_km").iloc[-1]
    km, note, late = most["total_km"], SHOE_LIFE["note_km"], SHOE_LIFE["late_km"]
    level = "none"
    if above(km, note):
        level = "past_late" if above(km, late) else "past_note"
    numbers = {"value": km, "limit": note if level == "none" else late, "date": most["last"]}
    return draft.ok(level, _usual(most, context), **numbers)


def _new_pair(current: pd.DataFrame, context: CheckContext, draft: Finding) -> Finding | None:
    """Find a pair begun beside a jump or a return."""
    days = int(SHOE_NEW["first_days"])
    jumps = (context.flags.loc[context.last(days), list(_JUMPS)] == 1).any(axis=1)
    back = find_return(context.daily, context.as_of)
    new = current[current["first"] > context.as_of - pd.Timedelta(days=days)]
    for _, pair in new.iterrows():
        beside = pd.DatetimeIndex(jumps.index[jumps & (jumps.index >= pair["first"])])
        if len(beside):
            why = f"in the same days as a jump ({day_text(beside[0])})"
        elif back is not None:
            why = f"during the return from a lay-off that began on {day_text(back.first)}"
        else:
            continue
        message = f"{pair['shoe']}: a new pair since {day_text(pair['first'])}, {why}."
        draft = replace(draft, evidence=SHOE_NEW, value=pair["total_km"], date=pair["first"])
        return draft.flagged("new_pair", message)
    return None


def _km(km: float, context: CheckContext) -> str:
    return distance_text(km, context.athlete.units, decimals=0)


def _pair(pair: Any, context: CheckContext) -> str:
    return f"{pair['shoe']}: {_km(pair['total_km'], context)} run"


def _usual(pair: Any, context: CheckContext) -> str:
    """Say how far the pair has run, what is custom, and when its own end comes."""
    text = f"{_pair(pair, context)}."
    if above(pair["total_km"], SHOE_LIFE["note_km"]):
        low, high = _km(SHOE_LIFE["note_km"], context), _km(SHOE_LIFE["late_km"], context)
        text += f" Custom is to retire shoes at {low} to {high}; no trial stands behind it."
    if not pd.isna(pair["retire_on"]):
        text += f" At your present rate your own limit is reached on {day_text(pair['retire_on'])}"
        text += f" {pair['retire_on'].year}."
    return text


def _days_below_goal(context: CheckContext) -> pd.DatetimeIndex:
    """Days since the first session with fewer sessions in four weeks than the runner's own goal."""
    index, own = pd.DatetimeIndex(context.daily.index), context.athlete.strength_per_week
    sessions = sessions_of(context)
    if np.isnan(own) or sessions.empty:
        return index[:0]
    days, dates = int(STRENGTH["window_days"]), pd.DatetimeIndex(sessions["date"])
    until = dates.searchsorted(index, side="right")
    since = dates.searchsorted(index - pd.Timedelta(days=days), side="right")
    below = above(np.full(len(index), own), (until - since) / (days / WEEK))
    return index[below & (until > 0)]


def _days_of_shoes(context: CheckContext) -> pd.DatetimeIndex:
    """Days on which a pair may be new, or beyond the runner's own end of its life."""
    index, known = pd.DatetimeIndex(context.daily.index), pairs(context)
    own = known[known["shoe"] != UNASSIGNED]
    if above(own["total_km"].to_numpy(), own["retire_km"].to_numpy()).any():
        return index
    new = pd.Timedelta(days=int(SHOE_NEW["first_days"]))
    may = np.zeros(len(index), dtype=bool)
    for first in own["first"]:
        may |= (index >= first) & (index < first + new)
    return index[may]


STRENGTH_RULE = Rule(
    "strength", evaluate_strength, may_flag=_days_below_goal, lasting=True, exact=True
)
SHOES_RULE = Rule(
    "shoes",
    evaluate_shoes,
    needs=("gear.gear", "athlete.shoes"),
    nothing="No pair of shoes is known.",
    missing="gear in the export, or [[shoes]] in athlete.toml (loadmon init)",
    may_flag=_days_of_shoes,
    lasting=True,
)
