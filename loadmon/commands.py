"""What each command does with its options: read the paths, call one public function, show it."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loadmon.errors import ReadError, ScreeningNeeded, SettingError

if TYPE_CHECKING:
    from loadmon.athlete import Athlete
    from loadmon.reading.archive import Archive

#: Exit codes; 1 is left to Python, so that a bug never reads as a finding.
DONE, UNUSABLE, FLAGGED, UNKNOWN = 0, 2, 3, 4
_WEEK_COLUMNS = (
    *("week_start", "runs", "run_days", "distance_km", "duration_min", "longest_km", "change"),
    *("max_session_ratio", "monotony", "acwr_coupled", "acwr_status", "partial", "flags"),
)
_ACTIVITY_COLUMNS = (
    *("date", "sport", "sub_sport", "distance_km", "duration_min", "avg_hr_bpm", "rpe"),
    *("tz_source", "flags", "file"),
)


def _athlete(args: argparse.Namespace) -> Athlete | None:
    """athlete.toml as asked for, else beside the archive, else in the configuration folder."""
    from platformdirs import user_config_path

    from loadmon.athlete import load_athlete

    if args.athlete:
        return load_athlete(args.athlete)
    places = [Path(p) if Path(p).is_dir() else Path(p).parent for p in args.paths]
    places.append(user_config_path("loadmon"))
    found = next((p / "athlete.toml" for p in places if (p / "athlete.toml").is_file()), None)
    return load_athlete(found) if found else None


def _read(args: argparse.Namespace) -> Archive:
    """Read the paths, showing progress on a terminal."""
    from loadmon.reading.read import read

    shown = sys.stderr.isatty()

    def progress(done: int, name: str) -> None:
        if shown and done % 20 == 0:
            print(f"\r\033[Kreading: {done} files", end="", file=sys.stderr, flush=True)

    archive = read(*args.paths, athlete=_athlete(args), progress=progress)
    if shown:
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    return archive


def _usable(args: argparse.Namespace) -> tuple[Archive, date]:
    """Archive with activities, and the day that the answers are for."""
    archive = _read(args)
    if archive.activities.empty:
        raise ReadError(_nothing_usable(args, archive))
    as_of = args.as_of or date.today()  # noqa: DTZ011 - the runner's own day is the machine's
    days = archive.activities["date"].dt.date
    if days.min() > as_of:
        raise ReadError(f"nothing is recorded up to {as_of}; the first activity is of {days.min()}")
    if args.old_export:
        as_of = days[days <= as_of].max()
    if args.rested:
        archive = archive.rested_until(as_of)
    return archive, as_of


def _answered(args: argparse.Namespace) -> tuple[Archive, date]:
    """`_usable`, with the question about silent days on stderr where it is open."""
    from loadmon.load.daily import silent_days
    from loadmon.report.terminal import silence_text

    archive, as_of = _usable(args)
    told = silence_text(silent_days(archive.activities, as_of), as_of)
    if told:
        print(told, file=sys.stderr)
    return archive, as_of


def _nothing_usable(args: argparse.Namespace, archive: Archive) -> str:
    """One sentence that names the path and says what to do."""
    names = ", ".join(args.paths)
    files = archive.files
    if files.empty:
        return f"{names}: nothing in it; name the folder or zip that holds your watch's export"
    if len(files) == 1:
        row = files.iloc[0]
        return f"{row['file']}: {row['detail']}"
    worst = files["outcome"].value_counts()
    counts = ", ".join(f"{n} {outcome}" for outcome, n in worst.items())
    return (
        f"{names}: {len(files)} files ({counts}) and no activity in them; name the folder or zip "
        f"that holds your watch's export, or see: loadmon files {shlex.join(args.paths)}"
    )


def _print(args: argparse.Namespace, frame: Any, columns: Sequence[str] = ()) -> None:
    """Frame on stdout in the asked format and unit."""
    from loadmon.report.output import formatted, in_units

    shown = [c.replace("_km", "_mi") if args.units == "mi" else c for c in columns]
    print(formatted(in_units(frame, args.units), args.format, shown))


def _kilometres_only(args: argparse.Namespace) -> None:
    """Refuse miles where sentences would still say kilometres."""
    if args.units != "km":
        raise SettingError("this version writes its sentences in kilometres: leave --units out")


def report(args: argparse.Namespace) -> int:
    """Say what this week holds, what is flagged and why: in the terminal and as one HTML file."""
    from loadmon.report.overview import overview
    from loadmon.report.page import render_page
    from loadmon.report.terminal import report_text

    _kilometres_only(args)
    archive, as_of = _usable(args)
    told = overview(archive, title=shlex.join(args.paths), as_of=as_of)
    output = args.output or (Path("report.html") if args.format == "table" else None)
    if args.format == "table":
        print(report_text(told))
    else:
        from loadmon.report.output import formatted, rows

        if args.format == "csv":
            print(formatted(told.weekly, "csv"))
        else:
            whole = told.findings.to_dict() | {
                "weekly": rows(told.weekly),
                "today": rows(told.today.to_frame()),
                "files": {k: int(v) for k, v in told.outcomes.items()},
            }
            print(json.dumps(whole, ensure_ascii=False, indent=1))
    if output:
        _write_page(output, render_page(told))
        print(f"{output} written: open it in a browser, or print it", file=sys.stderr)
    return DONE


def _write_page(path: Path, page: str) -> None:
    """Write the page, but never over a file that is not a report of ours."""
    try:
        if path.exists() and b"loadmon" not in path.read_bytes()[:2000]:
            raise SettingError(f"{path} is not a loadmon report; name another file with -o")
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise SettingError(
            f"{path}: cannot be written ({error.strerror}); name another with -o"
        ) from None


def weekly(args: argparse.Namespace) -> int:
    """One row a week: distance, longest run, ratios with their status, flags."""
    from loadmon.load.weekly import weekly_load

    archive, as_of = _answered(args)
    _print(args, weekly_load(archive.activities, as_of=as_of), _WEEK_COLUMNS)
    return DONE


def activities(args: argparse.Namespace) -> int:
    """One row an activity, as it was read."""
    archive, as_of = _usable(args)
    activities = archive.activities
    _print(args, activities[activities["date"].dt.date <= as_of], _ACTIVITY_COLUMNS)
    return DONE


def files(args: argparse.Namespace) -> int:
    """What became of every file, and what to do where it could not be used."""
    archive = _read(args)
    _print(args, archive.files, ("outcome", "reason", "file", "detail"))
    if archive.activities.empty:
        raise ReadError(_nothing_usable(args, archive))
    return DONE


def check(args: argparse.Namespace) -> int:
    """Every check of the last seven days, with its numbers, limit and source."""
    from loadmon.checks.check import check as judge
    from loadmon.report.terminal import findings_text

    _kilometres_only(args)
    archive, as_of = _answered(args)
    findings = judge(archive, as_of=as_of)
    if args.format == "json":
        print(json.dumps(findings.to_dict(), ensure_ascii=False, indent=1))
    elif args.format == "csv":
        _print(args, findings.to_frame())
    else:
        print(findings_text(findings))
    if args.exit_code:
        return {"ok": DONE, "flagged": FLAGGED, "unknown": UNKNOWN}[findings.verdict]
    return DONE


def today(args: argparse.Namespace) -> int:
    """The longest run within every limit on this day, and what limits it."""
    from loadmon.checks.today import today as longest
    from loadmon.report.terminal import today_text

    archive, as_of = _answered(args)
    told = longest(archive, as_of=as_of)
    if args.format == "table":
        _kilometres_only(args)
        print(today_text(told), end="\n\n")
    _print(args, told.to_frame())
    return DONE


def ramp(args: argparse.Namespace) -> int:
    """A plan from the day of return to a target that stays within the limits."""
    from loadmon.ramp.plan import plan_ramp
    from loadmon.report.terminal import ramp_text

    archive, _ = _usable(args)
    as_of = archive.activities["date"].max() if args.old_export else args.as_of
    if args.rested:
        archive = archive.rested_until(args.resume - timedelta(days=1))
    options: dict[str, Any] = {
        "resume": args.resume,
        "target_km": args.target_km,
        "target_long_km": args.target_long_km,
        "by": args.by,
        "pace": args.pace,
        "reason": args.reason,
        "run_days": args.run_days,
        "as_of": as_of,
    }
    answers = _screening(args)
    try:
        plan = plan_ramp(archive, screening=answers, **options)
    except ScreeningNeeded as needed:
        plan = plan_ramp(archive, screening=answers | _ask(needed), **options)
    if args.format == "table":
        _kilometres_only(args)
        print(ramp_text(plan))
    else:
        print(plan.message, file=sys.stderr)  # the stop text goes with every plan
        _print(args, plan.plan)
    return DONE


def _screening(args: argparse.Namespace) -> dict[str, bool | float]:
    """Answers given as options: the questions that apply; ``none`` of the warning signs does."""
    from loadmon.ramp.screening import RED_FLAGS

    answers: dict[str, bool | float] = {}
    if args.screened is not None:
        applies = [] if args.screened == "none" else args.screened.split(",")
        answers = {q.key: False for q in RED_FLAGS} | dict.fromkeys(applies, True)
    if args.pain is not None:
        answers["pain"] = args.pain
    return answers


def _ask(needed: ScreeningNeeded) -> dict[str, bool | float]:
    """Ask the questions on a terminal; elsewhere say how to answer them."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        listed = "\n".join(f"  {key}: {text}" for key, text in needed.questions.items())
        raise SettingError(
            f"before a plan, answer these questions:\n{listed}\n"
            "with --pain 0..10 and --screened none if none of them applies, else --screened KEY,KEY"
        )
    return {key: _answer(key, text) for key, text in needed.questions.items()}


def _answer(key: str, text: str) -> bool | float:
    """One answer from the terminal, asked again until it can be understood."""
    choices = "0-10" if key == "pain" else "y/n"
    while True:
        print(f"{text} [{choices}] ", end="", file=sys.stderr, flush=True)
        given = sys.stdin.readline().strip().lower()
        if key != "pain" and given in ("y", "yes", "n", "no"):
            return given[0] == "y"
        if key == "pain" and given.replace(".", "", 1).isdigit() and float(given) <= 10:
            return float(given)
