"""What the templates of the pages compile to is kept beside Python's own, and never trusted."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from loadmon.report import filling

TEMPLATE = "{{ 'PATH' }} and {{ word }}"


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder in which compiled templates are kept."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(filling, "PackageLoader", lambda _: DictLoader({"one.j2": TEMPLATE}))
    return tmp_path


def files(folder: Path) -> list[Path]:
    return [*folder.rglob("one.*")]


def filled(path: str = "a.zip") -> str:
    return filling.filled("one.j2", lambda text: text.replace("PATH", path), word="<PATH>")


def no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(Environment, "_generate", refuse)


def test_a_template_is_compiled_once_whatever_is_filled_in(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert filled() == "a.zip and &lt;a.zip&gt;"
    assert len(files(kept)) == 1
    no_compiler(monkeypatch)
    assert filled("b.zip") == "b.zip and &lt;b.zip&gt;"


@pytest.mark.parametrize("place", [0, 40, -1])
def test_a_damaged_or_cut_file_is_compiled_anew(
    kept: Path, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    told = filled()
    (file,) = files(kept)
    whole = file.read_bytes()
    damaged = bytearray(whole)
    damaged[place] ^= 1
    for data in (bytes(damaged), whole[:place], b""):
        file.write_bytes(data)
        assert filled() == told
        assert file.read_bytes() == whole
    file.write_bytes(damaged)
    no_compiler(monkeypatch)
    with pytest.raises(AssertionError, match="compiled again"):
        filled()


def test_another_template_or_program_is_compiled_anew(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled()
    other = TEMPLATE.replace("and", "or")
    monkeypatch.setattr(filling, "PackageLoader", lambda _: DictLoader({"one.j2": other}))
    assert filled() == "a.zip or &lt;a.zip&gt;"
    monkeypatch.setattr(filling, "__version__", "another")
    no_compiler(monkeypatch)
    with pytest.raises(AssertionError, match="compiled again"):
        filled()


def test_nothing_is_kept_where_python_keeps_nothing_or_cannot(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert filled() == "a.zip and &lt;a.zip&gt;"
    assert not files(kept)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    taken = kept / "taken"
    taken.write_text("")
    monkeypatch.setattr(sys, "pycache_prefix", str(taken))
    assert filled() == "a.zip and &lt;a.zip&gt;"
    assert not files(kept)
