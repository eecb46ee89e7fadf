"""An import inside a function stands there because it saves time, or is not everywhere."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

pytestmark = pytest.mark.source

HOUSE = Path(__file__).parent.parent / "loadmon"

#: Module, what a function of it imports, the milliseconds that this saves whoever does not call it
#: (processor time on top of what is loaded by then, two shared cores), and whom it saves them.
SAVED: tuple[tuple[str, str, float, str], ...] = ()


def imports_of_functions() -> set[tuple[str, str]]:
    found = set()
    for path in sorted(HOUSE.rglob("*.py")):
        module = path.relative_to(HOUSE).as_posix()
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Import):
                    found |= {(module, alias.name) for alias in node.names}
                if isinstance(node, ast.ImportFrom):
                    found.add((module, node.module or ""))
    return found


def test_every_import_inside_a_function_is_listed_with_what_it_saves() -> None:
    assert imports_of_functions() == {(module, name) for module, name, _, _ in SAVED}


def test_what_is_listed_saves_something_worth_a_hidden_import() -> None:
    assert [entry for entry in SAVED if not (entry[2] >= 1 and entry[3])] == []
