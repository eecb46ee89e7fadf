"""docs/checks.md tells every check; its figures are counted in test_flags_of_histories.py."""

from __future__ import annotations

from pathlib import Path

from loadmon.rules.context import CHECKS

TEXT = (Path(__file__).parent.parent / "docs" / "checks.md").read_text(encoding="utf-8")


def test_every_check_is_told() -> None:
    assert [name for name in CHECKS if f"`{name}`" not in TEXT] == []
