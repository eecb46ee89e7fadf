"""Put each mutation of the list into the program, run its tests, and name the survivors.

python tests/mutations/run.py                     # all of them, some minutes
python tests/mutations/run.py load/ratio          # those of files whose path holds this text
python tests/mutations/run.py "" 2                # all of them, two at a time

No file is changed: a mutation is put in while its module is imported, in a process of its own that
is forked from this one, which has imported everything heavy but the program.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import multiprocessing
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import CodeType, ModuleType

os.environ |= {"CI": "1", "OPENBLAS_NUM_THREADS": "1"}  # the same random examples every time
ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

import hypothesis
import numpy as np
import pandas as pd
import pytest
import scipy.optimize

from tests.mutations.mutant import Mutant
from tests.mutations.mutants import MUTANTS

_HEAVY = (hypothesis, np, pd, pytest, scipy.optimize)
_QUIET = (
    *("-q", "-x", "--tb=short", "-p", "no:cacheprovider", f"--rootdir={ROOT}"),
    "-Wignore::pytest.PytestAssertRewriteWarning",  # hypothesis is imported already
)
_LONGEST_S = 600
_FAILED, _NOT_COLLECTED, _NO_TESTS = 1, 2, 5
#: Exit codes of the process of one mutation; any other means that it could not be judged.
_CAUGHT, _SURVIVED = 10, 11
_WORDS = {_CAUGHT: "CAUGHT", _SURVIVED: "SURVIVED", -signal.SIGALRM: "CAUGHT"}


class Mutated(importlib.machinery.SourceFileLoader):
    """Loader of the one module that is mutated."""

    def __init__(self, name: str, mutant: Mutant):
        super().__init__(name, str(ROOT / mutant.file))
        self.mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        text = Path(self.path).read_text(encoding="utf-8")
        return compile(text.replace(self.mutant.old, self.mutant.new, 1), self.path, "exec")


class Finder(importlib.abc.MetaPathFinder):
    """Finder of the one module that is mutated; all others are found as ever."""

    def __init__(self, mutant: Mutant):
        self.mutant = mutant
        self.name = mutant.file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_loader(fullname, Mutated(fullname, self.mutant))


def main(wanted: str = "", jobs: str = "1") -> int:
    """Run the mutations of the files that are wanted; 1 if one survives."""
    chosen = [m for m in MUTANTS if wanted in m.file]
    alive = 0
    for mutant, told in outcomes(chosen, int(jobs)):
        if told != "CAUGHT":
            alive += 1
            print(f"{told} {mutant.file}: {mutant.old!r} -> {mutant.new!r}", flush=True)
    print(f"{len(chosen) - alive} of {len(chosen)} mutations were caught")
    return bool(alive)


def outcomes(chosen: Sequence[Mutant], jobs: int) -> Iterator[tuple[Mutant, str]]:
    """What became of each mutation, as they end: ``CAUGHT``, ``SURVIVED``, or ``BROKEN``.

    A mutation that makes the tests run for ever is caught; one that is no Python is broken.
    """
    if any(name.partition(".")[0] == "loadmon" for name in sys.modules):
        raise RuntimeError("the program is imported already: it cannot be mutated in this process")
    todo, running = list(chosen)[::-1], dict[int, tuple[BaseProcess, Mutant]]()
    while todo or running:
        while todo and len(running) < jobs:
            mutant = todo.pop()
            process = multiprocessing.get_context("fork").Process(target=judge, args=(mutant,))
            process.start()
            running[process.sentinel] = process, mutant
        for sentinel in wait(list(running)):
            process, mutant = running.pop(sentinel)  # type: ignore[call-overload]
            process.join()
            yield mutant, _WORDS.get(process.exitcode or 0, "BROKEN")


def judge(mutant: Mutant) -> None:
    """End this process with whether a test fails on the mutated program."""
    signal.alarm(_LONGEST_S)
    out = os.dup(1)
    with tempfile.TemporaryFile("w+") as told:
        for stream in (1, 2):
            os.dup2(told.fileno(), stream)
        try:
            code = verdict(mutant)
        except BaseException:
            traceback.print_exc()
            code = 1
        if code not in _WORDS:
            sys.stdout.flush()
            sys.stderr.flush()
            told.seek(0)
            os.write(out, told.read().encode())
    os._exit(code)


def verdict(mutant: Mutant) -> int:
    """Whether a test fails on the mutated program, the quick ones first."""
    finder = Finder(mutant)
    Mutated(finder.name, mutant).get_code(finder.name)  # a mutation that is no Python ends here
    sys.meta_path.insert(0, finder)
    tests = [str(ROOT / test) for test in mutant.tests]
    with tempfile.TemporaryDirectory() as folder:
        for which in ("not slow", "slow"):
            code = int(pytest.main([*_QUIET, f"--basetemp={folder}/t", "-m", which, *tests]))
            if code not in (0, _NO_TESTS):
                return _CAUGHT if code in (_FAILED, _NOT_COLLECTED) else code
    return _SURVIVED


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
