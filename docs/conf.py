"""The documentation site: ``sphinx-build -W docs build/site``, see CONTRIBUTING.

Written pages are Markdown that GitHub shows too. Made when the site is built, and kept nowhere:
the reference (`docs/reference.py`), the pages that lie outside docs/, and the contents.
"""

from __future__ import annotations

import posixpath
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from pygments.lexers.special import TextLexer  # noqa: E402
from reference import reference  # noqa: E402

import loadmon  # noqa: E402

#: Every page but the first, under the headings at the side.
CONTENTS = {
    "Start": ("install", "start-runner", "start-coach", "start-analyst"),
    "How to": (
        *("settings", "report", "ramp", "ramp-examples", "low-back"),
        *("cohort", "studies", "engines"),
    ),
    "How to change it": ("add-a-metric", "add-a-check", "add-a-vendor"),
    "Reference": ("commands/index", "python/index", "nomenclature", "formats", "file-outcomes"),
    "How a number is made": ("number", "loads", "checks"),
    "Evidence": ("evidence", "what-flags-are-worth"),
    "Reliability": ("reliability", "other-tools", "project/benchmarks"),
    "The project": (
        *("project/contributing", "project/changelog", "project/security"),
        "project/code-of-conduct",
    ),
}
#: Pages outside docs/ that are part of the site.
OUTSIDE = {
    "CONTRIBUTING.md": "project/contributing.md",
    "CHANGELOG.md": "project/changelog.md",
    "SECURITY.md": "project/security.md",
    "CODE_OF_CONDUCT.md": "project/code-of-conduct.md",
    "benchmarks/README.md": "project/benchmarks.md",
}
_LINK = re.compile(r"(?<=\]\()(?!\w+:|#)([^)\s#]+)")

urls = tomllib.loads((HERE.parent / "pyproject.toml").read_text("utf-8"))["project"]["urls"]


def moved(text: str, page: str, to: str) -> str:
    """A page of the project with its links as they lead from another place of the site."""

    def link(m: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), m[1]))
        if target in OUTSIDE:
            return posixpath.relpath(OUTSIDE[target], posixpath.dirname(to))
        if target.startswith("docs/"):
            return posixpath.relpath(target.removeprefix("docs/"), posixpath.dirname(to))
        return f"{urls['Source']}/blob/main/{target}"

    return _LINK.sub(link, text)


def written(page: str, text: str) -> str:
    """A page of docs/ with what only the site has: links to `OUTSIDE`, and the contents."""
    if page == "index":
        text += "".join(
            f"\n```{{toctree}}\n:hidden:\n:caption: {name}\n\n" + "\n".join(found) + "\n```\n"
            for name, found in CONTENTS.items()
        )
    return moved(text, f"docs/{page}.md", f"{page}.md")


def made_pages() -> dict[str, str]:
    """Text of each page that is not kept, by its file below docs/."""
    outside = {
        to: moved((HERE.parent / page).read_text("utf-8"), page, to) for page, to in OUTSIDE.items()
    }
    changes = "project/changelog.md"  # a search is for what is so, not for what was
    outside[changes] = f"---\nnosearch: true\n---\n\n{outside[changes]}"
    return reference() | outside


def setup(app: Any) -> dict[str, bool]:
    """Make the pages before Sphinx looks for them."""
    made = made_pages()
    for folder in {Path(name).parent for name in made}:
        (HERE / folder).mkdir(exist_ok=True)
        for old in (HERE / folder).iterdir():
            if old.relative_to(HERE).as_posix() not in made:
                old.unlink()
    for name, text in made.items():
        path = HERE / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, encoding="utf-8")

    def source_read(app: Any, page: str, source: list[str]) -> None:
        if f"{page}.md" not in made and f"{page}.rst" not in made:
            source[0] = written(page, source[0])

    def signature(*given: Any) -> tuple[str, Any] | None:
        told, gives = given[-2:]  # arguments that begin with _ are nobody's business
        return (
            (re.sub(r", _\w+(?:=[^,)]*)?", "", told).replace("<factory>", "..."), gives)
            if told
            else None
        )

    app.connect("source-read", source_read)
    app.connect("autodoc-process-signature", signature)
    app.add_lexer("csv", TextLexer)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


project, author, copyright = "loadmon", "the loadmon authors", "2026, the loadmon authors"
version = release = loadmon.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_heading_anchors = 4
default_role = "py:obj"
autodoc_typehints = "none"
autodoc_preserve_defaults = True
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_param = napoleon_use_rtype = False  # names that share a line stay together
toc_object_entries = False
html_theme = "furo"
html_title = f"loadmon {version}"
smartquotes = False
html_static_path, html_css_files = ["static"], ["site.css"]
html_copy_source = html_show_sphinx = False
html_theme_options = {"top_of_page_buttons": []}
