"""Plans run to the letter, judged by the checks: how many are flagged, by which check.

python benchmarks/plan_checks.py                    # prints the tables of docs/ramp.md
python benchmarks/plan_checks.py --histories 100    # fewer of them

Every history is made up: by turns a habit of 2 to 5 runs a week, now and then a run missed or an
easy week, and a runner without one, who runs on any day, how far is as it comes; then 0 to 60 days
off. It is planned at both paces; each run of the plan is then recorded as planned, and seven days
of rest follow. Flags count of runs of the plan, also those that go on from before it, and of any
day from its first one to the seventh after it. Beside them breaks in which the runner jogs now and
then, after whole histories or a few runs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]
from made import activities, archive  # noqa: E402

import loadmon  # noqa: E402
from loadmon.errors import SettingError  # noqa: E402
from loadmon.io.archive import Archive  # noqa: E402
from loadmon.rules.context import CHECKS  # noqa: E402
from loadmon.rules.engine import RULES  # noqa: E402
from loadmon.rules.limits import PACES, Pace  # noqa: E402

SEED, HISTORIES, MOST_DAYS_OFF = 18, 2000, 60
#: Breaks with jogs: how many, up to how many days, and most runs of a history of a few.
JOGGED, LONGEST_BREAKS, MOST_RUNS = 1000, (15, 60, 130), 13
FIRST = pd.Timestamp("2026-11-16")
ONE = pd.Timedelta(days=1)
#: Days off, and what the planner does after so many.
BANDS = {"0 to 5": (0, 5), "6 to 7": (6, 7), "8 to 30": (8, 30), "31 to 60": (31, 60)}
#: Days of run days after a Monday, by how many there are a week.
HABITS = {2: (1, 5), 3: (0, 2, 5), 4: (0, 2, 4, 6), 5: (0, 1, 3, 5, 6)}
PLANS = {
    **{"history": "int64", "days_off": "int64", "pace": "str", "planned": "bool"},
    **{"days": "int64", "why": "str"},
}
FLAGS = {
    **{"history": "int64", "days_off": "int64", "pace": "str", "check": "str", "level": "str"},
    **{"day": "int64", "value": "float64", "limit": "float64", "message": "str"},
}


def history(number: int) -> tuple[list[tuple[str, float]], int]:
    """Runs as (day, km) and days off of one made-up runner; the same whatever else is made."""
    rng = np.random.default_rng((SEED, number))
    days_off = int(rng.integers(0, MOST_DAYS_OFF + 1))
    days, kms = _irregular(rng) if number % 2 else _habit(rng)
    last = FIRST - (days_off + 1) * ONE
    dates = [f"{last - (days[-1] - d) * ONE:%Y-%m-%d}" for d in days]
    return list(zip(dates, kms, strict=True)), days_off


def jogged(number: int) -> tuple[list[tuple[str, float]], int]:
    """Runs of a made-up runner with a break in which she jogs, if she does, and its days."""
    rng = np.random.default_rng((SEED, number, 1))
    runs, _ = history(number)
    if rng.random() < 0.5:
        runs = runs[-int(rng.integers(1, MOST_RUNS + 1)) :]
    days = int(rng.integers(0, rng.choice(LONGEST_BREAKS)))
    later = FIRST - (days + 1) * ONE - pd.Timestamp(runs[-1][0])
    moved = [(f"{pd.Timestamp(day) + later:%Y-%m-%d}", km) for day, km in runs]
    share, most = rng.choice([0.05, 0.15, 0.3, 0.5]), rng.choice([1.6, 2, 4, 8])
    last = int(rng.choice([1, 1, 6]))  # days before the plan on which she jogs no more
    jogs = [d for d in range(days, last - 1, -1) if rng.random() < share]
    each = [(f"{FIRST - d * ONE:%Y-%m-%d}", round(float(rng.uniform(0.4, most)), 1)) for d in jogs]
    return [*moved, *each], days


def _irregular(rng: np.random.Generator) -> tuple[list[int], list[float]]:
    """Days and distances of a runner who runs on any day, how far is as it comes. [km]"""
    ran = rng.random(int(rng.integers(56, 183))) < rng.uniform(0.1, 0.65)
    days = np.flatnonzero(ran).tolist() or [0]
    kms = rng.uniform(3, 12) * np.exp(rng.normal(0, 0.5, len(days)))
    return days, np.clip(kms, 1.6, 42.2).round(2).tolist()


def _habit(rng: np.random.Generator) -> tuple[list[int], list[float]]:
    """Days and distances of a runner whose weeks are alike. [km]"""
    weeks, a_week = int(rng.integers(8, 27)), int(rng.choice(list(HABITS)))
    week_km, long_share = rng.uniform(2.5, 14) * a_week, rng.uniform(1.0, 2.0)
    shares = np.ones(a_week)
    shares[-1] = long_share
    shares /= shares.sum()
    days, kms = [], []
    for week in range(weeks):
        easy = 0.7 if rng.random() < 0.15 else 1.0
        for day, share in zip(HABITS[a_week], shares, strict=True):
            if rng.random() < 0.1:
                continue
            days.append(7 * week + day)
            kms.append(round(float(share * week_km * easy * rng.uniform(0.85, 1.15)), 2))
    return days, kms


def run_to_the_letter(runs: list[tuple[str, float]], plan: pd.DataFrame) -> Archive:
    """What is recorded seven days after the last day of a plan; days without a run were rest."""
    done = plan[plan["distance_km"] > 0]
    planned = [
        {"date": f"{day:%Y-%m-%d}", "distance_km": km, "duration_min": minutes}
        for day, km, minutes in zip(
            done["date"], done["distance_km"], done["duration_min"], strict=True
        )
    ]
    before = [{"date": day, "distance_km": km} for day, km in runs]
    rested = f"{plan['date'].iloc[-1] + 7 * ONE:%Y-%m-%d}"
    return archive(activities([*before, *planned]), rested_until=rested)


def flags_of_plan(runs: list[tuple[str, float]], pace: Pace) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A plan, and the flags of its days and of the seven after it."""
    before = archive(activities(runs), rested_until=f"{FIRST - ONE:%Y-%m-%d}")
    plan = loadmon.plan_ramp(before, resume=FIRST, pace=pace).plan
    until = plan["date"].iloc[-1] + 7 * ONE
    flags = loadmon.flag_history(run_to_the_letter(runs, plan), as_of=until)
    of_a_run = flags["check"].map(lambda check: RULES[check].evaluated_on == "run")
    # What stands after seven days of rest days too few is of the days before the plan.
    last = flags["until"].where(of_a_run, flags["date"])
    return plan, flags[last >= plan["date"].iloc[0]]


def plans_run(
    numbers: Iterable[int],
    made: Callable[[int], tuple[list[tuple[str, float]], int]] = history,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row per plan, and one row per flag of them."""
    plans, flags = [], []
    for number in numbers:
        runs, days_off = made(number)
        for pace in PACES:
            key = {"history": number, "days_off": days_off, "pace": pace}
            try:
                plan, found = flags_of_plan(runs, pace)
            except SettingError as error:
                plans.append(key | {"planned": False, "days": 0, "why": str(error)})
                continue
            plans.append(key | {"planned": True, "days": len(plan), "why": ""})
            first = plan["date"].iloc[0]
            for flag in found.itertuples():
                day = (flag.date - first).days + 1
                told = {name: getattr(flag, name) for name in ("check", "level", "value", "limit")}
                flags.append(key | told | {"day": day, "message": flag.message})
    return (
        pd.DataFrame(plans, columns=list(PLANS)).astype(PLANS),
        pd.DataFrame(flags, columns=list(FLAGS)).astype(FLAGS),
    )


def tables(plans: pd.DataFrame, flags: pd.DataFrame) -> str:
    """Markdown: plans flagged by check and pace, and by the days off before them."""
    made = plans[plans["planned"]]
    lines = [f"| check | {' | '.join(PACES)} |", f"|---|{'---:|' * len(PACES)}"]
    for check in ("any", *CHECKS):
        some = flags if check == "any" else flags[flags["check"] == check]
        if check == "any" or len(some):
            cells = [_share(made[made["pace"] == p], some[some["pace"] == p]) for p in PACES]
            name = "any check" if check == "any" else f"`{check}`"
            lines.append(f"| {name} | {' | '.join(cells)} |")
    lines += ["", f"| days off | {' | '.join(PACES)} |", f"|---|{'---:|' * len(PACES)}"]
    for name, (low, high) in BANDS.items():
        cells = []
        for pace in PACES:
            of = [x[(x["pace"] == pace) & x["days_off"].between(low, high)] for x in (made, flags)]
            cells.append(_share(*of))
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def jogs_table(plans: pd.DataFrame, flags: pd.DataFrame) -> str:
    """Markdown: the last row of `tables`, of breaks with jogs."""
    made = plans[plans["planned"]]
    cells = [_share(*(x[x["pace"] == pace] for x in (made, flags))) for pace in PACES]
    days = f"0 to {max(LONGEST_BREAKS) - 1} days"
    head = f"| breaks with jogs | {' | '.join(PACES)} |\n|---|{'---:|' * len(PACES)}"
    return f"{head}\n| {days} | {' | '.join(cells)} |"


def _share(plans: pd.DataFrame, flags: pd.DataFrame) -> str:
    return f"{flags['history'].nunique()} of {len(plans)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--histories", type=int, default=HISTORIES)
    parser.add_argument("--all", action="store_true", help="print every flag and its message, too")
    asked = parser.parse_args()
    whole = plans_run(range(asked.histories))
    print(tables(*whole))
    broken = plans_run(range(min(JOGGED, asked.histories)), jogged)
    print("", jogs_table(*broken), sep="\n")
    for plans, flags in (whole, broken):
        none = plans[~plans["planned"]]
        print(f"\n{len(none)} without a plan", *sorted(set(none["why"])), sep="\n- ")
        for flag in flags.itertuples() if asked.all else ():
            print(
                f"\n{flag.history} {flag.pace}, {flag.days_off} days off, day {flag.day}: "
                f"{flag.check} {flag.level}, {flag.value:.2f} over {flag.limit:.2f}\n"
                f"  {flag.message}"
            )


if __name__ == "__main__":
    main()
