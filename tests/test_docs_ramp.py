"""docs/ramp.md: its tables are made again from the data."""

from __future__ import annotations

import re
from pathlib import Path

from loadmon.evidence.pain import RULES, SITES
from loadmon.evidence.ramp import PROGRAMMES, RAMP_TRY, Programme
from loadmon.ramp.sessions import STAGES
from loadmon.rules.limits import limits_for, load_limits

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "ramp.md").read_text(encoding="utf-8")


def table(name: str) -> list[list[str]]:
    """Cells of the table between two marks, without its heading."""
    told = re.search(rf"<!-- {name} -->\n(.*?)\n<!-- end -->", TEXT, re.DOTALL)
    assert told is not None
    rows = told[1].splitlines()[2:]
    return [[cell.strip().strip("`") for cell in row.strip("|").split("|")] for row in rows]


def test_the_file_of_limits_is_understood(tmp_path: Path) -> None:
    (told,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    path = tmp_path / "limits.toml"
    path.write_text(told, encoding="utf-8")
    limits = load_limits(path)
    assert limits.weekly_growth == 0.10
    assert [cap.run_km for cap in limits.caps] == [0, 5]


def test_the_table_of_sites_is_the_one_that_is_used() -> None:
    used = [[s.key, s.tissue, "yes" if s.high_risk else ""] for s in SITES]
    assert table("sites") == used


def test_the_table_of_rules_is_the_one_that_is_used() -> None:
    used = [
        [name, rule.action, str(rule.days_off), str(rule.level_change)]
        for name, rule in RULES.items()
    ]
    assert table("rules") == used


def running(programme: Programme) -> str:
    least, *_, most = (sum(n * run for n, run, _ in s.bouts) for s in programme.stages)
    many = ".1f" if programme.unit == "mile" else ".0f"
    return f"{least:{many}} to {most:{many}} {programme.unit}"


def test_the_table_of_programmes_is_the_one_that_is_used() -> None:
    used = [
        [p.key, str(sum(s.times for s in p.stages)), running(p), p.source]
        for p in PROGRAMMES.values()
    ]
    assert table("programmes") == used


def test_the_limits_are_those_of_the_program() -> None:
    steady, earliest = limits_for("steady"), limits_for("earliest")
    minutes = [f"{run:g}" for run, _ in STAGES]
    for told in (
        f"{RAMP_TRY['max_km']:g} km, or half the longest before",
        f"{100 * steady.session_growth:g} % or {steady.session_floor_km:g} km",
        f"{100 * steady.weekly_growth:g} % or {steady.weekly_floor_km:g} km | "
        f"{100 * earliest.weekly_growth:g} % |",
        f"acute:chronic ratio, coupled, from day {steady.ratio_from_day} | {steady.coupled:g} |",
        f"none in a row for {steady.no_consecutive_days} days",
        f"stages of {', '.join(minutes[:-1])} and {minutes[-1]} minutes",
    ):
        assert told in TEXT, told
