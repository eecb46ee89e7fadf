"""docs/cohort.md and docs/studies.md: what they show runs, their numbers are the evidence's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from doc_blocks import blocks, furnish, run_python

import loadmon
from loadmon.evidence.limits import EVALUATION, LAYOFF

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "studies.md").read_text(encoding="utf-8")
TEAM = (ROOT / "docs" / "cohort.md").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_example_on_a_cluster_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="the extra cluster is not installed")
    monkeypatch.chdir(ROOT)
    found = blocks(TEAM)
    team = next(b for b in found if "loadmon.cohort(" in b.code)
    cluster = next(b for b in found if b.mark == "cluster")
    names: dict[str, object] = {}
    run_python(team.code, names)
    assert run_python(cluster.code, names) == cluster.out


@pytest.mark.filterwarnings("ignore")
def test_the_model_is_fitted_as_the_page_says_and_as_a_second_implementation_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("statsmodels.api", reason="a model of one's own needs statsmodels")
    furnish(tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for block in blocks(TEXT):
        if block.kind == "python" and (block.is_here or block.mark == "models"):
            told = run_python(block.code, names)
        if block.mark == "models":
            assert told == block.out
            break
    day, risk = names["day"].to_numpy(), names["at_risk"]
    spike = risk["session_spike_7d"].to_numpy(dtype=float)
    own = hazard_ratio(day, spike, risk["injury"].to_numpy())
    model = names["model"]
    breslow = type(model)(
        model.endog, model.exog, status=model.status, entry=model.entry, ties="breslow"
    )
    assert np.exp(breslow.fit().params[0]) == pytest.approx(own, rel=1e-4)
    early = type(model)(
        model.endog, model.exog, status=model.status, entry=model.entry - 0.5, ties="breslow"
    )
    assert np.exp(early.fit().params[0]) != pytest.approx(own, rel=1e-4)  # at risk twice


def hazard_ratio(day: np.ndarray, exposed: np.ndarray, injured: np.ndarray) -> float:
    """Where the partial likelihood (Breslow 1974) of one yes-or-no variable is greatest."""
    sums = pd.DataFrame({"n": 1.0, "x": exposed, "d": injured, "dx": injured * exposed})
    n, x, d, dx = sums.groupby(day).sum().to_numpy().T

    def slope(beta: float) -> float:
        raised = x * np.exp(beta)
        return float(dx.sum() - (d * raised / (n - x + raised)).sum())

    low, high = -5.0, 5.0
    for _ in range(100):
        half = (low + high) / 2
        low, high = (half, high) if slope(half) > 0 else (low, half)
    return float(np.exp(low))


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
    assert "TODO" not in TEXT + TEAM


def test_what_is_said_of_the_bias_is_what_the_benchmark_gave() -> None:
    rows = re.findall(r"^\| [\d.]+ \| \d+ of 100 \| ([\d.]+) \|$", TEXT, re.MULTILINE)
    high, low = (round(100 * (float(ratio) - 1)) for ratio in rows)
    assert f"its median lies {high} and {low} % above the truth" in re.sub(r"\s+", " ", TEXT)
    assert f"raises the ratio by {low} to {high} %" in (loadmon.evaluate.__doc__ or "")
