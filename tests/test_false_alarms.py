"""On real recordings the cross-checks are quiet, and quarantine nothing."""

from __future__ import annotations

import pytest
from corpus import corpus_folder
from false_alarms import alarms, table

#: Largest share of sound recordings that a cross-check may flag.
ALLOWED = 0.05


@pytest.mark.slow
def test_at_most_a_twentieth_of_sound_recordings_is_flagged_and_none_quarantined() -> None:
    found = table(alarms(corpus_folder().resolve())).loc["all"]
    assert found["recordings"] > 1000
    assert found["share"] <= ALLOWED
    assert found["quarantined by a check"] == 0
