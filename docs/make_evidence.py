"""Write docs/evidence.md: every published number that loadmon uses, from the registry itself.

python docs/make_evidence.py
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from types import ModuleType

import loadmon.evidence
from loadmon.evidence import CHECKED_WORDS, GRADE_WORDS, Evidence

PATH = Path(__file__).parent.parent / "docs" / "evidence.md"
TITLE = """# Evidence

Every threshold and coefficient that loadmon uses, with its source. This page is made from the
program's own list (`loadmon/evidence/`) by `python docs/make_evidence.py`; a test fails where the
two differ. A number that is printed with a finding is the number of this list.

**Grade** is the weight of the evidence behind a number, **seen** says how its source was looked at.
Nothing that was not seen flags anything. A limit that you may set yourself is written into
`athlete.toml` like this; findings then say "your limit":

```toml
[limits.session-spike]
small = 1.2
```
"""


def page() -> str:
    """Text of docs/evidence.md."""
    grades = "\n".join(f"| {grade} | {words} |" for grade, words in GRADE_WORDS.items())
    parts = [TITLE, f"| grade | |\n|---|---|\n{grades}\n"]
    for module in modules():
        entries = entries_of(module)
        if entries:
            parts.append(f"## {heading(module)}\n")
            parts += [told(entry) for entry in entries]
    return "\n".join(parts).rstrip() + "\n"


def modules() -> list[ModuleType]:
    """Modules of the evidence, by name."""
    found = pkgutil.iter_modules(loadmon.evidence.__path__)
    return [importlib.import_module(f"loadmon.evidence.{m.name}") for m in found]


def entries_of(module: ModuleType) -> list[Evidence]:
    """Entries that a module defines, in its order."""
    return [value for value in vars(module).values() if isinstance(value, Evidence)]


def heading(module: ModuleType) -> str:
    """First sentence of a module's docstring, without its full stop."""
    first = (module.__doc__ or "").strip().splitlines()[0]
    return first.split(". ")[0].rstrip(".")


def told(entry: Evidence) -> str:
    """One entry as a section."""
    numbers = ", ".join(f"{name} {value:g}" for name, value in entry.values.items())
    own = ", ".join(f"`{name}`" for name in entry.limits)
    lines = [
        f"### `{entry.key}`\n",
        f"{entry.sentence}\n",
        f"- **numbers** ({entry.unit}): {numbers}",
        f"- **of**: {entry.method}",
        f"- **source**: {entry.source}",
        f"- **grade** {entry.grade}; **seen**: {CHECKED_WORDS[entry.checked]}",
    ]
    if own:
        lines.append(f"- **may be set**: {own}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PATH.write_text(page(), encoding="utf-8")
