"""A rule stands in one file: who changes its value there changes it for everybody.

Each case gives a rule another value where its file reads it, and looks at what follows: the check,
the history, today, the weekly flags, the cohort, and the planner where it applies the rule. The
verifier of plans keeps eyes of its own.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from made import activities, archive, runs

import loadmon
from loadmon import daily, ratio
from loadmon.io.archive import Archive
from loadmon.rules import (
    acwr,
    effort_and_form,
    limits,
    rest,
    return_to_run,
    session_spike,
    strength_shoes,
    symptoms,
    weekly_change,
)
from loadmon.rules.limits import limits_for

ROOT = Path(__file__).parent.parent
#: Files of rules, and the evidence that each of them alone reads.
ENTRIES = {
    daily: ("OUTING", "RUN_DAY"),
    session_spike: (
        *("SESSION_SPIKE", "SESSION_FLOOR", "DESCENT", "RAMP_SESSION", "RAMP_TRY"),
        *("COVERED_DAYS", "EVENT"),
    ),
    weekly_change: ("WEEKLY_CHANGE", "RAMP_RATE"),
    acwr: ("ACWR_LIMIT", "AGREEMENT"),
    rest: ("MONOTONY", "REST_DAYS", "RUN_DAYS_IN_A_ROW", "HARD_DAYS"),
    return_to_run: ("RAMP_START", "RAMP_DAYS"),
    symptoms: ("REFERRAL",),
    effort_and_form: ("INTENSITY", "FORM_DEVIATION", "FORM_BASELINE", "FORM_DRIFT", "OVERTRAINING"),
    strength_shoes: ("STRENGTH", "SHOE_LIFE", "SHOE_NEW"),
    limits: ("RAMP_RATIO", "RAMP_WEEK"),
}
#: Evidence that several files read: what is usual, and what has no ratio.
SHARED = ("OWN_HABIT", "SPARSE")
WEEK = [5.0, 0, 5.0, 0, 5.0, 0, 5.0]  # 20 km; the first day is a Thursday
THREE = [5.0, 0, 5.0, 0, 5.0, 0, 0]
FOUR = [6.0, 0, 6.0, 0, 5.0, 6.0, 0]
FIVE = [6.0, 5.0, 6.0, 0, 5.0, 6.0, 0]
SIX = [6.0, 5.0, 6.0, 0, 4.0, 5.0, 6.0]
STEADY = WEEK * 8
TENS = [2 * x for x in STEADY]
FOURS = [0.8 * x for x in STEADY]
OFF = [0.0] * 36
BACK = [*TENS, *OFF, 3.0, 0, 3.3, 0, 3.6]  # within the limits of a return
#: 30 km once, ten weeks later 35: new to four weeks, not to twelve.
UNEVEN = [*STEADY, *(1.5 * x for x in WEEK), *WEEK * 9, *(1.75 * x for x in WEEK)]


def changed(
    patch: pytest.MonkeyPatch, module: ModuleType, entry: str, values: dict[str, float]
) -> None:
    """Give a rule other values, in its own file."""
    old = getattr(module, entry)
    patch.setattr(module, entry, replace(old, values={**old.values, **values}))


@dataclass(frozen=True)
class Case:
    """A history whose answer hangs on one value of a rule.

    `weekly` is the flag of the last week, `today` the limit of the day some days later; empty for
    a rule that has none there.
    """

    check: str
    module: ModuleType
    entry: str
    values: dict[str, float]
    loads: list[float] = field(repr=False)
    weekly: str = ""
    today: str = ""
    days_later: int = 1


LOADS = [
    Case(
        *("session_spike", session_spike, "SESSION_SPIKE", {"small": 1.05}, [*TENS, 10.8]),
        *("session_spike", "session_spike"),
    ),
    Case(
        *("session_spike", session_spike, "RAMP_SESSION", {"floor_km": 0.2}, [*FOURS, 4.45]),
        *("", "session_spike"),
    ),
    Case(
        *("weekly_change", weekly_change, "WEEKLY_CHANGE", {"limit": 1.05}),
        *([*STEADY, 5.0, 0, 5, 0, 5, 0, 7], "weekly_change", "weekly_change"),
    ),
    Case(
        *("weekly_change", weekly_change, "WEEKLY_CHANGE", {"doubled": 1.5}, UNEVEN),
        *("weekly_change", "weekly_change"),
    ),
    Case(
        *("weekly_change", weekly_change, "OWN_HABIT", {"weeks": 4}, UNEVEN),
        *("weekly_change", "weekly_change"),
    ),
    Case(
        *("acwr", acwr, "ACWR_LIMIT", {"coupled": 1.2}, [*STEADY, *(1.5 * x for x in WEEK)]),
        *("acwr", "acwr"),
    ),
    Case("monotony", rest, "MONOTONY", {"limit": 1.2}, [*STEADY, 5, 5, 5, 0, 5, 0, 5], "monotony"),
    Case(
        *("rest", rest, "REST_DAYS", {"min_in_7": 3}, [*THREE * 8, 5, 5, 0, 5, 0, 5, 5]),
        *("rest", "rest"),
    ),
    Case("rest", rest, "RUN_DAYS_IN_A_ROW", {"max": 2}, [*THREE * 8, 5, 5, 5], "rest", "rest"),
    Case(
        *("rest", rest, "OWN_HABIT", {"weeks": 4}, [*FOUR * 5, *FIVE, *FOUR * 7, *SIX]),
        *("rest", "rest"),
    ),
    Case(
        *("rest", daily, "RUN_DAY", {"min": 20, "distance_km": 3.0}),
        *([*FOUR * 5, 6.0, 2.0, 6.0, 0, 2.0, 6.0, 6.0], "rest", "rest"),
    ),
    Case(
        "return",
        session_spike,
        "RAMP_SESSION",
        {"growth": 0.01, "floor_km": 0.1},
        BACK,
        "",
        "return",
        days_later=2,
    ),
    Case(
        *("return", session_spike, "RAMP_TRY", {"max_km": 2.0}),
        *(BACK[:-4], "", "return"),
        days_later=0,
    ),
    Case(
        "return", return_to_run, "RAMP_DAYS", {"no_consecutive_days": 0}, [*BACK, 3.0], "", "return"
    ),
]


def answers(case: Case) -> dict[str, Any]:
    """What each of the users of a rule says of a history."""
    frame = runs(case.loads)
    made, last = archive(frame, rested_until="2027-01-01"), frame["date"].max()
    found = loadmon.check(made).to_frame().set_index("check")
    history = loadmon.flag_history(made)
    day = last + pd.Timedelta(days=case.days_later)
    bounds = loadmon.today(made, as_of=day, days_ahead=0).to_frame().set_index("limit")
    days = pd.date_range("2026-01-01", periods=len(case.loads), unit="us")
    sessions = pd.DataFrame({"athlete": "a", "date": days, "distance_km": case.loads})
    out = {
        "check": found.loc[case.check, "verdict"],
        "history": bool(((history["check"] == case.check) & (history["until"] == last)).any()),
    }
    if case.weekly:
        out["weekly"] = case.weekly in loadmon.weekly_load(frame)["flags"].iloc[-1].split(",")
        weeks = loadmon.weekly_panel(sessions)
        out["cohort by week"] = case.weekly in weeks["flags"].iloc[-1].split(",")
        by_day = loadmon.daily_panel(sessions)[f"flag_{case.weekly}"].iloc[-1]
        out["cohort by day"] = not pd.isna(by_day) and bool(by_day)
    if case.today:
        out["today"] = float(bounds.loc[case.today, "distance_km"])
    return out


@pytest.mark.parametrize("case", LOADS, ids=lambda case: f"{case.check}-{case.entry}")
def test_who_changes_a_rule_of_load_in_its_file_changes_it_for_everybody(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = answers(case)
    changed(monkeypatch, case.module, case.entry, case.values)
    after = answers(case)
    assert {before["check"], after["check"]} == {"ok", "flagged"}
    assert [name for name in before if before[name] == after[name]] == []
    for name in set(before) - {"check", "today"}:
        assert before[name] == (before["check"] == "flagged"), name


def rated(rpe: list[float]) -> Archive:
    """A run of 5 km each second day, and at the end one a day, with how hard they felt."""
    every = pd.date_range("2025-12-01", "2026-01-28", freq="2D")
    days = [f"{day:%Y-%m-%d}" for day in every] + ["2026-01-30", "2026-01-31"]
    rows: list[dict[str, object]] = [{"date": day, "distance_km": 5.0, "rpe": 3.0} for day in days]
    for row, felt in zip(reversed(rows), rpe, strict=False):
        row["rpe"] = felt
    return archive(activities(rows))


def hilly(metres: float, first: float = 100.0, **words: Any) -> Archive:
    """Runs of 100 m of descent and 10 min above threshold, and a last one with more."""
    rows: list[dict[str, object]] = [
        {
            "date": f"{pd.Timestamp('2026-01-01') + pd.Timedelta(days=n):%Y-%m-%d}",
            "distance_km": 5.0,
            "descent_m": first if n == 0 else 100.0 if n < 58 else metres,
            "above_threshold_min": 10.0 if n < 58 else metres / 10,
        }
        for n in range(0, 60, 2)
    ]
    return archive(activities(rows), **words)


def in_two_parts() -> Archive:
    """Runs of 5 km, and at the end 4 km in 24 minutes twice, with 40 minutes between them."""
    rows: list[dict[str, object]] = [
        {"date": f"{day:%Y-%m-%d}", "distance_km": 5.0}
        for day in pd.date_range("2026-01-01", "2026-02-14", freq="2D")
    ]
    for start in ("07:00", "08:04"):
        moment = pd.Timestamp(f"2026-02-16 {start}")
        rows.append({"date": "2026-02-16", "distance_km": 4.0, "start_utc": moment})
    return archive(activities(rows))


def noted(pain: float) -> pd.DataFrame:
    """A diary with one pain on the day of the last run."""
    cells = {"date": [pd.Timestamp("2026-02-28")], "when": ["during"], "pain": [pain]}
    texts = {name: [""] for name in ("note", "break", "strength")}
    return pd.DataFrame({**cells, "site": ["knee"], **texts})


OTHERS: list[tuple[str, ModuleType, str, dict[str, float], Any]] = [
    ("rest", rest, "HARD_DAYS", {"max_in_a_row": 1}, lambda: rated([8, 8])),
    ("rest", rest, "HARD_DAYS", {"rpe": 2, "max_in_a_row": 1}, lambda: rated([3, 3])),
    ("descent", session_spike, "DESCENT", {"small": 3.0}, lambda: hilly(250.0)),
    ("descent", session_spike, "SESSION_FLOOR", {"descent_m": 500}, lambda: hilly(250.0)),
    ("intensity", effort_and_form, "INTENSITY", {"limit": 3.0}, lambda: hilly(600.0)),
    ("symptoms", symptoms, "REFERRAL", {"above": 8}, lambda: hilly(100.0, diary=noted(7.0))),
    ("descent", session_spike, "OWN_HABIT", {"weeks": 4}, lambda: hilly(250.0, first=250.0)),
    ("session_spike", daily, "OUTING", {"gap_min": 45}, lambda: in_two_parts()),
]


@pytest.mark.parametrize(("check", "module", "entry", "values", "made"), OTHERS)
def test_a_rule_that_the_watch_or_the_runner_feeds_is_changed_in_its_file_too(
    check: str,
    module: ModuleType,
    entry: str,
    values: dict[str, float],
    made: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def told() -> tuple[str, bool]:
        given = made()
        frame = loadmon.check(given).to_frame().set_index("check")
        return frame.loc[check, "verdict"], check in set(loadmon.flag_history(given)["check"])

    before = told()
    changed(monkeypatch, module, entry, values)
    assert {before, told()} == {("flagged", True), ("ok", False)}


#: Five runs in 28 days, the last of them far longer; a run of 9 km on the 15th day of a log.
FEW = [*[5.0, 0, 0, 0, 0, 0] * 10, 25.0]
YOUNG = [5.0, 0] * 7 + [9.0]


@pytest.mark.parametrize(
    ("check", "module", "entry", "values", "loads"),
    [
        ("session_spike", session_spike, "COVERED_DAYS", {"min_days": 14}, YOUNG),
        ("acwr", ratio, "SPARSE", {"min_run_days": 5}, FEW),
    ],
)
def test_who_changes_what_can_be_judged_at_all_changes_it_for_everybody(
    check: str,
    module: ModuleType,
    entry: str,
    values: dict[str, float],
    loads: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = Case(check, module, entry, values, loads, weekly=check)
    before = answers(case)
    assert before.pop("check") == "unknown"
    changed(monkeypatch, module, entry, values)
    after = answers(case)
    assert after.pop("check") == "flagged"
    assert not any(before.values())
    assert all(after.values())


def test_who_changes_what_an_event_is_changes_the_base_of_today(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = archive(runs([*TENS, 0, 14.0]))

    def base() -> tuple[float, bool]:
        today = loadmon.today(made, as_of="2026-02-28", days_ahead=0).to_frame()
        km = float(today.set_index("limit").loc["session_spike", "distance_km"])
        return km, bool(loadmon.session_spikes(made.activities)["event"].iloc[-1])

    assert base() == (pytest.approx(11.0), True)
    changed(monkeypatch, session_spike, "EVENT", {"over_others": 1.5})
    assert base() == (pytest.approx(15.4), False)


def test_a_cohort_follows_the_same_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def flagged() -> int:
        with ThreadPoolExecutor(2) as pool:
            team = loadmon.cohort(ROOT / "data" / "sample_team", executor=pool, cache=False)
        spikes = team.findings.query("check == 'session_spike'")
        weeks = team.weekly["flags"].str.contains("session_spike").sum()
        days = int(team.daily["flag_session_spike"].sum())
        return int((spikes["verdict"] == "flagged").sum()) + int(weeks) + days

    before = flagged()
    assert before > 0
    changed(monkeypatch, session_spike, "SESSION_SPIKE", dict.fromkeys(("small",), 40.0))
    assert flagged() == 0


#: Own limits under which weeks grow so fast that the ratios bind.
FAST = {
    **{"weekly_growth": 0.5, "weekly_floor_km": 5.0},
    **{"session_growth": 0.9, "session_floor_km": 5.0},
}
#: Each limit of a plan, loosened, and what the verifier then finds by the published one.
PLANS: list[tuple[ModuleType, str, dict[str, float], dict[str, Any], str]] = [
    (session_spike, "RAMP_SESSION", {"growth": 0.5}, {}, "session"),
    (session_spike, "RAMP_SESSION", {"floor_km": 2.0}, {}, "session"),
    (session_spike, "RAMP_TRY", {"max_km": 3.4}, {}, "start"),
    (
        *(return_to_run, "RAMP_DAYS", {"no_consecutive_days": 0}),
        *({"run_days": "mon,tue,thu,sat"}, "run_days"),
    ),
    (
        *(return_to_run, "RAMP_DAYS", {"max_in_7": 7, "no_consecutive_days": 0}),
        *({"run_days": "mon,tue,wed,thu,fri,sat"}, "run_days"),
    ),
    (limits, "RAMP_WEEK", {"steady": 2.0, "steady_floor_km": 9.0}, {}, "week"),
    (
        *(limits, "RAMP_RATIO", {"ewma": 9.0, "coupled": 9.0}),
        *({"pace": "earliest", "target_km": 80, "limits": FAST}, "coupled"),
    ),
]


@pytest.mark.parametrize(("module", "entry", "values", "options", "limit"), PLANS)
def test_the_planner_follows_and_the_verifier_objects(
    module: ModuleType,
    entry: str,
    values: dict[str, float],
    options: dict[str, Any],
    limit: str,
) -> None:
    made = archive(runs(TENS), rested_until="2027-01-01")
    asked: dict[str, Any] = {"resume": "2026-04-06", "target_km": 40, **options}
    published = limits_for(options.get("pace", "steady"), options.get("limits"))
    usual = loadmon.plan_ramp(made, **asked).plan if limit != "run_days" else pd.DataFrame()
    with pytest.MonkeyPatch.context() as patch:
        changed(patch, module, entry, values)
        loose = loadmon.plan_ramp(made, **asked)
        key, value = next(iter(values.items()))
        assert value in vars_of(loose.limits) or entry == "RAMP_TRY", key
    assert not loose.plan.equals(usual)
    assert limit in set(loadmon.verify_ramp(made, loose.plan, published)["limit"])


def vars_of(record: loadmon.Limits) -> list[Any]:
    """Every value of a record of limits."""
    return [getattr(record, name) for name in record.__slots__]


def house() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / "loadmon").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        yield name, ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.source
def test_nobody_but_its_file_and_the_verifier_takes_an_entry_of_a_rule_from_the_evidence() -> None:
    home = {
        entry: f"{m.__name__.replace('.', '/')}.py" for m, es in ENTRIES.items() for entry in es
    }
    bad = []
    for name, tree in house():
        if name.startswith("loadmon/evidence/") or name == "loadmon/ramp/verify.py":
            continue
        for node in ast.walk(tree):
            names: list[str] = []
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                "loadmon.evidence"
            ):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                names = [node.attr] if node.value.id.endswith("_evidence") else []
            bad += [f"{name}: {n}" for n in names if home.get(n, name) != name]
    assert bad == []


@pytest.mark.source
def test_no_value_of_a_rule_is_kept_from_the_time_of_the_import() -> None:
    entries = {*SHARED, *(entry for es in ENTRIES.values() for entry in es)}
    bad = []
    for name, tree in house():
        if name.startswith("loadmon/evidence/") or name == "loadmon/ramp/verify.py":
            continue
        for node in outside_functions(tree):
            if isinstance(node, ast.Subscript):
                of = node.value
                word = of.attr if isinstance(of, ast.Attribute) else getattr(of, "id", "")
                bad += [f"{name}, line {node.lineno}: {word}"] if word in entries else []
    assert bad == []


def outside_functions(tree: ast.AST) -> Iterator[ast.AST]:
    """Nodes that are run when a module is imported."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            yield from (d for default in node.args.defaults for d in ast.walk(default))
        else:
            yield node
            yield from outside_functions(node)
