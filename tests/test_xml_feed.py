from __future__ import annotations

import pytest

from loadmon.errors import FileProblem
from loadmon.io import xml
from loadmon.io.xml import MAX_DEPTH, Document, Table, read_xml


def read(text: str, tables: dict[str, Table] | None = None) -> Document:
    return read_xml(text.encode(), "gpx", tables or {"p": Table(("hr",))}, otherwise="not-gpx")


def texts(document: Document, table: str = "p", leaf: str = "hr") -> list[tuple[int, str]]:
    column = document.tables[table].columns[leaf]
    return list(zip(column.rows, column.texts, strict=True))


def problem(text: str) -> FileProblem:
    with pytest.raises(FileProblem) as caught:
        read(text)
    return caught.value


def test_an_element_belongs_to_the_row_around_it_however_deep_in_unknown_elements():
    found = read("<gpx><p><x><y><hr>1</hr></y></x></p><p><hr>2</hr></p><hr>3</hr></gpx>")
    assert texts(found) == [(0, "1"), (1, "2")]


def test_names_match_without_prefix_in_any_case_and_without_a_declared_namespace():
    assert texts(read("<a:GPX><b:P><c:Hr>1</c:Hr></b:P></a:GPX>")) == [(0, "1")]


def test_text_is_whole_across_cdata_references_comments_and_inner_elements():
    found = read("<gpx><p><hr>a<![CDATA[b<]]>&amp;<!-- no -->c<v>d</v>e</hr></p></gpx>")
    assert texts(found) == [(0, "ab<&c d e")]


def test_a_wanted_name_inside_a_wanted_element_is_only_part_of_its_text():
    found = read("<gpx><p><hr>1<p><hr>2</hr></p></hr></p></gpx>")
    assert len(found.tables["p"]) == 1
    assert texts(found) == [(0, "1  2  ")]


def test_after_an_inner_row_the_outer_row_goes_on():
    outer = Table(("id",))
    found = read(
        "<gpx><o><p/><p><hr>1</hr></p><id>x</id></o><o><id>y</id></o></gpx>",
        {"o": outer, "p": Table(("hr",), owner=outer)},
    )
    assert texts(found, "o", "id") == [(0, "x"), (1, "y")]


def test_the_owner_is_the_open_element_of_that_name_and_minus_one_outside():
    outer = Table()
    found = read("<gpx><p/><o/><o><x><p/></x></o><p/></gpx>", {"o": outer, "p": Table(owner=outer)})
    assert found.tables["p"].owners.tolist() == [-1, 1, -1]


def test_the_line_of_a_row_counts_lines_before_the_xml():
    found = read(" \n\n<gpx>\n<p/>\n\n<p/></gpx>")
    assert [found.line(found.tables["p"], row) for row in (0, 1)] == [4, 6]


def test_a_doctype_is_refused_before_anything_in_it_is_read():
    for inside in ('[<!ENTITY x "y">]', 'SYSTEM "file:///etc/hostname"', ""):
        found = problem(f"<!DOCTYPE gpx {inside}><gpx/>")
        assert (found.outcome, found.reason) == ("refused", "xml-dtd")


def test_an_entity_without_doctype_is_not_well_formed():
    assert problem("<gpx>&x;</gpx>").reason == "xml-broken"


def test_nesting_is_read_to_the_bound_and_refused_beyond():
    def nested(depth: int) -> str:
        return "<gpx>" + "<a>" * (depth - 1) + "</a>" * (depth - 1) + "</gpx>"

    read(nested(MAX_DEPTH))
    found = problem(nested(MAX_DEPTH + 1))
    assert (found.outcome, found.reason) == ("refused", "xml-depth")


def test_more_tags_than_any_recording_has_are_refused_unread():
    found = problem("<gpx>" + "<a/>" * 6_000_000 + "</gpx>")
    assert (found.outcome, found.reason) == ("refused", "too-large")


@pytest.mark.parametrize("inside", ["", "<p>", "<p><hr>"])
def test_more_names_than_any_recording_has_are_refused_and_many_are_read(inside):
    def named(count: int) -> str:
        return f"<gpx>{inside}" + "".join(f"<x{i}/>" for i in range(count))

    read(named(5000) + inside.replace("<p><hr>", "</hr></p>").replace("<p>", "</p>") + "</gpx>")
    assert problem(named(10_001)).reason == "too-large"


def test_another_outermost_element_is_refused_by_name():
    found = problem("<html><gpx/></html>")
    assert (found.outcome, found.reason) == ("refused", "not-gpx")
    assert "html" in found.detail


WHOLE = "<gpx>\n<p a='1'><hr>1</hr></p>\n<p><hr><![CDATA[\u00fc]]></hr></p></gpx>"


@pytest.mark.parametrize("size", range(1, len(WHOLE.encode())))
def test_a_file_cut_anywhere_is_truncated_and_keeps_the_rows_before_the_cut(size):
    tables = {"p": Table(("hr",))}
    with pytest.raises(FileProblem) as caught:
        read_xml(WHOLE.encode()[:size], "gpx", tables, otherwise="not-gpx")
    assert (caught.value.outcome, caught.value.reason) == ("quarantined", "xml-truncated")
    if size > WHOLE.index("</hr>") + 5:
        assert tables["p"].columns["hr"].texts[0] == "1"


def test_a_cut_file_names_the_line_of_the_cut():
    assert "line 2" in problem(WHOLE[:25]).detail
    assert "line 4" in problem("\n\n" + WHOLE[:25]).detail


def test_a_broken_tag_is_named_with_its_line_and_is_not_called_a_cut():
    found = problem("<gpx>\n<p></q></gpx>")
    assert (found.outcome, found.reason) == ("quarantined", "xml-broken")
    assert "line 2" in found.detail


@pytest.mark.parametrize("piece", [1, 7, 50, 10_000])
def test_what_is_packed_between_pieces_comes_back_in_order(
    piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml, "_LONG", piece)
    rows = [f'<p v="{n}" w="-"><hr>{n}</hr>{"<hr/>" * (n % 3)}</p><p/>' for n in range(40)]
    table = Table(("hr",), ("v",))
    read(f"<gpx>{''.join(rows)}</gpx>", {"p": table})
    assert len(table) == 80
    assert table.attribute("v") == [text for n in range(40) for text in (str(n), "")]
    assert table.attribute("v") == table.attribute("v")
    wanted = [(2 * n, text) for n in range(40) for text in (str(n), *[""] * (n % 3))]
    column = table.columns["hr"]
    assert list(zip(column.rows, column.texts, strict=True)) == wanted
