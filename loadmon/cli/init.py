"""Write a commented athlete.toml from what is in the archive; never overwrites without --force."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from loadmon.cli import DONE
from loadmon.cli.options import add_archive_options, folder_of, path_option
from loadmon.cli.screen import print_err, print_out
from loadmon.diary import SETTINGS_NAME, write_whole
from loadmon.errors import SettingError

if TYPE_CHECKING:
    from loadmon.athlete import Setting
    from loadmon.io.archive import Archive

_HELD_S = 10.0  # a heart rate that was kept for so long was one
_KEYS = {
    "sex": ("f or m: chooses one of the two published coefficient pairs of TRIMP.", '"f"'),
    "resting_hr_bpm": ("Heart rate at rest, lying, in the morning.", "50"),
    "max_hr_bpm": ("Your largest heart rate, from a race or a test; age formulas are not used.",
                   "185"),
    "threshold_hr_bpm": ("Heart rate of a one-hour race.", "168"),
    "vt1_hr_bpm": ("Ventilatory thresholds of a lab test, for Lucia's TRIMP.", "140"),
    "vt2_hr_bpm": ("", "165"),
    "hr_zones_bpm": ("Bounds between your heart-rate zones, from easy to hard.",
                     "[120, 140, 155, 170]"),
    "threshold_pace_s_per_km": ("Pace of a one-hour race.", '"5:00"'),
    "pace_zones_s_per_km": ("Bounds between your pace zones, from easy to hard.",
                            '["6:30", "5:40", "5:00"]'),
    "threshold_power_w": ("Running power of a one-hour race. A watch's own FTP is the bicycle's.",
                          "250"),
    "mass_kg": ("Only for the power model GOVSS.", "65"),
    "height_m": ("", "1.70"),
}  # fmt: skip
_TEXTS = ("sex", "threshold_pace_s_per_km")
_HEAD = """\
# athlete.toml: what only you know. It lies beside your recordings or in loadmon's config folder.
# Every line is optional: take away the "# " in front of a key to use it. What a file of your
# watch says counts as long as its line stays a comment; your own word always counts first.

# units = "mi"                # distances in miles (else kilometres)
# birth_year = 1985
"""
_TAIL = """
# Strength sessions a week to aim for (2 if not said).
# strength_per_week = 2

# Days whose running is not known, such as one with a lost watch: unknown, never rest.
# unknown_days = [2026-03-14]

# What recordings are that name no sport: until you say it, their days are unknown.
# A file, folder, format or maker may have its own answer: {"old-phone.gpx" = "walking"}
# unknown_sport = "running"

# Days of recordings whose own date cannot be ("date-doubtful"): the day it was, or true where the
# day that loadmon took it for is right. A folder, format or maker may stand for its files.
# dates = {"old-watch.fit" = 2026-05-03, "from-phone/" = true}

# Recordings that are one activity, or are two, whatever loadmon thinks.
# same = [["a.fit", "b.gpx"]]
# different = [["a.fit", "c.fit"]]

# Your own limits; findings then say "your limit". See docs/evidence.md for their names.
# [limits.session-spike]
# small = 1.15

# Your shoes. Distance limits are custom, not a known threshold of injury.
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the first settings."""
    add_archive_options(parser)
    output = "file to write (beside the archive)"
    parser.add_argument("-o", "--output", type=path_option, metavar="FILE", help=output)
    parser.add_argument("--force", action="store_true", help="overwrite an existing file")


def run(args: argparse.Namespace) -> int:
    """Write the file, and print which settings are known already."""
    from loadmon.athlete import in_force_text
    from loadmon.cli.opening import open_archive

    archive, _ = open_archive(args)
    path = args.output or folder_of(args.paths[0]) / SETTINGS_NAME
    text = settings_text(archive)
    if path.exists() and not args.force:
        raise SettingError(
            f"{path} already exists: name another file with -o, or overwrite it with --force"
        )
    write_whole(path, text.encode(), "; name another file with -o")
    print_out(f'{path} written: delete the "# " before each line that you want to use')
    print_err(in_force_text(archive.settings))
    return DONE


def settings_text(archive: Archive) -> str:
    """TOML in which every key is a comment, with the value that the files hold or an example."""
    from loadmon.athlete import Athlete, settings_in_force

    _, found = settings_in_force(Athlete(), archive.device_settings)
    activities = archive.activities
    n = int((~activities["tz_source"].isin(["file", "list"])).sum())
    offsets = activities.loc[activities["tz_source"] == "file", "utc_offset_min"].dropna()
    hours = ", ".join(f"{h:+g}" for h in sorted({o / 60 for o in offsets}))
    hint = f" Others lie at {hours} h from UTC." if hours else ""
    zone = (
        f"# Zone of recordings without their local time: {n} of your {len(activities)}."
        f'{hint}\n# home_zone = "Europe/Berlin"'
    )
    shoes = list(dict.fromkeys(archive.gear["gear"])) if len(archive.gear) else ["Everyday shoes"]
    tables = [f"# [[shoes]]\n# name = {_quoted(name)}\n# retire_km = 800\n" for name in shoes]
    keys = [_key(setting, archive) for setting in found]
    return "\n".join([_HEAD, zone, *keys]) + "\n" + _TAIL + "\n".join(tables)


def _key(setting: Setting, archive: Archive) -> str:
    """One key with what it is, where its value is from, and the value itself."""
    from loadmon.athlete import setting_text, toml_key

    what, value = _KEYS[setting.name]
    source = "# Not in your files; this is an example:"
    if setting.source:
        source = f"# Your files say so (last on {setting.day}):"
        value = setting_text(setting)
        if isinstance(setting.value, tuple):
            value = f"[{value}]"
        elif setting.name in _TEXTS:
            value = f'"{value}"'
    lines = [f"\n# {what}", source] if what else [source]
    if setting.name == "max_hr_bpm":
        lines += _highest(archive)
    return "\n".join([*lines, f"# {toml_key(setting.name)} = {value}"])


def _highest(archive: Archive) -> list[str]:
    """The largest heart rate that a recording holds for some seconds, with its day."""
    import numpy as np

    from loadmon.io.load_columns import enough
    from loadmon.loads import BPM

    seconds = archive.intensity_histograms.seconds_at_bpm[:, ::-1].cumsum(axis=1)[:, ::-1]
    held = (seconds >= _HELD_S) & enough(archive.activities["hr_coverage"])[:, None]
    if not held.any():
        return []
    highest = np.where(held, BPM, 0.0).max(axis=1)
    row = int(highest.argmax())
    bpm, day = f"{highest[row]:.0f}", archive.activities["date"].iloc[row].date()
    return [f"# The largest that your recordings hold for {_HELD_S:.0f} s is {bpm}, on {day}."]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else " " for c in escaped) + '"'
