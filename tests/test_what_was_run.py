"""GPX and TCX that say one thing wrong: what the runner did is read all the same, or told.

Inputs are made up, each after a kind that public bug reports tell of: other makers, other
elements, and the opposite error, which must be left alone.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from loadmon.athlete import Athlete
from loadmon.errors import FileProblem, SettingError
from loadmon.io.archive import Archive
from loadmon.io.parse import ParsedActivity, parse_input
from loadmon.io.read import read
from loadmon.settings import load_settings

NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
EIGHT = dt.datetime(2026, 3, 10, 8, tzinfo=dt.UTC)
_A_DEGREE_M = 111_195.0

#: Seconds from the start, and metres to the north.
Way = list[tuple[float, float]]


def way(seconds: float, mps: float, *, after: Way | None = None, gap_s: float = 0.0,
        gap_m: float = 0.0, every_s: float = 2.0) -> Way:  # fmt: skip
    """Points of a straight way, perhaps after another and a gap in which some of it was made."""
    begin, north = (after[-1][0] + gap_s, after[-1][1] + gap_m) if after else (0.0, 0.0)
    steps = np.arange(0.0 if not after or gap_s else every_s, seconds + 1e-9, every_s)
    return [(float(begin + s), float(north + mps * s)) for s in steps]


def stamp(seconds: float, mark: str = "Z", start: dt.datetime = EIGHT) -> str:
    return f"{start + dt.timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}{mark}"


def gpx(
    *segments: Way, kind: str | None = "running", more: str = "", inside: str = "",
    creator: str = "x", head: str = "", mark: str = "Z", start: dt.datetime = EIGHT,
) -> bytes:  # fmt: skip
    """One track, a segment for each way."""
    return gpx_of(track(*segments, kind=kind, more=more, inside=inside, mark=mark, start=start),
                  creator=creator, head=head)  # fmt: skip


def track(
    *segments: Way, kind: str | None = "running", more: str = "", inside: str = "",
    mark: str = "Z", start: dt.datetime = EIGHT,
) -> str:  # fmt: skip
    said = "" if kind is None else f"<type>{kind}</type>"
    body = "".join(
        "<trkseg>"
        + "".join(
            f'<trkpt lat="{52 + metres / _A_DEGREE_M:.7f}" lon="5.0">'
            f"<time>{stamp(second, mark, start)}</time>{inside}</trkpt>"
            for second, metres in segment
        )
        + "</trkseg>"
        for segment in segments
    )
    return f"<trk>{said}{more}{body}</trk>"


def gpx_of(*tracks: str, creator: str = "x", head: str = "") -> bytes:
    return f'<gpx creator="{creator}">{head}{"".join(tracks)}</gpx>'.encode()


def lap(
    *ways: Way, seconds: object = None, metres: object = None, more: str = "", base_m: float = 0.0,
    counter: bool = True, positions: bool = True, inside: str = "", begins: float = 0.0,
) -> str:  # fmt: skip
    """One lap of TCX, a Track for each way."""
    sums = "" if seconds is None else f"<TotalTimeSeconds>{seconds}</TotalTimeSeconds>"
    sums += "" if metres is None else f"<DistanceMeters>{metres}</DistanceMeters>"
    body = ""
    for own in ways:
        body += "<Track>"
        for second, north in own:
            body += f"<Trackpoint><Time>{stamp(second)}</Time>"
            if positions:
                body += (
                    f"<Position><LatitudeDegrees>{52 + north / _A_DEGREE_M:.7f}</LatitudeDegrees>"
                    "<LongitudeDegrees>5.0</LongitudeDegrees></Position>"
                )
            body += f"<DistanceMeters>{base_m + north:.2f}</DistanceMeters>" if counter else ""
            body += f"{inside}</Trackpoint>"
        body += "</Track>"
    first = ways[0][0][0] if ways else begins
    return f'<Lap StartTime="{stamp(first)}">{sums}{more}{body}</Lap>'


def tcx(*laps: str, sport: str = "Running", creator: str = "", device: str = "") -> bytes:
    made = f' creator="{creator}"' if creator else ""
    said = f"<Creator><Name>{device}</Name></Creator>" if device else ""
    return (
        f'<TrainingCenterDatabase{made}><Activities><Activity Sport="{sport}">'
        f"<Id>{stamp(0)}</Id>{''.join(laps)}{said}</Activity></Activities></TrainingCenterDatabase>"
    ).encode()


def one(data: bytes) -> ParsedActivity:
    (part,) = parts(data)
    return part


def parts(data: bytes) -> list[ParsedActivity]:
    found = parse_input("a.gpx" if b"<gpx" in data[:200] else "a.tcx", data).parts
    assert all(isinstance(part, ParsedActivity) for part in found), found
    return [part for part in found if isinstance(part, ParsedActivity)]


def km(part: ParsedActivity) -> float:
    return float(part.numbers["distance_km"])


def minutes(part: ParsedActivity) -> float:
    return float(part.numbers["duration_min"])


def read_files(folder: Path, files: dict[str, bytes], **settings: object) -> Archive:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return read(folder, cache=False, now=NOW, athlete=Athlete(**settings))  # type: ignore[arg-type]


RUN = way(1800, 2.8)

# --- sport -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "sport"),
    [
        *((word, "running") for word in ("Běh", "Бег", "跑步", "Løb", "Koşu", "Course à pied")),
        *((word, "running") for word in ("Morning Run", "running_outdoor", "CITY-RUN", "Long run")),
        ("Trail Running (outdoor)", "running"),
        ("Laufen (draußen)", "running"),
        *((word, "cycling") for word in ("Radfahren", "Vélo", "骑行", "Road Bike Race")),
        *((word, "walking") for word in ("Spazieren", "Marche", "Wandelen", "race walking")),
        *((word, "driving") for word in ("Car", "bus", "Train")),
        # What may be anything is nothing.
        *((word, "") for word in ("Other", "outdoor", "course", "race", "run/bike")),
    ],
)  # fmt: skip
def test_words_of_many_languages_and_where_or_when_beside_them_are_one_sport(
    word: str, sport: str
) -> None:
    assert one(gpx(RUN, kind=word)).sport == sport


def test_the_word_that_is_known_counts_wherever_the_track_has_it() -> None:
    translated = "<extensions><o:typeTranslated>Bieganie</o:typeTranslated></extensions>"
    assert one(gpx(RUN, kind="Sport 12", more=translated)).sport == "running"
    assert one(gpx(RUN, kind="Cycling", more=translated)).sport == "cycling"
    activity = "<extensions><l:activity>running</l:activity></extensions>"
    assert one(gpx(RUN, kind=None, more=activity)).sport == "running"


def test_a_recording_without_a_sport_makes_its_day_unknown_until_it_is_answered(
    tmp_path: Path,
) -> None:
    day = dt.timedelta(days=1)
    files = {
        "phone/a.gpx": gpx(RUN, kind=None),
        "b.tcx": tcx(lap(RUN), sport="Other").replace(b"03-10", b"03-12"),
        "c.gpx": gpx(RUN, start=EIGHT + 4 * day),
    }  # fmt: skip
    archive = read_files(tmp_path, files)
    assert archive.unknown_days is not None
    assert [(d.day, why) for d, why, _ in archive.unknown_days.itertuples(index=False)] == [
        (10, "no-sport"),
        (12, "no-sport"),
    ]
    assert archive.calendar().why.tolist() == ["no-sport", "", "no-sport", "", ""]
    # The frame alone says it too.
    frame = archive.activities
    assert {"2026-03-10", "2026-03-12"} <= {
        day for text in frame["unknown_days_around"] for day in text.split(",")
    }
    for answer, sports in (
        ({"": "running"}, ["running", "running", "running"]),
        ({"phone": "running"}, ["running", "", "running"]),
        ({"": "cycling", "phone/a.gpx": "running"}, ["running", "cycling", "running"]),
        ({"gpx": "walking"}, ["walking", "", "running"]),
        ({"one": "running"}, ["", "", "running"]),
    ):
        told = read_files(tmp_path, {}, unknown_sport=answer)
        assert told.activities["sport"].tolist() == sports
        assert told.unknown_days is not None
        assert len(told.unknown_days) == sports.count("")
    with pytest.raises(SettingError, match="unknown_sport has changed"):
        archive.with_athlete(Athlete(unknown_sport={"": "running"}))


def test_the_answer_is_one_line_of_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "athlete.toml"
    for text, meant in (
        ('unknown_sport = "running"', "running"),
        ('unknown_sport = { "phone/" = "cycling" }', {"phone/": "cycling"}),
    ):
        file.write_text(text)
        assert load_settings(file).unknown_sport == meant
    for text, complaint in (
        ('unknown_sport = "jogging"', "unknown_sport 'jogging' is none of running"),
        ('unknown_sport = { "a" = "x" }', "unknown_sport 'x' is none of running"),
        ("unknown_sport = 3", "unknown_sport must be text"),
    ):
        file.write_text(text)
        with pytest.raises(SettingError, match=complaint):
            load_settings(file)


# --- tracks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["Walking", "Bus", "Sport 77", None])
def test_a_track_of_another_or_an_unknown_kind_is_never_a_part_of_the_run(kind: str | None) -> None:
    later = way(600, 3.0, after=RUN, gap_s=60)
    run, other = parts(gpx_of(track(RUN), track(later, kind=kind)))
    assert (run.sport, km(run)) == ("running", pytest.approx(5.04, rel=0.01))
    assert other.sport != "running"


def test_tracks_of_a_run_that_follow_on_are_one_and_two_runs_in_one_file_are_two() -> None:
    soon, late = way(600, 2.8, after=RUN, gap_s=300), way(600, 2.8, after=RUN, gap_s=7200)
    assert km(one(gpx_of(track(RUN), track(soon)))) == pytest.approx(6.72, rel=0.01)
    assert [km(p) for p in parts(gpx_of(track(RUN), track(late)))] == pytest.approx(
        [5.04, 1.68], rel=0.01
    )
    night = way(600, 2.8, after=RUN, gap_s=13 * 3600)
    assert len(parts(gpx(RUN, night))) == 2


# --- merged runs -------------------------------------------------------------------------------

SILENCE_S = 4 * 3600.0
SECOND = way(1200, 3.0, after=RUN, gap_s=SILENCE_S)
AGAIN = [(second, metres - SECOND[0][1]) for second, metres in SECOND]  # from the same door


def counted_gpx(*segments: Way) -> bytes:
    """Return a GPX whose points count metres, in each segment from nought."""
    data = gpx(*segments).decode().split("<trkseg>")
    counts = [
        [
            f"<extensions><distance>{m - own[0][1]:.1f}</distance></extensions></trkpt>"
            for _, m in own
        ]
        for own in segments
    ]
    body = [data[0]]
    for text, own in zip(data[1:], counts, strict=True):
        pieces = text.split("</trkpt>")
        body.append("".join(p + c for p, c in zip(pieces, [*own, ""], strict=True)))
    return "<trkseg>".join(body).encode()


def sealed(data: bytes) -> bytes:
    """Return a GPX without the borders of its segments."""
    return data.replace(b"</trkseg><trkseg>", b"")


@pytest.mark.parametrize(
    "data",
    [
        gpx(RUN + SECOND),
        gpx(RUN + AGAIN),
        gpx(RUN + AGAIN, kind="Trail Run", creator="merger"),
        gpx_of(track(RUN), track(SECOND)),
        counted_gpx(RUN, AGAIN),
        sealed(counted_gpx(RUN, AGAIN)),
        tcx(lap(RUN), lap(AGAIN)),
        tcx(lap(RUN, seconds=1800, metres=5040), lap(AGAIN, seconds=1200, metres=3600)),
        tcx(lap(RUN, seconds=1800, metres=5040), lap(SECOND, seconds=1200, metres=3600)),
        tcx(lap(RUN + AGAIN, seconds=3000, metres=8640)),
        tcx(lap(RUN, AGAIN, seconds=3000, metres=8640)),
        tcx(
            *(lap(RUN[n : n + 301], seconds=600, metres=1680) for n in (0, 300, 600)),
            lap(SECOND[:301], seconds=600, metres=1800),
            lap(SECOND[300:], seconds=600, metres=1800),
        ),
    ],
    ids=[
        *("one segment", "one segment, one door", "trail", "tracks", "counters"),
        *("counters in one segment", "counters in laps", "laps", "laps, one counter"),
        *("one lap", "tracks of a lap", "laps of both"),
    ],
)
def test_two_runs_that_a_program_merged_are_two(data: bytes) -> None:
    first, second = parts(data)
    assert [km(first), km(second)] == pytest.approx([5.04, 3.6], rel=0.01)
    assert [minutes(first), minutes(second)] == pytest.approx([30, 20], rel=0.01)
    assert (first.sport, second.sport) == ("running", "running")
    assert second.start == first.start + 1800 + SILENCE_S
    for one_of in (first, second):
        assert ("merged-runs" in one_of.issues) == (data.count(b"<trk>") < 2)
        assert not one_of.issues.keys() & {"counter-reset", "dist-disagree", "gap-not-counted"}
        assert not one_of.issues.keys() & {"time-disagree"}


@pytest.mark.parametrize(
    "data",
    [
        gpx(RUN, SECOND),
        gpx(RUN + SECOND, more="<extensions><timertime>3000</timertime></extensions>"),
        gpx(
            RUN + way(1200, 3.0, after=RUN, gap_s=2800.0)
        ),  # a break, of which a program says nothing
        tcx(lap(RUN, SECOND)),
        tcx(lap(RUN, SECOND, seconds=3000, metres=8640)),
        tcx(lap(RUN + SECOND, seconds=3000, metres=8640)),  # as one platform writes a pause
        tcx(
            lap(RUN, seconds=1800 + SILENCE_S, metres=5040), lap(SECOND, seconds=1200, metres=3600)
        ),
        tcx(
            lap(RUN, SECOND[:301], seconds=2400, metres=6840),
            lap(SECOND[300:], seconds=600, metres=1800),
        ),
    ],
    ids=[
        *("segments", "timer of the track", "silence", "tracks of a lap", "timer of the lap"),
        *("one track", "a lap that goes on", "a lap over the pause"),
    ],
)
def test_a_run_that_was_paused_for_hours_is_one(data: bytes) -> None:
    found = one(data)
    assert km(found) == pytest.approx(8.64, rel=0.01)
    assert "merged-runs" not in found.issues


def test_the_rest_of_an_earlier_recording_is_no_run() -> None:
    rest = way(24, 2.8)
    found = one(gpx(rest + way(1800, 2.8, after=rest, gap_s=6 * 86_400.0)))
    assert "merged-runs" not in found.issues
    assert "time-jump" in found.issues


def test_a_counter_that_begins_again_in_every_lap_is_no_other_run() -> None:
    laps = [RUN[:301], RUN[300:601], RUN[600:], SECOND[:301], SECOND[300:]]
    again = [lap(own, base_m=-own[0][1]) for own in laps]
    found = one(tcx(*again[:2], lap(RUN[600:], SECOND[:301], base_m=-RUN[600][1])))
    assert "merged-runs" not in found.issues
    assert len(parts(tcx(*again[:3], lap(SECOND, base_m=-SECOND[0][1])))) == 1


# --- pauses and borders ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gap_s", "gap_m"),
    [(1200.0, 5000.0), (240.0, 2900.0), (900.0, 700.0), (7 * 3600.0, 0.0)],
    ids=["ferry", "bus", "walk", "sleep"],
)
@pytest.mark.parametrize("form", ["gpx", "tcx", "tcx-counter"])
def test_a_way_across_a_stated_pause_counts_neither_as_distance_nor_as_time(
    gap_s: float, gap_m: float, form: str
) -> None:
    after = way(1800, 2.8, after=RUN, gap_s=gap_s, gap_m=gap_m)
    if form == "gpx":
        found = one(gpx(RUN, after))
    else:
        found = one(tcx(lap(RUN, after, counter=form == "tcx-counter")))
    assert km(found) == pytest.approx(10.08, rel=0.01)
    assert minutes(found) == pytest.approx(60, rel=0.01)
    told = found.issues.get("gap-not-counted", "")
    assert bool(told) == (gap_m > 0)
    if told:
        assert told.startswith(f"{gap_m:.0f} m in {gap_s / 60:.1f} min")


@pytest.mark.parametrize(("gap_s", "gap_m"), [(1200.0, 5400.0), (300.0, 4000.0), (1500.0, 200.0)])
def test_a_long_or_fast_silence_inside_a_segment_is_told_and_not_counted(
    gap_s: float, gap_m: float
) -> None:
    found = one(gpx(RUN + way(1800, 2.8, after=RUN, gap_s=gap_s, gap_m=gap_m)))
    assert km(found) == pytest.approx(10.08, rel=0.01)
    assert minutes(found) == pytest.approx(60, rel=0.01)
    assert "gap-not-counted" in found.issues


@pytest.mark.parametrize(
    ("gap_s", "border"), [(30.0, True), (100.0, True), (100.0, False), (400.0, False), (4.0, True)]
)
def test_a_tunnel_that_is_passed_at_the_speed_of_the_run_is_run(gap_s: float, border: bool) -> None:
    after = way(1200, 2.8, after=RUN, gap_s=gap_s, gap_m=2.8 * gap_s)
    found = one(gpx(RUN, after) if border else gpx(RUN + after))
    assert km(found) == pytest.approx((3000 + gap_s) * 0.0028, rel=0.005)
    assert minutes(found) == pytest.approx((3000 + gap_s) / 60, rel=0.005)
    assert "gap-not-counted" not in found.issues


def test_a_counter_that_went_on_through_a_silence_says_that_it_was_run() -> None:
    after = way(1800, 2.8, after=RUN, gap_s=900, gap_m=2.7 * 900)
    found = one(tcx(lap(RUN + after)))
    assert km(found) == pytest.approx(10.08 + 2.43, rel=0.01)
    assert minutes(found) == pytest.approx(75, rel=0.01)
    # A program that adds up positions goes on just so, which is said.
    assert "gap-bridged" in found.issues


def test_both_sides_of_a_night_between_two_segments_count() -> None:
    day = way(6 * 3600, 1.5, every_s=10)
    found = one(gpx(day, way(6 * 3600, 1.5, after=day, gap_s=7 * 3600, every_s=10)))
    assert km(found) == pytest.approx(64.8, rel=0.01)
    assert minutes(found) == pytest.approx(720, rel=0.01)


def test_a_route_with_made_up_times_is_no_recording() -> None:
    tour = [(second * 4000, metres) for second, metres in way(1800, 2.8)]
    (problem,) = parse_input("a.gpx", gpx(tour)).parts
    assert isinstance(problem, FileProblem)
    assert (problem.outcome, problem.reason) == ("quarantined", "implausible")
    assert "made-up times" in problem.detail


# --- vehicles ----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["gpx", "tcx"])
@pytest.mark.parametrize("mps", [9.5, 14.0, 25.0])
@pytest.mark.parametrize("where", ["end", "middle", "begin"])
def test_a_ride_is_cut_off_a_run_and_told(form: str, mps: float, where: str) -> None:
    if where == "begin":
        ride = way(300, mps)
        whole = ride + way(1800, 2.8, after=ride)
    else:
        whole = RUN + way(300, mps, after=RUN)
        whole += way(600, 2.8, after=whole) if where == "middle" else []
    found = one(gpx(whole) if form == "gpx" else tcx(lap(whole, seconds=whole[-1][0],
                                                         metres=whole[-1][1])))  # fmt: skip
    run_s = 2400 if where == "middle" else 1800
    assert km(found) == pytest.approx(run_s * 0.0028, rel=0.02)
    assert minutes(found) == pytest.approx(run_s / 60, rel=0.02)
    assert "vehicle" in found.issues


def test_what_people_run_and_leaps_of_positions_are_no_ride() -> None:
    fast = RUN + way(60, 7.5, after=RUN)  # 450 m
    fast += way(600, 2.8, after=fast)
    leap = RUN + way(600, 2.8, after=RUN, gap_s=2, gap_m=900)
    for points in (fast, leap, way(3000, 5.6)):
        assert "vehicle" not in one(gpx(points)).issues


def test_a_whole_ride_that_is_called_a_run_is_flagged_and_stays_whole() -> None:
    found = one(gpx(way(3000, 9.0)))
    assert km(found) == pytest.approx(27, rel=0.01)
    assert "speed-implausible" in found.issues


# --- laps against points -----------------------------------------------------------------------


@pytest.mark.parametrize("seconds", ["1800000", "30", "0.5", "1.8"])
@pytest.mark.parametrize("points", [True, False], ids=["points", "starts"])
def test_laps_in_another_unit_are_recognised_by_what_agrees_with_them(
    seconds: str, points: bool
) -> None:
    second = way(1800, 2.8, after=RUN)
    ways = (RUN, second) if points else (None, None)
    laps = [
        lap(*([own] if own else []), seconds=seconds, metres=5040, begins=begin)
        for own, begin in zip(ways, (0, 1800), strict=True)
    ]
    found = one(tcx(*laps))
    assert minutes(found) == pytest.approx(60, rel=0.01)
    assert km(found) == pytest.approx(10.08, rel=0.01)
    assert "time-disagree" in found.issues


def test_milliseconds_of_a_treadmill_are_told_by_its_speed_and_seconds_are_left_alone() -> None:
    found = one(tcx(lap(seconds=1800000, metres=5040)))
    assert minutes(found) == pytest.approx(30)
    assert "time-disagree" in found.issues
    slow = one(tcx(lap(seconds=3600, metres=3000)))
    assert minutes(slow) == pytest.approx(60)
    assert "time-disagree" not in slow.issues


def test_a_timer_that_was_stopped_for_most_of_the_time_is_no_other_unit() -> None:
    paused = RUN + way(60, 2.8, after=RUN, gap_s=9000)
    found = one(tcx(lap(paused, seconds=1860, metres=5208)))
    assert minutes(found) == pytest.approx(31, rel=0.01)


@pytest.mark.parametrize("metres", ["-296816", "52.08", "520800", "17000"])
def test_a_lap_that_stands_alone_against_its_points_loses(metres: str) -> None:
    second = way(1860, 2.8, after=RUN)
    good = lap(RUN, seconds=1800, metres=5040)
    found = one(tcx(good, lap(second, seconds=1860, metres=metres)))
    assert km(found) == pytest.approx(10.25, rel=0.01)
    assert minutes(found) == pytest.approx(61, rel=0.01)
    assert "dist-disagree" in found.issues
    assert f"say {float(metres):.0f} m" in found.issues["dist-disagree"]


def test_laps_a_little_apart_from_their_points_and_those_without_any_are_believed() -> None:
    near = one(tcx(lap(RUN, seconds=1800, metres=4800)))
    assert km(near) == pytest.approx(4.8)
    rest = tcx(lap(seconds=600, metres=100, begins=0), lap(seconds=60, metres=0, begins=600))
    assert km(one(rest)) == pytest.approx(0.1)


def test_a_negative_lap_without_points_is_not_counted() -> None:
    (problem,) = parse_input("a.tcx", tcx(lap(seconds=600, metres=-5))).parts
    assert isinstance(problem, FileProblem)
    assert problem.reason == "negative"


@pytest.mark.parametrize("base_m", [40_330.8, 5_000.0, 1_000_000.0])
def test_a_counter_that_goes_on_from_an_earlier_leg_counts_from_where_it_is(base_m: float) -> None:
    found = one(tcx(lap(RUN, metres=5040, base_m=base_m)))
    assert km(found) == pytest.approx(5.04, rel=0.01)
    assert "dist-disagree" not in found.issues


def test_a_counter_that_begins_again_goes_on_and_one_slip_of_it_is_none() -> None:
    second = [(s + 1802, m) for s, m in RUN]
    again = one(tcx(lap(RUN, positions=False), lap(second, positions=False)))
    assert km(again) == pytest.approx(10.08, rel=0.01)
    slipped = tcx(lap(RUN, positions=False)).replace(b">2531.20<", b">0.00<")
    assert km(one(slipped)) == pytest.approx(5.04, rel=0.01)


@pytest.mark.parametrize("metres", [3.1317, 5.04, 504_000.0])
def test_a_lap_in_another_unit_is_told_by_the_positions_alone(metres: float) -> None:
    found = one(tcx(lap(RUN, seconds=1800, metres=metres, counter=False)))
    assert km(found) == pytest.approx(5.04, rel=0.01)
    assert "dist-disagree" in found.issues
    apart_for_real = one(tcx(lap(RUN, seconds=1800, metres=3200, counter=False)))
    assert km(apart_for_real) == pytest.approx(3.2)


# --- the track's own sums ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        "<x:TrackStatsExtension><x:Distance>{0}</x:Distance><x:TimerTime>{1}</x:TimerTime>"
        "</x:TrackStatsExtension>",
        "<tripdist>{0}</tripdist><triptime>{1}</triptime>",
        "<y:stats><y:distance>{0}</y:distance><y:timertime>{1}</y:timertime></y:stats>",
    ],
)
def test_a_track_tells_its_own_distance_and_time(form: str) -> None:
    sums = f"<extensions>{form}</extensions>"
    found = one(gpx(way(1800, 2.8, every_s=30), more=sums.format(5200.5, 1700)))
    assert km(found) == pytest.approx(5.2005)
    assert minutes(found) == pytest.approx(1700 / 60)
    absurd = one(gpx(RUN, more=sums.format(52.005, 180000)))
    assert km(absurd) == pytest.approx(5.04, rel=0.01)
    assert minutes(absurd) == pytest.approx(30, rel=0.01)
    assert {"dist-disagree", "time-disagree"} <= absurd.issues.keys()


# --- clocks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mark", "offset_min"),
    [
        ("+01:00[Europe/Brussels]", 60),
        ("-05:00[America/New_York]", -300),
        ("[Asia/Tokyo]", 540),
        ("ZZ", None),
        ("Z+00:00", None),
        ("+0530+0530", 330),
        ("+02:00Z", 120),
        (" GMT+01:00", 60),
        (" CET", 60),
    ],
)
def test_names_of_zones_and_doubled_marks_are_read(mark: str, offset_min: float | None) -> None:
    local = EIGHT + dt.timedelta(minutes=offset_min or 0)
    found = one(gpx(RUN, mark=mark, start=local))
    assert found.start == EIGHT.timestamp()
    assert np.isnan(found.offset_min) if offset_min is None else found.offset_min == offset_min


@pytest.mark.parametrize(
    ("data", "day"),
    [
        (gpx(RUN, start=dt.datetime(2000, 3, 19, 8, tzinfo=dt.UTC),
             head="<metadata><time>2019-11-03T09:00:00Z</time></metadata>"), "2019-11-03"),
        (gpx(RUN, start=dt.datetime(2006, 7, 27, 8, tzinfo=dt.UTC), creator="OpenTracks"),
         "2026-03-12"),
        (tcx(lap(RUN), device="Forerunner 245 Music").replace(b"2026-03-10", b"2006-07-25"),
         "2026-03-10"),
    ],
)  # fmt: skip
def test_a_date_of_before_its_device_is_doubtful_and_its_day_unknown(
    tmp_path: Path, data: bytes, day: str
) -> None:
    archive = read_files(tmp_path, {"a.gpx" if b"<gpx" in data[:90] else "a.tcx": data})
    assert archive.activities["flags"][0].split(",")[0] == "date-doubtful"
    assert archive.activities["date"].astype(str).tolist() == [day]
    assert archive.unknown_days is not None
    assert archive.unknown_days["why"].tolist() == ["date-doubtful"]
    assert archive.unknown_days["date"].astype(str).tolist() == [day]


def test_old_recordings_of_old_devices_and_late_exports_are_not_doubted() -> None:
    old = tcx(lap(RUN), device="Forerunner 305").replace(b"2026-03-10", b"2007-08-07")
    late = gpx(RUN, start=dt.datetime(2008, 5, 1, 8, tzinfo=dt.UTC),
               head="<metadata><time>2026-03-09T09:00:00Z</time></metadata>")  # fmt: skip
    for data in (old, late):
        assert "date-doubtful" not in one(data).issues


@pytest.mark.parametrize(
    "data",
    [
        tcx(lap(RUN), creator="Mi Fitness"),
        tcx(lap(RUN), device="Codoon"),
        gpx(RUN, creator="Codoon 9.0"),
    ],
)
def test_makers_that_call_local_time_utc_are_read_in_the_zone_of_the_position(data: bytes) -> None:
    found = one(data)
    assert found.offset_min == 60  # Utrecht in March
    assert found.start == EIGHT.timestamp() - 3600
    assert found.time[0] == found.start


def test_without_a_position_the_day_is_right_all_the_same(tmp_path: Path) -> None:
    late = tcx(lap(RUN, positions=False), creator="Mi Fitness").replace(b"T08:", b"T23:")
    for zone in ("", "America/New_York", "Asia/Tokyo"):
        archive = read_files(tmp_path, {"a.tcx": late}, home_zone=zone)
        assert archive.activities["date"].astype(str).tolist() == ["2026-03-10"]
    assert archive.activities["start_utc"][0] == pd.Timestamp("2026-03-10 14:00", tz="UTC")
    assert not one(tcx(lap(RUN), creator="Somebody")).is_local


# --- elements that nobody read -----------------------------------------------------------------


@pytest.mark.parametrize(
    "inside",
    [
        "<extensions><bpm>150</bpm></extensions>",
        "<extensions><g:HeartRateBpm>150</g:HeartRateBpm></extensions>",
        "<extensions><x:TPX><x:hr>150.0</x:hr></x:TPX></extensions>",
    ],
)
def test_heart_rates_are_found_under_every_name(inside: str) -> None:
    assert one(gpx(RUN, inside=inside)).numbers["avg_hr_bpm"] == 150


def test_a_cadence_of_nothing_but_0_is_no_sensor() -> None:
    found = one(tcx(lap(RUN, inside="<Cadence>0</Cadence>")))
    assert np.isnan(found.numbers["steps"])
    assert np.isnan(found.numbers["avg_cadence_spm"])


def test_a_heart_rate_of_255_is_none() -> None:
    none = one(gpx(RUN, inside="<extensions><hr>255</hr></extensions>"))
    assert np.isnan(none.numbers["avg_hr_bpm"])
    assert "hr-implausible" not in none.issues
    some = gpx(RUN, inside="<extensions><hr>150</hr></extensions>")
    assert one(some.replace(b">150<", b">255<", 9)).numbers["avg_hr_bpm"] == 150


@pytest.mark.parametrize(
    ("more", "sport", "steps"),
    [
        ("<HeartRateBpm>135</HeartRateBpm><Steps>5100</Steps>", "", 5100),
        ("<Extensions><LX><Steps>5100</Steps></LX></Extensions>", "Running", 5100),
        ("<Extensions><LX><Steps>2550</Steps></LX></Extensions>", "Running", 5100),
        ("<Steps>3000</Steps>", "Walking", 3000),
        ("<Steps>900</Steps>", "Other", float("nan")),  # strokes of a paddle
    ],
)
def test_steps_of_laps_count(more: str, sport: str, steps: float) -> None:
    found = one(tcx(lap(RUN, seconds=1800, metres=5040, more=more), sport=sport))
    np.testing.assert_equal(found.numbers["steps"], float(steps))
    if "HeartRate" in more:
        assert found.numbers["avg_hr_bpm"] == 135


@pytest.mark.parametrize(
    ("data", "cadence"),
    [
        (gpx(RUN, inside="<extensions><x:cad>84</x:cad></extensions>"), 168),
        (tcx(lap(RUN, inside="<Extensions><RunCadence>85</RunCadence></Extensions>")), 170),
        (tcx(lap(RUN, inside="<Cadence>174</Cadence>")), 174),
        (tcx(lap(seconds=1800, metres=5040,
                 more="<Extensions><LX><AvgRunCadence>86</AvgRunCadence></LX></Extensions>")), 172),
    ],
)  # fmt: skip
def test_the_mean_cadence_is_that_of_every_point(data: bytes, cadence: float) -> None:
    assert one(data).numbers["avg_cadence_spm"] == pytest.approx(cadence)


def test_a_point_a_minute_is_a_whole_run() -> None:
    found = one(gpx(way(10_800, 2.8, every_s=60)))
    assert km(found) == pytest.approx(30.24, rel=0.005)
    assert minutes(found) == pytest.approx(180, rel=0.005)
    assert not found.issues.keys() & {"gap-bridged", "gap-not-counted", "vehicle"}


def test_frames_stay_typed(tmp_path: Path) -> None:
    archive = read_files(tmp_path, {"a.gpx": gpx(RUN, kind=None)})
    assert pd.api.types.is_string_dtype(archive.activities["sport"])


LOST = dt.datetime(2006, 7, 25, 8, tzinfo=dt.UTC)  # 1024 weeks before 2026-03-10
_ANSWERED = dt.date(2026, 3, 5)


@pytest.mark.parametrize(
    ("answers", "day", "is_known"),
    [
        ({}, "2026-03-12", False),
        ({"a.gpx": True}, "2026-03-12", True),
        ({"gpx": True}, "2026-03-12", True),
        ({"a.gpx": _ANSWERED}, "2026-03-05", True),
        ({"a.gpx": _ANSWERED, "gpx": True}, "2026-03-05", True),
        ({"b.gpx": _ANSWERED}, "2026-03-12", False),
    ],
)
def test_the_runner_may_answer_for_a_doubtful_date(
    tmp_path: Path, answers: Any, day: str, is_known: bool
) -> None:
    data = gpx(RUN, start=LOST + dt.timedelta(days=2), creator="OpenTracks")
    archive = read_files(tmp_path, {"a.gpx": data}, dates=answers, home_zone="Europe/Berlin")
    assert archive.activities["date"].astype(str).tolist() == [day]
    assert archive.activities["start_utc"].dt.strftime("%H:%M").tolist() == ["08:00"]
    assert archive.unknown_days is not None
    assert archive.unknown_days.empty == is_known
    assert ("date-stated" in archive.issues["code"].tolist()) == is_known
    assert ("date-doubtful" in archive.activities["flags"][0].split(",")) != is_known


def test_a_stated_day_keeps_the_time_of_day_across_summer_time(tmp_path: Path) -> None:
    data = gpx(RUN, start=LOST + dt.timedelta(days=2), creator="OpenTracks")
    archive = read_files(
        tmp_path, {"a.gpx": data}, dates={"a.gpx": dt.date(2025, 7, 1)}, home_zone="Europe/Berlin"
    )
    # 9:00 in Berlin, which is 8:00 UTC in winter and 7:00 in summer.
    assert archive.activities["start_utc"].tolist() == [pd.Timestamp("2025-07-01 07:00", tz="UTC")]
    assert archive.activities["date"].astype(str).tolist() == ["2025-07-01"]


def test_a_stated_day_is_for_doubtful_dates_and_never_in_the_future(tmp_path: Path) -> None:
    sound = read_files(tmp_path / "a", {"a.gpx": gpx(RUN)}, dates={"a.gpx": _ANSWERED})
    assert sound.activities["date"].astype(str).tolist() == ["2026-03-10"]
    data = gpx(RUN, start=LOST, creator="OpenTracks")
    late = read_files(tmp_path / "b", {"a.gpx": data}, dates={"a.gpx": dt.date(2999, 1, 1)})
    assert late.activities.empty
    assert late.files["reason"].tolist() == ["time-future"]


def test_days_of_files_stand_in_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "athlete.toml"
    file.write_text('[dates]\n"a.fit" = 2026-05-03\n"old/" = true\n', encoding="utf-8")
    assert load_settings(file).dates == {"a.fit": dt.date(2026, 5, 3), "old/": True}
    for wrong in ('dates = "a.fit"', '[dates]\n"a.fit" = "2026-05-03"', '[dates]\n"a" = false',
                  '[dates]\n"a" = 2026-05-03T08:00:00'):  # fmt: skip
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(SettingError, match="dates"):
            load_settings(file)
    archive = read_files(tmp_path / "c", {"a.gpx": gpx(RUN)})
    with pytest.raises(SettingError, match="dates has changed"):
        archive.with_athlete(Athlete(dates={"a.gpx": True}))
