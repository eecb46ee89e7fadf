"""Write samples of an activity as GPX and TCX, the way Strava and Garmin export them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from xml.sax.saxutils import escape

from made_up import Point

GPX_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gpx creator="loadmon sample" version="1.1" xmlns="http://www.topografix.com/GPX/1/1" \
xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">
"""
TCX_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" \
xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2">
"""


def write_gpx(
    points: Sequence[Point], *, name: str = "Morning Run", kind: str = "running"
) -> bytes:
    """Write one track of one segment, with heart rate and cadence as TrackPointExtension.

    Parameters
    ----------
    points : sequence of Point
        With positions; GPX holds no other distance.
    name, kind : str
        Title of the track, and its type (Strava writes ``running``, Garmin too).
    """
    stamp = _stamp(points[0].time)
    return (
        GPX_HEAD
        + f" <metadata><time>{stamp}</time></metadata>\n"
        + f" <trk>\n  <name>{escape(name)}</name>\n  <type>{escape(kind)}</type>\n  <trkseg>\n"
        + "".join(_trkpt(point) for point in points)
        + "  </trkseg>\n </trk>\n</gpx>\n"
    ).encode()


def _trkpt(point: Point) -> str:
    inner = _element("gpxtpx:hr", point.heart_rate_bpm)
    inner += _element("gpxtpx:cad", _whole(point.cadence_rpm))
    if inner:
        inner = (
            "<extensions><gpxtpx:TrackPointExtension>"
            f"{inner}</gpxtpx:TrackPointExtension></extensions>"
        )
    return (
        f'   <trkpt lat="{point.latitude_deg:.7f}" lon="{point.longitude_deg:.7f}">'
        f"<ele>{point.altitude_m:.1f}</ele><time>{_stamp(point.time)}</time>{inner}</trkpt>\n"
    )


def write_tcx(points: Sequence[Point], *, sport: str = "Running", leading_spaces: int = 0) -> bytes:
    """Write one activity of one lap, with distance, heart rate and running cadence.

    Parameters
    ----------
    points : sequence of Point
        Samples; positions are left out where there are none.
    sport : str
        ``Running``, ``Biking`` or ``Other``: TCX knows no more.
    leading_spaces : int
        Strava puts ten of them before the XML declaration.
    """
    first, last = points[0], points[-1]
    start = _stamp(first.time)
    text = (
        TCX_HEAD
        + f' <Activities><Activity Sport="{escape(sport)}"><Id>{start}</Id>\n'
        + f'  <Lap StartTime="{start}"><TotalTimeSeconds>{last.timer_s}</TotalTimeSeconds>'
        + f"<DistanceMeters>{last.distance_m:.2f}</DistanceMeters><Calories>0</Calories>"
        + "<Intensity>Active</Intensity><TriggerMethod>Manual</TriggerMethod>\n   <Track>\n"
        + "".join(_trackpoint(point) for point in points)
        + "   </Track>\n  </Lap>\n </Activity></Activities>\n</TrainingCenterDatabase>\n"
    )
    return b" " * leading_spaces + text.encode()


def _trackpoint(point: Point) -> str:
    place = beat = ""
    if point.latitude_deg is not None:
        place = (
            f"<Position><LatitudeDegrees>{point.latitude_deg:.7f}</LatitudeDegrees>"
            f"<LongitudeDegrees>{point.longitude_deg:.7f}</LongitudeDegrees></Position>"
        )
    if point.heart_rate_bpm is not None:
        beat = f"<HeartRateBpm><Value>{point.heart_rate_bpm}</Value></HeartRateBpm>"
    more = f"<ns3:Speed>{point.speed_mps:.3f}</ns3:Speed>"
    more += _element("ns3:RunCadence", _whole(point.cadence_rpm))
    return (
        f"    <Trackpoint><Time>{_stamp(point.time)}</Time>{place}"
        f"<AltitudeMeters>{point.altitude_m:.1f}</AltitudeMeters>"
        f"<DistanceMeters>{point.distance_m:.2f}</DistanceMeters>{beat}"
        f"<Extensions><ns3:TPX>{more}</ns3:TPX></Extensions></Trackpoint>\n"
    )


def _element(tag: str, value: int | None) -> str:
    return "" if value is None else f"<{tag}>{value}</{tag}>"


def _whole(rpm: float | None) -> int | None:
    return None if rpm is None else int(rpm)


def _stamp(when: dt.datetime) -> str:
    return when.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
