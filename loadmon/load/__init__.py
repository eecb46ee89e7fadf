"""From activities to daily load, ratios, spikes and weeks."""
