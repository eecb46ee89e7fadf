"""One paragraph that says how every number of this report came about, ready to paste."""

from __future__ import annotations

import platform
from importlib.metadata import version

from loadmon.athlete.in_force import in_force_text
from loadmon.checks.words import count_text
from loadmon.evidence.checks import ACWR_LIMIT, MONOTONY, REST_DAYS, SESSION_SPIKE, WEEKLY_CHANGE
from loadmon.evidence.load import CHRONIC_FLOOR, LAYOFF, WINDOWS
from loadmon.evidence.ramp import RAMP_SESSION
from loadmon.report.overview import Overview
from loadmon.report.texts import dated


def methods_text(overview: Overview) -> str:
    """Files, definitions, versions and settings of a report.

    Parameters
    ----------
    overview : Overview
        What the report says.

    Returns
    -------
    str
        One paragraph; distances of definitions in km, as they are computed.
    """
    parts = [_inputs(overview), _calendar(overview), _definitions(), _own_limits(overview)]
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


def _definitions() -> str:
    """What each check compares, and its limit."""
    acute, chronic = int(WINDOWS["acute"]), int(WINDOWS["chronic"])
    return (
        f"Session distance over the longest of the {SESSION_SPIKE['window_days']:.0f} days before: "
        f"flag above {SESSION_SPIKE['small']:g} and {RAMP_SESSION['floor_km']:g} km. Acute:chronic "
        f"ratio: coupled ({acute} over {chronic} days), uncoupled ({acute} over the "
        f"{chronic - acute} before), EWMA (lambda 2/(N+1), N {acute} and {chronic}, seeded with "
        f"the first day): flags above {ACWR_LIMIT['coupled']:g}, {ACWR_LIMIT['uncoupled']:g}, "
        f"{ACWR_LIMIT['ewma']:g}; none in the first {chronic} days, from day "
        f"{LAYOFF['returning_from_days']:.0f} of a lay-off until "
        f"{LAYOFF['returning_for_days']:.0f} days after it, or where chronic load is under "
        f"{100 * CHRONIC_FLOOR['share']:.0f} % of its mean over "
        f"{CHRONIC_FLOOR['window_days']:.0f} days. Seven days over the seven before: flag above "
        f"{WEEKLY_CHANGE['limit']:g}. Monotony, mean of seven daily loads over their population "
        f"standard deviation: flag above {MONOTONY['limit']:g}. Days without a run in seven: flag "
        f"below {REST_DAYS['min_in_7']:.0f}."
    )


def _own_limits(overview: Overview) -> str:
    """Limits that the runner has set."""
    limits = overview.athlete.limits
    if not limits:
        return ""
    return f"Limits of the runner's own: {', '.join(f'{k} {v:g}' for k, v in limits.items())}."
