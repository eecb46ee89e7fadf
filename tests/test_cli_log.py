"""`loadmon log` as a newcomer runs it: what it says, where it writes, what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadmon.cli.main import main
from loadmon.diary import add_entry, load_diary
from loadmon.errors import SettingError


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder of an export, and a config folder that is not the machine's."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def log(*words: str) -> int:
    """Run the command; most of these tests log beside the folder they stand in."""
    try:
        return main(["log", *words])
    except SystemExit as stopped:  # argparse leaves this way
        return int(str(stopped.code))


def test_everything_that_is_said_stands_in_one_line(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = "--date 2026-10-11 --pain 2 --site back --when next-morning --rpe 6 --strength plank"
    assert log(".", *words.split(), "--note", "after the hill") == 0
    (entry,) = load_diary(here / "diary.csv").to_dict("records")
    assert (entry["pain"], entry["rpe"]) == (2, 6)
    assert (entry["site"], entry["when"], entry["strength"]) == ("back", "next-morning", "plank")
    told = capsys.readouterr()
    assert told.out.splitlines()[0].startswith("Logged for 2026-10-11: when next-morning, pain 2")
    assert told.out.splitlines()[1] == "in diary.csv"
    assert told.err == ""


def test_the_diary_lies_beside_the_archive_and_nowhere_else(here: Path) -> None:
    other = here.parent / "other"
    other.mkdir()
    (other / "export.zip").write_bytes(b"")
    (here / "athlete.toml").write_text("")
    assert log(str(other / "export.zip"), "--note", "c") == 0
    assert log(str(other), "--note", "d") == 0
    assert log(str(other), str(other / "export.zip"), "--note", "e") == 0
    assert load_diary(other / "diary.csv")["note"].tolist() == ["c", "d", "e"]
    assert list(here.parent.rglob("diary.csv")) == [other / "diary.csv"]


@pytest.mark.parametrize("settings", ["here", "config", "none"])
def test_without_an_archive_nothing_is_logged_and_the_command_to_type_is_told(
    here: Path, capsys: pytest.CaptureFixture[str], settings: str
) -> None:
    config = here.parent / "config" / "loadmon"
    config.mkdir(parents=True)
    for folder in {"here": [here], "config": [config], "none": []}[settings]:
        (folder / "athlete.toml").write_text("")
        (folder / "diary.csv").write_text("date,note\n2026-10-01,a\n")
    before = {path: path.read_bytes() for path in here.parent.rglob("diary.csv")}
    assert log("--pain", "7", "--site", "left knee", "--date", "2026-10-11") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "loadmon log PATH --date 2026-10-11 --pain 7 --site 'left knee'" in err
    assert {path: path.read_bytes() for path in here.parent.rglob("diary.csv")} == before


def test_an_entry_is_about_one_archive(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("ann", "bob"):
        (here / name).mkdir()
    assert log("ann", "bob", "--pain", "2") == 2
    assert "an entry is about one archive" in capsys.readouterr().err
    assert not list(here.rglob("diary.csv"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "nothing to log"),
        ("--site back", "--site belongs to a pain: add --pain"),
        ("--when after", "--when belongs to a pain: add --pain"),
        ("--pain eleven", "pain 'eleven': a number from 0 to 10"),
        ("--pain 11", "0 to 10"),
        ("--rpe -1", "0 to 10"),
        ("--pain 2 --when later", "next-morning"),
        ("--date 11.10.2026 --pain 2", "did you mean 2026-10-11"),
        ("--date 2999-01-01 --pain 2", "is in the future"),
        ("nowhere.zip --pain 2", "there is no such file or folder"),
        ("--pane 2", "--pane"),
    ],
)
def test_what_is_wrong_is_refused_with_what_to_write(
    here: Path, capsys: pytest.CaptureFixture[str], words: str, told: str
) -> None:
    assert log(*words.split(), *([] if "nowhere" in words else ["."])) == 2
    assert told in capsys.readouterr().err
    assert not list(here.parent.rglob("diary.csv"))


def test_a_pain_over_the_limit_brings_the_stop_text(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log(".", "--pain", "5")
    assert "STOP" not in capsys.readouterr().err
    log(".", "--pain", "6")
    assert capsys.readouterr().err.startswith("STOP: pain over 5")


def test_an_exercise_that_is_not_known_is_taken_and_told(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert log(".", "--strength", "plank,juggling") == 0
    assert capsys.readouterr().err.startswith("juggling: not an exercise that loadmon knows")
    assert log(".", "--strength", "yes") == 0
    assert log(".", "--strength", "single-leg deadlift,bird_dog") == 0
    assert capsys.readouterr().err == ""


def test_a_cut_line_that_was_mended_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "diary.csv").write_text("date,note\n2026-10-01,a\n2026-1")
    assert log(".", "--note", "b") == 0
    assert "'2026-1'" in capsys.readouterr().err
    assert load_diary(here / "diary.csv")["note"].tolist() == ["a", "b"]


def test_words_are_logged_as_they_were_meant_where_the_locale_knows_ascii_alone(
    here: Path,
) -> None:
    def read_as_ascii(word: str) -> str:
        return word.encode().decode("ascii", "surrogateescape")

    assert log(".", "--pain", "2", "--site", read_as_ascii("ankle, außen"), "--note", "a") == 0
    assert log(".", "--note", read_as_ascii("Zürich")) == 0
    diary = load_diary(here / "diary.csv")
    assert diary["site"].tolist() == ["ankle, außen", ""]
    assert diary["note"].tolist() == ["a", "Zürich"]


def test_words_that_are_no_text_are_refused_and_leave_no_diary(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert log(".", "--note", "b\udcffad") == 2
    assert "is not text" in capsys.readouterr().err
    with pytest.raises(SettingError, match="is not text"):
        add_entry(here / "diary.csv", {"date": "2026-10-11", "note": "b\udcffad"})
    assert not list(here.rglob("diary.csv"))


def test_a_site_that_is_not_understood_is_refused_with_the_nearest_name(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert log(".", "--pain", "2", "--site", "navicualr") == 2
    told = capsys.readouterr().err
    assert "--site" in told
    assert "did you mean navicular?" in told
    assert not (here / "diary.csv").exists()
    assert log(".", "--pain", "2", "--site", "navicular") == 0
