"""The page on loads says what the program does: columns, settings, chains, numbers, its example."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from forbidden import FORBIDDEN

from loadmon.evidence import REGISTRY
from loadmon.io.archive import ACTIVITY_COLUMNS
from loadmon.io.load_columns import LOAD_COLUMNS, is_zone
from loadmon.settings import KEYS
from loadmon.units import METRICS

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "loads.md").read_text(encoding="utf-8")
LABELS = ["What", "Needs", "Fails", "Evidence", "Column"]
SECTIONS = dict(re.findall(r"^### (.+?)\n(.*?)(?=^##|\Z)", TEXT, re.DOTALL | re.MULTILINE))


def line(section: str, label: str) -> str:
    """One of the five lines of a metric, on one line."""
    (found,) = re.findall(
        rf"^- \*\*{label}\*\*: (.*?)(?=^- \*\*|\Z)", SECTIONS[section], re.S | re.M
    )
    return re.sub(r"\s+", " ", found).strip()


def code(text: str) -> set[str]:
    return set(re.findall(r"`([^`]*)`", text))


@pytest.mark.parametrize("section", SECTIONS)
def test_every_metric_is_told_in_five_lines(section: str) -> None:
    assert re.findall(r"^- \*\*(\w+)\*\*:", SECTIONS[section], re.M) == LABELS
    columns = code(line(section, "Column"))
    assert columns
    assert all(c in ACTIVITY_COLUMNS or is_zone(c) for c in columns), columns


def test_every_load_has_its_section_and_its_column() -> None:
    told = {column for section in SECTIONS for column in code(line(section, "Column"))}
    assert set(METRICS) <= told
    assert set(LOAD_COLUMNS) <= told
    assert {"hr_zone_1_min", "pace_zone_1_min"} <= told


def test_the_evidence_and_grade_of_a_metric_are_those_of_the_program() -> None:
    for name, metric in METRICS.items():
        (section,) = [s for s in SECTIONS if name in code(line(s, "Column"))]
        evidence = line(section, "Evidence")
        for entry in metric.evidence:
            if entry.key in code(evidence):
                assert entry.grade in re.findall(r"\b([ABCDX])\b", evidence)
        if metric.evidence:
            assert code(evidence) & {entry.key for entry in metric.evidence}
        else:
            assert evidence.startswith(("none", "D, the two numbers are choices"))


def test_what_a_metric_needs_names_the_settings_it_depends_on() -> None:
    for name, metric in METRICS.items():
        (section,) = [s for s in SECTIONS if name in code(line(s, "Column"))]
        needs = line(section, "Needs")
        for setting in metric.settings:
            key = setting.removesuffix("_s_per_km")
            assert key in KEYS
            assert key in code(needs) or re.search(r"as (TRIMP|running stress)", needs), key


def test_the_chain_of_the_fall_back_is_that_of_the_program() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (`.*`) \|$", TEXT, re.M))
    assert {k: tuple(re.findall(r"`(\w+)`", v)) for k, v in rows.items()} == {
        name: metric.instead for name, metric in METRICS.items()
    }


def test_every_entry_that_is_named_exists_and_the_numbers_are_its() -> None:
    named = {k for group in re.findall(r"\[(`[^]]*`)\]", TEXT) for k in code(group)}
    assert len(named) > 15
    assert named <= set(REGISTRY)
    plain = re.sub(r"\s+", " ", TEXT)

    def g(key: str, name: str) -> str:
        return f"{REGISTRY[key][name]:g}"

    for words in (
        f"more than {g('recording', 'max_gap_s')} s away",
        f"Below {g('recording', 'min_coverage_pct')} % there is no load",
        f"at least {g('load-interval', 'min_known_runs')} runs tell",
        f"as a {g('climb', 'smooth_s')} s mean, of which changes of {g('climb', 'step_m')} m",
        f"over {g('slope', 'slope_span_m')} m of distance, "
        f"is steeper than {g('slope', 'downhill_pct')}",
        f"a {g('trimp-men', 'a')}, b {g('trimp-men', 'b')} for men, "
        f"a {g('trimp-women', 'a')}, b {g('trimp-women', 'b')} for women",
        "from "
        + ", ".join(g("edwards", f"zone_{k}") for k in range(1, 5))
        + f" and {g('edwards', 'zone_5')} %",
        f"fourth power of {g('normalised', 'window_s')} s means",
        f"means over {g('govss', 'mean_s')} s",
        f"beyond {100 * REGISTRY['running-cost']['max_slope']:g} %",
        f"fitness ({g('fitness-lines', 'fitness_days')} days) and fatigue "
        f"({g('fitness-lines', 'fatigue_days')} days)",
    ):
        assert words in plain, words


def test_no_word_of_promise_blame_or_fear() -> None:
    for pattern in FORBIDDEN:
        assert not re.search(pattern, TEXT, re.IGNORECASE), pattern


def test_the_example_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (block,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    seen: dict[str, object] = {}
    exec(block, seen)
    assert len(seen["weeks"]) > 40  # type: ignore[arg-type]
    assert seen["last"].asked == "srpe"  # type: ignore[attr-defined]
    assert list(seen["lines"]) == ["ctl", "atl", "tsb", "ramp_rate"]  # type: ignore[call-overload]
