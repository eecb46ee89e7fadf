"""Every example of docs/cohort.md runs, and prints what stands below it."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest

import loadmon
from loadmon.cli import main
from loadmon.evidence.cohorts import EVALUATION
from loadmon.evidence.load import LAYOFF

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "cohort.md").read_text(encoding="utf-8")
#: A block of code, the mark in a comment before it, and the block of text after it.
BLOCK = re.compile(
    r"(?:<!-- (?P<mark>\w+) -->\n)?```(?P<kind>python|sh)\n(?P<code>.*?)```"
    r"(?:\n\n```text\n(?P<out>.*?)```)?",
    re.DOTALL,
)
BLOCKS = [m.groupdict() for m in BLOCK.finditer(TEXT)]
#: Blocks that need a cluster, another machine, or a file that we do not ship.
ELSEWHERE = ("cluster", "remote", "download")


@pytest.fixture
def beside_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own with the samples in it, so that the project stays clean."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("LOADMON_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def printed(code: str, names: dict[str, object]) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code, names)
    return tidy(out.getvalue())


def run_all(marks: tuple[str, ...]) -> int:
    """Run the blocks in order, those with a mark only if it is named; count the outputs."""
    names: dict[str, object] = {}
    compared = 0
    for block in BLOCKS:
        if block["kind"] != "python" or (block["mark"] and block["mark"] not in marks):
            continue
        found = printed(block["code"], names)
        assert found == tidy(block["out"] or ""), block["code"]
        compared += block["out"] is not None
    return compared


def test_every_python_example_prints_what_stands_below_it(beside_data: Path) -> None:
    assert run_all(()) >= 8
    assert (beside_data / "panel.csv").exists()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_example_on_a_cluster_gives_the_same(beside_data: Path) -> None:
    pytest.importorskip("distributed", reason="the extra cluster is not installed")
    names: dict[str, object] = {}
    team, cluster = BLOCKS[1], next(b for b in BLOCKS if b["mark"] == "cluster")
    printed(team["code"], names)
    assert printed(cluster["code"], names) == tidy(cluster["out"] or "")


def test_the_commands_print_what_stands_below_them(
    beside_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = [block for block in BLOCKS if block["kind"] == "sh"]
    assert commands
    for block in commands:
        assert main(shlex.split(block["code"])[1:]) == 0
        assert tidy(capsys.readouterr().out) == tidy(block["out"] or "")


def test_what_runs_elsewhere_uses_names_that_exist() -> None:
    marked = [block for block in BLOCKS if block["mark"]]
    assert [block["mark"] for block in marked] == ["cluster", "remote", "download"]
    for block in marked:
        for node in ast.walk(ast.parse(block["code"])):
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "loadmon":
                assert node.attr in loadmon.__all__


def test_the_numbers_of_the_method_are_those_of_the_evidence() -> None:
    plain = re.sub(r"\s+", " ", TEXT)
    days = {name: f"{value:g}" for name, value in EVALUATION.values.items()}
    for part in (
        f"within {days['horizon_days']} days after a flag (so do {days['horizon_2_days']} and "
        f"{days['horizon_3_days']})",
        f"the first {days['run_in_days']} days of an athlete",
        f"within {days['recurrence_days']} days of another is taken for the same",
        f"With under {days['min_injuries']} injuries on a side",
        f"from its {LAYOFF['returning_from_days']:g}th day without a run",
    ):
        assert part in plain, part


def test_nothing_is_left_to_be_done() -> None:
    assert "TODO" not in TEXT
