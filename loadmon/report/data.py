"""Everything a report says as data, for programs: rows of the frames, days as ISO text."""

from __future__ import annotations

from typing import Any

from loadmon.report.clinic_frames import clinic_frames
from loadmon.report.methods import methods_text
from loadmon.report.output import plain, rows
from loadmon.report.overview import UNREADABLE, Overview


def report_data(overview: Overview) -> dict[str, Any]:
    """A report as JSON takes it.

    Parameters
    ----------
    overview : Overview
        What the report says.

    Returns
    -------
    dict
        The keys of ``Findings.to_dict``, of the checks that the report tells (those of the last
        recorded day where a question about silent days is open); ``silence``; the rows of
        ``weekly``, ``daily``, ``sessions`` (`loadmon.session_spikes`), ``today``, ``changes``,
        ``gaps``, ``diary`` and ``settings`` in force; ``clinic``: rows of
        `loadmon.report.clinic_frames.clinic_frames`; ``files``: inputs by outcome;
        ``unreadable``: ledger rows of those that could not be used; ``methods``: how the numbers
        came about, in one paragraph. Distances in km, None for
        what is not known.
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
