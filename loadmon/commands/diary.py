"""The diary: what no watch records, one line a time."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from loadmon.athlete.diary import DIARY_COLUMNS, DISMISS, WHEN
from loadmon.commands.opening import DONE, day_option
from loadmon.errors import SettingError

_SAID = ("pain", "rpe", "strength", "break", "note")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of `log`."""
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="archive beside which the diary lies"
    )
    parser.add_argument("--date", type=day_option, metavar="DATE", help="day it is about (today)")
    parser.add_argument("--pain", metavar="0-10", help="worst pain, 0 (none) to 10")
    parser.add_argument("--site", metavar="PLACE", help="where it hurt: back, knee, shin ...")
    parser.add_argument("--when", choices=WHEN[1:], help="when it hurt, relative to the run")
    parser.add_argument("--rpe", metavar="0-10", help="effort of the run as a whole (CR10)")
    parser.add_argument(
        "--strength", metavar="NAME,NAME", help="exercises done: plank,bridge ... or yes"
    )
    parser.add_argument(
        "--break",
        dest="break_",
        metavar="REASON",
        help=f"why you did not run around that day (flu, injury); {DISMISS}: it was nothing",
    )
    parser.add_argument("--note", metavar="TEXT", help="anything else, in your own words")
    parser.add_argument(
        "--athlete", type=Path, metavar="FILE", help="athlete.toml beside which the diary lies"
    )


def log(args: argparse.Namespace) -> int:
    """Add one line to diary.csv: pain, effort, strength, a break or a note."""
    from loadmon.athlete.logbook import add_entry

    cells = _cells(args)
    place = _diary_of(args)
    mended = add_entry(place, cells)
    if mended:
        print(f"{place}: {mended}", file=sys.stderr)
    said = ", ".join(f"{name} {cells[name]}" for name in DIARY_COLUMNS[1:] if cells.get(name))
    print(f"Logged for {cells['date']}: {said}\nin {place}")
    _hint(cells)
    return DONE


def _cells(args: argparse.Namespace) -> dict[str, str]:
    """What is to stand in the line; refuse what says nothing."""
    today = date.today()  # noqa: DTZ011 - the runner's own day is the machine's
    day = args.date or today
    if day > today:
        raise SettingError(f"{day} has not come yet; today is {today}")
    given = {**vars(args), "break": args.break_}
    cells = {
        name: str(given[name]).strip() for name in DIARY_COLUMNS if given.get(name) is not None
    }
    cells["date"] = day.isoformat()
    for name in ("site", "when"):
        if cells.get(name) and not cells.get("pain"):
            raise SettingError(f"--{name} says something of a pain: add --pain 0..10")
    if not any(cells.get(name) for name in _SAID):
        raise SettingError("nothing to log: name --pain, --rpe, --strength, --break or --note")
    return cells


def _diary_of(args: argparse.Namespace) -> Path:
    """Where the diary lies: as asked for, beside the archive, here, or in the config folder."""
    from platformdirs import user_config_path

    from loadmon.athlete.settings import DIARY_NAME, SETTINGS_NAME

    if args.athlete:
        given: Path = args.athlete
        return (given if given.is_dir() else given.parent) / DIARY_NAME
    if args.paths:
        path = Path(args.paths[0])
        if not path.exists():
            raise SettingError(f"{path}: there is no such file or folder; check the path")
        return (path if path.is_dir() else path.parent) / DIARY_NAME
    here = Path.cwd()
    if any((here / name).is_file() for name in (SETTINGS_NAME, DIARY_NAME)):
        return here / DIARY_NAME
    folder: Path = user_config_path("loadmon")
    return folder / DIARY_NAME


def _hint(cells: dict[str, str]) -> None:
    """Say what an entry cannot do, and what goes before any number."""
    if cells.get("pain"):
        from loadmon.evidence.pain import PAIN_RULE
        from loadmon.ramp.screening import STOP_TEXT

        if float(cells["pain"]) > PAIN_RULE["stop_above"]:
            print(STOP_TEXT.splitlines()[0], file=sys.stderr)
    if cells.get("strength", "yes") != "yes":
        unknown = _unknown_exercises(cells["strength"])
        if unknown:
            names = ", ".join(unknown)
            print(
                f"{names}: no exercise that loadmon looks for; it counts as strength all the same",
                file=sys.stderr,
            )


def _unknown_exercises(text: str) -> list[str]:
    """Names that are not among those of the clinic."""
    from loadmon.evidence.strength import EXERCISES

    known = {exercise.name.replace("-", " ") for exercise in EXERCISES}
    names = [name.strip() for name in text.split(",")]
    return [n for n in names if n.lower().replace("-", " ").replace("_", " ") not in known]
