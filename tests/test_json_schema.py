"""The JSON form of findings is the one that its schema publishes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pytest
from made import activities, archive, runs

import loadmon
from loadmon.rules.context import CHECKS, COLUMNS, LARGEST_STEP, SCHEMA, json_schema
from loadmon.rules.engine import check

STEADY = [6.0, 0, 5.0, 0, 6.0, 0, 0] * 8
HISTORIES = {
    "steady": (runs(STEADY), None),
    "spike": (runs([*STEADY, 20.0]), None),
    "nothing": (activities([]), None),
    "before": (runs(STEADY), "2020-01-01"),
    "silent": (runs(STEADY), "2026-06-01"),
    "lost": (runs(STEADY, unknown_days=["2026-02-20"]), None),
    "back": (runs([*STEADY, *[0.0] * 40, 15.0]), None),
}


def validate(told: dict[str, Any]) -> None:
    validator = jsonschema.Draft202012Validator(
        json_schema(), format_checker=jsonschema.FormatChecker()
    )
    validator.validate(told)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    assert json_schema()["properties"]["schema"]["const"] == SCHEMA


@pytest.mark.parametrize("name", HISTORIES)
def test_findings_are_what_the_schema_says(name: str) -> None:
    frame, as_of = HISTORIES[name]
    told = check(archive(frame, "imported", "quarantined"), as_of=as_of).to_dict()
    validate(json.loads(json.dumps(told, allow_nan=False)))


def test_the_schema_names_every_check_and_column() -> None:
    finding = json_schema()["$defs"]["finding"]
    assert finding["properties"]["check"]["enum"] == [*CHECKS, LARGEST_STEP]
    assert set(finding["required"]) == set(COLUMNS) == set(finding["properties"])


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 2},
        {"verdict": "fine"},
        {"as_of": "yesterday"},
        {"findings": [{"check": "session_spike"}]},
    ],
)
def test_what_is_no_finding_is_refused(change: dict[str, Any]) -> None:
    told = check(archive(runs(STEADY))).to_dict() | change
    with pytest.raises(jsonschema.ValidationError):
        validate(told)


def test_a_flagged_finding_says_everything_a_program_needs() -> None:
    told = check(archive(runs([*STEADY, 20.0]))).to_dict()["findings"][0]
    assert told["date"] == "2026-02-26"
    assert pd.Timestamp(told["date"]) == pd.Timestamp("2026-02-26")
    assert told["value"] > told["limit"]


def test_the_schema_is_a_file_of_the_package() -> None:
    path = Path(loadmon.__file__).parent / "rules" / "findings.schema.json"
    assert json.loads(path.read_text(encoding="utf-8")) == json_schema()
