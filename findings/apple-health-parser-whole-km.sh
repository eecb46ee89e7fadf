#!/usr/bin/env bash
# apple-health-parser 2.0.5: the kilometres of a day are rounded to whole ones.
#
# Guess: two records of 1.8 and 1.7 km on Monday and one of 0.45 km on Tuesday: operation="sum" gives 3.5
#        and 0.45, since the records it starts from hold 1.80, 1.70 and 0.45.
# Saw:   4.0 and 0.0, with a decimal point and without a word; the same for every kind of record.
# Ours:  days of short runs or walks come out as 0; sum get_flag_records(...).records yourself.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --no-compile --disable-pip-version-check \
    click==8.5.1 lxml==6.1.3 pandas==3.1.1 numpy==2.4.6 pydantic==2.14.4 pydantic-extra-types==2.11.1 pyyaml==6.0.4 pytz==2026.6
# what only its pictures need (a browser, for one) is left out
venv/bin/python -m pip install --quiet --no-compile --disable-pip-version-check --no-deps apple-health-parser==2.0.5
venv/bin/python -W ignore - <<'PY'
import logging
import sys
import zipfile
from importlib.metadata import version

logging.disable(logging.CRITICAL)
from apple_health_parser.utils.parser import Parser
from apple_health_parser.utils.preprocessor import Preprocessor

KIND = "HKQuantityTypeIdentifierDistanceWalkingRunning"


def record(day, minute, km):
    start, end = (f"2026-03-{day:02d} 08:{m:02d}:00 +0100" for m in (minute, minute + 10))
    return (
        f'<Record type="{KIND}" sourceName="made up" unit="km" creationDate="{end}" '
        f'startDate="{start}" endDate="{end}" value="{km}"/>'
    )


with zipfile.ZipFile("export.zip", "w") as archive:
    archive.writestr(
        "apple_health_export/export.xml",
        '<?xml version="1.0" encoding="UTF-8"?><HealthData locale="en_GB">'
        '<ExportDate value="2026-03-04 09:00:00 +0100"/>'
        + record(2, 0, 1.8) + record(2, 10, 1.7) + record(3, 0, 0.45) + "</HealthData>",
    )
data = Parser(export_file="export.zip", output_dir="out", overwrite=True).get_flag_records(flag=KIND)
held = data.records["value"].tolist()
days = Preprocessor(data=data, year=2026, operation="sum").get_dataframe()
print("apple-health-parser", version("apple-health-parser"), "records:", held)
print(days.to_string(index=False))
sys.exit(not (held == [1.8, 1.7, 0.45] and days["value"].tolist() == [4.0, 0.0]))
PY
