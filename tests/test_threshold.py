from __future__ import annotations

import numpy as np
import pytest

from loadmon.ratio import above, reaches

NAN = float("nan")


def test_rounding_is_not_above_and_anything_more_is() -> None:
    assert 0.1 + 0.2 > 0.3
    assert not above(0.1 + 0.2, 0.3)
    assert not above(11.0, 1.1 * 10)
    assert above(11.0001, 1.1 * 10)


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e9])
def test_the_slack_is_a_share_of_the_bound_in_any_unit(unit: float) -> None:
    assert not above(unit * (1 + 0.9e-9), unit)
    assert above(unit * (1 + 1.1e-9), unit)
    assert not above(unit, unit)


def test_nothing_is_above_what_is_unknown_and_everything_above_zero() -> None:
    assert above([NAN, 1.0, NAN, 1e-12, 0.0], [1.0, NAN, NAN, 0.0, 0.0]).tolist() == [
        *[False, False, False, True, False]
    ]
    assert above(np.array([2.0, 1.0]), 1.5).tolist() == [True, False]


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e9])
def test_a_bound_is_reached_to_within_rounding_in_any_unit(unit: float) -> None:
    assert reaches(unit, unit)
    assert reaches(unit * (1 - 0.9e-9), unit)
    assert not reaches(unit * (1 - 1.1e-9), unit)


def test_zero_is_reached_by_zero_and_nothing_unknown_is_reached() -> None:
    assert reaches([0.0, -1e-12, NAN, 1.0], [0.0, 0.0, 1.0, NAN]).tolist() == [
        *[True, False, False, False]
    ]
