"""What platforms put beside the recordings: their own lists of activities, gear and pauses.

One module per platform turns such a file into `loadmon.io.exports.cells.SideFile`, or its own
recordings into `loadmon.io.recording.Recording`; `loadmon.io.formats` tells which module a file
belongs to. What the lists say is added to the recordings by `merge`, and an activity that only a
list knows becomes one of its own, without records.
"""
