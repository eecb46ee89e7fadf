"""What one piece of evidence is: value, unit, method, source, grade.

Numbers that belong together share one record. ``grade`` is the weight of the evidence behind the
number (`GRADE_WORDS`, in order), ``checked`` how its source was seen (`CHECKED_WORDS`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

Grade = Literal["A", "B", "C", "D", "X"]
Checked = Literal["read", "secondary", "unread", "project", "own"]

#: Weight of evidence, the heaviest first.
GRADE_WORDS: Mapping[Grade, str] = MappingProxyType(
    {
        "A": "randomised trial",
        "B": "large prospective cohort",
        "C": "small or retrospective study",
        "D": "expert opinion, or a choice of this project",
        "X": "contradicted by newer or better data",
    }
)
#: How the source of a limit was seen.
CHECKED_WORDS: Mapping[Checked, str] = MappingProxyType(
    {
        "read": "the page or abstract itself was read",
        "secondary": "quoted from another page",
        "unread": "cited from memory; never used for a flag",
        "project": "no source: this project's own choice",
        "own": "your own limit, set in athlete.toml",
    }
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One published number, or numbers that only mean something together."""

    key: str
    values: Mapping[str, float]
    unit: str  # ``ratio`` and ``share`` are dimensionless
    method: str  # the numbers mean nothing with another one
    source: str
    grade: Grade
    checked: Checked
    sentence: str  # what it says, for the reader of a report
    limits: tuple[str, ...] = ()  # values that a runner may replace in ``athlete.toml``

    def __getitem__(self, name: str) -> float:
        return self.values[name]

    def with_own(self, own: Mapping[str, float]) -> Evidence:
        """Put the runner's own limits in place of the published ones."""
        names = [name for name in self.limits if f"{self.key}.{name}" in own]
        if not names:
            return self
        mine = {name: own[f"{self.key}.{name}"] for name in names}
        told = ", ".join(f"{name} {self[name]:g}" for name in names)
        return replace(
            self,
            values=MappingProxyType({**self.values, **mine}),
            source=f"your limit, set in athlete.toml in place of {told} ({self.source})",
            grade="D",
            checked="own",
        )


REGISTRY: dict[str, Evidence] = {}
#: No own limits: every limit is the published one.
PUBLISHED: Mapping[str, float] = MappingProxyType({})
#: Source, grade and how it was seen, of a number that stands on nothing else.
OUR_CHOICE: tuple[str, Grade, Checked] = ("choice of this project", "D", "project")


def cite(
    key: str,
    values: dict[str, float],
    unit: str,
    method: str,
    source: str,
    grade: Grade,
    checked: Checked,
    sentence: str,
    *,
    limits: tuple[str, ...] = (),
) -> Evidence:
    """Register an entry under its key."""
    seen = MappingProxyType(values)
    REGISTRY[key] = Evidence(key, seen, unit, method, source, grade, checked, sentence, limits)
    return REGISTRY[key]
