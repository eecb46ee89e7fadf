"""What the program does: docs/file-outcomes.md has its borders, limits and reasons."""

from __future__ import annotations

import re

from figures import DOCS, OUTCOMES, block_of, reasons_table

import loadmon.io.clean as checks
import loadmon.io.clean as clean
import loadmon.io.exports.cells as cells
import loadmon.io.fit.scan as messages
import loadmon.io.quality as judge
import loadmon.io.recording as ranges
import loadmon.io.sources as opening
import loadmon.io.xml as xml
from loadmon.io import cache as stamps
from loadmon.io.distance import MAX_ON_FOOT_MPS
from loadmon.io.recording import MOST_ACTIVITIES, MOST_PIECES

TEXT = OUTCOMES.read_text(encoding="utf-8")
PLAIN = re.sub(r"\s+", " ", TEXT)


def percent(share: float) -> str:
    return f"{100 * share:g} %"


def test_the_borders_of_the_cross_checks_are_those_of_the_code() -> None:
    named = {"cycling", "hiking", "running", "swimming", "walking"}
    assert set(checks._FASTEST_MPS) == named
    for text in (
        f"over {checks._START_S:g} s from the start",
        f"by over {percent(checks._ELAPSED_SHARE)} and {checks._ELAPSED_S:g} s; on foot",
        f"differ by over {percent(checks._TIMER_SHARE)} and {checks._TIMER_S:g} s; timers",
        f"differ by over {percent(checks._LAPS_SHARE)} and {checks._LAPS_S:g} s",
        f"differ by over {percent(checks._LAPS_SHARE)} and {checks._LAPS_M:g} m; on the ground",
        f"differ by over {percent(checks._PATH_SHARE)} and {checks._PATH_M:g} m",
        f"over {percent(checks._HOLE_SHARE)} and {checks._HOLE_M:g} m of a run",
        f"silences of over {checks._HOLE_S:g} s",
        f"by over {percent(checks._HR_SHARE)}, the largest by over {checks._MAX_HR_BPM:g} bpm",
        f"over {checks._LONG_M:g} m at more than",
        f"below {ranges.HR_BPM[0]:g} or above {ranges.HR_BPM[1]:g} bpm",
        f"by over {clean._HR_LEAP_BPM:g} bpm, faster than {clean._HR_LEAP_PER_S:g} bpm a second",
        f"below {clean._ALTITUDE_M[0]:g} or above {clean._ALTITUDE_M[1]:g} m",
        f"over {clean._ALTITUDE_LEAP_M:g} m, faster than {clean._ALTITUDE_LEAP_MPS:g} m/s",
        *(f"{limit:g} m/s ({sport})" for sport, limit in checks._FASTEST_MPS.items()),
        f"else {checks._FASTEST_ELSE_MPS:g} m/s",
        f"over {MAX_ON_FOOT_MPS:g} m/s on average on foot",
        f"over {judge._LONGEST_S / 86_400:g} days of moving, {judge._LONGEST_ELAPSED_S / 86_400:g} "
        f"days from start to end, or {ranges.FARTHEST_M / 1000:g} km",
        f"below {ranges._POWER_W[0]:g} or above {ranges._POWER_W[1]:g} W, a cadence below "
        f"{ranges._CADENCE_SPM[0]:g} or above {ranges._CADENCE_SPM[1]:g} a minute",
    ):
        assert text in PLAIN, text


def test_the_limits_of_what_is_read_are_those_of_the_code() -> None:
    for text in (
        f"a member of over {opening.MAX_MEMBER >> 20} MiB",
        f"over {cells.BOMB_SIZE >> 20} MiB from less than a two hundredth",
        f"over {opening._MAX_MEMBERS:,} members or {opening._MAX_ARCHIVE >> 30} GiB",
        f"more than {opening._MAX_DEPTH} deep",
        f"over {xml.MAX_DEPTH} deep, with a DOCTYPE, or with over {xml._MOST_ROWS:,} points or",
        f"{MOST_PIECES:,} tracks, segments or laps, or {xml._MOST_TAGS:,} tags",
        f"over {MOST_ACTIVITIES:,} activities",
        f"over {messages._MOST_MESSAGES:,} messages",
    ):
        assert text in PLAIN, text
    assert cells.BOMB_RATIO == 200


def test_the_time_after_which_a_stamp_counts_is_that_of_the_code() -> None:
    (told,) = re.findall(r"at least (\d+) s after these times", PLAIN)
    assert int(told) * 1_000_000_000 == stamps.STABLE_NS


def test_the_reasons_are_those_of_the_program() -> None:
    assert block_of(TEXT, "reasons") == reasons_table(), "run: python tests/fuzz/figures.py"


def test_the_commands_exist() -> None:
    root = DOCS.parent.parent
    told = DOCS.read_text(encoding="utf-8")
    scripts = re.findall(r"python (\S+\.py)", told)
    assert len(scripts) > 4
    assert all((root / script).is_file() for script in scripts)
    for test in re.findall(r"`(tests/\S+\.py)`", told):
        assert (root / test).is_file(), test
