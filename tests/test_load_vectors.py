"""golden numbers, load vectors, row by row: what is printed, and what is withheld, and why.

Each row is a history of which other programs print a number that misleads.
"""

from __future__ import annotations

import math

import pytest
from made import activities, archive, days, runs

from loadmon.daily import daily_load
from loadmon.ratio import METHODS, Method, acwr
from loadmon.rules.engine import check

NAN = float("nan")
#: 50 km a week: 10, 10, 10 and a long run of 20.
WEEK = [10.0, 0, 10.0, 0, 10.0, 0, 20.0]
ROLLING: tuple[Method, Method] = ("coupled", "uncoupled")


def last(loads: list[float], method: Method) -> tuple[str, float, float]:
    """Status, ratio shown, and the two means over each other, of the last day."""
    row = acwr(days(loads), method=method).iloc[-1]
    raw = row["acute"] / row["chronic"] if row["chronic"] > 0 else NAN
    return str(row["status"]), float(row["acwr"]), float(raw)


RATIOS = {
    "28 days of 10": ([10.0] * 28, 1.0, 1.0),
    "27 days of 10, zero-padded in front": ([0.0, *[10.0] * 27], 1.037, 1.05),
    "steady 50 a week": (WEEK * 4, 1.0, 1.0),
    "the last long run counted 0": ([*WEEK * 3, *WEEK[:-1], 0.0], 0.667, 0.6),
    "a long run of week 1 lost": ([*WEEK[:-1], 0.0, *WEEK * 3], 1.111, 1.154),
    "the last run imported twice": ([*WEEK * 3, *WEEK[:-1], 40.0], 1.273, 1.4),
    "spike week 50, 50, 50, 100": ([*WEEK * 3, *(2 * x for x in WEEK)], 1.6, 2.0),
}


@pytest.mark.parametrize("name", RATIOS)
def test_the_ratios_of_what_happened_are_met(name: str) -> None:
    loads, coupled, uncoupled = RATIOS[name]
    for method, want in zip(ROLLING, (coupled, uncoupled), strict=True):
        status, shown, raw = last(loads, method)
        assert raw == pytest.approx(want, abs=0.0005)
        assert (status, shown) == ("ok", pytest.approx(want, abs=0.0005))


def test_27_days_are_not_formed_and_are_not_padded() -> None:
    for method in METHODS:
        status, shown, _ = last([10.0] * 27, method)
        assert (status, math.isnan(shown)) == ("forming", True)
    frame = activities([(f"2026-01-{d:02d}", 10.0) for d in range(1, 28)])
    assert len(daily_load(frame)) == 27  # the calendar begins with the first recorded day
    told = check(archive(frame)).to_frame().set_index("check").loc["acwr"]
    assert (told["verdict"], told["level"]) == ("unknown", "forming")


def test_the_first_week_of_a_new_user_is_no_false_alarm() -> None:
    assert last([*[0.0] * 21, *[10.0] * 7], "coupled")[2] == pytest.approx(4.0)  # if padded
    told = check(archive(runs([10.0] * 7))).to_frame().set_index("check")
    assert told.loc["acwr", "verdict"] == "unknown"
    assert math.isnan(told.loc["acwr", "value"])


@pytest.mark.parametrize("km", [3.0, 30.0])
def test_one_run_after_28_days_off_reads_four_whatever_it_is_so_none_is_shown(km: float) -> None:
    loads = [*WEEK * 8, *[0.0] * 27, km]
    assert last([*[0.0] * 27, km], "coupled")[2] == pytest.approx(4.0)
    for method in ROLLING:
        assert last(loads, method)[:1] == ("returning",)
    verdicts = check(archive(runs(loads))).to_frame().set_index("check")["verdict"]
    assert verdicts["acwr"] == "unknown"
    assert verdicts["return"] == ("ok" if km == 3.0 else "flagged")


@pytest.mark.parametrize(
    ("weeks", "coupled", "uncoupled"),
    [([3.0], 4.0, NAN), ([3.0, 4.0], 2.286, 4.0), ([3.0, 4.0, 5.0], 1.667, 2.143)],
)
def test_a_sane_ramp_reads_high_and_is_not_shown(
    weeks: list[float], coupled: float, uncoupled: float
) -> None:
    back = [x for km in weeks for x in (km, 0, km, 0, km, 0, 0)]
    loads = [*WEEK * 8, *[0.0] * 28, *back]
    for method, want in zip(ROLLING, (coupled, uncoupled), strict=True):
        status, shown, raw = last(loads, method)
        assert (status, math.isnan(shown)) == ("returning", True)
        assert raw == pytest.approx(want, abs=0.0005, nan_ok=True)


def test_a_last_long_run_that_is_not_known_withholds_the_ratio() -> None:
    for method in METHODS:
        assert last([*WEEK * 3, *WEEK[:-1], NAN], method)[0] == "unknown"


def test_a_day_that_has_only_begun_raises_no_alarm_and_lowers_no_verdict() -> None:
    # Read on a Tuesday before the usual run: the ratio is that of the last day with a run.
    loads = [*WEEK * 4, 0.0]
    raw = [last(loads, method)[2] for method in ROLLING]
    assert raw == [pytest.approx(0.842, abs=0.0005), pytest.approx(0.8, abs=0.0005)]
    made = archive(runs(loads), rested_until="2026-12-31")
    told = check(made, as_of="2026-01-29").to_frame().set_index("check").loc["acwr"]
    assert (told["verdict"], told["value"]) == ("ok", pytest.approx(1.0))
