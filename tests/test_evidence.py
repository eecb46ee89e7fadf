from __future__ import annotations

import ast
import fnmatch
import math
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from make_evidence import PATH, entries_of, modules, page

import loadmon
from loadmon.evidence import REGISTRY, Evidence

HOUSE = Path(loadmon.__file__).parent
DOCS = PATH.parent
#: Limits that others rely on, written down apart from the registry.
CONTRACT = {
    "session-spike": {"small": 1.10, "moderate": 1.30, "large": 2.00, "window_days": 30},
    "acwr-windows": {"acute": 7, "chronic": 28},
    "acwr-limit": {"coupled": 1.5, "uncoupled": 1.8, "ewma": 1.5},
    "weekly-change": {"limit": 1.30, "doubled": 2.0},
    "monotony": {"limit": 2.0},
    "rest-days": {"min_in_7": 2},
    "chronic-floor": {"share": 0.25, "window_days": 180},
    "lay-off": {"returning_from_days": 14, "returning_for_days": 28, "ask_from_days": 14},
    "freshness": {"quantile": 0.95, "min_days": 3},
    "outing": {"gap_min": 30},
    "run-day": {"min": 10, "distance_km": 1.5},
    "event": {"over_others": 1.3, "window_days": 90},
    "covered-days": {"min_days": 21},
    "sparse": {"min_run_days": 6},
    "own-habit": {"weeks": 12, "min_weeks": 4, "min_run_days": 4},
}
ENTRIES = pytest.mark.parametrize("entry", REGISTRY.values(), ids=REGISTRY)


@pytest.mark.parametrize("key", CONTRACT)
def test_the_numbers_are_those_of_the_contract(key: str) -> None:
    assert dict(REGISTRY[key].values) == CONTRACT[key]


@ENTRIES
def test_every_entry_is_complete(entry: Evidence) -> None:
    assert entry.unit
    assert entry.method
    assert entry.source
    assert entry.sentence.endswith(".")
    assert entry.grade in "ABCDX"
    assert all(math.isfinite(v) for v in entry.values.values())
    assert set(entry.limits) <= set(entry.values)


@ENTRIES
def test_what_was_not_seen_flags_nothing_and_own_choices_say_so(entry: Evidence) -> None:
    assert entry.checked not in ("unread", "own")
    if entry.checked == "project":
        assert entry.grade == "D"
        assert "this project" in entry.source


@ENTRIES
def test_an_entry_cannot_be_changed(entry: Evidence) -> None:
    name = next(iter(entry.values))
    with pytest.raises(TypeError):
        entry.values[name] = 0.0  # type: ignore[index]


def test_the_uncoupled_limit_is_the_coupled_one_by_the_identity() -> None:
    c = REGISTRY["acwr-limit"]["coupled"]
    assert REGISTRY["acwr-limit"]["uncoupled"] == pytest.approx(3 * c / (4 - c))


#: What the abstracts say, looked up in November 2026, written down apart from the registry.
SEEN = {
    "running-with-back-pain": {
        **{"people": 40, "ran": 20, "weeks": 12, "sessions_a_week": 3, "minutes": 30},
        **{"adherence_pct": 70, "pain_points": 15.3, "complaints": 9},
    },
    "softer-landing": {"people": 320, "lower_pct": 62, "weeks": 2, "months": 12},
    "bone-sites": {"navicular": 127, "femoral_neck": 107, "fibula": 56, "inner_tibia": 44},
}
#: Sources that an entry must name, also those that speak against it.
NAMED = {
    "running-with-back-pain": ("39375007",),
    "acwr-limit": ("2024-109380", "s40279-021-01483-0", "2022-105670", "2020-103003"),
    "weekly-change": ("2024-109380", "57:650", "Damsted", "0363546507307505"),
    "rest-days": ("54:78", "35:e70004"),
    "ramp-novice": ("PMC4060311", "Bertelsen"),
    "ramp-injury": ("1758-2555-4-12", "s13063-023-07502-x", "0363546506298279"),
    "ramp-illness": ("2022-105759", "2020-102637", "PMC7165523"),
    "ramp-cross-training": ("036354659302100107",),
    "walk-run-stages": ("1.0, 1.5, 1.5, 2.0, 2.0 and 2.0 miles",),
    "strength": ("2023-107926", "PMC6931177", "s40279-024-01993-7", "3.60"),
    "form-deviation": ("PMC12440572",),
    "softer-landing": ("0363546517736277",),
    "fitness-lines": ("2/43 and 2/8",),
}
#: Grades by the scale of the project; contradicted where newer and larger data say otherwise.
GRADED = {
    **{"session-spike": "B", "acwr-limit": "X", "weekly-change": "X", "rest-days": "D"},
    **{"monotony": "D", "strength": "D", "ramp-start": "D", "running-with-back-pain": "A"},
}


@pytest.mark.parametrize("key", SEEN)
def test_facts_are_those_of_the_abstracts(key: str) -> None:
    assert dict(REGISTRY[key].values) == SEEN[key]


@pytest.mark.parametrize("key", NAMED)
def test_an_entry_names_what_speaks_for_it_and_against_it(key: str) -> None:
    for words in NAMED[key]:
        assert words in REGISTRY[key].source


@pytest.mark.parametrize("key", GRADED)
def test_grades_follow_the_scale(key: str) -> None:
    assert REGISTRY[key].grade == GRADED[key]


def test_two_equal_runs_in_a_week_reach_the_ratio_only_while_there_are_few() -> None:
    fewest = int(REGISTRY["sparse"]["min_run_days"])
    most = {n: ratio_of_two_in_the_last_week(n) for n in (fewest - 1, fewest)}
    assert most == {5: pytest.approx(1.6), 6: pytest.approx(4 / 3)}
    assert most[fewest] < REGISTRY["acwr-limit"]["coupled"] < most[fewest - 1]


def ratio_of_two_in_the_last_week(n_runs: int) -> float:
    """Coupled ratio after so many equal runs in 28 days, two of them in the last seven."""
    days = pd.date_range("2026-01-01", periods=28)
    load = pd.Series(0.0, index=days)
    load.iloc[list(range(n_runs - 2))] = 5.0
    load.iloc[[-6, -2]] = 5.0
    means = loadmon.acwr(load).iloc[-1]
    return float(means["acute"] / means["chronic"])


def test_docs_evidence_is_the_registry_in_words() -> None:
    written = PATH.read_text(encoding="utf-8")
    assert written == page(), "run: python docs/make_evidence.py"
    assert re.findall(r"^### `([a-z0-9-]+)`$", written, re.MULTILINE) == [
        entry.key for module in modules() for entry in entries_of(module)
    ]


def test_the_registry_holds_what_the_modules_define() -> None:
    defined = [entry.key for module in modules() for entry in entries_of(module)]
    assert sorted(defined) == sorted(REGISTRY)


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda p: p.name)
def test_every_entry_that_a_page_cites_exists(path: Path) -> None:
    cited = re.findall(r"\[((?:`[a-z0-9-]+`(?:, )?)+)\](?!\()", path.read_text(encoding="utf-8"))
    keys = {key for group in cited for key in re.findall(r"`([a-z0-9-]+)`", group)}
    assert keys <= set(REGISTRY)


def sources(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    """Modules of some rooms, by their path in the house."""
    for room in rooms:
        for path in sorted((HOUSE / room).rglob("*.py")) or [HOUSE / room]:
            yield path.relative_to(HOUSE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


#: What the house holds beside modules that may use a number of the evidence.
NO_CODE = {"evidence", "py.typed", "__pycache__"}
#: Where what is judged and planned is computed.
CORE = (
    *("units.py", "loads.py", "calendar.py", "daily.py", "ratio.py", "window.py"),
    *("rules", "weekly.py", "ramp"),
)


def names_in(tree: ast.Module) -> set[str]:
    """Every name that a module uses, also behind a dot."""
    plain = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    return plain | {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}


def test_every_entry_is_used_by_the_program_or_told_by_a_page() -> None:
    rooms = [p.name for p in HOUSE.iterdir() if p.name not in NO_CODE]
    used = set().union(*(names_in(tree) for _, tree in sources(*rooms)))
    pages = [p.read_text(encoding="utf-8") for p in DOCS.glob("*.md") if p != PATH]
    for module in modules():
        for name, entry in vars(module).items():
            if isinstance(entry, Evidence):
                told = any(f"`{entry.key}`" in text for text in pages)
                assert name in used or told, f"{entry.key} stands behind nothing"


def strings_in(tree: ast.Module) -> Iterator[str]:
    """Every text of a module; what is put into a text at run time stands as ``*``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else "*" for v in node.values)


#: Entries whose numbers are facts that stand in their sentence, or that are taken one by one.
FACTS = {
    *("session-rpe", "shoe-pairs", "back-and-running", "running-with-back-pain", "edwards"),
    *("bone-sites", "softer-landing", "return-rules"),
}


def test_every_number_of_an_entry_is_used_by_the_program() -> None:
    rooms = [p.name for p in HOUSE.iterdir() if p.name not in NO_CODE]
    told = {text for _, tree in sources(*rooms) for text in strings_in(tree)}
    patterns = [text for text in told if "*" in text and text.strip("*")]
    for entry in REGISTRY.values():
        for name in entry.values:
            is_made = any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
            assert name in told or is_made or entry.key in FACTS, f"{entry.key}.{name}"


#: Numbers that are no threshold wherever they stand.
UNITS = {7: "days of a week", 60: "seconds of a minute", 100: "per cent"}
#: Modules that write every number down apart, to judge the others by.
APART = ("ramp/verify.py",)
#: Numbers that mean something else than the entry that holds the same one.
OTHER = {
    ("loads.py", 0.5): "half a beat, to round; the half of 1/2 m v^2",
    ("loads.py", 30): "lowest rate of the histogram",
    ("loads.py", 4): "the fourth power of two parts; exponent of the polynomial",
    ("loads.py", 5): "terms of the fourth power of two parts; an exponent",
    ("loads.py", 3): "exponent of the polynomial",
    ("loads.py", 0.02): "width of a bin of the speed histogram",
    ("loads.py", 0.9): "share of values that differ from the one before: written on change",
    ("loads.py", 1.5): "intervals of records above which a value is written now and then",
    ("loads.py", 10): "end of the speed histogram",
    ("daily.py", 10): "tenths of a kilometre",
    ("daily.py", 40): "letters of a wrong text that an error shows",
    ("calendar.py", 365): "days of a year, in a sentence",
    ("calendar.py", 10): "letters of a day as ISO writes it",
    ("ratio.py", 8): "columns that are averaged value by value",
    ("ratio.py", 32): "rows of one step",
    ("ratio.py", 1024): "athletes that are worked on together",
    ("window.py", 3): "runs that a sentence names",
    ("rules/effort_and_form.py", 50): "rounds of the fit",
    ("rules/lookback.py", 4): "of Wilson's formula",
    ("rules/engine.py", 6): "days ahead that are told where none are named",
    ("rules/engine.py", 28): "days ahead that may be asked about",
    ("rules/context.py", 3): "files that a sentence names",
    ("units.py", 10): "tens and tenths of a per cent",
    ("ramp/schedule.py", 3): "weeks before",
    ("ramp/schedule.py", 4): "steps of a grid beside a guess that are tried too",
    ("ramp/export.py", 28): "days whose runs become workouts",
    ("ramp/history.py", 0.5): "to round half up",
    ("ramp/plan.py", 3): "violations that a sentence names",
    ("ramp/result.py", 8): "weeks that a notebook shows",
    ("ramp/result.py", 3): "exercises of a session",
    ("ramp/problem.py", 3): "letters of a day's name",
    ("ramp/problem.py", 5): "third run day of a week",
    ("ramp/problem.py", 9): "digits of a sum of shares",
    ("ramp/screening.py", 10): "end of the scale of pain",
}


def numbers_in(tree: ast.Module) -> Iterator[ast.Constant]:
    """Numbers of a module above 2, and fractions; exponents aside."""
    powers = [n.right for n in ast.walk(tree) if isinstance(n, ast.BinOp) and is_power(n)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            is_counted = node.value in (0, 1, 2)
            if not is_counted and node not in powers:
                yield node


def test_rooms_hold_no_threshold_of_their_own() -> None:
    cited = {v for e in REGISTRY.values() for v in e.values.values()}
    for path, tree in sources(*CORE):
        for number in numbers_in(tree):
            free = number.value in UNITS or path in APART or (path, number.value) in OTHER
            found = number.value in cited and not free
            where = f"{path}, line {number.lineno}"
            what = f"take it from loadmon.evidence, or say in OTHER what else {number.value} means"
            assert not found, f"{where}: {what}"


def test_no_report_compares_with_a_number_of_its_own() -> None:
    cited = {v for e in REGISTRY.values() for v in e.values.values() if v != int(v)}
    for path, tree in sources("report", "cli"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Compare):
                numbers = {n.value for n in ast.walk(node) if isinstance(n, ast.Constant)}
                assert not numbers & cited, f"{path}, line {node.lineno}: {numbers & cited}"


def is_power(node: ast.BinOp) -> bool:
    """Whether an operation is a power, so that its number is an exponent."""
    return isinstance(node.op, ast.Pow)


def test_numbers_that_mean_something_else_are_still_there() -> None:
    rooms = sources(*CORE)
    held = {(path, number.value) for path, tree in rooms for number in numbers_in(tree)}
    assert [one for one in OTHER if one not in held] == []
