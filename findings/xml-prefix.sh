#!/usr/bin/env bash
# gpsbabel 1.8.0, tcx-js 1.0.1: heart rate and speed depend on the prefix of their namespace.
#
# Guess: <gpxtpx:hr> and <ns3:hr>, both bound to Garmin's TrackPointExtension, are one element, as are
#        <TPX xmlns="..."> and <ns3:TPX>: names of XML are namespaces, prefixes are free.
# Saw:   gpsbabel keeps the heart rate of gpxtpx and drops that of ns3, tcx-js has the speed of TPX and
#        null for ns3:TPX. ns3 is what the site of Garmin Connect writes in both formats.
# Ours:  a mean heart rate is missing for the very files most runners have; loadmon goes by namespace.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private": true}' >package.json
npm install --loglevel=error --ignore-scripts --no-audit --no-fund --no-update-notifier \
    tcx-js@1.0.1 >/dev/null
apt-get download -qq -o APT::Sandbox::User=root gpsbabel=1.8.0+ds-5 libqt5core5a libicu72 \
    libdouble-conversion3 libpcre2-16-0 libglib2.0-0 libshp2 libusb-1.0-0
for package in ./*.deb; do dpkg -x "$package" root; done
gpsbabel() {
    LD_LIBRARY_PATH=$(echo "$work"/root/usr/lib/*-linux-gnu) root/usr/bin/gpsbabel "$@"
}
gpx() {
    cat <<TEXT
<?xml version="1.0"?><gpx version="1.1" creator="made up" xmlns="http://www.topografix.com/GPX/1/1"
 xmlns:$1="http://www.garmin.com/xmlschemas/TrackPointExtension/v1"><trk><type>running</type><trkseg>
<trkpt lat="50" lon="10"><time>2026-03-01T20:00:00Z</time><extensions><$1:TrackPointExtension><$1:hr>150</$1:hr>
</$1:TrackPointExtension></extensions></trkpt></trkseg></trk></gpx>
TEXT
}
tcx() { # what stands before TPX and Speed, and the declaration
    local point="<Trackpoint><Time>2026-03-01T08:00:00Z</Time><DistanceMeters>0</DistanceMeters><Extensions><$1TPX $2>"
    point+="<$1Speed>3</$1Speed></$1TPX></Extensions></Trackpoint>"
    cat <<TEXT
<?xml version="1.0"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2">
<Activities><Activity Sport="Running"><Id>2026-03-01T08:00:00Z</Id><Lap StartTime="2026-03-01T08:00:00Z"><TotalTimeSeconds>600</TotalTimeSeconds>
<DistanceMeters>1800</DistanceMeters><Calories>60</Calories><Intensity>Active</Intensity><TriggerMethod>Manual</TriggerMethod>
<Track>$point$point</Track></Lap><Creator xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Device_t"><Name>made up</Name></Creator>
</Activity></Activities></TrainingCenterDatabase>
TEXT
}
speed() { node -e "const { Parser } = require('tcx-js'); console.log(new Parser('$1').activity.trackpoints[1].speed)"; }
npm ls --depth=0 | grep tcx-js
gpsbabel -V | grep Version
{
    for prefix in gpxtpx ns3; do
        gpx $prefix >run.gpx
        echo "gpsbabel, $prefix: $(gpsbabel -t -i gpx -f run.gpx -o gpx,garminextensions -F - | grep -oE 'hr>[0-9]+' || echo none)"
    done
    tcx '' 'xmlns="http://www.garmin.com/xmlschemas/ActivityExtension/v2"' >default.tcx
    tcx ns3: '' >ns3.tcx
    echo "tcx-js, TPX: $(speed default.tcx)"
    echo "tcx-js, ns3:TPX: $(speed ns3.tcx)"
} | tee seen
diff seen - <<'TEXT'
gpsbabel, gpxtpx: hr>150
gpsbabel, ns3: none
tcx-js, TPX: 3
tcx-js, ns3:TPX: null
TEXT
