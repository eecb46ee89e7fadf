"""Evidence behind pain: what the diary is judged by, and what pain does to a return to running."""

from __future__ import annotations

import difflib
import functools
from dataclasses import dataclass
from typing import Literal

from loadmon.evidence.record import OUR_CHOICE, Checked, Grade, cite

#: What happens after a session: it counts, it counts for nothing, a step back, or the end.
Action = Literal["advance", "hold", "reduce", "stop", "refuse"]
#: Kinds of tissue that have rules of their own.
Tissue = Literal["tendon", "back", "bone", "other"]

PAIN_RULE = cite(
    "pain-rule",
    {"stop_above": 5},
    "points of 10",
    "pain while running, 0 to 10",
    "after the pain-monitoring model (Silbernagel et al. 2007, Am J Sports Med, Achilles tendon, "
    "via secondary pages); for back pain a choice of this project",
    "D",
    "secondary",
    "Pain above 5 of 10 stops the run; pain that is worse next morning holds the plan.",
)
REFERRAL = cite(
    "referral",
    {
        "above": PAIN_RULE["stop_above"],
        "worse_mornings": 2,
        "no_better_days": 14,
        "lasting_days": 42,
        "clearly": 1,
        "rising_runs": 3,
    },
    "points of 10, mornings or d",
    "pain in the diary after which a clinician should examine it",
    "choice of this project, after the pain-monitoring model for tendons (Silbernagel et al. 2007, "
    "told by other pages) and the usual course of back pain of two to six weeks (pages of "
    "physiotherapists)",
    "D",
    "project",
    "Pain above 5 of 10, worse on two mornings in a row, no better after two weeks of less "
    "running, or still there after six weeks: somebody who can examine you should look at it.",
)
BACK_AND_RUNNING = cite(
    "back-and-running",
    {"prevalence_low_pct": 0.7, "prevalence_high_pct": 20.2},
    "percent",
    "share of runners with low back pain",
    "Maselli et al. 2020, doi:10.1186/s12891-020-03357-4 (abstract)",
    "C",
    "read",
    "Fewer runners than other people have low back pain (0.7 to 20 %, by study): running is not "
    "shown to cause it.",
)
RUNNING_WITH_BACK_PAIN = cite(
    "running-with-back-pain",
    {
        "people": 40,
        "ran": 20,
        "weeks": 12,
        "sessions_a_week": 3,
        "minutes": 30,
        "adherence_pct": 70,
        "pain_points": 15.3,
        "complaints": 9,
    },
    "people, weeks, sessions, min, percent, points of 100 or complaints",
    "run-walk programme against a waiting list; long-lasting low back pain without a known cause, "
    "age 18 to 45; pain is the difference between the groups",
    "ASTEROID trial, Neason et al. 2024, Br J Sports Med, doi:10.1136/bjsports-2024-108245 "
    "(abstract, PubMed 39375007; too small a difference to count clinically: the trial's abstract "
    "at sss-2023.p.asnevents.com.au; discs: its abstract at issls-2025.p.asnevents.com.au and a "
    "review at physio-network.com)",
    "A",
    "read",
    "In one trial 20 adults with long-lasting low back pain did a walk-run programme for 12 weeks, "
    "coming to 70 % of it, and 20 waited. Their pain fell by 15 points of 100 more, less than "
    "counts as a clinical difference. Of nine complaints seven were of the legs, one was a faint, "
    "one of the back; none was serious. A second paper saw no clear benefit for their discs. It is "
    "the only such trial we found.",
)
PAIN_MONITORING = cite(
    "pain-monitoring",
    {"mild_until": 2},
    "points of 10",
    "pain while running, of tendons and the kneecap, below which a session counts; it must be no "
    "worse than before by the next morning",
    "Thomee 1997; Silbernagel et al. 2007, doi:10.1177/0363546506298279 (abstract: 38 people with "
    "Achilles pain, 19 ran and jumped by the model while 19 rested from it for six weeks; no "
    "significant difference in a year). Its borders via secondary pages, and that between 2 and 3 "
    "differs by source; what follows from each is a choice of this project, and so is its use for "
    "back pain",
    "D",
    "secondary",
    "Running with pain up to 5 of 10 that settles by the next morning did no worse than active "
    "rest in one trial of Achilles tendons.",
)
SORENESS = cite(
    "soreness",
    {"clean_to_advance": 2, "max_levels_in_7": 2, "days_off": 2},
    "sessions, levels or d",
    "sessions without soreness before the next level, levels in any seven days, days off after "
    "soreness that stays",
    "soreness rules as printed at conservativeorthopedics.com; levels in a week as in the Delaware "
    "levels, PMC6693858",
    "D",
    "read",
    "Two sessions without soreness lead to the next level; soreness that stays or comes back means "
    "two days off and one level down.",
)
NEXT_MORNING = cite(
    "next-morning",
    {"within_days": 2},
    "d",
    "days until which pain on a day without a run counts for the run before",
    *OUR_CHOICE,
    "Pain on a day without a run counts for the run of the day before, or of the one before that.",
)
DIARY_PAIN = cite(
    "diary-pain",
    {"above": 2, "days": 14},
    "points of 10 or d",
    "pain in the diary that brings up the questions before a plan, whatever the reason for "
    "the lay-off",
    *OUR_CHOICE,
    "Pain above 2 of 10 in your diary of the last two weeks brings up the questions before a plan.",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What follows from one observation of a session.

    ``advance`` counts towards the next level, ``hold`` starts the count again, ``reduce`` and
    ``stop`` go down a level. ``stop`` also ends the plan until the questions are answered again;
    ``refuse``: no plan until a clinician agrees.
    """

    action: Action
    days_off: int  # full days without a run that follow
    level_change: int  # levels down; one up only after enough sessions that advance
    is_worse: bool  # whether it is a morning worse than before the run
    source: str
    grade: Grade = "D"
    checked: Checked = "read"


_MONITORING = PAIN_MONITORING.source
_SORENESS = SORENESS.source
_BONE = "sportsinjurybulletin and achievepodiatry pages: any focal bone pain stops running"
RULES: dict[str, Rule] = {
    "none": Rule("advance", 0, 0, False, _SORENESS),
    "mild": Rule("advance", 0, 0, False, _MONITORING, "D", "secondary"),
    "acceptable": Rule("hold", 0, 0, False, _MONITORING, "D", "secondary"),
    "worse_next_morning": Rule("reduce", 2, -1, True, _MONITORING, "D", "secondary"),
    "excessive": Rule("stop", 2, -1, False, _MONITORING, "D", "secondary"),
    "warmup_goes_away": Rule("hold", 0, 0, False, _SORENESS),
    "warmup_continues": Rule("reduce", 2, -1, False, _SORENESS),
    "warmup_goes_away_returns_in_session": Rule("reduce", 2, -1, False, _SORENESS),
    "day_after_not_muscle": Rule("hold", 1, 0, True, _SORENESS),
    "bone": Rule("refuse", 0, 0, False, _BONE),
}


@dataclass(frozen=True, slots=True)
class Site:
    """A place of pain: pain monitoring holds for tendon and back, soreness rules for others."""

    key: str
    tissue: Tissue
    words: tuple[str, ...]  # of a diary, that mean it
    high_risk: bool = False  # a bone injury there is clinician-led for months


BONE_SITES = cite(
    "bone-sites",
    {"navicular": 127, "femoral_neck": 107, "fibula": 56, "inner_tibia": 44},
    "d",
    "mean time to sport after a bone stress injury, by site",
    "Hoenig et al. 2023, Br J Sports Med 57:427, doi:10.1136/bjsports-2022-106328 (abstract: 76 "
    "studies, 2,974 injuries); sites slow to heal as the American Academy of Family Physicians "
    "lists them (Am Fam Physician 2024, 110:592, via pathway.md); that hip and groin may hurt from "
    "pelvis and femoral neck as in StatPearls 29541; which word means which place is a choice of "
    "this project",
    "C",
    "read",
    "Bone stress injuries heal at very different speeds: athletes were back after about 127 days "
    "from one of the navicular and 107 of the femoral neck, but 44 of the inner shin. Those of the "
    "femoral neck, navicular, front of the shin and fifth metatarsal went wrong most often.",
)
#: Places that may be named, in the order in which a text is compared with them; the first that
#: fits counts, so a bone comes before the place that it lies in. A place where a bone stress injury
#: of runners is felt is never ``other``.
SITES: tuple[Site, ...] = (
    # named bones
    Site("femoral-neck", "bone", ("femoral neck", "femoral-neck", "neck of femur"), True),
    Site(
        "anterior-tibia",
        "bone",
        (
            *("anterior tibia", "anterior-tibia", "anterior shin", "front of tibia"),
            *("front of shin", "front of the tibia", "front of the shin"),
        ),
        True,
    ),
    Site("navicular", "bone", ("navicular",), True),
    Site(
        "fifth-metatarsal",
        "bone",
        ("fifth met", "fifth-met", "5th met", "base of fifth", "base of 5th", "jones"),
        True,
    ),
    Site("medial-malleolus", "bone", ("malleol",), True),
    Site("talus", "bone", ("talus", "talar"), True),
    Site("sesamoid", "bone", ("sesamoid",), True),
    Site("pars", "bone", ("pars", "spondylol")),
    Site("sacrum", "bone", ("sacr", "si joint")),
    Site("calcaneus", "bone", ("calcane", "heel bone")),
    Site("fibula", "bone", ("fibul",)),
    Site("pubic-bone", "bone", ("pubi",)),
    Site("bone", "bone", ("bone", "fracture", "stress reaction", "stress injury")),
    # muscles and tendons, by a word that names one
    Site("back", "back", ("back", "spine", "lumbar")),
    Site("achilles", "tendon", ("achilles",)),
    Site("plantar-heel", "tendon", ("plantar", "heel")),
    Site("gluteal", "tendon", ("glute", "buttock")),
    Site("hamstring", "other", ("hamstring",)),
    Site("quadriceps", "other", ("quad",)),
    Site("knee", "tendon", ("knee", "patell", "kneecap")),
    # places in which a bone may hurt
    Site("shin", "bone", ("shin", "tibia", "mtss")),
    Site("foot", "bone", ("foot", "metatars", "toe", "midfoot", "forefoot")),
    Site("groin", "bone", ("groin", "adductor")),
    Site("hip", "bone", ("hip",)),
    Site("pelvis", "bone", ("pelvi",)),
    Site("thigh", "bone", ("thigh", "femur", "femoral")),
    # the rest
    Site("calf", "other", ("calf",)),
    Site("itb", "other", ("itb", "it band", "iliotibial")),
    Site("ankle", "other", ("ankle",)),
    Site("other", "other", ("other",)),
)


@functools.cache
def find_site(text: str) -> Site | None:
    """Place of pain that a text means; None where it is not understood."""
    plain = text.strip().lower().replace("_", " ").replace("back of", "")
    return next((s for s in SITES if plain == s.key or any(w in plain for w in s.words)), None)


def nearest_sites(text: str) -> list[str]:
    """Names of places that look most like a text, the nearest first; empty where none does."""
    plain = text.strip().lower().replace("_", " ")
    words = {word.replace("-", " "): s.key for s in SITES for word in (s.key, *s.words)}
    near = difflib.get_close_matches(plain, words, 3, 0.6)
    near += [m for part in plain.split() for m in difflib.get_close_matches(part, words, 1, 0.75)]
    return list(dict.fromkeys(words[word] for word in near))


def ask_site(text: str) -> str:
    """Question about a place that is not understood, with the nearest names."""
    near = nearest_sites(text)
    names = ", ".join(site.key for site in SITES)
    meant = f"did you mean {' or '.join(near)}?" if near else f"write one of {names}."
    return f"the site {text!r} is not understood: {meant}"
