"""`plan_ramp`: the frame, the goal, the day asked for, and what is said."""

import dataclasses
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from loadmon.athlete import Athlete
from loadmon.errors import LoadmonError, ScreeningNeeded, SettingError
from loadmon.io.archive import Archive
from loadmon.ramp import plan as plan_module
from loadmon.ramp.plan import plan_ramp
from loadmon.ramp.screening import EMERGENCY_TEXT, STOP_TEXT, questions_for
from loadmon.ramp.verify import verify_ramp
from loadmon.rules.limits import Cap, Limits

MONDAY = pd.Timestamp("2026-11-16")
ONE = pd.Timedelta(days=1)
COLUMNS = [
    *("date", "week", "kind", "distance_km", "effort", "duration_min", "repeats", "run_min"),
    *("walk_min", "stage", "limited_by", "session"),
]
CLEAR = dict.fromkeys(questions_for("back-pain"), False) | {"pain": 2}


def history(off, weeks=12, sport="running"):
    """Mon 8, Wed 8, Sat 14 km a week, the last one `off` full days before MONDAY."""
    days = [off + 1 + 7 * w + d for w in range(weeks) for d in (5, 3, 0)]
    dates = pd.DatetimeIndex([MONDAY - d * ONE for d in days]).as_unit("us")
    frame = pd.DataFrame(
        {
            "date": dates,
            "sport": sport,
            "sub_sport": "",
            "distance_km": [8.0, 8.0, 14.0] * weeks,
            "duration_min": 50.0,
            "flags": "",
        }
    )
    return SimpleNamespace(activities=frame.sort_values("date", ignore_index=True))


def test_the_plan_has_the_columns_of_the_contract_and_a_row_a_day():
    plan = plan_ramp(history(35), resume="2026-11-16", run_days="mon,wed,sat").plan
    assert list(plan.columns[: len(COLUMNS)]) == COLUMNS
    assert plan["date"].dtype == "datetime64[us]"
    assert (plan["date"].diff().dropna() == ONE).all()
    assert plan["date"].iloc[0] == MONDAY
    assert plan["week"].tolist() == [d // 7 + 1 for d in range(len(plan))]
    runs = plan["kind"].isin(["run", "walk_run"])
    assert (plan.loc[runs, "distance_km"] > 0).all()
    assert (plan.loc[~runs, "distance_km"] == 0).all()
    assert set(plan.loc[runs, "effort"]) == {"easy"}
    assert set(plan["kind"]) == {"run", "walk_run", "walk", "strength", "rest"}
    assert plan.loc[runs, ["duration_min", "repeats", "run_min", "walk_min"]].notna().all(axis=None)
    assert plan.loc[~runs, ["repeats", "run_min", "walk_min"]].isna().all(axis=None)
    assert set(plan.loc[~runs, "effort"]) == {""}
    assert (plan.loc[runs, "limited_by"] != "").all()


def test_the_plan_that_was_worked_by_hand_comes_out_of_the_whole_way():
    limits = Limits(start_km=2.0, session_floor_km=0.0, weekly_growth=0.20, weekly_floor_km=0.0)
    ramp = plan_ramp(
        history(35),
        resume=MONDAY,
        pace="earliest",
        run_days="mon,wed,sat",
        limits=limits,
        target_km=24,
    )
    km = ramp.plan["distance_km"]
    # Weeks 1 to 3 are nine runs, each 10 % longer than the one before, rounded down: 2.0, 2.2, 2.4;
    # 2.6, 2.8, 3.0; 3.3, 3.6, 3.9. Week 4 reaches day 28: 1.3 / 4 of its own 28 days,
    # 0.325 * 25.8 / 0.675 = 12.42. Then 20 % a week: 14.88, 17.76, 21.24; then the target.
    by_hand = [6.6, 8.4, 10.8, 12.4, 14.8, 17.7, 21.2, 24.0, 24.0, 24.0]
    assert km.groupby(ramp.plan["week"]).sum().tolist() == pytest.approx(by_hand)
    assert km[km > 0].head(9).tolist() == [2.0, 2.2, 2.4, 2.6, 2.8, 3.0, 3.3, 3.6, 3.9]
    assert ramp.reached
    assert ramp.reached_on == pd.Timestamp("2027-01-09")
    assert "reached on Sat 9 Jan 2027, in week 8" in ramp.message
    # of 30 km a week 35 days off leave 30 * 18 / (18 + 28) in the first one
    assert ramp.limits.first_week_km == pytest.approx(30 * 18 / 46)
    assert replace(ramp.limits, first_week_km=None) == limits


def test_the_target_is_the_mean_week_before_the_lay_off_unless_told():
    assert "Target 30.0 km a week" in plan_ramp(history(35), resume=MONDAY).message
    told = plan_ramp(history(35), resume=MONDAY, target_km=20)
    assert "Target 20.0 km a week" in told.message
    assert told.plan.groupby("week")["distance_km"].sum().max() <= 20.0


@pytest.mark.parametrize(
    ("off", "reason", "walks"),
    [
        (30, "rest", False),
        (31, "rest", True),
        (12, "illness", False),
        (31, "illness", True),
        (12, "back-pain", True),
        (3, "back-pain", True),  # whatever the days off
    ],
)
def test_a_long_lay_off_injury_or_pain_begins_with_walks(off, reason, walks):
    answers = CLEAR if reason == "back-pain" else dict.fromkeys(questions_for(reason), False)
    asked = {"reason": reason, "screening": answers, "run_days": "mon,wed,sat"}
    plan = plan_ramp(history(off), resume=MONDAY, **asked).plan
    assert (plan["kind"].iloc[0] == "walk_run") == walks
    assert ("walk_run" in set(plan["kind"])) == walks


BONE = dict.fromkeys(questions_for("bone"), False) | {"clinician_agreed": True}


@pytest.mark.parametrize("off", [3, 12, 40])
@pytest.mark.parametrize(
    ("reason", "answers", "most_min", "whole_min"),
    [
        ("injury", CLEAR | {"site": "knee"}, 20, 45),
        ("back-pain", CLEAR, 20, 45),
        ("bone", BONE, 10, 22.5),
    ],
)
def test_after_injury_or_pain_the_first_week_is_minutes_with_a_day_between(
    off, reason, answers, most_min, whole_min
):
    asked = {"resume": MONDAY, "reason": reason, "easy_pace": "6:00"}
    ramp = plan_ramp(history(off), screening=answers, **asked)
    plan = ramp.plan
    runs = plan[plan["distance_km"] > 0]
    first = runs[runs["date"] < runs["date"].iloc[0] + 7 * ONE]
    assert len(first) == 3
    assert (first["repeats"] * first["run_min"]).max() <= most_min
    assert first["duration_min"].max() <= whole_min
    early = runs[runs["date"] < runs["date"].iloc[0] + 28 * ONE]
    assert (early["date"].diff().dropna() >= 2 * ONE).all()
    assert f"at most {most_min} minutes of running and {whole_min:g} in all" in ramp.message
    assert verify_ramp(history(off), plan, ramp.limits).empty
    stages = list(dict.fromkeys(runs["stage"]))
    assert stages[:8] == [f"stage {n}" for n in range(2, 10)]  # the second to the ninth
    by_stage = runs[runs["limited_by"] == "programme"]["stage"].value_counts()
    assert (by_stage[stages[:7]] == 2).all()  # two clean sessions lead to the next
    minutes = runs["repeats"] * runs["run_min"]
    begun = {"injury": 9.0, "back-pain": 9.0, "bone": 4.5}[reason]  # 6 or 3 times 1:30
    assert minutes.iloc[0] == begun


@pytest.mark.parametrize(("pain", "stage"), [(0, 2), (2, 2), (2.9, 2), (3, 1), (5, 1)])
@pytest.mark.parametrize("when", ["pain", "pain_before"])
def test_pain_of_three_to_five_starts_a_stage_lower(when, pain, stage):
    answers = CLEAR | {"pain": 0, when: pain}
    asked = {"resume": MONDAY, "reason": "back-pain", "run_days": "mon,wed,sat"}
    plan = plan_ramp(history(20), screening=answers, **asked).plan
    assert plan["stage"].iloc[0] == f"stage {stage}"
    assert plan["run_min"].iloc[0] == {1: 1.0, 2: 1.5}[stage]


def test_pain_that_was_worse_by_the_next_morning_walks_for_three_days_first():
    asked = {"resume": MONDAY, "reason": "back-pain", "run_days": "mon,thu,sat"}
    worse = CLEAR | {"pain_before": 1, "pain_next_morning": 2}
    ramp = plan_ramp(history(20), screening=worse, **asked)
    assert ramp.plan["kind"].head(4).tolist() == ["walk", "walk", "walk", "walk_run"]
    assert ramp.plan["date"].iloc[0] == MONDAY
    assert ramp.plan["distance_km"].head(3).tolist() == [0.0, 0.0, 0.0]
    assert "walk until Wed 18 Nov 2026, and answer the questions again before" in ramp.message
    assert "not one of the run days" not in ramp.message  # Monday is one
    assert verify_ramp(history(20), ramp.plan, ramp.limits).empty
    settled = CLEAR | {"pain_before": 2, "pain_next_morning": 2}
    assert plan_ramp(history(20), screening=settled, **asked).plan["kind"].iloc[0] == "walk_run"


@pytest.mark.parametrize(("off", "week"), [(3, 22.5), (12, 22.5), (20, 30 * 18 / 31)])
def test_after_an_illness_the_first_week_is_three_quarters_of_the_usual_at_most(off, week):
    well = dict.fromkeys(questions_for("illness"), False)
    asked = {"resume": MONDAY, "reason": "illness", "screening": well, "target_km": 30}
    ramp = plan_ramp(history(off), run_days="mon,wed,sat", **asked)
    assert ramp.limits.first_week_km == pytest.approx(week)
    assert week - 0.3 < ramp.plan["distance_km"].iloc[:7].sum() <= week + 1e-9
    assert set(ramp.plan.loc[ramp.plan["distance_km"] > 0, "effort"]) == {"easy"}
    with pytest.raises(ScreeningNeeded) as needed:
        plan_ramp(history(off), resume=MONDAY, reason="illness")
    assert needed.value.questions == questions_for("illness")


def test_beyond_what_two_years_have_held_a_week_grows_by_less():
    for pace, below, beyond in (("steady", 1.15, 1.10), ("earliest", 1.20, 1.15)):
        asked = {"resume": MONDAY, "target_km": 60, "pace": pace, "run_days": "mon,wed,sat"}
        ramp = plan_ramp(history(20), **asked)
        weeks = ramp.plan.groupby("week")["distance_km"].sum()
        # what the first week could have held counts as a week
        largest = weeks.cummax().shift().clip(lower=ramp.limits.first_week_km)
        growth = (weeks / largest).dropna()
        assert growth[weeks <= 30.0].max() <= below + 1e-9
        assert growth[largest >= 30.0].max() <= beyond + 1e-9
        assert growth[largest >= 30.0].max() > beyond - 0.02  # and that is what binds


def test_without_a_run_before_the_target_is_asked_for():
    cyclist = history(35, sport="cycling")
    with pytest.raises(SettingError, match="target_km="):
        plan_ramp(cyclist, resume=MONDAY)
    ramp = plan_ramp(cyclist, resume=MONDAY, target_km=15)
    assert ramp.plan["distance_km"].iloc[0] == 2.0
    assert ramp.plan["distance_km"].iloc[:7].sum() == 6.0
    assert "no run before it is known" in ramp.message


def test_a_plan_begins_on_the_first_run_day_and_says_so():
    ramp = plan_ramp(history(35), resume="2026-11-17", run_days=["mon", "wed", "sat"])
    assert ramp.plan["date"].iloc[0] == MONDAY + 2 * ONE
    assert ramp.message.startswith("Return to running on Wed 18 Nov 2026, after 37 days off. ")
    assert "Tue 17 Nov 2026 is not one of the run days." in ramp.message
    barred = Limits(caps=(Cap(until=(MONDAY + ONE).date(), run_km=0.0),))
    later = plan_ramp(history(35), resume=MONDAY, run_days="mon,wed,sat", limits=barred)
    assert later.message.startswith("Return to running on Wed 18 Nov 2026, after 37 days off. Days")


@pytest.mark.parametrize("off", [0, 4, 6])
def test_up_to_seven_days_off_the_plan_carries_on_and_says_so(off):
    ramp = plan_ramp(history(off), resume=MONDAY)
    assert "no lay-off, so no ramp is needed; the plan carries on in your own" in ramp.message
    assert ramp.limits.start_km is None
    assert ramp.limits.first_week_km is None
    week = ramp.plan[ramp.plan["week"] == 1]
    assert sorted(week.loc[week["distance_km"] > 0, "distance_km"]) == [8.0, 8.0, 14.0]
    own = history(off).activities
    own_days = dict(zip(own["date"].dt.day_of_week, own["distance_km"], strict=True))
    runs = week[week["distance_km"] > 0]
    days = dict(zip(runs["date"].dt.day_of_week, runs["distance_km"], strict=True))
    assert days == own_days  # and each on its own day of the week


def test_a_return_of_today_uses_nothing_after_as_of():
    archive = history(35)
    late = archive.activities.iloc[[-1]].assign(date=MONDAY + ONE, distance_km=40.0)
    more = SimpleNamespace(activities=pd.concat([archive.activities, late], ignore_index=True))
    asked = {"resume": MONDAY, "run_days": "mon,wed,sat"}
    one, two = plan_ramp(archive, **asked), plan_ramp(more, **asked)
    pd.testing.assert_frame_equal(one.plan, two.plan)
    assert one.message == two.message
    early = plan_ramp(archive, as_of=MONDAY - 60 * ONE, **asked)
    assert "after 59 days off" in early.message
    assert plan_ramp(archive, as_of=MONDAY, **asked).message == one.message


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ({"as_of": MONDAY + ONE}, "resume 2026-11-16 is past, the plan is made on 2026-11-17"),
        ({"as_of": MONDAY - 366 * ONE}, "is more than 365 days after 2025-11-15"),
        ({"target_km": 60.1}, "target_km 60.1 is out of proportion: the largest mean week of four"),
        ({"reason": ["rest", "illness"]}, "the one that asks for most care"),
        ({"run_days": "mon,mon"}, "names a day twice"),
    ],
)
def test_what_nobody_can_plan_is_refused_with_the_reason(option, words):
    with pytest.raises(SettingError, match=words):
        plan_ramp(history(35), **({"resume": MONDAY} | option))


def test_targets_in_proportion_are_planned():
    # up to twice the 30 km a week that were run, up to 30 km whatever was run, a year ahead
    assert plan_ramp(history(35), resume=MONDAY, target_km=60).reached
    assert plan_ramp(history(35, weeks=0), resume=MONDAY, target_km=30).reached
    with pytest.raises(SettingError, match="out of proportion"):
        plan_ramp(history(35, weeks=0), resume=MONDAY, target_km=30.1)
    assert len(plan_ramp(history(35), resume=MONDAY, as_of=MONDAY - 365 * ONE, target_km=20).plan)


def test_a_plan_on_the_day_after_a_run_of_the_return_begins_with_rest():
    archive = history(26)
    back = archive.activities.iloc[[-1]]
    runs = [back.assign(date=MONDAY - d * ONE, distance_km=4.0) for d in (6, 4, 1)]
    later = SimpleNamespace(activities=pd.concat([archive.activities, *runs], ignore_index=True))
    ramp = plan_ramp(later, resume=MONDAY, run_days="mon,wed,sat")
    assert "Return to running after 20 days off, continued from Mon 16 Nov 2026." in ramp.message
    assert ramp.plan["distance_km"].iloc[0] == 0
    assert ramp.plan["limited_by"].iloc[0] == "run_days"
    assert ramp.plan["distance_km"].iloc[2] > 0


def test_by_is_the_last_day_and_the_earliest_day_is_named_where_it_is_too_soon():
    free = plan_ramp(history(35), resume=MONDAY)
    soon = plan_ramp(history(35), resume=MONDAY, by="2026-12-31")
    assert free.reached
    assert not soon.reached
    assert soon.plan["date"].iloc[-1] == pd.Timestamp("2026-12-31")
    assert soon.reached_on == free.reached_on
    assert "not reached by Thu 31 Dec 2026; at this pace it is reached on" in soon.message
    assert "Pace earliest, as fast as possible within the limits: reached on " in soon.message
    assert "limited mostly by" in soon.message
    late = plan_ramp(history(35), resume=MONDAY, by="2027-08-31")
    assert late.reached
    assert late.plan["date"].iloc[-1] == pd.Timestamp("2027-08-31")
    exact = plan_ramp(history(35), resume=MONDAY, by=free.reached_on)
    assert exact.reached
    assert not plan_ramp(history(35), resume=MONDAY, by=free.reached_on - ONE).reached


@pytest.mark.parametrize("by", ["2026-11-15", "2029-11-16"])
def test_a_last_day_before_the_first_run_or_years_away_is_refused(by):
    with pytest.raises(SettingError, match="104 weeks"):
        plan_ramp(history(35), resume=MONDAY, by=by)


def test_a_long_run_is_planned_for():
    ramp = plan_ramp(history(20), resume=MONDAY, target_long_km=16.0)
    assert ramp.reached
    assert ramp.plan["distance_km"].max() == 16.0
    assert ramp.plan.loc[ramp.plan["date"] == ramp.reached_on, "distance_km"].tolist() == [16.0]
    assert "16.0 km in one run" in ramp.message


def test_two_targets_are_both_reached():
    ramp = plan_ramp(history(20), resume=MONDAY, target_km=30, target_long_km=15.0)
    week = ramp.plan[ramp.plan["date"] <= ramp.reached_on].iloc[-7:]
    assert ramp.reached
    assert ramp.plan["distance_km"].max() == 15.0
    assert week["distance_km"].sum() >= 29.7


def test_what_cannot_be_reached_says_what_binds():
    frozen = Limits(weekly_growth=0.0, weekly_floor_km=0.0)
    ramp = plan_ramp(history(35), resume=MONDAY, limits=frozen)
    assert not ramp.reached
    assert ramp.reached_on is None
    assert "not reached within 104 weeks; limited mostly by the growth of a week" in ramp.message


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ({"pace": "fast"}, "unknown pace 'fast'"),
        ({"reason": "knee"}, "unknown reason 'knee'"),
        ({"target_km": 0}, "target_km must be at least 0.5"),
        ({"target_long_km": float("nan")}, "target_long_km must be a finite number, not nan"),
        ({"target_km": 31, "target_long_km": 10}, "in 3 runs a week needs runs longer"),
        ({"run_days": "mon,tue,sat"}, "next to each other"),
        ({"run_days": "mon,xyz"}, "no weekday"),
        ({"resume": "soon"}, "not a day"),
        ({"resume": "9850-01-01"}, "resume 9850-01-01 is too far ahead, the last recorded day is"),
        ({"by": "later"}, "not a day"),
        ({"limits": Limits(start_km=0.0)}, "too short"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(option, words):
    with pytest.raises(SettingError, match=words):
        plan_ramp(history(35), **({"resume": MONDAY} | option))


def test_a_day_of_return_at_the_end_of_all_calendars_is_refused_without_a_history_too():
    with pytest.raises(SettingError, match="resume 9999-12-20 is too far ahead: write"):
        plan_ramp(history(35, weeks=0), resume="9999-12-20", target_km=10)


def test_an_unknown_pace_is_refused_also_where_limits_are_given():
    with pytest.raises(SettingError, match="unknown pace"):
        plan_ramp(history(35), resume=MONDAY, pace="fast", limits=Limits())


def test_questions_come_before_a_plan_after_back_pain():
    with pytest.raises(ScreeningNeeded) as needed:
        plan_ramp(history(35), resume=MONDAY, reason="back-pain")
    assert needed.value.questions == questions_for("back-pain")


def test_a_red_flag_gives_the_fixed_text_alone_and_no_plan():
    ramp = plan_ramp(
        history(35), resume=MONDAY, reason="back-pain", screening=CLEAR | {"both_legs": True}
    )
    assert ramp.plan.empty
    assert list(ramp.plan.columns) == COLUMNS
    assert not ramp.reached
    assert ramp.message == EMERGENCY_TEXT
    usual = plan_ramp(history(35), resume=MONDAY).plan
    assert (ramp.plan.dtypes == usual.dtypes).all()


def test_after_back_pain_the_slower_pace_and_the_choice_of_the_pain_rule_are_named():
    asked = {"resume": MONDAY, "reason": "back-pain", "screening": CLEAR}
    steady = plan_ramp(history(35), **asked).message
    assert "it is the slower of the two" in steady
    assert "this project's choice" in steady
    assert "Pain 2/10" in steady
    assert "not clinical clearance" in steady
    assert (
        "steady is the slower of the two"
        in plan_ramp(history(35), pace="earliest", **asked).message
    )


@pytest.mark.parametrize("off", [3, 12, 40])
def test_the_stop_text_ends_every_plan(off):
    assert plan_ramp(history(off), resume=MONDAY).message.endswith(STOP_TEXT)


def test_a_floor_above_that_of_the_session_check_is_announced():
    assert "will flag" not in plan_ramp(history(35), resume=MONDAY).message
    wide = Limits(session_floor_km=1.0)
    assert "will flag some of these" in plan_ramp(history(35), resume=MONDAY, limits=wide).message
    own = Athlete(limits={"ramp-session.floor_km": 1.0})
    mine = plan_ramp(history(35), resume=MONDAY, limits=wide, athlete=own)
    assert "will flag" not in mine.message


def test_unknown_days_before_the_plan_are_told():
    read = Archive(history(8).activities, pd.DataFrame()).rested_until(MONDAY - ONE)
    lost = pd.DataFrame({"date": [MONDAY - 2 * ONE], "why": "unreadable", "file": "a.fit"})
    told = plan_ramp(replace(read, unknown_days=lost), resume=MONDAY).message
    assert "Unknown: 1 day of the 28 before Mon 16 Nov 2026." in told
    assert "Unknown" not in plan_ramp(read, resume=MONDAY).message


@pytest.mark.parametrize("off", [3, 9, 20, 30, 31, 60])
@pytest.mark.parametrize("pace", ["steady", "earliest"])
def test_forbidden_words_are_not_in_any_message(off, pace):
    message = plan_ramp(history(off), resume=MONDAY, pace=pace).message.lower()
    for word in ("safe", "prevent", "risk", "danger", "recommend", "allowed", "cleared"):
        assert word not in message


@pytest.mark.parametrize("off", [9, 20, 35])
def test_a_short_lay_off_never_gives_a_first_week_bigger_than_before(off):
    for pace in ("steady", "earliest"):
        plan = plan_ramp(history(off), resume=MONDAY, pace=pace, target_km=60).plan
        assert plan["distance_km"].iloc[:7].sum() <= 30.0


def test_a_longer_lay_off_never_starts_with_more():
    first = [
        plan_ramp(history(off), resume=MONDAY).plan["distance_km"].iloc[:7].sum()
        for off in range(7, 32)
    ]
    assert (np.diff(first) <= 1e-9).all()


def test_the_limits_of_a_plan_verify_it():
    ramp = plan_ramp(history(20), resume=MONDAY)
    assert verify_ramp(history(20), ramp.plan, ramp.limits).empty
    assert ramp.limits.start_km == pytest.approx(14 + (3 - 14) * 13 / 23)


def test_a_plan_that_breaks_a_limit_is_never_shown(monkeypatch):
    real = plan_module.build_schedule

    def longer(task, **more):
        layout = real(task, **more)
        return dataclasses.replace(layout, km=[x + 0.1 if x else x for x in layout.km])

    monkeypatch.setattr(plan_module, "build_schedule", longer)
    with pytest.raises(LoadmonError, match="breaks its own limits and is not shown"):
        plan_ramp(history(35), resume=MONDAY)


def test_the_same_question_gives_the_same_plan():
    one, two = (plan_ramp(history(26), resume=MONDAY) for _ in range(2))
    pd.testing.assert_frame_equal(one.plan, two.plan)
    assert one.message == two.message


def test_the_faster_pace_is_named_too_but_after_pain_only_where_time_is_short():
    fast = plan_ramp(history(35), resume=MONDAY, pace="earliest")
    told = plan_ramp(history(35), resume=MONDAY).message
    day = f"{fast.reached_on:%a} {fast.reached_on.day} {fast.reached_on:%b} {fast.reached_on.year}"
    assert f"Pace earliest, as fast as possible within the limits: reached on {day}." in told
    assert "Pace earliest, " not in fast.message
    back = dict.fromkeys(questions_for("back-pain"), False)
    asked = {"resume": MONDAY, "reason": "back-pain", "screening": back}
    assert "Pace earliest, " not in plan_ramp(history(35), **asked).message
    assert (
        "within the limits: reached on" in plan_ramp(history(35), by="2026-12-31", **asked).message
    )


def test_what_is_planned_comes_first_and_when_to_stop_comes_last():
    parts = plan_ramp(history(35), resume=MONDAY).message.split("\n\n")
    begins = [part.split()[0] for part in parts]
    assert begins == ["Return", "Pace", "Limits:", "STOP:"]


def test_days_between_the_data_and_the_return_are_said_to_count_as_rest():
    asked = {"resume": MONDAY, "run_days": "mon,wed,sat"}
    told = plan_ramp(history(35), as_of=MONDAY - 10 * ONE, **asked).message
    assert "Days after Fri 6 Nov 2026 count as days without a run." in told
    assert "count as days" not in plan_ramp(history(35), **asked).message
