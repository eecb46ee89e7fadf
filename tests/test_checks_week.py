from __future__ import annotations

from typing import Any

import pytest
from made import archive, archive_of_runs, runs

from loadmon.rules.engine import check

STEADY = [6.0, 0, 5.0, 0, 6.0, 0, 0] * 5  # 35 days from Thursday 1 January: to Wednesday 4 February


def judge(
    name: str, loads: list[float], as_of: str | None = None, **options: Any
) -> dict[str, Any]:
    rows = check(archive_of_runs(loads, **options), as_of=as_of).to_dict()["findings"]
    return next(row for row in rows if row["check"] == name)


def test_seven_days_much_alike_are_flagged() -> None:
    told = judge("monotony", [*STEADY, 3.0, 3.0, 3.0, 3.0, 3.0, 0, 3.0])
    assert (told["verdict"], told["level"]) == ("flagged", "above")
    assert told["value"] == pytest.approx(6**0.5)
    assert told["limit"] == 2.0
    assert told["message"] == (
        "Monotony of the 7 days: 2.45, above 2.0: the days were very similar. Strain 44."
    )


def test_seven_equal_days_have_no_number_and_are_flagged_all_the_same() -> None:
    told = judge("monotony", [*STEADY, *[3.0] * 7])
    assert (told["verdict"], told["level"], told["value"]) == ("flagged", "all_equal", None)


def test_a_rest_day_keeps_an_alarm_but_makes_none() -> None:
    alike = [*STEADY, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0]
    kept = judge("monotony", [0.0, *alike], "2026-02-12", first="2026-01-01")
    assert kept["verdict"] == "flagged"
    new = judge("monotony", [*STEADY, 30.0, *[3.0] * 6], "2026-02-12")
    assert (new["verdict"], new["value"]) == ("ok", pytest.approx(6**0.5))
    assert "only a rest day" in new["message"]


def test_a_week_of_rest_is_fine() -> None:
    rested = {"as_of": "2026-02-20", "rested_until": "2026-02-20"}
    assert judge("monotony", STEADY, **rested)["verdict"] == "ok"
    told = judge("rest", STEADY, **rested)
    assert (told["verdict"], told["value"]) == ("ok", 7.0)


def test_unknown_days_leave_monotony_unknown() -> None:
    assert judge("monotony", STEADY, unknown_days=["2026-02-01"])["verdict"] == "unknown"
    assert judge("monotony", STEADY[:6])["verdict"] == "unknown"
    assert judge("monotony", STEADY[:5], as_of="2026-01-07")["verdict"] == "ok"


@pytest.mark.parametrize(
    ("rest_days", "verdict"), [(3, "ok"), (2, "ok"), (1, "flagged"), (0, "flagged")]
)
def test_two_days_without_a_run_in_seven_are_the_limit(rest_days: int, verdict: str) -> None:
    ran = [1.0 + i for i in range(7 - rest_days)]
    told = judge("rest", [*STEADY, *[0.0] * rest_days, *ran])
    assert (told["verdict"], told["value"], told["limit"]) == (verdict, rest_days, 2)


def test_cross_training_is_a_day_without_a_run() -> None:
    frame = runs([1.0, 2, 3, 4, 5, 6, 7])
    frame.loc[[1, 3], "sport"] = "cycling"
    rows = check(archive(frame)).to_dict()["findings"]
    assert rows[5]["verdict"] == "ok"


def test_an_unknown_day_may_be_a_run_day_unless_the_known_ones_settle_it() -> None:
    def verdict(*week: float) -> str:
        loads = [*STEADY, *week]
        return str(judge("rest", loads, "2026-02-11", unknown_days=["2026-02-05"])["verdict"])

    assert verdict(0.0, 1, 2, 3, 4, 5, 0) == "unknown"
    assert verdict(0.0, 1, 2, 3, 4, 0, 0) == "ok"
    assert verdict(0.0, 1, 2, 3, 4, 5, 6) == "flagged"
    assert judge("rest", [3.0, 0, 3.0])["verdict"] == "unknown"
