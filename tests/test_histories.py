"""Four real histories against what independent readers found in them (the corpus's manifest)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from corpus import HISTORIES, corpus_folder, history, manifest

from loadmon.weekly import weekly_load

pytestmark = pytest.mark.slow

SAMPLE = 60


def expected(name: str) -> pd.DataFrame:
    """Manifest rows of one history that hold exactly one activity, by the file's name."""
    rows = pd.DataFrame(manifest(corpus_folder()))
    mine = rows["file"].str.startswith(f"histories/{name}/")
    single = rows["n_sessions"].isin(["1", "1.0", "0", ""])
    known = (rows["start_utc"] != "") & (rows["duration_s"] != "")
    rows = rows[mine & single & known & rows["kind"].isin(["fit/activity", "gpx", "tcx"])]
    return rows.assign(name=rows["file"].map(lambda f: Path(f).name)).set_index("name")


def compared(name: str) -> pd.DataFrame:
    """Our activities beside what the manifest says of the same file."""
    ours = history(name).activities
    ours = ours.assign(name=ours["file"].map(lambda f: Path(f).name)).set_index("name")
    ours = ours.rename(columns={"start_utc": "our_start"}).drop(
        columns=["file", "sport", "sub_sport", "rpe"]
    )
    both = expected(name).join(ours, how="inner")
    return both.iloc[:: max(1, len(both) // SAMPLE)]


@pytest.mark.parametrize("name", HISTORIES)
def test_every_activity_starts_when_it_started(name: str) -> None:
    both = compared(name)
    start = pd.to_datetime(both["start_utc"], utc=True)
    apart = (both["our_start"] - start).dt.total_seconds().abs()
    assert len(both) >= 50
    assert both.index[apart > 2].tolist() == []


@pytest.mark.parametrize("name", HISTORIES)
def test_every_distance_is_the_one_that_was_recorded(name: str) -> None:
    both = compared(name)
    want = pd.to_numeric(both["distance_m"]).fillna(0)
    slack = np.where(both["kind"] == "fit/activity", 0.005, 0.02)
    apart = (both["distance_km"] * 1000 - want).abs()
    wrong = (want > 200) & ~(apart <= np.maximum(10, slack * want))
    assert both.index[wrong].tolist() == []


def test_every_duration_is_timer_time() -> None:
    both = compared("athlete_a")
    apart = (both["duration_min"] * 60 - pd.to_numeric(both["duration_s"])).abs()
    assert both.index[~(apart <= 2)].tolist() == []


@pytest.mark.parametrize("name", HISTORIES)
def test_nothing_is_quarantined_and_few_are_flagged(name: str) -> None:
    files = history(name).files
    recordings = files[files["file"].str.contains(r"\.(?:fit|gpx|tcx)(?:\.gz)?$", case=False)]
    shares = recordings["outcome"].value_counts(normalize=True)
    assert not set(shares.index) & {"quarantined", "refused"}
    checks = recordings["reason"].str.contains("disagree|implausible|jump|backwards|spike|range")
    assert ((recordings["outcome"] == "flagged") & checks).mean() <= 0.05


@pytest.mark.parametrize("name", HISTORIES)
def test_every_file_has_one_row_and_every_activity_one_file(name: str) -> None:
    archive = history(name)
    folder = corpus_folder() / "histories" / name
    assert sorted(archive.files["file"]) == sorted(str(p) for p in folder.rglob("*") if p.is_file())
    ids = ",".join(archive.files["activity_id"][archive.files["activity_id"] != ""]).split(",")
    assert sorted(ids) == sorted(archive.activities["activity_id"])


def test_the_weeks_of_a_year_have_no_hole_and_lose_nothing() -> None:
    activities = history("athlete_a").activities
    weeks = weekly_load(activities)
    mondays = pd.DatetimeIndex(weeks.index)
    assert (np.diff(mondays) == np.timedelta64(7, "D")).all()
    assert set(mondays.day_of_week) == {0}
    runs = activities[activities["sport"] == "running"]
    assert weeks["distance_km"].sum() == pytest.approx(runs["distance_km"].sum())
    assert weeks["runs"].sum() == len(runs)
    assert weeks["duration_min"].sum() == pytest.approx(runs["duration_min"].sum())


def test_a_stream_ends_where_its_activity_says() -> None:
    archive = history("athlete_a")
    runs = archive.activities[archive.activities["distance_source"] == "session"]
    for row in runs.iloc[::40].itertuples():
        records = archive.records(str(row.activity_id))
        assert records.index.is_monotonic_increasing
        if "distance_m" in records and "dist-disagree" not in str(row.flags):
            reached = records["distance_m"].max() / 1000
            assert reached == pytest.approx(row.distance_km, rel=0.05, abs=0.1)
