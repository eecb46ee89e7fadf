"""Numbers at the edge of a small study: none and all, by hand and by a second implementation."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest
from made_cohorts import injured, only, panel

from loadmon.cohorts.chance import (
    corrected,
    mean_bounds,
    middle,
    p_value,
    rate_bounds,
    rate_ratio,
    ratio_bounds,
    share_bounds,
)
from loadmon.cohorts.evaluate import evaluate, evaluation_text

#: Every injury counts, and every day from the first whose 7 days before it are known.
BARE = {"run_in_days": 7, "recurrence_days": 0}
NOT_DRAWN = np.empty(0)


def study(flagged: int, unflagged: int, **options: Any) -> dict[str, Any]:
    """Evaluation of athletes with a flag on day 40, injured on day 44 or on day 20.

    Each athlete has 7 days after the flag and 46 others.
    """
    after = [f"f{n}" for n in range(flagged)]
    before = [f"u{n}" for n in range(unflagged)]
    days = panel(flags={who: [40] for who in [*after, *before, "well"]})
    hurt = injured(*[(who, 44) for who in after], *[(who, 20) for who in before])
    return only(evaluate(days, hurt, **(BARE | {"replicates": 400} | options)))


def test_twelve_of_twelve_after_flags_is_the_strongest_result_and_not_none() -> None:
    row = study(12, 0)
    assert (row["injuries_flagged"], row["injuries_unflagged"]) == (12, 0)
    assert row["rate_ratio"] == math.inf
    # All 12 on 7 of 53 days: the least share that gives that in 2.5 % of cases is 0.025 ** (1/12).
    share = 0.025 ** (1 / 12)
    assert row["rate_ratio_low"] == pytest.approx(share / (1 - share) * 46 / 7)
    assert row["rate_ratio_high"] == math.inf
    assert row["interval"] == "counts"
    # None of 400 shifts puts all 12 there: (7/53) ** 12 is 3e-11.
    assert row["p_shift"] == pytest.approx(2 / 401)
    assert row["p_adjusted"] == pytest.approx(3 * 2 / 401)
    assert row["session_rate_ratio"] == math.inf
    assert row["ratio_7d_low"] == row["rate_ratio_low"]


def test_none_of_twelve_after_flags_is_a_ratio_of_0_with_its_upper_end() -> None:
    row = study(0, 12)
    assert row["rate_ratio"] == row["rate_ratio_low"] == 0
    share = 0.025 ** (1 / 12)
    assert row["rate_ratio_high"] == pytest.approx((1 - share) / share * 46 / 7)
    assert row["rate_flagged"] == row["rate_flagged_low"] == 0
    days = row["days_flagged"]
    assert row["rate_flagged_high"] == pytest.approx(1000 * 3.688879454 / days)  # -ln 0.025


def test_a_check_that_was_never_raised_has_no_p() -> None:
    row = only(evaluate(panel(flags={"a": []}), injured(("a", 44)), **BARE, replicates=20))
    for name in ("rate_flagged", "rate_flagged_high", "rate_ratio", "rate_ratio_low", "p_shift"):
        assert math.isnan(row[name]), name
    assert math.isnan(row["p_adjusted"])
    assert row["interval"] == ""
    assert row["rate_unflagged_low"] > 0


def test_no_injury_at_all_has_rates_with_an_upper_end_and_no_ratio() -> None:
    row = study(0, 0)
    assert row["rate_unflagged_high"] == pytest.approx(1000 * -math.log(0.025) / 46)
    assert math.isnan(row["rate_ratio"])
    assert math.isnan(row["p_adjusted"])


def test_under_five_on_a_side_is_told_by_counts_and_from_five_on_by_athletes() -> None:
    assert study(4, 9)["interval"] == "counts"
    assert study(5, 9)["interval"] == "athletes"
    one = study(4, 9)
    low, high = share_bounds(4, 13)
    odds = one["days_unflagged"] / one["days_flagged"]
    assert one["rate_ratio_low"] == pytest.approx(low / (1 - low) * odds)
    assert one["rate_ratio_high"] == pytest.approx(high / (1 - high) * odds)


def test_p_of_few_injuries_is_the_one_counted_by_hand() -> None:
    # One injury falls on the 7 of 53 days with 0.132, both of two with 0.0174; p is twice that.
    for injuries in (1, 2):
        row = study(injuries, 0, replicates=4000)
        odds = 2 * (7 / 53) ** injuries
        spread = 4 * math.sqrt(2 * odds / 4000)
        assert row["p_shift"] == pytest.approx(odds, abs=spread + 2 / 4000)


def test_words_of_the_edges_hold_no_nan_and_say_what_is_open() -> None:
    days = panel(flags={f"r{n}": [40] for n in range(12)})
    hurt = injured(*[(f"r{n}", 44) for n in range(12)])
    text = evaluation_text(evaluate(days, hurt, **BARE, replicates=50), width=10**6)
    low = f"{0.025 ** (1 / 12) / (1 - 0.025 ** (1 / 12)) * 46 / 7:.2f}"
    assert f"7 days infinite (95 % interval from {low} up, without an end, by counts" in text
    assert "on other days 0.00 injuries per 1,000 days, at most" in text
    never = panel(flags={"a": []})
    for table in (
        evaluate(never, injured(("a", 44)), **BARE, replicates=50),
        evaluate(days, injured(), **BARE, replicates=50),
        evaluate(days, injured(("r1", 20)), **BARE, replicates=50),
    ):
        text = evaluation_text(table, width=10**6)
        assert not re.search(r"\b(nan|inf)\b", text)
    assert "(p" not in evaluation_text(evaluate(never, injured(("a", 44)), **BARE, replicates=5))


# Bounds of counts, against published tables, by hand, and against statsmodels.


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # Garwood's table of the 95 % limits of a Poisson mean, to three digits.
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (2, 0.242, 7.225), (3, 0.619, 8.767), (4, 1.090, 10.242)],
)
def test_bounds_of_a_mean_are_those_of_the_published_table(
    count: int, low: float, high: float
) -> None:
    assert mean_bounds(count) == pytest.approx((low, high), rel=2e-3)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_bounds_of_a_mean_are_quantiles_of_chi_square(count: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    low, high = mean_bounds(count)
    assert low == pytest.approx(stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0, rel=1e-12)
    assert high == pytest.approx(stats.chi2.ppf(0.975, 2 * count + 2) / 2, rel=1e-12)


@pytest.mark.parametrize("of", [1, 2, 5, 12, 400, 10**6])
@pytest.mark.parametrize("count", [0, 1, 2, 4])
def test_bounds_of_a_share_are_quantiles_of_beta(count: int, of: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    if count > of:
        return
    low, high = share_bounds(count, of)
    assert low == pytest.approx(stats.beta.ppf(0.025, count, of - count + 1) if count else 0)
    known = stats.beta.ppf(0.975, count + 1, of - count) if count < of else 1
    assert high == pytest.approx(known, rel=1e-9)


@pytest.mark.parametrize(("a", "b"), [(12, 0), (0, 12), (1, 0), (0, 1), (3, 9), (40, 4), (2, 2)])
def test_intervals_are_those_of_the_exact_tests_of_statsmodels(a: int, b: int) -> None:
    rates = pytest.importorskip("statsmodels.stats.rates", reason="a second implementation")
    shares = pytest.importorskip("statsmodels.stats.proportion")
    days = np.array([900.0, 150.0])  # unflagged, flagged
    (low, high), source = ratio_bounds(np.array([b, a], dtype=float), days, NOT_DRAWN)
    assert source == "counts"
    # Exact: the share of the injuries that are after flags, as odds over those of the days.
    ends = np.array(shares.proportion_confint(a, a + b, method="beta"))
    with np.errstate(divide="ignore"):
        assert [low, high] == pytest.approx(ends / (1 - ends) * 900 / 150)
    # A bound is the ratio under which the exact test gives the 2.5 % of one tail.
    for bound, way in ((low, "larger"), (high, "smaller")):
        if 0 < bound < math.inf:
            with np.errstate(divide="ignore"):
                test = rates.test_poisson_2indep(
                    a, 150, b, 900, value=bound, method="exact-cond", alternative=way
                )
            assert test.pvalue == pytest.approx(0.025, rel=1e-6)
    for count, exposure in ((a, 150.0), (b, 900.0)):
        if count < 5:
            told = rates.confint_poisson(count, exposure, method="exact-c")
            known = np.nan_to_num(told)  # it has no lower end of none
            assert rate_bounds(count, exposure, NOT_DRAWN) == pytest.approx(tuple(known))


def test_a_ratio_of_nothing_is_none() -> None:
    assert rate_ratio(np.array([4.0, 6.0]), np.array([40.0, 20.0])) == pytest.approx(3.0)
    assert np.isnan(rate_ratio(np.array([0.0, 0.0]), np.array([40.0, 20.0])))
    assert np.isnan(rate_ratio(np.array([4.0, 0.0]), np.array([40.0, 0.0])))
    assert np.isnan(rate_ratio(np.array([4.0, 2.0]), np.array([40.0, 0.0])))
    assert rate_ratio(np.array([0.0, 2.0]), np.array([40.0, 20.0])) == math.inf


def test_the_middle_of_what_chance_gives_may_have_no_end() -> None:
    assert middle(np.array([1.0] * 50 + [math.inf] * 50)) == (1.0, math.inf)
    assert middle(np.array([math.inf] * 9)) == (math.inf, math.inf)
    assert np.isnan(middle(np.full(3, math.nan))).all()
    assert middle(np.array([*range(1, 101), math.nan], dtype=float)) == (3.0, 98.0)


def test_an_infinite_ratio_is_compared_and_nothing_is_not() -> None:
    shifted = np.array([1.0] * 97 + [math.inf] * 2)
    assert p_value(math.inf, shifted) == pytest.approx(2 * 3 / 100)
    assert np.isnan(p_value(math.nan, shifted))
    assert np.isnan(corrected(math.nan, 24))
    assert corrected(0.01, 24) == pytest.approx(0.24)
    assert corrected(0.5, 24) == 1
