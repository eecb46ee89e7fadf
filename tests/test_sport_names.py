from __future__ import annotations

import pytest

from loadmon.io.recording import sport_names, strava_number_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("running", ("running", "")),
        ("Run", ("running", "")),
        ("RUNNING", ("running", "")),
        (" trail_running ", ("running", "trail")),
        ("TrailRun", ("running", "trail")),
        ("Trail Run", ("running", "trail")),
        ("treadmill_running", ("running", "treadmill")),
        ("indoor_running", ("running", "indoor_running")),
        ("virtual_run", ("running", "virtual_activity")),
        ("track_running", ("running", "track")),
        ("street_running", ("running", "street")),
        ("hiking", ("hiking", "")),
        ("Walk", ("walking", "")),
        ("Biking", ("cycling", "")),
        ("road_biking", ("cycling", "road")),
        ("VirtualRide", ("cycling", "virtual_activity")),
        ("open_water_swimming", ("swimming", "open_water")),
    ],
)
def test_the_words_of_the_makers_are_sports_of_the_fit_profile(text, names):
    assert sport_names(text) == names


@pytest.mark.parametrize("text", ["", "Other", "trip#track", "9", "Morning Run with Tom", "runner"])
def test_a_word_that_is_not_known_is_never_guessed(text):
    assert sport_names(text) == ("", "")


def test_numbers_mean_something_in_strava_files_only():
    assert strava_number_names("9") == ("running", "")
    assert strava_number_names(" 1 ") == ("cycling", "")
    assert strava_number_names("16") == ("swimming", "")
    assert strava_number_names("77") == ("", "")
