"""Dates as Strava writes them in the languages of its accounts."""

from __future__ import annotations

import datetime as dt

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from loadmon.io.exports.cells import stamps

NINTH = dt.datetime(2022, 12, 9, 15, 24, 49, tzinfo=dt.UTC)


def read(text: str) -> dt.datetime | None:
    (stamp,) = stamps([text])
    return dt.datetime.fromtimestamp(stamp, dt.UTC) if stamp == stamp else None


@pytest.mark.parametrize("text", [
    "Dec 9, 2022, 3:24:49 PM", "Dec 9, 2022, 3:24:49\u202fPM", "9 Dec 2022, 15:24:49",
    "09.12.2022, 15:24:49", "2022/12/09 15:24:49", "2022-12-09 15:24:49", "2022-12-09T15:24:49Z",
    "9 déc. 2022 à 15:24:49", "9 déc. 2022, 15:24:49", "9 dic 2022, 15:24:49",
    "9 dic. 2022 15:24:49", "9 de dez. de 2022, 15:24:49", "9 dec. 2022 15:24:49",
    "9 дек. 2022 г., 15:24:49", "2022. 12. 9. 오후 3:24:49", "2022年12月9日 15:24:49",
    "2022年12月9日 下午3:24:49", "2022年12月9日 午後3:24:49", "9 Des 2022 15.24.49",
    "9 Ara 2022 15:24:49", "9 gru 2022, 15:24:49", "２０２２/１２/０９ １５:２４:４９",
])  # fmt: skip
def test_one_moment_in_many_languages(text: str) -> None:
    assert read(text) == NINTH


@pytest.mark.parametrize(("text", "month"), [
    ("9 juin 2022, 15:24:49", 6), ("9 juil. 2022, 15:24:49", 7), ("9 août 2022, 15:24:49", 8),
    ("9 mars 2022, 15:24:49", 3), ("9 mai 2022, 15:24:49", 5), ("9 mei 2022, 15:24:49", 5),
    ("9 mag 2022, 15:24:49", 5), ("9 ago 2022, 15:24:49", 8), ("9 set. 2022, 15:24:49", 9),
    ("9 out. 2022, 15:24:49", 10), ("9 ott 2022, 15:24:49", 10), ("9 ene 2022, 15:24:49", 1),
    ("9 gen 2022, 15:24:49", 1), ("9 мая 2022 г., 15:24:49", 5), ("9 июля 2022 г., 15:24:49", 7),
    ("9 июня 2022 г., 15:24:49", 6), ("9 Ağu 2022 15:24:49", 8), ("9 Eyl 2022 15:24:49", 9),
    ("9 lut 2022, 15:24:49", 2), ("9 wrz 2022, 15:24:49", 9), ("9 März 2022, 15:24:49", 3),
])  # fmt: skip
def test_months_are_told_apart(text: str, month: int) -> None:
    assert read(text) == NINTH.replace(month=month)


@pytest.mark.parametrize(("text", "month"), [
    ("9 mrt 2022 15:24:49", 3), ("2022. szept. 9. 15:24:49", 9), ("2022. márc. 9. 15:24:49", 3),
    ("9 ม.ค. 2565 15:24:49", 1), ("9 พ.ย. 2565 15:24:49", 11), ("9 มิถุนายน 2565 15:24:49", 6),
    ("9 มี.ค. 2565 15:24:49", 3),
    ("9/11/2565 15:24:49", 11), ("9.12.22 15:24:49", 12), ("9 marraskuuta 2022 15:24:49", 11),
    ("9 maaliskuuta 2022 15:24:49", 3), ("9 iun. 2022 15:24:49", 6), ("9 agt 2022 15:24:49", 8),
    ("9 Ιουλ 2022 15:24:49", 7), ("9 березня 2022 15:24:49", 3), ("2022년 5월 9일 15:24:49", 5),
])  # fmt: skip
def test_months_of_more_languages_and_buddhist_years(text: str, month: int) -> None:
    # Where day and month are both numbers another row decides the order.
    (stamp, _) = stamps([text, "31/12/2022"])
    assert dt.datetime.fromtimestamp(stamp, dt.UTC) == NINTH.replace(month=month)


def test_years_of_two_digits_come_last_and_a_column_settles_day_and_month() -> None:
    assert [s == s for s in stamps(["1/8/26 6:30", "2/9/26 7:00"])] == [False, False]
    first = dt.datetime(2026, 1, 8, 6, 30, tzinfo=dt.UTC).timestamp()
    assert stamps(["1/8/26 6:30", "1/31/26 7:00"])[0] == first
    assert stamps(["8/1/26 6:30", "31/1/26 7:00"])[0] == first


@pytest.mark.parametrize(("text", "hour"), [
    ("Mar 10, 2024, 12:00:05 AM", 0), ("Mar 10, 2024, 12:00:05 PM", 12),
    ("Mar 10, 2024, 1:00:05 AM", 1), ("Mar 10, 2024, 11:00:05 p. m.", 23),
    ("2024. 3. 10. 오전 12:00:05", 0),
])  # fmt: skip
def test_noon_and_midnight(text: str, hour: int) -> None:
    assert read(text) == dt.datetime(2024, 3, 10, hour, 0, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize("text", [
    "", "no date", "Feb 30, 2022, 1:00:00 AM", "9 thg 12, 2022, 15:24", "9 Foo 2022, 15:24:49",
    "9" * 5000, "Dec 9, 2022, 15:24:49 " + "1" * 5000, "Dec 9, 20221, 15:24:49",
    "Dec 9, 15:24:49", "2022", "25:24:49", "Dec 9, 2022, 25:24:49", "1,770",
])  # fmt: skip
def test_what_is_no_date_is_not_read(text: str) -> None:
    assert read(text) is None


def test_day_and_month_are_never_guessed() -> None:
    both = ["03/04/2022, 15:24:49", "05/06/2022, 15:24:49"]
    assert [s == s for s in stamps(both)] == [False, False]
    assert read("03/03/2022, 15:24:49") == dt.datetime(2022, 3, 3, 15, 24, 49, tzinfo=dt.UTC)


def test_one_day_above_twelve_tells_the_order_of_the_whole_list() -> None:
    day_first = stamps(["03/04/2022, 15:24:49", "13/04/2022, 15:24:49"])
    assert day_first == stamps(["2022-04-03 15:24:49", "2022-04-13 15:24:49"])
    month_first = stamps(["03/04/2022, 3:24:49 PM", "04/13/2022, 3:24:49 PM", ""])
    assert month_first[:2] == stamps(["2022-03-04 15:24:49", "2022-04-13 15:24:49"])
    assert month_first[2] != month_first[2]


WRITTEN = (
    "{m} {d}, {y}, {h12}:{mi:02d}:{s:02d} {half}",
    "{d:02d}.{mo:02d}.{y}, {h:02d}:{mi:02d}:{s:02d}",
    "{y}/{mo:02d}/{d:02d} {h:02d}:{mi:02d}:{s:02d}",
    "{y}年{mo}月{d}日 {h:02d}:{mi:02d}:{s:02d}",
)
ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@given(
    st.datetimes(dt.datetime(2008, 1, 1), dt.datetime(2035, 12, 31)),  # noqa: DTZ001
    st.sampled_from(WRITTEN),
)
@settings(max_examples=examples(4))
def test_every_moment_comes_back(when: dt.datetime, written: str) -> None:
    when = when.replace(microsecond=0, tzinfo=dt.UTC)
    text = written.format(
        m=ENGLISH[when.month - 1], mo=when.month, d=when.day, y=when.year, h=when.hour,
        h12=when.hour % 12 or 12, mi=when.minute, s=when.second,
        half="AM" if when.hour < 12 else "PM",
    )  # fmt: skip
    assert read(text) == when
