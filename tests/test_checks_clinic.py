"""Findings of strength, shoes, symptoms and signs: told in full, flagged by rule, never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import ModuleType

import pandas as pd
import pytest
from forbidden import FORBIDDEN
from made import activities, archive, runs

from loadmon.athlete import Shoe
from loadmon.diary import DIARY_COLUMNS, no_diary
from loadmon.io.archive import Archive
from loadmon.rules import effort_and_form, strength_shoes
from loadmon.rules.engine import check, flag_history

WEEK = [5.0, 0, 5.0, 0, 5.0, 0, 5.0]
STEADY = WEEK * 8  # to Wednesday 25 February 2026
LAST = pd.Timestamp("2026-02-25")


def diary(*entries: dict[str, object]) -> pd.DataFrame:
    """Entries with days before 25 February under ``ago``."""
    rows = [{**e, "date": LAST - pd.Timedelta(days=int(str(e["ago"])))} for e in entries]
    frame = pd.DataFrame(rows, columns=list(DIARY_COLUMNS))
    words = [c for c in DIARY_COLUMNS if c not in ("date", "pain", "rpe")]
    frame[words] = frame[words].astype(object).fillna("").astype("str")
    frame[["pain", "rpe"]] = frame[["pain", "rpe"]].astype("float64")
    return frame.sort_values("date", kind="stable", ignore_index=True)


def found(name: str, given: Archive) -> pd.Series:
    row = check(given).to_frame().set_index("check").loc[name]
    text = str(row["message"]).lower()
    assert not [phrase for phrase in FORBIDDEN if phrase in text]
    return row


# --- symptoms -----------------------------------------------------------------------------------


def symptoms(*entries: dict[str, object]) -> pd.Series:
    return found("symptoms", archive(runs(STEADY), diary=diary(*entries)))


def test_pain_never_noted_is_not_known_and_says_how_to_note_it() -> None:
    row = found("symptoms", archive(runs(STEADY), diary=no_diary()))
    assert row["verdict"] == "not_set_up"
    assert "loadmon log" in row["missing"]
    only_notes = symptoms({"ago": 1, "note": "tired"})
    assert only_notes["verdict"] == "not_set_up"


def test_pain_noted_only_long_ago_is_unknown_now() -> None:
    row = symptoms({"ago": 7, "pain": 2})
    assert (row["verdict"], row["missing"].startswith("loadmon log")) == ("unknown", True)
    assert "Wed 18 Feb" in row["message"]


def test_pain_is_told_in_full_and_none_is_said_to_be_none() -> None:
    row = symptoms({"ago": 6, "pain": 2, "site": "Back"}, {"ago": 1, "pain": 1, "site": "back"})
    assert (row["verdict"], row["level"], row["value"]) == ("ok", "noted", 2.0)
    assert row["message"] == "Pain noted (back): at most 2 of 10, on Thu 19 Feb."
    assert symptoms({"ago": 0, "pain": 0})["level"] == "none"


@pytest.mark.parametrize(
    ("entries", "rule", "words"),
    [
        ([{"ago": 1, "pain": 6}], "above", "Pain of 6 of 10"),
        (
            [
                {"ago": 4, "pain": 2, "when": "during"},
                {"ago": 3, "pain": 3, "when": "next-morning"},
                {"ago": 2, "pain": 2, "when": "during"},
                {"ago": 1, "pain": 3, "when": "next-morning"},
            ],
            "worse_mornings",
            "worse on two mornings",
        ),
        ([{"ago": n, "pain": 2, "site": "back"} for n in (45, 20, 0)], "lasting", "(back)"),
    ],
)
def test_a_rule_for_seeing_somebody_flags_and_says_so(
    entries: list[dict[str, object]], rule: str, words: str
) -> None:
    row = symptoms(*entries)
    assert (row["verdict"], row["level"]) == ("flagged", rule)
    assert words in row["message"]
    assert "examine you" in row["message"]


def test_the_gravest_rule_gives_the_level_and_all_are_told() -> None:
    row = symptoms({"ago": 45, "pain": 2}, {"ago": 20, "pain": 2}, {"ago": 0, "pain": 7})
    assert (row["level"], row["value"]) == ("above", 7.0)
    assert "45 days" in row["message"]


# --- strength -----------------------------------------------------------------------------------


def gym(*ago: int, **words: object) -> Archive:
    sessions: list[dict[str, object]] = [
        {
            "date": f"{LAST - pd.Timedelta(days=n):%Y-%m-%d}",
            "sport": "training",
            "sub_sport": "strength_training",
            "duration_min": 30.0,
        }
        for n in ago
    ]
    plain = [{"date": f"{d:%Y-%m-%d}", "distance_km": 5.0} for d in runs(STEADY)["date"]]
    return archive(activities([*plain, *sessions]), **words)


def test_no_strength_session_ever_is_not_set_up() -> None:
    row = found("strength", gym())
    assert (row["verdict"], row["missing"] != "") == ("not_set_up", True)


def test_nobody_is_flagged_below_a_goal_they_did_not_set() -> None:
    row = found("strength", gym(3))
    assert (row["verdict"], row["value"], row["limit"]) == ("ok", 0.25, 2.0)
    assert "The trials had 2 a week" in row["message"]


@pytest.mark.parametrize(
    ("ago", "verdict"),
    [
        ((0, 7, 14, 27), "ok"),
        ((0, 7, 14, 28), "flagged"),
        ((0, 7, 14), "flagged"),
        ((40,), "flagged"),
    ],
)
def test_below_the_own_goal_is_a_flag(ago: tuple[int, ...], verdict: str) -> None:
    row = found("strength", gym(*ago, strength_per_week=1.0))
    assert row["verdict"] == verdict
    assert "Your goal: 1." in row["message"]


def test_the_clinics_exercises_are_named() -> None:
    given = gym(3, diary=diary({"ago": 3, "strength": "plank, bird dog"}))
    assert "(plank, bird dog)" in found("strength", given)["message"]


# --- shoes --------------------------------------------------------------------------------------


def shod(*shoes: Shoe, loads: list[float] = STEADY, **gear: str) -> Archive:
    frame = runs(loads)
    given = archive(frame, shoes=shoes)
    rows = pd.DataFrame({"activity_id": list(gear), "gear": list(gear.values())}, dtype="str")
    return replace(given, gear=rows)


def test_no_known_pair_is_not_set_up() -> None:
    assert found("shoes", shod())["verdict"] == "not_set_up"


def test_custom_distances_are_named_as_custom_and_flag_nothing() -> None:
    fresh = found("shoes", shod(Shoe(name="road", start_km=100)))
    assert (fresh["verdict"], fresh["level"], fresh["limit"]) == ("ok", "none", 500.0)
    assert fresh["message"] == "road: 260 km run."
    worn_out = found("shoes", shod(Shoe(name="road", start_km=700)))
    assert (worn_out["verdict"], worn_out["level"]) == ("ok", "past_late")
    assert "no trial stands behind it" in worn_out["message"]
    assert found("shoes", shod(Shoe(name="road", start_km=400)))["level"] == "past_note"


def test_beyond_the_own_limit_is_a_flag_at_it_is_none() -> None:
    at = found("shoes", shod(Shoe(name="road", retire_km=160)))
    beyond = found("shoes", shod(Shoe(name="road", retire_km=159)))
    assert (at["verdict"], beyond["verdict"], beyond["level"]) == ("ok", "flagged", "own_limit")
    assert "your own limit is 159 km" in beyond["message"]


def test_a_forecast_stands_where_it_can_be_made() -> None:
    row = found("shoes", shod(Shoe(name="road", retire_km=360)))  # 200 km left at 20 a week
    assert "your own limit is reached on Wed 6 May 2026" in row["message"]


def test_a_new_pair_beside_a_jump_is_a_flag_and_one_alone_is_none() -> None:
    new = Shoe(name="new", from_day=date(2026, 2, 20))
    old = Shoe(name="old", until_day=date(2026, 2, 19))
    assert found("shoes", shod(old, new))["verdict"] == "ok"
    jump = [*STEADY[:-1], 9.0]
    row = found("shoes", shod(old, new, loads=jump))
    assert (row["verdict"], row["level"]) == ("flagged", "new_pair")
    assert "a new pair since Sat 21 Feb" in row["message"]
    assert "a jump (Wed 25 Feb)" in row["message"]


def test_a_new_pair_in_a_return_is_a_flag() -> None:
    back = [*STEADY[:28], *[0.0] * 21, 2.0, 0, 2.0, 0, 2.0, 0, 2.0]
    new = Shoe(name="new", from_day=date(2026, 2, 19))
    row = found("shoes", shod(new, loads=back))
    assert (row["verdict"], row["level"]) == ("flagged", "new_pair")
    assert "return from a lay-off" in row["message"]


def test_distance_without_a_pair_is_told() -> None:
    new = Shoe(name="new", from_day=date(2026, 2, 20))
    assert "km in runs without a known pair" in found("shoes", shod(new))["missing"]


# --- signs of overtraining ----------------------------------------------------------------------


def tired(*, effort: float = 0.0, resting: float = 0.0, known: bool = True) -> Archive:
    days = [LAST - pd.Timedelta(days=3 * i) for i in range(30)]
    sessions = [
        {
            "date": f"{day:%Y-%m-%d}",
            "distance_km": 5.0,
            "duration_min": 30.0 + n % 7,
            "rpe": 4 + 0.1 * (n % 7) + (effort if n < 9 else 0.0),
        }
        for n, day in enumerate(days)
    ]
    rates = [50 + (resting if n < 9 else 0.0) for n in range(30)]
    told = pd.DataFrame({"date": days, "resting_hr_bpm": rates})
    given = archive(activities(sessions))
    return replace(given, device_settings=told if known else told.iloc[:0])


def test_two_signs_together_are_a_flag_one_alone_is_told_and_flags_nothing() -> None:
    both = found("overtraining", tired(effort=1.5, resting=6))
    assert (both["verdict"], both["value"]) == ("flagged", 2)
    assert "perceived effort of equal runs +1.5 points" in both["message"]
    assert "Heat, hills, illness" in both["message"]
    one = found("overtraining", tired(effort=1.5))
    assert (one["verdict"], one["level"]) == ("ok", "one")
    assert found("overtraining", tired())["level"] == "none"


def test_fewer_than_two_known_signs_are_not_set_up_and_the_one_is_told() -> None:
    row = found("overtraining", tired(effort=1.5, known=False))
    assert row["verdict"] == "not_set_up"
    assert "says nothing alone" in row["message"]
    assert found("overtraining", archive(runs(STEADY)))["verdict"] == "not_set_up"


# --- a rule is changed in its one file ----------------------------------------------------------


def jumped() -> Archive:
    old = Shoe(name="old", until_day=date(2026, 2, 19))
    return shod(old, Shoe(name="new", from_day=date(2026, 2, 20)), loads=[*STEADY[:-1], 9.0])


@pytest.mark.parametrize(
    ("check_name", "module", "entry", "values", "given"),
    [
        (
            "overtraining",
            effort_and_form,
            "OVERTRAINING",
            {"signs": 3},
            tired(effort=1.5, resting=6),
        ),
        ("shoes", strength_shoes, "SHOE_NEW", {"first_days": 1}, jumped()),
        (
            *("strength", strength_shoes, "STRENGTH", {"window_days": 7}),
            gym(0, 7, 14, strength_per_week=1.0),
        ),
    ],
)
def test_who_changes_a_rule_of_the_clinic_in_its_file_changes_check_and_history(
    check_name: str,
    module: ModuleType,
    entry: str,
    values: dict[str, float],
    given: Archive,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def answers() -> tuple[bool, bool]:
        flags = flag_history(given)
        last = flags[
            (flags["check"] == check_name) & (flags["until"] == given.activities["date"].max())
        ]
        return found(check_name, given)["verdict"] == "flagged", len(last) > 0

    assert answers() == (True, True)
    old = getattr(module, entry)
    monkeypatch.setattr(module, entry, replace(old, values={**old.values, **values}))
    assert answers() == (False, False)
