"""What is read from athlete.toml, and how a mistake in it is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from loadmon.athlete.profile import Athlete, load_athlete
from loadmon.errors import SettingError


def written(folder: Path, text: str) -> Path:
    path = folder / "athlete.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_home_zone_and_unknown_days_are_read(tmp_path: Path) -> None:
    text = 'home_zone = "Europe/Berlin"\nunknown_days = [2026-10-11, 2026-10-12]\n'
    athlete = load_athlete(written(tmp_path, text))
    days = (date(2026, 10, 11), date(2026, 10, 12))
    assert athlete == Athlete(home_zone="Europe/Berlin", unknown_days=days)


def test_everything_is_optional(tmp_path: Path) -> None:
    assert load_athlete(str(written(tmp_path, ""))) == Athlete()
    assert (Athlete().home_zone, Athlete().unknown_days) == ("", ())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('home_zon = "UTC"', "did you mean home_zone"),
        ("weight = 70", "known are home_zone, unknown_days"),
        ('home_zone = "Berlin"', "'Berlin' is no time zone"),
        ('home_zone = "../../etc/passwd"', "no time zone"),
        ("home_zone = 2", "home_zone must be a text"),
        ('unknown_days = "2026-10-11"', "list of days"),
        ('unknown_days = ["2026-10-11"]', "list of days"),
        ("unknown_days = [2026-10-11T08:00:00]", "list of days"),
        ("unknown_days = 2026-10-11", "list of days"),
        ("home_zone = ", "athlete.toml"),
    ],
)
def test_a_mistake_is_named_with_what_to_write(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingError, match=told):
        load_athlete(written(tmp_path, text))


def test_a_file_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"none\.toml"):
        load_athlete(tmp_path / "none.toml")
    (tmp_path / "athlete.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingError, match=r"athlete\.toml"):
        load_athlete(tmp_path / "athlete.toml")


def test_a_zone_is_checked_without_a_file_too() -> None:
    with pytest.raises(SettingError, match="write one like Europe/Berlin"):
        Athlete(home_zone="Mars/Olympus")
