"""An archive without names: what may be shown to somebody who need not know where and whose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from loadmon.athlete.profile import Athlete
from loadmon.reading.archive import Archive

#: What stands for the paths that were read.
TITLE = "PATH"


def without_names(archive: Archive) -> Archive:
    """Archive in which files, shoes and breaks are numbered, and notes and places are gone.

    Parameters
    ----------
    archive : Archive
        What `loadmon.read` gives.

    Returns
    -------
    Archive
        The same runs and numbers; ``files["detail"]`` keeps the code of its reason alone.
    """
    files = _numbered(archive.files["file"], "file")
    shoes = [shoe.name for shoe in archive.athlete.shoes]
    gear = _numbered([*shoes, *archive.gear["gear"]], "pair")
    return replace(
        archive,
        activities=archive.activities.assign(file=archive.activities["file"].map(files), name=""),
        files=archive.files.assign(
            file=archive.files["file"].map(files), detail=archive.files["reason"]
        ),
        found=archive.found.assign(file=archive.found["file"].map(files)),
        gear=archive.gear.assign(gear=archive.gear["gear"].map(gear)),
        settings=archive.settings.assign(file=""),
        pauses=archive.pauses.assign(reason="", file=""),
        exports=archive.exports.assign(file=""),
        athlete=_nameless(archive.athlete, gear),
    )


def _nameless(athlete: Athlete, gear: dict[str, str]) -> Athlete:
    """The runner's own words without names, notes and the home zone."""
    breaks = _numbered(athlete.diary["break"], "break") | {"": "", "dismiss": "dismiss"}
    diary = athlete.diary.assign(note="", **{"break": athlete.diary["break"].map(breaks)})
    shoes = tuple(replace(shoe, name=gear[shoe.name]) for shoe in athlete.shoes)
    return replace(athlete, home_zone="", same=(), different=(), shoes=shoes, diary=diary)


def _numbered(names: Iterable[str] | pd.Series, word: str) -> dict[str, str]:
    """A number for each name, in order."""
    known = dict.fromkeys(name for name in names if name)
    return {name: f"{word} {n}" for n, name in enumerate(known, start=1)} | {"": ""}
