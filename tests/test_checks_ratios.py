from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from made import archive, archive_of_runs, rule_days, runs

from loadmon.athlete import Athlete
from loadmon.rules.engine import build_context, check
from loadmon.rules.weekly_change import steep_days

WEEK = [5.0, 0, 5.0, 0, 5.0, 0, 5.0]  # 20 km
STEADY = WEEK * 8  # 56 days from Thursday 1 January: to Wednesday 25 February


def judge(
    name: str, loads: list[float], as_of: str | None = None, **options: Any
) -> dict[str, Any]:
    rows = check(archive_of_runs(loads, **options), as_of=as_of).to_dict()["findings"]
    return next(row for row in rows if row["check"] == name)


def change(loads: list[float], as_of: str | None = None, **options: Any) -> dict[str, Any]:
    return judge("weekly_change", loads, as_of, **options)


def ratio(loads: list[float], as_of: str | None = None, **options: Any) -> dict[str, Any]:
    return judge("acwr", loads, as_of, **options)


def test_thirty_per_cent_more_is_the_limit_and_not_above_it() -> None:
    told = change([*STEADY, *(1.3 * x for x in WEEK)])
    assert (told["verdict"], told["value"]) == ("ok", pytest.approx(1.3))
    assert (told["limit"], told["grade"]) == (1.30, "X")
    assert change([*STEADY, *(1.301 * x for x in WEEK)])["verdict"] == "flagged"


def test_the_change_is_told_with_both_sums() -> None:
    told = change([*STEADY, *(1.5 * x for x in WEEK)])
    # 1.3 x 20 km leave 26; 22.5 km are run before the last day.
    assert told["message"] == (
        "30.0 km in the 7 days to Wed 4 Mar, after 20.0 km in the 7 before (50 % more). "
        "Up to 3.5 km on Wed 4 Mar would not have been flagged. "
        "This flag rests on one file (32.fit)."
    )
    assert told["date"] == "2026-03-04"
    double = change([*STEADY, *(3 * x for x in WEEK)])
    assert "after 20.0 km in the 7 before (3.0 times as much). " in double["message"]
    # 45 km without the last run, or without any other: no file is the cause alone.
    assert double["message"].endswith("Without a run on Wed 4 Mar it would not have been raised.")


def test_a_change_that_only_a_rest_day_brings_is_not_flagged() -> None:
    # On the rest day the 8 km of eight days ago has moved into the week before the week ... and the
    # 10 km of fifteen days ago has left it: 26 / 18, while no run day of the seven is above 1.30.
    loads = [*WEEK * 6, 10.0, 0, 4, 0, 4, 0, 4, 0, 5.5, 0, 6, 0, 6, 6, 0]
    sums = pd.Series(loads).rolling(7).sum()
    ratios = (sums / sums.shift(7)).to_numpy()
    ran = np.array(loads) > 0
    assert ratios[-1] > 1.3
    assert not (ratios[-7:][ran[-7:]] > 1.3).any()
    as_of = pd.Timestamp("2026-01-01") + pd.Timedelta(days=len(loads) - 1)
    assert change(loads, f"{as_of:%Y-%m-%d}")["verdict"] == "ok"


def test_an_unknown_day_of_the_seven_is_unknown_and_one_before_them_only_where_it_matters() -> None:
    # The last run day is 25 February: its seven days begin on 19 February.
    for lost in ("2026-02-25", "2026-02-19"):
        assert change(STEADY, unknown_days=[lost])["verdict"] == "unknown"
    # A day before them could only have made the weeks before fuller: 20 km is no growth.
    for lost in ("2026-02-18", "2026-01-20"):
        assert change(STEADY, unknown_days=[lost])["verdict"] == "ok"


def test_an_unknown_day_of_the_weeks_before_may_have_made_them_fuller() -> None:
    grown = [*WEEK * 16, *(1.5 * x for x in WEEK)]  # 119 days: the last run day is 29 April
    assert change(grown)["verdict"] == "flagged"
    # Sevens that end up to 84 days before it count: the first begins 90 days before, on 29 January.
    for lost in ("2026-01-29", "2026-03-01", "2026-04-22"):
        told = change(grown, unknown_days=[lost])
        assert told["verdict"] == "unknown"
        assert "may have held as much" in told["message"]
    assert change(grown, unknown_days=["2026-01-28"])["verdict"] == "flagged"
    # Twice the last four weeks needs no older day; an unknown one of the four may have held more.
    double = [*WEEK * 16, *(2.1 * x for x in WEEK)]
    assert change(double, unknown_days=["2026-03-01"])["verdict"] == "flagged"
    assert change(double, unknown_days=["2026-04-10"])["verdict"] == "unknown"
    steady = [*WEEK * 16, *WEEK]
    assert change(steady, unknown_days=["2026-03-01"])["verdict"] == "ok"


def test_runs_on_every_second_to_fourteenth_day_are_no_growth() -> None:
    for gap in range(2, 15):
        every = [x for _ in range(200 // gap) for x in (5.0, *[0.0] * (gap - 1))]
        assert not rule_days(runs(every))[1]["weekly_change"].any(), gap


def test_a_usual_week_after_easy_ones_is_no_growth() -> None:
    easy = [0.6 * x for x in WEEK]  # 12 km a week, of which 20 are not the double
    told = change([*STEADY, *easy, *WEEK[:-2]], "2026-03-09")
    assert told["verdict"] == "ok"
    assert "after 20.0 km in the fullest 7 of the weeks before" in told["message"]
    for n in (1, 2, 4, 10):
        assert change([*STEADY, *easy * n, *WEEK])["verdict"] == "ok"
    # Twelve easy weeks later nothing of the old ones is left.
    assert change([*STEADY, *easy * 13, *WEEK])["verdict"] == "flagged"


def test_an_unknown_day_before_the_only_run_of_the_week_is_unknown() -> None:
    # The run of 26 February looks back over 22 February, the week that is judged does not.
    rested = {"as_of": "2026-03-04", "rested_until": "2026-03-04"}
    loads = [*STEADY, 5.0]
    assert change(loads, **rested)["verdict"] == "ok"
    assert change(loads, unknown_days=["2026-02-22"], **rested)["verdict"] == "unknown"


def test_an_unknown_day_does_not_hide_a_jump_beside_it() -> None:
    # The jump is judged on 25 February, before the day that is not known.
    loads = [*WEEK * 7, *(2 * x for x in WEEK), 5.0, 5.0]
    told = change(loads, unknown_days=["2026-02-27"], as_of="2026-02-27")
    assert (told["verdict"], told["date"]) == ("flagged", "2026-02-26")


def test_nothing_to_compare_with_is_unknown_unless_there_is_no_run() -> None:
    told = change([*STEADY, *[0.0] * 14, 5.0])
    assert (told["verdict"], told["level"]) == ("unknown", "returning")
    rested = change(STEADY, "2026-03-30", rested_until="2026-03-30")
    assert (rested["verdict"], rested["message"]) == ("ok", "No run in these 7 days.")
    assert change(WEEK)["verdict"] == "unknown"


def test_falling_weeks_are_never_a_finding() -> None:
    told = change([*STEADY, 1.0, 0, 0, 0, 0, 0, 1.0])
    assert told["verdict"] == "ok"
    assert "more" not in told["message"]


def test_the_coupled_ratio_is_the_headline() -> None:
    told = ratio([*STEADY, *(2.5 * x for x in WEEK)])
    # 50 km after three weeks of 20 km: 4 x 50 / 110.
    assert (told["verdict"], told["value"]) == ("flagged", pytest.approx(200 / 110))
    assert (told["limit"], told["grade"], told["date"]) == (1.5, "X", "2026-03-04")
    assert "on Wed 4 Mar: 1.82 coupled (limit 1.5)" in told["message"]
    assert "2.50 uncoupled and " in told["message"]
    assert " ewma on their own scales; " in told["message"]
    assert "In runners the ratio foretells no injury: two studies" in told["message"]
    assert "10.1136/bjsports-2022-105670" in told["source"]  # the third, which saw more


def test_at_the_limit_of_a_ratio_is_not_above_it() -> None:
    # 4 a / (60 + a) = 1.5 at a = 36 km.
    at = ratio([*STEADY, *[0.0] * 6, 36.0])
    over = ratio([*STEADY, *[0.0] * 6, 36.01])
    assert (at["verdict"], at["value"]) == ("ok", pytest.approx(1.5))
    assert "Acute:chronic ratio 1.50 (coupled) on Wed 4 Mar" in at["message"]
    assert over["verdict"] == "flagged"
    assert "1.50 coupled" in over["message"]
    assert "1.80 uncoupled" in over["message"]


def test_the_run_that_would_not_have_been_flagged_is_not_and_one_per_cent_more_is() -> None:
    before = [*STEADY, *[0.0] * 4, 10.0, 0]
    told = ratio([*before, 30.0])
    # 36 km in the seven days, of which 10 were run before.
    assert (told["verdict"], told["not_flagged_up_to"]) == ("flagged", pytest.approx(26.0))
    assert "Up to 26.0 km on Wed 4 Mar would not have been flagged." in told["message"]
    assert "This flag rests on one file (33.fit)." in told["message"]
    assert ratio([*before, 26.0])["verdict"] == "ok"
    assert ratio([*before, 26.26])["verdict"] == "flagged"


def test_a_ratio_after_easy_weeks_is_no_flag_where_the_week_is_not_new() -> None:
    # 20 km after three weeks of 8: 4 x 20 / 44 = 1.82, but 20 km were usual before.
    easy = [0.5 * x for x in WEEK]
    usual = ratio([*STEADY, *easy * 3, *WEEK])
    assert (usual["verdict"], usual["value"]) == ("ok", pytest.approx(80 / 50))
    why = "It is above 1.5; not flagged, as your own weeks before leave 26.0 km in these 7 days."
    assert usual["message"].endswith(why)
    assert "It is above" not in ratio(STEADY)["message"]
    # 26 km are 1.3 times as much as then and over twice the easy weeks: a ratio of 104/56.
    told = ratio([*STEADY, *easy * 3, *(1.31 * x for x in WEEK)])
    assert told["verdict"] == "flagged"


def test_another_method_alone_flags_nothing() -> None:
    # Near to the week that rolling ratios cannot see (peers.md 3): 1.18 coupled, one long run.
    loads = [*STEADY, 5.0, 0, 0, 0, 0, 0, 20.0]
    values, flags = rule_days(runs(loads))
    assert values["acwr_ewma"].iloc[-1] > 1.5
    told = ratio(loads)
    assert (told["verdict"], told["value"]) == ("ok", pytest.approx(100 / 85))
    assert not flags["acwr"].any()
    assert "acwr_ewma" not in flags
    assert "coupled" in told["window"]


def test_a_low_ratio_is_never_a_finding() -> None:
    assert ratio([*STEADY, 1.0, 0, 0, 0, 0, 0, 1.0])["verdict"] == "ok"


@pytest.mark.parametrize(
    ("loads", "status", "why"),
    [
        (WEEK * 3, "forming", "needs 28 days"),
        ([*STEADY, *[0.0] * 20, 5.0], "returning", "28 days after a lay-off"),
        ([*WEEK * 20, *[0.5, 0, 0.5, 0, 0.5, 0, 0.5] * 5], "low_base", "25 % of your usual"),
        ([5.0, *[0.0] * 5] * 12, "sparse", "fewer than 6 days with a run in the last 28"),
    ],
)
def test_a_ratio_without_meaning_is_unknown_and_says_why(
    loads: list[float], status: str, why: str
) -> None:
    told = ratio(loads)
    assert (told["verdict"], told["level"], told["value"]) == ("unknown", status, None)
    assert why in told["message"]


def test_an_unknown_day_of_the_28_withholds_the_ratio() -> None:
    told = ratio(STEADY, unknown_days=["2026-01-29"])
    assert (told["verdict"], told["level"]) == ("unknown", "unknown")
    assert told["missing"] == "Thu 29 Jan is unknown"
    assert ratio(STEADY, unknown_days=["2026-01-28"])["verdict"] == "ok"


def test_a_sensible_return_is_not_called_dangerous() -> None:
    # peers.md 3: 20 to 90 % of the old 32 km a week after 28 days off reads 4.0, 2.4, 1.8 ...
    old = [8.0, 0, 8.0, 0, 8.0, 0, 8.0] * 8
    back = [x * share for share in (0.2, 0.3, 0.4, 0.5) for x in [8.0, 0, 8.0, 0, 8.0, 0, 8.0]]
    for days in range(1, 29):
        told = ratio([*old, *[0.0] * 28, *back[:days]])
        assert (told["verdict"], told["level"]) == ("unknown", "returning")


def test_every_way_to_compute_a_ratio_that_is_not_above_says_the_same() -> None:
    told = check(archive(runs([5.0, 0] * 40))).to_frame().set_index("check").loc["acwr"]
    assert (told["verdict"], told["agreement"]) == ("ok", 1.0)


def test_in_a_lay_off_the_ratio_is_not_fine_for_want_of_runs() -> None:
    off = archive_of_runs([5.0, 0] * 40, rested_until="2027-01-01")
    day = pd.Timestamp("2026-01-01") + pd.Timedelta(days=99)
    told = check(off, as_of=day).to_frame().set_index("check").loc["acwr"]
    assert (told["verdict"], told["level"]) == ("unknown", "returning")


def test_only_a_day_with_a_run_is_steep() -> None:
    loads = [*WEEK * 8, *(3 * x for x in WEEK)]
    context = build_context(archive(runs(loads)), None, Athlete(limits={"ramp-rate.limit": 0.5}))
    steep = steep_days(context)
    assert len(steep) > 1
    assert (context.daily.loc[steep, "runs"] > 0).all()
    between = context.daily.loc[steep[0] : steep[-1], "runs"]
    assert (between == 0).any()
