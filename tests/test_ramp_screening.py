"""Screening: every question is asked, a red flag outranks everything, and texts are fixed."""

import itertools

import numpy as np
import pytest

from loadmon.errors import ScreeningNeeded, SettingError
from loadmon.ramp.progress import verdict_text
from loadmon.ramp.screening import (
    BONE_PAIN_TEXT,
    BONE_SITE_TEXT,
    CLINICIAN_TEXT,
    EMERGENCY_TEXT,
    PAIN_TEXT,
    PROFESSIONAL_TEXT,
    REASONS,
    RED_FLAGS,
    SCREENED,
    STOP_TEXT,
    URGENT_TEXT,
    WALK_TEXT,
    questions_for,
    screen,
)


def clear(reason, **changed):
    """Answers that leave room for a plan."""
    answers = dict.fromkeys(questions_for(reason), False) | {"pain": 0 if reason == "bone" else 2}
    if reason == "bone":
        answers["clinician_agreed"] = True
    return answers | changed


def test_after_rest_nothing_is_asked():
    assert REASONS == ("rest", "illness", "injury", "back-pain", "bone")
    assert questions_for("rest") == {}
    assert screen("rest", None) == ""


def test_after_an_illness_four_questions_come_first_and_a_yes_is_a_doctor():
    asked = questions_for("illness")
    assert set(asked) == {"fever", "chest_pain", "breathless", "palpitations"}
    with pytest.raises(ScreeningNeeded) as needed:
        screen("illness", None)
    assert needed.value.questions == asked
    clear_ = dict.fromkeys(asked, False)
    assert screen("illness", clear_) == ""
    for key in asked:
        text = EMERGENCY_TEXT if key == "chest_pain" else URGENT_TEXT
        assert screen("illness", clear_ | {key: True}) == text
        assert screen("illness", {key: True}) == text
        assert screen("rest", {key: True}) == text


@pytest.mark.parametrize("reason", SCREENED)
@pytest.mark.parametrize("key", ["fever", "breathless", "palpitations"])
def test_a_sign_of_illness_leaves_no_plan_after_an_injury_either(reason, key):
    assert screen(reason, clear(reason, **{key: True})) == URGENT_TEXT


@pytest.mark.parametrize("when", ["pain_before", "pain", "pain_next_morning"])
@pytest.mark.parametrize("pain", [0.5, 1, 2, 5])
def test_any_pain_at_a_bone_leaves_no_plan_whoever_agreed(when, pain):
    assert screen("bone", clear("bone", **{when: pain})) == BONE_PAIN_TEXT
    shin = {"site": "shin", "clinician_agreed": True, "pain": 0, when: pain}
    assert screen("injury", clear("injury", **shin)) == BONE_PAIN_TEXT
    assert screen("bone", clear("bone", clinician_agreed=False, **{when: pain})) == BONE_PAIN_TEXT


@pytest.mark.parametrize("reason", [["injury", "bone"], "injury,bone", "back-pain and illness"])
def test_two_reasons_at_once_are_refused_with_the_order_among_them(reason):
    with pytest.raises(SettingError, match="the one that asks for most care"):
        screen(reason, None)


@pytest.mark.parametrize("reason", ["illness", *SCREENED])
def test_clear_answers_leave_room_for_a_plan(reason):
    assert screen(reason, clear(reason)) == ""


@pytest.mark.parametrize("reason", ["illness", *SCREENED])
def test_each_question_left_out_is_asked_for(reason):
    for key, text in questions_for(reason).items():
        answers = clear(reason)
        del answers[key]
        with pytest.raises(ScreeningNeeded) as needed:
            screen(reason, answers)
        assert needed.value.questions == {key: text}
        assert text in str(needed.value)


def test_without_any_answer_every_question_is_carried():
    with pytest.raises(ScreeningNeeded) as needed:
        screen("back-pain", None)
    assert list(needed.value.questions) == [
        "saddle_numbness",
        "bladder_bowel",
        "both_legs",
        "chest_pain",
        "accident",
        "unwell",
        "night_pain",
        "history",
        "bone_pain",
        "walking_hurts",
        "pain_before",
        "pain",
        "pain_next_morning",
    ]


def test_only_after_an_injury_the_place_is_asked_for():
    assert [reason for reason in REASONS if "site" in questions_for(reason)] == ["injury"]


def test_where_the_runs_so_far_have_led_is_told_unless_a_clinician_agreed():
    told = {"go": "", "stop": "", "professional": PROFESSIONAL_TEXT, "refuse": BONE_SITE_TEXT}
    for verdict, text in told.items():
        assert verdict_text(verdict, {}) == text
        assert verdict_text(verdict, {"clinician_agreed": False}) == text
        assert verdict_text(verdict, {"clinician_agreed": True}) == ""


def test_bone_needs_the_word_of_a_clinician():
    assert "clinician_agreed" in questions_for("bone")
    assert "clinician_agreed" not in questions_for("injury")
    assert screen("bone", clear("bone", clinician_agreed=False)) == CLINICIAN_TEXT


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("flag", RED_FLAGS, ids=lambda q: q.key)
def test_a_red_flag_gives_its_fixed_text_whatever_the_reason(reason, flag):
    text = {"emergency": EMERGENCY_TEXT, "urgent": URGENT_TEXT}[flag.urgency]
    assert screen(reason, clear("bone") | {flag.key: True}) == text
    assert screen(reason, {flag.key: np.True_}) == text


# Red flags: each word of the list is in a question of its urgency
@pytest.mark.parametrize(
    ("urgency", "words"),
    [
        ("emergency", ["genitals", "anus", "inner thighs", "urine", "bladder", "bowel", "sexual"]),
        ("emergency", ["starting, stopping or feeling", "both legs", "chest", "serious accident"]),
        ("urgent", ["fever", "weight loss", "lump", "changed shape", "rest does not ease"]),
        ("urgent", ["much worse at night", "cancer", "steroids", "immune", "bone", "limp", "hop"]),
    ],
)
def test_every_red_flag_of_the_list_is_asked_with_its_urgency(urgency, words):
    asked = " ".join(q.text for q in RED_FLAGS if q.urgency == urgency).lower()
    assert [w for w in words if w not in asked] == []


def test_an_emergency_outranks_everything_else():
    flags = {q.key: True for q in RED_FLAGS}
    assert screen("injury", flags | {"pain": 9}) == EMERGENCY_TEXT
    assert "emergency number" in EMERGENCY_TEXT


def test_no_red_flag_path_ends_in_a_plan():
    for flags in itertools.combinations(RED_FLAGS, 2):
        assert screen("back-pain", clear("back-pain", **{q.key: True for q in flags})) != ""


@pytest.mark.parametrize(("pain", "text"), [(0, ""), (5, ""), (5.5, PAIN_TEXT), (10, PAIN_TEXT)])
def test_pain_above_five_of_ten_leaves_no_plan(pain, text):
    # golden/pain_monitoring_table.json: 0-5 go on or hold, 6-10 stop
    assert screen("injury", clear("injury", pain=pain)) == text
    assert screen("rest", {"pain": pain}) == text


@pytest.mark.parametrize("pain", [-1, 11, float("nan"), "2", True, None])
def test_pain_is_a_number_from_0_to_10(pain):
    with pytest.raises(SettingError, match="from 0 to 10"):
        screen("injury", clear("injury", pain=pain))


@pytest.mark.parametrize("site", ["shin", "foot", "navicular", "front of tibia", "groin"])
def test_a_place_that_may_be_bone_needs_the_word_of_a_clinician(site):
    with pytest.raises(ScreeningNeeded) as needed:
        screen("injury", clear("injury", site=site))
    assert list(needed.value.questions) == ["clinician_agreed"]
    none = clear("injury", site=site, pain=0)
    assert screen("injury", none | {"clinician_agreed": False}) == BONE_SITE_TEXT
    assert screen("injury", none | {"clinician_agreed": True}) == ""
    with pytest.raises(ScreeningNeeded):
        screen("rest", {"site": site})
    assert screen("injury", clear("injury", site="knee")) == ""


@pytest.mark.parametrize("reason", SCREENED)
def test_walking_that_hurts_comes_before_running(reason):
    assert screen(reason, clear(reason, walking_hurts=True)) == WALK_TEXT
    assert "30 minutes" in WALK_TEXT


@pytest.mark.parametrize("when", ["pain_before", "pain", "pain_next_morning"])
def test_pain_at_any_of_the_three_times_counts(when):
    assert screen("back-pain", clear("back-pain", **{when: 6})) == PAIN_TEXT
    assert screen("back-pain", clear("back-pain", **{when: 5})) == ""


@pytest.mark.parametrize("site", ["", 3, True, None])
def test_a_place_is_a_word(site):
    with pytest.raises(SettingError, match="site is a word"):
        screen("injury", clear("injury", site=site))


def test_an_answer_that_is_not_yes_or_no_is_refused():
    with pytest.raises(SettingError, match="True or False, not 'no'"):
        screen("injury", clear("injury", chest_pain="no"))


def test_a_misspelt_question_is_refused():
    with pytest.raises(SettingError, match="unknown question 'chestpain'"):
        screen("injury", clear("injury", chestpain=True))


def test_an_unknown_reason_is_refused():
    with pytest.raises(SettingError, match="unknown reason 'knee'"):
        screen("knee", None)


def test_the_stop_text_says_when_to_stop_and_what_to_do_then():
    for words in ("pain over 5", "limp", "into the leg", "numbness", "next morning", "catch up"):
        assert words in STOP_TEXT


def test_every_question_has_a_source():
    assert all(q.source and q.text.endswith("?") for q in RED_FLAGS)
