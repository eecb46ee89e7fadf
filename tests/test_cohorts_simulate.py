"""A made-up cohort is what it says it is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import loadmon
from loadmon.cohorts.simulate import SimulatedCohort, simulate_cohort


@pytest.fixture(scope="module")
def cohort() -> SimulatedCohort:
    return simulate_cohort(300, hazard_ratio=4.0, injuries_per_1000_days=3.0, seed=1)


def test_the_same_seed_makes_the_same_cohort_and_another_one_another() -> None:
    a, b, c = (simulate_cohort(5, days=60, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(a.sessions, b.sessions)
    pd.testing.assert_frame_equal(a.injuries, b.injuries)
    assert not a.sessions.equals(c.sessions)


def test_runs_look_like_runs(cohort: SimulatedCohort) -> None:
    km = cohort.sessions["distance_km"]
    assert (km > 0).all()
    assert 5 < km.median() < 12
    runs_a_week = 7 * len(km) / (300 * 730)
    assert 2.5 < runs_a_week < 5
    assert cohort.sessions["date"].min() == pd.Timestamp("2024-01-01")
    assert cohort.sessions["date"].max() <= pd.Timestamp("2025-12-30")


def test_nobody_runs_while_injured(cohort: SimulatedCohort) -> None:
    both = cohort.injuries.merge(cohort.sessions, on="athlete", suffixes=("", "_run"))
    off = (both["date_run"] > both["date"]) & (both["date_run"] < both["end"])
    assert not off.any()


def test_injuries_come_as_often_as_they_should() -> None:
    without = simulate_cohort(400, hazard_ratio=1.0, injuries_per_1000_days=2.0, seed=3)
    away = (without.injuries["end"] - without.injuries["date"]).dt.days.sum()
    at_risk = 400 * 730 - away
    # The mean runner is exp(0.5**2 / 2) = 1.13 times the average one; lay-offs take some days.
    assert 1000 * len(without.injuries) / at_risk == pytest.approx(2.26, rel=0.15)


def test_days_after_a_spike_carry_the_chosen_hazard(cohort: SimulatedCohort) -> None:
    # Counted here from the sessions alone, day by day, in another way than the simulator's.
    flagged = unflagged = hurt_flagged = hurt_unflagged = 0
    hurt = cohort.injuries.groupby("athlete")
    for athlete, runs in cohort.sessions.groupby("athlete"):
        km = runs.set_index("date")["distance_km"].asfreq("D", fill_value=0.0)
        longest = km.rolling(30).max().shift()
        spike = (km > 1.1 * longest) & (km > longest + 0.5) & (longest > 0)
        after = spike.rolling(7).max().shift().fillna(0).astype(bool).to_numpy()
        off = (km > 0).rolling(14).max().fillna(1).to_numpy() == 0
        injuries = hurt.get_group(athlete) if athlete in hurt.groups else None
        on, away = np.zeros(len(km), dtype=bool), np.zeros(len(km), dtype=bool)
        for row in [] if injuries is None else injuries.itertuples():
            on |= km.index == row.date
            away |= (km.index > row.date) & (km.index < row.end)
        risk = ~off & ~away & (np.arange(len(km)) >= 30)
        flagged, unflagged = flagged + (risk & after).sum(), unflagged + (risk & ~after).sum()
        hurt_flagged += (risk & after & on).sum()
        hurt_unflagged += (risk & ~after & on).sum()
    ratio = hurt_flagged / flagged / (hurt_unflagged / unflagged)
    assert ratio == pytest.approx(4.0, rel=0.2)


def test_days_can_be_lost() -> None:
    lost = simulate_cohort(50, unknown_days_per_year=12, seed=1).sessions["distance_km"].isna()
    assert lost.sum() == pytest.approx(50 * 2 * 12, rel=0.15)


@pytest.mark.parametrize(
    "wrong",
    [{"athletes": 0}, {"days": 0}, {"hazard_ratio": -1.0}, {"injuries_per_1000_days": -1.0}],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(loadmon.SettingError):
        simulate_cohort(**wrong)  # type: ignore[arg-type]
