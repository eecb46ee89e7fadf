"""Questions before a plan, red flags, and the levels of pain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from loadmon.errors import ScreeningNeeded, SettingError
from loadmon.evidence.pain import PAIN_RULE, RULES, SITES, SORENESS, Site
from loadmon.rules import symptoms
from loadmon.rules.symptoms import site_of

# What a symptom does to the way back: a small automaton over the levels of a walk-run programme.

Verdict = Literal["go", "stop", "professional", "refuse"]
_WEEK = 7
#: A session of which nothing is told: it neither counts nor harms.
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class State:
    """Where a return stands after some sessions.

    Parameters
    ----------
    level : int
        Level of the programme, from 0.
    clean : int
        Sessions in a row that count towards the next level.
    worse : int
        Mornings in a row that were worse than before the run.
    ups : tuple of int
        Days of the last seven on which a level was gained. [d]
    rest_until : int
        Last day without a run that a rule asks for. [d] -1: none.
    verdict : {"go", "stop", "professional", "refuse"}
        Whether there may be a next session: not before the questions are answered again, not
        before a professional has looked, not before a clinician agrees.
    """

    level: int = 0
    clean: int = 0
    worse: int = 0
    ups: tuple[int, ...] = ()
    rest_until: int = -1
    verdict: Verdict = "go"


def step(
    state: State,
    seen: str,
    day: int,
    *,
    top: int,
    times: int = int(SORENESS["clean_to_advance"]),
    most_ups: int = int(SORENESS["max_levels_in_7"]),
) -> State:
    """Take one session into account.

    Returns ``refuse`` is never left: only a clinician's word begins again.
    """
    if state.verdict == "refuse" or seen == UNKNOWN:
        return state
    rule = RULES[seen]
    worse = state.worse + 1 if rule.is_worse else 0
    ups = tuple(d for d in state.ups if d > day - _WEEK)
    verdict: Verdict = "go"
    if rule.action == "refuse":
        verdict = "refuse"
    elif rule.action == "stop":
        verdict = "stop"
    elif worse >= symptoms.REFERRAL["worse_mornings"]:
        verdict = "professional"
    moved = replace(
        state,
        level=max(0, state.level + rule.level_change),
        clean=0,
        worse=worse,
        ups=ups,
        rest_until=day + rule.days_off if rule.days_off else -1,
        verdict=verdict,
    )
    if rule.action != "advance":
        return moved
    clean = state.clean + 1
    if clean >= times and state.level < top and len(ups) < most_ups:
        return replace(moved, level=state.level + 1, clean=0, ups=(*ups, day))
    return replace(moved, clean=clean)


# What is asked before a plan after injury or pain, and the fixed texts that stand for a plan.


Reason = Literal["rest", "illness", "injury", "back-pain", "bone"]
REASONS: tuple[Reason, ...] = get_args(Reason)
#: Reasons after which every question must be answered.
SCREENED: tuple[Reason, ...] = ("injury", "back-pain", "bone")
#: Answers by the key of their question: yes or no, 0 to 10 for pain, a text for the site.
Answers = Mapping[str, bool | float | str]

_BACK = "BMJ Best Practice, Sheffield NHS and Norfolk NHS pages on back pain"


@dataclass(frozen=True, slots=True)
class Question:
    """One question; its answer is True where it applies.

    Parameters
    ----------
    key : str
        Under which ``screening`` answers it.
    text : str
        The question itself.
    urgency : {"emergency", "urgent"}
        What a yes means.
    source : str
        Where it comes from.
    """

    key: str
    text: str
    urgency: Literal["emergency", "urgent"]
    source: str


RED_FLAGS: tuple[Question, ...] = (
    Question(
        "saddle_numbness",
        "Numbness or tingling round the genitals, the anus or the inner thighs?",
        "emergency",
        _BACK,
    ),
    Question(
        "bladder_bowel",
        "New trouble starting, stopping or feeling urine, loss of bladder or bowel control, or "
        "new sexual dysfunction?",
        "emergency",
        _BACK,
    ),
    Question(
        "both_legs",
        "Weakness or numbness in both legs?",
        "emergency",
        _BACK,
    ),
    Question(
        "chest_pain",
        "Chest pain?",
        "emergency",
        _BACK,
    ),
    Question(
        "accident",
        "Did the pain begin after a serious accident?",
        "emergency",
        _BACK,
    ),
    Question(
        "unwell",
        "Fever, weight loss that you cannot explain, or a lump or changed shape?",
        "urgent",
        _BACK,
    ),
    Question(
        "night_pain",
        "Pain that rest does not ease, or that is much worse at night?",
        "urgent",
        _BACK,
    ),
    Question(
        "history",
        "Ever had cancer, or take steroids or anything that weakens the immune system?",
        "urgent",
        "heyneurosurgeon page on red flags of back pain",
    ),
    Question(
        "bone_pain",
        "Pain on one spot of a bone, a limp, or unable to hop on one leg?",
        "urgent",
        "choice of this project, after pages on bone stress injury",
    ),
)

EMERGENCY_TEXT = (
    "Get help now: call your emergency number or go to an emergency department (A&E). What you "
    "answered can be a sign of something that must be looked at today. Do not run. There is no "
    "plan."
)
URGENT_TEXT = (
    "See a doctor soon, today if you can get an appointment, before you run. What you answered "
    "needs someone who can examine you. There is no plan."
)
PAIN_TEXT = (
    f"Pain above {PAIN_RULE['stop_above']:.0f} of 10: do not run on it. See a physiotherapist or a "
    "doctor first. There is no plan."
)
CLINICIAN_TEXT = (
    "After a bone injury there is a plan only once a clinician who has examined you agrees that "
    "you run again. There is no plan."
)
BONE_SITE_TEXT = (
    "Pain at this place may come from the bone, and some bones there are slow to heal. There is a "
    "plan only once a clinician who has examined you agrees that you run again. There is no plan."
)
WALK_TEXT = (
    "Walk first: no run before 30 minutes of walking do not hurt. Until then walk as far as it is "
    "comfortable, and make a new plan then (loadmon ramp). Does it not get better in two weeks, or "
    "does walking hurt more: see a physiotherapist or a doctor. There is no plan of runs."
)
PROFESSIONAL_TEXT = (
    "Worse on the next morning after two runs in a row: see a physiotherapist or a doctor before "
    "you run again. There is no plan until somebody who examined you agrees."
)
STOP_TEXT = (
    f"STOP: pain over {PAIN_RULE['stop_above']:.0f} of 10, limp, pain into the leg, numbness.\n"
    "Worse next morning: do not advance; two mornings in a row: see a professional.\n"
    "Missed a run? Don't catch up; make a new plan (loadmon ramp)."
)

PAINS = {
    "pain_before": "How much pain just before you run or walk, 0 (none) to 10?",
    "pain": "How much pain while you run or walk, 0 (none) to 10?",
    "pain_next_morning": "How much pain on the morning after, 0 (none) to 10?",
}
_SITE = f"Where is it? {', '.join(s.key for s in SITES)}"
_WALK = "Does it hurt to walk for 30 minutes?"
_CLINICIAN = "Has a clinician who examined you agreed that you run again?"


def questions_for(reason: Reason, answers: Answers | None = None) -> dict[str, str]:
    """Questions that must be answered before a plan.

    Returns the question behind each key of ``screening``; after rest or illness none, unless pain
    of a bone is answered. Pain is answered from 0 to 10, ``site`` by a word, the others by True or
    False.
    """
    asked: dict[str, str] = {}
    if reason in SCREENED:
        asked = {q.key: q.text for q in RED_FLAGS} | {"walking_hurts": _WALK} | PAINS
    if reason == "injury":
        asked["site"] = _SITE
    if site_for(reason, answers).tissue == "bone":
        asked["clinician_agreed"] = _CLINICIAN
    return asked


def site_for(reason: Reason, answers: Answers | None) -> Site:
    """Place of pain by the answers, or by the reason where it tells."""
    told = str((answers or {}).get("site") or "other")
    by_reason = {"back-pain": "back", "bone": "bone"}
    return site_of(by_reason.get(reason, told))


def screen(reason: Reason, answers: Answers | None) -> str:
    """Judge the answers: the fixed text that stands for a plan, or nothing.

    Returns empty where the answers leave room for a plan, which is not clinical clearance.

    The pain rule comes from trials of tendons; its use elsewhere is a choice of this project
    (`loadmon.evidence.pain.PAIN_RULE`). A red flag outranks every other answer, given or missing.
    """
    if reason not in REASONS:
        raise SettingError(f"unknown reason {reason!r}: {', '.join(REASONS)}")
    told = checked(answers)
    for urgency, text in (("emergency", EMERGENCY_TEXT), ("urgent", URGENT_TEXT)):
        if any(told.get(q.key) is True for q in RED_FLAGS if q.urgency == urgency):
            return text
    missing = {k: q for k, q in questions_for(reason, told).items() if k not in told}
    if missing:
        raise ScreeningNeeded(missing)
    if max(float(told.get(key, 0.0)) for key in PAINS) > PAIN_RULE["stop_above"]:
        return PAIN_TEXT
    if told.get("clinician_agreed") is False:
        return CLINICIAN_TEXT if reason == "bone" else BONE_SITE_TEXT
    return WALK_TEXT if told.get("walking_hurts") is True else ""


def verdict_text(verdict: Verdict, answers: Answers) -> str:
    """Fixed text for where the runs so far have led; empty where there may be a next one.

    The word of a clinician outranks it. After pain above the limit the questions themselves decide.
    """
    if answers.get("clinician_agreed") is True:
        return ""
    return {"refuse": BONE_SITE_TEXT, "professional": PROFESSIONAL_TEXT}.get(verdict, "")


def checked(answers: Answers | None) -> dict[str, bool | float | str]:
    """Answers that can be meant, booleans as Python's own, no pain as 0."""
    known = {**questions_for("bone"), "site": _SITE}
    out: dict[str, bool | float | str] = {}
    for key, value in (answers or {}).items():
        if key not in known:
            raise SettingError(f"screening: unknown question {key!r}; known: {', '.join(known)}")
        if key in PAINS:
            out[key] = _pain(key, value)
        elif key == "site":
            out[key] = _site(value)
        elif isinstance(value, bool | np.bool_):
            out[key] = bool(value)
        else:
            raise SettingError(f"screening: {key} is answered with True or False, not {value!r}")
    return out


def _pain(key: str, value: object) -> float:
    """Pain as a number from 0 to 10; False is none."""
    if value is False:
        return 0.0
    is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not is_number or not 0 <= value <= 10:  # type: ignore[operator]
        raise SettingError(f"screening: {key} is a number from 0 to 10, not {value!r}")
    return float(value)  # type: ignore[arg-type]


def _site(value: object) -> str:
    """Place of pain as one of those that are known; False is none of them."""
    if value is False:
        return "other"
    if not isinstance(value, str) or not value.strip():
        raise SettingError(f"screening: site is a word such as knee or other, not {value!r}")
    return site_of(value).key
