"""Write docs/ramp-examples.md: ten plans of made-up runners, two for each reason of a lay-off.

python docs/make_ramp_examples.py
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

import loadmon
from loadmon.errors import LoadmonError, ScreeningNeeded
from loadmon.ramp.export import whole_minutes
from loadmon.units import day_text

PATH = Path(__file__).parent.parent / "docs" / "ramp-examples.md"
TITLE = """# Ten plans, printed

Two made-up runners for each reason of a lay-off, as `loadmon ramp` plans for them: the first four
weeks of each. `python docs/make_ramp_examples.py` writes this page, and asks
[`verify_ramp`](ramp.md#how-far-it-can-be-trusted) whether each plan holds every limit. A runner is
known by five numbers: the usual week, its longest run, how many runs, the last run, and the day of
return. Questions that are not named below were answered so that they raise no alarm. No plan here
is meant for anybody else: pain outranks every number, and the stop text that goes with each plan is
the last thing on this page.
"""
#: Days of a plan that are shown.
SHOWN_D = 28
RESUME = "2026-11-16"
PAINS = ("pain_before", "pain", "pain_next_morning")


@dataclass(frozen=True)
class Runner:
    """Somebody made up: a usual week, why it ended, and what is answered before a plan."""

    key: str
    reason: Any
    weekly_km: float
    longest_km: float
    runs: int
    days_off: int
    answers: Mapping[str, bool | float | str] = field(default_factory=dict)
    note: str = ""  # what else a reader has to know

    @property
    def last_run(self) -> pd.Timestamp:
        """Day of the last run before the lay-off."""
        return pd.Timestamp(RESUME) - pd.Timedelta(days=self.days_off + 1)


RUNNERS = (
    Runner("rest-three-weeks", "rest", 43, 16, 4, 21),
    Runner("rest-a-year", "rest", 20, 8, 3, 365),
    Runner("illness-ten-days", "illness", 36, 14, 4, 10),
    Runner("illness-five-weeks", "illness", 18, 8, 3, 35),
    Runner(
        "calf-marathoner",
        "injury",
        84,
        30,
        5,
        8,
        {"site": "calf", "pain_before": 0, "pain": 2, "pain_next_morning": 0},
        "Calf: pain 2 of 10 while walking, none before and on the morning after.",
    ),
    Runner(
        "knee-six-weeks",
        "injury",
        24,
        10,
        3,
        42,
        {"site": "knee", "pain_before": 1, "pain": 3, "pain_next_morning": 1},
        "Knee: pain 3 of 10 while walking, 1 before and on the morning after.",
    ),
    Runner(
        "back-settled",
        "back-pain",
        30,
        12,
        3,
        15,
        {"pain_before": 1, "pain": 1, "pain_next_morning": 1},
        "Back: pain 1 of 10 at all times.",
    ),
    Runner(
        "back-worse-next-morning",
        "back-pain",
        30,
        12,
        3,
        15,
        {"pain_before": 1, "pain": 2, "pain_next_morning": 4},
        "Back: pain 2 of 10 while walking, 1 before, 4 on the morning after.",
    ),
    Runner(
        "shin-eight-weeks",
        "bone",
        40,
        16,
        4,
        56,
        note="A clinician who examined the shin agreed; no pain.",
    ),
    Runner(
        "foot-four-months",
        "bone",
        25,
        10,
        3,
        120,
        note="A clinician who examined the foot agreed; no pain.",
    ),
)
#: One line for each plan: why it begins and grows as it does, and after what source.
WHY = {
    "rest-three-weeks": "A little over half of the usual week after three weeks, where rules of "
    "coaches name 50 to 60 % (`ramp-rest`, `return-rules`), in the runner's own pattern with a day "
    "between; 43 km a week is known, so it comes back faster than it was built (`ramp-week`).",
    "rest-a-year": "After a year nothing of the old week is left: the first week of a beginner, 6 "
    "km in all (Nielsen 2014, `ramp-novice`), broken up by walks, then 15 % or 1 km a week.",
    "illness-ten-days": "Three quarters of the usual week, all of it easy, once none of the four "
    "questions of the IOC consensus 2022 is answered with yes (`ramp-illness`).",
    "illness-five-weeks": "Five weeks off decide: a try of 3 km at most and the smooth fall "
    "(`ramp-start`, `ramp-rest`); the four questions of the IOC consensus came first.",
    "calf-marathoner": "Minutes, not kilometres, however fit: nine of running in the first "
    "session, as Moen 2012 and Couch to 5K have eight (`ramp-injury`, `walk-run-minutes`).",
    "knee-six-weeks": "Pain of 3 begins a stage lower, six times one minute of running; up to 5 is "
    "accepted if it settles by the next morning (Silbernagel 2007, `pain-monitoring`).",
    "back-settled": "Mild pain that settles counts as none; the programme is that after an injury, "
    "with the doses of ASTEROID below it (`running-with-back-pain`).",
    "back-worse-next-morning": "Worse by the next morning: three days of walking, the questions "
    "again, and a stage lower then (`ramp-injury`, `pain-monitoring`).",
    "shin-eight-weeks": "Half of the minutes, once a clinician agreed and nothing hurts: experts' "
    "opinion is all there is (George 2024, `ramp-injury`, `bone-sites`).",
    "foot-four-months": "The same half after four months; the bone, not the calendar, decides, "
    "and loadmon cannot see it heal (Hoenig 2023, `bone-sites`).",
}


def history(runner: Runner) -> Any:
    """What loadmon knows of a runner."""
    return loadmon.usual(
        weekly_km=runner.weekly_km,
        longest_km=runner.longest_km,
        runs=runner.runs,
        last_run=runner.last_run,
    )


def ramp_of(runner: Runner) -> loadmon.Ramp:
    """Plan of a runner, verified; what is not answered is answered so that it raises no alarm."""
    archive, answers = history(runner), dict(runner.answers)
    while True:
        try:
            ramp = loadmon.plan_ramp(
                archive, resume=RESUME, reason=runner.reason, screening=answers
            )
            break
        except ScreeningNeeded as needed:
            asked = [key for key in needed.questions if key not in answers]
            if not asked:
                raise
            answers |= {key: 0.0 if key in PAINS else key == "clinician_agreed" for key in asked}
    if ramp.plan.empty:
        raise LoadmonError(f"{runner.key}: no plan: {ramp.message}")
    broken = loadmon.verify_ramp(archive, ramp.plan, ramp.limits)
    if len(broken):
        raise LoadmonError(f"{runner.key}: {'; '.join(broken['message'])}")
    return ramp


def page() -> str:
    """Text of the page."""
    ramps = [(runner, ramp_of(runner)) for runner in RUNNERS]
    parts = [TITLE]
    for reason in dict.fromkeys(runner.reason for runner in RUNNERS):
        parts.append(f"## {reason.replace('-', ' ').capitalize()}\n")
        parts += [section(r, ramp) for r, ramp in ramps if r.reason == reason]
    stop = ramps[0][1].message.split("\n\n")[-1]
    return "\n".join([*parts, "## With every plan\n", *stop.splitlines(), ""])


def section(runner: Runner, ramp: loadmon.Ramp) -> str:
    """One plan: who it is for, why it is as it is, and its runs."""
    who = (
        f"{runner.weekly_km:g} km a week in {runner.runs} runs, the longest {runner.longest_km:g} "
        f"km; {runner.days_off} days off. {runner.note}"
    )
    shown = ramp.plan[ramp.plan["date"] < ramp.plan["date"].iloc[0] + pd.Timedelta(days=SHOWN_D)]
    return "\n".join(
        [
            f"### {runner.key.replace('-', ' ').capitalize()}\n",
            f"{who.strip()}\n",
            f"**Why so:** {WHY[runner.key]}\n",
            *table(shown),
            f"\n{weeks_text(ramp)}\n",
        ]
    )


def table(plan: pd.DataFrame) -> list[str]:
    """Runs of a plan, and the walks before the first of them."""
    ran = plan["distance_km"] > 0
    shown = plan[ran | ((plan["kind"] == "walk") & (ran.cumsum() == 0))]
    lines = ["| date | session | running km | min in all |", "|---|---|---:|---:|"]
    for row in shown.to_dict("records"):
        km = f"{row['distance_km']:.1f}" if row["distance_km"] > 0 else ""
        minutes = whole_minutes(row["duration_min"])
        lines.append(f"| {day_text(row['date'])} | {row['session']} | {km} | {minutes} |")
    return lines


def weeks_text(ramp: loadmon.Ramp) -> str:
    """Sum up a plan in a sentence: its weeks, the minutes of the first, and its goal."""
    plan, first = ramp.plan, ramp.plan["week"].iloc[0]
    km = ", ".join(f"{week:.1f}" for week in plan.groupby("week")["distance_km"].sum())
    runs = plan[(plan["week"] == first) & (plan["distance_km"] > 0)]
    running = (runs["repeats"] * runs["run_min"]).fillna(runs["duration_min"]).max()
    text = f"Weeks from the first on: {km} km."
    if len(runs):
        text += (
            f" In the first week a session has at most {whole_minutes(running)} minutes of running "
            f"and {whole_minutes(runs['duration_min'].max())} in all."
        )
    if ramp.reached_on is not None:
        text += f" The target is reached on {day_text(ramp.reached_on)} {ramp.reached_on.year}."
    return text


def main() -> None:
    PATH.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
