"""What one file says of the project holds in the others: versions, systems, requirements."""

from __future__ import annotations

import ast
import importlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.source

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
#: Systems as classifiers and as workflows name them.
SYSTEMS = {
    "MacOS": "macos-latest",
    "Microsoft :: Windows": "windows-latest",
    "POSIX :: Linux": "ubuntu-latest",
}


def data(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def classified(kind: str) -> list[str]:
    found = [c.removeprefix(f"{kind} :: ") for c in PROJECT["classifiers"] if c.startswith(kind)]
    return [c for c in found if not c.startswith("3 :: ") and c != "3"]


def test_only_systems_and_versions_that_workflows_run_on_are_claimed() -> None:
    matrix = data(".github/workflows/tests.yml")["jobs"]["tests"]["strategy"]["matrix"]
    assert [SYSTEMS[name] for name in classified("Operating System")] == sorted(
        matrix["system"], key=list(SYSTEMS.values()).index
    )
    assert classified("Programming Language :: Python") == matrix["python"]
    oldest = matrix["python"][0]
    assert PROJECT["requires-python"] == f">={oldest}"
    assert PYPROJECT["tool"]["ruff"]["target-version"] == f"py{oldest.replace('.', '')}"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.stem)
def test_a_workflow_names_actions_by_their_hash_and_has_no_rights_it_does_not_say(
    path: Path,
) -> None:
    text = path.read_text(encoding="utf-8")
    flow = yaml.safe_load(text)
    assert flow["permissions"] == {}
    assert all("permissions" in job and "timeout-minutes" in job for job in flow["jobs"].values())
    used = re.findall(r"uses: (.+)", text)
    assert used
    assert [u for u in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", u)] == []


def test_the_recipe_for_conda_asks_for_what_the_wheel_asks_for() -> None:
    recipe = data("packaging/conda/recipe.yaml")
    told = recipe["requirements"]["run"]
    renamed = {"matplotlib": "matplotlib-base"}  # what conda calls it without a window
    wanted = [f"python {PROJECT['requires-python']}"]
    for line in PROJECT["dependencies"]:
        name, bound = re.fullmatch(r"([\w-]+)(>=[\d.]+)(?:;.*)?", line).groups()  # type: ignore[union-attr]
        is_always = ";" not in line
        wanted.append(f"{renamed.get(name, name)} {bound}" if is_always else name)
    assert told == wanted
    (script,) = PROJECT["scripts"].items()
    assert recipe["build"]["python"]["entry_points"] == [" = ".join(script)]
    assert recipe["requirements"]["host"][0] == f"python {PROJECT['requires-python'][2:]}.*"
    urls, about = PROJECT["urls"], recipe["about"]
    assert (about["repository"], about["documentation"]) == (urls["Source"], urls["Documentation"])
    assert about["license"] == PROJECT["license"]


def test_before_a_commit_runs_what_the_checks_run() -> None:
    (local,) = data(".pre-commit-config.yaml")["repos"]
    assert local["repo"] == "local"  # the versions that are installed, and no second list of them
    entries = [hook["entry"] for hook in local["hooks"]]
    group = " ".join(PYPROJECT["dependency-groups"]["lint"])
    run = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for entry in entries:
        words = entry.removeprefix("python -m ").removesuffix(" --force-exclude")
        assert f".venv/bin/{words}" in run
        assert words.split()[0] in group
    assert len(entries) == len(re.findall(r"^\.venv/bin/(?!pip )", run, re.MULTILINE))


@pytest.mark.parametrize("name", ["file", "number", "idea"])
def test_a_template_asks_for_the_row_of_the_ledger_and_never_for_the_file(name: str) -> None:
    text = (ROOT / ".github" / "ISSUE_TEMPLATE" / f"{name}.yml").read_text(encoding="utf-8")
    template = yaml.safe_load(text)
    assert re.search(r"(?:not attach|No) (?:the |a )?recording", text)
    asked = {part.get("id"): part for part in template["body"]}
    if name == "file":
        assert "loadmon files PATH --format csv" in asked["row"]["attributes"]["description"]
        assert asked["row"]["validations"]["required"]
        assert asked["private"]["attributes"]["options"][0]["required"]


def test_a_citation_names_the_project_as_its_package_does() -> None:
    told = data("CITATION.cff")
    assert (told["title"], told["license"]) == (PROJECT["name"], PROJECT["license"])
    assert told["authors"] == PROJECT["authors"]
    assert told["repository-code"] == PROJECT["urls"]["Source"]
    assert "version" not in told  # the version stands in one place


@pytest.mark.parametrize(
    "path", sorted((ROOT / "benchmarks").glob("*.py")), ids=lambda path: path.stem
)
def test_what_a_benchmark_takes_from_the_program_is_there(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("loadmon"):
            module = importlib.import_module(str(node.module))
            for name in (alias.name for alias in node.names):
                assert hasattr(module, name) or importlib.import_module(f"{node.module}.{name}")


def test_the_version_stands_in_one_place() -> None:
    version = re.search(r'__version__ = "(.+)"', (ROOT / "loadmon/__init__.py").read_text("utf-8"))
    assert version
    assert "version" in PROJECT["dynamic"]
    for path in ("pyproject.toml", "CITATION.cff", "packaging/conda/recipe.yaml", "docs/conf.py"):
        assert version[1] not in (ROOT / path).read_text(encoding="utf-8").split('"'), path
