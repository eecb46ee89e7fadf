"""Damaged settings, diaries and logs of flags: refused in our words, or taken and usable.

Seeded and small here; ``LOADMON_MUTANTS=2000 pytest tests/test_settings_fuzz.py`` asks for more.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mutate
import pandas as pd
import pytest
from writers import run_fit

import loadmon
from loadmon.diary import FLAG_LOG_COLUMNS, load_diary, load_flag_log
from loadmon.errors import LoadmonError
from loadmon.io.read import read
from loadmon.settings import KEYS, load_athlete

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
MUTANTS = int(os.environ.get("LOADMON_MUTANTS", "30"))
#: A message repeats what was typed, but never all of a file. [characters]
LONGEST_MESSAGE = 2000

SETTINGS = """units = "mi"
home_zone = "Europe/Berlin"
unknown_days = [2026-03-14, 2026-03-15]
birth_year = 1980
sex = "f"
resting_hr_bpm = 48
max_hr_bpm = 186
threshold_hr_bpm = 171.5
vt1_hr_bpm = 140
vt2_hr_bpm = 165
hr_zones_bpm = [120, 140, 155, 170]
threshold_pace = "7:30"
pace_zones = ["9:40", "8:30", "7:30"]
threshold_power_w = 250
mass_kg = 61.5
height_m = 1.7
strength_per_week = 2
unknown_sport = "running"
same = [["a.fit", "b.fit"]]
different = [["a.fit", "c.fit"]]

[dates]
"a.fit" = 2026-03-04
"b.fit" = true

[limits.session-spike]
moderate = 1.2

[[shoes]]
name = "Blue"
from = 2026-03-01
sports = ["running"]
retire_km = 700
"""
DIARY = """date,when,pain,site,rpe,strength,break,note
2026-03-02,during,2,back,6,"plank,bridge",,"long, run"
2026-03-03,next-morning,1,back,,,,
2026-03-04,,,,7,yes,dismiss,
2026-03-05,after,0,"the ""old"" knee",3,,flu,
"""
FLAGS = (
    ",".join(FLAG_LOG_COLUMNS)
    + "\n"
    + "".join(
        f'2026-03-0{n},2026-03-09,0.1,session-spike,2026-03-0{n},yellow,1.2,1.1,,"far, far",B\n'
        for n in range(2, 6)
    )
)
VALUES = (
    *("nan", "inf", "-inf", "-1", "0", "true", '"x"', '""', "[]", "{}", "[[]]", "1e400", "1e308"),
    *("9" * 30, "9" * 400, "5e-324", "2026-03-14", "2026-03-14T00:00:00Z", "0001-01-01"),
    *("9999-12-31", "07:30:00", r'"\u0000"', '"5:00"', '"١:٠٠"', '"0:00"', '"999:59"'),
    *('["a"]', '[1, "a"]', "[1]", "[nan]", "[[1, 2]]", '[["a"]]', '[["a", "a"]]', "{a = 1}"),
    *('"../../x"', '"Europe/../Berlin"', '"/etc/passwd"', '"mi"', '"m"', f'"{"a" * 5000}"'),
)
CELLS = (
    *("", "nan", "inf", "-1", "11", "1e1", "0x5", "５", '"a""b"', "=1+1", "2026-03-04", " 2 "),
    *("0001-01-01", "9999-12-31", "20260304", "2026-W10-1", "2026-03-04T10:00", "during"),
    *("DURING", '"', '"\n"', "\0", ",", ";", "dismiss", "10", "a" * 3000, "pain", "date", "X"),
)
_DIGIT = re.compile(rb"\d")
_VALUE, _CELL = re.compile(rb"(?<= = ).+"), re.compile(rb"(?:^|(?<=[,\n]))[^,\n]*")


def damaged(rng: random.Random, data: bytes, place: re.Pattern[bytes], new: Any) -> bytes:
    """Damage data in one or a few ways; mostly a value becomes another."""
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        is_slip = rng.random() < 0.4  # of the pen: one digit is another
        found = list(_DIGIT.finditer(data) if is_slip else place.finditer(data))
        if found and rng.random() < 0.8:
            at, other = rng.choice(found), str(rng.randrange(10)) if is_slip else rng.choice(new)
            data = data[: at.start()] + other.encode() + data[at.end() :]
        elif data:
            data = rng.choice(mutate.ANY)(rng, data)
    return data


def use(folder: Path) -> None:
    """Read recordings by the settings, and judge them."""
    archive = read(folder, now=NOW, cache=False, athlete=load_athlete(folder))
    loadmon.weekly_load(archive.activities)
    loadmon.check(archive, as_of=dt.date(2026, 3, 6))


Read = Callable[[Path], object]
FILES: dict[str, tuple[str, re.Pattern[bytes], tuple[str, ...], Read]] = {
    "athlete.toml": (SETTINGS, _VALUE, VALUES, lambda path: load_athlete(path.parent)),
    "diary.csv": (DIARY, _CELL, CELLS, load_diary),
    "flags.csv": (FLAGS, _CELL, CELLS, load_flag_log),
}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    for n, name in enumerate("abc"):
        run = run_fit(
            START + dt.timedelta(days=n), offset_min=60 if n else None, distance_km=2,
            duration_min=12, step_s=60, seed=n,
        )  # fmt: skip
        (tmp_path / f"{name}.fit").write_bytes(run)
    for name, (text, *_) in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_sound_files_are_taken_and_have_every_key(folder: Path) -> None:
    assert set(re.findall(r"^\[*(\w+)", SETTINGS, re.MULTILINE)) >= KEYS.keys() - {"name"}
    assert len(load_diary(folder / "diary.csv")) == len(load_flag_log(folder / "flags.csv")) == 4
    use(folder)


@pytest.mark.parametrize("name", FILES)
def test_damage_is_refused_in_our_words_or_what_is_taken_can_be_used(
    folder: Path, name: str
) -> None:
    text, place, new, load = FILES[name]
    outcomes = set()
    for n in range(MUTANTS):
        data = damaged(random.Random(f"{name}-{n}"), text.encode(), place, new)
        (folder / name).write_bytes(data)
        begun, said = time.process_time(), ""
        try:
            load(folder / name)
            if name != "flags.csv":
                use(folder)
        except LoadmonError as error:
            said = str(error)
        assert name in said or not said, data
        assert len(said) < LONGEST_MESSAGE, data
        assert time.process_time() - begun < 5, data
        outcomes.add("refused" if said else "taken")
    assert outcomes == {"taken", "refused"}


def test_a_day_is_a_day_however_the_calendar_writes_it(folder: Path) -> None:
    log = folder / "flags.csv"
    log.write_text(FLAGS.replace("2026-03-02", "2026-W10-1"), encoding="utf-8")
    assert load_flag_log(log)["date"].tolist()[0] == pd.Timestamp(2026, 3, 2)


@pytest.mark.parametrize("name", ["diary.csv", "flags.csv"])
@pytest.mark.parametrize("column", range(6))
def test_a_message_repeats_no_more_than_the_beginning_of_a_cell(
    folder: Path, name: str, column: int
) -> None:
    head, first, *rest = FILES[name][0].splitlines()
    cells = first.replace('"plank,bridge"', "yes").split(",")
    cells[column] = "0" * 5000 + "x"
    (folder / name).write_text("\n".join([head, ",".join(cells), *rest]), encoding="utf-8")
    said = ""
    try:
        FILES[name][3](folder / name)
    except LoadmonError as error:
        said = str(error)
    assert len(said) < 300
