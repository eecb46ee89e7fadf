"""The way back: ask the questions, plan, print the plan with its stop text."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loadmon.cli.opening import (
    DONE,
    day_option,
    head_of,
    path_option,
    print_frame,
    say_text,
    usable,
    word_option,
)
from loadmon.cli.screen import OutputClosed, is_terminal, line_width, tell
from loadmon.errors import ScreeningNeeded, SettingError

if TYPE_CHECKING:
    from loadmon.io.archive import Archive
    from loadmon.ramp.result import Ramp


_WHY = "Some pains need a doctor before any run, so these questions come before a plan."
_PAINS = ("pain_before", "pain", "pain_next_morning")


def add_options(ramp: argparse.ArgumentParser) -> None:
    """Options of the way back."""
    ramp.usage = "loadmon ramp PATH [PATH ...] --resume DATE [options]"
    ramp.add_argument(
        "--resume", type=day_option, required=True, metavar="DATE", help="day of return"
    )
    goal = ramp.add_argument_group("goal")
    goal.add_argument("--target-km", type=_km_option, metavar="KM", help="weekly distance to reach")
    goal.add_argument(
        "--target-long-km", type=_km_option, metavar="KM", help="longest run to reach"
    )
    goal.add_argument("--by", type=day_option, metavar="DATE", help="day by which to reach it")
    goal.add_argument(
        "--programme",
        metavar="NAME",
        help="delaware, couch-to-5k or timed-12-week, no faster than the limits let",
    )
    way = ramp.add_argument_group("way")
    way.add_argument("--run-days", metavar="mon,wed,sat", help="days of the week to run on")
    way.add_argument("--pace", choices=("steady", "earliest"), default="steady")
    way.add_argument(
        "--limits", type=path_option, metavar="FILE", help="limits a clinician has set (TOML)"
    )
    way.add_argument("--easy-pace", metavar="7:30", help="minutes of an easy kilometre (yours)")
    _add_questions(ramp.add_argument_group("questions"))
    out = ramp.add_argument_group("output")
    out.add_argument("--all", action="store_true", help="print every week")
    out.add_argument(
        "--ics", type=path_option, metavar="FILE", help="write the plan for a calendar"
    )
    out.add_argument("--fit", type=path_option, metavar="DIR", help="write a workout for each run")
    out.add_argument(
        "--name", type=word_option, default="", help="whose plan it is, in the calendar"
    )


def _km_option(text: str) -> float:
    """Read a distance of an option. [km]"""
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no distance; write 20 or 20.5") from None


def _add_questions(group: argparse._ArgumentGroup) -> None:
    """Options that answer the questions."""
    group.add_argument(
        "--reason",
        choices=("rest", "illness", "injury", "back-pain", "bone"),
        default="rest",
        help="why you stopped; pain and injury ask questions first",
    )
    group.add_argument(
        "--pain",
        metavar="0-10",
        help="pain before, while and on the morning after you run or walk: 1,2,1, or one number "
        "for all three",
    )
    group.add_argument(
        "--site", type=word_option, metavar="WORD", help="where the pain is: knee, achilles, ..."
    )
    group.add_argument(
        "--screened",
        metavar="none|KEY,KEY",
        help="answer to the questions: none of them applies, or the keys of those that do",
    )
    group.add_argument(
        "--clinician-agreed",
        action="store_true",
        help="a clinician who examined you agreed that you run again",
    )


def ramp(args: argparse.Namespace) -> int:
    """A plan from the day of return to a target that stays within the limits."""
    archive, _ = usable(args)
    if args.rested:
        archive = archive.rested_until(args.resume - timedelta(days=1))
    plan = _planned(archive, _options(args, archive), _screening(args))
    try:  # files first: who reads the text may close the pipe; the text in any case
        if not plan.plan.empty:
            _write(args, plan)
    except SettingError:
        with suppress(OutputClosed):
            _print(args, archive, plan)
        raise
    _print(args, archive, plan)
    return DONE


def _print(args: argparse.Namespace, archive: Archive, plan: Ramp) -> None:
    """The plan as text, or its rows."""
    from loadmon.report.plan import ramp_text

    if args.format == "table":
        units = archive.athlete.units
        say_text(args, ramp_text(plan, units=units, whole=args.all, width=line_width()))
    else:
        tell(plan.message)  # the stop text goes with every plan
        print_frame(args, plan.plan)


def _write(args: argparse.Namespace, plan: Ramp) -> None:
    """Calendar and workouts, where they are asked for."""
    from loadmon.ramp.export import COPY_TEXT

    try:
        if args.ics:
            _write_calendar(args.ics, plan.to_ics(name=args.name, made_on=datetime.now(UTC)))
        if args.fit:
            files = plan.to_fit()
            args.fit.mkdir(parents=True, exist_ok=True)
            for name, content in files.items():
                (args.fit / name).write_bytes(content)
            tell(f"{args.fit}: {len(files)} workouts written. {COPY_TEXT}")
    except OSError as error:
        raise SettingError(f"{error.filename}: cannot be written ({error.strerror})") from None


def _write_calendar(path: Path, content: bytes) -> None:
    """Write a calendar, but never over a file that is not one of ours."""
    if path.exists() and b"loadmon" not in head_of(path):
        raise SettingError(f"{path} is not a calendar of loadmon; name another file with --ics")
    path.write_bytes(content)
    tell(f"{path} written: import it again after each new plan")


def _options(args: argparse.Namespace, archive: Archive) -> dict[str, Any]:
    """Options of `plan_ramp` from those of the command line."""
    from loadmon.rules.limits import load_limits

    return {
        "resume": args.resume,
        "target_km": args.target_km,
        "target_long_km": args.target_long_km,
        "by": args.by,
        "programme": args.programme,
        "run_days": args.run_days,
        "pace": args.pace,
        "limits": load_limits(args.limits, pace=args.pace) if args.limits else None,
        "easy_pace": args.easy_pace,
        "reason": args.reason,
        "as_of": archive.activities["date"].max() if args.old_export else args.as_of,
    }


def _planned(archive: Archive, options: dict[str, Any], answers: dict[str, Any]) -> Ramp:
    """A plan, once every question has an answer."""
    from loadmon.ramp.plan import plan_ramp
    from loadmon.ramp.screening import SCREENED

    while True:
        try:
            return plan_ramp(archive, screening=answers, **options)
        except ScreeningNeeded as needed:
            why = "" if options["reason"] in SCREENED else "Your diary tells of pain. "
            answers = answers | _ask(needed, f"{why}{_WHY}")


def _screening(args: argparse.Namespace) -> dict[str, bool | float | str]:
    """Answers given as options: the questions that apply; ``none`` of the warning signs does."""
    from loadmon.ramp.screening import RED_FLAGS

    answers: dict[str, bool | float | str] = {}
    if args.screened is not None:
        applies = [] if args.screened == "none" else args.screened.split(",")
        asked = [q.key for q in RED_FLAGS] + ["walking_hurts"]
        answers.update(dict.fromkeys(asked, False) | dict.fromkeys(applies, True))
    if args.pain is not None:
        answers.update(_pains(args.pain))
    if args.site is not None:
        answers["site"] = args.site
    if args.clinician_agreed:
        answers["clinician_agreed"] = True
    return answers


def _pains(told: str) -> dict[str, float]:
    """Pain before, during and on the morning after; one number stands for all three."""
    parts = told.split(",")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if len(numbers) not in (1, len(_PAINS)) or not all(0 <= n <= 10 for n in numbers):
        raise SettingError(f"--pain {told}: one number from 0 to 10, or three like 1,2,1")
    return dict(zip(_PAINS, numbers * (len(_PAINS) if len(numbers) == 1 else 1), strict=True))


def _ask(needed: ScreeningNeeded, why: str) -> dict[str, bool | float | str]:
    """Ask the questions on a terminal; elsewhere say how to answer them."""
    if not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
        listed = "\n".join(f"  {key}: {text}" for key, text in needed.questions.items())
        raise SettingError(f"{why}\n{listed}\nAnswer with {_how(needed)}.")
    tell(why)
    return {key: _answer(key, text) for key, text in needed.questions.items()}


def _how(needed: ScreeningNeeded) -> str:
    """Options that answer the questions left."""
    from loadmon.ramp.screening import RED_FLAGS

    signs = {q.key for q in RED_FLAGS} | {"walking_hurts"}
    ways = (
        (signs, "--screened none if none of these signs is there, else --screened KEY,KEY"),
        (set(_PAINS), "--pain 2, or --pain 1,2,1 for before, while and the morning after"),
        ({"site"}, "--site WORD"),
        ({"clinician_agreed"}, "--clinician-agreed if so (without it there is no plan)"),
    )
    return "; ".join(way for keys, way in ways if keys & set(needed.questions))


def _answer(key: str, text: str) -> bool | float | str:
    """One answer from the terminal, asked again until it can be understood."""
    choices = "0-10" if key in _PAINS else "word" if key == "site" else "y/n"
    while True:
        tell(f"{text} [{choices}] ", end="")
        line = sys.stdin.readline()
        if not line:
            raise SettingError("the questions were not answered: no plan")
        given = line.strip().lower()
        if choices == "y/n" and given in ("y", "yes", "n", "no"):
            return given[0] == "y"
        if choices == "0-10" and given.replace(".", "", 1).isdigit() and float(given) <= 10:
            return float(given)
        if choices == "word" and given:
            return given
