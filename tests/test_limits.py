from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmon.errors import SettingError
from loadmon.rules.limits import Limits, limits_for
from loadmon.rules.return_to_run import start_cap_km, week_after_km

NAN = float("nan")


def test_the_defaults_are_those_of_the_contract() -> None:
    steady = limits_for("steady")
    assert steady == Limits()
    assert (steady.session_growth, steady.session_floor_km) == (0.10, 0.5)
    assert (steady.weekly_growth, steady.weekly_floor_km) == (0.15, 1.0)
    assert steady.coupled == 1.3
    assert (steady.ratio_from_day, steady.max_run_days_in_7) == (28, 5)
    assert steady.no_consecutive_days == 28
    earliest = limits_for("earliest")
    assert (earliest.weekly_growth, earliest.weekly_floor_km) == (0.20, 0.0)
    assert (steady.beyond_growth, earliest.beyond_growth) == (0.10, 0.15)
    assert (steady.start_km, steady.first_week_km) == (None, None)
    assert not steady.always_apart
    assert not steady.always_return


def test_what_cannot_be_meant_is_refused_by_name() -> None:
    with pytest.raises(SettingError, match="steady or earliest"):
        limits_for("fast")  # type: ignore[arg-type]
    some = ("start_km", "first_week_km", "session_growth", "weekly_floor_km", "beyond_growth")
    for name in (*some, "max_run_days_in_7"):
        with pytest.raises(SettingError, match=name):
            Limits(**{name: -1})
        with pytest.raises(SettingError, match=name):
            Limits(**{name: NAN})
        with pytest.raises(SettingError, match=f"{name} must be a finite number, not inf"):
            Limits(**{name: float("inf")})
    with pytest.raises(SettingError, match="coupled"):
        Limits(coupled=0.99)
    assert Limits(coupled=1.0).coupled == 1.0


@pytest.mark.parametrize("gone", ["ewma", "uncoupled", "ramp-ratio.ewma", "ramp-ratio.uncoupled"])
def test_only_the_coupled_ratio_bounds_a_plan(gone: str) -> None:
    with pytest.raises(SettingError, match=f"unknown limit '{gone}'"):
        limits_for("steady", {gone: 1.4})


@pytest.mark.parametrize(
    ("off", "longest", "cap"),
    [
        (0, 14.0, 14.0),
        (7, 14.0, 14.0),
        (30, 14.0, 3.0),
        (365, 14.0, 3.0),
        (30, 4.0, 2.0),
        (18, 6.0, 6 - 3 * 11 / 23),
        (8, 14.0, 14 - 11 / 23),  # a line of 23 days down to 3 km
        (30, 3.0, 2.0),  # half of it is less than a beginner's first run
        (30, 1.5, 1.5),  # and nobody starts with more than was run before
        (30, NAN, 2.0),  # no run known: as a beginner
        (3, NAN, 2.0),
        (30, 0.0, 2.0),
    ],
)
def test_the_start_after_a_lay_off(off: int, longest: float, cap: float) -> None:
    assert start_cap_km(off, longest) == pytest.approx(cap)


@given(st.integers(0, 100), st.floats(0.5, 60.0))
def test_a_longer_lay_off_never_allows_a_longer_start(off: int, longest: float) -> None:
    assert start_cap_km(off + 1, longest) <= start_cap_km(off, longest) <= longest
    assert start_cap_km(off, longest) >= min(3.0, max(longest / 2, min(2.0, longest)))


@pytest.mark.parametrize(
    ("off", "share"),
    [(0, 1), (7, 1), (14, 18 / 25), (21, 18 / 32), (25, 1 / 2), (43, 1 / 3), (61, 1 / 4)],
)
def test_the_first_week_falls_smoothly_with_the_days_off(off: int, share: float) -> None:
    # as usual up to 7 days off, half after 18 more, a third after 36, a quarter after 54
    assert week_after_km(off, 40.0) == pytest.approx(40 * share)


def test_the_runners_own_limits_count_where_they_are_about_the_ramp_and_nothing_else_is_said() -> (
    None
):
    own = {"ramp-session.growth": 0.05, "session-spike.small": 1.5, "ramp-week.earliest": 0.12}
    assert limits_for("steady", own=own) == Limits(session_growth=0.05)
    assert limits_for("earliest", own=own).weekly_growth == 0.12
    assert limits_for("steady", {"session_growth": 0.08}, own).session_growth == 0.08
    assert limits_for("steady", {"ramp-session.growth": 0.08}, own).session_growth == 0.08


def test_a_changed_limit_is_a_number_and_one_of_days_a_whole_one() -> None:
    assert limits_for("steady", {"ratio_from_day": 35.0}).ratio_from_day == 35
    for changed in ({"ratio_from_day": 35.5}, {"max_run_days_in_7": True}, {"coupled": "1.2"}):
        with pytest.raises(SettingError, match=f"limit {next(iter(changed))}"):
            limits_for("steady", changed)
    with pytest.raises(SettingError, match="did you mean coupled"):
        limits_for("steady", {"cuopled": 1.2})
