"""Efforts of real recordings against what their watches and another platform say of them.

The numbers of docs/loads.md, 'How we compared', are those asserted here.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from corpus import corpus_folder

from loadmon.effort.heart_rate import BPM
from loadmon.effort.trimp import PAIRS, banister
from loadmon.effort.zones import minutes_in_zones
from loadmon.errors import FileProblem
from loadmon.reading.archive import Archive
from loadmon.reading.fit.frames import read_fit
from loadmon.reading.measure import Measured, measure
from loadmon.reading.read import read

#: Zones of the platform's summary, found from which session's largest heart rate is in which. [bpm]
ICU_ZONES = (148.0, 157.0, 166.0, 175.0, 180.0, 185.0)
ICU_MAX = 193.0


@pytest.fixture(scope="module")
def folder() -> Path:
    return corpus_folder() / "histories" / "athlete_a"


@pytest.fixture(scope="module")
def archive(folder: Path) -> Archive:
    return read(folder, cache=False)


def session_of(file: str) -> pd.Series:
    """Only session of a file, by the field-for-field reader. [units of the profile]"""
    sessions = read_fit(file)["session"]
    assert len(sessions) == 1
    return sessions.iloc[0]


@pytest.mark.slow
def test_session_rpe_is_the_answer_times_the_timer_minutes_of_the_file(archive: Archive) -> None:
    rated = archive.activities[archive.activities["rpe"].notna()]
    assert len(rated) == 14
    assert set(rated["rpe_source"]) == {"session"}
    for row in rated.itertuples():
        session = session_of(row.file)
        want = session["workout_rpe"] / 10 * session["total_timer_time"] / 60
        assert row.srpe == pytest.approx(want, rel=1e-9)


@pytest.mark.slow
def test_steps_are_twice_the_strides_of_the_session(archive: Archive) -> None:
    runs = archive.activities[archive.activities["sport"] == "running"].iloc[::6]
    counted = runs[runs["steps_source"] == "session"]
    assert len(counted) > 20
    for row in counted.itertuples():
        assert row.steps == pytest.approx(2 * session_of(row.file)["total_strides"], rel=0.02)


@pytest.mark.slow
def test_climb_from_altitude_is_that_of_the_barometer_within_10_percent(folder: Path) -> None:
    shares = []
    for file in sorted(folder.glob("fit/*.fit")):
        (part,) = measure(file.name, file.read_bytes()).parts[:1]
        if isinstance(part, FileProblem) or part.sport != "running":
            continue
        told, made = part.numbers["elevation_gain_m"], part.effort["climb_m"]
        if part.numbers["climb_source"] == "session" and told > 0 and made == made:
            shares.append(made / told)
    near = np.abs(np.array(shares) - 1) <= 0.10
    assert len(shares) > 140
    assert near.mean() >= 0.80
    assert np.median(shares) == pytest.approx(1.0, abs=0.01)


@pytest.mark.slow
def test_minutes_in_zones_are_those_that_the_watch_counted(folder: Path) -> None:
    off = []
    for file in sorted(folder.glob("fit/*.fit"))[::10]:
        (part,) = measure(file.name, file.read_bytes()).parts[:1]
        told = read_fit(file).get("time_in_zone")
        if told is None or not isinstance(part, Measured) or part.numbers["hr_coverage"] < 0.95:
            continue
        last = told[told["reference_mesg"] == "session"].iloc[-1]
        watch = np.array(last["time_in_hr_zone"]) / 60
        bounds = last["hr_zone_high_boundary"]
        ours = minutes_in_zones(part.effort["seconds_at_bpm"], BPM, bounds)
        off.append(np.abs(ours - watch).sum() / watch.sum())
    assert len(off) > 15
    assert np.median(off) < 0.02
    assert np.max(off) < 0.10


@pytest.fixture(scope="module")
def platform() -> pd.DataFrame:
    """Sessions of the summary of intervals.icu that have heart rate."""
    path = corpus_folder() / "extras" / "intervals_icu_summary.json"
    rows = pd.DataFrame(json.loads(path.read_text(encoding="utf-8")))
    return rows[(rows["trimp"].fillna(0) > 0) & rows["hr_zone_times"].notna()]


def trimp_at(bpm: np.ndarray, minutes: np.ndarray, rest: float) -> float:
    """TRIMP of stretches of one heart rate each, through our own histogram."""
    seconds = np.zeros(len(BPM))
    np.add.at(seconds, (np.clip(bpm, 30, 240) - 30).astype(int), 60 * minutes)
    return float(banister(seconds, resting_hr_bpm=rest, max_hr_bpm=ICU_MAX, pair=PAIRS["m"]))


def test_trimp_of_intervals_icu_is_banister_s_at_the_mean_heart_rate(
    platform: pd.DataFrame,
) -> None:
    ratio = [
        row.trimp / trimp_at(np.array([row.avg_hr]), np.array([row.duration_min]), row.resting_hr)
        for row in platform.itertuples()
    ]
    assert len(ratio) == 382
    assert np.median(ratio) == pytest.approx(1.0, abs=0.001)
    assert np.abs(np.array(ratio) - 1).max() < 0.02


def test_zones_of_intervals_icu_begin_at_their_lower_bound_as_ours_do(
    platform: pd.DataFrame,
) -> None:
    for row in platform.itertuples():
        highest = np.flatnonzero(row.hr_zone_times)[-1]
        assert highest == np.searchsorted(ICU_ZONES, row.max_hr, side="right")


def test_trimp_second_by_second_lies_above_that_of_the_mean_and_within_what_the_zones_allow(
    platform: pd.DataFrame,
) -> None:
    """Their seconds in zones bound ours: all at the low end of each zone, all at its high end."""
    for row in platform.itertuples():
        minutes = np.array(row.hr_zone_times) / 60
        if abs(minutes.sum() - row.duration_min) > 0.5:
            continue  # the zones do not hold the whole session
        lows = np.array([30.0, *ICU_ZONES])
        highs = np.minimum(np.array([*ICU_ZONES, ICU_MAX + 1]) - 1, row.max_hr)
        low = trimp_at(np.maximum(lows, 30), minutes, row.resting_hr)
        high = trimp_at(np.maximum(highs, lows), minutes, row.resting_hr)
        assert low < high
        assert row.trimp < 1.02 * high
