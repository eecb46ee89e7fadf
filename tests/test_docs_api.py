"""The public docstrings are numpydoc, complete, with a page each."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest
from reference import ROOMS, methods, names_of, reference

import loadmon
from loadmon.cli.main import COMMANDS, build_parser
from loadmon.evidence import REGISTRY

ROOT = Path(__file__).parent.parent
PAGES = reference()

FUNCTIONS = [n for n in loadmon.__all__ if inspect.isfunction(getattr(loadmon, n))]
CLASSES = [n for n in loadmon.__all__ if inspect.isclass(getattr(loadmon, n))]
#: What the ends of names stand for: a number under such a name has its unit in its docstring.
UNITS = ("_km", "_min", "_bpm", "_m", "_kg", "_w", "_days", "_s_per_km", "days", "_per_1000_days")


def doc(name: str) -> str:
    return inspect.getdoc(getattr(loadmon, name)) or ""


def section(text: str, title: str) -> str:
    found = re.search(rf"^{title}\n-+\n(.*?)(?=^[A-Z]\w+\n---|\Z)", text, re.DOTALL | re.MULTILINE)
    return found[1].strip() if found else ""


def entries(text: str, title: str) -> dict[str, str]:
    """Text of each name of a section; names that share an entry have the same."""
    out: dict[str, str] = {}
    for item in filter(None, re.split(r"\n(?=\S)", section(text, title))):
        head, _, body = item.partition("\n")
        names = head.split(" : ")[0].replace("*", "").split(", ")
        out |= dict.fromkeys(names, f"{head} {body}")
    return out


def parameters(what: Any) -> list[str]:
    found = inspect.signature(what).parameters.values()
    return [p.name for p in found if p.name != "self" and not p.name.startswith("_")]


def test_every_public_name_is_in_one_room_and_has_a_page() -> None:
    assert sorted(n for rooms in ROOMS.values() for n in names_of(rooms)) == loadmon.__all__
    for name in loadmon.__all__:
        assert re.search(rf"^\.\. auto(function|class|exception):: {name}$", at(name), re.MULTILINE)
        assert f":doc:`{name} <{name}>`" in PAGES["python/index.rst"]
        own = [method for method, _ in methods(getattr(loadmon, name))]
        assert not own or f"   :members: {', '.join(own)}\n" in at(name)


def at(name: str) -> str:
    return PAGES[f"python/{name}.rst"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_every_command_is_on_its_page_once(name: str) -> None:
    page = PAGES[f"commands/{name}.rst"]
    (commands,) = (a for a in build_parser([name])._actions if a.metavar == "COMMAND")
    known = [a for a in commands.choices[name]._actions if a.dest != "help"]  # type: ignore[index]
    told = re.findall(r"^\.\. option:: (.+)\n\n   (.+)", page, re.MULTILINE)
    heads = [re.split(r",? ", head) for head, _ in told]
    for action in known:
        names = action.option_strings or [action.metavar]
        assert sum(set(names) <= set(head) for head in heads) == 1, action
    assert len(told) == len(known)
    assert "%(" not in page


@pytest.mark.parametrize("name", [*FUNCTIONS, *CLASSES])
def test_the_parameters_of_a_docstring_are_those_of_the_signature(name: str) -> None:
    what = getattr(loadmon, name)
    if name in FUNCTIONS or what.__init__ is not Exception.__init__:
        wanted = parameters(what) if "__init__" in vars(what) or name in FUNCTIONS else []
        assert sorted(entries(doc(name), "Parameters")) == sorted(wanted)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_says_what_it_gives_and_what_it_raises(name: str) -> None:
    text = doc(name)
    assert section(text, "Returns") or section(text, "Yields")
    raised = entries(text, "Raises")
    assert raised or name == "evaluation_text"
    assert set(raised) <= set(loadmon.__all__)


@pytest.mark.parametrize("name", [*FUNCTIONS, *CLASSES])
def test_a_number_with_a_unit_has_it_in_its_docstring(name: str) -> None:
    for parameter, text in entries(doc(name), "Parameters").items():
        is_number = not re.search("As in|date|tuple|str, sequence", text)
        if parameter.endswith(UNITS) and is_number:
            assert "[" in text, (name, parameter)


@pytest.mark.parametrize("name", CLASSES)
def test_every_method_says_what_it_gives(name: str) -> None:
    for method, value in methods(getattr(loadmon, name)):
        text = inspect.getdoc(value)
        assert text, method
        if inspect.isfunction(value):
            assert section(text, "Returns"), method
            assert set(entries(text, "Parameters")) == set(parameters(value)), method


def test_every_name_that_code_and_pages_refer_to_exists() -> None:
    files = [*(ROOT / "loadmon").rglob("*.py"), *ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
    for path in files:
        text = path.read_text(encoding="utf-8")
        for name in set(re.findall(r"`(loadmon\.[A-Za-z_.]+[A-Za-z_])[`(]", text)):
            try:
                resolve_name(name)
            except (ImportError, AttributeError):
                pytest.fail(f"{path.relative_to(ROOT)} speaks of {name}")


def test_a_published_definition_names_its_source() -> None:
    for name in ("acwr", "session_spikes", "fitness"):
        assert re.search(r"\[1\] \S+", section(doc(name), "References")), name


def test_the_numbers_of_the_docstrings_are_those_of_the_evidence() -> None:
    of = REGISTRY
    windows, spike, lay_off = of["acwr-windows"], of["session-spike"], of["lay-off"]
    lines, start, back = of["fitness-lines"], of["ramp-start"], of["ramp-return"]
    floor, evaluation = of["chronic-floor"], of["cohort-evaluation"]
    returning = (
        f"from the {lay_off['returning_from_days']:g}th day in a row without load",
        f"until {lay_off['returning_for_days']:g} days after the load that ends it",
    )
    told = {
        "acwr": (
            *returning,
            f"of its own mean over the {floor['window_days']:g} days before",
            f"{windows['acute']:g} and {windows['chronic']:g} days",
        ),
        "session_spikes": (
            f"longest outing of the {spike['window_days']:g} local days",
            f"at most {of['outing']['gap_min']:g} minutes apart are one outing",
            f"fewer than {of['covered-days']['min_days']:g} of them since the first recording",
            f"over {of['event']['over_others']:g} times the longest other of the "
            f"{of['event']['window_days']:g} days",
            f"(at most {spike['small']:.2f})",
            f"`small`` (to {spike['moderate']:.2f})",
            f"`moderate`` (to {spike['large']:.2f})",
        ),
        "fitness": (f"constants of {lines['fitness_days']:g} and {lines['fatigue_days']:g} days",),
        "plan_ramp": (
            f"up to {start['full_until_days']:g} days off",
            f"longest run of {spike['window_days']:g} days",
            f"with {100 * back['share']:g} % of what was usual before the lay-off, "
            f"or {back['days']:g} days)",
            f"rounded down to {of['ramp-grid']['step_km']:g} km",
            f"largest mean week of {of['ramp-horizon']['base_days']:g} days",
        ),
        "lookback": (f"in the {of['lookback']['before_days']:g} days before ``start``",),
        "flag_outcomes": (
            f"within {of['lookback']['before_days']:g} days: a gap over "
            f"{of['lookback']['gap_over_days']:g} days",
            f"{of['lookback']['gap_over_days'] + 1:g} or more days lie between two run days and "
            f"{of['lookback']['gap_over_days']:g} days without a run day",
            f"one of {of['lookback']['pain_from']:g} or more",
        ),
        "person_periods": (f"from the {lay_off['returning_from_days']:g}th day in a row",),
        "evaluate": (
            f"of {evaluation['horizon_days']:g}, {evaluation['horizon_2_days']:g} and "
            f"{evaluation['horizon_3_days']:g} days",
            f"under {evaluation['min_injuries']:g} injuries on a side",
        ),
    }
    assert floor["share"] == 0.25  # "under a quarter"
    for name, words in told.items():
        plainly = re.sub(r"\s+", " ", doc(name))
        assert [w for w in words if w not in plainly] == [], name


def test_the_defaults_of_an_evaluation_are_those_of_the_evidence() -> None:
    found = inspect.signature(loadmon.evaluate).parameters
    names = ("horizon_days", "recurrence_days", "lag_days", "run_in_days")
    values = REGISTRY["cohort-evaluation"]
    assert [found[name].default for name in names] == [values[name] for name in names]
