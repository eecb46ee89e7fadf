"""Which pair was worn, how far it has run, and when it will be at its end."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from loadmon.athlete import Shoe
from loadmon.rules.strength_shoes import shoe_distance, worn

DAY = pd.Timestamp("2026-10-11")
NO_GEAR = pd.DataFrame({"activity_id": [], "gear": []}, dtype="str")


def runs(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """Runs as (day, sub-sport, distance)."""
    return pd.DataFrame(
        {
            "activity_id": [f"r{i}" for i in range(len(rows))],
            "date": pd.to_datetime([day for day, _, _ in rows]),
            "sport": "running",
            "sub_sport": [sub for _, sub, _ in rows],
            "distance_km": [km for _, _, km in rows],
        }
    )


ROAD = Shoe(name="road", from_day=date(2026, 1, 1), is_default=True)
TRAIL = Shoe(name="trail", sports=("trail",))
OLD = Shoe(name="old", until_day=date(2025, 12, 31))
SPIKES = Shoe(name="spikes")


def one(day: str, sub_sport: str, shoes: tuple[Shoe, ...], gear: str = "") -> str:
    told = pd.DataFrame({"activity_id": ["r0"] if gear else [], "gear": [gear] if gear else []})
    return worn(runs((day, sub_sport, 5.0)), told, shoes).iloc[0]


@pytest.mark.parametrize(
    ("day", "sub_sport", "shoes", "pair"),
    [
        ("2026-05-01", "generic", (ROAD,), "road"),
        ("2026-05-01", "generic", (), ""),
        ("2025-12-31", "generic", (ROAD, OLD), "old"),
        ("2026-01-01", "generic", (ROAD, OLD), "road"),
        ("2026-05-01", "trail", (ROAD, TRAIL), "trail"),
        ("2026-05-01", "generic", (ROAD, TRAIL), "road"),
        ("2026-05-01", "generic", (ROAD, SPIKES), "road"),  # two fit: the default
        ("2025-05-01", "generic", (SPIKES, OLD), ""),  # two fit, none is the default
        ("2026-05-01", "generic", (TRAIL,), ""),
    ],
)
def test_the_rules_choose_one_pair_or_none(
    day: str, sub_sport: str, shoes: tuple[Shoe, ...], pair: str
) -> None:
    assert one(day, sub_sport, shoes) == pair


def test_the_platforms_gear_comes_before_the_rules() -> None:
    assert one("2026-05-01", "generic", (ROAD,), gear="Blue") == "Blue"


def test_two_defaults_leave_it_open() -> None:
    other = Shoe(name="other", is_default=True)
    assert one("2026-05-01", "generic", (ROAD, other)) == ""


def test_distances_add_up_to_the_runs_unassigned_included() -> None:
    rows = runs(
        *[(f"2026-09-{d:02d}", "trail" if d % 3 else "generic", 5.0 + d) for d in range(1, 20)]
    )
    pair = worn(rows, NO_GEAR, (TRAIL,))
    told = shoe_distance(rows, pair, (TRAIL,), DAY)
    assert told["shoe"].tolist() == ["trail", ""]
    assert told["distance_km"].sum() == pytest.approx(rows["distance_km"].sum())
    assert told["runs"].tolist() == [13, 6]


def test_a_forecast_is_what_is_left_over_the_rate_of_eight_weeks() -> None:
    shoe = Shoe(name="road", start_km=100, retire_km=200)
    rows = runs(
        ("2026-08-16", "generic", 40.0),
        ("2026-08-17", "generic", 16.0),
        ("2026-10-11", "generic", 16.0),
    )
    told = shoe_distance(rows, worn(rows, NO_GEAR, (shoe,)), (shoe,), DAY).iloc[0]
    # 56 days end on 11 October, so that 16 August lies before them: 32 km in 8 weeks, 4 a week.
    assert told["weekly_km"] == pytest.approx(4.0)
    assert told["total_km"] == pytest.approx(172.0)
    assert told["retire_on"] == DAY + pd.Timedelta(days=49)  # 28 km left at 4 a week
    later = Shoe(name="road", start_km=100, retire_km=202)
    told = shoe_distance(rows, worn(rows, NO_GEAR, (later,)), (later,), DAY).iloc[0]
    assert told["retire_on"] == DAY + pd.Timedelta(days=53)  # 52.5 days: reached on the 53rd


@pytest.mark.parametrize(("retire_km", "km"), [(float("nan"), 5.0), (10.0, 50.0), (10.0, 10.0)])
def test_there_is_no_forecast_without_an_end_or_behind_it(retire_km: float, km: float) -> None:
    shoe = Shoe(name="road", retire_km=retire_km)
    rows = runs(("2026-10-01", "generic", km))
    told = shoe_distance(rows, worn(rows, NO_GEAR, (shoe,)), (shoe,), DAY).iloc[0]
    assert pd.isna(told["retire_on"])


@pytest.mark.parametrize(("km", "is_told"), [(3.0, True), (0.05, False), (1e-300, False)])
def test_an_end_more_than_a_century_ahead_is_not_forecast(km: float, is_told: bool) -> None:
    shoe = Shoe(name="road", retire_km=800)
    rows = runs(("2026-10-01", "generic", km))
    told = shoe_distance(rows, worn(rows, NO_GEAR, (shoe,)), (shoe,), DAY).iloc[0]
    assert pd.notna(told["retire_on"]) == is_told


def test_a_pair_that_rests_has_no_forecast_and_unknown_distances_are_counted() -> None:
    shoe = Shoe(name="road", retire_km=500)
    rows = runs(("2026-01-01", "generic", 5.0), ("2026-01-02", "generic", np.nan))
    told = shoe_distance(rows, worn(rows, NO_GEAR, (shoe,)), (shoe,), DAY).iloc[0]
    assert (told["distance_km"], told["unknown"], told["weekly_km"]) == (5.0, 1, 0.0)
    assert pd.isna(told["retire_on"])


def test_tomorrow_changes_nothing() -> None:
    rows = runs(("2026-10-01", "generic", 5.0), ("2026-10-12", "generic", 50.0))
    told = shoe_distance(rows, worn(rows, NO_GEAR, (ROAD,)), (ROAD,), DAY)
    assert told["distance_km"].tolist() == [5.0]


def test_no_run_gives_no_row() -> None:
    rows = runs()
    told = shoe_distance(rows, worn(rows, NO_GEAR, (ROAD,)), (ROAD,), DAY)
    assert told.empty
    assert {"shoe", "total_km", "retire_on"} <= set(told.columns)
