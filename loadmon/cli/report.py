"""The main job: the week in the terminal, the whole story in one HTML file."""

from __future__ import annotations

import argparse
import shlex
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from loadmon.cli.opening import DONE, head_of, path_option, print_frame, print_json, usable
from loadmon.cli.screen import OutputClosed, line_width, say, shows_colours, tell
from loadmon.errors import SettingError

if TYPE_CHECKING:
    from loadmon.report.overview import Overview


def add_options(report: argparse.ArgumentParser) -> None:
    """Options of the report."""
    report.add_argument(
        "-o", "--output", type=path_option, metavar="FILE", help="HTML file to write"
    )
    report.add_argument(
        "--private", action="store_true", help="leave out names of files, shoes, breaks and notes"
    )


def report(args: argparse.Namespace) -> int:
    """Say what this week holds, what is flagged and why: in the terminal and as one HTML file."""
    import logging

    from loadmon.report.overview import TITLE, overview, without_names
    from loadmon.report.page import render_page

    # What matplotlib finds wrong with settings in this folder is no matter of ours: none holds.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    archive, as_of = usable(args)
    title = TITLE if args.private else shlex.join(args.paths)
    archive = without_names(archive) if args.private else archive
    told = overview(archive, title=title, as_of=as_of)
    output = args.output or (Path("report.html") if args.format == "table" else None)
    try:  # the page first: who reads the text may close the pipe; the text in any case
        if output:
            _write_page(output, render_page(told))
    except SettingError:
        with suppress(OutputClosed):
            _print(args, told)
        raise
    _print(args, told)
    if output:
        tell(f"{output} written: open it in a browser, or print it")
    return DONE


def _print(args: argparse.Namespace, told: Overview) -> None:
    """The report as text, or its rows."""
    from loadmon.report.data import report_data
    from loadmon.report.terminal import report_text

    if args.format == "table":
        is_painted = shows_colours()
        say(report_text(told, width=line_width(), colour=is_painted), is_painted=is_painted)
    elif args.format == "json":
        print_json(report_data(told))
    else:
        print_frame(args, told.weekly)


def _write_page(path: Path, page: str) -> None:
    """Write the page, but never over a file that is not a report of ours."""
    try:
        if path.exists() and b"loadmon" not in head_of(path):
            raise SettingError(f"{path} is not a loadmon report; name another file with -o")
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise SettingError(
            f"{path}: cannot be written ({error.strerror}); name another with -o"
        ) from None
