"""The descent of a run against the most of the 30 days before it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from made import activities, archive

from loadmon.rules.engine import check

NAN = float("nan")
DAYS = [f"2026-{month:02d}-{day:02d}" for month in (1, 2) for day in range(1, 29, 3)]


def judge(*metres: float, km: float = 8.0, last_km: float = 8.0) -> dict[str, Any]:
    """One run every third day, each with its descent."""
    rows = [
        {"date": day, "distance_km": last_km if i == len(metres) - 1 else km, "descent_m": m}
        for i, (day, m) in enumerate(zip(DAYS, metres, strict=False))
    ]
    return check(archive(activities(rows))).to_dict()["findings"][7]


def test_far_more_descent_than_lately_is_flagged_as_an_extrapolation() -> None:
    told = judge(*[200.0] * 12, 450.0)
    assert (told["check"], told["verdict"], told["level"]) == ("descent", "flagged", "large")
    assert (told["value"], told["limit"], told["grade"]) == (2.25, 1.10, "D")
    assert "extrapolated" in told["method"]
    assert told["message"] == (
        "Sat 7 Feb: 450 m of descent, 2.2 times the most of any run in the 30 days before (200 m). "
        "Up to 300 m of descent would not have been flagged. This flag rests on one file (12.fit)."
    )


@pytest.mark.parametrize(
    ("metres", "verdict", "level"),
    [
        (1099.0, "ok", "none"),
        (1101.0, "flagged", "small"),
        (1300.0, "flagged", "small"),
        (1301.0, "flagged", "moderate"),
        (2000.0, "flagged", "moderate"),
        (2001.0, "flagged", "large"),
    ],
)
def test_the_levels_are_those_of_distance(metres: float, verdict: str, level: str) -> None:
    told = judge(*[1000.0] * 12, metres)
    assert (told["verdict"], told["level"]) == (verdict, level)


def test_a_hundred_metres_more_are_a_small_step() -> None:
    assert judge(*[50.0] * 12, 150.0)["verdict"] == "ok"
    told = judge(*[50.0] * 12, 151.0)
    assert told["verdict"] == "flagged"
    near = judge(*[50.0] * 12, 140.0)
    assert "more than 10 % and 100 m of descent over the most of any run" in near["message"]


def test_a_flat_month_is_a_baseline() -> None:
    assert judge(*[0.0] * 12, 99.0)["verdict"] == "ok"
    told = judge(*[0.0] * 12, 300.0)
    assert (told["verdict"], told["level"], told["value"]) == ("flagged", "large", None)
    assert "300 m of descent, more than any run in the 30 days before (0 m)" in told["message"]


def after(first: float, last: float, day: str) -> str:
    """A run of 1 January, some of 10 m (six weeks and less before the last), and the last."""
    rows = [("2026-01-01", first), (day, last)]
    rows += [(f"{pd.Timestamp(day) - pd.Timedelta(days=n):%Y-%m-%d}", 10.0) for n in (10, 20)]
    frame = activities({"date": d, "distance_km": 8.0, "descent_m": m} for d, m in rows)
    return str(judged(frame)["verdict"])


def judged(frame: pd.DataFrame) -> pd.Series:
    return check(archive(frame)).to_frame().loc[7]


def test_a_run_is_compared_with_thirty_days_back_and_no_further() -> None:
    # 299 m are within 100 m of 200, and more than any run of twelve weeks.
    assert after(200.0, 299.0, "2026-01-31") == "ok"
    assert after(200.0, 299.0, "2026-02-01") == "flagged"


def test_what_the_own_twelve_weeks_have_held_is_no_change() -> None:
    assert after(500.0, 500.0, "2026-02-01") == "ok"
    assert after(500.0, 500.0, "2026-03-26") == "ok"  # 84 days
    assert after(500.0, 500.0, "2026-03-27") == "flagged"
    assert after(500.0, 501.0, "2026-03-26") == "flagged"


def test_a_step_that_is_not_flagged_says_why_and_never_that_there_is_none() -> None:
    rows = [("2026-01-01", 500.0), ("2026-01-15", 10.0), ("2026-02-05", 10.0)]
    frame = activities(
        {"date": d, "distance_km": 8.0, "descent_m": m} for d, m in [*rows, ("2026-02-20", 450.0)]
    )
    assert judged(frame)["message"] == (
        "Fri 20 Feb: 450 m of descent, after at most 10 m of descent in the 30 days before; "
        "not flagged, as a run of your 12 weeks before held as much."
    )


def test_it_says_nothing_of_distance_and_distance_nothing_of_it() -> None:
    frame = [{"date": d, "distance_km": 8.0, "descent_m": 100.0} for d in DAYS[:12]]
    frame.append({"date": DAYS[12], "distance_km": 12.0, "descent_m": 100.0})
    told = check(archive(activities(frame))).to_frame().set_index("check")["verdict"]
    assert (told["session_spike"], told["descent"]) == ("flagged", "ok")


def test_what_is_not_recorded_is_not_set_up_or_unknown() -> None:
    assert judge(*[NAN] * 12)["verdict"] == "not_set_up"
    told = judge(*[200.0] * 12, NAN)
    assert told["verdict"] == "unknown"
    assert told["message"] == "Some runs in these 7 days have no descent."
    assert judge(*[200.0] * 11, NAN, 250.0)["verdict"] == "unknown"
    assert judge(*[200.0] * 8, NAN, 200.0, 200.0, 200.0, 200.0)["verdict"] == "ok"
    assert judge(*[200.0] * 8, NAN, 200.0, 200.0, 200.0, 450.0)["verdict"] == "unknown"
