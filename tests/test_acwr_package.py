"""The ratios equal those of the PyPI package `acwr`, an implementation apart from ours."""

from __future__ import annotations

import acwr as other
import numpy as np
import pandas as pd
import pytest
from made import days

from loadmon.ratio import Method, acwr

N_SERIES = 60
OTHER: dict[Method, str] = {"coupled": "rac", "uncoupled": "rau", "ewma": "ewma"}


def random_load(seed: int) -> pd.Series:
    """Up to half a year of runs and rest; the first four weeks hold at least one run."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(30, 180))
    km = rng.gamma(4.0, 2.5, n) * (rng.random(n) < rng.uniform(0.2, 0.9))
    km[0] = 5.0
    return days(km.tolist())


@pytest.mark.parametrize("method", OTHER)
def test_ratios_of_random_series_are_equal(method: Method) -> None:
    compared = 0
    for seed in range(N_SERIES):
        load = random_load(seed)
        ours = acwr(load, method=method)
        theirs = other.acwr(load, method=OTHER[method], return_components=True)
        full = ours.index[27:]
        for name in ("acute", "chronic"):
            np.testing.assert_allclose(ours.loc[full, name], theirs.loc[full, name], rtol=1e-9)
        shown = ours["status"] == "ok"
        np.testing.assert_allclose(ours.loc[shown, "acwr"], theirs.loc[shown, "acwr"], rtol=1e-9)
        compared += int(shown.sum())
    assert compared > 50 * N_SERIES


def test_monotony_and_strain_are_equal_with_the_population_sd() -> None:
    from loadmon.rules.rest import monotony

    for seed in range(50):
        load = random_load(seed)
        ours = monotony(load)
        known = ours["monotony"].notna()
        theirs = other.monotony(load, ddof=0)
        np.testing.assert_allclose(ours.loc[known, "monotony"], theirs[known], rtol=1e-9)
        strain = other.strain(load, ddof=0)
        np.testing.assert_allclose(ours.loc[known, "strain"], strain[known], rtol=1e-9)
