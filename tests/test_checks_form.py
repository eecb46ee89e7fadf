"""Form is flagged only where it repeats, and only against the runner's own running."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from corpus import history
from forbidden import FORBIDDEN
from made import activities, archive

from loadmon.io.archive import Archive, Details, details_of
from loadmon.loads import COLUMNS
from loadmon.rules import effort_and_form
from loadmon.rules.engine import RULES, build_context, check, evaluate, flag_history

LAST = pd.Timestamp("2026-06-28")


def made(
    changed: int = 0,
    *,
    factor: float = 1.0,
    column: str = "cadence_spm",
    units: str = "km",
    runs: int = 50,
    nan: tuple[str, ...] = (),
) -> Archive:
    """A runner of every second day; the last `changed` runs have one column multiplied."""
    days = [LAST - pd.Timedelta(days=2 * i) for i in range(runs)][::-1]
    frame = activities([(f"{day:%Y-%m-%d}", 8.0) for day in days])
    rng = np.random.default_rng(1)
    tables = {}
    for n, activity_id in enumerate(frame["activity_id"]):
        speed = rng.uniform(2.6, 3.4, 30)
        told = {name: np.full(30, np.nan) for name in COLUMNS}
        told |= {"minute": np.arange(30.0), "speed_mps": speed, "speed_cv": np.full(30, 0.02)}
        told |= {
            "slope": np.zeros(30),
            "cadence_spm": 132 + 11 * speed + rng.normal(0, 1, 30),
            "stance_time_ms": 330 - 25 * speed + rng.normal(0, 2, 30),
            "stance_time_balance_pct": 50.2 + rng.normal(0, 0.2, 30),
        }
        if n >= runs - changed:
            told[column] = told[column] * factor
        told |= {name: np.full(30, np.nan) for name in nan}
        tables[activity_id] = np.column_stack([told[c] for c in COLUMNS]).astype(np.float32)
    return replace(archive(frame, units=units), _details=Details(minutes=lambda: tables))


def form(given: Archive, as_of: str | None = None) -> pd.Series:
    return check(given, as_of=as_of).to_frame().set_index("check").loc["form"]


def test_three_runs_with_longer_steps_are_flagged_and_two_are_not() -> None:
    found = form(made(3, factor=1 / 1.06))
    assert (found["verdict"], found["level"]) == ("flagged", "longer_steps")
    assert found["value"] == pytest.approx(100 * (1 / 1.06 - 1), abs=0.5)
    assert found["date"] == LAST
    assert found["message"].startswith("Longer steps than usual for you at this pace in 3 of")
    assert "posture" in found["message"]
    assert form(made(2, factor=1 / 1.06))["verdict"] == "ok"


def test_who_changes_the_deviation_in_its_file_changes_check_and_history(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given, old = made(3, factor=1 / 1.06), effort_and_form.FORM_DEVIATION
    assert form(given)["verdict"] == "flagged"
    assert "form" in set(flag_history(given)["check"])
    values = {**old.values, "share": 0.09}
    monkeypatch.setattr(effort_and_form, "FORM_DEVIATION", replace(old, values=values))
    assert form(given)["verdict"] == "ok"
    assert "form" not in set(flag_history(given)["check"])


def test_a_change_under_five_per_cent_and_shorter_steps_are_no_flag() -> None:
    assert form(made(10, factor=0.965))["verdict"] == "ok"
    assert form(made(10, factor=1.08))["verdict"] == "ok"


def test_longer_contact_and_a_moved_balance_are_flagged() -> None:
    contact = form(made(4, factor=1.08, column="stance_time_ms"))
    assert (contact["verdict"], contact["level"]) == ("flagged", "longer_contact")
    balance = form(made(4, factor=1.06, column="stance_time_balance_pct"))
    assert (balance["verdict"], balance["level"]) == ("flagged", "balance")
    assert "usually 50.2 %" in balance["message"]
    assert form(made(4, factor=1.03, column="stance_time_balance_pct"))["verdict"] == "ok"


def test_paces_are_told_in_miles_where_the_runner_counts_in_miles() -> None:
    assert "/mi" in form(made(3, factor=1 / 1.06, units="mi"))["message"]
    assert "/km" in form(made(3, factor=1 / 1.06))["message"]


def test_without_enough_minutes_before_form_is_unknown_and_says_what_it_needs() -> None:
    found = form(made(runs=14))  # all within the four weeks that are judged
    assert found["verdict"] == "unknown"
    assert "20 such minutes" in found["missing"]
    assert form(made(runs=20))["verdict"] == "ok"


def test_without_steps_form_is_not_set_up() -> None:
    found = form(made(nan=("cadence_spm",)))
    assert found["verdict"] == "not_set_up"
    assert "counts steps" in found["missing"]


def test_runs_after_the_day_do_not_count() -> None:
    given = made(3, factor=1 / 1.06)
    assert form(given, as_of="2026-06-25")["verdict"] == "ok"
    assert form(given, as_of="2026-06-26")["verdict"] == "ok"


def test_the_message_says_nothing_that_must_not_be_said() -> None:
    for given in (made(3, factor=1 / 1.06), made(), made(runs=10)):
        text = form(given)["message"].lower()
        assert not [phrase for phrase in FORBIDDEN if phrase in text]
        assert "overstrid" not in text


def longer_steps(given: Archive, last: int) -> Archive:
    """The same archive with the steps of its last runs made 6 % longer at equal speed."""
    runs = given.activities.query("sport == 'running'")["activity_id"].tail(last)
    tables = dict(details_of(given).minutes())
    for activity_id in runs:
        table = tables[activity_id].copy()
        table[:, COLUMNS.index("cadence_spm")] /= 1.06
        tables[activity_id] = table
    return replace(given, _details=Details(minutes=lambda: tables))


@pytest.mark.slow
def test_longer_steps_in_a_real_history_are_found_and_the_untouched_one_is_quiet() -> None:
    given = history("athlete_a")
    view = build_context(given, None)
    days = pd.DatetimeIndex(given.activities.query("sport == 'running'")["date"].unique())
    found = pd.Series([evaluate(RULES["form"], view.at(day, 7)).level for day in days], days)
    assert set(found) == {"none", "unknown"}  # at most one flag in a hundred runs is asked for
    assert (found == "none").sum() > 100
    for runs_off, level in ((10, "longer_steps"), (2, "none")):
        context = build_context(longer_steps(given, runs_off), None)
        assert evaluate(RULES["form"], context).level == level
