"""The way back by its reason: the cases that once went wrong, and what must hold for any runner."""

from __future__ import annotations

import datetime as dt
import functools
import math
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from made import activities, archive

import loadmon
from loadmon import Athlete, ScreeningNeeded, SettingError
from loadmon.evidence.ramp import RAMP_REST, RETURN_RULES
from loadmon.io.archive import Archive
from loadmon.ramp.history import build_history, recorded_days
from loadmon.ramp.result import Ramp
from loadmon.ramp.screening import BONE_PAIN_TEXT, CLINICIAN_TEXT, questions_for
from loadmon.rules import acwr, rest, weekly_change
from loadmon.rules.limits import Limits

ROOT = Path(__file__).parent.parent
FIRST, ONE = pd.Timestamp("2026-11-16"), pd.Timedelta(days=1)  # a Monday
REASONS = ("rest", "illness", "injury", "back-pain", "bone")
Runs = list[tuple[int, float]]  # days before FIRST, km


def spread(
    off: int, km: tuple[float, ...] = (8, 9, 10, 16), days: tuple[int, ...] = (0, 2, 4, 5)
) -> Runs:
    """26 weeks alike, the last run `off` full days before FIRST."""
    end = off + 1 + days[-1]
    return [(end - d + 7 * w, x) for w in range(26) for d, x in zip(days, km, strict=True)]


def history(runs: Runs, moved: tuple[int, ...] = (), **words: object) -> Archive:
    """Runs so many days before FIRST, and days with 40 minutes on a bicycle."""
    rows: list[dict[str, object]] = [
        {"date": f"{FIRST - n * ONE:%Y-%m-%d}", "distance_km": x} for n, x in runs
    ]
    rows += [
        {
            "date": f"{FIRST - n * ONE:%Y-%m-%d}",
            "sport": "cycling",
            "distance_km": 15.0,
            "duration_min": 40.0,
        }
        for n in moved
    ]
    return archive(activities(rows), rested_until=f"{FIRST - ONE:%Y-%m-%d}", **words)


def answers(reason: str, **changed: object) -> dict[str, object]:
    """No complaint at all, but for what is changed."""
    asked = questions_for(reason, {"site": str(changed.get("site", "knee"))})  # type: ignore[arg-type]
    given: dict[str, object] = dict.fromkeys(asked, False)
    given |= {key: 0 for key in given if key.startswith("pain")}
    given |= {key: True for key in given if key == "clinician_agreed"}
    given |= {key: "knee" for key in given if key == "site"}
    return given | changed


def plan(made: Archive, reason: str = "rest", **options: object) -> Ramp:
    """A plan from FIRST on, whose questions are answered without a complaint unless told."""
    said = {k: v for k, v in options.items() if k.startswith(("pain", "site", "clinician"))}
    other = {k: v for k, v in options.items() if k not in said}
    screening = None if reason == "rest" else answers(reason, **said)
    return loadmon.plan_ramp(
        made,
        resume=FIRST,
        reason=reason,  # type: ignore[arg-type]
        screening=screening,  # type: ignore[arg-type]
        **other,  # type: ignore[arg-type]
    )


def first_week(ramp: Ramp) -> pd.DataFrame:
    """Runs of the seven days from the first one on."""
    ran = ramp.plan[ramp.plan["distance_km"] > 0]
    return ran[ran["date"] < ran["date"].iloc[0] + 7 * ONE]


def week_km(ramp: Ramp) -> float:
    """Distance of the first week. [km]"""
    return float(first_week(ramp)["distance_km"].sum())


# The cases of the first edition that were harmful.


MARATHON = ((12, 14, 12, 16, 30), (0, 1, 2, 4, 5))


@pytest.mark.parametrize("reason", ["injury", "back-pain"])
@pytest.mark.parametrize("off", [0, 3, 8, 40, 365])
def test_after_injury_a_marathoner_begins_in_minutes_however_short_the_break(
    reason: str, off: int
) -> None:
    week = first_week(plan(history(spread(off, *MARATHON)), reason))
    assert (week["repeats"] * week["run_min"] <= 20).all()
    assert (week["duration_min"] <= 45).all()
    assert (week["kind"] == "walk_run").all()
    assert (week["date"].diff().dropna() > ONE).all()  # a day between
    assert 3 <= len(week) <= 4


def test_pain_of_3_to_5_begins_a_stage_lower() -> None:
    made = history(spread(8, *MARATHON))
    without, with_pain = plan(made, "injury"), plan(made, "injury", pain=5, site="calf")
    assert first_week(without)["run_min"].tolist() == [1.5, 1.5, 2.0]
    assert first_week(with_pain)["run_min"].tolist() == [1.0, 1.0, 1.5]


def test_bone_has_half_the_minutes_and_waits_for_a_clinician() -> None:
    made = history(spread(3, *MARATHON))
    week = first_week(plan(made, "bone"))
    assert (week["repeats"] * week["run_min"] <= 10).all()
    assert (week["duration_min"] <= 22.5).all()
    refused = plan(made, "bone", clinician_agreed=False)
    assert refused.plan.empty
    assert refused.message == CLINICIAN_TEXT


@pytest.mark.parametrize("pain", [1, 4])
def test_any_pain_at_a_bone_leaves_no_plan_whoever_agreed(pain: int) -> None:
    made = history(spread(3, *MARATHON))
    for reason, site in (("bone", {}), ("injury", {"site": "shin"})):
        ramp = plan(made, reason, pain=pain, **site)
        assert ramp.plan.empty
        assert ramp.message == BONE_PAIN_TEXT


def test_worse_by_the_next_morning_means_three_days_of_walking_first() -> None:
    made = history(spread(15))
    ramp = plan(made, "back-pain", pain=2, pain_next_morning=3)
    assert ramp.plan["kind"].head(3).tolist() == ["walk"] * 3
    assert ramp.plan["date"].iloc[0] == FIRST
    assert (ramp.plan.loc[ramp.plan["date"] < FIRST + 3 * ONE, "distance_km"] == 0).all()
    assert "answer the questions again before the first run" in ramp.message
    assert week_km(ramp) < week_km(plan(made, "back-pain"))
    calm = plan(made, "back-pain", pain_before=2, pain=2, pain_next_morning=2)
    assert calm.plan["distance_km"].iloc[0] > 0 or calm.plan["kind"].iloc[0] != "walk"


@pytest.mark.parametrize(
    "site",
    ["medial malleolus", "sesamoid", "pars", "calcaneus", "hip", "thigh", "navicular", "groin"],
)
def test_a_site_that_may_be_bone_is_never_other(site: str) -> None:
    given = answers("injury") | {"site": site}
    with pytest.raises(ScreeningNeeded) as needed:
        loadmon.plan_ramp(history(spread(8)), resume=FIRST, reason="injury", screening=given)
    assert list(needed.value.questions) == ["clinician_agreed"]


def test_a_site_that_is_not_understood_is_asked_about_with_the_nearest_name() -> None:
    given = answers("injury") | {"site": "navicualr"}
    with pytest.raises(ScreeningNeeded) as needed:
        loadmon.plan_ramp(history(spread(8)), resume=FIRST, reason="injury", screening=given)
    assert "navicular" in needed.value.questions["site"]


def test_an_event_is_no_base() -> None:
    # 25 km is the usual longest; 106 km four days before, none of it a base.
    usual = [(5 + 7 * w + d, x) for w in range(1, 20) for d, x in ((0, 25.0), (2, 10.0), (4, 12.0))]
    race = [(5, 106.0)]
    ramp = plan(history([*usual, *race]))
    assert ramp.plan["distance_km"].max() <= 27.5
    # It is in the seven days up to Monday: a day off, which no later run of the week makes up for.
    assert ramp.plan["distance_km"].head(7).tolist() == [0, 0, 25.0, 0, 0, 12.0, 0]
    assert week_km(ramp) <= 47 * 1.15
    named = plan(history(usual))
    assert week_km(ramp) >= 0.8 * week_km(named)


@pytest.mark.parametrize("off", [0, 3, 6])
def test_carrying_on_means_the_own_pattern(off: int) -> None:
    week = first_week(plan(history(spread(off, *MARATHON))))
    assert sorted(week["distance_km"]) == [12, 12, 14, 16, 30]
    assert week["date"].dt.day_of_week.nunique() == 5


def test_after_an_illness_four_questions_come_first() -> None:
    made = history(spread(7))
    with pytest.raises(ScreeningNeeded) as needed:
        loadmon.plan_ramp(made, resume=FIRST, reason="illness")
    assert set(needed.value.questions) == {"fever", "chest_pain", "breathless", "palpitations"}
    for key in needed.value.questions:
        ramp = loadmon.plan_ramp(
            made, resume=FIRST, reason="illness", screening=answers("illness") | {key: True}
        )
        assert ramp.plan.empty
        assert "There is no plan." in ramp.message


@pytest.mark.parametrize("off", [0, 2, 7, 14, 30])
def test_after_an_illness_the_first_week_holds_three_quarters_all_easy(off: int) -> None:
    ramp = plan(history(spread(off)), "illness")
    assert week_km(ramp) <= 0.75 * 43
    assert week_km(ramp) <= week_km(plan(history(spread(off)))) + 0.05
    assert set(first_week(ramp)["effort"]) == {"easy"}


def test_a_heavy_beginner_has_under_3_km_in_the_whole_first_week_and_others_6() -> None:
    nothing: Runs = []
    heavy = plan(history(nothing, mass_kg=110, height_m=1.75), target_km=20)
    light = plan(history(nothing, mass_kg=60, height_m=1.75), target_km=20)
    unknown = plan(history(nothing), target_km=20)
    assert 2 <= week_km(heavy) < 3
    assert week_km(light) == week_km(unknown) == 6
    assert light.plan["distance_km"].iloc[0] == 2


def test_pain_in_the_terminal_is_that_of_the_answers() -> None:
    ramp = plan(history(spread(8)), "injury", pain=2, pain_before=1, pain_next_morning=1)
    assert "Pain 2/10 while running or walking, settled by the next morning" in ramp.message


# Those that were false.


#: Days off on both sides of where a plan changes its kind, and some between.
DAYS_OF_BREAKS = (0, 3, 5, 6, 7, 8, 10, 14, 15, 19, 24, 28, 29, 30, 31, 42, 60, 61, 90, 119)


def test_more_days_off_never_come_back_sooner() -> None:
    made = [history(spread(off)) for off in DAYS_OF_BREAKS]
    for pace in ("steady", "earliest"):
        ramps = [plan(one, pace=pace) for one in made]
        weeks = [week_km(ramp) for ramp in ramps]
        assert all(b <= a + 0.31 for a, b in pairwise(weeks)), weeks
        reached = [r.plan.loc[r.plan["date"] == r.reached_on, "week"].iloc[0] for r in ramps]
        assert reached == sorted(reached), reached


@pytest.mark.parametrize(
    "between",
    [
        *[[(15, 3.0)], [(9, 0.3), (6, 0.3), (2, 0.3)], [(20, 1.6)]],
        *[[(29, 1.0), (22, 1.0), (15, 1.0)], [(40, 5.0), (25, 1.2), (16, 1.7)]],
        # A jog every week is no lay-off to the calendar; it left 2.0 km of 10.5.
        *[[(d, 1.6) for d in (27, 20, 13, 6)], [(d, 1.6) for d in (25, 18, 11, 4)]],
        [(d, 2.0) for d in range(26, 7, -4)],
    ],
)
def test_running_in_between_never_makes_the_start_lower(between: Runs) -> None:
    for off in (60, 120):
        without = plan(history(spread(off)))
        with_some = plan(history([*spread(off), *between]))
        assert week_km(with_some) >= week_km(without) - 0.35, off
        first = without.plan["distance_km"].iloc[0]
        assert with_some.plan.loc[with_some.plan["distance_km"] > 0, "distance_km"].iloc[0] >= first


@pytest.mark.parametrize("pace", ["steady", "earliest"])
def test_weeks_of_jogs_in_a_break_leave_no_later_plan_and_no_lower_goal(pace: str) -> None:
    # 30 days off; 1.6 km on four of them: the goal stays, and each week of the way is no smaller
    without = plan(history(spread(30)), pace=pace)
    jogged = plan(history([*spread(30), *[(d, 1.6) for d in (25, 18, 11, 4)]]), pace=pace)
    weeks, more = (r.plan.groupby("week")["distance_km"].sum().tolist() for r in (without, jogged))
    assert jogged.reached
    assert max(more) >= 43 - 0.4
    for least, km in zip(weeks[:4], more[:4], strict=True):
        assert km >= 0.9 * least


@pytest.mark.parametrize("km", [3.0, 6.0, 8.0])
def test_after_an_injury_one_run_a_week_leaves_the_same_first_week_however_long_ago(
    km: float,
) -> None:
    # The run of the last seven days leaves no room beside it: the plan waits for that.
    ramps = [
        plan(history([(7 * w + off + 1, km) for w in range(12)]), "injury") for off in range(9)
    ]
    weeks = [week_km(ramp) for ramp in ramps]
    assert weeks == sorted(weeks, reverse=True)
    assert weeks[0] == weeks[6] > 4
    at_once = plan(history([(7 * w + 1, 3.0) for w in range(12)]), "injury")
    assert "leave no room for a first week" not in at_once.message
    late = plan(history([(7 * w + 1, 8.0) for w in range(12)]), "injury")
    assert "Not on Mon 16 Nov 2026: the runs of the last seven days leave no room" in late.message
    assert late.plan.loc[late.plan["distance_km"] > 0, "date"].iloc[0] > FIRST


def test_a_plan_whose_first_run_has_no_room_for_days_begins_as_the_return_it_is() -> None:
    # 6.3 km four days before leave no room: a first run on day 9 is a return
    runs = [(d, x) for d, x in ((4, 6.3), (41, 3.2), (52, 7.9), (61, 6.7), (75, 4.6), (94, 2.8))]
    made = history(
        [*spread(123, (4.0, 4.6, 5.6, 5.0), (2, 3, 4, 6)), *runs, (116, 5.8), (118, 3.7)]
    )
    ramp = plan(made)
    assert loadmon.verify_ramp(made, ramp.plan, ramp.limits).empty
    assert "leave no room for a first week" in ramp.message
    assert ramp.plan.loc[ramp.plan["distance_km"] > 0, "date"].iloc[0] == ramp.plan["date"].iloc[0]


def test_a_shorter_lay_off_within_a_long_return_keeps_its_day_between() -> None:
    # 60 days off, two runs, 9 days off: a day is kept between for the 28 days of the long return
    runs = [*spread(60), (12, 3.0), (10, 3.0)]
    made = history(runs)
    ramp = plan(made)
    week = first_week(ramp)
    assert (week["date"].diff().dropna() > ONE).all()
    begun = [*runs, (0, 3.0), (-1, 3.0)]
    late = history(begun)
    found = loadmon.check(late).to_frame().set_index("check").loc["return"]
    assert (found["verdict"], found["level"]) == ("flagged", "in_a_row")
    assert "after 48 days without a run" in found["message"]
    edited = ramp.plan.assign(distance_km=0.0)
    edited.loc[[0, 1], "distance_km"] = 2.0
    assert "run_days" in set(loadmon.verify_ramp(made, edited, ramp.limits)["limit"])
    alone = plan(history(spread(9)))  # 9 days off alone: the own pattern
    assert (first_week(alone)["date"].diff() == ONE).any()


def test_a_week_missed_in_a_return_does_not_count_the_weeks_off_before_it() -> None:
    # 60 days off, two weeks of 12 km, then 8 days off: 12 km a week were run, not 6
    weeks = [(n + 8 + 7 * w, 4.0) for w in (0, 1) for n in (1, 3, 6)]
    share = RAMP_REST["half_after_days"] / (RAMP_REST["half_after_days"] + 1)
    assert week_km(plan(history([*spread(82), *weeks]))) == pytest.approx(share * 12.0, abs=0.3)


def test_a_jog_to_the_bus_is_no_run_of_a_return_to_the_check_either() -> None:
    runs = [*spread(45), (20, 0.3), (10, 0.3), (1, 14.0)]
    found = loadmon.check(history(runs)).to_frame().set_index("check")["verdict"]
    assert found["return"] == "flagged"
    tried = [*spread(45), (20, 0.3), (10, 0.3), (1, 3.0)]
    verdicts = loadmon.check(history(tried)).to_frame().set_index("check")["verdict"]
    assert verdicts["return"] == "ok"
    assert verdicts["session_spike"] != "flagged"


def test_walking_and_cycling_in_the_break_only_soften_the_fall() -> None:
    still = plan(history(spread(30)))
    moved = plan(history(spread(30), tuple(range(2, 30, 2))))
    assert week_km(still) < week_km(moved) <= 43
    # 14 of 30 days: as after 30 - 14 / 3 days off, for the week as for the run.
    share = RAMP_REST["half_after_days"] / (RAMP_REST["half_after_days"] + 30 - 14 / 3 - 7)
    assert week_km(moved) <= share * 43 + 1e-9


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"target_km": 5000}, "out of proportion"),
        ({"target_km": 87}, "out of proportion"),
        ({"target_km": 0.4}, "at least 0.5"),
        ({"target_long_km": 0.3}, "at least 0.5"),
        ({"run_days": "mon,tue,wed,thu,fri,sat,sun,mon"}, "at most 7 runs"),
        ({"limits": {"max_run_days_in_7": 8}}, "at most 7"),
        ({"as_of": "2026-11-20"}, "is past"),
        ({"as_of": "2025-11-15"}, "more than 365 days"),
        ({"reason": "injury,illness"}, "reason must be one of"),
        ({"reason": ["injury", "illness"]}, "reason must be one of"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_to_do(
    options: dict[str, object], word: str
) -> None:
    with pytest.raises(SettingError, match=re.escape(word)):
        loadmon.plan_ramp(history(spread(3)), **{"resume": FIRST, **options})  # type: ignore[arg-type]


def test_a_target_of_twice_the_largest_month_is_planned() -> None:
    assert plan(history(spread(3)), target_km=86).plan["distance_km"].max() > 16
    assert not plan(history([(40, 5.0)]), target_km=30).plan.empty


@pytest.mark.parametrize("days", [(5, 6), (0,), (0, 1, 2, 3, 4, 5, 6), (1, 3, 5)])
def test_any_habit_is_planned_and_after_14_days_with_a_day_between(days: tuple[int, ...]) -> None:
    km = tuple(8.0 + 2 * i for i in range(len(days)))
    short = first_week(plan(history(spread(9, km, days))))
    assert len(short) == len(days) or len(days) > 5
    long = plan(history(spread(20, km, days)))
    ran = long.plan[long.plan["distance_km"] > 0]
    month = ran[ran["date"] < ran["date"].iloc[0] + 28 * ONE]
    assert (month["date"].diff().dropna() > ONE).all()
    assert len(month) == 4 * min(3, len(days))


# What holds for any runner.


@st.composite
def runners(draw: st.DrawFn) -> Runs:
    """Weeks alike, more or less, of one to six runs; days before the last of them."""
    days = sorted(draw(st.sets(st.integers(0, 6), min_size=1, max_size=6)))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    long, km = draw(st.floats(1.0, 2.5)), draw(st.floats(3.0, 12.0))
    uneven, weeks = draw(st.floats(0.0, 0.3)), draw(st.integers(5, 30))
    runs = [
        (7 * w + 6 - d, round(km * (long if d == days[-1] else 1) * rng.uniform(1 - uneven, 1), 1))
        for w in range(weeks)
        for d in days
        if rng.random() >= uneven / 2
    ]
    runs = runs or [(0, 8.0)]
    last = min(n for n, _ in runs)
    return [(n - last, x) for n, x in runs]


def ended(runs: Runs, off: int) -> Runs:
    """The last of the runs so many full days before FIRST."""
    return [(n + off + 1, x) for n, x in runs]


@given(runners(), st.integers(0, 400), st.sampled_from(REASONS[2:]), st.integers(0, 5))
@settings(max_examples=examples(0.5))
def test_after_injury_the_first_week_is_in_minutes_and_more_pain_never_gives_more(
    runs: Runs, off: int, reason: str, pain: int
) -> None:
    made, share = history(ended(runs, off)), 0.5 if reason == "bone" else 1.0
    week = first_week(plan(made, reason))
    assert (week["repeats"] * week["run_min"] <= 20 * share + 1e-9).all()
    assert (week["duration_min"] <= 45 * share + 1e-9).all()
    assert (week["date"].diff().dropna() > ONE).all()
    if reason == "bone":
        assert pain == 0 or plan(made, reason, pain=pain).plan.empty
        return
    minutes = []
    for each in sorted({0, pain, 5}):
        of = first_week(plan(made, reason, pain=each))
        minutes.append(float((of["repeats"] * of["run_min"]).sum()))
    assert minutes == sorted(minutes, reverse=True)


@given(runners(), st.integers(1, 400), st.integers(1, 60), st.sampled_from(REASONS))
@settings(max_examples=examples(0.4))
def test_more_days_off_never_give_a_larger_first_week(
    runs: Runs, off: int, more: int, reason: str
) -> None:
    sooner, later = (plan(history(ended(runs, d)), reason) for d in (off, off + more))
    # Rounding takes up to a tenth off each run.
    assert week_km(later) <= week_km(sooner) + 0.1 * len(first_week(sooner)) + 1e-9


@given(
    runners(),
    st.integers(15, 400),
    st.lists(st.tuples(st.integers(8, 399), st.floats(0.3, 6.0)), min_size=1, max_size=3),
    st.sampled_from(REASONS),
    st.sampled_from(("steady", "earliest")),
)
@settings(max_examples=examples(0.4))
def test_more_running_in_between_never_gives_a_smaller_first_week(
    runs: Runs, off: int, more: Runs, reason: str, pace: str
) -> None:
    between = [(min(n, off), round(x, 1)) for n, x in more]
    without, with_more = (
        plan(history([*ended(runs, off), *some]), reason, pace=pace) for some in ([], between)
    )
    lost = 0.1 * len(first_week(with_more)) + 1e-9  # rounding takes up to a tenth off each run
    assert week_km(with_more) >= week_km(without) - lost


def test_the_weeks_off_by_hand() -> None:
    # 43 km a week and a longest run of 16 km; 21 days off: 18 / (18 + 14) of the week, and a first
    # run on the line from 16 km at 7 days to 3 km at 30: 16 - 13 * 14 / 23.
    ramp = plan(history(spread(21)), run_days="mon,wed,sat")
    assert ramp.limits.first_week_km == pytest.approx(43 * 18 / 32)
    assert ramp.limits.start_km == pytest.approx(16 - 13 * 14 / 23)
    assert 43 * 18 / 32 - 0.3 <= week_km(ramp) <= 43 * 18 / 32
    year = plan(history(spread(365)))
    assert (year.limits.start_km, year.limits.first_week_km) == (3.0, 6.0)


@pytest.mark.parametrize("off", [9, 21, 45])
def test_today_allows_what_the_plan_begins_with(off: int) -> None:
    made = history(spread(off))
    ramp = plan(made, pace="earliest", run_days="mon")
    first = ramp.plan.iloc[0]
    bound = loadmon.today(archive(made.activities, rested_until=f"{FIRST:%Y-%m-%d}"), as_of=FIRST)
    frame = bound.to_frame().set_index("limit")["distance_km"]
    limit = frame[["return"]].iloc[0]
    assert limit == pytest.approx(ramp.limits.start_km)
    assert first["distance_km"] <= bound.distance_km + 1e-9
    assert bound.distance_km == pytest.approx(ramp.limits.start_km)


@given(runners(), st.integers(0, 120), st.sampled_from(("steady", "earliest")))
@settings(max_examples=examples(0.1))
def test_today_allows_every_run_of_a_plan_that_is_run(runs: Runs, off: int, pace: str) -> None:
    ramp = plan(history(ended(runs, off)), pace=pace)
    begun = ended(runs, off)
    planned = ramp.plan[ramp.plan["distance_km"] > 0].head(10)
    for day, km in zip(planned["date"], planned["distance_km"], strict=True):
        made = archive(history(begun).activities, rested_until=f"{day:%Y-%m-%d}")
        assert km <= loadmon.today(made, as_of=day).distance_km + 1e-9, day
        begun = [((FIRST - day).days, km), *begun]


# The published rules beside loadmon's, as docs/ramp.md shows them.

USUAL, TARGET, DAYS_OFF = 43.0, 40.0, (21, 31, 60, 365)


def weeks_growing(km: float, growth: float) -> int:
    """Weeks to the target from a first week, growing by a share each week."""
    return 1 + math.ceil(math.log(TARGET / km) / math.log(1 + growth) - 1e-9)


def published(rule: str, off: int) -> int | None:
    """Weeks to the target by a rule; None where it says nothing of so many days off."""
    if rule == "Daniels":
        return math.ceil(off / 7) + 1 if off <= 56 else 13
    if rule == "active.com":
        known = 14 <= off <= 31
        first = RETURN_RULES["active_share"] * USUAL
        return weeks_growing(first, RETURN_RULES["active_growth"]) if known else None
    if rule == "a club":
        return math.ceil(RETURN_RULES["club_weeks_for_one"] * off / 7)
    if rule == "arc-running.com":
        return 1 + weeks_growing(4 * 30 / 7, RETURN_RULES["arc_growth"])
    assert rule == "Pfitzinger"
    return 1 if off < RETURN_RULES["pfitzinger_days"] else None


@functools.cache
def plan_to_target(off: int, pace: str) -> Ramp:
    """A plan after so many days off."""
    return plan(history(spread(off)), pace=pace, target_km=TARGET)


def own_weeks(off: int, pace: str) -> int:
    """Weeks in which a plan reaches the target."""
    weeks = plan_to_target(off, pace).plan.groupby("week")["distance_km"].sum()
    return int(weeks.index[(weeks >= TARGET - 0.4).to_numpy()][0])


def test_the_table_of_rules_is_worked_out_again() -> None:
    text = (ROOT / "docs" / "ramp.md").read_text(encoding="utf-8")
    told = re.search(r"<!-- return rules -->\n(.*?)\n<!-- end -->", text, re.DOTALL)
    assert told is not None
    rows = [[c.strip() for c in row.strip("|").split("|")] for row in told[1].splitlines()[2:]]
    assert len(rows) == 7
    for name, *cells in rows:
        pace = re.search(r"`(steady|earliest)`", name)
        rule = next((r for r in _RULES if name.startswith(r)), "")
        for off, cell in zip(DAYS_OFF, cells, strict=True):
            weeks = own_weeks(off, pace[1]) if pace else published(rule, off)
            assert cell == ("-" if weeks is None else str(weeks)), (name, off)


_RULES = ("Daniels", "Pfitzinger", "active.com", "a club", "arc-running.com")


@pytest.mark.parametrize(
    ("pace", "most"), [("steady", (8, 12, 20, 30)), ("earliest", (6, 9, 16, 24))]
)
def test_43_km_a_week_come_back_within_the_weeks_of_the_contract(
    pace: str, most: tuple[int, ...]
) -> None:
    for off, weeks in zip(DAYS_OFF, most, strict=True):
        assert own_weeks(off, pace) <= weeks, off
        ramp = plan_to_target(off, pace)
        assert ramp.reached_on is not None
        assert ramp.reached_on < FIRST + weeks * 7 * ONE


def test_what_was_run_before_comes_back_faster_than_more_is_built() -> None:
    ramp = plan(history(spread(60)), target_km=80)
    weeks = ramp.plan.groupby("week")["distance_km"].sum()
    growth = (weeks / weeks.shift()).dropna()
    beyond = growth[(weeks.shift() >= 43).reindex(growth.index)]
    assert growth.max() > 1.13
    assert beyond.max() <= 1.10 + 0.02


def test_an_athlete_without_a_size_is_no_heavy_beginner() -> None:
    assert math.isnan(Athlete().mass_kg)
    assert week_km(plan(history([], mass_kg=110), target_km=20)) == 6


def test_a_day_of_return_may_be_a_date() -> None:
    assert not loadmon.plan_ramp(history(spread(9)), resume=dt.date(2026, 11, 16)).plan.empty


def test_a_first_run_of_the_runners_own_is_looser_only_than_that_of_the_lay_off() -> None:
    made = history(spread(21))  # a first run of 8.1 km, a first week of 24.2
    for km, is_looser in ((5.0, False), (9.0, True)):
        ramp = plan(made, run_days="mon,wed,sat", limits={"start_km": km})
        message = ramp.message
        assert f"first run {km} km (usually 8.1 km)" in message
        assert ("LOOSER than loadmon's own" in message) == is_looser


# Breaks with jogs: what the checks would flag, no plan holds.

#: Days before FIRST and km; each was flagged by the ratio in its first week, or refused.
JOGS = {
    "two jogs in the last days": [(107, 6.0), (104, 7.0), (15, 1.0), (8, 1.0)],
    "a jog a week": [
        *[(104, 7.0), (101, 7.0), (97, 15.0), (85, 4.0), (71, 2.0), (50, 2.0), (29, 2.0)],
        *[(22, 3.0), (15, 1.0), (8, 1.0), (1, 1.0)],
    ],
    "a return that goes on": [
        *[(106, 10.0), (104, 11.0), (101, 18.0), (99, 11.0), (94, 21.0), (91, 7.0), (81, 2.0)],
        *[(76, 3.0), (66, 2.0), (56, 7.0), (36, 2.0), (31, 2.0), (21, 3.0), (11, 1.0), (6, 6.0)],
        (1, 3.0),
    ],
    "a return that is over before the first run": [
        *[(112, 8.0), (106, 5.0), (100, 7.0), (94, 4.0), (91, 2.0), (88, 2.0), (85, 2.0)],
        *[(82, 2.0), (79, 7.0), (76, 3.0), (73, 4.0), (70, 2.0), (52, 3.0), (49, 4.0), (43, 2.0)],
        *[(40, 4.0), (34, 5.0), (22, 3.0), (10, 2.0), (1, 7.0)],
    ],
    "a race three days before": [*spread(5, (6.0, 7.0, 9.0), (0, 2, 4)), (3, 32.0)],
}


def run_to_the_letter(runs: Runs, ramp: Ramp) -> tuple[Archive, pd.DataFrame]:
    """What is recorded on the last day of a plan, and the runs of the plan."""
    ran = ramp.plan[ramp.plan["distance_km"] > 0]
    ago = (FIRST - ran["date"]).dt.days.tolist()
    return history([*runs, *zip(ago, ran["distance_km"], strict=True)]), ran


@pytest.mark.parametrize("pace", ["steady", "earliest"])
@pytest.mark.parametrize("runs", JOGS.values(), ids=JOGS)
def test_no_run_of_a_plan_is_flagged_after_jogs_or_a_race(runs: Runs, pace: str) -> None:
    ramp = plan(history(runs), pace=pace, target_km=12)
    done, ran = run_to_the_letter(runs, ramp)
    flags = loadmon.flag_history(done, as_of=ran["date"].iloc[-1])
    assert flags[flags["until"] >= ran["date"].iloc[0]].empty


def test_a_plan_waits_until_the_jogs_of_the_last_days_leave_its_first_week_whole() -> None:
    # 6 km, a beginner's week: with the jog of yesterday in the seven days 5 km would be left.
    assert week_km(plan(history(JOGS["a jog a week"]), target_km=12)) == pytest.approx(6.0)


def test_more_than_the_ratio_leaves_is_not_within_the_limits() -> None:
    made = history(JOGS["a return that goes on"])
    ramp = loadmon.plan_ramp(made, resume=FIRST, target_km=12)
    at = ramp.plan.index[ramp.plan["limited_by"] == "coupled"][:1]
    more = ramp.plan[["date", "distance_km"]].copy()
    assert loadmon.verify_ramp(made, more).empty
    more.loc[at, "distance_km"] += 0.2
    found = loadmon.verify_ramp(made, more)
    assert "coupled" in set(found.loc[found["date"].isin(more["date"][at]), "limit"])


@settings(max_examples=examples(5))
@given(st.integers(0, 2**31))
def test_the_planner_knows_from_which_run_on_the_ratio_is_flagged(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ago = rng.choice(np.arange(1, 41), int(rng.integers(0, 16)), replace=False)
    jogs = [(int(n), float(rng.choice([0.9, 1.4, 1.6, 3.1, 6.3]))) for n in np.sort(ago)[::-1]]
    runs = [*spread(40, (6.0, 9.0), (0, 3))[-int(rng.integers(1, 10)) :], *jogs]
    daily = recorded_days(history(runs), FIRST - ONE)
    before = build_history(daily, FIRST, Limits())
    whole = [a + b for a, b in zip(before.km, before.beyond_km, strict=True)]
    new = weekly_change.new_after(before.km, before.ran, before.earlier)
    room = acwr.most_in_7_after(whole, 1.5, new) - sum(whole[-6:])
    is_known = not any(before.beyond_km)  # after an event the plan has the stricter base
    for km, flagged in ((room - 0.02, False), (room + 0.02, True)):
        if 0.02 < km < 60 and (is_known or not flagged):
            found = loadmon.check(history([*runs, (0, km)]), as_of=FIRST).to_frame()
            assert (found.set_index("check").loc["acwr", "verdict"] == "flagged") == flagged


def test_a_planned_jog_makes_no_habit_of_run_days() -> None:
    weeks = [True, True, True, True, True, False, False] * 13
    jogs = [ran and n % 7 != 4 for n, ran in enumerate(weeks)]  # the fifth in a row is one
    ran = [*weeks, *[True] * 4]
    assert not rest.is_full(ran, 4, 4)
    assert rest.is_full(ran, 4, 4, [*jogs, *[True] * 4])
