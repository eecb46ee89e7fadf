"""The files of a plan: calendar, workouts and page are written, an edited one is judged."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd

from loadmon.cli import DONE
from loadmon.cli.opening import open_archive, print_dayless, print_frame, print_text
from loadmon.cli.screen import line_width, print_err
from loadmon.diary import write_whole
from loadmon.errors import FrameError, SettingError
from loadmon.evidence.pain import DIARY_PAIN
from loadmon.ramp.edited import checked_plan, read_plan
from loadmon.ramp.export import (
    COPY_TEXT,
    PRODUCT,
    calendar,
    earlier_workouts,
    is_own_workout,
)
from loadmon.ramp.result import Ramp
from loadmon.ramp.screening import STOP_TEXT, reason_from_diary
from loadmon.ramp.verify import verify_ramp
from loadmon.report.output import fitted, head_of
from loadmon.report.plan import plan_page, verified_text
from loadmon.report.wording import dated
from loadmon.rules.limits import limits_for, load_limits
from loadmon.units import count_text

#: Options of a plan that is to be made, by their names.
_OF_A_NEW_PLAN = (
    *("resume", "target_km", "target_long_km", "by", "programme", "run_days", "easy_pace"),
    *("pain", "site", "screened", "clinician_agreed", "ics", "fit", "page"),
)


def write_files(args: argparse.Namespace, plan: Ramp) -> None:
    """Calendar, workouts and page, where they are asked for; never over a file that is not ours.

    Where there is no plan any more, what an earlier one left in them is taken back.
    """
    for path, write in (
        (args.ics, _write_calendar),
        (args.fit, _write_workouts),
        (args.page, _write_page),
    ):
        try:
            if path:
                write(args, plan)
        except OSError as error:
            name = error.filename or path
            raise SettingError(f"{name}: cannot be written ({error.strerror})") from None


def _write_calendar(args: argparse.Namespace, plan: Ramp) -> None:
    path: Path = args.ics
    is_there, is_plan = path.exists(), not plan.plan.empty
    if is_there and f"PRODID:{PRODUCT}".encode() not in head_of(path):
        raise SettingError(f"{path} is not a calendar of loadmon; name another file with --ics")
    if not (is_there or is_plan):
        return
    now, earlier = datetime.now(UTC).astimezone(), path.read_bytes() if is_there else b""
    try:
        content = calendar(plan.plan, now, name=args.name, units=plan.units, earlier=earlier)
    except SettingError as error:
        raise SettingError(f"{path}: {error}") from None
    write_whole(path, content)
    gone = content.count(b"\nSTATUS:CANCELLED")
    why = "" if is_plan else "there is no plan: "
    what = f"{count_text(gone, 'day')} of the earlier plan cancelled; " if gone else ""
    again = "import it again after each new plan" if is_plan else "import it again now"
    print_err(f"{path} written: {why}{what}{again}")


def _write_workouts(args: argparse.Namespace, plan: Ramp) -> None:
    folder: Path = args.fit
    files = {} if plan.plan.empty else plan.to_fit(whole=args.all)
    for path in (folder / name for name in files):
        if (path.exists() or path.is_symlink()) and not is_own_workout(path):
            raise SettingError(
                f"{path} is not a workout of loadmon; name another folder with --fit"
            )
    gone = [path for path in earlier_workouts(folder) if path.name not in files]
    if files:
        folder.mkdir(parents=True, exist_ok=True)
    for name, workout in files.items():
        write_whole(folder / name, workout)
    for path in gone:
        path.unlink()
    if files:
        is_all = len(files) == (plan.plan["distance_km"] > 0).sum()
        more = "" if is_all else " for the first four weeks (--all: for the whole plan)"
        print_err(f"{folder}: {count_text(len(files), 'workout')} written{more}. {COPY_TEXT}")
    if gone:
        print_err(
            f"{folder}: {count_text(len(gone), 'workout')} of an earlier plan taken away; delete "
            "them on the watch as well"
        )


def _write_page(args: argparse.Namespace, plan: Ramp) -> None:
    path: Path = args.page
    if path.exists() and b'content="loadmon plan' not in head_of(path):
        raise SettingError(f"{path} is not a plan of loadmon; name another file with --page")
    write_whole(path, plan_page(plan, name=args.name).encode())
    print_err(f"{path} written: open it in a browser and print it")


def judge_plan(args: argparse.Namespace) -> int:
    """Print which limits a plan exceeds that somebody wrote or edited, or that it holds them."""
    given = [f"--{n.replace('_', '-')}" for n in _OF_A_NEW_PLAN if getattr(args, n) is not None]
    given = [option for option in given if option != "--clinician-agreed" or args.clinician_agreed]
    if given:
        raise SettingError(f"--verify judges a plan and makes none: leave out {', '.join(given)}")
    try:
        plan = checked_plan(read_plan(args.verify))
    except FrameError as error:
        raise SettingError(f"{args.verify}: {error}") from None
    if not (plan["distance_km"] != 0).any():
        raise SettingError(f"{args.verify}: there is no run in it")
    archive, today = open_archive(args)
    print_dayless(args, archive)
    eve, recorded = plan["date"].iloc[0] - timedelta(days=1), archive.activities["date"]
    as_of = recorded.max() if args.old_export else args.as_of
    until = eve if as_of is None else min(eve, pd.Timestamp(as_of))
    archive = archive.rested_until(eve) if args.rested else archive
    limits = (
        load_limits(args.limits, pace=args.pace)
        if args.limits
        else limits_for(args.pace, own=archive.athlete.limits)
    )
    found = verify_ramp(archive, plan, limits, as_of=until)
    before, later = recorded[recorded <= until], recorded[recorded > eve]
    notes = [
        f"{args.verify}: judged by the limits of pace {args.pace}, on what is recorded up to "
        f"{dated(before.max())}."
        if len(before)
        else f"{args.verify}: judged by the limits of pace {args.pace}; nothing is recorded before "
        "it."
    ]
    if len(later):
        notes.append(
            f"What was recorded from {dated(later.min())} on has no say in it: for the days that "
            "are left, make a new plan (loadmon ramp)."
        )
    if reason_from_diary(archive.athlete.diary, pd.Timestamp(today), "rest") != "rest":
        notes.append(
            f"Your diary has pain above {DIARY_PAIN['above']:g} of 10 in the last "
            f"{DIARY_PAIN['days']:.0f} days. Limits know nothing of it, and it outranks them: make "
            "a new plan (loadmon ramp), which asks about it first."
        )
    if args.format == "table":
        units, width = archive.athlete.units, line_width()
        print_text(args, fitted("\n".join(notes), width), end="\n\n")
        print_text(args, verified_text(plan, found, units=units, width=width))
    else:
        print_err("\n".join([*notes, STOP_TEXT]))
        print_frame(args, found)
    return DONE
