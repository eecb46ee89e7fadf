"""The list of hand mutations can be applied, and the script that runs them tells what survives."""

from __future__ import annotations

import importlib
import subprocess
import sys
from itertools import groupby
from pathlib import Path

import pytest

from tests.mutations.mutant import Mutant
from tests.mutations.mutants import MUTANTS

pytestmark = pytest.mark.source

ROOT = Path(__file__).parent.parent
BY_FILE = {k: list(v) for k, v in groupby(sorted(MUTANTS), key=lambda mutant: mutant.file)}


@pytest.mark.parametrize("file", BY_FILE)
def test_each_mutation_changes_one_place(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    for mutant in BY_FILE[file]:
        assert text.count(mutant.old) == 1, f"{file}: {mutant.old!r}"
        assert mutant.old != mutant.new


def test_no_mutation_is_listed_twice() -> None:
    assert len({(m.file, m.old, m.new) for m in MUTANTS}) == len(MUTANTS)


def test_the_tests_of_each_mutation_exist() -> None:
    named = {test for mutant in MUTANTS for test in mutant.tests}
    assert sorted(test for test in named if not (ROOT / test).is_file()) == []
    assert all(mutant.tests for mutant in MUTANTS)


FORKED = pytest.mark.skipif(sys.platform == "win32", reason="it forks a process for each mutation")
FILE, TESTS = "loadmon/ratio.py", ("tests/test_threshold.py",)
TRIED = {
    "CAUGHT": Mutant(FILE, "> limit + TOLERANCE * np.abs(limit)", ">= limit", TESTS),
    "SURVIVED": Mutant(FILE, "TOLERANCE = 1e-9", "TOLERANCE = 1.0e-9", TESTS),
    "BROKEN": Mutant(FILE, "TOLERANCE = 1e-9", "TOLERANCE = (", TESTS),
}


@pytest.mark.slow
@FORKED
def test_the_script_tells_what_is_caught_what_survives_and_what_cannot_be_judged() -> None:
    ask = (
        "import sys\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from tests.mutations.mutant import Mutant\n"
        "from tests.mutations.run import outcomes\n"
        f"for _, told in outcomes({list(TRIED.values())!r}, 1): print(told)\n"
    )
    command = [sys.executable, "-c", ask]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert [line for line in done.stdout.splitlines() if line in TRIED] == list(TRIED)


@FORKED
def test_a_program_that_is_imported_already_cannot_be_mutated() -> None:
    from tests.mutations.run import outcomes

    importlib.import_module("loadmon.ratio")
    with pytest.raises(RuntimeError, match="imported already"):
        next(outcomes([TRIED["CAUGHT"]], 1))
