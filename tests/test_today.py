from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from made import activities, archive, archive_of_runs, days, runs

from loadmon.athlete import Athlete
from loadmon.diary import DIARY_COLUMNS, no_diary
from loadmon.ratio import acwr
from loadmon.rules.engine import Today, build_context, today
from loadmon.rules.return_to_run import cap_km, find_return, too_soon
from loadmon.rules.session_spike import base_outings

WEEK = [5.0, 0, 5.0, 0, 5.0, 0, 5.0]  # 20 km
STEADY = WEEK * 8  # to Wednesday 25 February
OLD = [8.0, 0, 8.0, 0, 0, 14.0, 0] * 8
LIMITS = ["symptoms", "session_spike", "return", "weekly_change", "rest", "acwr", "monotony"]


def ask(loads: list[float], as_of: str | None = None, **options: Any) -> Today:
    return today(archive_of_runs(loads, **options), as_of=as_of, days_ahead=0)


def diary_of(when: str, pain: float, site: str) -> pd.DataFrame:
    blank = dict.fromkeys(DIARY_COLUMNS, "") | {"rpe": float("nan")}
    row = {"date": pd.Timestamp("2026-02-25"), "when": when, "pain": pain, "site": site}
    return pd.DataFrame([blank | row]).astype(no_diary().dtypes.to_dict())


def by_limit(told: Today) -> pd.Series:
    return told.to_frame().set_index("limit")["distance_km"]


def test_the_longest_run_is_ten_per_cent_over_the_longest_of_30_days() -> None:
    told = ask(STEADY, "2026-02-26")
    assert (told.limited_by, told.distance_km) == ("session_spike", pytest.approx(5.5))
    assert told.why == "longest of the 30 days before: 5.0 km"
    assert told.to_frame()["limit"].tolist() == LIMITS


@pytest.mark.parametrize(("days_after", "km"), [(30, 22.0), (31, 5.5)])
def test_a_run_counts_for_30_days_and_no_longer(days_after: int, km: float) -> None:
    day = pd.Timestamp("2026-01-01") + pd.Timedelta(days=days_after)
    got = ask([20.0, *[0.0, 5.0] * 14], f"{day:%Y-%m-%d}", rested_until="2026-03-01")
    assert by_limit(got)["session_spike"] == pytest.approx(km)


def test_every_limit_has_its_closed_form() -> None:
    told = ask([*STEADY, 20.0, 0], "2026-02-27")
    got, why = by_limit(told), told.to_frame().set_index("limit")["why"]
    # Seven days to 27 February: 5 + 5 + 5 + 20 = 35 km, at most 20 km in any seven before them, and
    # 12 + 3 runs of 5 km and one of 20 in the month. The 20 km are an event: no base.
    assert got["session_spike"] == pytest.approx(5.5)
    assert why["session_spike"].endswith("5.0 km; 20.0 km was an event, no base yet")
    assert got["weekly_change"] == 0.0  # 1.3 x 20 is less than 35
    # 4 (35 + x) = 1.5 (95 + x)
    assert got["acwr"] == pytest.approx(1.0)


def test_a_run_of_that_length_brings_the_ratio_to_its_limit() -> None:
    km = by_limit(ask(STEADY, "2026-02-26"))["acwr"]
    assert km == pytest.approx(21.0)  # 4 (15 + x) = 1.5 (75 + x)
    assert acwr(days([*STEADY, km]), method="coupled")["acwr"].iloc[-1] == pytest.approx(1.5)


def test_the_ratio_leaves_what_is_not_new_to_the_own_weeks_before() -> None:
    # 40 km a week, then three weeks of 8. The ratio reaches 1.5 at 22.8 km, by
    # 4 (6 + x) = 1.5 (54 + x).
    # But 1.3 x 40 km is new from 52 km on, of which 6 are run.
    loads = [*[2 * x for x in STEADY], *[0.4 * x for x in WEEK] * 3]
    assert by_limit(ask(loads, "2026-03-19"))["acwr"] == pytest.approx(46.0)
    for km, flagged in ((45.9, False), (46.1, True)):
        assert ("acwr" in flagged_on(loads, km)) == flagged


def test_the_fullest_seven_days_of_twelve_weeks_bound_the_week_and_double_those_of_four() -> None:
    easy = [0.6 * x for x in WEEK]
    # Five weeks of 12 km after 40: no more than twice 12, of which 9 are run.
    told = ask([*[2 * x for x in STEADY], *easy * 5], "2026-04-02").to_frame().set_index("limit")
    assert told.loc["weekly_change", "distance_km"] == pytest.approx(2 * 12 - 9)
    assert "12.0 km in the fullest 7 of the four weeks before" in told.loc["weekly_change", "why"]
    # In four weeks the seven days that end 28 days before still hold some of the 40.
    told = ask([*[2 * x for x in STEADY], *easy * 4], "2026-03-26").to_frame().set_index("limit")
    # Those end on 26 February, the first easy day: 10 + 10 + 10 + 3 km.
    assert told.loc["weekly_change", "distance_km"] == pytest.approx(52 - 9)


def test_little_running_of_late_leaves_no_less_than_a_return_would_begin_with() -> None:
    # Five weeks of 8 km after 40: twice 8 is less than a return on 27 March would begin with, 29
    # days after the last run of the 40: 18 / (18 + 22) of them. 6 of these are run.
    loads = [*[2 * x for x in STEADY], *[0.4 * x for x in WEEK] * 5]
    told = ask(loads, "2026-04-02").to_frame().set_index("limit")
    assert told.loc["weekly_change", "distance_km"] == pytest.approx(40 * 18 / 40 - 6)
    assert "18.0 km is what a return would begin with" in told.loc["weekly_change", "why"]
    assert {"weekly_change", "acwr"}.isdisjoint(flagged_on(loads, 11.9))
    assert "weekly_change" in flagged_on(loads, 12.1)


def test_an_event_makes_no_week_fuller_than_the_longest_run_that_is_none() -> None:
    loads = [*WEEK * 4, 20.0, *WEEK[1:], *WEEK * 3]
    assert by_limit(ask(loads, "2026-02-26"))["weekly_change"] == pytest.approx(1.3 * 20 - 15)
    twice = [*WEEK * 4, 20.0, 0, 15.4, *WEEK[3:], *WEEK * 3]  # 20 / 1.3 = 15.38: no event any more
    want = 2 * 45.4 - 15  # of the four weeks: 20 + 15.4 + 5 + 5
    assert by_limit(ask(twice, "2026-02-26"))["weekly_change"] == pytest.approx(
        min(want, 1.3 * 45.4 - 15)
    )


def test_a_run_of_the_day_itself_counts_towards_the_week_and_not_the_session() -> None:
    got = by_limit(ask([*STEADY, 4.0]))
    assert got["session_spike"] == pytest.approx(5.5)
    assert got["weekly_change"] == pytest.approx(1.3 * 20 - 19)


def test_after_a_lay_off_the_return_is_the_limit() -> None:
    told = ask(OLD, "2026-04-01", rested_until="2026-04-01")
    assert (told.limited_by, told.distance_km) == ("return", 3.0)
    assert "35 days without a run" in told.why
    reasons = told.to_frame().set_index("limit")["why"]
    assert reasons["acwr"].startswith("no ratio is shown: for 28 days after a lay-off")


def test_a_sixth_run_day_in_seven_leaves_a_jog_that_is_no_run_day() -> None:
    loads = [*STEADY, 3.0, 2.0, 4.0, 0, 5.0, 2.0]
    told = ask(loads, "2026-03-04")
    assert (told.limited_by, told.distance_km) == ("rest", 1.4)
    assert flagged_on(loads, 1.4) == set()
    assert flagged_on(loads, 1.5) == {"too_few_rest_days"}
    again = ask(loads, "2026-03-03")
    assert math.isnan(by_limit(again)["rest"])


def test_six_run_days_where_five_are_usual_are_no_change() -> None:
    five = [5.0, 5.0, 0, 5.0, 5.0, 0, 5.0] * 8
    told = ask([*five, 5.0, 5.0, 0, 5.0, 5.0, 5.0], "2026-03-04")  # the seventh day would be a run
    assert math.isnan(by_limit(told)["rest"])


def test_a_day_more_may_not_make_the_week_too_similar() -> None:
    five = [5.0] * 5 + [0.0] * 2
    # 23 y^2 - 250 y + 375 = 0 at 1.80 and 9.07 km: between them monotony is above 2.
    told = ask([*five * 26, *five[:5]], "2026-07-07")
    assert told.limited_by == "monotony"
    assert told.distance_km == pytest.approx((250 - 28000**0.5) / 46)
    loads = [*five * 26, *five[:5]]
    for km, flagged in ((1.79, False), (1.80, True), (9.07, True), (9.08, False)):
        assert ("monotony" in flagged_on(loads, km)) == flagged
    # With a long run in the month a run may be longer than that.
    long = [*five * 24, 5.0, 5.0, 5.0, 5.0, 12.0, 0, 0, *five, *five[:5]]
    told = ask(long, "2026-06-30")
    assert math.isnan(by_limit(told)["monotony"]) == (told.distance_km > 9.07)
    # Who runs six even days a week finds nothing new in it.
    six = [5.0] * 6 + [0.0]
    assert math.isnan(by_limit(ask([*six * 26, *six[:5]], "2026-07-07"))["monotony"])


def test_unknown_is_neither_zero_nor_endless() -> None:
    silent = ask(STEADY, "2026-03-20")
    assert (silent.limited_by, math.isnan(silent.distance_km)) == ("unknown", True)
    assert "not all of these 7 days are known" in silent.why
    nothing = today(archive(activities([])), as_of="2026-03-20")
    assert (nothing.limited_by, math.isnan(nothing.distance_km)) == ("unknown", True)


@pytest.mark.parametrize("lost", ["2026-02-24", "2026-02-18", "2026-02-10", "2026-01-26"])
def test_what_a_missing_day_leaves_is_known_from_below(lost: str) -> None:
    told = ask(STEADY, "2026-02-26", unknown_days=[lost])
    assert (told.limited_by, told.distance_km) == ("session_spike", pytest.approx(5.5))
    assert told.from_below
    assert told.why.endswith("at least that: days that are missing may have held more")
    assert told.ahead["from_below"].tolist() == [True]
    assert not ask(STEADY, "2026-02-26").from_below


def test_a_day_that_is_missing_among_the_seven_counts_as_the_fullest_of_four_weeks() -> None:
    loads = [*STEADY[:39], 6.5, *STEADY[40:]]  # 9 February; 6.5 km are no event
    assert by_limit(ask(loads, "2026-02-26"))["weekly_change"] == pytest.approx(1.3 * 21.5 - 15)
    # 23 February, of 5 km: counted as 6.5, so 16.5 km so far.
    got = ask(loads, "2026-02-26", unknown_days=["2026-02-23"]).to_frame().set_index("limit")
    assert got.loc["weekly_change", "distance_km"] == pytest.approx(1.3 * 21.5 - 16.5)
    assert got.loc["weekly_change", "unknown"]
    # Older than seven days: nothing is counted for it, and the fullest seven are known from below.
    got = ask(loads, "2026-02-26", unknown_days=["2026-02-16"]).to_frame().set_index("limit")
    assert got.loc["weekly_change", "distance_km"] == pytest.approx(1.3 * 21.5 - 15)
    assert got.loc["weekly_change", "unknown"]


def test_a_day_that_is_missing_longer_ago_than_a_limit_looks_leaves_it_known() -> None:
    known = {"session_spike": False, "weekly_change": True, "acwr": False}
    told = ask(WEEK * 15, "2026-04-16", unknown_days=["2026-03-16"])  # 31 days before
    rows = told.to_frame().set_index("limit")
    assert rows.loc[list(known), "unknown"].to_dict() == known
    assert by_limit(told)["acwr"] > 0
    # 90 days: the fullest sevens of twelve weeks hold it, beyond them nothing does.
    for lost, from_below in (("2026-01-16", True), ("2026-01-15", False)):
        assert ask(WEEK * 15, "2026-04-16", unknown_days=[lost]).from_below == from_below


def test_a_first_day_has_nothing_to_compare_with() -> None:
    told = ask([5.0])
    assert (told.limited_by, math.isnan(told.distance_km)) == ("unknown", True)
    assert told.why == "no known run in the 30 days before"


def test_a_short_history_is_bound_by_what_is_known_and_from_below() -> None:
    told = ask([5.0, 0, 4.0], "2026-01-04")
    assert (told.limited_by, told.distance_km) == ("session_spike", pytest.approx(5.5))
    assert told.from_below
    for recorded, from_below in ((20, True), (21, False)):
        loads = [5.0, *[0.0, 5.0] * 10][:recorded]
        day = pd.Timestamp("2026-01-01") + pd.Timedelta(days=recorded)
        assert ask(loads, f"{day:%Y-%m-%d}").from_below == from_below


def test_the_next_six_days_stand_beside_today() -> None:
    told = today(archive_of_runs(STEADY), as_of="2026-02-26")
    assert told.ahead["date"].dt.day.tolist() == [26, 27, 28, 1, 2, 3, 4]
    frame = told.to_frame()
    assert frame["limit"].tolist() == [*LIMITS, *told.ahead["limited_by"].iloc[1:]]
    assert frame["distance_km"].tolist()[7:] == told.ahead["distance_km"].tolist()[1:]


@pytest.mark.parametrize("when", ["during", "next-morning"])
def test_pain_that_flags_leaves_no_run_whatever_the_numbers(when: str) -> None:
    made = archive(runs(STEADY), diary=diary_of(when, 6, "back"))
    told = today(made, as_of="2026-02-26", distances_km=[1.0])
    assert (told.limited_by, told.distance_km, told.from_below) == ("symptoms", 0.0, False)
    assert told.what_if["verdict"].iloc[0] == "above"
    assert "symptoms" in told.what_if["above"].iloc[0].split(",")
    mild = archive(runs(STEADY), diary=diary_of("during", 1, "back"))
    assert today(mild, as_of="2026-02-26").distance_km == pytest.approx(5.5)


@given(
    st.lists(st.just(0.0) | st.just(0.0) | st.floats(1.0, 20.0), min_size=40, max_size=70),
    st.integers(0, 30),
)
@example([*[0.0] * 39, 1.0], 0)  # the day after the first run of a return
def test_a_run_of_that_length_is_not_flagged_and_a_longer_one_is(
    loads: list[float], off: int
) -> None:
    loads = [10.0, *loads, *[0.0] * off]
    day = pd.Timestamp("2026-01-01") + pd.Timedelta(days=len(loads))
    told = ask(loads, f"{day:%Y-%m-%d}", rested_until="2027-01-01")
    if math.isnan(told.distance_km):
        return
    km = told.distance_km
    before = flagged_on(loads, 0.0)
    if km > 0:
        assert flagged_on(loads, km) <= before
    outings = build_context(archive(runs(loads)), None).spikes
    if told.from_below or len(base_outings(outings, Athlete().diary, day)) < len(outings):
        return
    longer = 1.001 * km + 0.001
    if "is no run day" in told.why or "is none" in told.why:
        assert km == 1.4
        longer = 1.5
    # A run can lift the base so far that the ratio is shown: up to there none is.
    if told.limited_by == "acwr" and acwr(days([*loads, longer]))["status"].iloc[-1] != "ok":
        return
    assert flagged_on(loads, longer) - before


def flagged_on(loads: list[float], km: float) -> set[str]:
    """Checks that a run of `km` on the day after `loads` stands out in by itself."""
    day = pd.Timestamp("2026-01-01") + pd.Timedelta(days=len(loads))
    view = build_context(archive(runs([*loads, km]), rested_until="2027-01-01"), day)
    names = ["session_spike", "weekly_change", "acwr", "monotony"]
    names += ["too_few_rest_days", "in_a_row"]
    last = view.flags[names].iloc[-1]
    found = set(last.index[(last == 1).to_numpy()])
    back = find_return(view.daily, day)
    if back is None or km == 0:
        return found
    over = km > cap_km(back, view.daily, day) * (1 + 1e-9)
    beside = km >= 1.5 and too_soon(back, view.daily, day)
    return found | ({"return"} if over or beside else set())
