"""docs/checks.md: its examples run, and its figures are counted again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")


def test_the_examples_run_from_top_to_bottom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert len(blocks) == 5
    assert all("assert " in block for block in blocks)
    names: dict[str, object] = {}
    for block in blocks:
        exec(block, names)


def test_every_check_is_told() -> None:
    from loadmon.checks.findings import CHECKS

    assert [name for name in CHECKS if f"`{name}`" not in TEXT] == []


def test_every_link_leads_to_a_file() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert [x for x in links if "://" not in x and not (ROOT / "docs" / x).exists()] == []
