"""What is missing is named: days, and files that may hold a run of the days that count."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from made import archive, runs

from loadmon.rules.engine import build_context, check

STEADY = [6.0, 0, 5.0, 0, 6.0, 0, 0] * 8  # the last run is on Monday 23 February 2026


def missing(files: list[tuple[str, str, str]], name: str) -> str:
    """Words about what is missing, for a ledger of files with their outcome and day."""
    made = archive(runs(STEADY))
    ledger = pd.DataFrame(files, columns=["file", "outcome", "date"], dtype="str")
    found = check(replace(made, files=ledger)).to_frame().set_index("check")
    return str(found.loc[name, "missing"])


def test_a_broken_file_of_the_window_is_named_and_one_before_it_is_not() -> None:
    lost = [("export.zip!activities/a.fit", "quarantined", "2026-02-20")]
    assert missing(lost, "monotony") == (
        "1 file could not be read (a.fit); a run in it would be missing"
    )
    early = [("a.fit", "quarantined", "2026-02-10")]
    assert missing(early, "monotony") == ""
    assert "a.fit" in missing(early, "acwr")
    assert missing([("a.fit", "quarantined", "2026-01-01")], "session_spike") == ""


def test_the_window_of_each_check_ends_on_the_day_itself() -> None:
    assert "a.fit" in missing([("a.fit", "quarantined", "2026-02-17")], "monotony")
    assert missing([("a.fit", "quarantined", "2026-02-16")], "monotony") == ""
    assert "a.fit" in missing([("a.fit", "quarantined", "2026-02-23")], "monotony")
    assert missing([("a.fit", "quarantined", "2026-02-24")], "monotony") == ""


def test_a_file_whose_day_is_not_known_may_lie_in_any_window() -> None:
    for outcome in ("quarantined", "refused"):
        assert "a.fit" in missing([("a.fit", outcome, "")], "monotony")
    for outcome in ("skipped", "duplicate", "imported", "flagged"):
        assert missing([("a.fit", outcome, "")], "monotony") == ""


def test_of_many_files_the_first_three_are_named() -> None:
    files = [(f"{n}.fit", "refused", "") for n in range(5)]
    told = missing(files, "rest")
    assert told == (
        "5 files could not be read (0.fit, 1.fit, 2.fit and 2 more); a run in them would be missing"
    )


def test_days_before_the_first_recorded_one_are_not_known() -> None:
    from loadmon.rules.engine import build_context

    assert not build_context(archive(runs([5.0, 0, 5.0])), None).week_known
    assert build_context(archive(runs([5.0, 0, 5.0, 0, 0, 0, 5.0])), None).week_known


@pytest.mark.parametrize("beside", [-1, 40])
def test_a_number_of_a_day_outside_the_calendar_is_no_other_days(beside: int) -> None:
    context = build_context(archive(runs([5.0] * 40)), None)
    first = context.daily.index[0]
    assert context.value("sum_7d", first + pd.Timedelta(days=39)) == 35.0
    with pytest.raises(KeyError):
        context.value("sum_7d", first + pd.Timedelta(days=beside))
