"""A folder of several runners is asked about; one runner with many devices never is."""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from corpus import HISTORIES, NOW, common_cache, corpus_folder, history
from writers import run_fit, run_gpx

import loadmon
from loadmon.cli.main import main
from loadmon.cohorts.several import several_runners

DATA = Path(__file__).parent.parent / "data"
MONDAY = dt.date(2026, 8, 3)
HERE, ELSEWHERE = (51.05, 13.75), (48.86, 2.35)


def why_of(folder: Path) -> str:
    """What tells several runners in a folder, without the cache."""
    return several_runners(str(folder), loadmon.read(folder, cache=False), cache=False)


def write(folder: Path, *, days: range = range(8), ending: str = "fit", **asked: Any) -> Path:
    """Write a run for each of some days, in the evening."""
    folder.mkdir(parents=True, exist_ok=True)
    made = run_fit if ending == "fit" else run_gpx
    for day in days:
        options = {"distance_km": 8.0, "duration_min": 48.0, "late_s": 0} | asked
        options |= {"offset_min": 0} if ending == "fit" else {}
        late = dt.timedelta(seconds=options.pop("late_s"))
        start = dt.datetime.combine(MONDAY + dt.timedelta(days=day), dt.time(17), dt.UTC) + late
        data = made(start, step_s=60, seed=day, **options)
        (folder / f"{day}.{ending}").write_bytes(data)
    return folder


def test_the_sample_team_is_no_runner_and_each_of_them_is_one(tmp_path: Path) -> None:
    why = why_of(DATA / "sample_team")
    assert why == "ana.zip and dan.zip hold runs of different length at the same time on 15 days"
    for name in ("ana", "ben", "eva"):
        (tmp_path / name).mkdir()
        shutil.copy(DATA / "sample_team" / f"{name}.zip", tmp_path / name)
        assert why_of(tmp_path / name) == ""


def test_two_places_at_once_tell_two_runners(tmp_path: Path) -> None:
    write(tmp_path / "a", place=HERE)
    write(tmp_path / "b", place=ELSEWHERE, late_s=60)
    assert why_of(tmp_path) == "a and b were in two places at the same time, again and again"


def test_once_in_two_places_is_a_wrong_file_and_no_second_runner(tmp_path: Path) -> None:
    write(tmp_path / "a", place=HERE)
    write(tmp_path / "b", place=ELSEWHERE, days=range(1))
    assert why_of(tmp_path) == ""


def test_two_watches_and_a_phone_are_one_runner(tmp_path: Path) -> None:
    """A watch, an older one that measures more, a phone started late and with a weak battery."""
    write(tmp_path / "watch", place=HERE)
    write(tmp_path / "old watch", place=HERE, distance_km=8.5, late_s=20)
    phone = {"ending": "gpx", "place": HERE, "late_s": 240}
    write(tmp_path / "phone", distance_km=7.4, duration_min=44.0, **phone)
    write(tmp_path / "phone", distance_km=3.0, duration_min=18.0, days=range(2), **phone)
    assert why_of(tmp_path) == ""


def test_years_in_folders_and_an_old_export_beside_the_new_are_one_runner(tmp_path: Path) -> None:
    write(tmp_path / "2025", days=range(-370, -360))
    write(tmp_path / "2026")
    shutil.copytree(tmp_path / "2026", tmp_path / "old export")
    assert why_of(tmp_path) == ""


def test_a_diary_or_settings_of_their_own_tell_runners(tmp_path: Path) -> None:
    for name, days in (("ana", range(8)), ("ben", range(20, 28))):
        write(tmp_path / name, days=days)
    (tmp_path / "ana" / "diary.csv").write_text("date,pain\n2026-08-04,2\n", encoding="utf-8")
    assert why_of(tmp_path) == ""
    (tmp_path / "ben" / "athlete.toml").write_text('units = "mi"\n', encoding="utf-8")
    assert why_of(tmp_path) == "ana, ben each have a diary.csv or athlete.toml of their own"


@pytest.mark.parametrize("packed", [False, True], ids=["folders", "zips"])
def test_two_accounts_of_a_platform_tell_runners_and_of_two_platforms_do_not(
    tmp_path: Path, *, packed: bool
) -> None:
    for name, number, days in (("a", "101", range(8)), ("b", "202", range(20, 28))):
        write(tmp_path / name, days=days)
        text = f"Athlete ID,Email Address\n{number},x@example.org\n"
        (tmp_path / name / "profile.csv").write_text(text, encoding="utf-8")
    garmin = write(tmp_path / "c", days=range(30, 38)) / "DI_CONNECT" / "DI-Connect-Fitness"
    garmin.mkdir(parents=True)
    (garmin / "cleo_0_summarizedActivities.json").write_text("[]", encoding="utf-8")
    if packed:
        for name in "abc":
            shutil.make_archive(str(tmp_path / name), "zip", tmp_path / name)
            shutil.rmtree(tmp_path / name)
    ending = ".zip" if packed else ""
    assert why_of(tmp_path) == f"a{ending}, b{ending} are exports of different Strava accounts"
    other = tmp_path / f"b{ending}"
    shutil.rmtree(other) if other.is_dir() else other.unlink()
    assert why_of(tmp_path) == ""


def test_a_broken_profile_is_no_account(tmp_path: Path) -> None:
    write(tmp_path / "a")
    (tmp_path / "a" / "profile.csv").write_bytes(b"\xff\xfe only one line")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as made:
        made.writestr("profile.csv", "Athlete ID\n")
    (tmp_path / "c.zip").write_bytes(b"PK not a zip")
    assert why_of(tmp_path) == ""


def test_the_command_asks_and_takes_the_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(DATA / "sample_team", tmp_path / "my team")
    for command in (["report", "-o", "r.html"], ["today"], ["ramp", "--resume", "2026-11-01"]):
        told = [*command[:1], "my team", "--as-of", "2026-10-11", "--no-cache", *command[1:]]
        assert main(told) == 2
        text = capsys.readouterr()
        assert text.out == ""
        assert "several runners: ana.zip and dan.zip hold runs of different length" in text.err
        assert "\n  loadmon cohort 'my team'\n" in text.err
        assert f"\n  loadmon {command[0]} 'my team' --one-runner\n" in text.err
        assert not (tmp_path / "r.html").exists()
    assert main(["weekly", "my team", "--as-of", "2026-10-11", "--one-runner"]) == 0
    assert main(["files", "my team"]) == 0  # what became of each file is no sum


@pytest.fixture
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a command reads, it reads from the cache of the histories."""
    monkeypatch.setenv("LOADMON_CACHE", str(common_cache()))


@pytest.mark.usefixtures("_read_once")
@pytest.mark.parametrize("name", HISTORIES)
def test_no_real_runner_is_taken_for_several(name: str) -> None:
    folder = corpus_folder() / "histories" / name
    assert several_runners(str(folder), history(name)) == ""


@pytest.mark.usefixtures("_read_once")
def test_four_real_runners_in_one_folder_are_several() -> None:
    folder = corpus_folder() / "histories"
    every = loadmon.read(folder, now=NOW)
    assert "at the same time" in several_runners(str(folder), every)
    for one in ("bulk_constructed", "singles"):  # one made-up runner; single files of anybody
        assert several_runners(str(folder.parent / one), loadmon.read(folder.parent / one)) == ""
