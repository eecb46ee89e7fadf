"""Escaping of text that others wrote, before it reaches a terminal, a file or a page.

Names of files, folders, athletes, shoes and places come from anybody. Wherever text leaves they
are escaped: on the terminal, in CSV and JSON, in a calendar and on the page.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False  # typing alone takes longer to import than everything else here
if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

#: Control characters, what turns the direction of text or takes no room in it, and halves of
#: characters, as file systems allow them.
_UNSHOWN = (
    "\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\U000e0000-\U000e007f"
)
#: Bytes of a name that Python could not read in the locale of the machine.
_UNREAD = re.compile("[\udc80-\udcff]+")
_IN_A_NAME = re.compile(f"[{_UNSHOWN}]")
#: The same but for line ends and tabs.
UNSHOWN_IN_LINES = re.compile(f"(?![\n\t])[{_UNSHOWN}]")
#: What a spreadsheet takes for a formula: by its first sign, unless it is a plain number.
_FORMULA = re.compile(r"[=+\-@\t\r]")
#: The same behind a sign that separates the columns of a spreadsheet in some languages.
_INNER_FORMULA = re.compile(r"(?<=[;\t])(?=[=+\-@])")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?", re.ASCII)


def readable(text: str) -> str:
    """Return a name or word as it was meant where the machine's locale knows ASCII alone."""
    return _UNREAD.sub(
        lambda raw: raw[0].encode("ascii", "surrogateescape").decode("utf-8", "surrogateescape"),
        text,
    )


def shown(text: str) -> str:
    """Return a name in one line: each character that a terminal might obey as its escape."""
    if text.isascii() and text.isprintable():  # most are, of which an archive holds thousands
        return text
    return _IN_A_NAME.sub(_escape, readable(text))


def shown_lines(text: str) -> str:
    """Return a text of several lines as `shown` does; line ends and tabs stay."""
    return UNSHOWN_IN_LINES.sub(_escape, readable(text))


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def spreadsheet_cell(text: str) -> str:
    """Return a cell of a CSV with an apostrophe before all that a spreadsheet takes for a formula.

    That is what begins with ``=``, ``+``, ``-`` or ``@``, also behind a semicolon or tab.
    """
    inner = _INNER_FORMULA.sub("'", text)
    return f"'{inner}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else inner


def csv_text(frame: pd.DataFrame, *, header: bool = True) -> str:
    """Rows as CSV that a spreadsheet can open: no text in it is taken for a formula."""

    def safe(cell: object) -> object:
        return spreadsheet_cell(cell) if isinstance(cell, str) else cell

    texts = [c for c in frame.columns if any(isinstance(cell, str) for cell in frame[c])]
    frame = frame.assign(**{str(c): frame[c].map(safe) for c in texts})
    return frame.to_csv(index=False, header=header, lineterminator="\n")


def card_html(title: str, rows: Sequence[tuple[str, str]], note: str = "") -> str:
    """Small table for a notebook, every text escaped: how an object shows itself there."""
    lines = [
        f"<tr><th style='text-align:left'>{_html(name)}</th>"
        f"<td style='text-align:left'>{_html(text)}</td></tr>"
        for name, text in rows
    ]
    below = f"<p>{_html(note)}</p>" if note else ""
    return f"<div><p><b>{_html(title)}</b></p><table>{''.join(lines)}</table>{below}</div>"


def _html(text: str) -> str:
    from html import escape

    return escape(shown(text))
