"""Data flow one way: a module imports only from its own room or from rooms before it."""

from __future__ import annotations

import ast
import itertools
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.source

HOUSE = Path(__file__).parent.parent / "loadmon"

#: Rooms in the order in which data flow through them; modules of one entry are one room.
ORDER = (
    {"errors", "text", "arguments", "frames"},
    {"evidence"},
    {"units"},
    {"diary", "athlete", "settings"},
    {"loads"},
    {"calendar"},
    {"io"},
    {"daily", "ratio", "stated", "window"},
    {"rules"},
    {"weekly"},
    {"ramp"},
    {"cohorts"},
    {"report"},
    {"cli", "__main__"},
)
PLACE = {room: place for place, rooms in enumerate(ORDER) for room in rooms}
FRONT_DOOR = "__init__"


def room_of(module: str) -> str:
    """Room of a dotted module name below loadmon; the front door for loadmon itself."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else FRONT_DOOR


def imported(source: str, module: str, package: bool = False) -> set[str]:
    """Modules of loadmon that a source imports, wherever in it the import stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                around = module.split(".")[: len(module.split(".")) - node.level + package]
                base = ".".join([*around, *filter(None, [base])])
            found |= {f"{base}.{a.name}" for a in node.names} if base == "loadmon" else {base}
    # The number of the version is a text in the front door, no room behind it.
    return {n for n in found if n.split(".")[0] == "loadmon" and n != "loadmon.__version__"}


def violations(source: str, module: str, package: bool = False) -> list[str]:
    """Imports of a module that run against the order."""
    own = room_of(module)
    if own == FRONT_DOOR:
        return []
    bad = []
    for name in sorted(imported(source, module, package)):
        other = room_of(name)
        front_door = other not in PLACE and own not in ("cli", "__main__")
        if front_door or PLACE.get(other, -1) > PLACE[own]:
            bad.append(f"{module} imports {name}")
    return bad


def modules() -> list[tuple[Path, str]]:
    out = []
    for path in sorted(HOUSE.rglob("*.py")):
        parts = path.relative_to(HOUSE.parent).with_suffix("").parts
        out.append((path, ".".join(p for p in parts if p != "__init__")))
    return out


def test_there_is_a_house_and_every_room_has_its_place() -> None:
    assert {room_of(name) for _, name in modules()} - {FRONT_DOOR} <= set(PLACE)
    assert len(modules()) > 30


def test_no_room_imports_from_a_later_one() -> None:
    bad = [
        line
        for path, name in modules()
        for line in violations(path.read_text(encoding="utf-8"), name, path.stem == "__init__")
    ]
    assert bad == []


@pytest.mark.parametrize(
    "source",
    [
        "from loadmon.rules.engine import today",
        "import loadmon.rules",
        "import loadmon.rules.engine as t",
        "from loadmon import rules",
        "import loadmon",
        "from loadmon import read",
        "from .rules import today",
        "from . import rules",
        "def f():\n    from loadmon.rules import today",
        "class C:\n    def f(self):\n        import loadmon.ramp.planner",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from loadmon.report import words",
        "try:\n    import loadmon.cli\nexcept ImportError:\n    pass",
    ],
)
def test_an_import_against_the_order_is_found_wherever_it_stands(source: str) -> None:
    assert len(violations(source, "loadmon.daily")) == 1


@pytest.mark.parametrize(
    "source",
    [
        "from loadmon.errors import FrameError",
        "from loadmon.io.archive import Archive",
        "from loadmon.ratio import acwr",
        "from .ratio import acwr",
        "from loadmon import __version__",
        "import numpy as np",
    ],
)
def test_an_import_from_the_own_room_or_one_before_is_fine(source: str) -> None:
    assert violations(source, "loadmon.daily") == []


def test_a_relative_import_in_a_package_counts_from_the_package() -> None:
    assert violations("from .rest import x", "loadmon.rules", package=True) == []
    assert violations("from ..report import x", "loadmon.rules", package=True)


HEAVY = ("numpy", "pandas", "matplotlib", "fitdecode", "jinja2")


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import runpy, sys\n"
        "sys.argv = ['loadmon', '--help']\n"
        "try:\n    runpy.run_module('loadmon', run_name='__main__')\n"
        "except SystemExit as end:\n    assert not end.code\n"
        f"print('HEAVY', sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=HOUSE.parent, check=True
    )
    assert "usage" in done.stdout.lower()
    assert done.stdout.rstrip().endswith("HEAVY []")


def test_contributing_draws_the_house_as_it_is() -> None:
    contributing = (HOUSE.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (drawn,) = re.findall(r"```text\n([^`]*)\n```", contributing)
    places = [{PLACE[room] for room in part.split(", ")} for part in re.split(r"\s+->\s+", drawn)]
    assert sorted(re.findall(r"\w+", drawn)) == sorted(set(PLACE) - {"__main__"})
    assert all(max(a) < min(b) for a, b in itertools.pairwise(places))
    rooms = {p.name for p in HOUSE.iterdir() if p.is_dir() and p.name[0] != "_"}
    assert rooms <= set(re.findall(r"`loadmon/(\w+)/`", contributing))
