#!/usr/bin/env bash
# gpsbabel 1.8.0: interpolate fills the break between two segments with running at the next heart rate.
#
# Guess: "interpolate,time=60" adds points within a segment; between two segments, the format's word
#        for a break, it adds none, and no heart rate that nobody measured.
# Saw:   five minutes of break and a kilometre between the segments get four points with the heart rate
#        160 of the first point after it.
# Ours:  the break is run, and its heart rate is invented: interpolate no recording that counts as load.
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

START='2026-03-01 08:00 UTC'
{
    points 0 300 60 3 0 140
    points 600 900 60 3 1900 160
} | gpx >run.gpx
gpsbabel -V | grep Version
TZ=UTC gpsbabel -t -i gpx -f run.gpx -x interpolate,time=60 -o unicsv -F - | tr -d '\r' |
    cut -d , -f 2,4,6 | grep -E ',08:0[5-9]|,08:10' | tee seen
diff seen - <<'TEXT'
50.008094,140,08:05:00
50.009893,160,08:06:00
50.011691,160,08:07:00
50.013490,160,08:08:00
50.015288,160,08:09:00
50.017087,160,08:10:00
TEXT
