"""Strength sessions from the watch and the diary, and the clinic's six exercises in them."""

from __future__ import annotations

import pandas as pd

from loadmon.checks.findings import Row, finding
from loadmon.checks.view import View
from loadmon.checks.words import count_text, day_text
from loadmon.evidence.strength import EXERCISES, STRENGTH, STRENGTH_SUB_SPORTS
from loadmon.load.threshold import above

_WEEK = 7

SESSION_COLUMNS = {
    "date": "datetime64[us]",
    "source": "str",
    "minutes": "float64",
    "sets": "float64",
    "exercises": "str",
}


def exercise_of(category: str, exercise: str) -> str:
    """Name which of the clinic's exercises a recorded set is; empty for none of them.

    Parameters
    ----------
    category, exercise : str
        Names of the FIT profile, such as ``plank`` and ``weighted_side_plank``; a watch that knows
        the category only leaves `exercise` empty.
    """
    for known in EXERCISES:
        if any(name in exercise for name in known.recorded.get(category, ())):
            return known.name
    return "plank" if category == "plank" and not exercise else ""


def strength_sessions(
    activities: pd.DataFrame, sets: pd.DataFrame, diary: pd.DataFrame
) -> pd.DataFrame:
    """Every strength session, once.

    Parameters
    ----------
    activities : DataFrame
        One row per activity.
    sets : DataFrame
        One row per set of exercises: ``activity_id``, ``category``, ``exercise``.
    diary : DataFrame
        What `loadmon.athlete.diary.load_diary` gives.

    Returns
    -------
    DataFrame
        In order of day: ``date``; ``source`` (``watch``, ``diary``); ``minutes`` of timer time and
        number of ``sets`` (NaN where not recorded); ``exercises``: the clinic's own by name,
        joined by commas, empty where none is recognised. A diary entry on the day of a
        recorded session is that session: its exercises are added to it.

    Notes
    -----
    A session is an activity of strength, core, pilates, yoga or mobility training
    (`loadmon.evidence.strength`), or any activity with recorded sets.
    """
    has_sets = activities["activity_id"].isin(sets["activity_id"])
    own = activities[has_sets | activities["sub_sport"].isin(STRENGTH_SUB_SPORTS)]
    rows = [
        _recorded(*session, sets)
        for session in zip(own["activity_id"], own["date"], own["duration_min"], strict=True)
    ]
    told = diary[diary["strength"] != ""]
    for entry in told.to_dict("records"):
        same_day = [row for row in rows if row["date"] == entry["date"]]
        names = _named(str(entry["strength"]))
        if same_day:
            same_day[0]["exercises"] = _joined(str(same_day[0]["exercises"]).split(",") + names)
        else:
            rows.append(_row(entry["date"], "diary", names))
    frame = pd.DataFrame(rows, columns=list(SESSION_COLUMNS)).astype(SESSION_COLUMNS)
    return frame.sort_values("date", kind="stable", ignore_index=True)


def _recorded(
    activity_id: str, day: pd.Timestamp, minutes: float, sets: pd.DataFrame
) -> dict[str, object]:
    """One session of the watch."""
    own = sets[sets["activity_id"] == activity_id]
    pairs = zip(own["category"].tolist(), own["exercise"].tolist(), strict=True)
    names = [exercise_of(category, exercise) for category, exercise in pairs]
    row = _row(day, "watch", names)
    return row | {"minutes": minutes, "sets": len(own) or float("nan")}


def _row(day: object, source: str, names: list[str]) -> dict[str, object]:
    nan = float("nan")
    return {
        "date": day,
        "source": source,
        "minutes": nan,
        "sets": nan,
        "exercises": _joined(names),
    }


def _joined(names: list[str]) -> str:
    """Names once each, in the order of the clinic's list."""
    order = [known.name for known in EXERCISES]
    return ",".join(name for name in order if name in names)


def _named(text: str) -> list[str]:
    """Exercises of a diary entry as the clinic calls them."""
    words = [word.strip().lower().replace("_", " ") for word in text.split(",")]
    plain = {known.name.replace("-", " "): known.name for known in EXERCISES}
    return [plain.get(word.replace("-", " "), "") for word in words]


def weekly_strength(
    sessions: pd.DataFrame, first: pd.Timestamp, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Strength sessions of each ISO week, weeks without any included.

    Parameters
    ----------
    sessions : DataFrame
        What `strength_sessions` gives.
    first, as_of : Timestamp
        First and last day that count.

    Returns
    -------
    DataFrame
        Index ``week_start`` (Monday): ``sessions``; ``exercises``, the clinic's own done in the
        week, joined by commas.
    """
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


def strength(view: View) -> Row:
    """Tell how often strength was trained, against the goal.

    Parameters
    ----------
    view : View
        The day and what led up to it.

    Returns
    -------
    dict
        A finding over four weeks. Flagged only below a goal that the runner has set; the usual
        goal is named, and nobody is flagged for it. Not set up where no session was ever recorded
        or noted.
    """
    sessions = strength_sessions(view.activities, view.archive.sets, view.athlete.diary)
    sessions = sessions[sessions["date"] <= view.as_of]
    if sessions.empty:
        message = "No strength session is recorded or noted."
        need = "strength sessions on the watch, or: loadmon log PATH --strength plank,bridge"
        return finding("strength", "not_set_up", "", message, missing=need)
    days = int(STRENGTH["window_days"])
    recent = sessions[sessions["date"] > view.as_of - pd.Timedelta(days=days)]
    own, goal = view.athlete.strength_per_week, view.athlete.strength_goal
    weekly = len(recent) / (days / _WEEK)
    told: Row = {"evidence": STRENGTH, "value": weekly, "limit": goal}
    told |= {"unit": "sessions a week", "window": f"{days} days", "date": sessions["date"].iloc[-1]}
    message = f"{count_text(len(recent), 'strength session')} in {days} days, {weekly:.1f} a week"
    done = _joined(",".join(recent["exercises"]).split(","))
    message += f" ({done.replace(',', ', ')})" if done else ""
    message += f"; the last on {day_text(sessions['date'].iloc[-1])}."
    whose = f"Your goal: {own:g}." if own == own else f"The trials had {goal:g} a week."
    if above(own, weekly):
        return finding("strength", "flagged", "below_goal", f"{message} {whose}", **told)
    return finding("strength", "ok", "none", f"{message} {whose}", **told)
