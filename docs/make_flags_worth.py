"""Write docs/what-flags-are-worth.md: each check against injuries, from runners or made-up ones.

python docs/make_flags_worth.py                                          # the simulated cohort
python docs/make_flags_worth.py day_approach_maskedID_timeseries.csv     # 74 competitive runners
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import loadmon

PATH = Path(__file__).parent.parent / "docs" / "what-flags-are-worth.md"
TITLE = """# What flags are worth

A flag says that something is unusual. Whether injuries follow unusual days more often than others
is a question to a study, and here is the answer of one, check by check, made by `python
docs/make_flags_worth.py` with [`loadmon.evaluate`](studies.md#do-injuries-follow-flags).
"""
SIMULATED = """**These runners are made up.** No data set that may be passed on lies here, so the
table is of `loadmon.simulate_cohort`: {athletes} runners over {years} years, in whom an injury is
{ratio:g} times as likely on each of the {days} days after a session spike, and comes by chance
otherwise. The truth is known, and only the session spike has one. The table shows what the method
gives, it says **nothing of real runners**: a check whose ratio leaves 1 here does so because its
flags come in the same days as spikes, and one that stays at 1 may do otherwise in people.
"""
PUBLISHED = """The runners are the 74 of Lovdal, den Hartigh and Azzopardi (2021,
[doi:10.1123/ijspp.2020-0518](https://doi.org/10.1123/ijspp.2020-0518), data CC0,
[doi:10.34894/UWU9PV](https://doi.org/10.34894/UWU9PV)): competitive, middle to long distances,
seven years. Flags of the day before an event (`horizon_days={horizon}`). Before an injury only
its own seven days are told, so checks that look further back are mostly not known, and healthy
days were chosen away from injuries: rates are not those of a season. An injury is a session not
completed because of injury.
"""
COLUMNS = (
    "check",
    "flags in 100 days",
    "injuries per 1,000 days after a flag",
    "on other days",
    "ratio",
    "chance gives",
    "p, for all",
    "flags followed",
    "injuries with a flag before",
)
READING = """**How to read a row.** Two numbers come before the ratio: the share of flags that an
injury followed, and the share of injuries that had a flag before them. A ratio of 2 with 1 flag
in 20 followed is a true signal and a poor alarm. The interval of the ratio is a 95 % one from
runners drawn again; "chance gives" is where 95 of 100 ratios lie once each runner's injuries are
shifted in time, and a ratio inside it is a difference between runners or nothing. p counts every
check and window of the table. "Not known": the check was never raised, or its flags are not known
on the days that count.

**What no row says**: that a flag brings injuries, that leaving out a run would have kept anyone
well, or what one runner should do.
"""
GET = """## With real runners

The one data set that loadmon knows is free, and not ours to pass on. Download
`day_approach_maskedID_timeseries.csv` from [doi:10.34894/UWU9PV](https://doi.org/10.34894/UWU9PV)
(DataverseNL, CC0), then

<!-- download -->
```sh
python docs/make_flags_worth.py day_approach_maskedID_timeseries.csv
```

writes this page again with those runners. `loadmon.read_lovdal_days` and `read_lovdal_weeks`
refuse another file and another order of columns ([what the design of that study cannot
show](studies.md#published-data)). For a study of your own: [two
tables](studies.md#tables-instead-of-exports).
"""
ATHLETES, DAYS = 600, 730


def page(path: str | None = None) -> str:
    """Text of the page, from the published day file or from made-up runners."""
    if path is None:
        made = loadmon.simulate_cohort(
            ATHLETES, days=DAYS, hazard_ratio=2.0, unknown_days_per_year=2, seed=1
        )
        table = loadmon.evaluate(loadmon.daily_panel(made.sessions), made.injuries)
        told = SIMULATED.format(
            athletes=ATHLETES, years=DAYS // 365, ratio=made.hazard_ratio, days=made.effect_days
        )
    else:
        days = loadmon.read_lovdal_days(path)
        panel = loadmon.daily_panel(days.sessions, as_of=days.injuries["date"].max())
        table = loadmon.evaluate(panel, days.injuries, horizon_days=1)
        told = PUBLISHED.format(horizon=1)
    return "\n".join([TITLE, told, counts(table), rows(table), READING, GET])


def counts(table: pd.DataFrame) -> str:
    """What the table is of, in a sentence."""
    first = table.iloc[0]
    return (
        f"{first['athletes']} runners, {first['injuries_reported']} injuries, "
        f"{first['injuries_counted']} of which count; days after a flag: "
        f"{first['horizon_days']}; {first['comparisons']} comparisons.\n"
    )


def rows(table: pd.DataFrame) -> str:
    """Table with a line for each check."""
    lines = [COLUMNS, ["---"] * len(COLUMNS), *map(cells, table.to_dict("records"))]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cells(row: dict) -> list[str]:
    """Cells of a check."""
    known = row["rate_ratio"] == row["rate_ratio"]
    rates = [row["rate_flagged"], row["rate_unflagged"]]
    return [
        f"`{row['check']}`",
        f"{row['flags_per_100_days']:.1f}",
        *(f"{rate:.2f}" if known else "not known" for rate in rates),
        f"{row['rate_ratio']:.2f} ({row['rate_ratio_low']:.2f} to {row['rate_ratio_high']:.2f})"
        if known
        else "not known",
        f"{row['null_low']:.2f} to {row['null_high']:.2f}" if known else "",
        f"{row['p_adjusted']:.3f}" if known else "none",
        *(
            f"{100 * row[name]:.0f} %" if row[name] == row[name] else "not known"
            for name in ("flags_followed", "injuries_flagged_share")
        ),
    ]


def main() -> None:
    PATH.write_text(page(*sys.argv[1:2]), encoding="utf-8")


if __name__ == "__main__":
    main()
