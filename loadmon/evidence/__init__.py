"""Every published threshold and coefficient, once: value, unit, method, source, grade.

One module per room that uses them; `record` says what an entry holds.
"""

from __future__ import annotations

from loadmon.evidence import (
    checks,
    cohorts,
    effort,
    form,
    load,
    pain,
    ramp,
    shoes,
    signs,
    strength,
)
from loadmon.evidence.record import PUBLISHED, REGISTRY, Checked, Evidence, Grade

__all__ = [
    "PUBLISHED",
    "REGISTRY",
    "Checked",
    "Evidence",
    "Grade",
    "checks",
    "cohorts",
    "effort",
    "form",
    "load",
    "pain",
    "ramp",
    "shoes",
    "signs",
    "strength",
]
