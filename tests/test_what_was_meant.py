"""A word that is wrong is told in one line, with the word that was meant."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import loadmon
from loadmon.cli.main import main

SAMPLE = str(Path(__file__).parent.parent / "data" / "sample_export.zip")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["repot", SAMPLE], "there is no command 'repot'; did you mean report?"),
        ([SAMPLE], f"did you mean loadmon report {SAMPLE}?"),
        (["xyz"], "there is no command 'xyz'; there are: report, weekly,"),
        (["report", SAMPLE, "--restd"], "there is no option --restd; did you mean --rested?"),
        (["check", SAMPLE, "--frmat=csv"], "there is no option --frmat; did you mean --format?"),
        (["report", SAMPLE, "--xyzzy"], "there is no option --xyzzy; see: loadmon report --help"),
        (["weekly", SAMPLE, "--units", "kilo"], "weekly: --units: 'kilo': one of km, mi"),
        (["ramp", SAMPLE, "--resume", "2026-11-16", "--reason", "back"], "did you mean back-pain?"),
        (["report", SAMPLE, "--as-of", "2026-13-01"], "'2026-13-01' is no such day; write 2026-"),
        (["ramp", SAMPLE, "--resume", "tomorrow"], "'tomorrow' is not a date; write 2026-10-11"),
        (["report"], "name the folder or zip that holds your watch's export"),
        ([], "name a command and your export, such as loadmon report PATH"),
        (["today", SAMPLE, "--as-of", "2026-10-11", "--distances", "1e300"], "at most 1000"),
        (
            ["today", SAMPLE, "--as-of", "2026-10-11", "--distances", "nan"],
            "must be a finite number",
        ),
    ],
)
def test_what_is_wrong_is_one_line_and_names_what_was_meant(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code: object = main(words)
    except SystemExit as end:
        code = end.code
    text = capsys.readouterr()
    assert code == 2
    assert told in text.err
    assert text.out == ""
    assert text.err.count("\n") == 1


def test_what_libraries_warn_of_does_not_reach_the_runner() -> None:
    code = (
        "import sys, warnings; import loadmon.cli.main as m\n"
        "def warn(*_): warnings.warn('of the future', FutureWarning); return 0\n"
        "m.main = warn\n"
        "from loadmon.__main__ import start\n"
        "raise SystemExit(start())\n"
    )
    house = str(Path(loadmon.__file__).parents[1])
    for option, told in ((), ""), (("-W", "default"), "of the future"):
        done = subprocess.run(
            [sys.executable, *option, "-c", code],
            capture_output=True,
            text=True,
            env={"PYTHONPATH": house, "PATH": ""},
            check=True,
        )
        assert (told in done.stderr) if told else done.stderr == ""
