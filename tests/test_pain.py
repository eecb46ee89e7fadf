"""When pain in the diary should be looked at by somebody: every rule, and just short of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made import archive, runs

import loadmon
from loadmon.diary import DIARY_COLUMNS
from loadmon.evidence.pain import SITES, ask_site, find_site, nearest_sites
from loadmon.ramp.screening import checked
from loadmon.rules.symptoms import MORNING, concerns, is_back, pains

DAY = pd.Timestamp("2026-10-11")
Entry = tuple[int, str, float]


def diary(*entries: Entry, site: str = "Back") -> pd.DataFrame:
    """Entries as (days before 11 October, when, pain)."""
    rows = [
        {"date": DAY - pd.Timedelta(days=ago), "when": when, "pain": pain, "site": site}
        for ago, when, pain in entries
    ]
    frame = pd.DataFrame(rows, columns=list(DIARY_COLUMNS))
    texts = [name for name in ("when", "site", "strength", "break", "note") if name in frame]
    frame[texts] = frame[texts].astype("str").where(frame[texts].notna(), "")
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
    assert rules(*twice) == ["worse_mornings", "worse_morning"]
    assert rules(*twice[2:]) == ["worse_morning"]
    settled = (*twice, (0, "during", 2), (0, "next-morning", 2))
    assert rules(*settled) == []


def test_a_morning_as_bad_as_the_day_before_is_not_worse() -> None:
    same = ((4, "after", 3), (3, "next-morning", 3), (2, "after", 2), (1, "next-morning", 3))
    assert rules(*same) == ["worse_morning"]  # the second alone is
    assert rules(*same[:2]) == []


def test_a_morning_without_an_entry_the_day_before_says_nothing() -> None:
    apart = ((5, "during", 2), (3, "next-morning", 3), (2, "during", 2), (1, "next-morning", 3))
    assert rules(*apart) == ["worse_morning"]
    assert rules(*apart[:2]) == []


def test_a_morning_is_worse_than_before_the_run_however_much_the_run_itself_hurt() -> None:
    one = ((4, "before", 1), (4, "during", 4), (3, "next-morning", 3))
    two = ((2, "before", 1), (2, "during", 4), (1, "next-morning", 3))
    assert rules(*one, *two) == ["worse_mornings", "worse_morning"]
    usual = ((2, "before", 3), (2, "during", 2), (1, "next-morning", 3))
    assert rules(*one, *usual) == []


def test_mornings_belong_to_runs_whether_the_watch_or_the_diary_tells_of_them() -> None:
    twice = ((4, "during", 2), (3, "next-morning", 3), (2, "during", 2), (1, "next-morning", 3))
    unknown = load() * float("nan")
    assert rules(*twice, running=unknown) == ["worse_mornings", "worse_morning"]
    rest = ((4, "", 2), (3, "next-morning", 3), (2, "", 2), (1, "next-morning", 3))
    both = ["worse_mornings", "worse_morning"]
    assert rules(*rest) == both  # without a moment it is that of the run of the day
    assert rules(*rest, running=0 * load()) == []


def test_words_for_one_place_come_together() -> None:
    words = pd.concat(
        [
            diary((4, "during", 2), (3, "next-morning", 3), site="Lower_back"),
            diary((2, "during", 2), (1, "next-morning", 3), site="lumbar spine"),
        ]
    )
    found = [c.rule for c in concerns(words, load(), DAY)]
    assert found == ["worse_mornings", "worse_morning"]


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
    found = [(c.rule, c.site) for c in concerns(both, load(), DAY)]
    assert found == [("worse_morning", "back"), ("worse_morning", "knee")]
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


def of_site(site: str, *entries: Entry) -> list[str]:
    return [c.rule for c in concerns(diary(*entries, site=site), load(), DAY)]


def test_any_pain_where_it_may_come_from_a_bone_is_a_rule() -> None:
    for site in ("navicular", "left shin", "hip", "fifth metatarsal"):
        assert of_site(site, (1, "during", 0.5)) == ["bone"]
        assert of_site(site, (1, "during", 0.0)) == []
        assert of_site(site, (6, "", 1.0)) == ["bone"]
        assert of_site(site, (7, "", 1.0), (0, "", 0.0)) == []  # gone since
    for site in ("knee", "back", "calf", ""):
        assert of_site(site, (1, "during", 0.5)) == []
    (found,) = concerns(diary((3, "", 2), (1, "", 1), (0, "", 0), site="shin"), load(), DAY)
    assert (found.value, found.day) == (1.0, DAY - pd.Timedelta(days=1))


def test_a_worse_morning_stands_until_there_is_less_pain() -> None:
    worse = ((2, "during", 2), (1, "next-morning", 3))
    assert rules(*worse, (0, "", 3)) == ["worse_morning"]
    assert rules(*worse, (0, "", 4)) == ["worse_morning"]
    assert rules(*worse, (0, "", 2.9)) == []
    # Less on one day is less, though it came back.
    assert rules((4, "during", 2), (3, "next-morning", 3), (2, "", 1), (0, "", 3)) == []
    # A later run after which the morning was no worse ends it.
    assert rules((4, "during", 2), (3, "next-morning", 3), (2, "during", 3), (1, MORNING, 3)) == []


def test_a_worse_morning_of_a_week_ago_is_no_longer_this_weeks() -> None:
    still = (0, "", 3.0)
    assert rules((7, "during", 2), (6, MORNING, 3), still) == ["worse_morning"]
    assert rules((8, "during", 2), (7, MORNING, 3), still) == []


def test_pain_that_rises_over_three_runs_is_a_rule_and_over_two_is_not() -> None:
    three = ((4, "during", 1), (2, "during", 2), (0, "during", 3))
    assert rules(*three) == ["rising"]
    assert rules(*three[1:]) == []
    assert rules((6, "during", 5), *three) == ["rising"]  # the last three count
    assert rules((6, "during", 0), *three) == ["rising"]


def test_equal_pain_is_not_rising_and_nor_is_pain_that_falls_between() -> None:
    assert rules((4, "during", 1), (2, "during", 2), (0, "during", 2)) == []
    assert rules((4, "during", 2), (2, "during", 2), (0, "during", 3)) == []
    assert rules((4, "during", 2), (2, "during", 1), (0, "during", 3)) == []
    assert rules((6, "during", 1), (4, "during", 2), (2, "during", 3), (0, "during", 3)) == []


def test_pain_rises_by_the_most_of_each_run_in_and_after_it() -> None:
    by_after = ((4, "during", 2), (2, "during", 2), (2, "after", 3), (0, "during", 4))
    assert rules(*by_after) == ["rising"]
    before = ((4, "before", 1), (2, "before", 2), (0, "before", 3))
    assert rules(*before) == []


def test_rising_pain_is_of_the_week_in_which_the_last_of_the_three_runs_lies() -> None:
    now = (0, "before", 1.0)
    assert rules((10, "", 1), (8, "", 2), (6, "", 3), now) == ["rising"]
    assert rules((11, "", 1), (9, "", 2), (7, "", 3), now) == []


def test_rising_pain_of_two_places_does_not_add_up() -> None:
    both = pd.concat(
        [
            diary((4, "during", 1), (0, "during", 3)),
            diary((2, "during", 2), site="knee"),
        ]
    )
    assert concerns(both, load(), DAY) == []


# What the check says of it, and today.


def told(*entries: Entry, site: str = "back", **limits: float) -> tuple[pd.Series, loadmon.Today]:
    """Finding and longest run of today of a runner of every second day with a diary."""
    frame = runs([5.0, 0.0] * 40 + [5.0], first="2026-07-23")
    made = archive(frame, diary=diary(*entries, site=site), limits=limits)
    assert frame["date"].max() == DAY
    found = loadmon.check(made).to_frame().set_index("check").loc["symptoms"]
    return pd.Series(found), loadmon.today(made)


@pytest.mark.parametrize(
    ("level", "site", "entries", "words"),
    [
        ("bone", "navicular", [(0, "during", 1)], "where it may come from the bone"),
        ("above", "back", [(0, "during", 6)], "of 6 of 10"),
        ("worse_morning", "back", [(2, "during", 2), (1, MORNING, 3)], "on the morning after a"),
        ("rising", "back", [(4, "", 1), (2, "", 2), (0, "", 3)], "rose over three runs in a row"),
    ],
)
def test_each_rule_is_a_level_and_leaves_no_run_today(
    level: str, site: str, entries: list[Entry], words: str
) -> None:
    found, today = told(*entries, site=site)
    assert (found["verdict"], found["level"]) == ("flagged", level)
    assert words in found["message"]
    assert (today.distance_km, today.limited_by) == (0, "symptoms")
    assert words in today.why


def test_the_gravest_rule_names_the_level() -> None:
    found, _ = told((4, "", 5), (2, "", 6), (0, "", 7), site="shin")
    assert found["level"] == "bone"
    assert "rose over three runs in a row, to 7 of 10" in found["message"]
    assert "examine" in found["message"]


def test_without_a_rule_pain_is_noted_and_today_is_not_bound_by_it() -> None:
    found, today = told((0, "during", 2))
    assert (found["verdict"], found["level"]) == ("ok", "noted")
    assert today.distance_km > 0
    assert today.limited_by != "symptoms"


def test_a_site_that_is_not_understood_is_asked_about_with_the_nearest_name() -> None:
    found, unsure = told((0, "during", 2), site="navicualr")
    assert np.isnan(unsure.distance_km)
    assert unsure.limited_by == "unknown"
    assert (found["verdict"], found["level"]) == ("unknown", "site")
    assert found["missing"] == "the site of the pain"
    assert "'navicualr' is not understood: did you mean navicular?" in found["message"]
    none, _ = told((0, "during", 0), site="navicualr")
    assert none["verdict"] == "ok"
    high, today = told((0, "during", 7), site="navicualr")
    assert (high["verdict"], high["level"]) == ("flagged", "above")
    assert "did you mean navicular?" in high["message"]
    assert today.distance_km == 0
    known, _ = told((0, "during", 2), site="")
    assert (known["verdict"], known["level"]) == ("ok", "noted")


@pytest.mark.parametrize(
    ("text", "near"),
    [("navicualr", "navicular"), ("achiles", "achilles"), ("left kneee", "knee")],
)
def test_the_nearest_site_is_the_one_that_is_meant(text: str, near: str) -> None:
    assert find_site(text) is None or find_site(text).key == near  # type: ignore[union-attr]
    assert nearest_sites(text)[0] == near


def test_what_is_like_no_site_is_answered_with_all_of_them() -> None:
    assert nearest_sites("qqqq") == []
    text = ask_site("qqqq")
    assert text.startswith("the site 'qqqq' is not understood: write one of ")
    assert all(site.key in text for site in SITES)


def test_the_screening_asks_about_a_site_that_is_not_understood() -> None:
    with pytest.raises(loadmon.ScreeningNeeded) as asked:
        checked({"site": "navicualr"})
    assert asked.value.questions == {"site": ask_site("navicualr")}
    assert checked({"site": "navicular"}) == {"site": "navicular"}
