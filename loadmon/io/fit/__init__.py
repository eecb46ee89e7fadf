"""FIT files, column by column: follow one byte of a heart rate through the room.

A FIT file is a header, a body of messages, and a CRC; chained files follow one another.

1. `crc` proves that the bytes are those the watch wrote: the whole file folded onto itself, in few
   operations on large blocks. `scan` finds the parts of the file and says what is wrong with one.
2. `messages` walks the body once. Every message begins with a header byte that names a local type;
   a definition message has said which fields that type holds, so its messages have one size. The
   walk notes nothing but headers; where all messages of a definition lie follows from the sizes.
   Our heart rate is now the n-th byte of each message of the definition of records.
3. `layout` plans how messages of that definition are read, once for all files that have it. The
   names, types, scales and offsets are those of `profile`. `rows` parts plain fields, one whole
   number of a fixed name like our heart rate, from the few that need more.
4. `fields` decodes. All plain fields of all messages of a definition become one block of numbers,
   in which the heart rate is a row: 0xFF becomes NaN, scale and offset are applied to all rows at
   once. Texts, arrays, subfields, components and counters are read field by field; `developer`
   says what an app's own fields mean, `times` unrolls timestamps of five bits.
5. `columns` does so for every kind of message, and `tables` puts the blocks of several definitions
   together in file order.
6. `blocks` and `frames` make DataFrames of the tables (``loadmon.read_fit``); `arrays` is a column
   whose cells are arrays. `activity`, `sessions` and `told` read from the same tables what one
   activity is, which is all that ``loadmon.read`` needs.
"""
