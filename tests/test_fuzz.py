"""Damaged files by the hundred: no error leaves `read`, and no total moves without a word."""

from __future__ import annotations

import random

import pandas as pd
import pytest
from campaign import KINDS, Seen, heavy, judged, moved, mutants
from figures import DOCS, MUTANTS, NEVER, SEED, block_of, campaign, counted, fuzz_row
from seeds import made

from loadmon.io.fit.scan import scan

#: Largest share of mutants that may move a total by over 1 % unflagged; what stands in a list of
#: activities without a recording was typed once, and nothing is there to compare it with.
SILENT = {
    **{"fit-valid": 0.02, "gpx": 0.015, "tcx": 0.025, "csv": 1.0},
    # The end of a GPX is missing, or all clocks of a file are wrong alike: docs/reliability.md.
    **{"fit-writer": 0.03, "gpx-writer": 0.15, "tcx-writer": 0.15},
}


@pytest.mark.once
@pytest.mark.parametrize("kind", KINDS)
def test_no_damage_ends_in_an_error_that_is_not_ours_or_moves_a_total_in_silence(kind: str) -> None:
    counts = counted(kind)
    assert sum(counts.values()) == MUTANTS
    assert not set(NEVER) & counts.keys()
    assert counts["silent"] + counts["heavy"] <= SILENT.get(kind, 0.0) * MUTANTS
    if kind == "fit-stale":  # with a CRC that does not fit nothing may even look sound
        assert not counts["same"]


@pytest.mark.once
@pytest.mark.parametrize("kind", KINDS)
def test_the_figures_of_the_docs_are_seen_again(kind: str) -> None:
    told = block_of(DOCS.read_text(encoding="utf-8"), "fuzz")
    assert fuzz_row(kind) in told, "run: python tests/fuzz/figures.py"


@pytest.mark.once
@pytest.mark.parametrize(("kind", "most"), [("gpx-writer", 0.12), ("tcx-writer", 0.06)])
def test_a_bad_writer_moves_distance_or_time_in_silence_in_few_files(
    kind: str, most: float
) -> None:
    total = ("distance_km", "duration_min", "activities")
    silent = [what for outcome, what in campaign(kind) if outcome in ("silent", "heavy")]
    assert len([what for what in silent if what in total]) <= most * MUTANTS


# --- the fuzzer itself --------------------------------------------------------------------------


def totals(**changes: object) -> Seen:
    row = {
        "start_utc": pd.Timestamp("2026-03-02 07:30", tz="UTC"),
        **{"sport": "running", "distance_km": 10.0, "duration_min": 60.0},
        **{"elapsed_min": 61.0, "avg_hr_bpm": 150.0, **changes},
    }
    weeks = pd.Series({"2026-03-02": row["distance_km"]}, dtype=float)
    return Seen(pd.DataFrame([row]), weeks, frozenset(), ("imported",), True)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, ""),
        ({"distance_km": 10.09}, ""),
        ({"distance_km": 10.11}, "distance_km"),
        ({"duration_min": float("nan")}, "duration_min"),
        ({"sport": "cycling"}, "sport"),
        ({"start_utc": pd.Timestamp("2026-03-02 07:31:01", tz="UTC")}, "start"),
    ],
)
def test_a_total_that_moved_by_over_a_hundredth_is_seen(
    changes: dict[str, object], name: str
) -> None:
    assert moved(totals(), totals(**changes)) == name
    assert judged(totals(), totals(**changes))[0] == ("silent" if name else "same")


def test_a_week_that_moved_by_over_a_tenth_is_heavy() -> None:
    assert not heavy(totals(), totals(distance_km=10.9))
    assert heavy(totals(), totals(distance_km=11.1))
    assert judged(totals(), totals(distance_km=11.1)) == ("heavy", "distance_km")


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_mutants(kind: str) -> None:
    first = list(mutants(kind, made(kind), 40, SEED))
    assert first == list(mutants(kind, made(kind), 40, SEED))
    # A bad writer has few ways to write some of its mistakes: each counts as often as it is drawn.
    n_distinct = len({data for *_, data in first})
    assert 25 < n_distinct <= 40 if kind.endswith("-writer") else n_distinct == 40
    assert not {data for *_, data in first} & set(made(kind).values())


def test_a_made_right_crc_is_right() -> None:
    for name, data in made("fit-valid").items():
        for n in range(20):
            problem = scan(KINDS["fit-valid"](random.Random(n), data))[0].problem
            assert problem is None or problem.reason != "fit-crc", name
