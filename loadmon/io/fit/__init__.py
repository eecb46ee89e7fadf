"""FIT files, column by column: follow one byte of a heart rate through the room.

A FIT file is a header, a body of messages, and a CRC; chained files follow one another.

1. `scan` finds the parts of the file, and its `crc16` proves that the bytes are those the watch
   wrote: the whole file is folded onto itself, in few operations on large blocks. `find_messages`
   walks each body once. Every message begins with a header byte that names a local type; a
   definition message has said which fields that type holds, so its messages have one size. The walk
   notes nothing but headers; where all messages of a definition lie follows from the sizes. Our
   heart rate is now the n-th byte of each message of the definition of records.
2. `profile` holds the names, types, scales and offsets, and plans by them how messages of one
   definition are read: a `layout`, made once for all files that have it. It parts plain fields, one
   whole number of a fixed name like our heart rate, from the few that need more.
3. `decode` makes a table of each kind of message. All plain fields of all messages of a definition
   become one block of numbers, in which the heart rate is a row: 0xFF becomes NaN, scale and offset
   are applied to all rows at once. Texts, arrays, subfields, components and counters are read field
   by field; an app says what its own fields mean; timestamps of five bits are unrolled. The blocks
   of several definitions are put together in file order.
4. `frames` makes DataFrames of the tables (``loadmon.read_fit``).
5. `activity` reads from the same tables what one activity is: a `Recording` for each session, which
   is all that ``loadmon.read`` needs. Our heart rate is one value of its ``heart_rate_bpm``.
"""
