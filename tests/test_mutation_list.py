"""The list of what is mutated by hand names files and tests that exist."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

pytestmark = pytest.mark.source

ROOT = Path(__file__).parent.parent
SCRIPT = runpy.run_path(str(Path(__file__).parent / "mutations.py"))
FILES: dict[str, list[str]] = SCRIPT["LIST"]["files"]


@pytest.mark.parametrize("file", FILES)
def test_each_file_on_the_list_and_its_tests_exist(file: str) -> None:
    assert (ROOT / file).is_file(), f"moved? tests/mutations.toml names {file}"
    assert FILES[file]
    assert [name for name in FILES[file] if not (ROOT / "tests" / name).is_file()] == []


@pytest.mark.parametrize(
    "name",
    [
        *(
            "acwr",
            "weekly_load",
            "session_spikes",
            "monotony",
            "daily_load",
            "verify_ramp",
            "screen",
        ),
        *("repeated", "breaks", "above", "lookback", "pack_stream"),
    ],
)
def test_a_formula_is_on_the_list_wherever_it_stands(name: str) -> None:
    texts = [(ROOT / file).read_text(encoding="utf-8") for file in FILES if (ROOT / file).is_file()]
    assert any(f"\ndef {name}(" in text for text in texts)


def test_what_no_test_could_notice_is_not_mutated() -> None:
    source = "if TYPE_CHECKING:\n    import x\ndef f(*, a: int | None = 1 | 2) -> str | None: ...\n"
    lines = source.splitlines()
    beyond = [lines[a[0] - 1][a[1] : b[1]] for a, b in SCRIPT["no_code"](source)]
    assert sorted(beyond) == ["*,", "TYPE_CHECKING", "int | None", "str | None"]


@pytest.mark.parametrize(
    ("name", "is_tried"),
    [
        ("core/ReplaceComparisonOperator_Lt_LtE", True),
        ("core/ReplaceBinaryOperator_Add_Sub", True),
        ("core/NumberReplacer", True),
        ("core/ReplaceBinaryOperator_Add_Mul", False),
        ("core/ReplaceComparisonOperator_Lt_Is", False),
        ("core/RemoveDecorator", False),
    ],
)
def test_slips_of_a_hand_are_tried(name: str, is_tried: bool) -> None:
    assert bool(SCRIPT["OPERATORS"].match(name)) is is_tried
