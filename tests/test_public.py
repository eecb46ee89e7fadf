"""The public interface: complete, documented, and light to import."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import loadmon

README = Path(__file__).parent.parent / "README.md"


@pytest.mark.parametrize("name", loadmon.__all__)
def test_every_public_name_is_there_and_says_what_it_is(name: str) -> None:
    assert getattr(loadmon, name).__doc__


def test_the_list_of_public_names_is_complete_and_sorted() -> None:
    assert loadmon.__all__ == sorted(set(loadmon.__all__))
    assert set(loadmon.__all__) == set(loadmon._HOME)
    assert dir(loadmon) == loadmon.__all__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_such"):
        _ = loadmon.nothing_such


def test_importing_loadmon_imports_nothing_heavy() -> None:
    script = "import sys, loadmon; sys.exit('numpy' in sys.modules or 'pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_the_readme_example_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(README.parent)
    text = README.read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names: dict[str, object] = {}
    exec(example, names)
    assert len(names["weekly"]) > 50  # type: ignore[arg-type]


def test_the_readme_settings_are_understood(tmp_path: Path) -> None:
    (settings,) = re.findall(r"```toml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "athlete.toml"
    path.write_text(settings, encoding="utf-8")
    assert loadmon.load_athlete(path).home_zone == "Europe/Berlin"
