"""Modules of loadmon that `read`, `check` and the page of a report enter: fewer are seen sooner.

A module counts where one of its functions runs; importing it alone does not. `read` is cold and
without a cache; `check` and the page begin with an archive that is read already.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import loadmon
from loadmon.report.overview import overview
from loadmon.report.page import render_page

SAMPLE = Path(__file__).parent.parent / "data" / "sample_export.zip"
#: The most modules that each piece of work may enter.
LIMITS = {"read": 35, "check": 15, "page": 30}
_HOUSE = Path(loadmon.__file__).parent


def entered(work: Callable[[], Any]) -> tuple[Any, list[str]]:
    """What a piece of work gives, and the modules whose functions ran for it."""
    names: set[str] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_name != "<module>":
            names.add(code.co_filename)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        result = work()
    finally:
        sys.setprofile(before)
    inside = (Path(name) for name in names if name.endswith(".py"))
    return result, sorted(str(p.relative_to(_HOUSE)) for p in inside if _HOUSE in p.parents)


def trace(path: Path = SAMPLE) -> dict[str, list[str]]:
    """Modules that each piece of work enters, by its name in `LIMITS`."""
    archive, read = entered(lambda: loadmon.read(path, cache=False))
    _, check = entered(lambda: loadmon.check(archive))
    _, page = entered(lambda: render_page(overview(archive, title=path.name)))
    return {"read": read, "check": check, "page": page}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", nargs="?", type=Path, default=SAMPLE, help="archive (the sample)")
    for work, modules in trace(parser.parse_args().path).items():
        print(f"{work}: {len(modules)} modules (at most {LIMITS[work]})")
        print("".join(f"  {module}\n" for module in modules))


if __name__ == "__main__":
    main()
