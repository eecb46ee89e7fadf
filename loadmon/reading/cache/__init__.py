"""What was read once need not be read again; and no number may ever depend on it.

One SQLite file holds small packed values under keys (`store`). A key is the hash of what the value
follows from: the version of the reader (`version`, a hash of its source code) and what was read.
There are four kinds of values:

- what the bytes of an input hold, under the hash of the bytes (`packing`);
- the cleaned stream of each activity, column by column (`packing`);
- which inputs lie in a file on disk, under its path, with the stamp it had (`index`);
- the frames of a whole reading, under the stamps of all its files and the settings (`snapshot`).

How a changed file is noticed. A stamp is the file's size, the times of the last change of its
contents and of its inode (which a program cannot set back), and its inode. Where the stamp is the
one that was noted, the file is not opened. A file may change twice within one tick of the clock and
keep its stamp, so a stamp counts only if it was noted at least `stamps.SETTLED_NS` (two seconds:
the coarsest clock of a file system) after the times in it. Younger files are read again and
compared by the hash of their bytes, however often. Where a file system keeps no time of change of
the inode (Windows), contents of the same size under a time that was set back on purpose go
unnoticed until ``--no-cache``.

How damage is noticed. Every value carries a hash of itself and its key; what does not match is not
there. Whatever SQLite finds wrong with its file makes the file be deleted and begun anew. Where
the cache cannot be written or read, reading goes on without it and says so once.
"""
