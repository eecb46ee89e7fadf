"""What vendors put beside the recordings: their own lists of activities, gear and pauses.

One module per vendor turns such a file into `loadmon.io.exports.entry.SideFile`; `recognise`
tells which module a file belongs to. What the lists say is added to the recordings afterwards, and
an activity that only a list knows becomes one of its own, without records.
"""
