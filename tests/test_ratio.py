from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import days

from loadmon.errors import FrameError, SettingError
from loadmon.ratio import METHODS, Method, acwr, daily_values

NAN = float("nan")
# golden numbers, acwr menaspa williams: Williams et al. 2017
# (doi:10.1136/bjsports-2016-096589), the three athletes of its worked example;
# EWMA 1.25, 1.41, 1.55 and 1.43 rolling are printed there. Digits: pandas and pure Python.
WILLIAMS = {
    "steady then up": ([30.0] * 21 + [50.0] * 7, 1.2497455413109075),
    "rising": (
        [15.0] * 2
        + [20.0] * 3
        + [25.0] * 4
        + [30.0] * 3
        + [35.0] * 5
        + [40.0]
        + [45.0] * 3
        + [40.0] * 2
        + [45.0] * 2
        + [50.0, 60.0, 70.0],
        1.4062024671137023,
    ),
    "falling then up": (
        [
            55.0,
            50,
            40,
            60,
            45,
            50,
            50,
            20,
            30,
            80,
            25,
            10,
            30,
            15,
            20,
            15,
            5,
            5,
            15,
            5,
            5,
            5,
            5,
            15.0,
            45,
            90,
            95,
            95,
        ],
        1.5507236284735255,
    ),
}
# golden numbers, acwr restdays 70d: 70 days with rest days, a peak and two weeks off.
RESTDAYS = (
    [8, 0, 6, 0, 10, 0, 14, 8, 0, 6, 0, 10, 0, 15, 8, 0, 7, 0, 10, 0, 16, 0, 0, 5, 0, 8, 0, 12]
    + [8, 0, 7, 0, 11, 0, 17, 8, 0, 7, 0, 11, 0, 28]
    + [0] * 14
    + [3, 0, 3, 0, 3.5, 0, 4, 4, 0, 4, 0, 4.5, 0, 5]
)
RESTDAYS_AT = {  # day: coupled, uncoupled, EWMA
    28: (0.6993006993006994, 0.6355932203389831, 1.004661049867349),
    29: (0.9230769230769231, 0.9, 1.0849418546204506),
    35: (1.1621621621621623, 1.2285714285714286, 1.2686473182215565),
    42: (1.325153374233129, 1.4862385321100917, 1.5218253395784835),
    49: (0.0, 0.0, 0.33499111710643176),
    63: (0.8, 0.75, 0.8185027856378384),
    70: (2.258064516129032, 3.8888888888888884, 1.0957587528186723),
}
# golden numbers, acwr restdays 70d R crosscheck, the same days in R. day: ACWR::RAC (coupled,
# two digits printed), athletemonitoring (coupled), ACWR::EWMA, and ACWR::RAU (uncoupled): the last
# is right up to day 28 and takes the wrong days from then on.
IN_R = {
    28: (0.70, 0.699300699300699, 1.00466104986735, 0.64),
    35: (1.16, 1.16216216216216, 1.26864731822156, 1.74),
    42: (1.33, 1.32515337423313, 1.52182533957848, 2.13),
    49: (0.00, 0.0, 0.334991117106432, 0.0),
    63: (0.80, 0.8, 0.818502785637838, 13.5),
    70: (2.26, 2.25806451612903, 1.09575875281867, 3.0),
}
# golden numbers, steady growth and coupling: weekly factor, coupled, uncoupled.
GROWTH = [
    (0.7, 0.5416502171338333, 0.46986301369863),
    (1.0, 1.0, 1.0),
    (1.1, 1.147166558931265, 1.2063444108761332),
    (1.2, 1.2876304023845004, 1.424175824175824),
    (1.3, 1.420397607887506, 1.6518796992481202),
    (2.0, 2.1333333333333333, 3.4285714285714284),
]
LOADS = st.lists(st.just(0.0) | st.floats(0.5, 100.0), min_size=28, max_size=90)
ANY = st.lists(st.sampled_from([0.0, 0.0, 0.0, NAN]) | st.floats(0.5, 100.0), max_size=90)


def raw(frame: pd.DataFrame) -> pd.Series:
    """Ratio of the two means, whatever the status says."""
    return frame["acute"] / frame["chronic"]


def by_hand(loads: list[float], method: str) -> tuple[float, float]:
    """Acute and chronic of the last day, in plain loops."""
    if method == "ewma":
        means = []
        for n in (7, 28):
            mean = loads[0]
            for x in loads[1:]:
                mean += 2 / (n + 1) * (x - mean)
            means.append(mean)
        return means[0], means[1]
    acute = math.fsum(loads[-7:]) / 7
    before = loads[-28:] if method == "coupled" else loads[-28:-7]
    return acute, math.fsum(before) / len(before)


@pytest.mark.parametrize("name", WILLIAMS)
def test_the_published_example_is_met_by_all_methods(name: str) -> None:
    loads, ewma = WILLIAMS[name]
    load = days(loads)
    got = {m: acwr(load, method=m).iloc[-1] for m in METHODS}
    assert {m: r["status"] for m, r in got.items()} == dict.fromkeys(METHODS, "ok")
    assert got["ewma"]["acwr"] == pytest.approx(ewma, rel=1e-12)
    assert got["coupled"]["acwr"] == pytest.approx(10 / 7, rel=1e-12)
    assert got["uncoupled"]["acwr"] == pytest.approx(5 / 3, rel=1e-12)


@pytest.mark.parametrize("day", RESTDAYS_AT)
def test_seventy_days_with_rest_days_are_met(day: int) -> None:
    for method, want in zip(METHODS, RESTDAYS_AT[day], strict=True):
        got = raw(acwr(days(RESTDAYS), method=method)).iloc[day - 1]
        assert got == pytest.approx(want, rel=1e-12)


@pytest.mark.parametrize("day", IN_R)
def test_two_packages_in_r_give_the_same_but_for_one_that_is_wrong_from_week_five(day: int) -> None:
    coupled, uncoupled, ewma = (
        raw(acwr(days(RESTDAYS), method=method)).iloc[day - 1] for method in METHODS
    )
    rac, monitoring, r_ewma, rau = IN_R[day]
    assert coupled == pytest.approx(rac, abs=0.005)
    assert coupled == pytest.approx(monitoring, rel=1e-12)
    assert ewma == pytest.approx(r_ewma, rel=1e-12)
    is_right = day == 28 or rau == 0
    assert (uncoupled == pytest.approx(rau, abs=0.005)) == is_right


@pytest.mark.parametrize(("factor", "coupled", "uncoupled"), GROWTH)
def test_steady_weekly_growth_gives_the_closed_form(
    factor: float, coupled: float, uncoupled: float
) -> None:
    load = days([10 * factor**week for week in range(4) for _ in range(7)])
    assert acwr(load).iloc[-1]["acwr"] == pytest.approx(coupled, rel=1e-12)
    assert acwr(load, method="uncoupled").iloc[-1]["acwr"] == pytest.approx(uncoupled, rel=1e-12)


def test_after_28_days_off_the_ratio_is_the_same_for_any_dose_so_none_is_shown() -> None:
    # golden numbers, acwr restart after 28 zero days: 5 equal weeks after 28 zero days.
    for dose in (1.0, 5.0, 50.0):
        load = days([0.0] * 28 + [dose, 0, dose, 0, dose, 0, dose] * 5)
        coupled, ewma = acwr(load), acwr(load, method="ewma")
        ends = [28 + 7 * week - 1 for week in range(1, 6)]
        assert raw(coupled).iloc[ends].tolist() == pytest.approx([4, 2, 4 / 3, 1, 1])
        assert raw(coupled).iloc[28] == pytest.approx(4)
        uncoupled = raw(acwr(load, method="uncoupled")).iloc[ends[1:]]
        assert uncoupled.tolist() == pytest.approx([3, 1.5, 1, 1])
        assert raw(ewma).iloc[ends].tolist() == pytest.approx(
            [
                2.280512497800776,
                1.6091394037883655,
                1.3299860866085704,
                1.1974727586600635,
                1.1283580660730497,
            ]
        )
        for frame in (coupled, ewma):
            assert frame["acwr"].iloc[: 28 + 28].isna().all()
            assert (frame["status"].iloc[27 : 28 + 28] == "returning").all()


def test_a_lost_long_run_is_unknown_and_not_a_lighter_week() -> None:
    week = [10.0, 0, 10, 0, 10, 0, 20]
    lost = [*week * 3, *week[:-1], NAN]
    for method in METHODS:
        last = acwr(days(lost), method=method).iloc[-1]
        assert (last["status"], math.isnan(last["acwr"])) == ("unknown", True)
    assert raw(acwr(days([*week * 3, *week[:-1], 0.0]))).iloc[-1] == pytest.approx(2 / 3)
    assert raw(acwr(days([*week * 3, *week[:-1], 40.0]))).iloc[-1] == pytest.approx(14 / 11)


def test_days_are_averaged_and_not_sessions() -> None:
    # golden numbers, session row pitfall: over session rows the ratio would be 1.00.
    ran = {0, 2, 5, 7, 9, 12, 14, 16, 19, 21, 23, 26, 28, 29, 30, 31, 32, 33}
    load = days([10.0 if i in ran else 0.0 for i in range(35)])
    assert acwr(load).iloc[-1]["acwr"] == pytest.approx(1.6)
    assert acwr(load, method="uncoupled").iloc[-1]["acwr"] == pytest.approx(2.0)


@pytest.mark.parametrize("method", METHODS)
def test_the_ratio_forms_on_day_28_and_not_before(method: str) -> None:
    frame = acwr(days([10.0] * 29), method=method)
    assert frame["status"].tolist() == ["forming"] * 27 + ["ok"] * 2
    assert frame["acwr"].iloc[:27].isna().all()
    assert frame["acwr"].iloc[27:].tolist() == pytest.approx([1, 1])


def test_windows_are_given_wherever_they_are_full() -> None:
    load = days([10.0] * 40)
    assert acwr(load)["acute"].first_valid_index() == load.index[6]
    assert acwr(load)["chronic"].first_valid_index() == load.index[27]
    assert acwr(load, method="uncoupled")["chronic"].first_valid_index() == load.index[27]
    assert acwr(load, method="ewma")["chronic"].first_valid_index() == load.index[0]


def test_an_unknown_day_withholds_the_ratio_until_it_has_left_the_window() -> None:
    load = days([10.0] * 30 + [NAN] + [10.0] * 40)
    for method in ("coupled", "uncoupled"):
        status = acwr(load, method=method)["status"].tolist()
        assert status[30:58] == ["unknown"] * 28
        assert status[29] == status[58] == "ok"
    assert acwr(load)["acute"].iloc[30:37].isna().all()
    assert acwr(load)["acute"].iloc[37] == 10.0
    early = acwr(days([10.0, NAN] + [10.0] * 30))["status"].tolist()
    assert early == ["forming"] + ["unknown"] * 28 + ["ok"] * 3


def test_ewma_begins_again_after_an_unknown_day() -> None:
    frame = acwr(days([10.0] * 30 + [NAN, 4.0] + [8.0] * 30), method="ewma")
    assert frame["status"].tolist()[29:60] == ["ok", "unknown"] + ["forming"] * 27 + ["ok"] * 2
    assert frame["acute"].iloc[31] == frame["chronic"].iloc[31] == 4.0
    assert frame["acute"].iloc[32] == pytest.approx(0.25 * 8 + 0.75 * 4)


def test_returning_runs_from_the_14th_day_off_until_28_days_after_the_next_load() -> None:
    for off, wanted in ((13, 0), (14, 1 + 28), (20, 7 + 28)):
        load = days([10.0] * 40 + [0.0] * off + [10.0] * 60)
        for method in METHODS:
            status = acwr(load, method=method)["status"]
            assert (status == "returning").sum() == wanted
            if wanted:
                assert status.tolist().index("returning") == 40 + 13


@pytest.mark.parametrize(("off", "wanted"), [(13, "ok"), (14, "returning")])
def test_days_off_count_from_the_first_day_of_all(off: int, wanted: str) -> None:
    status = acwr(days([0.0] * off + [10.0] * 60))["status"].tolist()
    assert status[27 : off + 28] == [wanted] * (off + 1)
    assert status[off + 28] == "ok"


def test_any_load_ends_a_time_off_however_small_its_number() -> None:
    status = acwr(days([0.5] * 40 + [0.0] * 14 + [0.5] * 40))["status"].tolist()
    assert status.index("returning") == 40 + 13
    assert status[40 + 14 + 28 :] == ["ok"] * 12


def test_an_unknown_day_is_not_a_day_without_load() -> None:
    load = days([10.0] * 40 + [0.0] * 10 + [NAN] + [0.0] * 10 + [10.0] * 60)
    assert "returning" not in set(acwr(load)["status"])


def test_a_base_of_almost_nothing_gives_no_ratio() -> None:
    tiny = acwr(days([10.0] * 60 + [0.1] * 60))
    first = tiny["status"].tolist().index("low_base")
    chronic = tiny["chronic"].to_numpy()
    usual = np.nanmean(chronic[max(0, first - 180) : first])
    assert chronic[first] < 0.25 * usual
    assert chronic[first - 1] >= 0.25 * np.nanmean(chronic[max(0, first - 181) : first - 1])
    assert math.isnan(tiny["acwr"].iloc[first])
    half = [10.0] * 60 + [5.0] * 60
    assert "low_base" not in set(acwr(days(half))["status"])


def test_the_base_is_that_of_the_180_days_before() -> None:
    def low(days_since: int) -> bool:
        load = days([100.0] * 60 + [2.0] * days_since)
        return bool(acwr(load)["status"].iloc[-1] == "low_base")

    # The chronic load falls from 100 to 2 in 28 days. Its mean over the 180 days before stays above
    # 4 x 2 as long as these hold the last 25 days of the fall: 2 + 3.5 (25 x 26 / 2) / 180 = 8.3,
    # with 24 of them 7.8.
    assert low(60)
    assert low(3 + 180)
    assert not low(4 + 180)


def test_the_seed_of_ewma_is_no_usual_load() -> None:
    # Seeded with 100 the chronic mean still falls on day 45; only its values from day 28 on count.
    assert acwr(days([100.0] + [2.0] * 44), method="ewma")["status"].iloc[-1] == "ok"


def test_nothing_over_nothing_is_no_ratio() -> None:
    for method in METHODS:
        frame = acwr(days([0.0] * 13), method=method, acute=3, chronic=9)
        assert frame["status"].tolist() == ["forming"] * 8 + ["sparse"] * 5
        assert frame["acwr"].isna().all()


def test_a_longer_chronic_window_is_returning_as_long_as_it_holds_the_lay_off() -> None:
    load = days([10.0] * 60 + [0.0] * 14 + [10.0] * 60)
    status = acwr(load, chronic=42)["status"]
    assert (status == "returning").sum() == 1 + 42


def test_ok_is_the_only_status_with_a_ratio_and_it_is_never_infinite() -> None:
    frame = acwr(days([0.0] * 40 + [30.0]), method="uncoupled")
    assert frame["acwr"].isna().all()
    assert frame["status"].iloc[-1] == "returning"


def test_one_huge_day_leaves_no_trace_in_later_windows() -> None:
    later = acwr(days([0.1] * 30 + [1e15] + [0.1] * 400)).iloc[-1]
    assert later["acwr"] == pytest.approx(1.0, rel=1e-12)
    assert later["chronic"] == pytest.approx(0.1, rel=1e-12)


def test_other_windows_are_taken_as_given() -> None:
    load = days([1.0] * 10 + [4.0] * 3)
    frame = acwr(load, acute=3, chronic=9, method="uncoupled")
    assert frame["acwr"].iloc[-1] == pytest.approx(4.0)
    assert frame["status"].tolist()[:9] == ["forming"] * 8 + ["ok"]


def test_an_acute_window_may_be_one_day() -> None:
    frame = acwr(days([1.0] * 5 + [3.0]), acute=1, chronic=6)
    assert frame["acwr"].iloc[-1] == pytest.approx(3 / (8 / 6))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("loads", "status"), [(5, "sparse"), (6, "ok")])
def test_a_ratio_takes_six_days_with_a_load_in_the_chronic_window(
    method: Method, loads: int, status: str
) -> None:
    month = [0.0 if i % 5 else 4.0 for i in range(28)]  # days 0, 5, 10, 15, 20, 25: six
    if loads == 5:
        month[5] = 0.0
    last = acwr(days([*month, *month]), method=method).iloc[-1]
    assert last["status"] == status
    assert np.isnan(last["acwr"]) == (status == "sparse")
    assert last["chronic"] > 0


def test_sparse_comes_after_returning_and_before_low_base() -> None:
    back = acwr(days([10.0] * 60 + [0.0] * 14 + [10.0] + [0.0] * 5))["status"].iloc[-1]
    assert back == "returning"
    little = [1.0 if i % 7 == 0 else 0.0 for i in range(28)]
    assert acwr(days([10.0] * 210 + little))["status"].iloc[-1] == "sparse"


def test_daily_values_are_a_copy() -> None:
    load = days([1.0, 2.0])
    daily_values(load)[0] = 9.0
    assert load.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(("acute", "chronic"), [(0, 28), (28, 28), (28, 7), (-7, 28)])
def test_windows_out_of_order_are_refused(acute: int, chronic: int) -> None:
    with pytest.raises(SettingError, match="0 < acute < chronic"):
        acwr(days([1.0] * 40), acute=acute, chronic=chronic)


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(SettingError, match="coupled, uncoupled, ewma"):
        acwr(days([1.0]), method="rolling")  # type: ignore[arg-type]


def test_a_load_that_is_no_daily_series_is_refused() -> None:
    good = days([1.0] * 40)
    cases = {
        "every day": good.drop(good.index[5]),
        "in order": good.iloc[::-1],
        "repeats": pd.concat([good, good.iloc[-1:]]),
        "negative": good - 2,
        "infinite": good.replace(1.0, float("inf")),
        "numeric": good.astype("str"),
        "numeric, not bool": good.astype(bool),
        "Series": good.to_frame(),
        "naive": good.reset_index(drop=True),
        "local days": good.tz_localize("UTC"),
    }
    for match, load in cases.items():
        with pytest.raises(FrameError, match=match):
            acwr(load)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", METHODS)
def test_no_days_give_an_empty_frame_of_the_same_types(method: str) -> None:
    empty, full = acwr(days([]), method=method), acwr(days([1.0] * 30), method=method)
    assert empty.empty
    assert empty.dtypes.equals(full.dtypes)
    assert list(full) == ["load", "acute", "chronic", "acwr", "status"]


@given(LOADS)
def test_every_method_agrees_with_plain_loops(loads: list[float]) -> None:
    for method in METHODS:
        got = acwr(days(loads), method=method).iloc[-1]
        acute, chronic = by_hand(loads, method)
        assert got["acute"] == pytest.approx(acute, rel=1e-9, abs=1e-12)
        assert got["chronic"] == pytest.approx(chronic, rel=1e-9, abs=1e-12)


@given(LOADS)
def test_uncoupled_follows_from_coupled_and_coupled_never_passes_four(loads: list[float]) -> None:
    coupled, uncoupled = acwr(days(loads)), acwr(days(loads), method="uncoupled")
    c, u = raw(coupled), raw(uncoupled)
    both = (coupled["chronic"] > 0) & (uncoupled["chronic"] > 0)
    np.testing.assert_allclose(u[both], (3 * c / (4 - c))[both], rtol=1e-9)
    assert (c.dropna() <= 4 * (1 + 1e-12)).all()


@given(ANY, ANY)
def test_tomorrow_never_changes_today(past: list[float], future: list[float]) -> None:
    for method in METHODS:
        today = acwr(days(past), method=method)
        later = acwr(days(past + future), method=method).iloc[: len(past)]
        pd.testing.assert_frame_equal(today, later, check_freq=False)


@given(ANY, st.sampled_from([0.01, 0.5, 3.0, 1000.0]))
def test_ratio_and_status_do_not_depend_on_the_unit(loads: list[float], k: float) -> None:
    for method in METHODS:
        one = acwr(days(loads), method=method)
        other = acwr(days([k * x for x in loads]), method=method)
        pd.testing.assert_series_equal(one["status"], other["status"])
        pd.testing.assert_series_equal(one["acwr"], other["acwr"], rtol=1e-9)


@given(ANY)
def test_a_ratio_is_shown_exactly_where_the_status_is_ok(loads: list[float]) -> None:
    for method in METHODS:
        frame = acwr(days(loads), method=method)
        assert (frame["acwr"].notna() == (frame["status"] == "ok")).all()
        assert np.isfinite(frame["acwr"].dropna()).all()


@given(st.lists(st.floats(0.5, 100.0), min_size=60, max_size=60), st.integers(35, 59))
def test_a_rest_day_is_not_a_missing_day(loads: list[float], at: int) -> None:
    rested = acwr(days([*loads[:at], 0.0, *loads[at:]]))
    missing = acwr(days([*loads[:at], NAN, *loads[at:]]))
    assert rested["status"].iloc[at] == "ok"
    assert missing["status"].iloc[at] == "unknown"


@given(ANY, st.integers(-3000, 3000))
def test_a_shifted_calendar_gives_the_same_ratio(loads: list[float], shift: int) -> None:
    first = pd.Timestamp("2026-01-01") + pd.Timedelta(days=shift)
    here, there = acwr(days(loads)), acwr(days(loads, first=f"{first:%Y-%m-%d}"))
    pd.testing.assert_frame_equal(here.reset_index(drop=True), there.reset_index(drop=True))


def test_the_load_is_not_changed() -> None:
    load = days([10.0] * 30 + [NAN])
    before = load.copy(deep=True)
    acwr(load, method="ewma")
    pd.testing.assert_series_equal(load, before)
