"""Write docs/api.md: every public name with its docstring, room by room.

python docs/make_api.py
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent
from typing import Any

import loadmon

PATH = Path(__file__).parent.parent / "docs" / "api.md"
TITLE = """# The Python interface

Made from the docstrings by `python docs/make_api.py`; a test fails where the two differ. Units
stand in [brackets], [-] is none; NaN is "not known"; frames handed in are never changed. Symbols
and columns: [nomenclature](nomenclature.md). Where a number is from: [evidence](evidence.md).
"""
#: Rooms in the order in which data flow through them.
ROOMS = {
    "Reading": ("io",),
    "The runner's own words": ("athlete", "diary", "settings", "stated"),
    "Load": ("calendar", "daily", "ratio", "weekly", "window"),
    "Checks": ("rules",),
    "Return to running": ("ramp",),
    "Pictures": ("report",),
    "Many athletes": ("cohorts",),
    "Errors": ("errors",),
}
_SECTION = re.compile(r"^([A-Z][a-z]+)\n-{4,}\n", re.MULTILINE)
#: Sections that are lists of names with what each is.
_LISTS = ("Parameters", "Returns", "Yields", "Raises", "Warns", "Attributes")


def page() -> str:
    """Text of docs/api.md."""
    parts = [TITLE]
    for title, rooms in ROOMS.items():
        parts.append(f"## {title}\n")
        parts += [entry(name) for name in names_of(rooms)]
    return "\n".join(parts).rstrip() + "\n"


def names_of(rooms: tuple[str, ...]) -> list[str]:
    """Public names of some rooms: functions first, as they are what one looks for."""
    names = [n for n in loadmon.__all__ if loadmon._HOME[n].split(".")[0] in rooms]
    return sorted(names, key=lambda name: (inspect.isclass(getattr(loadmon, name)), name))


def entry(name: str) -> str:
    """One public name: how it is called, its docstring, and those of its own methods."""
    what = getattr(loadmon, name)
    parts = [f"### {name}\n", f"`loadmon.{name}{signature(what)}`\n", told(what)]
    for method, value in methods(what):
        call = "" if isinstance(value, property) else signature(value)
        parts.append(f"**`.{method}{call}`**: {told(value)}")
    return "\n".join(parts)


def methods(what: Any) -> Iterator[tuple[str, Any]]:
    """Public methods and properties that a class defines itself, in its order."""
    if inspect.isclass(what):
        for name, value in vars(what).items():
            if not name.startswith("_") and (inspect.isfunction(value) or hasattr(value, "fget")):
                yield name, value


def signature(what: Any) -> str:
    """Names and defaults of the public arguments, without types: those are told below."""
    if inspect.isclass(what) and issubclass(what, Exception) and "__init__" not in vars(what):
        return ""
    found = inspect.signature(what)
    told = [
        p.replace(annotation=inspect.Parameter.empty)
        for p in found.parameters.values()
        if p.name != "self" and not p.name.startswith("_")
    ]
    text = str(found.replace(parameters=told, return_annotation=inspect.Signature.empty))
    return re.sub(r"<factory>|mappingproxy\(\{\}\)|<function \w+ at \w+>", "...", text)


def told(what: Any) -> str:
    """A docstring as Markdown."""
    text = inspect.getdoc(what) or ""
    first, *rest = _SECTION.split(text)
    parts = [plain(first)]
    for title, body in zip(rest[::2], rest[1::2], strict=True):
        parts.append(f"*{title}*\n")
        parts.append(listed(body) if title in _LISTS else plain(body))
    return "\n".join(parts)


def plain(text: str) -> str:
    """Paragraphs, with the marks of references and code as Markdown has them."""
    text = re.sub(r"^\.\. \[(\d+)\] ", r"- [\1] ", text.strip(), flags=re.MULTILINE)
    return re.sub(r"\[(\d+)\]_", r"[\1]", text.replace("``", "`")) + "\n"


def listed(text: str) -> str:
    """Names with what each is, as a list."""
    out = []
    for item in re.split(r"\n(?=\S)", text.strip()):
        head, _, body = item.partition("\n")
        name, _, kind = head.replace("*", r"\*").partition(" : ")
        body = inspect.cleandoc(body)
        out.append(f"- **{name}**" + (f" ({kind})" if kind else "") + (f": {body}" if body else ""))
    lines = [indent(plain(item), "  ")[2:] for item in out]
    return "".join(lines)


if __name__ == "__main__":
    PATH.write_text(page(), encoding="utf-8")
