"""Which settings count: the runner's own words first, then what the files reveal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from loadmon.athlete.profile import Athlete
from loadmon.errors import SettingError

if TYPE_CHECKING:
    import pandas as pd

#: Settings that loads depend on, each with what it is for; those in `FOUND` may come from files.
USES = {
    "sex": "TRIMP's coefficient pair",
    "resting_hr_bpm": "TRIMP, heart-rate stress",
    "max_hr_bpm": "TRIMP, Edwards, heart-rate stress",
    "threshold_hr_bpm": "heart-rate stress",
    "vt1_hr_bpm": "Lucia",
    "vt2_hr_bpm": "Lucia",
    "hr_zones_bpm": "time in heart-rate zones",
    "threshold_pace_s_per_km": "running stress, GOVSS",
    "pace_zones_s_per_km": "time in pace zones",
    "threshold_power_w": "power stress",
    "mass_kg": "GOVSS",
    "height_m": "GOVSS",
}
#: Settings taken from files. The threshold power of a watch is that of the bicycle: never taken.
FOUND = (
    *("sex", "resting_hr_bpm", "max_hr_bpm", "threshold_hr_bpm", "hr_zones_bpm"),
    *("mass_kg", "height_m"),
)
_WATCH_ZONES = 6  # ends of a watch's five zones: the first is where zone 1 begins
COLUMNS = ("setting", "value", "source", "date", "file", "used_for")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting in force: its value, and where that is from."""

    name: str
    value: Any
    source: str
    day: date | None = None
    file: str = ""


def settings_in_force(athlete: Athlete, found: pd.DataFrame) -> tuple[Athlete, list[Setting]]:
    """Fill in what the runner has not said from what the files reveal.

    Parameters
    ----------
    athlete : Athlete
        The runner's own words; they always count first.
    found : DataFrame
        ``Archive.found``, in order of time: the last file that holds a value counts, for the whole
        history, so that all sessions are measured alike.

    Returns
    -------
    tuple of Athlete and list of Setting
        The athlete whose settings loads are computed with, and one entry for each of `USES`:
        ``source`` is ``athlete.toml``, ``file`` (with its day and name), or empty where the
        setting is not known. A value that cannot be, or that contradicts the runner's own, is
        left out.
    """
    out: list[Setting] = []
    for name in USES:
        own = getattr(athlete, name)
        setting = Setting(name, own, "athlete.toml" if _is_told(own) else "")
        if not setting.source and name in FOUND:
            setting = _from_files(athlete, found, name) or setting
            athlete = replace(athlete, **{name: setting.value})
        out.append(setting)
    return athlete, out


def settings_frame(settings: list[Setting]) -> pd.DataFrame:
    """One row a setting: ``setting, value, source, date, file, used_for``; empty is not known."""
    import pandas as pd

    rows = [(s.name, setting_text(s), s.source, s.day, s.file, USES[s.name]) for s in settings]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    texts = dict.fromkeys(("setting", "value", "source", "file", "used_for"), "str")
    return frame.astype(texts | {"date": "datetime64[us]"})


def setting_text(setting: Setting) -> str:
    """Value as a person writes it; empty where it is not known."""
    value = setting.value
    if not _is_told(value):
        return ""
    if setting.name.endswith("_s_per_km"):
        paces = value if isinstance(value, tuple) else (value,)
        return ", ".join(f"{round(s) // 60}:{round(s) % 60:02d}" for s in paces)
    if isinstance(value, tuple):
        return ", ".join(f"{v:g}" for v in value)
    return value if isinstance(value, str) else f"{value:g}"


def _is_told(value: Any) -> bool:
    """Whether a setting was given: neither empty nor NaN."""
    return bool(value == value and value not in ("", ()))


def _from_files(athlete: Athlete, found: pd.DataFrame, name: str) -> Setting | None:
    """The last value in the files that can be, and that agrees with what is known already."""
    if name not in found.columns:
        return None
    for row in found[["date", "file", name]].iloc[::-1].itertuples(index=False):
        value = _zone_bounds(row[2]) if name == "hr_zones_bpm" else row[2]
        if value is None or not _is_told(value) or not _can_be(athlete, name, value):
            continue
        return Setting(name, value, "file", row[0].date(), str(row[1]))
    return None


def _zone_bounds(ends: Any) -> tuple[float, ...]:
    """Bounds between zones from the upper ends that a watch writes."""
    told = tuple(float(end) for end in ends) if ends is not None and ends == ends else ()
    return told[1:-1] if len(told) == _WATCH_ZONES else told[:-1]


def _can_be(athlete: Athlete, name: str, value: Any) -> bool:
    """Whether the athlete could have said so without being contradicted."""
    try:
        replace(athlete, **{name: value})
    except SettingError:
        return False
    return True


def in_force_text(settings: pd.DataFrame) -> str:
    """Say in two sentences which settings count, where they are from, and what is not known.

    Parameters
    ----------
    settings : DataFrame
        What `settings_frame` gives, such as ``Archive.settings``.
    """
    parts = []
    for source, words in (("athlete.toml", "your athlete.toml"), ("file", "your recordings")):
        told = settings[settings["source"] == source]
        if len(told):
            pairs = zip(told["setting"].map(toml_key), told["value"], strict=True)
            values = "; ".join(f"{name} {value}" for name, value in pairs)
            last = told["date"].max()
            since = f", last {last.date().isoformat()}" if last == last else ""
            parts.append(f"{values} (from {words}{since})")
    known = "; ".join(parts) or "none"
    missing = ", ".join(settings.loc[settings["source"] == "", "setting"].map(toml_key))
    rest = f" Not known: {missing}." if missing else ""
    return f"Settings in force: {known}.{rest}"


def toml_key(name: str) -> str:
    """Return the key of ``athlete.toml`` for a setting: paces are written without their unit."""
    return name.removesuffix("_s_per_km")
