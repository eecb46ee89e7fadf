"""What a list says is added to the activity it belongs to; the recording's own numbers stay.

Where list and recording tell the same thing differently, the activity is flagged and both numbers
are in the ledger. Only a recording that is a mere part of an entry (the route of an Apple workout)
takes distance and time from the list, and says so in ``distance_source``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from loadmon.reading.contents import Measured
from loadmon.reading.cross_checks import ON_FOOT
from loadmon.reading.exports.entry import Entry
from loadmon.reading.judge import MAX_ON_FOOT_MPS
from loadmon.reading.local_day import utc_offset_min
from loadmon.reading.recording import TOLD_COLUMNS
from loadmon.reading.settle import Activity

_APART = 0.05
_SOME_KM, _SOME_MIN = 0.1, 2.0
_FILLED = ("elevation_gain_m", "descent_m", "avg_hr_bpm", "steps", *TOLD_COLUMNS)
_TAKEN = ("distance_km", "duration_min", "elapsed_min")


def enrich(activity: Activity, entry: Entry, part: Measured | None, source: str) -> None:
    """Add what an entry says to its activity.

    Parameters
    ----------
    activity : Activity
        The one that counts; changed in place.
    entry : Entry
        What the list says.
    part : Measured or None
        The entry's own numbers, where they make an activity.
    source : str
        What to call the list in sentences, such as ``Strava's list``.
    """
    added: list[str] = []
    if part:
        _compare(activity, part, source)
        added += _take_zone(activity, entry, part)
        if entry.is_whole:
            added += _take(activity, part)
        added += _fill(activity, part, source)
    added += _fill_effort(activity, entry, source)
    if entry.name and not activity.name:
        activity.name = entry.name
    for name in filter(None, entry.gear.split("|")):
        if name not in activity.gear:
            activity.gear.append(name)
            added.append("gear")
    if added:
        before = activity.flags.get("from-list")
        told = f"from {source}: {', '.join(dict.fromkeys(added))}"
        activity.flags["from-list"] = f"{before}; {told}" if before else told


def lend(activity: Activity, other: Activity) -> None:
    """Add what only the copy of an activity tells that does not count: effort, sport, name.

    Parameters
    ----------
    activity : Activity
        The one that counts; changed in place.
    other : Activity
        The one taken out because it repeats it.
    """
    mine, copy = activity.measured, other.measured
    added = []
    rpe = copy.numbers["rpe"]
    if mine.numbers["rpe"] != mine.numbers["rpe"] and rpe == rpe:
        _set(activity, rpe=rpe, rpe_source=copy.numbers["rpe_source"])
        added.append("rpe")
    if not mine.sport and copy.sport:
        activity.measured = replace(activity.measured, sport=copy.sport, sub_sport=copy.sub_sport)
        activity.flags.pop("sport-unknown", None)
        added.append("sport")
    if added:
        activity.flags["from-copy"] = f"{' and '.join(added)} from {other.source.name}"


def _take_zone(activity: Activity, entry: Entry, part: Measured) -> list[str]:
    """Local time, where the recording does not tell it and the list does."""
    told = part.offset_min == part.offset_min or part.zone
    if activity.tz_source == "file" or entry.day or not told:
        return []
    start = activity.measured.start
    activity.utc_offset_min, _ = utc_offset_min(part, start, "")
    activity.tz_source = "list"
    activity.flags.pop("no-local-time", None)
    if activity.format == "fit":
        activity.flags.pop("tz-unknown", None)
    return ["local time"]


def _set(activity: Activity, **numbers: float | str) -> None:
    """Other numbers for an activity; what was measured is never changed in place."""
    activity.measured = replace(activity.measured, numbers={**activity.measured.numbers, **numbers})


def _compare(activity: Activity, part: Measured, source: str) -> None:
    """Flag distance, time and sport where both tell them and they are apart."""
    mine, told = activity.measured.numbers, part.numbers
    apart = []
    if _differ(mine["distance_km"], told["distance_km"], _SOME_KM):
        apart.append(f"{told['distance_km']:.2f} km, the recording {mine['distance_km']:.2f} km")
    if _differ(mine["elapsed_min"], told["elapsed_min"], _SOME_MIN):
        apart.append(f"{told['elapsed_min']:.0f} min, the recording {mine['elapsed_min']:.0f} min")
    if apart:
        activity.flags["list-disagree"] = f"{source} says {'; and '.join(apart)}"
    sport = activity.measured.sport
    if sport and part.sport and sport != part.sport:
        activity.flags["sport-disagree"] = (
            f"{source} calls it {part.sport}, the recording {sport}; the recording counts"
        )


def _differ(a: float, b: float, least: float) -> bool:
    return a > 0 and b > 0 and abs(a - b) > max(least, _APART * max(a, b))


def _take(activity: Activity, part: Measured) -> list[str]:
    """Distance and time of an entry of which the recording is only a part."""
    told = {name: part.numbers[name] for name in _TAKEN if part.numbers[name] > 0}
    if "distance_km" in told:
        _set(activity, **told, distance_source="list")
    elif told:
        _set(activity, **told)
    return [name.split("_")[0] for name in told]


def _fill(activity: Activity, part: Measured, source: str) -> list[str]:
    """Sport and numbers that the recording does not tell."""
    mine = activity.measured
    told = {n: part.numbers[n] for n in _FILLED if part.numbers[n] == part.numbers[n]}
    if mine.sport and mine.sport != part.sport:
        told.pop("steps", None)
    filled = [n for n in told if mine.numbers[n] != mine.numbers[n]]
    _set(activity, **{name: told[name] for name in filled})
    sources = {"elevation_gain_m": "climb_source", "steps": "steps_source"}
    _set(activity, **{sources[name]: "list" for name in filled if name in sources})
    if not mine.sport and part.sport:
        speed_mps = mine.numbers["distance_km"] / mine.numbers["duration_min"] * 1000 / 60
        if part.sport in ON_FOOT and speed_mps > MAX_ON_FOOT_MPS:
            activity.flags["sport-disagree"] = (
                f"{source} calls it {part.sport}, but it went {speed_mps:.0f} m/s: not counted so"
            )
            return filled
        activity.measured = replace(activity.measured, sport=part.sport, sub_sport=part.sub_sport)
        activity.flags.pop("sport-unknown", None)
        filled.append("sport")
    return filled


def _fill_effort(activity: Activity, entry: Entry, source: str) -> list[str]:
    """Perceived exertion, where the recording holds none; where it holds another, say so."""
    told = entry.recording.told.get("rpe", np.nan)
    mine = activity.measured.numbers["rpe"]
    if told != told:
        return []
    if mine == mine:
        if abs(mine - told) >= 1:
            activity.flags["rpe-disagree"] = (
                f"{source} says effort {told:g}, the recording {mine:g}; the recording counts"
            )
        return []
    _set(activity, rpe=told, rpe_source="list")
    return ["rpe"]
