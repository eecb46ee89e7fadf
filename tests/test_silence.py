"""Silent days at the end: asked about once, and the answer stands in what is printed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import nasty
import pytest
from made import activities

from loadmon.calendar import calendar_of, day_of
from loadmon.cli.main import main
from loadmon.report.wording import silence_text

pytestmark = pytest.mark.usefixtures("quick_commands")

RUNS = [(f"2026-03-{day:02d}", 5.0) for day in (1, 3, 5, 8, 10)]


def told(
    as_of: str, *, rested_until: str | None = None, old_export: str | None = None
) -> tuple[str, str]:
    silent = calendar_of(activities(RUNS), as_of=as_of, rested_until=rested_until).silence
    said = None if old_export is None else day_of(old_export)
    text = silence_text(silent, as_of, said)
    return (text, "") if text.endswith("--old-export") else ("", text)


def test_on_the_last_recorded_day_nothing_is_said() -> None:
    assert told("2026-03-10") == ("", "")


def test_within_the_usual_gap_the_days_are_rest_by_habit() -> None:
    question, answer = told("2026-03-12")
    assert question == ""
    assert answer == (
        "Data end Tue 10 Mar 2026. The 2 days without a recording to Thu 12 Mar 2026 are rest: "
        "within your usual gap of up to 3 days."
    )


def test_beyond_it_the_question_is_open_and_nothing_is_answered() -> None:
    question, answer = told("2026-03-20")
    assert "10 days without a recording (your usual gap is up to 3 days)" in question
    assert question.endswith("Were they rest, or is the export old?   --rested | --old-export")
    assert answer == ""


def test_rest_by_the_runners_word_is_said_to_be_so() -> None:
    question, answer = told("2026-03-20", rested_until="2026-03-20")
    assert question == ""
    assert answer.endswith("10 days without a recording to Fri 20 Mar 2026 are rest, as you said.")


def test_a_word_that_does_not_reach_to_the_day_leaves_the_question_open() -> None:
    assert told("2026-03-25", rested_until="2026-03-20")[0]


def test_an_old_export_says_on_which_day_everything_is() -> None:
    question, answer = told("2026-03-10", old_export="2026-03-20")
    assert question == ""
    assert "old, as you said on Fri 20 Mar 2026" in answer
    assert "as of Tue 10 Mar 2026, its last day" in answer


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    for n in range(0, 40, 2):
        when = nasty.START + n * dt.timedelta(days=1)
        (folder / f"{n:02d}.fit").write_bytes(nasty.fit(when))
    return folder


ANSWERS = {
    "--rested": "are rest, as you said",
    "--old-export": "The export is old, as you said on Wed 15 May 2024",
    "": "Were they rest, or is the export old?",
}


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("command", ["report", "today"])
def test_each_command_says_what_was_answered_and_asks_only_where_nothing_was(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, answer: str
) -> None:
    words = [command, str(export), "--as-of", "2024-05-15", *filter(None, [answer])]
    if command == "report":
        words += ["-o", str(tmp_path / "report.html")]
    assert main(words) == 0
    printed = capsys.readouterr()
    text = " ".join((printed.out if command == "report" else printed.err).split())
    for other, sentence in ANSWERS.items():
        assert text.count(sentence) == (other == answer)
    if command == "report":
        page = " ".join((tmp_path / "report.html").read_text().split())
        assert ANSWERS[answer] in page


def test_a_single_day_is_rest_in_the_singular() -> None:
    assert "The day without a recording to Wed 11 Mar 2026 is rest:" in told("2026-03-11")[1]
