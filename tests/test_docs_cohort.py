"""docs/cohort.md: its example on a cluster runs, and its numbers are those of the evidence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from doc_blocks import blocks, run_python

import loadmon
from loadmon.evidence.limits import EVALUATION, LAYOFF

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "cohort.md").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_example_on_a_cluster_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="the extra cluster is not installed")
    monkeypatch.chdir(ROOT)
    found = blocks(TEXT)
    team = next(b for b in found if "loadmon.cohort(" in b.code)
    cluster = next(b for b in found if b.mark == "cluster")
    names: dict[str, object] = {}
    run_python(team.code, names)
    assert run_python(cluster.code, names) == cluster.out


def test_the_numbers_of_the_method_are_those_of_the_evidence() -> None:
    plain = re.sub(r"\s+", " ", TEXT)
    days = {name: f"{value:g}" for name, value in EVALUATION.values.items()}
    for part in (
        f"within {days['horizon_days']} days after a flag (so do {days['horizon_2_days']} and "
        f"{days['horizon_3_days']})",
        f"the first {days['run_in_days']} days of an athlete",
        f"within {days['recurrence_days']} days of another is taken for the same",
        f"With under {days['min_injuries']} injuries on a side",
        f"from its {LAYOFF['returning_from_days']:g}th day without a run",
    ):
        assert part in plain, part


def test_nothing_is_left_to_be_done() -> None:
    assert "TODO" not in TEXT


def test_what_is_said_of_the_bias_is_what_the_benchmark_gave() -> None:
    rows = re.findall(r"^\| [\d.]+ \| \d+ of 100 \| ([\d.]+) \|$", TEXT, re.MULTILINE)
    high, low = (round(100 * (float(ratio) - 1)) for ratio in rows)
    assert f"its median lies {high} and {low} % above the truth" in re.sub(r"\s+", " ", TEXT)
    assert f"raises the ratio by {low} to {high} %" in (loadmon.evaluate.__doc__ or "")
