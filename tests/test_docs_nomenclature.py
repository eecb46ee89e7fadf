"""The nomenclature names every column of every frame, in its order, and every unit."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from made_pages import read_sample

import loadmon
from loadmon.diary import FLAG_LOG_COLUMNS
from loadmon.evidence import REGISTRY
from loadmon.io.archive import (
    ACTIVITY_COLUMNS,
    FILE_COLUMNS,
    ISSUE_COLUMNS,
    REASON_COLUMNS,
    SET_COLUMNS,
)
from loadmon.io.recording import STREAMS
from loadmon.rules.context import COLUMNS as FINDINGS

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "nomenclature.md").read_text(encoding="utf-8")
TABLES = dict(re.findall(r"<!-- (\w+) -->\n(.*?)\n<!-- end -->", TEXT, re.DOTALL))


@cache
def frames() -> dict[str, list[str]]:
    archive = read_sample()
    daily = loadmon.daily_load(archive.activities)
    made = {
        "daily": daily,
        "weekly": loadmon.weekly_load(archive.activities),
        "acwr": loadmon.acwr(daily["load"]),
        "spikes": loadmon.session_spikes(archive.activities),
        "plan": loadmon.plan_ramp(archive, resume="2026-11-16", target_km=20).plan,
        "diary": archive.athlete.diary,
        "flag_outcomes": loadmon.flag_outcomes(archive),
    }
    return {
        "activities": list(ACTIVITY_COLUMNS),
        "records": list(STREAMS),
        "files": list(FILE_COLUMNS),
        "flag_log": list(FLAG_LOG_COLUMNS),
        "issues": list(ISSUE_COLUMNS),
        "reasons": list(REASON_COLUMNS),
        "findings": list(FINDINGS),
        "sets": list(SET_COLUMNS),
        **{name: columns(frame) for name, frame in made.items()},
    }


def columns(frame: pd.DataFrame) -> list[str]:
    return [str(column) for column in frame.columns]


def told(table: str) -> list[str]:
    """Columns of a table, in its order."""
    rows = re.findall(r"^\| ([^|]*) \|", TABLES[table], re.MULTILINE)[1:]
    return [name for row in rows for name in re.findall(r"`([^`]*)`", row)]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_names_the_columns_of_its_frame_in_their_order(name: str) -> None:
    assert told(name) == frames()[name]


def test_every_frame_has_a_table() -> None:
    assert set(TABLES) == set(frames())


def test_every_unit_at_the_end_of_a_column_is_told() -> None:
    units = {u.strip("`") for u in re.findall(r"`_\w+`", TEXT)}
    known = units | {"_utc", "_id", "_source", "_effect", "_coverage", "_low", "_high", "_before"}
    words = {n for found in frames().values() for n in found if "_" in n}
    plain = {
        *("sub_sport", "run_days", "rest_days", "n_days", "n_known", "hr_stress", "run_stress"),
        *("power_stress", "power_intensity", "acwr_coupled", "acwr_uncoupled", "acwr_ewma"),
        *("acwr_status", "max_session_ratio", "strength_sessions", "limited_by"),
        *("n_assumed", "unknown_days_around"),
        *("as_of", "printed_on", "followed_by", "base_rate", "base_weeks"),
        *("run_day", "not_flagged_up_to"),
    }
    assert {n for n in words - plain if not n.endswith(tuple(known))} == set()


def test_every_entry_of_the_evidence_that_is_named_exists() -> None:
    named = {k for g in re.findall(r"\[(`[^]]*`)\]", TEXT) for k in re.findall(r"`([^`]*)`", g)}
    assert len(named) > 15
    assert named <= set(REGISTRY)


def test_the_numbers_of_the_symbols_are_those_of_the_evidence() -> None:
    windows, spike, rpe = (
        REGISTRY["acwr-windows"],
        REGISTRY["session-spike"],
        REGISTRY["session-rpe"],
    )
    a, c, before = windows["acute"], windows["chronic"], windows["chronic"] - windows["acute"]
    lines = REGISTRY["fitness-lines"]
    for words in (
        f"mean of L over {a:g} days",
        f"mean of L over {c:g} days; uncoupled: over the {before:g} before the {a:g}",
        f"N = {a:g} or {c:g}",
        f"longest run of the {spike['window_days']:g} days before its day",
        f"the runner's answer, 0 to {rpe['scale_max']:g} (CR10)",
        f"{lines['fitness_days']:g} and {lines['fatigue_days']:g} days",
        f"at threshold is\n{REGISTRY['stress-score']['hour_at_threshold']:g} [`stress-score`]",
        "x 1 to 5, by shares of HRmax",
        f"x {REGISTRY['lucia']['below_vt1']:g} to {REGISTRY['lucia']['above_vt2']:g}, by two",
    ):
        assert words in TEXT, words


def test_every_word_that_a_value_can_be_is_told() -> None:
    archive = read_sample()
    daily = loadmon.daily_load(archive.activities)
    seen = {
        *daily["status"],
        *loadmon.acwr(daily["load"])["status"],
        *loadmon.session_spikes(archive.activities)["level"],
        *archive.files["outcome"],
        *archive.activities["tz_source"],
        *archive.activities["distance_source"],
        *loadmon.check(archive).to_frame()["verdict"],
    }
    assert {w for w in seen - {""} if f"`{w}`" not in TEXT} == set()
