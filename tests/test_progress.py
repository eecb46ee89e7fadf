"""A bar on a terminal, nothing in pipes."""

from __future__ import annotations

import io
import sys

import pytest

from loadmon.cli.screen import bar_text, clear_bar, reading_bar


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("done", "share", "passed", "text"),
    [
        (0, 0.0, 0.0, "reading ░░░░░░░░░░░░░░░░░░░░░░░░ 0 files"),
        (30, 0.25, 0.4, "reading ██████░░░░░░░░░░░░░░░░░░ 30 files"),
        (600, 0.5, 10.0, "reading ████████████░░░░░░░░░░░░ 600 files, 60 a second, 0:10 left"),
        (9, 0.1, 20.0, "reading ██░░░░░░░░░░░░░░░░░░░░░░ 9 files, 0 a second, 3:00 left"),
        (900, 1.2, 9.0, "reading ████████████████████████ 900 files, 100 a second, 0:00 left"),
    ],
)
def test_a_line_says_how_much_how_fast_and_how_long(
    done: int, share: float, passed: float, text: str
) -> None:
    assert bar_text(done, share, passed) == text


def test_on_a_terminal_it_is_drawn_ten_times_a_second_and_taken_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    times = iter([0.0, *(n / 100 for n in range(100))])
    draw = reading_bar(lambda: next(times))
    for n in range(100):
        draw(n, "a.fit", n / 100)
    assert screen.getvalue().count("reading") == 10
    clear_bar()
    assert screen.getvalue().endswith("\r\033[K")


def test_in_a_pipe_there_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    reading_bar()(5, "a.fit", 0.5)
    clear_bar()
    assert pipe.getvalue() == ""
