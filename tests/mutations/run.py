"""Apply each mutation of the list to a copy of the project and run its tests; name the survivors.

python tests/mutations/run.py                     # all of them, a long time
python tests/mutations/run.py load/ratio          # those of files whose path holds this text
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))
from tests.mutations.mutant import Mutant
from tests.mutations.mutants import MUTANTS

_COPIED = (
    "loadmon",
    "tests",
    "data",
    "docs",
    "notebooks",
    "benchmarks",
    "pyproject.toml",
    "README.md",
)
_LEFT_OUT = shutil.ignore_patterns("__pycache__", ".*_cache", "*.pyc")


def main(wanted: str = "") -> int:
    """Run the mutations of the files that are wanted; 1 if one survives."""
    chosen = [m for m in MUTANTS if wanted in m.file]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        copy_project(copy)
        alive = [m for m in chosen if not is_told_caught(m, copy)]
    print(f"{len(chosen) - len(alive)} of {len(chosen)} mutations were caught")
    return bool(alive)


def is_told_caught(mutant: Mutant, copy: Path) -> bool:
    """Whether a mutation is caught, a survivor being told at once."""
    caught = is_caught(mutant, copy)
    if not caught:
        print(f"SURVIVED {mutant.file}: {mutant.old!r} -> {mutant.new!r}", flush=True)
    return caught


def copy_project(folder: Path) -> None:
    """Copy what tests need."""
    folder.mkdir()
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=_LEFT_OUT)
        else:
            shutil.copy2(source, folder / name)


def is_caught(mutant: Mutant, copy: Path) -> bool:
    """Whether a test fails on the copy with the mutation, which is taken back afterwards."""
    path = copy / mutant.file
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(mutant.old, mutant.new, 1), encoding="utf-8")
    try:
        return not passes(mutant.tests, copy)
    finally:
        path.write_text(text, encoding="utf-8")


def passes(tests: Sequence[str], copy: Path) -> bool:
    """Whether the tests pass; random examples are the same every time."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    env = {**os.environ, "CI": "1", "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(
            f"{tests}: pytest ended with {done.returncode}\n{done.stdout}{done.stderr}"
        )
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
