"""Many athletes, one folder or zip each: who needs attention first, and why."""

from __future__ import annotations

import argparse
import shlex
from contextlib import nullcontext, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from loadmon.cli import DONE
from loadmon.cli.options import add_archive_options, path_option, warn_of_unused_diaries
from loadmon.cli.screen import OutputClosed, draw_line, line_width, print_err, print_out
from loadmon.errors import ReadError, SettingError

if TYPE_CHECKING:
    from loadmon.cohorts.team import Cohort, Request

#: Frames that `--show` names; the first is shown if none is.
FRAMES = ("athletes", "weekly", "findings", "daily", "failures")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of a team."""
    add_archive_options(parser, is_team=True)
    option, show = parser.add_argument, "which rows: who needs attention (athletes)"
    option("--show", choices=FRAMES, default=FRAMES[0], help=show)
    option(
        "-o", "--output", type=path_option, metavar="FILE", help="HTML page of the team to write"
    )
    no_pages = "with -o: leave out each runner's own page, which takes most of the time"
    option("--no-pages", action="store_true", help=no_pages)
    workers = "processes to read with (one per processor)"
    option("--workers", type=int, metavar="N", help=workers)


def run(args: argparse.Namespace) -> int:
    """Write the page, then print the athletes by urgency, or the frame that was asked for."""
    if args.workers is not None and args.workers < 1:
        raise SettingError("--workers must be at least 1")
    if args.no_pages and not args.output:
        raise SettingError("--no-pages is about the page of a team: name it with -o team.html")
    if args.output and not args.output.absolute().parent.is_dir():  # before much is read
        raise SettingError(f"{args.output}: its folder does not exist; make it, or name another")
    request = _request(args)
    team = _read(args, request)
    if team.weekly.empty:
        reasons = "; ".join(team.failures["detail"].head(3))
        raise ReadError(f"{', '.join(args.paths)}: no athlete's files could be used ({reasons})")
    try:  # the page first, as for `report`; the text in any case
        written = _write_pages(args, request, team) if args.output else ""
    except SettingError:
        with suppress(OutputClosed):
            _print(args, team)
        raise
    _print(args, team)
    if written:
        print_err(written)
    return DONE


def _print(args: argparse.Namespace, team: Cohort) -> None:
    """The athletes by urgency as text, or the rows that were asked for."""
    from loadmon.cli.opening import print_frame
    from loadmon.report.team import team_text
    from loadmon.units import check_units

    units, title = check_units(args.units or "km"), shlex.join(args.paths)
    if args.format == "table" and args.show == FRAMES[0]:
        print_out(team_text(team, title=title, width=line_width(), units=units))
    else:
        print_frame(args, getattr(team, args.show), units=args.units or "km")


def _folder(args: argparse.Namespace) -> str | list[str]:
    """The folder of a team, or the paths of its athletes."""
    paths: list[str] = args.paths
    return paths[0] if len(paths) == 1 and Path(paths[0]).is_dir() else paths


def _request(args: argparse.Namespace) -> Request:
    """What is asked of every athlete."""
    from loadmon.cli.opening import settings_file
    from loadmon.cohorts.team import Request
    from loadmon.settings import load_settings

    return Request(
        as_of=f"{args.as_of or date.today():%Y-%m-%d}",  # noqa: DTZ011 - the coach's own day
        silence="rest" if args.rested else "old" if args.old_export else "unknown",
        cache=not args.no_cache,
        now=None,
        settings=load_settings(settings_file(args.athlete)) if args.athlete else None,
        units=args.units,
        folder=str(Path.cwd()),
    )


def _read(args: argparse.Namespace, request: Request) -> Cohort:
    """Cohort as asked for, with progress on a terminal."""
    from loadmon.cohorts.team import cohort
    from loadmon.io.workers import Workers

    pool = Workers(args.workers) if args.workers else nullcontext()
    warn_of_unused_diaries([], args.athlete, *args.paths)
    with pool as executor:
        team = cohort(
            _folder(args),
            executor=executor,
            as_of=request.as_of,
            silence=request.silence,
            athlete=request.settings,
            units=request.units,
            cache=request.cache,
            progress=lambda done, name: draw_line(f"{done} athletes read, {name}"),
        )
    draw_line("")
    return team


def _write_pages(args: argparse.Namespace, request: Request, team: Cohort) -> str:
    """Write the page of the team and those of its runners beside it; says what was written."""
    from loadmon.cohorts.spread import spread
    from loadmon.cohorts.team import members
    from loadmon.io.workers import Workers
    from loadmon.report.output import write_page
    from loadmon.report.team import PageTask, page_files, team_page, write_member_page
    from loadmon.units import check_units, count_text

    links: dict[str, str] = {}
    folder = args.output.with_name(f"{args.output.stem}-pages")
    if not args.no_pages:
        found, _ = members(_folder(args))
        if any(Path(one.path).resolve().parent == folder.resolve().parent for one in found):
            raise SettingError(
                f"{folder}: would lie among the athletes and be taken for one; name a file in "
                "another folder with -o, or leave the pages out with --no-pages"
            )
        files, lost = page_files(found), set(team.failures["athlete"])
        read = [member for member in found if member.name not in lost]
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            text = f"{folder}: cannot be made ({error.strerror}); name another page with -o"
            raise SettingError(text) from None
        tasks = [
            PageTask(member, request, str(folder.absolute() / files[member.name]))
            for member in read
        ]
        pool = Workers(args.workers) if args.workers else nullcontext()
        with pool as executor:
            said = spread(
                write_member_page,
                tasks,
                executor=executor,
                progress=lambda n, task: draw_line(f"{n} pages written, {task.member.name}"),
            )
        draw_line("")
        for member, why in zip(read, said, strict=True):
            if why == "":
                links[member.name] = f"{folder.name}/{files[member.name]}"
            else:
                print_err(f"{member.name}: no page of their own ({why or 'its process ended'})")
    units, title = check_units(args.units or "km"), shlex.join(args.paths)
    write_page(args.output, team_page(team, title=title, links=links, units=units))
    beside = f", with {count_text(len(links), 'page')} of single runners in {folder}"
    beside = beside if links else ""
    return f"{args.output} written: open it in a browser{beside}"
