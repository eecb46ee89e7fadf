"""The diary: what no watch records, one line a time."""

from __future__ import annotations

import argparse
import shlex
from datetime import date
from pathlib import Path

from loadmon.cli.opening import (
    DONE,
    day_option,
    folder_of,
    input_option,
    tell_shared_diary,
    tell_unused_diaries,
    word_option,
)
from loadmon.cli.screen import say, tell
from loadmon.diary import DIARY_COLUMNS, DIARY_NAME, DISMISS, WHEN
from loadmon.errors import SettingError

_SAID = ("pain", "rpe", "strength", "break", "note")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of `log`."""
    parser.add_argument(
        "paths",
        nargs="*",
        type=input_option,
        metavar="PATH",
        help="archive that it is about: diary.csv lies beside it",
    )
    parser.add_argument("--date", type=day_option, metavar="DATE", help="day it is about (today)")
    parser.add_argument(
        "--pain", type=word_option, metavar="0-10", help="worst pain, 0 (none) to 10"
    )
    parser.add_argument(
        "--site", type=word_option, metavar="PLACE", help="where it hurt: back, knee, shin ..."
    )
    parser.add_argument("--when", choices=WHEN[1:], help="when it hurt, relative to the run")
    parser.add_argument(
        "--rpe", type=word_option, metavar="0-10", help="effort of the run as a whole (CR10)"
    )
    parser.add_argument(
        "--strength",
        type=word_option,
        metavar="NAME,NAME",
        help="exercises done: plank,bridge ... or yes",
    )
    parser.add_argument(
        "--break",
        dest="break_",
        type=word_option,
        metavar="REASON",
        help=f"why you did not run around that day (flu, injury); {DISMISS}: it was nothing",
    )
    parser.add_argument(
        "--note", type=word_option, metavar="TEXT", help="anything else, in your own words"
    )


def log(args: argparse.Namespace) -> int:
    """Add one line to diary.csv: pain, effort, strength, a break or a note."""
    from loadmon.diary import add_entry

    cells = _cells(args)
    folder = _archive_folder(args, cells)
    tell_unused_diaries([folder], None)
    place = folder / DIARY_NAME
    mended = add_entry(place, cells)
    if mended:
        tell(f"{place}: {mended}")
    tell_shared_diary(args.paths)
    said = ", ".join(f"{name} {cells[name]}" for name in DIARY_COLUMNS[1:] if cells.get(name))
    say(f"Logged for {cells['date']}: {said}\nin {place}")
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


def _archive_folder(args: argparse.Namespace, cells: dict[str, str]) -> Path:
    """Folder of the archive that the entry is about; a diary lies nowhere else."""
    if not args.paths:
        command = " ".join(f"--{name} {shlex.quote(cell)}" for name, cell in cells.items())
        raise SettingError(
            "name the archive that this is about, so that it speaks for no other runner:\n"
            f"  loadmon log PATH {command}"
        )
    for path in args.paths:
        if not Path(path).exists():
            raise SettingError(f"{path}: there is no such file or folder; check the path")
    folders = {folder_of(path).resolve(): folder_of(path) for path in args.paths}
    if len(folders) > 1:
        raise SettingError("an entry is about one archive: name one of these paths")
    (folder,) = folders.values()
    return folder


def _hint(cells: dict[str, str]) -> None:
    """Say what an entry cannot do, and what goes before any number."""
    if cells.get("pain"):
        from loadmon.evidence.pain import PAIN_RULE
        from loadmon.ramp.screening import STOP_TEXT

        if float(cells["pain"]) > PAIN_RULE["stop_above"]:
            tell(STOP_TEXT.splitlines()[0])
    if cells.get("strength", "yes") != "yes":
        unknown = _unknown_exercises(cells["strength"])
        if unknown:
            names = ", ".join(unknown)
            tell(f"{names}: no exercise that loadmon looks for; it counts as strength all the same")


def _unknown_exercises(text: str) -> list[str]:
    """Names that are not among those of the clinic."""
    from loadmon.evidence.clinic import EXERCISES

    known = {exercise.name.replace("-", " ") for exercise in EXERCISES}
    names = [name.strip() for name in text.split(",")]
    return [n for n in names if n.lower().replace("-", " ").replace("_", " ") not in known]
