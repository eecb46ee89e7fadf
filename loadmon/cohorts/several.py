"""Whether what was named as one runner's files is several runners': asked before they are added up.

It takes what one runner cannot do: two accounts of one platform, two diaries, two places at once,
or two runs of different length at once, again and again. Two watches and a phone of one runner
record the same run in one place and about as long; old and new exports hold the same runs.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations, islice
from pathlib import Path

import numpy as np
import pandas as pd

from loadmon.diary import DIARY_NAME, SETTINGS_NAME
from loadmon.errors import LoadmonError
from loadmon.io.archive import Archive
from loadmon.io.read import read
from loadmon.io.recording import Floats
from loadmon.io.walk import is_system
from loadmon.units import count_text, listed

#: Sports in which nobody is in two places at once.
_ON_FOOT = ("running", "walking", "hiking")
#: Two recordings begin together within this time, and overlap by this share of the shorter.
_TOGETHER_S, _OVERLAP = 120.0, 0.8
#: They are of different length where distance and time both differ by more than this share, on so
#: many days at least and on half of the days that two share: a phone that was started late ends
#: with the watch, and one whose battery was empty does not do so on half of them.
_OTHER_LENGTH, _OTHER_DAYS = 0.12, 3
#: They are in two places where they are farther apart, at a moment of both, on so many days.
_APART_KM, _APART_DAYS = 2.0, 2
#: Pairs whose places are looked up, in all and of two groups, and groups: each costs some time.
_MOST_PLACES, _MOST_OF_TWO, _MOST_GROUPS = 120, 12, 60
#: A position counts for a moment that is no farther from it. [s]
_MOMENT_S = 120.0
_PROFILE, _PROFILE_BYTES = "profile.csv", 1 << 16
_GARMIN = re.compile(r"DI-Connect-Fitness[/\\](.+)_\d+_summarizedActivities\.json$")
_EARTH_KM = 6371.0
_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Group:
    """A folder or zip of its own, as far as it was read."""

    name: str
    archive: Archive
    runs: pd.DataFrame  # on foot, in order of start
    start: Floats  # [s]
    end: Floats  # [s]


def several_runners(path: str, archive: Archive, *, cache: bool = True) -> str:
    """Say by what several runners are told in a folder; empty where nothing tells them.

    `archive` is what reading the whole folder gave.
    """
    groups = _folders_and_zips(Path(path))
    if len(groups) < 2:
        return ""
    names = archive.files["file"].astype("str").tolist()
    for platform, account_of in (("Garmin", _garmin_account), ("Strava", _strava_account)):
        accounts = {group.name: account_of(group, names) for group in groups}
        of = [name for name, account in accounts.items() if account]
        if len({accounts[name] for name in of}) > 1:
            return f"{listed(of, _NAMED)} are exports of different {platform} accounts"
    own = [group.name for group in groups if _has_own_words(group)]
    if len(own) > 1:
        return f"{listed(own, _NAMED)} each have a {DIARY_NAME} or {SETTINGS_NAME} of their own"
    found = [one for group in groups[:_MOST_GROUPS] if (one := _read(group, cache))]
    for one, other in combinations(found, 2):
        if days := _days_of_other_length(one, other):
            text = f"hold runs of different length at the same time on {count_text(days, 'day')}"
            return f"{one.name} and {other.name} {text}"
    left = _MOST_PLACES
    for one, other in combinations(found, 2):
        pairs = list(islice(_at_once(one, other), min(left, _MOST_OF_TWO)))
        left -= len(pairs)
        apart = {
            one.runs["date"].iloc[i] for i, k, _ in pairs if _km_apart(one, i, other, k) > _APART_KM
        }
        if len(apart) >= _APART_DAYS:
            return (
                f"{one.name} and {other.name} were in two places at the same time, again and again"
            )
    return ""


def _folders_and_zips(folder: Path) -> list[Path]:
    """Folders and zips in a folder, each of which may be a runner's; none of a file."""
    with suppress(OSError):  # what cannot be looked into has its row in the ledger
        with os.scandir(folder) as entries:
            others = [
                e.name
                for e in entries
                if not e.is_file(follow_symlinks=False) or e.name[-4:].lower() == ".zip"
            ]
        shown = sorted(folder / name for name in others if not is_system(name))
        return [path for path in shown if path.is_dir() or path.suffix.lower() == ".zip"]
    return []


def _has_own_words(folder: Path) -> bool:
    """Whether a folder has settings or a diary, as the folder of one runner of a team does."""
    return any(os.path.isfile(folder / name) for name in (SETTINGS_NAME, DIARY_NAME))


def _garmin_account(path: Path, names: Sequence[str]) -> str:
    """Name of the account in the names of Garmin's lists; empty where there is none."""
    inside = (f"{path}/", f"{path}\\", f"{path}!")
    found = (_GARMIN.search(name) for name in names if name.startswith(inside))
    return next((account[1] for account in found if account), "")


def _strava_account(path: Path, _names: Sequence[str]) -> str:
    """Number of the account in the profile of Strava's export; empty where there is none."""
    with suppress(OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError):
        number = _profile(path).decode("utf-8", "replace").splitlines()[1].split(",")[0].strip()
        return number if number.isdigit() else ""
    return ""


def _profile(path: Path) -> bytes:
    """Beginning of the profile that lies beside Strava's list; raises where there is none."""
    if path.is_dir():
        with (path / _PROFILE).open("rb") as file:
            data = file.read(_PROFILE_BYTES)
    else:
        with zipfile.ZipFile(path) as packed:
            inside = [name for name in packed.namelist() if name.split("/")[-1] == _PROFILE]
            if not inside:
                raise ValueError("no profile")
            with packed.open(inside[0]) as member:
                data = member.read(_PROFILE_BYTES)
    if data.count(b"\n") < 1 or b"\n" not in data.strip():
        raise ValueError("no row")
    return data


def _read(group: Path, cache: bool) -> _Group | None:
    """A group by itself, as the same runs of others are dropped from the whole; None: no run."""
    try:
        archive = read(group, cache=cache)
    except LoadmonError:
        return None  # the reading of the whole has said so
    frame = archive.activities
    lasted = frame["elapsed_min"].fillna(frame["duration_min"])
    is_whole = frame["sport"].isin(_ON_FOOT) & (frame["distance_km"] > 0) & (lasted > 0)
    runs = frame[is_whole & ~frame["flags"].str.contains("partial")]
    if runs.empty:
        return None
    start = runs["start_utc"].to_numpy("datetime64[us]").astype(np.int64) / 1e6
    return _Group(group.name, archive, runs, start, start + 60 * lasted[runs.index].to_numpy(float))


def _days_of_other_length(one: _Group, other: _Group) -> int:
    """Days on which two began together and ran differently far and long; 0 unless often."""
    together = [
        (i, k)
        for i, k, shared in _at_once(one, other)
        if abs(one.start[i] - other.start[k]) <= _TOGETHER_S
        and shared >= _OVERLAP * min(one.end[i] - one.start[i], other.end[k] - other.start[k])
    ]
    days = {one.runs["date"].iloc[i] for i, _ in together}
    unlike = {one.runs["date"].iloc[i] for i, k in together if _is_other_length(one, i, other, k)}
    return len(unlike) if len(unlike) >= _OTHER_DAYS and 2 * len(unlike) >= len(days) else 0


def _at_once(one: _Group, other: _Group) -> Iterator[tuple[int, int, float]]:
    """Recordings of two groups that share at least five minutes, and how much. [s]"""
    for i, (start, end) in enumerate(zip(one.start, one.end, strict=True)):
        last = int(np.searchsorted(other.start, end))
        first = int(np.searchsorted(other.start, start - 24 * 3600.0))
        for k in range(first, last):
            shared = float(min(end, other.end[k]) - max(start, other.start[k]))
            if shared >= 300.0:
                yield i, k, shared


def _is_other_length(one: _Group, i: int, other: _Group, k: int) -> bool:
    """Whether distance and time of two recordings both differ, in the same direction."""
    far = float(one.runs["distance_km"].iloc[i] / other.runs["distance_km"].iloc[k])
    long = float((one.end[i] - one.start[i]) / (other.end[k] - other.start[k]))
    least = np.log(1 + _OTHER_LENGTH)
    return bool(min(abs(np.log(far)), abs(np.log(long))) > least and (far > 1) == (long > 1))


def _km_apart(one: _Group, i: int, other: _Group, k: int) -> float:
    """How far apart two recordings are in the middle of their common time; 0: not known. [km]"""
    middle = (max(one.start[i], other.start[k]) + min(one.end[i], other.end[k])) / 2
    places = []
    for group, place in ((one, i), (other, k)):
        stream = group.archive.records(str(group.runs["activity_id"].iloc[place]))
        if not {"latitude_deg", "longitude_deg"} <= set(stream.columns):
            return 0.0
        known = stream[["latitude_deg", "longitude_deg"]].dropna()
        away = pd.DatetimeIndex(known.index).tz_localize(None).to_numpy("datetime64[us]")
        away_s = np.abs(away.astype(np.int64) / 1e6 - middle)
        if not len(away_s) or away_s.min() > _MOMENT_S:
            return 0.0
        places.append(np.radians(known.iloc[int(away_s.argmin())].to_numpy(float)))
    (lat, lon), (lat_2, lon_2) = places
    x = (lon_2 - lon) * np.cos((lat + lat_2) / 2)
    return float(_EARTH_KM * np.hypot(x, lat_2 - lat))
