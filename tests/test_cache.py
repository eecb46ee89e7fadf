"""The cache saves time and changes no number, whatever is done to it or to the files."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import os
import random
import re
import sqlite3
import subprocess
import sys
import threading
import warnings
import zipfile
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from writers import run_fit, run_gpx, run_tcx, settings_fit, strength_fit

import loadmon.io.cache as storing
import loadmon.io.inputs as inputs
import loadmon.io.read as reading
import loadmon.io.sources as sources
import loadmon.io.walk as walking
from loadmon.athlete import Athlete
from loadmon.errors import CacheWarning
from loadmon.io import cache as index
from loadmon.io import cache as stamps
from loadmon.io import snapshot
from loadmon.io import snapshot as version
from loadmon.io.archive import Archive
from loadmon.io.cache import NAME, Store
from loadmon.io.packing import Aside
from loadmon.io.read import read

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
SIZE: dict[str, Any] = {"distance_km": 2.0, "duration_min": 12, "step_s": 20}
FRAMES = (
    *("activities", "files", "issues", "reasons", "sets", "device_settings", "gear", "settings"),
    *("pauses", "exports"),
)
HOUSE = Path(__file__).parent.parent


def day(n: float) -> dt.datetime:
    return START + dt.timedelta(days=n)


@functools.cache
def fit(n: float = 0, **changes: Any) -> bytes:
    return run_fit(day(n), **{"offset_min": 60, **SIZE, **changes})


@functools.cache
def files() -> dict[str, bytes]:
    """Everything that the cache has to tell apart."""
    strength = strength_fit(day(2), offset_min=60, duration_min=20)
    return {
        "a.fit": fit(0),
        "b.gpx": run_gpx(day(1), **SIZE),
        "c.tcx": run_tcx(day(3), **SIZE),
        "cut.fit": fit(4)[:-40],
        "copy.fit": fit(0),
        "gym.fit": strength,
        "note.txt": b"a note",
        "settings.fit": settings_fit(START),
        "two.fit": fit(5) + fit(6),
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive of them, with a zip."""
    path = tmp_path / "export"
    path.mkdir()
    for name, data in files().items():
        (path / name).write_bytes(data)
    with zipfile.ZipFile(path / "more.zip", "w") as archive:
        archive.writestr("in/7.fit", fit(7))
        archive.writestr("in/8.fit", fit(8)[:-9])
    return path


@pytest.fixture
def stable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stamps that count at once, as they do two seconds after a change."""
    monkeypatch.setattr(stamps, "STABLE_NS", 0)


def same(one: Archive, two: Archive) -> None:
    """Two archives hold the same, streams and all."""
    for name in FRAMES:
        left, right = getattr(one, name), getattr(two, name)
        pd.testing.assert_frame_equal(left, right)
    for name in ("seconds_at_bpm", "seconds_at_speed", "power_moments"):
        np.testing.assert_array_equal(
            getattr(one.intensity_histograms, name), getattr(two.intensity_histograms, name)
        )
    ids = one.activities["activity_id"]
    pd.testing.assert_frame_equal(one.minutes(ids), two.minutes(ids))
    for activity_id in ids:
        pd.testing.assert_frame_equal(one.records(activity_id), two.records(activity_id))


def plain(folder: Path, **asked: Any) -> Archive:
    return read(folder, now=NOW, cache=False, **asked)


def no_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every attempt to read the bytes of an input fail."""

    def refuse(*_: object) -> None:
        raise AssertionError("it was read again")

    monkeypatch.setattr(inputs, "parse_input", refuse)


def no_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every attempt to open a file of the archive fail."""

    def refuse(*_: object) -> None:
        raise AssertionError("it was opened")

    monkeypatch.setattr(inputs, "sources", refuse)


# --- what is recalled is what was read ----------------------------------------------------------


@pytest.mark.usefixtures("stable")
def test_a_second_reading_is_the_same_and_opens_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read(folder, now=NOW)
    same(first, plain(folder))
    expected = plain(folder)
    no_opening(monkeypatch)
    same(read(folder, now=NOW), expected)


@pytest.mark.usefixtures("stable")
def test_a_recalled_frame_can_be_written_to(folder: Path) -> None:
    read(folder, now=NOW)
    again = read(folder, now=NOW)
    again.activities.loc[0, "distance_km"] = 99.0
    again.activities.loc[0, "sport"] = "rowing"
    assert again.activities["distance_km"].iloc[0] == 99
    assert read(folder, now=NOW).activities["distance_km"].iloc[0] == 2


@pytest.mark.usefixtures("stable")
def test_streams_stay_when_their_file_has_gone(folder: Path) -> None:
    archive = read(folder, now=NOW)
    before = archive.records(archive.activities["activity_id"][0])
    for path in folder.iterdir():
        path.unlink()
    after = archive.records(archive.activities["activity_id"][0])
    pd.testing.assert_frame_equal(before, after)


@pytest.mark.usefixtures("stable")
def test_after_one_new_file_only_that_one_is_opened(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(folder, now=NOW)
    (folder / "new.fit").write_bytes(fit(9))
    opened: list[str] = []
    before = inputs.sources
    monkeypatch.setattr(
        *(inputs, "sources"),
        lambda entry, expect: opened.append(entry.path.name) or before(entry, expect),
    )
    same(read(folder, now=NOW), plain(folder))
    assert opened[:1] == ["new.fit"]


def test_a_file_under_another_name_or_time_is_known_by_its_bytes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(folder, now=NOW)
    expected = plain(folder)
    for path in folder.iterdir():
        os.utime(path, (0, 0))
    no_reading(monkeypatch)
    pd.testing.assert_frame_equal(read(folder, now=NOW).activities, expected.activities)
    moved = folder.rename(folder.parent / "elsewhere")
    again = read(moved, now=NOW).activities
    names = ["activity_id", "distance_km", "trimp"]
    pd.testing.assert_frame_equal(again[names], expected.activities[names])


# --- what has changed is read -------------------------------------------------------------------


@pytest.mark.usefixtures("stable")
def test_a_file_of_the_same_size_and_time_is_read_again(folder: Path) -> None:
    path = folder / "a.fit"
    read(path, now=NOW)
    status = path.stat()
    path.write_bytes(fit(0, distance_km=3.0))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    assert read(path, now=NOW).activities["distance_km"].tolist() == [3]


def test_a_file_changed_twice_within_a_tick_of_the_clock_is_read_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "a.fit"
    tick = path.stat().st_mtime_ns
    for module in (walking, sources):
        monkeypatch.setattr(module, "stamp_of", lambda status: (status.st_size, tick, tick, 7))
    for km in (2.0, 3.0, 4.0):
        path.write_bytes(fit(0, distance_km=km))
        assert read(path, now=NOW).activities["distance_km"].tolist() == [km]


def test_a_stamp_counts_two_seconds_after_the_last_change() -> None:
    entry = walking.Entry("a", (1, 10_000_000_000, 9_000_000_000, 1))
    assert stamps.is_stable(entry, 12_000_000_000)
    assert not stamps.is_stable(entry, 11_999_999_999)
    later = walking.Entry("a", (1, 9_000_000_000, 10_000_000_000, 1))
    assert not stamps.is_stable(later, 11_999_999_999)


@pytest.mark.usefixtures("stable")
@pytest.mark.parametrize("change", ["more", "less", "other", "renamed"])
def test_any_change_in_the_folder_is_seen(folder: Path, change: str) -> None:
    read(folder, now=NOW)
    if change == "more":
        (folder / "z.fit").write_bytes(fit(12))
    elif change == "less":
        (folder / "a.fit").unlink()
    elif change == "other":
        (folder / "b.gpx").write_bytes(run_gpx(day(1), **{**SIZE, "distance_km": 4.0}))
    else:
        (folder / "a.fit").rename(folder / "y.fit")
    same(read(folder, now=NOW), plain(folder))


@pytest.mark.usefixtures("stable")
def test_another_version_of_the_reader_reads_everything_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(folder, now=NOW)
    monkeypatch.setattr("loadmon.io.read.program_version", lambda: bytes(16))
    no_reading(monkeypatch)
    with pytest.raises(AssertionError, match="read again"):
        read(folder, now=NOW)


@pytest.mark.source
def test_every_room_that_reading_stands_on_is_part_of_its_version() -> None:
    rooms = {room.removesuffix(".py") for room in version._ROOMS}
    sources = [path for room in version._ROOMS for path in (HOUSE / "loadmon").glob(f"{room}*")]
    files = [f for path in sources for f in ([path] if path.is_file() else path.rglob("*.py"))]
    assert len(files) > 40
    lines = "\n".join(file.read_text(encoding="utf-8") for file in files)
    assert set(re.findall(r"(?:from|import) loadmon\.(\w+)", lines)) == rooms


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small program of the same rooms, whose version is told."""
    house = tmp_path / "loadmon"
    for room in (*version._ROOMS, "rules"):
        file = house / room if room.endswith(".py") else house / room / "inner" / "a.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x = 1\n")
    monkeypatch.setattr(version, "__file__", str(house / "io" / "snapshot.py"))
    return house


@pytest.mark.parametrize("room", version._ROOMS)
def test_the_version_follows_the_code_of_each_of_these_rooms(house: Path, room: str) -> None:
    before = version.reader_version()
    assert version.reader_version() == before
    file = house / room if room.endswith(".py") else house / room / "inner" / "a.py"
    file.write_text("x = 2\n")
    changed = version.reader_version()
    file.rename(file.with_name("b.py"))
    assert len({before, changed, version.reader_version()}) == 3


def test_the_version_does_not_follow_what_is_only_made_of_what_was_read(house: Path) -> None:
    before = version.reader_version()
    (house / "rules" / "inner" / "a.py").write_text("x = 2\n")
    assert version.reader_version() == before


@pytest.mark.parametrize("package", ["numpy", "pandas"])
def test_the_version_follows_the_packages_that_compute(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = version.reader_version()
    monkeypatch.setattr(f"{package}.__version__", "0.0.0")
    assert version.reader_version() != before


def test_the_version_follows_the_packages_that_hold_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "fitdecode" in version._PACKAGES
    profile = tmp_path / "tables" / "profile.py"
    profile.parent.mkdir()
    profile.with_name("__init__.py").write_text("")
    profile.write_text("x = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    without = version.reader_version()
    monkeypatch.setattr(version, "_PACKAGES", (*version._PACKAGES, "tables"))
    before = version.reader_version()
    assert before != without
    profile.write_text("x = 10\n")
    assert version.reader_version() != before


@pytest.mark.usefixtures("stable")
@pytest.mark.parametrize(
    "asked",
    [
        {"athlete": Athlete(home_zone="America/Los_Angeles")},
        {"athlete": Athlete(unknown_days=(dt.date(2026, 3, 4),))},
        {"athlete": Athlete(max_hr_bpm=181, resting_hr_bpm=50, sex="f")},
        {"athlete": Athlete(different=(("a.fit", "copy.fit"),))},
        {"salvage": True},
    ],
)
def test_other_settings_are_another_reading(folder: Path, asked: dict[str, Any]) -> None:
    read(folder, now=NOW)
    same(read(folder, now=NOW, **asked), plain(folder, **asked))
    same(read(folder, now=NOW), plain(folder))


@pytest.mark.usefixtures("stable")
def test_the_clock_still_tells_what_has_not_come_yet(folder: Path) -> None:
    read(folder, now=NOW)
    early = read(folder, now=day(3))
    assert len(early.activities) < len(read(folder, now=NOW).activities)
    pd.testing.assert_frame_equal(early.files, read(folder, now=day(3), cache=False).files)
    same(read(folder, now=NOW), plain(folder))


def test_what_may_pass_is_tried_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "STABLE_NS", 0)

    def out_of_memory(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr("loadmon.io.parse.assess", out_of_memory)
        files = read(folder, now=NOW).files
    assert "reader-bug" in set(files["reason"])
    same(read(folder, now=NOW), plain(folder))


@pytest.mark.usefixtures("stable")
def test_a_file_that_could_not_be_opened_is_tried_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def refused(path: Path, *how: Any, **named: Any) -> Any:
        if path.name == "a.fit":
            raise PermissionError(13, "Permission denied")
        return opened(path, *how, **named)

    with monkeypatch.context() as closed:
        closed.setattr(Path, "open", refused)
        files = read(folder, now=NOW).files
    assert "not-readable" in set(files["reason"])
    same(read(folder, now=NOW), plain(folder))


# --- damage -------------------------------------------------------------------------------------


def noise(path: Path, seed: int) -> None:
    path.write_bytes(random.Random(seed).randbytes(path.stat().st_size))


def spots(path: Path, seed: int) -> None:
    rng = random.Random(seed)
    data = bytearray(path.read_bytes())
    for _ in range(40):
        at = rng.randrange(len(data))
        data[at : at + 64] = rng.randbytes(len(data[at : at + 64]))
    path.write_bytes(bytes(data))


def cut(path: Path, seed: int) -> None:
    os.truncate(path, random.Random(seed).randrange(path.stat().st_size))


def other_program(path: Path, _seed: int) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("create table kept (a integer)")
    connection.close()


def other_journal(path: Path, seed: int) -> None:
    Path(f"{path}-wal").write_bytes(random.Random(seed).randbytes(9000))


#: Damage, and the seeds of what is by chance in it.
DAMAGE: list[tuple[Callable[[Path, int], None], int]] = [
    *((by_chance, seed) for by_chance in (noise, spots, cut, other_journal) for seed in (1, 2, 3)),
    (other_program, 0),
    (lambda path, _: path.unlink(), 0),
    (lambda path, _: os.truncate(path, 0), 0),
]


@pytest.mark.usefixtures("stable")
@pytest.mark.parametrize(("damage", "seed"), DAMAGE)
def test_a_damaged_cache_changes_no_number(
    folder: Path, tmp_path: Path, damage: Callable[[Path, int], None], seed: int
) -> None:
    place = tmp_path / "cache"
    expected = plain(folder)
    early = read(folder, now=NOW, cache=place)
    recalled = read(folder, now=NOW, cache=place)
    damage(place / NAME, seed)
    same(recalled, expected)
    same(early, expected)
    same(read(folder, now=NOW, cache=place), expected)
    same(read(folder, now=NOW, cache=place), expected)


@pytest.mark.usefixtures("stable")
def test_a_value_that_was_changed_is_not_believed(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "cache"
    expected = plain(folder)
    read(folder, now=NOW, cache=place)
    connection = sqlite3.connect(place / NAME)
    with connection:
        for key, value in connection.execute("select key, value from kept").fetchall():
            at = len(value) // 2
            changed = value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]
            connection.execute("update kept set value = ? where key = ?", (changed, key))
    connection.close()
    same(read(folder, now=NOW, cache=place), expected)


@pytest.mark.usefixtures("stable")
def test_values_that_changed_places_are_not_believed(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "cache"
    expected = plain(folder)
    read(folder, now=NOW, cache=place)
    connection = sqlite3.connect(place / NAME)
    with connection:
        rows = connection.execute("select key, value from kept").fetchall()
        for (key, _), (_, value) in zip(rows, [*rows[1:], rows[0]], strict=True):
            connection.execute("update kept set value = ? where key = ?", (value, key))
    connection.close()
    same(read(folder, now=NOW, cache=place), expected)


def test_where_it_cannot_be_kept_it_is_said_once_and_everything_is_read(
    folder: Path, tmp_path: Path
) -> None:
    place = tmp_path / "a file"
    place.write_bytes(b"in the way")
    with pytest.warns(CacheWarning, match="cannot be used") as told:
        archive = read(folder, now=NOW, cache=place)
    assert len(told) == 1
    same(archive, plain(folder))
    assert place.read_bytes() == b"in the way"


SCRIPT = """
import resource, sys, warnings
from datetime import datetime
from loadmon.io.read import read
limit = int(sys.argv[3])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    archive = read(sys.argv[1], cache=sys.argv[2], now=datetime(2026, 4, 1))
print(archive.activities["distance_km"].sum(), len(archive.files), len(told))
"""


def sums(folder: Path) -> list[str]:
    """What `SCRIPT` prints first."""
    archive = plain(folder)
    return [str(archive.activities["distance_km"].sum()), str(len(archive.files))]


def process(folder: Path, place: Path, limit: int = 0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(folder), str(place), str(limit)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(HOUSE)},
    )


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of file sizes")
@pytest.mark.parametrize("limit", [1, 5_000, 20_000, 40_000])
def test_a_full_disk_is_said_once_and_changes_no_number(
    folder: Path, tmp_path: Path, limit: int
) -> None:
    told, error = process(folder, tmp_path / "cache", limit).communicate(timeout=600)
    assert told.split() == [*sums(folder), "1"], error


def test_a_full_file_system_turns_the_cache_off_and_leaves_what_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = storing._prepare

    def small(connection: sqlite3.Connection) -> None:
        prepare(connection)
        connection.execute("pragma max_page_count = 8")  # the error of a full disk from there on

    Store(tmp_path, b"1", 1).put([("a", "a", b"x")])
    monkeypatch.setattr(storing, "_prepare", small)
    store = Store(tmp_path, b"1", 1)
    store.put([("b", "b", random.Random(1).randbytes(1_000_000))])
    assert "full" in store.warning
    assert Store(tmp_path, b"1", 1).get("a", ["a"]) == {"a": b"x"}
    first = store.warning
    store.turn_off("another reason")
    assert store.warning == first


class Elsewhere(Executor):
    """Parses at once, as a worker would; what is done to the files or the cache comes after it."""

    def __init__(self, then: Callable[[], object]):
        self.then = then

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        self.then()
        return future


def test_what_workers_parsed_is_the_same_though_the_cache_has_gone_in_between(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected, kept = plain(folder), Store.get

    def get(store: Store, kind: str, names: Any) -> dict[str, bytes]:
        return {} if kind == "contents" else kept(store, kind, names)

    for n, patched in enumerate((kept, get)):
        monkeypatch.setattr(Store, "get", patched)
        asked = {"now": NOW, "cache": tmp_path / str(n), "executor": Elsewhere(lambda: None)}
        same(read(folder, **asked), expected)


def test_a_file_that_changes_before_it_is_recalled_is_said_to_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.fit"
    path.write_bytes(fit())
    monkeypatch.setattr(Store, "get", lambda *_: {})
    for change in (lambda: path.write_bytes(fit(1)), path.unlink):
        archive = read(tmp_path / "a.fit", now=NOW, executor=Elsewhere(change))
        (row,) = archive.files.itertuples()
        assert (row.outcome, row.reason) == ("quarantined", "changed-while-reading")
        path.write_bytes(fit())
    monkeypatch.undo()
    same(read(path, now=NOW), plain(path))


@pytest.mark.usefixtures("stable")
def test_what_is_put_aside_is_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = plain(folder)
    monkeypatch.setattr(Aside, "HELD", 0)
    put = Aside.put
    aside: list[object] = []
    monkeypatch.setattr(Aside, "put", lambda own, value: aside.append(put(own, value)) or aside[-1])
    first = read(folder, now=NOW)
    same(first, expected)
    assert len({*map(type, aside)}) == 2  # small values stay where they are
    athlete = Athlete(sex="f", resting_hr_bpm=50, max_hr_bpm=190)
    pd.testing.assert_frame_equal(
        first.with_athlete(athlete).activities, expected.with_athlete(athlete).activities
    )
    same(read(folder, now=NOW), expected)


@pytest.mark.usefixtures("stable")
def test_files_are_called_as_they_were_asked_for_this_time(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "cache"
    read(folder, now=NOW, cache=place)
    monkeypatch.chdir(folder.parent)
    for asked in (Path(folder.name), folder / ".." / folder.name):
        same(read(asked, now=NOW, cache=place), read(asked, now=NOW, cache=False))


def test_a_changed_file_is_read_again_where_clocks_say_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (index, snapshot):  # as on a disk whose times of change lie far back
        monkeypatch.setattr(module, "is_stable", lambda *_: True)
    place = tmp_path / "cache"
    read(folder, now=NOW, cache=place)
    (folder / "a.fit").write_bytes(fit(9))
    same(read(folder, now=NOW, cache=place), plain(folder))


def test_a_cache_that_another_process_is_beginning_is_waited_for(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / NAME, isolation_level=None, check_same_thread=False)
    other.execute("create table kept (key blob primary key, used, size, value)")
    other.execute("begin immediate")
    other.execute("delete from kept")
    done = threading.Timer(0.2, lambda: other.execute("commit"))
    done.start()
    store = Store(tmp_path, b"1", 1)
    store.put([("a", "a", b"x")])
    done.join()
    other.close()
    assert not store.is_off
    assert store.get("a", ["a"]) == {"a": b"x"}


def test_a_cache_that_stays_locked_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "_WAIT_S", 0.2)
    pauses: list[float] = []

    def pause(length_s: float) -> None:  # SQLite waits by itself here: no more than one is left
        pauses.append(length_s)
        assert len(pauses) <= 1

    monkeypatch.setattr(storing.time, "sleep", pause)
    with contextlib.closing(sqlite3.connect(tmp_path / NAME, isolation_level=None)) as other:
        other.execute("create table kept (key blob primary key, used, size, value)")
        other.execute("begin exclusive")
        store = Store(tmp_path, b"1", 1)
        store.put([("a", "a", b"x")])
    assert "locked" in store.warning


def test_processes_at_once_agree_and_one_may_be_killed(folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "cache"
    running = [process(folder, place) for _ in range(4)]
    rng = random.Random(4)
    try:
        running[0].wait(timeout=0.2 + rng.random())
    except subprocess.TimeoutExpired:
        running[0].kill()
    ends = [one.communicate(timeout=600) for one in running]
    assert [told.split() for told, _ in ends[1:]] == [[*sums(folder), "0"]] * 3, ends
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        same(read(folder, now=NOW, cache=place), plain(folder))


# --- size ---------------------------------------------------------------------------------------


def store(tmp_path: Path, today: int, limit: int = 1 << 30) -> Store:
    return Store(tmp_path / "cache", b"version", today, limit=limit)


def test_values_used_longest_ago_leave_first(tmp_path: Path) -> None:
    for n in range(10):
        store(tmp_path, n).put([("x", str(n), bytes(1000))])
    assert set(store(tmp_path, 20).get("x", ["0", "3"])) == {"0", "3"}
    small = store(tmp_path, 21, limit=5_500)
    small.trim()
    left = {n for n in map(str, range(10)) if small.get("x", [n])}
    assert left == {"0", "3", "8", "9"}


def test_nothing_leaves_before_the_limit(tmp_path: Path) -> None:
    small = store(tmp_path, 1, limit=5_000)
    small.put([("x", str(n), bytes(1000)) for n in range(5)])
    small.trim()
    assert len(small.get("x", [str(n) for n in range(5)])) == 5


def test_a_value_is_known_by_version_kind_and_name(tmp_path: Path) -> None:
    store(tmp_path, 1).put([("x", "a", b"one")])
    assert store(tmp_path, 1).get("x", ["a", "b"]) == {"a": b"one"}
    assert store(tmp_path, 1).get("y", ["a"]) == {}
    assert Store(tmp_path / "cache", b"other", 1).get("x", ["a"]) == {}


def test_without_a_cache_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    plain(folder)
    assert sorted(tmp_path.rglob("*")) == before
    assert not Path(os.environ["LOADMON_CACHE"]).exists()


def test_the_folder_is_that_of_the_environment_or_the_one_given(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(folder, now=NOW)
    assert (Path(os.environ["LOADMON_CACHE"]) / NAME).exists()
    read(folder, now=NOW, cache=tmp_path / "own")
    assert [p.name for p in (tmp_path / "own").iterdir()] == [NAME]
    monkeypatch.delenv("LOADMON_CACHE")
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / "users" / name)
    assert reading._store(True, 0).folder == tmp_path / "users" / "loadmon"  # type: ignore[union-attr]
