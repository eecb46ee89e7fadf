"""Setting up: a first athlete.toml from what the archive reveals."""

from __future__ import annotations

import argparse
from pathlib import Path

from loadmon.commands.opening import DONE, folder_of, path_option, usable
from loadmon.commands.screen import say, tell
from loadmon.errors import SettingError


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of `init`."""
    parser.add_argument(
        "-o",
        "--output",
        type=path_option,
        metavar="FILE",
        help="file to write (beside the archive)",
    )
    parser.add_argument("--force", action="store_true", help="replace a file that is there")


def init(args: argparse.Namespace) -> int:
    """Write a commented athlete.toml from what the archive reveals; replace none unasked."""
    from loadmon.athlete.in_force import in_force_text
    from loadmon.report.settings_file import settings_file

    archive, _ = usable(args)
    place = args.output or _beside(args.paths[0])
    text = settings_file(archive)
    try:
        with place.open("w" if args.force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise SettingError(
            f"{place} is there already: name another file with -o, or replace it with --force"
        ) from None
    except OSError as error:
        raise SettingError(
            f"{place}: cannot be written ({error.strerror}); name another file with -o"
        ) from None
    say(f"{place} written: open it, and take away the # of what you want to say")
    tell(in_force_text(archive.settings))
    return DONE


def _beside(path: str) -> Path:
    """Where the settings of an archive lie."""
    from loadmon.athlete.settings import SETTINGS_NAME

    return folder_of(path) / SETTINGS_NAME
