"""On real recordings the cross-checks are quiet, and quarantine nothing."""

from __future__ import annotations

import pandas as pd
import pytest
from corpus import common_cache, corpus_folder
from false_alarms import alarms, table
from figures import DOCS, alarms_table, block_of

pytestmark = pytest.mark.once
#: Largest share of sound recordings that a cross-check may flag.
ALLOWED = 0.05


@pytest.fixture(scope="module")
def ledger() -> pd.DataFrame:
    return alarms(corpus_folder().resolve(), common_cache())


@pytest.mark.slow
def test_at_most_a_twentieth_of_sound_recordings_is_flagged_and_none_quarantined(
    ledger: pd.DataFrame,
) -> None:
    found = table(ledger).loc["all"]
    assert found["recordings"] > 1000
    assert found["share"] <= ALLOWED
    assert found["quarantined by a check"] == 0


@pytest.mark.slow
def test_the_figures_of_the_documentation_are_those_that_are_seen(
    ledger: pd.DataFrame,
) -> None:
    seen = alarms_table(ledger)
    text = DOCS.read_text(encoding="utf-8")
    assert block_of(text, "alarms") == seen, "run: python tests/fuzz/figures.py ../shared/corpus"
