"""Where the corpus of real files lies: beside the project, never in it."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).parent.parent.parent / "shared" / "corpus"


def corpus_folder() -> Path:
    """Folder of the corpus; skip the test where it is absent."""
    folder = Path(os.environ.get("LOADMON_CORPUS", _BESIDE))
    if not (folder / "manifest.csv").exists():
        pytest.skip("the corpus of real files is not here; $LOADMON_CORPUS names its folder")
    return folder


def manifest(folder: Path) -> list[dict[str, str]]:
    """Rows of the corpus's own list of files."""
    with (folder / "manifest.csv").open(newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))
