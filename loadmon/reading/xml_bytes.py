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
_UTF16_HEADS = {
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}
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
    if not (data.isascii() or claimed.startswith(codec[:6])):
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


def _claimed(data: bytes) -> str:
    """Name of the encoding that the XML declaration gives, as Python spells it; UTF-8 if none."""
    declared = _DECLARED.search(data[:1024].replace(b"\0", b""))
    name = declared[1].decode().lower() if declared else "utf-8"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return name


def _codec(data: bytes, claimed: str) -> str:
    """Encoding to read by: that of the first bytes, else a common one as claimed, else UTF-8."""
    for head, codec in _UTF16_HEADS.items():
        if data.startswith(head):
            return codec
    return claimed if _KNOWN.fullmatch(claimed) else "utf-8"


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
