"""The methods behind a report, and its numbers as data."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import Any

from loadmon.athlete import in_force_text
from loadmon.evidence.limits import CHRONIC_FLOOR, LAYOFF, WINDOWS
from loadmon.report.clinic import clinic_frames
from loadmon.report.output import plain, rows
from loadmon.report.overview import UNREADABLE, Overview
from loadmon.report.wording import CHECK_WORDS, dated, value_text
from loadmon.units import count_text

# One paragraph that says how every number of this report came about, ready to paste.


def methods_text(overview: Overview) -> str:
    """Files, definitions, versions and settings of a report."""
    parts = [_inputs(overview), _calendar(overview), _ratio(), _checks(overview)]
    parts.append(_own_limits(overview))
    parts.append(in_force_text(overview.archive.settings))
    parts.append(f"Report for {dated(overview.as_of)}; no diagnosis and no clearance to run.")
    return " ".join(part for part in parts if part)


def _inputs(overview: Overview) -> str:
    """What was read with which versions."""
    from loadmon import __version__

    counts = ", ".join(f"{n} {outcome}" for outcome, n in overview.outcomes.items())
    runs = overview.archive.activities
    runs = runs[runs["date"] <= overview.as_of]
    own = runs[runs["sport"] == "running"]
    sources = ", ".join(f"{name} {n}" for name, n in own["distance_source"].value_counts().items())
    packages = ", ".join(f"{name} {version(name)}" for name in ("pandas", "numpy", "fitdecode"))
    told = (
        f"Running was read with loadmon {__version__} (Python {platform.python_version()}, "
        f"{packages}) from {count_text(int(overview.outcomes.sum()), 'file')} ({counts}): "
        f"{len(runs)} activities, {count_text(len(own), 'run')} among them"
    )
    if overview.daily.empty:
        return f"{told}."
    first = dated(overview.daily.index[0])
    return f"{told}, from {first} to {dated(overview.as_of)}; source of distance: {sources}."


def _calendar(overview: Overview) -> str:
    """How days are counted."""
    unknown = int(overview.daily["load"].isna().sum())
    return (
        "Distances were summed by local calendar day; a day without a run is 0, a day that holds a "
        "file that could not be read, that the runner marked, or that lies past the runner's usual "
        f"gap after the last recording is unknown ({count_text(unknown, 'day')}), and no number is "
        "given over a window that holds one."
    )


def _ratio() -> str:
    """Windows of the acute:chronic ratio, and when there is none."""
    acute, chronic = int(WINDOWS["acute"]), int(WINDOWS["chronic"])
    return (
        f"Acute:chronic ratio: coupled ({acute} over {chronic} days), uncoupled ({acute} over the "
        f"{chronic - acute} before), EWMA (lambda 2/(N+1), N {acute} and {chronic}, seeded with "
        f"the first day); none in the first {chronic} days, from day "
        f"{LAYOFF['returning_from_days']:.0f} of a lay-off until "
        f"{LAYOFF['returning_for_days']:.0f} days after it, or where chronic load is under "
        f"{100 * CHRONIC_FLOOR['share']:.0f} % of its mean over "
        f"{CHRONIC_FLOOR['window_days']:.0f} days."
    )


def _checks(overview: Overview) -> str:
    """What each check that was made compares, and its limit."""
    told = []
    for row in overview.judged.to_dict()["findings"]:
        if row["method"] and row["verdict"] != "not_set_up":
            limit = (
                "" if row["limit"] is None else f", limit {value_text(row['limit'], row['unit'])}"
            )
            told.append(f"{CHECK_WORDS[row['check']].lower()} ({row['method']}{limit})")
    return f"Checks: {'; '.join(told)}." if told else ""


def _own_limits(overview: Overview) -> str:
    """Limits that the runner has set."""
    limits = overview.athlete.limits
    if not limits:
        return ""
    return f"Limits of the runner's own: {', '.join(f'{k} {v:g}' for k, v in limits.items())}."


# Everything a report says as data, for programs: rows of the frames, days as ISO text.


def report_data(overview: Overview) -> dict[str, Any]:
    """A report as JSON takes it.

    Returns the keys of ``Findings.to_dict``, of the checks that the report tells (those of the
    last recorded day where a question about silent days is open); ``silence``; the rows of
    ``weekly``, ``daily``, ``sessions`` (`loadmon.session_spikes`), ``today``, ``changes``,
    ``gaps``, ``diary`` and ``settings`` in force; ``clinic``: rows of
    `loadmon.report.clinic.clinic_frames`; ``files``: inputs by outcome; ``unreadable``: ledger
    rows of those that could not be used; ``methods``: how the numbers came about, in one
    paragraph. Distances in km, None for what is not known.
    """
    silent = overview.silent
    unreadable = overview.files["outcome"].isin(UNREADABLE)
    return overview.judged.to_dict() | {
        "report_for": plain(overview.as_of),
        "silence": None
        if silent is None
        else {
            "last_recorded": plain(silent.last_recorded),
            "days_silent": silent.days_silent,
            "usual_gap": silent.usual_gap,
            "unknown": silent.unknown,
        },
        "weekly": rows(overview.weekly),
        "daily": rows(overview.daily),
        "sessions": rows(overview.spikes),
        "today": rows(overview.today.to_frame()),
        "changes": rows(overview.changes),
        "gaps": rows(overview.gaps),
        "diary": rows(overview.diary),
        "clinic": {name: rows(frame) for name, frame in clinic_frames(overview).items()},
        "files": {str(k): int(v) for k, v in overview.outcomes.items()},
        "settings": rows(overview.archive.settings),
        "unreadable": rows(overview.files[unreadable]),
        "without_sport": overview.no_sport,
        "methods": methods_text(overview),
    }
