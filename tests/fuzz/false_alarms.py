"""How often the cross-checks flag real recordings whose structure is sound.

Run by hand::

    python tests/fuzz/false_alarms.py ../shared/corpus [--show]

Sound is a recording of the corpus in whose structure an independent scan found no error
(``manifest.csv``). With ``--show`` each flag is printed with both of its numbers, to be judged.
"""

from __future__ import annotations

import argparse
import csv
import functools
import sys
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[2]))

from loadmon.io.clean import CODES
from loadmon.io.read import read

_KINDS = ("fit/activity", "gpx", "tcx")


def sound(corpus: Path) -> list[str]:
    """Files of the corpus in whose structure nothing is wrong."""
    with (corpus / "manifest.csv").open(newline="", encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    return [
        row["file"]
        for row in rows
        if row["kind"] in _KINDS
        and not row["structure_errors"]
        and "nasty" not in row["note"].lower()
        and row["file"].startswith(("histories/", "singles/"))
    ]


@functools.cache
def alarms(corpus: Path, cache: bool | Path = False) -> pd.DataFrame:
    """Ledger of the sound files, with their ``part`` of the corpus and the cross-checks they fail.

    Returns
    -------
    DataFrame
        Columns of the ledger; ``part``; ``checks``: codes of cross-checks, joined by commas.
    """
    files = sound(corpus)
    parts = sorted({_part(file) for file in files})
    ledger = pd.concat(
        [read(corpus / part, cache=cache).files for part in parts], ignore_index=True
    )
    ledger["file"] = ledger["file"].map(lambda f: Path(f).relative_to(corpus).as_posix())
    ledger = ledger[ledger["file"].isin(files)]
    ledger = ledger.assign(part=ledger["file"].map(_part))
    codes = ledger["reason"].map(lambda r: ",".join(c for c in r.split(",") if c in CODES))
    return ledger.assign(checks=codes).reset_index(drop=True)


def _part(file: str) -> str:
    """Folder of the corpus that is read as one archive."""
    return "/".join(file.split("/")[:2]) if file.startswith("histories/") else "singles"


def table(ledger: pd.DataFrame) -> pd.DataFrame:
    """One row for each part: recordings that count, those flagged by a cross-check, the share."""
    counted = ledger[ledger["outcome"].isin(["imported", "flagged", "quarantined"])]
    rows = {}
    for part, own in [*counted.groupby("part"), ("all", counted)]:
        flagged = int((own["checks"] != "").sum())
        refused = int((own["reason"].eq("implausible") & own["outcome"].eq("quarantined")).sum())
        rows[part] = (len(own), flagged, flagged / len(own), refused)
    columns = ["recordings", "flagged", "share", "quarantined by a check"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    ledger = alarms(args.corpus.resolve())
    print(table(ledger).to_string(formatters={"share": "{:.1%}".format}))
    if args.show:
        for row in ledger[ledger["checks"] != ""].itertuples():
            print(f"{row.file}\n    {row.outcome} {row.checks}: {row.detail}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
