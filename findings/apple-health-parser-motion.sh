#!/usr/bin/env bash
# apple-health-parser 2.0.5: whichever note stands first is taken for the motion of a heart rate.
#
# Guess: motion_context is the value of HKMetadataKeyHeartRateMotionContext: 2 is "Active"; a record
#        without that key has none.
# Saw:   the first MetadataEntry counts, whatever its key: with a sync version of 1 before the motion 2 the
#        record is "Sedentary", and one that has only an identifier of another app is left out: 2 records of
#        3, with one line in the log.
# Ours:  heart rates at rest picked by "Sedentary" hold those of runs. loadmon takes no motion from them.
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

KIND = "HKQuantityTypeIdentifierHeartRate"


def record(minute, bpm, *notes):
    when = f"2026-03-02 08:{minute:02d}:00 +0100"
    entries = "".join(f'<MetadataEntry key="{key}" value="{value}"/>' for key, value in notes)
    return (
        f'<Record type="{KIND}" sourceName="made up" unit="count/min" creationDate="{when}" '
        f'startDate="{when}" endDate="{when}" value="{bpm}">{entries}</Record>'
    )


motion = ("HKMetadataKeyHeartRateMotionContext", "2")
with zipfile.ZipFile("export.zip", "w") as archive:
    archive.writestr(
        "apple_health_export/export.xml",
        '<?xml version="1.0" encoding="UTF-8"?><HealthData locale="en_GB">'
        '<ExportDate value="2026-03-04 09:00:00 +0100"/>'
        + record(1, 150, motion)
        + record(2, 160, ("HKMetadataKeySyncVersion", "1"), motion)
        + record(3, 170, ("HKExternalUUID", "made-up"))
        + "</HealthData>",
    )
rows = Parser(export_file="export.zip", output_dir="out", overwrite=True).get_flag_records(flag=KIND).records
seen = dict(zip(rows["value"].tolist(), rows["motion_context"].tolist()))
print("apple-health-parser", version("apple-health-parser"), seen, "of 150, 160 and 170 bpm, the first two active")
sys.exit(seen != {150: "Active", 160: "Sedentary"})
PY
