"""The blocks of code of a page of Markdown, and a place to run them in, for the tests.

A block is run from top to bottom of its page. What it prints must be the block of ``text`` right
below it. A mark in a comment right above a block (``<!-- cluster -->``) names where it needs to
be run where that is not here.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parent.parent
#: Marks of blocks that need a cluster, another machine, a file that we do not ship, or a network.
ELSEWHERE = ("cluster", "remote", "download", "test", "network")
_BLOCK = re.compile(
    r"(?:<!-- (?P<mark>\w+) -->\n)?^ *```(?P<kind>\w+)\n(?P<code>.*?)^ *```"
    r"(?:\n\n *```text\n(?P<out>.*?)^ *```)?",
    re.DOTALL | re.MULTILINE,
)
#: Commands that a page may use besides loadmon, each as harmless as it can be made.
_STAND_INS = {"mail": "cat > /dev/null"}


@dataclass(frozen=True)
class Block:
    """One block: its mark, its language, its text, and the text printed below it or None."""

    mark: str
    kind: str
    code: str
    out: str | None

    @property
    def is_here(self) -> bool:
        """Whether it can be run on any machine."""
        return self.mark not in ELSEWHERE


def pages() -> list[Path]:
    """Every page of the project that a person reads."""
    return [*sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("*.md"))]


def blocks(page: Path) -> list[Block]:
    """Blocks of a page in order; output belongs to the block above it."""
    return blocks_of(page.read_text(encoding="utf-8"))


def blocks_of(text: str) -> list[Block]:
    """Blocks of a text in Markdown; inside a list they are set in with it."""
    return [
        Block(m["mark"] or "", m["kind"], dedent(m["code"]), m["out"] and dedent(m["out"]))
        for m in _BLOCK.finditer(text)
    ]


def furnish(folder: Path) -> None:
    """Lay into a folder what the pages speak of: the samples, and an export of one's own."""
    (folder / "data").symlink_to(ROOT / "data")
    sample = (ROOT / "data" / "sample_export.zip").read_bytes()
    for name in ("my_export.zip", "export.zip"):
        (folder / name).write_bytes(sample)
    programs = folder / "bin"
    programs.mkdir()
    for name, does in {**_STAND_INS, "loadmon": f'exec {sys.executable} -m loadmon "$@"'}.items():
        path = programs / name
        path.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        path.chmod(0o755)


def run_python(code: str, names: dict[str, object]) -> str:
    """Run a block among the names of those before it; give what it prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "<page>", "exec"), names)
    return tidy(out.getvalue())


def run_shell(code: str, folder: Path) -> str:
    """Run a block in a furnished folder, the setting up of Python left out; give what it prints."""
    set_up = r"python3 -m venv \.venv && (?:\.venv/bin/)?pip install [^&\n]*?(?: && |$)"
    command = re.sub(set_up, "", code, flags=re.MULTILINE).replace(".venv/bin/", "")
    around = {
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder,
        env={**os.environ, **around},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(f"{command}\nends with {done.returncode}: {done.stderr}")
    return tidy(done.stdout)


def tidy(text: str) -> str:
    """Lines without what no eye can see at their ends."""
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())
