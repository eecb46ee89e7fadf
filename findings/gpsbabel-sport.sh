#!/usr/bin/env bash
# gpsbabel 1.8.0: a run becomes a ride on its way through a TCX.
#
# Guess: a TCX of Sport="Running", or a GPX of type "running", written as TCX stays a run, or the
#        sport is Other.
# Saw:   Sport="Biking" for both, without a message, unless the option sport=Running is given.
# Ours:  the run is missing in the week of who converts this way: pass sport=Running, or keep the FIT.
#        loadmon flags such a "ride" (speed-implausible) but does not count it.
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
time='<Time>2026-03-01T08:00:00Z</Time>'
place='<Position><LatitudeDegrees>50.00</LatitudeDegrees><LongitudeDegrees>10</LongitudeDegrees></Position>'
track="<Trackpoint>$time$place</Trackpoint><Trackpoint>${time/08:00/08:10}${place/50.00/50.02}</Trackpoint>"
cat >run.tcx <<TEXT
<?xml version="1.0"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities>
<Activity Sport="Running"><Id>2026-03-01T08:00:00Z</Id><Lap StartTime="2026-03-01T08:00:00Z">
<TotalTimeSeconds>600</TotalTimeSeconds><DistanceMeters>2224</DistanceMeters><Calories>60</Calories>
<Intensity>Active</Intensity><TriggerMethod>Manual</TriggerMethod><Track>$track</Track></Lap></Activity>
</Activities></TrainingCenterDatabase>
TEXT
cat >run.gpx <<'TEXT'
<?xml version="1.0"?>
<gpx version="1.1" creator="made up" xmlns="http://www.topografix.com/GPX/1/1"><trk><type>running</type><trkseg>
<trkpt lat="50.00" lon="10"><time>2026-03-01T08:00:00Z</time></trkpt>
<trkpt lat="50.02" lon="10"><time>2026-03-01T08:10:00Z</time></trkpt></trkseg></trk></gpx>
TEXT
sport() { gpsbabel -t -i "$1" -f "$2" -o "$3" -F - | grep -o 'Sport="[A-Za-z]*"'; }
gpsbabel -V | grep Version
{
    echo "TCX: $(sport gtrnctr run.tcx gtrnctr,course=0)"
    echo "GPX: $(sport gpx run.gpx gtrnctr,course=0)"
    echo "told: $(sport gtrnctr run.tcx gtrnctr,course=0,sport=Running)"
} | tee seen
diff seen - <<'TEXT'
TCX: Sport="Biking"
GPX: Sport="Biking"
told: Sport="Running"
TEXT
