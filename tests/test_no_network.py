"""No connection is opened: with every socket refused, reports and readings are what they are."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest

from loadmon.cli.main import main

SAMPLE = Path(__file__).parent.parent / "data" / "sample_export.zip"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Addresses that somebody asked for."""
    asked: list[object] = []

    def refuse(*what: Any, **_how: Any) -> NoReturn:
        asked.append(what)
        raise OSError("no network")

    for name in ("connect", "connect_ex", "bind", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    return asked


@pytest.mark.slow
def test_a_report_opens_no_connection_and_its_page_names_nothing_to_load(
    opened: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOADMON_CACHE", str(tmp_path / "cache"))
    assert main(["report", str(SAMPLE), "--as-of", "2026-11-15", "-o", "page.html"]) == 0
    assert opened == []
    page = Path("page.html").read_text(encoding="utf-8")
    assert not re.findall(
        r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=["']?(?!data:|#)""", page
    )


def test_the_watch_sees_a_connection(opened: list[object]) -> None:
    with pytest.raises(OSError, match="no network"):
        socket.create_connection(("127.0.0.1", 9))
    with socket.socket() as made, pytest.raises(OSError, match="no network"):
        made.connect(("127.0.0.1", 9))
    assert len(opened) == 2


@pytest.mark.once
@pytest.mark.slow
def test_the_system_is_asked_for_no_socket(tmp_path: Path) -> None:
    traced = ["strace", "-f", "-qq", "-e", "trace=network", "-e", "signal=none", "-o"]
    seen = tmp_path / "seen"
    call = [*traced, str(seen), sys.executable, "-c"]
    if not shutil.which("strace") or subprocess.run([*call, "pass"], check=False).returncode:
        pytest.skip("no strace, or it may not look")
    opening = "import socket; socket.socket()"
    subprocess.run([*call, opening], check=True)
    assert "socket(" in seen.read_text()
    report = "import sys; sys.argv[0] = 'loadmon'; from loadmon.__main__ import start; start()"
    words = ["report", str(SAMPLE), "--as-of", "2026-11-15", "-o", "page.html"]
    where = {**os.environ, "LOADMON_CACHE": str(tmp_path / "cache")}
    subprocess.run([*call, report, *words], cwd=tmp_path, env=where, check=True)
    assert (tmp_path / "page.html").exists()
    assert seen.read_text() == ""
