"""Any history, diary and wish: a plan within every limit, or a refusal that says why.

``LOADMON_EXAMPLES=2000`` tries as many; a few are enough for every day.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from made import activities

from loadmon.athlete import Athlete
from loadmon.diary import DIARY_COLUMNS, WHEN, no_diary
from loadmon.errors import SettingError
from loadmon.evidence.pain import SITES
from loadmon.evidence.ramp import PROGRAMMES
from loadmon.ramp.plan import plan_ramp
from loadmon.ramp.screening import (
    EMERGENCY_TEXT,
    RED_FLAGS,
    SCREENED,
    STOP_TEXT,
    URGENT_TEXT,
    questions_for,
)
from loadmon.ramp.verify import verify_ramp
from loadmon.rules.limits import Cap

FIRST = pd.Timestamp("2026-11-16")  # a Monday
ONE = pd.Timedelta(days=1)
CLEAR: dict[str, Any] = dict.fromkeys(questions_for("injury"), False)
WELL = dict.fromkeys(questions_for("illness"), False)
AGREED = CLEAR | {"clinician_agreed": True}


@st.composite
def histories(draw: st.DrawFn) -> tuple[Any, list[int]]:
    """Runs on random days of random lengths, a lay-off, now and then an unknown day."""
    off, span = draw(st.integers(0, 45)), draw(st.integers(1, 120))
    some = st.sets(st.integers(off + 1, off + span), min_size=1, max_size=60)
    days = sorted(draw(some), reverse=True)
    km = draw(st.lists(st.floats(1.0, 42.2), min_size=len(days), max_size=len(days)))
    unknown = draw(st.lists(st.integers(1, off + span), max_size=3))
    frame = activities(
        [(f"{FIRST - d * ONE:%Y-%m-%d}", x) for d, x in zip(days, km, strict=True)],
        unknown_days=[f"{FIRST - d * ONE:%Y-%m-%d}" for d in unknown],
    )
    return SimpleNamespace(activities=frame), days


@st.composite
def diaries(draw: st.DrawFn, days: list[int]) -> pd.DataFrame:
    """Entries about some of the last runs."""
    blank = dict.fromkeys(DIARY_COLUMNS, "") | {"rpe": float("nan")}
    rows = [
        blank
        | {
            "date": FIRST - day * ONE,
            "when": draw(st.sampled_from(WHEN)),
            "pain": float(draw(st.integers(0, 7))),
            "site": draw(st.sampled_from(["", *(site.key for site in SITES)])),
        }
        for day in days[-6:]
        if draw(st.booleans())
    ]
    types = no_diary().dtypes.to_dict()
    return pd.DataFrame(rows, columns=list(DIARY_COLUMNS)).astype(types)


@st.composite
def wishes(draw: st.DrawFn) -> dict[str, Any]:
    """A goal or a programme, days, pace, and now and then a cap."""
    goal = draw(st.sampled_from(["none", "week", "long", "both", "programme"]))
    wish: dict[str, Any] = {"pace": draw(st.sampled_from(["steady", "earliest"]))}
    wish["run_days"] = draw(st.sampled_from([None, "mon,thu", "tue,thu,sun", "mon,wed,fri"]))
    if goal in ("week", "both"):
        wish["target_km"] = draw(st.floats(5, 40))
    if goal in ("long", "both"):
        wish["target_long_km"] = draw(st.floats(20, 30) if goal == "both" else st.floats(5, 30))
    if goal == "programme":
        wish["programme"] = draw(st.sampled_from(list(PROGRAMMES)))
    if draw(st.integers(0, 3)) == 0:
        until = (FIRST + draw(st.integers(0, 60)) * ONE).date()
        cap = Cap(until=until, run_km=draw(st.sampled_from([0.0, 4.0])), run_min=30.0)
        wish["limits"] = {"caps": (cap,)}
    return wish


@given(st.data())
def test_a_plan_is_within_every_limit_or_there_is_none(data: st.DataObject) -> None:
    archive, days = data.draw(histories())
    diary = data.draw(diaries(days))
    wish = data.draw(wishes())
    resume = FIRST + data.draw(st.integers(0, 6)) * ONE
    who = Athlete(diary=diary)
    reason = data.draw(st.sampled_from(["rest", "illness", "injury", "back-pain", "bone"]))
    pains: list[dict[str, Any]] = [{}, {"pain": 3}, {"pain_next_morning": 1}]
    answers = AGREED | WELL | data.draw(st.sampled_from(pains))
    wish |= {"reason": reason, "screening": answers}
    try:
        ramp = plan_ramp(archive, resume=resume, athlete=who, **wish)
    except SettingError as error:
        told = str(error)
    else:
        told = ""
    if told:
        told_why = ("target_km=", "needs runs longer", "out of proportion", "too short to plan")
        assert any(why in told for why in (*told_why, "is more than a week of target_km"))
        return
    plan, km = ramp.plan, ramp.plan["distance_km"].to_numpy()
    if plan.empty:
        assert "no plan" in ramp.message.lower()
        return
    assert verify_ramp(archive, plan, ramp.limits, as_of=resume - ONE).empty
    assert ramp.message.endswith(STOP_TEXT)
    assert (km >= 0).all()
    assert not ((km > 0) & (km < 0.1)).any()
    assert np.allclose(km * 10, np.round(km * 10), atol=1e-6)
    most = archive.activities["distance_km"].agg(["max", "sum"])
    goal = max(wish.get("target_km", 0.0), wish.get("target_long_km", 0.0), 6.0)
    assert km.max() <= max(1.1 * most["max"], most["max"] + 0.5, goal, most["sum"])
    runs = plan[km > 0]
    if ramp.limits.always_apart and len(runs):  # after injury or pain, or in a programme
        first_weeks = runs[runs["week"] <= 4]
        assert (first_weeks["date"].diff().dropna() > ONE).all()
    if reason in SCREENED and "continued from" not in ramp.message and len(runs):
        first = runs[runs["date"] < runs["date"].iloc[0] + 7 * ONE]
        share = 0.5 if reason == "bone" else 1.0
        assert ((first["repeats"] * first["run_min"]) <= 20 * share + 1e-9).all()
        assert (first["duration_min"] <= 45 * share + 1e-9).all()
    for session, row in zip(ramp.sessions, plan.itertuples(), strict=True):
        assert (session is not None) == (row.distance_km > 0)
        assert session is None or session.running_min > 0


@given(st.data())
def test_no_history_and_no_diary_gives_a_plan_after_a_red_flag(data: st.DataObject) -> None:
    archive, days = data.draw(histories())
    who = Athlete(diary=data.draw(diaries(days)))
    flag = data.draw(st.sampled_from(RED_FLAGS))
    reason = data.draw(st.sampled_from([*SCREENED, "rest"]))
    ramp = plan_ramp(
        archive,
        resume=FIRST,
        athlete=who,
        reason=reason,  # type: ignore[arg-type]
        screening=AGREED | {flag.key: True},
        **data.draw(wishes()),
    )
    assert ramp.plan.empty
    assert ramp.message in (EMERGENCY_TEXT, URGENT_TEXT)
