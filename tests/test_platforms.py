"""Each platform's export comes back as it was lived: the same runs, km, minutes and days."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from made_exports import (
    WRITERS,
    ZONES,
    Did,
    gadgetbridge,
    health_connect,
    made_history,
    runs_of,
    table,
    zipped,
)
from writers import run_fit

from loadmon.athlete import Athlete
from loadmon.io.archive import Archive
from loadmon.io.read import read

#: Share by which kilometres and minutes may be apart: tracks are measured along positions, and
#: miles have two decimals.
_KM, _MIN = 0.006, 0.01


def read_members(
    folder: Path, members: Mapping[str, bytes], *, zone: str = "", units: str = ""
) -> Archive:
    """Read members as one zip, with the runner's home zone."""
    path = folder / "export.zip"
    path.write_bytes(zipped(members))
    own = Athlete(home_zone=zone, units=units)  # type: ignore[arg-type]
    return read(path, athlete=own, cache=False)


def summary(archive: Archive) -> tuple[int, float, float, list[str]]:
    """Runs, kilometres, minutes and local days of an archive."""
    runs = archive.activities[archive.activities["sport"] == "running"]
    days = sorted(runs["date"].dt.strftime("%Y-%m-%d"))
    return len(runs), runs["distance_km"].sum(), runs["duration_min"].sum(), days


def assert_same(archive: Archive, history: list[Did]) -> None:
    """The archive tells the runs of a history."""
    runs, km, minutes, days = summary(archive)
    want = runs_of(history)
    assert runs == want[0], archive.files[["file", "outcome", "reason"]].to_string()
    assert km == pytest.approx(want[1], rel=_KM)
    assert minutes == pytest.approx(want[2], rel=_MIN)
    assert days == want[3]


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=examples(0.08))
@given(seed=st.integers(0, 10**6), zone=st.sampled_from([*ZONES]))
def test_a_history_comes_back_from_the_form_of_a_platform(
    tmp_path_factory: pytest.TempPathFactory, form: str, seed: int, zone: str
) -> None:
    history = made_history(seed, zone)
    members = WRITERS[form](history)
    archive = read_members(tmp_path_factory.mktemp("export"), members, zone=zone)
    assert_same(archive, history)


# --- a column or key that is not there: the same, or a sentence that names it ---------------------

#: Main file of each form by the end of its name; forms with one for each workout change them all.
_LISTS = {
    "runkeeper": "cardioActivities.csv",
    "garmin csv": "Activities.csv",
    "samsung": ".csv",
    "fitbit table": ".csv",
    "zepp": ".csv",
    "trainingpeaks": ".csv",
    "mapmyrun": ".csv",
    "fitbit json": ".json",
    "adidas": "0000.json",
    "google fit": ".json",
    "huawei": ".json",
    "fittrackee": ".json",
    "endurain": ".json",
    "goldencheetah": ".json",
}


def names_in(data: bytes) -> list[str]:
    """Columns of a table, or keys of the objects of JSON."""
    text = data.decode("utf-8-sig")
    if text.lstrip()[0] in "[{":
        value = json.loads(re.sub(r'"partTimeMap":\{[^}]*\},', "", text))
        rows = value if isinstance(value, list) else [value.get("RIDE", value)]
        return [*rows[0]]
    lines = text.splitlines()
    return next(csv.reader([lines[1] if lines[0].startswith("com.samsung.s") else lines[0]]))


def without(data: bytes, name: str, instead: str) -> bytes:
    """The same file with a column or key taken out, or called otherwise."""
    text = data.decode("utf-8-sig")
    if text.lstrip()[0] in "[{":
        if instead:
            return text.replace(f'"{name}":', f'"{instead}":').encode()
        value = json.loads(re.sub(r'"partTimeMap":\{[^}]*\},', "", text))
        for row in value if isinstance(value, list) else [value.get("RIDE", value)]:
            row.pop(name, None)
        return json.dumps(value).encode()
    lines = text.splitlines()
    head = lines[:1] if lines[0].startswith("com.samsung.s") else []
    rows = [*csv.reader(lines[len(head) :])]
    at = rows[0].index(name)
    for n, row in enumerate(rows):
        if instead:
            row[at] = instead if not n else row[at]
        else:
            del row[at]
    return b"\n".join([*(line.encode() for line in head), table(rows)])


@pytest.mark.parametrize("form", _LISTS)
def test_a_list_that_lacks_a_column_says_which_or_needs_it_not(tmp_path: Path, form: str) -> None:
    """One column is not there, the next has another name, by turns."""
    history = made_history(11, "Asia/Kolkata", 24)
    members = WRITERS[form](history)
    lists = [name for name in members if name.endswith(_LISTS[form])]
    wanted = summary(read_members(tmp_path, members, zone="Asia/Kolkata"))
    for n, column in enumerate(names_in(members[lists[0]])):
        instead = "" if n % 2 else "Something Else"
        changed = members | {name: without(members[name], column, instead) for name in lists}
        archive = read_members(tmp_path, changed, zone="Asia/Kolkata")
        found = summary(archive)
        is_same = found[0] == wanted[0] and found[3] == wanted[3]
        is_same &= found[1:3] == pytest.approx(wanted[1:3], rel=_MIN)
        said = archive.reasons["text"].str.contains(column, regex=False).any()
        assert is_same or said, (column, found, archive.reasons.to_string())


@pytest.mark.parametrize(
    ("form", "columns"),
    [
        (gadgetbridge, ("START_TIME", "END_TIME", "ACTIVITY_KIND", "GPX_TRACK", "SUMMARY_DATA")),
        (health_connect, ("start_time", "start_zone_offset", "end_time", "exercise_type",
                          "app_info_id", "title")),
    ],
)  # fmt: skip
def test_a_database_that_lacks_a_column_says_which(
    tmp_path: Path, form: Callable[..., dict[str, bytes]], columns: tuple[str, ...]
) -> None:
    history = made_history(11, "Asia/Kolkata", 24)
    wanted = summary(read_members(tmp_path, form(history), zone="Asia/Kolkata"))
    for column in columns:
        members = form(history, {column: "otherwise"})
        archive = read_members(tmp_path, members, zone="Asia/Kolkata")
        said = archive.reasons["text"].str.contains(column, regex=False).any()
        assert said or summary(archive) == wanted, (column, archive.reasons.to_string())


# --- mixtures: two platforms, a list beside recordings, a later export on top of an older one -----


@pytest.mark.slow
@settings(max_examples=examples(0.4))
@given(data=st.data(), seed=st.integers(0, 10**6), zone=st.sampled_from([*ZONES]))
def test_a_run_that_two_platforms_hold_counts_once(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, seed: int, zone: str
) -> None:
    one, other = (data.draw(st.sampled_from([*WRITERS])) for _ in range(2))
    history = made_history(seed, zone)
    split = data.draw(st.integers(0, len(history)))
    overlap = data.draw(st.integers(0, 6))
    folder = tmp_path_factory.mktemp("export")
    parts = {"a": (one, history[: split + overlap]), "b": (other, history[split:])}
    for name, (form, part) in parts.items():
        if part:
            (folder / f"{name}.zip").write_bytes(zipped(WRITERS[form](part)))
    archive = read(folder, athlete=Athlete(home_zone=zone), cache=False)
    assert_same(archive, history)


@pytest.mark.slow
@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=examples(0.04))
@given(seed=st.integers(0, 10**6), zone=st.sampled_from([*ZONES]))
def test_a_list_beside_the_recordings_of_the_watch_adds_no_run(
    tmp_path_factory: pytest.TempPathFactory, form: str, seed: int, zone: str
) -> None:
    history = made_history(seed, zone)
    folder = tmp_path_factory.mktemp("export")
    (folder / "list.zip").write_bytes(zipped(WRITERS[form](history)))
    for n, did in enumerate(history):
        if did.has_track and did.is_run:
            (folder / f"{n}.fit").write_bytes(
                run_fit(
                    did.start, offset_min=did.offset_s // 60, distance_km=did.metres / 1000,
                    duration_min=did.seconds / 60, step_s=60,
                )
            )  # fmt: skip
    archive = read(folder, athlete=Athlete(home_zone=zone), cache=False)
    assert_same(archive, history)


@pytest.mark.slow
@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=examples(0.04))
@given(seed=st.integers(0, 10**6))
def test_a_later_export_on_top_of_an_older_one_adds_only_what_is_new(
    tmp_path_factory: pytest.TempPathFactory, form: str, seed: int
) -> None:
    zone = "Pacific/Auckland"
    history = made_history(seed, zone)
    folder = tmp_path_factory.mktemp("export")
    (folder / "old.zip").write_bytes(zipped(WRITERS[form](history[:-4])))
    (folder / "new.zip").write_bytes(zipped(WRITERS[form](history)))
    archive = read(folder, athlete=Athlete(home_zone=zone), cache=False)
    assert_same(archive, history)


def edited(did: Did, how: str) -> Did:
    """Workout as it stands in the app after an edit."""
    return {
        "longer": replace(did, metres=did.metres + 1000),
        "shorter": replace(did, metres=did.metres - 1000),
        "slower": replace(did, seconds=did.seconds + 300),
        "quicker": replace(did, seconds=did.seconds - 300),
        "no run": replace(did, sport="ride" if did.is_run else "run"),
        "a walk": replace(did, sport="run" if did.sport == "walk" else "walk"),
    }[how]


EDITS = ("longer", "shorter", "slower", "quicker", "no run", "a walk")
#: Forms that tell of a workout what an edit made of it, whatever its track says.
EDITABLE = (
    *("huawei", "huawei before 2020", "samsung", "adidas", "adidas before 2020", "fitbit both"),
    *("fitlog", "pwx", "goldencheetah", "google fit", "garmin csv", "zepp", "health connect"),
)


@pytest.mark.slow
@pytest.mark.parametrize("form", EDITABLE)
@settings(max_examples=examples(0.06))
@given(data=st.data(), seed=st.integers(0, 10**6), zone=st.sampled_from([*ZONES]))
def test_a_workout_that_was_edited_since_counts_once_as_the_later_export_has_it(
    tmp_path_factory: pytest.TempPathFactory, form: str, data: st.DataObject, seed: int, zone: str
) -> None:
    history = [did for did in made_history(seed, zone) if did.seconds > 600]
    since = data.draw(st.integers(1, 4))
    at = data.draw(st.integers(0, len(history) - since - 1))
    later = [*history]
    later[at] = edited(history[at], data.draw(st.sampled_from(EDITS)))
    names = data.draw(st.permutations(["a", "b"]))
    folder = tmp_path_factory.mktemp("export")
    for name, part in zip(names, (history[:-since], later), strict=True):
        (folder / f"{name}.zip").write_bytes(zipped(WRITERS[form](part)))
    archive = read(folder, athlete=Athlete(home_zone=zone), cache=False)
    assert_same(archive, later)
    found, want = summary(archive), runs_of(later)
    assert found[1] == pytest.approx(want[1], abs=0.25)
    assert found[2] == pytest.approx(want[2], abs=1)


@pytest.mark.slow
@pytest.mark.parametrize("how", EDITS[:-1])
@pytest.mark.parametrize("form", ["huawei", "pwx", "goldencheetah", "google fit"])
def test_where_nobody_knows_which_of_two_exports_is_later_the_run_counts_once_and_is_flagged(
    tmp_path: Path, form: str, how: str
) -> None:
    history = [did for did in made_history(8, days=24) if did.is_run and did.seconds > 1500]
    other = [*history]
    other[1] = edited(history[1], how)
    found = []
    for names in (("a", "b"), ("b", "a")):
        folder = tmp_path / names[0]
        folder.mkdir()
        for name, part in zip(names, (history, other), strict=True):
            (folder / f"{name}.zip").write_bytes(zipped(WRITERS[form](part)))
        activities = read(folder, cache=False).activities
        assert len(activities) == len(history)
        said = activities["flags"].str.contains("list-disagree|sport-disagree")
        assert said.tolist() == [n == 1 for n in range(len(history))]
        found.append(activities[["sport", "distance_km", "duration_min"]])
    assert found[0].equals(found[1])  # whatever they are called


@pytest.mark.slow
@pytest.mark.parametrize("has_offset", [True, False])
@pytest.mark.parametrize("form", WRITERS)
def test_a_list_beside_recordings_needs_no_home_zone(
    tmp_path: Path, form: str, has_offset: bool
) -> None:
    history = made_history(5, "Pacific/Auckland", 24)
    (tmp_path / "list.zip").write_bytes(zipped(WRITERS[form](history)))
    for n, did in enumerate(history):
        if did.has_track and did.is_run:
            (tmp_path / f"{n}.fit").write_bytes(
                run_fit(
                    did.start, offset_min=did.offset_s // 60 if has_offset else None,
                    distance_km=did.metres / 1000, duration_min=did.seconds / 60, step_s=120,
                )
            )  # fmt: skip
    found, want = summary(read(tmp_path, cache=False)), runs_of(history)
    assert found[0] == want[0]
    assert found[1:3] == pytest.approx(want[1:3], rel=_MIN)
    assert not has_offset or found[3] == want[3]
