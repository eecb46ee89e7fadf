"""Many athletes at once: teams from their exports, panels of any size, and what flags are worth."""
