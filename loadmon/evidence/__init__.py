"""Every published threshold and coefficient, once: value, unit, method, source, grade.

`record` says what an entry holds; each of the other modules holds the entries of one subject.
"""

from __future__ import annotations

from loadmon.evidence import clinic, limits, loads, pain, ramp
from loadmon.evidence.record import (
    CHECKED_WORDS,
    GRADE_WORDS,
    PUBLISHED,
    REGISTRY,
    Checked,
    Evidence,
    Grade,
)

__all__ = [
    "CHECKED_WORDS",
    "GRADE_WORDS",
    "PUBLISHED",
    "REGISTRY",
    "Checked",
    "Evidence",
    "Grade",
    "clinic",
    "limits",
    "loads",
    "pain",
    "ramp",
]
