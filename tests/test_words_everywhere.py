"""The table of forbidden words against all that a person reads: messages, page, notebooks, docs."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest
from forbidden import FORBIDDEN
from made import activities, archive, runs

import loadmon
from loadmon.athlete import Athlete
from loadmon.cli.main import build_parser
from loadmon.report.captions import lookback_text
from loadmon.report.overview import overview
from loadmon.report.page import page_data, render_page
from loadmon.report.terminal import findings_text, report_text, today_text
from loadmon.rules.engine import check, flag_history, today
from loadmon.rules.lookback import lookback

pytestmark = pytest.mark.usefixtures("quick_commands")

ROOT = Path(__file__).parent.parent
PACKAGE = Path(loadmon.__file__).parent
ROOMS = sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file())
TEMPLATES = PACKAGE / "report" / "templates"
#: Pages that a reader opens; the table itself and what tells builders how to speak are none.
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
WEEK = [5.0, 0, 5.0, 0, 5.0, 0, 0]
HISTORIES = {
    "steady": WEEK * 10,
    "spike": [*WEEK * 10, 5.0, 0, 20.0],
    "jump": [*WEEK * 14, *(3 * x for x in WEEK)],
    "every day": [*WEEK * 8, *[9.0] * 9],
    "back": [*WEEK * 10, *[0.0] * 30, 9.0, 9.0, 0, 9.0],
    "short": [5.0, 0, 5.0],
}


def offending(text: str) -> list[str]:
    return [m[0] for p in FORBIDDEN for m in re.finditer(p, text, flags=re.IGNORECASE)]


@pytest.mark.parametrize("name", HISTORIES)
def test_every_message_of_a_history(name: str) -> None:
    mine = Athlete(units="mi", limits={"monotony.limit": 1.0, "ramp-rate.limit": 0.1})
    made = archive(runs(HISTORIES[name]), "imported", "quarantined")
    for athlete in (Athlete(), mine):
        found = check(made, athlete=athlete)
        told = today(made, athlete=athlete, distances_km=[1.0, 30.0], days_ahead=3)
        texts = [
            *found.to_frame()[["message", "missing", "method"]].to_numpy().ravel(),
            *flag_history(made, athlete=athlete)["message"],
            *told.ahead["why"],
            *told.to_frame()["why"],
            findings_text(found),
            today_text(told),
            lookback_text(lookback(made, athlete=athlete)),
        ]
        assert [t for t in texts if offending(t)] == []


@pytest.mark.parametrize("name", HISTORIES)
def test_the_terminal_and_the_page_of_a_history(name: str) -> None:
    made = archive(runs(HISTORIES[name]), "imported", "quarantined")
    told = overview(made, title="export.zip")
    page = render_page(page_data(told))
    words = re.sub(r"<(style|svg)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert offending(report_text(told)) == []
    assert offending(words) == []  # with the texts of every plan of the calculator
    assert "All easy" in words
    assert len(words.split()) > 500


def test_an_archive_without_anything() -> None:
    told = overview(archive(activities([])), title="empty.zip")
    assert offending(report_text(told)) == []


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem)
def test_every_notebook(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    assert offending("\n".join(cell.source for cell in cells)) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_every_page(path: Path) -> None:
    assert offending(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.*")), ids=lambda p: p.name)
def test_every_template(path: Path) -> None:
    text = re.sub(r"\|safe\b|'unsafe-inline'", "", path.read_text(encoding="utf-8"))
    assert offending(text) == []


def test_help_of_every_command() -> None:
    parser = build_parser()
    texts = [parser.format_help()]
    for action in parser._actions:
        texts += [p.format_help() for p in (getattr(action, "choices", None) or {}).values()]
    assert len(texts) > 6
    assert [t for t in texts if offending(t)] == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_text_in_the_code_that_is_not_a_docstring(room: str) -> None:
    found = []
    for path in sorted((PACKAGE / room).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        owners = (ast.Module, ast.ClassDef, ast.FunctionDef)
        docs = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, owners) and node.body and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
            if is_text and id(node) not in docs and offending(node.value):
                found.append(f"{path.name}, line {node.lineno}: {offending(node.value)}")
    assert found == []
