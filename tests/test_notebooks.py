"""The notebooks run from top to bottom, on the sample, through the public interface only."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import loadmon
from loadmon.rules.engine import check

SAMPLE = Path(__file__).parent.parent / "data" / "sample_export.zip"
NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
PLAIN = {"IPython.display", "ipywidgets", "loadmon", "matplotlib", "os", "pandas"}


def code_of(path: Path) -> list[str]:
    notebook = nbformat.read(path, as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def test_there_is_one_for_each_thing_people_do_with_loadmon() -> None:
    names = [path.stem for path in NOTEBOOKS]
    assert {"first_look", "ramp_calculator", "teams_and_studies", "weekly_report"} <= set(names)
    assert "compare_two_seasons" in names


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_committed_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_uses_only_the_public_interface(path: Path) -> None:
    tree = ast.parse("\n".join(code_of(path)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= PLAIN
        elif isinstance(node, ast.ImportFrom):
            assert node.module in PLAIN
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert node.value.id != "loadmon" or node.attr in loadmon.__all__


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_asserts_what_it_shows(path: Path) -> None:
    assert sum("assert " in cell for cell in code_of(path)) >= 2


@pytest.mark.once
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the kernel's own machinery
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_notebook_runs_from_top_to_bottom(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=600, resources=resources).execute()
    drawn = [cell for cell in notebook.cells if cell.source.endswith("pyplot.show()")]
    code = "\n".join(code_of(path))
    assert len(drawn) == code.count("pyplot.figure(") + code.count("pyplot.subplots(")
    for cell in drawn:
        assert ["image/png" in out.get("data", {}) for out in cell.outputs].count(True) == 1


LINES = re.findall(
    r"^(LOADMON_.*)$",
    (NOTEBOOKS[0].parent / "README.md").read_text(encoding="utf-8"),
    flags=re.MULTILINE,
)


def test_every_notebook_has_a_line_for_the_shell_and_looks_at_what_the_line_sets() -> None:
    named = [Path(line.split()[-1]).stem for line in LINES]
    assert sorted(named) == [path.stem for path in NOTEBOOKS]
    for line, name in zip(LINES, named, strict=True):
        code = "\n".join(code_of(NOTEBOOKS[0].parent / f"{name}.ipynb"))
        for variable in re.findall(r"(LOADMON_\w+)=", line):
            assert f'os.environ.get("{variable}"' in code
        assert line.partition("jupyter")[2] == LINES[0].partition("jupyter")[2].replace(
            "weekly_report", name
        )


def test_the_weekly_report_tells_every_check_or_what_it_needs() -> None:
    code = code_of(NOTEBOOKS[0].parent / "weekly_report.ipynb")
    shown = next(cell for cell in code if "loadmon.check(archive)" in cell)
    assert shown.endswith('frame[["check", "verdict", "message", "missing", "grade"]]')
    assert "max_colwidth" in shown
    frame = check(loadmon.read(SAMPLE)).to_frame()
    clinic = {"form", "strength", "shoes", "rest", "symptoms", "overtraining"}
    assert clinic <= set(frame["check"])
    assert (frame["message"] != "").all()


@pytest.mark.once
@pytest.mark.slow
def test_a_notebook_is_a_report_from_the_shell_in_the_line_that_is_documented(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = next(line for line in LINES if "weekly_report" in line)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(NOTEBOOKS[0].parent.parent))
    (tmp_path / "export.zip").write_bytes(SAMPLE.read_bytes())
    (tmp_path / "notebooks").symlink_to(NOTEBOOKS[0].parent)
    subprocess.run(["bash", "-c", line], cwd=tmp_path, check=True, capture_output=True)
    page = (tmp_path / "weekly_report.html").read_text(encoding="utf-8")
    assert "14.2" in page
    assert "import loadmon" not in page
