"""The blocks of code of a page of Markdown, run from top to bottom, with what they print.

What a block prints must be the block of ``text`` right below it. A block that cannot be run on
any machine has a comment right above it that says why, by a word of `ELSEWHERE`. Where another
sentence is now printed::

    python docs/doc_blocks.py docs/cohort.md     # writes the page again as it prints today
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent
from unittest import mock

from loadmon.cli.main import main
from loadmon.evidence import REGISTRY

ROOT = Path(__file__).parent.parent
#: Why a block is not run where every other is; the key stands in the comment above it.
ELSEWHERE = {
    "cluster": "starts two processes of dask: run by a slow test of its own",
    "engines": "needs DuckDB, dask and pyarrow: run by a slow test of its own",
    "models": "needs statsmodels: run by a test of its own where it is installed",
    "remote": "needs another machine, or an engine that the tests do not have",
    "download": "needs files that we do not ship",
    "install": "asks a package registry, as .ci/run does",
    "site": "builds the site, as .ci/run does",
    "test": "is the whole suite: run by .ci/run as it stands",
    "long": "takes minutes to hours, or a browser; a test runs its parts",
}
_BLOCK = re.compile(
    r"(?:<!-- (?P<mark>[\w-]+) -->\n)?^(?P<in> *)```(?P<kind>\w*)\n(?P<code>.*?)^ *```"
    r"(?:\n\n *```text\n(?P<out>.*?)^ *```)?",
    re.DOTALL | re.MULTILINE,
)
_SET_UP = re.compile(r"python3 -m venv \.venv && (?:\.venv/bin/)?pip install [^&\n]*?(?: && |$)")
_PLAIN = re.compile(r"loadmon [^|&;<>$`~]*")
#: Commands that a page may use besides loadmon, each as harmless as it can be made.
_STAND_INS = {"mail": "cat > /dev/null", "loadmon": f'exec {sys.executable} -m loadmon "$@"'}


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
    folders = ("docs", "benchmarks", "notebooks", "data", ".")
    return [page for folder in folders for page in sorted((ROOT / folder).glob("*.md"))]


def blocks(text: str) -> list[Block]:
    """Blocks of a page in order; inside a list they are set in with it."""
    return [_block(found) for found in _BLOCK.finditer(text)]


def _block(m: re.Match[str]) -> Block:
    out = None if m["out"] is None else tidy(dedent(m["out"]))
    return Block(m["mark"] or "", m["kind"], dedent(m["code"]), out)


def as_printed(text: str, folder: Path) -> str:
    """Text of a page with what its blocks print in a furnished folder that is the current one.

    A block of Python below which nothing stands must print nothing; a command may.
    """
    names: dict[str, object] = {"__name__": "page"}

    def again(m: re.Match[str]) -> str:
        block = _block(m)
        if block.kind not in ("python", "sh") or not block.is_here:
            return m[0]
        is_python = block.kind == "python"
        out = run_python(block.code, names) if is_python else run_shell(block.code, folder)
        if block.out is None:
            assert not (is_python and out), f"prints what the page does not show:\n{block.code}"
            return m[0]
        start = m.start("out") - m.start()
        end = m.end("out") - m.start()
        return m[0][:start] + indent(out, m["in"]) + "\n" + m[0][end:]

    with mock.patch.dict(REGISTRY):  # a page may show how a number is cited
        return _BLOCK.sub(again, text)


def furnish(folder: Path) -> None:
    """Lay into a folder what the pages speak of: the samples, and an export of one's own."""
    for name in ("data", "benchmarks"):
        (folder / name).symlink_to(ROOT / name)
    sample = (ROOT / "data" / "sample_export.zip").read_bytes()
    for name in ("my_export.zip", "export.zip"):
        (folder / name).write_bytes(sample)
    programs = folder / "bin"
    programs.mkdir()
    for name, does in _STAND_INS.items():
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
    """Run a block in a furnished folder, the setting up of Python left out; give what it prints.

    Commands of loadmon alone are called here, anything else goes to a shell.
    """
    command = _SET_UP.sub("", code).replace(".venv/bin/", "").replace("\\\n", " ")
    lines = command.splitlines()
    if all(_PLAIN.fullmatch(line) for line in lines):
        return tidy("".join(called(line) for line in lines))
    return tidy(in_shell(command, folder))


def called(line: str) -> str:
    """What a command of loadmon prints."""
    out, told = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(told):
        status = main(shlex.split(line, comments=True)[1:])
    assert status == 0, f"{line}\nends with {status}: {told.getvalue()}"
    return out.getvalue()


def in_shell(command: str, folder: Path) -> str:
    """What a command prints, in a shell that knows loadmon."""
    around = {
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder,
        env={**os.environ, **around},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\nends with {done.returncode}: {done.stderr}"
    return done.stdout


def tidy(text: str) -> str:
    """Lines without what no eye can see at their ends."""
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def write_again(page: Path) -> None:
    """Write a page with what its blocks print today."""
    text = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        furnish(folder)
        os.environ.update(XDG_CONFIG_HOME=name, LOADMON_CACHE=f"{name}/cache")
        with contextlib.chdir(folder):
            printed = as_printed(text, folder)
    page.write_text(printed, encoding="utf-8")


if __name__ == "__main__":
    for told in sys.argv[1:]:
        write_again(Path(told).resolve())
