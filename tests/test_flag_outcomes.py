"""What followed each flag: gaps over 7 days and pains of 28 days, by hand and by plain loops."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made import archive, runs

import loadmon
from loadmon.athlete import Athlete
from loadmon.daily import daily_load
from loadmon.diary import DIARY_COLUMNS, no_diary
from loadmon.errors import FrameError, SettingError
from loadmon.report.captions import (
    NOTHING_RECORDED,
    OBSERVED,
    outcomes_text,
    recorded_text,
)
from loadmon.rules.lookback import as_raised, flag_outcomes, outcome_rates

WEEK = [5.0, 0, 5.0, 0, 5.0, 0, 0]
FIRST = pd.Timestamp("2026-01-01")  # a Thursday
NAN = float("nan")


def day(n: int) -> pd.Timestamp:
    return FIRST + pd.Timedelta(days=n)


def flags(*days: int, check: str = "session_spike") -> pd.DataFrame:
    return pd.DataFrame({"check": check, "date": [day(n) for n in days], "level": "small"})


def pained(*entries: tuple[int, float]) -> Athlete:
    empty = dict.fromkeys(DIARY_COLUMNS, "") | {"pain": NAN, "rpe": NAN}
    rows: list[dict[str, Any]] = [{**empty, "date": day(n), "pain": x} for n, x in entries]
    told = pd.DataFrame(rows).astype(no_diary().dtypes.to_dict())
    return Athlete(diary=told)


def followed(
    loads: list[float], *days: int, athlete: Athlete | None = None, **options: Any
) -> list[str]:
    made = archive(runs(loads, **options))
    return flag_outcomes(made, flags=flags(*days), athlete=athlete)["followed_by"].tolist()


# The last run before the gap is on day 25, the next on day 28 + n: 3 + n days lie between them.
def with_gap(n: int) -> list[float]:
    return [*WEEK * 4, *[0.0] * n, *WEEK * 8]


@pytest.mark.parametrize(("between", "told"), [(7, "none"), (8, "gap"), (9, "gap")])
def test_a_gap_is_of_eight_days_between_run_days(between: int, told: str) -> None:
    assert followed(with_gap(between - 3), 25, 14) == [told, told]


@pytest.mark.parametrize(
    ("flag", "told"),
    [(3, "none"), (4, "gap"), (25, "gap"), (31, "gap"), (32, "none")],
)
def test_the_seventh_day_off_lies_within_the_28_days_after_the_flag(flag: int, told: str) -> None:
    # Days 26 to 32 are off, so that the gap is over 7 days on day 32, and no later.
    assert followed(with_gap(5), flag) == [told]


def test_a_run_too_short_for_a_run_day_ends_no_gap() -> None:
    short = with_gap(5)
    short[29] = 0.5  # 3 minutes
    assert followed(short, 20) == ["gap"]
    short[29] = 2.0
    assert followed(short, 20) == ["none"]


def test_a_flag_whose_28_days_are_not_over_is_not_judged_even_after_a_gap() -> None:
    loads = [*WEEK * 10, 5.0]  # to day 70
    assert followed(loads, 42, 43) == ["none", "not_over"]
    assert followed([*WEEK * 4, *[0.0] * 10, 5.0], 20) == ["not_over"]


def test_days_after_the_last_that_is_known_do_not_count() -> None:
    # Recorded to day 67; without a word of the runner the days after the usual gap are silent.
    made = archive(runs(WEEK * 10))
    silent = flag_outcomes(made, flags=flags(35), as_of=day(100))["followed_by"]
    assert silent.tolist() == ["none"]
    late = flag_outcomes(made, flags=flags(60), as_of=day(100))["followed_by"]
    assert late.tolist() == ["not_over"]
    rested = archive(runs(WEEK * 10), rested_until=f"{day(100):%Y-%m-%d}")
    assert flag_outcomes(rested, flags=flags(60), as_of=day(100))["followed_by"].tolist() == ["gap"]


def test_a_day_that_is_not_known_leaves_what_followed_unknown() -> None:
    lost = f"{day(50):%Y-%m-%d}"
    told = followed(WEEK * 14, 21, 22, 49, 50, unknown_days=[lost])
    assert told == ["none", "unknown", "unknown", "none"]


def test_a_run_day_that_is_known_is_known_though_a_file_of_it_is_missing() -> None:
    assert followed(WEEK * 14, 30, unknown_days=[f"{day(49):%Y-%m-%d}"]) == ["none"]


def test_a_gap_that_rests_on_an_unknown_day_before_the_flag_is_unknown() -> None:
    lost = f"{day(26):%Y-%m-%d}"
    assert followed(with_gap(5), 27, unknown_days=[lost]) == ["unknown"]
    assert followed(with_gap(4), 27, unknown_days=[lost]) == ["none"]


def test_a_flag_before_anything_was_recorded_is_unknown() -> None:
    assert followed(WEEK * 14, -3) == ["unknown"]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        *[((20, 5.0), "none"), ((21, 3.0), "pain"), ((48, 3.0), "pain"), ((49, 9.0), "none")],
        *[((30, 2.9), "none"), ((30, 0.0), "none")],
    ],
)
def test_a_pain_of_three_counts_from_the_day_after_the_flag(
    entry: tuple[int, float], told: str
) -> None:
    assert followed(WEEK * 14, 20, athlete=pained(entry)) == [told]


def test_a_gap_and_a_pain_are_both_told() -> None:
    assert followed(with_gap(5), 20, athlete=pained((24, 4.0))) == ["gap,pain"]


def test_weeks_are_judged_in_the_same_way() -> None:
    # Sundays are days 3, 10, 17 ...; the first whole week ends on day 10, and 28 days after day
    # 115 are over, as day 145 is the last: 16 weeks. Day 32 of the gap follows those of days 10,
    # 17, 24 and 31.
    frame = flag_outcomes(
        archive(runs([*WEEK * 4, *[0.0] * 5, *WEEK * 16, 5.0])), flags=flags(25, 60)
    )
    assert frame["base_weeks"].tolist() == [16, 16]
    assert frame["base_rate"].tolist() == [0.75, 0.75]


def test_without_flags_given_they_are_those_of_the_past() -> None:
    made = archive(runs([*WEEK * 8, 9.0, 0, 5, 0, 5, 0, 0, *WEEK * 4, 14.0, *WEEK * 6]))
    found, past = flag_outcomes(made), loadmon.flag_history(made)
    assert len(past) > 1
    assert found[["check", "date", "level"]].equals(past[["check", "date", "level"]])


def test_flags_after_the_day_that_is_asked_about_do_not_count() -> None:
    made = archive(runs(WEEK * 14))
    told = flag_outcomes(made, flags=flags(60, 20, 61), as_of=day(60))
    assert told["date"].tolist() == [day(20), day(60)]


def by_loops(daily: pd.DataFrame, flagged: pd.Timestamp) -> str:
    """The same from the days with a run day, one gap after the other."""
    if daily.index[-1] < flagged + pd.Timedelta(days=28):
        return "not_over"
    ran = [*daily.index[daily["run_day"].to_numpy()], daily.index[-1] + pd.Timedelta(days=1)]
    for last, following in pairwise(ran):
        off = [last + pd.Timedelta(days=n) for n in range(1, (following - last).days)]
        over = off[6:]  # the seventh day off and those after it
        if any(0 < (at - flagged).days <= 28 for at in over):
            return "gap"
    return "none"


@pytest.mark.parametrize("seed", range(20))
def test_plain_loops_find_the_same(seed: int) -> None:
    rng = np.random.default_rng(seed)
    loads = [5.0]
    while len(loads) < 150:
        loads += [0.0] * int(rng.integers(0, rng.choice([3, 9]))) + [float(rng.integers(1, 9))]
    made = archive(runs(loads))
    asked = list(range(0, len(loads), 3))
    found = flag_outcomes(made, flags=flags(*asked))
    daily = daily_load(made.activities)
    assert found["followed_by"].tolist() == [by_loops(daily, day(n)) for n in asked]
    assert {"gap", "none", "not_over"} <= set(found["followed_by"]) or seed


def test_a_flag_that_is_printed_again_within_a_week_is_the_same_one() -> None:
    told = as_raised(flags(0, 3, 10, 18, check="acwr"))  # 3, 7 and 8 days apart
    assert told["date"].tolist() == [day(0), day(18)]
    assert len(as_raised(flags(0, 1, 1, 3))) == 3  # single runs, one of them printed twice
    louder = pd.concat([flags(4), flags(4).assign(level="large")])
    assert as_raised(louder)["level"].tolist() == ["small"]  # as it was printed first
    both = pd.concat([flags(0, check="acwr"), flags(1, check="rest")])
    assert len(as_raised(both)) == 2


def test_flags_without_a_column_are_refused() -> None:
    with pytest.raises(FrameError, match="flags lack level"):
        flag_outcomes(archive(runs(WEEK * 8)), flags=flags(1).drop(columns="level"))


def test_flags_read_from_a_csv_have_days_as_text(tmp_path: Path) -> None:
    flags(20, 25).to_csv(tmp_path / "f.csv", index=False)
    again = pd.read_csv(tmp_path / "f.csv")
    made = archive(runs(with_gap(5)))
    assert flag_outcomes(made, flags=again).equals(flag_outcomes(made, flags=flags(20, 25)))
    with pytest.raises(SettingError, match="soon"):
        flag_outcomes(made, flags=again.assign(date="soon"))


def rated(*followed_by: str, check: str = "session_spike") -> pd.DataFrame:
    frame = flags(*range(len(followed_by)), check=check)
    return frame.assign(followed_by=list(followed_by), base_rate=0.9, base_weeks=40)


def test_rates_count_those_that_can_be_judged() -> None:
    told = ["none"] * 9 + ["pain", "gap", "gap,pain", "not_over", "not_over", "unknown"]
    (row,) = outcome_rates(rated(*told)).to_dict("records")
    assert (row["flags"], row["counted"], row["not_over"], row["unknown"]) == (15, 12, 2, 1)
    assert (row["no_gap"], row["pain"]) == (10, 2)
    assert row["share"] == pytest.approx(10 / 12)
    # By hand, z2 = 3.8415: (10/12 + z2/24 +- z sqrt(10/12 2/12 / 12 + z2/576)) / (1 + z2/12).
    assert (row["low"], row["high"]) == pytest.approx((0.5520, 0.9530), abs=5e-5)


def test_the_words_give_counts_interval_and_what_is_not_counted() -> None:
    told = rated(*["none"] * 10, "gap", "not_over", "unknown")
    text = outcomes_text(told)
    assert (
        "Longest single run: 13 flags, 10 of 11 followed by no gap over 7 days (95 % interval "
        "62 to 98 %); not counted: 1 whose 28 days are not over and 1 with days that are not known."
        in text
    )
    assert "Flags since Thu 1 Jan 2026, and what followed in the 28 days after each:" in text
    assert "Weeks with a run day that no gap over 7 days followed: 90 % of 40." in text
    assert OBSERVED in text
    assert "11 flags, 10 followed by no gap" in outcomes_text(rated(*["none"] * 10, "gap"))
    assert ", 1 by a pain of 3 or more." in outcomes_text(rated("none", "pain"))


def test_what_cannot_be_judged_is_not_called_fine() -> None:
    told = rated("not_over", "unknown")
    assert "none that can be judged; not counted:" in outcomes_text(told)
    assert "no gap over 7 days (" not in outcomes_text(told)
    assert outcome_rates(told)["share"].isna().all()
    nothing = flag_outcomes(archive(runs(WEEK * 8)), flags=flags())
    assert outcomes_text(nothing) == "No flag in this history."
    assert recorded_text(nothing) == NOTHING_RECORDED


def test_a_check_that_a_later_version_no_longer_has_is_still_scored() -> None:
    told = rated("none", "gap", check="left_shoe")
    assert "left_shoe: 2 flags, 1 followed by no gap" in recorded_text(told)


def test_a_history_too_short_for_weeks_has_no_base_rate() -> None:
    frame = flag_outcomes(archive(runs(WEEK * 3)), flags=flags(2))
    assert frame["base_weeks"].tolist() == [0]
    assert frame["base_rate"].isna().all()
    assert "followed: none to judge." in outcomes_text(frame)
