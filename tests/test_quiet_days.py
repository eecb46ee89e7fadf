"""What happened on days without a run, in breaks, and which weeks were lighter."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from loadmon.rules.rest_days import lay_offs, lighter_weeks, quiet_days

DAYS = pd.date_range("2026-10-01", periods=12, unit="us", name="date")


def daily(**cells: list[object]) -> pd.DataFrame:
    frame = pd.DataFrame({"status": "rest", "walk_km": 0.0, "other_min": 0.0}, index=DAYS).astype(
        {"status": "str"}
    )
    for name, values in cells.items():
        frame.iloc[: len(values), frame.columns.get_loc(name)] = values
    return frame


def activities(*rows: tuple[int, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "date": [DAYS[i] for i, _ in rows],
            "sub_sport": pd.Series([sub for _, sub in rows], dtype="str"),
        }
    )


NONE = pd.Series([], dtype="datetime64[us]")


def test_each_day_without_a_run_has_its_first_kind() -> None:
    days = daily(
        status=["run", "rest", "rest", "rest", "rest", "unknown", "silent", "rest"],
        walk_km=[3, 3, 0, 0, 0, 0, 0, np.nan],
        other_min=[0, 30, 30, 30, 30, 0, 0, 0],
    )
    strength = pd.Series([DAYS[2], DAYS[3]])
    kinds = quiet_days(days, activities((2, "yoga"), (4, "generic")), strength)
    assert kinds.index[0] == DAYS[1]
    assert kinds.tolist()[:7] == [
        *("walk", "mobility", "strength", "other", "unknown", "unknown", "walk"),
    ]
    assert set(kinds.iloc[7:]) == {"nothing"}


def test_a_break_tells_whether_gentle_movement_went_on() -> None:
    days = daily(
        status=["run", *["rest"] * 7, "run", "rest", "unknown", "rest"],
        walk_km=[0, 2, 2, 0, 0, 0, 0, 0, 0],
        other_min=[0, 0, 0, 60, 0, 0, 0, 0, 0],
    )
    quiet = quiet_days(days, activities((4, "pilates")), NONE)
    (told,) = lay_offs(days, quiet, 7).to_dict("records")
    assert (told["start"], told["end"], told["days"]) == (DAYS[1], DAYS[7], 7)
    assert (told["gentle_days"], told["other_days"], told["unknown_days"]) == (3, 1, 0)
    assert lay_offs(days, quiet, 8).empty
    assert lay_offs(days, quiet, 3)["unknown_days"].tolist() == [0, 1]


def weekly(*load: float, partial: int | None = None) -> pd.DataFrame:
    index = pd.date_range("2026-01-05", periods=len(load), freq="7D", name="week_start")
    frame = pd.DataFrame({"load": load, "partial": False}, index=index)
    if partial is not None:
        frame.iloc[partial, 1] = True
    return frame


@pytest.mark.parametrize(
    ("load", "expected"),
    [
        ((30, 30, 30, 23.9), True),
        ((30, 30, 30, 24.0), False),  # a fifth less is the border itself
        ((20, 30, 40, 23.9), True),
        ((0, 0, 0, 0), None),
        ((30, 30, np.nan, 10), None),
        ((30, 30, 30, np.nan), None),
        ((30, 30, 10), None),
    ],
)
def test_a_lighter_week_lies_under_four_fifths_of_the_three_before(
    load: tuple[float, ...], expected: bool | None
) -> None:
    assert lighter_weeks(weekly(*load)).iloc[-1] is expected


def test_an_unfinished_week_is_no_lighter_week() -> None:
    assert lighter_weeks(weekly(30, 30, 30, 5, partial=3)).iloc[-1] is None
