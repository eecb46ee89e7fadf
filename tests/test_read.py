"""From any mix of paths to activities and a ledger in which nothing is lost."""

from __future__ import annotations

import ast
import datetime as dt
import gzip
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import unknown_days
from writers import (
    activity_messages,
    ride_fit,
    run_fit,
    run_gpx,
    run_tcx,
    settings_fit,
    strength_fit,
    write_fit,
)

import loadmon.io.formats as formats
from loadmon.athlete import Athlete
from loadmon.errors import ReadError
from loadmon.io.archive import ACTIVITY_COLUMNS, FILE_COLUMNS, Archive
from loadmon.io.read import read
from loadmon.weekly import weekly_load

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)  # a Monday
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
OUTCOMES = {"imported", "flagged", "duplicate", "skipped", "quarantined", "refused"}
SIZE: dict[str, Any] = {"distance_km": 2.0, "duration_min": 12, "step_s": 10}
BERLIN = Athlete(home_zone="Europe/Berlin")


def day(n: float) -> dt.datetime:
    return START + dt.timedelta(days=n)


def fit(n: float = 0, **changes: Any) -> bytes:
    return run_fit(day(n), **{"offset_min": 60, **SIZE, **changes})


def gpx(n: float = 0, **changes: Any) -> bytes:
    return run_gpx(day(n), **{**SIZE, **changes})


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def folder(path: Path, files: dict[str, bytes]) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (path / name).write_bytes(data)
    return path


def read_files(path: Path, files: dict[str, bytes], **asked: Any) -> Archive:
    """Read files laid out in a folder; the ledger must hold each of them once."""
    archive = read(folder(path, files), now=NOW, **asked)
    assert archive.files["file"].map(lambda f: Path(f).name).tolist() == sorted(files)
    assert set(archive.files["outcome"]) <= OUTCOMES
    return archive


def outcomes(archive: Archive) -> dict[str, tuple[str, str]]:
    rows = archive.files.itertuples()
    return {Path(str(r.file)).name: (str(r.outcome), str(r.reason)) for r in rows}


# --- what comes out -----------------------------------------------------------------------------


def test_a_run_is_read_with_its_numbers(tmp_path: Path) -> None:
    archive = read_files(tmp_path, {"a.fit": fit(rpe=5)})
    (row,) = archive.activities.to_dict("records")
    assert row["start_utc"] == pd.Timestamp(START)
    assert row["date"] == pd.Timestamp("2026-03-02")
    assert (row["utc_offset_min"], row["tz_source"]) == (60, "file")
    assert (row["sport"], row["sub_sport"]) == ("running", "generic")
    assert (row["distance_km"], row["distance_source"]) == (2, "session")
    assert (row["duration_min"], row["elapsed_min"]) == (12, 12)
    assert (row["rpe"], row["srpe"]) == (5, 60)
    assert (row["hr_coverage"], row["flags"]) == (1, "")
    assert row["steps"] == pytest.approx(168 * 12, rel=0.02)
    assert outcomes(archive) == {"a.fit": ("imported", "")}
    assert archive.files["activity_id"][0] == row["activity_id"]


def test_columns_and_types_are_the_same_however_few_the_activities(tmp_path: Path) -> None:
    empty = read_files(tmp_path / "a", {"a.txt": b"nothing"})
    full = read_files(tmp_path / "b", {"a.fit": fit()})
    for archive in (empty, full):
        assert archive.activities.dtypes.astype(str).to_dict() == ACTIVITY_COLUMNS
        assert tuple(archive.files.columns) == FILE_COLUMNS
        assert set(archive.files.dtypes.astype(str)) == {"str"}
    assert read(folder(tmp_path / "c", {}), now=NOW).files.empty


def test_activities_are_in_order_of_their_start(tmp_path: Path) -> None:
    archive = read_files(tmp_path, {"a.fit": fit(3), "b.gpx": gpx(1), "c.fit": fit(2)})
    starts = archive.activities["start_utc"].tolist()
    assert starts == [pd.Timestamp(day(n)) for n in (1, 2, 3)]


def test_what_an_archive_holds_besides_runs_has_its_own_outcome(tmp_path: Path) -> None:
    bad = bytearray(fit(4))
    bad[300] ^= 1
    files = {
        "bad.fit": bytes(bad),
        "copy.fit": fit(),
        "cut.fit": fit(5)[:-50],
        "empty.fit": b"",
        "gym.fit": strength_fit(day(1), offset_min=60, duration_min=30),
        "html.fit": b"<html>log in</html>",
        "notes.txt": b"a note",
        "photo.jpg": b"\xff\xd8\xff\xe0 a picture",
        "really.gpx": fit(2),
        "ride.fit": ride_fit(day(3), offset_min=60, distance_km=20, duration_min=50),
        "run.fit": fit(),
        "settings.fit": settings_fit(START),
        "track.gpx": gpx(),
    }
    archive = read_files(tmp_path, files)
    assert outcomes(archive) == {
        "bad.fit": ("quarantined", "fit-crc"),
        "copy.fit": ("imported", ""),
        "cut.fit": ("quarantined", "fit-truncated"),
        "empty.fit": ("refused", "empty"),
        "gym.fit": ("imported", ""),
        "html.fit": ("refused", "not-fit"),
        "notes.txt": ("skipped", "not-activity"),
        "photo.jpg": ("skipped", "not-activity"),
        "really.gpx": ("flagged", "ext-lies"),
        "ride.fit": ("imported", ""),
        "run.fit": ("duplicate", "duplicate"),
        "settings.fit": ("skipped", "not-activity"),
        "track.gpx": ("duplicate", "near-duplicate"),
    }
    assert len(archive.activities) == 4
    told = archive.files.set_index("outcome")["detail"]
    assert (told.drop("imported") != "").all()
    gym = archive.activities.set_index("sport").loc["training"]
    assert np.isnan(gym["distance_km"])


def test_the_frames_hold_the_same_activities(tmp_path: Path) -> None:
    files = {"a.fit": fit(), "b.fit": fit(1) + fit(2), "c.gpx": gpx(3), "d.fit": fit(4)[:-9]}
    archive = read_files(tmp_path, files)
    ids = [i for joined in archive.files["activity_id"] if joined for i in joined.split(",")]
    assert sorted(ids) == sorted(archive.activities["activity_id"])
    assert len(set(ids)) == 4


def test_of_the_same_bytes_the_first_by_name_counts_in_whatever_order_they_are_given(
    tmp_path: Path,
) -> None:
    place = folder(tmp_path, {"a.fit": fit(0), "b.fit": fit(0)})
    for names in (("a.fit", "b.fit"), ("b.fit", "a.fit")):
        archive = read(*(place / name for name in names), now=NOW)
        assert outcomes(archive) == {"a.fit": ("imported", ""), "b.fit": ("duplicate", "duplicate")}


@pytest.mark.parametrize(
    ("data", "reason", "counted", "unknown"),
    [
        (fit(0) + fit(1)[:-30], "fit-truncated", "2026-03-02", "2026-03-03"),
        (fit(0)[:-1] + b"?" + fit(1), "fit-crc", "2026-03-03", "2026-03-02"),
    ],
)
def test_a_chained_file_with_a_damaged_part_is_flagged_and_its_sound_part_counts(
    tmp_path: Path, data: bytes, reason: str, counted: str, unknown: str
) -> None:
    archive = read_files(tmp_path, {"a.fit": data})
    assert outcomes(archive) == {"a.fit": ("flagged", reason)}
    assert archive.activities["date"].dt.strftime("%Y-%m-%d").tolist() == [counted]
    assert unknown_days(archive) == [unknown]


def test_two_sessions_in_one_file_are_two_activities_with_their_own_records(
    tmp_path: Path,
) -> None:
    first = activity_messages(START, offset_min=60, **SIZE)
    second = activity_messages(
        START + dt.timedelta(minutes=20), offset_min=60, sport="cycling", **SIZE
    )
    both = [m for m in first if m[0] != "activity"] + [m for m in second if m[0] != "file_id"]
    archive = read_files(tmp_path, {"duathlon.fit": write_fit(both)})
    assert archive.activities["sport"].tolist() == ["running", "cycling"]
    assert archive.activities["distance_km"].tolist() == [2, 2]
    spans = [archive.records(i).index for i in archive.activities["activity_id"]]
    assert [len(s) for s in spans] == [73, 73]
    assert spans[0][-1] < spans[1][0]


# --- one bad file never hides the others --------------------------------------------------------


def test_a_bug_in_a_reader_is_quarantined_and_hides_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(data: bytes) -> list[Any]:
        raise ValueError("no such thing")

    monkeypatch.setitem(formats.RECORDING_READERS, "gpx", broken)
    archive = read_files(tmp_path, {"a.gpx": gpx(), "b.fit": fit(1)}, cache=False)
    assert outcomes(archive) == {"a.gpx": ("quarantined", "reader-bug"), "b.fit": ("imported", "")}
    detail = archive.files["detail"][0]
    for part in ("ValueError", "no such thing", "broken", "line "):
        assert part in detail


def test_memory_and_the_users_stop_are_not_taken_for_a_bug(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(data: bytes) -> list[Any]:
        raise KeyboardInterrupt

    monkeypatch.setitem(formats.RECORDING_READERS, "fit", stopped)
    with pytest.raises(KeyboardInterrupt):
        read_files(tmp_path, {"a.fit": fit()})


#: The steps of reading in the order in which data pass them.
STEPS = (
    *(
        "walk",
        "archive",
        "formats",
        "sources",
        "distance",
        "ride",
        "quality",
        "parse",
        "packing",
        "cache",
        "inputs",
        "reconcile",
    ),
    *("dedupe", "exports.merge", "tables", "snapshot", "read"),
)


@pytest.mark.source
@pytest.mark.parametrize("step", STEPS)
def test_no_step_of_reading_imports_a_later_one(step: str) -> None:
    house = Path(formats.__file__).parent
    tree = ast.parse((house / f"{step.replace('.', '/')}.py").read_text(encoding="utf-8"))
    imported = {
        node.module.removeprefix("loadmon.io.")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
    }
    assert not imported & set(STEPS[STEPS.index(step) :])


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="there is no such file"):
        read(tmp_path / "none")


def test_progress_is_told_once_for_each_input(tmp_path: Path) -> None:
    told: list[tuple[int, str, float]] = []
    files = {"a.fit": fit(), "b.txt": b"x", "c.zip": zipped({"1.fit": fit(1), "2.fit": fit(2)})}
    read(folder(tmp_path, files), now=NOW, progress=lambda *now: told.append(now))
    assert [n for n, _, _ in told] == [1, 2, 3, 4]
    assert told[3][1].endswith("c.zip!2.fit")
    shares = [share for _, _, share in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert told[2][2] < 1


def test_the_clock_only_quarantines_what_has_not_come_yet(tmp_path: Path) -> None:
    path = folder(tmp_path, {"a.fit": fit()})
    for now, rows in (
        (START - dt.timedelta(hours=24), 1),
        (START - dt.timedelta(hours=24, seconds=1), 0),
        (dt.datetime(2026, 3, 1, 7, 30), 1),  # noqa: DTZ001 - a naive one is UTC
    ):
        archive = read(path, now=now)
        assert len(archive.activities) == rows
    assert outcomes(read(path, now=START - dt.timedelta(days=2)))["a.fit"][1] == "time-future"


# --- packing, order and repetition change nothing ----------------------------------------------

FILES = {
    "a.fit": fit(0),
    "b.gpx": gpx(1),
    "c.tcx": run_tcx(day(2), **SIZE),
    "d.fit": fit(3)[:-40],
    "e.fit": settings_fit(START),
    "f.txt": b"a note",
}


def numbers(archive: Archive) -> pd.DataFrame:
    return archive.activities.drop(columns=["file", "flags"]).reset_index(drop=True)


@pytest.mark.parametrize("way", ["zip", "zip in zip", "gz", "files", "twice gz"])
def test_however_it_is_packed_the_same_comes_out(tmp_path: Path, way: str) -> None:
    plain = read_files(tmp_path / "plain", FILES)
    packed = {
        "zip": {"x.zip": zipped(FILES)},
        "zip in zip": {"x.zip": zipped({"in.zip": zipped(FILES)})},
        "gz": {f"{n}.gz": gzip.compress(d) for n, d in FILES.items()},
        "twice gz": {f"{n}.gz": gzip.compress(gzip.compress(d)) for n, d in FILES.items()},
        "files": FILES,
    }[way]
    path = folder(tmp_path / "packed", packed)
    paths = sorted(path.iterdir()) if way == "files" else [path]
    archive = read(*paths, now=NOW)
    pd.testing.assert_frame_equal(numbers(archive), numbers(plain))
    assert archive.files["outcome"].tolist() == plain.files["outcome"].tolist()
    assert archive.files["reason"].tolist() == plain.files["reason"].tolist()
    assert unknown_days(archive) == unknown_days(plain)


POOL = [
    fit(0),
    fit(1),
    fit(0, seed=4),
    gpx(0),
    gpx(2),
    run_tcx(day(1), **SIZE),
    fit(3)[:-40],
    fit(4) + bytes(5),
    settings_fit(START),
    b"",
    b"<html>",
    b"note",
    fit(5) + fit(6),
    gpx(1)[:-30],
    fit(7, offset_min=None),
    ride_fit(day(0), offset_min=60, distance_km=9, duration_min=20),
]
CHOICES = st.lists(st.integers(0, len(POOL) - 1), min_size=1, max_size=7)


@given(CHOICES)
def test_outcomes_add_up_to_inputs(
    tmp_path_factory: pytest.TempPathFactory, picks: list[int]
) -> None:
    files = {f"{i}.fit": POOL[p] for i, p in enumerate(picks)}
    archive = read_files(tmp_path_factory.mktemp("files"), files)
    assert len(archive.files) == len(files)
    kept = archive.files["outcome"].isin(["imported", "flagged"])
    assert ((archive.files["activity_id"] != "") == kept).all()
    ids = [i for joined in archive.files["activity_id"] if joined for i in joined.split(",")]
    assert sorted(ids) == sorted(archive.activities["activity_id"])
    assert (archive.files.loc[~archive.files["outcome"].isin(["imported"]), "reason"] != "").all()


@given(CHOICES, st.randoms(use_true_random=False))
def test_the_order_of_files_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, picks: list[int], rng: Any
) -> None:
    picks = sorted(set(picks))
    shuffled = list(picks)
    rng.shuffle(shuffled)
    results = [
        read_files(
            tmp_path_factory.mktemp("files"), {f"{i}.fit": POOL[p] for i, p in enumerate(order)}
        )
        for order in (picks, shuffled)
    ]
    left, right = (numbers(a).drop(columns="activity_id") for a in results)
    together = ["start_utc", "sport"]
    pd.testing.assert_frame_equal(
        left.sort_values(together, ignore_index=True),
        right.sort_values(together, ignore_index=True),
    )


@given(st.lists(st.integers(0, 20), min_size=1, max_size=4, unique=True), st.data())
def test_a_second_copy_or_a_re_export_changes_no_total(
    tmp_path_factory: pytest.TempPathFactory, days: list[int], draw: st.DataObject
) -> None:
    files = {f"{n:02d}.fit": fit(n, seed=n) for n in days}
    more = draw.draw(
        st.dictionaries(st.sampled_from(days), st.sampled_from(["copy", "gpx", "tcx"]))
    )
    makers = {
        "copy": lambda n: (f"copy{n:02d}.fit", fit(n, seed=n)),
        "gpx": lambda n: (f"{n:02d}.gpx", gpx(n, seed=n)),
        "tcx": lambda n: (f"{n:02d}.tcx", run_tcx(day(n), **SIZE, seed=n)),
    }
    again = files | dict(makers[kind](n) for n, kind in more.items())
    once = read_files(tmp_path_factory.mktemp("once"), files)
    twice = read_files(tmp_path_factory.mktemp("twice"), again)
    pd.testing.assert_frame_equal(numbers(once), numbers(twice))
    assert (twice.files["outcome"] == "duplicate").sum() == len(more)


def test_two_runs_ten_minutes_apart_are_never_one(tmp_path: Path) -> None:
    after = (SIZE["duration_min"] + 10) / 1440
    archive = read_files(tmp_path, {"a.fit": fit(0), "b.fit": fit(after), "c.gpx": gpx(2 * after)})
    assert len(archive.activities) == 3


def test_two_watches_on_one_run_are_one(tmp_path: Path) -> None:
    second = fit(90 / 86_400, seed=9, distance_km=2.03, step_s=10)
    archive = read_files(tmp_path, {"a.fit": fit(0), "b.fit": second})
    assert len(archive.activities) == 1
    assert outcomes(archive)["a.fit"] == ("duplicate", "near-duplicate")
    assert archive.activities["distance_km"].tolist() == [2.03]


@pytest.mark.parametrize("hours", [-5, 1, 2, 9])
def test_a_re_export_with_the_wrong_zone_is_the_same_run(tmp_path: Path, hours: int) -> None:
    archive = read_files(tmp_path, {"a.fit": fit(0), "b.gpx": gpx(hours / 24)})
    assert outcomes(archive)["b.gpx"] == ("duplicate", "near-duplicate")
    assert f"at the same seconds, shifted by {hours:+d} h" in archive.files["detail"][1]


def test_half_an_hour_later_the_same_run_is_another(tmp_path: Path) -> None:
    assert len(read_files(tmp_path, {"a.fit": fit(0), "b.gpx": gpx(0.5 / 24)}).activities) == 2


# --- days ---------------------------------------------------------------------------------------


def test_a_cut_file_makes_its_day_and_week_unknown(tmp_path: Path) -> None:
    archive = read_files(tmp_path, {"a.fit": fit(0), "b.fit": fit(2)[:-40], "c.fit": fit(8)})
    assert unknown_days(archive) == ["2026-03-04"]
    weeks = weekly_load(archive.activities)
    assert weeks["n_known"].tolist() == [6, 2]
    assert weeks["n_days"].tolist() == [7, 2]
    assert np.isnan(weeks["load"].iloc[0])


def test_a_file_whose_day_is_not_known_makes_no_day_unknown(tmp_path: Path) -> None:
    archive = read_files(tmp_path, {"a.fit": fit(0), "b.fit": fit(2)[:14]})
    assert unknown_days(archive) == []
    assert archive.files["date"].tolist() == ["2026-03-02", ""]


@pytest.mark.parametrize("reason", ["implausible", "fit-crc", "time-relative"])
def test_whatever_was_quarantined_makes_its_day_unknown(tmp_path: Path, reason: str) -> None:
    wrong = bytearray(fit(2))
    wrong[400] ^= 1
    messages = activity_messages(day(2), offset_min=60, **SIZE)
    fast = [(n, f | {"total_distance": 20_000} if n == "session" else f) for n, f in messages]
    unset = [
        (n, {k: (v if n == "file_id" else 5_000) if k in TIMES else v for k, v in f.items()})
        for n, f in messages
    ]
    data = {"implausible": write_fit(fast), "fit-crc": bytes(wrong),
            "time-relative": write_fit(unset)}[reason]  # fmt: skip
    archive = read_files(tmp_path, {"a.fit": fit(0), "b.fit": data})
    assert outcomes(archive)["b.fit"] == ("quarantined", reason)
    assert unknown_days(archive) == ["2026-03-04"]
    assert archive.files["date"].tolist() == ["2026-03-02", "2026-03-04"]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
@pytest.mark.parametrize("athlete", [Athlete(), BERLIN], ids=["utc", "home"])
def test_a_broken_file_of_a_time_off_the_calendar_stops_no_other(
    tmp_path: Path, moment: str, athlete: Athlete
) -> None:
    wrong = re.sub(rb"<time>[^<]*", b"<time>" + moment.encode(), gpx(2))
    wrong = wrong.replace(b"<ele>", b"<ele>high ")
    archive = read_files(tmp_path, {"a.fit": fit(0), "b.gpx": wrong}, athlete=athlete)
    assert outcomes(archive) == {
        "a.fit": ("imported", ""),
        "b.gpx": ("quarantined", "number-format"),
    }
    assert unknown_days(archive) == []
    assert archive.files["date"].tolist() == ["2026-03-02", ""]


TIMES = ("timestamp", "start_time", "time_created", "local_timestamp")


def test_days_that_the_athlete_marks_are_unknown(tmp_path: Path) -> None:
    athlete = Athlete(unknown_days=(dt.date(2026, 3, 5), dt.date(2026, 3, 3)))
    archive = read_files(tmp_path, {"a.fit": fit(0), "b.fit": fit(6)}, athlete=athlete)
    assert unknown_days(archive) == ["2026-03-03", "2026-03-05"]
    assert weekly_load(archive.activities)["n_known"].tolist() == [5]


def test_the_home_zone_moves_a_late_run_to_the_next_day(tmp_path: Path) -> None:
    late = run_gpx(dt.datetime(2026, 3, 8, 23, 30, tzinfo=dt.UTC), **SIZE)  # a Sunday
    utc = read_files(tmp_path, {"a.gpx": late}).activities.iloc[0]
    home = read_files(tmp_path, {"a.gpx": late}, athlete=BERLIN).activities.iloc[0]
    assert (utc["date"], utc["tz_source"]) == (pd.Timestamp("2026-03-08"), "utc")
    assert (home["date"], home["tz_source"]) == (pd.Timestamp("2026-03-09"), "home")
    assert home["start_utc"] == utc["start_utc"]
    west = Athlete(home_zone="America/Los_Angeles")
    early = run_gpx(dt.datetime(2026, 3, 9, 6, 30, tzinfo=dt.UTC), **SIZE)
    row = read_files(tmp_path, {"a.gpx": early}, athlete=west).activities.iloc[0]
    assert row["date"] == pd.Timestamp("2026-03-08")


def test_a_cut_gpx_late_in_the_evening_makes_the_home_day_unknown(tmp_path: Path) -> None:
    late = run_gpx(dt.datetime(2026, 3, 8, 23, 30, tzinfo=dt.UTC), **SIZE)[:-60]
    archive = read_files(tmp_path, {"a.gpx": late}, athlete=BERLIN)
    assert outcomes(archive)["a.gpx"] == ("quarantined", "xml-truncated")
    assert unknown_days(archive) == ["2026-03-09"]


@pytest.mark.parametrize(
    ("start", "local"),
    [("2026-03-28T22:59", "2026-03-28"), ("2026-03-28T23:00", "2026-03-29"),
     ("2026-03-29T21:59", "2026-03-29"), ("2026-03-29T22:00", "2026-03-30")],
)  # fmt: skip
def test_midnight_is_right_on_both_sides_of_summer_time(
    tmp_path: Path, start: str, local: str
) -> None:
    begin = dt.datetime.fromisoformat(start).replace(tzinfo=dt.UTC)
    archive = read_files(tmp_path, {"a.gpx": run_gpx(begin, **SIZE)}, athlete=BERLIN)
    assert archive.activities["date"][0] == pd.Timestamp(local)


def test_a_fit_file_whose_activity_tells_no_local_time_is_flagged(tmp_path: Path) -> None:
    archive = read_files(tmp_path, {"a.fit": fit(offset_min=None)})
    assert outcomes(archive) == {"a.fit": ("flagged", "tz-unknown")}
    assert archive.activities["tz_source"].tolist() == ["utc"]
    home = read_files(tmp_path, {"a.fit": fit(offset_min=None)}, athlete=BERLIN)
    assert outcomes(home) == {"a.fit": ("imported", "")}
    assert home.activities["utc_offset_min"].tolist() == [60]


def test_a_fit_file_without_an_activity_message_is_noted_but_not_flagged(tmp_path: Path) -> None:
    messages = activity_messages(START, offset_min=60, **SIZE)
    bare = write_fit([m for m in messages if m[0] != "activity"])
    archive = read_files(tmp_path, {"a.fit": bare})
    assert outcomes(archive) == {"a.fit": ("imported", "no-local-time")}


def test_a_name_in_a_zip_that_leads_outside_is_flagged_and_counts(tmp_path: Path) -> None:
    path = folder(tmp_path, {"a.zip": zipped({"../run.fit": fit()})})
    archive = read(path, now=NOW)
    assert archive.files["outcome"].tolist() == ["flagged"]
    assert archive.files["reason"].tolist() == ["zip-name"]
    assert len(archive.activities) == 1


def test_a_summary_without_records_is_noted(tmp_path: Path) -> None:
    messages = activity_messages(START, offset_min=60, **SIZE)
    short = write_fit([m for m in messages if m[0] not in ("record", "event")])
    archive = read_files(tmp_path, {"a.fit": short})
    assert outcomes(archive) == {"a.fit": ("imported", "summary-only")}
    assert archive.activities["distance_km"].tolist() == [2]


def test_two_runs_on_one_day_stay_two(tmp_path: Path) -> None:
    archive = read_files(tmp_path, {"a.fit": fit(0), "b.fit": fit(0.3)})
    assert archive.activities["date"].tolist() == [pd.Timestamp("2026-03-02")] * 2
    assert weekly_load(archive.activities)["distance_km"].tolist() == [4]


def test_reading_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    path = folder(tmp_path, FILES)
    first, second = (read(path, now=NOW) for _ in range(2))
    pd.testing.assert_frame_equal(first.activities, second.activities)
    pd.testing.assert_frame_equal(first.files, second.files)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_damaged_in_its_packing_hides_no_other(tmp_path: Path, method: int) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr("a.fit", fit())
        archive.writestr("b.fit", fit(1))
    data = bytearray(packed.getvalue())
    for place in range(60, 90):  # inside the first member's packed bytes
        data[place] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(data)
    found = read(tmp_path / "a.zip", now=NOW)
    assert found.files["outcome"].tolist() == ["quarantined", "imported"]
    assert found.files["reason"].tolist() == ["zip-member", ""]


def test_a_member_without_a_name_is_an_input_too(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x", fit())
    data = (tmp_path / "a.zip").read_bytes()
    at = data.index(b"PK\x01\x02")
    entry = bytearray(data[at : at + 46]) + data[at + 47 :]
    entry[28:30] = b"\0\0"
    end = entry.index(b"PK\x05\x06")
    entry[end + 12 : end + 16] = (end).to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(data[:at] + bytes(entry))
    assert len(read(tmp_path / "a.zip", now=NOW).files) == 1


def test_a_recording_without_a_sport_is_noted_and_not_counted_as_running(tmp_path: Path) -> None:
    bare = run_gpx(START, **SIZE).replace(b"<type>running</type>", b"")
    archive = read_files(tmp_path, {"a.gpx": bare})
    assert archive.activities["sport"].tolist() == [""]
    assert outcomes(archive) == {"a.gpx": ("imported", "no-local-time,sport-unknown")}
    assert "its day is unknown" in archive.files["detail"][0]


@pytest.mark.parametrize("contents", [b"", b'home_zone = "Europe/Berlin"\n', b"date,pain\n"])
def test_the_runners_own_words_beside_the_recordings_are_accounted_for(
    tmp_path: Path, contents: bytes
) -> None:
    files = {"a.fit": fit(), "athlete.toml": contents, "diary.csv": contents}
    files["flags.csv"] = contents
    archive = read_files(tmp_path, files)
    assert outcomes(archive) == {
        "a.fit": ("imported", ""),
        "athlete.toml": ("skipped", "user-file"),
        "diary.csv": ("skipped", "user-file"),
        "flags.csv": ("skipped", "user-file"),
    }
