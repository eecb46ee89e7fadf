#!/usr/bin/env bash
# gpsbabel 1.8.0: a CSV has the machine's clock time without a zone, so an hour of running can last 0 s.
#
# Guess: unicsv writes the UTC times of the GPX; what it wrote it reads back as it was.
# Saw:   on a machine in Berlin the hour from 00:30 to 01:30 UTC on 25 October 2026, when the clocks
#        go back, is 02:30 to 02:30, and read back 01:30 to 01:30 UTC: 0 s. Written in Berlin and
#        read in UTC on another night it starts two hours late.
# Ours:  the run's day and length depend on whose computer it was; write with TZ=UTC or the option utc.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq -o APT::Sandbox::User=root gpsbabel=1.8.0+ds-5 libqt5core5a libicu72 \
    libdouble-conversion3 libpcre2-16-0 libglib2.0-0 libshp2 libusb-1.0-0
for package in ./*.deb; do dpkg -x "$package" root; done
gpsbabel() {
    LD_LIBRARY_PATH=$(echo "$work"/root/usr/lib/*-linux-gnu) root/usr/bin/gpsbabel "$@"
}
# points FROM_SECOND TO_SECOND STEP METRES_PER_SECOND FIRST_METRE HEART: a segment to the north
points() {
    echo '<trkseg>'
    for ((s = $1; s <= $2; s += $3)); do
        place=$(awk -v m="$(($5 + (s - $1) * $4))" 'BEGIN { printf "%.7f", 50 + m / 111195 }')
        echo "<trkpt lat=\"$place\" lon=\"10\"><time>$(date -u -d "$START + $s seconds" +%Y-%m-%dT%H:%M:%SZ)</time>"
        echo "<extensions><gpxtpx:TrackPointExtension><gpxtpx:hr>$6</gpxtpx:hr></gpxtpx:TrackPointExtension></extensions></trkpt>"
    done
    echo '</trkseg>'
}
gpx() {
    echo '<?xml version="1.0"?><gpx version="1.1" creator="made up" xmlns="http://www.topografix.com/GPX/1/1"'
    echo ' xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1"><trk><name>Run</name><type>running</type>'
    cat
    echo '</trk></gpx>'
}

times() { grep -o '<time>[^.<]*Z' | sed -n '1p;$p' | tr -d '\n' | sed 's/<time>/ /g'; }
csv() { tr -d '\r' <run.csv | sed -n '2p;$p' | cut -d , -f 5-6 | paste -s -d ' '; }
gpsbabel -V | grep Version
{
    START='2026-10-25 00:30 UTC'
    points 0 3600 60 3 0 150 | gpx >run.gpx
    TZ=Europe/Berlin gpsbabel -t -i gpx -f run.gpx -o unicsv -F run.csv
    echo "CSV of 25 October, Berlin: $(csv)"
    echo "read back in Berlin:$(TZ=Europe/Berlin gpsbabel -t -i unicsv -f run.csv -o gpx -F - | times)"
    START='2026-10-21 22:30 UTC'
    points 0 3600 60 3 0 150 | gpx >run.gpx
    TZ=Europe/Berlin gpsbabel -t -i gpx -f run.gpx -o unicsv -F run.csv
    echo "CSV of 21 October, Berlin: $(csv)"
    echo "read back in UTC:$(TZ=UTC gpsbabel -t -i unicsv -f run.csv -o gpx -F - | times)"
} | tee seen
diff seen - <<'TEXT'
CSV of 25 October, Berlin: 2026/10/25,02:30:00 2026/10/25,02:30:00
read back in Berlin: 2026-10-25T01:30:00Z 2026-10-25T01:30:00Z
CSV of 21 October, Berlin: 2026/10/22,00:30:00 2026/10/22,01:30:00
read back in UTC: 2026-10-22T00:30:00Z 2026-10-22T01:30:00Z
TEXT
