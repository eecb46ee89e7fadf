"""What this week holds, what is flagged and why: in the terminal and as one HTML file."""

from __future__ import annotations

import argparse
import shlex
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loadmon.cli import DONE
from loadmon.cli.options import add_archive_options, kept_options, path_option
from loadmon.cli.screen import OutputClosed, line_width, print_err, print_out, shows_colours
from loadmon.errors import SettingError

if TYPE_CHECKING:
    from loadmon.report.overview import Overview


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the report."""
    add_archive_options(parser)
    option, private = parser.add_argument, "leave out names of files, shoes, lay-offs and notes"
    option("-o", "--output", type=path_option, metavar="FILE", help="HTML file to write")
    option("--private", action="store_true", help=private)


def run(args: argparse.Namespace) -> int:
    """Write the page, then print the report as text or as rows."""
    from loadmon.cli.opening import open_archive
    from loadmon.report.output import write_page
    from loadmon.report.overview import TITLE, overview, without_names
    from loadmon.report.page import page_data, render_page

    archive, as_of = open_archive(args)
    title = TITLE if args.private else shlex.join(args.paths)
    archive = without_names(archive) if args.private else archive
    report = overview(archive, title=title, as_of=as_of)
    output = args.output or (Path("report.html") if args.format == "table" else None)
    try:  # the page first: who reads the text may close the pipe; the text in any case
        if output:
            page = render_page(page_data(report))
            write_page(output, page)
            if args.answer:
                args.answer.wrote(output, page.encode())
    except SettingError:
        with suppress(OutputClosed):
            _print(args, report)
        raise
    _print(args, report)
    if output:
        print_err(f"{output} written: open it in a browser, or print it")
    return DONE


def _print(args: argparse.Namespace, report: Overview) -> None:
    """The report as text, or its rows."""
    from loadmon.cli.opening import print_frame, print_json
    from loadmon.report.terminal import report_text

    if args.format == "table":
        is_painted = shows_colours()
        kept = "" if args.private else kept_options(args)
        text = report_text(report, width=line_width(), colour=is_painted, options=kept)
        print_out(text, is_painted=is_painted)
    elif args.format == "json":
        print_json(report_data(report))
    else:
        print_frame(args, report.weekly)


def report_data(overview: Overview) -> dict[str, Any]:
    """Everything a report says, as JSON takes it; docs/report.md lists the keys.

    Checks are those of the last recorded day where the question about silent days is open.
    Distances in km, None for what is not known.
    """
    from loadmon.report.clinic import clinic_frames
    from loadmon.report.output import plain, rows
    from loadmon.report.overview import UNREADABLE, methods_text

    silent = overview.silent
    unreadable = overview.files["outcome"].isin(UNREADABLE)
    return overview.reported.to_dict() | {
        "report_for": plain(overview.as_of),
        "silence": silent
        and {
            "last_recorded": plain(silent.last_recorded),
            "days_silent": silent.days_silent,
            "usual_gap": silent.usual_gap,
            "unknown": silent.unknown,
        },
        "weekly": rows(overview.weekly),
        "daily": rows(overview.daily),
        "sessions": rows(overview.spikes),
        "today": rows(overview.today.to_frame()),
        "changes": rows(overview.changes),
        "gaps": rows(overview.gaps),
        "diary": rows(overview.diary),
        "clinic": {name: rows(frame) for name, frame in clinic_frames(overview).items()},
        "files": {str(k): int(v) for k, v in overview.outcomes.items()},
        "settings": rows(overview.archive.settings),
        "unreadable": rows(overview.files[unreadable]),
        "without_sport": overview.no_sport,
        "methods": methods_text(overview),
    }
