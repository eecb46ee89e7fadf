"""When pain in the diary should be looked at by somebody: every rule, and just short of it."""

from __future__ import annotations

import pandas as pd
import pytest

from loadmon.diary import DIARY_COLUMNS
from loadmon.rules.symptoms import concerns, is_back, pains

DAY = pd.Timestamp("2026-10-11")
Entry = tuple[int, str, float]


def diary(*entries: Entry, site: str = "Back") -> pd.DataFrame:
    """Entries as (days before 11 October, when, pain)."""
    rows = [
        {"date": DAY - pd.Timedelta(days=ago), "when": when, "pain": pain, "site": site}
        for ago, when, pain in entries
    ]
    frame = pd.DataFrame(rows, columns=list(DIARY_COLUMNS))
    return frame.sort_values("date", kind="stable", ignore_index=True)


def load(last: float = 5.0, before: float = 5.0, unknown: int | None = None) -> pd.Series:
    days = pd.date_range(end=DAY, periods=60)
    out = pd.Series(before, index=days)
    out.iloc[-14:] = last
    if unknown is not None:
        out.iloc[-1 - unknown] = float("nan")
    return out


def rules(*entries: Entry, running: pd.Series | None = None) -> list[str]:
    found = concerns(diary(*entries), load() if running is None else running, DAY)
    return [c.rule for c in found]


def test_pain_above_five_is_one_rule_and_five_is_not() -> None:
    assert rules((0, "during", 5.1)) == ["above"]
    assert rules((0, "during", 5.0)) == []
    (found,) = concerns(diary((2, "during", 7), (0, "during", 6)), load(), DAY)
    assert (found.value, found.day, found.site) == (6.0, DAY, "back")


def test_old_pain_is_not_this_weeks() -> None:
    assert rules((6, "during", 8.0)) == ["above"]
    assert rules((7, "during", 8.0)) == []


def test_two_worse_mornings_in_a_row_are_a_rule_and_one_is_not() -> None:
    twice = ((4, "during", 2), (3, "next-morning", 3), (2, "during", 2), (1, "next-morning", 3))
    assert rules(*twice) == ["worse_mornings"]
    assert rules(*twice[2:]) == []
    settled = (*twice, (0, "during", 2), (0, "next-morning", 2))
    assert rules(*settled) == []


def test_a_morning_as_bad_as_the_day_before_is_not_worse() -> None:
    assert (
        rules((4, "after", 3), (3, "next-morning", 3), (2, "after", 2), (1, "next-morning", 3))
        == []
    )


def test_a_morning_without_an_entry_the_day_before_says_nothing() -> None:
    assert (
        rules((5, "during", 2), (3, "next-morning", 3), (2, "during", 2), (1, "next-morning", 3))
        == []
    )


def test_a_morning_is_worse_than_before_the_run_however_much_the_run_itself_hurt() -> None:
    one = ((4, "before", 1), (4, "during", 4), (3, "next-morning", 3))
    two = ((2, "before", 1), (2, "during", 4), (1, "next-morning", 3))
    assert rules(*one, *two) == ["worse_mornings"]
    usual = ((2, "before", 3), (2, "during", 2), (1, "next-morning", 3))
    assert rules(*one, *usual) == []


def test_mornings_belong_to_runs_whether_the_watch_or_the_diary_tells_of_them() -> None:
    twice = ((4, "during", 2), (3, "next-morning", 3), (2, "during", 2), (1, "next-morning", 3))
    unknown = load() * float("nan")
    assert rules(*twice, running=unknown) == ["worse_mornings"]
    rest = ((4, "", 2), (3, "next-morning", 3), (2, "", 2), (1, "next-morning", 3))
    assert rules(*rest) == ["worse_mornings"]  # without a moment it is that of the run of the day
    assert rules(*rest, running=0 * load()) == []


def test_words_for_one_place_come_together() -> None:
    words = pd.concat(
        [
            diary((4, "during", 2), (3, "next-morning", 3), site="Lower_back"),
            diary((2, "during", 2), (1, "next-morning", 3), site="lumbar spine"),
        ]
    )
    assert [c.rule for c in concerns(words, load(), DAY)] == ["worse_mornings"]


def test_no_better_after_two_weeks_of_less_running() -> None:
    less = load(last=3.0)
    same = ((15, "during", 3), (1, "during", 3))
    assert rules(*same, running=less) == ["no_better"]
    assert rules(*same) == []  # as much was run as before: this rule does not apply
    assert rules((15, "during", 3), (1, "during", 2), running=less) == []  # a point better
    assert rules((15, "during", 3), (1, "during", 2.5), running=less) == ["no_better"]
    assert rules((22, "during", 3), (1, "during", 3), running=less) == []  # too long ago
    assert rules((14, "during", 3), (1, "during", 3), running=less) == ["no_better"]
    assert rules((13, "during", 3), (1, "during", 3), running=less) == []


def test_no_better_needs_every_day_of_the_four_weeks_known() -> None:
    same = ((15, "during", 3), (1, "during", 3))
    assert rules(*same, running=load(last=3.0, unknown=20)) == []
    assert rules(*same, running=load(last=3.0, unknown=5)) == []
    assert rules(*same, running=load(last=3.0, unknown=28)) == ["no_better"]


def test_six_weeks_of_pain_are_a_rule_and_a_month_without_ends_them() -> None:
    assert rules((42, "", 2), (20, "", 2), (0, "", 2)) == ["lasting"]
    assert rules((41, "", 2), (20, "", 2), (0, "", 2)) == []
    assert rules((42, "", 2), (29, "", 2), (0, "", 2)) == []  # 29 days without an entry
    assert rules((42, "", 2), (28, "", 2), (0, "", 2)) == ["lasting"]
    assert rules((42, "", 2), (20, "", 2), (0, "", 0)) == []  # gone
    assert rules((50, "", 2), (27, "", 2), (6, "", 2)) == ["lasting"]
    assert rules((50, "", 2), (27, "", 2), (7, "", 2)) == []  # nothing noted on these days


def test_each_site_is_judged_by_itself() -> None:
    both = pd.concat(
        [
            diary((4, "during", 2), (3, "next-morning", 3)),
            diary((2, "during", 2), (1, "next-morning", 3), site="knee"),
        ]
    )
    assert concerns(both, load(), DAY) == []
    high = pd.concat([diary((1, "", 6)), diary((0, "", 7), site="knee")])
    assert [c.site for c in concerns(high, load(), DAY)] == ["back", "knee"]


def test_tomorrow_changes_nothing() -> None:
    told = pains(diary((0, "", 2), (-1, "", 9)), DAY)
    assert told["pain"].tolist() == [2]
    assert concerns(diary((0, "", 2), (-1, "", 9)), load(), DAY) == []


def test_a_note_without_a_pain_is_no_answer() -> None:
    assert pains(diary((0, "", float("nan"))), DAY).empty


@pytest.mark.parametrize(
    ("site", "is_one"),
    [
        *[(word, True) for word in ("back", "lower back", "Left low_back", "lumbar", "spine")],
        *[(word, False) for word in ("knee", "back of the knee", "")],
    ],
)
def test_which_sites_are_the_back(site: str, is_one: bool) -> None:
    assert is_back(site) is is_one
