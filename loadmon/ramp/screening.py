"""Questions before a plan after injury or pain, and the fixed texts that stand for a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from loadmon.arguments import check_choice, quoted
from loadmon.errors import ScreeningNeeded, SettingError
from loadmon.evidence.pain import DIARY_PAIN, PAIN_RULE, SITES, Site, ask_site, find_site
from loadmon.rules.symptoms import site_of

Reason = Literal["rest", "illness", "injury", "back-pain", "bone"]
REASONS: tuple[Reason, ...] = get_args(Reason)
#: Reasons after which every question must be answered.
SCREENED: tuple[Reason, ...] = ("injury", "back-pain", "bone")
#: Answers by the key of their question: yes or no, 0 to 10 for pain, a text for the site.
Answers = Mapping[str, bool | float | str]


@dataclass(frozen=True, slots=True)
class Question:
    """One question; its answer under `key` of ``screening`` is True where it applies."""

    key: str
    text: str
    urgency: Literal["emergency", "urgent"]  # what a yes means
    source: str = "BMJ Best Practice, Sheffield NHS and Norfolk NHS pages on back pain"


RED_FLAGS: tuple[Question, ...] = (
    Question(
        "saddle_numbness",
        "Numbness or tingling round the genitals, the anus or the inner thighs?",
        "emergency",
    ),
    Question(
        "bladder_bowel",
        "New trouble starting, stopping or feeling urine, loss of bladder or bowel control, or "
        "new sexual dysfunction?",
        "emergency",
    ),
    Question("both_legs", "Weakness or numbness in both legs?", "emergency"),
    Question("chest_pain", "Chest pain?", "emergency"),
    Question("accident", "Did the pain begin after a serious accident?", "emergency"),
    Question(
        "unwell",
        "Fever, weight loss that you cannot explain, or a lump or changed shape?",
        "urgent",
    ),
    Question(
        "night_pain", "Pain that rest does not ease, or that is much worse at night?", "urgent"
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

#: What is asked after an illness, beside chest pain.
ILLNESS_FLAGS: tuple[Question, ...] = tuple(
    Question(
        key,
        text,
        "urgent",
        "checklist before training of the IOC consensus on acute respiratory illness, "
        "doi:10.1136/bjsports-2022-105759",
    )
    for key, text in (
        ("fever", "Fever now, or in the last two days?"),
        ("breathless", "Short of breath at rest, or with less effort than before the illness?"),
        ("palpitations", "Palpitations, dizziness or fainting since the illness?"),
    )
)

_FLAGS = (*RED_FLAGS, *ILLNESS_FLAGS)

EMERGENCY_TEXT = (
    "Get help now: call your emergency number or go to an emergency department (A&E). Your answers "
    "can be a sign of something that must be assessed today. Do not run. There is no plan."
)
URGENT_TEXT = (
    "See a doctor soon, today if you can get an appointment, before you run. Your answers need "
    "someone who can examine you. There is no plan."
)
PAIN_TEXT = (
    f"Pain above {PAIN_RULE['stop_above']:.0f} of 10: do not run on it. See a physiotherapist or a "
    "doctor first. There is no plan."
)
CLINICIAN_TEXT = (
    "After a bone injury there is a plan only once a clinician who has examined you agrees that "
    "you can run again. There is no plan."
)
BONE_SITE_TEXT = (
    "Pain at this site may come from the bone, and some bones there heal slowly. There is a plan "
    "only once a clinician who has examined you agrees that you can run again. There is no plan."
)
BONE_PAIN_TEXT = (
    "Any pain at a bone that was injured, or that may be, ends the running, whoever agreed to it: "
    "see the clinician who examined you. There is no plan as long as it hurts."
)
WALK_TEXT = (
    "Walk first: no running until you can walk for 30 minutes without pain. Until then walk as far "
    "as is comfortable, then make a new plan (loadmon ramp). If it is no better in two weeks, or "
    "walking hurts more, see a physiotherapist or a doctor. There is no running plan."
)
PROFESSIONAL_TEXT = (
    "Worse on the next morning after two runs in a row: see a physiotherapist or a doctor before "
    "you run again. There is no plan until somebody who has examined you agrees."
)
STOP_TEXT = (
    f"STOP: pain over {PAIN_RULE['stop_above']:.0f} of 10, a limp, pain into the leg, numbness.\n"
    "Worse next morning: do not advance; two mornings in a row: see a professional.\n"
    "Missed a run? Don't try to catch up; make a new plan (loadmon ramp)."
)

PAINS = {
    "pain_before": "How much pain just before you run or walk, 0 (none) to 10?",
    "pain": "How much pain while you run or walk, 0 (none) to 10?",
    "pain_next_morning": "How much pain on the morning after, 0 (none) to 10?",
}
_SITE = f"Where is it? {', '.join(s.key for s in SITES)}"
_WALK = "Does it hurt to walk for 30 minutes?"
_CLINICIAN = "Has a clinician who examined you agreed that you can run again?"


_OF_PAIN = {q.key: q.text for q in RED_FLAGS} | {"walking_hurts": _WALK} | PAINS
_CHEST = next(q for q in RED_FLAGS if q.key == "chest_pain")
#: What each reason asks, whatever is answered.
_ASKED: Mapping[Reason, Mapping[str, str]] = {
    "illness": {q.key: q.text for q in (_CHEST, *ILLNESS_FLAGS)},
    **dict.fromkeys(SCREENED, _OF_PAIN),
    "injury": _OF_PAIN | {"site": _SITE},
}


def questions_for(reason: Reason, answers: Answers | None = None) -> dict[str, str]:
    """Questions that must be answered before a plan, by the key of ``screening``."""
    asked = dict(_ASKED.get(reason, {}))
    if site_for(reason, answers).tissue == "bone":
        asked["clinician_agreed"] = _CLINICIAN
    return asked


def site_for(reason: Reason, answers: Answers | None) -> Site:
    """Site of pain by the reason, or by the answers where the reason does not say."""
    answered = str((answers or {}).get("site") or "other")
    return site_of({"back-pain": "back", "bone": "bone"}.get(reason, answered))


def reason_from_diary(diary: pd.DataFrame, as_of: pd.Timestamp, reason: Reason) -> Reason:
    """Reason of a plan, or the one that recent pain in the diary stands for."""
    if reason in SCREENED or diary.empty:
        return reason
    since = as_of - pd.Timedelta(days=DIARY_PAIN["days"] - 1)
    recent = diary[diary["date"].between(since, as_of) & (diary["pain"] > DIARY_PAIN["above"])]
    if recent.empty:
        return reason
    tissues = {site_of(text).tissue for text in recent["site"]}
    return "bone" if "bone" in tissues else "back-pain" if tissues == {"back"} else "injury"


def check_reason(reason: Reason) -> None:
    """Refuse a reason that is none, and two at once."""
    text: object = reason
    is_one = isinstance(text, str) and sum(name in text for name in REASONS) <= 1
    if is_one:
        check_choice(reason, REASONS, "reason")
    else:
        raise SettingError(
            f"reason must be one of {', '.join(REASONS)}, the one that asks for most care, not "
            f"{quoted(reason)}"
        )


def screen(reason: Reason, answers: Answers | None) -> str:
    """Fixed text that stands for a plan; empty where the answers leave room for one.

    That is not clinical clearance. A red flag outranks every other answer, given or missing.
    """
    check_reason(reason)
    given = checked(answers)
    for urgency, text in (("emergency", EMERGENCY_TEXT), ("urgent", URGENT_TEXT)):
        if any(given.get(q.key) is True for q in _FLAGS if q.urgency == urgency):
            return text
    missing = {k: q for k, q in questions_for(reason, given).items() if k not in given}
    if missing:
        raise ScreeningNeeded(missing)
    if most_pain(given) > PAIN_RULE["stop_above"]:
        return PAIN_TEXT
    if site_for(reason, given).tissue == "bone" and most_pain(given) > 0:
        return BONE_PAIN_TEXT
    if given.get("clinician_agreed") is False:
        return CLINICIAN_TEXT if reason == "bone" else BONE_SITE_TEXT
    return WALK_TEXT if given.get("walking_hurts") is True else ""


def most_pain(answers: Mapping[str, bool | float | str]) -> float:
    """Most pain of the answers; 0 where none is asked about."""
    return max(float(answers.get(key, 0.0)) for key in PAINS)


def is_worse_next_morning(answers: Mapping[str, bool | float | str]) -> bool:
    """Whether there was more pain on the morning after than before the run or walk."""
    return float(answers.get("pain_next_morning", 0)) > float(answers.get("pain_before", 0))


#: Every question that any reason asks.
_KNOWN = {**questions_for("bone"), **questions_for("illness"), "site": _SITE}


def checked(answers: Answers | None) -> dict[str, bool | float | str]:
    """Answers, checked: booleans as Python's own, no pain as 0, sites by their key."""
    out: dict[str, bool | float | str] = {}
    for key, value in (answers or {}).items():
        if key not in _KNOWN:
            raise SettingError(f"screening: unknown question {key!r}; known: {', '.join(_KNOWN)}")
        if key in PAINS:
            value = 0 if value is False else value
            is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
            if not is_number or not 0 <= float(value) <= 10:
                raise SettingError(f"screening: {key} is a number from 0 to 10, not {value!r}")
            out[key] = float(value)
        elif key == "site":
            value = "other" if value is False else value
            if not isinstance(value, str) or not value.strip():
                raise SettingError(
                    f"screening: site is a word such as knee or other, not {value!r}"
                )
            site = find_site(value)
            if site is None:
                raise ScreeningNeeded({"site": ask_site(value)})
            out[key] = site.key
        elif isinstance(value, bool | np.bool_):
            out[key] = bool(value)
        else:
            raise SettingError(f"screening: {key} is answered with True or False, not {value!r}")
    return out
