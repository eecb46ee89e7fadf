"""Kilometres or miles at one switch: no command and no part of the page mixes them."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path

import pytest
from made_pages import SAMPLE, few_plans

from loadmon.cli.main import main
from loadmon.evidence import REGISTRY

LAST = ("--as-of", "2026-10-11")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def mixed(text: str, unit: str) -> list[str]:
    """Lines that name a distance in the unit that was not asked for; sources keep their own."""
    lines = [line for line in text.splitlines() if not re.search(r"et al\.|^ *source: ", line)]
    return [line for line in lines if re.search(rf"\b{unit}\b", line)]


@pytest.mark.parametrize(
    "command",
    [
        ("check", str(SAMPLE), *LAST),
        ("today", str(SAMPLE), *LAST),
        ("weekly", str(SAMPLE), *LAST),
        ("activities", str(SAMPLE), *LAST),
        ("ramp", str(SAMPLE), "--resume", "2026-11-16", "--as-of", "2026-11-15", "--rested"),
    ],
    ids=lambda command: command[0],
)
@pytest.mark.parametrize(("units", "other"), [("mi", "km"), ("km", "mi")])
@pytest.mark.usefixtures("quick_commands")
def test_no_command_names_a_distance_in_the_other_unit(
    command: tuple[str, ...], units: str, other: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--units", units]) == 0
    out = capsys.readouterr().out
    assert re.search(rf"_{units}\b|\b{units}\b", out)
    wrapped = re.sub(r"\n    +", " ", out)
    assert mixed(wrapped, other) == []


def test_no_part_of_the_page_names_a_distance_in_the_other_unit(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with few_plans():
        assert main(["report", str(SAMPLE), *LAST, "--units", "mi"]) == 0
    assert mixed(capsys.readouterr().out, "km") == []
    html = Path("report.html").read_text(encoding="utf-8")
    plans = re.findall(r'id="plans">(.*?)</script>', html)[0]
    assert mixed("\n".join(json.loads(plans)["texts"]), "km") == []
    script = re.compile(r"<script.*?</script>|<style.*?</style>", flags=re.DOTALL)
    words = re.sub(r"<[^>]+>", "\n", script.sub("", html))
    told = {text for entry in REGISTRY.values() for text in (entry.sentence, entry.source)}
    for text in sorted(told, key=len, reverse=True):  # what a study said keeps the study's unit
        words = words.replace(escape(text), "")
    assert mixed(words, "km") == []
    asked = json.loads(re.findall(r'id="what-if-data">(.*?)</script>', html)[0])
    reasons = [limit[3] for day in asked["days"] for limit in day["limits"]]
    assert mixed("\n".join(reasons), "km") == []
    assert "mi of a run; dashed" in words
    assert "mi a week" in words
