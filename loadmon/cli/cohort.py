"""Many athletes, one folder or zip each: who needs attention first, and why."""

from __future__ import annotations

import argparse
import shlex
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from loadmon.cli import DONE
from loadmon.cli.options import add_archive_options, warn_of_unused_diaries
from loadmon.cli.screen import draw_line, line_width, print_out
from loadmon.errors import ReadError, SettingError

if TYPE_CHECKING:
    from loadmon.cohorts.team import Cohort, Silence

#: Frames that `--show` names; the first is shown if none is.
FRAMES = ("athletes", "weekly", "findings", "daily", "failures")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of a team."""
    add_archive_options(parser)
    option, show = parser.add_argument, "which rows: who needs attention (athletes)"
    option("--show", choices=FRAMES, default=FRAMES[0], help=show)
    workers = "processes to read with (one per processor)"
    option("--workers", type=int, metavar="N", help=workers)


def run(args: argparse.Namespace) -> int:
    """Print the athletes by urgency, or the frame that was asked for."""
    from loadmon.cli.opening import print_frame
    from loadmon.report.team import team_text
    from loadmon.units import check_units

    team = _read(args)
    if team.weekly.empty:
        reasons = "; ".join(team.failures["detail"].head(3))
        raise ReadError(f"{', '.join(args.paths)}: no athlete's files could be used ({reasons})")
    if args.format == "table" and args.show == FRAMES[0]:
        units, title = check_units(args.units or "km"), shlex.join(args.paths)
        print_out(team_text(team, title=title, width=line_width(), units=units))
    else:
        print_frame(args, getattr(team, args.show), units=args.units or "km")
    return DONE


def _read(args: argparse.Namespace) -> Cohort:
    """Cohort as asked for, with progress on a terminal."""
    from loadmon.cli.opening import settings_file
    from loadmon.cohorts.team import cohort
    from loadmon.io.workers import Workers
    from loadmon.settings import load_settings

    if args.workers is not None and args.workers < 1:
        raise SettingError("--workers must be at least 1")
    one_folder = len(args.paths) == 1 and Path(args.paths[0]).is_dir()
    silence: Silence = "rest" if args.rested else "old" if args.old_export else "unknown"
    pool = Workers(args.workers) if args.workers else nullcontext()
    warn_of_unused_diaries([], args.athlete, *args.paths)
    with pool as executor:
        team = cohort(
            args.paths[0] if one_folder else args.paths,
            executor=executor,
            as_of=args.as_of or date.today(),  # noqa: DTZ011 - the coach's own day
            silence=silence,
            athlete=load_settings(settings_file(args.athlete)) if args.athlete else None,
            units=args.units,
            progress=lambda done, name: draw_line(f"{done} athletes read, {name}"),
        )
    draw_line("")
    return team
