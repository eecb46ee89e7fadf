"""Modules of loadmon that `read`, `check` and the page of a report enter: fewer are seen sooner.

A module counts where one of its functions runs; importing it alone does not. `read` is cold and
without a cache; `check` and the page begin with an archive that is read already. Of the page those
count that neither `read` nor `check` has entered; all of them are listed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import loadmon
from loadmon.io.read import read
from loadmon.report.overview import overview
from loadmon.report.page import render_page
from loadmon.rules.engine import check

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
    archive, reading = entered(lambda: read(path, cache=False))
    _, checks = entered(lambda: check(archive))
    _, page = entered(lambda: render_page(overview(archive, title=path.name)))
    return {"read": reading, "check": checks, "page": page}


def counted(modules: dict[str, list[str]], work: str) -> list[str]:
    """Modules that count towards the limit of a piece of work."""
    seen = {*modules["read"], *modules["check"]} if work == "page" else set()
    return [module for module in modules[work] if module not in seen]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", nargs="?", type=Path, default=SAMPLE, help="archive (the sample)")
    modules = trace(parser.parse_args().path)
    for work, limit in LIMITS.items():
        new = counted(modules, work)
        print(f"{work}: {len(modules[work])} modules, {len(new)} of them count (at most {limit})")
        print(
            "".join(
                f"  {'' if m in new else '('}{m}{'' if m in new else ')'}\n" for m in modules[work]
            )
        )


if __name__ == "__main__":
    main()
