"""Teams: a folder with the export of each athlete in it."""

from __future__ import annotations

import argparse
import shlex
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from loadmon.cli.opening import DONE, print_frame, settings_file, tell_unused_diaries
from loadmon.cli.screen import draw_line, line_width, say
from loadmon.errors import ReadError, SettingError
from loadmon.units import check_units

if TYPE_CHECKING:
    from loadmon.cohorts.team import Cohort, Silence


#: Frames that `--show` names; the first is shown if none is.
FRAMES = ("athletes", "weekly", "findings", "daily", "failures")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options that only this command has."""
    parser.add_argument(
        "--show", choices=FRAMES, default=FRAMES[0], help="which rows: who needs a look (athletes)"
    )
    parser.add_argument(
        "--workers", type=int, metavar="N", help="processes to read with (one per processor)"
    )


def cohort(args: argparse.Namespace) -> int:
    """Many athletes, one folder or zip each: who needs a look first, and why."""
    from loadmon.report.team import team_text

    told = _read(args)
    if told.weekly.empty:
        reasons = "; ".join(told.failures["detail"].head(3))
        raise ReadError(f"{', '.join(args.paths)}: no athlete's files could be used ({reasons})")
    if args.format == "table" and args.show == FRAMES[0]:
        units = check_units(args.units or "km")
        say(team_text(told, title=shlex.join(args.paths), width=line_width(), units=units))
    else:
        print_frame(args, getattr(told, args.show), units=args.units or "km")
    return DONE


def _read(args: argparse.Namespace) -> Cohort:
    """Cohort as asked for, with progress on a terminal."""
    from loadmon.cohorts.team import cohort
    from loadmon.io.workers import Workers
    from loadmon.settings import load_settings

    if args.workers is not None and args.workers < 1:
        raise SettingError("--workers must be at least 1")

    def progress(done: int, name: str) -> None:
        draw_line(f"{done} athletes read, {name}")

    one_folder = len(args.paths) == 1 and Path(args.paths[0]).is_dir()
    silence: Silence = "rest" if args.rested else "old" if args.old_export else "unknown"
    pool = Workers(args.workers) if args.workers else nullcontext()
    tell_unused_diaries([], args.athlete, *args.paths)
    with pool as executor:
        told = cohort(
            args.paths[0] if one_folder else args.paths,
            executor=executor,
            as_of=args.as_of or date.today(),  # noqa: DTZ011 - the coach's own day
            silence=silence,
            athlete=load_settings(settings_file(args.athlete)) if args.athlete else None,
            units=args.units,
            progress=progress,
        )
    draw_line("")
    return told
