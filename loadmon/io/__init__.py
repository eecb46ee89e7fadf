"""From bytes to activities: walking, decoding, cleaning, merging, the archive."""
