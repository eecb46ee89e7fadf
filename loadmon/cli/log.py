"""Add one line to diary.csv: pain, effort, strength, a lay-off or a note."""

from __future__ import annotations

import argparse
import shlex
from datetime import date
from pathlib import Path

from loadmon.cli import DONE
from loadmon.cli.options import (
    day_option,
    input_option,
    one_folder_of,
    warn_of_shared_diary,
    warn_of_unused_diaries,
    word_option,
)
from loadmon.cli.screen import print_err, print_out
from loadmon.diary import DIARY_COLUMNS, DIARY_NAME, DISMISS, WHEN, add_entry, refuse_misnamed
from loadmon.errors import SettingError
from loadmon.evidence.clinic import EXERCISES
from loadmon.evidence.pain import PAIN_RULE, ask_site, find_site

#: An entry has at least one of these.
_ENTRIES = ("pain", "rpe", "strength", "break", "note")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of an entry."""
    option = parser.add_argument
    paths = "archive that it is about: diary.csv lies beside it"
    option("paths", nargs="*", type=input_option, metavar="PATH", help=paths)
    option("--date", type=day_option, metavar="DATE", help="day it is about (today)")
    option("--pain", type=word_option, metavar="0-10", help="worst pain, 0 (none) to 10")
    option("--site", type=word_option, metavar="SITE", help="where it hurts: back, knee, shin ...")
    option("--when", choices=WHEN[1:], help="when it hurt, relative to the run")
    option("--rpe", type=word_option, metavar="0-10", help="effort of the run as a whole (CR10)")
    strength = "exercises done: plank,bridge ... or yes"
    option("--strength", type=word_option, metavar="NAME,NAME", help=strength)
    lay_off = "why you did not run around that day (flu, injury); "
    lay_off += f"{DISMISS}: it was not a real lay-off"
    option("--break", dest="break_", type=word_option, metavar="REASON", help=lay_off)
    option("--note", type=word_option, metavar="TEXT", help="anything else, in your own words")


def run(args: argparse.Namespace) -> int:
    """Write the line, and say what an entry cannot do."""
    cells = _cells(args)
    folder = _archive_folder(args, cells)
    refuse_misnamed(folder)
    warn_of_unused_diaries([folder], None)
    diary = folder / DIARY_NAME
    repaired = add_entry(diary, cells)
    if repaired:
        print_err(f"{diary}: {repaired}")
    warn_of_shared_diary(args.paths)
    entry = ", ".join(f"{name} {cells[name]}" for name in DIARY_COLUMNS[1:] if cells.get(name))
    print_out(f"Logged for {cells['date']}: {entry}\nin {diary}")
    if cells.get("pain") and float(cells["pain"]) > PAIN_RULE["stop_above"]:
        from loadmon.ramp.screening import STOP_TEXT

        print_err(STOP_TEXT.splitlines()[0])
    known = {exercise.name.replace("-", " ") for exercise in EXERCISES} | {"yes"}
    names = [name.strip() for name in cells.get("strength", "yes").split(",")]
    unknown = [n for n in names if n.lower().replace("-", " ").replace("_", " ") not in known]
    if unknown:
        listed = ", ".join(unknown)
        print_err(f"{listed}: not an exercise that loadmon knows; it still counts as strength")
    return DONE


def _cells(args: argparse.Namespace) -> dict[str, str]:
    """Cells of the new line by column; an entry that says nothing is refused."""
    today = date.today()  # noqa: DTZ011 - the runner's own day is the machine's
    if (day := args.date or today) > today:
        raise SettingError(f"{day} is in the future; today is {today}")
    given = {**vars(args), "break": args.break_}
    said = (name for name in DIARY_COLUMNS if given.get(name) is not None)
    cells = {name: str(given[name]).strip() for name in said}
    cells["date"] = day.isoformat()
    for name in ("site", "when"):
        if cells.get(name) and not cells.get("pain"):
            raise SettingError(f"--{name} belongs to a pain: add --pain 0..10")
    if cells.get("site") and find_site(cells["site"]) is None:
        raise SettingError(f"--site: {ask_site(cells['site'])}")
    if not any(cells.get(name) for name in _ENTRIES):
        raise SettingError("nothing to log: name --pain, --rpe, --strength, --break or --note")
    return cells


def _archive_folder(args: argparse.Namespace, cells: dict[str, str]) -> Path:
    """Folder of the archive that the entry is about; a diary lies nowhere else."""
    if not args.paths:
        command = " ".join(f"--{name} {shlex.quote(cell)}" for name, cell in cells.items())
        raise SettingError(
            "name the archive that this is about, because a diary belongs to one runner:\n"
            f"  loadmon log PATH {command}"
        )
    return one_folder_of(args.paths, "an entry")
