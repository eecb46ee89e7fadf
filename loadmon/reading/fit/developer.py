"""Developer fields: what the app on the watch says its own fields mean."""

from __future__ import annotations

from typing import Any

from loadmon.reading.fit.fields import (
    Column,
    Described,
    layout_of,
    plain_numbers,
    special_pieces,
)
from loadmon.reading.fit.layout import BYTE, DeveloperField
from loadmon.reading.fit.profile import DEVELOPER_DATA_ID, FIELD_DESCRIPTION
from loadmon.reading.fit.scan import Part


def developer_fields(part: Part) -> Described:
    """Developer fields that the file describes, by developer index and field number."""
    named = {_code(row, "developer_data_index") for row in _rows(part, DEVELOPER_DATA_ID)}
    described: Described = {}
    for row in _rows(part, FIELD_DESCRIPTION):
        index, number = _code(row, "developer_data_index"), _code(row, "field_definition_number")
        if index is None or number is None:
            continue
        if index not in named:
            part.flags["dev-field"] = "developer fields of an app that the file does not name"
        name = _text(row.get("field_name")) or f"unknown_dev_{index}_{number}"
        base = _code(row, "fit_base_type_id")
        code = BYTE if base is None else base
        described[index, number] = DeveloperField(name, code, _text(row.get("units")))
    return described


def _code(row: dict[str, Any], name: str) -> int | None:
    """Whole number of a field; None where the message has none, or a text in its place."""
    value = row.get(name)
    return int(value) if isinstance(value, float) else None


def _text(value: Any) -> str:
    """Return a text, empty where the message has none."""
    return value if isinstance(value, str) else ""


def _rows(part: Part, number: int) -> list[dict[str, Any]]:
    """Messages of one number as dictionaries, missing fields left out."""
    rows: list[dict[str, Any]] = []
    for definition in part.definitions:
        if definition.number != number:
            continue
        plan = layout_of(definition, {})
        numbers = plain_numbers(plan, part.data, definition)
        columns = dict(zip(plan.names, numbers, strict=True))
        for _, name, piece in special_pieces(plan, part.data, definition):
            if isinstance(piece, Column) and piece.values.ndim == 1:
                columns.setdefault(name, piece.values)
        for i in range(len(definition.offsets)):
            row = {n: v[i] for n, v in columns.items()}
            rows.append({n: v for n, v in row.items() if v is not None and v == v})
    return rows
