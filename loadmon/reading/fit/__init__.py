"""FIT files, column by column.

Follow one byte through the room. `crc` proves that the bytes are the ones the watch wrote. `scan`
walks the headers once and notes where the messages of each definition lie. `layout` plans how
such a message is read, with the names, types and scales of the FIT profile; `fields` turns the
gathered bytes into named values, `times` and `developer` fill in what other messages tell about
them, and `columns` puts it all in file order. `frames` shows the result as DataFrames
(``loadmon.read_fit``), `activity` reads from the same columns what one activity is.
"""
