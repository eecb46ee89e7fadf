"""Every block of code of every page is run, and prints what stands below it."""

from __future__ import annotations

import ast
import itertools
import re
import shlex
import tomllib
from difflib import unified_diff
from pathlib import Path

import pytest
from doc_blocks import ELSEWHERE, ROOT, Block, as_printed, blocks, furnish, pages
from reference import reference

import loadmon
from loadmon.cli.main import build_parser
from loadmon.diary import DIARY_COLUMNS, load_diary
from loadmon.rules.limits import load_limits
from loadmon.settings import KEYS, load_athlete

PAGES = pages()
TEXTS = {page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8") for page in PAGES}
BLOCKS = {name: blocks(text) for name, text in TEXTS.items()}
#: Pages that are made when the site is built.
MADE = {ROOT / "docs" / name for name in reference()}
#: Marks of blocks that another test finds by them.
NAMED = {"report"}


def with_code(*kinds: str) -> list[str]:
    return [name for name, found in BLOCKS.items() if any(b.kind in kinds for b in found)]


def marked(*kinds: str) -> list[Block]:
    every = [b for found in BLOCKS.values() for b in found]
    return [b for b in every if b.kind in kinds and not b.is_here]


@pytest.mark.once
@pytest.mark.usefixtures("quick_commands", "in_this_process")
@pytest.mark.parametrize("name", with_code("python", "sh"))
def test_every_block_runs_and_prints_what_stands_below_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    told = TEXTS[name].splitlines()
    seen = as_printed(TEXTS[name], tmp_path).splitlines()
    other = "\n".join(unified_diff(told, seen, "told", "printed", n=0, lineterm=""))
    assert not other, f"{other}\nIf that is what it should say: python docs/doc_blocks.py {name}"


def test_every_file_of_settings_and_every_diary_is_understood(tmp_path: Path) -> None:
    for name in with_code("toml", "csv"):
        for block in (b for b in BLOCKS[name] if b.kind in ("toml", "csv")):
            path = tmp_path / f"told.{block.kind}"
            path.write_text(block.code, encoding="utf-8")
            if block.kind == "csv":
                assert len(load_diary(path)), name
            else:
                is_athlete = set(tomllib.loads(block.code)) <= set(KEYS)
                (load_athlete if is_athlete else load_limits)(path)


def test_the_page_of_settings_names_every_key_and_every_column() -> None:
    told = re.findall(r"^\| (`.+?) \|", TEXTS["docs/settings.md"], re.MULTILINE)
    names = re.findall(r"`(\w+)`", " ".join(told))
    assert sorted(names) == sorted([*KEYS, *DIARY_COLUMNS])


def test_every_block_is_run_or_says_why_not() -> None:
    for name, found in BLOCKS.items():
        for block in found:
            assert block.kind in {"python", "sh", "toml", "csv", "text"}, (name, block.code)
            assert block.mark in {"", *NAMED, *ELSEWHERE}, (name, block.mark)


def test_no_code_hides_in_an_indented_block() -> None:
    for name, text in TEXTS.items():
        prose = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.DOTALL | re.MULTILINE)
        for before, line in itertools.pairwise([p for p in prose.splitlines() if p.strip()]):
            inside = re.match(r" *(?:[-*]|\d+\.) | {2,}", before)  # a list goes on in such lines
            assert inside or not line.startswith("    "), (name, line)


def test_what_is_not_run_here_uses_names_and_commands_and_scripts_that_exist() -> None:
    for block in marked("python"):
        for node in ast.walk(ast.parse(block.code)):
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "loadmon":
                assert node.attr in loadmon.__all__
    for block in marked("sh"):
        for line in block.code.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words[:1] == ["loadmon"]:
                build_parser([words[1]]).parse_args(words[1:])
            if words[:1] == ["python"] and words[1].endswith(".py"):
                script = (ROOT / words[1]).read_text(encoding="utf-8")
                options = [w for w in words[2:] if w.startswith("--")]
                assert all(f'"{option}"' in script for option in options), line


@pytest.mark.source
@pytest.mark.parametrize("name", TEXTS)
def test_every_link_leads_to_a_file_and_its_heading(name: str) -> None:
    page = ROOT / name
    for link in re.findall(r"\]\(([^)\s]+)\)", TEXTS[name]):
        if "://" in link:
            continue
        file, _, place = link.partition("#")
        target = page.parent / file if file else page
        assert target.exists() or target in MADE, link
        assert not place or place in headings(target), link


def headings(page: Path) -> set[str]:
    """Names under which the headings of a page can be linked to."""
    found = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in found}


@pytest.mark.source
def test_every_file_and_module_that_a_page_names_exists() -> None:
    for name, text in TEXTS.items():
        for path in re.findall(r"`((?:loadmon|data|tests|benchmarks|notebooks)/[\w./]+)`", text):
            assert (ROOT / path).exists(), (name, path)


@pytest.mark.source
def test_a_recipe_names_what_stands_in_the_file_it_names() -> None:
    names = r"((?:`\w+(?:\(\))?`(?:, | and | or )?)+)"
    found = 0
    for page, text in TEXTS.items():
        for told, path in re.findall(rf"{names}\s(?:in|of)\s`([\w./]+/\w+\.\w+)`", text):
            for name in re.findall(r"`(\w+)", told):
                assert name in (ROOT / path).read_text(encoding="utf-8"), (page, name, path)
                found += 1
    assert found > 10


def test_every_page_can_be_reached_from_the_first() -> None:
    linked = set(re.findall(r"\]\(([\w-]+\.md)", TEXTS["docs/index.md"]))
    assert {p.name for p in PAGES if p.parent == ROOT / "docs"} - {"index.md"} == linked


def test_blocks_are_found_with_their_marks_and_outputs_wherever_they_stand() -> None:
    text = """<!-- remote -->
```sh
ls
```

1. A list.

   ```python
   print(1)
   ```

   ```text
   2
   ```
"""
    found = [(b.mark, b.kind, b.code, b.out) for b in blocks(text)]
    assert found == [("remote", "sh", "ls\n", None), ("", "python", "print(1)\n", "2")]
    assert as_printed(text, Path()) == text.replace("   2", "   1")
