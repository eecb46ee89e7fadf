"""Whole athletes in files or frames: the numbers of one frame, and nobody lost without a word."""

from __future__ import annotations

import os
import sys
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_work import ends_its_process_over, panel_but_not_of, with_an_error

import loadmon
from loadmon.cohorts import partitions
from loadmon.cohorts.evaluate import evaluate, evaluation_text
from loadmon.cohorts.partitions import read_partitions, whole_athletes, write_partitions
from loadmon.cohorts.simulate import SimulatedCohort, simulate_cohort

FEW = {"replicates": 40}


@pytest.fixture(scope="module")
def cohort() -> SimulatedCohort:
    return simulate_cohort(60, days=220, injuries_per_1000_days=6, unknown_days_per_year=5, seed=4)


@pytest.fixture(scope="module")
def panel(cohort: SimulatedCohort) -> pd.DataFrame:
    return loadmon.daily_panel(cohort.sessions)


@pytest.fixture(scope="module")
def whole(panel: pd.DataFrame, cohort: SimulatedCohort) -> pd.DataFrame:
    return evaluate(panel, cohort.injuries, **FEW)


def in_parts(frame: pd.DataFrame, size: int = 7) -> list[pd.DataFrame]:
    """Frames of some whole athletes each, the last one smaller."""
    names = frame["athlete"].unique()
    return [frame[frame["athlete"].isin(names[n : n + size])] for n in range(0, len(names), size)]


def written(folder: Path, parts: list[pd.DataFrame]) -> Path:
    """Folder of Parquet files, one for each frame."""
    pytest.importorskip("pyarrow", reason="Parquet is read where pyarrow is installed")
    folder.mkdir()
    for number, part in enumerate(parts):
        part.to_parquet(folder / f"{number}.parquet", index=False)
    return folder


def expect_same(found: pd.DataFrame, whole: pd.DataFrame) -> None:
    ours = [name for name in whole if name not in ("partitions", "failures")]
    pd.testing.assert_frame_equal(found[ours], whole[ours], rtol=1e-12, atol=0)


@pytest.mark.parametrize("size", [1, 7, 59, 60])
def test_frames_one_after_another_give_the_numbers_of_one_frame(
    size: int, panel: pd.DataFrame, cohort: SimulatedCohort, whole: pd.DataFrame
) -> None:
    parts = in_parts(panel, size)
    found = evaluate(iter(parts), cohort.injuries, **FEW)
    expect_same(found, whole)
    assert set(found["partitions"]) == {len(parts)}
    assert set(found["failures"]) == {""}
    expect_same(evaluate(reversed(parts), cohort.injuries, **FEW), whole)


def test_files_give_the_numbers_of_one_frame_here_and_in_other_processes(
    panel: pd.DataFrame, cohort: SimulatedCohort, whole: pd.DataFrame, tmp_path: Path
) -> None:
    folder = written(tmp_path / "panel", in_parts(panel))
    expect_same(evaluate(folder, cohort.injuries, **FEW), whole)
    with ThreadPoolExecutor(2) as executor:
        expect_same(evaluate(folder, cohort.injuries, executor=executor, **FEW), whole)
    with pytest.raises(loadmon.SettingError, match="executor works on a folder"):
        evaluate(panel, cohort.injuries, executor=executor)


def test_a_file_that_is_too_large_is_read_piece_by_piece(
    panel: pd.DataFrame,
    cohort: SimulatedCohort,
    whole: pd.DataFrame,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = written(tmp_path / "panel", [panel])
    monkeypatch.setattr(partitions, "_ROWS", 500)
    monkeypatch.setattr(partitions, "TOGETHER", 4)
    expect_same(evaluate(folder / "0.parquet", cohort.injuries, **FEW), whole)
    other = written(tmp_path / "mixed", [panel.sample(frac=1, random_state=1)])
    with pytest.raises(loadmon.FrameError, match="do not stand together; sort"):
        evaluate(other, cohort.injuries, **FEW)


def test_the_order_of_rows_in_a_file_and_of_its_types_does_not_matter(
    panel: pd.DataFrame, cohort: SimulatedCohort, whole: pd.DataFrame, tmp_path: Path
) -> None:
    parts = in_parts(panel.sample(frac=1, random_state=1))
    parts[1] = parts[1].astype({"runs": "float64", "athlete": "category"})
    parts[2] = parts[2].astype({"date": "datetime64[ns]"})
    parts[3] = parts[3][parts[3].columns[::-1]]
    folder = written(tmp_path / "panel", parts)
    expect_same(evaluate(folder, cohort.injuries, **FEW), whole)


def test_sums_need_no_more_memory_for_more_athletes() -> None:
    made = simulate_cohort(64, days=150, injuries_per_1000_days=6, seed=1)
    days = loadmon.daily_panel(made.sessions)
    injuries = made.injuries.iloc[:50]

    def renamed(times: int) -> Iterator[pd.DataFrame]:
        for n in range(times):
            part = days if n == 0 else days.assign(athlete=f"{n}-" + days["athlete"])
            yield part

    def peak(times: int) -> int:
        tracemalloc.start()
        evaluate(renamed(times), injuries, replicates=10)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    few, many = peak(2), peak(40)  # twenty times the athletes; garbage is not collected at once
    assert many < 1.5 * few


# What is wrong with one partition is said of it, and the rest is done.


def broken(parts: list[pd.DataFrame], what: str) -> list[pd.DataFrame]:
    """Partitions of which the third one is spoilt."""
    third = parts[2]
    changed = {
        "no runs": third.drop(columns="runs"),
        "no flag": third.drop(columns="flag_rest"),
        "a flag more": third.assign(flag_own=True),
        "words": third.assign(load="5"),
        "gap": third.drop(index=third.index[3]),
    }[what]
    return [*parts[:2], changed, *parts[3:]]


SPOILT = {
    "no runs": "runs",
    "no flag": "flag_rest",
    "a flag more": "flag_own",
    "words": "load",
    "gap": "gap or a repeat before",
}


@pytest.mark.parametrize("how", ["files", "frames", "workers"])
@pytest.mark.parametrize("what", SPOILT)
def test_a_partition_that_cannot_be_used_is_named_and_the_rest_is_done(
    what: str, how: str, panel: pd.DataFrame, cohort: SimulatedCohort, tmp_path: Path
) -> None:
    parts = broken(in_parts(panel), what)
    rest = evaluate(pd.concat([*parts[:2], *parts[3:]]), cohort.injuries, **FEW)
    if how == "frames":
        found, name = evaluate(parts, cohort.injuries, **FEW), "frame 3: cannot-be-used"
    else:
        folder, name = written(tmp_path / "panel", parts), "2.parquet: cannot-be-used"
        with ThreadPoolExecutor(2) as pool:
            executor = pool if how == "workers" else None
            found = evaluate(folder, cohort.injuries, executor=executor, **FEW)
    expect_same(found, rest)
    (told,) = set(found["failures"])
    assert told.startswith(name)
    assert SPOILT[what] in told
    assert set(found["partitions"]) == {len(parts)}
    text = evaluation_text(found, width=10**6)
    assert text.startswith(f"Left out of {len(parts)} partitions: {name}")


@pytest.mark.parametrize("how", ["files", "frames"])
def test_an_athlete_in_two_partitions_counts_once_and_is_named(
    how: str, panel: pd.DataFrame, cohort: SimulatedCohort, whole: pd.DataFrame, tmp_path: Path
) -> None:
    parts = in_parts(panel)
    again = parts[0][parts[0]["athlete"] == "r00003"]
    parts[2] = pd.concat([parts[2], again])
    source = written(tmp_path / "panel", parts) if how == "files" else parts
    found = evaluate(source, cohort.injuries, **FEW)
    expect_same(found, whole)
    first, third = ("0.parquet", "2.parquet") if how == "files" else ("frame 1", "frame 3")
    says = f"{third}: athlete-twice: 1 athlete ('r00003') in {first} too: left out here"
    assert set(found["failures"]) == {says}


def test_a_partition_that_comes_twice_adds_nothing(
    panel: pd.DataFrame, cohort: SimulatedCohort, whole: pd.DataFrame
) -> None:
    parts = in_parts(panel)
    found = evaluate([*parts, parts[1]], cohort.injuries, **FEW)
    expect_same(found, whole)
    says = "7 athletes ('r00007', 'r00008', 'r00009' ...) in frame 2 too: left out here"
    assert set(found["failures"]) == {f"frame 10: athlete-twice: {says}"}


def test_nothing_that_can_be_used_is_an_error_that_says_why(
    panel: pd.DataFrame, cohort: SimulatedCohort, tmp_path: Path
) -> None:
    with pytest.raises(loadmon.FrameError, match=r"none of 2 partitions.*lacks runs"):
        evaluate([panel.drop(columns="runs")] * 2, cohort.injuries)
    with pytest.raises(loadmon.FrameError, match="none of 0 partitions"):
        evaluate([], cohort.injuries)
    with pytest.raises(loadmon.FrameError, match="frame 1: a str, not a DataFrame"):
        evaluate(["panel"], cohort.injuries)  # type: ignore[list-item]
    with pytest.raises(loadmon.ReadError, match="no such folder"):
        evaluate(tmp_path / "none", cohort.injuries)
    with pytest.raises(loadmon.ReadError, match="holds no Parquet file"):
        evaluate(tmp_path, cohort.injuries)
    with pytest.raises(loadmon.FrameError, match="named alike"):
        evaluate(in_parts(panel), cohort.injuries.assign(athlete="x"))


def test_a_file_that_is_no_parquet_is_named(
    panel: pd.DataFrame, cohort: SimulatedCohort, whole: pd.DataFrame, tmp_path: Path
) -> None:
    folder = written(tmp_path / "panel", in_parts(panel))
    (folder / "9.parquet").write_bytes(b"PAR1 it says")
    (folder / "_SUCCESS").touch()
    (folder / "_metadata.parquet").touch()
    found = evaluate(folder, cohort.injuries, **FEW)
    expect_same(found, whole)
    assert "9.parquet: cannot-be-used: cannot be read as Parquet" in found["failures"][0]
    with pytest.raises(loadmon.FrameError, match=r"9\.parquet"):
        list(read_partitions(folder))


# Rows of a stream, cut where an athlete ends.


@pytest.mark.parametrize("rows", [1, 3, 50, 10**6])
@pytest.mark.parametrize("athletes", [1, 4, 60, 99])
def test_a_stream_of_rows_is_cut_where_an_athlete_ends(
    rows: int, athletes: int, panel: pd.DataFrame
) -> None:
    some = panel[panel["athlete"] < "r00009"].reset_index(drop=True).groupby("athlete").head(40)
    some = some.reset_index(drop=True)
    stream = (some.iloc[n : n + rows] for n in range(0, len(some), rows))
    found = list(whole_athletes(stream, athletes=athletes))
    pd.testing.assert_frame_equal(pd.concat(found, ignore_index=True), some)
    sizes = [part["athlete"].nunique() for part in found]
    assert sizes[:-1] == [athletes] * (len(sizes) - 1)
    assert 0 < sizes[-1] <= athletes


def test_a_stream_that_is_not_sorted_is_refused(panel: pd.DataFrame) -> None:
    with pytest.raises(loadmon.FrameError, match="'r00000' do not stand together"):
        list(whole_athletes([panel, panel.iloc[:1]], athletes=5))
    with pytest.raises(loadmon.FrameError, match="no column 'athlete'"):
        list(whole_athletes([panel.drop(columns="athlete")]))
    with pytest.raises(loadmon.SettingError, match="at least 1"):
        list(whole_athletes([panel], athletes=0))
    assert list(whole_athletes([])) == []


# Tables worked out partition by partition, and written by whoever does it.


def in_order(folder: Path) -> pd.DataFrame:
    return pd.concat(read_partitions(folder), ignore_index=True)


@pytest.mark.parametrize("how", ["here", "threads"])
def test_written_panels_are_those_of_one_frame(
    how: str, cohort: SimulatedCohort, panel: pd.DataFrame, tmp_path: Path
) -> None:
    source = written(tmp_path / "sessions", in_parts(cohort.sessions))
    weekly = loadmon.weekly_panel(cohort.sessions)
    periods = loadmon.person_periods(panel, cohort.injuries)
    with ThreadPoolExecutor(2) as pool:
        executor = pool if how == "threads" else None
        ledger = write_partitions(
            source, tmp_path / "panel", loadmon.daily_panel, executor=executor
        )
        write_partitions(source, tmp_path / "weeks", loadmon.weekly_panel, executor=executor)
        write_partitions(
            tmp_path / "panel",
            tmp_path / "periods",
            loadmon.person_periods,
            injuries=cohort.injuries,
            executor=executor,
        )
    for name, whole in (("panel", panel), ("weeks", weekly), ("periods", periods)):
        pd.testing.assert_frame_equal(in_order(tmp_path / name), whole)
    assert ledger["partition"].tolist() == [f"{n}.parquet" for n in range(9)]
    assert ledger["file"].tolist() == [f"part-{n:05d}.parquet" for n in range(9)]
    assert (ledger["athletes"].sum(), ledger["rows"].sum()) == (60, len(panel))
    assert not ledger["reason"].any()


def test_frames_are_written_one_after_another(
    cohort: SimulatedCohort, panel: pd.DataFrame, tmp_path: Path
) -> None:
    pytest.importorskip("pyarrow", reason="Parquet is written where pyarrow is installed")
    frames = iter(in_parts(cohort.sessions, 20))
    write_partitions(frames, tmp_path / "panel", loadmon.daily_panel)
    pd.testing.assert_frame_equal(in_order(tmp_path / "panel"), panel)
    ratios = [loadmon.acwr_panel(part) for part in map(wide, read_partitions(tmp_path / "panel"))]
    found = pd.concat(ratios, axis=1).reset_index().melt("date", var_name="athlete")
    both = panel.merge(found, on=["date", "athlete"], how="left")
    np.testing.assert_allclose(both["value"], both["acwr_coupled"], rtol=1e-9)
    with ThreadPoolExecutor(1) as pool:
        frames = iter(in_parts(cohort.sessions, 20))
        write_partitions(frames, tmp_path / "other", loadmon.daily_panel, executor=pool)
    pd.testing.assert_frame_equal(in_order(tmp_path / "other"), panel)


def wide(panel: pd.DataFrame) -> pd.DataFrame:
    """Loads of a panel as a frame of days by athletes."""
    return panel.pivot_table(index="date", columns="athlete", values="load", dropna=False).asfreq(
        "D"
    )


def test_what_fails_is_a_row_of_the_ledger_and_leaves_no_file(
    cohort: SimulatedCohort, tmp_path: Path
) -> None:
    parts = in_parts(cohort.sessions, 20)
    parts[1] = parts[1].assign(distance_km=-1.0)
    parts[2] = pd.concat([parts[2], parts[0].iloc[:1]])
    source = written(tmp_path / "sessions", [*parts, parts[0].drop(columns="date")])
    ledger = write_partitions(source, tmp_path / "panel", loadmon.daily_panel)
    told = ledger[ledger["reason"] != ""].set_index("partition")
    assert told["reason"].to_dict() == {
        "1.parquet": "cannot-be-used",
        "2.parquet": "athlete-twice",
        "3.parquet": "cannot-be-used",
    }
    assert "negative" in told.loc["1.parquet", "detail"]
    assert "no column 'date'" in told.loc["3.parquet", "detail"]
    assert sorted(p.name for p in (tmp_path / "panel").glob("*.parquet")) == [
        "part-00000.parquet",
        "part-00002.parquet",
    ]
    with pytest.raises(loadmon.SettingError, match="holds Parquet files already"):
        write_partitions(source, tmp_path / "panel", loadmon.daily_panel)


def test_an_error_in_the_work_stays_with_its_partition(
    cohort: SimulatedCohort, tmp_path: Path
) -> None:
    source = written(tmp_path / "sessions", in_parts(cohort.sessions, 20))
    ledger = write_partitions(source, tmp_path / "panel", with_an_error)
    assert ledger["reason"].tolist() == ["bug", "", ""]
    assert "KeyError in with_an_error" in ledger["detail"][0]


def test_a_file_over_which_every_process_ends_is_told_and_the_others_of_its_task_count(
    panel: pd.DataFrame,
    cohort: SimulatedCohort,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parts = in_parts(panel, 20)
    folder = written(tmp_path / "panel", parts)
    module = sys.modules["loadmon.cohorts.evaluate"]
    asked: list[int] = []

    def spread(work: Any, tasks: list[Any], executor: Any = None) -> list[Any]:
        """Every process ends over the second file, whatever else is in the task."""
        asked.append(len(tasks))
        return [
            None if "1.parquet" in [part.name for part in task[0]] else work(task) for task in tasks
        ]

    monkeypatch.setattr(module, "spread", spread)
    monkeypatch.setattr(module, "_TASKS", 2)
    with ThreadPoolExecutor(1) as pool:
        found = evaluate(folder, cohort.injuries, executor=pool, **FEW)
    assert asked == [2, 1]
    expect_same(found, evaluate([parts[0], parts[2]], cohort.injuries, **FEW))
    assert found["failures"][0].startswith("1.parquet: lost: each process")
    monkeypatch.setattr(module, "_TASKS", 1)
    with ThreadPoolExecutor(1) as pool:
        found = evaluate(folder, cohort.injuries, executor=pool, **FEW)
    assert asked == [2, 1, 1, 3]
    expect_same(found, evaluate([parts[0], parts[2]], cohort.injuries, **FEW))


@pytest.mark.slow
def test_a_worker_that_dies_loses_nothing_and_one_that_always_dies_is_told(
    cohort: SimulatedCohort,
    panel: pd.DataFrame,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from loadmon.io.workers import Workers

    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent / "support"), prepend=os.pathsep)
    source = written(tmp_path / "sessions", in_parts(cohort.sessions, 20))
    monkeypatch.setenv("LOADMON_TEST_DIES", str(tmp_path / "died"))
    with Workers(2) as workers:
        ledger = write_partitions(
            source, tmp_path / "panel", ends_its_process_over, executor=workers
        )
    assert (tmp_path / "died").exists()
    assert not ledger["reason"].any()
    pd.testing.assert_frame_equal(in_order(tmp_path / "panel"), panel)
    with Workers(2) as workers:
        ledger = write_partitions(source, tmp_path / "rest", panel_but_not_of, executor=workers)
    assert ledger["reason"].tolist() == ["lost", "", ""]
    assert len(in_order(tmp_path / "rest")) == ledger["rows"].sum()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_killed_worker_of_two_of_a_cluster_changes_nothing(
    cohort: SimulatedCohort,
    panel: pd.DataFrame,
    whole: pd.DataFrame,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed")
    source = written(tmp_path / "sessions", in_parts(cohort.sessions))
    monkeypatch.setenv("LOADMON_TEST_DIES", str(tmp_path / "died"))
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        before = set(client.run(os.getpid).values())
        executor = client.get_executor()
        ledger = write_partitions(
            source, tmp_path / "panel", ends_its_process_over, executor=executor
        )
        assert set(client.run(os.getpid).values()) != before
        found = evaluate(tmp_path / "panel", cohort.injuries, executor=executor, **FEW)
    assert (tmp_path / "died").exists()
    assert not ledger["reason"].any()
    pd.testing.assert_frame_equal(in_order(tmp_path / "panel"), panel)
    expect_same(found, whole)
