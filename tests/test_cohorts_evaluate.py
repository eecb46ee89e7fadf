"""Flags against injuries: counted by hand, and with chance where the truth is known."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from made_cohorts import day, injured, only, panel

import loadmon
from loadmon.cohorts.chance import p_value
from loadmon.cohorts.evaluate import CANNOT_SAY, evaluate, evaluation_text
from loadmon.cohorts.follow_up import person_periods
from loadmon.cohorts.simulate import simulate_cohort

#: Options under which every day and injury counts as it stands.
BARE = {"run_in_days": 0, "recurrence_days": 0, "replicates": 50}


def test_days_injuries_and_sessions_are_those_counted_by_hand() -> None:
    # One flag on day 40: the 7 days after it are days 41 to 47. Days 0 to 6 have no full window.
    days = panel(flags={"a": [40], "b": []})
    row = only(evaluate(days, injured(("a", 41), ("a", 47), ("a", 48), ("b", 30)), **BARE))
    assert (row["days_flagged"], row["days_unflagged"], row["days_unknown"]) == (7, 99, 14)
    assert (row["injuries_flagged"], row["injuries_unflagged"]) == (2, 2)
    assert (row["sessions_flagged"], row["sessions_unflagged"]) == (3, 49)
    assert row["rate_flagged"] == pytest.approx(1000 * 2 / 7)
    assert row["rate_unflagged"] == pytest.approx(1000 * 2 / 99)
    assert row["rate_ratio"] == pytest.approx(2 / 7 / (2 / 99))
    assert row["session_rate_ratio"] == pytest.approx(2 / 3 / (2 / 49))
    assert row["injuries_flagged_share"] == 0.5
    assert (row["flags"], row["flags_followed"]) == (1, 1.0)
    assert row["flags_per_100_days"] == pytest.approx(100 / 120)
    assert row["lead_days"] == pytest.approx((1 + 7) / 2)


def test_a_flag_is_followed_within_its_days_or_not_and_left_out_where_they_are_not_over() -> None:
    # 60 days: of the flags of days 20, 40, 52 and 53 the last one's 7 days reach beyond the end.
    days = panel(flags={"a": [20, 40, 52, 53]})
    assert only(evaluate(days, injured(("a", 47)), **BARE))["flags_followed"] == 1 / 3
    assert only(evaluate(days, injured(("a", 48)), **BARE))["flags_followed"] == 0
    assert only(evaluate(days, injured(("a", 40)), **BARE))["flags_followed"] == 0
    both = injured(("a", 41), ("a", 59))
    assert only(evaluate(days, both, **BARE))["flags_followed"] == 2 / 3


def test_the_day_of_the_flag_counts_only_where_it_is_asked_for() -> None:
    days, hurt = panel(flags={"a": [40]}), injured(("a", 40))
    assert only(evaluate(days, hurt, **BARE))["injuries_flagged"] == 0
    same_day = only(evaluate(days, hurt, lag_days=0, **BARE))
    assert (same_day["injuries_flagged"], same_day["lead_days"]) == (1, 0)
    assert same_day["days_flagged"] == 7


def test_all_three_windows_are_always_told_beside_the_one_asked_for() -> None:
    days, hurt = panel(flags={"a": [30], "b": [31]}), injured(("a", 35), ("b", 44), ("a", 12))
    row = only(evaluate(days, hurt, horizon_days=10, **BARE))
    assert row["horizon_days"] == 10
    assert row["ratio_10d"] == row["rate_ratio"]
    for n in (7, 14, 28):
        alone = only(evaluate(days, hurt, horizon_days=n, **BARE))
        assert row[f"ratio_{n}d"] == pytest.approx(alone["rate_ratio"], nan_ok=True)
    assert row["comparisons"] == 4


def test_a_flag_that_is_not_known_is_neither_side_until_another_settles_it() -> None:
    days = panel(flags={"a": [40]}, unknown={"a": [20, 41]})
    row = only(evaluate(days, injured(("a", 22), ("a", 45)), **BARE))
    # Days 21 to 27 are not known; 42 to 47 are flagged anyway, 48 is not known because of 41.
    assert (row["days_flagged"], row["days_unknown"]) == (7, 7 + 7 + 1)
    assert (row["injuries_flagged"], row["injuries_unknown"]) == (1, 1)


def test_a_flag_of_one_athlete_never_reaches_into_the_next() -> None:
    row = only(evaluate(panel(flags={"a": [59], "b": []}), injured(("b", 20)), **BARE))
    assert row["days_flagged"] == 0
    assert row["injuries_flagged"] == 0


def test_days_after_an_injury_are_not_at_risk_and_a_second_report_is_the_same_injury() -> None:
    days = panel(flags={"a": []})
    hurt = injured(("a", 20), ("a", 30), ("a", 59))
    rows = person_periods(days, hurt, run_in_days=0, recurrence_days=14)
    off = rows.index[rows["why_not"] == "injured"]
    # Day 20 counts; 21 to 34 do not, and the report of day 30 makes it last to day 44.
    assert off.tolist() == list(range(21, 45))
    assert rows.index[rows["injury"]].tolist() == [20, 59]
    table = only(evaluate(days, hurt, run_in_days=0, recurrence_days=14, replicates=5))
    assert (table["injuries_counted"], table["injuries_while_injured"]) == (2, 1)


def test_the_day_back_keeps_an_athlete_out_for_longer() -> None:
    hurt = injured(("a", 20), end=[40])
    rows = person_periods(panel(flags={"a": []}), hurt, run_in_days=0, recurrence_days=14)
    assert rows.index[rows["why_not"] == "injured"].tolist() == list(range(21, 40))
    never = hurt.assign(end=pd.NaT).astype({"end": "datetime64[us]"})
    rows = person_periods(panel(flags={"a": []}), never, run_in_days=0, recurrence_days=14)
    assert rows.index[rows["why_not"] == "injured"].tolist() == list(range(21, 35))


def test_an_injury_at_the_end_of_one_athlete_keeps_no_other_out() -> None:
    days = panel(flags={"a": [], "b": []})
    hurt = injured(("a", 58), ("b", 1))
    rows = person_periods(days, hurt, run_in_days=0, recurrence_days=28)
    assert rows[(rows["athlete"] == "b") & (rows["why_not"] == "injured")]["date"].tolist() == [
        day(n) for n in range(2, 30)
    ]


def test_a_lay_off_is_not_at_risk_from_its_14th_day_to_the_next_run() -> None:
    days = panel(flags={"a": []})
    days.loc[21:40, ["load", "runs"]] = 0.0
    rows = person_periods(days, injured(), run_in_days=0, recurrence_days=0)
    assert rows.index[rows["why_not"] == "laid_off"].tolist() == list(range(34, 42))
    assert not rows["at_risk"].loc[34:41].any()


def test_a_lay_off_ends_with_the_athlete_who_had_it() -> None:
    days = panel(flags={"a": [], "b": []})
    days.loc[days.index.isin([*range(30, 65)]), ["load", "runs"]] = 0.0
    rows = person_periods(days, injured(), run_in_days=0, recurrence_days=0)
    assert rows.index[rows["why_not"] == "laid_off"].tolist() == list(range(42, 60))


def test_the_first_days_of_an_athlete_do_not_count() -> None:
    rows = person_periods(panel(flags={"a": [], "b": []}), injured())
    assert rows.groupby("athlete")["at_risk"].sum().tolist() == [30, 30]
    assert set(rows["why_not"]) == {"run_in", ""}


def test_what_becomes_of_injuries_adds_up() -> None:
    days = panel(flags={"a": [], "b": []})
    days.loc[21:40, ["load", "runs"]] = 0.0
    hurt = injured(*[("a", n) for n in (1, 10, 12, 12, 36, 50, 99)], ("b", -3), ("c", 5), ("b", 55))
    row = only(evaluate(days, hurt, run_in_days=5, recurrence_days=7, replicates=5))
    parts = ["counted", "same_day", "while_run_in", "while_injured", "while_laid_off", "outside"]
    counts = [row[f"injuries_{name}"] for name in parts]
    assert counts == [3, 0, 1, 2, 1, 3]
    assert sum(counts) == row["injuries_reported"] == len(hurt)
    assert row["injuries_flagged"] + row["injuries_unflagged"] + row["injuries_unknown"] == 3


def test_person_periods_hold_the_table_that_the_rates_are_of() -> None:
    cohort = simulate_cohort(40, days=200, unknown_days_per_year=4, seed=2)
    days = loadmon.daily_panel(cohort.sessions)
    table = evaluate(days, cohort.injuries, replicates=5)
    rows = person_periods(days, cohort.injuries)
    risk = rows[rows["at_risk"]]
    for row in table.to_dict("records"):
        state = risk[f"{row['check']}_7d"]
        assert row["days_flagged"] == state.fillna(False).sum()
        assert row["days_unflagged"] == (~state.fillna(True)).sum()
        assert row["days_unknown"] == state.isna().sum()
        assert row["injuries_flagged"] == (state.fillna(False) & risk["injury"]).sum()
    total = table[["days_flagged", "days_unflagged", "days_unknown"]].sum(axis=1)
    assert (total == len(risk)).all()


def test_the_order_of_rows_does_not_matter_and_frames_are_left_alone() -> None:
    days, hurt = panel(flags={"a": [40], "b": [35]}), injured(("a", 44), ("b", 39), ("b", 50))
    before = days.copy(deep=True), hurt.copy(deep=True)
    table = evaluate(days, hurt, **BARE)
    other = evaluate(days.sample(frac=1, random_state=1), hurt.iloc[::-1], **BARE)
    pd.testing.assert_frame_equal(table, other)
    pd.testing.assert_frame_equal(days, before[0])
    pd.testing.assert_frame_equal(hurt, before[1])


def test_the_same_seed_gives_the_same_table_and_inputs_are_repeated() -> None:
    cohort = simulate_cohort(60, days=250, injuries_per_1000_days=6, seed=4)
    days = loadmon.daily_panel(cohort.sessions)
    told = {"injury_definition": "a run missed", "seed": 3, "comparisons": 99, "replicates": 100}
    one, two = (evaluate(days, cohort.injuries, **told) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    assert set(one["injury_definition"]) == {"a run missed"}
    assert set(one["comparisons"]) == {99}
    for name, value in (("recurrence_days", 28), ("lag_days", 1), ("run_in_days", 30), ("seed", 3)):
        assert set(one[name]) == {value}
    assert (one["p_adjusted"] == (one["p_shift"] * 99).clip(upper=1)).all()


def test_athletes_that_are_all_alike_leave_no_doubt() -> None:
    names = [f"r{n}" for n in range(20)]
    hurt = injured(*[(who, n) for who in names for n in (20, 44)])
    row = only(evaluate(panel(flags={who: [40] for who in names}), hurt, **BARE))
    assert row["rate_ratio"] == pytest.approx(1 / 7 / (1 / 46))
    assert (row["rate_ratio_low"], row["rate_ratio_high"]) == (row["rate_ratio"],) * 2
    assert row["rate_flagged_low"] == row["rate_flagged_high"] == pytest.approx(1000 / 7)
    assert row["interval"] == "athletes"


def test_the_interval_is_as_wide_as_counting_says_where_athletes_are_independent() -> None:
    # For counts of Poisson the log of a ratio has the variance 1/a + 1/b, that of a rate 1/a.
    rng = np.random.default_rng(1)
    names = [f"r{n}" for n in range(300)]
    flags = {who: [int(rng.integers(10, 50))] for who in names}
    hurt = injured(*[(who, n) for who in names for n in range(7, 60) if rng.random() < 0.04])
    told = {"run_in_days": 0, "recurrence_days": 0, "replicates": 2000}
    row = only(evaluate(panel(flags=flags), hurt, **told))
    a, b = row["injuries_flagged"], row["injuries_unflagged"]
    assert min(a, b) > 50
    width = np.log(row["rate_ratio_high"] / row["rate_ratio_low"])
    assert width == pytest.approx(2 * 1.96 * np.sqrt(1 / a + 1 / b), rel=0.12)
    width = np.log(row["rate_flagged_high"] / row["rate_flagged_low"])
    assert width == pytest.approx(2 * 1.96 * np.sqrt(1 / a), rel=0.15)


def test_p_is_the_share_of_shifts_as_far_out_on_either_side() -> None:
    shifted = np.linspace(0.5, 1.5, 101)
    assert p_value(1.0, shifted) == 1.0
    assert p_value(1.45, shifted) == pytest.approx(2 * 7 / 102)
    assert p_value(0.55, shifted) == pytest.approx(2 * 7 / 102)
    assert p_value(9.0, shifted) == pytest.approx(2 / 102)
    assert np.isnan(p_value(float("nan"), shifted))


def test_shifting_keeps_what_lies_between_athletes_and_loses_what_lies_in_time() -> None:
    # Every flag of each of 40 athletes is followed by an injury two days later.
    rng = np.random.default_rng(5)
    flags = {f"r{i}": sorted(rng.choice(np.arange(40, 180), 2, replace=False)) for i in range(40)}
    days = panel(200, flags=flags)
    hurt = injured(*[(who, int(n) + 2) for who, on in flags.items() for n in on])
    row = only(evaluate(days, hurt, recurrence_days=0, replicates=200))
    assert row["injuries_flagged"] == row["injuries_counted"] > 60
    assert row["null_high"] < 3
    moved = injured(*[(who, int(n) - 2) for who, on in flags.items() for n in on])
    before = only(evaluate(days, moved, recurrence_days=0, replicates=200))
    assert before["rate_ratio"] < 1


WRONG_PANELS = {
    "lacks runs": lambda p: p.drop(columns="runs"),
    "no flag": lambda p: p.drop(columns="flag_spike"),
    "gap or a repeat before 2024-01-05": lambda p: p.drop(index=3),
    "gap or a repeat": lambda p: pd.concat([p, p.iloc[:1]]),
    "naive days": lambda p: p.assign(date=p["date"].dt.tz_localize("UTC")),
    "'runs'] must be numeric": lambda p: p.assign(runs="1"),
    "empty cell; every day is somebody's": lambda p: p.assign(
        athlete=p["athlete"].mask(p.index == 3)
    ),
}


@pytest.mark.parametrize("says", WRONG_PANELS)
def test_a_panel_that_is_none_is_refused(says: str) -> None:
    with pytest.raises(loadmon.FrameError, match=re.escape(says)):
        evaluate(WRONG_PANELS[says](panel(flags={"a": []})), injured(("a", 5)))


WRONG_INJURIES = {
    "lack date": lambda i: i.drop(columns="date"),
    "first day": lambda i: i.assign(date=pd.NaT).astype({"date": "datetime64[us]"}),
    "must hold naive days": lambda i: i.assign(date="2024-01-05"),
    "named alike": lambda i: i.assign(athlete="A"),
}


@pytest.mark.parametrize("says", WRONG_INJURIES)
def test_injuries_that_are_none_are_refused(says: str) -> None:
    with pytest.raises(loadmon.FrameError, match=says):
        evaluate(panel(flags={"a": []}), WRONG_INJURIES[says](injured(("a", 5))))


@pytest.mark.parametrize(
    "wrong",
    [
        {"horizon_days": 0},
        {"lag_days": -1},
        {"run_in_days": -1},
        {"recurrence_days": -1},
        {"comparisons": 0},
        {"replicates": 0},
        {"seed": -1},
    ],
)
def test_options_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(loadmon.SettingError):
        evaluate(panel(flags={"a": []}), injured(("a", 5)), **wrong)


def test_flags_of_other_words_are_refused() -> None:
    days = panel(flags={"a": []}).assign(flag_spike="perhaps")
    with pytest.raises(loadmon.SettingError, match="True, False or NA"):
        evaluate(days, injured(("a", 5)))


def test_no_injuries_give_a_table_without_ratios() -> None:
    row = only(evaluate(panel(flags={"a": [40]}), injured(), **BARE))
    assert row["injuries_counted"] == 0
    assert np.isnan(row["rate_ratio"])
    assert np.isnan(row["p_shift"])


def test_the_words_say_what_was_counted_and_what_cannot_be_said() -> None:
    days, hurt = panel(flags={"a": [40]}), injured(("a", 44), ("a", 20))
    table = evaluate(days, hurt, injury_definition="pain above 3", **BARE)
    text = evaluation_text(table, width=10**6)
    assert max(len(line) for line in evaluation_text(table).splitlines()) <= 88
    for part in ("pain above 3", "1 athlete, 2 injuries", "28 days", "by counts", *CANNOT_SAY):
        assert part in text
    for word in ("safe", "prevent", "risk of", "nan"):
        assert word not in text
    assert "not told" in evaluation_text(evaluate(days, hurt, **BARE), width=10**6)
    assert evaluation_text(table.iloc[:0]) == "No check was evaluated."


def test_a_flag_of_a_day_that_does_not_count_is_not_among_the_flags() -> None:
    days = panel(flags={"a": [5, 28, 40]})
    row = only(evaluate(days, injured(("a", 44)), recurrence_days=0, replicates=5))
    assert (row["flags"], row["flags_per_100_days"]) == (1, pytest.approx(100 / 30))
    assert row["days_flagged"] == 6 + 7  # those after the flag of day 28 count from day 30 on


def test_an_athlete_of_fewer_days_than_a_flag_waits_has_no_known_day() -> None:
    days = panel(3, flags={"a": [0]})
    table = evaluate(days, injured(), run_in_days=0, lag_days=9, replicates=5)
    assert only(table)["days_unknown"] == 3


@pytest.mark.slow
@pytest.mark.parametrize("truth", [2.28, 1.0])
def test_the_interval_holds_the_truth_in_most_cohorts(truth: float) -> None:
    # benchmarks/evaluate_coverage.py does it 100 times; 95 of 100 would be perfect.
    held = 0
    for seed in range(8):
        cohort = simulate_cohort(
            150, days=540, hazard_ratio=truth, injuries_per_1000_days=4, seed=seed
        )
        days = loadmon.daily_panel(cohort.sessions)
        days = days[["athlete", "date", "load", "runs", "flag_session_spike"]]
        row = only(evaluate(days, cohort.injuries, replicates=300, seed=seed))
        held += row["rate_ratio_low"] <= truth <= row["rate_ratio_high"]
    assert held >= 6
