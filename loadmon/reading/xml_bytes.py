"""The encodings of XML files: whatever comes in, UTF-8 goes on.

A name with a damaged letter is not a damaged run, so letters that cannot be read are replaced and
flagged; a damaged number still fails when it is read as a number.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

_DECLARED = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']""")
# Only these are trusted to Python's codecs: some of its other "encodings" are not of text.
_KNOWN = re.compile(r"iso8859-\d+|cp125\d|koi8-[ru]|gb2312|gbk|gb18030|big5|shift_jis|euc_(jp|kr)")
_ONE_BYTE = re.compile(r"iso8859|cp125|koi8")
_MARKS = (b"\xff\xfe", b"\xfe\xff")
_FIRST = b"< \t\r\n"  # what XML begins with
_CHUNK = 1 << 20


def as_utf8(data: bytes) -> tuple[bytes, int, dict[str, str]]:
    """Bring an XML file to UTF-8 that begins with the XML.

    Parameters
    ----------
    data : bytes
        UTF-8, UTF-16, or what the XML declaration says, if that is a common encoding. Anything
        else is read as UTF-8. White space and a byte order mark may come first.

    Returns
    -------
    text : bytes
        UTF-8; the declaration in it still names the old encoding.
    lines_before : int
        Lines of white space that were left out in front.
    flags : dict of str to str
        ``xml-encoding`` where characters were lost (each is U+FFFD now), or where the file is in
        another encoding than it claims.
    """
    claimed = _claimed(data)
    codec = _codec(data, claimed)
    flags = {}
    if claimed and not claimed.startswith(codec[:6]) and not _is_plain(data, claimed, codec):
        flags["xml-encoding"] = f"the file claims to be {claimed}, and was read as {codec}"
    if codec != "utf-8" or not _is_utf8(data):
        data = b"".join(
            part.encode() for part in codecs.iterdecode(_chunks(data), codec, "replace")
        )
        if "\ufffd".encode() in data:
            flags["xml-encoding"] = (
                f"some characters are not {codec}, as the file claims to be: names may look odd, "
                "the numbers were read"
            )
    text = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    return text, data.count(b"\n", 0, len(data) - len(text)), flags


def utf16_of(data: bytes) -> str:
    """Codec of an XML file in UTF-16, with or without its mark; empty where it is none.

    Parameters
    ----------
    data : bytes
        The file, or its head.
    """
    if data[:2] in _MARKS:
        return "utf-16"
    if len(data) < 2 or 0 not in data[:2]:
        return ""
    little, big = data[0] in _FIRST and not data[1], not data[0] and data[1] in _FIRST
    return "utf-16-le" if little else "utf-16-be" if big else ""


def _claimed(data: bytes) -> str:
    """Name of the encoding that the XML declaration gives, as Python spells it; empty if none."""
    declared = _DECLARED.search(data[:1024].replace(b"\0", b""))
    if not declared:
        return ""
    name = declared[1].decode().lower()
    try:
        return codecs.lookup(name).name
    except LookupError:
        return name


def _is_plain(data: bytes, claimed: str, codec: str) -> bool:
    """Tell letters that are the same in what the file claims to be and in what it is."""
    return data.isascii() and codec == "utf-8" and not claimed.startswith(("utf-16", "utf-32"))


def _codec(data: bytes, claimed: str) -> str:
    """Encoding to read by: that of the first bytes, else a common one as claimed, else UTF-8."""
    if wide := utf16_of(data):
        return wide
    # Letters that happen to be whole UTF-8 throughout are UTF-8, whatever one-byte code is claimed.
    believed = _KNOWN.fullmatch(claimed) and not (_ONE_BYTE.match(claimed) and _is_utf8(data))
    return claimed if believed else "utf-8"


def _is_utf8(data: bytes) -> bool:
    try:
        for _ in codecs.iterdecode(_chunks(data), "utf-8"):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _chunks(data: bytes) -> Iterator[bytes]:
    """Cut into pieces, so that no second whole copy of the text is ever held."""
    return (data[at : at + _CHUNK] for at in range(0, len(data), _CHUNK))
