"""A history in numbers instead of files: its options, and its questions on a terminal."""

from __future__ import annotations

import argparse
import functools
import re
import sys
from collections.abc import Callable
from datetime import date, timedelta

from loadmon.cli.options import day_option
from loadmon.cli.screen import is_terminal, print_err
from loadmon.errors import SettingError

TYPE_CHECKING = False  # typing alone takes its time to import
if TYPE_CHECKING:
    from typing import Any, TypeVar

    from loadmon.stated import StatedHistory
    from loadmon.units import Units

    T = TypeVar("T")

_RUNS = 3
_DISTANCE = re.compile(r"\s*(\d+(?:[.,]\d*)?|nan|-\d+(?:[.,]\d*)?)\s*(km|mi)?\s*", re.IGNORECASE)
_MOST_DAYS_AHEAD = 366
#: Options of files that mean nothing beside numbers.
_OF_FILES = ("rested", "old_export", "salvage")
#: What has to be given, by its name in the arguments.
_NEEDED = {"usual": "--usual KM", "longest": "--longest KM", "last_run": "--last-run DATE"}


def add_number_options(parser: argparse.ArgumentParser) -> None:
    """Options of a runner who has no files."""
    option = parser.add_argument_group("numbers instead of PATH").add_argument
    week = "distance of a usual week before the last run (km; 15mi for miles)"
    option("--usual", type=distance_option, metavar="KM", help=week)
    option("--longest", type=distance_option, metavar="KM", help="longest run of such a week")
    runs = f"runs in such a week ({_RUNS})"
    option("--runs", type=count_option, metavar="N", help=runs)
    option("--last-run", type=day_option, metavar="DATE", help="day of the last run")


def distance_option(text: str) -> float:
    """Distance in kilometres, written as ``25``, ``25 km`` or ``15mi``. [km]"""
    return _distance(text, "km")


def _distance(text: str, unit: Units) -> float:
    """Distance in kilometres; a number without a unit is in `unit`. [km]"""
    from loadmon.units import MILES_PER_KM

    found = _DISTANCE.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a distance; write 25, 25km or 15mi")
    number = float(found[1].replace(",", "."))
    return number / MILES_PER_KM if (found[2] or unit).lower() == "mi" else number


def count_option(text: str) -> int:
    """Whole number of a command-line option."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number; write 3") from None


def typed_history(args: argparse.Namespace, command: str) -> StatedHistory | None:
    """History of the numbers that were typed; None where files are named instead.

    Where neither is complete, the rest is asked for on a terminal; elsewhere it is named. A command
    that plans has an option ``resume``, which is asked for last, and then the ``reason``.
    """
    from loadmon.cli.opening import athlete_of
    from loadmon.stated import usual

    given = [name for name in (*_NEEDED, "runs") if getattr(args, name) is not None]
    if args.paths:
        if given:
            raise SettingError(
                f"{args.paths[0]} and {_option(given[0])}: name files, or type numbers, not both"
            )
        return None
    for name in _OF_FILES:
        if getattr(args, name):
            raise SettingError(f"{_option(name)} is about files; leave it out beside --usual")
    plans = hasattr(args, "resume")
    command += " PATH --resume DATE" if plans else " PATH"
    missing = [name for name in _NEEDED if getattr(args, name) is None]
    missing += ["resume"] if plans and args.resume is None else []
    if missing and not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
        raise SettingError(_to_type(command, given, missing))
    athlete = athlete_of(args, [])
    if missing:
        _ask_for_all(args, command, athlete.units)
    last = args.last_run
    if plans and args.resume <= last:
        raise SettingError(f"--resume {args.resume} is not after the last run, --last-run {last}")
    if args.as_of is not None and args.as_of < last:
        raise SettingError(f"--as-of {args.as_of} is before the last run, --last-run {last}")
    runs = _RUNS if args.runs is None else args.runs
    return usual(args.usual, args.longest, runs=runs, last_run=last, athlete=athlete)


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _to_type(command: str, given: list[str], missing: list[str]) -> str:
    """What is missing, or the two ways to say what was run."""
    if given:
        names = [(_NEEDED | {"resume": "--resume DATE"})[name] for name in missing]
        verb = "is" if len(names) == 1 else "are"
        return f"{', '.join(names)} {verb} missing beside {_option(given[0])}"
    numbers = "--usual 25 --longest 10 --runs 3 --last-run DATE"
    return (
        f"name your recordings, or type what you usually run:\n  loadmon {command}\n"
        f"  loadmon {command.replace('PATH', numbers)}"
    )


# The questions on a terminal, each asked again until it is answered.


def ask(text: str, hint: str, parse: Callable[[str], T]) -> T:
    """One answer from the terminal; `parse` raises, with a sentence, what cannot be understood."""
    while True:
        print_err(f"{text} [{hint}] ", end="")
        line = sys.stdin.readline()
        if not line:
            print_err("")
            raise SettingError("the questions were not answered: no plan")
        try:
            return parse(line.strip())
        except (SettingError, argparse.ArgumentTypeError) as error:
            print_err(f"  {error}.")


def _ask_for_all(args: argparse.Namespace, command: str, units: Units) -> None:
    """Ask for each number that was not given, and write it into the arguments."""
    today = date.today()  # noqa: DTZ011 - the runner's own day is the machine's
    plans = hasattr(args, "resume")
    questions = {
        "usual": ("How far did you run in a usual week, before you stopped?", units),
        "longest": ("How long was the longest run of such a week?", units),
        "runs": ("How many runs a week?", "1-7"),
        "last_run": ("On which day did you last run?", f"{today}, today or yesterday"),
    }
    if plans:
        from loadmon.ramp.screening import REASONS

        questions["resume"] = (
            "From which day do you want to run again?",
            f"{today} or today",
        )
        questions["reason"] = ("Why did you stop?", ", ".join(REASONS))
    print_err(f"A few numbers will do without files (with files: loadmon {command}).")
    for name, (text, hint) in questions.items():
        if getattr(args, name) is None:
            parse = functools.partial(_PARSE[name], args=args, units=units, today=today)
            setattr(args, name, ask(text, hint, parse))
    print_err(f"The same in one line: {_as_command(args, command)}")


def _week(answer: str, *, units: Units, **_: Any) -> float:
    from loadmon.stated import checked_week

    km = _distance(answer, units)
    checked_week(km)
    return km


def _longest(answer: str, *, args: argparse.Namespace, units: Units, **_: Any) -> float:
    from loadmon.stated import checked_longest

    km = _distance(answer, units)
    checked_longest(km, args.usual)
    return km


def _runs(answer: str, *, args: argparse.Namespace, **_: Any) -> int:
    from loadmon.stated import checked_runs

    n = count_option(answer)
    checked_runs(n, args.usual, args.longest)
    return n


def _last_run(answer: str, *, today: date, **_: Any) -> date:
    from loadmon.stated import checked_last_run

    day = _day(answer, today)
    if day > today:
        raise SettingError(f"{day} is still to come: the last run was today or before")
    return checked_last_run(day).date()


def _resume(answer: str, *, args: argparse.Namespace, today: date, **_: Any) -> date:
    day = _day(answer, today)
    if day < today or day <= args.last_run:
        raise SettingError(f"{day} is past: write today or a later day, after the last run")
    if (day - today).days > _MOST_DAYS_AHEAD:
        raise SettingError(f"{day} is more than a year ahead: plan it when it is nearer")
    return day


def _reason(answer: str, **_: Any) -> str:
    from loadmon.ramp.screening import REASONS

    if answer not in REASONS:
        raise SettingError(f"{answer!r} is no reason: write one of {', '.join(REASONS)}")
    return answer


#: What turns the answer to each question into a value of the arguments.
_PARSE: dict[str, Callable[..., Any]] = {
    "usual": _week,
    "longest": _longest,
    "runs": _runs,
    "last_run": _last_run,
    "resume": _resume,
    "reason": _reason,
}


def _day(answer: str, today: date) -> date:
    words = {"today": 0, "yesterday": -1, "tomorrow": 1}
    if answer.lower() in words:
        return today + timedelta(days=words[answer.lower()])
    return day_option(answer)


def _as_command(args: argparse.Namespace, command: str) -> str:
    numbers = (
        f"--usual {args.usual:.4g} --longest {args.longest:.4g} --runs {args.runs} "
        f"--last-run {args.last_run}"
    )
    command = command.replace("PATH", numbers)
    if hasattr(args, "resume"):
        command = command.replace("DATE", str(args.resume)) + f" --reason {args.reason}"
    return f"loadmon {command}"
