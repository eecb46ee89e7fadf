"""FIT decoding, column by column: the way of one byte of a heart rate.

A FIT file is a header, a body of messages, and a CRC; chained files follow one another.

1. `scan` proves by the CRC that the bytes are those the watch wrote, and walks each body once. A
   message begins with a header byte that names a local type; a definition message has said which
   fields that type holds, so its messages have one size, and where all of them lie follows from the
   headers. Our heart rate is now the n-th byte of each message of the definition of records.
2. `profile` plans how messages of one definition are read, once for all files that have it: plain
   fields, one whole number of a fixed name like our heart rate, apart from those that need more.
3. `decode` makes a table of each kind of message. All plain fields of a definition become one block
   of numbers, in which the heart rate is a row: 0xFF becomes NaN, scale and offset are applied to
   all rows at once. Texts, arrays, subfields, components and counters are read field by field.
4. `frames` makes DataFrames of the tables (``loadmon.read_fit``).
5. `activity` makes a `Recording` of each session from the same tables, which is all that
   ``loadmon.read`` needs. Our heart rate is one value of its ``heart_rate_bpm``.
"""
