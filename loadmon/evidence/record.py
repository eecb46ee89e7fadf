"""What one piece of evidence is: value, unit, method, source, grade.

Numbers that belong together share one record. ``grade`` is the weight of the evidence: A randomised
trial, B large prospective cohort, C small or retrospective, D expert opinion or a choice of this
project, X contradicted by newer or better data. ``checked`` says how the source was seen:
``read`` (the page or abstract itself), ``secondary`` (told by another page), ``unread`` (cited from
memory: never flags anything), ``project`` (no source: our own choice).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Grade = Literal["A", "B", "C", "D", "X"]
Checked = Literal["read", "secondary", "unread", "project"]


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
    """

    key: str
    values: Mapping[str, float]
    unit: str
    method: str
    source: str
    grade: Grade
    checked: Checked
    sentence: str

    def __getitem__(self, name: str) -> float:
        """Return the value called `name`."""
        return self.values[name]


REGISTRY: dict[str, Evidence] = {}


def cite(
    key: str,
    values: dict[str, float],
    unit: str,
    method: str,
    source: str,
    grade: Grade,
    checked: Checked,
    sentence: str,
) -> Evidence:
    """Make an entry and register it under its key; the arguments are those of `Evidence`."""
    entry = Evidence(key, MappingProxyType(values), unit, method, source, grade, checked, sentence)
    REGISTRY[key] = entry
    return entry
