"""What a command told is told again only while nothing that it rests on has changed."""

from __future__ import annotations

import datetime as dt
import functools
import os
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from writers import run_fit

from loadmon.cli import kept, screen
from loadmon.cli import main as cli
from loadmon.io import cache as stamps
from loadmon.io.cache import NAME

START = dt.datetime(2026, 1, 5, 7, 30, tzinfo=dt.UTC)
LAST_DAY = ("--as-of", "2026-02-15")
SAMPLE = str(Path(__file__).parent.parent / "data" / "sample_export.zip")


@functools.cache
def run_on(day: int, km: float = 6.0) -> bytes:
    start = START + dt.timedelta(days=day)
    return run_fit(start, offset_min=60, distance_km=km, duration_min=36, step_s=30, seed=day)


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of runs on which stamps count at once, and no settings of the machine."""
    monkeypatch.setattr(stamps, "STABLE_NS", 0)
    monkeypatch.setattr(kept, "STABLE_NS", 0)
    monkeypatch.setattr(screen._Listener, "told", None)
    monkeypatch.setattr(sys, "warnoptions", [])  # such as those of the tests themselves
    for name, folder in (("HOME", "home"), ("XDG_CONFIG_HOME", "config")):
        monkeypatch.setenv(name, str(tmp_path / folder))
    folder = tmp_path / "export"
    (folder / "deeper").mkdir(parents=True)
    (tmp_path / "config" / "loadmon").mkdir(parents=True)
    for day in range(4, 42, 6):
        (folder / f"{day:02d}.fit").write_bytes(run_on(day))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def ask(
    export: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[bool, int, str, str]]:
    """Type words; whether the command ran, its exit code, and what was printed."""
    ran: list[object] = []
    whole = cli.main

    def main(*asked: Any) -> int:
        ran.append(asked)
        return whole(*asked)

    monkeypatch.setattr(cli, "main", main)

    def asking(*words: str) -> tuple[bool, int, str, str]:
        ran.clear()
        code = kept.run(words)
        return (bool(ran), code, *capsys.readouterr())

    return asking


WEEKLY = ("weekly", "export", *LAST_DAY)


@pytest.mark.parametrize("form", ["table", "csv", "json"])
@pytest.mark.parametrize("command", kept.COMMANDS)
def test_what_is_told_again_is_what_was_told(
    command: str, form: str, ask: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    words = (command, "export", *LAST_DAY, "--format", form)
    ran, *first = ask(*words)
    ran_again, *again = ask(*words)
    assert (ran, ran_again) == (True, False)
    code = cli.main([*words, "--no-cache"])
    assert first == again
    assert code == again[0]
    texts = [text.replace(" --no-cache", "") for text in capsys.readouterr()]
    # where lines are broken depends on the words that were typed
    assert [text.split() for text in texts] == [text.split() for text in again[1:]]
    assert again[1]


def test_exit_codes_and_messages_are_told_again(ask: Callable[..., Any], export: Path) -> None:
    (export / "40.fit").write_bytes(run_on(40, km=21))
    words = ("check", "export", "--as-of", "2026-03-15", "--exit-code")
    first, again = ask(*words), ask(*words)
    assert again == (False, *first[1:])
    assert again[1] in (3, 4)
    assert "without a recording" in again[3]


REPORT = ("report", "export", *LAST_DAY, "-o", "page.html")


def test_a_report_is_told_again_while_its_page_is_the_one_that_it_wrote(
    ask: Callable[..., Any], tmp_path: Path
) -> None:
    first, page = ask(*REPORT), tmp_path / "page.html"
    written = page.read_bytes()
    assert b"coming-back" in written
    assert ask(*REPORT) == (False, *first[1:])
    changes: list[Callable[[], object]] = [
        page.unlink,
        lambda: page.write_bytes(written[:-1]),
        lambda: page.write_bytes(written.replace(b"6.0", b"9.0")),
        lambda: (page.unlink(), page.symlink_to(os.devnull)),
    ]
    for change in changes:
        change()
        assert page.is_symlink() or not page.exists() or page.read_bytes() != written
        assert ask(*REPORT) == first if not page.is_symlink() else ask(*REPORT)[0]
        assert ask(*REPORT)[0] is page.is_symlink()
    page.unlink()
    assert ask(*REPORT) == first
    assert page.read_bytes() == written
    os.utime(page, (0, 0))  # when it was written is told nowhere
    assert not ask(*REPORT)[0]


def test_another_run_makes_another_page(
    ask: Callable[..., Any], export: Path, tmp_path: Path
) -> None:
    ask(*REPORT)
    before = (tmp_path / "page.html").read_bytes()
    (export / "41.fit").write_bytes(run_on(41, km=12))
    assert ask(*REPORT)[0]
    assert (tmp_path / "page.html").read_bytes() != before
    assert not ask(*REPORT)[0]


# --- each thing that an answer rests on -----------------------------------------------------------


def same_size_and_time(export: Path) -> None:
    path = export / "40.fit"
    status = path.stat()
    path.write_bytes(run_on(40, km=9.0))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size


#: Changes that change what is told.
SEEN: dict[str, Callable[[Path], object]] = {
    "other contents of the same size and time": same_size_and_time,
    "a new file in a folder below": lambda e: (e / "deeper" / "x.fit").write_bytes(run_on(41)),
    "a file less": lambda e: (e / "40.fit").unlink(),
    "settings beside the recordings": lambda e: (e / "athlete.toml").write_text('units = "mi"'),
    "settings of the machine": lambda e: (
        e.parent / "config" / "loadmon" / "athlete.toml"
    ).write_text('units = "mi"'),
    "a diary of the machine": lambda e: (e.parent / "config" / "loadmon" / "diary.csv").write_text(
        "date,pain\n2026-02-14,6\n"
    ),
}
#: Changes after which the command has to look for itself.
MAY_BE_SEEN: dict[str, Callable[[Path], object]] = {
    "another name": lambda e: (e / "40.fit").rename(e / "z.fit"),
    "another time": lambda e: os.utime(e / "40.fit"),
    "a file that is no recording": lambda e: (e / "note.txt").write_text("note"),
    "a diary": lambda e: (e / "diary.csv").write_text("date,pain\n2026-02-14,6\n"),
    "a log of flags": lambda e: (e / "flags.csv").write_text("check,date\n"),
    "a hidden file": lambda e: (e / ".DS_Store").write_bytes(b"x"),
}


@pytest.mark.parametrize("change", SEEN)
def test_a_change_is_told(change: str, ask: Callable[..., Any], export: Path) -> None:
    before = ask(*WEEKLY)
    assert not ask(*WEEKLY)[0]
    SEEN[change](export)
    after = ask(*WEEKLY)
    assert after[0]
    assert after[1:] != before[1:]
    assert ask(*WEEKLY) == (False, *after[1:])


@pytest.mark.parametrize("change", MAY_BE_SEEN)
def test_a_change_is_looked_at(change: str, ask: Callable[..., Any], export: Path) -> None:
    ask(*WEEKLY)
    assert not ask(*WEEKLY)[0]
    MAY_BE_SEEN[change](export)
    assert ask(*WEEKLY)[0]


def test_an_edited_diary_and_edited_settings_are_told(
    ask: Callable[..., Any], export: Path, tmp_path: Path
) -> None:
    (export / "diary.csv").write_text("date,pain\n2026-02-14,1\n")
    own = tmp_path / "own.toml"
    own.write_text('units = "km"')
    words = ("check", "export", *LAST_DAY, "--athlete", str(own))
    ask(*words)
    kept_one = ask(*words)
    assert not kept_one[0]
    (export / "diary.csv").write_text("date,pain\n2026-02-14,7\n")
    hurt = ask(*words)
    assert hurt[0]
    assert hurt[2] != kept_one[2]
    own.write_text('units = "mi"')
    assert ask(*words)[2] not in (hurt[2], kept_one[2])
    assert ask(*words)[0] is False


@pytest.mark.parametrize(
    "more",
    [
        *(["--as-of", "2026-02-01"], ["--format", "csv"], ["--units", "mi"], ["--one-runner"]),
        *(["--rested"], ["--old-export"], ["--salvage"], ["--load", "duration_min"]),
        ["--no-cache"],
    ],
)
def test_every_word_that_is_typed_counts(more: list[str], ask: Callable[..., Any]) -> None:
    ask(*WEEKLY)
    assert not ask(*WEEKLY)[0]
    assert ask(*WEEKLY, *more)[0]
    assert not ask(*WEEKLY)[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("COLUMNS", "60"), ("NO_COLOR", "1"), ("TERM", "dumb"), ("LANG", "de_DE.UTF-8")),
        *(("LC_ALL", "C"), ("TZ", "Asia/Tokyo"), ("PYTHONIOENCODING", "ascii")),
        *(("XDG_CONFIG_HOME", "/elsewhere"), ("HOME", "/elsewhere"), ("PANDAS_X", "1")),
    ],
)
def test_variables_that_have_a_say_count(
    name: str, value: str, ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(*WEEKLY)
    assert not ask(*WEEKLY)[0]
    monkeypatch.setenv(name, value)
    assert ask(*WEEKLY)[0]


def test_the_day_counts(ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    ask(*WEEKLY)
    assert not ask(*WEEKLY)[0]
    monkeypatch.setattr(time, "strftime", lambda form, *_: f"the day after ({form})")
    assert ask(*WEEKLY)[0]


def test_a_clock_that_was_set_back_counts(
    ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(*WEEKLY)
    assert not ask(*WEEKLY)[0]
    monkeypatch.setattr(time, "time", lambda: START.timestamp())
    assert ask(*WEEKLY)[0]


def test_the_program_and_its_packages_count(
    ask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, packages, zones = tmp_path / "house", tmp_path / "packages", tmp_path / "tzdata.zi"
    for folder in (house / "deep", house / "__pycache__", packages):
        folder.mkdir(parents=True)
    (house / "deep" / "one.py").write_text("x = 1")
    monkeypatch.setattr(kept, "_HOUSE", str(house))
    monkeypatch.setattr(kept, "_ZONES", (str(zones),))
    monkeypatch.syspath_prepend(str(packages))
    ask(*WEEKLY)
    assert not ask(*WEEKLY)[0]
    (house / "__pycache__" / "one.pyc").write_bytes(b"1")
    assert not ask(*WEEKLY)[0]
    for change in (
        lambda: (house / "deep" / "one.py").write_text("x = 2"),
        lambda: (house / "two.py").touch(),
        lambda: (packages / "numpy-9.9.dist-info").mkdir(),
        lambda: zones.write_text("# version 2027a"),
        lambda: monkeypatch.setattr(sys, "version", "4.0"),
        lambda: monkeypatch.setattr(sys, "path", [*sys.path, "/more"]),
    ):
        change()
        assert ask(*WEEKLY)[0]
        assert not ask(*WEEKLY)[0]


def test_the_place_of_the_words_and_the_kind_of_output_count(
    ask: Callable[..., Any], export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other" / "export").mkdir(parents=True)
    (tmp_path / "other" / "export" / "one.fit").write_bytes(run_on(0))
    first = ask(*WEEKLY)
    monkeypatch.chdir(tmp_path / "other")
    assert ask(*WEEKLY)[2] != first[2]
    monkeypatch.chdir(tmp_path)
    assert not ask(*WEEKLY)[0]
    places = set()
    for encoding in ("utf-8", "ascii"):
        for is_terminal in (False, True):
            with monkeypatch.context() as patch:
                screen = SimpleNamespace(encoding=encoding, isatty=lambda seen=is_terminal: seen)
                patch.setattr(sys, "stdout", screen)
                places.add(tuple(kept._place()))
    assert len(places) == 4
    with monkeypatch.context() as patch:
        patch.setattr(os, "get_terminal_size", lambda _number: os.terminal_size((61, 24)))
        places.add(tuple(kept._place()))
        patch.setattr(os, "get_terminal_size", lambda _number: os.terminal_size((62, 24)))
        places.add(tuple(kept._place()))
    assert len(places) == 6


def test_a_zip_that_comes_beside_a_zip_counts(ask: Callable[..., Any], tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "own.zip", "w") as archive:
        archive.writestr("0.fit", run_on(0))
    (tmp_path / "diary.csv").write_text("date,pain\n2026-01-14,1\n")
    words = ("weekly", "own.zip", *LAST_DAY)
    ask(*words)
    assert not ask(*words)[0]
    (tmp_path / "other.zip").write_bytes((tmp_path / "own.zip").read_bytes())
    assert "other.zip" in ask(*words)[3]


# --- what is never kept ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("weekly", "export", "--no-cache"),
        ("weekly", "export", "--no-c"),  # argparse takes beginnings of words
        ("check", "export", "--record"),
        ("today", "--usual", "25", "--longest", "10", "--last-run", "2026-02-14"),
        ("weekly", "deeper"),  # an error
        ("report", "export", "-o", "page.html", "--no-cache"),
    ],
)
def test_some_answers_are_never_kept(words: tuple[str, ...], ask: Callable[..., Any]) -> None:
    assert ask(*words, *LAST_DAY)[0]
    assert ask(*words, *LAST_DAY)[0]


def test_a_young_file_is_not_believed(
    ask: Callable[..., Any], export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "STABLE_NS", 10**12)
    monkeypatch.setattr(kept, "_circumstances", lambda: "0" * 32)
    assert ask(*WEEKLY)[0]
    assert ask(*WEEKLY)[0]
    monkeypatch.setattr(kept, "STABLE_NS", 0)
    assert ask(*WEEKLY)[0]
    assert not ask(*WEEKLY)[0]


def test_a_young_program_is_not_believed(
    ask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "one.py").touch()
    os.utime(tmp_path / "house" / "one.py", (time.time() + 60, time.time() + 60))
    monkeypatch.setattr(kept, "_HOUSE", str(tmp_path / "house"))
    assert ask(*WEEKLY)[0]
    assert ask(*WEEKLY)[0]


def test_a_link_is_followed_anew(ask: Callable[..., Any], export: Path) -> None:
    try:
        (export / "link").symlink_to(export.parent / "config")
    except OSError:
        pytest.skip("no links here")
    assert ask(*WEEKLY)[0]
    assert ask(*WEEKLY)[0]


def test_a_recording_that_is_still_to_come_is_looked_at_anew(
    ask: Callable[..., Any], export: Path
) -> None:
    ahead = dt.datetime.now(dt.UTC) + dt.timedelta(hours=30)
    late = run_fit(ahead, offset_min=0, distance_km=5, duration_min=30, step_s=30)
    (export / "ahead.fit").write_bytes(late)
    assert ask(*WEEKLY)[0]
    assert ask(*WEEKLY)[0]


@pytest.mark.parametrize("what", ["a recording", "settings"])
def test_what_changed_while_it_was_read_is_not_kept(
    what: str, ask: Callable[..., Any], export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept.Answer.hold_from

    def change(self: kept.Answer, latest_s: float) -> None:
        if what == "settings":
            (export / "athlete.toml").write_text('units = "mi"')
        else:
            (export / "x.fit").write_bytes(run_on(41))
        before(self, latest_s)

    monkeypatch.setattr(kept.Answer, "hold_from", change)
    first = ask(*WEEKLY)
    monkeypatch.setattr(kept.Answer, "hold_from", before)
    second = ask(*WEEKLY)
    assert second[0]
    assert second[1:] != first[1:]
    (export / ("athlete.toml" if what == "settings" else "x.fit")).unlink()
    assert ask(*WEEKLY) == first


def test_an_answer_whose_reader_left_is_not_kept(
    ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: Any, **__: Any) -> None:
        raise screen.OutputClosed

    with monkeypatch.context() as patch:
        patch.setattr("loadmon.cli.opening.print_out", closed)
        assert ask(*WEEKLY)[:2] == (True, 0)
    assert ask(*WEEKLY)[0]


def test_who_asks_for_warnings_sees_them(
    ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "warnoptions", ["default"])
    assert ask(*WEEKLY)[0]
    assert ask(*WEEKLY)[0]


# --- a cache that is damaged, gone, older or not to be used ---------------------------------------


@pytest.mark.parametrize("harm", ["deleted", "no database", "a byte", "an older form", "cut"])
def test_a_harmed_cache_changes_no_text(harm: str, ask: Callable[..., Any]) -> None:
    first = ask(*WEEKLY)
    assert not ask(*WEEKLY)[0]
    path = Path(os.environ["LOADMON_CACHE"]) / NAME
    if harm == "deleted":
        path.unlink()
    elif harm == "no database":
        path.write_bytes(b"no database" * 1000)
    elif harm == "cut":
        path.write_bytes(path.read_bytes()[:20_000])
    else:
        row = "select key, value from kept where instr(value, cast('week_start' as blob))"
        with closing(sqlite3.connect(path)) as connection, connection:
            rows = connection.execute(row).fetchall()
            assert rows
            for key, value in rows:
                flipped = bytearray(value)
                flipped[-20] ^= 1
                if harm == "an older form":  # sound, and of another program
                    own = bytes(32) + b"[1]"
                    flipped = bytearray(stamps._check(key, own) + own)
                connection.execute("update kept set value = ? where key = ?", (bytes(flipped), key))
    assert ask(*WEEKLY) == first
    assert ask(*WEEKLY) == (False, *first[1:])


def test_a_cache_that_cannot_be_used_is_said_each_time(
    ask: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LOADMON_CACHE", str(tmp_path / "file" / "cache"))
    for _ in range(2):
        ran, code, out, err = ask(*WEEKLY)
        assert (ran, code) == (True, 0)
        assert out
        assert "cannot be used" in err


def test_one_command_keeps_one_answer(ask: Callable[..., Any], export: Path) -> None:
    def rows() -> int:
        with closing(sqlite3.connect(Path(os.environ["LOADMON_CACHE"]) / NAME)) as connection:
            where = "select count(*) from kept where instr(value, cast('week_start' as blob))"
            return int(connection.execute(where).fetchone()[0])

    for day in range(3):
        (export / "deeper" / f"{day}.fit").write_bytes(run_on(50 + day))
        ask(*WEEKLY)
    assert rows() == 1


def test_the_second_answer_loads_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from loadmon.__main__ import start\n"
        f"sys.argv = ['loadmon', 'weekly', {SAMPLE!r}, '--as-of', '2026-10-11']\n"
        "end = start()\n"
        "heavy = {'numpy', 'pandas', 'argparse', 'dataclasses', 'typing'} & set(sys.modules)\n"
        "print(end, sorted(heavy), file=sys.stderr)\n"
    )
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    done = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=plain,
            check=True,
        )
        for _ in range(2)
    ]
    assert "pandas" in done[0].stderr
    assert done[1].stderr.splitlines()[-1] == "0 []"
    assert done[0].stdout == done[1].stdout
    assert done[0].stderr.splitlines()[:-1] == done[1].stderr.splitlines()[:-1]
