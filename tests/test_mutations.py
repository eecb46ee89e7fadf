"""The list of hand mutations can be applied: each text occurs in its file, each test exists."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.mutations.mutant import Mutant
from tests.mutations.mutants import MUTANTS

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("mutant", MUTANTS, ids=[f"{n}" for n in range(len(MUTANTS))])
def test_a_mutation_changes_one_place_and_leaves_python(mutant: Mutant) -> None:
    text = (ROOT / mutant.file).read_text(encoding="utf-8")
    assert text.count(mutant.old) == 1, f"{mutant.file}: {mutant.old!r}"
    assert mutant.old != mutant.new
    ast.parse(text.replace(mutant.old, mutant.new))
    assert mutant.tests
    assert [t for t in mutant.tests if not (ROOT / t).is_file()] == []
