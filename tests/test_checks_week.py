from __future__ import annotations

from typing import Any

import pytest
from made import archive, archive_of_runs, runs

from loadmon.athlete import Athlete
from loadmon.rules.engine import check

STEADY = [6.0, 0, 5.0, 0, 6.0, 0, 0] * 5  # 35 days from Thursday 1 January: to Wednesday 4 February


def judge(
    name: str, loads: list[float], as_of: str | None = None, **options: Any
) -> dict[str, Any]:
    rows = check(archive_of_runs(loads, **options), as_of=as_of).to_dict()["findings"]
    return next(row for row in rows if row["check"] == name)


ALIKE = [3.0, 3.0, 3.0, 3.0, 3.0, 0, 3.0]  # monotony 6 ** 0.5


def test_seven_days_much_alike_are_flagged() -> None:
    told = judge("monotony", [*STEADY, *ALIKE])
    assert (told["verdict"], told["level"]) == ("flagged", "above")
    assert told["value"] == pytest.approx(6**0.5)
    assert told["limit"] == 2.0
    assert told["message"] == (
        "Monotony of the 7 days: 2.45, above 2.0: the days were very similar, more than in your "
        "weeks before. Strain 44. One more day without a run lowers it."
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


def test_days_that_were_alike_within_twelve_weeks_are_no_news_and_after_thirteen_are() -> None:
    usual = [6.0, 0, 5.0, 0, 6.0, 0, 0]
    # The first alike week ends 84 days before the last day, or a week more.
    told = judge("monotony", [*STEADY, *ALIKE, *usual * 11, *ALIKE])
    assert (told["verdict"], told["level"]) == ("ok", "usual")
    assert told["message"].endswith("as in your weeks before. Strain 44.")
    again = judge("monotony", [*STEADY, *ALIKE, *usual * 13, *ALIKE])
    assert (again["verdict"], again["level"]) == ("flagged", "above")


def test_half_a_year_of_days_alike_is_flagged_once_at_most() -> None:
    told = judge("monotony", [3.0] * 182)
    assert (told["verdict"], told["level"]) == ("ok", "usual")


def test_monotony_before_five_weeks_is_not_known_where_it_is_high() -> None:
    told = judge("monotony", [*STEADY[:27], *ALIKE])  # on day 34
    assert (told["verdict"], told["level"]) == ("unknown", "forming")
    assert "too few weeks are recorded to say whether that is usual for you" in told["message"]
    assert judge("monotony", [*STEADY[:28], *ALIKE])["verdict"] == "flagged"  # on day 35
    assert judge("monotony", STEADY[:28], "2026-01-26")["verdict"] == "ok"  # below the limit


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
    # Three run days in seven are usual: more than four, and more than five, is new.
    ran = [2.0 + i for i in range(7 - rest_days)]
    told = judge("rest", [*STEADY, *[0.0] * rest_days, *ran])
    assert (told["verdict"], told["value"], told["limit"]) == (verdict, rest_days, 2)


FIVE = [6.0, 5.0, 6.0, 0, 5.0, 6.0, 0]
SIX = [6.0, 5.0, 6.0, 0, 4.0, 5.0, 6.0]
FOUR = [6.0, 0, 6.0, 0, 5.0, 6.0, 0]


def test_one_run_day_over_the_own_weeks_is_none_too_many_and_two_are() -> None:
    # Six in seven are beyond the limit; they are one more than five and two more than four.
    assert judge("rest", [*FIVE * 5, *SIX])["level"] == "usual"
    told = judge("rest", [*FOUR * 5, *SIX])
    assert (told["verdict"], told["level"]) == ("flagged", "below")
    assert told["message"] == (
        "1 day without a run in these 7; the limit is 2, and 3 days was the least of the weeks "
        "before."
    )
    # Seven in seven are two more than five.
    assert judge("rest", [*FIVE * 5, *[5.0] * 7])["verdict"] == "flagged"


def test_a_full_week_of_twelve_weeks_ago_is_a_habit_and_of_thirteen_is_none() -> None:
    assert judge("rest", [*FOUR * 5, *FIVE, *FOUR * 11, *SIX])["level"] == "usual"
    assert judge("rest", [*FOUR * 5, *FIVE, *FOUR * 13, *SIX])["level"] == "below"


def test_the_day_decides_where_the_habit_ends() -> None:
    def level(days_ago: int) -> str:
        # Six run days that end `days_ago` days before the last; else three in any seven.
        loads = [5.0 if at % 7 in (0, 2, 4) else 0.0 for at in range(140)]
        end = 139 - days_ago
        for at in range(end - 9, end + 10):
            loads[at] = 5.0 if end - 6 < at <= end else 0.0
        loads[130:] = [0.0, 0, 0, 5.0, 5.0, 5.0, 0, 5.0, 5.0, 5.0]
        return str(judge("rest", loads)["level"])

    # Five of those six, of which six are no more than one more, lie in seven days that end two
    # days later.
    assert [level(days) for days in (85, 86, 87)] == ["usual", "usual", "below"]


def test_a_row_one_day_over_the_own_weeks_is_none_too_long_and_two_are() -> None:
    # Five run days of seven in both: six are one more, so that only the row can be new.
    four_in_a_row, five_in_a_row = [5.0, 5, 5, 5, 0, 5, 0], [5.0, 5, 5, 5, 5, 0, 0]
    assert judge("rest", [*five_in_a_row * 6, *[5.0] * 6])["level"] == "usual"
    told = judge("rest", [*four_in_a_row * 6, *[5.0] * 6])
    assert (told["verdict"], told["level"], told["value"]) == ("flagged", "in_a_row", 6)
    assert "6 days with a run in a row up to " in told["message"]
    assert told["message"].endswith("; at most 4 in your weeks before.")


def test_runners_of_six_and_of_seven_days_a_week_are_flagged_by_nothing() -> None:
    for week in (SIX, [5.0] * 7):
        told = judge("rest", week * 10)
        assert (told["verdict"], told["level"]) == ("ok", "usual")
        assert told["message"].endswith("without a run in these 7, as in your weeks before.")


def test_few_rest_days_before_five_weeks_are_not_known() -> None:
    told = judge("rest", [6.0, *(FOUR * 4)[2:], *SIX])  # on day 34
    assert (told["verdict"], told["level"]) == ("unknown", "forming")
    assert "1 day without a run in these 7; too few weeks are recorded" in told["message"]
    assert judge("rest", [*FOUR * 4, *SIX])["verdict"] == "flagged"  # on day 35
    assert judge("rest", [*FOUR * 3, *FIVE])["verdict"] == "ok"  # within the limit


def test_a_limit_that_the_runner_set_knows_no_habit() -> None:
    mine = Athlete(limits={"rest-days.min_in_7": 2})
    rows = check(archive_of_runs(SIX * 10), athlete=mine).to_dict()["findings"]
    (told,) = [row for row in rows if row["check"] == "rest"]
    assert (told["verdict"], told["level"]) == ("flagged", "below")
    assert told["message"] == "1 day without a run in these 7; the limit is 2. Your limit: 2."


def test_a_jog_to_the_bus_is_a_day_of_rest() -> None:
    # 1.4 km at 6 min/km is under 10 minutes and 1.5 km; 1.5 km is not.
    jog = [6.0, 5.0, 6.0, 1.4, 5.0, 6.0, 0]
    assert judge("rest", [*FOUR * 5, *jog])["value"] == 2
    assert judge("rest", [*FOUR * 5, *jog])["verdict"] == "ok"
    assert judge("rest", [*FOUR * 5, *[1.5 if x == 1.4 else x for x in jog]])["verdict"] == (
        "flagged"
    )


def test_cross_training_is_a_day_without_a_run() -> None:
    frame = runs([1.0, 2, 3, 4, 5, 6, 7])
    frame.loc[[1, 3], "sport"] = "cycling"
    rows = check(archive(frame)).to_dict()["findings"]
    assert rows[5]["verdict"] == "ok"


def test_an_unknown_day_may_be_a_run_day_unless_the_known_ones_settle_it() -> None:
    def verdict(*week: float) -> str:
        loads = [*STEADY, *week]
        return str(judge("rest", loads, "2026-02-11", unknown_days=["2026-02-05"])["verdict"])

    assert verdict(0.0, 2, 2, 3, 4, 5, 0) == "unknown"
    assert verdict(0.0, 2, 2, 3, 4, 0, 0) == "ok"
    assert verdict(0.0, 2, 2, 3, 4, 5, 6) == "flagged"
    assert judge("rest", [3.0, 0, 3.0])["verdict"] == "unknown"
