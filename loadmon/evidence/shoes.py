"""Evidence behind shoes: what is custom, and what a study has seen."""

from __future__ import annotations

from loadmon.evidence.record import cite

SHOE_LIFE = cite(
    "shoe-life",
    {"note_km": 500, "late_km": 800},
    "km",
    "distance run in one pair",
    "300 to 500 miles is custom; Cook et al. 1985, by machine: about four fifths of the cushioning "
    "was left at 500 miles in shoes worn by runners (told by another page)",
    "D",
    "secondary",
    "Retiring shoes at 500 to 800 km is custom: no trial shows that it keeps anybody from injury.",
)
SHOE_NEW = cite(
    "shoe-new",
    {"first_days": 14, "recent_weeks": 8},
    "d or weeks",
    "days for which a pair is new, and weeks from which its weekly distance is taken",
    "choice of this project",
    "D",
    "project",
    "A new pair, a jump in distance and a return are better not begun together: then one of them "
    "can be told from the other.",
)
SHOE_PAIRS = cite(
    "shoe-pairs",
    {"hazard_ratio": 0.614, "low": 0.389, "high": 0.969},
    "ratio",
    "runners with several pairs in use against runners with one",
    "Malisoux et al. 2015, doi:10.1111/sms.12154 (abstract; 264 runners, 22 weeks)",
    "C",
    "read",
    "In one study runners who used several pairs in parallel had fewer injuries (hazard ratio "
    "0.61); they may have differed in other ways too.",
)

#: Fit, which is in no file; advice of the clinic's page in this project's words (grade D).
SHOE_FIT = (
    (
        "Length",
        "A thumb's breadth before the longest toe, measured standing, late in the day.",
    ),
    ("Width", "No pressure at the ball of the foot, no slipping at the heel."),
    ("Wear", "Sole not worn through or tilted to one side when it stands on a table."),
    ("Feel", "Comfortable from the first run; change one thing at a time."),
)
