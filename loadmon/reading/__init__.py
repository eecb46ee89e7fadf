"""From paths to activities: the archive walker, one reader per format, one judge for all."""
