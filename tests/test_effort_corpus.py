"""Efforts of real recordings against what their watches and another platform say of them.

The numbers of docs/loads.md, 'How we compared', are those asserted here.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from corpus import corpus_folder, history

from loadmon.errors import FileProblem
from loadmon.io.archive import Archive
from loadmon.io.clean import clean
from loadmon.io.fit.activity import fit_recordings
from loadmon.io.fit.frames import read_fit
from loadmon.io.load_columns import IntensityHistograms
from loadmon.io.parse import ParsedActivity, parse_input
from loadmon.io.recording import Recording
from loadmon.loads import BPM, PAIRS, banister, each_second, minutes_in_zones, normalised

DOCS = (Path(__file__).parent.parent / "docs" / "loads.md").read_text(encoding="utf-8")
#: Zones of the platform's summary, found from which session's largest heart rate is in which. [bpm]
ICU_ZONES = (148.0, 157.0, 166.0, 175.0, 180.0, 185.0)
ICU_MAX = 193.0


def told(compared: str) -> tuple[str, str]:
    """On how much, and with which result, the page says that something was compared."""
    (row,) = re.findall(rf"^\| {re.escape(compared)} \|[^|]*\| (.*?) \| (.*?) \|$", DOCS, re.M)
    return row[0], row[1]


@pytest.fixture(scope="module")
def folder() -> Path:
    return corpus_folder() / "histories" / "athlete_a"


@pytest.fixture(scope="module")
def archive() -> Archive:
    return history("athlete_a")


def session_of(file: str) -> pd.Series:
    """Only session of a file, by the field-for-field reader. [units of the profile]"""
    sessions = read_fit(file)["session"]
    assert len(sessions) == 1
    return sessions.iloc[0]


@pytest.mark.slow
def test_session_rpe_is_the_answer_times_the_timer_minutes_of_the_file(archive: Archive) -> None:
    rated = archive.activities[archive.activities["rpe"].notna()]
    assert told("session RPE load") == (f"{len(rated)} sessions", "equal")
    assert set(rated["rpe_source"]) == {"session"}
    for row in rated.itertuples():
        session = session_of(row.file)
        want = session["workout_rpe"] / 10 * session["total_timer_time"] / 60
        assert row.srpe == pytest.approx(want, rel=1e-9)


@pytest.mark.slow
def test_steps_are_twice_the_strides_of_the_session(archive: Archive) -> None:
    runs = archive.activities[archive.activities["sport"] == "running"].iloc[::6]
    counted = runs[runs["steps_source"] == "session"]
    assert told("steps") == (f"{len(counted)} runs", "equal")
    for row in counted.itertuples():
        assert row.steps == pytest.approx(2 * session_of(row.file)["total_strides"])


@pytest.mark.slow
def test_climb_from_altitude_is_that_of_the_barometer_within_10_percent(folder: Path) -> None:
    shares = []
    for file in sorted(folder.glob("fit/*.fit")):
        (part,) = parse_input(file.name, file.read_bytes()).parts[:1]
        if isinstance(part, FileProblem) or part.sport != "running":
            continue
        said, made = part.numbers["elevation_gain_m"], part.effort["climb_m"]
        if part.numbers["climb_source"] == "session" and said > 0 and made == made:
            shares.append((said, made / said))
    climbs, share = np.array(shares).T
    near = np.abs(share - 1) <= 0.10
    assert near.mean() >= 0.80
    assert told("climb from altitude") == (
        f"{len(near)} runs",
        f"{100 * near.mean():.0f} % within 10 %, median {np.median(share):.2f} of it",
    )
    high = near[climbs >= 20]
    assert told("the same, climbs of 20 m and more") == (
        f"{len(high)} runs",
        f"{100 * high.mean():.0f} % within 10 %",
    )


def garmin_connect(folder: Path) -> Iterator[tuple[ParsedActivity, dict[str, str]]]:
    """Sessions of a runner's GPX files, and the last row of Garmin Connect's laps of each."""
    for file in sorted(folder.glob("gpx/*.gpx.gz"))[::2]:
        laps = folder / "lap_csv" / file.name.replace(".gpx.gz", ".csv")
        rows = list(csv.DictReader(laps.read_text(encoding="utf-8-sig").splitlines(keepends=True)))
        (part,) = parse_input(file.stem, gzip.decompress(file.read_bytes())).parts
        assert isinstance(part, ParsedActivity)
        # Some of the names of columns have their unit in a second line.
        yield part, {name.split("\n")[0]: cell for name, cell in rows[-1].items()}


def seconds(pace: str) -> float:
    """Pace or time such as ``6:56`` in seconds; NaN for none."""
    minutes, colon, rest = pace.partition(":")
    return 60 * int(minutes) + float(rest) if colon else float("nan")


@pytest.mark.slow
def test_climb_and_graded_pace_of_gpx_are_those_of_garmin_connect(folder: Path) -> None:
    climbs, paces = [], []
    for part, laps in garmin_connect(folder.parent / "athlete_c"):
        said = float(laps["Ascesa totale"].replace(",", ""))
        climbs.append(part.effort["climb_m"] / said)
        garmin = seconds(laps.get("PRP medio", ""))
        if garmin == garmin and part.sport == "running":
            paces.append(1000 / part.effort["graded_speed_mps"] / garmin - 1)
    near = np.abs(np.array(climbs) - 1) <= 0.10
    assert told("climb of GPX files") == (
        f"{len(near)} sessions",
        f"{100 * near.mean():.0f} % within 10 %, median {np.median(climbs):.2f} of it",
    )
    off = 100 * np.abs(paces)
    assert told("mean graded pace of them") == (
        f"{len(off)} runs",
        f"half of them within {np.median(off):.1f} %, nine of ten within "
        f"{np.quantile(off, 0.9):.1f} %",
    )


@pytest.mark.slow
def test_normalised_power_is_that_of_the_file(folder: Path) -> None:
    ratio = []
    for file in sorted(folder.parent.parent.glob("singles/fit/*.fit")):
        for found in fit_recordings_of(file):
            said = found.summary.get("normalized_power_w", 0.0)
            watts = found.streams.get("power_w", found.time * np.nan)
            (power,) = each_second(found.time, watts, pauses=found.pauses)
            if said > 0 and len(power) > 600:
                ratio.append(normalised(power) / said)
    near = np.abs(np.array(ratio) - 1) <= 0.01
    assert told("normalized power from the stream") == (
        f"{len(near)} sessions",
        f"{100 * near.mean():.0f} % within 1 %, median {100 * np.median(ratio):.1f} % of it",
    )


def fit_recordings_of(file: Path) -> list[Recording]:
    """Cleaned recordings of a FIT file; none where it is broken."""
    try:
        found = fit_recordings(file.read_bytes())
    except FileProblem:
        return []
    return [clean(one) for one in found if isinstance(one, Recording)]


@pytest.mark.slow
def test_minutes_in_zones_are_those_that_the_watch_counted(folder: Path) -> None:
    off = []
    for file in sorted(folder.glob("fit/*.fit"))[::10]:
        (part,) = parse_input(file.name, file.read_bytes()).parts[:1]
        zones = read_fit(file).get("time_in_zone")
        if (
            zones is None
            or not isinstance(part, ParsedActivity)
            or part.numbers["hr_coverage"] < 0.95
        ):
            continue
        last = zones[zones["reference_mesg"] == "session"].iloc[-1]
        watch = np.array(last["time_in_hr_zone"]) / 60
        bounds = last["hr_zone_high_boundary"]
        seconds = IntensityHistograms([part.histograms]).seconds_at_bpm[0]
        ours = minutes_in_zones(seconds, BPM, bounds)
        off.append(np.abs(ours - watch).sum() / watch.sum())
    middle, most = 100 * np.median(off), 100 * np.max(off)
    assert told("minutes in heart-rate zones") == (
        f"{len(off)} sessions",
        f"half of them within {middle:.1f} %, all within {most:.1f} % of the time",
    )
    assert most < 10


@pytest.mark.slow
def test_trimp_second_by_second_is_more_than_at_the_mean_heart_rate(archive: Archive) -> None:
    runs = archive.activities[archive.activities["trimp"].notna()]
    runs = runs[runs["sport"] == "running"]
    seconds = archive.intensity_histograms.seconds_at_bpm[runs.index]
    mean = np.rint(seconds @ BPM / seconds.sum(axis=1))
    flat = np.where(mean[:, None] == BPM, seconds.sum(axis=1)[:, None], 0.0)
    at_mean = banister(flat, resting_hr_bpm=57, max_hr_bpm=186, pair=PAIRS["m"])
    more = 100 * (runs["trimp"].to_numpy() / at_mean - 1)
    assert told("TRIMP, second by second") == (
        f"{len(more)} runs",
        f"{np.median(more):.0f} % more in the median, up to {more.max():.0f} %",
    )


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
    assert np.abs(np.array(ratio) - 1).max() < 0.02
    assert told("TRIMP at the mean heart rate") == (
        f"{len(ratio)} sessions",
        f"98 to 102 %, median {100 * np.median(ratio):.1f} %",
    )


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
