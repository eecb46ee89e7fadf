"""The levels of a return to running: every rule, and every path over the rules."""

from __future__ import annotations

import itertools

import pytest

from loadmon.evidence.pain import RULES, SITES
from loadmon.ramp.progress import observe, pain_action
from loadmon.ramp.sessions import UNKNOWN, LevelState, step
from loadmon.rules.symptoms import Felt, site_of

NAN = float("nan")
TOP = 4
SEEN = [*RULES, UNKNOWN]
#: golden/pain_monitoring_table.json: pain 0 to 10, next morning, action.
PAIN_TABLE = {
    "back_to_baseline": ["progress_allowed"] * 3 + ["hold"] * 3 + ["stop_and_step_back"] * 5,
    "worse": ["reduce"] * 6 + ["stop_and_step_back"] * 5,
}
ACTIONS = {
    "advance": "progress_allowed",
    "hold": "hold",
    "reduce": "reduce",
    "stop": "stop_and_step_back",
}
#: golden/soreness_rules.json: days off, change of level.
SORENESS = {
    "warmup_continues": (2, -1),
    "warmup_goes_away": (0, 0),
    "warmup_goes_away_returns_in_session": (2, -1),
    "day_after_not_muscle": (1, 0),
}


def after(*seen: str, level: int = 2, days: int = 3) -> LevelState:
    """LevelState after sessions that lie some days apart."""
    state = LevelState(level=level)
    for i, one in enumerate(seen):
        state = step(state, one, i * days, top=TOP)
    return state


@pytest.mark.parametrize("morning", PAIN_TABLE)
@pytest.mark.parametrize("pain", range(11))
def test_every_row_of_the_pain_monitoring_table_holds(pain: int, morning: str) -> None:
    seen = pain_action(pain, worse_next_morning=morning == "worse")
    assert ACTIONS[RULES[seen].action] == PAIN_TABLE[morning][pain]
    felt = Felt(before=0, during=pain, morning=1 if morning == "worse" else 0)
    for site in ("knee", "back"):
        assert observe(felt, site_of(site)) == seen or (pain == 0 and seen == "mild")


@pytest.mark.parametrize("name", SORENESS)
def test_every_soreness_rule_holds(name: str) -> None:
    rule = RULES[name]
    assert (rule.days_off, rule.level_change) == SORENESS[name]
    state = after(name)
    assert state.level == 2 + SORENESS[name][1]
    assert state.rest_until == (SORENESS[name][0] or -1)
    assert state.clean == 0


def test_two_sessions_without_soreness_lead_one_level_up_and_one_does_not() -> None:
    assert after("none").level == 2
    assert after("none", "none").level == 3
    assert after("none", "warmup_goes_away", "none").level == 2
    assert after("none", "none", "none", "none").level == 4


def test_no_more_than_two_levels_are_gained_in_seven_days() -> None:
    assert after(*["none"] * 6, level=0, days=1).level == 2
    assert after(*["none"] * 5, level=0, days=2).level == 2  # gained on days 2 and 6
    assert after(*["none"] * 6, level=0, days=2).level == 3  # day 10: the first is 8 days ago
    assert after(*["none"] * 6, level=0, days=3).level == 3
    one_a_session = LevelState()
    for day in (0, 1, 2):
        one_a_session = step(one_a_session, "none", day, top=TOP, times=1, most_ups=3)
    assert one_a_session.level == 3
    two = LevelState()
    for day in (0, 3, 6):
        two = step(two, "none", day, top=TOP, times=1)
    assert two.level == 2
    assert step(two, "none", 7, top=TOP, times=1).level == 3  # the first was seven days before


def test_worse_on_two_mornings_running_needs_a_professional() -> None:
    assert after("worse_next_morning").verdict == "go"
    assert after("worse_next_morning", "worse_next_morning").verdict == "professional"
    assert after("worse_next_morning", "day_after_not_muscle").verdict == "professional"
    assert after("worse_next_morning", "none", "worse_next_morning").verdict == "go"
    assert after("worse_next_morning", UNKNOWN, "worse_next_morning").verdict == "professional"


def test_what_is_not_told_neither_counts_nor_harms() -> None:
    for seen in RULES:
        assert after(seen, UNKNOWN) == after(seen)
    assert after("none", UNKNOWN, UNKNOWN, UNKNOWN).level == 2


def test_bone_pain_ends_it_and_nothing_that_follows_begins_it_again() -> None:
    for seen in SEEN:
        assert after("bone", seen).verdict == "refuse"
        assert after("bone", seen, "none", "none").level == 2


def naive(seen: tuple[str, ...], level: int, days: int) -> tuple[int, str]:
    """The rules told once more, by a different way: level and verdict from the whole path."""
    ups: list[int] = []
    clean = 0
    for i, one in enumerate(seen):
        if "bone" in seen[:i]:
            break
        if one in ("none", "mild"):
            clean += 1
            if clean >= 2 and level < TOP and sum(u > i * days - 7 for u in ups) < 2:
                level, clean = level + 1, 0
                ups.append(i * days)
        elif one != UNKNOWN:
            clean = 0
            drops = one in (
                *("worse_next_morning", "excessive", "warmup_continues"),
                "warmup_goes_away_returns_in_session",
            )
            level = max(0, level - drops)
    if "bone" in seen:
        return level, "refuse"
    told = [one for one in seen if one != UNKNOWN]
    worse = [one in ("worse_next_morning", "day_after_not_muscle") for one in told]
    if told and told[-1] == "excessive":
        return level, "stop"
    return level, "professional" if len(worse) > 1 and all(worse[-2:]) else "go"


@pytest.mark.parametrize("level", [0, 2, TOP])
def test_every_path_of_four_sessions_ends_where_the_rules_say(level: int) -> None:
    for seen in itertools.product(SEEN, repeat=4):
        state = after(*seen, level=level, days=2)
        assert (state.level, state.verdict) == naive(seen, level, 2), seen
        assert 0 <= state.level <= TOP
        assert len(state.ups) <= 2


@pytest.mark.parametrize(
    ("felt", "site", "seen"),
    [
        (Felt(), "knee", UNKNOWN),
        (Felt(during=0), "knee", "mild"),
        (Felt(during=0), "calf", "none"),
        (Felt(during=2), "knee", UNKNOWN),  # the next morning is not told
        (Felt(during=2, morning=0), "knee", "mild"),
        (Felt(during=2, morning=1), "knee", "worse_next_morning"),
        (Felt(before=1, during=2, morning=1), "knee", "mild"),
        (Felt(during=4), "knee", "acceptable"),
        (Felt(during=1, after=4, morning=0), "back", "acceptable"),
        (Felt(during=1, morning=6), "back", "excessive"),
        (Felt(before=6), "calf", "excessive"),
        (Felt(before=1, during=1), "hip", "bone"),
        (Felt(morning=0), "knee", UNKNOWN),
        (Felt(morning=2), "knee", "worse_next_morning"),
        (Felt(before=2, during=2, after=0), "calf", "warmup_continues"),
        (Felt(before=2, during=0, after=2), "calf", "warmup_goes_away_returns_in_session"),
        (Felt(before=2, during=0, after=0, morning=0), "calf", "warmup_goes_away"),
        (Felt(before=0, during=0, after=2, morning=0), "calf", "none"),
        (Felt(before=0, during=0, morning=1), "calf", "day_after_not_muscle"),
        (Felt(during=4, morning=0), "calf", "acceptable"),
        (Felt(during=1), "calf", UNKNOWN),
        (Felt(during=1, morning=0), "calf", "none"),
        (Felt(before=1), "calf", UNKNOWN),
        (Felt(during=1), "shin", "bone"),
        (Felt(morning=1), "foot", "bone"),
        (Felt(during=0), "navicular", "none"),
        (Felt(before=0), "navicular", UNKNOWN),
    ],
)
def test_a_session_is_seen_by_the_rules_of_its_site(felt: Felt, site: str, seen: str) -> None:
    assert observe(felt, site_of(site)) == seen


def test_pain_that_is_usual_before_running_is_no_worse_morning() -> None:
    felt = Felt(during=2, morning=2)
    assert observe(felt, site_of("back")) == "worse_next_morning"
    assert observe(felt, site_of("back"), baseline=2) == "mild"
    assert observe(Felt(before=1, during=2, morning=2), site_of("back"), 2) == "worse_next_morning"


@pytest.mark.parametrize(
    ("told", "key"),
    [
        ("left Achilles", "achilles"),
        ("low back", "back"),
        ("Lower_back", "back"),
        ("base of the fifth metatarsal", "fifth-metatarsal"),
        ("metatarsals", "foot"),
        ("front of tibia", "anterior-tibia"),
        ("tibia", "shin"),
        ("heel bone", "calcaneus"),
        ("tailbone", "bone"),
        ("heel", "plantar-heel"),
        ("back of the heel", "plantar-heel"),
        ("left side of low back", "back"),
        ("neck of femur", "femoral-neck"),
        ("front of the shin", "anterior-tibia"),
        ("inner shin", "shin"),
        ("medial malleolus", "medial-malleolus"),
        ("inner ankle", "ankle"),
        ("big toe sesamoids", "sesamoid"),
        ("big toe", "foot"),
        ("L5 pars defect", "pars"),
        ("low back, sacrum", "sacrum"),
        ("pubic bone", "pubic-bone"),
        ("adductors", "groin"),
        ("left hip flexor", "hip"),
        ("femoral shaft", "thigh"),
        ("front of thigh", "thigh"),
        ("quads", "quadriceps"),
        ("hamstring, back of the thigh", "hamstring"),
        ("", "not-stated"),
        ("elbow", "not-stated"),
        ("other", "other"),
    ],
)
def test_words_of_a_diary_mean_a_site(told: str, key: str) -> None:
    assert site_of(told).key == key


def test_every_site_is_found_by_its_own_name_and_the_high_risk_ones_are_bone() -> None:
    for site in SITES:
        assert site_of(site.key) == site
        assert site.tissue == "bone" or not site.high_risk
    high = {site.key for site in SITES if site.high_risk}
    # the list of the American Academy of Family Physicians (2024), but for kneecap and second toe
    assert high == {
        *("femoral-neck", "anterior-tibia", "navicular", "fifth-metatarsal"),
        *("medial-malleolus", "talus", "sesamoid"),
    }


#: Where bone stress injuries of runners are felt, written down apart from the table.
FELT_IN_BONE = (
    *("navicular", "medial malleolus", "sesamoid", "pars", "calcaneus", "hip", "thigh", "groin"),
    *("femoral neck", "femoral shaft", "femur", "sacrum", "pubic bone", "pubis", "pelvis"),
    *("anterior tibia", "tibia", "shin", "fibula", "talus", "metatarsal", "5th metatarsal", "foot"),
    *("stress fracture", "stress reaction"),
)


@pytest.mark.parametrize("told", FELT_IN_BONE)
@pytest.mark.parametrize("side", ["{}", "left {}", "{} (right)"])
def test_a_place_of_bone_stress_is_never_other(told: str, side: str) -> None:
    assert site_of(side.format(told)).tissue == "bone"
    assert site_of(side.format(told.replace(" ", "_").upper())).tissue == "bone"


def test_every_rule_has_a_source() -> None:
    assert all(rule.source and rule.checked in ("read", "secondary") for rule in RULES.values())
