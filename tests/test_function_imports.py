"""An import inside a function stands there because it saves time, or is not everywhere."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

pytestmark = pytest.mark.source

HOUSE = Path(__file__).parent.parent / "loadmon"

_HELP = "`--help` of the command, without numpy and pandas"
#: Module, what a function of it imports, the milliseconds that this saves whoever does not call it
#: (processor time on top of what is loaded by then, two shared cores), and whom it saves them.
SAVED = (
    ("__init__.py", "importlib", 0.7, "`import loadmon` alone"),
    ("__main__.py", "loadmon.cli.commands", 1, "all but who asks for the help"),
    ("__main__.py", "loadmon.cli.screen", 17, "a stop at the keyboard before anything is loaded"),
    ("__main__.py", "loadmon.cli.kept", 20, "a stop at the keyboard before anything is loaded"),
    ("arguments.py", "pandas", 260, "`loadmon log`, without numpy and pandas"),
    ("__main__.py", "warnings", 1, "a stop at the keyboard before anything is loaded"),
    ("cli/activities.py", "loadmon.cli.opening", 439, _HELP),
    ("cli/calculator.py", "loadmon.report.calculator_page", 555, _HELP),
    ("cli/calculator.py", "loadmon.report.output", 299, _HELP),
    ("cli/check.py", "loadmon.cli.opening", 439, _HELP),
    ("cli/check.py", "loadmon.report.terminal", 555, _HELP),
    ("cli/check.py", "loadmon.rules.engine", 459, _HELP),
    ("cli/check.py", "loadmon.units", 298, _HELP),
    ("cli/cohort.py", "loadmon.cli.opening", 439, _HELP),
    ("cli/cohort.py", "loadmon.cohorts.spread", 16, _HELP),
    ("cli/cohort.py", "loadmon.cohorts.team", 497, _HELP),
    ("cli/cohort.py", "loadmon.io.workers", 16, _HELP),
    ("cli/cohort.py", "loadmon.report.output", 299, _HELP),
    ("cli/cohort.py", "loadmon.report.team", 555, _HELP),
    ("cli/cohort.py", "loadmon.settings", 312, _HELP),
    ("cli/cohort.py", "loadmon.units", 298, _HELP),
    ("cli/files.py", "loadmon.cli.opening", 439, _HELP),
    ("cli/files.py", "loadmon.report.ledger", 430, _HELP),
    ("cli/init.py", "loadmon.athlete", 308, _HELP),
    ("cli/init.py", "loadmon.cli.opening", 439, _HELP),
    ("cli/init.py", "loadmon.io.load_columns", 317, _HELP),
    ("cli/init.py", "loadmon.loads", 123, _HELP),
    ("cli/init.py", "numpy", 90, _HELP),
    ("cli/kept.py", "loadmon.cli.main", 9, "an answer that is told again"),
    ("cli/log.py", "loadmon.ramp.screening", 464, "`loadmon log` without a pain above 5"),
    ("cli/lookback.py", "loadmon.cli.opening", 439, _HELP),
    ("cli/lookback.py", "loadmon.report.captions", 470, _HELP),
    ("cli/lookback.py", "loadmon.report.output", 299, _HELP),
    ("cli/lookback.py", "loadmon.rules.engine", 459, _HELP),
    ("cli/lookback.py", "loadmon.rules.lookback", 461, _HELP),
    ("cli/ramp.py", "loadmon.cli.opening", 439, _HELP),
    ("cli/ramp.py", "loadmon.cli.plan_files", 560, _HELP),
    ("cli/ramp.py", "loadmon.ramp.plan", 492, _HELP),
    ("cli/ramp.py", "loadmon.ramp.screening", 431, _HELP),
    ("cli/ramp.py", "loadmon.report.plan", 555, _HELP),
    ("cli/ramp.py", "loadmon.rules.limits", 435, _HELP),
    ("cli/report.py", "loadmon.cli.opening", 439, _HELP),
    ("cli/report.py", "loadmon.report.clinic", 492, _HELP),
    ("cli/report.py", "loadmon.report.output", 299, _HELP),
    ("cli/report.py", "loadmon.report.overview", 478, _HELP),
    ("cli/report.py", "loadmon.report.page", 555, _HELP),
    ("cli/report.py", "loadmon.report.terminal", 555, _HELP),
    ("cli/screen.py", "shutil", 6, "output that goes to no terminal"),
    ("cli/today.py", "loadmon.cli.opening", 439, _HELP),
    ("cli/today.py", "loadmon.report.output", 299, _HELP),
    ("cli/today.py", "loadmon.report.terminal", 555, _HELP),
    ("cli/today.py", "loadmon.rules.engine", 459, _HELP),
    ("cli/today.py", "loadmon.units", 298, _HELP),
    ("cli/typed.py", "loadmon.cli.opening", 439, _HELP),
    ("cli/typed.py", "loadmon.ramp.screening", 431, _HELP),
    ("cli/typed.py", "loadmon.stated", 430, _HELP),
    ("cli/typed.py", "loadmon.units", 298, _HELP),
    ("cli/weekly.py", "loadmon.athlete", 308, _HELP),
    ("cli/weekly.py", "loadmon.cli.opening", 439, _HELP),
    ("cli/weekly.py", "loadmon.units", 298, _HELP),
    ("cli/weekly.py", "loadmon.weekly", 460, _HELP),
    ("cli/weekly.py", "loadmon.window", 298, _HELP),
    ("cohorts/partitions.py", "pyarrow", 90, "an extra; panels that are not written as Parquet"),
    (
        "cohorts/partitions.py",
        "pyarrow.parquet",
        15,
        "an extra; panels that are not written as Parquet",
    ),
    ("diary.py", "pandas", 310, "`loadmon log`"),
    ("diary.py", "fcntl", 0.4, "Windows, which does not have it"),
    ("diary.py", "msvcrt", 0.4, "all but Windows, which do not have it"),
    ("io/cache.py", "platformdirs", 2.5, "who has a cache folder of their own, or none"),
    ("io/localtime.py", "tzfpy", 1, "an extra; files that have their local time"),
    ("io/read.py", "loadmon.io.dedupe", 92, "a reading of which nothing has changed"),
    ("io/read.py", "loadmon.io.exports.merge", 6.5, "a reading of which nothing has changed"),
    ("io/read.py", "loadmon.io.inputs", 6, "a reading of which nothing has changed"),
    (
        "io/read.py",
        "loadmon.io.reconcile",
        98,
        "a reading of which nothing has changed (one of these three)",
    ),
    ("io/read.py", "loadmon.io.tables", 2.2, "a reading of which nothing has changed"),
    ("ramp/export.py", "icalendar", 26, "plans that are not exported"),
    ("ramp/export.py", "fit_tool", 30, "an extra; plans that are not exported"),
    ("ramp/export.py", "fit_tool.profile", 5, "an extra; plans that are not exported"),
    ("ramp/export.py", "fit_tool.profile.messages", 30, "an extra; plans that are not exported"),
    ("ramp/export.py", "loadmon.io.fit.frames", 39, "plans that are not exported as workouts"),
    ("text.py", "html", 2, "the command line"),
    ("report/calculator_page.py", "loadmon.report.filling", 18, "who asks for its data alone"),
    ("report/page.py", "loadmon.report.filling", 18, "`loadmon.plot_weeks` and the terminal"),
    ("report/plan.py", "loadmon.report.filling", 18, "the terminal"),
    ("report/team.py", "loadmon.report.filling", 18, "a team in the terminal"),
    ("report/plots.py", "matplotlib", 91, "pictures on axes of the caller's own"),
    ("report/plots.py", "matplotlib.dates", 94, "the terminal, CSV and JSON"),
    ("report/plots.py", "matplotlib.patches", 119, "the terminal, CSV and JSON"),
    ("report/plots.py", "matplotlib.path", 92, "the terminal, CSV and JSON"),
    ("report/plots.py", "matplotlib.ticker", 92, "the terminal, CSV and JSON"),
)


def imports_of_functions() -> set[tuple[str, str]]:
    found = set()
    for path in sorted(HOUSE.rglob("*.py")):
        module = path.relative_to(HOUSE).as_posix()
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Import):
                    found |= {(module, alias.name) for alias in node.names}
                if isinstance(node, ast.ImportFrom):
                    found.add((module, node.module or ""))
    return found


def test_every_import_inside_a_function_is_listed_with_what_it_saves() -> None:
    assert imports_of_functions() == {(module, name) for module, name, _, _ in SAVED}


def test_what_is_listed_saves_something_worth_a_hidden_import() -> None:
    missing = ("Windows", "`import loadmon`")  # what is not there, and what has to cost nothing
    worth = [entry for entry in SAVED if entry[2] >= 1 or any(why in entry[3] for why in missing)]
    assert [entry for entry in SAVED if entry not in worth] == []
