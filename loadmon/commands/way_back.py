"""The way back: ask the questions, plan, print the plan with its stop text."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta
from typing import Any

from loadmon.commands.opening import DONE, print_frame, usable
from loadmon.commands.screen import line_width
from loadmon.errors import ScreeningNeeded, SettingError


def ramp(args: argparse.Namespace) -> int:
    """A plan from the day of return to a target that stays within the limits."""
    from loadmon.ramp.plan import plan_ramp
    from loadmon.report.terminal import ramp_text

    archive, _ = usable(args)
    as_of = archive.activities["date"].max() if args.old_export else args.as_of
    if args.rested:
        archive = archive.rested_until(args.resume - timedelta(days=1))
    options: dict[str, Any] = {
        "resume": args.resume,
        "target_km": args.target_km,
        "target_long_km": args.target_long_km,
        "by": args.by,
        "pace": args.pace,
        "reason": args.reason,
        "run_days": args.run_days,
        "as_of": as_of,
    }
    answers = _screening(args)
    try:
        plan = plan_ramp(archive, screening=answers, **options)
    except ScreeningNeeded as needed:
        plan = plan_ramp(archive, screening=answers | _ask(needed), **options)
    if args.format == "table":
        print(ramp_text(plan, width=line_width(), units=archive.athlete.units))
    else:
        print(plan.message, file=sys.stderr)  # the stop text goes with every plan
        print_frame(args, plan.plan)
    return DONE


def _screening(args: argparse.Namespace) -> dict[str, bool | float]:
    """Answers given as options: the questions that apply; ``none`` of the warning signs does."""
    from loadmon.ramp.screening import RED_FLAGS

    answers: dict[str, bool | float] = {}
    if args.screened is not None:
        applies = [] if args.screened == "none" else args.screened.split(",")
        answers = {q.key: False for q in RED_FLAGS} | dict.fromkeys(applies, True)
    if args.pain is not None:
        answers["pain"] = args.pain
    return answers


def _ask(needed: ScreeningNeeded) -> dict[str, bool | float]:
    """Ask the questions on a terminal; elsewhere say how to answer them."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        listed = "\n".join(f"  {key}: {text}" for key, text in needed.questions.items())
        raise SettingError(
            f"before a plan, answer these questions:\n{listed}\n"
            "with --pain 0..10 and --screened none if none of them applies, else --screened KEY,KEY"
        )
    return {key: _answer(key, text) for key, text in needed.questions.items()}


def _answer(key: str, text: str) -> bool | float:
    """One answer from the terminal, asked again until it can be understood."""
    choices = "0-10" if key == "pain" else "y/n"
    while True:
        print(f"{text} [{choices}] ", end="", file=sys.stderr, flush=True)
        given = sys.stdin.readline().strip().lower()
        if key != "pain" and given in ("y", "yes", "n", "no"):
            return given[0] == "y"
        if key == "pain" and given.replace(".", "", 1).isdigit() and float(given) <= 10:
            return float(given)
