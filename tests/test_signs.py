"""Signs of too much: each against the runner's own 90 days before, none without enough of both."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loadmon.rules.effort_and_form import signs

DAY = pd.Timestamp("2026-10-11")
NO_FOUND = pd.DataFrame({"date": pd.to_datetime([]), "resting_hr_bpm": []})


def minutes(slower: float = 0.0, recent: int = 5, before: int = 8) -> pd.DataFrame:
    """Steady minutes at speeds that follow the heart rate; recent ones slower by a share."""
    rows = []
    days = [DAY - pd.Timedelta(days=2 * i) for i in range(recent)]
    days += [DAY - pd.Timedelta(days=28 + 3 * i) for i in range(before)]
    for run, day in enumerate(days):
        for minute in range(5, 25):
            rate = 130.0 + minute
            factor = 1 - slower if run < recent else 1.0
            rows.append((f"r{run}", day, float(minute), factor * (1 + rate / 70), 0.01, 0.0, rate))
    names = ["activity_id", "date", "minute", "speed_mps", "speed_cv", "slope", "heart_rate_bpm"]
    return pd.DataFrame(rows, columns=names)


def runs(harder: float = 0.0, recent: int = 5, before: int = 8) -> pd.DataFrame:
    rows = [
        (f"r{i}", DAY - pd.Timedelta(days=2 * i), 30.0 + i, 4 + 0.1 * i + harder)
        for i in range(recent)
    ]
    rows += [
        (f"b{i}", DAY - pd.Timedelta(days=28 + 3 * i), 30.0 + i, 4 + 0.1 * i) for i in range(before)
    ]
    return pd.DataFrame(rows, columns=["activity_id", "date", "duration_min", "rpe"])


def resting(rise: float) -> pd.DataFrame:
    days = [
        DAY,
        DAY - pd.Timedelta(days=27),
        DAY - pd.Timedelta(days=28),
        DAY - pd.Timedelta(days=117),
    ]
    return pd.DataFrame({"date": days, "resting_hr_bpm": [50 + rise, 50 + rise, 50.0, 50.0]})


def told(sign: str, **frames: pd.DataFrame) -> dict[str, object]:
    given = {"minutes": minutes(), "activities": runs(), "found": NO_FOUND} | frames
    return signs(**given, as_of=DAY).set_index("sign").loc[sign].to_dict()


@pytest.mark.parametrize(
    ("slower", "state"),
    [(0.0, "absent"), (0.0299, "absent"), (0.0301, "present"), (-0.05, "absent")],
)
def test_slower_at_the_same_heart_rate_by_three_per_cent(slower: float, state: str) -> None:
    row = told("pace_at_heart_rate", minutes=minutes(slower))
    assert row["state"] == state
    assert row["value"] == pytest.approx(-slower, abs=1e-6)
    assert row["runs"] == 5


@pytest.mark.parametrize(
    ("harder", "state"), [(0.0, "absent"), (0.99, "absent"), (1.0, "present"), (-2.0, "absent")]
)
def test_runs_of_equal_length_that_feel_a_point_harder(harder: float, state: str) -> None:
    row = told("effort", activities=runs(harder))
    assert (row["state"], row["value"]) == (state, pytest.approx(harder, abs=1e-6))


@pytest.mark.parametrize(("rise", "state"), [(4.9, "absent"), (5.0, "present"), (-9.0, "absent")])
def test_a_resting_heart_rate_five_beats_up(rise: float, state: str) -> None:
    row = told("resting_heart_rate", found=resting(rise))
    assert (row["state"], row["value"]) == (state, pytest.approx(rise))


def test_the_ninety_days_before_end_there() -> None:
    found = resting(6)
    first = found["date"].min()
    assert (
        told("resting_heart_rate", found=found[found["date"].isin([DAY, first])])["state"]
        == "present"
    )
    earlier = found.replace({"date": {first: first - pd.Timedelta(days=1)}})
    earlier = earlier[earlier["date"].isin([DAY, first - pd.Timedelta(days=1)])]
    assert told("resting_heart_rate", found=earlier)["state"] == "unknown"


@pytest.mark.parametrize(("recent", "before"), [(4, 8), (5, 4), (0, 8), (5, 0)])
def test_fewer_than_five_runs_on_either_side_say_nothing(recent: int, before: int) -> None:
    few = minutes(0.1, recent, before)
    assert told("pace_at_heart_rate", minutes=few)["state"] == "unknown"
    assert told("effort", activities=runs(3, recent, before))["state"] == "unknown"


def test_what_is_unknown_names_what_it_would_need() -> None:
    frame = signs(minutes().iloc[:0], runs().iloc[:0], NO_FOUND, DAY)
    assert frame["state"].tolist() == ["unknown"] * 4
    assert (frame["missing"] != "").all()
    assert frame["value"].isna().all()


def test_the_first_minutes_uneven_ones_and_hills_do_not_count() -> None:
    rows = minutes()
    recent = rows[rows["date"] > DAY - pd.Timedelta(days=28)]
    odd = pd.concat([recent] * 3).assign(speed_mps=1.9, minute=9.0)
    uneven = recent.assign(speed_mps=4.0, speed_cv=0.2)
    hilly = recent.assign(speed_mps=2.0, slope=0.05)
    mixed = pd.concat([rows, odd, uneven, hilly], ignore_index=True)
    assert told("pace_at_heart_rate", minutes=mixed)["value"] == pytest.approx(0.0, abs=1e-9)


def test_days_after_the_last_one_that_counts_change_nothing() -> None:
    later = runs().assign(date=DAY + pd.Timedelta(days=1), rpe=10.0)
    both = pd.concat([runs(), later], ignore_index=True)
    assert told("effort", activities=both)["value"] == pytest.approx(0.0, abs=1e-6)


def test_every_number_is_a_median_over_runs_not_over_minutes() -> None:
    rows = minutes()
    long = rows[rows["activity_id"] == "r0"]
    many = pd.concat([rows, *[long.assign(speed_mps=1.81)] * 9], ignore_index=True)
    value = told("pace_at_heart_rate", minutes=many)["value"]
    assert value == pytest.approx(0.0, abs=1e-6)
    assert np.isfinite(value)
