"""A pain belongs to one runner: no diary but the one beside the archive is read or written."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from writers import run_fit

import loadmon
from loadmon.cli.main import main

pytestmark = pytest.mark.usefixtures("quick_commands", "in_this_process")

ROOT = Path(__file__).parent.parent
DIARY = "date,when,pain,site\n2026-03-15,during,9,shin\n"
RUN: dict[str, Any] = {"offset_min": 60, "distance_km": 5.0, "duration_min": 30, "step_s": 20}
AS_OF = ["--as-of", "2026-03-16"]


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Config folder of the test, in which an earlier version has left a diary for everybody."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "config" / "loadmon"
    folder.mkdir(parents=True)
    (folder / "diary.csv").write_text(DIARY)
    (folder / "athlete.toml").write_text('home_zone = "Europe/Berlin"\n')
    return folder


@pytest.fixture
def ann(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Archive of one runner, beside which there is no diary."""
    folder = tmp_path / "ann"
    folder.mkdir()
    for n in range(15):
        start = datetime(2026, 3, 1, 7, tzinfo=UTC) + timedelta(days=n)
        (folder / f"{n}.fit").write_bytes(run_fit(start, seed=n, **RUN))
    monkeypatch.chdir(tmp_path)
    return folder


def symptoms(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[str, str]:
    """Verdict of the check of symptoms, and what stands on stderr."""
    assert main(["check", *argv, *AS_OF, "--format", "json"]) == 0
    out, err = capsys.readouterr()
    found = {f["check"]: f["verdict"] for f in json.loads(out)["findings"]}
    return found["symptoms"], err


def test_the_diary_of_everybody_is_not_read_and_told_once(
    ann: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verdict, err = symptoms(capsys, "ann")
    assert verdict == "not_set_up"
    assert err.count(str(config / "diary.csv")) == 1
    assert "not used" in err
    (ann / "diary.csv").write_text(DIARY)
    assert symptoms(capsys, "ann")[0] == "flagged"
    assert (config / "diary.csv").read_text() == DIARY


@pytest.mark.parametrize("command", ["report", "today", "weekly", "lookback", "files", "init"])
def test_no_command_hears_of_the_pain_of_somebody_else(
    ann: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "ann", *([] if command in ("files", "init") else AS_OF)]) == 0
    out, err = capsys.readouterr()
    assert "shin" not in out
    assert "PAIN" not in out
    assert err.count("not used") == 1


def test_settings_in_the_config_folder_hold_where_the_archive_has_none(
    ann: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def zone_source() -> set[str]:
        argv = ["activities", "ann", *AS_OF, "--format", "json"]
        assert main(argv) == 0
        return {row["tz_source"] for row in json.loads(capsys.readouterr().out)}

    for file in ann.iterdir():
        file.unlink()
    (ann / "a.fit").write_bytes(
        run_fit(datetime(2026, 3, 1, 7, tzinfo=UTC), **{**RUN, "offset_min": None})
    )
    (config / "athlete.toml").write_text('home_zone = "Asia/Tokyo"\n')
    assert zone_source() == {"home"}
    (ann / "athlete.toml").write_text('units = "mi"\n')  # the archive's own, all of them
    assert zone_source() != {"home"}


def test_settings_elsewhere_bring_no_diary_with_them(
    ann: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bob = tmp_path / "bob"
    bob.mkdir()
    (bob / "athlete.toml").write_text('home_zone = "Europe/Berlin"\n')
    (bob / "diary.csv").write_text(DIARY)
    for given in ("bob/athlete.toml", "bob"):
        verdict, err = symptoms(capsys, "ann", "--athlete", given)
        assert verdict == "not_set_up"
        assert f"{bob / 'diary.csv'}: not used" in err
    assert main(["cohort", "ann", "bob", "--athlete", "bob/athlete.toml", *AS_OF]) == 0
    assert "shin" not in capsys.readouterr().out


def test_the_diary_of_the_settings_for_all_is_nobodys_in_a_team(ann: Path, config: Path) -> None:
    settings = loadmon.load_athlete(config)
    assert len(settings.diary) == 1
    team = loadmon.cohort([ann], athlete=settings, as_of="2026-03-16", cache=False)
    found = team.findings.set_index("check")["verdict"]
    assert found["symptoms"] == "not_set_up"


def test_archives_in_several_places_bring_the_diary_of_each(
    ann: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = tmp_path / "phone"
    phone.mkdir()
    start = datetime(2026, 3, 16, 7, tzinfo=UTC)
    (phone / "a.fit").write_bytes(run_fit(start, seed=99, **RUN))
    (ann / "diary.csv").write_text("date,note\n2026-03-01,a\n")
    (phone / "diary.csv").write_text(DIARY)
    for paths in (["ann", "phone"], ["phone", "ann", str(ann)]):
        assert symptoms(capsys, *paths)[0] == "flagged"


def test_a_diary_that_cannot_be_read_is_an_error_and_not_no_pain(
    ann: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (ann / "diary.csv").mkdir()
    assert main(["check", "ann", *AS_OF]) == 2
    assert "diary.csv: cannot be read" in capsys.readouterr().err


@pytest.mark.source
def test_every_command_that_logs_names_the_archive() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "loadmon").rglob("*.py")]
    pages += [*(ROOT / "loadmon").rglob("*.j2"), *(ROOT / "notebooks").glob("*.ipynb")]
    found = [
        (page.name, named)
        for page in pages
        for named in re.findall(r"loadmon log[ \n]([^ \n`]*)", page.read_text(encoding="utf-8"))
    ]
    assert len(found) > 8
    wrong = [(page, named) for page, named in found if named.startswith("-")]
    assert wrong == []


def test_what_a_report_says_to_type_can_be_typed(
    ann: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "ann", *AS_OF]) == 0
    page = Path("report.html").read_text(encoding="utf-8")
    for text in (capsys.readouterr().out, page):
        assert "loadmon log ann " in text
        assert " PATH" not in text
    assert main(["check", "ann", *AS_OF]) == 0
    assert " PATH" not in capsys.readouterr().out


def zipped(place: Path, days: int) -> None:
    with zipfile.ZipFile(place, "w") as archive:
        for n in range(days):
            start = datetime(2026, 3, 1, 7, tzinfo=UTC) + timedelta(days=n)
            archive.writestr(f"{n}.fit", run_fit(start, seed=n, **RUN))


def test_a_diary_beside_the_zips_of_several_runners_is_said_to_speak_for_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "team").mkdir()
    for name, days in (("ana", 14), ("ben", 15)):
        zipped(tmp_path / "team" / f"{name}.zip", days)
    assert main(["log", "team/ana.zip", "--pain", "8", "--site", "knee"]) == 0
    assert "diary.csv counts for ben.zip as well" in capsys.readouterr().err
    _, err = symptoms(capsys, "team/ben.zip")
    assert "diary.csv counts for ana.zip as well. If that is another runner's, give each" in err
    _, err = symptoms(capsys, "team/ana.zip", "team/ben.zip")
    assert "counts for" not in err
    assert main(["cohort", "team", *AS_OF]) == 0
    out, err = capsys.readouterr()
    assert f"{tmp_path / 'team' / 'diary.csv'}: not used" in err
    assert "knee" not in out


def test_a_diary_that_was_made_and_not_yet_written_to_is_an_empty_one(
    ann: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (ann / "diary.csv").write_bytes(b"")
    assert symptoms(capsys, "ann")[0] == "not_set_up"
    assert main(["log", "ann", "--pain", "9", "--site", "shin", "--date", "2026-03-15"]) == 0
    capsys.readouterr()
    assert symptoms(capsys, "ann")[0] == "flagged"
