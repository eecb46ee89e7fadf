"""Planning again: what was run and felt, what follows from it, and what is said."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from made import activities, archive

from loadmon.athlete import Athlete
from loadmon.diary import DIARY_COLUMNS, no_diary
from loadmon.errors import ScreeningNeeded
from loadmon.ramp.plan import plan_ramp
from loadmon.ramp.progress import seen_after
from loadmon.ramp.result import Ramp
from loadmon.ramp.screening import BONE_SITE_TEXT, PROFESSIONAL_TEXT, questions_for
from loadmon.ramp.sessions import UNKNOWN
from loadmon.ramp.verify import verify_ramp
from loadmon.rules.symptoms import site_of

ONE = pd.Timedelta(days=1)
WEEK = [8.0, 0, 8.0, 0, 0, 14.0, 0]
FIRST = pd.Timestamp("2026-01-05")
RETURN = FIRST + 105 * ONE  # Monday 20 April 2026, after 36 days off
PAST = [(FIRST + d * ONE, km) for d, km in enumerate(WEEK * 10) if km]
DAYS = "mon,wed,sat"
CLEAR = dict.fromkeys(questions_for("injury"), False) | {"site": "knee"}
BACK = dict.fromkeys(questions_for("back-pain"), False)
WELL = dict.fromkeys(questions_for("illness"), False)


def archive_of(
    runs: list[tuple[int, float]], unknown: list[int] | None = None, minutes: float | None = None
) -> Any:
    """History, a lay-off, and runs so many days after the return, each of so many minutes."""
    sessions: list[dict[str, object]] = [
        {"date": f"{d:%Y-%m-%d}", "distance_km": km} for d, km in PAST
    ]
    length = {} if minutes is None else {"duration_min": minutes}
    sessions += [
        {"date": f"{RETURN + d * ONE:%Y-%m-%d}", "distance_km": km} | length for d, km in runs
    ]
    days = [f"{RETURN + d * ONE:%Y-%m-%d}" for d in unknown or []]
    return archive(activities(sessions, unknown_days=days), rested_until="2027-01-01")


def diary_of(*entries: tuple[int, str, float, str]) -> Athlete:
    """Diary of (days after the return, when, pain, site)."""
    rows = [
        {"date": RETURN + d * ONE, "when": when, "pain": pain, "site": site}
        for d, when, pain, site in entries
    ]
    blank = dict.fromkeys(DIARY_COLUMNS, "") | {"rpe": float("nan")}
    frame = pd.DataFrame([blank | row for row in rows], columns=list(DIARY_COLUMNS))
    return Athlete(diary=frame.astype(no_diary().dtypes.to_dict()))


ORIGINAL = plan_ramp(archive_of([]), resume=RETURN, target_km=20, run_days=DAYS, easy_pace="7:00")
INJURED = plan_ramp(
    archive_of([]),
    resume=RETURN,
    target_km=20,
    run_days=DAYS,
    easy_pace="7:00",
    reason="injury",
    screening=CLEAR,
)


def runs_of(ramp: Ramp) -> list[tuple[int, float]]:
    """Runs of a plan as (days after the return, km)."""
    rows = zip(ramp.plan["date"], ramp.plan["distance_km"], strict=True)
    return [(int((d - RETURN).days), km) for d, km in rows if km]


PLANNED = runs_of(ORIGINAL)
BY_MINUTES = runs_of(INJURED)


def again(runs: list[tuple[int, float]], day: int, **options: Any) -> Ramp:
    """The plan made again on the eve of a day after the return."""
    asked = {"target_km": 20, "run_days": DAYS, "easy_pace": "7:00"} | options
    archive = archive_of(runs, asked.pop("unknown", None), asked.pop("minutes", None))
    ramp = plan_ramp(archive, resume=RETURN + day * ONE, **asked)
    if len(ramp.plan):
        assert verify_ramp(archive, ramp.plan, ramp.limits).empty
    return ramp


def first_runs(ramp: Ramp, n: int = 3) -> list[float]:
    km = ramp.plan["distance_km"]
    return km[km > 0].head(n).tolist()


@pytest.mark.parametrize("done", [1, 3, 5, 9, 15, 17])
def test_a_plan_that_is_followed_goes_on_as_it_was(done: int) -> None:
    day = PLANNED[done][0]
    ramp = again(PLANNED[:done], day)
    ahead = ORIGINAL.plan[ORIGINAL.plan["date"] >= RETURN + day * ONE]
    assert first_runs(ramp) == ahead.loc[ahead["distance_km"] > 0, "distance_km"].head(3).tolist()
    stages = ahead.loc[ahead["distance_km"] > 0, "stage"].head(3).tolist()
    assert ramp.plan.loc[ramp.plan["distance_km"] > 0, "stage"].head(3).tolist() == stages
    assert f"Against the plan so far: {done} done." in ramp.message


def test_a_missed_run_is_never_caught_up() -> None:
    runs = [PLANNED[0], PLANNED[2]]
    ramp = again(runs, 7)
    assert "2 done, 1 missed. Missed runs are not made up." in ramp.message
    week = ramp.plan[ramp.plan["week"] == 1]["distance_km"].sum()
    assert week <= sum(km for d, km in PLANNED if 7 <= d < 14) + 1e-9


def test_a_week_missed_makes_the_goal_later() -> None:
    runs = [p for p in PLANNED if p[0] < 14]
    ramp = again(runs, 21)
    assert "Return to running on Mon 11 May 2026, after 8 days off." in ramp.message
    # what the two weeks since leave after 8 days: the weeks off before them do not count
    assert ramp.limits.first_week_km == pytest.approx(11.8 * 18 / 19)
    assert ramp.plan["distance_km"].iloc[:7].sum() == pytest.approx(11.1)
    assert ramp.plan["stage"].iloc[0] == "stage 3 of 5"  # six runs lead to 4, the lay-off one back
    assert ramp.reached_on is not None
    assert ORIGINAL.reached_on is not None
    assert ramp.reached_on > ORIGINAL.reached_on


def test_long_runs_that_were_missed_make_the_goal_later_and_the_message_says_so() -> None:
    runs = [p for p in PLANNED if p[0] < 28 and p[0] % 7 != 5]  # no Saturday in four weeks
    ramp = again(runs, 28)
    assert ramp.reached_on is not None
    assert ORIGINAL.reached_on is not None
    days = (ramp.reached_on - ORIGINAL.reached_on).days
    assert days > 0
    assert "4 missed" in ramp.message
    assert f"The goal moves from Sat 30 May 2026 to {ramp.reached_on:%a}" in ramp.message
    assert f", {days} days later." in ramp.message


def test_a_goal_that_is_past_does_not_move() -> None:
    assert ORIGINAL.reached_on is not None
    done = (ORIGINAL.reached_on - RETURN).days
    ramp = again([p for p in PLANNED if p[0] <= done], done + 2)
    assert "The goal moves" not in ramp.message
    assert "The goal was planned for Sat 30 May 2026; this plan has it on" in ramp.message


def test_a_run_beyond_the_plan_does_not_raise_the_next_ones() -> None:
    runs = [*PLANNED[:2], (PLANNED[2][0], 8.0)]
    over, usual = again(runs, 7), again(PLANNED[:3], 7)
    assert "2 done, 1 longer than planned" in over.message
    assert "Sat 25 Apr: 8.0 km instead of 4.0 km." in over.message
    assert max(first_runs(over)) <= max(first_runs(usual))


def test_an_extra_run_does_not_raise_the_next_ones_either() -> None:
    runs = [*PLANNED[:5], (10, 6.0)]  # Thursday
    ramp, usual = again(runs, 12), again(PLANNED[:5], 12)
    assert "5 done, 1 not planned" in ramp.message
    assert max(first_runs(ramp, 6)) <= max(first_runs(usual, 6))


def test_a_run_on_the_next_day_is_the_planned_one_moved() -> None:
    runs = [PLANNED[0], (3, PLANNED[1][1]), PLANNED[2]]
    assert "Against the plan so far: 3 done." in again(runs, 7).message


def test_a_week_that_holds_its_goal_already_is_not_the_one_that_is_held() -> None:
    ramp = again([*PLANNED[:3], (7, 6.5)], 9, target_km=6)  # the goal is reached on Monday
    weeks = ramp.plan.groupby("week")["distance_km"].sum()
    assert weeks.iloc[0] == 0  # nothing is left of it
    assert weeks.iloc[1:].between(5.5, 6.0).all()


def test_one_run_stands_for_one_planned_run_only() -> None:
    runs = [*PLANNED[:3], (8, PLANNED[3][1])]  # Tuesday, between Monday and Wednesday
    assert "Against the plan so far: 4 done, 1 missed." in again(runs, 11).message


def test_a_run_that_is_not_known_is_neither_done_nor_missed() -> None:
    ramp = again([PLANNED[0], PLANNED[2]], 7, unknown=[PLANNED[1][0]])
    assert "2 done, 1 not known." in ramp.message


def test_runs_that_follow_no_plan_are_the_base_as_they_are() -> None:
    ramp = again([(0, 8.0), (2, 9.0), (4, 10.0)], 7)
    assert "do not match a plan that loadmon would have made" in ramp.message
    assert max(first_runs(ramp)) > 5


def test_the_length_of_a_shortened_run_is_what_counts() -> None:
    runs = [PLANNED[0], PLANNED[1], (PLANNED[2][0], 1.5)]
    ramp = again(runs, 7)
    assert "1 shorter than planned" in ramp.message
    stages = ramp.plan.loc[ramp.plan["distance_km"] > 0, "stage"].tolist()
    assert stages[0] == "stage 2 of 5"  # two whole runs; the short one does not count
    assert stages[:3].count("stage 2 of 5") == 2


def test_worse_on_the_next_morning_steps_back_and_rests() -> None:
    who = diary_of(
        (0, "during", 1, "knee"),
        (1, "next-morning", 0, "knee"),
        (2, "during", 1, ""),
        (3, "next-morning", 3, "knee"),
    )
    ramp = again(PLANNED[:2], 4, athlete=who, reason="injury", screening=CLEAR)
    assert ramp.plan["date"].iloc[0] == RETURN + 5 * ONE  # two days off after Wednesday
    assert "worse on the next morning after the run of Wed 22 Apr: do not advance" in ramp.message
    assert max(first_runs(ramp)) <= PLANNED[1][1]
    twice = diary_of((1, "next-morning", 2, "knee"), (3, "next-morning", 3, "knee"))
    told = again(PLANNED[:2], 5, athlete=twice, reason="injury", screening=CLEAR)
    assert told.plan.empty
    assert told.message == PROFESSIONAL_TEXT
    agreed = CLEAR | {"clinician_agreed": True}
    assert len(again(PLANNED[:2], 5, athlete=twice, reason="injury", screening=agreed).plan)


def test_days_off_after_soreness_leave_a_run_day_out() -> None:
    who = diary_of((1, "next-morning", 2, "knee"))
    ramp = again(PLANNED[:1], 2, athlete=who, reason="injury", screening=CLEAR)
    assert ramp.plan["date"].iloc[0] == RETURN + 5 * ONE  # Wednesday is the second day off
    mild = diary_of((1, "next-morning", 0, "knee"))
    ramp = again(PLANNED[:1], 2, athlete=mild, reason="injury", screening=CLEAR)
    assert ramp.plan["date"].iloc[0] == RETURN + 2 * ONE


def test_a_morning_belongs_to_the_last_run_before_it() -> None:
    runs = [RETURN + d * ONE for d in (0, 2, 3)]

    def seen(day: int, when: str) -> list[str]:
        return seen_after(diary_of((day, when, 3, "knee")).diary, runs, site_of("knee"), 0.0)

    worse = "worse_next_morning"
    assert seen(1, "next-morning") == [worse, UNKNOWN, UNKNOWN]
    assert seen(2, "next-morning") == [worse, UNKNOWN, UNKNOWN]  # before the run of that day
    assert seen(4, "next-morning") == [UNKNOWN, UNKNOWN, worse]
    assert seen(5, "") == [UNKNOWN, UNKNOWN, worse]
    assert seen(6, "") == [UNKNOWN, UNKNOWN, UNKNOWN]  # three days later: of no run
    assert seen(0, "next-morning") == [worse, UNKNOWN, UNKNOWN]  # dated as the run itself
    assert seen(2, "after") == [UNKNOWN, "acceptable", UNKNOWN]


def test_of_two_sites_the_worse_one_counts() -> None:
    told = diary_of((0, "during", 0, "back"), (0, "during", 4, "knee"), (0, "during", 1, "calf"))
    assert seen_after(told.diary, [RETURN], site_of("back"), 0.0) == ["acceptable"]
    bone = diary_of((0, "during", 5, "knee"), (0, "during", 1, "shin"))
    assert seen_after(bone.diary, [RETURN], site_of("back"), 0.0) == ["bone"]


def test_of_two_entries_about_one_moment_the_larger_counts() -> None:
    told = diary_of((0, "during", 4, "knee"), (0, "during", 1, "knee"), (1, "next-morning", 0, ""))
    assert seen_after(told.diary, [RETURN], site_of("knee"), 0.0) == ["acceptable"]


def test_pain_without_a_place_is_that_of_the_return() -> None:
    told = diary_of((0, "during", 1, ""), (1, "next-morning", 0, ""))
    assert seen_after(told.diary, [RETURN], site_of("shin"), 0.0) == ["bone"]
    assert seen_after(told.diary, [RETURN], site_of("knee"), 0.0) == ["mild"]


def test_pain_that_is_acceptable_holds_the_distance_for_a_week() -> None:
    clean = [(d, "during", 0, "knee") for d, _ in BY_MINUTES[:2]]  # they lead to stage 3
    who = diary_of(*clean, (5, "during", 4, "knee"), (6, "next-morning", 0, "knee"))
    asked = {"reason": "injury", "screening": CLEAR, "minutes": 40.0}
    ramp = again(BY_MINUTES[:3], 7, athlete=who, **asked)
    runs = ramp.plan[ramp.plan["distance_km"] > 0].head(4)
    assert runs["stage"].tolist() == ["stage 3", "stage 3", "stage 4", "stage 4"]
    assert runs["distance_km"].tolist() == [1.8, 1.8, 1.8, 2.2]  # 12 and 15 minutes at 7:00
    assert runs["limited_by"].tolist() == ["programme", "programme", "cap", "programme"]


def test_bone_pain_stops_at_once_until_a_clinician_agrees() -> None:
    who = diary_of((0, "during", 1, "shin"))
    asked = {"athlete": who, "reason": "injury"}
    screening = CLEAR | {"site": "shin", "clinician_agreed": False}
    assert again(PLANNED[:1], 2, screening=screening, **asked).message == BONE_SITE_TEXT
    for day in (2, 14, 21):
        told = again(PLANNED[:1], day, screening=CLEAR, **asked)
        assert told.message == BONE_SITE_TEXT
        assert told.plan.empty
    agreed = CLEAR | {"clinician_agreed": True}
    assert len(again(PLANNED[:1], 2, screening=agreed, **asked).plan)


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        ((1, "", 3, "back"), "walking_hurts"),
        ((1, "next-morning", 6, "knee"), "site"),
        ((1, "during", 3, "foot"), "clinician_agreed"),
    ],
)
def test_pain_in_the_diary_asks_the_questions_whatever_the_reason(
    entry: tuple[int, str, float, str], key: str
) -> None:
    with pytest.raises(ScreeningNeeded) as needed:
        again(PLANNED[:1], 2, athlete=diary_of(entry))
    assert key in needed.value.questions
    mild = diary_of((entry[0], entry[1], 2, "knee"))
    assert len(again(PLANNED[:1], 2, athlete=mild).plan)
    old = diary_of((-13, "", 6, "back"))  # 14 days before the eve
    assert len(again(PLANNED[:1], 2, athlete=old).plan)
    with pytest.raises(ScreeningNeeded):
        again(PLANNED[:1], 2, athlete=diary_of((-12, "", 6, "back")))


def test_questions_asked_by_the_diary_are_said_to_be() -> None:
    who = diary_of((0, "during", 3, "back"), (1, "next-morning", 0, "back"))
    ramp = again(PLANNED[:1], 2, athlete=who, screening=BACK)
    assert "Your diary has pain above 2 of 10 in the last 14 days" in ramp.message


def test_runs_without_a_word_on_pain_do_not_count_after_an_injury() -> None:
    asked = {"reason": "injury", "screening": CLEAR, "minutes": 40.0}
    silent = again(BY_MINUTES[:4], 9, **asked)
    assert "4 runs without a diary entry on pain" in silent.message
    assert silent.plan["stage"].iloc[0] == "stage 2"
    who = diary_of(*[(d, "during", 0, "knee") for d, _ in BY_MINUTES[:4]])
    told = again(BY_MINUTES[:4], 9, athlete=who, **asked)
    assert "without a diary entry" not in told.message
    assert told.plan["stage"].iloc[0] == "stage 4"  # two sessions of each of two stages


def test_pain_that_is_usual_before_a_run_is_no_worse_morning() -> None:
    who = diary_of((0, "during", 2, "back"), (1, "next-morning", 2, "back"))
    usual = BACK | {"pain_before": 2, "pain": 2, "pain_next_morning": 2}
    told = again(PLANNED[:1], 2, athlete=who, reason="back-pain", screening=usual)
    assert "Cap (worse" not in told.message
    none = again(PLANNED[:1], 3, athlete=who, reason="back-pain", screening=BACK)
    assert "Cap (worse on the next morning" in none.message


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (30.0, ["week 2", "week 2", "week 3"]),  # recorded with the walks, as planned
        (10.0, ["week 2", "week 2", "week 3"]),
        (9.9, ["week 1", "week 1", "week 1"]),  # 1.2 and 1.3 km in it: none of them a run day
    ],
)
def test_a_programme_goes_on_where_its_sessions_stand(minutes: float, expected: list[str]) -> None:
    begun = plan_ramp(
        archive_of([]), resume=RETURN, programme="couch-to-5k", run_days=DAYS, easy_pace="7:00"
    )
    runs = [
        (int((d - RETURN).days), km)
        for d, km in zip(begun.plan["date"], begun.plan["distance_km"], strict=True)
        if km
    ]
    ramp = again(runs[:4], runs[4][0], programme="couch-to-5k", target_km=None, minutes=minutes)
    stages = ramp.plan.loc[ramp.plan["distance_km"] > 0, "stage"].head(3).tolist()
    assert stages == expected


def test_a_second_lay_off_in_a_return_keeps_the_usual_week_as_its_goal() -> None:
    ramp = again(PLANNED[:4], 40, target_km=None)
    assert "Target 30.0 km a week" in ramp.message
    assert "after 32 days off" in ramp.message


@pytest.mark.parametrize(
    ("off", "reason", "stage"),
    [
        (8, "illness", "stage 5 of 5"),
        (29, "illness", "stage 5 of 5"),
        (31, "illness", "stage 1 of 5"),
        (8, "injury", "stage 2"),  # by minutes, with the second stage
    ],
)
def test_who_ran_without_walks_does_not_walk_again_after_a_short_lay_off(
    off: int, reason: str, stage: str
) -> None:
    done = [p for p in PLANNED if p[0] < 42]
    screening = CLEAR if reason == "injury" else WELL
    day = done[-1][0] + off + 1
    ramp = again(done, day, reason=reason, screening=screening, run_days=None)
    assert f"after {off} days off" in ramp.message
    assert ramp.plan["stage"].iloc[0] == stage


def test_a_return_goes_on_until_two_weeks_were_near_the_usual_one() -> None:
    late = again([p for p in PLANNED if p[0] < 49], 49, target_km=None)
    assert "Return to running after 36 days off, continued from Mon 8 Jun 2026." in late.message
    assert "Target 30.0 km a week" in late.message
    assert late.plan["week"].iloc[0] == 8
    usual = [(7 * week + d, km) for week in range(6) for d, km in ((0, 8.6), (2, 8.6), (5, 11.4))]
    for scale, goes_on in ((0.943, True), (0.945, False)):  # 90 % of 30 km are 27 of 28.6
        runs = [(d, scale * km) for d, km in usual]
        told = again(runs, 42, target_km=None).message
        assert ("continued from" in told) == goes_on
        assert ("carries on in your own pattern" in told) != goes_on


def test_a_plan_that_begins_anew_says_nothing_of_one_before() -> None:
    assert "Against the plan" not in ORIGINAL.message
    assert "do not match" not in ORIGINAL.message
    carried = plan_ramp(
        SimpleNamespace(activities=activities([(f"{d:%Y-%m-%d}", km) for d, km in PAST])),
        resume=PAST[-1][0] + 2 * ONE,
    )
    assert "Against the plan" not in carried.message


def test_pain_of_recent_runs_holds_a_plan_that_carries_on_too() -> None:
    last = PAST[-1][0]
    frame = activities([(f"{d:%Y-%m-%d}", km) for d, km in PAST])
    archive = SimpleNamespace(activities=frame)
    gap = int((last - RETURN).days)
    who = diary_of((gap, "during", 4, "knee"), (gap + 1, "next-morning", 0, "knee"))
    told = plan_ramp(archive, resume=last + 2 * ONE, athlete=who, screening=CLEAR, target_km=40)
    week = told.plan[told.plan["date"] <= last + 7 * ONE]
    assert week["distance_km"].max() <= 14.0
    assert "pain that still counts as acceptable" in told.message
    assert told.plan["stage"].iloc[0] == "stage 2"  # as any return after an injury
    worse = [(gap - 1, "next-morning", 2, "knee"), (gap + 1, "next-morning", 2, "knee")]
    twice = diary_of(*worse, (gap + 1, "during", 3, "knee"))
    asked = {"resume": last + 2 * ONE, "screening": CLEAR, "target_km": 40}
    assert plan_ramp(archive, athlete=twice, **asked).message == PROFESSIONAL_TEXT


def test_looking_again_changes_none_of_its_frames() -> None:
    who = diary_of((0, "during", 1, "knee"))
    before = who.diary.copy()
    archive = archive_of(PLANNED[:2])
    activities_before = archive.activities.copy()
    plan_ramp(archive, resume=RETURN + 5 * ONE, target_km=20, athlete=who)
    pd.testing.assert_frame_equal(who.diary, before)
    pd.testing.assert_frame_equal(archive.activities, activities_before)
