"""The pages of the reference, made from the code: one for each public name, one for each command.

`docs/conf.py` writes them whenever the site is built; they are kept nowhere else.
"""

from __future__ import annotations

import argparse
import inspect
import re
from collections.abc import Iterator
from textwrap import indent
from typing import Any

import loadmon
from loadmon.cli.main import COMMANDS, build_parser, help_of
from loadmon.cli.options import add_archive_options

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
_PYTHON = """Every public name, in the order in which data flow. Units stand in [brackets], [-] is
none; NaN is "not known"; frames handed in are never changed. :doc:`Symbols and columns
</nomenclature>`; where a number is from: :doc:`evidence </evidence>`.
"""
_COMMANDS = """``loadmon COMMAND --help`` says the same in the terminal. Data go to stdout,
messages to stderr.

Exit codes: 0 done; 2 wrong usage, or nothing usable to read; with ``check --exit-code`` 3 flagged
and 4 unknown; 130 stopped at the keyboard. 1 is left to Python, for a bug.
"""
#: Where the written pages go on from a room, and from a command.
SEE = {
    "Reading": ("formats", "reliability", "number"),
    "The runner's own words": ("settings", "ramp"),
    "Load": ("loads", "nomenclature", "number"),
    "Checks": ("checks", "evidence", "what-flags-are-worth"),
    "Return to running": ("ramp", "ramp-examples", "evidence"),
    "Pictures": ("report",),
    "Many athletes": ("cohort", "engines", "what-flags-are-worth"),
    "Errors": ("reliability",),
    "report": ("report", "start-runner"),
    "weekly": ("nomenclature", "loads"),
    "activities": ("nomenclature", "number"),
    "files": ("reliability", "formats"),
    "today": ("checks",),
    "check": ("checks", "evidence"),
    "lookback": ("checks", "what-flags-are-worth"),
    "ramp": ("ramp", "ramp-examples"),
    "cohort": ("cohort", "start-coach"),
    "calculator": ("ramp",),
    "init": ("settings", "evidence"),
    "log": ("settings", "low-back"),
}


def reference() -> dict[str, str]:
    """Text of each page of the reference, by its file below docs/."""
    made = {"python/index.rst": python_index(), "commands/index.rst": command_index()}
    made |= {f"python/{name}.rst": python_page(name) for name in loadmon.__all__}
    made |= {f"commands/{name}.rst": command_page(name) for name in COMMANDS}
    return made


def names_of(rooms: tuple[str, ...]) -> list[str]:
    """Public names of some rooms: functions first, as they are what one looks for."""
    names = [n for n in loadmon.__all__ if loadmon._HOME[n].split(".")[0] in rooms]
    return sorted(names, key=lambda name: (inspect.isclass(getattr(loadmon, name)), name))


def python_index() -> str:
    """All public names with what each is, and where its page is."""
    parts = [title("The Python interface"), _PYTHON]
    for room, rooms in ROOMS.items():
        names = names_of(rooms)
        parts.append(title(room, "-"))
        parts.append(table([(f":doc:`{n} <{n}>`", first_line(n)) for n in names]))
        parts.append(toctree(names))
    return "\n".join(parts)


def python_page(name: str) -> str:
    """One public name, from its docstring; a class with what it defines itself."""
    what = getattr(loadmon, name)
    kind = "function" if inspect.isfunction(what) else "class"
    if kind == "class" and issubclass(what, Exception):
        kind = "exception"
    parts = [title(name), ".. currentmodule:: loadmon", "", f".. auto{kind}:: {name}"]
    own = [method for method, _ in methods(what)]
    if own:
        parts.append(f"   :members: {', '.join(own)}")
    (room,) = (room for room, rooms in ROOMS.items() if name in names_of(rooms))
    return "\n".join([*parts, "", see_also(room)])


def methods(what: Any) -> Iterator[tuple[str, Any]]:
    """Public methods and properties that a class defines itself, in its order."""
    if inspect.isclass(what):
        for name, value in vars(what).items():
            if not name.startswith("_") and (inspect.isfunction(value) or hasattr(value, "fget")):
                yield name, value


def first_line(name: str) -> str:
    """What a public name is, in a sentence."""
    return (inspect.getdoc(getattr(loadmon, name)) or "").partition("\n\n")[0].replace("\n", " ")


def command_index() -> str:
    """All commands with what each does."""
    rows = [(f":doc:`loadmon {name} <{name}>`", plain(help_of(name))) for name in COMMANDS]
    return "\n".join([title("Commands"), _COMMANDS, table(rows), toctree(COMMANDS)])


def command_page(name: str) -> str:
    """One command: how it is called, and every option with what it does."""
    (commands,) = (a for a in build_parser([name])._actions if a.metavar == "COMMAND")
    parser = commands.choices[name]  # type: ignore[index]
    usage = parser.format_usage().removeprefix("usage: ")
    call = re.sub(r"\s+", " ", usage).strip()
    parts = [
        title(f"loadmon {name}"),
        plain(parser.description),
        "",
        f".. program:: loadmon {name}",
    ]
    parts += ["", ".. code-block:: text", "", indent(broken(call), "   "), "", see_also(name)]
    for heading, actions in groups(parser).items():
        parts += [f".. rubric:: {plain(heading)}", "", *map(option, actions)]
    return "\n".join(parts)


def groups(parser: argparse.ArgumentParser) -> dict[str, list[argparse.Action]]:
    """Options under their headings: what is a command's own before what all have."""
    every = argparse.ArgumentParser(add_help=False)
    add_archive_options(every)
    shared = {a.dest for a in every._actions if a.option_strings} | {"help"}
    first, options, *others = parser._action_groups
    found = {"What to read": first._group_actions}
    found["Options"] = [a for a in options._group_actions if a.dest not in shared]
    found |= {sentence(str(group.title)): group._group_actions for group in others}
    found["Options of every command that reads recordings"] = [
        a for a in options._group_actions if a.dest in shared - {"help"}
    ]
    return {heading: actions for heading, actions in found.items() if actions}


def sentence(text: str) -> str:
    """A heading with a capital letter."""
    return text[:1].upper() + text[1:]


def see_also(what: str) -> str:
    """Pages that go on from here."""
    return f".. seealso:: {', '.join(f':doc:`/{page}`' for page in SEE[what])}\n"


def broken(call: str, width: int = 88) -> str:
    """A call in lines that fit, broken where an option begins."""
    lines = [""]
    for part in re.split(r" (?=[\[(-])", call):
        if len(lines[-1]) + len(part) >= width:
            lines.append("   ")
        lines[-1] += f" {part}" if lines[-1].strip() else part
    return "\n".join(lines)


def option(action: argparse.Action) -> str:
    """One option or argument: its names, what may follow, and what it does."""
    value = action.metavar or ""
    if action.choices is not None and not value:
        value = "|".join(map(str, action.choices))
    names = action.option_strings or [str(value)]
    takes = f" {value}" if value and action.option_strings and action.nargs != 0 else ""
    head = ", ".join(f"{name}{takes}" for name in names)
    text = (action.help or "") % {**vars(action), "prog": ""}
    chosen = action.default if action.choices is not None and action.default else ""
    if chosen and f"({chosen})" not in text:
        text = f"{text} ({chosen})".strip()
    return f".. option:: {head}\n\n   {plain(text)}\n"


def plain(text: str | None) -> str:
    """A text of the command line, with nothing in it that means anything to Sphinx."""
    return re.sub(r"([\\*`|_])", r"\\\1", text or "")


def title(text: str, line: str = "=") -> str:
    """A heading."""
    return f"{text}\n{line * len(text)}\n"


def table(rows: list[tuple[str, str]]) -> str:
    """Two columns: what it is called, and what it is."""
    lines = [".. list-table::", "   :widths: 25 75", ""]
    for name, text in rows:
        lines += [f"   * - {name}", f"     - {text}"]
    return "\n".join([*lines, ""])


def toctree(names: tuple[str, ...] | list[str]) -> str:
    """The same pages for the side of the site."""
    return "\n".join([".. toctree::", "   :hidden:", "", *(f"   {name}" for name in names), ""])
