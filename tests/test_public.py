"""The public interface: complete, documented, and light to import."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure
from reference import reference

import loadmon
from loadmon.cli.commands import COMMANDS

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", loadmon.__all__)
def test_every_public_name_is_there_and_says_what_it_is(name: str) -> None:
    assert getattr(loadmon, name).__doc__


def test_the_list_of_public_names_is_complete_and_sorted() -> None:
    assert loadmon.__all__ == sorted(set(loadmon.__all__))
    assert set(loadmon.__all__) == set(loadmon._HOME)
    assert dir(loadmon) == loadmon.__all__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_such"):
        _ = loadmon.nothing_such


def test_importing_loadmon_imports_nothing_heavy() -> None:
    script = "import sys, loadmon; sys.exit('numpy' in sys.modules or 'pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


PUBLIC = [getattr(loadmon, name) for name in loadmon.__all__]
FUNCTIONS = [what for what in PUBLIC if inspect.isfunction(what)]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_every_option_is_called_by_its_name(function: Callable[..., object]) -> None:
    found = inspect.signature(function).parameters.values()
    options = [p for p in found if p.default is not p.empty]
    by_place = [p.name for p in options if p.kind is not p.KEYWORD_ONLY]
    may = {"simulate_cohort": ["athletes"], "verify_ramp": ["limits"]}  # as the contract has it
    assert by_place == may.get(function.__name__, [])


@pytest.mark.parametrize("record", [loadmon.Athlete, loadmon.Shoe, loadmon.Cap, loadmon.Limits])
def test_a_record_that_one_writes_oneself_is_written_by_names(record: type) -> None:
    kinds = {p.kind for p in inspect.signature(record).parameters.values()}
    assert kinds == {inspect.Parameter.KEYWORD_ONLY}


def test_every_class_that_a_public_name_takes_or_gives_is_public() -> None:
    classes = {cls.__name__ for what in PUBLIC for cls in classes_of(what)}
    assert classes - set(loadmon.__all__) == set()
    assert {"Archive", "Today", "WindowLoad", "Session", "Shoe", "Cap", "Limits"} <= classes


def classes_of(what: object) -> Iterator[type]:
    """Classes of loadmon in the annotations of a function, or of a class's fields and methods."""
    known = vars(sys.modules[getattr(what, "__module__", "loadmon")])
    for name, hint in getattr(what, "__annotations__", {}).items():
        for word in [] if name.startswith("_") else re.findall(r"\w+", str(hint)):
            found = known.get(word)
            if inspect.isclass(found) and found.__module__.startswith("loadmon."):
                yield found
    for name, value in vars(what).items() if inspect.isclass(what) else ():
        if inspect.isfunction(value) and not name.startswith("_"):
            yield from classes_of(value)


EMPTY, AX = pd.DataFrame(), Figure().subplots()
NONE = loadmon.Archive(EMPTY, EMPTY)
WRONG: dict[str, Callable[[], object]] = {
    "acwr of a list": lambda: loadmon.acwr([1.0]),  # type: ignore[arg-type]
    "acwr_panel": lambda: loadmon.acwr_panel(pd.DataFrame({"a": [1.0]})),
    "arrow_schema": lambda: loadmon.arrow_schema("days"),  # type: ignore[arg-type]
    "calendar_of": lambda: loadmon.calendar_of(EMPTY),
    "check": lambda: loadmon.check(NONE),
    "cohort": lambda: loadmon.cohort("nowhere"),
    "cohort_frame": lambda: loadmon.cohort_frame(EMPTY),
    "daily_load": lambda: loadmon.daily_load(EMPTY),
    "daily_panel": lambda: loadmon.daily_panel(EMPTY),
    "evaluate": lambda: loadmon.evaluate(EMPTY, EMPTY),
    "fitness": lambda: loadmon.fitness(EMPTY),  # type: ignore[arg-type]
    "flag_history": lambda: loadmon.flag_history(NONE),
    "flag_outcomes": lambda: loadmon.flag_outcomes(NONE),
    "load_athlete": lambda: loadmon.load_athlete("nowhere.toml"),
    "load_flag_log": lambda: loadmon.load_flag_log("nowhere.csv"),
    "load_limits": lambda: loadmon.load_limits("nowhere.toml"),
    "lookback": lambda: loadmon.lookback(NONE),
    "person_periods": lambda: loadmon.person_periods(EMPTY, EMPTY),
    "plan_ramp": lambda: loadmon.plan_ramp(NONE, resume="2026-02-31"),
    "plot_monotony": lambda: loadmon.plot_monotony(EMPTY, ax=AX),
    "plot_pain": lambda: loadmon.plot_pain(EMPTY, ax=AX),
    "plot_ramp": lambda: loadmon.plot_ramp(EMPTY, ax=AX),
    "plot_ratio": lambda: loadmon.plot_ratio(EMPTY, ax=AX),  # type: ignore[arg-type]
    "plot_rest": lambda: loadmon.plot_rest(EMPTY, ax=AX),
    "plot_sessions": lambda: loadmon.plot_sessions(EMPTY, ax=AX),
    "plot_weeks": lambda: loadmon.plot_weeks(EMPTY, ax=AX),
    "read": lambda: loadmon.read("nowhere"),
    "read_fit": lambda: loadmon.read_fit(b"no FIT file"),
    "read_injuries": lambda: loadmon.read_injuries("nowhere.csv"),
    "read_lovdal_days": lambda: loadmon.read_lovdal_days("nowhere.csv"),
    "read_lovdal_weeks": lambda: loadmon.read_lovdal_weeks("nowhere.csv"),
    "read_partitions": lambda: next(loadmon.read_partitions("nowhere")),
    "read_sessions": lambda: loadmon.read_sessions("nowhere.csv"),
    "rested_until": lambda: NONE.rested_until("the day before"),
    "session_spikes": lambda: loadmon.session_spikes(EMPTY),
    "sessions_in_blocks": lambda: next(loadmon.sessions_in_blocks("nowhere.csv")),
    "simulate_cohort": lambda: loadmon.simulate_cohort(0),
    "today": lambda: loadmon.today(NONE),
    "usual": lambda: loadmon.usual(25, 30, last_run="2026-09-20"),
    "verify_ramp": lambda: loadmon.verify_ramp(NONE, EMPTY, loadmon.Limits()),
    "weekly_load": lambda: loadmon.weekly_load(EMPTY),
    "weekly_panel": lambda: loadmon.weekly_panel(EMPTY),
    "whole_athletes": lambda: next(loadmon.whole_athletes([EMPTY])),
    "window_load": lambda: loadmon.window_load(EMPTY, load="srpe"),
    "write_panel": lambda: loadmon.write_panel(EMPTY, "panel.docx"),
    "write_partitions": lambda: loadmon.write_partitions("nowhere", "panel", loadmon.daily_panel),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_makes_no_sense_is_an_error_of_ours(name: str) -> None:
    with pytest.raises(loadmon.LoadmonError):
        WRONG[name]()


def test_every_function_is_tried_with_what_makes_no_sense() -> None:
    tried = {name.split()[0] for name in WRONG}
    assert {f.__name__ for f in FUNCTIONS} - tried == {"evaluation_text"}


def test_the_first_commands_of_the_readme_keep_their_marks() -> None:
    for mark in ("report", "test"):
        (block,) = re.findall(rf"<!-- {mark} -->\n```sh\n(.*)\n```\n<!-- end -->", README)
        assert re.match(r"python3 -m venv \.venv && .*\.venv/bin/pip install -q -e \. ", block)


def test_the_readme_names_commands_that_exist_and_how_many_there_are() -> None:
    assert set(re.findall(r"^\| `loadmon (\w+)", README, re.MULTILINE)) < set(COMMANDS)
    assert len(COMMANDS) == 12, "the README counts them in words"
    assert "[All twelve commands]" in README


def test_the_page_on_installing_names_every_extra() -> None:
    page = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\| `(\w+)` \|", page)) == set(PROJECT["optional-dependencies"])


@pytest.mark.source
def test_the_readme_leads_from_a_package_index_to_what_exists() -> None:
    site, source = PROJECT["urls"]["Documentation"], PROJECT["urls"]["Source"]
    raw = source.replace("github.com", "raw.githubusercontent.com")
    made = reference()
    for link in re.findall(r"\]\(([^)\s]+)\)", README):
        if link.startswith(site):
            page = link.removeprefix(site).removesuffix(".html") or "index"
            assert f"{page}.rst" in made or (ROOT / "docs" / f"{page}.md").exists(), link
        else:
            file = link.removeprefix(f"{source}/blob/main/").removeprefix(f"{raw}/main/")
            assert file != link, f"{link} leads nowhere from a package index"
            assert (ROOT / file).exists(), link


def test_contributing_sets_up_and_tests_by_the_command_of_the_readme() -> None:
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    commands = [
        re.findall(r"<!-- test -->\n```sh\n(.*)\n```", t)[0] for t in (README, contributing)
    ]
    assert commands[0] == commands[1]


def test_nothing_opens_a_network_connection() -> None:
    script = f"""
import sys
from loadmon.cli.main import main

def watch(event, args):
    if event.startswith("socket.") and event != "socket.__new__":
        raise SystemExit(f"network: {{event}} {{args}}")

sys.addaudithook(watch)
sample = {str(ROOT / "data" / "sample_export.zip")!r}
day = ["--as-of", "2026-10-11"]
sys.exit(main(["check", sample, *day]) or main(["ramp", sample, "--resume", "2026-10-12", *day]))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_no_module_knows_how_to_speak_to_a_network() -> None:
    asks = re.compile(
        r"^\s*(?:from|import) (socket|ssl|urllib\.request|http|requests|ftplib|smtplib)\b"
    )
    for path in (ROOT / "loadmon").rglob("*.py"):
        assert not any(asks.match(line) for line in path.read_text("utf-8").splitlines()), path
