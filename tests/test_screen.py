"""Colour and width follow the terminal; a file or a pipe gets plain whole lines."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import termios
from pathlib import Path
from types import SimpleNamespace

import pytest

from loadmon.cli.screen import PAGE, line_width, shows_colours, table_width

SAMPLE = str(Path(__file__).parent.parent / "data" / "sample_export.zip")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def on_terminal(columns: int, folder: Path, *argv: str, **environment: str) -> str:
    """What a command shows on a terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    known = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR")}
    known |= {"TERM": "xterm", "PYTHONPATH": str(Path(SAMPLE).parent.parent), **environment}
    known |= {"LOADMON_CACHE": str(folder), "XDG_CONFIG_HOME": str(folder)}
    command = [sys.executable, "-m", "loadmon", *argv]
    with subprocess.Popen(
        command, stdout=theirs, stderr=subprocess.DEVNULL, env=known, cwd=folder
    ) as process:
        os.close(theirs)
        shown = b""
        while part := _part(ours):
            shown += part
        assert process.wait() == 0
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")


def _part(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end was closed
        return b""


def test_a_report_on_a_terminal_has_colours_and_its_width(tmp_path: Path) -> None:
    shutil.copy(SAMPLE, tmp_path / "export.zip")  # paths are never broken: a short one
    shown = on_terminal(64, tmp_path, "report", "export.zip", "--as-of", "2026-10-11")
    assert COLOUR.search(shown)
    assert max(len(COLOUR.sub("", line)) for line in shown.splitlines()) <= 64


@pytest.mark.parametrize(
    ("is_terminal", "environment", "colours"),
    [
        (True, {"TERM": "xterm"}, True),
        (True, {"TERM": "xterm", "NO_COLOR": ""}, True),
        (True, {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
        (False, {"TERM": "xterm"}, False),
    ],
)
def test_colours_are_shown_on_a_terminal_that_has_them_and_where_they_are_wanted(
    is_terminal: bool,
    environment: dict[str, str],
    colours: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: is_terminal))
    assert shows_colours() is colours
    assert (table_width() is None) is not is_terminal
    assert is_terminal or line_width() == PAGE


def test_a_table_fits_the_terminal_and_a_pipe_gets_whole_lines(tmp_path: Path) -> None:
    weekly = ("weekly", SAMPLE, "--as-of", "2026-10-11")
    shown = on_terminal(70, tmp_path, *weekly)
    assert max(map(len, shown.splitlines())) <= 70
    whole = subprocess.run(
        [sys.executable, "-m", "loadmon", *weekly],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(SAMPLE).parent.parent,
    ).stdout
    assert "\n\n" not in whole.strip()
    assert max(map(len, whole.splitlines())) > 100
