"""Every known way in which a GPX or TCX file is odd or broken ends in its one right outcome."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import nasty
import pandas as pd
import pytest
from nasty import METRES, SECONDS, START, points_changed

from loadmon.io.archive import Archive
from loadmon.io.read import read
from loadmon.io.recording import MOST_ACTIVITIES, MOST_PIECES

NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
GPX, TCX = nasty.gpx(), nasty.tcx()
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def read_text(tmp_path: Path, name: str, data: bytes | str) -> Archive:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    archive = read(path, cache=False, now=NOW)
    assert len(archive.files) == 1
    return archive


def outcome(archive: Archive) -> tuple[str, str]:
    row = archive.files.iloc[0]
    return row["outcome"], row["reason"]


def is_the_run(archive: Archive) -> None:
    (row,) = archive.activities.to_dict("records")
    assert row["distance_km"] * 1000 == pytest.approx(METRES, rel=0.01)
    assert row["duration_min"] * 60 == pytest.approx(SECONDS, abs=11)
    assert row["date"] == pd.Timestamp("2024-03-10")


def prefixed(text: str) -> str:
    """Bind the namespace of the elements to a prefix, as Polar does."""
    text = re.sub(r"<(/?)(?=[a-zA-Z])(?![a-z0-9]+:)", r"<\1p:", text)
    return text.replace("xmlns=", "xmlns:p=")


def declared(encoding: str) -> str:
    return GPX.replace("UTF-8", encoding, 1).replace("Morning Run", "Läufle")


SOUND = {
    "a GPX": GPX,
    "a TCX": TCX,
    "a prefix for every element": prefixed(GPX),
    "a prefix in a TCX": prefixed(TCX),
    "no namespace": re.sub(r' xmlns(:\w+)?="[^"]*"', "", GPX).replace("gpxtpx:", ""),
    "a schema where the namespace belongs": GPX.replace(
        'xmlns="http://www.topografix.com/GPX/1/1"',
        'xmlns="http://www.topografix.com/GPX/1/1 http://www.topografix.com/GPX/1/1/gpx.xsd"',
    ),
    "UTF-16 with a mark": declared("UTF-16").encode("utf-16"),
    "UTF-16, the other end first": b"\xfe\xff" + declared("UTF-16").encode("utf-16-be"),
    "UTF-16 without a mark": declared("UTF-16").encode("utf-16-le"),
    "UTF-16 without a mark, the other end first": declared("UTF-16").encode("utf-16-be"),
    "lines before UTF-16 without a mark": ("\n " + declared("UTF-16")).encode("utf-16-le"),
    "a mark in front of UTF-8": b"\xef\xbb\xbf" + GPX.encode(),
    "Latin-1 as declared": declared("ISO-8859-1").encode("latin-1"),
    "Windows-1252 as declared": declared("windows-1252").encode("cp1252"),
    "no declaration": GPX.removeprefix(HEAD),
    "lines before the declaration": "\n\n   " + GPX,
    "spaces before the declaration": " " * 10 + TCX,
    "offsets instead of Z": GPX.replace("Z</time>", "+00:00</time>"),
    "half the points two hours ahead": points_changed(
        GPX,
        "trkpt",
        lambda i, p: re.sub(r"T08:(\d\d:\d\d)Z", r"T10:\1+02:00", p) if i % 2 else p,
    ),
    "no heart rates": nasty.gpx(heart_rate=None),
    "empty heart rates": re.sub(r"<HeartRateBpm><Value>\d+", "<HeartRateBpm><Value>", TCX),
    "Windows line ends": GPX.replace("\n", "\r\n"),
    "comments and instructions": GPX.replace("<trkseg>", "<!-- a --><?b c?><trkseg><![CDATA[x]]>"),
}


@pytest.mark.parametrize("case", SOUND)
def test_what_is_only_unusual_is_imported_without_a_flag(tmp_path: Path, case: str) -> None:
    data = SOUND[case]
    name = "run.tcx" if isinstance(data, str) and "TrainingCenter" in data else "run.gpx"
    archive = read_text(tmp_path, name, data)
    assert outcome(archive) in (("imported", ""), ("imported", "no-local-time"))
    is_the_run(archive)


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
@pytest.mark.parametrize("front", ["", "\n  "])
def test_a_track_is_known_by_its_contents_where_its_name_says_nothing(
    tmp_path: Path, codec: str, front: str
) -> None:
    name = "UTF-16" if "16" in codec else "UTF-8"
    for file, text in (("run", declared(name)), ("run.xml", TCX.replace("UTF-8", name, 1))):
        archive = read_text(tmp_path, file, (front + text).encode(codec))
        assert outcome(archive) in (("imported", ""), ("imported", "no-local-time"))
        is_the_run(archive)
        (tmp_path / file).unlink()


ENTITY = '<!DOCTYPE gpx [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
LAUGHS = "<!DOCTYPE lolz [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
METRES_OF = re.compile(r"(<DistanceMeters>\d+)\.")
ROUTE = GPX.replace("trkpt", "rtept").replace("trk>", "rte>")
ROUTE = ROUTE.replace("<trkseg>", "").replace("</trkseg>", "")
COURSE = TCX.replace("Activities", "Courses").replace("Activity", "Course")
EVERY_TIME = re.compile(r"(?<=<time>)[^<]*(?=</time>)")
BROKEN = {
    "an outer entity": ("gpx", GPX.replace(HEAD, HEAD + ENTITY), "refused", "xml-dtd"),
    "a billion laughs": ("gpx", GPX.replace(HEAD, HEAD + LAUGHS), "refused", "xml-dtd"),
    "a parameter entity": (
        "tcx", TCX.replace(HEAD, HEAD + '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://x/">%a;]>'),
        "refused", "xml-dtd",
    ),
    "an outer DTD": (
        "gpx", GPX.replace(HEAD, HEAD + '<!DOCTYPE gpx SYSTEM "x.dtd">'), "refused", "xml-dtd",
    ),
    "a DTD in UTF-16": (
        "gpx", GPX.replace(HEAD, HEAD + ENTITY).encode("utf-16"), "refused", "xml-dtd",
    ),
    "a DTD behind white space": (
        "gpx", "\n" + ENTITY + GPX.removeprefix(HEAD), "refused", "xml-dtd",
    ),
    "3000 elements in each other": (
        "gpx", GPX.replace("<trkseg>", "<trkseg>" + "<x>" * 3000), "refused", "xml-depth",
    ),
    "a web page": ("gpx", "<html><body>log in</body></html>", "refused", "not-gpx"),
    "a web page with a doctype": (
        "gpx", "<!DOCTYPE html>\n<html><body>log in</body></html>", "refused", "not-gpx",
    ),
    "a web page saved as TCX": ("tcx", "<!doctype HTML><html></html>", "refused", "not-tcx"),
    "an old web page": (
        "gpx", '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd"><html/>',
        "refused", "not-gpx",
    ),
    "another root": ("gpx", "<kml/>", "refused", "not-gpx"),
    "plain text": ("gpx", "this is no track", "refused", "not-gpx"),
    "JSON": ("gpx", '{"error": "not found"}', "refused", "not-gpx"),
    "nothing": ("gpx", "", "refused", "empty"),
    "only spaces": ("gpx", "  \n ", "refused", "empty"),
    "no times": ("gpx", EVERY_TIME.sub("", GPX), "refused", "no-time"),
    "no time elements": ("gpx", re.sub(r"<time>[^<]*</time>", "", GPX), "refused", "no-time"),
    "year 0": ("gpx", EVERY_TIME.sub("0000-00-00T00:00:00Z", GPX), "quarantined", "time-invalid"),
    "1970": ("gpx", GPX.replace("2024-", "1970-"), "quarantined", "time-invalid"),
    "year 9999": ("gpx", GPX.replace("2024-", "9999-"), "quarantined", "time-future"),
    "2060 in a TCX": ("tcx", TCX.replace("2024-", "2060-"), "quarantined", "time-future"),
    "cut in a point": ("gpx", GPX[:3000], "quarantined", "xml-truncated"),
    "cut behind a point": ("gpx", GPX[: GPX.index("</trkpt>") + 8], "quarantined", "xml-truncated"),
    "without its last line": ("gpx", GPX.removesuffix("</gpx>\n"), "quarantined", "xml-truncated"),
    "a TCX cut in a lap": ("tcx", TCX[:2000], "quarantined", "xml-truncated"),
    "a route": ("gpx", ROUTE, "skipped", "not-activity"),
    "a track without points": (
        "gpx", GPX[: GPX.index("<trkpt")] + "</trkseg></trk></gpx>", "skipped", "no-points",
    ),
    "a course": ("tcx", COURSE, "skipped", "not-activity"),
    "a decimal comma": ("tcx", METRES_OF.sub(r"\1,", TCX), "quarantined", "number-format"),
    "a decimal comma in a place": (
        "gpx", GPX.replace('lat="0.', 'lat="0,'), "quarantined", "number-format",
    ),
    "an endless number": ("tcx", METRES_OF.sub(r"\1e999", TCX), "quarantined", "number-format"),
    "wide digits": ("gpx", GPX.replace('lat="0.5', 'lat="０.5'), "quarantined", "number-format"),
    "a negative time": (
        "tcx", TCX.replace("<TotalTimeSeconds>", "<TotalTimeSeconds>-"), "quarantined", "negative",
    ),
    "a lap of 10^300 seconds without points": (
        "tcx", re.sub(r"<Track>.*</Track>", "", TCX, flags=re.S).replace(
            "<TotalTimeSeconds>", "<TotalTimeSeconds>1e300</TotalTimeSeconds><x>", 1
        ).replace("</TotalTimeSeconds><Distance", "</x><Distance", 1),
        "quarantined", "implausible",
    ),
    "unknown entities": ("gpx", GPX.replace("Morning", "&nbsp;"), "quarantined", "xml-broken"),
    "a byte 0": ("gpx", GPX.replace("Morning", "Mor\0ning"), "quarantined", "xml-broken"),
    "two roots": ("gpx", GPX + GPX.removeprefix(HEAD), "quarantined", "xml-broken"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_text_counts_nothing_and_says_why(tmp_path: Path, case: str) -> None:
    ending, data, *expected = BROKEN[case]
    archive = read_text(tmp_path, f"run.{ending}", data)
    assert outcome(archive) == tuple(expected)
    assert archive.activities.empty


def heart(change: dict[int, int]) -> str:
    def one(i: int, point: str) -> str:
        return re.sub(r"<Value>\d+", f"<Value>{change[i]}", point) if i in change else point

    return points_changed(TCX, "Trackpoint", one)


def place(change: dict[int, str], what: str = "lat") -> str:
    def one(i: int, point: str) -> str:
        return re.sub(rf'{what}="[^"]*"', f'{what}="{change[i]}"', point) if i in change else point

    return points_changed(GPX, "trkpt", one)


def altitude(change: dict[int, str]) -> str:
    def one(i: int, point: str) -> str:
        return re.sub(r"<ele>[^<]*", f"<ele>{change[i]}", point) if i in change else point

    return points_changed(GPX, "trkpt", one)


def timed(change: dict[int, str]) -> str:
    def one(i: int, point: str) -> str:
        return EVERY_TIME.sub(change[i], point) if i in change else point

    return points_changed(GPX, "trkpt", one)


SEGMENT = GPX[GPX.index("<trkseg>") : GPX.index("</trk>")]
FLAGGED = {
    "letters that are no UTF-8": (
        GPX.replace("Morning Run", "Läufle").encode("latin-1"), "xml-encoding",
    ),
    "declared as UTF-16 and none": (declared("UTF-16"), "xml-encoding"),
    "declared as ASCII and none": (declared("us-ascii"), "xml-encoding"),
    "an encoding that nobody knows": (declared("x-klingon"), "xml-encoding"),
    "spikes of the strap": (heart(dict.fromkeys(range(9, 60, 9), 240)), "hr-implausible"),
    "one heart rate of 250": (heart({30: 250}), "hr-implausible"),
    "a strap that drops to 0": (heart(dict.fromkeys(range(20, 30), 0)), "hr-implausible"),
    "altitudes of 415 km": (altitude({30: "415000"}), "ele-range"),
    "altitudes below the sea": (altitude({30: "-9999"}), "ele-range"),
    "a place beyond the pole": (place({30: "180.0"}), "gps-range"),
    "a place that is none": (place({30: "NaN"}), "gps-range"),
    "places at 0/0": (
        re.sub(r'lon="[^"]*"', 'lon="0.0"', place({0: "0.0"}), count=1), "gps-null-island",
    ),
    "a place far away": (place({30: "1.5"}), "gps-spike"),
    "no zone": (GPX.replace("Z</time>", "</time>"), "tz-unknown"),
    "a last point without a time": (timed({59: ""}), "time-missing"),
    "a point of year 0": (timed({30: "0000-00-00T00:00:00Z"}), "time-invalid"),
    "a point of 30 February": (timed({30: "2024-02-30T08:30:00Z"}), "time-invalid"),
    "a point of another year": (timed({30: "2060-01-01T00:00:00Z"}), "time-jump"),
    "the segment twice": (GPX.replace(SEGMENT, SEGMENT * 2), "overlap-segments"),
    "a head of another week": (
        timed({i: f"2024-03-04T08:{i:02d}:00Z" for i in range(5)}), "time-jump",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FLAGGED)
def test_what_is_odd_inside_counts_and_is_flagged(tmp_path: Path, case: str) -> None:
    data, reason = FLAGGED[case]
    tcx = b"TrainingCenter" in (data if isinstance(data, bytes) else data.encode())
    archive = read_text(tmp_path, "run.tcx" if tcx else "run.gpx", data)
    assert outcome(archive)[0] == "flagged"
    assert reason in outcome(archive)[1].split(",")
    if case not in ("a head of another week", "a point of another year", "places at 0/0"):
        is_the_run(archive)
    assert archive.activities["date"].tolist() == [pd.Timestamp("2024-03-10")]
    assert archive.activities["elapsed_min"][0] <= SECONDS / 60 + 0.1


def test_two_activities_in_one_tcx_are_two(tmp_path: Path) -> None:
    ride = nasty.tcx(START + dt.timedelta(hours=3)).replace('"Running"', '"Biking"')
    inner = ride[ride.index("<Activity ") : ride.index("</Activities>")]
    archive = read_text(tmp_path, "run.tcx", TCX.replace("</Activities>", inner + "</Activities>"))
    # A ride at the speed of a run is odd, and counts.
    assert set(outcome(archive)[1].split(",")) <= {"no-local-time", "speed-implausible"}
    assert archive.activities["sport"].tolist() == ["running", "cycling"]


def test_a_lap_ten_times_as_long_as_its_points_counts_as_they_do(tmp_path: Path) -> None:
    long = TCX.replace("<DistanceMeters>1770.00", "<DistanceMeters>17700.00", 1)
    archive = read_text(tmp_path, "run.tcx", long)
    assert outcome(archive)[0] == "flagged"
    assert "dist-disagree" in outcome(archive)[1].split(",")
    is_the_run(archive)


def test_a_lap_without_points_is_a_summary(tmp_path: Path) -> None:
    text = re.sub(r"<Track>.*</Track>", "", TCX, flags=re.DOTALL)
    archive = read_text(tmp_path, "run.tcx", text)
    assert outcome(archive)[0] == "imported"
    assert "summary-only" in outcome(archive)[1].split(",")
    is_the_run(archive)


@pytest.mark.parametrize("text", [GPX, TCX])
def test_wherever_a_text_is_cut_nothing_of_it_counts(tmp_path: Path, text: str) -> None:
    for cut in range(1, len(text.rstrip()), len(text) // 40):
        archive = read_text(tmp_path, "run.gpx" if text is GPX else "run.tcx", text[:cut])
        assert archive.activities.empty
        assert outcome(archive)[0] in ("refused", "quarantined")


def many(text: str, tag: str, count: int) -> str:
    """Repeat the first element of one name."""
    begin = text.index(f"<{tag}")
    end = text.index(f"</{tag}>") + len(tag) + 3
    return text[:begin] + text[begin:end] * count + text[end:]


ONE_POINT = re.sub(r"(</trkpt>).*(?=</trkseg>)", r"\1", GPX, flags=re.DOTALL)
BARE_LAP = re.sub(r"<Track>.*</Track>", "", TCX, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("run.gpx", many(ONE_POINT, "trkseg", MOST_PIECES + 1)),
        ("run.gpx", many(ONE_POINT, "trk", MOST_PIECES + 1)),
        ("run.tcx", many(BARE_LAP, "Lap", MOST_PIECES + 1)),
        ("run.tcx", many(BARE_LAP, "Activity", MOST_ACTIVITIES + 1)),
    ],
    ids=["segments", "tracks", "laps", "activities"],
)
def test_more_pieces_than_any_recording_has_are_refused_soon(
    tmp_path: Path, name: str, text: str
) -> None:
    archive = read_text(tmp_path, name, text)
    assert outcome(archive) == ("refused", "too-large")
