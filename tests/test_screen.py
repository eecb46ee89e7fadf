"""Colour and width follow the terminal; a file or a pipe gets plain whole lines."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

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


REPORT = ("report", SAMPLE, "--as-of", "2026-10-11")


def test_a_report_on_a_terminal_has_colours_and_its_width(tmp_path: Path) -> None:
    shown = on_terminal(64, tmp_path, *REPORT)
    assert COLOUR.search(shown)
    assert max(len(COLOUR.sub("", line)) for line in shown.splitlines()) <= 64


@pytest.mark.parametrize("plain", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["NO_COLOR", "dumb"])
def test_no_colour_where_it_is_not_wanted(plain: dict[str, str], tmp_path: Path) -> None:
    shown = on_terminal(80, tmp_path, *REPORT, **plain)
    assert "FLAGGED" in shown
    assert not COLOUR.search(shown)


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
