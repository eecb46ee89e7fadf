"""No connection is opened: with every socket refused, reports and readings are what they are."""

from __future__ import annotations

import re
import socket
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
