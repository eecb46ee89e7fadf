"""Modules of loadmon that `read`, `check` and the page of a report enter: fewer are seen sooner.

A module counts where one of its functions runs; importing it alone does not. `read` is cold and
without a cache; each of the others begins with what those before it gave: `check` with an archive
that is read, the data of a report with the same (that has no limit), and the page with these data.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import FrameType
from typing import Any

import loadmon
from loadmon.io.read import read
from loadmon.report.overview import overview
from loadmon.report.page import page_data, render_page
from loadmon.rules.engine import check

SAMPLE = Path(__file__).parent.parent / "data" / "sample_export.zip"
#: The most modules that each piece of work may enter.
LIMITS = {"read": 39, "check": 18, "page": 30}
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
    """Modules that each piece of work enters, in its order."""
    for module in walk_packages(loadmon.__path__, "loadmon."):
        if module.name != "loadmon.__main__":
            import_module(module.name)  # or the bodies of its classes would run under the trace
    archive, reading = entered(lambda: read(path, cache=False))
    _, checks = entered(lambda: check(archive))
    data, computing = entered(lambda: page_data(overview(archive, title=path.name)))
    _, page = entered(lambda: render_page(data))
    return {"read": reading, "check": checks, "data": computing, "page": page}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", nargs="?", type=Path, default=SAMPLE, help="archive (the sample)")
    for work, modules in trace(parser.parse_args().path).items():
        limit = f" (at most {LIMITS[work]})" if work in LIMITS else ""
        print(f"{work}: {len(modules)} modules{limit}")
        print("".join(f"  {module}\n" for module in modules))


if __name__ == "__main__":
    main()
