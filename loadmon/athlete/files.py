"""Texts that the runner wrote: read whole, a file that cannot be read told with what to do."""

from __future__ import annotations

import tomllib
from os import PathLike
from pathlib import Path
from typing import Any

from loadmon.errors import SettingError


def path_of(path: str | PathLike[str]) -> Path:
    """Path of a file or folder that somebody named.

    Raises
    ------
    SettingError
        If it is empty: that would mean the folder one stands in.
    """
    if not str(path).strip():
        raise SettingError("an empty path names no file; name the file or folder")
    return Path(path)


def text_of(path: str | PathLike[str]) -> str:
    """Text of a file.

    Parameters
    ----------
    path : path
        UTF-8, with or without a byte order mark.

    Raises
    ------
    SettingError
        If it cannot be read, or is no text.
    """
    try:
        if path_of(path).exists() and not path_of(path).is_file():
            raise SettingError(f"{path}: cannot be read (it is no file)")
        return path_of(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SettingError(f"{path}: there is no such file; check the path") from None
    except OSError as error:
        raise SettingError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SettingError(f"{path}: is no text; save it again as UTF-8") from None


def toml_of(path: str | PathLike[str]) -> dict[str, Any]:
    """Keys and values of a TOML file.

    Raises
    ------
    SettingError
        If it cannot be read, or is no TOML.
    """
    try:
        return tomllib.loads(text_of(path))
    except (ValueError, RecursionError) as error:  # no TOML, or tables without end
        raise SettingError(f"{path}: is no TOML ({error}); write key = value lines") from None
