"""The version of the reader: a hash of everything that its numbers follow from."""

from __future__ import annotations

import hashlib
import sys
import zoneinfo
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

from loadmon import __version__

#: Rooms whose code makes what is kept.
_ROOMS = ("errors.py", "text.py", "evidence", "athlete", "effort", "reading")
#: Packages whose data numbers come from; sizes and times of their files stand for their version.
_PACKAGES = ("fitdecode", "tzfpy")


def reader_version() -> bytes:
    """Hash of the source code, of Python, numpy and pandas, the FIT profile and the time zones."""
    told = hashlib.blake2b(digest_size=16)
    told.update(f"{__version__} {sys.version} {np.__version__} {pd.__version__}".encode())
    house = Path(__file__).parents[2]
    for room in _ROOMS:
        for path in sorted((house / room).rglob("*.py")) or [house / room]:
            if path.is_file():
                told.update(f"\0{path.relative_to(house).as_posix()}\0".encode())
                told.update(path.read_bytes())
    for name in _PACKAGES:
        found = find_spec(name)
        for folder in (found.submodule_search_locations or ()) if found else ():
            stamps = (_stamp(path) for path in sorted(Path(folder).iterdir()) if path.is_file())
            told.update(f"\0{name} {''.join(stamps)}".encode())
    told.update("".join(_stamp(Path(place, "tzdata.zi")) for place in zoneinfo.TZPATH).encode())
    return told.digest()


def _stamp(path: Path) -> str:
    """Size and time of a file; empty where there is none."""
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_size} {status.st_mtime_ns};"
