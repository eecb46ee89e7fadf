"""The page about files: everything adds up, and whatever is wrong says what to do."""

from __future__ import annotations

import ast
import datetime as dt
import re
from pathlib import Path

import nasty
import pytest

import loadmon.io
from loadmon.cli.main import main
from loadmon.io.archive import Archive
from loadmon.io.formats import RECORDING_READERS, SIDE_READERS
from loadmon.io.read import read
from loadmon.report.ledger import NOTED, ODD, REASONS, UNUSABLE, ledger_text

NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
RUN = nasty.fit()
FILES = {
    "a.fit": RUN,
    "b.fit": RUN,
    "c.fit": nasty.fit(nasty.START + DAY)[:900],
    "d.fit": nasty.fit(nasty.START + 2 * DAY) + b"\0\0",
    "e.gpx": b"<html></html>",
    ".DS_Store": b"x",
}
CODE = re.compile(
    r"[a-z]+(-[a-z0-9]+)+|empty|negative|partial|overlap|implausible|duplicate|symlink"
)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    return read(tmp_path, cache=False, now=NOW)


def page(archive: Archive, width: int = 100) -> str:
    return ledger_text(archive, title="export", command="export", width=width)


def test_the_first_lines_add_up(archive: Archive) -> None:
    first, second = page(archive).splitlines()[:2]
    assert first == "export: 6 files"
    assert second == (
        "  2 count (1 of them flagged), 1 repeat another, 1 hold no activity, 2 cannot be used"
    )
    assert sum(int(n) for n in re.findall(r"(?:^|, ) *(\d+)", second)) == 6


def test_each_file_that_cannot_be_used_says_what_is_wrong_and_what_to_do(archive: Archive) -> None:
    text = page(archive)
    for name, code in (("c.fit", "fit-truncated"), ("e.gpx", "not-gpx")):
        assert f"  {code}, 1 file: {UNUSABLE[code].means}" in text
        assert name in text
        assert UNUSABLE[code].to_do.split(".")[0] in " ".join(text.split())
    assert "Days unknown because of them, or by your own word: 1 (2024-03-11)" in text
    assert "unknown_days" in text


def test_what_counts_although_it_is_odd_stands_once(archive: Archive) -> None:
    text = page(archive)
    assert "FLAGGED: 1 file counts although something is odd" in text
    assert text.count("d.fit") == 1


def test_repetitions_and_the_rest_are_counted_by_their_reasons(archive: Archive) -> None:
    text = page(archive)
    assert "REPEAT ANOTHER: 1 file\n  duplicate, 1 file: the same bytes again." in text
    assert "HOLD NO ACTIVITY: 1 file\n  system-file, 1 file: left by the operating system." in text
    assert text.endswith("Every row: loadmon files export --format csv")


@pytest.mark.parametrize("width", [10, 40, 60, 200])
def test_lines_keep_to_the_width_but_for_names(archive: Archive, width: int) -> None:
    limit = max(40, min(100, width))
    for line in page(archive, width).splitlines():
        assert len(line) <= limit or max(map(len, line.split())) > limit - 12


def test_many_files_of_one_reason_are_counted_after_twenty(tmp_path: Path) -> None:
    for n in range(25):
        (tmp_path / f"{n:02d}.fit").write_bytes(nasty.fit(nasty.START + n * DAY)[:900])
    text = page(read(tmp_path, cache=False, now=NOW))
    assert "fit-truncated, 25 files" in text
    assert "and 5 more" in text
    assert "19.fit" in text
    assert "20.fit" not in text


def test_a_sound_archive_needs_no_page(tmp_path: Path) -> None:
    (tmp_path / "a.fit").write_bytes(RUN)
    lines = page(read(tmp_path, cache=False, now=NOW)).splitlines()
    assert lines[:2] == ["export: 1 file", "  1 count"]
    assert not any(line.isupper() for line in lines)


def codes_in_source() -> set[str]:
    """Reason codes among the texts of the reading room."""
    found = set()
    folder = Path(loadmon.io.__file__).parent
    for path in folder.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            found |= _codes_of(node)
    return found


def _codes_of(node: ast.AST) -> set[str]:
    """Codes that one call or assignment gives: problems, flags, and pairs of code and sentence."""
    texts: list[ast.expr | None] = []
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "FileProblem":
        texts = [node.args[1]] if len(node.args) > 1 else []
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_damaged":
        texts = [*node.args[:1]]
    elif isinstance(node, ast.Subscript):
        words = ast.unparse(node.value)
        texts = [node.slice] if "flags" in words or "issues" in words else []
    elif isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
        texts = list(node.value.elts[:1])
    elif isinstance(node, ast.Dict):
        texts = list(node.keys)
    words = {t.value for t in texts if isinstance(t, ast.Constant) and isinstance(t.value, str)}
    return {word for word in words if CODE.fullmatch(word)}


def test_every_reason_that_reading_gives_has_its_words() -> None:
    codes = codes_in_source()
    assert {"fit-crc", "gps-spike", "dist-disagree", "zip-overlap", "partial"} <= codes | {
        "partial"
    }
    kinds = {*SIDE_READERS, *RECORDING_READERS, "loadmon-database"}
    assert not {c for c in codes - kinds if c not in REASONS}


def test_what_cannot_be_used_always_says_what_to_do() -> None:
    assert all(reason.to_do for reason in UNUSABLE.values())
    for reason in REASONS.values():
        assert not reason.to_do or reason.to_do[-1] in ".?"
        assert reason.means[0].islower()
    assert not set(ODD) & set(NOTED)


def test_the_command_prints_the_page_and_its_rows(
    tmp_path: Path, archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["files", str(tmp_path)]) == 0
    assert "CANNOT BE USED: 2 files" in capsys.readouterr().out
    assert main(["files", str(tmp_path), "--format", "csv"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[0].startswith("file,outcome,reason,detail,activity_id")
    assert len(rows) == 1 + len(FILES)
    assert main(["files", str(tmp_path), "--salvage", "--format", "json"]) == 0
    assert "partial" in capsys.readouterr().out
