"""The picture of the README: the page of the sample archive, as a browser shows it.

    python docs/make_picture.py        # writes docs/report.png again, with its words inside

needs Chromium and Pillow (which matplotlib brings along).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]
from browser import shown, tab  # noqa: E402

WIDTH = 1120
#: What is left out, so that one picture shows the first screen.
_HIDE = """for (const part of document.querySelectorAll("main, footer"))
  part.style.display = "none";
Math.ceil(document.querySelector("header").getBoundingClientRect().bottom + 10)"""


def main() -> None:
    """Write the picture: the first screen."""
    import loadmon
    from loadmon.report.overview import overview
    from loadmon.report.page import page_data, render_page

    archive = loadmon.read(ROOT / "data" / "sample_export.zip")
    page = render_page(page_data(overview(archive, title="sample_export.zip", as_of="2026-10-11")))
    with tempfile.TemporaryDirectory() as name, tab(Path(name)) as browser:
        browser.screen(WIDTH)
        shown(browser, page, "report")
        browser.screen(WIDTH, browser.value(_HIDE))
        words = PngInfo()  # what a test compares with the page of today
        words.add_itxt("Description", browser.value("document.body.innerText"))
        file = Path(name) / "report.png"
        browser.screenshot(file, whole=False)
        picture = Image.open(file).convert("P", palette=Image.Palette.ADAPTIVE, colors=128)
        picture.save(ROOT / "docs" / "report.png", optimize=True, pnginfo=words)


if __name__ == "__main__":
    main()
