"""The one table of words: what the terminal, the page and the pictures call each thing.

A text with a number in it is made where the number is; its fixed parts stand here.
"""

from __future__ import annotations

from loadmon.evidence.pain import PAIN_RULE
from loadmon.ramp.screening import RED_FLAGS

#: What a verdict is called in front of people; "ok" says no more than that nothing was flagged.
VERDICT_WORDS = {
    "ok": "nothing flagged",
    "flagged": "flagged",
    "unknown": "not known",
    "not_set_up": "not set up",
}

#: What a check looks at, in the order of `loadmon.checks.findings.CHECKS`.
CHECK_WORDS = {
    "session_spike": "Longest single run",
    "return": "Return after a lay-off",
    "weekly_change": "Week against week",
    "acwr": "Acute:chronic ratio",
    "monotony": "Days much alike",
    "rest": "Days without a run",
    "symptoms": "Pain and symptoms",
    "descent": "Downhill",
    "intensity": "Intensity",
    "form": "Form",
    "strength": "Strength training",
    "shoes": "Shoes",
    "overtraining": "Signs of overtraining",
}

#: Limits of `loadmon.today` that are not checks of the same name.
LIMIT_WORDS = CHECK_WORDS | {
    "acwr_coupled": "Acute:chronic ratio, coupled",
    "acwr_uncoupled": "Acute:chronic ratio, uncoupled",
    "acwr_ewma": "Acute:chronic ratio, EWMA",
    "unknown": "not known",
}

#: What stands out in a week (column ``flags`` of the weekly frame), short enough for a picture.
FLAG_WORDS = {
    "session_spike": "long run",
    "return": "fast return",
    "weekly_change": "jump in 7 days",
    "acwr": "ratio",
    "monotony": "days alike",
    "rest": "few days off",
    "symptoms": "pain",
    "descent": "downhill",
    "intensity": "hard days",
    "form": "form",
    "strength": "strength",
    "shoes": "shoes",
    "overtraining": "signs of overtraining",
}

#: When a pain was felt (column ``when`` of the diary).
PAIN_WORDS = {
    "": "time not told",
    "before": "before a run",
    "during": "during a run",
    "after": "after a run",
    "next-morning": "next morning",
}

#: Why there was a break (`loadmon.ramp.screening.REASONS`).
REASON_WORDS = {
    "rest": "rest, a holiday, no time",
    "illness": "illness",
    "injury": "an injury or pain",
    "back-pain": "back pain",
    "bone": "a bone injury",
}

#: Sliders of the calculator, in the order of its choices.
SLIDER_WORDS = {
    "day": "Day of return",
    "target": "To come back to",
    "runs": "Run days",
    "growth": "Growth from week to week",
}
#: What the calculator says while questions are open, and after all of them.
OPEN_TEXT = "There is no plan before each question is answered."
CLEAN_TEXT = "Screening: no red flag reported. This is not clinical clearance."

#: Why no ratio is shown on a day (column ``status`` of `loadmon.acwr`).
STATUS_WORDS = {
    "ok": "shown",
    "unknown": "a day not known",
    "forming": "first 28 days",
    "returning": "lay-off and return",
    "low_base": "too little before",
}

#: How the source of a limit was seen (``Evidence.checked``).
CHECKED_WORDS = {
    "read": "the page or abstract itself was read",
    "secondary": "told by another page",
    "unread": "cited from memory; flags nothing",
    "project": "no source: this project's own choice",
    "own": "your own limit, set in athlete.toml",
}

#: Weight of evidence.
GRADE_WORDS = {
    "A": "randomised trial",
    "B": "large prospective cohort",
    "C": "small or retrospective study",
    "D": "expert opinion, or a choice of this project",
    "X": "contradicted by newer or better data",
}

#: What became of a file.
OUTCOME_WORDS = {
    "imported": "read",
    "flagged": "read, with a remark",
    "duplicate": "a repetition of another file, counted once",
    "skipped": "not a recording of a watch",
    "quarantined": "broken or impossible: a run in it is not counted",
    "refused": "cannot be used as it is",
}

NOT_MEDICAL = "This is no diagnosis, and no clearance to run."

#: What a flag of each check leaves open.
CANNOT_TELL = {
    "session_spike": "Whether this run did or will do harm: the study counted rates in groups, "
    "not what happens to one runner. It does not explain any pain.",
    "return": "How much your body takes after the break: the limits of a return are this project's "
    "choice, and no trial stands behind the numbers.",
    "weekly_change": "Whether such a step matters: a larger study found no relation with injury.",
    "acwr": "Who gets hurt: in runners the ratio foretells nothing. It marks a jump, no more.",
    "monotony": "Whether you are tired: the study was small, and about illness, not injury.",
    "rest": "What a day without a run did for you: the runners in the study told from memory.",
    "symptoms": "Where a pain comes from: someone who examines you can find out, a log cannot.",
    "descent": "Whether your legs are used to it: only what was recorded here is known.",
    "intensity": "How hard it was for you: a heart rate also follows heat, sleep and coffee.",
    "form": "How you move: a watch counts steps and sees neither posture nor where the foot lands.",
    "strength": "How strong you are: sessions are counted, not what they do.",
    "shoes": "Whether a shoe is worn out: the distance is custom, and no trial stands behind it.",
    "overtraining": "Whether you are overtrained: illness, heat and a bad night look the same.",
}

#: How what is not known can be filled in.
HOW_TO_FILL = {
    "low-back": "Where the diary tells of pain of the back, the five factors of the clinic's page "
    "stand here side by side.",
    "symptoms": "A line a day: loadmon log PATH --pain 2 --site back --when next-morning.",
    "descent": "It needs recordings with altitude.",
    "intensity": "loadmon init PATH writes an athlete.toml to fill in.",
    "form": "It needs a watch that records steps.",
    "strength": "Record strength sessions on the watch, or: "
    "loadmon log PATH --strength plank,bridge.",
    "shoes": "Name your shoes in athlete.toml, or link them on the platform before you export.",
    "overtraining": "It needs heart rates and an effort for most runs: loadmon log PATH --rpe 6.",
}

#: Parts of the page in their order, after the answer.
SECTION_WORDS = {
    "stands-out": "What stands out",
    "today": "Longest run within the limits",
    "changed": "What changed",
    "not-known": "What we do not know",
    "coming-back": "Coming back",
    "help": "Get help",
    "low-back": "Sore back",
    "weeks": "Weeks",
    "sessions": "Sessions",
    "load": "Load and ratio",
    "rest": "Monotony and rest",
    "form": "Form",
    "strength": "Strength",
    "shoes": "Shoes",
    "symptoms": "Symptoms",
    "descent": "Downhill",
    "intensity": "Intensity",
    "overtraining": "Signs of overtraining",
    "evidence": "Evidence",
    "methods": "Methods",
    "files": "Files",
}

#: What a day without a run held (`loadmon.checks.quiet_days`).
QUIET_WORDS = {
    "walk": "a walk or hike",
    "mobility": "yoga, pilates or stretching",
    "strength": "strength training",
    "other": "another sport",
    "nothing": "nothing recorded",
    "unknown": "not known",
}

#: State of a sign of overtraining.
SIGN_STATE_WORDS = {"present": "there", "absent": "not there", "unknown": "not known"}

#: What is counted in seven days: column of `loadmon.report.changes.seven_days`.
MEASURE_WORDS = {
    "distance_km": "Distance",
    "longest_km": "Longest run",
    "runs": "Runs",
    "rest_days": "Days without a run",
    "duration_min": "Time running",
    "pace_s_per_km": "Mean pace",
    "avg_hr_bpm": "Mean heart rate",
    "elevation_gain_m": "Climb",
    "descent_m": "Descent",
    "walk_km": "Walking and hiking",
    "other_min": "Other sports",
}

#: When to stop reading reports: heading, then what a yes means it for. The signs are the
#: screening's own questions, so that a report and a plan never differ.
GET_HELP = (
    (
        "Yes to one of these: emergency number or emergency department, now",
        tuple(q.text for q in RED_FLAGS if q.urgency == "emergency"),
    ),
    (
        "Yes to one of these: see a doctor, today if you can, before you run",
        tuple(q.text for q in RED_FLAGS if q.urgency == "urgent"),
    ),
    (
        "Yes to one of these: book a physiotherapist or doctor",
        (
            f"Pain above {PAIN_RULE['stop_above']:.0f} of 10 when running?",
            "Pain that was worse on the next morning, two mornings in a row?",
            "No better after two weeks of running less, or still there after six weeks?",
        ),
    ),
)
