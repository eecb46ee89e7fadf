"""A plan from the day of return to a target, within the limits."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING

from loadmon.cli import DONE
from loadmon.cli.options import add_archive_options, day_option, path_option, word_option
from loadmon.cli.screen import OutputClosed, is_terminal, line_width, print_err
from loadmon.cli.typed import add_number_options, ask, typed_history
from loadmon.errors import ScreeningNeeded, SettingError

if TYPE_CHECKING:
    from loadmon.io.archive import Archive
    from loadmon.ramp.result import Ramp

_WHY = "Some pains need a doctor before any run, so these questions come before a plan."
#: Options that `plan_ramp` takes as they are.
_OPTIONS = (
    *("resume", "target_km", "target_long_km", "by", "programme", "run_days", "pace"),
    *("easy_pace", "reason"),
)
_PAINS = ("pain_before", "pain", "pain_next_morning")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of a plan, and of the answers to its questions."""
    add_archive_options(parser, needs_paths=False)
    numbers = "--usual KM --longest KM --last-run DATE"
    wanted = "(--resume DATE | --verify FILE)"
    parser.usage = f"loadmon ramp (PATH [PATH ...] | {numbers}) {wanted} [options]"
    resume = "day of return; with neither PATH nor numbers a terminal asks for all of them"
    parser.add_argument("--resume", type=day_option, metavar="DATE", help=resume)
    add_number_options(parser)
    verify = "judge a plan that you edited (CSV), instead of making one"
    parser.add_argument("--verify", type=path_option, metavar="FILE", help=verify)
    goal = parser.add_argument_group("goal").add_argument
    goal("--target-km", type=_km_option, metavar="KM", help="weekly distance to reach")
    goal("--target-long-km", type=_km_option, metavar="KM", help="longest run to reach")
    goal("--by", type=day_option, metavar="DATE", help="day by which to reach it")
    programme = "a published one: delaware, couch-to-5k, walk-run-30, ..."
    goal("--programme", metavar="NAME", help=programme)
    schedule = parser.add_argument_group("schedule").add_argument
    schedule("--run-days", metavar="mon,wed,sat", help="days of the week to run on")
    schedule("--pace", choices=("steady", "earliest"), default="steady")
    limits = "limits a clinician has set (TOML)"
    schedule("--limits", type=path_option, metavar="FILE", help=limits)
    schedule("--easy-pace", metavar="7:30", help="minutes per kilometre of an easy run (yours)")
    question = parser.add_argument_group("questions").add_argument
    reasons = ("rest", "illness", "injury", "back-pain", "bone")
    why = "why you stopped (rest); pain and injury ask questions first"
    question("--reason", choices=reasons, help=why)
    pain = "pain before, during and on the morning after a run or walk: 1,2,1, or one number "
    question("--pain", metavar="0-10", help=f"{pain}for all three")
    site = "where the pain is: knee, achilles, ..."
    question("--site", type=word_option, metavar="WORD", help=site)
    keys = "answer to the questions: none of them applies, or the keys of those that do"
    question("--screened", metavar="none|KEY,KEY", help=keys)
    agreed = "a clinician who examined you agreed that you run again"
    question("--clinician-agreed", action="store_true", help=agreed)
    output = parser.add_argument_group("output").add_argument
    workouts = "write a workout for each run of four weeks"
    output("--all", action="store_true", help="every week: printed, and as workouts")
    output("--ics", type=path_option, metavar="FILE", help="write the plan for a calendar")
    output("--fit", type=path_option, metavar="DIR", help=workouts)
    page = "write a page to print: two sheets to tick"
    output("--page", type=path_option, metavar="FILE", help=page)
    whose = "whose plan it is, in the calendar and on the page"
    output("--name", type=word_option, default="", help=whose)


def _km_option(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a distance; write 20 or 20.5") from None


def run(args: argparse.Namespace) -> int:
    """Ask the open questions, plan, write the files, print the plan with its stop text."""
    from loadmon.cli.plan_files import judge_plan, write_files

    if args.verify:
        return judge_plan(args)
    from loadmon.cli.opening import open_archive, print_dayless
    from loadmon.ramp.plan import plan_ramp
    from loadmon.ramp.screening import SCREENED
    from loadmon.rules.limits import load_limits

    archive: Archive | None = typed_history(args, "ramp")
    if archive is None:
        if args.resume is None:
            raise SettingError("--resume DATE is missing: the day from which to run again")
        archive, as_of = open_archive(args)
        print_dayless(args, archive)
    else:
        as_of = args.as_of or date.today()  # noqa: DTZ011 - the runner's own day is the machine's
    args.reason = args.reason or "rest"
    if args.rested:
        archive = archive.rested_until(args.resume - timedelta(days=1))
    options = {name: getattr(args, name) for name in _OPTIONS} | {
        "limits": load_limits(args.limits, pace=args.pace) if args.limits else None,
        "as_of": as_of,
    }
    answers, plan = _answers(args), None
    while plan is None:
        try:
            plan = plan_ramp(archive, screening=answers, **options)
        except ScreeningNeeded as needed:
            why = "" if args.reason in SCREENED else "There is pain in your diary. "
            answers |= _ask(needed, f"{why}{_WHY}")
    try:  # files first: who reads the text may close the pipe; the text in any case
        write_files(args, plan)
    except SettingError:
        with suppress(OutputClosed):
            _print(args, archive, plan)
        raise
    _print(args, archive, plan)
    return DONE


def _print(args: argparse.Namespace, archive: Archive, plan: Ramp) -> None:
    """The plan as text, or its rows."""
    from loadmon.cli.opening import print_frame, print_text
    from loadmon.report.plan import ramp_text

    if args.format == "table":
        units = archive.athlete.units
        print_text(args, ramp_text(plan, units=units, whole=args.all, width=line_width()))
    else:
        print_err(plan.message)  # the stop text goes with every plan
        print_frame(args, plan.plan)


def _answers(args: argparse.Namespace) -> dict[str, bool | float | str]:
    """Answers given as options: the questions that apply; ``none`` of the warning signs does."""
    from loadmon.ramp.screening import ILLNESS_FLAGS, RED_FLAGS

    answers: dict[str, bool | float | str] = {}
    if args.screened is not None:
        that_apply = [] if args.screened == "none" else args.screened.split(",")
        asked = [q.key for q in (*RED_FLAGS, *ILLNESS_FLAGS)] + ["walking_hurts"]
        answers.update(dict.fromkeys(asked, False) | dict.fromkeys(that_apply, True))
    if args.pain is not None:  # one number stands for all three
        numbers = []
        with suppress(ValueError):
            numbers = [float(part) for part in args.pain.split(",")]
        if len(numbers) not in (1, len(_PAINS)) or not all(0 <= n <= 10 for n in numbers):
            raise SettingError(f"--pain {args.pain}: one number from 0 to 10, or three like 1,2,1")
        answers.update(zip(_PAINS, numbers * (len(_PAINS) // len(numbers)), strict=True))
    if args.site is not None:
        answers["site"] = args.site
    if args.clinician_agreed:
        answers["clinician_agreed"] = True
    return answers


def _ask(needed: ScreeningNeeded, why: str) -> dict[str, bool | float | str]:
    """Ask the questions on a terminal; elsewhere say how to answer them."""
    from loadmon.ramp.screening import ILLNESS_FLAGS, RED_FLAGS

    if is_terminal(sys.stdin) and is_terminal(sys.stderr):
        print_err(why)
        return {key: _answer(key, text) for key, text in needed.questions.items()}
    signs = {q.key for q in (*RED_FLAGS, *ILLNESS_FLAGS)} | {"walking_hurts"}
    ways = (
        (signs, "--screened none if none of these signs is there, else --screened KEY,KEY"),
        (set(_PAINS), "--pain 2, or --pain 1,2,1 for before, during and the morning after"),
        ({"site"}, "--site WORD"),
        ({"clinician_agreed"}, "--clinician-agreed if so (without it there is no plan)"),
    )
    how = "; ".join(way for keys, way in ways if keys & set(needed.questions))
    questions = "\n".join(f"  {key}: {text}" for key, text in needed.questions.items())
    raise SettingError(f"{why}\n{questions}\nAnswer with {how}.")


def _answer(key: str, text: str) -> bool | float | str:
    """One answer from the terminal, asked again until it can be understood."""

    def parse(given: str) -> bool | float | str:
        given = given.lower()
        if choices == "y/n" and given in ("y", "yes", "n", "no"):
            return given[0] == "y"
        if choices == "0-10" and given.replace(".", "", 1).isdigit() and float(given) <= 10:
            return float(given)
        if choices == "word" and given:
            return given
        raise SettingError(f"{given!r} is no answer to this: write {words[choices]}")

    words = {"0-10": "a number from 0 to 10", "word": "a word", "y/n": "y or n"}
    choices = "0-10" if key in _PAINS else "word" if key == "site" else "y/n"
    return ask(text, choices, parse)
