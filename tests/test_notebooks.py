"""The notebooks run from top to bottom, on the sample, through the public interface only."""

from __future__ import annotations

import ast
import asyncio
import gc
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import AsyncKernelManager
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
def test_a_notebook_shows_a_picture_early_and_proves_nothing(path: Path) -> None:
    code = code_of(path)
    assert not any("assert " in cell for cell in code)
    assert any(cell.endswith("pyplot.show()") for cell in code[:4])


#: What must hold after the last cell of each notebook: a reader is shown the numbers, not these.
HOLDS = {
    "first_look": """
assert outcomes.sum() == len(archive.files)
assert len(archive.unknown_days["date"].unique()) <= len(unusable)
assert archive.activities["activity_id"].is_unique
assert records.index.is_monotonic_increasing
""",
    "weekly_report": """
assert (weekly.index.to_series().diff().dropna().dt.days == 7).all()
assert len(stand_out) and (stand_out["ratio"] > 1.10).all()
assert findings.verdict == "flagged"
assert frame.loc[frame["verdict"].isin(["unknown", "not_set_up"]), "message"].ne("").all()
assert loadmon.today(archive).distance_km <= spikes["distance_km"].max() * 1.1 + 1e-9
""",
    "compare_two_seasons": """
assert all(len(weeks) for weeks in seasons.values())
assert (summary.loc["run_days"] + summary.loc["rest_days"] <= 8).all()
assert (runs_by_season.loc["longer"] <= runs_by_season.loc["compared"]).all()
assert flags.to_numpy().sum() > 0
""",
    "ramp_calculator": """
assert len(questions) > 10
assert loadmon.verify_ramp(archive, ramp.plan, ramp.limits).empty
assert earliest.reached_on <= ramp.reached_on
nothing = dict.fromkeys(answers)
clear = {key: 0 if key.startswith("pain") else False for key in questions}
assert isinstance(planned(20.0, 3.0, "steady", "back-pain", **nothing), str)
assert planned(20.0, 3.0, "steady", "back-pain", **clear).reached
assert planned(20.0, 3.0, "steady", "back-pain", **{**clear, "both_legs": True}).plan.empty
assert planned(20.0, 2.0, "steady", "rest").plan["distance_km"].iloc[0] == 2.0
assert calendar.count(b"BEGIN:VEVENT") == len(ramp.plan)
""",
    "teams_and_studies": """
assert set(team.athletes["verdict"]) <= {"flagged", "unknown", "ok"}
assert len(team.athletes) == team.weekly["athlete"].nunique() + len(team.failures)
assert weeks.index.is_monotonic_increasing
assert not panel.duplicated(["athlete", "date"]).any()
counted = spike.filter(["injuries_flagged", "injuries_unflagged", "injuries_unknown"])
assert spike["injuries_counted"].item() == counted.sum(axis=1).item()
assert len(table) == flags.shape[1]
assert alarm["flags_followed"].max() < 0.5
assert periods["injury"].sum() == table["injuries_counted"].iloc[0]
""",
}


@pytest.fixture(scope="module")
def kernel() -> Iterator[AsyncKernelManager]:
    """One kernel for all, which is emptied between them, as each takes seconds to start."""
    made = AsyncKernelManager(kernel_name="python3")
    yield made
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the kernel's own machinery
        asyncio.run(made.shutdown_kernel(now=True))
        made.context.destroy()
        gc.collect()


@pytest.mark.once
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the kernel's own machinery
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_notebook_runs_from_top_to_bottom_and_warns_of_nothing(
    path: Path, kernel: AsyncKernelManager
) -> None:
    notebook = nbformat.read(path, as_version=4)
    shown = len(notebook.cells)
    for code in (HOLDS[path.stem], "%reset -f"):
        notebook.cells.append(nbformat.v4.new_code_cell(code))
    resources = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(notebook, km=kernel, timeout=600, resources=resources)
    client.execute()
    client.kc.stop_channels()
    del client
    gc.collect()  # what it leaves open is closed here, under the filter above
    drawn = [cell for cell in notebook.cells if cell.source.endswith("pyplot.show()")]
    assert "\n".join(code_of(path)).count("pyplot.show()") == len(drawn) + (
        path.stem == "ramp_calculator"  # the sliders draw too
    )
    for cell in drawn:
        assert ["image/png" in out.get("data", {}) for out in cell.outputs].count(True) == 1
    outputs = [out for cell in notebook.cells[:shown] for out in cell.get("outputs", [])]
    assert [out for out in outputs if out.get("name") == "stderr"] == []


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
    shown = next(cell for cell in code if "findings.to_frame()" in cell)
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
