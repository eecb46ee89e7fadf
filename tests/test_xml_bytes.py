from __future__ import annotations

import pytest

from loadmon.io.xml import as_utf8

XML = '<?xml version="1.0" encoding="{}"?>\n<gpx>M\u00fcnchen</gpx>'


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("UTF-8", "utf-8"),
        ("UTF-16", "utf-16"),
        ("UTF-16", "utf-16-le"),
        ("UTF-16", "utf-16-be"),
        ("ISO-8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
    ],
)
def test_an_encoding_that_is_declared_or_marked_is_read_without_a_flag(declared, codec):
    text, lines, flags = as_utf8(XML.format(declared).encode(codec))
    assert text.decode() == XML.format(declared)
    assert (lines, flags) == (0, {})


def test_chinese_text_is_read_by_its_declared_encoding():
    data = '<?xml version="1.0" encoding="GB2312"?><name>\u8dd1\u6b65</name>'.encode("gb2312")
    assert "\u8dd1\u6b65" in as_utf8(data)[0].decode()


def test_white_space_and_a_byte_order_mark_before_the_xml_are_passed_over_and_lines_counted():
    assert as_utf8(b"\xef\xbb\xbf \n\r\n<gpx/>")[:2] == (b"<gpx/>", 2)
    assert as_utf8("\ufeff\n<gpx/>".encode("utf-16-le"))[:2] == (b"<gpx/>", 1)


def test_a_name_in_another_encoding_than_declared_is_flagged_and_the_rest_is_untouched():
    text, _, flags = as_utf8(XML.format("UTF-8").encode("latin-1"))
    assert set(flags) == {"xml-encoding"}
    assert text.decode() == XML.format("UTF-8").replace("\u00fc", "\ufffd")


@pytest.mark.parametrize("declared", ["UTF-16", "no-such-code", "iso-8859-12", "unicode_escape"])
def test_a_claim_that_cannot_be_true_or_is_not_known_is_read_as_utf8_and_told(declared):
    text, _, flags = as_utf8(XML.format(declared).encode())
    assert "M\u00fcnchen" in text.decode()
    assert set(flags) == {"xml-encoding"}
    assert declared[:3].lower() in flags["xml-encoding"]


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "koi8-r"])
def test_whole_utf8_under_a_claim_of_one_byte_letters_is_read_as_utf8_and_told(declared):
    text, _, flags = as_utf8(XML.format(declared).encode())
    assert "M\u00fcnchen" in text.decode()
    assert set(flags) == {"xml-encoding"}


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be"])
def test_plain_letters_under_a_claim_of_another_width_are_read_and_told(codec):
    other = "UTF-16" if codec == "utf-8" else "UTF-8"
    text, _, flags = as_utf8(XML.replace("\u00fc", "u").format(other).encode(codec))
    assert "Munchen" in text.decode()
    assert set(flags) == {"xml-encoding"}


def test_a_file_that_claims_nothing_is_no_liar():
    for data in ("<gpx>M\u00fcnchen</gpx>".encode("utf-16"), "<gpx>M\u00fc</gpx>".encode()):
        assert as_utf8(data)[2] == {}


def test_a_wrong_claim_does_not_matter_where_every_letter_is_plain():
    assert as_utf8(b"<?xml version='1.0' encoding='no-such'?><a>plain</a>")[2] == {}


def test_a_character_cut_by_the_block_size_is_still_whole():
    data = b"<a>" + b" " * ((1 << 20) - 4) + "\u00fc\u00fc</a>".encode()
    assert as_utf8(data) == (data, 0, {})
    wide = data.decode().encode("utf-16")
    assert as_utf8(wide)[0] == data
