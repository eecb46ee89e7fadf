"""The first athlete.toml: every line a comment, every comment a line that loadmon understands."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest
from made_pages import page_of
from writers import activity_messages, run_fit, write_fit

from loadmon.cli.init import settings_text
from loadmon.cli.main import main
from loadmon.io.archive import Archive
from loadmon.io.read import read
from loadmon.io.tables import gear_frame
from loadmon.settings import KEYS, load_athlete

pytestmark = pytest.mark.usefixtures("quick_commands")

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
PROFILE = ("user_profile", {"gender": "female", "weight": 61.5, "resting_heart_rate": 48})
ZONES = ("zones_target", {"max_heart_rate": 187, "threshold_heart_rate": 171})


def folder(path: Path) -> Path:
    messages: list[Any] = activity_messages(
        START, offset_min=60, distance_km=2, duration_min=12, heart_rate=160
    )
    (path / "a.fit").write_bytes(write_fit([*messages[:1], PROFILE, ZONES, *messages[1:]]))
    (path / "b.fit").write_bytes(
        run_fit(START + dt.timedelta(days=1), offset_min=None, distance_km=2, duration_min=12)
    )
    return path


def archive(path: Path) -> Archive:
    return read(folder(path), now=NOW, cache=False)


def uncommented(text: str) -> str:
    """Take away the ``# `` in front of every key and table."""
    lines = []
    for line in text.splitlines():
        bare = line.removeprefix("# ")
        is_table = bare.startswith("[") and line != bare
        is_key = " = " in bare and bare.split(" = ")[0].isidentifier()
        lines.append(bare if is_table or is_key else line)
    return "\n".join(lines)


def test_as_it_is_written_it_says_nothing(tmp_path: Path) -> None:
    assert tomllib.loads(settings_text(archive(tmp_path))) == {}


def test_every_key_there_is_stands_in_it_and_is_understood(tmp_path: Path) -> None:
    text = uncommented(settings_text(archive(tmp_path)))
    assert set(tomllib.loads(text)) == set(KEYS)
    (tmp_path / "athlete.toml").write_text(text, encoding="utf-8")
    athlete = load_athlete(tmp_path / "athlete.toml")
    assert (athlete.sex, athlete.mass_kg, athlete.resting_hr_bpm) == ("f", 61.5, 48)
    assert (athlete.max_hr_bpm, athlete.threshold_hr_bpm) == (187, 171)
    assert athlete.unknown_days == (dt.date(2026, 3, 14),)
    assert [shoe.name for shoe in athlete.shoes] == ["Everyday shoes"]


def test_it_says_which_values_are_from_the_files_and_which_are_examples(tmp_path: Path) -> None:
    text = settings_text(archive(tmp_path))
    assert "# Your files say so (last on 2026-03-02):\n# mass_kg = 61.5" in text
    assert "# Not in your files; this is an example:\n# vt2_hr_bpm = 165" in text
    assert "without their local time: 1 of your 2. Others lie at +1 h from UTC." in text


def test_the_largest_heart_rate_that_was_held_is_told_beside_that_of_the_watch(
    tmp_path: Path,
) -> None:
    found = archive(tmp_path)
    highest = max(
        float(found.records(i)["heart_rate_bpm"].iloc[:-1].max())
        for i in found.activities["activity_id"]
    )
    assert f"hold for 10 s is {highest:.0f}, on 2026-03-0" in settings_text(found)


def test_shoes_of_an_export_s_list_are_named_whatever_they_are_called(tmp_path: Path) -> None:
    from dataclasses import replace

    names = ['Racer "9"', "C:\\fast", 'Racer "9"']
    gear = gear_frame([]).reindex(range(3))
    gear["gear"] = names
    text = uncommented(settings_text(replace(archive(tmp_path), gear=gear.astype("str"))))
    assert [s["name"] for s in tomllib.loads(text)["shoes"]] == names[:2]


def test_init_writes_it_beside_the_archive_and_never_overwrites_without_force(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = folder(tmp_path) / "athlete.toml"
    assert main(["init", str(tmp_path)]) == 0
    told = capsys.readouterr()
    assert f"{place} written" in told.out
    assert "Settings in force: sex f" in told.err
    assert "Not known: vt1_hr_bpm" in told.err
    place.write_text("sex = 'm'\n", encoding="utf-8")
    assert main(["init", str(tmp_path)]) == 2
    assert "-o, or overwrite it with --force" in capsys.readouterr().err
    assert place.read_text(encoding="utf-8") == "sex = 'm'\n"
    assert main(["init", str(tmp_path), "--force"]) == 0
    assert '# sex = "f"' in place.read_text(encoding="utf-8")


def test_init_takes_another_file_and_says_where_it_cannot_write(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder(tmp_path)
    other = tmp_path / "other.toml"
    assert main(["init", str(tmp_path), "-o", str(other)]) == 0
    assert other.exists()
    assert not (tmp_path / "athlete.toml").exists()
    assert main(["init", str(tmp_path), "-o", str(tmp_path / "no" / "a.toml")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_weekly_tells_what_a_load_rests_on_and_falls_back_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder(tmp_path)
    (tmp_path / "c.fit").write_bytes(
        run_fit(START + dt.timedelta(days=3), offset_min=60, distance_km=2, duration_min=12,
                heart_rate=None)
    )  # fmt: skip
    assert main(["weekly", str(tmp_path), "--load", "trimp", "--as-of", "2026-03-05"]) == 0
    told = capsys.readouterr()
    assert "load" in told.out.splitlines()[0]
    assert "TRIMP (Banister) is not known for 1 of 3 runs in the 28 days to Thu 5 Mar" in told.err
    assert "(Thu 5 Mar: no heart rate). All of it is given as duration instead: 36 min" in told.err
    assert "Settings in force: sex f; resting_hr_bpm 48; max_hr_bpm 187 (from your" in told.err
    assert main(["weekly", str(tmp_path), "--as-of", "2026-03-05"]) == 0
    told = capsys.readouterr()
    assert "Settings" not in told.err
    assert " load" not in told.out.splitlines()[0]
    assert main(["weekly", str(tmp_path), "--load", "trump"]) == 2
    assert "no load 'trump'" in capsys.readouterr().err


def test_the_report_names_the_settings_in_force(tmp_path: Path) -> None:
    from loadmon.cli.report import report_data
    from loadmon.report.overview import overview

    told = overview(archive(tmp_path), title="made", as_of="2026-03-04")
    assert "Settings in force: sex f; resting_hr_bpm 48; max_hr_bpm 187;" in page_of(told)
    rows = {row["setting"]: row for row in report_data(told)["settings"]}
    assert (rows["max_hr_bpm"]["value"], rows["max_hr_bpm"]["source"]) == ("187", "file")
