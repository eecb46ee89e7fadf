"""What commands say leaves whole, in any encoding, and no terminal obeys a word of it."""

from __future__ import annotations

import ast
import errno
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from writers import run_fit

from loadmon.cli import screen
from loadmon.cli import screen as stop
from loadmon.cli.main import main
from loadmon.cli.screen import OutputClosed, encodable, print_err, print_out
from loadmon.errors import SettingError

pytestmark = pytest.mark.usefixtures("quick_commands")

ROOT = Path(__file__).parent.parent
SAMPLE = str(ROOT / "data" / "sample_export.zip")
LAST = ["--as-of", "2026-10-11"]
ENCODINGS = ("utf-8", "cp1252", "cp437", "cp850", "cp932", "latin-1", "koi8-r", "ascii")
COMMANDS = {
    "report": ["report", SAMPLE, *LAST],
    "report json": ["report", SAMPLE, *LAST, "--format", "json"],
    "weekly": ["weekly", SAMPLE, *LAST],
    "activities csv": ["activities", SAMPLE, *LAST, "--format", "csv"],
    "files": ["files", SAMPLE],
    "today": ["today", SAMPLE, *LAST],
    "check": ["check", SAMPLE, *LAST],
    "check json": ["check", SAMPLE, *LAST, "--format", "json"],
    "history": ["check", SAMPLE, *LAST, "--history"],
    "lookback": ["lookback", SAMPLE, *LAST],
    "ramp": ["ramp", SAMPLE, "--resume", "2026-11-16", "--rested", "--as-of", "2026-11-15"],
    "cohort": ["cohort", str(ROOT / "data" / "sample_team"), "--old-export", *LAST],
    "help": ["ramp", "--help"],
}

#: One that has all signs, one of few, one of another script, and one of seven bits.
TELLING = ("utf-8", "cp1252", "cp932", "ascii")
RUN: dict[str, Any] = {"offset_min": 60, "distance_km": 5.0, "duration_min": 30, "step_s": 20}


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / ".config"))
    monkeypatch.chdir(tmp_path)


class Stream(io.TextIOWrapper):
    """A text stream of an encoding, as strict as Python opens standard output."""

    def __init__(self, encoding: str):
        self.raw_bytes = io.BytesIO()
        super().__init__(self.raw_bytes, encoding=encoding, errors="strict", newline="\n")

    def text(self) -> str:
        self.flush()
        return self.raw_bytes.getvalue().decode(self.encoding)


def said(monkeypatch: pytest.MonkeyPatch, argv: list[str], encoding: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command in an encoding."""
    out, err = Stream(encoding), Stream(encoding)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", out)
        patched.setattr(sys, "stderr", err)
        try:
            code = main(argv)
        except SystemExit as stopped:
            code = int(str(stopped.code))
    return code, out.text(), err.text()


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.usefixtures("in_this_process")
def test_every_command_prints_in_every_encoding(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    code, text, error = said(monkeypatch, COMMANDS[name], "utf-8")
    assert (code, bool(text)) == (0, True)
    for encoding in ENCODINGS:
        for whole in (text, error):
            plain = encodable(whole, Stream(encoding))
            assert plain.encode(encoding) == plain.encode(encoding, "replace")
            assert "\\u" not in plain or "json" in name
            assert len(plain.splitlines()) == len(whole.splitlines())


@pytest.mark.parametrize("encoding", TELLING)
def test_a_report_is_whole_in_every_encoding(
    encoding: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code, out, err = said(monkeypatch, COMMANDS["report"], encoding)
    assert code == 0
    assert out.startswith("loadmon")
    assert "NEXT" in out
    assert "report.html written" in err
    assert (tmp_path / "report.html").stat().st_size > 10_000


@pytest.mark.parametrize("name", ["report json", "check json"])
def test_json_is_the_same_value_in_every_encoding(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = [json.loads(said(monkeypatch, COMMANDS[name], e)[1]) for e in TELLING]
    assert all(value == values[0] for value in values[1:])


def test_a_command_redirected_by_windows_or_cron_prints(tmp_path: Path) -> None:
    for encoding in ("cp1252:strict", "ascii:strict"):
        environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-m", "loadmon", *COMMANDS["today"]],
            capture_output=True,
            check=False,
            cwd=tmp_path,
            env=environment,
        )
        assert done.returncode == 0, done.stderr
        assert b"the longest run within every limit" in b" ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("text", "encoding", "plain"),
    [
        ("12 weeks ▃▄█·", "cp437", "12 weeks :-#·"),  # some of the bars alone would mislead
        ("12 weeks ▃▄█·", "ascii", "12 weeks :-#?"),
        ("12 weeks ▃▄█·", "utf-8", "12 weeks ▃▄█·"),
        ("reading ██░░ 3", "cp850", "reading ██░░ 3"),
        ("reading ██░░ 3", "cp1252", "reading ##.. 3"),
        ("4 – 5 km", "cp437", "4 - 5 km"),
        ("Leppänen, Zürich", "ascii", "Leppanen, Zurich"),
        ("Leppänen, Zürich", "latin-1", "Leppänen, Zürich"),
        ("Fuß, Bjørn", "ascii", "Fuss, Bjorn"),
        ("日本", "cp1252", "\\u65e5\\u672c"),
        ("日本", "cp932", "日本"),
    ],
)
def test_signs_that_an_encoding_lacks_are_written_plainly(
    text: str, encoding: str, plain: str
) -> None:
    assert encodable(text, Stream(encoding)) == plain


@pytest.mark.source
def test_nothing_is_printed_past_the_one_exit() -> None:
    # a worker speaks to its parent; the help is our own words in ASCII, before anything is loaded
    exits = {"cli/screen.py", "io/workers.py", "cli/commands.py"}
    prints = {"cohorts/panel.py", "__main__.py"}  # into a file; before anything is loaded
    for path in (ROOT / "loadmon").rglob("*.py"):
        name = path.relative_to(ROOT / "loadmon").as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                to_file = any(word.arg == "file" for word in node.keywords)
                assert node.func.id != "print" or (name in prints and to_file), name
            if isinstance(node, ast.Attribute) and node.attr in ("write", "buffer"):
                stream = ast.unparse(node.value)
                assert stream not in ("sys.stdout", "sys.stderr") or name in exits, name


class Broken(io.StringIO):
    """A stream that fails on its first write."""

    def __init__(self, number: int):
        super().__init__()
        self.number = number

    def write(self, _text: str) -> int:
        raise OSError(self.number, os.strerror(self.number))


@pytest.mark.parametrize("number", [errno.EPIPE, errno.EINVAL])
def test_a_closed_standard_output_is_a_quiet_end(
    number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", Broken(number))
    assert main(COMMANDS["today"]) == 0
    assert main([*COMMANDS["check"], "--exit-code"]) == 4
    assert "loadmon:" not in capsys.readouterr().err


def test_no_standard_output_at_all_is_a_quiet_end_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert main(COMMANDS["today"]) == 0
    with pytest.raises(OutputClosed):
        print_out("a")
    monkeypatch.setattr(sys, "stderr", None)
    print_err("a")
    assert main(["today", "nowhere.zip"]) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full here")
def test_a_full_disk_under_standard_output_is_an_error(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "loadmon", *COMMANDS["weekly"]],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("loadmon: standard output cannot be written")


def test_a_report_is_told_though_its_page_cannot_be_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*COMMANDS["report"], "-o", "nowhere/page.html"]) == 2
    out, err = capsys.readouterr()
    assert "FLAGGED" in out
    assert "nowhere/page.html: cannot be written" in err


def test_a_page_that_cannot_be_written_is_an_error_though_nobody_reads_the_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "stdout", Broken(errno.EPIPE))
    for argv in (
        [*COMMANDS["report"], "-o", "nowhere/page.html"],
        [*COMMANDS["ramp"], "--ics", "nowhere/plan.ics"],
    ):
        assert main(argv) == 2
        assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("raised", "code", "told"),
    [
        (SettingError("no such thing"), 2, "loadmon: no such thing\n"),
        (KeyboardInterrupt(), 130, "loadmon: stopped\n"),
        (
            MemoryError(),
            2,
            "loadmon: not enough memory; close other programs, or name fewer files at once\n",
        ),
    ],
)
def test_errors_and_stops_are_one_line_and_their_code(
    raised: BaseException,
    code: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: Any) -> None:
        raise raised

    monkeypatch.setattr("loadmon.cli.today.run", fail)
    assert main(COMMANDS["today"]) == code
    assert capsys.readouterr() == ("", told)


def test_a_broken_pipe_of_anything_but_standard_output_is_no_quiet_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: Any) -> None:
        raise BrokenPipeError(errno.EPIPE, "a worker has gone")

    monkeypatch.setattr("loadmon.cli.today.run", fail)
    with pytest.raises(BrokenPipeError):
        main(COMMANDS["today"])


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Stops are minded as in a whole program."""
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    monkeypatch.setattr(stop._Keyboard, "has_stopped", False)
    monkeypatch.setattr(stop._Keyboard, "stopped_at_s", -10.0)
    # A shell starts what runs in its background with the signal ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    stop.catch_stops()
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("kept")
def test_a_stop_that_something_swallowed_is_a_stop_all_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from loadmon.cli.today import run as longest_today

    class Leaving:
        def __del__(self) -> None:  # what is raised here Python throws away, as in an import
            signal.raise_signal(signal.SIGINT)

    def swallow(args: Any) -> int:
        Leaving()
        return longest_today(args)

    # Here once more: pytest before 8.4 takes the hook of a fixture away before the test.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    stop.catch_stops()
    monkeypatch.setattr("loadmon.cli.today.run", swallow)
    assert main(COMMANDS["today"]) == 130
    assert capsys.readouterr() == ("", "loadmon: stopped\n")


@pytest.mark.usefixtures("kept")
def test_keys_pressed_twice_are_one_stop_and_later_ones_another() -> None:
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGINT)
    stop._Keyboard.stopped_at_s -= 1.5
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_a_signal_that_somebody_else_minds_is_left_to_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        stop.catch_stops()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("kept")
def test_what_breaks_after_a_stop_is_the_stop(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def swallow(args: Any) -> int:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise ImportError("half of a module") from None

    monkeypatch.setattr("loadmon.cli.today.run", swallow)
    assert main(COMMANDS["today"]) == 130
    assert capsys.readouterr() == ("", "loadmon: stopped\n")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that takes a while to read: no two of its files are equal, though their runs are."""
    folder = tmp_path_factory.mktemp("large")
    starts = [datetime(2026, 3, 2 + n, 7, tzinfo=UTC) for n in range(10)]
    made = [run_fit(start, **{**RUN, "step_s": 1}, seed=start.day) for start in starts]
    for n in range(20):
        (folder / f"{n}.fit").write_bytes(made[n % 5] + made[5 + n // 4])
    return folder


@pytest.mark.parametrize(("after_s", "times"), [(0.1, 1), (0.4, 1), (0.8, 1), (0.3, 3)])
def test_a_stop_at_the_keyboard_is_130_with_one_line_whenever_it_comes(
    after_s: float, times: int, large: Path, tmp_path: Path
) -> None:
    script = (
        "import sys\n"
        "from loadmon.__main__ import start\n"
        "import loadmon.io.workers as w\n"
        "w.ENOUGH, w.processors = 0, lambda: 2\n"
        "sys.argv[1:] = ['report', sys.argv[1], '--as-of', '2026-04-01', '--no-cache']\n"
        "print('begun', file=sys.stderr, flush=True)\n"
        "sys.exit(start())\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(large)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as program:
        assert program.stderr
        assert program.stderr.readline() == "begun\n"
        try:
            program.wait(after_s)
        except subprocess.TimeoutExpired:
            for _ in range(times):
                program.send_signal(signal.SIGINT)
                time.sleep(0.005)
        out, err = program.communicate(timeout=600)
    assert (program.returncode, out, err) == (130, "", "loadmon: stopped\n")


HOSTILE = "\x1b]0;owned\x07\x9b2J\u202egpj.=cmd"


@pytest.mark.usefixtures("in_this_process")
def test_names_of_a_team_reach_no_terminal_raw(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (HOSTILE, "=HYPERLINK(1)", "two\nlines"):
        (tmp_path / "team" / name).mkdir(parents=True)
        start = datetime(2026, 3, 2, 7, tzinfo=UTC)
        (tmp_path / "team" / name / "a.fit").write_bytes(run_fit(start, **RUN))
    for options in ([], ["--format", "csv"], ["--show", "weekly"], ["--format", "json"]):
        assert main(["cohort", "team", "--as-of", "2026-03-08", *options]) == 0
        out, err = capsys.readouterr()
        assert not {c for c in out + err if c != "\n" and not c.isprintable()}
        if options == ["--show", "weekly"]:
            assert "two\\nlines" in out
        if options == ["--format", "csv"]:
            assert "'=HYPERLINK(1)" in out
            assert "\n=" not in out
        if options == ["--format", "json"]:
            assert HOSTILE in {row["athlete"] for row in json.loads(out)}


def test_a_site_of_the_diary_and_a_file_with_a_name_of_signs_reach_no_terminal_raw(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start = datetime(2026, 3, 2, 7, tzinfo=UTC)
    (tmp_path / f"{HOSTILE}.fit").write_bytes(run_fit(start, **RUN))
    (tmp_path / "diary.csv").write_text(
        f'date,when,pain,site,note\n2026-03-02,during,7,"{HOSTILE}","=1+1"\n'
    )
    for command in ("report", "check", "today", "files", "activities"):
        for form in ("table", "csv", "json"):
            argv = [command, str(tmp_path), "--format", form]
            argv += [] if command == "files" else ["--as-of", "2026-03-03"]
            assert main(argv) == 0
            out, err = capsys.readouterr()
            bare = screen._PAINT.sub("", out + err)
            assert not {c for c in bare if c != "\n" and not c.isprintable()}, (command, form)
    page = Path("report.html").read_text(encoding="utf-8")
    assert "\u202e" not in page
    assert "\x1b" not in page


def test_a_name_that_is_no_text_is_shown_and_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("file names are text here")
    start = datetime(2026, 3, 2, 7, tzinfo=UTC)
    (folder / "a.fit").write_bytes(run_fit(start, **RUN))
    assert main(["report", str(folder), "--as-of", "2026-03-03"]) == 0
    assert "caf\\udce9" in capsys.readouterr().out
    assert "caf\\udce9" in Path("report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("empty", ["", " "])
@pytest.mark.parametrize(
    "argv",
    [
        ["files", "{}"],
        ["report", SAMPLE, "{}"],
        ["report", SAMPLE, "-o", "{}"],
        ["today", SAMPLE, "--athlete", "{}"],
        ["init", SAMPLE, "-o", "{}"],
        ["log", "{}", "--pain", "2"],
        ["cohort", "{}"],
        ["ramp", SAMPLE, "--resume", "2026-11-16", "--ics", "{}"],
        ["ramp", SAMPLE, "--resume", "2026-11-16", "--fit", "{}"],
        ["ramp", SAMPLE, "--resume", "2026-11-16", "--limits", "{}"],
    ],
)
def test_an_empty_path_is_an_error_and_not_this_folder(
    argv: list[str], empty: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([word.format(empty) for word in argv])
    assert stopped.value.code == 2
    assert "an empty path; name a file or folder" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_what_has_no_end_is_neither_replaced_nor_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "export").mkdir()
    start = datetime(2026, 3, 2, 7, tzinfo=UTC)
    (tmp_path / "export" / "a.fit").write_bytes(run_fit(start, **RUN))
    os.mkfifo(tmp_path / "pipe")
    day = ["--as-of", "2026-03-03"]
    for place in ("/dev/zero", "pipe"):
        assert main(["report", "export", *day, "-o", place]) == 2
        assert "is not a loadmon report" in capsys.readouterr().err
        assert main([*COMMANDS["ramp"], "--ics", place]) == 2
        assert "is not a calendar of loadmon" in capsys.readouterr().err
    os.mkfifo(tmp_path / "export" / "diary.csv")
    assert main(["check", "export", *day]) == 2
    assert "diary.csv: cannot be read (it is not a file)" in capsys.readouterr().err


def test_the_narrowest_terminal_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "1")
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: True))
    assert screen.line_width() == 20
