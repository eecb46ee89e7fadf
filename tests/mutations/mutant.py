"""One mutation: a file, a text in it that occurs once, and the text put in its place."""

from __future__ import annotations

from typing import NamedTuple


class Mutant(NamedTuple):
    """One change in one file, and the tests that must notice it."""

    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def of(file: str, tests: str, *changes: tuple[str, str]) -> list[Mutant]:
    """Changes of one file that the same tests must notice."""
    paths = tuple(f"tests/{name}" for name in tests.split())
    return [Mutant(f"loadmon/{file}", old, new, paths) for old, new in changes]
