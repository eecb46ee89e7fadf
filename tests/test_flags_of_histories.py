"""Flags of the four real histories against counting by other means, from `activities` alone."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from corpus import HISTORIES, corpus_folder, flags, history
from examples import examples
from made import unknown_days

from loadmon.daily import daily_load
from loadmon.ratio import acwr
from loadmon.rules.lookback import lookback

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent


def outings_by_hand(name: str) -> list[tuple[int, float]]:
    """Day and kilometres of each outing, in plain loops: recordings at most 30 minutes apart."""
    activities = history(name).activities
    runs = activities[activities["sport"] == "running"].sort_values("start_utc")
    found: list[tuple[int, float]] = []
    end = None
    for run in runs.itertuples():
        assert run.distance_km == run.distance_km
        if end is not None and (run.start_utc - end).total_seconds() <= 30 * 60 + 1e-6:
            day, km = found[-1]
            found[-1] = (day, km + run.distance_km)
            end = max(end, run.start_utc + pd.Timedelta(minutes=run.duration_min))
        else:
            found.append((run.date.toordinal(), run.distance_km))
            end = run.start_utc + pd.Timedelta(minutes=run.duration_min)
    return found


def spikes_by_hand(name: str) -> list[tuple[int, str]]:
    """Day and level of each outing that stands out, in plain loops over plain numbers."""
    first = min(day.toordinal() for day in history(name).activities["date"])
    outings = outings_by_hand(name)
    found = []
    for day, km in outings:
        before = [other for at, other in outings if day - 30 <= at <= day - 1]
        if not before or day - first < 21:
            continue
        longest = max(before)
        if km > 1.1 * longest + 1e-9 and km > longest + 0.5 + 1e-9:
            share = km / longest
            found.append((day, "small" if share <= 1.3 else "moderate" if share <= 2 else "large"))
    return found


@pytest.mark.parametrize("name", HISTORIES)
def test_every_flag_of_a_single_run_is_found_by_plain_loops_and_no_other(name: str) -> None:
    told = flags(name)
    spikes = told[told["check"] == "session_spike"]
    assert not unknown_days(history(name))
    days = [day.toordinal() for day in spikes["date"]]
    ours = list(zip(days, spikes["level"], strict=True))
    by_hand = spikes_by_hand(name)
    # Two such runs of one day are one flag of the day: the longer of them.
    assert sorted({day for day, _ in by_hand}) == sorted({day for day, _ in ours})
    assert set(ours) <= set(by_hand)


@pytest.mark.parametrize("name", HISTORIES)
def test_every_flag_of_the_ratio_stands_on_days_with_a_run_above_a_limit(name: str) -> None:
    daily = daily_load(history(name).activities)
    over = acwr(daily["load"])["acwr"] > 1.5 + 1e-9  # coupled alone
    km = daily["load"].tolist()
    sums = [sum(km[max(0, i - 6) : i + 1]) for i in range(len(km))]

    def fullest(day: int, weeks: int) -> float:
        """Most of the 7 days that end from 7 days to so many weeks before, in plain loops."""
        return max((sums[i] for i in range(max(6, day - 7 * weeks), day - 6)), default=0.0)

    new = []
    for day, total in enumerate(sums):
        four = fullest(day, 4)
        double = 2 * four if four > 0 else float("inf")
        new.append(total > min(1.3 * fullest(day, 12), double) + 1e-9)
    over &= pd.Series(new, index=daily.index)
    over &= daily["runs"] > 0
    told = flags(name)
    ratio = told[told["check"] == "acwr"]
    inside = pd.Series(False, index=daily.index)
    for start, end in zip(ratio["date"], ratio["until"], strict=True):
        assert over[start]
        assert over[end]
        inside[start:end] = True  # type: ignore[misc]
    assert inside[over].all()
    assert over[inside & (daily["runs"] > 0)].all()


def test_looking_back_finds_the_breaks_of_26_and_10_days() -> None:
    a, c = lookback(history("athlete_a")), lookback(history("athlete_c"))
    assert 26 in a["days"].tolist()
    assert 10 in c["days"].tolist()
    for frame, days in ((a, 26), (c, 10)):
        row = frame[frame["days"] == days].iloc[0]
        assert (row["end"] - row["start"]).days + 1 == row["days_off"] == days - 1
        activities = history("athlete_a" if days == 26 else "athlete_c").activities
        runs = activities.loc[activities["sport"] == "running", "date"]
        assert not runs.between(row["start"], row["end"]).any()
        assert runs.eq(row["start"] - pd.Timedelta(days=1)).any()
        assert runs.eq(row["end"] + pd.Timedelta(days=1)).any()


@pytest.fixture
def rates(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The benchmark that counts flags, weeks and mornings."""
    corpus_folder()
    monkeypatch.setattr(sys, "path", [str(ROOT / "benchmarks"), *sys.path])
    return importlib.import_module("flag_rates")


@pytest.mark.once
def test_every_flag_of_the_docs_is_counted_again(rates: ModuleType) -> None:
    assert told("flag rates") == rates.table(), "run: python benchmarks/flag_rates.py"


def told(mark: str) -> str:
    """A table of the page."""
    text = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    found = re.search(rf"<!-- {mark} -->\n(.*?)\n<!-- end -->", text, re.DOTALL)
    assert found is not None
    return found[1]


def cells(table: str) -> dict[tuple[str, str], str]:
    """Each cell of a table, by the words before its row and the name over its column."""
    heads, _, *rows = (
        [cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()
    )
    names = [head.partition(" ")[0] for head in heads]
    return {
        (row[0], name): cell
        for row in [heads, *rows]
        for name, cell in zip(names[1:], row[1:], strict=True)
    }


#: Histories whose days are counted again one by one, which takes seconds for each; all of them
#: where ``$LOADMON_EXAMPLES`` is 100 or more. The others stand as the benchmark has counted them.
ALL = HISTORIES if examples(1) >= 100 else ()


@pytest.mark.once
@pytest.mark.parametrize(
    ("mark", "function", "some"),
    [
        ("weeks with a flag", "weeks_table", ("athlete_a", "athlete_d")),
        ("mornings", "mornings_table", ("athlete_d",)),
    ],
)
def test_weeks_and_mornings_of_the_docs_are_counted_again(
    rates: ModuleType, monkeypatch: pytest.MonkeyPatch, mark: str, function: str, some: Any
) -> None:
    whole = cells(told(mark))
    assert {name for _, name in whole} == {*HISTORIES}
    monkeypatch.setattr(rates, "HISTORIES", ALL or some)
    counted = cells(getattr(rates, function)())
    assert {name for _, name in counted} == {*(ALL or some)}
    assert counted.items() <= whole.items(), "run: python benchmarks/flag_rates.py"


@pytest.mark.once
@pytest.mark.parametrize("name", HISTORIES)
def test_flags_keep_to_their_budget_of_weeks(rates: ModuleType, name: str) -> None:
    table = cells(told("weeks with a flag"))
    for row, most in {"any check": 1 / 3, "raised in the week": 1 / 3}.items():
        share = table[row, name].partition(" ")[0]
        assert int(share) / 100 <= most
    bare = "flags, none of grade B"
    assert int(table[bare, name].partition(" ")[0]) <= 10
    if name not in (ALL or ("athlete_a", "athlete_d")):
        return
    weeks = rates.weeks(name)
    days = history(name).activities["date"]
    first, last = (day - pd.Timedelta(days=day.day_of_week) for day in (days.min(), days.max()))
    n = (last - first).days // 7 + 1
    assert len(weeks.checks) == len(weeks.good) == len(weeks.raised) == n
    assert weeks.flagged <= n / 3
    assert weeks.without_good <= n / 10
    # The same from the past as `check --history` tells it: flags that were raised in the week.
    assert sum(map(bool, weeks.raised)) <= n / 3
    assert sum(bool(grades) and "B" not in grades for grades in weeks.raised) <= n / 10


@pytest.mark.once
@pytest.mark.parametrize("name", HISTORIES)
def test_a_morning_without_pain_is_seldom_0_km(rates: ModuleType, name: str) -> None:
    assert history(name).athlete.diary["pain"].isna().all()
    table = cells(told("mornings"))
    assert table["`today`", name] == f"{name} ({rates.days_of(name)} mornings)"
    assert float(table["0 km", name].removesuffix(" %")) <= 5.0
    if name == "athlete_d":
        assert rates.mornings(name).n == rates.days_of(name)
