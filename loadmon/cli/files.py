"""What became of every file, and what to do where it could not be used."""

from __future__ import annotations

import argparse
import shlex

from loadmon.cli import DONE
from loadmon.cli.options import add_archive_options
from loadmon.cli.screen import line_width, print_out
from loadmon.errors import ReadError

add_options = add_archive_options


def run(args: argparse.Namespace) -> int:
    """Print the ledger, even of an archive without an activity, which is an error."""
    from loadmon.cli.opening import nothing_usable, print_frame, read_paths
    from loadmon.report.ledger import ledger_text

    archive = read_paths(args)
    if args.format == "table":
        title, named = ", ".join(args.paths), shlex.join(args.paths)
        print_out(ledger_text(archive, title=title, command=named, width=line_width()))
    else:
        print_frame(args, archive.files)
    if archive.activities.empty:
        raise ReadError(nothing_usable(args, archive))
    return DONE
