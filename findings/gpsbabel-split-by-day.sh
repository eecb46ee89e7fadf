#!/usr/bin/env bash
# gpsbabel 1.8.0: "track,split" cuts a run at midnight, and whose midnight depends on the machine.
#
# Guess: "track,split" without an interval parts the days of a log and leaves one evening run whole;
#        if it cuts by date, then by the date of the file's times, UTC.
# Saw:   a run from 23:50 to 00:20 UTC is two tracks in UTC and one in Berlin; one from 22:50 to 23:20
#        UTC is one in UTC and two in Berlin.
# Ours:  the longest run of the week is halved on one computer and not on the other; split by an interval
#        ("track,split=4h").
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

tracks() { TZ=$1 gpsbabel -t -i gpx -f run.gpx -x "track,$2" -o gpx -F - | grep -c '<trk>'; }
gpsbabel -V | grep Version
for start in '23:50' '22:50'; do
    START="2026-03-01 $start UTC"
    points 0 1800 10 3 0 150 | gpx >run.gpx
    echo "from $start UTC: $(tracks UTC split) in UTC, $(tracks Europe/Berlin split) in Berlin, by 4 h: $(tracks UTC split=4h)"
done | tee seen
diff seen - <<'TEXT'
from 23:50 UTC: 2 in UTC, 1 in Berlin, by 4 h: 1
from 22:50 UTC: 1 in UTC, 2 in Berlin, by 4 h: 1
TEXT
