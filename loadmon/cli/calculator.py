"""The way back to running from typed numbers, as a page of its own; no files are needed."""

from __future__ import annotations

import argparse
from pathlib import Path

from loadmon.cli import DONE
from loadmon.cli.options import path_option
from loadmon.cli.screen import draw_line, print_err, raise_if_stopped
from loadmon.diary import write_whole
from loadmon.errors import SettingError


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the page."""
    option = parser.add_argument
    page = Path("calculator.html")
    where = "write the page here (calculator.html)"
    option("-o", "--output", type=path_option, default=page, metavar="FILE", help=where)
    option("--units", choices=("km", "mi"), default="km", help="unit of distance (km)")


def run(args: argparse.Namespace) -> int:
    """Work out every plan of the page and write it, but never over a file that is not ours."""
    from loadmon.report.calculator_page import calculator_data, render_calculator
    from loadmon.report.output import head_of

    path: Path = args.output
    try:
        if path.exists() and b"loadmon" not in head_of(path):
            raise SettingError(f"{path} is not a page of loadmon; name another file with -o")
    except OSError as error:
        raise SettingError(
            f"{path}: cannot be written ({error.strerror}); name another with -o"
        ) from None
    print_err("Every plan of the page is made and checked now: about a minute.")
    page = render_calculator(calculator_data(args.units, tick=_tick))
    draw_line("")
    write_whole(path, page.encode(), "; name another with -o")
    print_err(f"{path} written: open it in a browser; nothing that is typed there leaves it")
    return DONE


def _tick(share: float) -> None:
    raise_if_stopped()
    draw_line(f"{100 * share:.0f} % of the plans")
