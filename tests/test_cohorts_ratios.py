"""The ratio of many athletes at once: equal to the one of each of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import days

import loadmon
from loadmon import ratio as ratios
from loadmon.ratio import METHODS, acwr


def panel(*athletes: list[float], first: str = "2024-01-01") -> pd.DataFrame:
    """One column an athlete; shorter ones began later."""
    n = max(len(loads) for loads in athletes)
    columns = {
        f"r{i}": days([np.nan] * (n - len(loads)) + loads, first=first)
        for i, loads in enumerate(athletes)
    }
    return pd.DataFrame(columns)


def made_loads(n_athletes: int, n_days: int, seed: int) -> pd.DataFrame:
    """Loads with lay-offs, lost days, late starts and one absurd day."""
    rng = np.random.default_rng(seed)
    x = rng.lognormal(2, 0.5, (n_days, n_athletes)) * (rng.random((n_days, n_athletes)) < 0.5)
    for athlete in range(n_athletes):
        for start in rng.integers(0, n_days, 4):
            x[start : start + rng.integers(5, 60), athlete] = 0
        for start in rng.integers(0, n_days, athlete % 3):
            x[start : start + rng.integers(1, 4), athlete] = np.nan
        x[: (athlete % 5) * 20, athlete] = np.nan
    x[n_days // 2, 0] = 1e7
    index = pd.date_range("2020-01-01", periods=n_days, freq="D", unit="us")
    return pd.DataFrame(x, index=index, columns=[f"r{i}" for i in range(n_athletes)])


def expect_equal(load: pd.DataFrame) -> None:
    for method in METHODS:
        found = loadmon.acwr_panel(load, method=method)
        assert found.index.equals(load.index)
        assert found.columns.equals(load.columns)
        for athlete in load:
            alone = acwr(load[athlete], method=method)["acwr"]
            pd.testing.assert_series_equal(
                found[athlete], alone, check_names=False, rtol=1e-9, atol=1e-12
            )


@pytest.mark.parametrize("athletes", [30, pytest.param(100, marks=pytest.mark.slow)])
def test_every_column_is_the_ratio_of_that_athlete_alone(athletes: int) -> None:
    load = made_loads(athletes, 500, seed=1)
    expect_equal(load)
    assert loadmon.acwr_panel(load).notna().to_numpy().mean() > 0.3


def test_means_and_status_of_every_day_are_those_of_that_athlete_alone() -> None:
    load = made_loads(12, 400, seed=5).iloc[:, 5:].iloc[80:]  # nobody begins with a lost day
    for method in METHODS:
        *means, status = ratios.ratios(load.to_numpy(copy=True), method)
        for place, athlete in enumerate(load):
            alone = acwr(load[athlete], method=method)
            words = [ratios.STATUSES[code] for code in status[:, place]]
            assert words == alone["status"].tolist()
            for part, name in enumerate(("acute", "chronic")):
                np.testing.assert_allclose(
                    means[part][:, place], alone[name], rtol=1e-9, atol=1e-12
                )


def plain(loads: list[float], method: str) -> list[str]:
    """Status of every day, counted by hand from the days before it."""
    words, chronic, laid_off, ended, zeros = [], [], False, -100, 0
    for day, load in enumerate(loads):
        zeros = zeros + 1 if load == 0 else 0
        laid_off = laid_off or zeros >= 14
        if laid_off and load > 0:
            laid_off, ended = False, day
        last = loads[max(0, day - 27) : day + 1]
        since = next((n for n, x in enumerate(reversed(last)) if x != x), 28)
        long = float(np.mean(last)) if method == "coupled" else float(np.mean(last[:-7] or [0]))
        settled = since >= 28 and day >= 27
        before = [x for x in chronic[-180:] if x == x]
        if load != load or (since < 28 and method != "ewma"):
            word = "unknown"
        elif not settled:
            word = "forming"
        elif laid_off or day - ended < 28:
            word = "returning"
        elif sum(x > 0 for x in last) < 6:
            word = "sparse"
        elif long == 0 or sum(before) / 4 > len(before) * long * (1 + 1e-9):
            word = "low_base"
        else:
            word = "ok"
        chronic.append(long if settled else np.nan)
        words.append(word)
    return words


@pytest.mark.parametrize("method", ["coupled", "uncoupled"])
def test_the_status_of_every_day_is_the_one_counted_by_hand(method: ratios.Method) -> None:
    load = made_loads(12, 500, seed=7)
    _, _, status = ratios.ratios(load.to_numpy(copy=True), method)
    for place, athlete in enumerate(load):
        words = [ratios.STATUSES[code] for code in status[:, place]]
        assert words == plain(load[athlete].tolist(), method)
        assert acwr(load[athlete], method=method)["status"].tolist() == words
    assert {word for code in np.unique(status) for word in [ratios.STATUSES[code]]} == set(
        ratios.STATUSES
    )


def test_blocks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    load = made_loads(7, 120, seed=2)
    whole = loadmon.acwr_panel(load)
    monkeypatch.setattr(ratios, "_BLOCK", 3)
    monkeypatch.setattr(ratios, "_STEP", 40)
    pd.testing.assert_frame_equal(loadmon.acwr_panel(load), whole)


@given(
    st.lists(
        st.tuples(st.sampled_from([0.0, 0.0, 1.0, 5.0, 8.0, 40.0, np.nan]), st.integers(1, 40)),
        min_size=1,
        max_size=14,
    )
)
def test_any_run_of_rest_load_and_lost_days_is_judged_as_alone(
    spans: list[tuple[float, int]],
) -> None:
    loads = [load for load, n in spans for _ in range(n)]
    expect_equal(panel(loads, [8.0, 0.0] * 10))


def test_three_even_weeks_and_one_of_two_thirds_more_give_the_ratios_by_hand() -> None:
    # Weeks of 300, 300, 300 and 500: 500/7 over 1400/28, and over 900/21.
    week = [50.0, 0, 50, 50, 50, 50, 50]
    load = panel(week * 3 + [x * 5 / 3 for x in week])
    assert loadmon.acwr_panel(load)["r0"].iloc[-1] == pytest.approx(500 / 7 / (1400 / 28))
    assert loadmon.acwr_panel(load, method="uncoupled")["r0"].iloc[-1] == pytest.approx(5 / 3)


def test_the_first_ratio_is_that_of_the_28th_day() -> None:
    found = loadmon.acwr_panel(panel([5.0, 3.0] * 15))["r0"]
    assert found.iloc[:27].isna().all()
    assert found.iloc[27:].notna().all()


def test_a_base_is_low_until_180_days_hold_it_as_they_do_alone() -> None:
    # The day on which the ratio comes back moves with every day more or less in the window.
    load = panel([40.0] * 120 + [5.0] * 260, [30.0] * 150 + [3.0] * 230)
    found = loadmon.acwr_panel(load)
    assert found.iloc[220].isna().all()
    assert found.iloc[-1].notna().all()
    expect_equal(load)


def test_the_frame_that_was_passed_in_is_left_alone() -> None:
    load = made_loads(3, 60, seed=3)
    before = load.copy(deep=True)
    loadmon.acwr_panel(load)
    pd.testing.assert_frame_equal(load, before)


def test_nobody_gives_nothing() -> None:
    load = panel([5.0] * 40)
    assert loadmon.acwr_panel(load[[]]).shape == (40, 0)
    assert loadmon.acwr_panel(load.iloc[:0]).shape == (0, 1)


@pytest.mark.parametrize(
    ("load", "says"),
    [
        (days([1.0] * 30), "DataFrame"),
        (panel([1.0] * 30).reset_index(drop=True), "naive local days"),
        (panel([1.0] * 30).drop(index=pd.Timestamp("2024-01-05")), "every day"),
        (panel([1.0] * 30).astype("str"), "r0"),
        (panel([1.0] * 29 + [-1.0]), "negative"),
        (panel([1.0] * 29 + [np.inf]), "infinite"),
    ],
)
def test_what_is_no_panel_is_refused(load: pd.DataFrame, says: str) -> None:
    with pytest.raises(loadmon.FrameError, match=says):
        loadmon.acwr_panel(load)


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(loadmon.SettingError, match="ewmaa"):
        loadmon.acwr_panel(panel([1.0] * 30), method="ewmaa")  # type: ignore[arg-type]
