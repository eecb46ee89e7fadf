"""What one piece of evidence is: value, unit, method, source, grade.

Numbers that belong together share one record. ``grade`` is the weight of the evidence: A randomised
trial, B large prospective cohort, C small or retrospective, D expert opinion or a choice of this
project, X contradicted by newer or better data. ``checked`` says how the source was seen:
``read`` (the page or abstract itself), ``secondary`` (told by another page), ``unread`` (cited from
memory: never flags anything), ``project`` (no source: our own choice), ``own`` (a limit that the
runner set in ``athlete.toml``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

Grade = Literal["A", "B", "C", "D", "X"]
Checked = Literal["read", "secondary", "unread", "project", "own"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One published number, or numbers that only mean something together.

    Parameters
    ----------
    key : str
        Name under which findings and the report refer to it.
    values : mapping of str to float
        The numbers by name, in `unit`.
    unit : str
        Unit of all values; ``ratio`` and ``share`` are dimensionless.
    method : str
        The method the numbers belong to; they mean nothing with another one.
    source : str
        Author, year, journal and DOI, or that it is a choice of this project.
    grade, checked : str
        Weight of the evidence, and how its source was seen (module docstring).
    sentence : str
        What it says, in one plain sentence for the reader of a report.
    limits : tuple of str
        Names of the values that a runner may replace in ``athlete.toml``.
    """

    key: str
    values: Mapping[str, float]
    unit: str
    method: str
    source: str
    grade: Grade
    checked: Checked
    sentence: str
    limits: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> float:
        """Return the value called `name`."""
        return self.values[name]

    def with_own(self, own: Mapping[str, float]) -> Evidence:
        """Return the entry with the runner's own limits in place of the published ones."""
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
    """Make an entry and register it under its key; the arguments are those of `Evidence`."""
    seen = MappingProxyType(values)
    entry = Evidence(key, seen, unit, method, source, grade, checked, sentence, limits)
    REGISTRY[key] = entry
    return entry
