"""Every block of code of every page is run, and prints what stands below it."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from doc_blocks import ROOT, Block, blocks, blocks_of, furnish, pages, run_python, run_shell, tidy

import loadmon
from loadmon.athlete.settings import KEYS, load_athlete
from loadmon.checks.limits_file import load_limits

PAGES = pages()
NAMES = [page.name for page in PAGES]


@pytest.fixture
def beside_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own with the samples in it, so that the project stays clean."""
    furnish(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("LOADMON_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def of_kind(page: Path, *kinds: str) -> list[Block]:
    return [block for block in blocks(page) if block.kind in kinds]


@pytest.mark.parametrize("page", [p for p in PAGES if of_kind(p, "python")], ids=lambda p: p.name)
def test_every_python_block_runs_and_prints_what_stands_below_it(
    page: Path, beside_data: Path
) -> None:
    names: dict[str, object] = {}
    for block in of_kind(page, "python"):
        if block.is_here:
            assert run_python(block.code, names) == tidy(block.out or ""), block.code


@pytest.mark.parametrize("page", [p for p in PAGES if of_kind(p, "sh")], ids=lambda p: p.name)
def test_every_command_runs_and_prints_what_stands_below_it(page: Path, beside_data: Path) -> None:
    for block in of_kind(page, "sh"):
        if block.is_here:
            printed = run_shell(block.code, beside_data)
            assert block.out is None or printed == tidy(block.out), block.code


@pytest.mark.parametrize("page", [p for p in PAGES if of_kind(p, "toml")], ids=lambda p: p.name)
def test_every_file_of_settings_is_understood(page: Path, tmp_path: Path) -> None:
    path = tmp_path / "told.toml"
    for block in of_kind(page, "toml"):
        path.write_text(block.code, encoding="utf-8")
        is_athlete = set(tomllib.loads(block.code)) <= set(KEYS)
        (load_athlete if is_athlete else load_limits)(path)


def test_what_cannot_be_run_here_uses_names_that_exist() -> None:
    marked = [b for page in PAGES for b in of_kind(page, "python") if not b.is_here]
    assert marked
    for block in marked:
        for node in ast.walk(ast.parse(block.code)):
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "loadmon":
                assert node.attr in loadmon.__all__


def test_every_block_is_of_a_kind_that_is_looked_at() -> None:
    kinds = {b.kind for page in PAGES for b in blocks(page)}
    assert kinds <= {"python", "sh", "toml", "csv", "text"}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_leads_to_a_file_and_its_heading(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in link:
            continue
        name, _, place = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), link
        assert not place or place in headings(target), link


def headings(page: Path) -> set[str]:
    """Names under which the headings of a page can be linked to."""
    found = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in found}


def test_every_page_can_be_reached_from_the_first() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\]\(([\w-]+\.md)", index))
    assert {p.name for p in PAGES if p.parent.name == "docs"} - {"index.md"} - linked == set()


def test_blocks_are_found_with_their_marks_and_outputs_wherever_they_stand() -> None:
    text = """<!-- network -->
```sh
ls
```

1. A list.

   ```python
   print(1)
   ```

   ```text
   1
   ```
"""
    found = [(b.mark, b.kind, b.code, b.out) for b in blocks_of(text)]
    assert found == [("network", "sh", "ls\n", None), ("", "python", "print(1)\n", "1\n")]
