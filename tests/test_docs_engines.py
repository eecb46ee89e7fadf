"""docs/engines.md: the engines that are installed ran as the page says; columns are those told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest
from doc_blocks import blocks, run_python

import loadmon
from loadmon.cohorts.schemas import Schema

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "engines.md").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_page_ran_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for engine in ("pyarrow", "distributed", "duckdb"):
        pytest.importorskip(engine, reason="the engines of the page are not all installed")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "page"}
    ran = [block for block in blocks(TEXT) if block.mark == "engines"]
    assert len(ran) == 5
    for block in ran:
        assert run_python(block.code, names) == (block.out or "")


def test_the_page_names_every_frame_that_has_a_schema() -> None:
    table = TEXT[TEXT.index("| frame |") : TEXT.index("Text is `string`")]
    named = {name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", row)}
    assert set(get_args(Schema)) <= named


def test_a_schema_is_that_of_the_frame_it_is_named_after() -> None:
    pa = pytest.importorskip("pyarrow", reason="Arrow schemas need pyarrow")
    from loadmon.cohorts.partitions import schema_of

    made = loadmon.simulate_cohort(12, days=150, unknown_days_per_year=9, seed=3)
    panel = loadmon.daily_panel(made.sessions)
    members = pd.DataFrame({"athlete": ["ben", "finn", "eva"]})
    members["path"] = [str(ROOT / "data" / "sample_team" / f"{n}.zip") for n in members["athlete"]]
    told = {"as_of": "2026-10-11", "cache": False}
    frames = {
        "sessions": made.sessions[["athlete", "date", "distance_km"]],
        "injuries": made.injuries,
        "members": members,
        "daily_panel": panel,
        "weekly_panel": loadmon.weekly_panel(made.sessions),
        "person_periods": loadmon.person_periods(panel, made.injuries),
        "athletes": loadmon.cohort_frame(members, **told),
        "findings": loadmon.cohort_frame(members, frame="findings", **told),
        "cohort_weekly": loadmon.cohort_frame(members, frame="weekly", **told),
    }
    assert list(frames) == list(get_args(Schema))
    for name, frame in frames.items():
        assert len(frame), name
        assert loadmon.arrow_schema(name).equals(schema_of(frame)), name
        assert not any(pa.types.is_null(field.type) for field in loadmon.arrow_schema(name))
    assert loadmon.arrow_schema("daily_panel").equals(
        schema_of(loadmon.cohort_frame(members, frame="daily", **told))
    )
    with pytest.raises(loadmon.SettingError, match="unknown frame 'days'"):
        loadmon.arrow_schema("days")  # type: ignore[arg-type]
