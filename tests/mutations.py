"""Change a file of the list in one place at a time, and show each change that its tests let pass.

    python tests/mutations.py loadmon/ratio  # the files whose path holds this text, minutes each
    python tests/mutations.py "" 100         # one of 100 changes of all files, the same each time

needs cosmic-ray (``pip install --group mutate``). `mutations.toml` names files, tests and kinds of
change. What is changed is a copy of this checkout, never the checkout itself.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import zlib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
LIST = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
OPERATORS = re.compile(f"core/({'|'.join(LIST['operators'])})$")
_NOT_COPIED = shutil.ignore_patterns(".*", "node_modules", "__pycache__")
_SAME_EVERY_TIME = {"LOADMON_SEED": "1", "OPENBLAS_NUM_THREADS": "1"}
_CONFIG = """[cosmic-ray]
module-path = "{file}"
timeout = {timeout}
excluded-modules = []
test-command = "{command}"
distributor.name = "local"
"""
Place = tuple[int, int]


def main(wanted: str = "", one_of: str = "1") -> int:
    """Mutate the files that are wanted, or try one of so many changes; 1 if one was let pass."""
    chosen = {file: tests for file, tests in LIST["files"].items() if wanted in file}
    if not chosen:
        sys.exit(f"no file of tests/mutations.toml has {wanted!r} in its path")
    alive = every = 0
    for file, tests in chosen.items():
        with tempfile.TemporaryDirectory() as folder:
            house = Path(folder) / "house"
            shutil.copytree(ROOT, house, ignore=_NOT_COPIED)
            named = [f"tests/{name}" for name in tests]
            tried, passed = judged(house, file, named, int(one_of))
        for diff in passed:
            print(diff, end="\n\n")
        print(f"{file}: {tried - len(passed)} of {tried} changes were noticed", flush=True)
        alive, every = alive + len(passed), every + tried
    print(f"all: {every - alive} of {every} changes were noticed")
    return bool(alive)


def judged(house: Path, file: str, tests: list[str], one_of: int) -> tuple[int, list[str]]:
    """How many changes of a file were tried, and those that its tests let pass."""
    from cosmic_ray.work_db import use_db
    from cosmic_ray.work_item import WorkerOutcome, WorkResult

    environment = os.environ | _SAME_EVERY_TIME | {"PYTHONPATH": str(house)}
    command = [sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider", *tests]

    def configure(timeout: float) -> None:
        text = _CONFIG.format(file=file, timeout=timeout, command=" ".join(command))
        (house.parent / "config.toml").write_text(text, encoding="utf-8")

    def cosmic_ray(step: str) -> None:
        does = [sys.executable, "-m", "cosmic_ray.cli", step, "../config.toml", "../session.sqlite"]
        subprocess.run(does, cwd=house, env=environment, check=True)

    configure(timeout=60.0)
    cosmic_ray("init")
    beyond = [*no_code((house / file).read_text(encoding="utf-8"))]
    with use_db(house.parent / "session.sqlite") as session:
        for item in session.pending_work_items:
            (change,) = item.mutations
            is_beyond = any(a <= change.start_pos and change.end_pos <= b for a, b in beyond)
            place = f"{file} {change.operator_name} {change.occurrence}"
            is_left_out = zlib.crc32(place.encode()) % one_of != 0
            if is_beyond or is_left_out or not OPERATORS.match(change.operator_name):
                session.set_result(item.job_id, WorkResult(WorkerOutcome.SKIPPED))
        if not list(session.pending_work_items):
            return 0, []
    start = time.monotonic()
    subprocess.run(command, cwd=house, env=environment, check=True, stdout=subprocess.DEVNULL)
    configure(timeout=30 + 5 * (time.monotonic() - start))
    cosmic_ray("exec")
    with use_db(house.parent / "session.sqlite") as session:
        results = [r for _, r in session.results if r.worker_outcome != WorkerOutcome.SKIPPED]
    return len(results), [str(r.diff) for r in results if not r.is_killed]


def no_code(source: str) -> Iterator[tuple[Place, Place]]:
    """First place and end of what no test can notice a change of.

    That is what type checkers alone read, and a bare ``*``, which would not be a product.
    """
    for number, line in enumerate(source.splitlines(), 1):
        for star in re.finditer(r"\*,", line):
            yield (number, star.start()), (number, star.end())
    for node in ast.walk(ast.parse(source)):
        parts: list[ast.expr | None] = []
        if isinstance(node, ast.FunctionDef):
            parts = [node.returns]
        elif isinstance(node, ast.arg | ast.AnnAssign):
            parts = [node.annotation]
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            parts = [node.test]
        for part in filter(None, parts):
            end = part.end_lineno or part.lineno, part.end_col_offset or part.col_offset
            yield (part.lineno, part.col_offset), end


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
