"""Random examples: how many are tried, and the seed that makes a run again."""

from __future__ import annotations

import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest
from examples import examples
from hypothesis import core, settings

import loadmon

HERE = Path(__file__).parent
DRAWN = """
from hypothesis import given, settings, strategies as st
drawn = []
@given(st.integers())
def draw(number):
    drawn.append(number)
def test_draws():
    draw()
    raise AssertionError(f"drew {len(drawn)} {settings().database} {sorted(drawn)}")
"""


def told(folder: Path, *options: str, **environment: str) -> str:
    """What a run of two failing tests in files of their own prints, under our settings."""
    for name in ("one", "other"):
        (folder / f"test_{name}.py").write_text(DRAWN, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LOADMON_", "CI", "PYTEST_"))}
    kept["PYTHONPATH"] = os.pathsep.join([str(HERE), kept.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "pytest", "-p", "conftest", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, *options, str(folder)],
        cwd=folder,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def drawn(text: str) -> list[str]:
    return re.findall(r"^E +AssertionError: (drew .*)", text, re.MULTILINE)


def test_no_run_remembers_an_earlier_one_and_all_have_the_seed_that_is_printed() -> None:
    assert settings().database is None
    assert not settings().derandomize
    assert str(core.global_force_seed) == os.environ["LOADMON_SEED"]


def test_the_same_constants_are_drawn_wherever_the_same_seed_is() -> None:
    found = [*pkgutil.walk_packages(loadmon.__path__, "loadmon.")]
    assert len(found) > 100
    assert {module.name for module in found} <= set(sys.modules)


def test_a_dear_test_tries_a_share_and_at_least_one() -> None:
    usual = settings().max_examples
    assert examples(1) == usual
    assert examples(0.2) == max(1, round(usual / 5))
    assert examples(1e-9) == 1


def test_no_test_has_a_number_of_its_own() -> None:
    own = re.compile(r"max_examples=\d")
    assert [p.name for p in HERE.glob("test_*.py") if own.search(p.read_text("utf-8"))] == []


@pytest.mark.once
@pytest.mark.slow
def test_the_workers_of_a_run_have_one_seed_and_it_makes_the_run_again(tmp_path: Path) -> None:
    first = told(tmp_path, "-q", "-n", "2", "--dist", "load")
    (seed,) = re.findall(r"^random examples: LOADMON_SEED=(\d+)$", first, re.MULTILINE)
    assert all(text.startswith("drew 10 None") for text in drawn(first))
    again = told(tmp_path, LOADMON_SEED=seed)
    assert re.findall(r"^random examples: LOADMON_SEED=(\d+)$", again, re.MULTILINE) == [seed]
    assert len(drawn(first)) == 2
    assert sorted(drawn(again)) == sorted(drawn(first))
    other = told(tmp_path, "-q", LOADMON_EXAMPLES="3")
    assert f"LOADMON_SEED={seed}" not in other
    assert len(drawn(other)) == 2
    assert all(text.startswith("drew 3 None") for text in drawn(other))
